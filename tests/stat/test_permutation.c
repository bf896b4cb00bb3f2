/* Is the keyed bijection of [0,1024) as good as a random one for what the blocks ask of it? 400,000 permutations of
 * consecutive keys as a run uses them (blocks, then years, then members), counted four ways:
 *   marginal    where a position goes: uniform over 1,024 strata
 *   difference  between the strata of two positions: uniform over 1,023 (never 0)
 *   joint       two positions, five bits of each: uniform but for the pairs that cannot be
 *   moments     correlation with the position, between neighbours, between successive permutations; fixed points
 *
 * Each count is a chi-square test at 1e-6 (upper tail); each moment is held to 5 standard errors (6e-7, two-sided).
 * 18 checks: a true random permutation would fail one of them in 1.6e-5 of seeds. The seed is fixed.
 * Negative control: the same checks on the same bijection with four, three and no rounds.
 *
 * How far six rounds go, measured apart from this test: five fail with 3,000,000 permutations, which six pass. With
 * 12,000,000 the largest of 12 differences lies 3.4 standard deviations of chi-square out; with 40,000,000 most pairs
 * of positions 512 apart, and (0, 64), lie 3 to 5 out: a root mean square of 0.2% in the probability of a difference.
 */
#include <gsl/gsl_cdf.h>
#include <stdbool.h>

#include "sim/core/draw.h"
#include "tests/support/test.h"

#define M LTP_BLOCK
#define PERMUTATIONS 400000
#define LEVEL 1e-6
#define STANDARD_ERRORS 5.0

enum { MARGINALS = 4, DIFFERENCES = 6, JOINTS = 4, MOMENTS = 4 };

static const int marginal_at[MARGINALS] = {0, 1, 511, 1023};
static const int difference_at[DIFFERENCES][2] = {{0, 1}, {0, 512}, {0, 32}, {5, 6}, {700, 701}, {1, 3}};
/* position and which five bits of its stratum: 5 = upper, 0 = lower */
static const int joint_at[JOINTS][4] = {{0, 5, 1, 5}, {0, 0, 1, 0}, {0, 5, 512, 5}, {7, 0, 39, 5}};
static const char *const moment_name[MOMENTS] = {"trend", "neighbours", "successive", "fixed points"};

typedef struct {
    unsigned marginal[MARGINALS][M], difference[DIFFERENCES][M], joint[JOINTS][M];
    double sum[MOMENTS], square[MOMENTS];
} tally;

static void add_moments(tally *t, const uint16_t *p, const uint16_t *before) {
    const double centre = (M - 1) / 2.0, variance = ((double)M * M - 1) / 12;
    double trend = 0, neighbour = 0, successive = 0, fixed = 0;
    for (int i = 0; i < M; i++) {
        trend += (p[i] - centre) * (i - centre);
        neighbour += i ? (p[i] - centre) * (p[i - 1] - centre) : 0;
        successive += (p[i] - centre) * (before[i] - centre);
        fixed += p[i] == i;
    }
    /* expectations under random permutation: 0; −(M−1)·V/(M−1) over M·V = −1/M; 0; 1 */
    const double value[MOMENTS] = {trend / (M * variance), neighbour / (M * variance) + 1.0 / M,
                                   successive / (M * variance), fixed - 1};
    for (int m = 0; m < MOMENTS; m++) {
        t->sum[m] += value[m];
        t->square[m] += value[m] * value[m];
    }
}

static void add_permutation(tally *t, const uint16_t *p) {
    for (int i = 0; i < MARGINALS; i++)
        t->marginal[i][p[marginal_at[i]]]++;
    for (int i = 0; i < DIFFERENCES; i++)
        t->difference[i][(p[difference_at[i][0]] - p[difference_at[i][1]]) & (M - 1)]++;
    for (int i = 0; i < JOINTS; i++) {
        const int *j = joint_at[i];
        t->joint[i][(p[j[0]] >> j[1] & 31) << 5 | (p[j[2]] >> j[3] & 31)]++;
    }
}

