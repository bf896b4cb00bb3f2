/* Statistics of every panel into the file: each computed once, scattered into one array a statistic, written. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/statistic.h"
#include "results/store_internal.h"

#define STATISTIC_LIMIT 24

/* What one panel comes to. Index of a value: ((layer × entities + entity) × items + item) × years + year, with the
 * quantile after the layer. */
typedef struct {
    const ltp_panel *panel;
    size_t lines;                       /* entities × items × years */
    size_t values;                      /* layers × lines */
    double *statistic[STATISTIC_LIMIT]; /* [count × values]; NULL: the measure does not have it */
    uint8_t *flag;                      /* [quantiles × values] */
} panel_result;

/* Where value `at` of a statistic with `count` quantiles stands. */
static size_t index_of(const panel_result *result, size_t at, int count, int quantile) {
    const size_t layer = at / result->lines, line = at % result->lines;
    return (layer * (size_t)count + (size_t)quantile) * result->lines + line;
}

static bool has(const ltp_panel *panel, const ltp_statistic *statistic) {
    return ltp_statistic_applies(statistic, panel->histogram, panel->measure->event_kind);
}

static void free_result(panel_result *result) {
    for (size_t s = 0; s < ltp_statistic_count; s++)
        ltp_free(result->statistic[s]);
    ltp_free(result->flag);
}

static ltp_status allocate_result(panel_result *result, const ltp_panel *panel, ltp_error *error) {
    *result = (panel_result){.panel = panel, .lines = panel->entity_count * panel->item_count * panel->year_count};
    result->values = panel->layer_count * result->lines;
    ltp_status status = LTP_OK;
    for (size_t s = 0; s < ltp_statistic_count && !status; s++)
        if (has(panel, &ltp_statistics[s]))
            status =
                LTP_NEW(&result->statistic[s], result->values * (size_t)ltp_statistics[s].count, "statistics", error);
    if (!status && panel->histogram)
        status = LTP_NEW(&result->flag, result->values * LTP_QUANTILE_COUNT, "statistics", error);
    return status;
}

static void scatter(panel_result *result, size_t at, const ltp_summary *summary) {
    for (size_t s = 0; s < ltp_statistic_count; s++) {
        const ltp_statistic *statistic = &ltp_statistics[s];
        const double *value = ltp_statistic_of(statistic, summary);
        for (int q = 0; result->statistic[s] && q < statistic->count; q++)
            result->statistic[s][index_of(result, at, statistic->count, q)] = value[q];
    }
    for (int q = 0; result->flag && q < LTP_QUANTILE_COUNT; q++)
        result->flag[index_of(result, at, LTP_QUANTILE_COUNT, q)] = summary->quantile_flag[q];
}

