/* Row-major Cholesky, column by column; see the header for the tolerance. */
#include "models/cholesky.h"

#include <math.h>

/* matrix[i][j] − Σ_{k<j} lower[i][k]·lower[j][k], in that order. */
static double residual(size_t count, const double *matrix, const double *lower, size_t i, size_t j) {
    double left = matrix[i * count + j];
    for (size_t k = 0; k < j; k++)
        left -= lower[i * count + k] * lower[j * count + k];
    return left;
}

bool ltp_cholesky(size_t count, const double *matrix, double *lower) {
    for (size_t i = 0; i < count * count; i++)
        lower[i] = 0.0;
    for (size_t j = 0; j < count; j++) {
        const double pivot = residual(count, matrix, lower, j, j);
        const bool vanished = pivot <= LTP_PIVOT_TOLERANCE;
        if (!(pivot >= -LTP_PIVOT_TOLERANCE))
            return false;
        if (!vanished)
            lower[j * count + j] = sqrt(pivot);
        for (size_t i = j + 1; i < count; i++) {
            const double left = residual(count, matrix, lower, i, j);
            if (!vanished)
                lower[i * count + j] = left / lower[j * count + j];
            else if (!(left * left <= LTP_PIVOT_TOLERANCE))
                return false;
        }
    }
    return true;
}
