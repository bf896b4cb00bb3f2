"""Who gains by what: Shapley values over the tests, and each programme's gains and moved cost (model sections 1, 10, 11)."""
from itertools import combinations
from math import factorial

from layer import Layer


def shapley(book, whole=None):
    """({test: {code: £m by year}} of organisations' gaps and then of systems', {code: do_nothing less all tests}).

    Every subset of the tests is a layer of its own, the empty one do_nothing. Programmes of no test are not in it.
    """
    tests, years = book.tests, range(book.plan.years)
    gap = {}
    for size in range(len(tests) + 1):
        for subset in combinations(tests, size):
            layer = Layer(book, *book.choose(subset), supported=bool(subset))
            gap[subset] = {**layer.figures["gap"], **layer.figures["system_gap"]}
    n, value = len(tests), {}
    for test in tests:
        others = [u for u in tests if u != test]
        value[test] = {code: [0.0] * len(years) for code in gap[()]}
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for subset in combinations(others, size):
                with_it = tuple(sorted(subset + (test,)))
                for code, values in value[test].items():
                    for t in years:
                        values[t] += weight * (gap[subset][code][t] - gap[with_it][code][t])
    return value, {code: [gap[()][code][t] - gap[tuple(tests)][code][t] for t in years] for code in gap[()]}


def moved(plan, programme, gain):
    """Of one year's gains by organisation: sponsor's, its systems', moved inside, moved outside, saved."""
    systems = [s for s, shares in plan.shares.items() if shares.keys() & set(programme.sponsors)]
    inside = {}
    for s in systems:
        for o, share in plan.shares[s].items():
            inside[o] = inside.get(o, 0.0) + share
    sponsor = sum(gain[o] * inside.get(o, 1.0) for o in programme.sponsors)
    system = sum(share * gain[o] for o, share in inside.items())
    outside = max(0.0, -sum(gain[o] * (1.0 - inside.get(o, 0.0)) for o in gain))       # of all of them together
    return {"sponsor": sponsor, "system": system, "moved_inside": max(0.0, sponsor - system), "moved_outside": outside,
            "saved": sum(gain.values())}


def programmes(book, only=None):
    """{code: {"gain": {organisation: by year}, "sponsor", "system", "moved_inside", "moved_outside", "saved": by year}}.

    Plan less plan without the programme; those that need it go with it. `only`: the codes of those wanted.
    """
    chosen, schemes = book.choose(book.tests, everything=True)
    plan, whole, out = book.plan, Layer(book, chosen, schemes), {}
    committed = [p for p in book.programmes if p.committed]
    for programme in sorted(chosen + committed, key=lambda p: p.code):
        if only and programme.code not in only:
            continue
        given = plan.investment
        if programme.committed:                     # it is in do_nothing, and goes from there
            plan.investment = [row for p, row in zip(committed, given) if p is not programme]
        without = Layer(book, [p for p in chosen if p is not programme], schemes)
        plan.investment = given
        gain = {o: [a - b for a, b in zip(without.figures["gap"][o], whole.figures["gap"][o])] for o in plan.organisations}
        years = [moved(plan, programme, {o: gain[o][t] for o in gain}) for t in range(plan.years)]
        out[programme.code] = {"gain": gain} | {name: [year[name] for year in years] for name in years[0]}
    return out
