/* Recovery trajectories, support, loans and their interest (model section 7). */
#ifndef LTP_MODELS_TRAJECTORY_H
#define LTP_MODELS_TRAJECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "models/place.h"

typedef struct {
    int count; /* organisations with a trajectory */
} ltp_trajectories;

void ltp_trajectory_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* Adds the interest on loans above the opening ones to a layer's cost, before its gap is taken. */
void ltp_interest_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane, double *outside);
/* What follows from a layer's surplus: margin on the trajectory, support earned, loans and cumulative positions. */
void ltp_trajectory_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane);

#endif
