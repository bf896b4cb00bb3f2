/* The CSV files of a scenario as rows of text, laid key by key over those of the scenario that it extends. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/csv.h"
#include "sim/plan/reading.h"

#define COLUMN_MAX 64        /* of a table, at most (tests/unit/test_schema.c) */
#define FILE_COLUMN_MAX 1000 /* of a file */

size_t ltp_group_size(const ltp_reading *reading, ltp_group group) {
    return group == LTP_GROUP_YEAR     ? (size_t)reading->scenario->year_count + 1
           : group == LTP_GROUP_NUMBER ? LTP_NUMBERED_MAX
                                       : 0;
}

/* --- keys --- */

int ltp_key_columns(ltp_table_id table, int *single) {
    const ltp_table_schema *schema = ltp_schema_table(table);
    int count = 0;
    for (int c = 0; c < schema->column_count; c++)
        if (schema->column[c].key) {
            count++;
            *single = c;
        }
    return count;
}

static const char *key_text(const ltp_row *row, const ltp_column_schema *schema, int column) {
    const char *text = row->cell[column].text;
    return *text == '\0' && schema->fallback ? schema->fallback : text;
}

ltp_status ltp_row_key(ltp_reading *reading, ltp_table_id table, const ltp_row *row, const char **key,
                       ltp_error *error) {
    const ltp_table_schema *schema = ltp_schema_table(table);
    const char *part[8] = {""};
    size_t count = 0, length = 0;
    char *joined;
    for (int c = 0; c < schema->column_count && count < 8; c++)
        if (schema->column[c].key) {
            part[count] = key_text(row, &schema->column[c], c);
            length += strlen(part[count++]) + 1;
        }
    *key = part[0];
    if (count == 1)
        return LTP_OK;
    if (table == LTP_TABLE_CORRELATIONS && strcmp(part[0], part[1]) > 0) { /* a pair has no order */
        const char *second = part[0];
        part[0] = part[1];
        part[1] = second;
    }
    const ltp_status status = LTP_POOL_NEW(reading->scenario->pool, &joined, length + 1, error);
    if (status != LTP_OK)
        return status;
    char *to = joined;
    for (size_t i = 0; i < count; i++) {
        const size_t size = strlen(part[i]);
        memcpy(to, part[i], size);
        to += size;
        *to++ = '|';
    }
    to[-1] = '\0';
    *key = joined;
    return LTP_OK;
}

