#include "results/store_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/store_digest.h"

typedef struct {
    char *name; /* and NUL, and the bytes */
    size_t length;
} ledger_attribute;

typedef struct {
    hid_t id;   /* when it was noted; HDF5 does not give an id twice */
    char *path; /* "/system/gap_mean" */
    ledger_attribute *attribute;
    size_t attribute_count;
    char *shape; /* "layer=3,code=4," of a dataset */
    bool is_dataset, has_digest;
    int rank;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    size_t zeros; /* bytes of a value that was never written: digested at the end, for they may be many */
} ledger_object;

/* As H5DS of HDF5 1.10 stores it. */
typedef struct {
    hobj_ref_t dataset;
    int dimension;
} scale_reference;

typedef struct {
    hid_t id;
    hobj_ref_t address;
    const char *name; /* last part of its path */
    scale_reference *user;
    size_t user_count, user_room;
} ledger_scale;

struct ltp_ledger {
    ledger_object *object;
    size_t object_count, object_room;
    ledger_scale *scale;
    size_t scale_count, scale_room;
    size_t parent; /* found last */
};

/* Room for one more of `size` bytes. */
static bool make_room(void *array, size_t count, size_t *room, size_t size) {
    void *old;
    memcpy(&old, array, sizeof old);
    if (count < *room)
        return true;
    const size_t more = *room ? 2 * *room : 16;
    void *grown = realloc(old, more * size);
    if (!grown)
        return false;
    memset((char *)grown + count * size, 0, (more - count) * size);
    memcpy(array, &grown, sizeof grown);
    *room = more;
    return true;
}

ltp_ledger *ltp_ledger_create(void) {
    return calloc(1, sizeof(ltp_ledger));
}

void ltp_ledger_destroy(ltp_ledger *ledger) {
    if (!ledger)
        return;
    for (size_t k = 0; k < ledger->object_count; k++) {
        ledger_object *object = &ledger->object[k];
        for (size_t a = 0; a < object->attribute_count; a++)
            free(object->attribute[a].name);
        free(object->attribute);
        free(object->shape);
        free(object->path);
    }
    for (size_t k = 0; k < ledger->scale_count; k++)
        free(ledger->scale[k].user);
    free(ledger->scale);
    free(ledger->object);
    free(ledger);
}

/* The object in hand is most often the last one noted. */
static ledger_object *object_of(const ltp_ledger *ledger, hid_t id) {
    for (size_t k = ledger->object_count; k-- > 0;)
        if (ledger->object[k].id == id)
            return &ledger->object[k];
    return NULL;
}

/* A parent is most often the one before. */
static const char *path_of_parent(ltp_ledger *ledger, hid_t parent) {
    if (parent < 0)
        return "";
    if (ledger->parent >= ledger->object_count || ledger->object[ledger->parent].id != parent) {
        const ledger_object *found = object_of(ledger, parent);
        if (!found)
            return NULL;
        ledger->parent = (size_t)(found - ledger->object);
    }
    const char *path = ledger->object[ledger->parent].path;
    return strcmp(path, "/") == 0 ? "" : path;
}

bool ltp_ledger_object(ltp_ledger *ledger, hid_t id, hid_t parent, const char *name) {
    const char *folder = path_of_parent(ledger, parent);
    if (!folder || !make_room(&ledger->object, ledger->object_count, &ledger->object_room, sizeof *ledger->object))
        return false;
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path)
        return false;
    snprintf(path, size, "%s/%s", folder, name);
    ledger->object[ledger->object_count++] = (ledger_object){.id = id, .path = path};
    return true;
}

bool ltp_ledger_attribute(ltp_ledger *ledger, hid_t id, const char *name, const void *bytes, size_t length) {
    ledger_object *object = object_of(ledger, id);
    if (!object)
        return false;
    const size_t size = strlen(name) + 1;
    ledger_attribute *grown = realloc(object->attribute, (object->attribute_count + 1) * sizeof *grown);
    char *both = malloc(size + length);
    if (grown)
        object->attribute = grown;
    if (!grown || !both) {
        free(both);
        return false;
    }
    memcpy(both, name, size);
    memcpy(both + size, bytes, length);
    grown[object->attribute_count++] = (ledger_attribute){both, length};
    return true;
}

/* --- axes ------------------------------------------------------------------------------------------------------- */

static bool add_axis(ledger_object *object, const char *name, hsize_t size) {
    char line[320];
    const size_t before = object->shape ? strlen(object->shape) : 0;
    const int length = snprintf(line, sizeof line, "%.255s=%llu,", name, (unsigned long long)size);
    char *grown = realloc(object->shape, before + (size_t)length + 1);
    if (!grown)
        return false;
    memcpy(grown + before, line, (size_t)length + 1);
    object->shape = grown;
    object->is_dataset = true;
    object->rank++;
    return true;
}

bool ltp_ledger_scale(ltp_ledger *ledger, hid_t id, hsize_t size) {
    ledger_object *object = object_of(ledger, id);
    ledger_scale scale = {.id = id};
    if (!object || !make_room(&ledger->scale, ledger->scale_count, &ledger->scale_room, sizeof scale) ||
        H5Rcreate(&scale.address, id, ".", H5R_OBJECT, -1) < 0)
        return false;
    scale.name = strrchr(object->path, '/') + 1;
    ledger->scale[ledger->scale_count++] = scale;
    return add_axis(object, scale.name, size);
}

