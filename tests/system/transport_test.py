"""Speaks to the sockets of the built server: TCP by RFC 7766, several addresses, wildcards.

SPDX-License-Identifier: Apache-2.0
"""
import select
import socket
import struct
import threading
import time
import unittest

import dns.message
import dns.rcode
import dns.rrset

from meridian_process import SCENARIOS, Server, free_port, meridian, run

BEIGEL = SCENARIOS / "zones" / "beigel.toml"


def question(name="mail.beigel.example", record_type="A"):
    return dns.message.make_query(name, record_type, use_edns=0, payload=1232)


def framed(message):
    octets = message.to_wire()
    return struct.pack("!H", len(octets)) + octets


def receive(connection, count):
    octets = b""
    while len(octets) < count:
        piece = connection.recv(count - len(octets))
        if not piece:
            raise EOFError(f"closed after {len(octets)} of {count} octets")
        octets += piece
    return octets


def next_message(connection):
    length, = struct.unpack("!H", receive(connection, 2))
    return dns.message.from_wire(receive(connection, length))


class OneServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(zones=[BEIGEL])
        cls.server.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def connect(self, host="127.0.0.1"):
        connection = socket.create_connection((host, self.server.port), timeout=5)
        self.addCleanup(connection.close)
        return connection

    def datagram(self, octets, seconds=2.0, host="127.0.0.1"):
        """The reply to a datagram, or None when there is none in time."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.settimeout(seconds)
            sender.sendto(octets, (host, self.server.port))
            try:
                return sender.recvfrom(65535)[0]
            except socket.timeout:
                return None


class Tcp(OneServer):
    def test_pipelined_queries_are_all_answered(self):
        queries = [question(f"{i}.shops.beigel.example") for i in range(100)]
        for number, query in enumerate(queries):
            query.id = number
        connection = self.connect()
        connection.sendall(b"".join(framed(query) for query in queries))
        replies = {reply.id: reply for reply in (next_message(connection) for _ in queries)}
        self.assertEqual(len(replies), len(queries))
        for query in queries:
            self.assertEqual(replies[query.id].question, query.question)
            self.assertEqual(len(replies[query.id].answer), 1)

    def test_a_query_in_single_octets(self):
        connection = self.connect()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in framed(question()):
            connection.sendall(bytes([octet]))
            time.sleep(0.002)
        self.assertEqual(next_message(connection).rcode(), dns.rcode.NOERROR)

    def test_a_query_whose_sender_has_nothing_more_to_say(self):
        connection = self.connect()
        connection.sendall(framed(question()))
        connection.shutdown(socket.SHUT_WR)
        self.assertEqual(next_message(connection).rcode(), dns.rcode.NOERROR)

    def test_a_connection_serves_one_query_after_another(self):
        connection = self.connect("::1")
        for _ in range(20):
            connection.sendall(framed(question()))
            self.assertEqual(len(next_message(connection).answer), 1)

    def test_rubbish_costs_its_sender_the_connection_and_nobody_else_anything(self):
        bystander = self.connect()
        rude = self.connect()
        rude.sendall(struct.pack("!H", 3) + b"abc" + framed(question()))
        bystander.sendall(framed(question()))
        self.assertEqual(len(next_message(bystander).answer), 1)

    def test_many_connections_at_once(self):
        connections = [self.connect() for _ in range(20)]
        for connection in connections:
            connection.sendall(framed(question()))
        for connection in connections:
            self.assertEqual(len(next_message(connection).answer), 1)

    def test_an_idle_connection_is_closed(self):
        connection = self.connect()
        connection.settimeout(20)
        begin = time.monotonic()
        self.assertEqual(connection.recv(1), b"")
        self.assertGreater(time.monotonic() - begin, 1)


class Udp(OneServer):
    def test_a_broken_question_is_formerr_with_its_id(self):
        header = struct.pack("!HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0)
        reply = self.datagram(header + b"\x3fabc")
        self.assertEqual(reply[:2], b"\x12\x34")
        self.assertEqual((reply[2] & 0x80, reply[3] & 15), (0x80, dns.rcode.FORMERR))

    def test_a_query_without_a_question_is_formerr_with_opt(self):
        query = question()
        query.question = []
        reply = dns.message.from_wire(self.datagram(query.to_wire()))
        self.assertEqual((reply.rcode(), reply.edns, reply.question), (dns.rcode.FORMERR, 0, []))

    def test_a_question_for_an_incremental_transfer_is_refused(self):
        query = question("beigel.example", "IXFR")
        query.authority.append(dns.rrset.from_text(
            "beigel.example.", 60, "IN", "SOA", "ns1. hostmaster. 1 7200 900 1209600 60"))
        reply = dns.message.from_wire(self.datagram(query.to_wire()))
        self.assertEqual((reply.rcode(), reply.edns), (dns.rcode.REFUSED, 0))

    def test_responses_and_scraps_get_silence(self):
        response = dns.message.make_response(question()).to_wire()
        for octets in (response, b"", b"\0", b"elevenoctet"):
            self.assertIsNone(self.datagram(octets, 0.3), octets)
        self.assertIsNotNone(self.datagram(question().to_wire()))

    def test_both_families(self):
        for host in ("127.0.0.1", "::1"):
            reply = dns.message.from_wire(self.datagram(question().to_wire(), host=host))
            self.assertEqual(reply.answer[0][0].to_text(), "192.0.2.25")

    def test_a_burst_is_answered_whole(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            sender.connect(("127.0.0.1", self.server.port))
            queries = {}
            for number in range(100):
                query = question(f"{number}.shops.beigel.example")
                query.id = number
                queries[number] = query
                sender.send(query.to_wire())
            while queries:
                self.assertTrue(select.select([sender], [], [], 5)[0], f"{len(queries)} missing")
                reply = dns.message.from_wire(sender.recv(65535))
                self.assertEqual(reply.question, queries.pop(reply.id).question)


class Chargen(threading.Thread):
    """A service of RFC 864: whatever it gets, it answers with characters. It begins by itself, as if
    an attacker had forged a query of its; every datagram that comes is an answer of the server's."""

    CHARACTERS = bytes(range(32, 127))

    def __init__(self, host, port, server_port):
        super().__init__()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((host, port))
        self.socket.settimeout(0.5)  # of silence
        self.server = (host, server_port)
        self.answers = 0

    def run(self):
        self.socket.sendto(self.CHARACTERS, self.server)
        while self.answers < 100:
            try:
                peer = self.socket.recvfrom(65535)[1]
            except socket.timeout:
                break
            self.answers += 1
            self.socket.sendto(self.CHARACTERS[self.answers % 8:], peer)
        self.socket.close()


