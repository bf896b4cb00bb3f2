/* What must hold of capital on every path, and of failures over many: counts and costs against their closed forms, at
 * k = 5 standard errors (a false alarm in 1.7 million for each figure), each with a control that must fail. */
#include <stdlib.h>

#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define YEARS 4
#define BLOCKS 40
#define K 5.0

static workspace where;

static void capital(const char *const system, const double envelope[YEARS], double equipment) {
    for (int t = 0; t < YEARS; t++) {
        char row[96];
        snprintf(row, sizeof row, "%s,%d/%d,%.17g,%.17g", system, 2019 + t, 20 + t, envelope[t], equipment);
        workspace_add(&where, "capital.csv", row);
    }
}

/* --- failures --- */

#define RATE 0.1
#define BACKLOG 20.0
#define MEAN 1.5
#define SD 0.75

static void risky_world(const char *more_drivers) {
    where = workspace_copy("tests/support/flat");
    workspace_print(
        &where, "drivers.csv",
        "name,target,scope,family,mean,sd,value,persistence\ntariff.uplift,tariff.uplift,national,fixed,0,,,\n"
        "rate,capital.failure_rate,national,fixed,%g,,,\ncost,capital.failure_cost,national,lognormal,%g,%g,,\n"
        "%s",
        RATE, MEAN, SD, more_drivers);
    workspace_write(&where, "capital.csv", "system,year,envelope,equipment_need\n");
    workspace_print(&where, "backlog.csv", "code,risk,amount\nT,high,%g\n", BACKLOG);
}

/* Blocks are independent replicates, stratified within: errors from the spread between them. */
typedef struct {
    double mean, se;
} estimate;

static estimate over_blocks(const double value[BLOCKS]) {
    double sum = 0.0, square = 0.0;
    for (int b = 0; b < BLOCKS; b++)
        sum += value[b];
    for (int b = 0; b < BLOCKS; b++)
        square += (value[b] - sum / BLOCKS) * (value[b] - sum / BLOCKS);
    return (estimate){sum / BLOCKS, sqrt(square / (BLOCKS - 1) / BLOCKS)};
}

static bool agrees(estimate found, double expected) {
    return fabs(found.mean - expected) <= K * found.se;
}

static void failures_are_compound_poisson(void **state) {
    (void)state;
    risky_world("");
    capital("S", (const double[]){0, 0, 15, 0}, 0);
    simulation s = simulation_open(where.path, NULL);
    s.keep = KEEP(FAILURE_COST);
    for (int year = 2; year <= 3; year++) {
        const double lambda = RATE * (year == 2 ? BACKLOG : 5.0); /* three quarters are funded in the third year */
        double mean[BLOCKS], variance[BLOCKS], none[BLOCKS];
        for (int b = 0; b < BLOCKS; b++) {
            simulation_run(&s, (uint32_t)b);
            const double *cost = simulation_row(&s, LTP_QUANTITY_FAILURE_COST, "T", NULL, "plan", year);
            mean[b] = variance[b] = none[b] = 0.0;
            for (size_t i = 0; i < LTP_BLOCK; i++) {
                mean[b] += cost[i] / LTP_BLOCK;
                variance[b] += (cost[i] - lambda * MEAN) * (cost[i] - lambda * MEAN) / LTP_BLOCK;
                none[b] += cost[i] == 0.0 ? 1.0 / LTP_BLOCK : 0.0;
            }
        }
        assert_true(agrees(over_blocks(mean), lambda * MEAN));
        assert_true(agrees(over_blocks(variance), lambda * (MEAN * MEAN + SD * SD)));
        assert_near(over_blocks(none).mean, exp(-lambda), 1.0 / LTP_BLOCK); /* one stratified u */
        /* what must not agree: another rate, costs that do not vary, or one cost for all failures of a path */
        assert_false(agrees(over_blocks(mean), 1.03 * lambda * MEAN));
        assert_false(agrees(over_blocks(variance), lambda * MEAN * MEAN));
        assert_false(agrees(over_blocks(variance), lambda * MEAN * MEAN + (lambda + lambda * lambda) * SD * SD));
    }
    simulation_close(&s);
    workspace_remove(&where);
}

