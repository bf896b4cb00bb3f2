#include "tests/support/simulate.h"

#include <stdlib.h>

#include "tests/support/test.h"

static size_t axis_find(const ltp_label_axis *axis, const char *code) {
    for (size_t k = 0; k < axis->count; k++)
        if (strcmp(axis->code[k], code) == 0)
            return k;
    fail_msg("there is no '%s'", code);
    return 0;
}

static const ltp_label_axis *item_axis(const simulation *s, ltp_quantity quantity) {
    const ltp_roster *roster = &s->plan->roster;
    switch (quantity) {
    case LTP_QUANTITY_ACTIVITY:
    case LTP_QUANTITY_USE:
        return &roster->service;
    case LTP_QUANTITY_USE_STREAM:
        return &roster->stream;
    case LTP_QUANTITY_BRIDGE:
        return &roster->line;
    case LTP_QUANTITY_DEMAND_AVOIDED:
        return &roster->service;
    case LTP_QUANTITY_STAFF_REQUIRED:
    case LTP_QUANTITY_STAFF_SUPPLY:
    case LTP_QUANTITY_STAFF_AGENCY:
    case LTP_QUANTITY_STAFF_UNFILLED:
        return &roster->group;
    case LTP_QUANTITY_CAPITAL_NEED:
    case LTP_QUANTITY_CAPITAL_SPEND:
    case LTP_QUANTITY_CAPITAL_CARRIED:
        return &roster->need;
    default:
        return NULL;
    }
}

static size_t row_count_of(const ltp_roster *roster, int quantity) {
    return roster->level[ltp_quantity_level((ltp_quantity)quantity)].count * roster->item_count[quantity];
}

/* Place of the first row of (quantity, layer, year). */
static size_t place_of(const simulation *s, ltp_quantity quantity, size_t layer, int year) {
    const ltp_roster *roster = &s->plan->roster;
    size_t before = 0, all = 0;
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++) {
        all += row_count_of(roster, q);
        before += q < (int)quantity ? row_count_of(roster, q) : 0;
    }
    return (layer * roster->year.count + (size_t)year - 1) * all + before;
}

static size_t row_count(const simulation *s) {
    return place_of(s, LTP_QUANTITY_INCOME, s->plan->roster.layer.count, 1);
}

simulation simulation_open(const char *path, const char *const *overrides) {
    simulation s = {.keep = KEEP_ALL};
    ltp_problem_list *problems;
    ltp_error error = {0};
    size_t count = 0;
    while (overrides && overrides[count])
        count++;
    assert_int_equal(ltp_problem_list_create(&problems, &error), LTP_OK);
    if (ltp_plan_load(&s.plan, path, overrides, count, problems, &error) != LTP_OK)
        fail_msg("%s: %s", error.message, ltp_problem_first(problems));
    ltp_problem_list_destroy(problems);
    const ltp_roster *roster = &s.plan->roster;
    assert_int_equal(ltp_allocate(&s.memory, ltp_state_bytes(&s.plan->model), 1, "state", &error), LTP_OK);
    s.state = ltp_state_place(&s.plan->model, s.memory);
    /* every layer is computed, those too that a run takes over from an earlier one (test_property.c compares them) */
    for (int l = 0; l < s.plan->model.layer_count; l++)
        ((ltp_layer *)s.plan->model.layer)[l].same = false;
    s.row = calloc(row_count(&s), sizeof *s.row);
    s.digest = calloc(roster->layer.count * roster->year.count * roster->level[LTP_LEVEL_ORGANISATION].count,
                      sizeof *s.digest);
    assert_non_null(s.row);
    assert_non_null(s.digest);
    s.roll = calloc(roster->layer.count * roster->year.count, sizeof *s.roll);
    assert_non_null(s.roll);
    return s;
}

void simulation_close(simulation *s) {
    for (size_t k = 0; k < row_count(s); k++)
        free(s->row[k]);
    free(s->row);
    free(s->digest);
    free(s->roll);
    ltp_free(s->memory);
    ltp_plan_free(s->plan);
    *s = (simulation){0};
}

