/* Capital in a world in which nothing else moves: what is needed, funded and left, charges, beds, what waits. Closed
 * forms, by hand; every driver a constant unless said. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define EXACT 1e-12
#define YEARS 4

static workspace where;

/* The flat world with a second trust a third the size of the first: base cost 150 and 50. */
static void flat_world(void) {
    where = workspace_copy("tests/support/flat");
    workspace_set(&where, "allocations.csv", "C,core", "amount", "250");
    workspace_add(&where, "organisations.csv", "U,Other trust,acute,S,0");
    workspace_add(&where, "flows.csv", "C,U,acute,,50,500,block,0,0,0,0");
    workspace_add(&where, "flows.csv", "U,STAFF,,pay,50,,,,,,");
}

static void capital(const char *envelope[YEARS], const char *equipment) {
    workspace_write(&where, "capital.csv", "system,year,envelope,equipment_need\n");
    for (int t = 0; t < YEARS; t++) {
        char row[96];
        snprintf(row, sizeof row, "S,%d/%d,%s,%s", 2019 + t, 20 + t, envelope[t], equipment);
        workspace_add(&where, "capital.csv", row);
    }
}

#define ENVELOPE(...) ((const char *[YEARS]){__VA_ARGS__})
#define SCHEMES "code,organisation,priority,funding,cost,start,years,phasing,life_years,mandatory,"

static simulation opened(void) {
    simulation s = simulation_open(where.path, NULL);
    simulation_run(&s, 0);
    return s;
}

static void done(simulation *s) {
    assert_true(s->state->conservation < 1e-9);
    simulation_close(s);
    workspace_remove(&where);
}

