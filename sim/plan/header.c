/* What the name of a column stands for: a column, a year or a number of a group, a unit of money. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/number.h"
#include "sim/plan/reading.h"

/* Takes a unit of money off the end of `name` (a copy); 1 when there is none. */
static double take_unit(char *name) {
    static const struct {
        const char *ending;
        double divisor;
    } unit[] = {{"_£m", 1.0}, {"_£k", 1e3}, {"_£", 1e6}};
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof unit / sizeof unit[0]; i++) {
        const size_t tail = strlen(unit[i].ending);
        if (length > tail && strcmp(name + length - tail, unit[i].ending) == 0) {
            name[length - tail] = '\0';
            return unit[i].divisor;
        }
    }
    return 1.0;
}

/* The group's part after its prefix: a year of the horizon, or a number. */
static void read_group(const ltp_reading *reading, const ltp_column_schema *schema, const char *rest,
                       ltp_header *header, char *message, size_t size) {
    const ltp_scenario *scenario = reading->scenario;
    ltp_complaint complaint;
    if (schema->group == LTP_GROUP_NUMBER) {
        double number;
        if (!ltp_integer_read(rest, &number, &complaint) || number < 1 || number > LTP_NUMBERED_MAX) {
            header->expected = "a number from 1 to 32 at its end";
            snprintf(message, size, "is no column of the group %s1, %s2, …", schema->name, schema->name);
        } else
            header->index = (int)number - 1;
        return;
    }
    int first;
    if (!ltp_financial_year_read(rest, &first, &complaint)) {
        header->expected = "a financial year at its end, such as 2019/20";
        snprintf(message, size, "%s", complaint.what);
    } else if (first <= scenario->base_year) {
        header->expected = "a year after the base year";
        snprintf(message, size, "%s is not after the base year, %s", rest, scenario->year_label[0]);
    } else if (first > scenario->base_year + scenario->year_count) {
        header->beyond = true;
    } else {
        header->index = first - scenario->base_year;
    }
}

static void unknown(const ltp_table_schema *table, const char *name, ltp_header *header, char *message, size_t size) {
    const char *candidate[64];
    char excerpt[LTP_EXCERPT];
    size_t count = 0;
    for (int c = 0; c < table->column_count && count < 64; c++)
        candidate[count++] = table->column[c].name;
    header->nearest = ltp_nearest_name(name, candidate, count);
    snprintf(message, size, "%s has no column '%s'", table->name, ltp_text_excerpt(excerpt, name));
}

void ltp_header_read(const ltp_reading *reading, ltp_table_id id, const char *name, ltp_header *header, char *message,
                     size_t message_size) {
    const ltp_table_schema *table = ltp_schema_table(id);
    char bare[256];
    *header = (ltp_header){.column = -1, .index = -1, .divisor = 1.0};
    message[0] = '\0';
    if (strlen(name) >= sizeof bare) {
        snprintf(message, message_size, "the name is too long for a column");
        return;
    }
    strcpy(bare, name);
    header->divisor = take_unit(bare);
    for (int c = 0; c < table->column_count; c++) {
        const ltp_column_schema *schema = &table->column[c];
        const size_t length = strlen(schema->name);
        const bool money = strcmp(schema->unit ? schema->unit : "", "£m") == 0;
        if (schema->group == LTP_GROUP_NONE ? strcmp(bare, schema->name) != 0
                                            : strncmp(bare, schema->name, length) != 0 || bare[length] == '\0')
            continue;
        if (strcmp(bare, name) != 0 && !money) {
            snprintf(message, message_size, "the column %s is no money: it takes no unit at its end", schema->name);
            return;
        }
        header->column = c;
        if (schema->group != LTP_GROUP_NONE)
            read_group(reading, schema, bare + length, header, message, message_size);
        return;
    }
    unknown(table, name, header, message, message_size);
    return;
}

const char *ltp_header_name(const ltp_reading *reading, ltp_table_id table, int column, int index, char *buffer,
                            size_t size) {
    const ltp_column_schema *schema = &ltp_schema_table(table)->column[column];
    if (schema->group == LTP_GROUP_YEAR && index >= 0)
        snprintf(buffer, size, "%s%s", schema->name, reading->scenario->year_label[index]);
    else if (schema->group == LTP_GROUP_NUMBER && index >= 0)
        snprintf(buffer, size, "%s%d", schema->name, index + 1);
    else
        snprintf(buffer, size, "%s", schema->name);
    return buffer;
}
