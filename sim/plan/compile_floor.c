/* Settlement rules: which payments each binds, at which payers, against which growth. */
#include <stdio.h>
#include <string.h>

#include "sim/plan/compile.h"
#include "sim/plan/number.h"

typedef struct {
    ltp_compile_list floor, cell, reference, use, stream;
    ltp_compile_list code, name; /* const char *, of the floors */
    ltp_compile_map cell_map, reference_map, use_map, stream_map;
    ltp_compile_moved moved;
} floor_build;

static bool covers(const ltp_compile_context *c, const ltp_cell *services, int service) {
    for (size_t k = 0; k < services->item_count; k++)
        if (strcmp(services->item[k], "*") == 0 ||
            (service >= 0 && strcmp(services->item[k], c->plan->roster.service.code[service]) == 0))
            return true;
    return false;
}

static bool covered(const ltp_compile_context *c, const ltp_cell *services, const ltp_compile_flow *flow, int payer) {
    return flow->mechanism && flow->payer == payer && covers(c, services, flow->service);
}

static void add_use(ltp_compile_context *c, ltp_compile_map *map, ltp_compile_list *list, int organisation, int item) {
    bool found;
    ltp_compile_intern(c, map, (ltp_compile_key){{organisation, item}}, &found);
    const ltp_floor_use use = {.organisation = organisation, .item = item};
    if (!found)
        ltp_compile_push(c, list, sizeof use, &use);
}

static void note_use(ltp_compile_context *c, floor_build *build, const ltp_compile_flow *flow, int payee) {
    if (ltp_compile_party_at(c, flow->payer)->sector != LTP_SECTOR_PROVIDER) {
        add_use(c, &build->use_map, &build->use, flow->payer, flow->service);
        add_use(c, &build->stream_map, &build->stream, flow->payer, flow->stream);
    }
    if (payee >= 0 && ltp_compile_party_at(c, payee)->sector == LTP_SECTOR_PROVIDER)
        add_use(c, &build->use_map, &build->use, payee, flow->service);
}

/* The cell of a flow, made once whichever rules see it. */
static int cell_of(ltp_compile_context *c, floor_build *build, ltp_compile_flow *flow) {
    const int n = ltp_compile_organisation_count(c), payee = flow->payee < n ? flow->payee : -1;
    const bool pass_through = payee >= 0 && flow->mechanism->index == LTP_INDEX_PRICE;
    bool found;
    if (flow->floor >= 0)
        return flow->floor;
    flow->floor =
        ltp_compile_intern(c, &build->cell_map,
                           (ltp_compile_key){{flow->payer, payee, flow->service, flow->stream, pass_through}}, &found);
    if (!found) {
        ltp_floor_cell cell = {.payer = flow->payer,
                               .payee = payee,
                               .service = flow->service,
                               .stream = flow->stream,
                               .pass_through = pass_through};
        cell.ends = ltp_compile_moved_ends(c, &build->moved, flow);
        if (!pass_through && payee >= 0 && ltp_compile_party_at(c, payee)->sector == LTP_SECTOR_COMMISSIONER)
            cell.ends.payee_cost = -1; /* what it does with its money is its own affair */
        note_use(c, build, flow, payee);
        ltp_compile_push(c, &build->cell, sizeof cell, &cell);
    }
    COMPILE_AT(build->cell, ltp_floor_cell, flow->floor)->base += flow->amount;
    return flow->floor;
}

static void give_cells(ltp_compile_context *c, floor_build *build, const ltp_cell *services, ltp_floor *floor) {
    int *cell = COMPILE_NEW(c, c->flow.count, int);
    bool *taken = COMPILE_NEW(c, c->flow.count, bool);
    for (int f = 0; f < c->flow.count; f++) {
        ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (!covered(c, services, flow, floor->payer))
            continue;
        const int at = cell_of(c, build, flow);
        if (!taken[at])
            cell[floor->cell_count++] = at;
        taken[at] = true;
    }
    floor->cell = cell;
}

/* The payer's core allocation, as a reference; −1 after a problem. */
static int core_reference(ltp_compile_context *c, floor_build *build, size_t row, int payer) {
    const ltp_table *table = COMPILE_TABLE(c, FLOORS);
    const int at = ltp_compile_allocation_find(c, payer, LTP_STREAM_CORE);
    const char *name = ltp_cell_at(table, row, LTP_FLOORS_NAME)->text, *code = ltp_compile_party_at(c, payer)->code;
    const ltp_position where = ltp_cell_at(table, row, LTP_FLOORS_REFERENCE)->at;
    bool muted = c->muted, found;
    c->muted |= c->flawed[LTP_TABLE_ALLOCATIONS];
    int reference = -1;
    if (at < 0) {
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, where, "floors: reference",
                            "a rate, or payers that have a core allocation", NULL,
                            "'%s' refers to core growth, but its payer '%s' has no core allocation", name, code);
    } else {
        ltp_allocation *allocation = COMPILE_AT(c->allocation, ltp_allocation, at);
        bool none = false;
        for (int t = 0; t < c->year_count; t++)
            none |= !(allocation->amount[t] > 0.0);
        if (none)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, where, "floors: reference", "core allocations above 0", NULL,
                                "'%s' refers to core growth, but the core allocation of '%s' is 0 in some year", name,
                                code);
        allocation->indexed = true;
        reference = ltp_compile_intern(c, &build->reference_map, (ltp_compile_key){{at}}, &found);
        if (!found)
            ltp_compile_push(c, &build->reference, sizeof at, &at);
    }
    c->muted = muted;
    return reference;
}

