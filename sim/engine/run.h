/* The block loop: hands out blocks to threads, collects them, and stores kept paths in block order. */
#ifndef LTP_ENGINE_RUN_H
#define LTP_ENGINE_RUN_H

#include <stdint.h>

#include "models/model.h"
#include "results/attribute.h"
#include "results/collector.h"
#include "results/store.h"
#include "sim/engine/progress.h"

typedef struct {
    const ltp_model *model;
    uint32_t block_count;
    int threads;       /* ≥ 1 */
    size_t keep_count; /* kept measures, as the collector was told */
    ltp_collector *collector;
    const ltp_model *subset_model; /* the attribution's run, and where it goes; NULL: none */
    ltp_attributor *attributor;
    ltp_store *store; /* NULL: nothing is stored */
    ltp_progress *progress;
    double money; /* £m that flow in a base year: what rounding is measured against */
} ltp_run_option;

typedef struct {
    double conservation; /* largest |Σ over everybody| of any path, year and layer, £m */
    uint64_t beyond;     /* draws beyond a table's ends */
    uint64_t moved;      /* values moved to their bound */
    double seconds;
} ltp_run_report;

/* Threads that one asks for when one says nothing: the machine's. */
int ltp_run_default_threads(void);

/* Simulates the pilot block and then every block. The sums are the same for any number of threads.
 * LTP_ERROR_STOPPED if a stop was asked for; LTP_ERROR_NUMERIC if money was not conserved to rounding. */
ltp_status ltp_run(const ltp_run_option *option, ltp_run_report *report, ltp_error *error);

#endif
