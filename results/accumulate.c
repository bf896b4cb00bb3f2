#include "results/accumulate.h"

#include <math.h>
#include <string.h>

#define STRIDE 16 /* partial sums; lane mod 16 */
#define REACH 0x1p32

const double ltp_tail_level[LTP_TAIL_COUNT] = {0.90, 0.95};

/* x·2^exponent as ldexp rounds it, without the call. */
static double times_power(double x, int exponent) {
    if (exponent < -1022 || exponent > 1023)
        return ldexp(x, exponent);
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return x * power;
}

/* A whole number |x| < 2^126. */
static ltp_int128 whole(double x) {
    if (fabs(x) < 0x1p62)
        return (int64_t)x;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int shift = (int)(bits >> 52 & 0x7FF) - 1075; /* 10 to 73: the value is mantissa·2^shift */
    const ltp_int128 size = (ltp_int128)((bits & 0xFFFFFFFFFFFFF) | UINT64_C(1) << 52) << shift;
    return x < 0 ? -size : size;
}

ltp_int128 ltp_fixed(double x, int digits) {
    return (ltp_int128)rint(ldexp(x, digits));
}

double ltp_unfixed(ltp_int128 fixed, int digits) {
    return ldexp((double)fixed, -digits);
}

double ltp_edge_position(int edge) {
    const double w = edge / (LTP_BIN_COUNT / 2.0) - 1;
    return 3 * w / (1 - fabs(w));
}

/* --- pilot ------------------------------------------------------------------------------------------------------ */

/* Puts the element of rank k (from 0) of a[low..high] in its place, smaller ones before it (Hoare 1961). */
static double select_rank(double *a, int low, int high, int k) {
    while (low < high) {
        const double pivot = a[low + (high - low) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                const double swap = a[i];
                a[i++] = a[j];
                a[j--] = swap;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return a[k];
}

/* Rank of the p-quantile, inverse of the empirical distribution function (Hyndman and Fan 1996, definition 1). */
static int rank_of(double p) {
    return (int)ceil(p * LTP_BLOCK) - 1;
}

#define PILOT_BIN_COUNT 512

/* Bin of each value, 512 of them over three sd on either side of the mean; monotone in the value. */
LTP_HOT static void pilot_bin(const double *restrict row, double mean, double inverse, int32_t *restrict bin) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++) {
        const double v = (row[i] - mean) * inverse + PILOT_BIN_COUNT / 2.0;
        const double w = v > 0 ? v : 0;
        bin[i] = (int32_t)(w < PILOT_BIN_COUNT - 1 ? w : PILOT_BIN_COUNT - 1);
    }
}

/* The value of a rank: only the bin that holds it is looked into. */
static double value_of_rank(const double *row, const int32_t *bin, const int *count, int rank, double *work) {
    int b = 0, before = 0, found = 0;
    while (before + count[b] <= rank)
        before += count[b++];
    for (int i = 0; i < LTP_BLOCK; i++) {
        work[found] = row[i];
        found += bin[i] == b;
        if (found == count[b])
            break;
    }
    return select_rank(work, 0, found - 1, rank - before);
}

/* sd of a row, and its mean. */
static double spread_of(const double *row, double *mean) {
    ltp_block_sum sum;
    ltp_block_moments(row, row[0], &sum);
    const double shift = sum.sum[0] / LTP_BLOCK;
    const double variance = (sum.sum[1] - shift * sum.sum[0]) / (LTP_BLOCK - 1);
    *mean = row[0] + shift;
    return variance > 0 ? sqrt(variance) : 0;
}

static void set_width(ltp_frame *frame, double spread, double scale) {
    const double least = scale > 0 ? 1e-4 * scale : 0, width = spread > least ? spread : least;
    /* A constant of unknown scale: any width keeps its sums exact. */
    frame->width = isfinite(width) && width >= 0x1p-400 ? width : 1;
    frame->exponent = ilogb(frame->width);
}

