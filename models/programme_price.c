#include "models/programme.h"

const ltp_programme_kind ltp_programme_price = {
    .name = "price",
    .doc = "lowers a price: of pass-through flows where payer or payee is a target, and of target categories of "
           "targets' own cost",
    .acts_on = LTP_ACTS_ON_PRICE,
    .default_test = 2,
    .needs_targets = true,
    .needs_services = true,
    .needs_categories = false,
    .needs_effect = true,
    .needs_amounts = false,
};
