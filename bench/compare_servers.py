# Starts the servers that are compared, each with the same zone, regions and geo data.
#
# SPDX-License-Identifier: Apache-2.0
import argparse
import json
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import time

ZONE = "bench.example"
STEERED = "www." + ZONE
STATIC = "static." + ZONE
# Eight regions on six continents, one address each: both servers then send replies of one size.
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
START_LIMIT_SECONDS = 120
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def options_parser(description, needs_database=False):
    """What every script asks for: a build, and databases."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", default=f"{ROOT}/build/release", help="a release build")
    parser.add_argument("--database", action="append", required=needs_database,
                        help="repeat for one file a family")
    return parser


class Server:
    """A running process and where it answers."""

    def __init__(self, name, version, port, process, log):
        self.name, self.version, self.port = name, version, port
        self.process, self.log = process, log
        self.load_seconds = 0.0

    def cpu_ns(self):
        """CPU time of all threads so far, exact (not sampled by a tick)."""
        total = 0
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total

    def resident_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def spawn(name, version, command, port, core, directory):
    """Starts `command` on one core and waits until it answers a query."""
    log = os.path.join(directory, name + ".log")
    with open(log, "wb") as out:
        process = subprocess.Popen(["taskset", "-c", str(core), *command], stdout=out,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    server = Server(name, version, port, process, log)
    begin = time.monotonic()
    while not ask(port, STATIC, timeout=0.1):
        if process.poll() is not None or time.monotonic() - begin > START_LIMIT_SECONDS:
            server.stop()
            with open(log, encoding="utf-8", errors="replace") as file:
                raise SystemExit(f"{name} does not answer:\n{file.read()[-3000:]}")
    server.load_seconds = time.monotonic() - begin
    return server


def ask(port, name, subnet=None, timeout=1.0):
    """The reply to one A query with EDNS, and with `subnet` (an IPv4 /24 as an integer); None
    when there is none."""
    option = b""
    if subnet is not None:
        option = struct.pack("!HHHBB", 8, 7, 1, 24, 0) + struct.pack("!I", subnet)[:3]
    query_id = random.getrandbits(16)
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    packet = struct.pack("!6H", query_id, 0, 1, 0, 0, 1) + labels + struct.pack("!BHH", 0, 1, 1)
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


def first_address(reply):
    """The address in the first answer record, which has a compressed owner."""
    if reply is None or struct.unpack("!H", reply[6:8])[0] == 0:
        return None
    position = 12
    while reply[position]:
        position += reply[position] + 1
    position += 5 + 2 + 10
    return socket.inet_ntoa(reply[position:position + 4])


def agreement(one, other, count=2000, seed=1):
    """For what share of random public /24s two servers name the same region."""
    chance = random.Random(seed)
    same = 0
    for _ in range(count):
        subnet = chance.randrange(1 << 24, 224 << 24) & 0xffffff00
        answers = [first_address(ask(server.port, STEERED, subnet)) for server in (one, other)]
        same += answers[0] is not None and answers[0] == answers[1]
    return same / count


def start_floor(build, reply_octets, core, directory, wait):
    port = free_port()
    command = [f"{build}/bench/meridian_echo", "--port", str(port), "--reply", str(reply_octets),
               "--wait", wait]
    return spawn("floor", f"recvmmsg/sendmmsg echo, waits in {wait}", command, port, core,
                 directory)


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
        file.write(f'[server]\nlisten = ["127.0.0.1:{port}"]\nworkers = 1\nreceive_buffer = "1MiB"\nzones = "zones"\n'
                   f'state = "state"\n[geo]\ndatabase = {json.dumps(databases)}\n')
    return config


def start_meridian(build, databases, core, directory):
    port = free_port()
    config = write_meridian(databases, port, os.path.join(directory, "meridian"))
    program = f"{build}/server/meridian"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return spawn("meridian", version.stdout.splitlines()[0], [program, "serve", "-c", config], port,
                 core, directory)


def start_gdnsd(build, databases, core, directory):
    port = free_port()
    home = os.path.join(directory, "gdnsd")
    for folder in ("zones", "geoip", "run", "state"):
        os.makedirs(os.path.join(home, folder))
    # gdnsd reads MaxMind's layout only.
    subprocess.run([f"{build}/bench/meridian_maxmind_layout", f"{home}/geoip/city.mmdb", *databases],
                   check=True)
    names = ", ".join(REGIONS)
    places = " ".join(f"{name} => [ {lat}, {lon} ]," for name, (lat, lon, _) in REGIONS.items())
    addresses = " ".join(f"{name} => {address}," for name, (_, _, address) in REGIONS.items())
    with open(os.path.join(home, "config"), "w", encoding="utf-8") as file:
        file.write(f"""options => {{ listen => 127.0.0.1:{port}, udp_threads => 1, tcp_threads => 1,
  udp_rcvbuf => 1048576, run_dir => "{home}/run", state_dir => "{home}/state" }}
plugins => {{ geoip => {{
  maps => {{ world => {{ geoip2_db => city.mmdb, datacenters => [ {names} ],
    auto_dc_coords => {{ {places} }} }} }},
  resources => {{ www => {{ map => world, service_types => up, dcmap => {{ {addresses} }} }} }}
}} }}
""")
    with open(os.path.join(home, "zones", ZONE), "w", encoding="utf-8") as file:
        file.write("""@ SOA ns1 hostmaster 1 7200 900 1209600 60
@ NS ns1
@ NS ns2
ns1 A 192.0.2.53
ns2 A 198.51.100.53
static 3600 A 192.0.2.25
www 60 DYNA geoip!www
""")
    program = shutil.which("gdnsd") or "/usr/sbin/gdnsd"
    told = subprocess.run([program], capture_output=True, text=True, check=False)
    version = re.search(r"version (\S+)", told.stdout + told.stderr)
    return spawn("gdnsd", "gdnsd " + (version.group(1) if version else "?"),
                 [program, "-c", home, "start"], port, core, directory)
