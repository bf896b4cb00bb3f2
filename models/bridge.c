#include "models/bridge.h"

#include <string.h>

#include "models/lane.h"

const char *const ltp_bridge_line_code[LTP_BRIDGE_COUNT] = {
    "reported", "normalisation",   "demographic", "non_demographic", "pay",       "drugs",
    "cnst",     "other_inflation", "investment",  "tariff",          "allocation"};

const char *const ltp_bridge_line_name[LTP_BRIDGE_COUNT] = {
    "Reported position, base year",
    "Normalisation to the underlying position",
    "Demographic growth",
    "Non-demographic growth",
    "Pay inflation",
    "Drug price inflation",
    "CNST (clinical negligence) inflation",
    "Other inflation",
    "Committed investment and settlement floors",
    "Tariff price and efficiency, given block uplifts",
    "Allocation growth, block and fixed contracts, transfers"};

int ltp_bridge_price_line(const char *category)
{
    if (strcmp(category, "pay") == 0)
        return LTP_BRIDGE_PAY;
    if (strcmp(category, "drugs") == 0 || strcmp(category, "prescribing") == 0)
        return LTP_BRIDGE_DRUGS;
    if (strcmp(category, "cnst") == 0)
        return LTP_BRIDGE_CNST;
    return LTP_BRIDGE_OTHER_INFLATION;
}

static double *bridge_row(const ltp_model *model, ltp_state *state, int organisation, int line, size_t lane)
{
    (void)model;
    return ltp_block_row(state->bridge, organisation * LTP_BRIDGE_COUNT + line) + lane;
}

/* Volume at base prices: flows by activity, pass-through paid, cost. */
static void non_demographic(const ltp_model *model, ltp_state *state, int o, int year, size_t lane)
{
    const ltp_bridge *bridge = &model->bridge;
    double *row = bridge_row(model, state, o, LTP_BRIDGE_NON_DEMOGRAPHIC, lane), *part = ltp_tile_row(state->tile, 0);
    ltp_lane_gather(row, bridge->tariff[o].entry, bridge->tariff[o].entry_count, state->volume, LTP_TILE, LTP_TILE);
    for (int p = 0; p < LTP_BRIDGE_PRICE_COUNT; p++) {
        const ltp_sum *pass = &bridge->pass[o * LTP_BRIDGE_PRICE_COUNT + p];
        if (pass->entry_count) {
            ltp_lane_gather(part, pass->entry, pass->entry_count, state->volume, LTP_TILE, LTP_TILE);
            ltp_lane_add(row, part, LTP_TILE);
        }
    }
    for (int k = model->cost_first[o]; k < model->cost_first[o + 1]; k++)
        ltp_lane_add(row, ltp_tile_row(state->cost_base, k), LTP_TILE);
    ltp_lane_fill(part, bridge->demographic_level[o * model->year_count + year - 1], LTP_TILE);
    ltp_lane_add_scaled(row, -1.0, part, LTP_TILE);
}

/* Inflation: pass-through paid and cost, at the year's prices less at base prices. */
static void inflation(const ltp_model *model, ltp_state *state, int o, size_t lane)
{
    double *part = ltp_tile_row(state->tile, 0);
    for (int p = 0; p < LTP_BRIDGE_PRICE_COUNT; p++) {
        double *row = bridge_row(model, state, o, LTP_BRIDGE_PAY + p, lane);
        const ltp_sum *pass = &model->bridge.pass[o * LTP_BRIDGE_PRICE_COUNT + p];
        ltp_lane_fill(row, 0.0, LTP_TILE);
        if (pass->entry_count == 0)
            continue;
        ltp_lane_gather(row, pass->entry, pass->entry_count, state->unit, LTP_TILE, LTP_TILE);
        ltp_lane_gather(part, pass->entry, pass->entry_count, state->volume, LTP_TILE, LTP_TILE);
        ltp_lane_add_scaled(row, -1.0, part, LTP_TILE);
    }
    for (int k = model->cost_first[o]; k < model->cost_first[o + 1]; k++) {
        double *row = bridge_row(model, state, o, model->cost[k].bridge_line, lane);
        ltp_lane_add(row, ltp_tile_row(state->cost_before, k), LTP_TILE);
        ltp_lane_add_scaled(row, -1.0, ltp_tile_row(state->cost_base, k), LTP_TILE);
    }
}

