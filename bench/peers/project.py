"""The plan projected flow by flow, in the order of the model's page: the readable twin of the fast simulator."""
from collections import defaultdict

import numpy as np

from plan import COMMISSIONERS, NHS_ENGLAND, PROVIDERS


def project(plan, value):
    """Money by organisation and year; `value(place, t)` gives x_t of (target, system, organisation).

    Returns dicts of lists over years 1..T: income[o], cost[o], activity[o, service], spending[s, service].
    """
    years, flows = plan.years, plan.flows
    income, cost, activity, spending = (defaultdict(lambda: [0.0] * years) for _ in range(4))
    moved, inputs = plan.joining(), plan.inputs
    tariff = 1.0
    index = defaultdict(lambda: 1.0)                # demand by place, prices by place
    planned = defaultdict(lambda: 1.0)              # blended plans that keep their year 0
    drift = defaultdict(lambda: 1.0)                # allocation beyond the table, by (payer, stream)
    block = defaultdict(lambda: 1.0)
    history, extra, last_total = [], defaultdict(list), {}
    places = dict.fromkeys(f.place for f in flows)
    prices = dict.fromkeys([plan.price_place(f) for f in flows if f.mechanism == "pass_through"]
                           + [plan.price_at(k, o) for o, k in plan.cost])
    received_before = {key: amounts[0] for key, amounts in plan.allocation.items()}
    for t in range(1, years + 1):
        uplift = value(inputs.place("tariff.uplift", "", ""), t) + plan.computed_uplift[t] + value(inputs.place("tariff.error", "", ""), t)
        tariff = tariff * (1.0 + uplift - value(inputs.place("tariff.efficiency", "", ""), t))
        before = dict(index)
        for place in places:
            g = plan.demographic_growth(place[0], place[2], t)
            index[place] = index[place] * (1.0 + g) * (1.0 + value(plan.demand_at(place), t))
            planned[place] *= (1.0 + g) * (1.0 + inputs.mean("demand." + place[2], t))
        for place in prices:
            index[place] = index[place] * (1.0 + value(place, t))

        # allocations, and the growth that block flows follow
        growth = {}
        for key, amounts in plan.allocation.items():
            for target in plan.allocation_targets(key):
                if t in plan.soft.get(key, ()):
                    drift[key] = drift[key] * (1.0 + value(target, t))
            received = amounts[t] * drift[key]
            already = sum(a for transfer, a in moved[key] if transfer.year == t)
            growth[key] = (received - already) / received_before[key] - 1.0
            block[key] = block[key] * (1.0 + growth[key])
            received_before[key] = received
            income[key[0]][t - 1] = income[key[0]][t - 1] + received

        # payments by mechanism, before transfers and floors
        paid = []
        for f in flows:
            a = index[f.place]
            if f.mechanism == "activity":
                pay = f.amount * a * tariff
            elif f.mechanism == "blended":
                g, x = plan.demographic_growth(f.place[0], f.service, t), inputs.mean("demand." + f.service, t)
                a_plan = planned[f.place] if f.plan_fixed else before.get(f.place, 1.0) * (1.0 + g) * (1.0 + x)
                pay = f.amount * tariff * (a_plan + f.share * (a - a_plan))
            elif f.mechanism == "pass_through":
                pay = f.amount * a * index[plan.price_place(f)]
            elif f.mechanism == "block":
                key = (f.payer, f.stream)
                pay = f.amount * (np.prod([1.0 + u for u in f.uplift[1:t + 1]]) if f.uplift else block[key])
            elif f.mechanism == "fixed":
                payer_says, payee_says = f.contract[t]
                place = inputs.place("contract.lambda", plan.patients_system(f.payer), f.payer)
                middle = value(place, t) if inputs.acting("contract.lambda") else 0.5
                pay = payer_says + middle * (payee_says - payer_says)
            else:
                raise SystemExit(f"unknown mechanism {f.mechanism}")
            paid.append(pay)

        # transfers join their flows, and are then indexed like them, and so is the allocation that comes with them
        plain, new = list(paid), [0.0] * len(flows)
        for transfer in plan.transfers:
            if transfer.year > t or transfer.year < t and not transfer.recurrent:
                continue
            total = 0.0

            def move(i, gain):
                """What a flow gains; its payer is given as much as allocations do not yet hold."""
                paid[i] = paid[i] + gain
                new[i] = new[i] + gain * (transfer.year == t)
                if plan.kind(flows[i].payer) in COMMISSIONERS:
                    income[flows[i].payer][t - 1] = income[flows[i].payer][t - 1] + (1.0 - transfer.already) * gain
            for i, share in transfer.flows_to.items():
                if transfer.year == t:
                    extra["flow", transfer.name, i] = transfer.amount * share / plain[i]
                gain = extra["flow", transfer.name, i] * plain[i]
                move(i, gain)
                total = total + gain
            for i, share in transfer.flows_from.items():
                move(i, -share * (total if transfer.flows_to else transfer.amount))

        # floors of the settlement; the payee spends what it is given
        for floor in plan.floors:
            for payer, group in floor.groups.items():
                total = sum(paid[i] for i in group)
                if t >= floor.start:
                    reference = growth[payer, plan.default_stream(payer, "")] if floor.reference is None else floor.reference
                    before_floor = last_total.get((floor.name, payer), sum(flows[i].amount for i in group))
                    target = before_floor * (1.0 + reference + floor.by)
                    fresh = sum(new[i] for i in group)
                    gap = target - (total - fresh)
                    added = np.maximum(gap, 0.0) if floor.least else np.minimum(gap, 0.0)
                    for i in group:
                        part = added * paid[i] / total
                        paid[i] = paid[i] + part
                        if flows[i].payee in plan.organisations and flows[i].mechanism != "pass_through":
                            cost[flows[i].payee][t - 1] = cost[flows[i].payee][t - 1] + floor.spent * part
                    total = total + added
                last_total[floor.name, payer] = total

        # both ends of every flow; pass-through cost equals pass-through income
        for f, pay in zip(flows, paid):
            if f.payer in plan.organisations:
                cost[f.payer][t - 1] = cost[f.payer][t - 1] + pay
            if f.payee in plan.organisations:
                income[f.payee][t - 1] = income[f.payee][t - 1] + pay
                if f.mechanism == "pass_through":
                    cost[f.payee][t - 1] = cost[f.payee][t - 1] + pay
            for o in {f.payer, f.payee} & plan.organisations.keys():
                if f.activity:
                    activity[o, f.service][t - 1] = activity[o, f.service][t - 1] + f.activity * index[f.place]
            if plan.kind(f.payer) in COMMISSIONERS:
                spending[f.service][t - 1] = spending[f.service][t - 1] + pay
        for payer, payee, amounts in plan.investment:           # a payee spends what it is given
            for o in {payer, payee} & plan.organisations.keys():
                cost[o][t - 1] = cost[o][t - 1] + amounts[t]
            if payee in plan.organisations:
                income[payee][t - 1] = income[payee][t - 1] + amounts[t]

        # providers' own costs
        volume = {o: sum(w * index[place] for place, w in weights.items()) / sum(weights.values()) for o, weights in plan.weights.items()}
        for (o, k), base in plan.cost.items():
            grown = 1.0 + plan.growth_share[o, k] * (volume.get(o, 1.0) - 1.0)
            cost[o][t - 1] = cost[o][t - 1] + base * grown * index[plan.price_at(k, o)]
    return income, cost, activity, spending


def gaps(plan, income, cost):
    """Gap by organisation, and by system: whole, commissioners, providers, without NHS England's own."""
    gap = {o: [c - i for c, i in zip(cost[o], income[o])] for o in plan.organisations}

    def total(shares, kinds=None, without=()):
        return [sum(share * gap[o][t] for o, share in shares.items()
                    if (kinds is None or plan.kind(o) in kinds) and plan.kind(o) not in without) for t in range(plan.years)]
    systems = {s: {"system": total(shares), "commissioner": total(shares, COMMISSIONERS), "provider": total(shares, PROVIDERS),
                   "excluding_nhs_england": total(shares, without=NHS_ENGLAND)} for s, shares in plan.shares.items()}
    return gap, systems
