/* A run as asked for: what check and run have in common. */
#ifndef LTP_JOB_H
#define LTP_JOB_H

#include "results/store.h"
#include "sim/command.h"

typedef struct {
    ltp_plan *plan;
    uint64_t path_count; /* rounded up to whole blocks; 1 with sampling expected */
    uint32_t block_count;
    int threads;
} ltp_job;

/* The same, before there is a plan: whether they can be read at all. */
ltp_status ltp_job_check_options(const char *paths, const char *seed, const char *threads, ltp_error *error);

/* Paths, seed and threads from the command line (NULL: the scenario's, the machine's). */
ltp_status ltp_job_create(ltp_job *job, ltp_plan *plan, const char *paths, const char *seed, const char *threads,
                          ltp_error *error);

/* Kept measures of the job's scenario. */
size_t ltp_job_keep(const ltp_job *job, const char *const **keep);

typedef struct {
    double seconds; /* of the simulation, on the job's threads: timed on one block */
    uint64_t memory_bytes, file_bytes;
} ltp_job_estimate;

/* How large the result will be. */
ltp_status ltp_job_estimate_file(const ltp_job *job, uint64_t *bytes, ltp_error *error);
/* Times one block and counts the rest. */
ltp_status ltp_job_estimate_cost(const ltp_job *job, ltp_job_estimate *estimate, ltp_error *error);

/* £m that flow in the base year. */
double ltp_job_money(const ltp_job *job);

#endif
