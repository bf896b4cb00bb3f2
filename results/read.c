#include "results/read.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/store_hdf5.h"
#include "sim/core/memory.h"

struct ltp_result {
    ltp_h5 h5;
    ltp_pool *pool;
    ltp_result_about about;
};

static ltp_status damaged(const ltp_result *result, const char *part, ltp_error *error) {
    return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' is damaged: %s cannot be read or fails its checksum",
                         result->h5.path, part);
}

/* --- attributes ------------------------------------------------------------------------------------------------- */

/* Text attribute of an object, copied to the pool; "" when there is none or it is no text. */
static ltp_status read_text(ltp_result *result, hid_t object, const char *name, const char **out, ltp_error *error) {
    *out = "";
    if (H5Aexists(object, name) <= 0)
        return LTP_OK;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    char *text = NULL, *copy = NULL;
    ltp_status status = LTP_OK;
    if (H5Tis_variable_str(type) > 0 && H5Sget_simple_extent_npoints(space) == 1) {
        if (H5Aread(attribute, type, &text) < 0)
            status = damaged(result, name, error);
        else
            status = ltp_pool_text(result->pool, &copy, text ? text : "", text ? strlen(text) : 0, error);
        if (text)
            H5Dvlen_reclaim(type, space, H5P_DEFAULT, &text);
    }
    if (copy)
        *out = copy;
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
    return status;
}

static uint64_t read_uint(hid_t object, const char *name) {
    uint64_t value = 0;
    if (H5Aexists(object, name) <= 0)
        return 0;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (H5Aread(attribute, H5T_NATIVE_UINT64, &value) < 0)
        value = 0;
    H5Aclose(attribute);
    return value;
}

/* --- open ------------------------------------------------------------------------------------------------------- */

static ltp_status read_about(ltp_result *result, ltp_error *error) {
    ltp_result_about *about = &result->about;
    const hid_t file = result->h5.file;
    const char *format;
    ltp_status status = read_text(result, file, "format", &format, error);
    if (!status && strcmp(format, LTP_FORMAT_NAME) != 0)
        return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' is an HDF5 file but not a result of ltpsim", about->path);
    about->format_version = read_uint(file, "format_version");
    if (!status && (about->format_version < 1 || about->format_version > LTP_FORMAT_VERSION))
        return ltp_error_set(error, LTP_ERROR_RESULT,
                             "'%s' has result format %llu; this program reads format %d and older: use a newer program",
                             about->path, (unsigned long long)about->format_version, LTP_FORMAT_VERSION);
    about->seed = read_uint(file, "seed");
    about->paths = read_uint(file, "paths");
    about->block = read_uint(file, "block");
    const struct {
        const char *name, **to;
    } text[] = {{"title", &about->title},
                {"base_year", &about->base_year},
                {"sampling", &about->sampling},
                {"money_unit", &about->money_unit},
                {"content_hash", &about->content_hash},
                {"submission_name", &about->submission_name},
                {"submission_date", &about->submission_date},
                {"submission_milestone", &about->submission_milestone}};
    for (size_t i = 0; i < sizeof text / sizeof *text && !status; i++)
        status = read_text(result, file, text[i].name, text[i].to, error);
    if (!status && *about->content_hash == '\0')
        return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' is not complete: it has no content hash", about->path);
    return status;
}

