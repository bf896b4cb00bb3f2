#!/usr/bin/env python3
"""ltpsim against bench/peers, a numpy program written from the model's page and never from this source (prints TAP).

Expectations: every figure that both programs make, 1e-9 relative (of £1m or one unit of activity where less).
Distributions: Greater Manchester, 102,400 paths each, generators and seeds of their own; quantiles 1 to 99 and the mean
of every organisation's and the system's gaps, every year. The limit in combined standard errors is set so that by
chance at most one draw of seeds in a hundred would fail; the seeds are fixed, so that the test itself never wavers.
Each check is then given a peer whose input is slightly wrong, and has to fail.
"""
import os
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench", "peers"))
import agreement                                        # noqa: E402

PROGRAM = os.path.join(ROOT, os.environ.get("LTP_BUILD", "build"), "ltpsim")
SCENARIOS = os.path.join(ROOT, "scenarios")
GREATER_MANCHESTER = os.path.join(SCENARIOS, "greater-manchester")
TOLERANCE = 1e-9
PATHS = 102400
PEER_SEED = 1
ALARM = 0.01
count = failed = 0


def ok(condition, what):
    global count, failed
    count += 1
    failed += not condition
    print(f"{'ok' if condition else 'not ok'} {count} - {what}", flush=True)


def test_expectations(scratch):
    for name in ("greater-manchester", "minimal", "published/national-check", "published/feeling-the-crunch"):
        folder = agreement.copy(os.path.join(SCENARIOS, name), os.path.join(scratch, name.replace("/", "-")), sampling="expected")
        result = agreement.run(PROGRAM, folder, folder + ".h5")
        worst = agreement.worst_relative(agreement.expectations(result, agreement.plan_of(folder)))
        for what, (error, whom, figures) in worst.items():
            ok(error <= TOLERANCE, f"{name}, {what}: {figures} figures, largest relative difference {error:.1e} ({whom})")
    folder = os.path.join(scratch, "greater-manchester")
    agreement.edit(folder, "drivers", "price.pay", "mean_2019/20", lambda x: x + 1e-8)
    worst = agreement.worst_relative(agreement.expectations(folder + ".h5", agreement.plan_of(folder)))
    for what in ("gap", "cost", "gap_provider"):
        ok(worst[what][0] > TOLERANCE, f"negative control: pay 0.000001% dearer in one year is seen in {what} ({worst[what][0]:.1e})")
    ok(worst["activity"][0] <= TOLERANCE, "and not in activity")


def farthest(result, folder):
    """(largest distance in standard errors, of what, how many comparisons) of the peer's simulation of a folder."""
    scored = agreement.scores(result, *agreement.simulate(agreement.plan_of(folder), PATHS, PEER_SEED))
    worst = max(scored, key=lambda pair: pair[1].max())
    return worst[1].max(), " ".join(worst[0]), sum(z.size for _, z in scored), scored


def test_distributions(scratch):
    result = agreement.run(PROGRAM, GREATER_MANCHESTER, os.path.join(scratch, "sampled.h5"), "--paths", str(PATHS))
    _, _, comparisons, scored = farthest(result, GREATER_MANCHESTER)
    limit = agreement.limit(comparisons, ALARM)
    for (level, code, measure), z in scored:
        ok(z.max() <= limit, f"{measure} of {level} {code}: {z.size} quantiles and means within {limit:.2f} standard errors, worst {z.max():.2f}")
    controls = (
        ("pay's deviation 10% larger", lambda folder: agreement.edit(folder, "drivers", "price.pay", "sd", lambda sd: 1.1 * sd)),
        ("non-elective growth 0.1 points higher", lambda folder: agreement.edit(folder, "drivers", "demand.nonelective", "mean", lambda x: x + 0.001)),
        ("no correlation of pay with the tariff's error", lambda folder: drop(folder, "price.pay,tariff.error")))
    for i, (what, spoil) in enumerate(controls):
        folder = agreement.copy(GREATER_MANCHESTER, os.path.join(scratch, f"wrong-{i}"))
        spoil(folder)
        distance, whose, _, _ = farthest(result, folder)
        ok(distance > limit, f"negative control: {what} is caught ({distance:.1f} standard errors, {whose})")


def drop(folder, pair):
    """Takes one row out of correlations.csv."""
    path = os.path.join(folder, "correlations.csv")
    with open(path, encoding="utf-8") as handle:
        lines = handle.readlines()
    kept = [line for line in lines if not line.startswith(pair)]
    assert len(kept) == len(lines) - 1
    with open(path, "w", encoding="utf-8") as handle:
        handle.writelines(kept)


with tempfile.TemporaryDirectory(prefix="ltpsim-peer-") as place:
    test_expectations(place)
    test_distributions(place)
print(f"1..{count}")
sys.exit(failed > 0)
