#include "sim/compare_input.h"

#include <stdlib.h>
#include <string.h>

#include "sim/core/memory.h"
#include "sim/plan/node.h"
#include "sim/unpack.h"

#define ROWS_MOST 6 /* of a table */
#define KEY 256

typedef struct {
    FILE *to;
    ltp_pool *pool;
    const ltp_scenario *side[2];
    bool everything;
    size_t tables; /* that differ */
} comparing;

/* --- words ------------------------------------------------------------------------------------------------------ */

/* Text of an input as a terminal may have it. */
static void put_plain(const char *text, size_t most, FILE *to) {
    size_t count = 0;
    for (const char *c = text; *c; c++) {
        count += ((unsigned char)*c & 0xC0) != 0x80;
        if (count > most) {
            fputs("…", to);
            return;
        }
        fputc((unsigned char)*c < 0x20 || *c == 0x7F ? '?' : *c, to);
    }
}

/* A number that a change has made may have sixteen digits: ten say what it is. */
static void put_value(const char *text, size_t most, FILE *to) {
    char *end;
    const double number = strtod(text, &end);
    if (strlen(text) > 12 && *end == '\0')
        fprintf(to, "%.10g", number);
    else if (*text)
        put_plain(text, most, to);
    else
        fputs("(empty)", to);
}

static void put_change(const char *key, const char *column, const char *old, const char *now, FILE *to) {
    fputs("  ", to);
    put_plain(key, 40, to);
    fprintf(to, "%s%s: ", column ? "  " : "", column ? column : "");
    put_value(old, 24, to);
    fputs(" → ", to);
    put_value(now, 24, to);
    fputc('\n', to);
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *key;
    const ltp_row *row;
} keyed_row;

static int by_key(const void *a, const void *b) {
    return strcmp(((const keyed_row *)a)->key, ((const keyed_row *)b)->key);
}

static ltp_status sort_rows(comparing *c, const ltp_table *table, keyed_row **out, ltp_error *error) {
    const ltp_table_schema *schema = ltp_schema_table(table->id);
    ltp_status status = LTP_POOL_NEW(c->pool, out, table->row_count + 1, error);
    for (size_t r = 0; r < table->row_count && !status; r++) {
        char *key = (char *)"";
        for (int k = 0; k < schema->column_count && !status; k++)
            if (schema->column[k].key)
                status = ltp_pool_format(c->pool, &key, error, "%s%s%s", key, *key ? " | " : "",
                                         table->row[r].cell[k].text ? table->row[r].cell[k].text : "");
        (*out)[r] = (keyed_row){key, &table->row[r]};
    }
    if (!status)
        qsort(*out, table->row_count, sizeof **out, by_key);
    return status;
}

static const char *text_of(const ltp_cell *cell) {
    return cell && cell->text ? cell->text : "";
}

/* source, status and note are kept and never computed with. */
static bool is_computed(const ltp_column_schema *column) {
    return strcmp(column->name, "source") != 0 && strcmp(column->name, "status") != 0 &&
           strcmp(column->name, "note") != 0;
}

static size_t cells_of(const comparing *c, const ltp_column_schema *column) {
    const size_t years =
        (size_t)(c->side[0]->year_count < c->side[1]->year_count ? c->side[0]->year_count : c->side[1]->year_count) + 1;
    return column->group == LTP_GROUP_NONE ? 1 : column->group == LTP_GROUP_YEAR ? years : LTP_NUMBERED_MAX;
}

static const char *cell_text(const ltp_row *row, int column, const ltp_column_schema *schema, size_t at) {
    if (schema->group == LTP_GROUP_NONE)
        return text_of(&row->cell[column]);
    return row->group && row->group[column] ? text_of(&row->group[column][at]) : "";
}

/* Prints, or only counts (print false), the cells in which two rows differ. */
static size_t compare_cells(const comparing *c, const ltp_table_schema *schema, const keyed_row *a, const keyed_row *b,
                            bool print) {
    size_t count = 0;
    for (int k = 0; k < schema->column_count; k++) {
        const ltp_column_schema *column = &schema->column[k];
        for (size_t at = 0; is_computed(column) && at < cells_of(c, column); at++) {
            const char *old = cell_text(a->row, k, column, at), *now = cell_text(b->row, k, column, at);
            char name[KEY];
            if (strcmp(old, now) == 0)
                continue;
            if (column->group == LTP_GROUP_YEAR)
                snprintf(name, sizeof name, "%s%s", column->name, c->side[0]->year_label[at]);
            else if (column->group == LTP_GROUP_NUMBER)
                snprintf(name, sizeof name, "%s%zu", column->name, at + 1);
            else
                snprintf(name, sizeof name, "%s", column->name);
            if (print)
                put_change(a->key, name, old, now, c->to);
            count++;
        }
    }
    return count;
}

