/* Triangulation as a finance director reads it: £m with one decimal, more only where that shows nothing; signs in
 * words. */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "sim/triangulate_internal.h"

/* --- words ------------------------------------------------------------------------------------------------------ */

/* One decimal, or as many as it takes until the amount is not 0. */
int ltp_triangulate_decimals(double amount, int least) {
    int decimals = least;
    while (decimals < DECIMAL_LIMIT && fabs(amount) > 0.0 && fabs(amount) < 0.5 * pow(10, -decimals))
        decimals++;
    return decimals;
}

const char *ltp_triangulate_money(char out[64], double amount, int decimals) {
    char number[48];
    snprintf(out, 64, "£%sm", ltp_grid_decimal(number, fabs(amount), decimals));
    return out;
}

/* "£0.5m", "£0.25m": as it was set, without the zeros that say nothing. */
static const char *exact_money(char out[64], double amount) {
    char number[48];
    ltp_format_number(amount, NAN, number, NULL);
    snprintf(out, 64, "£%sm", number);
    return out;
}

const char *ltp_triangulate_tolerance(const ltp_triangulate_printer *p, ltp_words out) {
    char amount[64], share[48];
    const ltp_scenario *scenario = p->t->plan->scenario;
    ltp_format_number(100.0 * scenario->tolerance_share, NAN, share, NULL);
    snprintf(out, sizeof(ltp_words), "%s or %s%% of the payer's figure, whichever is larger",
             exact_money(amount, scenario->tolerance_amount), share);
    return out;
}

/* "payer plans £3.2m less than payee expects" */
const char *ltp_triangulate_sentence(ltp_words out, const char *payer, const char *payee, double difference,
                                     int decimals) {
    char amount[64];
    decimals = ltp_triangulate_decimals(difference, decimals);
    if (difference == 0.0)
        snprintf(out, sizeof(ltp_words), "%s what %s", payer, payee);
    else
        snprintf(out, sizeof(ltp_words), "%s %s less than %s", payer,
                 ltp_triangulate_money(amount, difference, decimals), payee);
    if (difference < 0.0)
        snprintf(out, sizeof(ltp_words), "%s %s more than %s", payer,
                 ltp_triangulate_money(amount, difference, decimals), payee);
    return out;
}

const char *ltp_triangulate_title(const ltp_triangulate_printer *p, const char *code, ltp_name out) {
    ltp_name name, cut;
    ltp_grid_cut(name, ltp_triangulate_party(p->t->plan, code), NAME_WIDTH);
    ltp_grid_cut(cut, code, NAME_WIDTH);
    if (strcmp(name, cut) == 0)
        snprintf(out, sizeof(ltp_name), "%s", cut);
    else
        snprintf(out, sizeof(ltp_name), "%.240s (%.240s)", name, cut);
    return out;
}

static const char *service(const ltp_triangulate_printer *p, const char *code, ltp_name out, size_t width) {
    return ltp_grid_cut(out, *code ? ltp_triangulate_service(p->t->plan, code) : "(no service)", width);
}

