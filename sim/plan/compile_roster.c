/* Who and what: parties, systems, regions, services, streams, years; how organisations add up. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/bridge.h"
#include "sim/plan/compile.h"

static const char *const stream_code[LTP_STREAM_COUNT] = {
#define STREAM_TEXT(LIST, ID, text) text,
    LTP_STREAM_VALUES(STREAM_TEXT)};
static const char *const stream_name[LTP_STREAM_COUNT] = {"CCG core", "Primary medical", "Running costs",
                                                          "Specialised commissioning", "Direct commissioning"};

static const char *text_or(const ltp_cell *cell, const char *fallback) {
    return cell->present && cell->text[0] ? cell->text : fallback;
}

static ltp_sector sector_of(int kind) {
    if (kind <= LTP_ORGANISATION_KIND_AMBULANCE)
        return LTP_SECTOR_PROVIDER;
    return kind <= LTP_ORGANISATION_KIND_DIRECT ? LTP_SECTOR_COMMISSIONER : LTP_SECTOR_PARTNER;
}

int ltp_compile_place(ltp_compile_context *c, const char *code) {
    for (int k = 0; k < c->system_place.count; k++)
        if (strcmp(*COMPILE_AT(c->system_place, const char *, k), code) == 0)
            return k;
    return ltp_compile_push(c, &c->system_place, sizeof code, &code);
}

static ltp_label_axis labels(ltp_compile_context *c, size_t count, const char ***code, const char ***name) {
    *code = COMPILE_NEW(c, count, const char *);
    *name = COMPILE_NEW(c, count, const char *);
    return (ltp_label_axis){.count = count, .code = *code, .name = *name};
}

/* Labels of a table with the columns code and name. */
static ltp_label_axis table_labels(ltp_compile_context *c, const ltp_table *table, int code_column, int name_column) {
    const char **code, **name;
    ltp_label_axis axis = labels(c, table->row_count, &code, &name);
    for (size_t r = 0; r < table->row_count; r++) {
        code[r] = ltp_cell_at(table, r, code_column)->text;
        name[r] = text_or(ltp_cell_at(table, r, name_column), code[r]);
    }
    return axis;
}

static void add_organisations(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, ORGANISATIONS), *systems = COMPILE_TABLE(c, SYSTEMS);
    const ltp_table *membership = COMPILE_TABLE(c, MEMBERSHIP);
    ltp_sector *sector = COMPILE_NEW(c, table->row_count, ltp_sector);
    bool *nhs_england = COMPILE_NEW(c, table->row_count, bool);
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *home = ltp_cell_at(table, r, LTP_ORGANISATIONS_SYSTEM);
        const char *code = ltp_cell_at(table, r, LTP_ORGANISATIONS_CODE)->text, *system = home->text;
        double largest = 0.0;
        for (size_t m = 0; !home->present && m < membership->row_count; m++) {
            double share = ltp_compile_number(membership, m, LTP_MEMBERSHIP_SHARE);
            const char *one = ltp_cell_at(membership, m, LTP_MEMBERSHIP_SYSTEM)->text;
            if (strcmp(ltp_cell_at(membership, m, LTP_MEMBERSHIP_ORGANISATION)->text, code) == 0 &&
                (share > largest || (share == largest && strcmp(one, system) < 0))) { /* of equal shares, by code */
                largest = share;
                system = one;
            }
        }
        size_t at = ltp_table_find(systems, system);
        if (at == SIZE_MAX)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[r].at, "organisations: system",
                                "a system here, or a share in membership.csv", NULL, "organisation '%s' has no system",
                                code);
        ltp_compile_party party = {.code = code,
                                   .name = text_or(ltp_cell_at(table, r, LTP_ORGANISATIONS_NAME), code),
                                   .system = at == SIZE_MAX ? 0 : (int)at,
                                   .modelled = true,
                                   .kind = (int)ltp_compile_number(table, r, LTP_ORGANISATIONS_KIND),
                                   .at = table->row[r].at};
        party.place = party.system;
        sector[r] = party.sector = sector_of(party.kind);
        nhs_england[r] = party.kind == LTP_ORGANISATION_KIND_SPECIALISED || party.kind == LTP_ORGANISATION_KIND_DIRECT;
        ltp_compile_push(c, &c->party, sizeof party, &party);
    }
    c->plan->roster.sector = sector;
    c->plan->roster.nhs_england = nhs_england;
}

