# Starts Meridian and the echo floor for a benchmark, asks them, and reads what they cost.
#
# SPDX-License-Identifier: Apache-2.0
import argparse
import contextlib
import dataclasses
import json
import os
import random
import re
import socket
import struct
import subprocess
import time

ZONE = "bench.example"
STEERED = "www." + ZONE
STATIC = "static." + ZONE
MANY_ZONE = "many.example"
# Eight regions on six continents, one address each: all servers then send replies of one size.
REGIONS = {
    "virginia": (38.95, -77.45, "192.0.2.10"),
    "oregon": (45.59, -122.60, "192.0.2.20"),
    "saopaulo": (-23.55, -46.63, "192.0.2.30"),
    "frankfurt": (50.03, 8.56, "198.51.100.10"),
    "capetown": (-33.96, 18.60, "198.51.100.20"),
    "mumbai": (19.09, 72.87, "203.0.113.10"),
    "tokyo": (35.76, 140.39, "203.0.113.20"),
    "sydney": (-33.95, 151.18, "203.0.113.30"),
}
# The queries of a mix, but for the file of the many names.
MIXES = {
    "steered": ["--name", STEERED, "--ecs", "v4"],
    "names": ["--names"],
    "static": ["--name", STATIC],
}
START_LIMIT_SECONDS = 120
TYPE_A = 1
TYPE_AAAA = 28
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def options_parser(description, needs_database=False):
    """What every script asks for: a build, and databases."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", default=f"{ROOT}/build/release", help="a release build")
    parser.add_argument("--database", action="append", required=needs_database,
                        help="repeat for one file a family")
    return parser


def with_whole_paths(options):
    """The options with paths that hold in any folder, and the world that ships by default."""
    options.database = [os.path.abspath(path) for path in options.database or
                        [f"{ROOT}/packaging/world/dbip-city-lite.world"]]
    options.build = os.path.abspath(options.build)
    return options


@dataclasses.dataclass
class Setting:
    """What all servers of one run share."""
    build: str
    databases: list
    core: int
    directory: str
    names: int = 0  # of MANY_ZONE; 0: it is not served

    def home(self, name, *folders):
        """A folder for the files of one server, with folders in it."""
        home = os.path.join(self.directory, name)
        for folder in folders or [""]:
            os.makedirs(os.path.join(home, folder), exist_ok=True)
        return home

    def many_names_path(self):
        return os.path.join(self.directory, "many_names")

    def write_many_names(self):
        """The many names, one a line, for the load."""
        with open(self.many_names_path(), "w", encoding="ascii") as file:
            file.writelines(f"host-{i:010}.{MANY_ZONE}\n" for i in range(self.names))

    def write_many_zone(self, path):
        """A master file with an A record for each of the many names; does nothing without them."""
        if not self.names:
            return
        with open(path, "w", encoding="ascii") as file:
            file.write(f"$ORIGIN {MANY_ZONE}.\n$TTL 3600\n"
                       "@ SOA ns1 hostmaster 1 7200 900 1209600 60\n@ NS ns1\n@ NS ns2\n"
                       "ns1 A 192.0.2.53\nns2 A 198.51.100.53\n")
            file.writelines(f"host-{i:010} A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n"
                            for i in range(self.names))

    def must_answer(self):
        """The names that a server answers once all is loaded."""
        return [STATIC, f"host-{self.names - 1:010}.{MANY_ZONE}"] if self.names else [STATIC]


class Server:
    """A running process and where it answers."""

    def __init__(self, name, version, port, process, log):
        self.name, self.version, self.port = name, version, port
        self.process, self.log = process, log
        self.load_cpu_seconds = 0.0

    def processes(self):
        """The process and all that descend from it: NSD answers in a child."""
        found = [self.process.pid]
        for pid in found:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                    found += map(int, file.read().split())
        return found

    def cpu_ns(self):
        """CPU time of all threads so far, exact (not sampled by a tick)."""
        total = 0
        for pid in self.processes():
            tasks = f"/proc/{pid}/task"
            for task in os.listdir(tasks):
                with open(f"{tasks}/{task}/schedstat", encoding="ascii") as file:
                    total += int(file.read().split()[0])
        return total

    def pin(self, core):
        """Pins all threads to one core, also those that chose one themselves, as Knot's do."""
        for pid in self.processes():
            for task in os.listdir(f"/proc/{pid}/task"):
                os.sched_setaffinity(int(task), {core})

    def all_cpu_seconds(self):
        """CPU time so far with that of threads that ended, in ticks of 10 ms."""
        ticks = 0
        for pid in self.processes():
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_mb(self):
        """Of the process; of the largest where a server consists of several, which share pages."""
        sizes = []
        for pid in self.processes():
            with open(f"/proc/{pid}/status", encoding="ascii") as file:
                sizes.append(int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)))
        return max(sizes) * 1024 / 1e6

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port():
    """One that is free over UDP and TCP, and that no client gets from the kernel, which begins at
    32768: where one had it, nothing can listen for a minute."""
    while True:
        port = random.randrange(10000, 32000)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, socket.socket() as stream:
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                stream.bind(("127.0.0.1", port))
                return port


