#!/bin/bash
# Every measurement, in the form `name value unit   what it is`, under headings that start with #.
# usage: bench/run.sh BUILD      LTP_BENCH_RECORD=1 adds the figures to bench/history.csv
set -eu -o pipefail
cd "$(dirname "$0")/.."
build=$1
scenario=scenarios/greater-manchester
python=/usr/bin/python3
scratch=$(mktemp -d "${TMPDIR:-/tmp}/ltpsim-bench-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

width=x86-64
grep -qw avx2 /proc/cpuinfo && width="x86-64 with AVX2"
grep -qw avx512f /proc/cpuinfo && width="x86-64 with AVX-512"
machine="$width, $(nproc) cores"

measure() {
    echo "# machine: $machine; load $(cut -d' ' -f1 /proc/loadavg) before; $(gcc --version | head -n 1)"
    echo
    $python bench/whole.py "$build/ltpsim" $scenario "$scratch"
    echo
    $python bench/race.py "$build" $scenario "$scratch"
    echo
    $python bench/agree.py "$build/ltpsim" $scenario "$scratch"
    echo
    $python bench/stored.py "$scratch/whole.h5"
    echo
    echo "# draws"
    "$build/bench/draw"
    echo
    echo "# families"
    "$build/bench/transform"
    echo
    echo "# statistics"
    "$build/bench/accumulate"
}

measure | tee "$scratch/figures"
if [ -n "${LTP_BENCH_RECORD:-}" ]; then
    version=$(git rev-parse --short HEAD)
    awk -v date="$(date +%F)" -v version="$version" -v machine="$machine" \
        '/^[a-z]+\./ { printf "%s,%s,%s,%s,%s,\"%s\"\n", date, version, $1, $2, $3, machine }' "$scratch/figures" >>bench/history.csv
fi
