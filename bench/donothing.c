/* The do-nothing gaps of a scenario and nothing else: what the numpy peer simulates, by ltp_block_run on one thread.
 *
 * usage: donothing FOLDER BLOCKS [lhs|random] [FILE]
 * Every gap of every path is kept in one array [year][row][path], as the peer keeps them; rows are the organisations,
 * then each system's gap and its three views. (Of more than HELD blocks only the last HELD are kept.) One block is run
 * beforehand and not counted; reading is not timed. Layers behind do_nothing are not simulated; leave programmes.csv
 * out of FOLDER, so that what programmes draw is not drawn either.
 * FILE receives the first system's gap, doubles [block][year][LTP_BLOCK]; writing it is timed.
 * Prints one line a figure: name value unit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/state.h"
#include "sim/core/memory.h"
#include "sim/plan/plan.h"

#define HELD 100

enum { SYSTEM = 0, COMMISSIONER, PROVIDER, EXCLUDING_NHS_ENGLAND, VIEW_COUNT };

typedef struct {
    const ltp_roster *roster;
    double *gap; /* [year][row][path] */
    size_t row_count, path_count, first_path;
} keeper;

static double *row_of(const keeper *keep, int year, size_t row) {
    return keep->gap + (((size_t)year - 1) * keep->row_count + row) * keep->path_count + keep->first_path;
}

static bool counts(const ltp_roster *roster, size_t organisation, int view) {
    return view == SYSTEM || (view == COMMISSIONER && roster->sector[organisation] == LTP_SECTOR_COMMISSIONER) ||
           (view == PROVIDER && roster->sector[organisation] == LTP_SECTOR_PROVIDER) ||
           (view == EXCLUDING_NHS_ENGLAND && !roster->nhs_england[organisation]);
}

LTP_HOT static void difference(double *restrict gap, const double *restrict cost, const double *restrict income) {
    for (size_t i = 0; i < LTP_BLOCK; i++)
        gap[i] = cost[i] - income[i];
}

LTP_HOT static void add_share(double *restrict total, double share, const double *restrict gap) {
    for (size_t i = 0; i < LTP_BLOCK; i++)
        total[i] += share * gap[i];
}

static void keep_gaps(void *context, int layer, int year, const ltp_rows *rows) {
    const keeper *keep = context;
    const ltp_roster *roster = keep->roster;
    const size_t organisations = roster->level[LTP_LEVEL_ORGANISATION].count;
    if (layer != 0)
        return;
    for (size_t o = 0; o < organisations; o++)
        if (rows->row[LTP_QUANTITY_COST][o])
            difference(row_of(keep, year, o), rows->row[LTP_QUANTITY_COST][o], rows->row[LTP_QUANTITY_INCOME][o]);
    for (size_t row = organisations; row < keep->row_count; row++)
        memset(row_of(keep, year, row), 0, LTP_BLOCK * sizeof(double));
    for (size_t m = 0; m < roster->membership_count; m++) {
        const ltp_membership *member = &roster->membership[m];
        for (int view = 0; view < VIEW_COUNT; view++)
            if (counts(roster, member->organisation, view))
                add_share(row_of(keep, year, organisations + member->system * VIEW_COUNT + (size_t)view), member->share,
                          row_of(keep, year, member->organisation));
    }
}

