#include "models/bridge.h"

#include <string.h>

#include "models/lane.h"

const char *const ltp_bridge_line_code[LTP_BRIDGE_COUNT] = {
    "reported",        "normalisation", "demographic", "non_demographic", "pay",      "drugs",  "cnst",
    "other_inflation", "investment",    "workforce",   "capital",         "interest", "tariff", "allocation"};

const char *const ltp_bridge_line_name[LTP_BRIDGE_COUNT] = {"Reported position, base year",
                                                            "Normalisation to the underlying position",
                                                            "Demographic growth",
                                                            "Non-demographic growth",
                                                            "Pay inflation",
                                                            "Drug price inflation",
                                                            "CNST (clinical negligence) inflation",
                                                            "Other inflation",
                                                            "Committed investment and settlement floors",
                                                            "Agency and unfilled posts",
                                                            "Capital charges and failures",
                                                            "Interest on loans",
                                                            "Tariff price and efficiency, given block uplifts",
                                                            "Allocation growth, block and fixed contracts, transfers"};

int ltp_bridge_price_line(const char *category) {
    if (strcmp(category, "pay") == 0)
        return LTP_BRIDGE_PAY;
    if (strcmp(category, "drugs") == 0 || strcmp(category, "prescribing") == 0)
        return LTP_BRIDGE_DRUGS;
    if (strcmp(category, "cnst") == 0)
        return LTP_BRIDGE_CNST;
    return LTP_BRIDGE_OTHER_INFLATION;
}

_Static_assert(LTP_BRIDGE_ALLOCATION == 13, "rest_row adds the thirteen lines before it");

static double *bridge_row(const ltp_model *model, ltp_state *state, int organisation, int line, size_t lane) {
    (void)model;
    return ltp_block_row(state->bridge, organisation * LTP_BRIDGE_COUNT + line) + lane;
}

/* Volume at base prices: flows by activity, pass-through paid, cost. */
static void non_demographic(const ltp_model *model, ltp_state *state, int o, int year, size_t lane) {
    const ltp_bridge *bridge = &model->bridge;
    double *row = bridge_row(model, state, o, LTP_BRIDGE_NON_DEMOGRAPHIC, lane), *part = ltp_tile_row(state->tile, 0);
    ltp_lane_gather(row, bridge->tariff[o].entry, bridge->tariff[o].entry_count, state->volume_row, LTP_TILE);
    for (int p = 0; p < LTP_BRIDGE_PRICE_COUNT; p++) {
        const ltp_sum *pass = &bridge->pass[o * LTP_BRIDGE_PRICE_COUNT + p];
        if (pass->entry_count) {
            ltp_lane_gather(part, pass->entry, pass->entry_count, state->volume_row, LTP_TILE);
            ltp_lane_add(row, part, LTP_TILE);
        }
    }
    int count = 0;
    for (int k = model->cost_first[o]; k < model->cost_first[o + 1]; k++)
        state->cell_row[count++] = ltp_tile_row(state->cost_base, k);
    ltp_lane_sum(row, 1.0, state->cell_row, count, LTP_TILE);
    ltp_lane_add_scaled(row, -bridge->demographic_level[o * model->year_count + year - 1], state->one, LTP_TILE);
}

bool ltp_bridge_has_price(const ltp_model *model, int organisation, int line) {
    if (model->bridge.pass[organisation * LTP_BRIDGE_PRICE_COUNT + line - LTP_BRIDGE_PAY].entry_count)
        return true;
    for (int k = model->cost_first[organisation]; k < model->cost_first[organisation + 1]; k++)
        if (model->cost[k].bridge_line == line)
            return true;
    return false;
}

/* Inflation: pass-through paid and cost, at the year's prices less at base prices. */
static void inflation(const ltp_model *model, ltp_state *state, int o, size_t lane) {
    double *part = ltp_tile_row(state->tile, 0);
    for (int p = 0; p < LTP_BRIDGE_PRICE_COUNT; p++) {
        double *row = bridge_row(model, state, o, LTP_BRIDGE_PAY + p, lane);
        const ltp_sum *pass = &model->bridge.pass[o * LTP_BRIDGE_PRICE_COUNT + p];
        if (!ltp_bridge_has_price(model, o, LTP_BRIDGE_PAY + p))
            continue;
        if (pass->entry_count == 0) {
            ltp_lane_fill(row, 0.0, LTP_TILE);
            continue;
        }
        ltp_lane_gather(row, pass->entry, pass->entry_count, state->unit_row, LTP_TILE);
        ltp_lane_gather(part, pass->entry, pass->entry_count, state->volume_row, LTP_TILE);
        ltp_lane_add_scaled(row, -1.0, part, LTP_TILE);
    }
    for (int k = model->cost_first[o]; k < model->cost_first[o + 1]; k++) {
        double *row = bridge_row(model, state, o, model->cost[k].bridge_line, lane);
        ltp_lane_add(row, ltp_tile_row(state->cost_before, k), LTP_TILE);
        ltp_lane_add_scaled(row, -1.0, ltp_tile_row(state->cost_base, k), LTP_TILE);
    }
}

