#include "models/workforce.h"

#include "models/driver.h"
#include "models/lane.h"
#include "models/programme.h"

/* --- where the rows stand --- */

static void place_year_rows(const ltp_workforce *workforce, ltp_placing *to, ltp_workforce_variant_rows *rows) {
    rows->required = ltp_place_block_rows(to, workforce->staff_count);
    rows->agency = ltp_place_block_rows(to, workforce->staff_count);
    rows->unfilled = ltp_place_block_rows(to, workforce->staff_count);
    rows->pay = ltp_place_block_rows(to, workforce->employer_count);
}

static void hand_out_rows(const ltp_model *model, ltp_state *state) {
    const ltp_workforce *workforce = &model->workforce;
    for (int l = 0; l < model->layer_count; l++) {
        const ltp_workforce_variant_rows *rows = &state->workforce->variant[model->layer[l].workforce];
        const double ***row = state->layer[l].row;
        for (int s = 0; s < workforce->staff_count; s++) {
            const int at = workforce->staff[s].organisation * workforce->group_count + workforce->staff[s].group;
            row[LTP_QUANTITY_STAFF_REQUIRED][at] = ltp_block_row(rows->required, s);
            row[LTP_QUANTITY_STAFF_SUPPLY][at] = ltp_block_row(rows->supply, s);
            row[LTP_QUANTITY_STAFF_AGENCY][at] = ltp_block_row(rows->agency, s);
            row[LTP_QUANTITY_STAFF_UNFILLED][at] = ltp_block_row(rows->unfilled, s);
        }
        for (int e = 0; e < workforce->employer_count; e++)
            row[LTP_QUANTITY_STAFF_PAY][workforce->employer[e].organisation] = ltp_block_row(rows->pay, e);
    }
}

void ltp_workforce_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    const ltp_workforce *workforce = &model->workforce;
    if (workforce->staff_count == 0)
        return;
    ltp_workforce_variant_rows *rows = ltp_place_items(to, (size_t)workforce->variant_count, sizeof *rows);
    struct ltp_workforce_rows *head = ltp_place_items(to, 1, sizeof *head);
    double *added = ltp_place_block_rows(to, workforce->added_count);
    for (int place = 0; place < workforce->place_count; place++) {
        ltp_workforce_variant_rows shared;
        place_year_rows(workforce, to, &shared);
        for (int w = 0; to->base && w < workforce->variant_count; w++)
            if (workforce->variant[w].place == place)
                rows[w] = shared;
    }
    for (int w = 0; w < workforce->variant_count; w++) {
        double *supply = ltp_place_block_rows(to, workforce->staff_count);
        if (to->base)
            rows[w].supply = supply;
    }
    if (!to->base)
        return;
    *head = (struct ltp_workforce_rows){.added = added, .variant = rows};
    state->workforce = head;
    hand_out_rows(model, state);
}

/* --- one year --- */

void ltp_workforce_year(const ltp_model *model, ltp_state *state, int year) {
    for (int k = 0; k < model->workforce.added_count; k++)
        ltp_variable_row(model, state, model->workforce.added[k], year, ltp_block_row(state->workforce->added, k));
}

/* fte to the nearest 2⁻³⁰: a vacancy is a difference of large numbers, and what rounding leaves of equal ones is none.
 * |value| < 2 million fte. */
static inline double vacancy_grid(double value) {
    const double shift = 0x1.8p22;
    return (value + shift) - shift;
}

/* What one staff group reads: tile rows. */
typedef struct {
    const double *volume;
    const double *leavers, *joiners, *premium;               /* what drivers add */
    const double *keep_leavers, *keep_joiners, *keep_agency; /* 1 − delivered */
    const double *price;
} staff_view;

/* What it makes: tile rows; supply comes in as last year's, pay is added to. */
typedef struct {
    double *required, *supply, *agency, *unfilled, *pay;
} staff_rows;

