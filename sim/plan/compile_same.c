/* What two activity variants, or two layers, have in common: what is the same is computed once. */
#include "sim/plan/compile_layer.h"

static bool same_pair(const ltp_variant *a, int of_a, const ltp_variant *b, int of_b) {
    if (of_a < 0 || of_b < 0)
        return of_a == of_b;
    return a->pair_activity[of_a] == b->pair_activity[of_b] && a->pair_moderation[of_a] == b->pair_moderation[of_b];
}

bool ltp_compile_same_line(const ltp_variant *a, int of_a, const ltp_variant *b, int of_b) {
    const bool joined = of_a >= a->line_count;
    if (joined != (of_b >= b->line_count))
        return false;
    if (joined) {
        const ltp_joined *x = &a->joined[of_a - a->line_count], *y = &b->joined[of_b - b->line_count];
        return x->year == y->year && x->recurrent == y->recurrent && ltp_compile_same_line(a, x->line, b, y->line);
    }
    const ltp_line *x = &a->line[of_a], *y = &b->line[of_b];
    return x->mechanism == y->mechanism && x->blended == y->blended && x->index == y->index && x->share == y->share &&
           x->plan_base == y->plan_base && x->given == y->given && x->other == y->other &&
           same_pair(a, x->pair, b, y->pair);
}

bool ltp_compile_same_sum(const ltp_variant *a, const ltp_sum *of_a, const ltp_variant *b, const ltp_sum *of_b) {
    if (of_a->entry_count != of_b->entry_count)
        return false;
    for (int e = 0; e < of_a->entry_count; e++)
        if (of_a->entry[e].weight != of_b->entry[e].weight ||
            !ltp_compile_same_line(a, of_a->entry[e].line, b, of_b->entry[e].line))
            return false;
    return true;
}

bool ltp_compile_same_patients(const ltp_variant *a, const ltp_sum *of_a, const ltp_variant *b, const ltp_sum *of_b) {
    if (of_a->entry_count != of_b->entry_count)
        return false;
    for (int e = 0; e < of_a->entry_count; e++)
        if (of_a->entry[e].weight != of_b->entry[e].weight ||
            !same_pair(a, of_a->entry[e].line, b, of_b->entry[e].line))
            return false;
    return true;
}

/* --- what is moved --- */

int ltp_compile_moved_thing(ltp_compile_context *c, ltp_compile_moved *moved, ltp_moved_kind kind, int organisation,
                            int item) {
    const ltp_moved_thing thing = {.kind = kind, .organisation = organisation, .item = item};
    bool found;
    const int at = ltp_compile_intern(c, &moved->map, (ltp_compile_key){{(int)kind, organisation, item}}, &found);
    if (!found)
        ltp_compile_push(c, &moved->thing, sizeof thing, &thing);
    return at;
}

ltp_moved_ends ltp_compile_moved_ends(ltp_compile_context *c, ltp_compile_moved *moved, const ltp_compile_flow *flow) {
    const int n = ltp_compile_organisation_count(c), payer = flow->payer, payee = flow->payee;
    ltp_moved_ends ends = {-1, -1, -1, -1, -1, -1};
    if (payer < n)
        ends.payer_cost = ltp_compile_moved_thing(c, moved, LTP_MOVED_COST, payer, -1);
    if (payer < n && ltp_compile_party_at(c, payer)->sector != LTP_SECTOR_PROVIDER) {
        ends.payer_use = ltp_compile_moved_thing(c, moved, LTP_MOVED_USE, payer, flow->service);
        ends.payer_stream = ltp_compile_moved_thing(c, moved, LTP_MOVED_STREAM, payer, flow->stream);
    }
    if (payee >= n)
        return ends;
    ends.payee_income = ltp_compile_moved_thing(c, moved, LTP_MOVED_INCOME, payee, -1);
    ends.payee_cost = ltp_compile_moved_thing(c, moved, LTP_MOVED_COST, payee, -1);
    if (ltp_compile_party_at(c, payee)->sector == LTP_SECTOR_PROVIDER)
        ends.payee_use = ltp_compile_moved_thing(c, moved, LTP_MOVED_USE, payee, flow->service);
    return ends;
}

/* --- the layers that share them --- */

static bool same_touch(const ltp_compile_context *c, const ltp_layer *a, int of_a, const ltp_layer *b, int of_b) {
    const ltp_price_touch *x = &a->price_touch[of_a], *y = &b->price_touch[of_b];
    return x->payer == y->payer && x->payee == y->payee && x->service == y->service && x->stream == y->stream &&
           x->combination == y->combination && x->amount == y->amount &&
           ltp_compile_same_line(&c->variant[a->variant], x->line, &c->variant[b->variant], y->line);
}

static bool same_prices(const ltp_compile_context *c, const ltp_layer *a, const ltp_layer *b) {
    if (a->price_touch_count != b->price_touch_count)
        return false;
    for (int k = 0; k < a->price_touch_count; k++)
        if (!same_touch(c, a, k, b, k))
            return false;
    return true;
}

/* The price programme that is the next from `from` on to change a payment that rules see; the count: none. */
static int next_seen(const ltp_layer *layer, int from) {
    while (from < layer->price_touch_count && layer->price_floor[from] < 0)
        from++;
    return from;
}

static bool same_seen(const ltp_compile_context *c, const ltp_layer *a, const ltp_layer *b) {
    int of_a = next_seen(a, 0), of_b = next_seen(b, 0);
    while (of_a < a->price_touch_count && of_b < b->price_touch_count) {
        if (a->price_floor[of_a] != b->price_floor[of_b] || !same_touch(c, a, of_a, b, of_b))
            return false;
        of_a = next_seen(a, of_a + 1);
        of_b = next_seen(b, of_b + 1);
    }
    return of_a == a->price_touch_count && of_b == b->price_touch_count;
}

static bool same_floors(const ltp_compile_context *c, const ltp_layer *a, const ltp_layer *b) {
    const ltp_variant *of_a = &c->variant[a->variant], *of_b = &c->variant[b->variant];
    for (int k = 0; k < c->floors.cell_count; k++)
        if (!ltp_compile_same_sum(of_a, &of_a->floor[k], of_b, &of_b->floor[k]))
            return false;
    return same_seen(c, a, b);
}

void ltp_compile_layer_owners(ltp_compile_context *c, ltp_layer *layers, int count) {
    int *order = COMPILE_NEW(c, count, int), ordered = 0;
    for (int v = 0; v < c->variant_count; v++) /* in the order in which layers are computed */
        for (int l = 0; l < count; l++)
            if (layers[l].variant == v)
                order[ordered++] = l;
    for (int k = 0; k < count; k++) {
        ltp_layer *layer = &layers[order[k]];
        int floor = 0, price = 0;
        while (!same_floors(c, &layers[order[floor]], layer))
            floor++;
        while (!same_prices(c, &layers[order[price]], layer))
            price++;
        layer->floor = order[floor];
        layer->price = order[price];
    }
}
