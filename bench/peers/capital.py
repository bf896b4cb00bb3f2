"""Capital: need, what the envelope funds, schemes, failures, depreciation and dividend (model sections 8 and 11)."""
from collections import defaultdict

from plan import PROVIDERS
from scenario import items, number

RISKS = ("high", "significant", "moderate", "low")
NEEDS = RISKS + ("equipment", "capacity", "schemes")
ORDER = ["started", "mandatory", "high", "equipment", "schemes", "significant", "capacity", "moderate", "low"]
DIVIDEND = 0.035
DAYS = 365.0
LIFE_OF_BUILDING, LIFE_OF_EQUIPMENT = 25.0, 10.0    # of what is not a scheme and so has no life of its own


class Scheme:
    def __init__(self, plan, row):
        self.code, self.owner, self.priority = row["code"], row["organisation"], int(row["priority"])
        self.funding, self.mandatory = row.get("funding") or "envelope", row.get("mandatory") == "yes"
        self.year = plan.scenario.month(row["start"]) // 12
        self.life = number(row, "life_years")
        self.clears, self.beds = number(row, "clears_backlog", 0.0), number(row, "adds_beds", 0.0)
        years = int(number(row, "years", 1))
        shares = [float(part) for part in items(row.get("phasing"))] or [1.0 / years] * years
        factor = 1.0                                # optimism bias and the like: a multiple of the planned cost
        for driver in plan.inputs.drivers:
            if driver.name == (row.get("cost_driver") or None):
                factor = driver.family.mean(max(1, self.year))
        self.phases = [number(row, "cost") * factor * share for share in shares]


class Works:
    """A scheme on its way: when it started, what is due and not yet paid."""

    def __init__(self, scheme):
        self.scheme, self.arrears, self.above = scheme, 0.0, 0.0    # above: £m spent beyond base depreciation
        self.started = scheme.year if scheme.year < 1 else None
        self.opened = None

    def due(self, t):
        s = self.scheme
        if self.opened is not None or t < s.year:
            return 0.0
        if self.started is None:
            return s.phases[0]
        return self.arrears + (s.phases[t - self.started] if t - self.started < len(s.phases) else 0.0)

    def pay(self, t, due, paid):
        if self.started is None:
            if paid <= 0.0:
                return
            self.started = t
        self.arrears = due - paid
        if self.arrears <= 1e-12 and t - self.started >= len(self.scheme.phases) - 1:
            self.opened = t


def all_schemes(plan):
    return [Scheme(plan, row) for row in plan.scenario.table("schemes")]


