/* The pieces of programmes, cost and mechanisms, against numerical integration and the formulas written out. */
#include "models/programme.h"

#include <stdlib.h>

#include "models/cost.h"
#include "models/mechanism.h"
#include "tests/support/test.h"

/* Height of the ramp at `time` years since the start of year 1. */
static double ramp(double time, double start, double length, bool s_curve) {
    if (time < start)
        return 0.0;
    if (length == 0.0 || time >= start + length)
        return 1.0;
    const double u = (time - start) / length;
    return s_curve ? 3 * u * u - 2 * u * u * u : u;
}

/* Composite Simpson between the corners of the ramp: exact for cubics, so exact here but for rounding. */
static double integral(double from, double to, double start, double length, bool s_curve) {
    const double corner[4] = {from, fmin(fmax(start, from), to), fmin(fmax(start + length, from), to), to};
    double sum = 0.0;
    for (int k = 0; k < 3; k++) {
        const double a = corner[k], b = corner[k + 1], m = 0.5 * (a + b), h = 1e-9 * (b - a);
        if (b > a) /* the ends are read from inside the piece */
            sum += (b - a) / 6 *
                   (ramp(a + h, start, length, s_curve) + 4 * ramp(m, start, length, s_curve) +
                    ramp(b - h, start, length, s_curve));
    }
    return sum;
}

static void in_place_is_the_average_of_the_ramp(void **state) {
    (void)state;
    static const double start[] = {-7.25, -1.0, -0.4, 0.0, 0.25, 0.5, 0.999, 1.0, 1.75, 3.0, 6.0};
    static const double length[] = {0.0, 1.0 / 12.0, 0.5, 1.0, 1.5, 3.0, 9.0};
    int compared = 0;
    for (size_t s = 0; s < sizeof start / sizeof start[0]; s++)
        for (size_t l = 0; l < sizeof length / sizeof length[0]; l++)
            for (int curve = 0; curve < 2; curve++)
                for (int year = 1; year <= 5; year++, compared++) {
                    const double in_place = ltp_in_place(start[s], length[l], curve, year);
                    assert_near(in_place, integral(year - 1, year, start[s], length[l], curve), 1e-8);
                    assert_true(in_place >= 0.0 && in_place <= 1.0 + 1e-14);
                }
    assert_int_equal(compared, 11 * 7 * 2 * 5);
}

static void in_place_by_hand(void **state) {
    (void)state;
    assert_near(ltp_in_place(0.5, 0.5, false, 1), 0.25, 1e-15); /* 1 October, six months */
    assert_near(ltp_in_place(0.5, 0.5, true, 1), 0.25, 1e-15);  /* the S-curve is symmetrical */
    assert_near(ltp_in_place(0.0, 2.0, false, 1), 0.25, 1e-15);
    assert_near(ltp_in_place(0.0, 2.0, false, 2), 0.75, 1e-15);
    assert_near(ltp_in_place(0.0, 2.0, true, 1), 2 * (0.125 - 0.03125), 1e-15); /* 2(u³ − u⁴/2) at u = ½ */
    assert_near(ltp_in_place(0.0, 2.0, true, 2), 1 - 0.1875, 1e-15);
    assert_near(ltp_in_place(0.25, 0.0, false, 1), 0.75, 1e-15);
    assert_near(ltp_in_place(-3.0, 1.0, false, 1), 1.0, 1e-15); /* long done */
    assert_near(ltp_in_place(1.0, 0.0, false, 1), 0.0, 0.0);
    /* a check that can fail: linear and S-curve differ wherever the year does not hold the whole ramp */
    assert_true(fabs(ltp_in_place(0.0, 2.0, true, 1) - ltp_in_place(0.0, 2.0, false, 1)) > 0.05);
}

/* What is delivered in all is the time left, less half the ramp, whatever the curve: nothing is lost between years. */
static void years_add_up(void **state) {
    (void)state;
    for (double start = -0.7; start < 4; start += 0.3)
        for (double length = 0; length < 5; length += 0.7)
            for (int curve = 0; curve < 2; curve++) {
                double sum = 0.0;
                for (int year = 1; year <= 20; year++)
                    sum += ltp_in_place(start, length, curve, year);
                const double before = integral(fmin(start, 0.0), 0.0, start, length, curve);
                assert_near(sum, 20 - start - length / 2 - before, 1e-7);
            }
}

static void variable_share_rises_to_the_long_run(void **state) {
    (void)state;
    const ltp_variable_share share = {.first_year = 0.5, .long_run = 0.85, .years = 3};
    static const double expected[] = {0.5, 0.5 + 0.35 / 3, 0.5 + 0.35 * 2 / 3, 0.85, 0.85, 0.85};
    for (int age = 1; age <= 6; age++)
        assert_near(ltp_variable_share_at(&share, age), expected[age - 1], 1e-15);
    const ltp_variable_share flat = {.first_year = 0.6, .long_run = 0.6, .years = 1};
    for (int age = 1; age <= 6; age++)
        assert_near(ltp_variable_share_at(&flat, age), 0.6, 0.0);
    const ltp_variable_share next = {.first_year = 0.5, .long_run = 0.8, .years = 1};
    assert_near(ltp_variable_share_at(&next, 2), 0.8, 1e-15);
}

