/* What must hold on every path, whatever the numbers: money is conserved, the bridge and the savings add up, nothing
 * but what a change touches moves by a bit. Compared by bits unless said. */
#include <stdlib.h>

#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define EVERYTHING "tests/support/everything"
#define FIVE "tests/support/five-tests" /* every table of the five tests; more on it in test_five_tests.c */

#define PENNY_GRID 0x1p-30 /* £m: gaps are counted in steps of this */

static const char *const scenario[] = {"scenarios/minimal",
                                       "scenarios/greater-manchester",
                                       "scenarios/downside",
                                       "scenarios/published/national-check",
                                       "scenarios/published/feeling-the-crunch",
                                       "tests/support/flat",
                                       EVERYTHING,
                                       FIVE};
#define SCENARIO_COUNT (sizeof scenario / sizeof scenario[0])

static size_t organisation_count(const simulation *s) {
    return s->plan->roster.level[LTP_LEVEL_ORGANISATION].count;
}

static const char *organisation(const simulation *s, size_t o) {
    return s->plan->roster.level[LTP_LEVEL_ORGANISATION].code[o];
}

static const char *layer(const simulation *s, size_t l) {
    return s->plan->roster.layer.code[l];
}

static double base_turnover(const simulation *s) {
    double sum = 0.0;
    for (size_t o = 0; o < organisation_count(s); o++)
        sum += s->plan->baseline[0].value[o] + s->plan->baseline[1].value[o];
    return sum;
}

/* --- accounts --- */

static void money_is_conserved(void **state) {
    (void)state;
    for (size_t k = 0; k < SCENARIO_COUNT; k++) {
        simulation s = simulation_open(scenario[k], NULL);
        s.keep = 0;
        const double limit = 1e-12 * base_turnover(&s);
        for (uint32_t block = 0; block < 2; block++)
            simulation_run(&s, block);
        simulation_run(&s, LTP_BLOCK_PILOT);
        s.plan->model.sampling = LTP_SAMPLING_RANDOM;
        simulation_run(&s, 3);
        simulation_expect(&s);
        if (!(s.state->conservation < limit))
            fail_msg("%s: £%.3gm are lost or made", scenario[k], s.state->conservation);
        simulation_close(&s);
    }
}

/* The proof must be able to fail: one payee receives 1% more than is paid. */
static void a_leak_is_seen(void **state) {
    (void)state;
    simulation s = simulation_open(EVERYTHING, NULL);
    s.keep = 0;
    ltp_entry *entry = (ltp_entry *)s.plan->model.variant[0].income[0].entry;
    entry->weight *= 1.01;
    simulation_run(&s, 0);
    assert_true(s.state->conservation > 1e-3);
    simulation_close(&s);
}

/* The proof again, from the rows alone: do_nothing's gaps of everybody are what the outside receives less what it pays,
 * so a change between layers that is not on a party outside must vanish in the sum. Only programmes that cost or save
 * outside move it; moving money between organisations does not. */
static void moving_money_inside_moves_no_total(void **state) {
    (void)state;
    workspace where = workspace_copy(EVERYTHING);
    workspace_write(&where, "programmes.csv",
                    "code,kind,test,payer,payee,amount_2019/20,amount_2020/21,amount_2021/22,delivery\n"
                    "MOVE,income,2,CA,TB,3,5,7,delivery.savings\n");
    simulation s = simulation_open(where.path, NULL);
    s.keep = KEEP_GAP;
    simulation_run(&s, 0);
    for (int year = 1; year <= 3; year++)
        for (size_t path = 0; path < LTP_BLOCK; path++) {
            assert_near(simulation_gap(&s, NULL, "plan", year, path),
                        simulation_gap(&s, NULL, "do_nothing", year, path), 1e-9);
            assert_true(simulation_gap(&s, "CA", "plan", year, path) >
                        simulation_gap(&s, "CA", "do_nothing", year, path) + 0.5);
        }
    simulation_close(&s);
    workspace_remove(&where);
}

