/* Flows: what each is paid by, whose patients it follows, and the cells it is added up in. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile.h"

static void flow_problem(ltp_compile_context *c, size_t row, int column, const char *key, const char *expected,
                         const char *format, const char *a, const char *b) {
    const ltp_table *table = COMPILE_TABLE(c, FLOWS);
    const ltp_cell *cell = ltp_cell_at(table, row, column);
    ltp_compile_problem(c, LTP_SEVERITY_ERROR, cell->at.line ? cell->at : table->row[row].at, key, expected, NULL,
                        format, a, b);
}

/* Stream that pays a flow: as given, else by service and payer. */
static int stream_of(const ltp_compile_context *c, size_t row, const ltp_compile_party *payer, int service) {
    const ltp_cell *cell = ltp_cell_at(COMPILE_TABLE(c, FLOWS), row, LTP_FLOWS_STREAM);
    if (cell->present)
        return (int)cell->number;
    if (payer->kind == LTP_ORGANISATION_KIND_SPECIALISED)
        return LTP_STREAM_SPECIALISED;
    if (payer->kind == LTP_ORGANISATION_KIND_DIRECT)
        return LTP_STREAM_DIRECT;
    if (service >= 0 && strcmp(c->plan->roster.service.code[service], "primary_medical") == 0)
        return LTP_STREAM_PRIMARY_MEDICAL;
    return LTP_STREAM_CORE;
}

/* A provider's or partner's payment outside without a mechanism is its own cost. */
static bool is_own_cost(const ltp_compile_party *payer, const ltp_compile_party *payee) {
    return payer->modelled && payer->sector != LTP_SECTOR_COMMISSIONER && !payee->modelled;
}

/* False unless it is a sound recurrent flow. */
static bool read_flow(ltp_compile_context *c, size_t row, ltp_compile_flow *flow) {
    const ltp_table *table = COMPILE_TABLE(c, FLOWS);
    const ltp_cell *service = ltp_cell_at(table, row, LTP_FLOWS_SERVICE);
    const ltp_cell *category = ltp_cell_at(table, row, LTP_FLOWS_CATEGORY);
    const ltp_cell *mechanism = ltp_cell_at(table, row, LTP_FLOWS_MECHANISM);
    *flow = (ltp_compile_flow){.row = row,
                               .payer = ltp_compile_party_find(c, ltp_cell_at(table, row, LTP_FLOWS_PAYER)->text),
                               .payee = ltp_compile_party_find(c, ltp_cell_at(table, row, LTP_FLOWS_PAYEE)->text),
                               .service = service->present ? ltp_compile_service_find(c, service->text) : -1,
                               .category = category->present ? ltp_compile_category_find(c, category->text) : -1,
                               .amount = ltp_compile_number(table, row, LTP_FLOWS_AMOUNT),
                               .units = ltp_compile_number(table, row, LTP_FLOWS_ACTIVITY),
                               .mechanism = mechanism->present ? ltp_mechanism_find(mechanism->text) : NULL,
                               .mechanism_id = mechanism->present ? (int)mechanism->number : -1,
                               .activity = -1,
                               .index = -1,
                               .use = -1,
                               .income = -1,
                               .floor = -1};
    if (flow->payer < 0 || flow->payee < 0 || (service->present && flow->service < 0) ||
        (category->present && flow->category < 0))
        return false; /* the reader has named the unknown code */
    const ltp_compile_party *payer = ltp_compile_party_at(c, flow->payer),
                            *payee = ltp_compile_party_at(c, flow->payee);
    const bool recurrent = ltp_compile_number(table, row, LTP_FLOWS_NATURE) == LTP_NATURE_RECURRENT;
    flow->stream = stream_of(c, row, payer, flow->service);
    if (flow->payer == flow->payee)
        flow_problem(c, row, LTP_FLOWS_PAYEE, "flows: payee", "another party", "'%s' pays itself%s", payer->code, "");
    else if (!payer->modelled && !payee->modelled)
        flow_problem(c, row, LTP_FLOWS_PAYEE, "flows: payee", "an organisation at one end at least",
                     "both '%s' and '%s' are outside the accounts", payer->code, payee->code);
    else if (!recurrent)
        return false; /* only recurrent flows carry on; the others are checked in the ledger */
    else if (is_own_cost(payer, payee) && flow->mechanism)
        flow_problem(c, row, LTP_FLOWS_MECHANISM, "flows: mechanism", "an empty cell",
                     "'%s' pays '%s' outside: that is its own cost, which follows volume and prices", payer->code,
                     payee->code);
    else if (is_own_cost(payer, payee) && flow->category < 0)
        flow_problem(c, row, LTP_FLOWS_CATEGORY, "flows: category", "a category of categories.csv",
                     "the cost that '%s' pays to '%s' has no category", payer->code, payee->code);
    else if (!is_own_cost(payer, payee) && !flow->mechanism)
        flow_problem(c, row, LTP_FLOWS_MECHANISM, "flows: mechanism", "activity, blended, block, pass_through or fixed",
                     "the payment of '%s' to '%s' has no mechanism", payer->code, payee->code);
    else if (!is_own_cost(payer, payee) && flow->service < 0)
        flow_problem(c, row, LTP_FLOWS_SERVICE, "flows: service", "a service of services.csv",
                     "the payment of '%s' to '%s' has no service", payer->code, payee->code);
    else if (!payee->modelled && flow->category < 0 &&
             (flow->mechanism_id == LTP_MECHANISM_PASS_THROUGH || flow->mechanism_id == LTP_MECHANISM_FIXED))
        flow_problem(c, row, LTP_FLOWS_CATEGORY, "flows: category", "a category, whose price such a payment follows",
                     "the payment of '%s' to '%s' outside has no category", payer->code, payee->code);
    else
        return true;
    return false;
}

