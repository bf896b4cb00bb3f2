/* Layers and variants: which programmes act in each, and the lines and cells that follow from it. */
#include "sim/plan/compile_layer.h"

#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile.h"

/* --- layers --- */

static bool acts(const ltp_compile_programme *programme) {
    return programme->kind && programme->modelled;
}

static bool in_test(const ltp_compile_context *c, int test) {
    bool any = false;
    for (int p = 0; p < c->programme.count; p++) {
        const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, p);
        any |= acts(programme) && programme->test == test;
    }
    return any;
}

int ltp_compile_tests(const ltp_compile_context *c, int *test) {
    int count = 0;
    for (int k = 0; k < c->scenario->test_count; k++)
        if (in_test(c, c->scenario->test_number[k]) ||
            (c->scenario->test_number[k] == LTP_CAPITAL_TEST && ltp_compile_optional_schemes(c)))
            test[count++] = c->scenario->test_number[k];
    return count;
}

/* The Long Term Plan and its Implementation Framework number tests 3 and 4 the other way round: a test is what its
 * kinds of programme say. */
const char *ltp_compile_test_name(const ltp_compile_context *c, int test) {
    static const struct {
        int kind;
        const char *name;
    } row[] = {{LTP_PROGRAMME_KIND_RECOVERY, "Recovery trajectories"},
               {LTP_PROGRAMME_KIND_UNIT_COST, "Cash-releasing savings"},
               {LTP_PROGRAMME_KIND_VARIATION, "Unwarranted variation"},
               {LTP_PROGRAMME_KIND_DEMAND, "Demand moderation"}};
    for (size_t k = 0; k < sizeof row / sizeof *row; k++)
        if (c->scenario->kind_test[row[k].kind] == test)
            return row[k].name;
    return "Capital";
}

/* do_nothing, the tests one after another, the plan. */
static void list_layers(ltp_compile_context *c) {
    ltp_roster *roster = &c->plan->roster;
    const char **code = COMPILE_NEW(c, LTP_LAYER_MAX, const char *),
               **name = COMPILE_NEW(c, LTP_LAYER_MAX, const char *);
    ltp_compile_content *content = COMPILE_NEW(c, LTP_LAYER_MAX, ltp_compile_content);
    int test[LTP_LAYER_MAX], count = 0;
    const int tests = ltp_compile_tests(c, test);
    content[count] = (ltp_compile_content){.without = -1};
    code[count] = "do_nothing", name[count++] = "Do nothing";
    for (int k = 0; k < tests; k++) {
        char *text = COMPILE_NEW(c, 16, char), *title = COMPILE_NEW(c, 32, char);
        sprintf(text, "test_%d", test[k]);
        sprintf(title, "With test %d", test[k]);
        content[count] = (ltp_compile_content){.tests = content[count - 1].tests | 1u << test[k], .without = -1};
        code[count] = text, name[count++] = title;
    }
    content[count] = (ltp_compile_content){.all = true, .without = -1};
    code[count] = "plan", name[count++] = "Plan";
    roster->layer = (ltp_label_axis){.count = (size_t)count, .code = code, .name = name};
    c->layer_count = count;
    c->content = content;
}

bool ltp_compile_layer_has(const ltp_compile_context *c, int layer, int programme_index) {
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, programme_index);
    const ltp_compile_content *content = &c->content[layer];
    if (!acts(programme) || content->without == programme_index ||
        (programme->scheme >= 0 && !ltp_compile_layer_has_scheme(c, layer, programme->scheme)))
        return false;
    const bool in =
        content->all || programme->committed || (programme->test > 0 && (content->tests & 1u << programme->test) != 0);
    return in && (programme->needs < 0 || ltp_compile_layer_has(c, layer, programme->needs));
}

/* --- combinations of the actions that touch one thing --- */

static const ltp_compile_context *sorting; /* loading is single-threaded */

static int by_programme_code(const void *a, const void *b) {
    const ltp_compile_touch *x = *(const ltp_compile_touch *const *)a, *y = *(const ltp_compile_touch *const *)b;
    return strcmp(COMPILE_AT(sorting->programme, ltp_compile_programme, x->programme)->code,
                  COMPILE_AT(sorting->programme, ltp_compile_programme, y->programme)->code);
}

