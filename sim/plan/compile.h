/* Compiling a scenario: what the compile_*.c files share. Internal to sim/plan.
 *
 * Everything is put in canonical order (by code, never by row) before it is summed or drawn, so that the order of rows
 * and tables moves no bit. Memory comes from the plan's pool; when it runs out, ltp_compile_memory leaves by longjmp to
 * ltp_plan_load, the one place that cleans up. */
#ifndef LTP_PLAN_COMPILE_H
#define LTP_PLAN_COMPILE_H

#include <setjmp.h>

#include "models/mechanism.h"
#include "models/programme.h"
#include "sim/plan/plan.h"

/* A growing array from the pool. */
typedef struct {
    void *item;
    int count, room;
    size_t size;
} ltp_compile_list;

/* Keys of KEY_PARTS ints → index of their first appearance. */
enum { COMPILE_KEY_PARTS = 6 };
typedef struct {
    int part[COMPILE_KEY_PARTS];
} ltp_compile_key;
typedef struct {
    int *slot;
    int room;
    ltp_compile_list key; /* ltp_compile_key */
} ltp_compile_map;

typedef struct {
    const char *code, *name;
    int system; /* home system of a modelled organisation; −1 outside */
    int place;  /* whose draws its patients share: index into system_place */
    bool modelled;
    int kind;          /* LTP_ORGANISATION_KIND_x, −1 outside */
    ltp_sector sector; /* of a modelled organisation */
    ltp_position at;
} ltp_compile_party;

typedef struct {
    const char *code;
    size_t row; /* of categories.csv, SIZE_MAX: none, so its shares are 1 */
} ltp_compile_category;

/* A driver as compiled. */
typedef struct {
    size_t row;
    const char *name;
    const char *target;
    int scope;
    double share[LTP_SHARE_COUNT], persistence;
    const ltp_transform *transform; /* [year] */
    uint64_t stream;
    int component; /* of the copula, −1 */
} ltp_compile_driver;

typedef struct {
    size_t row;
    const char *name;
    int scope;
    double probability;
    int first_year, last_year, duration;
    const ltp_transform *severity;
    int target_count;
    const char *const *target;
} ltp_compile_event;

/* Things that something moves, under construction. */
typedef struct {
    ltp_compile_map map;
    ltp_compile_list thing; /* ltp_moved_thing */
} ltp_compile_moved;

/* A recurrent flow. */
typedef struct {
    size_t row;
    int payer, payee;      /* parties */
    int service, category; /* −1: none */
    int stream;
    double amount, units;
    const ltp_mechanism *mechanism; /* NULL: a provider's own cost */
    int mechanism_id;
    bool base_plan;
    double share;
    int activity; /* row, −1 */
    int index;    /* of its mechanism, −1 */
    const double *given, *other;
    const double *plan_base;
    int use, income; /* cells */
    int floor;       /* cell of the settlement's rules, −1: none sees it */
    int *line;       /* [variant] */
} ltp_compile_flow;

/* A flow's part in a transfer: £m in its year (taken from: share of the whole), and likewise the cost with it. */
typedef struct {
    int flow;
    double amount, cost;
} ltp_compile_transfer_part;

typedef struct {
    int year;
    bool recurrent;
    double rest; /* share not yet in the allocations: payers' allocations move by it */
    int to_count, from_count;
    const ltp_compile_transfer_part *to, *from;
} ltp_compile_transfer;

/* A programme acting on one thing, by one action. */
typedef enum {
    TOUCH_COST,
    TOUCH_PRICE,
    TOUCH_DEMAND,
    TOUCH_LEAVERS,
    TOUCH_JOINERS,
    TOUCH_AGENCY,
    TOUCH_COUNT
} ltp_compile_touch_kind;
typedef struct {
    ltp_compile_touch_kind kind;
    int programme, on, action; /* on: cost line, flow or staff group of an organisation */
} ltp_compile_touch;

/* What a benchmark opens: a share of a cost line, or of what a payer pays for a service. */
typedef struct {
    int on, service; /* cost line; or payer, and the service */
    size_t row;      /* of benchmarks.csv */
    double share;
} ltp_compile_open;

/* Which programmes of a layer are looked at. */
typedef enum { COMPILE_ALL, COMPILE_ONLY_CASH, COMPILE_ONLY_VARIATION } ltp_compile_only;

