/* Why correlations cannot be, in words that a finance analyst can act on: which drivers, what was found, the largest
 * value that works. */
#ifndef LTP_MODELS_CORRELATION_REFUSAL_H
#define LTP_MODELS_CORRELATION_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/status.h"

/* One connected component, rows in name order. */
typedef struct {
    size_t count;
    const char **name;
    double *persistence;       /* φ */
    const double *correlation; /* R, row-major count × count */
} ltp_correlation_group;

/* sqrt((1 − φa²)(1 − φb²))/(1 − φaφb); 1 for two drivers that never move after year 1. */
double ltp_correlation_bound(double persistence_a, double persistence_b);

/* C_ij = R_ij/bound_ij, the correlation of innovations, with zeros off the diagonal for drivers of persistence 1, which
 * have none. False where a pair exceeds its bound. */
bool ltp_innovation_correlation(const ltp_correlation_group *group, double *innovation);

/* LTP_ERROR_INPUT: R is not positive semidefinite. */
ltp_status ltp_refuse_correlation(const ltp_correlation_group *group, ltp_error *error);

/* LTP_ERROR_INPUT: R − ΦRΦ is not, because of one pair or of all together. */
ltp_status ltp_refuse_persistence(const ltp_correlation_group *group, ltp_error *error);

#endif
