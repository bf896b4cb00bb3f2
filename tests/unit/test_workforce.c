/* Workforce, by hand (model section 9): the worked example, two years, every lever, and what must move nothing. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define MINIMAL "scenarios/minimal"
#define SAVES "unfilled: saves\n"
#define HEADER                                                                                                         \
    "code,group,fte,cost_per_fte,elasticity,vacancy,leavers,joiners,agency_share,agency_cap,agency_premium,"           \
    "productivity\n"
#define NURSES "T,nurses,920,0.045,0.6,0.08,0.12,0.1195652173913043478,0.05,0.06,0.35,1\n" /* joiners 110/920 */

/* The minimal scenario with these rows of workforce.csv; settings: more of scenario.yaml. */
static workspace with_staff(const char *rows, const char *settings, int years) {
    workspace where = workspace_copy(MINIMAL);
    workspace_print(&where, "workforce.csv", HEADER "%s", rows);
    workspace_print(&where, "scenario.yaml", "title: x\nbase_year: 2018/19\nyears: %d\nseed: 1\npaths: 1024\n%s", years,
                    settings);
    if (years == 2) {
        workspace_add(&where, "allocations.csv", "C,core,2020/21,550,firm,x,assumed");
        workspace_add(&where, "contracts.csv", "C,SUPPLIERS,other,2020/21,74,74,x,assumed");
        workspace_set(&where, "flows.csv", "C,T,community", "uplift_2020/21", "0.03");
    }
    return where;
}

static simulation expected(const workspace *where) {
    simulation s = simulation_open(where->path, NULL);
    simulation_expect(&s);
    return s;
}

static double staff(const simulation *s, ltp_quantity quantity, const char *layer, int year) {
    return simulation_value(s, quantity, "T", quantity == LTP_QUANTITY_STAFF_PAY ? NULL : "nurses", layer, year, 0);
}

static void assert_staff(const simulation *s, const char *layer, int year, const double fte[4]) {
    for (int q = 0; q < 4; q++)
        assert_near(staff(s, (ltp_quantity)(LTP_QUANTITY_STAFF_REQUIRED + q), layer, year), fte[q], 1e-8);
}

/* Added pay in the only year of do_nothing. */
static double added(const char *rows, const char *settings) {
    workspace where = with_staff(rows, settings, 1);
    simulation s = expected(&where);
    const double pay = staff(&s, LTP_QUANTITY_STAFF_PAY, "do_nothing", 1);
    /* it is cost, pay and gap alike, and the suppliers' (here: staff's) income */
    assert_near(simulation_gap(&s, "T", "do_nothing", 1, 0), 8.374 + pay, 1e-8);
    assert_near(simulation_value(&s, LTP_QUANTITY_PAY, "T", NULL, "do_nothing", 1, 0), 229.7724 + pay, 1e-8);
    assert_near(simulation_value(&s, LTP_QUANTITY_BRIDGE, "T", "workforce", "do_nothing", 1, 0), pay, 1e-10);
    assert_true(s.state->conservation < 1e-9);
    assert_int_equal(s.state->moved, 0);
    simulation_close(&s);
    workspace_remove(&where);
    return pay;
}

/* Volume 1 + 7/300 at x = 0.03. */
static void the_worked_example(void **state) {
    (void)state;
    workspace where = with_staff(NURSES, "", 1);
    simulation s = expected(&where);
    assert_staff(&s, "do_nothing", 1, (const double[]){1014, 919.6, 60.84, 33.56});
    simulation_close(&s);
    workspace_remove(&where);
    assert_printed(added(NURSES, ""), 0.164496, 6);
    assert_printed(added(NURSES, "unfilled: needed\n"), 0.164496, 6);
    assert_printed(added(NURSES, SAVES), 0.018957, 6);
    /* the wrong readings: base agency not grown with posts; unfilled counted whole; pay at base prices */
    assert_true(fabs(added(NURSES, "") - 10.84 * 0.045 * 1.03 * 0.35) > 1e-3);
    assert_true(fabs(added(NURSES, SAVES) - (0.164496 - 33.56 * 0.045 * 1.03)) > 1e-3);
    assert_true(fabs(added(NURSES, "") - 0.164496 / 1.03) > 1e-3);
}

