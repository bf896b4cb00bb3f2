/* Settlement rules: floors and caps on a payer's total, by hand. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define MINIMAL "scenarios/minimal"
#define FLAT "tests/support/flat"
#define EVERYTHING "tests/support/everything"
#define EXACT 1e-9

#define HEADER "name,payers,services,rule,reference,by,start,spent\n"

static workspace where;

static simulation with(const char *folder, const char *rows) {
    where = workspace_copy(folder);
    workspace_print(&where, "floors.csv", HEADER "%s", rows);
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    return s;
}

static void done(simulation *s) {
    assert_true(s->state->conservation < 1e-9);
    simulation_close(s);
    workspace_remove(&where);
}

/* Added by the floor at a place of the roll. */
static double added(const simulation *s, size_t floor, const char *layer, int year) {
    const ltp_label_axis *axis = &s->plan->roster.layer;
    size_t l = 0;
    while (l < axis->count && strcmp(axis->code[l], layer) != 0)
        l++;
    return simulation_row_at(s, LTP_QUANTITY_FLOOR_ADDED, floor, l, year)[0];
}

static double use(const simulation *s, const char *who, const char *service) {
    return simulation_value(s, LTP_QUANTITY_USE, who, service, "do_nothing", 1, 0);
}

static double bridge(const simulation *s, const char *who) {
    return simulation_value(s, LTP_QUANTITY_BRIDGE, who, "investment", "do_nothing", 1, 0);
}

static void worked_example(void **state) {
    (void)state;
    static const char *const reference[] = {"core,", "0.0565,", "0.05,0.0065"};
    for (int k = 0; k < 3; k++) {
        char row[100];
        snprintf(row, sizeof row, "F,C,community,grows_at_least,%s,,1\n", reference[k]);
        simulation s = with(MINIMAL, row);
        assert_near(added(&s, 0, "do_nothing", 1), 0.825, EXACT);
        assert_near(added(&s, 0, "plan", 1), 0.825, EXACT);
        assert_near(simulation_gap(&s, "C", "do_nothing", 1, 0), -1.673, EXACT);
        assert_near(simulation_gap(&s, "T", "do_nothing", 1, 0), 8.374, EXACT);
        assert_near(simulation_gap(&s, NULL, "do_nothing", 1, 0), 6.701, EXACT);
        assert_near(use(&s, "C", "community"), 52.825, EXACT);
        assert_near(use(&s, "T", "community"), 52.825, EXACT);
        assert_near(use(&s, "C", "elective"), 157.131, EXACT);
        assert_near(simulation_value(&s, LTP_QUANTITY_USE_STREAM, "C", "core", "do_nothing", 1, 0), 526.577, EXACT);
        assert_near(simulation_value(&s, LTP_QUANTITY_INCOME, "T", NULL, "do_nothing", 1, 0), 347.672 + 0.825, EXACT);
        assert_near(bridge(&s, "C"), 0.825, EXACT);
        assert_near(bridge(&s, "T"), 0.0, EXACT);
        const ltp_label_axis *axis = &s.plan->roster.level[LTP_LEVEL_FLOOR];
        assert_int_equal(axis->count, 1);
        assert_string_equal(axis->code[0], "F|C");
        assert_string_equal(axis->name[0], "F, Clinical commissioning group C");
        done(&s);
    }
}

/* What the payer's total has anyway does not bind; block contracts that follow the same growth leave no noise. */
static void floors_that_do_not_bind(void **state) {
    (void)state;
    simulation s = with(MINIMAL, "F,C,community,grows_at_least,0.04,,,1\n");
    assert_near(added(&s, 0, "plan", 1), 0.0, 0.0);
    done(&s);
    where = workspace_copy(MINIMAL);
    workspace_print(&where, "floors.csv", HEADER "F,C,community,grows_at_least,core,,,1\n");
    workspace_set(&where, "flows.csv", "C,T,community", "uplift_2019/20", "");
    s = simulation_open(where.path, NULL);
    simulation_run(&s, 0);
    assert_near(added(&s, 0, "plan", 1), 0.0, 0.0);
    done(&s);
}

static void cap(void **state) {
    (void)state;
    simulation s = with(MINIMAL, "F,C,community,grows_at_most,0.02,,,0.5\n");
    assert_near(added(&s, 0, "do_nothing", 1), -1.0, EXACT);
    assert_near(simulation_gap(&s, "C", "do_nothing", 1, 0), -3.498, EXACT);
    assert_near(simulation_gap(&s, "T", "do_nothing", 1, 0), 8.374 + 0.5, EXACT);
    assert_near(use(&s, "T", "community"), 51.0, EXACT);
    assert_near(bridge(&s, "C"), -1.0, EXACT);
    assert_near(bridge(&s, "T"), 0.5, EXACT);
    done(&s);
    s = with(MINIMAL, "F,C,community,grows_at_most,0.05,,,0.5\n"); /* control: does not bind */
    assert_near(added(&s, 0, "do_nothing", 1), 0.0, 0.0);
    assert_near(simulation_gap(&s, "C", "do_nothing", 1, 0), -2.498, EXACT);
    done(&s);
}

