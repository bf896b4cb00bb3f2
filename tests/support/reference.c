#include "tests/support/reference.h"

#include <stdlib.h>

#include "tests/support/reference_draw.h"
#include "tests/support/test.h"

static const ltp_table *table(const reference *r, ltp_table_id id) {
    return &r->scenario->table[id];
}

static const char *text(const ltp_table *t, size_t row, int column) {
    return ltp_cell_at(t, row, column)->text;
}

static double number(const ltp_table *t, size_t row, int column) {
    const ltp_cell *cell = ltp_cell_at(t, row, column);
    return cell->present ? cell->number : 0.0;
}

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

/* --- parties --- */

static size_t organisation_count(const reference *r) {
    return table(r, LTP_TABLE_ORGANISATIONS)->row_count;
}

/* Organisations, then parties outside; "" for the centre and suppliers that no table names. */
static size_t party_of(const reference *r, const char *code) {
    const size_t o = ltp_table_find(table(r, LTP_TABLE_ORGANISATIONS), code);
    if (o != SIZE_MAX)
        return o;
    const size_t outside = ltp_table_find(table(r, LTP_TABLE_OUTSIDE), code);
    return organisation_count(r) + (outside == SIZE_MAX ? table(r, LTP_TABLE_OUTSIDE)->row_count : outside);
}

static bool modelled(const reference *r, const char *code) {
    return party_of(r, code) < organisation_count(r);
}

static bool commissioner(const reference *r, const char *code) {
    if (!modelled(r, code))
        return false;
    const char *kind = text(table(r, LTP_TABLE_ORGANISATIONS), party_of(r, code), LTP_ORGANISATIONS_KIND);
    return same(kind, "ccg") || same(kind, "specialised") || same(kind, "direct");
}

static bool partner(const reference *r, const char *code) {
    if (!modelled(r, code))
        return false;
    const char *kind = text(table(r, LTP_TABLE_ORGANISATIONS), party_of(r, code), LTP_ORGANISATIONS_KIND);
    return same(kind, "local_authority") || same(kind, "other");
}

/* Whose system draws and population a party's patients have. */
static const char *place_of(const reference *r, const char *code) {
    if (!modelled(r, code)) {
        const size_t row = ltp_table_find(table(r, LTP_TABLE_OUTSIDE), code);
        const char *population = text(table(r, LTP_TABLE_OUTSIDE), row, LTP_OUTSIDE_POPULATION_SYSTEM);
        return *population ? population : code;
    }
    const char *home = text(table(r, LTP_TABLE_ORGANISATIONS), party_of(r, code), LTP_ORGANISATIONS_SYSTEM);
    if (*home)
        return home;
    const ltp_table *membership = table(r, LTP_TABLE_MEMBERSHIP);
    double largest = 0.0;
    for (size_t m = 0; m < membership->row_count; m++) {
        const double share = number(membership, m, LTP_MEMBERSHIP_SHARE);
        const char *system = text(membership, m, LTP_MEMBERSHIP_SYSTEM);
        if (!same(text(membership, m, LTP_MEMBERSHIP_ORGANISATION), code))
            continue;
        if (share > largest || (share == largest && strcmp(system, home) < 0)) {
            largest = share;
            home = system;
        }
    }
    return home;
}

/* x of a target at a party: its own place, its own code. */
static double x_at(const reference *r, const char *target, const char *party, int year) {
    return reference_x(r, target, place_of(r, party), party, year);
}

/* --- demand and prices --- */

static double weighted_persons(const reference *r, const char *place, const char *service, int year, bool *any) {
    const ltp_table *persons = table(r, LTP_TABLE_POPULATION), *use = table(r, LTP_TABLE_USE_BY_AGE);
    double sum = 0.0;
    *any = false;
    for (size_t u = 0; u < use->row_count; u++)
        for (size_t p = 0; same(text(use, u, LTP_USE_BY_AGE_SERVICE), service) && p < persons->row_count; p++)
            if (same(text(persons, p, LTP_POPULATION_SYSTEM), place) &&
                number(persons, p, LTP_POPULATION_YEAR) == year &&
                same(text(persons, p, LTP_POPULATION_AGE_BAND), text(use, u, LTP_USE_BY_AGE_AGE_BAND))) {
                sum += number(use, u, LTP_USE_BY_AGE_USE_PER_HEAD) * number(persons, p, LTP_POPULATION_PERSONS);
                *any = true;
            }
    return sum;
}

