#include "models/programme.h"

const ltp_programme_kind ltp_programme_recovery = {
    .name = "recovery",
    .doc = "an organisation's own recovery plan, on its own cost as unit_cost: only what is additional to listed "
           "programmes",
    .acts_on = LTP_ACTS_ON_COST,
    .default_test = 1,
    .needs_targets = true,
    .needs_services = false,
    .needs_categories = true,
    .needs_effect = true,
    .needs_amounts = false,
};
