/* Backlog, beds, equipment, envelopes, failures; and the capital variants of the layers. */
#include "sim/plan/compile_capital.h"

#include <stdlib.h>
#include <string.h>

#define DAYS 365.0
#define FAILURES_MOST 500.0 /* a year, expected of the base year's backlog: more is a slip of units */

static const char *const need_code[LTP_NEED_COUNT] = {"high",      "significant", "moderate", "low",
                                                      "equipment", "capacity",    "schemes"};
static const char *const need_name[LTP_NEED_COUNT] = {"High-risk backlog",
                                                      "Significant-risk backlog",
                                                      "Moderate-risk backlog",
                                                      "Low-risk backlog",
                                                      "Equipment",
                                                      "Capacity",
                                                      "Schemes"};

#define CAPITAL_TABLES                                                                                                 \
    (COMPILE_BIT(BACKLOG) | COMPILE_BIT(BEDS) | COMPILE_BIT(SCHEMES) | COMPILE_BIT(CAPITAL) | COMPILE_BIT(SYSTEMS) |   \
     COMPILE_BIT(ORGANISATIONS) | COMPILE_BIT(MEMBERSHIP) | COMPILE_BIT(DRIVERS))

int ltp_capital_provider(ltp_compile_context *c, const ltp_cell *code, const char *key) {
    const int o = ltp_compile_party_find(c, code->text);
    if (o < 0 || o >= ltp_compile_organisation_count(c))
        return -1;
    if (ltp_compile_party_at(c, o)->sector == LTP_SECTOR_PROVIDER)
        return o;
    ltp_compile_problem(c, LTP_SEVERITY_ERROR, code->at, key, "an organisation of kind acute … ambulance", NULL,
                        "'%s' is no provider; only providers have capital here", code->text);
    return -1;
}

void ltp_capital_check_driver(ltp_compile_context *c, int driver, ltp_position at, const char *key, const char *what) {
    const ltp_compile_driver *one = COMPILE_AT(c->driver, ltp_compile_driver, driver);
    double low = 0.0;
    for (int t = 0; one->transform && t < c->year_count; t++)
        low = one->transform[t].low < low ? one->transform[t].low : low;
    if (low < 0.0)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, key, "a family that is never negative, such as lognormal", NULL,
                            "'%s' is %s and may be negative", one->name, what);
}

/* --- the tables --- */

static void read_backlog(ltp_compile_context *c, ltp_capital_tally *tally) {
    const ltp_table *table = COMPILE_TABLE(c, BACKLOG);
    for (size_t r = 0; r < table->row_count; r++) {
        c->muted = c->flawed[LTP_TABLE_ORGANISATIONS] || !ltp_compile_row_sound(c, table, r);
        const int o = ltp_capital_provider(c, ltp_cell_at(table, r, LTP_BACKLOG_CODE), "backlog: code");
        const int risk = (int)ltp_compile_number(table, r, LTP_BACKLOG_RISK);
        if (o < 0 || c->muted)
            continue;
        tally[o].has[risk] = true;
        tally[o].amount[risk] = ltp_compile_number(table, r, LTP_BACKLOG_AMOUNT);
        tally[o].growth[risk] = ltp_compile_number(table, r, LTP_BACKLOG_GROWTH_UNFUNDED);
    }
}

static void read_beds(ltp_compile_context *c, ltp_capital_tally *tally) {
    const ltp_table *table = COMPILE_TABLE(c, BEDS);
    for (size_t r = 0; r < table->row_count; r++) {
        c->muted = c->flawed[LTP_TABLE_ORGANISATIONS] || !ltp_compile_row_sound(c, table, r);
        const int o = ltp_capital_provider(c, ltp_cell_at(table, r, LTP_BEDS_CODE), "beds: code");
        if (o < 0 || c->muted)
            continue;
        tally[o].has[LTP_NEED_CAPACITY] = true;
        tally[o].amount[LTP_NEED_CAPACITY] = ltp_compile_number(table, r, LTP_BEDS_BEDS_OPEN);
        tally[o].cost_per_bed = ltp_compile_number(table, r, LTP_BEDS_COST_PER_BED);
    }
}

