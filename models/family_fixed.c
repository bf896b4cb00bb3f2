/* fixed: X = value, always. */
#include "models/family_compile.h"

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const bool mean = input->given[LTP_PARAMETER_MEAN], value = input->given[LTP_PARAMETER_VALUE];
    (void)pool;
    if (mean && value)
        return ltp_error_set(error, LTP_ERROR_INPUT,
                             "a fixed driver has mean %.10g and value %.10g; it must have exactly one of the two",
                             input->value[LTP_PARAMETER_MEAN], input->value[LTP_PARAMETER_VALUE]);
    if (!mean && !value)
        return ltp_error_set(error, LTP_ERROR_INPUT, "a fixed driver needs mean or value, and neither is given");
    ltp_transform_constant(out, input->value[mean ? LTP_PARAMETER_MEAN : LTP_PARAMETER_VALUE]);
    return LTP_OK;
}

const ltp_family ltp_family_fixed = {
    .name = "fixed",
    .doc = "One number without uncertainty: mean, or value (exactly one of them).",
    .source = "by definition",
    .optional = LTP_MASK(MEAN) | LTP_MASK(VALUE),
    .compile = compile,
};
