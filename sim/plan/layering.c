/* `tests`: the order in which the tests' layers are added, and which programme kinds count to which test. */
#include <stdio.h>
#include <string.h>

#include "models/programme.h"
#include "sim/plan/cell.h"
#include "sim/plan/number.h"

#define TEST_MAX 5
static const char *const form = "`- {number: 3, kinds: [variation]}`";

static void complain(ltp_reading *reading, ltp_position at, const char *expected, const char *nearest,
                     const char *what) {
    reading->broken_tests = true;
    ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, "tests", expected, nearest, "%s", what);
}

/* Each kind counts to the test of its descriptor (models/programme_*.c): the Framework's numbering (NHS Long Term Plan
 * Implementation Framework, June 2019). */
static void by_default(ltp_scenario *scenario) {
    scenario->test_count = TEST_MAX;
    for (int i = 0; i < TEST_MAX; i++)
        scenario->test_number[i] = i + 1;
    size_t kinds;
    const ltp_programme_kind *const *kind = ltp_programme_kind_all(&kinds);
    for (size_t k = 0; k < kinds; k++) {
        const int place = ltp_word_find(LTP_VALUES_OF(PROGRAMME_KIND), kind[k]->name);
        if (place >= 0)
            scenario->kind_test[place] = kind[k]->default_test;
    }
}

static void read_kinds(ltp_reading *reading, const ltp_node *kinds, int number) {
    ltp_scenario *scenario = reading->scenario;
    if (kinds->kind != LTP_NODE_LIST) {
        if (kinds->kind != LTP_NODE_SCALAR || *kinds->text != '\0')
            complain(reading, kinds->at, "a list such as [unit_cost, price]; [] for none", NULL, "kinds is no list");
        return;
    }
    for (const ltp_node *kind = kinds->first; kind; kind = kind->next) {
        const char *values = LTP_VALUES_OF(PROGRAMME_KIND);
        const int place = kind->kind == LTP_NODE_SCALAR ? ltp_word_find(values, kind->text) : -1;
        char words[256], what[320], excerpt[LTP_EXCERPT];
        ltp_text_excerpt(excerpt, kind->text);
        if (place < 0) {
            snprintf(what, sizeof what, "'%s' is no kind of programme", excerpt);
            complain(reading, kind->at, NULL, ltp_word_nearest(values, kind->text, words, sizeof words), what);
        } else if (scenario->kind_test[place] != 0) {
            snprintf(what, sizeof what, "the kind %s counts to test %d already", excerpt, scenario->kind_test[place]);
            complain(reading, kind->at, "each kind once", NULL, what);
        } else
            scenario->kind_test[place] = number;
    }
}

static void read_test(ltp_reading *reading, const ltp_node *item) {
    static const char *const key[] = {"number", "kinds"};
    ltp_scenario *scenario = reading->scenario;
    ltp_complaint complaint;
    double number;
    char what[320], excerpt[LTP_EXCERPT];
    const ltp_node *which = item->kind == LTP_NODE_MAP ? ltp_node_child(item, "number") : NULL;
    for (const ltp_node *child = item->kind == LTP_NODE_MAP ? item->first : NULL; child; child = child->next)
        if (strcmp(child->key, key[0]) != 0 && strcmp(child->key, key[1]) != 0) {
            snprintf(what, sizeof what, "a test has no '%s'", ltp_text_excerpt(excerpt, child->key));
            complain(reading, child->key_at, form, ltp_nearest_name(child->key, key, 2), what);
        }
    if (!which || which->kind != LTP_NODE_SCALAR) {
        complain(reading, item->at, form, NULL, "the item has no number of a test");
        return;
    }
    if (!ltp_integer_read(which->text, &number, &complaint) || number < 1 || number > TEST_MAX) {
        snprintf(what, sizeof what, "'%s' is no test", ltp_text_excerpt(excerpt, which->text));
        complain(reading, which->at, "1 to 5", NULL, what);
        return;
    }
    for (int i = 0; i < scenario->test_count; i++)
        if (scenario->test_number[i] == (int)number) {
            snprintf(what, sizeof what, "test %d is given twice", (int)number);
            complain(reading, which->at, "each test once", NULL, what);
            return;
        }
    scenario->test_number[scenario->test_count++] = (int)number;
    if (ltp_node_child(item, "kinds"))
        read_kinds(reading, ltp_node_child(item, "kinds"), (int)number);
}

void ltp_layering_read(ltp_reading *reading, const ltp_node *tests) {
    if (!tests)
        by_default(reading->scenario);
    else if (tests->kind != LTP_NODE_LIST || tests->count == 0)
        complain(reading, tests->at, form, NULL, "is no list of tests");
    else
        for (const ltp_node *item = tests->first; item; item = item->next)
            read_test(reading, item);
}