/* Touches of one kind are chained by what they act on. */
static void chain_touches(ltp_compile_context *c) {
    int things = c->flow.count > c->cost.count ? c->flow.count : c->cost.count;
    things = things > c->workforce.staff_count ? things : c->workforce.staff_count;
    c->touch_next = COMPILE_NEW(c, c->touch.count, int);
    for (int kind = 0; kind < TOUCH_COUNT; kind++) {
        c->touch_head[kind] = COMPILE_NEW(c, things, int);
        for (int k = 0; k < things; k++)
            c->touch_head[kind][k] = -1;
    }
    for (int k = 0; k < c->touch.count; k++) {
        const ltp_compile_touch *touch = COMPILE_AT(c->touch, ltp_compile_touch, k);
        c->touch_next[k] = c->touch_head[touch->kind][touch->on];
        c->touch_head[touch->kind][touch->on] = k;
    }
}

static double planned_of(const ltp_compile_context *c, const ltp_combination *combination, int year) {
    double keep = 1.0;
    for (int g = 0; g < combination->overlap_count; g++) {
        const ltp_overlap *overlap = &combination->overlap[g];
        double largest = 0.0, sum = 0.0;
        for (int a = 0; a < overlap->action_count; a++) {
            double level = COMPILE_AT(c->action, ltp_action, overlap->action[a])->planned[year];
            largest = a == 0 || level > largest ? level : largest;
            sum += level;
        }
        keep *= 1.0 - (largest + overlap->keep_rest * (sum - largest));
    }
    return keep;
}

static void group_actions(ltp_compile_context *c, const ltp_compile_touch **touch, int count,
                          ltp_combination *combination) {
    ltp_overlap *overlap = COMPILE_NEW(c, count, ltp_overlap);
    bool *done = COMPILE_NEW(c, count, bool);
    for (int k = 0; k < count; k++) {
        if (done[k])
            continue;
        const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, touch[k]->programme);
        ltp_overlap *group = &overlap[combination->overlap_count++];
        int *action = COMPILE_NEW(c, count, int);
        group->keep_rest = 1.0 - programme->overlap;
        group->action = action;
        for (int j = k; j < count; j++) {
            const ltp_compile_programme *other = COMPILE_AT(c->programme, ltp_compile_programme, touch[j]->programme);
            if (j != k && (programme->overlap_group < 0 || other->overlap_group != programme->overlap_group))
                continue;
            action[group->action_count++] = touch[j]->action;
            combination->money |= COMPILE_AT(c->action, ltp_action, touch[j]->action)->money;
            done[j] = true;
        }
    }
    combination->overlap = overlap;
}

static ltp_compile_key combination_key(const ltp_compile_touch **touch, int count) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (int k = 0; k < count; k++)
        hash = (hash ^ (uint64_t)(uint32_t)touch[k]->action) * UINT64_C(0x9E3779B97F4A7C15), hash ^= hash >> 31;
    return (ltp_compile_key){
        {count, touch[0]->action, touch[count - 1]->action, (int)(uint32_t)hash, (int)(uint32_t)(hash >> 32)}};
}

/* A touch as it is in a layer: its action may wait for a scheme there. */
static const ltp_compile_touch *touch_in(ltp_compile_context *c, const ltp_compile_touch *touch, int layer) {
    const int action = ltp_compile_action_in(c, touch->action, layer);
    if (action == touch->action)
        return touch;
    ltp_compile_touch *own = COMPILE_NEW(c, 1, ltp_compile_touch);
    *own = *touch;
    own->action = action;
    return own;
}

static bool looked_at(const ltp_compile_context *c, int programme_index, ltp_compile_only only) {
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, programme_index);
    return only == COMPILE_ALL || (only == COMPILE_ONLY_CASH && programme->cash) ||
           (only == COMPILE_ONLY_VARIATION && programme->kind->acts_on == LTP_ACTS_ON_VARIATION);
}

int ltp_compile_combination(ltp_compile_context *c, ltp_compile_touch_kind kind, int on, int layer) {
    return ltp_compile_combination_of(c, kind, on, layer, COMPILE_ALL);
}

int ltp_compile_combination_of(ltp_compile_context *c, ltp_compile_touch_kind kind, int on, int layer,
                               ltp_compile_only only) {
    const ltp_compile_touch **touch = COMPILE_NEW(c, c->programme.count, const ltp_compile_touch *);
    int count = 0;
    for (int k = c->touch_head[kind][on]; k >= 0; k = c->touch_next[k]) {
        const ltp_compile_touch *one = COMPILE_AT(c->touch, ltp_compile_touch, k);
        if (looked_at(c, one->programme, only) && ltp_compile_layer_has(c, layer, one->programme))
            touch[count++] = touch_in(c, one, layer);
    }
    if (count == 0)
        return -1;
    sorting = c;
    qsort(touch, (size_t)count, sizeof *touch, by_programme_code);
    bool found;
    int at = ltp_compile_intern(c, &c->combination_map, combination_key(touch, count), &found);
    if (found)
        return at;
    ltp_combination combination = {.lasting = -1};
    group_actions(c, touch, count, &combination);
    double *planned = COMPILE_NEW(c, c->year_count + 1, double);
    planned[0] = 1.0;
    for (int t = 1; t <= c->year_count; t++)
        planned[t] = planned_of(c, &combination, t);
    combination.planned = planned;
    return ltp_compile_push(c, &c->combination, sizeof combination, &combination);
}

