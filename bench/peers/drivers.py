"""Uncertain inputs: families, expectations, and the joint draw of all of them (model sections 2 and 11).

A value of a target at (system s, organisation o) is the sum over the drivers and events that act on it of
    x_t = Q_t(Φ(√w_nat z_nat,t + √w_sys z_s,t + √w_org z_o,t)),   z_t = φ z_{t−1} + √(1−φ²) e_t,
with the national z of correlated drivers joined by the copula of numerics section 1. A normal driver is
linear in its z, so its parts are drawn already scaled; other families go through a table of Q∘Φ.
"""
import math
import os
from statistics import NormalDist

import numpy as np

from scenario import items, number, read_table, year_number

LEVELS = ("national", "system", "organisation")
Z_GRID = np.linspace(-8.0, 8.0, 8193)
_STANDARD = NormalDist()


def _density_quantile(log_density, nodes):
    """Q(Φ(z)) on Z_GRID of the density exp(log_density(v)) in v (Simpson's rule cell by cell, both tails)."""
    middle = 0.5 * (nodes[1:] + nodes[:-1])
    ends = np.exp(log_density(nodes))
    cell = np.diff(nodes) / 6.0 * (ends[:-1] + 4.0 * np.exp(log_density(middle)) + ends[1:])
    below = np.concatenate([[0.0], np.cumsum(cell)])
    above = np.concatenate([np.cumsum(cell[::-1])[::-1], [0.0]])
    total = below[-1]
    z = [-_STANDARD.inv_cdf(a) if b > a else _STANDARD.inv_cdf(b)
         for b, a in zip(np.maximum(below / total, 1e-300), np.maximum(above / total, 1e-300))]
    keep = np.concatenate([[True], np.diff(z) > 0])
    return np.interp(Z_GRID, np.asarray(z)[keep], nodes[keep])


def _beta_quantile(a, b):
    nodes = np.linspace(-50.0, 50.0, 20001)          # v = logit(x): the ends of the density cannot be singular
    norm = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    v = _density_quantile(lambda v: -a * np.logaddexp(0, -v) - b * np.logaddexp(0, v) - norm, nodes)
    return 1.0 / (1.0 + np.exp(-v))


def _gamma_quantile(shape, scale):
    nodes = np.linspace(-60.0 / min(shape, 1.0), math.log(shape + 60.0 + 12.0 * math.sqrt(shape)), 20001)
    return scale * np.exp(_density_quantile(lambda v: shape * v - np.exp(v) - math.lgamma(shape), nodes))


def _student_quantile(df):
    nodes = np.linspace(-40.0, 40.0, 20001)          # v = asinh(x)
    return np.sinh(_density_quantile(lambda v: np.log(np.cosh(v)) - 0.5 * (df + 1) * np.log1p(np.sinh(v) ** 2 / df), nodes))


