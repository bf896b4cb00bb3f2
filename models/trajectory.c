#include "models/trajectory.h"

#include "models/driver.h"
#include "models/lane.h"

static void place_layer(const ltp_model *model, ltp_placing *to, ltp_state *state, ltp_trajectory_rows *rows, int l) {
    /* only balances are kept from year to year: where nobody looks at the others, all layers use the first one's */
    const bool seen = (model->wanted & (UINT64_C(1) << LTP_QUANTITY_SURPLUS_AFTER_SUPPORT)) != 0;
    const int n = model->organisation_count, earlier = seen || l == 0 ? ltp_earlier_layer(model, l) : 0;
    if (earlier < 0) {
        rows->margin = ltp_place_block_rows(to, n);
        rows->miss = ltp_place_block_rows(to, n);
        rows->support = ltp_place_block_rows(to, n);
        rows->after = ltp_place_block_rows(to, n);
        rows->interest = ltp_place_block_rows(to, n);
    } else if (to->base) {
        *rows = state->trajectory[earlier];
    }
    rows->balance = ltp_place_block_rows(to, n);
    if (!to->base)
        return;
    const struct {
        ltp_quantity quantity;
        double *row;
    } made[] = {
        {LTP_QUANTITY_TRAJECTORY_MARGIN, rows->margin},
        {LTP_QUANTITY_TRAJECTORY_MISS, rows->miss},
        {LTP_QUANTITY_SUPPORT, rows->support},
        {LTP_QUANTITY_INTEREST, rows->interest},
        {LTP_QUANTITY_SURPLUS_AFTER_SUPPORT, rows->after},
        {LTP_QUANTITY_LOAN, rows->balance},
        {LTP_QUANTITY_CUMULATIVE, rows->balance},
    };
    for (size_t k = 0; k < sizeof made / sizeof *made; k++)
        for (int o = 0; o < n; o++)
            if (model->present[made[k].quantity] && model->present[made[k].quantity][o])
                state->layer[l].row[made[k].quantity][o] = ltp_block_row(made[k].row, o);
}

void ltp_trajectory_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    if (!model->trajectories.asked)
        return;
    ltp_trajectory_rows *rows = ltp_place_items(to, (size_t)model->layer_count, sizeof *rows);
    state->trajectory = rows;
    state->loan_rate = ltp_place_block_rows(to, model->trajectories.rate_count);
    state->system_margin = ltp_place_tile_rows(to, model->trajectories.group_count);
    for (int l = 0; l < model->layer_count; l++) {
        ltp_trajectory_rows counted;
        place_layer(model, to, state, to->base ? &rows[l] : &counted, l);
    }
}

void ltp_interest_year(const ltp_model *model, ltp_state *state, int year) {
    for (int r = 0; r < model->trajectories.rate_count; r++)
        ltp_variable_row(model, state, model->trajectories.rate_variable[r], year, ltp_block_row(state->loan_rate, r));
}

/* interest = rate · (loan − opening); opening interest is in base cost */
LTP_HOT static void interest_row(double *restrict interest, const double *restrict rate, const double *restrict loan,
                                 double opening) {
    interest = __builtin_assume_aligned(interest, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        interest[i] = rate[i] * (loan[i] - opening);
}

void ltp_interest_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane, double *outside) {
    const ltp_trajectories *all = &model->trajectories;
    for (int o = 0; all->rate_count && o < model->organisation_count; o++) {
        if (all->rate[o] < 0)
            continue;
        const ltp_trajectory_rows *rows = &state->trajectory[layer];
        double *interest = ltp_block_row(rows->interest, o) + lane;
        if (year == 1)
            ltp_lane_fill(interest, 0.0, LTP_TILE);
        else
            interest_row(interest, ltp_block_row(state->loan_rate, all->rate[o]) + lane,
                         ltp_block_row(rows->balance, o) + lane, all->loan[o]);
        ltp_lane_add(ltp_block_row(state->layer[layer].cost, o) + lane, interest, LTP_TILE);
        ltp_lane_add_scaled(outside, -1.0, interest, LTP_TILE);
    }
}

