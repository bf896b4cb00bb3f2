/* The worked example's distribution: gaps are exactly normal and comonotone, so mean, sd, P10, P90, P(≤ 0) and expected
 * shortfall are known. Each is checked to SAMPLE_ERRORS standard errors of plain sampling, for Latin hypercube and for
 * plain draws: 36 checks of 5.7e-7 each, so a right program fails for one seed in 50,000. The same checks must fail for
 * models that are wrong in one number. */
#include <stdlib.h>

#include "tests/support/sample.h"
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define MINIMAL "scenarios/minimal"
#define BLOCKS 10
#define PATHS ((size_t)BLOCKS * LTP_BLOCK)
#define DENSITY90 0.17549833193248685 /* φ at the 90% point */

static const struct {
    const char *who;
    double mean, sd, p10, p90, at_most_0, shortfall;
} table[] = {{"T", 8.374, 1.9704, 5.8488, 10.8992, 1.069e-5, 11.8320},
             {"C", -2.498, 0.8216, -3.5509, -1.4451, 0.998819, -1.0561},
             {NULL, 5.876, 2.7920, 2.2979, 9.4541, 0.017664, 10.7759}};

static double *gaps(const char *path, const char *const *overrides, ltp_sampling sampling, const char *who) {
    simulation s = simulation_open(path, overrides);
    s.keep = KEEP_GAP;
    s.plan->model.sampling = sampling;
    double *x = malloc(PATHS * sizeof *x);
    assert_non_null(x);
    for (uint32_t block = 0; block < BLOCKS; block++) {
        simulation_run(&s, block);
        for (size_t i = 0; i < LTP_BLOCK; i++)
            x[block * LTP_BLOCK + i] = simulation_gap(&s, who, "do_nothing", 1, i);
    }
    simulation_close(&s);
    return x;
}

/* Largest distance of the six statistics from row k of the table, in standard errors; half a printed digit is let
 * pass. */
static double distance(double *x, int k) {
    const double sd = table[k].sd, n = (double)PATHS, printed = 0.5e-4;
    const double quantile_error = 0.3 / DENSITY90 * sd / sqrt(n);
    /* Var (X − q)+ of a normal, in sd², at its 90% point a: (1 + a²)·0.1 − aφ − (φ − 0.1a)² */
    const double a = 1.2815515655446004, excess = DENSITY90 - 0.1 * a;
    const double shortfall_error = sqrt(((1 + a * a) * 0.1 - a * DENSITY90 - excess * excess) / n) / 0.1 * sd + printed;
    double worst = fmax(fabs(sample_distance(sample_mean(x, PATHS), table[k].mean, sd / sqrt(n) + printed)),
                        fabs(sample_distance_sd(x, PATHS, sd)));
    size_t hits = 0;
    for (size_t i = 0; i < PATHS; i++)
        hits += x[i] <= 0.0;
    worst = fmax(worst, fabs(sample_distance(sample_quantile(x, PATHS, 0.1), table[k].p10, quantile_error + printed)));
    worst = fmax(worst, fabs(sample_distance(sample_quantile(x, PATHS, 0.9), table[k].p90, quantile_error + printed)));
    worst = fmax(worst, fabs(sample_distance(sample_shortfall(x, PATHS, 0.9), table[k].shortfall, shortfall_error)));
    if (table[k].at_most_0 < 1e-3) /* 0.11 hits expected: more than 4 have a chance of 1.2e-7 */
        return hits > 4 ? 1e6 : worst;
    return fmax(worst, fabs(sample_distance_frequency(hits, PATHS, table[k].at_most_0)));
}

static void gaps_are_normal_as_computed_by_hand(void **state) {
    (void)state;
    static const ltp_sampling sampling[] = {LTP_SAMPLING_LHS, LTP_SAMPLING_RANDOM};
    for (int how = 0; how < 2; how++)
        for (int k = 0; k < 3; k++) {
            double *x = gaps(MINIMAL, NULL, sampling[how], table[k].who);
            const double worst = distance(x, k);
            free(x);
            if (!(worst < SAMPLE_ERRORS))
                fail_msg("%s: %.1f standard errors off", table[k].who ? table[k].who : "system", worst);
        }
}

static void wrong_models_are_caught(void **state) {
    (void)state;
    static const struct {
        const char *change;
        int row; /* that must fail */
    } wrong[] = {{"drivers.demand.nonelective.sd=0.045", 2},
                 {"drivers.demand.nonelective.mean=0.034", 2},
                 {"categories.pay.growth_share=0.7", 0},
                 {"drivers.tariff.efficiency.mean=0.013", 1}};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        double *x =
            gaps(MINIMAL, (const char *const[]){wrong[k].change, NULL}, LTP_SAMPLING_LHS, table[wrong[k].row].who);
        assert_true(distance(x, wrong[k].row) > 2 * SAMPLE_ERRORS);
        free(x);
    }
    workspace where = workspace_copy(MINIMAL); /* a variable share of a quarter instead of a fifth */
    workspace_set(&where, "flows.csv", "C,T,nonelective", "variable_share", "0.25");
    for (int k = 0; k < 2; k++) {
        double *x = gaps(where.path, NULL, LTP_SAMPLING_LHS, table[k].who);
        assert_true(distance(x, k) > SAMPLE_ERRORS);
        free(x);
    }
    double *x = gaps(where.path, NULL, LTP_SAMPLING_LHS, NULL);
    assert_true(distance(x, 2) < SAMPLE_ERRORS); /* the system's gap does not depend on it */
    free(x);
    workspace_remove(&where);
}

/* All gaps are one straight line in x. */
static void gaps_are_comonotone(void **state) {
    (void)state;
    double *t = gaps(MINIMAL, NULL, LTP_SAMPLING_LHS, "T"), *c = gaps(MINIMAL, NULL, LTP_SAMPLING_LHS, "C");
    for (size_t i = 0; i < PATHS; i++)
        assert_near((t[i] - 8.374) / 49.26, (c[i] + 2.498) / 20.54, 1e-12);
    free(t);
    free(c);
}

/* Stratified block means of a linear outcome vary at least a hundred times less than plain ones in variance (far more
 * is measured): F(9, 9) exceeds 100 by chance less than once in 10 million. */
static void stratification_is_in_use(void **state) {
    (void)state;
    double variance[2];
    for (int how = 0; how < 2; how++) {
        double *x = gaps(MINIMAL, NULL, how ? LTP_SAMPLING_RANDOM : LTP_SAMPLING_LHS, NULL), mean[BLOCKS];
        for (int b = 0; b < BLOCKS; b++)
            mean[b] = sample_mean(x + b * LTP_BLOCK, LTP_BLOCK);
        variance[how] = pow(sample_sd(mean, BLOCKS), 2);
        free(x);
    }
    assert_true(variance[1] > 100 * variance[0]);
    assert_true(fabs(sqrt(variance[1]) / (2.7920 / 32) - 1) < 1.2); /* plain ones as theory says: sd/√1024 */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_are_normal_as_computed_by_hand),
        cmocka_unit_test(wrong_models_are_caught),
        cmocka_unit_test(gaps_are_comonotone),
        cmocka_unit_test(stratification_is_in_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
