/* What programmes do to the accounts of a world in which nothing else moves: slippage, tranches, reversal, overlap,
 * waiting, money at start-year prices, running costs, income, investment. Closed forms; every driver a constant. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define FLAT "tests/support/flat"
#define PAY 90.0
#define EXACT 1e-12

static workspace where;

/* A flat world with these programmes: header and rows. */
static simulation with(const char *programmes) {
    where = workspace_copy(FLAT);
    workspace_write(&where, "programmes.csv", programmes);
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    return s;
}

static void done(simulation *s) {
    assert_true(s->state->conservation < 1e-9);
    simulation_close(s);
    workspace_remove(&where);
}

/* From cost and income, which are not rounded; the measure itself counts in tenths of a penny (test_property.c). */
static double saving(const simulation *s, const char *organisation, int year) {
    return simulation_gap(s, organisation, "do_nothing", year, 0) - simulation_gap(s, organisation, "plan", year, 0);
}

static void assert_savings(const simulation *s, const char *organisation, const double expected[4]) {
    for (int year = 1; year <= 4; year++)
        assert_near(saving(s, organisation, year), expected[year - 1], 100 * EXACT);
}

#define PAY_HEADER                                                                                                     \
    "code,kind,target_organisations,target_services,target_categories,full_year_effect,start,ramp_months,ramp,"        \
    "tranches,delivery,slippage,recurrent_share,delivery_factor,overlap_group,overlap,needs_programme\n"

/* Share of pay saved, by year. */
static void assert_levels(const char *rows, const double level[4]) {
    char text[2048];
    snprintf(text, sizeof text, PAY_HEADER "%s", rows);
    simulation s = with(text);
    for (int year = 1; year <= 4; year++) {
        assert_near(saving(&s, "T", year) / PAY, level[year - 1], EXACT);
        assert_near(saving(&s, "C", year), 0.0, 0.0);
        assert_near(simulation_gap(&s, "T", "do_nothing", year, 0), 0.0, EXACT);
    }
    done(&s);
}

static void slippage_moves_the_ramp(void **state) {
    (void)state;
    /* 1 July, 12-month ramp, four months late: from ½ + 1/12 of year 1 on */
    const double s = 0.25 + 4.0 / 12.0, rest = 1.0 - s;
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-07-01,12,linear,1,1,4,1,1,,1,\n",
                  (const double[]){0.04 * rest * rest / 2, 0.04 * (1 - s * s / 2), 0.04, 0.04});
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-07-01,12,linear,1,0.5,4,1,0.8,,1,\n",
                  (const double[]){0.016 * rest * rest / 2, 0.016 * (1 - s * s / 2), 0.016, 0.016});
    /* S-curve: ∫ 3u² − 2u³ = u³ − u⁴/2 */
    const double first = pow(rest, 3) - pow(rest, 4) / 2;
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-07-01,12,s_curve,1,1,4,1,1,,1,\n",
                  (const double[]){0.04 * first, 0.04 * (0.5 - first + rest), 0.04, 0.04});
}

static void what_is_not_recurrent_reverses(void **state) {
    (void)state;
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-10-01,0,linear,1,1,0,0.7,1,,1,\n",
                  (const double[]){0.02, 0.028, 0.028, 0.028});
    /* a year late: the path's first year is year 2 */
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-10-01,0,linear,1,1,12,0.7,1,,1,\n",
                  (const double[]){0.0, 0.02, 0.028, 0.028});
    /* a ramp of two years from 1 April: the first year counts in full, the second not */
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-04-01,24,linear,1,1,0,0.5,1,,1,\n",
                  (const double[]){0.01, 0.015, 0.02, 0.02});
    /* begun before the horizon */
    assert_levels("P,unit_cost,T,*,pay,0.04,2017-04-01,0,linear,1,1,0,0.7,1,,1,\n",
                  (const double[]){0.04, 0.028, 0.028, 0.028});
}

