/* Programmes: which there are, what they need, and whether their columns say what their kind wants. */
#include <math.h>
#include <string.h>

#include "sim/plan/compile_programme.h"

const ltp_cell *ltp_programme_cell(const ltp_programme_reading *p, int column) {
    return ltp_cell_at(p->table, p->row, column);
}

void ltp_programme_problem(const ltp_programme_reading *p, int column, const char *key, const char *expected,
                           const char *text) {
    const ltp_cell *at = ltp_programme_cell(p, column);
    ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, at->at.line ? at->at : p->table->row[p->row].at, key, expected, NULL,
                        "programme '%s': %s", p->programme->code, text);
}

/* --- lists of services and categories --- */

static bool *read_list(ltp_compile_context *c, const ltp_cell *list, int count, bool *all,
                       int (*find)(const ltp_compile_context *, const char *)) {
    bool *member = COMPILE_NEW(c, count, bool);
    *all = false;
    for (size_t k = 0; list->present && k < list->item_count; k++) {
        int at = strcmp(list->item[k], "*") == 0 ? -1 : find(c, list->item[k]);
        if (strcmp(list->item[k], "*") == 0)
            *all = true;
        else if (at >= 0)
            member[at] = true;
    }
    return member;
}

/* Effect × delivery beyond the whole would make a cost or an activity negative. */
static void check_delivery(const ltp_programme_reading *p) {
    const ltp_cell *delivery = ltp_programme_cell(p, LTP_PROGRAMMES_DELIVERY);
    const double factor = ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_DELIVERY_FACTOR);
    const int driver = delivery->present ? ltp_compile_driver_find(p->c, delivery->text) : -1;
    double most = delivery->present ? delivery->number : 1.0;
    if (p->money || !p->programme->kind->needs_effect || p->effect > 1) /* above 1: an error of its own */
        return;
    if (driver >= 0) {
        const ltp_transform *transform = COMPILE_AT(p->c->driver, ltp_compile_driver, driver)->transform;
        most = transform ? transform->high : 1.0;
    }
    if (p->effect * most * factor <= 1.0 + 1e-12)
        return;
    ltp_compile_problem(p->c, driver >= 0 ? LTP_SEVERITY_WARNING : LTP_SEVERITY_ERROR, delivery->at,
                        "programmes: delivery", driver >= 0 ? NULL : "effect times delivery of at most 1", NULL,
                        "programme '%s' could deliver more than the whole: effect %g, delivery up to %g, factor %g",
                        p->programme->code, p->effect, most, factor);
}

/* Staff have a lever, and neither services nor categories. */
static void check_lever(const ltp_programme_reading *p) {
    const bool staff = p->programme->kind->acts_on == LTP_ACTS_ON_WORKFORCE;
    if (!staff && ltp_programme_cell(p, LTP_PROGRAMMES_LEVER)->present)
        ltp_programme_problem(p, LTP_PROGRAMMES_LEVER, "programmes: lever", "an empty cell",
                              "only workforce has a lever");
    if (!staff)
        return;
    if (!ltp_programme_cell(p, LTP_PROGRAMMES_LEVER)->present)
        ltp_programme_problem(p, LTP_PROGRAMMES_LEVER, "programmes: lever", "leavers, joiners or agency_share",
                              "it does not say what it changes");
    if (p->money)
        ltp_programme_problem(p, LTP_PROGRAMMES_EFFECT_UNIT, "programmes: effect_unit", "fraction",
                              "a lever is changed by a fraction, not by money");
    if (ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_SERVICES)->present && !p->all_services)
        ltp_programme_problem(p, LTP_PROGRAMMES_TARGET_SERVICES, "programmes: target_services",
                              "an empty cell: it acts on all staff groups of its targets", "staff have no service");
    if (ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_CATEGORIES)->present && !p->all_categories)
        ltp_programme_problem(p, LTP_PROGRAMMES_TARGET_CATEGORIES, "programmes: target_categories",
                              "an empty cell: it acts on all staff groups of its targets", "staff have no category");
}

