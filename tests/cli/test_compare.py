#!/usr/bin/python3
"""ltpsim compare: differences on common paths have their own, small error; other futures have a large one; a row added
moves nothing else; the same file is the same; what cannot be compared is refused. TAP on stdout.

Scenario: the worked example with plain draws, so that the gap's own error is large; some of its cells changed."""
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy

sys.path.insert(0, "tests/support")
from ltpsim import PROGRAM, ltpsim, run  # noqa: E402
from tap import check, done  # noqa: E402

PATHS = ["--paths", "40960"]
MORE = 1.25  # £m a year on a flow to the outside


def compare(*arguments, **options):
    return subprocess.run([PROGRAM, "compare", *arguments], capture_output=True, text=True, **options)


def rows(*arguments):
    return list(csv.DictReader(io.StringIO(ltpsim("compare", *arguments, "--format", "csv"))))


def pick(table, **wanted):
    found = [r for r in table if all(r[k] == v for k, v in wanted.items())]
    assert found, wanted
    return found


def scenario(root, name, *edits):
    """A copy of the worked example; edits: (file, old, new), old '' to append."""
    folder = os.path.join(root, name)
    shutil.copytree("scenarios/minimal", folder)
    for file, old, new in [("scenario.yaml", "sampling: lhs", "sampling: random"), *edits]:
        path = os.path.join(folder, file)
        with open(path) as stream:
            text = stream.read()
        assert old in text, (file, old)
        with open(path, "w") as stream:
            stream.write(text.replace(old, new) if old else text.rstrip("\n") + "\n" + new)
    return folder


def refused(code, said, *arguments):
    got = compare(*arguments)
    one = got.stderr.strip().split("\n")
    check(got.returncode == code and got.stdout == "" and all(s in one[0] for s in said) and len(one) == 1,
          f"exit {code}, nothing printed, and {said}", f"{got.returncode} {got.stderr} {got.stdout[:300]}")


def narrow(text):
    return max(map(len, text.split("\n"))) <= 100


def fixed_amount(a, b, other):
    """A flow of a fixed sum to the outside is £1.25m more: so is the gap, on every path."""
    table = rows(a, b)
    gaps = pick(table, level="system", measure="gap", statistic="mean")
    exact = all(abs(float(r["difference"]) - MORE) < 1e-9 and float(r["difference_se"]) < 1e-9 for r in gaps)
    own = min(float(r["a_se"]) for r in gaps)
    check(exact and all(r["error"] == "paired" for r in gaps), "the difference is the sum, without an error", gaps)
    check(own > 1e-3, f"while the gap's own error is £{own:.4f}m")
    risk = [r for s in ("p10", "p50", "p90") for r in pick(table, level="system", measure="gap", statistic=s)]
    check(all(abs(float(r["difference"]) - MORE) < 1e-4 and float(r["difference_se"]) < 1e-3 * MORE for r in risk),
          "quantiles move by the same sum: kept paths are held against one another", risk)
    organisation = pick(table, level="organisation", layer="plan", measure="gap")
    moved = {r["code"]: float(r["difference"]) for r in organisation}
    check(abs(moved["C"] - MORE) < 1e-9 and moved["T"] == 0, "the payer carries it, the trust nothing", moved)
    step = {r["layer"]: float(r["difference"]) for r in pick(table, statistic="step")}
    whole = step.pop("plan")
    check(abs(sum(step.values()) - whole) < 1e-9 and abs(whole - MORE) < 1e-9, "do nothing and steps add up", step)
    control = pick(rows(a, other), level="system", measure="gap", statistic="mean")
    for r in control:
        d, error = float(r["difference"]), float(r["difference_se"])
        check(r["error"] == "independent" and error > own and abs(d - MORE) < 4 * error,
              f"control: other seeds, {r['layer']}: {d:.3f} ± {error:.3f} (false alarm 6e-5)", r)
    text = ltpsim("compare", a, b)
    check("£1.25m larger" in text and "the same" not in text.split("mean gap")[1].split("P90")[0], "said in words", text)
    check("contracts: 1 row changed" in text and "payer_amount: 72 → 73.25" in text, "the input that differs", text)
    check("Not the same futures (their seeds differ" in ltpsim("compare", a, other), "other futures are said to be")


