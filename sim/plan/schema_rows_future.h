/* Columns of the tables of the uncertain and the planned: drivers, correlations, events, programmes. Included by
 * schema_rows.h. */
#ifndef LTP_PLAN_SCHEMA_ROWS_FUTURE_H
#define LTP_PLAN_SCHEMA_ROWS_FUTURE_H

// clang-format off

/* The parameters of a family: the same columns for a driver and for the severity of an event. */
#define LTP_FAMILY_COLUMNS(COLUMN, TABLE) \
    COLUMN(TABLE, FAMILY, "family", ENUM, LTP_ANY, "the distribution's family; `ltpsim list families` explains each", \
           .values = LTP_VALUES_OF(FAMILY), .required = true, .example = "normal") \
    COLUMN(TABLE, MEAN, "mean", NUMBER, LTP_ANY, "natural mean (truncated_normal: of the untruncated parent)", .unit = "the target's", .example = "0.03") \
    COLUMN(TABLE, SD, "sd", NUMBER, LTP_AT_LEAST(0), "natural standard deviation", .unit = "the target's", .example = "0.01") \
    COLUMN(TABLE, MIN, "min", NUMBER, LTP_ANY, "lowest value", .unit = "the target's", .example = "") \
    COLUMN(TABLE, MODE, "mode", NUMBER, LTP_ANY, "likeliest value", .unit = "the target's", .example = "") \
    COLUMN(TABLE, MAX, "max", NUMBER, LTP_ANY, "highest value", .unit = "the target's", .example = "") \
    COLUMN(TABLE, P10, "p10", NUMBER, LTP_ANY, "metalog: one in ten is lower", .unit = "the target's", .example = "") \
    COLUMN(TABLE, P50, "p50", NUMBER, LTP_ANY, "metalog: half are lower", .unit = "the target's", .example = "") \
    COLUMN(TABLE, P90, "p90", NUMBER, LTP_ANY, "metalog: nine in ten are lower", .unit = "the target's", .example = "") \
    COLUMN(TABLE, DF, "df", NUMBER, LTP_AT_LEAST(0), "student_t: degrees of freedom", .unit = "1", .example = "") \
    COLUMN(TABLE, RATE, "rate", NUMBER, LTP_AT_LEAST(0), "poisson: expected count", .unit = "1", .example = "") \
    COLUMN(TABLE, VALUE, "value", NUMBER, LTP_ANY, "fixed: the value", .unit = "the target's", .example = "") \
    COLUMN(TABLE, VALUE_N, "value_", NUMBER, LTP_ANY, "discrete: the values that it may take", .unit = "the target's", \
           .group = LTP_GROUP_NUMBER, .example = "") \
    COLUMN(TABLE, PROBABILITY_N, "probability_", NUMBER, LTP_RANGE(0, 1), "discrete: the probability of the value of the same number", .unit = "1", \
           .group = LTP_GROUP_NUMBER, .example = "") \
    COLUMN(TABLE, HISTORY_FILE, "history_file", TEXT, LTP_ANY, \
           "empirical: FILE:COLUMN, a CSV file inside the scenario's folder and the column that holds the past values", .example = "")

#define LTP_DRIVERS_COLUMNS(COLUMN) \
    COLUMN(DRIVERS, NAME, "name", CODE, LTP_ANY, "the driver's name; may hold dots. Its draws depend on the name alone", .required = true, .key = true, \
           .example = "demand.nonelective") \
    COLUMN(DRIVERS, TARGET, "target", CODE, LTP_ANY, \
           "what it moves: demand.SERVICE, price.CATEGORY, tariff.uplift, tariff.error, tariff.efficiency, allocation.growth, " \
           "allocation.growth.STREAM, contract.lambda, workforce.leavers, workforce.joiners, workforce.agency_premium, capital.envelope, " \
           "backlog.growth, price.building, loan.rate, capital.failure_rate, capital.failure_cost; empty for a driver that programmes or schemes name", \
           .reference = "@driver_target", .example = "demand.nonelective") \
    COLUMN(DRIVERS, SCOPE, "scope", ENUM, LTP_ANY, "the finest level at which it takes a value of its own", .values = LTP_VALUES_OF(SCOPE), \
           .fallback = "national", .example = "system") \
    LTP_FAMILY_COLUMNS(COLUMN, DRIVERS) \
    COLUMN(DRIVERS, PERSISTENCE, "persistence", NUMBER, LTP_RANGE(0, 1), "0: a new draw every year; 1: one draw for all years", .unit = "1", \
           .fallback = "0", .example = "0.8") \
    COLUMN(DRIVERS, SHARE_NATIONAL, "share_national", NUMBER, LTP_RANGE(0, 1), \
           "share of the variance that everybody has in common; the three shares sum to 1; all empty: 1 nationally", .unit = "1", .example = "0.5") \
    COLUMN(DRIVERS, SHARE_SYSTEM, "share_system", NUMBER, LTP_RANGE(0, 1), "share that a system has of its own", .unit = "1", .example = "0.5") \
    COLUMN(DRIVERS, SHARE_ORGANISATION, "share_organisation", NUMBER, LTP_RANGE(0, 1), "share that an organisation has of its own", .unit = "1", \
           .example = "") \
    COLUMN(DRIVERS, MEAN_YEAR, "mean_", NUMBER, LTP_ANY, "mean of that year, where years differ; takes the place of `mean`", .unit = "the target's", \
           .group = LTP_GROUP_YEAR, .example = "") \
    LTP_COMMON_COLUMNS(COLUMN, DRIVERS)

