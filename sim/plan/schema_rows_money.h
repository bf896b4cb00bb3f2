/* Columns of the tables of the money: flows, contracts, allocations, transfers. Included by schema_rows.h. */
#ifndef LTP_PLAN_SCHEMA_ROWS_MONEY_H
#define LTP_PLAN_SCHEMA_ROWS_MONEY_H

// clang-format off

#define LTP_FLOWS_COLUMNS(COLUMN) \
    COLUMN(FLOWS, PAYER, "payer", CODE, LTP_ANY, "who pays", .reference = "organisations|outside", .required = true, .key = true, .example = "00T") \
    COLUMN(FLOWS, PAYEE, "payee", CODE, LTP_ANY, "who is paid", .reference = "organisations|outside", .required = true, .key = true, .example = "RM3") \
    COLUMN(FLOWS, SERVICE, "service", CODE, LTP_ANY, "what for; empty on a provider's own costs", .reference = "services", .key = true, \
           .example = "nonelective") \
    COLUMN(FLOWS, CATEGORY, "category", CODE, LTP_ANY, \
           "what a cost is spent on; needed on a provider's costs and on payments outside under fixed and pass_through", \
           .reference = "categories", .key = true, .example = "") \
    COLUMN(FLOWS, STREAM, "stream", ENUM, LTP_ANY, "the payer's allocation that pays it; empty: by service and payer", \
           .values = LTP_VALUES_OF(STREAM), .key = true, .example = "core") \
    COLUMN(FLOWS, AMOUNT, "amount", NUMBER, LTP_ANY, "the base year's money", .unit = "£m", .required = true, .example = "100.0") \
    COLUMN(FLOWS, ACTIVITY, "activity", NUMBER, LTP_AT_LEAST(0), "the base year's activity, in the service's own unit", .unit = "service units", \
           .example = "42000") \
    COLUMN(FLOWS, MECHANISM, "mechanism", ENUM, LTP_ANY, "how it is paid in later years; empty on a provider's own costs", \
           .values = LTP_VALUES_OF(MECHANISM), .example = "blended") \
    COLUMN(FLOWS, VARIABLE_SHARE, "variable_share", NUMBER, LTP_RANGE(0, 1), \
           "blended only: share of the price paid for activity above or below plan", .unit = "1", .fallback = "0.2", .example = "0.2") \
    COLUMN(FLOWS, UPLIFT, "uplift_", NUMBER, LTP_RANGE(-1, 1), \
           "block only: growth of the payment in the year; all empty: the growth of the payer's stream", .unit = "fraction a year", \
           .group = LTP_GROUP_YEAR, .example = "") \
    COLUMN(FLOWS, PLAN_BASIS, "plan_basis", ENUM, LTP_ANY, "blended only: a new activity plan every year, or one plan from year 0", \
           .values = LTP_VALUES_OF(PLAN_BASIS), .fallback = "annual", .example = "annual") \
    COLUMN(FLOWS, NATURE, "nature", ENUM, LTP_ANY, "only recurrent flows carry on after the base year", .values = LTP_VALUES_OF(NATURE), \
           .fallback = "recurrent", .key = true, .example = "recurrent") \
    LTP_COMMON_COLUMNS(COLUMN, FLOWS)

#define LTP_CONTRACTS_COLUMNS(COLUMN) \
    COLUMN(CONTRACTS, PAYER, "payer", CODE, LTP_ANY, "who pays", .reference = "organisations|outside", .required = true, .key = true, .example = "00T") \
    COLUMN(CONTRACTS, PAYEE, "payee", CODE, LTP_ANY, "who is paid", .reference = "organisations|outside", .required = true, .key = true, .example = "RM3") \
    COLUMN(CONTRACTS, SERVICE, "service", CODE, LTP_ANY, "what for", .reference = "services", .key = true, .example = "nonelective") \
    COLUMN(CONTRACTS, YEAR, "year", YEAR, LTP_AT_LEAST(0), "the financial year", .required = true, .key = true, .example = "2019/20") \
    COLUMN(CONTRACTS, PAYER_AMOUNT, "payer_amount", NUMBER, LTP_ANY, "what the payer plans to pay; empty: the payee's figure", .unit = "£m", .example = "103.0") \
    COLUMN(CONTRACTS, PAYEE_AMOUNT, "payee_amount", NUMBER, LTP_ANY, "what the payee plans to receive; empty: the payer's figure", .unit = "£m", \
           .example = "104.5") \
    COLUMN(CONTRACTS, PAYER_ACTIVITY, "payer_activity", NUMBER, LTP_AT_LEAST(0), "the activity that the payer plans", .unit = "service units", .example = "") \
    COLUMN(CONTRACTS, PAYEE_ACTIVITY, "payee_activity", NUMBER, LTP_AT_LEAST(0), "the activity that the payee plans", .unit = "service units", .example = "") \
    LTP_COMMON_COLUMNS(COLUMN, CONTRACTS)

