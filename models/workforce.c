#include "models/workforce.h"

#include "models/driver.h"
#include "models/lane.h"
#include "models/programme.h"

/* --- where the rows stand --- */

#define WANTED_STAFF                                                                                                   \
    (UINT64_C(1) << LTP_QUANTITY_STAFF_REQUIRED | UINT64_C(1) << LTP_QUANTITY_STAFF_SUPPLY |                           \
     UINT64_C(1) << LTP_QUANTITY_STAFF_AGENCY | UINT64_C(1) << LTP_QUANTITY_STAFF_UNFILLED)

static ltp_employer_rows place_employer(const ltp_model *model, ltp_placing *to, const ltp_employer *employer) {
    ltp_employer_rows rows = {.supply = ltp_place_block_rows(to, employer->count), .pay = ltp_place_block_rows(to, 1)};
    if (model->wanted & WANTED_STAFF) {
        rows.required = ltp_place_block_rows(to, employer->count);
        rows.agency = ltp_place_block_rows(to, employer->count);
        rows.unfilled = ltp_place_block_rows(to, employer->count);
    }
    return rows;
}

static void hand_out_rows(const ltp_model *model, ltp_state *state) {
    const ltp_workforce *workforce = &model->workforce;
    for (int l = 0; l < model->layer_count; l++)
        for (int e = 0; e < workforce->employer_count; e++) {
            const ltp_employer *employer = &workforce->employer[e];
            const ltp_employer_rows *rows =
                &state->workforce->employer[model->layer[l].workforce * workforce->employer_count + e];
            const double ***row = state->layer[l].row;
            for (int s = 0; rows->required && s < employer->count; s++) {
                const int at =
                    employer->organisation * workforce->group_count + workforce->staff[employer->first + s].group;
                row[LTP_QUANTITY_STAFF_REQUIRED][at] = ltp_block_row(rows->required, s);
                row[LTP_QUANTITY_STAFF_SUPPLY][at] = ltp_block_row(rows->supply, s);
                row[LTP_QUANTITY_STAFF_AGENCY][at] = ltp_block_row(rows->agency, s);
                row[LTP_QUANTITY_STAFF_UNFILLED][at] = ltp_block_row(rows->unfilled, s);
            }
            row[LTP_QUANTITY_STAFF_PAY][employer->organisation] = rows->pay;
        }
}

void ltp_workforce_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    const ltp_workforce *workforce = &model->workforce;
    const int employers = workforce->employer_count;
    if (workforce->staff_count == 0)
        return;
    ltp_employer_rows *rows = ltp_place_items(to, (size_t)(workforce->variant_count * employers), sizeof *rows);
    struct ltp_workforce_rows *head = ltp_place_items(to, 1, sizeof *head);
    double *added = ltp_place_block_rows(to, workforce->added_count);
    for (int k = 0; k < workforce->variant_count * employers; k++)
        if (workforce->variant[k / employers].owner[k % employers] == k / employers) {
            const ltp_employer_rows own = place_employer(model, to, &workforce->employer[k % employers]);
            if (to->base)
                rows[k] = own;
        }
    if (!to->base)
        return;
    for (int k = 0; k < workforce->variant_count * employers; k++)
        rows[k] = rows[workforce->variant[k / employers].owner[k % employers] * employers + k % employers];
    *head = (struct ltp_workforce_rows){.added = added, .employer = rows};
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

/* What it makes: tile rows; supply comes in as last year's, pay is added to. Worst: below 0 where a value is moved to a
 * bound. */
typedef struct {
    double *required, *supply, *agency, *unfilled, *pay, *worst;
} staff_rows;

static inline double smaller(double a, double b) {
    return a < b ? a : b;
}

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
    double *restrict agency = rows->agency, *restrict unfilled = rows->unfilled, *restrict worst = rows->worst;
    const ltp_staff s = *staff;
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double growth = (1.0 + s.elasticity * (volume[i] - 1.0)) * s.per_productivity;
        double leavers = (s.leavers + more_leavers[i]) * keep_leavers[i];
        double joiners = (s.joiners + more_joiners[i]) * (2.0 - keep_joiners[i]);
        double cap = s.agency_cap * keep_agency[i];
        worst[i] = smaller(smaller(smaller(growth, leavers), smaller(1.0 - leavers, joiners)), smaller(cap, worst[i]));
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

