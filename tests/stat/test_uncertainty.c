/* Uncertainty where it acts: drivers, events and programmes read back from what the accounts of a scenario do, against
 * closed forms. Every check allows SAMPLE_ERRORS standard errors (5.7e-7 of false alarm each, some 60 checks: one seed
 * in 30,000); every group has a negative control that must miss by more. */
#include <stdlib.h>

#include "tests/support/sample.h"
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define FLAT "tests/support/flat"
#define BLOCKS 20
#define PATHS ((size_t)BLOCKS * LTP_BLOCK)

#define assert_within(distance) assert_true(fabs(distance) < SAMPLE_ERRORS)
#define assert_caught(distance) assert_true(fabs(distance) > SAMPLE_ERRORS)

/* What is read from one path. */
typedef double (*reading)(const simulation *s, size_t path, int which);

/* rows[which] = PATHS readings, plain sampling: errors as textbooks give them. */
static void collect(const char *path, reading read, int count, double **row) {
    simulation s = simulation_open(path, NULL);
    s.plan->model.sampling = LTP_SAMPLING_RANDOM;
    for (int k = 0; k < count; k++)
        assert_non_null(row[k] = malloc(PATHS * sizeof(double)));
    for (uint32_t block = 0; block < BLOCKS; block++) {
        simulation_run(&s, block);
        for (size_t i = 0; i < LTP_BLOCK; i++)
            for (int k = 0; k < count; k++)
                row[k][block * LTP_BLOCK + i] = read(&s, i, k);
    }
    simulation_close(&s);
}

static void discard(double **row, int count) {
    for (int k = 0; k < count; k++)
        free(row[k]);
}

/* --- correlation and persistence --- */

/* x of a service in a year: what its activity grew by. which: 2·(year − 1) + service. */
static double growth(const simulation *s, size_t path, int which) {
    static const char *const service[] = {"acute", "elective"};
    static const double base[] = {1000, 500};
    const int k = which % 2, year = which / 2 + 1;
    const double now = simulation_value(s, LTP_QUANTITY_ACTIVITY, "T", service[k], "do_nothing", year, path);
    const double before =
        year == 1 ? base[k] : simulation_value(s, LTP_QUANTITY_ACTIVITY, "T", service[k], "do_nothing", year - 1, path);
    return now / before - 1;
}

static void correlated_persistent_drivers(void **state) {
    (void)state;
    const double r = 0.5, persistence[2] = {0.6, 0.3}, mean[2] = {0.03, 0.01}, sd[2] = {0.02, 0.015};
    workspace where = workspace_copy(FLAT);
    workspace_write(&where, "drivers.csv",
                    "name,target,scope,family,mean,sd,persistence\ntariff.uplift,tariff.uplift,national,fixed,0,,\n"
                    "demand.acute,demand.acute,national,normal,0.03,0.02,0.6\n"
                    "demand.elective,demand.elective,national,normal,0.01,0.015,0.3\n");
    workspace_write(&where, "correlations.csv", "driver_a,driver_b,correlation\ndemand.elective,demand.acute,0.5\n");
    double *x[8];
    collect(where.path, growth, 8, x);
    for (int year = 0; year < 4; year++) {
        for (int k = 0; k < 2; k++) {
            assert_within(sample_distance_mean(x[2 * year + k], PATHS, mean[k], sd[k]));
            assert_within(sample_distance_sd(x[2 * year + k], PATHS, sd[k]));
        }
        assert_within(sample_distance_correlation(x[2 * year], x[2 * year + 1], PATHS, r)); /* every year */
    }
    for (int k = 0; k < 2; k++) {
        assert_within(sample_distance_correlation(x[k], x[2 + k], PATHS, persistence[k]));
        assert_within(sample_distance_correlation(x[k], x[4 + k], PATHS, pow(persistence[k], 2)));
        assert_within(sample_distance_correlation(x[k], x[6 + k], PATHS, pow(persistence[k], 3)));
        /* z_2 = Φ z_1 + innovation, so the lagged one goes by the persistence of the later */
        assert_within(sample_distance_correlation(x[1 - k], x[2 + k], PATHS, persistence[k] * r));
        assert_caught(sample_distance_correlation(x[1 - k], x[2 + k], PATHS, persistence[1 - k] * r));
        assert_caught(sample_distance_correlation(x[k], x[2 + k], PATHS, persistence[1 - k]));
    }
    assert_caught(sample_distance_correlation(x[0], x[1], PATHS, r + 0.05));
    discard(x, 8);
    workspace_remove(&where);
}

