/* pert: a beta on [min, max] with shapes
 *     a = 1 + λ(mode − min)/(max − min),  b = 1 + λ(max − mode)/(max − min),  λ = 4
 *     mean = (min + λ·mode + max)/(λ + 2);  variance = (mean − min)(max − mean)/(λ + 3)
 * Malcolm, Roseboom, Clark & Fazar 1959, Operations Research 7(5), pp. 646–669 (mean of p. 652);
 * Vose 2008, Risk Analysis, 3rd ed., p. 672 (the shapes).
 * Table: error ≤ 5e-9·(sd + |x − mean|) (tested). */
#include "models/family_compile.h"

#define PERT_WEIGHT 4.0

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const double low = input->value[LTP_PARAMETER_MIN], mode = input->value[LTP_PARAMETER_MODE];
    const double high = input->value[LTP_PARAMETER_MAX];
    if (!(low < high))
        return ltp_family_refuse(error, "pert", LTP_PARAMETER_MIN, low, "below max, %.10g", high);
    if (!(mode >= low && mode <= high))
        return ltp_family_refuse(error, "pert", LTP_PARAMETER_MODE, mode, "between min and max, %.10g and %.10g", low,
                                 high);
    const double shape[2] = {1.0 + PERT_WEIGHT * (mode - low) / (high - low),
                             1.0 + PERT_WEIGHT * (high - mode) / (high - low)};
    return ltp_transform_beta(out, "pert", low, high, shape, pool, error);
}

const ltp_family ltp_family_pert = {
    .name = "pert",
    .doc = "A smooth bell between min and max that peaks at the mode; its mean is (min + 4·mode + max)/6.",
    .source = "Malcolm, Roseboom, Clark & Fazar 1959, Operations Research 7(5), pp. 646–669",
    .required = LTP_MASK(MIN) | LTP_MASK(MODE) | LTP_MASK(MAX),
    .compile = compile,
};