static double demography(const reference *r, const char *place, const char *service, int year) {
    bool any;
    const double now = weighted_persons(r, place, service, year, &any);
    return any ? now / weighted_persons(r, place, service, year - 1, &any) - 1.0 : 0.0;
}

/* Patients of the payer's system at the payee, 1 in year 0. */
static double activity(const reference *r, size_t flow, int year) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    double *known = &r->activity[flow * ((size_t)r->scenario->year_count + 1) + (size_t)year];
    if (year == 0 || !isnan(*known))
        return year == 0 ? 1.0 : *known;
    const char *place = place_of(r, text(flows, flow, LTP_FLOWS_PAYER)), *payee = text(flows, flow, LTP_FLOWS_PAYEE);
    const char *service = text(flows, flow, LTP_FLOWS_SERVICE);
    char target[256];
    snprintf(target, sizeof target, "demand.%s", service);
    return *known = activity(r, flow, year - 1) * (1 + demography(r, place, service, year)) *
                    (1 + reference_x(r, target, place, payee, year));
}

static double price(const reference *r, const char *category, const char *party, int year) {
    char target[256];
    double index = 1.0;
    snprintf(target, sizeof target, "price.%s", category);
    for (int t = 1; t <= year; t++)
        index *= 1 + x_at(r, target, party, t);
    return index;
}

static bool recurrent(const ltp_table *flows, size_t f) {
    return same(text(flows, f, LTP_FLOWS_NATURE), "recurrent");
}

/* Its own cost: no mechanism. */
static bool own_cost(const ltp_table *flows, size_t f) {
    return !*text(flows, f, LTP_FLOWS_MECHANISM);
}

/* Cost-weighted mean inflation of all providers. */
static double weighted_uplift(const reference *r, int year) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    double sum = 0.0, total = 0.0;
    for (size_t f = 0; f < flows->row_count; f++) {
        const char *payer = text(flows, f, LTP_FLOWS_PAYER);
        char target[256];
        if (!recurrent(flows, f) || !own_cost(flows, f) || commissioner(r, payer) || partner(r, payer))
            continue;
        snprintf(target, sizeof target, "price.%s", text(flows, f, LTP_FLOWS_CATEGORY));
        total += number(flows, f, LTP_FLOWS_AMOUNT);
        sum += number(flows, f, LTP_FLOWS_AMOUNT) * reference_expected(r, target, year);
    }
    return total > 0.0 ? sum / total : 0.0;
}

static double rate(const reference *r, const char *party, int year) {
    double index = 1.0;
    for (int t = 1; t <= year; t++) {
        const double uplift =
            reference_targeted(r, "tariff.uplift") ? x_at(r, "tariff.uplift", party, t) : weighted_uplift(r, t);
        index *= 1 + uplift + x_at(r, "tariff.error", party, t) - x_at(r, "tariff.efficiency", party, t);
    }
    return index;
}

/* --- allocations and blocks --- */

static const char *stream_of(const reference *r, size_t flow) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    const char *stream = text(flows, flow, LTP_FLOWS_STREAM), *payer = text(flows, flow, LTP_FLOWS_PAYER);
    if (*stream)
        return stream;
    const char *kind =
        modelled(r, payer) ? text(table(r, LTP_TABLE_ORGANISATIONS), party_of(r, payer), LTP_ORGANISATIONS_KIND) : "";
    if (same(kind, "specialised") || same(kind, "direct"))
        return kind;
    return same(text(flows, flow, LTP_FLOWS_SERVICE), "primary_medical") ? "primary_medical" : "core";
}

static double allocation(const reference *r, const char *code, const char *stream, int year) {
    const ltp_table *rows = table(r, LTP_TABLE_ALLOCATIONS);
    char target[256];
    double amount = NAN, growth = 1.0;
    snprintf(target, sizeof target, "allocation.growth.%s", stream);
    for (size_t a = 0; a < rows->row_count; a++) {
        const int t = (int)number(rows, a, LTP_ALLOCATIONS_YEAR);
        if (!same(text(rows, a, LTP_ALLOCATIONS_CODE), code) || !same(text(rows, a, LTP_ALLOCATIONS_STREAM), stream) ||
            t > year)
            continue;
        if (t == year)
            amount = number(rows, a, LTP_ALLOCATIONS_AMOUNT);
        if (t > 0 && !same(text(rows, a, LTP_ALLOCATIONS_FIRMNESS), "firm"))
            growth *= 1 + x_at(r, "allocation.growth", code, t) + x_at(r, target, code, t);
    }
    return amount * growth;
}

