/* The result file while it is being written: shared by store*.c. */
#ifndef LTP_RESULTS_STORE_INTERNAL_H
#define LTP_RESULTS_STORE_INTERNAL_H

#include <sha2.h>

#include "results/collector_internal.h"
#include "results/store.h"
#include "results/store_hdf5.h"
#include "sim/core/memory.h"

/* The scales of one level's group, open as long as the store. */
typedef struct {
    hid_t group; /* −1: no entity of the level, or no measure of such an entity */
    hid_t layer, year, quantile, code, batch, edge, path; /* batch, edge: −1 without a headline measure */
    hid_t item[LTP_AXIS_NEED + 1];                        /* by ltp_measure_axis; −1 none */
} ltp_store_level;

typedef struct {
    hid_t dataset;
    char name[192]; /* "/system/gap_sample" */
    SHA2_CTX hash;  /* of the slabs written so far */
    uint32_t next;  /* block expected */
} ltp_store_keep;

struct ltp_store {
    ltp_h5 h5;
    ltp_pool *pool;
    char *target, *temporary;
    ltp_collector *collector;
    const ltp_roster *roster;
    uint64_t paths;
    ltp_store_level level[LTP_LEVEL_COUNT];
    size_t keep_count;
    ltp_store_keep *keep;
};

/* Groups, coordinates and labels of every level. */
void ltp_store_write_levels(ltp_store *store);
/* Facts about organisations, tests and schemes, in the groups of ltp_store_write_levels. */
ltp_status ltp_store_write_facts(ltp_store *store, ltp_error *error);
/* /input: files as bytes, compiled tables. */
ltp_status ltp_store_write_inputs(ltp_store *store, const ltp_store_option *option, ltp_error *error);
/* Shape of a panel's variable without leading quantile and trailing extra axes. */
void ltp_store_shape(const ltp_store *store, const ltp_panel *panel, ltp_h5_shape *shape);
/* Adds an axis before `at`. */
void ltp_store_insert_axis(ltp_h5_shape *shape, int at, hsize_t size, hid_t scale);
/* Everything computed from the sums. */
ltp_status ltp_store_write_summaries(ltp_store *store, ltp_error *error);
/* A name without '/', which a link may not hold: each becomes ':'. */
ltp_status ltp_store_link_name(ltp_store *store, const char *name, char **out, ltp_error *error);

#endif
