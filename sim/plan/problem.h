/* Problems of a scenario: all of them at once, each with where, what was found, what was expected, the nearest name.
 * Printed as `file:line:column: error: key: what; expected …; did you mean '…'?` */
#ifndef LTP_PLAN_PROBLEM_H
#define LTP_PLAN_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/core/status.h"

typedef enum { LTP_SEVERITY_ERROR = 0, LTP_SEVERITY_WARNING, LTP_SEVERITY_NOTE } ltp_severity;

typedef struct {
    const char *file; /* as the user would type it; NULL: the scenario as a whole */
    int line, column; /* from 1; 0: the file as a whole */
} ltp_position;

typedef struct ltp_problem_list ltp_problem_list;

ltp_status ltp_problem_list_create(ltp_problem_list **list, ltp_error *error);
void ltp_problem_list_destroy(ltp_problem_list *list);

/* Records a problem. key: setting path or `table: column` (NULL: none). found/expected/nearest: NULL where there is
 * none; `message` is printf-formatted: what is wrong. Never fails: when memory runs out, the list says it is cut.
 * After 200 problems of one file the rest are only counted. */
void ltp_problem_add(ltp_problem_list *list, ltp_severity severity, ltp_position at, const char *key,
                     const char *expected, const char *nearest, const char *format, ...)
    __attribute__((format(printf, 7, 8)));

/* False once the list only counts this file's problems of this severity: a caller may then spare a costly message. */
bool ltp_problem_has_room(const ltp_problem_list *list, ltp_severity severity, const char *file);

size_t ltp_problem_count(const ltp_problem_list *list, ltp_severity severity);
/* Prints problems of `severity` in the order file, line, column, then a count of those left out. */
void ltp_problem_print(const ltp_problem_list *list, ltp_severity severity, FILE *to);
/* The first error's text, for a one-line message; "" if none. */
const char *ltp_problem_first(const ltp_problem_list *list);

/* The candidate nearest to `word` (Damerau–Levenshtein, case-folded, at most a third of its length, at least 1 away
 * allowed), or NULL. Ties: the first candidate. */
const char *ltp_nearest_name(const char *word, const char *const *candidates, size_t count);

#endif
