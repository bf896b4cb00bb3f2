#include "models/programme.h"

const ltp_programme_kind ltp_programme_workforce = {
    .name = "workforce",
    .doc = "changes leavers, joiners or the agency share",
    .acts_on = LTP_ACTS_ON_NOTHING,
    .default_test = 0,
    .needs_targets = false,
    .needs_services = false,
    .needs_categories = false,
    .needs_effect = false,
    .needs_amounts = false,
};
