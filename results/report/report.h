/* A table of numbers for people (terminal) and for programs (CSV, JSON).
 *
 * For people a number carries no more digits than its standard error supports: the error is given to two digits where
 * they begin 10 to 34, else to one (the Particle Data Group's rule, PDG 2022, section 5.3), the value to the same
 * place. Programs get every number in full, with its error in a column of its own. */
#ifndef LTP_RESULTS_REPORT_REPORT_H
#define LTP_RESULTS_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/core/status.h"

typedef enum { LTP_REPORT_TABLE = 0, LTP_REPORT_CSV, LTP_REPORT_JSON } ltp_report_format;

typedef enum {
    LTP_COLUMN_TEXT = 0,
    LTP_COLUMN_NUMBER,     /* value ± error */
    LTP_COLUMN_PROBABILITY /* as NUMBER, in %; without an error (few hits or misses) a 95% bound: < or > */
} ltp_column_kind;

typedef enum {
    LTP_STYLE_ERROR = 0,  /* value ± error */
    LTP_STYLE_BARE,       /* a number without error: no _se column */
    LTP_STYLE_DIFFERENCE, /* as ERROR, with a plus above 0, and no finer than LTP_PLACE_LEAST's two decimals */
    LTP_STYLE_ROUNDED     /* for people: to one decimal, coarser where its error is; the error is not beside it */
} ltp_column_style;

/* The error to which a difference of £m is rounded when its own is smaller: two decimals, £10,000. */
#define LTP_PLACE_LEAST 0.05
/* An error below it is 0.00, and not shown. */
#define LTP_SPREAD_LEAST 0.005

typedef struct {
    const char *name;    /* for programs: "p10"; the error is p10_se */
    const char *heading; /* for people: "P10" */
    ltp_column_kind kind;
    ltp_column_style style;
} ltp_report_column;

typedef struct ltp_report ltp_report;

/* Columns are copied; their texts must outlive the report. */
ltp_status ltp_report_create(ltp_report **out, size_t column_count, const ltp_report_column *column, ltp_error *error);
void ltp_report_destroy(ltp_report *report);

/* Cells row by row, left to right. Text is copied. NaN: missing. */
ltp_status ltp_report_text(ltp_report *report, const char *text, ltp_error *error);
ltp_status ltp_report_number(ltp_report *report, double value, double standard_error, ltp_error *error);
ltp_status ltp_report_probability(ltp_report *report, double value, double standard_error, const double interval[2],
                                  ltp_error *error);

/* Whole rows only. The caller checks ferror and closes `to`. */
void ltp_report_print(const ltp_report *report, ltp_report_format format, FILE *to);

/* false: no such format. */
bool ltp_report_format_find(const char *name, ltp_report_format *out);

/* Value to the place its error supports ("4,312", "0.0177"); 6 significant digits where the error is NaN or 0.
 * error_out (may be NULL): the error to the same place, "" for none. Both of 48 bytes. */
void ltp_format_number(double value, double standard_error, char *value_out, char *error_out);

/* Columns that a UTF-8 text takes on a terminal. */
size_t ltp_text_width(const char *text);

#endif
