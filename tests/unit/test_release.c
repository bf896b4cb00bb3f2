/* What programmes release, by hand, in a world in which nothing else moves: new recurrent cash and what does not last,
 * variation closed, recovery plans, activity avoided and the cost that it strands, what is in place of each programme.
 * Closed forms; every driver a constant. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define FLAT "tests/support/flat"
#define PAY 90.0
#define OWN 150.0  /* T's cost without what it passes through */
#define COST 170.0 /* with it */
#define EXACT 1e-11

static workspace where;

static simulation expect(const char *programmes) {
    workspace_write(&where, "programmes.csv", programmes);
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    return s;
}

static simulation with(const char *programmes) {
    where = workspace_copy(FLAT);
    return expect(programmes);
}

static void done(simulation *s) {
    assert_true(s->state->conservation < 1e-9);
    simulation_close(s);
    workspace_remove(&where);
}

static double trust(const simulation *s, ltp_quantity quantity, const char *layer, int year) {
    return simulation_value(s, quantity, "T", NULL, layer, year, 0);
}

static double saving(const simulation *s, const char *organisation, int year) {
    return simulation_gap(s, organisation, "do_nothing", year, 0) - simulation_gap(s, organisation, "plan", year, 0);
}

static void assert_years(const simulation *s, ltp_quantity quantity, const char *code, const double expected[4]) {
    for (int year = 1; year <= 4; year++)
        assert_near(simulation_value(s, quantity, code, NULL, "plan", year, 0), expected[year - 1], EXACT);
}

/* --- test 2: new recurrent cash --- */

#define HEADER                                                                                                         \
    "code,kind,releases,target_organisations,target_services,target_categories,full_year_effect,effect_unit,start,"    \
    "tranches,delivery,recurrent_share,overlap_group,overlap,test\n"

static void assert_released(const char *rows, const double released[4], const double temporary[4]) {
    char text[2048];
    snprintf(text, sizeof text, HEADER "%s", rows);
    simulation s = with(text);
    assert_years(&s, LTP_QUANTITY_CASH_RELEASED, "T", released);
    assert_years(&s, LTP_QUANTITY_NON_RECURRENT, "T", temporary);
    for (int year = 1; year <= 4; year++) {
        const double cost = year == 1 ? COST : simulation_value(&s, LTP_QUANTITY_COST, "T", NULL, "plan", year - 1, 0);
        assert_near(trust(&s, LTP_QUANTITY_COST_LAST_YEAR, "plan", year), cost, 0.0);
        assert_near(trust(&s, LTP_QUANTITY_CASH_RELEASED, "do_nothing", year), 0.0, 0.0);
        assert_near(trust(&s, LTP_QUANTITY_NON_RECURRENT, "do_nothing", year), 0.0, 0.0);
        assert_near(trust(&s, LTP_QUANTITY_COST_LAST_YEAR, "do_nothing", year), COST, EXACT);
    }
    done(&s);
}

static const double none[4] = {0, 0, 0, 0};

static void half_a_year_and_what_reverses(void **state) {
    (void)state;
    /* 4% of pay from 1 October, 0.7 of it recurrent: level 0.02, 0.028, …; recurrent 0.014, 0.028, … */
    assert_released("P,unit_cost,cash,T,*,pay,0.04,fraction,2019-10-01,1,1,0.7,,1,\n",
                    (const double[]){PAY * 0.014, PAY * 0.014, 0, 0}, (const double[]){PAY * 0.006, 0, 0, 0});
    /* the full-year effect is carried over: what was half a year becomes a whole one */
    assert_released("P,unit_cost,cash,T,*,pay,0.04,fraction,2019-10-01,1,0.5,1,,1,\n",
                    (const double[]){PAY * 0.01, PAY * 0.01, 0, 0}, none);
    /* nothing of it lasts: no new recurrent cash in any year */
    assert_released("P,unit_cost,cash,T,*,pay,0.04,fraction,2020-04-01,1,1,0,,1,\n", none,
                    (const double[]){0, PAY * 0.04, 0, 0});
}

