/* The whole report: gaps, risk, tests, organisations, services, trajectories. */
#include "results/report/compare.h"

#include <math.h>
#include <string.h>

#include "results/report/compare_internal.h"
#include "results/report/headline.h"
#include "results/report/submission.h"

#define RISKS 3
static const double risk_level[RISKS] = {0.1, 0.5, 0.9};
static const char *const risk_name[RISKS] = {"p10", "p50", "p90"};

bool ltp_compare_whole(const ltp_compare_choice *choice) {
    return !choice->level && !choice->measure && !choice->layer && !choice->item;
}

/* --- heading ---------------------------------------------------------------------------------------------------- */

static void print_heading(FILE *to, const ltp_comparison *comparison) {
    char text[256], submission[LTP_SUBMISSION_TEXT];
    for (int side = 0; side < 2; side++) {
        const ltp_result_about *about = comparison->about[side];
        fprintf(to, "%c  %s\n", "AB"[side], ltp_text_cut(text, about->path, 95));
        fprintf(to, "   %s\n", ltp_text_cut(text, about->title, 95));
        if (*ltp_submission_text(submission, about))
            fprintf(to, "   %s\n", ltp_text_cut(text, submission, 95));
    }
    if (comparison->same) {
        fputs("The results are the same: equal content hash, so every figure is equal to the last bit.\n", to);
        return;
    }
    char paths[2][48];
    for (int side = 0; side < 2; side++) {
        ltp_format_number((double)comparison->about[side]->paths, 0.5, paths[side], NULL);
        paths[side][strcspn(paths[side], ".")] = '\0';
    }
    const bool expected = comparison->about[0]->paths == 1 && comparison->about[1]->paths == 1;
    if (expected)
        fputs("Every driver at its mean, one path in each: differences without an error.\n", to);
    else if (comparison->paired)
        fprintf(to,
                "The same %s futures in both: each is held against itself, and ± is one standard error of that\n"
                "difference.\n",
                paths[0]);
    else
        fprintf(to,
                "Not the same futures (%s; %s and %s paths): differences carry the noise of both runs,\n"
                "± is sqrt(SE of A² + SE of B²).\n",
                comparison->reason, paths[0], paths[1]);
    if (!expected && (comparison->blocks[0] < 20 || comparison->blocks[1] < 20))
        fputs("Too few paths for standard errors: at least 20 blocks (20,480 paths) are needed.\n", to);
    fprintf(to,
            "%s. Gap: cost less income before support, so a larger gap is a larger shortfall.\n"
            "B less A: plus, B's figure is the larger one; an error below 0.005 is not shown.\n",
            comparison->about[0]->money_unit);
}

/* What only one of the results has. */
void ltp_compare_unmatched(FILE *to, const ltp_pair *pair) {
    const struct {
        const char *what;
        const ltp_pair_axis *axis;
    } one[] = {{"years", &pair->year}, {"codes", &pair->code}, {"layers", &pair->layer}};
    for (int k = 0; k < 3; k++)
        for (int side = 0; side < 2; side++)
            if (one[k].axis->only[side])
                fprintf(to, "%zu of the %s by %s are in %c only; what both have is compared.\n",
                        one[k].axis->only[side], one[k].what, pair->level, "AB"[side]);
}

static ltp_status add_row(const ltp_compare_report *w, const ltp_pair *pair, ltp_pair_place place,
                          const char *statistic, const char *layer, const ltp_difference *d, ltp_error *error) {
    return ltp_compare_add_row(w->row, pair, place, statistic, layer, d, error);
}

static const char *layer_words(size_t layer) {
    return layer ? "plan" : "do nothing";
}

/* --- gap by year ------------------------------------------------------------------------------------------------ */

static void print_sentence(const ltp_compare_report *w, size_t code) {
    const ltp_pair *gap = &w->gap;
    const ltp_pair_place place = {code, 0, w->year.end - 1};
    const ltp_difference nothing = ltp_pair_at(gap, LTP_PAIR_MEAN, 0, place),
                         plan = ltp_pair_at(gap, LTP_PAIR_MEAN, w->plan, place);
    char name[256], label[256], text[2][96];
    fprintf(w->to, "\n%s (%s), %s\n", ltp_text_cut(name, gap->code.name[code], 60),
            ltp_text_cut(label, gap->code.label[code], 20), gap->year.label[place.year]);
    if (w->plan)
        fprintf(w->to, "With the plan, B's gap is %s;\n", ltp_difference_phrase(text[0], &plan));
    fprintf(w->to, "%s nothing is done, it is %s.\n", w->plan ? "if" : "If", ltp_difference_phrase(text[1], &nothing));
}

