/* The worked example: one commissioner C and one trust T, one year, done by hand. Figures are hard-coded from the hand
 * calculation, with the tolerance of its printed digits; where a rule could be read in two ways, the figure of the
 * wrong reading is named too and must not come out. */
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define MINIMAL "scenarios/minimal"
#define WITH(...) ((const char *const[]){__VA_ARGS__, NULL})

static void assert_gaps(const simulation *s, const char *layer, const double expected[3], int digits) {
    assert_printed(simulation_gap(s, "T", layer, 1, 0), expected[0], digits);
    assert_printed(simulation_gap(s, "C", layer, 1, 0), expected[1], digits);
    assert_printed(simulation_gap(s, NULL, layer, 1, 0), expected[2], digits);
}

static double use(const simulation *s, const char *organisation, const char *service) {
    return simulation_value(s, LTP_QUANTITY_USE, organisation, service, "do_nothing", 1, 0);
}

static void flows_and_gaps_at_mean_growth(void **state) {
    (void)state;
    simulation s = simulation_open(MINIMAL, NULL);
    simulation_expect(&s);
    static const struct {
        const char *service;
        double paid;
        bool to_trust;
    } flow[] = {{"nonelective", 105.781, true},  {"elective", 157.131, true},     {"community", 52.000, true},
                {"drugs_devices", 32.760, true}, {"prescribing", 106.080, false}, {"other", 72.000, false}};
    for (size_t k = 0; k < sizeof flow / sizeof flow[0]; k++) {
        assert_printed(use(&s, "C", flow[k].service), flow[k].paid, 6);
        if (flow[k].to_trust)
            assert_printed(use(&s, "T", flow[k].service), flow[k].paid, 6);
    }
    assert_printed(simulation_value(&s, LTP_QUANTITY_INCOME, "T", NULL, "do_nothing", 1, 0), 347.672, 6);
    assert_printed(simulation_value(&s, LTP_QUANTITY_COST, "T", NULL, "do_nothing", 1, 0), 356.046, 6);
    assert_printed(simulation_value(&s, LTP_QUANTITY_COST, "C", NULL, "do_nothing", 1, 0), 525.752, 6);
    assert_printed(simulation_value(&s, LTP_QUANTITY_INCOME, "C", NULL, "do_nothing", 1, 0), 528.25, 6);
    assert_printed(simulation_value(&s, LTP_QUANTITY_USE_STREAM, "C", "core", "do_nothing", 1, 0), 525.752, 6);
    assert_gaps(&s, "do_nothing", (const double[]){8.374, -2.498, 5.876}, 6);
    simulation_close(&s);
}

/* Pay from what 3% of it for a quarter of a year at 0.9 saves; supplies are the rest. Volume 1 + 7/300 in both. */
static void cost_lines_and_conservation(void **state) {
    (void)state;
    simulation s = simulation_open(MINIMAL, NULL);
    simulation_expect(&s);
    const double pay = simulation_value(&s, LTP_QUANTITY_SAVING, "T", NULL, "test_2", 1, 0) / 0.00675;
    const double cost = simulation_value(&s, LTP_QUANTITY_COST, "T", NULL, "do_nothing", 1, 0);
    const double drugs = use(&s, "T", "drugs_devices"), supplies = cost - pay - drugs;
    assert_printed(pay, 229.7724, 4);
    assert_printed(supplies, 93.5136, 4);
    assert_near((pay / (220 * 1.03) - 1) / 0.6 + 1, 1.0 + 7.0 / 300.0, 1e-9);
    assert_near((supplies / (90 * 1.02) - 1) / 0.8 + 1, 1.0 + 7.0 / 300.0, 1e-9);
    /* NHS England, C, T, staff, suppliers */
    const double suppliers = supplies + drugs + use(&s, "C", "prescribing") + use(&s, "C", "other");
    assert_printed(suppliers, 304.3536, 4);
    const double paid = -simulation_value(&s, LTP_QUANTITY_INCOME, "C", NULL, "do_nothing", 1, 0);
    assert_near(paid - simulation_gap(&s, "C", "do_nothing", 1, 0) - simulation_gap(&s, "T", "do_nothing", 1, 0) + pay +
                    suppliers,
                0.0, 1e-9);
    assert_true(s.state->conservation < 1e-9);
    simulation_close(&s);
}

