/* Aligned tables for the terminal: decimal points under one another, text by its width on the screen. */
#include <math.h>
#include <string.h>

#include "results/report/report_internal.h"

/* One character of UTF-8: its bytes and its code point. Bytes that are no UTF-8 count one by one. */
static size_t decode(const unsigned char *text, unsigned long *point) {
    const size_t length = *text < 0x80 ? 1 : *text >> 5 == 6 ? 2 : *text >> 4 == 14 ? 3 : *text >> 3 == 30 ? 4 : 1;
    *point = length == 1 ? *text : *text & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 1;
        *point = *point << 6 | (text[i] & 0x3F);
    }
    return length;
}

/* Combining marks take no column, East Asian wide characters and emoji two. */
static size_t width_of(unsigned long point) {
    if ((point >= 0x300 && point <= 0x36F) || (point >= 0x200B && point <= 0x200D) || point == 0xFE0F)
        return 0;
    return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                   (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                   (point >= 0xFF00 && point <= 0xFF60) || (point >= 0x1F300 && point <= 0x1FAFF)
               ? 2
               : 1;
}

size_t ltp_text_width(const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    size_t width = 0;
    while (*at) {
        unsigned long point;
        at += decode(at, &point);
        width += width_of(point);
    }
    return width;
}

/* A label cannot drive the terminal: control characters are shown as '?'. */
static void put_text(const char *text, FILE *to) {
    for (; *text; text++)
        fputc((unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text, to);
}

static void put_spaces(size_t count, FILE *to) {
    while (count-- > 0)
        fputc(' ', to);
}

/* --- cells ------------------------------------------------------------------------------------------------------ */

/* A number in its parts: 1,234 | .5 | ± 0.3; an interval stands where the error would. */
typedef struct {
    char whole[48], fraction[48], tail[160];
} cell_text;

typedef struct {
    size_t whole, fraction, tail, all;
} column_width;

/* Value in front of its point, and what follows, so that points stand one under another. */
static void split_at_point(const char *before, const char *value, const char *after, cell_text *out) {
    const char *point = strchr(value, '.');
    const size_t whole = point ? (size_t)(point - value) : strlen(value);
    snprintf(out->whole, sizeof out->whole, "%s%.*s", before, (int)whole, value);
    snprintf(out->fraction, sizeof out->fraction, "%s%s", value + whole, after);
    out->tail[0] = '\0';
}

/* So few hits, or misses, that there is no standard error: the 95% interval's end away from 0, or from 1. */
static void bound_text(const ltp_report_cell *cell, cell_text *out) {
    char bound[48];
    const bool rare = cell->value < 0.5;
    ltp_format_number(100 * (rare ? cell->high : cell->low), 100 * (cell->high - cell->low) / 4, bound, NULL);
    split_at_point(rare ? "< " : "> ", bound, "%", out);
}

#define ONE_DECIMAL 0.4 /* an error that supports one decimal; fmax passes over NaN */

/* A difference of common paths may have an error so small that its digits would say nothing. */
static void difference_text(double value, double spread, bool percent, cell_text *out) {
    char text[48], error[48];
    ltp_format_number(value, fmax(spread, LTP_PLACE_LEAST), text, error);
    if (spread < LTP_PLACE_LEAST)
        snprintf(error, sizeof error, "%.2f", spread);
    const bool nothing = strspn(text, "0.") == strlen(text);
    split_at_point(value > 0 && !nothing ? "+" : "", text, percent && isfinite(value) ? "%" : "", out);
    if (isfinite(value) && spread >= LTP_SPREAD_LEAST)
        snprintf(out->tail, sizeof out->tail, " ± %s", error);
}

static void number_text(const ltp_report_column *column, const ltp_report_cell *cell, cell_text *out) {
    const bool percent = column->kind == LTP_COLUMN_PROBABILITY;
    const double factor = percent ? 100 : 1;
    char value[48], error[48];
    if (percent && isnan(cell->error) && isfinite(cell->low) && isfinite(cell->high)) {
        bound_text(cell, out);
        return;
    }
    if (column->style == LTP_STYLE_ROUNDED) {
        ltp_format_number(factor * cell->value, fmax(factor * cell->error, ONE_DECIMAL), value, NULL);
        split_at_point("", value, percent && isfinite(cell->value) ? "%" : "", out);
        return;
    }
    if (column->style == LTP_STYLE_DIFFERENCE) {
        difference_text(factor * cell->value, factor * cell->error, percent, out);
        return;
    }
    ltp_format_number(factor * cell->value, column->style == LTP_STYLE_BARE ? NAN : factor * cell->error, value, error);
    split_at_point("", value, percent && isfinite(cell->value) ? "%" : "", out);
    if (*error)
        snprintf(out->tail, sizeof out->tail, " ± %s", error);
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

static void measure_column(const ltp_report *report, size_t c, column_width *width) {
    const ltp_report_column *column = &report->column[c];
    *width = (column_width){0};
    for (size_t at = c; at < report->cell_count; at += report->column_count) {
        if (column->kind == LTP_COLUMN_TEXT) {
            width->all = larger(width->all, ltp_text_width(report->cell[at].text));
            continue;
        }
        cell_text text;
        number_text(column, &report->cell[at], &text);
        width->whole = larger(width->whole, ltp_text_width(text.whole));
        width->fraction = larger(width->fraction, strlen(text.fraction));
        width->tail = larger(width->tail, ltp_text_width(text.tail));
    }
    width->all = larger(width->all, width->whole + width->fraction + width->tail);
    width->all = larger(width->all, ltp_text_width(column->heading));
}

static void print_number(const ltp_report_column *column, const ltp_report_cell *cell, const column_width *width,
                         bool last, FILE *to) {
    cell_text text;
    number_text(column, cell, &text);
    put_spaces(width->all - width->fraction - width->tail - ltp_text_width(text.whole), to);
    fprintf(to, "%s%s", text.whole, text.fraction);
    const size_t after = width->tail - ltp_text_width(text.tail);
    if (!last || *text.tail)
        put_spaces(width->fraction - strlen(text.fraction), to);
    fputs(text.tail, to);
    if (!last)
        put_spaces(after, to);
}

static void print_heading(const ltp_report *report, const column_width *width, FILE *to) {
    for (size_t c = 0; c < report->column_count; c++) {
        const ltp_report_column *column = &report->column[c];
        const size_t room = width[c].all - ltp_text_width(column->heading);
        if (c > 0)
            put_spaces(2, to);
        if (column->kind != LTP_COLUMN_TEXT)
            put_spaces(room, to);
        fputs(column->heading, to);
        if (column->kind == LTP_COLUMN_TEXT && c + 1 < report->column_count)
            put_spaces(room, to);
    }
    fputc('\n', to);
}

static void print_row(const ltp_report *report, const ltp_report_cell *cell, const column_width *width, FILE *to) {
    for (size_t c = 0; c < report->column_count; c++) {
        const bool last = c + 1 == report->column_count;
        if (c > 0)
            put_spaces(2, to);
        if (report->column[c].kind != LTP_COLUMN_TEXT) {
            print_number(&report->column[c], &cell[c], &width[c], last, to);
            continue;
        }
        put_text(cell[c].text, to);
        if (!last)
            put_spaces(width[c].all - ltp_text_width(cell[c].text), to);
    }
    fputc('\n', to);
}

#define COLUMN_LIMIT 64

void ltp_report_print_text(const ltp_report *report, FILE *to) {
    column_width width[COLUMN_LIMIT];
    if (report->column_count > COLUMN_LIMIT)
        return; /* no report of the program is that wide */
    for (size_t c = 0; c < report->column_count; c++)
        measure_column(report, c, &width[c]);
    print_heading(report, width, to);
    for (size_t at = 0; at + report->column_count <= report->cell_count; at += report->column_count)
        print_row(report, &report->cell[at], width, to);
}
