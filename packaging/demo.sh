#!/usr/bin/env bash
# Builds Meridian, serves the sample zone and asks it as clients from all over the world would.
#
# SPDX-License-Identifier: Apache-2.0
#
#   packaging/demo.sh          stays in the foreground afterwards, until Ctrl-C
#   packaging/demo.sh --once   ends after the table; the exit status says whether all went well
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

address=127.0.0.1
port=5300
once=no
case "${1:-}" in
    '') ;;
    --once) once=yes ;;
    -h | --help) echo "usage: packaging/demo.sh [--once]"; exit 0 ;;
    *) echo "usage: packaging/demo.sh [--once]" >&2; exit 2 ;;
esac

say() { printf '%s\n' "demo: $*" >&2; }

# Both tables of the kernel: a second server could share a UDP port without an error.
port_is_taken() {
    local hexadecimal
    hexadecimal=$(printf ':%04X' "$port")
    awk -v port="$hexadecimal" 'FNR > 1 && index($2, port) && ($4 == "0A" || $4 == "07") {
        found = 1 } END { exit !found }' /proc/net/{tcp,tcp6,udp,udp6} 2>/dev/null
}

server=
work=
clean_up() {
    local status=$?
    trap - EXIT INT TERM HUP
    if [[ -n $server ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [[ -n $work ]]; then rm -rf "$work"; fi
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

answers() {
    dig +short +tries=1 +timeout=1 @"$address" -p "$port" beigel.example SOA | grep -q '^ns1\.'
}

start_server() {
    work=$(mktemp -d)
    # No configuration: meridian serves the zones and the world that ship with it.
    printf '[server]\nlisten = ["%s:%s"]\nzones = "%s"\nstate = "state"\n' \
        "$address" "$port" "$PWD/packaging/zones" >"$work/meridian.toml"
    build/release/server/meridian serve -c "$work/meridian.toml" 2>"$work/log" &
    server=$!
    local attempt
    for ((attempt = 0; attempt < 100; ++attempt)); do
        if answers; then return; fi
        if ! kill -0 "$server" 2>/dev/null; then break; fi
        sleep 0.1
    done
    cat "$work/log" >&2
    say "the server did not come up"
    return 1
}

packaging/dependencies.sh
say "building (the first time takes some minutes)"
if command -v ccache >/dev/null; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
build_log=$(cmake --preset release -DBUILD_TESTING=OFF 2>&1) || { echo "$build_log"; exit 1; }
ninja -C build/release meridian

if port_is_taken; then
    say "port $port is taken: another server listens there, perhaps an earlier demo"
    exit 1
fi
start_server
cat "$work/log"
echo
/usr/bin/python3 packaging/demo_table.py --server "$address" --port "$port" \
    --meridian build/release/server/meridian --config "$work/meridian.toml"
if [[ $once == yes ]]; then exit 0; fi

cat <<EOF

Ask it yourself, from another terminal:
  dig @$address -p $port www.beigel.example +subnet=46.114.0.0/24
  build/release/server/meridian why www.beigel.example --client 46.114.0.0/24
It serves packaging/zones/beigel.example.toml. Ctrl-C ends it.
EOF
wait "$server"