void ltp_frame_pilot(ltp_frame *frame, const double *row, double scale, double *work) {
    int32_t bin[LTP_BLOCK] __attribute__((aligned(64)));
    int count[PILOT_BIN_COUNT] = {0};
    double mean;
    const double sd = spread_of(row, &mean);
    pilot_bin(row, mean, sd >= 0x1p-400 ? PILOT_BIN_COUNT / (6 * sd) : 0, bin);
    for (int i = 0; i < LTP_BLOCK; i++)
        count[bin[i]]++;
    const double p10 = value_of_rank(row, bin, count, rank_of(0.10), work);
    frame->centre = value_of_rank(row, bin, count, rank_of(0.50), work);
    frame->tail[0] = value_of_rank(row, bin, count, rank_of(ltp_tail_level[0]), work);
    frame->tail[1] = value_of_rank(row, bin, count, rank_of(ltp_tail_level[1]), work);
    set_width(frame, fmax(sd, (frame->tail[0] - p10) / 2.563), scale); /* P90 − P10 of a standard normal is 2.563 sd */
}

void ltp_frame_pilot_plain(ltp_frame *frame, const double *row, double scale) {
    const double sd = spread_of(row, &frame->centre);
    frame->tail[0] = frame->tail[1] = 0; /* not used */
    set_width(frame, sd, scale);
}

/* --- one block -------------------------------------------------------------------------------------------------- */

/* Inlined into both, so that the counts cost nothing where nobody wants them. */
static inline __attribute__((always_inline)) void add_up(const double *restrict row, double centre,
                                                         ltp_block_sum *restrict sum, bool counted) {
    double first[STRIDE] = {0}, second[STRIDE] = {0}, third[STRIDE] = {0}, least[STRIDE], most[STRIDE];
    int64_t below[STRIDE] = {0}, at_most[STRIDE] = {0};
    for (int j = 0; j < STRIDE; j++)
        least[j] = most[j] = row[j];
    for (int i = 0; i < LTP_BLOCK; i += STRIDE) {
#pragma omp simd
        for (int j = 0; j < STRIDE; j++) {
            const double x = row[i + j], d = x - centre, d2 = d * d;
            first[j] += d;
            second[j] += d2;
            third[j] += d2 * d;
            least[j] = x < least[j] ? x : least[j];
            most[j] = x > most[j] ? x : most[j];
            below[j] += counted && x < 0;
            at_most[j] += counted && x <= 0;
        }
    }
    for (int half = STRIDE / 2; half > 0; half /= 2)
        for (int j = 0; j < half; j++) {
            first[j] += first[j + half];
            second[j] += second[j + half];
            third[j] += third[j + half];
            least[j] = least[j + half] < least[j] ? least[j + half] : least[j];
            most[j] = most[j + half] > most[j] ? most[j + half] : most[j];
            below[j] += below[j + half];
            at_most[j] += at_most[j + half];
        }
    *sum = (ltp_block_sum){.sum = {first[0], second[0], third[0]},
                           .minimum = least[0] + 0.0, /* −0 becomes 0: which of the two is met first must not show */
                           .maximum = most[0] + 0.0,
                           .below = (uint32_t)below[0],
                           .at_most = (uint32_t)at_most[0]};
}

LTP_HOT void ltp_block_moments(const double *restrict row, double centre, ltp_block_sum *restrict sum) {
    add_up(row, centre, sum, true);
}

LTP_HOT void ltp_block_moments_only(const double *restrict row, double centre, ltp_block_sum *restrict sum) {
    add_up(row, centre, sum, false);
}

