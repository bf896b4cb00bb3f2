/* Tests 1 to 3: recovery trajectories, cash-releasing savings, unwarranted variation. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/assess_internal.h"

#define NAME_WIDTH 44

static const char *number_of(const ltp_assess *a, size_t test) {
    const char *number = strrchr(a->test[test], '_');
    return number ? number + 1 : a->test[test];
}

/* "2019/20 12%, 2020/21 8%", and a row a year for programs. */
static void list_years(ltp_assess *a, size_t test, const char *measure, const char *statistic, const char *say,
                       ltp_assess_criterion *line) {
    char text[LTP_ASSESS_TEXT] = "";
    for (size_t t = 0; t < a->year_count; t++) {
        const ltp_assess_number p = ltp_assess_at(a, "system", measure, statistic, a->s, t);
        ltp_assess_append(text, sizeof text, "%s%s %s", t ? ", " : "", a->year[t], ltp_assess_percent(a, p.value));
        ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[t], measure, p);
    }
    ltp_assess_reason(line, "%s: %s.", say, text);
}

/* --- test 1: recovery trajectories ------------------------------------------------------------------------------ */

typedef struct {
    size_t organisation;
    ltp_assess_number p;
    double margin; /* on average: the further below, the earlier it is named */
} likelihood;

static int by_likelihood(const void *x, const void *y) {
    const likelihood *a = x, *b = y;
    if (a->p.value != b->p.value)
        return a->p.value < b->p.value ? -1 : 1;
    if (a->margin != b->margin)
        return a->margin < b->margin ? -1 : 1;
    return a->organisation < b->organisation ? -1 : 1;
}

/* The three least likely to meet theirs, and what they all lack together. */
static void name_failures(ltp_assess *a, const char *measure, ltp_assess_criterion *line) {
    likelihood *list;
    size_t count = 0, short_of = 0;
    char text[LTP_ASSESS_TEXT] = "";
    double needed = 0;
    a->status = a->status ? a->status : LTP_NEW(&list, a->organisation.count, "the assessment", a->error);
    if (a->status)
        return;
    for (size_t o = 0; o < a->organisation.count; o++) {
        const ltp_assess_number p = ltp_assess_at(a, "organisation", measure, "probability", o, a->last);
        if (isnan(p.value) || !ltp_assess_member(a, o))
            continue;
        list[count++] =
            (likelihood){o, p, ltp_assess_at(a, "organisation", "trajectory_margin", "mean", o, a->last).value};
        const ltp_assess_place place = {.layer = a->at_layer, .code = o, .year = a->last};
        const double margin =
            ltp_assess_quantile(a, "organisation", "trajectory_margin", place, 1 - a->option->confidence).value;
        short_of += margin < 0;
        needed += margin < 0 ? -margin : 0;
    }
    qsort(list, count, sizeof *list, by_likelihood);
    for (size_t k = 0; k < count && k < 3; k++)
        ltp_assess_append(text, sizeof text, "%s%s %s", k ? ", " : "",
                          ltp_assess_clip(a, a->organisation.name[list[k].organisation], NAME_WIDTH),
                          ltp_assess_percent(a, list[k].p.value));
    ltp_free(list);
    if (count)
        ltp_assess_reason(line, "Least likely to meet its own: %s.", text);
    if (short_of)
        ltp_assess_reason(line,
                          "To give each organisation %.3g%% in %s: a better surplus at %zu of %zu, %s together; "
                          "by organisation under Trajectories.",
                          100 * a->option->confidence, a->year[a->last], short_of, count,
                          ltp_assess_money(a, needed, NAN));
}

static void every_trajectory(ltp_assess *a, size_t test) {
    ltp_assess_criterion line = {.criterion = "every organisation on its trajectory",
                                 .when = a->one_year ? a->year[a->last] : "all years",
                                 .p = {NAN, NAN, NAN, NAN}};
    if (ltp_assess_view(a, "system", "trajectory_met_every")) {
        const char *measure = a->one_year ? "trajectory_met_every" : "trajectory_met_every_year";
        line.p = ltp_assess_at(a, "system", measure, "probability", a->s, a->last);
        if (isnan(line.p.value) && isnan(ltp_assess_at(a, "system", measure, "mean", a->s, a->last).value))
            ltp_assess_reason(&line, "No organisation of the system has a trajectory.");
        else {
            list_years(a, test, "trajectory_met_every", "probability", "All of them in the one year", &line);
            name_failures(a, a->one_year ? "trajectory_margin" : "trajectory_met_every_year", &line);
        }
    } else
        ltp_assess_reason(&line, "Not modelled: trajectories.csv is left out.");
    ltp_assess_criterion_print(a, test, &line);
}

