#!/usr/bin/env bash
# Checks what takes longer than a change may wait for: hours of fuzzing, whole databases, all files.
#
# SPDX-License-Identifier: Apache-2.0
#
# MERIDIAN_FUZZ_SECONDS (default 1800) is for each fuzz target.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

packaging/dependencies.sh --nightly
. packaging/stages.sh

tidy_everything() {
    local files
    mapfile -t files < <(our_sources | grep '\.cpp$' | while read -r file; do
        if grep -qF "\"$PWD/$file\"" build/fuzz/compile_commands.json; then echo "$file"; fi
    done)
    echo "${#files[@]} files"
    tidy "${files[@]}"
}

stage "Release build, g++" build release
stage "ASan and UBSan build, g++" build asan
stage "Tests under ASan and UBSan, g++, with the whole server" run_tests asan
stage "ASan and UBSan build, clang++" build fuzz
stage "clang-tidy on everything" tidy_everything
stage "Fuzz targets at length" fuzz "${MERIDIAN_FUZZ_SECONDS:-1800}"
if [[ -x packaging/nearest_full.sh ]]; then
    stage "The nearest region over the whole DB-IP database" packaging/nearest_full.sh
fi
finish
