"""Asks Meridian, NSD and Knot DNS the same questions about the same zones.

SPDX-License-Identifier: Apache-2.0

Their answers are the same, or differences.txt says why not. MERIDIAN_BINARY names the program.
"""
import argparse
import collections
import os
import random
import sys
import tempfile
import time

import differences
from message import (Malformed, name_to_text, query_to_text, query_to_wire, read_response,
                     response_to_text, type_to_text)
from question_maker import QuestionMaker
from servers import Knot, Meridian, Nsd, ask_over_tcp, ask_over_udp
from zone_maker import make_zones

SHOWN = 80  # kinds of unexplained differences of which one is printed in full


class Case:
    """One query, what the servers said to it, and what one would like to know to judge it."""

    def __init__(self, query, zones, servers, replies):
        self.query = query
        self.zones = zones
        self.servers = servers
        self.replies = replies

    def zone(self):
        """That of the name that is asked for."""
        return self.zone_of(self.query.name)

    def zone_of(self, name):
        """The one that is nearest above a name; None where there is none."""
        own = [zone for zone in self.zones if zone.is_inside(name)]
        return max(own, key=lambda zone: len(zone.apex), default=None)

    def over_tcp(self, server_name):
        """The whole of what a server has to say."""
        server = next(each for each in self.servers if each.name == server_name)
        octets = ask_over_tcp(server, self.query)
        return read_response(octets) if octets else None

    def text(self):
        zone = self.zone()
        lines = [query_to_text(self.query),
                 f"zone {name_to_text(zone.apex) if zone else 'none'}, {self.query.origin}"]
        for name, reply in self.replies.items():
            lines.append(f"- {name}: {response_to_text(reply) if reply else reply}")
        return "\n".join(lines)


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.query_count = 0
        self.equal_count = 0
        self.explained = collections.Counter()
        self.examples = {}
        self.unexplained = collections.Counter()
        self.kinds = collections.Counter()

    def ask_world(self, seed, query_count):
        """One set of zones, served anew by each server."""
        source = random.Random(seed)
        zones = make_zones(source, self.arguments.zones)
        with tempfile.TemporaryDirectory(prefix="meridian-differential-") as folder:
            os.chmod(folder, 0o755)
            servers = [Meridian(folder, source), Nsd(folder), Knot(folder)]
            try:
                for server in servers:
                    server.start(zones)
                maker = QuestionMaker(source, zones)
                queries = [maker.make() for _ in range(query_count)]
                self.compare(seed, zones, servers, queries)
            finally:
                for server in servers:
                    server.stop()

    def compare(self, seed, zones, servers, queries):
        udp = [query for query in queries if not query.tcp]
        replies = list(zip(udp, ask_over_udp(servers, udp)))
        for query in queries:
            if query.tcp:
                replies.append((query, {server.name: ask_over_tcp(server, query)
                                        for server in servers}))
        for query, octets in replies:
            parsed = {}
            for server in servers:
                wire = octets.get(server.name)
                try:
                    parsed[server.name] = read_response(wire) if wire else None
                except Malformed as error:
                    parsed[server.name] = None
                    self.unexplained[f"{server.name}: malformed, {error}"] += 1
                    print(f"seed {seed}: {server.name}: {error}: {query_to_text(query)}\n"
                          f"  {query_to_wire(query, 1).hex()}\n  {wire.hex()}")
            self.judge(seed, Case(query, zones, servers, parsed))

    def judge(self, seed, case):
        self.query_count += 1
        mine = case.replies["meridian"]
        self.kinds[f"{mine.rcode if mine else 'silence'}"
                   f"{' aa' if mine and 'AA' in mine.flags else ''}"
                   f"{' tc' if mine and 'TC' in mine.flags else ''}"] += 1
        used = []
        left = []
        for peer in ("nsd", "knot"):
            used_here, left_here = differences.judge(case, peer)
            used += [f"{name} ({peer})" for name in used_here]
            left += [f"{peer} {aspect}" for aspect in left_here]
        for name in used:
            self.explained[name] += 1
            self.examples.setdefault(name, case.text())
        if not used and not left:
            self.equal_count += 1
        if left:
            kind = f"{' '.join(left)}; {type_to_text(case.query.type)}"
            self.unexplained[kind] += 1
            if self.unexplained[kind] <= 1 and len(self.unexplained) <= SHOWN:
                print(f"seed {seed}: NOT EXPLAINED: {', '.join(left)}\n{case.text()}\n")

    def report(self, seconds):
        print(f"{self.query_count} queries to three servers in {seconds:.0f} s, seeds"
              f" {self.arguments.seed} and on; {self.equal_count} answered alike by all")
        print("what Meridian answered: " + ", ".join(
            f"{count} {kind}" for kind, count in self.kinds.most_common()))
        print("explained differences:")
        for name, count in sorted(self.explained.items()):
            print(f"  {count:7} {name}")
            if self.arguments.examples:
                print("          " + self.examples[name].replace("\n", "\n          "))
        print(f"unexplained differences: {sum(self.unexplained.values())}")
        for kind, count in self.unexplained.most_common(60):
            print(f"  {count:7} {kind}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--queries", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1, help="of the first set of zones")
    parser.add_argument("--zones", type=int, default=24, help="in a set")
    parser.add_argument("--queries-per-set", type=int, default=2500)
    parser.add_argument("--examples", action="store_true", help="show one of each explained kind")
    arguments = parser.parse_args()

    differences.check_list()
    run = Run(arguments)
    begin = time.monotonic()
    seed = arguments.seed
    while run.query_count < arguments.queries:
        run.ask_world(seed, min(arguments.queries - run.query_count, arguments.queries_per_set))
        seed += 1
    run.report(time.monotonic() - begin)
    return 1 if run.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
