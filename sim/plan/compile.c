#include "sim/plan/compile.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void *ltp_compile_memory(ltp_compile_context *c, size_t count, size_t size) {
    void *memory;
    if (ltp_pool_allocate(c->pool, &memory, count ? count : 1, size, c->error) != LTP_OK)
        longjmp(c->out_of_memory, 1);
    return memory;
}

int ltp_compile_push(ltp_compile_context *c, ltp_compile_list *list, size_t size, const void *item) {
    if (list->count == list->room) {
        int room = list->room ? 2 * list->room : 16;
        char *grown = ltp_compile_memory(c, (size_t)room, size);
        if (list->count)
            memcpy(grown, list->item, (size_t)list->count * size);
        list->item = grown;
        list->room = room;
        list->size = size;
    }
    memcpy((char *)list->item + (size_t)list->count * size, item, size);
    return list->count++;
}

static unsigned key_hash(const ltp_compile_key *key) {
    uint64_t h = UINT64_C(0x9E3779B97F4A7C15);
    for (int k = 0; k < COMPILE_KEY_PARTS; k++) {
        h ^= (uint32_t)key->part[k];
        h *= UINT64_C(0xBF58476D1CE4E5B9);
        h ^= h >> 29;
    }
    return (unsigned)(h >> 20);
}

static void map_grow(ltp_compile_context *c, ltp_compile_map *map) {
    int room = map->room ? 2 * map->room : 64;
    int *slot = COMPILE_NEW(c, room, int);
    for (int k = 0; k < room; k++)
        slot[k] = -1;
    for (int k = 0; k < map->key.count; k++) {
        unsigned at = key_hash(COMPILE_AT(map->key, ltp_compile_key, k)) & (unsigned)(room - 1);
        while (slot[at] >= 0)
            at = (at + 1) & (unsigned)(room - 1);
        slot[at] = k;
    }
    map->slot = slot;
    map->room = room;
}

int ltp_compile_intern(ltp_compile_context *c, ltp_compile_map *map, ltp_compile_key key, bool *found) {
    if (2 * (map->key.count + 1) > map->room)
        map_grow(c, map);
    unsigned at = key_hash(&key) & (unsigned)(map->room - 1);
    for (; map->slot[at] >= 0; at = (at + 1) & (unsigned)(map->room - 1))
        if (memcmp(COMPILE_AT(map->key, ltp_compile_key, map->slot[at]), &key, sizeof key) == 0) {
            *found = true;
            return map->slot[at];
        }
    *found = false;
    return map->slot[at] = ltp_compile_push(c, &map->key, sizeof key, &key);
}

double ltp_compile_number(const ltp_table *table, size_t row, int column) {
    const ltp_cell *cell = ltp_cell_at(table, row, column);
    return cell->present ? cell->number : 0.0;
}

void ltp_compile_problem(ltp_compile_context *c, ltp_severity severity, ltp_position at, const char *key,
                         const char *expected, const char *nearest, const char *format, ...) {
    char text[LTP_ERROR_TEXT];
    va_list arguments;
    if (c->muted && severity != LTP_SEVERITY_NOTE)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (int id = 0; id < LTP_TABLE_COUNT && key && severity == LTP_SEVERITY_ERROR; id++) {
        const char *name = ltp_schema_table((ltp_table_id)id)->name;
        const size_t length = strlen(name);
        c->flawed[id] |= strncmp(key, name, length) == 0 && (key[length] == ':' || key[length] == '\0');
    }
    ltp_problem_add(c->problems, severity, at, key, expected, nearest, "%s", text);
}

void ltp_compile_unmodelled(ltp_compile_context *c, const char *sentence) {
    const char *const *old = c->plan->unmodelled;
    int count = c->plan->unmodelled_count;
    const char **list = COMPILE_NEW(c, count + 1, const char *);
    for (int k = 0; k < count; k++) {
        if (strcmp(old[k], sentence) == 0)
            return;
        list[k] = old[k];
    }
    list[count] = sentence;
    c->plan->unmodelled = list;
    c->plan->unmodelled_count = count + 1;
}