/* Open beds that a unit of a service takes, were it done every year: length of stay ÷ (365 · occupancy). */
static double beds_per_unit(ltp_compile_context *c, int service) {
    const ltp_table *table = COMPILE_TABLE(c, SERVICES);
    if (service < 0 || (size_t)service >= table->row_count)
        return 0.0;
    const double stay = ltp_compile_number(table, (size_t)service, LTP_SERVICES_LENGTH_OF_STAY_DAYS);
    const ltp_cell *occupancy = ltp_cell_at(table, (size_t)service, LTP_SERVICES_OCCUPANCY);
    const double share = occupancy->present ? occupancy->number : 1.0;
    return share > 0.0 ? stay / (DAYS * share) : 0.0;
}

static void check_occupancy(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, SERVICES);
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *occupancy = ltp_cell_at(table, r, LTP_SERVICES_OCCUPANCY);
        if (occupancy->present && occupancy->number == 0.0 &&
            ltp_compile_number(table, r, LTP_SERVICES_LENGTH_OF_STAY_DAYS) > 0.0)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, occupancy->at, "services: occupancy", "more than 0, at most 1",
                                NULL, "no bed of '%s' is ever taken, so it would need any number of them",
                                ltp_cell_at(table, r, LTP_SERVICES_CODE)->text);
    }
}

/* Beds that the base year's activity of each flow needs. Where its payee has fewer, as many stand as are needed:
 * figures that do not fit are no need. */
static void count_beds(ltp_compile_context *c, ltp_capital_tally *tally) {
    const int n = ltp_compile_organisation_count(c);
    double *total = COMPILE_NEW(c, n, double), *need = COMPILE_NEW(c, c->flow.count, double);
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->payee >= n || !tally[flow->payee].has[LTP_NEED_CAPACITY] || !flow->mechanism || flow->activity < 0)
            continue;
        need[f] = flow->units * beds_per_unit(c, flow->service);
        total[flow->payee] += need[f];
    }
    for (int o = 0; o < n; o++) {
        double *standing = &tally[o].amount[LTP_NEED_CAPACITY];
        *standing = *standing > total[o] ? *standing : total[o];
        if (tally[o].has[LTP_NEED_CAPACITY] && total[o] == 0.0)
            ltp_compile_problem(c, LTP_SEVERITY_WARNING, COMPILE_TABLE(c, BEDS)->row[0].at, "beds: code", NULL, NULL,
                                "'%s' is paid for no activity with a length of stay, so it never needs another bed",
                                ltp_compile_party_at(c, o)->code);
    }
    c->bed_need = need;
}

double ltp_compile_bed_need(const ltp_compile_context *c, int flow) {
    return c->bed_need ? c->bed_need[flow] : 0.0;
}

/* --- equipment and envelopes --- */

/* Base cost of an organisation: on capital charges, or all of it. */
static double base_cost(const ltp_compile_context *c, int organisation, bool charges_only) {
    const int charges = ltp_compile_category_find(c, "capital_charges");
    double sum = 0.0;
    for (int k = 0; k < c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(c->cost, ltp_cost, k);
        if (cost->organisation == organisation && (!charges_only || cost->category == charges))
            sum += cost->amount;
    }
    return sum;
}

/* A system's equipment is its providers' by their base capital charges; where none has any, by base cost. */
static void share_equipment(const ltp_compile_context *c, int system, ltp_capital_tally *tally) {
    for (int charges_only = 1; charges_only >= 0; charges_only--) {
        double sum = 0.0;
        for (int pass = 0; pass < 2; pass++)
            for (int k = 0; k < c->party.count; k++) { /* by code */
                const int o = c->party_by_code[k];
                const ltp_compile_party *party = ltp_compile_party_at(c, o);
                if (!party->modelled || party->system != system || party->sector != LTP_SECTOR_PROVIDER)
                    continue;
                const double weight = base_cost(c, o, charges_only);
                if (pass == 0)
                    sum += weight;
                else if (sum > 0.0 && weight > 0.0) {
                    tally[o].equipment_share = weight / sum;
                    tally[o].has[LTP_NEED_EQUIPMENT] = true;
                }
            }
        if (sum > 0.0)
            return;
    }
}

static const double *column_by_year(ltp_compile_context *c, const size_t *row, int column) {
    double *value = COMPILE_NEW(c, c->year_count, double);
    for (int t = 0; t < c->year_count; t++)
        if (row[t] != SIZE_MAX)
            value[t] = ltp_compile_number(COMPILE_TABLE(c, CAPITAL), row[t], column);
    return value;
}

