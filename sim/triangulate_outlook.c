/* What is not settled, and plans added up, for people. */
#include <math.h>
#include <string.h>

#include "sim/triangulate_internal.h"

/* --- what is not settled ---------------------------------------------------------------------------------------- */

static const char *risk_name(const ltp_triangulate_printer *p, const ltp_risk *risk, ltp_name out) {
    const ltp_label_axis *systems = &p->t->plan->roster.level[LTP_LEVEL_SYSTEM];
    for (size_t s = 0; s < systems->count && risk->role == LTP_RISK_SYSTEM; s++)
        if (strcmp(systems->code[s], risk->code) == 0)
            return ltp_grid_cut(out, systems->name[s], CELL_WIDTH);
    return ltp_grid_cut(out, ltp_triangulate_party(p->t->plan, risk->code), CELL_WIDTH);
}

static bool inside_only(const ltp_triangulation *t) {
    for (size_t k = 0; k < t->risk_count; k++)
        if (t->risk[k].role == LTP_RISK_SYSTEM &&
            (t->risk[k].quantile[0] != 0.0 || t->risk[k].quantile[LTP_RISK_QUANTILE_COUNT - 1] != 0.0))
            return false;
    return true;
}

void ltp_triangulate_print_risk(ltp_triangulate_printer *p) {
    static const char *const role[] = {"pays", "receives", "system pays"};
    static const ltp_grid_column column[] = {{"who", true, false},       {"", true, false},     {"year", true, false},
                                             {"at stake", false, false}, {"P10", false, false}, {"P50", false, false},
                                             {"P90", false, false}};
    double largest = 0.0, error = 0.0;
    char paths[LTP_GROUPED], text[64];
    ltp_words caption;
    if (p->t->risk_count == 0)
        return;
    for (size_t k = 0; k < p->t->risk_count; k++)
        for (int q = 0; q < LTP_RISK_QUANTILE_COUNT; q++) {
            largest = fmax(largest, fabs(p->t->risk[k].difference));
            error = fmax(error, p->t->risk[k].error[q]);
        }
    p->decimals = ltp_triangulate_decimals(largest, 1);
    GRID(p, 0, column);
    for (size_t k = 0; k < p->t->risk_count; k++) {
        const ltp_risk *risk = &p->t->risk[k];
        ltp_name name;
        CELL(p, "%s", risk_name(p, risk, name));
        CELL(p, "%s", role[risk->role]);
        CELL(p, "%s", ltp_triangulate_year(p, risk->year));
        NUMBER(p, risk->difference, p->decimals);
        for (int q = 0; q < LTP_RISK_QUANTILE_COUNT; q++)
            NUMBER(p, risk->quantile[q], p->decimals);
    }
    if (p->status)
        return;
    snprintf(caption, sizeof caption,
             "What is not settled: fixed contracts end between the two figures (contract.lambda; half-way where no "
             "driver says). More than the payer's figure, £m, that is paid and received: %s, %s",
             p->t->plan->scenario->sampling == LTP_SAMPLING_EXPECTED ? "every driver at its mean"
                                                                     : "eight in ten paths between P10 and P90",
             p->t->plan->scenario->sampling == LTP_SAMPLING_EXPECTED ? "no errors." : "");
    if (p->t->plan->scenario->sampling != LTP_SAMPLING_EXPECTED)
        snprintf(caption + strlen(caption), sizeof caption - strlen(caption), "%s paths%s%s.",
                 ltp_grouped(paths, p->t->risk_path_count), error > 0.0 ? ", standard error at most " : "",
                 error > 0.0 ? ltp_triangulate_money(text, error, ltp_triangulate_decimals(error, p->decimals)) : "");
    fputc('\n', p->to);
    ltp_print_wrapped(p->to, 0, NULL, 0, caption);
    ltp_grid_print(p->grid, p->to);
    ltp_print_wrapped(p->to, 0, NULL, 0, "The payee expects all that is at stake: it goes without the rest.");
    ltp_print_wrapped(p->to, 0, NULL, 0,
                      inside_only(p->t)
                          ? "For each system it comes to £0.0m on every path: money is only moved."
                          : "Where both are inside a system, its total is £0.0m on every path: money is only moved. "
                            "What a system pays goes to a party outside it.");
}

/* --- plans ------------------------------------------------------------------------------------------------------ */

static const ltp_plan_figure *figure_of(const ltp_triangulation *t, const ltp_plan_figure *like, int year) {
    for (const ltp_plan_figure *one = like; one < t->figure + t->figure_count; one++) {
        if (one->system != like->system || strcmp(one->code, like->code) != 0 || strcmp(one->line, like->line) != 0)
            break;
        if (one->year == year)
            return one;
    }
    return NULL;
}

/* Figures of one entity and line stand together, years rising: the first of them. */
static bool is_first(const ltp_triangulation *t, size_t k) {
    const ltp_plan_figure *one = &t->figure[k], *before = k ? one - 1 : NULL;
    return !before || before->system != one->system || strcmp(before->code, one->code) != 0 ||
           strcmp(before->line, one->line) != 0;
}