/* What a table that is left out means for the numbers. */
static void note_left_out(ltp_compile_context *c) {
    static const struct {
        ltp_table_id table;
        const char *sentence;
    } row[] = {
        {LTP_TABLE_POPULATION, "population.csv is left out: no demographic growth"},
        {LTP_TABLE_USE_BY_AGE, "use_by_age.csv is left out: no demographic growth"},
        {LTP_TABLE_CATEGORIES, "categories.csv is left out: every cost follows activity in full"},
        {LTP_TABLE_CORRELATIONS, "correlations.csv is left out: drivers are independent"},
        {LTP_TABLE_EVENTS, "events.csv is left out: no rare shocks"},
        {LTP_TABLE_TRANSFERS, "transfers.csv is left out: no money moves between flows"},
        {LTP_TABLE_WORKFORCE, "workforce.csv is left out: staff are never short, and no agency is paid for"},
        {LTP_TABLE_PROGRAMMES, "programmes.csv is left out: the plan is to do nothing"},
    };
    for (size_t k = 0; k < sizeof row / sizeof *row; k++)
        if (c->scenario->table[row[k].table].row_count == 0)
            ltp_compile_unmodelled(c, row[k].sentence);
}

static void note(ltp_compile_context *c, const char *target, const char *so) {
    char *text;
    if (ltp_pool_format(c->pool, &text, c->error, "no driver acts on %s: %s", target, so) != LTP_OK)
        longjmp(c->out_of_memory, 1);
    ltp_compile_unmodelled(c, text);
}

/* Costs, services and a tariff that no driver moves: they stay as they are, which somebody may not have meant. */
static void note_unmoved(ltp_compile_context *c) {
    const ltp_roster *roster = &c->plan->roster;
    bool any, *cost = COMPILE_NEW(c, c->category.count, bool), *demand = COMPILE_NEW(c, roster->service.count, bool);
    bool tariff = false;
    char target[300];
    for (int k = 0; k < c->cost.count; k++)
        cost[COMPILE_AT(c->cost, ltp_cost, k)->category] = true;
    for (int f = 0; f < c->flow.count; f++) {
        const ltp_compile_flow *flow = COMPILE_AT(c->flow, ltp_compile_flow, f);
        if (flow->mechanism && flow->mechanism->follows_activity)
            demand[flow->service] = true;
        if (flow->mechanism && flow->mechanism->index == LTP_INDEX_PRICE && flow->category >= 0)
            cost[flow->category] = true;
        tariff |= flow->mechanism && flow->mechanism->tariff;
    }
    for (int k = 0; k < c->category.count; k++) {
        snprintf(target, sizeof target, "price.%s", ltp_compile_category_code(c, k));
        ltp_compile_target_mean(c, target, &any);
        if (cost[k] && !any)
            note(c, target, "the price does not move");
    }
    for (size_t k = 0; k < roster->service.count; k++) {
        snprintf(target, sizeof target, "demand.%s", roster->service.code[k]);
        ltp_compile_target_mean(c, target, &any);
        if (demand[k] && !any)
            note(c, target, "only the population moves demand");
    }
    ltp_compile_target_mean(c, "tariff.efficiency", &any);
    if (tariff && !any)
        note(c, "tariff.efficiency", "the tariff asks for none");
}

void ltp_compile_judge(ltp_compile_context *c, unsigned tables) {
    c->muted = false;
    for (int id = 0; id < LTP_TABLE_COUNT; id++)
        c->muted |= (tables >> id & 1u) != 0 && c->flawed[id];
}

static bool sound(const ltp_cell *cell, const ltp_column_schema *schema) {
    return cell->present || (*cell->text == '\0' && !schema->required);
}

bool ltp_compile_row_sound(const ltp_compile_context *c, const ltp_table *table, size_t row) {
    const ltp_table_schema *schema = ltp_schema_table(table->id);
    for (int k = 0; table->flawed && k < schema->column_count; k++) {
        const ltp_column_schema *column = &schema->column[k];
        const size_t count = column->group == LTP_GROUP_YEAR     ? (size_t)c->year_count + 1
                             : column->group == LTP_GROUP_NUMBER ? LTP_NUMBERED_MAX
                                                                 : 0;
        if (!count && !sound(ltp_cell_at(table, row, k), column))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!sound(&table->row[row].group[k][i], column))
                return false;
    }
    return true;
}

