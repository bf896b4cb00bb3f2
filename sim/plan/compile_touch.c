/* What each kind of programme acts on: cost lines, pass-through flows, demand. */
#include "sim/plan/compile_programme.h"

static bool pass_through(const ltp_compile_flow *flow) {
    return flow->mechanism && flow->mechanism->index == LTP_INDEX_PRICE;
}

/* What has no effect touches nothing, so that it changes no bit; its action stays, for those that wait for it. */
void ltp_programme_touch(const ltp_programme_reading *p, ltp_compile_touch_kind kind, int on, int action) {
    if (p->effect == 0.0)
        return;
    ltp_compile_touch one = {.kind = kind, .programme = p->index, .on = on, .action = action};
    ltp_compile_push(p->c, &p->c->touch, sizeof one, &one);
}

/* --- what each kind acts on --- */

/* Share of an organisation's volume in the target services; 1 for all. */
static double service_weight(const ltp_programme_reading *p, int organisation) {
    if (p->all_services || !ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_SERVICES)->present)
        return 1.0;
    double sum = 0.0;
    for (size_t k = 0; k < p->c->plan->roster.service.count; k++)
        if (p->service[p->c->service_by_code[k]])
            sum += ltp_compile_service_share(p->c, organisation, p->c->service_by_code[k]);
    return sum;
}

bool ltp_programme_targets_cost(const ltp_programme_reading *p, const ltp_cost *cost) {
    return p->target[cost->organisation] && (p->all_categories || p->category[cost->category]);
}

static bool targets_pass_through(const ltp_programme_reading *p, const ltp_compile_flow *flow) {
    const int n = ltp_compile_organisation_count(p->c);
    if (!pass_through(flow) || !(p->all_services || p->service[flow->service]))
        return false;
    if (ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_CATEGORIES)->present && !p->all_categories &&
        !p->category[flow->category])
        return false;
    return (flow->payee < n && p->target[flow->payee]) || (flow->payer < n && p->target[flow->payer]);
}

static bool targets_demand(const ltp_programme_reading *p, const ltp_compile_flow *flow) {
    const int n = ltp_compile_organisation_count(p->c);
    return flow->mechanism && (p->all_services || p->service[flow->service]) &&
           ((flow->payer < n && p->target[flow->payer]) || (flow->payee < n && p->target[flow->payee]));
}

/* Base value of everything that a programme of money is spread over. */
static double cost_base(const ltp_programme_reading *p) {
    double *part = COMPILE_NEW(p->c, ltp_compile_organisation_count(p->c), double);
    for (int k = 0; k < p->c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(p->c->cost, ltp_cost, k);
        if (ltp_programme_targets_cost(p, cost))
            part[cost->organisation] += cost->amount * service_weight(p, cost->organisation);
    }
    return ltp_compile_sum_by_code(p->c, part);
}

static double pass_through_base(const ltp_programme_reading *p) {
    double sum = 0.0;
    for (int f = 0; f < p->c->flow.count; f++)
        if (targets_pass_through(p, COMPILE_AT(p->c->flow, ltp_compile_flow, f)))
            sum += COMPILE_AT(p->c->flow, ltp_compile_flow, f)->amount;
    return sum;
}

static int touch_costs(const ltp_programme_reading *p, double base) {
    int touched = 0;
    for (int k = 0; k < p->c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(p->c->cost, ltp_cost, k);
        const double weight = ltp_programme_targets_cost(p, cost) ? service_weight(p, cost->organisation) : 0.0;
        if (weight == 0.0 || cost->amount == 0.0)
            continue;
        const double effect = p->money ? p->effect * cost->amount * weight / base : p->effect * weight;
        ltp_programme_touch(p, TOUCH_COST, k,
                            ltp_programme_action(p, cost->organisation, effect, p->money ? cost->price : -1));
        touched++;
    }
    return touched;
}

/* Once on a pass-through flow, with the payee's draws where it is a target, else the payer's. */
static int touch_prices(const ltp_programme_reading *p, double base) {
    const int n = ltp_compile_organisation_count(p->c);
    int touched = 0;
    for (int f = 0; f < p->c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(p->c->flow, ltp_compile_flow, f);
        if (!targets_pass_through(p, flow) || flow->amount == 0.0)
            continue;
        const int party = flow->payee < n && p->target[flow->payee] ? flow->payee : flow->payer;
        const double effect = p->money ? p->effect * flow->amount / base : p->effect;
        ltp_programme_touch(p, TOUCH_PRICE, f, ltp_programme_action(p, party, effect, p->money ? flow->index : -1));
        touched++;
    }
    return touched;
}

