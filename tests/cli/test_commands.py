#!/usr/bin/python3
"""The command line as its user meets it: help, usage errors, exit codes, files in the way, stops, progress, formats.
TAP, one line a check; few paths, so that all of it takes seconds."""
import csv
import fcntl
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

import h5py

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
PROGRAM = os.path.abspath(os.path.join(ROOT, os.environ.get("LTP_BUILD", "build"), "ltpsim"))
MINIMAL = os.path.join(ROOT, "scenarios", "minimal")
COMMANDS = ["check", "run", "show", "bridge", "compare", "triangulate", "list", "init"]
count, failed = 0, 0
FEW = ["--paths", "1024", "--quiet"]


def tell(good, name, why="", skip=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}{' # skip ' + skip if skip else ''}")
    for line in str(why).split("\n") if not good else []:
        print(f"#   {line}")
    sys.stdout.flush()


class Done:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __str__(self):
        return f"exit code {self.code}\nstdout: {self.out[:1500]}\nstderr: {self.err[:1500]}"


def ltpsim(*arguments, **how):
    done = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, timeout=120,
                          **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how})
    return Done(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())


def sentence(err):
    """The program's own last word: one line that starts with its name."""
    own = [line for line in err.split("\n") if line.startswith("ltpsim: ")]
    return own[0] if len(own) == 1 else ""


def read(path):
    with open(path, "rb") as file:
        return file.read()


OLDER = b"\x89HDF\r\n\x1a\nan older result"  # begins as a result does


def leftovers(folder):
    return [name for name in os.listdir(folder) if ".tmp." in name]


def refused(name, code, words, *arguments, **how):
    done = ltpsim(*arguments, **how)
    tell(done.code == code and not done.out and words in sentence(done.err), name, f"wanted {code}, '{words}'\n{done}")
    return done


# --- help and usage ---

def test_help():
    top = ltpsim("--help")
    tell(top.code == 0 and not top.err and all(re.search(rf"^  {name} ", top.out, re.M) for name in COMMANDS),
         "--help names every command", top)
    tell(ltpsim("-h").out == top.out, "-h is --help")
    none = ltpsim()
    tell(none.code == 2 and not none.out and none.err == top.out, "without a command: the usage on stderr, exit 2", none)
    version = ltpsim("--version")
    tell(version.code == 0 and re.fullmatch(r"ltpsim \d+\.\d+\.\d+ \(result format \d+\)\n", version.out), "--version",
         version)
    texts = [top.out]
    for name in COMMANDS:
        done = ltpsim(name, "--help")
        texts.append(done.out)
        tell(done.code == 0 and not done.err and done.out.startswith(f"usage: ltpsim {name}"), f"{name} --help", done)
        # Every option that the help names is one that the program knows, and no other.
        for option in re.findall(r"^  (--?[a-z]+)", done.out, re.M):
            if option != "--help":
                known = ltpsim(name, option, "--nothing-of-the-kind")
                tell("has no option '%s'" % option not in known.err and known.code == 2, f"{name} knows {option}", known)
    tell(max(len(line) for text in texts for line in text.split("\n")) <= 80, "help fits 80 columns")


