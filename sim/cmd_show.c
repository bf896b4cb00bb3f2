/* ltpsim show: prints any stored measure. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/layout.h"
#include "results/report/submission.h"
#include "results/report/view.h"
#include "sim/command.h"
#include "sim/core/memory.h"
#include "sim/shelter.h"

#define STATISTIC_LIMIT 32

/* --- options ---------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *path, *measure, *by, *layer, *year, *service, *stream, *line, *item, *code, *statistic, *format;
} show_option;

static const ltp_option show_options[] = {
    {"--measure", "M", "measure (default: gap; by scheme and the like: the first that there is)",
     offsetof(show_option, measure), false},
    {"--by", "LEVEL", "system, organisation, region, england, scheme, programme, floor or plan_line (default: system)",
     offsetof(show_option, by), false},
    {"--layer", "L", "one layer (default: all)", offsetof(show_option, layer), false},
    {"--year", "Y", "one year, as 2023/24 (default: all)", offsetof(show_option, year), false},
    {"--service", "P", "one service, of a measure by service (default: all)", offsetof(show_option, service), false},
    {"--stream", "S", "one stream, of a measure by stream (default: all)", offsetof(show_option, stream), false},
    {"--line", "L", "one line, of a bridge (default: all)", offsetof(show_option, line), false},
    {"--item", "I",
     "one service, stream, line, staff group or capital need, whichever the measure is by (default: all)",
     offsetof(show_option, item), false},
    {"--code", "O", "one organisation, system, region, scheme … (default: all)", offsetof(show_option, code), false},
    {"--statistic", "S,…",
     "mean, sd, skew, min, max, p1, p5, p10, p25, p50, p75, p90, p95, p99, shortfall90, shortfall95, probability "
     "(default: mean,p10,p50,p90,probability)",
     offsetof(show_option, statistic), false},
    {"--format", "F", "table, csv or json (default: table)", offsetof(show_option, format), false},
};

/* "…; did you mean 'x'?" or the whole list. */
static ltp_status unknown(const char *what, const char *word, const char *const *known, size_t count,
                          ltp_error *error) {
    const char *nearest = ltp_nearest_name(word, known, count);
    char list[512] = "";
    for (size_t i = 0, used = 0; i < count && used < sizeof list; i++) {
        const int more = snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", known[i]);
        used += more > 0 ? (size_t)more : 0;
    }
    if (nearest)
        return ltp_error_set(error, LTP_ERROR_USAGE, "there is no %s '%s'; did you mean '%s'?", what, word, nearest);
    return ltp_error_set(error, LTP_ERROR_USAGE, "there is no %s '%s'; there is: %s", what, word, list);
}

/* --- selection -------------------------------------------------------------------------------------------------- */

/* A stretch of an axis: all of it, or one. */
typedef struct {
    size_t first, end;
} stretch;

static ltp_status choose(const char *what, const char *word, const char *const *label, size_t count, stretch *out,
                         ltp_error *error) {
    *out = (stretch){0, count};
    if (!word)
        return LTP_OK;
    for (size_t i = 0; i < count; i++)
        if (strcmp(label[i], word) == 0) {
            *out = (stretch){i, i + 1};
            return LTP_OK;
        }
    return unknown(what, word, label, count, error);
}

typedef struct {
    ltp_view view;
    stretch layer, code, item, year;
    bool for_people; /* the table: names instead of codes of lines, no column that is the same in every row */
    size_t statistic_count;
    ltp_view_statistic statistic[STATISTIC_LIMIT];
} selection;

/* --service, --stream and --line belong to measures with that axis; --item to any with one. */
static ltp_status choose_item(const show_option *option, selection *chosen, ltp_error *error) {
    const ltp_view *view = &chosen->view;
    const struct {
        const char *axis, *word;
    } asked[] = {{"service", option->service}, {"stream", option->stream}, {"line", option->line}};
    chosen->item = (stretch){0, view->items};
    if (option->item && !view->item_axis)
        return ltp_error_set(error, LTP_ERROR_USAGE, "measure '%s' has no items: --item does not apply", view->measure);
    if (option->item)
        return choose(view->item_axis, option->item, view->item, view->items, &chosen->item, error);
    for (size_t i = 0; i < 3; i++) {
        if (!asked[i].word)
            continue;
        if (!view->item_axis || strcmp(view->item_axis, asked[i].axis) != 0)
            return ltp_error_set(error, LTP_ERROR_USAGE, "measure '%s' is not by %s: --%s does not apply",
                                 view->measure, asked[i].axis, asked[i].axis);
        return choose(asked[i].axis, asked[i].word, view->item, view->items, &chosen->item, error);
    }
    return LTP_OK;
}