/* What a row that only one has is: its key and, if it has one, its name. */
static void put_row(const comparing *c, const ltp_table_schema *schema, const keyed_row *row, bool added) {
    fputs("  ", c->to);
    put_plain(row->key, 48, c->to);
    for (int k = 0; k < schema->column_count; k++)
        if (strcmp(schema->column[k].name, "name") == 0 && !schema->column[k].key && *text_of(&row->row->cell[k])) {
            fputs(", ", c->to);
            put_plain(text_of(&row->row->cell[k]), 32, c->to);
        }
    fprintf(c->to, ": %s\n", added ? "only in B" : "only in A");
}

typedef struct {
    size_t changed, added, removed, shown, left;
} table_count;

static void count_row(const comparing *c, const ltp_table_schema *schema, const keyed_row *a, const keyed_row *b,
                      bool print, table_count *count) {
    if (a && b && compare_cells(c, schema, a, b, false) == 0)
        return;
    count->changed += a && b;
    count->removed += a && !b;
    count->added += b && !a;
    if (!print)
        return;
    if (!c->everything && count->shown == ROWS_MOST) {
        count->left++;
        return;
    }
    count->shown++;
    if (a && b)
        compare_cells(c, schema, a, b, true);
    else
        put_row(c, schema, a ? a : b, !a);
}

static void walk_rows(const comparing *c, const ltp_table_schema *schema, const size_t rows[2], keyed_row *const row[2],
                      bool print, table_count *count) {
    *count = (table_count){0};
    for (size_t a = 0, b = 0; a < rows[0] || b < rows[1];) {
        const int order = a == rows[0] ? 1 : b == rows[1] ? -1 : by_key(&row[0][a], &row[1][b]);
        count_row(c, schema, order <= 0 ? &row[0][a] : NULL, order >= 0 ? &row[1][b] : NULL, print, count);
        a += order <= 0;
        b += order >= 0;
    }
}

static ltp_status compare_table(comparing *c, int id, ltp_error *error) {
    const ltp_table_schema *schema = ltp_schema_table((ltp_table_id)id);
    const ltp_table *table[] = {&c->side[0]->table[id], &c->side[1]->table[id]};
    const size_t rows[] = {table[0]->row_count, table[1]->row_count};
    keyed_row *row[2];
    table_count count;
    ltp_status status = sort_rows(c, table[0], &row[0], error);
    if (!status)
        status = sort_rows(c, table[1], &row[1], error);
    if (status)
        return status;
    walk_rows(c, schema, rows, row, false, &count);
    if (count.changed + count.added + count.removed == 0)
        return LTP_OK;
    c->tables++;
    fprintf(c->to, "%s: ", schema->name);
    const struct {
        size_t count;
        const char *what;
    } part[] = {{count.changed, "changed"}, {count.added, "only in B"}, {count.removed, "only in A"}};
    for (int k = 0, any = 0; k < 3; k++)
        if (part[k].count)
            fprintf(c->to, "%s%zu row%s %s", any++ ? ", " : "", part[k].count, part[k].count == 1 ? "" : "s",
                    part[k].what);
    fputc('\n', c->to);
    walk_rows(c, schema, rows, row, true, &count);
    if (count.left)
        fprintf(c->to, "  … and %zu more (--all shows them)\n", count.left);
    return LTP_OK;
}

/* --- settings --------------------------------------------------------------------------------------------------- */

/* A setting's value on one line; lists and maps as they could be written in YAML. */
static ltp_status node_text(ltp_pool *pool, const ltp_node *node, char **out, ltp_error *error) {
    if (node->kind == LTP_NODE_SCALAR)
        return ltp_pool_text(pool, out, node->text, strlen(node->text), error);
    const bool map = node->kind == LTP_NODE_MAP;
    ltp_status status = ltp_pool_text(pool, out, map ? "{" : "[", 1, error);
    for (const ltp_node *child = node->first; child && !status; child = child->next) {
        char *text;
        status = node_text(pool, child, &text, error);
        if (!status)
            status = ltp_pool_format(pool, out, error, "%s%s%s%s%s", *out, child == node->first ? "" : ", ",
                                     map ? child->key : "", map ? ": " : "", text);
    }
    return status ? status : ltp_pool_format(pool, out, error, "%s%c", *out, map ? '}' : ']');
}

