"""Capital: need, what the envelope funds, schemes, failures, depreciation and dividend (model sections 8 and 11)."""
import math
from collections import defaultdict

from plan import PROVIDERS
from scenario import items, number

RISKS = ("high", "significant", "moderate", "low")
NEEDS = RISKS + ("equipment", "capacity", "schemes")
NO_BED = 1e-9         # share of those that stood: less than that is rounding
ORDER = ["started", "mandatory", "high", "equipment", "schemes", "significant", "capacity", "moderate", "low"]
DAYS = 365.0
# Unless the scenario says otherwise; lives are of what is not a scheme and so has none of its own.
DIVIDEND, LIFE_OF_BUILDING, LIFE_OF_EQUIPMENT = 0.035, 25.0, 8.0


def drawn_value(plan, text, t, default):
    """A cell that is a number or a driver's name, at the driver's mean of year t."""
    for driver in plan.inputs.drivers:
        if driver.name == (text or None):
            return driver.family.mean(t)
    return float(text) if text else default


class Scheme:
    def __init__(self, plan, row):
        self.code, self.owner, self.priority = row["code"], row["organisation"], int(row["priority"])
        self.funding, self.mandatory = row.get("funding") or "envelope", row.get("mandatory") == "yes"
        self.life = number(row, "life_years")
        self.clears, self.beds = number(row, "clears_backlog", 0.0), number(row, "adds_beds", 0.0)
        years = int(number(row, "years", 1))
        shares = [float(part) for part in items(row.get("phasing"))] or [1.0 / years] * years
        planned = plan.scenario.month(row["start"]) // 12
        drawn = min(max(1, planned), plan.years)
        factor = drawn_value(plan, row.get("cost_driver"), drawn, 1.0)      # optimism bias and the like: of the planned cost
        late = 0.0 if planned < 1 else drawn_value(plan, row.get("slippage"), drawn, 0.0)    # what was planned to have begun has
        self.year = planned + math.ceil(late / 12.0)
        self.complete = planned < 1 and planned + years <= 1
        self.phases = [number(row, "cost") * factor * share for share in shares]


