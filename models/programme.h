/* Programmes: how much of each is in place, what is delivered, and how they combine on a line.
 *
 * Kinds are one file each (programme_*.c) exporting one const struct, listed in programme_list.h; the kind says what it
 * acts on and which columns it uses. */
#ifndef LTP_MODELS_PROGRAMME_H
#define LTP_MODELS_PROGRAMME_H

#include "models/state.h"

/* What a programme kind acts on. */
typedef enum {
    LTP_ACTS_ON_COST = 0,  /* own cost of target organisations */
    LTP_ACTS_ON_PRICE,     /* price of pass-through flows and of own cost */
    LTP_ACTS_ON_VARIATION, /* what a peer does better: cost of services, or their use */
    LTP_ACTS_ON_DEMAND,    /* activity of target services */
    LTP_ACTS_ON_WORKFORCE, /* leavers, joiners or agency of target organisations */
    LTP_ACTS_ON_INCOME,    /* money received */
    LTP_ACTS_ON_SPENDING,  /* money committed */
    LTP_ACTS_ON_NOTHING    /* known, but its model is not in this version */
} ltp_acts_on;

typedef struct {
    const char *name; /* as in programmes.csv */
    const char *doc;
    ltp_acts_on acts_on;
    int default_test; /* of the five tests; 0: none */
    bool needs_targets, needs_services, needs_categories, needs_effect, needs_amounts;
} ltp_programme_kind;

const ltp_programme_kind *const *ltp_programme_kind_all(size_t *count);
const ltp_programme_kind *ltp_programme_kind_find(const char *name);

/* Share of year `year` (1..) for which a ramp that starts at `start` (years since the start of year 1) and lasts
 * `ramp_years` is in place: its average over the year. Linear, or S-curve 3u² − 2u³. Range [0, 1]. */
double ltp_in_place(double start, double ramp_years, bool s_curve, int year);

/* Draws what is drawn in `year` and held, then every action's level and every combination's keep row. */
void ltp_programme_year(const ltp_model *model, ltp_state *state, int year);

/* What a combination leaves of one line, tile row: Π over groups (1 − group). Money actions are divided by
 * `base_value`, the line's value at base prices (tile row, £m), into `scratch`. lane: first lane of the tile. */
const double *ltp_combination_tile(const ltp_model *model, ltp_state *state, int combination, const double *base_value,
                                   int year, size_t lane, double *scratch);
/* The same of the recurrent part alone: f·x·ρ·in_place. Of the year before only where it is not money. */
const double *ltp_lasting_tile(const ltp_model *model, ltp_state *state, int combination, const double *base_value,
                               int year, size_t lane, double *scratch);

#endif
