/* A scenario folder of one's own: copied from another or blank, edited by rows and cells, removed at the end. Every
 * function fails the test where the edit cannot be made. */
#ifndef LTP_TESTS_SUPPORT_FOLDER_H
#define LTP_TESTS_SUPPORT_FOLDER_H

#include <stdint.h>

typedef struct {
    char path[64];
} folder;

/* A new folder under TMPDIR with a copy of every file of `from`; NULL: empty. */
folder folder_copy(const char *from);
/* Removes the folder and all that is in it. */
void folder_remove(folder *where);

/* Replaces the file by this text. */
void folder_write(const folder *where, const char *file, const char *text);
/* The same, printf. */
void folder_print(const folder *where, const char *file, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds a row at the end of a table. */
void folder_add(const folder *where, const char *file, const char *row);
/* Puts `value` in the column of every row that starts with `key` followed by a comma ("" for every row); a column that
 * is not there is added at the end. Rows without quotes only. */
void folder_set(const folder *where, const char *file, const char *key, const char *column, const char *value);
/* Drops the rows that start with `key` and a comma. */
void folder_drop(const folder *where, const char *file, const char *key);
/* Puts the rows of every table in another order, a function of the seed. */
void folder_shuffle(const folder *where, uint64_t seed);

#endif