/* --- canonical order: by payer, payee, service, category, stream; never by row --- */

static const ltp_compile_context *sorting; /* loading is single-threaded */

static const char *service_code(const ltp_compile_context *c, int service) {
    return service < 0 ? "" : c->plan->roster.service.code[service];
}

static int by_codes(const void *a, const void *b) {
    const ltp_compile_flow *x = a, *y = b;
    int order = strcmp(ltp_compile_party_at(sorting, x->payer)->code, ltp_compile_party_at(sorting, y->payer)->code);
    if (!order)
        order = strcmp(ltp_compile_party_at(sorting, x->payee)->code, ltp_compile_party_at(sorting, y->payee)->code);
    if (!order)
        order = strcmp(service_code(sorting, x->service), service_code(sorting, y->service));
    if (!order)
        order =
            strcmp(ltp_compile_category_code(sorting, x->category), ltp_compile_category_code(sorting, y->category));
    return order ? order : x->stream - y->stream;
}

/* --- what each mechanism follows --- */

int ltp_compile_price(ltp_compile_context *c, int category, int party) {
    char name[300];
    snprintf(name, sizeof name, "price.%s", ltp_compile_category_code(c, category));
    char *target = COMPILE_NEW(c, strlen(name) + 1, char);
    strcpy(target, name);
    int variable =
        ltp_compile_variable(c, (const char *const *)&target, 1, ltp_compile_party_at(c, party)->place, party);
    bool found;
    int at = ltp_compile_intern(c, &c->price_map, (ltp_compile_key){{variable}}, &found);
    if (!found) {
        ltp_price price = {.variable = variable};
        ltp_compile_push(c, &c->price, sizeof price, &price);
    }
    return at;
}

/* Cost-weighted mean of the price drivers' expectations: all base recurrent cost of modelled providers. */
static const double *weighted_uplift(ltp_compile_context *c) {
    if (c->weighted_uplift)
        return c->weighted_uplift;
    double *uplift = COMPILE_NEW(c, c->year_count, double), total = 0.0;
    double *cost = COMPILE_NEW(c, c->category.count, double);
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->mechanism || ltp_compile_party_at(c, flow->payer)->sector != LTP_SECTOR_PROVIDER)
            continue;
        cost[flow->category] += flow->amount;
        total += flow->amount;
    }
    for (int k = 0; total > 0.0 && k < c->category.count; k++) {
        char target[300];
        bool any;
        snprintf(target, sizeof target, "price.%s", ltp_compile_category_code(c, k));
        const double *mean = ltp_compile_target_mean(c, target, &any);
        for (int t = 0; t < c->year_count; t++)
            uplift[t] += cost[k] / total * mean[t];
    }
    return c->weighted_uplift = uplift;
}

