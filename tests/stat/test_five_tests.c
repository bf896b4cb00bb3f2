/* Every table of the five tests at once, on every path: what is carried from year to year adds up, nothing without
 * effect moves a bit, nor does what is added elsewhere, nor the order of rows. Compared by bits unless said. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define FIVE "tests/support/five-tests"
#define YEARS 4

static const ltp_label_axis *organisations(const simulation *s) {
    return &s->plan->roster.level[LTP_LEVEL_ORGANISATION];
}

static const double *row_of(const simulation *s, ltp_quantity quantity, size_t o, size_t layer, int year) {
    return simulation_row_at(s, quantity, o, layer, year);
}

/* --- what is carried adds up --- */

/* Loans of the base year, as organisations.csv has them. */
static double opening_loan(const char *code) {
    static const struct {
        const char *code;
        double loan;
    } opening[] = {{"TA", 40}, {"UA", 0}, {"TB", 25}, {"TC", 2}};
    for (size_t k = 0; k < sizeof opening / sizeof *opening; k++)
        if (strcmp(opening[k].code, code) == 0)
            return opening[k].loan;
    fail_msg("%s is no provider of this test", code);
    return 0.0;
}

/* Of one organisation in one layer: surplus after support = income − cost + support; loans max(0, what is owed less
 * it); commissioners' position the sum so far. Returns how many figures were compared. */
static size_t check_balances(const simulation *s, size_t o, size_t layer, size_t path) {
    const char *code = organisations(s)->code[o];
    size_t compared = 0;
    double loan = NAN, cumulative = 0.0;
    for (int year = 1; year <= YEARS; year++) {
        const double *after = row_of(s, LTP_QUANTITY_SURPLUS_AFTER_SUPPORT, o, layer, year);
        const double *support = row_of(s, LTP_QUANTITY_SUPPORT, o, layer, year);
        const double *owed = row_of(s, LTP_QUANTITY_LOAN, o, layer, year);
        const double *position = row_of(s, LTP_QUANTITY_CUMULATIVE, o, layer, year);
        if (!after)
            continue;
        const double before =
            row_of(s, LTP_QUANTITY_INCOME, o, layer, year)[path] - row_of(s, LTP_QUANTITY_COST, o, layer, year)[path];
        assert_near(after[path], before + (support ? support[path] : 0.0), 1e-8);
        assert_true(!support || support[path] >= 0.0);
        if (owed) {
            loan = (year == 1 ? opening_loan(code) : loan) - after[path];
            loan = loan > 0.0 ? loan : 0.0;
            assert_near(owed[path], loan, 1e-7);
        }
        cumulative += after[path];
        if (position)
            assert_near(position[path], cumulative, 1e-7);
        assert_true(!owed || !position);
        compared += 1 + (owed != NULL) + (position != NULL);
    }
    return compared;
}

static void support_and_loans_add_up(void **state) {
    (void)state;
    simulation s = simulation_open(FIVE, NULL);
    s.keep = KEEP_GAP | KEEP(SUPPORT) | KEEP(SURPLUS_AFTER_SUPPORT) | KEEP(LOAN) | KEEP(CUMULATIVE);
    simulation_run(&s, 3);
    size_t compared = 0;
    for (size_t layer = 0; layer < s.plan->roster.layer.count; layer++)
        for (size_t o = 0; o < organisations(&s)->count; o++)
            for (size_t path = 0; path < LTP_BLOCK; path++)
                compared += check_balances(&s, o, layer, path);
    assert_true(compared >= 6 * YEARS * 2 * s.plan->roster.layer.count * LTP_BLOCK);
    assert_true(s.state->conservation < 1e-9); /* with support, loans, capital and transfers */
    simulation_close(&s);
}

static void capital_is_spent_or_carried(void **state) {
    (void)state;
    simulation s = simulation_open(FIVE, NULL);
    s.keep = KEEP(CAPITAL_NEED) | KEEP(CAPITAL_SPEND) | KEEP(CAPITAL_CARRIED);
    simulation_run(&s, 1);
    const size_t items = s.plan->roster.item_count[LTP_QUANTITY_CAPITAL_NEED];
    double spent = 0.0, carried = 0.0;
    for (size_t layer = 0; layer < s.plan->roster.layer.count; layer++)
        for (size_t at = 0; at < organisations(&s)->count * items; at++)
            for (int year = 1; year <= YEARS; year++) {
                const double *need = row_of(&s, LTP_QUANTITY_CAPITAL_NEED, at, layer, year);
                const double *spend = row_of(&s, LTP_QUANTITY_CAPITAL_SPEND, at, layer, year);
                const double *left = row_of(&s, LTP_QUANTITY_CAPITAL_CARRIED, at, layer, year);
                assert_true((need == NULL) == (spend == NULL) && (need == NULL) == (left == NULL));
                for (size_t path = 0; need && path < LTP_BLOCK; path++) {
                    assert_true(spend[path] >= 0.0 && left[path] >= -1e-9);
                    assert_near(need[path], spend[path] + left[path], 1e-9);
                    spent += spend[path];
                    carried += left[path];
                }
            }
    assert_true(spent > 0.0 && carried > 0.0); /* both happen */
    simulation_close(&s);
}

