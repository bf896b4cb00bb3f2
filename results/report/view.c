#include "results/report/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/measure.h"

/* name, heading; variable in the file without the measure, quantile level × 100 (0: none), has an error. */
static const struct {
    const char *name, *heading, *variable;
    int percent;
    bool error;
} known[] = {
    {"mean", "mean", "mean", 0, true},
    {"sd", "sd", "sd", 0, false},
    {"skew", "skew", "skew", 0, false},
    {"min", "min", "min", 0, false},
    {"max", "max", "max", 0, false},
    {"p1", "P1", "quantile", 1, true},
    {"p5", "P5", "quantile", 5, true},
    {"p10", "P10", "quantile", 10, true},
    {"p25", "P25", "quantile", 25, true},
    {"p50", "P50", "quantile", 50, true},
    {"p75", "P75", "quantile", 75, true},
    {"p90", "P90", "quantile", 90, true},
    {"p95", "P95", "quantile", 95, true},
    {"p99", "P99", "quantile", 99, true},
    {"shortfall90", "worst 10%", "shortfall90", 0, true},
    {"shortfall95", "worst 5%", "shortfall95", 0, true},
    {"probability", "P", "probability", 0, true},
};

const char *const ltp_view_statistic_name[] = {"mean", "sd",  "skew",        "min",         "max",        "p1",
                                               "p5",   "p10", "p25",         "p50",         "p75",        "p90",
                                               "p95",  "p99", "shortfall90", "shortfall95", "probability"};
const size_t ltp_view_statistic_count = sizeof known / sizeof *known;
_Static_assert(sizeof ltp_view_statistic_name / sizeof *ltp_view_statistic_name == sizeof known / sizeof *known,
               "every known statistic has its name in the list");

static ltp_status missing_axis(const ltp_view *view, ltp_error *error) {
    return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' is damaged: '%s' of '%s' has axes that are not known",
                         ltp_result_describe(view->result)->path, view->measure, view->group);
}

/* Labels of the axes that the measure has; their order in the file is layer, code, item, year. */
static ltp_status read_axes(ltp_view *view, const ltp_result_array *mean, ltp_error *error) {
    int at = 0;
    ltp_status status = LTP_OK;
    const ltp_measure *measure = ltp_measure_find(view->measure);
    view->by_layer = mean->rank > 0 && strcmp(mean->axis[0], "layer") == 0;
    view->only_layer = measure && measure->of_plan ? "plan" : "do_nothing";
    if (view->by_layer)
        status = ltp_result_labels(view->result, view->group, mean->axis[at++], &view->layers, &view->layer, error);
    else
        view->layers = 1;
    if (mean->rank - at < 2 || strcmp(mean->axis[at], "code") != 0 || strcmp(mean->axis[mean->rank - 1], "year") != 0)
        return missing_axis(view, error);
    if (!status)
        status = ltp_result_labels(view->result, view->group, "code", &view->codes, &view->code, error);
    size_t names;
    if (!status)
        status = ltp_result_labels(view->result, view->group, "name", &names, &view->name, error);
    view->items = 1;
    if (!status && mean->rank - at == 3) {
        view->item_axis = mean->axis[at + 1];
        status = ltp_result_labels(view->result, view->group, view->item_axis, &view->items, &view->item, error);
        char full[64];
        snprintf(full, sizeof full, "%s_name", view->item_axis);
        view->item_name = view->item;
        if (!status && ltp_result_has(view->result, view->group, full))
            status = ltp_result_labels(view->result, view->group, full, &view->items, &view->item_name, error);
    }
    if (!status)
        status = ltp_result_labels(view->result, view->group, "year", &view->years, &view->year, error);
    size_t points = 1;
    for (int axis = 0; axis < mean->rank; axis++)
        points *= mean->size[axis];
    if (!status && (names != view->codes || points != view->layers * view->codes * view->items * view->years))
        return missing_axis(view, error);
    return status;
}

/* The event, as the file says it; units of codes. */
static ltp_status read_words(ltp_view *view, ltp_error *error) {
    static const char before[] = "; probability of ";
    char name[128];
    ltp_result_array probability;
    ltp_status status = LTP_OK;
    size_t units = 0;
    snprintf(name, sizeof name, "%s_probability", view->measure);
    if (ltp_result_has(view->result, view->group, name)) {
        status = ltp_result_read(view->result, view->group, name, &probability, error);
        const char *event = status ? NULL : strstr(probability.long_name, before);
        view->event = event ? event + strlen(before) : NULL;
    }
    if (!status && strcmp(view->units, "unit") == 0 && ltp_result_has(view->result, view->group, "unit")) {
        status = ltp_result_labels(view->result, view->group, "unit", &units, &view->code_unit, error);
        if (!status && units != view->codes)
            status = missing_axis(view, error);
    }
    return status;
}

