/* Programmes: what each acts on, with whose draws, and the money that it moves. */
#include <math.h>
#include <string.h>

#include "sim/plan/compile.h"

typedef struct {
    ltp_compile_context *c;
    const ltp_table *table;
    int index;
    const ltp_compile_programme *programme;
    size_t row;
    bool *target; /* [organisation] */
    bool has_targets;
    bool all_services, all_categories;
    bool *service, *category;
    double effect;
    bool money;
} programme_reading;

static const ltp_cell *cell(const programme_reading *p, int column) {
    return ltp_cell_at(p->table, p->row, column);
}

static void problem(const programme_reading *p, int column, const char *key, const char *expected, const char *text) {
    const ltp_cell *at = cell(p, column);
    ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, at->at.line ? at->at : p->table->row[p->row].at, key, expected, NULL,
                        "programme '%s': %s", p->programme->code, text);
}

static bool pass_through(const ltp_compile_flow *flow) {
    return flow->mechanism && flow->mechanism->index == LTP_INDEX_PRICE;
}

/* --- lists of services and categories --- */

static bool *read_list(ltp_compile_context *c, const ltp_cell *list, int count, bool *all,
                       int (*find)(const ltp_compile_context *, const char *)) {
    bool *member = COMPILE_NEW(c, count, bool);
    *all = false;
    for (size_t k = 0; list->present && k < list->item_count; k++) {
        int at = strcmp(list->item[k], "*") == 0 ? -1 : find(c, list->item[k]);
        if (strcmp(list->item[k], "*") == 0)
            *all = true;
        else if (at >= 0)
            member[at] = true;
    }
    return member;
}

/* Effect × delivery beyond the whole would make a cost or an activity negative. */
static void check_delivery(const programme_reading *p) {
    const ltp_cell *delivery = cell(p, LTP_PROGRAMMES_DELIVERY);
    const double factor = ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_DELIVERY_FACTOR);
    const int driver = delivery->present ? ltp_compile_driver_find(p->c, delivery->text) : -1;
    double most = delivery->present ? delivery->number : 1.0;
    if (p->money || !p->programme->kind->needs_effect || p->effect > 1) /* above 1: an error of its own */
        return;
    if (driver >= 0) {
        const ltp_transform *transform = COMPILE_AT(p->c->driver, ltp_compile_driver, driver)->transform;
        most = transform ? transform->high : 1.0;
    }
    if (p->effect * most * factor <= 1.0 + 1e-12)
        return;
    ltp_compile_problem(p->c, driver >= 0 ? LTP_SEVERITY_WARNING : LTP_SEVERITY_ERROR, delivery->at,
                        "programmes: delivery", driver >= 0 ? NULL : "effect times delivery of at most 1", NULL,
                        "programme '%s' could deliver more than the whole: effect %g, delivery up to %g, factor %g",
                        p->programme->code, p->effect, most, factor);
}