static void check_uplift(ltp_compile_context *c) {
    bool any;
    const double *given = ltp_compile_target_mean(c, "tariff.uplift", &any), *weighted = weighted_uplift(c);
    char years[LTP_ERROR_TEXT - 200] = "";
    size_t used = 0;
    for (int t = 1; any && t <= c->year_count && used < sizeof years; t++)
        if (fabs(given[t - 1] - weighted[t - 1]) > 0.002)
            used += (size_t)snprintf(years + used, sizeof years - used, "%s%s: %.2f%% against %.2f%%", used ? "; " : "",
                                     c->scenario->year_label[t], 100 * given[t - 1], 100 * weighted[t - 1]);
    if (used)
        ltp_compile_problem(
            c, LTP_SEVERITY_WARNING, (ltp_position){.file = COMPILE_TABLE(c, DRIVERS)->file}, "tariff.uplift", NULL,
            NULL, "the given uplift differs from cost-weighted inflation by more than 0.2 points in %s", years);
}

static int tariff_rate(ltp_compile_context *c, int place, int party) {
    static const char *const uplift = "tariff.uplift", *const error = "tariff.error",
                             *const efficiency = "tariff.efficiency";
    ltp_rate rate = {.uplift = ltp_compile_variable(c, &uplift, 1, place, party),
                     .error = ltp_compile_variable(c, &error, 1, place, party),
                     .efficiency = ltp_compile_variable(c, &efficiency, 1, place, party),
                     .computed_uplift = weighted_uplift(c)};
    bool found;
    int at = ltp_compile_intern(c, &c->rate_map, (ltp_compile_key){{rate.uplift, rate.error, rate.efficiency}}, &found);
    if (!found)
        ltp_compile_push(c, &c->rate, sizeof rate, &rate);
    return at;
}

static int activity_row(ltp_compile_context *c, const ltp_compile_flow *flow) {
    const int place = ltp_compile_party_at(c, flow->payer)->place;
    bool found;
    int at = ltp_compile_intern(c, &c->activity_map, (ltp_compile_key){{place, flow->payee, flow->service}}, &found);
    if (found)
        return at;
    char name[300];
    snprintf(name, sizeof name, "demand.%s", service_code(c, flow->service));
    char *target = COMPILE_NEW(c, strlen(name) + 1, char);
    strcpy(target, name);
    int variable = ltp_compile_variable(c, (const char *const *)&target, 1, place, flow->payee);
    const double *demographic = ltp_compile_demography(c, place, flow->service);
    double *growth = COMPILE_NEW(c, c->year_count, double);
    for (int t = 0; t < c->year_count; t++) {
        double expected = variable >= 0 ? COMPILE_AT(c->variable, ltp_variable, variable)->expected[t] : 0.0;
        growth[t] = (1.0 + demographic[t]) * (1.0 + expected);
    }
    ltp_activity activity = {.variable = variable, .demographic = demographic, .plan_growth = growth};
    ltp_compile_push(c, &c->activity, sizeof activity, &activity);
    return at;
}

static void block_index(ltp_compile_context *c, ltp_compile_flow *flow) {
    const ltp_table *table = COMPILE_TABLE(c, FLOWS);
    const ltp_compile_party *payer = ltp_compile_party_at(c, flow->payer);
    double *index = COMPILE_NEW(c, c->year_count, double), now = 1.0;
    int given = 0, last_missing = 0;
    ltp_position at = table->row[flow->row].at;
    for (int t = 1; t <= c->year_count; t++) {
        const ltp_cell *cell = ltp_cell_year(table, flow->row, LTP_FLOWS_UPLIFT, t);
        bool present = cell && cell->present;
        at = present && !given ? cell->at : at;
        given += present;
        last_missing = present ? last_missing : t;
        index[t - 1] = now *= 1.0 + (present ? cell->number : 0.0);
    }
    if (given == c->year_count) {
        flow->given = index;
        return;
    }
    if (given > 0) {
        char key[32];
        snprintf(key, sizeof key, "flows: uplift_%s", c->scenario->year_label[last_missing]);
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, at, key, "an uplift in every year, or in none", NULL,
                            "the block of '%s' has uplifts, but none in %s", payer->code,
                            c->scenario->year_label[last_missing]);
        return;
    }
    flow->index = ltp_compile_allocation_find(c, flow->payer, flow->stream);
    c->muted |= c->flawed[LTP_TABLE_ALLOCATIONS];
    if (flow->index < 0) {
        flow_problem(c, flow->row, LTP_FLOWS_PAYER, "flows: uplift_",
                     "an uplift_YYYY/YY for every year, or an allocation of the payer that the block can follow",
                     "the block paid by '%s' has no uplift, and its payer has no %s allocation", payer->code,
                     c->plan->roster.stream.code[flow->stream]);
        return;
    }
    ltp_allocation *allocation = COMPILE_AT(c->allocation, ltp_allocation, flow->index);
    allocation->indexed = true;
    if (allocation->amount[0] == 0.0)
        flow_problem(c, flow->row, LTP_FLOWS_PAYER, "flows: mechanism", "a base-year allocation above 0",
                     "the block of '%s' follows the %s allocation, which is 0 in the base year", payer->code,
                     c->plan->roster.stream.code[flow->stream]);
}

