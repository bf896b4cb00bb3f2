#include "models/programme.h"

const ltp_programme_kind ltp_programme_variation = {
    .name = "variation",
    .doc = "moves target providers' unit cost, or target payers' rate of use, a fraction of the way to the benchmark "
           "of its "
           "services; nothing where already better",
    .acts_on = LTP_ACTS_ON_VARIATION,
    .default_test = 3,
    .needs_targets = true,
    .needs_services = true,
    .needs_categories = false,
    .needs_effect = true,
    .needs_amounts = false,
};
