/* Capital schemes, and what waits for them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile_capital.h"
#include "sim/plan/number.h"

static const ltp_cell *cell(const ltp_compile_context *c, size_t row, int column) {
    return ltp_cell_at(COMPILE_TABLE(c, SCHEMES), row, column);
}

/* Shares of the cost by year of building; without phasing, equal ones. */
static const double *phases(ltp_compile_context *c, size_t row, int years) {
    const ltp_cell *phasing = cell(c, row, LTP_SCHEMES_PHASING);
    const char *code = cell(c, row, LTP_SCHEMES_CODE)->text;
    double *phase = COMPILE_NEW(c, years, double), sum = 0.0;
    for (int k = 0; k < years; k++)
        phase[k] = 1.0 / years;
    if (!phasing->present)
        return phase;
    if ((int)phasing->item_count != years) {
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, phasing->at, "schemes: phasing", "one share for each year", NULL,
                            "scheme '%s' is built in %d year%s, but its phasing has %zu share%s", code, years,
                            years == 1 ? "" : "s", phasing->item_count, phasing->item_count == 1 ? "" : "s");
        return phase;
    }
    for (int k = 0; k < years; k++) {
        ltp_complaint complaint;
        if (!ltp_number_read(phasing->item[k], &phase[k], &complaint))
            return phase; /* the reader has said so */
        sum += phase[k];
    }
    if (fabs(sum - 1.0) > 1e-9)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, phasing->at, "schemes: phasing", "shares that sum to 1", NULL,
                            "the phases of scheme '%s' sum to %.10g", code, sum);
    return phase;
}

static void read_scheme(ltp_compile_context *c, size_t row, ltp_capital_tally *tally, ltp_compile_list *list) {
    const ltp_table *table = COMPILE_TABLE(c, SCHEMES);
    const ltp_cell *code = cell(c, row, LTP_SCHEMES_CODE), *driver = cell(c, row, LTP_SCHEMES_COST_DRIVER);
    const int cost_driver = driver->present ? ltp_compile_driver_find(c, driver->text) : -1;
    const int years = (int)ltp_compile_number(table, row, LTP_SCHEMES_YEARS);
    c->muted = c->flawed[LTP_TABLE_ORGANISATIONS] || !ltp_compile_row_sound(c, table, row);
    const int o = ltp_capital_provider(c, cell(c, row, LTP_SCHEMES_ORGANISATION), "schemes: organisation");
    if (cost_driver >= 0)
        ltp_capital_check_driver(c, cost_driver, driver->at, "schemes: cost_driver", "a factor on a cost");
    const double *phase = phases(c, row, years > 0 ? years : 1);
    if (o < 0 || c->muted)
        return;
    const double months = cell(c, row, LTP_SCHEMES_START)->number - 12.0;
    ltp_scheme scheme = {.estate = o,
                         .roster = (int)row,
                         .funding = (ltp_funding)ltp_compile_number(table, row, LTP_SCHEMES_FUNDING),
                         .mandatory = ltp_compile_number(table, row, LTP_SCHEMES_MANDATORY) != 0.0,
                         .start_year = (int)floor(months / 12.0) + 1,
                         .phase_count = years,
                         .phase = phase,
                         .cost = ltp_compile_number(table, row, LTP_SCHEMES_COST),
                         .life = ltp_compile_number(table, row, LTP_SCHEMES_LIFE_YEARS),
                         .clears = ltp_compile_number(table, row, LTP_SCHEMES_CLEARS_BACKLOG),
                         .beds = ltp_compile_number(table, row, LTP_SCHEMES_ADDS_BEDS)};
    const int place = ltp_compile_party_at(c, o)->place;
    int drawn = scheme.start_year > 1 ? scheme.start_year : 1;
    drawn = drawn < c->year_count ? drawn : c->year_count;
    scheme.factor = cost_driver >= 0 ? ltp_compile_held(c, driver, 1.0, place, o, drawn) : -1;
    scheme.slippage = ltp_compile_held(c, cell(c, row, LTP_SCHEMES_SLIPPAGE), 1.0, place, o, drawn);
    if (scheme.start_year + years - 1 <= 0)
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, cell(c, row, LTP_SCHEMES_START)->at, "schemes: start", NULL, NULL,
                            "scheme '%s' would be complete before the first year: nothing of it is paid, and its beds "
                            "and backlog are taken as counted",
                            code->text);
    tally[o].has[LTP_NEED_SCHEMES] = true;
    tally[o].amount[LTP_NEED_SCHEMES] += scheme.cost;
    tally[o].envelope_scheme |= scheme.funding == LTP_FUNDING_ENVELOPE;
    tally[o].clears += scheme.clears;
    if (scheme.beds > 0.0 && !tally[o].has[LTP_NEED_CAPACITY] && !c->flawed[LTP_TABLE_BEDS])
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, cell(c, row, LTP_SCHEMES_ADDS_BEDS)->at, "schemes: adds_beds",
                            NULL, NULL, "scheme '%s' adds beds, but beds.csv has no row of '%s', so none are needed",
                            code->text, ltp_compile_party_at(c, o)->code);
    ltp_compile_push(c, list, sizeof scheme, &scheme);
}