static size_t contract_row(const ltp_compile_context *c, const ltp_compile_flow *flow, int year) {
    const ltp_table *table = COMPILE_TABLE(c, CONTRACTS);
    const char *payer = ltp_compile_party_at(c, flow->payer)->code, *payee = ltp_compile_party_at(c, flow->payee)->code;
    for (size_t r = 0; r < table->row_count; r++)
        if (ltp_compile_number(table, r, LTP_CONTRACTS_YEAR) == year &&
            strcmp(ltp_cell_at(table, r, LTP_CONTRACTS_PAYER)->text, payer) == 0 &&
            strcmp(ltp_cell_at(table, r, LTP_CONTRACTS_PAYEE)->text, payee) == 0 &&
            strcmp(ltp_cell_at(table, r, LTP_CONTRACTS_SERVICE)->text, service_code(c, flow->service)) == 0)
            return r;
    return SIZE_MAX;
}

static void fixed_amounts(ltp_compile_context *c, ltp_compile_flow *flow) {
    static const char *const target = "contract.lambda";
    const ltp_table *table = COMPILE_TABLE(c, CONTRACTS);
    double *payer_amount = COMPILE_NEW(c, c->year_count, double), *more = COMPILE_NEW(c, c->year_count, double);
    c->muted |= table->flawed;
    for (int t = 1; t <= c->year_count; t++) {
        size_t row = contract_row(c, flow, t);
        if (row == SIZE_MAX) {
            flow_problem(c, flow->row, LTP_FLOWS_MECHANISM, "flows: mechanism", "a row of contracts.csv for every year",
                         "the fixed payment of '%s' has no contract in %s", ltp_compile_party_at(c, flow->payer)->code,
                         c->scenario->year_label[t]);
            continue;
        }
        const ltp_cell *payer = ltp_cell_at(table, row, LTP_CONTRACTS_PAYER_AMOUNT);
        const ltp_cell *payee = ltp_cell_at(table, row, LTP_CONTRACTS_PAYEE_AMOUNT);
        if (!payer->present && !payee->present)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[row].at, "contracts: payer_amount",
                                "an amount of one side at least", NULL, "the contract of %s has no amount",
                                c->scenario->year_label[t]);
        payer_amount[t - 1] = payer->present ? payer->number : payee->number;
        more[t - 1] = payer->present && payee->present ? payee->number - payer->number : 0.0;
    }
    flow->given = payer_amount;
    flow->other = more;
    int variable = ltp_compile_variable(c, &target, 1, ltp_compile_party_at(c, flow->payer)->place, flow->payer);
    bool found;
    flow->index = ltp_compile_intern(c, &c->lambda_map, (ltp_compile_key){{variable}}, &found);
    if (!found)
        ltp_compile_push(c, &c->lambda, sizeof variable, &variable);
}

static void refuse_uplift(ltp_compile_context *c, size_t row, const char *format, const char *what) {
    for (int t = 1; t <= c->year_count; t++) {
        const ltp_cell *uplift = ltp_cell_year(COMPILE_TABLE(c, FLOWS), row, LTP_FLOWS_UPLIFT, t);
        char key[32];
        if (!uplift->present)
            continue;
        snprintf(key, sizeof key, "flows: uplift_%s", c->scenario->year_label[t]);
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, uplift->at, key, "an empty cell", NULL, format, what, "");
        return;
    }
}

