/* Two results side by side: what moved from A to B, and whether it moved beyond the noise of simulating.
 *
 * Results of the same seed, number of paths and sampling have the same futures, so their difference is taken future by
 * future and has a standard error of its own, far smaller than either figure's (numerics.md section 2). */
#ifndef LTP_RESULTS_REPORT_COMPARE_H
#define LTP_RESULTS_REPORT_COMPARE_H

#include "results/read.h"
#include "results/report/report.h"

/* What is asked for; NULL: everything, or the default. With `level`, `measure`, `layer` or `item` it is one measure's
 * table; without, the whole report: gaps, tests, organisations, services, trajectories. */
typedef struct {
    const char *level, *measure, *layer, *code, *item, *year;
    bool everything; /* every row, however small */
} ltp_compare_choice;

/* LTP_ERROR_USAGE for what neither result has; LTP_ERROR_RESULT for results that cannot be held against each other (no
 * common year, other units) or are damaged. */
ltp_status ltp_compare_print(FILE *to, ltp_result *a, ltp_result *b, const ltp_compare_choice *choice,
                             ltp_report_format format, ltp_error *error);

/* Whether the choice is the whole report. */
bool ltp_compare_whole(const ltp_compare_choice *choice);

#endif