/* Rows of a system by year; whether there are any. */
static bool capital_rows(const ltp_compile_context *c, int system, size_t *row, ltp_position *first) {
    const ltp_table *table = COMPILE_TABLE(c, CAPITAL);
    bool any = false;
    for (int t = 0; t < c->year_count; t++)
        row[t] = SIZE_MAX;
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *year = ltp_cell_at(table, r, LTP_CAPITAL_YEAR);
        const char *code = ltp_cell_at(table, r, LTP_CAPITAL_SYSTEM)->text;
        if (!year->present || year->number < 1 || year->number > c->year_count ||
            strcmp(code, c->plan->roster.level[LTP_LEVEL_SYSTEM].code[system]) != 0)
            continue;
        row[(int)year->number - 1] = r;
        *first = any ? *first : table->row[r].at;
        any = true;
    }
    return any;
}

static void check_years(ltp_compile_context *c, int system, const size_t *row, bool any, ltp_position at) {
    const char *code = c->plan->roster.level[LTP_LEVEL_SYSTEM].code[system];
    if (!any) {
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, "capital: system", "a row in capital.csv for every year", NULL,
                            "system '%s' needs capital, but has no envelope", code);
        return;
    }
    for (int t = 1; t <= c->year_count; t++)
        if (row[t - 1] == SIZE_MAX)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, "capital: year", "a row for every year of the scenario",
                                NULL, "system '%s' has no envelope in %s", code, c->scenario->year_label[t]);
}

/* --- what is uncertain --- */

static int input(ltp_compile_context *c, ltp_compile_list *list, const char *target, int place, int party, bool index) {
    const ltp_capital_input new = {.variable = ltp_compile_variable(c, &target, 1, place, party), .index = index};
    if (new.variable < 0)
        return -1;
    for (int k = 0; k < list->count; k++) {
        const ltp_capital_input *old = COMPILE_AT(*list, ltp_capital_input, k);
        if (old->variable == new.variable && old->index == new.index)
            return k;
    }
    return ltp_compile_push(c, list, sizeof new, &new);
}

static bool targets(const ltp_compile_event *event, const char *target) {
    for (int k = 0; k < event->target_count; k++)
        if (strcmp(event->target[k], target) == 0)
            return true;
    return false;
}

/* An envelope is a system's; the cost of a failure is drawn failure by failure. */
static void check_drivers(ltp_compile_context *c) {
    const ltp_table *drivers = COMPILE_TABLE(c, DRIVERS), *events = COMPILE_TABLE(c, EVENTS);
    c->muted = false;
    for (int d = 0; d < c->driver.count; d++) {
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        const ltp_position at = ltp_cell_at(drivers, driver->row, LTP_DRIVERS_TARGET)->at;
        c->muted = !ltp_compile_row_sound(c, drivers, driver->row);
        if (strcmp(driver->target, "capital.envelope") == 0 && driver->share[LTP_SHARE_ORGANISATION] > 0.0)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, "drivers: target", "shares nationally and by system", NULL,
                                "'%s' has a share by organisation, but an envelope is a system's", driver->name);
        if (strcmp(driver->target, "capital.failure_cost") == 0)
            ltp_capital_check_driver(c, d, at, "drivers: family", "the cost of a failure");
        if (strcmp(driver->target, "capital.failure_rate") == 0)
            ltp_capital_check_driver(c, d, at, "drivers: family", "a rate of failures");
    }
    for (int e = 0; e < c->event.count; e++) {
        const ltp_compile_event *event = COMPILE_AT(c->event, ltp_compile_event, e);
        const ltp_position at = ltp_cell_at(events, event->row, LTP_EVENTS_TARGET)->at;
        c->muted = !ltp_compile_row_sound(c, events, event->row);
        if (targets(event, "capital.envelope") && event->scope == LTP_SCOPE_ORGANISATION)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, "events: scope", "national or system", NULL,
                                "'%s' strikes organisations, but an envelope is a system's", event->name);
        if (targets(event, "capital.failure_cost"))
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, "events: target", "capital.failure_rate", NULL,
                                "'%s' cannot move what a failure costs: that is drawn failure by failure", event->name);
    }
    c->muted = false;
}

static void read_failure_costs(ltp_compile_context *c) {
    ltp_compile_list list = {0};
    for (int d = 0; d < c->driver.count; d++) { /* by name */
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        const ltp_failure_cost cost = {.stream = ltp_hash_name("capital.failure_cost", driver->name),
                                       .transform = driver->transform};
        if (driver->transform && strcmp(driver->target, "capital.failure_cost") == 0)
            ltp_compile_push(c, &list, sizeof cost, &cost);
    }
    c->capital.failure_stream = ltp_hash_name("capital.failure", "count");
    c->capital.failure_cost = list.item;
    c->capital.failure_cost_count = list.count;
}