/* When the balance comes: the distribution of the first year. */
static void first_year(ltp_assess *a, size_t test, ltp_assess_criterion *line) {
    char text[LTP_ASSESS_TEXT] = "";
    double none = 1;
    if (!ltp_assess_view(a, "system", "balance_first_year"))
        return;
    for (size_t t = 0; t < a->year_count; t++) {
        const ltp_assess_number p = ltp_assess_at(a, "system", "balance_first_year", "probability", a->s, t);
        none -= p.value;
        ltp_assess_append(text, sizeof text, "%s %s, ", a->year[t], ltp_assess_percent(a, p.value));
        ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[t], "balance_first_year", p);
    }
    none = fabs(none) < 1e-9 ? 0 : none;
    ltp_assess_add_system(a, "tests", number_of(a, test), "", "never", "balance_first_year",
                          (ltp_assess_number){none, NAN, NAN, NAN});
    ltp_assess_reason(line, "First year in balance: %sin none of them %s.", text, ltp_assess_percent(a, none));
}

static void balance(ltp_assess *a, size_t test, bool after) {
    ltp_assess_criterion line = {
        .criterion = after ? "the system in balance, after support" : "the system in balance, before support",
        .when = a->year[a->last],
        .p = ltp_assess_at(a, "system", after ? "surplus_after_support" : "gap", "probability", a->s, a->last)};
    const ltp_assess_place place = {.layer = a->at_layer, .code = a->s, .year = a->last};
    const ltp_assess_number needed = ltp_assess_quantile(a, "system", "gap", place, a->option->confidence);
    const double lacking = needed.value;
    const ltp_assess_number mean = ltp_assess_at(a, "system", after ? "support" : "gap", "mean", a->s, a->last);
    if (after)
        ltp_assess_reason(&line, "Support earned in %s: %s on average.", a->year[a->last],
                          ltp_assess_money(a, mean.value, mean.error));
    else {
        ltp_assess_reason(&line, "On average a %s of %s.", mean.value > 0 ? "shortfall" : "surplus",
                          ltp_assess_money(a, mean.value, mean.error));
        first_year(a, test, &line);
    }
    if (lacking > 0 && !after) /* support comes with a trajectory that is met: after it, no such sum is the answer */
        ltp_assess_reason(&line, "To reach %.3g%% in %s: a gap that is %s smaller.", 100 * a->option->confidence,
                          a->year[a->last], ltp_assess_money(a, lacking, needed.error));
    if (!after)
        ltp_assess_add_system(a, "tests", number_of(a, test), "before support", a->year[a->last], "balance_needed",
                              (ltp_assess_number){fmax(lacking, 0), needed.error, NAN, NAN});
    ltp_assess_criterion_print(a, test, &line);
}

void ltp_assess_recovery(ltp_assess *a, size_t test) {
    every_trajectory(a, test);
    balance(a, test, false);
    if (ltp_assess_view(a, "system", "surplus_after_support"))
        balance(a, test, true);
}

/* --- test 2: cash-releasing savings ----------------------------------------------------------------------------- */

/* What the rate lacks in a year to reach the target with the confidence asked for, as a share of cost; and in £m. */
static ltp_assess_number lacking_rate(ltp_assess *a, size_t year, double *money) {
    const ltp_assess_place place = {.layer = a->at_layer, .code = a->s, .year = year};
    ltp_assess_number low = ltp_assess_quantile(a, "system", "cash_releasing_rate", place, 1 - a->option->confidence);
    const double rate = ltp_assess_at(a, "system", "cash_releasing_rate", "mean", a->s, year).value;
    const double cash = ltp_assess_at(a, "system", "cash_released", "mean", a->s, year).value;
    low.value = fmax(0, a->threshold - low.value);
    *money = rate > 0 ? low.value * cash / rate : NAN;
    return low;
}

static void lacking_cash(ltp_assess *a, size_t test, ltp_assess_criterion *line) {
    char text[LTP_ASSESS_TEXT] = "";
    for (size_t t = 0; t < a->year_count; t++) {
        double money;
        const ltp_assess_number low = lacking_rate(a, t, &money);
        ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[t], "cash_releasing_rate_needed", low);
        ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[t], "cash_released_needed",
                              (ltp_assess_number){money, NAN, NAN, NAN});
        if (!(low.value > 0) || (a->one_year && t != a->last))
            continue;
        ltp_assess_append(text, sizeof text, "%s%s %.2f points", *text ? ", " : "", a->year[t], 100 * low.value);
        if (!isnan(money))
            ltp_assess_append(text, sizeof text, " (%s)", ltp_assess_money(a, money, NAN));
    }
    if (*text)
        ltp_assess_reason(line, "To reach %.3g%% in the year, a higher rate of new recurrent savings: %s.",
                          100 * a->option->confidence, text);
}

