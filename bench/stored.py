#!/usr/bin/env python3
"""Bytes on disk by part of a result file. usage: stored.py RESULT.h5"""
import os
import sys

import h5py
from figure import figure

PARTS = (("every_path", lambda name: name.endswith("_sample")),
         ("histograms", lambda name: name.rsplit("_", 1)[-1] in ("cumulative", "sq", "edge", "width", "centre")),
         ("batches", lambda name: "_batch_" in name),
         ("quantiles", lambda name: "_quantile" in name),
         ("input", lambda name: name.startswith("input/")),
         ("moments_probabilities_labels", lambda name: True))


def main():
    sizes = dict.fromkeys((part for part, _ in PARTS), 0)
    with h5py.File(sys.argv[1]) as file:
        paths = int(file.attrs["paths"])

        def count(name, item):
            if isinstance(item, h5py.Dataset):
                sizes[next(part for part, belongs in PARTS if belongs(name))] += item.id.get_storage_size()
        file.visititems(count)
    total = os.path.getsize(sys.argv[1])
    print("# stored bytes")
    for part, size in sizes.items():
        figure(f"stored.{part}", size, "bytes", f"{size / total:.1%}")
    rest = total - sum(sizes.values())
    figure("stored.structure", rest, "bytes", f"{rest / total:.1%}: groups, attributes, indexes of chunks")
    figure("stored.file", total, "bytes", f"{paths} paths")
    figure("stored.every_path_per_path", sizes["every_path"] / paths, "bytes/path", "float32: 4 bytes a layer, system and year")


if __name__ == "__main__":
    main()