LTP_HOT void ltp_block_indicator(const double *restrict row, double centre, ltp_block_sum *restrict sum) {
    double ones[STRIDE] = {0};
    for (int i = 0; i < LTP_BLOCK; i += STRIDE) {
#pragma omp simd
        for (int j = 0; j < STRIDE; j++)
            ones[j] += row[i + j];
    }
    for (int half = STRIDE / 2; half > 0; half /= 2)
        for (int j = 0; j < half; j++)
            ones[j] += ones[j + half];
    const double one = ones[0], none = LTP_BLOCK - one, up = 1 - centre, down = 0 - centre;
    *sum = (ltp_block_sum){.sum = {one * up + none * down, one * (up * up) + none * (down * down),
                                   one * (up * up * up) + none * (down * down * down)},
                           .minimum = none > 0 ? 0 : 1,
                           .maximum = one > 0 ? 1 : 0,
                           .at_most = (uint32_t)none};
}

LTP_HOT void ltp_block_tails(const double *restrict row, const double tail[LTP_TAIL_COUNT],
                             ltp_block_sum *restrict sum) {
    double near[STRIDE] = {0}, far[STRIDE] = {0};
    const double q0 = tail[0], q1 = tail[1];
    for (int i = 0; i < LTP_BLOCK; i += STRIDE) {
#pragma omp simd
        for (int j = 0; j < STRIDE; j++) {
            const double over0 = row[i + j] - q0, over1 = row[i + j] - q1;
            near[j] += over0 > 0 ? over0 : 0;
            far[j] += over1 > 0 ? over1 : 0;
        }
    }
    for (int half = STRIDE / 2; half > 0; half /= 2)
        for (int j = 0; j < half; j++) {
            near[j] += near[j + half];
            far[j] += far[j + half];
        }
    sum->tail[0] += near[0];
    sum->tail[1] += far[0];
}

#define TABLE_COUNT 4 /* tables filled in turn, so that one increment does not wait for the one before */

LTP_HOT static void bin_of_each(const double *restrict row, double centre, double inverse, int32_t *restrict bin) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++) {
        const double v = (row[i] - centre) * inverse;
        const double w = 128.0 + 128.0 * v / (1.0 + fabs(v)); /* rounds to 256 far out on the right */
        const int32_t j = (int32_t)w;
        bin[i] = j < LTP_BIN_COUNT - 1 ? j : LTP_BIN_COUNT - 1;
    }
}

LTP_HOT void ltp_block_histogram(const double *restrict row, double centre, double width, uint16_t *restrict count) {
    int32_t bin[LTP_BLOCK] __attribute__((aligned(64)));
    uint16_t table[TABLE_COUNT][LTP_BIN_COUNT] __attribute__((aligned(64))) = {{0}};
    bin_of_each(row, centre, 1 / (3 * width), bin);
    for (int i = 0; i < LTP_BLOCK; i += TABLE_COUNT)
        for (int t = 0; t < TABLE_COUNT; t++)
            table[t][bin[i + t]]++;
#pragma omp simd
    for (int j = 0; j < LTP_BIN_COUNT; j++)
        count[j] = (uint16_t)(table[0][j] + table[1][j] + table[2][j] + table[3][j]);
}

ltp_range ltp_block_range(const ltp_frame *frame, const ltp_block_sum *sum) {
    if (!isfinite(sum->sum[0]) || !isfinite(sum->minimum) || !isfinite(sum->maximum))
        return LTP_RANGE_NOT_FINITE;
    const double reach = times_power(REACH, frame->exponent);
    if (frame->centre - sum->minimum > reach || sum->maximum - frame->centre > reach)
        return LTP_RANGE_TOO_FAR;
    return LTP_RANGE_FINE;
}

/* --- all blocks ------------------------------------------------------------------------------------------------- */

/* *sum += x·2^digits. 128 bits can be left by one block's cubes (2^(3·32+10+30) at the reach) or by adding up: both
 * are caught, the first before the conversion, which would be undefined. */
static bool add_fixed(ltp_int128 *sum, double x, int digits) {
    const double scaled = rint(times_power(x, digits));
    if (!(fabs(scaled) < 0x1p126))
        return false;
    return !__builtin_add_overflow(*sum, whole(scaled), sum);
}

