/* The descriptor rows as tables: nothing here is written twice, all of it comes from schema_rows.h. */
#include "sim/plan/schema.h"

#define COLUMN_SCHEMA(TABLE, ID, column_name, TYPE, RANGE, column_doc, ...)                                            \
    {.name = (column_name), .type = LTP_TYPE_##TYPE, RANGE, .doc = (column_doc), __VA_ARGS__},

#define TABLE_COLUMNS(TABLE)                                                                                           \
    static const ltp_column_schema TABLE##_column[] = {LTP_##TABLE##_COLUMNS(COLUMN_SCHEMA)};                          \
    _Static_assert(sizeof TABLE##_column / sizeof TABLE##_column[0] == LTP_##TABLE##_COLUMN_COUNT, #TABLE)

TABLE_COLUMNS(SYSTEMS);
TABLE_COLUMNS(ORGANISATIONS);
TABLE_COLUMNS(MEMBERSHIP);
TABLE_COLUMNS(NORMALISATION);
TABLE_COLUMNS(SERVICES);
TABLE_COLUMNS(CATEGORIES);
TABLE_COLUMNS(OUTSIDE);
TABLE_COLUMNS(FLOWS);
TABLE_COLUMNS(CONTRACTS);
TABLE_COLUMNS(PLANS);
TABLE_COLUMNS(ALLOCATIONS);
TABLE_COLUMNS(TRANSFERS);
TABLE_COLUMNS(FLOORS);
TABLE_COLUMNS(POPULATION);
TABLE_COLUMNS(USE_BY_AGE);
TABLE_COLUMNS(DEFLATORS);
TABLE_COLUMNS(DRIVERS);
TABLE_COLUMNS(CORRELATIONS);
TABLE_COLUMNS(EVENTS);
TABLE_COLUMNS(PROGRAMMES);
TABLE_COLUMNS(BENCHMARKS);
TABLE_COLUMNS(TRAJECTORIES);
TABLE_COLUMNS(BACKLOG);
TABLE_COLUMNS(SCHEMES);
TABLE_COLUMNS(CAPITAL);
TABLE_COLUMNS(BEDS);
TABLE_COLUMNS(WORKFORCE);

static const ltp_table_schema table_schema[LTP_TABLE_COUNT] = {
#define TABLE_SCHEMA(TABLE, table_name, is_required, is_modelled, table_doc)                                           \
    {.name = (table_name),                                                                                             \
     .doc = (table_doc),                                                                                               \
     .required = (is_required),                                                                                        \
     .modelled = (is_modelled),                                                                                        \
     .column_count = LTP_##TABLE##_COLUMN_COUNT,                                                                       \
     .column = TABLE##_column},
    LTP_TABLE_ROWS(TABLE_SCHEMA)
#undef TABLE_SCHEMA
};

static const ltp_setting_schema setting_schema[] = {
#define SETTING_SCHEMA(ID, setting_key, setting_type, setting_unit, setting_range, setting_default, is_modelled, text) \
    {.key = (setting_key),                                                                                             \
     .type = (setting_type),                                                                                           \
     .unit = (setting_unit),                                                                                           \
     .range = (setting_range),                                                                                         \
     .fallback = (setting_default),                                                                                    \
     .doc = (text),                                                                                                    \
     .modelled = (is_modelled)},
    LTP_SETTING_ROWS(SETTING_SCHEMA)
#undef SETTING_SCHEMA
};

const ltp_table_schema *ltp_schema_table(ltp_table_id table) {
    return &table_schema[table];
}

const ltp_setting_schema *ltp_schema_settings(size_t *count) {
    *count = sizeof setting_schema / sizeof setting_schema[0];
    return setting_schema;
}