static bool listed(const ltp_cell *list, const char *code) {
    bool found = !list->present;
    for (size_t k = 0; k < list->item_count; k++)
        found |= same(list->item[k], "*") || same(list->item[k], code);
    return found;
}

/* Whether a flow is one that a transfer joins (or leaves). */
static bool matches(const reference *r, size_t transfer, bool joins, size_t f) {
    const ltp_table *rows = table(r, LTP_TABLE_TRANSFERS), *flows = table(r, LTP_TABLE_FLOWS);
    const char *payer = text(rows, transfer, joins ? LTP_TRANSFERS_TO_PAYER : LTP_TRANSFERS_FROM_PAYER);
    const char *payee = text(rows, transfer, joins ? LTP_TRANSFERS_TO_PAYEE : LTP_TRANSFERS_FROM_PAYEE);
    return recurrent(flows, f) && !own_cost(flows, f) &&
           (same(payer, "*") || same(payer, text(flows, f, LTP_FLOWS_PAYER))) &&
           (same(payee, "*") || same(payee, text(flows, f, LTP_FLOWS_PAYEE))) &&
           listed(ltp_cell_at(rows, transfer, LTP_TRANSFERS_SERVICE), text(flows, f, LTP_FLOWS_SERVICE));
}

/* Share of a flow in a transfer; `spent`: among flows to organisations only. */
static double part_of(const reference *r, size_t transfer, bool joins, size_t flow, bool spent) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    double total = 0.0;
    if (!matches(r, transfer, joins, flow) || (spent && !modelled(r, text(flows, flow, LTP_FLOWS_PAYEE))))
        return 0.0;
    for (size_t f = 0; f < flows->row_count; f++)
        if (matches(r, transfer, joins, f) && (!spent || modelled(r, text(flows, f, LTP_FLOWS_PAYEE))))
            total += number(flows, f, LTP_FLOWS_AMOUNT);
    return number(flows, flow, LTP_FLOWS_AMOUNT) / total;
}

/* What transfers new in a year have put into an allocation. */
static double new_money(const reference *r, const char *code, const char *stream, int year) {
    const ltp_table *rows = table(r, LTP_TABLE_TRANSFERS), *flows = table(r, LTP_TABLE_FLOWS);
    double sum = 0.0;
    for (size_t k = 0; k < rows->row_count; k++)
        for (size_t f = 0; number(rows, k, LTP_TRANSFERS_YEAR) == year && f < flows->row_count; f++)
            for (int joins = 0; joins < 2; joins++) {
                const char *named = text(rows, k, joins ? LTP_TRANSFERS_ALLOCATION_TO : LTP_TRANSFERS_ALLOCATION_FROM);
                if (same(text(flows, f, LTP_FLOWS_PAYER), code) && same(*named ? named : stream_of(r, f), stream))
                    sum += (joins ? 1 : -1) * number(rows, k, LTP_TRANSFERS_ALREADY_IN_ALLOCATION) *
                           part_of(r, k, joins, f, false);
            }
    return sum;
}

static double block(const reference *r, size_t flow, int year) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    const char *payer = text(flows, flow, LTP_FLOWS_PAYER), *stream = stream_of(r, flow);
    double index = 1.0;
    for (int t = 1; t <= year; t++) {
        const ltp_cell *uplift = ltp_cell_year(flows, flow, LTP_FLOWS_UPLIFT, t);
        index *= uplift->present ? 1 + uplift->number
                                 : (allocation(r, payer, stream, t) - new_money(r, payer, stream, t)) /
                                       allocation(r, payer, stream, t - 1);
    }
    return index;
}

/* --- what a flow pays --- */

