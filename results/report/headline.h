/* The table that a run ends with: what the gap is, how sure, and whose it is. */
#ifndef LTP_RESULTS_REPORT_HEADLINE_H
#define LTP_RESULTS_REPORT_HEADLINE_H

#include <stdio.h>

#include "results/report/report.h"

/* For each system and year the do-nothing and the plan gap (the last layer): P10, P50, P90, P(balance), of the whole
 * system, its commissioners and its providers. As a table a result of more than LTP_HEADLINE_SYSTEMS systems shows
 * England by year and each system's last year; CSV and JSON always hold every system and year.
 * LTP_ERROR_RESULT if the file cannot be used. The caller checks `to` at close. */
#define LTP_HEADLINE_SYSTEMS 6
ltp_status ltp_headline_print(FILE *to, const char *result_path, ltp_report_format format, ltp_error *error);

#endif