static void rules_one_by_one(void **state) {
    (void)state;
    /* the cap is the base share where none is given: agency 0.05 · 1014 = 50.7, as grown from the base: nothing added
     */
    assert_near(added("T,nurses,920,0.045,0.6,0.08,0.12,0.1195652173913043478,0.05,,0.35,1\n", ""), 0.0, 1e-9);
    /* elasticity 0: 1000 required, 919.6 there, agency 60, before 50 */
    assert_near(added("T,nurses,920,0.045,0,0.08,0.12,0.1195652173913043478,0.05,0.06,0.35,1\n", ""),
                0.35 * 10 * 0.045 * 1.03, 1e-9);
    /* productivity 1.014: the growth of volume costs no post */
    assert_near(added("T,nurses,920,0.045,0.6,0.08,0.12,0.1195652173913043478,0.05,0.06,0.35,1.014\n", ""),
                0.35 * 10 * 0.045 * 1.03, 1e-9);
    /* more in post than required: no vacancy, no agency, and nobody is paid a negative premium */
    assert_near(added("T,nurses,920,0.045,0.6,0.08,0.12,0.9,0.05,0.06,0.35,1\n", ""), -0.35 * 50.7 * 0.045 * 1.03,
                1e-9);
    assert_near(added("T,nurses,920,0.045,0.6,0,0,1,0,,0.35,1\n", SAVES), 0.0, 0.0);
    /* agency share above the vacancy: base agency fills the vacancy, all 80 of it */
    assert_near(added("T,nurses,920,0.045,0,0.08,0,0,0.2,0.06,0.35,1\n", ""), -0.35 * 20 * 0.045 * 1.03, 1e-9);
    /* nobody there */
    assert_near(added("T,nurses,0,0.045,0.6,0.08,0.12,0.1,0.05,0.06,0.35,1\n", SAVES), 0.0, 0.0);
    /* groups add up */
    assert_near(added(NURSES "T,doctors,920,0.045,0.6,0.08,0.12,0.1195652173913043478,0.05,0.06,0.35,1\n", ""),
                2 * added(NURSES, ""), 1e-12);
}

/* As many leave as join and nothing grows: what rounding leaves of equal numbers is no vacancy. */
static void a_steady_state_has_no_vacancy(void **state) {
    (void)state;
    workspace where = with_staff("T,nurses,917.3,0.045,0,0,0.123,0.123,0,,0.35,1\n", "", 2);
    simulation s = expected(&where);
    for (int year = 1; year <= 2; year++) {
        assert_true(staff(&s, LTP_QUANTITY_STAFF_UNFILLED, "do_nothing", year) == 0.0);
        assert_true(staff(&s, LTP_QUANTITY_STAFF_PAY, "do_nothing", year) == 0.0);
    }
    simulation_close(&s);
    workspace_remove(&where);
}

/* Volume in year 2: blended 1.03², elective and community 1.02², weights 100 : 150 : 50. */
static void two_years(void **state) {
    (void)state;
    workspace where = with_staff(NURSES, SAVES, 2);
    simulation s = expected(&where);
    const double volume = (100 * 1.03 * 1.03 + 200 * 1.02 * 1.02) / 300;
    const double required = 1000 * (1 + 0.6 * (volume - 1)), supply = 919.6 * 0.88 + 110;
    const double agency = 0.06 * required, unfilled = required - supply - agency;
    assert_staff(&s, "do_nothing", 1, (const double[]){1014, 919.6, 60.84, 33.56});
    assert_staff(&s, "do_nothing", 2, (const double[]){required, supply, agency, unfilled});
    assert_near(staff(&s, LTP_QUANTITY_STAFF_PAY, "do_nothing", 2),
                0.045 * 1.03 * 1.03 * (0.35 * (agency - 50 * required / 1000) - (unfilled - 30 * required / 1000)),
                1e-9);
    simulation_close(&s);
    workspace_remove(&where);
}

#define PROGRAMMES                                                                                                     \
    "code,kind,test,lever,target_organisations,target_services,full_year_effect,start,delivery,recurrent_share\n"
#define MODERATION "ELECT,demand,4,,C,elective,0.02,2019-04-01,0.5,1\n"

