"""Copies of scenario folders with something left out or changed. No numpy: who measures memory must be small."""
import csv
import fnmatch
import os
import shutil

from scenario import read_block, read_table


def copy(folder, to, without=(), **settings):
    """A copy of a scenario folder, less some files, with some one-line settings of scenario.yaml replaced."""
    shutil.copytree(folder, to, ignore=lambda _, names: set(without) & set(names))
    path = os.path.join(to, "scenario.yaml")
    with open(path, encoding="utf-8") as handle:
        lines = [line for line in handle if line.split(":")[0] not in settings]
    with open(path, "w", encoding="utf-8") as handle:
        handle.writelines(lines + [f"{key}: {value}\n" for key, value in settings.items()])
    return to


def edit(folder, table, name, column, change, key="name"):
    """Changes one cell of a table, found by the row's `name` (or another key column), to change(number)."""
    path = os.path.join(folder, table + ".csv")
    with open(path, encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    (row,) = [r for r in rows if r[key] == name]
    row[column] = repr(change(float(row[column])))
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return folder


def put(folder, table, key, **cells):
    """Sets cells of the row whose first column is `key`; columns that the table does not have are added."""
    path = os.path.join(folder, table + ".csv")
    rows = read_table(path)
    (row,) = [row for row in rows if next(iter(row.values())) == key]
    row.update(cells)
    _write(path, rows)


KEYS = {"contracts": ("payer", "payee", "service", "year"), "drivers": ("name",), "events": ("name",), "floors": ("name",)}


def _write(path, rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _set(row, column, change):
    """One cell, or where a driver's mean is set those of its years: times, plus, or a value of its own."""
    if change[0] not in "x+":
        row[column] = change
        for name in [name for name in row if column == "mean" and name.startswith("mean_")]:
            row[name] = ""
        return
    for name in [name for name in row if name == column or name.startswith(column + "_2")]:
        if row[name]:
            number = float(change[1:])
            row[name] = repr(float(row[name]) * number if change[0] == "x" else float(row[name]) + number)


def resolve(folder, to):
    """A scenario that extends the one beside it, as plain tables: rows removed, then replaced or added, then cells set.

    Of what the format's page says of `extends`, as much as the scenarios shipped need; a table that `set` or a table of
    its own changes has its key in the first column, or in KEYS.
    """
    path = os.path.join(folder, "scenario.yaml")
    shutil.copytree(os.path.join(folder, read_block(path, "extends")), to)
    for table, patterns in (read_block(path, "remove") or {}).items():
        name = os.path.join(to, table + ".csv")
        _write(name, [row for row in read_table(name) if not any(fnmatch.fnmatchcase(_key(table, row), p) for p in patterns)])
    for file in sorted(os.listdir(folder)):
        if file.endswith(".csv"):
            name, table = os.path.join(to, file), file[:-4]
            rows = {_key(table, row): row for row in (read_table(name) if os.path.exists(name) else [])}
            rows.update({_key(table, row): row for row in read_table(os.path.join(folder, file))})
            _write(name, list(rows.values()))
    for line in read_block(path, "set") or []:
        (place, change), = [line.split(": ", 1)]
        table, (key, column) = place.split(".", 1)[0], place.split(".", 1)[1].rsplit(".", 1)
        name = os.path.join(to, table + ".csv")
        rows = read_table(name)
        chosen = [row for row in rows if fnmatch.fnmatchcase(_key(table, row), key)]
        assert chosen, line
        for row in chosen:
            _set(row, column, change.strip())
        _write(name, rows)
    return to


def _key(table, row):
    return "|".join(row[column] for column in KEYS.get(table, (next(iter(row)),)))


MONEY_ALONE = ("workforce.csv", "backlog.csv", "schemes.csv", "capital.csv", "beds.csv", "trajectories.csv", "benchmarks.csv")


def money_alone(folder, to):
    """A copy whose do_nothing has flows alone: no staff, capital or interest, no programme that is not committed."""
    copy(folder, to, without=MONEY_ALONE)
    gone = set()

    def keep(table, wanted):
        path = os.path.join(to, table + ".csv")
        if not os.path.exists(path):
            return
        with open(path, encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.reader(handle))
        with open(path, "w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(rows[:1] + [row for row in rows[1:] if wanted(dict(zip(rows[0], row)))])

    def driver(row):
        """Without a driver of the loans' rate there is no interest."""
        if row["target"] == "loan.rate":
            gone.add(row["name"])
        return row["target"] != "loan.rate"
    keep("programmes", lambda row: row.get("committed") == "yes")
    keep("drivers", driver)
    keep("correlations", lambda row: not gone & {row["driver_a"], row["driver_b"]})
    return to