static void each_tranche_is_new_cash_of_its_year(void **state) {
    (void)state;
    const double k = 1 - 0.011, r = 1 - 0.006, f = 1 - 0.01;
    assert_released("P,unit_cost,cash,T,*,pay,0.011,fraction,2019-04-01,3,1,1,,1,\n",
                    (const double[]){PAY * (1 - k), PAY * (k - k * k), PAY * (k * k - k * k * k), 0}, none);
    assert_released("P,unit_cost,cash,T,*,pay,0.01,fraction,2019-04-01,2,1,0.6,,1,\n",
                    (const double[]){PAY * (1 - r), PAY * (r - r * r), 0, 0},
                    (const double[]){PAY * (r - f), PAY * (r * r - r * f), 0, 0});
}

static void programmes_on_one_line_combine(void **state) {
    (void)state;
    /* apart, they multiply; of one group only the larger counts, and what lasts of each is compared, not what there is
     */
    assert_released("A,unit_cost,cash,T,*,pay,0.03,fraction,2019-04-01,1,1,1,,1,\n"
                    "B,unit_cost,cash,T,*,pay,0.05,fraction,2020-04-01,1,1,0.4,,1,\n",
                    (const double[]){PAY * 0.03, PAY * 0.97 * 0.02, 0, 0},
                    (const double[]){0, PAY * 0.97 * 0.03, 0, 0});
    assert_released("A,unit_cost,cash,T,*,pay,0.03,fraction,2019-04-01,1,1,1,g,1,\n"
                    "B,unit_cost,cash,T,*,pay,0.05,fraction,2020-04-01,1,1,0.4,g,1,\n",
                    (const double[]){PAY * 0.03, 0, 0, 0}, (const double[]){0, PAY * 0.02, 0, 0});
}

static void money_releases_money(void **state) {
    (void)state;
    assert_released("P,unit_cost,cash,T,*,pay,3,money,2019-04-01,1,1,0.5,,1,\n", (const double[]){1.5, 0, 0, 0},
                    (const double[]){1.5, 0, 0, 0});
    assert_released("P,unit_cost,cash,T,*,pay,3,money,2019-10-01,1,0.5,1,,1,\n", (const double[]){0.75, 0.75, 0, 0},
                    none);
}

static void only_cash_counts(void **state) {
    (void)state;
    static const char *const kind[] = {"avoided", "income"};
    for (int k = 0; k < 2; k++) {
        char text[512];
        snprintf(text, sizeof text, HEADER "P,unit_cost,%s,T,*,pay,0.04,fraction,2019-04-01,1,1,1,,1,\n", kind[k]);
        simulation s = with(text);
        assert_null(s.plan->roster.present[LTP_QUANTITY_CASH_RELEASED]);
        assert_null(simulation_row(&s, LTP_QUANTITY_CASH_RELEASED, "T", NULL, "plan", 1));
        assert_near(saving(&s, "T", 1), PAY * 0.04, EXACT); /* it saves all the same */
        done(&s);
    }
    /* beside one that does: of the line's cost before either */
    assert_released("A,unit_cost,avoided,T,*,pay,0.5,fraction,2019-04-01,1,1,1,,1,\n"
                    "B,unit_cost,cash,T,*,pay,0.04,fraction,2019-04-01,1,1,1,,1,\n",
                    (const double[]){PAY * 0.04, 0, 0, 0}, none);
}

/* A price programme counts on a provider's own cost, not on what it passes through. */
static void prices_count_on_own_cost_alone(void **state) {
    (void)state;
    assert_released("P,price,cash,T,*,supplies,0.05,fraction,2019-04-01,1,1,1,,1,\n", (const double[]){3, 0, 0, 0},
                    none);
    simulation s = with(HEADER "P,price,cash,C,drugs_devices,,0.05,fraction,2019-04-01,1,1,1,,1,\n");
    assert_null(s.plan->roster.present[LTP_QUANTITY_CASH_RELEASED]);
    assert_near(saving(&s, "C", 1), 1.0, EXACT);
    done(&s);
}

