/* The collector from inside: for collector*.c, for the store that writes it out, and for its tests. */
#ifndef LTP_RESULTS_COLLECTOR_INTERNAL_H
#define LTP_RESULTS_COLLECTOR_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>

#include "results/accumulate.h"
#include "results/collector.h"
#include "results/layout.h"
#include "results/summary.h"

#define LTP_STRIPE_COUNT 64 /* locks; cell i is under lock i mod 64 */

struct ltp_collector {
    ltp_layout layout;
    bool expected;
    size_t keep_count;
    size_t *keep;             /* panel of each kept measure */
    ltp_frame *frame;         /* [series] */
    ltp_series_sum *sum;      /* [series] */
    ltp_histogram *histogram; /* [histograms] */
    ltp_batch *batch;         /* [batches] */
    double *value;            /* [series], sampling expected only */
    uint64_t batch_blocks[LTP_BATCH_COUNT];
    uint64_t blocks;
    bool piloted, spoilt;
    pthread_mutex_t stripe[LTP_STRIPE_COUNT];
    pthread_mutex_t door; /* blocks, batch_blocks, spoilt */
};

struct ltp_collector_block {
    ltp_collector *collector;
    uint32_t index;
    bool pilot;
    ltp_block_sum *sum; /* [series] */
    uint16_t *count;    /* [histograms × LTP_BIN_COUNT] */
    /* rows of LTP_BLOCK doubles */
    double *work;                   /* one entity's value */
    double *part;                   /* the pilot's room to work in */
    double *ratio, *flag;           /* what is made of a value: its ratio, its indicator */
    double *system, *system_over;   /* [systems × LTP_BLOCK] */
    double *region, *region_over;   /* [regions × LTP_BLOCK] */
    double *england, *england_over; /* LTP_BLOCK */
    uint8_t *memory;                /* [layout.memory_count × LTP_BLOCK]: 1 where the year before was so */
    float **sample;                 /* [keep] layer × entity × item × year × LTP_BLOCK */
    size_t *sample_length;
    bool *called;      /* [layers × years] */
    ltp_error problem; /* first problem of the block; status LTP_OK: none */
};

/* Statistics of an entity's item in a panel's layer and year (from 0). */
void ltp_collector_summary(const ltp_collector *collector, const ltp_panel *panel, ltp_place place, size_t layer,
                           size_t year, ltp_summary *out);
/* Series number of a place in a layer and year, SIZE_MAX if missing. */
size_t ltp_collector_series(const ltp_collector *collector, ltp_place place, size_t layer, size_t year);

#endif
