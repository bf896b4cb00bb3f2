/* Organisations and their trajectories; programmes, and whose cost they only move. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/assess_internal.h"

#define YEARS_ABREAST 5
#define NAME_WIDTH 30
#define PROGRAMME_WIDTH 42

/* --- trajectories ----------------------------------------------------------------------------------------------- */

static void add_number(ltp_assess *a, size_t o, const char *year, const char *measure, ltp_assess_number number) {
    ltp_assess_add(a, &(ltp_assess_row){.part = "trajectories",
                                        .test = NULL,
                                        .code = a->organisation.code[o],
                                        .name = a->organisation.name[o],
                                        .year = year,
                                        .measure = measure,
                                        .number = number});
}

static bool has_trajectory(ltp_assess *a, size_t o) {
    return ltp_assess_member(a, o) &&
           !isnan(ltp_assess_at(a, "organisation", "trajectory_margin", "mean", o, a->last).value);
}

/* The likeliest first year in balance: "2021/22 34%". */
static const char *likeliest_year(ltp_assess *a, size_t o) {
    double never = 1, most = -1;
    size_t year = SIZE_MAX;
    for (size_t t = 0; t < a->year_count; t++) {
        const ltp_assess_number p = ltp_assess_at(a, "organisation", "balance_first_year", "probability", o, t);
        never -= p.value;
        add_number(a, o, a->year[t], "balance_first_year", p);
        if (p.value > most) {
            most = p.value;
            year = t;
        }
    }
    if (year == SIZE_MAX || isnan(never))
        return "–";
    if (never >= most)
        return ltp_assess_format(a, "none %s", ltp_assess_percent(a, never));
    return ltp_assess_format(a, "%s %s", a->year[year], ltp_assess_percent(a, most));
}

/* The last row: all of them on the same path. */
static void every_one(ltp_assess *a, ltp_report *table, size_t first, size_t end) {
    ltp_assess_cell_text(a, table, "Every one of them");
    for (size_t t = first; t < end; t++)
        ltp_assess_cell_probability(a, table,
                                    ltp_assess_at(a, "system", "trajectory_met_every", "probability", a->s, t));
    if (end < a->year_count)
        return;
    ltp_assess_cell_probability(
        a, table, ltp_assess_at(a, "system", "trajectory_met_every_year", "probability", a->s, a->year_count - 1));
    ltp_assess_cell_text(a, table, "–");
}

/* A stretch of at most five years side by side. */
static void chances(ltp_assess *a, size_t first, size_t end, double *largest) {
    ltp_report_column column[3 + YEARS_ABREAST] = {{"name", "P(trajectory met)", LTP_COLUMN_TEXT, LTP_STYLE_ERROR}};
    size_t count = 1;
    for (size_t t = first; t < end; t++)
        column[count++] = (ltp_report_column){a->year[t], a->year[t], LTP_COLUMN_TEXT, LTP_STYLE_ERROR};
    const bool last = end == a->year_count;
    if (last) {
        column[count++] = (ltp_report_column){"every", "all", LTP_COLUMN_TEXT, LTP_STYLE_ERROR};
        column[count++] = (ltp_report_column){"first", "balance", LTP_COLUMN_TEXT, LTP_STYLE_ERROR};
    }
    ltp_report *table = ltp_assess_table(a, count, column);
    for (size_t o = 0; o < a->organisation.count && !a->status; o++) {
        if (!has_trajectory(a, o))
            continue;
        ltp_assess_cell_text(a, table, ltp_assess_clip(a, a->organisation.name[o], NAME_WIDTH));
        for (size_t t = first; t < end; t++) {
            const ltp_assess_number p = ltp_assess_at(a, "organisation", "trajectory_margin", "probability", o, t);
            *largest = fmax(*largest, p.error);
            ltp_assess_cell_probability(a, table, p);
            add_number(a, o, a->year[t], "trajectory_met", p);
        }
        if (!last)
            continue;
        const ltp_assess_number all =
            ltp_assess_at(a, "organisation", "trajectory_met_every_year", "probability", o, a->year_count - 1);
        *largest = fmax(*largest, all.error);
        ltp_assess_cell_probability(a, table, all);
        add_number(a, o, "all", "trajectory_met_every_year", all);
        ltp_assess_cell_text(a, table, likeliest_year(a, o));
    }
    every_one(a, table, first, end);
    ltp_assess_table_print(a, table);
}

