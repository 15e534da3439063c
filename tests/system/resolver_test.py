"""Puts unbound with client subnets in front of the built server: cached answers never cross, and end.

SPDX-License-Identifier: Apache-2.0
"""
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from health_test import FRANKFURT, VIRGINIA, ZONE, HealthServer
from meridian_process import SCENARIOS, Server, free_port, run, wait_until

UNBOUND = shutil.which("unbound", path="/usr/sbin:/usr/bin:/sbin:/bin")
CONFIGURATION = """
server:
    interface: 127.0.0.1
    port: {port}
    do-daemonize: no
    use-syslog: no
    logfile: ""
    log-queries: yes
    verbosity: 1
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: "{folder}/unbound.pid"
    num-threads: 1
    access-control: 127.0.0.0/8 allow
    do-not-query-localhost: no
    module-config: "subnetcache iterator"
    send-client-subnet: 127.0.0.1
    client-subnet-always-forward: yes
    max-client-subnet-ipv4: 24
    max-client-subnet-ipv6: 56
    cache-min-ttl: 0
    infra-keep-probing: yes
    so-rcvbuf: 0
    so-sndbuf: 0
remote-control:
    control-enable: no
stub-zone:
    name: "beigel.example"
    stub-addr: 127.0.0.1@{server_port}
stub-zone:
    name: "families.example"
    stub-addr: 127.0.0.1@{server_port}
"""
NAME = "www.beigel.example"
PLACES = {
    "192.0.2.0/24": ["192.0.2.10", "192.0.2.11"],
    "198.51.100.0/24": ["198.51.100.10"],
    "203.0.113.0/24": ["203.0.113.10"],
    "2001:db8:4::/56": ["198.51.100.10"],
    "2001:db8:6::/56": ["203.0.113.10"],
}


