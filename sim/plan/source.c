/* The folder of a scenario and those it extends, and the files in them. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/plan/reading.h"

#define SETTINGS_MAX ((size_t)4 << 20) /* bytes of scenario.yaml */

ltp_status ltp_source_text(ltp_reading *reading, const ltp_source *source, const char *path, size_t limit,
                           bool required, ltp_text *text, bool *found, ltp_error *error) {
    ltp_scenario *scenario = reading->scenario;
    char *display, *name;
    ltp_status status = ltp_pool_format(scenario->pool, &display, error, "%s/%s", source->display, path);
    if (status == LTP_OK)
        status = ltp_pool_format(scenario->pool, &name, error, "%s%s", source->prefix, path);
    if (status == LTP_OK)
        status = ltp_text_read(source->folder, path, display, limit, required, scenario->pool, reading->problems, text,
                               found, error);
    if (status != LTP_OK || !*found)
        return status;
    for (size_t i = 0; i < scenario->file_count; i++)
        if (strcmp(reading->file[i].name, name) == 0)
            return LTP_OK;
    if (scenario->file_count == reading->file_capacity) {
        const size_t larger = reading->file_capacity ? 2 * reading->file_capacity : 32;
        ltp_input_file *grown;
        status = LTP_POOL_NEW(scenario->pool, &grown, larger, error);
        if (status != LTP_OK)
            return status;
        if (scenario->file_count > 0)
            memcpy(grown, reading->file, scenario->file_count * sizeof *grown);
        reading->file = grown;
        reading->file_capacity = larger;
        scenario->file = grown;
    }
    reading->file[scenario->file_count++] = (ltp_input_file){name, text->bytes, text->length};
    return LTP_OK;
}

const ltp_source *ltp_source_of(const ltp_reading *reading, ltp_position at) {
    for (size_t i = 0; i < reading->source_count && at.file; i++) {
        const ltp_source *source = &reading->source[i];
        const size_t length = strlen(source->display);
        if (strncmp(at.file, source->display, length) == 0 && at.file[length] == '/' &&
            !strchr(at.file + length + 1, '/'))
            return source;
    }
    return &reading->source[0];
}

/* The folder's path without slashes at its end ("/" stays). */
static ltp_status trimmed_folder(ltp_pool *pool, const char *folder, char **out, ltp_error *error) {
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return ltp_pool_text(pool, out, folder, length, error);
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* How the user would type the folder beside `source`: "a/b" and "c" give "a/c". */
static ltp_status sibling_display(ltp_pool *pool, const char *display, const char *name, char **out, ltp_error *error) {
    const char *last = last_part(display);
    if (*last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return ltp_pool_format(pool, out, error, "%s/../%s", display, name);
    return ltp_pool_format(pool, out, error, "%.*s%s", (int)(last - display), display, name);
}

static ltp_status settings_path(ltp_reading *reading, ltp_source *source, ltp_error *error) {
    char *path;
    const ltp_status status =
        ltp_pool_format(reading->scenario->pool, &path, error, "%s/scenario.yaml", source->display);
    source->settings = path;
    return status;
}

/* Reads scenario.yaml of an open folder and adds the source to the chain. */
static ltp_status add_source(ltp_reading *reading, ltp_source source, ltp_error *error) {
    struct stat about;
    ltp_text text;
    ltp_node *root = NULL;
    bool found;
    if (fstat(source.folder, &about) != 0) {
        const int why = errno;
        close(source.folder);
        return ltp_error_set(error, LTP_ERROR_IO, "%s: %s", source.display, strerror(why));
    }
    source.device = about.st_dev;
    source.inode = about.st_ino;
    ltp_source *here = &reading->source[reading->source_count++];
    *here = source;
    ltp_status status = settings_path(reading, here, error);
    if (status != LTP_OK)
        return status;
    if (faccessat(source.folder, "scenario.yaml", F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) {
        reading->broken = true;
        const bool other = faccessat(source.folder, "scenario.yml", F_OK, 0) == 0;
        ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, (ltp_position){source.display, 0, 0}, NULL,
                        "a scenario: a folder with scenario.yaml in it (`ltpsim init FOLDER` makes a blank one)", NULL,
                        other ? "there is scenario.yml but no scenario.yaml; rename it" : "there is no scenario.yaml");
        return LTP_OK;
    }
    status = ltp_source_text(reading, here, "scenario.yaml", SETTINGS_MAX, true, &text, &found, error);
    if (status == LTP_OK && found)
        status = ltp_node_parse(text.text, text.text_length, here->settings, reading->scenario->pool, reading->problems,
                                &root, error);
    if (status == LTP_OK && root && root->kind != LTP_NODE_MAP) {
        ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, root->at, NULL, "settings such as `title: A plan`", NULL,
                        "the file holds %s, not settings", ltp_node_kind_name(root->kind));
        root = NULL;
    }
    here->root = root;
    reading->broken |= !root;
    return status;
}

/* The folder that `extends` names: "../NAME". NULL when its form is wrong (recorded). */
static const char *extended_name(ltp_reading *reading, const ltp_node *extends) {
    char excerpt[LTP_EXCERPT];
    const char *name = extends->text + 3;
    if (extends->kind == LTP_NODE_SCALAR && strncmp(extends->text, "../", 3) == 0 && *name != '\0' &&
        !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strlen(name) < 256)
        return name;
    ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, extends->at, "extends",
                    "../NAME: a scenario folder beside this one", NULL, "'%s' is no folder beside this one",
                    extends->kind == LTP_NODE_SCALAR ? ltp_text_excerpt(excerpt, extends->text)
                                                     : ltp_node_kind_name(extends->kind));
    return NULL;
}

