/* Both sides' figures, compared pair by pair and service by service. */
#include "sim/triangulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const ltp_table *table_of(const ltp_plan *plan, ltp_table_id id) {
    return &plan->scenario->table[id];
}

/* Figures are typed in decimals: what their sums and differences add in the last bits is not money. */
static double clean(double value) {
    return rint(value * 1e9) / 1e9;
}

/* --- names ------------------------------------------------------------------------------------------------------ */

static const char *name_in(const ltp_table *table, const char *code, int column) {
    const size_t row = ltp_table_find(table, code);
    const ltp_cell *name = row == SIZE_MAX ? NULL : ltp_cell_at(table, row, column);
    return name && name->present && *name->text ? name->text : NULL;
}

const char *ltp_triangulate_party(const ltp_plan *plan, const char *code) {
    const char *name = name_in(table_of(plan, LTP_TABLE_ORGANISATIONS), code, LTP_ORGANISATIONS_NAME);
    if (!name)
        name = name_in(table_of(plan, LTP_TABLE_OUTSIDE), code, LTP_OUTSIDE_NAME);
    return name ? name : code;
}

const char *ltp_triangulate_service(const ltp_plan *plan, const char *code) {
    const char *name = name_in(table_of(plan, LTP_TABLE_SERVICES), code, LTP_SERVICES_NAME);
    return name ? name : code;
}

bool ltp_triangulate_modelled(const ltp_plan *plan, const char *code, size_t *organisation) {
    *organisation = ltp_table_find(table_of(plan, LTP_TABLE_ORGANISATIONS), code);
    return *organisation != SIZE_MAX;
}

/* --- contracts in canonical order ------------------------------------------------------------------------------- */

static int compare_codes(const char *const a[3], const char *const b[3]) {
    int order = 0;
    for (int k = 0; k < 3 && !order; k++)
        order = strcmp(a[k], b[k]);
    return order;
}

static int by_key(const void *left, const void *right) {
    const ltp_triangle *x = left, *y = right;
    int order = strcmp(x->payer, y->payer);
    if (!order)
        order = strcmp(x->payee, y->payee);
    if (!order)
        order = (x->year > y->year) - (x->year < y->year);
    return order ? order : strcmp(x->service, y->service);
}

static int by_service(const void *left, const void *right) {
    const ltp_unexchanged *x = left, *y = right;
    const char *const a[3] = {x->payer, x->payee, x->service}, *const b[3] = {y->payer, y->payee, y->service};
    const int order = compare_codes(a, b);
    return order ? order : (x->year > y->year) - (x->year < y->year);
}

static int by_service_and_amount(const void *left, const void *right) {
    const double a = ((const ltp_unexchanged *)left)->amount, b = ((const ltp_unexchanged *)right)->amount;
    const int order = by_service(left, right);
    return order ? order : (a > b) - (a < b);
}

/* Largest first, of one kind of gap after the other. */
static int by_amount(const void *left, const void *right) {
    const ltp_unexchanged *x = left, *y = right;
    const double a = fabs(x->amount), b = fabs(y->amount);
    if (x->missing != y->missing)
        return x->missing < y->missing ? -1 : 1;
    return a != b ? (a < b) - (a > b) : by_service(left, right);
}

static int lambda_of(const ltp_plan *plan, const ltp_triangle *line) {
    for (int k = 0; k < plan->settled_count; k++) {
        const ltp_settled_contract *settled = &plan->settled[k];
        if (strcmp(settled->payer, line->payer) == 0 && strcmp(settled->payee, line->payee) == 0 &&
            strcmp(settled->service, line->service) == 0)
            return settled->lambda;
    }
    return -1;
}

static double figure(const ltp_table *table, size_t row, int column) {
    const ltp_cell *cell = ltp_cell_at(table, row, column);
    return cell->present ? cell->number : NAN;
}