static void check_columns(const programme_reading *p) {
    const ltp_programme_kind *kind = p->programme->kind;
    const ltp_cell *first_amount = NULL;
    for (int t = p->c->year_count; t >= 1; t--) {
        const ltp_cell *amount = ltp_cell_year(p->table, p->row, LTP_PROGRAMMES_AMOUNT, t);
        first_amount = amount->present ? amount : first_amount;
    }
    if (kind->needs_targets && !p->has_targets)
        problem(p, LTP_PROGRAMMES_TARGET_ORGANISATIONS, "programmes: target_organisations",
                "codes, or system=CODE;kind=KIND, joined by |", "it says nobody at whom it acts");
    if (kind->needs_services && !cell(p, LTP_PROGRAMMES_TARGET_SERVICES)->present)
        problem(p, LTP_PROGRAMMES_TARGET_SERVICES, "programmes: target_services", "services, or * for all",
                "it says no service");
    if (kind->needs_categories && !cell(p, LTP_PROGRAMMES_TARGET_CATEGORIES)->present)
        problem(p, LTP_PROGRAMMES_TARGET_CATEGORIES, "programmes: target_categories", "categories, or * for all",
                "it says no category");
    if (kind->needs_effect && !cell(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT)->present)
        problem(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT, "programmes: full_year_effect", "a number", "it has no effect");
    if (kind->needs_effect && !p->money && fabs(p->effect) > 1.0)
        problem(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT, "programmes: full_year_effect", "a fraction from -1 to 1",
                "its effect is more than the whole");
    if (kind->needs_effect && !cell(p, LTP_PROGRAMMES_START)->present)
        problem(p, LTP_PROGRAMMES_START, "programmes: start", "a date, such as 2019-04-01", "it has no start");
    if (kind->needs_amounts && !first_amount)
        problem(p, LTP_PROGRAMMES_KIND, "programmes: amount_", "amount_YYYY/YY of some year", "it has no amount");
    if (kind->needs_amounts && (!cell(p, LTP_PROGRAMMES_PAYER)->present || !cell(p, LTP_PROGRAMMES_PAYEE)->present))
        problem(p, LTP_PROGRAMMES_PAYER, "programmes: payer, payee", "who pays and who is paid",
                "it does not say whose money moves");
    if (!kind->needs_amounts && first_amount)
        ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, first_amount->at, "programmes: amount_",
                            "empty cells: amounts belong to income and investment", NULL,
                            "programme '%s': its kind takes no amounts by year", p->programme->code);
    for (int k = 0; k < 2; k++)
        if (!kind->needs_amounts && cell(p, k ? LTP_PROGRAMMES_PAYEE : LTP_PROGRAMMES_PAYER)->present)
            problem(p, k ? LTP_PROGRAMMES_PAYEE : LTP_PROGRAMMES_PAYER, k ? "programmes: payee" : "programmes: payer",
                    "an empty cell: payer and payee belong to income and investment",
                    k ? "its kind pays nobody by name" : "nobody pays it by name");
    if (kind->needs_amounts && cell(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT)->present)
        problem(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT, "programmes: full_year_effect", "an empty cell",
                "its kind goes by amounts by year, not by an effect");
    if (kind->acts_on != LTP_ACTS_ON_SPENDING && cell(p, LTP_PROGRAMMES_COMMITTED)->number != 0.0)
        problem(p, LTP_PROGRAMMES_COMMITTED, "programmes: committed", "no", "only an investment can be committed");
}

/* --- actions --- */

/* Delivery, slippage, recurrent share: drawn once, in the tranche's planned first year, and held. */
static int drawn_once(int column, const programme_reading *p, int place, int party, int year) {
    double factor =
        column == LTP_PROGRAMMES_DELIVERY ? ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_DELIVERY_FACTOR) : 1.0;
    return ltp_compile_held(p->c, cell(p, column), factor, place, party, year);
}

static int held_price(ltp_compile_context *c, int price, int year) {
    bool found;
    int at = ltp_compile_intern(c, &c->held_price_map, (ltp_compile_key){{price, year}}, &found);
    if (!found) {
        int pair[2] = {price, year};
        ltp_compile_push(c, &c->held_price, sizeof pair, pair);
    }
    return at;
}

/* Months since the start of year 1: the date counts them from April of the base year. */
static double start_of(const programme_reading *p) {
    return cell(p, LTP_PROGRAMMES_START)->number - 12.0;
}

/* The planned first year; what starts before year 1 draws in year 1. */
static int start_year(double months) {
    return months < 0.0 ? 1 : (int)(months / 12.0) + 1;
}

/* Planned start of the first tranche, with those that it waits for. */
static double planned_start(const ltp_compile_context *c, const ltp_action *action) {
    double start = action->tranche[0].start;
    for (int k = 0; k < action->after_count; k++)
        start = fmax(start, planned_start(c, COMPILE_AT(c->action, ltp_action, action->after[k])));
    return start;
}

