/* `remove` and `set`: rows left out of an extended scenario, and single cells changed. */
#include <string.h>

#include "sim/plan/number.h"
#include "sim/plan/reading.h"

static const char *next_character(const char *text) {
    do
        text++;
    while (((unsigned char)*text & 0xC0) == 0x80);
    return text;
}

bool ltp_glob_match(const char *pattern, const char *text) {
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == '?') {
            pattern++;
            text = next_character(text);
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) { /* the last star takes one character more */
            pattern = star + 1;
            text = resume = next_character(resume);
        } else
            return false;
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool is_glob(const char *key) {
    return strpbrk(key, "*?") != NULL;
}

static const char *table_name(int id) {
    return ltp_schema_table((ltp_table_id)id)->name;
}

/* The table of this name, or LTP_TABLE_COUNT after a problem. */
static ltp_table_id find_table(ltp_reading *reading, const char *name, ltp_position at, const char *key) {
    const char *candidate[LTP_TABLE_COUNT];
    char excerpt[LTP_EXCERPT];
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        candidate[id] = table_name(id);
        if (strcmp(candidate[id], name) == 0)
            return (ltp_table_id)id;
    }
    ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, key, NULL,
                    ltp_nearest_name(name, candidate, LTP_TABLE_COUNT), "there is no table '%s'",
                    ltp_text_excerpt(excerpt, name));
    return LTP_TABLE_COUNT;
}

/* --- remove --- */

static ltp_status remove_keys(ltp_reading *reading, ltp_table_id id, const ltp_node *keys, ltp_error *error) {
    ltp_table *table = &reading->scenario->table[id];
    ltp_key_index index;
    bool *gone;
    ltp_status status = ltp_key_index_build(reading, id, &index, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(reading->scenario->pool, &gone, table->row_count, error);
    if (status != LTP_OK)
        return status;
    for (const ltp_node *key = keys->first; key; key = key->next) {
        char excerpt[LTP_EXCERPT];
        size_t hits = 0;
        if (key->kind != LTP_NODE_SCALAR) {
            ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, key->at, "remove", "a key of the table", NULL,
                            "%s is no key", ltp_node_kind_name(key->kind));
            continue;
        }
        for (size_t i = 0; i < index.count; i++)
            if (ltp_glob_match(key->text, index.entry[i].key)) {
                gone[index.entry[i].row] = true;
                hits++;
            }
        if (hits == 0)
            ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, key->at, "remove", NULL,
                            ltp_key_nearest(&index, key->text), "no row of %s has the key '%s'", table_name(id),
                            ltp_text_excerpt(excerpt, key->text));
    }
    size_t kept = 0;
    for (size_t i = 0; i < table->row_count; i++)
        if (!gone[i])
            table->row[kept++] = table->row[i];
    table->row_count = kept;
    return LTP_OK;
}

ltp_status ltp_change_remove(ltp_reading *reading, const ltp_source *source, ltp_error *error) {
    const ltp_node *remove = source->root ? ltp_node_child(source->root, "remove") : NULL;
    ltp_status status = LTP_OK;
    if (!remove || (remove->kind == LTP_NODE_SCALAR && *remove->text == '\0'))
        return LTP_OK;
    if (remove->kind != LTP_NODE_MAP) {
        ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, remove->at, "remove",
                        "a map such as `programmes: [P1, P7*]`", NULL, "%s is no map of tables to keys",
                        ltp_node_kind_name(remove->kind));
        return LTP_OK;
    }
    if (!ltp_node_child(source->root, "extends")) {
        ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, remove->key_at, "remove",
                        "`extends` beside it, or the row deleted from its file", NULL,
                        "there is no extended scenario to remove rows from");
        return LTP_OK;
    }
    for (const ltp_node *keys = remove->first; keys && status == LTP_OK; keys = keys->next) {
        const ltp_table_id id = find_table(reading, keys->key, keys->key_at, "remove");
        if (id == LTP_TABLE_COUNT)
            continue;
        if (keys->kind == LTP_NODE_LIST)
            status = remove_keys(reading, id, keys, error);
        else
            ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, keys->at, "remove",
                            "a list of keys such as [P1, P7*]", NULL, "%s is no list of keys",
                            ltp_node_kind_name(keys->kind));
    }
    return status;
}

