/* Attribution of the plan's effect: to tests, step by step and by Shapley value, and to programmes.
 *
 * Every block gives the steps: means of the gap's change as each test is added. Every LTP_ATTRIBUTION_STEP-th block is
 * simulated again with all subsets of tests, and gives Shapley value less step, whose mean is added to that of the
 * steps: so the values have the steps' precision, and sum exactly as the steps do (Shapley 1953, "A value for n-person
 * games"; two-phase estimate: Cochran 1977, section 12.9). Those blocks also give each programme's effect: the plan
 * less the plan without it, on the same paths.
 *
 * Across blocks the sums are integers: the same whoever adds, in any order. */
#ifndef LTP_RESULTS_ATTRIBUTE_H
#define LTP_RESULTS_ATTRIBUTE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/core/attribution.h"
#include "sim/core/block.h"
#include "sim/core/memory.h"
#include "sim/core/status.h"

typedef struct ltp_attributor ltp_attributor;
typedef struct ltp_attributor_block ltp_attributor_block; /* one thread's working space for one block */

/* Sums of a programme's money, by year. */
typedef enum {
    LTP_EFFECT_SPONSOR_GAIN = 0, /* its sponsors' gaps fall by … */
    LTP_EFFECT_SYSTEM_GAIN,      /* … their systems' by … */
    LTP_EFFECT_MOVED_INSIDE,     /* sponsors' gain less their systems', where positive */
    LTP_EFFECT_MOVED_OUTSIDE,    /* what modelled organisations outside those totals lose, where positive */
    LTP_EFFECT_SAVED,            /* the gain summed over all modelled organisations */
    LTP_EFFECT_COUNT
} ltp_effect;
extern const char *const ltp_effect_name[LTP_EFFECT_COUNT], *const ltp_effect_doc[LTP_EFFECT_COUNT];

/* roster and attribution must outlive it. expected: one path, no errors. */
ltp_status ltp_attributor_create(ltp_attributor **out, const ltp_roster *roster, const ltp_attribution *attribution,
                                 bool expected, ltp_error *error);
const ltp_attribution *ltp_attributor_plan(const ltp_attributor *attributor);
void ltp_attributor_destroy(ltp_attributor *attributor); /* NULL is fine */
ltp_status ltp_attributor_block_create(ltp_attributor_block **out, ltp_attributor *attributor, ltp_error *error);
void ltp_attributor_block_destroy(ltp_attributor_block *block);

/* A block: begin, own sinks (the run's layers), subset sinks where begin says true, end. */
bool ltp_attributor_begin(ltp_attributor_block *block, uint32_t index); /* whether its subsets are to be simulated */
void ltp_attributor_own(void *block, int layer, int year, const ltp_rows *rows);
void ltp_attributor_subset(void *block, int layer, int year, const ltp_rows *rows);
void ltp_attributor_end(ltp_attributor_block *block); /* adds it: thread-safe */

/* A mean over paths, £m, and its Monte Carlo standard error; NaN under LTP_ERROR_BLOCKS blocks for steps, under
 * LTP_ATTRIBUTION_BLOCKS for what comes from the attribution's blocks alone. */
#define LTP_ATTRIBUTION_BLOCKS 8
typedef struct {
    double mean, error;
} ltp_attributed;
/* What adding the test takes off the gap of the level's entity in year t (from 0): in the scenario's order; on average
 * over all orders. Levels: organisation, system, region, England. */
ltp_attributed ltp_attributor_step(const ltp_attributor *attributor, ltp_level level, size_t entity, size_t test,
                                   size_t year);
ltp_attributed ltp_attributor_shapley(const ltp_attributor *attributor, ltp_level level, size_t entity, size_t test,
                                      size_t year);
ltp_attributed ltp_attributor_effect(const ltp_attributor *attributor, ltp_effect effect, size_t programme,
                                     size_t year);
/* Gain of one organisation by a programme. */
ltp_attributed ltp_attributor_gain(const ltp_attributor *attributor, size_t programme, size_t organisation,
                                   size_t year);
size_t ltp_attributor_bytes(const ltp_roster *roster, const ltp_attribution *attribution, size_t threads);

#endif