static double planned_level(const ltp_compile_context *c, const ltp_action *action, int year) {
    double left = 1.0, sum = 0.0;
    const double earliest = planned_start(c, action);
    for (int n = 0; n < action->tranche_count; n++) {
        const double start = fmax(action->tranche[n].start, earliest);
        double one = action->effect * ltp_in_place(start / 12.0, action->ramp_years, action->s_curve, year);
        left *= 1.0 - one;
        sum += one;
    }
    return action->money ? sum : 1.0 - left;
}

/* Actions of the programme that this one needs: the one with the same draws, else those of everybody; *earliest is its
 * planned start (months) where it has none. */
static int wait_for(ltp_compile_context *c, const ltp_compile_programme *programme, int party, int *after,
                    double *earliest) {
    *earliest = -1e300;
    if (programme->needs < 0)
        return 0;
    const ltp_compile_programme *needed = COMPILE_AT(c->programme, ltp_compile_programme, programme->needs);
    int count = 0;
    for (int a = 0; a < c->action.count; a++) {
        const ltp_compile_key *key = COMPILE_AT(c->action_map.key, ltp_compile_key, a);
        if (key->part[0] != programme->needs)
            continue;
        if (key->part[1] == party) {
            after[0] = a;
            return 1;
        }
        bool other = true; /* several actions of one organisation start together */
        for (int k = 0; k < count; k++)
            other &= COMPILE_AT(c->action_map.key, ltp_compile_key, after[k])->part[1] != key->part[1];
        if (other)
            after[count++] = a;
    }
    const ltp_cell *start = ltp_cell_at(COMPILE_TABLE(c, PROGRAMMES), needed->row, LTP_PROGRAMMES_START);
    if (count == 0 && start->present)
        *earliest = start->number - 12.0;
    return count;
}

/* The programme with the draws of `party`; effect: fraction or £m; price: of the line, for money, else −1. */
static int action_of(const programme_reading *p, int party, double effect, int price) {
    ltp_compile_context *c = p->c;
    int bits[2];
    bool found;
    memcpy(bits, &effect, sizeof bits);
    int at =
        ltp_compile_intern(c, &c->action_map, (ltp_compile_key){{p->index, party, bits[0], bits[1], price}}, &found);
    if (found)
        return at;
    const int place = ltp_compile_party_at(c, party)->place;
    const int wanted = (int)ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_TRANCHES);
    ltp_tranche *tranche = COMPILE_NEW(c, wanted, ltp_tranche);
    double earliest, *planned = COMPILE_NEW(c, c->year_count + 1, double);
    int *after = COMPILE_NEW(c, c->action.count, int);
    ltp_action action = {.effect = effect,
                         .ramp_years = ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_RAMP_MONTHS) / 12.0,
                         .s_curve = ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_RAMP) == LTP_RAMP_S_CURVE,
                         .money = p->money && price >= 0,
                         .after_count = wait_for(c, p->programme, party, after, &earliest),
                         .after = after,
                         .tranche = tranche,
                         .planned = planned};
    for (int n = 0; n < wanted; n++) {
        const double start = fmax(start_of(p) + 12.0 * n, earliest);
        const int year = start_year(start_of(p) + 12.0 * n);
        if (year > c->year_count && n > 0)
            break; /* after the horizon; the first one stays, for those that wait for it */
        ltp_tranche *one = &tranche[action.tranche_count++];
        one->start = start;
        one->draw_year = year;
        one->delivery = drawn_once(LTP_PROGRAMMES_DELIVERY, p, place, party, year);
        one->slippage = drawn_once(LTP_PROGRAMMES_SLIPPAGE, p, place, party, year);
        one->recurrent = drawn_once(LTP_PROGRAMMES_RECURRENT_SHARE, p, place, party, year);
        one->price_at_start = action.money ? held_price(c, start_of(p) + 12.0 * n < 0.0 ? -1 : price, year) : -1;
    }
    for (int t = 1; t <= c->year_count; t++)
        planned[t] = planned_level(c, &action, t);
    return ltp_compile_push(c, &c->action, sizeof action, &action);
}

