#!/usr/bin/env python3
# Breaks the back ends of three regions in several ways under Meridian and gdnsd, side by side.
#
# SPDX-License-Identifier: Apache-2.0
#
# Both servers check the same web servers, at the shortest settings that each of them takes. A state
# is brought about, and A and AAAA are asked for every 20 ms: "wrong" is an answer with an address that
# does not work while others of that family do. Runs as root, in a network namespace of its own.
import argparse
import contextlib
import http.server
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import compare_servers as servers
from compare_peers import program_path, version_of, write
from compare_session import end_in_order, machine

NAME = "www.failover.example"
PORT = 8080
REGIONS = {  # in the order of both servers' policy
    "near": ["10.53.1.1", "10.53.1.2", "fd53:1::1"],
    "next": ["10.53.2.1", "fd53:2::1"],
    "far": ["10.53.3.1", "fd53:3::1"],
}
ALL = [address for addresses in REGIONS.values() for address in addresses]
POLL_SECONDS = 0.02
REST_SECONDS = 1.5  # of right answers in a row, then a state is settled
LIMIT_SECONDS = 30


class BackEnd:
    """A web server at one address."""

    def __init__(self, address):
        self.address, self.mode, self.server = address, 200, None

    def start(self):
        back_end = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # pylint: disable=invalid-name
                if back_end.mode == "hang":
                    time.sleep(5)
                    return
                self.send_response(back_end.mode)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
            daemon_threads = True

        self.server = Server((self.address, PORT), Handler)
        threading.Thread(target=self.server.serve_forever, args=[POLL_SECONDS], daemon=True).start()

    def set(self, mode):
        """A status, "hang", or "dead": connections are refused, as when its process was killed."""
        self.mode = mode
        if mode == "dead" and self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
        elif mode != "dead" and self.server is None:
            self.start()


def of_region(region, family=None):
    return [address for address in REGIONS[region]
            if family is None or (":" in address) == (family == "ipv6")]


# name: (modes of addresses, drained region)
STATES = {
    "an address": ({"10.53.1.1": "dead"}, None),
    "a family": (dict.fromkeys(of_region("near", "ipv4"), "dead"), None),
    "a region": (dict.fromkeys(of_region("near"), "dead"), None),
    "a region hangs": (dict.fromkeys(of_region("near"), "hang"), None),
    "a region says 503": (dict.fromkeys(of_region("near"), 503), None),
    "two regions": (dict.fromkeys(of_region("near") + of_region("next"), "dead"), None),
    "drained, and the next is down": (dict.fromkeys(of_region("next"), "dead"), "near"),
    "all": (dict.fromkeys(ALL, "dead"), None),
}


class Meridian:
    """At the shortest times that its zone language takes."""

    def __init__(self, options, home):
        self.program = f"{options.build}/server/meridian"
        self.name, self.home = "Meridian", home
        self.version = version_of(self.program, "--version")
        self.settings = "every 500ms, timeout 250ms, fall 1, rise 1, hold 1s"
        self.port = servers.free_port()
        os.makedirs(f"{home}/zones")
        regions = "".join(f"[regions.{region}]\nat = [0.0, 0.0]\naddresses = "
                          f"{json.dumps(addresses)}\n" for region, addresses in REGIONS.items())
        write(home, "zones/failover.example.toml",
              f'zone = "failover.example"\nnameservers = ["ns1.example.net.", "ns2.example.net."]\n'
              f'health = {{ http = "/healthz", host = "{NAME}", port = {PORT}, every = "500ms", '
              'timeout = "250ms", fall = 1, rise = 1, hold = "1s" }\n'
              f'{regions}[records]\nwww.steer = "nearest"\n')  # a client without a place: in order
        self.config = write(home, "meridian.toml",
                            f'[server]\nlisten = ["127.0.0.1:{self.port}"]\nworkers = 1\n'
                            'receive_buffer = "1MiB"\nzones = "zones"\nstate = "state"\n')
        self.command = [self.program, "serve", "-c", self.config]

    def drain(self, region):
        self.run("drain", region, "--force")

    def release(self, region):
        self.run("release", region)

    def run(self, *words):
        subprocess.run([self.program, *words, "-c", self.config], check=True,
                       stdout=subprocess.DEVNULL)