/* --- national, system and organisation shares --- */

/* Two commissioners in two systems, each paying both trusts; growth of what a commissioner's patients do at a trust. */
static void two_systems(const workspace *where, const double share[3]) {
    workspace_write(where, "systems.csv", "code,name,region\nS1,One,R\nS2,Two,R\n");
    workspace_write(where, "organisations.csv",
                    "code,name,kind,system,opening_surplus\nC1,C1,ccg,S1,0\nC2,C2,ccg,S2,0\nT1,T1,acute,S1,0\n"
                    "T2,T2,acute,S2,0\n");
    workspace_write(
        where, "flows.csv",
        "payer,payee,service,category,amount,activity,mechanism\nC1,T1,elective,,10,100,activity\n"
        "C1,T2,elective,,10,100,activity\nC2,T1,elective,,10,100,activity\nC2,T2,elective,,10,100,activity\n"
        "T1,STAFF,,pay,20,,\nT2,STAFF,,pay,20,,\n");
    workspace_write(where, "allocations.csv",
                    "code,stream,year,amount\nC1,core,2018/19,20\nC1,core,2019/20,20\n"
                    "C2,core,2018/19,20\nC2,core,2019/20,20\n");
    workspace_write(where, "scenario.yaml", "title: two systems\nbase_year: 2018/19\nyears: 1\nseed: 77\n");
    workspace_print(where, "drivers.csv",
                    "name,target,scope,family,mean,sd,share_national,share_system,share_organisation\n"
                    "tariff.uplift,tariff.uplift,national,fixed,0,,,,\n"
                    "demand.elective,demand.elective,organisation,normal,0.02,0.03,%g,%g,%g\n",
                    share[0], share[1], share[2]);
}

/* Sums of the four x's: 0 of all, 1 at T1 (two systems, one organisation), 2 of C1 (one system, two organisations). */
static double sum_of_growth(const simulation *s, size_t path, int which) {
    static const char *const at[][2] = {{"T1", "T2"}, {"T1", NULL}, {"C1", NULL}};
    double units = 0.0, base = 0.0;
    for (int k = 0; k < 2 && at[which][k]; k++, base += 200)
        units += simulation_value(s, LTP_QUANTITY_ACTIVITY, at[which][k], "elective", "do_nothing", 1, path);
    return units / 100 - base / 100;
}

static void shares_of_the_variance(void **state) {
    (void)state;
    static const double share[3] = {0.5, 0.3, 0.2}, swapped[3] = {0.2, 0.3, 0.5};
    /* Var Σ: 4 values share the nation, two by two a system, two by two an organisation */
    const double variance[3] = {16 * share[0] + 8 * share[1] + 8 * share[2], 4 * share[0] + 2 * share[1] + 4 * share[2],
                                4 * share[0] + 4 * share[1] + 2 * share[2]};
    const double mean[3] = {0.08, 0.04, 0.04};
    workspace where = workspace_copy(FLAT);
    for (int wrong = 0; wrong < 2; wrong++) {
        double *sum[3];
        two_systems(&where, wrong ? swapped : share);
        collect(where.path, sum_of_growth, 3, sum);
        for (int k = 0; k < 3; k++) {
            const double sd = 0.03 * sqrt(variance[k]), distance = sample_distance_sd(sum[k], PATHS, sd);
            assert_within(sample_distance_mean(sum[k], PATHS, mean[k], sd));
            if (wrong && k != 1) /* at one trust swapping 0.5 and 0.2 of what both have in common cannot show */
                assert_caught(distance);
            else
                assert_within(distance);
        }
        discard(sum, 3);
    }
    workspace_remove(&where);
}

