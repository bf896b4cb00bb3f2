/* The keys that cells name: each must be a row of the table that its column refers to. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/cell.h"
#include "sim/plan/number.h"

typedef struct {
    ltp_reading *reading;
    ltp_table_id table;
    int column;
    ltp_position at;
    ltp_key_index used_service, used_category; /* codes that flows name, sorted */
} look_up;

static int table_by_name(const char *name, size_t length) {
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        const char *table = ltp_schema_table((ltp_table_id)id)->name;
        if (strlen(table) == length && memcmp(table, name, length) == 0)
            return id;
    }
    return -1;
}

static bool given(const look_up *look, ltp_table_id id) {
    return look->reading->scenario->table[id].given;
}

/* A table that could not be read whole, or that must be there and is not, may have held any key: that has been said. */
static bool may_hold_any(const look_up *look, ltp_table_id id) {
    const ltp_table *table = &look->reading->scenario->table[id];
    return table->incomplete || (ltp_schema_table(id)->required && table->row_count == 0);
}

static bool is_key(const look_up *look, ltp_table_id id, const char *text) {
    return ltp_key_index_find(&look->reading->index[id], text) != SIZE_MAX || may_hold_any(look, id);
}

/* Services and categories need no table of their own: without one, the codes that flows use are the known ones; a
 * category that the table leaves out takes the defaults. */
static bool used_in_flows(const look_up *look, ltp_table_id id, const char *text) {
    if (id == LTP_TABLE_SERVICES)
        return !given(look, id) &&
               (look->table == LTP_TABLE_FLOWS || ltp_key_index_find(&look->used_service, text) != SIZE_MAX);
    if (id == LTP_TABLE_CATEGORIES)
        return look->table == LTP_TABLE_FLOWS || ltp_key_index_find(&look->used_category, text) != SIZE_MAX;
    return false;
}

static const ltp_key_index *known_keys(const look_up *look, ltp_table_id id) {
    if (id == LTP_TABLE_SERVICES && !given(look, id))
        return &look->used_service;
    return id == LTP_TABLE_CATEGORIES && !given(look, id) ? &look->used_category : &look->reading->index[id];
}

static void complain(const look_up *look, const char *expected, const char *nearest, const char *text,
                     const char *what) {
    char excerpt[LTP_EXCERPT], message[640];
    snprintf(message, sizeof message, "'%s' %s", ltp_text_excerpt(excerpt, text), what);
    ltp_cell_problem(look->reading, look->table, look->column, -1, look->at, expected, nearest, message);
}

static bool has_room(const look_up *look) {
    return ltp_problem_has_room(look->reading->problems, LTP_SEVERITY_ERROR, look->at.file);
}

/* A key of one of the tables in "a|b|=literal". */
static bool check_key(const look_up *look, const char *reference, const char *text) {
    char tables[160] = "", literal[16] = "";
    const char *nearest = NULL;
    size_t used = 0;
    if (ltp_reference_literal(reference, text))
        return true;
    for (const char *at = reference; at;) {
        const size_t size = strcspn(at, "|");
        const int id = *at == '=' ? -1 : table_by_name(at, size);
        if (*at == '=' && size < sizeof literal)
            snprintf(literal, sizeof literal, "%.*s", (int)size - 1, at + 1);
        if (id >= 0) {
            if (is_key(look, (ltp_table_id)id, text) || used_in_flows(look, (ltp_table_id)id, text))
                return true;
            if (!nearest && has_room(look))
                nearest = ltp_key_nearest(known_keys(look, (ltp_table_id)id), text);
            used += (size_t)snprintf(tables + used, sizeof tables - used, "%s%s", used ? " or " : "",
                                     ltp_schema_table((ltp_table_id)id)->name);
            if (used >= sizeof tables)
                used = sizeof tables - 1;
        }
        at = at[size] ? at + size + 1 : NULL;
    }
    char expected[200];
    snprintf(expected, sizeof expected, "a key of %s%s%s%s", tables,
             strcmp(reference, "services") == 0 && !given(look, LTP_TABLE_SERVICES) ? " or a service of flows" : "",
             *literal ? ", or " : "", literal);
    if (!nearest && *literal) {
        const char *const candidate[] = {literal};
        nearest = ltp_nearest_name(text, candidate, 1);
    }
    complain(look, expected, nearest, text, "is not known");
    return false;
}

