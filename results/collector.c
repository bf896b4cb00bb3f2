#include "results/collector_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- the collector ---------------------------------------------------------------------------------------------- */

static ltp_status allocate_series(ltp_collector *collector, ltp_error *error) {
    const ltp_layout *layout = &collector->layout;
    if (collector->expected)
        return LTP_NEW(&collector->value, layout->series_count, "expected values", error);
    ltp_status status = LTP_NEW(&collector->frame, layout->series_count, "centres and widths of the results", error);
    if (!status)
        status = LTP_NEW(&collector->sum, layout->series_count, "sums of the results", error);
    if (!status)
        status = LTP_NEW(&collector->histogram, layout->histogram_count, "histograms of the results", error);
    if (!status)
        status = LTP_NEW(&collector->batch, layout->batch_count, "batches of the headline results", error);
    return status;
}

ltp_status ltp_collector_create(ltp_collector **out, const ltp_collector_option *option, ltp_error *error) {
    *out = NULL;
    ltp_collector *collector;
    ltp_status status = LTP_NEW(&collector, 1, "collector", error);
    if (status)
        return status;
    for (int i = 0; i < LTP_STRIPE_COUNT; i++)
        pthread_mutex_init(&collector->stripe[i], NULL); /* cannot fail with default attributes on Linux */
    pthread_mutex_init(&collector->door, NULL);
    collector->expected = option->expected;
    status = ltp_layout_create(&collector->layout, option->roster, error);
    if (!status)
        status = allocate_series(collector, error);
    /* One path has nothing to keep. */
    collector->keep_count = option->expected ? 0 : option->keep_count;
    if (!status)
        status = LTP_NEW(&collector->keep, collector->keep_count, "kept measures", error);
    for (size_t k = 0; k < collector->keep_count && !status; k++)
        status = ltp_layout_keep(&collector->layout, option->keep[k], &collector->keep[k], error);
    if (status) {
        ltp_collector_destroy(collector);
        return status;
    }
    *out = collector;
    return LTP_OK;
}

void ltp_collector_destroy(ltp_collector *collector) {
    if (!collector)
        return;
    for (int i = 0; i < LTP_STRIPE_COUNT; i++)
        pthread_mutex_destroy(&collector->stripe[i]);
    pthread_mutex_destroy(&collector->door);
    ltp_free(collector->keep);
    ltp_free(collector->value);
    ltp_free(collector->batch);
    ltp_free(collector->histogram);
    ltp_free(collector->sum);
    ltp_free(collector->frame);
    ltp_layout_destroy(&collector->layout);
    ltp_free(collector);
}

uint64_t ltp_collector_blocks(const ltp_collector *collector) {
    return collector->blocks;
}

uint64_t ltp_collector_paths(const ltp_collector *collector) {
    return collector->expected ? collector->blocks : collector->blocks * LTP_BLOCK;
}

size_t ltp_collector_bytes(const ltp_roster *roster, size_t threads) {
    ltp_layout layout;
    ltp_error error;
    if (ltp_layout_create(&layout, roster, &error) != LTP_OK)
        return 0;
    const size_t shared = layout.series_count * (sizeof(ltp_frame) + sizeof(ltp_series_sum)) +
                          layout.histogram_count * sizeof(ltp_histogram) + layout.batch_count * sizeof(ltp_batch);
    const size_t private = layout.series_count * sizeof(ltp_block_sum) +
                           layout.histogram_count * LTP_BIN_COUNT * sizeof(uint16_t) +
                           layout.memory_count * LTP_BLOCK * sizeof(uint8_t) +
                           (2 * (roster->level[LTP_LEVEL_SYSTEM].count + roster->level[LTP_LEVEL_REGION].count) + 6) *
                               LTP_BLOCK * sizeof(double);
    ltp_layout_destroy(&layout);
    return shared + threads * private;
}

size_t ltp_collector_series(const ltp_collector *collector, ltp_place place, size_t layer, size_t year) {
    if (place.panel == LTP_NOWHERE)
        return SIZE_MAX;
    return ltp_panel_series(&collector->layout.panel[place.panel], layer, year) + place.slot;
}

