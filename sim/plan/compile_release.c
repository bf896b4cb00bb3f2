/* What programmes release: which cost lines release cash in each layer, what benchmarks open, which activity is
 * avoided, and how much of each programme is in place. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile_layer.h"

static bool is_provider(const ltp_compile_context *c, int organisation) {
    return ltp_compile_party_at(c, organisation)->sector == LTP_SECTOR_PROVIDER;
}

/* £m of recurrent cost in the base year, pass-through included. */
static double base_cost(const ltp_compile_context *c, int organisation) {
    double sum = 0.0;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->payer == organisation)
            sum += flow->amount;
    }
    return sum;
}

/* --- cash --- */

/* Whether anything of the action is gone after its first year. */
static bool reverses(const ltp_compile_context *c, const ltp_action *action) {
    for (int n = 0; n < action->tranche_count; n++) {
        const ltp_held *held = COMPILE_AT(c->held, ltp_held, action->tranche[n].recurrent);
        if (held->value >= 0 || held->constant != 1.0)
            return true;
    }
    return false;
}

/* Gives rows to the recurrent part of a combination, where it differs from the whole. */
static void need_lasting(ltp_compile_context *c, int index) {
    ltp_combination *combination = COMPILE_AT(c->combination, ltp_combination, index);
    bool any = false;
    for (int g = 0; g < combination->overlap_count; g++)
        for (int a = 0; a < combination->overlap[g].action_count; a++) {
            ltp_action *action = COMPILE_AT(c->action, ltp_action, combination->overlap[g].action[a]);
            if (!reverses(c, action))
                continue;
            any = true;
            if (action->lasting < 0)
                action->lasting = c->lasting_action_count++;
        }
    if (any && !combination->money && combination->lasting < 0)
        combination->lasting = c->lasting_combination_count++;
}

static void cash_of_layer(ltp_compile_context *c, int layer, ltp_release_layer *to) {
    ltp_compile_list line = {0}, span = {0};
    int held = 0;
    for (int k = 0; k < c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(c->cost, ltp_cost, k);
        const int combination = is_provider(c, cost->organisation)
                                    ? ltp_compile_combination_of(c, TOUCH_COST, k, layer, COMPILE_ONLY_CASH)
                                    : -1;
        if (combination < 0)
            continue;
        need_lasting(c, combination);
        const bool money = COMPILE_AT(c->combination, ltp_combination, combination)->money;
        ltp_release_line one = {.cost = k, .combination = combination, .held = money ? held++ : -1};
        const int at = ltp_compile_push(c, &line, sizeof one, &one);
        ltp_release_span *last = span.count ? COMPILE_AT(span, ltp_release_span, span.count - 1) : NULL;
        if (last && last->organisation == cost->organisation) {
            last->count++;
            continue;
        }
        ltp_release_span first = {.organisation = cost->organisation, .first = at, .count = 1};
        ltp_compile_push(c, &span, sizeof first, &first);
    }
    to->span_count = span.count;
    to->span = span.item;
    to->line = line.item;
    c->releases.cash |= span.count > 0;
    c->releases.held_count = held > c->releases.held_count ? held : c->releases.held_count;
}

static void list_providers(ltp_compile_context *c) {
    const int n = ltp_compile_organisation_count(c);
    int *provider = COMPILE_NEW(c, n, int), count = 0;
    double *cost = COMPILE_NEW(c, n, double);
    for (int o = 0; c->releases.cash && o < n; o++) {
        const double base = is_provider(c, o) ? base_cost(c, o) : 0.0;
        if (base <= 0.0)
            continue;
        provider[count] = o;
        cost[count++] = base;
        ltp_compile_present(c, LTP_QUANTITY_CASH_RELEASED, o, 0, base);
        ltp_compile_present(c, LTP_QUANTITY_NON_RECURRENT, o, 0, base);
        ltp_compile_present(c, LTP_QUANTITY_COST_LAST_YEAR, o, 0, base);
    }
    c->releases.provider_count = count;
    c->releases.provider = provider;
    c->releases.base_cost = cost;
}

/* --- variation --- */

