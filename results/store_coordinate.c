/* Coordinates of the result file, its labels, and the inputs that it carries. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/store_internal.h"

/* --- levels ----------------------------------------------------------------------------------------------------- */

static hid_t item_scale(ltp_store *store, hid_t group, ltp_measure_axis axis) {
    const ltp_label_axis *items = ltp_roster_items(store->roster, axis);
    if (!items || items->count == 0)
        return -1;
    const char *name = ltp_axis_name(axis);
    char text[64];
    snprintf(text, sizeof text, "%s_name", name);
    const hid_t scale = ltp_h5_text_scale(&store->h5, group, name, name, items);
    if (items->name)
        ltp_h5_text_variable(&store->h5, group, text, "name for people", items->count, items->name, scale);
    return scale;
}

/* Organisations, systems, regions and England stand in every file, with all scales. */
static bool is_ledger(ltp_level level) {
    return level <= LTP_LEVEL_ENGLAND;
}

/* Whether the file holds a measure at the level; with the axis (LTP_AXIS_NONE: any); a headline, if asked. */
static bool is_used(const ltp_store *store, ltp_level level, ltp_measure_axis axis, bool headline) {
    const ltp_layout *layout = &store->collector->layout;
    for (size_t p = 0; p < layout->panel_count; p++) {
        const ltp_panel *panel = &layout->panel[p];
        if (panel->level == level && ltp_panel_stored(panel) && (!axis || panel->measure->axis == axis) &&
            (!headline || panel->measure->headline))
            return true;
    }
    return false;
}

static void write_level(ltp_store *store, ltp_level level) {
    ltp_h5 *h5 = &store->h5;
    ltp_store_level *at = &store->level[level];
    const ltp_roster *roster = store->roster;
    const ltp_label_axis *entity = &roster->level[level];
    double position[LTP_EDGE_COUNT];
    for (int j = 0; j < LTP_EDGE_COUNT; j++)
        position[j] = ltp_edge_position(j + 1);
    at->group = ltp_h5_group(h5, h5->file, ltp_level_name[level]);
    /* In this form xarray makes coordinates of the names too. */
    ltp_h5_text_attribute(h5, at->group, "coordinates",
                          level == LTP_LEVEL_ORGANISATION
                              ? "name system sector layer_name service_name service_unit stream_name line_name "
                                "group_name need_name batch_paths"
                          : is_ledger(level) ? "name layer_name service_name service_unit stream_name line_name "
                                               "group_name need_name batch_paths"
                          : level == LTP_LEVEL_SCHEME ? "name layer_name organisation mandatory opens"
                                                      : "name layer_name unit");
    at->layer = ltp_h5_text_scale(h5, at->group, "layer", "layer of programmes, cumulative", &roster->layer);
    at->year = ltp_h5_text_scale(h5, at->group, "year", "financial year", &roster->year);
    at->quantile = ltp_h5_number_scale(h5, at->group, "quantile", "share of paths at or below", LTP_QUANTILE_COUNT,
                                       ltp_quantile_level);
    at->code = ltp_h5_text_scale(h5, at->group, "code", ltp_level_name[level], entity);
    ltp_h5_text_variable(h5, at->group, "name", "name for people", entity->count, entity->name, at->code);
    if (roster->layer.name)
        ltp_h5_text_variable(h5, at->group, "layer_name", "name for people", roster->layer.count, roster->layer.name,
                             at->layer);
    if (level == LTP_LEVEL_PLAN_LINE && roster->plan_line_unit)
        ltp_h5_text_variable(h5, at->group, "unit", "unit of the plan line", entity->count, roster->plan_line_unit,
                             at->code);
    for (int axis = LTP_AXIS_SERVICE; axis <= LTP_AXIS_NEED; axis++)
        if (is_ledger(level) || is_used(store, level, (ltp_measure_axis)axis, false))
            at->item[axis] = item_scale(store, at->group, (ltp_measure_axis)axis);
    if (at->item[LTP_AXIS_SERVICE] >= 0 && roster->service_unit)
        ltp_h5_text_variable(h5, at->group, "service_unit", "unit of activity", roster->service.count,
                             roster->service_unit, at->item[LTP_AXIS_SERVICE]);
    at->edge = at->batch = -1;
    if (is_ledger(level) || is_used(store, level, LTP_AXIS_NONE, true)) {
        at->edge = ltp_h5_number_scale(
            h5, at->group, "edge", "position of a histogram edge: edge value = MEASURE_centre + MEASURE_width * edge",
            LTP_EDGE_COUNT, position);
        at->batch = ltp_h5_pure_scale(h5, at->group, "batch", LTP_BATCH_COUNT);
    }
    at->path = ltp_h5_pure_scale(h5, at->group, "path", store->paths);
}

