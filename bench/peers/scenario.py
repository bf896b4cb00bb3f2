"""Read a scenario folder: scenario.yaml (top-level scalars) and the CSV tables beside it.

Written from the scenario format's page alone. `extends`, `set` and `remove` are refused, not ignored.
"""
import csv
import os


def read_yaml(path):
    """Top-level `key: value` pairs of a YAML file. Indented lines, lists and maps are passed over."""
    values = {}
    with open(path, encoding="utf-8-sig") as handle:
        for line in handle:
            if line[:1] in " \t#-\r\n" or ":" not in line:
                continue
            key, text = line.split(":", 1)
            text = text.strip()
            if text and text[0] in "'\"":
                text = text[1:].split(text[0], 1)[0]
            else:
                text = text.split(" #", 1)[0].strip()
            values[key.strip()] = text
    return values


def _scalar(text):
    text = text.strip()
    if text[:1] in ("'", '"'):
        return text[1:].split(text[0], 1)[0]
    text = text.split(" #", 1)[0].strip()
    if text.startswith("[") and text.endswith("]"):
        return [_scalar(part) for part in text[1:-1].split(",") if part.strip()]
    if text.startswith("{") and text.endswith("}"):
        return {k.strip().strip("'\""): _scalar(v) for k, v in (part.split(":", 1) for part in text[1:-1].split(",") if part.strip())}
    return text


def read_block(path, key):
    """What stands under a top-level key: a scalar, a list or a map of scalars, maps below maps by indentation; None if absent."""
    with open(path, encoding="utf-8-sig") as handle:
        lines = [line.rstrip() for line in handle if line.strip() and not line.lstrip().startswith("#")]
    for i, line in enumerate(lines):
        if line.startswith(key + ":"):
            break
    else:
        return None
    if line.split(":", 1)[1].strip():
        return _scalar(line.split(":", 1)[1])
    below = []
    for line in lines[i + 1:]:
        if line[0] != " " and not line.startswith("- "):
            break
        below.append((len(line) - len(line.lstrip()), line.strip()))

    def parse(rows):
        if rows and rows[0][1].startswith("- "):
            return [_scalar(text[2:]) for _, text in rows]
        out, i = {}, 0
        while i < len(rows):
            name, text = rows[i][1].split(":", 1)
            j = i + 1
            while j < len(rows) and rows[j][0] > rows[i][0]:
                j += 1
            out[name.strip().strip("'\"")] = _scalar(text) if text.strip() else parse(rows[i + 1:j])
            i = j
        return out
    return parse(below)


def read_table(path):
    """Rows of a CSV table as dicts; blank lines and lines that start with # are passed over."""
    with open(path, encoding="utf-8-sig", newline="") as handle:
        rows = [row for row in csv.reader(handle) if any(c.strip() for c in row) and not row[0].startswith("#")]
    if not rows:
        return []
    header = [name.strip() for name in rows[0]]
    return [{name: cell.strip() for name, cell in zip(header, row)} for row in rows[1:]]


def number(row, column, default=None):
    """The number in a cell; `default` where the cell is empty or the column is absent."""
    text = row.get(column) or ""
    if text:
        return float(text)
    if default is None:
        raise ValueError(f"no {column} in {row}")
    return default


def items(text):
    """A cell that holds a list: `;` or `|` between the items."""
    return [part.strip() for part in (text or "").replace("|", ";").split(";") if part.strip()]


def year_number(text):
    """2019/20 and 2019 both mean the year that starts in 2019."""
    return int(text.strip()[:4])


class Scenario:
    """A folder as read: `base` (first calendar year), `years`, `labels` (base year first), tables by name."""

    def __init__(self, folder):
        self.folder = folder
        settings = read_yaml(os.path.join(folder, "scenario.yaml"))
        for key in ("extends", "set", "remove"):
            if settings.get(key) is not None and settings[key] not in ("[]", "{}"):
                raise SystemExit(f"{folder}: `{key}` is not supported here; resolve it into plain tables first")
        self.settings = settings
        self.base = year_number(settings.get("base_year", "2018/19"))
        self.years = int(settings.get("years", 5))
        self.labels = [f"{y}/{(y + 1) % 100:02d}" for y in range(self.base, self.base + self.years + 1)]

    def block(self, key):
        """A setting with settings below it, as lists and maps of text."""
        return read_block(os.path.join(self.folder, "scenario.yaml"), key)

    def month(self, text):
        """Months from April of the base year to the first of a month: 2019-10-01 is 18 after 2018-04-01."""
        year, month = int(text[:4]), int(text[5:7])
        return 12 * (year - self.base) + month - 4

    def table(self, name):
        path = os.path.join(self.folder, name + ".csv")
        return read_table(path) if os.path.exists(path) else []

    def year_index(self, text):
        """0 for the base year, 1..years for the years modelled, else None."""
        index = year_number(text) - self.base
        return index if 0 <= index <= self.years else None

    def by_year(self, row, prefix):
        """Columns `prefix_2019/20` … as [None, year 1, …]; None where all are empty."""
        cells = [row.get(f"{prefix}_{label}") or "" for label in self.labels[1:]]
        if not any(cells):
            return None
        return [None] + [float(cell) if cell else None for cell in cells]
