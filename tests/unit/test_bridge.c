/* Why the gap is what it is: every line of the do-nothing bridge against the change in the gap when one effect after
 * another is really switched on, in the bridge's order, all years at once. */
#include "models/bridge.h"
#include "tests/support/simulate.h"
#include "tests/support/test.h"
#include "tests/support/workspace.h"

#define YEARS 2

/* Effects switched on so far: those up to and with this line. */
static workspace world(int line) {
    const bool demographic = line >= LTP_BRIDGE_DEMOGRAPHIC, growth = line >= LTP_BRIDGE_NON_DEMOGRAPHIC;
    const bool tariff = line >= LTP_BRIDGE_TARIFF, money = line >= LTP_BRIDGE_ALLOCATION;
    workspace where = workspace_copy("scenarios/minimal");
    workspace_write(&where, "scenario.yaml",
                    "title: bridge\nbase_year: 2018/19\nyears: 2\nseed: 1\nsampling: expected\n");
    workspace_print(&where, "drivers.csv",
                    "name,target,scope,family,mean\n"
                    "demand.nonelective,demand.nonelective,national,fixed,%g\n"
                    "demand.elective,demand.elective,national,fixed,%g\n"
                    "demand.drugs_devices,demand.drugs_devices,national,fixed,%g\n"
                    "demand.prescribing,demand.prescribing,national,fixed,%g\n"
                    "price.pay,price.pay,national,fixed,%g\nprice.drugs,price.drugs,national,fixed,%g\n"
                    "price.cnst,price.cnst,national,fixed,%g\nprice.clinical_supplies,price.clinical_supplies,national,"
                    "fixed,%g\ntariff.uplift,tariff.uplift,national,fixed,%g\n"
                    "tariff.efficiency,tariff.efficiency,national,fixed,%g\n",
                    growth ? 0.03 : 0, growth ? 0.02 : 0, growth ? 0.05 : 0, growth ? 0.02 : 0,
                    line >= LTP_BRIDGE_PAY ? 0.03 : 0, line >= LTP_BRIDGE_DRUGS ? 0.04 : 0,
                    line >= LTP_BRIDGE_CNST ? 0.08 : 0, line >= LTP_BRIDGE_OTHER_INFLATION ? 0.02 : 0,
                    tariff ? 0.038 : 0, tariff ? 0.011 : 0);
    const double old = demographic ? 206 : 200, older = demographic ? 213 : 200;
    workspace_print(&where, "population.csv",
                    "system,age_band,year,persons\nS,young,2018/19,1000\nS,young,2019/20,1000\nS,young,2020/21,1000\n"
                    "S,old,2018/19,200\nS,old,2019/20,%g\nS,old,2020/21,%g\n",
                    old, older);
    workspace_write(&where, "use_by_age.csv",
                    "service,age_band,use_per_head\nelective,young,0.05\nelective,old,0.25\nnonelective,young,0.02\n"
                    "nonelective,old,0.3\nprescribing,young,8\nprescribing,old,50\n");
    workspace_add(&where, "categories.csv", "cnst,CNST,0.9,1,1,1,made up,assumed");
    workspace_set(&where, "flows.csv", "T,STAFF,,pay", "amount", "205");
    workspace_add(&where, "flows.csv", "T,SUPPLIERS,,cnst,,15,,,,recurrent,made up,assumed");
    workspace_set(&where, "flows.csv", "C,T,community", "uplift_2019/20", tariff ? "0.04" : "0");
    workspace_set(&where, "flows.csv", "C,T,community", "uplift_2020/21", tariff ? "0.03" : "0");
    workspace_set(&where, "organisations.csv", "T", "reported_surplus", "-7");
    workspace_add(&where, "flows.csv", "NHS-ENGLAND,T,other,,,3,block,,,support,made up,assumed,");
    workspace_write(&where, "normalisation.csv", "code,line,amount\nT,Support,-3\n");
    workspace_write(&where, "programmes.csv",
                    line >= LTP_BRIDGE_INVESTMENT
                        ? "code,kind,payer,payee,amount_2019/20,amount_2020/21,committed\nV,investment,C,T,3,4,yes\n"
                        : "code,kind,payer,payee,amount_2019/20,amount_2020/21,committed\nV,investment,C,T,3,4,no\n");
    if (line >= LTP_BRIDGE_WORKFORCE) {
        workspace_write(&where, "scenario.yaml",
                        "title: bridge\nbase_year: 2018/19\nyears: 2\nseed: 1\nsampling: expected\nunfilled: saves\n");
        workspace_write(&where, "workforce.csv",
                        "code,group,fte,cost_per_fte,vacancy,leavers,joiners,agency_share,agency_cap,agency_premium\n"
                        "T,nurses,920,0.045,0.08,0.14,0.1,0.05,0.06,0.35\n"
                        "C,managers,90,0.06,0.1,0.2,0.1,0.1,0.5,0.4\n");
    }
    workspace_write(&where, "allocations.csv",
                    money ? "code,stream,year,amount\nC,core,2018/19,500\nC,core,2019/20,528.25\nC,core,2020/21,550\n"
                          : "code,stream,year,amount\nC,core,2018/19,500\nC,core,2019/20,500\nC,core,2020/21,500\n");
    const int fixed = money ? 72 : 70;
    workspace_print(&where, "contracts.csv",
                    "payer,payee,service,year,payer_amount,payee_amount\nC,SUPPLIERS,other,2019/20,%d,%d\n"
                    "C,SUPPLIERS,other,2020/21,%d,%d\n",
                    fixed, fixed, money ? 75 : 70, money ? 75 : 70);
    return where;
}

