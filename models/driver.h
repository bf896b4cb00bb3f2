/* Drivers: everything uncertain goes through one door. Chains of normals, values at members, events. */
#ifndef LTP_MODELS_DRIVER_H
#define LTP_MODELS_DRIVER_H

#include "models/state.h"

/* Moves every chain of normals to `year` (1..): z_1 = e_1; z_t = φ z_{t−1} + sqrt(1−φ²) e_t; nationally, correlated
 * components by z_t = Φ z_{t−1} + chol(R − ΦRΦ) e_t. */
void ltp_driver_year(const ltp_model *model, ltp_state *state, int year);

/* x of one driver at one member in `year`: Q_t(Φ(Σ weight · z)); with sampling expected its mean. */
void ltp_value_row(const ltp_model *model, ltp_state *state, int value, int year, double *x);

/* x of a target at a member: its values and events added. */
void ltp_variable_row(const ltp_model *model, ltp_state *state, int variable, int year, double *x);

/* now = before · scale · (1 + x of a variable): growth, in one pass where the variable is one normal driver. */
void ltp_variable_grow(const ltp_model *model, ltp_state *state, int variable, int year, double scale,
                       const double *before, double *now);

/* Rare shocks that start in `year`: one stratified uniform a year decides, the severity is drawn once an event. */
void ltp_event_year(const ltp_model *model, ltp_state *state, int year);
/* x += severities under way in `year`. */
void ltp_event_add(const ltp_model *model, ltp_state *state, int event, int year, double *x);

#endif
