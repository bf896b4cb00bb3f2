"""The do-nothing plan: base year checked and sorted into flows and costs, and a readable projection of it.

Written from the model's page (sections 1 to 5 and 11) alone. Money is £m cash; a gap is positive for a shortfall.
"""
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from drivers import Inputs
from scenario import items, number, year_number

PROVIDERS = ("acute", "specialist", "mental_health", "community", "ambulance")
COMMISSIONERS = ("ccg", "specialised", "direct")
NHS_ENGLAND = ("specialised", "direct")


@dataclass
class Organisation:
    code: str
    kind: str
    system: str
    in_total: bool
    opening: float


@dataclass
class Flow:
    """One recurrent stream of money with a payment mechanism."""
    payer: str
    payee: str
    service: str
    category: str
    stream: str
    amount: float
    activity: float
    mechanism: str
    share: float                    # blended: the share of the difference from plan that is paid
    uplift: list                    # block: given yearly uplifts, or None
    plan_fixed: bool                # blended: plan_basis base
    place: tuple                    # (patients' system, provider, service): flows of one place share activity
    contract: list = None           # fixed: (payer's, payee's) amount by year


@dataclass
class Transfer:
    name: str
    year: int
    amount: float
    recurrent: bool
    already: float                  # the part already in allocations, a fraction of the amount
    flows_from: dict                # flow index → share of the amount
    flows_to: dict
    stream_from: str
    stream_to: str
    cost: float


@dataclass
class Floor:
    name: str
    least: bool
    reference: object               # None for core, else a rate
    by: float
    start: int
    spent: float
    groups: dict = field(default_factory=dict)      # payer → flow indices


