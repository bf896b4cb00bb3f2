/* Cholesky factor of a positive semidefinite matrix with unit-size diagonal. */
#ifndef LTP_MODELS_CHOLESKY_H
#define LTP_MODELS_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

#define LTP_PIVOT_TOLERANCE 1e-12

/* lower·lowerᵀ = matrix, both row-major count × count, upper triangle of `lower` zero. + − × ÷ sqrt in a fixed order:
 * same bits everywhere. A pivot within LTP_PIVOT_TOLERANCE of 0 gives a zero column, provided that what is left below
 * it is within sqrt(LTP_PIVOT_TOLERANCE) of 0, as it is in every semidefinite matrix (|a_ij|² ≤ a_ii·a_jj). False where
 * the matrix is not positive semidefinite. Golub & Van Loan 2013, Matrix Computations, 4th ed., sec. 4.2. */
bool ltp_cholesky(size_t count, const double *matrix, double *lower);

#endif
