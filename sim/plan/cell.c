/* Each cell's text by its column's type: number, word of a list, year, date, list, targets. */
#include "sim/plan/cell.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/plan/number.h"

#define ITEM_MAX 10000 /* items of one cell */

void ltp_cell_problem(ltp_reading *reading, ltp_table_id table, int column, int index, ltp_position at,
                      const char *expected, const char *nearest, const char *message) {
    char name[128], key[256];
    ltp_header_name(reading, table, column, index, name, sizeof name);
    snprintf(key, sizeof key, "%s: %s", ltp_schema_table(table)->name, name);
    reading->scenario->table[table].flawed = true;
    ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, key, expected && *expected ? expected : NULL, nearest,
                    "%s", message);
}

typedef struct {
    ltp_reading *reading;
    ltp_table_id table;
    int column, index;
    const ltp_column_schema *schema;
} place;

static void complain(const place *where, const ltp_cell *cell, const char *expected, const char *nearest,
                     const char *what) {
    char excerpt[LTP_EXCERPT], message[512];
    snprintf(message, sizeof message, "'%s' %s", ltp_text_excerpt(excerpt, cell->text), what);
    ltp_cell_problem(where->reading, where->table, where->column, where->index, cell->at, expected, nearest, message);
}

static void complain_as(const place *where, const ltp_cell *cell, const ltp_complaint *complaint) {
    ltp_cell_problem(where->reading, where->table, where->column, where->index, cell->at, complaint->expected, NULL,
                     complaint->what);
}

/* "0 to 1", "at least 0" with the unit; "" when there is no bound. */
static const char *range_text(const ltp_column_schema *schema, char *buffer, size_t size) {
    char low[LTP_NUMBER_TEXT], high[LTP_NUMBER_TEXT];
    const char *unit = schema->unit && strcmp(schema->unit, "1") != 0 ? schema->unit : "";
    const char *space = *unit ? " " : "";
    ltp_number_text(low, schema->minimum);
    ltp_number_text(high, schema->maximum);
    if (schema->minimum > 0.0 && schema->minimum < 1e-6) /* a price level: the column allows no 0 */
        snprintf(buffer, size, "more than 0");
    else if (strcmp(unit, "£m") == 0 && isfinite(schema->minimum) && !isfinite(schema->maximum))
        snprintf(buffer, size, "at least £%sm", low);
    else if (isfinite(schema->minimum) && isfinite(schema->maximum))
        snprintf(buffer, size, "%s to %s%s%s", low, high, space, unit);
    else if (isfinite(schema->minimum))
        snprintf(buffer, size, "at least %s%s%s", low, space, unit);
    else if (isfinite(schema->maximum))
        snprintf(buffer, size, "at most %s%s%s", high, space, unit);
    else
        buffer[0] = '\0';
    return buffer;
}

static bool check_range(const place *where, ltp_cell *cell) {
    const ltp_column_schema *schema = where->schema;
    char range[128], expected[256], number[LTP_NUMBER_TEXT];
    if (cell->number >= schema->minimum && cell->number <= schema->maximum)
        return true;
    range_text(schema, range, sizeof range);
    snprintf(expected, sizeof expected, "%s", range);
    if (schema->maximum == 1.0 && cell->number > 1.0 && cell->number <= 100.0) {
        snprintf(number, sizeof number, "%.15g", cell->number / 100.0);
        snprintf(expected, sizeof expected, "%s (a percentage is written as a fraction, %s)", range, number);
    }
    complain(where, cell, expected, NULL, "is out of range");
    return false;
}

static bool read_number(const place *where, ltp_cell *cell, double divisor) {
    ltp_complaint complaint;
    const bool good = where->schema->type == LTP_TYPE_INTEGER ? ltp_integer_read(cell->text, &cell->number, &complaint)
                                                              : ltp_number_read(cell->text, &cell->number, &complaint);
    if (!good) {
        complain_as(where, cell, &complaint);
        return false;
    }
    cell->number /= divisor;
    return check_range(where, cell);
}

