/* Transfers: which flows they leave and join, and what they mean for allocations. */
#include <stdio.h>
#include <string.h>

#include "sim/plan/compile.h"

static bool party_matches(const ltp_compile_context *c, const ltp_cell *cell, int party) {
    return cell->present &&
           (strcmp(cell->text, "*") == 0 || strcmp(cell->text, ltp_compile_party_at(c, party)->code) == 0);
}

static bool service_matches(const ltp_compile_context *c, const ltp_cell *list, int service) {
    if (!list->present)
        return true;
    for (size_t k = 0; k < list->item_count; k++)
        if (strcmp(list->item[k], "*") == 0 || strcmp(list->item[k], c->plan->roster.service.code[service]) == 0)
            return true;
    return false;
}

static bool flow_matches(const ltp_compile_context *c, size_t row, const ltp_compile_flow *flow, int payer_column,
                         int payee_column) {
    const ltp_table *table = COMPILE_TABLE(c, TRANSFERS);
    return flow->mechanism && party_matches(c, ltp_cell_at(table, row, payer_column), flow->payer) &&
           party_matches(c, ltp_cell_at(table, row, payee_column), flow->payee) &&
           service_matches(c, ltp_cell_at(table, row, LTP_TRANSFERS_SERVICE), flow->service);
}

static double matching_base(const ltp_compile_context *c, size_t row, int payer_column, int payee_column,
                            double *cost_base) {
    double sum = 0.0;
    *cost_base = 0.0;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow_matches(c, row, flow, payer_column, payee_column))
            continue;
        sum += flow->amount;
        *cost_base += ltp_compile_party_at(c, flow->payee)->modelled ? flow->amount : 0.0;
    }
    return sum;
}

static void check_row(ltp_compile_context *c, size_t row) {
    const ltp_table *table = COMPILE_TABLE(c, TRANSFERS);
    const char *name = ltp_cell_at(table, row, LTP_TRANSFERS_NAME)->text;
    const double amount = ltp_compile_number(table, row, LTP_TRANSFERS_AMOUNT);
    const double already = ltp_compile_number(table, row, LTP_TRANSFERS_ALREADY_IN_ALLOCATION);
    const ltp_cell *from = ltp_cell_at(table, row, LTP_TRANSFERS_FROM_PAYER);
    double cost_base;
    if (matching_base(c, row, LTP_TRANSFERS_TO_PAYER, LTP_TRANSFERS_TO_PAYEE, &cost_base) == 0.0)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[row].at, "transfers: to_payer",
                            "a payer, payee and service of flows.csv that it joins", NULL,
                            "transfer '%s' joins no flow", name);
    else if (ltp_compile_number(table, row, LTP_TRANSFERS_COST) != 0.0 && cost_base == 0.0)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[row].at, "transfers: cost", "0", NULL,
                            "transfer '%s' brings a cost, but joins only flows to parties outside", name);
    if (from->present && matching_base(c, row, LTP_TRANSFERS_FROM_PAYER, LTP_TRANSFERS_FROM_PAYEE, &cost_base) == 0.0)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, from->at, "transfers: from_payer",
                            "a payer, payee and service of flows.csv that it leaves, or an empty cell (central money)",
                            NULL, "transfer '%s' leaves no flow", name);
    if (amount == 0.0 ? already != 0.0 : already / amount < -1e-9 || already / amount > 1.0 + 1e-9)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, ltp_cell_at(table, row, LTP_TRANSFERS_ALREADY_IN_ALLOCATION)->at,
                            "transfers: already_in_allocation", "0 to the amount, £m", NULL,
                            "of the £%.4fm of '%s', £%.4fm are said to be in the allocations already", amount, name,
                            already);
}

void ltp_check_transfers(ltp_compile_context *c) {
    for (size_t r = 0; r < COMPILE_TABLE(c, TRANSFERS)->row_count; r++)
        check_row(c, r);
}

static ltp_compile_transfer_part *parts(ltp_compile_context *c, size_t row, bool joining, int *count) {
    const ltp_table *table = COMPILE_TABLE(c, TRANSFERS);
    const int payer = joining ? LTP_TRANSFERS_TO_PAYER : LTP_TRANSFERS_FROM_PAYER;
    const int payee = joining ? LTP_TRANSFERS_TO_PAYEE : LTP_TRANSFERS_FROM_PAYEE;
    const double amount = joining ? ltp_compile_number(table, row, LTP_TRANSFERS_AMOUNT) : 1.0;
    const double cost = joining ? ltp_compile_number(table, row, LTP_TRANSFERS_COST) : 1.0;
    ltp_compile_transfer_part *part = COMPILE_NEW(c, c->flow.count, ltp_compile_transfer_part);
    double cost_base, base = matching_base(c, row, payer, payee, &cost_base);
    *count = 0;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow_matches(c, row, flow, payer, payee) || flow->amount == 0.0)
            continue;
        part[(*count)++] = (ltp_compile_transfer_part){
            .flow = f,
            .amount = amount * flow->amount / base,
            .cost = ltp_compile_party_at(c, flow->payee)->modelled ? cost * flow->amount / cost_base : 0.0};
    }
    return part;
}

/* The allocation that a payer's share of a transfer is already in: the stream named, else that of its flows. */
static void note_new_money(ltp_compile_context *c, const ltp_cell *stream_cell, const ltp_compile_transfer_part *part,
                           int count, double already, int year) {
    const int n = ltp_compile_organisation_count(c);
    for (int k = 0; k < count; k++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, part[k].flow);
        const int stream = stream_cell->present ? (int)stream_cell->number : flow->stream;
        const int at = flow->payer < n ? ltp_compile_allocation_find(c, flow->payer, stream) : -1;
        if (at < 0)
            continue;
        ltp_allocation *allocation = COMPILE_AT(c->allocation, ltp_allocation, at);
        ((double *)allocation->new_money)[year - 1] += already * part[k].amount;
    }
}

void ltp_compile_transfers(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, TRANSFERS);
    for (size_t k = 0; k < table->row_count; k++) {
        const size_t r = table->by_key[k]; /* by name: they are added up in this order */
        const int year = (int)ltp_compile_number(table, r, LTP_TRANSFERS_YEAR);
        const double amount = ltp_compile_number(table, r, LTP_TRANSFERS_AMOUNT);
        const double share =
            amount != 0.0 ? ltp_compile_number(table, r, LTP_TRANSFERS_ALREADY_IN_ALLOCATION) / amount : 1.0;
        if (year < 1 || year > c->year_count)
            continue;
        ltp_compile_transfer transfer = {.year = year,
                                         .recurrent = ltp_compile_number(table, r, LTP_TRANSFERS_RECURRENT) != 0.0,
                                         .rest = 1.0 - share};
        transfer.to = parts(c, r, true, &transfer.to_count);
        transfer.from = parts(c, r, false, &transfer.from_count);
        note_new_money(c, ltp_cell_at(table, r, LTP_TRANSFERS_ALLOCATION_TO), transfer.to, transfer.to_count, share,
                       year);
        note_new_money(c, ltp_cell_at(table, r, LTP_TRANSFERS_ALLOCATION_FROM), transfer.from, transfer.from_count,
                       -share * amount, year);
        ltp_compile_push(c, &c->transfer, sizeof transfer, &transfer);
    }
}
