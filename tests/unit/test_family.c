/* Families: exact moments, quantiles against GSL and closed forms, the stated error bounds of the tables, steps,
 * refusals. Nothing here is random. */
#include "tests/support/test.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <stdlib.h>

#include "models/family.h"
#include "models/transform.h"
#include "sim/core/block.h"
#include "tests/support/pool.h"

#define GRID (1 << 14) /* points of the fine grid over |z| ≤ 8: 32 to an interval, knots among them */

/* "mean=1 sd=0.5" */
static ltp_family_input read_input(const char *text) {
    ltp_family_input input;
    memset(&input, 0, sizeof input);
    while (*text) {
        const size_t length = strcspn(text, "=");
        char *end;
        int p = 0;
        while (p < LTP_PARAMETER_COUNT &&
               (strncmp(ltp_parameter_name[p], text, length) != 0 || ltp_parameter_name[p][length]))
            p++;
        assert_true(p < LTP_PARAMETER_COUNT);
        input.given[p] = true;
        input.value[p] = strtod(text + length + 1, &end);
        text = end + (*end == ' ');
    }
    return input;
}

static ltp_transform compile(const char *family, const char *text) {
    const ltp_family_input input = read_input(text);
    ltp_transform transform;
    if (ltp_family_compile(ltp_family_find(family), &input, pool, &transform, &problem) != LTP_OK)
        fail_msg("%s %s: %s", family, text, problem.message);
    return transform;
}

static ltp_transform compile_atoms(const char *family, size_t count, const double *value, const double *probability) {
    const ltp_family_input input = {.atom_count = count, .atom = value, .probability = probability};
    ltp_transform transform;
    if (ltp_family_compile(ltp_family_find(family), &input, pool, &transform, &problem) != LTP_OK)
        fail_msg("%s: %s", family, problem.message);
    return transform;
}

/* A row of GRID + 16 lanes: z from −8 to 8, then 8 again. */
static const double *grid(void) {
    static _Alignas(64) double z[GRID + 16];
    for (int i = 0; i < GRID + 16; i++)
        z[i] = i < GRID ? -8.0 + 16.0 * i / GRID : 8.0;
    return z;
}

static const double *apply_grid(const ltp_transform *transform) {
    static _Alignas(64) double x[GRID + 16];
    uint64_t beyond = 0;
    ltp_transform_apply(transform, grid(), x, GRID + 16, &beyond);
    assert_int_equal(beyond, 0);
    return x;
}

static double apply_one(const ltp_transform *transform, double at, uint64_t *beyond) {
    _Alignas(64) double z[16] = {0}, x[16];
    z[5] = at;
    ltp_transform_apply(transform, z, x, 16, beyond);
    return x[5];
}

/* ---- the list -------------------------------------------------------------------------------------------------- */

static void test_list_is_complete_and_documented(void **state) {
    (void)state;
    static const char *const expected[] = {"fixed",   "normal",   "lognormal", "truncated_normal", "uniform",
                                           "pert",    "beta",     "gamma",     "student_t",        "triangular",
                                           "metalog", "discrete", "poisson",   "empirical"};
    size_t count;
    const ltp_family *const *all = ltp_family_all(&count);
    assert_int_equal(count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(ltp_family_find(expected[i]));
        assert_ptr_equal(ltp_family_find(all[i]->name), all[i]);
        assert_true(strlen(all[i]->doc) > 20 && strlen(all[i]->source) > 5);
        assert_int_equal(all[i]->required & all[i]->optional, 0);
    }
    assert_null(ltp_family_find("gaussian"));
    for (int p = 0; p < LTP_PARAMETER_COUNT; p++)
        assert_non_null(ltp_parameter_name[p]);
}

/* ---- moments and support --------------------------------------------------------------------------------------- */

