/* From a folder to checked tables: the order of the reader's parts, and the look-ups of what they made. */
#include "sim/plan/scenario.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sim/plan/reading.h"

/* Cells that rows share for the groups they leave empty, as many as the largest group has. */
static ltp_status make_empty_group(ltp_reading *reading, ltp_error *error) {
    const size_t count = LTP_NUMBERED_MAX > LTP_YEAR_MAX ? LTP_NUMBERED_MAX : LTP_YEAR_MAX + 1;
    const ltp_status status = LTP_POOL_NEW(reading->scenario->pool, &reading->empty_group, count, error);
    for (size_t i = 0; i < count && status == LTP_OK; i++)
        reading->empty_group[i].text = "";
    return status;
}

/* From the scenario at the end of the chain of `extends` to this one: remove, read, set; then --set. */
static ltp_status read_layers(ltp_reading *reading, const char *const *overrides, size_t override_count,
                              ltp_error *error) {
    ltp_status status = LTP_OK;
    for (size_t i = reading->source_count; i-- > 0 && status == LTP_OK;) {
        const ltp_source *source = &reading->source[i];
        status = ltp_change_remove(reading, source, error);
        if (status == LTP_OK)
            status = ltp_table_read_all(reading, source, error);
        if (status == LTP_OK)
            status = ltp_change_set(reading, source, error);
    }
    for (size_t i = 0; i < override_count && status == LTP_OK; i++)
        status = ltp_change_override(reading, overrides[i], error);
    return status;
}

static void check_required(const ltp_reading *reading) {
    const ltp_scenario *scenario = reading->scenario;
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        const ltp_table_schema *schema = ltp_schema_table((ltp_table_id)id);
        const ltp_table *table = &scenario->table[id];
        if (!schema->required || table->row_count > 0 || table->incomplete)
            continue;
        const ltp_position at = {table->given ? table->file : scenario->folder, 0, 0};
        if (!ltp_problem_has_room(reading->problems, LTP_SEVERITY_ERROR, at.file))
            continue;
        if (!table->given)
            ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, NULL, NULL, NULL,
                            "%s.csv is missing; a row of it is %s", schema->name, schema->doc);
        else
            ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, NULL, NULL, NULL,
                            "the table has no rows; a row of it is %s", schema->doc);
    }
}

/* A programme's test must be one of the layers. */
static void check_tests(ltp_reading *reading) {
    const ltp_scenario *scenario = reading->scenario;
    const ltp_table *programmes = &scenario->table[LTP_TABLE_PROGRAMMES];
    for (size_t r = 0; r < programmes->row_count; r++) {
        const ltp_cell *test = &programmes->row[r].cell[LTP_PROGRAMMES_TEST];
        bool known = !test->present;
        for (int i = 0; i < scenario->test_count && !known; i++)
            known = scenario->test_number[i] == (int)test->number;
        if (!known && !reading->broken_tests) {
            char message[64];
            snprintf(message, sizeof message, "'%.32s' is no test of this scenario", test->text);
            ltp_cell_problem(reading, LTP_TABLE_PROGRAMMES, LTP_PROGRAMMES_TEST, -1, test->at,
                             "a number that `tests` in scenario.yaml lists", NULL, message);
        }
    }
}

static ltp_status note_unmodelled_tables(ltp_reading *reading, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (int id = 0; id < LTP_TABLE_COUNT && status == LTP_OK; id++) {
        const ltp_table_schema *schema = ltp_schema_table((ltp_table_id)id);
        if (!schema->modelled && reading->scenario->table[id].row_count > 0)
            status = ltp_unmodelled_add(reading, error, "%s.csv is read but not modelled in this version (a row is %s)",
                                        schema->name, schema->doc);
    }
    return status;
}

/* Rows in key order, for ltp_table_find. */
static ltp_status order_rows(ltp_reading *reading, ltp_error *error) {
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        ltp_table *table = &reading->scenario->table[id];
        const ltp_key_index *index = &reading->index[id];
        size_t *row;
        int single;
        if (ltp_key_columns((ltp_table_id)id, &single) != 1)
            continue;
        const ltp_status status = LTP_POOL_NEW(reading->scenario->pool, &row, index->count, error);
        if (status != LTP_OK)
            return status;
        for (size_t i = 0; i < index->count; i++)
            row[i] = index->entry[i].row;
        table->by_key = row;
    }
    return LTP_OK;
}

