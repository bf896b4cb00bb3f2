/* What every cmocka test includes. */
#ifndef LTP_TESTS_SUPPORT_TEST_H
#define LTP_TESTS_SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* cmocka 1.1.5 has no assert for doubles (assert_float_equal casts to float). */
#define assert_near(actual, expected, tolerance)                                                                       \
    do {                                                                                                               \
        double a_ = (actual), e_ = (expected), t_ = (tolerance);                                                       \
        if (!(fabs(a_ - e_) <= t_))                                                                                    \
            fail_msg("%s = %.17g, expected %.17g ± %.3g (off by %.3g)", #actual, a_, e_, t_, a_ - e_);                 \
    } while (0)

/* A figure printed with `digits` decimals. */
#define assert_printed(actual, expected, digits) assert_near((actual), (expected), 0.5 * pow(10.0, -(digits)) + 1e-12)
#define assert_not_printed(actual, wrong, digits) assert_true(fabs((actual) - (wrong)) > 0.5 * pow(10.0, -(digits)))

#endif