/* Growth that comes to 7% where 3% was expected, or to −1%: E x stays 0.03. */
static workspace two_outcomes(void) {
    workspace where = workspace_copy(MINIMAL);
    workspace_write(&where, "drivers.csv",
                    "name,target,scope,family,mean,value_1,probability_1,value_2,probability_2\n"
                    "demand.nonelective,demand.nonelective,national,discrete,,-0.01,0.5,0.07,0.5\n"
                    "demand.elective,demand.elective,national,fixed,0.02,,,,\n"
                    "demand.drugs_devices,demand.drugs_devices,national,fixed,0.05,,,,\n"
                    "demand.prescribing,demand.prescribing,national,fixed,0.02,,,,\n"
                    "demand.community,demand.community,national,fixed,0.02,,,,\n"
                    "price.pay,price.pay,national,fixed,0.03,,,,\n"
                    "price.clinical_supplies,price.clinical_supplies,national,fixed,0.02,,,,\n"
                    "price.drugs,price.drugs,national,fixed,0.04,,,,\n"
                    "tariff.uplift,tariff.uplift,national,fixed,0.038,,,,\n"
                    "tariff.efficiency,tariff.efficiency,national,fixed,0.011,,,,\n");
    workspace_set(&where, "flows.csv", "C,T,nonelective", "activity", "1000");
    return where;
}

/* The first path on which non-elective activity grew by 7%. */
static size_t high_path(const simulation *s) {
    size_t path = 0;
    while (path < LTP_BLOCK &&
           simulation_value(s, LTP_QUANTITY_ACTIVITY, "T", "nonelective", "do_nothing", 1, path) < 1020)
        path++;
    assert_true(path < LTP_BLOCK);
    assert_near(simulation_value(s, LTP_QUANTITY_ACTIVITY, "T", "nonelective", "do_nothing", 1, path), 1070, 1e-9);
    return path;
}

static void assert_high_gaps(const workspace *where, double t, double c, double system) {
    simulation s = simulation_open(where->path, NULL);
    simulation_run(&s, 0);
    const size_t path = high_path(&s);
    assert_printed(simulation_gap(&s, "T", "do_nothing", 1, path), t, 6);
    assert_printed(simulation_gap(&s, "C", "do_nothing", 1, path), c, 6);
    assert_printed(simulation_gap(&s, NULL, "do_nothing", 1, path), system, 6);
    simulation_close(&s);
}

static void mechanisms_share_the_risk_of_growth(void **state) {
    (void)state;
    workspace where = two_outcomes();
    assert_high_gaps(&where, 10.3444, -1.6764, 8.668);
    workspace_set(&where, "flows.csv", "C,T,nonelective", "mechanism", "activity");
    workspace_set(&where, "flows.csv", "C,T,nonelective", "variable_share", "");
    assert_high_gaps(&where, 7.058, 1.610, 8.668);
    workspace_remove(&where);
}

static void block_contract(void **state) {
    (void)state;
    workspace where = workspace_copy(MINIMAL);
    workspace_set(&where, "flows.csv", "C,T,nonelective", "mechanism", "block");
    workspace_set(&where, "flows.csv", "C,T,nonelective", "variable_share", "");
    workspace_set(&where, "flows.csv", "C,T,nonelective", "uplift_2019/20", "0.04");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_gaps(&s, "do_nothing", (const double[]){10.155, -4.279, 5.876}, 6);
    simulation_close(&s);
    workspace_remove(&where);
}

static void growth_share_of_one(void **state) {
    (void)state;
    simulation s = simulation_open(MINIMAL, WITH("categories.*.growth_share=1"));
    simulation_expect(&s);
    assert_printed(simulation_gap(&s, "T", "do_nothing", 1, 0), 10.91733, 5);
    assert_printed(simulation_gap(&s, NULL, "do_nothing", 1, 0), 8.41933, 5);
    simulation_close(&s);
}

