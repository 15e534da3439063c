#!/usr/bin/env python3
# Sets ways to move UDP datagrams beside each other: recvmmsg, poll with recvmmsg, io_uring.
#
# SPDX-License-Identifier: Apache-2.0
#
# Each is an echo with nothing of DNS in it. What is printed is what a server could win or lose by
# another way alone, at full load and, open loop, at a rate that leaves it time to wait.
import random

import compare_servers as servers
import compare_session
import compare_slices as slices

WAYS = ("recvmmsg", "poll", "io_uring")
BASE = "poll"  # Meridian's way


def read_options():
    parser = servers.options_parser(__doc__)
    slices.add_options(parser)
    parser.add_argument("--reply", type=int, default=73, help="octets of a reply")
    parser.add_argument("--rate", type=int, action="append",
                        help="offered queries/s, 0 for full load; default: 0 and 50000")
    return servers.with_whole_paths(parser.parse_args())


def start_ways(options, setting, running):
    for way in WAYS:
        try:
            server = servers.start_floor(setting, options.reply, way)
        except SystemExit as failure:  # a build without liburing, or a kernel that forbids it
            print(f"{way} is left out: {failure}")
            continue
        server.name = way
        running.append(server)


def print_table(rate, rounds):
    chance, rows = random.Random(1), {}
    print(f"\n{f'{rate} queries/s' if rate else 'full load'}: "
          f"{len(rounds.problems)} pairs of slices do not count")
    print(f"  {'way':10} {'ns/datagram':>11} {'datagrams/s':>11} {'p99 us':>8}  over {BASE}")
    for way in rounds.pairs:
        cost = slices.summary(rounds.values_of(way, slices.Slice.ns_per_query), chance)
        if not cost:
            print(f"  {way:10} no round counts")
            continue
        speed, latency = (slices.summary(rounds.values_of(way, value), chance) for value in (
            lambda part: part.load["answered_per_second"],
            lambda part: part.load["latency_us"]["p99"]))
        ratio = slices.summary(rounds.ratios(way, BASE, slices.Slice.ns_per_query), chance)
        rows[way] = {"ns_per_datagram": cost, "datagrams_per_second": speed, "p99_us": latency,
                     f"over_{BASE}": ratio}
        text = f"{ratio['median']:.3f} ({ratio['low']:.3f}-{ratio['high']:.3f})" if ratio else "-"
        print(f"  {way:10} {cost['median']:11.0f} {speed['median']:11.0f} "
              f"{latency['median']:8.1f}  {text}")
    return rows


def main():
    options = read_options()
    with compare_session.session(options) as (setting, running, figures):
        start_ways(options, setting, running)
        figures["rates"] = {}
        for rate in options.rate or (0, 50000):
            rounds = slices.run_rounds(running, options, servers.MIXES["steered"], rate)
            figures["rates"][rate] = print_table(rate, rounds)


if __name__ == "__main__":
    main()
