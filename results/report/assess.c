#include "results/report/assess.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/assess_internal.h"

const char *const ltp_assess_part[] = {"all",     "tests",     "trajectories", "programmes",
                                       "capital", "workforce", "settlement"};
const size_t ltp_assess_part_count = sizeof ltp_assess_part / sizeof *ltp_assess_part;

/* --- opening ---------------------------------------------------------------------------------------------------- */

static bool read_axis(ltp_assess *a, const char *group, ltp_assess_axis *axis) {
    size_t names;
    return ltp_assess_labels(a, group, "code", &axis->count, &axis->code) &&
           ltp_assess_labels(a, group, "name", &names, &axis->name) && names == axis->count;
}

/* Tests as the Framework numbers them (NHS Long Term Plan Implementation Framework, June 2019), where an older file
 * does not say. */
static void default_tests(ltp_assess *a) {
    static const char *const code[] = {"test_1", "test_2", "test_3", "test_4", "test_5"};
    static const char *const name[] = {"Recovery trajectories", "Cash-releasing savings", "Unwarranted variation",
                                       "Demand moderation", "Capital"};
    static const char *const topic[] = {"recovery", "cash_releasing", "variation", "demand", "capital"};
    a->test_count = 5;
    a->test = code;
    a->test_name = name;
    a->test_topic = topic;
}

static void read_tests(ltp_assess *a) {
    size_t names, topics, count;
    a->threshold = NAN;
    if (!ltp_assess_labels(a, "test", "code", &a->test_count, &a->test) ||
        !ltp_assess_labels(a, "test", "name", &names, &a->test_name) ||
        !ltp_assess_labels(a, "test", "topic", &topics, &a->test_topic) || names != a->test_count ||
        topics != a->test_count) {
        default_tests(a);
        return;
    }
    const double *threshold = ltp_assess_array(a, "test", "threshold", &count);
    for (size_t k = 0; threshold && count == a->test_count && k < count; k++)
        if (strcmp(a->test_topic[k], "cash_releasing") == 0)
            a->threshold = threshold[k];
}

static bool choose(const char *word, const char *const *label, size_t count, size_t fallback, size_t *out) {
    *out = word ? ltp_assess_find(label, count, word) : fallback;
    return *out < count;
}

static void open_result(ltp_assess *a) {
    size_t count;
    const ltp_assess_option *option = a->option;
    bool fine = read_axis(a, "system", &a->system) && read_axis(a, "organisation", &a->organisation) &&
                ltp_assess_labels(a, "system", "year", &a->year_count, &a->year) &&
                ltp_assess_labels(a, "system", "layer", &a->layer_count, &a->layer) && a->year_count && a->layer_count;
    if (!a->status && !fine)
        a->status = ltp_error_set(a->error, LTP_ERROR_RESULT, "'%s' is damaged: its axes do not fit",
                                  ltp_result_describe(a->result)->path);
    if (a->status)
        return;
    read_tests(a);
    if (ltp_assess_labels(a, "organisation", "system", &count, &a->organisation_system) &&
        count != a->organisation.count)
        a->organisation_system = NULL;
    if (ltp_assess_labels(a, "organisation", "sector", &count, &a->organisation_sector) &&
        count != a->organisation.count)
        a->organisation_sector = NULL;
    fine = choose(option->layer, a->layer, a->layer_count, a->layer_count - 1, &a->at_layer) &&
           choose(option->year, a->year, a->year_count, a->year_count - 1, &a->last) &&
           choose(option->code, a->system.code, a->system.count, 0, &count);
    a->one_year = option->year != NULL;
    if (!a->status && !fine)
        a->status = ltp_error_set(a->error, LTP_ERROR_USAGE,
                                  "--code, --year or --layer: the result has no such system, year or layer");
}

/* --- rows for programs ------------------------------------------------------------------------------------------ */

static const char *or_nothing(const char *text) {
    return text ? text : "";
}

void ltp_assess_add(ltp_assess *a, const ltp_assess_row *row) {
    if (!a->rows || a->status)
        return;
    const char *const text[] = {row->part, row->test, row->code, row->name, row->item, row->year, row->measure};
    for (size_t k = 0; k < 7 && !a->status; k++)
        a->status = ltp_report_text(a->rows, or_nothing(text[k]), a->error);
    if (!a->status)
        a->status = ltp_report_number(a->rows, row->number.value, row->number.error, a->error);
    if (!a->status)
        a->status = ltp_report_text(a->rows, or_nothing(row->verdict), a->error);
    if (!a->status)
        a->status = ltp_report_text(a->rows, or_nothing(row->text), a->error);
}

