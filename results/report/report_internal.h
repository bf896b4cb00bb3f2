/* A report from inside: for text.c, csv.c, json.c. */
#ifndef LTP_RESULTS_REPORT_REPORT_INTERNAL_H
#define LTP_RESULTS_REPORT_REPORT_INTERNAL_H

#include "results/report/report.h"
#include "sim/core/memory.h"

typedef struct {
    const char *text; /* TEXT */
    double value, error, low, high;
} ltp_report_cell;

struct ltp_report {
    ltp_pool *pool;
    size_t column_count;
    ltp_report_column *column;
    size_t cell_count, cell_room; /* row by row */
    ltp_report_cell *cell;
};

void ltp_report_print_text(const ltp_report *report, FILE *to);
void ltp_report_print_csv(const ltp_report *report, FILE *to);
void ltp_report_print_json(const ltp_report *report, FILE *to);

/* Calls `each` for every number that a program is given of a cell: name "p10", "p10_se", … */
typedef void (*ltp_number_sink)(void *context, const char *name, double value);
void ltp_report_each_number(const ltp_report_column *column, const ltp_report_cell *cell, ltp_number_sink each,
                            void *context);

/* Shortest decimal that reads back as the same double; of 32 bytes. The value is finite. */
void ltp_format_exact(double value, char *out);

#endif
