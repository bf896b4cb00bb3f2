#include "results/report/headline.h"

#include <string.h>

#include "results/report/submission.h"
#include "results/report/view.h"

#define STATISTICS 4 /* at most */
#define PARTS 3

static const char *const statistic_name[STATISTICS] = {"p10", "p50", "p90", "probability"};
static const char *const part_measure[PARTS] = {"gap", "gap_commissioner", "gap_provider"};
static const char *const part_name[PARTS] = {"whole", "commissioners", "providers"};

static const char *const part_title[PARTS] = {"gap of the whole", "gap of the commissioners", "gap of the providers"};

/* The three gaps at one level, their statistics read. */
typedef struct {
    ltp_view view[PARTS];
    int statistic_count;
    ltp_view_statistic statistic[PARTS][STATISTICS];
} headline;

static ltp_status read_headline(headline *h, ltp_result *result, const char *group, ltp_error *error) {
    const bool expected = strcmp(ltp_result_describe(result)->sampling, "expected") == 0;
    ltp_status status = LTP_OK;
    h->statistic_count = expected ? 1 : STATISTICS;
    for (int part = 0; part < PARTS && !status; part++) {
        status = ltp_view_open(&h->view[part], result, group, part_measure[part], error);
        for (int s = 0; s < h->statistic_count && !status; s++)
            status = ltp_view_statistic_read(&h->view[part], expected ? "mean" : statistic_name[s],
                                             &h->statistic[part][s], error);
    }
    return status;
}

/* Columns of a table of every system and part, or of one part of one entity. */
static ltp_status create_report(const headline *h, bool everything, ltp_report **report, ltp_error *error) {
    ltp_report_column column[5 + STATISTICS] = {{"code", "code", LTP_COLUMN_TEXT, false},
                                                {"name", "name", LTP_COLUMN_TEXT, false},
                                                {"part", "gap of", LTP_COLUMN_TEXT, false},
                                                {"year", "year", LTP_COLUMN_TEXT, false},
                                                {"layer", "layer", LTP_COLUMN_TEXT, false}};
    for (int s = 0; s < h->statistic_count; s++)
        column[5 + s] = h->statistic[0][s].column;
    const size_t skip = everything ? 0 : 3;
    return ltp_report_create(report, 5 + (size_t)h->statistic_count - skip, column + skip, error);
}

/* Year, layer and the numbers. Where the table repeats itself it is left blank. */
static ltp_status add_line(const headline *h, ltp_report *report, int part, const size_t place[4], bool blank,
                           ltp_error *error) {
    const ltp_view *view = &h->view[part];
    ltp_status status = ltp_report_text(report, blank ? "" : view->year[place[3]], error);
    if (!status)
        status = ltp_report_text(report, view->layer[place[0]], error);
    for (int s = 0; s < h->statistic_count && !status; s++)
        status = ltp_view_cell(view, &h->statistic[part][s], place, report, error);
    return status;
}

static ltp_status add_names(const headline *h, ltp_report *report, int part, size_t code, ltp_error *error) {
    ltp_status status = ltp_report_text(report, h->view[part].code[code], error);
    if (!status)
        status = ltp_report_text(report, h->view[part].name[code], error);
    return status ? status : ltp_report_text(report, part_name[part], error);
}

/* do_nothing and the last layer of one part of one entity, years from `first`. */
static ltp_status add_part(const headline *h, ltp_report *report, int part, size_t code, size_t first, bool named,
                           ltp_error *error) {
    const ltp_view *view = &h->view[part];
    ltp_status status = LTP_OK;
    for (size_t year = first; year < view->years && !status; year++)
        for (int plan = 0; plan < (view->layers > 1 ? 2 : 1) && !status; plan++) {
            const size_t place[4] = {plan ? view->layers - 1 : 0, code, 0, year};
            if (named)
                status = add_names(h, report, part, code, error);
            if (!status)
                status = add_line(h, report, part, place, plan && !named, error);
        }
    return status;
}

