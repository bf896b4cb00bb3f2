#include "tests/support/reference_draw.h"

#include <stdlib.h>

#include "tests/support/test.h"

#define MOST REFERENCE_DRIVER_MAX

static const ltp_table *drivers(const reference *r) {
    return &r->scenario->table[LTP_TABLE_DRIVERS];
}

static const ltp_table *events(const reference *r) {
    return &r->scenario->table[LTP_TABLE_EVENTS];
}

static double number(const ltp_table *t, size_t row, int column) {
    const ltp_cell *cell = ltp_cell_at(t, row, column);
    return cell->present ? cell->number : 0.0;
}

static const char *text(const ltp_table *t, size_t row, int column) {
    return ltp_cell_at(t, row, column)->text;
}

static bool acts(const ltp_cell *targets, const char *target) {
    for (size_t k = 0; k < targets->item_count; k++)
        if (strcmp(targets->item[k], target) == 0)
            return true;
    return targets->item_count == 0 && strcmp(targets->text, target) == 0;
}

/* --- transforms --- */

typedef struct {
    int family, value_n, probability_n;
} columns;

static const columns driver_columns = {LTP_DRIVERS_FAMILY, LTP_DRIVERS_VALUE_N, LTP_DRIVERS_PROBABILITY_N};
static const columns event_columns = {LTP_EVENTS_FAMILY, LTP_EVENTS_VALUE_N, LTP_EVENTS_PROBABILITY_N};

static ltp_transform transform_of(reference *r, const ltp_table *table, size_t row, const columns *at,
                                  const ltp_cell *mean) {
    ltp_family_input input = {0};
    ltp_transform transform = {0};
    ltp_error error = {0};
    double atom[LTP_NUMBERED_MAX], probability[LTP_NUMBERED_MAX];
    const ltp_table_schema *schema = ltp_schema_table(table->id);
    for (int p = 0; p < LTP_PARAMETER_COUNT; p++) /* by the column's name */
        for (int c = 0; c < schema->column_count; c++)
            if (strcmp(schema->column[c].name, ltp_parameter_name[p]) == 0 && ltp_cell_at(table, row, c)->present) {
                input.given[p] = true;
                input.value[p] = ltp_cell_at(table, row, c)->number;
            }
    if (mean && mean->present) {
        input.given[LTP_PARAMETER_MEAN] = true;
        input.value[LTP_PARAMETER_MEAN] = mean->number;
    }
    for (int n = 0; n < LTP_NUMBERED_MAX; n++) {
        const ltp_cell *value = ltp_cell_number(table, row, at->value_n, n);
        if (!value || !value->present)
            continue;
        atom[input.atom_count] = value->number;
        probability[input.atom_count++] = ltp_cell_number(table, row, at->probability_n, n)->number;
    }
    input.atom = atom;
    input.probability = probability;
    if (ltp_family_compile(ltp_family_find(text(table, row, at->family)), &input, r->pool, &transform, &error) !=
        LTP_OK)
        fail_msg("%s", error.message);
    return transform;
}

static double transformed(const ltp_transform *transform, double z) {
    _Alignas(64) double in[16], out[16];
    uint64_t beyond = 0;
    for (int i = 0; i < 16; i++)
        in[i] = z;
    ltp_transform_apply(transform, in, out, 16, &beyond);
    return out[0];
}

/* --- draws --- */

static ltp_draw_key key_of(const reference *r, const char *domain, const char *name, uint64_t member, int year) {
    return (ltp_draw_key){.seed = r->scenario->seed,
                          .stream = ltp_hash_name(domain, name),
                          .member = member,
                          .year = (uint32_t)year,
                          .block = r->block};
}

static double normal(const reference *r, const char *domain, const char *name, uint64_t member, int year) {
    _Alignas(64) double z[LTP_BLOCK];
    const ltp_draw_key key = key_of(r, domain, name, member, year);
    ltp_draw_normal(&key, LTP_SAMPLING_LHS, z);
    return z[r->path];
}

/* Lower factor of a matrix whose pivots may vanish (persistence 1). */
static void factorise(size_t n, double a[MOST][MOST], double l[MOST][MOST]) {
    memset(l, 0, sizeof(double[MOST][MOST]));
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double sum = a[i][j];
            for (size_t k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i == j)
                l[j][j] = sum > 1e-12 ? sqrt(sum) : 0.0;
            else
                l[i][j] = l[j][j] > 0.0 ? sum / l[j][j] : 0.0;
        }
}