static int by_key(const void *left, const void *right) {
    const ltp_key_entry *a = left, *b = right;
    const int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static ltp_status index_rows(ltp_reading *reading, ltp_table_id table, const ltp_row *row, size_t count,
                             ltp_key_index *index, ltp_error *error) {
    *index = (ltp_key_index){NULL, count};
    ltp_status status = LTP_POOL_NEW(reading->scenario->pool, &index->entry, count, error);
    for (size_t i = 0; i < count && status == LTP_OK; i++) {
        index->entry[i].row = i;
        status = ltp_row_key(reading, table, &row[i], &index->entry[i].key, error);
    }
    if (status == LTP_OK && count > 1)
        qsort(index->entry, count, sizeof *index->entry, by_key);
    return status;
}

ltp_status ltp_key_index_build(ltp_reading *reading, ltp_table_id table, ltp_key_index *index, ltp_error *error) {
    const ltp_table *rows = &reading->scenario->table[table];
    return index_rows(reading, table, rows->row, rows->row_count, index, error);
}

size_t ltp_key_index_find(const ltp_key_index *index, const char *key) {
    size_t low = 0, high = index->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(index->entry[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < index->count && strcmp(index->entry[low].key, key) == 0 ? index->entry[low].row : SIZE_MAX;
}

const char *ltp_key_nearest(const ltp_key_index *index, const char *word) {
    const char **candidate;
    ltp_error error;
    if (LTP_NEW(&candidate, index->count, "the nearest key", &error) != LTP_OK)
        return NULL;
    for (size_t i = 0; i < index->count; i++)
        candidate[i] = index->entry[i].key;
    const char *nearest = ltp_nearest_name(word, candidate, index->count);
    ltp_free(candidate);
    return nearest;
}

/* --- one file --- */

typedef struct {
    ltp_reading *reading;
    ltp_table_id id;
    const char *file;
    ltp_header *header;       /* [column of the file] */
    bool *passed_over;        /* [column of the file]: unknown, given twice, beyond the horizon or without a name */
    size_t width;             /* columns of the file */
    size_t named;             /* the last column with a name, plus one */
    bool missing[COLUMN_MAX]; /* [column of the table]: not in the header, or misspelt there: said once */
    ltp_row *row;
    size_t count, capacity;
} table_file;

/* An error of the file itself. lost: rows cannot be read because of it. */
static void flaw(table_file *in, bool lost) {
    in->reading->scenario->table[in->id].flawed = true;
    in->reading->scenario->table[in->id].incomplete |= lost;
}

static void header_problem(table_file *in, ltp_position at, const char *expected, const char *nearest,
                           const char *message) {
    flaw(in, false);
    ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR, at, NULL, expected, nearest, "%s", message);
}

/* A header of one cell that holds another separator. */
static bool other_separator(table_file *in, const ltp_csv *csv, ltp_position at) {
    const char *text = csv->cell[0].text;
    const char mark = strchr(text, ';') ? ';' : strchr(text, '\t') ? '\t' : '|';
    if (csv->count > 1 || !strchr(text, mark))
        return false;
    flaw(in, true);
    ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR, at, NULL, "columns separated by commas", NULL,
                    "the columns are separated by %s (save the table as “CSV UTF-8 (comma delimited)”)",
                    mark == ';'    ? "semicolons"
                    : mark == '\t' ? "tabs"
                                   : "bars");
    return true;
}

/* Columns that must be there and are not, unless an unknown one looks like it. */
static void complain_missing(table_file *in, ltp_position at, const bool looked_alike[static COLUMN_MAX]) {
    const ltp_table_schema *table = ltp_schema_table(in->id);
    for (int c = 0; c < table->column_count; c++) {
        bool there = looked_alike[c];
        for (size_t i = 0; i < in->width && !there; i++)
            there = in->header[i].column == c;
        if (there || !table->column[c].required)
            continue;
        in->missing[c] = true;
        flaw(in, false);
        ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR, (ltp_position){in->file, at.line, 0}, NULL, NULL,
                        NULL, "the column '%s' is missing: %s", table->column[c].name, table->column[c].doc);
    }
}

/* A column given before under the same name (or the same group and number). */
static void check_twin(table_file *in, size_t i, const char *name, ltp_position at) {
    const ltp_header *header = &in->header[i];
    for (size_t j = 0; j < i; j++) {
        if (in->passed_over[j] || in->header[j].column != header->column || in->header[j].index != header->index)
            continue;
        in->passed_over[i] = true;
        flaw(in, false);
        ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR, at, NULL, "each column once", NULL,
                        "the column '%s' is given twice; the first is column %zu of the table", name, j + 1);
        return;
    }
}

/* What one column of the file stands for. A column without a name has the divisor 0. */
static void read_heading(table_file *in, size_t i, const ltp_csv_cell *cell) {
    const ltp_scenario *scenario = in->reading->scenario;
    const ltp_position at = {in->file, cell->line, cell->column};
    ltp_header *header = &in->header[i];
    char message[512];
    if (*cell->text == '\0') {
        *header = (ltp_header){.column = -1};
        in->passed_over[i] = true;
        return;
    }
    in->named = i + 1;
    ltp_header_read(in->reading, in->id, cell->text, header, message, sizeof message);
    in->passed_over[i] = *message != '\0' || header->beyond;
    if (*message != '\0')
        header_problem(in, at, header->expected, header->nearest, message);
    else if (header->beyond)
        ltp_problem_add(in->reading->problems, LTP_SEVERITY_NOTE, at, NULL, NULL, NULL,
                        "the column '%s' is after the last year, %s: passed over", cell->text,
                        scenario->year_label[scenario->year_count]);
    else
        check_twin(in, i, cell->text, at);
}

