#include "models/programme.h"

const ltp_programme_kind ltp_programme_unit_cost = {
    .name = "unit_cost",
    .doc = "saves a fraction (or £m) of the cost of target categories at target organisations; services other than * "
           "take the share of their volume",
    .acts_on = LTP_ACTS_ON_COST,
    .default_test = 2,
    .needs_targets = true,
    .needs_services = false,
    .needs_categories = true,
    .needs_effect = true,
    .needs_amounts = false,
};
