/* The sink: rows of organisations in, series of organisations, systems, regions and England out; rows of schemes,
 * programmes, floors and plan lines in, series of the same out. */
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

static void fill_rows(double *row, size_t count, double value) {
    for (size_t i = 0; i < count * LTP_BLOCK; i++)
        row[i] = value;
}

/* 0 where there is nothing below the line. */
LTP_HOT static void row_ratio(double *restrict out, const double *restrict a, const double *restrict b) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++) {
        const bool some = b[i] != 0;
        out[i] = some ? a[i] / (some ? b[i] : 1) : 0;
    }
}

LTP_HOT static void row_multiply(double *restrict out, const double *restrict row) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++)
        out[i] *= row[i];
}

/* 1 where the value reaches the threshold, else 0; what is not finite shows as not a number, to be reported. */
LTP_HOT static void row_at_least(double *restrict out, const double *restrict row, double threshold) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++)
        out[i] = (row[i] >= threshold ? 1.0 : 0.0) + (row[i] - row[i]);
}

/* … in every year so far. so: it was in every year before. */
LTP_HOT static void row_every_year(double *restrict flag, uint8_t *restrict so) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++) {
        flag[i] *= so[i];
        so[i] = flag[i] != 0;
    }
}

/* … and in no year before. not_yet: it was in none. */
LTP_HOT static void row_first_year(double *restrict flag, uint8_t *restrict not_yet) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++) {
        const double now = flag[i];
        flag[i] = now * not_yet[i];
        not_yet[i] = not_yet[i] & (now == 0);
    }
}

/* --- one series ------------------------------------------------------------------------------------------------- */

