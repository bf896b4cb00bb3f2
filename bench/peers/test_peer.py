#!/usr/bin/env python3
"""The peer against the hand-worked example, closed forms, and its own flow-by-flow twin (prints TAP)."""
import csv
import math
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import donothing                                        # noqa: E402  (sets the threads before numpy)
import attribute                                        # noqa: E402
import every_rule                                       # noqa: E402
import numpy as np                                      # noqa: E402
from capital import Capital, Scheme                     # noqa: E402
from drivers import Family, Inputs, Sampler             # noqa: E402
from layer import Book                                  # noqa: E402
from plan import Plan                                   # noqa: E402
from scenario import Scenario                           # noqa: E402
from programme import in_place                          # noqa: E402
from simulate import Model, Simulator                   # noqa: E402
from trajectory import Trajectories                     # noqa: E402

count = failed = 0
scratch = tempfile.TemporaryDirectory(prefix="peer-")


def ok(condition, what):
    global count, failed
    count += 1
    failed += not condition
    print(f"{'ok' if condition else 'not ok'} {count} - {what}")


def near(found, expected, tolerance, what):
    ok(abs(found - expected) <= tolerance, f"{what}: {found:.7g}, expected {expected:.7g} within {tolerance:.2g}")


def scenario(years=1, base="2018/19", **tables):
    """A scenario folder from tables given as (header, *rows) of comma-separated text."""
    folder = tempfile.mkdtemp(dir=scratch.name)
    with open(os.path.join(folder, "scenario.yaml"), "w") as handle:
        handle.write(f"title: a test\nbase_year: {base}\nyears: {years}\n")
    for name, lines in tables.items():
        with open(os.path.join(folder, name + ".csv"), "w", newline="") as handle:
            csv.writer(handle).writerows(line.split(",") for line in lines)
    return Scenario(folder)


DRIVERS = ["name,target,scope,family,mean,sd,value", "nel,demand.nonelective,national,normal,0.03,0.04,"] + [
    f"{target},{target},national,fixed,,,{value}" for target, value in (
        ("demand.elective", 0.02), ("demand.community", 0.02), ("demand.drugs_devices", 0.05), ("demand.prescribing", 0.02),
        ("price.pay", 0.03), ("price.clinical_supplies", 0.02), ("price.drugs", 0.04), ("tariff.uplift", 0.038), ("tariff.efficiency", 0.011))]
FLOWS = ["payer,payee,service,category,amount,mechanism,variable_share,uplift_2019/20", "C,T,nonelective,,100,blended,0.2,",
         "C,T,elective,,150,activity,,", "C,T,community,,50,block,,0.04", "C,T,drugs_devices,,30,pass_through,,",
         "C,X,prescribing,drugs,100,pass_through,,", "C,X,other,other,70,fixed,,", "T,X,,pay,220,,,",
         "T,X,,clinical_supplies,90,,,", "T,X,,drugs,30,,,"]


def worked(x="0.03", flows=FLOWS, growth=("0.6", "0.8"), **more):
    """The example of two organisations; `x` moves the mean of non-elective growth."""
    drivers = [line.replace("0.03,0.04", f"{x},0.04") if line.startswith("nel") else line for line in DRIVERS]
    return Plan(scenario(organisations=["code,kind,system,opening_surplus", "C,ccg,S,0", "T,acute,S,-10"], drivers=drivers, flows=flows,
                         categories=["code,growth_share,variable_share_first_year,variable_share_long_run", f"pay,{growth[0]},0.6,0.6",
                                     f"clinical_supplies,{growth[1]},0.8,0.8"],
                         allocations=["code,stream,year,amount", "C,core,2018/19,500", "C,core,2019/20,528.25"],
                         contracts=["payer,payee,service,year,payer_amount,payee_amount", "C,X,other,2019/20,72,"], **more))


def figures(plan):
    result = donothing.expected(plan)
    gap = {o: result["organisations"][o]["gap"] for o in ("C", "T")}
    return gap["T"][0], gap["C"][0], result["systems"]["S"]["system"][0], result


