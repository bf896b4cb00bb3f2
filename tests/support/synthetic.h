/* A small made-up plan and its paths, to drive the results without the models: closed-form normals and skewed values.
 *
 * Four systems in two regions (the second region has one system), eight organisations, one of them shared between two
 * systems, a partner that does not count, names beyond ASCII; two schemes, a programme, a floor and a cap, two plan
 * lines. Providers have trajectories, staff and capital needs, nobody has loans. Values are pure functions of (seed,
 * block). */
#ifndef LTP_TESTS_SUPPORT_SYNTHETIC_H
#define LTP_TESTS_SUPPORT_SYNTHETIC_H

#include <stdint.h>

#include "results/collector.h"
#include "sim/core/roster.h"
#include "sim/core/status.h"

typedef struct synthetic synthetic;

ltp_status synthetic_create(synthetic **out, uint64_t seed, ltp_error *error);
void synthetic_destroy(synthetic *plan);
const ltp_roster *synthetic_roster(const synthetic *plan);
/* One block of all rows into the sink. Rows are the caller thread's own: one synthetic per thread. */
void synthetic_block(synthetic *plan, uint32_t block, ltp_rows_sink sink, void *context);
/* The row last handed over of an entity's quantity (may be written to, to plant a bad value). */
double *synthetic_row(synthetic *plan, ltp_quantity quantity, size_t entity, size_t item);

/* Creates a collector, runs the pilot and blocks 0 .. blocks − 1, writes `path`. keep: system.gap and
 * organisation.cost. `tag` goes into the provenance. */
ltp_status synthetic_result(const char *path, uint64_t seed, uint32_t blocks, const char *tag, ltp_error *error);

/* Standard normals: LTP_BLOCK of (seed, stream, block); stratified: one in each of LTP_BLOCK strata, shuffled. */
void synthetic_normal(uint64_t seed, uint64_t stream, uint32_t block, int stratified, double *out);

#endif
