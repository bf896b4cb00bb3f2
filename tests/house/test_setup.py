"""Set-up on a machine that lacks packages, with stand-ins for id, dpkg-query and apt-get: as root what is missing is
installed and nothing else; as anybody else one line says how, and nothing is built."""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests/support")
from tap import check, done  # noqa: E402
from tree import read  # noqa: E402

STANDINS = {
    "id": "echo {user}",
    "dpkg-query": 'for last; do :; done; case " {missing} " in *" $last "*) exit 1;; *) echo "install ok installed";; esac',
    "apt-get": 'echo "apt-get $*" >>"{folder}/calls"; {apt}',
}


def packages(name):
    found = re.search(rf"^{name}_PACKAGES := ((?:.*\\\n)*.*)$", read("Makefile"), re.M).group(1).replace("\\\n", " ")
    return [p for p in found.split() if not p.startswith("$(")]


def make(target, user, missing, apt="exit 0"):
    """(exit code, standard error, calls of apt-get) of one set-up."""
    with tempfile.TemporaryDirectory() as folder:
        for name, body in STANDINS.items():
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write("#!/bin/bash\n" + body.format(user=user, missing=" ".join(missing), folder=folder, apt=apt) + "\n")
            os.chmod(path, 0o755)
        environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        environment["PATH"] = folder + ":" + environment["PATH"]
        ran = subprocess.run(["make", f"BUILD={folder}/build", target], env=environment, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        calls = os.path.join(folder, "calls")
        text = open(calls, encoding="utf-8").read() if os.path.exists(calls) else ""
        return ran.returncode, ran.stderr, text.splitlines(), os.path.exists(os.path.join(folder, "build"))


def main():
    build, test = packages("BUILD"), packages("TEST") + packages("FORMAT")
    code, said, calls, _ = make("setup", 0, [])
    check((code, said, calls) == (0, "", []), "nothing missing: nothing said, nothing installed", (code, said, calls))

    code, said, calls, _ = make("setup", 0, ["libgsl-dev", "libyaml-dev", "python3"])
    check(code == 0 and len(calls) == 2 and "update" in calls[0], "root: the lists are updated, then one installation", calls)
    check(calls[1:] and calls[1].split()[-2:] == ["libgsl-dev", "libyaml-dev"] and "gcc" not in calls[1],
          "root: what is missing is installed, and only what the target needs", calls)
    code, said, calls, _ = make("setup-test", 0, ["libgsl-dev", "locales", "python3"])
    check(set(calls[-1].split()) >= {"libgsl-dev", "locales", "python3"}, "root: make test adds what tests need", calls)
    code, said, calls, _ = make("setup", 0, ["libgsl-dev"], "echo no such host >&2; exit 100")
    check(code != 0 and "no such host" in said, "root: where apt-get fails, its words are shown and make stops", said)

    code, said, calls, built = make("run", 1000, build)
    lines = [line for line in said.splitlines() if not line.startswith("make")]
    check(code != 0 and not calls and not built, "not root: nothing is installed and nothing built", (code, calls))
    check(len(lines) == 1 and re.search(r"sudo apt-get install -y --no-install-recommends( [\w.+-]+)+$", lines[0]) and
          set(build) <= set(lines[0].split()), "not root: one line that can be copied, with every package", said)
    code, said, calls, _ = make("test", 1000, ["locales"])
    check(code != 0 and said.splitlines()[0].endswith("recommends locales"), "not root: only what is missing", said)
    check(len(build) > 5 and len(test) > 5, "control: the Makefile's packages are read")
    done()


main()
