/* How paths' values become indicators, ratios and "every organisation", path by path and against closed forms. */
#include "tests/support/test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "results/collector_internal.h"
#include "tests/support/synthetic.h"

/* A and half of B make S1, the other half of B and C make S2, D alone S3; S1 and S2 are in R1, S3 in R2. C and D have
 * no trajectory. Layer 2 is the same as layer 0 and not handed over; layer 1 comes first. */
enum { A, B, C, D, ORGANISATIONS, LAYERS = 3, YEARS = 3, SCHEMES = 2 };
#define BLOCKS 40
#define TARGET 0.011

static const char *const organisation_code[] = {"A", "B", "C", "D"}, *const system_code[] = {"S1", "S2", "S3"};
static const char *const region_code[] = {"R1", "R2"}, *const england_code[] = {"ENG"};
static const char *const scheme_code[] = {"new", "old"}, *const layer_code[] = {"do_nothing", "test_1", "plan"};
static const char *const year_code[] = {"2019/20", "2020/21", "2021/22"};
static const ltp_sector sector[ORGANISATIONS] = {0};
static const bool nhs_england[ORGANISATIONS] = {false};
static const ltp_membership membership[] = {{A, 0, 1}, {B, 0, 0.5}, {B, 1, 0.5}, {C, 1, 1}, {D, 2, 1}};
static const size_t region_of[] = {0, 0, 1}, same[LAYERS] = {0, 1, 0};
static const bool everybody[ORGANISATIONS] = {true, true, true, true};
static const bool with_trajectory[ORGANISATIONS] = {true, true, false, false}, both[SCHEMES] = {true, true};
static const double scale[ORGANISATIONS] = {100, 100, 100, 100};

static ltp_error error;

static ltp_roster make_roster(void) {
    ltp_roster roster = {.level = {{ORGANISATIONS, organisation_code, organisation_code},
                                   {3, system_code, system_code},
                                   {2, region_code, region_code},
                                   {1, england_code, england_code},
                                   {SCHEMES, scheme_code, scheme_code}},
                         .layer = {LAYERS, layer_code, layer_code},
                         .year = {YEARS, year_code, year_code},
                         .productivity_target = TARGET,
                         .sector = sector,
                         .nhs_england = nhs_england,
                         .membership_count = sizeof membership / sizeof *membership,
                         .membership = membership,
                         .system_region = region_of};
    const ltp_quantity of_all[] = {LTP_QUANTITY_INCOME, LTP_QUANTITY_COST, LTP_QUANTITY_CASH_RELEASED,
                                   LTP_QUANTITY_COST_LAST_YEAR};
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++) {
        roster.item_count[q] = 1;
        roster.layer_same[q] = same;
        roster.scale[q] = scale;
    }
    for (size_t k = 0; k < sizeof of_all / sizeof *of_all; k++)
        roster.present[of_all[k]] = everybody;
    roster.present[LTP_QUANTITY_TRAJECTORY_MARGIN] = with_trajectory;
    roster.present[LTP_QUANTITY_SCHEME_SPEND] = roster.present[LTP_QUANTITY_SCHEME_COMPLETE] = both;
    return roster;
}

/* --- paths: pure functions of (block, layer, year) --- */

static bool comonotone;
static const double margin_mean[ORGANISATIONS] = {0.3, -0.2, 0, 0};

/* [organisation or scheme][quantity of its own] of one layer and year. */
typedef struct {
    double margin[ORGANISATIONS][LTP_BLOCK], income[ORGANISATIONS][LTP_BLOCK], cost[ORGANISATIONS][LTP_BLOCK];
    double cash[ORGANISATIONS][LTP_BLOCK], before[ORGANISATIONS][LTP_BLOCK];
    double spend[SCHEMES][LTP_BLOCK], complete[SCHEMES][LTP_BLOCK];
} values;

