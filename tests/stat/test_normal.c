/* The normals: right everywhere, independent of each other, and stratified to good purpose.
 *
 * Exact checks hold the values to the error bounds of sim/core/normal.h against GSL. Statistical ones hold an estimate
 * to K = 5 standard errors of its own (5.7e-7 two-sided if Gaussian; a few 1e-6 for the skewed counts), with a fixed
 * seed; there are 51, so a right generator with a random seed would fail this file less than once in 10,000 times.
 * Each check is a function that can fail, and has a
 * negative control that runs it on a generator that is a little wrong. */
#include <gsl/gsl_cdf.h>
#include <stdbool.h>
#include <stdlib.h>

#include "sim/core/draw.h"
#include "sim/core/normal.h"
#include "tests/support/test.h"

#define M LTP_BLOCK
#define K 5.0
#define ROW __attribute__((aligned(64)))

static const ltp_draw_key base = {2019, UINT64_C(0x9027E9451D34C201), UINT64_C(0xA3B17003F5916B89), 1, 0};
static const ltp_sampling both[] = {LTP_SAMPLING_LHS, LTP_SAMPLING_RANDOM};

static ltp_draw_key at_block(ltp_draw_key key, uint32_t block) {
    key.block = block;
    return key;
}

/* Mean over blocks in standard errors, from the spread between blocks. */
typedef struct {
    double n, sum, square;
} spread;

static void add(spread *s, double value) {
    s->n++;
    s->sum += value;
    s->square += value * value;
}
static double mean(const spread *s) {
    return s->sum / s->n;
}
static double variance(const spread *s) {
    return (s->square - s->sum * s->sum / s->n) / (s->n - 1);
}
static bool within(const spread *s, double expected) {
    return fabs(mean(s) - expected) <= K * sqrt(variance(s) / s->n);
}

/* --- error bounds ------------------------------------------------------------------------------------------------ */

static bool outer(int k) {
    return k < LTP_NORMAL_OUTER || k >= M - LTP_NORMAL_OUTER;
}

static double bound(int k, double z) {
    return outer(k) ? LTP_NORMAL_ERROR_OUTER * fmax(1.0, fabs(z)) : LTP_NORMAL_ERROR_INNER;
}

/* Largest error of z, as a share of its bound, over the strata. */
static double worst_share(const uint32_t *jitter, const double *z) {
    double worst = 0;
    for (int k = 0; k < M; k++) {
        const double u = (k + (jitter[k] + 0.5) * 0x1p-32) / M;
        const double exact = u < 0.5 ? gsl_cdf_ugaussian_Pinv(u) : gsl_cdf_ugaussian_Qinv(1 - u);
        worst = fmax(worst, fabs(z[k] - exact) / bound(k, exact));
    }
    return worst;
}

static void every_stratum_is_within_its_bound(void **state) {
    (void)state;
    enum { POINTS = 400 }; /* evenly over each stratum, ends included */
    uint32_t jitter[M] ROW;
    double z[M] ROW, worst = 0;
    for (int point = 0; point <= POINTS; point++) {
        for (int k = 0; k < M; k++)
            jitter[k] = (uint32_t)((double)point / POINTS * 4294967295.0);
        ltp_normal_stratified(jitter, z);
        worst = fmax(worst, worst_share(jitter, z));
    }
    assert_true(worst <= 1.0);
    assert_true(worst > 0.1); /* the bounds are not idle */

    ltp_normal_stratified(jitter, z); /* negative control: a part in 10^9 in one inner, 10^13 in one outer stratum */
    z[500] += 1e-9;
    assert_true(worst_share(jitter, z) > 1.0);
    ltp_normal_stratified(jitter, z);
    z[1] *= 1 + 1e-13;
    assert_true(worst_share(jitter, z) > 1.0);
}

static void normals_rise_within_a_stratum(void **state) {
    (void)state;
    enum { POINTS = 400 };
    uint32_t jitter[M] ROW;
    double z[M] ROW, before[M] ROW;
    for (int point = 0; point <= POINTS; point++) {
        for (int k = 0; k < M; k++)
            jitter[k] = (uint32_t)((double)point / POINTS * 4294967295.0);
        ltp_normal_stratified(jitter, z);
        for (int k = 0; k < M && point > 0; k++)
            assert_true(z[k] > before[k]);
        memcpy(before, z, sizeof z);
    }
}

/* Error of z = Φ⁻¹(p), p < 1/2, carried back through GSL's cdf, which is Cody's and not AS241. */
static double relative_error(double z, double p) {
    return fabs(gsl_cdf_ugaussian_P(z) / p - 1);
}

