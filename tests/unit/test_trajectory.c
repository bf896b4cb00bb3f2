/* Recovery trajectories, support, loans and glide paths: the worked example, chains by hand in a flat world, and what
 * must hold on every path. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define MINIMAL "scenarios/minimal"
#define FLAT "tests/support/flat"
#define EVERYTHING "tests/support/everything"
#define EXACT 1e-9 /* £m: the grid of surpluses */

#define HEADER "code,year,surplus_before_support,support_offered\n"

static double value(const simulation *s, ltp_quantity quantity, const char *who, const char *layer, int year) {
    return simulation_value(s, quantity, who, NULL, layer, year, 0);
}

/* --- the worked example --- */

static void worked_example(void **state) {
    (void)state;
    workspace where = workspace_copy(MINIMAL);
    workspace_drop(&where, "programmes.csv", "ELECT");
    workspace_write(&where, "trajectories.csv", HEADER "T,2019/20,-7.0,7.0\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_near(value(&s, LTP_QUANTITY_TRAJECTORY_MARGIN, "T", "do_nothing", 1), -1.374, EXACT);
    assert_near(value(&s, LTP_QUANTITY_TRAJECTORY_MISS, "T", "do_nothing", 1), 1.374, EXACT);
    assert_near(value(&s, LTP_QUANTITY_SUPPORT, "T", "do_nothing", 1), 0.0, 0.0);
    assert_near(value(&s, LTP_QUANTITY_SURPLUS_AFTER_SUPPORT, "T", "do_nothing", 1), -8.374, EXACT);
    assert_near(value(&s, LTP_QUANTITY_LOAN, "T", "do_nothing", 1), 8.374, EXACT);
    assert_near(value(&s, LTP_QUANTITY_CUMULATIVE, "C", "do_nothing", 1), 2.498, EXACT);
    assert_near(value(&s, LTP_QUANTITY_TRAJECTORY_MISS, "T", "test_2", 1), 0.0, 0.0);
    assert_near(value(&s, LTP_QUANTITY_SUPPORT, "T", "test_2", 1), 7.0, 0.0);
    assert_near(value(&s, LTP_QUANTITY_SURPLUS_AFTER_SUPPORT, "T", "test_2", 1), 0.17696, 5e-6);
    assert_near(value(&s, LTP_QUANTITY_LOAN, "T", "test_2", 1), 0.0, 0.0);
    /* missing, never zero */
    assert_null(simulation_row(&s, LTP_QUANTITY_TRAJECTORY_MARGIN, "C", NULL, "do_nothing", 1));
    assert_null(simulation_row(&s, LTP_QUANTITY_LOAN, "C", NULL, "do_nothing", 1));
    assert_null(simulation_row(&s, LTP_QUANTITY_CUMULATIVE, "T", NULL, "do_nothing", 1));
    assert_null(simulation_row(&s, LTP_QUANTITY_INTEREST, "T", NULL, "do_nothing", 1));
    simulation_close(&s);
    workspace_remove(&where);
}

/* A second year of the worked example: 1.5% on the loan of the first. */
static void interest_of_the_worked_example(void **state) {
    (void)state;
    workspace where = workspace_copy(MINIMAL);
    workspace_write(&where, "scenario.yaml", "title: Two years\nbase_year: 2018/19\nyears: 2\n");
    workspace_add(&where, "allocations.csv", "C,core,2020/21,545,firm,made up,assumed");
    workspace_add(&where, "contracts.csv", "C,SUPPLIERS,other,2020/21,73,73,made up,assumed");
    workspace_set(&where, "flows.csv", "C,T,community", "uplift_2020/21", "0.04");
    double before[2];
    for (int with = 0; with < 2; with++) {
        if (with)
            workspace_add(&where, "drivers.csv", "loan.rate,loan.rate,national,fixed,0.015,,,made up,assumed");
        simulation s = simulation_open(where.path, NULL);
        simulation_expect(&s);
        before[with] = simulation_gap(&s, "T", "do_nothing", 2, 0);
        if (with) {
            assert_near(value(&s, LTP_QUANTITY_LOAN, "T", "do_nothing", 1), 8.374, EXACT);
            assert_near(value(&s, LTP_QUANTITY_INTEREST, "T", "do_nothing", 1), 0.0, 0.0);
            assert_near(value(&s, LTP_QUANTITY_INTEREST, "T", "do_nothing", 2), 0.12561, EXACT);
            assert_near(simulation_value(&s, LTP_QUANTITY_BRIDGE, "T", "interest", "do_nothing", 2, 0), 0.12561, EXACT);
            assert_true(s.state->conservation < 1e-9);
        }
        simulation_close(&s);
    }
    assert_near(before[1] - before[0], 0.12561, EXACT); /* it is in the gap */
    workspace_remove(&where);
}

/* --- loans --- */

/* Pay of 90 grows by `growth` a year in the flat world. */
static workspace growing_pay(const char *growth) {
    workspace where = workspace_copy(FLAT);
    char row[100];
    snprintf(row, sizeof row, "price.pay,price.pay,national,fixed,%s", growth);
    workspace_add(&where, "drivers.csv", row);
    return where;
}

static void loan_chain(void **state) {
    (void)state;
    workspace where = growing_pay("0.02");
    workspace_set(&where, "organisations.csv", "T", "loans", "10");
    workspace_add(&where, "drivers.csv", "loan.rate,loan.rate,national,fixed,0.05");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    double loan = 10.0, before = 10.0;
    for (int t = 1; t <= 4; t++) {
        const double interest = t == 1 ? 0.0 : 0.05 * (before - 10.0), deficit = 90 * (pow(1.02, t) - 1) + interest;
        loan = before + deficit;
        assert_near(value(&s, LTP_QUANTITY_INTEREST, "T", "plan", t), interest, EXACT);
        assert_near(simulation_gap(&s, "T", "plan", t, 0), deficit, EXACT);
        assert_near(value(&s, LTP_QUANTITY_LOAN, "T", "plan", t), loan, EXACT);
        before = loan;
    }
    simulation_close(&s);
    workspace_remove(&where);
}

/* A surplus of 9 repays most of a loan of 10, the next all of it; what is paid back saves interest. */
static void surpluses_repay(void **state) {
    (void)state;
    workspace where = growing_pay("-0.1");
    workspace_set(&where, "organisations.csv", "T", "loans", "10");
    workspace_add(&where, "drivers.csv", "loan.rate,loan.rate,national,fixed,0.05");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_near(value(&s, LTP_QUANTITY_LOAN, "T", "plan", 1), 1.0, EXACT);
    assert_near(value(&s, LTP_QUANTITY_INTEREST, "T", "plan", 2), -0.45, EXACT);
    assert_near(value(&s, LTP_QUANTITY_LOAN, "T", "plan", 2), 0.0, 0.0);
    assert_near(value(&s, LTP_QUANTITY_INTEREST, "T", "plan", 3), -0.5, EXACT);
    simulation_close(&s);
    workspace_remove(&where);
}

/* Commissioners borrow nothing: C gains 2 a year from allocations. */
static void commissioners_carry_their_position(void **state) {
    (void)state;
    workspace where = workspace_copy(FLAT);
    workspace_write(&where, "allocations.csv",
                    "code,stream,year,amount\nC,core,2018/19,200\nC,core,2019/20,202\nC,core,2020/21,197\n"
                    "C,core,2021/22,200\nC,core,2022/23,201\n");
    workspace_set(&where, "organisations.csv", "T", "loans", "1");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    static const double position[] = {2, -1, -1, 0};
    for (int t = 1; t <= 4; t++)
        assert_near(value(&s, LTP_QUANTITY_CUMULATIVE, "C", "plan", t), position[t - 1], EXACT);
    simulation_close(&s);
    workspace_remove(&where);
}

/* --- support --- */

static void trajectory_of_every_year(char *text, size_t size, const char *code, double target, double offer) {
    static const char *const year[] = {"2019/20", "2020/21", "2021/22", "2022/23"};
    for (int t = 0; t < 4; t++)
        snprintf(text + strlen(text), size - strlen(text), "%s,%s,%.17g,%.17g\n", code, year[t], target, offer);
}

/* Support in year 1 where T's deficit is 2.25 and C is in balance. */
static void assert_support(const workspace *where, double target_t, double target_c, double share, double support_t,
                           double support_c) {
    char text[1024] = HEADER;
    trajectory_of_every_year(text, sizeof text, "T", target_t, 4);
    trajectory_of_every_year(text, sizeof text, "C", target_c, 2);
    workspace_write(where, "trajectories.csv", text);
    workspace_print(where, "scenario.yaml", "title: Flat\nbase_year: 2018/19\nyears: 4\nsupport:\n  system_share: %g\n",
                    share);
    simulation s = simulation_open(where->path, NULL);
    simulation_expect(&s);
    assert_near(value(&s, LTP_QUANTITY_SUPPORT, "T", "plan", 1), support_t, 1e-15);
    assert_near(value(&s, LTP_QUANTITY_SUPPORT, "C", "plan", 1), support_c, 1e-15);
    assert_near(value(&s, LTP_QUANTITY_SUPPORT, "T", "do_nothing", 1), 0.0, 0.0);
    assert_near(value(&s, LTP_QUANTITY_SURPLUS_AFTER_SUPPORT, "T", "plan", 1), -2.25 + support_t, EXACT);
    simulation_close(&s);
}

static void support_by_own_and_system(void **state) {
    (void)state;
    workspace where = growing_pay("0.025");
    static const double share[] = {0.0, 0.5, 1.0};
    for (int k = 0; k < 3; k++) {
        const double s = share[k];
        assert_support(&where, -2.5, 1.0, s, 4 * (1 - s), 0);     /* T meets its own, C and the system do not */
        assert_support(&where, -2.0, -0.25, s, 4 * s, 2);         /* C makes up for T, to the penny */
        assert_support(&where, -2.0, -0.2499, s, 0, 2 * (1 - s)); /* and not quite */
        assert_support(&where, -2.25, 0, s, 4, 2);                /* met exactly is met */
    }
    workspace_remove(&where);
}

/* Half of T is in the system: its miss of 0.25 counts half. */
static void shares_in_systems_weigh(void **state) {
    (void)state;
    workspace where = growing_pay("0.025");
    assert_support(&where, -2.0, -0.125, 1.0, 0, 0);
    workspace_add(&where, "systems.csv", "S2,System 2,Region");
    workspace_write(&where, "membership.csv", "organisation,system,share\nT,S,0.5\nT,S2,0.5\n");
    assert_support(&where, -2.0, -0.125, 1.0, 4, 2);
    workspace_remove(&where);
    where = growing_pay("0.025"); /* one that counts in no system stands for itself, and its system does without it */
    workspace_set(&where, "organisations.csv", "T", "in_total", "no");
    assert_support(&where, -2.0, -0.125, 1.0, 0, 2);
    assert_support(&where, -2.5, 0.125, 1.0, 4, 0);
    workspace_remove(&where);
}

static void share_by_the_calendar(void **state) {
    (void)state;
    workspace where = workspace_copy(FLAT);
    simulation s = simulation_open(where.path, NULL);
    static const double from_2019[] = {0.0, 0.5, 0.5, 0.5};
    for (int t = 0; t < 4; t++)
        assert_near(s.plan->scenario->support_system_share[t], from_2019[t], 0.0);
    simulation_close(&s);
    workspace_write(&where, "scenario.yaml",
                    "title: Flat\nyears: 4\nsupport:\n  system_share:\n    2019/20: 0.25\n    2021/22: 1\n");
    s = simulation_open(where.path, NULL);
    static const double given[] = {0.25, 0.5, 1.0, 0.5};
    for (int t = 0; t < 4; t++)
        assert_near(s.plan->scenario->support_system_share[t], given[t], 0.0);
    simulation_close(&s);
    workspace_remove(&where);
}

/* --- glide paths --- */

static void assert_path(const workspace *where, const char *settings, const double expected[4], double offer) {
    workspace_print(where, "scenario.yaml", "title: Flat\nyears: 4\n%s\n", settings);
    simulation s = simulation_open(where->path, NULL);
    const ltp_model *model = &s.plan->model;
    assert_int_equal(model->trajectories.count, 2);
    for (int t = 0; t < 4; t++) { /* C is organisation 0, T 1 */
        assert_near(model->trajectories.target[t], 0.0, 0.0);
        assert_near(model->trajectories.target[4 + t], expected[t], EXACT);
    }
    assert_near(model->trajectories.offer[4], offer, 0.0);
    assert_near(model->trajectories.offer[5], 0.0, 0.0);
    simulation_close(&s);
}

static void glide_paths(void **state) {
    (void)state;
    workspace where = workspace_copy(FLAT);
    workspace_set(&where, "flows.csv", "T,STAFF", "amount", "100");
    workspace_set(&where, "organisations.csv", "T", "opening_surplus", "-10");
    assert_path(&where, "glide_path: linear", (const double[]){-7.5, -5, -2.5, 0}, 0);
    assert_path(&where, "glide_path: front_loaded", (const double[]){-6, -3, -1, 0}, 0);
    assert_path(&where, "glide_path: back_loaded", (const double[]){-9, -7, -4, 0}, 0);
    assert_path(&where, "glide_path: linear\nglide_path_year: 2020/21", (const double[]){-5, 0, 0, 0}, 0);
    workspace_write(&where, "trajectories.csv", HEADER "T,2019/20,-8,3\n"); /* rows of the table win */
    assert_path(&where, "glide_path: linear", (const double[]){-8, -5, -2.5, 0}, 3);
    workspace_write(&where, "trajectories.csv", HEADER);
    workspace_set(&where, "flows.csv", "T,STAFF", "amount", "85");
    workspace_set(&where, "organisations.csv", "T", "opening_surplus", "5");
    assert_path(&where, "glide_path: back_loaded", (const double[]){5, 5, 5, 5}, 0); /* a surplus is held */
    workspace_remove(&where);
}

/* --- every path --- */

static workspace everything_with_trajectories(void) {
    static const char *const code[] = {"CA", "CB", "SC", "TA", "TB", "AM"}, *const year[] = {"2019/20", "2020/21",
                                                                                             "2021/22"};
    static const double target[] = {3, -2, 0, -30, -4, -0.5}, offer[] = {0, 1, 0, 20, 3.3, 0.7};
    workspace where = workspace_copy(EVERYTHING);
    char text[2048] = HEADER;
    for (int o = 0; o < 6; o++)
        for (int t = 0; t < 3; t++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s,%s,%g,%g\n", code[o], year[t],
                     target[o] + 0.1 * t, offer[o]);
    workspace_write(&where, "trajectories.csv", text);
    workspace_set(&where, "organisations.csv", "TA", "loans", "12");
    return where;
}

/* What everybody has after support, less what the centre pays for it, is what they had: to the last bit, because all
 * of it is on one grid. Half of the offers are not, and cost one rounding. */
static void support_is_paid_by_the_centre(void **state) {
    (void)state;
    workspace where = everything_with_trajectories();
    simulation s = simulation_open(where.path, NULL);
    simulation_run(&s, 0);
    const ltp_roster *roster = &s.plan->roster;
    size_t earned = 0, missed = 0;
    for (size_t l = 0; l < roster->layer.count; l++)
        for (int t = 1; t <= 3; t++)
            for (size_t i = 0; i < LTP_BLOCK; i++) {
                double sum = 0.0, centre = 0.0;
                for (size_t o = 0; o < 6; o++) {
                    const double *support = simulation_row_at(&s, LTP_QUANTITY_SUPPORT, o, l, t);
                    const double gap = ltp_tenth_of_a_penny(simulation_row_at(&s, LTP_QUANTITY_COST, o, l, t)[i] -
                                                            simulation_row_at(&s, LTP_QUANTITY_INCOME, o, l, t)[i]);
                    sum += simulation_row_at(&s, LTP_QUANTITY_SURPLUS_AFTER_SUPPORT, o, l, t)[i] + gap;
                    centre -= support[i];
                    earned += support[i] > 0.0;
                    missed += support[i] == 0.0;
                    assert_true(l > 0 || support[i] == 0.0);
                }
                assert_near(sum + centre, 0.0, 1e-12);
            }
    assert_true(earned > 100 && missed > 100); /* both happen */
    assert_true(s.state->conservation < 1e-9);
    simulation_close(&s);
    workspace_remove(&where);
}

static uint64_t digest(const workspace *where) {
    simulation s = simulation_open(where->path, NULL);
    s.keep = 0;
    simulation_run(&s, 1);
    const uint64_t all = simulation_digest_all(&s);
    simulation_close(&s);
    return all;
}

static void order_and_empty_tables_move_nothing(void **state) {
    (void)state;
    workspace where = workspace_copy(EVERYTHING);
    const uint64_t without = digest(&where);
    workspace_write(&where, "trajectories.csv", HEADER);
    assert_true(digest(&where) == without);
    workspace_set(&where, "organisations.csv", "TA", "loans", "0");
    assert_true(digest(&where) == without);
    workspace_remove(&where);
    where = everything_with_trajectories();
    workspace_add(&where, "drivers.csv", "loan.rate,loan.rate,organisation,normal,0.03,0.01,,,,,,,,,,,,,0.2,0.3,0.5,");
    const uint64_t with = digest(&where);
    assert_true(with != without); /* control */
    for (uint64_t seed = 1; seed <= 3; seed++) {
        workspace_shuffle(&where, seed);
        assert_true(digest(&where) == with);
    }
    workspace_remove(&where);
}

/* Trajectories and loans without a rate change no money of the accounts, by a bit; a rate does. */
static void accounts_stay(void **state) {
    (void)state;
    workspace plain = workspace_copy(EVERYTHING), with = everything_with_trajectories();
    for (int rate = 0; rate < 2; rate++) {
        if (rate)
            workspace_add(&with, "drivers.csv", "loan.rate,loan.rate,national,fixed,0.05,,,,,,,,,,,,,,,,,");
        simulation a = simulation_open(plain.path, NULL), b = simulation_open(with.path, NULL);
        simulation_run(&a, 0);
        simulation_run(&b, 0);
        int differ = 0;
        for (size_t l = 0; l < a.plan->roster.layer.count; l++)
            for (int t = 1; t <= 3; t++)
                for (size_t o = 0; o < 7; o++)
                    for (int q = 0; q < 3; q++)
                        differ +=
                            memcmp(simulation_row_at(&a, (ltp_quantity)q, o, l, t),
                                   simulation_row_at(&b, (ltp_quantity)q, o, l, t), LTP_BLOCK * sizeof(double)) != 0;
        assert_true((differ > 0) == (rate == 1));
        simulation_close(&a);
        simulation_close(&b);
    }
    workspace_remove(&plain);
    workspace_remove(&with);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_example),
        cmocka_unit_test(interest_of_the_worked_example),
        cmocka_unit_test(loan_chain),
        cmocka_unit_test(surpluses_repay),
        cmocka_unit_test(commissioners_carry_their_position),
        cmocka_unit_test(support_by_own_and_system),
        cmocka_unit_test(shares_in_systems_weigh),
        cmocka_unit_test(share_by_the_calendar),
        cmocka_unit_test(glide_paths),
        cmocka_unit_test(support_is_paid_by_the_centre),
        cmocka_unit_test(order_and_empty_tables_move_nothing),
        cmocka_unit_test(accounts_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
