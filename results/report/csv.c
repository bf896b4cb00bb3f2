/* Comma-separated values after RFC 4180: CRLF, quotes doubled; a missing number is an empty field. */
#include <math.h>
#include <string.h>

#include "results/report/report_internal.h"

typedef struct {
    FILE *to;
    bool heading, first;
} csv_writer;

static void separate(csv_writer *writer) {
    if (!writer->first)
        fputc(',', writer->to);
    writer->first = false;
}

static void put_field(csv_writer *writer, const char *text) {
    separate(writer);
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, writer->to);
        return;
    }
    fputc('"', writer->to);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', writer->to);
        fputc(*text, writer->to);
    }
    fputc('"', writer->to);
}

static void put_number(void *context, const char *name, double value) {
    csv_writer *writer = context;
    char text[32] = "";
    if (writer->heading) {
        put_field(writer, name);
        return;
    }
    if (isfinite(value))
        ltp_format_exact(value, text);
    put_field(writer, text);
}

void ltp_report_print_csv(const ltp_report *report, FILE *to) {
    csv_writer writer = {.to = to, .heading = true, .first = true};
    static const ltp_report_cell none = {.text = ""};
    for (size_t c = 0; c < report->column_count; c++)
        if (report->column[c].kind == LTP_COLUMN_TEXT)
            put_field(&writer, report->column[c].name);
        else
            ltp_report_each_number(&report->column[c], &none, put_number, &writer);
    fputs("\r\n", to);
    writer.heading = false;
    for (size_t at = 0; at + report->column_count <= report->cell_count; at += report->column_count) {
        writer.first = true;
        for (size_t c = 0; c < report->column_count; c++)
            if (report->column[c].kind == LTP_COLUMN_TEXT)
                put_field(&writer, report->cell[at + c].text);
            else
                ltp_report_each_number(&report->column[c], &report->cell[at + c], put_number, &writer);
        fputs("\r\n", to);
    }
}