/* A payer outside without a population stands for its patients' system itself. */
static void add_outside(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, OUTSIDE), *organisations = COMPILE_TABLE(c, ORGANISATIONS);
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *population = ltp_cell_at(table, r, LTP_OUTSIDE_POPULATION_SYSTEM);
        const char *code = ltp_cell_at(table, r, LTP_OUTSIDE_CODE)->text;
        if (ltp_table_find(organisations, code) != SIZE_MAX)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, ltp_cell_at(table, r, LTP_OUTSIDE_CODE)->at, "outside: code",
                                "a code of its own", NULL, "'%s' is an organisation too", code);
        ltp_compile_party party = {.code = code,
                                   .name = text_or(ltp_cell_at(table, r, LTP_OUTSIDE_NAME), code),
                                   .system = -1,
                                   .place = ltp_compile_place(c, population->present ? population->text : code),
                                   .kind = -1,
                                   .at = table->row[r].at};
        ltp_compile_push(c, &c->party, sizeof party, &party);
    }
    static const char *const implied[] = {"(centre)", "(suppliers)"};
    for (int k = 0; k < 2; k++) {
        ltp_compile_party party = {.code = implied[k], .name = implied[k], .system = -1, .kind = -1};
        party.place = ltp_compile_place(c, implied[k]);
        *(k == 0 ? &c->centre : &c->suppliers) = ltp_compile_push(c, &c->party, sizeof party, &party);
    }
}

static const ltp_compile_context *sorting; /* qsort has no context; loading is single-threaded */

static int by_code(const void *a, const void *b) {
    return strcmp(ltp_compile_party_at(sorting, *(const int *)a)->code,
                  ltp_compile_party_at(sorting, *(const int *)b)->code);
}

static int by_service_code(const void *a, const void *b) {
    const char *const *code = sorting->plan->roster.service.code;
    return strcmp(code[*(const int *)a], code[*(const int *)b]);
}

int ltp_compile_party_find(const ltp_compile_context *c, const char *code) {
    int low = 0, high = c->party.count - 1;
    while (low <= high) {
        int middle = (low + high) / 2;
        int order = strcmp(code, ltp_compile_party_at(c, c->party_by_code[middle])->code);
        if (order == 0)
            return c->party_by_code[middle];
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return -1;
}

double ltp_compile_sum_by_code(const ltp_compile_context *c, const double *value) {
    double sum = 0.0;
    for (int k = 0; k < c->party.count; k++)
        if (ltp_compile_party_at(c, c->party_by_code[k])->modelled)
            sum += value[c->party_by_code[k]];
    return sum;
}

static int axis_find(const ltp_label_axis *axis, const char *code) {
    for (size_t k = 0; k < axis->count; k++)
        if (strcmp(axis->code[k], code) == 0)
            return (int)k;
    return -1;
}

int ltp_compile_service_find(const ltp_compile_context *c, const char *code) {
    return axis_find(&c->plan->roster.service, code);
}

int ltp_compile_category_find(const ltp_compile_context *c, const char *code) {
    for (int k = 0; k < c->category.count; k++)
        if (strcmp(COMPILE_AT(c->category, ltp_compile_category, k)->code, code) == 0)
            return k;
    return -1;
}

const char *ltp_compile_category_code(const ltp_compile_context *c, int category) {
    return category < 0 ? "" : COMPILE_AT(c->category, ltp_compile_category, category)->code;
}

double ltp_compile_category_number(const ltp_compile_context *c, int category, int column) {
    const size_t row = COMPILE_AT(c->category, ltp_compile_category, category)->row;
    return row == SIZE_MAX ? 1.0 : ltp_compile_number(COMPILE_TABLE(c, CATEGORIES), row, column);
}

static int by_category_code(const void *a, const void *b) {
    return strcmp(((const ltp_compile_category *)a)->code, ((const ltp_compile_category *)b)->code);
}

/* Categories of the table and those that only flows name, by code; pass-through without one is drugs. */
static void add_categories(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, CATEGORIES), *flows = COMPILE_TABLE(c, FLOWS);
    for (size_t r = 0; r < table->row_count; r++) {
        ltp_compile_category category = {.code = ltp_cell_at(table, r, LTP_CATEGORIES_CODE)->text, .row = r};
        ltp_compile_push(c, &c->category, sizeof category, &category);
    }
    for (size_t r = 0; r <= flows->row_count; r++) {
        const ltp_cell *cell = r < flows->row_count ? ltp_cell_at(flows, r, LTP_FLOWS_CATEGORY) : NULL;
        ltp_compile_category category = {.code = cell ? cell->text : "drugs", .row = SIZE_MAX};
        if ((!cell || cell->present) && ltp_compile_category_find(c, category.code) < 0)
            ltp_compile_push(c, &c->category, sizeof category, &category);
    }
    qsort(c->category.item, (size_t)c->category.count, sizeof(ltp_compile_category), by_category_code);
}