static const ltp_sum *spending_rows(ltp_compile_context *c) {
    ltp_sum *sum = COMPILE_NEW(c, c->open_spending.count, ltp_sum);
    for (int k = 0; k < c->open_spending.count; k++) {
        const ltp_compile_open *open = COMPILE_AT(c->open_spending, ltp_compile_open, k);
        ltp_entry *entry = COMPILE_NEW(c, c->flow.count, ltp_entry);
        sum[k] = (ltp_sum){.party = open->on, .service = open->service, .stream = -1, .entry = entry};
        for (int f = 0; f < c->flow.count; f++) {
            const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
            if (flow->mechanism && flow->mechanism->follows_activity && flow->activity >= 0 &&
                flow->payer == open->on && flow->service == open->service)
                entry[sum[k].entry_count++] = (ltp_entry){.line = flow->line[0], .weight = flow->amount};
        }
    }
    return sum;
}

/* Lines of one organisation one after another, a line with several benchmarks once. */
static void list_openings(ltp_compile_context *c) {
    const int n = ltp_compile_organisation_count(c);
    ltp_compile_list opening = {0}, cost = {0}, spending = {0};
    for (int o = 0; o < n; o++) {
        ltp_opening one = {.organisation = o, .cost_first = cost.count, .spending_first = spending.count};
        for (int k = 0; k < c->cost.count; k++) {
            ltp_open_share share = {.on = k};
            bool any = false;
            for (int i = 0; COMPILE_AT(c->cost, ltp_cost, k)->organisation == o && i < c->open_cost.count; i++) {
                const ltp_compile_open *open = COMPILE_AT(c->open_cost, ltp_compile_open, i);
                any |= open->on == k;
                share.open += open->on == k ? open->share : 0.0;
            }
            if (any)
                ltp_compile_push(c, &cost, sizeof share, &share);
        }
        for (int i = 0; i < c->open_spending.count; i++) {
            const ltp_compile_open *open = COMPILE_AT(c->open_spending, ltp_compile_open, i);
            ltp_open_share share = {.on = i, .open = open->share};
            if (open->on == o)
                ltp_compile_push(c, &spending, sizeof share, &share);
        }
        one.cost_count = cost.count - one.cost_first;
        one.spending_count = spending.count - one.spending_first;
        if (one.cost_count + one.spending_count == 0)
            continue;
        ltp_compile_push(c, &opening, sizeof one, &one);
        const double size = base_cost(c, o);
        ltp_compile_present(c, LTP_QUANTITY_VARIATION_OPENING, o, 0, size);
        ltp_compile_present(c, LTP_QUANTITY_VARIATION_CLOSED, o, 0, size);
    }
    c->releases.opening_count = opening.count;
    c->releases.opening = opening.item;
    c->releases.open_cost = cost.item;
    c->releases.open_spending = spending.item;
    c->releases.spending_count = c->open_spending.count;
    c->releases.spending = spending_rows(c);
    c->open_cost_count = cost.count;
    c->open_spending_count = spending.count;
}

static void closed_in_layer(ltp_compile_context *c, int layer, ltp_release_layer *to) {
    int *cost = COMPILE_NEW(c, c->open_cost_count, int), *spending = COMPILE_NEW(c, c->open_spending_count, int);
    for (int k = 0; k < c->open_cost_count; k++)
        cost[k] = ltp_compile_combination_of(c, TOUCH_COST, c->releases.open_cost[k].on, layer, COMPILE_ONLY_VARIATION);
    for (int k = 0; k < c->open_spending_count; k++) {
        const ltp_sum *sum = &c->releases.spending[c->releases.open_spending[k].on];
        spending[k] = -1;
        for (int f = 0; spending[k] < 0 && f < c->flow.count; f++) {
            const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
            if (flow->mechanism && flow->payer == sum->party && flow->service == sum->service)
                spending[k] = ltp_compile_combination_of(c, TOUCH_DEMAND, f, layer, COMPILE_ONLY_VARIATION);
        }
    }
    to->cost_closed = cost;
    to->spending_closed = spending;
}

/* --- demand avoided, cost stranded --- */

