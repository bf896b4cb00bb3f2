/* Cells: the sparse rows that lines and patients are added up in, by party and service. */
#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile_layer.h"

static const ltp_compile_context *sorting; /* loading is single-threaded */

static const char *service_code(int service) {
    return service < 0 ? "" : sorting->plan->roster.service.code[service];
}

/* By party, then service by code, then stream. */
static int by_party(const void *a, const void *b) {
    const ltp_compile_key *x = a, *y = b;
    if (x->part[0] != y->part[0])
        return x->part[0] - y->part[0];
    int order = strcmp(service_code(x->part[1]), service_code(y->part[1]));
    return order ? order : x->part[2] - y->part[2];
}

/* Sorted distinct keys of a map. */
static ltp_compile_key *sorted(ltp_compile_context *c, const ltp_compile_map *map) {
    ltp_compile_key *key = COMPILE_NEW(c, map->key.count, ltp_compile_key);
    if (map->key.count) {
        memcpy(key, map->key.item, (size_t)map->key.count * sizeof *key);
        qsort(key, (size_t)map->key.count, sizeof *key, by_party);
    }
    return key;
}

static int place_of(const ltp_compile_key *key, int count, ltp_compile_key wanted) {
    const ltp_compile_key *found = bsearch(&wanted, key, (size_t)count, sizeof *key, by_party);
    return found ? (int)(found - key) : -1;
}

static const int *first_of_party(ltp_compile_context *c, const ltp_compile_key *key, int count) {
    int *first = COMPILE_NEW(c, c->party.count + 1, int);
    for (int k = 0; k < count; k++)
        first[key[k].part[0] + 1]++;
    for (int p = 0; p < c->party.count; p++)
        first[p + 1] += first[p];
    return first;
}

static bool counts_activity(const ltp_compile_context *c, int party) {
    return party < ltp_compile_organisation_count(c);
}

void ltp_compile_cells(ltp_compile_context *c) {
    ltp_compile_map use = {0}, income = {0}, activity = {0};
    bool found;
    sorting = c;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow->mechanism)
            continue;
        ltp_compile_intern(c, &use, (ltp_compile_key){{flow->payer, flow->service, flow->stream}}, &found);
        ltp_compile_intern(c, &income, (ltp_compile_key){{flow->payee, flow->service}}, &found);
        if (flow->units > 0.0 && counts_activity(c, flow->payer))
            ltp_compile_intern(c, &activity, (ltp_compile_key){{flow->payer, flow->service}}, &found);
        if (flow->units > 0.0 && counts_activity(c, flow->payee))
            ltp_compile_intern(c, &activity, (ltp_compile_key){{flow->payee, flow->service}}, &found);
    }
    c->use_key = sorted(c, &use), c->use_count = use.key.count;
    c->income_key = sorted(c, &income), c->income_count = income.key.count;
    c->activity_key = sorted(c, &activity), c->activity_count = activity.key.count;
    c->use_first = first_of_party(c, c->use_key, c->use_count);
    c->income_first = first_of_party(c, c->income_key, c->income_count);
    for (int f = 0; f < c->flow.count; f++) {
        ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow->mechanism)
            continue;
        flow->use = place_of(c->use_key, c->use_count, (ltp_compile_key){{flow->payer, flow->service, flow->stream}});
        flow->income = place_of(c->income_key, c->income_count, (ltp_compile_key){{flow->payee, flow->service}});
    }
}

/* --- entries --- */

typedef struct {
    int cell, line;
    double weight;
} triple;

static void add(ltp_compile_context *c, ltp_compile_list *list, int cell, int line, double weight) {
    triple one = {.cell = cell, .line = line, .weight = weight};
    ltp_compile_push(c, list, sizeof one, &one);
}

static ltp_sum *sum_rows(ltp_compile_context *c, const ltp_compile_key *key, int count) {
    ltp_sum *cell = COMPILE_NEW(c, count, ltp_sum);
    for (int k = 0; k < count; k++)
        cell[k] = key ? (ltp_sum){.party = key[k].part[0], .service = key[k].part[1], .stream = key[k].part[2]}
                      : (ltp_sum){.party = k, .service = -1, .stream = -1};
    return cell;
}

