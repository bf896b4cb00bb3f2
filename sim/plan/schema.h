/* Descriptor rows: one row a table, a column, a setting (key, type, unit, range, default, doc). They drive the
 * readers, the checks, scenarios/FORMAT.md, `init` and `list`. The rows stand in schema_rows.h as X-macros. */
#ifndef LTP_PLAN_SCHEMA_H
#define LTP_PLAN_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum {
    LTP_TYPE_TEXT,   /* any text */
    LTP_TYPE_CODE,   /* an identifier: no spaces at the ends, no control characters, no ';' '|' '=' '*' */
    LTP_TYPE_NUMBER, /* digits, sign, point, exponent */
    LTP_TYPE_INTEGER,
    LTP_TYPE_YES_NO,          /* yes, no */
    LTP_TYPE_ENUM,            /* one of a list separated by '|' in the descriptor */
    LTP_TYPE_DATE,            /* 2019-04-01 */
    LTP_TYPE_YEAR,            /* 2019/20 */
    LTP_TYPE_LIST,            /* items separated by ';' */
    LTP_TYPE_TARGETS,         /* target list: codes or system=CODE;kind=KIND terms, joined by '|' */
    LTP_TYPE_NUMBER_OR_DRIVER /* a number or the name of a driver */
} ltp_type;

typedef enum { LTP_GROUP_NONE = 0, LTP_GROUP_YEAR, LTP_GROUP_NUMBER } ltp_group;

typedef struct {
    const char *name; /* "amount"; a group: its prefix "uplift_" */
    ltp_type type;
    ltp_group group;
    const char *unit;        /* "£m", "fraction a year", "1", "" */
    double minimum, maximum; /* closed range; ±INFINITY for none */
    const char *values;      /* ENUM: "a|b|c" */
    const char
        *reference; /* "organisations", "organisations|outside": the cell (each item of a list) must be a key there */
    const char *fallback; /* default as text, NULL none */
    bool required, key;
    const char *doc;
    const char *example; /* for init */
} ltp_column_schema;

typedef struct {
    const char *name; /* "flows": file flows.csv */
    const char *doc;
    bool required;
    bool modelled; /* false: known, kept, named as not modelled in this version */
    int column_count;
    const ltp_column_schema *column;
} ltp_table_schema;

typedef struct {
    const char *key; /* "base_year", "support.system_share" */
    const char *type, *unit, *range, *fallback, *doc;
    bool modelled;
} ltp_setting_schema;

/* Names of tables and columns: LTP_TABLE_x and LTP_x_y, generated from the rows. */
#include "sim/plan/schema_rows.h"

typedef enum {
#define LTP_TABLE_ROW(TABLE, name, required, modelled, doc) LTP_TABLE_##TABLE,
    LTP_TABLE_ROWS(LTP_TABLE_ROW)
#undef LTP_TABLE_ROW
        LTP_TABLE_COUNT
} ltp_table_id;

const ltp_table_schema *ltp_schema_table(ltp_table_id table);
const ltp_setting_schema *ltp_schema_settings(size_t *count);

/* Writes scenarios/FORMAT.md: every table, column and setting, and the rules of reading, from the rows. */
void ltp_schema_write_format(FILE *to);

#endif
