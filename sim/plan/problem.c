#include "sim/plan/problem.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/memory.h"

#define PER_FILE 200 /* problems of one file and severity that are kept */

typedef struct {
    ltp_severity severity;
    ltp_position at; /* at.file: the entry's own name in `file` below */
    size_t order;    /* as they came: keeps the sort stable */
    char *text;
} problem;

typedef struct {
    char *name; /* NULL: the scenario as a whole */
    size_t count[LTP_SEVERITY_NOTE + 1];
} problem_file;

struct ltp_problem_list {
    ltp_pool *pool;
    problem *item;
    size_t count, capacity;
    problem_file *file;
    size_t file_count, file_capacity;
    size_t lost; /* not even counted by file, for want of memory */
    size_t total[LTP_SEVERITY_NOTE + 1];
};

ltp_status ltp_problem_list_create(ltp_problem_list **list, ltp_error *error) {
    const ltp_status status = LTP_NEW(list, 1, "the list of problems", error);
    if (status != LTP_OK)
        return status;
    if (ltp_pool_create(&(*list)->pool, error) != LTP_OK) {
        ltp_free(*list);
        *list = NULL;
        return error->status;
    }
    return LTP_OK;
}

void ltp_problem_list_destroy(ltp_problem_list *list) {
    if (!list)
        return;
    ltp_free(list->item);
    ltp_free(list->file);
    ltp_pool_destroy(list->pool);
    ltp_free(list);
}

/* Room for one more item of `size` bytes. */
static bool grow(void **item, size_t count, size_t *capacity, size_t size) {
    ltp_error error;
    if (count < *capacity)
        return true;
    const size_t larger = *capacity ? 2 * *capacity : 16;
    if (ltp_reallocate(item, *capacity, larger, size, "the list of problems", &error) != LTP_OK)
        return false;
    *capacity = larger;
    return true;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static problem_file *file_entry(ltp_problem_list *list, const char *name) {
    ltp_error error;
    for (size_t i = list->file_count; i-- > 0;)
        if (same_text(list->file[i].name, name))
            return &list->file[i];
    if (!grow((void **)&list->file, list->file_count, &list->file_capacity, sizeof *list->file))
        return NULL;
    problem_file *entry = &list->file[list->file_count];
    if (name && ltp_pool_text(list->pool, &entry->name, name, strlen(name), &error) != LTP_OK)
        return NULL;
    list->file_count++;
    return entry;
}

bool ltp_problem_has_room(const ltp_problem_list *list, ltp_severity severity, const char *file) {
    for (size_t i = list->file_count; i-- > 0;)
        if (same_text(list->file[i].name, file))
            return list->file[i].count[severity] < PER_FILE;
    return true;
}

void ltp_problem_add(ltp_problem_list *list, ltp_severity severity, ltp_position at, const char *key,
                     const char *expected, const char *nearest, const char *format, ...) {
    static const char *const word[] = {"error", "warning", "note"};
    char place[48] = "", message[1024];
    ltp_error error;
    va_list arguments;

    list->total[severity]++;
    problem_file *file = file_entry(list, at.file);
    if (!file) {
        list->lost++;
        return;
    }
    if (file->count[severity]++ >= PER_FILE)
        return;
    va_start(arguments, format);
    const int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0)
        message[0] = '\0';
    else if ((size_t)length >= sizeof message) { /* cut at a character boundary */
        size_t end = sizeof message - 4;
        while (end > 0 && ((unsigned char)message[end] & 0xC0) == 0x80)
            end--;
        memcpy(message + end, "…", sizeof "…");
    }
    if (at.line > 0 && at.column > 0)
        snprintf(place, sizeof place, "%d:%d:", at.line, at.column);
    else if (at.line > 0)
        snprintf(place, sizeof place, "%d:", at.line);

    problem *item = NULL;
    if (grow((void **)&list->item, list->count, &list->capacity, sizeof *list->item)) {
        item = &list->item[list->count];
        *item = (problem){severity, {file->name, at.line, at.column}, list->count, NULL};
    }
    if (!item ||
        ltp_pool_format(list->pool, &item->text, &error, "%s%s%s%s%s: %s%s%s%s%s%s%s%s", file->name ? file->name : "",
                        file->name ? ":" : "", place, file->name ? " " : "", word[severity], key ? key : "",
                        key ? ": " : "", message, expected ? "; expected " : "", expected ? expected : "",
                        nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "") != LTP_OK)
        list->lost++;
    else
        list->count++;
}