def paired_error(root, folder):
    """Standard errors of paired differences: against the kept paths, and against repetition with other seeds."""
    score, mean_ok = [], True
    for seed in range(12):
        a = run(folder, os.path.join(root, "a.h5"), "--paths", "20480", "--seed", str(seed))
        b = run(folder, os.path.join(root, "b.h5"), "--paths", "20480", "--seed", str(seed),
                "--set", "drivers.demand.nonelective.sd=0.05")
        table = rows(a, b)
        p90 = pick(table, level="system", measure="gap", statistic="p90", layer="plan")[0]
        score.append((float(p90["difference"]), float(p90["difference_se"]), float(p90["a_se"])))
        with h5py.File(a) as fa, h5py.File(b) as fb:
            d = (fb["system/gap_sample"][-1, 0, 0].astype(float) - fa["system/gap_sample"][-1, 0, 0]).reshape(20, 1024)
            mean = pick(table, level="system", measure="gap", statistic="mean", layer="plan")[0]
            error = d.mean(axis=1).std(ddof=1) / 20 ** 0.5
            mean_ok &= abs(float(mean["difference_se"]) - error) < 1e-4 * error + 1e-7
            mean_ok &= abs(float(mean["difference"]) - d.mean()) < 1e-4
    check(mean_ok, "the error of a mean's difference is that of the paths' differences, block by block")
    d, error, own = numpy.array(score).T
    ratio = d.std(ddof=1) / error.mean()
    check(0.35 < ratio < 2.1, f"the P90's difference scatters as its error says: {ratio:.2f} (false alarm below 1e-4)")
    check(error.mean() < 0.7 * own.mean() * 2 ** 0.5, f"and less than independent figures would", (error, own))


def one_row_more(root, a):
    """Another system with its own organisation: nothing of the first moves by a bit."""
    more = scenario(root, "more", ("systems.csv", "", "S2,Second system,Example,worked example,assumed\n"),
                    ("organisations.csv", "", "D,Commissioner D,ccg,S2,0,worked example,assumed\n"),
                    ("flows.csv", "", "D,SUPPLIERS,prescribing,drugs,core,10,pass_through,,,recurrent,worked example,assumed\n"),
                    ("allocations.csv", "", "D,core,2018/19,10,firm,worked example,assumed\n"
                                            "D,core,2019/20,10.5,firm,worked example,assumed\n"))
    b = run(more, os.path.join(root, "more.h5"), *PATHS)
    moved = [r for r in rows(a, b) if r["level"] in ("system", "organisation") and float(r["difference"]) != 0]
    check(not moved, "a system more moves nothing of the other, to the last bit", moved[:3])
    text = ltpsim("compare", a, b)
    check("1 of the codes by system are in B only" in text and "systems: 1 row only in B" in text, "and is named", text)


def same(a):
    text = ltpsim("compare", a, a)
    check("The results are the same" in text and "Inputs" not in text, "one file twice: the same, in a sentence", text)
    check(all(float(r["difference"]) == 0 and r["says"] == "the same" for r in rows(a, a)), "every difference is 0")
    check(all(r["difference"] == 0 for r in json.loads(ltpsim("compare", a, a, "--format", "json"))), "in JSON too")


def years(root, a):
    longer = scenario(root, "longer", ("scenario.yaml", "years: 1", "years: 2"),
                      ("allocations.csv", "", "C,core,2020/21,540,firm,worked example,assumed\n"),
                      ("contracts.csv", "", "C,SUPPLIERS,other,2020/21,74,74,worked example,assumed\n"),
                      ("flows.csv", "uplift_2019/20,nature", "uplift_2019/20,uplift_2020/21,nature"),
                      ("flows.csv", ",recurrent,", ",,recurrent,"),
                      ("flows.csv", ",0.04,,recurrent,", ",0.04,0.04,recurrent,"))
    b = run(longer, os.path.join(root, "longer.h5"), *PATHS)
    text = ltpsim("compare", a, b)
    check("1 of the years by system are in B only" in text and "the same" in text, "one year more: the common one", text)
    later = scenario(root, "later")
    for name in os.listdir(later):
        path = os.path.join(later, name)
        with open(path) as stream:
            text = stream.read().replace("2019/20", "2020/21").replace("2018/19", "2019/20").replace("2019-", "2020-")
        with open(path, "w") as stream:
            stream.write(text)
    refused(4, ["no year in common"], a, run(later, os.path.join(root, "later.h5"), *PATHS))


