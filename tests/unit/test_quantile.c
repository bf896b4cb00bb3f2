/* Quantiles, shortfalls and probabilities from histograms, against closed forms and against sorted values. */
#include "tests/support/test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdlib.h>

#include "results/summary.h"
#include "tests/support/synthetic.h"

#define BLOCKS 100

typedef struct {
    ltp_frame frame;
    ltp_series_sum sum;
    ltp_histogram histogram;
    double value[BLOCKS * LTP_BLOCK];
} series;

static series s;

/* transform of stratified normals, with the pilot apart. */
static void fill(double (*transform)(double z), int stratified) {
    double row[LTP_BLOCK] __attribute__((aligned(64))), work[LTP_BLOCK];
    memset(&s, 0, sizeof s);
    for (int b = -1; b < BLOCKS; b++) {
        synthetic_normal(11, 1, b < 0 ? LTP_BLOCK_PILOT : (uint32_t)b, stratified, row);
        for (int i = 0; i < LTP_BLOCK; i++)
            row[i] = transform(row[i]);
        if (b < 0) {
            ltp_frame_pilot(&s.frame, row, 1, work);
            continue;
        }
        memcpy(s.value + b * LTP_BLOCK, row, sizeof row);
        ltp_block_sum block;
        uint16_t count[LTP_BIN_COUNT];
        ltp_block_moments(row, s.frame.centre, &block);
        ltp_block_tails(row, s.frame.tail, &block);
        ltp_block_histogram(row, s.frame.centre, s.frame.width, count);
        assert_true(ltp_series_add(&s.sum, &s.frame, &block));
        ltp_histogram_add(&s.histogram, count);
    }
}