static double contract(const reference *r, size_t flow, int year) {
    const ltp_table *rows = table(r, LTP_TABLE_CONTRACTS), *flows = table(r, LTP_TABLE_FLOWS);
    const char *payer = text(flows, flow, LTP_FLOWS_PAYER);
    for (size_t k = 0; k < rows->row_count; k++) {
        const ltp_cell *a = ltp_cell_at(rows, k, LTP_CONTRACTS_PAYER_AMOUNT);
        const ltp_cell *b = ltp_cell_at(rows, k, LTP_CONTRACTS_PAYEE_AMOUNT);
        if (number(rows, k, LTP_CONTRACTS_YEAR) != year || !same(text(rows, k, LTP_CONTRACTS_PAYER), payer) ||
            !same(text(rows, k, LTP_CONTRACTS_PAYEE), text(flows, flow, LTP_FLOWS_PAYEE)) ||
            !same(text(rows, k, LTP_CONTRACTS_SERVICE), text(flows, flow, LTP_FLOWS_SERVICE)))
            continue;
        if (!a->present || !b->present)
            return a->present ? a->number : b->number;
        const double lambda = reference_targeted(r, "contract.lambda") ? x_at(r, "contract.lambda", payer, year) : 0.5;
        return a->number + lambda * (b->number - a->number);
    }
    fail_msg("no contract");
    return NAN;
}

static double planned_activity(const reference *r, size_t flow, int year) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    const char *place = place_of(r, text(flows, flow, LTP_FLOWS_PAYER));
    const char *service = text(flows, flow, LTP_FLOWS_SERVICE);
    const bool base = same(text(flows, flow, LTP_FLOWS_PLAN_BASIS), "base");
    char target[256];
    double plan = base ? 1.0 : activity(r, flow, year - 1);
    snprintf(target, sizeof target, "demand.%s", service);
    for (int t = base ? 1 : year; t <= year; t++)
        plan *= (1 + demography(r, place, service, t)) * (1 + reference_expected(r, target, t));
    return plan;
}

/* Whose price and tariff a flow is paid at: the payee's, or the payer's where the payee is outside. */
static const char *priced_at(const reference *r, size_t flow) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    const char *payee = text(flows, flow, LTP_FLOWS_PAYEE);
    return modelled(r, payee) ? payee : text(flows, flow, LTP_FLOWS_PAYER);
}

static const char *category_of(const ltp_table *flows, size_t flow) {
    const char *category = text(flows, flow, LTP_FLOWS_CATEGORY);
    return *category ? category : "drugs";
}

static double paid(const reference *r, size_t flow, int year) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    const char *mechanism = text(flows, flow, LTP_FLOWS_MECHANISM), *at = priced_at(r, flow);
    const double base = number(flows, flow, LTP_FLOWS_AMOUNT);
    if (same(mechanism, "activity"))
        return base * activity(r, flow, year) * rate(r, at, year);
    if (same(mechanism, "pass_through"))
        return base * activity(r, flow, year) * price(r, category_of(flows, flow), at, year);
    if (same(mechanism, "block"))
        return base * block(r, flow, year);
    if (same(mechanism, "fixed"))
        return contract(r, flow, year);
    assert_string_equal(mechanism, "blended");
    const double plan = planned_activity(r, flow, year), share = number(flows, flow, LTP_FLOWS_VARIABLE_SHARE);
    return base * (plan + share * (activity(r, flow, year) - plan)) * rate(r, at, year);
}

/* --- the ledger --- */

static void post(reference *r, const char *from, const char *to, double amount) {
    r->balance[party_of(r, from)] -= amount;
    r->balance[party_of(r, to)] += amount;
}

static void post_flows(reference *r, int year) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    for (size_t f = 0; f < flows->row_count; f++) {
        const char *payee = text(flows, f, LTP_FLOWS_PAYEE);
        if (!recurrent(flows, f) || own_cost(flows, f))
            continue;
        const double amount = paid(r, f, year);
        post(r, text(flows, f, LTP_FLOWS_PAYER), payee, amount);
        if (same(text(flows, f, LTP_FLOWS_MECHANISM), "pass_through") && modelled(r, payee))
            post(r, payee, "", amount); /* spent as received */
    }
}

static double volume(const reference *r, const char *provider, int year) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS);
    double sum = 0.0, total = 0.0;
    for (size_t f = 0; f < flows->row_count; f++) {
        if (!recurrent(flows, f) || own_cost(flows, f) || !same(text(flows, f, LTP_FLOWS_PAYEE), provider) ||
            same(text(flows, f, LTP_FLOWS_MECHANISM), "pass_through"))
            continue;
        total += number(flows, f, LTP_FLOWS_AMOUNT);
        sum += number(flows, f, LTP_FLOWS_AMOUNT) * activity(r, f, year);
    }
    return total > 0.0 ? sum / total : 1.0;
}