int ltp_word_find(const char *values, const char *word) {
    const size_t length = strlen(word);
    int number = 0;
    for (const char *at = values; at; number++) {
        const size_t size = strcspn(at, "|");
        if (size == length && memcmp(at, word, size) == 0)
            return number;
        at = at[size] ? at + size + 1 : NULL;
    }
    return -1;
}

const char *ltp_word_nearest(const char *values, const char *word, char *buffer, size_t size) {
    const char *candidate[64];
    size_t count = 0;
    snprintf(buffer, size, "%s", values);
    for (char *at = buffer; at && count < 64;) {
        candidate[count++] = at;
        at = strchr(at, '|');
        if (at)
            *at++ = '\0';
    }
    return ltp_nearest_name(word, candidate, count);
}

static bool read_word(const place *where, ltp_cell *cell, const char *values) {
    char expected[512], words[512];
    size_t used = 0;
    const int number = ltp_word_find(values, cell->text);
    if (number >= 0) {
        cell->number = number;
        return true;
    }
    for (const char *at = values; *at && used < sizeof expected - 3; at++) {
        if (*at == '|') {
            expected[used++] = ',';
            expected[used++] = ' ';
        } else
            expected[used++] = *at;
    }
    expected[used] = '\0';
    complain(where, cell, expected, ltp_word_nearest(values, cell->text, words, sizeof words),
             "is none of the words for this column");
    return false;
}

static bool read_year(const place *where, ltp_cell *cell) {
    const ltp_scenario *scenario = where->reading->scenario;
    const int least = where->schema->minimum > 0 ? (int)where->schema->minimum : 0;
    ltp_complaint complaint;
    char expected[96];
    int first;
    if (!ltp_financial_year_read(cell->text, &first, &complaint)) {
        complain_as(where, cell, &complaint);
        return false;
    }
    cell->number = first - scenario->base_year;
    if (cell->number >= least && cell->number <= scenario->year_count)
        return true;
    snprintf(expected, sizeof expected, "%s to %s", scenario->year_label[least],
             scenario->year_label[scenario->year_count]);
    complain(where, cell, expected, NULL, "is not one of the scenario's years");
    return false;
}

static bool read_date(const place *where, ltp_cell *cell) {
    ltp_complaint complaint;
    char expected[96];
    int year, month, day;
    if (!ltp_date_read(cell->text, &year, &month, &day, &complaint)) {
        complain_as(where, cell, &complaint);
        return false;
    }
    if (day != 1) {
        snprintf(expected, sizeof expected, "the first of a month, %04d-%02d-01", year, month);
        complain(where, cell, expected, NULL, "is inside a month");
        return false;
    }
    cell->number = 12 * (year - where->reading->scenario->base_year) + (month - 4);
    return true;
}

/* A character that cannot be seen, or that turns the direction of writing. */
static bool invisible(unsigned code) {
    return code == 0x00A0 || code == 0x00AD || code == 0x034F || code == 0x061C || (code >= 0x2000 && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202F) || (code >= 0x205F && code <= 0x206F) || code == 0x3000 || code == 0xFEFF;
}

bool ltp_code_check(const char *text, char *message, size_t size) {
    const size_t length = strlen(text);
    if (length > 200) {
        snprintf(message, size, "is too long for a code");
        return false;
    }
    for (size_t i = 0; i < length;) {
        unsigned code = 0;
        const size_t bytes = ltp_utf8_character(text + i, length - i, &code);
        if (bytes == 0 || code < 0x20 || (code >= 0x7F && code <= 0x9F) || invisible(code)) {
            snprintf(message, size, "holds a character that cannot be seen, U+%04X", code);
            return false;
        }
        if (code < 0x80 && strchr(";|=*", (int)code)) {
            snprintf(message, size, "holds '%c', which separates or matches codes", (int)code);
            return false;
        }
        i += bytes;
    }
    return true;
}