/* The worked example: 3% of pay from 1 October, ramp of six months, delivery 0.9, recurrent share 0.7. Year 1 saves
 * 0.00675 of pay, of which 0.004725 lasts; year 2 is at 0.0189. */
static void worked_example(void **state) {
    (void)state;
    simulation s = simulation_open("scenarios/minimal", NULL);
    simulation_expect(&s);
    assert_near(trust(&s, LTP_QUANTITY_CASH_RELEASED, "test_2", 1), 229.7724 * 0.004725, 1e-9);
    assert_near(trust(&s, LTP_QUANTITY_NON_RECURRENT, "test_2", 1), 229.7724 * 0.002025, 1e-9);
    assert_near(trust(&s, LTP_QUANTITY_COST_LAST_YEAR, "test_2", 1), 340.0, 1e-9);
    assert_near(s.plan->roster.productivity_target, 0.011, 0.0);
    simulation_close(&s);
    where = workspace_copy(FLAT);
    workspace_add(&where, "scenario.yaml", "productivity_target: 0.02");
    s = expect("code,kind,target_organisations,target_categories,full_year_effect,start,ramp_months,delivery,"
               "recurrent_share\nP,unit_cost,T,pay,0.03,2019-10-01,6,0.9,0.7\n");
    assert_near(saving(&s, "T", 1) / PAY, 0.00675, 1e-12);
    assert_near(saving(&s, "T", 2) / PAY, 0.0189, 1e-12);
    assert_years(&s, LTP_QUANTITY_CASH_RELEASED, "T", (const double[]){PAY * 0.004725, PAY * 0.014175, 0, 0});
    assert_near(s.plan->roster.productivity_target, 0.02, 0.0);
    done(&s);
}

/* Prices and last year's cost move: cost of the year · what is new of the share. */
static void at_the_years_prices(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    workspace_add(&where, "drivers.csv", "price.pay,price.pay,national,fixed,0.1");
    simulation s = expect(HEADER "P,unit_cost,cash,T,*,pay,0.01,fraction,2019-04-01,2,1,1,,1,\n"
                                 "M,unit_cost,cash,T,*,pay,2,money,2020-04-01,1,1,1,,1,\n");
    const double share = 2 / (PAY * 1.21); /* £2m at the prices of year 2 */
    assert_years(&s, LTP_QUANTITY_CASH_RELEASED, "T",
                 (const double[]){PAY * 1.1 * 0.01, PAY * 1.21 * (0.99 - 0.99 * 0.99 * (1 - share)), 0, 0});
    assert_near(trust(&s, LTP_QUANTITY_COST_LAST_YEAR, "plan", 2), 80 + PAY * 1.1 * 0.99, EXACT);
    done(&s);
}

/* --- test 1: recovery --- */

static void recovery_saves_like_unit_cost_and_comes_first(void **state) {
    (void)state;
    simulation s = with(HEADER "R,recovery,cash,T,elective,supplies,0.06,fraction,2019-04-01,1,0.5,1,,1,\n");
    assert_string_equal(s.plan->roster.layer.code[1], "test_1");
    for (int year = 1; year <= 4; year++)
        assert_near(saving(&s, "T", year), 60 * 0.06 * 0.5 / 3, EXACT); /* a third of T's income is elective */
    assert_years(&s, LTP_QUANTITY_CASH_RELEASED, "T", (const double[]){0.6, 0, 0, 0});
    done(&s);
}

/* --- test 3: variation --- */

#define VARIATION                                                                                                      \
    "code,kind,target_organisations,target_services,target_categories,full_year_effect,start,delivery,recurrent_share" \
    "\n"