/* Each step leaves its problems in the list and goes on where the rest can still be checked. */
static void ltp_compile_all(ltp_compile_context *c) {
    for (size_t k = 0; k < c->scenario->unmodelled_count; k++)
        ltp_compile_unmodelled(c, c->scenario->unmodelled[k]);
    note_left_out(c);
    const unsigned parties = COMPILE_BIT(SYSTEMS) | COMPILE_BIT(ORGANISATIONS) | COMPILE_BIT(OUTSIDE);
    ltp_compile_judge(c, parties | COMPILE_BIT(MEMBERSHIP));
    ltp_compile_roster(c);
    ltp_compile_drivers(c);
    ltp_compile_judge(c, parties | COMPILE_BIT(POPULATION) | COMPILE_BIT(USE_BY_AGE));
    ltp_compile_population(c);
    ltp_compile_judge(c, parties | COMPILE_BIT(ALLOCATIONS));
    ltp_compile_allocations(c);
    ltp_compile_flows(c);
    ltp_compile_judge(c, parties | COMPILE_BIT(FLOWS) | COMPILE_BIT(CATEGORIES));
    ltp_compile_costs(c);
    ltp_compile_judge(c, parties | COMPILE_BIT(NORMALISATION) | COMPILE_BIT(ALLOCATIONS));
    c->muted |= COMPILE_TABLE(c, FLOWS)->flawed; /* whatever the steps before have found in them, the sums stand */
    ltp_check_ledger(c);
    note_unmoved(c);
    ltp_compile_floors(c);
    ltp_compile_workforce(c);
    ltp_compile_capital(c);
    ltp_compile_trajectories(c);
    ltp_compile_benchmarks(c);
    ltp_compile_programmes(c);
    ltp_compile_judge(c, parties | COMPILE_BIT(FLOWS) | COMPILE_BIT(SERVICES) | COMPILE_BIT(TRANSFERS));
    ltp_check_transfers(c);
    ltp_compile_judge(c, parties | COMPILE_BIT(PLANS));
    ltp_check_plans(c);
    c->muted = false;
    if (ltp_problem_count(c->problems, LTP_SEVERITY_ERROR))
        return;
    ltp_compile_transfers(c);
    ltp_compile_layers(c);
    ltp_compile_bridge(c);
    ltp_compile_baseline(c);
    ltp_compile_stored(c);
    ltp_compile_finish(c);
    ltp_compile_attribution_finish(c);
}

static ltp_status ltp_compile_scenario(ltp_plan *plan, ltp_problem_list *problems, ltp_error *error) {
    ltp_compile_context *c;
    ltp_status status = LTP_POOL_NEW(plan->pool, &c, 1, error);
    if (status != LTP_OK)
        return status;
    c->plan = plan;
    c->scenario = plan->scenario;
    c->pool = plan->pool;
    c->problems = problems;
    c->error = error;
    c->year_count = plan->scenario->year_count;
    for (int id = 0; id < LTP_TABLE_COUNT; id++)
        c->flawed[id] = plan->scenario->table[id].flawed;
    if (setjmp(c->out_of_memory))
        return LTP_ERROR_MEMORY;
    ltp_compile_all(c);
    size_t count = ltp_problem_count(problems, LTP_SEVERITY_ERROR);
    if (count)
        return ltp_error_set(error, LTP_ERROR_INPUT, "the scenario %s has %zu error%s", plan->scenario->folder, count,
                             count == 1 ? "" : "s");
    return LTP_OK;
}

ltp_status ltp_plan_load(ltp_plan **out, const char *folder, const char *const *overrides, size_t override_count,
                         ltp_problem_list *problems, ltp_error *error) {
    ltp_plan *plan = NULL;
    *out = NULL;
    ltp_status status = LTP_NEW(&plan, 1, "plan", error);
    if (status == LTP_OK)
        status = ltp_pool_create(&plan->pool, error);
    if (status == LTP_OK)
        status = ltp_scenario_read(&plan->scenario, folder, overrides, override_count, problems, error);
    if (status == LTP_OK || (status == LTP_ERROR_INPUT && plan->scenario))
        status = ltp_compile_scenario(plan, problems, error);
    if (status != LTP_OK)
        ltp_plan_free(plan);
    else
        *out = plan;
    return status;
}

void ltp_plan_free(ltp_plan *plan) {
    if (!plan)
        return;
    ltp_scenario_free(plan->scenario);
    ltp_pool_destroy(plan->pool);
    ltp_free(plan);
}
