#include "models/lane.h"

#include <string.h>

#define ALIGNED(p) ((p) = __builtin_assume_aligned((p), 64))

LTP_HOT void ltp_lane_fill(double *restrict to, double value, size_t count)
{
    ALIGNED(to);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = value;
}

void ltp_lane_copy(double *restrict to, const double *restrict from, size_t count)
{
    memcpy(to, from, count * sizeof *to);
}

LTP_HOT void ltp_lane_add(double *restrict to, const double *restrict from, size_t count)
{
    ALIGNED(to), ALIGNED(from);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

LTP_HOT void ltp_lane_add_scaled(double *restrict to, double scale, const double *restrict from, size_t count)
{
    ALIGNED(to), ALIGNED(from);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] += scale * from[i];
}

LTP_HOT void ltp_lane_multiply(double *restrict to, const double *restrict from, size_t count)
{
    ALIGNED(to), ALIGNED(from);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] *= from[i];
}

LTP_HOT void ltp_lane_grow(double *restrict to, const double *restrict from, size_t count)
{
    ALIGNED(to), ALIGNED(from);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] *= 1.0 + from[i];
}

/* Four entries a pass: the order of the additions in a lane stays that of the entries, so the bits do too. */
LTP_HOT void ltp_lane_gather(double *restrict to, const ltp_entry *entry, int entry_count, const double *restrict rows,
                             size_t stride, size_t count)
{
    ALIGNED(to), ALIGNED(rows);
    int e = 0;
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = 0.0;
    for (; e + 4 <= entry_count; e += 4) {
        const double *restrict a = rows + (size_t)entry[e].line * stride;
        const double *restrict b = rows + (size_t)entry[e + 1].line * stride;
        const double *restrict c = rows + (size_t)entry[e + 2].line * stride;
        const double *restrict d = rows + (size_t)entry[e + 3].line * stride;
        const double wa = entry[e].weight, wb = entry[e + 1].weight, wc = entry[e + 2].weight, wd = entry[e + 3].weight;
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            to[i] = (((to[i] + wa * a[i]) + wb * b[i]) + wc * c[i]) + wd * d[i];
    }
    for (; e < entry_count; e++) {
        const double *restrict a = rows + (size_t)entry[e].line * stride;
        const double wa = entry[e].weight;
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            to[i] += wa * a[i];
    }
}

double ltp_lane_largest(const double *row, size_t count)
{
    double largest = 0.0;
    for (size_t i = 0; i < count; i++) {
        double v = row[i] < 0 ? -row[i] : row[i];
        largest = v > largest || v != v ? v : largest;
    }
    return largest;
}
