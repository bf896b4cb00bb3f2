#!/usr/bin/python3
"""ltpsim triangulate: splits by hand, the certificate with its negative controls, what is not settled against the
closed form, plans added up, odd tables, formats and exit codes. TAP."""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from tap import check, done  # noqa: E402

PROGRAM = os.path.abspath(os.path.join(ROOT, os.environ.get("LTP_BUILD", "build"), "ltpsim"))
BASE = os.path.join(HERE, "bad_input", "base")
HEAD = "payer,payee,service,year,payer_amount,payee_amount,payer_activity,payee_activity\n"
FIXED = "C,SUPPLIERS,other,2019/20,51,51,,\nC,SUPPLIERS,other,2020/21,53,53,,\n"
# All flows of the commissioner exchanged, every pair within its tolerance.
ALIGNED = (HEAD + FIXED + "C,T,elective,2019/20,153,153.2,60000,60100\nC,T,nonelective,2019/20,103,103,42000,42000\n"
           "C,T,community,2019/20,50,50,,\nC,T,drugs_devices,2019/20,30,30,,\nC,U,community,2019/20,20,20,,\n")
LONG = "Ysbyty Ŵyn, " * 16


class Scenario:
    """The corpus' valid scenario with other contracts, and more files."""

    def __init__(self, contracts=None, **files):
        self.folder = tempfile.mkdtemp()
        self.path = os.path.join(self.folder, "s")
        shutil.copytree(BASE, self.path)
        for name, text in {"contracts": contracts, **files}.items():
            if text is not None:
                with open(os.path.join(self.path, name + (".yaml" if name == "scenario" else ".csv")), "w") as file:
                    file.write(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def text(self, name):
        with open(os.path.join(self.path, name)) as file:
            return file.read()

    def run(self, *arguments):
        return triangulate(self.path, "--quiet", *arguments)

    def rows(self, *arguments):
        run = self.run("--format", "csv", *arguments)
        return list(csv.DictReader(io.StringIO(run.stdout))) if run.returncode in (0, 1) else [run.stderr]


def triangulate(*arguments):
    return subprocess.run([PROGRAM, "triangulate", *arguments], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL)


def base(name):
    with open(os.path.join(BASE, name)) as file:
        return file.read()


def flat_text(text):
    """Without the line breaks of its paragraphs."""
    return " ".join(text.split())


def near(a, b, tolerance=1e-8):
    return abs(float(a) - b) <= tolerance


def numbers(row, **wanted):
    return all(near(row[name], value) for name, value in wanted.items())


# --- the split, by hand ---

def test_split():
    # Elective: 10,000 at £1,000 against 11,000 at £1,200: 10.0 against 13.2. Volume 1,000 × £1,000 = 1.0; price £200 ×
    # 10,000 = 2.0; mix 1,000 × £200 = 0.2. Non-elective: 5,000 at £2,000 against 4,000 at £2,000: volume −2.0 alone.
    table = HEAD + FIXED + ("C,T,elective,2019/20,10,13.2,10000,11000\nC,T,nonelective,2019/20,10,8,5000,4000\n")
    with Scenario(table) as scenario:
        rows = scenario.rows("--all")
        pair = [r for r in rows if r["level"] == "pair" and r["payee"] == "T"][0]
        service = {r["service"]: r for r in rows if r["level"] == "service"}
        check(numbers(service["elective"], difference=3.2, volume=1.0, price=2.0, mix=0.2, not_split=0), "price, volume "
              "and mix by hand", service["elective"])
        check(numbers(service["nonelective"], difference=-2.0, volume=-2.0, price=0, mix=0, not_split=0),
              "a difference of volume alone", service["nonelective"])
        check(numbers(pair, difference=1.2, volume=-1.0, price=2.0, mix=0.2, payer_amount=20, payee_amount=21.2,
                      tolerance=0.5) and pair["aligned"] == "no", "a pair is the sum of its services", pair)
        check([r["level"] for r in rows[:3]] == ["pair", "service", "service"] and rows[1]["service"] == "elective",
              "pairs first, services within, largest first", rows)
        year = [r for r in scenario.rows("--part", "year") if r["year"] == "2019/20"][0]
        check(numbers(year, net=1.2, apart=1.2, apart_by_service=5.2), "what the net total hides stands beside it", year)
        flat = scenario.rows("--by", "service")
        check([r["service"] for r in flat] == ["elective", "nonelective"], "by service", flat)
        text = scenario.run().stdout
        check("payer plans £1.2m less than payee expects" in flat_text(text) and "Trust T (T)" in text, "the sign in words", text)
        check("elective: payer" not in text and "spell: payer 10,000 at £1,000, payee 11,000 at £1,200" in text,
              "activity and unit price of both sides", text)
    swapped = HEAD + FIXED + "C,T,elective,2019/20,13.2,10,11000,10000\n"
    with Scenario(swapped) as scenario:
        text = scenario.run().stdout
        check("payer plans £3.2m more than payee expects" in flat_text(text), "control: the other way round", text)


def test_odd_splits():
    cases = [("no activity", "10,13,,", dict(difference=3, not_split=3)),
             ("one side's activity", "10,13,100,", dict(difference=3, not_split=3)),
             ("payer plans nothing at all", "0,13,0,100", dict(difference=13, volume=13, price=0, mix=0)),
             ("payee plans nothing at all", "10,0,100,0", dict(difference=-10, volume=-10, price=0, mix=0)),
             ("payer pays without activity", "10,13,0,100", dict(difference=3, not_split=3)),
             ("no activity on either side", "10,13,0,0", dict(difference=3, not_split=3)),
             ("nothing on either side", "0,0,0,0", dict(difference=0, not_split=0)),
             ("negative amounts", "-10,-13,100,100", dict(difference=-3, price=-3, volume=0, mix=0)),
             ("a payer's figure of 0", "0,13,100,100", dict(difference=13, price=13, volume=0, mix=0))]
    for name, figures, wanted in cases:
        with Scenario(HEAD + FIXED + f"C,T,elective,2019/20,{figures}\n") as scenario:
            rows = [r for r in scenario.rows("--all", "--by", "service") if r["payee"] == "T"]
            parts = sum(float(rows[0][k]) for k in ("price", "volume", "mix", "not_split")) if rows else None
            check(rows and numbers(rows[0], **wanted) and near(parts, wanted["difference"]), "split: " + name, rows)
            text = scenario.run("--all")
            check(text.returncode == 0 and "nan" not in text.stdout and "inf" not in text.stdout, "its table: " + name,
                  text.stdout + text.stderr)


# --- the tolerance and the certificate ---

def test_certificate():
    with Scenario(ALIGNED) as scenario:
        run = scenario.run("--certificate")
        check(run.returncode == 0 and run.stdout.strip().startswith("ALIGNMENT CERTIFICATE") and
              "all 4 pairs" in run.stdout, "a certificate", run.stdout + run.stderr)
        check("ALIGNMENT CERTIFICATE" in scenario.run().stdout and scenario.run().returncode == 0, "in the whole, too")
        row = scenario.rows("--certificate")[0]
        check(row["certificate"] == "yes" and numbers(row, pairs=4, aligned=4, not_aligned=0, net=0.2), "for programs", row)
        tight = scenario.run("--certificate", "--year", "2020/21")
        check(tight.returncode == 1 and "between two organisations" in tight.stdout,
              "none where only a party outside has both figures", tight.stdout)
    # Controls: one figure moved past the tolerance; a smaller tolerance; a share instead of an amount.
    with Scenario(ALIGNED.replace("153,153.2", "153,157")) as scenario:
        run = scenario.run("--certificate")
        check(run.returncode == 1 and "No alignment certificate: 1 of 4 pairs" in run.stdout and "by £4.0m" in run.stdout
              and "ALIGNMENT" not in run.stdout, "control: one pair that does not agree", run.stdout)
        row = scenario.rows("--certificate")[0]
        # The pair's payer plans 336: 1% is 3.36, so 0.64 must move.
        check(numbers(row, to_align=0.64, apart=4), "what must move at least", row)
        check("by £0.6m at least, by £4.0m to agree in full" in flat_text(run.stdout), "in words", run.stdout)
        check(scenario.run().returncode == 0, "the listing alone is no failure")
    settings = base("scenario.yaml") + "tolerance:\n  amount: 0.1\n  share: 0\n"
    with Scenario(ALIGNED, scenario=settings) as scenario:
        run = scenario.run("--certificate")
        check(run.returncode == 1, "control: a smaller tolerance", run.stdout)
    settings = base("scenario.yaml") + "tolerance:\n  amount: 0.2\n  share: 0\n"
    with Scenario(ALIGNED, scenario=settings) as scenario:
        check(scenario.run("--certificate").returncode == 0, "at the tolerance is within it")
        plan = subprocess.run([PROGRAM, "check", scenario.path], capture_output=True, text=True)
        check("tolerance" not in plan.stdout + plan.stderr, "the tolerance is modelled", plan.stdout)
    offset = ALIGNED.replace("153,153.2", "153,163").replace("103,103", "103,93")
    with Scenario(offset) as scenario:
        run = scenario.run("--certificate")
        check(run.returncode == 0 and "offset each other" in run.stdout, "services that offset each other are said",
              run.stdout)


def test_exchange():
    table = HEAD + FIXED + "C,T,elective,2019/20,153,,60000,\nC,T,nonelective,2019/20,,104,,\nC,T,community,2019/20,,,,\n"
    with Scenario(table) as scenario:
        rows = scenario.rows("--part", "exchange")
        found = [(r["missing"], r["service"]) for r in rows]
        check(found == [("payer", "nonelective"), ("payee", "elective"), ("both", "community"),
                        ("contract", "drugs_devices"), ("contract", "community")], "who has not said what", rows)
        check(rows[-1]["payee"] == "U" and near(rows[-1]["amount"], 20), "flows without a contract, from flows.csv", rows)
    # A flow of the tolerance or less is not asked after.
    flows = base("flows.csv").replace("C,U,community,,core,20,", "C,U,community,,core,0.5,").replace(
        "U,STAFF,,pay,,20", "U,STAFF,,pay,,0.5")
    allocations = base("allocations.csv")
    organisations = base("organisations.csv").replace("S1,0,", "S1,19.5,", 1)
    with Scenario(table, flows=flows, allocations=allocations, organisations=organisations) as scenario:
        rows = scenario.rows("--part", "exchange")
        check(not any(r == "U" or r["payee"] == "U" for r in rows if isinstance(r, dict)) and isinstance(rows[0], dict),
              "a flow within the tolerance is not", rows)
    for name, text in (("no table", None), ("a header alone", HEAD)):
        with Scenario(text, flows=base("flows.csv").replace("C,SUPPLIERS,other,supplies,core,50,,fixed",
                                                            "C,SUPPLIERS,other,supplies,core,50,,block")
                      .replace("C,U,community,,core,20,,block,,,,,", "C,U,community,,core,20,,block,,0,0,,")
                      .replace("supplies,core,50,,block,,,,,", "supplies,core,50,,block,,0,0,,")) as scenario:
            if text is None:
                os.remove(os.path.join(scenario.path, "contracts.csv"))
            run = scenario.run()
            check(run.returncode == 0 and "nothing to compare" in run.stdout and "No alignment certificate" in run.stdout,
                  "no contracts: " + name, run.stdout + run.stderr)


# --- what is not settled ---

def risky(driver):
    """A fixed contract between two organisations, £4m apart, and one with a party outside, £2m apart."""
    flows = base("flows.csv").replace("C,T,community,,core,50,,block,,0.04,0.03,,", "C,T,community,,core,50,,fixed,,,,,")
    contracts = HEAD + ("C,SUPPLIERS,other,2019/20,51,53,,\nC,SUPPLIERS,other,2020/21,53,53,,\n"
                        "C,T,community,2019/20,52,56,,\nC,T,community,2020/21,53,49,,\n")
    return Scenario(contracts, flows=flows, drivers=base("drivers.csv") + driver)


def test_risk():
    # Uniform on [0, 1]: its quantiles are p.
    with risky("contract.lambda,contract.lambda,national,uniform,,,0,,1,,,,,0,,,,\n") as scenario:
        rows = {(r["role"], r["code"], r["year"]): r for r in scenario.rows("--part", "risk")}
        pays, gets = rows[("pays", "C", "2019/20")], rows[("receives", "T", "2019/20")]
        check(all(near(gets[q], 4 * p, 5 * float(gets[q + "_se"]) + 4e-3) for q, p in
                  (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))), "the payee's gain by hand", gets)
        check(all(near(pays[q], 6 * p, 5 * float(pays[q + "_se"]) + 6e-3) for q, p in
                  (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))), "the payer's cost by hand", pays)
        system = rows[("system", "S1", "2020/21")]
        check(all(near(system[q], 0, 0) for q in ("p10", "p50", "p90")), "inside the system money is only moved", system)
        outside = rows[("system", "S1", "2019/20")]
        check(near(outside["difference"], 2) and near(outside["p50"], 1, 0.01),
              "control: what goes outside the system is not", outside)
        back = rows[("pays", "C", "2020/21")]
        check(near(back["p90"], -0.4, 0.01), "a payee that expects less than the payer plans", back)
        check(scenario.run("--part", "risk").stdout == scenario.run("--part", "risk").stdout, "the same every time")
    with risky("") as scenario:
        row = [r for r in scenario.rows("--part", "risk") if r["role"] == "receives" and r["code"] == "T"][0]
        check(all(near(row[q], 2) for q in ("p10", "p50", "p90")), "without a driver, half-way", row)
    with risky("contract.lambda,contract.lambda,organisation,beta,0.3,0.2,,,,,,,,0.5,0.2,0.3,0.5,\n") as scenario:
        rows = [r for r in scenario.rows("--part", "risk") if r["code"] == "T" and r["year"] == "2019/20"]
        check(0 < float(rows[0]["p10_se"]) < 0.1 and near(rows[0]["p50"], 4 * 0.27, 0.15), "with its errors", rows)
        again = subprocess.run([PROGRAM, "run", scenario.path, "-o", scenario.folder + "/r.h5", "--quiet", "--set",
                                "drivers.demand.nonelective.mean=0.03"], capture_output=True, text=True)
        check(again.returncode == 0, "the scenario runs", again.stderr)


