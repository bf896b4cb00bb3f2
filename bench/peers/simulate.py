"""The fast simulator: the plan compiled into a few matrices, applied to many paths at once.

A payment is linear in a small set of index rows (activity at tariff, blended activity, activity times a price,
allocation drift, …), with coefficients known when the scenario is built. So a year of a chunk of paths is: draw,
cumulate demand and prices (one multiply), form the index rows, one matrix product for all flows and both ends,
one for volumes, two for costs. Demographic growth and given uplifts are folded into the coefficients. Only what the
gaps need is drawn: activity that no payment and no cost depends on is left out.
"""
import time
from dataclasses import dataclass

import numpy as np

from drivers import Sampler
from plan import COMMISSIONERS, NHS_ENGLAND, PROVIDERS


class Terms(dict):
    """A linear form: {index row's key: coefficients by year}, `None` for the constant."""

    def __init__(self, years):
        super().__init__()
        self.years = years

    def add(self, key, coefficients):
        self[key] = self.get(key, np.zeros(self.years + 1)) + coefficients
        return self


    def add_form(self, other, factor=1.0):
        for key, c in other.items():
            self.add(key, factor * c)


@dataclass
class CompiledFloor:
    least: bool
    start: int
    row: int                        # the payer's
    drift: tuple                    # key of the core allocation's drift, or None
    steps: np.ndarray               # core's growth factor by year, 1 where the reference is a rate
    by: float
    base: float
    total: list                     # [what the payer pays, what of it is a transfer in its own year]
    unspent: dict                   # payee → what it receives and does not spend


def compact(indices):
    """A slice where the indices are consecutive (a view, no copy), else the index array."""
    indices = np.asarray(indices, dtype=np.intp)
    if len(indices) and (np.diff(indices) == 1).all():
        return slice(int(indices[0]), int(indices[-1]) + 1)
    return indices