static void pay_saving_in_its_first_year(void **state) {
    (void)state;
    static const char *const share[] = {"programmes.PAYSAVE.recurrent_share=0.7",
                                        "programmes.PAYSAVE.recurrent_share=0", "programmes.PAYSAVE.recurrent_share=1"};
    for (int k = 0; k < 3; k++) {
        simulation s = simulation_open(MINIMAL, WITH(share[k]));
        simulation_expect(&s);
        const double saving = simulation_value(&s, LTP_QUANTITY_SAVING, "T", NULL, "test_2", 1, 0);
        assert_printed(saving, 1.55096, 5);
        assert_near(saving / 229.7724 / 0.027, 0.25, 1e-9);    /* in place */
        assert_not_printed(saving, 0.7 * 1.55096, 5);          /* the first year does not wait for ρ */
        assert_not_printed(saving, 0.027 * 0.5 * 229.7724, 5); /* no ramp */
        assert_printed(simulation_gap(&s, "T", "test_2", 1, 0), 6.82304, 5);
        assert_printed(simulation_gap(&s, NULL, "test_2", 1, 0), 4.32504, 5);
        assert_printed(simulation_value(&s, LTP_QUANTITY_SAVING, "C", NULL, "test_2", 1, 0), 0.0, 12);
        simulation_close(&s);
    }
}

/* A second year: the same uplift of the block, contract and allocation unchanged. */
static void second_year(const workspace *where) {
    workspace_print(where, "scenario.yaml",
                    "title: two years\nbase_year: 2018/19\nyears: 2\nseed: 1\nsampling: expected\n");
    workspace_add(where, "allocations.csv", "C,core,2020/21,528.25,firm,worked example,assumed");
    workspace_add(where, "contracts.csv", "C,SUPPLIERS,other,2020/21,72,72,worked example,assumed");
    workspace_set(where, "flows.csv", "C,T,community", "uplift_2020/21", "0");
}

static void pay_saving_in_its_second_year(void **state) {
    (void)state;
    workspace where = workspace_copy(MINIMAL);
    second_year(&where);
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    const double volume = (100 * 1.03 * 1.03 + 150 * 1.02 * 1.02 + 50 * 1.02 * 1.02) / 300;
    const double pay = 220 * (1 + 0.6 * (volume - 1)) * 1.03 * 1.03;
    const double share = simulation_value(&s, LTP_QUANTITY_SAVING, "T", NULL, "test_2", 2, 0) / pay;
    assert_near(share, 0.0189, 1e-11);     /* gaps are counted in tenths of a penny */
    assert_not_printed(share, 0.0270, 4);  /* nothing reversed */
    assert_not_printed(share, 0.00675, 5); /* still the first year */
    simulation_close(&s);
    workspace_remove(&where);
}

static void elective_demand_alone(void **state) {
    (void)state;
    workspace where = workspace_copy(MINIMAL);
    workspace_drop(&where, "programmes.csv", "PAYSAVE");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    const double c = simulation_value(&s, LTP_QUANTITY_SAVING, "C", NULL, "plan", 1, 0);
    const double t = simulation_value(&s, LTP_QUANTITY_SAVING, "T", NULL, "plan", 1, 0);
    assert_printed(c, 1.57131, 5);
    assert_printed(-t, 0.50337, 5);
    assert_printed(c + t, 1.06794, 5);
    assert_printed(fmax(0.0, c - (c + t)), 0.50337, 5); /* moved inside: the sponsor's gain less the system's */
    simulation_close(&s);
    workspace_remove(&where);
}

/* System gap with a subset of the programmes. */
static double subset_gap(bool pay, bool elective) {
    workspace where = workspace_copy(MINIMAL);
    if (!pay)
        workspace_drop(&where, "programmes.csv", "PAYSAVE");
    if (!elective)
        workspace_drop(&where, "programmes.csv", "ELECT");
    const double gap = expected_gap(where.path, NULL, NULL, "plan", 1);
    workspace_remove(&where);
    return gap;
}

