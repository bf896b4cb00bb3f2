/* Columns of the tables that say who there is and what they do. Included by schema_rows.h, which explains the rows. */
#ifndef LTP_PLAN_SCHEMA_ROWS_ACCOUNTS_H
#define LTP_PLAN_SCHEMA_ROWS_ACCOUNTS_H

// clang-format off

#define LTP_SYSTEMS_COLUMNS(COLUMN) \
    COLUMN(SYSTEMS, CODE, "code", CODE, LTP_ANY, "the system's code", .required = true, .key = true, .example = "QOP") \
    COLUMN(SYSTEMS, NAME, "name", TEXT, LTP_ANY, "its name, as in reports", .required = true, .example = "Greater Manchester") \
    COLUMN(SYSTEMS, REGION, "region", CODE, LTP_ANY, "the region it adds up to", .required = true, .example = "North West") \
    LTP_COMMON_COLUMNS(COLUMN, SYSTEMS)

#define LTP_ORGANISATIONS_COLUMNS(COLUMN) \
    COLUMN(ORGANISATIONS, CODE, "code", CODE, LTP_ANY, "the organisation's ODS code", .required = true, .key = true, .example = "RM3") \
    COLUMN(ORGANISATIONS, NAME, "name", TEXT, LTP_ANY, "its name, as in reports", .required = true, .example = "Salford Royal NHS FT") \
    COLUMN(ORGANISATIONS, KIND, "kind", ENUM, LTP_ANY, \
           "what it is: providers are acute … ambulance; commissioners ccg, specialised, direct; partners local_authority, other", \
           .values = LTP_VALUES_OF(ORGANISATION_KIND), .required = true, .example = "acute") \
    COLUMN(ORGANISATIONS, SYSTEM, "system", CODE, LTP_ANY, "its home system; empty if `membership` says where it belongs", \
           .reference = "systems", .example = "QOP") \
    COLUMN(ORGANISATIONS, IN_TOTAL, "in_total", YES_NO, LTP_ANY, \
           "whether it counts in its system's gap; empty: yes for providers and commissioners, no for partners", .example = "yes") \
    COLUMN(ORGANISATIONS, OPENING_SURPLUS, "opening_surplus", NUMBER, LTP_ANY, \
           "underlying surplus (+) or deficit (-) of the base year: what its recurrent flows must sum to", .unit = "£m", .example = "-10.0") \
    COLUMN(ORGANISATIONS, REPORTED_SURPLUS, "reported_surplus", NUMBER, LTP_ANY, \
           "surplus (+) or deficit (-) in the accounts: what all its flows must sum to; empty: the opening surplus", .unit = "£m", .example = "-4.0") \
    COLUMN(ORGANISATIONS, LOANS, "loans", NUMBER, LTP_AT_LEAST(0), "revenue loans at the end of the base year", .unit = "£m", \
           .fallback = "0", .example = "0") \
    COLUMN(ORGANISATIONS, BASE_DEPRECIATION, "base_depreciation", NUMBER, LTP_AT_LEAST(0), \
           "yearly depreciation of the base year's assets: capital spending up to it replaces them and adds no charge; empty: the base cost of the " \
           "category capital_charges", .unit = "£m", .example = "") \
    LTP_COMMON_COLUMNS(COLUMN, ORGANISATIONS)

#define LTP_MEMBERSHIP_COLUMNS(COLUMN) \
    COLUMN(MEMBERSHIP, ORGANISATION, "organisation", CODE, LTP_ANY, "the organisation", .reference = "organisations", \
           .required = true, .key = true, .example = "RX7") \
    COLUMN(MEMBERSHIP, SYSTEM, "system", CODE, LTP_ANY, "a system that it is part of", .reference = "systems", \
           .required = true, .key = true, .example = "QOP") \
    COLUMN(MEMBERSHIP, SHARE, "share", NUMBER, LTP_RANGE(0, 1), "how much of it; an organisation's shares sum to 1", .unit = "1", \
           .required = true, .example = "0.4") \
    LTP_COMMON_COLUMNS(COLUMN, MEMBERSHIP)

#define LTP_NORMALISATION_COLUMNS(COLUMN) \
    COLUMN(NORMALISATION, CODE, "code", CODE, LTP_ANY, "the organisation", .reference = "organisations", .required = true, .key = true, \
           .example = "RM3") \
    COLUMN(NORMALISATION, LINE, "line", TEXT, LTP_ANY, "what the step is, as in reports", .required = true, .key = true, \
           .example = "one-off land sale") \
    COLUMN(NORMALISATION, AMOUNT, "amount", NUMBER, LTP_ANY, \
           "added to the reported surplus on the way to the underlying one; an organisation's lines sum to opening - reported", \
           .unit = "£m", .required = true, .example = "-6.0") \
    LTP_COMMON_COLUMNS(COLUMN, NORMALISATION)

