/* Staff groups of organisations, the programmes on them, and the layers that share them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile_layer.h"
#include "sim/plan/compile_programme.h"

/* --- staff groups --- */

static int compare_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The axis of staff groups: each code once, in order. */
static void add_groups(ltp_compile_context *c, const ltp_table *table) {
    ltp_roster *roster = &c->plan->roster;
    const char **code = COMPILE_NEW(c, table->row_count, const char *);
    size_t count = 0;
    for (size_t r = 0; r < table->row_count; r++)
        code[r] = ltp_cell_at(table, r, LTP_WORKFORCE_GROUP)->text;
    qsort(code, table->row_count, sizeof *code, compare_text);
    for (size_t r = 0; r < table->row_count; r++)
        if (r == 0 || strcmp(code[r], code[r - 1]) != 0)
            code[count++] = code[r];
    roster->group = (ltp_label_axis){.count = count, .code = code, .name = code};
    for (int q = LTP_QUANTITY_STAFF_REQUIRED; q <= LTP_QUANTITY_STAFF_UNFILLED; q++)
        roster->item_count[q] = count;
}

static int find_group(const ltp_compile_context *c, const char *code) {
    const ltp_label_axis *axis = &c->plan->roster.group;
    const char *const *found = bsearch(&code, axis->code, axis->count, sizeof code, compare_text);
    return (int)(found - axis->code);
}

/* The base year: posts are those in post and those vacant; agency fills up to its share of posts. */
static ltp_staff read_staff(const ltp_compile_context *c, const ltp_table *table, size_t row, int organisation) {
    const ltp_cell *cap = ltp_cell_at(table, row, LTP_WORKFORCE_AGENCY_CAP);
    const double vacancy = ltp_compile_number(table, row, LTP_WORKFORCE_VACANCY);
    const double share = ltp_compile_number(table, row, LTP_WORKFORCE_AGENCY_SHARE);
    ltp_staff staff = {.organisation = organisation,
                       .group = find_group(c, ltp_cell_at(table, row, LTP_WORKFORCE_GROUP)->text),
                       .fte = ltp_compile_number(table, row, LTP_WORKFORCE_FTE),
                       .cost = ltp_compile_number(table, row, LTP_WORKFORCE_COST_PER_FTE),
                       .elasticity = ltp_compile_number(table, row, LTP_WORKFORCE_ELASTICITY),
                       .per_productivity = 1.0 / ltp_compile_number(table, row, LTP_WORKFORCE_PRODUCTIVITY),
                       .leavers = ltp_compile_number(table, row, LTP_WORKFORCE_LEAVERS),
                       .joiners = ltp_compile_number(table, row, LTP_WORKFORCE_JOINERS),
                       .agency_cap = cap->present ? cap->number : share,
                       .agency_premium = ltp_compile_number(table, row, LTP_WORKFORCE_AGENCY_PREMIUM)};
    staff.required = staff.fte / (1.0 - vacancy);
    staff.agency = fmin(vacancy, share) * staff.required;
    staff.unfilled = fmax(0.0, vacancy - share) * staff.required;
    return staff;
}

/* --- their employers --- */

static int added_row(ltp_compile_context *c, ltp_compile_list *added, const char *target, int organisation) {
    const int place = ltp_compile_party_at(c, organisation)->place;
    const int variable = ltp_compile_variable(c, (const char *const *)&target, 1, place, organisation);
    if (variable < 0)
        return -1;
    for (int k = 0; k < added->count; k++)
        if (*COMPILE_AT(*added, int, k) == variable)
            return k;
    return ltp_compile_push(c, added, sizeof variable, &variable);
}

static bool has_volume(const ltp_compile_context *c, int organisation) {
    for (size_t service = 0; service < c->plan->roster.service.count; service++)
        if (ltp_compile_service_share(c, organisation, (int)service) != 0.0)
            return true;
    return false;
}

static ltp_employer read_employer(ltp_compile_context *c, ltp_compile_list *added, int organisation) {
    const int pay = ltp_compile_category_find(c, "pay");
    return (ltp_employer){.organisation = organisation,
                          .price = pay < 0 ? -1 : ltp_compile_price(c, pay, organisation),
                          .leavers = added_row(c, added, "workforce.leavers", organisation),
                          .joiners = added_row(c, added, "workforce.joiners", organisation),
                          .agency_premium = added_row(c, added, "workforce.agency_premium", organisation),
                          .has_volume = ltp_compile_party_at(c, organisation)->sector == LTP_SECTOR_PROVIDER &&
                                        has_volume(c, organisation)};
}

