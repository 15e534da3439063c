"""Starts Meridian, NSD and Knot DNS on loopback with the same zones, and asks them.

SPDX-License-Identifier: Apache-2.0
"""
import os
import random
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import zone_maker
from message import name_to_text, query_to_wire

TESTS = Path(__file__).resolve().parents[1]
START_SECONDS = 60  # on a busy machine
WINDOW = 64         # queries under way at a time: fewer than a socket's buffer holds
TRIES = 5           # a datagram may be lost even on loopback


def free_port():
    """Below those that the kernel gives to any program, this one too."""
    for _ in range(50):
        address = ("127.0.0.1", random.randrange(10000, 32000))
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(address)
                udp.bind(address)
                return address[1]
            except OSError:
                continue
    raise RuntimeError("no port is free")


def master_file(zone):
    """As it was written where it was, else from its records."""
    return zone.text if hasattr(zone, "text") else zone_maker.master_file(zone)


class Server:
    """A process of ours: `folder` is its own, and `command` makes it stay in the foreground."""

    name = ""

    def __init__(self, parent):
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.name}-", dir=parent))
        self.port = free_port()
        self.process = None
        self.socket = None

    def start(self, zones):
        command = self.prepare(zones)
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self.open_socket()
        self.wait_for([zone.apex for zone in zones])
        self.socket.close()  # with what comes late: a probe may have been answered twice
        self.open_socket()

    def open_socket(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)

    def wait_for(self, apexes):
        """Until each zone has its SOA."""
        deadline = time.monotonic() + START_SECONDS
        for apex in apexes:
            probe = struct.pack("!HHHHHH", 0, 0, 1, 0, 0, 0)
            probe += b"".join(bytes([len(label)]) + label for label in apex) + b"\0\0\6\0\1"
            while True:
                try:
                    self.socket.send(probe)
                    if select.select([self.socket], [], [], 0.2)[0]:
                        reply = self.socket.recv(4096)
                        if reply[3] & 15 == 0 and reply[7] == 1:
                            break
                        time.sleep(0.05)
                except ConnectionRefusedError:
                    time.sleep(0.05)
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"{self.name} does not serve {name_to_text(apex)}\n"
                                         + self.log())

    def log(self):
        """What is said of errors, with the lines behind it, and last; there are many warnings."""
        lines = (self.folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        errors = [at for at, line in enumerate(lines) if "error" in line]
        wanted = {at + behind for at in errors for behind in range(4)}
        wanted.update(range(len(lines) - 3, len(lines)))
        return "\n".join(line for at, line in enumerate(lines) if at in wanted)[:8000]

    def stop(self):
        if self.socket is not None:
            self.socket.close()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)

    def write_zones(self, zones):
        names = []
        for number, zone in enumerate(zones):
            (self.folder / f"{number}.zone").write_text(master_file(zone), encoding="ascii")
            names.append((name_to_text(zone.apex), f"{number}.zone"))
        return names


class Meridian(Server):
    name = "meridian"

    def __init__(self, parent, random):
        super().__init__(parent)
        self.random = random

    def prepare(self, zones):
        folder = self.folder / "zones"
        folder.mkdir()
        for number, zone in enumerate(zones):
            if hasattr(zone, "text"):
                text = f'zone = "{name_to_text(zone.apex)}"\nrecords_from = ["{number}.zone"]\n'
                (folder / f"{number}.zone").write_text(zone.text, encoding="ascii")
            else:
                text = zone_maker.toml_file(self.random, zone)
            (folder / f"{number}.toml").write_text(text, encoding="ascii")
        self.write_settings()
        return [os.environ["MERIDIAN_BINARY"], "serve", "-c", self.folder / "meridian.toml"]

    def write_settings(self):
        """With a world of a few prefixes: no question here is about geography, and it loads at once."""
        subprocess.run([sys.executable, "-B", TESTS / "support" / "write_mmdb.py",
                        TESTS / "scenarios" / "worlds" / "tiny.txt", self.folder / "world.mmdb"],
                       check=True)
        (self.folder / "meridian.toml").write_text(
            f'[server]\nlisten = ["127.0.0.1:{self.port}"]\nzones = "zones"\nworkers = 1\n'
            'state = "state"\n[geo]\ndatabase = "world.mmdb"\n',
            encoding="ascii")


