#!/usr/bin/env bash
# Names the Debian packages with the shared libraries that a built program needs, one a line.
#
# SPDX-License-Identifier: Apache-2.0
#
#   packaging/runtime_packages.sh build/release/server/meridian
#
# The container asks it, so that there is no list beside the one that the linker makes.
set -euo pipefail

if [[ $# != 1 ]]; then
    echo "usage: packaging/runtime_packages.sh PROGRAM" >&2
    exit 2
fi

# dpkg knows a file by the path in its package, which is /lib for some where the linker says
# /usr/lib, and the other way round: they are one folder since Debian merged them.
package_of() {
    dpkg-query --search "$1" "/usr$1" "${1#/usr}" 2>/dev/null | sed 's/:.*//' | head -n 1
}

libraries=$(ldd "$1")
if grep -q 'not found' <<<"$libraries"; then
    grep 'not found' <<<"$libraries" >&2
    exit 1
fi
awk '$2 == "=>" { print $3 }' <<<"$libraries" | while read -r library; do
    package=$(package_of "$library" || true)
    if [[ -z $package ]]; then
        echo "no package has $library" >&2
        exit 1
    fi
    echo "$package"
done | sort -u