static ltp_status open_file(ltp_result *result, ltp_error *error) {
    const char *path = result->h5.path;
    struct stat about;
    if (stat(path, &about) != 0 || access(path, R_OK) != 0)
        return ltp_error_set(error, LTP_ERROR_RESULT, "cannot read '%s': %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode))
        return ltp_error_set(error, LTP_ERROR_RESULT, "cannot read '%s': it is not a file", path);
    errno = 0;
    if (H5Fis_hdf5(path) <= 0)
        return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' is not a result of ltpsim: it is not an HDF5 file", path);
    const hid_t access_list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(access_list, H5F_CLOSE_STRONG);
    result->h5.file = H5Fopen(path, H5F_ACC_RDONLY, access_list);
    H5Pclose(access_list);
    if (result->h5.file < 0)
        return ltp_error_set(error, LTP_ERROR_RESULT, "cannot read '%s': %s", path,
                             errno == EAGAIN ? "another program is writing to it" : "the file is cut short or damaged");
    return LTP_OK;
}

ltp_status ltp_result_open(ltp_result **out, const char *path, ltp_error *error) {
    *out = NULL;
    ltp_result *result;
    ltp_status status = LTP_NEW(&result, 1, "a result", error);
    if (status)
        return status;
    ltp_h5_quiet();
    result->h5.file = -1;
    status = ltp_pool_create(&result->pool, error);
    char *copy = NULL;
    if (!status)
        status = ltp_pool_text(result->pool, &copy, path, strlen(path), error);
    result->h5.path = result->about.path = copy;
    if (!status)
        status = open_file(result, error);
    if (!status)
        status = read_about(result, error);
    if (status) {
        ltp_result_close(result);
        return status;
    }
    *out = result;
    return LTP_OK;
}

void ltp_result_close(ltp_result *result) {
    if (!result)
        return;
    if (result->h5.file >= 0)
        H5Fclose(result->h5.file);
    ltp_pool_destroy(result->pool);
    ltp_free(result);
}

const ltp_result_about *ltp_result_describe(const ltp_result *result) {
    return &result->about;
}

/* --- lists ------------------------------------------------------------------------------------------------------ */

typedef struct {
    ltp_result *result;
    const char *suffix;
    size_t count;
    const char **name; /* NULL: count only */
    ltp_error *error;
} link_list;

static herr_t note_link(hid_t group, const char *name, const H5L_info_t *info, void *context) {
    (void)group;
    (void)info;
    link_list *list = context;
    const size_t length = strlen(name), end = strlen(list->suffix);
    if (length <= end || strcmp(name + length - end, list->suffix) != 0 || strstr(name, "_batch_"))
        return 0; /* means of batches belong to the measure that they are batches of */
    char *copy;
    if (list->name) {
        if (ltp_pool_text(list->result->pool, &copy, name, length - end, list->error))
            return -1;
        list->name[list->count] = copy;
    }
    list->count++;
    return 0;
}

/* H5Literate in the order of writing. */
static herr_t walk(hid_t group, link_list *list) {
    hsize_t from = 0;
    list->count = 0;
    return H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, &from, note_link, list);
}

ltp_status ltp_result_list(ltp_result *result, const char *group, const char *suffix, size_t *count,
                           const char *const **name, ltp_error *error) {
    *count = 0;
    *name = NULL;
    ltp_h5_quiet();
    const hid_t id = H5Gopen2(result->h5.file, group, H5P_DEFAULT);
    if (id < 0)
        return LTP_OK; /* a result without the group has nothing there */
    link_list list = {.result = result, .suffix = suffix, .error = error};
    error->status = LTP_OK;
    ltp_status status = walk(id, &list) < 0 ? damaged(result, group, error) : LTP_OK;
    if (!status)
        status = LTP_POOL_NEW(result->pool, &list.name, list.count + 1, error);
    if (!status && walk(id, &list) < 0)
        status = error->status ? error->status : damaged(result, group, error);
    H5Gclose(id);
    if (!status) {
        *count = list.count;
        *name = list.name;
    }
    return status;
}

bool ltp_result_has(const ltp_result *result, const char *group, const char *variable) {
    char path[256];
    ltp_h5_quiet();
    snprintf(path, sizeof path, "/%s", group);
    if (H5Lexists(result->h5.file, path, H5P_DEFAULT) <= 0)
        return false;
    snprintf(path, sizeof path, "/%s/%s", group, variable);
    return H5Lexists(result->h5.file, path, H5P_DEFAULT) > 0;
}

/* --- variables -------------------------------------------------------------------------------------------------- */

static ltp_status open_dataset(ltp_result *result, const char *group, const char *name, hid_t *dataset,
                               ltp_error *error) {
    char path[256];
    if (!ltp_result_has(result, group, name))
        return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' has no '%s' in '%s'", result->h5.path, name, group);
    snprintf(path, sizeof path, "/%s/%s", group, name);
    *dataset = H5Dopen2(result->h5.file, path, H5P_DEFAULT);
    return *dataset < 0 ? damaged(result, path, error) : LTP_OK;
}

static ltp_status copy_labels(ltp_result *result, char **raw, size_t count, const char *const **label,
                              ltp_error *error) {
    const char **text;
    ltp_status status = LTP_POOL_NEW(result->pool, &text, count + 1, error);
    for (size_t i = 0; i < count && !status; i++) {
        char *copy;
        status = ltp_pool_text(result->pool, &copy, raw[i] ? raw[i] : "", raw[i] ? strlen(raw[i]) : 0, error);
        text[i] = copy;
    }
    *label = status ? NULL : text;
    return status;
}

