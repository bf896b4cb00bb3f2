/* Shipped scenarios against figures from outside the program: the published series of Feeling the crunch, and the
 * tables of the scenarios' own README files, which were worked out apart. Every driver at its mean. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

/* Nuffield Trust, Feeling the crunch (2016), £m; the recurrence must come within £20m of every figure. */
static void feeling_the_crunch(void **state) {
    (void)state;
    static const double published[3][5] = {
        {74041, 76394, 78592, 81408, 84489}, {77899, 80375, 82686, 85648, 88890}, {82551, 86899, 91207, 96386, 102058}};
    static const char *const who[] = {"COMMISSIONERS", "WITH-EFFICIENCY", "NO-EFFICIENCY"};
    static const double reached[] = {2.4, 10.5, 0.4}; /* as the scenario's README states */
    simulation s = simulation_open("scenarios/published/feeling-the-crunch", NULL);
    simulation_expect(&s);
    for (int w = 0; w < 3; w++) {
        double worst = 0.0;
        for (int year = 1; year <= 5; year++) {
            const double cost = simulation_value(&s, LTP_QUANTITY_COST, who[w], NULL, "plan", year, 0);
            assert_near(cost, published[w][year - 1], 20.0);
            worst = fmax(worst, fabs(cost - published[w][year - 1]));
        }
        assert_near(worst, reached[w], 0.051);
    }
    /* without the programme the same providers are far off */
    assert_true(simulation_value(&s, LTP_QUANTITY_COST, "WITH-EFFICIENCY", NULL, "do_nothing", 5, 0) > 88890 + 20);
    simulation_close(&s);
}

/* Gap of a whole sector, £m. */
static double sector_gap(const simulation *s, ltp_sector sector, int year) {
    const ltp_roster *roster = &s->plan->roster;
    double sum = 0.0;
    for (size_t o = 0; o < roster->level[LTP_LEVEL_ORGANISATION].count; o++)
        if (roster->sector[o] == sector)
            sum += simulation_gap(s, roster->level[LTP_LEVEL_ORGANISATION].code[o], "do_nothing", year, 0);
    return sum;
}

static void assert_table(const char *scenario, const double provider[5], const double commissioner[5]) {
    simulation s = simulation_open(scenario, NULL);
    s.keep = KEEP_GAP;
    simulation_expect(&s);
    for (int year = 1; year <= 5; year++) {
        assert_near(sector_gap(&s, LTP_SECTOR_PROVIDER, year), provider[year - 1], 0.0501);
        assert_near(sector_gap(&s, LTP_SECTOR_COMMISSIONER, year), commissioner[year - 1], 0.0501);
    }
    assert_true(s.state->conservation < 1e-8);
    simulation_close(&s);
}

/* The tables are of flows alone, "before floors, capital, workforce and interest"; with those the gap is larger. */
static void greater_manchester(void **state) {
    (void)state;
    const double provider[] = {230.7, 308.6, 393.7, 496.3, 604.0}, commissioner[] = {29.0, 27.0, 30.0, 50.0, 81.7};
    workspace where = workspace_money_alone();
    assert_table(where.path, provider, commissioner);
    workspace_remove(&where);
    simulation s = simulation_open("scenarios/greater-manchester", NULL);
    s.keep = KEEP_GAP;
    simulation_expect(&s);
    for (int year = 1; year <= 5; year++) {
        assert_true(sector_gap(&s, LTP_SECTOR_PROVIDER, year) > provider[year - 1] + 1.0);
        assert_true(sector_gap(&s, LTP_SECTOR_COMMISSIONER, year) > commissioner[year - 1] + 1.0);
    }
    simulation_close(&s);
}

static void downside(void **state) {
    (void)state;
    char beside[80];
    workspace base = workspace_money_alone(), where = workspace_copy("scenarios/downside");
    snprintf(beside, sizeof beside, "extends: ..%s\n", strrchr(base.path, '/'));
    workspace_replace(&where, "scenario.yaml", "extends: ../greater-manchester\n", beside);
    assert_table(where.path, (const double[]){288.5, 432.6, 593.2, 794.9, 1001.3},
                 (const double[]){68.0, 109.9, 161.4, 282.5, 376.4});
    workspace_remove(&where);
    workspace_remove(&base);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feeling_the_crunch),
        cmocka_unit_test(greater_manchester),
        cmocka_unit_test(downside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
