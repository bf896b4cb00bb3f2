/* Which series there are and where each stands: measures × levels × entities × items × layers × years.
 *
 * A panel is one measure at one level. Series of a panel and of one (layer, year), a cell, stand together, so that a
 * cell is collected, added and locked in one go. A region, or England, that consists of exactly one system has that
 * system's series. */
#ifndef LTP_RESULTS_LAYOUT_H
#define LTP_RESULTS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/measure.h"
#include "sim/core/memory.h"
#include "sim/core/roster.h"
#include "sim/core/status.h"

#define LTP_NOWHERE UINT32_MAX

/* Owner of an entity's and item's series. */
typedef struct {
    uint32_t panel; /* LTP_NOWHERE: missing */
    uint32_t slot;  /* within a cell of that panel */
} ltp_place;

typedef struct {
    const ltp_measure *measure;
    ltp_level level;
    size_t layer_count, entity_count, item_count, year_count;
    bool histogram;
    ltp_place *place;       /* [entity × item_count + item] */
    size_t slot_count;      /* own series in a cell */
    double *scale;          /* [slot] base size, in the quantity's unit; 0 unknown */
    size_t *layer_owner;    /* [layer] the layer whose series it shares, itself if it has its own */
    size_t *layer_position; /* [layer] of its owner among the layers with series of their own */
    size_t own_layer_count;
    size_t only_layer;   /* of a measure of one layer: whose rows it takes; it has no layer axis, and its layer is 0 */
    size_t first_series; /* series of (layer, year), slot: first + (layer_position × years + year) × slots + slot */
    size_t first_histogram; /* likewise; only with histogram */
    size_t first_batch;     /* likewise; only headline measures */
    size_t first_memory;    /* rows remembered: first + layer_position × places + place; only indicators over years */
    bool empty;             /* nobody has it */
} ltp_panel;

/* Cell: panel, layer, year index (from 0). */
typedef struct {
    uint32_t panel;
    uint16_t layer, year;
} ltp_cell_place;

typedef struct {
    const ltp_roster *roster;
    ltp_pool *pool;
    size_t panel_count;
    ltp_panel *panel; /* by measure, then level; none of a measure whose quantities nobody has */
    size_t series_count, histogram_count, batch_count, memory_count;
    size_t cell_count;
    ltp_cell_place *cell;
    size_t *system_first; /* [systems + 1]: memberships of system s are system_first[s] .. system_first[s+1] − 1 */
    /* memberships of organisation o: own_membership[own_first[o]] .. own_membership[own_first[o+1] − 1] */
    size_t *own_first, *own_membership;
    size_t *by_code; /* [organisations] in the order of their codes: that in which members are added up */
} ltp_layout;

/* Arrays live in the layout's own pool. The roster must outlive it. */
ltp_status ltp_layout_create(ltp_layout *layout, const ltp_roster *roster, ltp_error *error);
void ltp_layout_destroy(ltp_layout *layout);

/* SIZE_MAX if there is none. */
size_t ltp_layout_panel(const ltp_layout *layout, const char *measure, ltp_level level);

/* "system.gap" → panel. LTP_ERROR_INPUT: no such measure, or nobody in the roster has it. */
ltp_status ltp_layout_keep(const ltp_layout *layout, const char *name, size_t *panel, ltp_error *error);
/* Whether the file holds the panel: somebody has it, or everybody is asked for it (income to bridge). */
bool ltp_panel_stored(const ltp_panel *panel);
/* The measure's units; where each item or line has its own, the variable that says them: "service_unit", "unit". */
const char *ltp_panel_units(const ltp_panel *panel);
/* Whether the panel has series of its own of the roster's layer; then which layer of the panel it is. */
bool ltp_panel_has_layer(const ltp_panel *panel, size_t roster_layer, size_t *layer);
/* Whether a path's value depends on the years before. */
bool ltp_measure_remembers(const ltp_measure *measure);

/* First series, histogram or batch of a cell. */
size_t ltp_panel_series(const ltp_panel *panel, size_t layer, size_t year);
size_t ltp_panel_histogram(const ltp_panel *panel, size_t layer, size_t year);
size_t ltp_panel_batch(const ltp_panel *panel, size_t layer, size_t year);

/* Labels of the item axis, or NULL for a measure without. */
const ltp_label_axis *ltp_roster_items(const ltp_roster *roster, ltp_measure_axis axis);
const char *ltp_axis_name(ltp_measure_axis axis); /* "service", "stream", "line", "group", "need"; NULL */
extern const char *const ltp_level_name[LTP_LEVEL_COUNT];

/* Whether the filter lets an organisation through. */
bool ltp_filter_passes(const ltp_roster *roster, ltp_measure_filter filter, size_t organisation);
/* Whether an entity of the measure's home has the measure's item: every quantity that it is made of. */
bool ltp_entity_has(const ltp_roster *roster, const ltp_measure *measure, size_t entity, size_t item);

/* "gap of RBN, plan, 2021/22" of the entity and item in a slot. Cut to `size`. */
void ltp_series_name(const ltp_layout *layout, const ltp_cell_place *cell, size_t slot, char *out, size_t size);

#endif
