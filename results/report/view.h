/* One measure of a result at one level, statistic by statistic: what show and the headline table print. */
#ifndef LTP_RESULTS_REPORT_VIEW_H
#define LTP_RESULTS_REPORT_VIEW_H

#include "results/read.h"
#include "results/report/report.h"

typedef struct {
    ltp_result *result;
    const char *group, *measure; /* "system", "gap" */
    const char *units, *long_name;
    const char *event;            /* of which P is the probability; NULL without */
    const char *const *code_unit; /* unit of each code (plan lines); NULL where all have `units` */
    bool by_layer;
    const char *only_layer;             /* of a measure that is not by layer: "do_nothing", "plan" */
    const char *item_axis;              /* "service", "stream", "line", "group", "need"; NULL for none */
    size_t layers, codes, items, years; /* items 1 without an item axis */
    const char *const *layer, *const *code, *const *name, *const *item, *const *year; /* item NULL without */
    const char *const *item_name;                                                     /* for people; NULL without */
} ltp_view;

/* One statistic: value and error at any (layer, code, item, year). */
typedef struct {
    ltp_report_column column;
    const double *value, *error, *low, *high; /* from the first layer; NULL for none */
    size_t layer_stride;
} ltp_view_statistic;

/* LTP_ERROR_RESULT if the result has no such measure at the level (the caller names what there is). */
ltp_status ltp_view_open(ltp_view *view, ltp_result *result, const char *group, const char *measure, ltp_error *error);

/* Statistics that can be asked for: "mean", "sd", "skew", "min", "max", "p1" … "p99", "shortfall90", "shortfall95",
 * "probability". */
extern const char *const ltp_view_statistic_name[];
extern const size_t ltp_view_statistic_count;
/* Whether the measure has it. */
bool ltp_view_has(const ltp_view *view, const char *statistic);
ltp_status ltp_view_statistic_read(const ltp_view *view, const char *statistic, ltp_view_statistic *out,
                                   ltp_error *error);

/* Whether the place has no such number: no organisation there has the item. */
bool ltp_view_missing(const ltp_view *view, const ltp_view_statistic *statistic, const size_t place[4]);

/* Adds the statistic's cell at a place to a report whose column it is. */
ltp_status ltp_view_cell(const ltp_view *view, const ltp_view_statistic *statistic, const size_t place[4],
                         ltp_report *report, ltp_error *error);

#endif
