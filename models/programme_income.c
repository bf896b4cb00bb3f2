#include "models/programme.h"

const ltp_programme_kind ltp_programme_income = {
    .name = "income",
    .doc = "income from a payer to a payee, amounts by year; counts for a system only from outside it",
    .acts_on = LTP_ACTS_ON_INCOME,
    .default_test = 0,
    .needs_targets = false,
    .needs_services = false,
    .needs_categories = false,
    .needs_effect = false,
    .needs_amounts = true,
};
