"""How a figure is printed: `name value unit   what it is`, one a line, so that `grep` and `awk` find it."""
import statistics


def figure(name, value, unit, what=""):
    text = value if isinstance(value, str) else f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    print(f"{name:<56} {text:>12} {unit:<12} {what}".rstrip(), flush=True)


def spread(name, values, unit, what=""):
    """The median; lowest and highest behind it."""
    low, high = (f"{v:.4g}" if abs(v) < 1000 else f"{v:.0f}" for v in (min(values), max(values)))
    figure(name, statistics.median(values), unit, f"median of {len(values)}, {low} to {high}{'; ' + what if what else ''}")
