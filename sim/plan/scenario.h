/* The scenario as text tables, read and checked cell by cell (types, ranges, keys, references), not yet compiled.
 * Made by ltp_scenario_load from a folder; `extends`, `remove`, `set` and --set already applied. Read-only after.
 *
 * Tables and columns are numbered by the descriptor rows of schema_rows.h: table LTP_TABLE_FLOWS, columns
 * LTP_FLOWS_PAYER, LTP_FLOWS_AMOUNT, … A per-year column group (`uplift_2019/20` …) is one column with a cell per
 * year; a numbered group (`value_1` …) is one column with a cell per number. */
#ifndef LTP_PLAN_SCENARIO_H
#define LTP_PLAN_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/draw.h"
#include "sim/core/memory.h"
#include "sim/plan/problem.h"
#include "sim/plan/schema.h"

typedef struct {
    bool present;      /* false: the cell is empty and has no default */
    bool defaulted;    /* present only because the descriptor has a default */
    const char *text;  /* trimmed text as given ("" when not present) */
    double number;     /* NUMBER, INTEGER; YES_NO 0/1; ENUM: index in its list; DATE: months since April of the
                          base year's first calendar year (2018-04 = 0 when base_year is 2018/19); YEAR: t (base = 0) */
    size_t item_count; /* LIST, TARGETS: number of items (of TARGETS: terms between '|'); NUMBER_OR_DRIVER: 1 when it
                          is a driver, item[0] its name; else 0 */
    const char *const *item;
    ltp_position at;
} ltp_cell;

typedef struct {
    ltp_cell *cell;         /* [column of the table] single cells (groups: .present false) */
    ltp_cell *const *group; /* [column] NULL unless a group: per-year: cells [0..years], index t (0 = base year);
                               numbered: cells [0..LTP_NUMBERED_MAX-1] */
    ltp_position at;        /* where the row stands */
} ltp_row;

#define LTP_NUMBERED_MAX 32

/* How organisations without a trajectory come to balance. */
typedef enum {
    LTP_GLIDE_PATH_NONE = 0,
    LTP_GLIDE_PATH_LINEAR,
    LTP_GLIDE_PATH_FRONT_LOADED,
    LTP_GLIDE_PATH_BACK_LOADED
} ltp_glide_path;

typedef struct {
    ltp_table_id id;
    bool given;       /* the file exists here or in a scenario it extends */
    bool flawed;      /* errors were recorded in it: what other tables say about it cannot be judged yet */
    bool incomplete;  /* rows are missing from it: the file or some of its rows could not be read */
    const char *file; /* e.g. "scenarios/x/flows.csv" */
    size_t row_count;
    ltp_row *row;
    const size_t *by_key; /* rows in strcmp order of their key; NULL for a table whose key has several columns */
} ltp_table;

typedef struct {
    const char *name;  /* path relative to the scenario's folder, "../base/flows.csv" for an extended one */
    const char *bytes; /* as read */
    size_t length;
} ltp_input_file;

typedef struct {
    const ltp_cell *cell; /* the history_file cell that names it */
    size_t count;
    const double *value; /* in the file's order */
} ltp_history;

typedef struct {
    ltp_pool *pool;     /* owns everything below */
    const char *folder; /* as given on the command line */
    const char *name;   /* last part of the folder's path */
    const char *title, *description;
    int base_year;                 /* first calendar year: 2018 for 2018/19 */
    int year_count;                /* Y, 1..LTP_YEAR_MAX */
    const char *const *year_label; /* [0..Y]: "2018/19" … */
    uint64_t seed;
    uint64_t path_count; /* as asked; the engine rounds up to blocks */
    ltp_sampling sampling;
    int test_count; /* order of the layers */
    int test_number[LTP_LAYER_MAX];
    /* test that a programme kind counts to by default, 0 none; index = LTP_PROGRAMMES_KIND enum value */
    int kind_test[16];
    bool unfilled_saves;
    int capital_order[9]; /* places in "started|mandatory|high|equipment|schemes|significant|capacity|moderate|low" */
    double dividend_rate, building_life, equipment_life;
    double support_system_share[LTP_YEAR_MAX]; /* [t - 1] share of support that hangs on the system's trajectory */
    ltp_glide_path glide_path;
    int glide_path_year; /* t: balance by its end */
    ltp_position glide_path_at;
    size_t keep_count; /* keep_paths: "system.gap" … ; as given */
    const char *const *keep;
    double productivity_target; /* test 2: new recurrent cash ÷ last year's cost */
    double tolerance_amount, tolerance_share;
    const char *submission_name, *submission_date, *submission_milestone; /* NULL: none */
    ltp_table table[LTP_TABLE_COUNT];
    size_t file_count;
    const ltp_input_file *file; /* every file read, in reading order, for /input */
    size_t history_count;
    const ltp_history *history;
    size_t unmodelled_count; /* known tables or settings present that this version does not model, one sentence each */
    const char *const *unmodelled;
} ltp_scenario;

/* Reads folder/scenario.yaml and the tables beside it. overrides: "TABLE.KEY.COLUMN=VALUE" (--set), applied last.
 * All problems go to `problems` (errors, warnings, notes). LTP_ERROR_INPUT if there are errors (then *out is NULL),
 * LTP_ERROR_IO if the folder cannot be read. Free with ltp_scenario_free. */
ltp_status ltp_scenario_load(ltp_scenario **out, const char *folder, const char *const *overrides,
                             size_t override_count, ltp_problem_list *problems, ltp_error *error);
/* The same, but a scenario with errors in its tables comes back too (LTP_ERROR_INPUT and *out not NULL), so that what
 * still can be checked is checked in the same go; its tables say which are flawed. *out is NULL when the settings or a
 * table that everything hangs on (systems, organisations, flows) could not be read. */
ltp_status ltp_scenario_read(ltp_scenario **out, const char *folder, const char *const *overrides,
                             size_t override_count, ltp_problem_list *problems, ltp_error *error);
void ltp_scenario_free(ltp_scenario *scenario);

const ltp_cell *ltp_cell_at(const ltp_table *table, size_t row, int column);
const ltp_cell *ltp_cell_year(const ltp_table *table, size_t row, int column, int year); /* year 0..Y */
const ltp_cell *ltp_cell_number(const ltp_table *table, size_t row, int column, int n);  /* n from 0 */
/* Row whose single key column has this text, or SIZE_MAX (also for a table whose key has several columns). */
size_t ltp_table_find(const ltp_table *table, const char *key);
/* The past values that a history_file cell names; NULL for a cell that is not present. */
const ltp_history *ltp_scenario_history(const ltp_scenario *scenario, const ltp_cell *cell);

/* A blank scenario: makes `folder` if it is not there, and in it scenario.yaml and every table with its header and one
 * commented example row. It is no valid scenario until it is filled. LTP_ERROR_USAGE if the folder is not empty or
 * `folder` is no folder, LTP_ERROR_IO if it cannot be written. */
ltp_status ltp_scenario_init(const char *folder, ltp_error *error);

#endif
