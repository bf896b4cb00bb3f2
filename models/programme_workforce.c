#include "models/programme.h"

const ltp_programme_kind ltp_programme_workforce = {
    .name = "workforce",
    .doc = "changes leavers, joiners or the agency share",
    .acts_on = LTP_ACTS_ON_WORKFORCE,
    .default_test = 0,
    .needs_targets = true,
    .needs_services = false,
    .needs_categories = false,
    .needs_effect = true,
    .needs_amounts = false,
};
