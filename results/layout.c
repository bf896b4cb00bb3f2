#include "results/layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const ltp_level_name[LTP_LEVEL_COUNT] = {"organisation", "system",    "region", "england",
                                                     "scheme",       "programme", "floor",  "plan_line"};

const char *ltp_axis_name(ltp_measure_axis axis) {
    static const char *const name[] = {NULL, "service", "stream", "line", "group", "need"};
    return name[axis];
}

const ltp_label_axis *ltp_roster_items(const ltp_roster *roster, ltp_measure_axis axis) {
    switch (axis) {
    case LTP_AXIS_SERVICE:
        return &roster->service;
    case LTP_AXIS_STREAM:
        return &roster->stream;
    case LTP_AXIS_LINE:
        return &roster->line;
    case LTP_AXIS_GROUP:
        return &roster->group;
    case LTP_AXIS_NEED:
        return &roster->need;
    case LTP_AXIS_NONE:
        break;
    }
    return NULL;
}

bool ltp_filter_passes(const ltp_roster *roster, ltp_measure_filter filter, size_t organisation) {
    switch (filter) {
    case LTP_FILTER_COMMISSIONER:
        return roster->sector[organisation] == LTP_SECTOR_COMMISSIONER;
    case LTP_FILTER_PROVIDER:
        return roster->sector[organisation] == LTP_SECTOR_PROVIDER;
    case LTP_FILTER_NOT_NHS_ENGLAND:
        return !roster->nhs_england[organisation];
    case LTP_FILTER_ALL:
        break;
    }
    return true;
}

/* The quantities that a measure is made of; their number. */
static int quantities_of(const ltp_measure *measure, ltp_quantity quantity[3]) {
    int count = 0;
    quantity[count++] = measure->plus;
    if (measure->minus >= 0)
        quantity[count++] = (ltp_quantity)measure->minus;
    if (measure->combine == LTP_COMBINE_RATIO)
        quantity[count++] = measure->over;
    return count;
}

/* Whether anybody has the measure's quantities. */
static bool is_measured(const ltp_roster *roster, const ltp_measure *measure) {
    ltp_quantity quantity[3];
    for (int k = quantities_of(measure, quantity) - 1; k >= 0; k--)
        if (!roster->present[quantity[k]])
            return false;
    return true;
}

bool ltp_entity_has(const ltp_roster *roster, const ltp_measure *measure, size_t entity, size_t item) {
    const size_t at = entity * roster->item_count[measure->plus] + item;
    ltp_quantity quantity[3];
    for (int k = quantities_of(measure, quantity) - 1; k >= 0; k--)
        if (!roster->present[quantity[k]] || !roster->present[quantity[k]][at])
            return false;
    return true;
}

bool ltp_panel_has_layer(const ltp_panel *panel, size_t roster_layer, size_t *layer) {
    *layer = panel->measure->by_layer ? roster_layer : 0;
    return panel->measure->by_layer ? panel->layer_owner[roster_layer] == roster_layer
                                    : panel->only_layer == roster_layer;
}

bool ltp_measure_remembers(const ltp_measure *measure) {
    return measure->indicator == LTP_INDICATOR_EVERY_YEAR || measure->indicator == LTP_INDICATOR_FIRST_YEAR;
}

/* Ratios and indicators are of the order of 1, whatever they are made of. */
static bool is_pure(const ltp_measure *measure) {
    return measure->combine == LTP_COMBINE_RATIO || measure->indicator != LTP_INDICATOR_NONE;
}

/* Base size of the measure at an entity of its home: that of its quantity, the larger of two. */
static double scale_of(const ltp_roster *roster, const ltp_measure *measure, size_t entity, size_t item) {
    const size_t at = entity * roster->item_count[measure->plus] + item;
    const double *plus = roster->scale[measure->plus];
    const double *minus = measure->minus < 0 ? NULL : roster->scale[measure->minus];
    const double a = plus && plus[at] > 0 ? plus[at] : 0, b = minus && minus[at] > 0 ? minus[at] : 0;
    return fmax(a, b);
}

size_t ltp_panel_series(const ltp_panel *panel, size_t layer, size_t year) {
    return panel->first_series + (panel->layer_position[layer] * panel->year_count + year) * panel->slot_count;
}

