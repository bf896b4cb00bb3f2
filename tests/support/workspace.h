/* A scenario folder of one's own: copied from another or blank, edited by rows and cells, removed at the end. Every
 * function fails the test where the edit cannot be made. */
#ifndef LTP_TESTS_SUPPORT_WORKSPACE_H
#define LTP_TESTS_SUPPORT_WORKSPACE_H

#include <stdint.h>

typedef struct {
    char path[64];
} workspace;

/* A new folder under TMPDIR with a copy of every file of `from`; NULL: empty. */
workspace workspace_copy(const char *from);
/* Removes the folder and all that is in it. */
void workspace_remove(workspace *where);

/* Replaces the file by this text. */
void workspace_write(const workspace *where, const char *file, const char *text);
/* The same, printf. */
void workspace_print(const workspace *where, const char *file, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a row at the end of a table. */
void workspace_add(const workspace *where, const char *file, const char *row);
/* Puts `value` in the column of every row that starts with `key` followed by a comma ("" for every row); a column that
 * is not there is added at the end. Rows without quotes only. */
void workspace_set(const workspace *where, const char *file, const char *key, const char *column, const char *value);
/* A copy of Greater Manchester whose do_nothing has flows alone: no staff, capital, floors or interest. What was worked
 * out apart before there were such things holds for it. */
workspace workspace_money_alone(void);
/* Puts `to` in place of `from`, which must stand there once. */
void workspace_replace(const workspace *where, const char *file, const char *from, const char *to);
/* Drops the rows that start with `key` and a comma. */
void workspace_drop(const workspace *where, const char *file, const char *key);
/* Puts the rows of every table in another order, a function of the seed. */
void workspace_shuffle(const workspace *where, uint64_t seed);

#endif