static int rising(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double plain(double z) {
    return 75 + 62 * z;
}
static double skewed(double z) {
    return 20 * exp(0.8 * z) - 15;
}
static double constant(double z) {
    return 0 * z + 3.7;
}
static double zero(double z) {
    return 0 * z;
}
static double atom(double z) {
    return z < 0.3 ? 0 : 5 * (z - 0.3);
} /* P(0) = Φ(0.3) */
static double middle_atom(double z) {
    return z < -1 ? z + 1 : z > 1 ? z - 1 : 0;
}
static double two_lumps(double z) {
    return z < 0 ? z - 10 : z + 10;
} /* a long empty stretch */
static double heavy(double z) {
    return z < 2.5 ? z : 5e4 * z;
} /* beyond the outer edge on the right */

static double discrete(double z) {
    return z < -0.5 ? 3.37 : z < 0.4 ? 5.11 : z < 1.1 ? 7.93 : 12.61;
} /* four values: each somewhere in a bin of its own */

/* Where the values are few the counts at the edges do not say where in its bin a quantile lies: the error must cover
 * that, and √6 of it is the bin. Control: the sampling error alone misses by many of its own.
 */
static void test_few_values(void **state) {
    (void)state;
    fill(discrete, 1);
    ltp_summary summary;
    ltp_summary_make(&summary, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
    ltp_distribution d;
    ltp_distribution_build(&d, &s.frame, &s.sum, &s.histogram);
    int control = 0;
    for (int i = 1; i < LTP_QUANTILE_COUNT - 1; i++) {
        const double p = ltp_quantile_level[i], cut[] = {-0.5, 0.4, 1.1}, z = gsl_cdf_ugaussian_Pinv(p);
        bool near_cut = false;
        for (int k = 0; k < 3; k++)
            near_cut = near_cut || fabs(p - gsl_cdf_ugaussian_P(cut[k])) < 0.01;
        if (near_cut)
            continue;
        const double error = fabs(summary.quantile[i] - discrete(z));
        const double inside = ltp_distribution_interpolation(&d, p);
        assert_true(error <= sqrt(6) * summary.quantile_se[i] + 1e-12);
        control += error > 5 * sqrt(fmax(0, summary.quantile_se[i] * summary.quantile_se[i] - inside * inside));
    }
    assert_true(control > 0);
}

/* A smooth distribution pays next to nothing for it: under a tenth of the sampling error at every quantile. */
static void test_smooth_pays_nothing(void **state) {
    (void)state;
    fill(plain, 1);
    ltp_summary summary;
    ltp_summary_make(&summary, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
    ltp_distribution d;
    ltp_distribution_build(&d, &s.frame, &s.sum, &s.histogram);
    for (int i = 0; i < LTP_QUANTILE_COUNT; i++)
        assert_true(ltp_distribution_interpolation(&d, ltp_quantile_level[i]) < 0.1 * summary.quantile_se[i]);
}

/* The histogram's quantile against the sample's own. Within a bin of n values and width w the sample's distribution
 * function wanders off any smooth curve like a Brownian bridge, sd ≤ √n/2 values or w/(2√n); 5 of them, for 18
 * comparisons, are passed by chance once in 1e5 runs (and the seed is fixed). 1e-4 sd is the interpolation's own. */
static void test_against_sorted(void **state) {
    (void)state;
    double (*const shapes[])(double) = {plain, skewed};
    for (int shape = 0; shape < 2; shape++) {
        fill(shapes[shape], 1);
        qsort(s.value, BLOCKS * LTP_BLOCK, sizeof *s.value, rising);
        ltp_summary out;
        ltp_summary_make(&out, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
        for (int q = 0; q < LTP_QUANTILE_COUNT; q++) {
            const double p = ltp_quantile_level[q];
            /* Sample quantile by interpolation between order statistics (noise between them is far under 1e-3 sd). */
            const double h = p * BLOCKS * LTP_BLOCK - 0.5;
            const size_t k = (size_t)h;
            const double exact = s.value[k] + (h - (double)k) * (s.value[k + 1] - s.value[k]);
            double in_bin = 0;
            for (size_t i = 0; i < BLOCKS * LTP_BLOCK; i++)
                in_bin += fabs(s.value[i] - exact) < out.quantile_resolution[q] / 2;
            assert_near(out.quantile[q], exact, 2.5 * out.quantile_resolution[q] / sqrt(in_bin) + 1e-4 * out.sd);
            assert_int_equal(out.quantile_flag[q], 0);
            assert_true(out.quantile_resolution[q] > 0 && out.quantile_resolution[q] < 0.3 * out.sd);
        }
        double tail = 0; /* mean of the highest tenth */
        const size_t n = BLOCKS * LTP_BLOCK, from = n * 9 / 10;
        for (size_t i = from; i < n; i++)
            tail += s.value[i];
        assert_near(out.shortfall[0], tail / (double)(n - from), 2e-4 * out.sd);
    }
}

/* The interpolation alone: the exact distribution function at the edges. Error ≤ 1e-4 sd. */
static void test_interpolation(void **state) {
    (void)state;
    fill(plain, 1);
    ltp_distribution d;
    ltp_distribution_build(&d, &s.frame, &s.sum, &s.histogram);
    double shift = 0;
    for (int i = 1; i + 1 < d.count; i++)
        d.p[i] = gsl_cdf_ugaussian_P((d.x[i] - 75) / 62);
    /* Slopes are made when the distribution is built: build them again from exact counts of a huge sample. */
    ltp_histogram exact = {0};
    ltp_series_sum sum = s.sum;
    sum.blocks = LTP_BLOCK_LIMIT;
    for (int j = 0; j < LTP_EDGE_COUNT; j++) {
        const double x = s.frame.centre + s.frame.width * ltp_edge_position(j + 1);
        exact.below[j] = (uint32_t)(gsl_cdf_ugaussian_P((x - 75) / 62) * (double)LTP_BLOCK_LIMIT * LTP_BLOCK);
    }
    sum.below = (uint64_t)(gsl_cdf_ugaussian_P(-75. / 62) * (double)LTP_BLOCK_LIMIT * LTP_BLOCK);
    sum.at_most = sum.below;
    ltp_distribution_build(&d, &s.frame, &sum, &exact);
    for (int q = 0; q < LTP_QUANTILE_COUNT; q++) {
        const double p = ltp_quantile_level[q];
        const double off = fabs(ltp_distribution_quantile(&d, p) - plain(gsl_cdf_ugaussian_Pinv(p))) / 62;
        shift = fmax(shift, off);
    }
    assert_near(shift, 0, 1e-4);
    assert_near(ltp_distribution_probability(&d, plain(1)), gsl_cdf_ugaussian_P(1), 2e-5);
    /* ∫ Q from .5 to .9 of a normal: μ·.4 + σ(φ(0) − φ(z.9)). */
    const double integral =
        75 * 0.4 + 62 * (gsl_ran_ugaussian_pdf(0) - gsl_ran_ugaussian_pdf(gsl_cdf_ugaussian_Pinv(0.9)));
    assert_near(ltp_distribution_integral(&d, 0.5, 0.9), integral, 62e-4);
    assert_near(ltp_distribution_integral(&d, 0.9, 0.5), -integral, 62e-4);
    /* Negative control: straight lines between a quarter of the knots miss the tolerance. */
    double worst = 0;
    for (int q = 0; q < LTP_QUANTILE_COUNT; q++) {
        const double p = ltp_quantile_level[q];
        int k = 0;
        while (d.p[k + 4] < p)
            k += 4;
        const double line = d.x[k] + (p - d.p[k]) / (d.p[k + 4] - d.p[k]) * (d.x[k + 4] - d.x[k]);
        worst = fmax(worst, fabs(line - plain(gsl_cdf_ugaussian_Pinv(p))) / 62);
    }
    assert_true(worst > 1e-3);
}

static void test_moments(void **state) {
    (void)state;
    fill(plain, 1);
    ltp_summary out;
    ltp_summary_make(&out, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
    double mean = 0, square = 0, cube = 0;
    for (size_t i = 0; i < BLOCKS * LTP_BLOCK; i++)
        mean += (s.value[i] - 75) / (BLOCKS * LTP_BLOCK);
    for (size_t i = 0; i < BLOCKS * LTP_BLOCK; i++) {
        const double d = s.value[i] - 75 - mean;
        square += d * d;
        cube += d * d * d;
    }
    const double variance = square / (BLOCKS * LTP_BLOCK);
    assert_near(out.mean, 75 + mean, 1e-11);
    assert_near(out.sd, sqrt(square / (BLOCKS * LTP_BLOCK - 1)), 1e-9);
    assert_near(out.skew, cube / (BLOCKS * LTP_BLOCK) / (variance * sqrt(variance)), 1e-9);
}

static void test_constants(void **state) {
    (void)state;
    double (*const shapes[])(double) = {constant, zero};
    const double value[] = {3.7, 0};
    for (int shape = 0; shape < 2; shape++) {
        fill(shapes[shape], 1);
        ltp_summary out;
        ltp_summary_make(&out, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
        assert_true(out.mean == value[shape] && out.sd == 0 && out.mean_se == 0 && isnan(out.skew));
        for (int q = 0; q < LTP_QUANTILE_COUNT; q++)
            assert_true(out.quantile[q] == value[shape] && out.quantile_se[q] == 0 && out.quantile_resolution[q] == 0);
        for (int t = 0; t < LTP_TAIL_COUNT; t++)
            assert_true(out.shortfall[t] == value[shape] && out.shortfall_se[t] == 0);
        /* Never 0 ± 0: 1 − 0.025^(1/N) and its mirror. */
        const double end = 1 - pow(0.025, 1.0 / (BLOCKS * LTP_BLOCK));
        assert_true(out.probability == shape && isnan(out.probability_se));
        assert_near(out.probability_low, shape ? 1 - end : 0, 1e-12);
        assert_near(out.probability_high, shape ? 1 : end, 1e-12);
    }
}

static void test_atoms(void **state) {
    (void)state;
    ltp_summary out;
    fill(atom, 1);
    ltp_summary_make(&out, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
    assert_near(out.probability, gsl_cdf_ugaussian_P(0.3), 2e-4);
    for (int q = 0; q <= 4; q++) /* P1 … P50 lie in the atom */
        assert_true(out.quantile[q] == 0 && out.quantile_se[q] == 0 && out.quantile_resolution[q] == 0);
    assert_near(out.quantile[6], 5 * (gsl_cdf_ugaussian_Pinv(0.9) - 0.3), 0.02);
    fill(middle_atom, 1);
    ltp_summary_make(&out, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
    assert_true(out.quantile[3] == 0 && out.quantile[4] == 0 && out.quantile[5] == 0);
    assert_near(out.quantile[1], 1 + gsl_cdf_ugaussian_Pinv(0.05), 0.01);
    assert_near(out.quantile[7], -1 - gsl_cdf_ugaussian_Pinv(0.05), 0.01);
}

static void test_empty_stretch(void **state) {
    (void)state;
    fill(two_lumps, 1);
    ltp_distribution d;
    ltp_distribution_build(&d, &s.frame, &s.sum, &s.histogram);
    for (double p = 0.02; p < 0.99; p += 0.02) {
        if (fabs(p - 0.5) < 0.001)
            continue;
        const double x = ltp_distribution_quantile(&d, p), z = gsl_cdf_ugaussian_Pinv(p);
        bool outer;
        const double bin = ltp_distribution_resolution(&d, p, &outer);
        assert_near(x, two_lumps(z), bin); /* one bin holds the end of a lump and a part of the empty stretch */
        assert_true(fabs(x) > 10 - bin);   /* never further into it */
    }
    assert_near(ltp_distribution_probability(&d, 0), 0.5, 1e-12);
    for (double p = 0.001; p < 1; p += 0.001) /* monotone everywhere */
        assert_true(ltp_distribution_quantile(&d, p) >= ltp_distribution_quantile(&d, p - 0.001));
    assert_true(ltp_distribution_quantile(&d, 0) == s.sum.minimum && ltp_distribution_quantile(&d, 1) == s.sum.maximum);
    assert_true(ltp_distribution_quantile(&d, -1) == s.sum.minimum &&
                ltp_distribution_quantile(&d, 2) == s.sum.maximum);
}

static void test_outermost(void **state) {
    (void)state;
    fill(heavy, 1);
    /* A centre and width that know nothing of the tail: the pilot's sd does, so it is narrowed here. */
    ltp_frame frame = s.frame;
    frame.width = 1;
    frame.centre = 0;
    memset(&s.histogram, 0, sizeof s.histogram);
    for (int b = 0; b < BLOCKS; b++) {
        uint16_t count[LTP_BIN_COUNT];
        double row[LTP_BLOCK] __attribute__((aligned(64)));
        memcpy(row, s.value + b * LTP_BLOCK, sizeof row);
        ltp_block_histogram(row, frame.centre, frame.width, count);
        ltp_histogram_add(&s.histogram, count);
    }
    ltp_distribution d;
    ltp_distribution_build(&d, &frame, &s.sum, &s.histogram);
    bool outer;
    assert_true(ltp_distribution_resolution(&d, 0.999, &outer) > 1000 && outer);
    assert_true(ltp_distribution_resolution(&d, 0.5, &outer) < 0.1 && !outer);
}

static void test_few_blocks(void **state) {
    (void)state;
    fill(plain, 1);
    ltp_series_sum few = {0};
    ltp_histogram histogram = {0};
    for (int b = 0; b < LTP_ERROR_BLOCKS - 1; b++) {
        double row[LTP_BLOCK] __attribute__((aligned(64)));
        uint16_t count[LTP_BIN_COUNT];
        ltp_block_sum block;
        memcpy(row, s.value + b * LTP_BLOCK, sizeof row);
        ltp_block_moments(row, s.frame.centre, &block);
        ltp_block_tails(row, s.frame.tail, &block);
        ltp_block_histogram(row, s.frame.centre, s.frame.width, count);
        assert_true(ltp_series_add(&few, &s.frame, &block));
        ltp_histogram_add(&histogram, count);
    }
    ltp_summary out;
    ltp_summary_make(&out, &s.frame, &few, &histogram, LTP_EVENT_AT_MOST_ZERO);
    assert_near(out.mean, 75, 1);
    assert_true(isnan(out.mean_se) && isnan(out.quantile_se[4]) && isnan(out.shortfall_se[0]));
    assert_true(isnan(out.probability_se) && isnan(out.probability_low));
    ltp_summary_make(&out, &s.frame, &few, NULL, LTP_EVENT_NONE);
    assert_true(isnan(out.quantile[4]) && isnan(out.shortfall[0]) && isnan(out.probability) && isfinite(out.sd));
}

/* Few hits or misses: the limits solve the beta equations of Clopper and Pearson. Student's t against GSL's. */
static void test_rare(void **state) {
    (void)state;
    ltp_frame frame = {.width = 1};
    const uint64_t n = 24 * LTP_BLOCK;
    for (uint64_t rare = 0; rare < 12; rare++)
        for (int mirrored = 0; mirrored < 2; mirrored++) {
            const uint64_t hits = mirrored ? n - rare : rare;
            ltp_series_sum sum = {.blocks = 24, .at_most = hits, .at_most_square = hits, .minimum = -1, .maximum = 1};
            ltp_summary out;
            ltp_summary_make(&out, &frame, &sum, NULL, LTP_EVENT_AT_MOST_ZERO);
            assert_true(out.probability_low <= out.probability && out.probability <= out.probability_high);
            if (rare >= 10) {
                assert_true(out.probability_se > 0 || mirrored);
                continue;
            }
            assert_true(isnan(out.probability_se) && out.probability_high > out.probability_low);
            const double a = (double)hits, b = (double)(n - hits);
            if (hits > 0)
                assert_near(gsl_cdf_beta_P(out.probability_low, a, b + 1), 0.025, 1e-7);
            if (hits < n)
                assert_near(gsl_cdf_beta_P(out.probability_high, a + 1, b), 0.975, 1e-7);
        }
    for (uint64_t blocks = LTP_ERROR_BLOCKS; blocks < 5000; blocks += blocks / 3)
        assert_near(ltp_interval_factor(blocks), gsl_cdf_tdist_Pinv(0.975, (double)blocks - 1), 5e-6);
    assert_true(isnan(ltp_interval_factor(LTP_ERROR_BLOCKS - 1)));
}

/* surplus ≥ 0 on the negated series is gap ≤ 0 on the series, ties and all. */
static double tied(double z) {
    return rint(2 * z);
}
static double tied_negative(double z) {
    return -rint(2 * z);
}
static void test_event_sense(void **state) {
    (void)state;
    ltp_summary gap, surplus, wrong;
    fill(tied, 1);
    ltp_summary_make(&gap, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
    fill(tied_negative, 1);
    ltp_summary_make(&surplus, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_LEAST_ZERO);
    ltp_summary_make(&wrong, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
    assert_true(gap.probability == surplus.probability && gap.probability_se == surplus.probability_se);
    ltp_summary opposite;
    fill(skewed, 1);
    ltp_summary_make(&gap, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_MOST_ZERO);
    ltp_summary_make(&opposite, &s.frame, &s.sum, &s.histogram, LTP_EVENT_AT_LEAST_ZERO);
    assert_true(fabs(gap.probability - opposite.probability) > 0.1); /* negative control: the sense is used */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_few_values),
        cmocka_unit_test(test_smooth_pays_nothing),
        cmocka_unit_test(test_against_sorted),
        cmocka_unit_test(test_interpolation),
        cmocka_unit_test(test_constants),
        cmocka_unit_test(test_atoms),
        cmocka_unit_test(test_empty_stretch),
        cmocka_unit_test(test_outermost),
        cmocka_unit_test(test_few_blocks),
        cmocka_unit_test(test_event_sense),
        cmocka_unit_test(test_rare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