/* On every path. */
static void assert_row(const simulation *s, ltp_quantity quantity, const char *who, const char *item, const char *layer,
                       const double expected[YEARS]) {
    for (int year = 1; year <= YEARS; year++) {
        const double *row = simulation_row(s, quantity, who, item, layer, year);
        if (!row)
            fail_msg("'%s' has no '%s'", who, item ? item : "");
        for (size_t path = 0; path < LTP_BLOCK; path++)
            if (!(fabs(row[path] - expected[year - 1]) <= EXACT * 100))
                fail_msg("%s %s of %d in year %d, path %zu: %.17g, expected %.17g", who, item ? item : "",
                         (int)quantity, year, path, row[path], expected[year - 1]);
    }
}
#define ROW(QUANTITY, who, item, ...)                                                                                  \
    assert_row(&s, LTP_QUANTITY_##QUANTITY, who, item, "plan", (const double[YEARS]){__VA_ARGS__})
#define NOTHING(QUANTITY, who, item, ...)                                                                              \
    assert_row(&s, LTP_QUANTITY_##QUANTITY, who, item, "do_nothing", (const double[YEARS]){__VA_ARGS__})

/* £30m above base depreciation, spent evenly, opens 31 March, life 25. */
static void charges_of_the_worked_example(void **state) {
    (void)state;
    static const struct {
        const char *base, *scheme;
    } way[] = {{"0", "N,T,1,envelope,30,2019-04-01,1,,25,yes,"}, {"10", "N,T,1,ring_fenced,40,2019-04-01,1,1,25,yes,"}};
    for (int k = 0; k < 2; k++) {
        flat_world();
        workspace_set(&where, "organisations.csv", "T", "base_depreciation", way[k].base);
        capital(ENVELOPE("30", "0", "0", "0"), "0");
        workspace_print(&where, "schemes.csv", SCHEMES "name\n%s\n", way[k].scheme);
        simulation s = opened();
        NOTHING(CAPITAL_CHARGES, "T", NULL, 0.525, 1.2 + 0.035 * 29.4, 1.2 + 0.035 * 28.2, 1.2 + 0.035 * 27.0);
        for (int year = 1; year <= YEARS; year++) /* they are revenue */
            assert_near(simulation_gap(&s, "T", "do_nothing", year, 0),
                        simulation_value(&s, LTP_QUANTITY_CAPITAL_CHARGES, "T", NULL, "do_nothing", year, 0), 1e-9);
        NOTHING(SCHEME_COMPLETE, "N", NULL, 1, 1, 1, 1);
        assert_null(simulation_row(&s, LTP_QUANTITY_CAPITAL_CHARGES, "U", NULL, "do_nothing", 1));
        done(&s);
    }
}

/* Base capital charges stand for base depreciation: what is spent up to them replaces. */
static void base_charges_stand_for_base_depreciation(void **state) {
    (void)state;
    flat_world();
    workspace_set(&where, "flows.csv", "T,SUPPLIERS,,supplies", "amount", "52");
    workspace_add(&where, "flows.csv", "T,SUPPLIERS,,capital_charges,8,,,,,,");
    capital(ENVELOPE("8", "18", "0", "0"), "0");
    workspace_write(&where, "backlog.csv", "code,risk,amount\nT,low,26\n");
    simulation s = opened();
    ROW(CAPITAL_CHARGES, "T", NULL, 0, 0.035 * 5, 0.4 + 0.035 * 9.8, 0.4 + 0.035 * 9.4);
    done(&s);
}

/* Donated: depreciation, no dividend, and no use of base depreciation. */
static void donated_assets_bear_no_dividend(void **state) {
    (void)state;
    flat_world();
    workspace_set(&where, "organisations.csv", "T", "base_depreciation", "5");
    workspace_write(&where, "schemes.csv", SCHEMES "name\nG,T,1,donated,20,2019-04-01,1,,10,yes,\n");
    simulation s = opened();
    ROW(CAPITAL_CHARGES, "T", NULL, 0, 2, 2, 2);
    ROW(CAPITAL_SPEND, "T", "schemes", 20, 0, 0, 0);
    done(&s);
}

/* Lives that end within the horizon: equipment of 2 years, buildings of 1.5. */
static void charges_end_with_the_asset(void **state) {
    (void)state;
    flat_world();
    workspace_print(&where, "scenario.yaml",
                    "title: short lives\nbase_year: 2018/19\nyears: 4\nseed: 1\nequipment_life: 2\nbuilding_life: 1.5\n"
                    "dividend_rate: 0\n");
    workspace_drop(&where, "organisations.csv", "U");
    workspace_drop(&where, "flows.csv", "C,U");
    workspace_drop(&where, "flows.csv", "U,STAFF");
    workspace_set(&where, "allocations.csv", "C,core", "amount", "200");
    capital(ENVELOPE("16", "10", "10", "10"), "10");
    workspace_write(&where, "backlog.csv", "code,risk,amount\nT,moderate,6\n");
    simulation s = opened();
    ROW(CAPITAL_SPEND, "T", "moderate", 6, 0, 0, 0);
    ROW(CAPITAL_CHARGES, "T", NULL, 0, 5 + 4, 10 + 2, 10);
    done(&s);
}

/* What two organisations' needs get of one envelope, in the default order. */
static void envelope_is_spent_in_order(void **state) {
    (void)state;
    flat_world();
    capital(ENVELOPE("60", "60", "16", "100"), "12");
    workspace_write(&where, "backlog.csv",
                    "code,risk,amount,growth_unfunded\nU,high,30,0\nT,high,10,0\nT,significant,8,0.5\n"
                    "U,significant,2,0.5\nT,low,5,0\n");
    workspace_write(&where, "schemes.csv",
                    SCHEMES
                    "name\nP2,T,2,envelope,4,2019-04-01,1,,25,no,\nP1,T,1,envelope,20,2019-04-01,2,0.5;0.5,25,no,\n"
                    "M,U,9,envelope,6,2019-10-01,1,,25,yes,\n");
    simulation s = opened();
    assert_string_equal(s.plan->roster.layer.code[1], "test_5");
    /* 60: mandatory 6, high 40, equipment 12; the first phases of P1 (10) and P2 (4) do not fit the 2 that are left:
     * a fifth of significant */
    ROW(CAPITAL_NEED, "T", "high", 10, 0, 0, 0);
    ROW(CAPITAL_SPEND, "U", "high", 30, 0, 0, 0);
    ROW(CAPITAL_SPEND, "T", "equipment", 9, 9, 4.5, 13.5);
    ROW(CAPITAL_SPEND, "U", "equipment", 3, 3, 1.5, 4.5);
    ROW(CAPITAL_CARRIED, "U", "equipment", 0, 0, 1.5, 0);
    ROW(CAPITAL_NEED, "T", "significant", 8, 9.6, 0, 0);
    ROW(CAPITAL_SPEND, "T", "significant", 1.6, 9.6, 0, 0);
    ROW(CAPITAL_CARRIED, "U", "significant", 1.6, 0, 0, 0);
    ROW(CAPITAL_SPEND, "T", "low", 0, 5, 0, 0);
    ROW(CAPITAL_NEED, "T", "schemes", 14, 14, 10, 0);
    ROW(CAPITAL_CARRIED, "T", "schemes", 14, 0, 0, 0);
    ROW(SCHEME_SPEND, "P1", NULL, 0, 10, 10, 0);
    ROW(SCHEME_SPEND, "P2", NULL, 0, 4, 0, 0);
    ROW(SCHEME_COMPLETE, "P1", NULL, 0, 0, 1, 1);
    ROW(SCHEME_COMPLETE, "P2", NULL, 0, 1, 1, 1);
    ROW(SCHEME_SPEND, "M", NULL, 6, 0, 0, 0);
    /* only what must be done is in do_nothing: without P1 the third year's equipment is met, and 4 are left */
    NOTHING(SCHEME_SPEND, "M", NULL, 6, 0, 0, 0);
    NOTHING(SCHEME_SPEND, "P1", NULL, 0, 0, 0, 0);
    NOTHING(SCHEME_COMPLETE, "P2", NULL, 0, 0, 0, 0);
    NOTHING(CAPITAL_NEED, "T", "schemes", 0, 0, 0, 0);
    NOTHING(CAPITAL_SPEND, "T", "equipment", 9, 9, 9, 9);
    assert_null(simulation_row(&s, LTP_QUANTITY_CAPITAL_NEED, "U", "low", "plan", 1));
    assert_null(simulation_row(&s, LTP_QUANTITY_CAPITAL_NEED, "C", "high", "plan", 1));
    done(&s);
}

/* The order is the scenario's. */
static void the_order_is_an_input(void **state) {
    (void)state;
    flat_world();
    workspace_add(
        &where, "scenario.yaml",
        "capital_order: [low, moderate, capacity, significant, schemes, equipment, high, mandatory, started]");
    capital(ENVELOPE("10", "0", "0", "0"), "0");
    workspace_write(&where, "backlog.csv", "code,risk,amount\nT,high,10\nU,low,8\n");
    simulation s = opened();
    ROW(CAPITAL_SPEND, "U", "low", 8, 0, 0, 0);
    ROW(CAPITAL_SPEND, "T", "high", 2, 0, 0, 0);
    done(&s);
}

/* Later phases that the envelope does not hold are paid in part; the rest is carried on and delays completion. */
static void a_started_scheme_waits_for_its_money(void **state) {
    (void)state;
    flat_world();
    capital(ENVELOPE("10", "6", "11", "100"), "0");
    workspace_write(&where, "schemes.csv",
                    SCHEMES "clears_backlog\nA,T,1,envelope,20,2019-04-01,2,,25,no,\n"
                            "B,U,2,envelope,10,2020-04-01,1,,25,no,\n"
                            "R,U,3,ring_fenced,9,2018-04-01,3,,25,no,\n");
    simulation s = opened();
    ROW(SCHEME_SPEND, "A", NULL, 10, 6, 4, 0);
    ROW(SCHEME_COMPLETE, "A", NULL, 0, 0, 1, 1);
    ROW(SCHEME_SPEND, "B", NULL, 0, 0, 0, 10); /* 7 are left in the third year */
    ROW(CAPITAL_CARRIED, "T", "schemes", 0, 4, 0, 0);
    ROW(CAPITAL_CARRIED, "U", "schemes", 0, 10, 10, 0);
    ROW(SCHEME_SPEND, "R", NULL, 3, 3, 0, 0); /* begun a year before: two phases to go, whatever the envelope */
    ROW(SCHEME_COMPLETE, "R", NULL, 0, 1, 1, 1);
    done(&s);
}

/* What a scheme clears is needed no more from the year after it starts, so that nobody spends twice; a planned cost is
 * an outturn cost. */
static void backlog_goes_when_the_scheme_starts(void **state) {
    (void)state;
    flat_world();
    workspace_print(
        &where, "drivers.csv",
        "name,target,scope,family,mean\ntariff.uplift,tariff.uplift,national,fixed,0\n"
        "price.building,price.building,national,fixed,0.1\nbacklog.growth,backlog.growth,national,fixed,0.05\n"
        "bias,,organisation,fixed,1.2\n");
    capital(ENVELOPE("12", "5", "0", "0"), "0");
    workspace_write(&where, "schemes.csv",
                    SCHEMES "clears_backlog,cost_driver\n"
                            "A,T,1,ring_fenced,10,2019-04-01,2,0.25;0.75,25,yes,7,bias\n");
    workspace_write(&where, "backlog.csv",
                    "code,risk,amount,growth_unfunded\nT,high,10,0.05\nT,moderate,5,0\n"
                    "U,high,10,0.05\n");
    simulation s = opened();
    /* £m at base prices: 20 of high, of which 12/1.1 are met; the rest grows by a tenth, and the scheme takes T's on */
    const double second = 10 * (1 - 12 / 22.0) * 1.1, left = second * (1 - 5 / (second * 1.21)) * 1.1;
    const double moderate = 5 * 1.05 - (7 - second);
    assert_true(second < 7 && moderate > 0);
    ROW(CAPITAL_NEED, "T", "high", 11, 0, 0, 0);
    ROW(CAPITAL_SPEND, "T", "high", 6, 0, 0, 0);
    ROW(CAPITAL_NEED, "U", "high", 11, second * 1.21, left * 1.331, left * 1.1 * 1.4641);
    ROW(CAPITAL_NEED, "T", "moderate", 5 * 1.1, moderate * 1.21, moderate * 1.05 * 1.331,
        moderate * 1.05 * 1.05 * 1.4641);
    ROW(SCHEME_SPEND, "A", NULL, 2.5 * 1.2, 7.5 * 1.2, 0, 0);
    done(&s);
}

/* It may fail all the same until the scheme is complete; so may that of a scheme begun before the first year. */
static void backlog_fails_until_the_scheme_is_complete(void **state) {
    (void)state;
    flat_world();
    workspace_add(&where, "scenario.yaml", "sampling: expected");
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean\ntariff.uplift,tariff.uplift,national,fixed,0\n"
                    "price.building,price.building,national,fixed,0.1\nrate,capital.failure_rate,national,fixed,0.5\n"
                    "cost,capital.failure_cost,national,fixed,0.2\n");
    capital(ENVELOPE("0", "0", "0", "0"), "0");
    workspace_write(&where, "schemes.csv",
                    SCHEMES "clears_backlog\nA,T,1,ring_fenced,10,2019-04-01,2,,25,yes,7\n"
                            "B,U,2,ring_fenced,9,2018-04-01,3,,25,yes,4\n");
    workspace_write(&where, "backlog.csv", "code,risk,amount,growth_unfunded\nT,high,10,0.05\nU,high,10,0.05\n");
    simulation s = opened();
    const double price[YEARS] = {1.1, 1.21, 1.331, 1.4641}, third = 3.5 * 1.05, rest = 6 * 1.05;
    ROW(CAPITAL_NEED, "T", "high", 10 * price[0], 3.5 * price[1], third * price[2], third * 1.05 * price[3]);
    ROW(FAILURE_COST, "T", NULL, 1.0 * price[0], 0.1 * (3.5 + 7) * price[1], 0.1 * third * price[2],
        0.1 * third * 1.05 * price[3]);
    ROW(CAPITAL_NEED, "U", "high", 6 * price[0], rest * price[1], rest * 1.05 * price[2],
        rest * 1.05 * 1.05 * price[3]);
    ROW(FAILURE_COST, "U", NULL, 1.0 * price[0], 0.1 * (rest + 4) * price[1], 0.1 * rest * 1.05 * price[2],
        0.1 * rest * 1.05 * 1.05 * price[3]);
    done(&s);
}

/* Beds follow activity × stay ÷ (365 · occupancy); those that stood, were built, or that a scheme adds, stand. */
static void beds_follow_activity(void **state) {
    (void)state;
    const double acute = 1000 * 6 / (365 * 0.9), elective = 500 * 2 / (365 * 0.8), base = acute + elective;
    double need[YEARS + 1];
    for (int t = 0; t <= YEARS; t++)
        need[t] = acute * pow(1.04, t) + elective;
    for (int fits = 0; fits < 2; fits++) { /* 1: one bed more stands than the base year needs */
        flat_world();
        workspace_print(&where, "services.csv",
                        "code,name,unit,tariff,length_of_stay_days,occupancy\nacute,Acute,spell,no,6,0.9\n"
                        "elective,Elective,spell,yes,2,0.8\ndrugs_devices,Drugs,index,no,,\nprescribing,P,item,no,,\n");
        workspace_print(&where, "drivers.csv",
                        "name,target,scope,family,mean\ntariff.uplift,tariff.uplift,national,fixed,0\n"
                        "demand.acute,demand.acute,national,fixed,0.04\n");
        capital(ENVELOPE("2", "0.2", "100", "100"), "0");
        workspace_print(&where, "beds.csv", "code,beds_open,cost_per_bed\nT,%.17g,0.5\n", fits ? base + 0.5 : 5.0);
        workspace_write(&where, "schemes.csv", SCHEMES "adds_beds\nW,T,1,donated,3,2020-04-01,2,,25,no,20\n");
        simulation s = opened();
        const double first = 0.5 * (need[1] - base - 0.5 * fits), second = 0.5 * (need[2] - need[1]);
        const double third = 0.5 * (need[3] - need[1]) - 0.2, fourth = 0.5 * (need[4] - need[3]);
        assert_true(first > 0 && first < 2 && second > 0.2);
        /* the scheme's beds count from the year after it starts */
        ROW(CAPITAL_NEED, "T", "capacity", first, second, 0, 0);
        ROW(CAPITAL_SPEND, "T", "capacity", first, 0.2, 0, 0);
        NOTHING(CAPITAL_NEED, "T", "capacity", first, second, third, fourth);
        done(&s);
    }
}

/* Activity that stays needs no bed, to the bit. */
static void no_growth_needs_no_bed(void **state) {
    (void)state;
    flat_world();
    workspace_set(&where, "services.csv", "", "length_of_stay_days", "3.3");
    capital(ENVELOPE("2", "1", "100", "100"), "0");
    workspace_write(&where, "beds.csv", "code,beds_open,cost_per_bed\nT,333,0.7\nU,1,1\n");
    simulation s = opened();
    for (int year = 1; year <= YEARS; year++)
        for (size_t path = 0; path < LTP_BLOCK; path++)
            assert_true(simulation_row(&s, LTP_QUANTITY_CAPITAL_NEED, "T", "capacity", "plan", year)[path] == 0.0);
    done(&s);
}

/* --- slippage, and programmes that need a scheme --- */

/* A scheme of two years that is on time, or late by 0, 9 or 14 months; a programme that needs it. */
static void late_scheme(const char *mandatory, const char *programmes) {
    flat_world();
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean,value_1,probability_1,value_2,probability_2,value_3,probability_3\n"
                    "tariff.uplift,tariff.uplift,national,fixed,0,,,,,,\n"
                    "late,,organisation,discrete,,0,0.5,9,0.25,14,0.25\n");
    workspace_print(&where, "schemes.csv", SCHEMES "slippage\nA,T,1,ring_fenced,10,2019-07-01,1,,25,%s,late\n",
                    mandatory);
    workspace_write(&where, "programmes.csv", programmes);
}

