#include "sim/grid.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "results/report/report.h"
#include "sim/text.h"

typedef struct {
    int indent; /* of a line across; −1: cells */
    const char *line;
    const char **cell;
} grid_row;

struct ltp_grid {
    ltp_pool *pool;
    int indent;
    size_t column_count, row_count, row_room, at; /* at: cells of the last row that are filled */
    ltp_grid_column column[LTP_GRID_COLUMN_LIMIT];
    grid_row *row;
};

ltp_status ltp_grid_create(ltp_grid **out, ltp_pool *pool, int indent, size_t column_count,
                           const ltp_grid_column *column, ltp_error *error) {
    const ltp_status status = LTP_POOL_NEW(pool, out, 1, error);
    if (status)
        return status;
    (*out)->pool = pool;
    (*out)->indent = indent;
    (*out)->column_count = (*out)->at = column_count;
    memcpy((*out)->column, column, column_count * sizeof *column);
    return LTP_OK;
}

static ltp_status add_row(ltp_grid *grid, ltp_error *error) {
    if (grid->row_count < grid->row_room) {
        grid->row_count++;
        return LTP_OK;
    }
    const size_t room = grid->row_room ? 2 * grid->row_room : 64;
    grid_row *row;
    const ltp_status status = LTP_POOL_NEW(grid->pool, &row, room, error);
    if (status)
        return status;
    if (grid->row_count)
        memcpy(row, grid->row, grid->row_count * sizeof *row);
    grid->row = row;
    grid->row_room = room;
    grid->row_count++;
    return LTP_OK;
}

static ltp_status add_text(ltp_grid *grid, const char *text, ltp_error *error) {
    ltp_status status = LTP_OK;
    char *copy;
    if (grid->at == grid->column_count) {
        status = add_row(grid, error);
        if (!status)
            status = LTP_POOL_NEW(grid->pool, &grid->row[grid->row_count - 1].cell, grid->column_count, error);
        if (status)
            return status;
        grid->row[grid->row_count - 1].indent = -1;
        grid->at = 0;
    }
    status = ltp_pool_text(grid->pool, &copy, text, strlen(text), error);
    if (!status)
        grid->row[grid->row_count - 1].cell[grid->at++] = copy;
    return status;
}

ltp_status ltp_grid_cell(ltp_grid *grid, ltp_error *error, const char *format, ...) {
    char text[LTP_GRID_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return add_text(grid, text, error);
}

ltp_status ltp_grid_number(ltp_grid *grid, double value, int decimals, ltp_error *error) {
    char text[48];
    return add_text(grid, ltp_grid_decimal(text, value, decimals), error);
}

ltp_status ltp_grid_line(ltp_grid *grid, int indent, ltp_error *error, const char *format, ...) {
    char text[4 * LTP_GRID_TEXT], *copy;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ltp_status status = add_row(grid, error);
    if (!status)
        status = ltp_pool_text(grid->pool, &copy, text, strlen(text), error);
    if (!status)
        grid->row[grid->row_count - 1] = (grid_row){.indent = indent, .line = copy};
    return status;
}

static void put_cell(const ltp_grid_column *column, const char *text, size_t width, bool last, FILE *to) {
    const size_t own = ltp_text_width(text);
    const int blank = (int)(own < width ? width - own : 0);
    if (column->left)
        fprintf(to, "%s%*s", text, last ? 0 : blank, "");
    else
        fprintf(to, "%*s%s", blank, "", text);
}

static void put_row(const ltp_grid *grid, const char *const *cell, const size_t *width, FILE *to) {
    size_t last = 0;
    for (size_t c = 0; c < grid->column_count; c++)
        if (!grid->column[c].hidden)
            last = c;
    fprintf(to, "%*s", grid->indent, "");
    for (size_t c = 0; c <= last; c++) {
        if (grid->column[c].hidden)
            continue;
        put_cell(&grid->column[c], cell ? cell[c] : grid->column[c].heading, width[c], c == last, to);
        if (c < last)
            fputs("  ", to);
    }
    fputc('\n', to);
}

static void put_line(const ltp_grid *grid, const grid_row *row, FILE *to) {
    const char *tab = strchr(row->line, '\t');
    char label[LTP_GRID_TEXT];
    if (!tab) {
        ltp_print_wrapped(to, row->indent, NULL, row->indent, row->line);
        return;
    }
    snprintf(label, sizeof label, "%.*s", (int)(tab - row->line), row->line);
    ltp_print_wrapped(to, row->indent, label, grid->indent, tab + 1);
}

void ltp_grid_print(const ltp_grid *grid, FILE *to) {
    size_t width[LTP_GRID_COLUMN_LIMIT];
    for (size_t c = 0; c < grid->column_count; c++) {
        width[c] = ltp_text_width(grid->column[c].heading);
        for (size_t r = 0; r < grid->row_count; r++)
            if (grid->row[r].indent < 0 && ltp_text_width(grid->row[r].cell[c]) > width[c])
                width[c] = ltp_text_width(grid->row[r].cell[c]);
    }
    put_row(grid, NULL, width, to);
    for (size_t r = 0; r < grid->row_count; r++)
        if (grid->row[r].indent < 0)
            put_row(grid, grid->row[r].cell, width, to);
        else
            put_line(grid, &grid->row[r], to);
}

const char *ltp_grid_decimal(char buffer[48], double value, int decimals) {
    ltp_format_number(value, 5.0 * pow(10.0, -decimals), buffer, NULL); /* an error that supports so many */
    return buffer;
}

const char *ltp_grid_cut(char buffer[LTP_GRID_TEXT], const char *text, size_t width) {
    static const char dots[] = "…";
    size_t used = 0, kept = 0; /* kept: bytes that leave a column for the dots */
    for (size_t k = 0; text[k] && used < LTP_GRID_TEXT - sizeof dots; k++) {
        const unsigned char byte = (unsigned char)text[k];
        buffer[used] = byte < 0x20 || byte == 0x7F ? '?' : text[k];
        buffer[used + 1] = '\0';
        const bool whole = ((unsigned char)text[k + 1] & 0xC0) != 0x80;
        used++;
        if (!whole)
            continue;
        const size_t wide = ltp_text_width(buffer);
        if (wide > width) {
            strcpy(buffer + kept, dots);
            return buffer;
        }
        if (wide < width)
            kept = used;
    }
    buffer[used] = '\0';
    return buffer;
}
