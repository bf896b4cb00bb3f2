/* The inputs that a result carries, as the scenario that they were. */
#ifndef LTP_UNPACK_H
#define LTP_UNPACK_H

#include "results/read.h"
#include "sim/plan/scenario.h"

/* Writes the result's inputs to a folder of its own in /tmp, reads them as a scenario, and removes the folder. *out is
 * NULL, with LTP_OK, where this version cannot read them. LTP_ERROR_RESULT for names that no input has (the file was
 * tampered with), LTP_ERROR_IO if the folder cannot be written. Free with ltp_scenario_free. */
ltp_status ltp_unpack_scenario(ltp_scenario **out, ltp_result *result, ltp_error *error);

#endif
