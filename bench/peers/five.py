#!/usr/bin/env python3
"""The five tests of a scenario folder in expectation: every layer's figures, Shapley values, each programme's gains (JSON).

    five.py FOLDER [layers|shapley|programmes]
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import attribute                                        # noqa: E402
from layer import Book                                  # noqa: E402
from plan import Plan                                   # noqa: E402
from scenario import Scenario                           # noqa: E402


def named(figures):
    """Keys of JSON are text: organisation, or organisation and item."""
    return {key if isinstance(key, str) else " ".join(key): [float(value) for value in values] for key, values in figures.items()}


def main():
    folder, what = sys.argv[1], sys.argv[2:] or ["layers", "shapley", "programmes"]
    book, out = Book(Plan(Scenario(folder))), {}
    if "layers" in what:
        out["layers"] = {name: {measure: named(figures) for measure, figures in layer.figures.items()}
                         for name, layer in book.layers().items()}
    if "shapley" in what:
        value, total = attribute.shapley(book)
        out["shapley"] = {"tests": {str(test): named(figures) for test, figures in value.items()}, "sum": named(total)}
    if "programmes" in what:
        out["programmes"] = attribute.programmes(book)
    json.dump(out, sys.stdout, indent=1, default=float)
    print()


if __name__ == "__main__":
    main()