/* A provider's own cost follows volume and prices: what belongs to payments is no part of it. */
static void check_own_cost(ltp_compile_context *c, const ltp_compile_flow *flow) {
    const ltp_cell *share = ltp_cell_at(COMPILE_TABLE(c, FLOWS), flow->row, LTP_FLOWS_VARIABLE_SHARE);
    refuse_uplift(c, flow->row, "the cost of '%s' follows its prices; it takes no uplift%s",
                  ltp_compile_party_at(c, flow->payer)->code);
    if (share->present && !share->defaulted)
        flow_problem(c, flow->row, LTP_FLOWS_VARIABLE_SHARE, "flows: variable_share",
                     "an empty cell; categories.csv says how cost varies", "the cost of '%s' has no variable share%s",
                     ltp_compile_party_at(c, flow->payer)->code, "");
}

static void check_used(ltp_compile_context *c, const ltp_compile_flow *flow) {
    const ltp_table *table = COMPILE_TABLE(c, FLOWS), *services = COMPILE_TABLE(c, SERVICES);
    const ltp_cell *share = ltp_cell_at(table, flow->row, LTP_FLOWS_VARIABLE_SHARE);
    const bool blended = strcmp(flow->mechanism->name, "blended") == 0;
    const ltp_cell *basis = ltp_cell_at(table, flow->row, LTP_FLOWS_PLAN_BASIS);
    if (flow->mechanism->tariff && services->row_count && !services->flawed &&
        ltp_compile_number(services, (size_t)flow->service, LTP_SERVICES_TARIFF) == 0.0)
        flow_problem(c, flow->row, LTP_FLOWS_MECHANISM, "flows: mechanism", "block, pass_through or fixed",
                     "service '%s' is not under tariff, so it cannot be paid by %s", service_code(c, flow->service),
                     flow->mechanism->name);
    if (!blended && share->present && !share->defaulted)
        flow_problem(c, flow->row, LTP_FLOWS_VARIABLE_SHARE, "flows: variable_share", "an empty cell",
                     "mechanism %s has no variable share%s", flow->mechanism->name, "");
    if (!blended && basis->present && !basis->defaulted && basis->number != LTP_PLAN_BASIS_ANNUAL)
        flow_problem(c, flow->row, LTP_FLOWS_PLAN_BASIS, "flows: plan_basis", "an empty cell",
                     "mechanism %s has no activity plan%s", flow->mechanism->name, "");
    if (strcmp(flow->mechanism->name, "block") != 0)
        refuse_uplift(c, flow->row, "mechanism %s takes no uplift%s", flow->mechanism->name);
}

static void link_flow(ltp_compile_context *c, ltp_compile_flow *flow) {
    const ltp_compile_party *payee = ltp_compile_party_at(c, flow->payee);
    const int member = payee->modelled ? flow->payee : flow->payer;
    const bool to_provider = payee->modelled && payee->sector != LTP_SECTOR_COMMISSIONER;
    check_used(c, flow);
    if (flow->mechanism->follows_activity || flow->units > 0.0 || to_provider)
        flow->activity = activity_row(c, flow);
    switch (flow->mechanism->index) {
    case LTP_INDEX_RATE:
        flow->index = tariff_rate(c, ltp_compile_party_at(c, member)->place, member);
        break;
    case LTP_INDEX_PRICE:
        if (flow->category < 0)
            flow->category = ltp_compile_category_find(c, "drugs");
        flow->index = ltp_compile_price(c, flow->category, member);
        break;
    case LTP_INDEX_BLOCK:
        block_index(c, flow);
        break;
    case LTP_INDEX_LAMBDA:
        fixed_amounts(c, flow);
        break;
    }
    if (strcmp(flow->mechanism->name, "blended") == 0) {
        const ltp_table *table = COMPILE_TABLE(c, FLOWS);
        flow->share = ltp_compile_number(table, flow->row, LTP_FLOWS_VARIABLE_SHARE);
        flow->base_plan = ltp_compile_number(table, flow->row, LTP_FLOWS_PLAN_BASIS) == LTP_PLAN_BASIS_BASE;
        double *plan = COMPILE_NEW(c, c->year_count, double), now = 1.0;
        for (int t = 0; t < c->year_count; t++)
            plan[t] = now *= COMPILE_AT(c->activity, ltp_activity, flow->activity)->plan_growth[t];
        flow->plan_base = flow->base_plan ? plan : NULL;
    }
}

