#!/usr/bin/env python3
# Times a new TCP client beside many others, and weighs a server after clients that never read.
#
# SPDX-License-Identifier: Apache-2.0
import os
import resource
import select
import socket
import statistics
import struct
import tempfile
import time

import compare_servers as servers
from compare_peers import program_path, version_of, write

ZONE = "big.example"
RECORDS = 930  # fill 59 KB
CONNECTIONS_PER_ADDRESS = 20  # one address gets 25
ZONE_TEXT = (f"$ORIGIN {ZONE}.\n$TTL 60\n@ SOA ns1 hostmaster 1 7200 900 1209600 60\n@ NS ns1\n@ NS ns2\n"
             "ns1 A 192.0.2.53\nns2 A 192.0.2.54\n" +
             "".join(f"@ TXT {number:050}\n" for number in range(RECORDS)))


def framed_query(name, record_type):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    message = struct.pack("!6H", 1, 0, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, record_type, 1)
    return struct.pack("!H", len(message)) + message


LARGE = framed_query(ZONE, 16)
SMALL = framed_query("ns1." + ZONE, 1)


def is_ready(port):
    return lambda: servers.first_address(servers.ask(port, "ns1." + ZONE, timeout=0.1))


def start_meridian(setting):
    port, home = servers.free_port(), setting.home("meridian", "zones")
    write(os.path.join(home, "zones"), f"{ZONE}.zone", ZONE_TEXT)
    config = write(home, "meridian.toml",
                   f'[server]\nlisten = "127.0.0.1:{port}"\nworkers = 1\nstate = "{home}/state"\n'
                   f"[geo]\ndatabase = {setting.databases}\n".replace("'", '"'))
    return servers.spawn(setting, "meridian", "built here",
                         [f"{setting.build}/server/meridian", "serve", "-c", config], port,
                         is_ready(port))


def start_nsd(setting):
    program = program_path("nsd")
    if program is None:
        return None
    port, home = servers.free_port(), setting.home("nsd")
    zone = write(home, "zone", ZONE_TEXT)
    config = write(home, "nsd.conf", f"""
server:
    ip-address: 127.0.0.1@{port}
    server-count: 1
    tcp-count: 1100
    tcp-timeout: 10
    username: ""
    pidfile: {home}/nsd.pid
    xfrdfile: {home}/xfrd.state
    zonelistfile: {home}/zone.list
    xfrdir: {home}
    zonesdir: {home}
remote-control:
    control-enable: no
zone:
    name: {ZONE}
    zonefile: {zone}
""")
    return servers.spawn(setting, "nsd", version_of(program, "-v"),
                         [program, "-d", "-c", config], port, is_ready(port))


def connect(port, number, receive_buffer=None):
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.bind((f"127.0.2.{number // CONNECTIONS_PER_ADDRESS + 1}", 0))
    connection.connect(("127.0.0.1", port))
    return connection


def pipeline(port, count):
    """For ever: each of the connections has fifty queries for a large answer under way."""
    poll, connections = select.epoll(), {}
    for number in range(count):
        connection = connect(port, number)
        connection.setblocking(False)
        connection.send(LARGE * 50)
        connections[connection.fileno()] = [connection, 0]
        poll.register(connection, select.EPOLLIN)
    scratch = bytearray(1 << 20)
    while True:
        for number, _ in poll.poll():
            entry = connections[number]
            try:
                entry[1] += entry[0].recv_into(scratch)
                answers, entry[1] = divmod(entry[1], 59_000)
                entry[0].send(LARGE * answers)
            except BlockingIOError:
                continue


def waits_of_new_clients(port, count, rounds):
    """Seconds from the connecting to the answer, of clients that come one after the other."""
    load = os.fork()
    if load == 0:
        try:
            pipeline(port, count)
        finally:
            os._exit(1)
    try:
        time.sleep(2)
        waits = []
        for _ in range(rounds):
            begin = time.monotonic()
            with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
                client.sendall(SMALL)
                client.recv(65535)
            waits.append(time.monotonic() - begin)
            time.sleep(0.02)
        return waits
    finally:
        os.kill(load, 9)
        os.waitpid(load, 0)


def weigh(server, count):
    """Resident megabytes before, beside and after clients that ask for much and never read."""
    before = server.resident_mb()
    connections = [connect(server.port, number, 4096) for number in range(count)]
    for connection in connections:
        connection.sendall(LARGE * 200)
    time.sleep(2)
    beside = server.resident_mb()
    for connection in connections:
        connection.close()
    time.sleep(3)
    return before, beside, server.resident_mb()


def main():
    parser = servers.options_parser(__doc__)
    parser.add_argument("--connections", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--silent", type=int, default=1024, help="clients that never read")
    options = servers.with_whole_paths(parser.parse_args())
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    with tempfile.TemporaryDirectory(prefix="meridian-streams-") as directory:
        setting = servers.Setting(options.build, options.database, 0, directory)
        for start in (start_meridian, start_nsd):
            server = start(setting)
            if server is None:
                continue
            try:
                memory = weigh(server, options.silent)
                waits = waits_of_new_clients(server.port, options.connections, options.rounds)
            finally:
                server.stop()
            print(f"{server.name} {server.version}: a new client beside {options.connections} waits "
                  f"{statistics.median(waits):.3f} s (at most {max(waits):.3f}); {options.silent} clients "
                  f"that never read: {memory[0]:.1f} MB before, {memory[1]:.1f} beside, "
                  f"{memory[2]:.1f} after", flush=True)


if __name__ == "__main__":
    main()
