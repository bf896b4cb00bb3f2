/* poisson: P(X = k) = e^−r r^k/k!, r = rate ≥ 0; mean r, sd √r. Q(u) = the smallest k with P(X ≤ k) ≥ u.
 * Johnson, Kemp & Kotz 2005, Univariate Discrete Distributions, 3rd ed., ch. 4, p. 156.
 * Thresholds cover |z| ≤ 8, both tails down to 6e-16: counts that are rarer take the last step and are counted. */
#include "models/family_compile.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define LARGEST_RATE 5e4 /* GSL's tails are noisy from about 2e5 on */

/* First count whose cumulative probability reaches the tail at −8, and the last, whose upper tail falls below it. */
static void find_ends(double rate, double *first, double *last) {
    const double tail = ltp_normal_below(-LTP_TABLE_LIMIT), step = fmax(1.0, floor(sqrt(rate)));
    *first = fmax(0.0, floor(rate - 12.0 * step - 12.0));
    while (gsl_cdf_poisson_P((unsigned)*first, rate) < tail)
        *first += 1.0;
    *last = *first;
    while (gsl_cdf_poisson_Q((unsigned)(*last + step), rate) > tail) /* strides, then single steps */
        *last += step;
    while (gsl_cdf_poisson_Q((unsigned)*last, rate) > tail)
        *last += 1.0;
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const double rate = input->value[LTP_PARAMETER_RATE];
    if (!(rate >= 0.0 && rate <= LARGEST_RATE))
        return ltp_family_refuse(error, "poisson", LTP_PARAMETER_RATE, rate,
                                 "between 0 and 50,000 (a larger count is a normal with sd √rate)");
    ltp_transform_constant(out, rate);
    if (rate == 0.0)
        return LTP_OK;
    double first, last, *row;
    find_ends(rate, &first, &last);
    const size_t count = (size_t)(last - first) + 1;
    const ltp_status status = LTP_POOL_NEW(pool, &row, 3 * count, error);
    if (status != LTP_OK)
        return status;
    for (size_t k = 0; k < count; k++) {
        row[k] = first + (double)k;
        row[count + k] = gsl_cdf_poisson_P((unsigned)row[k], rate);
        row[2 * count + k] = gsl_cdf_poisson_Q((unsigned)row[k], rate);
    }
    out->sd = sqrt(rate);
    out->low = 0.0;
    out->high = INFINITY;
    return ltp_transform_steps(out, count, row, row + count, row + 2 * count, pool, error);
}

const ltp_family ltp_family_poisson = {
    .name = "poisson",
    .doc = "A count of independent rare happenings whose expected number is rate.",
    .source = "Johnson, Kemp & Kotz 2005, Univariate Discrete Distributions, ch. 4, p. 156",
    .required = LTP_MASK(RATE),
    .compile = compile,
};
