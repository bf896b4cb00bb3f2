"""Programmes: how much of each is in place in a year, and what it takes off activity, prices and cost (model sections 6, 11).

Written from the model's page alone, for expectations: every driver at its mean. Fractions only; effects in money are refused.
"""
from collections import defaultdict

from plan import COMMISSIONERS, PROVIDERS
from scenario import items, number

COST_KINDS = ("unit_cost", "recovery", "price", "variation")
DEFAULT_TEST = {"recovery": 1, "unit_cost": 2, "price": 2, "variation": 3, "demand": 4}


def ramp_integral(u, s_curve):
    """∫ of the ramp from 0 to u, u in ramp lengths."""
    if u <= 0.0:
        return 0.0
    if u >= 1.0:
        return u - 0.5
    return u ** 3 - 0.5 * u ** 4 if s_curve else 0.5 * u * u


def in_place(year, start, ramp, s_curve):
    """Average over year `year` (months 12·year … 12·year + 12) of a ramp that starts in month `start`."""
    a, b = 12.0 * year - start, 12.0 * year + 12.0 - start
    if ramp <= 0.0:
        return (max(b, 0.0) - max(a, 0.0)) / 12.0
    return (ramp_integral(b / ramp, s_curve) - ramp_integral(a / ramp, s_curve)) * ramp / 12.0


