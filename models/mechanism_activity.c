#include "models/mechanism.h"

/* Payment by activity at the tariff: V0 · a · r. NHS Improvement and NHS England, 2019/20 National Tariff Payment
 * System (2019), section 4. */
LTP_HOT static void pay(const ltp_line_view *line, double *restrict volume, double *restrict unit, size_t count) {
    const double *a = line->activity, *r = line->index;
    (void)volume;
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        unit[i] = a[i] * r[i];
}

const ltp_mechanism ltp_mechanism_activity = {
    .name = "activity",
    .doc = "every unit of activity is paid at the tariff",
    .formula = "V0 · a · r",
    .index = LTP_INDEX_RATE,
    .follows_activity = true,
    .pays_activity = true,
    .tariff = true,
    .pay = pay,
};
