#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/folder.h"
#include "tests/support/test.h"

static double number_at(const loaded *got, ltp_table_id table, const char *key, int column) {
    const size_t row = ltp_table_find(&got->scenario->table[table], key);
    assert_true(row != SIZE_MAX);
    return ltp_cell_at(&got->scenario->table[table], row, column)->number;
}

static void must_load(loaded *got, const char *scenario, const char *const *overrides, size_t count) {
    load(got, scenario, overrides, count);
    if (got->status != LTP_OK)
        fail_msg("%s\n%s", got->error.message, got->errors);
}

static void a_scenario_is_read(void **state) {
    loaded got;
    (void)state;
    folder_write_minimal("minimal");
    must_load(&got, "minimal", NULL, 0);
    const ltp_scenario *s = got.scenario;
    assert_string_equal(s->name, "minimal");
    assert_string_equal(s->title, "Minimal");
    assert_int_equal(s->base_year, 2018);
    assert_int_equal(s->year_count, 2);
    assert_string_equal(s->year_label[2], "2020/21");
    assert_int_equal(s->seed, 20190627);
    assert_int_equal(s->path_count, 1024);
    assert_int_equal(s->sampling, LTP_SAMPLING_LHS);
    assert_int_equal(s->test_count, 5);
    assert_int_equal(s->kind_test[LTP_PROGRAMME_KIND_PRICE], 2);
    assert_int_equal(s->kind_test[LTP_PROGRAMME_KIND_WORKFORCE], 0);
    assert_string_equal(s->keep[0], "system.gap");
    assert_int_equal(s->file_count, 8);
    assert_string_equal(s->file[0].name, "scenario.yaml");

    const ltp_table *flows = &s->table[LTP_TABLE_FLOWS];
    assert_int_equal(flows->row_count, 4);
    assert_int_equal(ltp_cell_at(flows, 1, LTP_FLOWS_MECHANISM)->number, LTP_MECHANISM_BLOCK);
    assert_near(ltp_cell_at(flows, 0, LTP_FLOWS_AMOUNT)->number, 100, 0);
    assert_true(ltp_cell_at(flows, 0, LTP_FLOWS_VARIABLE_SHARE)->defaulted);
    assert_near(ltp_cell_at(flows, 0, LTP_FLOWS_VARIABLE_SHARE)->number, 0.2, 0);
    assert_int_equal(ltp_cell_at(flows, 0, LTP_FLOWS_NATURE)->number, LTP_NATURE_RECURRENT);
    assert_false(ltp_cell_at(flows, 0, LTP_FLOWS_CATEGORY)->present);
    assert_near(ltp_cell_year(flows, 1, LTP_FLOWS_UPLIFT, 1)->number, 0.04, 0);
    assert_false(ltp_cell_year(flows, 1, LTP_FLOWS_UPLIFT, 2)->present);
    assert_false(ltp_cell_year(flows, 0, LTP_FLOWS_UPLIFT, 1)->present);
    assert_int_equal(ltp_cell_at(flows, 1, LTP_FLOWS_AMOUNT)->at.line, 3);
    assert_int_equal(ltp_cell_at(flows, 1, LTP_FLOWS_AMOUNT)->at.column, 16);

    const ltp_table *programmes = &s->table[LTP_TABLE_PROGRAMMES];
    assert_near(number_at(&got, LTP_TABLE_PROGRAMMES, "P1", LTP_PROGRAMMES_START), 18, 0);
    const ltp_cell *delivery = ltp_cell_at(programmes, 1, LTP_PROGRAMMES_DELIVERY);
    assert_int_equal(delivery->item_count, 1);
    assert_string_equal(delivery->item[0], "delivery");
    assert_int_equal(ltp_cell_at(programmes, 0, LTP_PROGRAMMES_DELIVERY)->item_count, 0);
    const ltp_cell *categories = ltp_cell_at(programmes, 1, LTP_PROGRAMMES_TARGET_CATEGORIES);
    assert_int_equal(categories->item_count, 2);
    assert_string_equal(categories->item[1], "supplies");
    assert_true(ltp_table_find(flows, "C") == SIZE_MAX);
    assert_true(ltp_table_find(programmes, "P3") == SIZE_MAX);
    unload(&got);
}

