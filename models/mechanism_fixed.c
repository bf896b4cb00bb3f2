#include "models/mechanism.h"

/* Fixed: the amount of the year in contracts.csv, payer's + λ · (payee's − payer's) where the two differ. */
LTP_HOT static void pay(const ltp_line_view *line, double *restrict volume, double *restrict unit, size_t count) {
    const double *lambda = line->index;
    const double payer = line->given, other = line->other;
    (void)volume;
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        unit[i] = payer + lambda[i] * other;
}

const ltp_mechanism ltp_mechanism_fixed = {
    .name = "fixed",
    .doc = "the contract's amount of the year",
    .formula = "payer's amount + λ · (payee's − payer's)",
    .index = LTP_INDEX_LAMBDA,
    .pay = pay,
};
