/* From uniforms to standard normals, a block at a time. Internal to the draws; draw.h is what others use.
 *
 * Error bounds, against the exact quantile (tested in every stratum, tests/stat/test_normal.c):
 *   inner strata, LTP_NORMAL_OUTER ≤ k < LTP_BLOCK − LTP_NORMAL_OUTER: one cubic each, |error| ≤ 7e-10 (6.0e-10
 * measured); outer strata, ltp_normal_quantile and ltp_normal_plain: AS241, |error| ≤ 2e-15·max(1, |z|) (1.0e-15
 * measured). Within a stratum z rises with the jitter; across the border of two inner strata it may step back
 * by 1.4e-9. */
#ifndef LTP_CORE_NORMAL_H
#define LTP_CORE_NORMAL_H

#include <stdint.h>

#include "sim/core/block.h"

#define LTP_NORMAL_OUTER 32 /* strata at each end that use AS241 */

#define LTP_NORMAL_ERROR_INNER 7e-10
#define LTP_NORMAL_ERROR_OUTER 2e-15

/* z[k] = Φ⁻¹((k + (jitter[k] + 1/2)·2⁻³²)/LTP_BLOCK), k = 0 … LTP_BLOCK − 1: in order of stratum, rising.
 * Both 64-byte aligned. */
void ltp_normal_stratified(const uint32_t *restrict jitter, double *restrict z);

/* z[i] = Φ⁻¹(u[i]), LTP_BLOCK of them, 0 < u < 1, 64-byte aligned. */
void ltp_normal_plain(const double *restrict u, double *restrict z);

#endif
