#include "sim/text.h"

#include <math.h>
#include <string.h>

#define WIDTH 80

/* Columns that a terminal needs for UTF-8 text without wide characters. */
static int columns(const char *text, size_t length) {
    int count = 0;
    for (size_t k = 0; k < length; k++)
        count += ((unsigned char)text[k] & 0xC0) != 0x80;
    return count;
}

void ltp_print_wrapped(FILE *to, int indent, const char *label, int column, const char *text) {
    int at = fprintf(to, "%*s", indent, "");
    if (label) {
        fputs(label, to);
        at += columns(label, strlen(label));
    }
    if (at < column)
        at += fprintf(to, "%*s", column - at, "");
    else if (label)
        at += fprintf(to, " ");
    for (int first = 1; *text; first = 0) {
        const size_t length = strcspn(text, " ");
        const int wide = columns(text, length);
        if (!first && at + 1 + wide > WIDTH)
            at = fprintf(to, "\n%*s", column, "") - 1;
        else if (!first)
            at += fprintf(to, " ");
        fwrite(text, 1, length, to);
        at += wide;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', to);
}

const char *ltp_grouped(char buffer[LTP_GROUPED], uint64_t number) {
    char plain[LTP_GROUPED];
    const size_t length = (size_t)snprintf(plain, sizeof plain, "%llu", (unsigned long long)number);
    char *out = buffer;
    for (size_t k = 0; k < length; k++) {
        if (k > 0 && (length - k) % 3 == 0)
            *out++ = ',';
        *out++ = plain[k];
    }
    *out = '\0';
    return buffer;
}

const char *ltp_money(char buffer[LTP_GROUPED], double million) {
    snprintf(buffer, LTP_GROUPED, "%s£%.1fm", million < -0.05 ? "-" : "", fabs(million));
    return buffer;
}

void ltp_print_count(FILE *to, size_t count, const char *noun) {
    char number[LTP_GROUPED];
    fprintf(to, "%s %s%s", ltp_grouped(number, count), noun, count == 1 ? "" : "s");
}
