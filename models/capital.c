#include "models/capital.h"

#include "models/capital_rows.h"
#include "models/driver.h"
#include "models/lane.h"
#include "sim/core/draw.h"

/* --- the rows' places --- */

static void place_remembered(const ltp_model *model, ltp_placing *to, ltp_capital_variant_rows *rows) {
    const ltp_capital *capital = &model->capital;
    rows->level = ltp_place_block_rows(to, capital->line_count);
    rows->age = ltp_place_block_rows(to, capital->scheme_count);
    rows->arrears = ltp_place_block_rows(to, capital->scheme_count);
    rows->asset = ltp_place_block_rows(to, capital->scheme_count);
    rows->clearing = ltp_place_block_rows(to, capital->scheme_count);
    rows->opening = ltp_place_block_rows(to, capital->scheme_count);
    rows->depreciation = ltp_place_block_rows(to, capital->estate_count);
    rows->net = ltp_place_block_rows(to, capital->estate_count);
}

static void place_handed_over(const ltp_model *model, ltp_placing *to, ltp_capital_variant_rows *rows) {
    const ltp_capital *capital = &model->capital;
    rows->need = ltp_place_block_rows(to, capital->line_count);
    rows->spend = ltp_place_block_rows(to, capital->line_count);
    rows->carried = ltp_place_block_rows(to, capital->line_count);
    rows->scheme_spend = ltp_place_block_rows(to, capital->scheme_count);
    rows->complete = ltp_place_block_rows(to, capital->scheme_count);
    rows->charge = ltp_place_block_rows(to, capital->estate_count);
    rows->failure = ltp_place_block_rows(to, capital->estate_count);
}

/* Variants of one slot use the same rows one after another: the sink has seen the first one's by then. */
static void share_handed_over(ltp_capital_variant_rows *rows, const ltp_capital_variant_rows *first) {
    rows->need = first->need;
    rows->spend = first->spend;
    rows->carried = first->carried;
    rows->scheme_spend = first->scheme_spend;
    rows->complete = first->complete;
    rows->charge = first->charge;
    rows->failure = first->failure;
}

static void place_variant(const ltp_model *model, ltp_placing *to, ltp_capital_rows *rows, int index) {
    const ltp_capital *capital = &model->capital;
    ltp_capital_variant_rows nothing = {0}, *own = to->base ? &rows->variant[index] : &nothing;
    int first = 0;
    place_remembered(model, to, own);
    own->added = ltp_place_block_rows(to, 2 * capital->estate_count * rows->kept);
    while (capital->variant[first].slot != capital->variant[index].slot)
        first++;
    if (first == index)
        place_handed_over(model, to, own);
    else if (to->base)
        share_handed_over(own, &rows->variant[first]);
}

static void place_scratch(const ltp_model *model, ltp_placing *to, ltp_capital_rows *rows) {
    const ltp_capital *capital = &model->capital;
    rows->input = ltp_place_block_rows(to, capital->input_count);
    rows->uniform = ltp_place_block_rows(to, capital->failing_count);
    rows->cost = ltp_place_block_rows(to, capital->failing_count * LTP_FAILURE_KEPT);
    rows->drawn = ltp_place_items(to, (size_t)capital->failing_count * LTP_BLOCK, sizeof *rows->drawn);
    rows->called = ltp_place_tile_rows(to, capital->scheme_count);
    rows->due = ltp_place_tile_rows(to, capital->scheme_count);
    rows->wanted = ltp_place_tile_rows(to, capital->scheme_count);
    rows->funded = ltp_place_tile_rows(to, capital->scheme_count);
    rows->beds = ltp_place_tile_rows(to, capital->line_count);
    rows->use = ltp_place_tile_rows(to, capital->estate_count);
    rows->built = ltp_place_tile_rows(to, capital->estate_count);
    rows->revenue = ltp_place_tile_rows(to, capital->variant_count * capital->estate_count);
    rows->outside = ltp_place_tile_rows(to, capital->variant_count);
    rows->left = ltp_place_tile_rows(to, 1);
    rows->balance = ltp_place_tile_rows(to, 1);
    for (size_t k = 0; k < sizeof rows->scratch / sizeof *rows->scratch; k++)
        rows->scratch[k] = ltp_place_tile_rows(to, 1);
}

