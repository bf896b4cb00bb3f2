/* What is said of a series: estimates with their Monte Carlo standard errors (numerics: estimators and their errors).
 * Errors come from the spread between blocks, Student t with B − 1 degrees; with fewer than LTP_ERROR_BLOCKS blocks
 * none is given (NaN). */
#ifndef LTP_RESULTS_SUMMARY_H
#define LTP_RESULTS_SUMMARY_H

#include <stdint.h>

#include "results/accumulate.h"
#include "results/measure.h"
#include "results/quantile.h"

#define LTP_ERROR_BLOCKS 20
#define LTP_QUANTILE_COUNT 9
extern const double ltp_quantile_level[LTP_QUANTILE_COUNT]; /* .01 .05 .10 .25 .50 .75 .90 .95 .99 */

#define LTP_FLAG_OUTERMOST 1 /* the quantile lies in an outermost bin: known only to that bin's width */

/* NaN: not known (missing series, no histogram, too few blocks, sampling expected). */
typedef struct {
    double mean, mean_se;
    double sd;   /* N − 1 */
    double skew; /* population skewness m3/m2^1.5; NaN for a constant */
    double minimum, maximum;
    double quantile[LTP_QUANTILE_COUNT], quantile_se[LTP_QUANTILE_COUNT], quantile_resolution[LTP_QUANTILE_COUNT];
    uint8_t quantile_flag[LTP_QUANTILE_COUNT];
    double shortfall[LTP_TAIL_COUNT], shortfall_se[LTP_TAIL_COUNT]; /* mean of the worst 10%, 5%: the upper tail */
    /* The event's probability; 95% interval. With fewer than 10 hits or misses the interval is Clopper and Pearson's
     * (1934, Biometrika 26, 404) on all paths and se is NaN: never 0 ± 0. */
    double probability, probability_se, probability_low, probability_high;
} ltp_summary;

/* Everything NaN, flags 0. */
void ltp_summary_missing(ltp_summary *out);
/* Sampling expected: the mean is known, nothing else. */
void ltp_summary_expected(ltp_summary *out, double value);

/* From sums of at least one block. histogram NULL: no quantiles and no shortfall. */
void ltp_summary_make(ltp_summary *out, const ltp_frame *frame, const ltp_series_sum *sum,
                      const ltp_histogram *histogram, ltp_event event);

/* Two-sided 95% point of Student's t with blocks − 1 degrees: half-width of an interval in standard errors.
 * NaN with fewer than LTP_ERROR_BLOCKS blocks. */
double ltp_interval_factor(uint64_t blocks);

/* Mean of a batch holding `paths` paths; NaN without paths. */
double ltp_batch_mean(const ltp_batch *batch, const ltp_frame *frame, unsigned index, uint64_t paths);

#endif