static void post_costs(reference *r, int year) {
    const ltp_table *flows = table(r, LTP_TABLE_FLOWS), *categories = table(r, LTP_TABLE_CATEGORIES);
    for (size_t f = 0; f < flows->row_count; f++) {
        const char *payer = text(flows, f, LTP_FLOWS_PAYER);
        if (!recurrent(flows, f))
            continue;
        /* own cost as it stands; pass-through received is taken out of the cost of its category */
        const bool cost = own_cost(flows, f);
        const bool passed = same(text(flows, f, LTP_FLOWS_MECHANISM), "pass_through");
        const char *who = cost ? payer : text(flows, f, LTP_FLOWS_PAYEE);
        if ((!cost && !passed) || !modelled(r, who) || commissioner(r, who))
            continue;
        const char *category = category_of(flows, f);
        const double share = number(categories, ltp_table_find(categories, category), LTP_CATEGORIES_GROWTH_SHARE);
        const double amount = number(flows, f, LTP_FLOWS_AMOUNT) * (1 + share * (volume(r, who, year) - 1)) *
                              price(r, category, who, year);
        post(r, who, "", cost ? amount : -amount);
    }
}

static void post_allocations(reference *r, int year) {
    const ltp_table *rows = table(r, LTP_TABLE_ALLOCATIONS);
    for (size_t a = 0; a < rows->row_count; a++) {
        const char *code = text(rows, a, LTP_ALLOCATIONS_CODE);
        if (number(rows, a, LTP_ALLOCATIONS_YEAR) == year)
            post(r, "", code, allocation(r, code, text(rows, a, LTP_ALLOCATIONS_STREAM), year));
    }
}

/* One end of a transfer: `sign` · amount and cost at the year's prices. */
static void post_end(reference *r, size_t k, size_t f, double amount, double cost) {
    const ltp_table *rows = table(r, LTP_TABLE_TRANSFERS), *flows = table(r, LTP_TABLE_FLOWS);
    const char *payer = text(flows, f, LTP_FLOWS_PAYER), *payee = text(flows, f, LTP_FLOWS_PAYEE);
    const double in = number(rows, k, LTP_TRANSFERS_ALREADY_IN_ALLOCATION) / number(rows, k, LTP_TRANSFERS_AMOUNT);
    post(r, payer, payee, amount);
    if (modelled(r, payee))
        post(r, payee, "", cost);
    if (commissioner(r, payer))
        post(r, "", payer, amount * (1 - in));
}

static void post_transfers(reference *r, int year) {
    const ltp_table *rows = table(r, LTP_TABLE_TRANSFERS), *flows = table(r, LTP_TABLE_FLOWS);
    for (size_t k = 0; k < rows->row_count; k++) {
        const int from = (int)number(rows, k, LTP_TRANSFERS_YEAR);
        double amount = 0.0, cost = 0.0;
        if (from > year || (from < year && number(rows, k, LTP_TRANSFERS_RECURRENT) == 0.0))
            continue;
        for (size_t f = 0; f < flows->row_count; f++) {
            if (!matches(r, k, true, f))
                continue;
            const double index = paid(r, f, year) / paid(r, f, from);
            const double one = number(rows, k, LTP_TRANSFERS_AMOUNT) * part_of(r, k, true, f, false) * index;
            const double its = number(rows, k, LTP_TRANSFERS_COST) * part_of(r, k, true, f, true) * index;
            post_end(r, k, f, one, its);
            amount += one;
            cost += its;
        }
        for (size_t f = 0; f < flows->row_count; f++)
            if (matches(r, k, false, f))
                post_end(r, k, f, -amount * part_of(r, k, false, f, false), -cost * part_of(r, k, false, f, true));
    }
}

/* Investments that happen if nothing else is done, delivered in full. */
static void post_commitments(reference *r, int year) {
    const ltp_table *rows = table(r, LTP_TABLE_PROGRAMMES);
    for (size_t k = 0; k < rows->row_count; k++) {
        const char *payee = text(rows, k, LTP_PROGRAMMES_PAYEE);
        const ltp_cell *amount = ltp_cell_year(rows, k, LTP_PROGRAMMES_AMOUNT, year);
        if (number(rows, k, LTP_PROGRAMMES_COMMITTED) == 0.0 || !amount->present)
            continue;
        assert_true(number(rows, k, LTP_PROGRAMMES_DELIVERY) == 1.0);
        post(r, text(rows, k, LTP_PROGRAMMES_PAYER), payee, amount->number);
        if (modelled(r, payee) && !commissioner(r, payee))
            post(r, payee, "", amount->number);
    }
}

