/* Strict numbers, years and dates: what is refused is refused with a sentence that says what to write. */
#ifndef LTP_PLAN_NUMBER_H
#define LTP_PLAN_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* What is wrong with a value, and what to write instead. */
typedef struct {
    char what[320];     /* "'18%' is a percentage" */
    char expected[160]; /* "the fraction, 0.18"; "" where there is no advice */
} ltp_complaint;

/* A decimal number: an optional '-', digits without leading zeros or separators, an optional point with digits on both
 * sides, an optional exponent; always with the point, whatever the locale. Refused: what a double cannot hold. */
bool ltp_number_read(const char *text, double *number, ltp_complaint *complaint);

/* A whole number in [-2^53, 2^53], digits only: no point, no exponent. */
bool ltp_integer_read(const char *text, double *number, ltp_complaint *complaint);

/* A whole number in [0, 2^63 - 1]. */
bool ltp_count_read(const char *text, uint64_t *number, ltp_complaint *complaint);

/* A financial year "2019/20" from 1990/91 to 2209/10: its first calendar year. */
bool ltp_financial_year_read(const char *text, int *first, ltp_complaint *complaint);

/* A day "2019-04-01" of the Gregorian calendar, years 1990 to 2209. */
bool ltp_date_read(const char *text, int *year, int *month, int *day, ltp_complaint *complaint);

/* Shortest text that reads back as exactly this finite number. */
#define LTP_NUMBER_TEXT 32
const char *ltp_number_text(char buffer[LTP_NUMBER_TEXT], double number);

#endif
