/* Staff that a plan's activity needs and supply cannot give; settlement rules that bind. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "results/report/assess_internal.h"

/* --- workforce -------------------------------------------------------------------------------------------------- */

static const char *const staff[] = {"staff_required", "staff_supply", "staff_agency", "staff_unfilled"};

static ltp_assess_number staff_at(ltp_assess *a, const char *level, const char *measure, size_t code, size_t group,
                                  size_t year) {
    const ltp_assess_place place = {.layer = a->at_layer, .code = code, .item = group, .year = year};
    return ltp_assess_get(a, level, measure, "mean", place);
}

static double unfilled_share(ltp_assess *a, const char *level, size_t code, size_t group, size_t year) {
    return staff_at(a, level, "staff_unfilled", code, group, year).value /
           staff_at(a, level, "staff_required", code, group, year).value;
}

static void groups(ltp_assess *a, const ltp_view *view) {
    char first[64];
    snprintf(first, sizeof first, "in %s", a->year[0]);
    const ltp_report_column column[] = {{"group", "Staff group, FTE", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                        {"required", "needed", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"supply", "in post", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"agency", "agency", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"unfilled", "unfilled", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"p", "P(unfilled)", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                        {"share", "of needed", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                        {"first", first, LTP_COLUMN_TEXT, LTP_STYLE_ERROR}};
    ltp_report *table = ltp_assess_table(a, 8, column);
    for (size_t g = 0; g < view->items && !a->status; g++) {
        const ltp_assess_place place = {.layer = a->at_layer, .code = a->s, .item = g, .year = a->last};
        const ltp_assess_number p = ltp_assess_get(a, "system", "staff_unfilled", "probability", place);
        if (isnan(staff_at(a, "system", "staff_required", a->s, g, a->last).value))
            continue;
        ltp_assess_cell_text(a, table, view->item_name[g]);
        for (size_t k = 0; k < 4; k++) {
            ltp_assess_number number = staff_at(a, "system", staff[k], a->s, g, a->last);
            ltp_assess_add_system(a, "workforce", "", view->item[g], a->year[a->last], staff[k], number);
            number.error = fmax(number.error, 10); /* whole posts are enough */
            ltp_assess_cell(a, table, number);
        }
        const double share = unfilled_share(a, "system", a->s, g, a->last);
        ltp_assess_cell_probability(a, table, p);
        ltp_assess_cell_text(a, table, isfinite(share) ? ltp_assess_format(a, "%.1f%%", 100 * share) : "–");
        const double then = unfilled_share(a, "system", a->s, g, 0);
        ltp_assess_cell_text(a, table, isfinite(then) ? ltp_assess_format(a, "%.1f%%", 100 * then) : "–");
        ltp_assess_add(a, &(ltp_assess_row){.part = "workforce",
                                            .code = a->system.code[a->s],
                                            .name = a->system.name[a->s],
                                            .item = view->item[g],
                                            .year = a->year[a->last],
                                            .measure = "staff_unfilled_share",
                                            .number = {share, NAN, NAN, NAN},
                                            .verdict = share > 0 ? "supply cannot give it" : "met"});
    }
    ltp_assess_table_print(a, table);
}

/* Organisation and group with the largest share of posts that nobody fills, the ones named before left out. */
static bool worst(ltp_assess *a, const ltp_view *view, bool *named, size_t *at) {
    double most = 0.0005;
    *at = SIZE_MAX;
    for (size_t o = 0; o < view->codes; o++)
        for (size_t g = 0; g < view->items; g++) {
            const double share = unfilled_share(a, "organisation", o, g, a->last);
            if (share > most && !named[o * view->items + g] && ltp_assess_member(a, o)) {
                most = share;
                *at = o * view->items + g;
            }
        }
    return *at != SIZE_MAX;
}

/* Groups whose share of unfilled posts grows: supply does not keep up with the plan's activity. */
static void name_rising(ltp_assess *a, const ltp_view *view) {
    char text[LTP_ASSESS_TEXT] = "";
    for (size_t g = 0; g < view->items; g++) {
        const double first = unfilled_share(a, "system", a->s, g, 0),
                     last = unfilled_share(a, "system", a->s, g, a->last);
        if (last > first + 0.0005)
            ltp_assess_append(text, sizeof text, "%s%s from %.1f%% to %.1f%%", *text ? ", " : "", view->item_name[g],
                              100 * first, 100 * last);
    }
    if (*text)
        ltp_assess_wrap(a, 0, ltp_assess_format(a, "Unfilled, and rising since %s: %s.", a->year[0], text));
}

static void name_worst(ltp_assess *a) {
    const ltp_view *view = ltp_assess_view(a, "organisation", "staff_unfilled");
    char text[LTP_ASSESS_TEXT] = "";
    bool *named = NULL;
    size_t at, count = 0;
    if (!view || a->status)
        return;
    a->status = LTP_NEW(&named, view->codes * view->items, "the assessment", a->error);
    while (!a->status && count < 3 && worst(a, view, named, &at)) {
        const size_t o = at / view->items, g = at % view->items;
        ltp_assess_append(text, sizeof text, "%s%s, %s %.1f%%", count++ ? "; " : "",
                          ltp_assess_clip(a, a->organisation.name[o], 40), view->item_name[g],
                          100 * unfilled_share(a, "organisation", o, g, a->last));
        named[at] = true;
    }
    ltp_free(named);
    if (count)
        ltp_assess_wrap(a, 0,
                        ltp_assess_format(a,
                                          "Flag: the activity of layer %s needs staff that supply cannot give. "
                                          "Largest share of posts that nobody fills: %s.",
                                          a->layer[a->at_layer], text));
    else
        ltp_assess_wrap(a, 0, "Supply and agency give the staff that the activity needs.");
}

void ltp_assess_workforce(ltp_assess *a) {
    const ltp_view *view = ltp_assess_view(a, "system", "staff_required");
    if (a->to)
        fprintf(a->to, "\nWorkforce in %s, means over paths\n", a->year[a->last]);
    if (!view) {
        ltp_assess_wrap(a, 0, "Not modelled: workforce.csv is left out.");
        return;
    }
    groups(a, view);
    const ltp_assess_number pay = ltp_assess_at(a, "system", "staff_pay", "mean", a->s, a->last);
    ltp_assess_add_system(a, "workforce", "", "", a->year[a->last], "staff_pay", pay);
    if (!isnan(pay.value))
        ltp_assess_wrap(a, 0,
                        ltp_assess_format(a, "Agency and vacancies %s pay by %s against the base year's.",
                                          pay.value >= 0 ? "raise" : "lower",
                                          ltp_assess_money(a, pay.value, pay.error)));
    name_worst(a);
    name_rising(a, view);
}

/* --- settlement rules ------------------------------------------------------------------------------------------- */

/* A floor's code ends in its payer: "Mental health investment standard|00T". */
static bool binds_ours(const ltp_assess *a, const char *code) {
    const char *payer = strrchr(code, '|');
    const size_t o = payer ? ltp_assess_find(a->organisation.code, a->organisation.count, payer + 1) : SIZE_MAX;
    return o == SIZE_MAX ? a->system.count == 1 : ltp_assess_member(a, o);
}

void ltp_assess_settlement(ltp_assess *a) {
    static const size_t width[] = {58, 14, 10, 10};
    const ltp_view *view = ltp_assess_view(a, "floor", "floor_added");
    size_t binding = 0, count = 0;
    if (a->to)
        fprintf(a->to, "\nSettlement rules in %s: how often each binds, and by how much\n", a->year[a->last]);
    if (!view) {
        ltp_assess_wrap(a, 0, "Not modelled: floors.csv is left out.");
        return;
    }
    for (size_t f = 0; f < view->codes && !a->status; f++) {
        if (!binds_ours(a, view->code[f]))
            continue;
        count++;
        bool often = false;
        for (size_t t = 0; t < a->year_count; t++) {
            const ltp_assess_number p = ltp_assess_at(a, "floor", "floor_added", "probability", f, t);
            ltp_assess_row row = {.part = "settlement",
                                  .code = view->code[f],
                                  .name = view->name[f],
                                  .year = a->year[t],
                                  .measure = "binds",
                                  .number = p};
            ltp_assess_add(a, &row);
            row.measure = "floor_added";
            row.number = ltp_assess_at(a, "floor", "floor_added", "mean", f, t);
            ltp_assess_add(a, &row);
            often |= p.value > 0 && t == a->last;
        }
        if (!often)
            continue;
        if (!binding++)
            ltp_assess_cells(a, 4, width, (const char *[]){"Rule and payer", "P(binds)", "adds £m", ""});
        const ltp_assess_number added = ltp_assess_at(a, "floor", "floor_added", "mean", f, a->last);
        char figure[48];
        ltp_format_number(added.value, fmax(added.error, 0.04), figure, NULL);
        ltp_assess_cells(a, 4, width,
                         (const char *[]){view->name[f],
                                          ltp_assess_probability(
                                              a, ltp_assess_at(a, "floor", "floor_added", "probability", f, a->last)),
                                          figure, ""});
    }
    ltp_assess_wrap(a, 0,
                    ltp_assess_format(a,
                                      "%zu of %zu bind in some future of the year. Minus: a cap takes so much off "
                                      "what the payer spends; means over all paths.",
                                      binding, count));
}
