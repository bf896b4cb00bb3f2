/* The bridge's constants, base-year figures, and the lists handed over to the model and the roster. */
#include <math.h>
#include <string.h>

#include "models/bridge.h"
#include "sim/plan/compile.h"

int ltp_compile_price_line(const ltp_compile_context *c, int category) {
    return ltp_bridge_price_line(ltp_compile_category_code(c, category));
}

/* Demography alone up to year t: Π (1 + g_demo). */
static double demography(const ltp_compile_context *c, int activity, int year) {
    double index = 1.0;
    for (int t = 0; t < year; t++)
        index *= 1.0 + COMPILE_AT(c->activity, ltp_activity, activity)->demographic[t];
    return index;
}

static double demographic_level(const ltp_compile_context *c, const ltp_bridge *bridge, int o, int year) {
    const ltp_variant *variant = &c->variant[0];
    double level = 0.0, volume = variant->volume[o].entry_count ? 0.0 : 1.0;
    for (int k = 0; k < 1 + LTP_BRIDGE_PRICE_COUNT; k++) {
        const ltp_sum *cell = k == 0 ? &bridge->tariff[o] : &bridge->pass[o * LTP_BRIDGE_PRICE_COUNT + k - 1];
        for (int e = 0; e < cell->entry_count; e++) {
            const int pair = variant->line[cell->entry[e].line].pair;
            level += cell->entry[e].weight * demography(c, variant->pair_activity[pair], year);
        }
    }
    for (int e = 0; e < variant->volume[o].entry_count; e++) {
        const ltp_entry *entry = &variant->volume[o].entry[e];
        volume += entry->weight * demography(c, variant->pair_activity[entry->line], year);
    }
    for (int k = 0; k < c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(c->cost, ltp_cost, k);
        if (cost->organisation == o)
            level += cost->amount * (1.0 + cost->growth_share * (volume - 1.0));
    }
    return level;
}

static double given_blocks(const ltp_compile_context *c, int o, int year) {
    double sum = 0.0;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->mechanism && flow->mechanism->index == LTP_INDEX_BLOCK && flow->given)
            sum += ((flow->payer == o) - (flow->payee == o)) * flow->amount * (flow->given[year - 1] - 1.0);
    }
    return sum;
}

void ltp_compile_bridge(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, ORGANISATIONS);
    const int n = ltp_compile_organisation_count(c), years = c->year_count;
    double *reported = COMPILE_NEW(c, n, double), *normalisation = COMPILE_NEW(c, n, double);
    double *line = COMPILE_NEW(c, n * years, double), *level = COMPILE_NEW(c, n * years, double);
    double *block = COMPILE_NEW(c, n * years, double);
    ltp_bridge bridge = {0};
    ltp_compile_bridge_cells(c, &bridge.tariff, &bridge.pass);
    for (int o = 0; o < n; o++) {
        const ltp_cell *opening = ltp_cell_at(table, (size_t)o, LTP_ORGANISATIONS_OPENING_SURPLUS);
        const ltp_cell *surplus = ltp_cell_at(table, (size_t)o, LTP_ORGANISATIONS_REPORTED_SURPLUS);
        const double underlying = opening->present ? opening->number : 0.0;
        reported[o] = surplus->present ? -surplus->number : -underlying;
        normalisation[o] = -underlying - reported[o];
        const double base = demographic_level(c, &bridge, o, 0);
        for (int t = 1; t <= years; t++) {
            level[o * years + t - 1] = demographic_level(c, &bridge, o, t);
            line[o * years + t - 1] = level[o * years + t - 1] - base;
            block[o * years + t - 1] = given_blocks(c, o, t);
        }
    }
    bridge.reported = reported;
    bridge.normalisation = normalisation;
    bridge.demographic = line;
    bridge.demographic_level = level;
    bridge.block = block;
    c->bridge = bridge;
}

/* --- base-year figures --- */

static void add_standing(ltp_compile_context *c, const ltp_cell *status, double amount) {
    c->plan->standing[status->present ? (int)status->number : LTP_STANDING_COUNT] += fabs(amount);
}