static void money_may_name_its_unit(void **state) {
    loaded got;
    (void)state;
    folder_write_minimal("unit");
    folder_write("unit/flows.csv", "payer,payee,service,category,amount_£k,mechanism\nC,T,x,,5200,block\nT,STAFF,,pay,"
                                   "100,\nT,SHOPS,,supplies,1,\n");
    folder_write("unit/drivers.csv", "name,family,mean\ndelivery,fixed,1\n");
    must_load(&got, "unit", NULL, 0);
    assert_near(ltp_cell_at(&got.scenario->table[LTP_TABLE_FLOWS], 0, LTP_FLOWS_AMOUNT)->number, 5.2, 0);
    unload(&got);
    folder_write("unit/drivers.csv", "name,family,mean_£k\ndelivery,fixed,1\n");
    expect_refusal("unit", "takes no unit at its end");
}

/* One file of the minimal scenario replaced: the error that must come. */
static void mistakes_are_named(void **state) {
    static const struct {
        const char *file, *text, *error;
    } wrong[] = {
        {"flows.csv", "payer;payee;amount\nC;T;1\n", "flows.csv:1:1: error: the columns are separated by semicolons"},
        {"flows.csv", "payer,payee,amuont\nC,T,1\n",
         "flows.csv:1:13: error: flows has no column 'amuont'; did you mean 'amount'?"},
        {"flows.csv", "payer,payee\nC,T\n", "flows.csv:1: error: the column 'amount' is missing"},
        {"flows.csv", "payer,payee,amount,payer\nC,T,1,C\n",
         "flows.csv:1:20: error: the column 'payer' is given twice"},
        {"flows.csv", "payer,payee,amount\nC,T,1\nC,T,2\n",
         "flows.csv:3:1: error: the key C|T||||recurrent is taken: its first row is at line 2"},
        {"flows.csv", "payer,payee,amount\nC,TT,1\n",
         "flows.csv:2:3: error: flows: payee: 'TT' is not known; expected a key of organisations or outside; did you "
         "mean "
         "'T'?"},
        {"flows.csv", "payer,payee,amount\nC,T\n", "flows.csv:2:1: error: the row has 2 cells, the header 3"},
        {"flows.csv", "payer,payee,amount\nC,T,1,5\n", "flows.csv:2:1: error: the row has 4 cells, the header 3"},
        {"flows.csv", "payer,payee,amount,,\nC,T,1,,x\n", "flows.csv:2:8: error: column 5 of the table has no name"},
        {"flows.csv", "payer,payee,amount\nC,T,\"1,000\"\n",
         "flows: amount: '1,000' has separators between its digits; expected no separators, 1000"},
        {"flows.csv", "payer,payee,amount\nC,T,\n", "flows.csv:2:5: error: flows: amount: is empty"},
        {"flows.csv", "payer,payee,amount,mechanism\nC,T,1,blendd\n",
         "flows: mechanism: 'blendd' is none of the words for this column; expected activity, blended, block, "
         "pass_through, "
         "fixed; did you mean 'blended'?"},
        {"flows.csv", "payer,payee,amount,uplift_2019/20\nC,T,1,3.1\n",
         "flows: uplift_2019/20: '3.1' is out of range; expected -1 to 1 fraction a year (a percentage is written as a "
         "fraction, 0.031)"},
        {"flows.csv", "payer,payee,amount,uplift_2018/19\nC,T,1,0\n", "2018/19 is not after the base year"},
        {"flows.csv", "payer,payee,amount,uplift_19/20\nC,T,1,0\n", "expected a financial year at its end"},
        {"flows.csv", "payer,payee,amount\nC\xA0,T,1\n", "flows.csv:2:2: error: the byte 0xA0 is not valid UTF-8"},
        {"flows.csv", "payer,payee,amount\nC\xC2\xA0,T,1\n", "holds a character that cannot be seen, U+00A0"},
        {"flows.csv", "payer,payee,amount\nC*,T,1\n", "holds '*', which separates or matches codes"},
        {"flows.csv", "", "flows.csv: error: the table has no header"},
        {"flow.csv", "payer\n", "flow.csv: error: no table has this name"},
        {"flow.csv", "payer\n", "did you mean 'flows.csv'?"},
        {"allocations.csv", "code,stream,year,amount\nC,core,2031/32,1\n",
         "'2031/32' is not one of the scenario's years; expected 2018/19 to 2020/21"},
        {"allocations.csv", "code,stream,year,amount\nC,core,2019,1\n", "expected 2019/20"},
        {"drivers.csv", "name,target,family\nd,demand.nonelectve,fixed\n",
         "'nonelectve' is not known; expected a key of services or a service of flows; did you mean 'nonelective'?"},
        {"drivers.csv", "name,target,family\nd,tarif.error,fixed\n", "did you mean 'tariff.error'?"},
        {"drivers.csv", "name,target,family\nd,allocation.growth.cor,fixed\n", "did you mean 'core'?"},
        {"drivers.csv", "name,family,value_33\nd,fixed,1\n", "expected a number from 1 to 32 at its end"},
        {"drivers.csv", "name,family,history_file\nd,empirical,../x.csv:a\n", "the path leaves the scenario's folder"},
        {"drivers.csv", "name,family,history_file\nd,empirical,h.csv\n", "expected FILE:COLUMN"},
        {"drivers.csv", "name,family,history_file\nd,empirical,h.csv:a\n", "the history's file cannot be read"},
        {"programmes.csv", "code,kind,delivery\nP1,demand,deliverry\n",
         "'deliverry' is no driver; expected a number or the name of a driver; did you mean 'delivery'?"},
        {"programmes.csv", "code,kind,target_organisations\nP1,demand,S\n",
         "'S' is a system, not an organisation; expected system=S"},
        {"programmes.csv", "code,kind,target_organisations\nP1,demand,kind=acut\n", "did you mean 'acute'?"},
        {"programmes.csv", "code,kind,target_organisations\nP1,demand,system=X\n",
         "'X' is not known; expected a key of systems"},
        {"programmes.csv", "code,kind,target_organisations\nP1,demand,C;T\n", "expected codes joined by |"},
        {"programmes.csv", "code,kind,target_services\nP1,demand,a;;b\n", "has an empty item"},
        {"programmes.csv", "code,kind,start\nP1,demand,2019-10-15\n", "expected the first of a month, 2019-10-01"},
        {"programmes.csv", "code,kind,tranches\nP1,demand,1e1\n", "expected plain digits, 10"},
        {"programmes.csv", "code,kind,test\nP1,demand,6\n", "'6' is out of range; expected 1 to 5"},
        {"correlations.csv", "driver_a,driver_b,correlation\nprice.pay,delivery,0.1\ndelivery,price.pay,0.1\n",
         "the key delivery|price.pay is taken: its first row is at line 2"},
        {"correlations.csv", "driver_a,driver_b,correlation\ndelivery,delivery,0.1\n", "is not correlated with itself"},
        {"plans.csv", "code,year,line,amount\nT,2019/20,incme,1\n", "did you mean 'income'?"},
        {"scenario.yaml", "title: x\nyear: 5\n",
         "scenario.yaml:2:1: error: there is no setting 'year'; did you mean 'years'?"},
        {"scenario.yaml", "title: x\nyears: 25\n", "years: '25' is out of range; expected 1 to 20"},
        {"scenario.yaml", "title: x\npaths: 1e5\n",
         "paths: '1e5' is not written as a whole number; expected plain digits, 100000"},
        {"scenario.yaml", "title: x\nseed: -1\n", "seed: '-1' is negative"},
        {"scenario.yaml", "title: x\nsampling: lsh\n", "did you mean 'lhs'?"},
        {"scenario.yaml", "title: x\nbase_year: 2018\n", "base_year: '2018' is not a financial year; expected 2018/19"},
        {"scenario.yaml", "years: 2\n", "title: is missing"},
        {"scenario.yaml", "title: x\nsubmission: {nam: y}\n",
         "there is no setting 'submission.nam'; did you mean 'name'?"},
        {"scenario.yaml", "title: x\ntests: [{number: 6}]\n", "tests: '6' is no test; expected 1 to 5"},
        {"scenario.yaml", "title: x\ntests: [{number: 1, kinds: [price]}, {number: 2, kinds: [price]}]\n",
         "the kind price counts to test 1 already"},
        {"scenario.yaml", "title: x\nkeep_paths: [systm.gap]\n", "did you mean 'system'?"},
        {"scenario.yaml", "title: x\nremove: {flows: ['*']}\n", "there is no extended scenario to remove rows from"},
        {"scenario.yaml", "[]\n", "the file holds a list, not settings"},
    };
    char name[64];
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *folder = folder_path("wrong");
        (void)folder;
        folder_write_minimal("wrong");
        snprintf(name, sizeof name, "wrong/%s", wrong[i].file);
        folder_write(name, wrong[i].text);
        expect_refusal("wrong", wrong[i].error);
        unlink(folder_path("%s", name));
    }
}

