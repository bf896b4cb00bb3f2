/* gamma, from its natural mean m > 0 and sd s ≥ 0: shape a = (m/s)², scale θ = s²/m; support x > 0.
 * Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions vol. 1, 2nd ed., ch. 17, p. 337.
 * Quantiles: solved on the normal score in y = ln(x/θ) from the start of Wilson & Hilferty 1931, PNAS 17(12), p. 684,
 * with GSL's distribution function. Its noise grows with the shape: 2e-8 sd at s/m = 1/250, 1e-5 at 1/500, 1% at
 * 1/900, and from shape 1e8 on it is wrong (by quadrature in extended precision); below s/m = 1/250 a gamma (skewness
 * under 0.008) is refused in favour of the normal.
 * Table: error ≤ 1e-8·(s + |x − m|) for 0.01 ≤ s/m ≤ 3, ≤ 1e-6 for s/m ≤ 10 (tested). */
#include "models/family_compile.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#define NARROWEST 0.004 /* sd over mean */

typedef struct {
    double shape, scale;
    double log_gamma; /* ln Γ(shape) */
} ltp_gamma;

static ltp_tail distribution(const void *parameter, double y, bool upper) {
    const ltp_gamma *gamma = parameter;
    const double a = gamma->shape, x = exp(y);
    return (ltp_tail){upper ? gsl_cdf_gamma_Q(x, a, 1.0) : gsl_cdf_gamma_P(x, a, 1.0),
                      x * gsl_ran_gamma_pdf(x, a, 1.0)};
}

static ltp_point exact(const void *parameter, double z) {
    const ltp_gamma *gamma = parameter;
    const double a = gamma->shape, below = ltp_normal_below(z);
    /* P = x^a/Γ(a + 1) for small x, right to a share x of itself. */
    const double near_zero = (log(below) + log(a) + gamma->log_gamma) / a;
    if (near_zero < -36.0) {
        const double x = gamma->scale * exp(near_zero);
        return (ltp_point){x, x * ltp_normal_density(z) / (below * a)};
    }
    const double root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * sqrt(a));
    const double start = root > 0.3 ? log(a) + 3.0 * log(root) : near_zero;
    double per_score;
    const double x = gamma->scale * exp(ltp_solve_score(distribution, gamma, z, start, &per_score));
    return (ltp_point){x, x * per_score};
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const double mean = input->value[LTP_PARAMETER_MEAN], sd = input->value[LTP_PARAMETER_SD];
    if (!(mean > 0.0))
        return ltp_family_refuse(error, "gamma", LTP_PARAMETER_MEAN, mean, "above 0");
    const ltp_status status = ltp_family_check_sd(error, "gamma", sd);
    if (status != LTP_OK)
        return status;
    ltp_transform_constant(out, mean);
    if (sd == 0.0)
        return LTP_OK;
    if (sd < NARROWEST * mean)
        return ltp_family_refuse(error, "gamma", LTP_PARAMETER_SD, sd,
                                 "0, or at least 1/250 of the mean, %.6g (below that a gamma is a normal: use normal)",
                                 NARROWEST * mean);
    const double shape = (mean / sd) * (mean / sd);
    const ltp_gamma gamma = {shape, sd * (sd / mean), gsl_sf_lngamma(shape)};
    out->sd = sd;
    out->low = 0.0;
    out->high = INFINITY;
    return ltp_transform_tabulate(out, "gamma", exact, &gamma, pool, error);
}

const ltp_family ltp_family_gamma = {
    .name = "gamma",
    .doc = "Positive and skewed to the right, with a lighter tail than lognormal; mean and sd are those of the value.",
    .source = "Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 17, p. 337",
    .required = LTP_MASK(MEAN) | LTP_MASK(SD),
    .compile = compile,
};
