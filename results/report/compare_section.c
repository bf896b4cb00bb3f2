/* The report's sections by organisation, by service, and of recovery trajectories. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/compare_internal.h"

#define MOST 10 /* rows that are listed unless all are asked for */

static ltp_status add_row(const ltp_compare_report *w, const ltp_pair *pair, ltp_pair_place place,
                          const char *statistic, const char *layer, const ltp_difference *d, ltp_error *error) {
    return ltp_compare_add_row(w->row, pair, place, statistic, layer, d, error);
}

/* --- organisations ---------------------------------------------------------------------------------------------- */

typedef struct {
    size_t code;
    ltp_difference plan, nothing, effect;
} organisation_row;

static int larger_first(const void *a, const void *b) {
    const organisation_row *x = a, *y = b;
    const double p = fabs(x->plan.difference) + fabs(x->nothing.difference),
                 q = fabs(y->plan.difference) + fabs(y->nothing.difference);
    return p == q ? (x->code > y->code) - (x->code < y->code) : (p < q) - (p > q);
}

static const char *arises(const organisation_row *row) {
    const ltp_verdict nothing = ltp_difference_verdict(&row->nothing, "£m"),
                      effect = ltp_difference_verdict(&row->effect, "£m");
    const bool first = nothing == LTP_VERDICT_LARGER || nothing == LTP_VERDICT_SMALLER,
               second = effect == LTP_VERDICT_LARGER || effect == LTP_VERDICT_SMALLER;
    return first && second ? "both" : first ? "do nothing" : second ? "the plan" : "nowhere: noise";
}

static void measure_organisation(const ltp_pair *pair, size_t code, size_t year, organisation_row *row) {
    double weight[2][LTP_COMPARE_LAYERS] = {{0}};
    const ltp_pair_place place = {code, 0, year};
    *row = (organisation_row){.code = code, .nothing = ltp_pair_at(pair, LTP_PAIR_MEAN, 0, place)};
    for (int side = 0; side < 2; side++)
        ltp_pair_weigh(pair, side, pair->side[side].view.layers - 1, 1, weight);
    row->plan = ltp_pair_contrast(pair, LTP_PAIR_MEAN, weight, place);
    for (int side = 0; side < 2; side++)
        ltp_pair_weigh(pair, side, 0, -1, weight);
    row->effect = ltp_pair_contrast(pair, LTP_PAIR_MEAN, weight, place);
}

static ltp_status add_organisation(const ltp_pair *pair, const organisation_row *row, ltp_report *report,
                                   ltp_error *error) {
    char name[256];
    ltp_status status = ltp_report_text(report, pair->code.label[row->code], error);
    if (!status)
        status = ltp_report_text(report, ltp_text_cut(name, pair->code.name[row->code], 32), error);
    const ltp_difference *const part[] = {&row->nothing, &row->effect, &row->plan};
    for (int k = 0; k < 3 && !status; k++)
        status = ltp_report_number(report, part[k]->difference, part[k]->standard_error, error);
    return status ? status : ltp_report_text(report, arises(row), error);
}

static ltp_status print_organisation_table(const ltp_compare_report *w, const ltp_pair *pair, organisation_row *row,
                                           size_t count, size_t same, ltp_error *error) {
    static const ltp_report_column column[] = {{"code", "code", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"name", "name", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"nothing", "do nothing", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE},
                                               {"effect", "the plan", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE},
                                               {"plan", "together", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE},
                                               {"arises", "arises in", LTP_COLUMN_TEXT, LTP_STYLE_ERROR}};
    const size_t shown = w->choice->everything || count < MOST ? count : MOST;
    ltp_report *report;
    ltp_status status = ltp_report_create(&report, 6, column, error);
    qsort(row, count, sizeof *row, larger_first);
    for (size_t k = 0; k < shown && !status; k++)
        status = add_organisation(pair, &row[k], report, error);
    if (!status) {
        fprintf(w->to, "\nOrganisations' gap in %s, B less A, £m: largest first\n", w->gap.year.label[w->year.end - 1]);
        if (count)
            ltp_report_print(report, LTP_REPORT_TABLE, w->to);
        if (count > shown)
            fprintf(w->to, "%zu smaller left out (--all shows them). ", count - shown);
        if (same)
            fprintf(w->to, "%zu organisation%s the same in both.", same, same == 1 ? " is" : "s are");
        fputs(same || count > shown ? "\n" : "", w->to);
    }
    ltp_report_destroy(report);
    return status;
}