/* What the columns of the file stand for. *good: false when rows cannot be read at all. */
static ltp_status read_header(table_file *in, const ltp_csv *csv, bool *good, ltp_error *error) {
    const ltp_table_schema *table = ltp_schema_table(in->id);
    bool looked_alike[COLUMN_MAX] = {false};
    const ltp_position first = {in->file, csv->cell[0].line, csv->cell[0].column};
    *good = !other_separator(in, csv, first);
    if (*good && csv->count > FILE_COLUMN_MAX) {
        header_problem(in, first, "at most 1,000", NULL, "the header has too many columns");
        flaw(in, true);
        *good = false;
    }
    if (!*good)
        return LTP_OK;
    in->width = csv->count;
    ltp_status status = LTP_POOL_NEW(in->reading->scenario->pool, &in->header, in->width, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(in->reading->scenario->pool, &in->passed_over, in->width, error);
    if (status != LTP_OK)
        return status;
    for (size_t i = 0; i < in->width; i++) {
        read_heading(in, i, &csv->cell[i]);
        for (int c = 0; in->header[i].nearest && c < table->column_count; c++)
            looked_alike[c] |= strcmp(in->header[i].nearest, table->column[c].name) == 0;
    }
    complain_missing(in, first, looked_alike);
    for (int c = 0; c < table->column_count; c++)
        in->missing[c] |= looked_alike[c];
    for (size_t i = 0; i < in->width; i++)
        if (!in->passed_over[i])
            in->missing[in->header[i].column] = false;
    return LTP_OK;
}

/* The cells of a group that a row leaves empty. */
static ltp_cell *empty_cells(const ltp_reading *reading) {
    return reading->empty_group;
}

static void clear_cell(ltp_cell *cell, ltp_position at) {
    *cell = (ltp_cell){.text = "", .number = 1.0, .at = at};
}

ltp_status ltp_row_group(ltp_reading *reading, ltp_table_id table, ltp_row *row, int column, ltp_cell **cells,
                         ltp_error *error) {
    /* The array of pointers was made by new_row below: it is ours to change. */
    ltp_cell **group = (ltp_cell **)row->group;
    *cells = group[column];
    if (*cells != empty_cells(reading))
        return LTP_OK;
    const size_t size = ltp_group_size(reading, ltp_schema_table(table)->column[column].group);
    const ltp_status status = LTP_POOL_NEW(reading->scenario->pool, cells, size, error);
    if (status == LTP_OK) {
        for (size_t i = 0; i < size; i++)
            clear_cell(&(*cells)[i], row->at);
        group[column] = *cells;
    }
    return status;
}

/* An empty row at the end of in->row. */
static ltp_status new_row(table_file *in, ltp_position at, ltp_row **out, ltp_error *error) {
    const ltp_table_schema *table = ltp_schema_table(in->id);
    ltp_pool *pool = in->reading->scenario->pool;
    ltp_status status = LTP_OK;
    ltp_cell **group = NULL;
    if (in->count == in->capacity) {
        const size_t larger = in->capacity ? 2 * in->capacity : 64;
        ltp_row *grown;
        status = LTP_POOL_NEW(pool, &grown, larger, error);
        if (status != LTP_OK)
            return status;
        if (in->count > 0)
            memcpy(grown, in->row, in->count * sizeof *grown);
        in->row = grown;
        in->capacity = larger;
    }
    ltp_row *row = &in->row[in->count];
    *row = (ltp_row){.at = at};
    status = LTP_POOL_NEW(pool, &row->cell, (size_t)table->column_count, error);
    for (int c = 0; c < table->column_count && status == LTP_OK; c++) {
        clear_cell(&row->cell[c], at);
        if (in->missing[c])
            row->cell[c].number = NAN;
        if (table->column[c].group == LTP_GROUP_NONE)
            continue;
        if (!group)
            status = LTP_POOL_NEW(pool, &group, (size_t)table->column_count, error);
        if (status == LTP_OK)
            group[c] = empty_cells(in->reading);
    }
    row->group = (ltp_cell *const *)group;
    *out = row;
    in->count += status == LTP_OK;
    return status;
}

/* A row of the file into a row of the table. */
static ltp_status fill_row(table_file *in, const ltp_csv *csv, ltp_error *error) {
    ltp_row *row;
    ltp_status status = new_row(in, (ltp_position){in->file, csv->cell[0].line, csv->cell[0].column}, &row, error);
    for (size_t i = 0; i < csv->count && i < in->width && status == LTP_OK; i++) {
        const ltp_header *header = &in->header[i];
        const ltp_csv_cell *from = &csv->cell[i];
        if (in->passed_over[i])
            continue;
        ltp_cell *cell = &row->cell[header->column];
        if (header->index >= 0) {
            if (*from->text == '\0')
                continue;
            status = ltp_row_group(in->reading, in->id, row, header->column, &cell, error);
            cell += status == LTP_OK ? header->index : 0;
        }
        if (status == LTP_OK)
            *cell =
                (ltp_cell){.text = from->text, .number = header->divisor, .at = {in->file, from->line, from->column}};
    }
    return status;
}

/* True when the row's width is the header's; blank cells after the last named column may be left out or added. */
static bool right_width(table_file *in, const ltp_csv *csv) {
    size_t last = csv->count;
    while (last > 0 && *csv->cell[last - 1].text == '\0')
        last--;
    const ltp_position at = {in->file, csv->cell[0].line, csv->cell[0].column};
    if (csv->count < in->named || last > in->width) {
        flaw(in, true);
        ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR, at, NULL, "a cell for each column", NULL,
                        "the row has %zu cells, the header %zu%s", csv->count, in->named,
                        csv->count > in->named ? " (a comma inside a cell needs quotes around the cell)" : "");
        return false;
    }
    for (size_t i = 0; i < last; i++)
        if (in->header[i].column < 0 && in->passed_over[i] && in->header[i].divisor == 0.0 &&
            *csv->cell[i].text != '\0') {
            flaw(in, true);
            ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR,
                            (ltp_position){in->file, csv->cell[i].line, csv->cell[i].column}, NULL,
                            "a name above every column that holds anything", NULL,
                            "column %zu of the table has no name in the header", i + 1);
            return false;
        }
    return true;
}