static void tranches_multiply(void **state) {
    (void)state;
    assert_levels("P,unit_cost,T,*,pay,0.011,2019-04-01,0,linear,3,1,0,1,1,,1,\n",
                  (const double[]){0.011, 1 - pow(0.989, 2), 1 - pow(0.989, 3), 1 - pow(0.989, 3)});
    /* each tranche reverses after its own first year */
    assert_levels("P,unit_cost,T,*,pay,0.01,2019-04-01,0,linear,2,1,0,0.6,1,,1,\n",
                  (const double[]){0.01, 1 - 0.994 * 0.99, 1 - 0.994 * 0.994, 1 - 0.994 * 0.994});
    /* a tranche after the horizon does nothing */
    assert_levels("P,unit_cost,T,*,pay,0.01,2022-04-01,0,linear,5,1,0,1,1,,1,\n", (const double[]){0, 0, 0, 0.01});
}

static void overlapping_programmes(void **state) {
    (void)state;
    const double whole = 0.05, part = 0.05 + 0.75 * 0.03, apart = 1 - 0.95 * 0.97;
    assert_levels("A,unit_cost,T,*,pay,0.03,2019-04-01,0,linear,1,1,0,1,1,g,1,\n"
                  "B,unit_cost,T,*,pay,0.05,2019-04-01,0,linear,1,1,0,1,1,g,1,\n",
                  (const double[]){whole, whole, whole, whole});
    assert_levels("A,unit_cost,T,*,pay,0.03,2019-04-01,0,linear,1,1,0,1,1,g,0.25,\n"
                  "B,unit_cost,T,*,pay,0.05,2019-04-01,0,linear,1,1,0,1,1,g,0.25,\n",
                  (const double[]){part, part, part, part});
    assert_levels("A,unit_cost,T,*,pay,0.03,2019-04-01,0,linear,1,1,0,1,1,,1,\n"
                  "B,unit_cost,T,*,pay,0.05,2019-04-01,0,linear,1,1,0,1,1,,1,\n",
                  (const double[]){apart, apart, apart, apart});
    /* the largest changes from year to year: a third programme outside the group multiplies */
    assert_levels("A,unit_cost,T,*,pay,0.03,2019-04-01,0,linear,1,1,0,1,1,g,0.5,\n"
                  "B,unit_cost,T,*,pay,0.05,2020-10-01,0,linear,1,1,0,1,1,g,0.5,\n"
                  "C,unit_cost,T,*,pay,0.02,2019-04-01,0,linear,1,1,0,1,1,,1,\n",
                  (const double[]){1 - 0.97 * 0.98, 1 - (1 - 0.03 - 0.0125) * 0.98, 1 - (1 - 0.065) * 0.98,
                                   1 - (1 - 0.065) * 0.98});
}

static void a_programme_waits_for_the_one_it_needs(void **state) {
    (void)state;
    /* B could start on 1 April 2019; A, which it needs, slips to 1 December */
    const double a = 0.01 * 4 / 12;
    assert_levels(
        "B,unit_cost,T,*,pay,0.05,2019-04-01,0,linear,1,1,0,1,1,,1,A\n"
        "A,unit_cost,T,*,pay,0.01,2019-06-01,0,linear,1,1,6,1,1,,1,\n",
        (const double[]){1 - (1 - 0.05 * 4 / 12) * (1 - a), 1 - 0.95 * 0.99, 1 - 0.95 * 0.99, 1 - 0.95 * 0.99});
    /* the needed one in a later year */
    assert_levels("B,unit_cost,T,*,pay,0.05,2019-04-01,0,linear,1,1,0,1,1,,1,A\n"
                  "A,unit_cost,T,*,pay,0,2021-04-01,0,linear,1,1,6,1,1,,1,\n",
                  (const double[]){0, 0, 0.025, 0.05});
    /* and one that lies beyond the horizon: never */
    assert_levels("B,unit_cost,T,*,pay,0.05,2019-04-01,0,linear,1,1,0,1,1,,1,A\n"
                  "A,unit_cost,T,*,pay,0.01,2024-04-01,0,linear,1,1,0,1,1,,1,\n",
                  (const double[]){0, 0, 0, 0});
    /* the needed one acts elsewhere: it is waited for all the same, with what it slips there */
    assert_levels("B,unit_cost,T,*,pay,0.05,2019-04-01,0,linear,1,1,0,1,1,,1,A\n"
                  "A,demand,C,elective,,0,2019-04-01,0,linear,1,1,12,1,1,,1,\n",
                  (const double[]){0, 0.05, 0.05, 0.05});
}

