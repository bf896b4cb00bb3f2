#include "models/layer.h"

#include "models/lane.h"
#include "models/programme.h"

/* change = before · (keep − 1) */
LTP_HOT static void change_row(double *restrict change, const double *restrict before, const double *restrict keep,
                               double amount)
{
    change = __builtin_assume_aligned(change, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        change[i] = amount * before[i] * (keep[i] - 1.0);
}

static void touch_cost(const ltp_model *model, ltp_state *state, const ltp_layer_rows *rows, double *outside,
                       const ltp_cost_touch *touch, size_t lane)
{
    double *keep = ltp_tile_row(state->tile, 0), *change = ltp_tile_row(state->tile, 1);
    ltp_combination_tile(model, state, touch->combination, ltp_tile_row(state->cost_base, touch->cost), lane, keep);
    change_row(change, ltp_tile_row(state->cost_before, touch->cost), keep, 1.0);
    ltp_lane_add(ltp_block_row(rows->cost, model->cost[touch->cost].organisation) + lane, change, LTP_TILE);
    ltp_lane_add_scaled(outside, -1.0, change, LTP_TILE);
}

/* A price programme on a pass-through flow: the payer pays less, the provider receives and spends less. */
static void touch_price(const ltp_model *model, ltp_state *state, const ltp_layer_rows *rows, double *outside,
                        const ltp_price_touch *touch, size_t lane)
{
    const int n = model->organisation_count, services = model->service_count, streams = model->stream_count;
    double *keep = ltp_tile_row(state->tile, 0), *change = ltp_tile_row(state->tile, 1), *base = ltp_tile_row(state->tile, 2);
    ltp_lane_fill(base, 0.0, LTP_TILE);
    ltp_lane_add_scaled(base, touch->amount, ltp_tile_row(state->volume, touch->line), LTP_TILE);
    ltp_combination_tile(model, state, touch->combination, base, lane, keep);
    change_row(change, ltp_tile_row(state->unit, touch->line), keep, touch->amount);
    if (touch->payer < n) {
        ltp_lane_add(ltp_block_row(rows->cost, touch->payer) + lane, change, LTP_TILE);
        double *use = (double *)rows->row[LTP_QUANTITY_USE][touch->payer * services + touch->service];
        double *stream = (double *)rows->row[LTP_QUANTITY_USE_STREAM][touch->payer * streams + touch->stream];
        if (use && model->sector[touch->payer] != LTP_SECTOR_PROVIDER)
            ltp_lane_add(use + lane, change, LTP_TILE);
        if (stream)
            ltp_lane_add(stream + lane, change, LTP_TILE);
    } else {
        ltp_lane_add(outside, change, LTP_TILE);
    }
    if (touch->payee < n) {
        ltp_lane_add(ltp_block_row(rows->income, touch->payee) + lane, change, LTP_TILE);
        ltp_lane_add(ltp_block_row(rows->cost, touch->payee) + lane, change, LTP_TILE);
        double *use = (double *)rows->row[LTP_QUANTITY_USE][touch->payee * services + touch->service];
        if (use && model->sector[touch->payee] == LTP_SECTOR_PROVIDER)
            ltp_lane_add(use + lane, change, LTP_TILE);
    }
    ltp_lane_add_scaled(outside, -1.0, change, LTP_TILE); /* the payee outside, or the provider's supplier */
}

static void pay_cash(const ltp_model *model, ltp_state *state, const ltp_layer_rows *rows, double *outside,
                     const ltp_cash *cash, int year, size_t lane)
{
    const int n = model->organisation_count;
    const double amount = cash->amount[year - 1];
    double *paid = ltp_tile_row(state->tile, 0);
    if (amount == 0.0)
        return;
    ltp_lane_fill(paid, cash->delivery < 0 ? amount : 0.0, LTP_TILE);
    if (cash->delivery >= 0)
        ltp_lane_add_scaled(paid, amount, ltp_block_row(state->held, cash->delivery) + lane, LTP_TILE);
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

/* saving = (cost0 − income0) − (cost − income) */
LTP_HOT static void saving_row(double *restrict saving, const double *restrict cost0, const double *restrict income0,
                               const double *restrict cost, const double *restrict income)
{
    saving = __builtin_assume_aligned(saving, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        saving[i] = (cost0[i] - income0[i]) - (cost[i] - income[i]);
}

/* Σ over everybody of payments less receipts is zero, in every path; its largest size is kept. */
static void prove(const ltp_model *model, ltp_state *state, const ltp_layer_rows *rows, double *outside, size_t lane)
{
    for (int o = 0; o < model->organisation_count; o++) {
        ltp_lane_add(outside, ltp_block_row(rows->cost, o) + lane, LTP_TILE);
        ltp_lane_add_scaled(outside, -1.0, ltp_block_row(rows->income, o) + lane, LTP_TILE);
    }
    double error = ltp_lane_largest(outside, LTP_TILE);
    if (!(error <= state->conservation))
        state->conservation = error;
}

void ltp_layer_tile(const ltp_model *model, ltp_state *state, int index, int year, size_t lane)
{
    const ltp_layer *layer = &model->layer[index];
    const ltp_variant_rows *base = &state->variant[layer->variant];
    const ltp_layer_rows *rows = &state->layer[index], *nothing = &state->layer[0];
    double *outside = ltp_tile_row(state->outside, 1);
    ltp_lane_copy(outside, ltp_tile_row(state->outside, 0), LTP_TILE);
    for (int o = 0; o < model->organisation_count; o++) {
        ltp_lane_copy(ltp_block_row(rows->cost, o) + lane, ltp_block_row(base->cost_total, o) + lane, LTP_TILE);
        ltp_lane_copy(ltp_block_row(rows->income, o) + lane, ltp_block_row(base->income_total, o) + lane, LTP_TILE);
    }
    for (int k = 0; k < rows->own_count; k++)
        ltp_lane_copy(rows->own[k].own + lane, rows->own[k].base + lane, LTP_TILE);
    for (int k = 0; k < layer->cost_touch_count; k++)
        touch_cost(model, state, rows, outside, &layer->cost_touch[k], lane);
    for (int k = 0; k < layer->price_touch_count; k++)
        touch_price(model, state, rows, outside, &layer->price_touch[k], lane);
    for (int k = 0; k < layer->cash_count; k++)
        pay_cash(model, state, rows, outside, &model->cash[layer->cash[k]], year, lane);
    for (int o = 0; o < model->organisation_count; o++)
        saving_row(ltp_block_row(rows->saving, o) + lane, ltp_block_row(nothing->cost, o) + lane, ltp_block_row(nothing->income, o) + lane,
                   ltp_block_row(rows->cost, o) + lane, ltp_block_row(rows->income, o) + lane);
    prove(model, state, rows, outside, lane);
}
