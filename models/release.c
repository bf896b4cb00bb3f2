#include "models/release.h"

#include "models/lane.h"
#include "models/programme.h"

static bool wanted(const ltp_state *state, ltp_quantity quantity) {
    return (state->wanted & (UINT64_C(1) << quantity)) != 0;
}

/* --- where the rows live --- */

/* Those that have a quantity have a row in every layer: of zeros, until a layer puts its own there. */
static void zero_rows(const ltp_model *model, ltp_state *state, ltp_layer_rows *rows, ltp_quantity quantity) {
    for (int k = 0; model->present[quantity] && k < model->row_count[quantity]; k++)
        if (model->present[quantity][k])
            rows->row[quantity][k] = state->zero;
}

static bool moderated(const ltp_variant *variant, const ltp_avoided *avoided) {
    const ltp_sum *cell = &variant->activity[avoided->cell];
    for (int e = 0; e < cell->entry_count; e++)
        if (variant->pair_moderation[cell->entry[e].line] >= 0)
            return true;
    return false;
}

static void place_layer(const ltp_model *model, ltp_placing *to, ltp_release_layer_rows *rows, int layer) {
    const ltp_releases *releases = &model->releases;
    if (releases->cash) {
        rows->released = ltp_place_block_rows(to, releases->layer[layer].span_count);
        rows->temporary = ltp_place_block_rows(to, releases->layer[layer].span_count);
        rows->held = ltp_place_block_rows(to, releases->held_count);
        rows->last = ltp_place_block_rows(to, releases->provider_count);
        rows->kept = ltp_place_block_rows(to, releases->provider_count);
    }
    rows->open = ltp_place_block_rows(to, releases->opening_count);
    rows->closed = ltp_place_block_rows(to, releases->opening_count);
}

static void lead_to_rows(const ltp_model *model, ltp_state *state, int index) {
    static const ltp_quantity quantity[] = {LTP_QUANTITY_CASH_RELEASED,    LTP_QUANTITY_NON_RECURRENT,
                                            LTP_QUANTITY_COST_LAST_YEAR,   LTP_QUANTITY_VARIATION_OPENING,
                                            LTP_QUANTITY_VARIATION_CLOSED, LTP_QUANTITY_DEMAND_AVOIDED,
                                            LTP_QUANTITY_STRANDED};
    const ltp_releases *releases = &model->releases;
    const ltp_variant *variant = &model->variant[model->layer[index].variant];
    ltp_layer_rows *to = &state->layer[index];
    const ltp_release_layer_rows *rows = &state->release->layer[index];
    for (size_t q = 0; q < sizeof quantity / sizeof *quantity; q++)
        zero_rows(model, state, to, quantity[q]);
    for (int k = 0; releases->cash && k < releases->layer[index].span_count; k++) {
        const int o = releases->layer[index].span[k].organisation;
        to->row[LTP_QUANTITY_CASH_RELEASED][o] = ltp_block_row(rows->released, k);
        to->row[LTP_QUANTITY_NON_RECURRENT][o] = ltp_block_row(rows->temporary, k);
    }
    for (int k = 0; releases->cash && k < releases->provider_count; k++)
        to->row[LTP_QUANTITY_COST_LAST_YEAR][releases->provider[k]] = ltp_block_row(rows->last, k);
    for (int k = 0; k < releases->opening_count; k++) {
        to->row[LTP_QUANTITY_VARIATION_OPENING][releases->opening[k].organisation] = ltp_block_row(rows->open, k);
        to->row[LTP_QUANTITY_VARIATION_CLOSED][releases->opening[k].organisation] = ltp_block_row(rows->closed, k);
    }
    for (int k = 0; k < releases->avoided_count; k++)
        if (moderated(variant, &releases->avoided[k]))
            to->row[LTP_QUANTITY_DEMAND_AVOIDED]
                   [releases->avoided[k].organisation * model->service_count + releases->avoided[k].service] =
                ltp_block_row(state->release->avoided, k);
    for (int o = 0; releases->stranded && o < model->organisation_count; o++)
        if (releases->stranded[o] >= 0 && variant->moderated[o])
            to->row[LTP_QUANTITY_STRANDED][o] = ltp_block_row(state->release->stranded, releases->stranded[o]);
    for (int k = 0; index == 0 && k < releases->delivery_count; k++)
        if (model->present[LTP_QUANTITY_DELIVERED] && model->present[LTP_QUANTITY_DELIVERED][k])
            to->row[LTP_QUANTITY_DELIVERED][k] = ltp_block_row(state->release->delivery, k);
}

