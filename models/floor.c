#include "models/floor.h"

#include "models/state.h"

void ltp_floor_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    (void)model, (void)to, (void)state;
}

void ltp_floor_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane, double *outside) {
    (void)model, (void)state, (void)layer, (void)year, (void)lane, (void)outside;
}
