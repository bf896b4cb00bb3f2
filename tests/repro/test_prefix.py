"""A path is a pure function of scenario, seed and its own number: a longer run begins with the paths of a shorter one,
another seed gives other paths, and neither the order of rows nor a driver that nothing reads moves a bit."""
import csv
import os
import shutil
import sys
import tempfile

import h5py
import numpy

sys.path.insert(0, "tests/support")
from ltpsim import BLOCK, content_hash, run, text  # noqa: E402
from tap import check, done  # noqa: E402


def kept(result):
    """Every kept path of the system's gap: [layer][system][year][path]."""
    with h5py.File(result, "r") as file:
        return file["system/gap_sample"][()]


def same_bits(a, b):
    return a.shape == b.shape and a.tobytes() == b.tobytes()


def prefix(folder):
    scenario = "scenarios/greater-manchester"
    short = kept(run(scenario, os.path.join(folder, "short.h5"), "--paths", 3 * BLOCK, "--threads", 2))
    long = kept(run(scenario, os.path.join(folder, "long.h5"), "--paths", 7 * BLOCK, "--threads", 3))
    check(short.shape[-1] == 3 * BLOCK and long.shape[-1] == 7 * BLOCK, "as many kept paths as asked for")
    check(same_bits(short, numpy.ascontiguousarray(long[..., :3 * BLOCK])), "a longer run begins with a shorter one's paths")
    check(not same_bits(short, numpy.ascontiguousarray(long[..., 1:3 * BLOCK + 1])), "control: shifted by one they differ")
    first, second = long[0, 0, -1, :BLOCK], long[0, 0, -1, BLOCK:2 * BLOCK]
    # kept in 32 bits: of a million pairs of gaps up to £1bn apart one in ten runs has some that are the same by chance
    check(numpy.unique(first).size > 0.99 * BLOCK and numpy.isin(first, second).sum() < 6, "blocks do not repeat each other")
    return short


def seed(folder, short):
    scenario = "scenarios/greater-manchester"
    other = run(scenario, os.path.join(folder, "seed.h5"), "--paths", 3 * BLOCK, "--seed", 1)
    check(not (kept(other) == short).any(), "another seed: no path is the same")
    check(content_hash(other) != content_hash(os.path.join(folder, "short.h5")), "another seed: another content hash")


def change_table(path, change):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(change(header, rows))


def order(folder):
    """Greater Manchester with the rows of every table and the columns of the flows the other way round."""
    copy = os.path.join(folder, "greater-manchester")
    shutil.copytree("scenarios/greater-manchester", copy)
    for table in sorted(os.listdir(copy)):
        if table.endswith(".csv"):
            change_table(os.path.join(copy, table), lambda header, rows: [header, *reversed(rows)])
    change_table(os.path.join(copy, "flows.csv"), lambda header, rows: [line[::-1] for line in [header, *rows]])
    return kept(run(copy, os.path.join(folder, "order.h5"), "--paths", 3 * BLOCK))


def by_label(path):
    """{measure: its bits, each axis of words in the order of the words}: axes of organisations, services, programmes
    follow the rows of their tables."""
    out = {}
    with h5py.File(path, "r") as file:
        def add(name, item):
            if not isinstance(item, h5py.Dataset) or item.dtype.kind != "f" or name.split("/")[0] in ("input", "provenance"):
                return
            value = item[()]
            for axis, dimension in enumerate(item.dims):
                scale = dimension[0][()] if len(dimension) else numpy.empty(0)
                if scale.dtype.kind in "OS":
                    labels = [text(v) for v in scale]
                    value = value.take(sorted(range(len(labels)), key=labels.__getitem__), axis)
            out[name] = value.tobytes()
        file.visititems(add)
    return out


def another_driver(folder, order_of_name):
    """Greater Manchester with a driver that nothing reads, before or behind the others by name."""
    copy = os.path.join(folder, "driver-" + order_of_name)
    shutil.copytree("scenarios/greater-manchester", copy)

    def add(header, rows):
        value = {"name": order_of_name, "scope": "national", "family": "normal", "mean": "0", "sd": "1"}
        return [header, [value.get(column, "") for column in header], *rows]

    change_table(os.path.join(copy, "drivers.csv"), add)
    return kept(run(copy, os.path.join(folder, "driver.h5"), "--paths", 3 * BLOCK))


def main():
    with tempfile.TemporaryDirectory() as folder:
        short = prefix(folder)
        seed(folder, short)
        check(same_bits(short, order(folder)), "the order of rows and columns moves no bit")
        before, after = by_label(os.path.join(folder, "short.h5")), by_label(os.path.join(folder, "order.h5"))
        moved = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
        check(len(before) > 300 and not moved, "nor of any measure, attribution, scheme, programme, floor or plan line", moved[:8])
        other = by_label(os.path.join(folder, "seed.h5"))
        check(all(any(before[n] != other[n] for n in before if n.startswith(g + "/"))
                  for g in ("system", "organisation", "scheme", "programme", "floor", "plan_line", "bridge", "effect")),
              "control: another seed moves each of these groups")
        check(same_bits(short, another_driver(folder, "aaa")), "a driver that nothing reads moves no bit, first by name")
        check(same_bits(short, another_driver(folder, "zzz")), "a driver that nothing reads moves no bit, last by name")
    done()


main()