class Capital:
    def __init__(self, plan, schemes, opened):
        """`schemes`: those of the layer; `opened`: told the year at whose end each one opens."""
        self.plan, self.opened = plan, opened
        self.works = sorted((Works(s) for s in schemes), key=lambda w: (w.scheme.priority, w.scheme.code))
        self.order = plan.scenario.block("capital_order") or ORDER
        self.providers = [o for o in plan.organisations if plan.kind(o) in PROVIDERS]
        self.base_charges = {o: max(0.0, plan.cost.get((o, "capital_charges"), 0.0)) for o in plan.organisations}
        self.backlog, self.growth = {}, {}
        for row in plan.scenario.table("backlog"):
            self.backlog[row["code"], row["risk"]] = number(row, "amount")
            self.growth[row["code"], row["risk"]] = number(row, "growth_unfunded", 0.0)
        self.envelope, self.equipment_need = {}, {}
        for row in plan.scenario.table("capital"):
            key = row["system"], plan.scenario.year_index(row["year"])
            self.envelope[key], self.equipment_need[key] = number(row, "envelope"), number(row, "equipment_need", 0.0)
        self.beds = {row["code"]: [number(row, "beds_open"), number(row, "cost_per_bed")] for row in plan.scenario.table("beds")}
        self.stay = {row["code"]: number(row, "length_of_stay_days") / (DAYS * number(row, "occupancy", 1.0))
                     for row in plan.scenario.table("services") if row.get("length_of_stay_days")}
        self.equipment, self.building = defaultdict(float), 1.0
        self.net, self.assets = defaultdict(float), defaultdict(list)       # assets: (year opened, £m, life)

    # -- need at the start of the year -------------------------------------------------------------------------

    def _grow_backlog(self, t):
        """What is left grows, and everything is at the year's prices; what schemes have taken on comes off, worst risk first."""
        mean = self.plan.inputs.mean
        inflation = 1.0 + mean("price.building", t)
        self.building *= inflation
        for key in self.backlog:
            grown = 1.0 + self.growth[key] + mean("backlog.growth", t) if t > 1 else 1.0
            self.backlog[key] *= grown * inflation
        for w in self.works:
            if w.started is not None and not getattr(w, "cleared", False):
                w.cleared, left = True, w.scheme.clears * self.building
                for risk in RISKS:
                    key = w.scheme.owner, risk
                    if key in self.backlog:
                        taken = min(left, self.backlog[key])
                        self.backlog[key] -= taken
                        left -= taken
                if w.scheme.owner in self.beds:
                    self.beds[w.scheme.owner][0] += w.scheme.beds

    def _needs(self, t, treated):
        plan, need = self.plan, defaultdict(float)
        for key, amount in self.backlog.items():
            need[key] = amount
        for system in {s for s, u in self.equipment_need if u == t}:
            members = {o: self.base_charges[o] for o in self.providers if plan.organisations[o].system == system}
            for o, charges in members.items():
                self.equipment[o] += self.equipment_need[system, t] * charges / sum(members.values())
        for o, amount in self.equipment.items():
            need[o, "equipment"] = amount
        for o, (standing, cost) in self.beds.items():
            required = sum(treated.get((o, service), 0.0) * stay for service, stay in self.stay.items())
            need[o, "capacity"] = max(0.0, required - standing) * cost * self.building
        return need

    # -- what is funded ----------------------------------------------------------------------------------------

    def _fund_schemes(self, t, works, left, spend):
        for w in works:
            due = w.due(t)
            fits = due <= left + 1e-12 if w.started is None else True
            paid = min(due, left) if fits else 0.0
            if due > 0.0:
                spend[w.scheme.code] = paid
                left -= paid
        return left

    def _fund(self, t, system, need, spend, scheme_spend):
        """Down the order until the envelope is empty; a line is shared by need, schemes go by priority and then code."""
        left = self.envelope.get((system, t), 0.0) * (1.0 + self.plan.inputs.mean("capital.envelope", t))
        here = [w for w in self.works if self.plan.organisations[w.scheme.owner].system == system and w.scheme.funding == "envelope"]
        running = [w for w in here if w.started is not None]
        fresh = [w for w in here if w.started is None]
        kinds = {"started": running, "mandatory": [w for w in fresh if w.scheme.mandatory],
                 "schemes": [w for w in fresh if not w.scheme.mandatory]}
        for line in self.order:
            if line in kinds:
                left = self._fund_schemes(t, kinds[line], left, scheme_spend)
                continue
            wanted = {o: need[o, line] for o in self.plan.organisations if need.get((o, line)) and self.plan.organisations[o].system == system}
            total = sum(wanted.values())
            part = min(1.0, left / total) if total else 0.0
            for o, amount in wanted.items():
                spend[o, line] = part * amount
            left -= part * total

    def _charges(self, t, spend, scheme_spend):
        """Depreciation from the year after opening, and dividend on the average of opening and closing net assets added."""
        out = {}
        for o in self.plan.organisations:
            works = [w for w in self.works if w.scheme.owner == o and w.scheme.funding != "donated"]
            total = sum(spend.get((o, n), 0.0) for n in NEEDS[:-1]) + sum(scheme_spend.get(w.scheme.code, 0.0) for w in works)
            above = max(0.0, total - self.base_charges[o])
            part = above / total if total else 0.0
            depreciation = sum(cost / life for opened, cost, life in self.assets[o] if opened < t <= opened + life)
            for n in NEEDS[:-1]:
                if spend.get((o, n)):
                    self.assets[o].append((t, part * spend[o, n], LIFE_OF_EQUIPMENT if n == "equipment" else LIFE_OF_BUILDING))
            for w in works:
                w.above += part * scheme_spend.get(w.scheme.code, 0.0)
                if w.opened == t:
                    self.assets[o].append((t, w.above, w.scheme.life))
            opening = self.net[o]
            self.net[o] = opening + above - depreciation
            out[o] = depreciation + DIVIDEND * 0.5 * (opening + self.net[o])
        return out

    def year(self, t, treated):
        """One year; `treated`: activity by (provider, service) in its own unit. Figures by organisation and need, £m."""
        plan, mean = self.plan, self.plan.inputs.mean
        self._grow_backlog(t)
        need, spend, scheme_spend = self._needs(t, treated), {}, {}
        due = {w.scheme.code: w.due(t) for w in self.works}
        for system in {o.system for o in plan.organisations.values()}:
            self._fund(t, system, need, spend, scheme_spend)
        for w in self.works:
            if w.scheme.funding != "envelope":
                scheme_spend[w.scheme.code] = due[w.scheme.code]
            need[w.scheme.owner, "schemes"] += due[w.scheme.code]
            spend[w.scheme.owner, "schemes"] = spend.get((w.scheme.owner, "schemes"), 0.0) + scheme_spend.get(w.scheme.code, 0.0)
        for w in self.works:
            if due[w.scheme.code] > 0.0 or w.started is not None and w.opened is None:
                w.pay(t, due[w.scheme.code], scheme_spend.get(w.scheme.code, 0.0))
            if w.opened == t:
                self.opened[w.scheme.code] = t
        charges = self._charges(t, spend, scheme_spend)
        carried = {key: amount - spend.get(key, 0.0) for key, amount in need.items()}
        failures = {o: mean("capital.failure_rate", t) * carried.get((o, "high"), 0.0) * mean("capital.failure_cost", t)
                    for o in plan.organisations}
        for key in self.backlog:
            self.backlog[key] = carried[key]
        for o in self.equipment:
            self.equipment[o] = carried[o, "equipment"]
        for o, (_, cost) in self.beds.items():
            self.beds[o][0] += spend.get((o, "capacity"), 0.0) / (cost * self.building)
        return {"need": dict(need), "spend": spend, "carried": carried, "charges": charges, "failures": failures, "schemes": scheme_spend}