static ltp_status read_rows(table_file *in, const ltp_text *text, ltp_error *error) {
    ltp_csv csv;
    bool found, good = true;
    ltp_status status = ltp_csv_open(&csv, in->file, text->text, text->text_length, in->reading->scenario->pool,
                                     in->reading->problems, error);
    if (status == LTP_OK)
        status = ltp_csv_next(&csv, &found, error);
    if (status == LTP_OK && !found) {
        flaw(in, true);
        ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR, (ltp_position){in->file, 0, 0}, NULL,
                        "a line with the names of the columns", NULL, "the table has no header");
    } else if (status == LTP_OK)
        status = read_header(in, &csv, &good, error);
    while (status == LTP_OK && found && good) {
        status = ltp_csv_next(&csv, &found, error);
        if (status != LTP_OK || !found)
            break;
        if (in->count == LTP_TABLE_ROW_MAX) {
            flaw(in, true);
            ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR, (ltp_position){in->file, csv.cell[0].line, 0},
                            NULL, "at most 1,000,000", NULL, "the table has too many rows");
            break;
        }
        if (right_width(in, &csv))
            status = fill_row(in, &csv, error);
    }
    ltp_csv_close(&csv);
    return status;
}

/* --- over the rows read before --- */

static bool key_complete(ltp_table_id id, const ltp_row *row) {
    const ltp_table_schema *table = ltp_schema_table(id);
    for (int c = 0; c < table->column_count; c++)
        if (table->column[c].key && table->column[c].required && *row->cell[c].text == '\0')
            return false;
    return true;
}

