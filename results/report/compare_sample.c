/* Differences of quantiles between two results, path by path where both keep every path.
 *
 * A sample quantile is, to first order, q − (F_n(q) − p)/f(q) (Bahadur 1966): so block by block the difference of two
 * quantiles on common paths is (F_A(q_A) − p)/f_A − (F_B(q_B) − p)/f_B, and the spread of that between blocks gives
 * its standard error, with f from the sample's own quantiles one standard error to both sides of p. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/compare_internal.h"

#define BLOCKS_LEAST 20

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The p-quantile of sorted values, between neighbours on a straight line. */
static double quantile_of(const double *sorted, size_t count, double p) {
    const double at = fmin(fmax(p, 0), 1) * (double)(count - 1);
    const size_t below = (size_t)at;
    const double above = below + 1 < count ? sorted[below + 1] : sorted[below];
    return sorted[below] + (at - (double)below) * (above - sorted[below]);
}

typedef struct {
    size_t paths, block, blocks;
    double *path, *sorted; /* [paths] */
    double *influence;     /* [blocks] of one quantile */
} sample;

static double mean_of(const double *value, size_t count) {
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += value[k];
    return sum / (double)count;
}

/* Standard error of the mean of blocks. */
static double spread_of(const double *value, size_t count) {
    const double mean = mean_of(value, count);
    double square = 0;
    for (size_t k = 0; k < count; k++)
        square += (value[k] - mean) * (value[k] - mean);
    return sqrt(square / (double)(count - 1) / (double)count);
}

/* The quantile, and each block's pull on it. */
static double influence_of(sample *s, double p) {
    const double q = quantile_of(s->sorted, s->paths, p);
    for (size_t b = 0; b < s->blocks; b++) {
        size_t below = 0;
        for (size_t k = 0; k < s->block; k++)
            below += s->path[b * s->block + k] <= q;
        s->influence[b] = (double)below / (double)s->block - p;
    }
    const double step = fmax(spread_of(s->influence, s->blocks), 0.1 / sqrt((double)s->paths));
    const double width = quantile_of(s->sorted, s->paths, p + step) - quantile_of(s->sorted, s->paths, p - step);
    for (size_t b = 0; b < s->blocks; b++)
        s->influence[b] *= -width / (2 * step);
    return q;
}

static ltp_status read_sample(const ltp_pair *pair, int side, size_t layer, ltp_pair_place place, sample *s,
                              ltp_error *error) {
    const ltp_result_about *about = pair->comparison->about[side];
    char name[160];
    *s = (sample){.paths = about->paths, .block = about->block, .blocks = pair->comparison->blocks[side]};
    snprintf(name, sizeof name, "%s_sample", pair->measure);
    ltp_status status = LTP_NEW(&s->path, s->paths, "paths", error);
    if (!status)
        status = LTP_NEW(&s->sorted, s->paths, "paths", error);
    if (!status)
        status = LTP_NEW(&s->influence, s->blocks, "blocks", error);
    if (status)
        return status;
    const size_t first[] = {pair->layer.at[side][layer], pair->code.at[side][place.code],
                            pair->year.at[side][place.year], 0};
    const size_t count[] = {1, 1, 1, s->paths};
    status = ltp_result_read_part(pair->comparison->result[side], pair->level, name, 4, first, count, s->path, error);
    if (!status) {
        memcpy(s->sorted, s->path, s->paths * sizeof *s->sorted);
        qsort(s->sorted, s->paths, sizeof *s->sorted, ascending);
    }
    return status;
}

static void free_sample(sample *s) {
    ltp_free(s->influence);
    ltp_free(s->sorted);
    ltp_free(s->path);
}

