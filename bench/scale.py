#!/usr/bin/env python3
# Computes from measurements what a fleet for hundreds of millions of users needs.
#
# SPDX-License-Identifier: Apache-2.0
#
# Reads what compare.py, scaling.py and scopes.py wrote with --json, and prints two tables in
# Markdown: what was measured, and what follows. --write puts them into SCALE.md, which explains
# the model.
import argparse
import json
import math
import os

HERE = os.path.dirname(os.path.abspath(__file__))
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"

# Assumptions; SCALE.md says where each comes from.
USERS = 500e6          # a day
ACTIVE_SHARE = 0.05    # at once
NEED_SECONDS = 120     # between two needs of one active user
CLIENT_HOLD_SECONDS = 60
TYPES = 2              # A and AAAA
RESOLVER_CACHES = 200_000
SUBNET_CACHES = 20     # caches of resolvers that send ECS
SUBNET_SHARE = 0.3     # of the users are behind those
PEAK_OVER_MEAN = 2.5
RETRY_FACTOR = 8
NETWORK_CARD_FACTOR = 1.5  # a server on a network card pays for receiving, too
CORES = 16
USE_AT_PEAK = 0.3
ATTACK_QUERIES = 30e6  # a second, over the whole fleet
WIRE_OCTETS = 66       # Ethernet with gap and preamble, IPv4, UDP
PLACES = 16
MEMORY_GIB = 64
YARDSTICKS = (("NTP Pool", 10e9 / 86400), ("Verisign's TLDs, 2014", 85e9 / 86400),
              ("the root, 2020", 143e9 / 86400), ("Cloudflare, 2022", 38.7e12 / 30 / 86400))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("compare", "scaling", "scopes"):
        parser.add_argument(f"--{name}", default=f"{HERE}/plots/{name}.json", metavar="FILE")
    parser.add_argument("--write", action="store_true", help="into SCALE.md")
    return parser.parse_args()


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Measured:
    def __init__(self, compare, scaling, scopes):
        costs = {mix: {name: row["ns_per_query"]["median"] for name, row in found["servers"].items()
                       if row["ns_per_query"]} for mix, found in compare["mixes"].items()}
        self.steered_ns = costs["steered"]["meridian"]
        self.static_ns = costs["static"]["meridian"]
        self.names_ns = costs["names"]["meridian"]
        self.floor_ns = costs["steered"]["floor"]
        self.reply_octets = \
            compare["mixes"]["steered"]["servers"]["meridian"]["reply_octets"]["median"]
        self.resident_mb, self.resident_names = \
            compare["servers"][0]["resident_mb"], compare["options"]["names"]
        names, policies = scaling["sweeps"]["names"], scaling["sweeps"]["policies"]
        self.most_names = names[-1]["x"]
        self.name_octets = names[-1]["names_mb"] * 1e6 / names[-1]["x"]
        self.name_load_ns = names[-1]["load_cpu_seconds"] * 1e9 / names[-1]["x"]
        few, some = policies[0], next(point for point in policies if point["x"] == 10)
        self.own_table_mb = slope(few, some, "tables_mb")
        self.own_table_seconds = slope(few, some, "load_cpu_seconds")
        self.joint_table_mb = slope(policies[-2], policies[-1], "tables_mb")
        self.joint_table_seconds = slope(policies[-2], policies[-1], "load_cpu_seconds")
        self.most_policies, self.most_policies_mb = policies[-1]["x"], policies[-1]["tables_mb"]
        self.cells = scopes["v4_cells"]
        self.machine = compare["machine"]

    def rows(self):
        return [
            ("CPU of a steered query with ECS, loopback", f"{self.steered_ns:.0f} ns",
             "`compare.py`"),
            ("CPU of a static query", f"{self.static_ns:.0f} ns", "`compare.py`"),
            ("CPU of one of a million names at random", f"{self.names_ns:.0f} ns", "`compare.py`"),
            ("of the steered query, what an echo costs", f"{self.floor_ns:.0f} ns",
             "`compare.py`"),
            ("octets of a steered reply", f"{self.reply_octets:.0f}", "`compare.py`"),
            (f"resident memory with {self.resident_names:,} names and one policy",
             f"{self.resident_mb:.0f} MB", "`compare.py`"),
            ("memory of a name with one A record", f"{self.name_octets:.0f} octets",
             "`scaling.py`"),
            ("CPU to load a name", f"{self.name_load_ns:.0f} ns", "`scaling.py`"),
            ("most names that were loaded", f"{self.most_names:,}", "`scaling.py`"),
            ("memory of a policy's table, 8 regions; of a policy with a joint one",
             f"{self.own_table_mb:.0f} MB; {self.joint_table_mb:.1f} MB", "`scaling.py`"),
            ("CPU to make them", f"{self.own_table_seconds:.2f} s; {self.joint_table_seconds:.2f} s",
             "`scaling.py`"),
            ("cache entries that ECS makes of one name, IPv4", f"{self.cells:,}", "`scopes.py`"),
        ]


def slope(one, other, key):
    return (other[key] - one[key]) / (other["x"] - one["x"])


