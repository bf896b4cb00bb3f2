"""ltpsim assess: figures against those of show and of the file, verdicts, tables that are left out, names that are not
kind, options and exit codes."""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata

import h5py
import numpy

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from ltpsim import BUILD, PROGRAM, ltpsim, run  # noqa: E402
from tap import check, done  # noqa: E402

PARTS = ["tests", "trajectories", "programmes", "capital", "workforce", "settlement"]


def assess(*arguments):
    return subprocess.run([PROGRAM, "assess", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, encoding="utf-8")


def refused(code, said, *arguments):
    end = assess(*arguments)
    one = end.stderr.strip().split("\n")
    check(end.returncode == code and end.stdout == "" and said in one[0] and len(one) <= 2,
          f"exit {code} and '{said}': assess {' '.join(map(str, arguments))[-60:]}", f"{end.returncode} {end.stderr}")


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


def whole(text):
    """What every printed assessment keeps to."""
    lines = text.split("\n")
    widest = max(lines, key=width)
    return width(widest) <= 100 and "nan" not in text and all(c == "\n" or c >= " " for c in text), widest


def figures(path, *options):
    return json.loads(ltpsim("assess", path, "--format", "json", *options))


def pick(rows, **wanted):
    found = [r for r in rows if all(r[k] == v for k, v in wanted.items())]
    return found[0] if found else {}


def near(a, b, tolerance=1e-12):
    return a is not None and b is not None and abs(a - b) <= tolerance * max(1, abs(b))


def stored(path, level, measure, statistic="mean", **place):
    rows = json.loads(ltpsim("show", path, "--by", level, "--measure", measure, "--statistic", statistic, "--layer",
                             "plan", "--format", "json"))
    return pick(rows, **place)


# --- a system with every table ---------------------------------------------------------------------------------------

def recovery(path, rows):
    year = "2023/24"
    said = pick(rows, part="tests", test="1", item="every organisation on its trajectory")
    kept = stored(path, "system", "trajectory_met_every_year", "probability", code="QOP", year=year)
    check(near(said["value"], kept["probability"]) and said["year"] == "all years", "test 1: the stored P of all years",
          (said, kept))
    balance = pick(rows, part="tests", test="1", item="the system in balance, before support")
    kept = stored(path, "system", "gap", "probability", code="QOP", year=year)
    check(near(balance["value"], kept["probability"]) and near(balance["value_se"], kept["probability_se"]),
          "test 1: the stored P(balance) and its error", (balance, kept))
    first = [r["value"] for r in rows if r["measure"] == "balance_first_year" and r["part"] == "tests"]
    check(len(first) == 6 and near(sum(first), 1), "the first year in balance is a distribution over years and never", first)
    for code in ["RM3", "00T"]:
        margin = stored(path, "organisation", "trajectory_margin", "p25,p10,p5,p1,probability", code=code, year=year)
        met = pick(rows, part="trajectories", code=code, year=year, measure="trajectory_met")
        check(near(met["value"], margin["probability"]), f"P(met) of {code}", (met, margin))
        needed = pick(rows, part="trajectories", code=code, year=year, measure="surplus_needed")["value"]
        check(max(0, -margin["p25"]) <= needed <= max(0, -margin["p10"]), f"{code}: what 80% needs lies between percentiles",
              (needed, margin))
        ninety = pick(figures(path, "--confidence", "90%", "--by", "trajectories"), code=code, year=year,
                      measure="surplus_needed")["value"]
        check(near(ninety, max(0, -margin["p10"])), f"{code}: for 90% it is the stored P10", (ninety, margin))
    gap = stored(path, "system", "gap", "p90", code="QOP", year=year)["p90"]
    ninety = pick(figures(path, "--confidence", "0.9", "--by", "tests"), item="before support", measure="balance_needed")
    check(near(ninety["value"], max(0, gap)), "balance at 90% needs the gap's P90", (ninety, gap))


def cash(path, rows):
    said = pick(rows, part="tests", test="2", measure="probability")
    kept = stored(path, "system", "cash_releasing_met_every_year", "probability", code="QOP", year="2023/24")
    check(near(said["value"], kept["probability"]) and "1.1%" in said["item"], "test 2: the stored P, the scenario's target",
          (said, kept))
    rows = figures(path, "--confidence", "90%", "--by", "tests")
    for year in ["2019/20", "2022/23"]:
        low = stored(path, "system", "cash_releasing_rate", "p10", code="QOP", year=year)["p10"]
        lacking = pick(rows, measure="cash_releasing_rate_needed", year=year)["value"]
        check(near(lacking, max(0, 0.011 - low)), f"test 2: what {year} lacks for 90% is the target less P10", (lacking, low))


def others(path, rows):
    share = stored(path, "system", "variation_share", "p10,p90", code="QOP", year="2023/24")
    for wanted, expected in [(share["p10"], 0.9), (share["p90"], 0.1)]:
        said = pick(figures(path, "--variation-share", f"{wanted:.17g}", "--by", "tests"), test="3", measure="probability")
        check(near(said["value"], expected, 1e-6), f"test 3: P(at least its own P{100 - 100 * expected:.0f})", said)
    said = pick(rows, part="tests", test="4", measure="probability")
    kept = json.loads(ltpsim("show", path, "--measure", "demand_avoided", "--statistic", "mean,probability", "--layer",
                             "plan", "--year", "2023/24", "--format", "json"))
    least = min(r["probability"] for r in kept if r["mean"] and r["mean"] > 0)
    check(near(said["value"], least), "test 4: the service with the least chance", (said, least))
    gain = pick(rows, part="tests", test="4", measure="system_gain")["value"]
    with h5py.File(path) as file:
        tests = list(file["bridge/test"].asstr())
        check(near(gain, file["bridge/system_step_mean"][tests.index("test_4"), 0, 4]), "test 4: the system's gain is the bridge's")
        for effect in ["sponsor_gain", "system_gain", "moved_inside", "moved_outside"]:
            codes = list(file["effect/programme"].asstr())
            mean = file[f"effect/{effect}_mean"][:, 4]
            said = [pick(rows, part="programmes", code=c, measure=effect)["value"] for c in codes]
            check(numpy.allclose(said, mean, rtol=1e-14, atol=0), f"programmes: {effect} of each")
        planned = [pick(rows, part="programmes", code=c, measure="planned")["value"] for c in file["programme/code"].asstr()]
        check(numpy.allclose(planned, file["programme/planned"][:, 4]), "programmes: the planned share of each")
    parts = {tests: pick(rows, part="tests", test="4", measure=tests)["value"] for tests in ["commissioner_gain", "provider_gain"]}
    check(near(sum(parts.values()), gain, 1e-9), "commissioners' and providers' gains are the system's", (parts, gain))


def capital(path, rows):
    said = pick(rows, part="tests", test="5", item="high-risk backlog funded in full")
    kept = stored(path, "system", "capital_funded_every_year", "probability", need="high", year="2023/24")
    check(near(said["value"], kept["probability"]), "test 5: the stored P of all years", (said, kept))
    spent = stored(path, "system", "capital_spend", "mean", need="equipment", year="2023/24")
    said = pick(rows, part="capital", item="equipment", measure="capital_spend")
    check(near(said["value"], spent["mean"]), "capital: what is spent on equipment", (said, spent))
    scheme = {r["code"]: [] for r in rows if r["measure"] == "scheme_complete"}
    for row in rows:
        if row["measure"] == "scheme_complete":
            scheme[row["code"]].append(row["value"])
    check(scheme and all(p == sorted(p) for p in scheme.values()), "schemes: the chance of being complete never falls", scheme)


def verdicts(rows, confidence):
    for row in rows:
        if row["measure"] != "probability" or row["verdict"] in ("not assessed", "only moved"):
            continue
        p = row["value"]
        expected = "met" if p >= confidence else "at risk" if p >= 0.5 else "not met"
        if row["verdict"] != expected:
            return False
    return True


def every_table(folder):
    path = run("scenarios/greater-manchester", os.path.join(folder, "gm.h5"), "--paths", "20480")
    rows = figures(path)
    recovery(path, rows)
    cash(path, rows)
    others(path, rows)
    capital(path, rows)
    check(verdicts(rows, 0.8) and verdicts(figures(path, "--confidence", "99%"), 0.99), "verdicts follow the rule")
    check(not verdicts([dict(pick(rows, test="1", measure="probability"), value=0.81, verdict="at risk")], 0.8),
          "control: a verdict against the rule is seen")
    check({r["part"] for r in rows} == set(PARTS),
          "all parts by default")
    for part in PARTS:
        check({r["part"] for r in figures(path, "--by", part)} <= {part}, f"--by {part} holds nothing else")
    table = csv.DictReader(io.StringIO(ltpsim("assess", path, "--format", "csv")))
    same = [(r["part"], r["code"], r["measure"], r["year"], r["value"]) for r in table]
    text = [(r["part"], r["code"], r["measure"], r["year"], r["value"]) for r in rows]
    check(len(same) == len(text) and all(a[:4] == b[:4] and (a[4] == "" if b[4] is None else float(a[4]) == b[4])
                                         for a, b in zip(same, text)), "csv and json hold the same")
    for options in [[], ["--year", "2020/21"], ["--layer", "do_nothing"], ["--layer", "test_1"], ["--confidence", "55%"]]:
        fine, widest = whole(ltpsim("assess", path, *options))
        check(fine, f"at most 100 columns, no control characters, no nan: {options}", widest)
    text = ltpsim("assess", path)
    check(all(word in text for word in ["met from 80%", "standard error", "by organisation under Trajectories"]), "the rule is said")
    one = ltpsim("assess", path, "--year", "2020/21", "--by", "tests")
    check("all years" not in one, "--year: criteria of the one year")
    refused(2, "did you mean 'QOP'", path, "--code", "QOQ")
    refused(2, "there is no year '2031/32'", path, "--year", "2031/32")
    refused(2, "did you mean 'test_2'", path, "--layer", "test2")
    refused(2, "did you mean 'trajectories'", path, "--by", "trajectory")
    refused(2, "there is no format 'xml'", path, "--format", "xml")
    refused(2, "--confidence: 'most' is not", path, "--confidence", "most")
    refused(2, "--confidence: '50%' is not", path, "--confidence", "50%")
    refused(2, "--confidence: '1' is not", path, "--confidence", "1")
    refused(2, "--variation-share: '-1' is not", path, "--variation-share", "-1")
    return path


# --- less than everything --------------------------------------------------------------------------------------------

def left_out(folder):
    path = run("scenarios/minimal", os.path.join(folder, "minimal.h5"), "--paths", "2048")
    text = ltpsim("assess", path)
    check(whole(text)[0], "a scenario of few tables prints")
    rows = figures(path)
    said = {r["test"]: r["text"] for r in rows if r["measure"] == "probability"}
    check(sorted(said) == ["1", "2", "3", "4", "5"], "all five tests are assessed, with a layer or without", said)
    check("not modelled: capital" in text.lower() or "backlog.csv and capital.csv are left out" in text, "capital: not modelled")
    check("workforce.csv is left out" in text and "floors.csv is left out" in text, "workforce and floors: not modelled")
    mean = shutil.copytree("scenarios/minimal", os.path.join(folder, "mean"))
    with open(os.path.join(mean, "scenario.yaml"), encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("sampling:")]
    with open(os.path.join(mean, "scenario.yaml"), "w", encoding="utf-8") as file:
        file.writelines(lines + ["sampling: expected\n"])
    expected = run(mean, os.path.join(folder, "expected.h5"))
    check("One path" in ltpsim("assess", expected) and whole(ltpsim("assess", expected))[0], "one path: says so")
    several = os.path.join(folder, "several.h5")
    subprocess.run([os.path.join(BUILD, "tests/unit/test_store"), "--write", several], check=True)
    for options in [[], ["--code", "S2"], ["--format", "csv"]]:
        end = assess(several, *options)
        check(end.returncode == 0 and end.stderr == "", f"several systems, no test in the roster: {options}", end.stderr)
    check({r["code"] for r in figures(several, "--code", "S2", "--by", "tests")} == {"S2"}, "--code: the one system")
    old = shutil.copy(path, os.path.join(folder, "old.h5"))
    with h5py.File(old, "r+") as file:
        for name in ["test", "organisation/system", "organisation/sector", "bridge", "effect"]:
            if name in file:
                del file[name]
    check(assess(old).returncode == 0, "a file without the tests' labels, bridge and effects prints", assess(old).stderr)


def names(folder):
    hostile = os.path.join(folder, "hostile")
    shutil.copytree("scenarios/minimal", hostile)
    for table in ["organisations.csv", "systems.csv", "programmes.csv"]:
        place = os.path.join(hostile, table)
        if not os.path.exists(place):
            continue
        with open(place, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        column = rows[0].index("name")
        for k, row in enumerate(rows[1:]):
            if row:
                row[column] = [f'%s%n%d "quoted", comma; 病院と診療所の連合体{k} ' + "é" * 200,
                               "Ysbyty Ŵyn ⟨a|b⟩ \\u001b[31m"][k % 2]
        with open(place, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    path = run(hostile, os.path.join(folder, "hostile.h5"), "--paths", "1024")
    fine, widest = whole(ltpsim("assess", path))
    check("\x1b" not in ltpsim("assess", path), "a name cannot drive the terminal")
    check("%s%n%d" in ltpsim("assess", path), "a name is never a format")
    check(figures(path) and len(list(csv.DictReader(io.StringIO(ltpsim("assess", path, "--format", "csv"))))) == len(figures(path)),
          "csv and json of hostile names parse")
    check(fine or "病院" in widest or "é" in widest, "only a title may be wider than the page", widest)


def damaged(folder, path):
    refused(2, "needs a RESULT")
    refused(4, "No such file", os.path.join(folder, "none.h5"))
    refused(4, "not an HDF5 file", __file__)
    cut = os.path.join(folder, "cut.h5")
    with open(path, "rb") as file, open(cut, "wb") as part:
        part.write(file.read()[:200000])
    refused(4, "cut short or damaged", cut)
    shutil.copy(path, cut)
    with h5py.File(cut, "r+") as file:
        del file["effect/gain_mean"]
        scale = file["effect/programme"]
        file["effect/gain_mean"] = numpy.zeros(3)
        check(scale.shape[0] > 0, "the file has programmes")
    refused(4, "do not fit: the file is damaged", cut)
    shutil.copy(path, cut)
    with h5py.File(cut, "r+") as file:
        place, size = file["system/gap_mean"].id.get_chunk_info(0).byte_offset, file["system/gap_mean"].id.get_chunk_info(0).size
    with open(cut, "r+b") as file:
        file.seek(place)
        file.write(b"\xa5" * size)
    end = assess(cut)
    check(end.returncode == 4 and end.stdout == "" and "damaged" in end.stderr, "bytes that were changed: nothing is printed, exit 4",
          (end.returncode, end.stderr))


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = every_table(folder)
        left_out(folder)
        names(folder)
        damaged(folder, path)
        check(assess("--help").returncode == 0 and "--confidence" in assess("--help").stdout, "--help")
    done()


main()