class Gdnsd:
    """With the same regions in the same order, and an `admin_state` file for the drain."""

    def __init__(self, _, home):
        self.program = program_path("gdnsd")
        self.name, self.home = "gdnsd", home
        self.version = version_of(self.program, "version")
        self.settings = "interval 2, timeout 1, up_thresh 1, ok_thresh 1, down_thresh 1"
        self.port = servers.free_port()
        for folder in ("zones", "run", "state"):
            os.makedirs(f"{home}/{folder}")

        def family(addresses, name):
            listed = ", ".join(f"a{i} => {address}" for i, address in enumerate(addresses))
            return f"addrs_{name} => {{ {listed} }}"

        places = ", ".join(f'{region} => {{ {family(of_region(region, "ipv4"), "v4")}, '
                           f'{family(of_region(region, "ipv6"), "v6")} }}' for region in REGIONS)
        write(home, "config", f"""
options => {{ listen => 127.0.0.1:{self.port}, udp_threads => 1, tcp_threads => 1,
  run_dir => "{home}/run", state_dir => "{home}/state" }}
service_types => {{ web => {{ plugin => http_status, port => {PORT}, url_path => /healthz,
  vhost => {NAME}, ok_codes => [ 200 ], interval => 2, timeout => 1,
  up_thresh => 1, ok_thresh => 1, down_thresh => 1 }} }}
plugins => {{ metafo => {{ resources => {{ www => {{
  datacenters => [ {", ".join(REGIONS)} ], service_types => web, dcmap => {{ {places} }} }} }} }} }}
""")
        write(home, "zones/failover.example",
              "@ 3600 SOA ns1.example.net. hostmaster 1 7200 900 1209600 60\n"
              "@ 3600 NS ns1.example.net.\n@ 3600 NS ns2.example.net.\nwww 60 DYNA metafo!www\n")
        self.state = f"{home}/state/admin_state"
        self.command = [self.program, "-c", home, "start"]

    def drain(self, region):
        with open(self.state + ".new", "w", encoding="ascii") as file:
            file.write(f"metafo/www/{region} => DOWN\n")
        os.replace(self.state + ".new", self.state)

    def release(self, _):
        open(self.state, "w", encoding="ascii").close()


def answers_of(port):
    """The addresses in the answers of both families, sorted."""
    return [sorted(servers.addresses_in(servers.ask(port, NAME, record_type=record_type)))
            for record_type in (servers.TYPE_A, servers.TYPE_AAAA)]


def is_wrong(answer, working):
    """Whether it has an address that does not work, while others of the family do."""
    family = [address for address in working if (":" in address) == (":" in answer[0])]
    return bool(family) and not set(answer) <= set(family)


def watch(server, begin, working):
    """Seconds from `begin` to the last wrong answer, and the answers that remain; None for the
    seconds where they stay wrong."""
    last_wrong = begin
    while True:
        now = time.monotonic()
        answers = answers_of(server.port)
        if any(not answer or is_wrong(answer, working) for answer in answers):
            last_wrong = now
        if now - begin > LIMIT_SECONDS:
            return None, answers
        if now - last_wrong > REST_SECONDS and now - begin > server_period(server) * 2:
            return last_wrong - begin, answers
        time.sleep(POLL_SECONDS)


def server_period(server):
    return 2.0 if server.name == "gdnsd" else 0.5


def settle(server):
    """Waits until all is up again."""
    begin = time.monotonic()
    while answers_of(server.port) != [sorted(of_region("near", "ipv4")),
                                      sorted(of_region("near", "ipv6"))]:
        if time.monotonic() - begin > LIMIT_SECONDS:
            raise SystemExit(f"{server.name} does not come back: {answers_of(server.port)}")
        time.sleep(POLL_SECONDS)


