/* What is made anew in each activity variant. Cells stand in the same rows in all of them, so a variant makes those
 * that differ from the one before it, and of its lines only what these, its layers and its totals are made of. */
#include "sim/plan/compile_layer.h"

typedef struct {
    const ltp_variant *variant;
    bool *line; /* [line + joined] */
} needs;

static void need_line(const needs *of, int line) {
    of->line[line] = true;
    if (line >= of->variant->line_count)
        of->line[of->variant->joined[line - of->variant->line_count].line] = true;
}

static void need_sum(const needs *of, const ltp_sum *sum) {
    for (int e = 0; e < sum->entry_count; e++)
        need_line(of, sum->entry[e].line);
}

typedef bool same_cell(const ltp_variant *a, const ltp_sum *of_a, const ltp_variant *b, const ltp_sum *of_b);

/* Cells of `variant` that differ from those of the one before (NULL: all). */
static int *changed(ltp_compile_context *c, const ltp_variant *variant, const ltp_sum *cell, const ltp_variant *before,
                    const ltp_sum *cell_before, int count, same_cell *same, int *changes) {
    int *list = COMPILE_NEW(c, count, int);
    for (int k = 0; k < count; k++)
        if (!before || !same(variant, &cell[k], before, &cell_before[k]))
            list[(*changes)++] = k;
    return list;
}

/* Lines that layers of the variant look at themselves: payments that price programmes and the settlement's rules move,
 * where the layer is the one that computes it. */
static void need_of_layers(const ltp_compile_context *c, const needs *of, int v, const ltp_layer *layers, int count) {
    for (int l = 0; l < count; l++) {
        const ltp_layer *layer = &layers[l];
        if (layer->variant != v)
            continue;
        for (int k = 0; k < layer->price_touch_count && (layer->price == l || layer->floor == l); k++)
            need_line(of, layer->price_touch[k].line);
        for (int k = 0; k < c->floors.cell_count && layer->floor == l; k++)
            need_sum(of, &of->variant->floor[k]);
    }
}

static void list_lines(ltp_compile_context *c, ltp_variant *variant, const bool *needed) {
    int *line = COMPILE_NEW(c, variant->line_count + variant->joined_count, int), count = 0;
    for (int k = 0; k < variant->line_count; k++)
        if (needed[k])
            line[count++] = k;
    variant->line_made_count = count;
    for (int k = variant->line_count; k < variant->line_count + variant->joined_count; k++)
        if (needed[k])
            line[count++] = k;
    variant->joined_made_count = count - variant->line_made_count;
    variant->line_made = line;
}

void ltp_compile_made(ltp_compile_context *c, const ltp_layer *layers, int count) {
    const int n = ltp_compile_organisation_count(c);
    for (int v = 0; v < c->variant_count; v++) {
        ltp_variant *variant = &c->variant[v];
        const ltp_variant *before = v == 0 ? NULL : variant - 1;
        const int lines = variant->line_count + variant->joined_count;
        const needs of = {variant, COMPILE_NEW(c, lines, bool)};
        variant->use_made = changed(c, variant, variant->use, before, before ? before->use : NULL, c->use_count,
                                    ltp_compile_same_sum, &variant->use_made_count);
        variant->income_made = changed(c, variant, variant->income, before, before ? before->income : NULL,
                                       c->income_count, ltp_compile_same_sum, &variant->income_made_count);
        variant->activity_made = changed(c, variant, variant->activity, before, before ? before->activity : NULL,
                                         c->activity_count, ltp_compile_same_patients, &variant->activity_made_count);
        for (int k = 0; k < variant->use_made_count; k++)
            need_sum(&of, &variant->use[variant->use_made[k]]);
        for (int k = 0; k < variant->income_made_count; k++)
            need_sum(&of, &variant->income[variant->income_made[k]]);
        for (int o = 0; o < n; o++) {
            need_sum(&of, &variant->pass_through[o]);
            need_sum(&of, &variant->moved_cost[o]);
        }
        need_of_layers(c, &of, v, layers, count);
        for (int k = 0; v == 0 && k < lines; k++) /* the bridge and what is released look at more */
            of.line[k] = true;
        list_lines(c, variant, of.line);
    }
}
