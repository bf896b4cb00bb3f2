#include "models/release.h"

#include "models/state.h"

void ltp_release_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    (void)model, (void)to, (void)state;
}

void ltp_release_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane) {
    (void)model, (void)state, (void)layer, (void)year, (void)lane;
}
