#include "results/report/report_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- building --------------------------------------------------------------------------------------------------- */

ltp_status ltp_report_create(ltp_report **out, size_t column_count, const ltp_report_column *column, ltp_error *error) {
    *out = NULL;
    ltp_report *report;
    ltp_status status = LTP_NEW(&report, 1, "a report", error);
    if (status)
        return status;
    report->column_count = column_count;
    report->cell_room = 64;
    status = ltp_pool_create(&report->pool, error);
    if (!status)
        status = LTP_POOL_NEW(report->pool, &report->column, column_count, error);
    if (!status)
        status = LTP_NEW(&report->cell, report->cell_room, "a report", error);
    if (status) {
        ltp_report_destroy(report);
        return status;
    }
    memcpy(report->column, column, column_count * sizeof *column);
    *out = report;
    return LTP_OK;
}

void ltp_report_destroy(ltp_report *report) {
    if (!report)
        return;
    ltp_free(report->cell);
    ltp_pool_destroy(report->pool);
    ltp_free(report);
}

static ltp_status add_cell(ltp_report *report, ltp_report_cell cell, ltp_error *error) {
    if (report->cell_count == report->cell_room) {
        const ltp_status status = ltp_reallocate((void **)&report->cell, report->cell_room, 2 * report->cell_room,
                                                 sizeof *report->cell, "a report", error);
        if (status)
            return status;
        report->cell_room *= 2;
    }
    report->cell[report->cell_count++] = cell;
    return LTP_OK;
}

ltp_status ltp_report_text(ltp_report *report, const char *text, ltp_error *error) {
    char *copy;
    const ltp_status status = ltp_pool_text(report->pool, &copy, text, strlen(text), error);
    return status ? status : add_cell(report, (ltp_report_cell){.text = copy}, error);
}

ltp_status ltp_report_number(ltp_report *report, double value, double standard_error, ltp_error *error) {
    return add_cell(report, (ltp_report_cell){.value = value, .error = standard_error, .low = NAN, .high = NAN}, error);
}

ltp_status ltp_report_probability(ltp_report *report, double value, double standard_error, const double interval[2],
                                  ltp_error *error) {
    return add_cell(report,
                    (ltp_report_cell){.value = value, .error = standard_error, .low = interval[0], .high = interval[1]},
                    error);
}

/* --- printing --------------------------------------------------------------------------------------------------- */

bool ltp_report_format_find(const char *name, ltp_report_format *out) {
    static const char *const known[] = {"table", "csv", "json"};
    for (int i = 0; i < 3; i++)
        if (strcmp(known[i], name) == 0) {
            *out = (ltp_report_format)i;
            return true;
        }
    return false;
}

void ltp_report_print(const ltp_report *report, ltp_report_format format, FILE *to) {
    switch (format) {
    case LTP_REPORT_TABLE:
        ltp_report_print_text(report, to);
        break;
    case LTP_REPORT_CSV:
        ltp_report_print_csv(report, to);
        break;
    case LTP_REPORT_JSON:
        ltp_report_print_json(report, to);
        break;
    }
}

void ltp_report_each_number(const ltp_report_column *column, const ltp_report_cell *cell, ltp_number_sink each,
                            void *context) {
    char name[80];
    each(context, column->name, cell->value);
    if (column->style == LTP_STYLE_BARE)
        return;
    snprintf(name, sizeof name, "%s_se", column->name);
    each(context, name, cell->error);
    if (column->kind != LTP_COLUMN_PROBABILITY)
        return;
    snprintf(name, sizeof name, "%s_low", column->name);
    each(context, name, cell->low);
    snprintf(name, sizeof name, "%s_high", column->name);
    each(context, name, cell->high);
}

void ltp_format_exact(double value, char *out) {
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, 32, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            return;
    }
}

/* --- digits ----------------------------------------------------------------------------------------------------- */

/* Commas between thousands of the whole part; `out` of 48 bytes. */
static void group_thousands(const char *plain, char *out) {
    const size_t sign = *plain == '-', whole = strcspn(plain + sign, ".");
    size_t at = 0;
    for (size_t i = 0; plain[i] && at < 46; i++) {
        if (i > sign && i < sign + whole && (sign + whole - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = plain[i];
    }
    out[at] = '\0';
}

/* Rounded at 10^-decimals; a minus is not left on a zero. */
static void format_at(double value, int decimals, char *out) {
    char plain[48];
    const double unit = pow(10, -decimals);
    double rounded = decimals < 0 ? rint(value / unit) * unit : value;
    if (fabs(rounded) < 0.5 * unit)
        rounded = 0;
    if (fabs(rounded) >= 1e15)
        snprintf(plain, sizeof plain, "%.6g", rounded);
    else
        snprintf(plain, sizeof plain, "%.*f", decimals > 0 ? decimals : 0, rounded);
    group_thousands(plain, out);
}

void ltp_format_number(double value, double standard_error, char *value_out, char *error_out) {
    if (error_out)
        *error_out = '\0';
    if (!isfinite(value)) {
        strcpy(value_out, "–");
        return;
    }
    if (!isfinite(standard_error) || !(standard_error > 0)) {
        const double size = fabs(value);
        const int decimals = size > 0 ? 5 - (int)floor(log10(size)) : 0;
        format_at(value, decimals < 0 ? 0 : decimals > 9 ? 9 : decimals, value_out);
        if (strchr(value_out, '.')) { /* zeros at the end say nothing */
            size_t end = strlen(value_out);
            while (value_out[end - 1] == '0')
                value_out[--end] = '\0';
            if (value_out[end - 1] == '.')
                value_out[end - 1] = '\0';
        }
        return;
    }
    const int power = (int)floor(log10(standard_error));
    const int leading = (int)rint(standard_error / pow(10, power - 1)); /* 10 … 100 */
    const int decimals = (leading < 35 ? 1 : 0) - power;
    format_at(value, decimals > 15 ? 15 : decimals, value_out);
    if (error_out)
        format_at(standard_error, decimals > 15 ? 15 : decimals, error_out);
}
