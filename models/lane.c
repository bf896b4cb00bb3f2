#include "models/lane.h"

#include <string.h>

#define ALIGNED(p) ((p) = __builtin_assume_aligned((p), 64))

LTP_HOT void ltp_lane_fill(double *restrict to, double value, size_t count) {
    ALIGNED(to);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = value;
}

void ltp_lane_copy(double *restrict to, const double *restrict from, size_t count) {
    memcpy(to, from, count * sizeof *to);
}

LTP_HOT void ltp_lane_add(double *restrict to, const double *restrict from, size_t count) {
    ALIGNED(to), ALIGNED(from);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

LTP_HOT void ltp_lane_shift(double *restrict to, double value, size_t count) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] += value;
}

LTP_HOT void ltp_lane_add_scaled(double *restrict to, double scale, const double *restrict from, size_t count) {
    ALIGNED(to), ALIGNED(from);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] += scale * from[i];
}

LTP_HOT void ltp_lane_grow(double *restrict to, const double *restrict from, size_t count) {
    ALIGNED(to), ALIGNED(from);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] *= 1.0 + from[i];
}

LTP_HOT void ltp_lane_scale(double *restrict to, double scale, const double *restrict from, size_t count) {
    ALIGNED(to), ALIGNED(from);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = scale * from[i];
}

/* Four entries a pass: the order of the additions in a lane stays that of the entries, so the bits do too. */
LTP_HOT void ltp_lane_gather(double *restrict to, const ltp_entry *entry, int entry_count, const double *const *row,
                             size_t count) {
    ALIGNED(to);
    if (entry_count == 0) {
        memset(to, 0, count * sizeof *to);
        return;
    }
    const double *restrict first = __builtin_assume_aligned(row[entry[0].line], 64);
    const double w = entry[0].weight;
    int e = 1;
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = w * first[i];
    for (; e + 4 <= entry_count; e += 4) {
        const double *restrict a = __builtin_assume_aligned(row[entry[e].line], 64);
        const double *restrict b = __builtin_assume_aligned(row[entry[e + 1].line], 64);
        const double *restrict c = __builtin_assume_aligned(row[entry[e + 2].line], 64);
        const double *restrict d = __builtin_assume_aligned(row[entry[e + 3].line], 64);
        const double wa = entry[e].weight, wb = entry[e + 1].weight, wc = entry[e + 2].weight, wd = entry[e + 3].weight;
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            to[i] = (((to[i] + wa * a[i]) + wb * b[i]) + wc * c[i]) + wd * d[i];
    }
    for (; e < entry_count; e++) {
        const double *restrict a = __builtin_assume_aligned(row[entry[e].line], 64);
        const double wa = entry[e].weight;
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            to[i] += wa * a[i];
    }
}

LTP_HOT void ltp_lane_sum(double *restrict to, double sign, const double *const *row, int row_count, size_t count) {
    ALIGNED(to);
    int r = 0;
    for (; r + 4 <= row_count; r += 4) {
        const double *restrict a = __builtin_assume_aligned(row[r], 64);
        const double *restrict b = __builtin_assume_aligned(row[r + 1], 64);
        const double *restrict c = __builtin_assume_aligned(row[r + 2], 64);
        const double *restrict d = __builtin_assume_aligned(row[r + 3], 64);
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            to[i] = (((to[i] + sign * a[i]) + sign * b[i]) + sign * c[i]) + sign * d[i];
    }
    for (; r < row_count; r++) {
        const double *restrict a = __builtin_assume_aligned(row[r], 64);
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            to[i] += sign * a[i];
    }
}

/* NaN counts as larger than anything. */
LTP_HOT double ltp_lane_largest(const double *row, size_t count) {
    double largest[16] = {0};
    row = __builtin_assume_aligned(row, 64);
    for (size_t i = 0; i < count; i += 16)
        for (size_t k = 0; k < 16; k++) {
            double v = row[i + k] < 0.0 ? -row[i + k] : row[i + k];
            largest[k] = v <= largest[k] ? largest[k] : v;
        }
    for (size_t k = 1; k < 16; k++)
        largest[0] = largest[k] <= largest[0] ? largest[0] : largest[k];
    return largest[0];
}
