/* Recovery trajectories, support, loans and their interest (model section 7). */
#ifndef LTP_MODELS_TRAJECTORY_H
#define LTP_MODELS_TRAJECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "models/place.h"

/* An organisation's part in its system's trajectory. */
typedef struct {
    int organisation;
    double share; /* of it in the system */
} ltp_trajectory_member;

typedef struct {
    int count;       /* organisations with a trajectory */
    bool asked;      /* there are trajectories, loans or a rate of interest: surpluses after support are carried on */
    const bool *has; /* [organisation] has a trajectory, in every year */
    const double *target;       /* [organisation × year_count] £m: surplus before support, to the tenth of a penny */
    const double *offer;        /* [organisation × year_count] £m, at least 0 */
    const double *system_share; /* [year] share of the offer that hangs on the system's trajectory, 0 to 1 */
    int group_count;            /* systems with trajectories */
    const int
        *group; /* [organisation] its system's; −1: no trajectory, or it counts in no system and stands for itself */
    const int *group_first;              /* [group + 1] */
    const ltp_trajectory_member *member; /* ordered by code within a group */
    const double *loan;                  /* [organisation] £m at the end of the base year, 0 but for providers */
    int rate_count;
    const int *rate_variable; /* [rate] drivers and events of the loans' rate */
    const int *rate;          /* [organisation] of providers, −1: loans bear no added interest */
} ltp_trajectories;

/* Rows of one layer; block rows [organisation]. */
typedef struct ltp_trajectory_rows {
    double *margin, *miss, *support, *after, *interest;
    double *balance; /* kept from year to year: providers' loans, commissioners' cumulative positions */
} ltp_trajectory_rows;

void ltp_trajectory_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* Draws the year's rates of interest. */
void ltp_interest_year(const ltp_model *model, ltp_state *state, int year);
/* Adds the interest on loans above the opening ones to a layer's cost, before its gap is taken. `outside`: tile row of
 * net payments of everybody outside. */
void ltp_interest_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane, double *outside);
/* What follows from a layer's surplus: margin on the trajectory, support earned, loans and cumulative positions. */
void ltp_trajectory_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane);

#endif
