/* Drivers, events and the copula; variables at members, made when something asks for them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile.h"

/* Columns of a family's parameters: drivers.csv and events.csv have the same ones. */
typedef struct {
    int parameter[LTP_PARAMETER_COUNT];
    int family, value_n, probability_n, history_file;
    const char *key;
} family_columns;

static const family_columns driver_columns = {
    .parameter = {LTP_DRIVERS_MEAN, LTP_DRIVERS_SD, LTP_DRIVERS_MIN, LTP_DRIVERS_MODE, LTP_DRIVERS_MAX, LTP_DRIVERS_P10,
                  LTP_DRIVERS_P50, LTP_DRIVERS_P90, LTP_DRIVERS_DF, LTP_DRIVERS_RATE, LTP_DRIVERS_VALUE},
    .family = LTP_DRIVERS_FAMILY,
    .value_n = LTP_DRIVERS_VALUE_N,
    .probability_n = LTP_DRIVERS_PROBABILITY_N,
    .history_file = LTP_DRIVERS_HISTORY_FILE,
    .key = "drivers: family"};

static const family_columns event_columns = {
    .parameter = {LTP_EVENTS_MEAN, LTP_EVENTS_SD, LTP_EVENTS_MIN, LTP_EVENTS_MODE, LTP_EVENTS_MAX, LTP_EVENTS_P10,
                  LTP_EVENTS_P50, LTP_EVENTS_P90, LTP_EVENTS_DF, LTP_EVENTS_RATE, LTP_EVENTS_VALUE},
    .family = LTP_EVENTS_FAMILY,
    .value_n = LTP_EVENTS_VALUE_N,
    .probability_n = LTP_EVENTS_PROBABILITY_N,
    .history_file = LTP_EVENTS_HISTORY_FILE,
    .key = "events: family"};

/* False when a value or a probability stands alone. */
static bool read_atoms(ltp_compile_context *c, const ltp_table *table, size_t row, const family_columns *columns,
                       ltp_family_input *input) {
    bool whole = true;
    double *value = COMPILE_NEW(c, LTP_NUMBERED_MAX, double), *probability = COMPILE_NEW(c, LTP_NUMBERED_MAX, double);
    for (int n = 0; n < LTP_NUMBERED_MAX; n++) {
        const ltp_cell *v = ltp_cell_number(table, row, columns->value_n, n);
        const ltp_cell *p = ltp_cell_number(table, row, columns->probability_n, n);
        bool has_value = v && v->present, has_probability = p && p->present;
        if (has_value != has_probability) {
            ltp_compile_problem(
                c, LTP_SEVERITY_ERROR, has_value ? v->at : p->at, columns->key, "each value with its probability", NULL,
                has_value ? "value_%d has no probability_%d" : "probability_%d has no value_%d", n + 1, n + 1);
            whole = false;
        }
        if (has_value && has_probability) {
            value[input->atom_count] = v->number;
            probability[input->atom_count++] = p->number;
        }
    }
    input->atom = value;
    input->probability = probability;
    return whole;
}

/* One compiled transform, with `mean` replaced where it is not NaN. NULL after a problem. */
static const ltp_transform *ltp_compile_transform(ltp_compile_context *c, const ltp_table *table, size_t row,
                                                  const family_columns *columns, double mean) {
    const ltp_cell *family_cell = ltp_cell_at(table, row, columns->family);
    const ltp_family *family = ltp_family_find(family_cell->text);
    ltp_family_input input = {0};
    ltp_transform *transform = COMPILE_NEW(c, 1, ltp_transform);
    if (!family)
        return NULL; /* the reader has said so */
    for (int p = 0; p < LTP_PARAMETER_COUNT; p++) {
        const ltp_cell *cell = ltp_cell_at(table, row, columns->parameter[p]);
        input.given[p] = cell->present;
        input.value[p] = cell->number;
    }
    if (!isnan(mean)) {
        input.given[LTP_PARAMETER_MEAN] = true;
        input.value[LTP_PARAMETER_MEAN] = mean;
    }
    if (!read_atoms(c, table, row, columns, &input))
        return NULL;
    const ltp_cell *history = ltp_cell_at(table, row, columns->history_file);
    if (history->present) {
        const ltp_history *past = ltp_scenario_history(c->scenario, history);
        input.atom = past ? past->value : NULL;
        input.atom_count = past ? past->count : 0;
        input.probability = NULL;
    }
    ltp_error problem = {0};
    if (ltp_family_compile(family, &input, c->pool, transform, &problem) != LTP_OK) {
        if (problem.status == LTP_ERROR_MEMORY) {
            *c->error = problem;
            longjmp(c->out_of_memory, 1);
        }
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, family_cell->at, columns->key, NULL, NULL, "%s", problem.message);
        return NULL;
    }
    const char *warning = ltp_family_warning(family, &input);
    if (warning)
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, family_cell->at, columns->key, NULL, NULL, "%s", warning);
    return transform;
}