class Model:
    """The compiled plan, independent of the number of paths."""

    ORDER = ("activity", "blended", "pass_through", "drift", "lambda", "ratio")

    def __init__(self, plan):
        self.plan, self.years = plan, plan.years
        self.codes = list(plan.organisations)
        self.row = {code: i for i, code in enumerate(self.codes)}
        self.growth_memo = {}
        self.moved = plan.joining()
        self._compile_flows()
        self._compile_floors()
        self._compile_gaps()
        self._order_rows()
        self._compile_costs()
        self._compile_systems()

    # -- linear forms ------------------------------------------------------------------------------------------

    def demographic(self, place):
        """Cumulative demographic index of a place, by year."""
        key = (place[0], place[2])
        if key not in self.growth_memo:
            growth = [1.0] + [1.0 + self.plan.demographic_growth(*key, t) for t in range(1, self.years + 1)]
            self.growth_memo[key] = np.cumprod(growth)
        return self.growth_memo[key]

    def allocation_index(self, key):
        """(row's key, coefficients) of an allocation relative to its base, and the growth of block flows."""
        amounts, soft = self.plan.allocation[key], self.plan.soft.get(key, set())
        targets = tuple(self.plan.allocation_targets(key))
        drift = ("drift", targets, frozenset(soft)) if soft and targets else None
        steps = [1.0]
        for t in range(1, self.years + 1):
            already = sum(a for transfer, a in self.moved[key] if transfer.year == t)
            if already and drift and min(soft) <= t:
                raise SystemExit(f"{key}: a transfer into an allocation that is not firm is not supported here")
            steps.append((amounts[t] - already) / amounts[t - 1])
        return drift, np.array(steps)

    def _payment(self, f):
        terms = Terms(self.years)
        demand, g = self.plan.demand_at(f.place), f.amount * self.demographic(f.place)
        if f.mechanism == "activity":
            return terms.add(("activity", demand), g)
        if f.mechanism == "blended":
            return terms.add(("blended", demand, f.share, f.plan_fixed), g)
        if f.mechanism == "pass_through":
            return terms.add(("pass_through", demand, self.plan.price_place(f)), g)
        if f.mechanism == "block" and f.uplift:
            return terms.add(None, f.amount * np.cumprod([1.0] + [1.0 + u for u in f.uplift[1:]]))
        if f.mechanism == "block":
            drift, steps = self.allocation_index((f.payer, f.stream))
            return terms.add(drift, f.amount * np.cumprod(steps))
        payer, payee = (np.array([f.amount] + [pair[i] for pair in f.contract[1:]]) for i in (0, 1))
        if not self.plan.inputs.acting("contract.lambda"):
            return terms.add(None, 0.5 * (payer + payee))
        place = self.plan.inputs.place("contract.lambda", self.plan.patients_system(f.payer), f.payer)
        return terms.add(None, 2.0 * payer - payee).add(("lambda", place), payee - payer)      # rows hold 1 + λ

    def _compile_flows(self):
        """`paid[i]`: each flow's payment; `new[i]`: what of it is a transfer in its own year; `given[o]`: what
        transfers bring a commissioner because its allocation does not yet hold it."""
        flows, years = self.plan.flows, np.arange(self.years + 1)
        plain = [self._payment(f) for f in flows]
        self.paid = [Terms(self.years) for _ in flows]
        for form, terms in zip(self.paid, plain):
            form.add_form(terms)
        self.new = [Terms(self.years) for _ in flows]
        self.given = {}
        for transfer in self.plan.transfers:
            when = years >= transfer.year if transfer.recurrent else years == transfer.year
            total = []
            for i, share in transfer.flows_to.items():
                (key, c), = plain[i].items()
                amount = transfer.amount * share * c / c[transfer.year] * when
                total.append((i, 1.0, None if key is None else ("ratio", key, transfer.year), amount))
            gains = [(key, amount) for _, _, key, amount in total] or [(None, transfer.amount * when)]
            total += [(i, -share, key, amount) for i, share in transfer.flows_from.items() for key, amount in gains]
            for i, sign, key, amount in total:
                self.paid[i].add(key, sign * amount)
                self.new[i].add(key, sign * amount * (years == transfer.year))
                if self.plan.kind(flows[i].payer) in COMMISSIONERS:
                    self.given.setdefault(flows[i].payer, Terms(self.years)).add(key, sign * amount * (1.0 - transfer.already))

    def _compile_floors(self):
        self.floors, seen = [], set()
        for floor in self.plan.floors:
            for payer, group in floor.groups.items():
                if seen & set(group):
                    raise SystemExit("floors that share a flow are not supported here")
                seen |= set(group)
                drift, steps = None, np.full(self.years + 1, 1.0)
                if floor.reference is None:
                    drift, steps = self.allocation_index((payer, self.plan.default_stream(payer, "")))
                by = floor.by + (floor.reference or 0.0)
                total, fresh, unspent = Terms(self.years), Terms(self.years), {}
                for i in group:
                    flow = self.plan.flows[i]
                    total.add_form(self.paid[i])
                    fresh.add_form(self.new[i])
                    if flow.payee in self.row and floor.spent != 1.0 and flow.mechanism != "pass_through":
                        unspent.setdefault(flow.payee, Terms(self.years)).add_form(self.paid[i], 1.0 - floor.spent)
                base = sum(self.plan.flows[i].amount for i in group)
                self.floors.append(CompiledFloor(floor.least, floor.start, self.row[payer], drift, steps, by, base,
                                                 [total, fresh], unspent))

    def _compile_gaps(self):
        """Each organisation's gap as a linear form, providers' own costs apart."""
        self.gap = {code: Terms(self.years) for code in self.codes}
        for f, form in zip(self.plan.flows, self.paid):
            if f.payer in self.gap:
                self.gap[f.payer].add_form(form)
            if f.payee in self.gap and f.mechanism != "pass_through":
                self.gap[f.payee].add_form(form, -1.0)
        for key, amounts in self.plan.allocation.items():
            drift, _ = self.allocation_index(key)
            self.gap[key[0]].add(drift, -np.array(amounts))
        for code, form in self.given.items():
            self.gap[code].add_form(form, -1.0)
        for payer, _, amounts in self.plan.investment:
            if payer in self.gap:                   # a payee spends what it is given: its gap does not move
                self.gap[payer].add(None, np.array(amounts))

    # -- rows and matrices -------------------------------------------------------------------------------------

    def _order_rows(self):
        forms = list(self.gap.values()) + [form for floor in self.floors for form in (*floor.total, *floor.unspent.values())]
        keys = {key for form in forms for key, c in form.items() if key is not None and np.any(c)}
        keys |= {key[1] for key in keys if key[0] == "ratio"}
        keys |= {floor.drift for floor in self.floors if floor.drift}
        used = {kind: {key[1] for key in keys if key[0] == kind} for kind in self.ORDER}
        grown = {o for (o, k), c in self.plan.cost.items() if c and self.plan.growth_share[o, k]}
        volume = {self.plan.demand_at(p) for o in grown for p in self.plan.weights.get(o, ())}

        def rank(place):                            # so that each kind's rows are consecutive, and views
            a, b = place in used["activity"], place in used["blended"]
            return (0 if a and not b else 1 if a else 2 if b else 3 if place in used["pass_through"] else 4, place)
        self.demand = sorted(used["activity"] | used["blended"] | used["pass_through"] | volume, key=rank)
        prices = {key[2] for key in keys if key[0] == "pass_through"} | {self.plan.price_at(k, o) for (o, k), c in self.plan.cost.items() if c}
        self.price = sorted(prices)
        self.x_row = {p: i for i, p in enumerate(self.demand + self.price)}
        self.keys = sorted(keys, key=lambda k: (self.ORDER.index(k[0]), self.x_row.get(k[1], 0) if k[0] != "ratio" else 0, str(k[2:])))
        self.key_row = {key: i for i, key in enumerate(self.keys)}
        other = {p for key in self.keys for p in (key[1] if key[0] == "drift" else [key[1]] if key[0] == "lambda" else [])}
        self.tariff = [self.plan.inputs.place("tariff." + name, "", "") for name in ("uplift", "error", "efficiency")]
        if any(d.scope != "national" for name in ("uplift", "error", "efficiency") for d in self.plan.inputs.acting("tariff." + name)):
            raise SystemExit("tariff drivers must be national here")
        self.places = self.demand + self.price + sorted(other) + self.tariff
        self.value_row = {p: i for i, p in enumerate(self.places)}
        self.w, self.constant = self.matrices(self.gap.values())

    def matrices(self, forms):
        """Stacked linear forms as a matrix over index rows and a constant column, by year."""
        w, constant = np.zeros((self.years + 1, len(forms), len(self.keys))), np.zeros((self.years + 1, len(forms), 1))
        for i, form in enumerate(forms):
            for key, c in form.items():
                if key is None:
                    constant[:, i, 0] += c
                elif np.any(c):
                    w[:, i, self.key_row[key]] += c
        return w, constant

    def _compile_costs(self):
        """C = C0·(1 − G + G·volume)·price, over the organisations that have costs."""
        owners = [o for o in self.codes if any(k[0] == o and c for k, c in self.plan.cost.items())]
        self.owner_rows = compact([self.row[o] for o in owners])
        self.steady, self.moving = np.zeros((2, len(owners), len(self.price)))
        self.volume = np.zeros((self.years + 1, len(owners), len(self.demand)))
        for i, o in enumerate(owners):
            weights = self.plan.weights.get(o, {})
            for (code, k), c in self.plan.cost.items():
                if code == o and c:
                    g = self.plan.growth_share[o, k] if weights else 0.0
                    column = self.x_row[self.plan.price_at(k, o)] - len(self.demand)
                    self.steady[i, column] += c * (1.0 - g)
                    self.moving[i, column] += c * g
            for place, amount in weights.items():
                if self.moving[i].any():
                    self.volume[:, i, self.x_row[self.plan.demand_at(place)]] += amount / sum(weights.values()) * self.demographic(place)

    def _compile_systems(self):
        """Rows after the organisations': each system's gap and its three views."""
        views = {"system": lambda k: True, "commissioner": lambda k: k in COMMISSIONERS, "provider": lambda k: k in PROVIDERS,
                 "excluding_nhs_england": lambda k: k not in NHS_ENGLAND}
        self.names = [(s, view) for s in self.plan.shares for view in views]
        self.sum = np.array([[self.plan.shares[s].get(o, 0.0) * views[view](self.plan.kind(o)) for o in self.codes] for s, view in self.names])


