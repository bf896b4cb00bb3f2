#include "results/summary.h"

#include <math.h>
#include <string.h>

const double ltp_quantile_level[LTP_QUANTILE_COUNT] = {0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99};

#define RARE 10 /* hits or misses under which the normal approximation is not used */

void ltp_summary_missing(ltp_summary *out) {
    *out = (ltp_summary){.mean = NAN,
                         .mean_se = NAN,
                         .sd = NAN,
                         .skew = NAN,
                         .minimum = NAN,
                         .maximum = NAN,
                         .probability = NAN,
                         .probability_se = NAN,
                         .probability_low = NAN,
                         .probability_high = NAN};
    for (int i = 0; i < LTP_QUANTILE_COUNT; i++)
        out->quantile[i] = out->quantile_se[i] = out->quantile_resolution[i] = NAN;
    for (int i = 0; i < LTP_TAIL_COUNT; i++)
        out->shortfall[i] = out->shortfall_se[i] = NAN;
}

void ltp_summary_expected(ltp_summary *out, double value) {
    ltp_summary_missing(out);
    out->mean = value;
}

/* Cornish–Fisher expansion of Student's t about the normal (Abramowitz and Stegun 1964, 26.7.5): within 5e-6 from 19
 * degrees on. Plain arithmetic, unlike the libraries' inverses, so that the file has the same bits on every machine. */
double ltp_interval_factor(uint64_t blocks) {
    if (blocks < LTP_ERROR_BLOCKS)
        return NAN;
    const double z = 1.9599639845400542, z2 = z * z, n = (double)(blocks - 1); /* Φ(z) = 0.975 */
    const double g1 = z * (z2 + 1) / 4;
    const double g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
    const double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    const double g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
    return z + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
}

/* Standard error of a mean over blocks from Σm and Σm²: sd over blocks / √B. */
static double block_error(double sum, double square, uint64_t blocks) {
    const double b = (double)blocks, mean = sum / b;
    const double variance = (square / b - mean * mean) * b / (b - 1);
    return blocks < LTP_ERROR_BLOCKS ? NAN : sqrt(fmax(variance, 0) / b); /* below 0 by the last rounding only */
}

static void moments(ltp_summary *out, const ltp_frame *frame, const ltp_series_sum *sum) {
    const int e = frame->exponent;
    const double n = (double)sum->blocks * LTP_BLOCK;
    const double first = ltp_unfixed(sum->sum[0], LTP_DIGITS_FIRST - e);
    const double second = ltp_unfixed(sum->sum[1], LTP_DIGITS_SECOND - 2 * e) / n;
    const double third = ltp_unfixed(sum->sum[2], LTP_DIGITS_THIRD - 3 * e) / n;
    const double m = first / n, variance = second - m * m;
    out->minimum = sum->minimum;
    out->maximum = sum->maximum;
    if (sum->minimum == sum->maximum) { /* a constant: its mean is itself, to the last bit */
        out->mean = sum->minimum;
        out->sd = 0;
        out->mean_se = sum->blocks < LTP_ERROR_BLOCKS ? NAN : 0;
        return;
    }
    out->mean = frame->centre + m;
    out->sd = sqrt(fmax(variance, 0) * n / (n - 1));
    out->skew = (third - 3 * m * second + 2 * m * m * m) / (variance * sqrt(variance));
    out->mean_se =
        block_error(first / LTP_BLOCK, ltp_unfixed(sum->mean_square, LTP_DIGITS_SQUARE - 2 * e), sum->blocks);
}

static void quantiles(ltp_summary *out, const ltp_distribution *d, uint64_t blocks) {
    for (int i = 0; i < LTP_QUANTILE_COUNT; i++) {
        const double p = ltp_quantile_level[i];
        bool outer;
        out->quantile[i] = ltp_distribution_quantile(d, p);
        out->quantile_resolution[i] = ltp_distribution_resolution(d, p, &outer);
        out->quantile_flag[i] = outer ? LTP_FLAG_OUTERMOST : 0;
        if (blocks < LTP_ERROR_BLOCKS)
            continue;
        const double s = ltp_distribution_error(d, p, blocks);
        const double sampling = (ltp_distribution_quantile(d, p + s) - ltp_distribution_quantile(d, p - s)) / 2;
        out->quantile_se[i] = hypot(sampling, ltp_distribution_interpolation(d, p));
    }
}

/* Mean above the α-quantile: [E(X−q0)₊ + q0·(1−F(q0)) + ∫_α^F(q0) Q(p) dp] / (1−α). It is the same as
 * q + [E(X−q0)₊ + ∫_q^q0 (1−F) dx]/(1−α), by parts: the first term exact, the last small as q0 is near q. */
