"""A layer of the plan in expectation: programmes and schemes at work, then savings counted, staff, capital, interest,
trajectories and support, year by year (models sections 6 to 9 and 11)."""
from collections import defaultdict

import numpy as np

from capital import Capital, all_schemes
from plan import COMMISSIONERS, PROVIDERS
from programme import COST_KINDS, Actions, Programme
from project import GRID, Projection
from trajectory import Trajectories
from variation import Benchmarks
from workforce import Workforce

SCHEME_TEST = 5
TESTS = (1, 2, 3, 4, 5)
PAY = "pay"
FOLLOWS_ACTIVITY = ("activity", "blended", "pass_through")


def is_variation(programme):
    return programme.kind == "variation"


class Book:
    """Everything that layers share: the plan, its programmes, schemes and benchmarks."""

    def __init__(self, plan):
        if plan.scenario.block("tests"):
            raise SystemExit("`tests` is not supported here")
        self.plan = plan
        self.programmes = [Programme(plan, row) for row in plan.scenario.table("programmes")]
        self.schemes = all_schemes(plan)
        self.benchmarks = Benchmarks(plan)
        counted = {p.test for p in self.programmes if not p.committed} | {SCHEME_TEST for s in self.schemes if not s.mandatory}
        untouched = Projection(plan, lambda place, t: plan.inputs.mean(place[0], t))
        self.undone = {}                            # (flow, year) → paid if nothing is done
        for t in range(1, plan.years + 1):
            untouched.year(t)
            self.undone |= {(id(f), t): pay for f, pay in zip(plan.flows, untouched.plain)}
        self.productivity_target = float(plan.scenario.settings.get("productivity_target", 0.011))
        self.tests = [test for test in TESTS if test in counted]

    def choose(self, tests, everything=False):
        """Programmes and schemes of a set of tests; mandatory schemes are always there, programmes of no test only in `plan`."""
        programmes = [p for p in self.programmes if not p.committed and (p.test in tests or everything)]
        schemes = [s for s in self.schemes if s.mandatory or SCHEME_TEST in tests or everything]
        return programmes, schemes

    def layers(self, steps=True):
        """{name: Layer}, do_nothing first, tests cumulative, plan last; `steps`: with those between."""
        out = {"do_nothing": Layer(self, *self.choose(()), supported=False)}
        for n, test in enumerate(self.tests if steps else ()):
            out[f"test_{test}"] = Layer(self, *self.choose(self.tests[:n + 1]))
        out["plan"] = Layer(self, *self.choose(self.tests, everything=True))
        base = out["do_nothing"].figures
        needed = {key for layer in out.values() for key in layer.figures["capital_need"]}
        for layer in out.values():
            for measure, less in (("activity", "demand_avoided"), ("gap", "saving")):
                for key, values in base[measure].items():
                    layer.figures[less][key] = [b - a for b, a in zip(values, layer.figures[measure][key])]
            layer.judge(needed, self.productivity_target)
        return out


