/* Who bears what, on every path: a programme that only moves cost gains the system nothing, to the penny, and one that
 * moves it to a local authority gains what the local authority loses. And what rows of releases must be whatever the
 * numbers. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define SHUNT "tests/support/shunt"
#define EVERYTHING "tests/support/everything"
#define PENNY 1e-8 /* £m */

/* Gain of an organisation from one layer to the next, by its savings, which count in tenths of a penny. */
static double gain(const simulation *s, const char *organisation, const char *from, const char *to, int year,
                   size_t path) {
    return simulation_value(s, LTP_QUANTITY_SAVING, organisation, NULL, to, year, path) -
           simulation_value(s, LTP_QUANTITY_SAVING, organisation, NULL, from, year, path);
}

static simulation shunts(void) {
    simulation s = simulation_open(SHUNT, NULL);
    s.keep = KEEP_GAP;
    simulation_run(&s, 0);
    return s;
}

static void paying_a_trust_less_gains_the_system_nothing(void **state) {
    (void)state;
    simulation s = shunts();
    double least = INFINITY, most = 0.0;
    for (int year = 1; year <= 2; year++)
        for (size_t path = 0; path < LTP_BLOCK; path++) {
            const double c = gain(&s, "C", "do_nothing", "test_2", year, path);
            const double t = gain(&s, "T", "do_nothing", "test_2", year, path);
            assert_near(c + t, 0.0, PENNY / 2);
            assert_near(gain(&s, "LA", "do_nothing", "test_2", year, path), 0.0, 0.0);
            assert_true(c > 0.0);
            least = c < least ? c : least;
            most = c > most ? c : most;
        }
    assert_true(least < 3.0 && most > 5.0); /* it is moved in different amounts, and always whole */
    simulation_close(&s);
}

static void cost_handed_to_a_local_authority_is_moved_outside(void **state) {
    (void)state;
    simulation s = shunts();
    for (int year = 1; year <= 2; year++)
        for (size_t path = 0; path < LTP_BLOCK; path++) {
            const double system =
                gain(&s, "C", "test_2", "test_3", year, path) + gain(&s, "T", "test_2", "test_3", year, path);
            const double outside = gain(&s, "LA", "test_2", "test_3", year, path);
            assert_true(system > 0.0);
            assert_near(system + outside, 0.0, PENNY / 2); /* of all modelled organisations: nothing saved */
        }
    assert_true(s.plan->roster.membership_count == 2); /* the local authority does not count in the system */
    simulation_close(&s);
}

/* The control: what is saved does not come out as moved. */
static void a_saving_is_no_shunt(void **state) {
    (void)state;
    simulation s = shunts();
    for (size_t path = 0; path < LTP_BLOCK; path++) {
        double all = 0.0;
        static const char *const who[] = {"C", "T", "LA"};
        for (int k = 0; k < 3; k++)
            all += gain(&s, who[k], "test_3", "test_4", 2, path);
        assert_true(all > 0.1);
    }
    simulation_close(&s);
}

/* --- rows of releases --- */

/* Everything, and variation in costs and in rates. */
static workspace varied(const char *effect) {
    workspace where = workspace_copy(EVERYTHING);
    char row[256];
    workspace_write(&where, "benchmarks.csv",
                    "service,category,peer_group,measure,value\nelective,,peers,unit_cost,1500\n"
                    "nonelective,pay,peers,unit_cost,1200\nnonelective,supplies,peers,unit_cost,500\n"
                    "elective,,peers,rate,150\nnonelective,,peers,rate,90\n");
    snprintf(row, sizeof row,
             "VARY,variation,,cash,,TA|TB|CA,elective;nonelective,pay;supplies,%s,fraction,2019-07-01,18,linear,1,"
             "delivery.savings,slippage.months,1,0.8,0,0,,,1,,,,,,,",
             effect);
    workspace_add(&where, "programmes.csv", row);
    return where;
}