static void shapley_values(void **state) {
    (void)state;
    const double none = subset_gap(false, false), pay = subset_gap(true, false), elective = subset_gap(false, true);
    const double both = subset_gap(true, true);
    assert_printed(none, 5.876, 6);
    assert_printed(both, 3.261777, 6);
    const double first = 0.5 * (none - pay) + 0.5 * (elective - both);
    const double second = 0.5 * (none - elective) + 0.5 * (pay - both);
    assert_printed(first, 1.548623, 6);
    assert_printed(second, 1.065600, 6);
    assert_printed(first + second, 2.614223, 6);
    assert_not_printed(first, none - pay, 6); /* the order matters, so a step is not the value */
}

static void cheaper_drugs_are_the_payers(void **state) {
    (void)state;
    static const char *const target[] = {"C", "T|C"};
    for (int k = 0; k < 2; k++) {
        workspace where = workspace_copy(MINIMAL);
        workspace_print(&where, "programmes.csv",
                        "code,kind,target_organisations,target_services,target_categories,full_year_effect,start\n"
                        "BIOS,price,%s,*,drugs,0.05,2019-04-01\n",
                        target[k]);
        simulation s = simulation_open(where.path, NULL);
        simulation_expect(&s);
        assert_gaps(&s, "plan", (const double[]){8.374, -9.440, -1.066}, 6);
        /* acting on both ends of a flow would take 5% twice */
        assert_not_printed(simulation_gap(&s, "C", "plan", 1, 0), -2.498 - (1 - 0.95 * 0.95) * 138.84, 3);
        simulation_close(&s);
        workspace_remove(&where);
    }
}

/* A year in which only elective activity grows, by `growth` a year; 100 units in the base year. */
static workspace elective_only(const char *growth, int years) {
    workspace where = workspace_copy(MINIMAL);
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean\ndemand.elective,demand.elective,national,fixed,%s\n"
                    "tariff.uplift,tariff.uplift,national,fixed,0\n",
                    growth);
    workspace_set(&where, "flows.csv", "C,T,elective", "activity", "100");
    if (years == 2)
        second_year(&where);
    return where;
}

