/* Every system against the five tests: criterion, probability, verdict, reason, and what would have to change. */
#ifndef LTP_RESULTS_REPORT_ASSESS_H
#define LTP_RESULTS_REPORT_ASSESS_H

#include "results/read.h"
#include "results/report/report.h"

typedef struct {
    const char *by;           /* a word of ltp_assess_part; "all" */
    const char *code;         /* a system; NULL: all */
    const char *year, *layer; /* NULL: the last */
    double confidence;        /* met: P ≥ confidence; at risk: from one half to that; (0.5, 0.99] */
    double variation_share;   /* test 3: share of the opportunity that is to be delivered, (0, 1] */
} ltp_assess_option;

extern const char *const ltp_assess_part[]; /* "all", "tests", "trajectories", … */
extern const size_t ltp_assess_part_count;

/* The words of the option are known and stand in the result. Prints only when everything has been read.
 * For programs a row is one number of one system, organisation, programme …; LTP_ERROR_RESULT for a file that is
 * damaged. What the scenario leaves out is said in its place. */
ltp_status ltp_assess_print(FILE *to, ltp_result *result, const ltp_assess_option *option, ltp_report_format format,
                            ltp_error *error);

#endif
