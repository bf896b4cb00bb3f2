"""Unwarranted variation: how far an organisation stands above what its peers achieve (model sections 6 and 11).

A benchmark's peer group is a kind of organisation; any other word holds for every organisation whose kind has no row of its own.
"""
from scenario import number


class Benchmarks:
    def __init__(self, plan):
        self.plan, self.value = plan, {}
        self.kinds = {o.kind for o in plan.organisations.values()}
        for row in plan.scenario.table("benchmarks"):
            if row.get("category"):
                raise SystemExit(f"a benchmark of a category is not supported here: {row}")
            self.value[row["measure"], row["service"], row["peer_group"]] = number(row, "value")

    def _benchmark(self, measure, service, code):
        own = self.value.get((measure, service, self.plan.kind(code)))
        if own is not None:
            return own
        return min((v for (m, s, g), v in self.value.items() if m == measure and s == service and g not in self.kinds), default=None)

    def services(self, measure, code):
        named = dict.fromkeys(s for m, s, _ in self.value if m == measure)
        return [s for s in named if self._benchmark(measure, s, code) is not None]

    def unit_cost(self, code, service):
        """max(0, 1 − benchmark/own); own = share(h,p) · base cost ÷ base activity, £, pass-through left out of both."""
        plan, benchmark = self.plan, self._benchmark("unit_cost", service, code)
        activity = sum(f.activity for f in plan.flows if f.payee == code and f.service == service and f.mechanism != "pass_through")
        if benchmark is None or not activity:
            return 0.0
        cost = sum(c for (o, _), c in plan.cost.items() if o == code)
        own = 1e6 * plan.service_share(code, [service]) * cost / activity
        return max(0.0, 1.0 - benchmark / own) if own > 0 else 0.0

    def persons(self, system, service):
        """Age-weighted persons of the base year: weighted by use, the mean weight being England's (or that of all systems)."""
        plan = self.plan
        heads = plan.heads
        systems = ["ENG"] if ("ENG", 0) in heads else sorted({s for s, t in heads if t == 0})
        mean = sum(plan.weighted[s, service, 0] for s in systems) / sum(heads[s, 0] for s in systems)
        return plan.weighted[system, service, 0] / mean

    def rate(self, payer, service):
        """The same for the activity of a payer per 1,000 age-weighted persons of its system."""
        plan, benchmark = self.plan, self._benchmark("rate", service, payer)
        activity = sum(f.activity for f in plan.flows if f.payer == payer and f.service == service)
        system = plan.patients_system(payer)
        if benchmark is None or not activity or (system, service, 0) not in plan.weighted:
            return 0.0
        return max(0.0, 1.0 - benchmark / (1000.0 * activity / self.persons(system, service)))
