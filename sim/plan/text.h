/* Text files of a scenario: read whole, from inside one folder, and checked byte by byte before anything parses them.
 */
#ifndef LTP_PLAN_TEXT_H
#define LTP_PLAN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/memory.h"
#include "sim/plan/problem.h"

#define LTP_TEXT_FILE_MAX ((size_t)256 << 20) /* bytes of a file */
#define LTP_TEXT_LINE_MAX ((size_t)1 << 20)   /* bytes of a line */

typedef struct {
    const char *bytes; /* as read, NUL-terminated; owned by the pool */
    size_t length;
    const char *text; /* bytes past a byte order mark */
    size_t text_length;
} ltp_text;

/* Reads `path` (parts separated by '/', no "..", no symbolic link) below the open folder. *found is false, with a
 * problem recorded, when the file is not there (only if `required`), is no regular file, is too large, or holds what
 * text may not hold: bytes that are not UTF-8, NUL and other control characters, a line over LTP_TEXT_LINE_MAX.
 * display: the file's name in messages. LTP_ERROR_MEMORY only. */
ltp_status ltp_text_read(int folder, const char *path, const char *display, size_t limit, bool required, ltp_pool *pool,
                         ltp_problem_list *problems, ltp_text *out, bool *found, ltp_error *error);

/* Checks text that came from elsewhere (the command line) as if it were line 1 of `display`. */
bool ltp_text_check(const char *text, size_t length, const char *display, ltp_problem_list *problems);

/* Up to 60 characters of `text` for a message, "…" where it is cut. */
#define LTP_EXCERPT 256
const char *ltp_text_excerpt(char buffer[LTP_EXCERPT], const char *text);

/* Bytes of the UTF-8 character at `text` (1..4) and its code point, or 0 if it is not valid UTF-8 (RFC 3629). */
size_t ltp_utf8_character(const char *text, size_t length, unsigned *code_point);

#endif
