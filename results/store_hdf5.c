#include "results/store_hdf5.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/store_digest.h"
#include "sim/core/memory.h"

#define CHUNK_BYTES (1u << 20) /* most bytes of a summary's chunk */
/* Up to so many bytes deflate costs more than it saves. The checksum stays: a reader must see that a figure is damaged.
 */
#define PLAIN_BYTES 4096
#define TEXT_BUFFER_BYTES 16384

void ltp_h5_quiet(void) {
    H5dont_atexit(); /* a file that could not be written must not be tried again at exit */
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    errno = 0;
}

int64_t ltp_h5_check(ltp_h5 *h5, int64_t result) {
    if (result < 0 && !h5->failed) {
        h5->failed = true;
        h5->cause = errno;
    }
    return result;
}

ltp_status ltp_h5_status(const ltp_h5 *h5, const char *what, ltp_error *error) {
    if (!h5->failed)
        return LTP_OK;
    return ltp_error_set(error, LTP_ERROR_IO, "cannot write '%s': %s: %s", h5->path, what,
                         h5->cause ? strerror(h5->cause) : "the HDF5 library refused");
}

/* What the ledger cannot take down is a failure like any other. */
static void note(ltp_h5 *h5, bool fine) {
    if (!fine && !h5->failed) {
        h5->failed = true;
        h5->cause = ENOMEM;
    }
}

hid_t ltp_h5_text_transfer(void) {
    const hid_t transfer = H5Pcreate(H5P_DATASET_XFER);
    H5Pset_buffer(transfer, TEXT_BUFFER_BYTES, NULL, NULL);
    return transfer;
}

void ltp_h5_digest(ltp_h5 *h5, hid_t dataset, const uint8_t digest[SHA256_DIGEST_LENGTH]) {
    if (!h5->failed)
        note(h5, ltp_ledger_digest(h5->ledger, dataset, digest));
}

/* --- files and groups ------------------------------------------------------------------------------------------- */

