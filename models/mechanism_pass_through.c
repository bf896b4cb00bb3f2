#include "models/mechanism.h"

/* Pass-through (high-cost drugs and devices, prescribing, continuing care): V0 · a · price index of the category; the
 * payer bears price and volume, the provider spends what it receives. */
LTP_HOT static void pay(const ltp_line_view *line, double *restrict volume, double *restrict unit, size_t count) {
    const double *a = line->activity, *price = line->index;
    (void)volume;
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        unit[i] = a[i] * price[i];
}

const ltp_mechanism ltp_mechanism_pass_through = {
    .name = "pass_through",
    .doc = "what is used is paid at its price; the provider's cost equals its income",
    .formula = "V0 · a · price index of its category",
    .index = LTP_INDEX_PRICE,
    .follows_activity = true,
    .pays_activity = true,
    .pay = pay,
};
