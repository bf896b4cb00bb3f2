/* Differences of means and probabilities between two results, with their standard errors. */
#include <math.h>
#include <string.h>

#include "results/report/compare_internal.h"

#define BLOCKS_LEAST 20 /* for a standard error, as everywhere */

const char *const ltp_basis_name[] = {"paired", "independent", "upper_bound", "none"};

/* --- two results ------------------------------------------------------------------------------------------------ */

static const char *why_not_paired(const ltp_result_about *a, const ltp_result_about *b) {
    if (a->seed != b->seed)
        return "their seeds differ";
    if (a->paths != b->paths)
        return "their numbers of paths differ";
    if (strcmp(a->sampling, b->sampling) != 0 || a->block != b->block)
        return "they were sampled in different ways";
    return strcmp(a->base_year, b->base_year) != 0 ? "their base years differ" : "";
}

ltp_status ltp_comparison_open(ltp_comparison *out, ltp_result *a, ltp_result *b, ltp_error *error) {
    *out = (ltp_comparison){.result = {a, b}, .about = {ltp_result_describe(a), ltp_result_describe(b)}};
    const ltp_result_about *const *about = out->about;
    if (strcmp(about[0]->money_unit, about[1]->money_unit) != 0)
        return ltp_error_set(error, LTP_ERROR_RESULT,
                             "'%s' is in %s and '%s' in %s: they cannot be held against each other", about[0]->path,
                             about[0]->money_unit, about[1]->path, about[1]->money_unit);
    for (int side = 0; side < 2; side++)
        out->blocks[side] = about[side]->block ? (size_t)(about[side]->paths / about[side]->block) : 0;
    out->same = strcmp(about[0]->content_hash, about[1]->content_hash) == 0;
    out->reason = why_not_paired(about[0], about[1]);
    out->paired = *out->reason == '\0';
    return ltp_pool_create(&out->pool, error);
}

void ltp_comparison_close(ltp_comparison *comparison) {
    ltp_pool_destroy(comparison->pool);
}

/* --- common axes ------------------------------------------------------------------------------------------------ */

static size_t place_of(const char *label, size_t count, const char *const *among) {
    for (size_t k = 0; k < count; k++)
        if (strcmp(among[k], label) == 0)
            return k;
    return SIZE_MAX;
}

static ltp_status allocate_axis(const ltp_comparison *comparison, size_t room, ltp_pair_axis *axis, const char ***label,
                                const char ***name, size_t **at, ltp_error *error) {
    ltp_status status = LTP_POOL_NEW(comparison->pool, label, room, error);
    if (!status)
        status = LTP_POOL_NEW(comparison->pool, name, room, error);
    for (int side = 0; side < 2 && !status; side++)
        status = LTP_POOL_NEW(comparison->pool, &at[side], room, error);
    if (!status)
        *axis = (ltp_pair_axis){.label = *label, .name = *name, .at = {at[0], at[1]}};
    return status;
}

/* Labels that both have, in A's order; name NULL: the labels themselves. plan: a result without a layer of that name
 * has its last one there, for nothing is planned beyond it. */
static ltp_status common_axis(const ltp_comparison *comparison, const size_t count[2],
                              const char *const *const label[2], const char *const *name, bool plan,
                              ltp_pair_axis *axis, ltp_error *error) {
    const char **own, **own_name;
    size_t *at[2], b;
    const ltp_status status = allocate_axis(comparison, count[0] + 1, axis, &own, &own_name, at, error);
    for (size_t a = 0; a < count[0] && !status; a++) {
        b = place_of(label[0][a], count[1], label[1]);
        if (b == SIZE_MAX)
            continue;
        own[axis->count] = label[0][a];
        own_name[axis->count] = name ? name[a] : label[0][a];
        at[0][axis->count] = a;
        at[1][axis->count++] = b;
    }
    if (status)
        return status;
    for (int side = 0; side < 2; side++)
        axis->only[side] = count[side] - axis->count;
    if (plan && count[0] && count[1] && place_of("plan", axis->count, own) == SIZE_MAX &&
        (place_of("plan", count[0], label[0]) != SIZE_MAX || place_of("plan", count[1], label[1]) != SIZE_MAX)) {
        own[axis->count] = own_name[axis->count] = "plan";
        at[0][axis->count] = count[0] - 1;
        at[1][axis->count++] = count[1] - 1;
    }
    return LTP_OK;
}