/* Expected price of a flow in the year before which the programme is planned to start, to turn money into a share. */
static double expected_value(const ltp_programme_reading *p, const ltp_compile_flow *flow) {
    const int year = ltp_programme_start_year(ltp_programme_start(p));
    ltp_compile_context *c = p->c;
    double index = 1.0;
    bool any;
    if (ltp_programme_start(p) < 0.0)
        return flow->amount;
    if (pass_through(flow))
        return flow->amount * ltp_compile_expected_price(c, flow->category, year);
    if (flow->mechanism->index == LTP_INDEX_BLOCK && flow->given)
        return flow->amount * flow->given[year - 1];
    if (flow->mechanism->index == LTP_INDEX_BLOCK) {
        const ltp_allocation *allocation = COMPILE_AT(c->allocation, ltp_allocation, flow->index);
        return flow->amount * allocation->amount[year] / allocation->amount[0];
    }
    if (flow->mechanism->index == LTP_INDEX_LAMBDA)
        return flow->given[year - 1];
    const double *error = ltp_compile_target_mean(c, "tariff.error", &any);
    const double *efficiency = ltp_compile_target_mean(c, "tariff.efficiency", &any);
    const double *uplift = ltp_compile_target_mean(c, "tariff.uplift", &any);
    if (!any)
        uplift = c->weighted_uplift;
    for (int t = 0; t < year; t++)
        index *= 1.0 + uplift[t] + error[t] - efficiency[t];
    return flow->amount * index;
}

/* Money is spread over what it acts on: there must be some, and more than is saved. */
static bool spreads(const ltp_programme_reading *p, double base) {
    if (!p->money || base >= p->effect || base == 0.0)
        return true;
    ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, ltp_programme_cell(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT)->at,
                        "programmes: full_year_effect", "an effect below that", NULL,
                        "programme '%s': its effect of £%gm is more than the £%.10gm that it acts on",
                        p->programme->code, p->effect, base);
    return false;
}

/* Expected activity in the start year, base = 1. */
static double expected_volume(const ltp_programme_reading *p, const ltp_compile_flow *flow) {
    double volume = 1.0;
    for (int t = 0;
         ltp_programme_start(p) >= 0.0 && flow->activity >= 0 && t < ltp_programme_start_year(ltp_programme_start(p));
         t++)
        volume *= COMPILE_AT(p->c->activity, ltp_activity, flow->activity)->plan_growth[t];
    return volume;
}

/* Moderation of demand is a share of activity: money is turned into one at the expected prices and volume of its start
 * year. */
static int touch_demand(ltp_programme_reading *p) {
    int touched = 0;
    double value = 0.0;
    for (int f = 0; p->money && f < p->c->flow.count; f++)
        if (targets_demand(p, COMPILE_AT(p->c->flow, ltp_compile_flow, f)))
            value += expected_value(p, COMPILE_AT(p->c->flow, ltp_compile_flow, f)) *
                     expected_volume(p, COMPILE_AT(p->c->flow, ltp_compile_flow, f));
    if (!spreads(p, value))
        return 1;
    const double effect = !p->money ? p->effect : value != 0.0 ? p->effect / value : 0.0;
    for (int f = 0; f < p->c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(p->c->flow, ltp_compile_flow, f);
        if (!targets_demand(p, flow) || flow->activity < 0)
            continue;
        ltp_programme_touch(p, TOUCH_DEMAND, f, ltp_programme_action(p, flow->payer, effect, -1));
        touched++;
    }
    return touched;
}

static void touch_nothing(const ltp_programme_reading *p) {
    if (p->programme->kind->acts_on == LTP_ACTS_ON_WORKFORCE) {
        ltp_compile_problem(p->c, LTP_SEVERITY_WARNING, p->table->row[p->row].at, "programmes: target_organisations",
                            NULL, NULL, "programme '%s' acts on nothing: its targets have no staff groups",
                            p->programme->code);
        return;
    }
    ltp_compile_problem(p->c, LTP_SEVERITY_WARNING, p->table->row[p->row].at, "programmes: target_services", NULL, NULL,
                        "programme '%s' acts on nothing: no flow or cost matches its targets", p->programme->code);
}

void ltp_programme_touch_all(ltp_programme_reading *p) {
    int touched = 1;
    switch (p->programme->kind->acts_on) {
    case LTP_ACTS_ON_COST: {
        const double base = cost_base(p);
        touched = !spreads(p, base) || (base != 0.0 && touch_costs(p, base));
        break;
    }
    case LTP_ACTS_ON_PRICE: {
        const bool own = ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_CATEGORIES)->present;
        const double base = pass_through_base(p) + (own ? cost_base(p) : 0.0);
        if (!spreads(p, base))
            break;
        touched = base != 0.0 ? touch_prices(p, base) : 0;
        if (own && base != 0.0)
            touched += touch_costs(p, base);
        break;
    }
    case LTP_ACTS_ON_DEMAND:
        touched = touch_demand(p);
        break;
    case LTP_ACTS_ON_VARIATION:
        touched = ltp_programme_touch_variation(p);
        break;
    case LTP_ACTS_ON_WORKFORCE:
        touched = ltp_programme_touch_workforce(p);
        break;
    default:
        break;
    }
    if (!touched)
        touch_nothing(p);
}