/* Records the rows whose key stands earlier in the same file. `fresh` is sorted by key, then row. */
static void complain_twins(const table_file *in, const ltp_key_index *fresh) {
    size_t first = 0;
    for (size_t i = 1; i < fresh->count; i++) {
        const ltp_key_entry *entry = &fresh->entry[i];
        if (strcmp(entry->key, fresh->entry[first].key) != 0) {
            first = i;
            continue;
        }
        char excerpt[LTP_EXCERPT];
        in->reading->scenario->table[in->id].flawed = true;
        if (key_complete(in->id, &in->row[entry->row]))
            ltp_problem_add(in->reading->problems, LTP_SEVERITY_ERROR, in->row[entry->row].at, NULL,
                            "a key of its own on each row", NULL, "the key %s is taken: its first row is at line %d",
                            ltp_text_excerpt(excerpt, entry->key), in->row[fresh->entry[first].row].at.line);
    }
}

/* Rows with a known key take the place of theirs, the others come after. */
static ltp_status lay_over(table_file *in, ltp_error *error) {
    ltp_reading *reading = in->reading;
    ltp_table *table = &reading->scenario->table[in->id];
    ltp_key_index fresh, known;
    const size_t before = table->row_count;
    ltp_status status = index_rows(reading, in->id, in->row, in->count, &fresh, error);
    if (status != LTP_OK)
        return status;
    complain_twins(in, &fresh);
    if (before == 0) {
        table->row = in->row;
        table->row_count = in->count;
        return LTP_OK;
    }
    ltp_row *merged;
    status = ltp_key_index_build(reading, in->id, &known, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(reading->scenario->pool, &merged, before + in->count, error);
    if (status != LTP_OK)
        return status;
    memcpy(merged, table->row, before * sizeof *merged);
    size_t count = before;
    for (size_t i = 0; i < in->count; i++) {
        const char *key;
        status = ltp_row_key(reading, in->id, &in->row[i], &key, error);
        if (status != LTP_OK)
            return status;
        const size_t place = ltp_key_index_find(&known, key);
        merged[place == SIZE_MAX ? count++ : place] = in->row[i];
    }
    table->row = merged;
    table->row_count = count;
    return LTP_OK;
}

ltp_status ltp_table_read_all(ltp_reading *reading, const ltp_source *source, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (int id = 0; id < LTP_TABLE_COUNT && status == LTP_OK; id++) {
        ltp_table *table = &reading->scenario->table[id];
        char *path, *display;
        ltp_text text;
        bool found;
        table->id = (ltp_table_id)id;
        status =
            ltp_pool_format(reading->scenario->pool, &path, error, "%s.csv", ltp_schema_table((ltp_table_id)id)->name);
        if (status == LTP_OK)
            status = ltp_pool_format(reading->scenario->pool, &display, error, "%s/%s", source->display, path);
        const size_t before = ltp_problem_count(reading->problems, LTP_SEVERITY_ERROR);
        if (status == LTP_OK)
            status = ltp_source_text(reading, source, path, LTP_TEXT_FILE_MAX, false, &text, &found, error);
        if (status == LTP_OK && ltp_problem_count(reading->problems, LTP_SEVERITY_ERROR) > before) {
            table->flawed = table->incomplete = true; /* it is there, but no text */
            table->given = true;
            table->file = display;
        }
        if (status != LTP_OK || !found)
            continue;
        table_file in = {.reading = reading, .id = (ltp_table_id)id, .file = display};
        table->given = true;
        table->file = display;
        const size_t good = ltp_problem_count(reading->problems, LTP_SEVERITY_ERROR);
        status = read_rows(&in, &text, error);
        if (ltp_problem_count(reading->problems, LTP_SEVERITY_ERROR) > good && !table->flawed)
            table->flawed = table->incomplete = true; /* a quote that never closes, and its like */
        if (status == LTP_OK)
            status = lay_over(&in, error);
    }
    return status;
}
