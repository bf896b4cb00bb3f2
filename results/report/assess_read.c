/* Numbers of a result as the assessment asks for them: by level, measure, statistic and place; missing where the
 * scenario left the table out. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "results/report/assess_internal.h"

#define CACHE_LIMIT 256

static const ltp_assess_number none = {NAN, NAN, NAN, NAN};

bool ltp_assess_has(const ltp_assess *a, const char *level, const char *measure) {
    char name[96];
    snprintf(name, sizeof name, "%s_mean", measure);
    return !a->status && ltp_result_has(a->result, level, name);
}

/* NULL after a problem. An entry that is not there says so. */
static ltp_assess_cache *look_up(ltp_assess *a, const char *level, const char *measure, const char *statistic) {
    for (size_t k = 0; k < a->cached; k++)
        if (strcmp(a->cache[k].measure, measure) == 0 && strcmp(a->cache[k].level, level) == 0 &&
            strcmp(a->cache[k].statistic, statistic) == 0)
            return &a->cache[k];
    if (a->status || a->cached == CACHE_LIMIT)
        return NULL;
    if (!a->cache)
        a->status = LTP_NEW(&a->cache, CACHE_LIMIT, "the assessment", a->error);
    if (a->status)
        return NULL;
    ltp_assess_cache *entry = &a->cache[a->cached];
    snprintf(entry->level, sizeof entry->level, "%s", level);
    snprintf(entry->measure, sizeof entry->measure, "%s", measure);
    snprintf(entry->statistic, sizeof entry->statistic, "%s", statistic);
    entry->there = ltp_assess_has(a, level, measure);
    if (entry->there)
        a->status = ltp_view_open(&entry->view, a->result, entry->level, entry->measure, a->error);
    if (entry->there && !a->status && !ltp_view_has(&entry->view, statistic))
        entry->number.value = NULL;
    else if (entry->there && !a->status)
        a->status = ltp_view_statistic_read(&entry->view, statistic, &entry->number, a->error);
    if (a->status)
        return NULL;
    a->cached++;
    return entry;
}

const ltp_view *ltp_assess_view(ltp_assess *a, const char *level, const char *measure) {
    const ltp_assess_cache *entry = look_up(a, level, measure, "mean");
    return entry && entry->there ? &entry->view : NULL;
}

ltp_assess_number ltp_assess_get(ltp_assess *a, const char *level, const char *measure, const char *statistic,
                                 ltp_assess_place place) {
    const ltp_assess_cache *entry = look_up(a, level, measure, statistic);
    if (!entry || !entry->there || !entry->number.value)
        return none;
    const ltp_view *view = &entry->view;
    const size_t layer = view->by_layer ? place.layer : 0;
    if (layer >= view->layers || place.code >= view->codes || place.item >= view->items || place.year >= view->years) {
        a->status = ltp_error_set(a->error, LTP_ERROR_RESULT, "the axes of /%s do not fit: the file is damaged", level);
        return none;
    }
    const size_t at =
        layer * entry->number.layer_stride + (place.code * view->items + place.item) * view->years + place.year;
    return (ltp_assess_number){entry->number.value[at], entry->number.error ? entry->number.error[at] : NAN,
                               entry->number.low ? entry->number.low[at] : NAN,
                               entry->number.high ? entry->number.high[at] : NAN};
}

ltp_assess_number ltp_assess_at(ltp_assess *a, const char *level, const char *measure, const char *statistic,
                                size_t code, size_t year) {
    return ltp_assess_get(a, level, measure, statistic,
                          (ltp_assess_place){.layer = a->at_layer, .code = code, .year = year});
}

/* --- between the stored quantiles ------------------------------------------------------------------------------- */

#define STORED 9
static const double stored_share[STORED] = {0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99};
static const char *const stored_name[STORED] = {"p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99"};

static double normal_below(double z) {
    return 0.5 * erfc(-z * 0.70710678118654752);
}

