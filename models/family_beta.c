/* beta on [min, max] ([0, 1] unless given), from its natural mean and sd. With μ = (mean − min)/(max − min) and
 * σ = sd/(max − min):
 *     ν = μ(1 − μ)/σ² − 1,  a = μν,  b = (1 − μ)ν;  needs min < mean < max and sd² < (mean − min)(max − mean)
 * Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions vol. 2, 2nd ed., ch. 25, pp. 210, 217.
 * Quantiles: solved on the normal score in y = ln(x/(1 − x)) with GSL's distribution function, which is right to 1e-9
 * up to shapes of a million (found by quadrature in extended precision); narrower ones are refused.
 * Table: error ≤ 5e-8·(sd + |x − mean|) for shapes of 0.5 to 200,000, ≤ 2e-6 for shapes ≥ 0.15 (tested); stronger
 * U-shapes are checked at compile like all others. */
#include "models/family_compile.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#define WIDEST_SHAPE 1e6

typedef struct {
    double low, width;
    double a, b;
    double log_beta; /* ln B(a, b) */
} ltp_beta;

/* x = 1/(1 + e^−y) and 1 − x = 1/(1 + e^y), each with its own digits. */
static ltp_tail distribution(const void *parameter, double y, bool upper) {
    const ltp_beta *beta = parameter;
    const double a = beta->a, b = beta->b;
    const double log_x = -(y < 0.0 ? log1p(exp(y)) - y : log1p(exp(-y)));
    const double log_rest = -(y > 0.0 ? log1p(exp(-y)) + y : log1p(exp(y)));
    return (ltp_tail){upper ? gsl_cdf_beta_P(1.0 / (1.0 + exp(y)), b, a) : gsl_cdf_beta_P(1.0 / (1.0 + exp(-y)), a, b),
                      exp(a * log_x + b * log_rest - beta->log_beta)};
}

/* The tail towards an end of the support: P = s^shape/(shape·B(a, b)) for the distance s from it, right to s itself.
 * ln s; above −36 it is no solution, only a start. */
static double tail_distance(const ltp_beta *beta, double shape, double tail) {
    return (log(tail) + log(shape) + beta->log_beta) / shape;
}

static ltp_point exact(const void *parameter, double z) {
    const ltp_beta *beta = parameter;
    const double below = ltp_normal_below(z), above = ltp_normal_above(z);
    const double near_low = tail_distance(beta, beta->a, below), near_high = tail_distance(beta, beta->b, above);
    if (near_low < -36.0) {
        const double x = exp(near_low);
        return (ltp_point){beta->low + beta->width * x, beta->width * x * ltp_normal_density(z) / (below * beta->a)};
    }
    if (near_high < -36.0) {
        const double rest = exp(near_high);
        return (ltp_point){beta->low + beta->width * (1.0 - rest),
                           beta->width * rest * ltp_normal_density(z) / (above * beta->b)};
    }
    double start = log(beta->a / beta->b) + z * sqrt(1.0 / beta->a + 1.0 / beta->b);
    if (beta->a < 1.0 || beta->b < 1.0)
        start = z < 0.0 ? fmin(near_low, 0.0) : fmax(-near_high, 0.0);
    double per_score;
    const double y = ltp_solve_score(distribution, beta, z, start, &per_score);
    const double x = 1.0 / (1.0 + exp(-y)), rest = 1.0 / (1.0 + exp(y));
    return (ltp_point){y < 0.0 ? beta->low + beta->width * x : (beta->low + beta->width) - beta->width * rest,
                       beta->width * x * rest * per_score};
}

ltp_status ltp_transform_beta(ltp_transform *out, const char *family, double low, double high, const double shape[2],
                              ltp_pool *pool, ltp_error *error) {
    const double a = shape[0], b = shape[1], width = high - low, total = a + b;
    if (!(total <= WIDEST_SHAPE))
        return ltp_error_set(error, LTP_ERROR_INPUT,
                             "the %s distribution is too narrow for its range (%.3g sd wide); "
                             "use a truncated_normal distribution instead",
                             family, sqrt(total + 1.0) * total / sqrt(a * b));
    const ltp_beta beta = {low, width, a, b, gsl_sf_lnbeta(a, b)};
    out->mean = low + width * (a / total);
    out->sd = width * sqrt(a / total * (b / total) / (total + 1.0));
    out->low = low;
    out->high = high;
    return ltp_transform_tabulate(out, family, exact, &beta, pool, error);
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const double mean = input->value[LTP_PARAMETER_MEAN], sd = input->value[LTP_PARAMETER_SD];
    const double low = input->given[LTP_PARAMETER_MIN] ? input->value[LTP_PARAMETER_MIN] : 0.0;
    const double high = input->given[LTP_PARAMETER_MAX] ? input->value[LTP_PARAMETER_MAX] : 1.0;
    if (!(low < high))
        return ltp_family_refuse(error, "beta", input->given[LTP_PARAMETER_MIN] ? LTP_PARAMETER_MIN : LTP_PARAMETER_MAX,
                                 input->given[LTP_PARAMETER_MIN] ? low : high,
                                 "such that min (%.10g) is below max (%.10g)", low, high);
    if (!(mean > low && mean < high))
        return ltp_family_refuse(error, "beta", LTP_PARAMETER_MEAN, mean, "between min and max, %.10g and %.10g", low,
                                 high);
    const ltp_status status = ltp_family_check_sd(error, "beta", sd);
    if (status != LTP_OK)
        return status;
    ltp_transform_constant(out, mean);
    if (sd == 0.0)
        return LTP_OK;
    const double widest = sqrt((mean - low) * (high - mean));
    if (!(sd < widest))
        return ltp_family_refuse(error, "beta", LTP_PARAMETER_SD, sd,
                                 "below %.6g, the widest that mean %.10g leaves between %.10g and %.10g", widest, mean,
                                 low, high);
    const double share = (mean - low) / (high - low), total = (widest / sd) * (widest / sd) - 1.0;
    const double shape[2] = {share * total, (1.0 - share) * total};
    return ltp_transform_beta(out, "beta", low, high, shape, pool, error);
}

const ltp_family ltp_family_beta = {
    .name = "beta",
    .doc = "Between min and max (0 and 1 unless given) with this mean and standard deviation.",
    .source = "Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, ch. 25, pp. 210, 217",
    .required = LTP_MASK(MEAN) | LTP_MASK(SD),
    .optional = LTP_MASK(MIN) | LTP_MASK(MAX),
    .compile = compile,
};
