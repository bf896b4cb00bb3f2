/* Organisations' own plans: which of their lines can be simulated, and from what. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile.h"

/* A row of plans.csv. */
typedef struct {
    size_t row;
    int organisation, year;
    const char *line;
} plan_row;

static const ltp_compile_context *sorting; /* loading is single-threaded */

/* By organisation's code, line, year: never by row. */
static int by_line(const void *left, const void *right) {
    const plan_row *x = left, *y = right;
    int order = strcmp(ltp_compile_party_at(sorting, x->organisation)->code,
                       ltp_compile_party_at(sorting, y->organisation)->code);
    if (!order)
        order = strcmp(x->line, y->line);
    return order ? order : x->year - y->year;
}

static plan_row *read_rows(ltp_compile_context *c, int *count) {
    const ltp_table *table = COMPILE_TABLE(c, PLANS);
    plan_row *row = COMPILE_NEW(c, table->row_count, plan_row);
    *count = 0;
    for (size_t r = 0; r < table->row_count; r++) {
        const int organisation = ltp_compile_party_find(c, ltp_cell_at(table, r, LTP_PLANS_CODE)->text);
        if (ltp_compile_row_sound(c, table, r) && organisation >= 0 && ltp_compile_party_at(c, organisation)->modelled)
            row[(*count)++] = (plan_row){.row = r,
                                         .organisation = organisation,
                                         .year = (int)ltp_compile_number(table, r, LTP_PLANS_YEAR),
                                         .line = ltp_cell_at(table, r, LTP_PLANS_LINE)->text};
    }
    sorting = c;
    if (*count)
        qsort(row, (size_t)*count, sizeof *row, by_line);
    return row;
}

static double amount(const ltp_compile_context *c, const plan_row *row) {
    return ltp_compile_number(COMPILE_TABLE(c, PLANS), row->row, LTP_PLANS_AMOUNT);
}

/* --- a plan with itself ----------------------------------------------------------------------------------------- */

static const plan_row *find_row(const plan_row *row, int count, const plan_row *like, const char *line) {
    const plan_row wanted = {.organisation = like->organisation, .year = like->year, .line = line};
    return count ? bsearch(&wanted, row, (size_t)count, sizeof *row, by_line) : NULL;
}

/* A provider's income − pay − non_pay is its surplus, to £0.1m. */
static void check_surplus(ltp_compile_context *c, const plan_row *row, int count) {
    for (int k = 0; k < count; k++) {
        const plan_row *income = find_row(row, count, &row[k], "income"), *pay = find_row(row, count, &row[k], "pay"),
                       *other = find_row(row, count, &row[k], "non_pay");
        if (strcmp(row[k].line, "surplus") != 0 || !income || !pay || !other ||
            ltp_compile_party_at(c, row[k].organisation)->sector != LTP_SECTOR_PROVIDER)
            continue;
        const double left = amount(c, income) - amount(c, pay) - amount(c, other), said = amount(c, &row[k]);
        if (fabs(left - said) > 0.1 + 1e-9)
            ltp_compile_problem(
                c, LTP_SEVERITY_WARNING, COMPILE_TABLE(c, PLANS)->row[row[k].row].at, "plans: amount", NULL, NULL,
                "the plan of '%s' in %s does not add up: income %.1f - pay %.1f - non_pay %.1f is %.1f, "
                "its surplus is %.1f",
                ltp_compile_party_at(c, row[k].organisation)->code, c->scenario->year_label[row[k].year],
                amount(c, income), amount(c, pay), amount(c, other), left, said);
    }
}

/* --- lines ------------------------------------------------------------------------------------------------------ */

static bool has(const ltp_compile_context *c, ltp_quantity q, int organisation, int item) {
    const bool *present = c->plan->roster.present[q];
    return present && present[(size_t)organisation * c->plan->roster.item_count[q] + (size_t)item];
}

