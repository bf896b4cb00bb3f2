/* Test 5, capital: what is funded of what is needed, and the schemes; and the table of needs. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "results/report/assess_internal.h"

static const ltp_assess_number none = {NAN, NAN, NAN, NAN};

static const char *number_of(const ltp_assess *a, size_t test) {
    const char *number = strrchr(a->test[test], '_');
    return number ? number + 1 : a->test[test];
}

static ltp_assess_place need_at(const ltp_assess *a, size_t item, size_t year) {
    return (ltp_assess_place){.layer = a->at_layer, .code = a->s, .item = item, .year = year};
}

/* --- backlog ---------------------------------------------------------------------------------------------------- */

static void reasons_of_backlog(ltp_assess *a, size_t test, size_t high, ltp_assess_criterion *line) {
    char text[LTP_ASSESS_TEXT] = "", lacking[LTP_ASSESS_TEXT] = "";
    for (size_t t = 0; t < a->year_count; t++) {
        const ltp_assess_number p = ltp_assess_get(a, "system", "capital_funded", "probability", need_at(a, high, t));
        const ltp_assess_number left =
            ltp_assess_quantile(a, "system", "capital_carried", need_at(a, high, t), a->option->confidence);
        ltp_assess_append(text, sizeof text, "%s%s %s", t ? ", " : "", a->year[t], ltp_assess_percent(a, p.value));
        ltp_assess_add_system(a, "tests", number_of(a, test), "high", a->year[t], "capital_funded", p);
        ltp_assess_add_system(a, "tests", number_of(a, test), "high", a->year[t], "capital_needed", left);
        if (left.value > 0.05 && (!a->one_year || t == a->last))
            ltp_assess_append(lacking, sizeof lacking, "%s%s %s", *lacking ? ", " : "", a->year[t],
                              ltp_assess_money(a, left.value, left.error));
    }
    ltp_assess_reason(line, "In the one year: %s.", text);
    if (*lacking)
        ltp_assess_reason(line, "To reach %.3g%%, more for it, what is carried over included: %s.",
                          100 * a->option->confidence, lacking);
    const ltp_assess_number failure = ltp_assess_at(a, "system", "failure_cost", "mean", a->s, a->last);
    const ltp_assess_number charge = ltp_assess_at(a, "system", "capital_charges", "mean", a->s, a->last);
    ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[a->last], "failure_cost", failure);
    ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[a->last], "capital_charges", charge);
    if (!isnan(failure.value) || !isnan(charge.value))
        ltp_assess_reason(line, "Revenue cost in %s: failures %s, depreciation and dividend %s.", a->year[a->last],
                          ltp_assess_money(a, failure.value, failure.error),
                          ltp_assess_money(a, charge.value, charge.error));
}

/* Of all that is needed in the year, what is spent and what is left. */
static void shortfall(ltp_assess *a, size_t test, ltp_assess_criterion *line) {
    static const char *const of[] = {"capital_need", "capital_spend", "capital_carried"};
    const ltp_view *view = ltp_assess_view(a, "system", of[0]);
    double sum[3] = {0};
    for (size_t i = 0; view && i < view->items; i++)
        for (size_t k = 0; k < 3; k++) {
            const double value = ltp_assess_get(a, "system", of[k], "mean", need_at(a, i, a->last)).value;
            sum[k] += isnan(value) ? 0 : value;
        }
    for (size_t k = 0; k < 3; k++)
        ltp_assess_add_system(a, "tests", number_of(a, test), "all needs", a->year[a->last], of[k],
                              (ltp_assess_number){sum[k], NAN, NAN, NAN});
    ltp_assess_reason(line, "All needs in %s: %s spent of %s, %s carried over; by need under Capital.",
                      a->year[a->last], ltp_assess_money(a, sum[1], NAN), ltp_assess_money(a, sum[0], NAN),
                      ltp_assess_money(a, sum[2], NAN));
}

