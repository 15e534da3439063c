# Runs the stages of a check one after another, keeps count, and ends with one line for machines.
#
# SPDX-License-Identifier: Apache-2.0
#
# shellcheck shell=bash
# Sourced by packaging/test.sh and packaging/nightly.sh with `cd` to the project's root done.

passed_count=0
failed_count=0
skipped_count=0
failed_stages=()
job_count=$(nproc)

# The opening comment of the script is its help. Asking for that installs and builds nothing.
take_no_arguments() {
    if (($# == 0)); then return; fi
    local help
    help=$(sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0" | grep -v '^SPDX-' | cat -s)
    case "$1" in
        -h | --help) echo "$help"; exit 0 ;;
    esac
    printf '%s\n\n%s\n' "${0##*/}: it takes no argument, and got $1" "$help" >&2
    exit 2
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if command -v ccache >/dev/null; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

# stage "What it shows" COMMAND...: one test, or as many as ctest says that it ran.
stage() {
    local title=$1 begin=$SECONDS status=0 passed=0 failed=0 skipped=0
    shift
    printf '\n=== %s\n' "$title"
    set +e  # a stage that fails does not keep the others from running
    (set -e; "$@") 2>&1 | tee "$work/log"
    status=${PIPESTATUS[0]}
    set -e
    # "97% tests passed, 1 tests failed out of 39"
    # ctest takes a skipped test for a passed one, and does not see what a script of tests skips.
    read -r failed passed skipped < <(awk '/tests passed, .* tests failed out of/ {
            failed += $4; passed += $NF - $4 }
        /^\t *[0-9]+ - .* \((Skipped|Disabled)\)$/ { ++skipped; --passed }
        /^skipped within / { skipped += $NF }
        END { print failed + 0, passed + 0, skipped + 0 }' "$work/log")
    if ((passed + failed == 0 || (status != 0 && failed == 0))); then
        if ((status == 0)); then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    fi
    passed_count=$((passed_count + passed))
    failed_count=$((failed_count + failed))
    skipped_count=$((skipped_count + skipped))
    if ((status != 0)); then failed_stages+=("$title"); fi
    printf -- '--- %s: %s (%d s)\n' "$title" "$( ((status == 0)) && echo passed || echo FAILED)" \
        $((SECONDS - begin))
}

# configure FLAVOUR
configure() {
    cmake --preset "$1" >"$work/configure" 2>&1 || { cat "$work/configure"; return 1; }
}

# build FLAVOUR [TARGET...]
build() {
    local preset=$1
    shift
    configure "$preset" || return 1
    # Whatever gtest_discover_tests starts while building needs the same kernel settings as later.
    steady_addresses ninja -C "build/$preset" --quiet -j "$job_count" "$@"
}

# A test that fails beside others runs once more by itself: on a machine that others load, that is
# what parts a fault from a time limit. What it said the first time stands at the end of the run.
run_tests() {
    local preset=$1 status=0
    shift
    run_ctest "$preset" -j "$job_count" "$@" | tee "$work/ctest" |
        sed -u 's/\(tests passed, [1-9][0-9]*\) tests failed out of/\1 failed the first time, of/' ||
        status=$?
    if ((status != 0)); then
        note_failed_tests "build/$preset/Testing/Temporary"
        run_alone "$preset" && status=0
    fi
    # "OK (skipped=2)", or "FAILED (failures=1, skipped=2)", as unittest ends.
    awk '/^[0-9]+\/[0-9]+ Test: / { name = $NF }
        /^(OK|FAILED) \(.*skipped=[0-9]+/ { sub(/.*skipped=/, ""); sub(/[^0-9].*/, "")
            print "skipped within " name ": " $0 }' \
        "build/$preset/Testing/Temporary/LastTest.log"
    return "$status"
}

run_ctest() {
    local preset=$1
    shift
    steady_addresses ctest --test-dir "build/$preset" --output-on-failure --no-tests=error \
        --progress --timeout 300 "$@"
}

# run_alone FLAVOUR: what failed just now, one after the other; then the count of all tests.
run_alone() {
    local preset=$1 status=0 total failed=0
    total=$(awk '/tests passed, .* tests failed out of/ { print $NF }' "$work/ctest")
    if [[ -z $total ]]; then return 1; fi  # there were no tests
    cp "build/$preset/Testing/Temporary/LastTest.log" "$work/first_log"
    run_ctest "$preset" -j 1 --rerun-failed >"$work/again" || status=$?
    sed 's/tests failed out of/failed by themselves, of/' "$work/again"
    if ((status != 0)); then
        failed=$(wc -l <"build/$preset/Testing/Temporary/LastTestsFailed.log")
    fi
    cat "$work/first_log" >>"build/$preset/Testing/Temporary/LastTest.log"
    echo "$(((total - failed) * 100 / total))% tests passed, $failed tests failed out of $total"
    return "$status"
}

# note_failed_tests FOLDER: what ctest wrote there of each test that failed, for the end of the run.
note_failed_tests() {
    if [[ ! -e $1/LastTestsFailed.log ]]; then return; fi
    awk -v lines=40 '
        NR == FNR { failed[substr($0, index($0, ":") + 1)]; next }  # "235:system_control_socket"
        /^[0-9]+\/[0-9]+ Test: / {
            is_wanted = 0; count = 0; name = $NF
        }
        /^-+$/ && name in failed && !is_wanted {  # behind command and folder
            is_wanted = 1
            print "the last lines of " name ":"
            next
        }
        /^<end of output>$/ && is_wanted {
            for (i = count > lines ? count - lines : 0; i < count; ++i) { print "    " kept[i] }
            is_wanted = 0; name = ""
        }
        is_wanted { kept[count++] = substr($0, 1, 400) }' \
        "$1/LastTestsFailed.log" "$1/LastTest.log" >>"$work/failed_tests"
}

# g++ 12's ThreadSanitizer gives up where the kernel scatters memory as widely as new ones do.
steady_addresses() {
    if setarch "$(uname -m)" -R true 2>/dev/null; then
        setarch "$(uname -m)" -R "$@"
    else
        "$@"
    fi
}

our_sources() {
    find include dns geo zones server tests bench -name '*.h' -o -name '*.cpp' | sort
}

check_format() {
    our_sources | xargs clang-format-19 --dry-run -Werror
}

# fuzz SECONDS: each target, beginning with its corpus; what it finds stays in build/fuzz.
fuzz() {
    local seconds=$1 target targets=()
    for target in build/fuzz/tests/fuzz/fuzz_*; do
        if [[ -x $target && -f $target ]]; then targets+=("$target"); fi
    done
    if ((${#targets[@]} == 0)); then
        echo "no fuzz target was built"
        return 1
    fi
    mkdir -p "$work/new"
    # shellcheck disable=SC2016  # for the shell that xargs starts
    printf '%s\0' "${targets[@]}" | xargs -0 -n 1 -P "$job_count" bash -c '
        name=${2##*/fuzz_} status=0
        mkdir -p "$1/$name"
        "$2" -max_total_time="$0" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
            -verbosity=0 -print_funcs=0 -artifact_prefix="build/fuzz/$name-" "$1/$name" \
            "tests/fuzz/corpus/$name" >"$1/$name.log" 2>&1 || status=1
        echo "fuzz_$name, $0 s"
        cat "$1/$name.log"
        exit "$status"
    ' "$seconds" "$work/new"
}

# tidy MINUTES FILE...: as build/tidy, which is configured but not built, would compile them. No file
# is begun after that time.
tidy() {
    local minutes=$1 status=0
    shift
    : >"$work/tidied"
    # shellcheck disable=SC2016  # for the shell that xargs starts
    printf '%s\0' "$@" | xargs -0 -n 1 -P "$job_count" bash -c '
        if (($(date +%s) >= $0)); then exit 0; fi
        echo "$2" >>"$1"
        exec clang-tidy-19 -p build/tidy --quiet --extra-arg=-Wno-unknown-warning-option "$2"
    ' "$(($(date +%s) + minutes * 60))" "$work/tidied" || status=$?
    echo "clang-tidy looked at $(wc -l <"$work/tidied") of $# files"
    return "$status"
}

# What failed comes last, since CI shows little more than the end.
finish() {
    printf '\n'
    if [[ -s $work/failed_tests ]]; then cat "$work/failed_tests"; fi
    if ((${#failed_stages[@]} > 0)); then printf 'failed: %s\n' "${failed_stages[@]}"; fi
    printf '%d passed, %d failed, %d skipped\n' "$passed_count" "$failed_count" "$skipped_count"
    ((failed_count == 0))
}