/* The count of each path is the inverse at its u, to the last place: from the distribution of a fixed cost. */
static void counts_have_poisson_probabilities(void **state) {
    (void)state;
    static const double amount[] = {0.5, 20, 400, 4000};
    for (size_t k = 0; k < sizeof amount / sizeof *amount; k++) {
        const double lambda = RATE * amount[k];
        char text[64];
        risky_world("");
        capital("S", (const double[]){0, 0, 0, 0}, 0);
        workspace_set(&where, "drivers.csv", "cost", "family", "fixed");
        workspace_set(&where, "drivers.csv", "cost", "mean", "1");
        workspace_set(&where, "drivers.csv", "cost", "sd", "");
        snprintf(text, sizeof text, "%g", amount[k]);
        workspace_set(&where, "backlog.csv", "T", "amount", text);
        simulation s = simulation_open(where.path, NULL);
        s.keep = KEEP(FAILURE_COST);
        simulation_run(&s, 0);
        const double *cost = simulation_row(&s, LTP_QUANTITY_FAILURE_COST, "T", NULL, "plan", 1);
        double below = 0.0, chance = exp(-lambda);
        for (int n = 0; n <= 4 * lambda + 20; n++) {
            int count = 0;
            below += chance;
            chance *= lambda / (n + 1);
            for (size_t i = 0; i < LTP_BLOCK; i++)
                count += cost[i] <= n;
            assert_near((double)count / LTP_BLOCK, below, 1.0 / LTP_BLOCK + 1e-9); /* one u in each stratum */
        }
        simulation_close(&s);
        workspace_remove(&where);
    }
}

/* Layers share draws: less backlog never fails more, path by path; the same backlog fails the same. */
static void layers_share_failures(void **state) {
    (void)state;
    risky_world("");
    capital("S", (const double[]){3, 3, 3, 3}, 0);
    workspace_write(&where, "schemes.csv",
                    "code,organisation,priority,funding,cost,start,years,life_years,clears_backlog\n"
                    "A,T,1,ring_fenced,10,2019-04-01,1,25,9\n");
    simulation s = simulation_open(where.path, NULL);
    s.keep = KEEP(FAILURE_COST) | KEEP(CAPITAL_CARRIED);
    simulation_run(&s, 3);
    int fewer = 0, some = 0;
    for (int year = 1; year <= YEARS; year++)
        for (size_t i = 0; i < LTP_BLOCK; i++) {
            const double nothing = simulation_value(&s, LTP_QUANTITY_FAILURE_COST, "T", NULL, "do_nothing", year, i);
            const double plan = simulation_value(&s, LTP_QUANTITY_FAILURE_COST, "T", NULL, "plan", year, i);
            assert_true(year == 1 ? plan == nothing : plan <= nothing);
            fewer += plan < nothing;
            some += plan > 0.0 && plan < nothing;
        }
    assert_true(fewer > 500 && some > 100);
    /* with every driver at its mean: rate × backlog × mean cost */
    simulation_expect(&s);
    for (int year = 1; year <= YEARS; year++)
        assert_near(simulation_value(&s, LTP_QUANTITY_FAILURE_COST, "T", NULL, "do_nothing", year, 0),
                    RATE * (BACKLOG - 3 * year) * MEAN, 1e-12);
    simulation_close(&s);
    workspace_remove(&where);
}

/* A rate beyond what can be inverted is moved to the bound and counted, never passed over. */
static void rates_beyond_the_bound_are_counted(void **state) {
    (void)state;
    risky_world("growth,backlog.growth,national,fixed,2,,,\n");
    capital("S", (const double[]){0, 0, 0, 0}, 0);
    workspace_set(&where, "backlog.csv", "T", "amount", "3000"); /* 300, 900, … failures a year */
    simulation s = simulation_open(where.path, NULL);
    s.keep = 0;
    simulation_run(&s, 0);
    assert_true(s.state->beyond >= 3 * LTP_BLOCK);
    simulation_close(&s);
    workspace_remove(&where);
}

/* --- funding --- */

static uint64_t seed;

static double uniform(void) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(seed >> 11) * 0x1p-53;
}