class Layer:
    """Figures of one layer: figures[measure][organisation, or (organisation, item)] = values of years 1..T."""

    def __init__(self, book, programmes, schemes, supported=True):
        self.book, self.plan = book, book.plan
        plan = self.plan
        self.actions = Actions(plan, book.benchmarks, programmes, {s.code for s in schemes}, book.programmes)
        self.money = Projection(plan, lambda place, t: plan.inputs.mean(place[0], t), self.actions, GRID)
        self.schemes = schemes
        self.capital = Capital(plan, schemes, self.actions.opened)
        self.workforce = Workforce(plan, self.actions)
        self.trajectories = Trajectories(plan, supported)
        self.figures = defaultdict(lambda: defaultdict(lambda: [0.0] * plan.years))
        self.cumulative = defaultdict(float)
        for t in range(1, plan.years + 1):
            self._year(t)
        self.figures["activity"] = self.money.activity
        self.figures["floor_added"] = self.money.floors
        self.figures["income"], self.figures["cost"] = self.money.income, self.money.cost

    def judge(self, needed, target):
        """What is met, 1 or 0: in the year, and in it and every year before; `needed`: capital lines of any layer."""
        figures, plan = self.figures, self.plan

        def note(measure, key, met, every=True):
            figures[measure][key] = [float(m) for m in met]
            if every:
                figures[measure + "_every_year"][key] = [float(all(met[:t + 1])) for t in range(len(met))]
        for o, margin in list(figures["trajectory_margin"].items()):
            note("trajectory_met", o, [m >= 0.0 for m in margin])
        for o, rate in list(figures["cash_rate"].items()):
            note("cash_releasing_met", o, [r >= target for r in rate])
        for key in needed:
            note("capital_funded", key, [s >= n - GRID for s, n in zip(figures["capital_spend"][key], figures["capital_need"][key])])
        for o, gap in figures["gap"].items():
            balanced = [g <= 0.0 for g in gap]
            note("balance_first_year", o, [now and not any(balanced[:t]) for t, now in enumerate(balanced)], every=False)
        for o, opportunity in figures["variation_opportunity"].items():
            figures["variation_share"][o] = [d / v if v else 0.0 for d, v in zip(figures["variation_delivered"][o], opportunity)]
        for scheme in self.schemes:
            done = self.actions.opened.get(scheme.code, plan.years + 1)
            figures["scheme_complete"][scheme.code] = [float(done <= t) for t in range(1, plan.years + 1)]

    def system(self, measure):
        """Figures of systems, shares of their organisations' added up: {code, or (code, item): by year}."""
        out = defaultdict(lambda: [0.0] * self.plan.years)
        for key, values in self.figures[measure].items():
            o, item = (key, None) if isinstance(key, str) else key
            for s, shares in self.plan.shares.items():
                if o in shares:
                    total = out[s if item is None else (s, item)]
                    total[:] = [a + shares[o] * b for a, b in zip(total, values)]
        return out

    def _put(self, measure, key, t, amount):
        self.figures[measure][key][t - 1] += amount

    def _year(self, t):
        plan, money, cost = self.plan, self.money, self.money.cost
        money.year(t)
        pay_index = {o: money.index[plan.price_at(PAY, o)] for o in plan.organisations}
        staff, pay = self.workforce.year(t, money.volume, pay_index)
        treated = defaultdict(float)
        for f, a in zip(plan.flows, money.volume_of):
            treated[f.payee, f.service] += f.activity * a
        works = self.capital.year(t, treated)
        interest = self.trajectories.interest(t)
        for measure, amounts in (("staff_pay", pay), ("capital_charges", works["charges"]), ("failure_cost", works["failures"]),
                                 ("interest", interest)):
            for o, amount in amounts.items():
                self._put(measure, o, t, amount)
                cost[o][t - 1] += amount
        for key, group in staff.items():
            for name, value in group.items():
                self._put("staff_" + name, key, t, value)
        for name in ("need", "spend", "carried"):
            for key, amount in works[name].items():
                self._put("capital_" + name, key, t, amount)
        for code, amount in works["schemes"].items():
            self._put("scheme_spend", code, t, amount)
        for o, amount in money.stranded.items():
            self._put("stranded_cost", o, t, amount)
        self._savings(t)
        self._settle(t)

    def _savings(self, t):
        """Test 2's new recurrent cash, what is saved for a year only, and variation's opportunity and delivery."""
        plan, actions = self.plan, self.actions

        def cash(p):
            return p.releases == "cash" and p.kind in COST_KINDS
        for (o, k), gross in self.money.gross.items():
            if plan.kind(o) not in PROVIDERS:
                continue
            before, now = (1.0 - actions.saving(o, k, u, "recurrent", cash) for u in (t - 1, t))
            self._put("cash_released", o, t, gross * (before - now))
            self._put("cash_released_non_recurrent", o, t, gross * (now - (1.0 - actions.saving(o, k, t, "all", cash))))
            self._put("variation_opportunity", o, t, actions.opportunity(o, k, lambda _, gross=gross: gross))
            self._put("variation_delivered", o, t, gross * actions.saving(o, k, t, "all", is_variation))
        undone = self._undone(t)
        for o in plan.organisations:
            if plan.kind(o) in COMMISSIONERS:
                self._put("variation_opportunity", o, t, actions.opportunity(o, None, lambda s, o=o: undone[o, s]))
        for f in plan.flows:
            if plan.kind(f.payer) in COMMISSIONERS and f.mechanism in FOLLOWS_ACTIVITY:
                part = actions.cut(f, t, "all", is_variation)
                self._put("variation_delivered", f.payer, t, part * self._undone_flow(f, t) if part else 0.0)
        for o in plan.organisations:
            if plan.kind(o) in PROVIDERS:
                base = sum(amount for payer, _, amount in plan.cost_rows if payer == o) + sum(f.amount for f in plan.flows if f.payer == o)
                last = base if t == 1 else self.money.cost[o][t - 2]
                self._put("operating_cost_last_year", o, t, last)
                self._put("cash_rate", o, t, self.figures["cash_released"][o][t - 1] / last if last else 0.0)

    def _undone_flow(self, f, t):
        """What a flow that follows activity is paid if nothing is done, before transfers and floors."""
        return self.book.undone[id(f), t]

    def _undone(self, t):
        total = defaultdict(float)
        for f in self.plan.flows:
            if f.mechanism in FOLLOWS_ACTIVITY:
                total[f.payer, f.service] += self._undone_flow(f, t)
        return total

    def _settle(self, t):
        plan, money = self.plan, self.money
        gap = {o: float(np.rint((money.cost[o][t - 1] - money.income[o][t - 1]) / GRID) * GRID) for o in plan.organisations}
        lines = self.trajectories.year(t, {o: -g for o, g in gap.items()})
        for o, line in lines.items():
            self._put("gap", o, t, gap[o])
            self._put("surplus_before_support", o, t, -gap[o])
            for name, measure in (("support", "support"), ("surplus_after_support", "surplus_after_support"), ("loan", "loan"),
                                  ("margin", "trajectory_margin"), ("miss", "trajectory_miss")):
                if name in line:
                    self._put(measure, o, t, line[name])
            if plan.kind(o) in COMMISSIONERS:
                self.cumulative[o] += line["surplus_after_support"]
                self._put("cumulative_position", o, t, self.cumulative[o])
        for s, shares in plan.shares.items():
            for view, kinds in (("", None), ("_commissioner", COMMISSIONERS), ("_provider", PROVIDERS)):
                self._put("system_gap" + view, s, t, sum(share * gap[o] for o, share in shares.items() if not kinds or plan.kind(o) in kinds))
            providers = {o: share for o, share in shares.items() if plan.kind(o) in PROVIDERS}
            last = sum(share * self.figures["operating_cost_last_year"][o][t - 1] for o, share in providers.items())
            released = sum(share * self.figures["cash_released"][o][t - 1] for o, share in providers.items())
            self._put("system_cash_rate", s, t, released / last if last else 0.0)