static void compute(const ltp_store *store, panel_result *result) {
    const ltp_panel *p = result->panel;
    size_t at = 0;
    for (size_t layer = 0; layer < p->layer_count; layer++)
        for (size_t place = 0; place < p->entity_count * p->item_count; place++)
            for (size_t year = 0; year < p->year_count; year++) {
                ltp_summary summary;
                ltp_collector_summary(store->collector, p, p->place[place], layer, year, &summary);
                scatter(result, at++, &summary);
            }
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static void write_statistic(ltp_store *store, const panel_result *result, size_t s, bool per_head) {
    const ltp_panel *p = result->panel;
    const ltp_statistic *statistic = &ltp_statistics[s];
    char name[96], long_name[512];
    snprintf(name, sizeof name, "%s%s_%s", p->measure->name, per_head ? "_per_head" : "", statistic->name);
    snprintf(long_name, sizeof long_name, "%s%s; %s%s%s", p->measure->long_name, per_head ? ", per head" : "",
             statistic->long_name, statistic->need == LTP_NEEDS_EVENT ? " " : "",
             statistic->need == LTP_NEEDS_EVENT ? p->measure->event : "");
    const char *units = !statistic->scales ? "1" : per_head ? "£ per head" : ltp_panel_units(p);
    ltp_h5_shape shape;
    ltp_store_shape(store, p, &shape);
    if (statistic->count > 1)
        ltp_store_insert_axis(&shape, p->measure->by_layer ? 1 : 0, LTP_QUANTILE_COUNT,
                              store->level[p->level].quantile);
    const ltp_h5_variable variable = {.name = name,
                                      .units = units,
                                      .long_name = long_name,
                                      .file_type = H5T_IEEE_F64LE,
                                      .memory_type = H5T_NATIVE_DOUBLE,
                                      .fill_nan = true,
                                      .compress = true};
    ltp_h5_write_variable(&store->h5, store->level[p->level].group, &variable, &shape, result->statistic[s]);
}

static void write_flag(ltp_store *store, const panel_result *result) {
    const ltp_panel *p = result->panel;
    char name[96];
    snprintf(name, sizeof name, "%s_quantile_flag", p->measure->name);
    ltp_h5_shape shape;
    ltp_store_shape(store, p, &shape);
    ltp_store_insert_axis(&shape, p->measure->by_layer ? 1 : 0, LTP_QUANTILE_COUNT, store->level[p->level].quantile);
    const ltp_h5_variable variable = {.name = name,
                                      .units = "1",
                                      .long_name =
                                          "1 where the quantile lies in an outermost histogram bin and is known "
                                          "only to quantile_resolution",
                                      .file_type = H5T_STD_U8LE,
                                      .memory_type = H5T_NATIVE_UINT8,
                                      .compress = true};
    ltp_h5_write_variable(&store->h5, store->level[p->level].group, &variable, &shape, result->flag);
}

/* --- per head --------------------------------------------------------------------------------------------------- */

/* Persons of an entity in year t of the model; NaN where any of its systems' is unknown. */
static double population(const ltp_roster *roster, ltp_level level, size_t entity, size_t t) {
    double persons = 0;
    const size_t years = roster->year.count + 1;
    for (size_t s = 0; s < roster->level[LTP_LEVEL_SYSTEM].count; s++)
        if (level == LTP_LEVEL_ENGLAND || (level == LTP_LEVEL_SYSTEM && s == entity) ||
            (level == LTP_LEVEL_REGION && roster->system_region[s] == entity))
            persons += roster->system_population ? roster->system_population[s * years + t] : NAN;
    return persons > 0 ? persons : NAN;
}

/* £m → £ per head, in place. */
static void divide_by_population(const ltp_store *store, panel_result *result) {
    const ltp_panel *p = result->panel;
    for (size_t at = 0; at < result->values; at++) {
        const size_t year = at % p->year_count, entity = at % result->lines / p->year_count / p->item_count;
        const double persons = population(store->roster, p->level, entity, year + 1);
        for (size_t s = 0; s < ltp_statistic_count; s++)
            for (int q = 0; result->statistic[s] && ltp_statistics[s].scales && q < ltp_statistics[s].count; q++)
                result->statistic[s][index_of(result, at, ltp_statistics[s].count, q)] *= 1e6 / persons;
    }
}

/* --- headline measures: cumulative counts and batches ----------------------------------------------------------- */

/* Histograms of a panel's series in the order of the file. */
typedef struct {
    size_t values;
    double *centre, *width; /* [values], NaN where missing */
    uint32_t *below;        /* [values × edges], 0 where missing */
    uint64_t *square;
} panel_histogram;

static void copy_histogram(const ltp_collector *collector, const ltp_panel *p, size_t at, panel_histogram *out) {
    const size_t places = p->entity_count * p->item_count;
    const size_t layer = at / (places * p->year_count), year = at % p->year_count;
    const ltp_place place = p->place[at / p->year_count % places];
    const size_t series = ltp_collector_series(collector, place, layer, year);
    out->centre[at] = out->width[at] = NAN;
    if (series == SIZE_MAX)
        return;
    const ltp_panel *owner = &collector->layout.panel[place.panel];
    const ltp_histogram *h = &collector->histogram[ltp_panel_histogram(owner, layer, year) + place.slot];
    memcpy(out->below + at * LTP_EDGE_COUNT, h->below, sizeof h->below);
    memcpy(out->square + at * LTP_EDGE_COUNT, h->square, sizeof h->square);
    out->centre[at] = collector->frame[series].centre;
    out->width[at] = collector->frame[series].width;
}

static void write_histogram(ltp_store *store, const ltp_panel *p, const panel_histogram *h) {
    const struct {
        const char *suffix, *what;
        hid_t file_type, memory_type;
        const void *data;
    } part[] = {
        {"centre", "centre of the histogram: edge value = centre + width * edge", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
         h->centre},
        {"width", "width of the histogram: edge value = centre + width * edge", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
         h->width},
        {"cumulative", "paths below the edge; 0 where missing", H5T_STD_U32LE, H5T_NATIVE_UINT32, h->below},
        {"cumulative_sq", "sum over blocks of squares of the block's paths below the edge; 0 where missing",
         H5T_STD_U64LE, H5T_NATIVE_UINT64, h->square},
    };
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        const bool counts = i >= 2;
        char name[96], long_name[512];
        snprintf(name, sizeof name, "%s_%s", p->measure->name, part[i].suffix);
        snprintf(long_name, sizeof long_name, "%s; %s", p->measure->long_name, part[i].what);
        ltp_h5_shape shape;
        ltp_store_shape(store, p, &shape);
        if (counts)
            ltp_store_insert_axis(&shape, shape.rank, LTP_EDGE_COUNT, store->level[p->level].edge);
        const ltp_h5_variable variable = {.name = name,
                                          .units = counts ? "1" : ltp_panel_units(p),
                                          .long_name = long_name,
                                          .file_type = part[i].file_type,
                                          .memory_type = part[i].memory_type,
                                          .fill_nan = !counts,
                                          .compress = true};
        ltp_h5_write_variable(&store->h5, store->level[p->level].group, &variable, &shape, part[i].data);
    }
}

