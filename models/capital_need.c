/* What is needed at the start of a year. */
#include "models/capital_rows.h"
#include "models/lane.h"

#define NO_BED 1e-9 /* share of the beds that stood in the base year: fewer than that are rounding */

/* need = £m at base prices · building prices */
LTP_HOT static void backlog(double *restrict need, double *restrict total, const double *restrict level,
                            const double *restrict price) {
    need = __builtin_assume_aligned(need, 64);
    total = __builtin_assume_aligned(total, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        need[i] = level[i] * price[i];
        total[i] += need[i];
    }
}

/* Beds needed beyond those that stand, and what they cost. */
LTP_HOT static void capacity(double *restrict need, double *restrict total, double *restrict beds,
                             const double *restrict standing, const double *restrict use, const double *restrict price,
                             const ltp_capital_line *line) {
    const double cost = line->cost_per_bed, least = NO_BED * line->amount;
    need = __builtin_assume_aligned(need, 64);
    total = __builtin_assume_aligned(total, 64);
    beds = __builtin_assume_aligned(beds, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double more = use[i] - standing[i];
        beds[i] = more > least ? more : 0.0;
        need[i] = beds[i] * cost * price[i];
        total[i] += need[i];
    }
}

LTP_HOT static void equipment(double *restrict need, double *restrict total, const double *restrict left,
                              double amount) {
    need = __builtin_assume_aligned(need, 64);
    total = __builtin_assume_aligned(total, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        need[i] = left[i] + amount;
        total[i] += need[i];
    }
}

void ltp_capital_line_need(const ltp_capital_view *view, int index, double *total) {
    const ltp_capital *capital = &view->model->capital;
    const ltp_capital_line *line = &capital->line[index];
    const double *price = ltp_capital_input_row(view, capital->estate[line->estate].building, view->state->one);
    double *need = ltp_capital_row(view, view->own->need, index);
    const double *level = ltp_capital_row(view, view->own->level, index);
    if (line->need < LTP_RISK_COUNT)
        backlog(need, total, level, price);
    else if (line->need == LTP_NEED_EQUIPMENT)
        equipment(need, total, level, line->yearly[view->year - 1]);
    else
        capacity(need, total, ltp_tile_row(view->rows->beds, index), level, ltp_tile_row(view->rows->use, line->estate),
                 price, line);
}

void ltp_capital_use(const ltp_model *model, const ltp_state *state, int activity) {
    for (int e = 0; e < model->capital.estate_count; e++) {
        const ltp_estate *estate = &model->capital.estate[e];
        const ltp_sum *beds = &model->variant[activity].beds[estate->organisation];
        double *use = ltp_tile_row(state->capital->use, e);
        if (estate->line[LTP_NEED_CAPACITY] < 0)
            continue;
        if (beds->entry_count)
            ltp_lane_gather(use, beds->entry, beds->entry_count, state->pair_row, LTP_TILE);
        else
            ltp_lane_fill(use, 0.0, LTP_TILE);
    }
}

/* Called where it has started, or might: due = arrears + the phase that comes next. */
LTP_HOT static void call(const ltp_scheme *scheme, double *restrict called, double *restrict due,
                         double *restrict wanted, const double *restrict age, const double *restrict arrears,
                         const double *restrict slippage, const double *restrict factor, double months) {
    const double cost = scheme->cost;
    called = __builtin_assume_aligned(called, 64);
    due = __builtin_assume_aligned(due, 64);
    wanted = __builtin_assume_aligned(wanted, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        called[i] = age[i] > 0.0 || slippage[i] <= months ? 1.0 : 0.0;
        due[i] = arrears[i];
    }
    for (int k = 0; k < scheme->phase_count; k++) {
        const double phase = scheme->phase[k], at = k;
#pragma omp simd
        for (size_t i = 0; i < LTP_TILE; i++)
            due[i] += age[i] == at ? phase : 0.0;
    }
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        due[i] *= called[i];
        wanted[i] = due[i] * (cost * factor[i]);
    }
}

static void scheme_need(const ltp_capital_view *view, int index) {
    const ltp_capital *capital = &view->model->capital;
    const ltp_scheme *scheme = &capital->scheme[index];
    const ltp_estate *estate = &capital->estate[scheme->estate];
    const ltp_state *state = view->state;
    const double *factor = (scheme->factor < 0 ? state->one : ltp_block_row(state->held, scheme->factor)) + view->lane;
    const double *slippage = ltp_block_row(state->held, scheme->slippage) + view->lane;
    /* Late by up to so many months, it still starts by this year: in whole years, rounded up. Before its planned year
     * it does not start, whatever the slippage, which is not drawn yet. */
    const double months = view->year >= scheme->start_year ? 12.0 * (view->year - scheme->start_year) : -1e300;
    call(scheme, ltp_tile_row(view->rows->called, index), ltp_tile_row(view->rows->due, index),
         ltp_tile_row(view->rows->wanted, index), ltp_capital_row(view, view->own->age, index),
         ltp_capital_row(view, view->own->arrears, index), slippage, factor, months);
    ltp_lane_fill(ltp_tile_row(view->rows->funded, index), 0.0, LTP_TILE);
    ltp_lane_add(ltp_capital_row(view, view->own->need, estate->line[LTP_NEED_SCHEMES]),
                 ltp_tile_row(view->rows->wanted, index), LTP_TILE);
}

void ltp_capital_call(const ltp_capital_view *view) {
    const ltp_capital *capital = &view->model->capital;
    ltp_capital_variant_rows *own = view->own;
    for (int e = 0; e < capital->estate_count; e++) {
        const int line = capital->estate[e].line[LTP_NEED_SCHEMES];
        double *const row[] = {own->need, own->spend, own->carried};
        for (int k = 0; line >= 0 && k < 3; k++) /* schemes add theirs */
            ltp_lane_fill(ltp_capital_row(view, row[k], line), 0.0, LTP_TILE);
    }
    for (int q = 0; q < capital->scheme_count; q++)
        if (ltp_scheme_in(view->model, view->variant, q))
            scheme_need(view, q);
}