# --- plans ---

PLANS = ("code,year,line,amount\nT,2019/20,income,340\nT,2020/21,income,350\nU,2019/20,income,21\nU,2020/21,income,22\n"
         "T,2019/20,pay,220\nT,2020/21,pay,225\nT,2019/20,non_pay,125\nT,2020/21,non_pay,125\n"
         "T,2019/20,surplus,-5\nT,2020/21,surplus,-0.05\nT,2019/20,activity:nonelective,61000\n")


def test_plans():
    with Scenario(plans=PLANS) as scenario:
        rows = {(r["code"], r["line"], r["year"]): r for r in scenario.rows("--part", "plan")}
        one = rows[("S1", "income", "2019/20")]
        # U belongs to both systems, half and half.
        check(numbers(one, planned=350.5, planned_in_full=361, organisations=2, of=3), "added up by share", one)
        check(rows[("S1", "activity:nonelective", "2019/20")]["unit"] == "spell", "units of the service")
        shares = float(one["planned"]) + float(rows[("S2", "income", "2019/20")]["planned"])
        check(near(shares, 361), "shares of the systems make the whole", shares)
        done_ = subprocess.run([PROGRAM, "check", scenario.path], capture_output=True, text=True)
        check("does not add up" not in done_.stderr, "a plan that adds up to £0.1m", done_.stderr)
        check("'activity:nonelective' of 'T' has no figure in 2020/21" in done_.stderr, "a line with a year missing is said")
    with Scenario(plans=PLANS.replace("surplus,-5", "surplus,-5.2")) as scenario:
        done_ = subprocess.run([PROGRAM, "check", scenario.path], capture_output=True, text=True)
        check(done_.returncode == 0 and "plans.csv:10:1: warning: plans: amount: the plan of 'T' in 2019/20 does not add "
              "up: income 340.0 - pay 220.0 - non_pay 125.0 is -5.0, its surplus is -5.2" in done_.stderr,
              "control: a plan that does not add up", done_.stderr)