/* Two months planned and ten slipped are a year: its second year is the first one, to the bit. */
static void first_year_is_counted_in_months(void **state) {
    (void)state;
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-06-01,0,linear,1,1,10,0.5,1,,1,\n",
                  (const double[]){0, 0.04, 0.02, 0.02});
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-08-01,0,linear,1,1,20,0.5,1,,1,\n",
                  (const double[]){0, 0, 0.04, 0.02});
}

/* £3m off demand is £3m in its start year, however much has grown by then. */
static void money_off_grown_demand(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean\ntariff.uplift,tariff.uplift,national,fixed,0.02\n"
                    "demand.elective,demand.elective,national,fixed,0.03\n");
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,full_year_effect,effect_unit,start\n"
                    "D,demand,C,elective,3,money,2021-04-01\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_near(saving(&s, "C", 2), 0.0, 0.0);
    assert_near(saving(&s, "C", 3), 3.0, 1e-12);
    assert_near(saving(&s, "C", 4), 3.0 * 1.02 * 1.03, 1e-12);
    done(&s);
}

/* The contract believes the plan, and the plan knows what waits for what. */
static void planned_moderation_waits_too(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    workspace_set(&where, "flows.csv", "C,T,elective", "mechanism", "blended");
    workspace_set(&where, "flows.csv", "C,T,elective", "variable_share", "0");
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,full_year_effect,start,needs_programme\n"
                    "B,demand,C,elective,0.1,2019-04-01,A\nA,demand,C,acute,0,2021-04-01,\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    static const double paid[] = {50, 50, 45, 45};
    for (int year = 1; year <= 4; year++)
        assert_near(simulation_value(&s, LTP_QUANTITY_USE, "C", "elective", "plan", year, 0), paid[year - 1], 1e-12);
    done(&s);
}

/* Everything moderated away, and the contract agrees: nothing is paid, and nothing is not a number. */
static void all_activity_moderated(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    workspace_set(&where, "flows.csv", "C,T,elective", "mechanism", "blended");
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,full_year_effect,start\n"
                    "B,demand,C,elective,1,2019-04-01\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    for (int year = 1; year <= 4; year++)
        assert_near(simulation_value(&s, LTP_QUANTITY_USE, "C", "elective", "plan", year, 0), 0.0, 1e-12);
    done(&s);
}

/* Delivered before its planned year where a path brings it forward. */
static void negative_slippage_brings_forward(void **state) {
    (void)state;
    assert_levels("P,unit_cost,T,*,pay,0.04,2019-10-01,0,linear,1,1,-3,1,1,,1,\n",
                  (const double[]){0.03, 0.04, 0.04, 0.04});
    /* not before the planned first year, in which it draws; that year is then its first, so nothing of it reverses */
    assert_levels("P,unit_cost,T,*,pay,0.04,2020-05-01,0,linear,1,1,-3,0.7,1,,1,\n",
                  (const double[]){0, 0.04, 0.028, 0.028});
}

/* --- money --- */

static void prices(double pay) {
    where = workspace_copy(FLAT);
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean\ntariff.uplift,tariff.uplift,national,fixed,0\n"
                    "price.pay,price.pay,national,fixed,%g\nprice.drugs,price.drugs,national,fixed,0.05\n",
                    pay);
}