/* A measure that the level does not have: why. */
static ltp_status no_measure(const show_option *option, const char *by, int level, const char *measure,
                             const char *const *name, size_t count, ltp_error *error) {
    const ltp_measure *known = ltp_measure_find(measure);
    char levels[160] = "";
    if (!known)
        return unknown("measure", measure, name, count, error);
    if (known->levels & LTP_BIT(level))
        return ltp_error_set(error, LTP_ERROR_USAGE, "'%s' holds no %s: nothing in its scenario has it", option->path,
                             measure);
    for (int l = 0, used = 0; l < LTP_LEVEL_COUNT; l++)
        if (known->levels & LTP_BIT(l))
            used += snprintf(levels + used, sizeof levels - (size_t)used, "%s%s", used ? ", " : "", ltp_level_name[l]);
    return ltp_error_set(error, LTP_ERROR_USAGE, "measure '%s' is not by %s; it is by %s", measure, by, levels);
}

static ltp_status choose_measure(const show_option *option, ltp_result *result, selection *chosen, ltp_error *error) {
    const char *by = option->by ? option->by : "system", *measure = option->measure;
    const char *const *name;
    stretch level, found;
    size_t count;
    ltp_status status = choose("level", by, ltp_level_name, LTP_LEVEL_COUNT, &level, error);
    if (!status)
        status = ltp_result_list(result, by, "_mean", &count, &name, error);
    if (!status && count == 0)
        status = level.first <= LTP_LEVEL_ENGLAND
                     ? ltp_error_set(error, LTP_ERROR_RESULT,
                                     "'%s' holds no measure by %s: it is incomplete or damaged", option->path, by)
                     : ltp_error_set(error, LTP_ERROR_USAGE, "'%s' holds nothing by %s: its scenario has none",
                                     option->path, by);
    if (!status && !measure)
        measure = level.first <= LTP_LEVEL_ENGLAND ? "gap" : name[0];
    if (!status && choose("measure", measure, name, count, &found, error))
        status = no_measure(option, by, (int)level.first, measure, name, count, error);
    return status ? status : ltp_view_open(&chosen->view, result, by, measure, error);
}

/* Of a measure that is 0 or 1 the probability says all. */
static bool is_usual(const ltp_view *view, const char *statistic) {
    const bool so = strcmp(view->units, "1") == 0 && view->event && ltp_result_describe(view->result)->paths > 1;
    return ltp_view_has(view, statistic) && !(so && strcmp(statistic, "mean") == 0);
}

static ltp_status choose_statistics(const show_option *option, selection *chosen, ltp_error *error) {
    static const char *const usual[] = {"mean", "p10", "p50", "p90", "probability"};
    ltp_status status = LTP_OK;
    stretch ignored;
    if (!option->statistic) {
        for (size_t i = 0; i < 5 && !status; i++)
            if (is_usual(&chosen->view, usual[i]))
                status = ltp_view_statistic_read(&chosen->view, usual[i], &chosen->statistic[chosen->statistic_count++],
                                                 error);
        return status;
    }
    for (const char *at = option->statistic; !status; at += strcspn(at, ",") + 1) {
        char word[64];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(at, ","), at);
        status = choose("statistic", word, ltp_view_statistic_name, ltp_view_statistic_count, &ignored, error);
        if (!status && !ltp_view_has(&chosen->view, word))
            status = ltp_error_set(error, LTP_ERROR_USAGE, "measure '%s' by %s has no '%s'", chosen->view.measure,
                                   chosen->view.group, word);
        if (!status && chosen->statistic_count == STATISTIC_LIMIT)
            status = ltp_error_set(error, LTP_ERROR_USAGE, "--statistic takes at most %d names", STATISTIC_LIMIT);
        if (!status)
            status = ltp_view_statistic_read(&chosen->view, word, &chosen->statistic[chosen->statistic_count++], error);
        if (at[strcspn(at, ",")] == '\0')
            break;
    }
    return status;
}

