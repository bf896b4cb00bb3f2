/* CSV as RFC 4180 has it (Shafranovich 2005), with positions: comma, quotes, CR LF or LF, quoted line breaks.
 * Passed over: blank lines, rows of empty cells, and lines whose first cell starts with '#'. */
#ifndef LTP_PLAN_CSV_H
#define LTP_PLAN_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/memory.h"
#include "sim/plan/problem.h"

typedef struct {
    const char *text; /* trimmed of blanks at both ends, unquoted, NUL-terminated; in the reader's buffer */
    int line, column; /* of the cell's first character, from 1, in characters */
} ltp_csv_cell;

typedef struct {
    const char *file;
    ltp_problem_list *problems;
    char *at, *end; /* what is still to be read; the buffer is overwritten as it is read */
    int line, column;
    ltp_csv_cell *cell; /* the row read last */
    size_t count, capacity;
} ltp_csv;

/* Copies `text` (valid UTF-8, see text.h) into the pool, where the cells' texts will live. */
ltp_status ltp_csv_open(ltp_csv *csv, const char *file, const char *text, size_t length, ltp_pool *pool,
                        ltp_problem_list *problems, ltp_error *error);
/* Reads the next row into csv->cell, csv->count. *found: false at the end of the file. Rows with a mistake of form
 * are recorded as problems and passed over; an unclosed quote ends the file, reported where it opens. */
ltp_status ltp_csv_next(ltp_csv *csv, bool *found, ltp_error *error);
void ltp_csv_close(ltp_csv *csv);

#endif