static ltp_status write_cumulative(ltp_store *store, const ltp_panel *p, ltp_error *error) {
    panel_histogram h = {.values = p->layer_count * p->entity_count * p->item_count * p->year_count};
    ltp_status status = LTP_NEW(&h.below, h.values * LTP_EDGE_COUNT, "cumulative counts", error);
    if (!status)
        status = LTP_NEW(&h.square, h.values * LTP_EDGE_COUNT, "cumulative counts", error);
    if (!status)
        status = LTP_NEW(&h.centre, h.values, "centres", error);
    if (!status)
        status = LTP_NEW(&h.width, h.values, "widths", error);
    for (size_t at = 0; at < h.values && !status; at++)
        copy_histogram(store->collector, p, at, &h);
    if (!status)
        write_histogram(store, p, &h);
    ltp_free(h.width);
    ltp_free(h.centre);
    ltp_free(h.square);
    ltp_free(h.below);
    return status;
}

static void write_batch(ltp_store *store, const ltp_panel *p, const char *suffix, const double *data) {
    char name[96], long_name[512];
    const bool mean = strcmp(suffix, "batch_mean") == 0;
    snprintf(name, sizeof name, "%s_%s", p->measure->name, suffix);
    snprintf(long_name, sizeof long_name, "%s; by batch of blocks (block mod 64): %s%s", p->measure->long_name,
             mean ? "mean over paths" : "probability of ", mean ? "" : p->measure->event);
    ltp_h5_shape shape;
    ltp_store_shape(store, p, &shape);
    ltp_store_insert_axis(&shape, 0, LTP_BATCH_COUNT, store->level[p->level].batch);
    const ltp_h5_variable variable = {.name = name,
                                      .units = mean ? ltp_panel_units(p) : "1",
                                      .long_name = long_name,
                                      .file_type = H5T_IEEE_F64LE,
                                      .memory_type = H5T_NATIVE_DOUBLE,
                                      .fill_nan = true,
                                      .compress = true};
    ltp_h5_write_variable(&store->h5, store->level[p->level].group, &variable, &shape, data);
}

