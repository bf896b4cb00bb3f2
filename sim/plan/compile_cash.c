/* Money that programmes move: income, investment, and what it costs to start and run them. */
#include <math.h>
#include <string.h>

#include "sim/plan/compile.h"

double ltp_compile_base_income(const ltp_compile_context *c, int organisation) {
    double sum = 0.0;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->mechanism && flow->payee == organisation)
            sum += flow->amount;
    }
    for (int a = 0; a < c->allocation.count; a++) {
        const ltp_allocation *allocation = COMPILE_AT(c->allocation, ltp_allocation, a);
        if (allocation->organisation == organisation)
            sum += allocation->amount[0];
    }
    return sum;
}

static double deflator(const ltp_compile_context *c, int year) {
    const ltp_table *table = COMPILE_TABLE(c, DEFLATORS);
    for (size_t r = 0; r < table->row_count; r++)
        if (ltp_compile_number(table, r, LTP_DEFLATORS_YEAR) == year)
            return ltp_compile_number(table, r, LTP_DEFLATORS_INDEX);
    return NAN;
}

/* Prices of year t against the start year's; a start before year 1 is at the base year's prices. */
static double *deflators(ltp_compile_context *c, int start) {
    double *index = COMPILE_NEW(c, c->year_count + 1, double);
    const bool given = COMPILE_TABLE(c, DEFLATORS)->row_count > 0;
    for (int t = 0; t <= c->year_count; t++) {
        index[t] = given ? deflator(c, t) / deflator(c, start) : 1.0;
        if (isnan(index[t])) {
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, (ltp_position){.file = COMPILE_TABLE(c, DEFLATORS)->file},
                                "deflators", "a row for the base year and every year of the scenario", NULL,
                                "a programme's running cost needs the price level of %s", c->scenario->year_label[t]);
            index[t] = 1.0;
        }
    }
    if (!given)
        ltp_compile_unmodelled(c,
                               "deflators: not given; running costs of programmes stay at their start year's prices");
    return index;
}

static void add_cash(ltp_compile_context *c, int programme, ltp_cash cash) {
    ltp_compile_programme *owner = COMPILE_AT(c->programme, ltp_compile_programme, programme);
    int at = ltp_compile_push(c, &c->cash, sizeof cash, &cash);
    if (owner->cash_count++ == 0)
        owner->cash_first = at;
}

/* A programme's targets; of demand and price, its target payers together where there are some. */
static void target_sponsors(const ltp_compile_context *c, const ltp_compile_programme *programme, const bool *target,
                            bool *sponsor) {
    const int n = ltp_compile_organisation_count(c);
    memcpy(sponsor, target, (size_t)n * sizeof *sponsor);
    if (programme->kind->acts_on != LTP_ACTS_ON_PRICE && programme->kind->acts_on != LTP_ACTS_ON_DEMAND)
        return;
    bool payers = false;
    for (int o = 0; o < n; o++)
        payers |= target[o] && ltp_compile_party_at(c, o)->sector == LTP_SECTOR_COMMISSIONER;
    for (int o = 0; payers && o < n; o++)
        sponsor[o] &= ltp_compile_party_at(c, o)->sector == LTP_SECTOR_COMMISSIONER;
}

/* Who bears a programme's cost: bears_cost, else the sponsor, else its targets (payers, for demand and price). A
 * whole system means its providers. */
static bool bearers(ltp_compile_context *c, int index, const bool *target, bool has_targets, bool *bears) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    if (ltp_compile_bearers(c, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_BEARS_COST), "programmes: bears_cost",
                            bears) ||
        ltp_compile_bearers(c, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_SPONSOR), "programmes: sponsor",
                            bears))
        return true;
    if (has_targets)
        target_sponsors(c, programme, target, bears);
    return has_targets;
}

/* The sponsor's column, else who would bear the cost but for bears_cost: its target payers, or its targets; of income
 * who receives it, of an investment who pays. */
static const bool *sponsor(ltp_compile_context *c, int index, const bool *target, bool has_targets) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    const int n = ltp_compile_organisation_count(c);
    bool *sponsors = COMPILE_NEW(c, n, bool);
    if (ltp_compile_targets(c, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_SPONSOR), "programmes: sponsor",
                            sponsors))
        return sponsors;
    if (has_targets) {
        target_sponsors(c, programme, target, sponsors);
        return sponsors;
    }
    const int column = programme->kind->acts_on == LTP_ACTS_ON_INCOME ? LTP_PROGRAMMES_PAYEE : LTP_PROGRAMMES_PAYER;
    const ltp_cell *end = ltp_cell_at(table, programme->row, column);
    const int party = end->present ? ltp_compile_party_find(c, end->text) : -1;
    if (party >= 0 && party < n)
        sponsors[party] = true;
    return sponsors;
}

