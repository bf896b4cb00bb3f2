/* Simulating a scenario in a test: load a folder, run blocks, ask for rows by code. Every function fails the test
 * where something is not there. */
#ifndef LTP_TESTS_SUPPORT_SIMULATE_H
#define LTP_TESTS_SUPPORT_SIMULATE_H

#include <stdbool.h>

#include "models/state.h"
#include "sim/plan/plan.h"

typedef struct {
    ltp_plan *plan;
    void *memory;
    ltp_state *state;
    uint64_t keep;    /* bit mask of ltp_quantity: whose rows are kept for simulation_row */
    double **row;     /* of the last block, NULL where the organisation has none */
    uint64_t *digest; /* [layer × year × organisation], of all quantities; independent of the order of organisations,
                         services, layers */
    uint64_t *roll;   /* [layer × year], of schemes, programmes, floors and plan lines; independent of their order */
} simulation;

#define KEEP_ALL (~UINT64_C(0))
#define KEEP(QUANTITY) (UINT64_C(1) << LTP_QUANTITY_##QUANTITY)
#define KEEP_GAP (KEEP(INCOME) | KEEP(COST) | KEEP(SAVING))

/* Loads a folder. overrides: "TABLE.KEY.COLUMN=VALUE", NULL at the end; or NULL for none. */
simulation simulation_open(const char *path, const char *const *overrides);
/* Every driver at its mean: all paths are the same, the first is read. Runs it. */
void simulation_expect(simulation *s);
/* Simulates one block; rows of earlier ones are lost. */
void simulation_run(simulation *s, uint32_t block);
void simulation_close(simulation *s);

/* The block's row of LTP_BLOCK paths; item: service, stream or line code, NULL where the quantity has none; year from
 * 1. NULL if the organisation does not have it. */
const double *simulation_row(const simulation *s, ltp_quantity quantity, const char *organisation, const char *item,
                             const char *layer, int year);
/* One path of it; missing rows fail. */
/* The same by place: organisation × items + item, layer from 0. */
const double *simulation_row_at(const simulation *s, ltp_quantity quantity, size_t at, size_t layer, int year);
double simulation_value(const simulation *s, ltp_quantity quantity, const char *organisation, const char *item,
                        const char *layer, int year, size_t path);
/* cost − income of an organisation, £m; NULL: of all organisations, each counted whole. */
double simulation_gap(const simulation *s, const char *organisation, const char *layer, int year, size_t path);
/* Digest of all rows of an organisation in a layer, all years. */
uint64_t simulation_digest(const simulation *s, const char *organisation, const char *layer);
/* Digest of everything, schemes, programmes, floors and plan lines too. */
uint64_t simulation_digest_all(const simulation *s);

/* For one figure: opens, expects, and reads the gap in the only year. */
double expected_gap(const char *path, const char *const *overrides, const char *organisation, const char *layer,
                    int year);

#endif
