/* The simulated do-nothing gaps against the reference ledger, which posts every payment of one path one at a time. It
 * knows flows and staff; floors, capital and interest have the numpy peer (tests/cli/test_numpy_peer.py). */
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
    assert_true(s.state->conservation < 1e-8); /* every layer, not do_nothing alone */
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
    workspace where = workspace_money_alone();
    assert_near(difference(where.path, where.path, 2, path, 2), 0.0, 1e-9);
    assert_true(difference("scenarios/greater-manchester", where.path, 2, path, 1) > 1e-3);
    workspace_remove(&where);
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

/* Everything, with staff at five organisations and drivers of all that a driver moves of them. */
static workspace with_staff(const char *unfilled) {
    workspace where = workspace_copy(EVERYTHING);
    workspace_write(&where, "workforce.csv",
                    "code,group,fte,cost_per_fte,elasticity,vacancy,leavers,joiners,agency_share,agency_cap,"
                    "agency_premium,productivity\n"
                    "TA,nurses,900,0.04,0.6,0.08,0.12,0.11,0.05,0.06,0.35,1\n"
                    "TA,doctors,300,0.1,0.8,0.02,0.08,0.085,0.05,,0.6,1.01\n"
                    "TB,nurses,500,0.04,1,0.1,0.13,0.14,0.06,0.02,0.35,1\n"
                    "AM,paramedics,200,0.045,1.2,0.12,0.1,0.08,0.01,0.2,0.3,1\n"
                    "CA,managers,50,0.06,1,0.05,0.15,0.1,0.02,0.1,0.4,0.98\n"
                    "LA,carers,400,0.03,1,0.15,0.25,0.2,0.05,0.08,0.2,1\n");
    workspace_add(&where, "drivers.csv",
                  "leave,workforce.leavers,organisation,normal,0.005,0.02,,,,,,,,,,,,0.5,0.4,0.4,0.2,0.01");
    workspace_add(&where, "drivers.csv", "leave now,workforce.leavers,national,normal,0,0.05,,,,,,,,,,,,0,,,,");
    workspace_add(&where, "drivers.csv", "join,workforce.joiners,system,normal,0,0.05,,,,,,,,,,,,0.3,0.5,0.5,,");
    workspace_add(&where, "drivers.csv",
                  "premium,workforce.agency_premium,organisation,gamma,0.1,0.05,,,,,,,,,,,,0,0,0,1,");
    char settings[300];
    snprintf(settings, sizeof settings,
             "title: x\nbase_year: 2018/19\nyears: 3\nseed: 20190627\npaths: 1024\n"
             "unfilled: %s\n",
             unfilled);
    workspace_write(&where, "scenario.yaml", settings);
    return where;
}

static void staff(void **state) {
    (void)state;
    static const char *const unfilled[] = {"needed", "saves"};
    for (int k = 0; k < 2; k++) {
        workspace where = with_staff(unfilled[k]);
        assert_near(difference(where.path, where.path, 5, path, 8), 0.0, 1e-8);
        assert_true(difference(where.path, EVERYTHING, 5, path, 2) > 1e-3);
        workspace_remove(&where);
    }
    static const char *const change[][3] = {
        {"TA,nurses", "agency_cap", "0.061"},    {"TA,doctors", "agency_share", "0.051"},
        {"TB,nurses", "joiners", "0.141"},       {"AM,paramedics", "elasticity", "1.21"},
        {"CA,managers", "productivity", "0.99"}, {"LA,carers", "vacancy", "0.14"}};
    workspace posted = with_staff("saves");
    for (size_t k = 0; k < sizeof change / sizeof change[0]; k++) {
        workspace where = with_staff("saves");
        workspace_set(&where, "workforce.csv", change[k][0], change[k][1], change[k][2]);
        const double off = difference(where.path, posted.path, 0, path, 4);
        if (!(off > 1e-5))
            fail_msg("%s %s: a difference of £%.3gm only", change[k][0], change[k][1], off);
        workspace_remove(&where);
    }
    workspace_remove(&posted);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minimal),
        cmocka_unit_test(everything),
        cmocka_unit_test(greater_manchester),
        cmocka_unit_test(another_number_is_seen),
        cmocka_unit_test(staff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