static void backlog(ltp_assess *a, size_t test) {
    const ltp_view *view = ltp_assess_view(a, "system", "capital_funded");
    const size_t high = view ? ltp_assess_find(view->item, view->items, "high") : SIZE_MAX;
    ltp_assess_criterion line = {.criterion = "high-risk backlog funded in full",
                                 .when = a->one_year ? a->year[a->last] : "all years",
                                 .p = none};
    if (high == SIZE_MAX)
        ltp_assess_reason(&line, "Not modelled: backlog.csv and capital.csv are left out.");
    else {
        line.p = ltp_assess_get(a, "system", a->one_year ? "capital_funded" : "capital_funded_every_year",
                                "probability", need_at(a, high, a->last));
        if (isnan(line.p.value) &&
            isnan(ltp_assess_get(a, "system", "capital_need", "mean", need_at(a, high, a->last)).value))
            ltp_assess_reason(&line, "No organisation of the system has high-risk backlog in backlog.csv.");
        else
            reasons_of_backlog(a, test, high, &line);
        shortfall(a, test, &line);
    }
    ltp_assess_criterion_print(a, test, &line);
}

/* --- schemes ---------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t count;
    const char *const *organisation, *const *mandatory, *const *opens;
    const ltp_view *view;
} scheme_list;

static bool list_schemes(ltp_assess *a, scheme_list *out) {
    size_t count[3];
    *out = (scheme_list){.view = ltp_assess_view(a, "scheme", "scheme_complete")};
    if (!out->view || !ltp_assess_labels(a, "scheme", "organisation", &count[0], &out->organisation) ||
        !ltp_assess_labels(a, "scheme", "mandatory", &count[1], &out->mandatory) ||
        !ltp_assess_labels(a, "scheme", "opens", &count[2], &out->opens))
        return false;
    out->count = out->view->codes;
    return count[0] == out->count && count[1] == out->count && count[2] == out->count;
}

static bool is_ours(const ltp_assess *a, const scheme_list *list, size_t scheme) {
    const size_t o = ltp_assess_find(a->organisation.code, a->organisation.count, list->organisation[scheme]);
    return o != SIZE_MAX && ltp_assess_member(a, o);
}

/* Year by whose end it opens as planned; SIZE_MAX: not by the year looked at. */
static size_t planned(const ltp_assess *a, const scheme_list *list, size_t scheme) {
    if (strcmp(list->opens[scheme], "before") == 0)
        return 0;
    const size_t t = ltp_assess_find(a->year, a->year_count, list->opens[scheme]);
    return t <= a->last ? t : SIZE_MAX;
}

/* The scheme least likely to be complete decides. */
static void mandatory(ltp_assess *a, size_t test) {
    ltp_assess_criterion line = {
        .criterion = "each mandatory scheme due complete, the least likely", .when = a->year[a->last], .p = none};
    scheme_list list;
    char text[LTP_ASSESS_TEXT] = "";
    if (!list_schemes(a, &list))
        return;
    for (size_t k = 0; k < list.count; k++) {
        if (!is_ours(a, &list, k) || strcmp(list.mandatory[k], "yes") != 0 || planned(a, &list, k) == SIZE_MAX)
            continue;
        const ltp_assess_number p = ltp_assess_at(a, "scheme", "scheme_complete", "probability", k, a->last);
        if (!(p.value >= line.p.value))
            line.p = p;
        ltp_assess_append(text, sizeof text, "%s%s %s", *text ? ", " : "", list.view->code[k],
                          ltp_assess_percent(a, p.value));
    }
    if (isnan(line.p.value))
        return;
    ltp_assess_reason(&line, "Complete by the end of %s: %s.", a->year[a->last], text);
    ltp_assess_criterion_print(a, test, &line);
}

void ltp_assess_capital(ltp_assess *a, size_t test) {
    backlog(a, test);
    mandatory(a, test);
}

/* --- the tables of the part "capital" --------------------------------------------------------------------------- */

