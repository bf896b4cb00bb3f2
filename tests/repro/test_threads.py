"""The same scenario and seed give the same numbers, bit for bit, whatever the number of threads, and run after run:
the content hash, and every byte of the file that is no provenance value."""
import os
import shutil
import sys
import tempfile

import h5py

sys.path.insert(0, "tests/support")
from ltpsim import content_hash, differing, differing_bytes, run  # noqa: E402
from tap import check, done  # noqa: E402

PATHS = 10 * 1024  # ten blocks: more than the threads, and shared unevenly among 3 and 8


def same(what, a, b):
    check(content_hash(a) == content_hash(b), f"{what}: content hash", f"{content_hash(a)}\n{content_hash(b)}")
    bytes_off = differing_bytes(a, b)
    check(bytes_off == 0, f"{what}: every byte but the provenance's",
          lambda: f"{bytes_off} bytes; objects: {differing(a, b)[:8]}")


FIVE = "tests/support/five-tests"  # every table of the five tests


def with_sampling(folder, sampling, scenario="scenarios/minimal"):
    """The worked example, or another, with another kind of sampling."""
    copy = os.path.join(folder, f"{os.path.basename(scenario)}-{sampling}")
    shutil.copytree(scenario, copy)
    with open(os.path.join(copy, "scenario.yaml"), "r+") as file:
        lines = [line for line in file if not line.startswith("sampling:")]
        file.seek(0)
        file.writelines(lines + [f"sampling: {sampling}\n"])
        file.truncate()
    return copy


def over_threads(folder, scenario, threads):
    name = os.path.basename(scenario)
    results = [run(scenario, os.path.join(folder, f"{name}-{t}.h5"), "--paths", PATHS, "--threads", t) for t in threads]
    for count, result in zip(threads[1:], results[1:]):
        same(f"{name}: {count} threads as one", results[0], result)
    again = run(scenario, os.path.join(folder, f"{name}-again.h5"), "--paths", PATHS, "--threads", threads[-1])
    same(f"{name}: {threads[-1]} threads once more", results[-1], again)
    return results[0]


def can_fail(folder, result):
    """The comparisons see one changed bit, one changed attribute and another seed."""
    other = os.path.join(folder, "changed.h5")
    shutil.copy(result, other)
    with h5py.File(other, "r+") as file:
        value = file["system/gap_mean"][()]
        file["system/gap_mean"][0, 0, 0] = value[0, 0, 0] * (1 + 2.0 ** -52)
    check(differing(result, other) == ["system/gap_mean"], "control: the last bit of one number is seen")
    check(differing_bytes(result, other) != 0, "control: it is seen in the bytes too")
    shutil.copy(result, other)
    with h5py.File(other, "r+") as file:
        file.attrs["title"] = "another"
    check(differing(result, other) == ["/"], "control: a changed attribute is seen")
    shutil.copy(result, other)
    with open(other, "r+b") as file:
        file.seek(os.path.getsize(other) // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    check(differing_bytes(result, other) == 1, "control: one flipped bit of the file is seen")


def main():
    with tempfile.TemporaryDirectory() as folder:
        result = over_threads(folder, "scenarios/greater-manchester", [1, 2, 3, 8])
        over_threads(folder, FIVE, [1, 2, 3])
        over_threads(folder, with_sampling(folder, "random", FIVE), [1, 3])
        over_threads(folder, with_sampling(folder, "random"), [1, 3])
        over_threads(folder, with_sampling(folder, "expected"), [1, 2])
        can_fail(folder, result)
    done()


main()