/* Tariff: flows by activity at the year's prices less at base prices, and blocks with a given uplift. */
static void tariff(const ltp_model *model, ltp_state *state, int o, int year, size_t lane)
{
    const ltp_sum *flows = &model->bridge.tariff[o];
    double *row = bridge_row(model, state, o, LTP_BRIDGE_TARIFF, lane), *part = ltp_tile_row(state->tile, 0);
    ltp_lane_fill(row, model->bridge.block[o * model->year_count + year - 1], LTP_TILE);
    if (flows->entry_count == 0)
        return;
    ltp_lane_gather(part, flows->entry, flows->entry_count, state->unit, LTP_TILE, LTP_TILE);
    ltp_lane_add(row, part, LTP_TILE);
    ltp_lane_gather(part, flows->entry, flows->entry_count, state->volume, LTP_TILE, LTP_TILE);
    ltp_lane_add_scaled(row, -1.0, part, LTP_TILE);
}

static void investment(const ltp_model *model, ltp_state *state, int o, int year, size_t lane)
{
    const ltp_layer *nothing = &model->layer[0];
    double *row = bridge_row(model, state, o, LTP_BRIDGE_INVESTMENT, lane), *paid = ltp_tile_row(state->tile, 0);
    ltp_lane_fill(row, 0.0, LTP_TILE);
    for (int k = 0; k < nothing->cash_count; k++) {
        const ltp_cash *cash = &model->cash[nothing->cash[k]];
        const double amount = cash->amount[year - 1];
        const double sign = (cash->payer == o) - (cash->payee == o) + (cash->payee == o && cash->spent);
        if (sign == 0.0 || amount == 0.0)
            continue;
        ltp_lane_fill(paid, cash->delivery < 0 ? amount : 0.0, LTP_TILE);
        if (cash->delivery >= 0)
            ltp_lane_add_scaled(paid, amount, ltp_block_row(state->held, cash->delivery) + lane, LTP_TILE);
        ltp_lane_add_scaled(row, sign, paid, LTP_TILE);
    }
}

/* What is left: allocation growth, with the block and fixed contracts that follow it and the transfers in it. */
static void allocation(const ltp_model *model, ltp_state *state, int o, size_t lane)
{
    double *row = bridge_row(model, state, o, LTP_BRIDGE_ALLOCATION, lane);
    ltp_lane_copy(row, ltp_block_row(state->layer[0].cost, o) + lane, LTP_TILE);
    ltp_lane_add_scaled(row, -1.0, ltp_block_row(state->layer[0].income, o) + lane, LTP_TILE);
    for (int line = 0; line < LTP_BRIDGE_ALLOCATION; line++)
        ltp_lane_add_scaled(row, -1.0, bridge_row(model, state, o, line, lane), LTP_TILE);
}

void ltp_bridge_tile(const ltp_model *model, ltp_state *state, int year, size_t lane)
{
    const ltp_bridge *bridge = &model->bridge;
    for (int o = 0; o < model->organisation_count; o++) {
        ltp_lane_fill(bridge_row(model, state, o, LTP_BRIDGE_REPORTED, lane), bridge->reported[o], LTP_TILE);
        ltp_lane_fill(bridge_row(model, state, o, LTP_BRIDGE_NORMALISATION, lane), bridge->normalisation[o], LTP_TILE);
        ltp_lane_fill(bridge_row(model, state, o, LTP_BRIDGE_DEMOGRAPHIC, lane),
                      bridge->demographic[o * model->year_count + year - 1], LTP_TILE);
        non_demographic(model, state, o, year, lane);
        inflation(model, state, o, lane);
        investment(model, state, o, year, lane);
        tariff(model, state, o, year, lane);
        allocation(model, state, o, lane);
    }
}