static void add_baseline(ltp_compile_context *c, const char *name, const char *doc, const double *value) {
    ltp_baseline one = {.name = name, .unit = "£m", .doc = doc, .value = value};
    ltp_compile_push(c, &c->baseline, sizeof one, &one);
}

void ltp_compile_baseline(ltp_compile_context *c) {
    const ltp_table *flows = COMPILE_TABLE(c, FLOWS), *allocations = COMPILE_TABLE(c, ALLOCATIONS);
    const ltp_table *organisations = COMPILE_TABLE(c, ORGANISATIONS);
    const int n = ltp_compile_organisation_count(c);
    double *income = COMPILE_NEW(c, n, double), *cost = COMPILE_NEW(c, n, double);
    double *opening = COMPILE_NEW(c, n, double), *reported = COMPILE_NEW(c, n, double);
    double *loans = COMPILE_NEW(c, n, double);
    for (size_t r = 0; r < flows->row_count; r++)
        add_standing(c, ltp_cell_at(flows, r, LTP_FLOWS_STATUS), ltp_compile_number(flows, r, LTP_FLOWS_AMOUNT));
    for (size_t r = 0; r < allocations->row_count; r++)
        if (ltp_compile_number(allocations, r, LTP_ALLOCATIONS_YEAR) == 0.0)
            add_standing(c, ltp_cell_at(allocations, r, LTP_ALLOCATIONS_STATUS),
                         ltp_compile_number(allocations, r, LTP_ALLOCATIONS_AMOUNT));
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->payer < n)
            cost[flow->payer] += flow->amount;
        if (flow->payee < n)
            income[flow->payee] += flow->amount;
    }
    for (int a = 0; a < c->allocation.count; a++)
        income[COMPILE_AT(c->allocation, ltp_allocation, a)->organisation] +=
            COMPILE_AT(c->allocation, ltp_allocation, a)->amount[0];
    for (int o = 0; o < n; o++) {
        const ltp_cell *surplus = ltp_cell_at(organisations, (size_t)o, LTP_ORGANISATIONS_OPENING_SURPLUS);
        const ltp_cell *accounts = ltp_cell_at(organisations, (size_t)o, LTP_ORGANISATIONS_REPORTED_SURPLUS);
        opening[o] = surplus->present ? surplus->number : NAN;
        reported[o] = accounts->present ? accounts->number : opening[o];
        loans[o] = ltp_compile_number(organisations, (size_t)o, LTP_ORGANISATIONS_LOANS);
    }
    add_baseline(c, "income", "recurrent income of the base year, allocations included", income);
    add_baseline(c, "cost", "recurrent cost of the base year", cost);
    add_baseline(c, "opening_surplus", "underlying surplus of the base year", opening);
    add_baseline(c, "reported_surplus", "reported surplus of the base year", reported);
    add_baseline(c, "loans", "revenue loans at the end of the base year", loans);
    c->plan->baseline = c->baseline.item;
    c->plan->baseline_count = c->baseline.count;
}

/* --- roster: who has which row, and how large it is --- */