static uint64_t digest_of(const char *path, bool money_alone) {
    simulation s = simulation_open(path, NULL);
    s.keep = KEEP_GAP;
    simulation_run(&s, 3);
    uint64_t digest = simulation_digest_all(&s);
    if (money_alone) {
        digest = 0;
        for (int year = 1; year <= 3; year++)
            for (size_t o = 0; o < s.plan->roster.level[LTP_LEVEL_ORGANISATION].count; o++)
                for (size_t path_index = 0; path_index < LTP_BLOCK; path_index++) {
                    const char *code = s.plan->roster.level[LTP_LEVEL_ORGANISATION].code[o];
                    const double gap = simulation_gap(&s, code, "plan", year, path_index);
                    uint64_t bits;
                    memcpy(&bits, &gap, sizeof bits);
                    digest = (digest ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
                }
    }
    simulation_close(&s);
    return digest;
}

static void no_effect_and_no_order_moves_a_bit(void **state) {
    (void)state;
    workspace where = varied("0"), full = varied("0.6"), other = varied("0.6");
    assert_true(digest_of(where.path, true) == digest_of(EVERYTHING, true));
    assert_true(digest_of(full.path, true) != digest_of(EVERYTHING, true));
    for (uint64_t seed = 1; seed <= 3; seed++) {
        workspace_shuffle(&other, seed);
        assert_true(digest_of(other.path, false) == digest_of(full.path, false));
    }
    workspace_remove(&where);
    workspace_remove(&full);
    workspace_remove(&other);
    where = workspace_copy(EVERYTHING);
    workspace_add(
        &where, "programmes.csv",
        "ZERO,recovery,,cash,,TA,*,*,0,fraction,2019-04-01,6,linear,2,delivery.savings,slippage.months,1,1,0,0,,,"
        "1,,,,,,,");
    assert_true(digest_of(where.path, false) == digest_of(EVERYTHING, false));
    /* a table that nothing uses */
    workspace_write(&where, "benchmarks.csv",
                    "service,category,peer_group,measure,value\nelective,,peers,unit_cost,1500\n");
    assert_true(digest_of(where.path, false) == digest_of(EVERYTHING, false));
    workspace_remove(&where);
}

static const double *row(const simulation *s, ltp_quantity quantity, const char *code, const char *item, size_t layer,
                         int year) {
    return simulation_row(s, quantity, code, item, s->plan->roster.layer.code[layer], year);
}

/* Activity avoided is the difference of activities; last year's cost is last year's; what is closed is at most what is
 * open; and there is something of each. */
static void rows_agree_with_each_other(void **state) {
    (void)state;
    workspace where = varied("0.6");
    simulation s = simulation_open(where.path, NULL);
    simulation_run(&s, 1);
    const ltp_roster *roster = &s.plan->roster;
    double avoided = 0.0, closed = 0.0, released = 0.0, temporary = 0.0, stranded = 0.0;
    for (size_t l = 0; l < roster->layer.count; l++)
        for (int year = 1; year <= 3; year++)
            for (size_t o = 0; o < roster->level[LTP_LEVEL_ORGANISATION].count; o++) {
                const char *code = roster->level[LTP_LEVEL_ORGANISATION].code[o];
                const double *last = row(&s, LTP_QUANTITY_COST_LAST_YEAR, code, NULL, l, year);
                const double *cost = year > 1 ? row(&s, LTP_QUANTITY_COST, code, NULL, l, year - 1) : NULL;
                const double *open = row(&s, LTP_QUANTITY_VARIATION_OPENING, code, NULL, l, year);
                const double *done = row(&s, LTP_QUANTITY_VARIATION_CLOSED, code, NULL, l, year);
                const double *cash = row(&s, LTP_QUANTITY_CASH_RELEASED, code, NULL, l, year);
                const double *gone = row(&s, LTP_QUANTITY_NON_RECURRENT, code, NULL, l, year);
                const double *left = row(&s, LTP_QUANTITY_STRANDED, code, NULL, l, year);
                for (size_t p = 0; p < LTP_BLOCK; p++) {
                    assert_true(!last || !cost || last[p] == cost[p]);
                    assert_true(!done || (done[p] >= 0.0 && done[p] <= open[p] * 1.2)); /* delivery may be above 1 */
                    closed += done ? done[p] : 0.0;
                    released += cash ? cash[p] : 0.0;
                    temporary += gone ? gone[p] : 0.0;
                    stranded += left ? left[p] : 0.0;
                }
                for (size_t i = 0; i < roster->service.count; i++) {
                    const char *service = roster->service.code[i];
                    const double *a = row(&s, LTP_QUANTITY_ACTIVITY, code, service, 0, year);
                    const double *b = row(&s, LTP_QUANTITY_ACTIVITY, code, service, l, year);
                    const double *less = row(&s, LTP_QUANTITY_DEMAND_AVOIDED, code, service, l, year);
                    for (size_t p = 0; a && p < LTP_BLOCK; p++) {
                        assert_near(less ? less[p] : 0.0, a[p] - b[p], 1e-9 * a[p]);
                        avoided += less ? less[p] : 0.0;
                    }
                }
            }
    assert_true(avoided > 0.0 && closed > 0.0 && released > 0.0 && temporary > 0.0 && stranded > 0.0);
    simulation_close(&s);
    workspace_remove(&where);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paying_a_trust_less_gains_the_system_nothing),
        cmocka_unit_test(cost_handed_to_a_local_authority_is_moved_outside),
        cmocka_unit_test(a_saving_is_no_shunt),
        cmocka_unit_test(no_effect_and_no_order_moves_a_bit),
        cmocka_unit_test(rows_agree_with_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
