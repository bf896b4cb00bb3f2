#!/usr/bin/python3
"""Valid but odd scenarios: `check` accepts them, `run` simulates them, and nothing in the result is infinite or a NaN
that a measure does not owe to who has no such figure. Each is the corpus' valid scenario, or the worked example, with
changes of the same form as in bad_input/cases.txt. TAP, one line a scenario and command."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "bad_input"))
import corpus  # noqa: E402

PROGRAM = os.path.abspath(os.path.join(ROOT, os.environ.get("LTP_BUILD", "build"), "ltpsim"))
BASE, MINIMAL = os.path.join(corpus.HERE, "base"), os.path.join(ROOT, "scenarios", "minimal")
LONG = "Name " * 40
count, failed = 0, 0


def tell(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    for line in str(why).split("\n") if not good else []:
        print(f"#   {line}")
    sys.stdout.flush()


def ltpsim(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=300, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def years(first, number):
    return [f"{first + t}/{(first + t + 1) % 100:02d}" for t in range(number)]


def by_year(pattern, number):
    return "".join(pattern.format(year=year, t=t) for t, year in enumerate(years(2018, number + 1)))


def long_horizon(number):
    """The worked example over `number` years."""
    blocks = "".join(",uplift_" + year for year in years(2019, number))
    flows = open(os.path.join(MINIMAL, "flows.csv"), encoding="utf-8").read()
    flows = flows.replace(",uplift_2019/20", blocks).replace("block,,0.04", "block," + ",0.04" * number)
    lines = [line if number == 1 or ",block," in line or line.startswith("payer")
             else line.replace(",,recurrent", "," * (number + 1) + "recurrent") for line in flows.split("\n")]
    return [("scenario.yaml", f"years: 1 -> years: {number}"), ("flows.csv", "= " + "\n".join(lines)),
            ("allocations.csv", "= code,stream,year,amount\n" + by_year("C,core,{year},500\n", number)),
            ("contracts.csv", "= payer,payee,service,year,payer_amount\n"
             + by_year("C,SUPPLIERS,other,{year},70\n", number))]



# name, folder, mutations, extra arguments
ODD = [
    ("as it is", BASE, []),
    ("20 years", MINIMAL, long_horizon(20)),
    ("2 years of the worked example", MINIMAL, long_horizon(2)),
    ("expected values only", BASE, [("scenario.yaml", "sampling: lhs -> sampling: expected")]),
    ("plain draws", BASE, [("scenario.yaml", "sampling: lhs -> sampling: random")]),
    ("one organisation, one flow", MINIMAL, [
        ("organisations.csv", "= code,name,kind,system\nC,Commissioner,ccg,S\n"),
        ("flows.csv", "= payer,payee,service,category,amount,mechanism\nC,SUPPLIERS,prescribing,drugs,100,pass_through\n"),
        ("allocations.csv", "= code,stream,year,amount\nC,core,2018/19,0\nC,core,2019/20,0\n"),
        ("contracts.csv", "delete"), ("programmes.csv", "delete")]),
    ("optional tables with a header alone", BASE, [
        ("programmes.csv", "= code,name,kind\n"), ("events.csv", "= name,target,scope,probability,family\n"),
        ("correlations.csv", "= driver_a,driver_b,correlation\n"), ("transfers.csv", "delete"),
        ("floors.csv", "= name,payers,services,rule,reference\n"), ("drivers.csv", "delivery.savings,,organisation,beta,"
         "0.8,0.1,,,,,,,,0,0.2,0.3,0.5,\\n ->")]),
    ("no optional table", BASE, [(name, "delete") for name in (
        "programmes.csv", "events.csv", "correlations.csv", "transfers.csv", "floors.csv", "population.csv",
        "use_by_age.csv", "deflators.csv", "services.csv", "categories.csv", "benchmarks.csv", "plans.csv",
        "trajectories.csv", "backlog.csv", "schemes.csv", "capital.csv", "beds.csv", "workforce.csv")]),
    ("programme that starts before the base year", BASE, [("programmes.csv", "2019-10-01 -> 2015-04-01")]),
    ("programme that starts in the base year", BASE, [("programmes.csv", "2019-10-01 -> 2018-07-01")]),
    ("programme that starts after the horizon", BASE, [("programmes.csv", "2019-10-01 -> 2031-04-01")]),
    ("20 tranches over 2 years", BASE, [("programmes.csv", "linear,1,delivery.savings -> linear,20,delivery.savings")]),
    ("ramp of 20 years", BASE, [("programmes.csv", "2019-10-01,6 -> 2019-10-01,240")]),
    ("no delivery at all", BASE, [("programmes.csv", "1,delivery.savings -> 1,0")]),
    ("double delivery of everything", BASE, [("programmes.csv", "linear,1,0.9,3 -> linear,1,2,3")]),
    ("slippage beyond the horizon", BASE, [("programmes.csv", "linear,1,0.9,3 -> linear,1,0.9,240")]),
    ("programme that makes things worse", BASE, [("programmes.csv", "pay,0.03 -> pay,-0.5")]),
    ("whole cost saved", BASE, [("programmes.csv", "pay,0.03 -> pay,1")]),
    ("costs borne by one without income", BASE, [
        ("organisations.csv", "+ V,Shell company,other,S1,0,"), ("programmes.csv", "0.1,0.2,T -> 0.1,0.2,V")]),
    ("flow of nothing", BASE, [("flows.csv", "+ C,T,other,,core,0,,activity,,,,,recurrent"),
                               ("services.csv", "other,Other,index,no -> other,Other,index,yes")]),
    ("negative payment", BASE, [("flows.csv", "+ C,T,other,,core,-5,,activity,,,,,recurrent"),
                                ("flows.csv", "+ T,C,community,,core,-5,,block,,0,0,,recurrent"),
                                ("services.csv", "other,Other,index,no -> other,Other,index,yes")]),
    ("cost of nothing", BASE, [("categories.csv", "+ estates,Estates,1,1,1,1"),
                               ("flows.csv", "+ T,SUPPLIERS,,estates,,0,,,,,,,recurrent")]),
    ("a million million", BASE, [("flows.csv", "core,50,,fixed -> core,1000000000050,,fixed"),
                                 ("allocations.csv", "2018/19,500 -> 2018/19,1000000000500"),
                                 ("allocations.csv", "2019/20,528.25 -> 2019/20,1000000000528.25")]),
    ("thirty digits after the point", BASE, [("drivers.csv", "normal,0.03,0.04 -> normal,"
                                              "0.030000000000000000000000000001,0.04")]),
    ("no uncertainty", BASE, [("drivers.csv", "normal,0.03,0.04 -> normal,0.03,0")]),
    ("huge uncertainty", BASE, [("drivers.csv", "normal,0.03,0.01 -> normal,0.03,5")]),
    ("everything persists", BASE, [("drivers.csv", "0.8,,,, -> 1,,,,"), ("correlations.csv", "delete")]),
    ("event every year", BASE, [("events.csv", "national,0.1 -> national,1")]),
    ("event never", BASE, [("events.csv", "national,0.1 -> national,0")]),
    ("event of 20 years", BASE, [("events.csv", "2020/21,1 -> 2020/21,20")]),
    ("nobody grows old", BASE, [("population.csv", "2020/21,84000 -> 2020/21,0")]),
    ("population of nobody", BASE, [("population.csv", "= system,age_band,year,persons\\n"
                                     + "".join(f"S1,all,{year},0\\n" for year in years(2018, 3))),
                                    ("use_by_age.csv", "= service,age_band,use_per_head\nnonelective,all,1\n")]),
    ("allocation of nothing", BASE, [("allocations.csv", "2020/21,545 -> 2020/21,0")]),
    ("organisation that counts nowhere", BASE, [
        ("organisations.csv", "code,name,kind,system, -> code,name,in_total,kind,system,"),
        ("organisations.csv", "C,Clinical commissioning group C,ccg -> C,Clinical commissioning group C,,ccg"),
        ("organisations.csv", "T,Trust T,acute -> T,Trust T,no,acute"),
        ("organisations.csv", "U,Community trust U,community -> U,Community trust U,,community")]),
    ("names of 200 characters", BASE, [("organisations.csv", f"T,Trust T -> T,{LONG}"),
                                       ("systems.csv", f"First system -> {LONG}")]),
    ("names with commas, quotes, ampersands", BASE, [
        ("systems.csv", 'First system -> "First, ""best"" & <only> system"'),
        ("organisations.csv", "T,Trust T -> \"T\",\"Trust of \"\"T\"\", the 'first' \\x5c n\"")]),
    ("names of other alphabets", BASE, [("systems.csv", "First system -> Système première – Ŵrecsam – 医療"),
                                        ("organisations.csv", "T,Trust T -> T,Ymddiriedolaeth Ⓣ 🏥")]),
    ("years in another century", BASE, [("population.csv", "delete"), ("use_by_age.csv", "delete"),
                                        ("plans.csv", "delete"), ("trajectories.csv", "delete"),
                                        ("capital.csv", "delete"), ("floors.csv", "delete"),
                                        ("schemes.csv", "delete"), ("backlog.csv", "delete"), ("beds.csv", "delete"),
                                        ("events.csv", "delete"), ("deflators.csv", "delete"),
                                        ("scenario.yaml", "2018/19 -> 2098/99")]
     + [(name, ("shift", 80)) for name in ("flows.csv", "contracts.csv", "allocations.csv", "transfers.csv",
                                           "drivers.csv", "programmes.csv")]),
    ("spreadsheet's own dress: BOM, CRLF, empty columns and lines", BASE, [("flows.csv", ("dress", 0)),
                                                                          ("drivers.csv", ("dress", 0))]),
]
for kind in ("space code", "Ünïcødé", "comma,code", 'quote"code', "X" * 200, "a/b\\\\c", "%s%n", "<b>&</b>", "-T", "1e5"):
    ODD.append((f"code {kind[:20]}", BASE, [("*", ("code", kind))]))


def shift(text, by):
    return re.sub(rb"20(\d\d)(?=/\d\d|-\d\d-\d\d)", lambda m: b"20" + str(int(m[1]) + by).encode(), text).replace(
        b"2098/19", b"2098/99").replace(b"2099/20", b"2099/00").replace(b"20100/21", b"2100/01")


def rename_code(folder, code):
    """Trust T gets another code in every table."""
    for name in os.listdir(folder):
        if not name.endswith(".csv"):
            continue
        path = os.path.join(folder, name)
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([[code if cell == "T" else cell for cell in row]
                                                             for row in rows])


def make(root, source, mutations):
    folder = os.path.join(root, "odd")
    shutil.copytree(source, folder)
    for name, what in mutations:
        path = os.path.join(folder, name)
        if isinstance(what, str):
            corpus.mutate(folder, name, what)
        elif what[0] == "code":
            rename_code(folder, what[1])
        else:
            with open(path, "rb") as file:
                text = file.read()
            if what[0] == "shift":
                text = shift(text, what[1])
            else:
                text = b"\xef\xbb\xbf" + text.replace(b"\n", b",,\r\n") + b",,,,\r\n\r\n# a remark\r\n"
            with open(path, "wb") as file:
                file.write(text)
    return folder


SOUND = re.compile(r"(organisation|system|region|england)/(gap|income|cost|surplus|saving)_mean$")


def unsound(result):
    """Names of numbers that are infinite, or NaN although everybody has such a figure."""
    bad = []

    def visit(name, item):
        if not isinstance(item, h5py.Dataset) or item.dtype.kind != "f" or name.startswith(("input", "provenance")):
            return
        value = item[()]
        if numpy.isinf(value).any() and not name.endswith("edge"):
            bad.append(name + ": infinite")
        if SOUND.match(name) and numpy.isnan(value).any():
            bad.append(name + ": NaN")

    with h5py.File(result, "r") as file:
        file.visititems(visit)
    return bad


def try_one(name, source, mutations):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as root:
        folder, result = make(root, source, mutations), os.path.join(root, "result.h5")
        code, out, err = ltpsim("check", folder)
        tell(code == 0 and ": valid\n" in out and "Sanitizer" not in err and "runtime error" not in err,
             f"{name}: check", err)
        if code != 0:
            return
        code, out, err = ltpsim("run", folder, "--paths", "1024", "-o", result, "--format", "json")
        good = code == 0 and "Sanitizer" not in err and "runtime error" not in err
        bad = unsound(result) if code == 0 else []
        try:
            rows = json.loads(out) if code == 0 else [None]
        except ValueError as trouble:
            rows, err = [], f"stdout is no JSON: {trouble}"
        tell(good and not bad and rows, f"{name}: run", err + "\n" + "\n".join(bad[:8]))
        code, out, err = ltpsim("show", result, "--by", "england", "--measure", "gap")
        numbers = re.findall(r"-?(?:nan|inf)", out)
        tell(code == 0 and not err and not numbers, f"{name}: show", err + out)


for name, source, mutations in ODD:
    try:
        try_one(name, source, mutations)
    except Exception as trouble:
        tell(False, name, repr(trouble))
print(f"1..{count}")
sys.exit(failed > 0)