void ltp_assess_add_system(ltp_assess *a, const char *part, const char *test, const char *item, const char *year,
                           const char *measure, ltp_assess_number number) {
    ltp_assess_add(a, &(ltp_assess_row){.part = part,
                                        .test = test,
                                        .code = a->system.code[a->s],
                                        .name = a->system.name[a->s],
                                        .item = item,
                                        .year = year,
                                        .measure = measure,
                                        .number = number});
}

/* --- tables for people ------------------------------------------------------------------------------------------ */

ltp_report *ltp_assess_table(ltp_assess *a, size_t count, const ltp_report_column *column) {
    ltp_report *table = NULL;
    if (a->to && !a->status)
        a->status = ltp_report_create(&table, count, column, a->error);
    return table;
}

void ltp_assess_cell_text(ltp_assess *a, ltp_report *table, const char *text) {
    if (table && !a->status)
        a->status = ltp_report_text(table, text, a->error);
}

void ltp_assess_cell(ltp_assess *a, ltp_report *table, ltp_assess_number number) {
    if (table && !a->status)
        a->status = ltp_report_number(table, number.value, number.error, a->error);
}

void ltp_assess_cell_probability(ltp_assess *a, ltp_report *table, ltp_assess_number number) {
    ltp_assess_cell_text(a, table, ltp_assess_right(a, ltp_assess_percent(a, number.value), 4));
}

void ltp_assess_table_print(ltp_assess *a, ltp_report *table) {
    if (table && !a->status)
        ltp_report_print(table, LTP_REPORT_TABLE, a->to);
    ltp_report_destroy(table);
}

/* --- the scorecard ---------------------------------------------------------------------------------------------- */

void ltp_assess_reason(ltp_assess_criterion *line, const char *format, ...) {
    va_list list;
    if (line->reason_count == LTP_ASSESS_REASONS)
        return;
    va_start(list, format);
    vsnprintf(line->reason[line->reason_count++], LTP_ASSESS_TEXT, format, list);
    va_end(list);
}

/* Whether the paths settle on which side of a line the probability lies. */
static bool is_close(const ltp_assess *a, ltp_assess_number p) {
    const double line[] = {a->option->confidence, 0.5};
    for (size_t k = 0; k < 2; k++)
        if (p.error > 0 && fabs(p.value - line[k]) < 2 * p.error)
            return true;
    return false;
}

void ltp_assess_criterion_print(ltp_assess *a, size_t test, const ltp_assess_criterion *line) {
    static const size_t width[] = {4, 52, 9, 14, 12};
    const char *verdict = line->verdict ? line->verdict : ltp_assess_verdict(a, line->p.value);
    char reasons[LTP_ASSESS_REASONS * LTP_ASSESS_TEXT] = "";
    const char *number = strrchr(a->test[test], '_');
    ltp_assess_cells(a, 5, width,
                     (const char *[]){"", line->criterion, line->when, ltp_assess_probability(a, line->p), verdict});
    for (size_t k = 0; k < line->reason_count; k++) {
        ltp_assess_wrap(a, 8, line->reason[k]);
        ltp_assess_append(reasons, sizeof reasons, "%s%s", k ? " " : "", line->reason[k]);
    }
    if (!line->verdict && is_close(a, line->p))
        ltp_assess_wrap(a, 8, "Within two standard errors of the line between verdicts: more paths would settle it.");
    ltp_assess_add(a, &(ltp_assess_row){.part = "tests",
                                        .test = number ? number + 1 : a->test[test],
                                        .code = a->system.code[a->s],
                                        .name = a->system.name[a->s],
                                        .item = line->criterion,
                                        .year = line->when,
                                        .measure = "probability",
                                        .number = line->p,
                                        .verdict = verdict,
                                        .text = reasons});
}

static const struct {
    const char *topic;
    void (*assess)(ltp_assess *a, size_t test);
} assessor[] = {{"recovery", ltp_assess_recovery},
                {"cash_releasing", ltp_assess_cash},
                {"variation", ltp_assess_variation},
                {"demand", ltp_assess_demand},
                {"capital", ltp_assess_capital}};