static void needs(ltp_assess *a) {
    static const ltp_report_column column[] = {{"need", "Need, £m", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"needed", "needed", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"spent", "spent", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"left", "left over", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"left_p90", "left, 1 in 10", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"year", "funded", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"every", "every year", LTP_COLUMN_TEXT, LTP_STYLE_ERROR}};
    static const char *const of[][2] = {
        {"capital_need", "mean"},   {"capital_spend", "mean"},         {"capital_carried", "mean"},
        {"capital_carried", "p90"}, {"capital_funded", "probability"}, {"capital_funded_every_year", "probability"}};
    const ltp_view *view = ltp_assess_view(a, "system", "capital_need");
    ltp_report *table = ltp_assess_table(a, 7, column);
    double sum[3] = {0};
    for (size_t i = 0; i < view->items && !a->status; i++) {
        const ltp_assess_place place = need_at(a, i, a->last);
        if (isnan(ltp_assess_get(a, "system", "capital_need", "mean", place).value))
            continue;
        ltp_assess_cell_text(a, table, view->item_name[i]);
        for (size_t k = 0; k < 6; k++) {
            const ltp_assess_number number = ltp_assess_get(a, "system", of[k][0], of[k][1], place);
            if (k < 3)
                sum[k] += number.value;
            if (k < 4)
                ltp_assess_cell(a, table, number);
            else
                ltp_assess_cell_probability(a, table, number);
            const char *measure = k == 3 ? "capital_carried_p90" : of[k][0];
            ltp_assess_add_system(a, "capital", "", view->item[i], a->year[a->last], measure, number);
        }
    }
    ltp_assess_cell_text(a, table, "Together");
    for (size_t k = 0; k < 4; k++)
        ltp_assess_cell(a, table, k < 3 ? (ltp_assess_number){sum[k], NAN, NAN, NAN} : none);
    ltp_assess_cell_text(a, table, "–");
    ltp_assess_cell_text(a, table, "–");
    ltp_assess_table_print(a, table);
}

static void schemes(ltp_assess *a) {
    static const size_t width[] = {46, 9, 8, 9, 18};
    scheme_list list;
    char heading[64];
    if (!list_schemes(a, &list) || list.count == 0)
        return;
    snprintf(heading, sizeof heading, "By %s", a->year[a->last]);
    if (a->to)
        fputc('\n', a->to);
    ltp_assess_cells(a, 5, width,
                     (const char *[]){"Scheme: how likely it is complete", "Mandatory", "Planned", "By then", heading});
    for (size_t k = 0; k < list.count && !a->status; k++) {
        const ltp_assess_number p = ltp_assess_at(a, "scheme", "scheme_complete", "probability", k, a->last);
        if (!is_ours(a, &list, k))
            continue;
        const size_t due = ltp_assess_find(a->year, a->year_count, list.opens[k]);
        const ltp_assess_number then =
            due == SIZE_MAX ? none : ltp_assess_at(a, "scheme", "scheme_complete", "probability", k, due);
        ltp_assess_cells(a, 5, width,
                         (const char *[]){list.view->name[k], list.mandatory[k], list.opens[k],
                                          ltp_assess_percent(a, then.value),
                                          isnan(p.value) ? "not in this layer" : ltp_assess_percent(a, p.value)});
        for (size_t t = 0; t < a->year_count; t++)
            ltp_assess_add(
                a, &(ltp_assess_row){.part = "capital",
                                     .code = list.view->code[k],
                                     .name = list.view->name[k],
                                     .year = a->year[t],
                                     .measure = "scheme_complete",
                                     .number = ltp_assess_at(a, "scheme", "scheme_complete", "probability", k, t)});
    }
}

void ltp_assess_capital_table(ltp_assess *a) {
    if (a->to)
        fprintf(a->to, "\nCapital in %s, means over paths\n", a->year[a->last]);
    if (!ltp_assess_view(a, "system", "capital_need")) {
        ltp_assess_wrap(a, 0, "Not modelled: backlog.csv, beds.csv, capital.csv and schemes.csv are left out.");
        return;
    }
    needs(a);
    ltp_assess_wrap(a, 0,
                    "Left, 1 in 10: what is left in the worst year in ten. Funded: how likely the year's need is "
                    "spent in full at every organisation; every year: in this year and in every one before.");
    schemes(a);
}
