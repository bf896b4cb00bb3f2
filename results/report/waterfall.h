/* The way from the gap of do nothing to the plan's, test by test, and each test's Shapley value. */
#ifndef LTP_RESULTS_REPORT_WATERFALL_H
#define LTP_RESULTS_REPORT_WATERFALL_H

#include "results/read.h"
#include "results/report/report.h"

/* Prints it for the entities of a level ("system", "organisation", "region", "england"), or for the one with the code
 * (NULL: all); all years, or one (NULL: all). For people years stand side by side; for programs a row is one line of
 * one entity and year. LTP_ERROR_USAGE for a code or year that is not there; LTP_ERROR_RESULT for a result without. */
ltp_status ltp_waterfall_print(FILE *to, ltp_result *result, const char *level, const char *code, const char *year,
                               ltp_report_format format, ltp_error *error);

#endif