static tally *count(int rounds) {
    static tally t;
    static uint16_t p[2][M];
    memset(&t, 0, sizeof t);
    memset(p, 0, sizeof p);
    for (uint32_t n = 0; n < PERMUTATIONS; n++) {
        const ltp_draw_key key = {2019, 1, n / 500 + 1, n / 100 % 5 + 1, n % 100};
        ltp_draw_permutation(&key, rounds, p[n % 2]);
        add_permutation(&t, p[n % 2]);
        if (n > 0 && n % 8 == 0) /* an eighth is enough for the moments and keeps the test short */
            add_moments(&t, p[n % 2], p[(n - 1) % 2]);
    }
    return &t;
}

/* Upper-tail probability of the counts where cell i has probability proportional to weight(i). */
static double chi_square(const unsigned *seen, const double *weight) {
    double total = 0, statistic = 0;
    int cells = 0;
    for (int i = 0; i < M; i++) {
        total += weight[i];
        cells += weight[i] > 0;
    }
    for (int i = 0; i < M; i++) {
        const double expected = PERMUTATIONS * weight[i] / total;
        if (weight[i] > 0)
            statistic += (seen[i] - expected) * (seen[i] - expected) / expected;
        else if (seen[i] > 0)
            return 0.0;
    }
    return gsl_cdf_chisq_Q(statistic, cells - 1);
}

/* Pairs of different strata that fall in cell (a, b): fewer where both take the same bits and a = b. */
static void joint_weight(int which, double *weight) {
    const int *j = joint_at[which];
    for (int i = 0; i < M; i++) {
        const bool same = i >> 5 == (i & 31);
        const double equal_strata = j[1] == j[3] ? (same ? 32 : 0) : 1;
        weight[i] = 32 * 32 - equal_strata;
    }
}

typedef struct {
    double marginal, difference, joint; /* the smallest probability of its kind */
    double moment[MOMENTS];             /* in standard errors */
} verdict;

static verdict judge(int rounds) {
    const tally *t = count(rounds);
    double flat[M], no_zero[M], pair[M];
    verdict v = {1, 1, 1, {0}};
    for (int i = 0; i < M; i++) {
        flat[i] = 1;
        no_zero[i] = i > 0;
    }
    for (int i = 0; i < MARGINALS; i++)
        v.marginal = fmin(v.marginal, chi_square(t->marginal[i], flat));
    for (int i = 0; i < DIFFERENCES; i++)
        v.difference = fmin(v.difference, chi_square(t->difference[i], no_zero));
    for (int i = 0; i < JOINTS; i++) {
        joint_weight(i, pair);
        v.joint = fmin(v.joint, chi_square(t->joint[i], pair));
    }
    const double n = (double)((PERMUTATIONS - 1) / 8);
    for (int m = 0; m < MOMENTS; m++) {
        const double mean = t->sum[m] / n, variance = t->square[m] / n - mean * mean;
        v.moment[m] = mean / sqrt(variance / n);
    }
    return v;
}

static void six_rounds_pass(void **state) {
    (void)state;
    const verdict v = judge(6);
    if (v.marginal < LEVEL || v.difference < LEVEL || v.joint < LEVEL)
        fail_msg("smallest probabilities: marginal %g, difference %g, joint %g", v.marginal, v.difference, v.joint);
    for (int m = 0; m < MOMENTS; m++)
        if (!(fabs(v.moment[m]) < STANDARD_ERRORS))
            fail_msg("%s: %.1f standard errors", moment_name[m], v.moment[m]);
}

static void four_rounds_fail_the_differences(void **state) {
    (void)state;
    const verdict v = judge(4);
    assert_true(v.difference < LEVEL);
}

static void three_rounds_fail_differences_and_joints(void **state) {
    (void)state;
    const verdict v = judge(3);
    assert_true(v.difference < LEVEL);
    assert_true(v.joint < LEVEL);
}

/* No round at all leaves every path in its own stratum: every check must see that. */
static void the_identity_fails_everything(void **state) {
    (void)state;
    const verdict v = judge(0);
    assert_true(v.marginal < LEVEL);
    assert_true(v.difference < LEVEL);
    assert_true(v.joint < LEVEL);
    for (int m = 0; m < MOMENTS; m++)
        assert_false(fabs(v.moment[m]) < STANDARD_ERRORS); /* infinite, or not a number */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_rounds_pass),
        cmocka_unit_test(four_rounds_fail_the_differences),
        cmocka_unit_test(three_rounds_fail_differences_and_joints),
        cmocka_unit_test(the_identity_fails_everything),
    };
    return cmocka_run_group_tests_name("permutation", tests, NULL, NULL);
}
