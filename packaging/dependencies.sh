#!/usr/bin/env bash
# Installs the Debian 12 packages that building Meridian needs; with --test also those of its tests.
#
# SPDX-License-Identifier: Apache-2.0
#
#   packaging/dependencies.sh            what packaging/demo.sh needs
#   packaging/dependencies.sh --test     and what packaging/test.sh needs
#   packaging/dependencies.sh --nightly  and what packaging/nightly.sh needs
#
# Asks nothing, removes nothing, and is done in a moment when everything is there.
set -euo pipefail

# make: g++ optimises the parts of a whole program side by side through it, else one after another.
build_packages=(
    bind9-dnsutils cmake g++ libboost1.81-dev libcli11-dev libidn2-dev libldns-dev liblzma-dev
    libmaxminddb-dev libspdlog-dev libssl-dev libsystemd-dev libxxhash-dev libzstd-dev make
    ninja-build pkg-config python3
)
# clang is the second compiler; kdig, drill, unbound, NSD and Knot are other people's idea of DNS;
# BIND is here for the zone files that it comes with, nginx as a back end that is checked; toml11 reads
# TOML a second time in tests.
test_packages=(
    bind9 ca-certificates ccache clang-19 clang-format-19 clang-tidy-19 git iproute2 knot knot-dnsutils
    ldnsutils libclang-rt-19-dev libgmock-dev libgtest-dev libtoml11-dev llvm-19 nginx-light nsd openssl
    patch python3-dnspython python3-jsonschema systemd unbound valgrind
)
nightly_packages=(debootstrap dnsperf gdnsd libmaxmind-db-writer-perl python3-maxminddb)
command -v npm >/dev/null || nightly_packages+=(npm)  # from wherever, it fetches the same
# Installed for their programs; they do not start as services here. PACKAGE or PACKAGE:UNIT.
services=(unbound gdnsd knot nsd bind9:named nginx-light:nginx)

say() { printf '%s\n' "dependencies: $*" >&2; }

wanted_packages() {
    printf '%s\n' "${build_packages[@]}"
    case "${1:-}" in
        '') ;;
        --test) printf '%s\n' "${test_packages[@]}" ;;
        --nightly) printf '%s\n' "${test_packages[@]}" "${nightly_packages[@]}" ;;
        *) say "unknown option $1; known: --test, --nightly"; return 2 ;;
    esac
}

is_installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

become_root() {
    if [[ $(id -u) == 0 ]]; then
        root=(env DEBIAN_FRONTEND=noninteractive)
    elif command -v sudo >/dev/null; then
        root=(sudo env DEBIAN_FRONTEND=noninteractive)
        [[ -t 0 ]] || root=(sudo -n env DEBIAN_FRONTEND=noninteractive)  # no terminal to ask for a password
    else
        say "run this as root, or install sudo: these are missing: ${missing[*]}"
        exit 1
    fi
}

# Debian starts a service as soon as it is installed, unless this file forbids it.
policy=/usr/sbin/policy-rc.d
forbid_services() {
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
        "${root[@]}" chmod 755 "$policy"
        trap '"${root[@]}" rm -f "$policy"' EXIT
    fi
}

disable_services() {
    local service
    for service in "${services[@]}"; do
        if [[ " ${missing[*]} " == *" ${service%:*} "* ]] && command -v systemctl >/dev/null; then
            "${root[@]}" systemctl disable --quiet "${service#*:}" 2>/dev/null || true
        fi
    done
}

# What apt would have to remove, in words. Boost 1.81 and 1.74 cannot be installed together.
explain_conflict() {
    local removals
    removals=$(apt-get --simulate -q install --no-install-recommends "${missing[@]}" 2>/dev/null |
        awk '$1 == "Remv" { print $2 }' | tr '\n' ' ')
    if [[ -n $removals ]]; then
        say "in the way: ${removals% }"
        say "nothing was removed. If you do not need them: apt-get remove ${removals% }"
    else
        say "apt could not install: ${missing[*]}"
    fi
}

main() {
    case "${1:-}" in
        -h | --help) echo "usage: packaging/dependencies.sh [--test | --nightly]"; return ;;
    esac
    local list
    list=$(wanted_packages "${1:-}") || exit
    missing=()
    local package
    for package in $list; do
        is_installed "$package" || missing+=("$package")
    done
    if ((${#missing[@]} == 0)); then return; fi

    if [[ $(. /etc/os-release && echo "${ID:-}${VERSION_ID:-}") != debian12 ]]; then
        say "made for Debian 12; elsewhere install the likes of: ${missing[*]}"
    fi
    become_root
    say "installing ${missing[*]}"
    forbid_services
    "${root[@]}" apt-get -qq update || say "could not renew the package lists; trying the old ones"
    if ! "${root[@]}" apt-get -qq -y --no-remove --no-install-recommends -o Dpkg::Use-Pty=0 \
        -o Dpkg::Options::=--force-confold install "${missing[@]}" >/dev/null; then
        explain_conflict
        exit 1
    fi
    disable_services
}

main "$@"
