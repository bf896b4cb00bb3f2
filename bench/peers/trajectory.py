"""Recovery trajectories, support, loans and interest (model sections 7 and 11)."""
from collections import defaultdict

from plan import COMMISSIONERS, PROVIDERS
from scenario import number, year_number


class Trajectories:
    def __init__(self, plan, supported=True):
        """`supported`: false in do_nothing, where no support is ever earned."""
        self.plan, self.supported = plan, supported
        self.target, self.offer, self.loan, self.opening = {}, defaultdict(float), {}, {}
        if plan.scenario.settings.get("glide_path"):
            raise SystemExit("`glide_path` is not supported here")
        for row in plan.scenario.table("trajectories"):
            key = row["code"], plan.scenario.year_index(row["year"])
            self.target[key], self.offer[key] = number(row, "surplus_before_support"), number(row, "support_offered", 0.0)
        loans = {row["code"]: number(row, "loans", 0.0) for row in plan.scenario.table("organisations")}
        self.opening = {o: loans[o] for o in plan.organisations if plan.kind(o) in PROVIDERS}
        self.loan = dict(self.opening)
        given = (plan.scenario.block("support") or {}).get("system_share")
        self.share = [None] + [self._share(given, plan.scenario.base + t) for t in range(1, plan.years + 1)]

    @staticmethod
    def _share(given, year):
        """Share of support on the system's trajectory: given, one number or by year; else none in 2019/20, half after."""
        if isinstance(given, dict):
            for label, share in given.items():
                if year_number(label) == year:
                    return float(share)
        elif given is not None:
            return float(given)
        return 0.0 if year <= 2019 else 0.5

    def _home(self, code):
        """The system whose trajectory its support hangs on: its home, else the largest share; None: it counts in none."""
        shares = {s: members[code] for s, members in self.plan.shares.items() if code in members}
        return self.plan.organisations[code].system if self.plan.organisations[code].system in shares else max(shares, key=shares.get, default=None)

    def interest(self, t):
        """Interest that year t adds to each provider's cost, £m: on what is borrowed beyond the base year's loan."""
        rate = self.plan.inputs.mean("loan.rate", t)
        return {o: rate * (loan - self.opening[o]) for o, loan in self.loan.items()}

    def year(self, t, surplus):
        """Margin, miss, support, surplus after support by organisation; loans move on."""
        plan, out = self.plan, {}
        with_target = [o for o in plan.organisations if (o, t) in self.target]
        system_met = {}
        for system in {self._home(o) for o in with_target} - {None}:
            shares = {o: share for o, share in plan.shares[system].items() if o in with_target}
            system_met[system] = sum(share * (surplus[o] - self.target[o, t]) for o, share in shares.items()) >= -1e-9
        for o in plan.organisations:
            line, support = {}, 0.0
            if (o, t) in self.target:
                line["margin"] = surplus[o] - self.target[o, t]
                line["miss"] = max(0.0, -line["margin"])
                s = self.share[t]
                support = self.offer[o, t] * ((1.0 - s) * (line["margin"] >= -1e-9) + s * system_met.get(self._home(o), line["margin"] >= -1e-9))
            line["support"] = support if self.supported else 0.0
            after = surplus[o] + line["support"]
            if (o, t) in self.target or plan.kind(o) in PROVIDERS + COMMISSIONERS or self._home(o):
                line["surplus_after_support"] = after       # of partners only where somebody counts them
            if o in self.loan:
                self.loan[o] = line["loan"] = max(0.0, self.loan[o] - after)
            out[o] = line
        return out
