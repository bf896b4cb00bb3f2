/* discrete: value_N with probability_N. Q(u) = the smallest value with P(X ≤ value) ≥ u; never interpolated.
 * Probabilities lie in [0, 1] and sum to 1 within 1e-9 (then divided by their sum); values differ.
 * mean Σpv, variance Σp(v − mean)². Devroye 1986, Non-Uniform Random Variate Generation, ch. III.2, pp. 83–87. */
#include "models/family_compile.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    double value, probability;
} ltp_atom;

static int by_value(const void *a, const void *b) {
    const double x = ((const ltp_atom *)a)->value, y = ((const ltp_atom *)b)->value;
    return (x > y) - (x < y);
}

static ltp_status check(const ltp_family_input *input, double *sum, ltp_error *error) {
    *sum = 0.0;
    for (size_t k = 0; k < input->atom_count; k++) {
        const double probability = input->probability[k];
        if (!(probability >= 0.0 && probability <= 1.0))
            return ltp_error_set(error, LTP_ERROR_INPUT,
                                 "probability_%zu of a discrete distribution is %.10g; it must be between 0 and 1",
                                 k + 1, probability);
        *sum += probability;
    }
    if (!(fabs(*sum - 1.0) <= 1e-9))
        return ltp_error_set(error, LTP_ERROR_INPUT,
                             "the probabilities of a discrete distribution sum to %.12g; they must sum to 1", *sum);
    return LTP_OK;
}

/* Sorted values that can happen, their tails, and the moments. atom, below, above: atom_count each. */
static ltp_status arrange(const ltp_family_input *input, ltp_atom *atom, size_t *count, ltp_transform *out,
                          ltp_error *error) {
    double sum;
    const ltp_status status = check(input, &sum, error);
    if (status != LTP_OK)
        return status;
    for (size_t k = 0; k < input->atom_count; k++)
        atom[k] = (ltp_atom){input->atom[k], input->probability[k] / sum};
    qsort(atom, input->atom_count, sizeof *atom, by_value);
    *count = 0;
    for (size_t k = 0; k < input->atom_count; k++) {
        if (k && atom[k].value == atom[k - 1].value)
            return ltp_error_set(error, LTP_ERROR_INPUT,
                                 "%.10g stands twice among the values of a discrete distribution; each must differ",
                                 atom[k].value);
        out->mean += atom[k].probability * atom[k].value;
    }
    for (size_t k = 0; k < input->atom_count; k++) {
        out->sd += atom[k].probability * (atom[k].value - out->mean) * (atom[k].value - out->mean);
        if (atom[k].probability > 0.0)
            atom[(*count)++] = atom[k];
    }
    out->sd = sqrt(out->sd);
    out->low = atom[0].value;
    out->high = atom[*count - 1].value;
    return LTP_OK;
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    ltp_atom *atom;
    double *row; /* values, P(X ≤ value), P(X > value) */
    size_t count = 0;
    ltp_status status = LTP_POOL_NEW(pool, &atom, input->atom_count, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &row, 3 * input->atom_count, error);
    if (status == LTP_OK)
        status = arrange(input, atom, &count, out, error);
    if (status != LTP_OK)
        return status;
    double *value = row, *below = row + count, *above = row + 2 * count;
    for (size_t k = 0; k < count; k++) {
        value[k] = atom[k].value;
        below[k] = (k ? below[k - 1] : 0.0) + atom[k].probability;
    }
    for (size_t k = count - 1; k-- > 0;)
        above[k] = above[k + 1] + atom[k + 1].probability;
    return ltp_transform_steps(out, count, value, below, above, pool, error);
}

const ltp_family ltp_family_discrete = {
    .name = "discrete",
    .doc = "One of the listed values, each with its probability; probabilities sum to 1.",
    .source = "Devroye 1986, Non-Uniform Random Variate Generation, ch. III.2, pp. 83–87",
    .atoms = true,
    .compile = compile,
};
