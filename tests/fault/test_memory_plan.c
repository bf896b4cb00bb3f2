/* Memory that runs out while a scenario is loaded: whichever allocation fails, the loader says so, gives back what it
 * had, and nothing crashes (leaks show under the address sanitiser). */
#include "sim/core/memory.h"
#include "sim/plan/plan.h"
#include "tests/support/test.h"

#define MOST 1000000ul

/* Loads with the n-th allocation failing. */
static ltp_status load(const char *scenario, unsigned long n, ltp_error *error) {
    ltp_problem_list *problems;
    ltp_plan *plan = (ltp_plan *)(uintptr_t)1;
    assert_int_equal(ltp_problem_list_create(&problems, error), LTP_OK);
    ltp_memory_fail_after(n);
    const ltp_status status = ltp_plan_load(&plan, scenario, NULL, 0, problems, error);
    ltp_memory_fail_after(0);
    assert_int_equal(plan == NULL, status != LTP_OK);
    ltp_plan_free(plan);
    ltp_problem_list_destroy(problems);
    return status;
}

/* All of the worked example's; of a large scenario that uses everything, every `step`-th. */
static void fail_each(const char *scenario, unsigned long step) {
    unsigned long n = 1;
    for (; n < MOST; n += step) {
        ltp_error error = {0};
        const ltp_status status = load(scenario, n, &error);
        if (status == LTP_OK)
            break;
        if (status != LTP_ERROR_MEMORY || error.status != LTP_ERROR_MEMORY || !error.message[0])
            fail_msg("%s, allocation %lu: status %d, '%s'", scenario, n, (int)status, error.message);
    }
    assert_true(n > 100 && n < MOST); /* there were some to fail */
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    fail_each("scenarios/minimal", 1);
    fail_each("tests/support/everything", 5);
    fail_each("tests/support/five-tests", 7);
    fail_each("scenarios/downside", 211); /* one scenario on another */
}

/* After the failures the same process loads the same plan. */
static void the_loader_recovers(void **state) {
    (void)state;
    ltp_error error = {0};
    assert_int_equal(load("scenarios/minimal", 7, &error), LTP_ERROR_MEMORY);
    assert_int_equal(load("scenarios/minimal", 0, &error), LTP_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(the_loader_recovers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