/* dlnΦ = (z + 1/z)·dz at most: 4e-15·|z| allows 4e-15·(z² + 1), and the cdf itself is good to a few 1e-16·z². */
static void the_quantile_holds_to_the_far_tail(void **state) {
    (void)state;
    for (double p = 0.499; p > 1e-300; p *= 0.9) {
        const double z = ltp_normal_quantile(p), exact = gsl_cdf_ugaussian_Pinv(p);
        assert_near(z, exact, LTP_NORMAL_ERROR_OUTER * fmax(1.0, fabs(exact)));
        assert_true(relative_error(z, p) <= 2 * LTP_NORMAL_ERROR_OUTER * (z * z + 1));
        assert_true(relative_error(z * (1 + 1e-13), p) > 2 * LTP_NORMAL_ERROR_OUTER * (z * z + 1) || z > -0.5);
        if (p > 1e-3) /* 1 − p is then exact enough to compare */
            assert_near(ltp_normal_quantile(1 - p), -z, 1e-13);
    }
    assert_near(ltp_normal_quantile(0x1p-1074), gsl_cdf_ugaussian_Pinv(0x1p-1074), 2e-13);
}

static void plain_normals_are_the_quantiles_of_their_uniforms(void **state) {
    (void)state;
    double u[M] ROW, z[M] ROW;
    for (uint32_t b = 0; b < 100; b++) {
        for (int i = 0; i < M; i++) /* from 2^-53 up, so that the far tail is met as well */
            u[i] = i % 8 ? (i + b / 100.0 + 0.001) / M : (i < M / 2 ? 0x1p-53 * (i + 1) : 1 - 0x1p-53 * (M - i));
        ltp_normal_plain(u, z);
        for (int i = 0; i < M; i++)
            assert_true(z[i] == ltp_normal_quantile(u[i]));
    }
}

/* --- the distribution --------------------------------------------------------------------------------------------- */

typedef struct {
    double shift, scale; /* what a wrong generator adds */
} bias;
static const bias none = {0, 1};

/* Moments 1 to 4 of blocks, 2,000 of them, against 0, 1, 0, 3. Returns how many agree. */
static int moments_that_agree(ltp_sampling sampling, bias wrong) {
    static const double expected[4] = {0, 1, 0, 3};
    spread moment[4] = {{0, 0, 0}};
    double z[M] ROW;
    for (uint32_t b = 0; b < 2000; b++) {
        const ltp_draw_key key = at_block(base, b);
        double sum[4] = {0, 0, 0, 0};
        ltp_draw_normal(&key, sampling, z);
        for (int i = 0; i < M; i++) {
            const double x = wrong.shift + wrong.scale * z[i];
            sum[0] += x;
            sum[1] += x * x;
            sum[2] += x * x * x;
            sum[3] += x * x * x * x;
        }
        for (int m = 0; m < 4; m++)
            add(&moment[m], sum[m] / M);
    }
    int agree = 0;
    for (int m = 0; m < 4; m++)
        agree += within(&moment[m], expected[m]);
    return agree;
}

static void moments_are_those_of_a_normal(void **state) {
    (void)state;
    for (int s = 0; s < 2; s++) {
        assert_int_equal(moments_that_agree(both[s], none), 4);
        assert_int_equal(moments_that_agree(both[s], (bias){0.01, 1}), 2);   /* first and third see a shift */
        assert_int_equal(moments_that_agree(both[s], (bias){0.0, 1.01}), 2); /* second and fourth a scale */
    }
}