/* Opens the folder beside `source`, following no link. −1 when it cannot be had (recorded). */
static int open_sibling(ltp_reading *reading, const ltp_source *source, const char *name, ltp_position at) {
    const int parent = openat(source->folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int folder = -1;
    if (parent >= 0) {
        folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        const int why = errno;
        close(parent);
        errno = why;
    }
    if (folder < 0)
        ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, "extends", "a scenario folder beside this one", NULL,
                        errno == ELOOP || errno == ENOTDIR
                            ? "'../%s' is a symbolic link or no folder; links are not followed"
                            : "'../%s' cannot be opened",
                        name);
    return folder;
}

/* True (recorded) if the open folder is already in the chain: "a → b → a". */
static bool closes_cycle(ltp_reading *reading, int folder, const char *name, ltp_position at) {
    struct stat about;
    char chain[512] = "";
    size_t used = 0;
    if (fstat(folder, &about) != 0)
        return false;
    for (size_t i = 0; i < reading->source_count; i++) {
        const ltp_source *source = &reading->source[i];
        if (source->device != about.st_dev || source->inode != about.st_ino)
            continue;
        for (size_t j = i; j < reading->source_count && used < sizeof chain; j++)
            used += (size_t)snprintf(chain + used, sizeof chain - used, "%s → ", last_part(reading->source[j].display));
        ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, "extends", "a chain that ends", NULL,
                        "the scenarios extend each other in a circle: %s%s", chain, name);
        return true;
    }
    return false;
}

static ltp_status follow_extends(ltp_reading *reading, ltp_error *error) {
    for (;;) {
        const ltp_source *source = &reading->source[reading->source_count - 1];
        const ltp_node *extends = source->root ? ltp_node_child(source->root, "extends") : NULL;
        const char *name = extends ? extended_name(reading, extends) : NULL;
        char *display, *prefix;
        if (!extends)
            return LTP_OK;
        const int folder = name ? open_sibling(reading, source, name, extends->at) : -1;
        reading->broken |= folder < 0;
        if (folder < 0)
            return LTP_OK;
        const bool deep = reading->source_count > LTP_EXTENDS_MAX;
        if (closes_cycle(reading, folder, name, extends->at) || deep) {
            if (deep)
                ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, extends->at, "extends", "at most 8", NULL,
                                "too many scenarios extend one another");
            close(folder);
            reading->broken = true;
            return LTP_OK;
        }
        ltp_status status = sibling_display(reading->scenario->pool, source->display, name, &display, error);
        if (status == LTP_OK)
            status = ltp_pool_format(reading->scenario->pool, &prefix, error, "../%s/", name);
        if (status != LTP_OK) {
            close(folder);
            return status;
        }
        status = add_source(reading, (ltp_source){.folder = folder, .display = display, .prefix = prefix}, error);
        if (status != LTP_OK)
            return status;
    }
}

/* The scenario's name: the last part of its path, "." resolved. */
static ltp_status name_scenario(ltp_scenario *scenario, const char *display, ltp_error *error) {
    const char *last = last_part(display);
    char *resolved = NULL, *copy;
    if (*last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
        resolved = realpath(display, NULL);
        if (resolved)
            last = last_part(resolved);
    }
    const ltp_status status = ltp_pool_text(scenario->pool, &copy, last, strlen(last), error);
    free(resolved);
    scenario->name = copy;
    return status;
}

