#!/usr/bin/env python3
"""ltpsim against bench/peers, a numpy program written from the model's page and never from this source (prints TAP).

Expectations: every figure that both programs make, 1e-9 relative (of £1m or one unit of activity where less).
Distributions: Greater Manchester and a made-up plan with every mechanism and family, 102,400 paths each, generators and
seeds of their own; quantiles 1 to 99 and the mean of every organisation's and system's gaps, every year. The limit in
combined standard errors is set so that by chance at most one draw of seeds in a hundred would fail for a scenario; the
seeds are fixed, so that the test itself never wavers. Each check is then given a peer whose input is slightly wrong,
and has to fail.
"""
import os
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench", "peers"))
import agreement                                        # noqa: E402
import every_rule                                       # noqa: E402
from folder import copy, edit, money_alone                      # noqa: E402

PROGRAM = os.path.join(ROOT, os.environ.get("LTP_BUILD", "build"), "ltpsim")
SCENARIOS = os.path.join(ROOT, "scenarios")
FIVE = os.path.join(ROOT, "tests", "support", "five-tests")
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


def hold(name, folder):
    """Every expectation of a scenario; its result."""
    result = agreement.run(PROGRAM, folder, folder + ".h5")
    worst = agreement.worst_relative(agreement.expectations(result, agreement.plan_of(folder)))
    for what, (error, whom, figures) in worst.items():
        ok(error <= TOLERANCE, f"{name}, {what}: {figures} figures, largest relative difference {error:.1e} ({whom})")
    return result


def test_expectations(scratch):
    for name in ("minimal", "published/national-check", "published/feeling-the-crunch", "greater-manchester"):
        folder = copy(os.path.join(SCENARIOS, name), os.path.join(scratch, name.replace("/", "-")), sampling="expected")
        result = hold(name, folder)
    edit(folder, "drivers", "price.pay", "mean_2019/20", lambda x: x + 1e-8)
    worst = agreement.worst_relative(agreement.expectations(result, agreement.plan_of(folder)))
    for what in ("gap", "cost", "gap_provider"):
        ok(worst[what][0] > TOLERANCE, f"negative control: pay 0.000001 points dearer in one year is seen in {what} ({worst[what][0]:.1e})")
    ok(worst["activity"][0] <= TOLERANCE, "and not in activity")
    hold("every rule", copy(every_rule.write(os.path.join(scratch, "every")), os.path.join(scratch, "every-expected"), sampling="expected"))


def hold_layers(name, folder, result):
    """Every layer's figures, with the measures of the five tests that the result has; the others are named."""
    pairs, absent = agreement.layers(result, agreement.plan_of(folder))
    for what, (error, whom, figures) in agreement.worst_relative(pairs).items():
        ok(error <= TOLERANCE, f"{name}, every layer, {what}: {figures} figures, largest relative difference {error:.1e} ({whom})")
    return absent


def test_layers(scratch):
    for name in ("minimal", "greater-manchester"):
        folder = copy(os.path.join(SCENARIOS, name), os.path.join(scratch, name + "-layers"), sampling="expected")
        hold_layers(name, folder, os.path.join(scratch, name + ".h5"))
    folder = edit(copy(os.path.join(scratch, "minimal"), os.path.join(scratch, "less")), "programmes", "PAYSAVE", "full_year_effect",
                  lambda x: x + 1e-6, key="code")
    pairs, _ = agreement.layers(os.path.join(scratch, "minimal.h5"), agreement.plan_of(folder))
    ok(agreement.worst_relative(pairs)["organisation gap"][0] > TOLERANCE, "negative control: a programme that saves 0.0001% more is seen")


# Slightly wrong inputs, and a measure in which each must be seen: (table, key, row, column, what is added, measure).
WRONG = (("schemes", "code", "HUB", "cost", 1e-6, "scheme scheme_spend"), ("schemes", "code", "TOWER", "cost", 1e-6, "organisation capital_need"),
         ("floors", "name", "mental_health", "by", 1e-9, "floor floor_added"), ("drivers", "name", "loan.rate", "mean_2020/21", 1e-7, "organisation interest"),
         ("programmes", "code", "GIRFT", "full_year_effect", 1e-7, "organisation variation_delivered"),
         ("programmes", "code", "CIP", "full_year_effect", 1e-9, "organisation cash_released"),
         ("programmes", "code", "RETAIN", "full_year_effect", 1e-7, "organisation staff_supply"),
         ("drivers", "name", "capital.failure_rate", "mean", 1e-7, "organisation failure_cost"))

