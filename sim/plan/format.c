/* scenarios/FORMAT.md, from the descriptor rows. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/plan/number.h"
#include "sim/plan/schema.h"

static const char intro[] =
    "# The scenario format\n"
    "\n"
    "This page is generated from the descriptor rows that the program reads with (`sim/plan/schema_rows.h`): what it "
    "says "
    "is what is checked.\n"
    "\n"
    "A scenario is a folder with one `scenario.yaml` (the settings) and CSV tables beside it. `ltpsim init FOLDER` "
    "makes a "
    "blank one, `ltpsim check FOLDER`\n"
    "reads it and lists every problem at once, each with file, line and column, what was expected and the nearest "
    "known "
    "name.\n"
    "\n"
    "## Tables\n"
    "\n"
    "- **CSV** as a spreadsheet saves it: UTF-8 (with or without byte order mark), commas, cells with a comma, a quote "
    "or a "
    "line break in quotes, a quote inside quotes doubled,\n"
    "  lines ending in LF or CR LF. A table separated by semicolons or tabs is refused: save it as “CSV UTF-8 (comma "
    "delimited)”.\n"
    "- **The first line names the columns**, in any order. Columns that are not required may be left out. Blank lines, "
    "rows "
    "of empty cells and lines that start with `#` are passed over.\n"
    "- **Keys**: the columns marked *key* together name a row. A key that comes twice in one file is an error that "
    "names the "
    "first row.\n"
    "- **Groups**: `uplift_2019/20`, `uplift_2020/21` … are one group with a column for each year after the base year; "
    "`value_1`, `value_2` … (to 32) are numbered.\n"
    "  A year's column after the last year is passed over with a note; one before the first is an error.\n"
    "- **Money is £m** cash at outturn prices. A money column may say otherwise at its end: `amount_£k`, `amount_£`, "
    "`amount_2019/20_£k`.\n"
    "- **Rates are fractions** a year: 0.031, never 3.1 or 3.1%.\n"
    "- Every table may have `source`, `status` and `note`: kept and shown in reports, never computed with.\n"
    "- Spaces around a cell are dropped. An empty cell takes the default, where the column has one.\n"
    "\n"
    "| type | written as |\n"
    "| --- | --- |\n"
    "| text | anything |\n"
    "| code | a name without `;` `\\|` `=` `*`; capitals matter; it may hold spaces and dots |\n"
    "| number | `12.5`, `-3`, `0.031`, `1.5e6`: a point, digits on both sides of it, no thousands separators, no plus "
    "sign, no "
    "%, no currency, no leading zeros |\n"
    "| whole number | digits: `100000`, not `1e5` |\n"
    "| yes/no | `yes` or `no` |\n"
    "| one of … | one of the words in the column's range |\n"
    "| year | a financial year, `2019/20`, from the base year to the last year |\n"
    "| month | its first day, `2019-10-01` |\n"
    "| list | items separated by `;` |\n"
    "| targets | terms separated by `\\|`: codes of organisations, `system=CODE`, `kind=KIND`, or "
    "`system=CODE;kind=KIND` (both) |\n"
    "| number or driver | a number, or the name of a driver |\n"
    "\n";

static const char settings_rules[] = "## Settings: `scenario.yaml`\n"
                                     "\n"
                                     "Plain YAML: maps, lists and values; no anchors, aliases, tags or second "
                                     "document. A key with a dot stands one level "
                                     "down (`submission:` and below it `name:`).\n"
                                     "\n";

static const char change_rules[] =
    "\n"
    "### extends, remove, set\n"
    "\n"
    "A scenario that extends another starts from its tables and settings. In this order: `remove` drops rows of the "
    "extended "
    "scenario; the tables beside this\n"
    "`scenario.yaml` replace rows with the same key (which keep their place) and add the others; `set` changes single "
    "cells; `--set` on the command line comes last.\n"
    "\n"
    "```yaml\n"
    "title: Slower delivery, dearer pay\n"
    "extends: ../greater-manchester\n"
    "remove:\n"
    "  programmes: [P7, \"theme-3*\"]          # patterns: * any characters, ? one\n"
    "  membership: [\"RX7|QOP\"]               # a key of several columns: joined by |\n"
    "set:\n"
    "  - programmes.*.delivery_factor: x0.8  # times 0.8; an empty cell starts from its default\n"
    "  - drivers.price.pay.mean: +0.01       # plus 0.01, the per-year means too\n"
    "  - drivers.price.drugs.mean: 0.04      # 0.04 in every year: the per-year means are cleared\n"
    "  - programmes.P1.amount_2020/21: 3.5   # one year; `amount: x1.1` moves every year that is given\n"
    "  - programmes.P2.start: 2020-04-01\n"
    "```\n"
    "\n"
    "`TABLE.KEY.COLUMN`: the table comes before the first dot, the column after the last; the key between may hold "
    "dots. "
    "Only tables with one key column. `+` adds, `x` multiplies,\n"
    "anything else replaces: `-0.01` is the value −0.01, `+-0.01` takes 0.01 off. Numbers are in the column's unit. A "
    "key "
    "that matches no row is an error. On the command line:\n"
    "`--set programmes.P1.full_year_effect=x1.5`.\n"
    "\n"
    "### tests\n"
    "\n"
    "The layers are added in this order. The default is\n"
    "\n"
    "```yaml\n"
    "tests:\n"
    "  - {number: 1, kinds: [recovery]}\n"
    "  - {number: 2, kinds: [unit_cost, price]}\n"
    "  - {number: 3, kinds: [variation]}\n"
    "  - {number: 4, kinds: [demand]}\n"
    "  - {number: 5}\n"
    "```\n"
    "\n"
    "A programme's own `test` always wins. Kinds that count to no test need it, or belong to the plan alone.\n"
    "\n"
    "## The tables one by one\n";

static const char *type_name(ltp_type type) {
    switch (type) {
    case LTP_TYPE_TEXT:
        return "text";
    case LTP_TYPE_CODE:
        return "code";
    case LTP_TYPE_NUMBER:
        return "number";
    case LTP_TYPE_INTEGER:
        return "whole number";
    case LTP_TYPE_YES_NO:
        return "yes/no";
    case LTP_TYPE_ENUM:
        return "one of …";
    case LTP_TYPE_DATE:
        return "month";
    case LTP_TYPE_YEAR:
        return "year";
    case LTP_TYPE_LIST:
        return "list";
    case LTP_TYPE_TARGETS:
        return "targets";
    case LTP_TYPE_NUMBER_OR_DRIVER:
        return "number or driver";
    }
    return "";
}

/* Text in a cell of a Markdown table: bars escaped. */
static void write_cell(FILE *to, const char *text) {
    for (; *text; text++)
        fprintf(to, *text == '|' ? "\\|" : "%c", *text);
}