/* What has no effect touches nothing, so that it changes no bit; its action stays, for those that wait for it. */
static void touch(const programme_reading *p, ltp_compile_touch_kind kind, int on, int action) {
    if (p->effect == 0.0)
        return;
    ltp_compile_touch one = {.kind = kind, .programme = p->index, .on = on, .action = action};
    ltp_compile_push(p->c, &p->c->touch, sizeof one, &one);
}

/* --- what each kind acts on --- */

/* Share of an organisation's volume in the target services; 1 for all. */
static double service_weight(const programme_reading *p, int organisation) {
    if (p->all_services || !cell(p, LTP_PROGRAMMES_TARGET_SERVICES)->present)
        return 1.0;
    const ltp_table *services = COMPILE_TABLE(p->c, SERVICES);
    double sum = 0.0;
    for (size_t k = 0; k < services->row_count; k++)
        if (p->service[services->by_key[k]])
            sum += ltp_compile_service_share(p->c, organisation, (int)services->by_key[k]);
    return sum;
}

static bool targets_cost(const programme_reading *p, const ltp_cost *cost) {
    return p->target[cost->organisation] && (p->all_categories || p->category[cost->category]);
}

static bool targets_pass_through(const programme_reading *p, const ltp_compile_flow *flow) {
    const int n = ltp_compile_organisation_count(p->c);
    if (!pass_through(flow) || !(p->all_services || p->service[flow->service]))
        return false;
    if (cell(p, LTP_PROGRAMMES_TARGET_CATEGORIES)->present && !p->all_categories && !p->category[flow->category])
        return false;
    return (flow->payee < n && p->target[flow->payee]) || (flow->payer < n && p->target[flow->payer]);
}

static bool targets_demand(const programme_reading *p, const ltp_compile_flow *flow) {
    const int n = ltp_compile_organisation_count(p->c);
    return flow->mechanism && (p->all_services || p->service[flow->service]) &&
           ((flow->payer < n && p->target[flow->payer]) || (flow->payee < n && p->target[flow->payee]));
}

/* Base value of everything that a programme of money is spread over. */
static double cost_base(const programme_reading *p) {
    double *part = COMPILE_NEW(p->c, ltp_compile_organisation_count(p->c), double);
    for (int k = 0; k < p->c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(p->c->cost, ltp_cost, k);
        if (targets_cost(p, cost))
            part[cost->organisation] += cost->amount * service_weight(p, cost->organisation);
    }
    return ltp_compile_sum_by_code(p->c, part);
}

static double pass_through_base(const programme_reading *p) {
    double sum = 0.0;
    for (int f = 0; f < p->c->flow.count; f++)
        if (targets_pass_through(p, COMPILE_AT(p->c->flow, ltp_compile_flow, f)))
            sum += COMPILE_AT(p->c->flow, ltp_compile_flow, f)->amount;
    return sum;
}

static int touch_costs(const programme_reading *p, double base) {
    int touched = 0;
    for (int k = 0; k < p->c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(p->c->cost, ltp_cost, k);
        const double weight = targets_cost(p, cost) ? service_weight(p, cost->organisation) : 0.0;
        if (weight == 0.0 || cost->amount == 0.0)
            continue;
        const double effect = p->money ? p->effect * cost->amount * weight / base : p->effect * weight;
        touch(p, TOUCH_COST, k, action_of(p, cost->organisation, effect, p->money ? cost->price : -1));
        touched++;
    }
    return touched;
}