ltp_status ltp_compare_organisations(const ltp_compare_report *w, ltp_error *error) {
    ltp_pair pair;
    organisation_row *row;
    size_t count = 0, same = 0;
    if (!ltp_pair_there(w->comparison, "organisation", "gap"))
        return LTP_OK;
    ltp_status status = ltp_pair_open(&pair, w->comparison, "organisation", "gap", error);
    if (!status)
        status = LTP_POOL_NEW(w->comparison->pool, &row, pair.code.count, error);
    for (size_t c = 0; c < pair.code.count && !status; c++) {
        measure_organisation(&pair, c, w->year.end - 1, &row[count]);
        const organisation_row *one = &row[count];
        if (w->row) {
            const ltp_pair_place place = {c, 0, w->year.end - 1};
            status = add_row(w, &pair, place, "mean", "do_nothing", &one->nothing, error);
            if (!status)
                status = add_row(w, &pair, place, "mean", "plan", &one->plan, error);
            continue;
        }
        if (isnan(one->plan.difference))
            continue;
        if (ltp_difference_shows(&one->nothing, "£m") || ltp_difference_shows(&one->effect, "£m"))
            count++;
        else
            same++;
    }
    if (status || w->row)
        return status;
    ltp_compare_unmatched(w->to, &pair);
    return print_organisation_table(w, &pair, row, count, same, error);
}

/* --- services --------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t item;
    ltp_difference use, activity;
} service_row;

static int larger_use(const void *a, const void *b) {
    const service_row *x = a, *y = b;
    const double p = fabs(x->use.difference), q = fabs(y->use.difference);
    return p == q ? (x->item > y->item) - (x->item < y->item) : (p < q) - (p > q);
}

static ltp_status print_service_table(const ltp_compare_report *w, const ltp_pair *use, service_row *row, size_t count,
                                      ltp_error *error) {
    static const ltp_report_column column[] = {{"service", "service", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"a", "spent in A", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"b", "in B", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"d", "B less A", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE},
                                               {"activity", "activity, %", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE}};
    const size_t shown = w->choice->everything || count < MOST ? count : MOST;
    ltp_report *report;
    bool bound = false;
    char name[256];
    ltp_status status = ltp_report_create(&report, 5, column, error);
    qsort(row, count, sizeof *row, larger_use);
    for (size_t k = 0; k < shown && !status; k++) {
        const ltp_difference *d = &row[k].use, *activity = &row[k].activity;
        const double percent = 100 / activity->value[0];
        status = ltp_report_text(report, ltp_text_cut(name, use->item.name[row[k].item], 32), error);
        for (int side = 0; side < 2 && !status; side++)
            status = ltp_report_number(report, d->value[side], d->error[side], error);
        if (!status)
            status = ltp_report_number(report, d->difference, d->standard_error, error);
        if (!status)
            status =
                ltp_report_number(report, percent * activity->difference, percent * activity->standard_error, error);
        bound |= d->basis == LTP_BASIS_BOUND;
    }
    if (!status && count) {
        fprintf(w->to, "\nWhat commissioners spend by service with the plan, %s, %s, £m\n",
                ltp_text_cut(name, use->code.name[w->code.first], 30), use->year.label[w->year.end - 1]);
        ltp_report_print(report, LTP_REPORT_TABLE, w->to);
        fputs(bound ? "± is an upper bound here: futures are the same, but their differences are not kept.\n" : "",
              w->to);
    }
    ltp_report_destroy(report);
    return status;
}

ltp_status ltp_compare_services(const ltp_compare_report *w, ltp_error *error) {
    ltp_pair use, activity;
    service_row *row;
    size_t count = 0;
    if (!ltp_pair_there(w->comparison, w->gap.level, "use_of_resources") ||
        !ltp_pair_there(w->comparison, w->gap.level, "activity"))
        return LTP_OK;
    ltp_status status = ltp_pair_open(&use, w->comparison, w->gap.level, "use_of_resources", error);
    if (!status)
        status = ltp_pair_open(&activity, w->comparison, w->gap.level, "activity", error);
    if (!status)
        status = LTP_POOL_NEW(w->comparison->pool, &row, use.item.count, error);
    for (size_t i = 0; i < use.item.count && !status; i++) {
        const ltp_pair_place place = {w->code.first, i, w->year.end - 1};
        row[count] = (service_row){.item = i,
                                   .use = ltp_pair_at(&use, LTP_PAIR_MEAN, use.layer.count - 1, place),
                                   .activity = ltp_pair_at(&activity, LTP_PAIR_MEAN, activity.layer.count - 1, place)};
        if (w->row && !isnan(row[count].use.difference))
            status = add_row(w, &use, place, "mean", "plan", &row[count].use, error);
        else if (!w->row &&
                 (ltp_difference_shows(&row[count].use, "£m") || ltp_difference_shows(&row[count].activity, "")) &&
                 !isnan(row[count].use.difference))
            count++;
    }
    if (!status && !w->row && count == 0)
        fprintf(w->to, "\nWhat commissioners spend by service, and get for it, is the same in both in %s.\n",
                use.year.label[w->year.end - 1]);
    return status || w->row ? status : print_service_table(w, &use, row, count, error);
}

/* --- trajectories ----------------------------------------------------------------------------------------------- */