/* [year], one object where years do not differ. */
static const ltp_transform *driver_transforms(ltp_compile_context *c, size_t row) {
    const ltp_table *table = COMPILE_TABLE(c, DRIVERS);
    ltp_transform *transform = COMPILE_NEW(c, c->year_count, ltp_transform);
    const ltp_transform *common = NULL;
    bool tried = false;
    for (int t = 1; t <= c->year_count; t++) {
        const ltp_cell *mean = ltp_cell_year(table, row, LTP_DRIVERS_MEAN_YEAR, t);
        const ltp_transform *one;
        if (mean && mean->present) {
            one = ltp_compile_transform(c, table, row, &driver_columns, mean->number);
        } else {
            if (!tried)
                common = ltp_compile_transform(c, table, row, &driver_columns, NAN);
            tried = true;
            one = common;
        }
        if (!one)
            return NULL;
        transform[t - 1] = *one;
    }
    return transform;
}

static void check_shares(ltp_compile_context *c, size_t row, ltp_compile_driver *driver) {
    static const int column[LTP_SHARE_COUNT] = {LTP_DRIVERS_SHARE_NATIONAL, LTP_DRIVERS_SHARE_SYSTEM,
                                                LTP_DRIVERS_SHARE_ORGANISATION};
    static const char *const key[LTP_SHARE_COUNT] = {"drivers: share_national", "drivers: share_system",
                                                     "drivers: share_organisation"};
    const ltp_table *table = COMPILE_TABLE(c, DRIVERS);
    double sum = 0.0;
    bool given = false;
    for (int k = 0; k < LTP_SHARE_COUNT; k++) {
        const ltp_cell *cell = ltp_cell_at(table, row, column[k]);
        given |= cell->present;
        sum += driver->share[k] = cell->present ? cell->number : 0.0;
        if (driver->share[k] > 0.0 && k > driver->scope)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, cell->at, key[k], "0, or a finer scope", NULL,
                                "'%s' takes one value a %s, so it cannot have a share of %g finer than that",
                                driver->name, driver->scope == LTP_SCOPE_NATIONAL ? "nation" : "system",
                                driver->share[k]);
    }
    if (!given)
        driver->share[LTP_SHARE_NATIONAL] = sum = 1.0;
    if (fabs(sum - 1.0) > 1e-9)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, ltp_cell_at(table, row, column[0])->at, key[0],
                            "shares that sum to 1", NULL, "the shares of '%s' sum to %.10g", driver->name, sum);
}

static int by_driver_name(const void *a, const void *b) {
    return strcmp(((const ltp_compile_driver *)a)->name, ((const ltp_compile_driver *)b)->name);
}

static int by_event_name(const void *a, const void *b) {
    return strcmp(((const ltp_compile_event *)a)->name, ((const ltp_compile_event *)b)->name);
}

