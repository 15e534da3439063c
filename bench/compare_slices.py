# Puts servers under load in interleaved slices, and says which slices count.
#
# SPDX-License-Identifier: Apache-2.0
import json
import os
import random
import statistics
import subprocess

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def add_options(parser):
    """What every script that measures in slices asks for."""
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one slice")
    parser.add_argument("--window", type=int, default=192,
                        help="queries under way; more do not fit the default receive buffer, "
                             "which some peers cannot change")
    parser.add_argument("--client-core", type=int, default=0)
    parser.add_argument("--server-core", type=int, default=1)
    parser.add_argument("--max-foreign", type=float, default=3.0,
                        help="percent of CPU that others may use during a slice")
    parser.add_argument("--json", metavar="FILE", help="write all that was measured")


def machine_ticks():
    """(busy, stolen) ticks of all cores together."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields[:8]
    return user + nice + system + irq + softirq, steal


def softirq_thread_ns():
    """CPU time of the kernel's ksoftirqd threads: network work that counts for no process."""
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
    """One server under load for a moment; open loop where there is a `rate` in queries/s."""

    def __init__(self, server, options, queries, rate=0):
        self.seconds = options.seconds
        command = ["taskset", "-c", str(options.client_core),
                   f"{options.build}/bench/meridian_load", "--port", str(server.port),
                   "--seconds", str(options.seconds), "--window", str(options.window),
                   "--seed", str(random.getrandbits(32)), *queries]
        if rate:
            command += ["--rate", str(rate)]
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

    def problem(self, max_foreign):
        """Why the slice does not count, or None."""
        load = self.load
        if load["answered"] == 0:
            return "no answers"
        wrong = load["mismatched"] + load["truncated"] + load["unasked"]
        if wrong or set(load["rcodes"]) - {"0"}:
            return f"wrong answers: {load}"
        if load["lost"] > 0.001 * load["sent"]:
            return f"{load['lost']} of {load['sent']} lost"
        if self.foreign_percent > max_foreign:
            return f"others used {self.foreign_percent:.0f} % of a core"
        if self.stolen_percent > 1:
            return f"{self.stolen_percent:.0f} % of a core stolen"
        if self.soft_ns > 0.01 * self.seconds * 1e9:
            return "ksoftirqd did part of the work"
        return None


class Rounds:
    """What the rounds of one mix gave: for each server one pair of slices a round, or None where
    one of them does not count."""

    def __init__(self, names):
        self.pairs = {name: [] for name in names}
        self.problems = []

    def count(self, *names):
        """The rounds that count for all of these servers."""
        return sum(all(pairs) for pairs in zip(*(self.pairs[name] for name in names)))

    def values_of(self, name, value):
        """`value` of each round of a server that counts, the mean of the pair."""
        return [statistics.mean(map(value, pair)) for pair in self.pairs[name] if pair]

    def ratios(self, name, base, value):
        """What a server costs over another, a ratio for each round that counts for both."""
        return [statistics.mean(map(value, one)) / statistics.mean(map(value, other))
                for one, other in zip(self.pairs[name], self.pairs[base]) if one and other]


def run_rounds(compared, options, queries, rate=0):
    """Rounds of A B C C B A, so that drift hits all alike, until as many as are wanted count for
    the first server beside each other one, or twice as many have been."""
    names = [server.name for server in compared]
    rounds = Rounds(names)
    for _ in range(2 * options.rounds):
        slices = [Slice(server, options, queries, rate) for server in compared + compared[::-1]]
        for index, name in enumerate(names):
            pair = slices[index], slices[-1 - index]
            problems = [problem for part in pair if (problem := part.problem(options.max_foreign))]
            rounds.problems += [f"{name}: {problem}" for problem in problems[:1]]
            rounds.pairs[name].append(None if problems else pair)
        if min(rounds.count(names[0], name) for name in names) >= options.rounds:
            break
    return rounds


def interval(values, chance):
    """A bootstrap 95 % interval of the median."""
    medians = sorted(statistics.median(chance.choices(values, k=len(values)))
                     for _ in range(2000))
    return medians[50], medians[1949]


def summary(values, chance):
    """Median and interval, for JSON and tables; None when nothing counted."""
    if not values:
        return None
    low, high = interval(values, chance)
    return {"median": round(statistics.median(values), 4), "low": round(low, 4),
            "high": round(high, 4), "rounds": len(values)}