static void recurrent_share(ltp_assess *a, ltp_assess_criterion *line) {
    const ltp_assess_number cash = ltp_assess_at(a, "system", "cash_released", "mean", a->s, a->last);
    const ltp_assess_number gone = ltp_assess_at(a, "system", "cash_released_non_recurrent", "mean", a->s, a->last);
    if (cash.value + gone.value > 0)
        ltp_assess_reason(line, "In %s: %s of new recurrent cash, and %s that is gone in the next year: %s recurrent.",
                          a->year[a->last], ltp_assess_money(a, cash.value, cash.error),
                          ltp_assess_money(a, gone.value, gone.error),
                          ltp_assess_percent(a, cash.value / (cash.value + gone.value)));
}

void ltp_assess_cash(ltp_assess *a, size_t test) {
    ltp_assess_criterion line = {.criterion = "new recurrent cash at least the target share of last year's cost",
                                 .when = a->one_year ? a->year[a->last] : "all years",
                                 .p = {NAN, NAN, NAN, NAN}};
    if (a->threshold > 0)
        line.criterion =
            ltp_assess_format(a, "new recurrent cash at least %.3g%% of last year's cost", 100 * a->threshold);
    if (!ltp_assess_view(a, "system", "cash_releasing_rate"))
        ltp_assess_reason(&line, "Not modelled: no programme of programmes.csv releases cash.");
    else {
        const char *measure = a->one_year ? "cash_releasing_met" : "cash_releasing_met_every_year";
        char text[LTP_ASSESS_TEXT] = "";
        line.p = ltp_assess_at(a, "system", measure, "probability", a->s, a->last);
        for (size_t t = 0; t < a->year_count; t++) {
            const ltp_assess_number rate = ltp_assess_at(a, "system", "cash_releasing_rate", "mean", a->s, t);
            ltp_assess_append(text, sizeof text, "%s%s %.2f%%", t ? ", " : "", a->year[t], 100 * rate.value);
            ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[t], "cash_releasing_rate", rate);
        }
        ltp_assess_reason(&line, "Delivered on average: %s.", text);
        list_years(a, test, "cash_releasing_met", "probability", "Probability in the one year", &line);
        recurrent_share(a, &line);
        if (a->threshold > 0)
            lacking_cash(a, test, &line);
    }
    ltp_assess_criterion_print(a, test, &line);
}

/* --- test 3: unwarranted variation ------------------------------------------------------------------------------ */

void ltp_assess_variation(ltp_assess *a, size_t test) {
    const double wanted = a->option->variation_share;
    ltp_assess_criterion line = {.criterion =
                                     ltp_assess_format(a, "at least %.3g%% of the opportunity delivered", 100 * wanted),
                                 .when = a->year[a->last],
                                 .p = {NAN, NAN, NAN, NAN}};
    const ltp_assess_number all = ltp_assess_at(a, "system", "variation_opportunity", "mean", a->s, a->last);
    const ltp_assess_number done = ltp_assess_at(a, "system", "variation_delivered", "mean", a->s, a->last);
    const ltp_assess_place place = {.layer = a->at_layer, .code = a->s, .year = a->last};
    if (!ltp_assess_view(a, "system", "variation_opportunity"))
        ltp_assess_reason(&line, "Not modelled: benchmarks.csv, or a programme of the kind variation, is left out.");
    else if (!(all.value > 0))
        ltp_assess_reason(&line, "No opportunity: every organisation is at its benchmark or better.");
    else {
        /* just the share that is wanted, on every path, is enough */
        line.p = ltp_assess_above(a, "system", "variation_share", place, wanted - 1e-9);
        ltp_assess_reason(&line, "Delivers %s of %s opportunity in %s: %s. Probability read between percentiles.",
                          ltp_assess_money(a, done.value, done.error), ltp_assess_money(a, all.value, all.error),
                          a->year[a->last], ltp_assess_percent(a, done.value / all.value));
        ltp_assess_reason(&line,
                          "No threshold is published for this test; half is the program's own, --variation-share "
                          "sets another.");
        const ltp_assess_number low =
            ltp_assess_quantile(a, "system", "variation_share", place, 1 - a->option->confidence);
        if (low.value < wanted)
            ltp_assess_reason(&line, "To reach %.3g%%: %s more delivered.", 100 * a->option->confidence,
                              ltp_assess_money(a, (wanted - low.value) * all.value, NAN));
        ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[a->last], "variation_opportunity", all);
        ltp_assess_add_system(a, "tests", number_of(a, test), "", a->year[a->last], "variation_delivered", done);
    }
    ltp_assess_criterion_print(a, test, &line);
}
