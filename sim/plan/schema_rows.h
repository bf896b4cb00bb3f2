/* The rows of every table, column, list of words and setting that a scenario may hold: the one place where their names
 * are written. Included by schema.h only. Each list is an X-macro; what a row becomes is the caller's macro.
 *
 * COLUMN(TABLE, ID, "name in the header", TYPE, RANGE, "what it means", .field = … of ltp_column_schema)
 * A group's name is its prefix: uplift_ stands for uplift_2019/20 …, value_ for value_1, value_2 … */
#ifndef LTP_PLAN_SCHEMA_ROWS_H
#define LTP_PLAN_SCHEMA_ROWS_H

#include <math.h>

// clang-format off

/* --- closed ranges of a cell, in the column's unit (a YEAR: t, base year = 0) --- */
#define LTP_ANY .minimum = -INFINITY, .maximum = INFINITY
#define LTP_AT_LEAST(low) .minimum = (low), .maximum = INFINITY
#define LTP_RANGE(low, high) .minimum = (low), .maximum = (high)

/* --- lists of words: the ENUM cell's number is the place in its list --- */
#define LTP_ORGANISATION_KIND_VALUES(VALUE) \
    VALUE(ORGANISATION_KIND, ACUTE, "acute") VALUE(ORGANISATION_KIND, SPECIALIST, "specialist") \
    VALUE(ORGANISATION_KIND, MENTAL_HEALTH, "mental_health") VALUE(ORGANISATION_KIND, COMMUNITY, "community") \
    VALUE(ORGANISATION_KIND, AMBULANCE, "ambulance") VALUE(ORGANISATION_KIND, CCG, "ccg") \
    VALUE(ORGANISATION_KIND, SPECIALISED, "specialised") VALUE(ORGANISATION_KIND, DIRECT, "direct") \
    VALUE(ORGANISATION_KIND, LOCAL_AUTHORITY, "local_authority") VALUE(ORGANISATION_KIND, OTHER, "other")
#define LTP_OUTSIDE_KIND_VALUES(VALUE) \
    VALUE(OUTSIDE_KIND, COMMISSIONER, "commissioner") VALUE(OUTSIDE_KIND, SUPPLIER, "supplier") \
    VALUE(OUTSIDE_KIND, STAFF, "staff") VALUE(OUTSIDE_KIND, ALLOCATOR, "allocator") VALUE(OUTSIDE_KIND, OTHER, "other")
#define LTP_MECHANISM_VALUES(VALUE) \
    VALUE(MECHANISM, ACTIVITY, "activity") VALUE(MECHANISM, BLENDED, "blended") VALUE(MECHANISM, BLOCK, "block") \
    VALUE(MECHANISM, PASS_THROUGH, "pass_through") VALUE(MECHANISM, FIXED, "fixed")
#define LTP_STREAM_VALUES(VALUE) \
    VALUE(STREAM, CORE, "core") VALUE(STREAM, PRIMARY_MEDICAL, "primary_medical") VALUE(STREAM, RUNNING, "running") \
    VALUE(STREAM, SPECIALISED, "specialised") VALUE(STREAM, DIRECT, "direct")
#define LTP_NATURE_VALUES(VALUE) \
    VALUE(NATURE, RECURRENT, "recurrent") VALUE(NATURE, NON_RECURRENT, "non_recurrent") VALUE(NATURE, SUPPORT, "support")
#define LTP_PLAN_BASIS_VALUES(VALUE) VALUE(PLAN_BASIS, ANNUAL, "annual") VALUE(PLAN_BASIS, BASE, "base")
#define LTP_SCOPE_VALUES(VALUE) \
    VALUE(SCOPE, NATIONAL, "national") VALUE(SCOPE, SYSTEM, "system") VALUE(SCOPE, ORGANISATION, "organisation")
#define LTP_FAMILY_VALUES(VALUE) \
    VALUE(FAMILY, FIXED, "fixed") VALUE(FAMILY, NORMAL, "normal") VALUE(FAMILY, LOGNORMAL, "lognormal") \
    VALUE(FAMILY, TRUNCATED_NORMAL, "truncated_normal") VALUE(FAMILY, UNIFORM, "uniform") \
    VALUE(FAMILY, TRIANGULAR, "triangular") VALUE(FAMILY, PERT, "pert") VALUE(FAMILY, BETA, "beta") \
    VALUE(FAMILY, GAMMA, "gamma") VALUE(FAMILY, STUDENT_T, "student_t") VALUE(FAMILY, DISCRETE, "discrete") \
    VALUE(FAMILY, POISSON, "poisson") VALUE(FAMILY, EMPIRICAL, "empirical") VALUE(FAMILY, METALOG, "metalog")
