"""The same bits on every vector width: the normal build, which picks the widest that the processor has, against builds
without that choice for plain x86-64 (SSE2) and for x86-64-v3 (AVX2). The control is a build that rounds a multiplication
and an addition once instead of twice: its results must differ, else this test could not fail."""
import os
import shutil
import sys
import tempfile

sys.path.insert(0, "tests/support")
from ltpsim import BLOCK, BUILD, content_hash, differing, run  # noqa: E402
from tap import check, done, note  # noqa: E402

PATHS = ["--paths", 2 * BLOCK]


def runs_avx2():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = next((line.split(":")[1].split() for line in file if line.startswith("flags")), [])
    return {"avx2", "fma", "bmi2"} <= set(flags)


def scenarios(folder):
    """Greater Manchester as it is, and with plain sampling, which draws by other loops; every table of the five tests."""
    plain = shutil.copytree("scenarios/greater-manchester", os.path.join(folder, "random"))
    with open(os.path.join(plain, "scenario.yaml"), "r+", encoding="utf-8") as file:
        changed = file.read().replace("sampling: lhs", "sampling: random")
        file.seek(0)
        file.write(changed)
        file.truncate()
    return {"lhs": "scenarios/greater-manchester", "random": plain, "five tests": "tests/support/five-tests"}


def main():
    variants = os.path.join(BUILD, "variant")
    if not os.path.isdir(variants):
        check(True, f"other vector widths # SKIP no builds in {variants}: make variants")
        done()
    with tempfile.TemporaryDirectory() as folder:
        for sampling, scenario in scenarios(folder).items():
            normal = run(scenario, os.path.join(folder, "normal.h5"), *PATHS)
            for variant in ["baseline", "avx2", "fused"]:
                if variant != "baseline" and not runs_avx2():
                    note(f"this processor cannot run {variant}")
                    continue
                other = run(scenario, os.path.join(folder, f"{variant}-{sampling.replace(' ', '-')}.h5"), *PATHS,
                            program=os.path.join(variants, variant, "ltpsim"))
                equal = content_hash(normal) == content_hash(other)
                if variant == "fused":
                    check(not equal, f"control: fused multiply-add gives other bits ({sampling})")
                else:
                    check(equal, f"the build for {variant} gives the same bits ({sampling})",
                          lambda: differing(normal, other)[:8])
    done()


main()
