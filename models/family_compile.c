/* From an exact quantile function to the transform that the block loop applies.
 *
 * Tables. x(z) = Q(Φ(z)) is interpolated by the cubic Hermite polynomial on LTP_TABLE_INTERVALS equal intervals of
 * width h = 1/32 over |z| ≤ 8, from exact values and exact slopes φ(z)/f(x). For x with four derivatives the error is
 *     |table − exact| ≤ h⁴/384 · max|x''''| = 2.5e-9 · max|x''''|        (Birkhoff & Schultz 1970, Aequationes
 *                                                                        Mathematicae 4, pp. 387–402)
 * Slopes are cut to three times the smaller neighbouring secant where they exceed it, which keeps every cubic
 * monotone (Fritsch & Carlson 1980, SIAM J. Numer. Anal. 17(2), pp. 238–246; condition of p. 242); away from
 * parameters so skewed that the table is refused anyway, no slope is ever cut.
 *
 * 256 intervals would make the errors 16 times larger and the table 4 KB; 1,024 would make them 16 times smaller and
 * the table 16 KB, half of a first-level cache. 512 leaves them a thousand times below the sampling error of a
 * million paths, in 8 KB. */
#include "models/family_compile.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "models/transform.h"

#define KNOTS (LTP_TABLE_INTERVALS + 1)
#define KNOT_WIDTH (2.0 * LTP_TABLE_LIMIT / LTP_TABLE_INTERVALS)

double ltp_normal_density(double z) {
    return gsl_ran_ugaussian_pdf(z);
}
double ltp_normal_below(double z) {
    return gsl_cdf_ugaussian_P(z);
}
double ltp_normal_above(double z) {
    return gsl_cdf_ugaussian_Q(z);
}

double ltp_normal_score(double below, double above) {
    return below < above ? gsl_cdf_ugaussian_Pinv(below) : gsl_cdf_ugaussian_Qinv(above);
}

ltp_status ltp_family_refuse(ltp_error *error, const char *family, ltp_parameter parameter, double found,
                             const char *expected, ...) {
    char text[400];
    va_list list;
    va_start(list, expected);
    vsnprintf(text, sizeof text, expected, list);
    va_end(list);
    return ltp_error_set(error, LTP_ERROR_INPUT, "%s of the %s distribution is %.10g; it must be %s",
                         ltp_parameter_name[parameter], family, found, text);
}

ltp_status ltp_family_check_sd(ltp_error *error, const char *family, double sd) {
    if (!(sd >= 0.0))
        return ltp_family_refuse(error, family, LTP_PARAMETER_SD, sd, "0 (no uncertainty) or more");
    return LTP_OK;
}

void ltp_transform_constant(ltp_transform *out, double value) {
    out->kind = LTP_TRANSFORM_AFFINE;
    out->intercept = out->mean = out->low = out->high = value;
    out->slope = out->sd = 0.0;
}

static double knot(int i) {
    return -LTP_TABLE_LIMIT + i * KNOT_WIDTH;
}

static ltp_status no_solution(const char *family, double z, ltp_error *error) {
    return ltp_error_set(error, LTP_ERROR_NUMERIC,
                         "the %s distribution has no computable quantile at z = %g; its parameters are too extreme",
                         family, z);
}

/* Values and slopes × width at the knots. */
static ltp_status fill_knots(double *table, const char *family, ltp_exact exact, const void *parameter,
                             ltp_error *error) {
    for (int i = 0; i < KNOTS; i++) {
        const ltp_point point = exact(parameter, knot(i));
        const double previous = i ? table[2 * i - 2] : -INFINITY;
        if (!gsl_finite(point.x))
            return no_solution(family, knot(i), error);
        /* Solutions agree to rounding only; a knot never falls below the one before. */
        table[2 * i] = point.x > previous ? point.x : previous;
        table[2 * i + 1] = point.slope > 0.0 && gsl_finite(point.slope) ? point.slope * KNOT_WIDTH : 0.0;
    }
    for (int i = 0; i < KNOTS; i++) {
        const double left = i > 0 ? table[2 * i] - table[2 * i - 2] : INFINITY;
        const double right = i < KNOTS - 1 ? table[2 * i + 2] - table[2 * i] : INFINITY;
        const double most = 3.0 * (left < right ? left : right);
        if (table[2 * i + 1] > most)
            table[2 * i + 1] = most;
    }
    return LTP_OK;
}

