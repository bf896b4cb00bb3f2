/* Memory that runs out while a plan with every table is simulated, stored and read again: whichever allocation fails,
 * one sentence says so, no half file is left, and nothing crashes (leaks show under the address sanitiser). */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "results/report/assess.h"
#include "results/report/compare.h"
#include "results/report/headline.h"
#include "results/report/waterfall.h"
#include "sim/core/memory.h"
#include "sim/engine/run.h"
#include "sim/plan/plan.h"
#include "tests/support/test.h"

#define FIVE "tests/support/five-tests"
#define MOST 100000ul

static ltp_plan *plan;
static char folder[] = "/tmp/ltp-fault-XXXXXX";
static char target[64];

typedef struct {
    ltp_collector *collector;
    ltp_attributor *attributor;
    ltp_store *store;
} parts;

static ltp_status create(parts *run, ltp_error *error) {
    const ltp_collector_option collect = {
        .roster = &plan->roster, .keep_count = plan->scenario->keep_count, .keep = plan->scenario->keep};
    const ltp_store_option store = {.path = target,
                                    .title = "fault",
                                    .base_year = plan->scenario->year_label[0],
                                    .seed = plan->model.seed,
                                    .paths = LTP_BLOCK,
                                    .sampling = "lhs",
                                    .roster = &plan->roster};
    ltp_status status = ltp_collector_create(&run->collector, &collect, error);
    if (status == LTP_OK)
        status = ltp_attributor_create(&run->attributor, &plan->roster, &plan->attribution, false, error);
    return status == LTP_OK ? ltp_store_create(&run->store, &store, run->collector, error) : status;
}

/* One block, which is one of the attribution's too. */
static ltp_status simulate(parts *run, ltp_error *error) {
    ltp_progress progress;
    const ltp_run_option option = {.model = &plan->model,
                                   .block_count = 1,
                                   .threads = 1,
                                   .keep_count = plan->scenario->keep_count,
                                   .collector = run->collector,
                                   .subset_model = &plan->attribution_model,
                                   .attributor = run->attributor,
                                   .store = run->store,
                                   .progress = &progress,
                                   .money = 1000.0};
    ltp_run_report report;
    ltp_progress_begin(&progress, stderr, true, LTP_BLOCK);
    ltp_status status = ltp_run(&option, &report, error);
    if (status == LTP_OK)
        status = ltp_store_attribution(run->store, run->attributor, error);
    if (status != LTP_OK)
        return status;
    const ltp_store_provenance provenance[] = {{"program", "ltpsim"}};
    ltp_store *store = run->store;
    run->store = NULL; /* finish frees it in every case */
    return ltp_store_finish(store, provenance, 1, error);
}

/* Simulates and stores with the n-th allocation failing. */
static ltp_status run_with(unsigned long n, ltp_error *error) {
    parts run = {NULL, NULL, NULL};
    ltp_memory_fail_after(n);
    ltp_status status = create(&run, error);
    if (status == LTP_OK)
        status = simulate(&run, error);
    ltp_memory_fail_after(0);
    ltp_store_abandon(run.store);
    ltp_collector_destroy(run.collector);
    ltp_attributor_destroy(run.attributor);
    return status;
}

static bool is_there(void) {
    return access(target, F_OK) == 0;
}

typedef ltp_status work(unsigned long n, ltp_error *error);

/* Calls it with an allocation failing: each of the first `all` in turn, then every `step`-th. The number of the last
 * that failed. */
static unsigned long fail_each(const char *what, work *call, bool stores, unsigned long all, unsigned long step) {
    unsigned long n = 1;
    for (; n < MOST; n += n < all ? 1 : step) {
        ltp_error error = {0};
        const ltp_status status = call(n, &error);
        if (status == LTP_OK)
            break;
        if (status != LTP_ERROR_MEMORY || error.status != LTP_ERROR_MEMORY || !error.message[0])
            fail_msg("%s, allocation %lu: status %d, '%s'", what, n, (int)status, error.message);
        if (stores && is_there())
            fail_msg("%s, allocation %lu: a result is there after a failure", what, n);
    }
    assert_true(n < MOST);
    return n - 1;
}

static void a_run_may_lack_memory_anywhere(void **state) {
    (void)state;
    assert_true(plan->attribution_model.layer_count > 0);
    assert_true(plan->roster.level[LTP_LEVEL_SCHEME].count && plan->roster.level[LTP_LEVEL_FLOOR].count);
    assert_true(fail_each("run", run_with, true, 750, 61) > 750);
    assert_true(is_there()); /* the one with memory enough */
}

static ltp_status print_each(FILE *to, ltp_result *result, ltp_result *other, ltp_error *error) {
    const ltp_assess_option all = {.by = "all", .confidence = 0.8, .variation_share = 0.5};
    const ltp_compare_choice everything = {.everything = true};
    ltp_status status = ltp_headline_print(to, target, LTP_REPORT_TABLE, error);
    if (status == LTP_OK)
        status = ltp_assess_print(to, result, &all, LTP_REPORT_TABLE, error);
    if (status == LTP_OK)
        status = ltp_waterfall_print(to, result, "system", NULL, NULL, LTP_REPORT_TABLE, error);
    return status == LTP_OK ? ltp_compare_print(to, result, other, &everything, LTP_REPORT_TABLE, error) : status;
}

static ltp_status read_with(unsigned long n, ltp_error *error) {
    ltp_result *result[2] = {NULL, NULL};
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    ltp_memory_fail_after(n);
    ltp_status status = LTP_OK;
    for (int k = 0; k < 2 && status == LTP_OK; k++)
        status = ltp_result_open(&result[k], target, error);
    if (status == LTP_OK)
        status = print_each(nowhere, result[0], result[1], error);
    ltp_memory_fail_after(0);
    ltp_result_close(result[0]);
    ltp_result_close(result[1]);
    fclose(nowhere);
    return status;
}

static void a_reader_may_lack_memory_anywhere(void **state) {
    (void)state;
    assert_true(is_there());
    assert_true(fail_each("read", read_with, false, 20, 31) > 100);
}

static int load(void **state) {
    (void)state;
    ltp_problem_list *problems;
    ltp_error error;
    if (!mkdtemp(folder) || ltp_problem_list_create(&problems, &error) != LTP_OK)
        return -1;
    snprintf(target, sizeof target, "%s/result.h5", folder);
    const ltp_status status = ltp_plan_load(&plan, FIVE, NULL, 0, problems, &error);
    ltp_problem_list_destroy(problems);
    return status == LTP_OK ? 0 : -1;
}

/* The folder must be empty but for the result: no half file. */
static int tidy(void **state) {
    (void)state;
    ltp_plan_free(plan);
    unlink(target);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_may_lack_memory_anywhere),
        cmocka_unit_test(a_reader_may_lack_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, load, tidy);
}
