#include "models/income.h"

#include "models/lane.h"
#include "models/mechanism.h"

LTP_HOT static void product(double *restrict to, const double *restrict a, const double *restrict b) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        to[i] = a[i] * b[i];
}

/* Patients treated: A0, moderated. */
static void pair_tile(ltp_state *state, const ltp_variant *variant, int year, size_t lane) {
    for (int p = 0; p < variant->pair_count; p++) {
        const double *activity = ltp_activity_row(state, variant->pair_activity[p], year) + lane;
        state->pair_row[p] = activity;
        if (variant->pair_moderation[p] >= 0) {
            double *pair = ltp_tile_row(state->pair, p);
            product(pair, activity, ltp_keep_row(state, variant->pair_moderation[p], year) + lane);
            state->pair_row[p] = pair;
        }
    }
}

LTP_HOT static void scaled_product(double *restrict to, double scale, const double *restrict a,
                                   const double *restrict b) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        to[i] = scale * (a[i] * b[i]);
}

/* a_plan,t = a_{t−1} · (1+g_demo)(1+E x) · (1−planned moderation_t)/(1−planned moderation_{t−1}); a contract with
 * plan_basis base keeps Π (1+g_demo)(1+E x) · (1−planned moderation_t) from year 0. */
static void blended_plan(const ltp_model *model, const ltp_state *state, const ltp_variant *variant,
                         const ltp_line *line, int year, size_t lane, double *plan) {
    const int moderation = variant->pair_moderation[line->pair], activity = variant->pair_activity[line->pair];
    const double *planned = moderation >= 0 ? model->combination[moderation].planned : NULL;
    const double now = planned ? planned[year] : 1.0;
    if (line->plan_base) {
        ltp_lane_fill(plan, line->plan_base[year - 1] * now, LTP_TILE);
        return;
    }
    /* where last year's plan left nothing, this year's leaves nothing */
    const double kept = !planned ? 1.0 : planned[year - 1] != 0.0 ? now / planned[year - 1] : 0.0;
    const double growth = model->activity[activity].plan_growth[year - 1] * kept;
    const double *before = ltp_activity_row(state, activity, year - 1) + lane;
    if (year == 1)
        ltp_lane_fill(plan, growth, LTP_TILE);
    else if (moderation >= 0)
        scaled_product(plan, growth, before, ltp_keep_row(state, moderation, year - 1) + lane);
    else
        ltp_lane_scale(plan, growth, before, LTP_TILE);
}

static const double *index_row(const ltp_state *state, const ltp_line *line, size_t lane) {
    if (line->index < 0)
        return NULL;
    switch (line->mechanism->index) {
    case LTP_INDEX_RATE:
        return ltp_block_row(state->rate, line->index) + lane;
    case LTP_INDEX_PRICE:
        return ltp_block_row(state->price, line->index) + lane;
    case LTP_INDEX_BLOCK:
        return ltp_block_row(state->block_index, line->index) + lane;
    case LTP_INDEX_LAMBDA:
        return ltp_block_row(state->lambda, line->index) + lane;
    }
    return NULL;
}

static void line_tile(const ltp_model *model, ltp_state *state, const ltp_variant *variant, int year, size_t lane) {
    for (int k = 0; k < variant->line_made_count; k++) {
        const int l = variant->line_made[k];
        const ltp_line *line = &variant->line[l];
        ltp_line_view view = {.share = line->share, .index = index_row(state, line, lane)};
        if (line->given)
            view.given = line->given[year - 1];
        if (line->other)
            view.other = line->other[year - 1];
        if (line->mechanism->follows_activity)
            view.activity = state->pair_row[line->pair];
        if (line->blended) {
            double *plan = ltp_tile_row(state->tile, 0);
            blended_plan(model, state, variant, line, year, lane, plan);
            view.plan = plan;
        }
        double *volume = ltp_tile_row(state->volume, l), *unit = ltp_tile_row(state->unit, l);
        state->volume_row[l] = line->mechanism->pays_activity ? view.activity : volume;
        state->unit_row[l] = unit;
        line->mechanism->pay(&view, volume, unit, LTP_TILE);
    }
}

