/* A scenario while it is read: what the parts of the reader share. Internal to sim/plan.
 *
 * The way of the data: source.c opens the folder and those it extends; setting.c reads scenario.yaml; table.c reads the
 * CSV files into rows of text, key by key over those of the extended scenario; change.c removes rows and sets cells;
 * cell.c gives each text its type; reference.c looks up the keys that cells name; history.c reads histories.
 * All parts record problems and go on; they return LTP_ERROR_MEMORY (LTP_ERROR_IO for the folder) or LTP_OK. */
#ifndef LTP_PLAN_READING_H
#define LTP_PLAN_READING_H

#include <sys/types.h>

#include "sim/plan/node.h"
#include "sim/plan/scenario.h"
#include "sim/plan/text.h"

#define LTP_EXTENDS_MAX 8
#define LTP_UNMODELLED_MAX 64
#define LTP_TABLE_ROW_MAX ((size_t)1000000)

typedef struct {
    int folder;           /* open directory */
    const char *display;  /* as the user would type it: "scenarios/base" */
    const char *prefix;   /* of its files' names: "" for the scenario itself, "../base/" for one it extends */
    const char *settings; /* "scenarios/base/scenario.yaml" */
    const ltp_node *root; /* NULL when it could not be parsed */
    dev_t device;
    ino_t inode;
} ltp_source;

typedef struct {
    const char *key;
    size_t row;
} ltp_key_entry;

typedef struct {
    ltp_key_entry *entry; /* sorted by key, then row; from the pool */
    size_t count;
} ltp_key_index;

typedef struct {
    ltp_scenario *scenario;
    ltp_problem_list *problems;
    size_t source_count;
    ltp_source source[LTP_EXTENDS_MAX + 1]; /* 0: the scenario; each extends the next */
    size_t file_capacity;
    ltp_input_file *file;                 /* grows in the pool */
    ltp_cell *empty_group;                /* cells of a group that a row leaves empty, shared by all such rows */
    ltp_key_index index[LTP_TABLE_COUNT]; /* of the final rows, for references */
    bool broken_tests, broken_years;      /* they have an error: which test or year is known cannot be said */
    bool broken;                          /* tables would only be misread: stop after the settings */
    const char **unmodelled;              /* [LTP_UNMODELLED_MAX] */
} ltp_reading;

/* --- source.c --- */
ltp_status ltp_source_open(ltp_reading *reading, const char *folder, ltp_error *error);
void ltp_source_close(ltp_reading *reading);
/* Reads a file of a source and keeps it among the scenario's input files (once). */
ltp_status ltp_source_text(ltp_reading *reading, const ltp_source *source, const char *path, size_t limit,
                           bool required, ltp_text *text, bool *found, ltp_error *error);
/* The source whose folder holds the file of this position; the scenario itself for --set. */
const ltp_source *ltp_source_of(const ltp_reading *reading, ltp_position at);
/* Files in the folders that are no table and no history; after histories are read. */
ltp_status ltp_source_strangers(ltp_reading *reading, ltp_error *error);

/* --- setting.c, layering.c --- */
ltp_status ltp_setting_read(ltp_reading *reading, ltp_error *error);
void ltp_layering_read(ltp_reading *reading, const ltp_node *tests);
/* One more sentence of what is read but not modelled. */
ltp_status ltp_unmodelled_add(ltp_reading *reading, ltp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- header.c --- */
typedef struct {
    int column; /* of the table; −1: unknown */
    int index;  /* in the group: year t, or number − 1; −1 for a single cell; −2 for the whole group (set only) */
    bool beyond;                    /* a year after the horizon: passed over with a note */
    double divisor;                 /* 1; 1e3 for a column in £k, 1e6 in £ */
    const char *expected, *nearest; /* when unknown */
} ltp_header;
/* What a column's name in a file (or in `set`) stands for. message: why it is refused, "" when it is good. */
void ltp_header_read(const ltp_reading *reading, ltp_table_id table, const char *name, ltp_header *header,
                     char *message, size_t message_size);
/* "amount", "uplift_2019/20", "value_3": the name of a cell's column. */
const char *ltp_header_name(const ltp_reading *reading, ltp_table_id table, int column, int index, char *buffer,
                            size_t size);

/* --- table.c --- */
/* Reads the tables of one source over those read so far. */
ltp_status ltp_table_read_all(ltp_reading *reading, const ltp_source *source, ltp_error *error);
/* The key's texts joined by '|' (defaults filled in; a pair of drivers in name order). In the pool. */
ltp_status ltp_row_key(ltp_reading *reading, ltp_table_id table, const ltp_row *row, const char **key,
                       ltp_error *error);
ltp_status ltp_key_index_build(ltp_reading *reading, ltp_table_id table, ltp_key_index *index, ltp_error *error);
size_t ltp_key_index_find(const ltp_key_index *index, const char *key); /* row, or SIZE_MAX */
int ltp_key_columns(ltp_table_id table, int *single);                   /* how many; *single: the last of them */
/* The nearest key to `word` among an index's, or NULL; memory trouble is no key. */
const char *ltp_key_nearest(const ltp_key_index *index, const char *word);
/* A group's cells of a row, of its own (not the shared empty ones). */
ltp_status ltp_row_group(ltp_reading *reading, ltp_table_id table, ltp_row *row, int column, ltp_cell **cells,
                         ltp_error *error);
size_t ltp_group_size(const ltp_reading *reading, ltp_group group);

/* --- change.c --- */
ltp_status ltp_change_remove(ltp_reading *reading, const ltp_source *source, ltp_error *error);
ltp_status ltp_change_set(ltp_reading *reading, const ltp_source *source, ltp_error *error);
ltp_status ltp_change_override(ltp_reading *reading, const char *text, ltp_error *error);
/* '*' matches any characters, '?' one. */
bool ltp_glob_match(const char *pattern, const char *text);

/* --- cell.c, reference.c, history.c --- */
ltp_status ltp_cell_check_all(ltp_reading *reading, ltp_error *error);
ltp_status ltp_reference_check_all(ltp_reading *reading, ltp_error *error);
ltp_status ltp_history_read_all(ltp_reading *reading, ltp_error *error);
bool ltp_code_check(const char *text, char *message, size_t size); /* false: message says what is wrong */
/* A problem at a cell: `table: column` as its key. */
void ltp_cell_problem(ltp_reading *reading, ltp_table_id table, int column, int index, ltp_position at,
                      const char *expected, const char *nearest, const char *message);

#endif