static void money_is_at_the_prices_of_its_start_year(void **state) {
    (void)state;
    prices(0.03);
    workspace_write(
        &where, "programmes.csv",
        "code,kind,target_organisations,target_services,target_categories,full_year_effect,effect_unit,start\n"
        "NOW,unit_cost,T,*,pay,5,money,2019-04-01\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_savings(&s, "T", (const double[]){5, 5 * 1.03, 5 * 1.03 * 1.03, 5 * pow(1.03, 3)});
    done(&s);
    prices(0.03);
    workspace_write(
        &where, "programmes.csv",
        "code,kind,target_organisations,target_services,target_categories,full_year_effect,effect_unit,start\n"
        "LATER,unit_cost,T,*,pay,5,money,2020-10-01\n");
    s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_savings(&s, "T", (const double[]){0, 2.5, 5 * 1.03, 5 * 1.03 * 1.03});
    done(&s);
}

/* £4m over pay 90 and supplies 60: by base cost, each indexed with its own category. */
static void money_is_spread_by_base_cost(void **state) {
    (void)state;
    prices(0.03);
    workspace_write(
        &where, "programmes.csv",
        "code,kind,target_organisations,target_services,target_categories,full_year_effect,effect_unit,start\n"
        "BOTH,unit_cost,T,*,pay;supplies,4,money,2019-04-01\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_savings(&s, "T", (const double[]){4, 2.4 * 1.03 + 1.6, 2.4 * 1.0609 + 1.6, 2.4 * pow(1.03, 3) + 1.6});
    done(&s);
}

static void money_off_a_price_is_the_payers(void **state) {
    (void)state;
    prices(0);
    workspace_write(
        &where, "programmes.csv",
        "code,kind,target_organisations,target_services,target_categories,full_year_effect,effect_unit,start\n"
        "BIOS,price,C,*,drugs,2,money,2019-04-01\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_savings(&s, "C", (const double[]){2, 2.1, 2.205, 2.31525});
    assert_savings(&s, "T", (const double[]){0, 0, 0, 0});
    for (int year = 1; year <= 4; year++) {
        const double index = pow(1.05, year), off = pow(1.05, year - 1);
        assert_near(simulation_value(&s, LTP_QUANTITY_USE, "C", "prescribing", "plan", year, 0), 30 * index - 1.2 * off,
                    1e-12);
        assert_near(simulation_value(&s, LTP_QUANTITY_USE, "T", "drugs_devices", "plan", year, 0),
                    20 * index - 0.8 * off, 1e-12);
        assert_near(simulation_value(&s, LTP_QUANTITY_USE_STREAM, "C", "core", "plan", year, 0),
                    150 + 50 * index - 2 * off, 1e-12);
    }
    done(&s);
}

/* A payer outside the accounts gains too: the trust receives and spends less, and its gap stays. */
static void cheaper_drugs_of_an_outside_payer(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    workspace_add(&where, "flows.csv", "CENTRE,T,drugs_devices,drugs,10,,pass_through,,,,");
    workspace_set(&where, "flows.csv", "T,SUPPLIERS,,drugs", "amount", "30");
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,target_categories,full_year_effect,start\n"
                    "BIOS,price,T,*,drugs,0.05,2019-04-01\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_savings(&s, "T", (const double[]){0, 0, 0, 0});
    assert_savings(&s, "C", (const double[]){1, 1, 1, 1});
    assert_near(simulation_value(&s, LTP_QUANTITY_USE, "T", "drugs_devices", "plan", 1, 0), 30 * 0.95, EXACT);
    assert_near(simulation_value(&s, LTP_QUANTITY_INCOME, "T", NULL, "plan", 1, 0), 180 - 1.5, 100 * EXACT);
    assert_near(simulation_value(&s, LTP_QUANTITY_COST, "T", NULL, "plan", 1, 0), 180 - 1.5, 100 * EXACT);
    done(&s);
}

/* £3m off demand worth 50 at the start: a share of activity, so it grows with the price. */
static void money_off_demand(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean\ntariff.uplift,tariff.uplift,national,fixed,0.02\n");
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,full_year_effect,effect_unit,start\n"
                    "D,demand,C,elective,3,money,2019-04-01\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    for (int year = 1; year <= 4; year++) {
        assert_near(saving(&s, "C", year), 3 * pow(1.02, year - 1), 1e-12);
        /* the trust loses the income, and its cost falls by the volume freed: a third of what it does is elective */
        const double cut = 3 / 51.0;
        assert_near(saving(&s, "T", year), -3 * pow(1.02, year - 1) + 150 * cut / 3, 1e-12);
        assert_near(simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "plan", year, 0), 500 * (1 - cut),
                    1e-9);
    }
    done(&s);
}

static void unit_cost_of_one_service(void **state) {
    (void)state;
    /* elective is a third of T's base income, pass-through left out */
    assert_levels("P,unit_cost,T,elective,pay,0.06,2019-04-01,0,linear,1,1,0,1,1,,1,\n",
                  (const double[]){0.02, 0.02, 0.02, 0.02});
}

/* --- running costs, income, investment --- */

#define DEFLATORS "year,index\n2018/19,100\n2019/20,102\n2020/21,105\n2021/22,107\n2022/23,110\n"

static void running_costs_follow_the_deflator(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    workspace_write(&where, "deflators.csv", DEFLATORS);
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,target_categories,full_year_effect,start,slippage,"
                    "tranches,cost_one_off,cost_per_year,bears_cost\n"
                    "P,unit_cost,T,*,pay,0.01,2020-07-01,12,2,4,1.5,C\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    /* from the planned year in full, whatever the slippage and the tranches */
    assert_savings(&s, "C", (const double[]){0, -5.5, -1.5 * 107 / 105, -1.5 * 110 / 105});
    assert_near(saving(&s, "T", 3), 90 * 0.0075, 1e-12);
    done(&s);
    /* a system bears it by base income: C 200, T 170 */
    where = workspace_copy(FLAT);
    workspace_write(&where, "deflators.csv", DEFLATORS);
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,target_categories,full_year_effect,start,"
                    "cost_per_year,bears_cost\nP,unit_cost,T,*,pay,0,2018-07-01,3.7,C|T\n");
    s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_savings(&s, "C", (const double[]){-2 * 1.02, -2 * 1.05, -2 * 1.07, -2 * 1.10});
    assert_savings(&s, "T", (const double[]){-1.7 * 1.02, -1.7 * 1.05, -1.7 * 1.07, -1.7 * 1.10});
    done(&s);
}

