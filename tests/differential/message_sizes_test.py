"""Compares how long Meridian's messages are beside those of Knot DNS, NSD and BIND for a root zone.

SPDX-License-Identifier: Apache-2.0

Fails where one of Meridian's is longer than Knot's with the same content, or is truncated where Knot's
is not. MERIDIAN_BINARY names the program. The zone is made up (root_zone.py), in the real one's shape.
"""
import argparse
import os
import random
import sys
import tempfile

import differences
from message import TYPES, Edns, Query, query_to_text, read_response, response_to_text
from root_zone import RootZone
from servers import Bind, Knot, Meridian, Nsd, ask_over_udp

SHOWN = 10  # messages that are too long, printed in full
SIZES = (512, 1232, 4096)  # what the client takes; none of the servers sends over 1232
FITS_ALL = 1232  # all of any referral; in less, servers choose differently what to leave out


class Totals:
    """Of one server and one size."""

    def __init__(self):
        self.referrals = 0
        self.octets = 0
        self.truncated = 0
        self.longest = 0
        self.glue = 0

    def add(self, reply):
        self.referrals += 1
        self.octets += reply.octets
        self.truncated += "TC" in reply.flags
        self.longest = max(self.longest, reply.octets)
        self.glue += len(reply.additional)


def make_queries(zone, size):
    names = zone.questions()
    queries = [Query(name, TYPES["A"], 1, (), Edns(size, False), False, "") for name in names]
    queries += [Query(name, TYPES["DS"], 1, (), Edns(size, False), False, "")
                for name in names if len(name) == 1]
    queries += [Query((), TYPES[each], 1, (), Edns(size, False), False, "")
                for each in ("SOA", "NS", "MX")]
    return queries


def fault_of(mine, knots, size):
    if "TC" in mine.flags and "TC" not in knots.flags:
        return "truncated where Knot's is not"
    if differences.is_larger(mine, knots):
        return "longer than Knot's"
    is_referral = not mine.answer and not knots.answer
    if is_referral and size >= FITS_ALL and not differences.holds_as_much(mine, knots):
        return "without some of the addresses that Knot's has"
    return None


def compare(zone, servers, size):
    """Prints a line for each server; returns the number of faults."""
    queries = make_queries(zone, size)
    replies = ask_over_udp(servers, queries)
    totals = {server.name: Totals() for server in servers}
    faults = 0
    domains = set(zone.nameservers)
    for query, octets in zip(queries, replies):
        parsed = {name: read_response(wire) for name, wire in octets.items()}
        is_counted = (len(query.name) == 1 and query.type == TYPES["A"]
                      and query.name[0].decode() in domains)
        for name, reply in parsed.items():
            if is_counted:
                totals[name].add(reply)
        fault = fault_of(parsed["meridian"], parsed["knot"], size)
        if fault:
            faults += 1
            if faults <= SHOWN:
                print(f"{fault}: {query_to_text(query)}")
                for name in ("meridian", "knot"):
                    print(f"- {name}: {response_to_text(parsed[name])}")
    for name, each in totals.items():
        print(f"{size:5} {name:9} {each.referrals} referrals, {each.octets} octets,"
              f" {each.truncated} truncated, longest {each.longest}, {each.glue} addresses")
    print(f"{size:5} {len(queries)} messages compared with Knot's, {faults} faults")
    return faults


def main():
    argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0]).parse_args()
    zone = RootZone()
    with tempfile.TemporaryDirectory(prefix="meridian-sizes-") as folder:
        os.chmod(folder, 0o755)
        servers = [Meridian(folder, random.Random(1)), Knot(folder), Nsd(folder), Bind(folder)]
        try:
            for server in servers:
                server.start([zone])
            faults = sum(compare(zone, servers, size) for size in SIZES)
        finally:
            for server in servers:
                server.stop()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
