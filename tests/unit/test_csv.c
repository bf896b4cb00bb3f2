#include "sim/plan/csv.h"
#include "sim/plan/text.h"
#include "tests/support/test.h"

typedef struct {
    ltp_pool *pool;
    ltp_problem_list *problems;
    ltp_error error;
    ltp_csv csv;
} fixture;

static void open_csv(fixture *f, const char *text) {
    assert_int_equal(ltp_pool_create(&f->pool, &f->error), LTP_OK);
    assert_int_equal(ltp_problem_list_create(&f->problems, &f->error), LTP_OK);
    assert_int_equal(ltp_csv_open(&f->csv, "t.csv", text, strlen(text), f->pool, f->problems, &f->error), LTP_OK);
}

static void close_csv(fixture *f) {
    ltp_csv_close(&f->csv);
    ltp_problem_list_destroy(f->problems);
    ltp_pool_destroy(f->pool);
}

/* All rows as text: cells between '[' and ']', rows on lines of their own, each with line:column of its cells. */
static void expect_rows(const char *text, const char *expected) {
    fixture f;
    char got[1024] = "";
    bool found;
    open_csv(&f, text);
    for (;;) {
        assert_int_equal(ltp_csv_next(&f.csv, &found, &f.error), LTP_OK);
        if (!found)
            break;
        for (size_t i = 0; i < f.csv.count; i++) {
            const ltp_csv_cell *cell = &f.csv.cell[i];
            const size_t used = strlen(got);
            snprintf(got + used, sizeof got - used, "%d:%d[%s]", cell->line, cell->column, cell->text);
        }
        strcat(got, "\n");
    }
    assert_string_equal(got, expected);
    close_csv(&f);
}

static void expect_problem(const char *text, const char *problem) {
    fixture f;
    bool found = true;
    open_csv(&f, text);
    while (found)
        assert_int_equal(ltp_csv_next(&f.csv, &found, &f.error), LTP_OK);
    assert_string_equal(ltp_problem_first(f.problems), problem);
    close_csv(&f);
}

static void rows_have_places(void **state) {
    (void)state;
    expect_rows("a,b\n1,2\n", "1:1[a]1:3[b]\n2:1[1]2:3[2]\n");
    expect_rows("a,b\r\n1,2\r\n", "1:1[a]1:3[b]\n2:1[1]2:3[2]\n");
    expect_rows("a,b\n1,", "1:1[a]1:3[b]\n2:1[1]2:3[]\n");
    expect_rows(" a ,\tb c \n", "1:2[a]1:6[b c]\n");
    expect_rows("é,£,x\n", "1:1[é]1:3[£]1:5[x]\n");
    expect_rows("", "");
}

static void quotes_hold_commas_breaks_and_quotes(void **state) {
    (void)state;
    expect_rows("\"a,b\",c\n", "1:1[a,b]1:7[c]\n");
    expect_rows("\"say \"\"no\"\"\",c\n", "1:1[say \"no\"]1:14[c]\n");
    expect_rows("\"two\nlines\",c\nd,e\n", "1:1[two\nlines]2:8[c]\n3:1[d]3:3[e]\n");
    expect_rows("\"\",x\n", "1:1[]1:4[x]\n");
    expect_rows("a, \"b\" ,c\n", "1:1[a]1:4[b]1:9[c]\n");
    expect_rows("\"end\"", "1:1[end]\n");
}

static void blank_lines_and_comments_are_passed_over(void **state) {
    (void)state;
    expect_rows("# a \"quote, open\n\na,b\n,,\n \n\"# saved, by a spreadsheet\",\n1,2\n",
                "3:1[a]3:3[b]\n7:1[1]7:3[2]\n");
}

static void mistakes_of_form_have_places(void **state) {
    (void)state;
    expect_problem("a,b\n1,\"open\n2,3\n",
                   "t.csv:2:3: error: the quote that opens here is never closed; expected a closing quote");
    expect_problem(
        "a,b\n\"x\"y,2\n",
        "t.csv:2:4: error: text after the closing quote of the cell that opens at line 2, column 1; expected "
        "a comma or the end of the line (write \"\" for a quote inside quotes)");
    expect_problem("a,b\n1,5\" pipe\n",
                   "t.csv:2:4: error: a quote inside a cell that does not start with one; expected the whole cell in "
                   "quotes, its own quotes doubled: \"a \"\"b\"\"\"");
}