static void benchmarks(const char *rows) {
    where = workspace_copy(FLAT);
    workspace_print(&where, "benchmarks.csv", "service,category,peer_group,measure,value\n%s", rows);
}

static void assert_variation(const char *code, const double open[4], const double closed[4]) {
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_years(&s, LTP_QUANTITY_VARIATION_OPENING, code, open);
    assert_years(&s, LTP_QUANTITY_VARIATION_CLOSED, code, closed);
    for (int year = 1; year <= 4; year++) {
        assert_near(saving(&s, code, year), closed[year - 1], EXACT);
        assert_near(simulation_value(&s, LTP_QUANTITY_VARIATION_CLOSED, code, NULL, "do_nothing", year, 0), 0.0, 0.0);
    }
    simulation_close(&s);
}

/* Elective: a third of £150m for 500 spells is £100,000 a spell. Peers: £80,000, a gap of 0.2. */
static void unit_cost_moves_towards_its_peers(void **state) {
    (void)state;
    const double full = PAY / 3 * 0.2;
    benchmarks("elective,,peers,unit_cost,80000\nacute,,peers,unit_cost,150000\n");
    workspace_write(&where, "programmes.csv", VARIATION "V,variation,T,elective,pay,0.5,2019-10-01,0.8,1\n");
    assert_variation("T", (const double[]){full, full, full, full},
                     (const double[]){full * 0.2, full * 0.4, full * 0.4, full * 0.4});
    /* acute costs £100,000 too and peers are dearer: nothing there, though it is named */
    workspace_write(&where, "programmes.csv", VARIATION "V,variation,T,*,pay,0.5,2019-10-01,0.8,1\n");
    assert_variation("T", (const double[]){full, full, full, full},
                     (const double[]){full * 0.2, full * 0.4, full * 0.4, full * 0.4});
    workspace_write(&where, "programmes.csv", VARIATION "V,variation,T,acute,pay,0.5,2019-10-01,0.8,1\n");
    assert_variation("T", none, none);
    /* two programmes aim at the same opportunity: it is there once; £1 saved is not saved twice */
    workspace_write(&where, "programmes.csv",
                    VARIATION
                    "V,variation,T,elective,pay,0.5,2019-04-01,1,1\nW,variation,T,elective,pay,0.2,2019-04-01,1,1"
                    "\n");
    const double both = PAY * (1 - (1 - 0.1 / 3) * (1 - 0.04 / 3));
    assert_variation("T", (const double[]){full, full, full, full}, (const double[]){both, both, both, both});
    workspace_remove(&where);
}

static void several_services_and_categories(void **state) {
    (void)state;
    /* supplies: 60·⅓ ÷ 500 = £40,000 a spell, peers £30,000, gap ¼; pay: £60,000, peers £54,000, gap 0.1 */
    benchmarks("elective,supplies,peers,unit_cost,30000\nelective,pay,peers,unit_cost,54000\n"
               "acute,,peers,unit_cost,50000\n");
    workspace_write(&where, "programmes.csv", VARIATION "V,variation,T,elective;acute,*,1,2019-04-01,1,0.5\n");
    /* acute: £100,000 a spell, gap 0.5 of two thirds of both categories */
    const double full = 60 * (0.25 / 3 + 0.5 * 2 / 3) + PAY * (0.1 / 3 + 0.5 * 2 / 3);
    assert_variation("T", (const double[]){full, full, full, full},
                     (const double[]){full, full / 2, full / 2, full / 2});
    workspace_remove(&where);
}