static void put_years(ltp_triangulate_printer *p, const ltp_plan_figure *like, bool simulated) {
    const int decimals = strcmp(like->unit, "£m") == 0 ? 1 : 0;
    for (int year = 0; year <= p->t->plan->scenario->year_count; year++) {
        const ltp_plan_figure *one = figure_of(p->t, like, year);
        NUMBER(p, !one ? NAN : simulated ? one->mean : one->planned, decimals);
    }
}

static void put_probability(ltp_triangulate_printer *p, const ltp_plan_figure *one) {
    char value[48], error[48];
    if (!one || isnan(one->probability)) {
        CELL(p, "–");
    } else if (one->probability_error > 0.0) {
        ltp_format_number(100.0 * one->probability, 100.0 * one->probability_error, value, error);
        CELL(p, "%s ± %s", value, error);
    } else {
        const bool rare = one->probability < 0.5;
        const double bound = rare ? one->interval[1] : one->interval[0];
        ltp_format_number(100.0 * bound, 25.0 * (one->interval[1] - one->interval[0]), value, NULL);
        CELL(p, "%s %s", rare ? "<" : ">", value);
    }
}

/* Columns: what stands first, and one a year; the base year only where somebody plans it. */
static void open_years(ltp_triangulate_printer *p, int indent, size_t first, ltp_grid_column *column, bool system) {
    bool base = false;
    for (size_t k = 0; k < p->t->figure_count; k++)
        base |= p->t->figure[k].system == system && p->t->figure[k].year == 0;
    const int years = p->t->plan->scenario->year_count;
    for (int year = 0; year <= years; year++)
        column[first + (size_t)year] = (ltp_grid_column){
            ltp_triangulate_year(p, year), false, (year == 0 && !base) || (p->t->year >= 0 && year != p->t->year)};
    if (!p->status)
        p->status = ltp_grid_create(&p->grid, p->t->pool, indent, first + (size_t)years + 1, column, p->error);
}

static void print_systems(ltp_triangulate_printer *p) {
    ltp_grid_column column[LTP_GRID_COLUMN_LIMIT] = {
        {"system", true, false}, {"line", true, false}, {"unit", true, false}, {"plans", false, false}};
    open_years(p, 0, 4, column, true);
    for (size_t k = 0; k < p->t->figure_count && !p->status; k++) {
        const ltp_plan_figure *one = &p->t->figure[k];
        ltp_name code, line, unit;
        if (!one->system || !is_first(p->t, k))
            continue;
        CELL(p, "%s", ltp_grid_cut(code, one->code, CELL_WIDTH));
        CELL(p, "%s", ltp_grid_cut(line, one->line, CELL_WIDTH));
        CELL(p, "%s", ltp_grid_cut(unit, one->unit, CELL_WIDTH));
        CELL(p, "%d of %d", one->organisations, one->members);
        put_years(p, one, false);
        if (!p->t->simulated)
            continue;
        CELL(p, "%s", "");
        CELL(p, "  simulated, mean");
        CELL(p, "%s", "");
        CELL(p, "%s", "");
        put_years(p, one, true);
    }
    if (p->status)
        return;
    fputc('\n', p->to);
    ltp_triangulate_say(p, 0, NULL, 0,
                        "Organisations' own plans added up by their shares in each system. "
                        "Plans: how many of its organisations have the line. A payment between two of them, and the "
                        "activity it pays for, counts at both.");
    ltp_grid_print(p->grid, p->to);
}

static void print_lines(ltp_triangulate_printer *p) {
    ltp_grid_column column[LTP_GRID_COLUMN_LIMIT] = {{"organisation", true, false}, {"line", true, false}};
    if (!p->t->simulated)
        return;
    open_years(p, 0, 2, column, false);
    for (size_t k = 0; k < p->t->figure_count && !p->status; k++) {
        const ltp_plan_figure *one = &p->t->figure[k];
        ltp_name name, line;
        if (one->system || !is_first(p->t, k))
            continue;
        CELL(p, "%s", ltp_grid_cut(name, ltp_triangulate_party(p->t->plan, one->code), CELL_WIDTH));
        CELL(p, "%s", ltp_grid_cut(line, one->line, CELL_WIDTH));
        for (int year = 0; year <= p->t->plan->scenario->year_count; year++)
            put_probability(p, figure_of(p->t, one, year));
    }
    if (p->status)
        return;
    fputc('\n', p->to);
    ltp_triangulate_say(
        p, 0, NULL, 0,
        "Probability, %%, that a plan line is achieved in layer %s: income, savings, surplus and staff at least, "
        "pay, other cost and activity at most as planned. ±: one standard error of simulating.",
        p->t->layer);
    ltp_grid_print(p->grid, p->to);
}

void ltp_triangulate_print_plans(ltp_triangulate_printer *p) {
    if (p->t->figure_count == 0)
        return;
    print_systems(p);
    print_lines(p);
}