/* --- membership --- */

static bool in_total(const ltp_compile_context *c, int organisation) {
    const ltp_cell *cell =
        ltp_cell_at(COMPILE_TABLE(c, ORGANISATIONS), (size_t)organisation, LTP_ORGANISATIONS_IN_TOTAL);
    return cell->present ? cell->number != 0.0 : ltp_compile_party_at(c, organisation)->sector != LTP_SECTOR_PARTNER;
}

static int by_system_then_code(const void *a, const void *b) {
    const ltp_membership *x = a, *y = b;
    if (x->system != y->system)
        return x->system < y->system ? -1 : 1;
    return strcmp(ltp_compile_party_at(sorting, (int)x->organisation)->code,
                  ltp_compile_party_at(sorting, (int)y->organisation)->code);
}

static void add_membership(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, MEMBERSHIP);
    const int n = (int)c->plan->roster.level[LTP_LEVEL_ORGANISATION].count;
    double *sum = COMPILE_NEW(c, n, double);
    ltp_membership *list = COMPILE_NEW(c, (size_t)n + table->row_count, ltp_membership);
    size_t count = 0;
    for (size_t r = 0; r < table->row_count; r++) {
        int o = ltp_compile_party_find(c, ltp_cell_at(table, r, LTP_MEMBERSHIP_ORGANISATION)->text);
        size_t system = ltp_table_find(COMPILE_TABLE(c, SYSTEMS), ltp_cell_at(table, r, LTP_MEMBERSHIP_SYSTEM)->text);
        double share = ltp_compile_number(table, r, LTP_MEMBERSHIP_SHARE);
        if (o < 0 || o >= n || system == SIZE_MAX)
            continue;
        sum[o] += share;
        if (in_total(c, o) && share > 0.0)
            list[count++] = (ltp_membership){.organisation = (size_t)o, .system = system, .share = share};
    }
    for (int o = 0; o < n; o++) {
        const ltp_compile_party *party = ltp_compile_party_at(c, o);
        if (sum[o] == 0.0 && in_total(c, o))
            list[count++] = (ltp_membership){.organisation = (size_t)o, .system = (size_t)party->system, .share = 1.0};
        else if (sum[o] != 0.0 && fabs(sum[o] - 1.0) > 1e-9)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, party->at, "membership: share", "1", NULL,
                                "the shares of '%s' sum to %.10g", party->code, sum[o]);
    }
    for (int o = 0; o < n; o++) {
        const ltp_compile_party *party = ltp_compile_party_at(c, o);
        if (party->sector == LTP_SECTOR_PARTNER && in_total(c, o))
            ltp_compile_problem(c, LTP_SEVERITY_WARNING, party->at, "organisations: in_total", NULL, NULL,
                                "'%s' counts in its system's gap, but as a partner neither in the commissioners' part "
                                "nor in the providers'",
                                party->code);
    }
    qsort(list, count, sizeof *list, by_system_then_code);
    c->plan->roster.membership = list;
    c->plan->roster.membership_count = count;
}

/* --- axes --- */

