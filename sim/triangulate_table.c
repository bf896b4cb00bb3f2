/* Triangulation for programs: one table a part, every number in full. */
#include <math.h>
#include <string.h>

#include "sim/triangulate.h"

#define TEXT(name)                                                                                                     \
    { name, name, LTP_COLUMN_TEXT, false }
#define NUMBER(name)                                                                                                   \
    { name, name, LTP_COLUMN_NUMBER, true }
#define ESTIMATE(name)                                                                                                 \
    { name, name, LTP_COLUMN_NUMBER, false }

/* Cells of a row, texts and numbers in the order of the columns. Stops at the first failure. */
typedef struct {
    ltp_report *report;
    ltp_status status;
    ltp_error *error;
} writer;

static void put_text(writer *to, const char *text) {
    if (!to->status)
        to->status = ltp_report_text(to->report, text, to->error);
}

static void put_number(writer *to, double value) {
    if (!to->status)
        to->status = ltp_report_number(to->report, value, NAN, to->error);
}

static void put_estimate(writer *to, double value, double standard_error) {
    if (!to->status)
        to->status = ltp_report_number(to->report, value, standard_error, to->error);
}

static void put_party(writer *to, const ltp_plan *plan, const char *code) {
    put_text(to, code);
    put_text(to, ltp_triangulate_party(plan, code));
}

static const char *year_of(const ltp_triangulation *t, int year) {
    return year < 0 ? "" : t->plan->scenario->year_label[year];
}

/* --- differences ------------------------------------------------------------------------------------------------ */

static const ltp_report_column difference_column[] = {TEXT("level"),
                                                      TEXT("year"),
                                                      TEXT("payer"),
                                                      TEXT("payer_name"),
                                                      TEXT("payee"),
                                                      TEXT("payee_name"),
                                                      TEXT("service"),
                                                      TEXT("service_name"),
                                                      NUMBER("payer_amount"),
                                                      NUMBER("payee_amount"),
                                                      NUMBER("difference"),
                                                      NUMBER("price"),
                                                      NUMBER("volume"),
                                                      NUMBER("mix"),
                                                      NUMBER("not_split"),
                                                      NUMBER("payer_activity"),
                                                      NUMBER("payee_activity"),
                                                      NUMBER("tolerance"),
                                                      TEXT("aligned")};

static void put_triangle(writer *to, const ltp_triangulation *t, const ltp_triangle *one, const char *name) {
    put_text(to, name);
    put_text(to, year_of(t, one->year));
    put_party(to, t->plan, one->payer);
    put_party(to, t->plan, one->payee);
    put_text(to, one->service);
    put_text(to, *one->service ? ltp_triangulate_service(t->plan, one->service) : "");
    const double number[] = {one->amount[0], one->amount[1], one->difference,  one->price,       one->volume,
                             one->mix,       one->unsplit,   one->activity[0], one->activity[1], one->tolerance};
    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        put_number(to, number[k]);
    put_text(to, one->aligned ? "yes" : "no");
}

static void put_differences(writer *to, const ltp_triangulation *t, const ltp_triangulate_view *view) {
    const ltp_triangle **order, **inside;
    const ltp_triangle *of = view->by_service ? t->line : t->pair;
    const size_t count = view->by_service ? t->line_count : t->pair_count;
    to->status = ltp_triangulate_order(t, of, count, &order, to->error);
    for (size_t k = 0; k < count && !to->status; k++) {
        if (order[k]->aligned && !view->all)
            continue;
        put_triangle(to, t, order[k], view->by_service ? "service" : "pair");
        if (view->by_service || to->status)
            continue;
        to->status = ltp_triangulate_order(t, &t->line[order[k]->first], order[k]->count, &inside, to->error);
        for (size_t i = 0; i < order[k]->count && !to->status; i++)
            put_triangle(to, t, inside[i], "service");
    }
}

/* --- the other parts -------------------------------------------------------------------------------------------- */

static const ltp_report_column year_column[] = {TEXT("year"),           NUMBER("pairs"),           NUMBER("aligned"),
                                                NUMBER("payer_amount"), NUMBER("payee_amount"),    NUMBER("net"),
                                                NUMBER("apart"),        NUMBER("apart_by_service")};

static void put_alignment(writer *to, const ltp_triangulation *t, int year) {
    const ltp_alignment sum = ltp_triangulate_alignment(t, year);
    if (sum.pair_count == 0 && year >= 0)
        return;
    put_text(to, year < 0 ? "all" : year_of(t, year));
    const double number[] = {
        (double)sum.pair_count, (double)sum.aligned_count, sum.amount[0], sum.amount[1], sum.net, sum.apart,
        sum.service_apart};
    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        put_number(to, number[k]);
}

static void put_years(writer *to, const ltp_triangulation *t) {
    for (int year = 0; year <= t->plan->scenario->year_count; year++)
        put_alignment(to, t, year);
    put_alignment(to, t, -1);
}

static const ltp_report_column exchange_column[] = {TEXT("missing"),    TEXT("year"),         TEXT("payer"),
                                                    TEXT("payer_name"), TEXT("payee"),        TEXT("payee_name"),
                                                    TEXT("service"),    TEXT("service_name"), NUMBER("amount")};

static void put_exchange(writer *to, const ltp_triangulation *t) {
    static const char *const name[] = {"payer", "payee", "both", "contract"};
    for (size_t k = 0; k < t->unexchanged_count; k++) {
        const ltp_unexchanged *one = &t->unexchanged[k];
        put_text(to, name[one->missing]);
        put_text(to, year_of(t, one->year));
        put_party(to, t->plan, one->payer);
        put_party(to, t->plan, one->payee);
        put_text(to, one->service);
        put_text(to, *one->service ? ltp_triangulate_service(t->plan, one->service) : "");
        put_number(to, one->amount);
    }
}

