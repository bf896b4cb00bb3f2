/* The order of one year, as prose. */
#include "models/bridge.h"
#include "models/cost.h"
#include "models/demand.h"
#include "models/driver.h"
#include "models/income.h"
#include "models/lane.h"
#include "models/layer.h"
#include "models/programme.h"

/* What is drawn and what follows from it alone, for all lanes of the block. */
static void uncertain_year(const ltp_model *model, ltp_state *state, int year) {
    ltp_driver_year(model, state, year);
    ltp_event_year(model, state, year);
    ltp_demand_year(model, state, year);
    ltp_price_year(model, state, year);
    ltp_allocation_year(model, state, year);
    ltp_floor_year(model, state, year);
    ltp_interest_year(model, state, year);
    ltp_capital_year(model, state, year);
    ltp_programme_year(model, state, year);
    ltp_delivery_year(model, state, year);
    ltp_workforce_year(model, state, year);
}

/* The accounts of one variant in one tile of lanes: income and cost, then the layers that stand on it. */
static void accounts_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane) {
    ltp_income_tile(model, state, v, year, lane);
    ltp_ledger_tile(model, state, v, lane);
    ltp_moderation_tile(model, state, v, lane);
    ltp_cost_tile(model, state, v, year, lane);
    ltp_workforce_tile(model, state, v, year, lane);
    ltp_capital_tile(model, state, v, year, lane);
    for (int l = 0; l < model->layer_count; l++)
        if (model->layer[l].variant == v && !model->layer[l].same)
            ltp_layer_tile(model, state, l, year, lane);
    if (v == 0 && state->wanted & (UINT64_C(1) << LTP_QUANTITY_BRIDGE))
        ltp_bridge_tile(model, state, year, lane);
}

/* Hands over the layers of a variant while its rows are still near. */
static void hand_over(const ltp_model *model, const ltp_state *state, int v, int year, ltp_rows_sink sink,
                      void *context) {
    for (int l = 0; l < model->layer_count; l++) {
        ltp_rows rows;
        if (model->layer[l].variant != v || model->layer[l].same)
            continue;
        for (int q = 0; q < LTP_QUANTITY_COUNT; q++)
            rows.row[q] = state->layer[l].row[q];
        sink(context, l, year, &rows);
    }
}

void ltp_block_run(const ltp_model *model, ltp_state *state, uint32_t block, ltp_rows_sink sink, void *context) {
    state->block = block;
    for (int year = 1; year <= model->year_count; year++) {
        uncertain_year(model, state, year);
        for (int v = 0; v < model->variant_count; v++) {
            for (size_t lane = 0; lane < LTP_BLOCK; lane += LTP_TILE)
                accounts_tile(model, state, v, year, lane);
            hand_over(model, state, v, year, sink, context);
        }
    }
}
