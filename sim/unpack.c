#include "sim/unpack.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/core/memory.h"

#define COMMAND_LINE "(command line)"
#define FOLDER "scenario_of_result" /* "_" is added while a scenario that it extends has the name */

/* A file's path as the reader of scenarios makes them: "flows.csv", "past/pay.csv", "../base/flows.csv"; nothing that
 * leads elsewhere. */
static bool is_plain(const char *name) {
    const char *at = strncmp(name, "../", 3) == 0 ? name + 3 : name;
    if (strlen(name) > 512 || (at != name && !strchr(at, '/')))
        return false;
    for (;; at++) {
        const size_t length = strcspn(at, "/");
        if (length == 0 || length > 255 || (at[0] == '.' && (length == 1 || (length == 2 && at[1] == '.'))))
            return false;
        at += length;
        if (*at == '\0')
            return true;
    }
}

static bool extends_folder(const ltp_result_input *input, size_t count, const char *folder) {
    const size_t length = strlen(folder);
    for (size_t k = 0; k < count; k++)
        if (strncmp(input[k].name, "../", 3) == 0 && strncmp(input[k].name + 3, folder, length) == 0 &&
            input[k].name[3 + length] == '/')
            return true;
    return false;
}

static ltp_status cannot_write(const char *path, ltp_error *error) {
    return ltp_error_set(error, LTP_ERROR_IO, "the inputs cannot be laid out in '%s': %s", path, strerror(errno));
}

/* Writes one file, making the folders on its way below `base`. */
static ltp_status write_input(char *path, size_t base, const ltp_result_input *input, ltp_error *error) {
    for (char *slash = strchr(path + base, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        const bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return cannot_write(path, error);
    }
    FILE *file = fopen(path, "wbx");
    const bool written = file && fwrite(input->bytes, 1, input->length, file) == input->length;
    if ((file && fclose(file) != 0) || !written)
        return cannot_write(path, error);
    return LTP_OK;
}

/* Each line of what the command line changed. */
static ltp_status split_lines(ltp_pool *pool, const ltp_result_input *input, const char ***line, size_t *count,
                              ltp_error *error) {
    char *copy;
    ltp_status status = ltp_pool_text(pool, &copy, input->bytes, input->length, error);
    if (!status)
        status = LTP_POOL_NEW(pool, line, input->length + 1, error);
    if (status)
        return status;
    for (char *at = copy; *at;) {
        char *end = at + strcspn(at, "\n");
        const bool more = *end != '\0';
        *end = '\0';
        if (*at)
            (*line)[(*count)++] = at;
        at = end + more;
    }
    return LTP_OK;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *walk) {
    (void)about, (void)kind, (void)walk;
    return remove(path);
}

typedef struct {
    ltp_pool *pool;
    const ltp_result_input *input;
    size_t count, override_count;
    const char **override;
    char root[32], folder[96];
} unpacking;

static ltp_status write_all(unpacking *u, const char *result, ltp_error *error) {
    ltp_status status = LTP_OK;
    char name[64] = FOLDER;
    while (extends_folder(u->input, u->count, name) && strlen(name) < 60)
        strcat(name, "_");
    snprintf(u->folder, sizeof u->folder, "%s/%s", u->root, name);
    if (mkdir(u->folder, 0700) != 0)
        return cannot_write(u->folder, error);
    for (size_t k = 0; k < u->count && !status; k++) {
        const ltp_result_input *input = &u->input[k];
        char path[1024];
        if (strcmp(input->name, COMMAND_LINE) == 0) {
            status = split_lines(u->pool, input, &u->override, &u->override_count, error);
            continue;
        }
        if (!is_plain(input->name))
            return ltp_error_set(error, LTP_ERROR_RESULT,
                                 "'%s' is damaged: no scenario has an input of the name '%.80s'", result, input->name);
        const bool beside = strncmp(input->name, "../", 3) == 0;
        snprintf(path, sizeof path, "%s/%s", beside ? u->root : u->folder, input->name + (beside ? 3 : 0));
        status = write_input(path, strlen(u->root) + 1, input, error);
    }
    return status;
}

ltp_status ltp_unpack_scenario(ltp_scenario **out, ltp_result *result, ltp_error *error) {
    unpacking u = {.root = "/tmp/ltpsim-XXXXXX"};
    ltp_problem_list *problems = NULL;
    *out = NULL;
    ltp_status status = ltp_result_inputs(result, &u.count, &u.input, error);
    if (!status)
        status = ltp_pool_create(&u.pool, error);
    if (!status && !mkdtemp(u.root)) {
        status = cannot_write("/tmp", error);
        ltp_pool_destroy(u.pool);
        return status;
    }
    if (status)
        return status;
    status = write_all(&u, ltp_result_describe(result)->path, error);
    if (!status)
        status = ltp_problem_list_create(&problems, error);
    if (!status)
        status = ltp_scenario_read(out, u.folder, u.override, u.override_count, problems, error);
    if (status == LTP_ERROR_INPUT || (status == LTP_ERROR_IO && problems))
        status = LTP_OK; /* an older or newer version's scenario: what can be read of it is compared */
    ltp_problem_list_destroy(problems);
    nftw(u.root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    ltp_pool_destroy(u.pool);
    return status;
}