static int rising(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov's largest distance of a block from the normal. */
static double distance(double *z, double shift) {
    double worst = 0;
    qsort(z, M, sizeof *z, rising);
    for (int i = 0; i < M; i++) {
        const double f = gsl_cdf_ugaussian_P(z[i] + shift);
        worst = fmax(worst, fmax(f - (double)i / M, (double)(i + 1) / M - f));
    }
    return worst;
}

/* Blocks of 1,000 that fail the Kolmogorov–Smirnov test at 5% (Stephens 1970, JRSS B 32, p. 118: modified D, 1.358);
 * 50 expected, binomial. */
static int blocks_that_fail(double shift) {
    double z[M] ROW;
    int failures = 0;
    for (uint32_t b = 0; b < 1000; b++) {
        const ltp_draw_key key = at_block(base, b);
        ltp_draw_normal(&key, LTP_SAMPLING_RANDOM, z);
        failures += distance(z, shift) * (sqrt(M) + 0.12 + 0.11 / sqrt(M)) > 1.358;
    }
    return failures;
}

static void plain_blocks_follow_the_normal(void **state) {
    (void)state;
    const double tolerance = K * sqrt(1000 * 0.05 * 0.95);
    assert_near(blocks_that_fail(0.0), 50, tolerance);
    assert_true(blocks_that_fail(0.05) > 50 + tolerance); /* negative control: 0.05 sd off */
}

/* A Latin hypercube block cannot be further than one stratum from the normal; a plain one always is, practically. */
static void stratified_blocks_lie_within_a_stratum(void **state) {
    (void)state;
    double z[M] ROW;
    for (uint32_t b = 0; b < 200; b++) {
        const ltp_draw_key key = at_block(base, b);
        ltp_draw_normal(&key, LTP_SAMPLING_LHS, z);
        assert_true(distance(z, 0.0) <= 1.0 / M + 1e-9);
        ltp_draw_normal(&key, LTP_SAMPLING_RANDOM, z);
        assert_true(distance(z, 0.0) > 1.0 / M + 1e-9);
    }
}

/* Chi-square of 2^20 values of [0,1) in 256 cells, as |χ² − 255| in standard deviations of χ². */
static double unevenness(const unsigned *cell) {
    double statistic = 0, total = 0;
    for (int c = 0; c < 256; c++)
        total += cell[c];
    for (int c = 0; c < 256; c++)
        statistic += (cell[c] - total / 256) * (cell[c] - total / 256) / (total / 256);
    return fabs(statistic - 255) / sqrt(2 * 255);
}

/* Where in its stratum a stratified uniform falls, and where in (0,1) plain ones and sub-draws fall. */
static void uniforms_are_even(void **state) {
    (void)state;
    unsigned within_stratum[256] = {0}, plain[256] = {0}, sub[256] = {0};
    double u[M] ROW;
    for (uint32_t b = 0; b < 1024; b++) {
        const ltp_draw_key key = at_block(base, b);
        ltp_draw_uniform(&key, LTP_SAMPLING_LHS, u);
        for (int i = 0; i < M; i++)
            within_stratum[(int)(256 * (u[i] * M - floor(u[i] * M)))]++;
        ltp_draw_uniform(&key, LTP_SAMPLING_RANDOM, u);
        for (int i = 0; i < M; i++)
            plain[(int)(256 * u[i])]++;
        for (uint32_t i = 0; i < M; i++)
            sub[(int)(256 * ltp_draw_plain(&key, i, 3))]++;
    }
    assert_true(unevenness(within_stratum) < K);
    assert_true(unevenness(plain) < K);
    assert_true(unevenness(sub) < K);
    for (int c = 0; c < 128; c++) { /* negative control: one in fifty too many in the lower half */
        const unsigned moved = plain[c + 128] / 50;
        plain[c] += moved;
        plain[c + 128] -= moved;
    }
    assert_true(unevenness(plain) > K);
}

/* --- tails -------------------------------------------------------------------------------------------------------- */

#define TAIL_BLOCKS 5000

/* Normals beyond ±limit in TAIL_BLOCKS blocks, in standard errors from what is due. Under plain sampling the count is
 * binomial; stratified, only the stratum that holds the limit varies. midpoint: no jitter (negative control). */
static double tail_error(ltp_sampling sampling, double limit, bool midpoint) {
    const double p = gsl_cdf_ugaussian_Q(limit), n = (double)TAIL_BLOCKS * M;
    const double part = p * M - floor(p * M); /* of the limit's stratum, beyond it */
    const double sd = sampling == LTP_SAMPLING_LHS ? sqrt(2 * TAIL_BLOCKS * part * (1 - part)) : sqrt(n * 2 * p);
    double z[M] ROW, count = 0;
    for (uint32_t b = 0; b < TAIL_BLOCKS; b++) {
        const ltp_draw_key key = at_block(base, b);
        ltp_draw_normal(&key, sampling, z);
        for (int i = 0; i < M; i++) {
            const double u = midpoint ? (floor(M * gsl_cdf_ugaussian_P(z[i])) + 0.5) / M : 0.5;
            count += fabs(midpoint ? ltp_normal_quantile(u) : z[i]) > limit;
        }
    }
    return (count - n * 2 * p) / sd;
}

static void tails_come_at_the_right_rate(void **state) {
    (void)state;
    static const double limit[] = {1.7, 3.0, 3.3, 3.7, 4.3};
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < 5; i++)
            assert_near(tail_error(both[s], limit[i], false), 0, K);
    /* midpoints of strata never go beyond 3.3 */
    assert_true(tail_error(LTP_SAMPLING_LHS, 3.3, true) < -K);
}

/* --- independence ------------------------------------------------------------------------------------------------- */

/* Mean over 1,000 blocks of the correlation of a block of `a` with `share`·a + `b`, in standard errors; and the
 * spread between blocks, which should be 1/√M. Even powers: of z² − 1 instead of z. */
typedef struct {
    double mean_error, spread_ratio;
} dependence;

