/* ltpsim init: a blank scenario. */
#include "sim/command.h"

static int init(int argc, char **argv) {
    const char *folder;
    int code;
    ltp_error error = {0};
    if (!ltp_command_begin(&ltp_command_init, argc, argv, NULL, &folder, &code))
        return code;
    if (ltp_scenario_init(folder, &error) != LTP_OK)
        return ltp_command_fail(&error);
    printf("%s: a blank scenario; fill its tables (ltpsim list format explains them), then:\nltpsim check %s\n", folder,
           folder);
    return 0;
}

const ltp_command ltp_command_init = {
    .name = "init",
    .operand = "DIR",
    .purpose = "a blank scenario: every table with its header and one commented example row",
    .run = init,
};
