/* Settlement rules: floors and caps on what a payer spends over some services (model section 4). */
#ifndef LTP_MODELS_FLOOR_H
#define LTP_MODELS_FLOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "models/moved.h"

/* Payments that rules see as one: of a payer to a payee (all outside together) for a service out of a stream. */
typedef struct {
    int payer, payee; /* organisations; payee −1: outside */
    int service, stream;
    bool pass_through;   /* the payee spends all that it is paid, whatever the rule says */
    double base;         /* £m in the base year */
    ltp_moved_ends ends; /* but for the payer's cost */
} ltp_floor_cell;

/* One rule at one payer: its total over the cells grows by at least (or at most) reference + by. */
typedef struct {
    int payer;
    int payer_cost; /* the moved thing */
    bool cap;       /* grows at most */
    int reference;  /* core growth, −1: none, it is a rate */
    double more;    /* added to the reference's growth: by; or rate + by */
    int start;      /* first year that it binds */
    double spent;   /* share of the added money that providers spend */
    double base;    /* £m in the base year, above 0 */
    int cell_count;
    const int *cell;
} ltp_floor;

/* An organisation's row of use by service or by stream that rules change. */
typedef struct {
    int organisation, item;
} ltp_floor_use;

typedef struct {
    int count; /* floors at payers: entities of LTP_LEVEL_FLOOR, by name, then payer's code; applied in this order */
    const ltp_floor *floor;
    int cell_count;
    const ltp_floor_cell *cell;
    int reference_count;
    const int *reference; /* allocations whose growth rules follow; they are indexed */
    ltp_moved moved;
    int use_count, stream_count;
    const ltp_floor_use *use, *stream;
} ltp_floors;

/* Rows of a layer, or of several in which the rules move the same. */
typedef struct ltp_floor_rows {
    double *added; /* block rows [floor]: £m of the year; a cap: negative */
    double *last;  /* likewise: £m of the payer's total after the rule, of the last year */
    ltp_moved_rows moved;
} ltp_floor_rows;

void ltp_floor_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* Core growth of the year, without transfers new in it, as block contracts have it; after the allocations. */
void ltp_floor_year(const ltp_model *model, ltp_state *state, int year);
/* What payers of rules pay in a layer before its programmes: the cells. */
void ltp_floor_gather_tile(const ltp_model *model, ltp_state *state, int layer);
/* A price programme has changed a payment of the cell (−1: of none). */
void ltp_floor_touch_tile(ltp_state *state, int cell, const double *change);
/* Moves the payments of a layer where a rule binds (computed by the layer that the rules' rows belong to): payers' cost
 * and use, payees' income, use and cost; `outside` is the tile row of net payments of everybody outside. */
void ltp_floor_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane, double *outside);

#endif
