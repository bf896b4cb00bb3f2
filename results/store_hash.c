/* The content hash: SHA-256 of everything outside /provenance, in an order that any reader can follow.
 *
 * Objects in ascending byte order of their full path, "/" first, /provenance and what is under it left out. Each gives
 *   path NUL
 *   for each attribute in ascending byte order of names, but for CLASS, NAME, DIMENSION_LIST, REFERENCE_LIST (made by
 *   the dimension scales) and content_hash:  "@" name NUL value
 *   for a dataset:  names of its axes, each followed by "=" size "," (a scale: its own name)  NUL
 *                   SHA-256 of its value, 32 bytes
 * Value: numbers as stored (little-endian), row by row; texts as UTF-8, each followed by NUL. A dataset whose name ends
 * in "_sample" is taken in slabs of 1,024 paths of its last axis, each slab row by row, as the blocks were written. */
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/store_digest.h"
#include "results/store_hdf5.h"
#include "sim/core/block.h"
#include "sim/core/memory.h"

#define SLAB_BYTES (8u << 20)

typedef struct {
    char *name;
    haddr_t address; /* of an object in the file: how an axis finds its scale's name (H5Iget_name walks the file) */
} named;

typedef struct {
    named *item;
    size_t count, room;
    bool refused; /* memory */
} name_list;

static void free_names(name_list *list) {
    for (size_t i = 0; i < list->count; i++)
        free(list->item[i].name);
    free(list->item);
}

static void add_name(name_list *list, const char *name, haddr_t address) {
    if (list->count == list->room) {
        const size_t room = list->room ? 2 * list->room : 256;
        named *grown = realloc(list->item, room * sizeof *grown);
        if (!grown) {
            list->refused = true;
            return;
        }
        list->item = grown;
        list->room = room;
    }
    list->item[list->count] = (named){strdup(name), address};
    if (list->item[list->count].name)
        list->count++;
    else
        list->refused = true;
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(((const named *)a)->name, ((const named *)b)->name);
}

static void sort_names(name_list *list) {
    if (list->count)
        qsort(list->item, list->count, sizeof *list->item, by_bytes);
}

static herr_t note_object(hid_t root, const char *name, const H5O_info_t *info, void *list) {
    (void)root;
    if (strcmp(name, ".") != 0 && strcmp(name, "provenance") != 0 && strncmp(name, "provenance/", 11) != 0)
        add_name(list, name, info->addr);
    return 0;
}

static herr_t note_attribute(hid_t object, const char *name, const H5A_info_t *info, void *list) {
    (void)object;
    (void)info;
    static const char *const left_out[] = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "content_hash"};
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (strcmp(name, left_out[i]) == 0)
            return 0;
    add_name(list, name, HADDR_UNDEF);
    return 0;
}

static void hash_text(SHA2_CTX *hash, const char *text) {
    SHA256Update(hash, (const uint8_t *)text, strlen(text) + 1);
}

/* `count` values of `type` as H5Aread or H5Dread gave them. */
static void hash_values(SHA2_CTX *hash, hid_t type, size_t count, const void *value) {
    if (H5Tis_variable_str(type) > 0)
        for (size_t i = 0; i < count; i++) {
            const char *text = ((const char *const *)value)[i];
            hash_text(hash, text ? text : "");
        }
    else
        ltp_digest_update(hash, value, count * H5Tget_size(type));
}

static bool hash_attribute(SHA2_CTX *hash, hid_t object, const char *name) {
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return false;
    const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    void *value = count > 0 ? calloc((size_t)count, H5Tget_size(type)) : NULL;
    const bool fine = value && H5Aread(attribute, type, value) >= 0;
    if (fine) {
        SHA256Update(hash, (const uint8_t *)"@", 1);
        hash_text(hash, name);
        hash_values(hash, type, (size_t)count, value);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, value);
    }
    free(value);
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
    return fine;
}

static bool hash_attributes(SHA2_CTX *hash, hid_t object) {
    name_list names = {0};
    hsize_t from = 0;
    bool fine = H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &from, note_attribute, &names) >= 0 && !names.refused;
    sort_names(&names);
    for (size_t i = 0; i < names.count && fine; i++)
        fine = hash_attribute(hash, object, names.item[i].name);
    free_names(&names);
    return fine;
}

/* --- values of datasets ----------------------------------------------------------------------------------------- */

static bool hash_slab(SHA2_CTX *hash, hid_t dataset, hid_t type, int rank, const hsize_t *start, const hsize_t *size,
                      void *room) {
    const hid_t file_space = H5Dget_space(dataset), memory = H5Screate_simple(rank, size, NULL);
    const bool text = H5Tis_variable_str(type) > 0;
    const hid_t transfer = text ? ltp_h5_text_transfer() : H5P_DEFAULT;
    const bool fine = H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
                      H5Dread(dataset, type, memory, file_space, transfer, room) >= 0;
    if (fine) {
        hash_values(hash, type, (size_t)H5Sget_simple_extent_npoints(memory), room);
        if (text)
            H5Dvlen_reclaim(type, memory, H5P_DEFAULT, room);
    }
    if (text)
        H5Pclose(transfer);
    H5Sclose(memory);
    H5Sclose(file_space);
    return fine;
}

