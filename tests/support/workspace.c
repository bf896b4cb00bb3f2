#include "tests/support/workspace.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/test.h"

static char *path_of(const workspace *where, const char *file) {
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", where->path, file);
    return path;
}

static char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot read %s", path);
    fseek(file, 0, SEEK_END);
    const size_t length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(length + 2);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, length, file), length);
    fclose(file);
    if (length && text[length - 1] != '\n')
        strcpy(text + length, "\n");
    else
        text[length] = '\0';
    return text;
}

void workspace_write(const workspace *where, const char *file, const char *text) {
    FILE *to = fopen(path_of(where, file), "wb");
    assert_non_null(to);
    assert_true(fputs(text, to) >= 0);
    assert_int_equal(fclose(to), 0);
}

void workspace_print(const workspace *where, const char *file, const char *format, ...) {
    char text[8192];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && (size_t)length < sizeof text);
    workspace_write(where, file, text);
}

workspace workspace_copy(const char *from) {
    const char *root = getenv("TMPDIR");
    workspace where;
    snprintf(where.path, sizeof where.path, "%s/ltp-scenario-XXXXXX", root && strlen(root) < 32 ? root : "/tmp");
    assert_non_null(mkdtemp(where.path));
    if (!from)
        return where;
    DIR *directory = opendir(from);
    if (!directory)
        fail_msg("cannot open %s", from);
    for (const struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", from, entry->d_name);
        char *text = read_text(path);
        workspace_write(&where, entry->d_name, text);
        free(text);
    }
    closedir(directory);
    return where;
}

void workspace_remove(workspace *where) {
    DIR *directory = opendir(where->path);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            assert_int_equal(unlink(path_of(where, entry->d_name)), 0);
    closedir(directory);
    assert_int_equal(rmdir(where->path), 0);
    where->path[0] = '\0';
}

void workspace_add(const workspace *where, const char *file, const char *row) {
    char *text = read_text(path_of(where, file));
    const size_t length = strlen(text) + strlen(row) + 2;
    char *longer = malloc(length);
    assert_non_null(longer);
    snprintf(longer, length, "%s%s\n", text, row);
    workspace_write(where, file, longer);
    free(longer);
    free(text);
}

static bool has_key(const char *line, const char *key) {
    const size_t length = strlen(key);
    return length == 0 || (strncmp(line, key, length) == 0 && (line[length] == ',' || line[length] == '\0'));
}

/* Writes a line with one cell replaced; cells that the line lacks are empty. */
static void put_cell(FILE *to, const char *line, int column, const char *value) {
    if (strchr(line, '"'))
        fail_msg("a row with quotes cannot be edited here: %s", line);
    int at = 0;
    for (const char *cell = line;; at++) {
        const size_t length = strcspn(cell, ",");
        fprintf(to, "%s%.*s", at ? "," : "", at == column ? (int)strlen(value) : (int)length,
                at == column ? value : cell);
        if (!cell[length])
            break;
        cell += length + 1;
    }
    for (at++; at <= column; at++)
        fprintf(to, ",%s", at == column ? value : "");
    fputc('\n', to);
}

static int column_of(const char *header, const char *column) {
    int at = 0;
    for (const char *cell = header;; at++) {
        const size_t length = strcspn(cell, ",");
        if (length == strlen(column) && strncmp(cell, column, length) == 0)
            return at;
        if (!cell[length])
            return -1 - (at + 1); /* where it would be added */
        cell += length + 1;
    }
}

void workspace_set(const workspace *where, const char *file, const char *key, const char *column, const char *value) {
    char *text = read_text(path_of(where, file)), *rest = text;
    FILE *to = fopen(path_of(where, file), "wb");
    assert_non_null(to);
    const char *header = strsep(&rest, "\n");
    int at = column_of(header, column), found = 0;
    const bool added = at < 0;
    if (added) {
        at = -1 - at;
        fprintf(to, "%s,%s\n", header, column);
    } else {
        fprintf(to, "%s\n", header);
    }
    for (const char *line; rest && *(line = strsep(&rest, "\n"));) {
        const bool hit = has_key(line, key);
        found += hit;
        if (hit)
            put_cell(to, line, at, value);
        else
            fprintf(to, "%s%s\n", line, added ? "," : "");
    }
    assert_int_equal(fclose(to), 0);
    free(text);
    if (!found)
        fail_msg("%s has no row '%s'", file, key);
}

void workspace_drop(const workspace *where, const char *file, const char *key) {
    char *text = read_text(path_of(where, file)), *rest = text;
    FILE *to = fopen(path_of(where, file), "wb");
    assert_non_null(to);
    int found = 0;
    fprintf(to, "%s\n", strsep(&rest, "\n"));
    for (const char *line; rest && *(line = strsep(&rest, "\n"));) {
        if (has_key(line, key))
            found++;
        else
            fprintf(to, "%s\n", line);
    }
    assert_int_equal(fclose(to), 0);
    free(text);
    if (!found)
        fail_msg("%s has no row '%s'", file, key);
}

void workspace_replace(const workspace *where, const char *file, const char *from, const char *to) {
    char *text = read_text(path_of(where, file)), *at = strstr(text, from);
    if (!at || strstr(at + 1, from))
        fail_msg("%s does not hold '%s' once", file, from);
    FILE *out = fopen(path_of(where, file), "wb");
    assert_non_null(out);
    fprintf(out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_int_equal(fclose(out), 0);
    free(text);
}

workspace workspace_money_alone(void) {
    static const char *const without[] = {"workforce.csv",  "backlog.csv", "schemes.csv",
                                          "capital.csv",    "beds.csv",    "floors.csv",
                                          "benchmarks.csv", "plans.csv",   "trajectories.csv"};
    workspace where = workspace_copy("scenarios/greater-manchester");
    for (size_t k = 0; k < sizeof without / sizeof *without; k++)
        assert_int_equal(unlink(path_of(&where, without[k])), 0);
    workspace_set(&where, "drivers.csv", "loan.rate", "mean", "0");
    workspace_write(&where, "programmes.csv",
                    "code,kind,test,target_organisations,target_categories,full_year_effect,start,delivery_factor\n"
                    "ONE,unit_cost,2,kind=provider,pay,0.01,2019-04-01,1\n");
    return where;
}

/* Fisher and Yates's shuffle on a 64-bit linear congruential generator (Knuth, MMIX). */
static void shuffle_table(const workspace *where, const char *file, uint64_t seed) {
    char *text = read_text(path_of(where, file)), *rest = text;
    char **line = NULL;
    size_t count = 0;
    const char *header = strsep(&rest, "\n");
    for (char *one; rest && *(one = strsep(&rest, "\n"));) {
        line = realloc(line, (count + 1) * sizeof *line);
        assert_non_null(line);
        line[count++] = one;
    }
    for (size_t k = count; k > 1; k--) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const size_t other = (size_t)((seed >> 33) % k);
        char *swap = line[k - 1];
        line[k - 1] = line[other];
        line[other] = swap;
    }
    FILE *to = fopen(path_of(where, file), "wb");
    assert_non_null(to);
    fprintf(to, "%s\n", header);
    for (size_t k = 0; k < count; k++)
        fprintf(to, "%s\n", line[k]);
    assert_int_equal(fclose(to), 0);
    free(line);
    free(text);
}

void workspace_shuffle(const workspace *where, uint64_t seed) {
    DIR *directory = opendir(where->path);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));) {
        const size_t length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".csv") == 0)
            shuffle_table(where, entry->d_name, seed);
    }
    closedir(directory);
}
