/* Families of distributions: one file each (family_*.c) exporting one const struct, listed in family_list.h.
 * A family turns its parameters into a monotone transform of a standard normal: x = Q(Φ(z)). */
#ifndef LTP_MODELS_FAMILY_H
#define LTP_MODELS_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/memory.h"
#include "sim/core/status.h"

typedef enum {
    LTP_PARAMETER_MEAN = 0,
    LTP_PARAMETER_SD,
    LTP_PARAMETER_MIN,
    LTP_PARAMETER_MODE,
    LTP_PARAMETER_MAX,
    LTP_PARAMETER_P10,
    LTP_PARAMETER_P50,
    LTP_PARAMETER_P90,
    LTP_PARAMETER_DF,
    LTP_PARAMETER_RATE,
    LTP_PARAMETER_VALUE,
    LTP_PARAMETER_COUNT
} ltp_parameter;

extern const char *const ltp_parameter_name[LTP_PARAMETER_COUNT]; /* "mean", "sd", … */

typedef struct {
    bool given[LTP_PARAMETER_COUNT];
    double value[LTP_PARAMETER_COUNT];
    size_t atom_count; /* discrete: pairs value_N, probability_N; empirical: history, probability NULL */
    const double *atom, *probability;
} ltp_family_input;

typedef enum { LTP_TRANSFORM_AFFINE = 0, LTP_TRANSFORM_TABLE, LTP_TRANSFORM_STEP } ltp_transform_kind;

#define LTP_TABLE_LIMIT 8.0 /* |z| of a compiled table; draws beyond are counted and take the end's value */
#define LTP_TABLE_INTERVALS 512

typedef struct {
    ltp_transform_kind kind;
    double intercept, slope; /* AFFINE: x = intercept + slope·z */
    const double *table;     /* TABLE: Hermite pairs (value, slope × width) at LTP_TABLE_INTERVALS+1 knots */
    double table_error; /* TABLE: largest |table − exact| ÷ (sd + |x − mean|) found between knots at compile */
    size_t step_count;  /* STEP: x = step_value[number of thresholds < z] */
    const double *threshold;  /* step_count − 1, rising */
    const double *step_value; /* step_count */
    double mean;              /* exact mean of x */
    double sd;                /* sd of x (for reports) */
    double low, high;         /* support of x, ±INFINITY */
} ltp_transform;

typedef struct {
    const char *name;            /* "lognormal" */
    const char *doc;             /* one sentence, with the meaning of its parameters */
    const char *source;          /* author, year, page of the formula */
    unsigned required, optional; /* bit masks of ltp_parameter */
    bool atoms;                  /* discrete */
    bool history;                /* empirical */
    /* Checks the domain and fills *out; arrays from the pool. LTP_ERROR_INPUT with a sentence that names the
     * parameter, what was found and what is expected. */
    ltp_status (*compile)(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error);
    /* A sentence on parameters that are allowed but deserve care (static text), or NULL. NULL: never warns. */
    const char *(*warning)(const ltp_family_input *input);
} ltp_family;

const ltp_family *const *ltp_family_all(size_t *count);
const ltp_family *ltp_family_find(const char *name); /* NULL if none */

/* Required/unused parameters, then the family's compile. */
ltp_status ltp_family_compile(const ltp_family *family, const ltp_family_input *input, ltp_pool *pool,
                              ltp_transform *out, ltp_error *error);

/* What deserves care in parameters that compile (Student t with df ≤ 4), or NULL. */
const char *ltp_family_warning(const ltp_family *family, const ltp_family_input *input);

/* x[i] = transform(z[i]), i < count (a multiple of 16), 64-byte aligned rows. Adds the number of |z| > 8 (or NaN) to
 * *beyond for TABLE and STEP, which end there; AFFINE has no end. Same bits on every instruction set. */
void ltp_transform_apply(const ltp_transform *transform, const double *restrict z, double *restrict x, size_t count,
                         uint64_t *beyond);

#endif
