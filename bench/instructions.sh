#!/bin/sh
# Counts the instructions that a query costs, by callgrind, and fails where they have become more.
#
# SPDX-License-Identifier: Apache-2.0
#
# usage: bench/instructions.sh [--write] [BUILD_DIRECTORY [arguments for meridian_bench_answer...]]
# Compares with bench/instructions.txt, which --write writes anew; over 1 % more is a failure. With
# arguments of another kind than the file was written with, the comparison means nothing.
set -eu

write=no
if [ "${1:-}" = --write ]; then
    write=yes
    shift
fi
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build/release}
[ $# -gt 0 ] && shift
known=$root/bench/instructions.txt
queries=16000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Instructions inside the answer function, callees included. Link-time optimisation may append
# ".constprop.0" and the like to its name, hence the pattern. Each round of the benchmark ends up in
# a file of its own: for each mix one batch, which does not count, then the queries.
valgrind --tool=callgrind --toggle-collect='meridian::zones::answer(*' \
    --dump-after='meridian::bench::end_of_round()' --callgrind-out-file="$work/out" \
    "$build/bench/meridian_bench_answer" --names 20000 --once "$queries" "$@" \
    >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }

round=0
status=0
sed -n 's/^\([a-z0-9]*\) *queries .*/\1/p' "$work/log" >"$work/mixes"
[ -s "$work/mixes" ] || { cat "$work/log" >&2; exit 1; }
while read -r mix; do
    round=$((round + 2))
    counted=$(sed -n 's/^\(totals\|summary\): \([0-9]*\).*/\2/p' "$work/out.$round" | head -n 1)
    count=$((counted / queries))
    if [ "$count" -eq 0 ]; then
        echo "instructions.sh: nothing was counted for $mix; is the function still called answer?" >&2
        exit 1
    fi
    before=$(sed -n "s/^$mix *\([0-9]*\)\$/\1/p" "$known" 2>/dev/null || true)
    verdict=
    if [ "$write" = no ] && [ -n "$before" ]; then
        if [ $((count * 100)) -gt $((before * 101)) ]; then
            verdict="  FAILED: $before are on record"
            status=1
        elif [ $((count * 101)) -lt $((before * 100)) ]; then
            verdict="  ($before are on record: --write)"
        fi
    fi
    printf '%-9s %6d instructions a query%s\n' "$mix" "$count" "$verdict"
    printf '%-9s %6d\n' "$mix" "$count" >>"$work/counts"
done <"$work/mixes"
if [ "$write" = yes ]; then cp "$work/counts" "$known"; fi
exit "$status"