static ltp_status from_samples(const ltp_pair *pair, size_t layer, ltp_pair_place place, size_t count,
                               const double *level, ltp_difference *out, ltp_error *error) {
    sample side[2] = {{0}};
    ltp_status status = read_sample(pair, 0, layer, place, &side[0], error);
    if (!status)
        status = read_sample(pair, 1, layer, place, &side[1], error);
    for (size_t k = 0; k < count && !status; k++) {
        out[k] = (ltp_difference){.basis = LTP_BASIS_PAIRED};
        for (int s = 0; s < 2; s++) {
            out[k].value[s] = influence_of(&side[s], level[k]);
            out[k].error[s] = spread_of(side[s].influence, side[s].blocks);
        }
        for (size_t b = 0; b < side[0].blocks; b++)
            side[1].influence[b] -= side[0].influence[b];
        out[k].difference = out[k].value[1] - out[k].value[0];
        out[k].standard_error = spread_of(side[1].influence, side[1].blocks);
    }
    free_sample(&side[1]);
    free_sample(&side[0]);
    return status;
}

/* Value and standard error of a stored quantile; NaN where it is not stored. */
static ltp_status stored(const ltp_pair *pair, int side, size_t layer, ltp_pair_place place, double level,
                         double out[2], ltp_error *error) {
    const ltp_view *view = &pair->side[side].view;
    const double percent = 100 * level;
    char name[16];
    ltp_view_statistic statistic;
    snprintf(name, sizeof name, "p%.0f", percent);
    out[0] = out[1] = NAN;
    if (!ltp_view_has(view, name))
        return LTP_OK;
    const ltp_status status = ltp_view_statistic_read(view, name, &statistic, error);
    if (status)
        return status;
    const size_t at = pair->layer.at[side][layer] * statistic.layer_stride +
                      (pair->code.at[side][place.code] * view->items + pair->item.at[side][place.item]) * view->years +
                      pair->year.at[side][place.year];
    out[0] = statistic.value[at];
    out[1] = statistic.error ? statistic.error[at] : NAN;
    return LTP_OK;
}

static ltp_status from_stored(const ltp_pair *pair, size_t layer, ltp_pair_place place, double level,
                              ltp_difference *out, ltp_error *error) {
    const ltp_comparison *comparison = pair->comparison;
    double figure[2][2];
    ltp_status status = LTP_OK;
    for (int side = 0; side < 2 && !status; side++)
        status = stored(pair, side, layer, place, level, figure[side], error);
    if (status)
        return status;
    *out = (ltp_difference){.value = {figure[0][0], figure[1][0]},
                            .error = {figure[0][1], figure[1][1]},
                            .difference = figure[1][0] - figure[0][0],
                            .standard_error = hypot(figure[0][1], figure[1][1]),
                            .basis = comparison->paired ? LTP_BASIS_BOUND : LTP_BASIS_INDEPENDENT};
    if (comparison->same || (comparison->paired && figure[0][0] == figure[1][0] && figure[0][1] == figure[1][1])) {
        out->standard_error = 0;
        out->basis = LTP_BASIS_PAIRED;
    } else if (isnan(out->standard_error)) {
        out->basis = LTP_BASIS_NONE;
    }
    return LTP_OK;
}

ltp_status ltp_pair_quantiles(const ltp_pair *pair, size_t layer, ltp_pair_place place, size_t count,
                              const double *level, ltp_difference *out, ltp_error *error) {
    const ltp_comparison *comparison = pair->comparison;
    char name[160];
    snprintf(name, sizeof name, "%s_sample", pair->measure);
    if (comparison->paired && !comparison->same && comparison->blocks[0] >= BLOCKS_LEAST &&
        pair->side[0].view.by_layer && !pair->side[0].view.item_axis &&
        ltp_result_has(comparison->result[0], pair->level, name) &&
        ltp_result_has(comparison->result[1], pair->level, name))
        return from_samples(pair, layer, place, count, level, out, error);
    ltp_status status = LTP_OK;
    for (size_t k = 0; k < count && !status; k++)
        status = from_stored(pair, layer, place, level[k], &out[k], error);
    return status;
}
