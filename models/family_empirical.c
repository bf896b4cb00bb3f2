/* empirical: one of n past values, each equally likely: Q(u) = sorted[⌈n·u⌉ − 1], never interpolated.
 * Definition 1 of Hyndman & Fan 1996, The American Statistician 50(4), p. 363. At least two values.
 * mean Σv/n, variance Σ(v − mean)²/n: those of the distribution drawn from, not an estimate of a population's. */
#include "models/family_compile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void find_moments(const double *sorted, size_t count, ltp_transform *out) {
    double sum = 0.0, square = 0.0;
    for (size_t k = 0; k < count; k++)
        sum += sorted[k];
    out->mean = sum / (double)count;
    for (size_t k = 0; k < count; k++)
        square += (sorted[k] - out->mean) * (sorted[k] - out->mean);
    out->sd = sqrt(square / (double)count);
    out->low = sorted[0];
    out->high = sorted[count - 1];
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const size_t count = input->atom_count;
    double *row; /* values, then the probabilities of below and above */
    if (count < 2)
        return ltp_error_set(error, LTP_ERROR_INPUT,
                             "the history of an empirical distribution has %zu value; it must have at least 2 "
                             "(use fixed for one)",
                             count);
    const ltp_status status = LTP_POOL_NEW(pool, &row, 3 * count, error);
    if (status != LTP_OK)
        return status;
    double *value = row, *below = row + count, *above = row + 2 * count;
    memcpy(value, input->atom, count * sizeof *value);
    qsort(value, count, sizeof *value, by_value);
    find_moments(value, count, out);
    size_t steps = 0; /* equal values make one step */
    for (size_t k = 0; k < count; k++) {
        if (k + 1 < count && value[k + 1] == value[k])
            continue;
        value[steps] = value[k];
        below[steps] = (double)(k + 1) / (double)count;
        above[steps] = (double)(count - k - 1) / (double)count;
        steps++;
    }
    return ltp_transform_steps(out, steps, value, below, above, pool, error);
}

const ltp_family ltp_family_empirical = {
    .name = "empirical",
    .doc = "One of the values of a history, each equally likely.",
    .source = "Hyndman & Fan 1996, The American Statistician 50(4), p. 363, definition 1",
    .history = true,
    .compile = compile,
};
