/* Workforce: staff required against staff in post, agency and unfilled posts (model section 9). */
#ifndef LTP_MODELS_WORKFORCE_H
#define LTP_MODELS_WORKFORCE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/place.h"

/* A staff group of an organisation. Staff are counted in full-time equivalents (fte). */
typedef struct {
    int organisation, group;
    double fte;                        /* in post in the base year */
    double required, agency, unfilled; /* fte in the base year; required = in post + agency + unfilled */
    double cost;                       /* £m a year of one, base prices */
    double elasticity;                 /* staff growth per unit of volume growth */
    double per_productivity;           /* 1 ÷ productivity */
    double leavers, joiners;           /* a year: share of staff in post; share of base staff */
    double agency_cap;                 /* agency at most, share of required */
    double agency_premium;             /* what agency costs more, share of cost */
} ltp_staff;

/* An organisation with staff groups: what they share. */
typedef struct {
    int organisation;
    int first, count;                     /* staff groups */
    int price;                            /* price row of pay, −1: flat */
    int leavers, joiners, agency_premium; /* what drivers add to the rates: rows of `added`, −1: nothing */
    bool has_volume;                      /* else its volume is 1 */
} ltp_employer;

/* Layers with the same activity and the same workforce programmes share staff. Combinations keep 1 − delivered. */
typedef struct {
    int variant;                           /* of activity */
    const int *leavers, *joiners, *agency; /* [staff] combinations, −1: none */
    const int *owner;   /* [employer] the first variant to be computed in which it comes to the same, maybe this one */
    const int *sharing; /* [employer] of an owner: how many variants share it */
} ltp_workforce_variant;

typedef struct {
    int staff_count, group_count, employer_count, variant_count;
    int added_count;        /* distinct variables of leavers, joiners and premiums */
    const ltp_staff *staff; /* ordered by employer, then group */
    const ltp_employer *employer;
    const ltp_workforce_variant *variant;
    const int *added;      /* variables */
    double unfilled_saves; /* 1: an unfilled post costs nothing; 0: its need is costed all the same */
} ltp_workforce;

/* Block rows of an employer in a workforce variant, by its own staff groups; those of its owner. */
typedef struct {
    double *supply;                       /* fte in post at the end of the year */
    double *required, *agency, *unfilled; /* fte; NULL where nobody wants to see staff */
    double *pay;                          /* one: £m added to base pay */
} ltp_employer_rows;

struct ltp_workforce_rows {
    double *added;               /* block rows [added]: what drivers add to the rates in the year */
    ltp_employer_rows *employer; /* [variant × employer] */
};

void ltp_workforce_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* What drivers add to the rates of leavers, joiners and premiums in the year. */
void ltp_workforce_year(const ltp_model *model, ltp_state *state, int year);
/* The workforce variants that stand on activity variant v. */
void ltp_workforce_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane);
/* Adds the pay of agency and vacancies to a layer's cost. */
void ltp_workforce_pay_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane,
                            double *outside);

#endif
