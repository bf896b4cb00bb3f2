/* ltpsim run: simulates, writes the result, prints the headline table. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "results/report/headline.h"
#include "sim/core/memory.h"
#include "sim/core/version.h"
#include "sim/engine/run.h"
#include "sim/engine/stop.h"
#include "sim/job.h"
#include "sim/text.h"

typedef struct {
    const char *output, *paths, *seed, *threads, *format;
    ltp_option_list set;
    bool quiet;
} run_fields;

static const ltp_option run_options[] = {
    {"-o", "FILE", "the result (default: out/NAME.h5)", offsetof(run_fields, output), false},
    {"--paths", "N", "simulated futures, rounded up to blocks of 1,024 (default: the scenario's)",
     offsetof(run_fields, paths), false},
    {"--seed", "S", "0 to 9223372036854775807 (default: the scenario's)", offsetof(run_fields, seed), false},
    {"--threads", "T", "threads; the numbers are the same for any (default: the machine's)",
     offsetof(run_fields, threads), false},
    {"--set", "K=V", "change a cell: TABLE.KEY.COLUMN=VALUE", offsetof(run_fields, set), true},
    {"--format", "F", "headline as table, csv or json (default: table)", offsetof(run_fields, format), false},
    {"--quiet", NULL, "no progress, no notes", offsetof(run_fields, quiet), false},
};

/* Everything between loading and the report. */
typedef struct {
    const run_fields *fields;
    const char *path;
    ltp_job job;
    ltp_collector *collector;
    ltp_attributor *attributor; /* NULL: nothing to attribute */
    ltp_store *store;
    ltp_run_report report;
    double load_seconds, store_seconds;
    int argc;
    char **argv;
} run_state;

static ltp_status output_path(run_state *run, ltp_error *error) {
    char *path;
    if (!run->fields->output && run->fields->set.count)
        return ltp_error_set(error, LTP_ERROR_USAGE,
                             "with --set, say with -o where the result goes: it is not that of the scenario itself");
    if (run->fields->output) {
        run->path = run->fields->output;
        return LTP_OK;
    }
    if (mkdir("out", 0777) != 0 && errno != EEXIST)
        return ltp_error_set(error, LTP_ERROR_IO, "the folder out/ cannot be made: %s", strerror(errno));
    ltp_status status = ltp_pool_format(run->job.plan->pool, &path, error, "out/%s.h5", run->job.plan->scenario->name);
    run->path = path;
    return status;
}

/* Inputs as they were read, and what the command line changed: a result can be run again from itself. */
static ltp_status input_files(run_state *run, ltp_store_file **file, size_t *count, ltp_error *error) {
    const ltp_scenario *scenario = run->job.plan->scenario;
    const size_t set = run->fields->set.count;
    size_t length = 1;
    char *text;
    *count = scenario->file_count + (set > 0);
    ltp_status status = LTP_POOL_NEW(run->job.plan->pool, file, *count, error);
    for (size_t k = 0; k < set; k++)
        length += strlen(run->fields->set.value[k]) + 1;
    if (status == LTP_OK)
        status = ltp_pool_allocate(run->job.plan->pool, (void **)&text, length, 1, error);
    if (status != LTP_OK)
        return status;
    for (size_t k = 0; k < scenario->file_count; k++)
        (*file)[k] = (ltp_store_file){scenario->file[k].name, scenario->file[k].bytes, scenario->file[k].length};
    for (size_t k = 0; k < set; k++)
        strcat(strcat(text, run->fields->set.value[k]), "\n");
    if (set > 0)
        (*file)[*count - 1] = (ltp_store_file){"(command line)", text, strlen(text)};
    return LTP_OK;
}

static ltp_status baseline(run_state *run, ltp_error *error) {
    const ltp_plan *plan = run->job.plan;
    ltp_store_array *array;
    ltp_status status = LTP_POOL_NEW(plan->pool, &array, (size_t)plan->baseline_count, error);
    if (status != LTP_OK)
        return status;
    for (int k = 0; k < plan->baseline_count; k++)
        array[k] = (ltp_store_array){.name = plan->baseline[k].name,
                                     .units = plan->baseline[k].unit,
                                     .long_name = plan->baseline[k].doc,
                                     .rows = plan->roster.level[LTP_LEVEL_ORGANISATION].count,
                                     .columns = 1,
                                     .value = plan->baseline[k].value};
    return ltp_store_baseline(run->store, array, (size_t)plan->baseline_count, error);
}

/* The scenario's title, and what the command line changed: nobody should take the one for the other. */
static ltp_status title(const run_state *run, const char **out, ltp_error *error) {
    char *text = (char *)run->job.plan->scenario->title;
    ltp_status status = LTP_OK;
    for (size_t k = 0; k < run->fields->set.count && status == LTP_OK; k++)
        status = ltp_pool_format(run->job.plan->pool, &text, error, "%s; changed: %s", text, run->fields->set.value[k]);
    *out = text;
    return status;
}

