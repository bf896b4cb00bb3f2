"""Reads cases.txt and makes each case's folder: the valid scenario in base/, broken as the case says."""
import os
import re
import shutil

HERE = os.path.dirname(os.path.abspath(__file__))


class Case:
    def __init__(self, name, line):
        self.name, self.line = name, line
        self.mutations, self.options, self.expected = [], [], []


def read(path=os.path.join(HERE, "cases.txt")):
    cases = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                cases.append(Case(line[1:line.rindex("]")], number))
            elif line.startswith("= "):
                cases[-1].expected.append(line[2:])
            elif line.startswith("--set: "):
                cases[-1].options += ["--set", line[7:]]
            else:
                name, what = line.split(": ", 1) if ": " in line else (line.rstrip(":"), "")
                cases[-1].mutations.append((name, what))
    return cases


def raw(text):
    """Bytes of a mutation's text: \\n, \\t, \\r and \\xNN stand for those bytes."""
    out = b""
    for part in re.split(r"(\\x[0-9a-fA-F]{2}|\\[ntr])", text):
        if part.startswith("\\x"):
            out += bytes([int(part[2:], 16)])
        elif part in ("\\n", "\\t", "\\r"):
            out += {"n": b"\n", "t": b"\t", "r": b"\r"}[part[1]]
        else:
            out += part.encode("utf-8")
    return out


def mutate(folder, name, what):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if what == "delete":
        os.remove(path)
    elif what.startswith("rename "):
        os.rename(path, os.path.join(folder, what[7:]))
    elif what.startswith("link "):
        if os.path.lexists(path):
            os.remove(path)
        os.symlink(what[5:], path)
    elif what.startswith("+ "):
        with open(path, "ab") as file:
            file.write(raw(what[2:]) + b"\n")
    elif what == "=" or what.startswith("= "):
        with open(path, "wb") as file:
            file.write(raw(what[2:]))
    else:
        old, new = re.fullmatch(r"(.+) ->(?: (.*))?", what).groups()
        with open(path, "rb") as file:
            text = file.read()
        found = text.count(raw(old))
        if found != 1:
            raise ValueError(f"'{old}' stands {found} times in {name}; a case must name one place")
        with open(path, "wb") as file:
            file.write(text.replace(raw(old), raw(new or "")))


def make(case, root):
    """root/plan: the broken scenario. The folder to check: plan, or `other` where the case makes one."""
    folder = os.path.join(root, "plan")
    shutil.copytree(os.path.join(HERE, "base"), folder)
    for name, what in case.mutations:
        mutate(folder, name, what)
    other = os.path.join(root, "other")
    return other if os.path.isdir(other) and "circle" not in case.name else folder