def upstream(demand, caches, ttl):
    """Queries a second that caches ask for one name, when users ask them `demand` times a second,
    the first most and the k-th 1/k as often (Poisson arrivals, TTL counted from the fetch)."""
    weight = sum(1 / rank for rank in range(1, caches + 1))
    rates = (demand / weight / rank for rank in range(1, caches + 1))
    return sum(rate / (1 + rate * ttl) for rate in rates)


def upstream_of_cells(demand, caches, cells, ttl):
    """The same for caches with an entry for each cell, all alike: the most that it can be."""
    rate = demand / (caches * cells)
    return caches * cells * rate / (1 + rate * ttl)


class Model:
    def __init__(self, measured):
        self.measured = measured
        self.node = CORES * 1e9 / (measured.steered_ns * NETWORK_CARD_FACTOR)

    def demand(self, ttl):
        """Questions a second of all users to their resolvers, of one type."""
        hold = max(ttl / 2, CLIENT_HOLD_SECONDS)
        return USERS * ACTIVE_SHARE / (hold + NEED_SECONDS)

    def load(self, ttl):
        """(without ECS, with ECS) in queries a second."""
        demand = self.demand(ttl)
        plain = TYPES * upstream(demand, RESOLVER_CACHES, ttl)
        behind = SUBNET_SHARE * demand
        entries = TYPES * upstream_of_cells(behind, SUBNET_CACHES, self.measured.cells, ttl)
        rest = TYPES * upstream(demand - behind, RESOLVER_CACHES, ttl)
        return plain, rest + entries

    def traffic_rows(self):
        for ttl in (20, 60, 300):
            plain, subnets = self.load(ttl)
            asked = TYPES * self.demand(ttl)
            yield (f"{ttl} s", about(asked), f"{1 - plain / asked:.1%}", about(plain),
                   f"{1 - subnets / asked:.1%}", about(subnets),
                   f"{subnets * 86400 / 1e9:.1f} billion",
                   about(PEAK_OVER_MEAN * RETRY_FACTOR * subnets))

    def fleet_rows(self):
        measured, node = self.measured, self.node
        _, mean = self.load(60)
        peak = mean * PEAK_OVER_MEAN
        names = MEMORY_GIB * 2 ** 30 / 2 / 2 / measured.name_octets
        tables_mb = MEMORY_GIB * 2 ** 30 / 2 / 2 / 1e6 - measured.most_policies_mb
        policies = measured.most_policies + tables_mb / measured.joint_table_mb
        rows = [
            ("queries/s of a core", about(node / CORES)),
            (f"queries/s of a node with {CORES} cores", about(node)),
            ("of that in answers on the wire",
             f"{node * (measured.reply_octets + WIRE_OCTETS) * 8 / 1e9:.1f} Gbit/s"),
            ("queries a day of that node, fully used", f"{node * 86400 / 1e9:.0f} billion"),
            (f"nodes for the peak at TTL 60 s, {USE_AT_PEAK:.0%} used",
             about(peak / (node * USE_AT_PEAK))),
            (f"nodes for an attack of {ATTACK_QUERIES / 1e6:.0f} million queries/s",
             f"{ATTACK_QUERIES / node:.0f}"),
            ("attack over peak that those hold", f"{about(ATTACK_QUERIES / peak)} times"),
            (f"{PLACES} places with two nodes each answer", f"{about(2 * PLACES * node)}/s, "
             f"{about(2 * PLACES * node / peak)} times the peak"),
            (f"names that {MEMORY_GIB} GiB hold, half of it used, two generations",
             f"{names / 1e6:.0f} million"),
            ("CPU to load 10 million names", f"{about(measured.name_load_ns / 100)} s"),
            ("policies in that memory instead", about(policies)),
        ]
        rows += [(f"nodes for all queries of {name} ({about(rate)}/s), fully used",
                  f"{rate / node:.2f}") for name, rate in YARDSTICKS]
        return rows


def about(value):
    """Three digits: the model is worth no more."""
    digits = 2 - math.floor(math.log10(value))
    return f"{round(value, digits):,.{max(0, digits)}f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def report(measured):
    model = Model(measured)
    machine = measured.machine
    return "\n".join([
        f"Measured on {machine['processor']}, {machine['cores']} cores, {machine['system']}, load "
        f"{machine['load']:.1f}:\n",
        table(("measured", "value", "by"), measured.rows()),
        "What follows for the traffic of one steered name:\n",
        table(("TTL", "asked of resolvers, /s", "hits, no ECS", "reach us, /s", "hits, with ECS",
               "reach us, /s", "a day", "peak with retries, /s"), model.traffic_rows()),
        "What follows for nodes:\n",
        table(("quantity", "value"), model.fleet_rows())])


def main():
    options = read_options()
    text = report(Measured(read(options.compare), read(options.scaling), read(options.scopes)))
    if not options.write:
        print(text, end="")
        return
    path = f"{HERE}/SCALE.md"
    with open(path, encoding="utf-8") as file:
        page = file.read()
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + text + END + after)


if __name__ == "__main__":
    main()
