/* Variation: how far target organisations are from the benchmarks of a programme's services. */
#include <math.h>
#include <string.h>

#include "sim/plan/compile_programme.h"

/* A benchmark at one organisation: what it is of, and the share of cost or activity that full closing would save. */
typedef struct {
    size_t row;
    int service;
    double gap;
} comparison;

static const ltp_cell *benchmark_cell(const ltp_programme_reading *p, size_t row, int column) {
    return ltp_cell_at(COMPILE_TABLE(p->c, BENCHMARKS), row, column);
}

static const char *service_code(const ltp_programme_reading *p, int service) {
    return p->c->plan->roster.service.code[service];
}

static bool of_measure(const ltp_programme_reading *p, size_t row, int service, int measure) {
    const ltp_cell *its = benchmark_cell(p, row, LTP_BENCHMARKS_SERVICE);
    return strcmp(its->text, service_code(p, service)) == 0 &&
           (int)benchmark_cell(p, row, LTP_BENCHMARKS_MEASURE)->number == measure;
}

/* Which of two peer groups is meant, or whether a cost is meant twice, nobody can say. */
static bool ambiguous(const ltp_programme_reading *p, int service, int measure, size_t row, size_t other) {
    const char *category = benchmark_cell(p, row, LTP_BENCHMARKS_CATEGORY)->text;
    const char *its = benchmark_cell(p, other, LTP_BENCHMARKS_CATEGORY)->text;
    if (strcmp(category, its) != 0 && *category && *its)
        return false;
    ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_SERVICES)->at,
                        "programmes: target_services", "one benchmark of a service, measure and category", NULL,
                        "programme '%s': '%s' has more than one benchmark of its %s, of the peers '%s' and '%s'",
                        p->programme->code, service_code(p, service),
                        measure == LTP_MEASURE_RATE ? "rate" : "unit cost",
                        benchmark_cell(p, row, LTP_BENCHMARKS_PEER_GROUP)->text,
                        benchmark_cell(p, other, LTP_BENCHMARKS_PEER_GROUP)->text);
    return true;
}

/* Rows of the service's benchmark; −1 after an error. */
static int find_rows(const ltp_programme_reading *p, int service, int measure, size_t *row) {
    int count = 0;
    for (size_t r = 0; r < COMPILE_TABLE(p->c, BENCHMARKS)->row_count; r++) {
        if (!of_measure(p, r, service, measure))
            continue;
        for (int k = 0; k < count; k++)
            if (ambiguous(p, service, measure, row[k], r))
                return -1;
        row[count++] = r;
    }
    return count;
}

static void cannot_compare(const ltp_programme_reading *p, int organisation, int service, const char *expected,
                           const char *what) {
    ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_SERVICES)->at,
                        "programmes: target_services", expected, NULL,
                        "programme '%s': '%s' has no %s of '%s' to compare", p->programme->code,
                        ltp_compile_party_at(p->c, organisation)->code, what, service_code(p, service));
}

static double gap_to(const ltp_programme_reading *p, size_t row, double own) {
    return fmax(0.0, 1.0 - benchmark_cell(p, row, LTP_BENCHMARKS_VALUE)->number / own);
}

/* --- unit cost: share(h,p) · base cost ÷ activity --- */

static bool of_category(const ltp_programme_reading *p, size_t row, const ltp_cost *cost) {
    const ltp_cell *category = benchmark_cell(p, row, LTP_BENCHMARKS_CATEGORY);
    return !category->present || strcmp(category->text, ltp_compile_category_code(p->c, cost->category)) == 0;
}

/* Volume that the service's share of income pays for: activity of its flows, pass-through left out like its cost. */
static double treated(const ltp_programme_reading *p, int provider, int service) {
    double units = 0.0;
    for (int f = 0; f < p->c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(p->c->flow, ltp_compile_flow, f);
        if (flow->mechanism && flow->mechanism->index != LTP_INDEX_PRICE && flow->payee == provider &&
            flow->service == service)
            units += flow->units;
    }
    return units;
}

static bool compare_cost(const ltp_programme_reading *p, int provider, int service, size_t row, comparison *to) {
    const double share = ltp_compile_service_share(p->c, provider, service);
    const double units = treated(p, provider, service);
    double cost = 0.0;
    for (int k = 0; k < p->c->cost.count; k++) {
        const ltp_cost *line = COMPILE_AT(p->c->cost, ltp_cost, k);
        if (line->organisation == provider && of_category(p, row, line))
            cost += line->amount;
    }
    if (share == 0.0 || cost == 0.0)
        return false; /* it does not do this service */
    if (units == 0.0) {
        cannot_compare(p, provider, service, "flows with their activity", "activity");
        return false;
    }
    *to = (comparison){.row = row, .service = service, .gap = gap_to(p, row, share * cost / units * 1e6)};
    return true;
}