/* --- mechanisms --- */

#define LANES 64
typedef struct {
    _Alignas(64) double activity[LANES], plan[LANES], index[LANES], volume[LANES], unit[LANES];
} payment;

static ltp_line_view view_of(payment *p) {
    for (int i = 0; i < LANES; i++) {
        p->activity[i] = 0.9 + 0.004 * i;
        p->plan[i] = 1.02 - 0.001 * i;
        p->index[i] = 1.0 + 0.002 * i;
    }
    return (ltp_line_view){.activity = p->activity, .plan = p->plan, .index = p->index};
}

static void pay(const char *name, const ltp_line_view *view, payment *p) {
    const ltp_mechanism *mechanism = ltp_mechanism_find(name);
    assert_non_null(mechanism);
    mechanism->pay(view, p->volume, p->unit, LANES);
}

static void mechanisms_pay_what_their_formula_says(void **state) {
    (void)state;
    payment p;
    ltp_line_view view = view_of(&p);
    view.share = 0.2;
    assert_true(ltp_mechanism_find("activity")->pays_activity); /* what is paid for is the activity itself */
    pay("activity", &view, &p);
    for (int i = 0; i < LANES; i++) {
        assert_near(p.unit[i], p.activity[i] * p.index[i], 1e-15);
    }
    pay("pass_through", &view, &p);
    for (int i = 0; i < LANES; i++)
        assert_near(p.unit[i], p.activity[i] * p.index[i], 1e-15);
    pay("blended", &view, &p);
    for (int i = 0; i < LANES; i++) {
        assert_near(p.volume[i], 0.8 * p.plan[i] + 0.2 * p.activity[i], 1e-15);
        assert_near(p.unit[i], (0.8 * p.plan[i] + 0.2 * p.activity[i]) * p.index[i], 1e-15);
    }
}

static void blended_lies_between_block_and_activity(void **state) {
    (void)state;
    payment p;
    ltp_line_view view = view_of(&p);
    view.share = 1.0;
    pay("blended", &view, &p);
    for (int i = 0; i < LANES; i++)
        assert_near(p.unit[i], p.activity[i] * p.index[i], 1e-15);
    view.share = 0.0;
    pay("blended", &view, &p);
    for (int i = 0; i < LANES; i++)
        assert_near(p.unit[i], p.plan[i] * p.index[i], 1e-15);
}

static void block_and_fixed_do_not_follow_activity(void **state) {
    (void)state;
    payment p;
    ltp_line_view view = view_of(&p);
    view.activity = view.plan = NULL; /* what they must not read */
    pay("block", &view, &p);
    for (int i = 0; i < LANES; i++) {
        assert_near(p.unit[i], p.index[i], 0.0);
    }
    view.index = NULL;
    view.given = 1.100239;
    pay("block", &view, &p);
    for (int i = 0; i < LANES; i++)
        assert_near(p.unit[i], 1.100239, 0.0);
    view.index = p.index; /* λ */
    view.given = 70;
    view.other = 4;
    for (int i = 0; i < LANES; i++)
        p.index[i] = i / 63.0;
    pay("fixed", &view, &p);
    for (int i = 0; i < LANES; i++)
        assert_near(p.unit[i], 70 + 4 * (i / 63.0), 1e-13);
}

static void lists_find_their_own(void **state) {
    (void)state;
    size_t count;
    const ltp_mechanism *const *mechanism = ltp_mechanism_all(&count);
    assert_int_equal(count, 5);
    for (size_t k = 0; k < count; k++)
        assert_ptr_equal(ltp_mechanism_find(mechanism[k]->name), mechanism[k]);
    assert_null(ltp_mechanism_find("blend"));
    const ltp_programme_kind *const *kind = ltp_programme_kind_all(&count);
    assert_int_equal(count, 8);
    for (size_t k = 0; k < count; k++)
        assert_ptr_equal(ltp_programme_kind_find(kind[k]->name), kind[k]);
    assert_null(ltp_programme_kind_find("unit cost"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_place_is_the_average_of_the_ramp),
        cmocka_unit_test(in_place_by_hand),
        cmocka_unit_test(years_add_up),
        cmocka_unit_test(variable_share_rises_to_the_long_run),
        cmocka_unit_test(mechanisms_pay_what_their_formula_says),
        cmocka_unit_test(blended_lies_between_block_and_activity),
        cmocka_unit_test(block_and_fixed_do_not_follow_activity),
        cmocka_unit_test(lists_find_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
