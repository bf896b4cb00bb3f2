/* ltpsim assess: every system against the five tests. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/assess.h"
#include "sim/command.h"
#include "sim/shelter.h"

typedef struct {
    const char *path, *by, *code, *year, *confidence, *layer, *variation_share, *format;
} assess_option;

static const ltp_option assess_options[] = {
    {"--by", "PART", "tests, trajectories, programmes, capital, workforce, settlement or all (default: all)",
     offsetof(assess_option, by), false},
    {"--code", "SYSTEM", "one system (default: all)", offsetof(assess_option, code), false},
    {"--year", "Y", "one year, as 2023/24 (default: all, figures of the last)", offsetof(assess_option, year), false},
    {"--confidence", "P", "probability from which a test is met, over 50% to 99% (default: 80%)",
     offsetof(assess_option, confidence), false},
    {"--layer", "L", "layer (default: plan)", offsetof(assess_option, layer), false},
    {"--variation-share", "S", "test 3: share of the opportunity to be delivered (default: 50%)",
     offsetof(assess_option, variation_share), false},
    {"--format", "F", "table, csv or json (default: table)", offsetof(assess_option, format), false},
};

/* "80%" or "0.8". */
static ltp_status read_share(const char *name, const char *text, double low, double high, double *out,
                             ltp_error *error) {
    char *end;
    if (!text)
        return LTP_OK;
    const bool digit = (*text >= '0' && *text <= '9') || *text == '.';
    double value = digit ? strtod(text, &end) : NAN;
    if (digit && strcmp(end, "%") == 0)
        value /= 100;
    else if (digit && *end)
        value = NAN;
    if (!(value > low && value <= high))
        return ltp_error_set(error, LTP_ERROR_USAGE, "%s: '%s' is not a share above %g%% and up to %g%%, as 80%%", name,
                             text, 100 * low, 100 * high);
    *out = value;
    return LTP_OK;
}

/* The word is one of the labels, or the nearest is named. */
static ltp_status known(const char *what, const char *word, const char *const *label, size_t count, ltp_error *error) {
    for (size_t k = 0; word && k < count; k++)
        if (strcmp(label[k], word) == 0)
            return LTP_OK;
    if (!word)
        return LTP_OK;
    const char *nearest = ltp_nearest_name(word, label, count);
    if (nearest)
        return ltp_error_set(error, LTP_ERROR_USAGE, "there is no %s '%s'; did you mean '%s'?", what, word, nearest);
    return ltp_error_set(error, LTP_ERROR_USAGE, "there is no %s '%s' in the result; the first is '%s'", what, word,
                         count ? label[0] : "");
}

static ltp_status known_in(ltp_result *result, const char *what, const char *axis, const char *word, ltp_error *error) {
    const char *const *label;
    size_t count;
    if (!word)
        return LTP_OK;
    const ltp_status status = ltp_result_labels(result, "system", axis, &count, &label, error);
    return status ? status : known(what, word, label, count, error);
}

static ltp_status read_option(const assess_option *option, ltp_assess_option *out, ltp_report_format *format,
                              ltp_error *error) {
    static const char *const formats[] = {"table", "csv", "json"};
    *out = (ltp_assess_option){.by = option->by ? option->by : "all",
                               .code = option->code,
                               .year = option->year,
                               .layer = option->layer,
                               .confidence = 0.8,
                               .variation_share = 0.5};
    *format = LTP_REPORT_TABLE;
    ltp_status status = known("part", out->by, ltp_assess_part, ltp_assess_part_count, error);
    if (!status && option->format && !ltp_report_format_find(option->format, format))
        status = known("format", option->format, formats, 3, error);
    if (!status)
        status = read_share("--confidence", option->confidence, 0.5, 0.99, &out->confidence, error);
    return status ? status
                  : read_share("--variation-share", option->variation_share, 0, 1, &out->variation_share, error);
}

static ltp_status assess(void *context, ltp_error *error) {
    const assess_option *option = context;
    ltp_assess_option asked;
    ltp_report_format format;
    ltp_result *result;
    ltp_status status = read_option(option, &asked, &format, error);
    if (!status)
        status = ltp_result_open(&result, option->path, error);
    if (status)
        return status;
    status = known_in(result, "system", "code", option->code, error);
    if (!status)
        status = known_in(result, "year", "year", option->year, error);
    if (!status)
        status = known_in(result, "layer", "layer", option->layer, error);
    if (!status)
        status = ltp_assess_print(stdout, result, &asked, format, error);
    ltp_result_close(result);
    return status;
}

static int assess_command(int argc, char **argv) {
    assess_option option = {0};
    int code;
    if (!ltp_command_begin(&ltp_command_assess, argc, argv, &option, &option.path, &code))
        return code;
    return ltp_shelter(option.path, assess, &option);
}

const ltp_command ltp_command_assess = {
    .name = "assess",
    .operand = "RESULT",
    .purpose = "every system against the five tests: criterion, probability, verdict and reason",
    .option_count = sizeof assess_options / sizeof *assess_options,
    .option = assess_options,
    .run = assess_command,
};