/* --- what must not move --- */

/* The same bits of these organisations (NULL at the end; NULL alone: all) in every layer. */
static bool unmoved(const char *before, const char *after, const char *const *code) {
    simulation a = simulation_open(before, NULL), b = simulation_open(after, NULL);
    bool same = true;
    a.keep = b.keep = 0;
    simulation_run(&a, 5);
    simulation_run(&b, 5);
    for (size_t l = 0; l < a.plan->roster.layer.count; l++)
        for (size_t o = 0; code ? code[o] != NULL : o < organisations(&a)->count; o++) {
            const char *layer = a.plan->roster.layer.code[l], *who = code ? code[o] : organisations(&a)->code[o];
            same &= simulation_digest(&a, who, layer) == simulation_digest(&b, who, layer);
        }
    simulation_close(&a);
    simulation_close(&b);
    return same;
}

/* A row of programmes.csv whose last cells are left out. */
static void add_programme(const workspace *where, const char *row) {
    enum { CELLS = 34 };
    char text[512];
    size_t length = (size_t)snprintf(text, sizeof text, "%s", row), cells = 1;
    for (const char *at = row; *at; at++)
        cells += *at == ',';
    for (; cells < CELLS && length + 1 < sizeof text; cells++)
        text[length++] = ',';
    text[length] = '\0';
    workspace_add(where, "programmes.csv", text);
}

/* Of every kind, with nothing to deliver and nothing to pay. 1% in place of 0 is the control. */
static void programmes_without_effect_change_no_bit(void **state) {
    (void)state;
    static const char *const row[] = {
        "ZERO,,unit_cost,,cash,,,*,*,*,,%s,2019-04-01,6,linear,2,delivery.savings,slippage.months,1,1,0,0,,,1",
        "ZERO,,price,,cash,,,*,*,drugs,,%s,2019-04-01,6,linear,2,delivery.savings,slippage.months,1,1,0,0,,,1",
        "ZERO,,recovery,,cash,,,TA,*,pay,,%s,2019-04-01,6,linear,2,delivery.savings,slippage.months,1,1,0,0,,,1",
        "ZERO,,variation,,cash,,,kind=acute,elective,pay,,%s,2019-04-01,6,linear,2,delivery.savings,slippage.months,"
        "1,1,0,0,,,1",
        "ZERO,,variation,,avoided,,,CA|CB,ae,,,%s,2019-04-01,6,linear,2,delivery.demand,0,1,1,0,0,,,1",
        "ZERO,,demand,,avoided,,,CA,ae;elective,,,%s,2019-04-01,6,linear,2,delivery.demand,slippage.months,1,1,0,0,,,1",
        "ZERO,,workforce,2,avoided,,,TA|TB,,,leavers,%s,2019-04-01,6,linear,1,0.8,slippage.months,1,1,0,0,,,1",
        "ZERO,,workforce,2,avoided,,,TA|TB,,,joiners,%s,2019-04-01,6,linear,1,0.8,slippage.months,1,1,0,0,,,1",
        "ZERO,,workforce,2,avoided,,,TA|TB,,,agency_share,%s,2019-04-01,6,linear,1,0.8,slippage.months,1,1,0,0,,,1",
        "ZERO,,income,2,income,,,,,,,,,,,,0.8,,,,,,,,,,,LA,UA,%1$s,%1$s,%1$s,%1$s,",
        "ZERO,,investment,5,,,,,,,,,,,,,1,,,,,,,,,,,CB,SUPPLIERS,%1$s,%1$s,%1$s,%1$s,no"};
    for (size_t k = 0; k < sizeof row / sizeof row[0]; k++)
        for (int control = 0; control < 2; control++) {
            char text[512];
            workspace where = workspace_copy(FIVE);
            snprintf(text, sizeof text, row[k], control ? "0.01" : "0");
            add_programme(&where, text);
            if (unmoved(FIVE, where.path, NULL) == (control == 1))
                fail_msg("%s: %s", text, control ? "moves nothing" : "moves something");
            workspace_remove(&where);
        }
}