static ledger_scale *scale_of(const ltp_ledger *ledger, hid_t id) {
    hobj_ref_t address;
    for (size_t k = ledger->scale_count; k-- > 0;)
        if (ledger->scale[k].id == id)
            return &ledger->scale[k];
    if (H5Rcreate(&address, id, ".", H5R_OBJECT, -1) < 0)
        return NULL;
    for (size_t k = ledger->scale_count; k-- > 0;) /* opened again */
        if (ledger->scale[k].address == address)
            return &ledger->scale[k];
    return NULL;
}

bool ltp_ledger_axis(ltp_ledger *ledger, hid_t dataset, hid_t id, hsize_t size, hobj_ref_t *address) {
    ledger_object *object = object_of(ledger, dataset);
    ledger_scale *scale = scale_of(ledger, id);
    if (!object || !scale || !make_room(&scale->user, scale->user_count, &scale->user_room, sizeof *scale->user))
        return false;
    scale_reference *user = &scale->user[scale->user_count];
    if (H5Rcreate(&user->dataset, dataset, ".", H5R_OBJECT, -1) < 0)
        return false;
    user->dimension = object->rank;
    scale->user_count++;
    *address = scale->address;
    return add_axis(object, scale->name, size);
}

bool ltp_ledger_digest(ltp_ledger *ledger, hid_t dataset, const uint8_t digest[SHA256_DIGEST_LENGTH]) {
    ledger_object *object = object_of(ledger, dataset);
    if (!object)
        return false;
    memcpy(object->digest, digest, sizeof object->digest);
    object->has_digest = true;
    return true;
}

bool ltp_ledger_zeros(ltp_ledger *ledger, hid_t dataset, size_t bytes) {
    ledger_object *object = object_of(ledger, dataset);
    if (!object)
        return false;
    object->zeros = bytes;
    object->has_digest = true;
    return true;
}

static void digest_zeros(size_t bytes, uint8_t digest[SHA256_DIGEST_LENGTH]) {
    static const uint8_t zero[4096];
    SHA2_CTX hash;
    SHA256Init(&hash);
    for (; bytes > 0; bytes -= bytes < sizeof zero ? bytes : sizeof zero)
        ltp_digest_update(&hash, zero, bytes < sizeof zero ? bytes : sizeof zero);
    SHA256Final(digest, &hash);
}

static bool write_users(hid_t file, hid_t type, const ledger_scale *scale) {
    const hsize_t count = scale->user_count;
    const hid_t dataset = H5Rdereference2(file, H5P_DEFAULT, H5R_OBJECT, &scale->address);
    const hid_t space = H5Screate_simple(1, &count, NULL);
    const hid_t attribute = H5Acreate2(dataset, "REFERENCE_LIST", type, space, H5P_DEFAULT, H5P_DEFAULT);
    const bool fine = attribute >= 0 && H5Awrite(attribute, type, scale->user) >= 0 && H5Aclose(attribute) >= 0;
    H5Sclose(space);
    return dataset >= 0 && H5Dclose(dataset) >= 0 && fine;
}

bool ltp_ledger_write_references(const ltp_ledger *ledger, hid_t file) {
    const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(scale_reference));
    bool fine = H5Tinsert(type, "dataset", HOFFSET(scale_reference, dataset), H5T_STD_REF_OBJ) >= 0 &&
                H5Tinsert(type, "dimension", HOFFSET(scale_reference, dimension), H5T_NATIVE_INT) >= 0;
    for (size_t k = 0; k < ledger->scale_count && fine; k++)
        fine = ledger->scale[k].user_count == 0 || write_users(file, type, &ledger->scale[k]);
    H5Tclose(type);
    return fine;
}

/* --- the hash --------------------------------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b) {
    return strcmp((*(const ledger_object *const *)a)->path, (*(const ledger_object *const *)b)->path);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const ledger_attribute *)a)->name, ((const ledger_attribute *)b)->name);
}

static void hash_bytes(SHA2_CTX *hash, const void *bytes, size_t length) {
    SHA256Update(hash, (const uint8_t *)bytes, length);
}

static void hash_object(SHA2_CTX *hash, const ledger_object *object) {
    hash_bytes(hash, object->path, strlen(object->path) + 1);
    if (object->attribute_count)
        qsort(object->attribute, object->attribute_count, sizeof *object->attribute, by_name);
    for (size_t a = 0; a < object->attribute_count; a++) {
        const ledger_attribute *attribute = &object->attribute[a];
        const size_t size = strlen(attribute->name) + 1;
        hash_bytes(hash, "@", 1);
        hash_bytes(hash, attribute->name, size + attribute->length);
    }
    if (object->is_dataset) {
        hash_bytes(hash, object->shape, strlen(object->shape) + 1);
        uint8_t zeros[SHA256_DIGEST_LENGTH];
        if (object->zeros)
            digest_zeros(object->zeros, zeros);
        hash_bytes(hash, object->zeros ? zeros : object->digest, sizeof zeros);
    }
}

bool ltp_ledger_hash(const ltp_ledger *ledger, uint8_t out[SHA256_DIGEST_LENGTH]) {
    const ledger_object **order = calloc(ledger->object_count + 1, sizeof *order);
    SHA2_CTX hash;
    bool fine = order != NULL;
    for (size_t k = 0; k < ledger->object_count && fine; k++) {
        order[k] = &ledger->object[k];
        fine = !order[k]->is_dataset || order[k]->has_digest;
    }
    if (fine)
        qsort(order, ledger->object_count, sizeof *order, by_path);
    SHA256Init(&hash);
    for (size_t k = 0; k < ledger->object_count && fine; k++)
        hash_object(&hash, order[k]);
    SHA256Final(out, &hash);
    free(order);
    return fine;
}
