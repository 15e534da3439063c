"""Kills, hangs and slows real back ends, and watches with dig where clients are sent.

SPDX-License-Identifier: Apache-2.0

Regions have addresses of the loopback network, each with a small web server of the test's own.
"""
import json
import socket
import threading
import time
import unittest

from control_process import ControlServer
from meridian_process import free_port, wait_until

GERMAN = "198.51.100.0/24"  # of the small world
SHORT = 'every = "500ms", timeout = "250ms", fall = 2, rise = 2, hold = "1s"'

ZONE = """
zone        = "beigel.example"
nameservers = ["ns1"]

[regions.frankfurt]
at        = "FRA"
addresses = ["127.0.1.1", "127.0.1.2"]

[regions.virginia]
at        = "IAD"
addresses = ["127.0.2.1"]

[policies.nearest]

[records]
www.steer = "nearest"
ns1.a     = "192.0.2.53"
"""


class BackEnd:
    """A web server at one address. What it does is `mode`: a status, or "hang", "reset", "endless"."""

    def __init__(self, address, port):
        self.address = (address, port)
        self.mode = 200
        self.asked = []
        self.listener = None
        self.start()

    def start(self):
        self.listener = socket.create_server(self.address, backlog=64)
        threading.Thread(target=self.serve, args=[self.listener], daemon=True).start()

    def stop(self):
        """As when its process dies: connections are refused."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=[client], daemon=True).start()

    def answer(self, client):
        with client:
            client.settimeout(10)
            try:
                request = client.recv(65536).decode()
                if request:
                    self.asked.append(request)
                self.reply(client)
            except OSError:
                pass

    def reply(self, client):
        mode = self.mode
        if mode == "hang":
            time.sleep(5)
        elif mode == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        elif mode == "endless":
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                client.sendall(b"x" * 65536)
        else:
            client.sendall(f"HTTP/1.1 {mode} X\r\nContent-Length: 2\r\n\r\nok".encode())


class HealthServer(ControlServer):
    """A server whose zone has a check, and the back ends of its regions."""

    def __init__(self, check="", zone=ZONE, addresses=("127.0.1.1", "127.0.1.2", "127.0.2.1")):
        super().__init__(zones=[], watch=True)
        self.check_port = free_port()
        self.back_ends = {address: BackEnd(address, self.check_port) for address in addresses}
        self.zone_file = self.zone_folder / "beigel.example.toml"
        check = check or f'http = "/healthz", host = "www.beigel.example", {SHORT}'
        self.text = f"health = {{ {check}, port = {self.check_port} }}\n" + zone.lstrip()
        self.zone_file.write_text(self.text, encoding="utf-8")

    def __exit__(self, *arguments):
        for back_end in self.back_ends.values():
            try:
                back_end.stop()
            except OSError:
                pass
        super().__exit__(*arguments)

    def answer(self, client=GERMAN, record_type="A"):
        return self.addresses("www.beigel.example", client, record_type)

    def wait_for(self, addresses, seconds=10):
        wait_until(lambda: self.answer() == addresses, seconds,
                   f"the answer {addresses} (now {self.answer()}; {self.ask('status').stdout})")

    def set(self, mode, *addresses):
        for address in addresses:
            self.back_ends[address].mode = mode

    def states(self):
        return {address["address"]: address["state"] for region in self.status()["health"]["regions"]
                for address in region["addresses"]}

    def wait_for_verdicts(self):
        wait_until(lambda: self.states() and "unknown" not in self.states().values(), 10, "verdicts")


FRANKFURT = ["127.0.1.1", "127.0.1.2"]
VIRGINIA = ["127.0.2.1"]


OTHER_ZONE = """
zone        = "other.example"
nameservers = ["ns1"]
[health]
tcp = {port}
every = "500ms"
timeout = "250ms"
fall = 1
[regions.paris]
at        = "CDG"
addresses = ["127.0.3.1"]
[policies.nearest]
[records]
www.steer = "nearest"
ns1.a     = "192.0.2.53"
"""


class StatusOfZones(unittest.TestCase):
    def test_the_status_of_one_zone_has_no_regions_of_others(self):
        with HealthServer() as server:
            other = server.zone_folder / "other.example.toml"
            other.write_text(OTHER_ZONE.format(port=server.check_port), encoding="utf-8")
            wait_until(lambda: "paris" in server.ask("status").stdout, 10, "the other zone")
            server.wait_for_verdicts()
            wait_until(lambda: server.ask("status").returncode == 1, 10, "paris down")
            result = server.ask("status", "beigel.example")
            self.assertEqual(result.returncode, 0, result.stdout)  # what is down is in the other one
            self.assertNotIn("paris", result.stdout)
            health = json.loads(server.ask("status", "beigel.example", "--json").stdout)["health"]
            self.assertEqual({region["region"] for region in health["regions"]}, {"frankfurt", "virginia"})
            self.assertIn("paris", server.ask("status", "other.example").stdout)


class Failover(unittest.TestCase):
    def test_a_region_whose_servers_die_loses_its_clients_and_gets_them_back(self):
        with HealthServer() as server:
            self.assertEqual(server.answer(), FRANKFURT)
            server.wait_for_verdicts()
            for address in FRANKFURT:
                server.back_ends[address].stop()
            server.wait_for(VIRGINIA)
            status = server.ask("status")
            self.assertEqual(status.returncode, 1)
            self.assertRegex(status.stdout, r"PROBLEM    region frankfurt of nearest \(\S+toml\): IPv4 down")
            self.assertIn("127.0.1.1 is down", status.stdout)
            self.assertIn("refused", status.stdout)
            self.assertIn("region is down", server.log())
            for address in FRANKFURT:
                server.back_ends[address].start()
            server.wait_for(FRANKFURT)
            self.assertEqual(server.ask("status").returncode, 0)

    def test_each_kind_of_failure_is_seen_and_named(self):
        for mode, reason in ((503, "503"), (504, "504"), (302, "302"), ("hang", "timed out"),
                             ("reset", "reset")):
            with self.subTest(mode=mode), HealthServer() as server:
                server.wait_for_verdicts()
                server.set(mode, *FRANKFURT)
                server.wait_for(VIRGINIA)
                self.assertIn(reason, server.ask("status").stdout)

    def test_one_dead_address_leaves_the_answer_and_the_region_stays(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.set(503, "127.0.1.2")
            server.wait_for(["127.0.1.1"])
            status = server.ask("status")
            self.assertEqual(status.returncode, 0, "one address of several is no problem")
            self.assertRegex(status.stdout,
                             r"WARNING    region frankfurt of nearest \(\S+toml\): 127.0.1.2 is down")

    def test_while_every_region_is_down_all_answer_as_if_they_were_up(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.set(503, *FRANKFURT, *VIRGINIA)
            wait_until(lambda: set(server.states().values()) == {"down"}, 10, "the end of all")
            self.assertEqual(server.answer(), FRANKFURT)
            why = server.ask("why", "www.beigel.example", "--client", GERMAN, "--server").stdout
            self.assertRegex(why, r"frankfurt .* chosen  is down, as all are, so all count as up")

    def test_a_body_without_end_costs_nothing_and_passes(self):
        with HealthServer() as server:
            server.set("endless", *FRANKFURT)
            server.wait_for_verdicts()
            self.assertEqual(server.states()["127.0.1.1"], "up")
            self.assertEqual(server.answer(), FRANKFURT)

    def test_what_is_asked_is_what_the_zone_says(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            request = server.back_ends["127.0.1.1"].asked[0]
            self.assertRegex(request, r"^GET /healthz HTTP/1\.1\r\n")
            self.assertIn("Host: www.beigel.example", request)
            self.assertIn("meridian-health", request)

    def test_a_connection_is_enough_for_tcp(self):
        server = HealthServer()
        server.text = f"health = {{ tcp = {server.check_port}, {SHORT} }}\n" + ZONE.lstrip()
        server.zone_file.write_text(server.text, encoding="utf-8")
        with server:
            server.wait_for_verdicts()
            self.assertEqual(server.answer(), FRANKFURT)
            server.set("reset", *FRANKFURT)  # it still takes connections
            time.sleep(1.5)
            self.assertEqual(server.answer(), FRANKFURT)
            for address in FRANKFURT:
                server.back_ends[address].stop()
            server.wait_for(VIRGINIA)


class Edits(unittest.TestCase):
    def test_a_mistyped_address_that_is_added_live_gets_no_client(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.zone_file.write_text(server.text.replace('"127.0.1.2"]', '"127.0.1.2", "127.0.1.9"]'),
                                        encoding="utf-8")
            wait_until(lambda: "127.0.1.9" in server.states(), 10, "the new address")
            for _ in range(40):
                self.assertEqual(server.answer(), FRANKFURT)
                time.sleep(0.02)
            self.assertEqual(server.states()["127.0.1.9"], "pending")
            server.back_ends["127.0.1.9"] = BackEnd("127.0.1.9", server.check_port)
            server.wait_for([*FRANKFURT, "127.0.1.9"])

    def test_a_dead_region_stays_dead_across_edits(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.set(503, *FRANKFURT)
            server.wait_for(VIRGINIA)
            for count in range(5):
                generation = server.status()["generation"]
                server.zone_file.write_text(
                    server.text.replace('at        = "IAD"', f'at        = [38.{count}, -77.4]'),
                    encoding="utf-8")
                while server.status()["generation"] == generation:
                    self.assertEqual(server.answer(), VIRGINIA)
                self.assertEqual(server.answer(), VIRGINIA)

    def test_checks_end_with_the_zone_that_asked_for_them(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.zone_file.write_text(ZONE, encoding="utf-8")
            wait_until(lambda: server.status()["health"]["targets"] == 0, 10, "the end of checks")
            time.sleep(0.3)  # for a probe under way
            count = sum(len(back_end.asked) for back_end in server.back_ends.values())
            time.sleep(1.2)
            self.assertEqual(sum(len(back_end.asked) for back_end in server.back_ends.values()), count)


if __name__ == "__main__":
    unittest.main()
