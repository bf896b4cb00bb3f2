/* What capital adds to revenue: depreciation and dividend. */
#include "models/capital_rows.h"
#include "models/lane.h"

/* Share of a straight-line charge that falls in year `year` for what was in use from the end of year `opened` on. */
static double charged(double life, int year, int opened) {
    const double rest = life - (year - opened - 1);
    return year <= opened || rest <= 0.0 ? 0.0 : rest < 1.0 ? rest : 1.0;
}

/* Spending up to base depreciation replaces: this share of it is beyond. */
LTP_HOT static void beyond(double *restrict share, double *restrict spend, const double *restrict built,
                           const double *restrict equipment, double base) {
    share = __builtin_assume_aligned(share, 64);
    spend = __builtin_assume_aligned(spend, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        spend[i] += built[i] + equipment[i];
        share[i] = spend[i] > base ? 1.0 - base / spend[i] : 0.0;
    }
}

/* What is no scheme is in use from the end of the year in which it is paid for, and charged from the next one on. */
LTP_HOT static void put_in_use(double *restrict next, const double *restrict built, const double *restrict equipment,
                               const double *restrict share, double by_building, double by_equipment) {
    next = __builtin_assume_aligned(next, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        next[i] += share[i] * (built[i] * by_building + equipment[i] * by_equipment);
}

LTP_HOT static void multiply(double *restrict to, const double *restrict a, const double *restrict b) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        to[i] = a[i] * b[i];
}

/* Next year's charge of what ends its life by then falls away. */
static void wear_out(const ltp_capital_view *view, int estate, int kind, double life, const double *spend,
                     const double *share) {
    const int kept = view->rows->kept, first = (2 * estate + kind) * kept;
    if (kept == 0)
        return;
    multiply(ltp_capital_row(view, view->own->added, first + view->year - 1), spend, share);
    for (int spent = 1; spent < view->year; spent++) {
        const double change = charged(life, view->year + 1, spent) - charged(life, view->year, spent);
        if (change != 0.0)
            ltp_lane_add_scaled(ltp_capital_row(view, view->own->depreciation, estate), change / life,
                                ltp_capital_row(view, view->own->added, first + spent - 1), LTP_TILE);
    }
}

/* A scheme's asset: depreciation of the year if it opened before, then what is added to it. */
LTP_HOT static void scheme_asset(double *restrict asset, double *restrict depreciation, const double *restrict opening,
                                 const double *restrict spend, const double *restrict share, double life, double year) {
    const double yearly = 1.0 / life;
    asset = __builtin_assume_aligned(asset, 64);
    depreciation = __builtin_assume_aligned(depreciation, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const double rest = life - (year - opening[i] - 1.0);
        const double part = rest > 1.0 ? 1.0 : rest > 0.0 ? rest : 0.0;
        depreciation[i] += opening[i] < year ? asset[i] * yearly * part : 0.0;
        asset[i] += spend[i] * share[i];
    }
}

/* closing = opening + spending beyond base depreciation − depreciation; dividend on their average */
LTP_HOT static void dividend(double *restrict charge, double *restrict net, const double *restrict spend, double base,
                             const double *restrict depreciation, const double *restrict donated, double rate) {
    charge = __builtin_assume_aligned(charge, 64);
    net = __builtin_assume_aligned(net, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const double added = spend[i] > base ? spend[i] - base : 0.0;
        const double closing = net[i] + added - depreciation[i];
        charge[i] = depreciation[i] + donated[i] + rate * (0.5 * (net[i] + closing));
        net[i] = closing;
    }
}

static void estate_charges(const ltp_capital_view *view, int index) {
    const ltp_capital *capital = &view->model->capital;
    const ltp_estate *estate = &capital->estate[index];
    ltp_capital_variant_rows *own = view->own;
    double *const *scratch = view->rows->scratch;
    double *spend = scratch[0], *share = scratch[1], *depreciation = scratch[2], *donated = scratch[3];
    double *next = ltp_capital_row(view, own->depreciation, index);
    const double *built = ltp_tile_row(view->rows->built, index);
    const double *equipment = estate->line[LTP_NEED_EQUIPMENT] < 0
                                  ? view->state->zero
                                  : ltp_capital_row(view, own->spend, estate->line[LTP_NEED_EQUIPMENT]);
    const int *scheme = &capital->scheme_of_estate[estate->scheme_first];
    ltp_lane_fill(spend, 0.0, LTP_TILE);
    for (int k = 0; k < estate->scheme_count; k++)
        if (ltp_scheme_in(view->model, view->variant, scheme[k]) &&
            capital->scheme[scheme[k]].funding != LTP_FUNDING_DONATED)
            ltp_lane_add(spend, ltp_capital_row(view, own->scheme_spend, scheme[k]), LTP_TILE);
    beyond(share, spend, built, equipment, estate->base_depreciation);
    ltp_lane_copy(depreciation, next, LTP_TILE);
    ltp_lane_fill(donated, 0.0, LTP_TILE);
    for (int k = 0; k < estate->scheme_count; k++) {
        const ltp_scheme *one = &capital->scheme[scheme[k]];
        const bool gift = one->funding == LTP_FUNDING_DONATED;
        if (ltp_scheme_in(view->model, view->variant, scheme[k]))
            scheme_asset(ltp_capital_row(view, own->asset, scheme[k]), gift ? donated : depreciation,
                         ltp_capital_row(view, own->opening, scheme[k]),
                         ltp_capital_row(view, own->scheme_spend, scheme[k]), gift ? view->state->one : share,
                         one->life, view->year);
    }
    dividend(ltp_capital_row(view, own->charge, index), ltp_capital_row(view, own->net, index), spend,
             estate->base_depreciation, depreciation, donated, capital->dividend);
    put_in_use(next, built, equipment, share, 1.0 / capital->building_life, 1.0 / capital->equipment_life);
    wear_out(view, index, 0, capital->building_life, built, share);
    wear_out(view, index, 1, capital->equipment_life, equipment, share);
}

void ltp_capital_charges(const ltp_capital_view *view) {
    for (int e = 0; e < view->model->capital.estate_count; e++)
        estate_charges(view, e);
}
