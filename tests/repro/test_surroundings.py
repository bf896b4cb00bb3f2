"""Numbers do not depend on where the program runs: another working folder, another home, language, time zone, OpenMP
settings or umask, the scenario named by another path, the result by another name."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests/support")
from ltpsim import BLOCK, PROGRAM, content_hash, differing, run  # noqa: E402
from tap import check, done, note  # noqa: E402

SCENARIO = "scenarios/greater-manchester"
OPTIONS = ["--paths", 2 * BLOCK]


def decimal_comma(folder):
    """Environment of a locale that writes 0,5: one that stands, or one made here; C.UTF-8 where neither can be had."""
    if os.path.isdir(os.path.join(os.environ.get("LOCPATH", "/nowhere"), "de_DE.UTF-8")):
        return "de_DE.UTF-8", {"LC_ALL": "de_DE.UTF-8", "LOCPATH": os.environ["LOCPATH"]}
    standing = subprocess.run(["locale", "-a"], stdout=subprocess.PIPE, text=True).stdout.split()
    for name in standing:
        if name.split(".")[0] in ("de_DE", "fr_FR", "nl_NL", "es_ES", "it_IT", "pl_PL"):
            return name, {"LC_ALL": name}
    made = os.path.join(folder, "de_DE.UTF-8")
    if shutil.which("localedef") and os.path.exists("/usr/share/i18n/locales/de_DE"):
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", made], stderr=subprocess.DEVNULL)
        if os.path.isdir(made):
            return "de_DE.UTF-8, made here", {"LC_ALL": "de_DE.UTF-8", "LOCPATH": folder}
    return "C.UTF-8: no locale with a decimal comma on this machine", {"LC_ALL": "C.UTF-8"}


def main():
    with tempfile.TemporaryDirectory() as folder:
        plain = run(SCENARIO, os.path.join(folder, "plain.h5"), *OPTIONS)

        def same(what, result):
            check(content_hash(plain) == content_hash(result), what, lambda: differing(plain, result)[:8])

        elsewhere = os.path.join(folder, "Überall und nirgends")
        os.mkdir(elsewhere)
        same("another working folder, the scenario by its full path",
             run(os.path.abspath(SCENARIO), os.path.join(elsewhere, "a.h5"), *OPTIONS, cwd=elsewhere))
        same("from within the scenarios, by a path with dots and a slash at the end",
             run("../scenarios/downside/../greater-manchester/", os.path.join(folder, "b.h5"), *OPTIONS, cwd="scenarios"))
        moved = shutil.copytree(SCENARIO, os.path.join(elsewhere, "greater-manchester"))
        same("a copy of the scenario in another folder", run(moved, os.path.join(folder, "c.h5"), *OPTIONS))
        # Nothing but what a sanitized build needs.
        bare = {"PATH": "/usr/bin:/bin"} | {k: v for k, v in os.environ.items() if k == "LSAN_OPTIONS"}
        same("an empty environment", run(SCENARIO, os.path.join(folder, "d.h5"), *OPTIONS, env=bare))
        same("no home, another time zone and OpenMP settings",
             run(SCENARIO, os.path.join(folder, "e.h5"), *OPTIONS,
                 env={**bare, "HOME": "/nonexistent", "TZ": "Asia/Kathmandu", "OMP_NUM_THREADS": "5", "OMP_DYNAMIC": "true",
                      "OMP_SCHEDULE": "guided,7", "OMP_PROC_BIND": "false"}))
        name, locale = decimal_comma(folder)
        comma = subprocess.run(["locale", "decimal_point"], env={**bare, **locale}, stdout=subprocess.PIPE, text=True).stdout
        note(f"locale: {name}; decimal point: {comma.strip()}")
        same(f"another language ({name})", run(SCENARIO, os.path.join(folder, "f.h5"), *OPTIONS, env={**bare, **locale}))
        before = os.umask(0o077)
        same("a closed umask", run(SCENARIO, os.path.join(folder, "g.h5"), *OPTIONS))
        os.umask(before)
        linked = os.path.join(elsewhere, "program")
        os.symlink(PROGRAM, linked)
        same("the program by another name", run(SCENARIO, os.path.join(folder, "h.h5"), *OPTIONS, program=linked))
        other = run(SCENARIO, os.path.join(folder, "i.h5"), *OPTIONS, "--set", "drivers.price.pay.mean_2019/20=0.031")
        check(content_hash(plain) != content_hash(other), "control: another pay rise is seen")
    done()


main()
