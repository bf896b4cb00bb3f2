/* P(met), expected miss and P(every organisation meets) against closed forms: gaps of the worked example are normal.
 * Each to SAMPLE_ERRORS standard errors of plain sampling, which a right program misses for one seed in 1.7 million;
 * the printed digits are let pass. Control: a wrong trajectory fails. */
#include "tests/support/sample.h"
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define MINIMAL "scenarios/minimal"
#define BLOCKS 10
#define PATHS ((size_t)BLOCKS * LTP_BLOCK)

static double normal(double z) {
    return 0.5 * erfc(-z / sqrt(2.0));
}

typedef struct {
    size_t trust, commissioner, every; /* paths that meet theirs */
    double miss[PATHS];                /* the trust's */
} outcome;

static outcome met(const workspace *where, const char *layer) {
    static outcome of;
    memset(&of, 0, sizeof of);
    simulation s = simulation_open(where->path, NULL);
    for (uint32_t block = 0; block < BLOCKS; block++) {
        simulation_run(&s, block);
        const double *t = simulation_row(&s, LTP_QUANTITY_TRAJECTORY_MARGIN, "T", NULL, layer, 1);
        const double *c = simulation_row(&s, LTP_QUANTITY_TRAJECTORY_MARGIN, "C", NULL, layer, 1);
        const double *miss = simulation_row(&s, LTP_QUANTITY_TRAJECTORY_MISS, "T", NULL, layer, 1);
        for (size_t i = 0; i < LTP_BLOCK; i++) {
            of.trust += t[i] >= 0.0;
            of.commissioner += c && c[i] >= 0.0;
            of.every += t[i] >= 0.0 && (!c || c[i] >= 0.0);
            of.miss[block * LTP_BLOCK + i] = miss[i];
        }
    }
    simulation_close(&s);
    return of;
}

static double distance_miss(const outcome *of, double expected) {
    return sample_distance(sample_mean(of->miss, PATHS), expected,
                           sample_sd(of->miss, PATHS) / sqrt((double)PATHS) + 0.5e-6);
}

static void one_trust(void **state) {
    (void)state;
    workspace where = workspace_copy(MINIMAL);
    workspace_drop(&where, "programmes.csv", "ELECT");
    workspace_write(&where, "trajectories.csv",
                    "code,year,surplus_before_support,support_offered\nT,2019/20,-7.0,7.0\n");
    outcome of = met(&where, "do_nothing");
    assert_true(fabs(sample_distance_frequency(of.trust, PATHS, 0.242801)) < SAMPLE_ERRORS);
    assert_true(fabs(distance_miss(&of, 1.656809)) < SAMPLE_ERRORS);
    of = met(&where, "test_2");
    assert_true(fabs(sample_distance_frequency(of.trust, PATHS, 0.536004)) < SAMPLE_ERRORS);
    workspace_write(&where, "trajectories.csv",
                    "code,year,surplus_before_support,support_offered\nT,2019/20,-7.2,7.0\n");
    of = met(&where, "do_nothing");
    assert_true(fabs(sample_distance_frequency(of.trust, PATHS, 0.242801)) > SAMPLE_ERRORS);
    assert_true(fabs(distance_miss(&of, 1.656809)) > SAMPLE_ERRORS);
    workspace_remove(&where);
}

/* C's surplus and T's hang on one driver: of thresholds on one line the harder decides. On two independent ones,
 * probabilities multiply. */
static void every_organisation(void **state) {
    (void)state;
    static const double surplus_c[] = {2.0, 3.2};
    workspace where = workspace_copy(MINIMAL);
    for (int k = 0; k < 2; k++) {
        workspace_print(&where, "trajectories.csv", "code,year,surplus_before_support\nT,2019/20,-7.0\nC,2019/20,%g\n",
                        surplus_c[k]);
        const outcome of = met(&where, "do_nothing");
        const double t = 0.242801, c = normal((2.498 - surplus_c[k]) / 0.8216);
        assert_true(fabs(sample_distance_frequency(of.commissioner, PATHS, c)) < SAMPLE_ERRORS);
        assert_true(fabs(sample_distance_frequency(of.every, PATHS, fmin(t, c))) < SAMPLE_ERRORS);
        assert_true(fabs(sample_distance_frequency(of.every, PATHS, t * c)) > SAMPLE_ERRORS); /* control */
    }
    workspace_set(&where, "drivers.csv", "demand.nonelective", "family", "fixed");
    workspace_set(&where, "drivers.csv", "demand.nonelective", "sd", "");
    workspace_set(&where, "drivers.csv", "demand.nonelective", "persistence", "");
    static const char *const name[] = {"price.pay", "price.drugs"};
    for (int k = 0; k < 2; k++) {
        workspace_set(&where, "drivers.csv", name[k], "family", "normal");
        workspace_set(&where, "drivers.csv", name[k], "sd", "0.01");
    }
    workspace_write(&where, "trajectories.csv", "code,year,surplus_before_support\nT,2019/20,-7.0\nC,2019/20,2\n");
    const outcome of = met(&where, "do_nothing");
    /* pay of 220·1.014; drugs that C pays for, 30·1.05 and 100·1.02 */
    const double t = normal((7 - 8.374) / (220 * 1.014 * 0.01)), c = normal((2.498 - 2) / ((31.5 + 102) * 0.01));
    assert_true(fabs(sample_distance_frequency(of.trust, PATHS, t)) < SAMPLE_ERRORS);
    assert_true(fabs(sample_distance_frequency(of.commissioner, PATHS, c)) < SAMPLE_ERRORS);
    assert_true(fabs(sample_distance_frequency(of.every, PATHS, t * c)) < SAMPLE_ERRORS);
    assert_true(fabs(sample_distance_frequency(of.every, PATHS, fmin(t, c))) > SAMPLE_ERRORS); /* control */
    workspace_remove(&where);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_trust),
        cmocka_unit_test(every_organisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
