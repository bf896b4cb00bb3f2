#include "models/state.h"

#include "models/bridge.h"
#include "models/lane.h"

void *ltp_place_items(ltp_placing *to, size_t count, size_t size) {
    size_t at = to->used;
    to->used = (at + count * size + 63) / 64 * 64;
    return to->base ? to->base + at : NULL;
}

double *ltp_place_block_rows(ltp_placing *to, int count) {
    return ltp_place_items(to, (size_t)count * LTP_ROW_STRIDE, sizeof(double));
}
double *ltp_place_tile_rows(ltp_placing *to, int count) {
    return ltp_place_items(to, (size_t)count * LTP_TILE_STRIDE, sizeof(double));
}
const double **ltp_place_table(ltp_placing *to, int count) {
    return ltp_place_items(to, (size_t)count, sizeof(double *));
}

static int largest_component(const ltp_model *model) {
    int largest = 2; /* scratch needs two */
    for (int c = 0; c < model->component_count; c++)
        if (model->component[c].count > largest)
            largest = model->component[c].count;
    return largest;
}

/* Adds cell `cell` to the row at *slot: alone it is the cell's own row, with others a sum row. */
static void join_cell(const ltp_model *model, ltp_placing *to, ltp_variant_rows *rows, const double **slot, int cell) {
    (void)model;
    if (!to->base)
        return;
    if (!*slot) {
        *slot = ltp_block_row(rows->use, cell);
        return;
    }
    for (int s = 0; s < rows->sum_count; s++)
        if (rows->sum[s].row == *slot) {
            rows->sum[s].cell[rows->sum[s].cell_count++] = cell;
            return;
        }
    ltp_sum_row *sum = &rows->sum[rows->sum_count++];
    sum->cell[0] = (int)((*slot - rows->use) / LTP_ROW_STRIDE);
    sum->cell[1] = cell;
    sum->cell_count = 2;
    *slot = sum->row;
}

static void place_variant_use(const ltp_model *model, ltp_placing *to, ltp_variant_rows *rows,
                              const ltp_variant *variant) {
    const int n = model->organisation_count;
    /* at most one sum row for two cells, by service and by stream */
    const int sums = model->use_first[n];
    rows->sum = ltp_place_items(to, (size_t)sums + 1, sizeof *rows->sum);
    double *sum_rows = ltp_place_block_rows(to, sums + 1);
    /* cells of one service differ by stream, those of one stream by service */
    const int most = model->service_count > model->stream_count ? model->service_count : model->stream_count;
    int *cells = ltp_place_items(to, (size_t)(sums + 1) * (size_t)most, sizeof *cells);
    for (int s = 0; to->base && s <= sums; s++) {
        rows->sum[s].row = ltp_block_row(sum_rows, s);
        rows->sum[s].cell = &cells[(size_t)s * (size_t)most];
    }
    rows->sum_count = 0;
    rows->use_row = ltp_place_table(to, n * model->service_count);
    rows->stream_row = ltp_place_table(to, n * model->stream_count);
    rows->activity_row = ltp_place_table(to, n * model->service_count);
    if (!to->base)
        return;
    for (int c = 0; c < model->use_first[n]; c++) {
        const ltp_sum *cell = &variant->use[c];
        if (model->sector[cell->party] == LTP_SECTOR_PROVIDER)
            continue;
        join_cell(model, to, rows, &rows->use_row[cell->party * model->service_count + cell->service], c);
        join_cell(model, to, rows, &rows->stream_row[cell->party * model->stream_count + cell->stream], c);
    }
    for (int c = 0; c < model->income_first[n]; c++) {
        const ltp_sum *cell = &variant->income[c];
        if (model->sector[cell->party] == LTP_SECTOR_PROVIDER)
            rows->use_row[cell->party * model->service_count + cell->service] = ltp_block_row(rows->income, c);
    }
    for (int c = 0; c < model->activity_cell_count; c++) {
        const ltp_sum *cell = &variant->activity[c];
        rows->activity_row[cell->party * model->service_count + cell->service] = ltp_block_row(rows->activity, c);
    }
}

/* Variants use the same rows one after another: the sink has seen the first one's when the second begins. So a year's
 * rows are fewer, and nearer. What is remembered from year to year is a variant's own. */