#define LTP_PROGRAMME_KIND_VALUES(VALUE) \
    VALUE(PROGRAMME_KIND, UNIT_COST, "unit_cost") VALUE(PROGRAMME_KIND, PRICE, "price") \
    VALUE(PROGRAMME_KIND, VARIATION, "variation") VALUE(PROGRAMME_KIND, DEMAND, "demand") \
    VALUE(PROGRAMME_KIND, RECOVERY, "recovery") VALUE(PROGRAMME_KIND, WORKFORCE, "workforce") \
    VALUE(PROGRAMME_KIND, INCOME, "income") VALUE(PROGRAMME_KIND, INVESTMENT, "investment")
#define LTP_EFFECT_UNIT_VALUES(VALUE) VALUE(EFFECT_UNIT, FRACTION, "fraction") VALUE(EFFECT_UNIT, MONEY, "money")
#define LTP_RAMP_VALUES(VALUE) VALUE(RAMP, LINEAR, "linear") VALUE(RAMP, S_CURVE, "s_curve")
#define LTP_RELEASES_VALUES(VALUE) \
    VALUE(RELEASES, CASH, "cash") VALUE(RELEASES, AVOIDED, "avoided") VALUE(RELEASES, INCOME, "income")
#define LTP_MEASURE_VALUES(VALUE) VALUE(MEASURE, UNIT_COST, "unit_cost") VALUE(MEASURE, RATE, "rate")
#define LTP_FIRMNESS_VALUES(VALUE) \
    VALUE(FIRMNESS, FIRM, "firm") VALUE(FIRMNESS, INDICATIVE, "indicative") VALUE(FIRMNESS, ASSUMED, "assumed")
#define LTP_STANDING_VALUES(VALUE) \
    VALUE(STANDING, PUBLISHED, "published") VALUE(STANDING, DERIVED, "derived") \
    VALUE(STANDING, ESTIMATED, "estimated") VALUE(STANDING, ASSUMED, "assumed")

/* The list as the descriptor wants it, "a|b|c": a constant address past the first bar. */
#define LTP_VALUE_TEXT(LIST, ID, text) "|" text
#define LTP_VALUES_OF(LIST) (LTP_##LIST##_VALUES(LTP_VALUE_TEXT) + 1)

/* LTP_MECHANISM_ACTIVITY … LTP_MECHANISM_COUNT, and so on. */
#define LTP_VALUE_ENUM(LIST, ID, text) LTP_##LIST##_##ID,
enum { LTP_ORGANISATION_KIND_VALUES(LTP_VALUE_ENUM) LTP_ORGANISATION_KIND_COUNT };
enum { LTP_OUTSIDE_KIND_VALUES(LTP_VALUE_ENUM) LTP_OUTSIDE_KIND_COUNT };
enum { LTP_MECHANISM_VALUES(LTP_VALUE_ENUM) LTP_MECHANISM_COUNT };
enum { LTP_STREAM_VALUES(LTP_VALUE_ENUM) LTP_STREAM_COUNT };
enum { LTP_NATURE_VALUES(LTP_VALUE_ENUM) LTP_NATURE_COUNT };
enum { LTP_PLAN_BASIS_VALUES(LTP_VALUE_ENUM) LTP_PLAN_BASIS_COUNT };
enum { LTP_SCOPE_VALUES(LTP_VALUE_ENUM) LTP_SCOPE_COUNT };
enum { LTP_FAMILY_VALUES(LTP_VALUE_ENUM) LTP_FAMILY_COUNT };
enum { LTP_PROGRAMME_KIND_VALUES(LTP_VALUE_ENUM) LTP_PROGRAMME_KIND_COUNT };
enum { LTP_EFFECT_UNIT_VALUES(LTP_VALUE_ENUM) LTP_EFFECT_UNIT_COUNT };
enum { LTP_RAMP_VALUES(LTP_VALUE_ENUM) LTP_RAMP_COUNT };
enum { LTP_RELEASES_VALUES(LTP_VALUE_ENUM) LTP_RELEASES_COUNT };
enum { LTP_MEASURE_VALUES(LTP_VALUE_ENUM) LTP_MEASURE_COUNT };
enum { LTP_FIRMNESS_VALUES(LTP_VALUE_ENUM) LTP_FIRMNESS_COUNT };
enum { LTP_STANDING_VALUES(LTP_VALUE_ENUM) LTP_STANDING_COUNT };
#undef LTP_VALUE_ENUM