static void bridge_sums_to_the_gap(void **state) {
    (void)state;
    for (size_t k = 0; k < SCENARIO_COUNT; k++) {
        simulation s = simulation_open(scenario[k], NULL);
        s.keep = KEEP(INCOME) | KEEP(COST) | KEEP(BRIDGE);
        simulation_run(&s, 1);
        const ltp_roster *roster = &s.plan->roster;
        for (size_t o = 0; o < organisation_count(&s); o++)
            for (int year = 1; year <= (int)roster->year.count; year++)
                for (size_t path = 0; path < LTP_BLOCK; path += 7) {
                    double sum = 0.0;
                    for (size_t line = 0; line < roster->line.count; line++)
                        sum += simulation_value(&s, LTP_QUANTITY_BRIDGE, organisation(&s, o), roster->line.code[line],
                                                "do_nothing", year, path);
                    assert_near(sum, simulation_gap(&s, organisation(&s, o), "do_nothing", year, path),
                                1e-12 * base_turnover(&s) + PENNY_GRID);
                }
        simulation_close(&s);
    }
}

static void savings_are_differences_of_gaps(void **state) {
    (void)state;
    simulation s = simulation_open(EVERYTHING, NULL);
    s.keep = KEEP_GAP;
    simulation_run(&s, 2);
    for (size_t l = 0; l < s.plan->roster.layer.count; l++)
        for (size_t o = 0; o < organisation_count(&s); o++)
            for (int year = 1; year <= 3; year++)
                for (size_t path = 0; path < LTP_BLOCK; path++) {
                    const char *code = organisation(&s, o);
                    const double difference = simulation_gap(&s, code, "do_nothing", year, path) -
                                              simulation_gap(&s, code, layer(&s, l), year, path);
                    const double saving =
                        simulation_value(&s, LTP_QUANTITY_SAVING, code, NULL, layer(&s, l), year, path);
                    assert_near(saving, difference, PENNY_GRID); /* each gap is rounded by half a step */
                }
    simulation_close(&s);
}

/* --- layers --- */

/* What a run takes over from an earlier layer is, computed, the very same. */
static void layers_said_to_be_the_same_are(void **state) {
    (void)state;
    size_t taken_over = 0;
    for (size_t k = 0; k < SCENARIO_COUNT; k++) {
        simulation s = simulation_open(scenario[k], NULL);
        const ltp_roster *roster = &s.plan->roster;
        s.keep = (UINT64_C(1) << LTP_QUANTITY_BRIDGE) - 1;
        simulation_run(&s, 3);
        for (int q = 0; q < LTP_QUANTITY_BRIDGE; q++)
            for (size_t l = 0; l < roster->layer.count; l++) {
                const size_t same = roster->layer_same[q][l];
                taken_over += same != l;
                for (size_t at = 0; at < organisation_count(&s) * roster->item_count[q]; at++)
                    for (int year = 1; year <= (int)roster->year.count; year++) {
                        const double *a = simulation_row_at(&s, (ltp_quantity)q, at, same, year);
                        const double *b = simulation_row_at(&s, (ltp_quantity)q, at, l, year);
                        assert_true((a == NULL && b == NULL) || memcmp(a, b, LTP_BLOCK * sizeof *a) == 0);
                    }
            }
        simulation_close(&s);
    }
    assert_true(taken_over > 0);
}

static bool same_row(const simulation *s, ltp_quantity quantity, const char *code, const char *item, const char *a,
                     const char *b, int year) {
    const double *x = simulation_row(s, quantity, code, item, a, year);
    const double *y = simulation_row(s, quantity, code, item, b, year);
    assert_int_equal(x == NULL, y == NULL);
    return !x || memcmp(x, y, LTP_BLOCK * sizeof *x) == 0;
}

static bool same_accounts(const simulation *s, const char *code, const char *a, const char *b) {
    bool same = true;
    for (int year = 1; year <= (int)s->plan->roster.year.count; year++) {
        same &= same_row(s, LTP_QUANTITY_INCOME, code, NULL, a, b, year);
        same &= same_row(s, LTP_QUANTITY_COST, code, NULL, a, b, year);
        for (size_t p = 0; p < s->plan->roster.service.count; p++) {
            same &= same_row(s, LTP_QUANTITY_USE, code, s->plan->roster.service.code[p], a, b, year);
            same &= same_row(s, LTP_QUANTITY_ACTIVITY, code, s->plan->roster.service.code[p], a, b, year);
        }
        for (size_t p = 0; p < s->plan->roster.stream.count; p++)
            same &= same_row(s, LTP_QUANTITY_USE_STREAM, code, s->plan->roster.stream.code[p], a, b, year);
    }
    return same;
}