/* Draws hang on hashes of names: two names with one hash would share draws. */
static int by_hash(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void check_collisions(ltp_compile_context *c) {
    int count = 0, most = c->driver.count + 2 * c->event.count + c->party.count + c->system_place.count;
    uint64_t *hash = COMPILE_NEW(c, most + 1, uint64_t);
    for (int d = 0; d < c->driver.count; d++)
        hash[count++] = COMPILE_AT(c->driver, ltp_compile_driver, d)->stream;
    for (int e = 0; e < c->event.count; e++) {
        hash[count++] = ltp_hash_name("event.start", COMPILE_AT(c->event, ltp_compile_event, e)->name);
        hash[count++] = ltp_hash_name("event.severity", COMPILE_AT(c->event, ltp_compile_event, e)->name);
    }
    for (int p = 0; p < c->party.count; p++)
        if (ltp_compile_party_find(c, ltp_compile_party_at(c, p)->code) == p) /* a code given twice has been refused */
            hash[count++] = ltp_hash_name("organisation", ltp_compile_party_at(c, p)->code);
    for (int s = 0; s < c->system_place.count; s++)
        hash[count++] = ltp_hash_name("system", *COMPILE_AT(c->system_place, const char *, s));
    qsort(hash, (size_t)count, sizeof *hash, by_hash);
    for (int k = 1; k < count; k++)
        if (hash[k] == hash[k - 1])
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, (ltp_position){0}, NULL, "names with hashes of their own", NULL,
                                "two names have the same 64-bit hash (%016llx), so they would share draws; rename one",
                                (unsigned long long)hash[k]);
}

static void read_correlations(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, CORRELATIONS);
    const char **name = COMPILE_NEW(c, c->driver.count, const char *);
    double *persistence = COMPILE_NEW(c, c->driver.count, double);
    ltp_correlation_pair *pair = COMPILE_NEW(c, table->row_count, ltp_correlation_pair);
    size_t count = 0;
    for (int d = 0; d < c->driver.count; d++) {
        name[d] = COMPILE_AT(c->driver, ltp_compile_driver, d)->name;
        persistence[d] = COMPILE_AT(c->driver, ltp_compile_driver, d)->persistence;
    }
    for (size_t r = 0; r < table->row_count; r++) {
        int a = ltp_compile_driver_find(c, ltp_cell_at(table, r, LTP_CORRELATIONS_DRIVER_A)->text);
        int b = ltp_compile_driver_find(c, ltp_cell_at(table, r, LTP_CORRELATIONS_DRIVER_B)->text);
        const ltp_cell *cell = ltp_cell_at(table, r, LTP_CORRELATIONS_CORRELATION);
        if (a < 0 || b < 0 || !cell->present)
            continue;
        if (a == b)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[r].at, "correlations: driver_b", "another driver",
                                NULL, "'%s' is paired with itself", name[a]);
        for (size_t k = 0; k < count; k++)
            if (pair[k].a == (size_t)b && pair[k].b == (size_t)a)
                ltp_compile_problem(c, LTP_SEVERITY_ERROR, table->row[r].at, "correlations", "each pair once", NULL,
                                    "'%s' and '%s' are given twice, the second time the other way round", name[a],
                                    name[b]);
        for (int k = 0; k < 2; k++) {
            const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, k ? b : a);
            if (driver->share[LTP_SHARE_NATIONAL] == 0.0 && cell->number != 0.0)
                ltp_compile_problem(c, LTP_SEVERITY_WARNING, table->row[r].at, "correlations", NULL, NULL,
                                    "'%s' has no national share, so the correlation moves nothing", driver->name);
        }
        if (a != b)
            pair[count++] = (ltp_correlation_pair){.a = (size_t)a, .b = (size_t)b, .correlation = cell->number};
    }
    if (count == 0 && c->driver.count > 1)
        ltp_compile_problem(c, LTP_SEVERITY_NOTE, (ltp_position){0}, "correlations", NULL, NULL,
                            "no correlations are given: drivers are independent");
    ltp_error problem = {0};
    ltp_status status =
        ltp_copula_build(&c->copula, c->pool, (size_t)c->driver.count, name, persistence, count, pair, &problem);
    if (status == LTP_ERROR_MEMORY) {
        *c->error = problem;
        longjmp(c->out_of_memory, 1);
    }
    if (status != LTP_OK)
        ltp_compile_problem(c, LTP_SEVERITY_ERROR, (ltp_position){.file = table->file}, "correlations", NULL, NULL,
                            "%s", problem.message);
    for (size_t k = 0; status == LTP_OK && k < c->copula.component_count; k++)
        for (size_t m = 0; m < c->copula.component[k].count; m++)
            COMPILE_AT(c->driver, ltp_compile_driver, c->copula.component[k].driver[m])->component = (int)k;
}