static void fill(values *v, uint32_t block, int layer, int year) {
    for (size_t o = 0; o < ORGANISATIONS; o++) {
        double z[LTP_BLOCK];
        synthetic_normal(3, (comonotone ? 0 : o) * 16 + (uint64_t)year, block, 1, z);
        for (int i = 0; i < LTP_BLOCK; i++) {
            v->margin[o][i] = margin_mean[o] + z[i] + layer;
            v->income[o][i] = 100;
            v->cost[o][i] = 100.5 - 0.5 * year + z[i] - layer;
            v->cash[o][i] = o == D ? 1 : 1.1 + 0.3 * z[i];
            v->before[o][i] = o == D ? 0 : 100 + 10 * (double)o; /* D had no cost: nothing over nothing */
        }
    }
    for (size_t s = 0; s < SCHEMES; s++)
        for (int i = 0; i < LTP_BLOCK; i++) {
            v->spend[s][i] = 10 * (double)(s + 1) + i % 7;
            v->complete[s][i] = s == 1 || i % 4 < year; /* a quarter more each year */
        }
}

static void point(const double **row, double (*from)[LTP_BLOCK], size_t count, const bool *has) {
    for (size_t e = 0; e < count; e++)
        row[e] = has[e] ? from[e] : NULL;
}

static void hand_over(ltp_collector_block *into, uint32_t block, int layer, int year) {
    static values v __attribute__((aligned(64)));
    const double *row[7][ORGANISATIONS];
    fill(&v, block, layer, year);
    ltp_rows rows = {{NULL}};
    const struct {
        ltp_quantity quantity;
        double (*from)[LTP_BLOCK];
        size_t count;
        const bool *has;
    } of[] = {{LTP_QUANTITY_TRAJECTORY_MARGIN, v.margin, ORGANISATIONS, with_trajectory},
              {LTP_QUANTITY_INCOME, v.income, ORGANISATIONS, everybody},
              {LTP_QUANTITY_COST, v.cost, ORGANISATIONS, everybody},
              {LTP_QUANTITY_CASH_RELEASED, v.cash, ORGANISATIONS, everybody},
              {LTP_QUANTITY_COST_LAST_YEAR, v.before, ORGANISATIONS, everybody},
              {LTP_QUANTITY_SCHEME_SPEND, v.spend, SCHEMES, both},
              {LTP_QUANTITY_SCHEME_COMPLETE, v.complete, SCHEMES, both}};
    for (size_t k = 0; k < 7; k++) {
        point(row[k], of[k].from, of[k].count, of[k].has);
        rows.row[of[k].quantity] = row[k];
    }
    ltp_collector_sink(into, layer, year, &rows);
}

static void run_block(ltp_collector_block *into, uint32_t block) {
    ltp_collector_block_begin(into, block);
    for (int year = 1; year <= YEARS; year++)
        for (int layer = 1; layer >= 0; layer--)
            hand_over(into, block, layer, year);
    if (ltp_collector_block_end(into, &error))
        fail_msg("%s", error.message);
}

static const char *const keep[] = {"organisation.balance_first_year",      "system.balance_first_year",
                                   "system.trajectory_met_every_year",     "region.trajectory_met_every_year",
                                   "region.cash_releasing_rate",           "system.cash_releasing_met",
                                   "system.cash_releasing_met_every_year", "scheme.scheme_spend"};
enum { FIRST_O, FIRST_S, EVERY_S, EVERY_R, RATE_R, MET_S, MET_YEARS_S, SPEND, KEPT };

static ltp_roster roster;

