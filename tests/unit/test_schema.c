#include <stdlib.h>

#include "sim/plan/reading.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"

static void every_row_is_whole(void **state) {
    (void)state;
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        const ltp_table_schema *table = ltp_schema_table((ltp_table_id)id);
        int keys = 0;
        assert_true(table->column_count > 3 && table->column_count <= 64);
        for (int c = 0; c < table->column_count; c++) {
            const ltp_column_schema *column = &table->column[c];
            keys += column->key;
            assert_true(*column->name && *column->doc && column->example);
            assert_true(column->minimum < column->maximum);
            assert_true((column->type == LTP_TYPE_ENUM) == (column->values != NULL));
            assert_false(column->required && column->fallback);
            for (int other = 0; other < c; other++)
                assert_string_not_equal(column->name, table->column[other].name);
        }
        assert_true(keys >= 1 && keys <= 8);
        assert_string_equal(table->column[table->column_count - 3].name, "source");
        assert_string_equal(table->column[table->column_count - 1].name, "note");
    }
}

static void words_and_their_numbers_agree(void **state) {
    (void)state;
    assert_string_equal(LTP_VALUES_OF(MECHANISM), "activity|blended|block|pass_through|fixed");
    assert_int_equal(LTP_MECHANISM_FIXED, 4);
    assert_int_equal(LTP_PROGRAMME_KIND_INVESTMENT, 7);
    assert_int_equal(LTP_FAMILY_COUNT, 14);
}

/* FORMAT.md is the program's own output: LTP_GOLDEN_UPDATE=1 writes it anew. */
static void the_page_is_up_to_date(void **state) {
    char *made = NULL, *stored = NULL;
    size_t made_size = 0, stored_size = 0;
    (void)state;
    FILE *to = open_memstream(&made, &made_size);
    assert_non_null(to);
    ltp_schema_write_format(to);
    assert_int_equal(fclose(to), 0);
    if (getenv("LTP_GOLDEN_UPDATE")) {
        FILE *update = fopen("scenarios/FORMAT.md", "w");
        assert_non_null(update);
        assert_int_equal(fwrite(made, 1, made_size, update), made_size);
        assert_int_equal(fclose(update), 0);
    }
    FILE *file = fopen("scenarios/FORMAT.md", "r");
    assert_non_null(file);
    FILE *copy = open_memstream(&stored, &stored_size);
    for (int c = fgetc(file); c != EOF; c = fgetc(file))
        fputc(c, copy);
    fclose(file);
    fclose(copy);
    if (made_size != stored_size || memcmp(made, stored, made_size) != 0)
        fail_msg("scenarios/FORMAT.md is not what the rows say; LTP_GOLDEN_UPDATE=1 %s", "tests/run.sh build schema");
    free(made);
    free(stored);
}

static void the_page_names_every_column(void **state) {
    char *page = NULL, name[64];
    size_t size = 0, settings;
    (void)state;
    FILE *to = open_memstream(&page, &size);
    ltp_schema_write_format(to);
    fclose(to);
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        const ltp_table_schema *table = ltp_schema_table((ltp_table_id)id);
        snprintf(name, sizeof name, "### `%s.csv`", table->name);
        const char *section = strstr(page, name);
        assert_non_null(section);
        const char *end = strstr(section + 4, "\n### `");
        for (int c = 0; c < table->column_count - 3; c++) {
            snprintf(name, sizeof name, "\n| `%s", table->column[c].name);
            const char *row = strstr(section, name);
            assert_non_null(row);
            assert_true(!end || row < end);
        }
    }
    const ltp_setting_schema *setting = ltp_schema_settings(&settings);
    for (size_t i = 0; i < settings; i++) {
        snprintf(name, sizeof name, "\n| `%s` |", setting[i].key);
        assert_non_null(strstr(page, name));
    }
    free(page);
}

static void patterns(void **state) {
    (void)state;
    assert_true(ltp_glob_match("*", ""));
    assert_true(ltp_glob_match("a*c*e", "abcde"));
    assert_true(ltp_glob_match("*b", "abab"));
    assert_true(ltp_glob_match("P?", "P1"));
    assert_true(ltp_glob_match("?x", "éx"));
    assert_true(ltp_glob_match("*?x", "aéx"));
    assert_false(ltp_glob_match("P?", "P12"));
    assert_false(ltp_glob_match("a*c", "abd"));
    assert_false(ltp_glob_match("", "a"));
    assert_false(ltp_glob_match("price.[p]ay", "price.pay")); /* brackets are no pattern */
}

static void a_blank_scenario_is_complete_but_not_valid(void **state) {
    ltp_error error;
    loaded got;
    char path[512];
    (void)state;
    folder_write("anchor", "");
    assert_int_equal(ltp_scenario_init(folder_path("blank"), &error), LTP_OK);
    load(&got, "blank", NULL, 0);
    assert_int_equal(got.status, LTP_ERROR_INPUT);
    assert_non_null(strstr(got.errors, "flows.csv: error: the table has no rows"));
    assert_non_null(strstr(got.errors, "title: is empty"));
    assert_int_equal(got.error_count, 6); /* the title and five required tables: nothing else is wrong */
    /* Every example row, uncommented, has the header's width and the types of its columns. */
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        char text[8192];
        snprintf(path, sizeof path, "blank/%s.csv", ltp_schema_table((ltp_table_id)id)->name);
        FILE *file = fopen(folder_path("%s", path), "r");
        assert_non_null(file);
        const size_t length = fread(text, 1, sizeof text - 1, file);
        fclose(file);
        text[length] = '\0';
        char *example = strstr(text, "\n# ");
        assert_non_null(example);
        memmove(example + 1, example + 3, strlen(example + 3) + 1);
        folder_write(path, text);
    }
    load(&got, "blank", NULL, 0);
    assert_null(strstr(got.errors, "cells, the header"));
    assert_null(strstr(got.errors, "is out of range"));
    assert_null(strstr(got.errors, "is not a number"));
    assert_null(strstr(got.errors, "is none of the words"));
    assert_null(strstr(got.errors, "is not a date"));
    assert_non_null(strstr(got.errors, "is not known")); /* examples name parties of other places */
    /* A folder with something in it is left alone. */
    assert_int_equal(ltp_scenario_init(folder_path("blank"), &error), LTP_ERROR_USAGE);
    assert_non_null(strstr(error.message, "is not empty"));
    assert_int_equal(ltp_scenario_init(folder_path("anchor"), &error), LTP_ERROR_USAGE);
    assert_int_equal(ltp_scenario_init(folder_path("no/such/parent"), &error), LTP_ERROR_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(words_and_their_numbers_agree),
        cmocka_unit_test(the_page_is_up_to_date),
        cmocka_unit_test(the_page_names_every_column),
        cmocka_unit_test(patterns),
        cmocka_unit_test(a_blank_scenario_is_complete_but_not_valid),
    };
    return cmocka_run_group_tests(tests, NULL, folder_remove_all);
}
