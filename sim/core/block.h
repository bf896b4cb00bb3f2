/* A block: the paths simulated together. Unit of sampling, of parallel work, of checkpoint, of merging.
 * Every quantity is a row of LTP_BLOCK lanes, 64-byte aligned; loops run over lanes, contiguous and branch-free. */
#ifndef LTP_CORE_BLOCK_H
#define LTP_CORE_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#define LTP_BLOCK 1024 /* paths in a block = strata of a Latin hypercube replicate */
#define LTP_TILE 256   /* lanes worked on together, so that a year's rows stay in L2 */
/* Distance of rows in memory: two cache lines more than a block, so that the same tile of many rows does not fall on
 * the same sets of the cache. */
#define LTP_ROW_STRIDE (LTP_BLOCK + 16)
#define LTP_TILE_STRIDE                                                                                                \
    (LTP_TILE + 8) /* likewise: a store and the loads beside it do not share their low address bits */
#define LTP_BLOCK_PILOT UINT32_C(0xFFFFFFFF)
#define LTP_YEAR_MAX 20
#define LTP_LAYER_MAX 8

/* One source, several instruction sets, the same bits (-ffp-contract=off): the loader picks the widest. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(LTP_NO_CLONES)
#define LTP_HOT __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define LTP_HOT
#endif

/* £m to the nearest 2⁻³⁰ £m, about a tenth of a penny. Gaps are differences of large sums: to this grid a contract that
 * is passed on in full leaves exactly 0, not rounding noise, and gaps of organisations add up without any rounding.
 * |value| < 2 million £m. Compiled without -ffast-math, the additions stay. */
static inline double ltp_tenth_of_a_penny(double value) {
    const double shift = 0x1.8p22;
    return (value + shift) - shift;
}

/* Whom a number is about. From scheme on: rolls of their own, which do not add up to systems. */
typedef enum {
    LTP_LEVEL_ORGANISATION = 0,
    LTP_LEVEL_SYSTEM,
    LTP_LEVEL_REGION,
    LTP_LEVEL_ENGLAND,
    LTP_LEVEL_SCHEME,    /* capital schemes */
    LTP_LEVEL_PROGRAMME, /* programmes */
    LTP_LEVEL_FLOOR,     /* a floor or cap at one payer */
    LTP_LEVEL_PLAN_LINE, /* a line of an organisation's own plan */
    LTP_LEVEL_COUNT
} ltp_level;

/* What the models hand over, by entity of the quantity's level: most by organisation. Each has one row per (entity,
 * item); items: 1, services, streams, lines, staff groups or capital needs, after its axis. */
typedef enum {
    LTP_QUANTITY_INCOME = 0, /* £m: providers' income, commissioners' allocations */
    LTP_QUANTITY_COST,       /* £m: providers' cost, commissioners' spending */
    LTP_QUANTITY_SAVING,     /* £m: gap of do_nothing less the layer's, same path */
    LTP_QUANTITY_ACTIVITY,   /* units of the service, item = service */
    LTP_QUANTITY_USE,        /* £m, item = service: commissioners' spending, providers' income */
    LTP_QUANTITY_USE_STREAM, /* £m, item = stream: commissioners' spending */
    LTP_QUANTITY_BRIDGE,     /* £m, item = bridge line; layer do_nothing only */
    LTP_QUANTITY_PAY,        /* £m: what of the cost is pay */
    /* recovery trajectories, of organisations that have one */
    LTP_QUANTITY_TRAJECTORY_MARGIN, /* £m: surplus before support less the trajectory */
    LTP_QUANTITY_TRAJECTORY_MISS,   /* £m: how far below it, 0 where it is met */
    /* support and cash, of every organisation that counts */
    LTP_QUANTITY_SUPPORT,               /* £m earned */
    LTP_QUANTITY_SURPLUS_AFTER_SUPPORT, /* £m */
    LTP_QUANTITY_LOAN,                  /* £m owed at the end of the year: providers */
    LTP_QUANTITY_CUMULATIVE,            /* £m of surpluses after support so far: commissioners */
    LTP_QUANTITY_INTEREST,              /* £m added in the year: providers */
    /* savings, of providers */
    LTP_QUANTITY_CASH_RELEASED,     /* £m: new recurrent cash of the year */
    LTP_QUANTITY_NON_RECURRENT,     /* £m: saved in the year, gone in the next */
    LTP_QUANTITY_COST_LAST_YEAR,    /* £m: operating cost of the year before, same layer */
    LTP_QUANTITY_VARIATION_OPENING, /* £m: opportunity, were every peer benchmark reached */
    LTP_QUANTITY_VARIATION_CLOSED,  /* £m: what is delivered of it */
    /* demand moderated */
    LTP_QUANTITY_DEMAND_AVOIDED, /* units, item = service: do_nothing's activity less the layer's */
    LTP_QUANTITY_STRANDED,       /* £m: cost of providers that moderated activity has not freed */
    /* workforce, of organisations with staff groups */
    LTP_QUANTITY_STAFF_REQUIRED, /* fte, item = staff group */
    LTP_QUANTITY_STAFF_SUPPLY,   /* fte in post, item = staff group */
    LTP_QUANTITY_STAFF_AGENCY,   /* fte, item = staff group */
    LTP_QUANTITY_STAFF_UNFILLED, /* fte, item = staff group */
    LTP_QUANTITY_STAFF_PAY,      /* £m: pay added by agency and vacancies */
    /* capital, of providers */
    LTP_QUANTITY_CAPITAL_NEED,    /* £m at the start of the year, item = need */
    LTP_QUANTITY_CAPITAL_SPEND,   /* £m, item = need */
    LTP_QUANTITY_CAPITAL_CARRIED, /* £m of need left, item = need */
    LTP_QUANTITY_CAPITAL_CHARGES, /* £m: depreciation and dividend added */
    LTP_QUANTITY_FAILURE_COST,    /* £m: failures of unfunded high-risk backlog */
    LTP_QUANTITY_SCHEME_SPEND,    /* £m, by scheme */
    LTP_QUANTITY_SCHEME_COMPLETE, /* 1 from the year whose end it opens at, else 0; by scheme */
    LTP_QUANTITY_DELIVERED,       /* share of its full-year effect in place, by programme; layer do_nothing only */
    LTP_QUANTITY_FLOOR_ADDED, /* £m a floor adds to what a payer spends (a cap: takes off, negative), by floor and payer
                               */
    LTP_QUANTITY_PLAN_MARGIN, /* simulated less planned, in the line's unit, by plan line */
    LTP_QUANTITY_COUNT
} ltp_quantity;

/* What a quantity's rows are of: organisations, or another roll of the roster. */
ltp_level ltp_quantity_level(ltp_quantity quantity);

/* One layer and year of one block. row[q][entity * item_count(q) + item] is a row of LTP_BLOCK doubles owned
 * by the models, valid during the call; NULL = the entity does not have it (missing, never zero). */
typedef struct {
    const double *const *row[LTP_QUANTITY_COUNT];
} ltp_rows;

/* Called by the models once per (layer, year) of a block, years in order, layers in any order; not for a layer that is
 * the same as an earlier one in every quantity (ltp_roster.layer_same). */
typedef void (*ltp_rows_sink)(void *context, int layer, int year, const ltp_rows *rows);

#endif