/* Section 9 for one staff group. Shares of leavers are moved to 0 or 1, joiners, agency caps and the need to 0, where
 * draws push them beyond. */
LTP_HOT static void staff_tile(const ltp_staff *staff, double saves, const staff_view *view, const staff_rows *rows) {
    const double *restrict volume = __builtin_assume_aligned(view->volume, 64);
    const double *restrict more_leavers = view->leavers, *restrict more_joiners = view->joiners;
    const double *restrict more_premium = view->premium, *restrict price = view->price;
    const double *restrict keep_leavers = view->keep_leavers, *restrict keep_joiners = view->keep_joiners;
    const double *restrict keep_agency = view->keep_agency;
    double *restrict required = __builtin_assume_aligned(rows->required, 64);
    double *restrict supply = __builtin_assume_aligned(rows->supply, 64), *restrict pay = rows->pay;
    double *restrict agency = rows->agency, *restrict unfilled = rows->unfilled;
    const ltp_staff s = *staff;
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double growth = (1.0 + s.elasticity * (volume[i] - 1.0)) * s.per_productivity;
        double leavers = (s.leavers + more_leavers[i]) * keep_leavers[i];
        double joiners = (s.joiners + more_joiners[i]) * (2.0 - keep_joiners[i]);
        double cap = s.agency_cap * keep_agency[i];
        growth = growth > 0.0 ? growth : 0.0;
        leavers = leavers > 0.0 ? leavers : 0.0;
        leavers = leavers < 1.0 ? leavers : 1.0;
        joiners = joiners > 0.0 ? joiners : 0.0;
        cap = cap > 0.0 ? cap : 0.0;
        double need = s.required * growth, there = supply[i] * (1.0 - leavers) + joiners * s.fte;
        double vacancy = vacancy_grid(need - there), most = cap * need;
        vacancy = vacancy > 0.0 ? vacancy : 0.0;
        double hired = vacancy < most ? vacancy : most, empty = vacancy - hired;
        required[i] = need;
        supply[i] = there;
        agency[i] = hired;
        unfilled[i] = empty;
        pay[i] += s.cost * price[i] *
                  ((s.agency_premium + more_premium[i]) * (hired - s.agency * growth) -
                   saves * (empty - s.unfilled * growth));
    }
}

/* How many values that moves to their bound. Whole numbers: their sum has no order. */
LTP_HOT static uint64_t count_moved(const ltp_staff *staff, const staff_view *view) {
    const double *volume = view->volume, *more_leavers = view->leavers, *more_joiners = view->joiners;
    const double *keep_leavers = view->keep_leavers, *keep_joiners = view->keep_joiners;
    const double *keep_agency = view->keep_agency;
    const ltp_staff s = *staff;
    uint64_t moved = 0;
    for (size_t i = 0; i < LTP_TILE; i++) {
        const double growth = 1.0 + s.elasticity * (volume[i] - 1.0);
        const double leavers = (s.leavers + more_leavers[i]) * keep_leavers[i];
        const double joiners = (s.joiners + more_joiners[i]) * (2.0 - keep_joiners[i]);
        moved += (uint64_t)(growth < 0.0) + (uint64_t)(leavers < 0.0) + (uint64_t)(leavers > 1.0) +
                 (uint64_t)(joiners < 0.0) + (uint64_t)(s.agency_cap * keep_agency[i] < 0.0);
    }
    return moved;
}

/* Volume index of an organisation in an activity variant: a tile row. */
static const double *volume_tile(const ltp_model *model, ltp_state *state, int v, const ltp_employer *employer,
                                 int year, size_t lane) {
    const int o = employer->organisation;
    double *volume = ltp_tile_row(state->tile, 0);
    if (!employer->has_volume)
        return state->one + lane;
    if (!model->variant[v].moderated[o])
        return ltp_block_row(state->base_volume, o) + lane;
    ltp_lane_copy(volume, ltp_block_row(state->base_volume, o) + lane, LTP_TILE);
    ltp_lane_add_scaled(volume, -1.0, ltp_block_row(state->variant[v].cut, o * model->year_count + year - 1) + lane,
                        LTP_TILE);
    return volume;
}