/* What the sink is given of a layer: rows of its capital variant. */
static void lead_layer(const ltp_model *model, ltp_state *state, int layer) {
    const ltp_capital *capital = &model->capital;
    const int index = model->layer[layer].capital;
    const double ***row = state->layer[layer].row;
    if (index < 0)
        return;
    const ltp_capital_variant_rows *own = &state->capital->variant[index];
    for (int k = 0; k < capital->line_count; k++) {
        const int at = capital->estate[capital->line[k].estate].organisation * LTP_NEED_COUNT + capital->line[k].need;
        row[LTP_QUANTITY_CAPITAL_NEED][at] = ltp_block_row(own->need, k);
        row[LTP_QUANTITY_CAPITAL_SPEND][at] = ltp_block_row(own->spend, k);
        row[LTP_QUANTITY_CAPITAL_CARRIED][at] = ltp_block_row(own->carried, k);
    }
    for (int e = 0; e < capital->estate_count; e++) {
        row[LTP_QUANTITY_CAPITAL_CHARGES][capital->estate[e].organisation] = ltp_block_row(own->charge, e);
        if (capital->estate[e].failure >= 0)
            row[LTP_QUANTITY_FAILURE_COST][capital->estate[e].organisation] = ltp_block_row(own->failure, e);
    }
    for (int q = 0; q < capital->scheme_count; q++) {
        const bool in = ltp_scheme_in(model, &capital->variant[index], q);
        row[LTP_QUANTITY_SCHEME_SPEND][capital->scheme[q].roster] =
            in ? ltp_block_row(own->scheme_spend, q) : state->zero;
        row[LTP_QUANTITY_SCHEME_COMPLETE][capital->scheme[q].roster] =
            in ? ltp_block_row(own->complete, q) : state->zero;
    }
}

/* Years of spending to be remembered: none where no life ends within the horizon. */
static int years_kept(const ltp_model *model) {
    const ltp_capital *capital = &model->capital;
    return capital->building_life < model->year_count || capital->equipment_life < model->year_count ? model->year_count
                                                                                                     : 0;
}

void ltp_capital_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    const ltp_capital *capital = &model->capital;
    ltp_capital_rows nothing = {0}, *rows;
    if (capital->variant_count == 0)
        return;
    state->capital = ltp_place_items(to, 1, sizeof *state->capital);
    rows = to->base ? state->capital : &nothing;
    rows->kept = years_kept(model);
    rows->variant = ltp_place_items(to, (size_t)capital->variant_count, sizeof *rows->variant);
    place_scratch(model, to, rows);
    for (int k = 0; k < capital->variant_count; k++)
        place_variant(model, to, rows, k);
    for (int l = 0; to->base && l < model->layer_count; l++)
        lead_layer(model, state, l);
}

const double *ltp_capital_opening(const ltp_state *state, int variant, int scheme) {
    return ltp_block_row(state->capital->variant[variant].opening, scheme);
}

/* --- a year --- */

/* Everything as it stands at the end of the base year. */
static void stand_as_in_base_year(const ltp_model *model, ltp_capital_variant_rows *own) {
    const ltp_capital *capital = &model->capital;
    for (int k = 0; k < capital->line_count; k++)
        ltp_lane_fill(ltp_block_row(own->level, k), capital->line[k].amount, LTP_BLOCK);
    for (int q = 0; q < capital->scheme_count; q++) {
        const ltp_scheme *scheme = &capital->scheme[q];
        const int begun = scheme->start_year > 0 ? 0 : 1 - scheme->start_year;
        const int open = scheme->start_year + scheme->phase_count - 1;
        ltp_lane_fill(ltp_block_row(own->age, q), begun < scheme->phase_count ? begun : scheme->phase_count, LTP_BLOCK);
        ltp_lane_fill(ltp_block_row(own->arrears, q), 0.0, LTP_BLOCK);
        ltp_lane_fill(ltp_block_row(own->asset, q), 0.0, LTP_BLOCK);
        ltp_lane_fill(ltp_block_row(own->clearing, q), 0.0, LTP_BLOCK);
        ltp_lane_fill(ltp_block_row(own->opening, q), open <= 0 ? open : LTP_NOT_OPEN, LTP_BLOCK);
    }
    for (int e = 0; e < capital->estate_count; e++) {
        ltp_lane_fill(ltp_block_row(own->depreciation, e), 0.0, LTP_BLOCK);
        ltp_lane_fill(ltp_block_row(own->net, e), 0.0, LTP_BLOCK);
    }
}