def measure_state(server, back_ends, state):
    modes, drained = STATES[state]
    settle(server)
    time.sleep(server_period(server) * (1 + random.random()))  # at any point of its period
    begin = time.monotonic()
    for address, mode in modes.items():
        back_ends[address].set(mode)
    if drained:
        server.drain(drained)
    out = of_region(drained) if drained else []
    working = [address for address in ALL if address not in modes and address not in out]
    seconds, answers = watch(server, begin, working)
    for address in modes:
        back_ends[address].set(200)
    if drained:
        server.release(drained)
    return seconds, answers


def measure(options, kinds, back_ends, folder):
    """Each time with a new server: what fell before would hold longer (`hold` doubles)."""
    figures = {}
    for state in STATES:
        figures[state] = {}
        for kind in kinds:
            runs = []
            for _ in range(options.runs):
                server = kind(options, tempfile.mkdtemp(dir=folder))
                with running(options, server):
                    runs.append(measure_state(server, back_ends, state))
            times = [seconds for seconds, _ in runs if seconds is not None]
            figures[state][server.name] = {
                "median_seconds": statistics.median(times) if len(times) == len(runs) else None,
                "worst_seconds": max(times) if len(times) == len(runs) else None,
                "answers": runs[-1][1]}
            show(state, server.name, figures[state][server.name])
    return figures


def show(state, name, figure):
    took = "stays wrong" if figure["median_seconds"] is None else \
        f"{figure['median_seconds']:5.2f} s, at most {figure['worst_seconds']:5.2f}"
    print(f"{state:30} {name:9} {took:28} " +
          " | ".join(" ".join(answer) or "nothing" for answer in figure["answers"]), flush=True)


@contextlib.contextmanager
def running(options, server):
    setting = servers.Setting(options.build, [], options.server_core, server.home)
    started = servers.spawn(setting, server.name, server.version, server.command, server.port,
                            lambda: servers.ask(server.port, NAME, timeout=0.1))
    try:
        yield
    finally:
        started.stop()


def in_a_namespace_of_its_own():
    """Starts this script anew where the addresses of the back ends are no others'."""
    if os.environ.get("MERIDIAN_BENCH_NAMESPACE") != str(os.getppid()):
        if os.geteuid() != 0:
            raise SystemExit("failover.py: run it as root: it makes a network namespace")
        os.environ["MERIDIAN_BENCH_NAMESPACE"] = str(os.getpid())
        ran = subprocess.run(["unshare", "--net", sys.executable, "-B", *sys.argv], check=False)
        sys.exit(ran.returncode)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in ALL:
        length = 128 if ":" in address else 32
        subprocess.run(["ip", "address", "add", f"{address}/{length}", "dev", "lo"], check=True)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=f"{servers.ROOT}/build/release", help="a release build")
    parser.add_argument("--server-core", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5, help="of each state")
    parser.add_argument("--json", help="write the figures there")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    return options


def main():
    options = read_options()
    in_a_namespace_of_its_own()
    end_in_order()
    back_ends = {address: BackEnd(address) for address in ALL}
    for back_end in back_ends.values():
        back_end.start()
    print("{system}, {processor}, {cores} cores, load {load}".format(**machine()))
    kinds = [Meridian]
    if program_path("gdnsd") is None:
        print("gdnsd is not installed: without it")
    else:
        kinds.append(Gdnsd)
    with tempfile.TemporaryDirectory(prefix="meridian-failover-") as folder:
        for kind in kinds:
            server = kind(options, tempfile.mkdtemp(dir=folder))
            print(f"{server.name} {server.version}: {server.settings}")
        figures = {"machine": machine(), "states": measure(options, kinds, back_ends, folder)}
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)


if __name__ == "__main__":
    main()
