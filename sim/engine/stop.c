#include "sim/engine/stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t requested;

static void on_signal(int signal)
{
    (void)signal;
    requested = 1;
}

void ltp_stop_listen(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool ltp_stop_requested(void)
{
    return requested != 0;
}

void ltp_stop_request(void)
{
    requested = 1;
}
