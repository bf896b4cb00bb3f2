#!/usr/bin/env python3
"""The peer on the starting line: prepares once, then runs once for each line of standard input, `boxmuller` or `ziggurat`.

usage: racer.py FOLDER PATHS
Prints one JSON object a line: first {blas, numpy, chunk: {normals: paths side by side}}, then {cpu, wall, mean}
of each run: seconds, and the first system's mean gap of the last year. Preparing and summing up are not timed.
"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import donothing                                        # noqa: E402  first: it keeps numpy to one thread
import numpy as np                                      # noqa: E402
from plan import Plan                                   # noqa: E402
from scenario import Scenario                           # noqa: E402
from simulate import Model, Simulator                   # noqa: E402


def say(**what):
    print(json.dumps(what), flush=True)


def main():
    model, paths = Model(Plan(Scenario(sys.argv[1]))), int(sys.argv[2])
    chunk = {normals: donothing.best_chunk(model, normals, rounds=2) for normals in ("boxmuller", "ziggurat")}
    racers = {normals: Simulator(model, chunk[normals], normals) for normals in chunk}
    out = np.zeros((model.years, len(model.codes) + len(model.names), paths))
    say(blas=donothing.blas(), numpy=np.__version__, chunk=chunk)
    for number, line in enumerate(sys.stdin, 1):
        wall, cpu = time.perf_counter(), time.process_time()
        racers[line.strip()].run(paths, number, out)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        say(cpu=cpu, wall=wall, mean=float(out[-1, len(model.codes)].mean()))


if __name__ == "__main__":
    main()