static ltp_status select_all(const show_option *option, ltp_result *result, selection *chosen, ltp_error *error) {
    const ltp_view *view = &chosen->view;
    ltp_status status = choose_measure(option, result, chosen, error);
    if (!status && option->layer && !view->by_layer && strcmp(option->layer, view->only_layer) != 0)
        status = ltp_error_set(error, LTP_ERROR_USAGE, "measure '%s' is of %s only: --layer does not apply",
                               view->measure, view->only_layer);
    if (!status)
        status =
            choose("layer", view->by_layer ? option->layer : NULL, view->layer, view->layers, &chosen->layer, error);
    if (!status)
        status = choose("code", option->code, view->code, view->codes, &chosen->code, error);
    if (!status)
        status = choose_item(option, chosen, error);
    if (!status)
        status = choose("year", option->year, view->year, view->years, &chosen->year, error);
    return status ? status : choose_statistics(option, chosen, error);
}

/* --- printing --------------------------------------------------------------------------------------------------- */

/* A table for people says in its title what all its rows share. */
static bool column_of(const selection *chosen, stretch of) {
    return !chosen->for_people || of.end - of.first != 1;
}

/* Codes with units of their own. */
static bool unit_column(const selection *chosen) {
    return chosen->view.code_unit && column_of(chosen, chosen->code);
}

static ltp_status add_row(const selection *chosen, const size_t place[4], ltp_report *report, ltp_error *error) {
    const ltp_view *view = &chosen->view;
    ltp_status status = LTP_OK;
    if (column_of(chosen, chosen->code)) {
        status = ltp_report_text(report, view->code[place[1]], error);
        if (!status)
            status = ltp_report_text(report, view->name[place[1]], error);
    }
    if (!status && view->by_layer && column_of(chosen, chosen->layer))
        status = ltp_report_text(report, view->layer[place[0]], error);
    if (!status && view->item_axis)
        status = ltp_report_text(report, chosen->for_people ? view->item_name[place[2]] : view->item[place[2]], error);
    if (!status && unit_column(chosen))
        status = ltp_report_text(report, view->code_unit[place[1]], error);
    if (!status && column_of(chosen, chosen->year))
        status = ltp_report_text(report, view->year[place[3]], error);
    for (size_t s = 0; s < chosen->statistic_count && !status; s++)
        status = ltp_view_cell(view, &chosen->statistic[s], place, report, error);
    return status;
}

static bool missing(const selection *chosen, const size_t place[4]) {
    for (size_t s = 0; s < chosen->statistic_count; s++)
        if (!ltp_view_missing(&chosen->view, &chosen->statistic[s], place))
            return false;
    return true;
}

/* Adds the rows, or only counts those that have a number (report NULL). Services, streams and lines that nobody there
 * has are left out, unless that would leave nothing. */
static ltp_status walk(const selection *chosen, ltp_report *report, bool keep_missing, size_t *count,
                       ltp_error *error) {
    ltp_status status = LTP_OK;
    *count = 0;
    for (size_t code = chosen->code.first; code < chosen->code.end; code++)
        for (size_t layer = chosen->layer.first; layer < chosen->layer.end; layer++)
            for (size_t item = chosen->item.first; item < chosen->item.end; item++)
                for (size_t year = chosen->year.first; year < chosen->year.end && !status; year++) {
                    const size_t place[4] = {layer, code, item, year};
                    if (!keep_missing && missing(chosen, place))
                        continue;
                    ++*count;
                    if (report)
                        status = add_row(chosen, place, report, error);
                }
    return status;
}

static ltp_status fill_report(const selection *chosen, ltp_report *report, ltp_error *error) {
    size_t count;
    ltp_status status = walk(chosen, NULL, false, &count, error);
    return status ? status : walk(chosen, report, count == 0, &count, error);
}

static const char *item_heading(const char *axis) {
    return strcmp(axis, "group") == 0 ? "staff group" : axis;
}

static ltp_status create_report(const selection *chosen, ltp_report **report, ltp_error *error) {
    const ltp_view *view = &chosen->view;
    ltp_report_column column[6 + STATISTIC_LIMIT];
    size_t count = 0;
    if (column_of(chosen, chosen->code)) {
        column[count++] = (ltp_report_column){"code", "code", LTP_COLUMN_TEXT, false};
        column[count++] = (ltp_report_column){"name", "name", LTP_COLUMN_TEXT, false};
    }
    if (view->by_layer && column_of(chosen, chosen->layer))
        column[count++] = (ltp_report_column){"layer", "layer", LTP_COLUMN_TEXT, false};
    if (view->item_axis)
        column[count++] = (ltp_report_column){view->item_axis, item_heading(view->item_axis), LTP_COLUMN_TEXT, false};
    if (unit_column(chosen))
        column[count++] = (ltp_report_column){"unit", "unit", LTP_COLUMN_TEXT, false};
    if (column_of(chosen, chosen->year))
        column[count++] = (ltp_report_column){"year", "year", LTP_COLUMN_TEXT, false};
    for (size_t s = 0; s < chosen->statistic_count; s++)
        column[count++] = chosen->statistic[s].column;
    return ltp_report_create(report, count, column, error);
}

