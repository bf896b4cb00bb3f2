/* One thread's working rows for one block. The models never allocate: the engine asks for the size, gives the memory
 * (64-byte aligned), and the state is laid out in it.
 *
 * Rows named "block rows" have LTP_BLOCK lanes; "tile rows" LTP_TILE lanes and live only within a tile. */
#ifndef LTP_MODELS_STATE_H
#define LTP_MODELS_STATE_H

#include "models/model.h"

/* A row that a layer keeps for itself, made from the variant's. */
typedef struct {
    double *own;
    const double *base;
} ltp_own_row;

#define LTP_WANTED_USE (UINT64_C(1) << LTP_QUANTITY_USE | UINT64_C(1) << LTP_QUANTITY_USE_STREAM)

/* Rows of one layer. row[] leads to the variant's rows where the layer's are the same. */
typedef struct {
    const double **row[LTP_QUANTITY_COUNT]; /* what the sink is given: [organisation × items + item] */
    double *cost, *income, *saving, *pay;   /* block rows [organisation] */
    ltp_moved_rows price;                   /* what price programmes move: those of its owner */
    int own_count;                          /* use rows that price programmes change */
    ltp_own_row *own;
} ltp_layer_rows;

/* A row that is the sum of several cells. */
typedef struct {
    double *row;
    int cell_count;
    bool from_income; /* cells are income cells, else use cells */
    int *cell;
} ltp_sum_row;

typedef struct {
    double *use, *income, *activity;   /* block rows [cell] */
    double *cost_total, *income_total; /* block rows [organisation]: before layers */
    double *pay_total;                 /* likewise, what of the cost is pay */
    double *cut;                       /* block rows [organisation × year]: vol0 − vol; NULL in variant 0 */
    double *joined_held;               /* block rows [joined]: the line's unit in the transfer's year */
    int sum_count;
    ltp_sum_row *sum;                                     /* use by service and by stream where several cells make it */
    const double **use_row, **stream_row, **activity_row; /* [organisation × items + item], NULL: none */
} ltp_variant_rows;

typedef struct ltp_state {
    uint32_t block;
    uint64_t wanted; /* bits of ltp_quantity: what nobody wants is not computed where that saves time; all at first */
    /* block rows, by the index of what they belong to */
    double *z;               /* [factor] */
    double *innovation;      /* [largest component, at least 2]: e, and scratch */
    double *severity;        /* [event × year] severity of an event that started in the year, else 0 */
    double *x;               /* two scratch rows */
    double *activity[2];     /* [activity] A0 of the year and of the year before, by the year's parity */
    double *price;           /* [price] Π(1+x) */
    double *rate;            /* [rate] Π(1+uplift−efficiency) */
    double *lambda;          /* [lambda] */
    double *growth;          /* [allocation] Π(1+x) over years that are not firm */
    double *allocation;      /* [allocation] £m of the year */
    double *block_index;     /* [allocation] what £1 of a block contract has become */
    double *held;            /* [held] */
    double *held_price;      /* [held price] */
    double *start;           /* [action + 1] start of the first tranche; the last row: long ago */
    double *level;           /* [action] */
    double *money;           /* [money action] £m delivered at start-year prices */
    double *lasting;         /* [lasting action] level of the recurrent part */
    double *keep[2];         /* [combination] of the year and of the year before */
    double *lasting_keep[2]; /* [lasting combination] likewise */
    double *base_volume;     /* [organisation] vol0 */
    ltp_variant_rows *variant;
    ltp_layer_rows *layer;
    struct ltp_floor_rows *floor; /* [layer] */
    struct ltp_workforce_rows *workforce;
    struct ltp_capital_rows *capital;       /* of all capital variants; NULL: no capital */
    struct ltp_trajectory_rows *trajectory; /* [layer] */
    struct ltp_release_rows *release;       /* one */
    double *floor_growth, *floor_index;     /* [floor reference] core growth; last year's index */
    double *loan_rate;                      /* [rate of loans] */
    double *moved_money; /* [organisation] transfers' money that allocations do not hold yet, of variant 0 */
    double *gap;         /* [organisation] of do_nothing */
    double *bridge;      /* [organisation × line] */
    double *combine;     /* scratch: 3 */
    /* tile rows */
    double *pair, *volume, *unit; /* [pair]; [line] volume paid for, and £ per £1 of base value */
    const double **pair_row, **volume_row, **unit_row; /* [pair], [line], [line + joined]: where they stand */
    const double **cell_row;                           /* scratch: rows to be summed */
    double *zero, *one;                                /* rows of 0 and 1 */
    double *cost_base, *cost_before; /* [cost] £m at base prices; at the year's prices, before layers */
    double *floor_cell;              /* [floor cell] £m paid */
    double *system_margin;           /* [trajectory group] £m above the system's trajectory */
    double *tile;                    /* scratch: 8 */
    double *outside;                 /* [1 + layer] net payments of everybody outside: of the variant, of the layers */
    uint64_t beyond;                 /* draws beyond a table's ends */
    uint64_t moved;                  /* values moved to their bound, such as a share of leavers below 0 */
    double conservation;             /* largest |Σ over everybody| so far, £m */
} ltp_state;

/* A layer of an earlier variant whose rows this one can use for what is not kept from year to year: they have been
 * handed over by then. −1: none. */
int ltp_earlier_layer(const ltp_model *model, int layer);

/* Bytes that ltp_state_place needs. */
size_t ltp_state_bytes(const ltp_model *model);
/* Lays the state out in zeroed, 64-byte aligned memory of that size; nothing to free but the memory. */
ltp_state *ltp_state_place(const ltp_model *model, void *memory);

/* Rows of the year and of the year before. */
static inline double *ltp_activity_row(const ltp_state *state, int index, int year) {
    return state->activity[year & 1] + (size_t)index * LTP_ROW_STRIDE;
}
static inline double *ltp_keep_row(const ltp_state *state, int index, int year) {
    return state->keep[year & 1] + (size_t)index * LTP_ROW_STRIDE;
}
static inline double *ltp_lasting_row(ltp_state *state, int index, int year) {
    return state->lasting_keep[year & 1] + (size_t)index * LTP_ROW_STRIDE;
}

/* Whether anybody wants to see where the money goes. */
static inline bool ltp_wants_use(const ltp_state *state) {
    return (state->wanted & LTP_WANTED_USE) != 0;
}

static inline double *ltp_block_row(double *rows, int index) {
    return rows + (size_t)index * LTP_ROW_STRIDE;
}
static inline double *ltp_tile_row(double *rows, int index) {
    return rows + (size_t)index * LTP_TILE_STRIDE;
}

/* Simulates one block: calls sink for every layer of every year. Reentrant; one state per thread. */
void ltp_block_run(const ltp_model *model, ltp_state *state, uint32_t block, ltp_rows_sink sink, void *context);

#endif
