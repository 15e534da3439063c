#!/usr/bin/env python3
# Estimates into how many cache entries ECS splits one steered name, from the scopes of answers.
#
# SPDX-License-Identifier: Apache-2.0
#
# A random public /24 whose answer has the scope s stands for one entry in 2^(24 - s). IPv6 cannot
# be sampled so: its blocks in use are too thinly spread.
import json
import math
import random
import statistics
import struct
import tempfile

import compare_servers as servers
from compare_session import end_in_order


def scope_of(reply):
    """The scope of the client subnet option, which ends the reply to a query for a /24."""
    code, _, family, source, scope = struct.unpack("!HHHBB", reply[-11:-3])
    if (code, family, source) != (8, 1, 24):
        raise SystemExit("the reply does not end with the client subnet that was sent")
    return scope


def main():
    end_in_order()
    parser = servers.options_parser(__doc__)
    parser.add_argument("--count", type=int, default=20000, help="of subnets asked for")
    parser.add_argument("--json", metavar="FILE")
    options = servers.with_whole_paths(parser.parse_args())
    chance = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="meridian-scopes-") as directory:
        server = servers.start_meridian(
            servers.Setting(options.build, options.database, 1, directory))
        try:
            scopes = []
            while len(scopes) < options.count:
                block = chance.randrange(1 << 16, 224 << 16)
                if block >> 16 not in (10, 127):
                    scopes.append(scope_of(servers.ask(server.port, servers.STEERED, block << 8)))
        finally:
            server.stop()
    public_blocks = (223 - 2) << 16
    shares = [2.0 ** -(24 - scope) for scope in scopes]
    cells = public_blocks * statistics.mean(shares)
    error = public_blocks * statistics.stdev(shares) / math.sqrt(len(shares))
    print(f"{cells:.0f} (+-{2 * error:.0f}) entries for IPv4 at {len(servers.REGIONS)} regions; "
          f"median scope /{statistics.median(scopes):.0f}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"v4_cells": round(cells), "error": round(2 * error)}, file)


if __name__ == "__main__":
    main()