static void check_failures(ltp_compile_context *c, const ltp_capital_tally *tally, int organisation) {
    bool any;
    const double rate = *ltp_compile_target_mean(c, "capital.failure_rate", &any);
    const double count = rate * tally[organisation].amount[LTP_NEED_HIGH];
    if (any && c->capital.failure_cost_count == 0)
        ltp_compile_problem(
            c, LTP_SEVERITY_WARNING, (ltp_position){.file = COMPILE_TABLE(c, DRIVERS)->file}, "drivers: target", NULL,
            NULL, "a driver moves capital.failure_rate, but none capital.failure_cost: failures cost nothing");
    if (count > FAILURES_MOST)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, ltp_compile_party_at(c, organisation)->at, "drivers: mean",
                            "at most 500 failures a year", NULL,
                            "'%s' would have %g failures a year: %g on each of £%gm of high-risk backlog",
                            ltp_compile_party_at(c, organisation)->code, count, rate,
                            tally[organisation].amount[LTP_NEED_HIGH]);
}

/* --- estates and their lines --- */

static double line_scale(const ltp_capital_line *line, const ltp_capital_tally *tally) {
    if (line->need == LTP_NEED_EQUIPMENT)
        return line->yearly[0];
    if (line->need == LTP_NEED_CAPACITY)
        return 0.01 * line->amount * line->cost_per_bed;
    return tally->amount[line->need];
}

static void add_line(ltp_compile_context *c, const ltp_capital_tally *tally, const double *equipment, int estate_index,
                     ltp_estate *estate, int need, ltp_compile_list *lines, ltp_compile_list *inputs) {
    const ltp_compile_party *party = ltp_compile_party_at(c, estate->organisation);
    ltp_capital_line line = {.estate = estate_index,
                             .need = need,
                             .amount = need < LTP_RISK_COUNT || need == LTP_NEED_CAPACITY ? tally->amount[need] : 0.0,
                             .growth = need < LTP_RISK_COUNT ? tally->growth[need] : 0.0,
                             .extra_growth = -1,
                             .cost_per_bed = tally->cost_per_bed};
    if (need < LTP_RISK_COUNT)
        line.extra_growth = input(c, inputs, "backlog.growth", party->place, estate->organisation, false);
    if (need == LTP_NEED_EQUIPMENT) {
        double *yearly = COMPILE_NEW(c, c->year_count, double);
        for (int t = 0; t < c->year_count; t++)
            yearly[t] = equipment[t] * tally->equipment_share;
        line.yearly = yearly;
    }
    estate->line[need] = ltp_compile_push(c, lines, sizeof line, &line);
    for (int q = LTP_QUANTITY_CAPITAL_NEED; q <= LTP_QUANTITY_CAPITAL_CARRIED; q++)
        ltp_compile_present(c, (ltp_quantity)q, estate->organisation, need, line_scale(&line, tally));
}

static void add_estate(ltp_compile_context *c, const ltp_capital_tally *tally, const double *equipment,
                       int organisation, ltp_compile_list *estates, ltp_compile_list *lines, ltp_compile_list *inputs) {
    const ltp_cell *given =
        ltp_cell_at(COMPILE_TABLE(c, ORGANISATIONS), (size_t)organisation, LTP_ORGANISATIONS_BASE_DEPRECIATION);
    const ltp_compile_party *party = ltp_compile_party_at(c, organisation);
    ltp_estate estate = {.organisation = organisation,
                         .base_depreciation = given->present ? given->number : base_cost(c, organisation, true),
                         .building = input(c, inputs, "price.building", party->place, organisation, true),
                         .failure_rate = -1,
                         .failure = -1,
                         .member = ltp_hash_name("organisation", party->code)};
    for (int need = 0; need < LTP_NEED_COUNT; need++) {
        estate.line[need] = -1;
        if (tally->has[need])
            add_line(c, tally, equipment, estates->count, &estate, need, lines, inputs);
    }
    if (tally->has[LTP_NEED_HIGH] && c->capital.failure_cost_count)
        estate.failure_rate = input(c, inputs, "capital.failure_rate", party->place, organisation, false);
    if (estate.failure_rate >= 0) {
        estate.failure = c->capital.failing_count++;
        ltp_compile_present(c, LTP_QUANTITY_FAILURE_COST, organisation, 0, 1.0);
    }
    ltp_compile_present(c, LTP_QUANTITY_CAPITAL_CHARGES, organisation, 0, estate.base_depreciation);
    ltp_compile_push(c, estates, sizeof estate, &estate);
}

