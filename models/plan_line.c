#include "models/plan_line.h"

#include "models/lane.h"
#include "models/state.h"

/* margin = sign · (margin − planned) */
LTP_HOT static void hold_units(double *restrict margin, double sign, double planned) {
    margin = __builtin_assume_aligned(margin, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        margin[i] = sign * (margin[i] - planned);
}

/* The same, to the tenth of a penny: a plan that is met exactly is met, whatever the last bits of a large sum. */
LTP_HOT static void hold_money(double *restrict margin, double sign, double planned) {
    margin = __builtin_assume_aligned(margin, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const double above = margin[i] - planned;
        margin[i] = sign * ltp_tenth_of_a_penny(above);
    }
}

void ltp_plan_line_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    double *margin = ltp_place_block_rows(to, model->plan_line_count);
    for (int k = 0; to->base && k < model->plan_line_count; k++)
        state->layer[model->plan_line_layer].row[LTP_QUANTITY_PLAN_MARGIN][k] = ltp_block_row(margin, k);
}

void ltp_plan_line_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane) {
    const ltp_layer_rows *rows = &state->layer[layer];
    for (int k = 0; layer == model->plan_line_layer && k < model->plan_line_count; k++) {
        const ltp_plan_line *line = &model->plan_line[k];
        double *margin = (double *)rows->row[LTP_QUANTITY_PLAN_MARGIN][k] + lane;
        ltp_lane_fill(margin, 0.0, LTP_TILE);
        for (int i = line->first; i < line->first + line->count; i++)
            if (rows->row[line->plus][i])
                ltp_lane_add(margin, rows->row[line->plus][i] + lane, LTP_TILE);
        if (line->minus >= 0)
            ltp_lane_add_scaled(margin, -1.0, rows->row[line->minus][line->minus_at] + lane, LTP_TILE);
        (line->money ? hold_money : hold_units)(margin, line->sign, line->planned[year - 1]);
    }
}
