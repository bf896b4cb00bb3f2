/* JSON after RFC 8259: one array of objects; a missing number is null. */
#include <math.h>

#include "results/report/report_internal.h"

typedef struct {
    FILE *to;
    bool first;
} json_writer;

static void put_string(const char *text, FILE *to) {
    fputc('"', to);
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20)
            fprintf(to, "\\u%04x", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
}

static void put_name(json_writer *writer, const char *name) {
    fputs(writer->first ? "" : ", ", writer->to);
    writer->first = false;
    put_string(name, writer->to);
    fputs(": ", writer->to);
}

static void put_number(void *context, const char *name, double value) {
    json_writer *writer = context;
    char text[32] = "null";
    if (isfinite(value))
        ltp_format_exact(value, text);
    put_name(writer, name);
    fputs(text, writer->to);
}

void ltp_report_print_json(const ltp_report *report, FILE *to) {
    fputc('[', to);
    for (size_t at = 0; at + report->column_count <= report->cell_count; at += report->column_count) {
        json_writer writer = {to, true};
        fputs(at ? ",\n {" : "\n {", to);
        for (size_t c = 0; c < report->column_count; c++)
            if (report->column[c].kind == LTP_COLUMN_TEXT) {
                put_name(&writer, report->column[c].name);
                put_string(report->cell[at + c].text, to);
            } else {
                ltp_report_each_number(&report->column[c], &report->cell[at + c], put_number, &writer);
            }
        fputc('}', to);
    }
    fputs("\n]\n", to);
}