typedef struct {
    size_t row;
    const char *code;
    const ltp_programme_kind *kind;
    int test; /* 0: none */
    bool modelled, committed;
    bool cash;         /* it releases cash: what it takes off a cost counts to test 2 */
    int needs;         /* programme, −1 */
    int scheme;        /* the capital scheme that it needs, −1 */
    int overlap_group; /* −1: none */
    double overlap;
    int order; /* after what it needs */
    int cash_first, cash_count;
    const bool *sponsor; /* [organisation]; NULL: nobody */
} ltp_compile_programme;

/* What a layer holds, beside what is committed. */
typedef struct {
    unsigned tests; /* bits of the numbers of the tests whose programmes are in it */
    bool all;       /* every programme, those of no test too */
    int without;    /* but not this one, −1 */
} ltp_compile_content;

typedef struct {
    ltp_plan *plan;
    const ltp_scenario *scenario;
    ltp_pool *pool;
    ltp_problem_list *problems;
    ltp_error *error;
    jmp_buf out_of_memory;
    int year_count;
    bool flawed[LTP_TABLE_COUNT]; /* errors are known in it: by the reader, or by a step before this one */
    bool muted;                   /* errors and warnings would only follow from those: they are passed over */

    ltp_compile_list party;        /* ltp_compile_party */
    int *party_by_code;            /* sorted by code */
    int *service_by_code;          /* likewise */
    int centre, suppliers;         /* implied parties outside */
    ltp_compile_list category;     /* ltp_compile_category */
    ltp_compile_list system_place; /* const char *: systems in the scenario's order, then others that draws name */

    ltp_compile_list driver; /* ltp_compile_driver, by name */
    ltp_compile_list event;  /* ltp_compile_event, by name */
    ltp_copula copula;
    ltp_compile_map factor_map, value_map, variable_map, event_map, activity_map, price_map, rate_map, lambda_map;
    ltp_compile_map held_map, held_price_map, line_map, cell_map, action_map;
    ltp_compile_list target; /* const char * */
    ltp_compile_list factor, value, event_row, variable, activity, price, rate, lambda, allocation;
    ltp_compile_list flow; /* ltp_compile_flow, canonical order */
    ltp_compile_list cost, profile, transfer;
    ltp_compile_list held, held_price, action, combination, cash;
    ltp_compile_list touch, programme;
    ltp_compile_moved price_moved;             /* by price programmes */
    ltp_compile_list open_cost, open_spending; /* ltp_compile_open */
    int open_cost_count, open_spending_count;  /* lines of them */
    int lasting_action_count, lasting_combination_count, money_action_count;
    const double **population; /* [place] → [year 0..Y][band], NULL */
    const char **band;
    int band_count;
    const double *weighted_uplift; /* [year] */
    ltp_compile_map demography_map;
    ltp_compile_list demography; /* const double * [year] */

    const double *bed_need;                      /* [flow] beds that its base year's activity needs; NULL: no beds */
    const int *scheme_of_row;                    /* [row of schemes.csv] −1: not read */
    const int *layer_capital;                    /* [layer] capital variant of those under construction, −1 */
    ltp_compile_map action_copy_map;             /* (action, capital variant) … */
    ltp_compile_list action_copy;                /* … the action there */
    int layer_count;                             /* of the layers under construction */
    const ltp_compile_content *content;          /* [layer] */
    int own_action_count, own_combination_count; /* of the run itself: attribution's stand behind */
    int *touch_head[TOUCH_COUNT], *touch_next;   /* touches chained by what they act on */
    ltp_compile_map combination_map;
    ltp_variant *variant;
    int variant_count;
    ltp_layer *layer;
    const ltp_compile_key *use_key, *income_key, *activity_key; /* cells: party, service, stream */
    int use_count, income_count, activity_count;
    const int *use_first, *income_first;
    ltp_bridge bridge;
    ltp_floors floors;
    ltp_workforce workforce;
    ltp_capital capital;
    ltp_trajectories trajectories;
    ltp_releases releases;
    bool *present[LTP_QUANTITY_COUNT]; /* [entity × items + item] of the quantities behind the bridge's; NULL: none */
    double *scale[LTP_QUANTITY_COUNT];
    ltp_compile_list baseline; /* ltp_baseline */
    ltp_compile_list compiled; /* ltp_compiled_array */
} ltp_compile_context;

