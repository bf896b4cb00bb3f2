#include "models/mechanism.h"

/* Blended payment: V0 · r · (a_plan + share · (a − a_plan)); a fixed amount on the agreed activity and a variable rate,
 * 20% unless given, on the difference. NHS England and NHS Improvement, Guidance on blended payment for emergency care
 * (2019). */
LTP_HOT static void pay(const ltp_line_view *line, double *restrict volume, double *restrict unit, size_t count) {
    const double *a = line->activity, *plan = line->plan, *r = line->index;
    const double share = line->share;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        volume[i] = plan[i] + share * (a[i] - plan[i]);
        unit[i] = volume[i] * r[i];
    }
}

const ltp_mechanism ltp_mechanism_blended = {
    .name = "blended",
    .doc = "the planned activity is paid in full, the difference at a variable share",
    .formula = "V0 · r · (a_plan + share · (a − a_plan))",
    .index = LTP_INDEX_RATE,
    .follows_activity = true,
    .tariff = true,
    .pay = pay,
};