/* --- set --- */

typedef struct {
    ltp_reading *reading;
    ltp_table_id id;
    const char *path;  /* TABLE.KEY.COLUMN, for messages */
    const char *key;   /* of rows; may be a pattern */
    int column, index; /* index −1: single cell; −2: every cell of the group */
    double divisor;
    char relative;            /* 0: value replaces; '+' or 'x': it changes what stands */
    double amount;            /* of a relative change */
    const char *value;        /* text as given */
    ltp_position at, name_at; /* of the value, of the path */
    size_t changed;           /* cells */
} change;

static void refuse(const change *what, ltp_position at, const char *expected, const char *nearest,
                   const char *message) {
    char excerpt[LTP_EXCERPT];
    ltp_problem_add(what->reading->problems, LTP_SEVERITY_ERROR, at, ltp_text_excerpt(excerpt, what->path), expected,
                    nearest, "%s", message);
}

static bool numeric(const change *what) {
    const ltp_type type = ltp_schema_table(what->id)->column[what->column].type;
    return type == LTP_TYPE_NUMBER || type == LTP_TYPE_INTEGER || type == LTP_TYPE_NUMBER_OR_DRIVER;
}

/* "+0.01", "x0.8": what stands changes. False for a bad number after the sign (recorded). */
static bool read_value(change *what) {
    ltp_complaint complaint;
    const char first = what->value[0];
    what->relative = 0;
    if (!numeric(what) || (first != '+' && first != 'x'))
        return true;
    if (ltp_number_read(what->value + 1, &what->amount, &complaint)) {
        what->relative = first;
        return true;
    }
    if (first == 'x') /* perhaps the name of a driver; else the cell's type refuses it */
        return true;
    refuse(what, what->at, complaint.expected, NULL, complaint.what);
    return false;
}

static void replace_text(const change *what, ltp_cell *cell, const char *text, double divisor) {
    *cell = (ltp_cell){.text = text, .number = divisor, .at = what->at};
}

/* + and x on one cell: from its default where it is empty. *done: it now holds a changed number. */
static ltp_status change_number(const change *what, ltp_cell *cell, bool *done, ltp_error *error) {
    const char *fallback = ltp_schema_table(what->id)->column[what->column].fallback;
    const bool empty = *cell->text == '\0';
    const char *text = empty ? fallback : cell->text;
    char buffer[LTP_NUMBER_TEXT], *copy;
    ltp_complaint complaint;
    double number;
    *done = false;
    if (!text)
        return LTP_OK;
    if (!ltp_number_read(text, &number, &complaint)) {
        refuse(what, what->at, "a number there, or a change of the driver that the cell names", NULL, complaint.what);
        *done = true; /* said once is enough */
        return LTP_OK;
    }
    number /= empty ? 1.0 : cell->number;
    number = what->relative == '+' ? number + what->amount / what->divisor : number * what->amount;
    ltp_number_text(buffer, number);
    const ltp_status status = ltp_pool_text(what->reading->scenario->pool, &copy, buffer, strlen(buffer), error);
    if (status == LTP_OK) {
        replace_text(what, cell, copy, 1.0);
        *done = true;
    }
    return status;
}

/* Every cell of a group that is given: + and x only. */
static ltp_status change_group(change *what, ltp_row *row, int column, ltp_error *error) {
    const size_t size = ltp_group_size(what->reading, ltp_schema_table(what->id)->column[column].group);
    ltp_cell *cells = row->group[column];
    ltp_status status = LTP_OK;
    if (cells == what->reading->empty_group)
        return LTP_OK;
    for (size_t i = 0; i < size && status == LTP_OK; i++) {
        bool done = false;
        if (*cells[i].text != '\0')
            status = change_number(what, &cells[i], &done, error);
        what->changed += done;
    }
    return status;
}

