/* What programmes release: new recurrent cash and what does not last (test 2), variation closed (test 3), activity
 * avoided and the cost that it leaves stranded (test 4), and how much of each programme is in place. Model section 11.
 */
#ifndef LTP_MODELS_RELEASE_H
#define LTP_MODELS_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/place.h"

struct ltp_sum;

/* A cost line that cash-releasing programmes of a layer act on. */
typedef struct {
    int cost;
    int combination; /* of those programmes alone */
    int held;        /* money: row of what last year's left, −1: it is not money */
} ltp_release_line;

/* Lines of one provider, one after another. */
typedef struct {
    int organisation, first, count;
} ltp_release_span;

typedef struct {
    int span_count;
    const ltp_release_span *span;
    const ltp_release_line *line;
    const int *cost_closed, *spending_closed; /* combinations of the programmes of kind variation on what is open, −1 */
} ltp_release_layer;

/* What the benchmarks open at one organisation: shares of cost lines and of what it pays for. */
typedef struct {
    int organisation;
    int cost_first, cost_count, spending_first, spending_count;
} ltp_opening;

typedef struct {
    int on;      /* cost line, or spending row */
    double open; /* share of it that full closing would save */
} ltp_open_share;

/* A cell of activity that some layer moderates. */
typedef struct {
    int cell, organisation, service;
} ltp_avoided;

/* How much of a programme's full-year effect is in place: Σ weight · level over its actions; or of money by year. */
typedef struct {
    int part_count;
    const int *action;
    const double *weight;
    const double *by_year; /* [year] of money by year: share of its largest amount; else NULL */
    int held;              /* then: its delivery, −1: in full */
} ltp_delivery;

typedef struct {
    bool cash;          /* some programme releases cash */
    int provider_count; /* providers, whose cost of the year before is wanted */
    const int *provider;
    const double *base_cost; /* [provider] £m in the base year */
    int held_count;          /* rows of a layer, at most */
    const ltp_release_layer *layer;
    int opening_count;
    const ltp_opening *opening;
    const ltp_open_share *open_cost, *open_spending;
    int spending_count;
    const struct ltp_sum *spending; /* what do_nothing pays, entries are lines of variant 0 */
    int avoided_count;
    const ltp_avoided *avoided;
    const int *stranded; /* [organisation] row, −1: no layer moderates what it does; NULL: none */
    int stranded_count;
    int delivery_count;
    const ltp_delivery *delivery;
} ltp_releases;

/* Block rows of one layer. */
typedef struct {
    double *released, *temporary; /* [span] £m: new recurrent cash; saved beyond what lasts */
    double *last, *kept;          /* [provider] £m: cost of the year before, of this year */
    double *held;                 /* [held] */
    double *open, *closed;        /* [opening] £m */
} ltp_release_layer_rows;

struct ltp_release_rows {
    ltp_release_layer_rows *layer;
    double *spending; /* block rows [spending], of do_nothing */
    double *nothing;  /* block rows [avoided]: do_nothing's activity */
    double *avoided;  /* block rows [avoided]: of the variant at hand */
    double *stranded; /* block rows [stranded]: of the variant at hand */
    double *delivery; /* block rows [programme] */
};

void ltp_release_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* After the year's levels are known: how much of each programme is in place. */
void ltp_delivery_year(const ltp_model *model, ltp_state *state, int year);
/* After a variant's flows are known: what do_nothing pays and treats, and what the variant treats less. */
void ltp_moderation_tile(const ltp_model *model, ltp_state *state, int variant, size_t lane);
/* After a layer's costs are known: cash released, non-recurrent savings, last year's cost, variation. */
void ltp_release_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane);

#endif
