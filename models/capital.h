/* Capital: need, envelope, what is funded, charges and failures (model sections 8 and 11).
 *
 * Each year, in every path: what is needed at its start; what the system's envelope funds of it in order; what that
 * leaves for next year; what it adds to depreciation and dividend; what fails where high-risk backlog was not funded.
 *
 *   need        backlog · building prices; beds beyond those that stand · £ per bed · building prices; equipment;
 *               schemes: arrears and the year's phase · cost factor, cash: a planned cost is an outturn cost
 *   beds        Σ activity · length of stay ÷ (365 · occupancy); in the base year those that are open stand, or as many
 *               as its activity needs where that is more
 *   funding     step by step; within a step all lines of a system get the same share; a scheme starts when its first
 *               phase fits; ring-fenced and donated schemes go on as planned
 *   backlog     (what is not funded) · (1 + growth). What a scheme clears, high risk first, and the beds that it adds
 * are needed no more from the year after it starts: from then on the scheme is the need failures    ~ Poisson(rate · £m
 * of high-risk backlog not funded, or to be cleared by a scheme that is not complete), each at a cost of its own
 *   charges     spending beyond base depreciation adds net assets when spent: dividend on their average over the year
 *               (3.5%: Department of Health and Social Care group accounting manual); straight-line depreciation from
 *               the year after opening. Donated assets bear depreciation but no dividend. */
#ifndef LTP_MODELS_CAPITAL_H
#define LTP_MODELS_CAPITAL_H

#include <stdbool.h>
#include <stdint.h>

#include "models/family.h"
#include "models/place.h"

/* What capital is needed for, as in the roster: the item of CAPITAL_NEED, _SPEND and _CARRIED. */
enum {
    LTP_NEED_HIGH = 0,
    LTP_NEED_SIGNIFICANT,
    LTP_NEED_MODERATE,
    LTP_NEED_LOW,
    LTP_NEED_EQUIPMENT,
    LTP_NEED_CAPACITY,
    LTP_NEED_SCHEMES,
    LTP_NEED_COUNT
};
#define LTP_RISK_COUNT 4 /* the needs before equipment are backlog */

/* A step of the order in which the envelope is spent. */
typedef enum {
    LTP_FUND_STARTED = 0, /* later phases of schemes that have started */
    LTP_FUND_MANDATORY,   /* schemes that must be done */
    LTP_FUND_HIGH,
    LTP_FUND_EQUIPMENT,
    LTP_FUND_SCHEMES, /* the others */
    LTP_FUND_SIGNIFICANT,
    LTP_FUND_CAPACITY,
    LTP_FUND_MODERATE,
    LTP_FUND_LOW,
    LTP_FUND_COUNT
} ltp_fund_step;

typedef enum { LTP_FUNDING_ENVELOPE = 0, LTP_FUNDING_RING_FENCED, LTP_FUNDING_DONATED } ltp_funding;

/* One need of one organisation. */
typedef struct {
    int estate, need;
    double amount;        /* backlog: £m at base prices; capacity: beds that stand in the base year */
    double growth;        /* backlog: if not funded, a year */
    int extra_growth;     /* backlog: input added to it, −1 */
    const double *yearly; /* equipment: £m of the year [year] */
    double cost_per_bed;  /* capacity: £m at base prices */
} ltp_capital_line;

/* An organisation with capital. */
typedef struct {
    int organisation;
    int line[LTP_NEED_COUNT];       /* −1: none */
    double base_depreciation;       /* £m a year: spending up to it replaces */
    int building;                   /* input: index of building prices, −1: they stand still */
    int failure_rate;               /* input: failures a year per £m, −1: none fail */
    int failure;                    /* among those that can fail, −1 */
    uint64_t member;                /* of its failures' draws */
    int scheme_first, scheme_count; /* in scheme_of_estate */
} ltp_estate;

typedef struct {
    int estate, roster; /* place in the roster */
    ltp_funding funding;
    bool mandatory;
    int start_year; /* planned; ≤ 0: begun before year 1 */
    int phase_count;
    const double *phase;  /* [phase_count] shares of the cost, sum 1 */
    double cost;          /* £m of outturn, planned */
    int factor, slippage; /* held: of the cost (−1: 1); months late */
    double life;          /* years */
    double clears, beds;  /* backlog £m at base prices; beds */
} ltp_scheme;

/* A system's envelope and who competes for it. */
typedef struct {
    const double *envelope; /* [year] £m */
    int extra;              /* input x: envelope · (1 + x), −1 */
    int estate_first, estate_count;
    int scheme_first, scheme_count; /* by priority, then code */
} ltp_capital_system;

/* An uncertain number that capital hangs on: x of a variable, or its index Π(1 + x). */
typedef struct {
    int variable;
    bool index;
} ltp_capital_input;

/* One driver of the cost of a failure; the n-th failure of a path has a draw of its own. */
typedef struct {
    uint64_t stream;
    const ltp_transform *transform; /* [year] */
} ltp_failure_cost;

/* An activity variant, and whether the schemes that are no duty are in. */
typedef struct {
    int activity;
    bool every_scheme;
    int slot; /* among those of its activity variant: they are handed over together, so each has rows of its own */
} ltp_capital_variant;

typedef struct {
    int system_count, estate_count, line_count, scheme_count, input_count, failing_count;
    const ltp_capital_system *system;
    const ltp_estate *estate;     /* by system, then code */
    const ltp_capital_line *line; /* by estate, then need */
    const ltp_scheme *scheme;     /* by system, priority, code */
    const int *scheme_of_estate;  /* schemes by estate, in their order */
    const ltp_capital_input *input;
    uint64_t failure_stream; /* of the count */
    int failure_cost_count;
    const ltp_failure_cost *failure_cost;
    ltp_fund_step order[LTP_FUND_COUNT];
    double dividend;                      /* share of net assets a year */
    double building_life, equipment_life; /* years, of what is no scheme */
    int variant_count;                    /* capital variants; 0: no capital */
    const ltp_capital_variant *variant;
} ltp_capital;

void ltp_capital_place(const ltp_model *model, ltp_placing *to, ltp_state *state);
/* Before the programmes of a year: inputs and draws; in year 1 everything stands as in the base year. */
void ltp_capital_year(const ltp_model *model, ltp_state *state, int year);
/* The capital variants that stand on activity variant v. */
void ltp_capital_tile(const ltp_model *model, ltp_state *state, int v, int year, size_t lane);
/* Adds depreciation, dividend and failures to a layer's cost. */
void ltp_capital_charge_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane,
                             double *outside);
/* When a scheme has opened in a capital variant, as far as the years before say: years since the start of year 1 (opens
 * at the end of year t: t), 1e300 if it has not. Block row. */
const double *ltp_capital_opening(const ltp_state *state, int variant, int scheme);

#endif