/* Tariff: flows by activity at the year's prices less at base prices, and blocks with a given uplift. */
static void tariff(const ltp_model *model, ltp_state *state, int o, int year, size_t lane) {
    const ltp_sum *flows = &model->bridge.tariff[o];
    double *row = bridge_row(model, state, o, LTP_BRIDGE_TARIFF, lane), *part = ltp_tile_row(state->tile, 0);
    ltp_lane_fill(row, model->bridge.block[o * model->year_count + year - 1], LTP_TILE);
    if (flows->entry_count == 0)
        return;
    ltp_lane_gather(part, flows->entry, flows->entry_count, state->unit_row, LTP_TILE);
    ltp_lane_add(row, part, LTP_TILE);
    ltp_lane_gather(part, flows->entry, flows->entry_count, state->volume_row, LTP_TILE);
    ltp_lane_add_scaled(row, -1.0, part, LTP_TILE);
}

bool ltp_bridge_has_line(const ltp_model *model, int line) {
    switch (line) {
    case LTP_BRIDGE_INVESTMENT:
        return model->layer[0].cash_count > 0 || model->present[LTP_QUANTITY_FLOOR_ADDED];
    case LTP_BRIDGE_WORKFORCE:
        return model->present[LTP_QUANTITY_STAFF_PAY];
    case LTP_BRIDGE_CAPITAL:
        return model->present[LTP_QUANTITY_CAPITAL_CHARGES] || model->present[LTP_QUANTITY_FAILURE_COST];
    case LTP_BRIDGE_INTEREST:
        return model->present[LTP_QUANTITY_INTEREST];
    default:
        return true;
    }
}

/* to = −gap */
LTP_HOT static void gap_before(double *restrict to, const double *restrict cost, const double *restrict income) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        to[i] = income[i] - cost[i];
}

/* to += gap */
LTP_HOT static void gap_after(double *restrict to, const double *restrict cost, const double *restrict income) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        to[i] += cost[i] - income[i];
}

void ltp_bridge_before_step(const ltp_model *model, ltp_state *state, int line, size_t lane) {
    const ltp_layer_rows *rows = &state->layer[0];
    for (int o = 0; o < model->organisation_count; o++)
        gap_before(bridge_row(model, state, o, line, lane), ltp_block_row(rows->cost, o) + lane,
                   ltp_block_row(rows->income, o) + lane);
}

void ltp_bridge_after_step(const ltp_model *model, ltp_state *state, int line, size_t lane) {
    const ltp_layer_rows *rows = &state->layer[0];
    for (int o = 0; o < model->organisation_count; o++)
        gap_after(bridge_row(model, state, o, line, lane), ltp_block_row(rows->cost, o) + lane,
                  ltp_block_row(rows->income, o) + lane);
}

/* What floors have added stands in the line already. */
static void investment(const ltp_model *model, ltp_state *state, int o, int year, size_t lane) {
    const ltp_layer *nothing = &model->layer[0];
    double *row = bridge_row(model, state, o, LTP_BRIDGE_INVESTMENT, lane), *paid = ltp_tile_row(state->tile, 0);
    if (!model->present[LTP_QUANTITY_FLOOR_ADDED])
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

/* left = gap − Σ row[0..13) */
LTP_HOT static void rest_row(double *restrict left, const double *restrict gap, const double *const *row) {
    const double *restrict a = row[0], *restrict b = row[1], *restrict c = row[2], *restrict d = row[3];
    const double *restrict e = row[4], *restrict f = row[5], *restrict g = row[6], *restrict h = row[7];
    const double *restrict i = row[8], *restrict j = row[9], *restrict k = row[10], *restrict l = row[11];
    const double *restrict m = row[12];
    left = __builtin_assume_aligned(left, 64);
#pragma omp simd
    for (size_t n = 0; n < LTP_TILE; n++)
        left[n] = gap[n] - (a[n] + b[n] + c[n] + d[n] + e[n] + f[n] + g[n] + h[n] + i[n] + j[n] + k[n] + l[n] + m[n]);
}

/* What is left: allocation growth, with the block and fixed contracts that follow it and the transfers in it. */
static void allocation(const ltp_model *model, ltp_state *state, int o, size_t lane) {
    const double *row[LTP_BRIDGE_ALLOCATION];
    for (int line = 0; line < LTP_BRIDGE_ALLOCATION; line++)
        row[line] = state->layer[0].row[LTP_QUANTITY_BRIDGE][o * LTP_BRIDGE_COUNT + line] + lane;
    rest_row(bridge_row(model, state, o, LTP_BRIDGE_ALLOCATION, lane), ltp_block_row(state->gap, o) + lane, row);
}

void ltp_bridge_tile(const ltp_model *model, ltp_state *state, int year, size_t lane) {
    const ltp_bridge *bridge = &model->bridge;
    for (int o = 0; o < model->organisation_count; o++) { /* reported and normalisation stand from the start */
        ltp_lane_fill(bridge_row(model, state, o, LTP_BRIDGE_DEMOGRAPHIC, lane),
                      bridge->demographic[o * model->year_count + year - 1], LTP_TILE);
        non_demographic(model, state, o, year, lane);
        inflation(model, state, o, lane);
        if (ltp_bridge_has_line(model, LTP_BRIDGE_INVESTMENT))
            investment(model, state, o, year, lane);
        tariff(model, state, o, year, lane);
        allocation(model, state, o, lane);
    }
}