class Family:
    """One distribution; `mean(t)` exact, `table(t)` = Q∘Φ on Z_GRID, `steps(t)` for discrete ones."""

    def __init__(self, row, scenario):
        self.kind = row.get("family", "").replace(" ", "_")
        self.by_year = scenario.by_year(row, "mean")
        self.p = {c: float(row[c]) for c in ("mean", "sd", "min", "mode", "max", "p10", "p50", "p90", "df", "rate", "value")
                  if row.get(c)}
        if self.by_year and self.kind not in ("normal", "lognormal", "fixed", "beta", "gamma", "student_t", "truncated_normal"):
            raise SystemExit(f"means by year with {self.kind} are not supported")
        if self.kind == "discrete":
            pairs = sorted((float(row[c]), float(row["probability_" + c[6:]])) for c in row if c.startswith("value_") and row[c])
            self.values, self.weights = np.array(pairs).T
        elif self.kind == "poisson":
            rate, self.values = self.p["rate"], np.arange(int(self.p["rate"] + 12 * math.sqrt(self.p["rate"]) + 30.0))
            self.weights = np.exp([-rate + k * math.log(rate) - math.lgamma(k + 1) for k in self.values])
        elif self.kind == "empirical":
            name, column = row["history_file"].rsplit(":", 1)
            self.values = np.sort([float(r[column]) for r in read_table(os.path.join(scenario.folder, name))])
            self.weights = np.full(len(self.values), 1.0 / len(self.values))

    def centre(self, t):
        """The parameter `mean` of year t (the fixed value for `fixed`)."""
        if self.by_year and self.by_year[t] is not None:
            return self.by_year[t]
        return self.p["value"] if "value" in self.p else self.p["mean"]

    def _truncation(self, t):
        m, s = self.centre(t), self.p["sd"]
        return m, s, (self.p.get("min", -math.inf) - m) / s, (self.p.get("max", math.inf) - m) / s

    def mean(self, t):
        p, kind = self.p, self.kind
        if kind in ("normal", "lognormal", "fixed", "beta", "gamma", "student_t"):
            return self.centre(t)
        if kind == "truncated_normal":
            m, s, a, b = self._truncation(t)
            return m + s * (_STANDARD.pdf(a) - _STANDARD.pdf(b)) / (_STANDARD.cdf(b) - _STANDARD.cdf(a))
        if kind == "uniform":
            return 0.5 * (p["min"] + p["max"])
        if kind == "triangular":
            return (p["min"] + p["mode"] + p["max"]) / 3.0
        if kind == "pert":
            return (p["min"] + 4.0 * p["mode"] + p["max"]) / 6.0
        if kind == "metalog":
            return p["p50"] + (p["p10"] + p["p90"] - 2.0 * p["p50"]) / (1.6 * math.log(9.0))
        if kind == "poisson":
            return p["rate"]
        return float(np.dot(self.values, self.weights))

    def table(self, t):
        """Q_t(Φ(z)) on Z_GRID, continuous families."""
        p, kind, z = self.p, self.kind, Z_GRID
        phi = np.array([0.5 * math.erfc(-v / math.sqrt(2.0)) for v in z])
        if kind == "lognormal":
            s2 = math.log1p((p["sd"] / self.centre(t)) ** 2)
            return np.exp(math.log(self.centre(t)) - 0.5 * s2 + math.sqrt(s2) * z)
        if kind == "truncated_normal":
            m, s, a, b = self._truncation(t)
            low, high = _STANDARD.cdf(a), _STANDARD.cdf(b)
            return np.array([m + s * _STANDARD.inv_cdf(min(max(low + (high - low) * u, 1e-300), 1.0 - 1e-16)) for u in phi])
        if kind == "uniform":
            return p["min"] + (p["max"] - p["min"]) * phi
        if kind == "triangular":
            low, mode, high = p["min"], p["mode"], p["max"]
            up = low + np.sqrt(phi * (high - low) * (mode - low))
            return np.where(phi < (mode - low) / (high - low), up, high - np.sqrt((1 - phi) * (high - low) * (high - mode)))
        if kind == "pert":
            width = p["max"] - p["min"]
            return p["min"] + width * _beta_quantile(1 + 4 * (p["mode"] - p["min"]) / width, 1 + 4 * (p["max"] - p["mode"]) / width)
        if kind == "beta":
            low, high = p.get("min", 0.0), p.get("max", 1.0)
            m, v = (self.centre(t) - low) / (high - low), (p["sd"] / (high - low)) ** 2
            n = m * (1.0 - m) / v - 1.0
            return low + (high - low) * _beta_quantile(m * n, (1.0 - m) * n)
        if kind == "gamma":
            return _gamma_quantile((self.centre(t) / p["sd"]) ** 2, p["sd"] ** 2 / self.centre(t))
        if kind == "student_t":
            return self.centre(t) + p["sd"] * math.sqrt((p["df"] - 2.0) / p["df"]) * _student_quantile(p["df"])
        if kind == "metalog":
            logit = np.log(phi) - np.log(phi[::-1])
            skew = (p["p10"] + p["p90"] - 2.0 * p["p50"]) / (0.8 * math.log(9.0))
            return p["p50"] + (p["p90"] - p["p10"]) / (2.0 * math.log(9.0)) * logit + skew * (phi - 0.5) * logit
        raise SystemExit(f"unknown family {kind}")

    def transform(self, t):
        """A function z → x, elementwise."""
        if self.kind in ("discrete", "poisson", "empirical"):
            edges = np.cumsum(self.weights)[:-1]
            inner = (edges > 0) & (edges < 1)
            thresholds = np.array([_STANDARD.inv_cdf(e) for e in edges[inner]])
            values = np.append(self.values[:-1][inner], self.values[-1])
            return lambda z: values[np.searchsorted(thresholds, z)]
        table = self.table(t)
        return lambda z: np.interp(z, Z_GRID, table)

    def draw(self, rng, size):
        """Independent draws (severities of events)."""
        if self.kind == "fixed":
            return np.full(size, self.mean(1))
        z = rng.standard_normal(size)
        return self.mean(1) + self.p["sd"] * z if self.kind == "normal" else self.transform(1)(z)


