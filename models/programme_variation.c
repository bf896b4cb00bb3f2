#include "models/programme.h"

const ltp_programme_kind ltp_programme_variation = {
    .name = "variation",
    .doc = "moves target cost or rates a fraction of the way to a peer benchmark",
    .acts_on = LTP_ACTS_ON_NOTHING,
    .default_test = 3,
    .needs_targets = false,
    .needs_services = false,
    .needs_categories = false,
    .needs_effect = false,
    .needs_amounts = false,
};