/* 500 elective spells for 100,000 persons are 5 a thousand; peers: 4, a gap of 0.2 of £50m. */
static void a_rate_moves_towards_its_peers(void **state) {
    (void)state;
    benchmarks("elective,,peers,rate,4\n");
    workspace_write(&where, "population.csv",
                    "system,age_band,year,persons\nS,all,2018/19,100000\nS,all,2019/20,100000\nS,all,2020/21,100000\n"
                    "S,all,2021/22,100000\nS,all,2022/23,100000\n");
    workspace_write(&where, "use_by_age.csv", "service,age_band,use_per_head\nelective,all,0.3\n");
    workspace_write(&where, "programmes.csv", VARIATION "V,variation,C,elective,,0.5,2019-10-01,1,1\n");
    assert_variation("C", (const double[]){10, 10, 10, 10}, (const double[]){2.5, 5, 5, 5});
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_string_equal(s.plan->roster.layer.code[1], "test_3");
    static const char *const both[] = {"C", "T"};
    for (int k = 0; k < 2; k++)
        assert_near(simulation_value(&s, LTP_QUANTITY_DEMAND_AVOIDED, both[k], "elective", "plan", 2, 0), 50, EXACT);
    simulation_close(&s);
    workspace_remove(&where);
}

/* Ages count by what they use, against all that population.csv holds: R is old, and may use more. */
static void rates_are_age_weighted(void **state) {
    (void)state;
    benchmarks("elective,,peers,rate,4\n");
    char text[1024] = "system,age_band,year,persons\n";
    for (int t = 2018; t <= 2022; t++) {
        char rows[256];
        snprintf(rows, sizeof rows,
                 "S,old,%d/%02d,40000\nS,young,%d/%02d,60000\nENG,old,%d/%02d,2000\nENG,young,%d/%02d,8000\n", t,
                 t - 1999, t, t - 1999, t, t - 1999, t, t - 1999);
        strcat(text, rows);
    }
    workspace_write(&where, "population.csv", text);
    workspace_write(&where, "use_by_age.csv", "service,age_band,use_per_head\nelective,old,0.4\nelective,young,0.1\n");
    workspace_write(&where, "programmes.csv", VARIATION "V,variation,C,elective,,1,2019-04-01,1,1\n");
    /* England's average use is 0.16; S uses 16,000 + 6,000: as 137,500 average persons; 500 spells: 3.636 a thousand */
    assert_variation("C", none, none);
    workspace_set(&where, "benchmarks.csv", "elective", "value", "3");
    const double full = 50 * (1 - 3 / (500 / 137.5));
    assert_variation("C", (const double[]){full, full, full, full}, (const double[]){full, full, full, full});
    workspace_remove(&where);
}

/* --- test 4: demand avoided, cost stranded --- */

static void avoided_and_stranded(void **state) {
    (void)state;
    where = workspace_copy(FLAT);
    static const char *const share[] = {"variable_share_first_year", "variable_share_long_run", "years_to_long_run"};
    static const char *const value[] = {"0.4", "0.8", "2"};
    for (int k = 0; k < 3; k++)
        workspace_set(&where, "categories.csv", "", share[k], value[k]);
    workspace_set(&where, "categories.csv", "supplies", "growth_share", "0.5");
    simulation s =
        expect("code,kind,target_organisations,target_services,target_categories,full_year_effect,start,test\n"
               "D,demand,C,elective,,0.06,2019-04-01,\nZ,unit_cost,T,*,pay,0.01,2019-04-01,1\n");
    static const double freed[] = {0.4, 0.6, 0.8, 0.8}; /* by age of the cut */
    for (int year = 1; year <= 4; year++) {
        const double cut = 0.06 / 3, f = freed[year - 1];
        static const char *const both[] = {"C", "T"};
        for (int k = 0; k < 2; k++) {
            assert_near(simulation_value(&s, LTP_QUANTITY_DEMAND_AVOIDED, both[k], "elective", "plan", year, 0), 30,
                        EXACT);
            assert_near(simulation_value(&s, LTP_QUANTITY_DEMAND_AVOIDED, both[k], "elective", "test_1", year, 0), 0,
                        0);
        }
        assert_null(simulation_row(&s, LTP_QUANTITY_DEMAND_AVOIDED, "T", "acute", "plan", year));
        assert_near(trust(&s, LTP_QUANTITY_STRANDED, "plan", year), PAY * cut * (1 - f) + 60 * cut * (0.5 - f), EXACT);
        assert_near(trust(&s, LTP_QUANTITY_STRANDED, "test_1", year), 0.0, 0.0);
        assert_near(trust(&s, LTP_QUANTITY_STRANDED, "do_nothing", year), 0.0, 0.0);
    }
    done(&s);
}

