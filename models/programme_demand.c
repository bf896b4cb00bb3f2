#include "models/programme.h"

const ltp_programme_kind ltp_programme_demand = {
    .name = "demand",
    .doc = "moderates the activity of target services that target payers (or payees) pay for",
    .acts_on = LTP_ACTS_ON_DEMAND,
    .default_test = 4,
    .needs_targets = true,
    .needs_services = true,
    .needs_categories = false,
    .needs_effect = true,
    .needs_amounts = false,
};
