/* Columns of the tables that this version reads, checks and keeps but does not model. Included by schema_rows.h. */
#ifndef LTP_PLAN_SCHEMA_ROWS_KEPT_H
#define LTP_PLAN_SCHEMA_ROWS_KEPT_H

// clang-format off

#define LTP_KEPT_CODE(COLUMN, TABLE) \
    COLUMN(TABLE, CODE, "code", CODE, LTP_ANY, "the organisation", .reference = "organisations", .required = true, .key = true, .example = "RM3")

#define LTP_PLANS_COLUMNS(COLUMN) \
    LTP_KEPT_CODE(COLUMN, PLANS) \
    COLUMN(PLANS, YEAR, "year", YEAR, LTP_AT_LEAST(0), "the financial year", .required = true, .key = true, .example = "2019/20") \
    COLUMN(PLANS, LINE, "line", CODE, LTP_ANY, \
           "income, pay, non_pay, savings_recurrent, savings_non_recurrent, surplus, activity:SERVICE or fte", .reference = "@plan_line", \
           .required = true, .key = true, .example = "income") \
    COLUMN(PLANS, AMOUNT, "amount", NUMBER, LTP_ANY, "the plan's figure: £m, units of the service, or full-time equivalents", .required = true, .unit = "£m", \
           .example = "330.0") \
    LTP_COMMON_COLUMNS(COLUMN, PLANS)

#define LTP_FLOORS_COLUMNS(COLUMN) \
    COLUMN(FLOORS, NAME, "name", CODE, LTP_ANY, "the rule's name", .required = true, .key = true, .example = "mental health investment standard") \
    COLUMN(FLOORS, PAYERS, "payers", TARGETS, LTP_ANY, "whom it binds", .reference = "organisations|=*", .required = true, .example = "kind=ccg") \
    COLUMN(FLOORS, SERVICES, "services", LIST, LTP_ANY, "on which services", .reference = "services|=*", .required = true, .example = "mental_health") \
    COLUMN(FLOORS, RULE, "rule", ENUM, LTP_ANY, "which way it binds", .values = "grows_at_least|grows_at_most", .required = true, .example = "grows_at_least") \
    COLUMN(FLOORS, REFERENCE, "reference", CODE, LTP_ANY, "core: the payer's core growth; or a rate", .reference = "@floor_reference", .required = true, \
           .example = "core") \
    COLUMN(FLOORS, BY, "by", NUMBER, LTP_RANGE(-1, 1), "added to the reference", .unit = "fraction a year", .fallback = "0", .example = "0") \
    COLUMN(FLOORS, START, "start", YEAR, LTP_AT_LEAST(1), "the first year that it binds; empty: year 1", .example = "2019/20") \
    COLUMN(FLOORS, SPENT, "spent", NUMBER, LTP_RANGE(0, 1), "share of the added money that the provider spends", .unit = "1", .fallback = "1", .example = "1") \
    LTP_COMMON_COLUMNS(COLUMN, FLOORS)

#define LTP_BENCHMARKS_COLUMNS(COLUMN) \
    COLUMN(BENCHMARKS, SERVICE, "service", CODE, LTP_ANY, "the service that it is of", .reference = "services", .required = true, .key = true, .example = "elective") \
    COLUMN(BENCHMARKS, CATEGORY, "category", CODE, LTP_ANY, "unit_cost: only the cost of this category; empty: all cost of the service", .reference = "categories", .key = true, .example = "") \
    COLUMN(BENCHMARKS, PEER_GROUP, "peer_group", CODE, LTP_ANY, "whose figure it is; who is held against it, a programme of kind variation says", .required = true, .key = true, .example = "acute teaching") \
    COLUMN(BENCHMARKS, MEASURE, "measure", ENUM, LTP_ANY, "£ per unit of the service, or activity per 1,000 age-weighted persons", .values = LTP_VALUES_OF(MEASURE), \
           .required = true, .key = true, .example = "unit_cost") \
    COLUMN(BENCHMARKS, VALUE, "value", NUMBER, LTP_AT_LEAST(0), "what they achieve", .unit = "£ per unit, or per 1,000", .required = true, .example = "1250") \
    LTP_COMMON_COLUMNS(COLUMN, BENCHMARKS)

