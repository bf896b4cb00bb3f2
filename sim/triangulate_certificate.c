/* The alignment certificate, or what stands in its way. */
#include <math.h>
#include <string.h>

#include "sim/triangulate_internal.h"

/* --- the certificate -------------------------------------------------------------------------------------------- */

static void print_head(const ltp_triangulate_printer *p) {
    const ltp_scenario *scenario = p->t->plan->scenario;
    const char *const part[] = {scenario->submission_name, scenario->submission_milestone, scenario->submission_date};
    ltp_name title;
    fprintf(p->to, "\nALIGNMENT CERTIFICATE\n%s\n", ltp_grid_cut(title, scenario->title, 160));
    const char *before = "";
    for (size_t k = 0; k < sizeof part / sizeof *part; k++)
        if (part[k]) {
            fprintf(p->to, "%s%s", before, ltp_grid_cut(title, part[k], 160));
            before = ", ";
        }
    fputs(*before ? "\n" : "", p->to);
}

static void print_certified(const ltp_triangulate_printer *p, const ltp_alignment *sum) {
    ltp_words tolerance, net;
    char paid[64];
    print_head(p);
    ltp_triangulate_say(
        p, 0, NULL, 0,
        "Payers and payees agree in %s%zu pair%s of payer, payee and year that %s both figures%s%s, within %s.",
        sum->pair_count == 1 ? "the " : "all ", sum->pair_count, ltp_plural(sum->pair_count),
        sum->pair_count == 1 ? "has" : "have", p->t->year < 0 ? "" : ", ",
        p->t->year < 0 ? "" : ltp_triangulate_year(p, p->t->year), ltp_triangulate_tolerance(p, tolerance));
    ltp_triangulate_money(paid, sum->amount[LTP_SIDE_PAYER], ltp_triangulate_decimals(sum->amount[LTP_SIDE_PAYER], 1));
    if (sum->net == 0.0)
        ltp_triangulate_say(p, 0, NULL, 0, "Payers plan %s in all, and payees expect the same.", paid);
    else
        ltp_triangulate_say(p, 0, NULL, 0, "Payers plan %s in all: %s.", paid,
                            ltp_triangulate_sentence(net, "payers plan", "payees expect", sum->net, 1));
}

/* Which of the two figures must move, and by how much at least. */
static void print_to_move(ltp_triangulate_printer *p) {
    const ltp_triangle **order;
    size_t shown = 0, all = 0;
    p->status = ltp_triangulate_order(p->t, p->t->pair, p->t->pair_count, &order, p->error);
    for (size_t k = 0; k < p->t->pair_count && !p->status; k++) {
        ltp_name payer, payee;
        char least[64], full[64];
        if (order[k]->aligned)
            continue;
        all++;
        if (shown == LIST_LIMIT && !p->view->all)
            continue;
        shown++;
        const double least_amount = fabs(order[k]->difference) - order[k]->tolerance;
        ltp_triangulate_say(
            p, 2, "-", 4, "%s, %s %s, or %s %s: by %s at least, by %s to agree in full",
            ltp_triangulate_year(p, order[k]->year), ltp_triangulate_title(p, order[k]->payer, payer),
            order[k]->difference > 0.0 ? "up" : "down", ltp_triangulate_title(p, order[k]->payee, payee),
            order[k]->difference > 0.0 ? "down" : "up",
            ltp_triangulate_money(least, least_amount, ltp_triangulate_decimals(least_amount, 1)),
            ltp_triangulate_money(full, order[k]->difference, ltp_triangulate_decimals(order[k]->difference, 1)));
    }
    if (shown < all)
        fprintf(p->to, "  and %zu more; --all shows every one.\n", all - shown);
}

static void print_refused(ltp_triangulate_printer *p, const ltp_alignment *sum) {
    ltp_words net;
    char apart[64], least[64];
    const size_t wrong = sum->pair_count - sum->aligned_count;
    fputc('\n', p->to);
    if (sum->pair_count == sum->outside && sum->aligned_count == sum->pair_count) {
        ltp_triangulate_say(p, 0, NULL, 0,
                            "No alignment certificate: no contract between two organisations of the scenario has both "
                            "sides' figures.");
        return;
    }
    double amount = 0.0;
    for (size_t k = 0; k < p->t->pair_count; k++)
        amount += p->t->pair[k].aligned ? 0.0 : fabs(p->t->pair[k].difference);
    ltp_triangulate_say(
        p, 0, NULL, 0,
        "No alignment certificate: %zu of %zu pair%s of payer, payee and year %s not agree, by %s added up "
        "without signs. In all, %s. At least %s must move:",
        wrong, sum->pair_count, ltp_plural(sum->pair_count), wrong == 1 ? "does" : "do",
        ltp_triangulate_money(apart, amount, ltp_triangulate_decimals(amount, 1)),
        ltp_triangulate_sentence(net, "payers plan", "payees expect", sum->net, 1),
        ltp_triangulate_money(least, sum->to_align, ltp_triangulate_decimals(sum->to_align, 1)));
    print_to_move(p);
}

/* What a reader of the certificate should know that it does not say. */
static void print_caveats(const ltp_triangulate_printer *p, const ltp_alignment *sum) {
    size_t one_sided = 0, none = 0;
    double amount = 0.0;
    char value[64], counted[LTP_GROUPED];
    for (size_t k = 0; k < p->t->unexchanged_count; k++)
        if (p->t->unexchanged[k].missing == LTP_MISSING_CONTRACT) {
            none++;
            amount += p->t->unexchanged[k].amount;
        } else {
            one_sided++;
        }
    if (sum->offsetting) {
        ltp_triangulate_say(p, 0, NULL, 0,
                            "%zu aligned pair%s hold%s services that differ by more and offset each other.",
                            sum->offsetting, ltp_plural(sum->offsetting), sum->offsetting == 1 ? "s" : "");
    }
    if (sum->outside) {
        ltp_triangulate_say(p, 0, NULL, 0, "%zu of the pairs ha%s a party outside the accounts.", sum->outside,
                            sum->outside == 1 ? "s" : "ve");
    }
    if (one_sided)
        ltp_triangulate_say(p, 0, NULL, 0, "Not covered: %zu contract%s without both figures.", one_sided,
                            ltp_plural(one_sided));
    if (none)
        ltp_triangulate_say(p, 0, NULL, 0,
                            "Not covered: %s flow%s from commissioners to providers without a contract, %s in the base "
                            "year.",
                            ltp_grouped(counted, none), ltp_plural(none),
                            ltp_triangulate_money(value, amount, ltp_triangulate_decimals(amount, 1)));
}

void ltp_triangulate_print_certificate(ltp_triangulate_printer *p) {
    const ltp_alignment sum = ltp_triangulate_alignment(p->t, -1);
    if (ltp_triangulate_certified(p->t))
        print_certified(p, &sum);
    else
        print_refused(p, &sum);
    if (!p->status)
        print_caveats(p, &sum);
}
