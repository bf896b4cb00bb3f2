/* Reading a result file. A file of another kind, a newer version or a damaged one is refused in one sentence
 * (LTP_ERROR_RESULT, exit 4). Everything handed out lives as long as the open result. Not for several threads. */
#ifndef LTP_RESULTS_READ_H
#define LTP_RESULTS_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/roster.h"
#include "sim/core/status.h"

#define LTP_RESULT_RANK 6

typedef struct ltp_result ltp_result;

typedef struct {
    const char *path, *title, *base_year, *sampling, *money_unit, *content_hash;
    const char *submission_name, *submission_date, *submission_milestone; /* "" where the scenario names none */
    uint64_t format_version, seed, paths, block;
} ltp_result_about;

/* A variable as doubles, row by row. */
typedef struct {
    const char *name, *units, *long_name; /* units and long_name "" if there is none */
    int rank;
    size_t size[LTP_RESULT_RANK];
    const char *axis[LTP_RESULT_RANK]; /* "layer", "quantile", "code", "year", … */
    const double *value;
} ltp_result_array;

ltp_status ltp_result_open(ltp_result **out, const char *path, ltp_error *error);
void ltp_result_close(ltp_result *result); /* NULL is fine */

const ltp_result_about *ltp_result_describe(const ltp_result *result);

/* Variables of a group ("system", "organisation", "region", "england", "baseline") that end in `suffix`, without it:
 * "_mean" gives the measures; what is by batch is left out. */
ltp_status ltp_result_list(ltp_result *result, const char *group, const char *suffix, size_t *count,
                           const char *const **name, ltp_error *error);
bool ltp_result_has(const ltp_result *result, const char *group, const char *variable);

/* Labels of a text axis or text variable of a group: "code", "name", "year", "layer", "service", "service_unit", … */
ltp_status ltp_result_labels(ltp_result *result, const char *group, const char *axis, size_t *count,
                             const char *const **label, ltp_error *error);
/* A numeric variable: "gap_mean", "gap_quantile", "quantile". */
ltp_status ltp_result_read(ltp_result *result, const char *group, const char *variable, ltp_result_array *out,
                           ltp_error *error);

/* Part of a numeric variable, row by row: `count` values from `first` on along each of its `rank` axes, to `out`.
 * LTP_ERROR_RESULT if the variable has other axes or is shorter. */
ltp_status ltp_result_read_part(ltp_result *result, const char *group, const char *variable, int rank,
                                const size_t *first, const size_t *count, double *out, ltp_error *error);

/* The inputs that the result was made from, in the order in which they were read: "scenario.yaml", "flows.csv",
 * "../base/flows.csv", "(command line)". A file without a byte is not kept. */
typedef struct {
    const char *name, *bytes;
    size_t length;
} ltp_result_input;
ltp_status ltp_result_inputs(ltp_result *result, size_t *count, const ltp_result_input **input, ltp_error *error);

/* Recomputes the content hash and reads every checksum. LTP_ERROR_RESULT if anything differs from what was written. */
ltp_status ltp_result_verify(const char *path, ltp_error *error);

#endif