static ltp_status write_batches(ltp_store *store, const ltp_panel *p, ltp_error *error) {
    const ltp_collector *collector = store->collector;
    const size_t places = p->entity_count * p->item_count, values = p->layer_count * places * p->year_count;
    double *mean = NULL, *probability = NULL;
    ltp_status status = LTP_NEW(&mean, values * LTP_BATCH_COUNT, "batch means", error);
    if (!status)
        status = LTP_NEW(&probability, values * LTP_BATCH_COUNT, "batch probabilities", error);
    for (size_t at = 0; at < values && !status; at++) {
        const size_t layer = at / (places * p->year_count), year = at % p->year_count;
        const ltp_place place = p->place[at / p->year_count % places];
        const size_t series = ltp_collector_series(collector, place, layer, year);
        const ltp_panel *owner = series == SIZE_MAX ? NULL : &collector->layout.panel[place.panel];
        for (unsigned b = 0; b < LTP_BATCH_COUNT; b++) {
            const uint64_t paths = collector->batch_blocks[b] * LTP_BLOCK;
            const ltp_batch *batch = owner ? &collector->batch[ltp_panel_batch(owner, layer, year) + place.slot] : NULL;
            mean[b * values + at] = batch ? ltp_batch_mean(batch, &collector->frame[series], b, paths) : NAN;
            probability[b * values + at] = batch && paths ? (double)batch->event[b] / (double)paths : NAN;
        }
    }
    if (!status) {
        write_batch(store, p, "batch_mean", mean);
        write_batch(store, p, "batch_probability", probability);
    }
    ltp_free(probability);
    ltp_free(mean);
    return status;
}

static void write_batch_paths(ltp_store *store, ltp_level level) {
    uint64_t paths[LTP_BATCH_COUNT];
    for (int b = 0; b < LTP_BATCH_COUNT; b++)
        paths[b] = store->collector->expected ? 0 : store->collector->batch_blocks[b] * LTP_BLOCK;
    const ltp_h5_variable variable = {.name = "batch_paths",
                                      .units = "1",
                                      .long_name = "paths in each batch",
                                      .file_type = H5T_STD_U64LE,
                                      .memory_type = H5T_NATIVE_UINT64};
    const ltp_h5_shape shape = {.rank = 1, .size = {LTP_BATCH_COUNT}, .scale = {store->level[level].batch}};
    ltp_h5_write_variable(&store->h5, store->level[level].group, &variable, &shape, paths);
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static ltp_status write_panel(ltp_store *store, const ltp_panel *p, ltp_error *error) {
    panel_result result;
    ltp_status status = allocate_result(&result, p, error);
    if (!status) {
        compute(store, &result);
        for (size_t s = 0; s < ltp_statistic_count; s++)
            if (result.statistic[s])
                write_statistic(store, &result, s, false);
        if (result.flag)
            write_flag(store, &result);
        if (p->measure->per_head && p->level != LTP_LEVEL_ORGANISATION) {
            divide_by_population(store, &result);
            for (size_t s = 0; s < ltp_statistic_count; s++)
                if (result.statistic[s] && ltp_statistics[s].scales)
                    write_statistic(store, &result, s, true);
        }
    }
    free_result(&result);
    if (!status && p->measure->headline && !store->collector->expected) {
        status = write_cumulative(store, p, error);
        if (!status)
            status = write_batches(store, p, error);
    }
    return status;
}

ltp_status ltp_store_write_summaries(ltp_store *store, ltp_error *error) {
    const ltp_layout *layout = &store->collector->layout;
    ltp_status status = LTP_OK;
    for (int level = 0; level < LTP_LEVEL_COUNT; level++)
        if (store->level[level].batch >= 0)
            write_batch_paths(store, (ltp_level)level);
    for (size_t p = 0; p < layout->panel_count && !status; p++)
        if (layout->panel[p].entity_count * layout->panel[p].item_count > 0 && ltp_panel_stored(&layout->panel[p]))
            status = write_panel(store, &layout->panel[p], error);
    return status ? status : ltp_h5_status(&store->h5, "statistics", error);
}