def spawn(setting, name, version, command, port, is_ready=None):
    """Starts `command` on one core and waits until it answers; all names that it must, unless
    `is_ready` says otherwise."""
    log = os.path.join(setting.directory, name + ".log")
    with open(log, "wb") as out:
        process = subprocess.Popen(["taskset", "-c", str(setting.core), *command], stdout=out,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    server = Server(name, version, port, process, log)
    begin = time.monotonic()
    is_ready = is_ready or (lambda: all(first_address(ask(port, asked, timeout=0.1))
                                        for asked in setting.must_answer()))
    while not is_ready():
        if process.poll() is not None or time.monotonic() - begin > START_LIMIT_SECONDS:
            server.stop()
            with open(log, encoding="utf-8", errors="replace") as file:
                raise SystemExit(f"{name} does not answer:\n{file.read()[-3000:]}")
        time.sleep(0.001)
    server.pin(setting.core)
    server.load_cpu_seconds = server.all_cpu_seconds()
    return server


def ask(port, name, subnet=None, timeout=1.0, record_type=TYPE_A):
    """The reply to one query with EDNS, and with `subnet` (an IPv4 /24 as an integer); None when
    there is none."""
    option = b""
    if subnet is not None:
        option = struct.pack("!HHHBB", 8, 7, 1, 24, 0) + struct.pack("!I", subnet)[:3]
    query_id = random.getrandbits(16)
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    packet = struct.pack("!6H", query_id, 0, 1, 0, 0, 1) + labels + struct.pack("!BHH", 0, record_type, 1)
    packet += struct.pack("!BHHIH", 0, 41, 1232, 0, len(option)) + option
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        try:
            client.connect(("127.0.0.1", port))
            client.send(packet)
            reply = client.recv(4096)
        except OSError:
            return None
    # QR too: a client may by chance get the port that it asks, and hear itself.
    is_reply = len(reply) >= 12 and reply[:2] == packet[:2] and reply[2] & 0x80
    return reply if is_reply else None


def addresses_in(reply):
    """Those of the answer's records, whose owners are compressed."""
    if reply is None:
        return []
    position = 12
    while reply[position]:
        position += reply[position] + 1
    position += 5
    found = []
    for _ in range(struct.unpack("!H", reply[6:8])[0]):
        octets = struct.unpack("!H", reply[position + 10:position + 12])[0]
        family = socket.AF_INET if octets == 4 else socket.AF_INET6
        found.append(socket.inet_ntop(family, reply[position + 12:position + 12 + octets]))
        position += 12 + octets
    return found


def first_address(reply):
    return next(iter(addresses_in(reply)), None)


def agreement(one, other, count=2000, seed=1):
    """For what share of random public /24s two servers name the same region."""
    chance = random.Random(seed)
    same = 0
    for _ in range(count):
        subnet = chance.randrange(1 << 24, 224 << 24) & 0xffffff00
        answers = [first_address(ask(server.port, STEERED, subnet)) for server in (one, other)]
        same += answers[0] is not None and answers[0] == answers[1]
    return same / count


def start_floor(setting, reply_octets, wait):
    port = free_port()
    command = [f"{setting.build}/bench/meridian_echo", "--port", str(port),
               "--reply", str(reply_octets), "--wait", wait]
    return spawn(setting, "floor", f"recvmmsg/sendmmsg echo, waits in {wait}", command, port,
                 lambda: ask(port, STATIC, timeout=0.1))


def write_meridian(databases, port, home):
    """Writes its zone and its meridian.toml into `home`; the path of the latter."""
    os.makedirs(os.path.join(home, "zones"))
    regions = "".join(f'[regions.{name}]\nat = [{lat}, {lon}]\naddresses = ["{address}"]\n'
                      for name, (lat, lon, address) in REGIONS.items())
    with open(os.path.join(home, "zones", ZONE + ".toml"), "w", encoding="utf-8") as file:
        file.write(f'zone = "{ZONE}"\nnameservers = ["ns1", "ns2"]\n{regions}[records]\n'
                   'www.steer = "nearest"\nstatic.a = "192.0.2.25"\n'
                   'ns1.a = "192.0.2.53"\nns2.a = "198.51.100.53"\n')
    config = os.path.join(home, "meridian.toml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f'[server]\nlisten = ["127.0.0.1:{port}"]\nworkers = 1\n'
                   'receive_buffer = "1MiB"\nzones = "zones"\n'
                   f'state = "state"\n[geo]\ndatabase = {json.dumps(databases)}\n')
    return config


def prepare_meridian(setting):
    """What `spawn` wants to know; it may be started more than once."""
    port = free_port()
    home = setting.home("meridian")
    config = write_meridian(setting.databases, port, home)
    setting.write_many_zone(os.path.join(home, "zones", MANY_ZONE + ".zone"))
    program = f"{setting.build}/server/meridian"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return "meridian", version.stdout.splitlines()[0], [program, "serve", "-c", config], port


def start_meridian(setting):
    return spawn(setting, *prepare_meridian(setting))