static const ltp_report_column risk_column[] = {TEXT("role"),    TEXT("code"),         TEXT("name"),
                                                TEXT("year"),    NUMBER("difference"), ESTIMATE("p10"),
                                                ESTIMATE("p50"), ESTIMATE("p90")};

static void put_risk(writer *to, const ltp_triangulation *t) {
    static const char *const name[] = {"pays", "receives", "system"};
    for (size_t k = 0; k < t->risk_count; k++) {
        const ltp_risk *one = &t->risk[k];
        const size_t system = ltp_table_find(&t->plan->scenario->table[LTP_TABLE_SYSTEMS], one->code);
        put_text(to, name[one->role]);
        put_text(to, one->code);
        put_text(to, one->role == LTP_RISK_SYSTEM ? t->plan->roster.level[LTP_LEVEL_SYSTEM].name[system]
                                                  : ltp_triangulate_party(t->plan, one->code));
        put_text(to, year_of(t, one->year));
        put_number(to, one->difference);
        for (int q = 0; q < LTP_RISK_QUANTILE_COUNT; q++)
            put_estimate(to, one->quantile[q], one->error[q]);
    }
}

static const ltp_report_column plan_column[] = {
    TEXT("level"),
    TEXT("code"),
    TEXT("name"),
    TEXT("line"),
    TEXT("unit"),
    TEXT("year"),
    NUMBER("organisations"),
    NUMBER("of"),
    NUMBER("planned"),
    NUMBER("planned_in_full"),
    ESTIMATE("mean"),
    ESTIMATE("p50"),
    {"probability", "probability", LTP_COLUMN_PROBABILITY, LTP_STYLE_ERROR}};

static void put_plans(writer *to, const ltp_triangulation *t) {
    const ltp_roster *roster = &t->plan->roster;
    for (size_t k = 0; k < t->figure_count; k++) {
        const ltp_plan_figure *one = &t->figure[k];
        const size_t system = ltp_table_find(&t->plan->scenario->table[LTP_TABLE_SYSTEMS], one->code);
        put_text(to, one->system ? "system" : "organisation");
        put_text(to, one->code);
        put_text(to, one->system ? roster->level[LTP_LEVEL_SYSTEM].name[system]
                                 : ltp_triangulate_party(t->plan, one->code));
        put_text(to, one->line);
        put_text(to, one->unit);
        put_text(to, year_of(t, one->year));
        put_number(to, one->system ? one->organisations : 1);
        put_number(to, one->system ? one->members : 1);
        put_number(to, one->planned);
        put_number(to, one->in_full);
        put_estimate(to, one->mean, one->mean_error);
        put_estimate(to, one->median, one->median_error);
        if (!to->status)
            to->status =
                ltp_report_probability(to->report, one->probability, one->probability_error, one->interval, to->error);
    }
}

static const ltp_report_column certificate_column[] = {
    TEXT("certificate"), NUMBER("pairs"),     NUMBER("aligned"),     NUMBER("not_aligned"),
    NUMBER("net"),       NUMBER("apart"),     NUMBER("to_align"),    NUMBER("offsetting"),
    NUMBER("outside"),   NUMBER("one_sided"), NUMBER("no_contract"), NUMBER("no_contract_amount")};

static void put_certificate(writer *to, const ltp_triangulation *t) {
    const ltp_alignment sum = ltp_triangulate_alignment(t, -1);
    const double aligned = (double)sum.aligned_count, pairs = (double)sum.pair_count;
    double one_sided = 0.0, none = 0.0, amount = 0.0;
    for (size_t k = 0; k < t->unexchanged_count; k++) {
        const bool flow = t->unexchanged[k].missing == LTP_MISSING_CONTRACT;
        none += flow;
        one_sided += !flow;
        amount += flow ? t->unexchanged[k].amount : 0.0;
    }
    put_text(to, ltp_triangulate_certified(t) ? "yes" : "no");
    const double number[] = {pairs,
                             aligned,
                             pairs - aligned,
                             sum.net,
                             sum.apart,
                             sum.to_align,
                             (double)sum.offsetting,
                             (double)sum.outside,
                             one_sided,
                             none,
                             amount};
    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        put_number(to, number[k]);
}

ltp_status ltp_triangulate_table(const ltp_triangulation *triangulation, ltp_triangulate_part part,
                                 const ltp_triangulate_view *view, ltp_report_format format, FILE *to,
                                 ltp_error *error) {
#define COLUMNS(list)                                                                                                  \
    { list, sizeof list / sizeof *list }
    static const struct {
        const ltp_report_column *column;
        size_t count;
    } columns[LTP_PART_COUNT] = {COLUMNS(difference_column), COLUMNS(year_column), COLUMNS(exchange_column),
                                 COLUMNS(risk_column),       COLUMNS(plan_column), COLUMNS(certificate_column)};
#undef COLUMNS
    writer out = {.error = error};
    out.status = ltp_report_create(&out.report, columns[part].count, columns[part].column, error);
    if (out.status)
        return out.status;
    switch (part) {
    case LTP_PART_DIFFERENCE:
        put_differences(&out, triangulation, view);
        break;
    case LTP_PART_YEAR:
        put_years(&out, triangulation);
        break;
    case LTP_PART_EXCHANGE:
        put_exchange(&out, triangulation);
        break;
    case LTP_PART_RISK:
        put_risk(&out, triangulation);
        break;
    case LTP_PART_PLAN:
        put_plans(&out, triangulation);
        break;
    default:
        put_certificate(&out, triangulation);
    }
    if (!out.status)
        ltp_report_print(out.report, format, to);
    ltp_report_destroy(out.report);
    return out.status;
}