static void shortfall(ltp_summary *out, const ltp_frame *frame, const ltp_series_sum *sum, const ltp_distribution *d) {
    const int e = frame->exponent;
    const double n = (double)sum->blocks * LTP_BLOCK;
    for (int i = 0; i < LTP_TAIL_COUNT; i++) {
        const double alpha = ltp_tail_level[i], q0 = frame->tail[i];
        const double excess = ltp_unfixed(sum->tail[i], LTP_DIGITS_FIRST - e);
        const double f0 = ltp_distribution_probability(d, q0);
        out->shortfall[i] = (excess / n + q0 * (1 - f0) + ltp_distribution_integral(d, alpha, f0)) / (1 - alpha);
        out->shortfall_se[i] =
            block_error(excess / LTP_BLOCK, ltp_unfixed(sum->tail_square[i], LTP_DIGITS_SQUARE - 2 * e), sum->blocks) /
            (1 - alpha);
        if (sum->minimum == sum->maximum) { /* a constant: itself, to the last bit */
            out->shortfall[i] = sum->maximum;
            out->shortfall_se[i] = sum->blocks < LTP_ERROR_BLOCKS ? NAN : 0;
        }
    }
}

/* P(at most k of n), k < RARE, each with probability p: multiplication only. */
static double binomial_at_most(uint64_t k, uint64_t n, double p) {
    double none = 1, base = 1 - p;
    for (uint64_t power = n; power > 0; power >>= 1, base *= base)
        none *= power & 1 ? base : 1;
    double term = none, sum = none;
    for (uint64_t i = 1; i <= k; i++) {
        term *= (double)(n - i + 1) / (double)i * (p / (1 - p));
        sum += term;
    }
    return sum;
}

/* The p at which P(at most k of n) falls to `target`, by halving. */
static double binomial_limit(uint64_t k, uint64_t n, double target) {
    double low = 0, high = 1;
    for (int step = 0; step < 100; step++) {
        const double middle = 0.5 * (low + high);
        if (binomial_at_most(k, n, middle) > target)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/* Clopper and Pearson 1934: the 95% interval of a binomial probability, from the rarer side. */
static void exact_interval(ltp_summary *out, uint64_t hits, uint64_t n) {
    const bool by_hits = hits < RARE;
    const uint64_t rare = by_hits ? hits : n - hits;
    const double low = rare == 0 ? 0 : binomial_limit(rare - 1, n, 0.975), high = binomial_limit(rare, n, 0.025);
    out->probability_low = by_hits ? low : 1 - high;
    out->probability_high = by_hits ? high : 1 - low;
}

static void probability(ltp_summary *out, const ltp_series_sum *sum, ltp_event event) {
    const uint64_t n = sum->blocks * LTP_BLOCK;
    uint64_t count = sum->at_most, counts_square = sum->at_most_square; /* of the event, or of its opposite */
    if (event == LTP_EVENT_AT_LEAST_ZERO) {
        count = sum->below;
        counts_square = sum->below_square;
    } else if (event == LTP_EVENT_NOT_ZERO) {
        count = sum->at_most - sum->below;
        counts_square = sum->zero_square;
    }
    const uint64_t hits = event == LTP_EVENT_AT_MOST_ZERO ? count : n - count;
    out->probability = (double)hits / (double)n;
    if (sum->blocks < LTP_ERROR_BLOCKS)
        return;
    if (hits < RARE || n - hits < RARE) {
        exact_interval(out, hits, n);
        return;
    }
    /* The counts of an event and of its opposite have the same spread over blocks. */
    const ltp_int128 square = (ltp_int128)counts_square;
    const ltp_int128 spread = (ltp_int128)sum->blocks * square - (ltp_int128)count * (ltp_int128)count;
    const double b = (double)sum->blocks;
    out->probability_se = sqrt((double)spread / (b * (b - 1)) / b) / LTP_BLOCK;
    const double half = ltp_interval_factor(sum->blocks) * out->probability_se;
    out->probability_low = fmax(out->probability - half, 0); /* a probability's interval ends at 0 and 1 */
    out->probability_high = fmin(out->probability + half, 1);
}

void ltp_summary_make(ltp_summary *out, const ltp_frame *frame, const ltp_series_sum *sum,
                      const ltp_histogram *histogram, ltp_event event) {
    ltp_summary_missing(out);
    moments(out, frame, sum);
    if (histogram) {
        ltp_distribution distribution;
        ltp_distribution_build(&distribution, frame, sum, histogram);
        quantiles(out, &distribution, sum->blocks);
        shortfall(out, frame, sum, &distribution);
    }
    if (event != LTP_EVENT_NONE)
        probability(out, sum, event);
}

double ltp_batch_mean(const ltp_batch *batch, const ltp_frame *frame, unsigned index, uint64_t paths) {
    if (paths == 0)
        return NAN;
    return frame->centre + ltp_unfixed(batch->sum[index], LTP_DIGITS_FIRST - frame->exponent) / (double)paths;
}
