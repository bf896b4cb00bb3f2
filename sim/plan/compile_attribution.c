/* Attribution: the layers of every subset of tests and of the plan without each programme, as a model of their own. */
#include <string.h>

#include "sim/plan/compile_layer.h"

/* What compiling a set of layers leaves in the context. */
typedef struct {
    int layer_count, variant_count;
    const ltp_compile_content *content;
    ltp_variant *variant;
    ltp_layer *layer;
    ltp_workforce workforce;
    ltp_capital capital;
    ltp_floors floors;
    ltp_trajectories trajectories;
    ltp_releases releases;
    int **line; /* [flow] */
} layer_set;

static layer_set take_set(ltp_compile_context *c) {
    layer_set set = {.layer_count = c->layer_count,
                     .variant_count = c->variant_count,
                     .content = c->content,
                     .variant = c->variant,
                     .layer = c->layer,
                     .workforce = c->workforce,
                     .capital = c->capital,
                     .floors = c->floors,
                     .trajectories = c->trajectories,
                     .releases = c->releases,
                     .line = COMPILE_NEW(c, c->flow.count, int *)};
    for (int f = 0; f < c->flow.count; f++)
        set.line[f] = COMPILE_AT(c->flow, ltp_compile_flow, f)->line;
    return set;
}

static void put_set(ltp_compile_context *c, const layer_set *set) {
    c->layer_count = set->layer_count;
    c->variant_count = set->variant_count;
    c->content = set->content;
    c->variant = set->variant;
    c->layer = set->layer;
    c->workforce = set->workforce;
    c->capital = set->capital;
    c->floors = set->floors;
    c->trajectories = set->trajectories;
    c->releases = set->releases;
    for (int f = 0; f < c->flow.count; f++)
        COMPILE_AT(c->flow, ltp_compile_flow, f)->line = set->line[f];
}

static int owner(const size_t *const *layer_same, int layer) {
    return (int)layer_same[LTP_QUANTITY_COST][layer];
}

static void name_tests(ltp_compile_context *c, ltp_attribution *attribution, const int *test, int tests) {
    const char **code = COMPILE_NEW(c, tests, const char *), **name = COMPILE_NEW(c, tests, const char *);
    const ltp_label_axis *layer = &c->plan->roster.layer;
    int *test_layer = COMPILE_NEW(c, tests + 1, int), *layer_owner = COMPILE_NEW(c, layer->count, int);
    for (int k = 0; k < tests; k++) {
        code[k] = layer->code[k + 1];
        name[k] = ltp_compile_test_name(c, test[k]);
        test_layer[k + 1] = k + 1;
    }
    for (size_t l = 0; l < layer->count; l++)
        layer_owner[l] = owner(c->plan->roster.layer_same, (int)l);
    attribution->test = (ltp_label_axis){.count = (size_t)tests, .code = code, .name = name};
    attribution->test_layer = test_layer;
    attribution->layer_owner = layer_owner;
}

/* "", "RM3", "RM3, RW6" or "RM3 and 10 more". */
static const char *sponsor_text(ltp_compile_context *c, const bool *sponsor) {
    const ltp_label_axis *organisation = &c->plan->roster.level[LTP_LEVEL_ORGANISATION];
    const char *first = NULL, *second = NULL;
    int count = 0;
    for (size_t o = 0; sponsor && o < organisation->count; o++)
        if (sponsor[o]) {
            if (count == 1)
                second = organisation->code[o];
            first = first ? first : organisation->code[o];
            count++;
        }
    char *text;
    ltp_status status = LTP_OK;
    if (count < 2)
        return count ? first : "";
    if (count == 2)
        status = ltp_pool_format(c->pool, &text, c->error, "%s, %s", first, second);
    else
        status = ltp_pool_format(c->pool, &text, c->error, "%s and %d more", first, count - 1);
    if (status != LTP_OK)
        longjmp(c->out_of_memory, 1);
    return text;
}

/* Programmes that act, in the order of their codes. */
static int list_programmes(ltp_compile_context *c, ltp_attribution *attribution, int *index) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    const char **code = COMPILE_NEW(c, c->programme.count, const char *);
    const char **name = COMPILE_NEW(c, c->programme.count, const char *);
    const char **test = COMPILE_NEW(c, c->programme.count, const char *);
    const char **deliverable = COMPILE_NEW(c, c->programme.count, const char *);
    const char **sponsor = COMPILE_NEW(c, c->programme.count, const char *);
    static const char *const test_code[] = {"", "test_1", "test_2", "test_3", "test_4", "test_5"};
    int count = 0;
    for (int p = 0; p < c->programme.count; p++) {
        const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, p);
        const ltp_cell *serves = ltp_cell_at(table, programme->row, LTP_PROGRAMMES_DELIVERABLE);
        const ltp_cell *title = ltp_cell_at(table, programme->row, LTP_PROGRAMMES_NAME);
        if (!programme->kind || !programme->modelled)
            continue;
        test[count] = test_code[programme->test];
        deliverable[count] = serves->present ? serves->text : "";
        sponsor[count] = sponsor_text(c, programme->sponsor);
        code[count] = programme->code;
        name[count] = title->present ? title->text : programme->code;
        index[count++] = p;
    }
    attribution->programme_test = test;
    attribution->programme_deliverable = deliverable;
    attribution->programme_sponsor = sponsor;
    attribution->programme = (ltp_label_axis){.count = (size_t)count, .code = code, .name = name};
    return count;
}

