/* Gaussian copula with persistence over the national parts of drivers (numerics.md section 1 in the design; the
 * formulas are repeated in correlation.c): z_1 = chol(R) e_1; z_t = Φ z_{t−1} + chol(R − Φ R Φ) e_t. */
#ifndef LTP_MODELS_CORRELATION_H
#define LTP_MODELS_CORRELATION_H

#include <stddef.h>

#include "sim/core/memory.h"
#include "sim/core/status.h"

typedef struct {
    size_t count;   /* drivers in the component, ≥ 2 */
    size_t *driver; /* their indexes as given to ltp_copula_build, in name order */
    double *first;  /* chol(R), row-major lower, count × count */
    double *later;  /* chol(R − ΦRΦ) */
} ltp_copula_component;

typedef struct {
    size_t a, b; /* driver indexes */
    double correlation;
} ltp_correlation_pair;

typedef struct {
    size_t component_count;
    ltp_copula_component *component; /* connected components of the correlation graph with ≥ 2 drivers */
} ltp_copula;

/* names/persistence: [count]. Cholesky is our own (+ − × ÷ sqrt; semidefinite accepted with tolerance 1e-12, so that
 * φ = 1 gives zero innovations). Refused with LTP_ERROR_INPUT: R not positive semidefinite (the message names the
 * drivers and prints the nearest correlation matrix, Higham 2002), or R − ΦRΦ not (names the worst pair, its bound
 * sqrt((1−φi²)(1−φj²))/(1−φiφj) and the nearest R). */
ltp_status ltp_copula_build(ltp_copula *out, ltp_pool *pool, size_t count, const char *const *names,
                            const double *persistence, size_t pair_count, const ltp_correlation_pair *pairs,
                            ltp_error *error);

#endif