#define NEEDS                                                                                                          \
    "code,kind,test,target_organisations,target_services,target_categories,full_year_effect,start,needs_scheme"

static void slippage_is_counted_in_whole_years(void **state) {
    (void)state;
    late_scheme("yes", "code,kind\n");
    simulation s = opened();
    int count[YEARS + 1] = {0};
    for (size_t path = 0; path < LTP_BLOCK; path++)
        for (int year = 1; year <= YEARS; year++)
            count[year] += simulation_value(&s, LTP_QUANTITY_SCHEME_COMPLETE, "A", NULL, "plan", year, path) == 1.0;
    assert_int_equal(count[1], LTP_BLOCK / 2); /* one draw in each stratum */
    assert_int_equal(count[2], LTP_BLOCK * 3 / 4);
    assert_int_equal(count[3], LTP_BLOCK);
    assert_int_equal(count[4], LTP_BLOCK);
    done(&s);
}

static void a_programme_starts_when_its_scheme_opens(void **state) {
    (void)state;
    late_scheme("yes", NEEDS ",needs_programme\nP,unit_cost,2,T,*,pay,0.1,2019-04-01,A,\n"
                             "Q,unit_cost,2,U,*,pay,0.2,2019-04-01,,P\n");
    simulation s = opened();
    for (size_t path = 0; path < LTP_BLOCK; path++) {
        double before = 0.0;
        for (int year = 1; year <= YEARS; year++) {
            const double saved[2] = {simulation_value(&s, LTP_QUANTITY_SAVING, "T", NULL, "test_2", year, path),
                                     simulation_value(&s, LTP_QUANTITY_SAVING, "U", NULL, "test_2", year, path)};
            assert_near(saved[0], 9.0 * before, 1e-8);
            assert_near(saved[1], 10.0 * before, 1e-8); /* and so does the one that needs it */
            before = simulation_value(&s, LTP_QUANTITY_SCHEME_COMPLETE, "A", NULL, "test_2", year, path);
        }
    }
    done(&s);
}

