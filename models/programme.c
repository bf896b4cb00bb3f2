#include "models/programme.h"

#include "models/driver.h"
#include "models/lane.h"

/* Integral of the ramp from its start: u²/2 (linear) or u³ − u⁴/2 (S-curve) while it rises, then + (u − 1). */
static inline double ramp_integral(double u, bool s_curve)
{
    double c = u < 0.0 ? 0.0 : u > 1.0 ? 1.0 : u;
    double over = u > 1.0 ? u - 1.0 : 0.0;
    return (s_curve ? c * c * c - 0.5 * c * c * c * c : 0.5 * c * c) + over;
}

static inline double in_place_at_once(double start, double year_start)
{
    double from = year_start - start, to = from + 1.0;
    return (to > 0.0 ? to : 0.0) - (from > 0.0 ? from : 0.0);
}

static inline double in_place_ramp(double start, double ramp_years, bool s_curve, double year_start)
{
    double from = (year_start - start) / ramp_years, to = (year_start - start + 1.0) / ramp_years;
    return ramp_years * (ramp_integral(to, s_curve) - ramp_integral(from, s_curve));
}

double ltp_in_place(double start, double ramp_years, bool s_curve, int year)
{
    return ramp_years == 0.0 ? in_place_at_once(start, year - 1) : in_place_ramp(start, ramp_years, s_curve, year - 1);
}

static void held_year(const ltp_model *model, ltp_state *state, int year)
{
    for (int h = 0; h < model->held_count; h++) {
        const ltp_held *held = &model->held[h];
        double *row = ltp_block_row(state->held, h);
        if (held->value < 0) {
            if (year == 1)
                ltp_lane_fill(row, held->constant, LTP_BLOCK);
        } else if (held->year == year) {
            ltp_value_row(model, state, held->value, year, state->x);
            ltp_lane_fill(row, 0.0, LTP_BLOCK);
            ltp_lane_add_scaled(row, held->factor, state->x, LTP_BLOCK);
        }
    }
}

/* start = max(planned + slippage months ÷ 12, earliest) */
LTP_HOT static void start_row(double *restrict start, double planned, const double *restrict slippage,
                              const double *restrict earliest)
{
    start = __builtin_assume_aligned(start, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++) {
        double own = planned + slippage[i] / 12.0;
        start[i] = own > earliest[i] ? own : earliest[i];
    }
}

/* delivered = x · in_place · (first year ? 1 : recurrent share), times the effect; what is left is multiplied in.
 * Two copies of one loop, so that the curve is chosen outside it. */
#define DELIVER(NAME, IN_PLACE)                                                                                        \
    LTP_HOT static void NAME(double *restrict left, const double *restrict start, double ramp_years, double effect,    \
                             const double *restrict delivery, const double *restrict recurrent, double year_start,     \
                             double first_from)                                                                        \
    {                                                                                                                  \
        left = __builtin_assume_aligned(left, 64);                                                                     \
        (void)ramp_years; /* at once: no ramp */                                                                       \
        _Pragma("omp simd") for (size_t i = 0; i < LTP_BLOCK; i++)                                                     \
        {                                                                                                              \
            double part = start[i] >= first_from ? 1.0 : recurrent[i];                                                 \
            left[i] *= 1.0 - effect * delivery[i] * part * (IN_PLACE);                                                 \
        }                                                                                                              \
    }

DELIVER(deliver_at_once, in_place_at_once(start[i], year_start))
DELIVER(deliver_linear, in_place_ramp(start[i], ramp_years, false, year_start))
DELIVER(deliver_s_curve, in_place_ramp(start[i], ramp_years, true, year_start))