static ltp_status print_met_table(const ltp_compare_report *w, const ltp_pair *pair, ltp_error *error) {
    static const ltp_report_column column[] = {{"code", "code", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"name", "name", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"a", "A", LTP_COLUMN_PROBABILITY, LTP_STYLE_ROUNDED},
                                               {"b", "B", LTP_COLUMN_PROBABILITY, LTP_STYLE_ROUNDED},
                                               {"d", "points", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE},
                                               {"says", "in words", LTP_COLUMN_TEXT, LTP_STYLE_ERROR}};
    ltp_report *report;
    size_t shown = 0;
    ltp_status status = ltp_report_create(&report, 6, column, error);
    for (size_t c = 0; c < pair->code.count && !status; c++) {
        const ltp_difference d =
            ltp_pair_at(pair, LTP_PAIR_PROBABILITY, pair->layer.count - 1, (ltp_pair_place){c, 0, w->year.end - 1});
        const double none[2] = {NAN, NAN};
        char name[256];
        const ltp_verdict verdict = ltp_difference_verdict(&d, "1");
        if (isnan(d.difference) ||
            (!w->choice->everything && (verdict == LTP_VERDICT_SAME || verdict == LTP_VERDICT_NOISE)))
            continue;
        status = ltp_report_text(report, pair->code.label[c], error);
        if (!status)
            status = ltp_report_text(report, ltp_text_cut(name, pair->code.name[c], 32), error);
        for (int side = 0; side < 2 && !status; side++)
            status = ltp_report_probability(report, d.value[side], d.error[side], none, error);
        if (!status)
            status = ltp_report_number(report, 100 * d.difference, 100 * d.standard_error, error);
        if (!status)
            status = ltp_report_text(report, ltp_difference_words(&d, "1"), error);
        shown++;
    }
    if (!status) {
        fprintf(w->to, "\nChance of meeting the recovery trajectory in %s, with the plan%s\n",
                pair->year.label[w->year.end - 1], shown ? "" : ": no chance has moved beyond noise");
        if (shown)
            ltp_report_print(report, LTP_REPORT_TABLE, w->to);
    }
    ltp_report_destroy(report);
    return status;
}

ltp_status ltp_compare_trajectories(const ltp_compare_report *w, ltp_error *error) {
    ltp_pair pair;
    if (!ltp_pair_there(w->comparison, "organisation", "trajectory_margin"))
        return LTP_OK;
    ltp_status status = ltp_pair_open(&pair, w->comparison, "organisation", "trajectory_margin", error);
    if (status || !ltp_pair_has(&pair, LTP_PAIR_PROBABILITY))
        return status;
    for (size_t c = 0; c < pair.code.count && w->row && !status; c++) {
        const ltp_pair_place place = {c, 0, w->year.end - 1};
        const ltp_difference d = ltp_pair_at(&pair, LTP_PAIR_PROBABILITY, pair.layer.count - 1, place);
        if (!isnan(d.difference))
            status = add_row(w, &pair, place, "probability", "plan", &d, error);
    }
    return status || w->row ? status : print_met_table(w, &pair, error);
}