/* What is left of the example with these programmes, in the plan. */
static void assert_levers(const char *rows, const double fte[4], double pay) {
    workspace where = with_staff(NURSES, "", 1);
    workspace_print(&where, "programmes.csv", PROGRAMMES "%s", rows);
    simulation s = expected(&where);
    assert_staff(&s, "do_nothing", 1, (const double[]){1014, 919.6, 60.84, 33.56});
    assert_staff(&s, "plan", 1, fte);
    assert_near(staff(&s, LTP_QUANTITY_STAFF_PAY, "plan", 1), pay, 1e-9);
    assert_true(s.state->conservation < 1e-9);
    simulation_close(&s);
    workspace_remove(&where);
}

static void levers(void **state) {
    (void)state;
    const double premium = 0.35 * 0.045 * 1.03, held = 50.7;
    /* 10% fewer leavers, in place for half a year, delivered at 0.8: 0.12 · 0.96 */
    assert_levers("STAY,workforce,,leavers,T,,0.1,2019-10-01,0.8,1\n",
                  (const double[]){1014, 920 * (1 - 0.1152) + 110, 60.84, 1014 - 920 * (1 - 0.1152) - 110 - 60.84},
                  premium * (60.84 - held));
    /* a quarter more joiners: 137.5; agency 66.9 would be wanted, 60.84 is the cap */
    assert_levers("HIRE,workforce,,joiners,kind=acute,,0.25,2019-04-01,1,1\n",
                  (const double[]){1014, 809.6 + 137.5, 60.84, 1014 - 809.6 - 137.5 - 60.84}, premium * (60.84 - held));
    /* half the agency */
    assert_levers("BANK,workforce,,agency_share,T,*,0.5,2019-04-01,1,1\n",
                  (const double[]){1014, 919.6, 30.42, 1014 - 919.6 - 30.42}, premium * (30.42 - held));
    /* two on one lever leave 0.9 · 0.8 of it; all at once */
    assert_levers("A,workforce,,leavers,T,,0.1,2019-04-01,1,1\nB,workforce,,leavers,T,,0.2,2019-04-01,1,1\n"
                  "D,workforce,,agency_share,T,,1,2019-04-01,1,1\n",
                  (const double[]){1014, 920 * (1 - 0.0864) + 110, 0, 1014 - 920 * (1 - 0.0864) - 110},
                  -premium * held);
    /* a plan with less activity needs fewer: elective −1% of it is 1.02 · 0.01 · 150/300 of volume */
    const double required = 1014 - 600 * 0.0051;
    assert_levers(MODERATION, (const double[]){required, 919.6, 0.06 * required, 0.94 * required - 919.6},
                  premium * 0.01 * required);
    /* and a programme on staff stands beside it, on rows of its own */
    assert_levers(MODERATION "BANK,workforce,,agency_share,T,*,0.5,2019-04-01,1,1\n",
                  (const double[]){required, 919.6, 0.03 * required, 0.97 * required - 919.6},
                  -premium * 0.02 * required);
}

#define SAVE "PAYSAVE,workforce,2,leavers,T,,%s,2019-04-01,1,1\n" MODERATION

/* Layers: test 2 changes staff, test 4 activity. Supply goes on from year to year in each for itself. */
static void layers_keep_their_own_staff(void **state) {
    (void)state;
    workspace where = with_staff(NURSES, "", 2);
    workspace_print(&where, "programmes.csv", PROGRAMMES SAVE, "0.5");
    simulation s = expected(&where);
    const double first = 920 * 0.94 + 110;
    for (int l = 1; l < 4; l++) {
        const char *layer = (const char *const[]){"test_2", "test_4", "plan"}[l - 1];
        assert_near(staff(&s, LTP_QUANTITY_STAFF_SUPPLY, layer, 1), first, 1e-9);
        assert_near(staff(&s, LTP_QUANTITY_STAFF_SUPPLY, layer, 2), first * 0.94 + 110, 1e-9);
    }
    assert_near(staff(&s, LTP_QUANTITY_STAFF_SUPPLY, "do_nothing", 2), 919.6 * 0.88 + 110, 1e-9);
    assert_near(staff(&s, LTP_QUANTITY_STAFF_REQUIRED, "test_2", 1), 1014, 1e-9);
    assert_near(staff(&s, LTP_QUANTITY_STAFF_REQUIRED, "test_4", 1), 1014 - 600 * 0.0051, 1e-9);
    simulation_close(&s);
    workspace_remove(&where);
}