static const double *added_tile(const ltp_state *state, int added, size_t lane) {
    return (added < 0 ? state->zero : ltp_block_row(state->workforce->added, added)) + lane;
}

static const double *keep_tile(const ltp_model *model, ltp_state *state, int combination, int year, size_t lane) {
    return combination < 0 ? state->one + lane
                           : ltp_combination_tile(model, state, combination, NULL, year, lane, NULL);
}

/* With every driver at its mean all lanes are one path, which counts once. */
static void add_moved(const ltp_model *model, ltp_state *state, uint64_t moved, size_t lane) {
    if (model->sampling != LTP_SAMPLING_EXPECTED)
        state->moved += moved;
    else if (lane == 0)
        state->moved += moved / LTP_TILE;
}

static void employer_tile(const ltp_model *model, ltp_state *state, int w, int e, int year, size_t lane) {
    const ltp_workforce *workforce = &model->workforce;
    const ltp_workforce_variant *variant = &workforce->variant[w];
    const ltp_workforce_variant_rows *rows = &state->workforce->variant[w];
    const ltp_employer *employer = &workforce->employer[e];
    staff_view view = {.volume = volume_tile(model, state, variant->variant, employer, year, lane),
                       .leavers = added_tile(state, employer->leavers, lane),
                       .joiners = added_tile(state, employer->joiners, lane),
                       .premium = added_tile(state, employer->agency_premium, lane),
                       .price = employer->price < 0 ? state->one + lane
                                                    : ltp_block_row(state->price, employer->price) + lane};
    double *pay = ltp_block_row(rows->pay, e) + lane;
    ltp_lane_fill(pay, 0.0, LTP_TILE);
    for (int s = employer->first; s < employer->first + employer->count; s++) {
        const staff_rows made = {.required = ltp_block_row(rows->required, s) + lane,
                                 .supply = ltp_block_row(rows->supply, s) + lane,
                                 .agency = ltp_block_row(rows->agency, s) + lane,
                                 .unfilled = ltp_block_row(rows->unfilled, s) + lane,
                                 .pay = pay};
        if (year == 1)
            ltp_lane_fill(made.supply, workforce->staff[s].fte, LTP_TILE);
        view.keep_leavers = keep_tile(model, state, variant->leavers[s], year, lane);
        view.keep_joiners = keep_tile(model, state, variant->joiners[s], year, lane);
        view.keep_agency = keep_tile(model, state, variant->agency[s], year, lane);
        staff_tile(&workforce->staff[s], workforce->unfilled_saves, &view, &made);
        add_moved(model, state, count_moved(&workforce->staff[s], &view), lane);
    }
}

void ltp_workforce_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane) {
    for (int w = 0; w < model->workforce.variant_count; w++)
        for (int e = 0; e < model->workforce.employer_count && model->workforce.variant[w].variant == v; e++)
            employer_tile(model, state, w, e, year, lane);
}

void ltp_workforce_pay_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane,
                            double *outside) {
    const ltp_workforce *workforce = &model->workforce;
    const ltp_layer_rows *rows = &state->layer[layer];
    (void)year; /* the rows hold the year's */
    for (int e = 0; e < workforce->employer_count; e++) {
        const int o = workforce->employer[e].organisation;
        const double *pay = ltp_block_row(state->workforce->variant[model->layer[layer].workforce].pay, e) + lane;
        ltp_lane_add(ltp_block_row(rows->cost, o) + lane, pay, LTP_TILE);
        ltp_lane_add(ltp_block_row(rows->pay, o) + lane, pay, LTP_TILE);
        ltp_lane_add_scaled(outside, -1.0, pay, LTP_TILE);
    }
}
