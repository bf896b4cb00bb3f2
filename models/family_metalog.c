/* metalog: three terms through the 10th, 50th and 90th percentiles. With L(u) = ln(u/(1 − u)):
 *     Q(u) = a1 + a2·L(u) + a3·(u − ½)·L(u)
 *     a1 = p50,  a2 = (p90 − p10)/(2 ln 9),  a3 = (p10 + p90 − 2·p50)/(0.8 ln 9);  support: all numbers
 *     mean = a1 + a3/2;  variance = a2²π²/3 + a3²(1/12 + π²/36)
 * It rises everywhere if and only if |a3|/a2 < 1.66711, that is if (p50 − p10)/(p90 − p10) lies strictly between
 * 0.16658 and 0.83342. Keelin 2016, Decision Analysis 13(4), pp. 243–277 (quantile function, moments, feasibility).
 * The constant, to all digits: 1/max over u of (u − ½) + u(1 − u)L(u), at u = 0.91678.
 * Table: error ≤ 5e-9·(sd + |x − mean|) (tested). */
#include "models/family_compile.h"

#include <math.h>

#define LARGEST_SKEW 1.6671131192019295

typedef struct {
    double centre, spread, skew; /* a1, a2, a3 */
} ltp_metalog;

static ltp_point exact(const void *parameter, double z) {
    const ltp_metalog *metalog = parameter;
    const double below = ltp_normal_below(z), above = ltp_normal_above(z);
    const double logit = log(below) - log(above), side = 0.5 * (below - above);
    const double per_share = (metalog->spread + metalog->skew * side) / (below * above) + metalog->skew * logit;
    return (ltp_point){metalog->centre + (metalog->spread + metalog->skew * side) * logit,
                       ltp_normal_density(z) * per_share};
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const double p10 = input->value[LTP_PARAMETER_P10], p50 = input->value[LTP_PARAMETER_P50];
    const double p90 = input->value[LTP_PARAMETER_P90];
    if (!(p10 < p90))
        return ltp_family_refuse(error, "metalog", LTP_PARAMETER_P10, p10, "below p90, %.10g", p90);
    const ltp_metalog metalog = {p50, (p90 - p10) / (2.0 * log(9.0)), (p10 + p90 - 2.0 * p50) / (0.8 * log(9.0))};
    if (!(fabs(metalog.skew) < LARGEST_SKEW * metalog.spread)) {
        const double margin = 0.5 * (1.0 - 0.4 * LARGEST_SKEW) * (p90 - p10);
        return ltp_family_refuse(error, "metalog", LTP_PARAMETER_P50, p50,
                                 "between %.6g and %.6g when p10 is %.10g and p90 is %.10g (Keelin 2016): nearer to "
                                 "either, no three-term metalog exists",
                                 p10 + margin, p90 - margin, p10, p90);
    }
    out->mean = metalog.centre + 0.5 * metalog.skew;
    out->sd = sqrt(metalog.spread * metalog.spread * M_PI * M_PI / 3.0 +
                   metalog.skew * metalog.skew * (1.0 / 12.0 + M_PI * M_PI / 36.0));
    out->low = -INFINITY;
    out->high = INFINITY;
    return ltp_transform_tabulate(out, "metalog", exact, &metalog, pool, error);
}

const ltp_family ltp_family_metalog = {
    .name = "metalog",
    .doc = "Smooth through the 1-in-10 low, the middle and the 1-in-10 high that experts gave.",
    .source = "Keelin 2016, Decision Analysis 13(4), pp. 243–277",
    .required = LTP_MASK(P10) | LTP_MASK(P50) | LTP_MASK(P90),
    .compile = compile,
};
