/* Copula factors: known Choleskys, components, bits that do not move, refusals with remedies that work. */
#include "tests/support/test.h"

#include <gsl/gsl_errno.h>

#include "models/cholesky.h"
#include "models/correlation.h"
#include "models/nearest_correlation.h"
#include "tests/support/pool.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static ltp_copula build(size_t count, const char *const *names, const double *persistence, size_t pair_count,
                        const ltp_correlation_pair *pairs) {
    ltp_copula copula;
    if (ltp_copula_build(&copula, pool, count, names, persistence, pair_count, pairs, &problem) != LTP_OK)
        fail_msg("%s", problem.message);
    return copula;
}

/* Largest |later·laterᵀ − (R − ΦRΦ)| and |first·firstᵀ − R|, with R rebuilt from the pairs. */
static double factor_error(const ltp_copula_component *c, const double *persistence, size_t pair_count,
                           const ltp_correlation_pair *pairs) {
    double worst = 0.0;
    for (size_t i = 0; i < c->count; i++) {
        for (size_t j = 0; j < c->count; j++) {
            double first = 0.0, later = 0.0, r = i == j;
            for (size_t k = 0; k < c->count; k++) {
                first += c->first[i * c->count + k] * c->first[j * c->count + k];
                later += c->later[i * c->count + k] * c->later[j * c->count + k];
            }
            for (size_t p = 0; p < pair_count; p++)
                if ((pairs[p].a == c->driver[i] && pairs[p].b == c->driver[j]) ||
                    (pairs[p].b == c->driver[i] && pairs[p].a == c->driver[j]))
                    r = pairs[p].correlation;
            const double s = r * (1.0 - persistence[c->driver[i]] * persistence[c->driver[j]]);
            worst = fmax(worst, fmax(fabs(first - r), fabs(later - s)));
        }
    }
    return worst;
}

static void test_cholesky_of_known_matrices(void **state) {
    (void)state;
    /* By hand: l11 = 1, l21 = r21, l22 = √(1 − ¼), l32 = (r32 − l31·l21)/l22, … */
    const double r[9] = {1.0, 0.5, 0.25, 0.5, 1.0, 0.5, 0.25, 0.5, 1.0};
    const double expected[9] = {1.0, 0.0, 0.0, 0.5, sqrt(0.75), 0.0, 0.25, 0.375 / sqrt(0.75), sqrt(0.75)};
    double lower[9];
    assert_true(ltp_cholesky(3, r, lower));
    for (int i = 0; i < 9; i++)
        assert_near(lower[i], expected[i], 1e-15);
    const double same[4] = {1.0, -1.0, -1.0, 1.0}; /* semidefinite: rank 1 */
    assert_true(ltp_cholesky(2, same, lower));
    assert_true(lower[0] == 1.0 && lower[1] == 0.0 && lower[2] == -1.0 && lower[3] == 0.0);
    const double zero[4] = {0.0, 0.0, 0.0, 0.0};
    assert_true(ltp_cholesky(2, zero, lower));
    const double no_row[4] = {0.0, 0.1, 0.1, 1.0}, indefinite[4] = {1.0, 1.1, 1.1, 1.0};
    assert_false(ltp_cholesky(2, no_row, lower));
    assert_false(ltp_cholesky(2, indefinite, lower));
}

static void test_two_drivers_have_the_textbook_factors(void **state) {
    (void)state;
    const char *const names[] = {"price.pay", "demand.nonelective"};
    const double persistence[] = {0.6, 0.6};
    const ltp_correlation_pair pairs[] = {{0, 1, 0.8}};
    const ltp_copula copula = build(2, names, persistence, 1, pairs);
    assert_int_equal(copula.component_count, 1);
    const ltp_copula_component *c = &copula.component[0];
    assert_int_equal(c->driver[0], 1); /* name order */
    assert_int_equal(c->driver[1], 0);
    assert_near(c->first[2], 0.8, 1e-15);
    assert_near(c->first[3], 0.6, 1e-15);
    assert_near(c->later[0], 0.8, 1e-15); /* sqrt(1 − 0.36) × chol(R) */
    assert_near(c->later[2], 0.64, 1e-15);
    assert_near(c->later[3], 0.48, 1e-15);
}