static void lines_are_what_switching_on_changes(void **state) {
    (void)state;
    static const char *const who[] = {"T", "C"};
    static const double reported[] = {7, 0}, normalisation[] = {3, 0};
    double gap[LTP_BRIDGE_COUNT][2][YEARS], bridge[LTP_BRIDGE_COUNT][2][YEARS];
    for (int line = LTP_BRIDGE_NORMALISATION; line < LTP_BRIDGE_COUNT; line++) {
        workspace where = world(line);
        simulation s = simulation_open(where.path, NULL);
        simulation_expect(&s);
        for (int o = 0; o < 2; o++)
            for (int t = 0; t < YEARS; t++) {
                gap[line][o][t] = simulation_gap(&s, who[o], "do_nothing", t + 1, 0);
                for (int l = 0; l < LTP_BRIDGE_COUNT && line == LTP_BRIDGE_COUNT - 1; l++)
                    bridge[l][o][t] = simulation_value(&s, LTP_QUANTITY_BRIDGE, who[o], ltp_bridge_line_code[l],
                                                       "do_nothing", t + 1, 0);
            }
        simulation_close(&s);
        workspace_remove(&where);
    }
    int moved = 0;
    for (int o = 0; o < 2; o++)
        for (int t = 0; t < YEARS; t++) {
            assert_near(bridge[LTP_BRIDGE_REPORTED][o][t], reported[o], 1e-12);
            assert_near(bridge[LTP_BRIDGE_NORMALISATION][o][t], normalisation[o], 1e-12);
            assert_near(gap[LTP_BRIDGE_NORMALISATION][o][t], reported[o] + normalisation[o], 1e-9);
            for (int line = LTP_BRIDGE_DEMOGRAPHIC; line < LTP_BRIDGE_COUNT; line++) {
                const double change = gap[line][o][t] - gap[line - 1][o][t];
                if (!(fabs(bridge[line][o][t] - change) < 1e-9))
                    fail_msg("%s of %s in year %d: the bridge says %.6f, switching it on %.6f",
                             ltp_bridge_line_code[line], who[o], t + 1, bridge[line][o][t], change);
                moved += fabs(change) > 0.01;
            }
        }
    assert_true(moved > 20); /* the lines are not empty */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_what_switching_on_changes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