static void income_from_outside(void **state) {
    (void)state;
    simulation s = with("code,kind,test,releases,payer,payee,amount_2019/20,amount_2021/22,delivery\n"
                        "I,income,2,income,SUPPLIERS,T,2,6,0.5\n");
    assert_savings(&s, "T", (const double[]){1, 0, 3, 0});
    assert_savings(&s, "C", (const double[]){0, 0, 0, 0});
    done(&s);
    s = with("code,kind,test,releases,payer,payee,amount_2020/21\nI,income,2,income,C,T,2\n");
    assert_savings(&s, "T", (const double[]){0, 2, 0, 0}); /* from inside the system it is moved, not made */
    assert_savings(&s, "C", (const double[]){0, -2, 0, 0});
    done(&s);
}

static void investment_is_in_do_nothing_if_committed(void **state) {
    (void)state;
    static const char *const word[] = {"no", "yes"};
    for (int committed = 0; committed < 2; committed++) {
        char text[256];
        snprintf(text, sizeof text,
                 "code,kind,payer,payee,amount_2019/20,amount_2020/21,committed\nV,investment,C,T,3,4,%s\n",
                 word[committed]);
        simulation s = with(text);
        const double c = simulation_gap(&s, "C", "do_nothing", 2, 0);
        assert_near(c, committed ? 4 : 0, EXACT);
        assert_near(simulation_gap(&s, "C", "plan", 2, 0), 4, EXACT);
        assert_near(simulation_gap(&s, "C", "plan", 1, 0), 3, EXACT);
        assert_near(simulation_gap(&s, "C", "plan", 3, 0), 0, EXACT);
        assert_near(simulation_gap(&s, "T", "plan", 2, 0), 0, EXACT); /* it spends what it receives */
        assert_near(simulation_value(&s, LTP_QUANTITY_INCOME, "T", NULL, "plan", 2, 0), 174, 100 * EXACT);
        assert_near(simulation_value(&s, LTP_QUANTITY_BRIDGE, "C", "investment", "do_nothing", 2, 0), c, EXACT);
        done(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slippage_moves_the_ramp),
        cmocka_unit_test(what_is_not_recurrent_reverses),
        cmocka_unit_test(tranches_multiply),
        cmocka_unit_test(overlapping_programmes),
        cmocka_unit_test(a_programme_waits_for_the_one_it_needs),
        cmocka_unit_test(first_year_is_counted_in_months),
        cmocka_unit_test(money_off_grown_demand),
        cmocka_unit_test(planned_moderation_waits_too),
        cmocka_unit_test(all_activity_moderated),
        cmocka_unit_test(negative_slippage_brings_forward),
        cmocka_unit_test(money_is_at_the_prices_of_its_start_year),
        cmocka_unit_test(money_is_spread_by_base_cost),
        cmocka_unit_test(money_off_a_price_is_the_payers),
        cmocka_unit_test(cheaper_drugs_of_an_outside_payer),
        cmocka_unit_test(money_off_demand),
        cmocka_unit_test(unit_cost_of_one_service),
        cmocka_unit_test(running_costs_follow_the_deflator),
        cmocka_unit_test(income_from_outside),
        cmocka_unit_test(investment_is_in_do_nothing_if_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
