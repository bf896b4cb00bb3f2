#include "results/report/waterfall.h"

#include <math.h>
#include <string.h>

#include "results/report/submission.h"

#define YEARS 20

/* A line of the waterfall: by what it moves the gap, in each year. */
typedef struct {
    const char *code, *basis; /* "do_nothing", "test_2", …; "gap", "step", "shapley" */
    char title[160];
    double mean[YEARS], error[YEARS];
} waterfall_line;

typedef struct {
    ltp_result *result;
    const char *level;
    size_t tests, entities, years, layers;
    const char *const *test, *const *test_name, *const *code, *const *name, *const *year, *const *layer;
    const double *step, *step_error, *shapley, *shapley_error; /* [test][entity][year] */
    const double *gap, *gap_error;                             /* [layer][entity][year] */
} waterfall;

static ltp_status read_array(waterfall *w, const char *group, const char *variable, size_t count, const double **out,
                             ltp_error *error) {
    ltp_result_array array;
    ltp_status status = ltp_result_read(w->result, group, variable, &array, error);
    if (status)
        return status;
    size_t size = 1;
    for (int k = 0; k < array.rank; k++)
        size *= array.size[k];
    if (size != count)
        return ltp_error_set(error, LTP_ERROR_RESULT, "/%s/%s has not the size of its axes: the file is damaged", group,
                             variable);
    *out = array.value;
    return LTP_OK;
}

static ltp_status read_bridge(waterfall *w, ltp_error *error) {
    const size_t count = w->tests * w->entities * w->years;
    const struct {
        const char *suffix;
        const double **out;
    } part[] = {{"step_mean", &w->step},
                {"step_se", &w->step_error},
                {"shapley_mean", &w->shapley},
                {"shapley_se", &w->shapley_error}};
    ltp_status status = LTP_OK;
    for (size_t k = 0; k < 4 && !status; k++) {
        char name[64];
        snprintf(name, sizeof name, "%s_%s", w->level, part[k].suffix);
        status = read_array(w, "bridge", name, count, part[k].out, error);
    }
    return status;
}

static ltp_status read_labels(waterfall *w, ltp_error *error) {
    size_t names, tests;
    ltp_status status = ltp_result_labels(w->result, "bridge", "test", &w->tests, &w->test, error);
    if (!status)
        status = ltp_result_labels(w->result, "bridge", "test_name", &tests, &w->test_name, error);
    if (!status)
        status = ltp_result_labels(w->result, w->level, "code", &w->entities, &w->code, error);
    if (!status)
        status = ltp_result_labels(w->result, w->level, "name", &names, &w->name, error);
    if (!status)
        status = ltp_result_labels(w->result, w->level, "year", &w->years, &w->year, error);
    if (!status)
        status = ltp_result_labels(w->result, w->level, "layer", &w->layers, &w->layer, error);
    if (!status && (w->years > YEARS || names != w->entities || tests != w->tests || w->layers < w->tests + 2))
        status = ltp_error_set(error, LTP_ERROR_RESULT, "the axes of /bridge and /%s do not fit: the file is damaged",
                               w->level);
    return status;
}

static ltp_status open_waterfall(waterfall *w, ltp_result *result, const char *level, ltp_error *error) {
    *w = (waterfall){.result = result, .level = level};
    if (!ltp_result_has(result, "bridge", "test"))
        return ltp_error_set(error, LTP_ERROR_RESULT,
                             "'%s' holds no bridge: its scenario has no programmes that act, or an older version "
                             "wrote it; run it again",
                             ltp_result_describe(result)->path);
    ltp_status status = read_labels(w, error);
    if (!status)
        status = read_bridge(w, error);
    const size_t count = w->layers * w->entities * w->years;
    if (!status)
        status = read_array(w, level, "gap_mean", count, &w->gap, error);
    if (!status && ltp_result_has(result, level, "gap_mean_se"))
        status = read_array(w, level, "gap_mean_se", count, &w->gap_error, error);
    return status;
}

/* --- lines ------------------------------------------------------------------------------------------------------ */