/* Largest error at the quarters of all intervals: the middle is where the smooth error peaks, the quarters catch a
 * kink (triangular at its mode). */
static ltp_status measure_error(ltp_transform *out, const char *family, ltp_exact exact, const void *parameter,
                                ltp_error *error) {
    double worst = 0.0;
    for (int i = 0; i < LTP_TABLE_INTERVALS; i++) {
        for (int quarter = 1; quarter <= 3; quarter++) {
            const double z = knot(i) + 0.25 * quarter * KNOT_WIDTH;
            const double x = exact(parameter, z).x;
            const double off = fabs(ltp_table_value(out->table, z) - x);
            const double relative = fmax(0.0, off - 8.0 * DBL_EPSILON * fabs(x)) / (out->sd + fabs(x - out->mean));
            if (!(relative <= worst)) /* true for NaN too */
                worst = relative;
            if (isnan(relative))
                return no_solution(family, z, error);
        }
    }
    out->table_error = worst;
    if (worst > LTP_TABLE_TOLERANCE)
        return ltp_error_set(error, LTP_ERROR_INPUT,
                             "the %s distribution with mean %.6g and sd %.6g is too skewed to compute to 1 part in "
                             "10,000 (error %.2g of its sd); use a smaller sd, or a discrete distribution",
                             family, out->mean, out->sd, worst);
    return LTP_OK;
}

ltp_status ltp_transform_tabulate(ltp_transform *out, const char *family, ltp_exact exact, const void *parameter,
                                  ltp_pool *pool, ltp_error *error) {
    double *table;
    ltp_status status = LTP_POOL_NEW(pool, &table, 2 * KNOTS, error);
    if (status == LTP_OK)
        status = fill_knots(table, family, exact, parameter, error);
    if (status != LTP_OK)
        return status;
    out->kind = LTP_TRANSFORM_TABLE;
    out->table = table;
    return measure_error(out, family, exact, parameter, error);
}

/* Q(u) = the first value with P(X ≤ value) ≥ u (Devroye 1986, Non-Uniform Random Variate Generation, pp. 83–87), so
 * the threshold of step k is the score of P(X ≤ value[k]), and x moves on strictly above it. */
ltp_status ltp_transform_steps(ltp_transform *out, size_t count, const double *value, const double *below,
                               const double *above, ltp_pool *pool, ltp_error *error) {
    double *threshold, *step;
    ltp_status status = LTP_POOL_NEW(pool, &step, count, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &threshold, count, error);
    if (status != LTP_OK)
        return status;
    for (size_t k = 0; k < count; k++) {
        step[k] = value[k];
        if (k + 1 < count)
            threshold[k] = ltp_normal_score(below[k], above[k]);
    }
    out->kind = LTP_TRANSFORM_STEP;
    out->step_count = count;
    out->step_value = step;
    out->threshold = threshold;
    return LTP_OK;
}

/* GSL's own gamma and beta inverses return NaN or do not end for shapes above a few hundred, which a savings driver
 * of 0.80 ± 0.01 reaches; its distribution functions are sound far beyond. So the inverse is ours. On the normal score
 * of P(Y ≤ y) the problem is nearly a straight line in y: Newton takes 2 to 4 steps, and a step from a miss of 1e-8
 * leaves 1e-16. */
double ltp_solve_score(ltp_distribution distribution, const void *parameter, double z, double start, double *slope) {
    const bool upper = z > 0.0;
    double low = -745.0, high = 710.0; /* exp of these still is a double above 0 */
    double y = start > low && start < high ? start : 0.0;
    for (int step = 0; step < 200; step++) {
        const ltp_tail at = distribution(parameter, y, upper);
        if (!(at.tail >= 0.0 && at.tail <= 1.0 + 1e-9))
            return NAN;
        const double tail = fmin(at.tail, 1.0); /* the score is ±∞ where a tail has vanished */
        const double score = upper ? gsl_cdf_ugaussian_Qinv(tail) : gsl_cdf_ugaussian_Pinv(tail);
        const double miss = score - z;
        *slope = ltp_normal_density(score) / at.density;
        if (miss > 0.0)
            high = y;
        else
            low = y;
        double next = y - miss * *slope;
        const bool inside = next > low && next < high;
        if (!inside)
            next = 0.5 * (low + high);
        if (fabs(miss) < 1e-8 || high - low <= 1e-15 * fmax(1.0, fabs(y)))
            return inside ? next : y;
        y = next;
    }
    return NAN;
}