def test_usage():
    for wrong, right in (("chekc", "check"), ("ran", "run"), ("shwo", "show"), ("lists", "list"), ("int", "init")):
        refused(f"command '{wrong}': nearest name", 2, f"did you mean '{right}'?", wrong)
    refused("a command like no other", 2, "see ltpsim --help", "simulate")
    refused("option of another name", 2, "did you mean '--paths'?", "run", MINIMAL, "--path", "1")
    refused("option like no other", 2, "see ltpsim check --help", "check", MINIMAL, "--everything")
    refused("option without its value", 2, "--paths needs a value", "run", MINIMAL, "--paths")
    refused("switch with a value", 2, "--quiet takes no value", "run", MINIMAL, "--quiet=yes")
    for name, operand in (("check", "SCENARIO"), ("run", "SCENARIO"), ("show", "RESULT"), ("triangulate", "SCENARIO"), ("list", "TOPIC"),
                          ("init", "DIR")):
        refused(f"{name} without its operand", 2, f"needs a {operand}", name)
        refused(f"{name} with two operands", 2, f"takes one {operand}", name, "a", "b")
    for option in ("--paths", "--threads"):
        for value in ("0", "-1", "1e5", "abc", "1,000", "010", "+5", " 5", "", "99999999999999999999"):
            done = refused(f"run {option} '{value}'", 2, option + ":", "run", MINIMAL, option, value)
            tell(done.err.count("\n") == 1, f"run {option} '{value}': nothing else is said", done)
    refused("--seed of a negative number", 2, "--seed:", "run", MINIMAL, "--seed", "-1")
    refused("check --paths is checked too", 2, "--paths:", "check", MINIMAL, "--paths", "1e5")
    refused("format of another name", 2, "none of table, csv, json", "run", MINIMAL, "--format", "xml")
    refused("result without a name", 2, "-o needs the name", "run", MINIMAL, "-o", "")
    refused("a scenario that is not there", 1, "cannot be opened", "check", os.path.join(ROOT, "nowhere"))
    refused("a file as a scenario", 1, "is a file; a scenario is a folder", "check", os.path.join(ROOT, "Makefile"))


def test_list():
    words = {"drivers": "demand.SERVICE", "families": "truncated_normal", "mechanisms": "pass_through",
             "programmes": "unit_cost", "measures": "gap_commissioner"}
    for topic, word in words.items():
        done = ltpsim("list", topic)
        tell(done.code == 0 and word in done.out and not done.err, f"list {topic}", done)
        tell(max(map(len, done.out.split("\n"))) <= 80, f"list {topic} fits 80 columns")
    tell(ltpsim("list", "format").out == read(os.path.join(ROOT, "scenarios", "FORMAT.md")).decode(),
         "list format is scenarios/FORMAT.md")
    refused("list of another name", 2, "did you mean families", "list", "familes")


# --- init, fill, check ---

def fill(folder):
    """The least that makes a blank scenario a valid one: rows under the headers that init wrote."""
    rows = {
        "systems.csv": [{"code": "S", "name": "My system", "region": "North"}],
        "organisations.csv": [{"code": "C", "name": "My CCG", "kind": "ccg", "system": "S", "opening_surplus": "0"},
                              {"code": "T", "name": "My trust", "kind": "acute", "system": "S"}],
        "outside.csv": [{"code": "STAFF", "kind": "staff"}],
        "services.csv": [{"code": "elective"}],
        "flows.csv": [{"payer": "C", "payee": "T", "service": "elective", "amount": "100", "mechanism": "activity"},
                      {"payer": "T", "payee": "STAFF", "category": "pay", "amount": "100"}],
        "allocations.csv": [{"code": "C", "stream": "core", "year": f"{year}/{year - 1999}", "amount": "100"}
                            for year in range(2018, 2024)],
        "drivers.csv": [{"name": "price.pay", "target": "price.pay", "family": "normal", "mean": "0.03", "sd": "0.01"}],
    }
    for name, lines in rows.items():
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        header = next(line for line in text.split("\n") if line and not line.startswith("#")).split(",")
        with open(path, "a", encoding="utf-8") as file:
            for line in lines:
                unknown = set(line) - set(header)
                if unknown:
                    raise ValueError(f"init's {name} has no column {unknown}")
                file.write(",".join(line.get(column, "") for column in header) + "\n")
    path = os.path.join(folder, "scenario.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"^title:.*$", "title: My plan", text, flags=re.M))


def test_init(root):
    folder = os.path.join(root, "blank")
    done = ltpsim("init", folder)
    tell(done.code == 0 and "blank scenario" in done.out and len(os.listdir(folder)) > 20, "init makes a scenario", done)
    blank = ltpsim("check", folder)
    tell(blank.code == 3 and not blank.out and "title: is empty" in blank.err and "has 6 errors" in blank.err,
         "a blank scenario is invalid", blank)
    fill(folder)
    filled = ltpsim("check", folder)
    tell(filled.code == 0 and ": valid\n" in filled.out, "a filled one is valid", filled)
    tell(max(len(line) for line in filled.out.split("\n")) <= 90, "check fits a terminal", filled)
    ran = ltpsim("run", folder, "--paths", "1024", "-o", os.path.join(root, "blank.h5"))
    tell(ran.code == 0 and "My system (S)" in ran.out, "and can be run", ran)
    refused("init into a folder with files", 2, "is not empty", "init", folder)
    refused("init over a file", 2, "is a file", "init", os.path.join(root, "blank.h5"))
    refused("init below a folder that is not there", 1, "cannot be made", "init", os.path.join(root, "no", "such"))


# --- where the result goes ---

def mount(folder, size):
    try:
        return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], capture_output=True).returncode == 0
    except OSError:
        return False