/* National normals of all drivers and years: z_1 = chol(R) e, z_t = Φ z + chol(R − Φ R Φ) e, drivers by name. */
static void draw_national(reference *r) {
    static double correlation[MOST][MOST], later[MOST][MOST], first_factor[MOST][MOST], later_factor[MOST][MOST];
    const ltp_table *pairs = &r->scenario->table[LTP_TABLE_CORRELATIONS];
    const size_t n = r->driver_count;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const char *a = text(drivers(r), r->driver[i], LTP_DRIVERS_NAME);
            const char *b = text(drivers(r), r->driver[j], LTP_DRIVERS_NAME);
            correlation[i][j] = i == j;
            for (size_t p = 0; p < pairs->row_count; p++) {
                const char *x = text(pairs, p, LTP_CORRELATIONS_DRIVER_A),
                           *y = text(pairs, p, LTP_CORRELATIONS_DRIVER_B);
                if ((!strcmp(x, a) && !strcmp(y, b)) || (!strcmp(x, b) && !strcmp(y, a)))
                    correlation[i][j] = number(pairs, p, LTP_CORRELATIONS_CORRELATION);
            }
            later[i][j] = correlation[i][j] * (1 - number(drivers(r), r->driver[i], LTP_DRIVERS_PERSISTENCE) *
                                                       number(drivers(r), r->driver[j], LTP_DRIVERS_PERSISTENCE));
        }
    factorise(n, correlation, first_factor);
    factorise(n, later, later_factor);
    for (int t = 0; t < r->scenario->year_count; t++) {
        double e[MOST];
        for (size_t d = 0; d < n; d++)
            e[d] = normal(r, "driver", text(drivers(r), r->driver[d], LTP_DRIVERS_NAME), LTP_MEMBER_NATIONAL, t + 1);
        for (size_t d = 0; d < n; d++) {
            double z = t ? number(drivers(r), r->driver[d], LTP_DRIVERS_PERSISTENCE) * r->national[t - 1][d] : 0.0;
            for (size_t k = 0; k <= d; k++)
                z += (t ? later_factor : first_factor)[d][k] * e[k];
            r->national[t][d] = z;
        }
    }
}

/* A system's or organisation's own chain. */
static double chain(const reference *r, size_t row, const char *domain, const char *code, int year) {
    const double persistence = number(drivers(r), row, LTP_DRIVERS_PERSISTENCE);
    double z = 0.0;
    for (int t = 1; t <= year; t++)
        z = (t == 1 ? 0.0 : persistence * z) +
            (t == 1 ? 1.0 : sqrt(1 - persistence * persistence)) *
                normal(r, "driver", text(drivers(r), row, LTP_DRIVERS_NAME), ltp_hash_name(domain, code), t);
    return z;
}

static double driver_x(const reference *r, size_t d, const char *place, const char *party, int year) {
    const size_t row = r->driver[d];
    const double system = number(drivers(r), row, LTP_DRIVERS_SHARE_SYSTEM);
    const double organisation = number(drivers(r), row, LTP_DRIVERS_SHARE_ORGANISATION);
    double z = sqrt(1 - system - organisation) * r->national[year - 1][d];
    if (1 - system - organisation < 1e-12)
        z = 0.0;
    if (system > 0.0)
        z += sqrt(system) * chain(r, row, "system", place, year);
    if (organisation > 0.0)
        z += sqrt(organisation) * chain(r, row, "organisation", party, year);
    return transformed(&r->transform[d * (size_t)r->scenario->year_count + (size_t)year - 1], z);
}

static const ltp_transform *severity(const reference *r, size_t event) {
    return &r->transform[r->driver_count * (size_t)r->scenario->year_count + event];
}

/* Whether an event may start in a year, and still acts in another. */
static bool under_way(const reference *r, size_t event, int start, int year) {
    const ltp_cell *first = ltp_cell_at(events(r), event, LTP_EVENTS_FIRST_YEAR);
    const ltp_cell *last = ltp_cell_at(events(r), event, LTP_EVENTS_LAST_YEAR);
    return start >= (first->present ? first->number : 1) &&
           start <= (last->present ? last->number : r->scenario->year_count) &&
           year - start < number(events(r), event, LTP_EVENTS_DURATION_YEARS);
}

