/* Demography and allocations: deterministic tables by year that demand and block contracts follow. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/compile.h"

static int band_find(ltp_compile_context *c, const char ***bands, const char *band) {
    for (int k = 0; k < c->band_count; k++)
        if (strcmp((*bands)[k], band) == 0)
            return k;
    return -1;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Age bands, by name: persons are added up in this order. */
static const char **read_bands(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, POPULATION);
    const char **bands = COMPILE_NEW(c, table->row_count, const char *);
    for (size_t r = 0; r < table->row_count; r++) {
        const char *band = ltp_cell_at(table, r, LTP_POPULATION_AGE_BAND)->text;
        if (band_find(c, &bands, band) < 0)
            bands[c->band_count++] = band;
    }
    if (c->band_count)
        qsort(bands, (size_t)c->band_count, sizeof *bands, by_text);
    return bands;
}

static void check_gaps(ltp_compile_context *c, const char **bands, int place) {
    const double *persons = c->population[place];
    for (int t = 0; persons && t <= c->year_count; t++)
        for (int b = 0; b < c->band_count; b++)
            if (isnan(persons[t * c->band_count + b]))
                ltp_compile_problem(
                    c, LTP_SEVERITY_ERROR, (ltp_position){.file = COMPILE_TABLE(c, POPULATION)->file}, "population",
                    "every age band in every year of the scenario", NULL, "'%s' has no row for age band %s in %s",
                    *COMPILE_AT(c->system_place, const char *, place), bands[b], c->scenario->year_label[t]);
}

static void check_bands(ltp_compile_context *c, const char **bands) {
    const ltp_table *use = COMPILE_TABLE(c, USE_BY_AGE);
    for (size_t r = 0; c->band_count && r < use->row_count; r++) {
        const ltp_cell *band = ltp_cell_at(use, r, LTP_USE_BY_AGE_AGE_BAND);
        if (band->present && band_find(c, &bands, band->text) < 0)
            ltp_compile_problem(
                c, LTP_SEVERITY_ERROR, band->at, "use_by_age: age_band", "an age band of population.csv",
                ltp_nearest_name(band->text, bands, (size_t)c->band_count), "no population in band '%s'", band->text);
    }
}

static void fill_system_population(ltp_compile_context *c) {
    const size_t systems = c->plan->roster.level[LTP_LEVEL_SYSTEM].count;
    double *total = COMPILE_NEW(c, systems * ((size_t)c->year_count + 1), double);
    for (size_t s = 0; s < systems; s++)
        for (int t = 0; t <= c->year_count; t++) {
            double sum = c->population[s] ? 0.0 : NAN;
            for (int b = 0; c->population[s] && b < c->band_count; b++)
                sum += c->population[s][t * c->band_count + b];
            total[s * ((size_t)c->year_count + 1) + (size_t)t] = sum;
        }
    c->plan->roster.system_population = total;
}

void ltp_compile_population(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, POPULATION);
    const char **bands = read_bands(c);
    c->population = COMPILE_NEW(c, c->system_place.count + 1, const double *);
    for (size_t r = 0; r < table->row_count; r++) {
        int place = ltp_compile_place(c, ltp_cell_at(table, r, LTP_POPULATION_SYSTEM)->text);
        const ltp_cell *year = ltp_cell_at(table, r, LTP_POPULATION_YEAR);
        const ltp_cell *persons = ltp_cell_at(table, r, LTP_POPULATION_PERSONS);
        if (place >= c->system_place.count || !year->present || !persons->present || year->number < 0 ||
            year->number > c->year_count)
            continue;
        if (!c->population[place]) {
            double *rows = COMPILE_NEW(c, (c->year_count + 1) * c->band_count, double);
            for (int k = 0; k < (c->year_count + 1) * c->band_count; k++)
                rows[k] = NAN;
            c->population[place] = rows;
        }
        int band = band_find(c, &bands, ltp_cell_at(table, r, LTP_POPULATION_AGE_BAND)->text);
        ((double *)c->population[place])[(int)year->number * c->band_count + band] = persons->number;
    }
    check_bands(c, bands);
    for (int place = 0; place < c->system_place.count; place++)
        check_gaps(c, bands, place);
    if (table->row_count && !COMPILE_TABLE(c, USE_BY_AGE)->row_count)
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, (ltp_position){.file = table->file}, "use_by_age", NULL, NULL,
                            "there is a population but no use by age, so demography moves no demand");
    fill_system_population(c);
    c->band = bands;
}