static void test_factors_multiply_back(void **state) {
    (void)state;
    const char *const names[] = {"e", "b", "d", "a", "c"};
    const double persistence[] = {0.0, 0.5, 0.9, 0.7, 0.3};
    const ltp_correlation_pair pairs[] = {{0, 1, 0.4}, {1, 2, -0.3}, {2, 3, 0.5}, {3, 4, 0.2}, {4, 0, 0.6}};
    const ltp_copula copula = build(5, names, persistence, COUNT(pairs), pairs);
    assert_int_equal(copula.component_count, 1);
    assert_near(factor_error(&copula.component[0], persistence, COUNT(pairs), pairs), 0.0, 1e-15);
    /* and the check sees a factor of another matrix */
    copula.component[0].later[0] *= 1.0001;
    assert_true(factor_error(&copula.component[0], persistence, COUNT(pairs), pairs) > 1e-5);
}

static void test_lasting_drivers_have_no_innovation(void **state) {
    (void)state;
    const char *const names[] = {"a", "b", "c"};
    const double persistence[] = {1.0, 1.0, 1.0};
    const ltp_correlation_pair pairs[] = {{0, 1, 0.9}, {1, 2, -0.2}};
    const ltp_copula copula = build(3, names, persistence, 2, pairs);
    for (int i = 0; i < 9; i++)
        assert_true(copula.component[0].later[i] == 0.0);
    assert_near(factor_error(&copula.component[0], persistence, 2, pairs), 0.0, 1e-15);
}

static void test_components_follow_the_graph_in_name_order(void **state) {
    (void)state;
    const char *const names[] = {"z", "m", "y", "b", "alone", "a"};
    const double persistence[6] = {0};
    /* z–y, a–m; b and alone by themselves: 0 connects nothing */
    const ltp_correlation_pair pairs[] = {{0, 2, 0.5}, {5, 1, 0.3}, {3, 4, 0.0}, {4, 0, 0.0}};
    const ltp_copula copula = build(6, names, persistence, COUNT(pairs), pairs);
    assert_int_equal(copula.component_count, 2);
    assert_int_equal(copula.component[0].driver[0], 5);
    assert_int_equal(copula.component[0].driver[1], 1);
    assert_int_equal(copula.component[1].driver[0], 2);
    assert_int_equal(copula.component[1].driver[1], 0);
    const ltp_copula none = build(6, names, persistence, 0, NULL);
    assert_int_equal(none.component_count, 0);
}

static void test_an_unconnected_driver_moves_no_bit(void **state) {
    (void)state;
    const char *const names[] = {"c", "a", "b"};
    const double persistence[] = {0.3, 0.7, 0.45};
    const ltp_correlation_pair pairs[] = {{0, 1, 0.31}, {1, 2, -0.17}, {0, 2, 0.23}};
    const ltp_copula before = build(3, names, persistence, 3, pairs);
    /* another order, others in between, another component before it */
    const char *const more[] = {"aa", "b", "0", "1", "a", "zz", "c"};
    const double more_persistence[] = {0.9, 0.45, 0.2, 0.2, 0.7, 1.0, 0.3};
    const ltp_correlation_pair more_pairs[] = {{2, 3, 0.5}, {1, 4, -0.17}, {4, 6, 0.31}, {6, 1, 0.23}, {5, 6, 0.0}};
    const ltp_copula after = build(7, more, more_persistence, 5, more_pairs);
    assert_int_equal(after.component_count, 2);
    assert_int_equal(after.component[1].count, 3);
    assert_memory_equal(before.component[0].first, after.component[1].first, 9 * sizeof(double));
    assert_memory_equal(before.component[0].later, after.component[1].later, 9 * sizeof(double));
}