static void fill_presence(ltp_compile_context *c) {
    ltp_roster *roster = &c->plan->roster;
    const int n = ltp_compile_organisation_count(c);
    bool *present[LTP_QUANTITY_COUNT];
    double *scale[LTP_QUANTITY_COUNT];
    for (int q = 0; q <= LTP_QUANTITY_BRIDGE; q++) {
        const size_t items = roster->item_count[q], count = (size_t)n * items;
        present[q] = COMPILE_NEW(c, count, bool);
        scale[q] = COMPILE_NEW(c, count, double);
        const bool always = q != LTP_QUANTITY_ACTIVITY && q != LTP_QUANTITY_USE && q != LTP_QUANTITY_USE_STREAM;
        for (size_t k = 0; always && k < count; k++) {
            const double size = fabs(c->plan->baseline[0].value[k / items]);
            present[q][k] = true;
            scale[q][k] = size > 0.0 ? size : 1.0;
        }
    }
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow->mechanism)
            continue;
        const int ends[2] = {flow->payer, flow->payee};
        for (int e = 0; e < 2; e++) {
            if (ends[e] >= n)
                continue;
            const bool provider = ltp_compile_party_at(c, ends[e])->sector == LTP_SECTOR_PROVIDER;
            const int at = ends[e] * (int)roster->service.count + flow->service;
            if (flow->units > 0.0) {
                present[LTP_QUANTITY_ACTIVITY][at] = true;
                scale[LTP_QUANTITY_ACTIVITY][at] += flow->units;
            }
            if (provider == (e == 1)) {
                present[LTP_QUANTITY_USE][at] = true;
                scale[LTP_QUANTITY_USE][at] += fabs(flow->amount);
            }
            if (!provider && e == 0) {
                const int stream = ends[e] * LTP_STREAM_COUNT + flow->stream;
                present[LTP_QUANTITY_USE_STREAM][stream] = true;
                scale[LTP_QUANTITY_USE_STREAM][stream] += fabs(flow->amount);
            }
        }
    }
    for (int q = 0; q <= LTP_QUANTITY_BRIDGE; q++) {
        for (size_t k = 0; k < (size_t)n * roster->item_count[q]; k++)
            if (present[q][k] && scale[q][k] <= 0.0)
                scale[q][k] = 1.0;
        roster->present[q] = present[q];
        roster->scale[q] = scale[q];
    }
    for (int k = 0; k < c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(c->cost, ltp_cost, k);
        if (cost->bridge_line == LTP_BRIDGE_PAY)
            ltp_compile_present(c, LTP_QUANTITY_PAY, cost->organisation, 0, cost->amount);
    }
    for (int q = LTP_QUANTITY_BRIDGE + 1; q < LTP_QUANTITY_COUNT; q++) {
        roster->present[q] = c->present[q];
        roster->scale[q] = c->scale[q];
    }
}

void ltp_compile_present(ltp_compile_context *c, ltp_quantity q, int entity, int item, double scale) {
    const ltp_roster *roster = &c->plan->roster;
    const size_t items = roster->item_count[q], count = roster->level[ltp_quantity_level(q)].count * items;
    if (!c->present[q]) {
        c->present[q] = COMPILE_NEW(c, count, bool);
        c->scale[q] = COMPILE_NEW(c, count, double);
    }
    const size_t at = (size_t)entity * items + (size_t)item;
    c->present[q][at] = true;
    c->scale[q][at] = scale > 0.0 ? scale : 1.0;
}

static void fill_components(ltp_compile_context *c, ltp_model *model) {
    ltp_component *component = COMPILE_NEW(c, c->copula.component_count, ltp_component);
    for (size_t k = 0; k < c->copula.component_count; k++) {
        const ltp_copula_component *from = &c->copula.component[k];
        int *factor = COMPILE_NEW(c, from->count, int), last_year = 0;
        for (size_t m = 0; m < from->count; m++) {
            bool found;
            factor[m] = ltp_compile_intern(c, &c->factor_map,
                                           (ltp_compile_key){{(int)from->driver[m], LTP_SHARE_NATIONAL, 0}}, &found);
            if (!found) { /* nothing reads it, but the others' draws hang on it */
                const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, from->driver[m]);
                ltp_factor unread = {.stream = driver->stream, .persistence = driver->persistence, .copula = true};
                ltp_compile_push(c, &c->factor, sizeof unread, &unread);
            }
            const ltp_factor *one = COMPILE_AT(c->factor, ltp_factor, factor[m]);
            last_year = one->last_year > last_year ? one->last_year : last_year;
        }
        component[model->component_count++] = (ltp_component){.count = (int)from->count,
                                                              .factor = factor,
                                                              .first = from->first,
                                                              .later = from->later,
                                                              .last_year = last_year};
    }
    model->component = component;
}

static const int *first_of(ltp_compile_context *c, int count, int (*organisation)(const ltp_compile_context *, int)) {
    const int n = ltp_compile_organisation_count(c);
    int *first = COMPILE_NEW(c, n + 1, int);
    for (int k = 0; k < count; k++)
        first[organisation(c, k) + 1]++;
    for (int o = 0; o < n; o++)
        first[o + 1] += first[o];
    return first;
}

static int cost_organisation(const ltp_compile_context *c, int k) {
    return COMPILE_AT(c->cost, ltp_cost, k)->organisation;
}