/* surplus = −gap, as exact as the gap */
LTP_HOT static void surplus_row(double *restrict surplus, const double *restrict cost, const double *restrict income) {
    surplus = __builtin_assume_aligned(surplus, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        surplus[i] = 0.0 - ltp_tenth_of_a_penny(cost[i] - income[i]);
}

/* margin = surplus − target; miss = max(0, −margin) */
LTP_HOT static void margin_row(double *restrict margin, double *restrict miss, const double *restrict surplus,
                               double target) {
    margin = __builtin_assume_aligned(margin, 64);
    miss = __builtin_assume_aligned(miss, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double above = surplus[i] - target;
        margin[i] = above;
        miss[i] = above < 0.0 ? -above : 0.0;
    }
}

/* support = own · [margin ≥ 0] + joint · [system's margin ≥ 0], to the tenth of a penny. Shares of organisations in
 * systems leave rounding noise in the system's margin, which the grid takes off. */
LTP_HOT static void support_row(double *restrict support, double *restrict after, const double *margin,
                                const double *system, double own, double joint) {
    support = __builtin_assume_aligned(support, 64);
    after = __builtin_assume_aligned(after, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double earned = margin[i] >= 0.0 ? own : 0.0, shared = ltp_tenth_of_a_penny(system[i]) >= 0.0 ? joint : 0.0;
        support[i] = earned + shared;
        after[i] += earned + shared;
    }
}

/* loan = max(0, loan − surplus after support) */
LTP_HOT static void loan_row(double *restrict loan, const double *restrict after) {
    loan = __builtin_assume_aligned(loan, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        double owed = loan[i] - after[i];
        loan[i] = owed > 0.0 ? owed : 0.0;
    }
}

/* Σ share · margin over each system's organisations with a trajectory. */
static void system_margins(const ltp_trajectories *all, ltp_state *state, const ltp_trajectory_rows *rows,
                           size_t lane) {
    for (int g = 0; g < all->group_count; g++) {
        double *sum = ltp_tile_row(state->system_margin, g);
        ltp_lane_fill(sum, 0.0, LTP_TILE);
        for (int m = all->group_first[g]; m < all->group_first[g + 1]; m++)
            ltp_lane_add_scaled(sum, all->member[m].share,
                                ltp_block_row(rows->margin, all->member[m].organisation) + lane, LTP_TILE);
    }
}

static void earn_support(const ltp_model *model, ltp_state *state, const ltp_trajectory_rows *rows, bool earns,
                         int year, size_t lane) {
    const ltp_trajectories *all = &model->trajectories;
    if (earns)
        system_margins(all, state, rows, lane);
    for (int o = 0; o < model->organisation_count; o++) {
        if (!all->has[o])
            continue;
        const double offer = all->offer[o * model->year_count + year - 1];
        const double own = offer * (1.0 - all->system_share[year - 1]);
        double *support = ltp_block_row(rows->support, o) + lane;
        const double *margin = ltp_block_row(rows->margin, o) + lane;
        const double *system = all->group[o] < 0 ? margin : ltp_tile_row(state->system_margin, all->group[o]);
        if (earns && offer > 0.0)
            support_row(support, ltp_block_row(rows->after, o) + lane, margin, system, own, offer - own);
        else
            ltp_lane_fill(support, 0.0, LTP_TILE);
    }
}

void ltp_trajectory_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane) {
    const ltp_trajectories *all = &model->trajectories;
    const int n = model->organisation_count;
    /* where only gaps are looked at, loans alone are carried, and those for the interest of the years to come */
    const bool seen = (state->wanted & (UINT64_C(1) << LTP_QUANTITY_SURPLUS_AFTER_SUPPORT)) != 0;
    if (!all->asked || (!seen && (all->rate_count == 0 || year == model->year_count)))
        return;
    const ltp_trajectory_rows *rows = &state->trajectory[layer];
    const ltp_layer_rows *totals = &state->layer[layer];
    for (int o = 0; o < n; o++) {
        double *after = ltp_block_row(rows->after, o) + lane;
        if (!seen && !all->has[o] && model->sector[o] != LTP_SECTOR_PROVIDER)
            continue;
        surplus_row(after, ltp_block_row(totals->cost, o) + lane, ltp_block_row(totals->income, o) + lane);
        if (all->has[o])
            margin_row(ltp_block_row(rows->margin, o) + lane, ltp_block_row(rows->miss, o) + lane, after,
                       all->target[o * model->year_count + year - 1]);
    }
    earn_support(model, state, rows, model->layer[layer].support, year, lane);
    for (int o = 0; o < n; o++) {
        const double *after = ltp_block_row(rows->after, o) + lane;
        double *balance = ltp_block_row(rows->balance, o) + lane;
        if (year == 1)
            ltp_lane_fill(balance, all->loan[o], LTP_TILE);
        if (model->sector[o] == LTP_SECTOR_PROVIDER)
            loan_row(balance, after);
        else if (seen && model->sector[o] == LTP_SECTOR_COMMISSIONER)
            ltp_lane_add(balance, after, LTP_TILE);
    }
}
