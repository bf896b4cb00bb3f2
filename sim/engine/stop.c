#include "sim/engine/stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t requested;

static void on_signal(int signal) {
    (void)signal;
    requested = 1;
}

void ltp_stop_listen(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    signal(SIGXFSZ, SIG_IGN); /* a limit on file size is an error of the write, said as one */
    static const int asks[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t k = 0; k < sizeof asks / sizeof asks[0]; k++) {
        struct sigaction before;
        if (sigaction(asks[k], NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* nohup, or in the background */
            sigaction(asks[k], &action, NULL);
    }
}

bool ltp_stop_requested(void) {
    return requested != 0;
}

void ltp_stop_request(void) {
    requested = 1;
}