void ltp_triangulate_say(const ltp_triangulate_printer *p, int indent, const char *label, int column,
                         const char *format, ...) {
    char text[4 * LTP_GRID_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ltp_print_wrapped(p->to, indent, label, column, text);
}

/* --- differences ------------------------------------------------------------------------------------------------ */

static void put_amounts(ltp_triangulate_printer *p, const ltp_triangle *one) {
    NUMBER(p, one->amount[LTP_SIDE_PAYER], p->decimals);
    NUMBER(p, one->amount[LTP_SIDE_PAYEE], p->decimals);
    NUMBER(p, one->difference, p->decimals);
    const bool split = one->unsplit == 0.0 || one->price != 0.0 || one->volume != 0.0 || one->mix != 0.0;
    NUMBER(p, split ? one->price : NAN, p->decimals);
    NUMBER(p, split ? one->volume : NAN, p->decimals);
    NUMBER(p, split ? one->mix : NAN, p->decimals);
    NUMBER(p, one->unsplit, p->decimals);
}

static const char *unit_of(const ltp_triangulate_printer *p, const char *code) {
    const ltp_roster *roster = &p->t->plan->roster;
    for (size_t k = 0; k < roster->service.count; k++)
        if (strcmp(roster->service.code[k], code) == 0 && *roster->service_unit[k])
            return roster->service_unit[k];
    return "unit";
}

/* Units, and £ a unit, on both sides. */
static void put_activity(ltp_triangulate_printer *p, const ltp_triangle *one) {
    char units[2][48], price[2][48];
    ltp_name unit;
    const double *activity = one->activity;
    if (isnan(activity[0]) && isnan(activity[1]))
        return;
    for (int side = 0; side < LTP_SIDE_COUNT; side++) {
        ltp_grid_decimal(units[side], activity[side], 0);
        ltp_grid_decimal(price[side], activity[side] > 0.0 ? 1e6 * one->amount[side] / activity[side] : NAN, 0);
    }
    LINE(p, 6, "%s: payer %s at £%s, payee %s at £%s", ltp_grid_cut(unit, unit_of(p, one->service), CELL_WIDTH),
         units[0], price[0], units[1], price[1]);
}

static void put_pair(ltp_triangulate_printer *p, const ltp_triangle *pair, size_t rank) {
    const ltp_triangle **inside;
    ltp_name payer, payee, text;
    ltp_words sentence;
    char allowed[64], share[80] = "";
    const double own = fabs(pair->amount[LTP_SIDE_PAYER]);
    if (own > 0.0)
        snprintf(share, sizeof share, ", %.1f%% of its figure", 100.0 * fabs(pair->difference) / own);
    LINE(p, 0, "%zu.\t%s, %s to %s: %s%s; %s (tolerance %s)", rank, ltp_triangulate_year(p, pair->year),
         ltp_triangulate_title(p, pair->payer, payer), ltp_triangulate_title(p, pair->payee, payee),
         ltp_triangulate_sentence(sentence, "payer plans", "payee expects", pair->difference, p->decimals), share,
         pair->aligned ? "aligned" : "not aligned",
         ltp_triangulate_money(allowed, pair->tolerance, ltp_triangulate_decimals(pair->tolerance, p->decimals)));
    if (pair->count > 1) {
        CELL(p, "all services");
        put_amounts(p, pair);
    }
    if (!p->status)
        p->status = ltp_triangulate_order(p->t, &p->t->line[pair->first], pair->count, &inside, p->error);
    for (size_t k = 0; k < pair->count && !p->status; k++) {
        CELL(p, "%s%s", pair->count > 1 ? "  " : "", service(p, inside[k]->service, text, CELL_WIDTH));
        put_amounts(p, inside[k]);
        put_activity(p, inside[k]);
    }
}

static void put_service(ltp_triangulate_printer *p, const ltp_triangle *one) {
    ltp_name payer, payee, text;
    CELL(p, "%s", ltp_triangulate_year(p, one->year));
    CELL(p, "%s", ltp_grid_cut(payer, one->payer, CELL_WIDTH));
    CELL(p, "%s", ltp_grid_cut(payee, one->payee, CELL_WIDTH));
    CELL(p, "%s", service(p, one->service, text, CELL_WIDTH));
    put_amounts(p, one);
    CELL(p, "%s", one->difference == 0.0 ? "the same" : one->difference > 0.0 ? "less" : "more");
}

static void print_caption(const ltp_triangulate_printer *p) {
    ltp_words tolerance;
    ltp_name title;
    fprintf(p->to, "%s\n", ltp_grid_cut(title, p->t->plan->scenario->title, 160));
    ltp_triangulate_say(
        p, 0, NULL, 0,
        "What payers plan to pay against what payees plan to receive, £m%s%s. Difference: the payee's figure less "
        "the payer's; price, volume (at the payer's price) and mix add up to it where both give their activity. "
        "Aligned: within %s.",
        p->t->year < 0 ? "" : ", ", p->t->year < 0 ? "" : ltp_triangulate_year(p, p->t->year),
        ltp_triangulate_tolerance(p, tolerance));
}

static void print_differences(ltp_triangulate_printer *p) {
    const bool by_service = p->view->by_service;
    const ltp_triangle *of = by_service ? p->t->line : p->t->pair;
    const size_t count = by_service ? p->t->line_count : p->t->pair_count;
    const ltp_triangle **order;
    bool unsplit = false;
    size_t shown = 0;
    p->status = ltp_triangulate_order(p->t, of, count, &order, p->error);
    for (size_t k = 0; k < count; k++) {
        if (!of[k].aligned)
            p->decimals = ltp_triangulate_decimals(of[k].difference, p->decimals);
        unsplit |= fabs(of[k].unsplit) > 0.0 && (!of[k].aligned || p->view->all);
    }
    for (size_t k = 0; k < p->t->line_count && !by_service; k++)
        unsplit |= fabs(p->t->line[k].unsplit) > 0.0;
    const ltp_grid_column pair[] = {
        {"service", true, false}, {"payer", false, false},  {"payee", false, false}, {"difference", false, false},
        {"price", false, false},  {"volume", false, false}, {"mix", false, false},   {"not split", false, !unsplit}};
    const ltp_grid_column line[] = {
        {"year", true, false},        {"from", true, false},          {"to", true, false},
        {"service", true, false},     {"payer", false, false},        {"payee", false, false},
        {"difference", false, false}, {"price", false, false},        {"volume", false, false},
        {"mix", false, false},        {"not split", false, !unsplit}, {"payer plans", true, false}};
    if (by_service)
        GRID(p, 0, line);
    else
        GRID(p, 4, pair);
    for (size_t k = 0; k < count && !p->status; k++) {
        if (order[k]->aligned && !p->view->all)
            continue;
        shown++;
        if (by_service)
            put_service(p, order[k]);
        else
            put_pair(p, order[k], shown);
    }
    if (p->status)
        return;
    print_caption(p);
    fputc('\n', p->to);
    if (shown)
        ltp_grid_print(p->grid, p->to);
    else if (count == 0)
        fputs("No contract has both sides' figures: there is nothing to compare.\n", p->to);
    else
        fprintf(p->to, "Every %s is aligned; --all shows them.\n", by_service ? "service" : "pair");
}

/* --- totals by year --------------------------------------------------------------------------------------------- */

static void put_year(ltp_triangulate_printer *p, const char *label, int year) {
    const ltp_alignment sum = ltp_triangulate_alignment(p->t, year);
    ltp_words text;
    if (sum.pair_count == 0)
        return;
    CELL(p, "%s", label);
    CELL(p, "%zu of %zu", sum.aligned_count, sum.pair_count);
    NUMBER(p, sum.amount[LTP_SIDE_PAYER], p->decimals);
    NUMBER(p, sum.amount[LTP_SIDE_PAYEE], p->decimals);
    NUMBER(p, sum.apart, p->decimals);
    NUMBER(p, sum.service_apart, p->decimals);
    CELL(p, "%s",
         sum.net == 0.0 ? "the same" : ltp_triangulate_sentence(text, "payers", "payees", sum.net, p->decimals));
}

static void print_years(ltp_triangulate_printer *p) {
    static const ltp_grid_column column[] = {{"year", true, false},         {"aligned", false, false},
                                             {"payers plan", false, false}, {"payees expect", false, false},
                                             {"apart", false, false},       {"by service", false, false},
                                             {"net", true, false}};
    const ltp_alignment sum = ltp_triangulate_alignment(p->t, -1);
    if (sum.pair_count == 0)
        return;
    p->decimals = ltp_triangulate_decimals(sum.apart, p->decimals);
    GRID(p, 0, column);
    for (int year = 0; year <= p->t->plan->scenario->year_count; year++)
        put_year(p, ltp_triangulate_year(p, year), year);
    put_year(p, "all", -1);
    if (p->status)
        return;
    fputc('\n', p->to);
    ltp_triangulate_say(p, 0, NULL, 0,
                        "Totals by year, £m. Apart: differences of pairs (and of services) added up without their "
                        "signs; the net total may hide them.");
    ltp_grid_print(p->grid, p->to);
}

/* --- not yet exchanged ------------------------------------------------------------------------------------------ */

static void put_exchange(ltp_triangulate_printer *p, const ltp_unexchanged *one) {
    ltp_name payer, payee, text;
    CELL(p, "%s", one->year < 0 ? "" : ltp_triangulate_year(p, one->year));
    const size_t width = one->year < 0 ? CELL_WIDTH - 3 : CELL_WIDTH - 7; /* 80 columns in all */
    CELL(p, "%s", ltp_grid_cut(payer, ltp_triangulate_party(p->t->plan, one->payer), width));
    CELL(p, "%s", ltp_grid_cut(payee, ltp_triangulate_party(p->t->plan, one->payee), width));
    CELL(p, "%s", service(p, one->service, text, width));
    NUMBER(p, one->amount, p->decimals);
}

/* One kind of gap: how many, how much, and the largest. */
static void print_missing(ltp_triangulate_printer *p, ltp_missing missing, const char *one, const char *many,
                          const char *rest) {
    const ltp_grid_column column[] = {{"year", true, missing == LTP_MISSING_CONTRACT},
                                      {"payer", true, false},
                                      {"payee", true, false},
                                      {"service", true, false},
                                      {"£m", false, missing == LTP_MISSING_BOTH}};
    size_t count = 0, first = 0, end = 0;
    double total = 0.0;
    char amount[64], counted[LTP_GROUPED];
    for (size_t k = 0; k < p->t->unexchanged_count; k++)
        if (p->t->unexchanged[k].missing == missing) {
            first = count++ ? first : k;
            total += isnan(p->t->unexchanged[k].amount) ? 0.0 : p->t->unexchanged[k].amount;
        }
    if (count == 0)
        return;
    end = p->view->all || count <= LIST_LIMIT ? first + count : first + LIST_LIMIT;
    p->decimals = ltp_triangulate_decimals(total, 1);
    GRID(p, 2, column);
    for (size_t k = first; k < end && !p->status; k++)
        put_exchange(p, &p->t->unexchanged[k]);
    if (p->status)
        return;
    fputc('\n', p->to);
    ltp_triangulate_say(p, 0, NULL, 0, "%s %s %s, %s%s%s", ltp_grouped(counted, count), count == 1 ? one : many, rest,
                        missing == LTP_MISSING_BOTH ? "" : ltp_triangulate_money(amount, total, p->decimals),
                        missing == LTP_MISSING_BOTH       ? "no figure of either side"
                        : missing == LTP_MISSING_CONTRACT ? " of the base year"
                                                          : " in all",
                        end < first + count ? "; the largest (--all shows every one):" : ":");
    ltp_grid_print(p->grid, p->to);
}

static void print_exchange(ltp_triangulate_printer *p) {
    print_missing(p, LTP_MISSING_PAYEE, "contract has", "contracts have", "only the payer's figure");
    print_missing(p, LTP_MISSING_PAYER, "contract has", "contracts have", "only the payee's figure");
    print_missing(p, LTP_MISSING_BOTH, "contract has", "contracts have", "no figures");
    print_missing(p, LTP_MISSING_CONTRACT, "flow", "flows",
                  "from a commissioner to a provider of the scenario: figures not yet exchanged");
}

/* --- the parts ------------------------------------------------------------------------------------------------------
 */

ltp_status ltp_triangulate_text(const ltp_triangulation *triangulation, ltp_triangulate_part part,
                                const ltp_triangulate_view *view, FILE *to, ltp_error *error) {
    static void (*const print[LTP_PART_COUNT])(ltp_triangulate_printer *) = {print_differences,
                                                                             print_years,
                                                                             print_exchange,
                                                                             ltp_triangulate_print_risk,
                                                                             ltp_triangulate_print_plans,
                                                                             ltp_triangulate_print_certificate};
    ltp_triangulate_printer out = {.t = triangulation, .view = view, .to = to, .error = error, .decimals = 1};
    print[part](&out);
    return out.status;
}
