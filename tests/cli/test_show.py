"""ltpsim show: every stored measure, the errors of cli.md, formats that parse. TAP on stdout."""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

import h5py

build = os.environ.get("LTP_BUILD", "build")
program = os.environ.get("LTPSIM", os.path.join(build, "ltpsim"))
count = failed = 0


def check(fine, what):
    global count, failed
    count += 1
    failed += not fine
    print(f"{'ok' if fine else 'not ok'} {count} - {what}", flush=True)


def show(*arguments, **options):
    return subprocess.run([program, "show", *arguments], capture_output=True, text=True, **options)


def refused(code, said, *arguments):
    run = show(*arguments)
    one = run.stderr.strip().split("\n")
    fine = run.returncode == code and run.stdout == "" and said in one[0] and len(one) <= 2
    check(fine, f"exit {code} and '{said}': show {' '.join(arguments)[-60:]}")
    if not fine:
        print("#", run.returncode, run.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "result.h5")
        subprocess.run([os.path.join(build, "tests/unit/test_store"), "--write", path], check=True)
        rows = list(csv.DictReader(io.StringIO(show(path, "--format", "csv").stdout)))
        check(len(rows) == 4 * 3 * 2, "all systems, layers and years of the gap by default")
        with h5py.File(path) as file:
            row = [r for r in rows if (r["code"], r["layer"], r["year"]) == ("S2", "test_2", "2020/21")][0]
            quantile = file["system/gap_quantile"][1, :, 1, 1]
            same = (float(row["mean"]) == file["system/gap_mean"][1, 1, 1] and float(row["p90"]) == quantile[6]
                    and float(row["p10"]) == quantile[2]
                    and float(row["probability"]) == file["system/gap_probability"][1, 1, 1]
                    and float(row["p50_se"]) == file["system/gap_quantile_se"][1, 4, 1, 1])
            check(same, "csv holds the stored numbers to the last bit")
            activity = json.loads(show(path, "--measure", "activity", "--by", "organisation", "--service", "elective",
                                       "--code", "T4", "--layer", "plan", "--year", "2019/20", "--format=json").stdout)
            check(len(activity) == 1 and activity[0]["name"] == "Ysbyty Ŵyn" and
                  activity[0]["mean"] == file["organisation/activity_mean"][2, 6, 1, 0], "one number by its labels")
            measures = sorted(n[:-5] for n in file["system"] if n.endswith("_mean") and "_batch_" not in n)
            for measure in measures:
                run = show(path, "--measure", measure, "--code", "S1")
                check(run.returncode == 0 and len(run.stdout.split("\n")) > 4 and "nan" not in run.stdout, f"table of {measure}")
            for level in ["scheme", "programme", "floor", "plan_line"]:
                for measure in sorted(n[:-5] for n in file[level] if n.endswith("_mean")):
                    run = show(path, "--by", level, "--measure", measure)
                    check(run.returncode == 0 and len(run.stdout.split("\n")) > 4 and "nan" not in run.stdout,
                          f"table of {measure} by {level}")
        lines = show(path, "--by", "plan_line", "--layer", "plan", "--year", "2019/20").stdout
        check("in each line's unit by plan line" in lines and "fte" in lines and "P(achieved): plan line achieved" in lines,
              "plan lines by default: units, and what P is of")
        half = show(path, "--by", "scheme", "--measure", "scheme_complete", "--code", "W", "--layer", "plan").stdout
        check("2020/21      50%" in half and "> 50%" not in half and "<" in half,
              "a probability that is the same in every block is no bound")
        met = show(path, "--measure", "trajectory_met_every", "--layer", "plan").stdout
        check("P(all met)" in met and "mean" not in met and "P(balance)" not in met, "a yes or no: its probability only")
        met = json.loads(show(path, "--measure", "trajectory_met_every", "--statistic", "mean,probability",
                              "--format", "json").stdout)
        check(met and all(abs(r["mean"] - r["probability"]) < 1e-12 for r in met if r["mean"] is not None),
              "… which is its mean")
        staff = json.loads(show(path, "--measure", "staff_required", "--by", "organisation", "--item", "medical",
                                "--code", "T1", "--format", "json").stdout)
        check(len(staff) == 6 and {r["group"] for r in staff} == {"medical"}, "one staff group by --item")
        refused(2, "has no items", path, "--item", "medical")
        refused(2, "did you mean 'nursing'", path, "--measure", "staff_required", "--item", "nursin")
        refused(2, "is not by system; it is by scheme", path, "--measure", "scheme_spend")
        refused(2, "nothing in its scenario has it", path, "--measure", "loan")
        for level in ["organisation", "region", "england"]:
            check(show(path, "--by", level).returncode == 0, f"by {level}")
        run = show(path, "--statistic", "p99,sd,shortfall95,probability", "--layer", "plan", "--format", "csv")
        check(run.stdout.startswith("code,name,layer,year,p99,p99_se,sd,shortfall95,shortfall95_se,probability"),
              "statistics as asked, in that order")
        check(show("--help").returncode == 0 and "--statistic" in show("--help").stdout, "--help")
        refused(2, "needs a RESULT")
        refused(2, "did you mean 'gap_provider'", path, "--measure", "gap_providr")
        refused(2, "there is no code 'S9'", path, "--code", "S9")
        refused(2, "did you mean 'england'", path, "--by", "englnd")
        refused(2, "there is no layer", path, "--layer", "test_9")
        refused(2, "there is no year", path, "--year", "2031/32")
        refused(2, "not by service", path, "--service", "ae")
        refused(2, "there is no service", path, "--measure", "activity", "--service", "xyzzy")
        refused(2, "do_nothing only", path, "--measure", "gap_bridge", "--layer", "plan")
        refused(2, "has no 'p10'", path, "--measure", "cost", "--by", "organisation", "--statistic", "p10")
        refused(2, "there is no statistic", path, "--statistic", "p42")
        refused(2, "there is no format", path, "--format", "xml")
        refused(2, "did you mean '--measure'", path, "--mesure", "gap")
        refused(2, "needs a value", path, "--code")
        refused(2, "second", path, path)
        refused(4, "No such file", os.path.join(folder, "none.h5"))
        refused(4, "not an HDF5 file", __file__)
        refused(4, "not a file", folder)
        other = os.path.join(folder, "other.h5")
        h5py.File(other, "w").close()
        refused(4, "not a result of ltpsim", other)
        with open(path, "rb") as whole, open(other, "wb") as part:
            part.write(whole.read()[:100000])
        refused(4, "cut short or damaged", other)
        with h5py.File(path, "r+") as file:
            file.attrs["format_version"] = 99
        refused(4, "use a newer program", path)
        with h5py.File(path, "r+") as file:
            file.attrs["format_version"] = 1
        with open("/dev/full", "w") as full:
            run = subprocess.run([program, "show", path], stdout=full, stderr=subprocess.PIPE, text=True)
        check(run.returncode == 1 and "standard output" in run.stderr, "a full disk under stdout is an error")
    print(f"1..{count}")
    return failed > 0


sys.exit(main())