void ltp_release_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    const ltp_releases *releases = &model->releases;
    struct ltp_release_rows *rows = ltp_place_items(to, 1, sizeof *rows), counting = {0};
    ltp_release_layer_rows one = {0}, *layer = ltp_place_items(to, (size_t)model->layer_count, sizeof *layer);
    if (!to->base)
        rows = &counting;
    rows->layer = layer;
    rows->spending = ltp_place_block_rows(to, releases->spending_count);
    rows->nothing = ltp_place_block_rows(to, releases->avoided_count);
    rows->avoided = ltp_place_block_rows(to, releases->avoided_count);
    rows->stranded = ltp_place_block_rows(to, releases->stranded_count);
    rows->delivery = ltp_place_block_rows(to, releases->delivery_count);
    for (int l = 0; l < model->layer_count; l++)
        place_layer(model, to, to->base ? &layer[l] : &one, l);
    if (!to->base)
        return;
    state->release = rows;
    for (int l = 0; l < model->layer_count; l++)
        lead_to_rows(model, state, l);
}

/* --- how much of each programme is in place --- */

void ltp_delivery_year(const ltp_model *model, ltp_state *state, int year) {
    const ltp_releases *releases = &model->releases;
    if (!wanted(state, LTP_QUANTITY_DELIVERED))
        return;
    for (int p = 0; p < releases->delivery_count; p++) {
        const ltp_delivery *delivery = &releases->delivery[p];
        double *row = ltp_block_row(state->release->delivery, p);
        ltp_lane_fill(row, delivery->by_year && delivery->held < 0 ? delivery->by_year[year - 1] : 0.0, LTP_BLOCK);
        if (delivery->by_year && delivery->held >= 0)
            ltp_lane_add_scaled(row, delivery->by_year[year - 1], ltp_block_row(state->held, delivery->held),
                                LTP_BLOCK);
        for (int k = 0; k < delivery->part_count; k++) {
            const ltp_action *action = &model->action[delivery->action[k]];
            const double *level = action->money ? ltp_block_row(state->money, action->money_row)
                                                : ltp_block_row(state->level, delivery->action[k]);
            ltp_lane_add_scaled(row, delivery->weight[k], level, LTP_BLOCK);
        }
    }
}

/* --- demand moderated --- */

/* to = a − b */
LTP_HOT static void difference(double *restrict to, const double *restrict a, const double *restrict b) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        to[i] = a[i] - b[i];
}

void ltp_moderation_tile(const ltp_model *model, ltp_state *state, int v, size_t lane) {
    const ltp_releases *releases = &model->releases;
    const ltp_variant *variant = &model->variant[v];
    for (int k = 0; v == 0 && k < releases->spending_count; k++)
        ltp_lane_gather(ltp_block_row(state->release->spending, k) + lane, releases->spending[k].entry,
                        releases->spending[k].entry_count, state->unit_row, LTP_TILE);
    for (int k = 0; wanted(state, LTP_QUANTITY_DEMAND_AVOIDED) && k < releases->avoided_count; k++) {
        const ltp_sum *cell = &variant->activity[releases->avoided[k].cell];
        double *nothing = ltp_block_row(state->release->nothing, k) + lane, *now = ltp_tile_row(state->tile, 0);
        ltp_lane_gather(v == 0 ? nothing : now, cell->entry, cell->entry_count, state->pair_row, LTP_TILE);
        if (v > 0)
            difference(ltp_block_row(state->release->avoided, k) + lane, nothing, now);
    }
}

/* --- cash released --- */

/* released += cost · (what last year's left − what this year's lasting leaves); temporary += cost · (what the lasting
 * leaves − what all leaves) */
LTP_HOT static void release_row(double *restrict released, double *restrict temporary, const double *restrict cost,
                                const double *restrict before, const double *restrict now,
                                const double *restrict full) {
    released = __builtin_assume_aligned(released, 64);
    temporary = __builtin_assume_aligned(temporary, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        released[i] += cost[i] * (before[i] - now[i]);
        temporary[i] += cost[i] * (now[i] - full[i]);
    }
}