size_t ltp_panel_histogram(const ltp_panel *panel, size_t layer, size_t year) {
    return panel->first_histogram + (panel->layer_position[layer] * panel->year_count + year) * panel->slot_count;
}

size_t ltp_panel_batch(const ltp_panel *panel, size_t layer, size_t year) {
    return panel->first_batch + (panel->layer_position[layer] * panel->year_count + year) * panel->slot_count;
}

size_t ltp_layout_panel(const ltp_layout *layout, const char *measure, ltp_level level) {
    for (size_t p = 0; p < layout->panel_count; p++)
        if (layout->panel[p].level == level && strcmp(layout->panel[p].measure->name, measure) == 0)
            return p;
    return SIZE_MAX;
}

bool ltp_panel_stored(const ltp_panel *panel) {
    return !panel->empty || panel->measure->plus <= LTP_QUANTITY_BRIDGE;
}

const char *ltp_panel_units(const ltp_panel *panel) {
    if (*panel->measure->units)
        return panel->measure->units;
    return panel->level == LTP_LEVEL_PLAN_LINE ? "unit" : "service_unit";
}

ltp_status ltp_layout_keep(const ltp_layout *layout, const char *name, size_t *panel, ltp_error *error) {
    const char *dot = strchr(name, '.');
    const ltp_measure *measure = dot ? ltp_measure_find(dot + 1) : NULL;
    for (int level = 0; measure && level < LTP_LEVEL_COUNT; level++) {
        if (strlen(ltp_level_name[level]) != (size_t)(dot - name) ||
            strncmp(ltp_level_name[level], name, (size_t)(dot - name)) != 0 || !(measure->levels & LTP_BIT(level)))
            continue;
        *panel = ltp_layout_panel(layout, dot + 1, (ltp_level)level);
        if (*panel != SIZE_MAX && ltp_panel_stored(&layout->panel[*panel]))
            return LTP_OK;
        return ltp_error_set(error, LTP_ERROR_INPUT, "keep_paths: nothing in this scenario has the measure '%s'", name);
    }
    return ltp_error_set(error, LTP_ERROR_INPUT,
                         "keep_paths: there is no measure '%s'; expected LEVEL.MEASURE, for example system.gap", name);
}

/* --- places ----------------------------------------------------------------------------------------------------- */

/* Gives the entity's item a slot of its own, or another's place. */
static void take_slot(ltp_layout *layout, size_t panel, size_t at, double scale) {
    ltp_panel *p = &layout->panel[panel];
    p->place[at] = (ltp_place){(uint32_t)panel, (uint32_t)p->slot_count};
    p->scale[p->slot_count++] = is_pure(p->measure) ? 1 : scale;
}

static void place_entities(ltp_layout *layout, size_t panel) {
    const ltp_panel *p = &layout->panel[panel];
    for (size_t e = 0; e < p->entity_count; e++)
        for (size_t i = 0; i < p->item_count; i++)
            if (ltp_entity_has(layout->roster, p->measure, e, i))
                take_slot(layout, panel, e * p->item_count + i, scale_of(layout->roster, p->measure, e, i));
}

static void place_systems(ltp_layout *layout, size_t panel) {
    const ltp_panel *p = &layout->panel[panel];
    const ltp_roster *roster = layout->roster;
    for (size_t s = 0; s < p->entity_count; s++)
        for (size_t i = 0; i < p->item_count; i++) {
            double scale = 0;
            bool any = false;
            for (size_t m = layout->system_first[s]; m < layout->system_first[s + 1]; m++) {
                const size_t o = roster->membership[m].organisation;
                if (!ltp_filter_passes(roster, p->measure->filter, o) || !ltp_entity_has(roster, p->measure, o, i))
                    continue;
                any = true;
                scale += roster->membership[m].share * scale_of(roster, p->measure, o, i);
            }
            if (any)
                take_slot(layout, panel, s * p->item_count + i, scale);
        }
}

