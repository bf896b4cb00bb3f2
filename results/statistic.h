/* Statistics of a series as they are stored and asked for: one descriptor row each. */
#ifndef LTP_RESULTS_STATISTIC_H
#define LTP_RESULTS_STATISTIC_H

#include <stdbool.h>
#include <stddef.h>

#include "results/summary.h"

typedef enum { LTP_NEEDS_NOTHING = 0, LTP_NEEDS_HISTOGRAM, LTP_NEEDS_EVENT } ltp_need;

typedef struct {
    const char *name;      /* MEASURE_name in the file */
    const char *long_name; /* "mean over paths" */
    size_t offset;         /* of the (first) double in ltp_summary */
    int count;             /* 1, or LTP_QUANTILE_COUNT: with the axis quantile */
    ltp_need need;
    bool scales; /* in the measure's units, and so per head too; else a number, units 1 */
} ltp_statistic;

extern const ltp_statistic ltp_statistics[];
extern const size_t ltp_statistic_count;

/* Whether a measure has the statistic at a level. */
bool ltp_statistic_applies(const ltp_statistic *statistic, bool histogram, ltp_event event);
/* Its count doubles in a summary. */
const double *ltp_statistic_of(const ltp_statistic *statistic, const ltp_summary *summary);

#endif
