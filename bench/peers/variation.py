"""Unwarranted variation: how far an organisation stands above what its peers achieve (model sections 6 and 11).

A benchmark holds for whoever a programme aims it at: the peer group says whose figure it is, not whom it is held against.
"""
from scenario import number


class Benchmarks:
    def __init__(self, plan):
        self.plan, self.value = plan, {}
        for row in plan.scenario.table("benchmarks"):
            if row.get("category"):
                raise SystemExit(f"a benchmark of a category is not supported here: {row}")
            key = row["measure"], row["service"]
            if key in self.value:
                raise SystemExit(f"two benchmarks of {key}")
            self.value[key] = number(row, "value")

    def services(self, measure):
        return [service for its, service in self.value if its == measure]

    def unit_cost(self, code, service):
        """max(0, 1 − benchmark/own); own = share(h,p) · base cost ÷ base activity, £, pass-through left out of both."""
        plan, benchmark = self.plan, self.value.get(("unit_cost", service))
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
        plan, benchmark = self.plan, self.value.get(("rate", service))
        activity = sum(f.activity for f in plan.flows if f.payer == payer and f.service == service)
        system = plan.patients_system(payer)
        if benchmark is None or not activity or (system, service, 0) not in plan.weighted:
            return 0.0
        persons = self.share_of_need(payer) * self.persons(system, service)
        return max(0.0, 1.0 - benchmark / (1000.0 * activity / persons))

    def share_of_need(self, payer):
        """Share of its system's persons that a CCG buys for, by base core allocation; who buys for the whole system: all."""
        plan = self.plan
        if plan.kind(payer) != "ccg":
            return 1.0
        core = {o: plan.allocation[o, "core"][0] for o in plan.organisations
                if plan.kind(o) == "ccg" and plan.organisations[o].system == plan.organisations[payer].system and (o, "core") in plan.allocation}
        return core[payer] / sum(core.values())
