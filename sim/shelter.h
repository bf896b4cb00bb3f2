/* Reading result files: the HDF5 library can crash on a damaged one, so the work is done by a child, and what kills it
 * is said in one sentence. */
#ifndef LTP_SHELTER_H
#define LTP_SHELTER_H

#include "sim/core/status.h"

typedef ltp_status (*ltp_sheltered)(void *context, ltp_error *error);

/* Runs `work` and returns the command's exit code. It prints to stdout only when everything has been read. `path`: the
 * file to name if it brings the child down. */
int ltp_shelter(const char *path, ltp_sheltered work, void *context);

/* The same for work on two files; the one that is found damaged is named, or both. */
int ltp_shelter_two(const char *const path[2], ltp_sheltered work, void *context);

#endif
