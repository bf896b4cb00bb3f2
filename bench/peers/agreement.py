"""ltpsim's results held against the peer's: one set of comparisons for the tests and for `make bench`.

Expectations (`sampling: expected`) agree to rounding. Distributions agree within their standard errors: both programs
simulate from generators of their own, so they share nothing but the scenario.
"""
import math
import os
import subprocess
import sys
from statistics import NormalDist

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import donothing                                        # noqa: E402  first: it keeps numpy to one thread
import attribute                                        # noqa: E402
import h5py                                             # noqa: E402
import numpy as np                                      # noqa: E402
from layer import Book, Layer                              # noqa: E402
from plan import COMMISSIONERS, Plan                    # noqa: E402
from project import gaps                                # noqa: E402
from scenario import Scenario                           # noqa: E402
from simulate import Model, Simulator                   # noqa: E402

# £m, or units of activity: relative differences of smaller figures are against this. 1e-9 of it is four steps of the
# grid that gaps and floors are rounded to (2⁻³⁰ £m), since the last bits of a sum may take them to the next step.
FLOOR = 4.0
VIEWS = {"system": "gap", "commissioner": "gap_commissioner", "provider": "gap_provider",
         "excluding_nhs_england": "gap_excluding_nhs_england"}
ROUNDING = 1e-9         # £m: added to standard errors, for gaps that are nothing on every path
DO_NOTHING = 0          # the first layer


# -- runs ------------------------------------------------------------------------------------------------------------

