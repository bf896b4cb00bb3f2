/* ltpsim triangulate: what commissioners plan to pay against what providers plan to receive. */
#include <string.h>

#include "sim/command.h"
#include "sim/core/memory.h"
#include "sim/shelter.h"
#include "sim/triangulate.h"

typedef struct {
    const char *folder, *by, *year, *part, *result, *format;
    ltp_option_list set;
    bool all, certificate, quiet;
} triangulate_fields;

static const ltp_option triangulate_options[] = {
    {"--by", "LEVEL", "pair: totals of payer and payee, services within; or service (default: pair)",
     offsetof(triangulate_fields, by), false},
    {"--year", "Y", "one year, as 2019/20 (default: all)", offsetof(triangulate_fields, year), false},
    {"--all", NULL, "also what is aligned, and every list in full", offsetof(triangulate_fields, all), false},
    {"--part", "P", "difference, year, exchange, risk, plan or certificate alone (default: all; as csv, difference)",
     offsetof(triangulate_fields, part), false},
    {"--certificate", NULL, "the alignment certificate alone; exit 1 where none can be given",
     offsetof(triangulate_fields, certificate), false},
    {"--result", "RESULT", "what this result simulates beside organisations' own plans",
     offsetof(triangulate_fields, result), false},
    {"--set", "K=V", "change a cell: TABLE.KEY.COLUMN=VALUE", offsetof(triangulate_fields, set), true},
    {"--format", "F", "table, csv or json (default: table)", offsetof(triangulate_fields, format), false},
    {"--quiet", NULL, "print no notes and warnings", offsetof(triangulate_fields, quiet), false},
};

static const char *const part_name[LTP_PART_COUNT] = {"difference", "year", "exchange", "risk", "plan", "certificate"};

/* Place of the option's word among those it may be; `fallback` where it is not given. */
static ltp_status choose(const char *option, const char *word, const char *const *known, size_t count, int fallback,
                         int *out, ltp_error *error) {
    char list[256] = "";
    *out = fallback;
    for (size_t k = 0, used = 0; k < count; k++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", k ? ", " : "", known[k]);
        if (word && strcmp(word, known[k]) == 0)
            *out = (int)k;
        if (used >= sizeof list)
            break;
    }
    if (!word || (*out >= 0 && *out < (int)count && strcmp(word, known[*out]) == 0))
        return LTP_OK;
    const char *nearest = ltp_nearest_name(word, known, count);
    return nearest ? ltp_error_set(error, LTP_ERROR_USAGE, "%s: there is no '%s'; did you mean '%s'?", option, word,
                                   nearest)
                   : ltp_error_set(error, LTP_ERROR_USAGE, "%s: there is no '%s'; there is: %s", option, word, list);
}

typedef struct {
    int part, year, format; /* part −1: all of them */
    ltp_triangulate_view view;
} triangulate_choice;

static ltp_status choose_all(const triangulate_fields *fields, triangulate_choice *chosen, ltp_error *error) {
    static const char *const level[] = {"pair", "service"}, *const format[] = {"table", "csv", "json"};
    int by;
    ltp_status status = choose("--by", fields->by, level, 2, 0, &by, error);
    if (!status)
        status = choose("--format", fields->format, format, 3, LTP_REPORT_TABLE, &chosen->format, error);
    if (!status)
        status = choose("--part", fields->part, part_name, LTP_PART_COUNT,
                        chosen->format == LTP_REPORT_CSV ? LTP_PART_DIFFERENCE : -1, &chosen->part, error);
    if (!status && fields->certificate && fields->part && chosen->part != LTP_PART_CERTIFICATE)
        status = ltp_error_set(error, LTP_ERROR_USAGE, "--certificate and --part %s do not go together", fields->part);
    if (fields->certificate)
        chosen->part = LTP_PART_CERTIFICATE;
    chosen->view = (ltp_triangulate_view){.by_service = by == 1, .all = fields->all};
    return status;
}

