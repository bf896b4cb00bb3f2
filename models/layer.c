#include "models/layer.h"

#include "models/bridge.h"
#include "models/lane.h"
#include "models/plan_line.h"
#include "models/programme.h"

/* change = before · (keep − 1) */
LTP_HOT static void change_row(double *restrict change, const double *restrict before, const double *restrict keep,
                               double amount) {
    change = __builtin_assume_aligned(change, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        change[i] = amount * before[i] * (keep[i] - 1.0);
}

static void touch_cost(const ltp_model *model, ltp_state *state, const ltp_layer_rows *rows, double *outside,
                       const ltp_cost_touch *touch, int year, size_t lane) {
    double *change = ltp_tile_row(state->tile, 1);
    const double *keep =
        ltp_combination_tile(model, state, touch->combination, ltp_tile_row(state->cost_base, touch->cost), year, lane,
                             ltp_tile_row(state->tile, 0));
    change_row(change, ltp_tile_row(state->cost_before, touch->cost), keep, 1.0);
    ltp_lane_add(ltp_block_row(rows->cost, model->cost[touch->cost].organisation) + lane, change, LTP_TILE);
    if (model->cost[touch->cost].bridge_line == LTP_BRIDGE_PAY)
        ltp_lane_add(ltp_block_row(rows->pay, model->cost[touch->cost].organisation) + lane, change, LTP_TILE);
    ltp_lane_add_scaled(outside, -1.0, change, LTP_TILE);
}

/* A price programme on a pass-through flow: the payer pays less, the provider receives and spends less. The supplier,
 * or a payee outside, gets less. */
static void touch_price(const ltp_model *model, ltp_state *state, int layer, int index, int year, size_t lane) {
    const ltp_price_touch *touch = &model->layer[layer].price_touch[index];
    const ltp_moved *moved = &model->price_moved;
    const ltp_moved_rows *rows = &state->layer[layer].price;
    double *change = ltp_tile_row(state->tile, 1), *base = ltp_tile_row(state->tile, 2);
    if (model->combination[touch->combination].money)
        ltp_lane_scale(base, touch->amount, state->volume_row[touch->line], LTP_TILE);
    const double *keep =
        ltp_combination_tile(model, state, touch->combination, base, year, lane, ltp_tile_row(state->tile, 0));
    change_row(change, state->unit_row[touch->line], keep, touch->amount);
    if (model->layer[layer].floor == layer)
        ltp_floor_touch_tile(state, model->layer[layer].price_floor[index], change);
    if (model->layer[layer].price != layer)
        return;
    ltp_moved_add_tile(moved, rows, touch->ends.payer_cost, 1.0, change, lane);
    ltp_moved_add_tile(moved, rows, touch->ends.payee_income, 1.0, change, lane);
    ltp_moved_add_tile(moved, rows, touch->ends.payee_cost, 1.0, change, lane);
    ltp_moved_add_tile(moved, rows, 0, touch->ends.payer_cost < 0 ? 0.0 : -1.0, change, lane);
    if (!ltp_wants_use(state))
        return;
    ltp_moved_add_tile(moved, rows, touch->ends.payer_use, 1.0, change, lane);
    ltp_moved_add_tile(moved, rows, touch->ends.payer_stream, 1.0, change, lane);
    ltp_moved_add_tile(moved, rows, touch->ends.payee_use, 1.0, change, lane);
}

/* What price programmes move: made by the first of the layers in which it is the same. */
static void touch_prices(const ltp_model *model, ltp_state *state, int index, int year, size_t lane, double *outside) {
    const ltp_layer *layer = &model->layer[index];
    const ltp_moved_rows *rows = &state->layer[layer->price].price;
    const bool first = layer->price == index, rules = layer->floor == index;
    if (first)
        ltp_moved_clear_tile(&model->price_moved, rows, lane);
    for (int k = 0; (first || rules) && k < layer->price_touch_count; k++)
        if (first || layer->price_floor[k] >= 0)
            touch_price(model, state, index, k, year, lane);
    ltp_moved_hand_tile(model, state, &model->price_moved, rows, index, lane, outside);
}

/* Cash that is the same on every path. */
static void pay_fixed(const ltp_model *model, const ltp_layer_rows *rows, const ltp_layer *layer, int year, size_t lane,
                      double *outside) {
    for (int o = 0; o < model->organisation_count; o++) {
        const int at = o * model->year_count + year - 1;
        if (layer->paid[at] != 0.0)
            ltp_lane_shift(ltp_block_row(rows->cost, o) + lane, layer->paid[at], LTP_TILE);
        if (layer->received[at] != 0.0)
            ltp_lane_shift(ltp_block_row(rows->income, o) + lane, layer->received[at], LTP_TILE);
    }
    if (layer->outside[year - 1] != 0.0)
        ltp_lane_shift(outside, layer->outside[year - 1], LTP_TILE);
}

static void pay_cash(const ltp_model *model, ltp_state *state, const ltp_layer_rows *rows, double *outside,
                     const ltp_cash *cash, int year, size_t lane) {
    const int n = model->organisation_count;
    const double amount = cash->amount[year - 1];
    double *paid = ltp_tile_row(state->tile, 0);
    if (amount == 0.0)
        return;
    ltp_lane_scale(paid, amount, ltp_block_row(state->held, cash->delivery) + lane, LTP_TILE);
    ltp_lane_add(cash->payer < n ? ltp_block_row(rows->cost, cash->payer) + lane : outside, paid, LTP_TILE);
    if (cash->payee < n)
        ltp_lane_add(ltp_block_row(rows->income, cash->payee) + lane, paid, LTP_TILE);
    else
        ltp_lane_add_scaled(outside, -1.0, paid, LTP_TILE);
    if (cash->payee < n && cash->spent) {
        ltp_lane_add(ltp_block_row(rows->cost, cash->payee) + lane, paid, LTP_TILE);
        ltp_lane_add_scaled(outside, -1.0, paid, LTP_TILE);
    }
}

/* gap = cost − income, to the tenth of a penny */
LTP_HOT static void gap_row(double *restrict gap, const double *restrict cost, const double *restrict income) {
    gap = __builtin_assume_aligned(gap, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        gap[i] = ltp_tenth_of_a_penny(cost[i] - income[i]);
}

/* saving = gap of do_nothing − (cost − income); the gap is added to everybody's */
LTP_HOT static void saving_row(double *restrict saving, double *restrict everybody, const double *restrict nothing,
                               const double *restrict cost, const double *restrict income) {
    saving = __builtin_assume_aligned(saving, 64);
    everybody = __builtin_assume_aligned(everybody, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double gap = cost[i] - income[i];
        saving[i] = nothing[i] - ltp_tenth_of_a_penny(gap);
        everybody[i] += gap;
    }
}

/* What is added to the accounts once the programmes have acted, and the line of the bridge that it is shown in. */
static const struct {
    void (*add)(const ltp_model *, ltp_state *, int layer, int year, size_t lane, double *outside);
    int line;
} step[] = {{ltp_floor_tile, LTP_BRIDGE_INVESTMENT},
            {ltp_workforce_pay_tile, LTP_BRIDGE_WORKFORCE},
            {ltp_capital_charge_tile, LTP_BRIDGE_CAPITAL},
            {ltp_interest_tile, LTP_BRIDGE_INTEREST}};

static void add_steps(const ltp_model *model, ltp_state *state, int index, int year, size_t lane, double *outside) {
    for (size_t s = 0; s < sizeof step / sizeof *step; s++) {
        const bool shown = index == 0 && ltp_bridge_has_line(model, step[s].line) &&
                           state->wanted & (UINT64_C(1) << LTP_QUANTITY_BRIDGE);
        if (shown)
            ltp_bridge_before_step(model, state, step[s].line, lane);
        step[s].add(model, state, index, year, lane, outside);
        if (shown)
            ltp_bridge_after_step(model, state, step[s].line, lane);
    }
}

void ltp_layer_tile(const ltp_model *model, ltp_state *state, int index, int year, size_t lane) {
    const ltp_layer *layer = &model->layer[index];
    const ltp_variant_rows *base = &state->variant[layer->variant];
    const ltp_layer_rows *rows = &state->layer[index];
    const bool pay = (state->wanted & (UINT64_C(1) << LTP_QUANTITY_PAY)) != 0;
    double *everybody = ltp_tile_row(state->outside, 1);
    ltp_lane_copy(everybody, ltp_tile_row(state->outside, 0), LTP_TILE);
    for (int o = 0; o < model->organisation_count; o++) {
        ltp_lane_copy(ltp_block_row(rows->cost, o) + lane, ltp_block_row(base->cost_total, o) + lane, LTP_TILE);
        ltp_lane_copy(ltp_block_row(rows->income, o) + lane, ltp_block_row(base->income_total, o) + lane, LTP_TILE);
        if (pay)
            ltp_lane_copy(ltp_block_row(rows->pay, o) + lane, ltp_block_row(base->pay_total, o) + lane, LTP_TILE);
    }
    for (int k = 0; ltp_wants_use(state) && k < rows->own_count; k++)
        ltp_lane_copy(rows->own[k].own + lane, rows->own[k].base + lane, LTP_TILE);
    if (layer->floor == index)
        ltp_floor_gather_tile(model, state, index);
    for (int k = 0; k < layer->cost_touch_count; k++)
        touch_cost(model, state, rows, everybody, &layer->cost_touch[k], year, lane);
    touch_prices(model, state, index, year, lane, everybody);
    pay_fixed(model, rows, layer, year, lane, everybody);
    for (int k = 0; k < layer->moving_count; k++)
        pay_cash(model, state, rows, everybody, &model->cash[layer->moving[k]], year, lane);
    add_steps(model, state, index, year, lane, everybody);
    for (int o = 0; o < model->organisation_count; o++) {
        const double *cost = ltp_block_row(rows->cost, o) + lane, *income = ltp_block_row(rows->income, o) + lane;
        double *nothing = ltp_block_row(state->gap, o) + lane;
        if (index == 0)
            gap_row(nothing, cost, income);
        saving_row(ltp_block_row(rows->saving, o) + lane, everybody, nothing, cost, income);
    }
    /* Σ over everybody of payments less receipts is zero, in every path; its largest size is kept. */
    const double error = ltp_lane_largest(everybody, LTP_TILE);
    if (!(error <= state->conservation))
        state->conservation = error;
    ltp_release_tile(model, state, index, year, lane);
    ltp_trajectory_tile(model, state, index, year, lane);
    ltp_plan_line_tile(model, state, index, year, lane);
}
