/* ltpsim check: reads and validates; says what is not modelled, how the money stands, and what a run would cost. */
#include <math.h>

#include "sim/core/memory.h"
#include "sim/job.h"
#include "sim/text.h"

typedef struct {
    const char *paths, *threads;
    ltp_option_list set;
    bool quiet;
} check_fields;

static const ltp_option check_options[] = {
    {"--paths", "N", "paths of the run that is estimated (default: the scenario's)", offsetof(check_fields, paths),
     false},
    {"--threads", "T", "threads of the run that is estimated (default: the machine's)", offsetof(check_fields, threads),
     false},
    {"--set", "K=V", "change a cell: TABLE.KEY.COLUMN=VALUE", offsetof(check_fields, set), true},
    {"--quiet", NULL, "print errors only", offsetof(check_fields, quiet), false},
};

static void print_size(const ltp_plan *plan) {
    const ltp_roster *roster = &plan->roster;
    printf("%s: valid\n", plan->scenario->folder);
    ltp_print_wrapped(stdout, 2, NULL, 2, plan->scenario->title);
    const struct {
        size_t count;
        const char *noun;
    } size[] = {{roster->level[LTP_LEVEL_SYSTEM].count, "system"},
                {roster->level[LTP_LEVEL_ORGANISATION].count, "organisation"},
                {plan->scenario->table[LTP_TABLE_FLOWS].row_count, "flow"},
                {plan->scenario->table[LTP_TABLE_DRIVERS].row_count, "driver"},
                {plan->scenario->table[LTP_TABLE_PROGRAMMES].row_count, "programme"},
                {(size_t)plan->scenario->year_count, "year"}};
    for (size_t k = 0; k < sizeof size / sizeof size[0]; k++) {
        printf("%s", k ? ", " : "  ");
        ltp_print_count(stdout, size[k].count, size[k].noun);
    }
    printf(" from %s\n", plan->scenario->year_label[1]);
    printf("  layers:");
    for (size_t k = 0; k < roster->layer.count; k++)
        printf("%s %s", k ? "," : "", roster->layer.code[k]);
    printf("\n");
}

static void print_standing(const ltp_plan *plan) {
    static const char *const name[LTP_STANDING_COUNT + 1] = {"published", "derived", "estimated", "assumed",
                                                             "without a status"};
    double total = 0.0;
    for (int k = 0; k <= LTP_STANDING_COUNT; k++)
        total += plan->standing[k];
    char number[LTP_GROUPED], text[256] = "";
    size_t used = 0;
    for (int k = 0; k <= LTP_STANDING_COUNT && total > 0.0; k++)
        if (plan->standing[k] > 0.0)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%.1f%% %s", used ? ", " : "",
                                     100.0 * plan->standing[k] / total, name[k]);
    printf("  base flows and allocations: £%sm\n", ltp_grouped(number, (uint64_t)(total + 0.5)));
    if (used)
        ltp_print_wrapped(stdout, 4, "of them", 12, text);
}

static void print_unmodelled(const ltp_plan *plan) {
    if (plan->unmodelled_count == 0)
        return;
    printf("  not modelled:\n");
    for (int k = 0; k < plan->unmodelled_count; k++)
        ltp_print_wrapped(stdout, 4, "-", 6, plan->unmodelled[k]);
}

/* Of the organisations that count in the total, by their shares. */
static void print_normalisation(const ltp_plan *plan) {
    const ltp_baseline *opening_surplus = &plan->baseline[2], *reported_surplus = &plan->baseline[3];
    double reported = 0.0, opening = 0.0;
    for (size_t m = 0; m < plan->roster.membership_count; m++) {
        const ltp_membership *member = &plan->roster.membership[m];
        if (isnan(opening_surplus->value[member->organisation]))
            continue;
        opening += member->share * opening_surplus->value[member->organisation];
        reported += member->share * reported_surplus->value[member->organisation];
    }
    char a[LTP_GROUPED], b[LTP_GROUPED], d[LTP_GROUPED];
    printf("  base year: reported surplus %s, normalisation %s, underlying surplus %s\n", ltp_money(a, reported),
           ltp_money(b, opening - reported), ltp_money(d, opening));
}

static void print_estimate(const ltp_job *job, const ltp_job_estimate *estimate) {
    char seconds[LTP_GROUPED];
    snprintf(seconds, sizeof seconds, estimate->seconds < 0.1 ? "under 0.1 s" : "about %.1f s", estimate->seconds);
    printf("  a run of ");
    ltp_print_count(stdout, job->path_count, "path");
    printf(" on ");
    ltp_print_count(stdout, (size_t)job->threads, "thread");
    printf(": %s, %.0f MiB of memory, a file of %.0f MiB\n", seconds, ceil((double)estimate->memory_bytes / 1048576.0),
           ceil((double)estimate->file_bytes / 1048576.0));
}

static int check(int argc, char **argv) {
    check_fields fields = {0};
    const char *folder;
    int code;
    ltp_plan *plan = NULL;
    ltp_error error = {0};
    if (ltp_command_begin(&ltp_command_check, argc, argv, &fields, &folder, &code)) {
        if (ltp_job_check_options(fields.paths, NULL, fields.threads, &error) != LTP_OK)
            code = ltp_command_fail(&error);
        else
            plan = ltp_command_plan(folder, &fields.set, fields.quiet, &code);
    }
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
