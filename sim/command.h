/* The commands, one file each (cmd_*.c), and the table that names them. */
#ifndef LTP_COMMAND_H
#define LTP_COMMAND_H

#include "sim/option.h"
#include "sim/plan/plan.h"

extern const ltp_command ltp_command_check, ltp_command_run, ltp_command_show, ltp_command_bridge, ltp_command_assess,
    ltp_command_triangulate, ltp_command_compare, ltp_command_list, ltp_command_init;

/* "ltpsim: …" to stderr, and the exit code of the error's status. */
int ltp_command_fail(const ltp_error *error);
/* Parses; 0 to go on, else *code is the exit code to return at once (help printed, or usage said). */
bool ltp_command_begin(const ltp_command *command, int argc, char **argv, void *fields, const char **operand,
                       int *code);
/* Flushes stdout and says if it could not be written: `code`, or 1. */
int ltp_command_end(int code);

/* Loads the plan, printing errors, warnings and notes (unless quiet: errors only) to stderr. NULL: *code to return. */
ltp_plan *ltp_command_plan(const char *folder, const ltp_option_list *set, bool quiet, int *code);

#endif