/* Blocks in rising order, or every block by the one of two workers whose turn it is not, from the last. */
static ltp_collector *collect(bool backwards, ltp_collector_block **last) {
    ltp_collector *collector;
    ltp_collector_block *worker[2];
    roster = make_roster();
    const ltp_collector_option option = {.roster = &roster, .keep_count = KEPT, .keep = keep};
    if (ltp_collector_create(&collector, &option, &error) ||
        ltp_collector_block_create(&worker[0], collector, &error) ||
        ltp_collector_block_create(&worker[1], collector, &error))
        fail_msg("%s", error.message);
    run_block(worker[0], LTP_BLOCK_PILOT);
    for (uint32_t b = 0; b < BLOCKS; b++)
        run_block(worker[backwards ? b % 2 : 0], backwards ? BLOCKS - 1 - b : b);
    ltp_collector_block_destroy(worker[1]);
    if (last)
        *last = worker[0];
    else
        ltp_collector_block_destroy(worker[0]);
    return collector;
}

static ltp_summary summary(const ltp_collector *collector, const char *measure, ltp_level level, size_t entity,
                           size_t layer, size_t year) {
    ltp_summary out;
    const size_t panel = ltp_layout_panel(&collector->layout, measure, level);
    assert_true(panel != SIZE_MAX);
    const ltp_panel *p = &collector->layout.panel[panel];
    ltp_collector_summary(collector, p, p->place[entity], layer, year, &out);
    return out;
}

/* Five binomial standard errors: stratified paths have no more; false alarm below 1e-6 a check. */
static bool near(const ltp_summary *s, double p) {
    return fabs(s->probability - p) <= 5 * sqrt(p * (1 - p) / (BLOCKS * (double)LTP_BLOCK)) &&
           fabs(s->mean - s->probability) < 1e-12;
}

/* --- closed forms --- */

static double phi(double x) {
    return gsl_cdf_ugaussian_P(x);
}

static void test_every(void **state) {
    (void)state;
    for (int together = 0; together < 2; together++) {
        comonotone = together;
        ltp_collector *collector = collect(false, NULL);
        for (size_t layer = 0; layer < LAYERS; layer++) {
            const double shift = layer == 1, a = phi(0.3 + shift), b = phi(-0.2 + shift);
            const double every = together ? fmin(a, b) : a * b, other = together ? a * b : fmin(a, b);
            for (size_t year = 0; year < YEARS; year++) {
                const ltp_summary s1 = summary(collector, "trajectory_met_every", LTP_LEVEL_SYSTEM, 0, layer, year);
                const ltp_summary s2 = summary(collector, "trajectory_met_every", LTP_LEVEL_SYSTEM, 1, layer, year);
                const ltp_summary all = summary(collector, "trajectory_met_every", LTP_LEVEL_ENGLAND, 0, layer, year);
                const ltp_summary years =
                    summary(collector, "trajectory_met_every_year", LTP_LEVEL_SYSTEM, 0, layer, year);
                const ltp_summary own =
                    summary(collector, "trajectory_met_every_year", LTP_LEVEL_ORGANISATION, A, layer, year);
                assert_true(near(&s1, every));
                assert_false(near(&s1, other)); /* negative control */
                assert_true(near(&s2, b));      /* B alone: C has no trajectory, and half of B is all of it */
                assert_true(all.probability == s1.probability); /* A and B are everybody */
                assert_true(near(&years, pow(every, (double)year + 1)));
                assert_true(near(&own, pow(a, (double)year + 1)));
                assert_true(isnan(years.quantile[4])); /* no histogram of 0 and 1 */
            }
        }
        const ltp_summary none = summary(collector, "trajectory_met_every", LTP_LEVEL_SYSTEM, 2, 0, 0);
        assert_true(isnan(none.probability)); /* nobody there has one */
        ltp_collector_destroy(collector);
    }
    comonotone = false;
}

/* --- path by path --- */

static double kept(const ltp_collector_block *block, int what, size_t entity, size_t layer, size_t year, int path) {
    size_t length;
    const ltp_panel *p = &block->collector->layout.panel[block->collector->keep[what]];
    const float *sample = ltp_collector_block_sample(block, (size_t)what, &length);
    return sample[((layer * p->entity_count + entity) * YEARS + year) * LTP_BLOCK + (size_t)path];
}

