"""The repository's own files, and what C source holds. For the checks of the house rules."""
import functools
import os
import re
import subprocess

LEFT_OUT = re.compile(r"^(\.git|out|build[^/]*|.*__pycache__|.*\.tmp\..*)$")


@functools.lru_cache
def files():
    """Every file of the repository by its path, sorted; what was built is left out."""
    out = []
    for folder, below, names in os.walk("."):
        below[:] = [d for d in below if not LEFT_OUT.match(os.path.join(folder, d).removeprefix("./"))]
        out += [os.path.join(folder, name).removeprefix("./") for name in names]
    return sorted(path for path in out if path != ".git" and not path.endswith("-apt.log"))


def c_files(*rooms):
    """C source and headers below the rooms; of the whole repository without one."""
    return [p for p in files() if p.endswith((".c", ".h")) and (not rooms or p.startswith(tuple(r + "/" for r in rooms)))]


@functools.lru_cache(maxsize=None)
def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


@functools.lru_cache(maxsize=None)
def code(path):
    """Source without comments and without what stands in quotes; lines stay where they are."""
    def blank(match):
        found = match.group(0)
        return found if found.startswith("#include") else re.sub(r"[^\n]", " ", found)
    return re.sub(r'#include[^\n]*|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, read(path), flags=re.S)


def includes(path):
    """[(line, "x.h" of <x.h> or "x.h", own)]: own is True for quotes."""
    found = re.finditer(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', read(path), re.M)
    return [(read(path).count("\n", 0, m.start()) + 1, m.group(2), m.group(1) == '"') for m in found]


def functions(path):
    """[(name, first line, number of lines)]: definitions, which begin and end in the first column."""
    out, lines = [], code(path).split("\n")
    head = None
    for number, line in enumerate(lines):
        if line[:1].isalpha() or line[:1] == "_":
            head = number if not line.rstrip().endswith(";") else None
        elif line.startswith("}") and head is not None:
            name = re.search(r"(\w+)\s*\([^;]*$", " ".join(lines[head:number]).split("{")[0])
            if name and not lines[head].startswith(("typedef", "struct", "enum", "union")):
                out.append((name.group(1), head + 1, number - head + 1))
            head = None
    return out


def where(path, pattern):
    """["path:line: text"] of every place in the code (no comments, no texts) where the pattern is found."""
    return [f"{path}:{n}: {line.strip()}" for n, line in enumerate(code(path).split("\n"), 1) if re.search(pattern, line)]


def of_the_project(paths):
    """The paths that git tracks; all of them where there is no git to ask."""
    try:
        asked = subprocess.run(["git", "ls-files", "-z", "--", *paths], capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return list(paths)
    tracked = set(asked.stdout.split("\0"))
    return [path for path in paths if path in tracked]
