#!/bin/bash
# Runs every test program and script, reads their TAP lines, and ends with one line: N passed, N failed.
# usage: tests/run.sh BUILD [FILTER]   FILTER: a part of the runner's path
# A runner that prints fewer tests than it planned, stops with an error, or hangs, has failed.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$1
filter=${2:-}
export LTP_BUILD=$build CMOCKA_MESSAGE_OUTPUT=TAP PYTHONDONTWRITEBYTECODE=1
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0}
hang=${LTP_TEST_SECONDS:-900} # after which a runner is taken to hang; no test is a race against the clock
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# A language with a decimal comma, for tests that numbers do not follow it.
if [ ! -d "$build/locale/de_DE.UTF-8" ] && [ -e /usr/share/i18n/locales/de_DE ]; then
    mkdir -p "$build/locale" && localedef -i de_DE -f UTF-8 "$build/locale/de_DE.UTF-8" 2>/dev/null
fi
if [ -d "$build/locale/de_DE.UTF-8" ]; then LOCPATH=$(realpath "$build/locale") && export LOCPATH; fi

run() { # name command…
    local name=$1 ok bad skip planned code start
    shift
    case $name in *"$filter"*) ;; *) return ;; esac
    start=$SECONDS
    timeout -k 10 "$hang" "$@" >"$log" 2>&1 </dev/null
    code=$?
    skip=$(grep -c '^ok .*# SKIP' "$log")
    ok=$(($(grep -c '^ok ' "$log") - skip))
    bad=$(grep -c '^not ok ' "$log")
    planned=$(sed -n 's/^1\.\.\([0-9][0-9]*\)$/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    if [ "$code" = 124 ] || [ "$code" = 137 ]; then echo "# stopped after $hang s" >>"$log"; fi
    # Whatever a runner does not say passed counts as one failure.
    if [ "$bad" = 0 ]; then
        if [ "$code" != 0 ]; then echo "# exit code $code" >>"$log" && bad=1
        elif [ $((ok + skip)) -lt "$planned" ]; then echo "# planned $planned, ran $((ok + skip))" >>"$log" && bad=1
        elif [ $((ok + skip)) = 0 ]; then echo "# ran no test" >>"$log" && bad=1; fi
    fi
    printf '%-44s %5d passed %3d failed %4ds\n' "$name" "$ok" "$bad" $((SECONDS - start))
    if [ "$bad" != 0 ]; then grep -v '^ok ' "$log" | tail -n 60 | sed 's/^/    /'
    else grep -e '# SKIP' -e '^# warning' "$log" | sed 's/^/    /'; fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    skipped=$((skipped + skip))
}

for source in tests/{unit,stat,repro,golden,fault,house}/test_*.c; do
    [ -e "$source" ] && run "${source%.c}" "$build/${source%.c}"
done
for script in tests/*/test_*.py bench/peers/test_*.py; do
    [ -e "$script" ] && run "$script" /usr/bin/python3 "$script"
done
for script in tests/*/test_*.sh; do
    [ -e "$script" ] && run "$script" bash "$script"
done
echo "in $SECONDS s, $skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