/* --- tables: TABLE(ID, "name of the file without .csv", required, modelled in this version, "a row is …") --- */
#define LTP_TABLE_ROWS(TABLE) \
    TABLE(SYSTEMS, "systems", true, true, "a system: the commissioners and providers of one footprint (STP or ICS)") \
    TABLE(ORGANISATIONS, "organisations", true, true, "an organisation: a legal body with its own accounts") \
    TABLE(MEMBERSHIP, "membership", false, true, "an organisation's share in a system; needed only where it is in several") \
    TABLE(NORMALISATION, "normalisation", false, true, "a step from an organisation's reported to its underlying surplus") \
    TABLE(SERVICES, "services", false, true, "a service: a point of delivery") \
    TABLE(CATEGORIES, "categories", false, true, "a cost category: what money is spent on") \
    TABLE(OUTSIDE, "outside", false, true, "a party outside the accounts: it pays or is paid, but keeps no books here") \
    TABLE(FLOWS, "flows", true, true, "a base-year flow of money from a payer to a payee; every flow is posted once") \
    TABLE(CONTRACTS, "contracts", false, true, "both sides' figures of a flow in a year") \
    TABLE(PLANS, "plans", false, true, "a line of an organisation's own plan") \
    TABLE(ALLOCATIONS, "allocations", true, true, "a commissioner's allocation in a year, the base year included") \
    TABLE(TRANSFERS, "transfers", false, true, "money that moves from one flow to another") \
    TABLE(FLOORS, "floors", false, true, "a rule of the settlement on what payers spend") \
    TABLE(POPULATION, "population", false, true, "the persons of a system in an age band in a year") \
    TABLE(USE_BY_AGE, "use_by_age", false, true, "how much of a service a person of an age band uses") \
    TABLE(DEFLATORS, "deflators", false, true, "the price level of a year") \
    TABLE(DRIVERS, "drivers", true, true, "a driver: one uncertain input") \
    TABLE(CORRELATIONS, "correlations", false, true, "a pair of drivers whose national draws are correlated") \
    TABLE(EVENTS, "events", false, true, "a rare shock: it may start in any year, and lasts some years") \
    TABLE(PROGRAMMES, "programmes", false, true, "a planned action that changes activity, price, cost or income") \
    TABLE(BENCHMARKS, "benchmarks", false, true, "what a peer achieves: programmes of kind variation move towards it") \
    TABLE(TRAJECTORIES, "trajectories", false, true, "the surplus before support set for an organisation in a year") \
    TABLE(BACKLOG, "backlog", false, true, "an organisation's maintenance backlog of one risk") \
    TABLE(SCHEMES, "schemes", false, true, "a capital scheme") \
    TABLE(CAPITAL, "capital", false, true, "a system's capital in a year") \
    TABLE(BEDS, "beds", false, true, "the beds of an organisation") \
    TABLE(WORKFORCE, "workforce", false, true, "a staff group of an organisation")

/* --- columns that every table has --- */
#define LTP_COMMON_COLUMNS(COLUMN, TABLE) \
    COLUMN(TABLE, SOURCE, "source", TEXT, LTP_ANY, "where the figures come from: document, page, table", .example = "") \
    COLUMN(TABLE, STATUS, "status", ENUM, LTP_ANY, "how the figures stand; shown in reports, never computed with", \
           .values = LTP_VALUES_OF(STANDING), .example = "assumed") \
    COLUMN(TABLE, NOTE, "note", TEXT, LTP_ANY, "anything a reader should know", .example = "")

#include "sim/plan/schema_rows_accounts.h"
#include "sim/plan/schema_rows_future.h"
#include "sim/plan/schema_rows_kept.h"
#include "sim/plan/schema_rows_money.h"

