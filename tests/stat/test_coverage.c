/* Coverage of the 95% intervals (estimate ± t · standard error) over repeated runs of known distributions.
 *
 * RUNS runs of BLOCKS blocks each, of a normal and of a skewed series, stratified and plain. An interval that covers
 * with probability c is counted as covering c·RUNS ± sqrt(c(1−c)·RUNS) times. Bands: the design's 0.88–0.98 for the
 * true coverage (the spread of 32 blocks and the histogram make it less than exact), widened by 3.5 binomial standard
 * errors: with 68 checks an interval inside the design's range fails by chance less than once in 50 seeds; the seed
 * is fixed. Negative control: the same check with errors half as large (true coverage about 0.67) fails. */
#include "tests/support/test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "results/summary.h"
#include "tests/support/synthetic.h"

#define RUNS 1000
#define BLOCKS 32

enum { MEAN = 0, QUANTILE, SHORTFALL = QUANTILE + LTP_QUANTILE_COUNT, PROBABILITY = SHORTFALL + LTP_TAIL_COUNT, COUNT };

typedef struct {
    const char *name;
    double (*transform)(double z);
    double truth[COUNT];
} shape;

static double plain(double z) {
    return 75 + 62 * z;
}
static double skewed(double z) {
    return 20 * exp(0.8 * z) - 15;
}
static shape shapes[2] = {{"normal", plain, {0}}, {"skewed", skewed, {0}}};

static void find_truth(void) {
    for (int k = 0; k < 2; k++) {
        for (int q = 0; q < LTP_QUANTILE_COUNT; q++)
            shapes[k].truth[QUANTILE + q] = shapes[k].transform(gsl_cdf_ugaussian_Pinv(ltp_quantile_level[q]));
        for (int t = 0; t < LTP_TAIL_COUNT; t++) {
            const double a = ltp_tail_level[t], z = gsl_cdf_ugaussian_Pinv(a);
            shapes[k].truth[SHORTFALL + t] = k == 0 ? 75 + 62 * gsl_ran_ugaussian_pdf(z) / (1 - a)
                                                    : 20 * exp(0.32) * gsl_cdf_ugaussian_P(0.8 - z) / (1 - a) - 15;
        }
    }
    shapes[0].truth[MEAN] = 75;
    shapes[1].truth[MEAN] = 20 * exp(0.32) - 15;
    shapes[0].truth[PROBABILITY] = gsl_cdf_ugaussian_P(-75. / 62);
    shapes[1].truth[PROBABILITY] = gsl_cdf_ugaussian_P(log(0.75) / 0.8);
}

/* One block: two independent normals, so that strata of the sum are not strata of either. */
static void fill_row(const shape *s, uint64_t run, uint32_t block, int stratified, double *row) {
    double other[LTP_BLOCK];
    synthetic_normal(run, 1, block, stratified, row);
    synthetic_normal(run, 2, block, stratified, other);
    for (int i = 0; i < LTP_BLOCK; i++)
        row[i] = s->transform((row[i] + other[i]) / M_SQRT2);
}

static void one_run(const shape *s, uint64_t run, int stratified, ltp_summary *out) {
    double row[LTP_BLOCK] __attribute__((aligned(64))), work[LTP_BLOCK];
    ltp_frame frame;
    ltp_series_sum sum = {0};
    ltp_histogram histogram = {0};
    fill_row(s, run, LTP_BLOCK_PILOT, stratified, row);
    ltp_frame_pilot(&frame, row, 1, work);
    for (uint32_t b = 0; b < BLOCKS; b++) {
        ltp_block_sum block;
        uint16_t count[LTP_BIN_COUNT];
        fill_row(s, run, b, stratified, row);
        ltp_block_moments(row, frame.centre, &block);
        ltp_block_tails(row, frame.tail, &block);
        ltp_block_histogram(row, frame.centre, frame.width, count);
        assert_true(ltp_series_add(&sum, &frame, &block));
        ltp_histogram_add(&histogram, count);
    }
    ltp_summary_make(out, &frame, &sum, &histogram, LTP_EVENT_AT_MOST_ZERO);
}

static void collect(const ltp_summary *s, double estimate[COUNT], double error[COUNT]) {
    estimate[MEAN] = s->mean;
    error[MEAN] = s->mean_se;
    memcpy(estimate + QUANTILE, s->quantile, sizeof s->quantile);
    memcpy(error + QUANTILE, s->quantile_se, sizeof s->quantile_se);
    memcpy(estimate + SHORTFALL, s->shortfall, sizeof s->shortfall);
    memcpy(error + SHORTFALL, s->shortfall_se, sizeof s->shortfall_se);
    estimate[PROBABILITY] = s->probability;
    error[PROBABILITY] = s->probability_se;
}

/* Times that each interval covers the truth, with errors multiplied by 1 and by ½. */
static void count_cover(const shape *s, int stratified, int full[COUNT], int half[COUNT]) {
    const double t = ltp_interval_factor(BLOCKS);
    memset(full, 0, COUNT * sizeof *full);
    memset(half, 0, COUNT * sizeof *half);
    for (uint64_t run = 0; run < RUNS; run++) {
        ltp_summary out;
        double estimate[COUNT], error[COUNT];
        one_run(s, 20191115 + run, stratified, &out);
        collect(&out, estimate, error);
        for (int i = 0; i < COUNT; i++) {
            full[i] += fabs(estimate[i] - s->truth[i]) <= t * error[i];
            half[i] += fabs(estimate[i] - s->truth[i]) <= t * error[i] / 2;
        }
    }
}

static bool within(int covered) {
    const double low = 0.88, high = 0.98, c = (double)covered / RUNS;
    return c >= low - 3.5 * sqrt(low * (1 - low) / RUNS) && c <= high + 3.5 * sqrt(high * (1 - high) / RUNS);
}

static const char *name_of(int i) {
    static char name[32];
    if (i == MEAN)
        return "mean";
    if (i == PROBABILITY)
        return "P(<=0)";
    if (i >= SHORTFALL)
        snprintf(name, sizeof name, "ES%.0f", 100 * ltp_tail_level[i - SHORTFALL]);
    else
        snprintf(name, sizeof name, "P%.0f", 100 * ltp_quantile_level[i - QUANTILE]);
    return name;
}

static void check(int k, int stratified) {
    int full[COUNT], half[COUNT];
    find_truth();
    count_cover(&shapes[k], stratified, full, half);
    printf("# %s %s:", shapes[k].name, stratified ? "lhs" : "plain");
    for (int i = 0; i < COUNT; i++)
        printf(" %s %.3f", name_of(i), (double)full[i] / RUNS);
    printf("\n");
    for (int i = 0; i < COUNT; i++) {
        if (!within(full[i]))
            fail_msg("%s: %d of %d intervals cover", name_of(i), full[i], RUNS);
        assert_false(within(half[i])); /* negative control */
    }
}

static void test_normal_stratified(void **state) {
    (void)state;
    check(0, 1);
}
static void test_normal_plain(void **state) {
    (void)state;
    check(0, 0);
}
static void test_skewed_stratified(void **state) {
    (void)state;
    check(1, 1);
}
static void test_skewed_plain(void **state) {
    (void)state;
    check(1, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_normal_stratified),
        cmocka_unit_test(test_normal_plain),
        cmocka_unit_test(test_skewed_stratified),
        cmocka_unit_test(test_skewed_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