/* --- variants --- */

static bool moderates(const ltp_compile_context *c, int programme) {
    for (int k = 0; k < c->touch.count; k++) {
        const ltp_compile_touch *touch = COMPILE_AT(c->touch, ltp_compile_touch, k);
        if (touch->kind == TOUCH_DEMAND && touch->programme == programme)
            return true;
    }
    return false;
}

/* Whether a programme, or one that it needs, waits for a scheme. */
static bool waits_for_scheme(const ltp_compile_context *c, int programme) {
    const ltp_compile_programme *one = COMPILE_AT(c->programme, ltp_compile_programme, programme);
    return one->scheme >= 0 || (one->needs >= 0 && waits_for_scheme(c, one->needs));
}

/* The same moderation; where it waits for a scheme, the same schemes too, which compete for one envelope. */
static bool same_demand(const ltp_compile_context *c, int layer, int other) {
    const bool same_schemes = ltp_compile_layer_has_schemes(c, layer) == ltp_compile_layer_has_schemes(c, other);
    for (int p = 0; p < c->programme.count; p++) {
        if (!moderates(c, p))
            continue;
        if (ltp_compile_layer_has(c, layer, p) != ltp_compile_layer_has(c, other, p))
            return false;
        if (!same_schemes && waits_for_scheme(c, p) && ltp_compile_layer_has(c, layer, p))
            return false;
    }
    return true;
}

static int given_id(ltp_compile_context *c, const ltp_compile_flow *flow, int index) {
    if (!flow->given)
        return -1;
    if (flow->other)
        return c->flow.count + index; /* fixed: a line of its own */
    for (int f = 0; f < index; f++) {
        const ltp_compile_flow *other = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (other->given && !other->other &&
            memcmp(other->given, flow->given, (size_t)c->year_count * sizeof(double)) == 0)
            return f;
    }
    return index;
}

static void variant_lines(ltp_compile_context *c, int v, int layer, ltp_compile_variant *build) {
    for (int f = 0; f < c->flow.count; f++) {
        ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow->mechanism)
            continue;
        int pair = -1;
        bool found;
        if (flow->activity >= 0) {
            const int moderation = ltp_compile_combination(c, TOUCH_DEMAND, f, layer);
            pair = ltp_compile_intern(c, &build->pair_map, (ltp_compile_key){{flow->activity, moderation}}, &found);
        }
        build->flow_pair[f] = pair;
        int bits[2];
        memcpy(bits, &flow->share, sizeof bits);
        const int followed = flow->mechanism->follows_activity ? pair : -1;
        const ltp_compile_key key = {{(int)(flow->mechanism->index) * 16 + flow->mechanism_id * 2 + flow->base_plan,
                                      followed, flow->index, bits[0], bits[1], build->given[f]}};
        flow->line[v] = ltp_compile_intern(c, &build->line_map, key, &found);
        if (found)
            continue;
        ltp_line line = {.mechanism = flow->mechanism,
                         .pair = followed,
                         .blended = strcmp(flow->mechanism->name, "blended") == 0,
                         .index = flow->index,
                         .share = flow->share,
                         .plan_base = flow->plan_base,
                         .given = flow->given,
                         .other = flow->other};
        ltp_compile_push(c, &build->line, sizeof line, &line);
    }
}

static void variant_finish(ltp_compile_context *c, ltp_compile_variant *build, ltp_variant *variant) {
    const int pairs = build->pair_map.key.count;
    int *activity = COMPILE_NEW(c, pairs, int), *moderation = COMPILE_NEW(c, pairs, int);
    for (int k = 0; k < pairs; k++) {
        activity[k] = COMPILE_AT(build->pair_map.key, ltp_compile_key, k)->part[0];
        moderation[k] = COMPILE_AT(build->pair_map.key, ltp_compile_key, k)->part[1];
    }
    variant->line_count = build->line.count;
    variant->line = build->line.item;
    variant->pair_count = pairs;
    variant->pair_activity = activity;
    variant->pair_moderation = moderation;
    ltp_compile_variant_cells(c, (int)(variant - c->variant), build, variant);
}

