#!/usr/bin/env python3
# Measures what checks cost: with thousands of targets that answer, refuse or hang.
#
# SPDX-License-Identifier: Apache-2.0
#
# The targets are addresses of the loopback network, all with the same nginx behind them, which has the
# other core. Meridian is asked nothing meanwhile, so all of its processor time is that of checks.
import argparse
import contextlib
import json
import os
import socket
import subprocess
import tempfile
import time

import compare_servers as servers
from compare_peers import program_path, write
from compare_session import end_in_order, machine

EVERY_SECONDS = 5
TIMEOUT = "500ms"
TARGETS = {"http": 10_000, "tcp": 10_000, "https": 2_000}
ADDRESSES_OF_ZONE = 100  # in ten regions
BEHAVIOURS = ("answer", "refuse", "hang before", "hang after")
HOST = "www.health.example"


def address_of(number):
    return f"127.{10 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


def write_zones(home, kind, count, port):
    check = {"http": f'http = "/", host = "{HOST}"', "https": f'https = "/", host = "{HOST}"',
             "tcp": f"tcp = {port}", "none": ""}[kind]
    port_key = "" if kind == "tcp" else f"port = {port}, "
    health = "" if kind == "none" else (f'health = {{ {check}, {port_key}every = "{EVERY_SECONDS}s", '
                                        f'timeout = "{TIMEOUT}" }}\n')
    for zone in range(count // ADDRESSES_OF_ZONE):
        text = (f'zone = "zone{zone}.example"\nnameservers = ["ns1.example.net.", '
                f'"ns2.example.net."]\n{health}')
        for region in range(10):
            first = zone * ADDRESSES_OF_ZONE + region * ADDRESSES_OF_ZONE // 10
            addresses = [address_of(first + i) for i in range(ADDRESSES_OF_ZONE // 10)]
            text += (f"[regions.r{region}]\nat = [{region}.0, 8.5]\n"
                     f"addresses = {json.dumps(addresses)}\n")
        write(home, f"zones/zone{zone}.example.toml", text + '[records]\nwww.steer = "nearest"\n')


class BackEnd:
    """What answers, or does not, at every address of the loopback network."""

    def __init__(self, options, home, kind, behaviour):
        self.port = servers.free_port()
        self.process, self.listener, self.fillers = None, None, []
        if behaviour == "answer":
            self.start_nginx(options, home, kind)
        elif behaviour != "refuse":
            self.listener = socket.socket()
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.listener.bind(("0.0.0.0", self.port))
            self.listener.listen(0 if behaviour == "hang before" else 65535)
            if behaviour == "hang before":
                self.fill()

    def fill(self):
        """Has the queue of the listener full, so that the kernel drops what comes."""
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self.fillers.append(filler)

    def start_nginx(self, options, home, kind):
        tls = "" if kind != "https" else (f"ssl_certificate {home}/cert.pem; "
                                          f"ssl_certificate_key {home}/key.pem;")
        config = write(home, "nginx.conf", f"""
daemon off; worker_processes 1; pid {home}/nginx.pid; error_log /dev/null;
events {{ worker_connections 8192; }}
http {{ access_log off; client_body_temp_path {home}; proxy_temp_path {home};
  fastcgi_temp_path {home}; uwsgi_temp_path {home}; scgi_temp_path {home};
  server {{ listen 0.0.0.0:{self.port}{" ssl" if tls else ""}; {tls} return 200 "ok"; }} }}
""")
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["taskset", "-c", str(options.client_core), program_path("nginx"), "-c", config])
        while socket.socket().connect_ex(("127.0.0.1", self.port)) != 0:
            time.sleep(0.05)

    def stop(self):
        for filler in self.fillers:
            filler.close()
        if self.listener is not None:
            self.listener.close()
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)


def make_certificate(home):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", f"/CN={HOST}",
                    "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", f"{home}/key.pem", "-out",
                    f"{home}/cert.pem"], check=True, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def running(options, home, port):
    config = write(home, "meridian.toml",
                   f'[server]\nlisten = ["127.0.0.1:{port}"]\nworkers = 1\n'
                   'receive_buffer = "1MiB"\nzones = "zones"\nstate = "state"\n')
    os.environ["SSL_CERT_FILE"] = f"{home}/cert.pem"
    server = servers.spawn(servers.Setting(options.build, [], options.server_core, home),
                           "meridian", "", [f"{options.build}/server/meridian", "serve", "-c", config],
                           port, lambda: servers.ask(port, "www.zone0.example", timeout=0.1))
    try:
        yield server
    finally:
        server.stop()


