"""Sizes, paths, formatting, the tables of scenarios, and what the documents promise."""
import csv
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests/support")
from ltpsim import ltpsim  # noqa: E402
from tap import check, done, note  # noqa: E402
from tree import of_the_project, c_files, files, functions, read  # noqa: E402

FILE_LINES, FUNCTION_LINES = 600, 60
STATUS = {"published", "derived", "estimated", "assumed"}
DOCUMENTS = ["README.md", "CONTRIBUTING.md"]
TEXTS = (".c", ".h", ".py", ".sh", ".md", ".txt", ".yaml", ".csv", ".supp")


def sizes():
    own = c_files() + [p for p in files() if p.endswith((".py", ".sh"))]
    long = [f"{p}: {read(p).count(chr(10))} lines" for p in own if read(p).count("\n") > FILE_LINES]
    check(not long, f"no file of code is longer than {FILE_LINES} lines", "\n".join(long))
    lengths = {p: functions(p) for p in c_files("sim", "models", "results")}
    for path, found in lengths.items():
        for name, line, count in found:
            if count > FUNCTION_LINES:
                note(f"warning: {path}:{line}: {name} has {count} lines; past {FUNCTION_LINES} it may want splitting")
    found = {name for path in ("sim/main.c", "sim/plan/csv.c", "models/year.c") for name, _, _ in functions(path)}
    check(sum(map(len, lengths.values())) > 500 and {"main", "ltp_command_end", "ltp_block_run"} <= found,
          "control: the functions of the program are found", found)


def paths_of_machines():
    # What every Debian has, and scratch names that are unique, may stand.
    machine = re.compile(r"(?<![\w.])/(home|root|work|Users|mnt|media|opt|srv|data)/\w|[A-Z]:\\\\\w|(?<![\w.])/tmp/(?!\S*X{6})\w")
    texts = [p for p in files() if p.endswith(TEXTS) or p in ("Makefile", ".ci/run")]
    found = [f"{p}:{n}: {line.strip()[:100]}" for p in texts for n, line in enumerate(read(p).split("\n"), 1)
             if machine.search(line) and p != "tests/house/test_text.py"]
    check(len(texts) > 200 and not found, f"no path of a machine in {len(texts)} files", "\n".join(found))
    check(machine.search('x = "/home/me/plan"') and not machine.search("tests/home/x /tmp/ltp-XXXXXX"),
          "control: a home folder is seen, a unique scratch name is not")
    odd = [p for p in texts if not read(p).endswith("\n") and os.path.getsize(p) or "\r" in read(p) or "\t" in read(p) and
           p.endswith((".py", ".md", ".sh", ".c", ".h"))]
    check(not odd, "files end with a line end, and indent with spaces", "\n".join(odd))


def formatting():
    if not shutil.which("clang-format-14"):
        check(True, "formatting # SKIP no clang-format-14")
        return
    ran = subprocess.run(["clang-format-14", "--dry-run", "-Werror", *c_files()], stderr=subprocess.PIPE, text=True)
    wrong = sorted(set(re.findall(r"^([^:\s]+\.[ch]):", ran.stderr, re.M)))
    check(ran.returncode == 0, "every C file is formatted (make format)", "\n".join(wrong))
    with tempfile.TemporaryDirectory() as folder:
        bad = os.path.join(folder, "bad.c")
        with open(bad, "w", encoding="utf-8") as file:
            file.write("int  x ;\n")
        ran = subprocess.run(["clang-format-14", "--style=file:.clang-format", "--dry-run", "-Werror", bad], stderr=subprocess.PIPE)
        check(ran.returncode != 0, "control: a badly formatted file is seen")


def rows_without_standing(path):
    """["file:line: what"] of rows without a source or with an unknown status."""
    out = []
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(line if line.strip() and not line.startswith("#") else "\n" for line in file)
        header = next(row for row in reader if row)
        if "source" not in header or "status" not in header:
            return [f"{path}: no column source or status"]
        for row in reader:
            if row:
                cell = dict(zip(header, row))
                if not cell["source"].strip() or cell["status"] not in STATUS:
                    out.append(f"{path}:{reader.line_num}: source '{cell['source']}', status '{cell['status']}'")
    return out


def scenarios():
    tables = of_the_project(glob.glob("scenarios/**/*.csv", recursive=True))
    found = [place for path in sorted(tables) for place in rows_without_standing(path)]
    check(len(tables) > 20 and not found, f"every row of {len(tables)} tables has its source and its status", "\n".join(found[:20]))
    with tempfile.TemporaryDirectory() as folder:
        bad = os.path.join(folder, "bad.csv")
        with open(bad, "w", encoding="utf-8") as file:
            file.write("code,source,status\n# a remark\nA,NAO,published\nB,,published\nC,NAO,guess\n")
        check(len(rows_without_standing(bad)) == 2, "control: a row without source and one with an unknown status are seen")
    about = [os.path.dirname(p) for p in of_the_project(glob.glob("scenarios/**/scenario.yaml", recursive=True))]
    silent = [f for f in about if not os.path.exists(os.path.join(f, "README.md"))]
    check(not silent, "every scenario has a README.md", silent)
    check(ltpsim("list", "format") == read("scenarios/FORMAT.md"), "scenarios/FORMAT.md is what `ltpsim list format` prints",
          "build/ltpsim list format > scenarios/FORMAT.md")


