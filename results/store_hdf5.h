/* HDF5 in the few forms that the result file uses, for store*.c and read*.c only.
 *
 * Writing is sticky: after the first failure every helper does nothing, and the failure is looked at once per step
 * (ltp_h5_status). Object times are off everywhere and link order is kept, so that equal runs give equal bytes and
 * netCDF tools find variables in the order written. */
#ifndef LTP_RESULTS_STORE_HDF5_H
#define LTP_RESULTS_STORE_HDF5_H

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/store_ledger.h"
#include "sim/core/roster.h"
#include "sim/core/status.h"

#define LTP_FORMAT_NAME "ltpsim-result"
#define LTP_FORMAT_VERSION 1
#define LTP_H5_RANK 6 /* most axes of a variable */
#define LTP_PROVENANCE_WIDTH 256

typedef struct {
    const char *path; /* for messages */
    hid_t file;
    ltp_ledger *ledger; /* of what is written; NULL when reading */
    bool failed;
    int cause; /* errno at the first failure, 0 unknown */
} ltp_h5;

/* A variable's axes: sizes and the dimension scales that name them. */
typedef struct {
    int rank;
    hsize_t size[LTP_H5_RANK];
    hid_t scale[LTP_H5_RANK];
} ltp_h5_shape;

typedef struct {
    const char *name, *units, *long_name; /* units NULL: none (text) */
    hid_t file_type, memory_type;
    bool fill_nan;
    bool compress;        /* shuffle + deflate 1 */
    const hsize_t *chunk; /* NULL: chosen. Chunks have fletcher32; a small variable without chunks is stored as it is */
} ltp_h5_variable;

/* No messages of the library's own, no work at exit. Once per call into this room. */
void ltp_h5_quiet(void);
/* Notes a failure if `result` (an id or an herr_t) is negative; passes it on. */
int64_t ltp_h5_check(ltp_h5 *h5, int64_t result);
/* LTP_ERROR_IO "cannot write 'PATH': WHAT: reason" if anything has failed. */
ltp_status ltp_h5_status(const ltp_h5 *h5, const char *what, ltp_error *error);

/* How texts are written and read, for the caller to close: HDF5 would clear 2 MB to convert a dozen names in. */
hid_t ltp_h5_text_transfer(void);

hid_t ltp_h5_create_file(ltp_h5 *h5, const char *path);
hid_t ltp_h5_group(ltp_h5 *h5, hid_t parent, const char *name);
void ltp_h5_close(ltp_h5 *h5, hid_t id); /* group, dataset, … */

void ltp_h5_text_attribute(ltp_h5 *h5, hid_t object, const char *name, const char *text); /* variable-length UTF-8 */
void ltp_h5_texts_attribute(ltp_h5 *h5, hid_t object, const char *name, size_t count, const char *const *text);
void ltp_h5_uint_attribute(ltp_h5 *h5, hid_t object, const char *name, uint64_t value);
/* `width` bytes, padded with NUL; longer text is cut at a character and ends in "…". */
void ltp_h5_fixed_attribute(ltp_h5 *h5, hid_t object, const char *name, const char *text, size_t width);

/* Dimension scales, left open for the caller to close. */
hid_t ltp_h5_text_scale(ltp_h5 *h5, hid_t group, const char *name, const char *long_name, const ltp_label_axis *axis);
hid_t ltp_h5_number_scale(ltp_h5 *h5, hid_t group, const char *name, const char *long_name, size_t count,
                          const double *value);
hid_t ltp_h5_pure_scale(ltp_h5 *h5, hid_t group, const char *name,
                        size_t count); /* a netCDF dimension without values */

/* Text along one scale: names of codes, units of services. */
void ltp_h5_text_variable(ltp_h5 *h5, hid_t group, const char *name, const char *long_name, size_t count,
                          const char *const *text, hid_t scale);
/* Creates the dataset with its axes and attributes; the caller writes and closes it. */
hid_t ltp_h5_create_variable(ltp_h5 *h5, hid_t group, const ltp_h5_variable *variable, const ltp_h5_shape *shape);
/* Creates, writes, closes. Nothing if an axis is empty. */
void ltp_h5_write_variable(ltp_h5 *h5, hid_t group, const ltp_h5_variable *variable, const ltp_h5_shape *shape,
                           const void *data);

/* Notes the digest of a value written by other means. */
void ltp_h5_digest(ltp_h5 *h5, hid_t dataset, const uint8_t digest[SHA256_DIGEST_LENGTH]);

/* Content hash of an open file, 64 hexadecimal digits and NUL, by reading all of it (see store_hash.c for what is
 * hashed, in which order); the ledger has the same from writing. */
ltp_status ltp_h5_content_hash(const ltp_h5 *h5, char out[65], ltp_error *error);
void ltp_h5_hash_text(const uint8_t digest[SHA256_DIGEST_LENGTH], char out[65]);

#endif