/* --- what moves no bit --- */

static uint64_t digest(const workspace *where) {
    simulation s = simulation_open(where->path, NULL);
    s.keep = 0;
    simulation_run(&s, 0);
    /* of organisations: a programme has a row of its own, whatever its effect */
    const ltp_roster *roster = &s.plan->roster;
    uint64_t all = 0;
    for (size_t o = 0; o < roster->level[LTP_LEVEL_ORGANISATION].count; o++)
        for (size_t l = 0; l < roster->layer.count; l++)
            all = all * UINT64_C(0x9E3779B97F4A7C15) +
                  simulation_digest(&s, roster->level[LTP_LEVEL_ORGANISATION].code[o], roster->layer.code[l]);
    simulation_close(&s);
    return all;
}

static void what_is_not_there_moves_no_bit(void **state) {
    (void)state;
    workspace without = workspace_copy(MINIMAL), empty = workspace_copy(MINIMAL);
    workspace_write(&empty, "workforce.csv", HEADER);
    assert_true(digest(&without) == digest(&empty));
    workspace_remove(&without);
    workspace_remove(&empty);

    workspace none = with_staff(NURSES, "", 2), zero = with_staff(NURSES, "", 2), some = with_staff(NURSES, "", 2);
    workspace_print(&none, "programmes.csv", PROGRAMMES MODERATION);
    workspace_print(&zero, "programmes.csv",
                    PROGRAMMES MODERATION "Z,workforce,,leavers,T,,0,2019-04-01,1,1\n"
                                          "Y,workforce,,joiners,T,,0.5,2019-04-01,0,1\n");
    workspace_print(&some, "programmes.csv", PROGRAMMES MODERATION "Z,workforce,,leavers,T,,1e-9,2019-04-01,1,1\n");
    assert_true(digest(&none) == digest(&zero));
    assert_true(digest(&none) != digest(&some)); /* the digest does see staff */
    workspace_remove(&none);
    workspace_remove(&zero);
    workspace_remove(&some);
}

static void rows_in_another_order_move_no_bit(void **state) {
    (void)state;
    static const char *const order[] = {
        "T,ahp,100,0.04,1,0.05,0.1,0.1,0.02,0.03,0.3,1\n" NURSES "C,managers,50,0.06,1,0.1,0.1,0.05,0.02,0.03,0.3,1\n",
        "C,managers,50,0.06,1,0.1,0.1,0.05,0.02,0.03,0.3,1\n" NURSES "T,ahp,100,0.04,1,0.05,0.1,0.1,0.02,0.03,0.3,1\n"};
    uint64_t found[2];
    for (int k = 0; k < 2; k++) {
        workspace where = with_staff(order[k], SAVES, 2);
        workspace_add(&where, "drivers.csv", "leave,workforce.leavers,organisation,normal,0.01,0.02,0.5,x,assumed");
        workspace_set(&where, "drivers.csv", "leave", "share_organisation", "1");
        workspace_set(&where, "drivers.csv", "leave", "share_national", "0");
        found[k] = digest(&where);
        workspace_remove(&where);
    }
    assert_true(found[0] == found[1]);
}

/* A commissioner has no volume: only its leavers and joiners move it. */
static void an_organisation_without_volume(void **state) {
    (void)state;
    workspace where = with_staff("C,managers,90,0.06,1,0.1,0.2,0.1,0.1,0.5,0.4,1\n", "", 1);
    simulation s = expected(&where);
    assert_near(simulation_value(&s, LTP_QUANTITY_STAFF_REQUIRED, "C", "managers", "do_nothing", 1, 0), 100, 1e-9);
    assert_near(simulation_value(&s, LTP_QUANTITY_STAFF_AGENCY, "C", "managers", "do_nothing", 1, 0), 19, 1e-8);
    assert_near(simulation_gap(&s, "C", "do_nothing", 1, 0), -2.498 + 0.4 * 9 * 0.06 * 1.03, 1e-8);
    assert_null(simulation_row(&s, LTP_QUANTITY_STAFF_AGENCY, "T", "managers", "do_nothing", 1));
    simulation_close(&s);
    workspace_remove(&where);
}