static ltp_status common_axes(ltp_pair *pair, ltp_error *error) {
    static const char *const single[] = {""};
    const ltp_comparison *comparison = pair->comparison;
    const ltp_view *a = &pair->side[0].view, *b = &pair->side[1].view;
    const char *const *const layer[] = {a->by_layer ? a->layer : single, b->by_layer ? b->layer : single};
    const char *const *const code[] = {a->code, b->code}, *const *const year[] = {a->year, b->year};
    const char *const *const item[] = {a->item ? a->item : single, b->item ? b->item : single};
    ltp_status status =
        common_axis(comparison, (size_t[]){a->layers, b->layers}, layer, NULL, true, &pair->layer, error);
    if (!status)
        status = common_axis(comparison, (size_t[]){a->codes, b->codes}, code, a->name, false, &pair->code, error);
    if (!status)
        status = common_axis(comparison, (size_t[]){a->items, b->items}, item, a->item_name, false, &pair->item, error);
    if (!status)
        status = common_axis(comparison, (size_t[]){a->years, b->years}, year, NULL, false, &pair->year, error);
    return status;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

/* A variable with `lead` values in front of the measure's own axes; NULL where it is not stored. */
static ltp_status read_values(const ltp_pair *pair, ltp_pair_side *side, const char *suffix, size_t lead,
                              const double **out, ltp_error *error) {
    char name[160];
    ltp_result_array array;
    const ltp_view *view = &side->view;
    *out = NULL;
    snprintf(name, sizeof name, "%s_%s", pair->measure, suffix);
    if (!ltp_result_has(view->result, pair->level, name))
        return LTP_OK;
    const ltp_status status = ltp_result_read(view->result, pair->level, name, &array, error);
    if (status)
        return status;
    size_t points = 1;
    for (int axis = 0; axis < array.rank; axis++)
        points *= array.size[axis];
    if (points != lead * view->layers * view->codes * view->items * view->years)
        return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' is damaged: /%s/%s has not the size of its axes",
                             ltp_result_describe(view->result)->path, pair->level, name);
    *out = array.value;
    return LTP_OK;
}

static ltp_status read_batches(const ltp_pair *pair, ltp_pair_side *side, ltp_error *error) {
    ltp_result_array paths;
    char name[160];
    snprintf(name, sizeof name, "%s_batch_mean", pair->measure);
    if (!ltp_result_has(side->view.result, pair->level, name) ||
        !ltp_result_has(side->view.result, pair->level, "batch_paths"))
        return LTP_OK;
    ltp_status status = ltp_result_read(side->view.result, pair->level, "batch_paths", &paths, error);
    if (status)
        return status;
    side->paths = paths.value;
    side->batches = paths.rank == 1 ? paths.size[0] : 0;
    status = read_values(pair, side, "batch_mean", side->batches, &side->batch[LTP_PAIR_MEAN], error);
    if (!status)
        status = read_values(pair, side, "batch_probability", side->batches, &side->batch[LTP_PAIR_PROBABILITY], error);
    return status;
}

static ltp_status read_side(const ltp_pair *pair, ltp_pair_side *side, ltp_error *error) {
    const struct {
        const char *suffix;
        const double **out;
    } part[] = {{"mean", &side->value[LTP_PAIR_MEAN]},
                {"mean_se", &side->error[LTP_PAIR_MEAN]},
                {"probability", &side->value[LTP_PAIR_PROBABILITY]},
                {"probability_se", &side->error[LTP_PAIR_PROBABILITY]},
                {"probability_low", &side->low},
                {"probability_high", &side->high}};
    ltp_status status = LTP_OK;
    for (size_t k = 0; k < sizeof part / sizeof *part && !status; k++)
        status = read_values(pair, side, part[k].suffix, 1, part[k].out, error);
    return status ? status : read_batches(pair, side, error);
}