/* Staff, backlog, beds, a scheme, a floor, a contract, a plan line and a programme of system B: nobody of A moves. */
static void what_is_added_to_a_system_moves_no_other(void **state) {
    (void)state;
    static const char *const other[] = {"CA", "TA", "UA", "LA", NULL}, *const own[] = {"TC", NULL};
    static const struct {
        const char *file, *row;
    } added[] = {{"workforce.csv", "TC,doctor,110,0.09,0.7,0.1,0.12,0.09,0.06,,0.5,1"},
                 {"workforce.csv", "TC,aaa,40,0.03,0.7,0.1,0.12,0.09,0.06,,0.5,1"}, /* a new group, first by name */
                 {"backlog.csv", "TC,significant,3,0.05"},
                 {"beds.csv", "TC,150,0.15"},
                 {"schemes.csv", "AAA,Small scheme,TC,1,envelope,3,capital.cost,2019-10-01,1,,20,1,4,no"},
                 {"floors.csv", "aaa,CB,community,grows_at_least,0.05,0,2019/20,1"},
                 {"contracts.csv", "CB,TC,nonelective,2019/20,26,27,10000,10200"},
                 {"plans.csv", "TB,2020/21,surplus,-7\nTB,2021/22,surplus,-8\nTB,2022/23,surplus,-8"}};
    static const char *const programme[] = {
        "AAB,,unit_cost,,cash,,,TC,*,pay,,0.02,2019-04-01,6,linear,2,delivery.savings,slippage.months,1,1,0,0,,,1",
        "AAC,,unit_cost,,cash,,,TC,*,pay,,0.02,2019-04-01,6,linear,2,delivery.savings,slippage.months,1,1,0,0,,,1,AAA"};
    workspace all = workspace_copy(FIVE);
    for (size_t k = 0; k < sizeof added / sizeof *added; k++) {
        workspace one = workspace_copy(FIVE);
        workspace_add(&all, added[k].file, added[k].row);
        workspace_add(&one, added[k].file, added[k].row);
        if (!unmoved(FIVE, one.path, other))
            fail_msg("%s: %s moves an organisation of the other system", added[k].file, added[k].row);
        workspace_remove(&one);
    }
    for (size_t k = 0; k < sizeof programme / sizeof *programme; k++)
        add_programme(&all, programme[k]);
    assert_true(unmoved(FIVE, all.path, other));
    assert_false(unmoved(FIVE, all.path, own)); /* a check that can fail */
    workspace_remove(&all);
}

static uint64_t digest_of(const char *path, uint32_t block) {
    simulation s = simulation_open(path, NULL);
    s.keep = 0;
    simulation_run(&s, block);
    const uint64_t digest = simulation_digest_all(&s);
    simulation_close(&s);
    return digest;
}

static void the_order_of_rows_moves_no_bit(void **state) {
    (void)state;
    const uint64_t expected = digest_of(FIVE, 2);
    assert_true(expected != digest_of(FIVE, 3));
    for (uint64_t seed = 1; seed <= 5; seed++) {
        workspace where = workspace_copy(FIVE);
        workspace_shuffle(&where, seed);
        assert_true(digest_of(where.path, 2) == expected);
        workspace_remove(&where);
    }
}

static void blocks_are_pure(void **state) {
    (void)state;
    simulation s = simulation_open(FIVE, NULL);
    s.keep = 0;
    static const uint32_t before[] = {0, LTP_BLOCK_PILOT, 8};
    for (size_t k = 0; k < sizeof before / sizeof *before; k++)
        simulation_run(&s, before[k]);
    simulation_run(&s, 7);
    assert_true(simulation_digest_all(&s) == digest_of(FIVE, 7));
    simulation_expect(&s); /* the other kind of sampling leaves nothing behind either */
    s.plan->model.sampling = LTP_SAMPLING_LHS;
    simulation_run(&s, 7);
    assert_true(simulation_digest_all(&s) == digest_of(FIVE, 7));
    simulation_close(&s);
}

/* Schemes, programmes, floors and plan lines are in the digest: one threshold elsewhere moves it, and nothing else. */
static void the_digest_sees_every_roll(void **state) {
    (void)state;
    workspace where = workspace_copy(FIVE);
    workspace_set(&where, "plans.csv", "TC,2019/20,surplus", "amount", "0.51");
    assert_true(unmoved(FIVE, where.path, NULL));
    assert_true(digest_of(where.path, 2) != digest_of(FIVE, 2));
    workspace_remove(&where);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(support_and_loans_add_up),
        cmocka_unit_test(capital_is_spent_or_carried),
        cmocka_unit_test(programmes_without_effect_change_no_bit),
        cmocka_unit_test(what_is_added_to_a_system_moves_no_other),
        cmocka_unit_test(the_order_of_rows_moves_no_bit),
        cmocka_unit_test(blocks_are_pure),
        cmocka_unit_test(the_digest_sees_every_roll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