def test_worked_example():
    t, c, s, result = figures(worked())
    for found, expected, what in ((t, 8.374, "T"), (c, -2.498, "C"), (s, 5.876, "system"),
                                  (result["organisations"]["T"]["income"][0], 347.672, "T's income"),
                                  (result["organisations"]["T"]["cost"][0], 356.046, "T's cost"),
                                  (result["organisations"]["C"]["cost"][0], 525.752, "C's payments")):
        near(found, expected, 5e-4, f"worked example, {what}")
    t, c, s, _ = figures(worked(flows=[f.replace("100,blended,0.2,", "100,block,,0.04") for f in FLOWS]))
    near(t, 10.155, 5e-4, "non-elective as block, T")
    near(c, -4.279, 5e-4, "non-elective as block, C")
    near(s, 5.876, 5e-4, "non-elective as block, system")
    t, _, s, _ = figures(worked(growth=("1", "1")))
    near(t, 10.91733, 5e-6, "growth share 1, T")
    near(s, 8.41933, 5e-6, "growth share 1, system")
    *_, s, result = figures(worked(programmes=["code,kind,payer,payee,amount_2019/20,committed", "N,investment,C,T,2,yes", "M,investment,C,X,3,no"]))
    near(s, 7.876, 5e-4, "committed investment of 2, system")
    near(result["organisations"]["T"]["gap"][0], 8.374, 5e-4, "committed investment of 2, T spends what it is given")
    floor = ["name,payers,services,rule,reference,by,start,spent", "floor,C,community,grows_at_least,core,0,2019/20,1"]
    t, c, s, _ = figures(worked(floors=floor))
    for found, expected, what in ((t, 8.374, "T"), (c, -1.673, "C"), (s, 6.701, "system")):
        near(found, expected, 5e-4, f"floor, {what}")
    near(donothing.check(worked(floors=floor), Model(worked(floors=floor)), 1), 0.0, 1e-10, "floor, fast against readable")


def test_realised_growth():
    """x = 0.07 on the path while the plan keeps its mean of 0.03."""
    for mechanism, expected in (("blended,0.2,", (10.3444, -1.6764, 8.668)), ("activity,,", (7.058, 1.610, 8.668))):
        plan = worked(flows=[f.replace("blended,0.2,", mechanism) for f in FLOWS])
        income, cost, _, _ = donothing.project(plan, lambda place, t: 0.07 if "nonelective" in place[0] else plan.inputs.mean(place[0], t))
        gap, systems = donothing.gaps(plan, income, cost)
        for found, want, what in zip((gap["T"][0], gap["C"][0], systems["S"]["system"][0]), expected, ("T", "C", "system")):
            near(found, want, 5e-4, f"x = 0.07, {mechanism.split(',')[0]}, {what}")


def test_distribution():
    """1,000,000 paths against the exact normals; 5 standard errors, so a false alarm in about 1e5 runs."""
    plan, n = worked(), 1_000_000
    model = Model(plan)
    out = np.empty((1, len(model.codes) + len(model.names), n))
    Simulator(model, 512).run(n, 3, out)
    rows = {"T": model.row["T"], "C": model.row["C"], "system": len(model.codes)}
    for name, mean, sd, p10, p90, balance, tail in (("T", 8.374, 1.9704, 5.8488, 10.8992, 1.069e-5, 11.8320),
                                                    ("C", -2.498, 0.8216, -3.5509, -1.4451, 0.998819, -1.0561),
                                                    ("system", 5.876, 2.7920, 2.2979, 9.4541, 0.017664, 10.7759)):
        x = out[0, rows[name]]
        se = sd / math.sqrt(n)
        near(x.mean(), mean, 5 * se + 5e-4, f"{name}, mean")
        near(x.std(), sd, 5 * se / math.sqrt(2) + 5e-5, f"{name}, sd")
        q10, q90 = np.quantile(x, (0.1, 0.9))
        near(q10, p10, 5 * 1.7094 * se + 5e-5, f"{name}, P10")
        near(q90, p90, 5 * 1.7094 * se + 5e-5, f"{name}, P90")
        near((x <= 0).mean(), balance, 5 * math.sqrt(balance * (1 - balance) / n) + 1e-6, f"{name}, P(gap <= 0)")
        near(x[x >= q90].mean(), tail, 5 * 2.5 * se + 5e-5, f"{name}, expected shortfall 90")
    ok(abs(out[0, rows["T"]].mean() - 8.374 * 1.01) > 5 * 1.9704 / 1000, "negative control: a mean 1% off is caught")


