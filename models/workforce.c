#include "models/workforce.h"

#include "models/state.h"

void ltp_workforce_place(const ltp_model *model, ltp_placing *to, ltp_state *state) {
    (void)model, (void)to, (void)state;
}

void ltp_workforce_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane) {
    (void)model, (void)state, (void)v, (void)year, (void)lane;
}

void ltp_workforce_pay_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane,
                            double *outside) {
    (void)model, (void)state, (void)layer, (void)year, (void)lane, (void)outside;
}
