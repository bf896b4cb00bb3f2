#include "models/floor.h"

#include <math.h>

#include "models/lane.h"
#include "models/state.h"

static void place_layer(const ltp_model *model, ltp_placing *to, ltp_state *state, ltp_floor_rows *rows, int l) {
    const ltp_floors *all = &model->floors;
    const int owner = model->layer[l].floor;
    if (owner == l) {
        rows->added = ltp_place_block_rows(to, all->count);
        rows->last = ltp_place_block_rows(to, all->count);
        rows->moved = ltp_moved_place(&all->moved, to);
    }
    for (int f = 0; to->base && f < all->count; f++)
        state->layer[l].row[LTP_QUANTITY_FLOOR_ADDED][f] = ltp_block_row(state->floor[owner].added, f);
}

void ltp_floor_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    const ltp_floors *all = &model->floors;
    if (all->count == 0)
        return;
    ltp_floor_rows *rows = ltp_place_items(to, (size_t)model->layer_count, sizeof *rows);
    state->floor = rows;
    state->floor_cell = ltp_place_tile_rows(to, all->cell_count);
    state->floor_growth = ltp_place_block_rows(to, all->reference_count);
    state->floor_index = ltp_place_block_rows(to, all->reference_count);
    for (int v = 0; v < model->variant_count; v++) /* in the order in which they are computed: owners come first */
        for (int l = 0; l < model->layer_count; l++) {
            ltp_floor_rows counted;
            if (model->layer[l].variant == v)
                place_layer(model, to, state, to->base ? &rows[l] : &counted, l);
        }
}

/* growth = index ÷ last year's index */
LTP_HOT static void growth_row(double *restrict growth, double *restrict last, const double *restrict index) {
    growth = __builtin_assume_aligned(growth, 64);
    last = __builtin_assume_aligned(last, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++) {
        growth[i] = index[i] / last[i];
        last[i] = index[i];
    }
}

void ltp_floor_year(const ltp_model *model, ltp_state *state, int year) {
    for (int r = 0; r < model->floors.reference_count; r++) {
        double *last = ltp_block_row(state->floor_index, r);
        if (year == 1)
            ltp_lane_fill(last, 1.0, LTP_BLOCK);
        growth_row(ltp_block_row(state->floor_growth, r), last,
                   ltp_block_row(state->block_index, model->floors.reference[r]));
    }
}

void ltp_floor_gather_tile(const ltp_model *model, ltp_state *state, int layer) {
    const ltp_sum *sum = model->variant[model->layer[layer].variant].floor;
    for (int k = 0; k < model->floors.cell_count; k++)
        ltp_lane_gather(ltp_tile_row(state->floor_cell, k), sum[k].entry, sum[k].entry_count, state->unit_row,
                        LTP_TILE);
}

void ltp_floor_touch_tile(ltp_state *state, int cell, const double *change) {
    if (cell >= 0)
        ltp_lane_add(ltp_tile_row(state->floor_cell, cell), change, LTP_TILE);
}

/* added = last · (growth + more) − total, to the tenth of a penny, within [low, high]; last = total + added. What is
 * added is shared over the cells pro rata; where nothing is paid at all, as in the base year. */
LTP_HOT static void bind_row(double *restrict added, double *restrict last, double *restrict ratio,
                             double *restrict flat, const double *restrict total, const double *restrict growth,
                             double more, double low, double high) {
    added = __builtin_assume_aligned(added, 64);
    last = __builtin_assume_aligned(last, 64);
    ratio = __builtin_assume_aligned(ratio, 64);
    flat = __builtin_assume_aligned(flat, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double more_money = ltp_tenth_of_a_penny(last[i] * (growth[i] + more) - total[i]);
        more_money = more_money < low ? low : more_money;
        more_money = more_money > high ? high : more_money;
        added[i] = more_money;
        last[i] = total[i] + more_money;
        ratio[i] = total[i] > 0.0 ? more_money / total[i] : 0.0;
        flat[i] = total[i] > 0.0 ? 0.0 : more_money;
    }
}