/* Money: level += (1 − left) ÷ price at the start. */
LTP_HOT static void add_money(double *restrict level, const double *restrict left, const double *restrict price)
{
    level = __builtin_assume_aligned(level, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        level[i] += (1.0 - left[i]) / price[i];
}

LTP_HOT static void complement(double *restrict row)
{
    row = __builtin_assume_aligned(row, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        row[i] = 1.0 - row[i];
}

static void deliver(const ltp_action *action, const ltp_state *state, const ltp_tranche *tranche, const double *start,
                    int year, double *left)
{
    const double *delivery = ltp_block_row(state->held, tranche->delivery);
    const double *recurrent = ltp_block_row(state->held, tranche->recurrent);
    void (*how)(double *restrict, const double *restrict, double, double, const double *restrict,
                const double *restrict, double, double) = action->ramp_years == 0.0 ? deliver_at_once
                                                          : action->s_curve         ? deliver_s_curve
                                                                                    : deliver_linear;
    /* nothing is in place before the year that it draws in, so that year is a first one even for an earlier start */
    const double first_from = year == tranche->draw_year ? -1e300 : year - 1;
    how(left, start, action->ramp_years, action->effect, delivery, recurrent, year - 1, first_from);
}

static void action_year(const ltp_model *model, ltp_state *state, int index, int year)
{
    const ltp_action *action = &model->action[index];
    double *level = ltp_block_row(state->level, index), *left = ltp_block_row(state->x, 0), *start = ltp_block_row(state->x, 1);
    const double *earliest = ltp_block_row(state->start, action->after >= 0 ? action->after : model->action_count);
    ltp_lane_fill(level, action->money ? 0.0 : 1.0, LTP_BLOCK);
    for (int n = 0; n < action->tranche_count; n++) {
        const ltp_tranche *tranche = &action->tranche[n];
        if (tranche->draw_year > year) {
            if (n == 0)
                ltp_lane_fill(ltp_block_row(state->start, index), tranche->start, LTP_BLOCK);
            continue;
        }
        start_row(start, tranche->start, ltp_block_row(state->held, tranche->slippage), earliest);
        if (n == 0)
            ltp_lane_copy(ltp_block_row(state->start, index), start, LTP_BLOCK);
        if (!action->money) {
            deliver(action, state, tranche, start, year, level);
            continue;
        }
        ltp_lane_fill(left, 1.0, LTP_BLOCK);
        deliver(action, state, tranche, start, year, left);
        add_money(level, left, ltp_block_row(state->held_price, tranche->price_at_start));
    }
    if (!action->money)
        complement(level);
}

/* keep *= 1 − group; group = max + keep_rest · (sum − max) */
LTP_HOT static void keep_of_group(double *restrict keep, const double *restrict largest, const double *restrict sum,
                                  double keep_rest, size_t count)
{
    keep = __builtin_assume_aligned(keep, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        keep[i] *= 1.0 - (largest[i] + keep_rest * (sum[i] - largest[i]));
}

LTP_HOT static void larger(double *restrict largest, const double *restrict row, size_t count)
{
    largest = __builtin_assume_aligned(largest, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        largest[i] = row[i] > largest[i] ? row[i] : largest[i];
}

/* level, or for money level ÷ the line's value at base prices */
LTP_HOT static void share_of(double *restrict to, const double *restrict level, const double *restrict base_value,
                             size_t count)
{
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = level[i] / base_value[i];
}

static void combine(const ltp_model *model, ltp_state *state, const ltp_combination *combination,
                    const double *base_value, size_t lane, size_t count, double *keep)
{
    double *largest = ltp_block_row(state->combine, 0), *sum = ltp_block_row(state->combine, 1), *one = ltp_block_row(state->combine, 2);
    ltp_lane_fill(keep, 1.0, count);
    for (int g = 0; g < combination->overlap_count; g++) {
        const ltp_overlap *overlap = &combination->overlap[g];
        for (int a = 0; a < overlap->action_count; a++) {
            const double *level = ltp_block_row(state->level, overlap->action[a]) + lane;
            if (model->action[overlap->action[a]].money) {
                share_of(one, level, base_value, count);
                level = one;
            }
            if (a == 0) {
                ltp_lane_copy(largest, level, count);
                ltp_lane_copy(sum, level, count);
            } else {
                larger(largest, level, count);
                ltp_lane_add(sum, level, count);
            }
        }
        keep_of_group(keep, largest, sum, overlap->keep_rest, count);
    }
}

void ltp_combination_tile(const ltp_model *model, ltp_state *state, int index, const double *base_value, size_t lane,
                          double *keep)
{
    const ltp_combination *combination = &model->combination[index];
    if (combination->money)
        combine(model, state, combination, base_value, lane, LTP_TILE, keep);
    else
        ltp_lane_copy(keep, ltp_block_row(state->keep, index) + lane, LTP_TILE);
}

void ltp_programme_year(const ltp_model *model, ltp_state *state, int year)
{
    held_year(model, state, year);
    for (int a = 0; a < model->action_count; a++)
        action_year(model, state, a, year);
    for (int c = 0; c < model->combination_count; c++)
        if (!model->combination[c].money)
            combine(model, state, &model->combination[c], NULL, 0, LTP_BLOCK, ltp_block_row(state->keep, c));
}
