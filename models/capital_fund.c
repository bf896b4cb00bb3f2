/* What is funded of the year's needs, in the scenario's order, and what that leaves for the next year. */
#include "models/capital_rows.h"
#include "models/lane.h"

/* left = envelope · (1 + x), at least nothing */
LTP_HOT static void open_envelope(double *restrict left, double envelope, const double *restrict extra) {
    left = __builtin_assume_aligned(left, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double money = envelope * (1.0 + extra[i]);
        left[i] = money > 0.0 ? money : 0.0;
    }
}

/* All of a step where the envelope holds it, else the same share of each: 0 is left then, to the bit. */
LTP_HOT static void draw(double *restrict share, double *restrict left, const double *restrict total) {
    share = __builtin_assume_aligned(share, 64);
    left = __builtin_assume_aligned(left, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const bool all = total[i] <= left[i];
        share[i] = all ? 1.0 : left[i] / total[i];
        left[i] = all ? left[i] - total[i] : 0.0;
    }
}

/* --- backlog, equipment, capacity --- */

/* What is not funded grows. */
LTP_HOT static void fund_backlog(double *restrict spend, double *restrict carried, double *restrict built,
                                 double *restrict level, const double *restrict need, const double *restrict share,
                                 double growth, const double *restrict extra) {
    spend = __builtin_assume_aligned(spend, 64);
    carried = __builtin_assume_aligned(carried, 64);
    built = __builtin_assume_aligned(built, 64);
    level = __builtin_assume_aligned(level, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        spend[i] = need[i] * share[i];
        carried[i] = need[i] - spend[i];
        built[i] += spend[i];
        level[i] *= (1.0 - share[i]) * (1.0 + growth + extra[i]);
    }
}

/* Beds that were built stand. */
LTP_HOT static void fund_beds(double *restrict spend, double *restrict carried, double *restrict built,
                              double *restrict standing, const double *restrict need, const double *restrict share,
                              const double *restrict beds) {
    spend = __builtin_assume_aligned(spend, 64);
    carried = __builtin_assume_aligned(carried, 64);
    built = __builtin_assume_aligned(built, 64);
    standing = __builtin_assume_aligned(standing, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        spend[i] = need[i] * share[i];
        carried[i] = need[i] - spend[i];
        built[i] += spend[i];
        standing[i] += beds[i] * share[i];
    }
}

LTP_HOT static void fund_equipment(double *restrict spend, double *restrict carried, double *restrict level,
                                   const double *restrict need, const double *restrict share) {
    spend = __builtin_assume_aligned(spend, 64);
    carried = __builtin_assume_aligned(carried, 64);
    level = __builtin_assume_aligned(level, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        spend[i] = need[i] * share[i];
        level[i] = carried[i] = need[i] - spend[i];
    }
}

static void fund_line(const ltp_capital_view *view, int index, const double *share) {
    const ltp_capital_line *line = &view->model->capital.line[index];
    const ltp_capital_variant_rows *own = view->own;
    double *spend = ltp_capital_row(view, own->spend, index), *carried = ltp_capital_row(view, own->carried, index);
    double *level = ltp_capital_row(view, own->level, index), *built = ltp_tile_row(view->rows->built, line->estate);
    const double *need = ltp_capital_row(view, own->need, index);
    if (line->need < LTP_RISK_COUNT)
        fund_backlog(spend, carried, built, level, need, share, line->growth,
                     ltp_capital_input_row(view, line->extra_growth, view->state->zero));
    else if (line->need == LTP_NEED_EQUIPMENT)
        fund_equipment(spend, carried, level, need, share);
    else
        fund_beds(spend, carried, built, level, need, share, ltp_tile_row(view->rows->beds, index));
}

static void fund_need(const ltp_capital_view *view, const ltp_capital_system *system, int need) {
    const ltp_estate *estate = &view->model->capital.estate[system->estate_first];
    double *total = view->rows->scratch[0], *share = view->rows->scratch[1];
    bool any = false;
    ltp_lane_fill(total, 0.0, LTP_TILE);
    for (int e = 0; e < system->estate_count; e++)
        if (estate[e].line[need] >= 0) {
            ltp_capital_line_need(view, estate[e].line[need], total);
            any = true;
        }
    if (!any)
        return;
    draw(share, view->rows->left, total);
    for (int e = 0; e < system->estate_count; e++)
        if (estate[e].line[need] >= 0)
            fund_line(view, estate[e].line[need], share);
}

/* --- schemes --- */