def socket_count(pid):
    count = 0
    for name in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(OSError):
            count += os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:")
    return count


def measure_case(options, kind, behaviour, count):
    with tempfile.TemporaryDirectory(prefix="meridian-health-") as home:
        os.makedirs(f"{home}/zones")
        make_certificate(home)
        back_end = BackEnd(options, home, kind, behaviour)
        write_zones(home, kind, count, back_end.port)
        try:
            with running(options, home, servers.free_port()) as server:
                time.sleep(EVERY_SECONDS * 2 + 1)  # all were asked twice: connections, sessions
                idle_sockets = socket_count(server.process.pid)
                begin, cpu, most = time.monotonic(), server.cpu_ns(), 0
                while time.monotonic() - begin < options.seconds:
                    most = max(most, socket_count(server.process.pid))
                    time.sleep(0.1)
                seconds = time.monotonic() - begin
                cpu = server.cpu_ns() - cpu
                resident = server.resident_mb()
        finally:
            back_end.stop()
    probes = count / EVERY_SECONDS * seconds
    return {"cpu_share": cpu / 1e9 / seconds, "us_a_probe": cpu / 1e3 / probes,
            "resident_mb": resident, "most_sockets": most, "idle_sockets": idle_sockets}


def resident_without_checks(options, count):
    """What the same zones hold, in MB, in a server that checks nothing."""
    with tempfile.TemporaryDirectory(prefix="meridian-health-") as home:
        os.makedirs(f"{home}/zones")
        make_certificate(home)
        write_zones(home, "none", count, 0)
        with running(options, home, servers.free_port()) as server:
            time.sleep(EVERY_SECONDS * 2 + 1)
            return server.resident_mb()


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=f"{servers.ROOT}/build/release", help="a release build")
    parser.add_argument("--seconds", type=float, default=15, help="of each case")
    parser.add_argument("--kind", action="append", choices=TARGETS, help="default: all")
    parser.add_argument("--share", type=float, default=1, help="of the targets, to see it work")
    parser.add_argument("--client-core", type=int, default=0)
    parser.add_argument("--server-core", type=int, default=1)
    parser.add_argument("--json", help="write the figures there")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    if program_path("nginx") is None:
        raise SystemExit("health.py: install nginx-light")
    return options


def main():
    options = read_options()
    end_in_order()
    print("{system}, {processor}, {cores} cores, load {load}".format(**machine()))
    figures = {"machine": machine(), "cases": []}
    for kind in options.kind or TARGETS:
        count = int(TARGETS[kind] * options.share) // ADDRESSES_OF_ZONE * ADDRESSES_OF_ZONE
        without = resident_without_checks(options, count)
        print(f"{kind:5} {count:6} targets: {without:.1f} MB without checks")
        for behaviour in BEHAVIOURS:
            case = {"kind": kind, "targets": count, "behaviour": behaviour,
                    "resident_mb_without_checks": without,
                    **measure_case(options, kind, behaviour, count)}
            figures["cases"].append(case)
            print("{kind:5} {targets:6} targets {behaviour:11}  {cpu_share:6.1%} of a core, "
                  "{us_a_probe:6.1f} us a probe, {resident_mb:.1f} MB, at most {most_sockets} "
                  "sockets ({idle_sockets} idle)".format(**case))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)


if __name__ == "__main__":
    main()
