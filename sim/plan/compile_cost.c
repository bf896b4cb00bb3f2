/* Providers' cost lines, and the accounts of the base year. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/bridge.h"
#include "sim/plan/compile.h"

#define TIE 0.05 /* £m: base-year accounts must tie to this */

static bool pass_through(const ltp_compile_flow *flow) {
    return flow->mechanism && flow->mechanism->index == LTP_INDEX_PRICE;
}

static int profile_of(ltp_compile_context *c, int category) {
    ltp_variable_share share = {
        .first_year = ltp_compile_category_number(c, category, LTP_CATEGORIES_VARIABLE_SHARE_FIRST_YEAR),
        .long_run = ltp_compile_category_number(c, category, LTP_CATEGORIES_VARIABLE_SHARE_LONG_RUN),
        .years = ltp_compile_category_number(c, category, LTP_CATEGORIES_YEARS_TO_LONG_RUN)};
    for (int p = 0; p < c->profile.count; p++) {
        const ltp_variable_share *other = COMPILE_AT(c->profile, ltp_variable_share, p);
        if (other->first_year == share.first_year && other->long_run == share.long_run && other->years == share.years)
            return p;
    }
    return ltp_compile_push(c, &c->profile, sizeof share, &share);
}

/* Base cost of one organisation in one category, with and without what it passes through. */
static void base_cost(const ltp_compile_context *c, int organisation, int category, double *cost, double *passed,
                      ltp_position *at) {
    *cost = *passed = 0.0;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow->mechanism && flow->payer == organisation && flow->category == category) {
            *cost += flow->amount;
            *at = COMPILE_TABLE(c, FLOWS)->row[flow->row].at;
        }
        if (pass_through(flow) && flow->payee == organisation && flow->category == category)
            *passed += flow->amount;
    }
}

static void cost_of(ltp_compile_context *c, int organisation, int category) {
    const ltp_compile_party *party = ltp_compile_party_at(c, organisation);
    const char *code = ltp_compile_category_code(c, category);
    ltp_position at = party->at;
    double cost, passed;
    base_cost(c, organisation, category, &cost, &passed, &at);
    if (party->sector == LTP_SECTOR_COMMISSIONER)
        return;
    if (passed > cost + 1e-9)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, "flows: amount", "at least the pass-through it receives", NULL,
                            "'%s' spends £%.3fm on %s but receives £%.3fm of pass-through for it", party->code, cost,
                            code, passed);
    if (cost == 0.0)
        return;
    ltp_cost line = {.organisation = organisation,
                     .category = category,
                     .amount = cost - passed,
                     .growth_share = ltp_compile_category_number(c, category, LTP_CATEGORIES_GROWTH_SHARE),
                     .profile = profile_of(c, category),
                     .price = ltp_compile_price(c, category, organisation),
                     .bridge_line = ltp_bridge_price_line(code)};
    ltp_compile_push(c, &c->cost, sizeof line, &line);
}

void ltp_compile_costs(ltp_compile_context *c) {
    for (int o = 0; o < ltp_compile_organisation_count(c); o++)
        for (int k = 0; k < c->category.count; k++)
            cost_of(c, o, k);
}

/* Weight of a flow in its payee's volume: all payers and mechanisms but pass_through. */
static bool weighs(const ltp_compile_flow *flow, int organisation) {
    return flow->mechanism && !pass_through(flow) && flow->payee == organisation;
}

double ltp_compile_service_share(const ltp_compile_context *c, int organisation, int service) {
    double total = 0.0, part = 0.0;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!weighs(flow, organisation))
            continue;
        total += flow->amount;
        if (flow->service == service)
            part += flow->amount;
    }
    return total != 0.0 ? part / total : 0.0;
}

double ltp_compile_expected_price(ltp_compile_context *c, int category, int year) {
    char target[300];
    bool any;
    double index = 1.0;
    snprintf(target, sizeof target, "price.%s", ltp_compile_category_code(c, category));
    const double *mean = ltp_compile_target_mean(c, target, &any);
    for (int t = 1; t <= year && t <= c->year_count; t++)
        index *= 1.0 + mean[t - 1];
    return index;
}