bool ltp_series_add(ltp_series_sum *sum, const ltp_frame *frame, const ltp_block_sum *block) {
    const int e = frame->exponent;
    const double mean = block->sum[0] / LTP_BLOCK;
    bool fine = add_fixed(&sum->sum[0], block->sum[0], LTP_DIGITS_FIRST - e) &&
                add_fixed(&sum->sum[1], block->sum[1], LTP_DIGITS_SECOND - 2 * e) &&
                add_fixed(&sum->sum[2], block->sum[2], LTP_DIGITS_THIRD - 3 * e) &&
                add_fixed(&sum->mean_square, mean * mean, LTP_DIGITS_SQUARE - 2 * e);
    for (int i = 0; i < LTP_TAIL_COUNT; i++) {
        const double tail_mean = block->tail[i] / LTP_BLOCK;
        fine = fine && add_fixed(&sum->tail[i], block->tail[i], LTP_DIGITS_FIRST - e) &&
               add_fixed(&sum->tail_square[i], tail_mean * tail_mean, LTP_DIGITS_SQUARE - 2 * e);
    }
    if (sum->blocks == 0 || block->minimum < sum->minimum)
        sum->minimum = block->minimum;
    if (sum->blocks == 0 || block->maximum > sum->maximum)
        sum->maximum = block->maximum;
    sum->below += block->below;
    sum->at_most += block->at_most;
    sum->below_square += (uint64_t)block->below * block->below;
    sum->at_most_square += (uint64_t)block->at_most * block->at_most;
    const uint64_t zero = block->at_most - block->below;
    sum->zero_square += zero * zero;
    sum->blocks++;
    return fine;
}

LTP_HOT void ltp_histogram_add(ltp_histogram *histogram, const uint16_t *count) {
    uint32_t cumulative[LTP_BIN_COUNT] __attribute__((aligned(64)));
    uint32_t running = 0;
    for (int j = 0; j < LTP_EDGE_COUNT; j++)
        cumulative[j] = running += count[j];
#pragma omp simd
    for (int j = 0; j < LTP_EDGE_COUNT; j++) {
        histogram->below[j] += cumulative[j];
        histogram->square[j] += (uint64_t)(cumulative[j] * cumulative[j]);
    }
}

bool ltp_batch_add(ltp_batch *batch, const ltp_frame *frame, unsigned index, const ltp_block_sum *block,
                   uint32_t event) {
    batch->event[index] += event;
    return add_fixed(&batch->sum[index], block->sum[0], LTP_DIGITS_FIRST - frame->exponent);
}

bool ltp_series_merge(ltp_series_sum *a, const ltp_series_sum *b) {
    if (b->blocks == 0)
        return true;
    bool overflow = __builtin_add_overflow(a->mean_square, b->mean_square, &a->mean_square);
    for (int i = 0; i < 3; i++)
        overflow |= __builtin_add_overflow(a->sum[i], b->sum[i], &a->sum[i]);
    for (int i = 0; i < LTP_TAIL_COUNT; i++) {
        overflow |= __builtin_add_overflow(a->tail[i], b->tail[i], &a->tail[i]);
        overflow |= __builtin_add_overflow(a->tail_square[i], b->tail_square[i], &a->tail_square[i]);
    }
    if (a->blocks == 0 || b->minimum < a->minimum)
        a->minimum = b->minimum;
    if (a->blocks == 0 || b->maximum > a->maximum)
        a->maximum = b->maximum;
    a->blocks += b->blocks;
    a->below += b->below;
    a->at_most += b->at_most;
    a->below_square += b->below_square;
    a->at_most_square += b->at_most_square;
    a->zero_square += b->zero_square;
    return !overflow;
}

void ltp_histogram_merge(ltp_histogram *a, const ltp_histogram *b) {
    for (int j = 0; j < LTP_EDGE_COUNT; j++) {
        a->below[j] += b->below[j];
        a->square[j] += b->square[j];
    }
}