class Resolver:
    """A running unbound that asks one Meridian."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="meridian-unbound-"))
        self.port = free_port()
        config = self.folder / "unbound.conf"
        config.write_text(CONFIGURATION.format(port=self.port, folder=self.folder,
                                               server_port=self.server.port), encoding="utf-8")
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen([UNBOUND, "-d", "-c", config], stdout=self.log,
                                        stderr=self.log)
        wait_until(lambda: self.process.poll() is not None or self.answers(), 20, "unbound's start")
        if self.process.poll() is not None:
            raise AssertionError((self.folder / "log").read_text(encoding="utf-8"))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self):
        return "NOERROR" in self.dig("beigel.example", "SOA")

    def dig(self, *arguments):
        command = ["dig", "@127.0.0.1", "-p", self.port, "+tries=1", "+timeout=5", *arguments]
        return run(*command).stdout

    def addresses(self, client, name=NAME, record_type="A"):
        lines = self.dig("+short", f"+subnet={client}", name, record_type).splitlines()
        return sorted(line for line in lines if not line.startswith(";"))  # dig's complaints


class BehindUnbound(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if UNBOUND is None:
            raise AssertionError("unbound is not installed; packaging/dependencies.sh --test does")
        zones = [SCENARIOS / "zones" / name for name in ("beigel.toml", "families.toml")]
        cls.server = Server(zones=zones)
        cls.server.__enter__()
        cls.resolver = Resolver(cls.server)
        cls.resolver.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.resolver.__exit__()
        cls.server.__exit__()

    def test_clients_of_different_places_get_their_regions_however_often_they_ask(self):
        for _ in range(3):
            for client, expected in PLACES.items():
                self.assertEqual(self.resolver.addresses(client), expected, client)

    def test_what_is_cached_for_one_is_not_given_to_another(self):
        name = "berlin.shops.beigel.example"
        self.assertEqual(self.resolver.addresses("198.51.100.0/24", name), ["198.51.100.10"])
        self.assertEqual(self.resolver.addresses("192.0.2.0/24", name),
                         ["192.0.2.10", "192.0.2.11"])
        # Now both are in the cache, and the server is gone: no other server can be answering.
        self.server.process.send_signal(signal.SIGSTOP)
        try:
            self.assertEqual(self.resolver.addresses("198.51.100.0/24", name), ["198.51.100.10"])
            self.assertEqual(self.resolver.addresses("192.0.2.0/24", name),
                             ["192.0.2.10", "192.0.2.11"])
            self.assertEqual(self.resolver.addresses("203.0.113.0/24", name), [])
        finally:
            self.server.process.send_signal(signal.SIGCONT)

    def test_a_scope_shorter_than_the_source_is_shared_within_it(self):
        name = "lima.shops.beigel.example"
        self.assertEqual(self.resolver.addresses("20.70.1.0/24", name), ["203.0.113.10"])
        self.server.process.send_signal(signal.SIGSTOP)
        try:  # another /24 of the same /12
            self.assertEqual(self.resolver.addresses("20.71.9.0/24", name), ["203.0.113.10"])
        finally:
            self.server.process.send_signal(signal.SIGCONT)

    def test_the_parts_of_a_split_network_do_not_leak_into_their_slash_24(self):
        name = "split.shops.beigel.example"
        self.assertEqual(self.resolver.addresses("203.0.113.0/24", name), ["203.0.113.10"])
        self.assertEqual(self.resolver.addresses("203.0.112.0/24", name), ["192.0.2.70"])
        self.assertEqual(self.resolver.addresses("203.0.113.0/24", name), ["203.0.113.10"])

    def test_both_families_come_from_one_region(self):
        for client, expected in [("198.51.100.0/24", "2001:db8:2::10"),
                                 ("203.0.113.0/24", "2001:db8:3::10")]:
            self.assertEqual(self.resolver.addresses(client, NAME, "AAAA"), [expected])

    def test_a_chain_that_stops_before_a_steered_name_goes_on_in_the_resolver(self):
        for _ in range(2):
            for client, expected in PLACES.items():
                found = self.resolver.addresses(client, "shop.beigel.example")
                self.assertEqual(found, sorted(["www.beigel.example.", *expected]), client)

    def test_a_missing_name_is_missing_for_everybody(self):
        for client in PLACES:
            text = self.resolver.dig(f"+subnet={client}", "nowhere.beigel.example")
            self.assertIn("status: NXDOMAIN", text)

    def test_a_policy_without_client_subnets_gives_everybody_the_same(self):
        found = {tuple(self.resolver.addresses(client, "unpersonal.families.example"))
                 for client in PLACES}
        self.assertEqual(found, {("198.51.100.10",)})

    def test_what_exceeds_a_datagram_is_fetched_over_tcp(self):
        self.assertEqual(len(self.resolver.addresses("192.0.2.0/24", "many.beigel.example")), 80)


class FailoverBehindUnbound(unittest.TestCase):
    def test_clients_of_a_resolver_leave_a_dead_region_when_what_is_cached_ends(self):
        zone = ZONE.replace("[records]", '[ttl]\nsteered = "2s"\n[records]')
        with HealthServer(zone=zone) as server, Resolver(server) as resolver:
            server.wait_for_verdicts()
            german = "198.51.100.0/24"
            self.assertEqual(resolver.addresses(german), FRANKFURT)
            for address in FRANKFURT:
                server.back_ends[address].stop()
            server.wait_for(VIRGINIA)
            fallen = time.monotonic()
            wait_until(lambda: resolver.addresses(german) == VIRGINIA, 10, "the resolver's change")
            self.assertLess(time.monotonic() - fallen, 4, "a TTL of 2 s, and a busy machine")
            for address in FRANKFURT:
                server.back_ends[address].start()
            server.wait_for(FRANKFURT)
            wait_until(lambda: resolver.addresses(german) == FRANKFURT, 10, "the resolver's return")


if __name__ == "__main__":
    unittest.main()