size_t ltp_problem_count(const ltp_problem_list *list, ltp_severity severity) {
    return list->total[severity];
}

static int by_place(const void *left, const void *right) {
    const problem *a = *(const problem *const *)left, *b = *(const problem *const *)right;
    if (!a->at.file != !b->at.file)
        return a->at.file ? 1 : -1;
    const int files = a->at.file ? strcmp(a->at.file, b->at.file) : 0;
    if (files != 0)
        return files;
    if (a->at.line != b->at.line)
        return a->at.line < b->at.line ? -1 : 1;
    if (a->at.column != b->at.column)
        return a->at.column < b->at.column ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

void ltp_problem_print(const ltp_problem_list *list, ltp_severity severity, FILE *to) {
    static const char *const plural[] = {"errors", "warnings", "notes"};
    ltp_error error;
    const problem **sorted = NULL;
    size_t count = 0;
    /* Without memory for the sort they come in the order in which they were found. */
    const bool room = LTP_NEW(&sorted, list->count, "the list of problems", &error) == LTP_OK;
    for (size_t i = 0; i < list->count; i++) {
        if (list->item[i].severity != severity)
            continue;
        if (room)
            sorted[count++] = &list->item[i];
        else
            fprintf(to, "%s\n", list->item[i].text);
    }
    if (count > 1)
        qsort(sorted, count, sizeof *sorted, by_place);
    for (size_t i = 0; i < count; i++)
        fprintf(to, "%s\n", sorted[i]->text);
    ltp_free(sorted);
    for (size_t i = 0; i < list->file_count; i++)
        if (list->file[i].count[severity] > PER_FILE)
            fprintf(to, "%s: %zu more %s\n", list->file[i].name ? list->file[i].name : "the scenario",
                    list->file[i].count[severity] - PER_FILE, plural[severity]);
    if (list->lost > 0)
        fprintf(to, "the list is cut: memory ran out for %zu problems\n", list->lost);
}

const char *ltp_problem_first(const ltp_problem_list *list) {
    const problem *first = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const problem *item = &list->item[i];
        if (item->severity == LTP_SEVERITY_ERROR && (!first || by_place(&item, &first) < 0))
            first = item;
    }
    return first ? first->text : "";
}

/* --- the nearest name --- */

#define WORD_MAX 63

static int fold(char c) {
    return tolower((unsigned char)c);
}

/* Optimal string alignment (Damerau 1964, CACM 7(3) p. 171; Levenshtein 1966): insertions, deletions, substitutions
 * and swaps of neighbours, on bytes, case-folded. At most `limit`, or limit + 1. */
static int distance(const char *a, int m, const char *b, int n, int limit) {
    int row[3][WORD_MAX + 1];
    if (abs(m - n) > limit)
        return limit + 1;
    for (int j = 0; j <= n; j++)
        row[0][j] = j;
    for (int i = 1; i <= m; i++) {
        int *now = row[i % 3];
        const int *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
        int least = now[0] = i;
        for (int j = 1; j <= n; j++) {
            const int change = before[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            int best = before[j] + 1 < now[j - 1] + 1 ? before[j] + 1 : now[j - 1] + 1;
            best = change < best ? change : best;
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]) &&
                earlier[j - 2] + 1 < best)
                best = earlier[j - 2] + 1;
            now[j] = best;
            least = best < least ? best : least;
        }
        if (least > limit)
            return limit + 1;
    }
    return row[m % 3][n];
}

const char *ltp_nearest_name(const char *word, const char *const *candidates, size_t count) {
    const char *nearest = NULL;
    const size_t length = strlen(word);
    if (length == 0 || length > WORD_MAX)
        return NULL;
    int limit = length / 3 > 1 ? (int)(length / 3) : 1;
    for (size_t i = 0; i < count && limit >= 0; i++) {
        const size_t other = candidates[i] ? strlen(candidates[i]) : 0;
        if (other == 0 || other > WORD_MAX)
            continue;
        const int d = distance(word, (int)length, candidates[i], (int)other, limit);
        if (d <= limit && (size_t)d < (length > other ? length : other)) { /* one letter for another is no likeness */
            nearest = candidates[i];
            limit = d - 1; /* ties keep the first */
        }
    }
    return nearest;
}