static void check_columns(const ltp_programme_reading *p) {
    const ltp_programme_kind *kind = p->programme->kind;
    const ltp_cell *first_amount = NULL;
    for (int t = p->c->year_count; t >= 1; t--) {
        const ltp_cell *amount = ltp_cell_year(p->table, p->row, LTP_PROGRAMMES_AMOUNT, t);
        first_amount = amount->present ? amount : first_amount;
    }
    if (kind->needs_targets && !p->has_targets)
        ltp_programme_problem(p, LTP_PROGRAMMES_TARGET_ORGANISATIONS, "programmes: target_organisations",
                              "codes, or system=CODE;kind=KIND, joined by |", "it says nobody at whom it acts");
    if (kind->needs_services && !ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_SERVICES)->present)
        ltp_programme_problem(p, LTP_PROGRAMMES_TARGET_SERVICES, "programmes: target_services",
                              "services, or * for all", "it says no service");
    if (kind->needs_categories && !ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_CATEGORIES)->present)
        ltp_programme_problem(p, LTP_PROGRAMMES_TARGET_CATEGORIES, "programmes: target_categories",
                              "categories, or * for all", "it says no category");
    if (kind->needs_effect && !ltp_programme_cell(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT)->present)
        ltp_programme_problem(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT, "programmes: full_year_effect", "a number",
                              "it has no effect");
    if (kind->needs_effect && !p->money && fabs(p->effect) > 1.0)
        ltp_programme_problem(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT, "programmes: full_year_effect",
                              "a fraction from -1 to 1", "its effect is more than the whole");
    if (kind->needs_effect && !ltp_programme_cell(p, LTP_PROGRAMMES_START)->present)
        ltp_programme_problem(p, LTP_PROGRAMMES_START, "programmes: start", "a date, such as 2019-04-01",
                              "it has no start");
    if (kind->needs_amounts && !first_amount)
        ltp_programme_problem(p, LTP_PROGRAMMES_KIND, "programmes: amount_", "amount_YYYY/YY of some year",
                              "it has no amount");
    if (kind->needs_amounts && (!ltp_programme_cell(p, LTP_PROGRAMMES_PAYER)->present ||
                                !ltp_programme_cell(p, LTP_PROGRAMMES_PAYEE)->present))
        ltp_programme_problem(p, LTP_PROGRAMMES_PAYER, "programmes: payer, payee", "who pays and who is paid",
                              "it does not say whose money moves");
    if (!kind->needs_amounts && first_amount)
        ltp_compile_problem(p->c, LTP_SEVERITY_ERROR, first_amount->at, "programmes: amount_",
                            "empty cells: amounts belong to income and investment", NULL,
                            "programme '%s': its kind takes no amounts by year", p->programme->code);
    for (int k = 0; k < 2; k++)
        if (!kind->needs_amounts && ltp_programme_cell(p, k ? LTP_PROGRAMMES_PAYEE : LTP_PROGRAMMES_PAYER)->present)
            ltp_programme_problem(p, k ? LTP_PROGRAMMES_PAYEE : LTP_PROGRAMMES_PAYER,
                                  k ? "programmes: payee" : "programmes: payer",
                                  "an empty cell: payer and payee belong to income and investment",
                                  k ? "its kind pays nobody by name" : "nobody pays it by name");
    if (kind->needs_amounts && ltp_programme_cell(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT)->present)
        ltp_programme_problem(p, LTP_PROGRAMMES_FULL_YEAR_EFFECT, "programmes: full_year_effect", "an empty cell",
                              "its kind goes by amounts by year, not by an effect");
    check_lever(p);
    if (kind->acts_on != LTP_ACTS_ON_SPENDING && ltp_programme_cell(p, LTP_PROGRAMMES_COMMITTED)->number != 0.0)
        ltp_programme_problem(p, LTP_PROGRAMMES_COMMITTED, "programmes: committed", "no",
                              "only an investment can be committed");
}

/* A way to a benchmark is a share of it; whoever has a unit cost needs to know which cost is meant. */
static void check_variation(const ltp_programme_reading *p) {
    bool cost = false;
    if (p->programme->kind->acts_on != LTP_ACTS_ON_VARIATION)
        return;
    for (int o = 0; o < ltp_compile_organisation_count(p->c); o++)
        cost |= p->target[o] && ltp_compile_party_at(p->c, o)->sector != LTP_SECTOR_COMMISSIONER;
    if (p->money || p->effect < 0.0)
        ltp_programme_problem(p, p->money ? LTP_PROGRAMMES_EFFECT_UNIT : LTP_PROGRAMMES_FULL_YEAR_EFFECT,
                              p->money ? "programmes: effect_unit" : "programmes: full_year_effect",
                              "a fraction of the way to the benchmark, from 0 to 1",
                              p->money ? "money is no way to a benchmark" : "it moves away from its benchmark");
    if (cost && !ltp_programme_cell(p, LTP_PROGRAMMES_TARGET_CATEGORIES)->present)
        ltp_programme_problem(p, LTP_PROGRAMMES_TARGET_CATEGORIES, "programmes: target_categories",
                              "categories, or * for all", "it says no category of its targets' cost");
}

