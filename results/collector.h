/* The collector: blocks in, exact integer sums out. The sums are the same whoever adds, in any order.
 *
 * Use: create → pilot (one block, sets each series' centre and width) → add blocks from any thread → finish
 * (→ ltp_summary of every series) → store (results/store.h). Sampling expected needs no pilot. */
#ifndef LTP_RESULTS_COLLECTOR_H
#define LTP_RESULTS_COLLECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "results/measure.h"
#include "sim/core/block.h"
#include "sim/core/roster.h"
#include "sim/core/status.h"

typedef struct ltp_collector ltp_collector;
typedef struct ltp_collector_block ltp_collector_block; /* one thread's working space for one block */

typedef struct {
    const ltp_roster *roster; /* must outlive the collector */
    bool expected;            /* sampling expected: one path (lane 0), means only */
    size_t keep_count;        /* measures whose every path is stored: "system.gap", "organisation.cost" … */
    const char *const *keep;
} ltp_collector_option;

ltp_status ltp_collector_create(ltp_collector **out, const ltp_collector_option *option, ltp_error *error);
void ltp_collector_destroy(ltp_collector *collector);

/* Working space for a thread. A block is: begin(block index), then sink calls, then end. */
ltp_status ltp_collector_block_create(ltp_collector_block **out, ltp_collector *collector, ltp_error *error);
void ltp_collector_block_destroy(ltp_collector_block *block);
void ltp_collector_block_begin(ltp_collector_block *block, uint32_t index); /* LTP_BLOCK_PILOT: fixes centres */
/* The sink: context is the ltp_collector_block; layer from 0, year from 1 (t of the model), a layer's years in order.
 * Rows that the roster says are present must be there in every layer and year of a block (those of measures that are
 * not by layer in layer 0 only). */
void ltp_collector_sink(void *context, int layer, int year, const ltp_rows *rows);
/* Adds the block's sums to the collector (thread-safe): the whole block, or nothing of it. LTP_ERROR_NUMERIC when a
 * value is not finite or out of reach, or a row is missing, naming measure, entity, layer, year; then nothing was
 * added. The same when a sum overflows: then the collector is spoilt and every later call says so. */
ltp_status ltp_collector_block_end(ltp_collector_block *block, ltp_error *error);
/* The block's kept paths (float32, one array per kept measure), valid until the next begin. */
const float *ltp_collector_block_sample(const ltp_collector_block *block, size_t keep, size_t *length);

uint64_t ltp_collector_paths(const ltp_collector *collector); /* 1 under sampling expected */
uint64_t ltp_collector_blocks(const ltp_collector *collector);
size_t ltp_collector_bytes(const ltp_roster *roster, size_t threads); /* estimate for `check` */

#endif