/* A driver's mean moves its per-year means too: + and x change them, a new mean clears them. */
static ltp_status change_means(change *what, ltp_row *row, ltp_error *error) {
    if (what->relative)
        return change_group(what, row, LTP_DRIVERS_MEAN_YEAR, error);
    if (row->group[LTP_DRIVERS_MEAN_YEAR] != what->reading->empty_group)
        ((ltp_cell **)row->group)[LTP_DRIVERS_MEAN_YEAR] = what->reading->empty_group;
    return LTP_OK;
}

static ltp_status change_row(change *what, ltp_row *row, ltp_error *error) {
    ltp_cell *cell = &row->cell[what->column];
    ltp_status status = LTP_OK;
    if (what->index == -2)
        return change_group(what, row, what->column, error);
    if (what->index >= 0) {
        status = ltp_row_group(what->reading, what->id, row, what->column, &cell, error);
        if (status != LTP_OK)
            return status;
        cell += what->index;
    }
    if (what->id == LTP_TABLE_DRIVERS && what->column == LTP_DRIVERS_MEAN)
        status = change_means(what, row, error);
    if (status != LTP_OK)
        return status;
    if (what->relative) {
        bool done;
        status = change_number(what, cell, &done, error);
        what->changed += done;
    } else {
        replace_text(what, cell, what->value, what->divisor);
        what->changed++;
    }
    return status;
}

/* Applies the change to every row whose key matches. */
static ltp_status change_rows(change *what, ltp_error *error) {
    const ltp_table *table = &what->reading->scenario->table[what->id];
    ltp_key_index index;
    size_t hits = 0;
    char message[512], excerpt[LTP_EXCERPT];
    ltp_status status = LTP_OK;
    int key_column = 0;
    ltp_key_columns(what->id, &key_column);
    for (size_t r = 0; r < table->row_count && status == LTP_OK; r++)
        if (ltp_glob_match(what->key, table->row[r].cell[key_column].text)) {
            hits++;
            status = change_row(what, &table->row[r], error);
        }
    if (status != LTP_OK)
        return status;
    if (hits == 0) {
        status = ltp_key_index_build(what->reading, what->id, &index, error);
        if (status != LTP_OK)
            return status;
        snprintf(message, sizeof message, "no row of %s %s '%s'", table_name((int)what->id),
                 is_glob(what->key) ? "matches" : "has the key", ltp_text_excerpt(excerpt, what->key));
        if (!table->incomplete)
            refuse(what, what->name_at, NULL, ltp_key_nearest(&index, what->key), message);
    } else if (what->changed == 0)
        refuse(what, what->at, "a number without + or x", NULL, "there is nothing to change: the cell is empty");
    return LTP_OK;
}

/* The column's name; "amount" for the whole group amount_2019/20 …. False after a problem. */
static bool find_column(change *what, const char *name, ltp_position at) {
    const ltp_table_schema *table = ltp_schema_table(what->id);
    const size_t length = strlen(name);
    ltp_header header;
    char message[512];
    ltp_header_read(what->reading, what->id, name, &header, message, sizeof message);
    for (int c = 0; header.column < 0 && c < table->column_count; c++)
        if (table->column[c].group != LTP_GROUP_NONE && strlen(table->column[c].name) == length + 1 &&
            strncmp(table->column[c].name, name, length) == 0) {
            header = (ltp_header){.column = c, .index = -2, .divisor = 1.0};
            message[0] = '\0';
        }
    if (*message != '\0' || header.beyond) {
        refuse(what, at, header.expected, header.nearest, header.beyond ? "the year is after the last year" : message);
        return false;
    }
    if (table->column[header.column].key) {
        refuse(what, at, "another column", NULL, "the column is the table's key");
        return false;
    }
    what->column = header.column;
    what->index = header.index;
    what->divisor = header.divisor;
    return true;
}

