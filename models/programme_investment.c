#include "models/programme.h"

const ltp_programme_kind ltp_programme_investment = {
    .name = "investment",
    .doc =
        "a commitment that costs, amounts by year; in do_nothing if committed; a provider that receives it spends it",
    .acts_on = LTP_ACTS_ON_SPENDING,
    .default_test = 0,
    .needs_targets = false,
    .needs_services = false,
    .needs_categories = false,
    .needs_effect = false,
    .needs_amounts = true,
};