LTP_HOT static bool any_below_zero(const double *row) {
    int any = 0;
    for (size_t i = 0; i < LTP_TILE; i++)
        any |= row[i] < 0.0;
    return any != 0;
}

static void keep_view(const ltp_model *model, ltp_state *state, const ltp_workforce_variant *variant, int staff,
                      int year, size_t lane, staff_view *view) {
    view->keep_leavers = keep_tile(model, state, variant->leavers[staff], year, lane);
    view->keep_joiners = keep_tile(model, state, variant->joiners[staff], year, lane);
    view->keep_agency = keep_tile(model, state, variant->agency[staff], year, lane);
}

/* What nobody wants to see stands in scratch rows. */
static staff_rows staff_rows_of(const ltp_employer_rows *rows, ltp_state *state, int s, size_t lane) {
    const bool seen = rows->required != NULL;
    return (staff_rows){.required = seen ? ltp_block_row(rows->required, s) + lane : ltp_tile_row(state->tile, 4),
                        .supply = ltp_block_row(rows->supply, s) + lane,
                        .agency = seen ? ltp_block_row(rows->agency, s) + lane : ltp_tile_row(state->tile, 5),
                        .unfilled = seen ? ltp_block_row(rows->unfilled, s) + lane : ltp_tile_row(state->tile, 6),
                        .pay = rows->pay + lane,
                        .worst = ltp_tile_row(state->tile, 7)};
}

static void employer_tile(const ltp_model *model, ltp_state *state, int w, int e, int year, size_t lane) {
    const ltp_workforce *workforce = &model->workforce;
    const ltp_workforce_variant *variant = &workforce->variant[w];
    const ltp_employer_rows *rows = &state->workforce->employer[w * workforce->employer_count + e];
    const ltp_employer *employer = &workforce->employer[e];
    double *worst = ltp_tile_row(state->tile, 7);
    staff_view view = {.volume = volume_tile(model, state, variant->variant, employer, year, lane),
                       .leavers = added_tile(state, employer->leavers, lane),
                       .joiners = added_tile(state, employer->joiners, lane),
                       .premium = added_tile(state, employer->agency_premium, lane),
                       .price = employer->price < 0 ? state->one + lane
                                                    : ltp_block_row(state->price, employer->price) + lane};
    ltp_lane_fill(rows->pay + lane, 0.0, LTP_TILE);
    ltp_lane_fill(worst, 0.0, LTP_TILE);
    for (int s = 0; s < employer->count; s++) {
        const staff_rows made = staff_rows_of(rows, state, s, lane);
        const ltp_staff *staff = &workforce->staff[employer->first + s];
        if (year == 1)
            ltp_lane_fill(made.supply, staff->fte, LTP_TILE);
        keep_view(model, state, variant, employer->first + s, year, lane, &view);
        staff_tile(staff, workforce->unfilled_saves, &view, &made);
    }
    for (int s = 0; rows->required && any_below_zero(worst) && s < employer->count; s++) {
        keep_view(model, state, variant, employer->first + s, year, lane, &view);
        add_moved(model, state,
                  (uint64_t)variant->sharing[e] * count_moved(&workforce->staff[employer->first + s], &view), lane);
    }
}

void ltp_workforce_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane) {
    const ltp_workforce *workforce = &model->workforce;
    for (int w = 0; w < workforce->variant_count; w++)
        for (int e = 0; e < workforce->employer_count && workforce->variant[w].variant == v; e++)
            if (workforce->variant[w].owner[e] == w)
                employer_tile(model, state, w, e, year, lane);
}

void ltp_workforce_pay_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane,
                            double *outside) {
    const ltp_workforce *workforce = &model->workforce;
    const ltp_layer_rows *rows = &state->layer[layer];
    const bool shown = (state->wanted & (UINT64_C(1) << LTP_QUANTITY_PAY)) != 0;
    (void)year; /* the rows hold the year's */
    for (int e = 0; e < workforce->employer_count; e++) {
        const int o = workforce->employer[e].organisation;
        const double *pay =
            state->workforce->employer[model->layer[layer].workforce * workforce->employer_count + e].pay + lane;
        ltp_lane_add(ltp_block_row(rows->cost, o) + lane, pay, LTP_TILE);
        if (shown)
            ltp_lane_add(ltp_block_row(rows->pay, o) + lane, pay, LTP_TILE);
        ltp_lane_add_scaled(outside, -1.0, pay, LTP_TILE);
    }
}