def test_growth():
    plan = Plan(scenario(organisations=["code,kind,system,opening_surplus", "C,ccg,S,0"],
                         flows=["payer,payee,service,amount,activity,mechanism", "C,X,p,100,1000,activity"],
                         allocations=["code,stream,year,amount", "C,core,2018/19,100", "C,core,2019/20,100"],
                         drivers=["name,target,family,value", "d,demand.p,fixed,0.01"],
                         population=["system,age_band,year,persons", "S,y,2018,1000", "S,o,2018,200", "S,y,2019,1005", "S,o,2019,206"],
                         use_by_age=["service,age_band,use_per_head", "p,y,0.05", "p,o,0.25"]))
    near(plan.demographic_growth("S", "p", 1), 0.0175, 1e-12, "g_demo")
    near(donothing.expected(plan)["activity"]["C"]["p"][0], 1027.675, 1e-9, "A0 with x = 1%")
    plan = Plan(scenario(years=2, organisations=["code,kind,system,opening_surplus", "C,ccg,S,0"], drivers=["name,target,family,value"],
                         flows=["payer,payee,service,amount,mechanism", "C,X,p,100,block"],
                         allocations=["code,stream,year,amount"] + [f"C,core,{y},{a}" for y, a in (("2018/19", 100), ("2019/20", 105.65), ("2020/21", 105.65 * 1.0414))]))
    near(donothing.expected(plan)["organisations"]["C"]["cost"][1], 110.0239, 5e-5, "block uplifts 5.65% then 4.14%")


def test_national_check():
    up, growth = (0.038, 0.025, 0.029, 0.028, 0.029), (1.0565, 1.0414, 1.04, 1.0378, 1.0354)
    labels = [f"20{y}/{y + 1}" for y in range(18, 24)]
    allocated = np.concatenate([[95.0], 95.0 * np.cumprod(growth)])
    plan = Plan(scenario(years=5, organisations=["code,kind,system,opening_surplus", "C,ccg,S,0", "T,acute,S,-5"],
                         flows=["payer,payee,service,category,amount,mechanism", "C,T,p,,95,activity", "T,X,,k,100,"],
                         allocations=["code,stream,year,amount"] + [f"C,core,{y},{a}" for y, a in zip(labels, allocated)],
                         drivers=["name,target,family,value," + ",".join("mean_" + y for y in labels[1:]), "d,demand.p,fixed,0.029" + 5 * ",",
                                  "k,price.k,fixed,," + ",".join(map(str, up)), "e,tariff.efficiency,fixed,0.011" + 5 * ","]))
    systems = donothing.expected(plan)["systems"]["S"]
    for view, expected in (("provider", (6.42, 7.90, 9.55, 11.35, 13.32)), ("commissioner", (0.03, 0.23, 1.03, 2.02, 3.48)),
                           ("system", (6.44, 8.13, 10.58, 13.37, 16.80))):
        worst = max(abs(a - b) for a, b in zip(systems[view], expected))
        near(worst, 0.0, 5.1e-3, f"national check, {view}, the uplift computed from prices")