static ltp_status print_part(FILE *to, const headline *h, int part, size_t code, ltp_error *error) {
    ltp_report *report;
    ltp_status status = create_report(h, false, &report, error);
    if (status)
        return status;
    status = add_part(h, report, part, code, 0, false, error);
    if (!status) {
        fprintf(to, "\n%s (%s): %s\n", h->view[0].name[code], h->view[0].code[code], part_title[part]);
        ltp_report_print(report, LTP_REPORT_TABLE, to);
    }
    ltp_report_destroy(report);
    return status;
}

static ltp_status print_entity(FILE *to, const headline *h, size_t code, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (int part = 0; part < PARTS && !status; part++)
        status = print_part(to, h, part, code, error);
    return status;
}

/* One table of every system: the last year only, or everything. */
static ltp_status print_systems(FILE *to, const headline *h, bool everything, ltp_report_format format,
                                ltp_error *error) {
    ltp_report *report;
    ltp_status status = create_report(h, true, &report, error);
    if (status)
        return status;
    const ltp_view *view = &h->view[0];
    for (size_t code = 0; code < view->codes && !status; code++)
        for (int part = 0; part < (everything ? PARTS : 1) && !status; part++)
            status = add_part(h, report, part, code, everything ? 0 : view->years - 1, true, error);
    if (!status)
        ltp_report_print(report, format, to);
    ltp_report_destroy(report);
    return status;
}

static void print_caption(FILE *to, const ltp_result_about *about) {
    ltp_title_print(to, about);
    fprintf(to, "Gap in %s, before support; positive = shortfall.\n", about->money_unit);
    if (strcmp(about->sampling, "expected") == 0) {
        fputs("Every driver at its mean, one path: no percentiles, no errors.\n", to);
        return;
    }
    char paths[48];
    ltp_format_number((double)about->paths, 0.5, paths, NULL);
    paths[strcspn(paths, ".")] = '\0';
    fprintf(to,
            "%s simulated paths. P10 to P90: eight in ten paths lie between.\n"
            "P(balance): share of paths without a shortfall; < or >: fewer than ten paths\n"
            "decide, so a 95%% bound is given.\n"
            "± is one Monte Carlo standard error, the noise of simulating a limited number\n"
            "of paths: the true figure of this plan and these assumptions is within two of\n"
            "them 19 times in 20. It does not measure how good the assumptions are.\n"
            "Percentiles of commissioners and providers do not add up to the system's.\n",
            paths);
    if (about->paths / (about->block ? about->block : 1) < 20)
        fputs("Too few paths for standard errors: at least 20 blocks (20,480 paths) are needed.\n", to);
}

static ltp_status print_table(FILE *to, ltp_result *result, const headline *systems, ltp_error *error) {
    print_caption(to, ltp_result_describe(result));
    ltp_status status = LTP_OK;
    if (systems->view[0].codes > 1) {
        headline england;
        status = read_headline(&england, result, "england", error);
        if (!status)
            status = print_entity(to, &england, 0, error);
    }
    if (systems->view[0].codes <= LTP_HEADLINE_SYSTEMS) {
        for (size_t code = 0; code < systems->view[0].codes && !status; code++)
            status = print_entity(to, systems, code, error);
    } else if (!status) {
        fputc('\n', to);
        status = print_systems(to, systems, false, LTP_REPORT_TABLE, error);
    }
    return status;
}

ltp_status ltp_headline_print(FILE *to, const char *result_path, ltp_report_format format, ltp_error *error) {
    ltp_result *result;
    headline systems;
    ltp_status status = ltp_result_open(&result, result_path, error);
    if (status)
        return status;
    status = read_headline(&systems, result, "system", error);
    if (!status && format == LTP_REPORT_TABLE)
        status = print_table(to, result, &systems, error);
    else if (!status)
        status = print_systems(to, &systems, true, format, error);
    ltp_result_close(result);
    return status;
}