/* Settings of one side: the scenario's own first, then those that it extends. */
typedef struct {
    size_t count;
    const ltp_node *root[16];
} setting_chain;

static ltp_status read_chain(comparing *c, const ltp_scenario *scenario, setting_chain *chain, ltp_error *error) {
    ltp_problem_list *problems;
    *chain = (setting_chain){0};
    ltp_status status = ltp_problem_list_create(&problems, error);
    for (size_t k = 0; k < scenario->file_count && chain->count < 16 && !status; k++) {
        const ltp_input_file *file = &scenario->file[k];
        const size_t length = strlen(file->name), skip = strncmp(file->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        ltp_node *root = NULL;
        if (length < 13 || strcmp(file->name + length - 13, "scenario.yaml") != 0)
            continue;
        status = ltp_node_parse(file->bytes + skip, file->length - skip, file->name, c->pool, problems, &root, error);
        if (!status && root && root->kind == LTP_NODE_MAP)
            chain->root[chain->count++] = root;
    }
    ltp_problem_list_destroy(problems);
    return status;
}

static ltp_status setting_text(comparing *c, const setting_chain *chain, const ltp_setting_schema *schema,
                               const char **out, ltp_error *error) {
    char first[64], *text;
    const size_t length = strcspn(schema->key, ".");
    snprintf(first, sizeof first, "%.*s", (int)length, schema->key);
    *out = schema->fallback ? schema->fallback : "";
    for (size_t k = 0; k < chain->count; k++) {
        const ltp_node *node = ltp_node_child(chain->root[k], first);
        if (node && schema->key[length])
            node = node->kind == LTP_NODE_MAP ? ltp_node_child(node, schema->key + length + 1) : NULL;
        if (!node)
            continue;
        const ltp_status status = node_text(c->pool, node, &text, error);
        *out = text;
        return status;
    }
    return LTP_OK;
}

static ltp_status compare_settings(comparing *c, ltp_error *error) {
    static const char *const passed_over[] = {"title", "description", "extends", "remove", "set"};
    setting_chain chain[2];
    size_t settings, differ = 0;
    const ltp_setting_schema *schema = ltp_schema_settings(&settings);
    ltp_status status = read_chain(c, c->side[0], &chain[0], error);
    if (!status)
        status = read_chain(c, c->side[1], &chain[1], error);
    for (size_t k = 0; k < settings && !status; k++) {
        const char *text[2] = {"", ""};
        bool skip = strncmp(schema[k].key, "submission.", 11) == 0;
        for (size_t n = 0; n < sizeof passed_over / sizeof *passed_over; n++)
            skip |= strcmp(schema[k].key, passed_over[n]) == 0;
        for (int side = 0; side < 2 && !status && !skip; side++)
            status = setting_text(c, &chain[side], &schema[k], &text[side], error);
        if (status || strcmp(text[0], text[1]) == 0)
            continue;
        fputs(differ++ ? "" : "settings:\n", c->to);
        put_change(schema[k].key, NULL, text[0], text[1], c->to);
    }
    c->tables += differ > 0;
    return status;
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static ltp_status compare_all(comparing *c, ltp_error *error) {
    fputs("\nInputs that differ, A → B\n", c->to);
    ltp_status status = compare_settings(c, error);
    for (int id = 0; id < LTP_TABLE_COUNT && !status; id++)
        status = compare_table(c, id, error);
    if (!status && c->tables == 0)
        fputs("none that is computed with; --seed, --paths or the version of the program may have differed\n", c->to);
    return status;
}

ltp_status ltp_compare_inputs(FILE *to, ltp_result *a, ltp_result *b, bool everything, ltp_error *error) {
    ltp_scenario *scenario[2] = {NULL, NULL};
    comparing c = {.to = to, .everything = everything};
    ltp_status status = ltp_pool_create(&c.pool, error);
    if (!status)
        status = ltp_unpack_scenario(&scenario[0], a, error);
    if (!status)
        status = ltp_unpack_scenario(&scenario[1], b, error);
    c.side[0] = scenario[0];
    c.side[1] = scenario[1];
    if (!status && scenario[0] && scenario[1])
        status = compare_all(&c, error);
    else if (!status)
        fprintf(to, "\nThe inputs of %s cannot be read by this version and are not compared.\n",
                scenario[0] ? "B" : "A");
    ltp_scenario_free(scenario[1]);
    ltp_scenario_free(scenario[0]);
    ltp_pool_destroy(c.pool);
    return status;
}