def test_output(root):
    here = os.path.join(root, "output")
    os.mkdir(here)
    result = os.path.join(here, "result.h5")
    refused("-o into a folder that is not there", 1, "folder", "run", MINIMAL, *FEW, "-o",
            os.path.join(here, "no", "such.h5"))
    os.mkdir(os.path.join(here, "folder.h5"))
    refused("-o where a folder is in the way", 1, "a folder of that name is in the way", "run", MINIMAL, *FEW, "-o",
            os.path.join(here, "folder.h5"))
    refused("-o to a device", 1, "not an ordinary file", "run", MINIMAL, *FEW, "-o", "/dev/null")
    refused("-o below a file", 1, "cannot write", "run", MINIMAL, *FEW, "-o", os.path.join(ROOT, "Makefile", "x.h5"))
    tell(not leftovers(here) and not os.path.exists(result), "no half file is left by any of them", os.listdir(here))
    with open(result, "wb") as file:
        file.write(b"a board paper")
    refused("-o over a file that is no result", 1, "no result of ltpsim", "run", MINIMAL, *FEW, "-o", result)
    tell(read(result) == b"a board paper", "which stays as it was", result)
    with open(result, "wb") as file:
        file.write(OLDER)
    before = os.stat(result).st_ino
    done = ltpsim("run", MINIMAL, "--paths", "1024", "-o", result)
    tell(done.code == 0 and os.stat(result).st_ino != before and h5py.is_hdf5(result) and not leftovers(here),
         "an older result is replaced by a whole new file", done)
    tell("result: " + result in done.err, "and its name is said", done)
    quiet = ltpsim("run", MINIMAL, *FEW, "-o", result)
    tell(quiet.code == 0 and quiet.err == "" and quiet.out == done.out, "--quiet says nothing but the numbers", quiet)
    rounded = ltpsim("run", MINIMAL, "--paths", "1000", "-o", result)
    tell("1,000 paths asked for: rounded up to 1,024" in rounded.err and rounded.out == done.out,
         "--paths 1000 is rounded up to 1,024, and said", rounded)
    outputs = {ltpsim("run", MINIMAL, "--paths", "8192", "--quiet", "--threads", str(t), "-o", result).out
               for t in range(1, 9)}
    tell(len(outputs) == 1, "the same numbers on 1 to 8 threads")
    other = ltpsim("run", MINIMAL, *FEW, "--seed", "8", "-o", result)
    tell(other.code == 0 and other.out != done.out, "another seed, other numbers", other)
    refused("--set without -o", 2, "say with -o", "run", MINIMAL, *FEW, "--set", "drivers.price.pay.mean=0.05")
    changed = ltpsim("run", MINIMAL, *FEW, "--set", "drivers.price.pay.mean=0.05", "-o", result)
    tell(changed.code == 0 and changed.out != done.out, "--set changes a cell", changed)
    with h5py.File(result) as file:
        tell("(command line)" in file["input"] and bytes(file["input/(command line)"][()]).startswith(b"drivers.price"),
             "and the result remembers it", list(file["input"]))
    test_default_place(root)
    test_read_only(root)
    test_full_disk(root)