/* --- drivers --- */

static void drivers_add_to_the_rates(void **state) {
    (void)state;
    workspace where = with_staff(NURSES, "", 1);
    workspace_add(&where, "drivers.csv", "leave,workforce.leavers,national,fixed,0.02,,,x,assumed");
    workspace_add(&where, "drivers.csv", "leave more,workforce.leavers,national,fixed,0.01,,,x,assumed");
    workspace_add(&where, "drivers.csv", "join,workforce.joiners,national,fixed,0.05,,,x,assumed");
    workspace_add(&where, "drivers.csv", "cost,workforce.agency_premium,national,fixed,0.15,,,x,assumed");
    simulation s = expected(&where);
    const double supply = 920 * 0.85 + 110 + 46;
    assert_staff(&s, "do_nothing", 1, (const double[]){1014, supply, 60.84, 1014 - supply - 60.84});
    assert_near(staff(&s, LTP_QUANTITY_STAFF_PAY, "do_nothing", 1), 0.5 * 10.14 * 0.045 * 1.03, 1e-9);
    simulation_close(&s);
    workspace_remove(&where);
}

/* Two in four leavers shares are pushed beyond their bounds: half the paths below 0, half above 1. */
static void what_is_moved_to_a_bound_is_counted(void **state) {
    (void)state;
    workspace where = with_staff(NURSES, "", 1);
    workspace_write(&where, "programmes.csv", PROGRAMMES);
    workspace_set(&where, "drivers.csv", "price.pay", "value_1", "");
    workspace_set(&where, "drivers.csv", "price.pay", "probability_1", "");
    workspace_set(&where, "drivers.csv", "price.pay", "value_2", "");
    workspace_set(&where, "drivers.csv", "price.pay", "probability_2", "");
    workspace_add(&where, "drivers.csv", "leave,workforce.leavers,national,discrete,,,,x,assumed,-0.2,0.25,0.9,0.75");
    workspace_add(&where, "drivers.csv", "join,workforce.joiners,national,discrete,,,,x,assumed,-0.5,0.5,0,0.5");
    simulation s = simulation_open(where.path, NULL);
    simulation_run(&s, 0);
    /* stratified: exactly a quarter and three quarters, all moved; half of the joiners */
    assert_int_equal(s.state->moved, (LTP_BLOCK + LTP_BLOCK / 2) * s.plan->model.workforce.variant_count);
    const double *supply = simulation_row(&s, LTP_QUANTITY_STAFF_SUPPLY, "T", "nurses", "do_nothing", 1);
    for (size_t i = 0; i < LTP_BLOCK; i++)
        assert_true(fabs(supply[i]) < 1e-9 || fabs(supply[i] - 110) < 1e-9 || fabs(supply[i] - 920) < 1e-9 ||
                    fabs(supply[i] - 1030) < 1e-9);
    simulation_close(&s);
    workspace_set(&where, "drivers.csv", "leave", "value_1", "-0.5");
    workspace_set(&where, "drivers.csv", "leave", "probability_1", "1");
    workspace_set(&where, "drivers.csv", "leave", "value_2", "");
    workspace_set(&where, "drivers.csv", "leave", "probability_2", "");
    s = expected(&where); /* one path counts once: its leavers, and its joiners of 110/920 − 0.25 */
    assert_int_equal(s.state->moved, 2 * s.plan->model.workforce.variant_count);
    simulation_close(&s);
    workspace_remove(&where);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_worked_example),
                                       cmocka_unit_test(rules_one_by_one),
                                       cmocka_unit_test(a_steady_state_has_no_vacancy),
                                       cmocka_unit_test(two_years),
                                       cmocka_unit_test(levers),
                                       cmocka_unit_test(layers_keep_their_own_staff),
                                       cmocka_unit_test(what_is_not_there_moves_no_bit),
                                       cmocka_unit_test(rows_in_another_order_move_no_bit),
                                       cmocka_unit_test(an_organisation_without_volume),
                                       cmocka_unit_test(drivers_add_to_the_rates),
                                       cmocka_unit_test(what_is_moved_to_a_bound_is_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
