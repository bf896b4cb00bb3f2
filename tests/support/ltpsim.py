"""Running the program that is tested, and comparing the files it writes. For test scripts.

Scripts run in the root of the repository; LTP_BUILD names the folder of the build (tests/run.sh)."""
import functools
import hashlib
import os
import subprocess

import h5py
import numpy

BUILD = os.environ.get("LTP_BUILD", "build")
PROGRAM = os.path.abspath(os.path.join(BUILD, "ltpsim"))
BLOCK = 1024
# Left out of every comparison: made by dimension scales (references into the file), or a sum over the rest.
SCALE_ATTRIBUTES = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "content_hash"}


class Failed(Exception):
    pass


def ltpsim(*arguments, program=PROGRAM, **process):
    """Standard output of one call; Failed, with what it said, if it does not exit with 0."""
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, encoding="utf-8", **process)
    if done.returncode != 0:
        raise Failed(f"ltpsim {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def run(scenario, result, *options, **process):
    """Simulates into `result`, and returns it."""
    ltpsim("run", scenario, "-o", result, "--quiet", *options, **process)
    return result


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def content_hash(path):
    with h5py.File(path, "r") as file:
        return text(file.attrs["content_hash"])


def _bits(value):
    array = numpy.asarray(value)
    if array.dtype.kind in "OSU":
        return b"".join(text(v).encode() + b"\0" for v in array.ravel())
    return array.tobytes()


def digests(path):
    """{name of an object outside /provenance: SHA-256 of its attributes, type, shape and value}."""
    return _digests(path, os.stat(path).st_mtime_ns)


@functools.lru_cache
def _digests(path, _written):
    out = {}
    with h5py.File(path, "r") as file:
        names = ["/"]
        file.visit(names.append)
        for name in names:
            if name.split("/")[0] == "provenance":
                continue
            item, sha = file[name], hashlib.sha256()
            for key in sorted(set(item.attrs) - SCALE_ATTRIBUTES):
                sha.update(key.encode() + b"=" + _bits(item.attrs[key]) + b"\0")
            if isinstance(item, h5py.Dataset):
                sha.update(f"{item.dtype.str}{item.shape}".encode() + _bits(item[()]))
            out[name] = sha.hexdigest()
    return out


def differing(a, b, ignore=()):
    """Names of objects that are in one file only, or not the same bits in both; by full name, sorted."""
    left, right = digests(a), digests(b)
    return sorted(name for name in left.keys() | right.keys()
                  if left.get(name) != right.get(name) and not name.startswith(tuple(ignore)))


def _provenance_places(path):
    """The file's bytes, and where a provenance value may stand: texts padded to a fixed width, so that nothing behind
    them moves. A value that happens to stand elsewhere too is left out of the comparison there: 256 bytes at most."""
    with open(path, "rb") as file:
        raw = file.read()
    place = numpy.zeros(len(raw), dtype=bool)
    with h5py.File(path, "r") as file:
        attributes = file["provenance"].attrs
        for key in attributes:
            width, at = attributes.get_id(key).dtype.itemsize, -1
            value = bytes(attributes[key]).ljust(width, b"\0")
            while value.strip(b"\0") and (at := raw.find(value, at + 1)) >= 0:
                place[at:at + width] = True
    return numpy.frombuffer(raw, dtype=numpy.uint8), place


def differing_bytes(a, b):
    """Number of bytes that differ between two files and belong to no provenance value; −1 if the sizes differ."""
    (left, left_place), (right, right_place) = _provenance_places(a), _provenance_places(b)
    if left.size != right.size:
        return -1
    return int(numpy.count_nonzero((left != right) & ~left_place & ~right_place))