#define LTP_ALLOCATIONS_COLUMNS(COLUMN) \
    COLUMN(ALLOCATIONS, CODE, "code", CODE, LTP_ANY, "the commissioner", .reference = "organisations", .required = true, .key = true, .example = "00T") \
    COLUMN(ALLOCATIONS, STREAM, "stream", ENUM, LTP_ANY, "which allocation", .values = LTP_VALUES_OF(STREAM), .required = true, .key = true, .example = "core") \
    COLUMN(ALLOCATIONS, YEAR, "year", YEAR, LTP_AT_LEAST(0), "the financial year; the base year's row is its base receipts", \
           .required = true, .key = true, .example = "2019/20") \
    COLUMN(ALLOCATIONS, AMOUNT, "amount", NUMBER, LTP_AT_LEAST(0), "the allocation", .unit = "£m", .required = true, .example = "528.25") \
    COLUMN(ALLOCATIONS, FIRMNESS, "firmness", ENUM, LTP_ANY, "what is not firm carries the driver allocation.growth", \
           .values = LTP_VALUES_OF(FIRMNESS), .fallback = "firm", .example = "firm") \
    LTP_COMMON_COLUMNS(COLUMN, ALLOCATIONS)

#define LTP_TRANSFERS_COLUMNS(COLUMN) \
    COLUMN(TRANSFERS, NAME, "name", CODE, LTP_ANY, "what moves; one row a transfer", .required = true, .key = true, .example = "CQUIN into prices") \
    COLUMN(TRANSFERS, FROM_PAYER, "from_payer", CODE, LTP_ANY, "payer of the flow it leaves; * for any; empty: it leaves no flow", \
           .reference = "organisations|outside|=*", .example = "*") \
    COLUMN(TRANSFERS, FROM_PAYEE, "from_payee", CODE, LTP_ANY, "payee of the flow it leaves; * for any, outside included", \
           .reference = "organisations|outside|=*", .example = "*") \
    COLUMN(TRANSFERS, TO_PAYER, "to_payer", CODE, LTP_ANY, "payer of the flow it joins; * for any", \
           .reference = "organisations|outside|=*", .example = "*") \
    COLUMN(TRANSFERS, TO_PAYEE, "to_payee", CODE, LTP_ANY, "payee of the flow it joins; * for any, outside included", \
           .reference = "organisations|outside|=*", .example = "*") \
    COLUMN(TRANSFERS, SERVICE, "service", LIST, LTP_ANY, "services of the flows; * or empty for all", .reference = "services|=*", .example = "*") \
    COLUMN(TRANSFERS, ALLOCATION_FROM, "allocation_from", ENUM, LTP_ANY, "the allocation that it is taken from", .values = LTP_VALUES_OF(STREAM), \
           .example = "") \
    COLUMN(TRANSFERS, ALLOCATION_TO, "allocation_to", ENUM, LTP_ANY, "the allocation that it is added to", .values = LTP_VALUES_OF(STREAM), \
           .example = "") \
    COLUMN(TRANSFERS, ALREADY_IN_ALLOCATION, "already_in_allocation", NUMBER, LTP_ANY, "how much of it the published allocations already hold", \
           .unit = "£m", .fallback = "0", .example = "0") \
    COLUMN(TRANSFERS, COST, "cost", NUMBER, LTP_ANY, "the cost that goes with it", .unit = "£m", .fallback = "0", .example = "0") \
    COLUMN(TRANSFERS, YEAR, "year", YEAR, LTP_AT_LEAST(1), "the financial year in which it moves", .required = true, .example = "2019/20") \
    COLUMN(TRANSFERS, AMOUNT, "amount", NUMBER, LTP_ANY, "how much, at that year's prices", .unit = "£m", .required = true, .example = "5.0") \
    COLUMN(TRANSFERS, RECURRENT, "recurrent", YES_NO, LTP_ANY, "whether it stays moved", .fallback = "yes", .example = "yes") \
    LTP_COMMON_COLUMNS(COLUMN, TRANSFERS)

// clang-format on

#endif
