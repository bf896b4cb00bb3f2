/* Life of a result file: probe, create beside the target, samples block by block, finish (summaries, hash, provenance,
 * fsync, rename), or abandon. The target is the old file, or none, until the new one is whole and on disk. */
#include "results/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "results/store_digest.h"
#include "results/store_internal.h"

/* --- probe ------------------------------------------------------------------------------------------------------ */

/* Folder part of a path, "." if it has none. */
static ltp_status folder_of(const char *path, char **folder, ltp_error *error) {
    const char *slash = strrchr(path, '/');
    *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    return *folder ? LTP_OK : ltp_error_set(error, LTP_ERROR_MEMORY, "not enough memory for the name '%s'", path);
}

static ltp_status probe_folder(const char *path, const char *folder, uint64_t bytes, ltp_error *error) {
    struct stat about;
    struct statvfs room;
    if (stat(folder, &about) != 0)
        return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': folder '%s': %s", path, folder, strerror(errno));
    if (!S_ISDIR(about.st_mode))
        return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': '%s' is not a folder", path, folder);
    if (access(folder, W_OK | X_OK) != 0)
        return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': folder '%s': %s", path, folder, strerror(errno));
    if (statvfs(folder, &room) == 0 && room.f_blocks > 0 &&
        (double)room.f_bavail * (double)room.f_frsize < (double)bytes)
        return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': it needs about %.0f MB and %.0f MB are free",
                             path, ceil((double)bytes / 1e6),
                             floor((double)room.f_bavail * (double)room.f_frsize / 1e6));
    return LTP_OK;
}

/* Whether the file begins as HDF5 does, or is empty: what a result may take the place of. */
static bool may_be_replaced(const char *path) {
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    unsigned char head[8];
    FILE *file = fopen(path, "rb");
    if (!file)
        return true; /* what is wrong with it is said elsewhere */
    const size_t length = fread(head, 1, sizeof head, file);
    fclose(file);
    return length == 0 || (length == sizeof head && memcmp(head, signature, sizeof head) == 0);
}

ltp_status ltp_store_probe(const char *path, uint64_t bytes, ltp_error *error) {
    struct stat about;
    char *folder;
    if (*path == '\0')
        return ltp_error_set(error, LTP_ERROR_IO, "the result needs a file name");
    if (path[strlen(path) - 1] == '/')
        return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': it names a folder, not a file", path);
    if (stat(path, &about) == 0) {
        if (S_ISDIR(about.st_mode))
            return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': a folder of that name is in the way", path);
        if (!S_ISREG(about.st_mode))
            return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': it is not an ordinary file", path);
        if (access(path, W_OK) != 0) /* a rename would get past the owner's wish to keep it */
            return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': %s", path, strerror(errno));
        if (!may_be_replaced(path))
            return ltp_error_set(error, LTP_ERROR_IO,
                                 "cannot write '%s': it is there and is no result of ltpsim; name another file", path);
    }
    ltp_status status = folder_of(path, &folder, error);
    if (status)
        return status;
    status = probe_folder(path, folder, bytes, error);
    free(folder);
    return status;
}

/* Removes what killed runs to the same target have left: files TARGET.tmp.PID of processes that are no more. */
static void remove_leftovers(const char *target) {
    char *folder;
    ltp_error ignored;
    const char *slash = strrchr(target, '/'), *name = slash ? slash + 1 : target;
    const size_t length = strlen(name);
    if (folder_of(target, &folder, &ignored))
        return;
    DIR *directory = opendir(folder);
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        char *end;
        if (strncmp(entry->d_name, name, length) != 0 || strncmp(entry->d_name + length, ".tmp.", 5) != 0)
            continue;
        const long process = strtol(entry->d_name + length + 5, &end, 10);
        if (*end == '\0' && process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH)
            unlinkat(dirfd(directory), entry->d_name, 0);
    }
    if (directory)
        closedir(directory);
    free(folder);
}

/* --- create ----------------------------------------------------------------------------------------------------- */