/* LTP_FLOWS_PAYER … LTP_FLOWS_COLUMN_COUNT, and so on. */
#define LTP_COLUMN_ENUM(TABLE, ID, ...) LTP_##TABLE##_##ID,
enum { LTP_SYSTEMS_COLUMNS(LTP_COLUMN_ENUM) LTP_SYSTEMS_COLUMN_COUNT };
enum { LTP_ORGANISATIONS_COLUMNS(LTP_COLUMN_ENUM) LTP_ORGANISATIONS_COLUMN_COUNT };
enum { LTP_MEMBERSHIP_COLUMNS(LTP_COLUMN_ENUM) LTP_MEMBERSHIP_COLUMN_COUNT };
enum { LTP_NORMALISATION_COLUMNS(LTP_COLUMN_ENUM) LTP_NORMALISATION_COLUMN_COUNT };
enum { LTP_SERVICES_COLUMNS(LTP_COLUMN_ENUM) LTP_SERVICES_COLUMN_COUNT };
enum { LTP_CATEGORIES_COLUMNS(LTP_COLUMN_ENUM) LTP_CATEGORIES_COLUMN_COUNT };
enum { LTP_OUTSIDE_COLUMNS(LTP_COLUMN_ENUM) LTP_OUTSIDE_COLUMN_COUNT };
enum { LTP_FLOWS_COLUMNS(LTP_COLUMN_ENUM) LTP_FLOWS_COLUMN_COUNT };
enum { LTP_CONTRACTS_COLUMNS(LTP_COLUMN_ENUM) LTP_CONTRACTS_COLUMN_COUNT };
enum { LTP_PLANS_COLUMNS(LTP_COLUMN_ENUM) LTP_PLANS_COLUMN_COUNT };
enum { LTP_ALLOCATIONS_COLUMNS(LTP_COLUMN_ENUM) LTP_ALLOCATIONS_COLUMN_COUNT };
enum { LTP_TRANSFERS_COLUMNS(LTP_COLUMN_ENUM) LTP_TRANSFERS_COLUMN_COUNT };
enum { LTP_FLOORS_COLUMNS(LTP_COLUMN_ENUM) LTP_FLOORS_COLUMN_COUNT };
enum { LTP_POPULATION_COLUMNS(LTP_COLUMN_ENUM) LTP_POPULATION_COLUMN_COUNT };
enum { LTP_USE_BY_AGE_COLUMNS(LTP_COLUMN_ENUM) LTP_USE_BY_AGE_COLUMN_COUNT };
enum { LTP_DEFLATORS_COLUMNS(LTP_COLUMN_ENUM) LTP_DEFLATORS_COLUMN_COUNT };
enum { LTP_DRIVERS_COLUMNS(LTP_COLUMN_ENUM) LTP_DRIVERS_COLUMN_COUNT };
enum { LTP_CORRELATIONS_COLUMNS(LTP_COLUMN_ENUM) LTP_CORRELATIONS_COLUMN_COUNT };
enum { LTP_EVENTS_COLUMNS(LTP_COLUMN_ENUM) LTP_EVENTS_COLUMN_COUNT };
enum { LTP_PROGRAMMES_COLUMNS(LTP_COLUMN_ENUM) LTP_PROGRAMMES_COLUMN_COUNT };
enum { LTP_BENCHMARKS_COLUMNS(LTP_COLUMN_ENUM) LTP_BENCHMARKS_COLUMN_COUNT };
enum { LTP_TRAJECTORIES_COLUMNS(LTP_COLUMN_ENUM) LTP_TRAJECTORIES_COLUMN_COUNT };
enum { LTP_BACKLOG_COLUMNS(LTP_COLUMN_ENUM) LTP_BACKLOG_COLUMN_COUNT };
enum { LTP_SCHEMES_COLUMNS(LTP_COLUMN_ENUM) LTP_SCHEMES_COLUMN_COUNT };
enum { LTP_CAPITAL_COLUMNS(LTP_COLUMN_ENUM) LTP_CAPITAL_COLUMN_COUNT };
enum { LTP_BEDS_COLUMNS(LTP_COLUMN_ENUM) LTP_BEDS_COLUMN_COUNT };
enum { LTP_WORKFORCE_COLUMNS(LTP_COLUMN_ENUM) LTP_WORKFORCE_COLUMN_COUNT };
#undef LTP_COLUMN_ENUM