static bool cell_moderated(const ltp_compile_context *c, int cell) {
    for (int v = 1; v < c->variant_count; v++)
        for (int e = 0; e < c->variant[v].activity[cell].entry_count; e++)
            if (c->variant[v].pair_moderation[c->variant[v].activity[cell].entry[e].line] >= 0)
                return true;
    return false;
}

static void list_avoided(ltp_compile_context *c) {
    ltp_avoided *avoided = COMPILE_NEW(c, c->activity_count, ltp_avoided);
    for (int k = 0; k < c->activity_count; k++) {
        const ltp_compile_key *key = &c->activity_key[k];
        double units = 0.0;
        if (!cell_moderated(c, k))
            continue;
        for (int e = 0; e < c->variant[0].activity[k].entry_count; e++)
            units += c->variant[0].activity[k].entry[e].weight;
        avoided[c->releases.avoided_count++] =
            (ltp_avoided){.cell = k, .organisation = key->part[0], .service = key->part[1]};
        ltp_compile_present(c, LTP_QUANTITY_DEMAND_AVOIDED, key->part[0], key->part[1], units);
    }
    c->releases.avoided = avoided;
}

static void list_stranded(ltp_compile_context *c) {
    const int n = ltp_compile_organisation_count(c);
    int *row = COMPILE_NEW(c, n, int);
    for (int o = 0; o < n; o++) {
        bool any = false;
        for (int v = 1; v < c->variant_count; v++)
            any |= c->variant[v].moderated[o];
        row[o] = any && is_provider(c, o) ? c->releases.stranded_count++ : -1;
        if (row[o] >= 0)
            ltp_compile_present(c, LTP_QUANTITY_STRANDED, o, 0, base_cost(c, o));
    }
    c->releases.stranded = c->releases.stranded_count ? row : NULL;
}

/* --- how much of each programme is in place --- */

/* Base value of what a touch acts on, £m; money is £m itself; staff counts as one. */
static double weight_of(const ltp_compile_context *c, const ltp_compile_touch *touch) {
    if (COMPILE_AT(c->action, ltp_action, touch->action)->money)
        return 1.0;
    switch (touch->kind) {
    case TOUCH_COST:
        return COMPILE_AT(c->cost, ltp_cost, touch->on)->amount;
    case TOUCH_PRICE:
    case TOUCH_DEMAND:
        return COMPILE_AT(c->flow, ltp_compile_flow, touch->on)->amount;
    default:
        return 1.0;
    }
}

/* Level with every tranche within the horizon wholly in place. */
static double full_level(const ltp_action *action) {
    return action->money ? action->tranche_count * action->effect
                         : 1.0 - pow(1.0 - action->effect, action->tranche_count);
}

static const ltp_compile_context *sorting; /* loading is single-threaded */

/* Costs by organisation's and category's code; flows and the rest stand in canonical order. */
static int by_thing(const void *a, const void *b) {
    const ltp_compile_touch *x = *(const ltp_compile_touch *const *)a, *y = *(const ltp_compile_touch *const *)b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->kind == TOUCH_COST) {
        const ltp_cost *one = COMPILE_AT(sorting->cost, ltp_cost, x->on);
        const ltp_cost *other = COMPILE_AT(sorting->cost, ltp_cost, y->on);
        const int order = strcmp(ltp_compile_party_at(sorting, one->organisation)->code,
                                 ltp_compile_party_at(sorting, other->organisation)->code);
        return order ? order : one->category - other->category;
    }
    return x->on - y->on;
}

static int touches_of(ltp_compile_context *c, int programme, const ltp_compile_touch **touch) {
    int count = 0;
    for (int k = 0; k < c->touch.count; k++) {
        touch[count] = COMPILE_AT(c->touch, ltp_compile_touch, k);
        count += touch[count]->programme == programme;
    }
    sorting = c;
    qsort(touch, (size_t)count, sizeof *touch, by_thing);
    return count;
}