/* Staff that cost more than all pay: one of the two figures is of something else. */
static void check_pay(ltp_compile_context *c, const ltp_employer *employer, const ltp_staff *staff, ltp_position at) {
    const ltp_compile_party *party = ltp_compile_party_at(c, employer->organisation);
    double groups = 0.0, pay = 0.0;
    for (int s = employer->first; s < employer->first + employer->count; s++)
        groups += staff[s].fte * staff[s].cost;
    for (int k = 0; k < c->cost.count; k++) {
        const ltp_cost *cost = COMPILE_AT(c->cost, ltp_cost, k);
        if (cost->organisation == employer->organisation && cost->bridge_line == LTP_BRIDGE_PAY)
            pay += cost->amount;
    }
    if (party->sector == LTP_SECTOR_PROVIDER && groups > pay * (1.0 + 1e-9))
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, at, "workforce: cost_per_fte", NULL, NULL,
                            "the staff groups of '%s' cost £%.3fm, more than its base pay of £%.3fm", party->code,
                            groups, pay);
}

static void note_presence(ltp_compile_context *c, const ltp_employer *employer, const ltp_staff *staff) {
    double pay = 0.0;
    for (int s = employer->first; s < employer->first + employer->count; s++) {
        for (int q = LTP_QUANTITY_STAFF_REQUIRED; q <= LTP_QUANTITY_STAFF_UNFILLED; q++)
            ltp_compile_present(c, (ltp_quantity)q, employer->organisation, staff[s].group, staff[s].required);
        pay += staff[s].fte * staff[s].cost;
    }
    ltp_compile_present(c, LTP_QUANTITY_STAFF_PAY, employer->organisation, 0, pay);
}

/* A driver of staff where there are none: its owner believes that it moves something. */
static void warn_idle_drivers(ltp_compile_context *c) {
    for (int d = 0; d < c->driver.count; d++) {
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        if (strncmp(driver->target, "workforce.", strlen("workforce.")) == 0)
            ltp_compile_problem(
                c, LTP_SEVERITY_WARNING, COMPILE_TABLE(c, DRIVERS)->row[driver->row].at, "drivers: target", NULL, NULL,
                "'%s' acts on %s, but there are no staff groups in workforce.csv", driver->name, driver->target);
    }
}

static const ltp_table *sorting; /* loading is single-threaded */

static int by_organisation_and_group(const void *a, const void *b) {
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const int order =
        strcmp(ltp_cell_at(sorting, x, LTP_WORKFORCE_CODE)->text, ltp_cell_at(sorting, y, LTP_WORKFORCE_CODE)->text);
    return order ? order
                 : strcmp(ltp_cell_at(sorting, x, LTP_WORKFORCE_GROUP)->text,
                          ltp_cell_at(sorting, y, LTP_WORKFORCE_GROUP)->text);
}

/* Rows by organisation and group, whatever their order in the table. */
static const size_t *canonical_rows(ltp_compile_context *c, const ltp_table *table) {
    size_t *row = COMPILE_NEW(c, table->row_count, size_t);
    for (size_t k = 0; k < table->row_count; k++)
        row[k] = k;
    sorting = table;
    qsort(row, table->row_count, sizeof *row, by_organisation_and_group);
    return row;
}

void ltp_compile_workforce(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, WORKFORCE);
    ltp_compile_list staff = {0}, employer = {0}, added = {0};
    ltp_compile_judge(c, COMPILE_BIT(SYSTEMS) | COMPILE_BIT(ORGANISATIONS) | COMPILE_BIT(FLOWS) |
                             COMPILE_BIT(CATEGORIES) | COMPILE_BIT(DRIVERS) | COMPILE_BIT(WORKFORCE));
    if (table->row_count == 0) {
        warn_idle_drivers(c);
        c->muted = false;
        return;
    }
    add_groups(c, table);
    const size_t *sorted = canonical_rows(c, table);
    ltp_position *at = COMPILE_NEW(c, table->row_count, ltp_position); /* [employer] its first row */
    for (size_t k = 0; k < table->row_count; k++) {
        const size_t row = sorted[k];
        const int organisation = ltp_compile_party_find(c, ltp_cell_at(table, row, LTP_WORKFORCE_CODE)->text);
        if (!ltp_compile_row_sound(c, table, row) || organisation < 0 ||
            organisation >= ltp_compile_organisation_count(c))
            continue; /* said by the reader */
        if (employer.count == 0 ||
            COMPILE_AT(employer, ltp_employer, employer.count - 1)->organisation != organisation) {
            ltp_employer one = read_employer(c, &added, organisation);
            one.first = staff.count;
            at[employer.count] = table->row[row].at;
            ltp_compile_push(c, &employer, sizeof one, &one);
        }
        const ltp_staff one = read_staff(c, table, row, organisation);
        ltp_compile_push(c, &staff, sizeof one, &one);
        COMPILE_AT(employer, ltp_employer, employer.count - 1)->count++;
    }
    for (int e = 0; e < employer.count; e++) {
        const ltp_employer *one = COMPILE_AT(employer, ltp_employer, e);
        check_pay(c, one, staff.item, at[e]);
        note_presence(c, one, staff.item);
    }
    c->workforce = (ltp_workforce){.staff_count = staff.count,
                                   .group_count = (int)c->plan->roster.group.count,
                                   .employer_count = employer.count,
                                   .added_count = added.count,
                                   .staff = staff.item,
                                   .employer = employer.item,
                                   .added = added.item,
                                   .unfilled_saves = c->scenario->unfilled_saves ? 1.0 : 0.0};
    c->muted = false;
}