def test_every_rule_at_once():
    """A scenario with every mechanism, transfer, floor, event and family: the two implementations agree path by path."""
    plan = Plan(scenario(years=every_rule.YEARS, floors=every_rule.FLOORS, **every_rule.TABLES))
    near(donothing.check(plan, Model(plan), 5, 500), 0.0, 1e-9, "every rule at once, fast against readable")
    wrong = Model(plan)
    wrong.w[3] *= 1.0 + 1e-9
    ok(donothing.check(plan, wrong, 5, 500) > 1e-9, "negative control: a coefficient 1e-9 off is caught")
    both = donothing.expected(plan)
    flows = sum(v["gap"][0] for v in both["organisations"].values())
    near(flows, sum(both["systems"][s]["system"][0] for s in "SR"), 1e-12, "systems' gaps are the organisations'")


def test_families():
    """Tables of Q∘Φ keep the stated mean and deviation (quadrature over the standard normal)."""
    empty = scenario()
    for row, mean, sd in (({"family": "lognormal", "mean": "1.15", "sd": "0.15"}, 1.15, 0.15), ({"family": "beta", "mean": "0.88", "sd": "0.08"}, 0.88, 0.08),
                          ({"family": "beta", "mean": "0.3", "sd": "0.35"}, 0.3, 0.35), ({"family": "gamma", "mean": "3", "sd": "3"}, 3, 3),
                          ({"family": "gamma", "mean": "1", "sd": "1.5"}, 1, 1.5), ({"family": "student_t", "mean": "1", "sd": "2", "df": "6"}, 1, 2),
                          ({"family": "uniform", "min": "1", "max": "4"}, 2.5, 3 / math.sqrt(12)),
                          ({"family": "triangular", "min": "0", "mode": "1", "max": "3"}, 4 / 3, math.sqrt(7 / 18)),
                          ({"family": "pert", "min": "0", "mode": "1", "max": "6"}, 10 / 6, math.sqrt(6 ** 2 / 7 * (10 / 36) * (26 / 36))),
                          ({"family": "truncated_normal", "mean": "0", "sd": "1", "min": "0"}, math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)),
                          ({"family": "metalog", "p10": "0", "p50": "1", "p90": "3"}, 1 + 1 / (1.6 * math.log(9)), None),
                          ({"family": "discrete", "value_1": "0", "probability_1": "0.7", "value_2": "2", "probability_2": "0.3"}, 0.6, math.sqrt(0.84)),
                          ({"family": "poisson", "rate": "2.5"}, 2.5, math.sqrt(2.5))):
        family = Family(row, empty)
        z = np.linspace(-8, 8, 2_000_001)
        weight = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
        x = family.transform(1)(z)
        found = (x * weight).sum()
        near(family.mean(1), mean, 1e-12, f"{row['family']}, stated mean")
        near(found, mean, 2e-5 * max(1, abs(mean)), f"{row['family']}, mean of the table")
        if sd:
            near(math.sqrt(((x - found) ** 2 * weight).sum()), sd, 2e-4 * sd, f"{row['family']}, deviation of the table")


def test_dependence():
    """Correlation of national parts holds in every year, persistence over years, shares across organisations (4.9 se)."""
    inputs = Inputs(scenario(years=3, drivers=["name,target,scope,family,mean,sd,persistence,share_national,share_system,share_organisation",
                                               "a,demand.a,national,normal,0,1,0.6,1,0,0", "b,demand.b,national,normal,0,2,0.2,1,0,0",
                                               "c,demand.c,organisation,normal,0,1,0.5,0.5,0.3,0.2"],
                             correlations=["driver_a,driver_b,correlation", "a,b,0.5"]))
    n, rng = 200_000, np.random.default_rng(8)
    places = [inputs.place("demand." + d, s, o) for d, s, o in (("a", "S", "T"), ("b", "S", "T"), ("c", "S", "T"), ("c", "S", "U"), ("c", "R", "V"))]
    for method in ("boxmuller", "ziggurat"):
        sampler = Sampler(inputs, places, n, method)
        values = np.array([sampler.year(t, rng).copy() for t in (1, 2, 3)])
        tolerance = 4.9 / math.sqrt(n)
        for year in (0, 2):
            r = np.corrcoef(values[year])
            for i, j, want in ((0, 1, 0.5), (0, 2, 0.0), (2, 3, 0.8), (2, 4, 0.5)):
                near(r[i, j], want, tolerance, f"{method}, year {year + 1}, correlation of {i} and {j}")
            near(values[year, 1].std(), 2.0, 2 * tolerance, f"{method}, year {year + 1}, deviation")
        for i, want in ((0, 0.36), (1, 0.04), (2, 0.25)):
            near(np.corrcoef(values[0, i], values[2, i])[0, 1], want, tolerance, f"{method}, persistence of {i} over two years")


