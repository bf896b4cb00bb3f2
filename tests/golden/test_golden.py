"""Golden figures: every scenario in scenarios/ against tests/golden/NAME.txt. `make golden-update` rewrites the files on
purpose, says what moved, and CHANGELOG.md then says why.

1. Figures, on any machine, to 1e-12 of the figure (of £1m where it is smaller). Compiled tables come from GSL and libm,
   whose last bits differ between versions and between processors with and without fused multiply-add; figures were
   measured not to move by that (CONTRIBUTING.md), so a figure that moves is a change of this program or its data.
2. What the commands of the five tests print of Greater Manchester's two submissions, word by word: tests/golden/printed.
   Printed figures are rounded to what their error supports, so 1e-12 does not show in them.
3. The content hash, which covers every bit outside /provenance, compiled tables and inputs too: the same wherever glibc,
   GSL and fused multiply-add are as they were when the file was made (Debian 12 on any processor since 2013). Anywhere
   else it may differ, and that is said, not failed. The digests by group say where it differs."""
import ctypes
import glob
import hashlib
import itertools
import math
import os
import platform
import subprocess
import sys
import tempfile

import h5py

sys.path.insert(0, "tests/support")
from ltpsim import content_hash, digests, ltpsim, run, text  # noqa: E402
from tree import of_the_project  # noqa: E402
from tap import check, done, note  # noqa: E402

PATHS = 20 * 1024  # the fewest that have standard errors
TOLERANCE = 1e-12
SYSTEM_MEASURES = ["gap", "gap_commissioner", "gap_provider", "gap_excluding_nhs_england", "saving", "income", "cost",
                   "trajectory_margin", "trajectory_met_every", "support", "loan", "cumulative_position", "interest",
                   "cash_releasing_rate", "cash_releasing_met_every_year", "variation_share", "stranded_cost", "staff_pay",
                   "capital_charges", "failure_cost"]
ORGANISATION_MEASURES = ["gap", "trajectory_miss"]
GROUPS = ["input/compiled", "input", "baseline", "bridge", "effect", "england", "floor", "organisation", "plan_line",
          "programme", "region", "scheme", "system", "test"]  # longest name first
COLUMNS = ["mean", "sd", "p10", "p50", "p90", "probability"]
HEADER = """# Golden figures of {scenario}: {paths} paths, the scenario's own seed. Money in £m; a gap is positive for a shortfall.
# Written by `make golden-update`, never by hand; CHANGELOG.md says what moved and why.
"""
PRINTED = "tests/golden/printed"
# Commands of the five tests, by the file that holds what they print; DRAFT and AGREED are results, in this order.
DRAFT, AGREED = "scenarios/greater-manchester-draft", "scenarios/greater-manchester"
PRINTS = {
    "greater-manchester-assess.txt": ["assess", AGREED],
    "greater-manchester-bridge.txt": ["bridge", AGREED],
    "greater-manchester-compare.txt": ["compare", DRAFT, AGREED],
    "greater-manchester-triangulate.txt": ["triangulate", "--quiet", os.path.abspath(AGREED), "--result", AGREED],
}


def machine():
    """What the last bits of compiled tables depend on."""
    gsl = subprocess.run(["pkg-config", "--modversion", "gsl"], stdout=subprocess.PIPE, text=True).stdout.strip()
    libc = ctypes.CDLL("libc.so.6")
    libc.gnu_get_libc_version.restype = ctypes.c_char_p
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        fused = any(line.startswith("flags") and " fma " in line + " " for line in file)
    return (f"{platform.machine()}, glibc {libc.gnu_get_libc_version().decode()}, GSL {gsl}, "
            f"{'with' if fused else 'without'} fused multiply-add")


def scenarios():
    """Those of the project: what a user keeps beside them is the user's own affair."""
    found = glob.glob("scenarios/*/scenario.yaml") + glob.glob("scenarios/*/*/scenario.yaml")
    return sorted(os.path.dirname(path) for path in of_the_project(found))


def golden_path(scenario):
    return "tests/golden/" + scenario.removeprefix("scenarios/").replace("/", "-") + ".txt"


def group_of(name):
    return next((group for group in GROUPS if name == group or name.startswith(group + "/")), "root")


def group_digests(result):
    """{group: 16 digits of the SHA-256 over its objects}; "root" is the attributes of the file itself."""
    sha = {}
    for name, digest in sorted(digests(result).items()):
        sha.setdefault(group_of(name), hashlib.sha256()).update(f"{name}={digest}\n".encode())
    return {group: value.hexdigest()[:16] for group, value in sorted(sha.items())}


