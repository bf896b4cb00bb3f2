/* What the families share while they compile: refusals in one form of words, the constant, the monotone table, the
 * steps, and the solver behind gamma and beta. Nothing here runs after compile. */
#ifndef LTP_MODELS_FAMILY_COMPILE_H
#define LTP_MODELS_FAMILY_COMPILE_H

#include "models/family.h"

#define LTP_MASK(PARAMETER) (1u << LTP_PARAMETER_##PARAMETER)

/* Largest error of a table that compiles: |table − exact| ≤ 1e-4·(sd + |x − mean|). What a family usually attains is
 * stated above its code and tested; parameters that cannot keep this one are refused, never approximated worse. */
#define LTP_TABLE_TOLERANCE 1e-4

/* "PARAMETER of a FAMILY distribution is FOUND; it must be EXPECTED" as LTP_ERROR_INPUT. */
ltp_status ltp_family_refuse(ltp_error *error, const char *family, ltp_parameter parameter, double found,
                             const char *expected, ...) __attribute__((format(printf, 5, 6)));

/* sd must be at least 0. (0 makes every family with an sd the constant `mean`: how one switches a driver off.) */
ltp_status ltp_family_check_sd(ltp_error *error, const char *family, double sd);

/* x = value, always. */
void ltp_transform_constant(ltp_transform *out, double value);

/* One point of x(z) = Q(Φ(z)). */
typedef struct {
    double x;     /* Q(Φ(z)) */
    double slope; /* dx/dz = φ(z)/f(x) ≥ 0; 0 where x has rounded to the end of its support */
} ltp_point;

/* x(z) and its slope, exact to rounding; x is NaN where no solution was found. */
typedef ltp_point (*ltp_exact)(const void *parameter, double z);

/* Fills out->kind and the table from `exact`; out->mean, sd, low and high must be set. Monotone cubic Hermite over
 * |z| ≤ LTP_TABLE_LIMIT, checked against `exact` between all knots. LTP_ERROR_INPUT where the table cannot keep
 * LTP_TABLE_TOLERANCE, LTP_ERROR_NUMERIC where `exact` failed. */
ltp_status ltp_transform_tabulate(ltp_transform *out, const char *family, ltp_exact exact, const void *parameter,
                                  ltp_pool *pool, ltp_error *error);

/* Fills a STEP transform from `count` rising distinct values with the probability of x ≤ value[k] (below) and of
 * x > value[k] (above): both, so that neither tail loses digits. */
ltp_status ltp_transform_steps(ltp_transform *out, size_t count, const double *value, const double *below,
                               const double *above, ltp_pool *pool, ltp_error *error);

/* Beta distribution on [low, high] with shapes a, b > 0: shared by beta and PERT. out->mean and sd are set here. */
ltp_status ltp_transform_beta(ltp_transform *out, const char *family, double low, double high, const double shape[2],
                              ltp_pool *pool, ltp_error *error);

/* A distribution function in the coordinate y (ln x, logit x) in which it is spread over the whole line. */
typedef struct {
    double tail;    /* upper ? P(Y > y) : P(Y ≤ y), with all its digits */
    double density; /* of y */
} ltp_tail;
typedef ltp_tail (*ltp_distribution)(const void *parameter, double y, bool upper);

/* y with Φ⁻¹(P(Y ≤ y)) = z, by Newton's method on that score, bisected wherever it would leave the bracket.
 * Returns NaN if 200 steps do not suffice. *slope = dy/dz. */
double ltp_solve_score(ltp_distribution distribution, const void *parameter, double z, double start, double *slope);

/* Standard normal: φ(z), Φ(z), 1 − Φ(z) and the inverse from whichever tail is smaller. */
double ltp_normal_density(double z);
double ltp_normal_below(double z);
double ltp_normal_above(double z);
double ltp_normal_score(double below, double above);

#endif
