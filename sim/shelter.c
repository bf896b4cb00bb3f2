#include "sim/shelter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/read.h"
#include "sim/command.h"

#define SECONDS 10 /* of processor time; a result of a whole country is read in less */

static int work_here(ltp_sheltered work, void *context) {
    ltp_error error = {0};
    return ltp_command_end(work(context, &error) ? ltp_command_fail(&error) : 0);
}

/* False: the child was brought down. */
static bool run_child(ltp_sheltered work, void *context, int *code) {
    int end;
    fflush(stdout);
    const pid_t child = fork();
    if (child < 0) {
        *code = work_here(work, context);
        return true;
    }
    if (child == 0) {
        const int null = open("/dev/null", O_WRONLY); /* what the library says as it dies is of no use to anybody */
        const int own = dup(STDERR_FILENO);
        if (null >= 0 && own >= 0) {
            dup2(null, STDERR_FILENO);
            stderr = fdopen(own, "w");
            setvbuf(stderr, NULL, _IONBF, 0);
        }
        setrlimit(RLIMIT_CPU, &(struct rlimit){SECONDS, SECONDS}); /* nor does the library end on every damaged file */
        _exit(work_here(work, context));
    }
    while (waitpid(child, &end, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(end) && WTERMSIG(end) == SIGPIPE) { /* nobody reads on, as behind `| head`: no damage */
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    *code = WIFEXITED(end) ? WEXITSTATUS(end) : 0;
    return WIFEXITED(end);
}

static int damaged(const char *path) {
    ltp_error error = {0};
    ltp_error_set(&error, LTP_ERROR_RESULT, "'%s' is damaged: it cannot be read", path);
    return ltp_command_fail(&error);
}

int ltp_shelter(const char *path, ltp_sheltered work, void *context) {
    int code;
    return run_child(work, context, &code) ? code : damaged(path);
}

static ltp_status verify(void *path, ltp_error *error) {
    return ltp_result_verify(path, error);
}

int ltp_shelter_two(const char *const path[2], ltp_sheltered work, void *context) {
    ltp_error error = {0};
    int code;
    if (run_child(work, context, &code))
        return code;
    for (int k = 0; k < 2; k++) { /* which of the two it is: looked at in a child as well */
        if (!run_child(verify, (void *)path[k], &code))
            return damaged(path[k]);
        if (code)
            return code;
    }
    ltp_error_set(&error, LTP_ERROR_RESULT, "'%s' or '%s' is damaged: they cannot be read together", path[0], path[1]);
    return ltp_command_fail(&error);
}