def add_lines(path, layers):
    """A result's plan lines, as the format has them: margins of T's income and pay."""
    with h5py.File(path, "r+") as file:
        if "plan_line" in file:
            del file["plan_line"]
        group = file.create_group("plan_line")
        text = h5py.string_dtype()

        def scale(name, values):
            group.create_dataset(name, data=values, dtype=text if isinstance(values[0], str) else None).make_scale(name)
        for name, values in (("code", ["T:income", "T:pay"]), ("name", ["Trust T: income", "Trust T: pay"]),
                             ("year", ["2019/20", "2020/21"]), ("layer", layers)):
            scale(name, values)
        axes = ("layer", "code", "year")
        shape = (len(layers), 2, 2)
        last = {"mean": [[7.5, 8], [-3, -4]], "mean_se": [[.1, .1], [.2, .2]], "probability": [[.8, .9], [.25, 0]],
                "probability_se": [[.01, .01], [.02, 0]], "probability_low": [[.7, .8], [.2, 0]],
                "probability_high": [[.9, .95], [.3, .001]]}
        for name, values in last.items():
            data = numpy.full(shape, -99.0)
            data[-1] = values
            variable = group.create_dataset("plan_margin_" + name, data=data)
            variable.attrs["units"], variable.attrs["long_name"] = "", "Margin on the plan line"
            for k, axis in enumerate(axes):
                variable.dims[k].attach_scale(group[axis])


