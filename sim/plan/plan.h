/* The plan: a scenario checked in full and compiled to what the models compute from. */
#ifndef LTP_PLAN_PLAN_H
#define LTP_PLAN_PLAN_H

#include "models/model.h"
#include "sim/core/attribution.h"
#include "sim/core/roster.h"
#include "sim/plan/scenario.h"

typedef struct {
    const char *name, *unit, *doc;
    const double *value; /* [organisation], NaN where unknown */
} ltp_baseline;

/* A table or factor that was compiled with GSL and that a run depends on bit by bit. */
typedef struct {
    const char *name, *unit, *doc;
    size_t rows, columns;
    const double *value;
} ltp_compiled_array;

/* A fixed contract as compiled: which row of the model's lambda settles it. Codes; service "" for none. */
typedef struct {
    const char *payer, *payee, *service;
    int lambda;
} ltp_settled_contract;

typedef struct {
    ltp_pool *pool; /* owns everything but the scenario */
    ltp_scenario *scenario;
    ltp_roster roster;
    ltp_model model;
    ltp_attribution attribution;
    ltp_model attribution_model; /* layer_count 0: no programme acts, so there is nothing to attribute */
    int baseline_count;
    const ltp_baseline *baseline; /* base-year figures by organisation */
    int compiled_count;
    const ltp_compiled_array *compiled;
    int settled_count;
    const ltp_settled_contract *settled;     /* fixed contracts, by payer, payee, service */
    double standing[LTP_STANDING_COUNT + 1]; /* £m of base flows and allocations by status; last: without one */
    int unmodelled_count;
    const char *const *unmodelled; /* what the scenario holds that this version does not model */
} ltp_plan;

/* Reads, checks and compiles. Problems (errors, warnings, notes) go to `problems`; LTP_ERROR_INPUT if there are errors.
 * Free with ltp_plan_free. */
ltp_status ltp_plan_load(ltp_plan **out, const char *folder, const char *const *overrides, size_t override_count,
                         ltp_problem_list *problems, ltp_error *error);
void ltp_plan_free(ltp_plan *plan);

#endif