static bool has_any(const ltp_capital_tally *tally) {
    bool any = false;
    for (int need = 0; need < LTP_NEED_COUNT; need++)
        any |= tally->has[need];
    return any;
}

static bool competes(const ltp_capital_tally *tally) {
    bool any = tally->envelope_scheme;
    for (int need = 0; need < LTP_NEED_SCHEMES; need++)
        any |= tally->has[need];
    return any;
}

typedef struct {
    ltp_compile_list system, estate, line, input;
} capital_lists;

static void add_system(ltp_compile_context *c, int index, ltp_capital_tally *tally, capital_lists *lists) {
    size_t *row = COMPILE_NEW(c, c->year_count, size_t);
    ltp_position at = {0};
    bool needs = false;
    const bool given = capital_rows(c, index, row, &at);
    const double *equipment = column_by_year(c, row, LTP_CAPITAL_EQUIPMENT_NEED);
    for (int t = 0; t < c->year_count; t++)
        if (equipment[t] > 0.0) {
            share_equipment(c, index, tally);
            break;
        }
    ltp_capital_system system = {.envelope = column_by_year(c, row, LTP_CAPITAL_ENVELOPE),
                                 .estate_first = lists->estate.count,
                                 .scheme_first = -1};
    for (int k = 0; k < c->party.count; k++) { /* by code */
        const int o = c->party_by_code[k];
        if (!ltp_compile_party_at(c, o)->modelled || ltp_compile_party_at(c, o)->system != index || !has_any(&tally[o]))
            continue;
        if (!given && !needs && competes(&tally[o]))
            at = ltp_compile_party_at(c, o)->at;
        needs |= competes(&tally[o]);
        add_estate(c, &tally[o], equipment, o, &lists->estate, &lists->line, &lists->input);
    }
    system.estate_count = lists->estate.count - system.estate_first;
    if (given || needs)
        check_years(c, index, row, given, at);
    if (system.estate_count == 0)
        return;
    system.scheme_first = c->capital.scheme_count;
    for (int q = c->capital.scheme_count - 1; q >= 0; q--)
        if (ltp_compile_party_at(c, c->capital.scheme[q].estate)->system == index) {
            system.scheme_first = q;
            system.scheme_count++;
        }
    /* an envelope is a system's: which of its organisations is named moves nothing (check_drivers) */
    system.extra = input(c, &lists->input, "capital.envelope", index,
                         COMPILE_AT(lists->estate, ltp_estate, system.estate_first)->organisation, false);
    ltp_compile_push(c, &lists->system, sizeof system, &system);
}

/* Until here a scheme's estate was its organisation. */
static void place_schemes(ltp_compile_context *c, capital_lists *lists) {
    ltp_scheme *scheme = (ltp_scheme *)c->capital.scheme;
    int *of_estate = COMPILE_NEW(c, c->capital.scheme_count, int), count = 0;
    for (int e = 0; e < lists->estate.count; e++) {
        ltp_estate *estate = COMPILE_AT(lists->estate, ltp_estate, e);
        estate->scheme_first = count;
        for (int q = 0; q < c->capital.scheme_count; q++)
            if (scheme[q].estate == estate->organisation)
                of_estate[count++] = q;
        estate->scheme_count = count - estate->scheme_first;
    }
    for (int e = 0; e < lists->estate.count; e++) {
        const ltp_estate *estate = COMPILE_AT(lists->estate, ltp_estate, e);
        for (int k = 0; k < estate->scheme_count; k++)
            scheme[of_estate[estate->scheme_first + k]].estate = e;
    }
    for (int q = 0; q < c->capital.scheme_count; q++) {
        ltp_compile_present(c, LTP_QUANTITY_SCHEME_SPEND, scheme[q].roster, 0, scheme[q].cost);
        ltp_compile_present(c, LTP_QUANTITY_SCHEME_COMPLETE, scheme[q].roster, 0, 1.0);
    }
    c->capital.scheme_of_estate = of_estate;
}

