#include "models/programme.h"

#include "models/driver.h"
#include "models/lane.h"

/* Integral of the ramp from its start: u²/2 (linear) or u³ − u⁴/2 (S-curve) while it rises, then + (u − 1). */
static inline double ramp_integral(double u, bool s_curve) {
    double c = u < 0.0 ? 0.0 : u > 1.0 ? 1.0 : u;
    double over = u > 1.0 ? u - 1.0 : 0.0;
    return (s_curve ? c * c * c - 0.5 * c * c * c * c : 0.5 * c * c) + over;
}

static inline double in_place_at_once(double start, double year_start) {
    double from = year_start - start, to = from + 1.0;
    return (to > 0.0 ? to : 0.0) - (from > 0.0 ? from : 0.0);
}

static inline double in_place_ramp(double start, double ramp_years, double per_ramp, bool s_curve, double year_start) {
    double from = (year_start - start) * per_ramp, to = (year_start - start + 1.0) * per_ramp;
    return ramp_years * (ramp_integral(to, s_curve) - ramp_integral(from, s_curve));
}

double ltp_in_place(double start, double ramp_years, bool s_curve, int year) {
    return ramp_years == 0.0 ? in_place_at_once(start, year - 1)
                             : in_place_ramp(start, ramp_years, 1.0 / ramp_years, s_curve, year - 1);
}

static void held_year(const ltp_model *model, ltp_state *state, int year) {
    for (int h = 0; h < model->held_count; h++) {
        const ltp_held *held = &model->held[h];
        if (held->value < 0 || held->year != year)
            continue; /* constants stand from the start */
        ltp_value_row(model, state, held->value, year, state->x);
        ltp_lane_scale(ltp_block_row(state->held, h), held->factor, state->x, LTP_BLOCK);
    }
}

/* One tranche in one year: where it starts on each path, and what is delivered of it. */
typedef struct {
    double planned;         /* start, months */
    const double *slippage; /* months */
    const double *earliest; /* start of what it waits for, years */
    const double *delivery, *recurrent;
    double effect, ramp_years, year_start;
    double first_from; /* starts from here on are in their first year */
} tranche_view;

/* start = max(planned + slippage, earliest); delivered = x · in_place · (first year ? 1 : recurrent share), times the
 * effect; what is left is multiplied in. One loop for each curve, so that the curve is chosen outside it. */
#define DELIVER(NAME, IN_PLACE)                                                                                        \
    LTP_HOT static void NAME(const tranche_view *view, double *restrict start, double *restrict left) {                \
        const double planned = view->planned, effect = view->effect, year_start = view->year_start;                    \
        const double ramp = view->ramp_years, per_ramp = ramp > 0.0 ? 1.0 / ramp : 0.0;                                \
        const double first_from = view->first_from;                                                                    \
        const double *slippage = view->slippage, *earliest = view->earliest;                                           \
        const double *delivery = view->delivery, *recurrent = view->recurrent;                                         \
        left = __builtin_assume_aligned(left, 64);                                                                     \
        start = __builtin_assume_aligned(start, 64);                                                                   \
        (void)ramp, (void)per_ramp; /* at once: no ramp */                                                             \
        _Pragma("omp simd") for (size_t i = 0; i < LTP_BLOCK; i++) {                                                   \
            double own = (planned + slippage[i]) / 12.0; /* whole years come out whole */                              \
            double at = own > earliest[i] ? own : earliest[i];                                                         \
            double part = at >= first_from ? 1.0 : recurrent[i];                                                       \
            start[i] = at;                                                                                             \
            left[i] *= 1.0 - effect * delivery[i] * part * (IN_PLACE);                                                 \
        }                                                                                                              \
    }

DELIVER(deliver_at_once, in_place_at_once(at, year_start))
DELIVER(deliver_linear, in_place_ramp(at, ramp, per_ramp, false, year_start))
DELIVER(deliver_s_curve, in_place_ramp(at, ramp, per_ramp, true, year_start))