static ltp_status print_gaps(const ltp_compare_report *w, size_t code, ltp_error *error) {
    static const ltp_report_column column[] = {{"year", "year", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"layer", "mean gap", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"a", "A", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"b", "B", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"d", "B less A", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE},
                                               {"says", "in words", LTP_COLUMN_TEXT, LTP_STYLE_ERROR}};
    ltp_report *report;
    ltp_status status = ltp_report_create(&report, 6, column, error);
    for (size_t t = w->year.first; t < w->year.end && !status; t++)
        for (int which = 0; which < (w->plan ? 2 : 1) && !status; which++) {
            const ltp_difference d =
                ltp_pair_at(&w->gap, LTP_PAIR_MEAN, which ? w->plan : 0, (ltp_pair_place){code, 0, t});
            status = ltp_report_text(report, which ? "" : w->gap.year.label[t], error);
            if (!status)
                status = ltp_report_text(report, layer_words(which ? w->plan : 0), error);
            for (int side = 0; side < 2 && !status; side++)
                status = ltp_report_number(report, d.value[side], d.error[side], error);
            if (!status)
                status = ltp_report_number(report, d.difference, d.standard_error, error);
            if (!status)
                status = ltp_report_text(report, ltp_difference_words(&d, "£m"), error);
        }
    if (!status)
        ltp_report_print(report, LTP_REPORT_TABLE, w->to);
    ltp_report_destroy(report);
    return status;
}

static ltp_status rows_of_gaps(const ltp_compare_report *w, size_t code, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (size_t t = w->year.first; t < w->year.end && !status; t++)
        for (size_t layer = 0; layer < w->gap.layer.count && !status; layer++) {
            const ltp_pair_place place = {code, 0, t};
            const char *label = w->gap.layer.label[layer];
            ltp_difference d = ltp_pair_at(&w->gap, LTP_PAIR_MEAN, layer, place), risk[RISKS];
            status = add_row(w, &w->gap, place, "mean", label, &d, error);
            if (!status && ltp_pair_has(&w->gap, LTP_PAIR_PROBABILITY)) {
                d = ltp_pair_at(&w->gap, LTP_PAIR_PROBABILITY, layer, place);
                status = add_row(w, &w->gap, place, "probability", label, &d, error);
            }
            if (!status && (layer == 0 || layer == w->plan))
                status = ltp_pair_quantiles(&w->gap, layer, place, RISKS, risk_level, risk, error);
            for (size_t k = 0; k < RISKS && !status && (layer == 0 || layer == w->plan); k++)
                if (!isnan(risk[k].difference))
                    status = add_row(w, &w->gap, place, risk_name[k], label, &risk[k], error);
        }
    return status;
}

/* --- risk of the plan ------------------------------------------------------------------------------------------- */

static ltp_status add_risk(const ltp_compare_report *w, ltp_report *report, ltp_pair_place place, ltp_basis *basis,
                           ltp_error *error) {
    const ltp_difference p = ltp_pair_at(&w->gap, LTP_PAIR_PROBABILITY, w->plan, place);
    ltp_difference worst;
    ltp_status status = ltp_pair_quantiles(&w->gap, w->plan, place, 1, &risk_level[RISKS - 1], &worst, error);
    if (!status)
        status = ltp_report_text(report, w->gap.year.label[place.year], error);
    for (int side = 0; side < 2 && !status; side++)
        status = ltp_report_number(report, worst.value[side], worst.error[side], error);
    if (!status)
        status = ltp_report_number(report, worst.difference, worst.standard_error, error);
    for (int side = 0; side < 2 && !status; side++) {
        const ltp_pair_side *one = &w->gap.side[side];
        const size_t at =
            (w->gap.layer.at[side][w->plan] * one->view.codes + w->gap.code.at[side][place.code]) * one->view.years +
            w->gap.year.at[side][place.year];
        const double interval[2] = {one->low ? one->low[at] : NAN, one->high ? one->high[at] : NAN};
        status = ltp_report_probability(report, p.value[side], p.error[side], interval, error);
    }
    if (!status)
        status = ltp_report_number(report, 100 * p.difference, 100 * p.standard_error, error);
    *basis = worst.basis;
    return status;
}

