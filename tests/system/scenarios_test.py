"""Plays tests/scenarios/*.scenario against the built server, over UDP and TCP.

SPDX-License-Identifier: Apache-2.0

The language is described in tests/scenarios/README.md. Queries whose client has an address of its
own are left to the runner in process, since here everybody comes from 127.0.0.1.
"""
import ipaddress
import unittest

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from meridian_process import SCENARIOS, Server

TYPES_WITH_TEXT = {"A", "AAAA", "CAA", "CNAME", "DNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"}
ROTATION_TRIES = 200
CLIENT_SUBNET = 8  # RFC 7871 section 6
SECTIONS = ("answer", "authority", "additional")


class Section:
    def __init__(self):
        self.records, self.take, self.rotates = [], None, False

    def read(self, rest):
        words = rest.split()
        if words == ["nothing"]:
            return
        if words == ["rotates"]:
            self.rotates = True
        elif len(words) == 2 and words[1] == "of":
            self.take = int(words[0])
        else:
            owner, ttl, record_type, rdata = rest.split(None, 3)
            self.records.append(f"{owner.rstrip('.')}. {ttl} {record_type} {rdata}")

    def complaint(self, name, found):
        wanted = sorted(self.records)
        if self.take is None:
            good = sorted(found) == wanted
        else:
            good = len(set(found)) == len(found) == self.take and set(found) <= set(wanted)
        if not good:
            return f"{name}: expected {self.take or 'all'} of {wanted}, found {sorted(found)}"
        return None


class Exchange:
    """One query with what it must get."""

    def __init__(self, line, client, words):
        self.line, self.client = line, client
        self.name, self.type, *words = words
        self.tcp = self.dnssec_ok = False
        self.edns, self.version, self.size, self.rdclass = True, 0, 1232, "IN"
        self.options, self.expected = [], None
        self.sections = {section: Section() for section in SECTIONS}
        if client.get("ecs"):
            self.options.append(dns.edns.GenericOption(CLIENT_SUBNET, subnet_octets(client["ecs"])))
        words = iter(words)
        for word in words:
            if word == "tcp":
                self.tcp = True
            elif word == "no-edns":
                self.edns = False
            elif word == "do":
                self.dnssec_ok = True
            elif word == "size":
                self.size = int(next(words))
            elif word == "version":
                self.version = int(next(words))
            elif word == "class":
                self.rdclass = next(words)
            elif word == "option":
                code, value = int(next(words)), next(words)
                octets = b"" if value == "empty" else bytes.fromhex(value)
                self.options.append(dns.edns.GenericOption(code, octets))
            else:
                raise ValueError(f"line {line}: {word}")

    def query(self):
        # Not dns.message.make_query, which is too polite to send what is broken.
        message = dns.message.Message()
        message.flags = dns.flags.RD
        message.find_rrset(message.question, dns.name.from_text(self.name),
                           dns.rdataclass.from_text(self.rdclass),
                           dns.rdatatype.from_text(self.type), create=True, force_unique=True)
        if self.edns:
            message.use_edns(self.version, dns.flags.DO if self.dnssec_ok else 0, self.size,
                             options=self.options)
        return message


