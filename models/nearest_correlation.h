/* What a correlation matrix that cannot be could be instead. Only for messages: never part of a result. */
#ifndef LTP_MODELS_NEAREST_CORRELATION_H
#define LTP_MODELS_NEAREST_CORRELATION_H

#include <stddef.h>

#include "sim/core/memory.h"
#include "sim/core/status.h"

/* The correlation matrix nearest to `matrix` (symmetric, unit diagonal, row-major count × count) in the Frobenius
 * norm, by alternating projections with Dykstra's correction: Higham 2002, IMA Journal of Numerical Analysis 22(3),
 * pp. 329–343, algorithm 3.3. To about 1e-7, so it may miss semidefiniteness by as much. LTP_ERROR_MEMORY,
 * LTP_ERROR_NUMERIC (no eigenvalues found). */
ltp_status ltp_nearest_correlation(size_t count, const double *matrix, double *nearest, ltp_error *error);

/* Largest factor in [0, 1], in steps of 0.001, by which all off-diagonal entries can be multiplied to make the matrix
 * positive semidefinite: 1/(1 − λ_min) rounded down. `scratch`: 2·count² doubles. */
double ltp_largest_shrink(size_t count, const double *matrix, double *scratch);

#endif
