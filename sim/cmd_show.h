/* ltpsim show: prints any stored measure. */
#ifndef LTP_CMD_SHOW_H
#define LTP_CMD_SHOW_H

/* argv[0] is "show". Returns the exit code: 0 done, 1 stdout could not be written, 2 usage, 4 result unusable. */
int ltp_command_show(int argc, char **argv);

#endif