PROGRAMMES = ["code,kind,target_organisations,target_services,target_categories,full_year_effect,start,ramp_months,delivery,recurrent_share",
              "SAVE,unit_cost,T,*,pay,0.03,2019-10-01,6,0.9,0.7", "LESS,demand,C,elective,,0.02,2019-04-01,0,0.5,1"]
TRAJECTORY = ["code,year,surplus_before_support,support_offered", "T,2019/20,-7,7"]


def layered(*lines, **more):
    """Layers of the example of two organisations with programmes; a driver more by target and value."""
    plan = worked(programmes=PROGRAMMES[:1] + [PROGRAMMES[i] for i in lines], **more)
    return Book(plan), Book(plan).layers()


def of(layer, measure, key="T", year=1):
    return layer.figures[measure][key][year - 1]


def test_programmes():
    book, layers = layered(1)
    near(of(layers["plan"], "gap"), 6.82304, 5e-6, "unit_cost, T")
    near(of(layers["plan"], "system_gap", "S"), 4.32504, 5e-6, "unit_cost, system")
    near(book.programmes[0].level(1), 0.00675, 1e-15, "in place for a quarter of the first year")
    near(in_place(1, 18, 6, True), 0.25, 1e-15, "an S-curve is as long in place as a line, its ramp within the year")
    near(in_place(1, 18, 12, True) + in_place(2, 18, 12, True) - 1.0, 0.0, 1e-15, "and over two years")
    book.programmes[0].plan.years = 2
    near(book.programmes[0].level(2), 0.0189, 1e-15, "recurrent share 0.7 in year 2")
    near(book.programmes[0].level(1, part="recurrent"), 0.7 * 0.00675, 1e-15, "of the first year only the recurrent part stays")
    near(of(layers["plan"], "cash_released"), 0.7 * 1.55096, 5e-6, "new recurrent cash of the first year")
    near(of(layers["plan"], "cash_rate"), 0.7 * 1.55096 / 340, 5e-8, "of the base year's cost")
    book, layers = layered(2)
    gain = attribute.programmes(book)["LESS"]
    for found, expected, what in ((gain["gain"]["C"][0], 1.57131, "C gains"), (gain["gain"]["T"][0], -0.50337, "T loses"),
                                  (gain["system"][0], 1.06794, "system gains"), (gain["moved_inside"][0], 0.50337, "moved inside"),
                                  (gain["moved_outside"][0], 0.0, "moved outside")):
        near(found, expected, 5e-6, f"demand, {what}")
    near(of(layers["plan"], "cash_released"), 0.0, 1e-15, "moderated demand releases no cash by itself")
    book, layers = layered(1, 2)
    near(of(layers["plan"], "system_gap", "S"), 3.261777, 5e-7, "both, system")
    value, total = attribute.shapley(book)
    near(value[2]["S"][0], 1.548623, 5e-7, "Shapley value of test 2")
    near(value[4]["S"][0], 1.065600, 5e-7, "Shapley value of test 4")
    near(sum(v["S"][0] for v in value.values()), total["S"][0], 1e-12, "they sum to the difference")
    near(total["S"][0], 2.614223, 5e-7, "which is")
    ok(abs(value[2]["S"][0] - (5.876 - of(layers["test_2"], "system_gap", "S"))) > 1e-3, "negative control: the order's own step is not the Shapley value")


