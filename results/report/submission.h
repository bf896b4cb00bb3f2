/* Which submission a result is: for titles. */
#ifndef LTP_RESULTS_REPORT_SUBMISSION_H
#define LTP_RESULTS_REPORT_SUBMISSION_H

#include <stdio.h>

#include "results/read.h"

#define LTP_SUBMISSION_TEXT 256

/* "Greater Manchester: agreed submission, 15 November 2019", with what is known of it; "" for a result that is no
 * submission. Cut to fit, without control characters. Returns the buffer. */
const char *ltp_submission_text(char buffer[LTP_SUBMISSION_TEXT], const ltp_result_about *about);

/* The result's title and, on a line of its own, which submission it is. */
void ltp_title_print(FILE *to, const ltp_result_about *about);

#endif
