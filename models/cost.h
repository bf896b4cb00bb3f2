/* Cost: providers' flows to the outside. */
#ifndef LTP_MODELS_COST_H
#define LTP_MODELS_COST_H

#include "models/state.h"

/* Share of cost that a cut frees in the a-th year after it (a = 1..): v1 + (vL − v1) · min(1, (a−1) ÷ years). */
double ltp_variable_share_at(const ltp_variable_share *profile, int age);

/* One tile of one variant: C = C0 · (1 + G·(vol0 − 1) − Σ_{u≤t} v(t−u+1)·(cut_u − cut_{u−1})) · price for every cost
 * line, and pass-through spent as received; added to cost_total. Variant 0 first: it sets vol0. */
void ltp_cost_tile(const ltp_model *model, ltp_state *state, int variant, int year, size_t lane);

#endif