/* --- reading --- */

static const unsigned variation_tables = COMPILE_BIT(BENCHMARKS) | COMPILE_BIT(POPULATION) | COMPILE_BIT(USE_BY_AGE);

static void read_programme(ltp_compile_context *c, int index) {
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    ltp_programme_reading p = {.c = c,
                               .table = COMPILE_TABLE(c, PROGRAMMES),
                               .index = index,
                               .programme = programme,
                               .row = programme->row,
                               .target = COMPILE_NEW(c, ltp_compile_organisation_count(c), bool)};
    const bool sound = ltp_compile_row_sound(c, p.table, p.row);
    ltp_compile_judge(c, COMPILE_BIT(SYSTEMS) | COMPILE_BIT(ORGANISATIONS));
    c->muted |= p.table->flawed; /* a term that matches nobody may be one that is misspelt, which has been said */
    p.has_targets = ltp_compile_targets(c, ltp_programme_cell(&p, LTP_PROGRAMMES_TARGET_ORGANISATIONS),
                                        "programmes: target_organisations", p.target);
    c->muted = !sound;
    p.service = read_list(c, ltp_programme_cell(&p, LTP_PROGRAMMES_TARGET_SERVICES), (int)c->plan->roster.service.count,
                          &p.all_services, ltp_compile_service_find);
    p.category = read_list(c, ltp_programme_cell(&p, LTP_PROGRAMMES_TARGET_CATEGORIES), c->category.count,
                           &p.all_categories, ltp_compile_category_find);
    p.effect = ltp_programme_cell(&p, LTP_PROGRAMMES_FULL_YEAR_EFFECT)->number;
    p.money = ltp_programme_cell(&p, LTP_PROGRAMMES_EFFECT_UNIT)->number == LTP_EFFECT_UNIT_MONEY;
    size_t before = ltp_problem_count(c->problems, LTP_SEVERITY_ERROR);
    check_columns(&p);
    check_delivery(&p);
    check_variation(&p);
    const bool good = !c->muted && ltp_problem_count(c->problems, LTP_SEVERITY_ERROR) == before;
    ltp_compile_judge(c, COMPILE_BIT(SYSTEMS) | COMPILE_BIT(ORGANISATIONS) | COMPILE_BIT(OUTSIDE) | COMPILE_BIT(FLOWS) |
                             COMPILE_BIT(ALLOCATIONS) | COMPILE_BIT(SERVICES) | COMPILE_BIT(CATEGORIES) |
                             COMPILE_BIT(DEFLATORS) | COMPILE_BIT(DRIVERS) | COMPILE_BIT(CONTRACTS) |
                             (programme->kind->acts_on == LTP_ACTS_ON_VARIATION ? variation_tables : 0u));
    c->muted |= !sound;
    if (good && programme->kind->needs_effect && !c->muted)
        ltp_programme_touch_all(&p);
    ltp_compile_programme_cash(c, index, p.target, p.has_targets);
}

