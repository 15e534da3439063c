#!/usr/bin/env python3
# Sets Meridian's latency beside the echo floor's at a share of what the floor can carry.
#
# SPDX-License-Identifier: Apache-2.0
#
# The loop is open: queries leave on a schedule whatever comes back, and latency counts from when a
# query was due.
import random
import statistics

import compare_peers as peers
import compare_servers as servers
import compare_session
import compare_slices as slices

TARGET = 1.3  # at most so much of the echo's p99
SHARES = ("p50", "p99", "p99.9")


def read_options():
    parser = servers.options_parser(__doc__)
    slices.add_options(parser)
    parser.add_argument("--mix", action="append", choices=("steered", "static"),
                        help="default: both")
    parser.add_argument("--peer", action="append", choices=peers.PEERS, default=[])
    parser.add_argument("--share", type=float, default=0.5, help="of the floor's capacity")
    return servers.with_whole_paths(parser.parse_args())


def measure(mix, compared, options, setting):
    queries = servers.MIXES[mix]
    octets = round(slices.Slice(compared[0], options, queries).load["reply_octets"])
    floor = servers.start_floor(setting, octets, "recvmmsg")
    try:
        capacity = statistics.median(
            slices.Slice(floor, options, queries).load["answered_per_second"] for _ in range(5))
        rate = int(capacity * options.share)
        rounds = slices.run_rounds([compared[0], floor, *compared[1:]], options, queries, rate)
    finally:
        floor.stop()
    chance, rows = random.Random(1), {}
    for name in rounds.pairs:
        rows[name] = {}
        for share in SHARES:
            def latency(part, share=share):
                return part.load["latency_us"][share]
            rows[name][share] = slices.summary(rounds.values_of(name, latency), chance)
            rows[name][f"{share} over floor"] = slices.summary(
                rounds.ratios(name, "floor", latency), chance)
    return {"capacity": capacity, "rate": rate, "problems": rounds.problems, "servers": rows}


def print_table(mix, result):
    print(f"\n{mix}: the floor carries {result['capacity']:.0f} queries/s; offered "
          f"{result['rate']}/s; {len(result['problems'])} pairs of slices do not count")
    for reason in sorted(set(result["problems"]))[:3]:
        print(f"  for example: {reason}")
    print("  server    " + "".join(f"  {share + ' us':>9}  {'over floor':20}" for share in SHARES))
    for name, row in result["servers"].items():
        line = f"  {name:10}"
        for share in SHARES:
            value, ratio = row[share], row[f"{share} over floor"]
            line += f"  {value['median']:9.1f}" if value else f"  {'-':>9}"
            text = f"{ratio['median']:.2f} ({ratio['low']:.2f}-{ratio['high']:.2f})" \
                if ratio and name != "floor" else ""
            line += f"  {text:20}"
        print(line.rstrip())
    ratio = result["servers"]["meridian"]["p99 over floor"]
    if ratio:
        print(f"  target: p99 at most {TARGET} times the floor's: "
              f"{'met' if ratio['median'] <= TARGET else 'missed'}")


def main():
    options = read_options()
    with compare_session.session(options) as (setting, running, figures):
        running.append(servers.start_meridian(setting))
        for name in options.peer:
            server = peers.start_peer(peers.PEERS[name], setting)
            running += [server] if server else []
        print(", ".join(server.version for server in running) +
              "; geo data: " + ", ".join(setting.databases))
        figures["mixes"] = {}
        for mix in options.mix or ("steered", "static"):
            figures["mixes"][mix] = measure(mix, peers.those_in(mix, running), options, setting)
            print_table(mix, figures["mixes"][mix])


if __name__ == "__main__":
    main()