def damaged(root, a, b):
    other = os.path.join(root, "other.h5")
    refused(4, [__file__, "not an HDF5 file"], a, __file__)
    refused(4, ["none.h5", "No such file"], os.path.join(root, "none.h5"), b)
    with open(b, "rb") as whole, open(other, "wb") as part:
        part.write(whole.read()[:60000])
    refused(4, ["other.h5", "cut short or damaged"], a, other)
    shutil.copy(b, other)
    with h5py.File(other) as file:
        place, length = file["system/gap_sample"].id.get_chunk_info(0)[2:4]
    with open(other, "r+b") as file:
        file.seek(place + length // 2)
        file.write(b"damage!!" * 4)
    refused(4, ["other.h5", "gap_sample", "damaged"], a, other)
    for spot in range(40):  # metadata: the library may die of it, and that is an answer too
        shutil.copy(b, other)
        with open(other, "r+b") as file:
            file.seek(2000 + spot * 997)
            file.write(b"\xff" * 64)
        got = compare(a, other)
        if got.returncode not in (0, 4) or (got.returncode == 4 and "other.h5" not in got.stderr):
            check(False, f"damage at {spot}", got.stderr)
            return
    check(True, "forty kinds of damage: exit 0 or 4, and the damaged file named")


def hostile(root, a, b):
    other = os.path.join(root, "hostile.h5")
    shutil.copy(b, other)
    evil = "\x1b[2J\x1b]0;x\x07" + "Ω漢" * 100
    with h5py.File(other, "r+") as file:
        file.attrs["title"] = evil
        file.attrs["submission_name"] = evil
        file["system/name"][0] = evil
        file["organisation/name"][:] = evil
    with h5py.File(a) as file:
        kept = file.attrs["content_hash"]
    for first, second in ((a, other), (other, a)):
        got = compare(first, second)
        check(got.returncode == 0 and "\x1b" not in got.stdout and "\x07" not in got.stdout and kept,
              "names cannot drive the terminal", repr(got.stdout[:400]) + got.stderr)
    with h5py.File(other, "r+") as file:
        file["input/flows.csv"].attrs["long_name"] = "../../../tmp/elsewhere"
    refused(4, ["hostile.h5", "no scenario has an input"], a, other)


def options(a, b):
    refused(2, ["needs A and B"])
    refused(2, ["needs A and B"], a)
    refused(2, ["a third"], a, b, b)
    refused(2, ["none of system"], a, b, "--by", "trust")
    refused(2, ["'gapp'"], a, b, "--measure", "gapp")
    refused(2, ["there is no year '2031/32'", "2019/20"], a, b, "--year", "2031/32")
    refused(2, ["there is no system 'X'"], a, b, "--code", "X")
    refused(2, ["--service does not apply"], a, b, "--measure", "gap", "--service", "elective")
    refused(2, ["none of table, csv, json"], a, b, "--format", "xml")
    for extra in ([], ["--all"], ["--measure", "use_of_resources", "--all"], ["--by", "organisation"],
                  ["--measure", "activity", "--by", "organisation", "--layer", "plan"], ["--measure", "gap_bridge"]):
        text = ltpsim("compare", a, b, *extra)
        check(narrow(text) and "nan" not in text.lower(), f"at most 100 columns, no nan: {' '.join(extra)}", text)
    one = rows(a, b, "--measure", "use_of_resources", "--layer", "plan", "--service", "other")
    check(len(one) == 1 and abs(float(one[0]["difference"]) - MORE) < 1e-9 and one[0]["error"] == "upper_bound",
          "one figure by its labels; without batches its error is an upper bound", one)


def submissions(root):
    draft = scenario(root, "draft", ("scenario.yaml", "", "submission: {name: S, date: 2019-09-27, milestone: system draft}\n"))
    agreed = scenario(root, "agreed", ("scenario.yaml", "", "submission: {name: S, date: 2019-11-15, milestone: agreed}\n"),
                      ("programmes.csv", "fraction,2019-10-01", "fraction,2019-07-01"))
    few = ["--paths", "2048"]
    a, b = (run(s, os.path.join(root, os.path.basename(s) + ".h5"), *few) for s in (draft, agreed))
    text = ltpsim("compare", a, b)
    check(re.search(r"A .*\n.*\n +S: system draft submission, 27 September 2019\nB .*\n.*\n +S: agreed submission, "
                    r"15 November 2019\n", text), "submissions are named in the heading", text)
    check("S: agreed submission, 15 November 2019\n" in ltpsim("show", b), "and by show")
    check("start: 2019-10-01 → 2019-07-01" in text, "what changed between them", text)
    check("Too few paths for standard errors" in text and "error not known" in text, "too few paths for errors: said")
    expected = scenario(root, "expected", ("scenario.yaml", "sampling: random", "sampling: expected"))
    e = run(expected, os.path.join(root, "expected.h5"))
    less = run(expected, os.path.join(root, "less.h5"), "--set", "programmes.PAYSAVE.full_year_effect=0.02")
    text = ltpsim("compare", e, less)
    check("Every driver at its mean, one path in each" in text and "±" not in text, "one path each: no errors", text)


def main():
    with tempfile.TemporaryDirectory() as root:
        plain = scenario(root, "plain")
        more = scenario(root, "dearer", ("contracts.csv", "72,72", "73.25,73.25"))
        a = run(plain, os.path.join(root, "plain.h5"), *PATHS)
        b = run(more, os.path.join(root, "dearer.h5"), *PATHS)
        other = run(more, os.path.join(root, "other_seed.h5"), *PATHS, "--seed", "7")
        fixed_amount(a, b, other)
        same(a)
        one_row_more(root, a)
        years(root, a)
        damaged(root, a, b)
        hostile(root, a, b)
        options(a, b)
        submissions(root)
        paired_error(root, plain)
    done()


main()
