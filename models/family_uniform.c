/* uniform: x(z) = min + (max − min)Φ(z); min < max; mean (min + max)/2, sd (max − min)/√12.
 * Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions vol. 2, 2nd ed., ch. 26, p. 276.
 * Table: error ≤ 5e-9·(sd + |x − mean|) (tested). */
#include "models/family_compile.h"

#include <math.h>

typedef struct {
    double low, high;
} ltp_range;

static ltp_point exact(const void *parameter, double z) {
    const ltp_range *range = parameter;
    const double width = range->high - range->low;
    return (ltp_point){
        .x = z < 0.0 ? range->low + width * ltp_normal_below(z) : range->high - width * ltp_normal_above(z),
        .slope = width * ltp_normal_density(z),
    };
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const ltp_range range = {input->value[LTP_PARAMETER_MIN], input->value[LTP_PARAMETER_MAX]};
    if (!(range.low < range.high))
        return ltp_family_refuse(error, "uniform", LTP_PARAMETER_MIN, range.low, "below max, %.10g", range.high);
    out->mean = 0.5 * range.low + 0.5 * range.high;
    out->sd = (range.high - range.low) / sqrt(12.0);
    out->low = range.low;
    out->high = range.high;
    return ltp_transform_tabulate(out, "uniform", exact, &range, pool, error);
}

const ltp_family ltp_family_uniform = {
    .name = "uniform",
    .doc = "Every value between min and max equally likely.",
    .source = "Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, ch. 26, p. 276",
    .required = LTP_MASK(MIN) | LTP_MASK(MAX),
    .compile = compile,
};
