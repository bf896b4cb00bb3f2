/* The Gaussian copula with persistence over national parts of drivers:
 *     z_1 = chol(R) e_1,  z_t = Φ z_{t−1} + chol(R − ΦRΦ) e_t,  Φ = diag(φ),  e independent standard normals
 * Then Var z_t = ΦRΦ + (R − ΦRΦ) = R in every year (the stationary vector autoregression of order one: Lütkepohl
 * 2005, New Introduction to Multiple Time Series Analysis, sec. 2.1). Both matrices must be positive semidefinite.
 *
 * R − ΦRΦ has entries R_ij(1 − φiφj); scaled to unit diagonal it is the correlation matrix of the innovations
 *     C_ij = R_ij / bound_ij,  bound_ij = sqrt((1 − φi²)(1 − φj²))/(1 − φiφj)
 * so |R_ij| ≤ bound_ij is what each pair needs, and C positive semidefinite is what all need together. The factor is
 * diag(sqrt(1 − φ²))·chol(C): the tolerance is then relative, and φ = 1 gives a row of zeros (no innovation).
 *
 * Factors are made per connected component, rows in name order: no driver outside a component can move its bits. */
#include "models/correlation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "models/cholesky.h"
#include "models/correlation_refusal.h"

static ltp_status check_input(size_t count, const char *const *names, const double *persistence, size_t pair_count,
                              const ltp_correlation_pair *pairs, ltp_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (!(persistence[i] >= 0.0 && persistence[i] <= 1.0))
            return ltp_error_set(error, LTP_ERROR_INPUT, "persistence of driver '%s' is %g; it must be between 0 and 1",
                                 names[i], persistence[i]);
    }
    for (size_t p = 0; p < pair_count; p++) {
        const ltp_correlation_pair *pair = &pairs[p];
        if (pair->a == pair->b)
            return ltp_error_set(error, LTP_ERROR_INPUT,
                                 "driver '%s' is correlated with itself; expected two different drivers",
                                 names[pair->a]);
        if (!(fabs(pair->correlation) <= 1.0))
            return ltp_error_set(error, LTP_ERROR_INPUT,
                                 "correlation of '%s' and '%s' is %g; it must be between -1 and 1", names[pair->a],
                                 names[pair->b], pair->correlation);
        for (size_t q = 0; q < p; q++) {
            if ((pairs[q].a == pair->a && pairs[q].b == pair->b) || (pairs[q].a == pair->b && pairs[q].b == pair->a))
                return ltp_error_set(error, LTP_ERROR_INPUT,
                                     "correlation of '%s' and '%s' is given twice (%g and %g); expected once",
                                     names[pair->a], names[pair->b], pairs[q].correlation, pair->correlation);
        }
    }
    return LTP_OK;
}

/* The correlation graph: what was given, and what is found on it. */
typedef struct {
    const char *const *names;
    const double *persistence;
    size_t count, pair_count;
    const ltp_correlation_pair *pairs;
    size_t *label;  /* smallest driver of the driver's component */
    size_t *place;  /* the driver's row in its component */
    size_t *sorted; /* drivers in name order */
} ltp_graph;

/* A correlation of 0 connects nothing. */
static void label_components(ltp_graph *graph) {
    bool changed = true;
    for (size_t i = 0; i < graph->count; i++)
        graph->label[i] = i;
    while (changed) {
        changed = false;
        for (size_t p = 0; p < graph->pair_count; p++) {
            size_t *a = &graph->label[graph->pairs[p].a], *b = &graph->label[graph->pairs[p].b];
            if (graph->pairs[p].correlation == 0.0 || *a == *b)
                continue;
            *a = *b = *a < *b ? *a : *b;
            changed = true;
        }
    }
}

/* Insertion sort: names are few, and qsort has no context argument in C17. */
static void sort_names(ltp_graph *graph) {
    for (size_t i = 0; i < graph->count; i++) {
        size_t at = i;
        for (; at > 0 && strcmp(graph->names[graph->sorted[at - 1]], graph->names[i]) > 0; at--)
            graph->sorted[at] = graph->sorted[at - 1];
        graph->sorted[at] = i;
    }
}