static void add_regions(ltp_compile_context *c) {
    const ltp_table *systems = COMPILE_TABLE(c, SYSTEMS);
    ltp_roster *roster = &c->plan->roster;
    size_t *region = COMPILE_NEW(c, systems->row_count, size_t), count = 0;
    const char **code, **name;
    ltp_label_axis axis = labels(c, systems->row_count, &code, &name);
    for (size_t s = 0; s < systems->row_count; s++) {
        const char *text = ltp_cell_at(systems, s, LTP_SYSTEMS_REGION)->text;
        size_t at = 0;
        while (at < count && strcmp(code[at], text) != 0)
            at++;
        if (at == count)
            code[count] = name[count] = text, count++;
        region[s] = at;
    }
    axis.count = count;
    roster->level[LTP_LEVEL_REGION] = axis;
    roster->system_region = region;
    roster->level[LTP_LEVEL_ENGLAND] = labels(c, 1, &code, &name);
    code[0] = "ENG";
    name[0] = "England, as far as this scenario has systems";
}

/* Services of the table, or, without one, those that flows name. */
static void add_services(ltp_compile_context *c) {
    ltp_roster *roster = &c->plan->roster;
    const ltp_table *services = COMPILE_TABLE(c, SERVICES), *flows = COMPILE_TABLE(c, FLOWS);
    const size_t most = services->row_count ? services->row_count : flows->row_count;
    const char **code, **name, **unit = COMPILE_NEW(c, most, const char *);
    ltp_label_axis axis = labels(c, most, &code, &name);
    axis.count = 0;
    for (size_t r = 0; r < services->row_count; r++) {
        code[r] = ltp_cell_at(services, r, LTP_SERVICES_CODE)->text;
        name[r] = text_or(ltp_cell_at(services, r, LTP_SERVICES_NAME), code[r]);
        unit[r] = text_or(ltp_cell_at(services, r, LTP_SERVICES_UNIT), "unit");
        axis.count++;
    }
    for (size_t r = 0; !services->row_count && r < flows->row_count; r++) {
        const ltp_cell *cell = ltp_cell_at(flows, r, LTP_FLOWS_SERVICE);
        if (!cell->present || axis_find(&axis, cell->text) >= 0)
            continue;
        code[axis.count] = name[axis.count] = cell->text;
        unit[axis.count++] = "unit";
    }
    roster->service = axis;
    roster->service_unit = unit;
}

static void add_axes(ltp_compile_context *c) {
    ltp_roster *roster = &c->plan->roster;
    const char **code, **name;
    roster->level[LTP_LEVEL_ORGANISATION] =
        table_labels(c, COMPILE_TABLE(c, ORGANISATIONS), LTP_ORGANISATIONS_CODE, LTP_ORGANISATIONS_NAME);
    roster->level[LTP_LEVEL_SYSTEM] = table_labels(c, COMPILE_TABLE(c, SYSTEMS), LTP_SYSTEMS_CODE, LTP_SYSTEMS_NAME);
    add_services(c);
    roster->stream = labels(c, LTP_STREAM_COUNT, &code, &name);
    for (int k = 0; k < LTP_STREAM_COUNT; k++)
        code[k] = stream_code[k], name[k] = stream_name[k];
    roster->line = labels(c, LTP_BRIDGE_COUNT, &code, &name);
    for (int k = 0; k < LTP_BRIDGE_COUNT; k++)
        code[k] = ltp_bridge_line_code[k], name[k] = ltp_bridge_line_name[k];
    roster->year = labels(c, (size_t)c->year_count, &code, &name);
    for (int t = 1; t <= c->year_count; t++)
        code[t - 1] = name[t - 1] = c->scenario->year_label[t];
    const size_t items[LTP_QUANTITY_COUNT] = {[LTP_QUANTITY_INCOME] = 1,
                                              [LTP_QUANTITY_COST] = 1,
                                              [LTP_QUANTITY_SAVING] = 1,
                                              [LTP_QUANTITY_ACTIVITY] = roster->service.count,
                                              [LTP_QUANTITY_USE] = roster->service.count,
                                              [LTP_QUANTITY_USE_STREAM] = LTP_STREAM_COUNT,
                                              [LTP_QUANTITY_BRIDGE] = LTP_BRIDGE_COUNT,
                                              [LTP_QUANTITY_DEMAND_AVOIDED] = roster->service.count};
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++) /* those by staff group and by need: where their tables are compiled */
        roster->item_count[q] = items[q] ? items[q] : 1;
}

