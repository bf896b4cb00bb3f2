#include "sim/option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/memory.h"
#include "sim/plan/problem.h"
#include "sim/text.h"

static const ltp_option *find(const ltp_command *command, const char *argument) {
    const size_t length = strcspn(argument, "=");
    for (size_t k = 0; k < command->option_count; k++)
        if (strlen(command->option[k].name) == length && strncmp(command->option[k].name, argument, length) == 0)
            return &command->option[k];
    return NULL;
}

static ltp_status unknown(const ltp_command *command, const char *argument, ltp_error *error) {
    const char *known[64] = {"--help"};
    size_t count = 1;
    for (size_t k = 0; k < command->option_count && count < 64; k++)
        known[count++] = command->option[k].name;
    const char *nearest = ltp_nearest_name(argument, known, count);
    if (nearest)
        return ltp_error_set(error, LTP_ERROR_USAGE, "%s has no option '%s'; did you mean '%s'?", command->name,
                             argument, nearest);
    return ltp_error_set(error, LTP_ERROR_USAGE, "%s has no option '%s'; see ltpsim %s --help", command->name, argument,
                         command->name);
}

static ltp_status append(ltp_option_list *list, const char *value, ltp_error *error) {
    ltp_status status =
        ltp_reallocate((void **)&list->value, list->count, list->count + 1, sizeof *list->value, "options", error);
    if (status == LTP_OK)
        list->value[list->count++] = value;
    return status;
}

ltp_status ltp_option_parse(const ltp_command *command, int argc, char **argv, void *fields, const char **operand,
                            bool *help, ltp_error *error) {
    const size_t wanted = command->second ? 2 : 1;
    size_t given = 0;
    for (size_t k = 0; k < wanted; k++)
        operand[k] = NULL;
    *help = false;
    for (int a = 1; a < argc; a++)
        if (strcmp(argv[a], "--help") == 0 || strcmp(argv[a], "-h") == 0) {
            *help = true;
            return LTP_OK;
        }
    for (int a = 1; a < argc; a++) {
        if (argv[a][0] != '-' || argv[a][1] == '\0') {
            if (!command->operand)
                return ltp_error_set(error, LTP_ERROR_USAGE, "%s takes nothing but options, and '%s' is none",
                                     command->name, argv[a]);
            if (given == wanted)
                return wanted == 1 ? ltp_error_set(error, LTP_ERROR_USAGE, "%s takes one %s, and '%s' is a second",
                                                   command->name, command->operand, argv[a])
                                   : ltp_error_set(error, LTP_ERROR_USAGE, "%s takes %s and %s, and '%s' is a third",
                                                   command->name, command->operand, command->second, argv[a]);
            operand[given++] = argv[a];
            continue;
        }
        const ltp_option *option = find(command, argv[a]);
        if (!option)
            return unknown(command, argv[a], error);
        char *field = (char *)fields + option->offset;
        const char *equals = strchr(argv[a], '=');
        if (!option->argument) {
            if (equals)
                return ltp_error_set(error, LTP_ERROR_USAGE, "%s takes no value", option->name);
            *(bool *)(void *)field = true;
            continue;
        }
        if (!equals && a + 1 >= argc)
            return ltp_error_set(error, LTP_ERROR_USAGE, "%s needs a value: %s", option->name, option->doc);
        const char *value = equals ? equals + 1 : argv[++a];
        if (!option->many) {
            *(const char **)(void *)field = value;
        } else {
            ltp_status status = append((ltp_option_list *)(void *)field, value, error);
            if (status != LTP_OK)
                return status;
        }
    }
    if (command->operand && given < wanted)
        return ltp_error_set(error, LTP_ERROR_USAGE, "%s needs %s%s%s; see ltpsim %s --help", command->name,
                             command->second ? command->operand : "a ", command->second ? " and " : "",
                             command->second ? command->second : command->operand, command->name);
    return LTP_OK;
}

void ltp_option_help(const ltp_command *command, FILE *to) {
    fprintf(to, "usage: ltpsim %s%s%s%s%s%s\n", command->name, command->operand ? " " : "",
            command->operand ? command->operand : "", command->second ? " " : "",
            command->second ? command->second : "", command->option_count ? " [OPTION]…" : "");
    ltp_print_wrapped(to, 0, NULL, 0, command->purpose);
    fputc('\n', to);
    for (size_t k = 0; k < command->option_count; k++) {
        char left[64], right[512];
        snprintf(left, sizeof left, "%s%s%s", command->option[k].name, command->option[k].argument ? " " : "",
                 command->option[k].argument ? command->option[k].argument : "");
        snprintf(right, sizeof right, "%s%s", command->option[k].doc,
                 command->option[k].many ? " (may be repeated)" : "");
        ltp_print_wrapped(to, 2, left, 20, right);
    }
    ltp_print_wrapped(to, 2, "--help", 20, "print this");
}

ltp_status ltp_option_count(const char *name, const char *text, unsigned long long minimum, unsigned long long maximum,
                            unsigned long long *out, ltp_error *error) {
    const size_t length = strlen(text);
    if (length == 0 || strspn(text, "0123456789") != length || (length > 1 && text[0] == '0'))
        return ltp_error_set(error, LTP_ERROR_USAGE, "%s: '%s' is no whole number; write digits only, such as 102400",
                             name, text);
    errno = 0;
    *out = strtoull(text, NULL, 10);
    if (errno || *out < minimum || *out > maximum)
        return ltp_error_set(error, LTP_ERROR_USAGE, "%s: %s is out of range; %llu to %llu are allowed", name, text,
                             minimum, maximum);
    return LTP_OK;
}
