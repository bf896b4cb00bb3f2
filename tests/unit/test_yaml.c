#include <stdlib.h>

#include "sim/plan/node.h"
#include "tests/support/test.h"

typedef struct {
    ltp_pool *pool;
    ltp_problem_list *problems;
    ltp_error error;
    ltp_node *root;
} fixture;

static void parse(fixture *f, const char *text) {
    assert_int_equal(ltp_pool_create(&f->pool, &f->error), LTP_OK);
    assert_int_equal(ltp_problem_list_create(&f->problems, &f->error), LTP_OK);
    assert_int_equal(ltp_node_parse(text, strlen(text), "s.yaml", f->pool, f->problems, &f->root, &f->error), LTP_OK);
}

static void drop(fixture *f) {
    ltp_problem_list_destroy(f->problems);
    ltp_pool_destroy(f->pool);
}

static void a_document_is_a_tree(void **state) {
    fixture f;
    (void)state;
    parse(&f, "title: A plan\nyears: 5\nbase_year: 2018/19\nempty:\nnorway: no\n"
              "list: [a, 'b c', \"x\"]\nmap:\n  inner: 1.50\n");
    assert_non_null(f.root);
    assert_int_equal(f.root->kind, LTP_NODE_MAP);
    assert_int_equal(f.root->count, 7);
    assert_string_equal(ltp_node_child(f.root, "base_year")->text, "2018/19");
    assert_string_equal(ltp_node_child(f.root, "empty")->text, "");
    assert_string_equal(ltp_node_child(f.root, "norway")->text, "no");
    const ltp_node *list = ltp_node_child(f.root, "list");
    assert_int_equal(list->count, 3);
    assert_string_equal(list->first->next->text, "b c");
    assert_int_equal(list->first->next->at.line, 6);
    assert_int_equal(list->first->next->at.column, 11);
    const ltp_node *inner = ltp_node_child(ltp_node_child(f.root, "map"), "inner");
    assert_string_equal(inner->text, "1.50"); /* text stays text */
    assert_int_equal(inner->key_at.line, 8);
    assert_int_equal(inner->key_at.column, 3);
    assert_null(ltp_node_child(f.root, "absent"));
    drop(&f);
}

static void an_empty_document_is_an_empty_map(void **state) {
    fixture f;
    (void)state;
    parse(&f, "# nothing\n");
    assert_non_null(f.root);
    assert_int_equal(f.root->count, 0);
    drop(&f);
}

static void expect_refused(const char *text, const char *problem) {
    fixture f;
    parse(&f, text);
    if (f.root || !strstr(ltp_problem_first(f.problems), problem))
        fail_msg("expected “%s”, got “%s”", problem, ltp_problem_first(f.problems));
    drop(&f);
}

static void what_scenarios_do_not_use_is_refused(void **state) {
    (void)state;
    expect_refused("a: &x 1\n", "s.yaml:1:4: error: an anchor (&)");
    expect_refused("a: *x\n", "s.yaml:1:4: error: an alias (*)");
    expect_refused("a: !!int 1\n", "s.yaml:1:4: error: a tag (!)");
    expect_refused("%YAML 1.1\n---\na: 1\n", "a directive (%)");
    expect_refused("a: 1\n---\nb: 2\n", "s.yaml:2:1: error: a second document");
    expect_refused("a: 1\nb: 2\na: 3\n", "s.yaml:3:1: error: a: the key is given twice; the first is at line 1");
    expect_refused("? [a]\n: 1\n", "a key is a map or a list");
    expect_refused("a: \"\\0\"\n", "an escape makes a control character");
    expect_refused("a: \"\\e[2J\"\n", "an escape makes a control character");
    expect_refused("a: [1, 2\nb: 3\n", "s.yaml:2:");
    expect_refused("a:\n\tb: 1\n", "spaces, not tabs");
    expect_refused("a: b: c\n", "s.yaml:1:");
}

static void aliases_never_expand(void **state) {
    (void)state;
    expect_refused("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                   "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n",
                   "an anchor (&)");
}

static void depth_is_limited(void **state) {
    const size_t count = 100000;
    char *deep = malloc(count + 1);
    (void)state;
    assert_non_null(deep);
    memset(deep, '[', count);
    deep[count] = '\0';
    expect_refused(deep, "nested too deep");
    free(deep);
    /* Sixteen levels are read: the root map is the first, the value the last. */
    fixture f;
    parse(&f, "a: [[[[[[[[[[[[[[x]]]]]]]]]]]]]]\n");
    assert_non_null(f.root);
    drop(&f);
    expect_refused("a: [[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]\n", "nested too deep");
}

static void a_map_has_at_most_a_thousand_keys(void **state) {
    char *text = malloc(20000);
    size_t used = 0;
    (void)state;
    assert_non_null(text);
    for (int i = 0; i <= 1000; i++)
        used += (size_t)sprintf(text + used, "k%d: 1\n", i);
    expect_refused(text, "too many keys");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_a_tree),
        cmocka_unit_test(an_empty_document_is_an_empty_map),
        cmocka_unit_test(what_scenarios_do_not_use_is_refused),
        cmocka_unit_test(aliases_never_expand),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(a_map_has_at_most_a_thousand_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
