/* The do-nothing accounts of one path, worked out again in the plainest way: every payment is posted from one party to
 * another, one number at a time, straight from the scenario's text tables. It shares with the program only the reading
 * of tables, the draws of the floor (a key to a normal) and the families' transforms; nothing of compile, models or
 * their order. Slow on purpose. */
#ifndef LTP_TESTS_SUPPORT_REFERENCE_H
#define LTP_TESTS_SUPPORT_REFERENCE_H

#include "sim/plan/scenario.h"

typedef struct reference reference;

/* One path (< LTP_BLOCK) of one block. */
reference *reference_open(const ltp_scenario *scenario, uint32_t block, size_t path);
void reference_close(reference *r);

/* Posts year `year` (1..) and returns the gap of every organisation, in the order of the table, £m; *leak: what all
 * payments sum to over everybody. The array lives until the next call. */
const double *reference_gap(reference *r, int year, double *leak);

#endif