static bool has_prefix(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void check_driver_target(const look_up *look, const char *text) {
    static const char *const plain[] = {
        "tariff.uplift",     "tariff.error",      "tariff.efficiency",        "allocation.growth",   "contract.lambda",
        "workforce.leavers", "workforce.joiners", "workforce.agency_premium", "capital.envelope",    "backlog.growth",
        "price.building",    "loan.rate",         "capital.failure_rate",     "capital.failure_cost"};
    const size_t whole = sizeof plain / sizeof *plain;
    char words[256];
    for (size_t i = 0; i < whole; i++)
        if (strcmp(text, plain[i]) == 0)
            return;
    if (has_prefix(text, "demand.") && text[7] != '\0')
        check_key(look, "services", text + 7);
    else if (has_prefix(text, "price.") && text[6] != '\0')
        check_key(look, "categories", text + 6);
    else if (has_prefix(text, "allocation.growth.")) {
        if (ltp_word_find(LTP_VALUES_OF(STREAM), text + 18) < 0)
            complain(look, "allocation.growth.STREAM with a stream of allocations",
                     ltp_word_nearest(LTP_VALUES_OF(STREAM), text + 18, words, sizeof words), text, "names no stream");
    } else
        complain(look,
                 "demand.SERVICE, price.CATEGORY, tariff.uplift, tariff.error, tariff.efficiency, allocation.growth, "
                 "allocation.growth.STREAM, contract.lambda, workforce.leavers, workforce.joiners, "
                 "workforce.agency_premium, capital.envelope, backlog.growth, price.building, loan.rate, "
                 "capital.failure_rate or capital.failure_cost",
                 ltp_nearest_name(text, plain, whole), text, "is nothing that a driver moves");
}

static void check_plan_line(const look_up *look, const char *text) {
    static const char lines[] = "income|pay|non_pay|savings_recurrent|savings_non_recurrent|surplus|fte";
    char words[160];
    if (has_prefix(text, "activity:"))
        check_key(look, "services", text + 9);
    else if (ltp_word_find(lines, text) < 0)
        complain(look,
                 "income, pay, non_pay, savings_recurrent, savings_non_recurrent, surplus, activity:SERVICE or fte",
                 ltp_word_nearest(lines, text, words, sizeof words), text, "is no line of a plan");
}

static void check_number(const look_up *look, const char *text, double low, double high, const char *expected) {
    ltp_complaint complaint;
    double number;
    if (!ltp_number_read(text, &number, &complaint))
        ltp_cell_problem(look->reading, look->table, look->column, -1, look->at, complaint.expected, NULL,
                         complaint.what);
    else if (number < low || number > high)
        complain(look, expected, NULL, text, "is out of range");
}

static void check_rule(const look_up *look, const char *rule, const char *text) {
    if (strcmp(rule, "@driver_target") == 0)
        check_driver_target(look, text);
    else if (strcmp(rule, "@plan_line") == 0)
        check_plan_line(look, text);
    else if (strcmp(rule, "@fractions") == 0)
        check_number(look, text, 0.0, 1.0, "0 to 1");
    else if (strcmp(text, "core") != 0) { /* @floor_reference */
        static const char *const core[] = {"core"};
        if (strpbrk(text, "0123456789"))
            check_number(look, text, -1.0, 1.0, "core, or a rate from -1 to 1");
        else
            complain(look, "core, or a rate from -1 to 1", ltp_nearest_name(text, core, 1), text, "is no reference");
    }
}

/* A term of a target list: its system is looked up, or it is a code. */
static void check_target(const look_up *look, const char *reference, const char *term) {
    const char *system = has_prefix(term, "system=") ? term : strstr(term, ";system=");
    char code[256];
    if (!strchr(term, '=')) {
        if (!ltp_reference_literal(reference, term) && !is_key(look, LTP_TABLE_ORGANISATIONS, term) &&
            is_key(look, LTP_TABLE_SYSTEMS, term)) {
            char expected[300];
            snprintf(expected, sizeof expected, "system=%s", term);
            complain(look, expected, NULL, term, "is a system, not an organisation");
        } else if (strchr(term, ',') && !is_key(look, LTP_TABLE_ORGANISATIONS, term))
            complain(look, "codes separated by |", NULL, term, "is no organisation");
        else
            check_key(look, reference, term);
        return;
    }
    if (!system)
        return;
    system += *system == ';' ? 8 : 7;
    const size_t length = strcspn(system, ";");
    if (length < sizeof code) {
        memcpy(code, system, length);
        code[length] = '\0';
        check_key(look, "systems", code);
    }
}

static void check_cell(look_up *look, const ltp_cell *cell, const ltp_column_schema *schema) {
    look->at = cell->at;
    if (!cell->present)
        return;
    if (schema->type == LTP_TYPE_NUMBER_OR_DRIVER) {
        if (cell->item_count == 1 && !is_key(look, LTP_TABLE_DRIVERS, cell->item[0]))
            complain(look, "a number or the name of a driver",
                     has_room(look) ? ltp_key_nearest(&look->reading->index[LTP_TABLE_DRIVERS], cell->item[0]) : NULL,
                     cell->item[0], "is no driver");
        return;
    }
    if (!schema->reference)
        return;
    const size_t count = cell->item_count ? cell->item_count : 1;
    for (size_t i = 0; i < count; i++) {
        const char *text = cell->item_count ? cell->item[i] : cell->text;
        if (schema->type == LTP_TYPE_TARGETS)
            check_target(look, schema->reference, text);
        else if (schema->reference[0] == '@')
            check_rule(look, schema->reference, text);
        else
            check_key(look, schema->reference, text);
    }
}

static int by_key(const void *left, const void *right) {
    return strcmp(((const ltp_key_entry *)left)->key, ((const ltp_key_entry *)right)->key);
}

/* The codes in one column of flows. */
static ltp_status codes_used(ltp_reading *reading, int column, ltp_key_index *index, ltp_error *error) {
    const ltp_table *flows = &reading->scenario->table[LTP_TABLE_FLOWS];
    const ltp_status status = LTP_POOL_NEW(reading->scenario->pool, &index->entry, flows->row_count, error);
    index->count = 0;
    for (size_t r = 0; r < flows->row_count && status == LTP_OK; r++)
        if (flows->row[r].cell[column].present)
            index->entry[index->count++] = (ltp_key_entry){flows->row[r].cell[column].text, r};
    if (status == LTP_OK && index->count > 1)
        qsort(index->entry, index->count, sizeof *index->entry, by_key);
    size_t unique = 0;
    for (size_t i = 0; i < index->count; i++)
        if (unique == 0 || strcmp(index->entry[unique - 1].key, index->entry[i].key) != 0)
            index->entry[unique++] = index->entry[i];
    index->count = unique;
    return status;
}

/* Categories that flows name and categories.csv does not: they take the defaults, which is worth a word. */
static void warn_categories(const look_up *look) {
    const ltp_scenario *scenario = look->reading->scenario;
    const ltp_key_index *known = &look->reading->index[LTP_TABLE_CATEGORIES];
    if (!scenario->table[LTP_TABLE_CATEGORIES].given)
        return;
    for (size_t i = 0; i < look->used_category.count; i++) {
        const ltp_key_entry *entry = &look->used_category.entry[i];
        if (ltp_key_index_find(known, entry->key) != SIZE_MAX)
            continue;
        if (!ltp_problem_has_room(look->reading->problems, LTP_SEVERITY_WARNING, scenario->table[LTP_TABLE_FLOWS].file))
            break;
        char excerpt[LTP_EXCERPT];
        ltp_problem_add(look->reading->problems, LTP_SEVERITY_WARNING,
                        scenario->table[LTP_TABLE_FLOWS].row[entry->row].cell[LTP_FLOWS_CATEGORY].at, "flows: category",
                        NULL, ltp_key_nearest(known, entry->key),
                        "'%s' is not in categories: its growth share and variable shares are 1",
                        ltp_text_excerpt(excerpt, entry->key));
    }
}

static void check_pairs(const look_up *look) {
    const ltp_table *pairs = &look->reading->scenario->table[LTP_TABLE_CORRELATIONS];
    for (size_t r = 0; r < pairs->row_count; r++) {
        const ltp_cell *a = &pairs->row[r].cell[LTP_CORRELATIONS_DRIVER_A];
        const ltp_cell *b = &pairs->row[r].cell[LTP_CORRELATIONS_DRIVER_B];
        if (a->present && b->present && strcmp(a->text, b->text) == 0)
            ltp_cell_problem(look->reading, LTP_TABLE_CORRELATIONS, LTP_CORRELATIONS_DRIVER_B, -1, b->at, "two drivers",
                             NULL, "a driver is not correlated with itself");
    }
}

ltp_status ltp_reference_check_all(ltp_reading *reading, ltp_error *error) {
    look_up look = {.reading = reading};
    ltp_status status = codes_used(reading, LTP_FLOWS_SERVICE, &look.used_service, error);
    if (status == LTP_OK)
        status = codes_used(reading, LTP_FLOWS_CATEGORY, &look.used_category, error);
    for (int id = 0; id < LTP_TABLE_COUNT && status == LTP_OK; id++)
        status = ltp_key_index_build(reading, (ltp_table_id)id, &reading->index[id], error);
    if (status != LTP_OK)
        return status;
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        const ltp_table *table = &reading->scenario->table[id];
        const ltp_table_schema *schema = ltp_schema_table((ltp_table_id)id);
        look.table = (ltp_table_id)id;
        for (size_t r = 0; r < table->row_count; r++)
            for (look.column = 0; look.column < schema->column_count; look.column++)
                check_cell(&look, &table->row[r].cell[look.column], &schema->column[look.column]);
    }
    warn_categories(&look);
    check_pairs(&look);
    return LTP_OK;
}