def rows(group, level, measures, layers, years):
    """[(key, [value a column])]: key = level, code, measure, layer, year."""
    label = {axis: [text(v) for v in group[axis][()]] for axis in ("layer", "code", "year")}
    tenth = [round(10 * float(q), 6) for q in group["quantile"][()]]
    for measure in measures:
        if f"{measure}_mean" not in group:
            continue
        if group[f"{measure}_mean"].ndim != 3:
            raise ValueError(f"{measure} is not by layer, code and year alone")
        array = {name: group[f"{measure}_{name}"][()] for name in ("mean", "sd", "probability", "quantile")
                 if f"{measure}_{name}" in group}
        for c, code in enumerate(label["code"]):
            for layer in layers(label["layer"]):
                l = label["layer"].index(layer)
                for year in years(label["year"]):
                    y = label["year"].index(year)
                    value = {name: array[name][l, c, y] for name in ("mean", "sd", "probability") if name in array}
                    if "quantile" in array:
                        value |= {f"p{10 * q}": array["quantile"][l, tenth.index(q), c, y] for q in (1, 5, 9)}
                    yield (level, code, measure, layer, year), [float(value.get(n, math.nan)) for n in COLUMNS]


def means(group, level, axis, measures, years):
    """Of a group without layers or statistics: the layer's place says where the figure comes from."""
    code, year = ([text(v).replace(" ", "_") for v in group[name][()]] for name in (axis, "year"))
    for measure in measures:
        array = group[measure + "_mean"][()]
        for c, y in ((c, y) for c in range(len(code)) for y in years(range(len(year)))):
            yield (level, code[c], measure, "-", year[y]), [float(array[c, y])] + [math.nan] * (len(COLUMNS) - 1)


def attributed(file):
    """Each test's step and Shapley value in the system's gap, every year; each programme's gain and what it moves, at
    the end. Nothing where there are no programmes."""
    out = []
    if "bridge" in file:
        bridge = file["bridge"]
        test, code, year = ([text(v) for v in bridge[name][()]] for name in ("test", "system", "year"))
        for measure in ("step", "shapley"):
            array = bridge[f"system_{measure}_mean"][()]
            out += [(("bridge", c, measure, t, y), [float(array[i, j, k])] + [math.nan] * (len(COLUMNS) - 1))
                    for j, c in enumerate(code) for i, t in enumerate(test) for k, y in enumerate(year)]
    if "effect" in file:
        out += means(file["effect"], "effect", "programme", ["sponsor_gain", "system_gain", "moved_inside", "moved_outside"],
                     lambda all: all[-1:])
    return out


def figures(result):
    """The system's measures in every layer and year; the organisations' at the end; what is due to tests and programmes."""
    with h5py.File(result, "r") as file:
        system = list(rows(file["system"], "system", SYSTEM_MEASURES, lambda all: all, lambda all: all))
        ends = list(rows(file["organisation"], "organisation", ORGANISATION_MEASURES, lambda all: [all[0], all[-1]],
                         lambda all: all[-1:]))
        return dict(system + ends + attributed(file))


def write(path, scenario, result):
    lines = [HEADER.format(scenario=scenario, paths=PATHS).rstrip("\n"), f"made with: {machine()}",
             f"content hash: {content_hash(result)}"]
    lines += [f"digest {group}: {digest}" for group, digest in group_digests(result).items()]
    table = [["level", "code", "measure", "layer", "year", *COLUMNS]]
    table += [[*key, *("-" if math.isnan(v) else repr(v) for v in values)] for key, values in figures(result).items()]
    width = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    lines += [""] + ["  ".join(cell.ljust(w) for cell, w in zip(row, width)).rstrip() for row in table]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def read(path):
    """(statements {name: value}, figures)."""
    with open(path, encoding="utf-8") as file:
        head, table = file.read().split("\n\n")
    stated = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    out = {}
    for line in table.splitlines()[1:]:
        cell = line.split()
        out[tuple(cell[:5])] = [math.nan if v == "-" else float(v) for v in cell[5:]]
    return stated, out


def moved(expected, found):
    """[(how far, sentence)] of every figure that is not the same to the tolerance, farthest first."""
    out = []
    for key in list(expected) + [k for k in found if k not in expected]:
        if key not in expected or key not in found:
            out.append((math.inf, f"{' '.join(key)}: {'new' if key in found else 'gone'}"))
            continue
        for name, a, b in zip(COLUMNS, expected[key], found[key]):
            off = 0.0 if a == b or (math.isnan(a) and math.isnan(b)) else abs(a - b) / max(abs(a), 1.0)
            if not off <= TOLERANCE:
                out.append((off, f"{' '.join(key)} {name}: {a!r} → {b!r} ({off:.1e})"))
    return sorted(out, key=lambda item: -item[0] if item[0] == item[0] else -math.inf)


