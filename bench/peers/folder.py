"""Copies of scenario folders with something left out or changed. No numpy: who measures memory must be small."""
import csv
import os
import shutil


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