/* What each path of the last block must come to, from its values; false and a name where it does not. */
static int wrong_paths(const ltp_collector_block *block, int what, bool forget) {
    static values v[YEARS];
    int wrong = 0;
    for (size_t layer = 0; layer < LAYERS; layer++) {
        for (int y = 0; y < YEARS; y++)
            fill(&v[y], BLOCKS - 1, layer == 1, y + 1);
        for (int i = 0; i < LTP_BLOCK; i++) {
            bool balanced_a = false, balanced_s = false, every = true, released = true;
            for (int y = 0; y < YEARS; y++) {
                const values *now = &v[y];
                const double surplus[3] = {now->income[A][i] - now->cost[A][i], now->income[B][i] - now->cost[B][i],
                                           now->income[C][i] - now->cost[C][i]};
                const bool a = surplus[0] >= 0, s1 = surplus[0] + 0.5 * surplus[1] >= 0;
                const double cash = now->cash[A][i] + now->cash[B][i] + now->cash[C][i];
                const double before = now->before[A][i] + now->before[B][i] + now->before[C][i];
                const bool met =
                    (now->cash[A][i] + 0.5 * now->cash[B][i]) / (now->before[A][i] + 0.5 * now->before[B][i]) >= TARGET;
                every &= now->margin[A][i] >= 0 && now->margin[B][i] >= 0;
                released &= met;
                const double expected[KEPT] = {a && !balanced_a, s1 && !balanced_s, every, every, cash / before, met,
                                               released,         now->spend[1][i]};
                const size_t entity[KEPT] = {A, 0, 0, 0, 0, 0, 0, 1};
                const double got = kept(block, what, entity[what], layer, (size_t)y, i);
                wrong += !(fabs(got - expected[what]) < 1e-6 * fmax(1, fabs(expected[what])));
                balanced_a |= a && !forget;
                balanced_s |= s1 && !forget;
                if (forget)
                    every = released = true;
            }
        }
    }
    return wrong;
}

static void test_paths(void **state) {
    (void)state;
    ltp_collector_block *block;
    ltp_collector *collector = collect(false, &block);
    for (int what = 0; what < KEPT; what++)
        if (wrong_paths(block, what, false))
            fail_msg("%s: %d paths are not what they should be", keep[what], wrong_paths(block, what, false));
    /* Negative control: without the years before, those over years are something else. */
    const int remembering[] = {FIRST_O, FIRST_S, EVERY_S, EVERY_R, MET_YEARS_S};
    for (size_t k = 0; k < sizeof remembering / sizeof *remembering; k++)
        assert_true(wrong_paths(block, remembering[k], true) > 100);
    ltp_collector_block_destroy(block);
    ltp_collector_destroy(collector);
}

/* The distribution of the first year in balance: no path has two, years add up to "ever". */
static void test_first_year(void **state) {
    (void)state;
    ltp_collector *collector = collect(false, NULL);
    double never = 1;
    for (size_t year = 0; year < YEARS; year++) {
        const double in_balance = phi(-0.5 + 0.5 * (double)(year + 1)); /* cost − income = 0.5 − 0.5t + z */
        const ltp_summary a = summary(collector, "balance_first_year", LTP_LEVEL_ORGANISATION, A, 0, year);
        assert_true(near(&a, never * in_balance));
        assert_true(year == 0 || !near(&a, in_balance)); /* negative control */
        never *= 1 - in_balance;
    }
    ltp_collector_destroy(collector);
}

