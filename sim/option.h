/* Options of a command: one table drives parsing, --help, and what is generated from them. */
#ifndef LTP_OPTION_H
#define LTP_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/core/status.h"

typedef struct {
    const char *name;     /* "--paths" or "-o" */
    const char *argument; /* "N"; NULL: a switch */
    const char *doc;      /* with its default */
    size_t offset; /* of the field in the command's own struct: const char *, bool (a switch), or ltp_option_list */
    bool many;     /* may be given several times: the field is an ltp_option_list */
} ltp_option;

typedef struct {
    size_t count;
    const char **value;
} ltp_option_list;

typedef struct {
    const char *name;    /* "run" */
    const char *operand; /* "SCENARIO"; NULL: none */
    const char *second;  /* a second operand; NULL: none */
    const char *purpose; /* one sentence */
    size_t option_count;
    const ltp_option *option;
    int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit code */
} ltp_command;

/* Parses argv[1..] into `fields`; operand[0] is the operand (NULL if none was given), operand[1] the second of a
 * command that takes two (only then is it written). Lists are allocated: free their .value with ltp_free.
 * LTP_ERROR_USAGE with a sentence that names the nearest option. *help is set when --help is there; then nothing else
 * is checked. */
ltp_status ltp_option_parse(const ltp_command *command, int argc, char **argv, void *fields, const char **operand,
                            bool *help, ltp_error *error);

/* Usage of one command. */
void ltp_option_help(const ltp_command *command, FILE *to);

/* A whole number ≥ minimum, or LTP_ERROR_USAGE naming the option and what to write. */
ltp_status ltp_option_count(const char *name, const char *text, unsigned long long minimum, unsigned long long maximum,
                            unsigned long long *out, ltp_error *error);

#endif