void ltp_collector_summary(const ltp_collector *collector, const ltp_panel *panel, ltp_place place, size_t layer,
                           size_t year, ltp_summary *out) {
    const size_t series = ltp_collector_series(collector, place, layer, year);
    if (series == SIZE_MAX || collector->blocks == 0) {
        ltp_summary_missing(out);
        return;
    }
    if (collector->expected) {
        ltp_summary_expected(out, collector->value[series]);
        return;
    }
    const ltp_panel *owner = &collector->layout.panel[place.panel];
    const ltp_histogram *histogram =
        owner->histogram ? &collector->histogram[ltp_panel_histogram(owner, layer, year) + place.slot] : NULL;
    ltp_summary_make(out, &collector->frame[series], &collector->sum[series], histogram, panel->measure->event_kind);
}

/* --- a thread's block ------------------------------------------------------------------------------------------- */

static ltp_status allocate_samples(ltp_collector_block *block, ltp_error *error) {
    const ltp_collector *collector = block->collector;
    ltp_status status = LTP_NEW(&block->sample, collector->keep_count, "kept paths", error);
    if (!status)
        status = LTP_NEW(&block->sample_length, collector->keep_count, "kept paths", error);
    for (size_t k = 0; k < collector->keep_count && !status; k++) {
        const ltp_panel *p = &collector->layout.panel[collector->keep[k]];
        block->sample_length[k] = p->layer_count * p->entity_count * p->item_count * p->year_count * LTP_BLOCK;
        status = LTP_NEW(&block->sample[k], block->sample_length[k], "kept paths of a block", error);
        for (size_t i = 0; i < block->sample_length[k] && !status; i++)
            block->sample[k][i] = NAN; /* what no row fills is missing */
    }
    return status;
}

static ltp_status allocate_rows(ltp_collector_block *block, ltp_error *error) {
    const ltp_roster *roster = block->collector->layout.roster;
    const size_t systems = roster->level[LTP_LEVEL_SYSTEM].count, regions = roster->level[LTP_LEVEL_REGION].count;
    const struct {
        double **row;
        size_t count;
    } rows[] = {{&block->work, 1},         {&block->part, 1},
                {&block->ratio, 1},        {&block->flag, 1},
                {&block->system, systems}, {&block->system_over, systems},
                {&block->region, regions}, {&block->region_over, regions},
                {&block->england, 1},      {&block->england_over, 1}};
    ltp_status status = LTP_OK;
    for (size_t r = 0; r < sizeof rows / sizeof *rows && !status; r++)
        status = LTP_NEW(rows[r].row, rows[r].count * LTP_BLOCK, "rows", error);
    return status;
}

ltp_status ltp_collector_block_create(ltp_collector_block **out, ltp_collector *collector, ltp_error *error) {
    *out = NULL;
    ltp_collector_block *block;
    ltp_status status = LTP_NEW(&block, 1, "a thread's block", error);
    if (status)
        return status;
    const ltp_layout *layout = &collector->layout;
    const ltp_roster *roster = layout->roster;
    block->collector = collector;
    status = LTP_NEW(&block->sum, layout->series_count, "a block's sums", error);
    if (!status && !collector->expected)
        status = LTP_NEW(&block->count, layout->histogram_count * LTP_BIN_COUNT, "a block's histograms", error);
    if (!status)
        status = allocate_rows(block, error);
    if (!status)
        status = LTP_NEW(&block->memory, layout->memory_count * LTP_BLOCK, "what years before came to", error);
    if (!status)
        status = LTP_NEW(&block->called, roster->layer.count * roster->year.count, "a block's calendar", error);
    if (!status)
        status = allocate_samples(block, error);
    if (status) {
        ltp_collector_block_destroy(block);
        return status;
    }
    *out = block;
    return LTP_OK;
}

