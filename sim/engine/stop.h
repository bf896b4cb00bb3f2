/* Stopping on request: Ctrl-C or a polite kill ends the run between two blocks, with nothing half-written. */
#ifndef LTP_ENGINE_STOP_H
#define LTP_ENGINE_STOP_H

#include <stdbool.h>

/* SIGINT, SIGTERM and SIGHUP ask for a stop, unless they were ignored; a second one ends the process at once. */
void ltp_stop_listen(void);
bool ltp_stop_requested(void);
void ltp_stop_request(void); /* as if a signal had come (tests) */

#endif