static const ltp_compile_context *sorting; /* loading is single-threaded */

static int by_system_priority_code(const void *a, const void *b) {
    const ltp_scheme *x = a, *y = b;
    const int system =
        ltp_compile_party_at(sorting, x->estate)->system - ltp_compile_party_at(sorting, y->estate)->system;
    const double first = cell(sorting, (size_t)x->roster, LTP_SCHEMES_PRIORITY)->number;
    const double second = cell(sorting, (size_t)y->roster, LTP_SCHEMES_PRIORITY)->number;
    if (system != 0)
        return system;
    if (first != second)
        return first < second ? -1 : 1;
    return strcmp(cell(sorting, (size_t)x->roster, LTP_SCHEMES_CODE)->text,
                  cell(sorting, (size_t)y->roster, LTP_SCHEMES_CODE)->text);
}

void ltp_compile_schemes(ltp_compile_context *c, ltp_capital_tally *tally) {
    const ltp_table *table = COMPILE_TABLE(c, SCHEMES);
    const char **code = COMPILE_NEW(c, table->row_count, const char *);
    const char **name = COMPILE_NEW(c, table->row_count, const char *);
    int *scheme_of_row = COMPILE_NEW(c, table->row_count, int);
    ltp_compile_list list = {0};
    for (size_t r = 0; r < table->row_count; r++) {
        code[r] = cell(c, r, LTP_SCHEMES_CODE)->text;
        name[r] = cell(c, r, LTP_SCHEMES_NAME)->present ? cell(c, r, LTP_SCHEMES_NAME)->text : code[r];
        scheme_of_row[r] = -1;
    }
    for (size_t r = 0; r < table->row_count; r++)
        read_scheme(c, table->by_key[r], tally, &list);
    sorting = c;
    if (list.count)
        qsort(list.item, (size_t)list.count, sizeof(ltp_scheme), by_system_priority_code);
    for (int q = 0; q < list.count; q++)
        scheme_of_row[COMPILE_AT(list, ltp_scheme, q)->roster] = q;
    c->plan->roster.level[LTP_LEVEL_SCHEME] = (ltp_label_axis){.count = table->row_count, .code = code, .name = name};
    c->capital.scheme = list.item;
    c->capital.scheme_count = list.count;
    c->scheme_of_row = scheme_of_row;
}

/* --- layers and what waits --- */

double ltp_compile_planned_opening(const ltp_compile_context *c, int scheme) {
    return c->capital.scheme[scheme].start_year + c->capital.scheme[scheme].phase_count - 1;
}

bool ltp_compile_layer_has_schemes(const ltp_compile_context *c, int layer) {
    return c->content[layer].all || (c->content[layer].tests & 1u << LTP_CAPITAL_TEST) != 0;
}

bool ltp_compile_layer_has_scheme(const ltp_compile_context *c, int layer, int scheme) {
    return c->capital.scheme[scheme].mandatory || ltp_compile_layer_has_schemes(c, layer);
}

bool ltp_compile_optional_schemes(const ltp_compile_context *c) {
    for (int q = 0; q < c->capital.scheme_count; q++)
        if (!c->capital.scheme[q].mandatory)
            return true;
    return false;
}

bool ltp_compile_action_waits_for_scheme(const ltp_compile_context *c, int index) {
    const ltp_action *action = COMPILE_AT(c->action, ltp_action, index);
    bool waits = action->scheme >= 0;
    for (int k = 0; k < action->after_count && !waits; k++)
        waits = ltp_compile_action_waits_for_scheme(c, action->after[k]);
    return waits;
}

int ltp_compile_action_in(ltp_compile_context *c, int index, int layer) {
    const int variant = c->layer_capital[layer];
    bool found;
    if (variant < 0 || !ltp_compile_action_waits_for_scheme(c, index))
        return index;
    int at = ltp_compile_intern(c, &c->action_copy_map, (ltp_compile_key){{index, variant}}, &found);
    if (found)
        return *COMPILE_AT(c->action_copy, int, at);
    const int none = -1; /* takes its place in the list before those that it waits for take theirs */
    ltp_compile_push(c, &c->action_copy, sizeof none, &none);
    ltp_action copy = *COMPILE_AT(c->action, ltp_action, index);
    int *after = COMPILE_NEW(c, copy.after_count, int);
    for (int k = 0; k < copy.after_count; k++)
        after[k] = ltp_compile_action_in(c, copy.after[k], layer);
    copy.after = after;
    copy.lasting = copy.money_row = -1;
    copy.capital = copy.scheme >= 0 ? variant : -1;
    const int made = ltp_compile_push(c, &c->action, sizeof copy, &copy);
    *COMPILE_AT(c->action_copy, int, at) = made;
    return made;
}