static dependence depend(ltp_draw_key a, ltp_draw_key b, ltp_sampling sampling, double share, bool squares) {
    spread correlation = {0, 0, 0};
    double x[M] ROW, y[M] ROW;
    const uint32_t ahead = b.block; /* b is so many blocks ahead of a */
    for (uint32_t block = 0; block < 1000; block++) {
        a.block = block;
        b.block = block + ahead;
        ltp_draw_normal(&a, sampling, x);
        ltp_draw_normal(&b, sampling, y);
        double sum = 0;
        for (int i = 0; i < M; i++) {
            const double v = y[i] + share * x[i];
            sum += squares ? (x[i] * x[i] - 1) * (v * v - 1) / 2 : x[i] * v;
        }
        add(&correlation, sum / M);
    }
    const dependence d = {mean(&correlation) / sqrt(variance(&correlation) / correlation.n),
                          sqrt(variance(&correlation) * M)};
    return d;
}

static void draws_of_different_keys_are_independent(void **state) {
    (void)state;
    ltp_draw_key other[6] = {base, base, base, base, base, base};
    other[0].seed++;
    other[1].stream = ltp_hash_name("driver", "demand.nonelective");
    other[2].member = LTP_MEMBER_NATIONAL;
    other[3].member++; /* neighbours in every bit but the last */
    other[4].year++;
    other[5].block++;
    for (int i = 0; i < 6; i++)
        for (int s = 0; s < 2; s++) {
            const dependence d = depend(base, other[i], both[s], 0, false);
            assert_near(d.mean_error, 0, K);
            assert_near(d.spread_ratio, 1, K / sqrt(2 * 1000)); /* standard error of a standard deviation */
        }
    const dependence squares = depend(base, other[1], LTP_SAMPLING_LHS, 0, true);
    assert_near(squares.mean_error, 0, K);
    /* negative control: a hundredth of the one in the other */
    assert_true(depend(base, other[1], LTP_SAMPLING_LHS, 0.01, false).mean_error > K);
    assert_true(depend(base, base, LTP_SAMPLING_LHS, 0, true).mean_error > K);
}

/* --- what stratifying is for -------------------------------------------------------------------------------------- */

/* Variance between blocks of the mean of f over eight drivers, 500 blocks. */
static double variance_of_mean(ltp_sampling sampling, double (*f)(const double x[8])) {
    static double z[8][M] ROW;
    spread block_mean = {0, 0, 0};
    for (uint32_t b = 0; b < 500; b++) {
        double sum = 0;
        for (int d = 0; d < 8; d++) {
            ltp_draw_key key = at_block(base, b);
            key.stream += (uint64_t)d;
            ltp_draw_normal(&key, sampling, z[d]);
        }
        for (int i = 0; i < M; i++) {
            double x[8];
            for (int d = 0; d < 8; d++)
                x[d] = z[d][i];
            sum += f(x);
        }
        add(&block_mean, sum / M);
    }
    return variance(&block_mean);
}

static double linear(const double x[8]) {
    double sum = 100;
    for (int d = 0; d < 8; d++)
        sum += (d + 1) * x[d];
    return sum;
}

static double product(const double x[8]) {
    return x[0] * x[1];
}

/* A plain mean of the linear sum has variance 204/1024. Stratified it falls by the thousands; of a product, which
 * has no main effect, by nothing. A variance from 500 blocks has a relative standard error of √(2/499). */
static void stratifying_removes_the_variance_of_a_sum(void **state) {
    (void)state;
    const double relative = K * sqrt(2.0 / 499);
    const double plain = variance_of_mean(LTP_SAMPLING_RANDOM, linear), due = 204.0 / M;
    assert_near(plain / due, 1, relative); /* the negative control too: plain sampling does not pass what follows */
    assert_true(variance_of_mean(LTP_SAMPLING_LHS, linear) < due / 1000);
    assert_near(variance_of_mean(LTP_SAMPLING_LHS, product) * M, 1, relative);
    assert_near(variance_of_mean(LTP_SAMPLING_RANDOM, product) * M, 1, relative);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stratum_is_within_its_bound),
        cmocka_unit_test(normals_rise_within_a_stratum),
        cmocka_unit_test(the_quantile_holds_to_the_far_tail),
        cmocka_unit_test(plain_normals_are_the_quantiles_of_their_uniforms),
        cmocka_unit_test(moments_are_those_of_a_normal),
        cmocka_unit_test(plain_blocks_follow_the_normal),
        cmocka_unit_test(stratified_blocks_lie_within_a_stratum),
        cmocka_unit_test(uniforms_are_even),
        cmocka_unit_test(tails_come_at_the_right_rate),
        cmocka_unit_test(draws_of_different_keys_are_independent),
        cmocka_unit_test(stratifying_removes_the_variance_of_a_sum),
    };
    return cmocka_run_group_tests_name("normal", tests, NULL, NULL);
}
