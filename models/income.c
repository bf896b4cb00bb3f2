#include "models/income.h"

#include "models/lane.h"
#include "models/mechanism.h"

static void pair_tile(const ltp_model *model, ltp_state *state, const ltp_variant *variant, size_t lane)
{
    (void)model;
    for (int p = 0; p < variant->pair_count; p++) {
        double *pair = ltp_tile_row(state->pair, p);
        ltp_lane_copy(pair, ltp_block_row(state->activity, variant->pair_activity[p]) + lane, LTP_TILE);
        if (variant->pair_moderation[p] >= 0)
            ltp_lane_multiply(pair, ltp_block_row(state->keep, variant->pair_moderation[p]) + lane, LTP_TILE);
    }
}

/* a_plan,t = a_{t−1} · (1+g_demo)(1+E x) · (1−planned moderation_t)/(1−planned moderation_{t−1}); a contract with
 * plan_basis base keeps Π (1+g_demo)(1+E x) · (1−planned moderation_t) from year 0. */
LTP_HOT static void plan_row(double *restrict plan, const double *restrict previous, double growth)
{
    plan = __builtin_assume_aligned(plan, 64);
    previous = __builtin_assume_aligned(previous, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        plan[i] = previous[i] * growth;
}

static void blended_plan(const ltp_model *model, ltp_state *state, const ltp_variant *variant, const ltp_line *line,
                         double *previous, int year, double *plan)
{
    const int moderation = variant->pair_moderation[line->pair];
    const double *planned = moderation >= 0 ? model->combination[moderation].planned : NULL;
    const double now = planned ? planned[year] : 1.0;
    if (line->plan_base) {
        ltp_lane_fill(plan, line->plan_base[year - 1] * now, LTP_TILE);
        return;
    }
    const ltp_activity *activity = &model->activity[variant->pair_activity[line->pair]];
    /* where last year's plan left nothing, this year's leaves nothing */
    const double kept = !planned ? 1.0 : planned[year - 1] != 0.0 ? now / planned[year - 1] : 0.0;
    const double growth = activity->plan_growth[year - 1] * kept;
    if (year == 1)
        ltp_lane_fill(plan, growth, LTP_TILE);
    else
        plan_row(plan, previous, growth);
    ltp_lane_copy(previous, ltp_tile_row(state->pair, line->pair), LTP_TILE);
}

static const double *index_row(const ltp_state *state, const ltp_line *line, size_t lane)
{
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

static void line_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane)
{
    const ltp_variant *variant = &model->variant[v];
    for (int l = 0; l < variant->line_count; l++) {
        const ltp_line *line = &variant->line[l];
        ltp_line_view view = {.share = line->share, .index = index_row(state, line, lane)};
        if (line->given)
            view.given = line->given[year - 1];
        if (line->other)
            view.other = line->other[year - 1];
        if (line->mechanism->follows_activity)
            view.activity = ltp_tile_row(state->pair, line->pair);
        if (line->blended) {
            double *plan = ltp_tile_row(state->tile, 0);
            blended_plan(model, state, variant, line, ltp_block_row(state->variant[v].previous, l) + lane, year, plan);
            view.plan = plan;
        }
        line->mechanism->pay(&view, ltp_tile_row(state->volume, l), ltp_tile_row(state->unit, l), LTP_TILE);
    }
}

void ltp_income_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane)
{
    const ltp_variant *variant = &model->variant[v];
    const ltp_variant_rows *rows = &state->variant[v];
    pair_tile(model, state, variant, lane);
    line_tile(model, state, v, year, lane);
    for (int c = 0; c < model->use_count; c++)
        ltp_lane_gather(ltp_block_row(rows->use, c) + lane, variant->use[c].entry, variant->use[c].entry_count, state->unit,
                        LTP_TILE, LTP_TILE);
    for (int c = 0; c < model->income_count; c++)
        ltp_lane_gather(ltp_block_row(rows->income, c) + lane, variant->income[c].entry, variant->income[c].entry_count,
                        state->unit, LTP_TILE, LTP_TILE);
    for (int o = 0; o < model->organisation_count; o++)
        if (variant->pass_through[o].entry_count)
            ltp_lane_gather(ltp_block_row(rows->pass_through, o) + lane, variant->pass_through[o].entry,
                            variant->pass_through[o].entry_count, state->unit, LTP_TILE, LTP_TILE);
    for (int c = 0; c < model->activity_cell_count; c++)
        ltp_lane_gather(ltp_block_row(rows->activity, c) + lane, variant->activity[c].entry,
                        variant->activity[c].entry_count, state->pair, LTP_TILE, LTP_TILE);
}