/* --- the base year ties --- */

static double normalised(const ltp_compile_context *c, const char *code) {
    const ltp_table *table = COMPILE_TABLE(c, NORMALISATION);
    double sum = 0.0;
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(ltp_cell_at(table, r, LTP_NORMALISATION_CODE)->text, code) == 0)
            sum += ltp_compile_number(table, r, LTP_NORMALISATION_AMOUNT);
    return sum;
}

/* "-£10.000m". */
static const char *money(char buffer[48], double amount) {
    snprintf(buffer, 48, "%s£%.3fm", amount < -0.0005 ? "-" : "", fabs(amount));
    return buffer;
}

static void check_organisation(ltp_compile_context *c, int o, double recurrent, double all) {
    char said[48], found[48];
    const ltp_table *table = COMPILE_TABLE(c, ORGANISATIONS);
    const ltp_compile_party *party = ltp_compile_party_at(c, o);
    const ltp_cell *opening = ltp_cell_at(table, (size_t)o, LTP_ORGANISATIONS_OPENING_SURPLUS);
    const ltp_cell *reported = ltp_cell_at(table, (size_t)o, LTP_ORGANISATIONS_REPORTED_SURPLUS);
    const ltp_position at = reported->present ? reported->at : opening->at;
    const double reported_surplus = reported->present ? reported->number : opening->number;
    const double recurrent_miss = opening->present ? recurrent - opening->number : 0.0;
    if (!opening->present && !reported->present)
        return;
    if (fabs(recurrent_miss) > TIE)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, opening->at, "organisations: opening_surplus",
                            "figures that agree to £0.05m", NULL,
                            "the underlying surplus of '%s' is given as %s, but its recurrent flows sum to %s",
                            party->code, money(said, opening->number), money(found, recurrent));
    /* What the recurrent flows miss, all flows miss too: that is said once. */
    if (fabs(all - reported_surplus) > TIE && fabs(all - reported_surplus - recurrent_miss) > TIE)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, "organisations: reported_surplus",
                            "figures that agree to £0.05m", NULL,
                            "the reported surplus of '%s' is given as %s, but all its flows sum to %s", party->code,
                            money(said, reported_surplus), money(found, all));
    const double steps = normalised(c, party->code);
    if (opening->present && fabs(steps - (opening->number - reported_surplus)) > TIE)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, "normalisation: amount",
                            "lines that sum to opening - reported, to £0.05m", NULL,
                            "the normalisation of '%s' sums to %s, but opening - reported is %s", party->code,
                            money(said, steps), money(found, opening->number - reported_surplus));
}

void ltp_check_ledger(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, FLOWS);
    const int n = ltp_compile_organisation_count(c);
    double *recurrent = COMPILE_NEW(c, n, double), *all = COMPILE_NEW(c, n, double);
    for (int a = 0; a < c->allocation.count; a++) {
        const ltp_allocation *allocation = COMPILE_AT(c->allocation, ltp_allocation, a);
        recurrent[allocation->organisation] += allocation->amount[0];
        all[allocation->organisation] += allocation->amount[0];
    }
    for (size_t r = 0; r < table->row_count; r++) {
        int payer = ltp_compile_party_find(c, ltp_cell_at(table, r, LTP_FLOWS_PAYER)->text);
        int payee = ltp_compile_party_find(c, ltp_cell_at(table, r, LTP_FLOWS_PAYEE)->text);
        const double amount = ltp_compile_number(table, r, LTP_FLOWS_AMOUNT);
        const bool carries_on = ltp_compile_number(table, r, LTP_FLOWS_NATURE) == LTP_NATURE_RECURRENT;
        if (payer >= 0 && payer < n) {
            all[payer] -= amount;
            recurrent[payer] -= carries_on ? amount : 0.0;
        }
        if (payee >= 0 && payee < n) {
            all[payee] += amount;
            recurrent[payee] += carries_on ? amount : 0.0;
        }
    }
    for (int o = 0; o < n; o++)
        check_organisation(c, o, recurrent[o], all[o]);
}