void ltp_collector_block_destroy(ltp_collector_block *block) {
    if (!block)
        return;
    for (size_t k = 0; block->sample && k < block->collector->keep_count; k++)
        ltp_free(block->sample[k]);
    ltp_free(block->sample);
    ltp_free(block->sample_length);
    ltp_free(block->called);
    ltp_free(block->memory);
    double *const row[] = {block->work,        block->part,   block->ratio,       block->flag,    block->system,
                           block->system_over, block->region, block->region_over, block->england, block->england_over};
    for (size_t r = 0; r < sizeof row / sizeof *row; r++)
        ltp_free(row[r]);
    ltp_free(block->count);
    ltp_free(block->sum);
    ltp_free(block);
}

void ltp_collector_block_begin(ltp_collector_block *block, uint32_t index) {
    const ltp_roster *roster = block->collector->layout.roster;
    block->index = index;
    block->pilot = index == LTP_BLOCK_PILOT;
    block->problem.status = LTP_OK;
    if (!block->pilot && !block->collector->piloted && !block->collector->expected)
        ltp_error_set(&block->problem, LTP_ERROR_NUMERIC, "a block came before the pilot that sets the centres");
    memset(block->called, 0, roster->layer.count * roster->year.count * sizeof *block->called);
}

const float *ltp_collector_block_sample(const ltp_collector_block *block, size_t keep, size_t *length) {
    if (keep >= block->collector->keep_count) {
        *length = 0;
        return NULL;
    }
    *length = block->sample_length[keep];
    return block->sample[keep];
}

/* --- adding ----------------------------------------------------------------------------------------------------- */

static uint32_t event_count(ltp_event event, const ltp_block_sum *sum) {
    switch (event) {
    case LTP_EVENT_AT_MOST_ZERO:
        return sum->at_most;
    case LTP_EVENT_AT_LEAST_ZERO:
        return LTP_BLOCK - sum->below;
    case LTP_EVENT_ABOVE_ZERO:
        return LTP_BLOCK - sum->at_most;
    case LTP_EVENT_NOT_ZERO:
        return LTP_BLOCK - (sum->at_most - sum->below);
    case LTP_EVENT_NONE:
        break;
    }
    return 0;
}

/* Under the cell's lock. SIZE_MAX, or the slot whose sum overflowed. */
static size_t add_cell(ltp_collector_block *block, const ltp_cell_place *cell) {
    ltp_collector *collector = block->collector;
    const ltp_panel *p = &collector->layout.panel[cell->panel];
    const size_t series = ltp_panel_series(p, cell->layer, cell->year);
    const size_t histogram = ltp_panel_histogram(p, cell->layer, cell->year);
    const size_t batch = ltp_panel_batch(p, cell->layer, cell->year);
    size_t spoilt = SIZE_MAX;
    for (size_t slot = 0; slot < p->slot_count; slot++) {
        const ltp_block_sum *sum = &block->sum[series + slot];
        const ltp_frame *frame = &collector->frame[series + slot];
        bool fine = ltp_series_add(&collector->sum[series + slot], frame, sum);
        if (p->histogram)
            ltp_histogram_add(&collector->histogram[histogram + slot],
                              block->count + (histogram + slot) * LTP_BIN_COUNT);
        if (p->measure->headline)
            fine = ltp_batch_add(&collector->batch[batch + slot], frame, block->index % LTP_BATCH_COUNT, sum,
                                 event_count(p->measure->event_kind, sum)) &&
                   fine;
        if (!fine && spoilt == SIZE_MAX)
            spoilt = slot;
    }
    return spoilt;
}

static ltp_status spoil(ltp_collector *collector, const ltp_cell_place *cell, size_t slot, ltp_error *error) {
    char name[256];
    ltp_series_name(&collector->layout, cell, slot, name, sizeof name);
    pthread_mutex_lock(&collector->door);
    collector->spoilt = true;
    pthread_mutex_unlock(&collector->door);
    return ltp_error_set(error, LTP_ERROR_NUMERIC,
                         "%s: the exact sum over all paths left its 128 bits; a driver's distribution is too wide",
                         name);
}

