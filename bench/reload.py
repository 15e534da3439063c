#!/usr/bin/env python3
# Times changes while the server runs: until they are live, answers meanwhile, memory afterwards.
#
# SPDX-License-Identifier: Apache-2.0
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import tempfile
import time

import compare_servers as servers

SETTLE_SECONDS = 0.1
LIMIT_SECONDS = 60
PLAIN = "plain.example"
FRANKFURT = 0xc6336400  # a client in 198.51.100.0/24, whichever region it gets


def read_options():
    parser = servers.options_parser(__doc__, needs_database=True)
    parser.add_argument("--runs", type=int, default=9, help="of each kind of change")
    parser.add_argument("--reloads", type=int, default=1000, help="for the memory")
    parser.add_argument("--rate", type=int, default=20000, help="queries a second meanwhile")
    return parser.parse_args()


def replace(path, text):
    beside = os.path.join(os.path.dirname(path), ".new")
    with open(beside, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(beside, path)


def wait_until(condition):
    """Seconds until it holds."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > LIMIT_SECONDS:
            raise SystemExit("a change did not go live; see what `meridian check` says")
        time.sleep(0.001)
    return time.monotonic() - begin


class Bench:
    def __init__(self, options, home):
        self.options = options
        self.port = servers.free_port()
        databases = []
        for path in options.database:  # copies, to be replaced
            databases.append(os.path.join(home, os.path.basename(path)))
            shutil.copy(path, databases[-1])
        config = servers.write_meridian(databases, self.port, home)
        self.home = home
        self.databases = databases
        self.zone = os.path.join(home, "zones", servers.ZONE + ".toml")
        self.plain = os.path.join(home, "zones", PLAIN + ".toml")
        self.count = 0
        self.edit_record()
        self.log = open(os.path.join(home, "log"), "wb")
        process = subprocess.Popen(
            [f"{os.path.abspath(options.build)}/server/meridian", "serve", "-c", config],
            stdout=self.log, stderr=self.log)
        self.server = servers.Server("meridian", "", self.port, process, self.log.name)
        wait_until(lambda: self.asked(servers.STEERED) is not None)
        wait_until(lambda: os.path.exists(os.path.join(home, "state", "atlas")))

    def asked(self, name):
        return servers.first_address(servers.ask(self.port, name, FRANKFURT, 0.1))

    def edit_record(self):
        self.count += 1
        address = f"10.{self.count >> 8}.{self.count & 255}.1"
        replace(self.plain, f'zone = "{PLAIN}"\nnameservers = ["ns1.example.net.", '
                f'"ns2.example.net."]\n[records]\nwww.a = "{address}"\n')
        return lambda: self.asked("www." + PLAIN) == address

    def edit_region(self):
        """Every region at a new address and in a new place: all tables are made anew."""
        self.count += 1
        with open(self.zone, encoding="utf-8") as file:
            text = file.read()
        before = self.asked(servers.STEERED)
        text = re.sub(r"\[([0-9.-]+), ", lambda found: f"[{float(found[1]) + 0.001:.3f}, ", text)
        octet = 1 + self.count % 250
        replace(self.zone, re.sub(r'(addresses = \["[0-9.]+\.)[0-9]+"',
                                  lambda found: f'{found[1]}{octet}"', text))
        return lambda: self.asked(servers.STEERED) not in (None, before)

    def swap_database(self):
        """As if it were another one: what was compiled is gone."""
        copy = os.path.join(self.home, "state", "atlas")
        if os.path.exists(copy):  # of the same database it is not written twice
            os.remove(copy)
        lines = self.log_lines()
        for path in self.databases:
            shutil.copy(path, path + ".new")
            os.replace(path + ".new", path)
        return lambda: any("database=changed" in line for line in self.log_lines()[len(lines):])

    def log_lines(self):
        with open(os.path.join(self.home, "log"), encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()

    def control_cpu(self):
        """Seconds of the thread that reloads."""
        tasks = f"/proc/{self.server.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/comm", encoding="ascii") as file:
                if file.read().strip() == "meridian-ctl":
                    with open(f"{tasks}/{task}/schedstat", encoding="ascii") as stat:
                        return int(stat.read().split()[0]) / 1e9
        return 0

    def load(self):
        return subprocess.Popen(
            [f"{self.options.build}/bench/meridian_load", "--port", str(self.port), "--name",
             servers.STEERED, "--ecs", "v4", "--rate", str(self.options.rate), "--seconds",
             "1000"], stdout=subprocess.PIPE, text=True)

    def measure(self, title, change):
        seconds, cpu = [], []
        load = self.load()
        try:
            time.sleep(0.5)
            for _ in range(self.options.runs):
                used = self.control_cpu()
                if change is None:
                    time.sleep(0.5)
                    continue
                is_live = change()
                seconds.append(wait_until(is_live) - SETTLE_SECONDS)
                time.sleep(0.3)
                cpu.append(self.control_cpu() - used)
        finally:
            load.terminate()
            found = json.loads(load.communicate()[0])
        latency = found["latency_us"]
        live = "" if change is None else (
            f"live after the settle time {statistics.median(seconds):.3f} s "
            f"({min(seconds):.3f}-{max(seconds):.3f})  CPU {statistics.median(cpu):.2f} s   ")
        print(f"{title:18}{live}p99 {latency['p99'] / 1e3:.2f} ms  p99.99 "
              f"{latency['p99.99'] / 1e3:.2f} ms  longest {latency['max'] / 1e3:.2f} ms  "
              f"lost {found['lost']} of {found['sent']}", flush=True)

    def measure_memory(self):
        figures = []
        for number in range(self.options.reloads + 1):
            if number in (10, 100, self.options.reloads):
                figures.append(f"{self.server.resident_mb():.1f} MB after {number}")
            is_live = self.edit_region() if number % 50 == 0 else self.edit_record()
            wait_until(is_live)
        print(f"{'memory':18}" + ", ".join(figures) + " reloads")


def measure_all(bench, options):
    print(f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}; "
          f"load {os.getloadavg()[0]:.1f}; {options.rate} queries a second meanwhile; "
          f"{options.runs} changes of each kind, medians with the best and the worst")
    bench.measure("nothing changes", None)
    bench.measure("a record", bench.edit_record)
    bench.measure("all regions", bench.edit_region)
    bench.measure("the database", bench.swap_database)
    if options.reloads > 0:
        bench.measure_memory()


def main():
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="meridian-reload-") as home:
        bench = Bench(options, home)
        try:
            measure_all(bench, options)
        finally:
            bench.server.stop()


if __name__ == "__main__":
    main()
