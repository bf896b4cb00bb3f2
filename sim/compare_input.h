/* Which inputs of two results differ: settings and rows of tables by key, old and new value. */
#ifndef LTP_COMPARE_INPUT_H
#define LTP_COMPARE_INPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "results/read.h"

/* The inputs that the results carry are read again as a scenario each, with what extends, removes and sets applied, so
 * that what is compared is what was computed with. everything: every change, not the first few of each table.
 * LTP_ERROR_RESULT if a result's inputs are damaged, LTP_ERROR_IO if they cannot be laid out in a folder of /tmp. */
ltp_status ltp_compare_inputs(FILE *to, ltp_result *a, ltp_result *b, bool everything, ltp_error *error);

#endif