static void test_ratio(void **state) {
    (void)state;
    ltp_collector *collector = collect(false, NULL);
    const ltp_summary a = summary(collector, "cash_releasing_rate", LTP_LEVEL_ORGANISATION, A, 0, 0);
    const ltp_summary met = summary(collector, "cash_releasing_met", LTP_LEVEL_ORGANISATION, A, 0, 0);
    const ltp_summary s1 = summary(collector, "cash_releasing_rate", LTP_LEVEL_SYSTEM, 0, 0, 0);
    const ltp_summary nobody = summary(collector, "cash_releasing_rate", LTP_LEVEL_ORGANISATION, D, 0, 0);
    const ltp_summary not_met = summary(collector, "cash_releasing_met", LTP_LEVEL_SYSTEM, 2, 0, 0);
    assert_near(a.mean, 0.011, 1e-5);
    assert_near(a.sd, 0.003, 1e-4);
    assert_near(a.quantile[6], 0.011 + 0.003 * gsl_cdf_ugaussian_Pinv(0.9), 1e-4);
    assert_true(near(&met, 0.5));
    assert_near(s1.mean, 1.5 * 1.1 / (100 + 55), 1e-5); /* not the mean of ratios */
    assert_true(fabs(s1.mean - (1.1 / 100 + 1.1 / 110) / 2) > 1e-4);
    assert_true(nobody.minimum == 0 && nobody.maximum == 0); /* finite */
    assert_true(not_met.maximum == 0);
    ltp_collector_destroy(collector);
}

static void test_scheme(void **state) {
    (void)state;
    ltp_collector *collector = collect(false, NULL);
    for (size_t year = 0; year < YEARS; year++) {
        const ltp_summary one = summary(collector, "scheme_complete", LTP_LEVEL_SCHEME, 0, 1, year);
        const ltp_summary old = summary(collector, "scheme_complete", LTP_LEVEL_SCHEME, 1, 1, year);
        assert_true(one.probability == 0.25 * (double)(year + 1) && old.probability == 1);
    }
    assert_near(summary(collector, "scheme_spend", LTP_LEVEL_SCHEME, 1, 0, 0).mean, 20 + 3.0, 0.01);
    ltp_collector_destroy(collector);
}

/* What nobody has makes no series, no cell, no kept paths, and is said to. */
static void test_absence(void **state) {
    (void)state;
    ltp_layout with, without;
    size_t panel;
    roster = make_roster();
    assert_int_equal(ltp_layout_create(&with, &roster, &error), LTP_OK);
    assert_true(ltp_layout_panel(&with, "loan", LTP_LEVEL_SYSTEM) == SIZE_MAX);
    assert_true(ltp_layout_panel(&with, "plan_margin", LTP_LEVEL_PLAN_LINE) == SIZE_MAX);
    assert_int_equal(ltp_layout_keep(&with, "scheme.scheme_spend", &panel, &error), LTP_OK);
    assert_int_equal(ltp_layout_keep(&with, "system.loan", &panel, &error), LTP_ERROR_INPUT);
    assert_non_null(strstr(error.message, "nothing in this scenario"));
    assert_int_equal(ltp_layout_keep(&with, "system.lone", &panel, &error), LTP_ERROR_INPUT);
    assert_non_null(strstr(error.message, "there is no measure"));
    ltp_roster bare = make_roster();
    for (int q = LTP_QUANTITY_BRIDGE + 1; q < LTP_QUANTITY_COUNT; q++)
        bare.present[q] = NULL;
    assert_int_equal(ltp_layout_create(&without, &bare, &error), LTP_OK);
    for (size_t p = 0; p < without.panel_count; p++)
        assert_true(without.panel[p].measure->plus <= LTP_QUANTITY_BRIDGE);
    assert_true(without.series_count < with.series_count && without.cell_count < with.cell_count);
    ltp_layout_destroy(&without);
    ltp_layout_destroy(&with);
}