static void problems_come_all_at_once_and_in_order(void **state) {
    loaded got;
    (void)state;
    folder_write_minimal("many");
    folder_write("many/scenario.yaml", "title: x\npaths: 0\nyears: two\n");
    folder_write("many/flows.csv", "payer,payee,amount\nC,T,£5\nX,T,(1)\n");
    folder_write("many/drivers.csv", "name,family\nd,nrmal\n");
    load(&got, "many", NULL, 0);
    const char *const order[] = {"drivers.csv:2:3", "flows.csv:2:5", "flows.csv:3:1", "flows.csv:3:5",
                                 "scenario.yaml:2:8"};
    const char *at = got.errors;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
    assert_non_null(strstr(got.errors, "scenario.yaml:3:8"));
}

static void notes_and_what_is_not_modelled(void **state) {
    loaded got;
    (void)state;
    folder_write_minimal("kept");
    folder_write("kept/beds.csv", "code,beds_open,cost_per_bed\nT,800,0.45\n");
    folder_write("kept/plan.xlsx", "not a table");
    folder_write("kept/README.md", "of no concern");
    folder_write("kept/scenario.yaml", "title: x\nyears: 1\nunfilled: saves\n");
    folder_write("kept/allocations.csv", "code,stream,year,amount\nC,core,2018/19,1\nC,core,2019/20,1\n");
    folder_write("kept/programmes.csv", "code,kind,amount_2019/20,amount_2020/21\nP1,income,1,2\n");
    must_load(&got, "kept", NULL, 0);
    assert_non_null(strstr(got.notes, "plan.xlsx: note: is not read"));
    assert_non_null(strstr(got.notes, "the column 'amount_2020/21' is after the last year, 2019/20: passed over"));
    assert_null(strstr(got.notes, "README"));
    assert_int_equal(got.scenario->unmodelled_count, 0);
    assert_true(got.scenario->unfilled_saves);
    unload(&got);
}