/* One change "TABLE.KEY.COLUMN" to `value`. name_at: where the path stands, value_at: where the value stands. */
static ltp_status apply(ltp_reading *reading, const char *path, ltp_position name_at, const char *value,
                        ltp_position value_at, ltp_error *error) {
    change what = {.reading = reading, .path = path, .value = value, .at = value_at, .name_at = name_at};
    const char *form = "TABLE.KEY.COLUMN, as in drivers.price.pay.mean";
    int single = 0;
    char *copy;
    const ltp_status status = ltp_pool_text(reading->scenario->pool, &copy, path, strlen(path), error);
    if (status != LTP_OK)
        return status;
    char *first = strchr(copy, '.'), *last = strrchr(copy, '.');
    if (!first || first == last || last == first + 1) {
        refuse(&what, name_at, form, NULL, "names no cell");
        return LTP_OK;
    }
    *first = *last = '\0';
    what.key = first + 1;
    char excerpt[LTP_EXCERPT];
    what.id = find_table(reading, copy, name_at, ltp_text_excerpt(excerpt, path));
    if (what.id == LTP_TABLE_COUNT)
        return LTP_OK;
    if (ltp_key_columns(what.id, &single) != 1) {
        refuse(&what, name_at, "a table with one key column", NULL,
               "a row of this table has a key of several columns: change it in its file");
        return LTP_OK;
    }
    if (!find_column(&what, last + 1, name_at) || !read_value(&what))
        return LTP_OK;
    if (what.index == -2 && !what.relative) {
        refuse(&what, name_at, "one column of the group, or a change by + or x", NULL, "stands for several cells");
        return LTP_OK;
    }
    return change_rows(&what, error);
}

ltp_status ltp_change_set(ltp_reading *reading, const ltp_source *source, ltp_error *error) {
    const ltp_node *set = source->root ? ltp_node_child(source->root, "set") : NULL;
    ltp_status status = LTP_OK;
    if (!set || (set->kind == LTP_NODE_SCALAR && *set->text == '\0'))
        return LTP_OK;
    if (set->kind != LTP_NODE_LIST) {
        ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, set->at, "set",
                        "a list: `- drivers.price.pay.mean: +0.01`", NULL, "%s is no list",
                        ltp_node_kind_name(set->kind));
        return LTP_OK;
    }
    for (const ltp_node *item = set->first; item && status == LTP_OK; item = item->next) {
        const ltp_node *pair = item->first;
        if (item->kind == LTP_NODE_MAP && item->count == 1 && pair->kind == LTP_NODE_SCALAR)
            status = apply(reading, pair->key, pair->key_at, pair->text, pair->at, error);
        else
            ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, item->at, "set",
                            "one `TABLE.KEY.COLUMN: value` an item", NULL, "the item is no change of one cell");
    }
    return status;
}

ltp_status ltp_change_override(ltp_reading *reading, const char *text, ltp_error *error) {
    const char *equals = strchr(text, '=');
    char excerpt[LTP_EXCERPT], *display, *path;
    ltp_pool *pool = reading->scenario->pool;
    if (!ltp_text_check(text, strlen(text), "--set", reading->problems))
        return LTP_OK;
    ltp_status status = ltp_pool_format(pool, &display, error, "--set %s", ltp_text_excerpt(excerpt, text));
    if (status != LTP_OK)
        return status;
    const ltp_position at = {display, 0, 0};
    if (!equals) {
        ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, NULL, "TABLE.KEY.COLUMN=VALUE", NULL,
                        "there is no '='");
        return LTP_OK;
    }
    status = ltp_pool_text(pool, &path, text, (size_t)(equals - text), error);
    return status == LTP_OK ? apply(reading, path, at, equals + 1, at, error) : status;
}