/* Use per head by band of a service; NULL if the service has none. */
static const double *use_by_age(ltp_compile_context *c, int service) {
    const ltp_table *table = COMPILE_TABLE(c, USE_BY_AGE);
    const char *code = c->plan->roster.service.code[service];
    double *use = COMPILE_NEW(c, c->band_count + 1, double);
    bool any = false;
    for (size_t r = 0; r < table->row_count; r++) {
        if (strcmp(ltp_cell_at(table, r, LTP_USE_BY_AGE_SERVICE)->text, code) != 0)
            continue;
        const ltp_cell *band = ltp_cell_at(table, r, LTP_USE_BY_AGE_AGE_BAND);
        int b = band_find(c, &c->band, band->text);
        if (b >= 0)
            use[b] = ltp_compile_number(table, r, LTP_USE_BY_AGE_USE_PER_HEAD);
        any = true;
    }
    return any ? use : NULL;
}

/* Σ use · persons in the base year, and the persons themselves. */
static double weighted(const ltp_compile_context *c, int place, const double *use, double *persons) {
    double sum = 0.0;
    for (int b = 0; c->population[place] && b < c->band_count; b++) {
        sum += use[b] * c->population[place][b];
        *persons += c->population[place][b];
    }
    return sum;
}

double ltp_compile_weighted_persons(ltp_compile_context *c, int place, int service) {
    const int places = c->system_place.count;
    const double *use = c->population[place] ? use_by_age(c, service) : NULL;
    const char **code = COMPILE_NEW(c, places, const char *), *england = "ENG";
    double persons = 0.0, average = 0.0, here = 0.0;
    int count = 0;
    for (int k = 0; k < places; k++) {
        code[k] = *COMPILE_AT(c->system_place, const char *, k);
        if (strcmp(code[k], england) == 0 && c->population[k])
            count = 1;
    }
    qsort(code, (size_t)places, sizeof *code, by_text); /* added up by code */
    for (int k = 0; use && k < (count ? 1 : places); k++)
        average += weighted(c, ltp_compile_place(c, count ? england : code[k]), use, &persons);
    average = persons > 0.0 ? average / persons : 0.0;
    persons = 0.0;
    if (use)
        here = weighted(c, place, use, &persons);
    return average > 0.0 ? here / average : NAN;
}

const double *ltp_compile_demography(ltp_compile_context *c, int place, int service) {
    bool found;
    int at = ltp_compile_intern(c, &c->demography_map, (ltp_compile_key){{place, service}}, &found);
    if (found)
        return *COMPILE_AT(c->demography, const double *, at);
    double *growth = COMPILE_NEW(c, c->year_count, double);
    const double *persons = c->population[place], *use = persons ? use_by_age(c, service) : NULL;
    for (int t = 1; use && t <= c->year_count; t++) {
        double now = 0.0, before = 0.0;
        for (int b = 0; b < c->band_count; b++) {
            now += use[b] * persons[t * c->band_count + b];
            before += use[b] * persons[(t - 1) * c->band_count + b];
        }
        growth[t - 1] = before > 0.0 ? now / before - 1.0 : 0.0;
    }
    ltp_compile_push(c, &c->demography, sizeof growth, &growth);
    return growth;
}

/* --- allocations --- */