static void deliver_actions(ltp_compile_context *c, int programme, ltp_delivery *to, double *planned) {
    double *weight = COMPILE_NEW(c, c->action.count, double), full = 0.0;
    int *action = COMPILE_NEW(c, c->action.count, int);
    const ltp_compile_touch **touches = COMPILE_NEW(c, c->touch.count + 1, const ltp_compile_touch *);
    const int count = touches_of(c, programme, touches);
    for (int k = 0; k < count; k++) {
        const ltp_compile_touch *touch = touches[k];
        const int its = ltp_compile_action_in(c, touch->action, c->layer_count - 1); /* as the plan has it */
        int at = 0;
        while (at < to->part_count && action[at] != its)
            at++;
        to->part_count += at == to->part_count;
        action[at] = its;
        weight[at] += weight_of(c, touch);
    }
    for (int k = 0; k < to->part_count; k++)
        full += weight[k] * full_level(COMPILE_AT(c->action, ltp_action, action[k]));
    if (full == 0.0)
        to->part_count = 0;
    for (int k = 0; k < to->part_count; k++) {
        weight[k] /= full;
        for (int t = 1; t <= c->year_count; t++)
            planned[t - 1] += weight[k] * COMPILE_AT(c->action, ltp_action, action[k])->planned[t];
    }
    to->action = action;
    to->weight = weight;
}

/* Money by year: the share of its largest amount. Its own money comes before what it costs to run. */
static void deliver_amounts(ltp_compile_context *c, const ltp_compile_programme *programme, ltp_delivery *to,
                            double *planned) {
    const ltp_cash *cash = programme->cash_count ? COMPILE_AT(c->cash, ltp_cash, programme->cash_first) : NULL;
    double largest = 0.0;
    for (int t = 0; cash && t < c->year_count; t++)
        largest = fmax(largest, fabs(cash->amount[t]));
    if (largest == 0.0)
        return;
    for (int t = 0; t < c->year_count; t++)
        planned[t] = fabs(cash->amount[t]) / largest;
    to->by_year = planned;
    to->held = cash->delivery;
}

static void list_deliveries(ltp_compile_context *c) {
    const int years = c->year_count;
    ltp_delivery *delivery = COMPILE_NEW(c, c->programme.count, ltp_delivery);
    double *planned = COMPILE_NEW(c, c->programme.count * years, double);
    const char **code = COMPILE_NEW(c, c->programme.count, const char *);
    const char **name = COMPILE_NEW(c, c->programme.count, const char *);
    int count = 0;
    for (int p = 0; p < c->programme.count; p++) {
        const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, p);
        const ltp_cell *title = ltp_cell_at(COMPILE_TABLE(c, PROGRAMMES), programme->row, LTP_PROGRAMMES_NAME);
        if (!programme->kind || !programme->modelled)
            continue;
        code[count] = programme->code;
        name[count] = title->present && *title->text ? title->text : programme->code;
        delivery[count].held = -1;
        if (programme->kind->needs_amounts)
            deliver_amounts(c, programme, &delivery[count], &planned[count * years]);
        else
            deliver_actions(c, p, &delivery[count], &planned[count * years]);
        count++;
    }
    c->plan->roster.level[LTP_LEVEL_PROGRAMME] = (ltp_label_axis){.count = (size_t)count, .code = code, .name = name};
    c->plan->roster.programme_planned = planned;
    c->releases.delivery_count = count;
    c->releases.delivery = delivery;
    for (int p = 0; p < count; p++)
        if (delivery[p].part_count || delivery[p].by_year)
            ltp_compile_present(c, LTP_QUANTITY_DELIVERED, p, 0, 1.0);
}

void ltp_compile_releases(ltp_compile_context *c, int layer_count) {
    ltp_release_layer *layer = COMPILE_NEW(c, layer_count, ltp_release_layer);
    c->plan->roster.productivity_target = c->scenario->productivity_target;
    list_openings(c);
    for (int l = 0; l < layer_count; l++) {
        cash_of_layer(c, l, &layer[l]);
        closed_in_layer(c, l, &layer[l]);
    }
    c->releases.layer = layer;
    list_providers(c);
    list_avoided(c);
    list_stranded(c);
    list_deliveries(c);
    for (int a = 0; a < c->action.count; a++) {
        ltp_action *action = COMPILE_AT(c->action, ltp_action, a);
        action->money_row = action->money ? c->money_action_count++ : -1;
    }
}
