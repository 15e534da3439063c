#!/usr/bin/env python3
# Sets Meridian beside the echo floor and its peers: CPU per query, in one run on one machine.
#
# SPDX-License-Identifier: Apache-2.0
import random

import compare_peers as peers
import compare_servers as servers
import compare_session
import compare_slices as slices

# At most so much of what another server costs.
TARGETS = {
    "steered": {"floor": 1.10, "gdnsd": 0.90, "knot": 0.65, "powerdns": 0.25},
    "names": {"gdnsd": 0.85},
    "static": {"floor": 1.05, "gdnsd": 1.02},
}
DEAR_ECHO_NS = 2500  # of a floor that costs more, the same work is a smaller share
DEAR_ECHO_TARGET = 1.08


def read_options():
    parser = servers.options_parser(__doc__)
    slices.add_options(parser)
    parser.add_argument("--peer", action="append", choices=peers.PEERS,
                        help="default: all that are installed")
    parser.add_argument("--mix", action="append", choices=servers.MIXES, help="default: all")
    parser.add_argument("--names", type=int, default=1_000_000, help="of the mix names")
    parser.add_argument("--rate", type=int, default=0,
                        help="offered queries/s; default: as many as the window lets through")
    parser.add_argument("--floor-waits-in", choices=("recvmmsg", "poll", "io_uring"),
                        default="recvmmsg")
    options = servers.with_whole_paths(parser.parse_args())
    options.mix = options.mix or list(servers.MIXES)
    return options


def target(mix, base, echo_ns):
    if (mix, base) == ("steered", "floor") and echo_ns > DEAR_ECHO_NS:
        return DEAR_ECHO_TARGET
    return TARGETS[mix].get(base)


def measure(mix, compared, options, setting):
    """Everything of one mix, as it goes into the JSON file."""
    queries = servers.MIXES[mix] + ([setting.many_names_path()] if mix == "names" else [])
    # The floor sends replies of Meridian's size.
    octets = round(slices.Slice(compared[0], options, queries).load["reply_octets"])
    floor = servers.start_floor(setting, octets, options.floor_waits_in)
    try:
        rounds = slices.run_rounds([compared[0], floor, *compared[1:]], options, queries,
                                   options.rate)
    finally:
        floor.stop()
    chance, result = random.Random(1), {"problems": rounds.problems, "servers": {}}
    for name in rounds.pairs:
        cost = rounds.values_of(name, slices.Slice.ns_per_query)
        result["servers"][name] = {
            "ns_per_query": slices.summary(cost, chance),
            "queries_per_second": slices.summary(
                rounds.values_of(name, lambda part: part.load["answered_per_second"]), chance),
            "reply_octets": slices.summary(
                rounds.values_of(name, lambda part: part.load["reply_octets"]), chance)}
    echo = result["servers"]["floor"]["ns_per_query"]
    for name in filter(lambda name: name != "meridian", rounds.pairs):
        ratios = rounds.ratios("meridian", name, slices.Slice.ns_per_query)
        result["servers"][name]["meridian_over"] = slices.summary(ratios, chance)
        result["servers"][name]["target"] = target(mix, name, echo["median"] if echo else 0)
        # A server that answers cannot cost less than one that only echoes.
        echoes = rounds.ratios("floor", name, slices.Slice.ns_per_query)
        result["servers"][name]["floor_over"] = slices.summary(echoes, chance)
    return result


def print_table(mix, result):
    print(f"\n{mix}: {len(result['problems'])} pairs of slices do not count")
    for reason in sorted(set(result["problems"]))[:3]:
        print(f"  for example: {reason}")
    print(f"  {'server':10} {'ns/query':>9} {'queries/s':>10} {'octets':>7}  "
          f"{'Meridian costs of it':24} {'target':12} {'the floor':9}  rounds")
    for name, row in result["servers"].items():
        if not row["ns_per_query"]:
            print(f"  {name:10} no round counts")
            continue
        line = f"  {name:10} {row['ns_per_query']['median']:9.0f}" \
               f" {row['queries_per_second']['median']:10.0f}" \
               f" {row['reply_octets']['median']:7.1f}"
        ratio, wanted = row.get("meridian_over"), row.get("target")
        floor = row.get("floor_over")
        if ratio:
            line += f"  {ratio['median']:.3f} ({ratio['low']:.3f}-{ratio['high']:.3f})     "
            met = wanted and ("met" if ratio["median"] <= wanted else "missed")
            line += f"  {f'{wanted:.2f} {met}' if wanted else '':12}" \
                    f" {floor['median'] if floor else 0:9.3f}  {ratio['rounds']}"
        print(line)


def start_all(options, setting, running):
    """Meridian and the peers that are wanted and installed; says what they are."""
    print("geo data: " + ", ".join(setting.databases))
    running.append(servers.start_meridian(setting))
    for name in options.peer or peers.PEERS:
        peer = peers.PEERS[name]
        if not peer.mixes & set(options.mix):
            continue
        server = peers.start_peer(peer, setting)
        if server:
            running.append(server)
        else:
            print(f"{name}: not installed, left out")
    described = []
    for server in running:
        peer = peers.PEERS.get(server.name)
        row = {"name": server.name, "version": server.version,
               "load_cpu_seconds": round(server.load_cpu_seconds, 3),
               "resident_mb": round(server.resident_mb(), 1)}
        line = f"{server.version}: loaded with {server.load_cpu_seconds:.2f} s of CPU, " \
               f"{server.resident_mb():.0f} MB resident"
        if peer and peer.steers_by:
            row["steers_by"] = peer.steers_by
            row["agreement"] = servers.agreement(running[0], server)
            line += f"; steers by {peer.steers_by}, names Meridian's region for " \
                    f"{100 * row['agreement']:.1f} % of 2000 random /24s"
        print(line)
        described.append(row)
    return described


def main():
    options = read_options()
    names = options.names if "names" in options.mix else 0
    with compare_session.session(options, names) as (setting, running, figures):
        setting.write_many_names()
        figures["servers"] = start_all(options, setting, running)
        figures["mixes"] = {}
        for mix in options.mix:
            figures["mixes"][mix] = measure(mix, peers.those_in(mix, running), options, setting)
            print_table(mix, figures["mixes"][mix])


if __name__ == "__main__":
    main()