class Simulator:
    """Buffers for one chunk of paths; `run` fills gaps [year, organisation or system row, path]."""

    def __init__(self, model, chunk, normals="boxmuller"):
        self.model, self.n = model, chunk
        self.sampler = Sampler(model.plan.inputs, model.places, chunk, normals)
        kinds = {kind: [k for k in model.keys if k[0] == kind] for kind in model.ORDER}
        edges = np.cumsum([0] + [len(kinds[kind]) for kind in model.ORDER])
        self.at = {kind: slice(a, b) for kind, a, b in zip(model.ORDER, edges, edges[1:])}
        self.kinds = kinds
        self.pick = {kind: compact([model.x_row[k[1]] for k in kinds[kind]]) for kind in ("activity", "blended", "pass_through")}
        self.pick_price = compact([model.x_row[k[2]] for k in kinds["pass_through"]])
        self.share = np.array([[k[2]] for k in kinds["blended"]])
        self.keep = np.array([i for i, k in enumerate(kinds["blended"]) if k[3]], dtype=np.intp)
        mean = [[1.0] + [1.0 + model.plan.inputs.mean(k[1][0], t) for t in range(1, model.years + 1)] for k in kinds["blended"]]
        self.plan_growth = np.array(mean).reshape(len(mean), model.years + 1)
        self.plan_index = np.cumprod(self.plan_growth, axis=1)
        self.x = np.empty((len(model.demand) + len(model.price), chunk))
        self.index = np.empty((len(model.keys), chunk))
        self.planned = np.empty((len(kinds["blended"]), chunk))
        self.gap = np.empty((len(model.codes), chunk))
        self.floors = [(f, model.matrices(f.total), model.matrices(f.unspent.values()), [model.row[o] for o in f.unspent]) for f in model.floors]

    def _index_rows(self, t, value):
        model, x, index, at = self.model, self.x, self.index, self.at
        if self.kinds["blended"]:
            np.multiply(x[self.pick["blended"]], (1.0 - self.share) * self.plan_growth[:, t, None], out=self.planned)
            if len(self.keep):
                self.planned[self.keep] = ((1.0 - self.share) * self.plan_index[:, t, None])[self.keep]
        x *= value[:len(x)]
        uplift, error, efficiency = (value[model.value_row[p]] for p in model.tariff)
        self.rate *= uplift + (error - efficiency) + model.plan.computed_uplift[t]
        if self.kinds["activity"]:
            np.multiply(x[self.pick["activity"]], self.rate, out=index[at["activity"]])
        if self.kinds["blended"]:
            np.multiply(x[self.pick["blended"]], self.share, out=index[at["blended"]])
            index[at["blended"]] += self.planned
            index[at["blended"]] *= self.rate
        if self.kinds["pass_through"]:
            np.multiply(x[self.pick["pass_through"]], x[self.pick_price], out=index[at["pass_through"]])
        for i, (_, targets, soft) in enumerate(self.kinds["drift"], at["drift"].start):
            for place in targets if t in soft else ():
                index[i] *= value[model.value_row[place]]
        for i, (_, place) in enumerate(self.kinds["lambda"], at["lambda"].start):
            index[i] = value[model.value_row[place]]
        ratios = [(i, k) for i, k in enumerate(self.kinds["ratio"]) if k[2] <= t]
        if ratios:
            rows = compact([at["ratio"].start + i for i, _ in ratios])
            source = compact([model.key_row[k[1]] for _, k in ratios])
            for i, k in ratios:
                if k[2] == t:
                    np.divide(1.0, index[model.key_row[k[1]]], out=self.kappa[i])
            index[rows] = index[source] * self.kappa[compact([i for i, _ in ratios])]

    def _apply_floors(self, t, value):
        model = self.model
        for number, (floor, (w, constant), (w_unspent, c_unspent), payees) in enumerate(self.floors):
            total, fresh = w[t] @ self.index + constant[t]
            if t >= floor.start:
                growth = floor.steps[t]
                if floor.drift and t in floor.drift[2]:
                    for place in floor.drift[1]:
                        growth = growth * value[model.value_row[place]]
                needed = self.previous[number] * (growth + floor.by) - (total - fresh)
                added = np.maximum(needed, 0.0) if floor.least else np.minimum(needed, 0.0)
                self.gap[floor.row] += added
                if payees:
                    self.gap[payees] -= (w_unspent[t] @ self.index + c_unspent[t]) * (added / total)
                total = total + added
            self.previous[number] = total

    def one(self, rng, out, count):
        """One chunk: writes `count` paths into out [year, row, count]; returns the seconds that drawing took."""
        model, drawing = self.model, 0.0
        self.x[:] = 1.0
        self.index[:] = 1.0
        self.rate = np.ones(self.n)
        self.kappa = np.zeros((len(self.kinds["ratio"]), self.n))
        self.previous = [np.full(self.n, f.base) for f in model.floors]
        codes, split = len(model.codes), len(model.demand)
        for t in range(1, model.years + 1):
            clock = time.perf_counter()
            value = self.sampler.year(t, rng)
            drawing += time.perf_counter() - clock
            self._index_rows(t, value)
            np.matmul(model.w[t], self.index, out=self.gap)
            self.gap += model.constant[t]
            cost = model.moving @ self.x[split:]
            cost *= model.volume[t] @ self.x[:split]
            cost += model.steady @ self.x[split:]
            self.gap[model.owner_rows] += cost
            self._apply_floors(t, value)
            out[t - 1, :codes] = self.gap[:, :count]
            out[t - 1, codes:] = model.sum @ self.gap[:, :count]
        return drawing

    def run(self, paths, seed, out):
        """Fill out [year, row, path]; returns (seconds in all, seconds of drawing)."""
        rng = np.random.Generator(np.random.SFC64(seed))
        clock, drawing = time.perf_counter(), 0.0
        for start in range(0, paths, self.n):
            count = min(self.n, paths - start)
            drawing += self.one(rng, out[:, :, start:start + count], count)
        return time.perf_counter() - clock, drawing