void ltp_compile_roster(ltp_compile_context *c) {
    const ltp_table *systems = COMPILE_TABLE(c, SYSTEMS);
    add_axes(c);
    add_categories(c);
    for (size_t s = 0; s < systems->row_count; s++)
        ltp_compile_place(c, ltp_cell_at(systems, s, LTP_SYSTEMS_CODE)->text);
    add_organisations(c);
    add_outside(c);
    c->party_by_code = COMPILE_NEW(c, c->party.count, int);
    for (int k = 0; k < c->party.count; k++)
        c->party_by_code[k] = k;
    sorting = c;
    qsort(c->party_by_code, (size_t)c->party.count, sizeof(int), by_code);
    const int services = (int)c->plan->roster.service.count;
    c->service_by_code = COMPILE_NEW(c, services, int);
    for (int k = 0; k < services; k++)
        c->service_by_code[k] = k;
    qsort(c->service_by_code, (size_t)services, sizeof(int), by_service_code);
    add_regions(c);
    add_membership(c);
}

/* --- target lists --- */

static bool kind_matches(const ltp_compile_party *party, const char *kind) {
    static const char *const kinds[] = {
#define KIND_TEXT(LIST, ID, text) text,
        LTP_ORGANISATION_KIND_VALUES(KIND_TEXT)};
    static const char *const sectors[] = {"provider", "commissioner", "partner"};
    return strcmp(kind, sectors[party->sector]) == 0 || strcmp(kind, kinds[party->kind]) == 0;
}

/* One term: a code, *, or system=CODE;kind=KIND in any order. */
static bool term_matches(const ltp_compile_context *c, const ltp_compile_party *party, const char *term) {
    char text[256];
    snprintf(text, sizeof text, "%s", term);
    if (strcmp(text, "*") == 0)
        return true;
    if (!strchr(text, '='))
        return strcmp(party->code, text) == 0;
    bool matches = true;
    for (char *rest = text, *part; (part = strtok_r(rest, ";", &rest));) {
        part += strspn(part, " ");
        const char *system = c->plan->roster.level[LTP_LEVEL_SYSTEM].code[party->system];
        if (strncmp(part, "system=", 7) == 0)
            matches &= strcmp(part + 7, system) == 0;
        else if (strncmp(part, "kind=", 5) == 0)
            matches &= kind_matches(party, part + 5);
        else
            matches = false;
    }
    return matches;
}

static bool whole_system(const char *term) {
    return strncmp(term, "system=", 7) == 0 && !strchr(term, ';');
}

static bool members(ltp_compile_context *c, const ltp_cell *cell, const char *key, bool system_means_providers,
                    bool *member) {
    const int n = ltp_compile_organisation_count(c);
    memset(member, 0, (size_t)n * sizeof *member);
    if (!cell->present || !cell->text[0])
        return false;
    for (size_t k = 0; k < cell->item_count; k++) {
        const bool providers = system_means_providers && whole_system(cell->item[k]);
        bool any = false;
        for (int o = 0; o < n; o++) {
            const ltp_compile_party *party = ltp_compile_party_at(c, o);
            if (term_matches(c, party, cell->item[k]) && (!providers || party->sector == LTP_SECTOR_PROVIDER))
                any = member[o] = true;
        }
        if (!any)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, cell->at, key, "codes, or system=CODE;kind=KIND, joined by |",
                                NULL, "'%s' matches no %s", cell->item[k], providers ? "provider" : "organisation");
    }
    return true;
}

bool ltp_compile_targets(ltp_compile_context *c, const ltp_cell *cell, const char *key, bool *member) {
    return members(c, cell, key, false, member);
}

bool ltp_compile_bearers(ltp_compile_context *c, const ltp_cell *cell, const char *key, bool *member) {
    return members(c, cell, key, true, member);
}