static ltp_status print_risk(const ltp_compare_report *w, size_t code, ltp_error *error) {
    static const ltp_report_column column[] = {{"year", "year", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"a", "P90 of A", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"b", "of B", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"d", "B less A", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE},
                                               {"pa", "P(balance) A", LTP_COLUMN_PROBABILITY, LTP_STYLE_ROUNDED},
                                               {"pb", "B", LTP_COLUMN_PROBABILITY, LTP_STYLE_ROUNDED},
                                               {"pd", "points", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE}};
    ltp_report *report;
    ltp_basis basis = LTP_BASIS_PAIRED;
    if (!ltp_pair_has(&w->gap, LTP_PAIR_PROBABILITY))
        return LTP_OK; /* one path: there is no risk to show */
    ltp_status status = ltp_report_create(&report, 7, column, error);
    for (size_t t = w->year.first; t < w->year.end && !status; t++)
        status = add_risk(w, report, (ltp_pair_place){code, 0, t}, &basis, error);
    if (!status) {
        fputs("\nThe plan's bad futures: one in ten is worse than P90, £m; P(balance): share without a shortfall\n",
              w->to);
        ltp_report_print(report, LTP_REPORT_TABLE, w->to);
        if (basis == LTP_BASIS_BOUND)
            fputs("Not both results keep every path: ± of the P90 is an upper bound.\n", w->to);
    }
    ltp_report_destroy(report);
    return status;
}

/* --- tests ------------------------------------------------------------------------------------------------------ */

/* A line of the way from do nothing to the plan: what it puts on the gap in each result. */
typedef struct {
    char code[32], title[64];
    double weight[2][LTP_COMPARE_LAYERS];
} test_line;

/* A test's step in a side's file: its layer less the one before; nothing where there is no such layer. */
static void step_of(const ltp_pair *pair, int side, const char *label, test_line *line) {
    const size_t at = ltp_pair_layer(pair, side, label);
    if (at == SIZE_MAX || at == 0)
        return;
    ltp_pair_weigh(pair, side, at, 1, line->weight);
    ltp_pair_weigh(pair, side, at - 1, -1, line->weight);
}

static void plan_of(const ltp_pair *pair, int side, test_line *line, double amount) {
    ltp_pair_weigh(pair, side, pair->side[side].view.layers - 1, amount, line->weight);
}

/* Do nothing, each layer between, the programmes of no test, the plan. */
static size_t list_lines(const ltp_pair *pair, test_line *line, size_t most) {
    size_t count = 0;
    memset(line, 0, most * sizeof *line);
    snprintf(line[count].code, sizeof line->code, "do_nothing");
    snprintf(line[count].title, sizeof line->title, "Do nothing: assumptions and base");
    for (int side = 0; side < 2; side++)
        ltp_pair_weigh(pair, side, 0, 1, line[count].weight);
    count++;
    for (int side = 0; side < 2; side++)
        for (size_t l = 1; l + 1 < pair->side[side].view.layers && count + 2 < most; l++) {
            const char *label = pair->side[side].view.layer[l];
            if (side == 1 && ltp_pair_layer(pair, 0, label) != SIZE_MAX)
                continue; /* already there */
            snprintf(line[count].code, sizeof line->code, "%.31s", label);
            snprintf(line[count].title, sizeof line->title, "%s%.20s",
                     strncmp(label, "test_", 5) == 0 ? "  Test " : "  ",
                     strncmp(label, "test_", 5) == 0 ? label + 5 : label);
            for (int s = 0; s < 2; s++)
                step_of(pair, s, label, &line[count]);
            count++;
        }
    snprintf(line[count].code, sizeof line->code, "no_test");
    snprintf(line[count].title, sizeof line->title, "  Programmes of no test");
    for (int side = 0; side < 2; side++)
        if (pair->side[side].view.layers > 1)
            step_of(pair, side, pair->side[side].view.layer[pair->side[side].view.layers - 1], &line[count]);
    count++;
    snprintf(line[count].code, sizeof line->code, "plan");
    snprintf(line[count].title, sizeof line->title, "Gap with the plan");
    for (int side = 0; side < 2; side++)
        plan_of(pair, side, &line[count], 1);
    return count + 1;
}