#define LTP_TRAJECTORIES_COLUMNS(COLUMN) \
    LTP_KEPT_CODE(COLUMN, TRAJECTORIES) \
    COLUMN(TRAJECTORIES, YEAR, "year", YEAR, LTP_AT_LEAST(1), "the financial year", .required = true, .key = true, .example = "2019/20") \
    COLUMN(TRAJECTORIES, SURPLUS_BEFORE_SUPPORT, "surplus_before_support", NUMBER, LTP_ANY, "the surplus (+) or deficit (-) that was set", .unit = "£m", \
           .required = true, .example = "-7.0") \
    COLUMN(TRAJECTORIES, SUPPORT_OFFERED, "support_offered", NUMBER, LTP_AT_LEAST(0), "what is earned by meeting it", .unit = "£m", .fallback = "0", \
           .example = "7.0") \
    LTP_COMMON_COLUMNS(COLUMN, TRAJECTORIES)

#define LTP_BACKLOG_COLUMNS(COLUMN) \
    LTP_KEPT_CODE(COLUMN, BACKLOG) \
    COLUMN(BACKLOG, RISK, "risk", ENUM, LTP_ANY, "how urgent", .values = "high|significant|moderate|low", .required = true, .key = true, .example = "high") \
    COLUMN(BACKLOG, AMOUNT, "amount", NUMBER, LTP_AT_LEAST(0), "cost to clear it at the start of year 1, base-year prices", .unit = "£m", .required = true, .example = "12.0") \
    COLUMN(BACKLOG, GROWTH_UNFUNDED, "growth_unfunded", NUMBER, LTP_RANGE(0, 1), "growth of what is not funded", .unit = "fraction a year", .fallback = "0", \
           .example = "0.05") \
    LTP_COMMON_COLUMNS(COLUMN, BACKLOG)

#define LTP_SCHEMES_COLUMNS(COLUMN) \
    COLUMN(SCHEMES, CODE, "code", CODE, LTP_ANY, "the scheme's code", .required = true, .key = true, .example = "S1") \
    COLUMN(SCHEMES, NAME, "name", TEXT, LTP_ANY, "its name, as in reports; empty: the code", .example = "New emergency department") \
    COLUMN(SCHEMES, ORGANISATION, "organisation", CODE, LTP_ANY, "whose it is", .reference = "organisations", .required = true, .example = "RM3") \
    COLUMN(SCHEMES, PRIORITY, "priority", INTEGER, LTP_AT_LEAST(1), "1 comes first", .unit = "1", .required = true, .example = "1") \
    COLUMN(SCHEMES, FUNDING, "funding", ENUM, LTP_ANY, "only envelope competes with other needs", .values = "envelope|ring_fenced|donated", \
           .fallback = "envelope", .example = "envelope") \
    COLUMN(SCHEMES, COST, "cost", NUMBER, LTP_AT_LEAST(0), "planned cost, cash as it will be paid (outturn)", .unit = "£m", .required = true, .example = "30.0") \
    COLUMN(SCHEMES, COST_DRIVER, "cost_driver", CODE, LTP_ANY, \
           "a driver: the factor on its cost (optimism bias), drawn in the year of its planned start and held; schemes of one organisation with the " \
           "same driver share the draw; empty: 1", .reference = "drivers", .example = "") \
    COLUMN(SCHEMES, START, "start", DATE, LTP_ANY, "the first of the month in which it starts: its phases are those of the financial years from that one on", .required = true, .example = "2020-04-01") \
    COLUMN(SCHEMES, SLIPPAGE, "slippage", NUMBER_OR_DRIVER, LTP_ANY, \
           "how late its first phase is: a number or a driver, rounded up to whole years; not below 0, nor where it has started", .unit = "months", \
           .fallback = "0", .example = "") \
    COLUMN(SCHEMES, YEARS, "years", INTEGER, LTP_RANGE(1, 20), "years of building", .unit = "years", .fallback = "1", .example = "2") \
    COLUMN(SCHEMES, PHASING, "phasing", LIST, LTP_ANY, "share of the cost in each year of building, separated by ;", .reference = "@fractions", \
           .example = "0.4;0.6") \
    COLUMN(SCHEMES, LIFE_YEARS, "life_years", NUMBER, LTP_RANGE(1, 200), "life of the asset", .unit = "years", .required = true, .example = "25") \
    COLUMN(SCHEMES, CLEARS_BACKLOG, "clears_backlog", NUMBER, LTP_AT_LEAST(0), "backlog that it clears, high risk first, base-year prices: no need of its own from the year after the scheme starts, able to fail until it is complete", .unit = "£m", .fallback = "0", .example = "0") \
    COLUMN(SCHEMES, ADDS_BEDS, "adds_beds", NUMBER, LTP_AT_LEAST(0), "beds that it adds: counted as standing from the year after the scheme starts", .unit = "beds", .fallback = "0", .example = "0") \
    COLUMN(SCHEMES, MANDATORY, "mandatory", YES_NO, LTP_ANY, "whether it must be done: then it is in every layer, else from test 5 on", .fallback = "no", .example = "no") \
    LTP_COMMON_COLUMNS(COLUMN, SCHEMES)