hid_t ltp_h5_create_file(ltp_h5 *h5, const char *path) {
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    ltp_h5_check(h5, H5Pset_obj_track_times(creation, false));
    ltp_h5_check(h5, H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    ltp_h5_check(h5, H5Pset_fclose_degree(access, H5F_CLOSE_STRONG));
    h5->file = h5->failed ? -1 : ltp_h5_check(h5, H5Fcreate(path, H5F_ACC_EXCL, creation, access));
    h5->ledger = ltp_ledger_create();
    note(h5, h5->ledger && ltp_ledger_object(h5->ledger, h5->file, -1, ""));
    H5Pclose(access);
    H5Pclose(creation);
    return h5->file;
}

hid_t ltp_h5_group(ltp_h5 *h5, hid_t parent, const char *name) {
    if (h5->failed)
        return -1;
    const hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    ltp_h5_check(h5, H5Pset_obj_track_times(creation, false));
    ltp_h5_check(h5, H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    const hid_t group = ltp_h5_check(h5, H5Gcreate2(parent, name, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Pclose(creation);
    if (!h5->failed)
        note(h5, ltp_ledger_object(h5->ledger, group, parent, name));
    return group;
}

void ltp_h5_close(ltp_h5 *h5, hid_t id) {
    if (id >= 0)
        ltp_h5_check(h5, H5Idec_ref(id));
}

/* --- attributes ------------------------------------------------------------------------------------------------- */

static hid_t text_type(ltp_h5 *h5, size_t width) {
    const hid_t type = ltp_h5_check(h5, H5Tcopy(H5T_C_S1));
    ltp_h5_check(h5, H5Tset_size(type, width));
    ltp_h5_check(h5, H5Tset_cset(type, H5T_CSET_UTF8));
    if (width != H5T_VARIABLE)
        ltp_h5_check(h5, H5Tset_strpad(type, H5T_STR_NULLPAD));
    return type;
}

/* Writes an attribute and closes its type and space. */
static void write_attribute(ltp_h5 *h5, hid_t object, const char *name, hid_t type, hid_t space, const void *value) {
    if (!h5->failed) {
        const hid_t attribute = ltp_h5_check(h5, H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
        if (attribute >= 0) {
            ltp_h5_check(h5, H5Awrite(attribute, type, value));
            ltp_h5_check(h5, H5Aclose(attribute));
        }
    }
    H5Sclose(space);
    H5Tclose(type);
}

static void note_attribute(ltp_h5 *h5, hid_t object, const char *name, const void *bytes, size_t length) {
    if (!h5->failed)
        note(h5, ltp_ledger_attribute(h5->ledger, object, name, bytes, length));
}

void ltp_h5_text_attribute(ltp_h5 *h5, hid_t object, const char *name, const char *text) {
    if (!h5->failed)
        write_attribute(h5, object, name, text_type(h5, H5T_VARIABLE), H5Screate(H5S_SCALAR), &text);
    note_attribute(h5, object, name, text, strlen(text) + 1);
}

void ltp_h5_texts_attribute(ltp_h5 *h5, hid_t object, const char *name, size_t count, const char *const *text) {
    const hsize_t size = count;
    if (count == 0)
        return;
    if (!h5->failed)
        write_attribute(h5, object, name, text_type(h5, H5T_VARIABLE), H5Screate_simple(1, &size, NULL), text);
    size_t length = 0, end = 0;
    for (size_t i = 0; i < count; i++)
        length += strlen(text[i]) + 1;
    char *all = malloc(length);
    for (size_t i = 0; all && i < count; i++, end += strlen(all + end) + 1)
        memcpy(all + end, text[i], strlen(text[i]) + 1);
    note(h5, all != NULL);
    note_attribute(h5, object, name, all, length);
    free(all);
}

void ltp_h5_uint_attribute(ltp_h5 *h5, hid_t object, const char *name, uint64_t value) {
    if (!h5->failed)
        write_attribute(h5, object, name, H5Tcopy(H5T_STD_U64LE), H5Screate(H5S_SCALAR), &value);
    note_attribute(h5, object, name, &value, sizeof value);
}

void ltp_h5_fixed_attribute(ltp_h5 *h5, hid_t object, const char *name, const char *text, size_t width) {
    char padded[LTP_PROVENANCE_WIDTH] = {0};
    static const char ellipsis[] = "…";
    size_t length = strlen(text);
    if (width > sizeof padded)
        width = sizeof padded;
    if (length <= width) {
        memcpy(padded, text, length);
    } else {
        length = width - (sizeof ellipsis - 1);
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
        memcpy(padded, text, length);
        memcpy(padded + length, ellipsis, sizeof ellipsis - 1);
    }
    if (!h5->failed)
        write_attribute(h5, object, name, text_type(h5, width), H5Screate(H5S_SCALAR), padded);
    /* not noted: provenance, which is not in the hash */
}

/* --- datasets --------------------------------------------------------------------------------------------------- */

static hid_t plain_creation(ltp_h5 *h5) {
    const hid_t creation = ltp_h5_check(h5, H5Pcreate(H5P_DATASET_CREATE));
    ltp_h5_check(h5, H5Pset_obj_track_times(creation, false));
    return creation;
}

/* Values as stored; texts each with its NUL. */
static void note_values(ltp_h5 *h5, hid_t dataset, hid_t type, size_t count, const void *value) {
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA2_CTX hash;
    SHA256Init(&hash);
    size_t bytes = count * H5Tget_size(type);
    if (H5Tis_variable_str(type) > 0)
        for (size_t i = 0; i < count; i++) {
            const char *text = ((const char *const *)value)[i];
            SHA256Update(&hash, (const uint8_t *)text, strlen(text) + 1);
        }
    else
        ltp_digest_update(&hash, value, bytes);
    SHA256Final(digest, &hash);
    ltp_h5_digest(h5, dataset, digest);
}

/* One axis, contiguous: coordinates and labels. value NULL: nothing is written. */
static hid_t plain_dataset(ltp_h5 *h5, hid_t group, const char *name, hid_t type, size_t count, const void *value) {
    if (h5->failed)
        return -1;
    const hsize_t size = count;
    const hid_t space = H5Screate_simple(1, &size, NULL), creation = plain_creation(h5);
    const hid_t dataset = ltp_h5_check(h5, H5Dcreate2(group, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    const hid_t transfer = ltp_h5_text_transfer();
    if (dataset >= 0 && value)
        ltp_h5_check(h5, H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, transfer, value));
    H5Pclose(transfer);
    H5Pclose(creation);
    H5Sclose(space);
    if (!h5->failed) {
        note(h5, ltp_ledger_object(h5->ledger, dataset, group, name));
        if (value)
            note_values(h5, dataset, type, count, value);
        else
            note(h5, ltp_ledger_zeros(h5->ledger, dataset, count * H5Tget_size(type)));
    }
    return dataset;
}

static void make_scale(ltp_h5 *h5, hid_t dataset, const char *name, size_t count) {
    if (!h5->failed)
        ltp_h5_check(h5, H5DSset_scale(dataset, name));
    if (!h5->failed)
        note(h5, ltp_ledger_scale(h5->ledger, dataset, count));
}

hid_t ltp_h5_text_scale(ltp_h5 *h5, hid_t group, const char *name, const char *long_name, const ltp_label_axis *axis) {
    const hid_t type = text_type(h5, H5T_VARIABLE);
    const hid_t dataset = plain_dataset(h5, group, name, type, axis->count, axis->code);
    make_scale(h5, dataset, name, axis->count);
    ltp_h5_text_attribute(h5, dataset, "long_name", long_name);
    H5Tclose(type);
    return dataset;
}

hid_t ltp_h5_number_scale(ltp_h5 *h5, hid_t group, const char *name, const char *long_name, size_t count,
                          const double *value) {
    const hid_t dataset = plain_dataset(h5, group, name, H5T_IEEE_F64LE, count, value);
    make_scale(h5, dataset, name, count);
    ltp_h5_text_attribute(h5, dataset, "units", "1");
    ltp_h5_text_attribute(h5, dataset, "long_name", long_name);
    return dataset;
}

hid_t ltp_h5_pure_scale(ltp_h5 *h5, hid_t group, const char *name, size_t count) {
    char label[80]; /* the words and the width that netCDF-4 looks for */
    snprintf(label, sizeof label, "This is a netCDF dimension but not a netCDF variable. %10zu", count);
    const hid_t dataset = plain_dataset(h5, group, name, H5T_IEEE_F32BE, count, NULL);
    make_scale(h5, dataset, label, count);
    return dataset;
}

/* DIMENSION_LIST as H5DSattach_scale makes it. Its other half, REFERENCE_LIST of each scale, is written once at the end
 * (ltp_ledger_write_references): attaching one by one would write each scale's whole list again for each variable. */
static void attach(ltp_h5 *h5, hid_t dataset, const ltp_h5_shape *shape) {
    hobj_ref_t address[LTP_H5_RANK];
    hvl_t list[LTP_H5_RANK];
    for (int axis = 0; axis < shape->rank && !h5->failed; axis++) {
        list[axis] = (hvl_t){1, &address[axis]};
        note(h5, ltp_ledger_axis(h5->ledger, dataset, shape->scale[axis], shape->size[axis], &address[axis]));
    }
    const hsize_t rank = (hsize_t)shape->rank;
    if (!h5->failed)
        write_attribute(h5, dataset, "DIMENSION_LIST", H5Tvlen_create(H5T_STD_REF_OBJ),
                        H5Screate_simple(1, &rank, NULL), list);
}

void ltp_h5_text_variable(ltp_h5 *h5, hid_t group, const char *name, const char *long_name, size_t count,
                          const char *const *text, hid_t scale) {
    const hid_t type = text_type(h5, H5T_VARIABLE);
    const hid_t dataset = plain_dataset(h5, group, name, type, count, text);
    attach(h5, dataset, &(ltp_h5_shape){.rank = 1, .size = {count}, .scale = {scale}});
    ltp_h5_text_attribute(h5, dataset, "long_name", long_name);
    ltp_h5_close(h5, dataset);
    H5Tclose(type);
}

/* The whole variable, or so many of its last axes that a chunk stays under CHUNK_BYTES. */
static void choose_chunk(const ltp_h5_shape *shape, size_t item_bytes, hsize_t *chunk) {
    hsize_t bytes = item_bytes;
    for (int axis = 0; axis < shape->rank; axis++)
        bytes *= chunk[axis] = shape->size[axis];
    for (int axis = 0; axis < shape->rank && bytes > CHUNK_BYTES; axis++) {
        bytes /= chunk[axis];
        chunk[axis] = bytes < CHUNK_BYTES ? CHUNK_BYTES / bytes : 1;
        bytes *= chunk[axis];
    }
}

static size_t value_count(const ltp_h5_shape *shape) {
    size_t count = 1;
    for (int axis = 0; axis < shape->rank; axis++)
        count *= shape->size[axis];
    return count;
}

static void set_chunks(ltp_h5 *h5, hid_t creation, const ltp_h5_variable *variable, const ltp_h5_shape *shape) {
    hsize_t chunk[LTP_H5_RANK];
    choose_chunk(shape, H5Tget_size(variable->file_type), chunk);
    ltp_h5_check(h5, H5Pset_chunk(creation, shape->rank, variable->chunk ? variable->chunk : chunk));
    if (variable->compress && value_count(shape) * H5Tget_size(variable->file_type) > PLAIN_BYTES) {
        ltp_h5_check(h5, H5Pset_shuffle(creation));
        ltp_h5_check(h5, H5Pset_deflate(creation, 1));
    }
    ltp_h5_check(h5, H5Pset_fletcher32(creation));
}

hid_t ltp_h5_create_variable(ltp_h5 *h5, hid_t group, const ltp_h5_variable *variable, const ltp_h5_shape *shape) {
    if (h5->failed)
        return -1;
    const hid_t creation = plain_creation(h5);
    set_chunks(h5, creation, variable, shape);
    const double missing = NAN;
    if (variable->fill_nan)
        ltp_h5_check(h5, H5Pset_fill_value(creation, H5T_NATIVE_DOUBLE, &missing));
    const hid_t space = H5Screate_simple(shape->rank, shape->size, NULL);
    const hid_t dataset = ltp_h5_check(
        h5, H5Dcreate2(group, variable->name, variable->file_type, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Sclose(space);
    H5Pclose(creation);
    if (!h5->failed)
        note(h5, ltp_ledger_object(h5->ledger, dataset, group, variable->name));
    attach(h5, dataset, shape);
    if (variable->units)
        ltp_h5_text_attribute(h5, dataset, "units", variable->units);
    ltp_h5_text_attribute(h5, dataset, "long_name", variable->long_name);
    return dataset;
}

void ltp_h5_write_variable(ltp_h5 *h5, hid_t group, const ltp_h5_variable *variable, const ltp_h5_shape *shape,
                           const void *data) {
    const size_t count = value_count(shape);
    if (count == 0)
        return;
    const hid_t dataset = ltp_h5_create_variable(h5, group, variable, shape);
    if (!h5->failed)
        ltp_h5_check(h5, H5Dwrite(dataset, variable->memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data));
    if (!h5->failed) /* in memory as in the file: little-endian */
        note_values(h5, dataset, variable->memory_type, count, data);
    ltp_h5_close(h5, dataset);
}
