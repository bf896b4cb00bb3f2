/* The simulated do-nothing gaps against the reference ledger, which posts every payment of one path one at a time. */
#include "tests/support/reference.h"
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define EVERYTHING "tests/support/everything"

/* Largest difference between simulated and posted gaps on some paths of a block, £m. */
static double difference(const char *simulated, const char *posted, uint32_t block, const size_t *path, size_t count) {
    simulation s = simulation_open(simulated, NULL), other = simulation_open(posted, NULL);
    const ltp_label_axis *axis = &s.plan->roster.level[LTP_LEVEL_ORGANISATION];
    double worst = 0.0;
    s.keep = KEEP_GAP;
    simulation_run(&s, block);
    for (size_t k = 0; k < count; k++) {
        reference *r = reference_open(other.plan->scenario, block, path[k]);
        for (int year = 1; year <= (int)s.plan->roster.year.count; year++) {
            double leak;
            const double *gap = reference_gap(r, year, &leak);
            assert_near(leak, 0.0, 1e-9);
            for (size_t o = 0; o < axis->count; o++)
                worst = fmax(worst, fabs(simulation_gap(&s, axis->code[o], "do_nothing", year, path[k]) - gap[o]));
        }
        reference_close(r);
    }
    simulation_close(&s);
    simulation_close(&other);
    return worst;
}

static const size_t path[] = {0, 1, 17, 255, 256, 511, 777, 1023};

static void minimal(void **state) {
    (void)state;
    assert_near(difference("scenarios/minimal", "scenarios/minimal", 3, path, 8), 0.0, 1e-9);
}

static void everything(void **state) {
    (void)state;
    assert_near(difference(EVERYTHING, EVERYTHING, 0, path, 8), 0.0, 1e-9);
    assert_near(difference(EVERYTHING, EVERYTHING, 9, path, 8), 0.0, 1e-9);
}

static void greater_manchester(void **state) {
    (void)state;
    assert_near(difference("scenarios/greater-manchester", "scenarios/greater-manchester", 2, path, 2), 0.0, 1e-9);
}

/* The comparison must be able to fail: one number of one table is another. */
static void another_number_is_seen(void **state) {
    (void)state;
    static const struct {
        const char *file, *key, *column, *value;
    } change[] = {{"events.csv", "flu", "probability", "0.3"},
                  {"drivers.csv", "price.pay", "persistence", "0.7"},
                  {"drivers.csv", "contract.lambda", "sd", "0.21"},
                  {"correlations.csv", "price.supplies,price.drugs", "correlation", "0.41"},
                  {"transfers.csv", "Pay award B", "cost", "5.01"},
                  {"transfers.csv", "Specialised to local", "already_in_allocation", "2.01"},
                  {"flows.csv", "CA,TA,ae", "plan_basis", "annual"},
                  {"use_by_age.csv", "ae,old", "use_per_head", "0.61"},
                  {"allocations.csv", "SC,specialised,2020/21", "firmness", "firm"},
                  {"categories.csv", "supplies", "growth_share", "0.91"},
                  {"outside.csv", "REST", "population_system", ""}};
    for (size_t k = 0; k < sizeof change / sizeof change[0]; k++) {
        workspace where = workspace_copy(EVERYTHING);
        workspace_set(&where, change[k].file, change[k].key, change[k].column, change[k].value);
        const double off = difference(where.path, EVERYTHING, 0, path, 4);
        if (!(off > 1e-5))
            fail_msg("%s %s: a difference of £%.3gm only", change[k].file, change[k].column, off);
        workspace_remove(&where);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minimal),
        cmocka_unit_test(everything),
        cmocka_unit_test(greater_manchester),
        cmocka_unit_test(another_number_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