/* Gives each cell its entries, in the order in which they came; a line that comes twice is one entry. */
static void give_entries(ltp_compile_context *c, ltp_sum *cell, int count, const ltp_compile_list *list) {
    int *first = COMPILE_NEW(c, count + 1, int);
    ltp_entry *entry = COMPILE_NEW(c, list->count, ltp_entry);
    for (int k = 0; k < list->count; k++)
        first[COMPILE_AT(*list, triple, k)->cell + 1]++;
    for (int k = 0; k < count; k++) {
        first[k + 1] += first[k];
        cell[k].entry = &entry[first[k]];
    }
    for (int k = 0; k < list->count; k++) {
        const triple *one = COMPILE_AT(*list, triple, k);
        ltp_sum *to = &cell[one->cell];
        ltp_entry *its = &entry[first[one->cell]];
        int e = 0;
        while (e < to->entry_count && its[e].line != one->line)
            e++;
        if (e == to->entry_count)
            its[to->entry_count++].line = one->line;
        its[e].weight += one->weight;
    }
}

static bool pass_through(const ltp_compile_flow *flow) {
    return flow->mechanism->index == LTP_INDEX_PRICE;
}

/* Cells of a variant, in the order in which they are built. */
enum { USE, INCOME, PASS_THROUGH, ACTIVITY, VOLUME, BEDS, MOVED_COST, MOVED_MONEY, FLOOR, CELL_KINDS };

static void flow_entries(ltp_compile_context *c, int v, const ltp_compile_variant *build, ltp_compile_list *list) {
    const int n = ltp_compile_organisation_count(c);
    double *total = COMPILE_NEW(c, n, double);
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->mechanism && flow->payee < n && !pass_through(flow))
            total[flow->payee] += flow->amount;
    }
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow->mechanism)
            continue;
        const int line = flow->line[v], pair = build->flow_pair[f];
        const double weight = flow->mechanism->index == LTP_INDEX_LAMBDA ? 1.0 : flow->amount;
        add(c, &list[USE], flow->use, line, weight);
        add(c, &list[INCOME], flow->income, line, weight);
        if (flow->floor >= 0)
            add(c, &list[FLOOR], flow->floor, line, weight);
        if (pass_through(flow) && flow->payee < n)
            add(c, &list[PASS_THROUGH], flow->payee, line, weight);
        const int ends[2] = {flow->payer, flow->payee};
        for (int e = 0; flow->units > 0.0 && e < 2; e++)
            if (counts_activity(c, ends[e]))
                add(c, &list[ACTIVITY],
                    place_of(c->activity_key, c->activity_count, (ltp_compile_key){{ends[e], flow->service}}), pair,
                    flow->units);
        if (flow->payee < n && !pass_through(flow) && pair >= 0 && total[flow->payee] != 0.0 &&
            ltp_compile_party_at(c, flow->payee)->sector != LTP_SECTOR_COMMISSIONER)
            add(c, &list[VOLUME], flow->payee, pair, flow->amount / total[flow->payee]);
        if (flow->payee < n && pair >= 0 && ltp_compile_bed_need(c, f) > 0.0)
            add(c, &list[BEDS], flow->payee, pair, ltp_compile_bed_need(c, f));
    }
}

/* Joined line of a transfer's part: what £1 that joined the flow's line in the transfer's year has become. */
static int joined_line(ltp_compile_context *c, int v, ltp_compile_variant *build, const ltp_compile_transfer *transfer,
                       int flow) {
    const int line = COMPILE_AT(c->flow, ltp_compile_flow, flow)->line[v];
    bool found;
    int at = ltp_compile_intern(c, &build->joined_map, (ltp_compile_key){{line, transfer->year, transfer->recurrent}},
                                &found);
    if (!found) {
        ltp_joined joined = {.line = line, .year = transfer->year, .recurrent = transfer->recurrent};
        ltp_compile_push(c, &build->joined, sizeof joined, &joined);
    }
    return build->line.count + at;
}

/* `amount` £m of a joined line on one flow, with its cost and the allocation that it is not yet in. */
static void join(ltp_compile_context *c, ltp_compile_list *list, const ltp_compile_flow *flow, int line, double amount,
                 double cost, double rest) {
    const int n = ltp_compile_organisation_count(c);
    add(c, &list[USE], flow->use, line, amount);
    add(c, &list[INCOME], flow->income, line, amount);
    if (flow->floor >= 0)
        add(c, &list[FLOOR], flow->floor, line, amount);
    if (cost != 0.0 && flow->payee < n)
        add(c, &list[MOVED_COST], flow->payee, line, cost);
    if (rest != 0.0 && flow->payer < n && ltp_compile_party_at(c, flow->payer)->sector == LTP_SECTOR_COMMISSIONER)
        add(c, &list[MOVED_MONEY], flow->payer, line, amount * rest);
}