/* Staff in post at the end of a year. */
static double in_post(const reference *r, size_t group, int year) {
    const ltp_table *rows = table(r, LTP_TABLE_WORKFORCE);
    const char *code = text(rows, group, LTP_WORKFORCE_CODE);
    const double fte = number(rows, group, LTP_WORKFORCE_FTE);
    if (year == 0)
        return fte;
    const double leave = number(rows, group, LTP_WORKFORCE_LEAVERS) + x_at(r, "workforce.leavers", code, year);
    const double join = number(rows, group, LTP_WORKFORCE_JOINERS) + x_at(r, "workforce.joiners", code, year);
    return in_post(r, group, year - 1) * (1 - fmin(1, fmax(0, leave))) + fmax(0, join) * fte;
}

/* What agency and empty posts cost beyond what base pay holds of them, grown with the posts. */
static void post_staff(reference *r, int year) {
    const ltp_table *rows = table(r, LTP_TABLE_WORKFORCE);
    for (size_t g = 0; g < rows->row_count; g++) {
        const char *code = text(rows, g, LTP_WORKFORCE_CODE);
        const bool capped = ltp_cell_at(rows, g, LTP_WORKFORCE_AGENCY_CAP)->present;
        const double vacancy = number(rows, g, LTP_WORKFORCE_VACANCY);
        const double share = number(rows, g, LTP_WORKFORCE_AGENCY_SHARE);
        const double cap = capped ? number(rows, g, LTP_WORKFORCE_AGENCY_CAP) : share;
        const double premium =
            number(rows, g, LTP_WORKFORCE_AGENCY_PREMIUM) + x_at(r, "workforce.agency_premium", code, year);
        const double index =
            modelled(r, code) && !commissioner(r, code) && !partner(r, code) ? volume(r, code, year) : 1;
        const double before = number(rows, g, LTP_WORKFORCE_FTE) / (1 - vacancy);
        const double required = before * (1 + number(rows, g, LTP_WORKFORCE_ELASTICITY) * (index - 1)) /
                                number(rows, g, LTP_WORKFORCE_PRODUCTIVITY);
        const double empty = fmax(0, required - in_post(r, g, year)), agency = fmin(empty, cap * required);
        double excess = premium * (agency - fmin(vacancy, share) * required);
        if (r->scenario->unfilled_saves)
            excess -= empty - agency - (vacancy - fmin(vacancy, share)) * required;
        post(r, code, "", number(rows, g, LTP_WORKFORCE_COST_PER_FTE) * price(r, "pay", code, year) * excess);
    }
}

const double *reference_gap(reference *r, int year, double *leak) {
    memset(r->balance, 0, r->party_count * sizeof *r->balance);
    post_allocations(r, year);
    post_flows(r, year);
    post_costs(r, year);
    post_transfers(r, year);
    post_commitments(r, year);
    post_staff(r, year);
    *leak = 0.0;
    for (size_t p = 0; p < r->party_count; p++) {
        *leak += r->balance[p];
        r->balance[p] = -r->balance[p];
    }
    return r->balance;
}

reference *reference_open(const ltp_scenario *scenario, uint32_t in_block, size_t path) {
    reference *r = calloc(1, sizeof *r);
    assert_non_null(r);
    r->scenario = scenario;
    r->block = in_block;
    r->path = path;
    r->party_count =
        scenario->table[LTP_TABLE_ORGANISATIONS].row_count + scenario->table[LTP_TABLE_OUTSIDE].row_count + 1;
    r->balance = calloc(r->party_count, sizeof *r->balance);
    assert_non_null(r->balance);
    const size_t known = scenario->table[LTP_TABLE_FLOWS].row_count * ((size_t)scenario->year_count + 1);
    r->activity = malloc(known * sizeof *r->activity);
    assert_non_null(r->activity);
    for (size_t k = 0; k < known; k++)
        r->activity[k] = NAN;
    reference_draw_open(r);
    return r;
}

void reference_close(reference *r) {
    reference_draw_close(r);
    free(r->activity);
    free(r->balance);
    free(r);
}