ltp_status ltp_result_labels(ltp_result *result, const char *group, const char *axis, size_t *count,
                             const char *const **label, ltp_error *error) {
    hid_t dataset;
    *count = 0;
    ltp_h5_quiet();
    ltp_status status = open_dataset(result, group, axis, &dataset, error);
    if (status)
        return status;
    const hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset), transfer = ltp_h5_text_transfer();
    const hssize_t points = H5Sget_simple_extent_npoints(space);
    char **raw = NULL;
    if (H5Tis_variable_str(type) <= 0 || points < 0)
        status = ltp_error_set(error, LTP_ERROR_RESULT, "'%s': '%s' of '%s' is not text", result->h5.path, axis, group);
    if (!status)
        status = LTP_POOL_NEW(result->pool, &raw, (size_t)points + 1, error);
    if (!status && H5Dread(dataset, type, H5S_ALL, H5S_ALL, transfer, raw) < 0)
        status = damaged(result, axis, error);
    else if (!status) {
        status = copy_labels(result, raw, (size_t)points, label, error);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw);
        *count = (size_t)points;
    }
    H5Pclose(transfer);
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(dataset);
    return status;
}

/* A scale with values carries its name; a netCDF dimension without values is found by its place in the file. */
static herr_t note_axis(hid_t dataset, unsigned axis, hid_t scale, void *name) {
    (void)dataset;
    (void)axis;
    char *text = name;
    if (H5DSget_scale_name(scale, text, 256) > 0 && strncmp(text, "This is a netCDF", 16) != 0)
        return 1;
    return H5Iget_name(scale, text, 256) > 0 ? 1 : -1;
}

static ltp_status read_axes(ltp_result *result, hid_t dataset, ltp_result_array *out, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (int axis = 0; axis < out->rank && !status; axis++) {
        char path[256] = "", *copy;
        const bool own = H5DSis_scale(dataset) > 0;
        if (own ? H5Iget_name(dataset, path, sizeof path) < 0
                : H5DSiterate_scales(dataset, (unsigned)axis, NULL, note_axis, path) < 0)
            return damaged(result, out->name, error);
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
        status = ltp_pool_text(result->pool, &copy, name, strlen(name), error);
        out->axis[axis] = copy;
    }
    return status;
}

static ltp_status read_values(ltp_result *result, hid_t dataset, ltp_result_array *out, ltp_error *error) {
    const hid_t space = H5Dget_space(dataset);
    hsize_t size[LTP_RESULT_RANK] = {0};
    out->rank = H5Sget_simple_extent_ndims(space);
    const hssize_t points = H5Sget_simple_extent_npoints(space);
    const bool fits = out->rank >= 0 && out->rank <= LTP_RESULT_RANK && points >= 0 &&
                      H5Sget_simple_extent_dims(space, size, NULL) >= 0;
    H5Sclose(space);
    if (!fits)
        return damaged(result, out->name, error);
    for (int axis = 0; axis < out->rank; axis++)
        out->size[axis] = size[axis];
    double *value;
    ltp_status status = LTP_POOL_NEW(result->pool, &value, (size_t)points + 1, error);
    if (!status && H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0)
        status = damaged(result, out->name, error);
    out->value = value;
    return status;
}

ltp_status ltp_result_read(ltp_result *result, const char *group, const char *variable, ltp_result_array *out,
                           ltp_error *error) {
    hid_t dataset;
    char *copy = NULL;
    *out = (ltp_result_array){0};
    ltp_h5_quiet();
    ltp_status status = open_dataset(result, group, variable, &dataset, error);
    if (status)
        return status;
    status = ltp_pool_text(result->pool, &copy, variable, strlen(variable), error);
    out->name = copy;
    if (!status)
        status = read_text(result, dataset, "units", &out->units, error);
    if (!status)
        status = read_text(result, dataset, "long_name", &out->long_name, error);
    if (!status)
        status = read_values(result, dataset, out, error);
    if (!status)
        status = read_axes(result, dataset, out, error);
    H5Dclose(dataset);
    return status;
}

ltp_status ltp_result_read_part(ltp_result *result, const char *group, const char *variable, int rank,
                                const size_t *first, const size_t *count, double *out, ltp_error *error) {
    hid_t dataset;
    hsize_t size[LTP_RESULT_RANK], start[LTP_RESULT_RANK], extent[LTP_RESULT_RANK];
    ltp_h5_quiet();
    ltp_status status = open_dataset(result, group, variable, &dataset, error);
    if (status)
        return status;
    const hid_t space = H5Dget_space(dataset);
    bool fits = rank <= LTP_RESULT_RANK && H5Sget_simple_extent_ndims(space) == rank &&
                H5Sget_simple_extent_dims(space, size, NULL) >= 0;
    for (int axis = 0; axis < rank && fits; axis++) {
        start[axis] = first[axis];
        extent[axis] = count[axis];
        fits = first[axis] <= size[axis] && count[axis] <= size[axis] - first[axis];
    }
    const hid_t memory = fits ? H5Screate_simple(rank, extent, NULL) : -1;
    if (!fits || H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, extent, NULL) < 0 ||
        H5Dread(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, out) < 0)
        status = damaged(result, variable, error);
    if (memory >= 0)
        H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(dataset);
    return status;
}

