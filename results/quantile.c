#include "results/quantile.h"

#include <math.h>

/* --- knots ------------------------------------------------------------------------------------------------------ */

/* Variance over blocks of a count with sum S and sum of squares Q, (Q − S²/B)/(B−1), as a multiple of the binomial
 * 1024·F(1−F). Integers until the last step: nothing cancels. */
static double variance_ratio(uint64_t sum, uint64_t square, uint64_t blocks) {
    const ltp_int128 spread = (ltp_int128)blocks * (ltp_int128)square - (ltp_int128)sum * (ltp_int128)sum;
    const double b = (double)blocks, f = (double)sum / (LTP_BLOCK * b);
    return (double)spread / (b * (b - 1)) / (LTP_BLOCK * f * (1 - f));
}

static void add_knot(ltp_distribution *d, double x, uint64_t below, uint64_t square, uint64_t blocks) {
    const int i = d->count++;
    const double p = (double)below / ((double)blocks * LTP_BLOCK);
    d->x[i] = x;
    d->p[i] = i > 0 && p < d->p[i - 1] ? d->p[i - 1] : p; /* an edge and a value a rounding apart */
    d->ratio[i] = below > 0 && below < blocks * LTP_BLOCK ? variance_ratio(below, square, blocks) : NAN;
}

/* Zero, with the paths under it and the paths at it or under; zero outside the range needs no knot. */
static void add_zero(ltp_distribution *d, const ltp_series_sum *sum) {
    if (sum->minimum < 0)
        add_knot(d, 0, sum->below, sum->below_square, sum->blocks);
    if (sum->maximum > 0 && sum->at_most > sum->below)
        add_knot(d, 0, sum->at_most, sum->at_most_square, sum->blocks);
}

static bool holds_zero(const ltp_series_sum *sum) {
    return sum->minimum <= 0 && sum->maximum >= 0 && sum->minimum < sum->maximum;
}

/* Where no interior count is known the ratio is plain sampling's 1; the ends take their neighbour's. */
static void fill_ratio(ltp_distribution *d, uint64_t blocks) {
    double last = NAN;
    for (int i = 0; i < d->count; i++) {
        if (isnan(d->ratio[i]))
            d->ratio[i] = last;
        last = d->ratio[i];
    }
    last = blocks < 2 ? NAN : 1;
    for (int i = d->count - 1; i >= 0; i--) {
        if (isnan(d->ratio[i]))
            d->ratio[i] = last;
        last = d->ratio[i];
    }
}

/* --- Steffen's slopes ------------------------------------------------------------------------------------------- */

static double sign(double x) {
    return (x > 0) - (x < 0);
}

static double knot_slope(double step_before, double slope_before, double step_after, double slope_after) {
    const double parabola = (slope_before * step_after + slope_after * step_before) / (step_before + step_after);
    return (sign(slope_before) + sign(slope_after)) * fmin(fmin(slope_before, slope_after), 0.5 * fabs(parabola));
}

/* An interval carries the curve when both its sides are real: neither a jump (no paths) nor an atom (no width). */
static bool carries(const ltp_distribution *d, int i) {
    return i >= 0 && i + 1 < d->count && d->p[i + 1] > d->p[i] && d->x[i + 1] > d->x[i];
}

static double slope_of(const ltp_distribution *d, int i) {
    return (d->x[i + 1] - d->x[i]) / (d->p[i + 1] - d->p[i]);
}

static void find_slopes(ltp_distribution *d) {
    for (int i = 0; i + 1 < d->count; i++) {
        if (!carries(d, i))
            continue;
        const double step = d->p[i + 1] - d->p[i], slope = slope_of(d, i);
        d->left[i] = carries(d, i - 1) ? d->right[i - 1] : slope;
        d->right[i] =
            carries(d, i + 1) ? knot_slope(step, slope, d->p[i + 2] - d->p[i + 1], slope_of(d, i + 1)) : slope;
    }
}

void ltp_distribution_build(ltp_distribution *out, const ltp_frame *frame, const ltp_series_sum *sum,
                            const ltp_histogram *histogram) {
    ltp_distribution *d = out;
    *d = (ltp_distribution){.outer_low = frame->centre + frame->width * ltp_edge_position(1),
                            .outer_high = frame->centre + frame->width * ltp_edge_position(LTP_BIN_COUNT - 1)};
    bool zero_due = holds_zero(sum);
    add_knot(d, sum->minimum, 0, 0, sum->blocks);
    for (int j = 0; j < LTP_EDGE_COUNT; j++) {
        const double x = frame->centre + frame->width * ltp_edge_position(j + 1);
        if (!(x > sum->minimum && x < sum->maximum))
            continue;
        if (zero_due && x >= 0) {
            add_zero(d, sum);
            zero_due = false;
        }
        if (x != 0)
            add_knot(d, x, histogram->below[j], histogram->square[j], sum->blocks);
    }
    if (zero_due)
        add_zero(d, sum);
    add_knot(d, sum->maximum, sum->blocks * LTP_BLOCK, 0, sum->blocks);
    fill_ratio(d, sum->blocks);
    find_slopes(d);
}