/* What joins some flows leaves the others, in every year as much. */
static void transfer_entries(ltp_compile_context *c, int v, ltp_compile_variant *build, ltp_compile_list *list) {
    for (int k = 0; k < c->transfer.count; k++) {
        const ltp_compile_transfer *transfer = COMPILE_AT(c->transfer, ltp_compile_transfer, k);
        for (int t = 0; t < transfer->to_count; t++) {
            const ltp_compile_transfer_part *to = &transfer->to[t];
            const int line = joined_line(c, v, build, transfer, to->flow);
            join(c, list, COMPILE_AT(c->flow, ltp_compile_flow, to->flow), line, to->amount, to->cost, transfer->rest);
            for (int f = 0; f < transfer->from_count; f++) {
                const ltp_compile_transfer_part *from = &transfer->from[f];
                join(c, list, COMPILE_AT(c->flow, ltp_compile_flow, from->flow), line, -from->amount * to->amount,
                     -from->cost * to->cost, transfer->rest);
            }
        }
    }
}

void ltp_compile_variant_cells(ltp_compile_context *c, int v, ltp_compile_variant *build, ltp_variant *variant) {
    const int n = ltp_compile_organisation_count(c);
    ltp_compile_list list[CELL_KINDS] = {{0}};
    const ltp_compile_key *key[CELL_KINDS] = {
        [USE] = c->use_key, [INCOME] = c->income_key, [ACTIVITY] = c->activity_key};
    const int count[CELL_KINDS] = {[USE] = c->use_count,
                                   [INCOME] = c->income_count,
                                   [PASS_THROUGH] = n,
                                   [ACTIVITY] = c->activity_count,
                                   [VOLUME] = n,
                                   [BEDS] = n,
                                   [MOVED_COST] = n,
                                   [MOVED_MONEY] = n,
                                   [FLOOR] = c->floors.cell_count};
    ltp_sum *cell[CELL_KINDS];
    sorting = c;
    flow_entries(c, v, build, list);
    transfer_entries(c, v, build, list);
    for (int k = 0; k < CELL_KINDS; k++) {
        cell[k] = sum_rows(c, key[k], count[k]);
        give_entries(c, cell[k], count[k], &list[k]);
    }
    variant->use = cell[USE];
    variant->income = cell[INCOME];
    variant->pass_through = cell[PASS_THROUGH];
    variant->activity = cell[ACTIVITY];
    variant->volume = cell[VOLUME];
    variant->beds = cell[BEDS];
    variant->moved_cost = cell[MOVED_COST];
    variant->moved_money = cell[MOVED_MONEY];
    variant->floor = cell[FLOOR];
    variant->joined_count = build->joined.count;
    variant->joined = build->joined.item;
    bool *moderated = COMPILE_NEW(c, n, bool);
    for (int o = 0; o < n; o++)
        for (int e = 0; e < variant->volume[o].entry_count; e++)
            moderated[o] |= variant->pair_moderation[variant->volume[o].entry[e].line] >= 0;
    variant->moderated = moderated;
}

/* --- the bridge's cells, of variant 0 --- */

void ltp_compile_bridge_cells(ltp_compile_context *c, const ltp_sum **tariff, const ltp_sum **pass) {
    const int n = ltp_compile_organisation_count(c);
    ltp_compile_list list[2] = {{0}};
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!flow->mechanism)
            continue;
        if (flow->mechanism->index == LTP_INDEX_RATE && flow->payer < n)
            add(c, &list[0], flow->payer, flow->line[0], flow->amount);
        if (flow->mechanism->index == LTP_INDEX_RATE && flow->payee < n)
            add(c, &list[0], flow->payee, flow->line[0], -flow->amount);
        if (pass_through(flow) && flow->payer < n)
            add(c, &list[1],
                flow->payer * LTP_BRIDGE_PRICE_COUNT + ltp_compile_price_line(c, flow->category) - LTP_BRIDGE_PAY,
                flow->line[0], flow->amount);
    }
    ltp_sum *tariff_cell = sum_rows(c, NULL, n);
    ltp_sum *pass_cell = sum_rows(c, NULL, n * LTP_BRIDGE_PRICE_COUNT);
    give_entries(c, tariff_cell, n, &list[0]);
    give_entries(c, pass_cell, n * LTP_BRIDGE_PRICE_COUNT, &list[1]);
    *tariff = tariff_cell;
    *pass = pass_cell;
}