static void write_root(ltp_store *store, const ltp_store_option *option) {
    ltp_h5 *h5 = &store->h5;
    ltp_h5_text_attribute(h5, h5->file, "format", LTP_FORMAT_NAME);
    ltp_h5_uint_attribute(h5, h5->file, "format_version", LTP_FORMAT_VERSION);
    ltp_h5_text_attribute(h5, h5->file, "title", option->title ? option->title : "");
    ltp_h5_uint_attribute(h5, h5->file, "seed", option->seed);
    ltp_h5_uint_attribute(h5, h5->file, "paths", option->paths);
    ltp_h5_uint_attribute(h5, h5->file, "block", LTP_BLOCK);
    ltp_h5_text_attribute(h5, h5->file, "sampling", option->sampling);
    ltp_h5_text_attribute(h5, h5->file, "base_year", option->base_year);
    ltp_h5_text_attribute(h5, h5->file, "money_unit", "£m at outturn prices");
    ltp_h5_texts_attribute(h5, h5->file, "not_modelled", option->note_count, option->note);
    const char *const submission[][2] = {{"submission_name", option->submission_name},
                                         {"submission_date", option->submission_date},
                                         {"submission_milestone", option->submission_milestone}};
    for (size_t k = 0; k < 3; k++)
        if (submission[k][1])
            ltp_h5_text_attribute(h5, h5->file, submission[k][0], submission[k][1]);
}

/* A chunk holds all layers of one entity and year for one block: a system's year is read in one go. */
static void create_keep(ltp_store *store, size_t k) {
    ltp_store_keep *keep = &store->keep[k];
    const ltp_panel *panel = &store->collector->layout.panel[store->collector->keep[k]];
    char name[96], long_name[256];
    snprintf(name, sizeof name, "%s_sample", panel->measure->name);
    snprintf(long_name, sizeof long_name, "%s; every path", panel->measure->long_name);
    snprintf(keep->name, sizeof keep->name, "/%s/%s", ltp_level_name[panel->level], name);
    ltp_h5_shape shape;
    ltp_store_shape(store, panel, &shape);
    ltp_store_insert_axis(&shape, shape.rank, store->paths, store->level[panel->level].path);
    hsize_t chunk[LTP_H5_RANK];
    for (int axis = 0; axis < shape.rank; axis++)
        chunk[axis] = axis == 0 && panel->measure->by_layer ? shape.size[0] : 1;
    chunk[shape.rank - 1] = LTP_BLOCK;
    const ltp_h5_variable variable = {.name = name,
                                      .units = ltp_panel_units(panel),
                                      .long_name = long_name,
                                      .file_type = H5T_IEEE_F32LE,
                                      .memory_type = H5T_NATIVE_FLOAT,
                                      .fill_nan = true,
                                      .chunk = chunk};
    SHA256Init(&keep->hash);
    keep->dataset = -1;
    for (int axis = 0; axis < shape.rank; axis++)
        if (shape.size[axis] == 0)
            return;
    keep->dataset = ltp_h5_create_variable(&store->h5, store->level[panel->level].group, &variable, &shape);
}

static ltp_status create_contents(ltp_store *store, const ltp_store_option *option, ltp_error *error) {
    write_root(store, option);
    ltp_store_write_levels(store);
    ltp_status status = ltp_h5_status(&store->h5, "coordinates", error);
    if (!status)
        status = ltp_store_write_facts(store, error);
    if (!status)
        status = ltp_store_write_inputs(store, option, error);
    for (size_t k = 0; k < store->keep_count && !status; k++)
        create_keep(store, k);
    if (!status)
        status = ltp_h5_status(&store->h5, "inputs", error);
    return status;
}

ltp_status ltp_store_create(ltp_store **out, const ltp_store_option *option, ltp_collector *collector,
                            ltp_error *error) {
    *out = NULL;
    ltp_status status = ltp_store_probe(option->path, 0, error);
    ltp_store *store = NULL;
    if (!status)
        status = LTP_NEW(&store, 1, "the result file", error);
    if (status)
        return status;
    store->collector = collector;
    store->roster = option->roster;
    store->paths = option->paths;
    store->h5.file = -1;
    store->keep_count = collector->keep_count;
    status = ltp_pool_create(&store->pool, error);
    if (!status)
        status = ltp_pool_text(store->pool, &store->target, option->path, strlen(option->path), error);
    char *temporary = NULL;
    if (!status)
        status = ltp_pool_format(store->pool, &temporary, error, "%s.tmp.%ld", option->path, (long)getpid());
    if (!status)
        status = LTP_POOL_NEW(store->pool, &store->keep, store->keep_count, error);
    if (!status) {
        store->h5.path = store->target;
        ltp_h5_quiet();
        remove_leftovers(store->target);
        unlink(temporary); /* left by a killed process of the same number */
        errno = 0;
        if (ltp_h5_create_file(&store->h5, temporary) >= 0)
            store->temporary = temporary;
        status = ltp_h5_status(&store->h5, "it cannot be created", error);
    }
    if (!status)
        status = create_contents(store, option, error);
    if (status) {
        ltp_store_abandon(store);
        return status;
    }
    *out = store;
    return LTP_OK;
}

