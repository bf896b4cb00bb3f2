/* Organisations' own plans added up, and what a result simulates for each of their lines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/view.h"
#include "sim/triangulate.h"

/* --- plan lines ------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *code, *line;
    int year;
    double amount;
    size_t organisation;
} plan_row;

static int by_row(const void *left, const void *right) {
    const plan_row *x = left, *y = right;
    int order = strcmp(x->line, y->line);
    if (!order)
        order = (x->year > y->year) - (x->year < y->year);
    return order ? order : strcmp(x->code, y->code);
}

static int by_figure(const void *left, const void *right) {
    const ltp_plan_figure *x = left, *y = right;
    if (x->system != y->system)
        return x->system ? -1 : 1;
    int order = strcmp(x->code, y->code);
    if (!order)
        order = strcmp(x->line, y->line);
    return order ? order : (x->year > y->year) - (x->year < y->year);
}

static double clean(double value) {
    return rint(value * 1e9) / 1e9;
}

static const char *unit_of(const ltp_plan *plan, const char *line) {
    static const char activity[] = "activity:";
    if (strcmp(line, "fte") == 0)
        return "fte";
    if (strncmp(line, activity, sizeof activity - 1) != 0)
        return "£m";
    for (size_t k = 0; k < plan->roster.service.count; k++)
        if (strcmp(plan->roster.service.code[k], line + sizeof activity - 1) == 0 && *plan->roster.service_unit[k])
            return plan->roster.service_unit[k];
    return "units";
}

static ltp_plan_figure new_figure(const ltp_plan *plan, const char *code, const char *line, int year, bool system) {
    return (ltp_plan_figure){.code = code,
                             .line = line,
                             .unit = unit_of(plan, line),
                             .system = system,
                             .year = year,
                             .mean = NAN,
                             .mean_error = NAN,
                             .median = NAN,
                             .median_error = NAN,
                             .probability = NAN,
                             .probability_error = NAN,
                             .interval = {NAN, NAN}};
}

static ltp_status read_rows(const ltp_triangulation *out, plan_row **row, size_t *count, ltp_error *error) {
    const ltp_table *table = &out->plan->scenario->table[LTP_TABLE_PLANS];
    const ltp_status status = LTP_POOL_NEW(out->pool, row, table->row_count + 1, error);
    *count = 0;
    for (size_t r = 0; r < table->row_count && !status; r++) {
        plan_row one = {.code = ltp_cell_at(table, r, LTP_PLANS_CODE)->text,
                        .line = ltp_cell_at(table, r, LTP_PLANS_LINE)->text,
                        .year = (int)ltp_cell_at(table, r, LTP_PLANS_YEAR)->number,
                        .amount = ltp_cell_at(table, r, LTP_PLANS_AMOUNT)->number};
        if ((out->year < 0 || one.year == out->year) &&
            ltp_triangulate_modelled(out->plan, one.code, &one.organisation))
            (*row)[(*count)++] = one;
    }
    if (!status && *count)
        qsort(*row, *count, sizeof **row, by_row);
    return status;
}

/* Rows of one line and year, added up to one system by membership share, in the order of codes. */
static void add_system(ltp_triangulation *out, size_t system, const plan_row *row, size_t count) {
    const ltp_roster *roster = &out->plan->roster;
    ltp_plan_figure sum =
        new_figure(out->plan, roster->level[LTP_LEVEL_SYSTEM].code[system], row->line, row->year, true);
    for (size_t m = 0; m < roster->membership_count; m++)
        sum.members += roster->membership[m].system == system;
    for (size_t k = 0; k < count; k++)
        for (size_t m = 0; m < roster->membership_count; m++)
            if (roster->membership[m].system == system && roster->membership[m].organisation == row[k].organisation) {
                sum.planned += roster->membership[m].share * row[k].amount;
                sum.in_full += row[k].amount;
                sum.organisations++;
            }
    sum.planned = clean(sum.planned);
    sum.in_full = clean(sum.in_full);
    if (sum.organisations)
        out->figure[out->figure_count++] = sum;
}

static ltp_status add_figures(ltp_triangulation *out, ltp_error *error) {
    const size_t systems = out->plan->roster.level[LTP_LEVEL_SYSTEM].count;
    plan_row *row;
    size_t count;
    ltp_status status = read_rows(out, &row, &count, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &out->figure, count * (1 + systems) + 1, error);
    if (status || count == 0)
        return status;
    for (size_t k = 0; k < count; k++) {
        ltp_plan_figure one = new_figure(out->plan, row[k].code, row[k].line, row[k].year, false);
        one.planned = one.in_full = row[k].amount;
        out->figure[out->figure_count++] = one;
    }
    for (size_t k = 0, size; k < count; k += size) {
        for (size = 1;
             k + size < count && row[k].year == row[k + size].year && strcmp(row[k].line, row[k + size].line) == 0;)
            size++;
        for (size_t s = 0; s < systems; s++)
            add_system(out, s, &row[k], size);
    }
    qsort(out->figure, out->figure_count, sizeof *out->figure, by_figure);
    return LTP_OK;
}

