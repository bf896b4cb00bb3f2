/* The command table, dispatch, exit codes, the last check of stdout. */
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <string.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/core/memory.h"
#include "sim/core/version.h"
#include "sim/text.h"

static const ltp_command *const commands[] = {&ltp_command_check,   &ltp_command_run,    &ltp_command_show,
                                              &ltp_command_bridge,  &ltp_command_assess, &ltp_command_triangulate,
                                              &ltp_command_compare, &ltp_command_list,   &ltp_command_init};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

int ltp_command_fail(const ltp_error *error) {
    fprintf(stderr, "ltpsim: %s\n", error->message);
    return ltp_status_exit_code(error->status);
}

bool ltp_command_begin(const ltp_command *command, int argc, char **argv, void *fields, const char **operand,
                       int *code) {
    ltp_error error = {0};
    bool help;
    *code = 0;
    if (ltp_option_parse(command, argc, argv, fields, operand, &help, &error) != LTP_OK) {
        *code = ltp_command_fail(&error);
        return false;
    }
    if (help) {
        ltp_option_help(command, stdout);
        *code = ltp_command_end(0);
        return false;
    }
    return true;
}

int ltp_command_end(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fputs("ltpsim: standard output could not be written\n", stderr);
    return code ? code : 1;
}

ltp_plan *ltp_command_plan(const char *folder, const ltp_option_list *set, bool quiet, int *code) {
    ltp_error error = {0};
    ltp_problem_list *problems = NULL;
    ltp_plan *plan = NULL;
    ltp_status status = ltp_problem_list_create(&problems, &error);
    if (status == LTP_OK)
        status = ltp_plan_load(&plan, folder, set->value, set->count, problems, &error);
    if (problems) {
        ltp_problem_print(problems, LTP_SEVERITY_ERROR, stderr);
        if (!quiet) {
            ltp_problem_print(problems, LTP_SEVERITY_WARNING, stderr);
            ltp_problem_print(problems, LTP_SEVERITY_NOTE, stderr);
        }
    }
    ltp_problem_list_destroy(problems);
    *code = status == LTP_OK ? 0 : ltp_command_fail(&error);
    return plan;
}

static void print_usage(FILE *to) {
    fputs("usage: ltpsim COMMAND [ARGUMENT]…\n"
          "Monte Carlo simulation of NHS systems' five-year plans.\n\n",
          to);
    for (size_t k = 0; k < COMMAND_COUNT; k++) {
        char left[64];
        snprintf(left, sizeof left, "%s %s %s", commands[k]->name, commands[k]->operand ? commands[k]->operand : "",
                 commands[k]->second ? commands[k]->second : "");
        ltp_print_wrapped(to, 2, left, 20, commands[k]->purpose);
    }
    fputc('\n', to);
    ltp_print_wrapped(to, 0, NULL, 0,
                      "ltpsim COMMAND --help prints a command's options; ltpsim --version the version.");
    ltp_print_wrapped(to, 0, "Exit codes:", 12,
                      "0 done, 1 the run failed, 2 usage, 3 the scenario is invalid, 4 the result file is unusable.");
}

static int unknown_command(const char *name) {
    const char *known[COMMAND_COUNT];
    for (size_t k = 0; k < COMMAND_COUNT; k++)
        known[k] = commands[k]->name;
    const char *nearest = ltp_nearest_name(name, known, COMMAND_COUNT);
    if (nearest)
        fprintf(stderr, "ltpsim: there is no command '%s'; did you mean '%s'?\n", name, nearest);
    else
        fprintf(stderr, "ltpsim: there is no command '%s'; see ltpsim --help\n", name);
    return ltp_status_exit_code(LTP_ERROR_USAGE);
}

/* Standard input, output and error that the caller has closed are made unusable ones: else the next file opened, a
 * result even, would take their number and what is printed would end up in it. */
static void hold_standard_files(void) {
    for (int file = 0; file < 3; file++)
        if (fcntl(file, F_GETFD) < 0 && open("/dev/null", file == 0 ? O_WRONLY : O_RDONLY) < 0)
            _exit(1);
}

int main(int argc, char **argv) {
    hold_standard_files();
    gsl_set_error_handler_off();
    if (argc < 2) {
        print_usage(stderr);
        return ltp_status_exit_code(LTP_ERROR_USAGE);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return ltp_command_end(0);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("ltpsim %s (result format %d)\n", ltp_version, LTP_RESULT_FORMAT_VERSION);
        return ltp_command_end(0);
    }
    for (size_t k = 0; k < COMMAND_COUNT; k++)
        if (strcmp(argv[1], commands[k]->name) == 0)
            return ltp_command_end(commands[k]->run(argc - 1, argv + 1));
    return unknown_command(argv[1]);
}
