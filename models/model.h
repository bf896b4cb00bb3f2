/* The compiled plan: what one block of paths is computed from. Structure of arrays with indexes, validated once in
 * full by sim/plan, read-only after; the kernels never check again. Sizes and indexes are int; −1 means "none".
 *
 * Years: t = 1..year_count stands at index t − 1 in arrays "[year]", at index t in arrays "[0..year]".
 * Parties: 0..organisation_count−1 are the modelled organisations in the scenario's order; behind them stand the
 * parties outside (outside.csv), then the centre (pays allocations) and the suppliers (are paid costs). */
#ifndef LTP_MODELS_MODEL_H
#define LTP_MODELS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "models/capital.h"
#include "models/correlation.h"
#include "models/family.h"
#include "models/floor.h"
#include "models/moved.h"
#include "models/plan_line.h"
#include "models/release.h"
#include "models/trajectory.h"
#include "models/workforce.h"
#include "sim/core/block.h"
#include "sim/core/draw.h"
#include "sim/core/roster.h"

#define LTP_LAMBDA_MEAN 0.5      /* where no driver says: the contract is settled half-way */
#define LTP_BRIDGE_PRICE_COUNT 4 /* bridge lines of prices: pay, drugs, CNST, other */

/* --- drivers ------------------------------------------------------------------------------------------------- */

/* One chain of standard normals over the years: z_1 = e_1, z_t = φ z_{t−1} + sqrt(1−φ²) e_t. */
typedef struct {
    uint64_t stream, member;
    double persistence, innovation; /* φ and sqrt(1−φ²) */
    int last_year;                  /* last year in which anything reads it */
    bool copula;                    /* member of a correlated component: e comes through its Cholesky factor */
} ltp_factor;

typedef struct {
    int count;
    const int *factor;
    const double *first, *later; /* lower triangles, row-major */
    int last_year;
} ltp_component;

enum { LTP_SHARE_NATIONAL = 0, LTP_SHARE_SYSTEM, LTP_SHARE_ORGANISATION, LTP_SHARE_COUNT };

/* One driver at one member: x = Q_t(Φ(Σ weight · z)). */
typedef struct {
    int factor[LTP_SHARE_COUNT];
    double weight[LTP_SHARE_COUNT]; /* square roots of the shares */
    const ltp_transform *transform; /* [year] */
} ltp_value;

/* A rare shock at one member: with `probability` a year it starts and adds its severity for `duration` years. */
typedef struct {
    uint64_t start_stream, severity_stream, member;
    double probability;
    int first_year, last_year, duration;
    const ltp_transform *severity;
} ltp_rare_event;

/* What acts on one target at one member: values and events add. */
typedef struct {
    int value_count, event_count;
    const int *value, *event;
    const double *expected; /* [year] exact mean, events at probability × mean severity */
} ltp_variable;

/* --- demand, prices, money from the centre ------------------------------------------------------------------- */

typedef struct {
    int variable;              /* demand of the service at (patients' system, provider); −1: no driver */
    const double *demographic; /* [year] g_demo */
    const double *plan_growth; /* [year] (1 + g_demo)(1 + E x): what an annual contract expects */
} ltp_activity;

typedef struct {
    int variable; /* price of the category at the member; −1: flat */
} ltp_price;

typedef struct {
    int uplift, error, efficiency; /* variables, −1: none */
    const double *computed_uplift; /* [year] used where uplift is −1 */
} ltp_rate;

typedef struct {
    int organisation, stream;
    int variable;            /* allocation.growth of the stream, −1: none */
    bool indexed;            /* block contracts follow it */
    const double *amount;    /* [0..year] £m as tabled */
    const bool *firm;        /* [year] */
    const double *new_money; /* [year] £m of transfers new in the year that the table already holds */
} ltp_allocation;

/* --- programmes ---------------------------------------------------------------------------------------------- */

/* A number that is drawn once, in `year`, and held; or a constant. */
typedef struct {
    int value; /* −1: constant */
    int year;
    double constant, factor; /* what is used is factor × draw, or the constant (factor already in it) */
} ltp_held;

typedef struct {
    double start;                      /* months since the start of year 1; negative before */
    int draw_year;                     /* the planned first year, at least 1: when it draws */
    int delivery, slippage, recurrent; /* held */
    int price_at_start;                /* money: held price row, −1: 1 */
} ltp_tranche;

/* A programme at one member (the organisation whose draws it uses): its level, 1 − Π over tranches (1 − delivered);
 * of money: £m at base prices, tranches add. */
typedef struct {
    double effect;     /* full-year effect: fraction, or £m */
    double ramp_years; /* 0: at once */
    bool s_curve, money;
    int tranche_count;
    const ltp_tranche *tranche;
    int lasting;     /* row of its recurrent level alone, where that is wanted and differs from the level; else −1 */
    int money_row;   /* money: row of £m delivered at start-year prices; else −1 */
    int after_count; /* earlier actions whose start this one waits for: the latest of them */
    const int *after;
    int scheme;            /* the capital scheme that must open first, −1 */
    int capital;           /* capital variant in which it is watched; −1: it opens as planned */
    double planned_open;   /* years since the start of year 1, without slippage; −1e300 where it needs none */
    const double *planned; /* [0..year] level at no slippage and full delivery; [0] = 0 */
} ltp_action;

