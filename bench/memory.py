#!/usr/bin/env python3
# Weighs a server once all is loaded: with the geo database alone, and with many names beside it.
#
# SPDX-License-Identifier: Apache-2.0
import os
import statistics
import tempfile
import time

import compare_servers as servers

SETTLE_SECONDS = 5  # copies are written, and what that took is given back


def read_options():
    parser = servers.options_parser(__doc__)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    return servers.with_whole_paths(parser.parse_args())


def resident_mb(options, names):
    """Of a server that compiled its database, and of one that started from the copy."""
    with tempfile.TemporaryDirectory(prefix="meridian-memory-") as directory:
        setting = servers.Setting(options.build, options.database, 0, directory, names)
        prepared = servers.prepare_meridian(setting)
        sizes = []
        for _ in range(2):
            server = servers.spawn(setting, *prepared)
            try:
                time.sleep(SETTLE_SECONDS)
                sizes.append(server.resident_mb())
            finally:
                server.stop()
        return sizes


def main():
    options = read_options()
    print("geo data: " + ", ".join(map(os.path.basename, options.database)))
    for names in (0, options.names):
        runs = [resident_mb(options, names) for _ in range(options.runs)]
        compiled, copied = (statistics.median(sizes) for sizes in zip(*runs))
        print(f"{names:9} names: {compiled:.1f} MB resident, {copied:.1f} when started from the copy")
        if names == 0:
            alone = compiled, copied
        else:
            print(f"{'':9} a name: {(compiled - alone[0]) * 1e6 / names:.1f} octets, "
                  f"{(copied - alone[1]) * 1e6 / names:.1f} when started from the copy")


if __name__ == "__main__":
    main()
