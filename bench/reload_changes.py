# Runs a server for bench/reload.py, and changes what it serves in one way after another.
#
# SPDX-License-Identifier: Apache-2.0
import os
import re
import shutil
import subprocess
import time

import compare_servers as servers

LIMIT_SECONDS = 60
QUIET_SECONDS = 0.2
PLAIN = "plain.example"
MANY = "many.example"
FRANKFURT = 0xc6336400  # a client in 198.51.100.0/24, whichever region it gets


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


class ChangingServer:
    """One worker, one steered zone, one of a record, and as many more zones or names as wanted. Each
    change returns a test of whether it is live."""

    def __init__(self, options, home, zone_count=0, name_count=0):
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
        self.many = os.path.join(home, "zones", MANY + ".zone")
        self.name_count = name_count
        self.count = 0
        self.edit_record()
        for number in range(zone_count):
            self.write_plain(f"zone{number}.example", "10.0.0.1")
        if name_count > 0:
            self.edit_names()
        self.log = open(os.path.join(home, "log"), "wb")
        self.process = subprocess.Popen(
            [f"{os.path.abspath(options.build)}/server/meridian", "serve", "-c", config],
            stdout=self.log, stderr=self.log)
        self.server = servers.Server("meridian", "", self.port, self.process, self.log.name)
        wait_until(lambda: self.asked(servers.STEERED) is not None)
        self.wait_until_quiet()

    def asked(self, name):
        return servers.first_address(servers.ask(self.port, name, FRANKFURT, 0.1))

    def next_address(self):
        self.count += 1
        return f"10.{self.count >> 8}.{self.count & 255}.1"

    def write_plain(self, zone, address):
        replace(os.path.join(self.home, "zones", zone + ".toml"),
                f'zone = "{zone}"\nnameservers = ["ns1.example.net.", "ns2.example.net."]\n'
                f'[records]\nwww.a = "{address}"\n')

    def edit_record(self):
        address = self.next_address()
        self.write_plain(PLAIN, address)
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

    def edit_names(self):
        """A record in a master file of many names, which is read again whole."""
        address = self.next_address()
        replace(self.many, "$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. "
                "1 7200 900 1209600 60\n@ NS ns1.example.net.\n@ NS ns2.example.net.\n"
                f"www A {address}\n" +
                "".join(f"name{number} A 10.0.0.1\n" for number in range(self.name_count)))
        return lambda: self.asked("www." + MANY) == address

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
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()

    def control_thread(self):
        """Seconds of processor that the thread that reloads has used, and whether it waits for work."""
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/stat", encoding="ascii") as file:
                name, state = re.match(r"\d+ \((.*)\) (\w)", file.read()).groups()
            if name == "meridian-ctl":
                with open(f"{tasks}/{task}/schedstat", encoding="ascii") as stat:
                    return int(stat.read().split()[0]) / 1e9, state == "S"
        return 0, False

    def wait_until_quiet(self):
        """Waits until it has freed memory and saved its state."""
        before, since = None, time.monotonic()
        while time.monotonic() - since < QUIET_SECONDS:
            now = self.control_thread()
            if now != before or not now[1]:
                before, since = now, time.monotonic()
            time.sleep(0.01)
