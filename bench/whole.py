#!/usr/bin/env python3
"""The whole program from the command line: reading, all layers, statistics, storing every path of the system's gap.

usage: whole.py LTPSIM SCENARIO SCRATCH [ROUNDS]      leaves SCRATCH/whole.h5 for stored.py and agree.py
"""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))
from folder import copy                                 # noqa: E402
from figure import figure, spread                       # noqa: E402

PATHS = 102400
MILLION = 1000 * 1024
LIMIT = 500                                             # MiB, whatever the number of paths


def run(command):
    """(wall seconds, processor seconds, peak MiB) of one command.

    Linux counts the memory of the process that starts a command into its peak: this one is kept small (no numpy).
    """
    clock = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)          # of this child alone, where getrusage gives the largest of all
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: {message.decode().strip()}")
    return time.perf_counter() - clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024.0


def speed(program, scenario, result, rounds):
    taken = {1: [], 2: []}
    for _ in range(rounds):
        for threads in taken:
            taken[threads].append(run([program, "run", scenario, "-o", result, "--paths", str(PATHS), "--threads", str(threads), "--quiet"]))
    for threads, runs in taken.items():
        spread(f"whole.threads_{threads}.paths_per_second", [PATHS / wall for wall, _, _ in runs], "paths/s", "by the clock")
        spread(f"whole.threads_{threads}.paths_per_cpu_second", [PATHS / cpu for _, cpu, _ in runs], "paths/s", "by processor time, all threads")
    spread("whole.speedup_of_2_threads", [one[0] / two[0] for one, two in zip(*taken.values())], "times", "of neighbouring runs")
    spread("whole.threads_2.peak_memory", [peak for _, _, peak in taken[2]], "MiB", "every path of the system's gap stored")


def memory(program, scenario, scratch):
    folder = copy(scenario, os.path.join(scratch, "no-kept-paths"), keep_paths="[]")
    peak = {}
    for paths in (PATHS, MILLION):
        wall, _, peak[paths] = run([program, "run", folder, "-o", os.path.join(scratch, "memory.h5"), "--paths", str(paths), "--threads", "2", "--quiet"])
        figure(f"memory.peak_at_{paths}_paths", peak[paths], "MiB", f"2 threads, no path kept; {paths / wall:.0f} paths/s")
    ratio = peak[MILLION] / peak[PATHS]
    verdict = "yes" if ratio < 1.05 and peak[MILLION] < LIMIT else "no"
    figure("memory.ratio_for_ten_times_the_paths", ratio, "times", f"below 1.05, and below {LIMIT} MiB: {verdict}")


def main():
    program, scenario, scratch = sys.argv[1:4]
    print("# whole program")
    speed(program, scenario, os.path.join(scratch, "whole.h5"), int(sys.argv[4]) if len(sys.argv) > 4 else 3)
    print("\n# memory")
    memory(program, scenario, scratch)


if __name__ == "__main__":
    main()