static void release_line(const ltp_model *model, ltp_state *state, const ltp_release_layer_rows *rows,
                         const ltp_release_line *line, int span, int year, size_t lane) {
    const double *before = state->one, *now, *full, *base = ltp_tile_row(state->cost_base, line->cost);
    double *held = line->held >= 0 ? ltp_block_row(rows->held, line->held) + lane : NULL;
    now = ltp_lasting_tile(model, state, line->combination, base, year, lane, ltp_tile_row(state->tile, 0));
    full = ltp_combination_tile(model, state, line->combination, base, year, lane, ltp_tile_row(state->tile, 1));
    if (year > 1)
        before = held ? held : ltp_lasting_tile(model, state, line->combination, base, year - 1, lane, NULL);
    release_row(ltp_block_row(rows->released, span) + lane, ltp_block_row(rows->temporary, span) + lane,
                ltp_tile_row(state->cost_before, line->cost), before, now, full);
    if (held)
        ltp_lane_copy(held, now, LTP_TILE);
}

static void release_cash(const ltp_model *model, ltp_state *state, int index, int year, size_t lane) {
    const ltp_releases *releases = &model->releases;
    const ltp_release_layer *layer = &releases->layer[index];
    const ltp_release_layer_rows *rows = &state->release->layer[index];
    for (int s = 0; s < layer->span_count; s++) {
        ltp_lane_fill(ltp_block_row(rows->released, s) + lane, 0.0, LTP_TILE);
        ltp_lane_fill(ltp_block_row(rows->temporary, s) + lane, 0.0, LTP_TILE);
        for (int k = 0; k < layer->span[s].count; k++)
            release_line(model, state, rows, &layer->line[layer->span[s].first + k], s, year, lane);
    }
    for (int k = 0; k < releases->provider_count; k++) {
        double *last = ltp_block_row(rows->last, k) + lane, *kept = ltp_block_row(rows->kept, k) + lane;
        if (year == 1)
            ltp_lane_fill(last, releases->base_cost[k], LTP_TILE);
        else
            ltp_lane_copy(last, kept, LTP_TILE);
        ltp_lane_copy(kept, ltp_block_row(state->layer[index].cost, releases->provider[k]) + lane, LTP_TILE);
    }
}

/* --- variation --- */

/* closed += value · (1 − keep) */
LTP_HOT static void close_row(double *restrict closed, const double *restrict value, const double *restrict keep) {
    closed = __builtin_assume_aligned(closed, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        closed[i] += value[i] * (1.0 - keep[i]);
}

static void variation_part(ltp_state *state, const ltp_open_share *part, int combination, const double *value, int year,
                           size_t lane, double *open, double *closed) {
    ltp_lane_add_scaled(open, part->open, value, LTP_TILE);
    if (combination >= 0)
        close_row(closed, value, ltp_keep_row(state, combination, year) + lane);
}

static void variation(const ltp_model *model, ltp_state *state, int index, int year, size_t lane) {
    const ltp_releases *releases = &model->releases;
    const ltp_release_layer *layer = &releases->layer[index];
    for (int k = 0; k < releases->opening_count; k++) {
        const ltp_opening *opening = &releases->opening[k];
        double *open = ltp_block_row(state->release->layer[index].open, k) + lane;
        double *closed = ltp_block_row(state->release->layer[index].closed, k) + lane;
        ltp_lane_fill(open, 0.0, LTP_TILE);
        ltp_lane_fill(closed, 0.0, LTP_TILE);
        for (int i = opening->cost_first; i < opening->cost_first + opening->cost_count; i++)
            variation_part(state, &releases->open_cost[i], layer->cost_closed[i],
                           ltp_tile_row(state->cost_before, releases->open_cost[i].on), year, lane, open, closed);
        for (int i = opening->spending_first; i < opening->spending_first + opening->spending_count; i++)
            variation_part(state, &releases->open_spending[i], layer->spending_closed[i],
                           ltp_block_row(state->release->spending, releases->open_spending[i].on) + lane, year, lane,
                           open, closed);
    }
}

void ltp_release_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane) {
    if (model->releases.cash &&
        (wanted(state, LTP_QUANTITY_CASH_RELEASED) || wanted(state, LTP_QUANTITY_NON_RECURRENT) ||
         wanted(state, LTP_QUANTITY_COST_LAST_YEAR)))
        release_cash(model, state, layer, year, lane);
    if (model->releases.opening_count &&
        (wanted(state, LTP_QUANTITY_VARIATION_OPENING) || wanted(state, LTP_QUANTITY_VARIATION_CLOSED)))
        variation(model, state, layer, year, lane);
}