static double event_x(const reference *r, size_t event, const char *place, const char *party, int year) {
    const char *name = text(events(r), event, LTP_EVENTS_NAME), *scope = text(events(r), event, LTP_EVENTS_SCOPE);
    const uint64_t member = strcmp(scope, "system") == 0         ? ltp_hash_name("system", place)
                            : strcmp(scope, "organisation") == 0 ? ltp_hash_name("organisation", party)
                                                                 : LTP_MEMBER_NATIONAL;
    double sum = 0.0;
    for (int start = 1; start <= year; start++) {
        _Alignas(64) double u[LTP_BLOCK];
        const ltp_draw_key key = key_of(r, "event.start", name, member, start);
        if (!under_way(r, event, start, year))
            continue;
        ltp_draw_uniform(&key, LTP_SAMPLING_LHS, u);
        if (u[r->path] < number(events(r), event, LTP_EVENTS_PROBABILITY))
            sum += transformed(severity(r, event), normal(r, "event.severity", name, member, start));
    }
    return sum;
}

bool reference_targeted(const reference *r, const char *target) {
    for (size_t d = 0; d < r->driver_count; d++)
        if (acts(ltp_cell_at(drivers(r), r->driver[d], LTP_DRIVERS_TARGET), target))
            return true;
    for (size_t e = 0; e < events(r)->row_count; e++)
        if (acts(ltp_cell_at(events(r), e, LTP_EVENTS_TARGET), target))
            return true;
    return false;
}

double reference_x(const reference *r, const char *target, const char *place, const char *party, int year) {
    double sum = 0.0;
    for (size_t d = 0; d < r->driver_count; d++)
        if (acts(ltp_cell_at(drivers(r), r->driver[d], LTP_DRIVERS_TARGET), target))
            sum += driver_x(r, d, place, party, year);
    for (size_t e = 0; e < events(r)->row_count; e++)
        if (acts(ltp_cell_at(events(r), e, LTP_EVENTS_TARGET), target))
            sum += event_x(r, e, place, party, year);
    return sum;
}

double reference_expected(const reference *r, const char *target, int year) {
    double sum = 0.0;
    for (size_t d = 0; d < r->driver_count; d++)
        if (acts(ltp_cell_at(drivers(r), r->driver[d], LTP_DRIVERS_TARGET), target))
            sum += r->transform[d * (size_t)r->scenario->year_count + (size_t)year - 1].mean;
    for (size_t e = 0; e < events(r)->row_count; e++)
        for (int start = 1; acts(ltp_cell_at(events(r), e, LTP_EVENTS_TARGET), target) && start <= year; start++)
            if (under_way(r, e, start, year))
                sum += number(events(r), e, LTP_EVENTS_PROBABILITY) * severity(r, e)->mean;
    return sum;
}

void reference_draw_open(reference *r) {
    const size_t years = (size_t)r->scenario->year_count, n = drivers(r)->row_count;
    ltp_error error;
    assert_true(n <= MOST);
    assert_int_equal(ltp_pool_create(&r->pool, &error), LTP_OK);
    r->driver_count = n;
    for (size_t d = 0; d < n; d++)
        r->driver[d] = drivers(r)->by_key[d];
    r->transform = calloc(n * years + events(r)->row_count, sizeof *r->transform);
    assert_non_null(r->transform);
    for (size_t d = 0; d < n; d++)
        for (size_t t = 0; t < years; t++) {
            const ltp_cell *mean = ltp_cell_year(drivers(r), r->driver[d], LTP_DRIVERS_MEAN_YEAR, (int)t + 1);
            const ltp_cell *before = ltp_cell_year(drivers(r), r->driver[d], LTP_DRIVERS_MEAN_YEAR, (int)t);
            r->transform[d * years + t] = t > 0 && !mean->present && !before->present
                                              ? r->transform[d * years + t - 1]
                                              : transform_of(r, drivers(r), r->driver[d], &driver_columns, mean);
        }
    for (size_t e = 0; e < events(r)->row_count; e++)
        r->transform[n * years + e] = transform_of(r, events(r), e, &event_columns, NULL);
    draw_national(r);
}

void reference_draw_close(reference *r) {
    free(r->transform);
    ltp_pool_destroy(r->pool);
}
