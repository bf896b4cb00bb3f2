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

/* What the models hand over, by organisation. Each has one row per (organisation, item); items: 1, services,
 * streams or lines, after its axis. */
typedef enum {
    LTP_QUANTITY_INCOME = 0, /* £m: providers' income, commissioners' allocations */
    LTP_QUANTITY_COST,       /* £m: providers' cost, commissioners' spending */
    LTP_QUANTITY_SAVING,     /* £m: gap of do_nothing less the layer's, same path */
    LTP_QUANTITY_ACTIVITY,   /* units of the service, item = service */
    LTP_QUANTITY_USE,        /* £m, item = service: commissioners' spending, providers' income */
    LTP_QUANTITY_USE_STREAM, /* £m, item = stream: commissioners' spending */
    LTP_QUANTITY_BRIDGE,     /* £m, item = bridge line; layer do_nothing only */
    LTP_QUANTITY_COUNT
} ltp_quantity;

/* One layer and year of one block. row[q][organisation * item_count(q) + item] is a row of LTP_BLOCK doubles owned
 * by the models, valid during the call; NULL = the organisation does not have it (missing, never zero). */
typedef struct {
    const double *const *row[LTP_QUANTITY_COUNT];
} ltp_rows;

/* Called by the models once per (layer, year) of a block, years in order, layers in any order; not for a layer that is
 * the same as an earlier one in every quantity (ltp_roster.layer_same). */
typedef void (*ltp_rows_sink)(void *context, int layer, int year, const ltp_rows *rows);

#endif
