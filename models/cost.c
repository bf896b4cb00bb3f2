#include "models/cost.h"

#include "models/lane.h"

double ltp_variable_share_at(const ltp_variable_share *profile, int age) {
    double way = (age - 1) / profile->years;
    return profile->first_year + (profile->long_run - profile->first_year) * (way < 1.0 ? way : 1.0);
}

LTP_HOT static void subtract(double *restrict to, const double *restrict a, const double *restrict b) {
    to = __builtin_assume_aligned(to, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        to[i] = a[i] - b[i];
}

/* Cost freed, as a share of cost: Σ_{u≤t} v(t−u+1)·(cut_u − cut_{u−1}), summed by parts over cut_u. */
static void freed_row(const ltp_model *model, const ltp_variant_rows *rows, const ltp_variable_share *profile,
                      int organisation, int year, size_t lane, double *freed) {
    ltp_lane_fill(freed, 0.0, LTP_TILE);
    for (int u = 1; u <= year; u++) {
        const int age = year - u + 1;
        double weight = ltp_variable_share_at(profile, age);
        if (age > 1)
            weight -= ltp_variable_share_at(profile, age - 1);
        if (weight != 0.0)
            ltp_lane_add_scaled(freed, weight,
                                ltp_block_row(rows->cut, organisation * model->year_count + u - 1) + lane, LTP_TILE);
    }
}

/* base = C0 · (1 + G·(vol0 − 1) − freed); before = base · price */
LTP_HOT static void cost_row(double *restrict base, double *restrict before, double amount, double growth_share,
                             const double *restrict volume, const double *restrict freed,
                             const double *restrict price) {
    base = __builtin_assume_aligned(base, 64);
    before = __builtin_assume_aligned(before, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        base[i] = amount * (1.0 + growth_share * (volume[i] - 1.0) - freed[i]);
        before[i] = base[i] * price[i];
    }
}

/* stranded += C0 · price · (G · cut − freed): what moderated activity would have cost less than is freed by it */
LTP_HOT static void strand(double *restrict stranded, double amount, double growth_share, const double *restrict cut,
                           const double *restrict freed, const double *restrict price) {
    stranded = __builtin_assume_aligned(stranded, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        stranded[i] += amount * price[i] * (growth_share * cut[i] - freed[i]);
}

static void volume_tile(const ltp_model *model, ltp_state *state, int v, int organisation, int year, size_t lane) {
    const ltp_sum *volume = &model->variant[v].volume[organisation];
    double *base = ltp_block_row(state->base_volume, organisation) + lane;
    if (v == 0) {
        if (volume->entry_count)
            ltp_lane_gather(base, volume->entry, volume->entry_count, state->pair_row, LTP_TILE);
        else
            ltp_lane_fill(base, 1.0, LTP_TILE);
    } else if (model->variant[v].moderated[organisation]) {
        double *now = ltp_tile_row(state->tile, 0);
        double *cut = ltp_block_row(state->variant[v].cut, organisation * model->year_count + year - 1) + lane;
        ltp_lane_gather(now, volume->entry, volume->entry_count, state->pair_row, LTP_TILE);
        subtract(cut, base, now);
    }
}

static void organisation_cost(const ltp_model *model, ltp_state *state, int v, int o, int year, size_t lane) {
    const ltp_variant_rows *rows = &state->variant[v];
    const bool moderated = model->variant[v].moderated[o];
    double *freed = ltp_tile_row(state->tile, 1);
    int profile = -1, count = 0;
    const int strands = moderated && model->releases.stranded ? model->releases.stranded[o] : -1;
    double *stranded = strands >= 0 && state->wanted & (UINT64_C(1) << LTP_QUANTITY_STRANDED)
                           ? ltp_block_row(state->release->stranded, strands) + lane
                           : NULL;
    if (stranded)
        ltp_lane_fill(stranded, 0.0, LTP_TILE);
    double *pay = ltp_block_row(rows->pay_total, o) + lane;
    ltp_lane_fill(pay, 0.0, LTP_TILE);
    if (!moderated)
        ltp_lane_fill(freed, 0.0, LTP_TILE);
    for (int k = model->cost_first[o]; k < model->cost_first[o + 1]; k++) {
        const ltp_cost *cost = &model->cost[k];
        double *before = ltp_tile_row(state->cost_before, k);
        if (moderated && cost->profile != profile) {
            freed_row(model, rows, &model->profile[cost->profile], o, year, lane, freed);
            profile = cost->profile;
        }
        cost_row(ltp_tile_row(state->cost_base, k), before, cost->amount, cost->growth_share,
                 ltp_block_row(state->base_volume, o) + lane, freed, ltp_block_row(state->price, cost->price) + lane);
        if (stranded)
            strand(stranded, cost->amount, cost->growth_share,
                   ltp_block_row(rows->cut, o * model->year_count + year - 1) + lane, freed,
                   ltp_block_row(state->price, cost->price) + lane);
        state->cell_row[count++] = before;
        if (cost->bridge_line == LTP_BRIDGE_PAY)
            ltp_lane_add(pay, before, LTP_TILE);
    }
    ltp_lane_sum(ltp_block_row(rows->cost_total, o) + lane, 1.0, state->cell_row, count, LTP_TILE);
    ltp_lane_sum(ltp_tile_row(state->outside, 0), -1.0, state->cell_row, count, LTP_TILE);
}

void ltp_cost_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane) {
    const ltp_variant_rows *rows = &state->variant[v];
    for (int o = 0; o < model->organisation_count; o++) {
        const bool has_cost = model->cost_first[o] != model->cost_first[o + 1];
        if (has_cost || model->variant[v].volume[o].entry_count) /* staff follow volume, whatever the cost */
            volume_tile(model, state, v, o, year, lane);
        if (has_cost)
            organisation_cost(model, state, v, o, year, lane);
        const ltp_sum *pass_through = &model->variant[v].pass_through[o];
        if (pass_through->entry_count) {
            double *spent = ltp_tile_row(state->tile, 0);
            ltp_lane_gather(spent, pass_through->entry, pass_through->entry_count, state->unit_row, LTP_TILE);
            ltp_lane_add(ltp_block_row(rows->cost_total, o) + lane, spent, LTP_TILE);
            ltp_lane_add_scaled(ltp_tile_row(state->outside, 0), -1.0, spent, LTP_TILE);
        }
    }
}