static ltp_triangle read_contract(const ltp_plan *plan, size_t row) {
    const ltp_table *table = table_of(plan, LTP_TABLE_CONTRACTS);
    ltp_triangle line = {
        .payer = ltp_cell_at(table, row, LTP_CONTRACTS_PAYER)->text,
        .payee = ltp_cell_at(table, row, LTP_CONTRACTS_PAYEE)->text,
        .service = ltp_cell_at(table, row, LTP_CONTRACTS_SERVICE)->text,
        .year = (int)ltp_cell_at(table, row, LTP_CONTRACTS_YEAR)->number,
        .amount = {figure(table, row, LTP_CONTRACTS_PAYER_AMOUNT), figure(table, row, LTP_CONTRACTS_PAYEE_AMOUNT)},
        .activity = {figure(table, row, LTP_CONTRACTS_PAYER_ACTIVITY),
                     figure(table, row, LTP_CONTRACTS_PAYEE_ACTIVITY)}};
    line.lambda = lambda_of(plan, &line);
    return line;
}

/* --- the split of a difference ---------------------------------------------------------------------------------- */

/* £m a unit. A side that plans nothing at all has the other's price: the whole difference is then volume. NaN: none. */
static double unit_price(const ltp_triangle *line, int side) {
    if (line->activity[side] == 0.0 && line->amount[side] == 0.0)
        side = !side;
    return line->activity[side] > 0.0 ? line->amount[side] / line->activity[side] : NAN;
}

static void judge(const ltp_plan *plan, ltp_triangle *line) {
    const double share = plan->scenario->tolerance_share * fabs(line->amount[LTP_SIDE_PAYER]);
    line->tolerance = clean(fmax(plan->scenario->tolerance_amount, share));
    line->aligned = fabs(line->difference) <= line->tolerance;
}

/* model.md section 11: volume = activity difference × payer's unit price; price = unit price difference × payer's
 * activity; mix = the rest. */
static void split(ltp_triangle *line) {
    const double own = unit_price(line, LTP_SIDE_PAYER), other = unit_price(line, LTP_SIDE_PAYEE);
    line->difference = clean(line->amount[LTP_SIDE_PAYEE] - line->amount[LTP_SIDE_PAYER]);
    line->apart = fabs(line->difference);
    if (line->difference == 0.0 && !(fabs(own - other) > 0.0))
        return;
    if (isnan(own) || isnan(other) || isnan(line->activity[LTP_SIDE_PAYER] + line->activity[LTP_SIDE_PAYEE])) {
        line->unsplit = line->difference;
        return;
    }
    line->volume = clean((line->activity[LTP_SIDE_PAYEE] - line->activity[LTP_SIDE_PAYER]) * own);
    line->price = clean((other - own) * line->activity[LTP_SIDE_PAYER]);
    line->mix = clean(line->difference - line->volume - line->price);
}

static bool same_pair(const ltp_triangle *a, const ltp_triangle *b) {
    return a->year == b->year && strcmp(a->payer, b->payer) == 0 && strcmp(a->payee, b->payee) == 0;
}

/* Lines stand pair by pair; a pair is the sum of its lines, in the order of their services. */
static void add_pairs(ltp_triangulation *out) {
    for (size_t k = 0; k < out->line_count; k++) {
        const ltp_triangle *line = &out->line[k];
        if (out->pair_count == 0 || !same_pair(&out->pair[out->pair_count - 1], line))
            out->pair[out->pair_count++] = (ltp_triangle){.payer = line->payer,
                                                          .payee = line->payee,
                                                          .service = "",
                                                          .year = line->year,
                                                          .activity = {NAN, NAN},
                                                          .first = k,
                                                          .lambda = -1};
        ltp_triangle *pair = &out->pair[out->pair_count - 1];
        pair->count++;
        for (int side = 0; side < LTP_SIDE_COUNT; side++)
            pair->amount[side] += line->amount[side];
        pair->difference += line->difference;
        pair->price += line->price;
        pair->volume += line->volume;
        pair->mix += line->mix;
        pair->unsplit += line->unsplit;
        pair->apart += line->apart;
    }
    for (size_t k = 0; k < out->pair_count; k++) {
        ltp_triangle *pair = &out->pair[k];
        double *const sum[] = {&pair->amount[0], &pair->amount[1], &pair->difference, &pair->price,
                               &pair->volume,    &pair->mix,       &pair->unsplit,    &pair->apart};
        for (size_t i = 0; i < sizeof sum / sizeof *sum; i++)
            *sum[i] = clean(*sum[i]);
        judge(out->plan, pair);
    }
}