static void label(ltp_compile_context *c, floor_build *build, const char *name, int payer) {
    const ltp_compile_party *party = ltp_compile_party_at(c, payer);
    char *code = COMPILE_NEW(c, strlen(name) + strlen(party->code) + 2, char);
    char *title = COMPILE_NEW(c, strlen(name) + strlen(party->name) + 3, char);
    sprintf(code, "%s|%s", name, party->code);
    sprintf(title, "%s, %s", name, party->name);
    ltp_compile_push(c, &build->code, sizeof(char *), &code);
    ltp_compile_push(c, &build->name, sizeof(char *), &title);
}

static void add_floor(ltp_compile_context *c, floor_build *build, size_t row, int payer, double base) {
    const ltp_table *table = COMPILE_TABLE(c, FLOORS);
    const ltp_cell *start = ltp_cell_at(table, row, LTP_FLOORS_START);
    const ltp_cell *reference = ltp_cell_at(table, row, LTP_FLOORS_REFERENCE);
    ltp_complaint complaint;
    double rate = 0.0;
    const bool core = strcmp(reference->text, "core") == 0;
    if (!core)
        ltp_number_read(reference->text, &rate, &complaint); /* the reader has seen that it is one */
    ltp_floor floor = {.payer = payer,
                       .payer_cost = ltp_compile_moved_thing(c, &build->moved, LTP_MOVED_COST, payer, -1),
                       .cap = strcmp(ltp_cell_at(table, row, LTP_FLOORS_RULE)->text, "grows_at_most") == 0,
                       .reference = core ? core_reference(c, build, row, payer) : -1,
                       .more = rate + ltp_compile_number(table, row, LTP_FLOORS_BY),
                       .start = start->present ? (int)start->number : 1,
                       .spent = ltp_compile_number(table, row, LTP_FLOORS_SPENT),
                       .base = base};
    give_cells(c, build, ltp_cell_at(table, row, LTP_FLOORS_SERVICES), &floor);
    ltp_compile_push(c, &build->floor, sizeof floor, &floor);
    label(c, build, ltp_cell_at(table, row, LTP_FLOORS_NAME)->text, payer);
}

/* One rule: at each of its payers that pays for its services, by code. */
static void read_floor(ltp_compile_context *c, floor_build *build, size_t row) {
    const ltp_table *table = COMPILE_TABLE(c, FLOORS);
    const ltp_cell *services = ltp_cell_at(table, row, LTP_FLOORS_SERVICES);
    bool *member = COMPILE_NEW(c, ltp_compile_organisation_count(c), bool);
    char list[LTP_ERROR_TEXT - 300] = "";
    size_t used = 0;
    bool unnamed = false;
    ltp_compile_targets(c, ltp_cell_at(table, row, LTP_FLOORS_PAYERS), "floors: payers", member);
    for (int k = 0; k < c->party.count; k++) {
        const int payer = c->party_by_code[k];
        const ltp_compile_party *party = ltp_compile_party_at(c, payer);
        double base = 0.0;
        if (!party->modelled || !member[payer])
            continue;
        for (int f = 0; f < c->flow.count; f++) {
            const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
            base += covered(c, services, flow, payer) ? flow->amount : 0.0;
        }
        if (base > 0.0)
            add_floor(c, build, row, payer, base);
        else if (used + strlen(party->code) + 3 < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", party->code);
        else
            unnamed = true;
    }
    if (used)
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, ltp_cell_at(table, row, LTP_FLOORS_PAYERS)->at, "floors: payers",
                            NULL, NULL, "'%s' does not bind who pays nothing for its services in the base year: %s%s",
                            ltp_cell_at(table, row, LTP_FLOORS_NAME)->text, list, unnamed ? " and others" : "");
}

void ltp_compile_floors(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, FLOORS);
    ltp_roster *roster = &c->plan->roster;
    floor_build build = {0};
    const bool muted = c->muted;
    ltp_compile_moved_thing(c, &build.moved, LTP_MOVED_OUTSIDE, -1, -1);
    for (size_t k = 0; k < table->row_count; k++) {
        const size_t r = table->by_key[k]; /* by name: they bind one after another in this order */
        ltp_compile_judge(c, COMPILE_BIT(ORGANISATIONS) | COMPILE_BIT(FLOWS) | COMPILE_BIT(SERVICES));
        if (ltp_compile_row_sound(c, table, r))
            read_floor(c, &build, r);
    }
    c->muted = muted;
    c->floors = (ltp_floors){.count = build.floor.count,
                             .floor = build.floor.item,
                             .cell_count = build.cell.count,
                             .cell = build.cell.item,
                             .reference_count = build.reference.count,
                             .reference = build.reference.item,
                             .moved = {.count = build.moved.thing.count, .thing = build.moved.thing.item},
                             .use_count = build.use.count,
                             .use = build.use.item,
                             .stream_count = build.stream.count,
                             .stream = build.stream.item};
    roster->level[LTP_LEVEL_FLOOR] =
        (ltp_label_axis){.count = (size_t)build.floor.count, .code = build.code.item, .name = build.name.item};
    for (int f = 0; f < build.floor.count; f++)
        ltp_compile_present(c, LTP_QUANTITY_FLOOR_ADDED, f, 0, COMPILE_AT(build.floor, ltp_floor, f)->base);
}
