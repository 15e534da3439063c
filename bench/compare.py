#!/usr/bin/env python3
# Sets Meridian beside the echo floor and gdnsd: CPU per query, in one run on one machine.
#
# SPDX-License-Identifier: Apache-2.0
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile

import compare_servers as servers

MIXES = {
    "steered": ["--name", servers.STEERED, "--ecs", "v4"],
    "static": ["--name", servers.STATIC],
}
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def read_options():
    parser = servers.options_parser(__doc__)
    parser.add_argument("--mix", action="append", choices=MIXES, help="default: all")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one slice")
    parser.add_argument("--rate", type=int, default=0,
                        help="offered queries/s; default: as many as the window lets through")
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--client-core", type=int, default=0)
    parser.add_argument("--server-core", type=int, default=1)
    parser.add_argument("--floor-waits-in", choices=("recvmmsg", "poll"), default="recvmmsg")
    parser.add_argument("--max-foreign", type=float, default=3.0,
                        help="percent of CPU that others may use during a slice")
    options = parser.parse_args()
    options.database = [os.path.abspath(path) for path in options.database or
                        [f"{servers.ROOT}/packaging/world/dbip-city-lite.world"]]
    options.build = os.path.abspath(options.build)
    return options


def machine_ticks():
    """(busy, stolen) ticks of all cores together."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields[:8]
    return user + nice + system + irq + softirq, steal


def softirq_thread_ns():
    """CPU time of the kernel's ksoftirqd threads: network work that nobody is charged for."""
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                if not file.read().startswith("ksoftirqd"):
                    continue
            with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        except OSError:
            continue
    return total


class Slice:
    """One server under load for a moment."""

    def __init__(self, server, options, mix):
        command = ["taskset", "-c", str(options.client_core),
                   f"{options.build}/bench/meridian_load", "--port", str(server.port),
                   "--seconds", str(options.seconds), "--window", str(options.window),
                   "--seed", str(random.getrandbits(32)), *MIXES[mix]]
        if options.rate:
            command += ["--rate", str(options.rate)]
        busy, stolen = machine_ticks()
        soft, cpu = softirq_thread_ns(), server.cpu_ns()
        client_before = os.times()
        ran = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60)
        client_after = os.times()
        self.cpu_ns = server.cpu_ns() - cpu
        self.soft_ns = softirq_thread_ns() - soft
        busy_after, stolen_after = machine_ticks()
        self.load = json.loads(ran.stdout)
        wall_ticks = max(client_after.elapsed - client_before.elapsed, 1e-3) * TICKS_PER_SECOND
        client = (client_after.children_user - client_before.children_user +
                  client_after.children_system - client_before.children_system)
        ours = client * TICKS_PER_SECOND + self.cpu_ns / 1e9 * TICKS_PER_SECOND
        self.foreign_percent = 100 * max(0.0, busy_after - busy - ours) / wall_ticks
        self.stolen_percent = 100 * (stolen_after - stolen) / wall_ticks

    def ns_per_query(self):
        return self.cpu_ns / max(1, self.load["answered"])

    def problem(self, options):
        """Why the slice does not count, or None."""
        load = self.load
        if load["answered"] == 0:
            return "no answers"
        wrong = load["mismatched"] + load["truncated"] + load["unasked"]
        if wrong or set(load["rcodes"]) - {"0"}:
            return f"wrong answers: {load}"
        if load["lost"] > 0.001 * load["sent"]:
            return f"{load['lost']} of {load['sent']} lost"
        if self.foreign_percent > options.max_foreign:
            return f"others used {self.foreign_percent:.0f} % of a core"
        if self.stolen_percent > 1:
            return f"{self.stolen_percent:.0f} % of a core stolen"
        if self.soft_ns > 0.01 * options.seconds * 1e9:
            return "ksoftirqd did part of the work"
        return None


def interval(values, chance):
    """A bootstrap 95 % interval of the median."""
    medians = sorted(statistics.median(chance.choices(values, k=len(values)))
                     for _ in range(2000))
    return medians[50], medians[1949]


def run_rounds(compared, options, mix):
    """Rounds of A B C C B A, so that drift hits all alike. {name: [ns per query of a round]}"""
    results = {server.name: [] for server in compared}
    rates = {server.name: [] for server in compared}
    voided = []
    while len(results["floor"]) < options.rounds and len(voided) < 2 * options.rounds:
        slices = [Slice(server, options, mix) for server in compared + compared[::-1]]
        problems = [part.problem(options) for part in slices]
        if any(problems):
            voided.append(next(filter(None, problems)))
            continue
        for index, server in enumerate(compared):
            pair = slices[index], slices[-1 - index]
            results[server.name].append(statistics.mean(part.ns_per_query() for part in pair))
            rates[server.name].append(
                statistics.mean(part.load["answered_per_second"] for part in pair))
    return results, rates, voided


def print_table(mix, compared, measured):
    results, rates, voided = measured
    count = len(results["floor"])
    print(f"\n{mix}: {count} rounds count, {len(voided)} do not")
    for reason in sorted(set(voided))[:3]:
        print(f"  for example: {reason}")
    if count == 0:
        return
    names = [server.name for server in compared]
    chance = random.Random(1)
    head = "".join(f"  {'over ' + name:>24}" for name in names if name != "meridian")
    print(f"  {'server':10} {'ns/query':>9} {'queries/s':>10}{head}")
    for name in names:
        row = f"  {name:10} {statistics.median(results[name]):9.0f}"
        row += f" {statistics.median(rates[name]):10.0f}"
        for base in names:
            if base == "meridian":
                continue
            ratios = [a / b for a, b in zip(results[name], results[base])]
            low, high = interval(ratios, chance)
            text = f"{statistics.median(ratios):.3f} ({low:.3f}-{high:.3f})"
            row += f"  {text if name != base else '-':>24}"
        print(row)


def main():
    options = read_options()
    os.sched_setaffinity(0, {options.client_core})
    print(f"{platform.platform()}, {os.cpu_count()} cores, "
          f"client on core {options.client_core}, server on core {options.server_core}")
    print("geo data: " + ", ".join(options.database))
    running = []
    with tempfile.TemporaryDirectory(prefix="meridian-compare-") as directory:
        try:
            core = options.server_core
            running.append(servers.start_meridian(options.build, options.database, core, directory))
            running.append(servers.start_gdnsd(options.build, options.database, core, directory))
            for server in running:
                print(f"{server.name}: {server.version}; answers after {server.load_seconds:.2f} s,"
                      f" {server.resident_mb():.0f} MB resident")
            same = servers.agreement(*running)
            print(f"both name the same region for {100 * same:.2f} % of 2000 random /24s")
            for mix in options.mix or MIXES:
                # The floor sends replies of Meridian's size.
                octets = round(Slice(running[0], options, mix).load["reply_octets"])
                floor = servers.start_floor(options.build, octets, core, directory,
                                            options.floor_waits_in)
                try:
                    compared = [floor, *running]
                    print_table(mix, compared, run_rounds(compared, options, mix))
                finally:
                    floor.stop()
        finally:
            for server in running:
                server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