ltp_status ltp_view_open(ltp_view *view, ltp_result *result, const char *group, const char *measure, ltp_error *error) {
    char name[128];
    ltp_result_array mean;
    *view = (ltp_view){.result = result, .group = group, .measure = measure};
    snprintf(name, sizeof name, "%s_mean", measure);
    ltp_status status = ltp_result_read(result, group, name, &mean, error);
    if (status)
        return status;
    view->units = mean.units;
    view->long_name = mean.long_name;
    status = read_axes(view, &mean, error);
    return status ? status : read_words(view, error);
}

/* Heading of the probability; of a measure that this program does not know, the bare letter. */
static const char *probability_heading(const char *measure) {
    const ltp_measure *known_measure = ltp_measure_find(measure);
    return known_measure && known_measure->heading ? known_measure->heading : "P";
}

static size_t find_known(const char *statistic) {
    for (size_t s = 0; s < ltp_view_statistic_count; s++)
        if (strcmp(known[s].name, statistic) == 0)
            return s;
    return SIZE_MAX;
}

bool ltp_view_has(const ltp_view *view, const char *statistic) {
    char name[128];
    const size_t s = find_known(statistic);
    if (s == SIZE_MAX)
        return false;
    snprintf(name, sizeof name, "%s_%s", view->measure, known[s].variable);
    return ltp_result_has(view->result, view->group, name);
}

/* Offset of a quantile's first value; the level is looked up in the file, never assumed. */
static ltp_status find_quantile(const ltp_view *view, int percent, size_t *index, size_t *count, ltp_error *error) {
    ltp_result_array level;
    const ltp_status status = ltp_result_read(view->result, view->group, "quantile", &level, error);
    if (status)
        return status;
    *count = level.size[0];
    for (*index = 0; *index < *count; ++*index)
        if (fabs(level.value[*index] - percent / 100.0) < 1e-9)
            return LTP_OK;
    return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' holds no P%d", ltp_result_describe(view->result)->path,
                         percent);
}

ltp_status ltp_view_statistic_read(const ltp_view *view, const char *statistic, ltp_view_statistic *out,
                                   ltp_error *error) {
    const size_t s = find_known(statistic), lines = view->codes * view->items * view->years;
    if (s == SIZE_MAX)
        return ltp_error_set(error, LTP_ERROR_USAGE, "there is no statistic '%s'", statistic);
    const bool probability = strcmp(known[s].name, "probability") == 0;
    *out =
        (ltp_view_statistic){.column = {.name = known[s].name,
                                        .heading = probability ? probability_heading(view->measure) : known[s].heading,
                                        .kind = probability ? LTP_COLUMN_PROBABILITY : LTP_COLUMN_NUMBER,
                                        .style = known[s].error ? LTP_STYLE_ERROR : LTP_STYLE_BARE},
                             .layer_stride = lines};
    size_t offset = 0;
    ltp_status status = LTP_OK;
    if (known[s].percent) {
        size_t index, count;
        status = find_quantile(view, known[s].percent, &index, &count, error);
        if (status)
            return status;
        offset = index * lines;
        out->layer_stride = count * lines;
    }
    const struct {
        const char *suffix;
        const double **to;
        bool wanted;
    } part[] = {{"", &out->value, true},
                {"_se", &out->error, known[s].error},
                {"_low", &out->low, probability},
                {"_high", &out->high, probability}};
    for (size_t i = 0; i < sizeof part / sizeof *part && !status; i++) {
        char name[128];
        ltp_result_array array;
        if (!part[i].wanted)
            continue;
        snprintf(name, sizeof name, "%s_%s%s", view->measure, known[s].variable, part[i].suffix);
        status = ltp_result_read(view->result, view->group, name, &array, error);
        *part[i].to = status ? NULL : array.value + offset;
    }
    return status;
}

static size_t offset_of(const ltp_view *view, const ltp_view_statistic *statistic, const size_t place[4]) {
    return place[0] * statistic->layer_stride + (place[1] * view->items + place[2]) * view->years + place[3];
}

bool ltp_view_missing(const ltp_view *view, const ltp_view_statistic *statistic, const size_t place[4]) {
    return isnan(statistic->value[offset_of(view, statistic, place)]);
}

ltp_status ltp_view_cell(const ltp_view *view, const ltp_view_statistic *statistic, const size_t place[4],
                         ltp_report *report, ltp_error *error) {
    const size_t at = offset_of(view, statistic, place);
    const double se = statistic->error ? statistic->error[at] : NAN;
    if (statistic->column.kind != LTP_COLUMN_PROBABILITY)
        return ltp_report_number(report, statistic->value[at], se, error);
    const double interval[2] = {statistic->low[at], statistic->high[at]};
    return ltp_report_probability(report, statistic->value[at], se, interval, error);
}