void ltp_store_write_levels(ltp_store *store) {
    for (int level = 0; level < LTP_LEVEL_COUNT; level++) {
        store->level[level] = (ltp_store_level){-1, -1, -1, -1, -1, -1, -1, -1, {-1, -1, -1, -1, -1, -1}};
        if (store->roster->level[level].count > 0 &&
            (is_ledger((ltp_level)level) || is_used(store, (ltp_level)level, LTP_AXIS_NONE, false)))
            write_level(store, (ltp_level)level);
    }
}

void ltp_store_insert_axis(ltp_h5_shape *shape, int at, hsize_t size, hid_t scale) {
    for (int i = shape->rank; i > at; i--) {
        shape->size[i] = shape->size[i - 1];
        shape->scale[i] = shape->scale[i - 1];
    }
    shape->size[at] = size;
    shape->scale[at] = scale;
    shape->rank++;
}

void ltp_store_shape(const ltp_store *store, const ltp_panel *panel, ltp_h5_shape *shape) {
    const ltp_store_level *level = &store->level[panel->level];
    *shape = (ltp_h5_shape){0};
    if (panel->measure->by_layer)
        ltp_store_insert_axis(shape, shape->rank, panel->layer_count, level->layer);
    ltp_store_insert_axis(shape, shape->rank, panel->entity_count, level->code);
    if (panel->measure->axis != LTP_AXIS_NONE)
        ltp_store_insert_axis(shape, shape->rank, panel->item_count, level->item[panel->measure->axis]);
    ltp_store_insert_axis(shape, shape->rank, panel->year_count, level->year);
}

/* --- inputs ----------------------------------------------------------------------------------------------------- */

ltp_status ltp_store_link_name(ltp_store *store, const char *name, char **out, ltp_error *error) {
    const ltp_status status = ltp_pool_text(store->pool, out, name, strlen(name), error);
    for (char *c = *out; !status && *c; c++)
        if (*c == '/')
            *c = ':';
    return status;
}

/* The netCDF dimension STEM_<count> of a group, made when first met: one for each length. */
static hid_t dimension_of(ltp_store *store, hid_t group, const char *stem, size_t count) {
    char name[64];
    snprintf(name, sizeof name, "%s_%zu", stem, count);
    if (!store->h5.failed && H5Lexists(group, name, H5P_DEFAULT) > 0)
        return ltp_h5_check(&store->h5, H5Dopen2(group, name, H5P_DEFAULT));
    return ltp_h5_pure_scale(&store->h5, group, name, count);
}

static ltp_status write_file(ltp_store *store, hid_t group, const ltp_store_file *file, ltp_error *error) {
    char *name;
    const ltp_status status = ltp_store_link_name(store, file->name, &name, error);
    if (status || file->length == 0)
        return status; /* an empty file has no bytes to keep */
    const hid_t scale = dimension_of(store, group, "byte", file->length);
    const ltp_h5_variable variable = {.name = name,
                                      .units = "1",
                                      .long_name = file->name,
                                      .file_type = H5T_STD_U8LE,
                                      .memory_type = H5T_NATIVE_UINT8,
                                      .compress = true};
    const ltp_h5_shape shape = {.rank = 1, .size = {file->length}, .scale = {scale}};
    ltp_h5_write_variable(&store->h5, group, &variable, &shape, file->bytes);
    ltp_h5_close(&store->h5, scale);
    return LTP_OK;
}

static ltp_status write_table(ltp_store *store, hid_t group, const ltp_store_array *array, ltp_error *error) {
    char *name;
    const ltp_status status = ltp_store_link_name(store, array->name, &name, error);
    if (status || array->rows == 0 || array->columns == 0)
        return status;
    const hid_t row = dimension_of(store, group, "row", array->rows);
    const hid_t column = dimension_of(store, group, "column", array->columns);
    const ltp_h5_variable variable = {.name = name,
                                      .units = array->units,
                                      .long_name = array->long_name,
                                      .file_type = H5T_IEEE_F64LE,
                                      .memory_type = H5T_NATIVE_DOUBLE,
                                      .compress = true};
    const ltp_h5_shape shape = {.rank = 2, .size = {array->rows, array->columns}, .scale = {row, column}};
    ltp_h5_write_variable(&store->h5, group, &variable, &shape, array->value);
    ltp_h5_close(&store->h5, column);
    ltp_h5_close(&store->h5, row);
    return LTP_OK;
}

ltp_status ltp_store_write_inputs(ltp_store *store, const ltp_store_option *option, ltp_error *error) {
    ltp_status status = LTP_OK;
    const hid_t input = ltp_h5_group(&store->h5, store->h5.file, "input");
    for (size_t f = 0; f < option->file_count && !status; f++)
        status = write_file(store, input, &option->file[f], error);
    const hid_t compiled = ltp_h5_group(&store->h5, input, "compiled");
    for (size_t t = 0; t < option->compiled_count && !status; t++)
        status = write_table(store, compiled, &option->compiled[t], error);
    ltp_h5_close(&store->h5, compiled);
    ltp_h5_close(&store->h5, input);
    return status;
}