/* What is open on a cost line, once for each benchmark, whichever programmes aim at it. */
static void open_cost(const ltp_programme_reading *p, int line, const comparison *one, double share) {
    ltp_compile_context *c = p->c;
    for (int k = 0; k < c->open_cost.count; k++) {
        const ltp_compile_open *open = COMPILE_AT(c->open_cost, ltp_compile_open, k);
        if (open->on == line && open->row == one->row)
            return;
    }
    ltp_compile_open open = {.on = line, .row = one->row, .share = share * one->gap};
    ltp_compile_push(c, &c->open_cost, sizeof open, &open);
}

/* Effect on a line = f · Σ over services of share(h,p) · gap. */
static int touch_provider(const ltp_programme_reading *p, int provider, const comparison *one, int count) {
    int compared = 0;
    for (int k = 0; k < p->c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(p->c->cost, ltp_cost, k);
        double open = 0.0;
        if (cost->organisation != provider || cost->amount == 0.0 || !ltp_programme_targets_cost(p, cost))
            continue;
        for (int i = 0; i < count; i++) {
            const double share = ltp_compile_service_share(p->c, provider, one[i].service);
            if (!of_category(p, one[i].row, cost))
                continue;
            compared++;
            open_cost(p, k, &one[i], share);
            open += share * one[i].gap;
        }
        if (open > 0.0)
            ltp_programme_touch(p, TOUCH_COST, k, ltp_programme_action(p, provider, p->effect * open, -1));
    }
    return compared;
}

/* --- rate: activity per 1,000 age-weighted persons --- */

/* Share of its system's need that a payer buys for: allocations follow weighted populations (NHS England, Technical
 * guide to allocation formulae), so that of core allocations; who commissions for a whole system: all of it. */
static double share_of_need(const ltp_compile_context *c, int payer) {
    const ltp_compile_party *party = ltp_compile_party_at(c, payer);
    const int n = ltp_compile_organisation_count(c);
    double *core = COMPILE_NEW((ltp_compile_context *)c, n, double);
    if (party->kind != LTP_ORGANISATION_KIND_CCG)
        return 1.0;
    for (int o = 0; o < n; o++) {
        const ltp_compile_party *other = ltp_compile_party_at(c, o);
        const int a = ltp_compile_allocation_find(c, o, LTP_STREAM_CORE);
        if (other->kind == LTP_ORGANISATION_KIND_CCG && other->place == party->place && a >= 0)
            core[o] = COMPILE_AT(c->allocation, ltp_allocation, a)->amount[0];
    }
    const double total = ltp_compile_sum_by_code(c, core);
    return total > 0.0 ? core[payer] / total : 0.0;
}

static bool buys(const ltp_compile_flow *flow, int payer, int service) {
    return flow->mechanism && flow->activity >= 0 && flow->payer == payer && flow->service == service;
}

static bool compare_rate(const ltp_programme_reading *p, int payer, int service, size_t row, comparison *to) {
    const double persons = share_of_need(p->c, payer) *
                           ltp_compile_weighted_persons(p->c, ltp_compile_party_at(p->c, payer)->place, service);
    double units = 0.0;
    bool any = false;
    for (int f = 0; f < p->c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(p->c->flow, ltp_compile_flow, f);
        if (!buys(flow, payer, service))
            continue;
        units += flow->units;
        any = true;
    }
    if (!any)
        return false;
    if (units == 0.0)
        cannot_compare(p, payer, service, "flows with their activity", "activity");
    else if (!(persons > 0.0))
        cannot_compare(p, payer, service,
                       "its system in population.csv, the service in use_by_age.csv, and a core allocation",
                       "age-weighted persons");
    else {
        *to = (comparison){.row = row, .service = service, .gap = gap_to(p, row, units / (persons / 1000.0))};
        return true;
    }
    return false;
}

static void open_spending(const ltp_programme_reading *p, int payer, const comparison *one) {
    ltp_compile_context *c = p->c;
    for (int k = 0; k < c->open_spending.count; k++) {
        const ltp_compile_open *open = COMPILE_AT(c->open_spending, ltp_compile_open, k);
        if (open->on == payer && open->row == one->row)
            return;
    }
    ltp_compile_open open = {.on = payer, .service = one->service, .row = one->row, .share = one->gap};
    ltp_compile_push(c, &c->open_spending, sizeof open, &open);
}