/* --- rare events --- */

#define PROBABILITY 0.15
#define SEVERITY 0.05
#define SEVERITY_SD 0.01

/* Inflation of pay in a year, from what pay costs: nothing else moves. */
static double inflation(const simulation *s, size_t path, int which) {
    const double now = simulation_value(s, LTP_QUANTITY_COST, "T", NULL, "do_nothing", which + 1, path) - 80;
    const double before =
        which ? simulation_value(s, LTP_QUANTITY_COST, "T", NULL, "do_nothing", which, path) - 80 : 90;
    return now / before - 1;
}

static size_t struck(const double *x) {
    size_t hits = 0;
    for (size_t i = 0; i < PATHS; i++)
        hits += fabs(x[i]) > 1e-9;
    return hits;
}

static void rare_events(void **state) {
    (void)state;
    workspace where = workspace_copy(FLAT);
    workspace_write(&where, "events.csv",
                    "name,target,scope,probability,family,mean,sd,first_year,last_year,duration_years\n"
                    "shock,price.pay,national,0.15,normal,0.05,0.01,2019/20,2020/21,2\n");
    double *x[4];
    collect(where.path, inflation, 4, x);
    /* it may start in years 1 and 2 and lasts two: one, two, one, no start under way */
    const double p = PROBABILITY, none = 1 - p, second = SEVERITY * SEVERITY + SEVERITY_SD * SEVERITY_SD;
    const double one_sd = sqrt(p * second - pow(p * SEVERITY, 2));
    assert_within(sample_distance_frequency(struck(x[0]), PATHS, p));
    assert_within(sample_distance_frequency(struck(x[1]), PATHS, 1 - none * none));
    assert_within(sample_distance_frequency(struck(x[2]), PATHS, p));
    assert_int_equal(struck(x[3]), 0);
    assert_caught(sample_distance_frequency(struck(x[1]), PATHS, p));        /* as if it lasted one year */
    assert_caught(sample_distance_frequency(struck(x[0]), PATHS, p * 1.25)); /* as if it were likelier */
    assert_within(sample_distance_mean(x[0], PATHS, p * SEVERITY, one_sd));
    assert_within(sample_distance_mean(x[1], PATHS, 2 * p * SEVERITY, sqrt(2) * one_sd));
    assert_within(sample_distance_mean(x[2], PATHS, p * SEVERITY, one_sd));
    /* severity given that it struck, drawn once: year 2 of a shock of year 1 is as severe */
    double *severity = malloc(PATHS * sizeof *severity);
    assert_non_null(severity);
    size_t hits = 0;
    for (size_t i = 0; i < PATHS; i++) {
        if (fabs(x[0][i]) > 1e-9)
            severity[hits++] = x[0][i];
        const double later = x[1][i] - x[0][i]; /* of a shock of year 2, which year 3 must repeat */
        assert_near(x[2][i], later, 1e-9);
    }
    assert_within(sample_distance_mean(severity, hits, SEVERITY, SEVERITY_SD));
    assert_within(sample_distance_sd(severity, hits, SEVERITY_SD));
    free(severity);
    discard(x, 4);
    /* every driver at its mean: probability times severity for each year under way */
    simulation s = simulation_open(where.path, NULL);
    simulation_expect(&s);
    const double expected[4] = {p * SEVERITY, 2 * p * SEVERITY, p * SEVERITY, 0};
    for (int year = 0; year < 4; year++)
        assert_near(inflation(&s, 0, year), expected[year], 1e-12);
    simulation_close(&s);
    workspace_remove(&where);
}

/* --- programmes --- */