static void list_programme(ltp_compile_context *c, size_t row) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    const ltp_cell *kind = ltp_cell_at(table, row, LTP_PROGRAMMES_KIND);
    const ltp_cell *test = ltp_cell_at(table, row, LTP_PROGRAMMES_TEST);
    const ltp_cell *scheme = ltp_cell_at(table, row, LTP_PROGRAMMES_NEEDS_SCHEME);
    ltp_compile_programme programme = {.row = row,
                                       .code = ltp_cell_at(table, row, LTP_PROGRAMMES_CODE)->text,
                                       .kind = kind->present ? ltp_programme_kind_find(kind->text) : NULL,
                                       .needs = -1,
                                       .scheme = -1,
                                       .overlap_group = -1,
                                       .overlap = ltp_compile_number(table, row, LTP_PROGRAMMES_OVERLAP),
                                       .committed = ltp_compile_number(table, row, LTP_PROGRAMMES_COMMITTED) != 0.0};
    char *text = COMPILE_NEW(c, strlen(programme.code) + 128, char);
    if (scheme->present && ltp_table_find(COMPILE_TABLE(c, SCHEMES), scheme->text) != SIZE_MAX)
        programme.scheme = c->scheme_of_row[ltp_table_find(COMPILE_TABLE(c, SCHEMES), scheme->text)];
    if (programme.kind) {
        programme.test = test->present ? (int)test->number : c->scenario->kind_test[(int)kind->number];
        programme.modelled = programme.kind->acts_on != LTP_ACTS_ON_NOTHING;
        programme.cash = ltp_compile_number(table, row, LTP_PROGRAMMES_RELEASES) == LTP_RELEASES_CASH;
        if (!programme.modelled) {
            sprintf(text, "programme %s: kind %s is not modelled in this version; it has no effect", programme.code,
                    kind->text);
            ltp_compile_unmodelled(c, text);
        }
    }
    ltp_compile_push(c, &c->programme, sizeof programme, &programme);
}

static int programme_find(const ltp_compile_context *c, const char *code) {
    for (int k = 0; k < c->programme.count; k++)
        if (strcmp(COMPILE_AT(c->programme, ltp_compile_programme, k)->code, code) == 0)
            return k;
    return -1;
}

static void link_programme(ltp_compile_context *c, int index) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    const ltp_cell *needs = ltp_cell_at(table, programme->row, LTP_PROGRAMMES_NEEDS_PROGRAMME);
    const ltp_cell *group = ltp_cell_at(table, programme->row, LTP_PROGRAMMES_OVERLAP_GROUP);
    if (needs->present)
        programme->needs = programme_find(c, needs->text);
    for (int k = 0; group->present && k <= index; k++) {
        const ltp_compile_programme *other = COMPILE_AT(c->programme, ltp_compile_programme, k);
        const ltp_cell *its = ltp_cell_at(table, other->row, LTP_PROGRAMMES_OVERLAP_GROUP);
        if (!its->present || strcmp(its->text, group->text) != 0)
            continue;
        programme->overlap_group = k;
        c->muted = !ltp_compile_row_sound(c, table, programme->row) || !ltp_compile_row_sound(c, table, other->row);
        if (other->overlap != programme->overlap)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, ltp_cell_at(table, programme->row, LTP_PROGRAMMES_OVERLAP)->at,
                                "programmes: overlap", "the same overlap on every row of a group", NULL,
                                "group '%s' has an overlap of %g at '%s' and of %g at '%s'", group->text,
                                other->overlap, other->code, programme->overlap, programme->code);
        break;
    }
}

/* Each programme after the one that it needs; a circle is an error. */
static int depth(ltp_compile_context *c, int index, int steps) {
    const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, index);
    if (programme->needs < 0)
        return 0;
    if (steps > c->programme.count) {
        ltp_compile_problem(
            c, LTP_SEVERITY_ERROR,
            ltp_cell_at(COMPILE_TABLE(c, PROGRAMMES), programme->row, LTP_PROGRAMMES_NEEDS_PROGRAMME)->at,
            "programmes: needs_programme", "a chain that ends", NULL,
            programme->needs == index ? "programme '%s' needs itself" : "programme '%s' needs itself, by way of others",
            programme->code);
        COMPILE_AT(c->programme, ltp_compile_programme, index)->needs = -1;
        return 0;
    }
    return 1 + depth(c, programme->needs, steps + 1);
}

static bool names_driver(const ltp_table *table, const int *column, int count, const char *driver) {
    for (size_t r = 0; r < table->row_count; r++)
        for (int k = 0; k < count; k++) {
            const ltp_cell *cell = ltp_cell_at(table, r, column[k]);
            if (cell->present && strcmp(cell->text, driver) == 0)
                return true;
        }
    return false;
}