/* Once on a pass-through flow, with the payee's draws where it is a target, else the payer's. */
static int touch_prices(const programme_reading *p, double base) {
    const int n = ltp_compile_organisation_count(p->c);
    int touched = 0;
    for (int f = 0; f < p->c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(p->c->flow, ltp_compile_flow, f);
        if (!targets_pass_through(p, flow) || flow->amount == 0.0)
            continue;
        const int party = flow->payee < n && p->target[flow->payee] ? flow->payee : flow->payer;
        const double effect = p->money ? p->effect * flow->amount / base : p->effect;
        touch(p, TOUCH_PRICE, f, action_of(p, party, effect, p->money ? flow->index : -1));
        touched++;
    }
    return touched;
}

/* Expected price of a flow in the year before which the programme is planned to start, to turn money into a share. */
static double expected_value(const programme_reading *p, const ltp_compile_flow *flow) {
    const int year = start_year(start_of(p));
    ltp_compile_context *c = p->c;
    double index = 1.0;
    bool any;
    if (start_of(p) < 0.0)
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
static bool spreads(const programme_reading *p, double base) {
    if (!p->money || base >= p->effect || base == 0.0)
        return true;
    ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, cell(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT)->at,
                        "programmes: full_year_effect", "an effect below that", NULL,
                        "programme '%s': its effect of £%gm is more than the £%.10gm that it acts on",
                        p->programme->code, p->effect, base);
    return false;
}

/* Expected activity in the start year, base = 1. */
static double expected_volume(const programme_reading *p, const ltp_compile_flow *flow) {
    double volume = 1.0;
    for (int t = 0; start_of(p) >= 0.0 && flow->activity >= 0 && t < start_year(start_of(p)); t++)
        volume *= COMPILE_AT(p->c->activity, ltp_activity, flow->activity)->plan_growth[t];
    return volume;
}

/* Moderation of demand is a share of activity: money is turned into one at the expected prices and volume of its start
 * year. */
static int touch_demand(programme_reading *p) {
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
        touch(p, TOUCH_DEMAND, f, action_of(p, flow->payer, effect, -1));
        touched++;
    }
    return touched;
}

static void touch_nothing(const programme_reading *p) {
    ltp_compile_problem(p->c, LTP_SEVERITY_WARNING, p->table->row[p->row].at, "programmes: target_services", NULL, NULL,
                        "programme '%s' acts on nothing: no flow or cost matches its targets", p->programme->code);
}