static void a_bad_row_does_not_hide_the_next(void **state) {
    (void)state;
    expect_rows("a\n\"x\"y\nz\n", "1:1[a]\n3:1[z]\n");
}

static void text_is_checked(void **state) {
    fixture f;
    (void)state;
    open_csv(&f, "");
    assert_true(ltp_text_check("a\tb\r\nc\n", 7, "t", f.problems));
    assert_false(ltp_text_check("ab\nc\xE9\n", 6, "t", f.problems));
    assert_non_null(strstr(ltp_problem_first(f.problems), "t:2:2: error: the byte 0xE9 is not valid UTF-8"));
    /* Overlong, surrogate, beyond U+10FFFF, cut short, NUL, escape, DEL, next line, a lone carriage return. */
    static const char *const bad[] = {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82",
                                      "\x1B[2J",  "\x7F",         "\xC2\x85",         "a\rb"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(ltp_text_check(bad[i], strlen(bad[i]), "t", f.problems));
    assert_false(ltp_text_check("a\0b", 3, "t", f.problems));
    close_csv(&f);
}

static void the_nearest_name(void **state) {
    static const char *const name[] = {"amount", "activity", "payee", "payer", "RM3"};
    (void)state;
    assert_string_equal(ltp_nearest_name("amuont", name, 5), "amount"); /* a swap is one step */
    assert_string_equal(ltp_nearest_name("AMOUNT", name, 5), "amount");
    assert_string_equal(ltp_nearest_name("payeer", name, 5), "payee"); /* a tie: the first */
    assert_string_equal(ltp_nearest_name("RM33", name, 5), "RM3");
    assert_null(ltp_nearest_name("XX9", name, 5));
    assert_null(ltp_nearest_name("", name, 5));
    assert_null(ltp_nearest_name("a very different word", name, 5));
}

static void problems_are_sorted_and_counted(void **state) {
    fixture f;
    char text[65536];
    (void)state;
    open_csv(&f, "");
    ltp_problem_add(f.problems, LTP_SEVERITY_ERROR, (ltp_position){"b.csv", 2, 1}, "k", "x", "y", "third");
    ltp_problem_add(f.problems, LTP_SEVERITY_ERROR, (ltp_position){"a.csv", 9, 9}, NULL, NULL, NULL, "second");
    ltp_problem_add(f.problems, LTP_SEVERITY_ERROR, (ltp_position){NULL, 0, 0}, NULL, NULL, NULL, "first");
    for (int i = 0; i < 250; i++)
        ltp_problem_add(f.problems, LTP_SEVERITY_ERROR, (ltp_position){"b.csv", 3, i + 1}, NULL, NULL, NULL, "more");
    FILE *to = fmemopen(text, sizeof text, "w");
    ltp_problem_print(f.problems, LTP_SEVERITY_ERROR, to);
    fclose(to);
    assert_non_null(strstr(text, "error: first\na.csv:9:9: error: second\nb.csv:2:1: error: k: third; expected x; did "
                                 "you mean 'y'?\nb.csv:3:1: error: more\n"));
    assert_non_null(strstr(text, "b.csv: 51 more errors\n"));
    assert_int_equal(ltp_problem_count(f.problems, LTP_SEVERITY_ERROR), 253);
    assert_string_equal(ltp_problem_first(f.problems), "error: first");
    close_csv(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_have_places),
        cmocka_unit_test(quotes_hold_commas_breaks_and_quotes),
        cmocka_unit_test(blank_lines_and_comments_are_passed_over),
        cmocka_unit_test(mistakes_of_form_have_places),
        cmocka_unit_test(a_bad_row_does_not_hide_the_next),
        cmocka_unit_test(text_is_checked),
        cmocka_unit_test(the_nearest_name),
        cmocka_unit_test(problems_are_sorted_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
