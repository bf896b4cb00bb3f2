#!/bin/bash
# Runs every test program and script, reads their TAP lines, and ends with one line: N passed, N failed.
# usage: tests/run.sh BUILD [FILTER]   FILTER: a part of the runner's path
set -u
cd "$(dirname "$0")/.." || exit 1
build=$1
filter=${2:-}
export LTP_BUILD=$build CMOCKA_MESSAGE_OUTPUT=TAP
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=tests/support/lsan.supp:print_suppressions=0}
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

run() { # name command…
    local name=$1 ok bad code start
    shift
    case $name in *"$filter"*) ;; *) return ;; esac
    start=$SECONDS
    "$@" >"$log" 2>&1
    code=$?
    ok=$(grep -c '^ok ' "$log")
    bad=$(grep -c '^not ok ' "$log")
    # A runner that stops without saying which test failed counts as one failure.
    if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    if [ "$ok" = 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    printf '%-44s %5d passed %3d failed %4ds\n' "$name" "$ok" "$bad" $((SECONDS - start))
    if [ "$bad" != 0 ]; then grep -v '^ok ' "$log" | tail -n 60 | sed 's/^/    /'; fi
    passed=$((passed + ok))
    failed=$((failed + bad))
}

for source in tests/unit/test_*.c tests/stat/test_*.c tests/repro/test_*.c tests/golden/test_*.c tests/fault/test_*.c; do
    [ -e "$source" ] || continue
    run "${source%.c}" "$build/${source%.c}"
done
for script in tests/*/test_*.py; do
    [ -e "$script" ] || continue
    run "$script" /usr/bin/python3 "$script"
done
for script in tests/*/test_*.sh; do
    [ -e "$script" ] || continue
    run "$script" bash "$script"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