static void check_cleared(ltp_compile_context *c, const ltp_capital_tally *tally) {
    for (int o = 0; o < ltp_compile_organisation_count(c); o++) {
        double backlog = 0.0;
        for (int risk = 0; risk < LTP_RISK_COUNT; risk++)
            backlog += tally[o].amount[risk];
        if (tally[o].clears > backlog + 1e-9)
            ltp_compile_problem(c, LTP_SEVERITY_WARNING, ltp_compile_party_at(c, o)->at, "schemes: clears_backlog",
                                NULL, NULL, "schemes of '%s' clear £%.10gm of backlog, but it has £%.10gm",
                                ltp_compile_party_at(c, o)->code, tally[o].clears, backlog);
    }
}

/* Axes of the rows, before anything is said to be present. */
static void label_needs(ltp_compile_context *c) {
    ltp_roster *roster = &c->plan->roster;
    roster->need = (ltp_label_axis){.count = LTP_NEED_COUNT, .code = need_code, .name = need_name};
    for (int q = LTP_QUANTITY_CAPITAL_NEED; q <= LTP_QUANTITY_CAPITAL_CARRIED; q++)
        roster->item_count[q] = LTP_NEED_COUNT;
}

void ltp_compile_capital(ltp_compile_context *c) {
    const int n = ltp_compile_organisation_count(c);
    ltp_capital_tally *tally = COMPILE_NEW(c, n, ltp_capital_tally);
    ltp_capital *capital = &c->capital;
    capital_lists lists = {.system = {0}};
    capital->dividend = c->scenario->dividend_rate;
    capital->building_life = c->scenario->building_life;
    capital->equipment_life = c->scenario->equipment_life;
    for (int k = 0; k < LTP_FUND_COUNT; k++)
        capital->order[k] = (ltp_fund_step)c->scenario->capital_order[k];
    if (COMPILE_TABLE(c, BACKLOG)->row_count + COMPILE_TABLE(c, BEDS)->row_count +
            COMPILE_TABLE(c, SCHEMES)->row_count + COMPILE_TABLE(c, CAPITAL)->row_count ==
        0)
        return;
    label_needs(c);
    check_drivers(c);
    read_backlog(c, tally);
    read_beds(c, tally);
    ltp_compile_schemes(c, tally);
    read_failure_costs(c);
    ltp_compile_judge(c, COMPILE_BIT(SERVICES));
    check_occupancy(c);
    ltp_compile_judge(c, CAPITAL_TABLES | COMPILE_BIT(SERVICES) | COMPILE_BIT(FLOWS));
    count_beds(c, tally);
    ltp_compile_judge(c, CAPITAL_TABLES);
    check_cleared(c, tally);
    for (int o = 0; o < n; o++)
        if (tally[o].has[LTP_NEED_HIGH])
            check_failures(c, tally, o);
    for (int s = 0; s < (int)c->plan->roster.level[LTP_LEVEL_SYSTEM].count; s++)
        add_system(c, s, tally, &lists);
    place_schemes(c, &lists);
    c->muted = false;
    capital->system = lists.system.item;
    capital->system_count = lists.system.count;
    capital->estate = lists.estate.item;
    capital->estate_count = lists.estate.count;
    capital->line = lists.line.item;
    capital->line_count = lists.line.count;
    capital->input = lists.input.item;
    capital->input_count = lists.input.count;
}

/* Layers with the same activity and the same schemes have the same capital. */
void ltp_compile_capital_variants(ltp_compile_context *c, ltp_layer *layer, int count) {
    ltp_capital_variant *variant = COMPILE_NEW(c, count, ltp_capital_variant);
    int *layer_capital = COMPILE_NEW(c, count, int);
    const bool optional = ltp_compile_optional_schemes(c);
    int variants = 0;
    for (int l = 0; l < count; l++) {
        const bool every = !optional || ltp_compile_layer_has_schemes(c, l);
        int k = 0, slot = 0;
        layer[l].capital = layer_capital[l] = -1;
        if (c->capital.estate_count == 0)
            continue;
        for (; k < variants; k++) {
            if (variant[k].activity == layer[l].variant && variant[k].every_scheme == every)
                break;
            slot += variant[k].activity == layer[l].variant;
        }
        if (k == variants)
            variant[variants++] =
                (ltp_capital_variant){.activity = layer[l].variant, .every_scheme = every, .slot = slot};
        layer[l].capital = layer_capital[l] = k;
    }
    c->layer_capital = layer_capital;
    c->action_copy_map = (ltp_compile_map){.room = 0}; /* another set of layers numbers its variants anew */
    c->action_copy = (ltp_compile_list){.count = 0};
    c->capital.variant = variant;
    c->capital.variant_count = variants;
}
