#include "sim/core/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char ellipsis[] = "…";

/* Cuts text, of which `room` bytes with the NUL are kept, before the character that would not fit, and says so. */
static void cut_text(char *text, size_t room) {
    size_t end = room - sizeof ellipsis;
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    memcpy(text + end, ellipsis, sizeof ellipsis);
}

ltp_status ltp_error_set(ltp_error *error, ltp_status status, const char *format, ...) {
    char text[LTP_ERROR_TEXT]; /* apart from error->message, which may be one of the arguments */
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0) /* an argument that cannot be encoded: the format alone still says what failed */
        snprintf(text, sizeof text, "%s", format);
    else if ((size_t)length >= sizeof text)
        cut_text(text, sizeof text);
    memcpy(error->message, text, strlen(text) + 1);
    error->status = status;
    return status;
}

int ltp_status_exit_code(ltp_status status) {
    switch (status) {
    case LTP_OK:
        return 0;
    case LTP_ERROR_USAGE:
        return 2;
    case LTP_ERROR_INPUT:
        return 3;
    case LTP_ERROR_RESULT:
        return 4;
    case LTP_ERROR_MEMORY:
    case LTP_ERROR_IO:
    case LTP_ERROR_NUMERIC:
    case LTP_ERROR_STOPPED:
        break;
    }
    return 1;
}