def test_result():
    with Scenario(plans=PLANS) as scenario:
        result = os.path.join(scenario.folder, "r.h5")
        subprocess.run([PROGRAM, "run", scenario.path, "-o", result, "--paths", "1024", "--quiet"], check=True,
                       capture_output=True)
        with h5py.File(result) as file:
            layers = [name.decode() for name in file["system/layer"][()]]
        add_lines(result, layers)
        run = scenario.run("--part", "plan", "--result", result)
        rows = {(r["code"], r["line"], r["year"]): r
                for r in scenario.rows("--part", "plan", "--result", result)}
        check(run.returncode == 0 and isinstance(next(iter(rows)), tuple), "a result beside the plans", run.stderr)
        income, pay = rows[("T", "income", "2019/20")], rows[("T", "pay", "2020/21")]
        check(numbers(income, mean=347.5, mean_se=0.1, probability=0.8, probability_se=0.01), "simulated of income", income)
        check(numbers(pay, mean=229, probability=0, probability_high=0.001),
              "of pay, whose margin counts from below", pay)
        check(rows[("S1", "income", "2019/20")]["mean"] == "" and numbers(rows[("S1", "pay", "2019/20")], mean=223),
              "a system's sum only where all its lines are simulated", rows)
        check("80.0 ± 1.0" in run.stdout and "< 0.1" in run.stdout and "layer plan" in run.stdout,
              "probabilities in words", run.stdout)
        whole = open(result, "rb").read()
        with open(result, "wb") as file:
            file.write(whole[:len(whole) // 3])
        damaged = scenario.run("--result", result)
        check(damaged.returncode == 4 and not damaged.stdout, "a damaged result: exit 4", damaged.stderr)
        missing = scenario.run("--result", os.path.join(scenario.folder, "none.h5"))
        check(missing.returncode == 4 and not missing.stdout, "a result that is not there: exit 4", missing.stderr)


# --- names, formats, options ---

def test_names():
    organisations = base("organisations.csv").replace("Trust T", '"' + LONG + '"')
    with Scenario(ALIGNED.replace("153,153.2", "153,163"), organisations=organisations) as scenario:
        run = scenario.run("--all")
        check(run.returncode == 0 and "Ysbyty Ŵyn, Ysbyty" in run.stdout and "…" in run.stdout, "long names are cut",
              run.stdout)
        check(max(len(line) for line in run.stdout.split("\n")) <= 100, "lines stay short", run.stdout)
        rows = scenario.rows("--all")
        check(rows[0]["payee_name"] == LONG.strip(), "in full for programs", rows[0])
        parts = json.loads(scenario.run("--format", "json").stdout)
        check(sorted(parts) == ["certificate", "difference", "exchange", "plan", "risk", "year"] and
              parts["difference"][0]["payee_name"] == LONG.strip(), "json: every part by its name", parts)
        one = json.loads(scenario.run("--format", "json", "--part", "year").stdout)
        check(isinstance(one, list) and one[-1]["year"] == "all", "json: one part", one)
    lines = ALIGNED.strip().split("\n")
    with Scenario(ALIGNED) as straight, Scenario("\n".join([lines[0]] + lines[:0:-1]) + "\n") as turned:
        for part in ("difference", "year", "exchange", "risk", "certificate"):
            a, b = (s.run("--part", part, "--all").stdout for s in (straight, turned))
            check(a == b, f"the order of rows moves nothing: {part}", a + b)


def test_usage():
    with Scenario(ALIGNED) as scenario:
        for code, said, arguments in (
                (2, "did you mean 'service'", ["--by", "servce"]), (2, "did you mean '2019/20'", ["--year", "2019/21"]),
                (2, "there is: table, csv, json", ["--format", "excel"]), (2, "did you mean 'risk'", ["--part", "rsk"]),
                (2, "do not go together", ["--certificate", "--part", "risk"]),
                (2, "did you mean '--certificate'", ["--certificat"])):
            run = scenario.run(*arguments)
            check(run.returncode == code and said in run.stderr and not run.stdout, f"exit {code}: {' '.join(arguments)}",
                  run.stderr)
        help_ = triangulate("--help")
        check(help_.returncode == 0 and all(o in help_.stdout for o in ("--by", "--year", "--certificate", "--result")),
              "--help", help_.stdout)
    with Scenario(HEAD + "C,T,elective,2019/20,ten,10,,\n") as scenario:
        run = scenario.run()
        check(run.returncode == 3 and "contracts.csv:2:" in run.stderr and not run.stdout, "an invalid scenario: exit 3",
              run.stderr)
    run = triangulate(os.path.join(ROOT, "scenarios", "greater-manchester"), "--quiet")
    check(run.returncode == 0 and "£" in run.stdout, "Greater Manchester", run.stderr)


for test in (test_split, test_odd_splits, test_certificate, test_exchange, test_risk, test_plans, test_result, test_names,
             test_usage):
    test()
done()
