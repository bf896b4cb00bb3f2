#include "models/moved.h"

#include "models/lane.h"
#include "models/state.h"

ltp_moved_rows ltp_moved_place(const ltp_moved *moved, ltp_placing *to) {
    const size_t tiles = LTP_BLOCK / LTP_TILE;
    return (ltp_moved_rows){.row = ltp_place_block_rows(to, moved->count),
                            .moves = ltp_place_items(to, (size_t)moved->count * tiles, sizeof(bool))};
}

static bool *moves_in(const ltp_moved *moved, const ltp_moved_rows *rows, int index, size_t lane) {
    return &rows->moves[lane / LTP_TILE * (size_t)moved->count + (size_t)index];
}

void ltp_moved_clear_tile(const ltp_moved *moved, const ltp_moved_rows *rows, size_t lane) {
    for (int k = 0; k < moved->count; k++)
        *moves_in(moved, rows, k, lane) = false;
}

void ltp_moved_add_tile(const ltp_moved *moved, const ltp_moved_rows *rows, int index, double scale,
                        const double *change, size_t lane) {
    if (index < 0 || scale == 0.0)
        return;
    double *row = ltp_block_row(rows->row, index) + lane;
    bool *moves = moves_in(moved, rows, index, lane);
    if (!*moves)
        ltp_lane_scale(row, scale, change, LTP_TILE);
    else if (scale == 1.0)
        ltp_lane_add(row, change, LTP_TILE);
    else
        ltp_lane_add_scaled(row, scale, change, LTP_TILE);
    *moves = true;
}

/* NULL: the layer has no such row. */
static double *layer_row(const ltp_model *model, const ltp_layer_rows *rows, const ltp_moved_thing *thing, size_t lane,
                         double *outside) {
    double *use = NULL;
    switch (thing->kind) {
    case LTP_MOVED_COST:
        return ltp_block_row(rows->cost, thing->organisation) + lane;
    case LTP_MOVED_INCOME:
        return ltp_block_row(rows->income, thing->organisation) + lane;
    case LTP_MOVED_USE: /* the layer's own rows: state.c sees to it */
        use = (double *)rows->row[LTP_QUANTITY_USE][thing->organisation * model->service_count + thing->item];
        return use ? use + lane : NULL;
    case LTP_MOVED_STREAM:
        use = (double *)rows->row[LTP_QUANTITY_USE_STREAM][thing->organisation * model->stream_count + thing->item];
        return use ? use + lane : NULL;
    case LTP_MOVED_OUTSIDE:
        break;
    }
    return outside;
}

void ltp_moved_hand_tile(const ltp_model *model, ltp_state *state, const ltp_moved *moved, const ltp_moved_rows *rows,
                         int layer, size_t lane, double *outside) {
    const bool shown = ltp_wants_use(state);
    for (int k = 0; k < moved->count; k++) {
        const ltp_moved_thing *thing = &moved->thing[k];
        if (!*moves_in(moved, rows, k, lane) || (!shown && thing->kind >= LTP_MOVED_USE))
            continue;
        double *to = layer_row(model, &state->layer[layer], thing, lane, outside);
        if (to)
            ltp_lane_add(to, ltp_block_row(rows->row, k) + lane, LTP_TILE);
    }
}