/* Who sponsors a programme, and how much of each organisation counts in the total of its sponsors' systems. */
static void find_sponsors(ltp_compile_context *c, ltp_attribution *attribution, const int *index, int count) {
    const ltp_roster *roster = &c->plan->roster;
    const size_t n = roster->level[LTP_LEVEL_ORGANISATION].count, systems = roster->level[LTP_LEVEL_SYSTEM].count;
    bool *sponsor = COMPILE_NEW(c, (size_t)count * n, bool), *ours = COMPILE_NEW(c, systems, bool);
    double *inside = COMPILE_NEW(c, (size_t)count * n, double);
    for (int p = 0; p < count; p++) {
        const bool *own = COMPILE_AT(c->programme, ltp_compile_programme, index[p])->sponsor;
        if (own)
            memcpy(&sponsor[(size_t)p * n], own, n * sizeof *own);
        memset(ours, 0, systems * sizeof *ours);
        for (size_t m = 0; m < roster->membership_count; m++)
            ours[roster->membership[m].system] |= sponsor[(size_t)p * n + roster->membership[m].organisation];
        for (size_t m = 0; m < roster->membership_count; m++)
            if (ours[roster->membership[m].system])
                inside[(size_t)p * n + roster->membership[m].organisation] += roster->membership[m].share;
    }
    attribution->sponsor = sponsor;
    attribution->inside = inside;
}

/* do_nothing, the plan, every other subset of the tests, the plan without each programme. */
static ltp_compile_content *list_contents(ltp_compile_context *c, const int *test, int tests, const int *programme,
                                          int programmes) {
    ltp_compile_content *content = COMPILE_NEW(c, (1 << tests) + 1 + programmes, ltp_compile_content);
    int count = 0;
    content[count++] = (ltp_compile_content){.without = -1};
    content[count++] = (ltp_compile_content){.all = true, .without = -1};
    for (int subset = 1; subset < 1 << tests; subset++) {
        unsigned bits = 0;
        for (int k = 0; k < tests; k++)
            bits |= subset >> k & 1 ? 1u << test[k] : 0u;
        content[count++] = (ltp_compile_content){.tests = bits, .without = -1};
    }
    for (int p = 0; p < programmes; p++)
        content[count++] = (ltp_compile_content){.all = true, .without = programme[p]};
    c->layer_count = count;
    return content;
}

void ltp_compile_attribution(ltp_compile_context *c) {
    ltp_attribution *attribution = &c->plan->attribution;
    const size_t *layer_same[LTP_QUANTITY_COUNT];
    int test[LTP_LAYER_MAX], *programme = COMPILE_NEW(c, c->programme.count, int);
    const int tests = ltp_compile_tests(c, test), programmes = list_programmes(c, attribution, programme);
    c->own_action_count = c->action.count;
    c->own_combination_count = c->combination.count;
    if (tests == 0 && programmes == 0)
        return;
    name_tests(c, attribution, test, tests);
    find_sponsors(c, attribution, programme, programmes);
    const layer_set own = take_set(c);
    c->releases = (ltp_releases){0}; /* nobody asks a subset what it releases */
    c->content = list_contents(c, test, tests, programme, programmes);
    ltp_compile_layer_set(c, layer_same);
    int *subset = COMPILE_NEW(c, 1 << tests, int), *without = COMPILE_NEW(c, programmes, int);
    for (int s = 1; s < 1 << tests; s++)
        subset[s] = owner(layer_same, s + 1);
    for (int p = 0; p < programmes; p++)
        without[p] = owner(layer_same, (1 << tests) + 1 + p);
    attribution->subset_owner = subset;
    attribution->plan_owner = owner(layer_same, 1);
    attribution->without_owner = without;
    attribution->layer_count = c->layer_count;
    c->plan->attribution_model = (ltp_model){.layer_count = c->layer_count,
                                             .layer = c->layer,
                                             .variant_count = c->variant_count,
                                             .variant = c->variant,
                                             .workforce = c->workforce,
                                             .capital = c->capital,
                                             .floors = c->floors,
                                             .trajectories = c->trajectories,
                                             .releases = c->releases};
    put_set(c, &own);
}

void ltp_compile_attribution_finish(ltp_compile_context *c) {
    ltp_model *own = &c->plan->model, *model = &c->plan->attribution_model;
    const ltp_model made = *model;
    if (made.layer_count == 0)
        return;
    *model = *own; /* the lists are shared; those that attribution has made longer are longer here */
    model->layer_count = made.layer_count;
    model->layer = made.layer;
    model->variant_count = made.variant_count;
    model->variant = made.variant;
    model->workforce = made.workforce;
    model->capital = made.capital;
    model->floors = made.floors;
    model->trajectories = made.trajectories;
    model->releases = made.releases;
    model->plan_line_count = 0;                                                            /* only gaps are read */
    model->wanted = UINT64_C(1) << LTP_QUANTITY_INCOME | UINT64_C(1) << LTP_QUANTITY_COST; /* gaps */
    own->action_count = c->own_action_count;
    own->combination_count = c->own_combination_count;
}
