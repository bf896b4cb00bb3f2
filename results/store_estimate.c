/* How large a result file will be, before there is one. */
#include <stdio.h>
#include <string.h>

#include "results/layout.h"
#include "results/statistic.h"
#include "results/store.h"

#define STATISTIC_BYTES 60.0 /* some 50 numbers a series, most of them alike: as they compress */
#define HISTOGRAM_BYTES 160.0
#define VARIABLE_BYTES 4100.0 /* what HDF5 needs around a variable: its header, axes, attributes */
#define HEADLINE_VARIABLES 6
#define OTHER_VARIABLES 130.0 /* scales, names, inputs */

static size_t variable_count(const ltp_panel *panel) {
    size_t count = panel->measure->headline ? HEADLINE_VARIABLES : 0;
    for (size_t s = 0; s < ltp_statistic_count; s++)
        if (ltp_statistic_applies(&ltp_statistics[s], panel->histogram, panel->measure->event_kind))
            count += panel->measure->per_head && ltp_statistics[s].scales ? 2 : 1;
    return count;
}

ltp_status ltp_store_estimate(const ltp_roster *roster, uint64_t paths, size_t keep_count, const char *const *keep,
                              uint64_t input_bytes, uint64_t *bytes, ltp_error *error) {
    ltp_layout layout;
    ltp_status status = ltp_layout_create(&layout, roster, error);
    if (status != LTP_OK)
        return status;
    double sum = OTHER_VARIABLES * VARIABLE_BYTES + (double)input_bytes / 3.0;
    for (size_t k = 0; k < keep_count && !status; k++) {
        size_t ignored;
        status = ltp_layout_keep(&layout, keep[k], &ignored, error);
    }
    for (size_t p = 0; p < layout.panel_count; p++) {
        const ltp_panel *panel = &layout.panel[p];
        if (!ltp_panel_stored(panel))
            continue;
        sum += VARIABLE_BYTES * (double)variable_count(panel);
        const double series =
            (double)(panel->layer_count * panel->entity_count * panel->item_count * panel->year_count);
        sum += series * STATISTIC_BYTES + (panel->measure->headline ? series * HISTOGRAM_BYTES : 0.0);
        for (size_t k = 0; k < keep_count; k++) {
            char name[128];
            snprintf(name, sizeof name, "%s.%s", ltp_level_name[panel->level], panel->measure->name);
            if (strcmp(name, keep[k]) == 0)
                sum += series * (double)paths * sizeof(float);
        }
    }
    *bytes = (uint64_t)sum;
    ltp_layout_destroy(&layout);
    return status;
}