/* --- samples and baseline --------------------------------------------------------------------------------------- */

ltp_status ltp_store_samples(ltp_store *store, uint32_t block, size_t keep_index, const float *sample, size_t length,
                             ltp_error *error) {
    if (keep_index >= store->keep_count || store->keep[keep_index].dataset < 0)
        return LTP_OK; /* nothing is kept under sampling expected */
    ltp_store_keep *keep = &store->keep[keep_index];
    if (block != keep->next || ((uint64_t)block + 1) * LTP_BLOCK > store->paths)
        return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': paths of block %lu came when block %lu was due",
                             store->target, (unsigned long)block, (unsigned long)keep->next);
    ltp_h5_quiet();
    const hid_t space = ltp_h5_check(&store->h5, H5Dget_space(keep->dataset));
    hsize_t start[LTP_H5_RANK] = {0}, size[LTP_H5_RANK];
    const int rank = H5Sget_simple_extent_dims(space, size, NULL);
    start[rank - 1] = (hsize_t)block * LTP_BLOCK;
    size[rank - 1] = LTP_BLOCK;
    const hid_t memory = ltp_h5_check(&store->h5, H5Screate_simple(rank, size, NULL));
    if ((size_t)H5Sget_simple_extent_npoints(memory) != length)
        store->h5.failed = true;
    ltp_h5_check(&store->h5, H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL));
    if (!store->h5.failed)
        ltp_h5_check(&store->h5, H5Dwrite(keep->dataset, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, sample));
    H5Sclose(memory);
    H5Sclose(space);
    ltp_digest_update(&keep->hash, sample, length * sizeof *sample);
    keep->next++;
    return ltp_h5_status(&store->h5, "kept paths", error);
}

ltp_status ltp_store_baseline(ltp_store *store, const ltp_store_array *array, size_t count, ltp_error *error) {
    ltp_h5 *h5 = &store->h5;
    const ltp_label_axis *organisation = &store->roster->level[LTP_LEVEL_ORGANISATION];
    ltp_h5_quiet();
    const hid_t group = ltp_h5_group(h5, h5->file, "baseline");
    ltp_h5_text_attribute(h5, group, "coordinates", "name");
    const hid_t code = ltp_h5_text_scale(h5, group, "code", "organisation", organisation);
    ltp_h5_text_variable(h5, group, "name", "name for people", organisation->count, organisation->name, code);
    for (size_t a = 0; a < count; a++) {
        if (array[a].rows != organisation->count || array[a].columns != 1)
            return ltp_error_set(error, LTP_ERROR_IO,
                                 "cannot write '%s': baseline '%s' is not one value an organisation", store->target,
                                 array[a].name);
        const ltp_h5_variable variable = {.name = array[a].name,
                                          .units = array[a].units,
                                          .long_name = array[a].long_name,
                                          .file_type = H5T_IEEE_F64LE,
                                          .memory_type = H5T_NATIVE_DOUBLE,
                                          .fill_nan = true,
                                          .compress = true};
        const ltp_h5_shape shape = {.rank = 1, .size = {organisation->count}, .scale = {code}};
        ltp_h5_write_variable(h5, group, &variable, &shape, array[a].value);
    }
    ltp_h5_close(h5, code);
    ltp_h5_close(h5, group);
    return ltp_h5_status(h5, "baseline", error);
}

/* --- finish ----------------------------------------------------------------------------------------------------- */

/* Writes out and closes the file, with every dataset and scale still open (H5F_CLOSE_STRONG); a failure is kept in h5.
 * After a failure nothing is closed: HDF5 1.10 would write again what could not be written, and can crash at it. What
 * it holds is let go with the process (ltp_h5_quiet has taken its work at exit away). */
