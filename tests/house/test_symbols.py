"""What the library exports, and what the block loop leans on, as the linker sees it."""
import os
import re
import subprocess
import sys

sys.path.insert(0, "tests/support")
from ltpsim import BUILD  # noqa: E402
from tap import check, done  # noqa: E402

LIBRARY = os.path.join(BUILD, "libltp.a")
# Functions whose last bit depends on the version of libm and on the processor. sqrt is not one: IEEE 754 fixes it.
LIBM = re.compile(r"^_*(exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|powi|sin|cos|tan|sincos|a?sinh?|a?cosh?|a?tanh?|atan2|erfc?|"
                  r"[lt]gamma|cbrt|hypot|fma|fmod|gsl_\w+)[fl]?(_finite)?$")
# The block loop: everything that runs once a block or a tile, in every path. The rest of models compiles tables.
LOAD_TIME = re.compile(r"^models/(family|correlation|nearest_correlation|cholesky)")


def nm(path, *options):
    return subprocess.run(["nm", *options, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=True).stdout.splitlines()


def foreign(lines):
    """Exported names without our prefix. What compilers and sanitizers add for themselves begins with a dot or __."""
    names = [line.split()[-1] for line in lines if len(line.split()) == 3]
    return sorted({n for n in names if not n.startswith(("ltp_", ".gomp_", "__odr_asan", "__asan", "__ubsan"))})


def undefined(path):
    return [line.split()[-1] for line in nm(path, "-u")]


def variables(path):
    """Names of what can be written to: objects in .data and .bss, not what the loader makes read-only."""
    lines = subprocess.run(["objdump", "-t", path], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    return [line.split()[-1] for line in lines if re.search(r" O \.(data|bss|tdata|tbss)(\.[^r]\S*)?\t", line)
            and "asan" not in line and "Lubsan" not in line]


def objects(*rooms):
    for room in rooms:
        folder = os.path.join(BUILD, room)
        for name in sorted(os.listdir(folder)):
            if name.endswith(".o") and os.path.exists(f"{room}/{name[:-2]}.c"):
                yield os.path.join(folder, name), f"{room}/{name[:-2]}"


def main():
    names = foreign(nm(LIBRARY, "--defined-only", "--extern-only"))
    check(not names, "every exported name begins with ltp_", "\n".join(names))
    check(foreign(["0000000000000000 T helper", "0000000000000000 T ltp_run"]) == ["helper"],
          "control: a name without the prefix is seen")

    sanitized = any("asan" in n for n in undefined(os.path.join(BUILD, "models/year.o")))
    loop = [(path, name) for path, name in objects("models") if not LOAD_TIME.match(name)]
    loop += [(path, name) for path, name in objects("sim/core") if name in ("sim/core/draw", "sim/core/normal")]
    found = [f"{name}: {symbol}" for path, name in loop for symbol in undefined(path) if LIBM.match(symbol)]
    check(len(loop) > 20 and not found, f"the block loop calls no libm and no GSL ({len(loop)} objects)", "\n".join(found))
    compiled = [s for path, name in objects("models") if name == "models/family_lognormal" for s in undefined(path)]
    check(any(LIBM.match(s) for s in compiled), "control: libm in a family's tables is seen")

    if not sanitized:
        found = [f"{name}: {v}" for path, name in objects("models", "results") for v in variables(path)]
        check(not found, "models and results have no variables of their own", "\n".join(found))
        found = [v for path, name in objects("sim/core") if name == "sim/core/normal" for v in variables(path)]
        check("cubic" in found, "control: the table that sim/core/normal makes once is seen as a variable")
    done()


main()