/* --- compile.c: tools --- */
void *ltp_compile_memory(ltp_compile_context *c, size_t count, size_t size); /* zeroed; never NULL */
#define COMPILE_NEW(c, count, type) ((type *)ltp_compile_memory((c), (size_t)(count), sizeof(type)))
int ltp_compile_push(ltp_compile_context *c, ltp_compile_list *list, size_t size, const void *item); /* its index */
#define COMPILE_AT(list, type, index) (&((type *)(list).item)[index])
/* Index of the key; *found says whether it was there. */
int ltp_compile_intern(ltp_compile_context *c, ltp_compile_map *map, ltp_compile_key key, bool *found);
double ltp_compile_number(const ltp_table *table, size_t row, int column); /* the cell's number; 0 if empty */
void ltp_compile_problem(ltp_compile_context *c, ltp_severity severity, ltp_position at, const char *key,
                         const char *expected, const char *nearest, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
/* Passes over errors and warnings from now on if one of these tables has errors, for they might follow from them. */
#define COMPILE_BIT(NAME) (1u << LTP_TABLE_##NAME)
void ltp_compile_judge(ltp_compile_context *c, unsigned tables);
/* Whether every cell of the row could be read and what must be there is there. */
bool ltp_compile_row_sound(const ltp_compile_context *c, const ltp_table *table, size_t row);
#define COMPILE_TABLE(c, NAME) (&(c)->scenario->table[LTP_TABLE_##NAME])
void ltp_compile_unmodelled(ltp_compile_context *c, const char *sentence);

/* --- the steps, in order --- */
void ltp_compile_roster(ltp_compile_context *c);       /* parties, systems, services, streams, years */
void ltp_compile_drivers(ltp_compile_context *c);      /* drivers, events, copula */
void ltp_compile_population(ltp_compile_context *c);   /* persons by place, year and age band */
void ltp_compile_allocations(ltp_compile_context *c);  /* allocations */
void ltp_compile_flows(ltp_compile_context *c);        /* flows, their activity, indexes, cells */
void ltp_compile_costs(ltp_compile_context *c);        /* providers' cost lines */
void ltp_compile_floors(ltp_compile_context *c);       /* settlement rules */
void ltp_compile_workforce(ltp_compile_context *c);    /* staff groups */
void ltp_compile_capital(ltp_compile_context *c);      /* backlog, beds, schemes, envelopes */
void ltp_compile_trajectories(ltp_compile_context *c); /* trajectories, support, loans */
void ltp_compile_programmes(ltp_compile_context *c);   /* actions, touches, money */
void ltp_compile_transfers(ltp_compile_context *c);    /* which flows they leave and join */
void ltp_compile_layers(ltp_compile_context *c);       /* layers, variants, lines, cells, combinations */
/* Within ltp_compile_layers, when layers and touches stand: what they release. */
void ltp_compile_releases(ltp_compile_context *c, int layer_count);
void ltp_compile_benchmarks(ltp_compile_context *c); /* what of the table must hold, whoever uses it */
/* When the layers' activity variants are known and before their lines are made: the layers' capital variants. When the
 * touches stand: their workforce variants. */
void ltp_compile_workforce_variants(ltp_compile_context *c, ltp_layer *layer, int count);
void ltp_compile_capital_variants(ltp_compile_context *c, ltp_layer *layer, int count);
void ltp_compile_bridge(ltp_compile_context *c);     /* the do-nothing bridge */
void ltp_compile_baseline(ltp_compile_context *c);   /* base-year figures, money by standing */
void ltp_compile_plan_lines(ltp_compile_context *c); /* lines of organisations' own plans; after the roster is filled */
void ltp_compile_stored(ltp_compile_context *c);     /* compiled tables and factors, for the result */
void ltp_compile_finish(ltp_compile_context *c);     /* copies the lists into the model and the roster */
void ltp_compile_facts(ltp_compile_context *c);      /* labels of the tests and of the schemes */
void ltp_compile_attribution_finish(ltp_compile_context *c); /* after it: the attribution's model, from the plan's */
void ltp_check_ledger(ltp_compile_context *c);               /* base-year accounts tie */
void ltp_check_transfers(ltp_compile_context *c);
void ltp_check_plans(ltp_compile_context *c); /* a plan agrees with itself */

/* --- who and what --- */
int ltp_compile_party_find(const ltp_compile_context *c, const char *code); /* −1 */
int ltp_compile_service_find(const ltp_compile_context *c, const char *code);
/* Σ value[organisation], in the order of their codes. */
double ltp_compile_sum_by_code(const ltp_compile_context *c, const double *value);
int ltp_compile_category_find(const ltp_compile_context *c, const char *code);
const char *ltp_compile_category_code(const ltp_compile_context *c, int category); /* "" for −1 */
/* A number of categories.csv, 1 where the category has no row. */
double ltp_compile_category_number(const ltp_compile_context *c, int category, int column);
int ltp_compile_place(ltp_compile_context *c, const char *code); /* system or other place by code; adds it */
static inline ltp_compile_party *ltp_compile_party_at(const ltp_compile_context *c, int party) {
    return COMPILE_AT(c->party, ltp_compile_party, party);
}
static inline int ltp_compile_organisation_count(const ltp_compile_context *c) {
    return (int)c->plan->roster.level[LTP_LEVEL_ORGANISATION].count;
}
/* Members of a target list ("RM3|system=QOP;kind=provider"); flags [organisation]. false if the cell is empty. */
bool ltp_compile_targets(ltp_compile_context *c, const ltp_cell *cell, const char *key, bool *member);
/* The same for who bears a cost: a whole system means its providers. */
bool ltp_compile_bearers(ltp_compile_context *c, const ltp_cell *cell, const char *key, bool *member);

/* The index of a thing; what a flow moves at its ends. */
int ltp_compile_moved_thing(ltp_compile_context *c, ltp_compile_moved *moved, ltp_moved_kind kind, int organisation,
                            int item);
ltp_moved_ends ltp_compile_moved_ends(ltp_compile_context *c, ltp_compile_moved *moved, const ltp_compile_flow *flow);

/* --- capital --- */
/* Beds that the base year's activity of a flow needs; 0 where its payee has none. */
double ltp_compile_bed_need(const ltp_compile_context *c, int flow);
#define LTP_CAPITAL_TEST 5 /* of the five tests: schemes that are no duty come with it */
/* Whether there are schemes that are no duty, and a layer has them. */
bool ltp_compile_optional_schemes(const ltp_compile_context *c);
bool ltp_compile_layer_has_schemes(const ltp_compile_context *c, int layer);
bool ltp_compile_layer_has_scheme(const ltp_compile_context *c, int layer, int scheme);
/* When a scheme opens without slippage: years since the start of year 1. */
double ltp_compile_planned_opening(const ltp_compile_context *c, int scheme);
/* Whether an action waits for a scheme, itself or by what it waits for. */
bool ltp_compile_action_waits_for_scheme(const ltp_compile_context *c, int action);
/* The action as it is in a layer: one that waits for a scheme watches the layer's capital variant. */
int ltp_compile_action_in(ltp_compile_context *c, int action, int layer);

/* Money of one programme: amounts by year, and costs borne. */
void ltp_compile_programme_cash(ltp_compile_context *c, int programme, const bool *target, bool has_targets);

/* Base income of an organisation: recurrent flows received and base allocations. */
double ltp_compile_base_income(const ltp_compile_context *c, int organisation);

/* Says that an entity has a quantity's item, and its base size. Set the roster's item_count of the quantity before. */
void ltp_compile_present(ltp_compile_context *c, ltp_quantity q, int entity, int item, double scale);

/* --- uncertain things --- */
/* Variable of all drivers and events with one of the targets at (place, party); −1 if nothing acts on it. */
int ltp_compile_variable(ltp_compile_context *c, const char *const *target, int target_count, int place, int party);
int ltp_compile_driver_find(const ltp_compile_context *c, const char *name); /* −1 */
/* Value of a driver at (place, party), needed until `last_year`. */
int ltp_compile_value(ltp_compile_context *c, int driver, int place, int party, int last_year);
/* Sum of the means of what acts on a target, whoever the member: [year]. */
const double *ltp_compile_target_mean(ltp_compile_context *c, const char *target, bool *any);
/* Held number: a driver's draw at (place, party) in `year` times factor, or a constant. */
int ltp_compile_held(ltp_compile_context *c, const ltp_cell *cell, double factor, int place, int party, int year);
int ltp_compile_price(ltp_compile_context *c, int category, int party); /* price row */
/* Base-year persons of a place by how much of the service their ages use, against England's average (population.csv has
 * ENG; else that of all its places); NAN if there is no population or no use by age. */
double ltp_compile_weighted_persons(ltp_compile_context *c, int place, int service);
/* Demographic growth of a service at a place: [year]. */
const double *ltp_compile_demography(ltp_compile_context *c, int place, int service);
/* Allocation row of (organisation, stream), −1. */
int ltp_compile_allocation_find(const ltp_compile_context *c, int organisation, int stream);
/* Share of a provider's base income that a service has (all payers and mechanisms but pass_through). */
double ltp_compile_service_share(const ltp_compile_context *c, int organisation, int service);
int ltp_compile_price_line(const ltp_compile_context *c, int category); /* bridge line of a category's price */
void ltp_compile_bridge_cells(ltp_compile_context *c, const ltp_sum **tariff, const ltp_sum **pass);
/* Expected growth by year of what acts on a price: Π (1 + mean), 1 at year ≤ 0. */
double ltp_compile_expected_price(ltp_compile_context *c, int category, int year);

#endif
