#include "tests/support/folder.h"

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"

static char scratch[64];

const char *folder_path(const char *format, ...) {
    static char buffer[8][512];
    static unsigned turn;
    char *path = buffer[turn++ % 8], name[256];
    va_list arguments;
    if (*scratch == '\0') {
        strcpy(scratch, "/tmp/ltpsim-test-XXXXXX");
        assert_non_null(mkdtemp(scratch));
    }
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    snprintf(path, sizeof buffer[0], "%s/%s", scratch, name);
    return path;
}

void folder_write_bytes(const char *name, const void *bytes, size_t length) {
    char path[512];
    snprintf(path, sizeof path, "%s", folder_path("%s", name));
    for (char *slash = strchr(path + strlen(scratch) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

void folder_write(const char *name, const char *text) {
    folder_write_bytes(name, text, strlen(text));
}

void folder_write_minimal(const char *scenario) {
    static const char *const file[][2] = {
        {"scenario.yaml", "title: Minimal\nyears: 2\npaths: 1024\n"},
        {"systems.csv", "code,name,region\nS,System,North\n"},
        {"organisations.csv", "code,name,kind,system,opening_surplus\nC,CCG,ccg,S,0\nT,Trust,acute,S,-10.0\n"},
        {"outside.csv", "code,name,kind\nSTAFF,Staff,staff\nSHOPS,Suppliers,supplier\n"},
        {"flows.csv", "payer,payee,service,category,amount,mechanism,uplift_2019/20\n"
                      "C,T,nonelective,,100,blended,\n"
                      "C,T,community,,50,block,0.04\n"
                      "T,STAFF,,pay,220,,\n"
                      "T,SHOPS,,supplies,90,,\n"},
        {"allocations.csv", "code,stream,year,amount\nC,core,2018/19,500\nC,core,2019/20,528.25\nC,core,2020/21,540\n"},
        {"drivers.csv", "name,target,family,mean,sd,value,mean_2019/20,mean_2020/21\n"
                        "demand.nonelective,demand.nonelective,normal,0.03,0.04,,,\n"
                        "price.pay,price.pay,fixed,,,0.03,,\n"
                        "price.supplies,price.supplies,normal,,0.01,,0.02,0.025\n"
                        "delivery,,uniform,,,,,\n"},
        {"programmes.csv", "code,kind,target_organisations,target_categories,full_year_effect,start,delivery,"
                           "amount_2019/20,amount_2020/21\n"
                           "P1,unit_cost,T,pay,0.03,2019-10-01,0.9,,\n"
                           "P2,unit_cost,system=S;kind=acute,pay;supplies,0.01,2020-04-01,delivery,1.5,2.5\n"},
    };
    char name[256];
    for (size_t i = 0; i < sizeof file / sizeof file[0]; i++) {
        snprintf(name, sizeof name, "%s/%s", scenario, file[i][0]);
        folder_write(name, file[i][1]);
    }
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about, (void)kind, (void)place;
    return remove(path);
}

int folder_remove_all(void **state) {
    (void)state;
    if (*scratch != '\0')
        nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    *scratch = '\0';
    return 0;
}

static void print_problems(const ltp_problem_list *problems, ltp_severity severity, char *buffer, size_t size) {
    FILE *to = fmemopen(buffer, size, "w");
    assert_non_null(to);
    ltp_problem_print(problems, severity, to);
    fclose(to);
    buffer[size - 1] = '\0';
}

void load(loaded *out, const char *scenario, const char *const *overrides, size_t count) {
    ltp_problem_list *problems;
    memset(out, 0, sizeof *out);
    assert_int_equal(ltp_problem_list_create(&problems, &out->error), LTP_OK);
    out->status =
        ltp_scenario_load(&out->scenario, folder_path("%s", scenario), overrides, count, problems, &out->error);
    print_problems(problems, LTP_SEVERITY_ERROR, out->errors, sizeof out->errors);
    print_problems(problems, LTP_SEVERITY_WARNING, out->warnings, sizeof out->warnings);
    print_problems(problems, LTP_SEVERITY_NOTE, out->notes, sizeof out->notes);
    out->error_count = ltp_problem_count(problems, LTP_SEVERITY_ERROR);
    ltp_problem_list_destroy(problems);
}

void unload(loaded *out) {
    ltp_scenario_free(out->scenario);
}

void expect_refusal(const char *scenario, const char *text) {
    static loaded got;
    load(&got, scenario, NULL, 0);
    if (got.status != LTP_ERROR_INPUT || !strstr(got.errors, text))
        fail_msg("status %d; expected “%s” among:\n%s", (int)got.status, text, got.errors);
    assert_null(got.scenario);
}

void expect_valid(const char *scenario) {
    static loaded got;
    load(&got, scenario, NULL, 0);
    if (got.status != LTP_OK)
        fail_msg("%s\n%s", got.error.message, got.errors);
    unload(&got);
}