void ltp_assess_scorecard(ltp_assess *a) {
    static const size_t width[] = {4, 52, 9, 14, 12};
    if (a->to)
        fputc('\n', a->to);
    ltp_assess_cells(a, 5, width, (const char *[]){"Test", "Criterion", "When", "Probability", "Verdict"});
    for (size_t k = 0; k < a->test_count && !a->status; k++) {
        const char *number = strrchr(a->test[k], '_');
        if (a->to)
            fprintf(a->to, "%-4s  %s\n", number ? number + 1 : a->test[k], a->test_name[k]);
        for (size_t t = 0; t < sizeof assessor / sizeof *assessor; t++)
            if (strcmp(assessor[t].topic, a->test_topic[k]) == 0)
                assessor[t].assess(a, k);
    }
    ltp_assess_wrap(a, 0,
                    ltp_assess_format(a,
                                      "Verdict by the probability: met from %.3g%%, at risk from 50%% to that, not "
                                      "met below 50%%. The first line of a test decides it.",
                                      100 * a->option->confidence));
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static bool asked(const ltp_assess *a, const char *part) {
    return strcmp(a->option->by, "all") == 0 || strcmp(a->option->by, part) == 0;
}

static void assess_system(ltp_assess *a) {
    static const struct {
        const char *part;
        void (*assess)(ltp_assess *a);
    } section[] = {{"tests", ltp_assess_scorecard},       {"trajectories", ltp_assess_trajectories},
                   {"programmes", ltp_assess_programmes}, {"capital", ltp_assess_capital_table},
                   {"workforce", ltp_assess_workforce},   {"settlement", ltp_assess_settlement}};
    if (a->to) {
        fputc('\n', a->to);
        ltp_assess_wrap(a, 0, ltp_assess_format(a, "%s (%s)", a->system.name[a->s], a->system.code[a->s]));
    }
    for (size_t k = 0; k < sizeof section / sizeof *section; k++)
        if (asked(a, section[k].part))
            section[k].assess(a);
}

static void print_title(ltp_assess *a) {
    const ltp_result_about *about = ltp_result_describe(a->result);
    if (!a->to)
        return;
    ltp_assess_wrap(a, 0, about->title);
    fprintf(a->to, "Assessed: layer %s, money in £m at outturn prices.\n", a->layer[a->at_layer]);
    if (about->paths == 1)
        fputs("One path, every driver at its mean: a probability is 0 or 100% and says nothing of risk.\n", a->to);
    else {
        char paths[48];
        ltp_format_number((double)about->paths, 1, paths, NULL);
        paths[strcspn(paths, ".")] = '\0';
        fprintf(a->to, "%s paths, seed %llu; ± is one standard error of simulating.\n", paths,
                (unsigned long long)about->seed);
    }
}

static void assess_all(ltp_assess *a) {
    const char *only = a->option->code;
    print_title(a);
    for (a->s = 0; a->s < a->system.count && !a->status; a->s++)
        if (!only || strcmp(only, a->system.code[a->s]) == 0)
            assess_system(a);
}

static ltp_status create_rows(ltp_report **rows, ltp_error *error) {
    static const ltp_report_column column[] = {
        {.name = "part", .kind = LTP_COLUMN_TEXT},    {.name = "test", .kind = LTP_COLUMN_TEXT},
        {.name = "code", .kind = LTP_COLUMN_TEXT},    {.name = "name", .kind = LTP_COLUMN_TEXT},
        {.name = "item", .kind = LTP_COLUMN_TEXT},    {.name = "year", .kind = LTP_COLUMN_TEXT},
        {.name = "measure", .kind = LTP_COLUMN_TEXT}, {.name = "value", .kind = LTP_COLUMN_NUMBER},
        {.name = "verdict", .kind = LTP_COLUMN_TEXT}, {.name = "text", .kind = LTP_COLUMN_TEXT}};
    return ltp_report_create(rows, sizeof column / sizeof *column, column, error);
}

ltp_status ltp_assess_print(FILE *to, ltp_result *result, const ltp_assess_option *option, ltp_report_format format,
                            ltp_error *error) {
    ltp_assess *a;
    char *text = NULL;
    size_t length = 0;
    ltp_status status = LTP_NEW(&a, 1, "the assessment", error);
    if (status)
        return status;
    *a = (ltp_assess){.result = result, .option = option, .error = error};
    if (format == LTP_REPORT_TABLE) {
        a->to = open_memstream(&text, &length); /* what is printed is whole or nothing */
        if (!a->to)
            a->status = ltp_error_set(error, LTP_ERROR_MEMORY, "not enough memory for the assessment");
    } else
        a->status = create_rows(&a->rows, error);
    if (!a->status)
        open_result(a);
    if (!a->status)
        assess_all(a);
    if (a->to)
        fclose(a->to);
    status = a->status;
    if (!status && a->rows)
        ltp_report_print(a->rows, format, to);
    else if (!status)
        fwrite(text, 1, length, to);
    free(text);
    ltp_report_destroy(a->rows);
    ltp_free(a->cache);
    ltp_free(a);
    return status;
}