/* A driver without a target that no programme or scheme names: its owner believes that it moves something. */
static void warn_unused_drivers(ltp_compile_context *c) {
    static const int in_programmes[] = {LTP_PROGRAMMES_DELIVERY, LTP_PROGRAMMES_SLIPPAGE,
                                        LTP_PROGRAMMES_RECURRENT_SHARE};
    static const int in_schemes[] = {LTP_SCHEMES_COST_DRIVER};
    for (int d = 0; d < c->driver.count; d++) {
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        if (*driver->target || names_driver(COMPILE_TABLE(c, PROGRAMMES), in_programmes, 3, driver->name) ||
            names_driver(COMPILE_TABLE(c, SCHEMES), in_schemes, 1, driver->name))
            continue;
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, COMPILE_TABLE(c, DRIVERS)->row[driver->row].at, "drivers: target",
                            NULL, NULL, "'%s' has no target and no programme names it, so it moves nothing",
                            driver->name);
    }
}

static bool is_recovery(const ltp_compile_programme *programme) {
    return programme->kind && strcmp(programme->kind->name, "recovery") == 0;
}

/* A cost line on which both programmes act, −1. */
static int shared_cost(const ltp_compile_context *c, int programme, int other) {
    for (int k = 0; k < c->touch.count; k++) {
        const ltp_compile_touch *touch = COMPILE_AT(c->touch, ltp_compile_touch, k);
        if (touch->kind != TOUCH_COST || touch->programme != programme)
            continue;
        for (int j = 0; j < c->touch.count; j++) {
            const ltp_compile_touch *listed = COMPILE_AT(c->touch, ltp_compile_touch, j);
            if (listed->kind == TOUCH_COST && listed->on == touch->on && listed->programme == other)
                return touch->on;
        }
    }
    return -1;
}

/* What a recovery plan saves must not be what listed programmes save already: said once for each plan, naming them.
 * Programmes of one overlap group say themselves what they share. */
static void warn_recovery(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    for (int p = 0; p < c->programme.count; p++) {
        const ltp_compile_programme *plan = COMPILE_AT(c->programme, ltp_compile_programme, p);
        char names[LTP_ERROR_TEXT / 2] = "";
        int first = -1;
        for (int k = 0; is_recovery(plan) && k < c->programme.count; k++) {
            const ltp_compile_programme *other = COMPILE_AT(c->programme, ltp_compile_programme, k);
            const bool grouped = plan->overlap_group >= 0 && plan->overlap_group == other->overlap_group;
            const int on = is_recovery(other) || grouped ? -1 : shared_cost(c, p, k);
            if (on < 0)
                continue;
            first = first < 0 ? on : first;
            const size_t used = strlen(names);
            snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", other->code);
        }
        if (first < 0)
            continue;
        const ltp_cost *cost = COMPILE_AT(c->cost, ltp_cost, first);
        ltp_compile_problem(c, LTP_SEVERITY_WARNING,
                            ltp_cell_at(table, plan->row, LTP_PROGRAMMES_TARGET_CATEGORIES)->at,
                            "programmes: target_categories", NULL, NULL,
                            "recovery programme '%s' acts on what other programmes act on too (%s), as on %s of '%s': "
                            "a recovery plan is only what is additional; what they share needs one overlap_group",
                            plan->code, names, ltp_compile_category_code(c, cost->category),
                            ltp_compile_party_at(c, cost->organisation)->code);
    }
}

void ltp_compile_programmes(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, PROGRAMMES);
    for (size_t r = 0; r < table->row_count; r++)
        list_programme(c, table->by_key[r]); /* by code: their money is added up in this order */
    for (int k = 0; k < c->programme.count; k++)
        link_programme(c, k);
    c->muted = false;
    int deepest = 0;
    for (int k = 0; k < c->programme.count; k++) {
        int order = depth(c, k, 0);
        COMPILE_AT(c->programme, ltp_compile_programme, k)->order = order;
        deepest = order > deepest ? order : deepest;
    }
    for (int order = 0; order <= deepest; order++)
        for (int k = 0; k < c->programme.count; k++) {
            const ltp_compile_programme *programme = COMPILE_AT(c->programme, ltp_compile_programme, k);
            if (programme->order == order && programme->kind && programme->modelled)
                read_programme(c, k);
        }
    ltp_compile_judge(c, COMPILE_BIT(PROGRAMMES) | COMPILE_BIT(DRIVERS) | COMPILE_BIT(SCHEMES));
    warn_unused_drivers(c);
    warn_recovery(c);
    c->muted = false;
}
