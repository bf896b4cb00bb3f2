/* The distribution function of one series, from its exact cumulative counts: quantiles, probabilities, integrals.
 *
 * Knots (F, x) are the interior edges of the histogram inside [min, max], the exact minimum (F = 0) and maximum
 * (F = 1), and zero with its exact counts from below and from above, so that an atom at 0 stays an atom. Between knots
 * the quantile function is Steffen's monotone cubic (M. Steffen 1990, Astron. Astrophys. 239, 443, eq. 8 and 11;
 * straight at the ends of a stretch, as in GSL). Bins without paths are jumps: the curve is split there, not bent. */
#ifndef LTP_RESULTS_QUANTILE_H
#define LTP_RESULTS_QUANTILE_H

#include <stdbool.h>

#include "results/accumulate.h"

#define LTP_KNOT_LIMIT (LTP_EDGE_COUNT + 4)

typedef struct {
    int count;                    /* ≥ 2 */
    double x[LTP_KNOT_LIMIT];     /* rising, not always strictly */
    double p[LTP_KNOT_LIMIT];     /* F(x), rising, not always strictly; 0 … 1 */
    double ratio[LTP_KNOT_LIMIT]; /* variance of F over blocks, in units of plain sampling's F(1−F)/1024; NaN with
                                     fewer than two blocks */
    double left[LTP_KNOT_LIMIT];  /* dx/dp at both ends of the interval that begins at the knot */
    double right[LTP_KNOT_LIMIT];
    double outer_low, outer_high; /* first and last interior edge: beyond them the histogram does not resolve */
} ltp_distribution;

/* From sums of at least one block. */
void ltp_distribution_build(ltp_distribution *out, const ltp_frame *frame, const ltp_series_sum *sum,
                            const ltp_histogram *histogram);

/* Smallest x with F(x) ≥ p (p outside [0,1]: the minimum or maximum). */
double ltp_distribution_quantile(const ltp_distribution *distribution, double p);
/* F(x), right-continuous. */
double ltp_distribution_probability(const ltp_distribution *distribution, double x);
/* Integral of the quantile function from p = a to b (either order), 0 ≤ a, b ≤ 1. */
double ltp_distribution_integral(const ltp_distribution *distribution, double a, double b);
/* Standard error of F at its p-quantile, from the spread between blocks; NaN with fewer than two blocks. */
double ltp_distribution_error(const ltp_distribution *distribution, double p, uint64_t blocks);
/* Error of the p-quantile from not knowing where in its bin the paths lie: width/√6, the distance of two uniform
 * places, times how unlike its neighbours' the bin's density f is, ((f − f̄)/(f + f̄))². Next to nothing for a smooth
 * distribution, where the cubic is right; all of it for values of their own (a rare event, a discrete mixture). */
double ltp_distribution_interpolation(const ltp_distribution *distribution, double p);
/* Width of the bin that holds the p-quantile; 0 where it is exact. *outer: the bin is an outermost one. */
double ltp_distribution_resolution(const ltp_distribution *distribution, double p, bool *outer);

#endif