/* What a line is simulated from. false: nothing here is. */
static bool source_of(const ltp_compile_context *c, const plan_row *row, ltp_plan_line *line, const char **unit) {
    static const char activity[] = "activity:";
    const int o = row->organisation;
    *line = (ltp_plan_line){.first = o, .count = 1, .minus = -1, .sign = 1.0, .money = true};
    *unit = "£m";
    if (strcmp(row->line, "income") == 0 || strcmp(row->line, "surplus") == 0) {
        line->plus = LTP_QUANTITY_INCOME;
    } else if (strcmp(row->line, "pay") == 0 || strcmp(row->line, "non_pay") == 0) {
        line->plus = *row->line == 'p' ? LTP_QUANTITY_PAY : LTP_QUANTITY_COST;
        line->sign = -1.0;
    } else if (strcmp(row->line, "savings_recurrent") == 0) {
        line->plus = LTP_QUANTITY_CASH_RELEASED;
    } else if (strcmp(row->line, "savings_non_recurrent") == 0) {
        line->plus = LTP_QUANTITY_NON_RECURRENT;
    } else if (strcmp(row->line, "fte") == 0) {
        const int groups = (int)c->plan->roster.item_count[LTP_QUANTITY_STAFF_SUPPLY];
        bool any = false;
        for (int g = 0; g < groups; g++)
            any |= has(c, LTP_QUANTITY_STAFF_SUPPLY, o, g);
        *unit = "fte";
        *line = (ltp_plan_line){LTP_QUANTITY_STAFF_SUPPLY, o * groups, groups, -1, 0, 1.0, false, NULL};
        return any;
    } else {
        const int service = ltp_compile_service_find(c, row->line + sizeof activity - 1);
        const int services = (int)c->plan->roster.service.count;
        if (service < 0)
            return false;
        *unit = c->plan->roster.service_unit[service];
        *line = (ltp_plan_line){LTP_QUANTITY_ACTIVITY, o * services + service, 1, -1, 0, -1.0, false, NULL};
        return has(c, LTP_QUANTITY_ACTIVITY, o, service);
    }
    if (strcmp(row->line, "surplus") == 0)
        line->minus = LTP_QUANTITY_COST;
    if (strcmp(row->line, "non_pay") == 0 && has(c, LTP_QUANTITY_PAY, o, 0)) /* without pay all cost is other cost */
        line->minus = LTP_QUANTITY_PAY;
    line->minus_at = o;
    return has(c, line->plus, o, 0);
}

/* Figures of year 1 to the last; NULL: one is missing, and has been named. */
static const double *planned(ltp_compile_context *c, const plan_row *row, int count) {
    double *figure = COMPILE_NEW(c, c->year_count, double);
    bool *given = COMPILE_NEW(c, c->year_count + 1, bool);
    for (int k = 0; k < count; k++) {
        given[row[k].year] = true;
        if (row[k].year > 0)
            figure[row[k].year - 1] = amount(c, &row[k]);
    }
    for (int t = 1; t <= c->year_count; t++)
        if (!given[t]) {
            ltp_compile_problem(c, LTP_SEVERITY_WARNING, COMPILE_TABLE(c, PLANS)->row[row->row].at, "plans: line", NULL,
                                NULL, "'%s' of '%s' has no figure in %s: it is added up, but not simulated", row->line,
                                ltp_compile_party_at(c, row->organisation)->code, c->scenario->year_label[t]);
            return NULL;
        }
    return figure;
}

static const char *label(ltp_compile_context *c, const char *first, const char *between, const char *second) {
    char *text;
    if (ltp_pool_format(c->pool, &text, c->error, "%s%s%s", first, between, second) != LTP_OK)
        longjmp(c->out_of_memory, 1);
    return text;
}

void ltp_check_plans(ltp_compile_context *c) {
    int count;
    plan_row *row = read_rows(c, &count);
    check_surplus(c, row, count);
}

void ltp_compile_plan_lines(ltp_compile_context *c) {
    ltp_roster *roster = &c->plan->roster;
    int count, lines = 0, unsimulated = 0;
    plan_row *row = read_rows(c, &count);
    const char **code = COMPILE_NEW(c, count, const char *), **name = COMPILE_NEW(c, count, const char *);
    const char **units = COMPILE_NEW(c, count, const char *);
    ltp_plan_line *list = COMPILE_NEW(c, count, ltp_plan_line);
    for (int k = 0, size; k < count; k += size) {
        const ltp_compile_party *party = ltp_compile_party_at(c, row[k].organisation);
        for (size = 1; k + size < count && row[k].organisation == row[k + size].organisation &&
                       strcmp(row[k].line, row[k + size].line) == 0;)
            size++;
        if (!source_of(c, &row[k], &list[lines], &units[lines])) {
            unsimulated++;
            continue;
        }
        if (!(list[lines].planned = planned(c, &row[k], size)))
            continue;
        code[lines] = label(c, party->code, ":", row[k].line);
        name[lines++] = label(c, party->name, ": ", row[k].line);
    }
    if (unsimulated)
        ltp_compile_unmodelled(c, "plans.csv: lines of what the scenario does not simulate for their organisation "
                                  "(activity, savings, staff) are added up only");
    roster->level[LTP_LEVEL_PLAN_LINE] = (ltp_label_axis){.count = (size_t)lines, .code = code, .name = name};
    roster->plan_line_unit = units;
    for (int k = 0; k < lines; k++)
        ltp_compile_present(c, LTP_QUANTITY_PLAN_MARGIN, k, 0, fabs(list[k].planned[0]));
    roster->present[LTP_QUANTITY_PLAN_MARGIN] = c->present[LTP_QUANTITY_PLAN_MARGIN];
    roster->scale[LTP_QUANTITY_PLAN_MARGIN] = c->scale[LTP_QUANTITY_PLAN_MARGIN];
    c->plan->model.plan_line_layer = (int)roster->layer_same[LTP_QUANTITY_PLAN_MARGIN][roster->layer.count - 1];
    c->plan->model.plan_line_count = lines;
    c->plan->model.plan_line = list;
}