def test_default_place(root):
    where = os.path.join(root, "somewhere")
    os.mkdir(where)
    done = ltpsim("run", MINIMAL, *FEW, cwd=where)
    tell(done.code == 0 and os.listdir(where) == ["out"] and os.listdir(os.path.join(where, "out")) == ["minimal.h5"],
         "without -o: out/NAME.h5", done)


def test_read_only(root):
    """Root may write everywhere: then another user runs the program."""
    where, name = os.path.join(root, "closed"), "-o into a folder that may not be written"
    os.chmod(root, 0o755)
    os.mkdir(where)
    os.chmod(where, 0o555)
    somebody = {"user": 65534} if os.geteuid() == 0 else {}
    try:
        able = ltpsim("check", MINIMAL, **somebody).code == 0
    except OSError:
        able = False
    if able:
        refused(name, 1, "cannot write", "run", MINIMAL, *FEW, "-o", os.path.join(where, "x.h5"), **somebody)
        tell(os.listdir(where) == [], "and nothing is left in it", os.listdir(where))
    else:
        tell(True, name, skip="root may write everywhere, and no other user can run the program")


def test_full_disk(root):
    disk, name = os.path.join(root, "disk"), "-o on a full disk"
    os.mkdir(disk)
    if not mount(disk, "1m"):
        tell(True, name, skip="no right to mount a small disk")
        return
    try:
        older = os.path.join(disk, "result.h5")
        with open(older, "wb") as file:
            file.write(OLDER)
        refused(name, 1, "result.h5", "run", MINIMAL, *FEW, "-o", older)
        tell(read(older) == OLDER and not leftovers(disk), "and the older result is untouched",
             os.listdir(disk))
    finally:
        subprocess.run(["umount", disk])


# --- stops ---

def long_scenario(root):
    folder = os.path.join(root, "long")
    shutil.copytree(MINIMAL, folder)
    with open(os.path.join(folder, "scenario.yaml"), "a", encoding="utf-8") as file:
        file.write("keep_paths: []\n")
    return folder