bool ltp_reference_literal(const char *reference, const char *text) {
    if (!reference)
        return false;
    const size_t length = strlen(text);
    for (const char *at = reference; at;) {
        const size_t size = strcspn(at, "|");
        if (*at == '=' && size == length + 1 && memcmp(at + 1, text, length) == 0)
            return true;
        at = at[size] ? at + size + 1 : NULL;
    }
    return false;
}

static bool check_code(const place *where, ltp_cell *cell, const char *text) {
    char message[160];
    if (ltp_reference_literal(where->schema->reference, text) || ltp_code_check(text, message, sizeof message))
        return true;
    complain(where, cell, "a code without spaces at its ends, ; | = or *", NULL, message);
    if (where->schema->key) /* those who name it mean it without the mistake */
        where->reading->scenario->table[where->table].incomplete = true;
    return false;
}

/* Splits a copy of the cell's text at `separator` into trimmed items. *good: false for an empty item. */
static ltp_status split(const place *where, ltp_cell *cell, char separator, bool *good, ltp_error *error) {
    ltp_pool *pool = where->reading->scenario->pool;
    const char **item;
    char *copy;
    size_t count = 1;
    for (const char *at = cell->text; *at; at++)
        count += *at == separator;
    *good = count <= ITEM_MAX;
    if (!*good) {
        complain(where, cell, "at most 10,000", NULL, "has too many items");
        return LTP_OK;
    }
    ltp_status status = ltp_pool_text(pool, &copy, cell->text, strlen(cell->text), error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &item, count, error);
    if (status != LTP_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        char *next = strchr(copy, separator);
        if (next)
            *next = '\0';
        copy += strspn(copy, " \t");
        size_t length = strlen(copy);
        while (length > 0 && (copy[length - 1] == ' ' || copy[length - 1] == '\t'))
            copy[--length] = '\0';
        item[i] = copy;
        *good &= length > 0;
        copy = next ? next + 1 : copy;
    }
    if (!*good) {
        char expected[64];
        snprintf(expected, sizeof expected, "items separated by single '%c'", separator);
        complain(where, cell, expected, NULL, "has an empty item");
        return LTP_OK;
    }
    cell->item_count = count;
    cell->item = item;
    return LTP_OK;
}

/* A target list may name a kind or a whole sector. */
#define TARGET_KINDS ("provider|commissioner|partner" LTP_ORGANISATION_KIND_VALUES(LTP_VALUE_TEXT))

/* One term of a target list that is no code: system=CODE;kind=KIND, in either order. */
static bool check_term(const place *where, ltp_cell *cell, const char *term) {
    const char *form = "system=CODE, kind=KIND or both with ; between them";
    for (const char *at = term; at;) {
        const size_t size = strcspn(at, ";"), name = strcspn(at, "=");
        char value[256];
        if (name >= size || size - name - 1 == 0 || size - name - 1 >= sizeof value) {
            complain(where, cell, strchr(term, '=') ? form : "codes joined by |", NULL, "is no list of targets");
            return false;
        }
        memcpy(value, at + name + 1, size - name - 1);
        value[size - name - 1] = '\0';
        if (name == 4 && memcmp(at, "kind", 4) == 0) {
            if (ltp_word_find(TARGET_KINDS, value) < 0) {
                char words[512];
                complain(where, cell, "provider, commissioner, partner or a kind of organisations.csv",
                         ltp_word_nearest(TARGET_KINDS, value, words, sizeof words), "names no kind of organisation");
                return false;
            }
        } else if (name != 6 || memcmp(at, "system", 6) != 0) {
            complain(where, cell, form, NULL, "is no list of targets");
            return false;
        }
        at = at[size] ? at + size + 1 : NULL;
    }
    return true;
}

static ltp_status read_items(const place *where, ltp_cell *cell, bool *good, ltp_error *error) {
    const bool targets = where->schema->type == LTP_TYPE_TARGETS;
    const ltp_status status = split(where, cell, targets ? '|' : ';', good, error);
    if (status != LTP_OK || !*good)
        return status;
    for (size_t i = 0; i < cell->item_count && *good; i++) {
        if (targets && strpbrk(cell->item[i], "=;"))
            *good = check_term(where, cell, cell->item[i]);
        else if (where->schema->reference && where->schema->reference[0] != '@')
            *good = check_code(where, cell, cell->item[i]);
    }
    return status;
}

