/* The hot transform: normals in, values of the driver out. + − × ÷, compares and gathers only: no libm and no GSL, so
 * the bits are the same on every instruction set and under every version of the libraries. */
#include "models/transform.h"

#include <math.h>
#include <string.h>

#include "sim/core/block.h"

#define FEW_STEPS 80 /* up to this many thresholds counting all of them beats a search (5 ns a value) */
#define LANES 16     /* count is a multiple of it */

/* Integer sum: exact in any order. */
LTP_INLINE uint64_t count_beyond(const double *restrict z, size_t count) {
    uint64_t beyond = 0;
    for (size_t i = 0; i < count; i++)
        beyond += !(fabs(z[i]) <= LTP_TABLE_LIMIT);
    return beyond;
}

LTP_INLINE void apply_affine(const ltp_transform *transform, const double *restrict z, double *restrict x,
                             size_t count) {
    const double intercept = transform->intercept, slope = transform->slope;
#pragma omp simd aligned(z, x : 64)
    for (size_t i = 0; i < count; i++)
        x[i] = intercept + slope * z[i];
}

/* In three passes, since gathers are slow: places of all lanes; their two knots, 32 bytes at a time; the cubic. */
LTP_INLINE void apply_table(const ltp_transform *transform, const double *restrict z, double *restrict x,
                            size_t count) {
    const double *restrict table = transform->table;
    for (size_t i = 0; i < count; i += LANES) {
        _Alignas(64) double place[LANES], node[LANES][4];
        _Alignas(64) int interval[LANES];
#pragma omp simd
        for (int lane = 0; lane < LANES; lane++)
            place[lane] = ltp_table_place(z[i + (size_t)lane], &interval[lane]);
        for (int lane = 0; lane < LANES; lane++)
            memcpy(node[lane], table + 2 * interval[lane], sizeof node[lane]);
#pragma omp simd
        for (int lane = 0; lane < LANES; lane++)
            x[i + (size_t)lane] = ltp_table_between(node[lane], place[lane]);
    }
}

/* Counts the thresholds below each lane, one threshold after another. */
LTP_INLINE void apply_few_steps(const ltp_transform *transform, const double *restrict z, double *restrict x,
                                size_t count) {
    const double *restrict threshold = transform->threshold, *restrict value = transform->step_value;
    const size_t thresholds = transform->step_count - 1;
    for (size_t i = 0; i < count; i += LANES) {
        int64_t step[LANES] = {0};
        for (size_t k = 0; k < thresholds; k++) {
            const double at = threshold[k];
#pragma omp simd
            for (int lane = 0; lane < LANES; lane++)
                step[lane] += z[i + (size_t)lane] > at;
        }
#pragma omp simd
        for (int lane = 0; lane < LANES; lane++)
            x[i + (size_t)lane] = value[step[lane]];
    }
}

/* Binary search with the same number of halvings in every lane: after each, the answer lies in
 * [step, step + length]. */
LTP_INLINE void apply_many_steps(const ltp_transform *transform, const double *restrict z, double *restrict x,
                                 size_t count) {
    const double *restrict threshold = transform->threshold, *restrict value = transform->step_value;
    for (size_t i = 0; i < count; i += LANES) {
        int64_t step[LANES] = {0};
        int64_t length = (int64_t)transform->step_count - 1;
        while (length > 1) {
            const int64_t half = length / 2;
#pragma omp simd
            for (int lane = 0; lane < LANES; lane++)
                step[lane] += z[i + (size_t)lane] > threshold[step[lane] + half - 1] ? half : 0;
            length -= half;
        }
#pragma omp simd
        for (int lane = 0; lane < LANES; lane++)
            x[i + (size_t)lane] = value[step[lane] + (z[i + (size_t)lane] > threshold[step[lane]])];
    }
}

LTP_HOT
void ltp_transform_apply(const ltp_transform *transform, const double *restrict z, double *restrict x, size_t count,
                         uint64_t *beyond) {
    if (transform->kind == LTP_TRANSFORM_AFFINE) {
        apply_affine(transform, z, x, count);
        return;
    }
    *beyond += count_beyond(z, count);
    if (transform->kind == LTP_TRANSFORM_TABLE)
        apply_table(transform, z, x, count);
    else if (transform->step_count <= FEW_STEPS + 1)
        apply_few_steps(transform, z, x, count);
    else
        apply_many_steps(transform, z, x, count);
}
