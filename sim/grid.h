/* A table for people whose numbers have the same decimals: money as a finance director reads it. Texts stand left,
 * numbers right; a line may stand between rows. Names are cut to fit and cannot drive the terminal. */
#ifndef LTP_GRID_H
#define LTP_GRID_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/core/memory.h"

enum { LTP_GRID_COLUMN_LIMIT = 32, LTP_GRID_TEXT = 512 };

typedef struct {
    const char *heading;
    bool left;
    bool hidden; /* filled like the others, but not printed */
} ltp_grid_column;

typedef struct ltp_grid ltp_grid;

/* Headings must outlive the grid; texts of cells are copied into the pool. indent: blanks before every row. */
ltp_status ltp_grid_create(ltp_grid **out, ltp_pool *pool, int indent, size_t column_count,
                           const ltp_grid_column *column, ltp_error *error);
/* Cells row by row, left to right, printf-formatted. */
ltp_status ltp_grid_cell(ltp_grid *grid, ltp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A number with so many decimals and commas between thousands; NaN: a dash. */
ltp_status ltp_grid_number(ltp_grid *grid, double value, int decimals, ltp_error *error);
/* A line across, between whole rows, wrapped at 80 columns from `indent` on; after a label and a tab, from the
 * rows' indent on. */
ltp_status ltp_grid_line(ltp_grid *grid, int indent, ltp_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void ltp_grid_print(const ltp_grid *grid, FILE *to);

/* 1234.56, 1 → "1,234.6"; of 48 bytes. Returns the buffer. */
const char *ltp_grid_decimal(char buffer[48], double value, int decimals);
/* The text in at most `width` columns of a terminal, cut with "…"; control characters are shown as '?'. Returns the
 * buffer, of LTP_GRID_TEXT bytes. */
const char *ltp_grid_cut(char buffer[LTP_GRID_TEXT], const char *text, size_t width);

#endif
