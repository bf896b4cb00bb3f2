#include "sim/engine/run.h"

#include <fenv.h>
#include <omp.h>
#include <sched.h>
#include <string.h>

#include "models/state.h"
#include "sim/core/memory.h"
#include "sim/engine/stop.h"

#define CONSERVATION_SHARE 1e-11 /* of the money that flows: rounding of some thousand additions */

/* One thread's working space. */
typedef struct {
    void *memory;
    ltp_state *state;
    ltp_collector_block *collected;
    void *subset_memory; /* of the attribution's run; NULL: none */
    ltp_state *subset_state;
    ltp_attributor_block *attributed;
} worker;

/* Kept paths of a block that came before its turn. */
typedef struct {
    bool full;
    uint32_t block;
    float **sample; /* [keep] */
    size_t *length;
} parked;

typedef struct {
    const ltp_run_option *option;
    uint32_t next; /* block whose samples are due */
    uint64_t done; /* blocks finished */
    int parking_count;
    parked *parking;
    ltp_status status; /* of the first thing that failed */
    ltp_error *error;
} loop;

int ltp_run_default_threads(void) {
    return omp_get_max_threads();
}

static void worker_free(worker *w) {
    ltp_collector_block_destroy(w->collected);
    ltp_attributor_block_destroy(w->attributed);
    ltp_free(w->memory);
    ltp_free(w->subset_memory);
}

static ltp_status worker_create(const ltp_run_option *option, worker *w, ltp_error *error) {
    *w = (worker){0};
    ltp_status status =
        ltp_allocate(&w->memory, ltp_state_bytes(option->model), 1, "the working rows of a thread", error);
    if (status == LTP_OK)
        status = ltp_collector_block_create(&w->collected, option->collector, error);
    if (status == LTP_OK)
        w->state = ltp_state_place(option->model, w->memory);
    if (status == LTP_OK && option->attributor)
        status = ltp_allocate(&w->subset_memory, ltp_state_bytes(option->subset_model), 1,
                              "the working rows of a thread's attribution", error);
    if (status == LTP_OK && option->attributor)
        status = ltp_attributor_block_create(&w->attributed, option->attributor, error);
    if (status == LTP_OK && option->attributor) {
        w->subset_state = ltp_state_place(option->subset_model, w->subset_memory);
    }
    return status;
}

static void collect_and_attribute(void *context, int layer, int year, const ltp_rows *rows) {
    worker *w = context;
    ltp_collector_sink(w->collected, layer, year, rows);
    ltp_attributor_own(w->attributed, layer, year, rows);
}

static ltp_status simulate(const ltp_run_option *option, worker *w, uint32_t block, ltp_error *error) {
    const bool attribute = option->attributor && block != LTP_BLOCK_PILOT;
    ltp_collector_block_begin(w->collected, block);
    if (attribute) {
        const bool subsets = ltp_attributor_begin(w->attributed, block);
        ltp_block_run(option->model, w->state, block, collect_and_attribute, w);
        if (subsets)
            ltp_block_run(option->subset_model, w->subset_state, block, ltp_attributor_subset, w->attributed);
    } else {
        ltp_block_run(option->model, w->state, block, ltp_collector_sink, w->collected);
    }
    ltp_status status = ltp_collector_block_end(w->collected, error);
    if (status == LTP_OK && attribute)
        ltp_attributor_end(w->attributed);
    return status;
}

/* --- kept paths leave in block order --- */

static ltp_status store_block(const loop *run, uint32_t block, float *const *sample, const size_t *length,
                              ltp_error *error) {
    ltp_status status = LTP_OK;
    for (size_t k = 0; status == LTP_OK && k < run->option->keep_count; k++)
        status = ltp_store_samples(run->option->store, block, k, sample[k], length[k], error);
    return status;
}

/* The block whose turn it is goes straight to the store. */
static ltp_status store_now(const loop *run, uint32_t block, const worker *w, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (size_t k = 0; status == LTP_OK && k < run->option->keep_count; k++) {
        size_t length;
        const float *sample = ltp_collector_block_sample(w->collected, k, &length);
        status = ltp_store_samples(run->option->store, block, k, sample, length, error);
    }
    return status;
}

static ltp_status store_due(loop *run, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (int k = 0; status == LTP_OK && k < run->parking_count; k++)
        if (run->parking[k].full && run->parking[k].block == run->next) {
            status = store_block(run, run->next++, run->parking[k].sample, run->parking[k].length, error);
            run->parking[k].full = false;
            k = -1; /* look again from the first */
        }
    return status;
}

static bool park(loop *run, uint32_t block, const worker *w) {
    for (int p = 0; p < run->parking_count; p++) {
        if (run->parking[p].full)
            continue;
        run->parking[p].full = true;
        run->parking[p].block = block;
        for (size_t k = 0; k < run->option->keep_count; k++) {
            const float *sample = ltp_collector_block_sample(w->collected, k, &run->parking[p].length[k]);
            memcpy(run->parking[p].sample[k], sample, run->parking[p].length[k] * sizeof *sample);
        }
        return true;
    }
    return false;
}

