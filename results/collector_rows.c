/* The sink: rows of organisations in, series of organisations, systems, regions and England out. */
#include <math.h>
#include <string.h>

#include "results/collector_internal.h"

/* --- rows of lanes ---------------------------------------------------------------------------------------------- */

/* A gap or a surplus, to the tenth of a penny. */
LTP_HOT static void row_difference(double *restrict out, const double *restrict a, const double *restrict b) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++)
        out[i] = ltp_tenth_of_a_penny(a[i] - b[i]);
}

LTP_HOT static void row_add_share(double *restrict out, const double *restrict row, double share) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++)
        out[i] += share * row[i];
}

LTP_HOT static void row_to_float(float *restrict out, const double *restrict row) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++)
        out[i] = (float)row[i];
}

static void row_clear(double *row) {
    memset(row, 0, LTP_BLOCK * sizeof *row);
}

/* --- one series ------------------------------------------------------------------------------------------------- */

/* Where the sink stands: one measure at one (layer, year). */
typedef struct {
    ltp_collector_block *block;
    const ltp_rows *rows;
    const ltp_measure *measure;
    size_t layer, year; /* from 0 */
} ltp_sink_place;

static void report_problem(const ltp_sink_place *at, ltp_place place, const char *what) {
    char name[256];
    const ltp_cell_place cell = {place.panel, (uint16_t)at->layer, (uint16_t)at->year};
    ltp_series_name(&at->block->collector->layout, &cell, place.slot, name, sizeof name);
    if (at->block->pilot)
        ltp_error_set(&at->block->problem, LTP_ERROR_NUMERIC, "%s: %s (pilot block)", name, what);
    else
        ltp_error_set(&at->block->problem, LTP_ERROR_NUMERIC, "%s: %s (block %lu)", name, what,
                      (unsigned long)at->block->index);
}

static void take_pilot(const ltp_sink_place *at, ltp_place place, size_t series, const double *row) {
    const ltp_panel *p = &at->block->collector->layout.panel[place.panel];
    for (int i = 0; i < LTP_BLOCK; i++)
        if (!isfinite(row[i])) {
            report_problem(at, place, "a path's value is not a finite number");
            return;
        }
    if (p->histogram)
        ltp_frame_pilot(&at->block->collector->frame[series], row, p->scale[place.slot], at->block->part);
    else
        ltp_frame_pilot_plain(&at->block->collector->frame[series], row, p->scale[place.slot]);
}

static void take_block(const ltp_sink_place *at, ltp_place place, size_t series, const double *row) {
    const ltp_collector *collector = at->block->collector;
    const ltp_panel *p = &collector->layout.panel[place.panel];
    const ltp_frame *frame = &collector->frame[series];
    ltp_block_sum *sum = &at->block->sum[series];
    ltp_block_moments(row, frame->centre, sum);
    const ltp_range range = ltp_block_range(frame, sum);
    if (range != LTP_RANGE_FINE) {
        report_problem(at, place,
                       range == LTP_RANGE_NOT_FINITE ? "a path's value is not a finite number"
                                                     : "a path's value is more than 4e9 standard deviations out");
        return;
    }
    if (!p->histogram)
        return;
    ltp_block_tails(row, frame->tail, sum);
    const size_t histogram = ltp_panel_histogram(p, at->layer, at->year) + place.slot;
    ltp_block_histogram(row, frame->centre, frame->width, at->block->count + histogram * LTP_BIN_COUNT);
}

/* Takes the row of one entity's item, unless its series is another's (a region of one system). */
static void take_row(const ltp_sink_place *at, size_t panel, size_t entity, size_t item, const double *row) {
    const ltp_collector *collector = at->block->collector;
    const ltp_panel *p = &collector->layout.panel[panel];
    const ltp_place place = p->place[entity * p->item_count + item];
    if (at->block->problem.status || place.panel != panel)
        return;
    const size_t series = ltp_panel_series(p, at->layer, at->year) + place.slot;
    if (collector->expected) {
        if (!isfinite(row[0]))
            report_problem(at, place, "the value is not a finite number");
        at->block->sum[series].minimum = row[0];
    } else if (at->block->pilot) {
        take_pilot(at, place, series, row);
    } else {
        take_block(at, place, series, row);
    }
}

/* Keeps every path of the entity's item, if asked for; a shared series too. */
static void keep_row(const ltp_sink_place *at, size_t panel, size_t entity, size_t item, const double *row) {
    const ltp_collector *collector = at->block->collector;
    const ltp_panel *p = &collector->layout.panel[panel];
    if (at->block->pilot)
        return;
    for (size_t k = 0; k < collector->keep_count; k++)
        if (collector->keep[k] == panel) {
            const size_t line = (at->layer * p->entity_count + entity) * p->item_count + item;
            row_to_float(at->block->sample[k] + (line * p->year_count + at->year) * LTP_BLOCK, row);
        }
}

/* --- one measure ------------------------------------------------------------------------------------------------ */

/* The organisation's row of the measure's item, in `scratch` if it has to be made; NULL with a problem reported when
 * the models did not hand it over. The organisation has the measure. */