/* A measure whose quantities are the same as different layers' is no other layer's; a joint one is found. */
static void test_layer_owner(void **state) {
    (void)state;
    static const size_t released[LAYERS] = {0, 1, 1}, before[LAYERS] = {0, 0, 0}, cost[LAYERS] = {0, 1, 0};
    ltp_layout layout;
    roster = make_roster();
    roster.layer_same[LTP_QUANTITY_CASH_RELEASED] = released;
    roster.layer_same[LTP_QUANTITY_COST_LAST_YEAR] = before;
    assert_int_equal(ltp_layout_create(&layout, &roster, &error), LTP_OK);
    const ltp_panel *rate = &layout.panel[ltp_layout_panel(&layout, "cash_releasing_rate", LTP_LEVEL_SYSTEM)];
    assert_int_equal(rate->layer_owner[2], 1);
    ltp_layout_destroy(&layout);
    roster.layer_same[LTP_QUANTITY_COST_LAST_YEAR] = cost;
    assert_int_equal(ltp_layout_create(&layout, &roster, &error), LTP_OK);
    rate = &layout.panel[ltp_layout_panel(&layout, "cash_releasing_rate", LTP_LEVEL_SYSTEM)];
    assert_int_equal(rate->layer_owner[2], 2);
    ltp_layout_destroy(&layout);
}

static void test_order(void **state) {
    (void)state;
    ltp_collector *one = collect(false, NULL), *other = collect(true, NULL);
    const size_t count = one->layout.series_count;
    assert_memory_equal(one->sum, other->sum, count * sizeof *one->sum);
    assert_memory_equal(one->histogram, other->histogram, one->layout.histogram_count * sizeof *one->histogram);
    ltp_collector_destroy(other);
    comonotone = true; /* negative control */
    other = collect(true, NULL);
    comonotone = false;
    assert_memory_not_equal(one->sum, other->sum, count * sizeof *one->sum);
    ltp_collector_destroy(other);
    ltp_collector_destroy(one);
}

/* A year before the one before it would take what another block left as the years so far. */
static void test_year_order(void **state) {
    (void)state;
    ltp_collector_block *block;
    ltp_collector *collector = collect(false, &block);
    ltp_collector_block_begin(block, BLOCKS);
    hand_over(block, BLOCKS, 0, 1);
    hand_over(block, BLOCKS, 0, 3);
    assert_int_equal(ltp_collector_block_end(block, &error), LTP_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "2021/22"));
    ltp_collector_block_destroy(block);
    ltp_collector_destroy(collector);
}

/* Rows of the table that the collector would misread. */
static void test_rows(void **state) {
    (void)state;
    for (size_t m = 0; m < ltp_measure_count; m++) {
        const ltp_measure *measure = &ltp_measures[m];
        const ltp_level home = ltp_quantity_level(measure->plus);
        const unsigned up = LTP_BIT(LTP_LEVEL_SYSTEM) | LTP_BIT(LTP_LEVEL_REGION) | LTP_BIT(LTP_LEVEL_ENGLAND);
        const unsigned above = measure->levels & ~LTP_BIT(home);
        assert_true(above == 0 || (home == LTP_LEVEL_ORGANISATION && above == up));
        assert_true(measure->minus < 0 || ltp_quantity_level((ltp_quantity)measure->minus) == home);
        assert_true(measure->combine != LTP_COMBINE_RATIO || ltp_quantity_level(measure->over) == home);
        assert_true((measure->event_kind != LTP_EVENT_NONE) == (measure->event != NULL));
        assert_true((measure->event != NULL) == (measure->heading != NULL));
        assert_true((measure->histogram & ~measure->levels) == 0);
        assert_true(!measure->headline || measure->histogram == measure->levels);
        assert_true(measure->indicator == LTP_INDICATOR_NONE || measure->event_kind == LTP_EVENT_ABOVE_ZERO);
        assert_true(measure->long_name && measure->doc && measure->units);
        assert_true(ltp_measure_find(measure->name) == measure); /* no name twice */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_every),       cmocka_unit_test(test_paths),
        cmocka_unit_test(test_first_year), cmocka_unit_test(test_ratio),       cmocka_unit_test(test_scheme),
        cmocka_unit_test(test_absence),    cmocka_unit_test(test_layer_owner), cmocka_unit_test(test_order),
        cmocka_unit_test(test_year_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