static void place_variant(const ltp_model *model, ltp_placing *to, ltp_variant_rows *rows, int v,
                          const ltp_variant_rows *first) {
    const int n = model->organisation_count;
    if (v > 0) {
        if (to->base)
            *rows = *first;
        rows->cut = ltp_place_block_rows(to, n * model->year_count);
        rows->joined_held = ltp_place_block_rows(to, model->variant[v].joined_count);
        return;
    }
    rows->use = ltp_place_block_rows(to, model->use_count);
    rows->income = ltp_place_block_rows(to, model->income_count);
    rows->activity = ltp_place_block_rows(to, model->activity_cell_count);
    rows->cost_total = ltp_place_block_rows(to, n);
    rows->income_total = ltp_place_block_rows(to, n);
    rows->pay_total = ltp_place_block_rows(to, n);
    rows->cut = NULL;
    rows->joined_held = ltp_place_block_rows(to, model->variant[v].joined_count);
    place_variant_use(model, to, rows, &model->variant[v]);
}

/* The layer's own copy of a row, once. */
static void own_row(ltp_placing *to, ltp_layer_rows *rows, double **next, const double **slot) {
    if (!to->base || !*slot)
        return;
    for (int k = 0; k < rows->own_count; k++)
        if (rows->own[k].own == *slot)
            return;
    rows->own[rows->own_count++] = (ltp_own_row){.own = *next, .base = *slot};
    *slot = *next;
    *next += LTP_ROW_STRIDE;
}

/* Lines that are 0 whatever happens share one row. */
static const double *bridge_row(const ltp_model *model, const ltp_state *state, int organisation, int line) {
    const bool price = line >= LTP_BRIDGE_PAY && line < LTP_BRIDGE_PAY + LTP_BRIDGE_PRICE_COUNT;
    if ((price && !ltp_bridge_has_price(model, organisation, line)) || !ltp_bridge_has_line(model, line))
        return state->zero;
    return ltp_block_row(state->bridge, organisation * LTP_BRIDGE_COUNT + line);
}

int ltp_earlier_layer(const ltp_model *model, int index) {
    int position = 0;
    for (int l = 0; l < index; l++)
        position += model->layer[l].variant == model->layer[index].variant;
    for (int v = 0; v < model->layer[index].variant; v++) {
        int seen = 0;
        for (int l = 0; l < index; l++)
            if (model->layer[l].variant == v && seen++ == position)
                return l;
    }
    return -1;
}

/* Rows of organisations that only the sink reads: where nobody wants them, all layers use the first one's as scratch.
 */
static double *place_shown(const ltp_model *model, ltp_placing *to, const ltp_state *state, ltp_quantity quantity,
                           int index) {
    if (index == 0 || model->wanted & (UINT64_C(1) << quantity))
        return ltp_place_block_rows(to, model->organisation_count);
    if (!to->base)
        return NULL;
    return quantity == LTP_QUANTITY_PAY ? state->layer[0].pay : state->layer[0].saving;
}

static void place_totals(const ltp_model *model, ltp_placing *to, const ltp_state *state, ltp_layer_rows *rows,
                         int index) {
    const int n = model->organisation_count, earlier = ltp_earlier_layer(model, index);
    if (earlier < 0) {
        rows->cost = ltp_place_block_rows(to, n);
        rows->income = ltp_place_block_rows(to, n);
        rows->saving = place_shown(model, to, state, LTP_QUANTITY_SAVING, index);
        rows->pay = place_shown(model, to, state, LTP_QUANTITY_PAY, index);
    } else if (to->base) {
        rows->cost = state->layer[earlier].cost;
        rows->income = state->layer[earlier].income;
        rows->saving = state->layer[earlier].saving;
        rows->pay = state->layer[earlier].pay;
    }
}