static ltp_status create_graph(ltp_graph *graph, ltp_pool *pool, ltp_error *error) {
    ltp_status status = LTP_POOL_NEW(pool, &graph->label, graph->count, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &graph->place, graph->count, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &graph->sorted, graph->count, error);
    if (status != LTP_OK)
        return status;
    label_components(graph);
    sort_names(graph);
    return LTP_OK;
}

static size_t component_size(const ltp_graph *graph, size_t label) {
    size_t size = 0;
    for (size_t i = 0; i < graph->count; i++)
        size += graph->label[i] == label;
    return size;
}

/* chol(R) and chol(R − ΦRΦ); innovation: scratch for C. */
static ltp_status factor(ltp_copula_component *component, const ltp_correlation_group *group, double *innovation,
                         ltp_error *error) {
    const size_t count = component->count;
    if (!ltp_cholesky(count, group->correlation, component->first))
        return ltp_refuse_correlation(group, error);
    if (!ltp_innovation_correlation(group, innovation) || !ltp_cholesky(count, innovation, component->later))
        return ltp_refuse_persistence(group, error);
    for (size_t i = 0; i < count; i++) {
        const double scale = sqrt((1.0 - group->persistence[i]) * (1.0 + group->persistence[i]));
        for (size_t j = 0; j <= i; j++)
            component->later[i * count + j] *= scale;
    }
    return LTP_OK;
}

static ltp_status allocate_component(ltp_copula_component *component, ltp_pool *pool, ltp_correlation_group *group,
                                     double **matrix, ltp_error *error) {
    const size_t count = component->count, cells = count * count;
    const char **name;
    double *persistence;
    ltp_status status = LTP_POOL_NEW(pool, &component->driver, count, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &component->first, cells, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &component->later, cells, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, matrix, 2 * cells, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &persistence, count, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &name, count, error);
    if (status != LTP_OK)
        return status;
    *group = (ltp_correlation_group){count, name, persistence, *matrix};
    return LTP_OK;
}

/* The component of `label`: its drivers in name order, its R, its factors. */
static ltp_status build_component(ltp_copula_component *component, ltp_graph *graph, size_t label, ltp_pool *pool,
                                  ltp_error *error) {
    ltp_correlation_group group;
    double *matrix; /* R, then room for C */
    component->count = component_size(graph, label);
    const ltp_status status = allocate_component(component, pool, &group, &matrix, error);
    if (status != LTP_OK)
        return status;
    size_t row = 0;
    for (size_t k = 0; k < graph->count; k++) {
        const size_t driver = graph->sorted[k];
        if (graph->label[driver] != label)
            continue;
        component->driver[row] = driver;
        group.name[row] = graph->names[driver];
        group.persistence[row] = graph->persistence[driver];
        matrix[row * component->count + row] = 1.0;
        graph->place[driver] = row++;
    }
    for (size_t p = 0; p < graph->pair_count; p++) {
        const ltp_correlation_pair *pair = &graph->pairs[p];
        if (graph->label[pair->a] != label || graph->label[pair->b] != label)
            continue;
        const size_t i = graph->place[pair->a], j = graph->place[pair->b];
        matrix[i * component->count + j] = matrix[j * component->count + i] = pair->correlation;
    }
    return factor(component, &group, matrix + component->count * component->count, error);
}

ltp_status ltp_copula_build(ltp_copula *out, ltp_pool *pool, size_t count, const char *const *names,
                            const double *persistence, size_t pair_count, const ltp_correlation_pair *pairs,
                            ltp_error *error) {
    ltp_graph graph = {
        .names = names, .persistence = persistence, .count = count, .pair_count = pair_count, .pairs = pairs};
    out->component_count = 0;
    out->component = NULL;
    ltp_status status = check_input(count, names, persistence, pair_count, pairs, error);
    if (status == LTP_OK)
        status = create_graph(&graph, pool, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(pool, &out->component, count / 2, error);
    for (size_t k = 0; k < count && status == LTP_OK; k++) {
        const size_t label = graph.label[graph.sorted[k]];
        bool first = component_size(&graph, label) > 1;
        for (size_t earlier = 0; earlier < k && first; earlier++)
            first = graph.label[graph.sorted[earlier]] != label;
        if (first)
            status = build_component(&out->component[out->component_count++], &graph, label, pool, error);
    }
    return status;
}