static void gap_line(const waterfall *w, size_t layer, size_t entity, const char *title, waterfall_line *line) {
    *line = (waterfall_line){.code = w->layer[layer], .basis = "gap"};
    snprintf(line->title, sizeof line->title, "%s", title);
    for (size_t t = 0; t < w->years; t++) {
        const size_t at = (layer * w->entities + entity) * w->years + t;
        line->mean[t] = w->gap[at];
        line->error[t] = w->gap_error ? w->gap_error[at] : NAN;
    }
}

/* What the test adds to the gap: less is more. */
static void test_line(const waterfall *w, size_t test, size_t entity, bool shapley, waterfall_line *line) {
    *line = (waterfall_line){.code = w->test[test], .basis = shapley ? "shapley" : "step"};
    const char *number = strrchr(w->test[test], '_');
    snprintf(line->title, sizeof line->title, "  Test %s: %s", number ? number + 1 : w->test[test], w->test_name[test]);
    for (size_t t = 0; t < w->years; t++) {
        const size_t at = (test * w->entities + entity) * w->years + t;
        line->mean[t] = -(shapley ? w->shapley : w->step)[at];
        line->error[t] = (shapley ? w->shapley_error : w->step_error)[at];
    }
}

/* Programmes that count to no test: from the last test's gap to the plan's. False: there is nothing to show. */
static bool rest_line(const waterfall *w, size_t entity, waterfall_line *line) {
    bool any = false;
    *line = (waterfall_line){.code = "no_test", .basis = "step", .title = "  Programmes of no test"};
    for (size_t t = 0; t < w->years; t++) {
        double gap[2];
        for (size_t k = 0; k < 2; k++)
            gap[k] = w->gap[((w->tests + k) * w->entities + entity) * w->years + t];
        line->mean[t] = gap[1] - gap[0];
        line->error[t] = NAN;
        any |= fabs(line->mean[t]) > 1e-9;
    }
    return any;
}

static size_t list_lines(const waterfall *w, size_t entity, waterfall_line *line) {
    size_t count = 0;
    gap_line(w, 0, entity, "Gap if nothing is done", &line[count++]);
    for (size_t k = 0; k < w->tests; k++)
        test_line(w, k, entity, false, &line[count++]);
    count += rest_line(w, entity, &line[count]);
    gap_line(w, w->layers - 1, entity, "Gap with the plan", &line[count++]);
    return count;
}