class Driver:
    def __init__(self, row, scenario):
        self.name, self.target, self.scope = row["name"], row.get("target", ""), row.get("scope") or "national"
        self.family = Family(row, scenario)
        self.phi = number(row, "persistence", 0.0)
        shares = [number(row, "share_" + level, 0.0) for level in LEVELS]
        if not any(shares):
            shares[LEVELS.index(self.scope)] = 1.0
        if abs(sum(shares) - 1.0) > 1e-9 or any(shares[LEVELS.index(self.scope) + 1:]):
            raise SystemExit(f"driver {self.name}: shares must sum to 1, none finer than its scope")
        self.shares = shares
        self.normal = self.family.kind == "normal"
        self.fixed = self.family.kind == "fixed" or (self.normal and self.family.p.get("sd", 0.0) == 0.0)

    def parts(self, s, o):
        """(level, member, share of the variance) of the standard normal at system s, organisation o."""
        return [(level, member, w) for level, member, w in zip(LEVELS, ("", s, o), self.shares) if w > 0]


class Event:
    def __init__(self, row, scenario):
        self.name, self.targets, self.scope = row["name"], items(row["target"]), row.get("scope") or "national"
        self.probability, self.severity = number(row, "probability"), Family(row, scenario)
        self.duration = int(number(row, "duration_years", 1))
        first, last = row.get("first_year") or scenario.labels[1], row.get("last_year") or scenario.labels[-1]
        self.first, self.last = (year_number(y) - scenario.base for y in (first, last))

    def starts(self, t):
        """The years whose event would be under way in year t."""
        return range(max(self.first, t - self.duration + 1, 1), min(self.last, t) + 1)

    def mean(self, t):
        return self.probability * self.severity.mean(1) * len(self.starts(t))


class Inputs:
    """All drivers and events of a scenario."""

    def __init__(self, scenario):
        self.years = scenario.years
        self.drivers = [Driver(row, scenario) for row in scenario.table("drivers")]
        self.events = [Event(row, scenario) for row in scenario.table("events")]
        self.correlations = [(r["driver_a"], r["driver_b"], float(r["correlation"])) for r in scenario.table("correlations")]

    def acting(self, target):
        return [d for d in self.drivers if d.target == target]

    def mean(self, target, t):
        """Exact expectation of a target's value in year t; nought where nothing acts on it."""
        return sum(d.family.mean(t) for d in self.acting(target)) + sum(e.mean(t) for e in self.events if target in e.targets)

    def place(self, target, s, o):
        """(target, s, o) with the members that make no difference blanked, so that equal values share a row."""
        scopes = [d.scope for d in self.acting(target) if not d.fixed] + [e.scope for e in self.events if target in e.targets]
        finest = max((LEVELS.index(scope) for scope in scopes), default=-1)
        return (target, s if any(sc == "system" for sc in scopes) or finest == 2 else "", o if finest == 2 else "")