/* Some actions of one overlap group: max + keep_rest · (sum − max); a lone action: a group of one. */
typedef struct {
    int action_count;
    const int *action;
    double keep_rest; /* 1 − ω */
} ltp_overlap;

/* What a set of programmes leaves of a line: Π over groups (1 − group). */
typedef struct {
    int overlap_count;
    const ltp_overlap *overlap;
    int lasting;           /* row of what its recurrent part alone leaves, −1: as all of it, or not wanted */
    bool money;            /* some action is money: needs the line's base-price value, so it is made per line */
    const double *planned; /* [0..year] the same with planned levels; [0] = 1 */
} ltp_combination;

/* --- income -------------------------------------------------------------------------------------------------- */

struct ltp_mechanism;

/* Flows that are paid by the same rule and grow alike; the line says what £1 of base value becomes. */
typedef struct {
    const struct ltp_mechanism *mechanism;
    int pair;                /* patients treated, −1: none (block, fixed) */
    bool blended;            /* its mechanism needs a_plan */
    int index;               /* rate, price, allocation (block growth) or lambda row, after the mechanism */
    double share;            /* blended: variable share */
    const double *plan_base; /* blended with plan_basis base: Π plan_growth [year]; else NULL */
    const double *given;     /* block with given uplift: index [year]; fixed: payer's amount [year], £m */
    const double *other;     /* fixed: payee's amount less payer's [year], £m */
} ltp_line;

/* Money that a transfer adds to a line's flows: unit of the year ÷ unit of `year`, 0 before (and after, if it does not
 * recur). Joined lines stand behind the lines: entry.line = line_count + index. */
typedef struct {
    int line, year;
    bool recurrent;
} ltp_joined;

typedef struct {
    int line;
    double weight; /* £m of base value, units, or a share */
} ltp_entry;

/* A sparse row: Σ weight · line, of one party and service (payers: and stream). */
typedef struct ltp_sum {
    int party, service, stream;
    int entry_count;
    const ltp_entry *entry;
} ltp_sum;

/* Layers with the same demand programmes share activity, flows and base cost. Cells stand in the same order in every
 * variant, so that layers can be compared; lines differ. */
typedef struct {
    int line_count, joined_count;
    const ltp_line *line;
    const ltp_joined *joined;
    int pair_count; /* distinct (activity, moderation): the patients treated */
    const int *pair_activity, *pair_moderation;
    const ltp_sum *use;          /* [use_count] payer × service × stream: £m paid, entries are lines */
    const ltp_sum *income;       /* [income_count] payee × service: £m received, entries are lines */
    const ltp_sum *pass_through; /* [organisation] £m of pass-through received, hence spent; entries are lines */
    const ltp_sum *moved_cost;   /* [organisation] £m of cost that transfers bring or take */
    const ltp_sum *moved_money;  /* [organisation] £m of transfers that its allocations do not hold yet */
    const ltp_sum *activity;     /* [activity_cell_count] organisation × service: units, entries are pairs */
    const ltp_sum *volume;       /* [organisation] volume index of providers, entries are pairs; weights sum to 1 */
    const ltp_sum *beds;         /* [organisation] likewise of services with a length of stay, by bed days open */
    const ltp_sum *floor;        /* [floor cell] £m that rules of the settlement see, entries are lines */
    const bool *moderated;       /* [organisation] its volume differs from do_nothing's */
    /* what is made in this variant: cells that differ from the variant's before, whose rows they share, and the lines
     * and then the joined lines that anything looks at */
    int use_made_count, income_made_count, activity_made_count, line_made_count, joined_made_count;
    const int *use_made, *income_made, *activity_made, *line_made;
} ltp_variant;

/* --- cost ---------------------------------------------------------------------------------------------------- */

typedef struct {
    double first_year, long_run; /* shares of cost */
    double years;                /* from the first to the long-run share */
} ltp_variable_share;

typedef struct {
    int organisation, category;
    double amount; /* £m, base, without pass-through */
    double growth_share;
    int profile; /* variable share */
    int price;
    int bridge_line;
} ltp_cost;

/* --- layers -------------------------------------------------------------------------------------------------- */

typedef struct {
    int cost, combination;
} ltp_cost_touch;

/* A price programme on pass-through flows: payer's and payee's shares of a line. */
typedef struct {
    int line, combination;
    int payer, payee, service, stream; /* of the flow */
    double amount;                     /* £m of base value */
    ltp_moved_ends ends;
} ltp_price_touch;

/* Money that a programme moves: income, investment, running cost. */
typedef struct {
    int payer, payee;     /* parties */
    const double *amount; /* [year] £m, cash */
    int delivery;         /* held, −1: in full */
    bool spent;           /* the payee, a provider, spends it in the same year */
} ltp_cash;

