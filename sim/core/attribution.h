/* Attribution: which test and which programme the difference between do nothing and the plan is due to. On every
 * LTP_ATTRIBUTION_STEP-th block the paths are simulated once more, with every subset of the tests and with the plan
 * without each programme; the draws are the same. Built by sim/plan (owned there), read by results and commands. */
#ifndef LTP_CORE_ATTRIBUTION_H
#define LTP_CORE_ATTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/roster.h"

#define LTP_ATTRIBUTION_STEP 8

typedef struct {
    ltp_label_axis test;    /* tests that have programmes, in the scenario's order: "test_1" … */
    const int *test_layer;  /* [tests + 1] layers of the run itself: do_nothing, then with each test added */
    const int *layer_owner; /* [layers of the run] the earliest with the same gap */

    int layer_count;                   /* of the attribution's own run */
    const int *subset_owner;           /* [2^tests] its layer that holds the tests of the bits; bit k is test k */
    ltp_label_axis programme;          /* modelled programmes, by code */
    const char *const *programme_test; /* [programme] "test_1" …, "" for none */
    const char *const *programme_deliverable; /* [programme] as in programmes.csv */
    const char *const
        *programme_sponsor; /* [programme] codes of its sponsors, "" for nobody; many: "RM3 and 10 more" */
    int plan_owner;
    const int *without_owner; /* [programme] the plan without it */
    const bool *sponsor;      /* [programme × organisation] */
    const double *inside;     /* [programme × organisation] share of it that counts in its sponsors' systems */
} ltp_attribution;

#endif