static const double *organisation_row(const ltp_sink_place *at, size_t organisation, size_t item, double *scratch) {
    const ltp_roster *roster = at->block->collector->layout.roster;
    const size_t index = organisation * roster->item_count[at->measure->plus] + item;
    const double *const *plus = at->rows->row[at->measure->plus];
    const double *a = plus ? plus[index] : NULL, *b = NULL;
    if (a && at->measure->minus >= 0) {
        const double *const *minus = at->rows->row[at->measure->minus];
        b = minus ? minus[index] : NULL;
    }
    if (!a || (at->measure->minus >= 0 && !b)) {
        ltp_error_set(&at->block->problem, LTP_ERROR_NUMERIC,
                      "%s of %s, %s, %s: the roster has it, the models did not compute it", at->measure->name,
                      roster->level[LTP_LEVEL_ORGANISATION].code[organisation], roster->layer.code[at->layer],
                      roster->year.code[at->year]);
        return NULL;
    }
    if (!b)
        return a;
    row_difference(scratch, a, b);
    return scratch;
}

static void take_organisations(const ltp_sink_place *at, size_t panel) {
    const ltp_panel *p = &at->block->collector->layout.panel[panel];
    for (size_t o = 0; o < p->entity_count; o++)
        for (size_t i = 0; i < p->item_count; i++) {
            if (p->place[o * p->item_count + i].panel == LTP_NOWHERE)
                continue;
            const double *row = organisation_row(at, o, i, at->block->work);
            if (!row)
                return;
            take_row(at, panel, o, i, row);
            keep_row(at, panel, o, i, row);
        }
}

/* work ← Σ share · organisation over the system's members; false: none of them has the item, or a problem. */
static bool sum_system(const ltp_sink_place *at, size_t system, size_t item) {
    ltp_collector_block *block = at->block;
    const ltp_layout *layout = &block->collector->layout;
    bool any = false;
    row_clear(block->work);
    for (size_t m = layout->system_first[system]; m < layout->system_first[system + 1]; m++) {
        const ltp_membership *member = &layout->roster->membership[m];
        if (!ltp_filter_passes(layout->roster, at->measure->filter, member->organisation) ||
            !ltp_organisation_has(layout->roster, at->measure, member->organisation, item))
            continue;
        const double *row = organisation_row(at, member->organisation, item, block->part);
        if (!row)
            return false;
        row_add_share(block->work, row, member->share);
        any = true;
    }
    return any;
}

static void take_sums(const ltp_sink_place *at, size_t panel, const double *rows, size_t item) {
    const ltp_panel *p = &at->block->collector->layout.panel[panel];
    for (size_t e = 0; e < p->entity_count; e++)
        if (p->place[e * p->item_count + item].panel != LTP_NOWHERE) {
            take_row(at, panel, e, item, rows + e * LTP_BLOCK);
            keep_row(at, panel, e, item, rows + e * LTP_BLOCK);
        }
}

/* Panels of a measure stand in the order system, region, England. */
static void take_systems(const ltp_sink_place *at, size_t panel) {
    ltp_collector_block *block = at->block;
    const ltp_layout *layout = &block->collector->layout;
    const ltp_roster *roster = layout->roster;
    const ltp_panel *p = &layout->panel[panel];
    for (size_t i = 0; i < p->item_count; i++) {
        memset(block->region, 0, roster->level[LTP_LEVEL_REGION].count * LTP_BLOCK * sizeof *block->region);
        row_clear(block->england);
        for (size_t s = 0; s < p->entity_count; s++) {
            if (p->place[s * p->item_count + i].panel == LTP_NOWHERE || !sum_system(at, s, i))
                continue;
            row_add_share(block->region + roster->system_region[s] * LTP_BLOCK, block->work, 1);
            row_add_share(block->england, block->work, 1);
            take_row(at, panel, s, i, block->work);
            keep_row(at, panel, s, i, block->work);
        }
        take_sums(at, panel + 1, block->region, i);
        take_sums(at, panel + 2, block->england, i);
    }
}

void ltp_collector_sink(void *context, int layer, int year, const ltp_rows *rows) {
    ltp_collector_block *block = context;
    const ltp_layout *layout = &block->collector->layout;
    const ltp_roster *roster = layout->roster;
    if (block->problem.status)
        return;
    if (layer < 0 || (size_t)layer >= roster->layer.count || year < 1 || (size_t)year > roster->year.count) {
        ltp_error_set(&block->problem, LTP_ERROR_NUMERIC,
                      "the models handed over layer %d, year %d, which is not there", layer, year);
        return;
    }
    block->called[(size_t)layer * roster->year.count + (size_t)year - 1] = true;
    for (size_t panel = 0; panel < layout->panel_count; panel++) {
        const ltp_panel *p = &layout->panel[panel];
        const ltp_sink_place at = {block, rows, p->measure, (size_t)layer, (size_t)year - 1};
        if ((!p->measure->by_layer && layer > 0) || p->layer_owner[layer] != (size_t)layer)
            continue; /* another layer's series */
        if (p->level == LTP_LEVEL_ORGANISATION)
            take_organisations(&at, panel);
        else if (p->level == LTP_LEVEL_SYSTEM)
            take_systems(&at, panel);
    }
}