ltp_status ltp_source_open(ltp_reading *reading, const char *folder, ltp_error *error) {
    char *display;
    ltp_status status = trimmed_folder(reading->scenario->pool, folder, &display, error);
    if (status == LTP_OK)
        status = name_scenario(reading->scenario, display, error);
    if (status != LTP_OK)
        return status;
    const int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return errno == ENOTDIR ? ltp_error_set(error, LTP_ERROR_IO,
                                                "%s is a file; a scenario is a folder with scenario.yaml in it", folder)
                                : ltp_error_set(error, LTP_ERROR_IO, "the scenario folder %s cannot be opened: %s",
                                                folder, strerror(errno));
    reading->scenario->folder = display;
    status = add_source(reading, (ltp_source){.folder = opened, .display = display, .prefix = ""}, error);
    return status == LTP_OK ? follow_extends(reading, error) : status;
}

void ltp_source_close(ltp_reading *reading) {
    for (size_t i = 0; i < reading->source_count; i++)
        close(reading->source[i].folder);
}

/* --- files that nobody asked for --- */

static bool ends_with(const char *name, const char *ending) {
    const size_t length = strlen(name), tail = strlen(ending);
    return length > tail && strcasecmp(name + length - tail, ending) == 0;
}

static bool was_read(const ltp_reading *reading, const ltp_source *source, const char *name) {
    const size_t length = strlen(source->prefix);
    for (size_t i = 0; i < reading->scenario->file_count; i++) {
        const char *file = reading->file[i].name;
        if (strncmp(file, source->prefix, length) == 0 && strcmp(file + length, name) == 0)
            return true;
    }
    return false;
}

static bool is_table_file(const char *name) {
    for (int id = 0; id < LTP_TABLE_COUNT; id++) {
        const char *table = ltp_schema_table((ltp_table_id)id)->name;
        const size_t length = strlen(table);
        if (strncmp(name, table, length) == 0 && strcmp(name + length, ".csv") == 0)
            return true;
    }
    return false;
}

static ltp_status complain_stranger(ltp_reading *reading, const ltp_source *source, const char *name,
                                    ltp_error *error) {
    static const char *const sheets[] = {".xlsx", ".xls", ".ods", ".tsv", ".numbers", ".yml", ".yaml"};
    char *display;
    if (ends_with(name, ".csv") && !is_table_file(name)) {
        static const char *const file[] = {
#define TABLE_FILE(TABLE, table_name, required, modelled, doc) table_name ".csv",
            LTP_TABLE_ROWS(TABLE_FILE)
#undef TABLE_FILE
        };
        const ltp_status status =
            ltp_pool_format(reading->scenario->pool, &display, error, "%s/%s", source->display, name);
        if (status == LTP_OK)
            ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, (ltp_position){display, 0, 0}, NULL,
                            "a table of scenarios/FORMAT.md or a driver's history_file",
                            ltp_nearest_name(name, file, LTP_TABLE_COUNT), "no table has this name");
        return status;
    }
    for (size_t i = 0; i < sizeof sheets / sizeof sheets[0]; i++) {
        if (!ends_with(name, sheets[i]) || strcmp(name, "scenario.yaml") == 0)
            continue;
        const ltp_status status =
            ltp_pool_format(reading->scenario->pool, &display, error, "%s/%s", source->display, name);
        if (status == LTP_OK)
            ltp_problem_add(reading->problems, LTP_SEVERITY_NOTE, (ltp_position){display, 0, 0}, NULL, NULL, NULL,
                            "is not read: tables are .csv files, settings are in scenario.yaml");
        return status;
    }
    return LTP_OK;
}

ltp_status ltp_source_strangers(ltp_reading *reading, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (size_t i = 0; i < reading->source_count && status == LTP_OK; i++) {
        const ltp_source *source = &reading->source[i];
        const int copy = openat(source->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
        if (!list) {
            if (copy >= 0)
                close(copy);
            return ltp_error_set(error, LTP_ERROR_IO, "the folder %s cannot be listed: %s", source->display,
                                 strerror(errno));
        }
        for (const struct dirent *entry = readdir(list); entry && status == LTP_OK; entry = readdir(list)) {
            const char *name = entry->d_name;
            if (name[0] != '.' && name[0] != '~' && !was_read(reading, source, name) &&
                ltp_text_check(name, strlen(name), source->display, reading->problems))
                status = complain_stranger(reading, source, name, error);
        }
        closedir(list);
    }
    return status;
}