/* Counts the block in, before it is added. */
static ltp_status enter(ltp_collector_block *block, ltp_error *error) {
    ltp_collector *collector = block->collector;
    ltp_status status = LTP_OK;
    pthread_mutex_lock(&collector->door);
    if (collector->spoilt)
        status = ltp_error_set(error, LTP_ERROR_NUMERIC, "an exact sum has overflowed: no block can be added");
    else if (collector->blocks >= LTP_BLOCK_LIMIT)
        status = ltp_error_set(error, LTP_ERROR_NUMERIC, "a result holds at most %llu paths",
                               (unsigned long long)LTP_BLOCK_LIMIT * LTP_BLOCK);
    else {
        collector->blocks++;
        collector->batch_blocks[block->index % LTP_BATCH_COUNT]++;
    }
    pthread_mutex_unlock(&collector->door);
    return status;
}

static ltp_status add_block(ltp_collector_block *block, ltp_error *error) {
    ltp_collector *collector = block->collector;
    const ltp_layout *layout = &collector->layout;
    ltp_status status = enter(block, error);
    if (status)
        return status;
    if (collector->expected) {
        for (size_t s = 0; s < layout->series_count; s++)
            collector->value[s] = block->sum[s].minimum;
        return LTP_OK;
    }
    /* Threads start at different cells, so that they do not queue behind one another. */
    const size_t start = layout->cell_count ? (size_t)block->index * 7919 % layout->cell_count : 0;
    for (size_t i = 0; i < layout->cell_count; i++) {
        const size_t at = (start + i) % layout->cell_count;
        pthread_mutex_lock(&collector->stripe[at % LTP_STRIPE_COUNT]);
        const size_t slot = add_cell(block, &layout->cell[at]);
        pthread_mutex_unlock(&collector->stripe[at % LTP_STRIPE_COUNT]);
        if (slot != SIZE_MAX && !status)
            status = spoil(collector, &layout->cell[at], slot, error);
    }
    return status;
}

/* Layers that share another's series have its paths. */
static void copy_samples(ltp_collector_block *block) {
    for (size_t k = 0; k < block->collector->keep_count; k++) {
        const ltp_panel *p = &block->collector->layout.panel[block->collector->keep[k]];
        const size_t size = p->entity_count * p->item_count * p->year_count * LTP_BLOCK;
        for (size_t layer = 0; layer < p->layer_count; layer++)
            if (p->layer_owner[layer] != layer)
                memcpy(block->sample[k] + layer * size, block->sample[k] + p->layer_owner[layer] * size,
                       size * sizeof **block->sample);
    }
}

/* Whether a measure has the layer's rows for its own: then the models must hand the layer over. */
static bool is_needed(const ltp_layout *layout, size_t layer) {
    for (size_t panel = 0; panel < layout->panel_count; panel++) {
        const ltp_panel *p = &layout->panel[panel];
        size_t own;
        if (p->slot_count > 0 && ltp_panel_has_layer(p, layer, &own))
            return true;
    }
    return false;
}

ltp_status ltp_collector_block_end(ltp_collector_block *block, ltp_error *error) {
    ltp_collector *collector = block->collector;
    const ltp_roster *roster = collector->layout.roster;
    if (block->problem.status)
        return ltp_error_set(error, block->problem.status, "%s", block->problem.message);
    for (size_t at = 0; at < roster->layer.count * roster->year.count; at++)
        if (!block->called[at] && is_needed(&collector->layout, at / roster->year.count))
            return ltp_error_set(error, LTP_ERROR_NUMERIC, "a block ended without layer %s of %s",
                                 roster->layer.code[at / roster->year.count],
                                 roster->year.code[at % roster->year.count]);
    if (!block->pilot) {
        copy_samples(block);
        return add_block(block, error);
    }
    if (collector->blocks > 0)
        return ltp_error_set(error, LTP_ERROR_NUMERIC, "the pilot came after a block: centres cannot move");
    collector->piloted = true;
    return LTP_OK;
}