void ltp_ledger_tile(const ltp_model *model, ltp_state *state, int v, size_t lane)
{
    const ltp_variant_rows *rows = &state->variant[v];
    double *outside = ltp_tile_row(state->outside, 0);
    ltp_lane_fill(outside, 0.0, LTP_TILE);
    for (int o = 0; o < model->organisation_count; o++) {
        double *cost = ltp_block_row(rows->cost_total, o) + lane, *income = ltp_block_row(rows->income_total, o) + lane;
        ltp_lane_fill(cost, 0.0, LTP_TILE);
        ltp_lane_fill(income, 0.0, LTP_TILE);
        for (int c = model->use_first[o]; c < model->use_first[o + 1]; c++)
            ltp_lane_add(cost, ltp_block_row(rows->use, c) + lane, LTP_TILE);
        for (int c = model->income_first[o]; c < model->income_first[o + 1]; c++)
            ltp_lane_add(income, ltp_block_row(rows->income, c) + lane, LTP_TILE);
        for (int a = model->allocation_first[o]; a < model->allocation_first[o + 1]; a++) {
            ltp_lane_add(income, ltp_block_row(state->allocation, a) + lane, LTP_TILE);
            ltp_lane_add(outside, ltp_block_row(state->allocation, a) + lane, LTP_TILE);
        }
    }
    for (int c = model->use_first[model->organisation_count]; c < model->use_count; c++)
        ltp_lane_add(outside, ltp_block_row(rows->use, c) + lane, LTP_TILE);
    for (int c = model->income_first[model->organisation_count]; c < model->income_count; c++)
        ltp_lane_add_scaled(outside, -1.0, ltp_block_row(rows->income, c) + lane, LTP_TILE);
}