/* Cost saved in a year, £m: the trust's income does not move. */
static double cost_saved(const simulation *s, size_t path, int which) {
    return simulation_value(s, LTP_QUANTITY_COST, "T", NULL, "do_nothing", which + 1, path) -
           simulation_value(s, LTP_QUANTITY_COST, "T", NULL, "plan", which + 1, path);
}

/* Share of pay saved in a year: in place × delivered × effect. */
static double level(const simulation *s, size_t path, int which) {
    return cost_saved(s, path, which) / 90;
}

static workspace pay_programme(const char *driver_rows, const char *cells) {
    workspace where = workspace_copy(FLAT);
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean,sd,min,max,value_1,probability_1,value_2,probability_2\n"
                    "tariff.uplift,tariff.uplift,national,fixed,0,,,,,,,\n%s",
                    driver_rows);
    workspace_print(
        &where, "programmes.csv",
        "code,kind,target_organisations,target_services,target_categories,full_year_effect,start,ramp_months,"
        "tranches,delivery,slippage,recurrent_share\nP,unit_cost,T,*,pay,%s\n",
        cells);
    return where;
}

static void slippage_spreads_what_is_in_place(void **state) {
    (void)state;
    /* 1 October, up to twelve months late, at once: max(0, ½ − s) of year 1, 1 − max(0, s − ½) of year 2 */
    workspace where = pay_programme("late,,national,uniform,,,0,12,,,,\n", "0.04,2019-10-01,0,1,1,late,1");
    double *x[4];
    collect(where.path, level, 4, x);
    const double moment = 1 / 24.0, sd = 0.04 * sqrt(moment - 1 / 64.0); /* ∫_0^½ u² du = 1/24, mean 1/8 */
    assert_within(sample_distance_mean(x[0], PATHS, 0.04 / 8, sd));
    assert_within(sample_distance_mean(x[1], PATHS, 0.04 * 7 / 8, sd));
    assert_caught(sample_distance_mean(x[0], PATHS, 0, sd)); /* in place at the mean slippage of six months */
    size_t zero = 0;
    for (size_t i = 0; i < PATHS; i++) {
        zero += x[0][i] == 0.0;
        assert_true(x[0][i] == 0.0 || fabs(x[1][i] - 0.04) < 1e-12); /* a path is late in one way */
        assert_near(x[2][i], 0.04, 1e-12);
    }
    assert_within(sample_distance_frequency(zero, PATHS, 0.5));
    discard(x, 4);
    workspace_remove(&where);
    /* the same with a ramp of six months: E = ∫_0^1 (½ − s)₊² ds, as (t − s)²/(2·½) is in place t years after s */
    where = pay_programme("late,,national,uniform,,,0,12,,,,\n", "0.04,2019-10-01,6,1,1,late,1");
    collect(where.path, level, 4, x);
    const double ramp_moment = 1.0 / 160; /* ∫_0^½ u⁴ du */
    assert_within(sample_distance_mean(x[0], PATHS, 0.04 / 24, 0.04 * sqrt(ramp_moment - 1 / 576.0)));
    discard(x, 4);
    workspace_remove(&where);
}

static void delivery_is_drawn_once_and_held(void **state) {
    (void)state;
    workspace where = pay_programme("del,,national,normal,0.8,0.1,,,,,,\n", "0.04,2019-04-01,0,1,del,0,1");
    double *x[4];
    collect(where.path, level, 4, x);
    assert_within(sample_distance_mean(x[0], PATHS, 0.032, 0.004));
    assert_within(sample_distance_sd(x[0], PATHS, 0.004));
    assert_caught(sample_distance_sd(x[0], PATHS, 0.0042));
    for (size_t i = 0; i < PATHS; i++)
        for (int year = 1; year < 4; year++)
            assert_near(x[year][i], x[0][i], 1e-12);
    discard(x, 4);
    workspace_remove(&where);
}