/* A scheme that is no duty comes with test 5: before, the programme is not there either. */
static void a_layer_without_the_scheme_lacks_the_programme(void **state) {
    (void)state;
    late_scheme("no", NEEDS "\nP,unit_cost,2,T,*,pay,0.1,2019-04-01,A\nD,demand,4,C,elective,,0.5,2019-04-01,A\n"
                            "E,demand,4,C,elective,,0.1,2019-04-01,\n");
    simulation s = opened();
    assert_int_equal(s.plan->roster.layer.count, 5); /* do_nothing, 2, 4, 5, plan */
    for (size_t path = 0; path < LTP_BLOCK; path++) {
        double before = 0.0;
        for (int year = 1; year <= YEARS; year++) {
            assert_true(simulation_value(&s, LTP_QUANTITY_SAVING, "T", NULL, "test_2", year, path) == 0.0);
            assert_near(simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "test_4", year, path), 450, 1e-9);
            assert_near(simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "test_5", year, path),
                        450 * (1 - 0.5 * before), 1e-9);
            assert_near(simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "plan", year, path),
                        450 * (1 - 0.5 * before), 1e-9);
            before = simulation_value(&s, LTP_QUANTITY_SCHEME_COMPLETE, "A", NULL, "plan", year, path);
        }
    }
    done(&s);
}