int ltp_compile_allocation_find(const ltp_compile_context *c, int organisation, int stream) {
    for (int a = 0; a < c->allocation.count; a++) {
        const ltp_allocation *allocation = COMPILE_AT(c->allocation, ltp_allocation, a);
        if (allocation->organisation == organisation && allocation->stream == stream)
            return a;
    }
    return -1;
}

static void add_allocation(ltp_compile_context *c, int organisation, int stream, const size_t *row_of_year) {
    const ltp_table *table = COMPILE_TABLE(c, ALLOCATIONS);
    double *amount = COMPILE_NEW(c, c->year_count + 1, double);
    bool *firm = COMPILE_NEW(c, c->year_count, bool);
    char specific[64];
    snprintf(specific, sizeof specific, "allocation.growth.%s", c->plan->roster.stream.code[stream]);
    char *kept = COMPILE_NEW(c, strlen(specific) + 1, char);
    strcpy(kept, specific);
    const char *target[2] = {"allocation.growth", kept};
    ltp_position first = {.file = table->file};
    for (int t = c->year_count; t >= 0; t--)
        if (row_of_year[t] != SIZE_MAX)
            first = table->row[row_of_year[t]].at;
    for (int t = 0; t <= c->year_count; t++) {
        if (row_of_year[t] == SIZE_MAX) {
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, first, "allocations: year",
                                "a row for the base year and every year of the scenario", NULL,
                                "'%s' has no %s allocation in %s", ltp_compile_party_at(c, organisation)->code,
                                c->plan->roster.stream.code[stream], c->scenario->year_label[t]);
            continue;
        }
        amount[t] = ltp_compile_number(table, row_of_year[t], LTP_ALLOCATIONS_AMOUNT);
        if (t > 0)
            firm[t - 1] = ltp_compile_number(table, row_of_year[t], LTP_ALLOCATIONS_FIRMNESS) == LTP_FIRMNESS_FIRM;
    }
    ltp_allocation allocation = {
        .organisation = organisation,
        .stream = stream,
        .variable = ltp_compile_variable(c, target, 2, ltp_compile_party_at(c, organisation)->place, organisation),
        .amount = amount,
        .firm = firm,
        .new_money = COMPILE_NEW(c, c->year_count, double)};
    ltp_compile_push(c, &c->allocation, sizeof allocation, &allocation);
}

void ltp_compile_allocations(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, ALLOCATIONS);
    const int n = ltp_compile_organisation_count(c);
    size_t *row = COMPILE_NEW(c, n * LTP_STREAM_COUNT * (c->year_count + 1), size_t);
    bool *any = COMPILE_NEW(c, n * LTP_STREAM_COUNT, bool);
    for (int k = 0; k < n * LTP_STREAM_COUNT * (c->year_count + 1); k++)
        row[k] = SIZE_MAX;
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *code = ltp_cell_at(table, r, LTP_ALLOCATIONS_CODE);
        const ltp_cell *year = ltp_cell_at(table, r, LTP_ALLOCATIONS_YEAR);
        int o = ltp_compile_party_find(c, code->text),
            stream = (int)ltp_compile_number(table, r, LTP_ALLOCATIONS_STREAM);
        if (o < 0 || o >= n || !year->present)
            continue;
        if (ltp_compile_party_at(c, o)->sector != LTP_SECTOR_COMMISSIONER) {
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, code->at, "allocations: code",
                                "an organisation of kind ccg, specialised or direct", NULL,
                                "'%s' is not a commissioner; only commissioners receive allocations", code->text);
            continue;
        }
        if (year->number < 0 || year->number > c->year_count)
            continue;
        any[o * LTP_STREAM_COUNT + stream] = true;
        row[(o * LTP_STREAM_COUNT + stream) * (c->year_count + 1) + (int)year->number] = r;
    }
    for (int k = 0; k < n * LTP_STREAM_COUNT; k++)
        if (any[k])
            add_allocation(c, k / LTP_STREAM_COUNT, k % LTP_STREAM_COUNT, &row[k * (c->year_count + 1)]);
}