/* Three trusts of one system with needs and an envelope of their own chance; `more` on each year's envelope. */
static void random_world(uint64_t which, double more, bool schemes) {
    static const char *const risk[] = {"high", "significant", "moderate", "low"};
    static const char *const trust[] = {"T", "U", "V"};
    char row[160];
    seed = which * 2 + 1;
    where = workspace_copy("tests/support/flat");
    workspace_set(&where, "allocations.csv", "C,core", "amount", "230");
    for (int o = 1; o < 3; o++) {
        snprintf(row, sizeof row, "%s,Trust,acute,S,0", trust[o]);
        workspace_add(&where, "organisations.csv", row);
        snprintf(row, sizeof row, "C,%s,acute,,15,150,block,0,0,0,0", trust[o]);
        workspace_add(&where, "flows.csv", row);
        snprintf(row, sizeof row, "%s,STAFF,,pay,15,,,,,,", trust[o]);
        workspace_add(&where, "flows.csv", row);
    }
    workspace_set(&where, "services.csv", "acute", "length_of_stay_days", "5");
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean,sd,share_organisation,share_system,share_national\n"
                    "tariff.uplift,tariff.uplift,national,fixed,0,,,,\n"
                    "demand,demand.acute,organisation,normal,0.03,0.02,0.5,,0.5\n"
                    "building,price.building,organisation,normal,0.04,0.03,1,0,0\n"
                    "growth,backlog.growth,organisation,normal,0.02,0.03,1,0,0\n"
                    "envelope,capital.envelope,system,normal,-0.05,0.3,0,1,0\n"
                    "bias,,organisation,lognormal,1.2,0.3,1,0,0\nlate,,organisation,gamma,6,8,1,0,0\n"
                    "rate,capital.failure_rate,organisation,gamma,0.05,0.02,1,0,0\n"
                    "cost,capital.failure_cost,national,lognormal,1,1,,,\n");
    workspace_write(&where, "backlog.csv", "code,risk,amount,growth_unfunded\n");
    workspace_write(&where, "beds.csv", "code,beds_open,cost_per_bed\n");
    for (int o = 0; o < 3; o++) {
        for (int k = 0; k < 4; k++) {
            snprintf(row, sizeof row, "%s,%s,%.6f,%.6f", trust[o], risk[k], 30 * uniform(), 0.2 * uniform());
            workspace_add(&where, "backlog.csv", row);
        }
        snprintf(row, sizeof row, "%s,%.6f,%.6f", trust[o], 300 * uniform(), uniform());
        workspace_add(&where, "beds.csv", row);
    }
    workspace_write(
        &where, "schemes.csv",
        "code,organisation,priority,funding,cost,cost_driver,start,slippage,years,life_years,clears_backlog,"
        "adds_beds,mandatory\n");
    for (int q = 0; q < 6 && schemes; q++) {
        snprintf(row, sizeof row, "S%d,%s,%d,%s,%.6f,bias,%d-04-01,late,%d,%.6f,%.6f,%.6f,%s", q,
                 trust[(int)(3 * uniform())], 1 + (int)(3 * uniform()),
                 uniform() < 0.7   ? "envelope"
                 : uniform() < 0.5 ? "donated"
                                   : "ring_fenced",
                 40 * uniform(), 2018 + (int)(4 * uniform()), 1 + (int)(3 * uniform()), 1 + 30 * uniform(),
                 10 * uniform(), 10 * uniform(), uniform() < 0.3 ? "yes" : "no");
        workspace_add(&where, "schemes.csv", row);
    }
    double envelope[YEARS];
    for (int t = 0; t < YEARS; t++)
        envelope[t] = 120 * uniform() + more;
    workspace_write(&where, "capital.csv", "system,year,envelope,equipment_need\n");
    capital("S", envelope, 12 * uniform());
}

static simulation random_run(uint64_t which, double more, bool schemes) {
    random_world(which, more, schemes);
    simulation s = simulation_open(where.path, NULL);
    s.keep = KEEP(CAPITAL_NEED) | KEEP(CAPITAL_SPEND) | KEEP(CAPITAL_CARRIED) | KEEP(SCHEME_SPEND) | KEEP_GAP;
    simulation_run(&s, 0);
    assert_true(s.state->conservation < 1e-9);
    workspace_remove(&where);
    return s;
}

static double total(const simulation *s, ltp_quantity quantity, const char *need, int year, size_t path) {
    static const char *const trust[] = {"T", "U", "V"};
    double sum = 0.0;
    for (int o = 0; o < 3; o++)
        if (simulation_row(s, quantity, trust[o], need, "plan", year))
            sum += simulation_value(s, quantity, trust[o], need, "plan", year, path);
    return sum;
}

