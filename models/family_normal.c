/* normal: x(z) = mean + sd·z; sd ≥ 0; support: all numbers. Exact: no table.
 * Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions vol. 1, 2nd ed., ch. 13, p. 80. */
#include "models/family_compile.h"

#include <math.h>

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const double mean = input->value[LTP_PARAMETER_MEAN], sd = input->value[LTP_PARAMETER_SD];
    (void)pool;
    const ltp_status status = ltp_family_check_sd(error, "normal", sd);
    if (status != LTP_OK)
        return status;
    ltp_transform_constant(out, mean);
    if (sd > 0.0) {
        out->slope = out->sd = sd;
        out->low = -INFINITY;
        out->high = INFINITY;
    }
    return LTP_OK;
}

const ltp_family ltp_family_normal = {
    .name = "normal",
    .doc = "The bell curve with this mean and standard deviation.",
    .source = "Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 13, p. 80",
    .required = LTP_MASK(MEAN) | LTP_MASK(SD),
    .compile = compile,
};