/* Money: level += (1 − left) ÷ price at the start. */
LTP_HOT static void add_money(double *restrict level, const double *restrict left, const double *restrict price) {
    level = __builtin_assume_aligned(level, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        level[i] += (1.0 - left[i]) / price[i];
}

LTP_HOT static void complement(double *restrict row) {
    row = __builtin_assume_aligned(row, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        row[i] = 1.0 - row[i];
}

/* lasts: the recurrent part alone, as if no year were the first. */
static void deliver(const ltp_action *action, const ltp_state *state, const ltp_tranche *tranche,
                    const double *earliest, int year, bool lasts, double *start, double *left) {
    const tranche_view view = {.planned = tranche->start,
                               .slippage = ltp_block_row(state->held, tranche->slippage),
                               .earliest = earliest,
                               .delivery = ltp_block_row(state->held, tranche->delivery),
                               .recurrent = ltp_block_row(state->held, tranche->recurrent),
                               .effect = action->effect,
                               .ramp_years = action->ramp_years,
                               .year_start = year - 1,
                               /* nothing is in place before the year that it draws in, so that year is a first one even
                                * for an earlier start */
                               .first_from = lasts                        ? 1e300
                                             : year == tranche->draw_year ? -1e300
                                                                          : year - 1};
    if (action->ramp_years == 0.0)
        deliver_at_once(&view, start, left);
    else if (action->s_curve)
        deliver_s_curve(&view, start, left);
    else
        deliver_linear(&view, start, left);
}

LTP_HOT static void larger(double *restrict largest, const double *restrict row, size_t count) {
    largest = __builtin_assume_aligned(largest, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        largest[i] = row[i] > largest[i] ? row[i] : largest[i];
}

/* When the scheme that an action needs opens: in the path as far as the years before say, or as planned. */
static const double *scheme_opening(const ltp_state *state, const ltp_action *action) {
    if (action->capital >= 0)
        return ltp_capital_opening(state, action->capital, action->scheme);
    ltp_lane_fill(ltp_block_row(state->combine, 1), action->planned_open, LTP_BLOCK);
    return ltp_block_row(state->combine, 1);
}

/* Start of what an action waits for: the latest of several; long ago where it waits for nothing. */
static const double *earliest_start(const ltp_model *model, ltp_state *state, const ltp_action *action) {
    if (action->after_count == 0)
        return action->scheme >= 0 ? scheme_opening(state, action) : ltp_block_row(state->start, model->action_count);
    if (action->after_count == 1 && action->scheme < 0)
        return ltp_block_row(state->start, action->after[0]);
    double *latest = ltp_block_row(state->combine, 0);
    ltp_lane_copy(latest, ltp_block_row(state->start, action->after[0]), LTP_BLOCK);
    for (int k = 1; k < action->after_count; k++)
        larger(latest, ltp_block_row(state->start, action->after[k]), LTP_BLOCK);
    if (action->scheme >= 0)
        larger(latest, scheme_opening(state, action), LTP_BLOCK);
    return latest;
}

/* The action's level, or with `lasts` that of its recurrent part. */
static void action_year(const ltp_model *model, ltp_state *state, int index, int year, bool lasts, double *level) {
    const ltp_action *action = &model->action[index];
    double *left = ltp_block_row(state->x, 0);
    double *money = lasts || action->money_row < 0 ? NULL : ltp_block_row(state->money, action->money_row);
    const double *earliest = earliest_start(model, state, action);
    ltp_lane_fill(level, action->money ? 0.0 : 1.0, LTP_BLOCK);
    if (money)
        ltp_lane_fill(money, 0.0, LTP_BLOCK);
    for (int n = 0; n < action->tranche_count; n++) {
        const ltp_tranche *tranche = &action->tranche[n];
        double *start = n == 0 ? ltp_block_row(state->start, index) : ltp_block_row(state->x, 1);
        if (tranche->draw_year > year) {
            if (n == 0)
                ltp_lane_fill(start, tranche->start / 12.0, LTP_BLOCK);
            continue;
        }
        if (!action->money) {
            deliver(action, state, tranche, earliest, year, lasts, start, level);
            continue;
        }
        ltp_lane_fill(left, 1.0, LTP_BLOCK);
        deliver(action, state, tranche, earliest, year, lasts, start, left);
        add_money(level, left, ltp_block_row(state->held_price, tranche->price_at_start));
        if (money)
            add_money(money, left, state->one);
    }
    if (!action->money)
        complement(level);
}

/* keep *= 1 − level */
LTP_HOT static void keep_of(double *restrict keep, const double *restrict level, size_t count) {
    keep = __builtin_assume_aligned(keep, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        keep[i] *= 1.0 - level[i];
}

/* keep = 1 − level */
LTP_HOT static void keep_first(double *restrict keep, const double *restrict level, size_t count) {
    keep = __builtin_assume_aligned(keep, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        keep[i] = 1.0 - level[i];
}

/* keep *= 1 − group; group = max + keep_rest · (sum − max) */
LTP_HOT static void keep_of_group(double *restrict keep, const double *restrict largest, const double *restrict sum,
                                  double keep_rest, size_t count) {
    keep = __builtin_assume_aligned(keep, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        keep[i] *= 1.0 - (largest[i] + keep_rest * (sum[i] - largest[i]));
}

/* level, or for money level ÷ the line's value at base prices */
LTP_HOT static void share_of(double *restrict to, const double *restrict level, const double *restrict base_value,
                             size_t count) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = level[i] / base_value[i];
}

/* The level of an action on a line, or of its recurrent part: its own row, or for money a scratch row. */
static const double *level_on(const ltp_model *model, ltp_state *state, int action, bool lasts,
                              const double *base_value, size_t lane, size_t count) {
    const int lasting = model->action[action].lasting;
    const double *level =
        (lasts && lasting >= 0 ? ltp_block_row(state->lasting, lasting) : ltp_block_row(state->level, action)) + lane;
    double *share = ltp_block_row(state->combine, 2);
    if (!model->action[action].money)
        return level;
    share_of(share, level, base_value, count);
    return share;
}

static void combine(const ltp_model *model, ltp_state *state, const ltp_combination *combination, bool lasts,
                    const double *base_value, size_t lane, size_t count, double *keep) {
    double *largest = ltp_block_row(state->combine, 0), *sum = ltp_block_row(state->combine, 1);
    if (combination->overlap_count == 0 || combination->overlap[0].action_count > 1)
        ltp_lane_fill(keep, 1.0, count);
    for (int g = 0; g < combination->overlap_count; g++) {
        const ltp_overlap *overlap = &combination->overlap[g];
        const double *level = level_on(model, state, overlap->action[0], lasts, base_value, lane, count);
        if (overlap->action_count == 1) {
            if (g == 0)
                keep_first(keep, level, count);
            else
                keep_of(keep, level, count);
            continue;
        }
        ltp_lane_copy(largest, level, count);
        ltp_lane_copy(sum, level, count);
        for (int a = 1; a < overlap->action_count; a++) {
            level = level_on(model, state, overlap->action[a], lasts, base_value, lane, count);
            larger(largest, level, count);
            ltp_lane_add(sum, level, count);
        }
        keep_of_group(keep, largest, sum, overlap->keep_rest, count);
    }
}

const double *ltp_combination_tile(const ltp_model *model, ltp_state *state, int index, const double *base_value,
                                   int year, size_t lane, double *scratch) {
    const ltp_combination *combination = &model->combination[index];
    if (!combination->money)
        return ltp_keep_row(state, index, year) + lane;
    combine(model, state, combination, false, base_value, lane, LTP_TILE, scratch);
    return scratch;
}

const double *ltp_lasting_tile(const ltp_model *model, ltp_state *state, int index, const double *base_value, int year,
                               size_t lane, double *scratch) {
    const ltp_combination *combination = &model->combination[index];
    if (!combination->money)
        return (combination->lasting >= 0 ? ltp_lasting_row(state, combination->lasting, year)
                                          : ltp_keep_row(state, index, year)) +
               lane;
    combine(model, state, combination, true, base_value, lane, LTP_TILE, scratch);
    return scratch;
}

void ltp_programme_year(const ltp_model *model, ltp_state *state, int year) {
    const uint64_t release = UINT64_C(1) << LTP_QUANTITY_CASH_RELEASED | UINT64_C(1) << LTP_QUANTITY_NON_RECURRENT;
    const bool lasting = (state->wanted & release) != 0;
    held_year(model, state, year);
    for (int a = 0; a < model->action_count; a++) {
        action_year(model, state, a, year, false, ltp_block_row(state->level, a));
        if (lasting && model->action[a].lasting >= 0)
            action_year(model, state, a, year, true, ltp_block_row(state->lasting, model->action[a].lasting));
    }
    for (int c = 0; c < model->combination_count; c++) {
        const ltp_combination *combination = &model->combination[c];
        if (combination->money)
            continue;
        combine(model, state, combination, false, NULL, 0, LTP_BLOCK, ltp_keep_row(state, c, year));
        if (lasting && combination->lasting >= 0)
            combine(model, state, combination, true, NULL, 0, LTP_BLOCK,
                    ltp_lasting_row(state, combination->lasting, year));
    }
}
