"""TAP for test scripts: one line a check, and what went wrong under it. tests/run.sh counts the lines."""
import sys

_count = _failed = 0


def check(fine, what, detail=""):
    """One test. `detail`, a value or a function that makes one, is printed as a TAP remark where it fails."""
    global _count, _failed
    _count += 1
    _failed += not fine
    print(f"{'ok' if fine else 'not ok'} {_count} - {what}", flush=True)
    if not fine:
        for line in str(detail() if callable(detail) else detail).splitlines():
            note(line)
    return bool(fine)


def note(text):
    """A remark: shown where a test of the same script fails."""
    print(f"# {text}", flush=True)


def done():
    """Plan line and exit code; the last call of a script."""
    print(f"1..{_count}")
    sys.exit(1 if _failed or _count == 0 else 0)