static ltp_status print_part(const ltp_triangulation *t, ltp_triangulate_part part, const triangulate_choice *chosen,
                             ltp_error *error) {
    if (chosen->format == LTP_REPORT_TABLE)
        return ltp_triangulate_text(t, part, &chosen->view, stdout, error);
    return ltp_triangulate_table(t, part, &chosen->view, (ltp_report_format)chosen->format, stdout, error);
}

/* All parts: one after another for people, as one object for programs. */
static ltp_status print_all(const ltp_triangulation *t, const triangulate_choice *chosen, ltp_error *error) {
    const bool json = chosen->format == LTP_REPORT_JSON;
    ltp_status status = LTP_OK;
    for (int part = 0; part < LTP_PART_COUNT && !status; part++) {
        if (json)
            printf("%s\"%s\": ", part ? "," : "{", part_name[part]);
        status = print_part(t, (ltp_triangulate_part)part, chosen, error);
    }
    if (json)
        puts("}");
    return status;
}

typedef struct {
    const triangulate_fields *fields;
    const ltp_plan *plan;
    const triangulate_choice *chosen;
} triangulate_work;

static ltp_status work(void *context, ltp_error *error) {
    const triangulate_work *of = context;
    const triangulate_choice *chosen = of->chosen;
    const char *path = of->fields->result;
    ltp_triangulation t = {0};
    ltp_result *result = NULL;
    ltp_status status = path ? ltp_result_open(&result, path, error) : LTP_OK;
    if (!status)
        status = ltp_triangulate(&t, of->plan, chosen->year, error);
    if (!status)
        status = ltp_triangulate_risk(&t, error);
    if (!status)
        status = ltp_triangulate_plans(&t, result, error);
    if (!status && result && !t.simulated && !of->fields->quiet)
        fprintf(stderr, "note: '%s' simulates no line of organisations' own plans\n", path);
    if (!status)
        status = chosen->part < 0 ? print_all(&t, chosen, error)
                                  : print_part(&t, (ltp_triangulate_part)chosen->part, chosen, error);
    ltp_triangulate_free(&t);
    ltp_result_close(result);
    return status;
}

/* Exit code of a certificate that was asked for and printed. */
static int certificate_code(const ltp_plan *plan, int year) {
    ltp_error error = {0};
    ltp_triangulation t = {0};
    const bool failed = ltp_triangulate(&t, plan, year, &error) != LTP_OK;
    const int code = failed ? ltp_command_fail(&error) : ltp_triangulate_certified(&t) ? 0 : 1;
    ltp_triangulate_free(&t);
    return code;
}

static int triangulate_plan(const triangulate_fields *fields, const ltp_plan *plan, triangulate_choice *chosen) {
    triangulate_work of = {fields, plan, chosen};
    ltp_error error = {0};
    int code = 0;
    ltp_status status = choose("--year", fields->year, plan->scenario->year_label,
                               (size_t)plan->scenario->year_count + 1, -1, &chosen->year, &error);
    if (!status && fields->result)
        code = ltp_shelter(fields->result, work, &of);
    else if (!status)
        status = work(&of, &error);
    if (status)
        return ltp_command_fail(&error);
    return !code && fields->certificate ? certificate_code(plan, chosen->year) : code;
}

static int triangulate(int argc, char **argv) {
    triangulate_fields fields = {0};
    triangulate_choice chosen = {0};
    ltp_error error = {0};
    ltp_plan *plan = NULL;
    int code;
    if (ltp_command_begin(&ltp_command_triangulate, argc, argv, &fields, &fields.folder, &code)) {
        if (choose_all(&fields, &chosen, &error) != LTP_OK)
            code = ltp_command_fail(&error);
        else
            plan = ltp_command_plan(fields.folder, &fields.set, fields.quiet, &code);
    }
    if (plan)
        code = triangulate_plan(&fields, plan, &chosen);
    ltp_plan_free(plan);
    ltp_free(fields.set.value);
    return code;
}

const ltp_command ltp_command_triangulate = {
    .name = "triangulate",
    .operand = "SCENARIO",
    .purpose = "what payers plan to pay against what payees plan to receive; plans added up",
    .option_count = sizeof triangulate_options / sizeof *triangulate_options,
    .option = triangulate_options,
    .run = triangulate,
};