#define LTP_CORRELATIONS_COLUMNS(COLUMN) \
    COLUMN(CORRELATIONS, DRIVER_A, "driver_a", CODE, LTP_ANY, "one driver", .reference = "drivers", .required = true, .key = true, .example = "price.pay") \
    COLUMN(CORRELATIONS, DRIVER_B, "driver_b", CODE, LTP_ANY, "the other", .reference = "drivers", .required = true, .key = true, .example = "price.drugs") \
    COLUMN(CORRELATIONS, CORRELATION, "correlation", NUMBER, LTP_RANGE(-1, 1), "correlation of their national normal draws, every year", .unit = "1", \
           .required = true, .example = "0.3") \
    LTP_COMMON_COLUMNS(COLUMN, CORRELATIONS)

#define LTP_EVENTS_COLUMNS(COLUMN) \
    COLUMN(EVENTS, NAME, "name", CODE, LTP_ANY, "the event's name; its draws depend on the name alone", .required = true, .key = true, .example = "severe winter") \
    COLUMN(EVENTS, TARGET, "target", LIST, LTP_ANY, "what its severity adds to: targets as in `drivers`, separated by ;", .reference = "@driver_target", \
           .required = true, .example = "demand.nonelective") \
    COLUMN(EVENTS, SCOPE, "scope", ENUM, LTP_ANY, "whether it strikes everybody at once, a system, or an organisation", .values = LTP_VALUES_OF(SCOPE), \
           .fallback = "national", .example = "national") \
    COLUMN(EVENTS, PROBABILITY, "probability", NUMBER, LTP_RANGE(0, 1), "chance that it starts in a year", .unit = "a year", .required = true, .example = "0.05") \
    LTP_FAMILY_COLUMNS(COLUMN, EVENTS) \
    COLUMN(EVENTS, FIRST_YEAR, "first_year", YEAR, LTP_AT_LEAST(1), "the first year in which it may start; empty: year 1", .example = "2019/20") \
    COLUMN(EVENTS, LAST_YEAR, "last_year", YEAR, LTP_AT_LEAST(1), "the last year in which it may start; empty: the last year", .example = "") \
    COLUMN(EVENTS, DURATION_YEARS, "duration_years", INTEGER, LTP_RANGE(1, 20), "how many years it lasts", .unit = "years", .fallback = "1", .example = "1") \
    LTP_COMMON_COLUMNS(COLUMN, EVENTS)