#define ROUNDING 1e-9

/* Needs that can be met in part: more money leaves no more of any of them, in any year. */
static void more_envelope_never_leaves_more(void **state) {
    (void)state;
    static const char *const need[] = {"high", "equipment", "significant", "capacity", "moderate", "low"};
    for (uint64_t which = 0; which < 6; which++) {
        simulation little = random_run(which, 0, false), much = random_run(which, 1 + 10 * (double)which, false);
        int less = 0;
        for (int year = 1; year <= YEARS; year++)
            for (size_t k = 0; k < 6; k++)
                for (size_t i = 0; i < LTP_BLOCK; i += 7) {
                    const double a = total(&little, LTP_QUANTITY_CAPITAL_CARRIED, need[k], year, i);
                    const double b = total(&much, LTP_QUANTITY_CAPITAL_CARRIED, need[k], year, i);
                    assert_true(b <= a + ROUNDING);
                    less += b < a - 1e-3;
                }
        assert_true(less > 100);
        simulation_close(&little);
        simulation_close(&much);
    }
}

/* With schemes, which start whole or not at all: in priority order, the first that is funded otherwise is funded more.
 * In one year from the same start: later years start from other states. */
static void more_envelope_never_funds_less_in_order(void **state) {
    (void)state;
    for (uint64_t which = 0; which < 12; which++) {
        simulation little = random_run(which, 0, true), much = random_run(which, 2 + 2 * (double)which, true);
        const ltp_capital *plan = &little.plan->model.capital;
        int more = 0;
        for (size_t i = 0; i < LTP_BLOCK; i++) {
            int order = 0; /* 0: alike so far, 1: much is ahead */
            for (int k = 0; k < LTP_FUND_COUNT && order == 0; k++) {
                static const char *const need[LTP_FUND_COUNT] = {
                    NULL, NULL, "high", "equipment", NULL, "significant", "capacity", "moderate", "low"};
                for (int q = 0; q < plan->scheme_count && order == 0 && !need[k]; q++) {
                    const ltp_scheme *scheme = &plan->scheme[q];
                    const ltp_fund_step step = scheme->start_year <= 0 ? LTP_FUND_STARTED
                                               : scheme->mandatory     ? LTP_FUND_MANDATORY
                                                                       : LTP_FUND_SCHEMES;
                    const size_t at = (size_t)scheme->roster, last = little.plan->roster.layer.count - 1;
                    if ((int)step != k || scheme->funding != LTP_FUNDING_ENVELOPE)
                        continue;
                    const double gain = simulation_row_at(&much, LTP_QUANTITY_SCHEME_SPEND, at, last, 1)[i] -
                                        simulation_row_at(&little, LTP_QUANTITY_SCHEME_SPEND, at, last, 1)[i];
                    assert_true(gain >= -ROUNDING);
                    order = gain > ROUNDING;
                }
                if (!need[k])
                    continue;
                const double gain = total(&much, LTP_QUANTITY_CAPITAL_SPEND, need[k], 1, i) -
                                    total(&little, LTP_QUANTITY_CAPITAL_SPEND, need[k], 1, i);
                assert_true(gain >= -ROUNDING);
                order = gain > ROUNDING;
            }
            more += order;
        }
        assert_true(more > 100);
        simulation_close(&little);
        simulation_close(&much);
    }
}

/* Need = spend + carried; nothing is negative; the accounts balance, those of capital too (random_run says so). */
static void what_is_needed_is_met_or_left(void **state) {
    (void)state;
    for (uint64_t which = 20; which < 26; which++) {
        simulation s = random_run(which, 0, true);
        for (size_t k = 0; k < s.plan->roster.level[LTP_LEVEL_ORGANISATION].count * LTP_NEED_COUNT; k++)
            for (size_t l = 0; l < s.plan->roster.layer.count; l++)
                for (int year = 1; year <= YEARS; year++) {
                    const double *need = simulation_row_at(&s, LTP_QUANTITY_CAPITAL_NEED, k, l, year);
                    const double *spend = simulation_row_at(&s, LTP_QUANTITY_CAPITAL_SPEND, k, l, year);
                    const double *left = simulation_row_at(&s, LTP_QUANTITY_CAPITAL_CARRIED, k, l, year);
                    for (size_t i = 0; need && i < LTP_BLOCK; i++) {
                        assert_true(spend[i] >= 0.0 && left[i] >= -ROUNDING);
                        assert_near(spend[i] + left[i], need[i], ROUNDING);
                    }
                }
        simulation_close(&s);
    }
}