/* Regions and England over the systems' panel, which comes before theirs. */
static void place_sums(ltp_layout *layout, size_t panel, size_t systems_panel) {
    const ltp_panel *p = &layout->panel[panel], *systems = &layout->panel[systems_panel];
    const ltp_roster *roster = layout->roster;
    for (size_t e = 0; e < p->entity_count; e++) {
        size_t members = 0, only = 0;
        for (size_t s = 0; s < systems->entity_count; s++)
            if (p->level == LTP_LEVEL_ENGLAND || roster->system_region[s] == e) {
                members++;
                only = s;
            }
        for (size_t i = 0; i < p->item_count; i++) {
            const size_t at = e * p->item_count + i;
            if (members == 1) {
                p->place[at] = systems->place[only * p->item_count + i];
                continue;
            }
            double scale = 0;
            bool any = false;
            for (size_t s = 0; s < systems->entity_count; s++) {
                const ltp_place place = systems->place[s * p->item_count + i];
                if (place.panel == LTP_NOWHERE || (p->level == LTP_LEVEL_REGION && roster->system_region[s] != e))
                    continue;
                any = true;
                scale += systems->scale[place.slot];
            }
            if (any)
                take_slot(layout, panel, at, scale);
        }
    }
}

/* Whether two layers' rows are the very same in all that the measure is made of. */
static bool same_rows(const ltp_roster *roster, const ltp_measure *measure, size_t one, size_t other) {
    ltp_quantity quantity[3];
    for (int k = quantities_of(measure, quantity) - 1; k >= 0; k--) {
        const size_t *same = roster->layer_same[quantity[k]];
        if (same ? same[one] != same[other] : one != other)
            return false;
    }
    return true;
}

/* The earliest layer with the very same rows of the measure. */
static size_t owner_of(const ltp_roster *roster, const ltp_measure *measure, size_t layer) {
    size_t owner = 0;
    while (!same_rows(roster, measure, owner, layer))
        owner++;
    return owner;
}

static ltp_status own_layers(ltp_layout *layout, ltp_panel *p, ltp_error *error) {
    ltp_status status = LTP_POOL_NEW(layout->pool, &p->layer_owner, p->layer_count, error);
    if (!status)
        status = LTP_POOL_NEW(layout->pool, &p->layer_position, p->layer_count, error);
    for (size_t layer = 0; layer < p->layer_count && !status; layer++) {
        p->layer_owner[layer] = owner_of(layout->roster, p->measure, layer);
        p->layer_position[layer] =
            p->layer_owner[layer] == layer ? p->own_layer_count++ : p->layer_position[p->layer_owner[layer]];
    }
    return status;
}

static ltp_status create_panel(ltp_layout *layout, const ltp_measure *measure, ltp_level level, ltp_error *error) {
    const ltp_roster *roster = layout->roster;
    const size_t number = layout->panel_count++;
    ltp_panel *p = &layout->panel[number];
    *p = (ltp_panel){.measure = measure,
                     .level = level,
                     .layer_count = measure->by_layer ? roster->layer.count : 1,
                     .entity_count = roster->level[level].count,
                     .item_count = roster->item_count[measure->plus],
                     .year_count = roster->year.count,
                     .histogram = (measure->histogram & LTP_BIT(level)) != 0,
                     .first_series = layout->series_count,
                     .first_histogram = layout->histogram_count,
                     .first_batch = layout->batch_count};
    if (measure->of_plan)
        p->only_layer = owner_of(roster, measure, roster->layer.count - 1);
    ltp_status status = own_layers(layout, p, error);
    if (status)
        return status;
    const size_t cells = p->own_layer_count * p->year_count, places = p->entity_count * p->item_count;
    p->first_memory = layout->memory_count;
    p->empty = true;
    status = LTP_POOL_NEW(layout->pool, &p->place, places, error);
    if (!status)
        status = LTP_POOL_NEW(layout->pool, &p->scale, places, error);
    if (status)
        return status;
    for (size_t at = 0; at < places; at++)
        p->place[at] = (ltp_place){LTP_NOWHERE, 0};
    if (level == ltp_quantity_level(measure->plus))
        place_entities(layout, number);
    else if (level == LTP_LEVEL_SYSTEM)
        place_systems(layout, number);
    else
        place_sums(layout, number, ltp_layout_panel(layout, measure->name, LTP_LEVEL_SYSTEM));
    for (size_t at = 0; at < places; at++)
        p->empty &= p->place[at].panel == LTP_NOWHERE;
    layout->memory_count += ltp_measure_remembers(measure) ? p->own_layer_count * places : 0;
    layout->series_count += cells * p->slot_count;
    layout->histogram_count += p->histogram ? cells * p->slot_count : 0;
    layout->batch_count += measure->headline ? cells * p->slot_count : 0;
    layout->cell_count += cells;
    return LTP_OK;
}

