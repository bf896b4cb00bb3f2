/* ltpsim bridge: the waterfall from do nothing to the plan, test by test, and the Shapley values. */
#include <stddef.h>
#include <string.h>

#include "results/report/waterfall.h"
#include "sim/command.h"
#include "sim/shelter.h"

typedef struct {
    const char *path, *by, *code, *year, *format;
} bridge_option;

static const ltp_option bridge_options[] = {
    {"--by", "LEVEL", "system, organisation, region or england (default: system)", offsetof(bridge_option, by), false},
    {"--code", "O", "one system, organisation or region (default: all)", offsetof(bridge_option, code), false},
    {"--year", "Y", "one year, as 2023/24 (default: all)", offsetof(bridge_option, year), false},
    {"--format", "F", "table, csv or json (default: table)", offsetof(bridge_option, format), false},
};

static ltp_status bridge(void *context, ltp_error *error) {
    static const char *const level[] = {"system", "organisation", "region", "england"};
    const bridge_option *option = context;
    const char *by = option->by ? option->by : "system";
    ltp_report_format format = LTP_REPORT_TABLE;
    ltp_result *result;
    bool known = false;
    for (int k = 0; k < 4; k++)
        known |= strcmp(by, level[k]) == 0;
    if (!known)
        return ltp_error_set(error, LTP_ERROR_USAGE, "--by: '%s' is none of system, organisation, region, england", by);
    if (option->format && !ltp_report_format_find(option->format, &format))
        return ltp_error_set(error, LTP_ERROR_USAGE, "--format: '%s' is none of table, csv, json", option->format);
    ltp_status status = ltp_result_open(&result, option->path, error);
    if (status)
        return status;
    status = ltp_waterfall_print(stdout, result, by, option->code, option->year, format, error);
    ltp_result_close(result);
    return status;
}

static int bridge_command(int argc, char **argv) {
    bridge_option option = {0};
    int code;
    if (!ltp_command_begin(&ltp_command_bridge, argc, argv, &option, &option.path, &code))
        return code;
    return ltp_shelter(option.path, bridge, &option);
}

const ltp_command ltp_command_bridge = {
    .name = "bridge",
    .operand = "RESULT",
    .purpose = "the way from do nothing to the plan, test by test, and the Shapley values",
    .option_count = sizeof bridge_options / sizeof *bridge_options,
    .option = bridge_options,
    .run = bridge_command,
};