static ltp_status parking_create(loop *run, const worker *w, ltp_error *error) {
    const size_t keep = run->option->keep_count;
    run->parking_count = 2 * run->option->threads + 1;
    ltp_status status = LTP_NEW(&run->parking, (size_t)run->parking_count, "kept paths", error);
    for (int p = 0; status == LTP_OK && p < run->parking_count; p++) {
        status = LTP_NEW(&run->parking[p].sample, keep, "kept paths", error);
        if (status == LTP_OK)
            status = LTP_NEW(&run->parking[p].length, keep, "kept paths", error);
        for (size_t k = 0; status == LTP_OK && k < keep; k++) {
            size_t length;
            ltp_collector_block_sample(w->collected, k, &length);
            status = LTP_NEW(&run->parking[p].sample[k], length, "kept paths", error);
        }
    }
    return status;
}

static void parking_free(loop *run) {
    for (int p = 0; run->parking && p < run->parking_count; p++) {
        for (size_t k = 0; run->parking[p].sample && k < run->option->keep_count; k++)
            ltp_free(run->parking[p].sample[k]);
        ltp_free(run->parking[p].sample);
        ltp_free(run->parking[p].length);
    }
    ltp_free(run->parking);
}

/* Takes a finished block in: parks its paths, stores what is due. False: no room yet, come again. */
static bool hand_in(loop *run, uint32_t block, const worker *w) {
    ltp_error error = {0};
    ltp_status status = LTP_OK;
    if (run->option->store && run->option->keep_count && run->status == LTP_OK) {
        if (block == run->next) {
            run->next++;
            status = store_now(run, block, w, &error);
        } else if (!park(run, block, w)) {
            return false;
        }
        if (status == LTP_OK)
            status = store_due(run, &error);
    }
    if (status != LTP_OK && run->status == LTP_OK) {
        run->status = status;
        *run->error = error;
    }
    run->done++;
    ltp_progress_update(run->option->progress, run->done * LTP_BLOCK);
    return true;
}

/* --- the loop --- */

static void fail(loop *run, ltp_status status, const ltp_error *error) {
#pragma omp critical(ltp_run_loop)
    if (run->status == LTP_OK) {
        run->status = status;
        *run->error = *error;
    }
}

static bool failed(const loop *run) {
    bool yes;
#pragma omp critical(ltp_run_loop)
    yes = run->status != LTP_OK;
    return yes;
}

static void one_block(loop *run, worker *w, uint32_t block) {
    ltp_error error = {0};
    if (ltp_stop_requested() || failed(run))
        return;
    ltp_status status = simulate(run->option, w, block, &error);
    if (status != LTP_OK) {
        fail(run, status, &error);
        return;
    }
    bool in = false;
    while (!in) { /* the block whose turn it is never waits, so everybody's turn comes */
#pragma omp critical(ltp_run_loop)
        in = hand_in(run, block, w);
        if (!in && ltp_stop_requested())
            return;
        if (!in)
            sched_yield();
    }
}

static void work(loop *run, worker *w, ltp_run_report *report) {
    fesetenv(FE_DFL_ENV);
#pragma omp for schedule(dynamic, 1) nowait
    for (uint32_t block = 0; block < run->option->block_count; block++)
        one_block(run, w, block);
#pragma omp critical(ltp_run_loop)
    {
        if (!(w->state->conservation <= report->conservation))
            report->conservation = w->state->conservation;
        if (w->subset_state && !(w->subset_state->conservation <= report->conservation))
            report->conservation = w->subset_state->conservation;
        report->beyond += w->state->beyond;
        report->moved += w->state->moved;
    }
}

static ltp_status run_blocks(loop *run, worker *first, ltp_run_report *report) {
#pragma omp parallel num_threads(run->option->threads)
    {
        worker own, *w = first;
        ltp_error error = {0};
        ltp_status status = LTP_OK;
        const bool other = omp_get_thread_num() != 0;
        if (other) {
            w = &own;
            status = worker_create(run->option, &own, &error);
            if (status != LTP_OK)
                fail(run, status, &error);
        }
#pragma omp barrier
        if (!failed(run))
            work(run, w, report);
        if (other)
            worker_free(&own);
    }
    return run->status;
}

static ltp_status check_conservation(const ltp_run_option *option, const ltp_run_report *report, ltp_error *error) {
    const double allowed = CONSERVATION_SHARE * option->money;
    if (report->conservation <= allowed)
        return LTP_OK;
    return ltp_error_set(error, LTP_ERROR_NUMERIC,
                         "money is not conserved: payments and receipts of everybody differ by £%.3gm in some path, "
                         "where rounding explains £%.3gm",
                         report->conservation, allowed);
}

ltp_status ltp_run(const ltp_run_option *option, ltp_run_report *report, ltp_error *error) {
    loop run = {.option = option, .error = error};
    worker first;
    const double begun = ltp_clock();
    *report = (ltp_run_report){0};
    ltp_status status = worker_create(option, &first, error);
    if (status == LTP_OK && option->model->sampling != LTP_SAMPLING_EXPECTED)
        status = simulate(option, &first, LTP_BLOCK_PILOT, error);
    if (status == LTP_OK && option->store && option->keep_count)
        status = parking_create(&run, &first, error);
    if (status == LTP_OK) {
        first.state->beyond = first.state->moved = 0; /* the pilot is not counted */
        status = run_blocks(&run, &first, report);
    }
    if (status == LTP_OK && ltp_stop_requested() && run.done < option->block_count)
        status = ltp_error_set(error, LTP_ERROR_STOPPED, "stopped after %llu of %llu blocks; no result was written",
                               (unsigned long long)run.done, (unsigned long long)option->block_count);
    if (status == LTP_OK)
        status = check_conservation(option, report, error);
    parking_free(&run);
    worker_free(&first);
    report->seconds = ltp_clock() - begun;
    return status;
}