/* unit of the year ÷ unit of the transfer's year */
LTP_HOT static void ratio_row(double *restrict ratio, const double *restrict unit, const double *restrict held)
{
    ratio = __builtin_assume_aligned(ratio, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        ratio[i] = unit[i] / held[i];
}

/* `amount` £m (scaled by ratio) paid from `payer`'s cell to `payee`'s; a party outside goes to the outside row. */
static void post(const ltp_model *model, ltp_state *state, const ltp_variant_rows *rows, const ltp_transfer_part *part,
                 double amount, const double *ratio, size_t lane)
{
    const int payer = part->payer, payee = part->payee, n = model->organisation_count;
    ltp_lane_add_scaled(ltp_block_row(rows->use, part->use) + lane, amount, ratio, LTP_TILE);
    ltp_lane_add_scaled(ltp_block_row(rows->income, part->income) + lane, amount, ratio, LTP_TILE);
    ltp_lane_add_scaled(payer < n ? ltp_block_row(rows->cost_total, payer) + lane : ltp_tile_row(state->outside, 0), amount,
                        ratio, LTP_TILE);
    if (payee < n)
        ltp_lane_add_scaled(ltp_block_row(rows->income_total, payee) + lane, amount, ratio, LTP_TILE);
    else
        ltp_lane_add_scaled(ltp_tile_row(state->outside, 0), -amount, ratio, LTP_TILE);
}

/* Cost of a provider, paid to suppliers. */
static void post_cost(const ltp_model *model, ltp_state *state, const ltp_variant_rows *rows, int provider,
                      double amount, const double *ratio, size_t lane)
{
    if (provider >= model->organisation_count || amount == 0.0)
        return;
    ltp_lane_add_scaled(ltp_block_row(rows->cost_total, provider) + lane, amount, ratio, LTP_TILE);
    ltp_lane_add_scaled(ltp_tile_row(state->outside, 0), -amount, ratio, LTP_TILE);
}

/* The centre gives a commissioner what its allocation does not yet hold. */
static void post_allocation(const ltp_model *model, ltp_state *state, const ltp_variant_rows *rows, int organisation,
                            double amount, const double *ratio, size_t lane)
{
    if (organisation >= model->organisation_count || amount == 0.0 ||
        model->sector[organisation] != LTP_SECTOR_COMMISSIONER)
        return;
    ltp_lane_add_scaled(ltp_block_row(rows->income_total, organisation) + lane, amount, ratio, LTP_TILE);
    ltp_lane_add_scaled(ltp_tile_row(state->outside, 0), amount, ratio, LTP_TILE);
}

static void one_transfer(const ltp_model *model, ltp_state *state, int v, const ltp_transfer *transfer, int year,
                         size_t lane)
{
    const ltp_variant_rows *rows = &state->variant[v];
    double *ratio = ltp_tile_row(state->tile, 0), *total = ltp_tile_row(state->tile, 1), *cost = ltp_tile_row(state->tile, 2);
    ltp_lane_fill(total, 0.0, LTP_TILE);
    ltp_lane_fill(cost, 0.0, LTP_TILE);
    for (int k = 0; k < transfer->to_count; k++) {
        const ltp_transfer_part *part = &transfer->to[k];
        const double *unit = ltp_tile_row(state->unit, part->line[v]);
        double *held = ltp_block_row(rows->transfer_held, transfer->held + k) + lane;
        if (year == transfer->year)
            ltp_lane_copy(held, unit, LTP_TILE);
        ratio_row(ratio, unit, held);
        post(model, state, rows, part, part->amount, ratio, lane);
        post_cost(model, state, rows, part->payee, part->cost, ratio, lane);
        post_allocation(model, state, rows, part->payer, part->amount * transfer->rest, ratio, lane);
        ltp_lane_add_scaled(total, part->amount, ratio, LTP_TILE);
        ltp_lane_add_scaled(cost, part->cost, ratio, LTP_TILE);
    }
    for (int k = 0; k < transfer->from_count; k++) {
        const ltp_transfer_part *part = &transfer->from[k];
        post(model, state, rows, part, -part->amount, total, lane);
        post_cost(model, state, rows, part->payee, -part->cost, cost, lane);
        post_allocation(model, state, rows, part->payer, -part->amount * transfer->rest, total, lane);
    }
}

void ltp_transfer_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane)
{
    for (int k = 0; k < model->transfer_count; k++) {
        const ltp_transfer *transfer = &model->transfer[k];
        if (year == transfer->year || (year > transfer->year && transfer->recurrent))
            one_transfer(model, state, v, transfer, year, lane);
    }
}

void ltp_use_sum_tile(const ltp_model *model, ltp_state *state, int v, size_t lane)
{
    (void)model;
    const ltp_variant_rows *rows = &state->variant[v];
    for (int k = 0; k < rows->sum_count; k++) {
        const ltp_sum_row *sum = &rows->sum[k];
        ltp_lane_copy(sum->row + lane, ltp_block_row(sum->from_income ? rows->income : rows->use, sum->cell[0]) + lane,
                      LTP_TILE);
        for (int c = 1; c < sum->cell_count; c++)
            ltp_lane_add(sum->row + lane, ltp_block_row(sum->from_income ? rows->income : rows->use, sum->cell[c]) + lane,
                         LTP_TILE);
    }
}
