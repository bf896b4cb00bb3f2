/* How large a result file will be, before there is one. */
#include <string.h>

#include "results/layout.h"
#include "results/store.h"
#include <stdio.h>

#define STATISTIC_BYTES 60.0 /* some 50 numbers a series, most of them alike: as they compress */
#define HISTOGRAM_BYTES 160.0
#define FIXED_BYTES 4200000.0 /* what HDF5 needs around a thousand variables */

ltp_status ltp_store_estimate(const ltp_roster *roster, uint64_t paths, size_t keep_count, const char *const *keep,
                              uint64_t input_bytes, uint64_t *bytes, ltp_error *error) {
    ltp_layout layout;
    ltp_status status = ltp_layout_create(&layout, roster, error);
    if (status != LTP_OK)
        return status;
    double sum = FIXED_BYTES + (double)input_bytes / 3.0;
    for (size_t k = 0; k < keep_count && !status; k++) {
        size_t ignored;
        status = ltp_layout_keep(&layout, keep[k], &ignored, error);
    }
    for (size_t p = 0; p < layout.panel_count; p++) {
        const ltp_panel *panel = &layout.panel[p];
        if (!ltp_panel_stored(panel))
            continue;
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
