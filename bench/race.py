#!/usr/bin/env python3
"""The do-nothing core in C against the numpy peer: the same folder, one thread each, turn by turn.

usage: race.py BUILD SCENARIO SCRATCH [ROUNDS]
Rates are paths a second of processor time, so that a neighbour on the machine costs nobody a turn. A round is one run of
each; ratios are made within rounds. Then what a path is worth: the variance of plain sampling over that of Latin
hypercube blocks, measured from blocks of 1,024 paths of both kinds, and the ratios at equal standard error.
LTP_BENCH_BLAS names a folder with another libblas.so.3 for numpy; installed ones are raced unasked.
"""
import glob
import json
import math
import os
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))
import numpy as np                                      # noqa: E402
from figure import figure, spread                       # noqa: E402
from folder import copy                                 # noqa: E402

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
BLOCK = 1024
RACED = 50                                              # blocks a run
BLOCKS = 400                                            # of each kind of sampling, for variances
STATISTICS = ("mean", "p10", "p50", "p90")


def core(build, folder, blocks, *more):
    """The lines of bench/donothing as {name: value}."""
    done = subprocess.run([os.path.join(build, "bench", "donothing"), folder, str(blocks), *more], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr.strip())
    return {line.split()[0]: float(line.split()[1]) for line in done.stdout.splitlines()}


class Peer:
    """One numpy process, waiting between turns."""

    def __init__(self, folder, library=None):
        paths = filter(None, (library, os.environ.get("LD_LIBRARY_PATH")))
        environment = dict(os.environ, LD_LIBRARY_PATH=":".join(paths)) if library else None
        self.process = subprocess.Popen(["/usr/bin/python3", os.path.join(PEERS, "racer.py"), folder, str(RACED * BLOCK)], env=environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = json.loads(self.process.stdout.readline())
        self.name = "openblas" if "openblas" in " ".join(self.about["blas"]) else "blis" if "blis" in " ".join(self.about["blas"]) \
            else "atlas" if "atlas" in " ".join(self.about["blas"]) else "reference_blas"

    def turn(self, normals):
        self.process.stdin.write(normals + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def peers_of(folder):
    """numpy with the BLAS that it loads by itself, then with each other one to hand."""
    libraries = [os.environ.get("LTP_BENCH_BLAS")] + sorted(os.path.dirname(p) for kind in ("openblas-serial", "openblas-pthread", "blis-serial", "atlas")
                                                            for p in glob.glob(f"/usr/lib/*/{kind}/libblas.so.3"))
    peers = [Peer(folder)]
    for library in filter(None, libraries):
        peer = Peer(folder, library)
        if any(peer.name == other.name for other in peers):
            peer.close()
        else:
            peers.append(peer)
    return peers


def race(build, folder, rounds):
    """Prints the rates; the median ratio of the core to each racer, {name: ratio}."""
    peers = peers_of(folder)
    racers = {f"{peer.name}.{normals}": (peer, normals) for peer in peers for normals in peer.about["chunk"]}
    rates, means = {name: [] for name in ("core", *racers)}, {}
    for _ in range(rounds):
        ours = core(build, folder, RACED)
        rates["core"].append(RACED * BLOCK / ours["core.cpu_seconds"])
        means["core"] = ours["core.mean_system_gap_last_year"]
        for name, (peer, normals) in racers.items():
            turn = peer.turn(normals)
            rates[name].append(RACED * BLOCK / turn["cpu"])
            means[name] = turn["mean"]
    for peer in peers:
        peer.close()
    spread("core.paths_per_cpu_second", rates["core"], "paths/s", f"do-nothing gaps alone, mean of the last year £{means['core']:.1f}m")
    for name, (peer, normals) in racers.items():
        spread(f"numpy.{name}.paths_per_cpu_second", rates[name], "paths/s",
               f"{peer.about['chunk'][normals]} paths side by side, mean £{means[name]:.1f}m, numpy {peer.about['numpy']}, {' '.join(peer.about['blas'])}")
    ratios = {name: [ours / theirs for ours, theirs in zip(rates["core"], rates[name])] for name in racers}
    for name in racers:
        spread(f"ratio.core_to_numpy.{name}", ratios[name], "times", "equal paths")
    return {name: statistics.median(values) for name, values in ratios.items()}


def blocks_of(build, folder, scratch, sampling):
    """The system's gap [block, year, path]."""
    path = os.path.join(scratch, sampling + ".gap")
    core(build, folder, BLOCKS, sampling, path)
    return np.fromfile(path).reshape(BLOCKS, -1, BLOCK)


def variances(lhs, plain):
    """Plain over Latin hypercube variance between blocks, {statistic: [year]}.

    Of a quantile q: the variance of the share of a block's paths at or below q, which is the pooled quantile's but
    for a factor that both share.
    """
    ratio = {"mean": plain.mean(axis=2).var(axis=0, ddof=1) / lhs.mean(axis=2).var(axis=0, ddof=1)}
    for name, p in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        q = np.quantile(np.concatenate([lhs, plain]).swapaxes(0, 1).reshape(lhs.shape[1], -1), p, axis=1)[:, None]
        ratio[name] = (plain <= q).mean(axis=2).var(axis=0, ddof=1) / (lhs <= q).mean(axis=2).var(axis=0, ddof=1)
    return ratio


def main():
    build, scenario, scratch = sys.argv[1:4]
    folder = copy(scenario, os.path.join(scratch, "donothing"), without=["programmes.csv"])
    print("# do-nothing core against numpy, one thread each, turn by turn")
    ratios = race(build, folder, int(sys.argv[4]) if len(sys.argv) > 4 else 5)
    print("\n# what a Latin hypercube path is worth: variance of the system's gap, plain over stratified")
    ratio = variances(blocks_of(build, folder, scratch, "lhs"), blocks_of(build, folder, scratch, "random"))
    error = math.sqrt(4.0 / (BLOCKS - 1))
    for name in STATISTICS:
        figure(f"variance.plain_to_lhs.{name}", ratio[name][-1], "times", f"last year, ±{error:.0%}; years {ratio[name].min():.3g} to {ratio[name].max():.3g}")
    print("\n# core against numpy at equal standard error: ratio of rates × ratio of variances")
    for racer, speed in ratios.items():
        for name in STATISTICS:
            figure(f"ratio.equal_error.{racer}.{name}", speed * ratio[name][-1], "times")


if __name__ == "__main__":
    main()
