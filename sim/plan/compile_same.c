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

/* --- settlement rules --- */

/* The price programme that is the next after `from` to change a payment that rules see; the count if there is none. */
static int next_seen(const ltp_layer *layer, int from) {
    while (from < layer->price_touch_count && layer->price_floor[from] < 0)
        from++;
    return from;
}

static bool same_seen(const ltp_compile_context *c, const ltp_layer *a, const ltp_layer *b) {
    int at_a = next_seen(a, 0), at_b = next_seen(b, 0);
    while (at_a < a->price_touch_count && at_b < b->price_touch_count) {
        const ltp_price_touch *x = &a->price_touch[at_a], *y = &b->price_touch[at_b];
        if (a->price_floor[at_a] != b->price_floor[at_b] || x->combination != y->combination ||
            x->amount != y->amount ||
            !ltp_compile_same_line(&c->variant[a->variant], x->line, &c->variant[b->variant], y->line))
            return false;
        at_a = next_seen(a, at_a + 1);
        at_b = next_seen(b, at_b + 1);
    }
    return at_a == a->price_touch_count && at_b == b->price_touch_count;
}

static bool same_floors(const ltp_compile_context *c, const ltp_layer *a, const ltp_layer *b) {
    const ltp_variant *of_a = &c->variant[a->variant], *of_b = &c->variant[b->variant];
    for (int k = 0; k < c->floors.cell_count; k++)
        if (!ltp_compile_same_sum(of_a, &of_a->floor[k], of_b, &of_b->floor[k]))
            return false;
    return same_seen(c, a, b);
}

void ltp_compile_floor_owners(ltp_compile_context *c, ltp_layer *layers, int count) {
    int *owner = COMPILE_NEW(c, count, int), owners = 0;
    for (int v = 0; v < c->variant_count; v++)
        for (int l = 0; l < count; l++) { /* in the order in which layers are computed */
            int k = 0;
            if (layers[l].variant != v)
                continue;
            while (k < owners && !same_floors(c, &layers[owner[k]], &layers[l]))
                k++;
            if (k == owners)
                owner[owners++] = l;
            layers[l].floor = owner[k];
        }
}
