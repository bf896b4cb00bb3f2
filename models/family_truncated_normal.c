/* truncated_normal: a normal parent with mean m and sd s, kept where min ≤ x ≤ max (either may be left out).
 *     α = (min − m)/s, β = (max − m)/s, D = Φ(β) − Φ(α)
 *     x(z) = m + sζ,  Φ(ζ) = Φ(α) + Φ(z)·D,  1 − Φ(ζ) = (1 − Φ(β)) + Φ(−z)·D     (the smaller tail is inverted)
 *     mean = m + s(φ(α) − φ(β))/D
 *     variance = s²(1 + (αφ(α) − βφ(β))/D − ((φ(α) − φ(β))/D)²)
 * Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions vol. 1, 2nd ed., sec. 10.1 of ch. 13, p. 156.
 * The expectation is this true mean, not the parent's. Between bounds less than one parent sd apart the variance
 * formula cancels: there both moments are integrals, by 32-point Gauss–Legendre (exact to rounding there).
 * Table: error ≤ 5e-8·(sd + |x − mean|) with the sd and mean of the result (tested). */
#include "models/family_compile.h"

#include <gsl/gsl_integration.h>
#include <math.h>

typedef struct {
    double mean, sd;              /* the parent's */
    double low, high;             /* bounds, ±INFINITY */
    double alpha, beta;           /* bounds in parent sds */
    double below_low, above_high; /* Φ(α), 1 − Φ(β) */
    double inside;                /* D */
} ltp_truncated;

static ltp_point exact(const void *parameter, double z) {
    const ltp_truncated *truncated = parameter;
    const double below = truncated->below_low + ltp_normal_below(z) * truncated->inside;
    const double above = truncated->above_high + ltp_normal_above(z) * truncated->inside;
    const double score = ltp_normal_score(below, above);
    double x = truncated->mean + truncated->sd * score;
    /* Rounding of the score must not leave the support. */
    x = fmin(fmax(x, truncated->low), truncated->high);
    return (ltp_point){.x = x,
                       .slope = truncated->sd * truncated->inside * ltp_normal_density(z) / ltp_normal_density(score)};
}

/* D without cancellation between tails. */
static double mass_between(double alpha, double beta) {
    if (alpha > 0.0)
        return ltp_normal_above(alpha) - ltp_normal_above(beta);
    if (beta < 0.0)
        return ltp_normal_below(beta) - ltp_normal_below(alpha);
    return 0.5 * (erf(beta * M_SQRT1_2) - erf(alpha * M_SQRT1_2));
}

static void closed_moments(const ltp_truncated *truncated, ltp_transform *out) {
    const double alpha = truncated->alpha, beta = truncated->beta, inside = truncated->inside;
    const double at_low = isinf(alpha) ? 0.0 : ltp_normal_density(alpha) / inside;
    const double at_high = isinf(beta) ? 0.0 : ltp_normal_density(beta) / inside;
    const double shift = at_low - at_high;
    const double spread = 1.0 + (isinf(alpha) ? 0.0 : alpha * at_low) - (isinf(beta) ? 0.0 : beta * at_high);
    out->mean = truncated->mean + truncated->sd * shift;
    out->sd = truncated->sd * sqrt(fmax(0.0, spread - shift * shift));
}

static ltp_status integrated_moments(const ltp_truncated *truncated, ltp_transform *out, ltp_error *error) {
    gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(32);
    if (!rule)
        return ltp_error_set(error, LTP_ERROR_MEMORY, "no memory to integrate a truncated_normal distribution");
    const double centre = 0.5 * (truncated->alpha + truncated->beta);
    double mass = 0.0, first = 0.0, second = 0.0;
    for (size_t i = 0; i < 32; i++) {
        double at, weight;
        gsl_integration_glfixed_point(truncated->alpha, truncated->beta, i, &at, &weight, rule);
        weight *= exp(-0.5 * (at - centre) * (at + centre)); /* φ(at)/φ(centre) */
        mass += weight;
        first += weight * (at - centre);
        second += weight * (at - centre) * (at - centre);
    }
    gsl_integration_glfixed_table_free(rule);
    first /= mass;
    out->mean = truncated->mean + truncated->sd * (centre + first);
    out->sd = truncated->sd * sqrt(second / mass - first * first);
    return LTP_OK;
}

static ltp_status check(const ltp_family_input *input, double mean, double sd, ltp_error *error) {
    const bool has_low = input->given[LTP_PARAMETER_MIN], has_high = input->given[LTP_PARAMETER_MAX];
    const double low = input->value[LTP_PARAMETER_MIN], high = input->value[LTP_PARAMETER_MAX];
    if (!has_low && !has_high)
        return ltp_error_set(error, LTP_ERROR_INPUT,
                             "a truncated_normal distribution needs min, max or both, and neither is given");
    if (has_low && has_high && !(low < high))
        return ltp_family_refuse(error, "truncated_normal", LTP_PARAMETER_MIN, low, "below max, %.10g", high);
    const ltp_status status = ltp_family_check_sd(error, "truncated_normal", sd);
    if (status != LTP_OK || sd > 0.0)
        return status;
    if ((has_low && mean < low) || (has_high && mean > high))
        return ltp_family_refuse(error, "truncated_normal", LTP_PARAMETER_MEAN, mean,
                                 "within min and max where sd is 0");
    return LTP_OK;
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const double mean = input->value[LTP_PARAMETER_MEAN], sd = input->value[LTP_PARAMETER_SD];
    ltp_status status = check(input, mean, sd, error);
    if (status != LTP_OK)
        return status;
    ltp_transform_constant(out, mean);
    if (sd == 0.0)
        return LTP_OK;
    ltp_truncated truncated = {.mean = mean, .sd = sd, .low = -INFINITY, .high = INFINITY};
    if (input->given[LTP_PARAMETER_MIN])
        truncated.low = input->value[LTP_PARAMETER_MIN];
    if (input->given[LTP_PARAMETER_MAX])
        truncated.high = input->value[LTP_PARAMETER_MAX];
    truncated.alpha = (truncated.low - mean) / sd;
    truncated.beta = (truncated.high - mean) / sd;
    truncated.below_low = isinf(truncated.alpha) ? 0.0 : ltp_normal_below(truncated.alpha);
    truncated.above_high = isinf(truncated.beta) ? 0.0 : ltp_normal_above(truncated.beta);
    truncated.inside = mass_between(truncated.alpha, truncated.beta);
    const double width = truncated.beta - truncated.alpha;
    if (!(truncated.inside > 1e-200) || width < 1e-6)
        return ltp_error_set(
            error, LTP_ERROR_INPUT,
            "min and max of a truncated_normal distribution leave %.2g of a normal with mean %.10g and "
            "sd %.10g; they must lie closer to the mean or further apart (a uniform may be meant)",
            truncated.inside, mean, sd);
    out->low = truncated.low;
    out->high = truncated.high;
    if (width < 1.0)
        status = integrated_moments(&truncated, out, error);
    else
        closed_moments(&truncated, out);
    return status != LTP_OK ? status : ltp_transform_tabulate(out, "truncated_normal", exact, &truncated, pool, error);
}

const ltp_family ltp_family_truncated_normal = {
    .name = "truncated_normal",
    .doc =
        "A normal cut off at min, max or both; mean and sd are those before the cut, the expectation is the true one.",
    .source = "Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 13, p. 156",
    .required = LTP_MASK(MEAN) | LTP_MASK(SD),
    .optional = LTP_MASK(MIN) | LTP_MASK(MAX),
    .compile = compile,
};