/* Number of a test → its name for people, from /bridge of either result. */
static void name_lines(const ltp_compare_report *w, test_line *line, size_t count) {
    for (int side = 1; side >= 0; side--) {
        ltp_result *result = w->comparison->result[side];
        const char *const *code, *const *name;
        size_t codes, names;
        ltp_error ignored;
        if (!ltp_result_has(result, "bridge", "test") ||
            ltp_result_labels(result, "bridge", "test", &codes, &code, &ignored) ||
            ltp_result_labels(result, "bridge", "test_name", &names, &name, &ignored) || names != codes)
            continue;
        for (size_t k = 0; k < count; k++)
            for (size_t n = 0; n < codes; n++)
                if (strcmp(code[n], line[k].code) == 0) {
                    char text[256];
                    snprintf(line[k].title, sizeof line->title, "  Test %.3s: %.48s",
                             strncmp(code[n], "test_", 5) == 0 ? code[n] + 5 : code[n],
                             ltp_text_cut(text, name[n], 40));
                }
    }
}

/* Whether the layers that both have stand in the same order: else steps cannot be held against each other. */
static bool same_order(const ltp_pair *pair) {
    for (size_t k = 1; k < pair->layer.count; k++)
        if (pair->layer.at[1][k] < pair->layer.at[1][k - 1])
            return false;
    return true;
}

static ltp_status add_line(const ltp_compare_report *w, const test_line *line, size_t code, ltp_report *report,
                           double *largest, ltp_error *error) {
    double weight[2][LTP_COMPARE_LAYERS];
    memcpy(weight, line->weight, sizeof weight);
    ltp_status status = report ? ltp_report_text(report, line->title, error) : LTP_OK;
    for (size_t t = w->year.first; t < w->year.end && !status; t++) {
        const ltp_difference d = ltp_pair_contrast(&w->gap, LTP_PAIR_MEAN, weight, (ltp_pair_place){code, 0, t});
        if (ltp_difference_shows(&d, "£m"))
            *largest = fmax(*largest, d.standard_error);
        status = report ? ltp_report_number(report, d.difference, d.standard_error, error)
                        : add_row(w, &w->gap, (ltp_pair_place){code, 0, t}, "step", line->code, &d, error);
    }
    return status;
}

static void print_lines(const ltp_compare_report *w, const ltp_report *report, double largest) {
    char text[48];
    fputs("\nWhere it moved: what each line puts on B's gap more than on A's, £m (minus: takes more off)\n", w->to);
    ltp_report_print(report, LTP_REPORT_TABLE, w->to);
    ltp_format_number(largest, largest, text, NULL);
    if (largest > 0 && largest < LTP_PLACE_LEAST)
        fputs("Standard error: below £0.05m in every figure.\n", w->to);
    else if (largest > 0)
        fprintf(w->to, "Standard error: at most £%sm in any figure.\n", text);
    fputs(same_order(&w->gap) ? "Tests count in the order in which they are added.\n"
                              : "The tests are added in another order in A than in B: their steps do not compare.\n",
          w->to);
}

/* A line between do nothing and the plan of which nothing moved. */
static bool is_idle(const ltp_compare_report *w, const test_line *line, size_t code) {
    double weight[2][LTP_COMPARE_LAYERS];
    bool idle = strcmp(line->code, "plan") != 0 && strcmp(line->code, "do_nothing") != 0;
    memcpy(weight, line->weight, sizeof weight);
    for (size_t t = w->year.first; t < w->year.end && idle; t++) {
        const ltp_difference d = ltp_pair_contrast(&w->gap, LTP_PAIR_MEAN, weight, (ltp_pair_place){code, 0, t});
        idle = !ltp_difference_shows(&d, "£m");
    }
    return idle;
}