static void touch_all(programme_reading *p) {
    int touched = 1;
    switch (p->programme->kind->acts_on) {
    case LTP_ACTS_ON_COST: {
        const double base = cost_base(p);
        touched = !spreads(p, base) || (base != 0.0 && touch_costs(p, base));
        break;
    }
    case LTP_ACTS_ON_PRICE: {
        const bool own = cell(p, LTP_PROGRAMMES_TARGET_CATEGORIES)->present;
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
    default:
        break;
    }
    if (!touched)
        touch_nothing(p);
}

/* --- reading --- */

static void read_programme(ltp_compile_context *c, int index) {
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    programme_reading p = {.c = c,
                           .table = COMPILE_TABLE(c, PROGRAMMES),
                           .index = index,
                           .programme = programme,
                           .row = programme->row,
                           .target = COMPILE_NEW(c, ltp_compile_organisation_count(c), bool)};
    const bool sound = ltp_compile_row_sound(c, p.table, p.row);
    ltp_compile_judge(c, COMPILE_BIT(SYSTEMS) | COMPILE_BIT(ORGANISATIONS));
    c->muted |= p.table->flawed; /* a term that matches nobody may be one that is misspelt, which has been said */
    p.has_targets = ltp_compile_targets(c, cell(&p, LTP_PROGRAMMES_TARGET_ORGANISATIONS),
                                        "programmes: target_organisations", p.target);
    c->muted = !sound;
    p.service = read_list(c, cell(&p, LTP_PROGRAMMES_TARGET_SERVICES), (int)c->plan->roster.service.count,
                          &p.all_services, ltp_compile_service_find);
    p.category = read_list(c, cell(&p, LTP_PROGRAMMES_TARGET_CATEGORIES), c->category.count, &p.all_categories,
                           ltp_compile_category_find);
    p.effect = cell(&p, LTP_PROGRAMMES_FULL_YEAR_EFFECT)->number;
    p.money = cell(&p, LTP_PROGRAMMES_EFFECT_UNIT)->number == LTP_EFFECT_UNIT_MONEY;
    size_t before = ltp_problem_count(c->problems, LTP_SEVERITY_ERROR);
    check_columns(&p);
    check_delivery(&p);
    const bool good = !c->muted && ltp_problem_count(c->problems, LTP_SEVERITY_ERROR) == before;
    ltp_compile_judge(c, COMPILE_BIT(SYSTEMS) | COMPILE_BIT(ORGANISATIONS) | COMPILE_BIT(OUTSIDE) | COMPILE_BIT(FLOWS) |
                             COMPILE_BIT(ALLOCATIONS) | COMPILE_BIT(SERVICES) | COMPILE_BIT(CATEGORIES) |
                             COMPILE_BIT(DEFLATORS) | COMPILE_BIT(DRIVERS) | COMPILE_BIT(CONTRACTS));
    c->muted |= !sound;
    if (good && programme->kind->needs_effect && !c->muted)
        touch_all(&p);
    ltp_compile_programme_cash(c, index, p.target, p.has_targets);
}

static void list_programme(ltp_compile_context *c, size_t row) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    const ltp_cell *kind = ltp_cell_at(table, row, LTP_PROGRAMMES_KIND);
    const ltp_cell *test = ltp_cell_at(table, row, LTP_PROGRAMMES_TEST);
    const ltp_cell *scheme = ltp_cell_at(table, row, LTP_PROGRAMMES_NEEDS_SCHEME);
    ltp_compile_programme programme = {.row = row,
                                       .code = ltp_cell_at(table, row, LTP_PROGRAMMES_CODE)->text,
                                       .kind = kind->present ? ltp_programme_kind_find(kind->text) : NULL,
                                       .needs = -1,
                                       .overlap_group = -1,
                                       .overlap = ltp_compile_number(table, row, LTP_PROGRAMMES_OVERLAP),
                                       .committed = ltp_compile_number(table, row, LTP_PROGRAMMES_COMMITTED) != 0.0};
    char *text = COMPILE_NEW(c, strlen(programme.code) + 128, char);
    if (programme.kind) {
        programme.test = test->present ? (int)test->number : c->scenario->kind_test[(int)kind->number];
        programme.modelled = programme.kind->acts_on != LTP_ACTS_ON_NOTHING;
        if (!programme.modelled) {
            sprintf(text, "programme %s: kind %s is not modelled in this version; it has no effect", programme.code,
                    kind->text);
            ltp_compile_unmodelled(c, text);
        } else if (scheme->present) {
            sprintf(text, "programme %s: needs_scheme is not modelled in this version; it starts as planned",
                    programme.code);
            ltp_compile_unmodelled(c, text);
        }
    }
    ltp_compile_push(c, &c->programme, sizeof programme, &programme);
}

static int programme_find(const ltp_compile_context *c, const char *code) {
    for (int k = 0; k < c->programme.count; k++)
        if (strcmp(COMPILE_AT(c->programme, ltp_compile_programme, k)->code, code) == 0)
            return k;
    return -1;
}

