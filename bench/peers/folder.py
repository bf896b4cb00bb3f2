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


def edit(folder, table, name, column, change):
    """Changes one cell of a table, found by the row's `name`, to change(number)."""
    path = os.path.join(folder, table + ".csv")
    with open(path, encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    (row,) = [r for r in rows if r["name"] == name]
    row[column] = repr(change(float(row[column])))
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return folder