/* --- programmes on them --- */

int ltp_programme_touch_workforce(const ltp_programme_reading *p) {
    static const ltp_compile_touch_kind kind[] = {TOUCH_LEAVERS, TOUCH_JOINERS, TOUCH_AGENCY};
    const int lever = (int)ltp_programme_cell(p, LTP_PROGRAMMES_LEVER)->number;
    int touched = 0;
    for (int s = 0; s < p->c->workforce.staff_count; s++) {
        const int organisation = p->c->workforce.staff[s].organisation;
        if (!p->target[organisation])
            continue;
        ltp_programme_touch(p, kind[lever], s, ltp_programme_action(p, organisation, p->effect, -1));
        touched++;
    }
    return touched;
}

/* --- the layers that share them --- */

static const int *combinations(ltp_compile_context *c, ltp_compile_touch_kind kind, int layer) {
    int *combination = COMPILE_NEW(c, c->workforce.staff_count, int);
    for (int s = 0; s < c->workforce.staff_count; s++)
        combination[s] = ltp_compile_combination(c, kind, s, layer);
    return combination;
}

static bool same_variant(const ltp_compile_context *c, const ltp_workforce_variant *a, const ltp_workforce_variant *b) {
    const size_t size = (size_t)c->workforce.staff_count * sizeof(int);
    return a->variant == b->variant && memcmp(a->leavers, b->leavers, size) == 0 &&
           memcmp(a->joiners, b->joiners, size) == 0 && memcmp(a->agency, b->agency, size) == 0;
}

/* Whether an employer's volume is the same in two activity variants. */
static bool same_volume(const ltp_compile_context *c, const ltp_employer *employer, int a, int b) {
    const ltp_variant *x = &c->variant[a], *y = &c->variant[b];
    return !employer->has_volume || a == b ||
           (!x->moderated[employer->organisation] && !y->moderated[employer->organisation]) ||
           ltp_compile_same_patients(x, &x->volume[employer->organisation], y, &y->volume[employer->organisation]);
}

static bool same_employer(const ltp_compile_context *c, const ltp_employer *employer, const ltp_workforce_variant *a,
                          const ltp_workforce_variant *b) {
    const size_t size = (size_t)employer->count * sizeof(int);
    const int at = employer->first;
    return same_volume(c, employer, a->variant, b->variant) && memcmp(a->leavers + at, b->leavers + at, size) == 0 &&
           memcmp(a->joiners + at, b->joiners + at, size) == 0 && memcmp(a->agency + at, b->agency + at, size) == 0;
}

/* The first to be computed, by activity variant, in which an employer comes to the same. */
static void find_owners(ltp_compile_context *c, ltp_workforce_variant *variant, int count) {
    const int employers = c->workforce.employer_count;
    int *owner = COMPILE_NEW(c, count * employers, int), *sharing = COMPILE_NEW(c, count * employers, int);
    int *order = COMPILE_NEW(c, count, int), ordered = 0;
    for (int v = 0; v < c->variant_count; v++)
        for (int w = 0; w < count; w++)
            if (variant[w].variant == v)
                order[ordered++] = w;
    for (int k = 0; k < count; k++) {
        variant[k].owner = &owner[k * employers];
        variant[k].sharing = &sharing[k * employers];
    }
    for (int e = 0; e < employers; e++)
        for (int k = 0; k < ordered; k++) {
            int first = 0;
            while (!same_employer(c, &c->workforce.employer[e], &variant[order[first]], &variant[order[k]]))
                first++;
            owner[order[k] * employers + e] = order[first];
            sharing[order[first] * employers + e]++;
        }
}

void ltp_compile_workforce_variants(ltp_compile_context *c, ltp_layer *layer, int count) {
    ltp_workforce *workforce = &c->workforce;
    ltp_workforce_variant *variant = COMPILE_NEW(c, count, ltp_workforce_variant);
    workforce->variant_count = 0; /* of the layers compiled before, if any */
    for (int l = 0; l < count; l++) {
        layer[l].workforce = -1;
        if (workforce->staff_count == 0)
            continue;
        ltp_workforce_variant one = {.variant = layer[l].variant,
                                     .leavers = combinations(c, TOUCH_LEAVERS, l),
                                     .joiners = combinations(c, TOUCH_JOINERS, l),
                                     .agency = combinations(c, TOUCH_AGENCY, l)};
        int w = 0;
        while (w < workforce->variant_count && !same_variant(c, &variant[w], &one))
            w++;
        if (w == workforce->variant_count)
            variant[workforce->variant_count++] = one;
        layer[l].workforce = w;
    }
    find_owners(c, variant, workforce->variant_count);
    workforce->variant = variant;
}
