/* The roster: who and what the numbers are about. Labels of every axis and how organisations add up to systems,
 * regions and England. Built by sim/plan (owned there), read by models, results and commands. */
#ifndef LTP_CORE_ROSTER_H
#define LTP_CORE_ROSTER_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/block.h"

typedef enum { LTP_SECTOR_PROVIDER = 0, LTP_SECTOR_COMMISSIONER, LTP_SECTOR_PARTNER } ltp_sector;

typedef struct {
    size_t count;
    const char *const *code; /* unique, UTF-8 */
    const char *const *name; /* for people */
} ltp_label_axis;

typedef struct {
    size_t organisation, system;
    double share; /* (0,1]: of the organisation in the system; only organisations that count in the total are listed */
} ltp_membership;

typedef struct {
    ltp_label_axis level[LTP_LEVEL_COUNT]; /* organisations, systems, regions, England (one entry, code "ENG"), … */
    ltp_label_axis service, stream, line, layer, year; /* year: "2019/20" … ; layer: do_nothing … plan */
    ltp_label_axis group, need;                        /* staff groups; capital needs */
    double productivity_target;                        /* test 2: new recurrent cash ÷ last year's cost, a year */
    const double *programme_planned; /* [programme × year_count]: share of the full effect in place, by plan; or NULL */
    ltp_label_axis test;             /* the scenario's tests: "test_1" …; with programmes or without */
    const char *const *test_topic;   /* recovery, cash_releasing, variation, demand or capital */
    const char *const *scheme_organisation; /* by scheme: code; NULL without schemes, as the next two */
    const bool *scheme_mandatory;           /* by scheme */
    const int *scheme_opens;                /* by scheme: year at whose end it opens as planned, from 1 */
    const char *const *service_unit;        /* attendance, spell, … */
    const char *const *plan_line_unit;      /* by plan line: £m, attendance, fte … */
    const ltp_sector *sector;               /* by organisation */
    const bool *nhs_england;                /* by organisation: specialised and direct commissioning */
    size_t membership_count;
    const ltp_membership *membership;      /* ordered by system, then code of organisation */
    const size_t *system_region;           /* by system: index of its region */
    const double *system_population;       /* [system][year 0..Y] persons; NULL or NaN where unknown */
    size_t item_count[LTP_QUANTITY_COUNT]; /* items of each quantity's axis */
    /* present[q][entity * item_count[q] + item], entity of ltp_quantity_level(q): has a row in every layer and year */
    const bool *present[LTP_QUANTITY_COUNT];
    /* scale[q][…same index…] > 0: base size in the quantity's unit, for the histogram's smallest width */
    const double *scale[LTP_QUANTITY_COUNT];
    /* layer_same[q][layer]: the earliest layer whose rows of the quantity are the very same, itself if none is; NULL:
     * each layer has its own. A layer that is the same in every quantity is not handed over. */
    const size_t *layer_same[LTP_QUANTITY_COUNT];
} ltp_roster;

#endif