/* The balance must be able to fail: a scheme's money drawn, and not seen where it is spent. */
static void a_leak_of_capital_is_seen(void **state) {
    (void)state;
    where = workspace_copy("tests/support/flat");
    workspace_write(&where, "capital.csv", "system,year,envelope,equipment_need\n");
    capital("S", (const double[]){9, 9, 9, 9}, 0);
    workspace_write(&where, "schemes.csv",
                    "code,organisation,priority,funding,cost,start,years,life_years,mandatory\n"
                    "A,T,1,envelope,10,2019-04-01,2,25,yes\n");
    simulation s = simulation_open(where.path, NULL);
    s.keep = 0;
    simulation_run(&s, 0);
    assert_true(s.state->conservation < 1e-9);
    ((ltp_capital_system *)s.plan->model.capital.system)->estate_count = 0;
    simulation_run(&s, 0);
    assert_true(s.state->conservation > 1);
    simulation_close(&s);
    workspace_remove(&where);
}

/* --- what must move nothing --- */

static uint64_t digest_with(const char *const files[][2], size_t count) {
    where = workspace_copy("tests/support/everything");
    for (size_t k = 0; k < count; k++)
        workspace_write(&where, files[k][0], files[k][1]);
    simulation s = simulation_open(where.path, NULL);
    simulation_run(&s, 1);
    const uint64_t digest = simulation_digest_all(&s);
    simulation_close(&s);
    workspace_remove(&where);
    return digest;
}

static void empty_tables_move_no_bit(void **state) {
    (void)state;
    static const char *const empty[][2] = {{"backlog.csv", "code,risk,amount\n"},
                                           {"beds.csv", "code,beds_open,cost_per_bed\n"},
                                           {"capital.csv", "system,year,envelope\n"},
                                           {"schemes.csv", "code,organisation,priority,cost,start,life_years\n"}};
    assert_true(digest_with(NULL, 0) == digest_with(empty, sizeof empty / sizeof *empty));
}

static void the_order_of_rows_moves_no_bit(void **state) {
    (void)state;
    for (uint64_t shuffle = 0; shuffle < 3; shuffle++) {
        uint64_t digest[2];
        for (int k = 0; k < 2; k++) {
            random_world(40, 0, true);
            if (k)
                workspace_shuffle(&where, shuffle);
            simulation s = simulation_open(where.path, NULL);
            simulation_run(&s, 0);
            digest[k] = simulation_digest_all(&s);
            simulation_close(&s);
            workspace_remove(&where);
        }
        assert_true(digest[0] == digest[1]);
    }
}

/* Blocks repeat, whatever was simulated before them. */
static void blocks_are_pure(void **state) {
    (void)state;
    random_world(41, 0, true);
    simulation s = simulation_open(where.path, NULL);
    simulation_run(&s, 2);
    const uint64_t digest = simulation_digest_all(&s);
    simulation_run(&s, 5);
    assert_true(simulation_digest_all(&s) != digest);
    simulation_expect(&s);
    s.plan->model.sampling = LTP_SAMPLING_LHS;
    simulation_run(&s, 2);
    assert_true(simulation_digest_all(&s) == digest);
    simulation_close(&s);
    workspace_remove(&where);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_are_compound_poisson),
        cmocka_unit_test(counts_have_poisson_probabilities),
        cmocka_unit_test(layers_share_failures),
        cmocka_unit_test(rates_beyond_the_bound_are_counted),
        cmocka_unit_test(more_envelope_never_leaves_more),
        cmocka_unit_test(more_envelope_never_funds_less_in_order),
        cmocka_unit_test(what_is_needed_is_met_or_left),
        cmocka_unit_test(a_leak_of_capital_is_seen),
        cmocka_unit_test(empty_tables_move_no_bit),
        cmocka_unit_test(the_order_of_rows_moves_no_bit),
        cmocka_unit_test(blocks_are_pure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
