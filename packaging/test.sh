#!/usr/bin/env bash
# Builds Meridian in every flavour and passes every test that fits into half an hour.
#
# SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing first (packaging/dependencies.sh --test). All stages run even when one
# fails; the last line says `N passed, N failed, N skipped`, and the exit status is 0 when nothing
# failed. clang-tidy looks at what changed since $MERIDIAN_BASE, or since origin's main, for six
# minutes: what changed most goes first, and nightly.sh looks at everything.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

. packaging/stages.sh
take_no_arguments "$@"

# The commit to compare with: $MERIDIAN_BASE, else where this branch left origin's main, else the
# commit before. None in a clone with a single commit.
base_commit() {
    local head commit
    head=$(git rev-parse --verify --quiet HEAD) || return 1
    for commit in "${MERIDIAN_BASE:-}" "$(git merge-base HEAD origin/main 2>/dev/null)" 'HEAD^'; do
        commit=$(git rev-parse --verify --quiet "${commit:-none}^{commit}") || continue
        if [[ $commit != "$head" ]]; then
            echo "$commit"
            return
        fi
    done
    return 1
}

tidy_what_changed() {
    local base files
    if ! base=$(base_commit); then
        echo "nothing to compare with: this history has one commit (nightly.sh looks at every file)"
        return
    fi
    configure tidy || return 1
    git diff --numstat --no-renames --diff-filter=d "$base" -- '*.cpp' '*.h' | sort -rn | cut -f3 |
        packaging/tidy_sources.py build/tidy >"$work/sources"
    mapfile -t files <"$work/sources"
    echo "${#files[@]} files show what changed since $(git rev-parse --short "$base")"
    if ((${#files[@]} > 0)); then tidy 6 "${files[@]}"; fi
}

stage "Layout by clang-format" check_format
stage "Release build, g++" build release
# Most of them wait, for a look of the server or for the end of a time: twice as many fit at once.
# Under sanitizers they compute.
stage "Tests of the release build" run_tests release -j "$((2 * job_count))"
stage "Instructions per query, against those on record" bench/instructions.sh build/release
stage "Build without vector instructions, of what has them" build plain vector_tests
stage "Tests without vector instructions" run_tests plain -L vectors
stage "ASan and UBSan build, clang++" build fuzz
stage "Tests under ASan and UBSan" run_tests fuzz -LE 'system|architecture'
stage "Fuzz targets, 20 s each" fuzz 20
stage "clang-tidy on what changed" tidy_what_changed
stage "TSan build of what has threads" build tsan threaded_tests
stage "Threads under TSan" run_tests tsan -L threads
finish