bool ltp_pair_there(const ltp_comparison *comparison, const char *level, const char *measure) {
    char name[160];
    snprintf(name, sizeof name, "%s_mean", measure);
    return ltp_result_has(comparison->result[0], level, name) && ltp_result_has(comparison->result[1], level, name);
}

static ltp_status check_fit(const ltp_pair *pair, ltp_error *error) {
    const ltp_view *a = &pair->side[0].view, *b = &pair->side[1].view;
    const ltp_result_about *const *about = pair->comparison->about;
    if (strcmp(a->units, b->units) != 0)
        return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' is in %s in '%s' and in %s in '%s'", pair->measure,
                             a->units, about[0]->path, b->units, about[1]->path);
    if (a->layers > LTP_COMPARE_LAYERS || b->layers > LTP_COMPARE_LAYERS || a->by_layer != b->by_layer ||
        !a->item_axis != !b->item_axis)
        return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' has other axes in '%s' than in '%s'", pair->measure,
                             about[0]->path, about[1]->path);
    return LTP_OK;
}

ltp_status ltp_pair_open(ltp_pair *pair, const ltp_comparison *comparison, const char *level, const char *measure,
                         ltp_error *error) {
    *pair = (ltp_pair){.comparison = comparison, .level = level, .measure = measure};
    ltp_status status = LTP_OK;
    for (int side = 0; side < 2 && !status; side++) {
        status = ltp_view_open(&pair->side[side].view, comparison->result[side], level, measure, error);
        if (!status)
            status = read_side(pair, &pair->side[side], error);
    }
    if (!status)
        status = check_fit(pair, error);
    if (!status)
        status = common_axes(pair, error);
    if (!status && (pair->code.count == 0 || pair->year.count == 0))
        status =
            ltp_error_set(error, LTP_ERROR_RESULT, "'%s' and '%s' have no %s in common", comparison->about[0]->path,
                          comparison->about[1]->path, pair->year.count ? level : "year");
    return status;
}

bool ltp_pair_has(const ltp_pair *pair, ltp_pair_statistic statistic) {
    return pair->side[0].value[statistic] && pair->side[1].value[statistic];
}

size_t ltp_pair_layer(const ltp_pair *pair, int side, const char *label) {
    const ltp_view *view = &pair->side[side].view;
    return view->by_layer ? place_of(label, view->layers, view->layer) : SIZE_MAX;
}

/* --- differences ------------------------------------------------------------------------------------------------ */

static size_t offset_of(const ltp_pair *pair, int side, size_t layer, ltp_pair_place place) {
    const ltp_view *view = &pair->side[side].view;
    const size_t code = pair->code.at[side][place.code], item = pair->item.at[side][place.item];
    return ((layer * view->codes + code) * view->items + item) * view->years + pair->year.at[side][place.year];
}

/* Σ weight · value over a side's layers; `from`: the values of a statistic, or of one of its batches. */
static double weighted(const ltp_pair *pair, int side, const double *from, const double *weight, ltp_pair_place place) {
    double sum = 0;
    for (size_t l = 0; l < pair->side[side].view.layers; l++)
        if (weight[l] != 0)
            sum += weight[l] * from[offset_of(pair, side, l, place)];
    return sum;
}

static double batch_value(const ltp_pair *pair, int side, ltp_pair_statistic statistic, size_t batch,
                          const double *weight, ltp_pair_place place) {
    const ltp_view *view = &pair->side[side].view;
    const size_t stride = view->layers * view->codes * view->items * view->years;
    return weighted(pair, side, pair->side[side].batch[statistic] + batch * stride, weight, place);
}