/* Moderation that waits for a scheme which is in every layer, but opens later where others compete with it: activity
 * is the layer's own. */
static void activity_hangs_on_the_layers_schemes(void **state) {
    (void)state;
    flat_world();
    capital(ENVELOPE("10", "10", "10", "10"), "0");
    workspace_write(&where, "schemes.csv",
                    SCHEMES "name\nM,T,1,envelope,10,2020-04-01,1,,25,yes,\n"
                            "B,T,2,envelope,20,2019-04-01,2,,25,no,\n");
    workspace_write(&where, "programmes.csv", NEEDS "\nD,demand,4,C,elective,,0.5,2019-04-01,M\n");
    simulation s = opened();
    static const double four[YEARS] = {500, 500, 250, 250}, five[YEARS] = {500, 500, 500, 250};
    for (int year = 1; year <= YEARS; year++) {
        assert_near(simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "test_4", year, 7), four[year - 1], 0);
        assert_near(simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "test_5", year, 7), five[year - 1], 0);
    }
    done(&s);
}

/* Attribution runs the same layers beside others, in an order of its own: to the bit the same costs. */
typedef struct {
    const simulation *own;
    int alike;
} comparison;

static void compare(void *context, int layer, int year, const ltp_rows *rows) {
    comparison *it = context;
    static const char *const same[] = {"do_nothing", "plan", "test_4", NULL, "test_5"}; /* NULL: test 5 alone */
    const double *own =
        layer < 5 && same[layer] ? simulation_row(it->own, LTP_QUANTITY_COST, "T", NULL, same[layer], year) : NULL;
    const size_t trust = 1;
    if (!own)
        return;
    it->alike += memcmp(own, rows->row[LTP_QUANTITY_COST][trust], LTP_BLOCK * sizeof *own) == 0;
}

