/* ltpsim check: reads and validates; says what is not modelled, how the money stands, and what a run would cost. */
#include "sim/job.h"

#include "sim/core/memory.h"

typedef struct {
    const char *paths, *threads;
    ltp_option_list set;
    bool quiet;
} check_fields;

static const ltp_option check_options[] = {
    {"--paths", "N", "paths of the run that is estimated (default: the scenario's)", offsetof(check_fields, paths), false},
    {"--threads", "T", "threads of the run that is estimated (default: the machine's)", offsetof(check_fields, threads), false},
    {"--set", "K=V", "change a cell: TABLE.KEY.COLUMN=VALUE", offsetof(check_fields, set), true},
    {"--quiet", NULL, "print errors only", offsetof(check_fields, quiet), false},
};

static void print_size(const ltp_plan *plan)
{
    const ltp_roster *roster = &plan->roster;
    printf("%s: valid\n", plan->scenario->folder);
    printf("  %s\n", plan->scenario->title);
    printf("  %zu %s, %zu organisations, %zu flows, %zu drivers, %zu programmes, %d years from %s\n",
           roster->level[LTP_LEVEL_SYSTEM].count, roster->level[LTP_LEVEL_SYSTEM].count == 1 ? "system" : "systems",
           roster->level[LTP_LEVEL_ORGANISATION].count, plan->scenario->table[LTP_TABLE_FLOWS].row_count,
           plan->scenario->table[LTP_TABLE_DRIVERS].row_count, plan->scenario->table[LTP_TABLE_PROGRAMMES].row_count,
           plan->scenario->year_count, plan->scenario->year_label[1]);
    printf("  layers:");
    for (size_t k = 0; k < roster->layer.count; k++)
        printf("%s %s", k ? "," : "", roster->layer.code[k]);
    printf("\n");
}

static void print_standing(const ltp_plan *plan)
{
    static const char *const name[LTP_STANDING_COUNT + 1] = {"published", "derived", "estimated", "assumed",
                                                             "without a status"};
    double total = 0.0;
    for (int k = 0; k <= LTP_STANDING_COUNT; k++)
        total += plan->standing[k];
    printf("  money (£%.0fm of base flows and allocations):", total);
    const char *comma = "";
    for (int k = 0; k <= LTP_STANDING_COUNT && total > 0.0; k++)
        if (k < LTP_STANDING_COUNT || plan->standing[k] > 0.0) {
            printf("%s %.1f%% %s", comma, 100.0 * plan->standing[k] / total, name[k]);
            comma = ",";
        }
    printf("\n");
}

static void print_unmodelled(const ltp_plan *plan)
{
    if (plan->unmodelled_count == 0)
        return;
    printf("  not modelled:\n");
    for (int k = 0; k < plan->unmodelled_count; k++)
        printf("    %s\n", plan->unmodelled[k]);
}

static void print_normalisation(const ltp_plan *plan)
{
    double reported = 0.0, opening = 0.0;
    for (size_t o = 0; o < plan->roster.level[LTP_LEVEL_ORGANISATION].count; o++) {
        opening += plan->baseline[2].value[o] == plan->baseline[2].value[o] ? plan->baseline[2].value[o] : 0.0;
        reported += plan->baseline[3].value[o] == plan->baseline[3].value[o] ? plan->baseline[3].value[o] : 0.0;
    }
    printf("  base year: reported surplus £%.1fm, normalisation £%.1fm, underlying surplus £%.1fm\n", reported,
           opening - reported, opening);
}

static void print_estimate(const ltp_job *job, const ltp_job_estimate *estimate)
{
    printf("  a run of %llu paths on %d %s: about %.1f s, %.0f MiB of memory, a file of %.0f MiB\n",
           (unsigned long long)job->path_count, job->threads, job->threads == 1 ? "thread" : "threads",
           estimate->seconds, (double)estimate->memory_bytes / 1048576.0, (double)estimate->file_bytes / 1048576.0 + 0.5);
}

static int check(int argc, char **argv)
{
    check_fields fields = {0};
    const char *folder;
    int code;
    ltp_plan *plan = NULL;
    ltp_error error = {0};
    if (ltp_command_begin(&ltp_command_check, argc, argv, &fields, &folder, &code))
        plan = ltp_command_plan(folder, &fields.set, fields.quiet, &code);
    if (plan) {
        ltp_job job;
        ltp_job_estimate estimate;
        ltp_status status = ltp_job_create(&job, plan, fields.paths, NULL, fields.threads, &error);
        if (status == LTP_OK)
            status = ltp_job_estimate_cost(&job, &estimate, &error);
        if (status != LTP_OK) {
            code = ltp_command_fail(&error);
        } else if (!fields.quiet) {
            print_size(plan);
            print_normalisation(plan);
            print_standing(plan);
            print_unmodelled(plan);
            print_estimate(&job, &estimate);
        }
    }
    ltp_plan_free(plan);
    ltp_free(fields.set.value);
    return code;
}

const ltp_command ltp_command_check = {
    .name = "check",
    .operand = "SCENARIO",
    .purpose = "reads and validates; says what is not modelled and what a run would cost",
    .option_count = sizeof check_options / sizeof *check_options,
    .option = check_options,
    .run = check,
};