/* Standard error of a mean from its batches: batches of more paths count more. sides: 0, 1, or 2 for B less A. */
static double batch_error(const ltp_pair *pair, ltp_pair_statistic statistic, int sides,
                          double weight[2][LTP_COMPARE_LAYERS], ltp_pair_place place) {
    const ltp_pair_side *first = &pair->side[sides == 1];
    double value[256], total = 0, mean = 0, square = 0;
    size_t batches = 0;
    for (size_t b = 0; b < first->batches && b < 256; b++) {
        const double paths = first->paths[b];
        if (!(paths > 0))
            continue;
        value[b] = sides == 2 ? batch_value(pair, 1, statistic, b, weight[1], place) -
                                    batch_value(pair, 0, statistic, b, weight[0], place)
                              : batch_value(pair, sides, statistic, b, weight[sides], place);
        total += paths;
        mean += paths * value[b];
        batches++;
    }
    if (batches < 2)
        return NAN;
    mean /= total;
    for (size_t b = 0; b < first->batches && b < 256; b++)
        if (first->paths[b] > 0)
            square += first->paths[b] * (value[b] - mean) * (value[b] - mean);
    return sqrt(square / ((double)(batches - 1) * total));
}

/* A side's own standard error: the stored one of a single layer, else from its batches, else at most by Σ. */
static double own_error(const ltp_pair *pair, ltp_pair_statistic statistic, int side,
                        double weight[2][LTP_COMPARE_LAYERS], ltp_pair_place place) {
    const ltp_pair_side *one = &pair->side[side];
    size_t layers = 0;
    double square = 0;
    for (size_t l = 0; l < one->view.layers; l++) {
        if (weight[side][l] == 0)
            continue;
        const double error = one->error[statistic] ? one->error[statistic][offset_of(pair, side, l, place)] : NAN;
        square += weight[side][l] * weight[side][l] * error * error;
        layers++;
    }
    return layers > 1 && one->batch[statistic] ? batch_error(pair, statistic, side, weight, place) : sqrt(square);
}

/* Whether all that is stored of the statistic is equal to the last bit. */
static bool identical(const ltp_difference *d) {
    return d->value[0] == d->value[1] && (d->error[0] == d->error[1] || (isnan(d->error[0]) && isnan(d->error[1])));
}

ltp_difference ltp_pair_contrast(const ltp_pair *pair, ltp_pair_statistic statistic,
                                 double weight[2][LTP_COMPARE_LAYERS], ltp_pair_place place) {
    const ltp_comparison *comparison = pair->comparison;
    const ltp_pair_side *a = &pair->side[0], *b = &pair->side[1];
    const bool known = comparison->blocks[0] >= BLOCKS_LEAST && comparison->blocks[1] >= BLOCKS_LEAST;
    ltp_difference out = {.standard_error = NAN, .basis = LTP_BASIS_NONE};
    for (int side = 0; side < 2; side++) {
        out.value[side] = weighted(pair, side, pair->side[side].value[statistic], weight[side], place);
        out.error[side] = own_error(pair, statistic, side, weight, place);
    }
    out.difference = out.value[1] - out.value[0];
    if (comparison->same || (comparison->paired && identical(&out))) {
        out.standard_error = 0;
        out.basis = LTP_BASIS_PAIRED;
    } else if (!known) {
        return out;
    } else if (comparison->paired && a->batch[statistic] && b->batch[statistic] && a->batches == b->batches) {
        out.standard_error = batch_error(pair, statistic, 2, weight, place);
        out.basis = LTP_BASIS_PAIRED;
    } else {
        out.standard_error = hypot(out.error[0], out.error[1]);
        out.basis = comparison->paired ? LTP_BASIS_BOUND : LTP_BASIS_INDEPENDENT;
    }
    return out;
}

void ltp_pair_weigh(const ltp_pair *pair, int side, size_t layer, double amount, double weight[2][LTP_COMPARE_LAYERS]) {
    if (layer < pair->side[side].view.layers)
        weight[side][layer] += amount;
}

ltp_difference ltp_pair_at(const ltp_pair *pair, ltp_pair_statistic statistic, size_t layer, ltp_pair_place place) {
    double weight[2][LTP_COMPARE_LAYERS] = {{0}};
    for (int side = 0; side < 2; side++)
        weight[side][pair->layer.at[side][layer]] = 1;
    return ltp_pair_contrast(pair, statistic, weight, place);
}