static void a_layer_that_touches_nobody_is_do_nothing(void **state) {
    (void)state;
    simulation s = simulation_open(EVERYTHING, NULL);
    simulation_run(&s, 0);
    for (size_t l = 0; l < s.plan->roster.layer.count; l++)
        assert_true(same_accounts(&s, "LA", "do_nothing", layer(&s, l)));
    assert_true(same_accounts(&s, "CB", "test_4", "test_2") == false); /* a check that can fail */
    assert_true(same_accounts(&s, "TB", "test_3", "test_2") == false); /* VALUE takes elective activity from TB too */
    assert_true(same_accounts(&s, "CB", "test_3", "test_2"));
    simulation_close(&s);
    s = simulation_open("scenarios/minimal", NULL);
    simulation_run(&s, 0);
    assert_true(same_accounts(&s, "C", "do_nothing", "test_2"));
    assert_true(same_accounts(&s, "C", "test_4", "plan"));
    assert_true(same_accounts(&s, "T", "test_4", "plan"));
    assert_false(same_accounts(&s, "T", "do_nothing", "test_2"));
    simulation_close(&s);
}

/* --- what a change must not move --- */

static uint64_t digest_of(const char *path) {
    simulation s = simulation_open(path, NULL);
    s.keep = 0;
    simulation_run(&s, 0);
    const uint64_t digest = simulation_digest_all(&s);
    simulation_close(&s);
    return digest;
}

/* Digests of every organisation and layer of `before` that `after` has too must be the same, but for `except` in layers
 * other than do_nothing. */
static void assert_unmoved(const char *before, const char *after, const char *except) {
    simulation a = simulation_open(before, NULL), b = simulation_open(after, NULL);
    a.keep = b.keep = 0;
    simulation_run(&a, 5);
    simulation_run(&b, 5);
    for (size_t o = 0; o < organisation_count(&a); o++)
        for (size_t l = 0; l < a.plan->roster.layer.count; l++) {
            const char *code = organisation(&a, o);
            const bool may_move = l > 0 && except && strcmp(code, except) == 0;
            if (!may_move && simulation_digest(&a, code, layer(&a, l)) != simulation_digest(&b, code, layer(&a, l)))
                fail_msg("%s in %s has moved", code, layer(&a, l));
        }
    simulation_close(&a);
    simulation_close(&b);
}

/* Everything, with an uplift that is given: the computed one weighs the costs of all providers, so that adding one
 * would move it for good reason. */
static workspace given_uplift(void) {
    workspace where = workspace_copy(EVERYTHING);
    workspace_add(&where, "drivers.csv", "tariff.uplift,tariff.uplift,national,fixed,0.026,,,,,,,,,,,,,,,,,");
    return where;
}

static void programmes_without_effect_change_no_bit(void **state) {
    (void)state;
    static const char *const row[] = {
        "ZERO,unit_cost,,cash,,*,*,*,0,fraction,2019-04-01,6,linear,2,delivery.savings,slippage.months,1,1,0,0,,,1,,,,,"
        ",,",
        "ZERO,demand,,avoided,,CA,elective;nonelective,,0,fraction,2019-04-01,6,linear,2,delivery.demand,slippage."
        "months,"
        "1,1,0,0,,,1,,,,,,,",
        "ZERO,demand,,avoided,,*,*,,0,fraction,2019-04-01,6,linear,2,delivery.demand,slippage.months,"
        "1,1,0,0,,,1,,,,,,,",
        "ZERO,price,,cash,,*,*,*,0,money,2019-04-01,6,linear,2,delivery.demand,slippage.months,1,1,0,0,,,1,,,,,,,"};
    for (size_t k = 0; k < sizeof row / sizeof row[0]; k++) {
        workspace where = workspace_copy(EVERYTHING);
        workspace_add(&where, "programmes.csv", row[k]);
        assert_unmoved(EVERYTHING, where.path, NULL);
        workspace_remove(&where);
    }
}

static void a_programme_moves_only_whom_it_touches(void **state) {
    (void)state;
    workspace where = workspace_copy(EVERYTHING);
    workspace_add(
        &where, "programmes.csv",
        "AAA,unit_cost,2,cash,,TB,*,pay,0.01,fraction,2019-04-01,6,linear,2,delivery.savings,slippage.months,1,1,0,"
        "0,,,1,,,,,,,");
    assert_unmoved(EVERYTHING, where.path, "TB");
    simulation a = simulation_open(EVERYTHING, NULL), b = simulation_open(where.path, NULL);
    simulation_run(&a, 0);
    simulation_run(&b, 0);
    assert_true(simulation_digest(&a, "TB", "plan") != simulation_digest(&b, "TB", "plan"));
    simulation_close(&a);
    simulation_close(&b);
    workspace_remove(&where);
}