class Loops(OneServer):
    def rounds(self, host, port):
        try:
            chargen = Chargen(host, port, self.server.port)
        except PermissionError:
            self.skipTest("binding a low port takes root")
        chargen.start()
        chargen.join(20)
        return chargen.answers

    def test_a_service_that_answers_anything_gets_no_answer(self):
        for host in ("127.0.0.1", "::1"):
            for port in (7, 13, 17, 19, 37):
                self.assertEqual(self.rounds(host, port), 0, f"{host} port {port}")

    def test_such_a_service_on_another_port_shows_what_a_loop_is(self):
        self.assertGreater(self.rounds("127.0.0.1", 0), 1)


class Addresses(unittest.TestCase):
    def ask_from(self, server, address):
        """Asks an address; replies from another one are not heard."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.settimeout(5)
            sender.sendto(question().to_wire(), (address, server.port))
            octets, source = sender.recvfrom(65535)
        self.assertEqual(source[0], address)
        self.assertEqual(dns.message.from_wire(octets).answer[0][0].to_text(), "192.0.2.25")
        with socket.create_connection((address, server.port), timeout=5) as connection:
            connection.sendall(framed(question()))
            self.assertEqual(len(next_message(connection).answer), 1)

    def test_several_addresses(self):
        listen = ["127.0.0.2:{port}", "127.0.0.3:{port}", "[::1]:{port}"]
        with Server(zones=[BEIGEL], listen=listen) as server:
            for address in ("127.0.0.2", "127.0.0.3", "::1"):
                self.ask_from(server, address)
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", server.port), timeout=1)

    def test_wildcards_reply_from_the_address_that_was_asked(self):
        with Server(zones=[BEIGEL], listen=["0.0.0.0:{port}", "[::]:{port}"]) as server:
            for address in ("127.0.0.1", "127.0.0.2", "127.1.2.3", "::1"):
                self.ask_from(server, address)
            text = server.dig("+tries=1", "mail.beigel.example", server="127.0.0.2")
            self.assertNotIn("unexpected source", text)

    def test_several_ports(self):
        second = free_port()
        listen = ["127.0.0.1:{port}", f"127.0.0.1:{second}"]
        with Server(zones=[BEIGEL], listen=listen) as server:
            for port in (server.port, second):
                text = run("dig", "@127.0.0.1", "-p", port, "+short", "mail.beigel.example").stdout
                self.assertEqual(text.split(), ["192.0.2.25"])

    def test_a_port_that_is_taken_ends_the_start_with_a_word(self):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with Server(zones=[BEIGEL]) as server:
                config = server.folder / "second.toml"
                config.write_text(server.config.read_text(encoding="utf-8")
                                  .replace(str(server.port), str(port)), encoding="utf-8")
                result = meridian("serve", "-c", config)
        self.assertEqual(result.returncode, 2)
        self.assertIn(f"127.0.0.1:{port}", result.stderr)


if __name__ == "__main__":
    unittest.main()