static double clock_of(clockid_t which) {
    struct timespec now;
    clock_gettime(which, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool write_system(const keeper *keep, int year_count, FILE *file) {
    for (int year = 1; year <= year_count; year++) {
        const double *system = row_of(keep, year, keep->roster->level[LTP_LEVEL_ORGANISATION].count);
        if (fwrite(system, sizeof *system, LTP_BLOCK, file) != LTP_BLOCK)
            return false;
    }
    return true;
}

static bool simulate(const ltp_plan *plan, ltp_state *state, keeper *keep, size_t block_count, FILE *file) {
    const size_t held = keep->path_count / LTP_BLOCK;
    state->wanted = 1u << LTP_QUANTITY_INCOME | 1u << LTP_QUANTITY_COST; /* gaps only, as the peer */
    bool written = true;
    ltp_block_run(&plan->model, state, LTP_BLOCK_PILOT, keep_gaps, keep);
    const double wall = clock_of(CLOCK_MONOTONIC), cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t block = 0; block < block_count && written; block++) {
        keep->first_path = block % held * LTP_BLOCK;
        ltp_block_run(&plan->model, state, (uint32_t)block, keep_gaps, keep);
        written = !file || write_system(keep, plan->model.year_count, file);
    }
    printf("core.cpu_seconds %.6f s\n", clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    printf("core.wall_seconds %.6f s\n", clock_of(CLOCK_MONOTONIC) - wall);
    return written;
}

static double mean_system(keeper *keep, int year) {
    double sum = 0.0;
    keep->first_path = 0;
    const double *system = row_of(keep, year, keep->roster->level[LTP_LEVEL_ORGANISATION].count);
    for (size_t i = 0; i < keep->path_count; i++)
        sum += system[i];
    return sum / (double)keep->path_count;
}

static ltp_status run(ltp_plan *plan, size_t block_count, FILE *file, ltp_error *error) {
    const ltp_roster *roster = &plan->roster;
    const int year_count = plan->model.year_count;
    keeper keep = {.roster = roster,
                   .row_count =
                       roster->level[LTP_LEVEL_ORGANISATION].count + VIEW_COUNT * roster->level[LTP_LEVEL_SYSTEM].count,
                   .path_count = (block_count < HELD ? block_count : HELD) * LTP_BLOCK};
    void *memory = NULL;
    ltp_status status = LTP_NEW(&keep.gap, (size_t)year_count * keep.row_count * keep.path_count, "the gaps", error);
    if (status == LTP_OK)
        status = ltp_allocate(&memory, ltp_state_bytes(&plan->model), 1, "the working rows", error);
    if (status == LTP_OK && !simulate(plan, ltp_state_place(&plan->model, memory), &keep, block_count, file))
        status = ltp_error_set(error, LTP_ERROR_IO, "the gaps cannot be written");
    if (status == LTP_OK) {
        printf("core.paths %zu\n", block_count * LTP_BLOCK);
        printf("core.mean_system_gap_last_year %.6f £m\n", mean_system(&keep, year_count));
    }
    ltp_free(memory);
    ltp_free(keep.gap);
    return status;
}

int main(int argc, char **argv) {
    ltp_problem_list *problems = NULL;
    ltp_plan *plan = NULL;
    ltp_error error;
    const long block_count = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    if (block_count < 1 || argc > 5) {
        fprintf(stderr, "usage: donothing FOLDER BLOCKS [lhs|random] [FILE]\n");
        return 2;
    }
    FILE *file = argc > 4 ? fopen(argv[4], "wb") : NULL;
    ltp_status status = ltp_problem_list_create(&problems, &error);
    if (status == LTP_OK && argc > 4 && !file)
        status = ltp_error_set(&error, LTP_ERROR_IO, "%s cannot be written", argv[4]);
    if (status == LTP_OK)
        status = ltp_plan_load(&plan, argv[1], NULL, 0, problems, &error);
    if (status == LTP_OK) {
        plan->model.sampling = argc > 3 && strcmp(argv[3], "random") == 0 ? LTP_SAMPLING_RANDOM : LTP_SAMPLING_LHS;
        plan->model.layer_count = 1; /* do_nothing */
        status = run(plan, (size_t)block_count, file, &error);
    }
    if (file && fclose(file) != 0 && status == LTP_OK)
        status = ltp_error_set(&error, LTP_ERROR_IO, "%s cannot be written", argv[4]);
    if (status != LTP_OK)
        fprintf(stderr, "bench/donothing: %s\n", error.message);
    ltp_plan_free(plan);
    ltp_problem_list_destroy(problems);
    return status == LTP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