/* --- settings of scenario.yaml: SETTING(ID, "key", "type", "unit", "range", "default" or NULL, modelled, "doc") --- */
#define LTP_SETTING_ROWS(SETTING) \
    SETTING(TITLE, "title", "text", "", "required", NULL, true, "one line that says what the scenario is") \
    SETTING(DESCRIPTION, "description", "text", "", "", NULL, true, "a paragraph for those who open it next year") \
    SETTING(BASE_YEAR, "base_year", "financial year", "", "1990/91 to 2189/90", "2018/19", true, "year 0: the year of the flows") \
    SETTING(YEARS, "years", "whole number", "years", "1 to 20", "5", true, "how many years are simulated after the base year") \
    SETTING(SEED, "seed", "whole number", "", "0 to 9223372036854775807", "20190627", true, "the same seed gives the same numbers, bit for bit") \
    SETTING(PATHS, "paths", "whole number", "paths", "1 to 2147483648", "102400", true, "simulated futures; rounded up to whole blocks of 1,024") \
    SETTING(SAMPLING, "sampling", "lhs | random | expected", "", "", "lhs", true, \
            "Latin hypercube; plain draws; or every driver at its mean on one path") \
    SETTING(EXTENDS, "extends", "../NAME", "", "a scenario folder beside this one, at most 8 deep", NULL, true, \
            "the scenario whose tables and settings (but title, description and submission) are the start of this one") \
    SETTING(REMOVE, "remove", "map: table → list of keys", "", "keys of the extended scenario; * and ? match", NULL, true, \
            "rows of the extended scenario to leave out; the parts of a key of several columns are joined by |") \
    SETTING(SET, "set", "list of maps TABLE.KEY.COLUMN: value", "", "tables with one key column; * and ? match in KEY", NULL, true, \
            "changes to single cells, made after the tables are read") \
    SETTING(SUBMISSION_NAME, "submission.name", "text", "", "", NULL, true, "whose submission this is") \
    SETTING(SUBMISSION_DATE, "submission.date", "date", "", "2019-09-27", NULL, true, "when it was submitted") \
    SETTING(SUBMISSION_MILESTONE, "submission.milestone", "text", "", "do-nothing, organisations, system draft, agreed, drafts, final", \
            NULL, true, "which milestone it was for: due 2 August, 16 September, 27 September and 15 November 2019, February and March 2020") \
    SETTING(TESTS, "tests", "list of maps {number, kinds}", "", "numbers 1 to 5, each at most once; a programme kind at most once", \
            "1 recovery; 2 unit_cost, price; 3 variation; 4 demand; 5 no kind", true, \
            "the order in which the tests' layers are added, and which programme kinds count to which test") \
    SETTING(KEEP_PATHS, "keep_paths", "list of LEVEL.MEASURE", "", "LEVEL: organisation, system, region, england, scheme, programme, floor, plan_line", "[system.gap]", true, \
            "measures of which every path is stored") \
    SETTING(SUPPORT_SYSTEM_SHARE, "support.system_share", "number, or map year → number", "1", "0 to 1", \
            "0 up to 2019/20, 0.5 after", true, "share of support that hangs on the whole system's trajectory; years that the map leaves out: the default") \
    SETTING(GLIDE_PATH, "glide_path", "linear | front_loaded | back_loaded", "", "", NULL, true, \
            "gives organisations without a trajectory one, from their opening deficit to balance (a surplus is held): in equal steps, or larger " \
            "ones first, or last, in proportion to n, n - 1, ... 1; not given: none") \
    SETTING(GLIDE_PATH_YEAR, "glide_path_year", "financial year", "", "a year of the scenario", "the last year", true, \
            "the year in which a glide path comes to balance") \
    SETTING(PRODUCTIVITY_TARGET, "productivity_target", "number", "fraction a year", "0 to 1", "0.011", true, \
            "test 2: new recurrent cash in a year as a share of last year's cost (NHS Long Term Plan, January 2019, chapter 6, test 2)") \
    SETTING(UNFILLED, "unfilled", "needed | saves", "", "", "needed", true, "whether an unfilled post still costs its need") \
    SETTING(CAPITAL_ORDER, "capital_order", "list of words", "", \
            "started, mandatory, high, equipment, schemes, significant, capacity, moderate, low: each once", \
            "[started, mandatory, high, equipment, schemes, significant, capacity, moderate, low]", true, \
            "in which order capital needs are met from the envelope; started: later phases of schemes under way") \
    SETTING(DIVIDEND_RATE, "dividend_rate", "number", "fraction a year", "0 to 1", "0.035", true, \
            "public dividend capital dividend on the average of the opening and closing net assets that capital adds") \
    SETTING(BUILDING_LIFE, "building_life", "number", "years", "1 to 200", "25", true, \
            "life of what is spent on backlog and on beds; schemes have their own") \
    SETTING(EQUIPMENT_LIFE, "equipment_life", "number", "years", "1 to 200", "8", true, "life of equipment") \
    SETTING(TOLERANCE_AMOUNT, "tolerance.amount", "number", "£m", "at least 0", "0.5", true, "a pair is aligned within this amount …") \
    SETTING(TOLERANCE_SHARE, "tolerance.share", "number", "1", "0 to 1", "0.01", true, "… or within this share of the payer's figure")

#define LTP_SETTING_ENUM(ID, ...) LTP_SETTING_##ID,
enum { LTP_SETTING_ROWS(LTP_SETTING_ENUM) LTP_SETTING_COUNT };
#undef LTP_SETTING_ENUM

// clang-format on

#endif