/* Where the sink stands: one measure at one (layer, year). */
typedef struct {
    ltp_collector_block *block;
    const ltp_rows *rows;
    const ltp_measure *measure;
    size_t layer;        /* of the panel */
    size_t roster_layer; /* the same in the roster */
    size_t year;         /* from 0 */
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
    if (p->measure->indicator != LTP_INDICATOR_NONE)
        ltp_block_indicator(row, frame->centre, sum);
    else if (p->histogram || p->measure->event_kind != LTP_EVENT_NONE)
        ltp_block_moments(row, frame->centre, sum);
    else
        ltp_block_moments_only(row, frame->centre, sum);
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

static void take_series(const ltp_sink_place *at, ltp_place place, const double *row) {
    const ltp_collector *collector = at->block->collector;
    const size_t series = ltp_panel_series(&collector->layout.panel[place.panel], at->layer, at->year) + place.slot;
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

static bool is_kept(const ltp_collector_block *block, size_t panel) {
    for (size_t k = 0; !block->pilot && k < block->collector->keep_count; k++)
        if (block->collector->keep[k] == panel)
            return true;
    return false;
}

/* Keeps every path of the entity's item, if asked for. */
static void keep_row(const ltp_sink_place *at, size_t panel, size_t entity, size_t item, const double *row) {
    const ltp_collector *collector = at->block->collector;
    const ltp_panel *p = &collector->layout.panel[panel];
    for (size_t k = 0; k < collector->keep_count; k++)
        if (collector->keep[k] == panel) {
            const size_t line = (at->layer * p->entity_count + entity) * p->item_count + item;
            row_to_float(at->block->sample[k] + (line * p->year_count + at->year) * LTP_BLOCK, row);
        }
}

static double threshold_of(const ltp_sink_place *at) {
    const ltp_roster *roster = at->block->collector->layout.roster;
    return at->measure->threshold == LTP_THRESHOLD_PRODUCTIVITY ? roster->productivity_target : 0;
}

/* The entity's indicator of a value, in block->flag. */
static const double *indicator_row(const ltp_sink_place *at, size_t panel, size_t entity, size_t item,
                                   const double *row) {
    const ltp_layout *layout = &at->block->collector->layout;
    const ltp_panel *p = &layout->panel[panel];
    const ltp_measure *measure = at->measure;
    /* a system's "every" is made of its members' indicators: 1 is what it has to reach */
    const bool made = measure->combine == LTP_COMBINE_EVERY && p->level != ltp_quantity_level(measure->plus);
    row_at_least(at->block->flag, row, made ? 1 : threshold_of(at));
    if (!ltp_measure_remembers(measure))
        return at->block->flag;
    const size_t places = p->entity_count * p->item_count;
    const size_t place = p->layer_position[at->layer] * places + entity * p->item_count + item;
    uint8_t *memory = at->block->memory + (p->first_memory + place) * LTP_BLOCK;
    if (at->year == 0)
        memset(memory, 1, LTP_BLOCK);
    if (measure->indicator == LTP_INDICATOR_EVERY_YEAR)
        row_every_year(at->block->flag, memory);
    else
        row_first_year(at->block->flag, memory);
    return at->block->flag;
}

/* Takes the value of one entity's item, and keeps it if asked for. Its series may be another's (a region of one
 * system): then it is only kept. */
static void take_row(const ltp_sink_place *at, size_t panel, size_t entity, size_t item, const double *row) {
    const ltp_panel *p = &at->block->collector->layout.panel[panel];
    const ltp_place place = p->place[entity * p->item_count + item];
    const bool own = place.panel == panel, kept = is_kept(at->block, panel);
    if (at->block->problem.status || place.panel == LTP_NOWHERE || (!own && !kept))
        return;
    if (at->measure->indicator != LTP_INDICATOR_NONE)
        row = indicator_row(at, panel, entity, item, row);
    if (own)
        take_series(at, place, row);
    if (kept)
        keep_row(at, panel, entity, item, row);
}

/* --- one measure ------------------------------------------------------------------------------------------------ */

/* A quantity's row; NULL with a problem reported when the models did not hand it over. The entity has the measure. */
static const double *quantity_row(const ltp_sink_place *at, ltp_quantity quantity, size_t entity, size_t item) {
    const ltp_roster *roster = at->block->collector->layout.roster;
    const double *const *rows = at->rows->row[quantity];
    const double *row = rows ? rows[entity * roster->item_count[at->measure->plus] + item] : NULL;
    if (!row)
        ltp_error_set(&at->block->problem, LTP_ERROR_NUMERIC,
                      "%s of %s, %s, %s: the roster has it, the models did not compute it", at->measure->name,
                      roster->level[ltp_quantity_level(quantity)].code[entity], roster->layer.code[at->roster_layer],
                      roster->year.code[at->year]);
    return row;
}

/* What the measure's item of an entity of its home is made of, a difference in `scratch`; over NULL but for ratios.
 * false: a problem. */
static bool entity_rows(const ltp_sink_place *at, size_t entity, size_t item, double *scratch, const double **value,
                        const double **over) {
    const ltp_measure *measure = at->measure;
    *value = quantity_row(at, measure->plus, entity, item);
    *over = NULL;
    if (*value && measure->minus >= 0) {
        const double *minus = quantity_row(at, (ltp_quantity)measure->minus, entity, item);
        if (!minus)
            return false;
        row_difference(scratch, *value, minus);
        *value = scratch;
    }
    if (*value && measure->combine == LTP_COMBINE_RATIO) {
        *over = quantity_row(at, measure->over, entity, item);
        return *over != NULL;
    }
    return *value != NULL;
}

static const double *ratio_row(const ltp_sink_place *at, const double *value, const double *over) {
    if (at->measure->combine != LTP_COMBINE_RATIO)
        return value;
    row_ratio(at->block->ratio, value, over);
    return at->block->ratio;
}

static void take_entities(const ltp_sink_place *at, size_t panel) {
    const ltp_panel *p = &at->block->collector->layout.panel[panel];
    for (size_t e = 0; e < p->entity_count; e++)
        for (size_t i = 0; i < p->item_count; i++) {
            const double *value, *over;
            if (p->place[e * p->item_count + i].panel == LTP_NOWHERE)
                continue;
            if (!entity_rows(at, e, i, at->block->work, &value, &over))
                return;
            take_row(at, panel, e, i, ratio_row(at, value, over));
        }
}

/* Puts what a part comes to (over NULL but for ratios) to the whole's rows: sums, or the product of indicators. */
static void put_together(const ltp_sink_place *at, double *whole, double *whole_over, const double *part,
                         const double *part_over, double share) {
    if (at->measure->combine == LTP_COMBINE_EVERY) {
        row_multiply(whole, part);
        return;
    }
    row_add_share(whole, part, share);
    if (part_over)
        row_add_share(whole_over, part_over, share);
}

static double nothing_yet(const ltp_measure *measure) {
    return measure->combine == LTP_COMBINE_EVERY ? 1 : 0;
}

/* Puts an organisation's rows to those of the systems in which it counts. Organisations come in the order of their
 * codes, so each system adds its members up in that order. */
static void add_to_systems(const ltp_sink_place *at, size_t organisation, const double *value, const double *over) {
    ltp_collector_block *block = at->block;
    const ltp_layout *layout = &block->collector->layout;
    if (at->measure->combine == LTP_COMBINE_EVERY) {
        row_at_least(block->flag, value, threshold_of(at));
        value = block->flag;
    }
    for (size_t k = layout->own_first[organisation]; k < layout->own_first[organisation + 1]; k++) {
        const ltp_membership *member = &layout->roster->membership[layout->own_membership[k]];
        const size_t row = member->system * LTP_BLOCK;
        put_together(at, block->system + row, block->system_over + row, value, over, member->share);
    }
}

static void take_sums(const ltp_sink_place *at, size_t panel, const double *rows, const double *overs, size_t item) {
    const ltp_panel *p = &at->block->collector->layout.panel[panel];
    for (size_t e = 0; e < p->entity_count; e++)
        if (p->place[e * p->item_count + item].panel != LTP_NOWHERE)
            take_row(at, panel, e, item, ratio_row(at, rows + e * LTP_BLOCK, overs + e * LTP_BLOCK));
}

/* The panels of a measure's item that are made of organisations: `own` (SIZE_MAX: none), then system, region, England
 * from `systems` on. An organisation's row is looked at once, while it is near, for itself and for its systems. */
static bool take_members(const ltp_sink_place *at, size_t own, size_t systems, size_t item) {
    ltp_collector_block *block = at->block;
    const ltp_layout *layout = &block->collector->layout;
    const ltp_roster *roster = layout->roster;
    for (size_t k = 0; k < roster->level[LTP_LEVEL_ORGANISATION].count; k++) {
        const size_t e = layout->by_code[k];
        const double *value, *over;
        const bool counts = systems != SIZE_MAX && layout->own_first[e] < layout->own_first[e + 1] &&
                            ltp_filter_passes(roster, at->measure->filter, e);
        if ((own == SIZE_MAX && !counts) || !ltp_entity_has(roster, at->measure, e, item))
            continue;
        if (!entity_rows(at, e, item, block->work, &value, &over))
            return false;
        if (own != SIZE_MAX)
            take_row(at, own, e, item, ratio_row(at, value, over));
        if (counts)
            add_to_systems(at, e, value, over);
    }
    return true;
}

/* Panels of a measure stand in the order system, region, England. */
static void take_systems(const ltp_sink_place *at, size_t systems, size_t item) {
    ltp_collector_block *block = at->block;
    const ltp_layout *layout = &block->collector->layout;
    const ltp_roster *roster = layout->roster;
    const ltp_panel *p = &layout->panel[systems];
    const bool ratio = at->measure->combine == LTP_COMBINE_RATIO;
    const double nothing = nothing_yet(at->measure);
    fill_rows(block->region, roster->level[LTP_LEVEL_REGION].count, nothing);
    fill_rows(block->england, 1, nothing);
    if (ratio) {
        fill_rows(block->region_over, roster->level[LTP_LEVEL_REGION].count, 0);
        fill_rows(block->england_over, 1, 0);
    }
    for (size_t s = 0; s < p->entity_count; s++) {
        if (p->place[s * p->item_count + item].panel == LTP_NOWHERE)
            continue;
        const double *value = block->system + s * LTP_BLOCK;
        const double *over = ratio ? block->system_over + s * LTP_BLOCK : NULL;
        const size_t region = roster->system_region[s] * LTP_BLOCK;
        put_together(at, block->region + region, block->region_over + region, value, over, 1);
        put_together(at, block->england, block->england_over, value, over, 1);
        take_row(at, systems, s, item, ratio_row(at, value, over));
    }
    take_sums(at, systems + 1, block->region, block->region_over, item);
    take_sums(at, systems + 2, block->england, block->england_over, item);
}

/* A measure of organisations, whole. */
static void take_organisations(const ltp_sink_place *at, size_t own, size_t systems) {
    ltp_collector_block *block = at->block;
    const ltp_roster *roster = block->collector->layout.roster;
    const size_t count = roster->level[LTP_LEVEL_SYSTEM].count;
    for (size_t item = 0; item < roster->item_count[at->measure->plus]; item++) {
        if (systems != SIZE_MAX)
            fill_rows(block->system, count, nothing_yet(at->measure));
        if (systems != SIZE_MAX && at->measure->combine == LTP_COMBINE_RATIO)
            fill_rows(block->system_over, count, 0);
        if (!take_members(at, own, systems, item))
            return;
        if (systems != SIZE_MAX)
            take_systems(at, systems, item);
    }
}

/* The systems' panel of the same measure, which stands next; SIZE_MAX: none. */
static size_t systems_after(const ltp_layout *layout, size_t panel) {
    const size_t next = panel + 1;
    return layout->panel[panel].level == LTP_LEVEL_ORGANISATION && next < layout->panel_count &&
                   layout->panel[next].measure == layout->panel[panel].measure
               ? next
               : SIZE_MAX;
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
    const size_t calendar = (size_t)layer * roster->year.count + (size_t)year - 1;
    if (year > 1 && !block->called[calendar - 1]) {
        ltp_error_set(&block->problem, LTP_ERROR_NUMERIC,
                      "the models handed over layer %s of %s before the year before", roster->layer.code[layer],
                      roster->year.code[year - 1]);
        return;
    }
    block->called[calendar] = true;
    for (size_t panel = 0; panel < layout->panel_count; panel++) {
        const ltp_panel *p = &layout->panel[panel];
        size_t own;
        if (!ltp_panel_has_layer(p, (size_t)layer, &own))
            continue; /* another layer's series */
        const ltp_sink_place at = {block, rows, p->measure, own, (size_t)layer, (size_t)year - 1};
        if (p->level == LTP_LEVEL_ORGANISATION)
            take_organisations(&at, panel, systems_after(layout, panel));
        else if (p->level == ltp_quantity_level(p->measure->plus))
            take_entities(&at, panel);
        else if (p->level == LTP_LEVEL_SYSTEM && !(panel > 0 && systems_after(layout, panel - 1) == panel))
            take_organisations(&at, SIZE_MAX, panel);
    }
}