typedef struct {
    int variant;
    bool same;     /* as an earlier layer in every quantity: not computed */
    bool support;  /* support can be earned: every layer but do_nothing, where there are trajectories */
    int workforce; /* workforce variant, −1: no workforce */
    int capital;   /* capital variant, −1: no capital */
    int price;     /* the first layer to be computed in which price programmes move the same payments */
    int floor;     /* likewise the settlement's rules */
    int cost_touch_count, price_touch_count, cash_count;
    const ltp_cost_touch *cost_touch;
    const ltp_price_touch *price_touch;
    const int *cash;         /* indexes */
    int moving_count;        /* of those whose delivery is drawn; the others are summed up here */
    const int *moving;       /* indexes */
    const double *paid;      /* [organisation × year] £m of cost that all fixed cash comes to */
    const double *received;  /* [organisation × year] £m of income likewise */
    const double *outside;   /* [year] £m that everybody outside pays net, likewise */
    int own_use, own_stream; /* rows of use, by service and by stream, that price programmes change */
    const int *price_floor;  /* [price_touch] floor cell of the flow, −1: none */
} ltp_layer;

enum {
    LTP_BRIDGE_REPORTED = 0,
    LTP_BRIDGE_NORMALISATION,
    LTP_BRIDGE_DEMOGRAPHIC,
    LTP_BRIDGE_NON_DEMOGRAPHIC,
    LTP_BRIDGE_PAY,
    LTP_BRIDGE_DRUGS,
    LTP_BRIDGE_CNST,
    LTP_BRIDGE_OTHER_INFLATION,
    LTP_BRIDGE_INVESTMENT,
    LTP_BRIDGE_WORKFORCE,
    LTP_BRIDGE_CAPITAL,
    LTP_BRIDGE_INTEREST,
    LTP_BRIDGE_TARIFF,
    LTP_BRIDGE_ALLOCATION,
    LTP_BRIDGE_COUNT
};

/* Why the gap is what it is (variant 0). Entries are lines; weights + where paid, − where received. */
typedef struct {
    const double *reported, *normalisation; /* [organisation] £m of gap */
    const double *demographic;              /* [organisation × year_count] £m of gap added by demography alone */
    const double *demographic_level;        /* the same, level: flows by activity and cost at base prices */
    const ltp_sum *tariff;                  /* [organisation] activity and blended flows */
    const ltp_sum *pass;                    /* [organisation × 4 price lines from LTP_BRIDGE_PAY] pass-through paid */
    const double *block;                    /* [organisation × year_count] £m: given block uplifts */
} ltp_bridge;

typedef struct ltp_model {
    int year_count;
    uint64_t seed;
    ltp_sampling sampling;
    int organisation_count, party_count, service_count, stream_count;
    int centre, suppliers;      /* party indexes */
    const ltp_sector *sector;   /* [organisation] */
    const bool *const *present; /* [quantity] of the roster */
    uint64_t wanted; /* bits of ltp_quantity: what nobody wants is not computed where that saves time or room */
    int row_count[LTP_QUANTITY_COUNT]; /* entities × items of each quantity */

    int factor_count, component_count, value_count, event_count, variable_count;
    const ltp_factor *factor;
    const ltp_component *component;
    const ltp_value *value;
    const ltp_rare_event *event;
    const ltp_variable *variable;

    int activity_count, price_count, rate_count, allocation_count, lambda_count;
    const ltp_activity *activity;
    const ltp_price *price;
    const ltp_rate *rate;
    const ltp_allocation *allocation; /* ordered by organisation */
    const int *allocation_first;      /* [organisation + 1] */
    const int *lambda;                /* variables of fixed contracts; −1: LTP_LAMBDA_MEAN */

    int held_count, action_count, combination_count, held_price_count;
    int lasting_action_count, lasting_combination_count, money_action_count;
    const ltp_held *held;
    const ltp_action *action;
    const ltp_combination *combination;
    const int *held_price;      /* price index that is held … */
    const int *held_price_year; /* … in this year */

    int variant_count, layer_count;
    const ltp_variant *variant;
    const ltp_layer *layer;
    int use_count, income_count, activity_cell_count;
    const int *use_first, *income_first; /* [party + 1] cells are ordered by party */

    int cost_count, profile_count;
    const ltp_cost *cost;  /* ordered by organisation */
    const int *cost_first; /* [organisation + 1] */
    const ltp_variable_share *profile;

    int cash_count;
    const ltp_cash *cash;
    ltp_bridge bridge;

    /* the five tests */
    ltp_moved price_moved; /* by price programmes */
    ltp_floors floors;
    ltp_workforce workforce;
    ltp_capital capital;
    ltp_trajectories trajectories;
    ltp_releases releases;
    int plan_line_count;
    int plan_line_layer;            /* the plan, or the earlier layer that it comes to */
    const ltp_plan_line *plan_line; /* of the roster's level: what is simulated of each, and what is planned */
} ltp_model;

#endif
