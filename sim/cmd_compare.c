/* ltpsim compare: what moved from one result to another, and which inputs differ. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/compare.h"
#include "sim/command.h"
#include "sim/compare_input.h"
#include "sim/shelter.h"

typedef struct {
    const char *path[2], *by, *measure, *layer, *code, *service, *year, *format;
    bool everything;
} compare_option;

static const ltp_option compare_options[] = {
    {"--measure", "M", "one measure, instead of the whole report", offsetof(compare_option, measure), false},
    {"--by", "LEVEL", "system, organisation, region or england (default: system)", offsetof(compare_option, by), false},
    {"--layer", "L", "one layer (default: all)", offsetof(compare_option, layer), false},
    {"--code", "O", "one system, organisation or region (default: all)", offsetof(compare_option, code), false},
    {"--service", "P", "one service, of a measure by service (default: all)", offsetof(compare_option, service), false},
    {"--year", "Y", "one year, as 2023/24 (default: all that both have)", offsetof(compare_option, year), false},
    {"--all", NULL, "every row, the small and the same too", offsetof(compare_option, everything), false},
    {"--format", "F", "table, csv or json (default: table)", offsetof(compare_option, format), false},
};

static ltp_status check_options(const compare_option *option, ltp_report_format *format, ltp_error *error) {
    static const char *const level[] = {"system", "organisation", "region", "england"};
    bool known = !option->by;
    for (int k = 0; k < 4; k++)
        known |= option->by && strcmp(level[k], option->by) == 0;
    if (!known)
        return ltp_error_set(error, LTP_ERROR_USAGE, "--by: '%s' is none of system, organisation, region, england",
                             option->by);
    *format = LTP_REPORT_TABLE;
    if (option->format && !ltp_report_format_find(option->format, format))
        return ltp_error_set(error, LTP_ERROR_USAGE, "--format: '%s' is none of table, csv, json", option->format);
    return LTP_OK;
}

/* What a file says, a code, a year, a name, cannot drive the terminal: control characters (C1 too, in UTF-8) → '?'. */
static void disarm(char *text, size_t length) {
    for (size_t k = 0; k < length; k++) {
        const unsigned char c = (unsigned char)text[k], next = k + 1 < length ? (unsigned char)text[k + 1] : 0;
        if ((c < 0x20 && c != '\n') || c == 0x7F)
            text[k] = '?';
        else if (c == 0xC2 && next >= 0x80 && next < 0xA0)
            text[k] = text[k + 1] = '?';
    }
}

static ltp_status compare(void *context, ltp_error *error) {
    const compare_option *option = context;
    const ltp_compare_choice choice = {option->by,      option->measure, option->layer,     option->code,
                                       option->service, option->year,    option->everything};
    ltp_result *result[2] = {NULL, NULL};
    ltp_report_format format = LTP_REPORT_TABLE;
    char *text = NULL;
    size_t length = 0;
    ltp_status status = check_options(option, &format, error);
    FILE *to = open_memstream(&text, &length); /* nothing is printed before everything has been read */
    if (!to)
        return ltp_error_set(error, LTP_ERROR_MEMORY, "not enough memory for the comparison");
    for (int side = 0; side < 2 && !status; side++)
        status = ltp_result_open(&result[side], option->path[side], error);
    if (!status)
        status = ltp_compare_print(to, result[0], result[1], &choice, format, error);
    if (!status && format == LTP_REPORT_TABLE && ltp_compare_whole(&choice) &&
        strcmp(ltp_result_describe(result[0])->content_hash, ltp_result_describe(result[1])->content_hash) != 0)
        status = ltp_compare_inputs(to, result[0], result[1], option->everything, error);
    if (fclose(to) != 0 && !status)
        status = ltp_error_set(error, LTP_ERROR_MEMORY, "not enough memory for the comparison");
    if (!status && format == LTP_REPORT_TABLE)
        disarm(text, length);
    if (!status)
        fwrite(text, 1, length, stdout);
    free(text);
    ltp_result_close(result[1]);
    ltp_result_close(result[0]);
    return status;
}

static int compare_command(int argc, char **argv) {
    compare_option option = {.by = NULL};
    int code;
    if (!ltp_command_begin(&ltp_command_compare, argc, argv, &option, option.path, &code))
        return code;
    return ltp_shelter_two(option.path, compare, &option);
}

const ltp_command ltp_command_compare = {
    .name = "compare",
    .operand = "A",
    .second = "B",
    .purpose = "what moved from result A to result B, with its error, and which inputs differ",
    .option_count = sizeof compare_options / sizeof *compare_options,
    .option = compare_options,
    .run = compare_command,
};
