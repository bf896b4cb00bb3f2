/* The assessment from inside: for assess*.c.
 *
 * The first problem is kept in `status`; from then on nothing is read and every number is missing, so that the parts
 * need not ask after each. */
#ifndef LTP_RESULTS_REPORT_ASSESS_INTERNAL_H
#define LTP_RESULTS_REPORT_ASSESS_INTERNAL_H

#include <stdbool.h>

#include "results/report/assess.h"
#include "results/report/view.h"
#include "sim/core/memory.h"

#define LTP_ASSESS_WIDTH 98
#define LTP_ASSESS_TEXT 640
#define LTP_ASSESS_RING 64

typedef struct {
    double value, error, low, high; /* NaN: missing */
} ltp_assess_number;

typedef struct {
    size_t layer, code, item, year;
} ltp_assess_place;

typedef struct {
    char level[16], measure[48], statistic[16];
    bool there;
    ltp_view view;
    ltp_view_statistic number;
} ltp_assess_cache;

typedef struct {
    size_t count;
    const char *const *code, *const *name;
} ltp_assess_axis;

typedef struct {
    ltp_result *result;
    const ltp_assess_option *option;
    ltp_error *error;
    ltp_status status;
    FILE *to;         /* people; NULL for programs */
    ltp_report *rows; /* programs */
    ltp_assess_axis system, organisation;
    const char *const *organisation_system, *const *organisation_sector; /* NULL: an older file */
    size_t year_count, layer_count, test_count;
    const char *const *year, *const *layer;
    const char *const *test, *const *test_name, *const *test_topic;
    double threshold;      /* test 2; NaN: not known */
    size_t at_layer, last; /* the layer assessed; the year looked at: the one asked for, or the last */
    bool one_year;         /* it was asked for */
    size_t s;              /* the system at hand */
    size_t cached;
    ltp_assess_cache *cache;
    size_t ring;
    char text[LTP_ASSESS_RING][LTP_ASSESS_TEXT];
} ltp_assess;

/* --- reading (assess_read.c) --- */

bool ltp_assess_has(const ltp_assess *a, const char *level, const char *measure);
ltp_assess_number ltp_assess_get(ltp_assess *a, const char *level, const char *measure, const char *statistic,
                                 ltp_assess_place place);
/* Of the layer assessed, without items. */
ltp_assess_number ltp_assess_at(ltp_assess *a, const char *level, const char *measure, const char *statistic,
                                size_t code, size_t year);
/* The measure's view, NULL if the file has none. */
const ltp_view *ltp_assess_view(ltp_assess *a, const char *level, const char *measure);
/* The quantile of any share in [0.01, 0.99], between the stored ones (linear in the normal score). */
ltp_assess_number ltp_assess_quantile(ltp_assess *a, const char *level, const char *measure, ltp_assess_place place,
                                      double share);
/* P(value ≥ x), read between the stored quantiles. */
ltp_assess_number ltp_assess_above(ltp_assess *a, const char *level, const char *measure, ltp_assess_place place,
                                   double x);
/* A variable of /bridge, /effect …: NULL where it is not there; *count its values. */
const double *ltp_assess_array(ltp_assess *a, const char *group, const char *variable, size_t *count);
/* Labels of a group; false where there are none. */
bool ltp_assess_labels(ltp_assess *a, const char *group, const char *axis, size_t *count, const char *const **label);
size_t ltp_assess_find(const char *const *label, size_t count, const char *word); /* SIZE_MAX: none */
bool ltp_assess_member(const ltp_assess *a, size_t organisation);                 /* counts in the system at hand */
bool ltp_assess_sector(const ltp_assess *a, size_t organisation, const char *sector);

/* --- words (assess_text.c): texts live until LTP_ASSESS_RING more are made --- */

const char *ltp_assess_format(ltp_assess *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *ltp_assess_money(ltp_assess *a, double value, double error); /* "£10.2m", of the size: the sign is said */
const char *ltp_assess_percent(ltp_assess *a, double share);             /* whole; "<1%", ">99%" */
const char *ltp_assess_probability(ltp_assess *a, ltp_assess_number p);  /* "3.5% ± 0.1", "< 0.004%" */
const char *ltp_assess_clip(ltp_assess *a, const char *text, size_t width);
const char *ltp_assess_right(ltp_assess *a, const char *text, size_t width); /* spaces before it */
void ltp_assess_append(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A paragraph for people, wrapped; lines after the first are indented by two more. */
void ltp_assess_wrap(ltp_assess *a, size_t indent, const char *text);
/* A line of text cells, each clipped and padded to its width. */
void ltp_assess_cells(ltp_assess *a, size_t count, const size_t *width, const char *const *text);
const char *ltp_assess_verdict(const ltp_assess *a, double p); /* "met", "at risk", "not met", "not assessed" */

/* --- rows for programs (assess.c) --- */

typedef struct {
    const char *part, *test, *code, *name, *item, *year, *measure; /* NULL: "" */
    ltp_assess_number number;
    const char *verdict, *text;
} ltp_assess_row;
void ltp_assess_add(ltp_assess *a, const ltp_assess_row *row);
/* … of the system at hand. */
void ltp_assess_add_system(ltp_assess *a, const char *part, const char *test, const char *item, const char *year,
                           const char *measure, ltp_assess_number number);

/* Columns of numbers for people; the report is printed and destroyed. */
ltp_report *ltp_assess_table(ltp_assess *a, size_t count, const ltp_report_column *column);
void ltp_assess_cell_text(ltp_assess *a, ltp_report *table, const char *text);
void ltp_assess_cell(ltp_assess *a, ltp_report *table, ltp_assess_number number);
void ltp_assess_cell_probability(ltp_assess *a, ltp_report *table, ltp_assess_number number);
void ltp_assess_table_print(ltp_assess *a, ltp_report *table);

/* --- the parts, for the system at hand --- */

/* One line of the scorecard. */
#define LTP_ASSESS_REASONS 6
typedef struct {
    const char *criterion, *when, *verdict; /* verdict NULL: by the probability */
    ltp_assess_number p;
    size_t reason_count;
    char reason[LTP_ASSESS_REASONS][LTP_ASSESS_TEXT];
} ltp_assess_criterion;
void ltp_assess_reason(ltp_assess_criterion *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ltp_assess_criterion_print(ltp_assess *a, size_t test, const ltp_assess_criterion *line);

void ltp_assess_scorecard(ltp_assess *a);
void ltp_assess_recovery(ltp_assess *a, size_t test);
void ltp_assess_cash(ltp_assess *a, size_t test);
void ltp_assess_variation(ltp_assess *a, size_t test);
void ltp_assess_demand(ltp_assess *a, size_t test);
void ltp_assess_capital(ltp_assess *a, size_t test);
void ltp_assess_trajectories(ltp_assess *a);
void ltp_assess_programmes(ltp_assess *a);
void ltp_assess_capital_table(ltp_assess *a);
void ltp_assess_workforce(ltp_assess *a);
void ltp_assess_settlement(ltp_assess *a);

#endif
