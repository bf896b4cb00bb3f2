"""Who may include what, and what a room may not do: the rules of CONTRIBUTING.md, checked."""
import os
import sys

sys.path.insert(0, "tests/support")
from tap import check, done  # noqa: E402
from tree import c_files, code, includes, where  # noqa: E402

ROOMS = ["sim/core", "sim/plan", "sim/engine", "models", "results/report", "results", "tests", "bench", "sim"]
# What a room may include besides its own headers: rooms, or single headers.
MAY_INCLUDE = {
    "sim/core": [],
    "models": ["sim/core"],
    "results": ["sim/core"],
    "results/report": ["sim/core", "results"],
    # plan: descriptors, and the shape of what it compiles into
    "sim/plan": ["sim/core", "models/family.h", "models/mechanism.h", "models/programme.h", "models/model.h",
                 "models/bridge.h", "models/correlation.h", "results/measure.h"],
    "sim/engine": ["sim/core", "models", "results"],
    "sim": ["sim/core", "sim/plan", "sim/engine", "models", "results", "results/report"],
}
# Headers of libraries and the only files that may include them; a name that ends in / or _ stands for all that begin so.
ONLY_IN = {
    "yaml.h": ["sim/plan/yaml.c"],
    "hdf5": ["results/store", "results/read"],
    "H5": ["results/store", "results/read"],
    "mpi.h": ["sim/engine/comm_mpi.c"],
    "omp.h": ["sim/engine/run.c"],
    "sha2.h": ["results/store", "results/read"],
    "Random123/": ["sim/core/draw.c"],
    "gsl/": ["models/family", "models/nearest_correlation.c", "sim/main.c"],
}


def room_of(path):
    return next(room for room in ROOMS if path.startswith(room + "/"))


def breaches(path, header):
    """What is wrong with one file's own include, or None."""
    if not os.path.exists(header):
        return "is not named from the root of the repository"
    room, from_room = room_of(path), room_of(header)
    if room in ("tests", "bench") or from_room == room:
        return None
    allowed = MAY_INCLUDE[room]
    return None if from_room in allowed or header in allowed else f"{room} may not include from {from_room}"


def wrong_includes(path, found):
    out = []
    for line, header, own in found:
        if own:
            what = breaches(path, header)
        else:
            key = next((k for k in ONLY_IN if header == k or (k[-2:] != ".h" and header.startswith(k))), None)
            shared = key is None or path.startswith(("tests/", "bench/")) or path.startswith(tuple(ONLY_IN[key]))
            what = None if shared else f"may be included only by {', '.join(ONLY_IN[key])}"
        if what:
            out.append(f"{path}:{line}: {header}: {what}")
    return out


def layers():
    wrong = [sentence for path in c_files() for sentence in wrong_includes(path, includes(path))]
    check(not wrong, f"{len(c_files())} files include only what their room may", "\n".join(wrong))
    unused = [file for files in ONLY_IN.values() for file in files
              if "mpi" not in file and not any(p.startswith(file) for p in c_files())]
    check(not unused, "every file that may include a library stands", unused)
    seen = wrong_includes("models/year.c", [(1, "results/measure.h", True), (2, "hdf5.h", False), (3, "year.h", True)])
    check(len(seen) == 3, "control: a model that includes results, HDF5 or a header by a short name is seen", seen)
    seen = wrong_includes("sim/plan/scenario.c", [(1, "models/state.h", True), (2, "models/family.h", True)])
    check(len(seen) == 1, "control: plan that includes more than descriptors is seen", seen)


def forbidden(what, paths, pattern):
    found = [place for path in paths for place in where(path, pattern)]
    check(not found, what, "\n".join(found))


def habits():
    models, program = c_files("models"), c_files("sim", "models", "results")
    quiet = models + [p for p in c_files("results") if not p.startswith("results/report/")] + c_files("sim/core")
    forbidden("models, results and core print nothing", quiet,
              r"(?<!format\()\b(v?f?printf|f?puts|f?putc|putchar|perror|stdout|stderr)\b")
    forbidden("models do no input or output and take no memory of their own", models,
              r"\b(fopen|open|read|write|malloc|calloc|realloc|aligned_alloc)\s*\(")
    forbidden("nothing sets the locale, and rand is not known here", program, r"\b(setlocale|s?rand(om|48)?)\s*\(")
    forbidden("nothing asks the environment", [p for p in program if p != "sim/engine/progress.c"], r"\b(secure_)?getenv\s*\(")
    forbidden("no simd reduction: its order depends on the vector width", program, r"omp.*simd.*reduction")
    forbidden("threads are made in sim/engine/run.c only", [p for p in program if p != "sim/engine/run.c"],
              r"omp\s+(parallel|task|sections)|pthread_create")
    forbidden("time is asked for by commands and progress only",
              [p for p in program if not p.startswith("sim/cmd_") and p != "sim/engine/progress.c"],
              r"\b(time|clock|clock_gettime|gettimeofday)\s*\(")
    forbidden("the program stops only at the end of main", program, r"\b(exit|abort|_Exit)\s*\(")
    guards = [p for p in program + c_files("tests/support") if p.endswith(".h") and "_rows" not in p and "_list" not in p and "#ifndef LTP_" not in code(p)]
    check(not guards, "every header has its guard, LTP_…", guards)
    found = [place for place in where("tests/support/test.h", r"define assert_near")]
    check(len(found) == 1, "control: what stands in the code is found")


layers()
habits()
done()