def run(program, folder, result, *options):
    """Runs ltpsim; the result's path."""
    done = subprocess.run([program, "run", folder, "-o", result, "--quiet", *options], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ltpsim run {folder}: exit {done.returncode}: {done.stderr.strip()}")
    return result


def plan_of(folder):
    return Plan(Scenario(folder))


# -- expectations ----------------------------------------------------------------------------------------------------

def _by_code(group, name):
    """{code: do-nothing means, [year] or [service, year]}."""
    return dict(zip(group["code"].asstr()[:], group[name + "_mean"][DO_NOTHING]))


def expectations(result, plan):
    """Pairs to compare: [(what, of whom, ltpsim's figures by year, the peer's)]."""
    peer, pairs = donothing.expected(plan), []
    book = Book(plan)                                   # what capital, staff and loans add to do_nothing
    money = Layer(book, *book.choose(()), supported=False).money
    gap, peer["systems"] = gaps(plan, money.income, money.cost)
    peer["organisations"] = {o: {"gap": gap[o], "income": money.income[o], "cost": money.cost[o]} for o in gap}
    with h5py.File(result) as file:
        organisation, system = file["organisation"], file["system"]
        services = list(organisation["service"].asstr()[:])
        for measure in ("gap", "income", "cost"):
            ours = _by_code(organisation, measure)
            assert ours.keys() == peer["organisations"].keys()
            pairs += [(measure, code, ours[code], peer["organisations"][code][measure]) for code in ours]
        for view, measure in VIEWS.items():
            ours = _by_code(system, measure)
            assert ours.keys() == peer["systems"].keys()
            pairs += [(measure, code, ours[code], peer["systems"][code][view]) for code in ours]
        for code, ours in _by_code(organisation, "activity").items():
            theirs = peer["activity"].get(code, {})
            assert theirs.keys() <= set(services)
            pairs += [("activity", f"{code} {service}", np.nan_to_num(ours[i]), theirs.get(service, np.zeros(plan.years)))
                      for i, service in enumerate(services)]
        used = _by_code(organisation, "use_of_resources")
        spent = np.nansum([used[code] for code in used if plan.kind(code) in COMMISSIONERS], axis=0)
        assert peer["commissioner_spending"].keys() <= set(services)
        pairs += [("spending", service, spent[i], peer["commissioner_spending"].get(service, np.zeros(plan.years)))
                  for i, service in enumerate(services)]
    return pairs


# Measures of every layer: the group in the result, the measure there, the axis of its items, the peer's figure.
SUMMED = ([(name, None) for name in ("support", "surplus_after_support", "loan", "interest", "cash_released", "cash_released_non_recurrent",
                                     "staff_pay", "capital_charges", "failure_cost", "trajectory_margin", "trajectory_miss",
                                     "variation_opportunity", "variation_delivered", "stranded_cost", "cumulative_position", "saving")]
          + [("staff_" + name, "group") for name in ("required", "supply", "agency", "unfilled")]
          + [("capital_" + name, "need") for name in ("need", "spend", "carried")])
LAYERED = ([("organisation", name, axis, name) for name, axis in SUMMED] + [("system", name, axis, name) for name, axis in SUMMED]
           + [("organisation", name, None, name) for name in (
               "gap", "income", "cost", "trajectory_met_every_year", "cash_releasing_met", "cash_releasing_met_every_year",
               "balance_first_year", "variation_share")]
           + [("organisation", name, "service", name) for name in ("activity", "demand_avoided")]
           + [("organisation", name, "need", name) for name in ("capital_funded", "capital_funded_every_year")]
           + [("organisation", "cash_releasing_rate", None, "cash_rate"), ("system", "cash_releasing_rate", None, "system_cash_rate")]
           + [("system", "gap" + view, None, "system_gap" + view) for view in ("", "_commissioner", "_provider")]
           + [("scheme", name, None, name) for name in ("scheme_spend", "scheme_complete")] + [("floor", "floor_added", None, "floor_added")])
RATES = ("cash_releasing_rate", "variation_share")      # shares: differences are against a hundredth


def _floor_key(code):
    """(floor, payer) of a row of /floor."""
    return tuple(code.rsplit("|", 1))


def _layer_figures(group, name, axis):
    """{(layer, code or (code, item)): figures by year}; missing figures are NaN."""
    data = group[name + "_mean"]
    order = ["layer", "code"] + ([axis] if axis else []) + ["year"]
    scales = {name: group[name] for name in order}      # compared as objects: to find an object's name, HDF5 searches the file
    axes = [next(name for name in order if scales[name] == dimension[0]) for dimension in data.dims]
    values = np.transpose(data[()], [axes.index(a) for a in order])
    layers, codes = group["layer"].asstr()[:], group["code"].asstr()[:]
    if name == "floor_added":
        codes = [_floor_key(code) for code in codes]
    items = group[axis].asstr()[:] if axis else None
    out = {}
    for i, layer in enumerate(layers):
        for j, code in enumerate(codes):
            if axis is None:
                out[layer, code] = values[i, j]
            else:
                out.update({(layer, (code, item)): values[i, j, k] for k, item in enumerate(items)})
    return out


def layers(result, plan, steps=True):
    """(pairs to compare, of every layer, or of do_nothing and plan alone; the measures that the result does not have).

    What the result leaves missing (NaN) must be nought to the peer.
    """
    ours_of, pairs, absent = Book(plan).layers(steps), [], []
    with h5py.File(result) as file:
        names = list(file["organisation/layer"].asstr()[:])
        if steps and names != list(ours_of):
            raise AssertionError(f"layers {names}, the peer's {list(ours_of)}")
        for group, name, axis, ours in LAYERED:
            if group not in file or name + "_mean" not in file[group]:
                absent.append(f"{group}/{name}")
                continue
            seen = {key: values for key, values in _layer_figures(file[group], name, axis).items() if key[0] in ours_of}
            of_systems = group == "system" and not ours.startswith("system_")
            theirs = {(layer, key): values for layer, of in ours_of.items()
                      for key, values in (of.system(ours) if of_systems else of.figures[ours]).items()}
            nothing = np.zeros(plan.years)
            for key in seen.keys() | {k for k, values in theirs.items() if np.any(values)}:
                pairs.append((f"{group} {name}", str(key), np.nan_to_num(seen.get(key, nothing)), np.asarray(theirs.get(key, nothing))))
    return sorted(pairs, key=lambda pair: pair[:2]), absent


def shapley(result, plan):
    """Pairs to compare: Shapley values of the tests, of organisations and systems."""
    value, _ = attribute.shapley(Book(plan))
    pairs = []
    with h5py.File(result) as file:
        group = file["bridge"]
        tests = list(group["test"].asstr()[:])
        if tests != [f"test_{test}" for test in value]:
            raise AssertionError(f"tests {tests}, the peer's {list(value)}")
        for level in ("organisation", "system"):
            for test, ours in zip(value, group[level + "_shapley_mean"][()]):
                pairs += [(f"{level} Shapley value", f"{code} test {test}", ours[i], value[test][code])
                          for i, code in enumerate(group[level].asstr()[:])]
    return pairs


EFFECTS = {"sponsor_gain": "sponsor", "system_gain": "system", "moved_inside": "moved_inside", "moved_outside": "moved_outside", "saved": "saved"}


def effects(result, plan, only=None):
    """Pairs to compare: what each programme (or those of `only`) takes off whose gap."""
    theirs, pairs = attribute.programmes(Book(plan), only), []
    with h5py.File(result) as file:
        group = file["effect"]
        codes, organisations = list(group["programme"].asstr()[:]), group["organisation"].asstr()[:]
        for code, effect in theirs.items():
            at = codes.index(code)
            pairs += [("effect " + name, code, group[name + "_mean"][at], effect[key]) for name, key in EFFECTS.items()]
            pairs += [("effect gain", f"{code} {o}", group["gain_mean"][at, i], effect["gain"][o]) for i, o in enumerate(organisations)]
    if not only and set(codes) != theirs.keys():
        raise AssertionError(f"programmes {codes}, the peer's {list(theirs)}")
    return pairs


def bridges(result, lines=slice(None)):
    """Pairs to compare: the lines of why the gap is what it is, summed up, and the gap; both are the program's own."""
    pairs = []
    with h5py.File(result) as file:
        for level, measures in (("organisation", ("gap",)), ("system", ("gap", "gap_commissioner", "gap_provider"))):
            group = file[level]
            codes = group["code"].asstr()[:]
            for measure in measures:
                parts = group[measure.replace("gap", "gap_bridge") + "_mean"][()]
                whole = group[measure + "_mean"][DO_NOTHING]
                pairs += [(f"{level} {measure}, bridge's lines", code, parts[i][lines].sum(axis=0), whole[i]) for i, code in enumerate(codes)]
    return pairs


def worst_relative(pairs):
    """{what: (largest |difference| / max(|peer's|, FLOOR), of whom, figures compared)}; a NaN is infinitely wrong."""
    worst = {}
    for what, whom, ours, theirs in pairs:
        least = 0.01 if what.endswith(RATES) else FLOOR
        error = np.abs(np.subtract(ours, theirs)) / np.maximum(np.abs(theirs), least)
        largest = float(np.nan_to_num(error, nan=math.inf).max())
        before = worst.get(what, (-1.0, "", 0))
        worst[what] = max(before[:2], (largest, whom)) + (before[2] + len(error),)
    return worst


# -- distributions ---------------------------------------------------------------------------------------------------

def rows_of(model):
    """Names of the peer's rows: ("organisation", code, "gap"), then ("system", code, measure)."""
    return [("organisation", code, "gap") for code in model.codes] + [("system", s, VIEWS[view]) for s, view in model.names]


def simulate(plan, paths, seed, chunk=256):
    """The peer's sorted gaps [year, row, path] and the rows' names."""
    model = Model(plan)
    names = rows_of(model)
    out = np.empty((plan.years, len(names), paths))
    Simulator(model, chunk).run(paths, seed, out)
    out.sort(axis=2)
    return out, names


def quantiles(ordered, probabilities):
    """Quantiles of sorted plain samples and their standard errors [quantile, year, row].

    The error is half the distance between the quantiles one standard error of the cumulative frequency,
    sqrt(p(1−p)/n), below and above.
    """
    n = ordered.shape[2]

    def at(p):
        place = p * n - 0.5
        low = min(max(math.floor(place), 0), n - 2)
        return ordered[:, :, low] + (place - low) * (ordered[:, :, low + 1] - ordered[:, :, low])
    spread = [math.sqrt(p * (1.0 - p) / n) for p in probabilities]
    return (np.array([at(p) for p in probabilities]),
            np.array([0.5 * (at(p + s) - at(p - s)) for p, s in zip(probabilities, spread)]))


def scores(result, ordered, names):
    """[((level, code, measure), |ltpsim − peer| in combined standard errors [quantile or mean, year])] of do_nothing.

    The last row of each is the mean's, the rows before it the stored quantiles'.
    """
    def apart(ours, our_error, theirs, their_error):
        return np.abs(ours - theirs) / (np.hypot(our_error, their_error) + ROUNDING)
    scored, years = [], ordered.shape[0]
    with h5py.File(result) as file:
        probabilities = file["system/quantile"][:]
        peer, peer_error = quantiles(ordered, probabilities)
        mean, mean_error = ordered.mean(axis=2), ordered.std(axis=2) / math.sqrt(ordered.shape[2])
        for row, (level, code, measure) in enumerate(names):
            group = file[level]
            i = list(group["code"].asstr()[:]).index(code)
            z = np.empty((len(probabilities) + 1, years))
            z[:-1] = apart(group[measure + "_quantile"][DO_NOTHING, :, i], group[measure + "_quantile_se"][DO_NOTHING, :, i],
                           peer[:, :, row], peer_error[:, :, row])
            z[-1] = apart(group[measure + "_mean"][DO_NOTHING, i], group[measure + "_mean_se"][DO_NOTHING, i], mean[:, row], mean_error[:, row])
            scored.append(((level, code, measure), np.nan_to_num(z, nan=math.inf)))
    return scored


def limit(count, alarm):
    """Standard errors that one of `count` comparisons exceeds with probability at most `alarm` (Bonferroni)."""
    return NormalDist().inv_cdf(1.0 - alarm / (2.0 * count))