/* ---- refusals -------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t count;
    const char *const *names;
    const double *persistence;
    size_t pair_count;
    const ltp_correlation_pair *pairs;
} request;

static void assert_refused(request r, const char *const parts[5]) {
    ltp_copula copula;
    assert_int_equal(ltp_copula_build(&copula, pool, r.count, r.names, r.persistence, r.pair_count, r.pairs, &problem),
                     LTP_ERROR_INPUT);
    for (int i = 0; i < 5 && parts[i]; i++) {
        if (!strstr(problem.message, parts[i]))
            fail_msg("\"%s\" lacks \"%s\"", problem.message, parts[i]);
    }
}

static bool accepted(request r) {
    ltp_copula copula;
    return ltp_copula_build(&copula, pool, r.count, r.names, r.persistence, r.pair_count, r.pairs, &problem) == LTP_OK;
}

static const char *const abc[] = {"price.pay", "price.drugs", "price.energy"};

static void test_bad_pairs_are_named(void **state) {
    (void)state;
    const double free_persistence[] = {0.0, 0.0, 0.0}, wrong[] = {0.0, 1.5, 0.0};
    const ltp_correlation_pair self[] = {{1, 1, 0.5}}, large[] = {{0, 1, 1.2}}, odd[] = {{0, 1, NAN}};
    const ltp_correlation_pair twice[] = {{0, 1, 0.2}, {1, 0, 0.3}};
    assert_refused((request){3, abc, free_persistence, 1, self},
                   (const char *const[5]){"'price.drugs' is correlated with itself"});
    assert_refused((request){3, abc, free_persistence, 1, large},
                   (const char *const[5]){"'price.pay' and 'price.drugs' is 1.2", "between -1 and 1"});
    assert_refused((request){3, abc, free_persistence, 1, odd}, (const char *const[5]){"nan", "between -1 and 1"});
    assert_refused((request){3, abc, free_persistence, 2, twice},
                   (const char *const[5]){"given twice (0.2 and 0.3)", "expected once"});
    assert_refused((request){3, abc, wrong, 1, twice},
                   (const char *const[5]){"persistence of driver 'price.drugs' is 1.5", "between 0 and 1"});
}

/* The 3 × 3 example of Higham 2002: the nearest to [1 1 0; 1 1 1; 0 1 1] has 0.7607 and 0.1573. */
static void test_nearest_is_highams_example(void **state) {
    (void)state;
    const double matrix[9] = {1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0};
    double nearest[9], scratch[18];
    assert_int_equal(ltp_nearest_correlation(3, matrix, nearest, &problem), LTP_OK);
    assert_near(nearest[1], 0.7607, 5e-5);
    assert_near(nearest[5], 0.7607, 5e-5);
    assert_near(nearest[2], 0.1573, 5e-5);
    /* λ_min = 1 − √2, so 1/√2 */
    assert_near(ltp_largest_shrink(3, matrix, scratch), 0.707, 1e-12);
}

static void test_contradiction_offers_what_works(void **state) {
    (void)state;
    const double persistence[] = {0.0, 0.0, 0.0};
    const ltp_correlation_pair pairs[] = {{0, 1, 1.0}, {1, 2, 1.0}};
    const request r = {3, abc, persistence, 2, pairs};
    assert_refused(r, (const char *const[5]){"'price.drugs', 'price.energy', 'price.pay'", "contradict",
                                             "by 0.707 or less", "'price.drugs'–'price.energy' 1 → 0.76",
                                             "'price.energy'–'price.pay' 0 → 0.157"});
    const ltp_correlation_pair printed[] = {{0, 1, 0.76}, {1, 2, 0.76}, {0, 2, 0.157}};
    const ltp_correlation_pair shrunk[] = {{0, 1, 0.707}, {1, 2, 0.707}}, more[] = {{0, 1, 0.708}, {1, 2, 0.708}};
    assert_true(accepted((request){3, abc, persistence, 3, printed}));
    assert_true(accepted((request){3, abc, persistence, 2, shrunk}));
    assert_false(accepted((request){3, abc, persistence, 2, more}));
}