def subnet_octets(prefix):
    """RFC 7871 section 6: FAMILY, SOURCE, SCOPE, ADDRESS."""
    network = ipaddress.ip_network(prefix)
    family = b"\0\1" if network.version == 4 else b"\0\2"
    address = network.network_address.packed[:(network.prefixlen + 7) // 8]
    return family + bytes([network.prefixlen, 0]) + address


def read(path):
    """The zones of a file, and pairs of title and exchanges."""
    zones, scenarios, client = [], [], {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = text.strip().partition(" ")
        rest = rest.strip() if word in SECTIONS + ("scenario",) else rest.split("#")[0].strip()
        if not word or word.startswith("#"):
            continue
        if word == "world":
            world = rest
        elif word == "zone":
            zones.append(SCENARIOS / "zones" / rest)
        elif word == "scenario":
            scenarios.append((rest, []))
            client = {}
        elif word == "client":
            words = rest.split()
            client = {"ecs": words[words.index("ecs") + 1]} if "ecs" in words else {}
            if words and words[0] != "ecs":
                client["address"] = words[0]
        elif word == "query":
            scenarios[-1][1].append(Exchange(number, client, rest.split()))
        elif word == "expect":
            scenarios[-1][1][-1].expected = rest.split()
        else:
            scenarios[-1][1][-1].sections[word].read(rest)
    return world, zones, scenarios


def records(section):
    """A section as lines of a scenario."""
    lines = []
    for rrset in section:
        record_type = dns.rdatatype.to_text(rrset.rdtype)
        for rdata in rrset:
            if record_type in TYPES_WITH_TEXT:
                text = rdata.to_text()
            else:  # dnspython puts blanks into long hexadecimal
                octets = rdata.to_wire()
                text = rf"\# {len(octets)} {octets.hex()}"
            lines.append(f"{rrset.name} {rrset.ttl} {record_type} {text}")
    return lines


def scope_complaint(exchange, reply, words):
    """SCOPE as expected; family, SOURCE and address as sent (RFC 7871 section 7.2.1)."""
    wanted = words[words.index("scope") + 1] if "scope" in words else "none"
    sent = next((o.data for o in exchange.options if o.otype == CLIENT_SUBNET), None)
    found = "none"
    for option in reply.options:
        octets = option.to_wire()
        if option.otype != CLIENT_SUBNET:
            return f"an option that was not asked for: {option}"
        found = str(octets[3])
        if octets[:3] + b"\0" + octets[4:] != sent:
            return "the client subnet does not come back as it was sent"
    return None if found == wanted else f"scope: expected {wanted}, found {found}"


def complaints(exchange, query, reply):
    """Everything about a reply that is not as expected."""
    words = exchange.expected
    flags = {"aa": dns.flags.AA, "tc": dns.flags.TC}
    found = [
        ("rcode", words[0], dns.rcode.to_text(reply.rcode())),
        ("OPT", exchange.edns, reply.edns >= 0),
        ("the version in OPT", max(reply.edns, 0), 0),
        ("do", exchange.dnssec_ok, bool(reply.ednsflags & dns.flags.DO)),
        ("ra, ad, cd", 0, int(reply.flags & (dns.flags.RA | dns.flags.AD | dns.flags.CD))),
        ("the question", [str(each) for each in query.question],
         [str(each) for each in reply.question]),
    ]
    found += [(flag, flag in words, bool(reply.flags & bit)) for flag, bit in flags.items()]
    result = [f"{what}: expected {a}, found {b}" for what, a, b in found if a != b]
    for name in SECTIONS:
        result.append(exchange.sections[name].complaint(name, records(getattr(reply, name))))
    result.append(scope_complaint(exchange, reply, words))
    return [f"line {exchange.line}: {each}" for each in result if each]


class Scenarios(unittest.TestCase):
    def ask(self, server, exchange, tcp):
        query = exchange.query()
        ask = dns.query.tcp if tcp else dns.query.udp
        reply = ask(query, "127.0.0.1", timeout=5, port=server.port, one_rr_per_rrset=True)
        self.assertEqual(complaints(exchange, query, reply), [])
        return reply

    def play(self, server, exchange):
        answer = exchange.sections["answer"]
        if not answer.rotates:
            self.ask(server, exchange, exchange.tcp)
            # What a datagram carries whole reads the same over TCP.
            if "tc" not in exchange.expected:
                self.ask(server, exchange, True)
            return
        first = set()
        for _ in range(ROTATION_TRIES):
            first.add(records(self.ask(server, exchange, exchange.tcp).answer)[0])
        self.assertEqual(sorted(first), sorted(answer.records))

    def play_file(self, name, least=11):
        world, zones, scenarios = read(SCENARIOS / f"{name}.scenario")
        played = 0
        with Server(zones=zones, world=world) as server:
            for title, exchanges in scenarios:
                with self.subTest(title):
                    for exchange in exchanges:
                        if "address" not in exchange.client:
                            self.play(server, exchange)
                            played += 1
        self.assertGreaterEqual(played, least)

    def test_every_file_is_played(self):
        files = {path.stem for path in SCENARIOS.glob("*.scenario")}
        self.assertEqual(files, {each.removeprefix("test_the_") for each in dir(self)
                                 if each.startswith("test_the_")})

    def test_the_lookup(self):
        self.play_file("lookup")

    def test_the_steering(self):
        self.play_file("steering")

    def test_the_policies(self):
        self.play_file("policies")

    def test_the_services(self):
        self.play_file("services")

    def test_the_messages(self):
        self.play_file("messages")

    def test_the_additional(self):
        self.play_file("additional", 7)

    def test_the_chains(self):
        self.play_file("chains", 10)

    def test_the_loops(self):
        self.play_file("loops", 7)

    def test_the_families(self):
        self.play_file("families", 8)

    def test_the_sharing(self):
        self.play_file("sharing")


if __name__ == "__main__":
    unittest.main()