/* --- what is asked of it ---------------------------------------------------------------------------------------- */

/* Hermite cubic at the share t of interval i. */
static double curve(const ltp_distribution *d, int i, double t) {
    const double step = d->p[i + 1] - d->p[i], slope = slope_of(d, i);
    const double a = d->left[i] + d->right[i] - 2 * slope, b = 3 * slope - 2 * d->left[i] - d->right[i];
    const double x = d->x[i] + step * t * (d->left[i] + t * (b + t * a));
    return x < d->x[i] ? d->x[i] : x > d->x[i + 1] ? d->x[i + 1] : x; /* the last rounding only */
}

/* First knot with p[k] ≥ p. */
static int knot_from(const ltp_distribution *d, double p) {
    int low = 0, high = d->count - 1;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (d->p[middle] >= p)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

double ltp_distribution_quantile(const ltp_distribution *distribution, double p) {
    const ltp_distribution *d = distribution;
    if (!(p > 0))
        return d->x[0];
    if (p >= 1)
        return d->x[d->count - 1];
    const int k = knot_from(d, p);
    if (d->p[k] == p || !carries(d, k - 1))
        return d->x[k];
    return curve(d, k - 1, (p - d->p[k - 1]) / (d->p[k] - d->p[k - 1]));
}

double ltp_distribution_probability(const ltp_distribution *distribution, double x) {
    const ltp_distribution *d = distribution;
    if (x < d->x[0])
        return 0;
    if (x >= d->x[d->count - 1])
        return 1;
    int k = 0; /* last knot with x[k] ≤ x */
    for (int i = 0; i < d->count && d->x[i] <= x; i++)
        k = i;
    if (!carries(d, k))
        return d->p[k];
    double low = 0, high = 1;
    for (int step = 0; step < 60; step++) {
        const double middle = 0.5 * (low + high);
        if (curve(d, k, middle) <= x)
            low = middle;
        else
            high = middle;
    }
    return d->p[k] + low * (d->p[k + 1] - d->p[k]);
}

/* Integral of the cubic from the beginning of interval i to its share t. */
static double curve_integral(const ltp_distribution *d, int i, double t) {
    const double step = d->p[i + 1] - d->p[i];
    if (!carries(d, i))
        return step * t * d->x[i];
    const double slope = slope_of(d, i);
    const double a = d->left[i] + d->right[i] - 2 * slope, b = 3 * slope - 2 * d->left[i] - d->right[i];
    return step * (t * d->x[i] + step * t * t * (d->left[i] / 2 + t * (b / 3 + t * a / 4)));
}

double ltp_distribution_integral(const ltp_distribution *distribution, double a, double b) {
    const ltp_distribution *d = distribution;
    if (a > b)
        return -ltp_distribution_integral(d, b, a);
    double total = 0;
    for (int i = 0; i + 1 < d->count; i++) {
        const double low = fmax(a, d->p[i]), high = fmin(b, d->p[i + 1]), step = d->p[i + 1] - d->p[i];
        if (high > low)
            total += curve_integral(d, i, (high - d->p[i]) / step) - curve_integral(d, i, (low - d->p[i]) / step);
    }
    return total;
}

double ltp_distribution_error(const ltp_distribution *distribution, double p, uint64_t blocks) {
    const ltp_distribution *d = distribution;
    const int k = knot_from(d, p);
    double ratio = d->ratio[k];
    if (k > 0 && d->p[k] > d->p[k - 1])
        ratio = d->ratio[k - 1] + (d->ratio[k] - d->ratio[k - 1]) * (p - d->p[k - 1]) / (d->p[k] - d->p[k - 1]);
    return sqrt(ratio * p * (1 - p) / ((double)blocks * LTP_BLOCK));
}

/* Paths per unit of money in interval i; NaN outside the range and for an atom, which has no width. */
static double density(const ltp_distribution *d, int i) {
    return i >= 0 && i + 1 < d->count && d->x[i + 1] > d->x[i] ? (d->p[i + 1] - d->p[i]) / (d->x[i + 1] - d->x[i])
                                                               : NAN;
}

double ltp_distribution_interpolation(const ltp_distribution *distribution, double p) {
    const ltp_distribution *d = distribution;
    const int i = knot_from(d, p) - 1;
    if (!carries(d, i))
        return 0;
    const double own = density(d, i), before = density(d, i - 1), after = density(d, i + 1);
    const double around = isnan(before) ? after : isnan(after) ? before : 0.5 * (before + after);
    const double unlike = isnan(around) ? 0 : fabs(own - around) / (own + around);
    return unlike * unlike * (d->x[i + 1] - d->x[i]) / sqrt(6);
}

double ltp_distribution_resolution(const ltp_distribution *distribution, double p, bool *outer) {
    const ltp_distribution *d = distribution;
    const int k = knot_from(d, p);
    *outer = false;
    if (k == 0 || !carries(d, k - 1))
        return 0;
    *outer = d->x[k] <= d->outer_low || d->x[k - 1] >= d->outer_high;
    return d->x[k] - d->x[k - 1];
}
