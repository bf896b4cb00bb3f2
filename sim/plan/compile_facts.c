/* What readers of a result are told beside its figures: the tests by number and topic, and whose a scheme is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/plan/compile.h"
#include "sim/plan/compile_layer.h"

/* As ltp_compile_test_name: a test is what its kinds of programme say. */
static const char *topic_of(const ltp_compile_context *c, int test) {
    static const struct {
        int kind;
        const char *topic;
    } row[] = {{LTP_PROGRAMME_KIND_RECOVERY, "recovery"},
               {LTP_PROGRAMME_KIND_UNIT_COST, "cash_releasing"},
               {LTP_PROGRAMME_KIND_VARIATION, "variation"},
               {LTP_PROGRAMME_KIND_DEMAND, "demand"}};
    for (size_t k = 0; k < sizeof row / sizeof *row; k++)
        if (c->scenario->kind_test[row[k].kind] == test)
            return row[k].topic;
    return "capital";
}

static void list_tests(ltp_compile_context *c) {
    const int count = c->scenario->test_count;
    const char **code = COMPILE_NEW(c, count, const char *), **name = COMPILE_NEW(c, count, const char *);
    const char **topic = COMPILE_NEW(c, count, const char *);
    for (int k = 0; k < count; k++) {
        const int test = c->scenario->test_number[k];
        char *text = COMPILE_NEW(c, 16, char);
        sprintf(text, "test_%d", test);
        code[k] = text;
        name[k] = ltp_compile_test_name(c, test);
        topic[k] = topic_of(c, test);
    }
    c->plan->roster.test = (ltp_label_axis){.count = (size_t)count, .code = code, .name = name};
    c->plan->roster.test_topic = topic;
}

static void list_schemes(ltp_compile_context *c) {
    const ltp_table *table = COMPILE_TABLE(c, SCHEMES);
    ltp_roster *roster = &c->plan->roster;
    if (table->row_count == 0 || roster->level[LTP_LEVEL_SCHEME].count != table->row_count)
        return; /* they are not modelled */
    const char **organisation = COMPILE_NEW(c, table->row_count, const char *);
    bool *mandatory = COMPILE_NEW(c, table->row_count, bool);
    int *opens = COMPILE_NEW(c, table->row_count, int);
    for (size_t r = 0; r < table->row_count; r++) {
        const double month = ltp_cell_at(table, r, LTP_SCHEMES_START)->number; /* from April of the base year */
        organisation[r] = ltp_cell_at(table, r, LTP_SCHEMES_ORGANISATION)->text;
        mandatory[r] = ltp_compile_number(table, r, LTP_SCHEMES_MANDATORY) != 0.0;
        opens[r] = (int)floor(month / 12.0) + (int)ltp_compile_number(table, r, LTP_SCHEMES_YEARS) - 1;
    }
    roster->scheme_organisation = organisation;
    roster->scheme_mandatory = mandatory;
    roster->scheme_opens = opens;
}

void ltp_compile_facts(ltp_compile_context *c) {
    list_tests(c);
    list_schemes(c);
}