#define LTP_SERVICES_COLUMNS(COLUMN) \
    COLUMN(SERVICES, CODE, "code", CODE, LTP_ANY, "the service's code", .required = true, .key = true, .example = "nonelective") \
    COLUMN(SERVICES, NAME, "name", TEXT, LTP_ANY, "its name, as in reports; empty: the code", .example = "Non-elective admissions") \
    COLUMN(SERVICES, UNIT, "unit", TEXT, LTP_ANY, "what its activity counts: attendance, spell, contact, bed day …", .example = "spell") \
    COLUMN(SERVICES, TARIFF, "tariff", YES_NO, LTP_ANY, "whether it is paid by tariff; `no` cannot be paid by activity or blended", \
           .fallback = "yes", .example = "yes") \
    COLUMN(SERVICES, LENGTH_OF_STAY_DAYS, "length_of_stay_days", NUMBER, LTP_AT_LEAST(0), "mean stay; for beds", .unit = "days", .example = "5.2") \
    COLUMN(SERVICES, OCCUPANCY, "occupancy", NUMBER, LTP_RANGE(0, 1), "share of open beds that are taken; for beds; empty: 1", .unit = "1", .example = "0.92") \
    LTP_COMMON_COLUMNS(COLUMN, SERVICES)

#define LTP_CATEGORIES_COLUMNS(COLUMN) \
    COLUMN(CATEGORIES, CODE, "code", CODE, LTP_ANY, "the category's code", .required = true, .key = true, .example = "pay") \
    COLUMN(CATEGORIES, NAME, "name", TEXT, LTP_ANY, "its name, as in reports; empty: the code", .example = "Pay") \
    COLUMN(CATEGORIES, GROWTH_SHARE, "growth_share", NUMBER, LTP_RANGE(0, 1), \
           "cost growth per unit of do-nothing volume growth: 1 = growth needs its full cost", .unit = "1", .fallback = "1", .example = "0.6") \
    COLUMN(CATEGORIES, VARIABLE_SHARE_FIRST_YEAR, "variable_share_first_year", NUMBER, LTP_RANGE(0, 1), \
           "share of cost that goes in the first year after activity is cut", .unit = "1", .fallback = "1", .example = "0.4") \
    COLUMN(CATEGORIES, VARIABLE_SHARE_LONG_RUN, "variable_share_long_run", NUMBER, LTP_RANGE(0, 1), \
           "share of cost that goes in the long run", .unit = "1", .fallback = "1", .example = "0.8") \
    COLUMN(CATEGORIES, YEARS_TO_LONG_RUN, "years_to_long_run", NUMBER, LTP_RANGE(1, 50), \
           "years from the first-year share to the long-run share", .unit = "years", .fallback = "1", .example = "3") \
    LTP_COMMON_COLUMNS(COLUMN, CATEGORIES)

#define LTP_OUTSIDE_COLUMNS(COLUMN) \
    COLUMN(OUTSIDE, CODE, "code", CODE, LTP_ANY, "the party's code", .required = true, .key = true, .example = "STAFF") \
    COLUMN(OUTSIDE, NAME, "name", TEXT, LTP_ANY, "its name, as in reports; empty: the code", .example = "Staff") \
    COLUMN(OUTSIDE, KIND, "kind", ENUM, LTP_ANY, "what it is", .values = LTP_VALUES_OF(OUTSIDE_KIND), .required = true, .example = "staff") \
    COLUMN(OUTSIDE, POPULATION_SYSTEM, "population_system", CODE, LTP_ANY, \
           "whose patients it pays for: a system, or ENG for England; empty: no population", .reference = "systems|=ENG", .example = "") \
    LTP_COMMON_COLUMNS(COLUMN, OUTSIDE)

#define LTP_POPULATION_COLUMNS(COLUMN) \
    COLUMN(POPULATION, SYSTEM, "system", CODE, LTP_ANY, "a system, or ENG for England", .reference = "systems|=ENG", \
           .required = true, .key = true, .example = "QOP") \
    COLUMN(POPULATION, AGE_BAND, "age_band", CODE, LTP_ANY, "the age band", .required = true, .key = true, .example = "65-74") \
    COLUMN(POPULATION, YEAR, "year", YEAR, LTP_AT_LEAST(0), "the financial year: the mid-year of its first calendar year", \
           .required = true, .key = true, .example = "2019/20") \
    COLUMN(POPULATION, PERSONS, "persons", NUMBER, LTP_AT_LEAST(0), "how many people", .unit = "persons", .required = true, .example = "251300") \
    LTP_COMMON_COLUMNS(COLUMN, POPULATION)

#define LTP_USE_BY_AGE_COLUMNS(COLUMN) \
    COLUMN(USE_BY_AGE, SERVICE, "service", CODE, LTP_ANY, "the service", .reference = "services", .required = true, .key = true, .example = "nonelective") \
    COLUMN(USE_BY_AGE, AGE_BAND, "age_band", CODE, LTP_ANY, "the age band, as in `population`", .required = true, .key = true, .example = "65-74") \
    COLUMN(USE_BY_AGE, USE_PER_HEAD, "use_per_head", NUMBER, LTP_AT_LEAST(0), \
           "use of the service by one person in a year; only the ratios between bands matter", .unit = "service units a head", \
           .required = true, .example = "0.21") \
    LTP_COMMON_COLUMNS(COLUMN, USE_BY_AGE)

#define LTP_DEFLATORS_COLUMNS(COLUMN) \
    COLUMN(DEFLATORS, YEAR, "year", YEAR, LTP_AT_LEAST(0), "the financial year", .required = true, .key = true, .example = "2019/20") \
    COLUMN(DEFLATORS, INDEX, "index", NUMBER, LTP_AT_LEAST(1e-9), "price level; any base", .unit = "index", .required = true, .example = "102.2") \
    LTP_COMMON_COLUMNS(COLUMN, DEFLATORS)

// clang-format on

#endif
