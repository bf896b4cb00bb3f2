/* What has been written to the result file, noted while it is written: the content hash needs nothing read back, and
 * each scale's list of the variables along it is written once instead of once a variable. For store*.c only. */
#ifndef LTP_RESULTS_STORE_LEDGER_H
#define LTP_RESULTS_STORE_LEDGER_H

#include <hdf5.h>
#include <sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ltp_ledger ltp_ledger;

/* NULL: no memory. Below, false: no memory, or an object that was never noted. */
ltp_ledger *ltp_ledger_create(void);
void ltp_ledger_destroy(ltp_ledger *ledger); /* NULL is fine */

/* A group or dataset `name` under a noted parent ("" under −1 is the file itself, "/"), open as `id`. */
bool ltp_ledger_object(ltp_ledger *ledger, hid_t id, hid_t parent, const char *name);
/* A text or number attribute: the bytes that are hashed. */
bool ltp_ledger_attribute(ltp_ledger *ledger, hid_t object, const char *name, const void *bytes, size_t length);
/* A scale: its own axis. */
bool ltp_ledger_scale(ltp_ledger *ledger, hid_t id, hsize_t size);
/* The next axis of a dataset stands on a scale of the ledger, open as `scale` (by any id). address: the scale's. */
bool ltp_ledger_axis(ltp_ledger *ledger, hid_t dataset, hid_t scale, hsize_t size, hobj_ref_t *address);
/* SHA-256 of a dataset's value. */
bool ltp_ledger_digest(ltp_ledger *ledger, hid_t dataset, const uint8_t digest[SHA256_DIGEST_LENGTH]);

/* The same of a value that is not written: so many bytes of 0. */
bool ltp_ledger_zeros(ltp_ledger *ledger, hid_t dataset, size_t bytes);

/* Writes each scale's REFERENCE_LIST as H5DSattach_scale would have; false: HDF5 refused. */
bool ltp_ledger_write_references(const ltp_ledger *ledger, hid_t file);
/* The content hash (rule: store_hash.c) of all that was noted. false: a dataset has no digest, or no memory. */
bool ltp_ledger_hash(const ltp_ledger *ledger, uint8_t out[SHA256_DIGEST_LENGTH]);

#endif