/* Slabs along one axis: paths of the last axis of a sample, else rows of the first. */
static bool hash_value(SHA2_CTX *hash, hid_t dataset, const char *path, int rank, const hsize_t *size) {
    static const char sample[] = "_sample";
    const size_t length = strlen(path), end = sizeof sample - 1;
    const bool by_path = length > end && strcmp(path + length - end, sample) == 0;
    const int axis = by_path ? rank - 1 : 0;
    const hid_t type = H5Dget_type(dataset);
    hsize_t rest = H5Tget_size(type), start[LTP_H5_RANK] = {0}, slab[LTP_H5_RANK];
    for (int i = 0; i < rank; i++) {
        slab[i] = size[i];
        rest *= i == axis ? 1 : size[i];
    }
    hsize_t step = by_path ? LTP_BLOCK : rest > 0 && rest < SLAB_BYTES ? SLAB_BYTES / rest : 1;
    step = step < size[axis] ? step : size[axis];
    void *room = malloc((size_t)(rest * step) + 1);
    bool fine = room != NULL;
    for (start[axis] = 0; fine && rest > 0 && start[axis] < size[axis]; start[axis] += step) {
        slab[axis] = size[axis] - start[axis] < step ? size[axis] - start[axis] : step;
        fine = hash_slab(hash, dataset, type, rank, start, slab, room);
    }
    free(room);
    H5Tclose(type);
    return fine;
}

/* What one hash is made from. */
typedef struct {
    SHA2_CTX hash;
    hid_t file;
    const name_list *objects;
} content;

static herr_t note_scale(hid_t dataset, unsigned axis, hid_t scale, void *address) {
    (void)dataset;
    (void)axis;
    H5O_info_t info;
    if (H5Oget_info2(scale, &info, H5O_INFO_BASIC) < 0)
        return -1;
    *(haddr_t *)address = info.addr;
    return 1;
}

/* Name of the scale at an address, without its path; "" for none. */
static const char *scale_name(const content *c, haddr_t address) {
    for (size_t i = 0; address != HADDR_UNDEF && i < c->objects->count; i++)
        if (c->objects->item[i].address == address) {
            const char *slash = strrchr(c->objects->item[i].name, '/');
            return slash ? slash + 1 : c->objects->item[i].name;
        }
    return "";
}

static bool hash_shape(content *c, hid_t dataset, const char *path, int rank, const hsize_t *size) {
    const bool own = H5DSis_scale(dataset) > 0;
    for (int axis = 0; axis < rank; axis++) {
        haddr_t address = HADDR_UNDEF;
        char line[320];
        if (!own && H5DSiterate_scales(dataset, (unsigned)axis, NULL, note_scale, &address) < 0)
            return false;
        const int length =
            snprintf(line, sizeof line, "%.255s=%llu,", own ? strrchr(path, '/') + 1 : scale_name(c, address),
                     (unsigned long long)size[axis]);
        SHA256Update(&c->hash, (const uint8_t *)line, (size_t)length);
    }
    SHA256Update(&c->hash, (const uint8_t *)"", 1);
    return true;
}

static bool hash_dataset(content *c, hid_t dataset, const char *path) {
    const hid_t space = H5Dget_space(dataset);
    hsize_t size[LTP_H5_RANK] = {0};
    const int rank = H5Sget_simple_extent_ndims(space);
    bool fine = rank >= 1 && rank <= LTP_H5_RANK && H5Sget_simple_extent_dims(space, size, NULL) >= 0 &&
                hash_shape(c, dataset, path, rank, size);
    uint8_t digest[SHA256_DIGEST_LENGTH] = {0};
    if (fine) {
        SHA2_CTX value;
        SHA256Init(&value);
        fine = hash_value(&value, dataset, path, rank, size);
        SHA256Final(digest, &value);
    }
    SHA256Update(&c->hash, digest, sizeof digest);
    H5Sclose(space);
    return fine;
}

static bool hash_object(content *c, const char *path) {
    const hid_t object = H5Oopen(c->file, path, H5P_DEFAULT);
    if (object < 0)
        return false;
    hash_text(&c->hash, path);
    bool fine = hash_attributes(&c->hash, object);
    if (fine && H5Iget_type(object) == H5I_DATASET)
        fine = hash_dataset(c, object, path);
    H5Oclose(object);
    return fine;
}

void ltp_h5_hash_text(const uint8_t digest[SHA256_DIGEST_LENGTH], char out[65]) {
    for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

ltp_status ltp_h5_content_hash(const ltp_h5 *h5, char out[65], ltp_error *error) {
    name_list list = {0};
    bool fine = H5Ovisit2(h5->file, H5_INDEX_NAME, H5_ITER_INC, note_object, &list, H5O_INFO_BASIC) >= 0;
    if (list.refused) {
        free_names(&list);
        return ltp_error_set(error, LTP_ERROR_MEMORY, "not enough memory to list the parts of '%s'", h5->path);
    }
    sort_names(&list);
    content c = {.file = h5->file, .objects = &list};
    SHA256Init(&c.hash);
    fine = fine && hash_object(&c, "/");
    char path[512] = "/";
    for (size_t i = 0; i < list.count && fine; i++) {
        snprintf(path, sizeof path, "/%s", list.item[i].name);
        fine = hash_object(&c, path);
    }
    free_names(&list);
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Final(digest, &c.hash);
    ltp_h5_hash_text(digest, out);
    if (!fine)
        return ltp_error_set(error, LTP_ERROR_RESULT,
                             "'%s' is damaged: the data of %s cannot be read or fail their checksum", h5->path, path);
    return LTP_OK;
}
