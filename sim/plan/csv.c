#include "sim/plan/csv.h"

#include <string.h>

ltp_status ltp_csv_open(ltp_csv *csv, const char *file, const char *text, size_t length, ltp_pool *pool,
                        ltp_problem_list *problems, ltp_error *error) {
    char *copy;
    *csv = (ltp_csv){.file = file, .problems = problems, .line = 1, .column = 1};
    const ltp_status status = ltp_pool_text(pool, &copy, text, length, error);
    if (status == LTP_OK) {
        csv->at = copy;
        csv->end = copy + length;
    }
    return status;
}

void ltp_csv_close(ltp_csv *csv) {
    ltp_free(csv->cell);
    csv->cell = NULL;
    csv->count = csv->capacity = 0;
}

/* Moves over one byte, keeping line and column. */
static void step(ltp_csv *csv) {
    const unsigned char byte = (unsigned char)*csv->at++;
    if (byte == '\n') {
        csv->line++;
        csv->column = 1;
    } else if ((byte & 0xC0) != 0x80) {
        csv->column++;
    }
}

static bool at_blank(const ltp_csv *csv) {
    return csv->at < csv->end && (*csv->at == ' ' || *csv->at == '\t');
}

static bool at_line_end(const ltp_csv *csv) {
    return csv->at == csv->end || *csv->at == '\n' ||
           (*csv->at == '\r' && (csv->at + 1 == csv->end || csv->at[1] == '\n'));
}

static void skip_line(ltp_csv *csv) {
    while (csv->at < csv->end && *csv->at != '\n')
        step(csv);
    if (csv->at < csv->end)
        step(csv);
}

/* Takes blanks off the end of [start, end) and terminates it. */
static const char *finish(char *start, char *end) {
    while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *end = '\0';
    return start + strspn(start, " \t");
}

static ltp_status add_cell(ltp_csv *csv, ltp_csv_cell cell, ltp_error *error) {
    if (csv->count == csv->capacity) {
        const size_t larger = csv->capacity ? 2 * csv->capacity : 32;
        const ltp_status status =
            ltp_reallocate((void **)&csv->cell, csv->capacity, larger, sizeof *csv->cell, "a row of a table", error);
        if (status != LTP_OK)
            return status;
        csv->capacity = larger;
    }
    csv->cell[csv->count++] = cell;
    return LTP_OK;
}

typedef enum { CELL_GOOD, CELL_BAD, CELL_UNCLOSED } cell_form;

/* At the opening quote. *end: one past the unquoted text, which starts where the quote stood. */
static cell_form read_quoted(ltp_csv *csv, char **end, ltp_position opening) {
    char *to = csv->at;
    step(csv);
    for (;;) {
        if (csv->at == csv->end) {
            ltp_problem_add(csv->problems, LTP_SEVERITY_ERROR, opening, NULL, "a closing quote", NULL,
                            "the quote that opens here is never closed");
            return CELL_UNCLOSED;
        }
        if (*csv->at == '"') {
            step(csv);
            if (csv->at == csv->end || *csv->at != '"')
                break;
        }
        *to++ = *csv->at;
        step(csv);
    }
    *end = to;
    while (at_blank(csv))
        step(csv);
    if (at_line_end(csv) || *csv->at == ',')
        return CELL_GOOD;
    ltp_problem_add(csv->problems, LTP_SEVERITY_ERROR, (ltp_position){csv->file, csv->line, csv->column}, NULL,
                    "a comma or the end of the line (write \"\" for a quote inside quotes)", NULL,
                    "text after the closing quote of the cell that opens at line %d, column %d", opening.line,
                    opening.column);
    return CELL_BAD;
}

/* At the cell's first character that is not blank. */
static cell_form read_bare(ltp_csv *csv, char **end, ltp_position at) {
    while (!at_line_end(csv) && *csv->at != ',') {
        if (*csv->at == '"') {
            at.line = csv->line;
            at.column = csv->column;
            ltp_problem_add(csv->problems, LTP_SEVERITY_ERROR, at, NULL,
                            "the whole cell in quotes, its own quotes doubled: \"a \"\"b\"\"\"", NULL,
                            "a quote inside a cell that does not start with one");
            return CELL_BAD;
        }
        step(csv);
    }
    *end = csv->at;
    return CELL_GOOD;
}

/* Reads one row; *good is false when its form is wrong (reported, the rest of the line skipped). */
static ltp_status read_row(ltp_csv *csv, bool *good, ltp_error *error) {
    csv->count = 0;
    *good = true;
    for (;;) {
        while (at_blank(csv))
            step(csv);
        ltp_csv_cell cell = {NULL, csv->line, csv->column};
        const ltp_position at = {csv->file, csv->line, csv->column};
        char *start = csv->at, *end = csv->at;
        const bool quoted = csv->at < csv->end && *csv->at == '"';
        const cell_form form = quoted ? read_quoted(csv, &end, at) : read_bare(csv, &end, at);
        if (form != CELL_GOOD) {
            *good = false;
            skip_line(csv);
            return LTP_OK;
        }
        /* The buffer is cut at `end`, which may be where we stand: look at the separator first. */
        const bool more = !at_line_end(csv);
        if (more)
            step(csv);
        else
            skip_line(csv);
        cell.text = finish(start, end);
        const ltp_status status = add_cell(csv, cell, error);
        if (status != LTP_OK || !more)
            return status;
    }
}

static bool all_empty(const ltp_csv *csv) {
    for (size_t i = 0; i < csv->count; i++)
        if (csv->cell[i].text[0] != '\0')
            return false;
    return true;
}

ltp_status ltp_csv_next(ltp_csv *csv, bool *found, ltp_error *error) {
    *found = false;
    while (csv->at < csv->end) {
        bool good;
        if (*csv->at == '#') { /* quotes in a comment are no quotes */
            skip_line(csv);
            continue;
        }
        const ltp_status status = read_row(csv, &good, error);
        if (status != LTP_OK)
            return status;
        /* A spreadsheet that saves a comment with a comma puts quotes around it. */
        if (good && !all_empty(csv) && csv->cell[0].text[0] != '#') {
            *found = true;
            return LTP_OK;
        }
    }
    return LTP_OK;
}
