/* Organisations' own plan lines against the worked example: margins by hand, what is achieved from above and from
 * below, and lines that nothing simulates. */
#include <string.h>

#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

static workspace planned(void) {
    workspace where = workspace_copy("scenarios/minimal");
    workspace_set(&where, "flows.csv", "C,T,elective", "activity", "1000");
    workspace_write(&where, "plans.csv",
                    "code,year,line,amount\nT,2019/20,surplus,-8.374\nT,2019/20,pay,230\nT,2019/20,non_pay,126\n"
                    "T,2019/20,income,340\nT,2018/19,income,330\nT,2019/20,activity:elective,1010\n"
                    "T,2019/20,activity:community,5\nT,2019/20,fte,100\nC,2019/20,surplus,2.6\n");
    return where;
}

static double margin(const simulation *s, const char *code) {
    const ltp_label_axis *lines = &s->plan->roster.level[LTP_LEVEL_PLAN_LINE];
    for (size_t k = 0; k < lines->count; k++)
        if (strcmp(lines->code[k], code) == 0)
            return simulation_row_at(s, LTP_QUANTITY_PLAN_MARGIN, k, (size_t)s->plan->model.plan_line_layer, 1)[0];
    fail_msg("no line %s", code);
    return 0.0;
}

static void margins_by_hand(void **state) {
    (void)state;
    workspace where = planned(), saving = planned();
    workspace_drop(&where, "programmes.csv", "PAYSAVE");
    workspace_drop(&where, "programmes.csv", "ELECT"); /* the plan is to do nothing */
    workspace_drop(&saving, "programmes.csv", "ELECT");
    simulation s = simulation_open(where.path, NULL), saves = simulation_open(saving.path, NULL);
    simulation_expect(&s);
    simulation_expect(&saves);
    assert_int_equal(s.plan->model.plan_line_layer, 0);
    assert_near(margin(&s, "T:income"), 347.672 - 340, 1e-6);
    assert_near(margin(&s, "T:pay"), 230 - 229.7724, 1e-6);
    assert_near(margin(&s, "T:non_pay"), 126 - (356.046 - 229.7724), 1e-6);
    assert_near(margin(&s, "C:surplus"), 2.498 - 2.6, 1e-6);
    assert_near(margin(&s, "T:activity:elective"), 1010 - 1020, 1e-9);
    /* a plan that is met exactly is met: the sign of rounding noise decides nothing */
    assert_true(margin(&s, "T:surplus") >= 0.0);
    assert_near(margin(&s, "T:surplus"), 0.0, 1e-9);
    /* the programme saves £1.55096m of pay: what is planned of pay is bettered by as much */
    assert_true(saves.plan->model.plan_line_layer > 0);
    assert_near(margin(&saves, "T:pay") - margin(&s, "T:pay"), 1.55096, 1e-5);
    simulation_close(&s);
    simulation_close(&saves);
    workspace_remove(&where);
    workspace_remove(&saving);
}

static void what_nothing_simulates_is_no_line(void **state) {
    (void)state;
    workspace where = planned();
    simulation s = simulation_open(where.path, NULL);
    const ltp_label_axis *lines = &s.plan->roster.level[LTP_LEVEL_PLAN_LINE];
    assert_int_equal(lines->count, 6); /* not staff, nor a service without units */
    assert_string_equal(lines->code[0], "C:surplus");
    assert_string_equal(lines->code[1], "T:activity:elective");
    assert_string_equal(s.plan->roster.plan_line_unit[1], "spell");
    assert_string_equal(s.plan->roster.plan_line_unit[2], "£m");
    simulation_close(&s);
    workspace_remove(&where);
}

/* The order of rows moves no line, and a plan moves nothing else. */
static void plans_move_nothing(void **state) {
    (void)state;
    workspace where = planned(), bare = planned();
    simulation a = simulation_open(where.path, NULL);
    workspace_shuffle(&where, 3);
    simulation b = simulation_open(where.path, NULL);
    workspace_write(&bare, "plans.csv", "code,year,line,amount\n");
    simulation c = simulation_open(bare.path, NULL);
    assert_null(c.plan->roster.present[LTP_QUANTITY_PLAN_MARGIN]);
    simulation_run(&a, 0);
    simulation_run(&b, 0);
    simulation_run(&c, 0);
    assert_true(simulation_gap(&a, "T", "plan", 1, 7) == simulation_gap(&c, "T", "plan", 1, 7));
    assert_int_equal(a.plan->roster.level[LTP_LEVEL_PLAN_LINE].count, b.plan->roster.level[LTP_LEVEL_PLAN_LINE].count);
    for (size_t k = 0; k < a.plan->roster.level[LTP_LEVEL_PLAN_LINE].count; k++) {
        assert_string_equal(a.plan->roster.level[LTP_LEVEL_PLAN_LINE].code[k],
                            b.plan->roster.level[LTP_LEVEL_PLAN_LINE].code[k]);
        assert_memory_equal(
            simulation_row_at(&a, LTP_QUANTITY_PLAN_MARGIN, k, (size_t)a.plan->model.plan_line_layer, 1),
            simulation_row_at(&b, LTP_QUANTITY_PLAN_MARGIN, k, (size_t)b.plan->model.plan_line_layer, 1),
            LTP_BLOCK * sizeof(double));
    }
    simulation_close(&a);
    simulation_close(&b);
    simulation_close(&c);
    workspace_remove(&where);
    workspace_remove(&bare);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(margins_by_hand),
        cmocka_unit_test(what_nothing_simulates_is_no_line),
        cmocka_unit_test(plans_move_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
