/* Cash released: new recurrent savings of the year, and what does not last (test 2; model section 11). */
#ifndef LTP_MODELS_RELEASE_H
#define LTP_MODELS_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/place.h"

typedef struct {
    int count;
} ltp_releases;

void ltp_release_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* After a layer's costs are known: cash released, non-recurrent savings, variation closed, last year's cost. */
void ltp_release_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane);

#endif