/* change = cell · ratio + share · flat; the cell moves by it */
LTP_HOT static void share_row(double *restrict change, double *restrict cell, const double *restrict ratio,
                              const double *restrict flat, double share) {
    change = __builtin_assume_aligned(change, 64);
    cell = __builtin_assume_aligned(cell, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        change[i] = cell[i] * ratio[i] + share * flat[i];
        cell[i] += change[i];
    }
}

/* A payment that changes, at both its ends. */
static void move_payment(const ltp_model *model, const ltp_state *state, const ltp_floor_rows *rows,
                         const ltp_floor_cell *cell, double spent, const double *change, size_t lane) {
    const ltp_moved *moved = &model->floors.moved;
    const double cost = cell->pass_through ? 1.0 : cell->ends.payee_cost < 0 ? 0.0 : spent;
    if (ltp_wants_use(state)) {
        ltp_moved_add_tile(moved, &rows->moved, cell->ends.payer_use, 1.0, change, lane);
        ltp_moved_add_tile(moved, &rows->moved, cell->ends.payer_stream, 1.0, change, lane);
        ltp_moved_add_tile(moved, &rows->moved, cell->ends.payee_use, 1.0, change, lane);
    }
    ltp_moved_add_tile(moved, &rows->moved, cell->ends.payee_income, 1.0, change, lane);
    ltp_moved_add_tile(moved, &rows->moved, cell->ends.payee_cost, cost, change, lane);
    ltp_moved_add_tile(moved, &rows->moved, 0, cell->payee < 0 ? -1.0 : -cost, change, lane);
}

static void bind_floor(const ltp_model *model, ltp_state *state, const ltp_floor_rows *rows, int f, int year,
                       size_t lane) {
    const ltp_floor *floor = &model->floors.floor[f];
    double *added = ltp_block_row(rows->added, f) + lane;
    double *last = ltp_block_row(rows->last, f) + lane;
    double *total = ltp_tile_row(state->tile, 0), *change = ltp_tile_row(state->tile, 1);
    double *ratio = ltp_tile_row(state->tile, 2), *flat = ltp_tile_row(state->tile, 3);
    const double *growth =
        floor->reference < 0 ? state->one + lane : ltp_block_row(state->floor_growth, floor->reference) + lane;
    if (year == 1)
        ltp_lane_fill(last, floor->base, LTP_TILE);
    for (int k = 0; k < floor->cell_count; k++)
        state->cell_row[k] = ltp_tile_row(state->floor_cell, floor->cell[k]);
    ltp_lane_fill(total, 0.0, LTP_TILE);
    ltp_lane_sum(total, 1.0, state->cell_row, floor->cell_count, LTP_TILE);
    const bool binds = year >= floor->start;
    bind_row(added, last, ratio, flat, total, growth, floor->more, binds && floor->cap ? -INFINITY : 0.0,
             binds && !floor->cap ? INFINITY : 0.0);
    if (ltp_lane_largest(added, LTP_TILE) == 0.0)
        return;
    ltp_moved_add_tile(&model->floors.moved, &rows->moved, floor->payer_cost, 1.0, added, lane);
    for (int k = 0; k < floor->cell_count; k++) {
        const ltp_floor_cell *cell = &model->floors.cell[floor->cell[k]];
        share_row(change, ltp_tile_row(state->floor_cell, floor->cell[k]), ratio, flat, cell->base / floor->base);
        move_payment(model, state, rows, cell, floor->spent, change, lane);
    }
}

void ltp_floor_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane, double *outside) {
    const ltp_floors *all = &model->floors;
    if (all->count == 0)
        return;
    const ltp_floor_rows *rows = &state->floor[model->layer[layer].floor];
    if (model->layer[layer].floor == layer) {
        ltp_moved_clear_tile(&all->moved, &rows->moved, lane);
        for (int f = 0; f < all->count; f++)
            bind_floor(model, state, rows, f, year, lane);
    }
    ltp_moved_hand_tile(model, state, &all->moved, &rows->moved, layer, lane, outside);
}