class Works:
    """A scheme on its way: when it started, what is due and not yet paid."""

    def __init__(self, scheme):
        self.scheme, self.arrears, self.above = scheme, 0.0, 0.0    # above: £m spent beyond base depreciation
        self.started = scheme.year if scheme.year < 1 else None
        self.opened = scheme.year + len(scheme.phases) - 1 if scheme.complete else None
        self.cleared = scheme.complete              # what it clears and adds is taken as counted
        self.exposed = 0.0                          # £m at base prices of high-risk backlog that it takes on

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
        for s in schemes:
            if s.complete:
                self.opened[s.code] = 0
        self.works = sorted((Works(s) for s in schemes), key=lambda w: (w.scheme.priority, w.scheme.code))
        self.order = plan.scenario.block("capital_order") or ORDER
        self.providers = [o for o in plan.organisations if plan.kind(o) in PROVIDERS]
        self.charges = {o: max(0.0, plan.cost.get((o, "capital_charges"), 0.0)) for o in plan.organisations}
        self.base_charges = dict(self.charges)      # depreciation of the base year: spending up to it replaces
        self.backlog, self.growth = {}, {}
        settings = plan.scenario.settings
        self.dividend = float(settings.get("dividend_rate", DIVIDEND))
        self.lives = {"equipment": float(settings.get("equipment_life", LIFE_OF_EQUIPMENT))}
        self.life_of_building = float(settings.get("building_life", LIFE_OF_BUILDING))
        for row in plan.scenario.table("organisations"):
            self.base_charges[row["code"]] = number(row, "base_depreciation", self.charges[row["code"]])
        for row in plan.scenario.table("backlog"):
            self.backlog[row["code"], row["risk"]] = number(row, "amount")
            self.growth[row["code"], row["risk"]] = number(row, "growth_unfunded", 0.0)
        self.envelope, self.equipment_need = {}, {}
        for row in plan.scenario.table("capital"):
            key = row["system"], plan.scenario.year_index(row["year"])
            self.envelope[key], self.equipment_need[key] = number(row, "envelope"), number(row, "equipment_need", 0.0)
        self.stay = {row["code"]: number(row, "length_of_stay_days") / (DAYS * number(row, "occupancy", 1.0))
                     for row in plan.scenario.table("services") if row.get("length_of_stay_days")}
        treated = defaultdict(float)
        for f in plan.flows:
            treated[f.payee, f.service] += f.activity
        self.beds = {}                              # those that stand: where the base year needs more, as many
        for row in plan.scenario.table("beds"):
            standing = max(number(row, "beds_open"), self._beds_needed(row["code"], treated))
            self.beds[row["code"]] = [standing, number(row, "cost_per_bed"), NO_BED * standing]
        self.equipment, self.building = defaultdict(float), 1.0
        self.net, self.assets, self.gifts = defaultdict(float), defaultdict(list), defaultdict(list)       # assets: (year opened, £m, life)

    # -- need at the start of the year -------------------------------------------------------------------------

    def _grow_backlog(self, t):
        """What was left last year has grown; everything is at the year's prices. What schemes that started before have
        taken on comes off, worst risk first, and the beds that they add stand."""
        mean = self.plan.inputs.mean
        inflation = 1.0 + mean("price.building", t)
        self.building *= inflation
        for key in self.backlog:
            grown = 1.0 + self.growth[key] + mean("backlog.growth", t - 1) if t > 1 else 1.0
            self.backlog[key] *= grown * inflation
        for w in self.works:
            if w.started is not None and not w.cleared:
                w.cleared, left = True, w.scheme.clears * self.building
                for risk in RISKS:
                    key = w.scheme.owner, risk
                    if key in self.backlog:
                        taken = min(left, self.backlog[key])
                        self.backlog[key] -= taken
                        left -= taken
                        if risk == "high":
                            w.exposed = taken / self.building
                if w.scheme.owner in self.beds:
                    self.beds[w.scheme.owner][0] += w.scheme.beds

    def _beds_needed(self, code, treated):
        return sum(treated.get((code, service), 0.0) * stay for service, stay in self.stay.items())

    def _needs(self, t, treated):
        plan, need = self.plan, defaultdict(float)
        for key, amount in self.backlog.items():
            need[key] = amount
        for system in {s for s, u in self.equipment_need if u == t}:
            members = {o: self.charges[o] for o in self.providers if plan.organisations[o].system == system}
            for o, charges in members.items():
                self.equipment[o] += self.equipment_need[system, t] * charges / sum(members.values())
        for o, amount in self.equipment.items():
            need[o, "equipment"] = amount
        for o, (standing, cost, least) in self.beds.items():
            more = self._beds_needed(o, treated) - standing
            need[o, "capacity"] = more * cost * self.building if more > least else 0.0
        return need

    # -- what is funded ----------------------------------------------------------------------------------------

    def _fund_schemes(self, t, works, left, spend):
        for w in works:
            due = w.due(t)
            if due > 0.0 and due <= left + 1e-12:
                spend[w.scheme.code] = due
                left -= due
        return left

    def _fund_running(self, t, works, left, spend):
        """Later phases share what there is by what is due, as every other line does."""
        due = {w.scheme.code: w.due(t) for w in works}
        total = sum(due.values())
        part = min(1.0, left / total) if total else 0.0
        for code, amount in due.items():
            if amount > 0.0:
                spend[code] = part * amount
        return left - part * total

    def _fund(self, t, system, need, spend, scheme_spend):
        """Down the order until the envelope is empty; a line is shared by need, schemes go by priority and then code."""
        left = self.envelope.get((system, t), 0.0) * (1.0 + self.plan.inputs.mean("capital.envelope", t))
        here = [w for w in self.works if self.plan.organisations[w.scheme.owner].system == system and w.scheme.funding == "envelope"]
        running = [w for w in here if w.started is not None]
        fresh = [w for w in here if w.started is None]
        kinds = {"mandatory": [w for w in fresh if w.scheme.mandatory],
                 "schemes": [w for w in fresh if not w.scheme.mandatory]}
        for line in self.order:
            if line == "started":
                left = self._fund_running(t, running, left, scheme_spend)
                continue
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
            depreciation = sum(cost / life * min(1.0, max(0.0, opened + life + 1 - t)) for opened, cost, life in self.assets[o] if opened < t)
            for n in NEEDS[:-1]:
                if spend.get((o, n)):
                    self.assets[o].append((t, part * spend[o, n], self.lives.get(n, self.life_of_building)))
            for w in works:
                w.above += part * scheme_spend.get(w.scheme.code, 0.0)
                if w.opened == t:
                    self.assets[o].append((t, w.above, w.scheme.life))
            for w in self.works:                    # a gift is depreciated, but bears no dividend and replaces nothing
                if w.scheme.owner == o and w.scheme.funding == "donated":
                    w.above += scheme_spend.get(w.scheme.code, 0.0)
                    if w.opened == t:
                        self.gifts[o].append((t, w.above, w.scheme.life))
            gifts = sum(cost / life * min(1.0, max(0.0, opened + life + 1 - t)) for opened, cost, life in self.gifts[o] if opened < t)
            opening = self.net[o]
            self.net[o] = opening + above - depreciation
            out[o] = depreciation + gifts + self.dividend * 0.5 * (opening + self.net[o])
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
        exposed = {o: carried.get((o, "high"), 0.0) for o in plan.organisations}
        for w in self.works:                        # its backlog may fail until the end of the year in which it opens
            if w.opened is None or w.opened >= t:
                exposed[w.scheme.owner] += w.exposed * self.building
        failures = {o: mean("capital.failure_rate", t) * exposed.get(o, 0.0) * mean("capital.failure_cost", t) for o in plan.organisations}
        for key in self.backlog:
            self.backlog[key] = carried[key]
        for o in self.equipment:
            self.equipment[o] = carried[o, "equipment"]
        for o, (_, cost, _) in self.beds.items():
            self.beds[o][0] += spend.get((o, "capacity"), 0.0) / (cost * self.building)
        return {"need": dict(need), "spend": spend, "carried": carried, "charges": charges, "failures": failures, "schemes": scheme_spend}