class Programme:
    def __init__(self, plan, row):
        self.plan, self.code, self.kind, self.row = plan, row["code"], row["kind"], row
        self.test = int(row["test"]) if row.get("test") else DEFAULT_TEST.get(self.kind)
        self.releases = row.get("releases") or "cash"
        self.committed = row.get("committed", "").lower() == "yes"
        self.effect = number(row, "full_year_effect", 0.0)
        if row.get("effect_unit") == "money":
            raise SystemExit(f"{self.code}: effects in money are not supported here")
        self.start = plan.scenario.month(row["start"]) if row.get("start") else 12
        self.ramp, self.s_curve = number(row, "ramp_months", 0.0), row.get("ramp") == "s_curve"
        self.tranches = int(number(row, "tranches", 1))
        self.factor = number(row, "delivery_factor", 1.0)
        self.targets = plan.targets(row.get("target_organisations"))
        self.services, self.categories = items(row.get("target_services")), items(row.get("target_categories"))
        self.needs_scheme, self.needs_programme = row.get("needs_scheme") or None, row.get("needs_programme") or None
        self.group, self.overlap = row.get("overlap_group") or self.code, number(row, "overlap", 1.0)
        self.lever = row.get("lever")
        self.amounts = [a or 0.0 for a in plan.scenario.by_year(row, "amount") or [0.0] * (plan.years + 1)]
        self.sponsors = plan.targets(row.get("sponsor")) or self._own_sponsors()

    def _own_sponsors(self):
        """Target payers of a demand or price programme; where no target pays, and of other kinds, the targets."""
        flows = self.plan.flows
        if self.kind in ("demand", "price"):
            payers = {f.payer for f in flows if self.moderates(f) or self.reprices(f)}
            return [o for o in self.targets if o in payers] or self.targets
        if self.kind in ("income", "investment"):
            return [o for o in self.plan.organisations if o == self.row.get("payee" if self.kind == "income" else "payer")]
        return self.targets

    def bearers(self):
        """Who pays its running cost, and in which shares: by base income; of a system its providers."""
        text = self.row.get("bears_cost") or self.row.get("sponsor") or ""
        plan, codes = self.plan, self.plan.targets(text) or self.sponsors
        if text.startswith("system=") and ";" not in text:
            codes = [o for o in codes if plan.kind(o) in PROVIDERS]
        total = sum(plan.base_income(o) for o in codes)
        return {o: plan.base_income(o) / total for o in codes} if total else {}

    # -- whom it touches ---------------------------------------------------------------------------------------

    def covers(self, service):
        return not self.services or "*" in self.services or service in self.services

    def spends_on(self, category):
        return not self.categories or "*" in self.categories or category in self.categories

    def moderates(self, flow):
        return self.kind == "demand" and self.covers(flow.service) and (flow.payer in self.targets or flow.payee in self.targets)

    def reprices(self, flow):
        return (self.kind == "price" and flow.mechanism == "pass_through" and self.covers(flow.service) and self.spends_on(flow.category)
                and (flow.payer in self.targets or flow.payee in self.targets))

    # -- how much of it there is -------------------------------------------------------------------------------

    def draw(self, column, default, t):
        """A cell that is a number or a driver's name, at the driver's mean of year t."""
        text = self.row.get(column) or ""
        for driver in self.plan.inputs.drivers:
            if driver.name == text:
                return driver.family.mean(t)
        return float(text) if text else default

    def level(self, t, opened=None, part="all"):
        """Share of what it acts on that it takes off in year t, tranches combined.

        part: all; recurrent; planned (full delivery, no slippage). `opened`: the year at whose end its scheme opened.
        """
        if t < 1 or self.needs_scheme and opened is None:
            return 0.0
        earliest = 12 * (opened + 1) if self.needs_scheme else float("-inf")
        left = 1.0
        for n in range(self.tranches):
            start = self.start if n == 0 else 12 * (self.start // 12 + n)
            drawn = max(1, start // 12)
            if drawn > self.plan.years:
                continue
            slip = 0.0 if part == "planned" else self.draw("slippage", 0.0, drawn)
            begin = max(start + slip, earliest)
            here = in_place(t, begin, self.ramp, self.s_curve)
            if part == "planned":
                left *= 1.0 - self.effect * here
                continue
            lasting = self.draw("recurrent_share", 1.0, drawn)
            first = next((u for u in range(t + 1) if in_place(u, begin, self.ramp, self.s_curve) > 0.0), None)
            stays = lasting + (1.0 - lasting) * (part == "all" and t == first)
            left *= 1.0 - self.effect * self.draw("delivery", 1.0, drawn) * self.factor * here * stays
        return 1.0 - left

    def running_cost(self, t):
        """£m of the whole programme in year t: once in the start year, yearly from it at its prices, indexed with the deflator."""
        year = max(1, self.start // 12)
        if t < year or self.start // 12 > self.plan.years:
            return 0.0
        price = self.plan.deflator(t) / self.plan.deflator(year)
        return number(self.row, "cost_per_year", 0.0) * price + number(self.row, "cost_one_off", 0.0) * (t == self.start // 12)


def combine(effects):
    """1 − Π(1 − s) over programmes; of an overlap group max + (1 − ω)·rest. `effects`: [(programme, s)]."""
    groups = defaultdict(list)
    for programme, s in effects:
        groups[programme.group].append((s, programme.overlap))
    left = 1.0
    for members in groups.values():
        values = [s for s, _ in members]
        largest = max(values)
        left *= 1.0 - (largest + (1.0 - members[0][1]) * (sum(values) - largest))
    return 1.0 - left


class Actions:
    """The programmes of one layer; `every`: those of the whole plan. `opened`: scheme → year at whose end it opened, filled as the years go by."""

    def __init__(self, plan, benchmark, programmes, schemes, every=()):
        self.plan, self.benchmark, self.opened = plan, benchmark, {}
        chosen = {p.code: p for p in programmes}
        self.variation = [p for p in every if p.kind == "variation"]

        def acts(p):
            if p.needs_scheme and p.needs_scheme not in schemes:
                return False
            return not p.needs_programme or p.needs_programme in chosen and acts(chosen[p.needs_programme])
        self.programmes = [p for p in programmes if acts(p)]
        self._levels = {}

    def level(self, p, t, part="all"):
        key = (p.code, t, part, self.opened.get(p.needs_scheme))
        if key not in self._levels:
            self._levels[key] = p.level(t, self.opened.get(p.needs_scheme), part)
        return self._levels[key]

    def cut(self, flow, t, part="all", only=lambda p: True):
        """Share of a flow's activity that is moderated in year t."""
        effects = []
        for p in self.programmes:
            if not only(p):
                continue
            if p.moderates(flow):
                effects.append((p, self.level(p, t, part)))
            elif p.kind == "variation" and flow.payer in p.targets and p.covers(flow.service) and self.plan.kind(flow.payer) in COMMISSIONERS:
                distance = self.benchmark.rate(flow.payer, flow.service)
                if distance:
                    effects.append((p, distance * self.level(p, t, part)))
        return combine(effects)

    def opportunity(self, code, category, money_of):
        """£m that full closing of what the plan's variation programmes aim at would save: each cost counted once.

        `money_of`: of a line of cost before savings (category), or of a payer's service if nothing is done (None).
        """
        plan, bench = self.plan, self.benchmark
        aimed = [p for p in self.variation if code in p.targets]
        if category is not None:
            services = [s for s in bench.services("unit_cost") if any(p.covers(s) and p.spends_on(category) for p in aimed)]
            return money_of(category) * sum(bench.unit_cost(code, s) * plan.service_share(code, [s]) for s in services)
        return sum(money_of(s) * bench.rate(code, s) for s in bench.services("rate") if any(p.covers(s) for p in aimed))

    def price_cut(self, flow, t):
        return combine([(p, self.level(p, t)) for p in self.programmes if p.reprices(flow)])

    def _share(self, p, code, category):
        """What a programme of full effect takes off the line (code, category)."""
        if p.kind not in COST_KINDS or code not in p.targets or not p.spends_on(category):
            return 0.0
        if p.kind != "variation":
            return self.plan.service_share(code, p.services)
        return sum(self.benchmark.unit_cost(code, s) * self.plan.service_share(code, [s])
                   for s in self.benchmark.services("unit_cost") if p.covers(s))

    def saving(self, code, category, t, part="all", only=lambda p: True):
        effects = []
        for p in self.programmes:
            share = self._share(p, code, category) if only(p) else 0.0
            if share:
                effects.append((p, share * self.level(p, t, part)))
        return combine(effects)

    def lever(self, name, code, t):
        """What leavers and agency_share (1 − s) or joiners (1 + s) are multiplied by."""
        out = 1.0
        for p in self.programmes:
            if p.kind == "workforce" and p.lever == name and code in p.targets:
                out *= 1.0 + (1.0 if name == "joiners" else -1.0) * self.level(p, t)
        return out

    def money(self, t):
        """[(payer, payee, £m, is it spent by the payee)]: income, investment, running cost of programmes."""
        out = []
        for p in self.programmes:
            amount = p.amounts[t] * p.draw("delivery", 1.0, t) * p.factor
            if p.kind == "income":
                out.append((p.row.get("payer"), p.row.get("payee"), amount, False))
            elif p.kind == "investment" and not p.committed:
                out.append((p.row.get("payer"), p.row.get("payee"), amount, True))
            cost = p.running_cost(t)
            out += [(o, None, share * cost, True) for o, share in p.bearers().items() if cost]
        return out