static void test_persistence_bounds_a_pair(void **state) {
    (void)state;
    /* sqrt((1 − .81)(1 − .04))/(1 − .18) = 0.52083… */
    const double persistence[] = {0.9, 0.2, 0.0}, lasting[] = {1.0, 0.5, 0.0};
    const ltp_correlation_pair pairs[] = {{0, 1, -0.6}}, at_bound[] = {{0, 1, -0.5208}}, above[] = {{0, 1, 0.5209}};
    assert_refused((request){3, abc, persistence, 1, pairs},
                   (const char *const[5]){"'price.drugs' (persistence 0.2)", "'price.pay' (persistence 0.9) is -0.6",
                                          "at most 0.5208 in size", "equal ones any",
                                          "'price.drugs'–'price.pay' -0.6 → -0.52"});
    assert_true(accepted((request){3, abc, persistence, 1, at_bound}));
    assert_false(accepted((request){3, abc, persistence, 1, above}));
    assert_refused((request){3, abc, lasting, 1, pairs},
                   (const char *const[5]){"'price.pay' (persistence 1)", "at most 0 in size", "-0.6 → 0"});
    const double equal[] = {0.77, 0.77, 0.0};
    const ltp_correlation_pair one[] = {{0, 1, 1.0}};
    assert_true(accepted((request){3, abc, equal, 1, one}));
}

static void test_pairs_within_bounds_may_fail_together(void **state) {
    (void)state;
    /* R is possible, each pair is within its bound, C is not. */
    const double persistence[] = {0.9, 0.0, 0.9};
    const ltp_correlation_pair pairs[] = {{0, 1, 0.42}, {1, 2, 0.42}, {0, 2, 0.3}};
    const double r[9] = {1.0, 0.42, 0.3, 0.42, 1.0, 0.42, 0.3, 0.42, 1.0};
    double lower[9];
    assert_true(ltp_cholesky(3, r, lower));
    assert_refused((request){3, abc, persistence, 3, pairs},
                   (const char *const[5]){"cannot hold in every year", "each pair alone is within its bound",
                                          "is 0.42 of at most 0.4358", "all together", "nearest possible"});
    double factor = 0.0;
    assert_int_equal(sscanf(strstr(problem.message, "them by "), "them by %lf", &factor), 1);
    ltp_correlation_pair shrunk[3], more[3];
    for (int i = 0; i < 3; i++) {
        shrunk[i] = more[i] = pairs[i];
        shrunk[i].correlation *= factor;
        more[i].correlation *= factor + 0.001;
    }
    assert_true(accepted((request){3, abc, persistence, 3, shrunk}));
    assert_false(accepted((request){3, abc, persistence, 3, more}));
}

/* 40 drivers: the message keeps to its length and says what it leaves out. */
static void test_a_large_contradiction_is_cut_short(void **state) {
    (void)state;
    static char text[40][16];
    const char *names[40];
    double persistence[40] = {0};
    ltp_correlation_pair pairs[39];
    for (size_t i = 0; i < 40; i++) {
        snprintf(text[i], sizeof text[i], "driver.%02zu", i);
        names[i] = text[i];
        if (i < 39)
            pairs[i] = (ltp_correlation_pair){i, i + 1, i % 2 ? 0.9 : -0.8};
    }
    assert_refused(
        (request){40, names, persistence, 39, pairs},
        (const char *const[5]){"'driver.00'", "and 32 more", "or less", "'driver.01'–'driver.02' 0.9", "more"});
    assert_true(strlen(problem.message) < sizeof problem.message - 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cholesky_of_known_matrices),
        cmocka_unit_test(test_two_drivers_have_the_textbook_factors),
        cmocka_unit_test(test_factors_multiply_back),
        cmocka_unit_test(test_lasting_drivers_have_no_innovation),
        cmocka_unit_test(test_components_follow_the_graph_in_name_order),
        cmocka_unit_test(test_an_unconnected_driver_moves_no_bit),
        cmocka_unit_test(test_bad_pairs_are_named),
        cmocka_unit_test(test_nearest_is_highams_example),
        cmocka_unit_test(test_contradiction_offers_what_works),
        cmocka_unit_test(test_persistence_bounds_a_pair),
        cmocka_unit_test(test_pairs_within_bounds_may_fail_together),
        cmocka_unit_test(test_a_large_contradiction_is_cut_short),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, open_pool, close_pool);
}
