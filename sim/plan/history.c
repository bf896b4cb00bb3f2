/* Histories: a column of numbers in a CSV file of the scenario's folder, named FILE:COLUMN by a driver or an event. */
#include <string.h>

#include "sim/plan/csv.h"
#include "sim/plan/number.h"
#include "sim/plan/reading.h"

#define HISTORY_FILE_MAX ((size_t)16 << 20)

typedef struct {
    ltp_reading *reading;
    ltp_table_id table;
    int column;
    const ltp_cell *cell;
} history_cell;

static void complain(const history_cell *from, const char *expected, const char *nearest, const char *message) {
    ltp_cell_problem(from->reading, from->table, from->column, -1, from->cell->at, expected, nearest, message);
}

/* The place of the column in the header; SIZE_MAX after a problem. */
static size_t find_column(const history_cell *from, const ltp_csv *csv, const char *name) {
    const char *candidate[256];
    char message[512], excerpt[LTP_EXCERPT];
    size_t count = 0;
    for (size_t i = 0; i < csv->count; i++) {
        if (strcmp(csv->cell[i].text, name) == 0)
            return i;
        if (count < 256)
            candidate[count++] = csv->cell[i].text;
    }
    snprintf(message, sizeof message, "the file has no column '%s'", ltp_text_excerpt(excerpt, name));
    complain(from, NULL, ltp_nearest_name(name, candidate, count), message);
    return SIZE_MAX;
}

static ltp_status read_values(const history_cell *from, ltp_csv *csv, const char *column, ltp_history *history,
                              ltp_error *error) {
    double *value = NULL;
    size_t capacity = 0;
    bool found;
    ltp_status status = ltp_csv_next(csv, &found, error);
    if (status != LTP_OK)
        return status;
    const size_t place = found ? find_column(from, csv, column) : SIZE_MAX;
    if (!found)
        complain(from, "a header and numbers below it", NULL, "the history's file is empty");
    while (status == LTP_OK && place != SIZE_MAX) {
        ltp_complaint complaint;
        status = ltp_csv_next(csv, &found, error);
        if (status != LTP_OK || !found)
            break;
        if (place >= csv->count || *csv->cell[place].text == '\0')
            continue;
        if (history->count == capacity) {
            const size_t larger = capacity ? 2 * capacity : 32;
            double *grown;
            status = LTP_POOL_NEW(from->reading->scenario->pool, &grown, larger, error);
            if (status != LTP_OK)
                return status;
            if (capacity > 0)
                memcpy(grown, value, capacity * sizeof *grown);
            value = grown;
            capacity = larger;
        }
        const ltp_csv_cell *cell = &csv->cell[place];
        if (ltp_number_read(cell->text, &value[history->count], &complaint))
            history->count++;
        else
            ltp_problem_add(from->reading->problems, LTP_SEVERITY_ERROR,
                            (ltp_position){csv->file, cell->line, cell->column}, column,
                            *complaint.expected ? complaint.expected : NULL, NULL, "%s", complaint.what);
    }
    history->value = value;
    if (status == LTP_OK && place != SIZE_MAX && history->count == 0)
        complain(from, "at least one number", NULL, "the history's column is empty");
    return status;
}

/* FILE:COLUMN into the file's path and the column's name. False after a problem. */
static bool split_name(const history_cell *from, char *text, char **column) {
    char *colon = strchr(text, ':');
    if (!colon || colon == text || colon[1] == '\0') {
        complain(from, "FILE:COLUMN, as in history.csv:growth", NULL, "names no column of a file");
        return false;
    }
    *colon = '\0';
    *column = colon + 1;
    for (const char *part = text; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
        const size_t length = strcspn(part, "/");
        if (length == 0 || length > 255 || (length == 1 && part[0] == '.') ||
            (length == 2 && strncmp(part, "..", 2) == 0)) {
            complain(from, "a file inside the scenario's folder", NULL, "the path leaves the scenario's folder");
            return false;
        }
    }
    return true;
}

static ltp_status read_history(const history_cell *from, ltp_history *history, ltp_error *error) {
    ltp_reading *reading = from->reading;
    ltp_pool *pool = reading->scenario->pool;
    const ltp_source *source = ltp_source_of(reading, from->cell->at);
    char *text, *column, *display;
    ltp_text file;
    ltp_csv csv;
    bool found;
    history->cell = from->cell;
    ltp_status status = ltp_pool_text(pool, &text, from->cell->text, strlen(from->cell->text), error);
    if (status != LTP_OK || !split_name(from, text, &column))
        return status;
    status = ltp_source_text(reading, source, text, HISTORY_FILE_MAX, false, &file, &found, error);
    if (status == LTP_OK)
        status = ltp_pool_format(pool, &display, error, "%s/%s", source->display, text);
    if (status != LTP_OK)
        return status;
    if (!found) {
        complain(from, "a CSV file inside the scenario's folder", NULL, "the history's file cannot be read");
        return LTP_OK;
    }
    status = ltp_csv_open(&csv, display, file.text, file.text_length, pool, reading->problems, error);
    if (status == LTP_OK)
        status = read_values(from, &csv, column, history, error);
    ltp_csv_close(&csv);
    return status;
}

ltp_status ltp_history_read_all(ltp_reading *reading, ltp_error *error) {
    static const struct {
        ltp_table_id table;
        int column;
    } holder[] = {{LTP_TABLE_DRIVERS, LTP_DRIVERS_HISTORY_FILE}, {LTP_TABLE_EVENTS, LTP_EVENTS_HISTORY_FILE}};
    ltp_scenario *scenario = reading->scenario;
    ltp_history *history;
    size_t count = 0;
    for (size_t h = 0; h < 2; h++)
        for (size_t r = 0; r < scenario->table[holder[h].table].row_count; r++)
            count += scenario->table[holder[h].table].row[r].cell[holder[h].column].present;
    ltp_status status = LTP_POOL_NEW(scenario->pool, &history, count, error);
    scenario->history = history;
    for (size_t h = 0; h < 2; h++) {
        const ltp_table *table = &scenario->table[holder[h].table];
        for (size_t r = 0; r < table->row_count && status == LTP_OK; r++) {
            const history_cell from = {reading, holder[h].table, holder[h].column,
                                       &table->row[r].cell[holder[h].column]};
            if (from.cell->present)
                status = read_history(&from, &history[scenario->history_count++], error);
        }
    }
    return status;
}
