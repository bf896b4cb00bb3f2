#!/usr/bin/python3
"""Bad input: `check` refuses each case of bad_input/cases.txt with exactly the errors it states, in order of place, a
last line that counts them, and exit code 3 (0 where only warnings are stated). `run` on an invalid scenario leaves an
older result as it was. TAP, one line a case.

LTP_GOLDEN_UPDATE=1 rewrites the expected lines of cases.txt: read the difference before committing it."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "bad_input"))
import corpus  # noqa: E402

PROGRAM = os.path.abspath(os.path.join(ROOT, os.environ.get("LTP_BUILD", "build"), "ltpsim"))
count, failed = 0, 0


def tell(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    for line in why.split("\n") if not good else []:
        print(f"#   {line}")
    sys.stdout.flush()


def ltpsim(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def errors_of(text, root):
    """The lines of errors and warnings, without the folder in front."""
    lines = [line.replace(root + "/plan/", "").replace(root + "/", "") for line in text.split("\n")]
    return [line for line in lines if re.match(r"(.*: )?(error|warning): ", line)]


def outcome(case, root):
    folder = corpus.make(case, root)
    code, out, err = ltpsim("check", folder, *case.options)
    return code, out, errors_of(err, root), err


def by_place(lines):
    """Sorted by file, line, column: what a reader who mends one file after another wants."""
    def place(line):
        at = re.match(r"([^:]*):(?:(\d+):)?(?:(\d+):)? ", line)
        return (at[1], int(at[2] or 0), int(at[3] or 0)) if at else ("", 0, 0)
    return [place(line) for line in lines] == sorted(place(line) for line in lines)


def judge(case):
    with tempfile.TemporaryDirectory() as root:
        code, out, found, err = outcome(case, root)
    problems = []
    errors = [line for line in case.expected if ": error: " in line or line.startswith("error: ")]
    wanted = 3 if errors else 0
    if code != wanted:
        problems.append(f"exit code {code}, not {wanted}")
    if wanted and out:
        problems.append(f"printed to stdout: {out!r}")
    if not case.expected:
        problems.append("the case expects nothing")
    if found != case.expected:
        problems += ["expected:"] + case.expected + ["found:"] + found
    if not by_place(found[:len(errors)]) or not by_place(found[len(errors):]):
        problems.append("not in order of place")
    if wanted and not re.search(rf"^ltpsim: the scenario .* has {len(errors)} errors?$", err, re.M):
        problems.append(f"no last line that counts the errors: {err!r}")
    if "AddressSanitizer" in err or "runtime error" in err:
        problems.append(err)
    tell(not problems, case.name, "\n".join(problems))


def update(cases):
    """Writes what the program says now in place of the expected lines."""
    with open(os.path.join(corpus.HERE, "cases.txt"), encoding="utf-8") as file:
        lines = [line for line in file.read().split("\n") if not line.startswith("= ")]
    out, at = [], 0
    starts = {case.name: case for case in cases}
    body = []

    def close():
        while body and (not body[-1] or body[-1].startswith("#")):
            tail.insert(0, body.pop())
        out.extend(body)
        if body and body[0].startswith("["):
            with tempfile.TemporaryDirectory() as root:
                out.extend("= " + line for line in outcome(starts[body[0][1:body[0].rindex("]")]], root)[2])
        out.extend(tail)

    for line in lines:
        if line.startswith("["):
            tail = []
            close()
            body = []
        body.append(line)
    tail = []
    close()
    with open(os.path.join(corpus.HERE, "cases.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(out))


def nothing_lost():
    """An invalid scenario never touches the result that stands at the output's path."""
    case = corpus.Case("a flow of nobody", 0)
    case.mutations = [("flows.csv", "C,T,nonelective -> C,TT,nonelective")]
    with tempfile.TemporaryDirectory() as root:
        folder, result = corpus.make(case, root), os.path.join(root, "result.h5")
        with open(result, "wb") as file:
            file.write(b"an older result")
        before = os.stat(result)
        code, out, _ = ltpsim("run", folder, "-o", result)
        after = os.stat(result)
        with open(result, "rb") as file:
            same = file.read() == b"an older result"
        tell(code == 3 and not out and same and before.st_mtime_ns == after.st_mtime_ns and before.st_ino == after.st_ino,
             "run on an invalid scenario leaves an older result untouched", f"exit code {code}, same bytes: {same}")
        code, out, _ = ltpsim("run", folder, "-o", os.path.join(root, "new.h5"))
        tell(code == 3 and sorted(os.listdir(root)) == ["plan", "result.h5"],
             "run on an invalid scenario makes no file", f"exit code {code}, {os.listdir(root)}")


def base_is_valid():
    code, out, err = ltpsim("check", os.path.join(corpus.HERE, "base"))
    tell(code == 0 and not errors_of(err, "") and ": valid\n" in out, "the scenario that the cases break is valid", err)


def main():
    cases = corpus.read()
    if len({case.name for case in cases}) != len(cases):
        sys.exit("two cases have one name")
    if os.environ.get("LTP_GOLDEN_UPDATE"):
        update(cases)
        return
    base_is_valid()
    for case in cases:
        try:
            judge(case)
        except Exception as trouble:  # a case that cannot be made is a failure, not the end
            tell(False, case.name, f"cases.txt:{case.line}: {trouble}")
    nothing_lost()
    print(f"1..{count}")
    sys.exit(failed > 0)


main()