static void place_layer(const ltp_model *model, ltp_placing *to, ltp_state *state, ltp_layer_rows *rows, int index) {
    const ltp_layer *layer = &model->layer[index];
    const int n = model->organisation_count, services = model->service_count, streams = model->stream_count;
    place_totals(model, to, state, rows, index);
    if (layer->price == index)
        rows->price = ltp_moved_place(&model->price_moved, to);
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++)
        rows->row[q] = ltp_place_table(to, model->row_count[q]);
    const bool shown = (model->wanted & LTP_WANTED_USE) != 0;
    const int changed =
        shown ? layer->own_use + layer->own_stream + model->floors.use_count + model->floors.stream_count + 1 : 0;
    rows->own = ltp_place_items(to, (size_t)changed, sizeof *rows->own);
    double *own = ltp_place_block_rows(to, changed);
    if (!to->base)
        return;
    const ltp_variant_rows *base = &state->variant[layer->variant];
    for (int o = 0; o < n; o++) {
        rows->row[LTP_QUANTITY_COST][o] = ltp_block_row(rows->cost, o);
        rows->row[LTP_QUANTITY_INCOME][o] = ltp_block_row(rows->income, o);
        rows->row[LTP_QUANTITY_SAVING][o] = ltp_block_row(rows->saving, o);
        if (model->present[LTP_QUANTITY_PAY] && model->present[LTP_QUANTITY_PAY][o])
            rows->row[LTP_QUANTITY_PAY][o] = ltp_block_row(rows->pay, o);
        for (int line = 0; line < LTP_BRIDGE_COUNT; line++)
            rows->row[LTP_QUANTITY_BRIDGE][o * LTP_BRIDGE_COUNT + line] =
                index == 0 ? bridge_row(model, state, o, line) : NULL;
    }
    for (int k = 0; k < n * services; k++) {
        rows->row[LTP_QUANTITY_USE][k] = base->use_row[k];
        rows->row[LTP_QUANTITY_ACTIVITY][k] = base->activity_row[k];
    }
    for (int k = 0; k < n * streams; k++)
        rows->row[LTP_QUANTITY_USE_STREAM][k] = base->stream_row[k];
    for (int k = 0; shown && k < layer->price_touch_count; k++) {
        const ltp_price_touch *touch = &layer->price_touch[k];
        if (touch->payer < n) {
            own_row(to, rows, &own, &rows->row[LTP_QUANTITY_USE][touch->payer * services + touch->service]);
            own_row(to, rows, &own, &rows->row[LTP_QUANTITY_USE_STREAM][touch->payer * streams + touch->stream]);
        }
        if (touch->payee < n)
            own_row(to, rows, &own, &rows->row[LTP_QUANTITY_USE][touch->payee * services + touch->service]);
    }
    for (int k = 0; shown && k < model->floors.use_count; k++) {
        const ltp_floor_use *use = &model->floors.use[k];
        own_row(to, rows, &own, &rows->row[LTP_QUANTITY_USE][use->organisation * services + use->item]);
    }
    for (int k = 0; shown && k < model->floors.stream_count; k++) {
        const ltp_floor_use *use = &model->floors.stream[k];
        own_row(to, rows, &own, &rows->row[LTP_QUANTITY_USE_STREAM][use->organisation * streams + use->item]);
    }
}