static ltp_missing missing_side(const ltp_triangle *line) {
    if (!isnan(line->amount[LTP_SIDE_PAYER]))
        return LTP_MISSING_PAYEE;
    return isnan(line->amount[LTP_SIDE_PAYEE]) ? LTP_MISSING_BOTH : LTP_MISSING_PAYER;
}

static void add_contracts(ltp_triangulation *out) {
    const size_t count = table_of(out->plan, LTP_TABLE_CONTRACTS)->row_count;
    for (size_t row = 0; row < count; row++) {
        ltp_triangle line = read_contract(out->plan, row);
        if (out->year >= 0 && line.year != out->year)
            continue;
        if (!isnan(line.amount[0]) && !isnan(line.amount[1])) {
            split(&line);
            judge(out->plan, &line);
            out->line[out->line_count++] = line;
            continue;
        }
        const double amount = isnan(line.amount[0]) ? line.amount[1] : line.amount[0];
        out->unexchanged[out->unexchanged_count++] =
            (ltp_unexchanged){line.payer, line.payee, line.service, line.year, amount, missing_side(&line)};
    }
    if (out->line_count)
        qsort(out->line, out->line_count, sizeof *out->line, by_key);
    add_pairs(out);
}

/* --- flows that nobody has exchanged figures of ----------------------------------------------------------------- */

static bool is_kind(const ltp_plan *plan, const char *code, ltp_sector sector) {
    size_t organisation;
    return ltp_triangulate_modelled(plan, code, &organisation) && plan->roster.sector[organisation] == sector;
}

/* The keys of contracts, so that a flow's can be found among them. */
static ltp_status contract_keys(const ltp_triangulation *out, ltp_unexchanged **key, size_t *count, ltp_error *error) {
    const ltp_table *table = table_of(out->plan, LTP_TABLE_CONTRACTS);
    const ltp_status status = LTP_POOL_NEW(out->pool, key, table->row_count + 1, error);
    *count = 0;
    for (size_t row = 0; row < table->row_count && !status; row++) {
        const ltp_triangle line = read_contract(out->plan, row);
        if (out->year < 0 || line.year == out->year)
            (*key)[(*count)++] = (ltp_unexchanged){line.payer, line.payee, line.service, -1, 0.0, LTP_MISSING_BOTH};
    }
    if (!status && *count)
        qsort(*key, *count, sizeof **key, by_service);
    return status;
}

/* Recurrent flows from commissioners to providers of the scenario, larger than the tolerance, without a contract. Flows
 * of one key (they may differ by category and stream) are added up by size, so that no row's place matters. */
static ltp_status add_flows(ltp_triangulation *out, ltp_error *error) {
    const ltp_table *flows = table_of(out->plan, LTP_TABLE_FLOWS);
    ltp_unexchanged *key, *flow;
    size_t key_count, count = 0;
    ltp_status status = contract_keys(out, &key, &key_count, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &flow, flows->row_count + 1, error);
    if (status)
        return status;
    for (size_t row = 0; row < flows->row_count; row++) {
        const ltp_unexchanged one = {.payer = ltp_cell_at(flows, row, LTP_FLOWS_PAYER)->text,
                                     .payee = ltp_cell_at(flows, row, LTP_FLOWS_PAYEE)->text,
                                     .service = ltp_cell_at(flows, row, LTP_FLOWS_SERVICE)->text,
                                     .year = -1,
                                     .amount = ltp_cell_at(flows, row, LTP_FLOWS_AMOUNT)->number,
                                     .missing = LTP_MISSING_CONTRACT};
        if ((int)ltp_cell_at(flows, row, LTP_FLOWS_NATURE)->number == LTP_NATURE_RECURRENT &&
            is_kind(out->plan, one.payer, LTP_SECTOR_COMMISSIONER) &&
            is_kind(out->plan, one.payee, LTP_SECTOR_PROVIDER) &&
            !(key_count && bsearch(&one, key, key_count, sizeof one, by_service)))
            flow[count++] = one;
    }
    if (count)
        qsort(flow, count, sizeof *flow, by_service_and_amount);
    for (size_t k = 0; k < count;) {
        ltp_unexchanged sum = flow[k++];
        while (k < count && by_service(&sum, &flow[k]) == 0)
            sum.amount += flow[k++].amount;
        sum.amount = clean(sum.amount);
        if (fabs(sum.amount) > out->plan->scenario->tolerance_amount)
            out->unexchanged[out->unexchanged_count++] = sum;
    }
    return LTP_OK;
}