/* --- the result's side ------------------------------------------------------------------------------------------ */

typedef struct {
    ltp_view view;
    ltp_view_statistic mean, median, probability;
    bool has_median, has_probability;
} margins;

static ltp_status open_margins(margins *to, ltp_result *result, ltp_error *error) {
    *to = (margins){0};
    ltp_status status = ltp_view_open(&to->view, result, "plan_line", "plan_margin", error);
    if (!status)
        status = ltp_view_statistic_read(&to->view, "mean", &to->mean, error);
    if (!status && (to->has_median = ltp_view_has(&to->view, "p50")))
        status = ltp_view_statistic_read(&to->view, "p50", &to->median, error);
    if (!status && (to->has_probability = ltp_view_has(&to->view, "probability")))
        status = ltp_view_statistic_read(&to->view, "probability", &to->probability, error);
    return status;
}

static size_t find(const char *const *label, size_t count, const char *word) {
    for (size_t k = 0; k < count; k++)
        if (strcmp(label[k], word) == 0)
            return k;
    return SIZE_MAX;
}

static double at(const margins *from, const ltp_view_statistic *statistic, const double *value, size_t code,
                 size_t year) {
    return value ? value[(from->view.layers - 1) * statistic->layer_stride + code * from->view.years + year] : NAN;
}

/* The margin is ≥ 0 where the line is achieved: pay, other cost and activity are achieved from below. */
static double sign_of(const char *line) {
    const bool below = strcmp(line, "pay") == 0 || strcmp(line, "non_pay") == 0 || strncmp(line, "activity:", 9) == 0;
    return below ? -1.0 : 1.0;
}

static void read_line(const ltp_triangulation *out, const margins *from, ltp_plan_figure *figure) {
    char code[1024];
    snprintf(code, sizeof code, "%s:%s", figure->code, figure->line);
    const size_t c = find(from->view.code, from->view.codes, code);
    const size_t y = find(from->view.year, from->view.years, out->plan->scenario->year_label[figure->year]);
    const double sign = sign_of(figure->line);
    if (c == SIZE_MAX || y == SIZE_MAX)
        return;
    figure->mean = figure->planned + sign * at(from, &from->mean, from->mean.value, c, y);
    figure->mean_error = at(from, &from->mean, from->mean.error, c, y);
    if (from->has_median) {
        figure->median = figure->planned + sign * at(from, &from->median, from->median.value, c, y);
        figure->median_error = at(from, &from->median, from->median.error, c, y);
    }
    if (from->has_probability) {
        figure->probability = at(from, &from->probability, from->probability.value, c, y);
        figure->probability_error = at(from, &from->probability, from->probability.error, c, y);
        figure->interval[0] = at(from, &from->probability, from->probability.low, c, y);
        figure->interval[1] = at(from, &from->probability, from->probability.high, c, y);
    }
}

/* Means add up, percentiles do not. NaN unless every organisation that plans the line is simulated. */
static void add_up(const ltp_triangulation *out, ltp_plan_figure *system) {
    const ltp_roster *roster = &out->plan->roster;
    const size_t at_system =
        find(roster->level[LTP_LEVEL_SYSTEM].code, roster->level[LTP_LEVEL_SYSTEM].count, system->code);
    double sum = 0.0;
    for (size_t k = 0; k < out->figure_count; k++) {
        const ltp_plan_figure *one = &out->figure[k];
        size_t organisation;
        if (one->system || one->year != system->year || strcmp(one->line, system->line) != 0 ||
            !ltp_triangulate_modelled(out->plan, one->code, &organisation))
            continue;
        for (size_t m = 0; m < roster->membership_count; m++)
            if (roster->membership[m].system == at_system && roster->membership[m].organisation == organisation)
                sum += roster->membership[m].share * one->mean;
    }
    system->mean = sum;
}

ltp_status ltp_triangulate_plans(ltp_triangulation *out, ltp_result *result, ltp_error *error) {
    ltp_status status = add_figures(out, error);
    if (status || !result || !ltp_result_has(result, "plan_line", "plan_margin_mean"))
        return status;
    margins from;
    status = open_margins(&from, result, error);
    if (status)
        return status;
    out->simulated = true;
    out->layer = from.view.by_layer ? from.view.layer[from.view.layers - 1] : from.view.only_layer;
    for (size_t k = 0; k < out->figure_count; k++)
        if (!out->figure[k].system)
            read_line(out, &from, &out->figure[k]);
    for (size_t k = 0; k < out->figure_count; k++)
        if (out->figure[k].system)
            add_up(out, &out->figure[k]);
    return LTP_OK;
}
