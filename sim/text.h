/* Words for people: wrapped to 80 columns, numbers with separators. */
#ifndef LTP_TEXT_H
#define LTP_TEXT_H

#include <stdint.h>
#include <stdio.h>

#define LTP_GROUPED 32

/* `label` (NULL: none) from `indent` on, then `text` from `column` on in every line, wrapped at 80 columns. Columns are
 * characters, not bytes. A label that reaches past its column is followed by one space. */
void ltp_print_wrapped(FILE *to, int indent, const char *label, int column, const char *text);

/* 102400 → "102,400". Returns the buffer. */
const char *ltp_grouped(char buffer[LTP_GROUPED], uint64_t number);

/* "-£10.0m": the sign stands before the currency. Returns the buffer. */
const char *ltp_money(char buffer[LTP_GROUPED], double million);

/* "1 system", "2 systems": prints the count and the noun. */
void ltp_print_count(FILE *to, size_t count, const char *noun);

#endif