/* Schemes begun before year 1 have taken on what they clear; of those complete by then it is taken as counted. */
static void take_on_what_has_begun(const ltp_model *model, ltp_state *state, int index) {
    for (int q = 0; q < model->capital.scheme_count; q++) {
        const ltp_scheme *scheme = &model->capital.scheme[q];
        ltp_capital_view view = {.model = model,
                                 .state = state,
                                 .rows = state->capital,
                                 .own = &state->capital->variant[index],
                                 .variant = &model->capital.variant[index]};
        if (scheme->start_year > 0 || scheme->start_year + scheme->phase_count - 1 <= 0 ||
            !ltp_scheme_in(model, view.variant, q))
            continue;
        for (; view.lane < LTP_BLOCK; view.lane += LTP_TILE)
            ltp_capital_take_on(&view, q, state->one);
    }
}

static void draw_failures(const ltp_model *model, ltp_state *state, int year) {
    const ltp_capital *capital = &model->capital;
    for (int e = 0; e < capital->estate_count; e++) {
        const ltp_estate *estate = &capital->estate[e];
        if (estate->failure < 0)
            continue;
        const ltp_draw_key key = {.seed = model->seed,
                                  .stream = capital->failure_stream,
                                  .member = estate->member,
                                  .year = (uint32_t)year,
                                  .block = state->block};
        ltp_draw_uniform(&key, model->sampling, ltp_block_row(state->capital->uniform, estate->failure));
    }
    for (size_t k = 0; k < (size_t)capital->failing_count * LTP_BLOCK; k++)
        state->capital->drawn[k] = 0;
}

void ltp_capital_year(const ltp_model *model, ltp_state *state, int year) {
    const ltp_capital *capital = &model->capital;
    if (capital->variant_count == 0)
        return;
    for (int k = 0; year == 1 && k < capital->variant_count; k++) {
        stand_as_in_base_year(model, &state->capital->variant[k]);
        take_on_what_has_begun(model, state, k);
    }
    for (int k = 0; k < capital->input_count; k++) {
        double *row = ltp_block_row(state->capital->input, k);
        if (capital->input[k].index)
            ltp_variable_grow(model, state, capital->input[k].variable, year, 1.0, year == 1 ? state->one : row, row);
        else
            ltp_variable_row(model, state, capital->input[k].variable, year, row);
    }
    if (model->sampling != LTP_SAMPLING_EXPECTED)
        draw_failures(model, state, year);
}

LTP_HOT static void add_up(double *restrict revenue, double *restrict outside, const double *restrict charge,
                           const double *restrict failure) {
    revenue = __builtin_assume_aligned(revenue, 64);
    outside = __builtin_assume_aligned(outside, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        revenue[i] = charge[i] + failure[i];
        outside[i] += revenue[i];
    }
}

/* What a variant costs its estates, for the layers that stand on it. */
static void revenue(const ltp_capital_view *view, int index) {
    const ltp_capital *capital = &view->model->capital;
    double *outside = ltp_tile_row(view->rows->outside, index);
    ltp_lane_fill(outside, 0.0, LTP_TILE);
    for (int e = 0; e < capital->estate_count; e++)
        add_up(ltp_tile_row(view->rows->revenue, index * capital->estate_count + e), outside,
               ltp_capital_row(view, view->own->charge, e),
               capital->estate[e].failure < 0 ? view->state->zero : ltp_capital_row(view, view->own->failure, e));
}

void ltp_capital_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane) {
    for (int k = 0; k < model->capital.variant_count; k++) {
        const ltp_capital_variant *variant = &model->capital.variant[k];
        if (variant->activity != v)
            continue;
        const ltp_capital_view view = {.model = model,
                                       .state = state,
                                       .rows = state->capital,
                                       .own = &state->capital->variant[k],
                                       .variant = variant,
                                       .year = year,
                                       .lane = lane};
        if (variant->slot == 0)
            ltp_capital_use(model, state, v);
        ltp_capital_call(&view);
        ltp_capital_fund(&view);
        ltp_capital_charges(&view);
        ltp_capital_failures(&view);
        revenue(&view, k);
    }
}

void ltp_capital_charge_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane,
                             double *outside) {
    const ltp_capital *capital = &model->capital;
    const int index = model->layer[layer].capital;
    (void)year;
    if (index < 0)
        return;
    for (int e = 0; e < capital->estate_count; e++)
        ltp_lane_add(ltp_block_row(state->layer[layer].cost, capital->estate[e].organisation) + lane,
                     ltp_tile_row(state->capital->revenue, index * capital->estate_count + e), LTP_TILE);
    ltp_lane_add_scaled(outside, -1.0, ltp_tile_row(state->capital->outside, index), LTP_TILE);
}
