#include "models/demand.h"

#include "models/driver.h"
#include "models/lane.h"

void ltp_demand_year(const ltp_model *model, ltp_state *state, int year) {
    for (int a = 0; a < model->activity_count; a++) {
        const ltp_activity *activity = &model->activity[a];
        double *now = ltp_activity_row(state, a, year);
        const double *before = year == 1 ? state->one : ltp_activity_row(state, a, year - 1);
        const double demographic = 1.0 + activity->demographic[year - 1];
        if (activity->variable >= 0)
            ltp_variable_grow(model, state, activity->variable, year, demographic, before, now);
        else
            ltp_lane_scale(now, demographic, before, LTP_BLOCK);
    }
}

static void rate_year(const ltp_model *model, ltp_state *state, int index, int year) {
    const ltp_rate *rate = &model->rate[index];
    double *row = ltp_block_row(state->rate, index), *x = ltp_block_row(state->x, 0), *sum = ltp_block_row(state->x, 1);
    if (year == 1)
        ltp_lane_fill(row, 1.0, LTP_BLOCK);
    if (rate->uplift >= 0)
        ltp_variable_row(model, state, rate->uplift, year, sum);
    else
        ltp_lane_fill(sum, rate->computed_uplift[year - 1], LTP_BLOCK);
    if (rate->error >= 0) {
        ltp_variable_row(model, state, rate->error, year, x);
        ltp_lane_add(sum, x, LTP_BLOCK);
    }
    if (rate->efficiency >= 0) {
        ltp_variable_row(model, state, rate->efficiency, year, x);
        ltp_lane_add_scaled(sum, -1.0, x, LTP_BLOCK);
    }
    ltp_lane_grow(row, sum, LTP_BLOCK);
}

void ltp_price_year(const ltp_model *model, ltp_state *state, int year) {
    for (int p = 0; p < model->price_count; p++) {
        double *row = ltp_block_row(state->price, p);
        if (year == 1)
            ltp_lane_fill(row, 1.0, LTP_BLOCK);
        if (model->price[p].variable >= 0)
            ltp_variable_grow(model, state, model->price[p].variable, year, 1.0, row, row);
    }
    for (int r = 0; r < model->rate_count; r++)
        rate_year(model, state, r, year);
    for (int l = 0; l < model->lambda_count; l++)
        if (model->lambda[l] >= 0)
            ltp_variable_row(model, state, model->lambda[l], year, ltp_block_row(state->lambda, l));
    for (int h = 0; h < model->held_price_count; h++)
        if (model->held_price_year[h] == year && model->held_price[h] < 0)
            ltp_lane_fill(ltp_block_row(state->held_price, h), 1.0, LTP_BLOCK);
        else if (model->held_price_year[h] == year)
            ltp_lane_copy(ltp_block_row(state->held_price, h), ltp_block_row(state->price, model->held_price[h]),
                          LTP_BLOCK);
}

/* allocation = amount · growth */
LTP_HOT static void allocate(double *restrict allocation, const double *restrict growth, double amount) {
    allocation = __builtin_assume_aligned(allocation, 64);
    growth = __builtin_assume_aligned(growth, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        allocation[i] = amount * growth[i];
}

/* index *= (amount · growth − new_money) ÷ last year's allocation */
LTP_HOT static void index_by(double *restrict index, const double *restrict last, const double *restrict growth,
                             double amount, double new_money) {
    index = __builtin_assume_aligned(index, 64);
    last = __builtin_assume_aligned(last, 64);
    growth = __builtin_assume_aligned(growth, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        index[i] *= (amount * growth[i] - new_money) / last[i];
}

void ltp_allocation_year(const ltp_model *model, ltp_state *state, int year) {
    for (int a = 0; a < model->allocation_count; a++) {
        const ltp_allocation *allocation = &model->allocation[a];
        double *growth = ltp_block_row(state->growth, a);
        if (year == 1) {
            ltp_lane_fill(growth, 1.0, LTP_BLOCK);
            ltp_lane_fill(ltp_block_row(state->allocation, a), allocation->amount[0], LTP_BLOCK);
            ltp_lane_fill(ltp_block_row(state->block_index, a), 1.0, LTP_BLOCK);
        }
        if (allocation->variable >= 0 && !allocation->firm[year - 1]) {
            ltp_variable_row(model, state, allocation->variable, year, state->x);
            ltp_lane_grow(growth, state->x, LTP_BLOCK);
        }
        if (allocation->indexed)
            index_by(ltp_block_row(state->block_index, a), ltp_block_row(state->allocation, a), growth,
                     allocation->amount[year], allocation->new_money[year - 1]);
        allocate(ltp_block_row(state->allocation, a), growth, allocation->amount[year]);
    }
}
