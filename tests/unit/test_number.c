#include <locale.h>

#include "sim/plan/number.h"
#include "tests/support/test.h"

static void numbers_are_read(void **state) {
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},     {"-0", 0},          {"12.5", 12.5},  {"-3", -3},      {"0.031", 0.031},
                {"1e5", 1e5}, {"1.5E-3", 1.5e-3}, {"1e+2", 100.0}, {"0.1000", 0.1}, {"1e308", 1e308}};
    ltp_complaint complaint;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double value = -1;
        assert_true(ltp_number_read(good[i].text, &value, &complaint));
        assert_true(value == good[i].value && !signbit(value) == !signbit(good[i].value));
    }
}

static void refused_numbers_say_what_to_write(void **state) {
    static const struct {
        const char *text, *advice;
    } bad[] = {{"18%", "the fraction, 0.18"},
               {"18.5 %", "the fraction, 0.185"},
               {"-3%", "the fraction, -0.03"},
               {"1,000", "no separators, 1000"},
               {"1 000.5", "no separators, 1000.5"},
               {"1_000", "no separators, 1000"},
               {"010", "no leading zero, 10"},
               {"-007.5", "no leading zero, -7.5"},
               {"00", "no leading zero, 0"},
               {"£5", "the number alone, 5"},
               {"£5m", "the number alone, 5m"},
               {"5m", "the number alone, 5, in the column's unit"},
               {"−3", "a plain hyphen for minus, -3"},
               {"(3.5)", "a minus sign, -3.5"},
               {"1.2.3", "one point at most"},
               {".5", "a digit before the point, 0.5"},
               {"-.5", "a digit before the point, -0.5"},
               {"5.", "no point, 5"},
               {"+5", "no plus sign, 5"},
               {"", "a number"},
               {"nan", "a number such as 12.5"},
               {"NaN", "a number such as 12.5"},
               {"inf", "a number such as 12.5"},
               {"-infinity", "a number such as 12.5"},
               {"0x1F", "decimal digits"},
               {"--1", "a number such as 12.5"},
               {"1e", "the number alone, 1, in the column's unit"},
               {"1e999", "a magnitude from 1e-307 to 1e308, or 0"},
               {"1e-999", "a magnitude from 1e-307 to 1e308, or 0"},
               {"1.0000000000000000000000000000000000000000000000000000000000000000", "at most 64 characters"}};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ltp_complaint complaint = {"", ""};
        double value;
        if (ltp_number_read(bad[i].text, &value, &complaint))
            fail_msg("'%s' was read as %g", bad[i].text, value);
        if (!strstr(complaint.what, "'") || strcmp(complaint.expected, bad[i].advice) != 0)
            fail_msg("'%s': %s; expected %s, not %s", bad[i].text, complaint.what, complaint.expected, bad[i].advice);
    }
}

static void the_point_is_the_point_in_every_locale(void **state) {
    ltp_complaint complaint;
    char text[LTP_NUMBER_TEXT];
    double value;
    (void)state;
    /* Where no comma locale is installed the test still holds, it only proves less. */
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        setlocale(LC_ALL, "fr_FR.UTF-8");
    const bool good = ltp_number_read("1234.5", &value, &complaint);
    ltp_number_text(text, 0.25);
    setlocale(LC_ALL, "C");
    assert_true(good && value == 1234.5);
    assert_string_equal(text, "0.25");
}

static void counts_are_digits(void **state) {
    ltp_complaint complaint;
    double value;
    uint64_t count;
    (void)state;
    assert_true(ltp_integer_read("-12", &value, &complaint) && value == -12);
    assert_false(ltp_integer_read("1e5", &value, &complaint));
    assert_string_equal(complaint.expected, "plain digits, 100000");
    assert_false(ltp_integer_read("2.0", &value, &complaint));
    assert_string_equal(complaint.expected, "plain digits, 2");
    assert_false(ltp_integer_read("2.5", &value, &complaint));
    assert_string_equal(complaint.expected, "a whole number");
    assert_true(ltp_count_read("9223372036854775807", &count, &complaint) && count == INT64_MAX);
    assert_false(ltp_count_read("9223372036854775808", &count, &complaint));
    assert_false(ltp_count_read("99999999999999999999999", &count, &complaint));
    assert_true(ltp_count_read("9007199254740993", &count, &complaint) && count == UINT64_C(9007199254740993));
    assert_false(ltp_count_read("-1", &count, &complaint));
}

static void years_and_dates(void **state) {
    ltp_complaint complaint;
    int first, year, month, day;
    (void)state;
    assert_true(ltp_financial_year_read("2019/20", &first, &complaint) && first == 2019);
    assert_true(ltp_financial_year_read("1999/00", &first, &complaint) && first == 1999);
    static const char *const bad[][2] = {{"2019", "2019/20"},
                                         {"2019-20", "2019/20"},
                                         {"2019/2020", "2019/20"},
                                         {"2019/21", "2019/20"},
                                         {"19/20", "a financial year such as 2019/20"},
                                         {"1066/67", "a financial year such as 2019/20"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(ltp_financial_year_read(bad[i][0], &first, &complaint));
        assert_string_equal(complaint.expected, bad[i][1]);
    }
    assert_true(ltp_date_read("2020-02-29", &year, &month, &day, &complaint) && month == 2 && day == 29);
    assert_false(ltp_date_read("2019-02-29", &year, &month, &day, &complaint));
    assert_false(ltp_date_read("2019-13-01", &year, &month, &day, &complaint));
    assert_false(ltp_date_read("01/10/2019", &year, &month, &day, &complaint));
    assert_string_equal(complaint.expected, "year-month-day, 2019-10-01");
}

static void shortest_text_reads_back(void **state) {
    static const double value[] = {0.1, 1.0 / 3.0, 528.25, 1e-300, -7.0, 0.03 + 0.01, 0.9 * 0.8};
    char text[LTP_NUMBER_TEXT];
    ltp_complaint complaint;
    (void)state;
    for (size_t i = 0; i < sizeof value / sizeof value[0]; i++) {
        double back;
        assert_true(ltp_number_read(ltp_number_text(text, value[i]), &back, &complaint));
        assert_true(back == value[i]);
    }
    assert_string_equal(ltp_number_text(text, 0.1), "0.1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read),  cmocka_unit_test(refused_numbers_say_what_to_write),
        cmocka_unit_test(counts_are_digits), cmocka_unit_test(the_point_is_the_point_in_every_locale),
        cmocka_unit_test(years_and_dates),   cmocka_unit_test(shortest_text_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
