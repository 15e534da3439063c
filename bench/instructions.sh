#!/bin/sh
# Counts the instructions that one query costs, by callgrind; the same on every machine.
#
# SPDX-License-Identifier: Apache-2.0
#
# usage: bench/instructions.sh [BUILD_DIRECTORY [arguments for meridian_bench_answer...]]
# Two runs of different length are subtracted, so that what happens once does not count.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build/release}
[ $# -gt 0 ] && shift
short=3200
long=16000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Instructions inside the answer function, callees included. Link-time optimisation appends
# ".constprop.0" and the like to its name, hence the pattern.
collected() {
    valgrind --tool=callgrind --toggle-collect='meridian::zones::answer(*' \
        --callgrind-out-file="$work/out" "$build/bench/meridian_bench_answer" \
        --names 20000 --mix "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/log"
}

for mix in static ecs ecs6 nxdomain names; do
    few=$(collected "$mix" --once "$short" "$@")
    many=$(collected "$mix" --once "$long" "$@")
    printf '%-9s %6d instructions a query\n' "$mix" $(((many - few) / (long - short)))
done
