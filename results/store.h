/* The result file (HDF5). The only file of the program that includes hdf5.h is store*.c / read*.c in results/. */
#ifndef LTP_RESULTS_STORE_H
#define LTP_RESULTS_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "results/attribute.h"
#include "results/collector.h"
#include "sim/core/status.h"

typedef struct ltp_store ltp_store;

typedef struct {
    const char *name;
    const char *bytes;
    size_t length;
} ltp_store_file; /* /input/FILE */
typedef struct {
    const char *name, *units, *long_name;
    size_t rows, columns;
    const double *value;
} ltp_store_array;

typedef struct {
    const char *path;                                                     /* target file */
    const char *title, *base_year;                                        /* "2018/19" */
    uint64_t seed, paths;                                                 /* paths after rounding up to blocks */
    const char *sampling;                                                 /* "lhs" … */
    const char *submission_name, *submission_date, *submission_milestone; /* NULL: none, and nothing is written */
    const ltp_roster *roster;
    size_t file_count;
    const ltp_store_file *file;
    size_t compiled_count; /* /input/compiled: tables and factors the run used */
    const ltp_store_array *compiled;
    size_t note_count; /* root attribute not_modelled */
    const char *const *note;
} ltp_store_option;

/* Says before the simulation whether the target can be written (folder, permission, room for `bytes`). */
ltp_status ltp_store_probe(const char *path, uint64_t bytes, ltp_error *error);
/* Bytes that a result will take, roughly: kept paths are exact, the rest by experience. */
ltp_status ltp_store_estimate(const ltp_roster *roster, uint64_t paths, size_t keep_count, const char *const *keep,
                              uint64_t input_bytes, uint64_t *bytes, ltp_error *error);
/* Opens TARGET.tmp.PID beside the target and writes coordinates and inputs. */
ltp_status ltp_store_create(ltp_store **out, const ltp_store_option *option, ltp_collector *collector,
                            ltp_error *error);
/* Kept paths of one block, in block order (the caller's reorder buffer sees to it). */
ltp_status ltp_store_samples(ltp_store *store, uint32_t block, size_t keep, const float *sample, size_t length,
                             ltp_error *error);
/* /baseline: one value by organisation for each name (NaN where unknown). */
ltp_status ltp_store_baseline(ltp_store *store, const ltp_store_array *array, size_t count, ltp_error *error);

/* /bridge and /effect, from all blocks. */
ltp_status ltp_store_attribution(ltp_store *store, const ltp_attributor *attributor, ltp_error *error);

typedef struct {
    const char *name, *value;
} ltp_store_provenance; /* padded to 256 bytes each */
/* Summaries, content hash, provenance; closes, fsyncs, renames, fsyncs the folder. Frees the store in every case. */
ltp_status ltp_store_finish(ltp_store *store, const ltp_store_provenance *provenance, size_t count, ltp_error *error);
/* Gives up: removes the temporary file, frees. */
void ltp_store_abandon(ltp_store *store);

#endif