static void demographic_growth(void **state) {
    (void)state;
    workspace where = elective_only("0.01", 1);
    workspace_write(&where, "population.csv",
                    "system,age_band,year,persons\nS,young,2018/19,1000\nS,young,2019/20,1005\n"
                    "S,old,2018/19,200\nS,old,2019/20,206\n");
    workspace_write(&where, "use_by_age.csv",
                    "service,age_band,use_per_head\nelective,young,0.05\nelective,old,0.25\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    const double a0 = simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "do_nothing", 1, 0) / 100;
    assert_near(a0, 1.027675, 1e-12);
    assert_near(a0 / 1.01 - 1, 0.0175, 1e-12);
    assert_not_printed(a0, 1.0175 + 0.01, 6);          /* added, not multiplied */
    assert_not_printed(a0, 1211.0 / 1200.0 * 1.01, 6); /* heads, not use */
    simulation_close(&s);
    workspace_remove(&where);
}

static void moderation_is_a_level(void **state) {
    (void)state;
    workspace where = elective_only("0.02", 2);
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,full_year_effect,start\n"
                    "E,demand,C,elective,0.01,2019-04-01\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    const double a = simulation_value(&s, LTP_QUANTITY_ACTIVITY, "T", "elective", "plan", 2, 0) / 100;
    assert_near(a, 1.029996, 5e-7);
    assert_near(a, 1.02 * 1.02 * 0.99, 1e-12);
    assert_not_printed(a, 1.019696, 6); /* compounding */
    simulation_close(&s);
    workspace_remove(&where);
}

/* Cuts of 0.01, then 0.02, of everything that T does; half of a cut is freed in its first year, 0.8 after. */
static void stranded_cost_by_age_of_the_cut(void **state) {
    (void)state;
    workspace where = elective_only("0", 2);
    workspace_write(&where, "categories.csv",
                    "code,growth_share,variable_share_first_year,variable_share_long_run,years_to_long_run\n"
                    "pay,1,0.5,0.8,1\nclinical_supplies,1,0.5,0.8,1\ndrugs,1,0.5,0.8,1\nother,1,1,1,1\n");
    workspace_write(&where, "programmes.csv",
                    "code,kind,target_organisations,target_services,full_year_effect,start,overlap_group,overlap\n"
                    "E1,demand,C,*,0.01,2019-04-01,cut,0\nE2,demand,C,*,0.01,2020-04-01,cut,0\n");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    for (int year = 1; year <= 2; year++) {
        const double passed = simulation_value(&s, LTP_QUANTITY_USE, "T", "drugs_devices", "plan", year, 0);
        const double factor = (simulation_value(&s, LTP_QUANTITY_COST, "T", NULL, "plan", year, 0) - passed) / 310.0;
        assert_near(passed, 30 * (1 - 0.01 * year), 1e-12);
        assert_near(factor, year == 1 ? 0.995 : 0.987, 1e-12);
        if (year == 2) {
            assert_not_printed(factor, 0.984, 3); /* the whole cut at the long-run share */
            assert_not_printed(factor, 0.990, 3); /* the whole cut at the first year's */
        }
    }
    simulation_close(&s);
    workspace_remove(&where);
}

static void block_uplifts_compound(void **state) {
    (void)state;
    workspace where = elective_only("0", 2);
    workspace_set(&where, "flows.csv", "C,T,community", "uplift_2019/20", "0.0565");
    workspace_set(&where, "flows.csv", "C,T,community", "uplift_2020/21", "0.0414");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    const double index = simulation_value(&s, LTP_QUANTITY_USE, "C", "community", "do_nothing", 2, 0) / 50;
    assert_near(index, 1.100239, 5e-7);
    assert_not_printed(index, 1.0979, 4); /* added */
    simulation_close(&s);
    workspace_remove(&where);
}

/* Without an uplift the block follows the payer's allocation: 500 to 528.25, then by 4.14%. */
static void block_follows_the_allocation(void **state) {
    (void)state;
    workspace where = elective_only("0", 2);
    workspace_set(&where, "flows.csv", "C,T,community", "uplift_2019/20", "");
    workspace_set(&where, "flows.csv", "C,T,community", "uplift_2020/21", "");
    workspace_set(&where, "allocations.csv", "C,core,2020/21", "amount", "550.11955");
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    assert_near(simulation_value(&s, LTP_QUANTITY_USE, "C", "community", "do_nothing", 1, 0), 50 * 1.0565, 1e-9);
    assert_near(simulation_value(&s, LTP_QUANTITY_USE, "C", "community", "do_nothing", 2, 0) / 50, 1.100239, 5e-7);
    simulation_close(&s);
    workspace_remove(&where);
}

static void national_check(void **state) {
    (void)state;
    static const double gap[3][5] = {
        {6.42, 7.90, 9.55, 11.35, 13.32}, {0.03, 0.23, 1.03, 2.02, 3.48}, {6.44, 8.13, 10.58, 13.37, 16.80}};
    static const char *const who[] = {"PROVIDERS", "COMMISSIONERS", NULL};
    simulation s = simulation_open("scenarios/published/national-check", NULL);
    simulation_expect(&s);
    for (int w = 0; w < 3; w++)
        for (int year = 1; year <= 5; year++)
            assert_printed(simulation_gap(&s, who[w], "do_nothing", year, 0), gap[w][year - 1], 2);
    simulation_close(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flows_and_gaps_at_mean_growth),
        cmocka_unit_test(cost_lines_and_conservation),
        cmocka_unit_test(mechanisms_share_the_risk_of_growth),
        cmocka_unit_test(block_contract),
        cmocka_unit_test(growth_share_of_one),
        cmocka_unit_test(pay_saving_in_its_first_year),
        cmocka_unit_test(pay_saving_in_its_second_year),
        cmocka_unit_test(elective_demand_alone),
        cmocka_unit_test(shapley_values),
        cmocka_unit_test(cheaper_drugs_are_the_payers),
        cmocka_unit_test(demographic_growth),
        cmocka_unit_test(moderation_is_a_level),
        cmocka_unit_test(stranded_cost_by_age_of_the_cut),
        cmocka_unit_test(block_uplifts_compound),
        cmocka_unit_test(block_follows_the_allocation),
        cmocka_unit_test(national_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