#define LTP_CAPITAL_COLUMNS(COLUMN) \
    COLUMN(CAPITAL, SYSTEM, "system", CODE, LTP_ANY, "the system", .reference = "systems", .required = true, .key = true, .example = "QOP") \
    COLUMN(CAPITAL, YEAR, "year", YEAR, LTP_AT_LEAST(1), "the financial year", .required = true, .key = true, .example = "2019/20") \
    COLUMN(CAPITAL, ENVELOPE, "envelope", NUMBER, LTP_AT_LEAST(0), "capital that may be spent, cash; every year of a system that needs capital", .unit = "£m", .required = true, .example = "150.0") \
    COLUMN(CAPITAL, EQUIPMENT_NEED, "equipment_need", NUMBER, LTP_AT_LEAST(0), \
           "replacement of equipment, cash; its providers' by their base capital charges", .unit = "£m", .fallback = "0", .example = "40.0") \
    LTP_COMMON_COLUMNS(COLUMN, CAPITAL)

#define LTP_BEDS_COLUMNS(COLUMN) \
    LTP_KEPT_CODE(COLUMN, BEDS) \
    COLUMN(BEDS, BEDS_OPEN, "beds_open", NUMBER, LTP_AT_LEAST(0), "beds open in the base year; the base year needs Σ activity × length of stay ÷ (365 × occupancy), and where that is more, so many stand", .unit = "beds", .required = true, .example = "850") \
    COLUMN(BEDS, COST_PER_BED, "cost_per_bed", NUMBER, LTP_AT_LEAST(0), "capital cost of one more bed, base-year prices", .unit = "£m", .required = true, .example = "0.45") \
    LTP_COMMON_COLUMNS(COLUMN, BEDS)

#define LTP_WORKFORCE_COLUMNS(COLUMN) \
    LTP_KEPT_CODE(COLUMN, WORKFORCE) \
    COLUMN(WORKFORCE, GROUP, "group", CODE, LTP_ANY, "the staff group", .required = true, .key = true, .example = "nurses") \
    COLUMN(WORKFORCE, FTE, "fte", NUMBER, LTP_AT_LEAST(0), "full-time equivalents in post in the base year", .unit = "fte", .required = true, .example = "920") \
    COLUMN(WORKFORCE, COST_PER_FTE, "cost_per_fte", NUMBER, LTP_AT_LEAST(0), "yearly cost of one", .unit = "£m", .required = true, .example = "0.045") \
    COLUMN(WORKFORCE, ELASTICITY, "elasticity", NUMBER, LTP_RANGE(0, 2), "staff growth per unit of volume growth", .unit = "1", .fallback = "1", .example = "0.6") \
    COLUMN(WORKFORCE, VACANCY, "vacancy", NUMBER, LTP_RANGE(0, 0.99), "share of posts that are empty in the base year", .unit = "1", .fallback = "0", \
           .example = "0.08") \
    COLUMN(WORKFORCE, LEAVERS, "leavers", NUMBER, LTP_RANGE(0, 1), "share of staff who leave in a year", .unit = "fraction a year", .fallback = "0", \
           .example = "0.12") \
    COLUMN(WORKFORCE, JOINERS, "joiners", NUMBER, LTP_RANGE(0, 1), "joiners in a year as a share of base staff", .unit = "fraction a year", .fallback = "0", \
           .example = "0.12") \
    COLUMN(WORKFORCE, AGENCY_SHARE, "agency_share", NUMBER, LTP_RANGE(0, 1), "agency as a share of posts in the base year", .unit = "1", .fallback = "0", \
           .example = "0.05") \
    COLUMN(WORKFORCE, AGENCY_CAP, "agency_cap", NUMBER, LTP_RANGE(0, 1), "agency at most, as a share of posts; empty: agency_share", .unit = "1", \
           .example = "0.06") \
    COLUMN(WORKFORCE, AGENCY_PREMIUM, "agency_premium", NUMBER, LTP_RANGE(0, 5), "what agency costs more", .unit = "1", .fallback = "0", .example = "0.35") \
    COLUMN(WORKFORCE, PRODUCTIVITY, "productivity", NUMBER, LTP_RANGE(0.01, 10), "volume per member of staff against the base year", .unit = "1", \
           .fallback = "1", .example = "1") \
    LTP_COMMON_COLUMNS(COLUMN, WORKFORCE)

// clang-format on

#endif
