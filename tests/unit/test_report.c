/* Numbers for people carry what their error supports; for programs everything; labels cannot break a table. */
#include "tests/support/test.h"

#include <stdlib.h>

#include "results/report/headline.h"
#include "results/report/report.h"
#include "tests/support/synthetic.h"

static ltp_error error;

static void check_number(double value, double se, const char *expected, const char *expected_error) {
    char text[48], error_text[48];
    ltp_format_number(value, se, text, error_text);
    assert_string_equal(text, expected);
    assert_string_equal(error_text, expected_error);
}

static void test_digits(void **state) {
    (void)state;
    check_number(45.3127, 0.2171, "45.31", "0.22");
    check_number(45.3127, 0.5171, "45.3", "0.5");
    check_number(4312.44, 25.1, "4,312", "25");
    check_number(4312.44, 251, "4,310", "250");
    check_number(-1234567.9, 7.2, "-1,234,568", "7");
    check_number(0.017664, 0.00041, "0.0177", "0.0004");
    check_number(-0.0001, 0.2, "0.00", "0.20"); /* no minus on a zero */
    check_number(1, 0.0996, "1.00", "0.10");
    check_number(2.5, 0, "2.5", "");
    check_number(0, 0, "0", "");
    check_number(1e6 / 3, NAN, "333,333", "");
    check_number(NAN, 1, "–", "");
    check_number(INFINITY, NAN, "–", "");
}

static void test_width(void **state) {
    (void)state;
    assert_int_equal(ltp_text_width("Étranger"), 8);
    assert_int_equal(ltp_text_width("E\xCC\x81tranger"), 8); /* combining accent */
    assert_int_equal(ltp_text_width("計画"), 4);
    assert_int_equal(ltp_text_width("\xFF\xFE"), 2); /* no UTF-8 */
    assert_int_equal(ltp_text_width(""), 0);
}

static char *print(ltp_report_format format) {
    static const ltp_report_column column[] = {{"name", "name", LTP_COLUMN_TEXT, false},
                                               {"gap", "gap", LTP_COLUMN_NUMBER, false},
                                               {"p", "P(balance)", LTP_COLUMN_PROBABILITY, false},
                                               {"sd", "sd", LTP_COLUMN_NUMBER, true}};
    ltp_report *report;
    assert_int_equal(ltp_report_create(&report, 4, column, &error), LTP_OK);
    const char *const name[] = {"Étranger, \"A\"", "two\nlines\x1b[31m", "plain"};
    for (int i = 0; i < 3; i++) {
        const double interval[2] = {i == 0 ? 0 : 0.1, i == 0 ? 3.6e-5 : 0.2};
        ltp_report_text(report, name[i], &error);
        ltp_report_number(report, i == 2 ? NAN : 1234.5678 + i / 3.0, i == 2 ? NAN : 0.5, &error);
        ltp_report_probability(report, i == 0 ? 0 : 0.15, i == 0 ? NAN : 0.02, interval, &error);
        ltp_report_number(report, 2.25, NAN, &error);
    }
    char *text;
    size_t length;
    FILE *to = open_memstream(&text, &length);
    ltp_report_print(report, format, to);
    fclose(to);
    ltp_report_destroy(report);
    return text;
}

static void test_formats(void **state) {
    (void)state;
    char *text = print(LTP_REPORT_TABLE);
    assert_string_equal(text, "name                      gap       P(balance)    sd\n"
                              "Étranger, \"A\"   1,234.6 ± 0.5  < 0.0036%        2.25\n"
                              "two?lines?[31m  1,234.9 ± 0.5   15.0%    ± 2.0  2.25\n"
                              "plain               –           15.0%    ± 2.0  2.25\n");
    free(text);
    text = print(LTP_REPORT_CSV);
    assert_string_equal(text, "name,gap,gap_se,p,p_se,p_low,p_high,sd\r\n"
                              "\"Étranger, \"\"A\"\"\",1234.5678,0.5,0,,0,3.6e-05,2.25\r\n"
                              "\"two\nlines\x1b[31m\",1234.9011333333333,0.5,0.15,0.02,0.1,0.2,2.25\r\n"
                              "plain,,,0.15,0.02,0.1,0.2,2.25\r\n");
    free(text);
    text = print(LTP_REPORT_JSON);
    assert_non_null(strstr(text, "{\"name\": \"Étranger, \\\"A\\\"\", \"gap\": 1234.5678, \"gap_se\": 0.5, \"p\": 0, "
                                 "\"p_se\": null, \"p_low\": 0, \"p_high\": 3.6e-05, \"sd\": 2.25}"));
    assert_non_null(strstr(text, "two\\u000alines\\u001b[31m"));
    free(text);
}

static void test_headline(void **state) {
    (void)state;
    char path[] = "/tmp/ltp_headline_XXXXXX", *text;
    size_t length;
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    fclose(fdopen(descriptor, "w"));
    if (synthetic_result(path, 7, 24, "headline", &error))
        fail_msg("%s", error.message);
    FILE *to = open_memstream(&text, &length);
    assert_int_equal(ltp_headline_print(to, path, LTP_REPORT_TABLE, &error), LTP_OK);
    fclose(to);
    assert_non_null(strstr(text, "positive = shortfall"));
    assert_non_null(strstr(text, "24,576 simulated paths"));
    assert_non_null(strstr(text, "England (ENG)"));
    assert_non_null(strstr(text, "First (S1)"));
    assert_non_null(strstr(text, "commissioners"));
    assert_null(strstr(text, "nan"));
    free(text);
    to = open_memstream(&text, &length);
    assert_int_equal(ltp_headline_print(to, path, LTP_REPORT_CSV, &error), LTP_OK);
    fclose(to);
    size_t lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 1 + 4 * 2 * 2 * 3); /* systems × years × layers × parts */
    free(text);
    remove(path);
    assert_int_equal(ltp_headline_print(stdout, path, LTP_REPORT_TABLE, &error), LTP_ERROR_RESULT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_headline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
