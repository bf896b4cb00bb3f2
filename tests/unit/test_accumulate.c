/* Exact sums: the same bits in any order, grouping and number of threads; overflow and bad values are errors. */
#include "tests/support/test.h"

#include <omp.h>
#include <stdlib.h>

#include "results/accumulate.h"
#include "results/collector_internal.h"
#include "sim/core/memory.h"
#include "tests/support/synthetic.h"

#define BLOCKS 40

static ltp_error error;

#define must(call)                                                                                                     \
    do {                                                                                                               \
        if ((call) != LTP_OK)                                                                                          \
            fail_msg("%s: %s", #call, error.message);                                                                  \
    } while (0)

static void run_one(ltp_collector *collector, synthetic *plan, ltp_collector_block *block, uint32_t index) {
    ltp_collector_block_begin(block, index);
    synthetic_block(plan, index, ltp_collector_sink, block);
    must(ltp_collector_block_end(block, &error));
    (void)collector;
}

/* Blocks 0 .. BLOCKS − 1 in the order first, first + step, … (step prime to BLOCKS) by so many threads. */
static ltp_collector *collect(uint32_t first, uint32_t step, int threads) {
    ltp_collector *collector;
    synthetic *plan;
    ltp_collector_block *block;
    must(synthetic_create(&plan, 5, &error));
    /* The roster is read at the end too: it lives as long as the test. */
    must(ltp_collector_create(&collector, &(ltp_collector_option){.roster = synthetic_roster(plan)}, &error));
    must(ltp_collector_block_create(&block, collector, &error));
    run_one(collector, plan, block, LTP_BLOCK_PILOT);
    ltp_collector_block_destroy(block);
    int failures = 0;
#pragma omp parallel num_threads(threads) reduction(+ : failures)
    {
        ltp_error own;
        synthetic *mine = NULL;
        ltp_collector_block *room = NULL;
        failures += synthetic_create(&mine, 5, &own) != LTP_OK;
        failures += ltp_collector_block_create(&room, collector, &own) != LTP_OK;
#pragma omp for schedule(dynamic, 1)
        for (uint32_t i = 0; i < BLOCKS; i++) {
            const uint32_t index = (first + i * step) % BLOCKS;
            ltp_collector_block_begin(room, index);
            synthetic_block(mine, index, ltp_collector_sink, room);
            failures += ltp_collector_block_end(room, &own) != LTP_OK;
        }
        ltp_collector_block_destroy(room);
        synthetic_destroy(mine);
    }
    assert_int_equal(failures, 0);
    synthetic_destroy(plan);
    return collector;
}

static bool same_sums(const ltp_collector *a, const ltp_collector *b) {
    const ltp_layout *layout = &a->layout;
    return memcmp(a->frame, b->frame, layout->series_count * sizeof *a->frame) == 0 &&
           memcmp(a->sum, b->sum, layout->series_count * sizeof *a->sum) == 0 &&
           memcmp(a->histogram, b->histogram, layout->histogram_count * sizeof *a->histogram) == 0 &&
           memcmp(a->batch, b->batch, layout->batch_count * sizeof *a->batch) == 0 &&
           memcmp(a->batch_blocks, b->batch_blocks, sizeof a->batch_blocks) == 0;
}

static void test_order_and_threads(void **state) {
    (void)state;
    ltp_collector *straight = collect(0, 1, 1), *shuffled = collect(17, 7, 1), *threaded = collect(3, 11, 4);
    assert_true(straight->layout.series_count > 1000);
    assert_true(same_sums(straight, shuffled));
    assert_true(same_sums(straight, threaded));
    /* Negative control: one unit in the last place of one sum is seen. */
    shuffled->sum[123].sum[0] += 1;
    assert_false(same_sums(straight, shuffled));
    ltp_collector_destroy(straight);
    ltp_collector_destroy(shuffled);
    ltp_collector_destroy(threaded);
}

/* Values of very different size, whose plain double sum depends on the order. */
static void block_row(uint32_t block, double size, double *row) {
    synthetic_normal(3, 9, block, 0, row);
    for (int i = 0; i < LTP_BLOCK; i++)
        row[i] = size * (row[i] + (i % 97 == 0 ? 1e5 : 0)) + 0.1 * size;
}

static void test_grouping(void **state) {
    (void)state;
    static const double sizes[] = {1e-4, 1, 5e3};
    for (size_t s = 0; s < 3; s++) {
        double row[LTP_BLOCK], work[LTP_BLOCK], forward = 0, backward = 0;
        ltp_frame frame;
        block_row(1000, sizes[s], row);
        ltp_frame_pilot(&frame, row, sizes[s], work);
        ltp_series_sum one = {0}, left = {0}, right = {0};
        ltp_histogram h_one = {0}, h_left = {0}, h_right = {0};
        ltp_block_sum block[BLOCKS];
        for (uint32_t b = 0; b < BLOCKS; b++) {
            uint16_t count[LTP_BIN_COUNT];
            block_row(b, sizes[s], row);
            ltp_block_moments(row, frame.centre, &block[b]);
            ltp_block_tails(row, frame.tail, &block[b]);
            ltp_block_histogram(row, frame.centre, frame.width, count);
            assert_int_equal(ltp_block_range(&frame, &block[b]), LTP_RANGE_FINE);
            assert_true(ltp_series_add(&one, &frame, &block[b]));
            assert_true(ltp_series_add(b % 3 ? &left : &right, &frame, &block[b]));
            ltp_histogram_add(&h_one, count);
            ltp_histogram_add(b % 3 ? &h_left : &h_right, count);
            forward += block[b].sum[1];
        }
        for (int b = BLOCKS - 1; b >= 0; b--)
            backward += block[b].sum[1];
        assert_true(ltp_series_merge(&right, &left));
        ltp_histogram_merge(&h_right, &h_left);
        assert_memory_equal(&one, &right, sizeof one);
        assert_memory_equal(&h_one, &h_right, sizeof h_one);
        if (s == 1) /* negative control: doubles do not have the property */
            assert_true(forward != backward);
    }
}

/* Against __int128 and long double sums made by hand on small integers: exact. */
static void test_moments_exact(void **state) {
    (void)state;
    double row[LTP_BLOCK] __attribute__((aligned(64)));
    double first = 0, second = 0, third = 0;
    int below = 0, at_most = 0;
    for (int i = 0; i < LTP_BLOCK; i++) {
        row[i] = (i * 37) % 101 - 50;
        const double d = row[i] - 3;
        first += d;
        second += d * d;
        third += d * d * d;
        below += row[i] < 0;
        at_most += row[i] <= 0;
    }
    ltp_block_sum sum;
    ltp_block_moments(row, 3, &sum);
    assert_true(sum.sum[0] == first && sum.sum[1] == second && sum.sum[2] == third);
    assert_true(sum.minimum == -50 && sum.maximum == 50);
    assert_int_equal(sum.below, below);
    assert_int_equal(sum.at_most, at_most);
    ltp_block_sum only;
    ltp_block_moments_only(row, 3, &only);
    assert_memory_equal(only.sum, sum.sum, sizeof sum.sum);
    assert_true(only.minimum == -50 && only.maximum == 50);
    for (int i = 0; i < LTP_BLOCK; i++)
        row[i] = i % 3 == 0; /* 342 ones; around 0.25 every power is exact */
    ltp_block_moments(row, 0.25, &sum);
    ltp_block_indicator(row, 0.25, &only);
    assert_memory_equal(&only, &sum, sizeof sum);
    ltp_block_indicator((const double[LTP_BLOCK]){0}, 0.25, &only);
    assert_true(only.minimum == 0 && only.maximum == 0 && only.at_most == LTP_BLOCK);
}

static int rising(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The pilot's centre and tails are order statistics, whatever the shape. */
static void test_pilot(void **state) {
    (void)state;
    for (int shape = 0; shape < 5; shape++) {
        double row[LTP_BLOCK] __attribute__((aligned(64))), sorted[LTP_BLOCK], work[LTP_BLOCK];
        ltp_frame frame;
        synthetic_normal(2, 7, (uint32_t)shape, 0, row);
        for (int i = 0; i < LTP_BLOCK; i++)
            row[i] = shape == 0   ? 1e6 + row[i]
                     : shape == 1 ? exp(3 * row[i])
                     : shape == 2 ? rint(2 * row[i])
                     : shape == 3 ? (i == 500 ? 1e12 : row[i])
                                  : 5;
        memcpy(sorted, row, sizeof sorted);
        qsort(sorted, LTP_BLOCK, sizeof *sorted, rising);
        ltp_frame_pilot(&frame, row, 1e-3, work);
        assert_true(frame.centre == sorted[511]);
        assert_true(frame.tail[0] == sorted[921] && frame.tail[1] == sorted[972]);
        assert_true(frame.width > 0 && ldexp(1, frame.exponent) <= frame.width);
        if (shape == 0)
            assert_near(frame.width, 1, 0.15);
        if (shape == 4)
            assert_true(frame.width == 1e-4 * 1e-3); /* a constant: from its scale */
        ltp_frame_pilot(&frame, row, 0, work);
        assert_true(shape != 4 || frame.width == 1);
        ltp_frame_pilot_plain(&frame, row, 0);
        assert_true(frame.centre >= sorted[0] && frame.centre <= sorted[1023] && frame.width > 0);
    }
}

static void test_histogram_places(void **state) {
    (void)state;
    double row[LTP_BLOCK] __attribute__((aligned(64)));
    uint16_t count[LTP_BIN_COUNT];
    /* Just inside each edge from above: value i of bin b, b = i mod 256. */
    for (int i = 0; i < LTP_BLOCK; i++) {
        const int bin = i % LTP_BIN_COUNT;
        const double low = ltp_edge_position(bin), high = ltp_edge_position(bin + 1);
        const double inside = bin == 0 ? high * 1.5 : bin == LTP_BIN_COUNT - 1 ? low * 1.5 : 0.5 * (low + high);
        row[i] = 70 + 2 * inside;
    }
    ltp_block_histogram(row, 70, 2, count);
    for (int j = 0; j < LTP_BIN_COUNT; j++)
        assert_int_equal(count[j], LTP_BLOCK / LTP_BIN_COUNT);
}

static void test_overflow(void **state) {
    (void)state;
    double row[LTP_BLOCK] __attribute__((aligned(64))), work[LTP_BLOCK];
    ltp_frame frame;
    synthetic_normal(1, 1, 0, 0, row);
    ltp_frame_pilot(&frame, row, 0, work);
    ltp_block_sum block;
    row[5] = 1e20; /* out of reach */
    ltp_block_moments(row, frame.centre, &block);
    assert_int_equal(ltp_block_range(&frame, &block), LTP_RANGE_TOO_FAR);
    row[5] = NAN;
    ltp_block_moments(row, frame.centre, &block);
    assert_int_equal(ltp_block_range(&frame, &block), LTP_RANGE_NOT_FINITE);
    row[5] = -INFINITY;
    ltp_block_moments(row, frame.centre, &block);
    assert_int_equal(ltp_block_range(&frame, &block), LTP_RANGE_NOT_FINITE);
    row[5] = 0;
    ltp_block_moments(row, frame.centre, &block);
    assert_int_equal(ltp_block_range(&frame, &block), LTP_RANGE_FINE);
    ltp_series_sum sum = {0};
    assert_true(ltp_series_add(&sum, &frame, &block));
    sum.sum[0] = ((ltp_int128)1 << 126) + (((ltp_int128)1 << 126) - 1); /* the largest there is */
    block.sum[0] = 1;
    assert_false(ltp_series_add(&sum, &frame, &block));
    ltp_series_sum other = sum;
    assert_false(ltp_series_merge(&sum, &other));
    block.sum[2] = 1e30; /* cubes of a block that fit a double and not 128 bits */
    sum = (ltp_series_sum){0};
    assert_false(ltp_series_add(&sum, &frame, &block));
}

/* A bad value or a missing row is named, and nothing of its block is added. */
static double *planted;
static double planted_value;
static ltp_collector_block *planted_block;

static void planting_sink(void *context, int layer, int year, const ltp_rows *rows) {
    const double *const *income = rows->row[LTP_QUANTITY_INCOME];
    const double *copy[8];
    memcpy(copy, income, sizeof copy);
    ltp_rows changed = *rows;
    changed.row[LTP_QUANTITY_INCOME] = copy;
    if (layer == 1 && year == 2) {
        if (planted)
            planted[100] = planted_value;
        else
            copy[1] = NULL;
    }
    ltp_collector_sink(context, layer, year, &changed);
}

static void test_bad_rows(void **state) {
    (void)state;
    ltp_collector *collector;
    synthetic *plan;
    must(synthetic_create(&plan, 5, &error));
    must(ltp_collector_create(&collector, &(ltp_collector_option){.roster = synthetic_roster(plan)}, &error));
    must(ltp_collector_block_create(&planted_block, collector, &error));
    ltp_collector_block_begin(planted_block, 0);
    synthetic_block(plan, 0, ltp_collector_sink, planted_block);
    assert_int_equal(ltp_collector_block_end(planted_block, &error), LTP_ERROR_NUMERIC); /* no pilot yet */
    run_one(collector, plan, planted_block, LTP_BLOCK_PILOT);
    run_one(collector, plan, planted_block, 0);
    const ltp_series_sum before = collector->sum[0];
    for (int kind = 0; kind < 3; kind++) {
        planted = kind < 2 ? synthetic_row(plan, LTP_QUANTITY_INCOME, 1, 0) : NULL;
        planted_value = kind == 0 ? NAN : 1e300;
        ltp_collector_block_begin(planted_block, 1);
        synthetic_block(plan, 1, planting_sink, planted_block);
        assert_int_equal(ltp_collector_block_end(planted_block, &error), LTP_ERROR_NUMERIC);
        assert_non_null(strstr(error.message, "T1"));
        assert_non_null(strstr(error.message, "test_2"));
        assert_non_null(strstr(error.message, "2020/21"));
        assert_int_equal(ltp_collector_blocks(collector), 1);
        assert_memory_equal(&before, &collector->sum[0], sizeof before);
    }
    run_one(collector, plan, planted_block, 1); /* the next good block is taken */
    assert_int_equal(ltp_collector_paths(collector), 2 * LTP_BLOCK);
    ltp_collector_block_destroy(planted_block);
    ltp_collector_destroy(collector);
    synthetic_destroy(plan);
}

/* Systems are sums of shares; a region of one system is that system; missing stays missing. */
static void test_levels(void **state) {
    (void)state;
    ltp_collector *collector = collect(0, 1, 1);
    const ltp_layout *layout = &collector->layout;
    const ltp_panel *organisation = &layout->panel[ltp_layout_panel(layout, "gap", LTP_LEVEL_ORGANISATION)];
    const ltp_panel *system = &layout->panel[ltp_layout_panel(layout, "gap", LTP_LEVEL_SYSTEM)];
    const ltp_panel *region = &layout->panel[ltp_layout_panel(layout, "gap", LTP_LEVEL_REGION)];
    const ltp_panel *england = &layout->panel[ltp_layout_panel(layout, "gap", LTP_LEVEL_ENGLAND)];
    const ltp_panel *commissioner = &layout->panel[ltp_layout_panel(layout, "gap_commissioner", LTP_LEVEL_SYSTEM)];
    const ltp_panel *own = &layout->panel[ltp_layout_panel(layout, "gap_excluding_nhs_england", LTP_LEVEL_SYSTEM)];
    ltp_summary c1, t1, t3, s1, s3, r1, r2, s4, all, other;
    ltp_collector_summary(collector, organisation, organisation->place[0], 2, 1, &c1);
    ltp_collector_summary(collector, organisation, organisation->place[1], 2, 1, &t1);
    ltp_collector_summary(collector, organisation, organisation->place[4], 2, 1, &t3);
    ltp_collector_summary(collector, system, system->place[0], 2, 1, &s1);
    ltp_collector_summary(collector, system, system->place[2], 2, 1, &s3);
    ltp_collector_summary(collector, system, system->place[3], 2, 1, &s4);
    ltp_collector_summary(collector, region, region->place[0], 2, 1, &r1);
    ltp_collector_summary(collector, region, region->place[1], 2, 1, &r2);
    ltp_collector_summary(collector, england, england->place[0], 2, 1, &all);
    assert_near(s1.mean, c1.mean + t1.mean + 0.25 * t3.mean, 1e-11);
    assert_near(s3.mean, 0.75 * t3.mean, 1e-11);
    assert_near(s3.sd, 0.75 * t3.sd, 1e-9);
    assert_memory_equal(&region->place[1], &system->place[3], sizeof *region->place);
    assert_memory_equal(&r2, &s4, sizeof r2);
    assert_near(all.mean, r1.mean + r2.mean, 1e-11);
    assert_int_equal(organisation->place[7].panel, LTP_NOWHERE); /* the council has no cost, so no gap */
    assert_int_equal(commissioner->place[2].panel, LTP_NOWHERE); /* S3 has no commissioner */
    ltp_collector_summary(collector, commissioner, commissioner->place[2], 2, 1, &other);
    assert_true(isnan(other.mean) && isnan(other.quantile[4]));
    ltp_summary t4; /* C4 is NHS England's: S4 without it is T4 */
    ltp_collector_summary(collector, own, own->place[3], 2, 1, &other);
    ltp_collector_summary(collector, organisation, organisation->place[6], 2, 1, &t4);
    assert_near(other.mean, t4.mean, 1e-11);
    ltp_collector_destroy(collector);
}

static void test_expected(void **state) {
    (void)state;
    ltp_collector *collector;
    synthetic *plan;
    ltp_collector_block *block;
    must(synthetic_create(&plan, 5, &error));
    static const char *const keep[] = {"system.gap"};
    const ltp_collector_option option = {
        .roster = synthetic_roster(plan), .expected = true, .keep_count = 1, .keep = keep};
    must(ltp_collector_create(&collector, &option, &error));
    must(ltp_collector_block_create(&block, collector, &error));
    run_one(collector, plan, block, 0);
    assert_int_equal(ltp_collector_paths(collector), 1);
    const ltp_panel *p = &collector->layout.panel[ltp_layout_panel(&collector->layout, "gap", LTP_LEVEL_SYSTEM)];
    ltp_summary s;
    ltp_collector_summary(collector, p, p->place[3], 2, 1, &s);
    assert_true(isfinite(s.mean) && isnan(s.sd) && isnan(s.minimum) && isnan(s.quantile[4]) && isnan(s.probability));
    size_t length;
    assert_null(ltp_collector_block_sample(block, 0, &length));
    ltp_collector_block_destroy(block);
    ltp_collector_destroy(collector);
    synthetic_destroy(plan);
}

static void test_unknown_keep(void **state) {
    (void)state;
    ltp_collector *collector;
    synthetic *plan;
    must(synthetic_create(&plan, 5, &error));
    static const char *const keep[] = {"system.gpa"};
    assert_int_equal(
        ltp_collector_create(&collector,
                             &(ltp_collector_option){.roster = synthetic_roster(plan), .keep_count = 1, .keep = keep},
                             &error),
        LTP_ERROR_INPUT);
    assert_non_null(strstr(error.message, "system.gpa"));
    assert_null(collector);
    synthetic_destroy(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments_exact), cmocka_unit_test(test_histogram_places),
        cmocka_unit_test(test_grouping),      cmocka_unit_test(test_order_and_threads),
        cmocka_unit_test(test_overflow),      cmocka_unit_test(test_bad_rows),
        cmocka_unit_test(test_levels),        cmocka_unit_test(test_expected),
        cmocka_unit_test(test_unknown_keep),  cmocka_unit_test(test_pilot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