static void close_file(ltp_store *store) {
    ltp_h5 *h5 = &store->h5;
    if (h5->file >= 0 && !h5->failed)
        ltp_h5_check(h5, H5Fflush(h5->file, H5F_SCOPE_GLOBAL));
    if (h5->file >= 0 && !h5->failed)
        ltp_h5_check(h5, H5Fclose(h5->file));
    h5->file = -1;
}

void ltp_store_abandon(ltp_store *store) {
    if (!store)
        return;
    ltp_h5_quiet();
    if (store->temporary)
        unlink(store->temporary); /* first, so that nothing is left even if the close is cut short */
    close_file(store);
    ltp_ledger_destroy(store->h5.ledger);
    ltp_pool_destroy(store->pool);
    ltp_free(store);
}

static ltp_status write_hash(ltp_store *store, ltp_error *error) {
    ltp_h5 *h5 = &store->h5;
    char text[65];
    uint8_t digest[SHA256_DIGEST_LENGTH];
    for (size_t k = 0; k < store->keep_count; k++) {
        ltp_store_keep *keep = &store->keep[k];
        if (keep->dataset < 0)
            continue;
        if ((uint64_t)keep->next * LTP_BLOCK != store->paths)
            return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': paths of block %lu never came", store->target,
                                 (unsigned long)keep->next);
        SHA256Final(digest, &keep->hash);
        ltp_h5_digest(h5, keep->dataset, digest);
    }
    if (!h5->failed)
        ltp_h5_check(h5, ltp_ledger_write_references(h5->ledger, h5->file) ? 0 : -1);
    if (!h5->failed)
        ltp_h5_check(h5, ltp_ledger_hash(h5->ledger, digest) ? 0 : -1);
    ltp_h5_hash_text(digest, text);
    ltp_h5_text_attribute(h5, h5->file, "content_hash", text);
    return ltp_h5_status(h5, "content hash", error);
}

static void write_provenance(ltp_store *store, const ltp_store_provenance *provenance, size_t count) {
    const hid_t group = ltp_h5_group(&store->h5, store->h5.file, "provenance");
    for (size_t i = 0; i < count; i++)
        ltp_h5_fixed_attribute(&store->h5, group, provenance[i].name, provenance[i].value, LTP_PROVENANCE_WIDTH);
    ltp_h5_close(&store->h5, group);
}

static ltp_status sync_path(const char *path, const char *target, int flags, ltp_error *error) {
    const int descriptor = open(path, flags | O_CLOEXEC);
    int cause = descriptor < 0 ? errno : 0;
    if (descriptor >= 0) {
        if (fsync(descriptor) != 0 && errno != EINVAL) /* EINVAL: a file system without fsync on folders */
            cause = errno;
        close(descriptor);
    }
    return cause ? ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': %s", target, strerror(cause)) : LTP_OK;
}

/* The file is whole: on disk, under its name, and the name on disk. */
static ltp_status put_in_place(ltp_store *store, ltp_error *error) {
    char *folder;
    ltp_status status = sync_path(store->temporary, store->target, O_RDONLY, error);
    if (!status)
        status = ltp_store_probe(store->target, 0, error); /* what came in the way meanwhile */
    if (!status && rename(store->temporary, store->target) != 0)
        status = ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': %s", store->target, strerror(errno));
    if (status)
        return status;
    store->temporary = NULL;
    status = folder_of(store->target, &folder, error);
    if (!status) {
        status = sync_path(folder, store->target, O_RDONLY | O_DIRECTORY, error);
        free(folder);
    }
    return status;
}

ltp_status ltp_store_finish(ltp_store *store, const ltp_store_provenance *provenance, size_t count, ltp_error *error) {
    ltp_h5_quiet();
    ltp_status status = ltp_store_write_summaries(store, error);
    if (!status)
        status = write_hash(store, error);
    if (!status) {
        write_provenance(store, provenance, count);
        close_file(store);
        status = ltp_h5_status(&store->h5, "the end of the file", error);
    }
    if (!status)
        status = put_in_place(store, error);
    ltp_store_abandon(store);
    return status;
}