/* Two fixed flows between one pair for one service would both claim the same contract. */
static void check_fixed_twice(ltp_compile_context *c) {
    const ltp_compile_flow *last = NULL;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow->mechanism || strcmp(flow->mechanism->name, "fixed") != 0)
            continue;
        if (last && last->payer == flow->payer && last->payee == flow->payee && last->service == flow->service)
            flow_problem(c, flow->row, LTP_FLOWS_MECHANISM, "flows: mechanism", "one fixed flow a pair and service",
                         "a second fixed flow from '%s' for %s would be paid by the same contract",
                         ltp_compile_party_at(c, flow->payer)->code, service_code(c, flow->service));
        last = flow;
    }
}

/* Both sides' figures of other flows wait for triangulation. */
static void note_unlisted_contracts(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, CONTRACTS);
    for (size_t r = 0; r < table->row_count; r++) {
        const int payer = ltp_compile_party_find(c, ltp_cell_at(table, r, LTP_CONTRACTS_PAYER)->text);
        const int payee = ltp_compile_party_find(c, ltp_cell_at(table, r, LTP_CONTRACTS_PAYEE)->text);
        const int service = ltp_compile_service_find(c, ltp_cell_at(table, r, LTP_CONTRACTS_SERVICE)->text);
        bool fixed = false;
        for (int f = 0; f < c->flow.count && !fixed; f++) {
            const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
            fixed = flow->mechanism && flow->mechanism->index == LTP_INDEX_LAMBDA && flow->payer == payer &&
                    flow->payee == payee && flow->service == service;
        }
        if (!fixed) {
            ltp_compile_unmodelled(
                c, "contracts.csv: both sides' figures of flows that are not fixed are listed by triangulate, "
                   "not simulated");
            return;
        }
    }
}

/* A contract between two parties, for a service, that no flow pays moves nothing and compares with nothing. */
static void check_contracts(ltp_compile_context *c) {
    const ltp_table *contracts = COMPILE_TABLE(c, CONTRACTS);
    for (size_t r = 0; r < contracts->row_count; r++) {
        const ltp_cell *service = ltp_cell_at(contracts, r, LTP_CONTRACTS_SERVICE);
        const int payer = ltp_compile_party_find(c, ltp_cell_at(contracts, r, LTP_CONTRACTS_PAYER)->text);
        const int payee = ltp_compile_party_find(c, ltp_cell_at(contracts, r, LTP_CONTRACTS_PAYEE)->text);
        const int wanted = service->present ? ltp_compile_service_find(c, service->text) : -1;
        bool found = payer < 0 || payee < 0;
        for (int f = 0; f < c->flow.count && !found; f++) {
            const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
            found = flow->mechanism && flow->payer == payer && flow->payee == payee && flow->service == wanted;
        }
        if (!found)
            ltp_compile_problem(c, LTP_SEVERITY_WARNING, contracts->row[r].at, "contracts", NULL, NULL,
                                "no flow is paid by '%s' to '%s' for %s, so the contract moves nothing",
                                ltp_compile_party_at(c, payer)->code, ltp_compile_party_at(c, payee)->code,
                                service->present ? service->text : "an empty service");
    }
}

void ltp_compile_flows(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, FLOWS);
    for (size_t r = 0; r < table->row_count; r++) {
        ltp_compile_flow flow;
        c->muted = !ltp_compile_row_sound(c, table, r);
        if (read_flow(c, r, &flow))
            ltp_compile_push(c, &c->flow, sizeof flow, &flow);
    }
    c->muted = false;
    sorting = c;
    if (c->flow.count)
        qsort(c->flow.item, (size_t)c->flow.count, sizeof(ltp_compile_flow), by_codes);
    ltp_compile_judge(c, COMPILE_BIT(DRIVERS) | COMPILE_BIT(EVENTS) | COMPILE_BIT(FLOWS) | COMPILE_BIT(CATEGORIES));
    check_uplift(c);
    c->muted = false;
    check_fixed_twice(c);
    note_unlisted_contracts(c);
    for (int f = 0; f < c->flow.count; f++) {
        ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        c->muted = !ltp_compile_row_sound(c, table, flow->row);
        if (flow->mechanism)
            link_flow(c, flow);
        else
            check_own_cost(c, flow);
    }
    ltp_compile_judge(c, COMPILE_BIT(FLOWS) | COMPILE_BIT(CONTRACTS));
    check_contracts(c);
    c->muted = false;
}