/* 150 grows to 158.08, the floor wants 162: the trust gets 52/158.08 of the difference and spends half of that. */
static void two_payees_share(void **state) {
    (void)state;
    const double trust = 3.92 * 52 / 158.08, outside = 3.92 * 106.08 / 158.08;
    simulation s = with(MINIMAL, "F,C,community;prescribing,grows_at_least,0.08,,,0.5\n");
    assert_near(added(&s, 0, "do_nothing", 1), 3.92, EXACT);
    assert_near(use(&s, "T", "community"), 52 + trust, EXACT);
    assert_near(use(&s, "C", "community"), 52 + trust, EXACT);
    assert_near(use(&s, "C", "prescribing"), 106.08 + outside, EXACT);
    assert_near(simulation_gap(&s, "T", "do_nothing", 1, 0), 8.374 - 0.5 * trust, EXACT);
    assert_near(simulation_gap(&s, "C", "do_nothing", 1, 0), -2.498 + 3.92, EXACT);
    done(&s);
}

/* A provider spends all that it is paid for passed-through drugs, whatever `spent` says. */
static void passed_through_money_is_spent(void **state) {
    (void)state;
    simulation s = with(FLAT, "F,C,drugs_devices,grows_at_least,0.1,,,0\n");
    assert_near(added(&s, 0, "plan", 1), 2.0, EXACT);
    assert_near(simulation_gap(&s, "T", "plan", 1, 0), 0.0, EXACT);
    done(&s);
    s = with(FLAT, "F,C,acute,grows_at_least,0.02,,,0\n"); /* control */
    assert_near(simulation_gap(&s, "T", "plan", 1, 0), -2.0, EXACT);
    done(&s);
}

static void assert_added(const char *rows, size_t floor, const double expected[4]) {
    simulation s = with(FLAT, rows);
    for (int t = 1; t <= 4; t++)
        assert_near(added(&s, floor, "plan", t), expected[t - 1], EXACT);
    done(&s);
}

/* A flat block of 100; the total after the rule is what the next year grows from. */
static void years(void **state) {
    (void)state;
    assert_added("F,C,acute,grows_at_least,0.05,,,1\n", 0, (const double[]){5, 10.25, 15.7625, 21.550625});
    assert_added("F,C,acute,grows_at_least,0.05,,2020/21,1\n", 0, (const double[]){0, 5, 10.25, 15.7625});
    assert_added("F,C,acute,grows_at_most,-0.1,,,1\n", 0, (const double[]){-10, -19, -27.1, -34.39});
    assert_added("F,C,acute,grows_at_most,-0.1,,2022/23,1\n", 0, (const double[]){0, 0, 0, -10});
}

/* Two rules on the same payments bind one after another, in the order of their names, not of their rows. */
static void rules_bind_in_the_order_of_their_names(void **state) {
    (void)state;
    const double floor[] = {5, 10.25, 15.7625, 21.550625};
    assert_added("B,C,acute,grows_at_most,0.02,,,1\nA,C,acute,grows_at_least,0.05,,,1\n", 0, floor);
    assert_added("B,C,acute,grows_at_most,0.02,,,1\nA,C,acute,grows_at_least,0.05,,,1\n", 1,
                 (const double[]){102 - 105, 104.04 - 110.25, 106.1208 - 115.7625, 108.243216 - 121.550625});
    assert_added("A,C,acute,grows_at_most,0.02,,,1\nB,C,acute,grows_at_least,0.05,,,1\n", 0,
                 (const double[]){0, 0, 0, 0});
    assert_added("A,C,acute,grows_at_most,0.02,,,1\nB,C,acute,grows_at_least,0.05,,,1\n", 1, floor);
    /* payments that only one of two rules sees */
    assert_added("A,C,acute,grows_at_least,0.05,,,1\nB,C,acute;elective,grows_at_least,0.05,,,1\n", 1,
                 (const double[]){2.5, 5.125, 7.88125, 10.7753125});
}

/* Specialised services move to the commissioner with 10 of money that its allocation holds: its core growth is what is
 * left, 0 in the first year and 5% in the second. */
static void reference_leaves_new_transfers_out(void **state) {
    (void)state;
    static const double expected[2][2] = {{5, 10.25}, {0, 5}};
    for (int transferred = 0; transferred < 2; transferred++) {
        where = workspace_copy(FLAT);
        workspace_print(&where, "floors.csv", HEADER "F,C,acute,grows_at_least,core,,,1\n");
        workspace_write(&where, "allocations.csv",
                        "code,stream,year,amount\nC,core,2018/19,200\nC,core,2019/20,210\nC,core,2020/21,220.5\n"
                        "C,core,2021/22,220.5\nC,core,2022/23,220.5\n");
        if (transferred)
            workspace_write(&where, "transfers.csv",
                            "name,from_payer,from_payee,to_payer,to_payee,service,allocation_from,allocation_to,"
                            "already_in_allocation,cost,year,amount,recurrent\n"
                            "Specialised to local,,,C,T,elective,,core,10,10,2019/20,10,yes\n");
        simulation s = simulation_open(where.path, NULL);
        simulation_expect(&s);
        for (int t = 1; t <= 2; t++)
            assert_near(added(&s, 0, "plan", t), expected[transferred][t - 1], EXACT);
        done(&s);
    }
}