static void drivers_and_events_that_act_on_nothing_move_nothing(void **state) {
    (void)state;
    workspace where = workspace_copy(EVERYTHING);
    workspace_add(&where, "drivers.csv", "aaa.first,,organisation,normal,0,1,,,,,,,,,,,,0.5,0.2,0.3,0.5,");
    workspace_add(&where, "drivers.csv", "zzz.last,demand.other,national,normal,0,0.1,,,,,,,,,,,,0.5,,,,");
    workspace_add(&where, "drivers.csv", "price.unused,,national,normal,0,0.1,,,,,,,,,,,,0.5,,,,");
    workspace_add(&where, "correlations.csv", "aaa.first,price.unused,0.7");
    workspace_add(&where, "events.csv", "aaa,demand.other,national,0.5,fixed,,,,,1");
    workspace_set(&where, "events.csv", "aaa", "value", "0.5");
    simulation s = simulation_open(where.path, NULL); /* OTHER's blocks and TB's of `other` follow no activity, but
                                                         their payees' volume does: so they are taken out of it here */
    simulation_close(&s);
    workspace_drop(&where, "drivers.csv", "zzz.last");
    workspace_drop(&where, "events.csv", "aaa");
    assert_unmoved(EVERYTHING, where.path, NULL);
    workspace_remove(&where);
}

/* A third system with a commissioner, a trust and a driver of its own. */
static void add_system(const workspace *where) {
    workspace_add(where, "systems.csv", "AA,System before A,North");
    workspace_add(where, "organisations.csv", "AAC,Commissioner,ccg,AA,,0,");
    workspace_add(where, "organisations.csv", "AAT,Trust,acute,AA,,0,");
    workspace_add(where, "flows.csv", "AAC,AAT,elective,,,200,100000,activity,,,,,,");
    workspace_add(where, "flows.csv", "AAC,AAT,nonelective,,,100,50000,blended,,,,,,");
    workspace_add(where, "flows.csv", "AAT,STAFF,,pay,,300,,,,,,,,");
    static const char *const year[] = {"2018/19", "2019/20", "2020/21", "2021/22"};
    for (int t = 0; t < 4; t++) {
        char row[64];
        snprintf(row, sizeof row, "AAC,core,%s,%d,firm", year[t], 300 + 10 * t);
        workspace_add(where, "allocations.csv", row);
    }
    workspace_add(
        where, "programmes.csv",
        "AAP,demand,4,avoided,,AAC,*,,0.02,fraction,2019-04-01,6,linear,2,delivery.demand,slippage.months,1,1,0,"
        "0,,,1,,,,,,,");
}

static void organisations_move_nobody_else(void **state) {
    (void)state;
    workspace before = given_uplift(), after = given_uplift();
    add_system(&after);
    assert_unmoved(before.path, after.path, NULL);
    workspace_remove(&before);
    workspace_remove(&after);
}

static void the_order_of_rows_moves_no_bit(void **state) {
    (void)state;
    const uint64_t expected = digest_of(EVERYTHING);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        workspace where = workspace_copy(EVERYTHING);
        workspace_shuffle(&where, seed);
        if (digest_of(where.path) != expected)
            assert_unmoved(EVERYTHING, where.path, NULL); /* names who has moved */
        workspace_remove(&where);
    }
    workspace manchester = workspace_copy("scenarios/greater-manchester");
    workspace_shuffle(&manchester, 7);
    assert_unmoved("scenarios/greater-manchester", manchester.path, NULL);
    workspace_remove(&manchester);
}

/* --- draws --- */

static void runs_repeat_and_seeds_differ(void **state) {
    (void)state;
    assert_true(digest_of(EVERYTHING) == digest_of(EVERYTHING));
    simulation s = simulation_open(EVERYTHING, NULL);
    s.keep = 0;
    simulation_run(&s, 0);
    const uint64_t first = simulation_digest_all(&s);
    s.plan->model.seed++;
    simulation_run(&s, 0);
    assert_true(simulation_digest_all(&s) != first);
    for (size_t o = 0; o < organisation_count(&s); o++)
        assert_true(s.digest[o] != 0);
    s.plan->model.seed--;
    simulation_run(&s, 0);
    assert_true(simulation_digest_all(&s) == first);
    s.plan->model.sampling = LTP_SAMPLING_RANDOM;
    simulation_run(&s, 0);
    assert_true(simulation_digest_all(&s) != first);
    simulation_close(&s);
}

