#!/usr/bin/env python3
"""Do-nothing gaps of a scenario folder in numpy: an independent twin, and an honest yardstick of speed.

    donothing.py FOLDER --expected                 every driver at its exact mean, one path, full precision
    donothing.py FOLDER --paths 102400 --seed 1    simulate, print quantiles and paths per second
    donothing.py FOLDER --check                    the fast simulator against the flow-by-flow projection, path by path
"""
import os

for name in ("OPENBLAS", "OMP", "MKL", "BLIS"):
    os.environ[name + "_NUM_THREADS"] = "1"             # one core, and before numpy is imported

import argparse                                         # noqa: E402
import json                                             # noqa: E402
import sys                                              # noqa: E402
import time                                             # noqa: E402

import numpy as np                                      # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plan import Plan                                   # noqa: E402
from project import gaps, project                       # noqa: E402
from scenario import Scenario                           # noqa: E402
from simulate import Model, Simulator                   # noqa: E402

QUANTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)


def expected(plan):
    """Every driver at its mean: gaps, both sides of each account, activity, commissioners' spending."""
    income, cost, activity, spending = project(plan, lambda place, t: plan.inputs.mean(place[0], t))
    gap, systems = gaps(plan, income, cost)
    by_service = {}
    for (o, service), values in activity.items():
        by_service.setdefault(o, {})[service] = values
    return {"years": plan.labels[1:], "systems": systems,
            "organisations": {o: {"gap": gap[o], "income": income[o], "cost": cost[o]} for o in plan.organisations},
            "activity": by_service, "commissioner_spending": spending}


def check(plan, model, seed, paths=64):
    """Largest difference in £m between the two ways, over organisations, systems, years and paths."""
    simulator, record = Simulator(model, paths), []
    draw = simulator.sampler.year
    simulator.sampler.year = lambda t, rng: record.append(draw(t, rng).copy()) or record[-1]
    out = np.empty((plan.years, len(model.codes) + len(model.names), paths))
    simulator.run(paths, seed, out)

    def value(place, t):
        row = model.value_row.get(place)
        return plan.inputs.mean(place[0], t) if row is None else record[t - 1][row] - 1.0
    gap, systems = gaps(plan, *project(plan, value)[:2])
    rows = [gap[o] for o in model.codes] + [systems[s][view] for s, view in model.names]
    return max(float(np.abs(out[t, i] - rows[i][t]).max()) for i in range(len(rows)) for t in range(plan.years))


def best_chunk(model, normals, candidates=(128, 192, 256, 384, 512, 768, 1024, 2048), rounds=3):
    """The chunk with the best rate over about 16,000 paths each, best of `rounds`."""
    rates, out = {}, np.empty((model.years, len(model.codes) + len(model.names), 16384))
    for _ in range(rounds):
        for chunk in candidates:
            paths = 16384 // chunk * chunk
            rate = paths / Simulator(model, chunk, normals).run(paths, 0, out)[0]
            rates[chunk] = max(rate, rates.get(chunk, 0.0))
    return max(rates, key=rates.get)


def blas():
    """The linear algebra library in use: the peer is only fair with a tuned one."""
    try:
        with open("/proc/self/maps") as handle:
            paths = {line.split()[-1] for line in handle if "blas" in line.rsplit("/", 1)[-1]}
    except OSError:
        return "unknown"
    return sorted("/".join(path.split("/")[-2:]) for path in paths)


def simulate(plan, model, arguments):
    chunk = best_chunk(model, arguments.normals) if arguments.chunk == "auto" else int(arguments.chunk)
    simulator, paths = Simulator(model, chunk, arguments.normals), arguments.paths
    out = np.empty((plan.years, len(model.codes) + len(model.names), paths))
    runs = [simulator.run(paths, arguments.seed, out) for _ in range(arguments.repeat)]
    seconds, drawing = min(runs)
    clock = time.perf_counter()
    quantile = np.quantile(out, [q / 100.0 for q in QUANTILES], axis=2)
    summary = [{"mean": out[:, i].mean(axis=1).tolist(), "sd": out[:, i].std(axis=1, ddof=1).tolist(),
                "quantiles": {str(q): quantile[k, :, i].tolist() for k, q in enumerate(QUANTILES)}} for i in range(out.shape[1])]
    codes = len(model.codes)
    systems = {}
    for (s, view), values in zip(model.names, summary[codes:]):
        systems.setdefault(s, {})[view] = values
    return {"years": plan.labels[1:], "paths": paths, "seed": arguments.seed, "chunk": chunk, "normals": arguments.normals,
            "normals_per_path": simulator.sampler.drawn * plan.years, "index_rows": len(model.keys), "numpy": np.__version__, "blas": blas(),
            "seconds": seconds, "seconds_drawing": drawing, "paths_per_second": paths / seconds,
            "seconds_of_each_run": [run[0] for run in runs], "seconds_summarising": time.perf_counter() - clock,
            "systems": systems, "organisations": dict(zip(model.codes, summary))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--expected", action="store_true")
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--paths", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chunk", default="auto", help="paths side by side, or auto: the fastest of a few")
    parser.add_argument("--normals", choices=("boxmuller", "ziggurat"), default="boxmuller")
    parser.add_argument("--repeat", type=int, default=3, help="runs; the fastest counts")
    arguments = parser.parse_args()
    plan = Plan(Scenario(arguments.folder))
    if arguments.expected:
        json.dump(expected(plan), sys.stdout, indent=1)
    elif arguments.check:
        worst = check(plan, Model(plan), arguments.seed)
        print(f"largest difference {worst:.3g} £m")
        return 0 if worst < 1e-8 else 1
    else:
        json.dump(simulate(plan, Model(plan), arguments), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