static void place_drivers(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    state->z = ltp_place_block_rows(to, model->factor_count);
    state->innovation = ltp_place_block_rows(to, largest_component(model));
    state->severity = ltp_place_block_rows(to, model->event_count * model->year_count);
    state->x = ltp_place_block_rows(to, 2);
    state->activity[0] = ltp_place_block_rows(to, model->activity_count);
    state->activity[1] = ltp_place_block_rows(to, model->activity_count);
    state->price = ltp_place_block_rows(to, model->price_count);
    state->rate = ltp_place_block_rows(to, model->rate_count);
    state->lambda = ltp_place_block_rows(to, model->lambda_count);
    state->growth = ltp_place_block_rows(to, model->allocation_count);
    state->allocation = ltp_place_block_rows(to, model->allocation_count);
    state->block_index = ltp_place_block_rows(to, model->allocation_count);
    state->held = ltp_place_block_rows(to, model->held_count);
    state->held_price = ltp_place_block_rows(to, model->held_price_count);
    state->start = ltp_place_block_rows(to, model->action_count + 1);
    state->level = ltp_place_block_rows(to, model->action_count);
    state->money = ltp_place_block_rows(to, model->money_action_count);
    state->lasting = ltp_place_block_rows(to, model->lasting_action_count);
    state->lasting_keep[0] = ltp_place_block_rows(to, model->lasting_combination_count);
    state->lasting_keep[1] = ltp_place_block_rows(to, model->lasting_combination_count);
    state->keep[0] = ltp_place_block_rows(to, model->combination_count);
    state->keep[1] = ltp_place_block_rows(to, model->combination_count);
    state->base_volume = ltp_place_block_rows(to, model->organisation_count);
    state->gap = ltp_place_block_rows(to, model->organisation_count);
    state->moved_money = ltp_place_block_rows(to, model->organisation_count);
    state->bridge = ltp_place_block_rows(to, model->organisation_count * LTP_BRIDGE_COUNT);
    state->combine = ltp_place_block_rows(to, 3);
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

static void place_tiles(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    int lines = 0, pairs = 0, units = 0;
    for (int v = 0; v < model->variant_count; v++) {
        const ltp_variant *variant = &model->variant[v];
        lines = larger(lines, variant->line_count);
        pairs = larger(pairs, variant->pair_count);
        units = larger(units, variant->line_count + variant->joined_count);
    }
    state->pair = ltp_place_tile_rows(to, pairs);
    state->volume = ltp_place_tile_rows(to, lines);
    state->unit = ltp_place_tile_rows(to, units);
    state->pair_row = ltp_place_table(to, pairs);
    state->volume_row = ltp_place_table(to, lines);
    state->unit_row = ltp_place_table(to, units);
    state->cell_row =
        ltp_place_table(to, larger(larger(larger(model->use_count, model->income_count), model->allocation_count),
                                   model->floors.cell_count) +
                                2 * model->organisation_count + LTP_BRIDGE_COUNT);
    state->zero = ltp_place_block_rows(to, 1);
    state->one = ltp_place_block_rows(to, 1);
    state->cost_base = ltp_place_tile_rows(to, model->cost_count);
    state->cost_before = ltp_place_tile_rows(to, model->cost_count);
    state->tile = ltp_place_tile_rows(to, 8);
    state->outside = ltp_place_tile_rows(to, 2);
}

/* Rows that never change. */
static void fill_constants(const ltp_model *model, ltp_state *state) {
    ltp_lane_fill(state->one, 1.0, LTP_BLOCK);
    ltp_lane_fill(ltp_block_row(state->start, model->action_count), -1e300, LTP_BLOCK);
    for (int h = 0; h < model->held_count; h++)
        if (model->held[h].value < 0)
            ltp_lane_fill(ltp_block_row(state->held, h), model->held[h].constant, LTP_BLOCK);
    for (int l = 0; l < model->lambda_count; l++)
        if (model->lambda[l] < 0)
            ltp_lane_fill(ltp_block_row(state->lambda, l), LTP_LAMBDA_MEAN, LTP_BLOCK);
    for (int o = 0; o < model->organisation_count; o++) {
        double *row = ltp_block_row(state->bridge, o * LTP_BRIDGE_COUNT);
        ltp_lane_fill(ltp_block_row(row, LTP_BRIDGE_REPORTED), model->bridge.reported[o], LTP_BLOCK);
        ltp_lane_fill(ltp_block_row(row, LTP_BRIDGE_NORMALISATION), model->bridge.normalisation[o], LTP_BLOCK);
    }
}

static void place(const ltp_model *model, ltp_placing *to, ltp_state *state, ltp_variant_rows *variants,
                  ltp_layer_rows *layers) {
    ltp_variant_rows variant;
    ltp_layer_rows layer;
    state->variant = variants;
    state->layer = layers;
    place_drivers(model, to, state);
    place_tiles(model, to, state);
    for (int v = 0; v < model->variant_count; v++)
        place_variant(model, to, to->base ? &variants[v] : &variant, v, variants);
    for (int l = 0; l < model->layer_count; l++)
        place_layer(model, to, state, to->base ? &layers[l] : &layer, l);
    ltp_floor_place(model, to, state);
    ltp_workforce_place(model, to, state);
    ltp_capital_place(model, to, state);
    ltp_trajectory_place(model, to, state);
    ltp_release_place(model, to, state);
    ltp_plan_line_place(model, to, state);
}

static void *take_heads(const ltp_model *model, ltp_placing *to, ltp_variant_rows **variants, ltp_layer_rows **layers) {
    *variants = ltp_place_items(to, (size_t)model->variant_count, sizeof **variants);
    *layers = ltp_place_items(to, (size_t)model->layer_count, sizeof **layers);
    return ltp_place_items(to, 1, sizeof(ltp_state));
}

size_t ltp_state_bytes(const ltp_model *model) {
    ltp_placing to = {0};
    ltp_state counting = {0};
    ltp_variant_rows *variants;
    ltp_layer_rows *layers;
    take_heads(model, &to, &variants, &layers);
    place(model, &to, &counting, variants, layers);
    return to.used;
}

ltp_state *ltp_state_place(const ltp_model *model, void *memory) {
    ltp_placing to = {.base = memory};
    ltp_variant_rows *variants;
    ltp_layer_rows *layers;
    ltp_state *state = take_heads(model, &to, &variants, &layers);
    place(model, &to, state, variants, layers);
    fill_constants(model, state);
    state->wanted = model->wanted;
    return state;
}