static void histories_are_read(void **state) {
    loaded got;
    (void)state;
    folder_write_minimal("history");
    folder_write("history/drivers.csv", "name,family,history_file,value\ndelivery,empirical,past/h.csv:growth,\n");
    folder_write("history/past/h.csv", "year,growth\n2015/16,0.021\n2016/17,\n2017/18,0.034\n");
    must_load(&got, "history", NULL, 0);
    const ltp_history *history = ltp_scenario_history(
        got.scenario, ltp_cell_at(&got.scenario->table[LTP_TABLE_DRIVERS], 0, LTP_DRIVERS_HISTORY_FILE));
    assert_non_null(history);
    assert_int_equal(history->count, 2);
    assert_near(history->value[1], 0.034, 0);
    unload(&got);
    folder_write("history/past/h.csv", "year,growth\n2015/16,2.1%\n");
    expect_refusal("history", "past/h.csv:2:9: error: growth: '2.1%' is a percentage; expected the fraction, 0.021");
}

static void a_scenario_extends_another(void **state) {
    loaded got;
    (void)state;
    folder_write_minimal("base");
    folder_write("base/scenario.yaml", "title: Base\ndescription: old\nyears: 2\nseed: 7\n"
                                       "set:\n  - programmes.P1.cost_one_off: 2\n");
    folder_write("next/scenario.yaml",
                 "title: Next\nextends: ../base\npaths: 2048\nremove:\n  programmes: [P2]\n  flows: ['T|SHOPS|*']\n"
                 "set:\n  - drivers.price.supplies.mean: +0.01\n  - drivers.demand.*.mean: x2\n"
                 "  - programmes.*.delivery_factor: x0.8\n  - programmes.P1.cost_one_off: +0.5\n");
    folder_write("next/flows.csv", "payer,payee,service,category,amount,mechanism\nC,T,community,,60,block\n"
                                   "C,SHOPS,prescribing,,5,block\nT,SHOPS,,supplies,80,\n");
    must_load(&got, "next", NULL, 0);
    const ltp_scenario *s = got.scenario;
    assert_string_equal(s->title, "Next");
    assert_null(s->description);
    assert_int_equal(s->seed, 7); /* settings are the start too */
    assert_int_equal(s->path_count, 2048);
    const ltp_table *flows = &s->table[LTP_TABLE_FLOWS];
    assert_int_equal(flows->row_count, 5);
    assert_near(ltp_cell_at(flows, 1, LTP_FLOWS_AMOUNT)->number, 60, 0); /* replaced in its place */
    assert_false(ltp_cell_year(flows, 1, LTP_FLOWS_UPLIFT, 1)->present);
    assert_string_equal(ltp_cell_at(flows, 3, LTP_FLOWS_SERVICE)->text, "prescribing");
    assert_int_equal(s->table[LTP_TABLE_PROGRAMMES].row_count, 1);
    assert_near(number_at(&got, LTP_TABLE_PROGRAMMES, "P1", LTP_PROGRAMMES_DELIVERY_FACTOR), 0.8, 0);
    assert_near(number_at(&got, LTP_TABLE_PROGRAMMES, "P1", LTP_PROGRAMMES_COST_ONE_OFF), 2.5, 0);
    assert_near(number_at(&got, LTP_TABLE_DRIVERS, "demand.nonelective", LTP_DRIVERS_MEAN), 0.06, 0);
    const ltp_table *drivers = &s->table[LTP_TABLE_DRIVERS];
    const size_t supplies = ltp_table_find(drivers, "price.supplies");
    assert_near(ltp_cell_year(drivers, supplies, LTP_DRIVERS_MEAN_YEAR, 1)->number, 0.03, 1e-17);
    assert_near(ltp_cell_year(drivers, supplies, LTP_DRIVERS_MEAN_YEAR, 2)->number, 0.035, 1e-17);
    assert_false(ltp_cell_at(drivers, supplies, LTP_DRIVERS_MEAN)->present);
    bool named = false;
    for (size_t i = 0; i < s->file_count; i++)
        named |= strcmp(s->file[i].name, "../base/drivers.csv") == 0;
    assert_true(named);
    unload(&got);
}