/* "a|b|c" as "`a`, `b`, `c`". */
static void write_words(FILE *to, const char *words) {
    for (const char *at = words; *at;) {
        const size_t size = strcspn(at, "|");
        fprintf(to, "%s`%.*s`", at == words ? "" : ", ", (int)size, at);
        at += size + (at[size] == '|');
    }
}

/* "organisations|outside|=*" as "a key of `organisations` or `outside`, or `*`"; rules (@) are told in the doc. */
static void write_reference(FILE *to, const char *reference) {
    bool first = true;
    if (*reference == '@')
        return;
    for (const char *at = reference; *at;) {
        const size_t size = strcspn(at, "|");
        if (*at == '=')
            fprintf(to, ", or `%.*s`", (int)size - 1, at + 1);
        else
            fprintf(to, "%s`%.*s`", first ? "a key of " : " or ", (int)size, at);
        first = false;
        at += size + (at[size] == '|');
    }
}

static void write_range(FILE *to, const ltp_column_schema *column) {
    char low[LTP_NUMBER_TEXT], high[LTP_NUMBER_TEXT];
    ltp_number_text(low, column->minimum);
    ltp_number_text(high, column->maximum);
    if (column->values)
        write_words(to, column->values);
    else if (column->type == LTP_TYPE_YEAR)
        fprintf(to, "%s", column->minimum > 0 ? "year 1 to the last" : "base year to the last");
    else if (isfinite(column->minimum) && isfinite(column->maximum))
        fprintf(to, "%s to %s", low, high);
    else if (isfinite(column->minimum))
        fprintf(to, "at least %s", low);
    if (column->reference)
        write_reference(to, column->reference);
}

static void write_column(FILE *to, const ltp_column_schema *column) {
    const char *group = column->group == LTP_GROUP_YEAR ? "YEAR" : column->group == LTP_GROUP_NUMBER ? "N" : "";
    fprintf(to, "| `%s%s` |%s%s | %s | %s | ", column->name, group, column->key ? " key" : "",
            column->required ? " required" : "", type_name(column->type), column->unit ? column->unit : "");
    write_range(to, column);
    fprintf(to, " | %s%s%s | ", column->fallback ? "`" : "", column->fallback ? column->fallback : "",
            column->fallback ? "`" : "");
    write_cell(to, column->doc);
    fprintf(to, " |\n");
}

static bool common(const ltp_table_schema *table, int column) {
    return column >= table->column_count - 3;
}

static void write_table(FILE *to, const ltp_table_schema *table) {
    int keys = 0;
    fprintf(to, "\n### `%s.csv`%s\n\nA row is %s.", table->name, table->required ? " (required)" : "", table->doc);
    if (!table->modelled)
        fprintf(to, " **Read and checked, but not modelled in this version.**");
    fprintf(to, "\nKey: ");
    for (int c = 0; c < table->column_count; c++)
        if (table->column[c].key)
            fprintf(to, "%s`%s`", keys++ ? " + " : "", table->column[c].name);
    fprintf(
        to,
        ".\n\n| column | | type | unit | range | default | meaning |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int c = 0; c < table->column_count; c++)
        if (!common(table, c))
            write_column(to, &table->column[c]);
}

static void write_settings(FILE *to) {
    size_t count;
    const ltp_setting_schema *setting = ltp_schema_settings(&count);
    fprintf(to, "| setting | value | unit | range | default | meaning |\n| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(to, "| `%s` | ", setting[i].key);
        write_cell(to, setting[i].type);
        fprintf(to, " | %s | ", setting[i].unit);
        write_cell(to, setting[i].range);
        fprintf(to, " | %s | ", setting[i].fallback ? setting[i].fallback : "");
        write_cell(to, setting[i].doc);
        fprintf(to, "%s |\n", setting[i].modelled ? "" : " (**not modelled in this version**)");
    }
}

void ltp_schema_write_format(FILE *to) {
    const ltp_table_schema *any = ltp_schema_table(LTP_TABLE_SYSTEMS);
    fputs(intro, to);
    fprintf(to, "Columns of every table:\n\n| column | | type | unit | range | default | meaning |\n"
                "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int c = 0; c < any->column_count; c++)
        if (common(any, c))
            write_column(to, &any->column[c]);
    fputc('\n', to);
    fputs(settings_rules, to);
    write_settings(to);
    fputs(change_rules, to);
    for (int id = 0; id < LTP_TABLE_COUNT; id++)
        write_table(to, ltp_schema_table((ltp_table_id)id));
}