static ltp_status create(run_state *run, ltp_error *error) {
    const ltp_plan *plan = run->job.plan;
    static const char *const sampling[] = {"lhs", "random", "expected"};
    ltp_collector_option collect = {.roster = &plan->roster, .expected = plan->model.sampling == LTP_SAMPLING_EXPECTED};
    collect.keep_count = ltp_job_keep(&run->job, &collect.keep);
    ltp_store_file *file;
    ltp_store_array *compiled;
    ltp_store_option store = {.path = run->path,
                              .base_year = plan->scenario->year_label[0],
                              .seed = plan->model.seed,
                              .paths = run->job.path_count,
                              .sampling = sampling[plan->model.sampling],
                              .submission_name = plan->scenario->submission_name,
                              .submission_date = plan->scenario->submission_date,
                              .submission_milestone = plan->scenario->submission_milestone,
                              .roster = &plan->roster,
                              .note_count = (size_t)plan->unmodelled_count,
                              .note = plan->unmodelled,
                              .compiled_count = (size_t)plan->compiled_count};
    uint64_t bytes = 0;
    ltp_status status = ltp_job_estimate_file(&run->job, &bytes, error);
    if (status == LTP_OK)
        status = title(run, &store.title, error);
    if (status == LTP_OK)
        status = ltp_store_probe(run->path, bytes, error);
    if (status == LTP_OK)
        status = ltp_collector_create(&run->collector, &collect, error);
    if (status == LTP_OK && plan->attribution_model.layer_count)
        status = ltp_attributor_create(&run->attributor, &plan->roster, &plan->attribution, collect.expected, error);
    if (status == LTP_OK)
        status = input_files(run, &file, &store.file_count, error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(plan->pool, &compiled, store.compiled_count, error);
    if (status != LTP_OK)
        return status;
    for (size_t k = 0; k < store.compiled_count; k++)
        compiled[k] = (ltp_store_array){.name = plan->compiled[k].name,
                                        .units = plan->compiled[k].unit,
                                        .long_name = plan->compiled[k].doc,
                                        .rows = plan->compiled[k].rows,
                                        .columns = plan->compiled[k].columns,
                                        .value = plan->compiled[k].value};
    store.file = file;
    store.compiled = compiled;
    status = ltp_store_create(&run->store, &store, run->collector, error);
    return status == LTP_OK ? baseline(run, error) : status;
}

static ltp_status simulate(run_state *run, ltp_error *error) {
    const char *const *keep;
    ltp_progress progress;
    ltp_run_option option = {.model = &run->job.plan->model,
                             .block_count = run->job.block_count,
                             .threads = run->job.threads,
                             .keep_count = ltp_job_keep(&run->job, &keep),
                             .collector = run->collector,
                             .subset_model = &run->job.plan->attribution_model,
                             .attributor = run->attributor,
                             .store = run->store,
                             .progress = &progress,
                             .money = ltp_job_money(&run->job)};
    ltp_progress_begin(&progress, stderr, run->fields->quiet, run->job.path_count);
    ltp_status status = ltp_run(&option, &run->report, error);
    ltp_progress_end(&progress);
    return status;
}

static ltp_status finish(run_state *run, ltp_error *error) {
    char line[1024] = "ltpsim", when[32], threads[16], load[32], seconds[32], beyond[32], moved[32], conservation[32],
         machine[128];
    const time_t now = time(NULL);
    struct tm utc;
    for (int k = 0; k < run->argc && strlen(line) + strlen(run->argv[k]) + 2 < sizeof line; k++)
        strcat(strcat(line, " "), run->argv[k]);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    snprintf(threads, sizeof threads, "%d", run->job.threads);
    snprintf(load, sizeof load, "%.3f", run->load_seconds);
    snprintf(seconds, sizeof seconds, "%.3f", run->report.seconds);
    snprintf(beyond, sizeof beyond, "%llu", (unsigned long long)run->report.beyond);
    snprintf(moved, sizeof moved, "%llu", (unsigned long long)run->report.moved);
    snprintf(conservation, sizeof conservation, "%.3g", run->report.conservation);
    if (gethostname(machine, sizeof machine) != 0)
        strcpy(machine, "unknown");
    machine[sizeof machine - 1] = '\0';
    const ltp_store_provenance provenance[] = {{"program", "ltpsim"},
                                               {"version", ltp_version},
                                               {"command", line},
                                               {"time", when},
                                               {"machine", machine},
                                               {"threads", threads},
                                               {"ranks", "1"},
                                               {"load_seconds", load},
                                               {"simulation_seconds", seconds},
                                               {"draws_beyond_tables", beyond},
                                               {"values_moved_to_bound", moved},
                                               {"largest_conservation_error_gbp_million", conservation}};
    const double begun = ltp_clock();
    ltp_store *store = run->store;
    ltp_status status = run->attributor ? ltp_store_attribution(store, run->attributor, error) : LTP_OK;
    if (status != LTP_OK)
        return status;
    run->store = NULL; /* finish frees it in every case */
    status = ltp_store_finish(store, provenance, sizeof provenance / sizeof *provenance, error);
    run->store_seconds = ltp_clock() - begun;
    return status;
}

static ltp_status report(const run_state *run, ltp_report_format format, ltp_error *error) {
    if (!run->fields->quiet) {
        if (run->job.plan->unmodelled_count)
            fprintf(stderr, "not modelled: %d %s; see ltpsim check\n", run->job.plan->unmodelled_count,
                    run->job.plan->unmodelled_count == 1 ? "item" : "items");
        char number[LTP_GROUPED];
        ltp_print_count(stderr, run->job.path_count, "path");
        fprintf(stderr, " in %.2f s on ", run->report.seconds);
        ltp_print_count(stderr, (size_t)run->job.threads, "thread");
        fprintf(stderr, " (read %.2f s, stored %.2f s); result: %s\n", run->load_seconds, run->store_seconds,
                run->path);
        if (run->report.beyond)
            fprintf(stderr, "%s draws lay beyond a driver's table (|z| > 8) and took its end value\n",
                    ltp_grouped(number, run->report.beyond));
        if (run->report.moved)
            fprintf(stderr,
                    "%s values were moved to their bound (a share of leavers below 0 or above 1, joiners below 0)\n",
                    ltp_grouped(number, run->report.moved));
    }
    return ltp_headline_print(stdout, run->path, format, error);
}

static void say_rounding(const run_state *run) {
    const uint64_t asked = run->job.plan->scenario->path_count;
    unsigned long long wanted = asked;
    char asked_text[LTP_GROUPED], rounded_text[LTP_GROUPED], block_text[LTP_GROUPED];
    ltp_error ignored;
    if (run->fields->paths)
        ltp_option_count("--paths", run->fields->paths, 1, UINT64_C(2147483648), &wanted, &ignored);
    if (!run->fields->quiet && run->job.plan->model.sampling != LTP_SAMPLING_EXPECTED && wanted != run->job.path_count)
        fprintf(stderr, "%s paths asked for: rounded up to %s, whole blocks of %s\n", ltp_grouped(asked_text, wanted),
                ltp_grouped(rounded_text, run->job.path_count), ltp_grouped(block_text, LTP_BLOCK));
}

/* What is wrong on the command line is said before anything is read. */
static ltp_status check_options(const run_fields *fields, ltp_report_format *format, ltp_error *error) {
    *format = LTP_REPORT_TABLE;
    if (fields->format && !ltp_report_format_find(fields->format, format))
        return ltp_error_set(error, LTP_ERROR_USAGE, "--format: '%s' is none of table, csv, json", fields->format);
    if (fields->output && !*fields->output)
        return ltp_error_set(error, LTP_ERROR_USAGE, "-o needs the name of a file");
    return ltp_job_check_options(fields->paths, fields->seed, fields->threads, error);
}

static ltp_status run_job(run_state *run, const char *paths, ltp_report_format format, ltp_error *error) {
    ltp_status status = ltp_job_create(&run->job, run->job.plan, paths, run->fields->seed, run->fields->threads, error);
    if (status == LTP_OK)
        status = output_path(run, error);
    if (status == LTP_OK) {
        say_rounding(run);
        ltp_stop_listen(); /* from here on there is a file to tidy away */
        status = create(run, error);
    }
    if (status == LTP_OK)
        status = simulate(run, error);
    if (status == LTP_OK)
        status = finish(run, error);
    if (status == LTP_OK)
        status = report(run, format, error);
    return status;
}

static int run_command(int argc, char **argv) {
    run_fields fields = {0};
    const char *folder;
    int code;
    ltp_error error = {0};
    if (!ltp_command_begin(&ltp_command_run, argc, argv, &fields, &folder, &code)) {
        ltp_free(fields.set.value);
        return code;
    }
    const double begun = ltp_clock();
    run_state run = {.fields = &fields, .argc = argc, .argv = argv};
    ltp_report_format format;
    if (check_options(&fields, &format, &error) != LTP_OK)
        code = ltp_command_fail(&error);
    else
        run.job.plan = ltp_command_plan(folder, &fields.set, fields.quiet, &code);
    run.load_seconds = ltp_clock() - begun;
    if (run.job.plan && run_job(&run, fields.paths, format, &error) != LTP_OK)
        code = ltp_command_fail(&error);
    ltp_store_abandon(run.store);
    ltp_collector_destroy(run.collector);
    ltp_attributor_destroy(run.attributor);
    ltp_plan_free(run.job.plan);
    ltp_free(fields.set.value);
    return code;
}

const ltp_command ltp_command_run = {
    .name = "run",
    .operand = "SCENARIO",
    .purpose = "simulates, writes the result, prints the headline table",
    .option_count = sizeof run_options / sizeof *run_options,
    .option = run_options,
    .run = run_command,
};