def test_second_year():
    """Effects are levels, not rates; what a cut frees goes by its age."""
    plan = Plan(scenario(years=2, organisations=["code,kind,system,opening_surplus", "C,ccg,S,0", "T,acute,S,0"],
                         flows=["payer,payee,service,category,amount,activity,mechanism", "C,T,p,,100,1000,activity", "T,X,,k,100,,"],
                         allocations=["code,stream,year,amount"] + [f"C,core,{y},100" for y in ("2018/19", "2019/20", "2020/21")],
                         drivers=["name,target,family,value", "d,demand.p,fixed,0.02"],
                         programmes=["code,kind,target_organisations,target_services,full_year_effect,start", "L,demand,C,p,0.01,2019-04-01"]))
    near(of(Book(plan).layers()["plan"], "activity", ("T", "p"), 2), 1029.996, 1e-9, "growth 2%, moderation 1% in both years")
    plan = Plan(scenario(years=2, organisations=["code,kind,system,opening_surplus", "C,ccg,S,0", "T,acute,S,0"],
                         flows=["payer,payee,service,category,amount,activity,mechanism", "C,T,p,,100,1000,activity", "T,X,,k,100,,"],
                         allocations=["code,stream,year,amount"] + [f"C,core,{y},100" for y in ("2018/19", "2019/20", "2020/21")],
                         categories=["code,growth_share,variable_share_first_year,variable_share_long_run,years_to_long_run", "k,1,0.5,0.8,1"],
                         drivers=["name,target,family,value"],
                         programmes=["code,kind,target_organisations,target_services,full_year_effect,start,ramp_months",
                                     "L,demand,C,p,0.02,2019-04-01,12"]))
    # a ramp of 12 months is half in place in the first year, wholly in the second: cuts of 0.01 and 0.02
    layer = Book(plan).layers()["plan"]
    near(of(layer, "cost", "T", 2), 98.7, 1e-12, "cuts 0.01 then 0.02, v 0.5 then 0.8: factor 0.987")
    near(of(layer, "stranded_cost", "T", 2), 100 * (0.02 - 0.013), 1e-12, "and what is not freed is stranded")
    near(of(layer, "demand_avoided", ("C", "p"), 2), 20.0, 1e-12, "activity avoided")


def test_trajectory():
    book, layers = layered(1, trajectories=TRAJECTORY)
    near(of(layers["plan"], "support"), 7.0, 0.0, "support at the mean")
    near(of(layers["plan"], "surplus_after_support"), 0.17696, 5e-6, "surplus after support")
    near(of(layers["plan"], "trajectory_margin"), 0.17696, 5e-6, "margin")
    near(of(layers["plan"], "loan"), 0.0, 1e-12, "nothing borrowed")
    for measure, expected in (("support", 0.0), ("trajectory_miss", 1.374), ("loan", 8.374)):
        near(of(layers["do_nothing"], measure), expected, 5e-7, f"do_nothing, {measure}")
    plan = book.plan
    run = Trajectories(plan, supported=False)
    run.year(1, {"T": -8.374, "C": 2.498})
    plan.inputs.mean = lambda target, t: 0.015 if target == "loan.rate" else 0.0
    near(run.interest(2)["T"], 0.12561, 5e-6, "interest of the next year at 1.5%")
    near(run.interest(2).get("C", 0.0), 0.0, 0.0, "a commissioner borrows nothing")


def test_floor():
    """The same as a layer: community grows at least as much as the allocation, and half of it is spent."""
    floor = ["name,payers,services,rule,reference,by,start,spent", "floor,C,community,grows_at_least,core,0,2019/20,1"]
    _, layers = layered(1, floors=floor)
    near(of(layers["do_nothing"], "floor_added", ("floor", "C")), 0.825, 5e-10, "floor")
    near(of(layers["do_nothing"], "gap", "C"), -1.673, 5e-7, "floor, C")
    near(of(layers["do_nothing"], "gap"), 8.374, 5e-7, "floor, T spends it")
    _, layers = layered(1, floors=[floor[0], floor[1][:-1] + "0.5"])
    near(of(layers["do_nothing"], "gap"), 8.374 - 0.4125, 5e-7, "floor, T spends half of it")
    _, layers = layered(1, floors=[floor[0], "cap,C,community,grows_at_most,0.03,0,2019/20,1"])
    near(of(layers["do_nothing"], "floor_added", ("cap", "C")), -0.5, 5e-10, "a cap takes off")