/* --- printing --------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t first, end;
} stretch;

static ltp_status add_people_line(const waterfall_line *line, stretch year, ltp_report *report, double *largest,
                                  ltp_error *error) {
    ltp_status status = ltp_report_text(report, line->title, error);
    for (size_t t = year.first; t < year.end && !status; t++) {
        status = ltp_report_number(report, line->mean[t], line->error[t], error);
        *largest = fmax(*largest, line->error[t]);
    }
    return status;
}

static ltp_status create_people(const waterfall *w, stretch year, ltp_report **report, ltp_error *error) {
    ltp_report_column column[1 + YEARS] = {{.name = "line", .heading = "", .kind = LTP_COLUMN_TEXT}};
    size_t count = 1;
    for (size_t t = year.first; t < year.end; t++)
        column[count++] = (ltp_report_column){
            .name = w->year[t], .heading = w->year[t], .kind = LTP_COLUMN_NUMBER, .style = LTP_STYLE_ROUNDED};
    return ltp_report_create(report, count, column, error);
}

static ltp_status print_entity(FILE *to, const waterfall *w, size_t entity, stretch year, ltp_error *error) {
    waterfall_line line[16];
    double largest = 0;
    ltp_report *report = NULL;
    ltp_status status = create_people(w, year, &report, error);
    const size_t count = list_lines(w, entity, line);
    for (size_t k = 0; k < count && !status; k++)
        status = add_people_line(&line[k], year, report, &largest, error);
    if (!status) {
        fprintf(to, "\n%s (%s), £m\n", w->name[entity], w->code[entity]);
        ltp_report_print(report, LTP_REPORT_TABLE, to);
        ltp_report_destroy(report);
        report = NULL;
        status = create_people(w, year, &report, error);
    }
    for (size_t k = 0; k < w->tests && !status; k++) {
        test_line(w, k, entity, true, &line[0]);
        status = add_people_line(&line[0], year, report, &largest, error);
    }
    if (!status) {
        fputs("Whatever the order of the tests (Shapley values), £m\n", to);
        ltp_report_print(report, LTP_REPORT_TABLE, to);
    }
    if (!status && largest > 0) {
        char text[48];
        ltp_format_number(largest, largest, text, NULL);
        fprintf(to, "Standard error of simulating: at most £%sm in any figure.\n", text);
    }
    ltp_report_destroy(report);
    return status;
}

static ltp_status add_program_line(const waterfall *w, size_t entity, const waterfall_line *line, stretch year,
                                   ltp_report *report, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (size_t t = year.first; t < year.end && !status; t++) {
        const char *const text[] = {w->code[entity], w->name[entity], w->year[t], line->code, line->basis};
        for (size_t k = 0; k < 5 && !status; k++)
            status = ltp_report_text(report, text[k], error);
        if (!status)
            status = ltp_report_number(report, line->mean[t], line->error[t], error);
    }
    return status;
}

static ltp_status print_programs(FILE *to, const waterfall *w, stretch entity, stretch year, ltp_report_format format,
                                 ltp_error *error) {
    static const ltp_report_column column[] = {
        {.name = "code", .kind = LTP_COLUMN_TEXT},  {.name = "name", .kind = LTP_COLUMN_TEXT},
        {.name = "year", .kind = LTP_COLUMN_TEXT},  {.name = "line", .kind = LTP_COLUMN_TEXT},
        {.name = "basis", .kind = LTP_COLUMN_TEXT}, {.name = "mean", .kind = LTP_COLUMN_NUMBER}};
    waterfall_line line[16];
    ltp_report *report;
    ltp_status status = ltp_report_create(&report, 6, column, error);
    if (status)
        return status;
    for (size_t e = entity.first; e < entity.end && !status; e++) {
        size_t count = list_lines(w, e, line);
        for (size_t k = 0; k < w->tests; k++)
            test_line(w, k, e, true, &line[count++]);
        for (size_t k = 0; k < count && !status; k++)
            status = add_program_line(w, e, &line[k], year, report, error);
    }
    if (!status)
        ltp_report_print(report, format, to);
    ltp_report_destroy(report);
    return status;
}

static ltp_status choose(const char *what, const char *word, const char *const *label, size_t count, stretch *out,
                         ltp_error *error) {
    *out = (stretch){0, count};
    for (size_t k = 0; word && k < count; k++)
        if (strcmp(label[k], word) == 0) {
            *out = (stretch){k, k + 1};
            return LTP_OK;
        }
    return word ? ltp_error_set(error, LTP_ERROR_USAGE, "there is no %s '%s' in the result", what, word) : LTP_OK;
}

ltp_status ltp_waterfall_print(FILE *to, ltp_result *result, const char *level, const char *code, const char *year,
                               ltp_report_format format, ltp_error *error) {
    waterfall w;
    stretch entities, years;
    ltp_status status = open_waterfall(&w, result, level, error);
    if (!status)
        status = choose(level, code, w.code, w.entities, &entities, error);
    if (!status)
        status = choose("year", year, w.year, w.years, &years, error);
    if (status || format != LTP_REPORT_TABLE)
        return status ? status : print_programs(to, &w, entities, years, format, error);
    const ltp_result_about *about = ltp_result_describe(result);
    ltp_title_print(to, about);
    fprintf(to,
            "From the gap of do nothing to the plan's, means over %s, before support.\n"
            "Minus: the test takes so much off the gap; plus: it adds to it.\n"
            "The upper steps depend on the order in which tests are added; the Shapley\n"
            "values below are averages over every order, and add up to the same.\n",
            about->paths == 1 ? "one path, every driver at its mean" : "all paths");
    for (size_t e = entities.first; e < entities.end && !status; e++)
        status = print_entity(to, &w, e, years, error);
    return status;
}
