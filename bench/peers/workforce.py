"""Workforce: posts required against staff in post, agency, unfilled posts, and the pay they add (model sections 9 and 11)."""
from scenario import number


class Workforce:
    def __init__(self, plan, actions):
        self.plan, self.actions = plan, actions
        self.saves = plan.scenario.settings.get("unfilled", "needed") == "saves"
        self.groups = {}
        for row in plan.scenario.table("workforce"):
            fte, vacancy = number(row, "fte"), number(row, "vacancy", 0.0)
            share = number(row, "agency_share", 0.0)
            required = fte / (1.0 - vacancy)
            agency = min(vacancy, share) * required
            self.groups[row["code"], row["group"]] = {
                "fte": fte, "required": required, "agency": agency, "unfilled": vacancy * required - agency, "supply": fte,
                "cost": number(row, "cost_per_fte"), "elasticity": number(row, "elasticity", 1.0), "leavers": number(row, "leavers", 0.0),
                "joiners": number(row, "joiners", 0.0), "cap": number(row, "agency_cap", share),
                "premium": number(row, "agency_premium", 0.0), "productivity": number(row, "productivity", 1.0)}

    def year(self, t, volume, pay_index):
        """{(code, group): required, supply, agency, unfilled}, {code: £m of pay added}; volume and pay index by organisation."""
        mean, staff, pay = self.plan.inputs.mean, {}, {}
        for (code, group), g in self.groups.items():
            lever = {name: self.actions.lever(name, code, t) for name in ("leavers", "joiners", "agency_share")}
            leavers = (g["leavers"] + mean("workforce.leavers", t)) * lever["leavers"]
            joiners = (g["joiners"] + mean("workforce.joiners", t)) * lever["joiners"]
            g["supply"] = g["supply"] * (1.0 - leavers) + joiners * g["fte"]
            required = g["required"] * (1.0 + g["elasticity"] * (volume[code] - 1.0)) / g["productivity"]
            vacant = max(0.0, required - g["supply"])
            agency = min(vacant, g["cap"] * lever["agency_share"] * required)
            unfilled = vacant - agency
            scale = required / g["required"] if g["required"] else 0.0
            added = (g["premium"] + mean("workforce.agency_premium", t)) * (agency - g["agency"] * scale)
            if self.saves:
                added -= unfilled - g["unfilled"] * scale
            pay[code] = pay.get(code, 0.0) + g["cost"] * pay_index[code] * added
            staff[code, group] = {"required": required, "supply": g["supply"], "agency": agency, "unfilled": unfilled}
        return staff, pay