static ltp_status print_tests(const ltp_compare_report *w, size_t code, ltp_error *error) {
    test_line line[12];
    const size_t count = list_lines(&w->gap, line, 12);
    ltp_report_column column[24] = {{"line", "", LTP_COLUMN_TEXT, LTP_STYLE_ERROR}};
    double largest = 0;
    size_t columns = 1;
    if (!w->plan && !w->row)
        return LTP_OK;
    name_lines(w, line, count);
    for (size_t t = w->year.first; t < w->year.end && columns < 24; t++)
        column[columns++] =
            (ltp_report_column){w->gap.year.label[t], w->gap.year.label[t], LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED};
    ltp_report *report = NULL;
    ltp_status status = w->row ? LTP_OK : ltp_report_create(&report, columns, column, error);
    for (size_t k = 0; k < count && !status; k++)
        if (w->row || !is_idle(w, &line[k], code))
            status = add_line(w, &line[k], code, report, &largest, error);
    if (!status && report)
        print_lines(w, report, largest);
    ltp_report_destroy(report);
    return status;
}

/* --- the report ------------------------------------------------------------------------------------------------- */

static ltp_status report_entity(const ltp_compare_report *w, size_t code, ltp_error *error) {
    if (w->row) {
        const ltp_status status = rows_of_gaps(w, code, error);
        return status ? status : print_tests(w, code, error);
    }
    print_sentence(w, code);
    ltp_status status = print_gaps(w, code, error);
    if (!status)
        status = print_risk(w, code, error);
    return status ? status : print_tests(w, code, error);
}

/* Each system with its whole story, or of many systems England's. */
static ltp_status report_level(ltp_compare_report *w, const char *level, const char *code, ltp_error *error) {
    ltp_status status = ltp_pair_open(&w->gap, w->comparison, level, "gap", error);
    if (!status)
        status = ltp_compare_choose(level, code, &w->gap.code, &w->code, error);
    if (!status)
        status = ltp_compare_choose("year", w->choice->year, &w->gap.year, &w->year, error);
    w->plan = w->gap.layer.count ? w->gap.layer.count - 1 : 0;
    if (!status && !w->row)
        ltp_compare_unmatched(w->to, &w->gap);
    for (size_t c = w->code.first; c < w->code.end && !status; c++)
        status = report_entity(w, c, error);
    return status;
}

static ltp_status report_whole(ltp_compare_report *w, ltp_error *error) {
    ltp_pair systems;
    const ltp_compare_choice *choice = w->choice;
    ltp_status status = ltp_pair_open(&systems, w->comparison, "system", "gap", error);
    if (!status)
        status = ltp_compare_choose("year", choice->year, &systems.year, &w->year, error);
    if (status)
        return status;
    w->gap = systems;
    w->plan = systems.layer.count ? systems.layer.count - 1 : 0;
    const bool one = systems.code.count == 1 || choice->code;
    const bool few = systems.code.count <= LTP_HEADLINE_SYSTEMS || w->row;
    if (one || few)
        status = report_level(w, "system", choice->code, error);
    if (!status && !one && ltp_pair_there(w->comparison, "england", "gap"))
        status = report_level(w, "england", NULL, error);
    if (!status && !one && !few) {
        const ltp_compare_choice last = {
            .layer = "plan", .year = systems.year.label[w->year.end - 1], .everything = choice->everything};
        status = ltp_compare_measure(w->to, w->comparison, &last, LTP_REPORT_TABLE, error);
    }
    if (!status)
        status = ltp_compare_services(w, error);
    if (!status && !choice->code)
        status = ltp_compare_organisations(w, error);
    return status || choice->code ? status : ltp_compare_trajectories(w, error);
}

ltp_status ltp_compare_print(FILE *to, ltp_result *a, ltp_result *b, const ltp_compare_choice *choice,
                             ltp_report_format format, ltp_error *error) {
    ltp_comparison comparison;
    const bool people = format == LTP_REPORT_TABLE;
    ltp_status status = ltp_comparison_open(&comparison, a, b, error);
    if (status)
        return status;
    ltp_compare_report w = {.to = to, .comparison = &comparison, .choice = choice};
    if (people)
        print_heading(to, &comparison);
    if (!ltp_compare_whole(choice)) {
        status = ltp_compare_measure(to, &comparison, choice, format, error);
    } else if (!people) {
        status = ltp_compare_create_rows(&w.row, error);
        if (!status)
            status = report_whole(&w, error);
        if (!status)
            ltp_report_print(w.row, format, to);
        ltp_report_destroy(w.row);
    } else if (!comparison.same) {
        status = report_whole(&w, error);
    }
    ltp_comparison_close(&comparison);
    return status;
}