# The measures of the five tests that test_five may find missing. To be emptied when all of them are stored.
MAY_BE_ABSENT = True


def test_five(scratch):
    """Two systems with every table of the five tests, an unfilled post needed and saving."""
    for unfilled in ("needed", "saves"):
        name = f"five tests, unfilled {unfilled}"
        folder = copy(FIVE, os.path.join(scratch, "five-" + unfilled), sampling="expected", unfilled=unfilled)
        try:
            result = agreement.run(PROGRAM, folder, folder + ".h5")
        except RuntimeError as problem:
            if not (MAY_BE_ABSENT and ("nothing that a driver moves" in str(problem) or "'building' is not known" in str(problem))):
                raise
            ok(True, f"{name} # SKIP the program does not take the drivers of the five tests yet")
            continue
        for measure in hold_layers(name, folder, result):
            ok(MAY_BE_ABSENT, f"{name}, {measure} # SKIP not in the result yet")
        for i, (table, key, row, column, wrong, measure) in enumerate(WRONG):
            other = edit(copy(folder, f"{folder}-wrong-{i}"), table, row, column, lambda x: x + wrong, key=key)
            worst = agreement.worst_relative(agreement.layers(result, agreement.plan_of(other))[0])
            if measure in worst:
                ok(worst[measure][0] > TOLERANCE, f"{name}, negative control: {table} {row} {column} {wrong:+g} is seen in {measure}")


def compare(result, folder):
    """(scores, how many, the farthest distance in standard errors, of what) of the peer's simulation of a folder."""
    scored = agreement.scores(result, *agreement.simulate(agreement.plan_of(folder), PATHS, PEER_SEED))
    whose, z = max(scored, key=lambda pair: pair[1].max())
    return scored, sum(z.size for _, z in scored), z.max(), " ".join(whose)


def distributions(name, folder, scratch, controls):
    """Both programs' distributions of one scenario, then the peer's of slightly wrong copies of it."""
    result = agreement.run(PROGRAM, folder, os.path.join(scratch, "sampled.h5"), "--paths", str(PATHS))
    scored, comparisons, _, _ = compare(result, folder)
    limit = agreement.limit(comparisons, ALARM)
    for (level, code, measure), z in scored:
        ok(z.max() <= limit, f"{name}, {measure} of {level} {code}: {z.size} quantiles and means within {limit:.2f} standard errors, worst {z.max():.2f}")
    for i, (what, table, row, column, change) in enumerate(controls):
        wrong = copy(folder, os.path.join(scratch, f"{name}-wrong-{i}"))
        edit(wrong, table, row, column, change)
        _, _, distance, whose = compare(result, wrong)
        ok(distance > limit, f"{name}, negative control: {what} is caught ({distance:.1f} standard errors, {whose})")


def test_distributions(scratch):
    distributions("greater-manchester", money_alone(GREATER_MANCHESTER, os.path.join(scratch, "money-alone")), scratch, (
        ("pay's deviation 10% larger", "drivers", "price.pay", "sd", lambda sd: 1.1 * sd),
        ("non-elective growth 0.1 points higher", "drivers", "demand.nonelective", "mean", lambda x: x + 0.001)))
    distributions("every rule", os.path.join(scratch, "every"), scratch, (
        ("a tenth more winters with flu", "events", "flu", "probability", lambda p: 1.1 * p),
        ("pay that persists less", "drivers", "pp", "persistence", lambda phi: phi - 0.1)))


with tempfile.TemporaryDirectory(prefix="ltpsim-peer-") as place:
    test_expectations(place)
    test_layers(place)
    test_five(place)
    test_distributions(place)
print(f"1..{count}")
sys.exit(failed > 0)