def fill_normals(rng, out, scratch):
    """Standard normals by Box and Muller (1958): with a vectorised log, sin and cos it beats the ziggurat."""
    half = len(out) // 2
    rng.random(out=out)
    radius, angle, sine = out[:half], out[half:], scratch[:half]
    np.subtract(1.0, radius, out=radius)
    np.log(radius, out=radius)
    radius *= -2.0
    np.sqrt(radius, out=radius)
    angle *= 2.0 * math.pi
    np.sin(angle, out=sine)
    np.cos(angle, out=angle)
    angle *= radius
    radius *= sine


class Sampler:
    """Joint draws at the places asked for: `year(t)` gives 1 + x_t, shape [places, paths]; call t = 1, 2, … in order.

    Each value is a mean plus a sum of independent normal parts (driver, level, member), or a table's value of
    such a sum. Parts that always appear together, in the same rows and with the same persistence, are drawn
    as one normal of the summed variance: the same joint distribution from fewer draws.
    """

    def __init__(self, inputs, places, paths, method="boxmuller"):
        self.inputs, self.places, self.n, self.method = inputs, places, paths, method
        users, tables = {}, {}                    # part → what it enters; (driver, members) → rows
        for row, (target, s, o) in enumerate(places):
            for d in inputs.acting(target):
                parts = [] if d.fixed else d.parts(s, o)
                if parts and not d.normal:
                    key = (d, tuple(member for _, member, _ in parts))
                    tables.setdefault(key, []).append(row)
                for level, member, _ in parts:
                    users.setdefault((d, level, member), {})[row if d.normal else key] = None
        self._compile_draws(users)
        self._compile_rows(users, tables)
        self.hits = []

    def _compile_draws(self, users):
        """Rows of `state`: correlated national parts, merged independent parts, a row of noughts, tables' values."""
        used = {d.name for d, level, _ in users if level == "national"}
        matrix = {frozenset((a, b)): c for a, b, c in self.inputs.correlations if a in used and b in used}
        joint = [p for p in users if p[1] == "national" and any(p[0].name in pair for pair in matrix)]
        merged = {}
        for p, rows in users.items():
            if p not in joint:
                merged.setdefault((p[0].phi, tuple(rows)), []).append(p)
        free = [merged[key] for key in sorted(merged, key=lambda key: key[0])]
        self.index = {p: i for i, p in enumerate(joint)} | {p: len(joint) + i for i, parts in enumerate(free) for p in parts}
        self.joint, self.drawn = len(joint), len(joint) + len(free)

        def deviation(p):
            return math.sqrt(p[0].shares[LEVELS.index(p[1])]) * (p[0].family.p["sd"] if p[0].normal else 1.0)
        phi = np.array([p[0].phi for p in joint])
        r = np.array([[1.0 if a is b else matrix.get(frozenset((a[0].name, b[0].name)), 0.0) for b in joint] for a in joint])
        if joint:
            scale = np.array([deviation(p) for p in joint])[:, None]
            self.factor = [_factor(c) * scale for c in (r, r - phi[:, None] * r * phi)]
        free_phi = np.array([parts[0][0].phi for parts in free])
        spread = np.array([math.hypot(*(deviation(p) for p in parts)) for parts in free])
        self.scale = [spread[:, None], (spread * np.sqrt(1.0 - free_phi ** 2))[:, None]]
        self.phi = np.concatenate([phi, free_phi])[:, None]

    def _compile_rows(self, users, tables):
        """A place's row = coarse row (mean, national and system parts, tables) + its organisation's parts."""
        self.transforms = []
        coarse, fine = [[] for _ in self.places], [[] for _ in self.places]
        organisational = {self.index[p] for p in users if p[1] == "organisation"}
        for p, rows in users.items():
            for row in rows:
                if p[0].normal:
                    side = fine[row] if self.index[p] in organisational else coarse[row]
                    if self.index[p] not in side:
                        side.append(self.index[p])
        for k, ((d, members), rows) in enumerate(tables.items()):
            parts = sorted({self.index[p] for p, used in users.items() if (d, members) in used})
            self.transforms.append((self.drawn + 1 + k, parts, [None] + [d.family.transform(t) for t in range(1, self.inputs.years + 1)]))
            for row in rows:
                coarse[row].append(self.drawn + 1 + k)
        keys = [(place[0], tuple(parts)) for place, parts in zip(self.places, coarse)]
        kinds = {key: i for i, key in enumerate(dict.fromkeys(keys))}
        self.coarse_of = np.array([kinds[key] for key in keys], dtype=np.intp)
        self.coarse_parts = self._columns([key[1] for key in kinds])
        self.fine_parts = self._columns(fine)
        self.mean = [None] + [np.array([[1.0 + sum(d.family.mean(t) for d in self.inputs.acting(target) if d.normal or d.fixed)]
                                        for target, _ in kinds]) for t in range(1, self.inputs.years + 1)]
        self.state = np.zeros((self.drawn + 1 + len(tables), self.n))
        self.noise, self.scratch = np.empty((self.drawn + self.drawn % 2, self.n)), np.empty((self.drawn // 2 + 1, self.n))
        self.base, self.other = np.empty((len(kinds), self.n)), np.empty((len(self.places), self.n))
        self.value = np.empty((len(self.places), self.n))

    def _columns(self, lists):
        """Lists of parts as index columns padded with the row of noughts; none where all are empty."""
        depth = max(map(len, lists), default=0)
        return [np.array([parts[j] if j < len(parts) else self.drawn for parts in lists], dtype=np.intp) for j in range(depth)]

    def year(self, t, rng):
        later = int(t > 1)
        noise, state, joint = self.noise, self.state[:self.drawn], self.joint
        if self.drawn:
            if self.method == "boxmuller":
                fill_normals(rng, noise, self.scratch)
            else:
                rng.standard_normal(out=noise)
            noise[joint:self.drawn] *= self.scale[later]
            if joint:
                noise[:joint] = self.factor[later] @ noise[:joint]
            if later:
                state *= self.phi
                state += noise[:self.drawn]
            else:
                state[:] = noise[:self.drawn]
        for row, parts, transform in self.transforms:
            self.state[row] = transform[t](self.state[parts].sum(axis=0))
        np.copyto(self.base, self.mean[t])
        for column in self.coarse_parts:
            self.base += np.take(self.state, column, axis=0, out=self.other[:len(column)], mode="clip")
        np.take(self.base, self.coarse_of, axis=0, out=self.value, mode="clip")
        for column in self.fine_parts:
            self.value += np.take(self.state, column, axis=0, out=self.other, mode="clip")
        self._add_events(t, rng)
        return self.value

    def _add_events(self, t, rng):
        """Bernoulli starts at each member of an event's scope; a severity is drawn once and lasts `duration` years."""
        if t == 1:
            self.hits = []
        for event in self.inputs.events:
            rows = {}
            for row, (target, s, o) in enumerate(self.places):
                if target in event.targets:
                    rows.setdefault(("", s, o)[LEVELS.index(event.scope)], []).append(row)
            if event.first <= t <= event.last:
                for member, where in rows.items():
                    paths = np.flatnonzero(rng.random(self.n) < event.probability)
                    self.hits.append((t + event.duration, where, paths, event.severity.draw(rng, len(paths))))
        for end, where, paths, severity in self.hits:
            if t < end and len(paths):
                self.value[np.ix_(where, paths)] += severity


def _factor(c):
    """L with L Lᵀ = c, for a positive semidefinite c."""
    values, vectors = np.linalg.eigh(c)
    if values.min() < -1e-10:
        raise SystemExit("the correlations are impossible with this persistence: not positive semidefinite")
    return vectors * np.sqrt(np.maximum(values, 0.0))