LTP_HOT static void add_started(double *restrict total, const double *restrict age, const double *restrict wanted) {
    total = __builtin_assume_aligned(total, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        total[i] += age[i] > 0.0 ? wanted[i] : 0.0;
}

LTP_HOT static void fund_started(double *restrict funded, const double *restrict age, const double *restrict share) {
    funded = __builtin_assume_aligned(funded, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        funded[i] = age[i] > 0.0 ? share[i] : funded[i];
}

/* It starts where its first phase fits; where it does not, the next one is tried. */
LTP_HOT static void start(double *restrict funded, double *restrict left, const double *restrict age,
                          const double *restrict called, const double *restrict wanted) {
    funded = __builtin_assume_aligned(funded, 64);
    left = __builtin_assume_aligned(left, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const double fits = age[i] == 0.0 && called[i] > 0.0 && wanted[i] <= left[i] ? 1.0 : 0.0;
        funded[i] += fits;
        left[i] -= fits * wanted[i];
    }
}

/* Whether the scheme of a system competes for its envelope in this variant. */
static bool competes(const ltp_capital_view *view, int scheme) {
    return view->model->capital.scheme[scheme].funding == LTP_FUNDING_ENVELOPE &&
           ltp_scheme_in(view->model, view->variant, scheme);
}

static void fund_later_phases(const ltp_capital_view *view, const ltp_capital_system *system) {
    double *total = view->rows->scratch[0], *share = view->rows->scratch[1];
    const int end = system->scheme_first + system->scheme_count;
    ltp_lane_fill(total, 0.0, LTP_TILE);
    for (int q = system->scheme_first; q < end; q++)
        if (competes(view, q))
            add_started(total, ltp_capital_row(view, view->own->age, q), ltp_tile_row(view->rows->wanted, q));
    draw(share, view->rows->left, total);
    for (int q = system->scheme_first; q < end; q++)
        if (competes(view, q))
            fund_started(ltp_tile_row(view->rows->funded, q), ltp_capital_row(view, view->own->age, q), share);
}

static void fund_starts(const ltp_capital_view *view, const ltp_capital_system *system, bool mandatory) {
    for (int q = system->scheme_first; q < system->scheme_first + system->scheme_count; q++)
        if (competes(view, q) && view->model->capital.scheme[q].mandatory == mandatory)
            start(ltp_tile_row(view->rows->funded, q), view->rows->left, ltp_capital_row(view, view->own->age, q),
                  ltp_tile_row(view->rows->called, q), ltp_tile_row(view->rows->wanted, q));
}

static void fund_step(const ltp_capital_view *view, const ltp_capital_system *system, ltp_fund_step step) {
    static const int need[LTP_FUND_COUNT] = {[LTP_FUND_HIGH] = LTP_NEED_HIGH,
                                             [LTP_FUND_EQUIPMENT] = LTP_NEED_EQUIPMENT,
                                             [LTP_FUND_SIGNIFICANT] = LTP_NEED_SIGNIFICANT,
                                             [LTP_FUND_CAPACITY] = LTP_NEED_CAPACITY,
                                             [LTP_FUND_MODERATE] = LTP_NEED_MODERATE,
                                             [LTP_FUND_LOW] = LTP_NEED_LOW};
    if (step == LTP_FUND_STARTED)
        fund_later_phases(view, system);
    else if (step == LTP_FUND_MANDATORY || step == LTP_FUND_SCHEMES)
        fund_starts(view, system, step == LTP_FUND_MANDATORY);
    else
        fund_need(view, system, need[step]);
}

/* --- a scheme's year --- */

/* Spent of what was called, and what was not, by scheme and for its estate. */
LTP_HOT static void spend_called(double *restrict spend, double *restrict estate_spend, double *restrict carried,
                                 const double *restrict wanted, const double *restrict funded) {
    spend = __builtin_assume_aligned(spend, 64);
    estate_spend = __builtin_assume_aligned(estate_spend, 64);
    carried = __builtin_assume_aligned(carried, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        spend[i] = wanted[i] * funded[i];
        estate_spend[i] += spend[i];
        carried[i] += wanted[i] - spend[i];
    }
}

/* A scheme that is under way or has just started has called a phase more; it is complete when all are called and none
 * is owed. */
LTP_HOT static void build(double *restrict age, double *restrict arrears, double *restrict opening,
                          double *restrict started, double *restrict complete, const double *restrict called,
                          const double *restrict due, const double *restrict funded, double phases, double year) {
    age = __builtin_assume_aligned(age, 64);
    arrears = __builtin_assume_aligned(arrears, 64);
    opening = __builtin_assume_aligned(opening, 64);
    started = __builtin_assume_aligned(started, 64);
    complete = __builtin_assume_aligned(complete, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const bool goes = called[i] > 0.0 && (age[i] > 0.0 || funded[i] == 1.0);
        started[i] = goes && age[i] == 0.0 ? 1.0 : 0.0;
        age[i] += goes ? 1.0 : 0.0;
        arrears[i] = goes ? due[i] * (1.0 - funded[i]) : 0.0;
        complete[i] = age[i] >= phases && arrears[i] == 0.0 ? 1.0 : 0.0;
        opening[i] = complete[i] > 0.0 && opening[i] > year ? year : opening[i];
    }
}

/* Takes what is there of `rest` off the backlog, at base prices. */
LTP_HOT static void clear(double *restrict level, double *restrict rest) {
    level = __builtin_assume_aligned(level, 64);
    rest = __builtin_assume_aligned(rest, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const double taken = level[i] < rest[i] ? level[i] : rest[i];
        level[i] -= taken;
        rest[i] -= taken;
    }
}

void ltp_capital_take_on(const ltp_capital_view *view, int index, const double *started) {
    const ltp_scheme *scheme = &view->model->capital.scheme[index];
    const ltp_estate *estate = &view->model->capital.estate[scheme->estate];
    double *rest = view->rows->scratch[1], *clearing = ltp_capital_row(view, view->own->clearing, index);
    if (scheme->clears > 0.0) {
        ltp_lane_scale(rest, scheme->clears, started, LTP_TILE);
        for (int risk = 0; risk < LTP_RISK_COUNT; risk++) { /* high first */
            if (risk == LTP_NEED_HIGH && estate->line[risk] >= 0)
                ltp_lane_add(clearing, rest, LTP_TILE);
            if (estate->line[risk] >= 0)
                clear(ltp_capital_row(view, view->own->level, estate->line[risk]), rest);
            if (risk == LTP_NEED_HIGH && estate->line[risk] >= 0)
                ltp_lane_add_scaled(clearing, -1.0, rest, LTP_TILE);
        }
    }
    if (scheme->beds > 0.0 && estate->line[LTP_NEED_CAPACITY] >= 0)
        ltp_lane_add_scaled(ltp_capital_row(view, view->own->level, estate->line[LTP_NEED_CAPACITY]), scheme->beds,
                            started, LTP_TILE);
}

static void scheme_year(const ltp_capital_view *view, int index) {
    const ltp_scheme *scheme = &view->model->capital.scheme[index];
    const int line = view->model->capital.estate[scheme->estate].line[LTP_NEED_SCHEMES];
    ltp_capital_variant_rows *own = view->own;
    const double *funded = ltp_tile_row(view->rows->funded, index);
    double *spend = ltp_capital_row(view, own->scheme_spend, index);
    if (scheme->funding != LTP_FUNDING_ENVELOPE) /* it goes on as planned, with money of its own */
        ltp_lane_copy(ltp_tile_row(view->rows->funded, index), ltp_tile_row(view->rows->called, index), LTP_TILE);
    spend_called(spend, ltp_capital_row(view, own->spend, line), ltp_capital_row(view, own->carried, line),
                 ltp_tile_row(view->rows->wanted, index), funded);
    if (scheme->funding != LTP_FUNDING_ENVELOPE)
        ltp_lane_add(view->rows->balance, spend, LTP_TILE);
    build(ltp_capital_row(view, own->age, index), ltp_capital_row(view, own->arrears, index),
          ltp_capital_row(view, own->opening, index), view->rows->scratch[0],
          ltp_capital_row(view, own->complete, index), ltp_tile_row(view->rows->called, index),
          ltp_tile_row(view->rows->due, index), funded, scheme->phase_count, view->year);
    ltp_capital_take_on(view, index, view->rows->scratch[0]);
}

/* The capital account balances: what was drawn of all sources was spent. Its error counts with the ledger's. */
static void balance(const ltp_capital_view *view, const ltp_capital_system *system) {
    const ltp_estate *estate = view->model->capital.estate;
    double *error = view->rows->balance;
    for (int e = system->estate_first; e < system->estate_first + system->estate_count; e++) {
        ltp_lane_add_scaled(error, -1.0, ltp_tile_row(view->rows->built, e), LTP_TILE);
        for (int need = LTP_NEED_EQUIPMENT; need <= LTP_NEED_SCHEMES; need++)
            if (need != LTP_NEED_CAPACITY && estate[e].line[need] >= 0)
                ltp_lane_add_scaled(error, -1.0, ltp_capital_row(view, view->own->spend, estate[e].line[need]),
                                    LTP_TILE);
    }
    const double largest = ltp_lane_largest(error, LTP_TILE);
    if (!(largest <= view->state->conservation))
        view->state->conservation = largest;
}

static void system_year(const ltp_capital_view *view, const ltp_capital_system *system) {
    const ltp_capital *capital = &view->model->capital;
    open_envelope(view->rows->left, system->envelope[view->year - 1],
                  ltp_capital_input_row(view, system->extra, view->state->zero));
    ltp_lane_copy(view->rows->balance, view->rows->left, LTP_TILE);
    for (int e = system->estate_first; e < system->estate_first + system->estate_count; e++)
        ltp_lane_fill(ltp_tile_row(view->rows->built, e), 0.0, LTP_TILE);
    for (int k = 0; k < LTP_FUND_COUNT; k++)
        fund_step(view, system, capital->order[k]);
    for (int q = system->scheme_first; q < system->scheme_first + system->scheme_count; q++)
        if (ltp_scheme_in(view->model, view->variant, q))
            scheme_year(view, q);
    ltp_lane_add_scaled(view->rows->balance, -1.0, view->rows->left, LTP_TILE);
    balance(view, system);
}

void ltp_capital_fund(const ltp_capital_view *view) {
    const ltp_capital *capital = &view->model->capital;
    for (int s = 0; s < capital->system_count; s++)
        system_year(view, &capital->system[s]);
}