static void make_variants(ltp_compile_context *c, ltp_layer *layers) {
    const int count = c->layer_count;
    int *first = COMPILE_NEW(c, count, int), variants = 0;
    for (int l = 0; l < count; l++) {
        int v = 0;
        while (v < variants && !same_demand(c, l, first[v]))
            v++;
        if (v == variants)
            first[variants++] = l;
        layers[l].variant = v;
    }
    ltp_compile_capital_variants(c, layers, count);
    c->variant = COMPILE_NEW(c, variants, ltp_variant);
    c->variant_count = variants;
    int *given = COMPILE_NEW(c, c->flow.count, int);
    for (int f = 0; f < c->flow.count; f++) {
        ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        flow->line = COMPILE_NEW(c, variants, int);
        given[f] = given_id(c, flow, f);
    }
    ltp_compile_cells(c);
    for (int v = 0; v < variants; v++) {
        ltp_compile_variant build = {.flow_pair = COMPILE_NEW(c, c->flow.count, int), .given = given};
        variant_lines(c, v, first[v], &build);
        variant_finish(c, &build, &c->variant[v]);
    }
}

/* --- what each layer touches --- */

/* Cash that is the same on every path, summed by who pays and who is paid. */
static void sum_fixed_cash(ltp_compile_context *c, ltp_layer *layer) {
    const int n = ltp_compile_organisation_count(c), years = c->year_count;
    double *paid = COMPILE_NEW(c, n * years, double), *received = COMPILE_NEW(c, n * years, double);
    double *outside = COMPILE_NEW(c, years, double);
    int *moving = COMPILE_NEW(c, layer->cash_count, int);
    for (int k = 0; k < layer->cash_count; k++) {
        const ltp_cash *cash = COMPILE_AT(c->cash, ltp_cash, layer->cash[k]);
        if (cash->delivery >= 0)
            moving[layer->moving_count++] = layer->cash[k];
        for (int t = 0; cash->delivery < 0 && t < years; t++) {
            const double amount = cash->amount[t];
            *(cash->payer < n ? &paid[cash->payer * years + t] : &outside[t]) += amount;
            if (cash->payee < n)
                received[cash->payee * years + t] += amount;
            else
                outside[t] -= amount;
            if (cash->payee < n && cash->spent) {
                paid[cash->payee * years + t] += amount;
                outside[t] -= amount;
            }
        }
    }
    layer->moving = moving;
    layer->paid = paid;
    layer->received = received;
    layer->outside = outside;
}

/* How many rows of use price programmes change: each once, however many flows it is made of. */
static void count_own_rows(ltp_compile_context *c, ltp_layer *layer) {
    ltp_compile_map use = {0}, stream = {0};
    bool found;
    for (int k = 0; k < layer->price_touch_count; k++) {
        const ltp_price_touch *touch = &layer->price_touch[k];
        ltp_compile_intern(c, &use, (ltp_compile_key){{touch->payer, touch->service}}, &found);
        ltp_compile_intern(c, &use, (ltp_compile_key){{touch->payee, touch->service}}, &found);
        ltp_compile_intern(c, &stream, (ltp_compile_key){{touch->payer, touch->stream}}, &found);
    }
    layer->own_use = use.key.count;
    layer->own_stream = stream.key.count;
}

static void layer_touches(ltp_compile_context *c, int index, ltp_layer *layer) {
    ltp_compile_list cost = {0}, price = {0}, price_floor = {0}, cash = {0};
    for (int k = 0; k < c->cost.count; k++) {
        ltp_cost_touch touch = {.cost = k, .combination = ltp_compile_combination(c, TOUCH_COST, k, index)};
        if (touch.combination >= 0)
            ltp_compile_push(c, &cost, sizeof touch, &touch);
    }
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        int combination = ltp_compile_combination(c, TOUCH_PRICE, f, index);
        if (combination < 0)
            continue;
        ltp_price_touch touch = {.line = flow->line[layer->variant],
                                 .combination = combination,
                                 .payer = flow->payer,
                                 .payee = flow->payee,
                                 .service = flow->service,
                                 .stream = flow->stream,
                                 .amount = flow->amount,
                                 .ends = ltp_compile_moved_ends(c, &c->price_moved, flow)};
        ltp_compile_push(c, &price, sizeof touch, &touch);
        ltp_compile_push(c, &price_floor, sizeof flow->floor, &flow->floor);
    }
    for (int p = 0; p < c->programme.count; p++) {
        const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, p);
        for (int k = 0; ltp_compile_layer_has(c, index, p) && k < programme->cash_count; k++) {
            int at = programme->cash_first + k;
            ltp_compile_push(c, &cash, sizeof at, &at);
        }
    }
    layer->cost_touch_count = cost.count;
    layer->cost_touch = cost.item;
    layer->price_touch_count = price.count;
    layer->price_touch = price.item;
    layer->price_floor = price_floor.item;
    layer->cash_count = cash.count;
    layer->cash = cash.item;
    sum_fixed_cash(c, layer);
    count_own_rows(c, layer);
}