/* --- what is in place of each programme --- */

static double delivered(const simulation *s, const char *programme, int year) {
    return simulation_value(s, LTP_QUANTITY_DELIVERED, programme, NULL, "do_nothing", year, 0);
}

static double planned(const simulation *s, size_t programme, int year) {
    return s->plan->roster.programme_planned[programme * s->plan->roster.year.count + (size_t)year - 1];
}

static void planned_and_delivered(void **state) {
    (void)state;
    simulation s = with("code,kind,target_organisations,target_services,target_categories,full_year_effect,effect_unit,"
                        "start,tranches,delivery,recurrent_share,payer,payee,amount_2019/20,amount_2020/21\n"
                        "A,unit_cost,T,*,pay;supplies,0.01,fraction,2019-04-01,2,0.5,1,,,,\n"
                        "B,demand,C,elective,,0.02,fraction,2019-10-01,1,0.8,0.5,,,,\n"
                        "C,income,,,,,,,,0.9,,C,T,2,4\n"
                        "D,unit_cost,T,*,pay,3,money,2020-04-01,2,0.5,1,,,,\n"
                        "E,unit_cost,T,*,pay,0,fraction,2019-04-01,1,1,1,,,,\n");
    const double full = 1 - 0.99 * 0.99;
    static const char *const code[] = {"A", "B", "C", "D"};
    const double plan[][4] = {{0.01 / full, 1, 1, 1}, {0.5, 1, 1, 1}, {0.5, 1, 0, 0}, {0, 0.5, 1, 1}};
    const double real[][4] = {
        {0.005 / full, (1 - 0.995 * 0.995) / full, (1 - 0.995 * 0.995) / full, (1 - 0.995 * 0.995) / full},
        {0.4, 0.4, 0.4, 0.4}, /* half a year of all, then whole years of half */
        {0.45, 0.9, 0, 0},
        {0, 0.25, 0.5, 0.5}};
    for (size_t k = 0; k < 4; k++)
        for (int year = 1; year <= 4; year++) {
            assert_near(planned(&s, k, year), plan[k][year - 1], 1e-13);
            assert_near(delivered(&s, code[k], year), real[k][year - 1], 1e-13);
        }
    assert_null(simulation_row(&s, LTP_QUANTITY_DELIVERED, "E", NULL, "do_nothing", 1));
    assert_null(simulation_row(&s, LTP_QUANTITY_DELIVERED, "A", NULL, "plan", 1)); /* it is not by layer */
    done(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_a_year_and_what_reverses),
        cmocka_unit_test(each_tranche_is_new_cash_of_its_year),
        cmocka_unit_test(programmes_on_one_line_combine),
        cmocka_unit_test(money_releases_money),
        cmocka_unit_test(only_cash_counts),
        cmocka_unit_test(prices_count_on_own_cost_alone),
        cmocka_unit_test(worked_example),
        cmocka_unit_test(at_the_years_prices),
        cmocka_unit_test(recovery_saves_like_unit_cost_and_comes_first),
        cmocka_unit_test(unit_cost_moves_towards_its_peers),
        cmocka_unit_test(several_services_and_categories),
        cmocka_unit_test(a_rate_moves_towards_its_peers),
        cmocka_unit_test(rates_are_age_weighted),
        cmocka_unit_test(avoided_and_stranded),
        cmocka_unit_test(planned_and_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
