"""The plan projected flow by flow, in the order of the model's page: the readable twin of the fast simulator.

`actions` is what programmes do in a layer (programme.Actions); None is do_nothing. What capital, workforce and loans add to
cost is added by layer.py, between the years.
"""
from collections import defaultdict

import numpy as np

from plan import COMMISSIONERS, NHS_ENGLAND, PROVIDERS


GRID = 2.0 ** -30       # £m, about a tenth of a penny: a floor or trajectory that is met to it is met, whatever the last bits of a sum


class Projection:
    """Money by organisation and year, a year at a time; `value(place, t)` gives x_t of (target, system, organisation).

    Dicts of lists over years 1..T: income[o], cost[o], activity[o, service], spending[s, service]; of the year done last:
    volume[o], gross[o, category] (cost before savings), stranded[o], floors[name, payer].
    """

    def __init__(self, plan, value, actions=None, grid=None):
        self.grid, self.plan, self.value, self.actions = grid, plan, value, actions
        self.income, self.cost, self.activity, self.spending = (defaultdict(lambda: [0.0] * plan.years) for _ in range(4))
        self.floors = defaultdict(lambda: [0.0] * plan.years)
        self.moved = plan.joining()
        self.tariff = 1.0
        self.index = defaultdict(lambda: 1.0)                # demand by place, prices by place
        self.planned = defaultdict(lambda: 1.0)              # blended plans that keep their year 0
        self.drift = defaultdict(lambda: 1.0)                # allocation beyond the table, by (payer, stream)
        self.block = defaultdict(lambda: 1.0)
        self.extra, self.last_total, self.cuts = defaultdict(list), {}, defaultdict(lambda: [0.0])
        self.places = dict.fromkeys(f.place for f in plan.flows)
        self.prices = dict.fromkeys([plan.price_place(f) for f in plan.flows if f.mechanism == "pass_through"]
                                    + [plan.price_at(k, o) for o, k in plan.cost])
        self.received_before = {key: amounts[0] for key, amounts in plan.allocation.items()}
        self.done = [1.0] * len(plan.flows)                  # activity of each flow in the year before, year 0 = 1

    def _add(self, account, key, t, amount):
        account[key][t - 1] = account[key][t - 1] + amount

    def year(self, t):
        self._grow(t)
        growth = self._allocate(t)
        paid = self._pay(t)
        self.plain = list(paid)                              # before transfers and floors
        new = self._transfer(t, paid)
        self._floors(t, paid, new, growth)
        self._post(t, paid)
        self._own_cost(t)

    def _grow(self, t):
        inputs, value, index = self.plan.inputs, self.value, self.index
        uplift = value(inputs.place("tariff.uplift", "", ""), t) + self.plan.computed_uplift[t] + value(inputs.place("tariff.error", "", ""), t)
        self.tariff = self.tariff * (1.0 + uplift - value(inputs.place("tariff.efficiency", "", ""), t))
        self.before = dict(index)
        for place in self.places:
            g = self.plan.demographic_growth(place[0], place[2], t)
            index[place] = index[place] * (1.0 + g) * (1.0 + value(self.plan.demand_at(place), t))
            self.planned[place] *= (1.0 + g) * (1.0 + inputs.mean("demand." + place[2], t))
        for place in self.prices:
            index[place] = index[place] * (1.0 + value(place, t))

    def _allocate(self, t):
        """Allocations received, and the growth that block flows follow."""
        plan, growth = self.plan, {}
        for key, amounts in plan.allocation.items():
            for target in plan.allocation_targets(key):
                if t in plan.soft.get(key, ()):
                    self.drift[key] = self.drift[key] * (1.0 + self.value(target, t))
            received = amounts[t] * self.drift[key]
            already = sum(a for transfer, a in self.moved[key] if transfer.year == t)
            growth[key] = (received - already) / self.received_before[key] - 1.0
            self.block[key] = self.block[key] * (1.0 + growth[key])
            self.received_before[key] = received
            self._add(self.income, key[0], t, received)
        return growth

    def _cut(self, flow, t, part="all"):
        return self.actions.cut(flow, t, part) if self.actions else 0.0

    def _pay(self, t):
        """Payments by mechanism, before transfers and floors."""
        plan, paid = self.plan, []
        self.volume_of = []
        for i, f in enumerate(plan.flows):
            a = self.index[f.place] * (1.0 - self._cut(f, t))
            if f.mechanism == "activity":
                pay = f.amount * a * self.tariff
            elif f.mechanism == "blended":
                g, x = plan.demographic_growth(f.place[0], f.service, t), plan.inputs.mean("demand." + f.service, t)
                left = 1.0 - self._cut(f, t, "planned")
                a_plan = self.planned[f.place] * left if f.plan_fixed else (
                    self.done[i] * (1.0 + g) * (1.0 + x) * left / (1.0 - self._cut(f, t - 1, "planned")))
                pay = f.amount * self.tariff * (a_plan + f.share * (a - a_plan))
            elif f.mechanism == "pass_through":
                pay = f.amount * a * self.index[plan.price_place(f)] * (1.0 - (self.actions.price_cut(f, t) if self.actions else 0.0))
            elif f.mechanism == "block":
                key = (f.payer, f.stream)
                pay = f.amount * (np.prod([1.0 + u for u in f.uplift[1:t + 1]]) if f.uplift else self.block[key])
            elif f.mechanism == "fixed":
                payer_says, payee_says = f.contract[t]
                place = plan.inputs.place("contract.lambda", plan.patients_system(f.payer), f.payer)
                middle = self.value(place, t) if plan.inputs.acting("contract.lambda") else 0.5
                pay = payer_says + middle * (payee_says - payer_says)
            else:
                raise SystemExit(f"unknown mechanism {f.mechanism}")
            self.volume_of.append(a)
            paid.append(pay)
        self.done = self.volume_of
        return paid

    def _transfer(self, t, paid):
        """Transfers join their flows, and are then indexed like them, and so is the allocation that comes with them."""
        plan, plain, new = self.plan, list(paid), [0.0] * len(paid)
        for transfer in plan.transfers:
            if transfer.year > t or transfer.year < t and not transfer.recurrent:
                continue
            total = 0.0

            def move(i, gain):
                """What a flow gains; its payer is given as much as allocations do not yet hold."""
                paid[i] = paid[i] + gain
                new[i] = new[i] + gain * (transfer.year == t)
                if plan.kind(plan.flows[i].payer) in COMMISSIONERS:
                    self._add(self.income, plan.flows[i].payer, t, (1.0 - transfer.already) * gain)
            for i, share in transfer.flows_to.items():
                if transfer.year == t:
                    self.extra["flow", transfer.name, i] = transfer.amount * share / plain[i]
                gain = self.extra["flow", transfer.name, i] * plain[i]
                move(i, gain)
                total = total + gain
            for i, share in transfer.flows_from.items():
                move(i, -share * (total if transfer.flows_to else transfer.amount))
        return new

    def _floors(self, t, paid, new, growth):
        """Floors and caps of the settlement; the payee spends what it is given."""
        plan = self.plan
        for floor in plan.floors:
            for payer, group in floor.groups.items():
                total = sum(paid[i] for i in group)
                if t >= floor.start:
                    reference = growth[payer, plan.default_stream(payer, "")] if floor.reference is None else floor.reference
                    before_floor = self.last_total.get((floor.name, payer), sum(plan.flows[i].amount for i in group))
                    target = before_floor * (1.0 + reference + floor.by)
                    fresh = sum(new[i] for i in group)
                    gap = target - (total - fresh)
                    gap = np.rint(gap / self.grid) * self.grid if self.grid else gap
                    added = np.maximum(gap, 0.0) if floor.least else np.minimum(gap, 0.0)
                    for i in group:
                        part = added * paid[i] / total
                        paid[i] = paid[i] + part
                        if plan.flows[i].payee in plan.organisations and plan.flows[i].mechanism != "pass_through":
                            self._add(self.cost, plan.flows[i].payee, t, floor.spent * part)
                    self._add(self.floors, (floor.name, payer), t, added)
                    total = total + added
                self.last_total[floor.name, payer] = total

    def _post(self, t, paid):
        """Both ends of every flow; pass-through cost equals pass-through income. Then money of programmes."""
        plan = self.plan
        for i, (f, pay) in enumerate(zip(plan.flows, paid)):
            if f.payer in plan.organisations:
                self._add(self.cost, f.payer, t, pay)
            if f.payee in plan.organisations:
                self._add(self.income, f.payee, t, pay)
                if f.mechanism == "pass_through":
                    self._add(self.cost, f.payee, t, pay)
            for o in {f.payer, f.payee} & plan.organisations.keys():
                if f.activity:
                    self._add(self.activity, (o, f.service), t, f.activity * self.volume_of[i])
            if plan.kind(f.payer) in COMMISSIONERS:
                self._add(self.spending, f.service, t, pay)
        money = [(payer, payee, amounts[t], True) for payer, payee, amounts in plan.investment]
        for payer, payee, amount, spent in money + (self.actions.money(t) if self.actions else []):
            if payer in plan.organisations:
                self._add(self.cost, payer, t, amount)
            if payee in plan.organisations:
                self._add(self.income, payee, t, amount)
                if spent:                                       # a payee spends what it is given for something
                    self._add(self.cost, payee, t, amount)

    def _own_cost(self, t):
        """Providers' own costs: growth at its share, cuts by their age, price, savings."""
        plan, index = self.plan, self.index
        own = defaultdict(lambda: [0.0, 0.0, 0.0])
        for i, f in enumerate(plan.flows):
            if f.payee in plan.organisations and f.mechanism != "pass_through":
                sums = own[f.payee]
                own[f.payee] = [sums[0] + f.amount * index[f.place], sums[1] + f.amount * self.volume_of[i], sums[2] + f.amount]
        undone = {o: s[0] / s[2] for o, s in own.items()}
        self.volume = defaultdict(lambda: 1.0, {o: s[1] / s[2] for o, s in own.items()})
        self.gross, self.price, self.stranded = {}, {}, defaultdict(float)
        for o in undone:
            self.cuts[o].append(undone[o] - self.volume[o])
        for (o, k), base in plan.cost.items():
            cuts = self.cuts[o]
            freed = sum(plan.variable_share(k, t - u + 1) * (cuts[u] - cuts[u - 1]) for u in range(1, t + 1)) if len(cuts) > t else 0.0
            grown = 1.0 + plan.growth_share[o, k] * (undone.get(o, 1.0) - 1.0) - freed
            price = index[plan.price_at(k, o)]
            self.gross[o, k] = base * grown * price
            keep = 1.0 - self.actions.saving(o, k, t) if self.actions else 1.0
            self._add(self.cost, o, t, self.gross[o, k] * keep)
            if plan.kind(o) in PROVIDERS and len(cuts) > t:             # what moving with activity as growth does would have saved
                self.stranded[o] += base * price * (plan.growth_share[o, k] * cuts[t] - freed)


def project(plan, value, actions=None):
    """All years: income[o], cost[o], activity[o, service], spending[service], lists over years 1..T."""
    projection = Projection(plan, value, actions)
    for t in range(1, plan.years + 1):
        projection.year(t)
    return projection.income, projection.cost, projection.activity, projection.spending


def gaps(plan, income, cost):
    """Gap by organisation, and by system: whole, commissioners, providers, without NHS England's own."""
    gap = {o: [c - i for c, i in zip(cost[o], income[o])] for o in plan.organisations}

    def total(shares, kinds=None, without=()):
        return [sum(share * gap[o][t] for o, share in shares.items()
                    if (kinds is None or plan.kind(o) in kinds) and plan.kind(o) not in without) for t in range(plan.years)]
    systems = {s: {"system": total(shares), "commissioner": total(shares, COMMISSIONERS), "provider": total(shares, PROVIDERS),
                   "excluding_nhs_england": total(shares, without=NHS_ENGLAND)} for s, shares in plan.shares.items()}
    return gap, systems