class Plan:
    def __init__(self, scenario):
        self.scenario, self.years, self.labels = scenario, scenario.years, scenario.labels
        self.inputs = Inputs(scenario)
        self._read_organisations()
        self._read_population()
        self._read_allocations()
        self._read_flows()
        self._read_costs()
        self._check_opening()
        self._read_transfers()
        self._read_floors()
        self._read_tariff()
        self._read_investment()

    # -- who ---------------------------------------------------------------------------------------------------

    def _read_organisations(self):
        self.organisations, members = {}, defaultdict(dict)
        for row in self.scenario.table("membership"):
            members[row["organisation"]][row["system"]] = number(row, "share")
        for row in self.scenario.table("organisations"):
            code, kind = row["code"], row["kind"]
            system = row.get("system") or max(members[code], key=members[code].get, default="")
            counted = row.get("in_total", "").lower()
            in_total = counted == "yes" if counted else kind in PROVIDERS + COMMISSIONERS
            self.organisations[code] = Organisation(code, kind, system, in_total, number(row, "opening_surplus", 0.0))
            members[code] = dict(members[code]) or {system: 1.0}
        self.population_system = {r["code"]: r.get("population_system", "") for r in self.scenario.table("outside")}
        self.shares = defaultdict(dict)             # system → organisation → share counted in its gap
        for code, org in self.organisations.items():
            for system, share in members[code].items():
                if org.in_total and system:
                    self.shares[system][code] = share

    def patients_system(self, payer):
        return self.organisations[payer].system if payer in self.organisations else self.population_system.get(payer) or payer

    def kind(self, code):
        return self.organisations[code].kind if code in self.organisations else "outside"

    def matches(self, text, code, outside=True):
        """Does a cell naming organisations (codes, kinds, kind=…, system=…, `*`) name this one?"""
        def one(name):
            if name.startswith("kind="):
                kind = self.kind(code)
                return name[5:] == kind or name[5:] == "provider" and kind in PROVIDERS or name[5:] == "commissioner" and kind in COMMISSIONERS
            if name.startswith("system="):
                return code in self.organisations and self.organisations[code].system == name[7:]
            return name == code or name == "*" and (outside or code in self.organisations) or name == self.kind(code)
        return any(map(one, items(text)))

    # -- need --------------------------------------------------------------------------------------------------

    def _read_population(self):
        """g_demo(s, p, t): growth of age-weighted use; the population of a financial year is its mid-year's."""
        people, use = defaultdict(dict), defaultdict(dict)
        for row in self.scenario.table("population"):
            people[row["system"], year_number(row["year"]) - self.scenario.base][row["age_band"]] = number(row, "persons")
        for row in self.scenario.table("use_by_age"):
            use[row["service"]][row["age_band"]] = number(row, "use_per_head")
        self.heads = {key: sum(bands.values()) for key, bands in people.items()}
        self.weighted = {}
        for (system, t), bands in people.items():
            for service, rates in use.items():
                self.weighted[system, service, t] = sum(rates[band] * n for band, n in bands.items())

    def demographic_growth(self, system, service, t):
        before, now = self.weighted.get((system, service, t - 1)), self.weighted.get((system, service, t))
        return now / before - 1.0 if before and now else 0.0

    def deflator(self, t):
        """Price level of year t over the base year's; 1 without a table."""
        if not hasattr(self, "_deflators"):
            self._deflators = {self.scenario.year_index(row["year"]): number(row, "index") for row in self.scenario.table("deflators")}
        return self._deflators[t] / self._deflators[0] if self._deflators else 1.0

    # -- money -------------------------------------------------------------------------------------------------

    def _read_allocations(self):
        self.allocation, self.soft = {}, {}        # (payer, stream) → £m by year; → years that are not firm
        for row in self.scenario.table("allocations"):
            t = self.scenario.year_index(row["year"])
            if t is None:
                continue
            key = (row["code"], row["stream"])
            self.allocation.setdefault(key, [0.0] * (self.years + 1))[t] += number(row, "amount")
            if t > 0 and (row.get("firmness") or "firm") != "firm":
                self.soft.setdefault(key, set()).add(t)

    def default_stream(self, payer, service):
        kind = self.kind(payer)
        if kind in NHS_ENGLAND:
            return kind
        return "primary_medical" if service == "primary_medical" and (payer, "primary_medical") in self.allocation else "core"

    def _read_flows(self):
        contracts = defaultdict(dict)
        for row in self.scenario.table("contracts"):
            pair = [number(row, side, float("nan")) for side in ("payer_amount", "payee_amount")]
            pair = [pair[1 - i] if np.isnan(v) else v for i, v in enumerate(pair)]
            contracts[row["payer"], row["payee"], row["service"]][self.scenario.year_index(row["year"])] = pair
        self.flows, self.cost_rows, totals = [], [], defaultdict(float)
        self.paid, self.received = defaultdict(float), defaultdict(float)
        for row in self.scenario.table("flows"):
            if (row.get("nature") or "recurrent") != "recurrent":
                continue
            payer, payee, amount = row["payer"], row["payee"], number(row, "amount")
            self.paid[payer] += amount
            self.received[payee] += amount
            if not row.get("mechanism"):
                self.cost_rows.append((payer, row["category"], amount))
                continue
            service, mechanism = row.get("service", ""), row["mechanism"]
            uplift = self.scenario.by_year(row, "uplift")
            if uplift and mechanism != "block":
                raise SystemExit(f"an uplift is for block flows: {row}")
            flow = Flow(payer, payee, service, row.get("category", ""), row.get("stream") or self.default_stream(payer, service), amount,
                        number(row, "activity", 0.0), mechanism, number(row, "variable_share", 0.2), uplift,
                        row.get("plan_basis") == "base", (self.patients_system(payer), payee, service))
            if mechanism == "pass_through" and not flow.category:
                flow.category = "drugs"
            if mechanism == "block" and not uplift and (payer, flow.stream) not in self.allocation:
                raise SystemExit(f"a block flow needs an uplift or its payer's allocation: {row}")
            self.flows.append(flow)
            if mechanism == "fixed":
                totals[payer, payee, service] += amount
                flow.contract = contracts[payer, payee, service]
        for flow in self.flows:                     # several fixed flows of one contract share it by base value
            if flow.contract is not None:
                part = flow.amount / totals[flow.payer, flow.payee, flow.service] if totals[flow.payer, flow.payee, flow.service] else 1.0
                flow.contract = [None] + [[part * side for side in flow.contract[t]] for t in range(1, self.years + 1)]

    def _read_costs(self):
        """Base cost by (organisation, category), base pass-through taken out; growth share; weights of volume."""
        growth = {r["code"]: number(r, "growth_share", 1.0) for r in self.scenario.table("categories")}
        self.variable = {r["code"]: (number(r, "variable_share_first_year", 1.0), number(r, "variable_share_long_run", 1.0),
                                     number(r, "years_to_long_run", 1.0)) for r in self.scenario.table("categories")}
        self.cost, self.weights = defaultdict(float), defaultdict(dict)
        self.tariff_weights = defaultdict(float)
        for payer, category, amount in self.cost_rows:
            self.cost[payer, category] += amount
            if self.kind(payer) in PROVIDERS:
                self.tariff_weights[category] += amount
        for flow in self.flows:
            if flow.payee not in self.organisations:
                continue
            if flow.mechanism == "pass_through":
                self.cost[flow.payee, flow.category] -= flow.amount
                if self.cost[flow.payee, flow.category] < -5e-5:
                    raise SystemExit(f"{flow.payee}: pass-through income exceeds its cost in {flow.category}")
            else:
                weights = self.weights[flow.payee]
                weights[flow.place] = weights.get(flow.place, 0.0) + flow.amount
        self.growth_share = {key: growth.get(key[1], 1.0) for key in self.cost}

    def _check_opening(self):
        for code, org in self.organisations.items():
            allocated = sum(a[0] for (o, _), a in self.allocation.items() if o == code)
            surplus = self.received[code] + allocated - self.paid[code]
            if abs(surplus - org.opening) > 0.05:
                raise SystemExit(f"{code}: flows make an underlying surplus of {surplus:.4f}, the table says {org.opening:.4f}")

    # -- targets of programmes and rules ----------------------------------------------------------------------------

    def targets(self, text):
        """Organisations that a cell of targets names: terms joined by |, conditions of a term by ;."""
        def holds(condition, code):
            if condition.startswith("system="):
                return self.organisations[code].system == condition[7:]
            if condition.startswith("kind="):
                kind = self.kind(code)
                return condition[5:] in (kind, "provider" if kind in PROVIDERS else "", "commissioner" if kind in COMMISSIONERS else "")
            return condition in (code, "*")
        terms = [[part.strip() for part in term.split(";") if part.strip()] for term in (text or "").split("|") if term.strip()]
        return [code for code in self.organisations if any(all(holds(c, code) for c in term) for term in terms)]

    def base_income(self, code):
        return self.received[code] + sum(a[0] for (o, _), a in self.allocation.items() if o == code)

    def service_share(self, code, services):
        """Share of an organisation's base recurrent income, pass-through aside, that the services make; 1 for all of them."""
        if not services or "*" in services:
            return 1.0
        weights = self.weights.get(code, {})
        total = sum(weights.values())
        return sum(w for place, w in weights.items() if place[2] in services) / total if total else 0.0

    def _select(self, payer, payee, service):
        chosen = {i: f.amount for i, f in enumerate(self.flows)
                  if self.matches(payer, f.payer) and self.matches(payee or "*", f.payee)
                  and (not service or service == "*" or f.service in items(service))}
        total = sum(chosen.values())
        return {i: amount / total for i, amount in chosen.items()}

    def _read_transfers(self):
        self.transfers = []
        for row in self.scenario.table("transfers"):
            amount = number(row, "amount")
            flows_from, flows_to = (self._select(row.get(f"{end}_payer", ""), row.get(f"{end}_payee", ""), row.get("service", ""))
                                    for end in ("from", "to"))
            self.transfers.append(Transfer(row["name"], self.scenario.year_index(row["year"]), amount, row.get("recurrent", "yes") != "no",
                                           number(row, "already_in_allocation", 0.0) / amount, flows_from, flows_to,
                                           row.get("allocation_from", ""), row.get("allocation_to", ""), number(row, "cost", 0.0)))
            if number(row, "cost", 0.0):
                raise SystemExit(f"transfer {row['name']}: moving cost is not supported here")

    def joining(self):
        """(payer, stream) → [(transfer, £m of it already in the table's allocation)]."""
        moved = defaultdict(list)
        for transfer in self.transfers:
            for sign, shares, stream in ((1.0, transfer.flows_to, transfer.stream_to), (-1.0, transfer.flows_from, transfer.stream_from)):
                amounts = defaultdict(float)
                for i, share in shares.items():
                    flow = self.flows[i]
                    if flow.payer in self.organisations:
                        amounts[flow.payer, stream or flow.stream] += sign * share * transfer.amount
                for key, amount in amounts.items():
                    moved[key].append((transfer, amount * transfer.already))
        return moved

    def _read_floors(self):
        self.floors = []
        for row in self.scenario.table("floors"):
            reference = row.get("reference") or "core"
            floor = Floor(row["name"], row["rule"] == "grows_at_least", None if reference == "core" else float(reference),
                          number(row, "by", 0.0), self.scenario.year_index(row["start"]) if row.get("start") else 1, number(row, "spent", 1.0))
            for i, flow in enumerate(self.flows):
                if (flow.service in items(row["services"]) or row["services"].strip() == "*") and self.matches(row.get("payers") or "*", flow.payer, outside=False):
                    floor.groups.setdefault(flow.payer, []).append(i)
            self.floors.append(floor)

    def _read_tariff(self):
        """Expected uplift and efficiency are drivers; without a driver the uplift is weighted cost inflation."""
        given, total = self.inputs.acting("tariff.uplift"), sum(self.tariff_weights.values())
        self.computed_uplift = [0.0] * (self.years + 1)
        for t in range(1, self.years + 1):
            if not given and total:
                self.computed_uplift[t] = sum(w * self.inputs.mean("price." + k, t) for k, w in self.tariff_weights.items()) / total

    def _read_investment(self):
        """Committed investment programmes: (payer, payee, £m by year)."""
        self.investment = []
        for row in self.scenario.table("programmes"):
            if row.get("kind") == "investment" and row.get("committed", "").lower() == "yes":
                amounts = self.scenario.by_year(row, "amount") or []
                self.investment.append((row.get("payer") or row["sponsor"], row.get("payee", ""), [a or 0.0 for a in amounts]))

    # -- shared rules ------------------------------------------------------------------------------------------

    def variable_share(self, category, age):
        """v by the age of a cut: short-run in its first year, rising to long-run."""
        first, late, years = self.variable.get(category, (1.0, 1.0, 1.0))
        return first + (late - first) * min(1.0, (age - 1) / years)

    def price_place(self, flow):
        """The price index of a pass-through flow is its payee's; an outside payee uses the payer's."""
        owner = flow.payee if flow.payee in self.organisations else flow.payer
        return self.price_at(flow.category, owner)

    def price_at(self, category, owner):
        return self.inputs.place("price." + category, self.patients_system(owner), owner)

    def demand_at(self, place):
        system, provider, service = place
        return self.inputs.place("demand." + service, system, provider)

    def allocation_targets(self, key):
        """Values that make allocations grow otherwise than the table says, (payer, stream)."""
        payer, stream = key
        return [self.inputs.place(target, self.patients_system(payer), payer)
                for target in ("allocation.growth", "allocation.growth." + stream) if self.inputs.acting(target)]
