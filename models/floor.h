/* Settlement rules: floors and caps on what a payer spends over some services (model section 4). */
#ifndef LTP_MODELS_FLOOR_H
#define LTP_MODELS_FLOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "models/place.h"

typedef struct {
    int count; /* floors at payers: entities of LTP_LEVEL_FLOOR */
} ltp_floors;

void ltp_floor_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* Moves the payments of a layer where a rule binds: payers' cost and use, payees' income, use and cost; `outside` is
 * the tile row of net payments of everybody outside. */
void ltp_floor_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane, double *outside);

#endif
