#!/usr/bin/env bash
# Checks the nearest region over a full geo database, against an independent computation.
#
# SPDX-License-Identifier: Apache-2.0
#
# usage: packaging/nearest_full.sh DIRECTORY [BUILD_DIRECTORY]
#
# DIRECTORY holds a City database as .mmdb files, one for both families or one for each; every
# .mmdb file in it whose name has "city" in it is read. BUILD_DIRECTORY (default: build/nearest
# in the source tree) is configured for release if it is not there yet.
set -euo pipefail

if [[ $# -lt 1 || $# -gt 2 || ! -d "$1" ]]; then
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
build=${2:-$root/build/nearest}

shopt -s nullglob nocaseglob
files=("$(cd "$1" && pwd)"/*city*.mmdb)
if [[ ${#files[@]} -eq 0 ]]; then
    echo "nearest_full.sh: no file like *city*.mmdb in $1" >&2
    exit 2
fi
databases=$(IFS=:; echo "${files[*]}")

if [[ ! -f "$build/CMakeCache.txt" ]]; then
    cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release
fi
cmake --build "$build" --target geo_nearest_test
echo "databases: $databases"
MERIDIAN_NEAREST_DATABASES=$databases exec "$build/tests/geo/geo_nearest_test" --gtest_brief=1