def lists():
    """The words that tables take (sim/plan/schema_rows.h) are the lists that models keep, in the same order."""
    for topic, table, column in [("families", "drivers", "family"), ("mechanisms", "flows", "mechanism"), ("programmes", "programmes", "kind")]:
        listed = re.findall(r"^(\w+)", ltpsim("list", topic), re.M)
        section = read("scenarios/FORMAT.md").split(f"### `{table}.csv`")[1]
        row = re.search(rf"^\| `{column}` \|[^\n]*$", section, re.M).group(0).split(" | ")
        words = next(re.findall(r"`(\w+)`", cell) for cell in row[1:] if cell.count("`") > 4)
        check(listed == words, f"{topic}: the models' list is the table's", f"{listed}\n{words}")


def quoted(document):
    """Code of a document: fenced and indented blocks, and what stands in backticks."""
    body = read(document)
    fenced = re.findall(r"^```[^\n]*\n(.*?)^```", body, re.S | re.M)
    rest = re.sub(r"^```.*?^```", "", body, flags=re.S | re.M)
    indented = re.findall(r"^    (\S.*)$", rest, re.M)
    return "\n".join(fenced + indented), re.findall(r"`([^`\n]+)`", rest)


def unkept(document):
    """What a document names and is not there: make targets, commands, options, files."""
    blocks, spans = quoted(document)
    shown = blocks + "\n" + "\n".join(spans)
    out = []
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.M))
    for target in re.findall(r"\bmake ((?:V=1 |WERROR=\S+ )*[a-z][a-z-]+)", shown):
        if target.split()[-1] not in targets:
            out.append(f"{document}: make {target}: no such target")
    usage = ltpsim("--help")
    for command, rest in re.findall(r"\bltpsim ([a-z]+)([^\n|;&#]*)", shown):
        if not re.search(rf"^  {command}\b", usage, re.M):
            out.append(f"{document}: ltpsim {command}: no such command")
            continue
        options = ltpsim(command, "--help")
        out += [f"{document}: ltpsim {command}: no option {option}" for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest)
                if not re.search(rf"^  {option}\b", options, re.M)]
    for span in spans + re.findall(r"[\w./-]+/[\w./*-]+", blocks):
        if re.fullmatch(r"\.?(sim|models|results|scenarios|tests|bench|ci|docs)(/[\w.*{},-]+)*/?", span) and "x.c" not in span:
            if not glob.glob(span) and not re.search(r"NAME|[A-Z]{4}|[{}]", span):
                out.append(f"{document}: {span}: no such file")
    for link in re.findall(r"\]\(([^)#:]+)\)", read(document)):
        if not os.path.exists(os.path.join(os.path.dirname(document), link)):
            out.append(f"{document}: link to {link}: no such file")
    return out


def documents():
    for document in DOCUMENTS:
        found = unkept(document)
        check(not found, f"{document}: every target, command, option and file that it names is there", "\n".join(found))
    said = read("Makefile")
    packages = sorted({p for name in ("BUILD", "TEST", "FORMAT")
                       for p in re.search(rf"^{name}_PACKAGES := ((?:.*\\\n)*.*)$", said, re.M).group(1).replace("\\\n", " ").split()
                       if not p.startswith("$(")})
    reason = dict(re.findall(r"^\| `([^`|]+)` \| ([^|]+) \|", read("CONTRIBUTING.md"), re.M))
    missing = [p for p in packages if len(reason.get(p, "")) < 12]
    check(len(packages) > 15 and not missing, f"CONTRIBUTING.md says why each of {len(packages)} packages is needed", missing)
    gone = [p for p in reason if p not in packages and p in re.findall(r"[a-z0-9.+-]+", said)]
    check(not gone, "and names no package that the Makefile does not install", gone)
    licence = read("LICENSE")
    check("GNU GENERAL PUBLIC LICENSE" in licence and "Version 3, 29 June 2007" in licence and len(licence) > 35000,
          "LICENSE holds the GNU General Public License, version 3, in full")
    version = re.search(r'"([\d.]+)"', read("sim/core/version.c")).group(1)
    check(re.search(rf"^## {re.escape(version)}\b", read("CHANGELOG.md"), re.M), f"CHANGELOG.md knows version {version}")


sizes()
paths_of_machines()
formatting()
scenarios()
lists()
documents()
done()
