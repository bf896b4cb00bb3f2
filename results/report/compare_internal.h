/* A comparison from inside: compare.c (the report), compare_table.c (tables and words), compare_pair.c (differences of
 * means and probabilities), compare_sample.c (of quantiles). A is side 0, B is side 1; a difference is B less A. */
#ifndef LTP_RESULTS_REPORT_COMPARE_INTERNAL_H
#define LTP_RESULTS_REPORT_COMPARE_INTERNAL_H

#include "results/report/compare.h"
#include "results/report/view.h"
#include "sim/core/memory.h"

#define LTP_COMPARE_LAYERS 64

typedef struct {
    ltp_pool *pool;
    ltp_result *result[2];
    const ltp_result_about *about[2];
    bool same;          /* equal content hash */
    bool paired;        /* path n of A is path n of B */
    const char *reason; /* why not; "" when paired */
    size_t blocks[2];   /* below 20 there is no standard error */
} ltp_comparison;

ltp_status ltp_comparison_open(ltp_comparison *out, ltp_result *a, ltp_result *b, ltp_error *error);
void ltp_comparison_close(ltp_comparison *comparison);

/* How a difference's standard error was had. */
typedef enum {
    LTP_BASIS_PAIRED = 0,  /* path by path */
    LTP_BASIS_INDEPENDENT, /* sqrt(SE_A² + SE_B²), other futures */
    LTP_BASIS_BOUND,       /* sqrt(SE_A² + SE_B²), the same futures: an upper bound */
    LTP_BASIS_NONE         /* not known: one path, or too few blocks */
} ltp_basis;
extern const char *const ltp_basis_name[];

typedef struct {
    double value[2], error[2], difference, standard_error; /* NaN: missing, not known */
    ltp_basis basis;
} ltp_difference;

typedef enum { LTP_PAIR_MEAN = 0, LTP_PAIR_PROBABILITY, LTP_PAIR_STATISTICS } ltp_pair_statistic;

/* One axis: what both results have, in A's order, and where it stands in each. */
typedef struct {
    size_t count;
    const char *const *label, *const *name;
    const size_t *at[2];
    size_t only[2]; /* how many labels only one of them has */
} ltp_pair_axis;

typedef struct {
    ltp_view view;
    const double *value[LTP_PAIR_STATISTICS], *error[LTP_PAIR_STATISTICS], *batch[LTP_PAIR_STATISTICS]; /* NULL: none */
    const double *low, *high; /* of the probability */
    const double *paths;      /* [batches] paths in each batch; NULL without batches */
    size_t batches;
} ltp_pair_side;

/* One measure at one level in both results. */
typedef struct {
    const ltp_comparison *comparison;
    const char *level, *measure;
    ltp_pair_side side[2];
    ltp_pair_axis layer, code, item, year; /* layer: `plan` is the last layer of a result without one */
} ltp_pair;

/* Code, item and year on the common axes. */
typedef struct {
    size_t code, item, year;
} ltp_pair_place;

bool ltp_pair_there(const ltp_comparison *comparison, const char *level, const char *measure);
/* LTP_ERROR_RESULT if units differ or no code or year is common. Lives as long as the comparison. */
ltp_status ltp_pair_open(ltp_pair *pair, const ltp_comparison *comparison, const char *level, const char *measure,
                         ltp_error *error);
/* Of one layer of the common axis. */
ltp_difference ltp_pair_at(const ltp_pair *pair, ltp_pair_statistic statistic, size_t layer, ltp_pair_place place);
/* Of Σ weight · layer in each result; weight[side][layer of its file]. */
ltp_difference ltp_pair_contrast(const ltp_pair *pair, ltp_pair_statistic statistic,
                                 double weight[2][LTP_COMPARE_LAYERS], ltp_pair_place place);
/* Adds to the weight of a layer of a side's file; nothing for a layer that is not there. */
void ltp_pair_weigh(const ltp_pair *pair, int side, size_t layer, double amount, double weight[2][LTP_COMPARE_LAYERS]);
bool ltp_pair_has(const ltp_pair *pair, ltp_pair_statistic statistic);
/* Layer of a side's file, or SIZE_MAX. */
size_t ltp_pair_layer(const ltp_pair *pair, int side, const char *label);

/* Of quantiles of a measure without items: path by path where both results keep the paths. */
ltp_status ltp_pair_quantiles(const ltp_pair *pair, size_t layer, ltp_pair_place place, size_t count,
                              const double *level, ltp_difference *out, ltp_error *error);

/* --- words --- */

typedef enum {
    LTP_VERDICT_SAME = 0,
    LTP_VERDICT_NOISE,
    LTP_VERDICT_LARGER,
    LTP_VERDICT_SMALLER,
    LTP_VERDICT_UNKNOWN
} ltp_verdict;
/* Less than a penny is none (£m); |difference| < 2 standard errors is noise. */
ltp_verdict ltp_difference_verdict(const ltp_difference *difference, const char *units);
/* Whether there is something to show: more than nothing, though it may be noise. */
bool ltp_difference_shows(const ltp_difference *difference, const char *units);
const char *ltp_difference_words(const ltp_difference *difference, const char *units);
/* "£12.3m ± 0.2 larger", "the same", "not different beyond noise". Returns the buffer, of 96 bytes. */
const char *ltp_difference_phrase(char buffer[96], const ltp_difference *difference);

/* Text for people: control characters as '?', at most `width` columns, cut with "…". Returns the buffer, of 256 bytes.
 */
const char *ltp_text_cut(char buffer[256], const char *text, size_t width);

/* One row for programs: the columns of ltp_compare_create_rows. */
ltp_status ltp_compare_create_rows(ltp_report **report, ltp_error *error);
ltp_status ltp_compare_add_row(ltp_report *report, const ltp_pair *pair, ltp_pair_place place, const char *statistic,
                               const char *layer, const ltp_difference *difference, ltp_error *error);

/* The table of one measure. */
ltp_status ltp_compare_measure(FILE *to, const ltp_comparison *comparison, const ltp_compare_choice *choice,
                               ltp_report_format format, ltp_error *error);

typedef struct {
    size_t first, end;
} ltp_compare_stretch;
/* LTP_ERROR_USAGE naming what there is. word NULL: all. */
ltp_status ltp_compare_choose(const char *what, const char *word, const ltp_pair_axis *axis, ltp_compare_stretch *out,
                              ltp_error *error);

/* --- the whole report --- */

typedef struct {
    FILE *to;
    const ltp_comparison *comparison;
    const ltp_compare_choice *choice;
    ltp_pair gap;                   /* by system, or of England */
    ltp_compare_stretch code, year; /* of gap */
    size_t plan;                    /* layer of gap.layer */
    ltp_report *row;                /* for programs; NULL for people */
} ltp_compare_report;

/* "2 of the codes by organisation are in A only": what cannot be compared. */
void ltp_compare_unmatched(FILE *to, const ltp_pair *pair);
/* Sections by organisation, by service, and of trajectories, in the last year that is asked for. */
ltp_status ltp_compare_organisations(const ltp_compare_report *w, ltp_error *error);
ltp_status ltp_compare_services(const ltp_compare_report *w, ltp_error *error);
ltp_status ltp_compare_trajectories(const ltp_compare_report *w, ltp_error *error);

#endif