class Nsd(Server):
    name = "nsd"

    def prepare(self, zones):
        user = "nobody" if os.geteuid() == 0 else ""
        lines = ["server:", f"  ip-address: 127.0.0.1@{self.port}", f'  username: "{user}"',
                 '  chroot: ""', f'  zonesdir: "{self.folder}"', f'  pidfile: "{self.folder}/pid"',
                 '  database: ""', f'  zonelistfile: "{self.folder}/zone.list"',
                 f'  xfrdfile: "{self.folder}/xfrd.state"', f'  xfrdir: "{self.folder}"',
                 f'  cookie-secret-file: "{self.folder}/cookies"', "  server-count: 1",
                 "  ipv4-edns-size: 1232", "  minimal-responses: yes", "  confine-to-zone: no",
                 "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0", "  tcp-query-count: 0",
                 "  log-only-syslog: no", "  round-robin: no", "  refuse-any: no",
                 "remote-control:", "  control-enable: no"]
        for name, file in self.write_zones(zones):
            lines += ["zone:", f'  name: "{name}"', f'  zonefile: "{file}"']
        (self.folder / "nsd.conf").write_text("\n".join(lines) + "\n", encoding="ascii")
        os.chmod(self.folder, 0o777)
        return ["/usr/sbin/nsd", "-d", "-c", self.folder / "nsd.conf"]


class Knot(Server):
    name = "knot"

    def prepare(self, zones):
        lines = ["server:", f"  listen: 127.0.0.1@{self.port}", f'  rundir: "{self.folder}"',
                 "  udp-workers: 1", "  tcp-workers: 1", "  background-workers: 1",
                 "  udp-max-payload: 1232", "  answer-rotation: off", "  tcp-idle-timeout: 60",
                 "log:", "- target: stderr", "  any: info",
                 "database:", f'  storage: "{self.folder}/db"',
                 "template:", "- id: default", f'  storage: "{self.folder}"',
                 "  zonefile-sync: -1", "  journal-content: none", "  semantic-checks: off"]
        lines.append("zone:")
        for name, file in self.write_zones(zones):
            lines += [f'- domain: "{name}"', f'  file: "{file}"']
        (self.folder / "knot.conf").write_text("\n".join(lines) + "\n", encoding="ascii")
        return ["/usr/sbin/knotd", "-c", self.folder / "knot.conf"]


class Bind(Server):
    name = "bind"

    def prepare(self, zones):
        lines = ["options {", f'  directory "{self.folder}";',
                 f"  listen-on port {self.port} {{ 127.0.0.1; }};", "  listen-on-v6 { none; };",
                 "  recursion no;", "  dnssec-validation no;", "  minimal-responses yes;",
                 "  max-udp-size 1232;", "  pid-file none;", "  session-keyfile none;", "};",
                 "controls { };"]
        for name, file in self.write_zones(zones):
            lines.append(f'zone "{name}" {{ type primary; file "{file}"; }};')
        (self.folder / "named.conf").write_text("\n".join(lines) + "\n", encoding="ascii")
        return ["/usr/sbin/named", "-g", "-n", "1", "-c", self.folder / "named.conf"]


def ask_over_udp(servers, queries):
    """For each query the octets that each server sent, None where nothing came."""
    replies = [{} for _ in queries]
    for begin in range(0, len(queries), WINDOW):
        window = range(begin, min(begin + WINDOW, len(queries)))
        for _ in range(TRIES):
            missing = {(server, at) for at in window for server in servers
                       if server.name not in replies[at]}
            if not missing:
                break
            for server, at in missing:
                server.socket.send(query_to_wire(queries[at], at & 0xffff))
            collect(missing, replies, window)
    return replies


def collect(missing, replies, window):
    numbers = {at & 0xffff: at for at in window}
    sockets = {server.socket: server for server, _ in missing}
    while missing:
        ready = select.select(list(sockets), [], [], 1)[0]
        if not ready:
            return
        for each in ready:
            server = sockets[each]
            data = each.recv(65535)
            at = numbers.get(int.from_bytes(data[:2], "big"))
            if at is not None and len(data) >= 12:
                replies[at][server.name] = data
                missing.discard((server, at))


def receive(connection, octets):
    data = b""
    while len(data) < octets:
        part = connection.recv(octets - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def ask_over_tcp(server, query):
    """The octets that a server sent over a connection of its own; None where nothing came."""
    wire = query_to_wire(query, 0x7777)
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            connection.sendall(struct.pack("!H", len(wire)) + wire)
            length = struct.unpack("!H", receive(connection, 2))[0]
            return receive(connection, length)
    except (OSError, EOFError):
        return None