static void attribution_has_the_same_capital(void **state) {
    (void)state;
    flat_world();
    capital(ENVELOPE("10", "10", "10", "10"), "1");
    workspace_write(&where, "backlog.csv", "code,risk,amount,growth_unfunded\nT,high,3,0.1\nU,low,4,0\n");
    workspace_write(&where, "schemes.csv",
                    SCHEMES "name\nM,T,1,envelope,6,2019-04-01,1,,25,yes,\n"
                            "B,T,2,envelope,20,2019-04-01,2,,25,no,\n");
    workspace_write(&where, "programmes.csv",
                    NEEDS "\nD,demand,4,C,elective,,0.5,2019-04-01,M\n"
                          "E,unit_cost,5,T,*,pay,0.1,2019-04-01,B\n");
    simulation s = opened();
    ltp_model *model = &s.plan->attribution_model;
    void *memory;
    ltp_error error = {0};
    comparison it = {.own = &s};
    assert_int_equal(model->layer_count, 7); /* nothing, plan, three subsets, the plan without D and without E */
    for (int l = 0; l < model->layer_count; l++)
        ((ltp_layer *)model->layer)[l].same = false;
    assert_int_equal(ltp_allocate(&memory, ltp_state_bytes(model), 1, "state", &error), LTP_OK);
    ltp_state *own = ltp_state_place(model, memory);
    ltp_block_run(model, own, 0, compare, &it);
    assert_int_equal(it.alike, 4 * YEARS);
    assert_true(own->conservation < 1e-9);
    ltp_free(memory);
    done(&s);
}

