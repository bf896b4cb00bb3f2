"""The table in README.md is what `make run` prints, and the numbers in the sentence below it stand in the table.
`make golden-update` rewrites the table; the sentence is mended by hand."""
import os
import re
import sys
import tempfile

sys.path.insert(0, "tests/support")
from ltpsim import ltpsim  # noqa: E402
from tap import check, done  # noqa: E402

SCENARIO = "scenarios/greater-manchester"
TABLE = re.compile(r"(?<=```\n)(Greater Manchester, five-year.*?|TABLE\n)(?=```)", re.S)


def headline():
    with tempfile.TemporaryDirectory() as folder:
        return ltpsim("run", SCENARIO, "--quiet", "-o", os.path.join(folder, "result.h5"))


def unsupported(text, table):
    """Numbers of the sentence that the table does not hold."""
    sentence = re.search(r"\*\*How to read a line\.\*\*(.*?)\n\n", text, re.S)
    found = re.findall(r"-?\d[\d,]*\.\d+", sentence.group(1)) if sentence else ["no such sentence"]
    return [number for number in found if not re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d,]|\.\d)", table)]


def main():
    with open("README.md", encoding="utf-8") as file:
        readme = file.read()
    table = headline()
    if "--update" in sys.argv[1:]:
        assert TABLE.search(readme)
        with open("README.md", "w", encoding="utf-8") as file:
            file.write(TABLE.sub(lambda _: table, readme, count=1))
        for number in unsupported(readme, table):
            print(f"README.md: {number} in the sentence below the table does not stand in the table: mend it by hand")
        return
    shown = TABLE.search(readme)
    check(shown and shown.group(1) == table, "README.md: the table is what make run prints", "make golden-update")
    check(not unsupported(readme, table), "README.md: the numbers in the sentence below stand in the table",
          lambda: unsupported(readme, table))
    check(unsupported("**How to read a line.** It is 123.45.\n\n", table) == ["123.45"], "control: another number is seen")
    done()


main()
