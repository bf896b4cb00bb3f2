#!/usr/bin/env python3
"""How closely ltpsim and the numpy peer agree on the same scenario. usage: agree.py LTPSIM SCENARIO SCRATCH"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))
import agreement                                        # noqa: E402
from figure import figure                               # noqa: E402
from folder import copy, money_alone                                 # noqa: E402


def main():
    program, scenario, scratch = sys.argv[1:4]
    print("# agreement with the numpy peer")
    folder = copy(scenario, os.path.join(scratch, "expected"), sampling="expected")
    result = agreement.run(program, folder, folder + ".h5")
    plan = agreement.plan_of(folder)
    for what, (error, whom, figures) in agreement.worst_relative(agreement.expectations(result, plan)).items():
        figure(f"agreement.expected.{what}", error, "relative", f"worst of {figures} figures ({whom})")
    for part, pairs in (("every_layer", agreement.layers(result, plan)[0]), ("shapley", agreement.shapley(result, plan)),
                        ("effect", agreement.effects(result, plan))):
        worst = agreement.worst_relative(pairs)
        what = max(worst, key=lambda name: worst[name][0])
        figure(f"agreement.expected.{part}", worst[what][0], "relative",
               f"worst of {sum(figures for _, _, figures in worst.values())} figures ({what}, {worst[what][1]})")
    folder = money_alone(scenario, os.path.join(scratch, "money-alone"))
    result = agreement.run(program, folder, folder + ".h5", "--paths", "102400")
    scored = agreement.scores(result, *agreement.simulate(agreement.plan_of(folder), 102400, 1))
    count = sum(z.size for _, z in scored)
    (level, code, measure), z = max(scored, key=lambda pair: pair[1].max())
    figure("agreement.distribution.worst", z.max(), "std errors", f"of {count} quantiles and means ({measure} of {level} {code})")
    figure("agreement.distribution.allowed", agreement.limit(count, 0.01), "std errors", "exceeded by chance once in 100 draws of seeds")
    figure("agreement.distribution.mean_square", sum((z ** 2).sum() for _, z in scored) / count, "", "about 1 where errors are stated honestly; the figures hang together")


if __name__ == "__main__":
    main()