static void link_programme(ltp_compile_context *c, int index) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    const ltp_cell *needs = ltp_cell_at(table, programme->row, LTP_PROGRAMMES_NEEDS_PROGRAMME);
    const ltp_cell *group = ltp_cell_at(table, programme->row, LTP_PROGRAMMES_OVERLAP_GROUP);
    if (needs->present)
        programme->needs = programme_find(c, needs->text);
    for (int k = 0; group->present && k <= index; k++) {
        const ltp_compile_programme *other = COMPILE_AT(c->programme, ltp_compile_programme, k);
        const ltp_cell *its = ltp_cell_at(table, other->row, LTP_PROGRAMMES_OVERLAP_GROUP);
        if (!its->present || strcmp(its->text, group->text) != 0)
            continue;
        programme->overlap_group = k;
        c->muted = !ltp_compile_row_sound(c, table, programme->row) || !ltp_compile_row_sound(c, table, other->row);
        if (other->overlap != programme->overlap)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_OVERLAP)->at,
                                "programmes: overlap", "the same overlap on every row of a group", NULL,
                                "group '%s' has an overlap of %g at '%s' and of %g at '%s'", group->text,
                                other->overlap, other->code, programme->overlap, programme->code);
        break;
    }
}

/* Each programme after the one that it needs; a circle is an error. */
static int depth(ltp_compile_context *c, int index, int steps) {
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    if (programme->needs < 0)
        return 0;
    if (steps > c->programme.count) {
        ltp_compile_problem(
            c, LTP_SEVERITY_ERROR,
            ltp_cell_at(COMPILE_TABLE(c, PROGRAMMES), programme->row, LTP_PROGRAMMES_NEEDS_PROGRAMME)->at,
            "programmes: needs_programme", "a chain that ends", NULL,
            programme->needs == index ? "programme '%s' needs itself" : "programme '%s' needs itself, by way of others",
            programme->code);
        COMPILE_AT(c->programme, ltp_compile_programme, index)->needs = -1;
        return 0;
    }
    return 1 + depth(c, programme->needs, steps + 1);
}

static bool names_driver(const ltp_table *table, const int *column, int count, const char *driver) {
    for (size_t r = 0; r < table->row_count; r++)
        for (int k = 0; k < count; k++) {
            const ltp_cell *cell = ltp_cell_at(table, r, column[k]);
            if (cell->present && strcmp(cell->text, driver) == 0)
                return true;
        }
    return false;
}

/* A driver without a target that no programme or scheme names: its owner believes that it moves something. */
static void warn_unused_drivers(ltp_compile_context *c) {
    static const int in_programmes[] = {LTP_PROGRAMMES_DELIVERY, LTP_PROGRAMMES_SLIPPAGE,
                                        LTP_PROGRAMMES_RECURRENT_SHARE};
    static const int in_schemes[] = {LTP_SCHEMES_COST_DRIVER};
    for (int d = 0; d < c->driver.count; d++) {
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        if (*driver->target || names_driver(COMPILE_TABLE(c, PROGRAMMES), in_programmes, 3, driver->name) ||
            names_driver(COMPILE_TABLE(c, SCHEMES), in_schemes, 1, driver->name))
            continue;
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, COMPILE_TABLE(c, DRIVERS)->row[driver->row].at, "drivers: target",
                            NULL, NULL, "'%s' has no target and no programme names it, so it moves nothing",
                            driver->name);
    }
}

void ltp_compile_programmes(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    for (size_t r = 0; r < table->row_count; r++)
        list_programme(c, table->by_key[r]); /* by code: their money is added up in this order */
    for (int k = 0; k < c->programme.count; k++)
        link_programme(c, k);
    c->muted = false;
    int deepest = 0;
    for (int k = 0; k < c->programme.count; k++) {
        int order = depth(c, k, 0);
        COMPILE_AT(c->programme, ltp_compile_programme, k)->order = order;
        deepest = order > deepest ? order : deepest;
    }
    for (int order = 0; order <= deepest; order++)
        for (int k = 0; k < c->programme.count; k++) {
            const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, k);
            if (programme->order == order && programme->kind && programme->modelled)
                read_programme(c, k);
        }
    ltp_compile_judge(c, COMPILE_BIT(PROGRAMMES) | COMPILE_BIT(DRIVERS) | COMPILE_BIT(SCHEMES));
    warn_unused_drivers(c);
    c->muted = false;
}
