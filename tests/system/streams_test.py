"""Has many clients speak TCP with the built server at once, and rudely: descriptors, memory, the stop.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import resource
import socket
import threading
import time
import unittest
from pathlib import Path

import dns.message
import dns.rcode

from meridian_process import SCENARIOS, Server, is_sanitized, meridian, wait_until
from transport_test import framed, next_message, question

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
BIG = "big.example"  # holds a set that fills a message
BIG_RECORDS = 930
MARGIN = 4  # MB


def big_zone():
    records = "".join(f"@ TXT {number:050}\n" for number in range(BIG_RECORDS))
    return ("$TTL 60\n@ SOA ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 60\n"
            f"@ NS ns1.example.net.\n@ NS ns2.example.net.\n{records}")


def raise_limit_of_descriptors():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))


def connect(server, number, **options):
    """From an address of its own for each twenty, since one address gets 25 connections."""
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    for name, value in options.items():
        connection.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
    connection.settimeout(10)
    connection.bind((f"127.0.1.{number // 20 + 1}", 0))
    connection.connect(("127.0.0.1", server.port))
    return connection


def connect_many(test, server, count, **options):
    connections = [connect(server, number, **options) for number in range(count)]
    for connection in connections:
        test.addCleanup(connection.close)
    return connections


def descriptors(server):
    """What the process has open: number -> what it leads to."""
    folder = Path(f"/proc/{server.process.pid}/fd")
    result = {}
    for path in folder.iterdir():
        try:
            result[int(path.name)] = os.readlink(path)
        except FileNotFoundError:
            continue  # closed meanwhile
    return result


class LogsIntoAFile(Server):
    def log(self):
        log = self.folder / "server.log"
        return log.read_text(encoding="utf-8") if log.exists() else ""


class Descriptors(unittest.TestCase):
    def test_none_is_left_open_in_a_program_that_is_started(self):
        with LogsIntoAFile(zones=[BEIGEL], watch=True, log='[log]\nto = "./server.log"') as server:
            over_tcp = connect_many(self, server, 2)
            for connection in over_tcp:
                connection.sendall(framed(question()))
                next_message(connection)
            operator = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.addCleanup(operator.close)
            operator.connect(str(server.folder / "state" / "control.sock"))
            operator.sendall(b'{"command": "status"}\n')
            self.assertTrue(operator.recv(1))
            leaking = {}
            for number, target in descriptors(server).items():
                info = Path(f"/proc/{server.process.pid}/fdinfo/{number}").read_text("ascii")
                flags = int(re.search(r"flags:\s+([0-7]+)", info)[1], 8)
                if number > 2 and not flags & os.O_CLOEXEC:
                    leaking[number] = target
            self.assertEqual(leaking, {})

    def test_some_are_left_for_reloads_and_operators(self):
        limit = 128
        server = Server(zones=[BEIGEL])
        self.addCleanup(server.__exit__)
        server.start()
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (limit, limit))
        connections = connect_many(self, server, 2 * limit)
        last = connections[-1]
        last.sendall(framed(question()))
        self.assertEqual(next_message(last).rcode(), dns.rcode.NOERROR)

        self.assertLess(len(descriptors(server)), limit - 16)
        zone = server.zone_folder / "beigel.toml"
        text = zone.read_text(encoding="utf-8")
        zone.write_text(text.replace('"198.51.100.10"', '"198.51.100.77"'), encoding="utf-8")
        result = meridian("reload", "-c", server.config)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(server.addresses("www.beigel.example", "198.51.100.0/24"),
                         ["198.51.100.77"])


class Memory(unittest.TestCase):
    CLIENTS = 300

    def setUp(self):
        raise_limit_of_descriptors()
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        (self.server.zone_folder / f"{BIG}.zone").write_text(big_zone(), encoding="ascii")
        self.server.start()
        if is_sanitized(self.server.process.pid):
            self.skipTest("a sanitizer keeps what was freed")

    def resident_mb(self):
        text = Path(f"/proc/{self.server.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    def open_connections(self):
        return sum("socket:" in target for target in descriptors(self.server).values())

    def rounds_of(self, octets):
        """Clients that send this and never read; what the process grew by while they were there,
        and once they were gone."""
        at_rest, before = self.open_connections(), self.resident_mb()
        connections = connect_many(self, self.server, self.CLIENTS, SO_RCVBUF=4096)
        for connection in connections:
            connection.sendall(octets)
        wait_until(lambda: self.open_connections() >= at_rest + self.CLIENTS, 10, "the accepting")
        time.sleep(0.5)
        while_there = self.resident_mb() - before
        for connection in connections:
            connection.close()
        wait_until(lambda: self.open_connections() <= at_rest, 20, "the end of all connections")
        return while_there, self.resident_mb() - before

    def test_comes_back_from_clients_that_never_read(self):
        queries = framed(question(BIG, "TXT")) * 200
        self.rounds_of(queries)  # the allocator has found its places by then
        while_there, after = self.rounds_of(queries)
        print(f"{self.CLIENTS} clients that never read: {while_there:.1f} MB, {after:.1f} stay")
        self.assertLess(while_there, self.CLIENTS * 0.016 + MARGIN)  # what was read of its queries
        self.assertLess(after, MARGIN)

    def test_comes_back_from_clients_that_never_end_a_message(self):
        half = b"\xff\xff" + bytes(60000)
        _, after = self.rounds_of(half)
        print(f"{self.CLIENTS} clients that never end a message: {after:.1f} MB stay")
        self.assertLess(after, MARGIN)


class Stop(unittest.TestCase):
    def test_udp_is_answered_while_tcp_drains(self):
        with Server(zones=[BEIGEL]) as server:
            (server.zone_folder / f"{BIG}.zone").write_text(big_zone(), encoding="ascii")
            server.reload()
            slow = connect(server, 0, SO_RCVBUF=4096)  # and never reads: the drain takes its time
            self.addCleanup(slow.close)
            slow.sendall(framed(question(BIG, "TXT")) * 200)
            time.sleep(0.5)
            stopped = threading.Event()
            stopping = threading.Thread(target=lambda: (server.stop(), stopped.set()))
            stopping.start()
            wait_until(lambda: "stopping" in server.log(), 10, "the stop")
            answered = 0
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(5)
                client.connect(("127.0.0.1", server.port))
                try:
                    while not stopped.is_set():
                        client.send(question().to_wire())
                        client.recv(65535)
                        answered += 1
                        time.sleep(0.05)
                except ConnectionRefusedError:
                    pass  # the process is gone
                except TimeoutError:  # the query came between its last answer and its end
                    self.assertTrue(stopped.wait(10))
            stopping.join(10)
        self.assertGreater(answered, 10)


if __name__ == "__main__":
    unittest.main()