static void blocks_are_pure(void **state) {
    (void)state;
    simulation alone = simulation_open(EVERYTHING, NULL), after = simulation_open(EVERYTHING, NULL);
    alone.keep = after.keep = 0;
    simulation_run(&alone, 7);
    static const uint32_t before[] = {0, 3, LTP_BLOCK_PILOT, 6, 8};
    for (size_t k = 0; k < sizeof before / sizeof before[0]; k++) {
        simulation_run(&after, before[k]);
        assert_true(simulation_digest_all(&after) != simulation_digest_all(&alone));
    }
    simulation_run(&after, 7);
    assert_true(simulation_digest_all(&after) == simulation_digest_all(&alone));
    simulation_expect(&after); /* the other kind of sampling leaves nothing behind either */
    after.plan->model.sampling = LTP_SAMPLING_LHS;
    simulation_run(&after, 7);
    assert_true(simulation_digest_all(&after) == simulation_digest_all(&alone));
    simulation_close(&alone);
    simulation_close(&after);
}

static void expected_paths_are_all_the_same(void **state) {
    (void)state;
    simulation s = simulation_open(EVERYTHING, NULL);
    s.keep = KEEP_GAP;
    simulation_expect(&s);
    for (size_t o = 0; o < organisation_count(&s); o++)
        for (size_t path = 1; path < LTP_BLOCK; path++)
            assert_true(simulation_gap(&s, organisation(&s, o), "plan", 3, path) ==
                        simulation_gap(&s, organisation(&s, o), "plan", 3, 0));
    simulation_close(&s);
}

/* Commissioners that buy more services than any list was sized for. */
static void many_services(void **state) {
    (void)state;
    enum { SERVICES = 70 };
    static const char *const who[] = {"C", "D"};
    workspace where = workspace_copy("tests/support/flat");
    char row[128];
    workspace_add(&where, "organisations.csv", "D,Other commissioner,ccg,S,0");
    for (int p = 0; p < SERVICES; p++) {
        snprintf(row, sizeof row, "more_%02d,,,no", p);
        workspace_add(&where, "services.csv", row);
        for (int k = 0; k < 2; k++) {
            snprintf(row, sizeof row, "%s,T,more_%02d,,1,,block,0,0,0,0", who[k], p);
            workspace_add(&where, "flows.csv", row);
        }
    }
    snprintf(row, sizeof row, "%d", 90 + 2 * SERVICES);
    workspace_set(&where, "flows.csv", "T,STAFF,,pay", "amount", row);
    snprintf(row, sizeof row, "%d", 200 + SERVICES);
    workspace_set(&where, "allocations.csv", "C,core", "amount", row);
    for (int t = 0; t < 5; t++) {
        snprintf(row, sizeof row, "D,core,%d/%d,%d", 2018 + t, 19 + t, SERVICES);
        workspace_add(&where, "allocations.csv", row);
    }
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_near(simulation_value(&s, LTP_QUANTITY_USE_STREAM, "C", "core", "do_nothing", 1, 0), 200 + SERVICES, 1e-9);
    assert_near(simulation_value(&s, LTP_QUANTITY_USE_STREAM, "D", "core", "do_nothing", 1, 0), SERVICES, 1e-9);
    assert_near(simulation_gap(&s, NULL, "do_nothing", 4, 0), 0.0, 1e-9);
    simulation_close(&s);
    workspace_remove(&where);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_conserved),
        cmocka_unit_test(a_leak_is_seen),
        cmocka_unit_test(moving_money_inside_moves_no_total),
        cmocka_unit_test(bridge_sums_to_the_gap),
        cmocka_unit_test(savings_are_differences_of_gaps),
        cmocka_unit_test(layers_said_to_be_the_same_are),
        cmocka_unit_test(a_layer_that_touches_nobody_is_do_nothing),
        cmocka_unit_test(programmes_without_effect_change_no_bit),
        cmocka_unit_test(a_programme_moves_only_whom_it_touches),
        cmocka_unit_test(drivers_and_events_that_act_on_nothing_move_nothing),
        cmocka_unit_test(organisations_move_nobody_else),
        cmocka_unit_test(the_order_of_rows_moves_no_bit),
        cmocka_unit_test(runs_repeat_and_seeds_differ),
        cmocka_unit_test(blocks_are_pure),
        cmocka_unit_test(expected_paths_are_all_the_same),
        cmocka_unit_test(many_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