#define LTP_PROGRAMMES_COLUMNS(COLUMN) \
    COLUMN(PROGRAMMES, CODE, "code", CODE, LTP_ANY, "the programme's code", .required = true, .key = true, .example = "P1") \
    COLUMN(PROGRAMMES, NAME, "name", TEXT, LTP_ANY, "its name, as in reports; empty: the code", .example = "Procurement") \
    COLUMN(PROGRAMMES, KIND, "kind", ENUM, LTP_ANY, "what it acts on", .values = LTP_VALUES_OF(PROGRAMME_KIND), .required = true, .example = "unit_cost") \
    COLUMN(PROGRAMMES, TEST, "test", INTEGER, LTP_RANGE(1, 5), "the test it counts to; empty: by its kind, as `tests` in scenario.yaml says", .example = "") \
    COLUMN(PROGRAMMES, RELEASES, "releases", ENUM, LTP_ANY, "what it yields: only cash counts to test 2", .values = LTP_VALUES_OF(RELEASES), \
           .fallback = "cash", .example = "cash") \
    COLUMN(PROGRAMMES, DELIVERABLE, "deliverable", TEXT, LTP_ANY, "what will be there when it is done", .example = "") \
    COLUMN(PROGRAMMES, SPONSOR, "sponsor", TARGETS, LTP_ANY, "who runs it; empty: its targets", .reference = "organisations", .example = "RM3") \
    COLUMN(PROGRAMMES, TARGET_ORGANISATIONS, "target_organisations", TARGETS, LTP_ANY, "at whom it acts", .reference = "organisations|=*", .example = "RM3") \
    COLUMN(PROGRAMMES, TARGET_SERVICES, "target_services", LIST, LTP_ANY, "on which services; * for all", .reference = "services|=*", .example = "*") \
    COLUMN(PROGRAMMES, TARGET_CATEGORIES, "target_categories", LIST, LTP_ANY, "on which categories; * for all", .reference = "categories|=*", \
           .example = "supplies") \
    COLUMN(PROGRAMMES, LEVER, "lever", ENUM, LTP_ANY, "workforce only: what it changes", .values = "leavers|joiners|agency_share", .example = "") \
    COLUMN(PROGRAMMES, FULL_YEAR_EFFECT, "full_year_effect", NUMBER, LTP_ANY, "the effect of a full year fully delivered; a saving or a cut is positive", \
           .unit = "effect_unit", .example = "0.03") \
    COLUMN(PROGRAMMES, EFFECT_UNIT, "effect_unit", ENUM, LTP_ANY, "fraction of what it acts on, or money (£m at the start year's prices)", \
           .values = LTP_VALUES_OF(EFFECT_UNIT), .fallback = "fraction", .example = "fraction") \
    COLUMN(PROGRAMMES, START, "start", DATE, LTP_ANY, "the first of the month in which it starts", .example = "2019-10-01") \
    COLUMN(PROGRAMMES, RAMP_MONTHS, "ramp_months", NUMBER, LTP_RANGE(0, 240), "months from the start to full effect", .unit = "months", .fallback = "0", \
           .example = "6") \
    COLUMN(PROGRAMMES, RAMP, "ramp", ENUM, LTP_ANY, "the shape of the ramp", .values = LTP_VALUES_OF(RAMP), .fallback = "linear", .example = "linear") \
    COLUMN(PROGRAMMES, TRANCHES, "tranches", INTEGER, LTP_RANGE(1, 20), "how many: a new one each April, multiplying", .unit = "1", .fallback = "1", \
           .example = "1") \
    COLUMN(PROGRAMMES, DELIVERY, "delivery", NUMBER_OR_DRIVER, LTP_RANGE(0, 2), "share of the effect that is delivered: a number or a driver's name", \
           .unit = "1", .fallback = "1", .example = "0.9") \
    COLUMN(PROGRAMMES, SLIPPAGE, "slippage", NUMBER_OR_DRIVER, LTP_RANGE(-12, 240), "months later than planned: a number or a driver's name", \
           .unit = "months", .fallback = "0", .example = "0") \
    COLUMN(PROGRAMMES, DELIVERY_FACTOR, "delivery_factor", NUMBER, LTP_RANGE(0, 10), "multiplies delivery; for what-ifs", .unit = "1", .fallback = "1", \
           .example = "1") \
    COLUMN(PROGRAMMES, PAYER, "payer", CODE, LTP_ANY, "income, investment: who pays", .reference = "organisations|outside", .example = "") \
    COLUMN(PROGRAMMES, PAYEE, "payee", CODE, LTP_ANY, "income, investment: who is paid", .reference = "organisations|outside", .example = "") \
    COLUMN(PROGRAMMES, AMOUNT, "amount_", NUMBER, LTP_ANY, "income, investment: the money of that year", .unit = "£m", .group = LTP_GROUP_YEAR, .example = "") \
    COLUMN(PROGRAMMES, RECURRENT_SHARE, "recurrent_share", NUMBER_OR_DRIVER, LTP_RANGE(0, 1), \
           "share of the effect that stays; the rest is gone after its first year: a number or a driver's name", .unit = "1", .fallback = "1", \
           .example = "0.7") \
    COLUMN(PROGRAMMES, COST_ONE_OFF, "cost_one_off", NUMBER, LTP_AT_LEAST(0), "cost of starting it, in its start year", .unit = "£m", .fallback = "0", \
           .example = "0.5") \
    COLUMN(PROGRAMMES, COST_PER_YEAR, "cost_per_year", NUMBER, LTP_AT_LEAST(0), "cost of running it, each year from the start, at the start year's prices", \
           .unit = "£m", .fallback = "0", .example = "0.2") \
    COLUMN(PROGRAMMES, BEARS_COST, "bears_cost", TARGETS, LTP_ANY, "who pays those costs; empty: the sponsor", .reference = "organisations", .example = "RM3") \
    COLUMN(PROGRAMMES, COMMITTED, "committed", YES_NO, LTP_ANY, "investment: whether it happens if nothing else is done", .fallback = "no", .example = "") \
    COLUMN(PROGRAMMES, NEEDS_SCHEME, "needs_scheme", CODE, LTP_ANY, "the capital scheme that must open first", .reference = "schemes", .example = "") \
    COLUMN(PROGRAMMES, NEEDS_PROGRAMME, "needs_programme", CODE, LTP_ANY, "the programme that must be in place first", .reference = "programmes", .example = "") \
    COLUMN(PROGRAMMES, OVERLAP_GROUP, "overlap_group", CODE, LTP_ANY, "programmes of one group overlap: only the largest counts fully", .example = "") \
    COLUMN(PROGRAMMES, OVERLAP, "overlap", NUMBER, LTP_RANGE(0, 1), "how much they overlap: 1 wholly; the same on every row of a group", .unit = "1", \
           .fallback = "1", .example = "") \
    COLUMN(PROGRAMMES, OWNER, "owner", TEXT, LTP_ANY, "the executive who answers for it", .example = "") \
    COLUMN(PROGRAMMES, CLINICAL_LEAD, "clinical_lead", TEXT, LTP_ANY, "the clinician who leads it", .example = "") \
    LTP_COMMON_COLUMNS(COLUMN, PROGRAMMES)

// clang-format on

#endif
