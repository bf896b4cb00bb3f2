#!/usr/bin/env python3
"""ltpsim against bench/peers, a numpy program written from the model's page and never from this source (prints TAP).

Expectations: every figure that both programs make, of every layer, with Shapley values and programmes' effects, 1e-9
relative (of £4m, 4 units of activity or a hundredth of a rate where less).
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
from folder import copy, edit, money_alone, put, resolve             # noqa: E402

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


def hold(name, pairs):
    """Pairs of figures agree; {what: (largest relative difference, of whom, how many)}."""
    worst = agreement.worst_relative(pairs)
    for what, (error, whom, figures) in worst.items():
        ok(error <= TOLERANCE, f"{name}, {what}: {figures} figures, largest relative difference {error:.1e} ({whom})")
    return worst


def seen(name, pairs, measure):
    """A negative control: a peer whose input is slightly wrong differs in a measure."""
    error = agreement.worst_relative(pairs)[measure][0]
    ok(error > TOLERANCE, f"negative control: {name} is seen in {measure} ({error:.1e})")


def hold_expectations(name, folder, result, missing=False):
    """What do_nothing has since it was built, then every measure of every layer. `missing`: measures may be absent."""
    plan = agreement.plan_of(folder)
    hold(name, agreement.expectations(result, plan))
    pairs, absent = agreement.layers(result, plan)
    hold(f"{name}, every layer", pairs)
    ok(missing or not absent, f"{name}: every measure that is compared is in the result ({', '.join(absent) or 'none is missing'})")


def test_expectations(scratch):
    for name in ("minimal", "published/national-check", "published/feeling-the-crunch", "greater-manchester"):
        folder = copy(os.path.join(SCENARIOS, name), os.path.join(scratch, name.replace("/", "-")), sampling="expected")
        result = agreement.run(PROGRAM, folder, folder + ".h5")
        hold_expectations(name, folder, result, missing=name != "greater-manchester")
    edit(folder, "drivers", "price.pay", "mean_2019/20", lambda x: x + 1e-8)
    wrong = agreement.expectations(result, agreement.plan_of(folder))
    for what in ("gap", "cost", "gap_provider"):
        seen("pay 0.000001 points dearer in one year", wrong, what)
    ok(agreement.worst_relative(wrong)["activity"][0] <= TOLERANCE, "and not in activity")
    every = copy(every_rule.write(os.path.join(scratch, "every")), os.path.join(scratch, "every-expected"), sampling="expected")
    hold("every rule", agreement.expectations(agreement.run(PROGRAM, every, every + ".h5"), agreement.plan_of(every)))


def test_draft(scratch):
    """A scenario that extends another: ltpsim puts the two together itself, the peer is given plain tables."""
    agreed = copy(GREATER_MANCHESTER, os.path.join(scratch, "pair", "greater-manchester"), sampling="expected")
    draft = copy(os.path.join(SCENARIOS, "greater-manchester-draft"), os.path.join(scratch, "pair", "draft"))
    result = agreement.run(PROGRAM, draft, os.path.join(scratch, "draft.h5"))
    hold_expectations("greater-manchester-draft", resolve(draft, os.path.join(scratch, "pair", "plain")), result)
    seen("the plan as agreed", agreement.layers(result, agreement.plan_of(agreed), steps=False)[0], "organisation cash_released")


# Slightly wrong inputs, and a measure in which each must be seen: (table, key, row, column, what is added, measure).
WRONG = (("schemes", "code", "HUB", "cost", 1e-6, "scheme scheme_spend"), ("schemes", "code", "TOWER", "cost", 1e-6, "organisation capital_need"),
         ("beds", "code", "TA", "cost_per_bed", 1e-6, "organisation capital_need"),
         ("schemes", "code", "RING", "clears_backlog", 1e-6, "organisation capital_need"), ("schemes", "code", "RING", "clears_backlog", 1e-6, "system failure_cost"),
         ("floors", "name", "mental_health", "by", 1e-9, "floor floor_added"), ("drivers", "name", "loan.rate", "mean_2020/21", 1e-7, "organisation interest"),
         ("programmes", "code", "GIRFT", "full_year_effect", 1e-7, "organisation variation_delivered"),
         ("benchmarks", "service", "elective", "value", 1e-5, "organisation variation_opportunity"),
         ("programmes", "code", "UEC", "full_year_effect", 1e-7, "organisation stranded_cost"),
         ("programmes", "code", "CIP", "full_year_effect", 1e-9, "organisation cash_released"),
         ("programmes", "code", "CIP", "full_year_effect", 1e-9, "organisation cash_releasing_rate"),
         ("programmes", "code", "CIP", "full_year_effect", 1e-9, "system cash_releasing_rate"),
         ("programmes", "code", "RETAIN", "full_year_effect", 1e-7, "organisation staff_supply"),
         ("drivers", "name", "capital.failure_rate", "mean", 1e-7, "organisation failure_cost"))


def test_five(scratch):
    """Two systems with every table of the five tests."""
    plain = copy(FIVE, os.path.join(scratch, "five"), sampling="expected")
    result = agreement.run(PROGRAM, plain, plain + ".h5")
    hold_expectations("five tests", plain, result)
    for i, (table, key, row, column, wrong, measure) in enumerate(WRONG):
        other = edit(copy(plain, f"{plain}-wrong-{i}"), table, row, column, lambda x: x + wrong, key=key)
        seen(f"{table} {row} {column} {wrong:+g}", agreement.layers(result, agreement.plan_of(other), steps=False)[0], measure)
    attribute(plain, result)
    saves = copy(FIVE, os.path.join(scratch, "five-saves"), sampling="expected", unfilled="saves")
    hold_expectations("five tests, an unfilled post saves", saves, agreement.run(PROGRAM, saves, saves + ".h5"))
    odd_schemes(scratch)


def attribute(folder, result):
    """Shapley values, programmes' effects, and why the gap is what it is; each with something a little wrong."""
    name, plan = "five tests", agreement.plan_of(folder)
    hold(name, agreement.shapley(result, plan))
    hold(name, agreement.effects(result, plan))
    hold(name, agreement.bridges(result))
    other = edit(copy(folder, folder + "-shapley"), "programmes", "CIP", "full_year_effect", lambda x: x + 1e-8, key="code")
    wrong = agreement.shapley(result, agreement.plan_of(other))
    for level in ("organisation", "system"):
        seen("a saving 0.000001 points larger", wrong, f"{level} Shapley value")
    for programme, column, what in (("COMM", "full_year_effect", "gain"), ("COMM", "full_year_effect", "sponsor_gain"), ("COMM", "full_year_effect", "system_gain"),
                                    ("COMM", "full_year_effect", "moved_inside"), ("EXPORT", "amount_2019/20", "moved_outside"), ("BIOS", "full_year_effect", "saved")):
        other = edit(copy(folder, f"{folder}-{programme}-{what}"), "programmes", programme, column, lambda x: x + 1e-5, key="code")
        seen(f"{programme} a little larger", agreement.effects(result, agreement.plan_of(other), {programme}), f"effect {what}")
    seen("a bridge without its last line", agreement.bridges(result, lines=slice(-1)), "organisation gap, bridge's lines")


def odd_schemes(scratch):
    """Schemes given, begun or complete before the first year, and late; short lives; base depreciation."""
    folder = copy(FIVE, os.path.join(scratch, "five-odd"), sampling="expected", equipment_life="2", building_life="2.5", dividend_rate="0.03")
    put(folder, "schemes", "RING", funding="donated", start="2018-04-01", years="3", phasing="")
    put(folder, "schemes", "HUB", start="2017-04-01", years="2", phasing="")
    put(folder, "schemes", "TOWER", slippage="9", life_years="1.5", start="2018-07-01", years="3", phasing="0.2;0.5;0.3")
    put(folder, "schemes", "EPR", slippage="13")
    put(folder, "organisations", "TB", base_depreciation="6")
    result = agreement.run(PROGRAM, folder, folder + ".h5")
    hold_expectations("odd schemes", folder, result)
    late = copy(folder, folder + "-late")
    put(late, "schemes", "EPR", slippage="12")
    seen("a scheme that is 12 months late, not 13", agreement.layers(result, agreement.plan_of(late), steps=False)[0], "scheme scheme_complete")


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
    test_draft(place)
    test_five(place)
    test_distributions(place)
print(f"1..{count}")
sys.exit(failed > 0)
