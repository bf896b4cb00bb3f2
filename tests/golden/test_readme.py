"""Every block of output in README.md is what its command prints, and the numbers in the sentences that explain one stand in
a block. `make golden-update` writes the blocks anew; sentences are mended by hand.

A block is marked by the comment above it, <!-- printed by: ltpsim … -->; commands joined by && run in turn, and the last
one's output counts; `| head -N` keeps its first N lines. All run in one folder, in the order of the page, so that a
result of an earlier command can be read by a later one."""
import os
import re
import sys
import tempfile

sys.path.insert(0, "tests/support")
from ltpsim import ltpsim  # noqa: E402
from tap import check, done  # noqa: E402

BLOCK = re.compile(r"(<!-- printed by: (.*?) -->\n```\n)(.*?)(```\n)", re.S)
SENTENCE = re.compile(r"\*\*How to read [^*]*\*\*(.*?)(?:\n\n|\Z)", re.S)


def output(commands, folder):
    said = ""
    for command in commands.split(" && "):
        words, _, head = command.partition(" | head -")
        program, *arguments = words.split()
        assert program == "ltpsim", command
        said = ltpsim(*arguments, *(["--quiet"] if arguments[0] in ("run", "triangulate") else []), cwd=folder)
        if head:
            said = "".join(said.splitlines(keepends=True)[:int(head)])
    return said


def blocks(text):
    """[(commands, what the page shows, what they print)]"""
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath("scenarios"), os.path.join(folder, "scenarios"))
        return [(m.group(2), m.group(3), output(m.group(2), folder)) for m in BLOCK.finditer(text)]


def unsupported(text, shown):
    """Numbers of the explaining sentences that no block holds."""
    sentences = SENTENCE.findall(text)
    found = re.findall(r"-?\d[\d,]*\.\d+", " ".join(sentences)) if sentences else ["no such sentence"]
    return [number for number in found if not re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d,]|\.\d)", shown)]


def main():
    with open("README.md", encoding="utf-8") as file:
        readme = file.read()
    found = blocks(readme)
    printed = "\n".join(said for _, _, said in found)
    if "--update" in sys.argv[1:]:
        said = iter(found)
        with open("README.md", "w", encoding="utf-8") as file:
            file.write(BLOCK.sub(lambda m: m.group(1) + next(said)[2] + m.group(4), readme))
        for number in unsupported(readme, printed):
            print(f"README.md: {number} in a sentence that explains a block stands in no block: mend it by hand")
        return
    check(len(found) >= 4, "README.md: the headline, the assessment, the bridge and the comparison are marked", len(found))
    for commands, shown, said in found:
        check(shown == said, f"README.md: what {commands} prints", "make golden-update")
        check(shown + "x\n" != said, f"control: another line under {commands} is seen")
    check(not unsupported(readme, printed), "README.md: the numbers in the explaining sentences stand in a block",
          lambda: unsupported(readme, printed))
    check(unsupported("**How to read it.** It is 123.45.\n\n", printed) == ["123.45"], "control: another number is seen")
    done()


main()
