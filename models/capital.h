/* Capital: need, envelope, what is funded, charges and failures (model section 8). */
#ifndef LTP_MODELS_CAPITAL_H
#define LTP_MODELS_CAPITAL_H

#include <stdbool.h>
#include <stdint.h>

#include "models/place.h"

typedef struct {
    int scheme_count;
    int variant_count; /* capital variants: an activity variant and whether the schemes that are no duty are in */
} ltp_capital;

void ltp_capital_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* The capital variants that stand on activity variant v. */
void ltp_capital_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane);
/* Adds depreciation, dividend and failures to a layer's cost. */
void ltp_capital_charge_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane,
                             double *outside);

#endif