/* A number if it starts like one, else the name of a driver: then item[0] is the name. */
static ltp_status read_number_or_driver(const place *where, ltp_cell *cell, bool *good, ltp_error *error) {
    const unsigned char first = (unsigned char)cell->text[0];
    if (isdigit(first) || strchr("+-.(%", first) || first >= 0x80) {
        *good = read_number(where, cell, 1.0);
        return LTP_OK;
    }
    *good = check_code(where, cell, cell->text);
    const char **item;
    const ltp_status status = LTP_POOL_NEW(where->reading->scenario->pool, &item, 1, error);
    if (status == LTP_OK) {
        item[0] = cell->text;
        cell->item = item;
        cell->item_count = 1;
    }
    return status;
}

static ltp_status read_typed(const place *where, ltp_cell *cell, double divisor, bool *good, ltp_error *error) {
    switch (where->schema->type) {
    case LTP_TYPE_TEXT:
        *good = true;
        return LTP_OK;
    case LTP_TYPE_CODE:
        *good = check_code(where, cell, cell->text);
        return LTP_OK;
    case LTP_TYPE_NUMBER:
    case LTP_TYPE_INTEGER:
        *good = read_number(where, cell, divisor);
        return LTP_OK;
    case LTP_TYPE_YES_NO:
        *good = read_word(where, cell, "no|yes");
        return LTP_OK;
    case LTP_TYPE_ENUM:
        *good = read_word(where, cell, where->schema->values);
        return LTP_OK;
    case LTP_TYPE_DATE:
        *good = read_date(where, cell);
        return LTP_OK;
    case LTP_TYPE_YEAR:
        *good = read_year(where, cell);
        return LTP_OK;
    case LTP_TYPE_LIST:
    case LTP_TYPE_TARGETS:
        return read_items(where, cell, good, error);
    case LTP_TYPE_NUMBER_OR_DRIVER:
        return read_number_or_driver(where, cell, good, error);
    }
    return LTP_OK;
}

static ltp_status check_cell(const place *where, ltp_cell *cell, ltp_error *error) {
    const double divisor = cell->number; /* of the header's unit of money, until the cell has its number */
    bool good = false;
    cell->number = 0.0;
    if (isnan(divisor)) /* the header has no such column, which has been said once for all rows */
        return LTP_OK;
    if (*cell->text == '\0') {
        if (where->schema->required)
            ltp_cell_problem(where->reading, where->table, where->column, where->index, cell->at, where->schema->doc,
                             NULL, "is empty");
        if (!where->schema->fallback)
            return LTP_OK;
        cell->text = where->schema->fallback;
        cell->defaulted = true;
    }
    const ltp_status status = read_typed(where, cell, cell->defaulted ? 1.0 : divisor, &good, error);
    cell->present = good;
    return status;
}

ltp_status ltp_cell_check_all(ltp_reading *reading, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        const ltp_table *table = &reading->scenario->table[id];
        const ltp_table_schema *schema = ltp_schema_table((ltp_table_id)id);
        for (size_t r = 0; r < table->row_count; r++)
            for (int c = 0; c < schema->column_count; c++) {
                place where = {reading, (ltp_table_id)id, c, -1, &schema->column[c]};
                ltp_cell *cell = &table->row[r].cell[c];
                size_t size = 1;
                if (where.schema->group != LTP_GROUP_NONE) {
                    cell = table->row[r].group[c];
                    size = cell == reading->empty_group ? 0 : ltp_group_size(reading, where.schema->group);
                    table->row[r].cell[c].number = 0.0;
                }
                for (size_t i = 0; i < size && status == LTP_OK; i++) {
                    where.index = where.schema->group != LTP_GROUP_NONE ? (int)i : -1;
                    status = check_cell(&where, &cell[i], error);
                }
                if (status != LTP_OK)
                    return status;
            }
    }
    return status;
}
