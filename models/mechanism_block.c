#include "models/mechanism.h"

/* Block contract: V0 · Π (1 + uplift), whatever the activity. The uplift is given, or is the growth of the payer's
 * stream that pays the flow, transfers excluded. */
LTP_HOT static void pay(const ltp_line_view *line, double *restrict volume, double *restrict unit, size_t count) {
    const double *index = line->index;
    const double given = line->given;
    (void)volume;
    if (index) {
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            unit[i] = index[i];
    } else {
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            unit[i] = given;
    }
}

const ltp_mechanism ltp_mechanism_block = {
    .name = "block",
    .doc = "a sum that grows by a given uplift, or by the payer's allocation",
    .formula = "V0 · Π (1 + uplift)",
    .index = LTP_INDEX_BLOCK,
    .pay = pay,
};