static void touch_payer(const ltp_programme_reading *p, int payer, const comparison *one) {
    open_spending(p, payer, one);
    for (int f = 0; one->gap > 0.0 && f < p->c->flow.count; f++)
        if (buys(COMPILE_AT(p->c->flow, ltp_compile_flow, f), payer, one->service))
            ltp_programme_touch(p, TOUCH_DEMAND, f, ltp_programme_action(p, payer, p->effect * one->gap, -1));
}

/* --- both --- */

static void missing(const ltp_programme_reading *p, int service, bool costs, bool rates) {
    ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_SERVICES)->at,
                        "programmes: target_services", "a row of benchmarks.csv", NULL,
                        "programme '%s': '%s' has no benchmark of its %s", p->programme->code, service_code(p, service),
                        costs && rates ? "unit cost or its rate"
                        : costs        ? "unit cost, which is what its targets have"
                                       : "rate, which is what its targets have");
}

/* Providers have unit costs, commissioners rates; a partner that keeps books has a unit cost too. */
static bool has_rate(const ltp_programme_reading *p, int organisation) {
    return ltp_compile_party_at(p->c, organisation)->sector == LTP_SECTOR_COMMISSIONER;
}

static int touch_organisation(const ltp_programme_reading *p, int organisation, int *const count,
                              size_t *const *const row) {
    const int services = (int)p->c->plan->roster.service.count;
    const bool rate = has_rate(p, organisation);
    comparison *one = COMPILE_NEW(p->c, COMPILE_TABLE(p->c, BENCHMARKS)->row_count, comparison);
    int found = 0;
    for (int i = 0; i < services; i++) { /* by code: their gaps are added up in this order */
        const int s = p->c->service_by_code[i];
        for (int k = 0; k < count[s]; k++)
            found += rate ? compare_rate(p, organisation, s, row[s][k], &one[found])
                          : compare_cost(p, organisation, s, row[s][k], &one[found]);
    }
    for (int k = 0; rate && k < found; k++)
        touch_payer(p, organisation, &one[k]);
    return rate ? found : touch_provider(p, organisation, one, found);
}

int ltp_programme_touch_variation(const ltp_programme_reading *p) {
    const int n = ltp_compile_organisation_count(p->c), services = (int)p->c->plan->roster.service.count;
    const size_t most = COMPILE_TABLE(p->c, BENCHMARKS)->row_count;
    bool any[2] = {false, false};
    int *count[2], touched = 0;
    size_t **row[2];
    for (int o = 0; o < n; o++)
        any[has_rate(p, o)] |= p->target[o];
    for (int measure = 0; measure < 2; measure++) {
        count[measure] = COMPILE_NEW(p->c, services, int);
        row[measure] = COMPILE_NEW(p->c, services, size_t *);
    }
    bool good = true;
    for (int s = 0; s < services; s++) {
        bool found = false;
        for (int rate = 0; rate < 2 && (p->all_services || p->service[s]); rate++) {
            row[rate][s] = COMPILE_NEW(p->c, most, size_t);
            count[rate][s] =
                any[rate] ? find_rows(p, s, rate ? LTP_MEASURE_RATE : LTP_MEASURE_UNIT_COST, row[rate][s]) : 0;
            found |= count[rate][s] != 0;
            good &= count[rate][s] >= 0;
        }
        if (!found && p->service[s]) {
            missing(p, s, any[0], any[1]);
            good = false;
        }
    }
    if (!good)
        return 1; /* said */
    const size_t before = ltp_problem_count(p->c->problems, LTP_SEVERITY_ERROR);
    for (int k = 0; k < p->c->party.count; k++) {
        const int o = p->c->party_by_code[k]; /* by code: actions are made in this order */
        if (o < n && p->target[o])
            touched += touch_organisation(p, o, count[has_rate(p, o)], row[has_rate(p, o)]);
    }
    return touched + (ltp_problem_count(p->c->problems, LTP_SEVERITY_ERROR) > before);
}

/* --- the table --- */

void ltp_compile_benchmarks(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, BENCHMARKS);
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *value = ltp_cell_at(table, r, LTP_BENCHMARKS_VALUE);
        const ltp_cell *category = ltp_cell_at(table, r, LTP_BENCHMARKS_CATEGORY);
        const ltp_cell *measure = ltp_cell_at(table, r, LTP_BENCHMARKS_MEASURE);
        if (value->present && value->number == 0.0)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, value->at, "benchmarks: value", "a number above 0", NULL,
                                "no peer does '%s' for nothing", ltp_cell_at(table, r, LTP_BENCHMARKS_SERVICE)->text);
        if (category->present && measure->present && (int)measure->number == LTP_MEASURE_RATE)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, category->at, "benchmarks: category", "an empty cell", NULL,
                                "a rate is of activity, not of the cost of '%s'", category->text);
    }
}