def test_stop(root):
    folder, result = long_scenario(root), os.path.join(root, "stopped", "result.h5")
    os.mkdir(os.path.dirname(result))
    with open(result, "wb") as file:
        file.write(OLDER)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        run = subprocess.Popen([PROGRAM, "run", folder, "--paths", "2000000000", "--threads", "2", "-o", result],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        limit = time.monotonic() + 30
        while not leftovers(os.path.dirname(result)) and run.poll() is None and time.monotonic() < limit:
            time.sleep(0.02)
        begun = len(leftovers(os.path.dirname(result)))
        time.sleep(0.3)
        run.send_signal(getattr(signal, name))
        try:
            out, err = run.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            run.kill()
            out, err = run.communicate()
        done = Done(run.returncode, out.decode(), err.decode())
        tell(begun == 1 and done.code == 1 and not done.out and "stopped after" in sentence(done.err),
             f"{name} ends a run with one sentence, exit 1", done)
        tell(os.listdir(os.path.dirname(result)) == ["result.h5"] and read(result) == OLDER,
             f"{name} leaves no half file and the older result untouched", os.listdir(os.path.dirname(result)))


# --- standard output ---

def test_moved(root):
    """Values that a draw pushes past their bound are counted: one staff group, no leavers on any of 1,024 paths."""
    folder, out = os.path.join(root, "moved"), os.path.join(root, "moved.h5")
    shutil.copytree(MINIMAL, folder)
    os.remove(os.path.join(folder, "programmes.csv"))
    with open(os.path.join(folder, "workforce.csv"), "w") as file:
        file.write("code,group,fte,cost_per_fte,leavers\nT,nurses,900,0.045,0.1\n")
    for mean, moved in (("-0.2", 2048), ("0.1", 0)):
        with open(os.path.join(MINIMAL, "drivers.csv")) as file:
            drivers = file.read()
        with open(os.path.join(folder, "drivers.csv"), "w") as file:
            file.write(drivers + f"leaving,workforce.leavers,national,fixed,{mean},,,x,assumed\n")
        done = ltpsim("run", folder, "--paths", "2048", "-o", out)
        with h5py.File(out) as file:
            stored = file["provenance"].attrs["values_moved_to_bound"].decode().rstrip("\0")
        tell(done.code == 0 and stored == str(moved), f"run stores that {moved} values were moved to their bound", stored)
        tell(("2,048 values were moved to their bound" in done.err) == (moved > 0), "run says so where it is so", done)


def test_stdout(root, result):
    full = {"run": ["run", MINIMAL, *FEW, "-o", os.path.join(root, "full.h5")], "show": ["show", result],
            "list": ["list", "families"], "help": ["--help"], "version": ["--version"], "check": ["check", MINIMAL],
            "run --help": ["run", "--help"]}
    for name, arguments in full.items():
        with open("/dev/full", "w") as nowhere:
            done = ltpsim(*arguments, stdout=nowhere)
        tell(done.code == 1 and "standard output could not be written" in done.err, f"{name} to a full disk: exit 1", done)
        closed = subprocess.run(["/bin/sh", "-c", 'exec "$@" >&-', "sh", PROGRAM, *arguments], capture_output=True)
        tell(closed.returncode == 1 and b"standard output could not be written" in closed.stderr,
             f"{name} with stdout closed: exit 1", closed)
    reading, writing = os.pipe()
    os.close(reading)  # whoever read has gone, as `| head` does
    gone = subprocess.run([PROGRAM, "show", result, "--measure", "use_of_resources"], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    tell(gone.returncode == -signal.SIGPIPE and gone.stderr == b"", "show to a reader that has gone ends without a word", gone)
    sealed = os.path.join(root, "sealed.h5")
    whole = ltpsim("run", MINIMAL, *FEW, "-o", sealed)
    subprocess.run(["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", PROGRAM, "run", MINIMAL, "--paths", "1024", "-o", sealed])
    again = ltpsim("show", sealed)
    tell(again.code == 0 and whole.code == 0, "with every standard file closed nothing is printed into the result", again)


# --- progress ---

def on_terminal(arguments, columns, environment=None):
    """What a run of some seconds draws on a terminal of so many columns, until it is stopped."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    run = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=slave, stdin=subprocess.DEVNULL,
                           env={**os.environ, **(environment or {})})
    os.close(slave)
    drawn, limit = b"", time.monotonic() + 30
    while time.monotonic() < limit:
        if select.select([master], [], [], 0.1)[0]:
            try:
                drawn += os.read(master, 65536)
            except OSError:
                break
        if drawn.count(b"% ") >= 3 and run.poll() is None:
            run.send_signal(signal.SIGINT)
    run.wait()
    os.close(master)
    return drawn.decode()


def test_progress(root):
    folder = os.path.join(root, "long")
    arguments = ["run", folder, "--paths", "2000000000", "--threads", "1", "-o", os.path.join(root, "progress.h5")]
    for columns in (120, 80, 40):
        text = on_terminal(arguments, columns)
        lines = [part.split("\r")[0] for part in text.split("\r\x1b[K")[1:]]
        drawn = [line for line in lines if "%" in line]
        tell(drawn and all("left" in line for line in drawn), f"progress with time left on {columns} columns", repr(text))
        tell(drawn and all(len(line) < columns for line in drawn), f"progress fits {columns} columns", repr(drawn[:3]))
        tell("\x1b[3" not in text and "\x1b[1" not in text, f"progress has no colour on {columns} columns", repr(text))
    tell(" left" not in on_terminal(["run", MINIMAL, *FEW, "-o", os.path.join(root, "p.h5")], 80), "--quiet: no progress")
    piped = ltpsim("run", MINIMAL, "--paths", "200000", "-o", os.path.join(root, "p.h5"))
    tell(piped.code == 0 and "\r" not in piped.err and " left" not in piped.err, "no progress through a pipe", piped)


# --- show ---

def test_show(root, result):
    with h5py.File(result) as file:
        level = {name: sorted(key[:-5] for key in file[name] if key.endswith("_mean") and not key.endswith("_batch_mean"))
                 for name in ("system", "organisation", "region", "england")}
    for name, measures in level.items():
        good = []
        for measure in measures:
            asked = ["show", result, "--by", name, "--measure", measure]
            table, sheet, text = ltpsim(*asked), ltpsim(*asked, "--format", "csv"), ltpsim(*asked, "--format", "json")
            rows = json.loads(text.out) if text.code == 0 else []
            lines = list(csv.reader(io.StringIO(sheet.out, newline="")))
            good.append(table.code == sheet.code == text.code == 0 and len(lines) == len(rows) + 1
                        and lines[0][:2] == ["code", "name"] and list(rows[0]) == lines[0]
                        and [line[0] for line in lines[1:]] == [row["code"] for row in rows]
                        and table.out.split("\n\n", 1)[1].count("\n") == len(rows) + 1)  # below the title: heads, rows
        tell(measures and all(good), f"show --by {name}: each of {len(measures)} measures as table, csv and json",
             [m for m, g in zip(measures, good) if not g])
    one = ltpsim("show", result, "--by", "organisation", "--code", "T", "--layer", "plan", "--year", "2019/20",
                 "--statistic", "mean,sd,p90", "--format", "json")
    rows = json.loads(one.out) if one.code == 0 else [{}]
    tell(len(rows) == 1 and abs(rows[0].get("mean", 0) - 7.331087) < 1e-2, "show of one cell", one)
    refused("measure of another name", 2, "did you mean 'gap'?", "show", result, "--measure", "gp")
    refused("layer of another name", 2, "did you mean 'plan'?", "show", result, "--layer", "plann")
    refused("year that is none", 2, "there is: 2019/20", "show", result, "--year", "2019")
    refused("code of nobody", 2, "there is no code", "show", result, "--code", "nobody")
    refused("statistic of another name", 2, "there is no statistic", "show", result, "--statistic", "median")
    refused("level of another name", 2, "did you mean 'system'?", "show", result, "--by", "systems")
    refused("service of a measure without", 2, "does not apply", "show", result, "--service", "elective")
    refused("format of another name", 2, "did you mean 'json'?", "show", result, "--format", "jsn")


def test_unusable(root, result):
    def changed(name, change):
        path = os.path.join(root, name)
        shutil.copy(result, path)
        with h5py.File(path, "r+") as file:
            change(file)
        return path

    def newer(file):
        file.attrs["format_version"] = file.attrs["format_version"] + 1

    def other(file):
        del file.attrs["format"]

    text, short, empty = (os.path.join(root, name) for name in ("text.h5", "short.h5", "empty.h5"))
    with open(text, "w") as file:
        file.write("this is no result\n")
    with open(short, "wb") as file:
        file.write(read(result)[:5000])
    open(empty, "w").close()
    for name, path, words in (("a text file", text, "not an HDF5 file"), ("an empty file", empty, ""),
                              ("a file cut short", short, "cut short or damaged"),
                              ("a folder", root, "not a file"),
                              ("a file that is not there", os.path.join(root, "nothing.h5"), "No such file"),
                              ("a newer format", changed("newer.h5", newer), "newer"),
                              ("an HDF5 file of another kind", changed("other.h5", other), "not a result")):
        done = refused(f"show of {name}: exit 4, one sentence", 4, words, "show", path)
        tell(done.err.count("\n") == 1, f"show of {name}: nothing else is said", done)


def main():
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as root:
        result = os.path.join(root, "minimal.h5")
        ltpsim("run", MINIMAL, "--paths", "20480", "--quiet", "-o", result)
        for test in (test_help, test_usage, test_list):
            test()
        for test in (test_init, test_output, test_stop, test_progress, test_moved):
            test(root)
        for test in (test_stdout, test_show, test_unusable):
            test(root, result)
    print(f"1..{count}")
    sys.exit(failed > 0)


main()
