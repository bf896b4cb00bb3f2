/* Organisations' own plans: each line held against what is simulated (model section 1, aggregation). */
#ifndef LTP_MODELS_PLAN_LINE_H
#define LTP_MODELS_PLAN_LINE_H

#include <stdbool.h>

#include "models/place.h"

/* What is simulated of a line is Σ of the layer's rows [first, first + count) of a quantity (those that are not there
 * are passed over) less one row of another. */
typedef struct {
    ltp_quantity plus;
    int first, count;
    int minus, minus_at; /* a quantity and its row; −1: none */
    double sign; /* 1: achieved from above (income, savings, surplus, staff); −1: from below (cost, activity) */
    bool money;  /* compared to the tenth of a penny */
    const double *planned; /* [year] in the line's unit */
} ltp_plan_line;

void ltp_plan_line_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* LTP_QUANTITY_PLAN_MARGIN, which the plan's layer alone has: sign · (simulated − planned), so that ≥ 0 is "achieved".
 * After every other row of the layer is made. */
void ltp_plan_line_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane);

#endif