/* --- layers that come to the same --- */

static bool same_touches(const void *a, int a_count, const void *b, int b_count, size_t size) {
    return a_count == b_count && (a_count == 0 || memcmp(a, b, (size_t)a_count * size) == 0);
}

static bool same_rows(const ltp_layer *a, const ltp_layer *b, ltp_quantity quantity) {
    const bool prices = same_touches(a->price_touch, a->price_touch_count, b->price_touch, b->price_touch_count,
                                     sizeof *a->price_touch);
    if (a->variant != b->variant)
        return false;
    switch (quantity) {
    case LTP_QUANTITY_ACTIVITY:
    case LTP_QUANTITY_DEMAND_AVOIDED:
    case LTP_QUANTITY_STRANDED:
        return true;
    case LTP_QUANTITY_USE:
    case LTP_QUANTITY_USE_STREAM:
    case LTP_QUANTITY_FLOOR_ADDED:
        return prices;
    case LTP_QUANTITY_STAFF_REQUIRED:
    case LTP_QUANTITY_STAFF_SUPPLY:
    case LTP_QUANTITY_STAFF_AGENCY:
    case LTP_QUANTITY_STAFF_UNFILLED:
    case LTP_QUANTITY_STAFF_PAY:
        return a->workforce == b->workforce;
    case LTP_QUANTITY_CAPITAL_NEED:
    case LTP_QUANTITY_CAPITAL_SPEND:
    case LTP_QUANTITY_CAPITAL_CARRIED:
    case LTP_QUANTITY_CAPITAL_CHARGES:
    case LTP_QUANTITY_FAILURE_COST:
    case LTP_QUANTITY_SCHEME_SPEND:
    case LTP_QUANTITY_SCHEME_COMPLETE:
        return a->capital == b->capital;
    default:
        break;
    }
    return prices && a->support == b->support && a->workforce == b->workforce && a->capital == b->capital &&
           same_touches(a->cost_touch, a->cost_touch_count, b->cost_touch, b->cost_touch_count,
                        sizeof *a->cost_touch) &&
           same_touches(a->cash, a->cash_count, b->cash, b->cash_count, sizeof *a->cash);
}

static void find_same(ltp_compile_context *c, ltp_layer *layers, const size_t *layer_same[LTP_QUANTITY_COUNT]) {
    const size_t count = (size_t)c->layer_count;
    for (size_t l = 0; l < count; l++)
        layers[l].same = true;
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++) {
        size_t *same = COMPILE_NEW(c, count, size_t);
        for (size_t l = 0; l < count; l++) {
            same[l] = 0;
            while (same[l] < l && !same_rows(&layers[same[l]], &layers[l], (ltp_quantity)q))
                same[l]++;
            layers[l].same &= same[l] != l;
        }
        layer_same[q] = same;
    }
}

void ltp_compile_layer_set(ltp_compile_context *c, const size_t *layer_same[LTP_QUANTITY_COUNT]) {
    const int count = c->layer_count;
    ltp_layer *layers = COMPILE_NEW(c, count, ltp_layer);
    make_variants(c, layers);
    for (int l = 0; l < count; l++) {
        layer_touches(c, l, &layers[l]);
        layers[l].support = l > 0 && c->trajectories.count > 0;
    }
    ltp_compile_workforce_variants(c, layers, count);
    find_same(c, layers, layer_same);
    ltp_compile_layer_owners(c, layers, count);
    ltp_compile_made(c, layers, count);
    c->layer = layers;
}

void ltp_compile_layers(ltp_compile_context *c) {
    ltp_compile_moved_thing(c, &c->price_moved, LTP_MOVED_OUTSIDE, -1, -1);
    list_layers(c);
    chain_touches(c);
    ltp_compile_layer_set(c, c->plan->roster.layer_same);
    ltp_compile_releases(c, c->layer_count);
    ltp_compile_attribution(c);
}