/* The contract believes the plan, and the plan knows when the scheme opens. */
static void planned_moderation_knows_the_scheme(void **state) {
    (void)state;
    flat_world();
    workspace_set(&where, "flows.csv", "C,T,elective", "mechanism", "blended");
    workspace_set(&where, "flows.csv", "C,T,elective", "variable_share", "0");
    workspace_write(&where, "schemes.csv", SCHEMES "slippage\nA,T,1,donated,1,2019-04-01,2,,25,yes,12\n");
    workspace_write(&where, "programmes.csv", NEEDS "\nD,demand,4,C,elective,,0.5,2019-04-01,A\n");
    simulation s = opened();
    for (int year = 1; year <= YEARS; year++) {
        assert_near(simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "plan", year, 0),
                    year <= 3 ? 500 : 250, 1e-12); /* a year late */
        if (year == 3)                             /* planned for then, and paid so */
            assert_near(simulation_value(&s, LTP_QUANTITY_USE, "C", "elective", "plan", year, 0), 25, 1e-12);
    }
    done(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charges_of_the_worked_example),
        cmocka_unit_test(base_charges_stand_for_base_depreciation),
        cmocka_unit_test(donated_assets_bear_no_dividend),
        cmocka_unit_test(charges_end_with_the_asset),
        cmocka_unit_test(envelope_is_spent_in_order),
        cmocka_unit_test(the_order_is_an_input),
        cmocka_unit_test(a_started_scheme_waits_for_its_money),
        cmocka_unit_test(backlog_goes_when_the_scheme_starts),
        cmocka_unit_test(backlog_fails_until_the_scheme_is_complete),
        cmocka_unit_test(beds_follow_activity),
        cmocka_unit_test(no_growth_needs_no_bed),
        cmocka_unit_test(slippage_is_counted_in_whole_years),
        cmocka_unit_test(a_programme_starts_when_its_scheme_opens),
        cmocka_unit_test(a_layer_without_the_scheme_lacks_the_programme),
        cmocka_unit_test(activity_hangs_on_the_layers_schemes),
        cmocka_unit_test(attribution_has_the_same_capital),
        cmocka_unit_test(planned_moderation_knows_the_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