static void running_cost(ltp_compile_context *c, int index, const bool *target, bool has_targets) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    const double once = ltp_compile_number(table, programme->row, LTP_PROGRAMMES_COST_ONE_OFF);
    const double yearly = ltp_compile_number(table, programme->row, LTP_PROGRAMMES_COST_PER_YEAR);
    const ltp_cell *start = ltp_cell_at(table, programme->row, LTP_PROGRAMMES_START);
    const int n = ltp_compile_organisation_count(c);
    bool *bears = COMPILE_NEW(c, n, bool);
    double *income = COMPILE_NEW(c, n, double);
    int count = 0;
    if (once == 0.0 && yearly == 0.0)
        return;
    const bool borne = bearers(c, index, target, has_targets, bears);
    if (!borne)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[programme->row].at, "programmes: bears_cost",
                            "who bears it: bears_cost, sponsor or target_organisations", NULL,
                            "programme '%s' has a cost that nobody bears", programme->code);
    if (!start->present && !programme->kind->needs_effect) /* else its missing start has been said */
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[programme->row].at, "programmes: start",
                            "a date, such as 2019-04-01", NULL, "programme '%s' has a cost that never starts",
                            programme->code);
    if (!borne || !start->present)
        return;
    const int first = start->number < 12.0 ? 0 : (int)(start->number / 12.0);
    for (int o = 0; o < n; o++) {
        income[o] = bears[o] ? ltp_compile_base_income(c, o) : 0.0;
        count += bears[o];
    }
    const double total = ltp_compile_sum_by_code(c, income);
    const double *index_of = deflators(c, first > c->year_count ? c->year_count : first);
    for (int o = 0; o < n; o++) {
        /* Those without any base income share it evenly: a cost never vanishes. */
        const double share = !bears[o] ? 0.0 : total > 0.0 ? income[o] / total : 1.0 / count;
        double *amount = COMPILE_NEW(c, c->year_count, double);
        if (share == 0.0)
            continue;
        for (int t = first > 1 ? first : 1; t <= c->year_count; t++)
            amount[t - 1] = share * (yearly * index_of[t] + (t == first ? once : 0.0));
        add_cash(c, index, (ltp_cash){.payer = o, .payee = c->suppliers, .amount = amount, .delivery = -1});
    }
}

static void amounts(ltp_compile_context *c, int index) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    const int n = ltp_compile_organisation_count(c);
    const int payer = ltp_compile_party_find(c, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_PAYER)->text);
    const int payee = ltp_compile_party_find(c, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_PAYEE)->text);
    double *amount = COMPILE_NEW(c, c->year_count, double);
    int first = 0;
    if (payer < 0 || payee < 0)
        return;
    for (int t = 1; t <= c->year_count; t++) {
        const ltp_cell *cell = ltp_cell_year(table, programme->row, LTP_PROGRAMMES_AMOUNT, t);
        amount[t - 1] = cell && cell->present ? cell->number : 0.0;
        if (!first && amount[t - 1] != 0.0)
            first = t;
    }
    if (payer == payee)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_PAYEE)->at,
                            "programmes: payee", "another party", NULL, "programme '%s' pays its own payer",
                            programme->code);
    else if (payer >= n && payee >= n)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[programme->row].at, "programmes: payee",
                            "an organisation at one end at least", NULL,
                            "programme '%s' moves money between two parties outside the accounts", programme->code);
    const int member = payee < n ? payee : payer;
    const double factor = ltp_compile_number(table, programme->row, LTP_PROGRAMMES_DELIVERY_FACTOR);
    const int delivery = ltp_compile_held(c, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_DELIVERY), factor,
                                          ltp_compile_party_at(c, member)->place, member, first ? first : 1);
    const bool spends = programme->kind->acts_on == LTP_ACTS_ON_SPENDING && payee < n &&
                        ltp_compile_party_at(c, payee)->sector != LTP_SECTOR_COMMISSIONER;
    add_cash(c, index,
             (ltp_cash){.payer = payer, .payee = payee, .amount = amount, .delivery = delivery, .spent = spends});
}

void ltp_compile_programme_cash(ltp_compile_context *c, int index, const bool *target, bool has_targets) {
    if (COMPILE_AT(c->programme, ltp_compile_programme, index)->kind->needs_amounts)
        amounts(c, index);
    running_cost(c, index, target, has_targets);
    COMPILE_AT(c->programme, ltp_compile_programme, index)->sponsor = sponsor(c, index, target, has_targets);
}