def test_workforce():
    table = ["code,group,fte,cost_per_fte,elasticity,vacancy,leavers,joiners,agency_share,agency_cap,agency_premium",
             f"T,nurse,920,0.045,0.6,0.08,0.12,{110 / 920!r},0.05,0.06,0.35"]
    _, layers = layered(1, workforce=table)
    key = ("T", "nurse")
    for name, expected in (("required", 1014.0), ("supply", 919.6), ("agency", 60.84), ("unfilled", 33.56)):
        near(of(layers["do_nothing"], "staff_" + name, key), expected, 1e-9, f"workforce, {name}")
    near(of(layers["do_nothing"], "staff_pay"), 0.164496, 5e-7, "pay added, an unfilled post's need is costed")
    near(of(layers["do_nothing"], "gap"), 8.374 + 0.164496, 1e-6, "and it is in the gap")
    plan = worked(workforce=table, programmes=PROGRAMMES[:2])
    plan.scenario.settings["unfilled"] = "saves"
    near(of(Book(plan).layers()["do_nothing"], "staff_pay"), 0.018957, 5e-7, "pay added, unfilled saves")


def test_capital():
    """£30m above base depreciation, which is nought here, opens at the end of year 1, life 25."""
    plan = worked()
    row = {"code": "Q", "organisation": "T", "priority": "1", "funding": "ring_fenced", "cost": "30", "start": "2019-04-01",
           "years": "1", "life_years": "25"}
    opened = {}
    run = Capital(plan, [Scheme(plan, row)], opened)
    near(run.year(1, {})["charges"]["T"], 0.525, 1e-12, "capital, year 1: dividend alone")
    near(run.year(2, {})["charges"]["T"], 1.2 + 0.035 * 29.4, 1e-12, "capital, year 2: depreciation and dividend")
    near(opened["Q"], 1, 0, "it opened at the end of year 1")


def test_capital_order():
    backlog = ["code,risk,amount,growth_unfunded", "T,high,6,0.1", "T,low,3,0"]
    schemes = ["code,organisation,priority,funding,cost,start,years,phasing,life_years,clears_backlog",
               "BIG,T,1,envelope,9,2019-04-01,1,,20,0", "SMALL,T,2,envelope,4,2019-04-01,2,0.5;0.5,20,2"]
    plan = worked(capital=["system,year,envelope,equipment_need", "S,2019/20,10,1"], backlog=backlog, schemes=schemes,
                  flows=FLOWS[:-3] + ["T,X,,pay,210,,,", "T,X,,capital_charges,10,,,", "T,X,,clinical_supplies,90,,,", "T,X,,drugs,30,,,"])
    layers = Book(plan).layers()
    for layer, schemes in (("do_nothing", 0.0), ("plan", 2.0)):
        near(of(layers[layer], "capital_spend", ("T", "high")), 6.0, 1e-12, f"{layer}: high-risk backlog comes first")
        near(of(layers[layer], "capital_spend", ("T", "schemes")), schemes, 1e-12, f"{layer}: a scheme of the plan that fits starts, one that does not waits")
        near(of(layers[layer], "capital_spend", ("T", "low")), 3.0 if layer == "do_nothing" else 1.0, 1e-12, f"{layer}: what is left goes to low risk")
        near(of(layers[layer], "capital_charges"), 0.0, 1e-12, f"{layer}: spend up to base depreciation adds no charge")
    near(of(layers["plan"], "capital_need", ("T", "schemes")), 11.0, 1e-12, "first phases are the need")
    ok("test_5" in layers, "schemes that are not mandatory are test 5's")


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
print(f"1..{count}")
sys.exit(failed > 0)