/* Of bits, so that −0 and 0 differ. */
static uint64_t digest_row(uint64_t hash, const double *row) {
    for (size_t i = 0; i < LTP_BLOCK; i++) {
        uint64_t bits;
        memcpy(&bits, &row[i], sizeof bits);
        hash = (hash ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

static void keep_row(simulation *s, size_t at, const double *row) {
    if (!row) {
        free(s->row[at]);
        s->row[at] = NULL;
        return;
    }
    if (!s->row[at])
        s->row[at] = malloc(LTP_BLOCK * sizeof(double));
    assert_non_null(s->row[at]);
    memcpy(s->row[at], row, LTP_BLOCK * sizeof(double));
}

static void keep_rows(void *context, int layer, int year, const ltp_rows *rows) {
    simulation *s = context;
    const ltp_roster *roster = &s->plan->roster;
    const size_t n = roster->level[LTP_LEVEL_ORGANISATION].count;
    uint64_t *digest = &s->digest[((size_t)layer * roster->year.count + (size_t)year - 1) * n];
    uint64_t *roll = &s->roll[(size_t)layer * roster->year.count + (size_t)year - 1];
    memset(digest, 0, n * sizeof *digest);
    *roll = 0;
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++) {
        const size_t items = roster->item_count[q], at = place_of(s, (ltp_quantity)q, (size_t)layer, year);
        const ltp_label_axis *axis = item_axis(s, (ltp_quantity)q);
        const ltp_level level = ltp_quantity_level((ltp_quantity)q);
        for (size_t k = 0; k < row_count_of(roster, q); k++) {
            const double *row = rows->row[q][k];
            const uint64_t item = row ? ltp_hash_name("row", axis ? axis->code[k % items] : "") + (uint64_t)q : 0;
            if (row && level == LTP_LEVEL_ORGANISATION)
                digest[k / items] += digest_row(item, row);
            else if (row)
                *roll += digest_row(item ^ ltp_hash_name("roll", roster->level[level].code[k / items]), row);
            if (s->keep & (UINT64_C(1) << q))
                keep_row(s, at + k, row);
        }
    }
}

void simulation_run(simulation *s, uint32_t block) {
    ltp_block_run(&s->plan->model, s->state, block, keep_rows, s);
}

void simulation_expect(simulation *s) {
    s->plan->model.sampling = LTP_SAMPLING_EXPECTED;
    simulation_run(s, 0);
}

const double *simulation_row(const simulation *s, ltp_quantity quantity, const char *organisation, const char *item,
                             const char *layer, int year) {
    const ltp_roster *roster = &s->plan->roster;
    const ltp_label_axis *axis = item_axis(s, quantity);
    const size_t items = roster->item_count[quantity];
    assert_true(s->keep & (UINT64_C(1) << quantity));
    assert_true(year >= 1 && (size_t)year <= roster->year.count);
    return s->row[place_of(s, quantity, axis_find(&roster->layer, layer), year) +
                  axis_find(&roster->level[ltp_quantity_level(quantity)], organisation) * items +
                  (axis ? axis_find(axis, item) : 0)];
}

const double *simulation_row_at(const simulation *s, ltp_quantity quantity, size_t at, size_t layer, int year) {
    assert_true(s->keep & (UINT64_C(1) << quantity));
    return s->row[place_of(s, quantity, layer, year) + at];
}

double simulation_value(const simulation *s, ltp_quantity quantity, const char *organisation, const char *item,
                        const char *layer, int year, size_t path) {
    const double *row = simulation_row(s, quantity, organisation, item, layer, year);
    if (!row)
        fail_msg("'%s' has no row of quantity %d, '%s'", organisation, (int)quantity, item ? item : "");
    return row[path];
}

double simulation_gap(const simulation *s, const char *organisation, const char *layer, int year, size_t path) {
    const ltp_label_axis *axis = &s->plan->roster.level[LTP_LEVEL_ORGANISATION];
    if (organisation)
        return simulation_value(s, LTP_QUANTITY_COST, organisation, NULL, layer, year, path) -
               simulation_value(s, LTP_QUANTITY_INCOME, organisation, NULL, layer, year, path);
    double sum = 0.0;
    for (size_t o = 0; o < axis->count; o++)
        sum += simulation_gap(s, axis->code[o], layer, year, path);
    return sum;
}

uint64_t simulation_digest(const simulation *s, const char *organisation, const char *layer) {
    const ltp_roster *roster = &s->plan->roster;
    const ltp_label_axis *axis = &roster->level[LTP_LEVEL_ORGANISATION];
    const size_t l = axis_find(&roster->layer, layer), o = axis_find(axis, organisation);
    uint64_t sum = 0;
    for (size_t t = 0; t < roster->year.count; t++)
        sum = sum * UINT64_C(0x9E3779B97F4A7C15) + s->digest[(l * roster->year.count + t) * axis->count + o];
    return sum;
}

uint64_t simulation_digest_all(const simulation *s) {
    const ltp_roster *roster = &s->plan->roster;
    const ltp_label_axis *axis = &roster->level[LTP_LEVEL_ORGANISATION];
    uint64_t sum = 0;
    for (size_t l = 0; l < roster->layer.count; l++)
        for (size_t t = 0; t < roster->year.count; t++)
            sum += s->roll[l * roster->year.count + t] * (ltp_hash_name("layer", roster->layer.code[l]) + 2u * t + 1u);
    for (size_t l = 0; l < roster->layer.count; l++)
        for (size_t o = 0; o < axis->count; o++)
            sum += (simulation_digest(s, axis->code[o], roster->layer.code[l]) ^ ltp_hash_name("code", axis->code[o])) *
                   (ltp_hash_name("layer", roster->layer.code[l]) | 1u);
    return sum;
}

double expected_gap(const char *path, const char *const *overrides, const char *organisation, const char *layer,
                    int year) {
    simulation s = simulation_open(path, overrides);
    s.keep = KEEP_GAP;
    simulation_expect(&s);
    const double gap = simulation_gap(&s, organisation, layer, year, 0);
    simulation_close(&s);
    return gap;
}