ltp_status ltp_triangulate(ltp_triangulation *out, const ltp_plan *plan, int year, ltp_error *error) {
    const size_t contracts = plan->scenario->table[LTP_TABLE_CONTRACTS].row_count;
    const size_t flows = plan->scenario->table[LTP_TABLE_FLOWS].row_count;
    *out = (ltp_triangulation){.plan = plan, .year = year};
    ltp_status status = ltp_pool_create(&out->pool, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &out->line, contracts + 1, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &out->pair, contracts + 1, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &out->unexchanged, contracts + flows + 1, error);
    if (status)
        return status;
    add_contracts(out);
    status = add_flows(out, error);
    if (!status && out->unexchanged_count)
        qsort(out->unexchanged, out->unexchanged_count, sizeof *out->unexchanged, by_amount);
    return status;
}

void ltp_triangulate_free(ltp_triangulation *triangulation) {
    ltp_pool_destroy(triangulation->pool);
    *triangulation = (ltp_triangulation){0};
}

/* --- sums and order --------------------------------------------------------------------------------------------- */

static int by_difference(const void *left, const void *right) {
    const ltp_triangle *x = *(const ltp_triangle *const *)left, *y = *(const ltp_triangle *const *)right;
    const double a = fabs(x->difference), b = fabs(y->difference);
    return a != b ? (a < b) - (a > b) : by_key(x, y);
}

ltp_status ltp_triangulate_order(const ltp_triangulation *triangulation, const ltp_triangle *of, size_t count,
                                 const ltp_triangle ***order, ltp_error *error) {
    const ltp_status status = LTP_POOL_NEW(triangulation->pool, order, count + 1, error);
    for (size_t k = 0; k < count && !status; k++)
        (*order)[k] = &of[k];
    if (!status && count)
        qsort(*order, count, sizeof **order, by_difference);
    return status;
}

ltp_alignment ltp_triangulate_alignment(const ltp_triangulation *triangulation, int year) {
    ltp_alignment sum = {0};
    for (size_t k = 0; k < triangulation->pair_count; k++) {
        const ltp_triangle *pair = &triangulation->pair[k];
        size_t organisation;
        bool offsetting = false;
        if (year >= 0 && pair->year != year)
            continue;
        sum.pair_count++;
        sum.aligned_count += pair->aligned;
        for (int side = 0; side < LTP_SIDE_COUNT; side++)
            sum.amount[side] += pair->amount[side];
        sum.net += pair->difference;
        sum.apart += fabs(pair->difference);
        sum.service_apart += pair->apart;
        if (!pair->aligned)
            sum.to_align += fabs(pair->difference) - pair->tolerance;
        for (size_t i = pair->first; i < pair->first + pair->count; i++)
            offsetting |= !triangulation->line[i].aligned;
        sum.offsetting += pair->aligned && offsetting;
        sum.outside += !ltp_triangulate_modelled(triangulation->plan, pair->payer, &organisation) ||
                       !ltp_triangulate_modelled(triangulation->plan, pair->payee, &organisation);
    }
    double *const all[] = {&sum.amount[0], &sum.amount[1], &sum.net, &sum.apart, &sum.service_apart, &sum.to_align};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i] = clean(*all[i]);
    return sum;
}

bool ltp_triangulate_certified(const ltp_triangulation *triangulation) {
    const ltp_alignment sum = ltp_triangulate_alignment(triangulation, -1);
    return sum.pair_count > sum.outside && sum.aligned_count == sum.pair_count;
}