/* A price programme lowers what is paid in the plan; the floor puts it back there, and only there. */
static void floors_see_price_programmes(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,target_categories,full_year_effect,start,delivery\n"
                    "P,price,C,prescribing,drugs,0.05,2019-04-01,1\n");
    workspace_print(&where, "floors.csv", HEADER "F,C,prescribing,grows_at_least,0,,,1\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_near(added(&s, 0, "do_nothing", 1), 0.0, 0.0);
    assert_near(added(&s, 0, "plan", 1), 1.5, EXACT);
    assert_near(simulation_gap(&s, "C", "plan", 1, 0), 0.0, EXACT);
    assert_near(simulation_value(&s, LTP_QUANTITY_USE, "C", "prescribing", "plan", 1, 0), 30.0, EXACT);
    done(&s);
}

/* --- every path --- */

#define RULES                                                                                                          \
    "mental health,kind=ccg,community;nonelective,grows_at_least,core,0.01,,1\n"                                       \
    "out of hospital,CA|CB,community;prescribing;primary_medical,grows_at_least,0.06,,2020/21,0.5\n"                   \
    "admissions,CA|CB|SC,elective;specialised,grows_at_most,0.02,,,0.8\n"                                              \
    "drugs,*,drugs_devices,grows_at_least,0.02,,,1\n"

static uint64_t digest(const workspace *from) {
    simulation s = simulation_open(from->path, NULL);
    s.keep = 0;
    simulation_run(&s, 1);
    simulation_run(&s, 0); /* nothing is left over from another block */
    const uint64_t all = simulation_digest_all(&s);
    assert_true(s.state->conservation < 1e-9);
    simulation_close(&s);
    return all;
}

static void order_and_empty_tables_move_nothing(void **state) {
    (void)state;
    workspace from = workspace_copy(EVERYTHING);
    const uint64_t without = digest(&from);
    workspace_write(&from, "floors.csv", HEADER);
    assert_true(digest(&from) == without);
    workspace_write(&from, "floors.csv", HEADER RULES);
    const uint64_t all = digest(&from);
    assert_true(all != without); /* control */
    for (uint64_t seed = 1; seed <= 3; seed++) {
        workspace_shuffle(&from, seed);
        assert_true(digest(&from) == all);
    }
    workspace_remove(&from);
}

/* After its rule, no total is on the wrong side of it; payers' and payees' figures tell the same. */
static void rules_hold_on_every_path(void **state) {
    (void)state;
    workspace from = workspace_copy(EVERYTHING);
    workspace_write(&from, "floors.csv",
                    HEADER "admissions,CB,nonelective,grows_at_most,0.05,,,1\n"
                           "social care,CB,ae,grows_at_least,0.05,,,1\n");
    simulation s = simulation_open(from.path, NULL);
    simulation_run(&s, 0);
    int bound = 0, free = 0;
    for (size_t l = 0; l < s.plan->roster.layer.count; l++) {
        const char *layer = s.plan->roster.layer.code[l];
        for (size_t i = 0; i < LTP_BLOCK; i++) {
            double most = 80, least = 20;
            for (int t = 1; t <= 3; t++) {
                const double admissions = simulation_value(&s, LTP_QUANTITY_USE, "CB", "nonelective", layer, t, i);
                const double emergency = simulation_value(&s, LTP_QUANTITY_USE, "CB", "ae", layer, t, i);
                const double cut = simulation_row_at(&s, LTP_QUANTITY_FLOOR_ADDED, 0, l, t)[i];
                const double more = simulation_row_at(&s, LTP_QUANTITY_FLOOR_ADDED, 1, l, t)[i];
                assert_true(cut <= 0.0 && more >= 0.0);
                assert_true(admissions <= 1.05 * most + 1e-8 && emergency >= 1.05 * least - 1e-8);
                assert_true(cut == 0.0 || fabs(admissions - 1.05 * most) < 1e-8);
                bound += cut < 0.0, free += cut == 0.0;
                most = admissions, least = emergency;
            }
        }
    }
    assert_true(bound > 100 && free > 100);
    simulation_close(&s);
    workspace_remove(&from);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_example),
        cmocka_unit_test(floors_that_do_not_bind),
        cmocka_unit_test(cap),
        cmocka_unit_test(two_payees_share),
        cmocka_unit_test(passed_through_money_is_spent),
        cmocka_unit_test(years),
        cmocka_unit_test(rules_bind_in_the_order_of_their_names),
        cmocka_unit_test(reference_leaves_new_transfers_out),
        cmocka_unit_test(floors_see_price_programmes),
        cmocka_unit_test(order_and_empty_tables_move_nothing),
        cmocka_unit_test(rules_hold_on_every_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