static ltp_status read_scenario(ltp_reading *reading, const char *folder, const char *const *overrides,
                                size_t override_count, ltp_error *error) {
    ltp_status status = ltp_source_open(reading, folder, error);
    if (status == LTP_OK)
        status = make_empty_group(reading, error);
    if (status == LTP_OK)
        status = ltp_setting_read(reading, error);
    if (status != LTP_OK || reading->broken)
        return status;
    status = read_layers(reading, overrides, override_count, error);
    if (status == LTP_OK)
        status = ltp_cell_check_all(reading, error);
    if (status == LTP_OK)
        status = ltp_reference_check_all(reading, error);
    if (status == LTP_OK)
        status = ltp_history_read_all(reading, error);
    if (status == LTP_OK)
        status = ltp_source_strangers(reading, error);
    if (status == LTP_OK)
        status = order_rows(reading, error);
    if (status == LTP_OK)
        status = note_unmodelled_tables(reading, error);
    if (status == LTP_OK) {
        check_required(reading);
        check_tests(reading);
    }
    return status;
}

/* Whether what the tables say together can be looked at: there is somebody, and they were all read. */
static bool can_be_judged(const ltp_reading *reading) {
    static const ltp_table_id base[] = {LTP_TABLE_SYSTEMS, LTP_TABLE_ORGANISATIONS, LTP_TABLE_FLOWS};
    if (reading->broken || reading->broken_years)
        return false;
    for (size_t k = 0; k < sizeof base / sizeof base[0]; k++) {
        const ltp_table *table = &reading->scenario->table[base[k]];
        if (table->row_count == 0 || table->incomplete)
            return false;
    }
    return true;
}

ltp_status ltp_scenario_read(ltp_scenario **out, const char *folder, const char *const *overrides,
                             size_t override_count, ltp_problem_list *problems, ltp_error *error) {
    ltp_reading *reading = NULL;
    ltp_pool *pool = NULL;
    ltp_scenario *scenario = NULL;
    bool readable = false;
    *out = NULL;
    ltp_status status = ltp_pool_create(&pool, error);
    if (status == LTP_OK)
        status = LTP_NEW(&reading, 1, "the scenario's reader", error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &scenario, 1, error);
    if (status == LTP_OK) {
        scenario->pool = pool;
        reading->scenario = scenario;
        reading->problems = problems;
        const size_t before = ltp_problem_count(problems, LTP_SEVERITY_ERROR);
        status = LTP_POOL_NEW(pool, &reading->unmodelled, LTP_UNMODELLED_MAX, error);
        if (status == LTP_OK) {
            scenario->unmodelled = reading->unmodelled;
            status = read_scenario(reading, folder, overrides, override_count, error);
        }
        ltp_source_close(reading);
        const size_t errors = ltp_problem_count(problems, LTP_SEVERITY_ERROR) - before;
        if (status == LTP_OK && errors > 0)
            status = ltp_error_set(error, LTP_ERROR_INPUT, "the scenario %s has %zu error%s", folder, errors,
                                   errors == 1 ? "" : "s");
        readable = can_be_judged(reading);
    }
    ltp_free(reading);
    if (status != LTP_OK && (status != LTP_ERROR_INPUT || !readable)) {
        ltp_pool_destroy(pool);
        return status;
    }
    *out = scenario;
    return status;
}

ltp_status ltp_scenario_load(ltp_scenario **out, const char *folder, const char *const *overrides,
                             size_t override_count, ltp_problem_list *problems, ltp_error *error) {
    const ltp_status status = ltp_scenario_read(out, folder, overrides, override_count, problems, error);
    if (status != LTP_OK) {
        ltp_scenario_free(*out);
        *out = NULL;
    }
    return status;
}

void ltp_scenario_free(ltp_scenario *scenario) {
    if (scenario)
        ltp_pool_destroy(scenario->pool);
}

const ltp_cell *ltp_cell_at(const ltp_table *table, size_t row, int column) {
    return &table->row[row].cell[column];
}

const ltp_cell *ltp_cell_year(const ltp_table *table, size_t row, int column, int year) {
    return &table->row[row].group[column][year];
}

const ltp_cell *ltp_cell_number(const ltp_table *table, size_t row, int column, int n) {
    return &table->row[row].group[column][n];
}

size_t ltp_table_find(const ltp_table *table, const char *key) {
    int column = 0;
    size_t low = 0, high = table->row_count;
    if (ltp_key_columns(table->id, &column) != 1 || !table->by_key)
        return SIZE_MAX;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(table->row[table->by_key[middle]].cell[column].text, key);
        if (order == 0)
            return table->by_key[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

const ltp_history *ltp_scenario_history(const ltp_scenario *scenario, const ltp_cell *cell) {
    for (size_t i = 0; i < scenario->history_count; i++)
        if (scenario->history[i].cell == cell)
            return &scenario->history[i];
    return NULL;
}
