#include "models/programme.h"

const ltp_programme_kind ltp_programme_recovery = {
    .name = "recovery",
    .doc = "an organisation's own recovery plan, only what is additional to listed programmes",
    .acts_on = LTP_ACTS_ON_NOTHING,
    .default_test = 1,
    .needs_targets = false,
    .needs_services = false,
    .needs_categories = false,
    .needs_effect = false,
    .needs_amounts = false,
};