/* "" of numbers without a unit. */
static const char *units_of(const selection *chosen) {
    const ltp_view *view = &chosen->view;
    if (strcmp(view->units, "service_unit") == 0)
        return "in each service's unit";
    if (view->code_unit)
        return unit_column(chosen) ? "in each line's unit" : view->code_unit[chosen->code.first];
    return strcmp(view->units, "1") == 0 ? "" : view->units;
}

/* Whose result it is, what is shown, and what all rows share. */
static void print_title(const selection *chosen) {
    const ltp_view *view = &chosen->view;
    const ltp_result_about *about = ltp_result_describe(view->result);
    const char *what = strchr(view->long_name, ';');
    ltp_title_print(stdout, about);
    if (about->paths == 1)
        puts("Every driver at its mean, one path.");
    else
        printf("%llu paths, seed %llu; ± is one standard error of simulating.\n", (unsigned long long)about->paths,
               (unsigned long long)about->seed);
    if (!column_of(chosen, chosen->code))
        printf("%s (%s): ", view->name[chosen->code.first], view->code[chosen->code.first]);
    const char *units = units_of(chosen);
    printf("%.*s%s%s by %s", (int)(what ? what - view->long_name : (long)strlen(view->long_name)), view->long_name,
           *units ? ", " : ",", units, strcmp(view->group, "plan_line") == 0 ? "plan line" : view->group);
    if (view->by_layer && !column_of(chosen, chosen->layer))
        printf(", %s", view->layer[chosen->layer.first]);
    if (!column_of(chosen, chosen->year))
        printf(", %s", view->year[chosen->year.first]);
    if (view->item_axis && strcmp(view->item_axis, "line") == 0)
        printf("\nA line above 0 adds to the gap. Means of the lines add up to it; percentiles do not.");
    for (size_t s = 0; s < chosen->statistic_count; s++)
        if (view->event && chosen->statistic[s].column.kind == LTP_COLUMN_PROBABILITY)
            printf("\n%s: %s.", chosen->statistic[s].column.heading, view->event);
    printf("\n\n");
}

static ltp_status print_selection(const selection *chosen, ltp_report_format format, ltp_error *error) {
    ltp_report *report;
    ltp_status status = create_report(chosen, &report, error);
    if (status)
        return status;
    status = fill_report(chosen, report, error);
    if (!status && format == LTP_REPORT_TABLE)
        print_title(chosen);
    if (!status)
        ltp_report_print(report, format, stdout);
    ltp_report_destroy(report);
    return status;
}

static ltp_status show(const show_option *option, ltp_error *error) {
    static const char *const formats[] = {"table", "csv", "json"};
    ltp_report_format format = LTP_REPORT_TABLE;
    if (option->format && !ltp_report_format_find(option->format, &format))
        return unknown("format", option->format, formats, 3, error);
    ltp_result *result;
    selection *chosen;
    ltp_status status = ltp_result_open(&result, option->path, error);
    if (status)
        return status;
    status = LTP_NEW(&chosen, 1, "the selection", error);
    if (!status)
        chosen->for_people = format == LTP_REPORT_TABLE;
    if (!status)
        status = select_all(option, result, chosen, error);
    if (!status)
        status = print_selection(chosen, format, error);
    ltp_free(chosen);
    ltp_result_close(result);
    return status;
}

static ltp_status show_sheltered(void *context, ltp_error *error) {
    return show(context, error);
}

static int show_command(int argc, char **argv) {
    show_option option = {0};
    int code;
    if (!ltp_command_begin(&ltp_command_show, argc, argv, &option, &option.path, &code))
        return code;
    return ltp_shelter(option.path, show_sheltered, &option);
}

const ltp_command ltp_command_show = {
    .name = "show",
    .operand = "RESULT",
    .purpose = "prints any stored measure, with standard errors",
    .option_count = sizeof show_options / sizeof *show_options,
    .option = show_options,
    .run = show_command,
};