static void read_drivers(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, DRIVERS);
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *target = ltp_cell_at(table, r, LTP_DRIVERS_TARGET);
        ltp_compile_driver driver = {.row = r,
                                     .name = ltp_cell_at(table, r, LTP_DRIVERS_NAME)->text,
                                     .target = target->present ? target->text : "",
                                     .scope = (int)ltp_compile_number(table, r, LTP_DRIVERS_SCOPE),
                                     .persistence = ltp_compile_number(table, r, LTP_DRIVERS_PERSISTENCE),
                                     .component = -1};
        driver.stream = ltp_hash_name("driver", driver.name);
        c->muted = !ltp_compile_row_sound(c, table, r);
        check_shares(c, r, &driver);
        driver.transform = driver_transforms(c, r);
        ltp_compile_push(c, &c->driver, sizeof driver, &driver);
    }
    if (c->driver.count)
        qsort(c->driver.item, (size_t)c->driver.count, sizeof(ltp_compile_driver), by_driver_name);
}

static void read_events(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, EVENTS);
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *first = ltp_cell_at(table, r, LTP_EVENTS_FIRST_YEAR);
        const ltp_cell *last = ltp_cell_at(table, r, LTP_EVENTS_LAST_YEAR);
        const ltp_cell *target = ltp_cell_at(table, r, LTP_EVENTS_TARGET);
        ltp_compile_event event = {.row = r,
                                   .name = ltp_cell_at(table, r, LTP_EVENTS_NAME)->text,
                                   .scope = (int)ltp_compile_number(table, r, LTP_EVENTS_SCOPE),
                                   .probability = ltp_compile_number(table, r, LTP_EVENTS_PROBABILITY),
                                   .first_year = first->present ? (int)first->number : 1,
                                   .last_year = last->present ? (int)last->number : c->year_count,
                                   .duration = (int)ltp_compile_number(table, r, LTP_EVENTS_DURATION_YEARS),
                                   .target_count = (int)target->item_count,
                                   .target = target->item};
        c->muted = !ltp_compile_row_sound(c, table, r);
        if (event.first_year > event.last_year)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, last->at, "events: last_year", "a year not before first_year",
                                NULL, "'%s' would end before it can start", event.name);
        event.severity = ltp_compile_transform(c, table, r, &event_columns, NAN);
        ltp_compile_push(c, &c->event, sizeof event, &event);
    }
    if (c->event.count)
        qsort(c->event.item, (size_t)c->event.count, sizeof(ltp_compile_event), by_event_name);
}

void ltp_compile_drivers(ltp_compile_context *c) {
    read_drivers(c);
    read_events(c);
    ltp_compile_judge(c, COMPILE_BIT(DRIVERS) | COMPILE_BIT(EVENTS) | COMPILE_BIT(SYSTEMS) |
                             COMPILE_BIT(ORGANISATIONS) | COMPILE_BIT(OUTSIDE));
    check_collisions(c);
    ltp_compile_judge(c, COMPILE_BIT(DRIVERS) | COMPILE_BIT(CORRELATIONS));
    read_correlations(c);
}

int ltp_compile_driver_find(const ltp_compile_context *c, const char *name) {
    ltp_compile_driver key = {.name = name};
    const ltp_compile_driver *found =
        c->driver.count ? bsearch(&key, c->driver.item, (size_t)c->driver.count, sizeof key, by_driver_name) : NULL;
    return found ? (int)(found - (const ltp_compile_driver *)c->driver.item) : -1;
}