/* In £m, in the year looked at: the margin, the miss, what is lacking, what is owed. */
static void misses(ltp_assess *a) {
    char needed[48];
    snprintf(needed, sizeof needed, "for %.3g%%", 100 * a->option->confidence);
    const ltp_report_column column[] = {{"name", a->year[a->last], LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                        {"margin", "margin", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"miss", "miss", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"p90", "1 in 10", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"needed", needed, LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"loan", "loans", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                        {"position", "cumulative", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED}};
    static const char *const of[][3] = {{"trajectory_margin", "mean", "trajectory_margin"},
                                        {"trajectory_miss", "mean", "trajectory_miss"},
                                        {"trajectory_miss", "p90", "trajectory_miss_p90"},
                                        {NULL, NULL, "surplus_needed"},
                                        {"loan", "mean", "loan"},
                                        {"cumulative_position", "mean", "cumulative_position"}};
    ltp_report *table = ltp_assess_table(a, 7, column);
    for (size_t o = 0; o < a->organisation.count && !a->status; o++) {
        if (!has_trajectory(a, o))
            continue;
        ltp_assess_cell_text(a, table, ltp_assess_clip(a, a->organisation.name[o], NAME_WIDTH));
        for (size_t k = 0; k < 6; k++) {
            const ltp_assess_place place = {.layer = a->at_layer, .code = o, .year = a->last};
            ltp_assess_number number = of[k][0] ? ltp_assess_get(a, "organisation", of[k][0], of[k][1], place)
                                                : ltp_assess_quantile(a, "organisation", "trajectory_margin", place,
                                                                      1 - a->option->confidence);
            if (!of[k][0])
                number.value = isnan(number.value) ? NAN : fmax(0, -number.value);
            ltp_assess_cell(a, table, number);
            add_number(a, o, a->year[a->last], of[k][2], number);
        }
    }
    ltp_assess_table_print(a, table);
}

void ltp_assess_trajectories(ltp_assess *a) {
    double largest = 0;
    if (a->to)
        fputs("\nTrajectories: how likely each organisation is to meet its own\n", a->to);
    if (!ltp_assess_view(a, "organisation", "trajectory_margin")) {
        ltp_assess_wrap(a, 0, "Not modelled: trajectories.csv is left out.");
        return;
    }
    for (size_t first = 0; first < a->year_count; first += YEARS_ABREAST)
        chances(a, first, first + YEARS_ABREAST < a->year_count ? first + YEARS_ABREAST : a->year_count, &largest);
    if (largest > 0) {
        char text[48];
        ltp_format_number(100 * largest, 100 * largest, text, NULL);
        ltp_assess_wrap(
            a, 0,
            ltp_assess_format(a,
                              "All: in every year. Balance: the likeliest first year in balance, and how likely; "
                              "none: in none of them. Standard error of a probability: at most %s "
                              "points.",
                              text));
    }
    if (a->to)
        fputs("\n£m before support\n", a->to);
    misses(a);
    ltp_assess_wrap(a, 0,
                    ltp_assess_format(a,
                                      "Margin: surplus less trajectory on average, minus is below it. Miss: how far "
                                      "below, on average and in the worst year in ten. For %.3g%%: the better surplus "
                                      "that would meet it in so many futures, read between stored percentiles. Loans, "
                                      "and commissioners' cumulative position: at the end of the year.",
                                      100 * a->option->confidence));
}

/* --- programmes ------------------------------------------------------------------------------------------------- */

enum { OWN = 0, SYSTEM, INSIDE, OUTSIDE, SAVED, EFFECTS };
static const char *const effect_name[EFFECTS] = {"sponsor_gain", "system_gain", "moved_inside", "moved_outside",
                                                 "saved"};

typedef struct {
    size_t count, organisations;
    const char *const *code, *const *name, *const *test, *const *sponsor, *const *organisation;
    const double *mean[EFFECTS], *error[EFFECTS]; /* [programme × year] */
    const double *gain;                           /* [programme × organisation × year] */
    size_t *order;                                /* [programme] by test, then code; those of no test last */
} effect_list;

static const double *effect(ltp_assess *a, const effect_list *list, const char *name, const char *kind, size_t each) {
    char variable[64];
    size_t count;
    snprintf(variable, sizeof variable, "%s_%s", name, kind);
    const double *value = ltp_assess_array(a, "effect", variable, &count);
    return count == list->count * each * a->year_count ? value : NULL;
}

static bool list_effects(ltp_assess *a, effect_list *list) {
    size_t count[3];
    *list = (effect_list){0};
    if (!ltp_assess_labels(a, "effect", "programme", &list->count, &list->code) ||
        !ltp_assess_labels(a, "effect", "programme_name", &count[0], &list->name) ||
        !ltp_assess_labels(a, "effect", "programme_test", &count[1], &list->test) ||
        !ltp_assess_labels(a, "effect", "programme_sponsor", &count[2], &list->sponsor) ||
        !ltp_assess_labels(a, "effect", "organisation", &list->organisations, &list->organisation))
        return false;
    bool fine = count[0] == list->count && count[1] == list->count && count[2] == list->count;
    for (size_t e = 0; e < EFFECTS; e++) {
        list->mean[e] = effect(a, list, effect_name[e], "mean", 1);
        list->error[e] = effect(a, list, effect_name[e], "se", 1);
        fine &= list->mean[e] && list->error[e];
    }
    list->gain = effect(a, list, "gain", "mean", list->organisations);
    if (!a->status && !(fine && list->gain && list->organisations == a->organisation.count))
        a->status = ltp_error_set(a->error, LTP_ERROR_RESULT, "the axes of /effect do not fit: the file is damaged");
    return !a->status;
}

static bool comes_before(const effect_list *list, size_t x, size_t y) {
    const char *a = list->test[x], *b = list->test[y];
    if (strcmp(a, b) != 0)
        return !*b || (*a && strcmp(a, b) < 0);
    return strcmp(list->code[x], list->code[y]) < 0;
}

/* A few dozen programmes: each is put before those that it comes before. */
static void sort_programmes(ltp_assess *a, effect_list *list) {
    if (!a->status)
        a->status = LTP_NEW(&list->order, list->count, "the assessment", a->error);
    for (size_t p = 0; p < list->count && !a->status; p++) {
        size_t at = p;
        for (; at > 0 && comes_before(list, p, list->order[at - 1]); at--)
            list->order[at] = list->order[at - 1];
        list->order[at] = p;
    }
}

static ltp_assess_number effect_of(const ltp_assess *a, const effect_list *list, int e, size_t programme) {
    const size_t at = programme * a->year_count + a->last;
    return (ltp_assess_number){list->mean[e][at], list->error[e][at], NAN, NAN};
}

static double gain_of(const ltp_assess *a, const effect_list *list, size_t programme, size_t organisation) {
    return list->gain[(programme * list->organisations + organisation) * a->year_count + a->last];
}

/* It moves money of an organisation of the system at hand. */
static bool touches(const ltp_assess *a, const effect_list *list, size_t programme) {
    for (size_t o = 0; o < list->organisations; o++)
        if (ltp_assess_member(a, o) && gain_of(a, list, programme, o) != 0)
            return true;
    return a->system.count == 1;
}

/* Share of the full effect in place: planned and delivered, missing where the file does not say. */
static void delivered(ltp_assess *a, const char *code, ltp_assess_number *plan, ltp_assess_number *done) {
    const ltp_view *view = ltp_assess_view(a, "programme", "programme_delivered");
    size_t count;
    *plan = *done = (ltp_assess_number){NAN, NAN, NAN, NAN};
    const size_t at = view ? ltp_assess_find(view->code, view->codes, code) : SIZE_MAX;
    if (at == SIZE_MAX)
        return;
    *done = ltp_assess_at(a, "programme", "programme_delivered", "mean", at, a->last);
    const double *planned = ltp_assess_array(a, "programme", "planned", &count);
    if (planned && count == view->codes * a->year_count)
        plan->value = planned[at * a->year_count + a->last];
}

static void table_of_programmes(ltp_assess *a, const effect_list *list) {
    static const ltp_report_column column[] = {{"name", "Programme", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"test", "test", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"planned", "planned", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"delivered", "in place", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"own", "own", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"system", "system", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"inside", "inside", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"outside", "outside", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED}};
    ltp_report *table = ltp_assess_table(a, 8, column);
    for (size_t k = 0; k < list->count && !a->status; k++) {
        const size_t p = list->order[k];
        ltp_assess_number share[2];
        const char *number = strrchr(list->test[p], '_');
        if (!touches(a, list, p))
            continue;
        delivered(a, list->code[p], &share[0], &share[1]);
        ltp_assess_cell_text(a, table, ltp_assess_clip(a, list->name[p], PROGRAMME_WIDTH));
        ltp_assess_cell_text(a, table, number ? number + 1 : "–");
        for (size_t s = 0; s < 2; s++)
            ltp_assess_cell_probability(a, table, share[s]);
        for (int e = OWN; e < SAVED; e++)
            ltp_assess_cell(a, table, effect_of(a, list, e, p));
        ltp_assess_row row = {.part = "programmes",
                              .test = number ? number + 1 : "",
                              .code = list->code[p],
                              .name = list->name[p],
                              .year = a->year[a->last]};
        for (int e = 0; e < EFFECTS + 2; e++) {
            row.measure = e < EFFECTS ? effect_name[e] : e == EFFECTS ? "planned" : "programme_delivered";
            row.number = e < EFFECTS ? effect_of(a, list, e, p) : share[e - EFFECTS];
            ltp_assess_add(a, &row);
        }
    }
    ltp_assess_table_print(a, table);
}

/* The two that lose most by a programme: "RM3 Salford £4.1m, …". */
static void losers(ltp_assess *a, const effect_list *list, size_t programme, char *text, size_t size) {
    size_t most = SIZE_MAX;
    for (size_t round = 0; round < 2; round++) {
        size_t worst = SIZE_MAX;
        for (size_t o = 0; o < list->organisations; o++) {
            const double gain = gain_of(a, list, programme, o);
            if (o != most && gain < -0.05 && (worst == SIZE_MAX || gain < gain_of(a, list, programme, worst)))
                worst = o;
        }
        if (worst == SIZE_MAX)
            break;
        ltp_assess_append(text, size, "%s%s (%s)", *text ? " and " : "",
                          ltp_assess_clip(a, a->organisation.name[worst], 40),
                          ltp_assess_money(a, gain_of(a, list, programme, worst), NAN));
        most = worst;
    }
}

/* A programme whose sponsors gain and whose system does not, but for a tenth: it only moves cost. */
static bool moves_only(const ltp_assess *a, const effect_list *list, size_t programme) {
    const ltp_assess_number own = effect_of(a, list, OWN, programme), all = effect_of(a, list, SYSTEM, programme);
    const double noise = 2 * fmax(own.error > 0 ? own.error : 0, all.error > 0 ? all.error : 0);
    return own.value > fmax(0.05, noise) && all.value <= fmax(0.1 * own.value, noise);
}

static void name_movers(ltp_assess *a, const effect_list *list) {
    size_t count = 0;
    for (size_t p = 0; p < list->count && !a->status; p++) {
        char to[LTP_ASSESS_TEXT] = "";
        const ltp_assess_number own = effect_of(a, list, OWN, p), all = effect_of(a, list, SYSTEM, p);
        const ltp_assess_number outside = effect_of(a, list, OUTSIDE, p);
        const bool abroad = outside.value > fmax(0.05, 2 * (outside.error > 0 ? outside.error : 0));
        if (!touches(a, list, p) || !(moves_only(a, list, p) || abroad))
            continue;
        losers(a, list, p, to, sizeof to);
        const char *system = fabs(all.value) < 0.05 ? "nothing"
                             : all.value > 0        ? ltp_assess_money(a, all.value, all.error)
                                                    : ltp_assess_format(a, "nothing, it costs it %s",
                                                                        ltp_assess_money(a, all.value, all.error));
        const char *outward = abroad ? ltp_assess_format(a, " Outside the system it costs %s.",
                                                         ltp_assess_money(a, outside.value, outside.error))
                                     : "";
        const char *text = ltp_assess_format(
            a, "%s saves its sponsor (%s) %s and the system %s%s%s.%s", ltp_assess_clip(a, list->name[p], 60),
            ltp_assess_clip(a, list->sponsor[p], 40), ltp_assess_money(a, own.value, own.error), system,
            *to ? ": the cost moves to " : "", to, outward);
        ltp_assess_wrap(a, 0, text);
        ltp_assess_add(a,
                       &(ltp_assess_row){.part = "programmes",
                                         .code = list->code[p],
                                         .name = list->name[p],
                                         .year = a->year[a->last],
                                         .measure = "cost_moved",
                                         .number = effect_of(a, list, INSIDE, p),
                                         .verdict = moves_only(a, list, p) ? "moves cost only" : "moves cost outside",
                                         .text = text});
        count++;
    }
    if (!count)
        ltp_assess_wrap(a, 0, "No programme only moves cost.");
}

/* Organisations that lose by a programme, worst first: "R0A 6.1, RW6 3.2, RM3 1.1 and 5 more 2.0". */
static const char *bearers(ltp_assess *a, const effect_list *list, size_t programme) {
    enum { SHOWN = 3 };
    size_t shown[SHOWN], count = 0, others = 0;
    double rest = 0;
    char text[LTP_ASSESS_TEXT] = "";
    for (; count < SHOWN; count++) {
        size_t worst = SIZE_MAX;
        for (size_t o = 0; o < list->organisations; o++) {
            bool taken = false;
            for (size_t k = 0; k < count; k++)
                taken |= shown[k] == o;
            if (!taken && gain_of(a, list, programme, o) < -0.05 &&
                (worst == SIZE_MAX || gain_of(a, list, programme, o) < gain_of(a, list, programme, worst)))
                worst = o;
        }
        if (worst == SIZE_MAX)
            break;
        shown[count] = worst;
    }
    for (size_t o = 0; o < list->organisations; o++) {
        bool taken = false;
        for (size_t k = 0; k < count; k++)
            taken |= shown[k] == o;
        const double gain = gain_of(a, list, programme, o);
        others += !taken && gain < -0.05;
        rest -= !taken && gain < -0.05 ? gain : 0;
    }
    for (size_t k = 0; k < count; k++)
        ltp_assess_append(text, sizeof text, "%s%s %.1f", k ? ", " : "", a->organisation.code[shown[k]],
                          -gain_of(a, list, programme, shown[k]));
    if (others)
        ltp_assess_append(text, sizeof text, " and %zu more %.1f", others, rest);
    return ltp_assess_format(a, "%s", text);
}

/* Every programme that moves cost, and who is worse off by it: together by more than is moved where others gain. */
static void table_of_bearers(ltp_assess *a, const effect_list *list) {
    static const ltp_report_column column[] = {{"name", "Programme", LTP_COLUMN_TEXT, LTP_STYLE_ERROR},
                                               {"moved", "moved", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED},
                                               {"bearers", "worse off, each by", LTP_COLUMN_TEXT, LTP_STYLE_ERROR}};
    ltp_report *table = ltp_assess_table(a, 3, column);
    size_t count = 0;
    for (size_t k = 0; k < list->count && !a->status; k++) {
        const size_t p = list->order[k];
        const ltp_assess_number inside = effect_of(a, list, INSIDE, p), outside = effect_of(a, list, OUTSIDE, p);
        if (!touches(a, list, p))
            continue;
        for (size_t o = 0; o < list->organisations; o++)
            if (gain_of(a, list, p, o) != 0)
                ltp_assess_add(a, &(ltp_assess_row){.part = "programmes",
                                                    .code = list->code[p],
                                                    .name = list->name[p],
                                                    .item = a->organisation.code[o],
                                                    .year = a->year[a->last],
                                                    .measure = "gain",
                                                    .number = {gain_of(a, list, p, o), NAN, NAN, NAN}});
        if (inside.value + outside.value < 0.05)
            continue;
        ltp_assess_cell_text(a, table, ltp_assess_clip(a, list->name[p], PROGRAMME_WIDTH));
        ltp_assess_cell(a, table, (ltp_assess_number){inside.value + outside.value, inside.error, NAN, NAN});
        ltp_assess_cell_text(a, table, bearers(a, list, p));
        count++;
    }
    if (a->to && count)
        fprintf(a->to, "\nCost that programmes move, and who is worse off by them in %s, £m\n", a->year[a->last]);
    ltp_assess_table_print(a, table);
}

void ltp_assess_programmes(ltp_assess *a) {
    effect_list list;
    if (a->to)
        fprintf(a->to, "\nProgrammes in %s: share in place, and £m gained by its sponsor and by the system\n",
                a->year[a->last]);
    if (!list_effects(a, &list)) {
        ltp_assess_wrap(a, 0, "Not modelled: programmes.csv is left out, or none of its programmes acts.");
        return;
    }
    sort_programmes(a, &list);
    table_of_programmes(a, &list);
    ltp_assess_wrap(
        a, 0,
        "Each as the plan with it less the plan without it, on the same paths. Minus: it costs. "
        "Inside, outside: what its sponsor gains at the expense of others in the system, and of "
        "organisations outside it. Programmes share what they act on: they do not add up to a test's step.");
    name_movers(a, &list);
    table_of_bearers(a, &list);
    ltp_free(list.order);
}