def told(changes):
    lines = [sentence for _, sentence in changes[:12]]
    return "\n".join(lines + [f"… {len(changes)} figures in all"] * (len(changes) > 12))


def differing_groups(stated, result):
    return [group for group, digest in group_digests(result).items() if stated.get("digest " + group) != digest]


def compare(scenario, result):
    path = golden_path(scenario)
    if not check(os.path.exists(path), f"{scenario}: has golden figures", f"no {path}; make golden-update"):
        return
    stated, expected = read(path)
    changes = moved(expected, figures(result))
    check(not changes, f"{scenario}: figures", lambda: told(changes) + "\nif that is meant: make golden-update")
    equal = content_hash(result) == stated["content hash"]
    if equal or stated["made with"] == machine():
        check(equal, f"{scenario}: content hash",
              lambda: f"differs in {', '.join(differing_groups(stated, result))}\nif that is meant: make golden-update")
    else:
        note(f"{scenario}: another content hash, in {', '.join(differing_groups(stated, result))}: golden with "
             f"{stated['made with']}; here {machine()}")


def update(scenario, result):
    path = golden_path(scenario)
    stated, expected = read(path) if os.path.exists(path) else ({}, {})
    changes = moved(expected, figures(result))
    groups = differing_groups(stated, result)
    print(f"{path}: {len(changes)} figures moved, bits differ in {', '.join(groups) if groups else 'nothing'}")
    if expected and changes:
        print(told(changes))
    write(path, scenario, result)


def printed(results):
    """{file: what the command prints}. Results go by the names of their scenarios, which compare shows."""
    out = {}
    for name, words in PRINTS.items():
        folder = os.path.dirname(results[AGREED])
        here = [os.path.basename(results[word]) if word in results else word for word in words]
        out[name] = ltpsim(*here, cwd=folder)
    return out


def differing_lines(expected, found):
    """The first lines that differ, old and new."""
    old, new = expected.splitlines(), found.splitlines()
    pairs = [(a, b) for a, b in itertools.zip_longest(old, new, fillvalue="(no line)") if a != b]
    return "\n".join(f"- {a}\n+ {b}" for a, b in pairs[:6]) + f"\n{len(pairs)} of {len(new)} lines differ"


def compare_printed(results):
    found = printed(results)
    for name, said in found.items():
        path = os.path.join(PRINTED, name)
        if check(os.path.exists(path), f"{name}: is there", "make golden-update"):
            with open(path, encoding="utf-8") as file:
                expected = file.read()
            check(said == expected, f"{name}: word by word", lambda: differing_lines(expected, said))
            check(said.replace("Greater", "Lesser", 1) != expected, f"control: {name}: another word is seen")
    there = sorted(os.listdir(PRINTED)) if os.path.isdir(PRINTED) else []
    check(there == sorted(found), "no other file of what is printed", there)


def update_printed(results):
    os.makedirs(PRINTED, exist_ok=True)
    for name, said in printed(results).items():
        path = os.path.join(PRINTED, name)
        before = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                before = file.read()
        print(f"{path}: {'the same' if said == before else differing_lines(before, said)}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(said)


def can_fail(result):
    """One figure off by 1e-11 is seen, a figure that is gone is seen, and what is within the tolerance is not."""
    found = figures(result)
    key = next(k for k, v in found.items() if abs(v[0]) > 1)
    for off, seen in [(1e-11, 1), (1e-13, 0)]:
        check(len(moved(found | {key: [found[key][0] * (1 + off), *found[key][1:]]}, found)) == seen,
              f"control: a mean off by {off:.0e} is {'seen' if seen else 'passed over'}")
    check(len(moved({k: v for k, v in found.items() if k != key}, found)) == 1, "control: a new line is seen")
    check(len(moved(found, {k: v for k, v in found.items() if k != key})) == 1, "control: a lost line is seen")
    stated = {"digest " + group: digest for group, digest in group_digests(result).items()}
    with h5py.File(result, "r+") as file:
        file["system/gap_mean"][0, 0, 0] *= 1 + 2.0 ** -50
    check(differing_groups(stated, result) == ["system"], "control: changed bits are seen, and where")


def main():
    updating = "--update" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        results = {}
        for scenario in scenarios():
            name = os.path.basename(scenario) if scenario in (DRAFT, AGREED) else "result"
            results[scenario] = result = run(scenario, os.path.join(folder, name + ".h5"), "--paths", PATHS)
            update(scenario, result) if updating else compare(scenario, result)
        update_printed(results) if updating else compare_printed(results)
        if not updating:
            can_fail(result)
            done()


main()