/* Each tranche draws in its own first year: without persistence, they deliver independently. */
static void tranches_draw_for_themselves(void **state) {
    (void)state;
    workspace where = pay_programme("del,,national,normal,0.8,0.1,,,,,,\n", "0.04,2019-04-01,0,2,del,0,1");
    double *x[4];
    collect(where.path, level, 4, x);
    for (size_t i = 0; i < PATHS; i++) {
        x[1][i] = 1 - (1 - x[1][i]) / (1 - x[0][i]); /* of the second tranche */
        assert_near(1 - (1 - x[3][i]) / (1 - x[0][i]), x[1][i], 1e-12);
    }
    assert_within(sample_distance_mean(x[1], PATHS, 0.032, 0.004));
    assert_within(sample_distance_sd(x[1], PATHS, 0.004));
    assert_within(sample_distance_correlation(x[0], x[1], PATHS, 0.0));
    assert_caught(sample_distance_correlation(x[0], x[0], PATHS, 0.0));
    discard(x, 4);
    workspace_remove(&where);
}

/* On time or a year late: each path's own first year decides what reverses, and when. */
static void the_first_year_is_the_paths_own(void **state) {
    (void)state;
    workspace where = pay_programme("late,,national,discrete,,,,,0,0.6,12,0.4\nstays,,national,normal,0.7,0.05,,,,,,\n",
                                    "0.04,2019-10-01,0,1,1,late,stays");
    double *x[4];
    collect(where.path, level, 4, x);
    size_t on_time = 0;
    for (size_t i = 0; i < PATHS; i++) {
        const bool now = x[0][i] > 0;
        on_time += now;
        assert_near(x[0][i], now ? 0.02 : 0, 1e-12);
        assert_near(x[1][i], now ? x[3][i] : 0.02, 1e-12);
        assert_near(x[2][i], x[3][i], 1e-12);
    }
    assert_within(sample_distance_frequency(on_time, PATHS, 0.6));
    assert_caught(sample_distance_frequency(on_time, PATHS, 0.65));
    assert_within(sample_distance_mean(x[3], PATHS, 0.028, 0.002));
    assert_within(sample_distance_sd(x[3], PATHS, 0.002));
    discard(x, 4);
    workspace_remove(&where);
}

/* What two programmes of equal weight delivered together. */
static double delivered(const simulation *s, size_t path, int which) {
    return cost_saved(s, path, which) / (90 * 0.04 + 60 * 0.06);
}

/* Programmes that name one delivery driver fail together: one draw per organisation and year. */
static void capability_is_shared(void **state) {
    (void)state;
    workspace where = pay_programme("del,,national,normal,0.8,0.1,,,,,,\nown,,national,normal,0.8,0.1,,,,,,\n",
                                    "0.04,2019-04-01,0,1,del,0,1");
    for (int apart = 0; apart < 2; apart++) {
        double *x[1];
        char row[128];
        snprintf(row, sizeof row, "Q%d,unit_cost,T,*,supplies,0.06,2019-04-01,0,1,%s,0,1", apart,
                 apart ? "own" : "del");
        if (apart)
            workspace_drop(&where, "programmes.csv", "Q0");
        workspace_add(&where, "programmes.csv", row);
        collect(where.path, delivered, 1, x);
        assert_within(sample_distance_sd(x[0], PATHS, apart ? 0.1 / sqrt(2) : 0.1));
        assert_caught(sample_distance_sd(x[0], PATHS, apart ? 0.1 : 0.1 / sqrt(2)));
        discard(x, 1);
    }
    workspace_remove(&where);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(correlated_persistent_drivers),
        cmocka_unit_test(shares_of_the_variance),
        cmocka_unit_test(rare_events),
        cmocka_unit_test(slippage_spreads_what_is_in_place),
        cmocka_unit_test(delivery_is_drawn_once_and_held),
        cmocka_unit_test(tranches_draw_for_themselves),
        cmocka_unit_test(the_first_year_is_the_paths_own),
        cmocka_unit_test(capability_is_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