/* By halving: a report asks a few dozen times. */
static double normal_score(double share) {
    double low = -6, high = 6;
    for (int k = 0; k < 60; k++) {
        const double middle = 0.5 * (low + high);
        if (normal_below(middle) < share)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

ltp_assess_number ltp_assess_quantile(ltp_assess *a, const char *level, const char *measure, ltp_assess_place place,
                                      double share) {
    const ltp_view *view = ltp_assess_view(a, level, measure);
    if (!view || !(share >= stored_share[0] - 1e-9 && share <= stored_share[STORED - 1] + 1e-9))
        return none;
    if (ltp_result_describe(a->result)->paths == 1)
        return ltp_assess_get(a, level, measure, "mean", place);
    size_t k = 0;
    while (k + 2 < STORED && share > stored_share[k + 1] + 1e-9)
        k++;
    const ltp_assess_number low = ltp_assess_get(a, level, measure, stored_name[k], place);
    const ltp_assess_number high = ltp_assess_get(a, level, measure, stored_name[k + 1], place);
    const double first = normal_score(stored_share[k]), last = normal_score(stored_share[k + 1]);
    const double part = fmin(1, fmax(0, (normal_score(share) - first) / (last - first)));
    if (part < 1e-9 || part > 1 - 1e-9)
        return part < 0.5 ? low : high;
    return (ltp_assess_number){low.value + part * (high.value - low.value), fmax(low.error, high.error), NAN, NAN};
}

ltp_assess_number ltp_assess_above(ltp_assess *a, const char *level, const char *measure, ltp_assess_place place,
                                   double x) {
    ltp_assess_number quantile[STORED];
    if (!ltp_assess_view(a, level, measure))
        return none;
    if (ltp_result_describe(a->result)->paths == 1) {
        const double value = ltp_assess_get(a, level, measure, "mean", place).value;
        return (ltp_assess_number){isnan(value) ? NAN : value >= x, NAN, NAN, NAN};
    }
    for (size_t k = 0; k < STORED; k++) {
        quantile[k] = ltp_assess_get(a, level, measure, stored_name[k], place);
        if (isnan(quantile[k].value))
            return none;
    }
    if (x <= quantile[0].value)
        return (ltp_assess_number){1, 0, 0.99, 1};
    if (x > quantile[STORED - 1].value)
        return (ltp_assess_number){0, 0, 0, 0.01};
    size_t k = 0;
    while (k + 2 < STORED && x > quantile[k + 1].value)
        k++;
    const double room = quantile[k + 1].value - quantile[k].value;
    const double first = normal_score(stored_share[k]), last = normal_score(stored_share[k + 1]);
    const double z = first + (last - first) * (x - quantile[k].value) / room;
    const double density = (stored_share[k + 1] - stored_share[k]) / room;
    return (ltp_assess_number){1 - normal_below(z), density * fmax(quantile[k].error, quantile[k + 1].error), NAN, NAN};
}

/* --- what is not a measure -------------------------------------------------------------------------------------- */

const double *ltp_assess_array(ltp_assess *a, const char *group, const char *variable, size_t *count) {
    ltp_result_array array;
    *count = 0;
    if (a->status || !ltp_result_has(a->result, group, variable))
        return NULL;
    a->status = ltp_result_read(a->result, group, variable, &array, a->error);
    if (a->status)
        return NULL;
    *count = 1;
    for (int k = 0; k < array.rank; k++)
        *count *= array.size[k];
    return array.value;
}

bool ltp_assess_labels(ltp_assess *a, const char *group, const char *axis, size_t *count, const char *const **label) {
    *count = 0;
    *label = NULL;
    if (a->status || !ltp_result_has(a->result, group, axis))
        return false;
    a->status = ltp_result_labels(a->result, group, axis, count, label, a->error);
    return !a->status;
}

size_t ltp_assess_find(const char *const *label, size_t count, const char *word) {
    for (size_t k = 0; k < count; k++)
        if (strcmp(label[k], word) == 0)
            return k;
    return SIZE_MAX;
}

bool ltp_assess_member(const ltp_assess *a, size_t organisation) {
    if (!a->organisation_system)
        return a->system.count == 1;
    const char *code = a->system.code[a->s];
    const size_t length = strlen(code);
    for (const char *at = a->organisation_system[organisation]; *at; at += strcspn(at, ";"), at += *at == ';')
        if (strcspn(at, ";") == length && strncmp(at, code, length) == 0)
            return true;
    return false;
}

bool ltp_assess_sector(const ltp_assess *a, size_t organisation, const char *sector) {
    return a->organisation_sector && strcmp(a->organisation_sector[organisation], sector) == 0;
}
