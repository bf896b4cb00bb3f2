/* Workforce: staff required against staff in post, agency and unfilled posts (model section 9). */
#ifndef LTP_MODELS_WORKFORCE_H
#define LTP_MODELS_WORKFORCE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/place.h"

typedef struct {
    int staff_count; /* (organisation, staff group) */
    int group_count;
    int variant_count; /* workforce variants: an activity variant and the workforce programmes of a layer */
} ltp_workforce;

void ltp_workforce_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* The workforce variants that stand on activity variant v. */
void ltp_workforce_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane);
/* Adds the pay of agency and vacancies to a layer's cost. */
void ltp_workforce_pay_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane,
                            double *outside);

#endif