static int allocation_organisation(const ltp_compile_context *c, int k) {
    return COMPILE_AT(c->allocation, ltp_allocation, k)->organisation;
}

static void fill_lists(ltp_compile_context *c, ltp_model *model) {
#define HAND_OVER(field, list) (model->field##_count = (list).count, model->field = (list).item)
    HAND_OVER(factor, c->factor);
    HAND_OVER(value, c->value);
    HAND_OVER(event, c->event_row);
    HAND_OVER(variable, c->variable);
    HAND_OVER(activity, c->activity);
    HAND_OVER(price, c->price);
    HAND_OVER(rate, c->rate);
    HAND_OVER(allocation, c->allocation);
    HAND_OVER(lambda, c->lambda);
    HAND_OVER(held, c->held);
    HAND_OVER(action, c->action);
    HAND_OVER(combination, c->combination);
    HAND_OVER(cost, c->cost);
    HAND_OVER(profile, c->profile);
    HAND_OVER(cash, c->cash);
#undef HAND_OVER
    int *price = COMPILE_NEW(c, c->held_price.count, int), *year = COMPILE_NEW(c, c->held_price.count, int);
    for (int k = 0; k < c->held_price.count; k++) {
        price[k] = ((const int *)c->held_price.item)[2 * k];
        year[k] = ((const int *)c->held_price.item)[2 * k + 1];
    }
    model->held_price_count = c->held_price.count;
    model->held_price = price;
    model->held_price_year = year;
}

/* Which row of lambda settles each fixed contract; flows stand in canonical order. */
static void fill_settled(ltp_compile_context *c) {
    ltp_settled_contract *settled = COMPILE_NEW(c, c->flow.count, ltp_settled_contract);
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->mechanism && flow->mechanism->index == LTP_INDEX_LAMBDA)
            settled[c->plan->settled_count++] =
                (ltp_settled_contract){.payer = ltp_compile_party_at(c, flow->payer)->code,
                                       .payee = ltp_compile_party_at(c, flow->payee)->code,
                                       .service = c->plan->roster.service.code[flow->service],
                                       .lambda = flow->index};
    }
    c->plan->settled = settled;
}

void ltp_compile_finish(ltp_compile_context *c) {
    ltp_model *model = &c->plan->model;
    fill_settled(c);
    fill_presence(c);
    ltp_compile_plan_lines(c);
    fill_components(c, model);
    fill_lists(c, model);
    model->year_count = c->year_count;
    model->seed = c->scenario->seed;
    model->sampling = c->scenario->sampling;
    model->organisation_count = ltp_compile_organisation_count(c);
    model->party_count = c->party.count;
    model->service_count = (int)c->plan->roster.service.count;
    model->stream_count = LTP_STREAM_COUNT;
    model->centre = c->centre;
    model->suppliers = c->suppliers;
    model->sector = c->plan->roster.sector;
    model->present = c->plan->roster.present;
    model->variant_count = c->variant_count;
    model->variant = c->variant;
    model->layer_count = (int)c->plan->roster.layer.count;
    model->layer = c->layer;
    model->use_count = c->use_count;
    model->income_count = c->income_count;
    model->activity_cell_count = c->activity_count;
    model->use_first = c->use_first;
    model->income_first = c->income_first;
    model->cost_first = first_of(c, c->cost.count, cost_organisation);
    model->allocation_first = first_of(c, c->allocation.count, allocation_organisation);
    model->bridge = c->bridge;
    model->wanted = (UINT64_C(1) << LTP_QUANTITY_COUNT) - 1;
    model->floors = c->floors;
    model->price_moved = (ltp_moved){.count = c->price_moved.thing.count, .thing = c->price_moved.thing.item};
    model->workforce = c->workforce;
    model->capital = c->capital;
    model->trajectories = c->trajectories;
    model->releases = c->releases;
    model->lasting_action_count = c->lasting_action_count;
    model->lasting_combination_count = c->lasting_combination_count;
    model->money_action_count = c->money_action_count;
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++)
        model->row_count[q] =
            (int)(c->plan->roster.level[ltp_quantity_level((ltp_quantity)q)].count * c->plan->roster.item_count[q]);
}
