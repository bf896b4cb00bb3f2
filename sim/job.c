#include "sim/job.h"

#include "models/state.h"
#include "sim/engine/run.h"

#define PATHS_MOST UINT64_C(2147483648)
#define THREADS_MOST 1024

/* What stands on the command line; what does not is left as it is. */
static ltp_status read_options(const char *paths, const char *seed, const char *threads, unsigned long long out[3],
                               ltp_error *error) {
    ltp_status status = LTP_OK;
    if (paths)
        status = ltp_option_count("--paths", paths, 1, PATHS_MOST, &out[0], error);
    if (status == LTP_OK && seed)
        status = ltp_option_count("--seed", seed, 0, INT64_MAX, &out[1], error);
    if (status == LTP_OK && threads)
        status = ltp_option_count("--threads", threads, 1, THREADS_MOST, &out[2], error);
    return status;
}

ltp_status ltp_job_check_options(const char *paths, const char *seed, const char *threads, ltp_error *error) {
    unsigned long long ignored[3];
    return read_options(paths, seed, threads, ignored, error);
}

static ltp_status counts(ltp_job *job, const char *paths, const char *seed, const char *threads, ltp_error *error) {
    unsigned long long number[3] = {job->plan->scenario->path_count, job->plan->model.seed,
                                    (unsigned long long)ltp_run_default_threads()};
    const ltp_status status = read_options(paths, seed, threads, number, error);
    job->path_count = number[0];
    job->plan->model.seed = job->plan->attribution_model.seed = number[1];
    job->threads = (int)number[2];
    return status;
}

ltp_status ltp_job_create(ltp_job *job, ltp_plan *plan, const char *paths, const char *seed, const char *threads,
                          ltp_error *error) {
    *job = (ltp_job){.plan = plan};
    ltp_status status = counts(job, paths, seed, threads, error);
    if (status != LTP_OK)
        return status;
    if (plan->model.sampling == LTP_SAMPLING_EXPECTED) {
        job->path_count = 1;
        job->block_count = 1;
    } else {
        job->block_count = (uint32_t)((job->path_count + LTP_BLOCK - 1) / LTP_BLOCK);
        job->path_count = (uint64_t)job->block_count * LTP_BLOCK;
    }
    if ((uint32_t)job->threads > job->block_count)
        job->threads = (int)job->block_count;
    return LTP_OK;
}

size_t ltp_job_keep(const ltp_job *job, const char *const **keep) {
    *keep = job->plan->scenario->keep;
    return job->plan->model.sampling == LTP_SAMPLING_EXPECTED ? 0 : job->plan->scenario->keep_count;
}

double ltp_job_money(const ltp_job *job) {
    double money = 0.0;
    for (int k = 0; k <= LTP_STANDING_COUNT; k++)
        money += job->plan->standing[k];
    for (int s = 0; s < job->plan->model.capital.system_count; s++)
        money += job->plan->model.capital.system[s].envelope[0];
    return money;
}

static void forget(void *context, int layer, int year, const ltp_rows *rows) {
    (void)context, (void)layer, (void)year, (void)rows;
}

/* Seconds of one block with its statistics, the second time round. */
static ltp_status time_block(const ltp_job *job, double *seconds, ltp_error *error) {
    void *memory;
    ltp_status status = ltp_allocate(&memory, ltp_state_bytes(&job->plan->model), 1, "working rows", error);
    if (status != LTP_OK)
        return status;
    ltp_state *state = ltp_state_place(&job->plan->model, memory);
    ltp_block_run(&job->plan->model, state, 0, forget, NULL);
    const double begun = ltp_clock();
    ltp_block_run(&job->plan->model, state, 1, forget, NULL);
    *seconds = ltp_clock() - begun;
    ltp_free(memory);
    return LTP_OK;
}

ltp_status ltp_job_estimate_file(const ltp_job *job, uint64_t *bytes, ltp_error *error) {
    const char *const *keep;
    const size_t keep_count = ltp_job_keep(job, &keep);
    uint64_t inputs = 0;
    for (size_t k = 0; k < job->plan->scenario->file_count; k++)
        inputs += job->plan->scenario->file[k].length;
    return ltp_store_estimate(&job->plan->roster, job->path_count, keep_count, keep, inputs, bytes, error);
}

ltp_status ltp_job_estimate_cost(const ltp_job *job, ltp_job_estimate *estimate, ltp_error *error) {
    double block;
    ltp_status status = time_block(job, &block, error);
    if (status != LTP_OK)
        return status;
    const double statistics = 1.3; /* collecting costs about a third more */
    estimate->seconds = statistics * block * (double)(job->block_count + 1) / job->threads;
    estimate->memory_bytes = ltp_state_bytes(&job->plan->model) * (size_t)job->threads +
                             ltp_collector_bytes(&job->plan->roster, (size_t)job->threads);
    return ltp_job_estimate_file(job, &estimate->file_bytes, error);
}