static ltp_status create_cells(ltp_layout *layout, ltp_error *error) {
    const ltp_status status = LTP_POOL_NEW(layout->pool, &layout->cell, layout->cell_count, error);
    if (status)
        return status;
    size_t at = 0;
    for (size_t p = 0; p < layout->panel_count; p++)
        for (size_t layer = 0; layer < layout->panel[p].layer_count; layer++)
            for (size_t year = 0; layout->panel[p].layer_owner[layer] == layer && year < layout->panel[p].year_count;
                 year++)
                layout->cell[at++] = (ltp_cell_place){(uint32_t)p, (uint16_t)layer, (uint16_t)year};
    return LTP_OK;
}

static void sort_by_code(const ltp_label_axis *organisation, size_t *order) {
    for (size_t o = 0; o < organisation->count; o++) {
        size_t at = o;
        for (; at > 0 && strcmp(organisation->code[order[at - 1]], organisation->code[o]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = o;
    }
}

static ltp_status index_memberships(ltp_layout *layout, ltp_error *error) {
    const ltp_roster *roster = layout->roster;
    const size_t systems = roster->level[LTP_LEVEL_SYSTEM].count, memberships = roster->membership_count;
    const size_t organisations = roster->level[LTP_LEVEL_ORGANISATION].count;
    ltp_status status = LTP_POOL_NEW(layout->pool, &layout->system_first, systems + 1, error);
    if (!status)
        status = LTP_POOL_NEW(layout->pool, &layout->own_first, organisations + 1, error);
    if (!status)
        status = LTP_POOL_NEW(layout->pool, &layout->own_membership, memberships, error);
    if (!status)
        status = LTP_POOL_NEW(layout->pool, &layout->by_code, organisations, error);
    if (status)
        return status;
    sort_by_code(&roster->level[LTP_LEVEL_ORGANISATION], layout->by_code);
    for (size_t m = 0; m < memberships; m++)
        layout->system_first[roster->membership[m].system + 1]++;
    for (size_t s = 0; s < systems; s++)
        layout->system_first[s + 1] += layout->system_first[s];
    size_t count = 0;
    for (size_t o = 0; o < organisations; o++) {
        for (size_t m = 0; m < memberships; m++)
            if (roster->membership[m].organisation == o)
                layout->own_membership[count++] = m;
        layout->own_first[o + 1] = count;
    }
    return LTP_OK;
}

ltp_status ltp_layout_create(ltp_layout *layout, const ltp_roster *roster, ltp_error *error) {
    *layout = (ltp_layout){.roster = roster};
    ltp_status status = ltp_pool_create(&layout->pool, error);
    if (!status)
        status = LTP_POOL_NEW(layout->pool, &layout->panel, ltp_measure_count * LTP_LEVEL_COUNT, error);
    if (!status)
        status = index_memberships(layout, error);
    for (size_t m = 0; m < ltp_measure_count && !status; m++)
        for (int level = 0; level < LTP_LEVEL_COUNT && is_measured(roster, &ltp_measures[m]) && !status; level++)
            if (ltp_measures[m].levels & LTP_BIT(level) && roster->level[level].count)
                status = create_panel(layout, &ltp_measures[m], (ltp_level)level, error);
    if (!status)
        status = create_cells(layout, error);
    if (status)
        ltp_layout_destroy(layout);
    return status;
}

void ltp_layout_destroy(ltp_layout *layout) {
    ltp_pool_destroy(layout->pool);
    *layout = (ltp_layout){0};
}

void ltp_series_name(const ltp_layout *layout, const ltp_cell_place *cell, size_t slot, char *out, size_t size) {
    const ltp_panel *p = &layout->panel[cell->panel];
    const ltp_roster *roster = layout->roster;
    const ltp_label_axis *items = ltp_roster_items(roster, p->measure->axis);
    size_t at = 0;
    while (at < p->entity_count * p->item_count && !(p->place[at].panel == cell->panel && p->place[at].slot == slot))
        at++;
    snprintf(out, size, "%s of %s%s%s, %s, %s", p->measure->name, roster->level[p->level].code[at / p->item_count],
             items ? ", " : "", items ? items->code[at % p->item_count] : "",
             roster->layer.code[p->measure->by_layer ? cell->layer : p->only_layer], roster->year.code[cell->year]);
}