static void set_changes_cells(void **state) {
    loaded got;
    const char *const good[] = {"drivers.price.supplies.mean=0.05", "programmes.P2.amount=x2",
                                "programmes.P1.start=2020-01-01", "programmes.P1.amount_2019/20=1.25"};
    (void)state;
    folder_write_minimal("set");
    must_load(&got, "set", good, 4);
    const ltp_table *drivers = &got.scenario->table[LTP_TABLE_DRIVERS];
    const size_t supplies = ltp_table_find(drivers, "price.supplies");
    assert_near(ltp_cell_at(drivers, supplies, LTP_DRIVERS_MEAN)->number, 0.05, 0);
    assert_false(ltp_cell_year(drivers, supplies, LTP_DRIVERS_MEAN_YEAR, 1)->present);
    const ltp_table *programmes = &got.scenario->table[LTP_TABLE_PROGRAMMES];
    assert_near(ltp_cell_year(programmes, 1, LTP_PROGRAMMES_AMOUNT, 1)->number, 3.0, 0);
    assert_near(ltp_cell_year(programmes, 1, LTP_PROGRAMMES_AMOUNT, 2)->number, 5.0, 0);
    assert_near(ltp_cell_year(programmes, 0, LTP_PROGRAMMES_AMOUNT, 1)->number, 1.25, 0);
    assert_near(number_at(&got, LTP_TABLE_PROGRAMMES, "P1", LTP_PROGRAMMES_START), 21, 0);
    unload(&got);
    static const char *const bad[][2] = {
        {"drivers.price.suplies.mean=1",
         "no row of drivers has the key 'price.suplies'; did you mean 'price.supplies'?"},
        {"drivers.price.pay.men=1", "drivers has no column 'men'; did you mean 'mean'?"},
        {"driver.price.pay.mean=1", "there is no table 'driver'; did you mean 'drivers'?"},
        {"flows.C.amount=1", "a row of this table has a key of several columns"},
        {"programmes.P1.code=P9", "the column is the table's key"},
        {"programmes.P1.amount=1", "stands for several cells"},
        {"programmes.P1.amount_2031/32=1", "the year is after the last year"},
        {"programmes.P1.delivery=5", "'5' is out of range; expected 0 to 2"},
        {"programmes.P2.delivery=x0.5", "expected a number there"},
        {"drivers.delivery.sd=+0.1", "there is nothing to change: the cell is empty"},
        {"programmes.P1.full_year_effect=+2%", "is a percentage"},
        {"programmes.Q*.full_year_effect=1", "no row of programmes matches 'Q*'"},
        {"title", "there is no '='"},
        {"title=x", "names no cell"},
        {"programmes.P1.note=\033[2J", "the control character U+001B"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        load(&got, "set", bad[i], 1);
        if (got.status != LTP_ERROR_INPUT || !strstr(got.errors, bad[i][1]))
            fail_msg("%s: expected “%s” among:\n%s", bad[i][0], bad[i][1], got.errors);
    }
}

static void chains_end(void **state) {
    char name[64], text[128];
    (void)state;
    folder_write("a/scenario.yaml", "title: a\nextends: ../b\n");
    folder_write("b/scenario.yaml", "title: b\nextends: ../c\n");
    folder_write("c/scenario.yaml", "title: c\nextends: ../b\n");
    expect_refusal("a", "extends: the scenarios extend each other in a circle: b → c → b");
    folder_write_minimal("e9");
    for (int i = 0; i < 9; i++) {
        snprintf(name, sizeof name, "e%d/scenario.yaml", i);
        snprintf(text, sizeof text, "title: x\nextends: ../e%d\n", i + 1);
        folder_write(name, text);
    }
    expect_refusal("e0", "too many scenarios extend one another");
    expect_valid("e1");
    static const char *const out[] = {"/etc", "../..", "..", "../", "../a/b", "b", "../."};
    for (size_t i = 0; i < sizeof out / sizeof out[0]; i++) {
        snprintf(text, sizeof text, "title: x\nextends: %s\n", out[i]);
        folder_write("out/scenario.yaml", text);
        expect_refusal("out", "is no folder beside this one");
    }
    folder_write("out/scenario.yaml", "title: x\nextends: ../link\n");
    assert_int_equal(symlink("/etc", folder_path("link")), 0);
    expect_refusal("out", "is a symbolic link or no folder");
    folder_write("out/scenario.yaml", "title: x\nextends: ../nowhere\n");
    expect_refusal("out", "'../nowhere' cannot be opened");
}

static void hostile_files_are_refused(void **state) {
    loaded got;
    (void)state;
    folder_write_minimal("hostile");
    const char *flows = folder_path("hostile/flows.csv");
    unlink(flows);
    assert_int_equal(mkfifo(flows, 0600), 0); /* opening a pipe to read would wait for its writer */
    expect_refusal("hostile", "flows.csv: error: is not a regular file");
    unlink(flows);
    assert_int_equal(symlink("/dev/zero", flows), 0);
    expect_refusal("hostile", "flows.csv: error: a symbolic link is not followed");
    unlink(flows);
    assert_int_equal(mkdir(flows, 0700), 0);
    expect_refusal("hostile", "flows.csv: error: is not a regular file");
    rmdir(flows);
    int file = open(flows, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(ftruncate(file, (off_t)2 << 30), 0); /* a sparse line of two gigabytes */
    close(file);
    expect_refusal("hostile", "the file has 2147483648 bytes; at most 268435456 are read");
    assert_int_equal(truncate(flows, (off_t)200 << 20), 0);
    expect_refusal("hostile", "flows.csv:1:1: error: the control character U+0000");
    unlink(flows);
    char *line = malloc((2 << 20) + 1);
    assert_non_null(line);
    memset(line, 'a', 2 << 20);
    line[2 << 20] = '\0';
    folder_write("hostile/flows.csv", line);
    expect_refusal("hostile", "flows.csv:1: error: the line is longer than 1048576 bytes");
    memset(line, ',', 1 << 20);
    line[1 << 20] = '\0';
    folder_write("hostile/flows.csv", line); /* a million empty cells are a blank row */
    expect_refusal("hostile", "flows.csv: error: the table has no header");
    folder_write_bytes("hostile/flows.csv", "\xFF\xFEp\0a\0", 6);
    expect_refusal("hostile", "flows.csv: error: the file is UTF-16");
    free(line);
    folder_write_minimal("hostile");
    folder_write("hostile/drivers.csv", "name,family,history_file\ndelivery,empirical,h.csv:a\n");
    assert_int_equal(symlink("/etc/passwd", folder_path("hostile/h.csv")), 0);
    expect_refusal("hostile", "h.csv: error: a symbolic link is not followed");
    load(&got, "no-such-folder", NULL, 0);
    assert_int_equal(got.status, LTP_ERROR_IO);
    load(&got, "hostile/flows.csv", NULL, 0);
    assert_int_equal(got.status, LTP_ERROR_IO);
    folder_write("bare/notes.txt", "");
    expect_refusal("bare", "bare: error: there is no scenario.yaml; expected a scenario");
}

static void a_byte_order_mark_and_carriage_returns_are_fine(void **state) {
    (void)state;
    folder_write_minimal("excel");
    folder_write("excel/systems.csv", "\xEF\xBB\xBF"
                                      "code,name,region,,\r\nS,\"System, North\",North,,\r\n,,,,\r\n");
    expect_valid("excel");
}

/* A small linear congruential generator (Knuth 1997, vol. 2, p. 106): the same mutations on every machine. */
static unsigned next_random(uint64_t *random) {
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*random >> 33);
}

/* Random bytes changed, dropped or doubled in a valid scenario: always valid or refused, never a crash. */
static void mutations_never_crash(void **state) {
    static const char *const file[] = {"scenario.yaml", "flows.csv", "drivers.csv", "programmes.csv",
                                       "organisations.csv"};
    static const char odd[] = "\"',;|=*#\n\r\t -+x0.{}[]:&!%\xC2\xA0\xFF";
    static loaded got;
    uint64_t random = 20190627;
    size_t refused = 0, valid = 0;
    char original[5][1024], text[2048], name[64];
    (void)state;
    folder_write_minimal("mutant");
    folder_write("mutant/scenario.yaml", "title: Minimal\nyears: 2\nset:\n  - drivers.price.pay.value: +0.01\n"
                                         "tests:\n  - {number: 2, kinds: [unit_cost]}\n");
    for (size_t f = 0; f < 5; f++) {
        FILE *from = fopen(folder_path("mutant/%s", file[f]), "r");
        assert_non_null(from);
        original[f][fread(original[f], 1, sizeof original[f] - 1, from)] = '\0';
        fclose(from);
    }
    for (int round = 0; round < 4000; round++) {
        const size_t f = next_random(&random) % 5;
        size_t length = strlen(original[f]);
        memcpy(text, original[f], length + 1);
        for (unsigned change = 0; change < 1 + next_random(&random) % 3; change++) {
            const size_t at = next_random(&random) % length;
            const unsigned kind = next_random(&random) % 3;
            if (kind == 0)
                text[at] = odd[next_random(&random) % (sizeof odd - 1)];
            else if (kind == 1) {
                memmove(text + at, text + at + 1, length - at);
                length--;
            } else {
                memmove(text + at + 1, text + at, length - at + 1);
                length++;
            }
        }
        snprintf(name, sizeof name, "mutant/%s", file[f]);
        folder_write_bytes(name, text, length);
        load(&got, "mutant", NULL, 0);
        assert_true(got.status == LTP_OK || got.status == LTP_ERROR_INPUT);
        assert_true((got.status == LTP_OK) == (got.error_count == 0));
        valid += got.status == LTP_OK;
        refused += got.status != LTP_OK;
        unload(&got);
        folder_write(name, original[f]);
    }
    /* Both ends are reached, else the loop proves nothing. */
    assert_true(valid > 100 && refused > 1000);
}

/* Every allocation in turn is refused: an error each time, and nothing leaks (the leak check sees). */
static void memory_may_run_out_anywhere(void **state) {
    (void)state;
    folder_write_minimal("memory");
    unsigned long n = 1;
    ltp_status status = LTP_ERROR_MEMORY;
    for (; n < 5000 && status == LTP_ERROR_MEMORY; n++) {
        ltp_problem_list *problems;
        ltp_scenario *scenario;
        ltp_error error;
        assert_int_equal(ltp_problem_list_create(&problems, &error), LTP_OK);
        ltp_memory_fail_after(n);
        status = ltp_scenario_load(&scenario, folder_path("memory"), NULL, 0, problems, &error);
        ltp_memory_fail_after(0);
        if (status == LTP_OK)
            ltp_scenario_free(scenario);
        else
            assert_null(scenario);
        ltp_problem_list_destroy(problems);
    }
    assert_int_equal(status, LTP_OK);
    assert_true(n > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_is_read),
        cmocka_unit_test(money_may_name_its_unit),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(problems_come_all_at_once_and_in_order),
        cmocka_unit_test(notes_and_what_is_not_modelled),
        cmocka_unit_test(histories_are_read),
        cmocka_unit_test(a_scenario_extends_another),
        cmocka_unit_test(set_changes_cells),
        cmocka_unit_test(chains_end),
        cmocka_unit_test(hostile_files_are_refused),
        cmocka_unit_test(a_byte_order_mark_and_carriage_returns_are_fine),
        cmocka_unit_test(mutations_never_crash),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, folder_remove_all);
}
