#include "models/trajectory.h"

#include "models/state.h"

void ltp_trajectory_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    (void)model, (void)to, (void)state;
}

void ltp_interest_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane, double *outside) {
    (void)model, (void)state, (void)layer, (void)year, (void)lane, (void)outside;
}

void ltp_trajectory_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane) {
    (void)model, (void)state, (void)layer, (void)year, (void)lane;
}