/* unit of the year ÷ unit of the transfer's year */
LTP_HOT static void ratio_row(double *restrict ratio, const double *restrict unit, const double *restrict held) {
    ratio = __builtin_assume_aligned(ratio, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        ratio[i] = unit[i] / held[i];
}

static void joined_tile(ltp_state *state, const ltp_variant *variant, const ltp_variant_rows *rows, int year,
                        size_t lane) {
    for (int k = 0; k < variant->joined_made_count; k++) {
        const int at = variant->line_made[variant->line_made_count + k], j = at - variant->line_count;
        const ltp_joined *joined = &variant->joined[j];
        double *held = ltp_block_row(rows->joined_held, j) + lane;
        const double *unit = state->unit_row[joined->line];
        if (year < joined->year || (year > joined->year && !joined->recurrent)) {
            state->unit_row[at] = state->zero;
        } else if (year == joined->year) {
            ltp_lane_copy(held, unit, LTP_TILE);
            state->unit_row[at] = state->one;
        } else {
            ratio_row(ltp_tile_row(state->unit, at), unit, held);
            state->unit_row[at] = ltp_tile_row(state->unit, at);
        }
    }
}

static void gather_cells(double *to, const ltp_sum *cell, const int *made, int count, const double *const *row,
                         size_t lane) {
    for (int k = 0; k < count; k++)
        ltp_lane_gather(ltp_block_row(to, made[k]) + lane, cell[made[k]].entry, cell[made[k]].entry_count, row,
                        LTP_TILE);
}

void ltp_income_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane) {
    const ltp_variant *variant = &model->variant[v];
    const ltp_variant_rows *rows = &state->variant[v];
    pair_tile(state, variant, year, lane);
    line_tile(model, state, variant, year, lane);
    joined_tile(state, variant, rows, year, lane);
    gather_cells(rows->use, variant->use, variant->use_made, variant->use_made_count, state->unit_row, lane);
    gather_cells(rows->income, variant->income, variant->income_made, variant->income_made_count, state->unit_row,
                 lane);
    if (state->wanted & (UINT64_C(1) << LTP_QUANTITY_ACTIVITY))
        gather_cells(rows->activity, variant->activity, variant->activity_made, variant->activity_made_count,
                     state->pair_row, lane);
    for (int k = 0; ltp_wants_use(state) && k < rows->sum_count; k++) {
        const ltp_sum_row *sum = &rows->sum[k];
        for (int c = 0; c < sum->cell_count; c++)
            state->cell_row[c] = ltp_block_row(rows->use, sum->cell[c]) + lane;
        ltp_lane_fill(sum->row + lane, 0.0, LTP_TILE);
        ltp_lane_sum(sum->row + lane, 1.0, state->cell_row, sum->cell_count, LTP_TILE);
    }
}

/* Rows first..last−1 of `rows`, as a list. */
static int list_rows(ltp_state *state, double *rows, int first, int last, size_t lane) {
    for (int k = first; k < last; k++)
        state->cell_row[k - first] = ltp_block_row(rows, k) + lane;
    return last - first;
}

/* Cost and allocation that go with transfers. What the centre adds to an allocation follows do_nothing's payments: it
 * does not fall because a payer moderates demand. */
static void moved(ltp_state *state, const ltp_variant *variant, int o, bool first, size_t lane, double *cost,
                  double *income, double *outside) {
    double *part = ltp_tile_row(state->tile, 0), *money = ltp_block_row(state->moved_money, o) + lane;
    if (variant->moved_cost[o].entry_count) {
        ltp_lane_gather(part, variant->moved_cost[o].entry, variant->moved_cost[o].entry_count, state->unit_row,
                        LTP_TILE);
        ltp_lane_add(cost, part, LTP_TILE);
        ltp_lane_add_scaled(outside, -1.0, part, LTP_TILE);
    }
    if (variant->moved_money[o].entry_count) {
        if (first)
            ltp_lane_gather(money, variant->moved_money[o].entry, variant->moved_money[o].entry_count, state->unit_row,
                            LTP_TILE);
        ltp_lane_add(income, money, LTP_TILE);
        ltp_lane_add(outside, money, LTP_TILE);
    }
}

void ltp_ledger_tile(const ltp_model *model, ltp_state *state, int v, size_t lane) {
    const ltp_variant_rows *rows = &state->variant[v];
    const int n = model->organisation_count;
    double *outside = ltp_tile_row(state->outside, 0);
    ltp_lane_fill(outside, 0.0, LTP_TILE);
    for (int o = 0; o < n; o++) {
        double *cost = ltp_block_row(rows->cost_total, o) + lane, *income = ltp_block_row(rows->income_total, o) + lane;
        int count = list_rows(state, rows->use, model->use_first[o], model->use_first[o + 1], lane);
        ltp_lane_fill(cost, 0.0, LTP_TILE);
        ltp_lane_sum(cost, 1.0, state->cell_row, count, LTP_TILE);
        count = list_rows(state, rows->income, model->income_first[o], model->income_first[o + 1], lane);
        ltp_lane_fill(income, 0.0, LTP_TILE);
        ltp_lane_sum(income, 1.0, state->cell_row, count, LTP_TILE);
        count = list_rows(state, state->allocation, model->allocation_first[o], model->allocation_first[o + 1], lane);
        ltp_lane_sum(income, 1.0, state->cell_row, count, LTP_TILE);
        ltp_lane_sum(outside, 1.0, state->cell_row, count, LTP_TILE);
        moved(state, &model->variant[v], o, v == 0, lane, cost, income, outside);
    }
    int count = list_rows(state, rows->use, model->use_first[n], model->use_count, lane);
    ltp_lane_sum(outside, 1.0, state->cell_row, count, LTP_TILE);
    count = list_rows(state, rows->income, model->income_first[n], model->income_count, lane);
    ltp_lane_sum(outside, -1.0, state->cell_row, count, LTP_TILE);
}