/* --- inputs ----------------------------------------------------------------------------------------------------- */

typedef struct {
    ltp_result *result;
    size_t count, room;
    ltp_result_input *input;
    ltp_error *error;
    ltp_status status;
} input_list;

static ltp_status add_input(input_list *list, hid_t dataset, ltp_error *error) {
    ltp_result_input *input = &list->input[list->count];
    char *bytes;
    const hid_t space = H5Dget_space(dataset);
    const hssize_t length = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    ltp_status status = read_text(list->result, dataset, "long_name", &input->name, error);
    if (status || length < 0)
        return status ? status : damaged(list->result, "input", error);
    input->length = (size_t)length;
    status = LTP_POOL_NEW(list->result->pool, &bytes, input->length + 1, error);
    if (!status && H5Dread(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) < 0)
        status = damaged(list->result, "input", error);
    input->bytes = bytes;
    list->count++;
    return status;
}

/* A file of /input is a row of bytes with a name; scales and the folder of compiled tables are passed over. */
static herr_t note_input(hid_t group, const char *name, const H5L_info_t *info, void *context) {
    (void)info;
    input_list *list = context;
    H5O_info_t about;
    if (H5Oget_info_by_name(group, name, &about, H5P_DEFAULT) < 0)
        return -1;
    if (about.type != H5O_TYPE_DATASET || list->count == list->room)
        return 0;
    const hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    if (dataset < 0)
        return -1;
    const hid_t type = H5Dget_type(dataset);
    if (H5DSis_scale(dataset) <= 0 && H5Tequal(type, H5T_STD_U8LE) > 0)
        list->status = add_input(list, dataset, list->error);
    H5Tclose(type);
    H5Dclose(dataset);
    return list->status ? -1 : 0;
}

ltp_status ltp_result_inputs(ltp_result *result, size_t *count, const ltp_result_input **input, ltp_error *error) {
    H5G_info_t about;
    hsize_t from = 0;
    *count = 0;
    *input = NULL;
    ltp_h5_quiet();
    const hid_t group = H5Gopen2(result->h5.file, "input", H5P_DEFAULT);
    if (group < 0 || H5Gget_info(group, &about) < 0)
        return damaged(result, "input", error);
    input_list list = {.result = result, .room = about.nlinks, .error = error};
    ltp_status status = LTP_POOL_NEW(result->pool, &list.input, list.room + 1, error);
    if (!status && H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, &from, note_input, &list) < 0)
        status = list.status ? list.status : damaged(result, "input", error);
    H5Gclose(group);
    *count = list.count;
    *input = list.input;
    return status;
}

/* --- verify ----------------------------------------------------------------------------------------------------- */

static ltp_status verify_here(const char *path, ltp_error *error) {
    ltp_result *result;
    ltp_status status = ltp_result_open(&result, path, error);
    if (status)
        return status;
    char hash[65];
    status = ltp_h5_content_hash(&result->h5, hash, error);
    if (!status && strcmp(hash, result->about.content_hash) != 0)
        status = ltp_error_set(error, LTP_ERROR_RESULT,
                               "'%s' was changed after it was written: its content hash is %s, not %s", path, hash,
                               result->about.content_hash);
    ltp_result_close(result);
    return status;
}

/* In a process of its own: on damaged metadata HDF5 1.10 can crash, and that too is an answer. */
ltp_status ltp_result_verify(const char *path, ltp_error *error) {
    int channel[2], exit_status = 0;
    if (pipe(channel) != 0)
        return ltp_error_set(error, LTP_ERROR_IO, "cannot verify '%s': %s", path, strerror(errno));
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0) {
        close(channel[0]);
        close(channel[1]);
        return ltp_error_set(error, LTP_ERROR_IO, "cannot verify '%s': %s", path, strerror(errno));
    }
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGSEGV, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        ltp_error own = {0};
        own.status = verify_here(path, &own);
        _exit(write(channel[1], &own, sizeof own) == (ssize_t)sizeof own ? 0 : 1);
    }
    close(channel[1]);
    ltp_error answer;
    const ssize_t length = read(channel[0], &answer, sizeof answer);
    close(channel[0]);
    waitpid(child, &exit_status, 0);
    if (length != (ssize_t)sizeof answer)
        return ltp_error_set(error, LTP_ERROR_RESULT, "'%s' is damaged: the HDF5 library cannot read its structure",
                             path);
    return answer.status ? ltp_error_set(error, answer.status, "%s", answer.message) : LTP_OK;
}