static void test_moments_are_the_closed_forms(void **state) {
    (void)state;
    const double half_normal_sd = sqrt(1.0 - 2.0 / M_PI), l9 = log(9.0);
    const struct {
        const char *family, *text;
        double mean, sd, low, high;
    } cases[] = {
        {"fixed", "mean=0.031", 0.031, 0.0, 0.031, 0.031},
        {"fixed", "value=-2", -2.0, 0.0, -2.0, -2.0},
        {"normal", "mean=0.02 sd=0.01", 0.02, 0.01, -INFINITY, INFINITY},
        {"normal", "mean=0.02 sd=0", 0.02, 0.0, 0.02, 0.02},
        {"lognormal", "mean=1.2 sd=0.5", 1.2, 0.5, 0.0, INFINITY},
        {"truncated_normal", "mean=0 sd=1 min=0", sqrt(2.0 / M_PI), half_normal_sd, 0.0, INFINITY},
        {"truncated_normal", "mean=3 sd=2 max=3", 3.0 - 2.0 * sqrt(2.0 / M_PI), 2.0 * half_normal_sd, -INFINITY, 3.0},
        {"truncated_normal", "mean=5 sd=2 min=4.999 max=5.001", 5.0,
         0.002 / sqrt(12.0) * (1.0 - 0.0005 * 0.0005 / 15.0), 4.999, 5.001},
        {"uniform", "min=-1 max=3", 1.0, 4.0 / sqrt(12.0), -1.0, 3.0},
        {"triangular", "min=0 mode=0.3 max=1", 1.3 / 3.0, sqrt((0.09 + 1.0 - 0.3) / 18.0), 0.0, 1.0},
        {"pert", "min=1 mode=2 max=5", 14.0 / 6.0, sqrt((14.0 / 6.0 - 1.0) * (5.0 - 14.0 / 6.0) / 7.0), 1.0, 5.0},
        {"beta", "mean=0.8 sd=0.1", 0.8, 0.1, 0.0, 1.0},
        {"beta", "mean=12 sd=2 min=10 max=20", 12.0, 2.0, 10.0, 20.0},
        {"gamma", "mean=3 sd=2", 3.0, 2.0, 0.0, INFINITY},
        {"student_t", "mean=1 sd=0.2 df=5", 1.0, 0.2, -INFINITY, INFINITY},
        {"poisson", "rate=2.5", 2.5, sqrt(2.5), 0.0, INFINITY},
        /* p50 halfway: a logistic with scale (p90 − p10)/(2 ln 9) and sd scale·π/√3 */
        {"metalog", "p10=-1 p50=1 p90=3", 1.0, 4.0 / (2.0 * l9) * M_PI / sqrt(3.0), -INFINITY, INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ltp_transform t = compile(cases[i].family, cases[i].text);
        assert_near(t.mean, cases[i].mean, 1e-12 * (fabs(cases[i].mean) + cases[i].sd));
        assert_near(t.sd, cases[i].sd, 1e-9 * cases[i].sd);
        assert_true(t.low == cases[i].low && t.high == cases[i].high);
    }
    const double value[] = {5.0, -1.0, 2.0}, probability[] = {0.2, 0.5, 0.3}, history[] = {3.0, 1.0, 3.0, 1.0, 7.0};
    const ltp_transform discrete = compile_atoms("discrete", 3, value, probability);
    assert_near(discrete.mean, 1.1, 1e-15);
    assert_near(discrete.sd, sqrt(0.2 * 15.21 + 0.5 * 4.41 + 0.3 * 0.81), 1e-15);
    const ltp_transform empirical = compile_atoms("empirical", 5, history, NULL);
    assert_near(empirical.mean, 3.0, 1e-15);
    assert_near(empirical.sd, sqrt((0.0 + 4.0 + 0.0 + 4.0 + 16.0) / 5.0), 1e-15);
    assert_int_equal(empirical.step_count, 3);
}

static void test_sd_of_zero_is_the_mean(void **state) {
    (void)state;
    static const char *const family[] = {"normal", "lognormal", "gamma", "beta"};
    for (size_t i = 0; i < sizeof family / sizeof *family; i++) {
        const ltp_transform t = compile(family[i], "mean=0.5 sd=0");
        uint64_t beyond = 0;
        assert_true(apply_one(&t, 3.0, &beyond) == 0.5);
    }
}

/* ---- quantiles and error bounds -------------------------------------------------------------------------------- */

/* Exact x(z) of a case, from its parameters p. */
typedef double (*oracle)(const double *p, double z);

static double below(double z) {
    return gsl_cdf_ugaussian_P(z);
}
static double above(double z) {
    return gsl_cdf_ugaussian_Q(z);
}

static double lognormal(const double *p, double z) { /* zeta, sigma */
    return z < 0.0 ? gsl_cdf_lognormal_Pinv(below(z), p[0], p[1]) : gsl_cdf_lognormal_Qinv(above(z), p[0], p[1]);
}
static double uniform(const double *p, double z) {
    return z < 0.0 ? gsl_cdf_flat_Pinv(below(z), p[0], p[1]) : gsl_cdf_flat_Qinv(above(z), p[0], p[1]);
}
static double half_normal(const double *p, double z) { /* mean, sd; cut at the mean */
    return p[0] + p[1] * gsl_cdf_ugaussian_Qinv(0.5 * above(z));
}
static double both_ends(const double *p, double z) { /* mean 0, sd 1, min, max */
    const double u = gsl_cdf_ugaussian_P(p[0]) + below(z) * (gsl_cdf_ugaussian_P(p[1]) - gsl_cdf_ugaussian_P(p[0]));
    return gsl_cdf_ugaussian_Pinv(u);
}
static double triangular(const double *p, double z) { /* min, mode, max */
    const double u = below(z), width = p[2] - p[0];
    return u < (p[1] - p[0]) / width ? p[0] + sqrt(u * width * (p[1] - p[0]))
                                     : p[2] - sqrt(above(z) * width * (p[2] - p[1]));
}
static double beta(const double *p, double z) { /* min, max, a, b */
    return z < 0.0 ? p[0] + (p[1] - p[0]) * gsl_cdf_beta_Pinv(below(z), p[2], p[3])
                   : p[1] - (p[1] - p[0]) * gsl_cdf_beta_Pinv(above(z), p[3], p[2]);
}
static double gamma_of(const double *p, double z) { /* shape, scale */
    return z < 0.0 ? gsl_cdf_gamma_Pinv(below(z), p[0], p[1]) : gsl_cdf_gamma_Qinv(above(z), p[0], p[1]);
}
static double student(const double *p, double z) { /* mean, scale, df */
    return p[0] + p[1] * (z < 0.0 ? gsl_cdf_tdist_Pinv(below(z), p[2]) : gsl_cdf_tdist_Qinv(above(z), p[2]));
}
static double metalog(const double *p, double z) { /* a1, a2, a3 */
    const double u = below(z), v = above(z), logit = log(u / v);
    return p[0] + p[1] * logit + p[2] * (u - v) / 2.0 * logit;
}

typedef struct {
    const char *family, *text;
    oracle exact;
    double p[4];
    double bound;    /* of |x − exact| ÷ (sd + |exact − mean|), all |z| ≤ 8 */
    double bound_sd; /* of |x − exact| ÷ sd, |z| ≤ 4: all but 6 draws in 100,000 */
} quantile_case;

/* sigma² = ln(1 + (sd/mean)²), zeta = ln(mean) − sigma²/2 */
#define LOGNORMAL(TEXT, RATIO, BOUND, BOUND_SD)                                                                        \
    { "lognormal", TEXT, lognormal, {-0.5 * log1p((RATIO) * (RATIO)), sqrt(log1p((RATIO) * (RATIO)))}, BOUND, BOUND_SD }

static size_t quantile_cases(quantile_case *out) {
    const double l9 = log(9.0);
    const quantile_case cases[] = {
        LOGNORMAL("mean=1 sd=0.1", 0.1, 1e-11, 1e-11),
        LOGNORMAL("mean=1 sd=0.5", 0.5, 5e-10, 3e-9),
        LOGNORMAL("mean=1 sd=1", 1.0, 2e-9, 4e-8),
        LOGNORMAL("mean=1 sd=3", 3.0, 2e-8, 1e-6),
        LOGNORMAL("mean=1 sd=1000", 1000.0, 1e-6, 3e-6),
        {"truncated_normal", "mean=2 sd=3 min=2", half_normal, {2.0, 3.0}, 5e-8, 5e-9},
        {"truncated_normal", "mean=0 sd=1 min=-2 max=1", both_ends, {-2.0, 1.0}, 5e-8, 5e-8},
        {"uniform", "min=-1 max=3", uniform, {-1.0, 3.0}, 5e-9, 5e-9},
        {"triangular", "min=0 mode=0.3 max=1", triangular, {0.0, 0.3, 1.0}, 2e-5, 2e-5},
        {"triangular", "min=0 mode=0.5 max=1", triangular, {0.0, 0.5, 1.0}, 5e-9, 5e-9},
        {"triangular", "min=0 mode=0 max=1", triangular, {0.0, 0.0, 1.0}, 5e-9, 5e-9},
        {"triangular", "min=0 mode=0.97 max=1", triangular, {0.0, 0.97, 1.0}, 2e-5, 2e-5},
        {"pert", "min=1 mode=2 max=5", beta, {1.0, 5.0, 2.0, 4.0}, 5e-9, 5e-9},
        {"pert", "min=0 mode=1 max=1", beta, {0.0, 1.0, 5.0, 1.0}, 5e-9, 5e-9},
        {"beta", "mean=0.8 sd=0.1", beta, {0.0, 1.0, 12.0, 3.0}, 1e-8, 1e-8},
        {"beta", "mean=0.5 sd=0.35355339059327379", beta, {0.0, 1.0, 0.5, 0.5}, 5e-8, 5e-8},
        {"beta", "mean=12 sd=2 min=10 max=20", beta, {10.0, 20.0, 0.6, 2.4}, 1e-8, 1e-8},
        {"beta", "mean=0.5 sd=0.44", beta, {0.0, 1.0, 0.14566115702479338, 0.14566115702479338}, 2e-6, 2e-6},
        {"gamma", "mean=1 sd=0.2", gamma_of, {25.0, 0.04}, 5e-9, 5e-9},
        {"gamma", "mean=3 sd=3", gamma_of, {1.0, 3.0}, 5e-9, 5e-9},
        {"gamma", "mean=2 sd=2.8284271247461903", gamma_of, {0.5, 4.0}, 5e-9, 5e-9},
        {"student_t", "mean=1 sd=0.2 df=2.5", student, {1.0, 0.2 * sqrt(0.2), 2.5}, 1e-6, 1e-6},
        {"student_t", "mean=1 sd=0.2 df=5", student, {1.0, 0.2 * sqrt(0.6), 5.0}, 1e-7, 1e-7},
        {"student_t", "mean=1 sd=0.2 df=60", student, {1.0, 0.2 * sqrt(58.0 / 60.0), 60.0}, 1e-10, 1e-10},
        {"metalog", "p10=1 p50=2 p90=4", metalog, {2.0, 3.0 / (2.0 * l9), 1.0 / (0.8 * l9)}, 5e-9, 5e-9},
        {"metalog", "p10=0 p50=0.1667 p90=1", metalog, {0.1667, 1.0 / (2.0 * l9), 0.6666 / (0.8 * l9)}, 5e-9, 1e-8},
    };
    memcpy(out, cases, sizeof cases);
    return sizeof cases / sizeof *cases;
}

/* Largest errors of x on the fine grid, in the two measures of a case. */
static void measure(const quantile_case *c, const ltp_transform *t, const double *x, double worst[2]) {
    const double *z = grid();
    worst[0] = worst[1] = 0.0;
    for (int i = 0; i <= GRID; i++) {
        const double exact = c->exact(c->p, z[i]);
        const double off = fabs(x[i] - exact);
        assert_true(off >= 0.0); /* GSL found a quantile */
        worst[0] = fmax(worst[0], off / (t->sd + fabs(exact - t->mean)));
        if (fabs(z[i]) <= 4.0)
            worst[1] = fmax(worst[1], off / t->sd);
    }
}

static void test_quantiles_keep_their_stated_bounds(void **state) {
    (void)state;
    quantile_case cases[64];
    const size_t count = quantile_cases(cases);
    for (size_t k = 0; k < count; k++) {
        const ltp_transform t = compile(cases[k].family, cases[k].text);
        double worst[2];
        assert_int_equal(t.kind, LTP_TRANSFORM_TABLE);
        measure(&cases[k], &t, apply_grid(&t), worst);
        printf("# %-17s %-34s %.1e (sd + |x - mean|), %.1e sd within 4\n", cases[k].family, cases[k].text, worst[0],
               worst[1]);
        assert_near(worst[0], 0.0, cases[k].bound);
        assert_near(worst[1], 0.0, cases[k].bound_sd);
        assert_near(t.table_error, 0.0, cases[k].bound);
    }
}

/* Shapes without an oracle of their own: the error that the compiler itself finds keeps what each file states. */
static void test_extreme_shapes_keep_their_stated_bounds(void **state) {
    (void)state;
    static const struct {
        const char *family, *text;
        double bound;
    } cases[] = {
        {"gamma", "mean=1 sd=0.01", 1e-8},
        {"gamma", "mean=1 sd=3", 1e-8},
        {"gamma", "mean=1 sd=10", 1e-6},
        {"gamma", "mean=1 sd=0.0041", 5e-8},
        {"beta", "mean=0.8 sd=0.001", 5e-8},
        {"beta", "mean=0.01 sd=0.05", 2e-6},
        {"student_t", "mean=0 sd=1 df=2.01", 1e-6},
        {"truncated_normal", "mean=0.8 sd=0.1 min=0 max=1", 5e-8},
        {"pert", "min=0 mode=0.001 max=1", 5e-9},
        {"truncated_normal", "mean=0 sd=1 min=20", 5e-8},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        assert_near(compile(cases[k].family, cases[k].text).table_error, 0.0, cases[k].bound);
}

/* The check on quantiles can fail: the same table without its slopes, and a table of other parameters. */
static void test_quantile_check_sees_a_wrong_table(void **state) {
    (void)state;
    const quantile_case c = LOGNORMAL("mean=1 sd=0.5", 0.5, 1e-9, 1e-9);
    ltp_transform t = compile("lognormal", "mean=1 sd=0.5");
    double flat[2 * (LTP_TABLE_INTERVALS + 1)], worst[2];
    for (int i = 0; i <= LTP_TABLE_INTERVALS; i++) {
        flat[2 * i] = t.table[2 * i];
        flat[2 * i + 1] = 0.0;
    }
    t.table = flat;
    measure(&c, &t, apply_grid(&t), worst);
    assert_true(worst[0] > 1e3 * c.bound);
    const ltp_transform other = compile("lognormal", "mean=1 sd=0.50001");
    measure(&c, &other, apply_grid(&other), worst);
    assert_true(worst[0] > 1e3 * c.bound);
}

/* Where GSL has no inverse: its distribution function at our quantile must give z back. */
static void test_narrow_shapes_solve_their_distribution(void **state) {
    (void)state;
    const ltp_transform narrow_beta = compile("beta", "mean=0.25 sd=0.00216503807058"); /* a = 10,000, b = 30,000 */
    const ltp_transform narrow_gamma = compile("gamma", "mean=1 sd=0.005");             /* shape 40,000 */
    const double total = 0.25 * 0.75 / (narrow_beta.sd * narrow_beta.sd) - 1.0;
    const double *z = grid();
    for (int which = 0; which < 2; which++) {
        const double *x = apply_grid(which ? &narrow_gamma : &narrow_beta);
        for (int i = 0; i <= GRID; i += 16) {
            const double upper =
                which ? gsl_cdf_gamma_Q(x[i], 40000.0, 2.5e-5) : gsl_cdf_beta_P(1.0 - x[i], 0.75 * total, 0.25 * total);
            const double lower =
                which ? gsl_cdf_gamma_P(x[i], 40000.0, 2.5e-5) : gsl_cdf_beta_P(x[i], 0.25 * total, 0.75 * total);
            assert_near(z[i] > 0.0 ? gsl_cdf_ugaussian_Qinv(upper) : gsl_cdf_ugaussian_Pinv(lower), z[i], 1e-7);
        }
    }
}

static void test_tables_are_monotone_and_stay_in_their_support(void **state) {
    (void)state;
    quantile_case cases[64];
    const size_t count = quantile_cases(cases);
    for (size_t k = 0; k < count; k++) {
        const ltp_transform t = compile(cases[k].family, cases[k].text);
        const double *x = apply_grid(&t);
        for (int i = 0; i <= GRID; i++) {
            /* Within an interval rounding may move the last digits; at the knots (every 32nd) nothing may. */
            const double rounding = i % 32 ? 4.0 * DBL_EPSILON * fmax(fabs(x[i]), fabs(t.mean) + t.sd) : 0.0;
            assert_true(i == 0 || x[i] >= x[i - 1] - rounding);
            assert_true(x[i] >= t.low && x[i] <= t.high);
            assert_true(i % 32 || x[i] == t.table[2 * (i / 32)]);
        }
    }
}

static void test_metalog_passes_through_its_percentiles(void **state) {
    (void)state;
    const ltp_transform t = compile("metalog", "p10=-3 p50=2 p90=4");
    uint64_t beyond = 0;
    assert_near(apply_one(&t, gsl_cdf_ugaussian_Pinv(0.1), &beyond), -3.0, 1e-7);
    assert_near(apply_one(&t, 0.0, &beyond), 2.0, 1e-12);
    assert_near(apply_one(&t, gsl_cdf_ugaussian_Pinv(0.9), &beyond), 4.0, 1e-7);
}

/* The vector clones give the bits of the plain inline arithmetic. */
static void test_lanes_have_the_bits_of_the_scalar(void **state) {
    (void)state;
    const ltp_transform t = compile("gamma", "mean=1 sd=0.7");
    const double *x = apply_grid(&t), *z = grid();
    for (int i = 0; i < GRID + 16; i++) {
        const double scalar = ltp_table_value(t.table, z[i]);
        assert_memory_equal(&x[i], &scalar, sizeof scalar);
    }
}

static void test_draws_beyond_the_table_are_counted(void **state) {
    (void)state;
    const ltp_transform table = compile("lognormal", "mean=1 sd=0.5"), line = compile("normal", "mean=1 sd=2");
    const ltp_transform step = compile("poisson", "rate=3");
    uint64_t beyond = 0;
    assert_true(apply_one(&table, 8.0, &beyond) == table.table[2 * LTP_TABLE_INTERVALS]);
    assert_true(apply_one(&table, -8.0, &beyond) == table.table[0]);
    assert_int_equal(beyond, 0);
    assert_true(apply_one(&table, 8.01, &beyond) == table.table[2 * LTP_TABLE_INTERVALS]);
    assert_true(apply_one(&table, -1e300, &beyond) == table.table[0]);
    assert_true(apply_one(&table, NAN, &beyond) == table.table[0]);
    assert_true(apply_one(&table, INFINITY, &beyond) == table.table[2 * LTP_TABLE_INTERVALS]);
    assert_int_equal(beyond, 4);
    assert_true(apply_one(&step, 9.0, &beyond) == step.step_value[step.step_count - 1]);
    assert_int_equal(beyond, 5);
    assert_true(apply_one(&line, 9.0, &beyond) == 19.0);
    assert_int_equal(beyond, 5);
}

/* ---- steps ----------------------------------------------------------------------------------------------------- */

static void test_steps_change_exactly_at_their_thresholds(void **state) {
    (void)state;
    const double value[] = {10.0, -5.0, 0.0, 2.0}, probability[] = {0.1, 0.25, 0.65, 0.0};
    const ltp_transform t = compile_atoms("discrete", 4, value, probability);
    uint64_t beyond = 0;
    assert_int_equal(t.kind, LTP_TRANSFORM_STEP);
    assert_int_equal(t.step_count, 3); /* 2.0 cannot happen */
    const double first = gsl_cdf_ugaussian_Pinv(0.25), second = gsl_cdf_ugaussian_Qinv(0.1);
    assert_near(t.threshold[0], first, 1e-14);
    assert_near(t.threshold[1], second, 1e-14);
    assert_true(apply_one(&t, -7.0, &beyond) == -5.0);
    assert_true(apply_one(&t, t.threshold[0], &beyond) == -5.0); /* u = P(X ≤ −5) exactly still gives −5 */
    assert_true(apply_one(&t, nextafter(t.threshold[0], 9.0), &beyond) == 0.0);
    assert_true(apply_one(&t, t.threshold[1], &beyond) == 0.0);
    assert_true(apply_one(&t, nextafter(t.threshold[1], 9.0), &beyond) == 10.0);
    assert_true(apply_one(&t, 7.0, &beyond) == 10.0);
}

/* Histories of 2 to 300 values: both ways of searching against the definition Q(u) = sorted[⌈nu⌉ − 1]. */
static void test_empirical_is_its_definition_for_any_length(void **state) {
    (void)state;
    static const size_t length[] = {2, 3, 16, 17, 24, 25, 31, 64, 80, 81, 82, 83, 300};
    const double *z = grid();
    for (size_t k = 0; k < sizeof length / sizeof *length; k++) {
        const size_t n = length[k];
        double history[300];
        for (size_t i = 0; i < n; i++)
            history[i] = (double)((i * 7919) % n); /* each of 0 … n−1 once (7919 is prime and larger) */
        const ltp_transform t = compile_atoms("empirical", n, history, NULL);
        const double *x = apply_grid(&t);
        assert_int_equal(t.step_count, n);
        for (int i = 0; i <= GRID; i++) {
            const double rank = (double)n * below(z[i]);
            if (fabs(rank - rint(rank)) > 1e-9) /* off the thresholds, where Φ rounds */
                assert_true(x[i] == ceil(rank) - 1.0);
            else if (z[i] < -1.0 && rank < 0.5)
                assert_true(x[i] == 0.0);
        }
    }
}

static void test_poisson_inverts_its_distribution(void **state) {
    (void)state;
    static const char *const text[] = {"rate=0.01", "rate=3", "rate=40", "rate=900"};
    const double *z = grid();
    for (size_t k = 0; k < 4; k++) {
        const ltp_transform t = compile("poisson", text[k]);
        const double *x = apply_grid(&t);
        for (int i = 0; i <= GRID; i += 7) {
            const unsigned count = (unsigned)x[i];
            if (z[i] < 0.0) {
                assert_true(gsl_cdf_poisson_P(count, t.mean) >= below(z[i]) * (1.0 - 1e-9));
                assert_true(count == 0 || gsl_cdf_poisson_P(count - 1, t.mean) <= below(z[i]) * (1.0 + 1e-9));
            } else {
                assert_true(gsl_cdf_poisson_Q(count, t.mean) <= above(z[i]) * (1.0 + 1e-9));
                assert_true(count == 0 || gsl_cdf_poisson_Q(count - 1, t.mean) >= above(z[i]) * (1.0 - 1e-9));
            }
        }
        assert_true(gsl_cdf_poisson_Q((unsigned)t.step_value[t.step_count - 1], t.mean) < 1e-12);
    }
    const ltp_transform large = compile("poisson", "rate=50000");
    for (size_t k = 1; k + 1 < large.step_count; k++)
        assert_true(large.threshold[k] > large.threshold[k - 1]);
    assert_null(compile("poisson", "rate=0").threshold);
}

/* ---- refusals -------------------------------------------------------------------------------------------------- */

static void assert_refused(const char *family, const ltp_family_input *input, const char *const parts[3]) {
    ltp_transform transform;
    assert_int_equal(ltp_family_compile(ltp_family_find(family), input, pool, &transform, &problem), LTP_ERROR_INPUT);
    for (int i = 0; i < 3 && parts[i]; i++) {
        if (!strstr(problem.message, parts[i]))
            fail_msg("%s: \"%s\" lacks \"%s\"", family, problem.message, parts[i]);
    }
}

static void test_refusals_say_what_was_found_and_what_is_allowed(void **state) {
    (void)state;
    static const struct {
        const char *family, *text, *parts[3];
    } cases[] = {
        {"fixed", "", {"needs mean or value"}},
        {"fixed", "mean=1 value=2", {"mean 1 and value 2", "exactly one"}},
        {"fixed", "mean=1 sd=2", {"does not use sd (found 2)", "mean (optional), value (optional)"}},
        {"normal", "mean=1", {"normal", "needs sd", "uses mean, sd"}},
        {"normal", "mean=1 sd=-0.5", {"sd of the normal distribution is -0.5", "0 (no uncertainty) or more"}},
        {"normal", "mean=nan sd=1", {"mean of the normal distribution is nan", "finite"}},
        {"normal", "mean=1 sd=inf", {"sd of the normal distribution is inf", "finite"}},
        {"lognormal", "mean=0 sd=1", {"mean of the lognormal distribution is 0", "above 0"}},
        {"lognormal", "mean=1 sd=-1", {"sd of the lognormal"}},
        {"truncated_normal", "mean=1 sd=1", {"needs min, max or both"}},
        {"truncated_normal", "mean=1 sd=1 min=2 max=2", {"min of the truncated_normal", "below max, 2"}},
        {"truncated_normal", "mean=1 sd=-1 min=2", {"sd of the truncated_normal"}},
        {"truncated_normal", "mean=1 sd=0 min=2", {"mean of the truncated_normal", "within min and max"}},
        {"truncated_normal", "mean=0 sd=1 min=50", {"leave 0 of a normal", "closer to the mean"}},
        {"uniform", "min=3 max=1", {"min of the uniform distribution is 3", "below max, 1"}},
        {"triangular", "min=3 mode=3 max=3", {"min of the triangular", "below max, 3"}},
        {"triangular",
         "min=0 mode=4 max=3",
         {"mode of the triangular distribution is 4", "between min and max, 0 and 3"}},
        {"pert", "min=0 mode=-1 max=3", {"mode of the pert distribution is -1", "0 and 3"}},
        {"pert", "min=4 mode=-1 max=3", {"min of the pert distribution is 4", "below max, 3"}},
        {"beta", "mean=1.2 sd=0.1", {"mean of the beta distribution is 1.2", "between min and max, 0 and 1"}},
        {"beta", "mean=0.5 sd=0.6", {"sd of the beta distribution is 0.6", "below 0.5"}},
        {"beta", "mean=0.5 sd=-1", {"sd of the beta distribution is -1"}},
        {"beta", "mean=0.5 sd=0.1 min=2", {"min of the beta distribution is 2", "below max (1)"}},
        {"beta", "mean=0.5 sd=0.0001", {"beta", "too narrow", "truncated_normal"}},
        {"beta", "mean=0.5 sd=0.495", {"too skewed", "1 part in 10,000"}},
        {"gamma", "mean=-1 sd=1", {"mean of the gamma distribution is -1", "above 0"}},
        {"gamma", "mean=1 sd=-1", {"sd of the gamma distribution is -1"}},
        {"gamma", "mean=1 sd=0.001", {"sd of the gamma distribution is 0.001", "at least 1/250", "use normal"}},
        {"student_t", "mean=0 sd=1 df=2", {"df of the student_t distribution is 2", "above 2"}},
        {"student_t", "mean=0 sd=-1 df=5", {"sd of the student_t"}},
        {"poisson", "rate=-1", {"rate of the poisson distribution is -1", "between 0 and 50,000"}},
        {"poisson", "rate=60000", {"rate of the poisson distribution is 60000", "normal"}},
        {"poisson", "", {"needs rate"}},
        {"metalog", "p10=4 p50=3 p90=1", {"p10 of the metalog distribution is 4", "below p90, 1"}},
        {"metalog", "p10=1 p50=9.8 p90=10", {"p50 of the metalog distribution is 9.8", "2.4992 and 8.5008", "Keelin"}},
        {"discrete", "", {"discrete", "needs value_1, probability_1", "none is given"}},
        {"empirical", "", {"empirical", "needs history_file"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ltp_family_input input = read_input(cases[i].text);
        assert_refused(cases[i].family, &input, cases[i].parts);
    }
}

static void test_refusals_of_lists(void **state) {
    (void)state;
    static const double value[] = {1.0, 2.0, 1.0}, odd[] = {1.0, NAN};
    static const double short_sum[] = {0.3, 0.3, 0.3}, negative[] = {1.2, -0.4, 0.2}, good[] = {0.3, 0.3, 0.4};
    static const struct {
        const char *family;
        size_t count;
        const double *value, *probability;
        const char *parts[3];
    } cases[] = {
        {"discrete", 3, value, short_sum, {"sum to 0.9", "must sum to 1"}},
        {"discrete", 3, value, negative, {"probability_1", "1.2", "between 0 and 1"}},
        {"discrete", 3, value, good, {"1 stands twice"}},
        {"discrete", 3, value, NULL, {"does not use a history", "value_1"}},
        {"discrete", 2, odd, good, {"value 2 of the discrete distribution is nan"}},
        {"empirical", 1, value, NULL, {"has 1 value", "at least 2"}},
        {"empirical", 3, value, good, {"does not use value_N", "history_file"}},
        {"normal", 3, value, NULL, {"needs mean"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ltp_family_input input = {
            .atom_count = cases[i].count, .atom = cases[i].value, .probability = cases[i].probability};
        assert_refused(cases[i].family, &input, cases[i].parts);
    }
    ltp_family_input both = read_input("mean=1 sd=1");
    both.atom_count = 3;
    both.atom = value;
    assert_refused("normal", &both, (const char *const[3]){"normal", "does not use a history", "mean, sd"});
}

static void test_heavy_tails_are_warned_of(void **state) {
    (void)state;
    const ltp_family *student_t = ltp_family_find("student_t");
    ltp_family_input input = read_input("mean=0 sd=1 df=4");
    assert_non_null(strstr(ltp_family_warning(student_t, &input), "fourth moment"));
    input = read_input("mean=0 sd=1 df=4.01");
    assert_null(ltp_family_warning(student_t, &input));
    assert_null(ltp_family_warning(ltp_family_find("normal"), &input));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list_is_complete_and_documented),
        cmocka_unit_test(test_moments_are_the_closed_forms),
        cmocka_unit_test(test_sd_of_zero_is_the_mean),
        cmocka_unit_test(test_quantiles_keep_their_stated_bounds),
        cmocka_unit_test(test_extreme_shapes_keep_their_stated_bounds),
        cmocka_unit_test(test_quantile_check_sees_a_wrong_table),
        cmocka_unit_test(test_narrow_shapes_solve_their_distribution),
        cmocka_unit_test(test_tables_are_monotone_and_stay_in_their_support),
        cmocka_unit_test(test_metalog_passes_through_its_percentiles),
        cmocka_unit_test(test_lanes_have_the_bits_of_the_scalar),
        cmocka_unit_test(test_draws_beyond_the_table_are_counted),
        cmocka_unit_test(test_steps_change_exactly_at_their_thresholds),
        cmocka_unit_test(test_empirical_is_its_definition_for_any_length),
        cmocka_unit_test(test_poisson_inverts_its_distribution),
        cmocka_unit_test(test_refusals_say_what_was_found_and_what_is_allowed),
        cmocka_unit_test(test_refusals_of_lists),
        cmocka_unit_test(test_heavy_tails_are_warned_of),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, open_pool, close_pool);
}
