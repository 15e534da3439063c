"""Has other addresses checked than those that are answered, changes checks, takes routes away.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import shutil
import subprocess
import sys
import unittest

from checks_test import with_check, with_settings
from health_test import FRANKFURT, GERMAN, SHORT, VIRGINIA, ZONE, HealthServer
from meridian_process import wait_until

PROBED = """
zone        = "beigel.example"
nameservers = ["ns1"]

[regions.frankfurt]
at        = "FRA"
addresses = ["192.0.2.1", "2001:db8::1"]

[regions.virginia]
at        = "IAD"
addresses = ["192.0.2.2", "2001:db8::2"]

[services.db]
health.tcp      = {port}
probe.frankfurt = "localhost"
probe.virginia  = "127.0.2.9"

[services.api]
addresses.frankfurt = ["192.0.2.11", "2001:db8::11"]
addresses.virginia  = ["192.0.2.12", "2001:db8::12"]
probe.frankfurt     = "127.0.1.5"
probe.virginia      = "127.0.2.5"

[services.app]
depends             = "db"
addresses.frankfurt = "192.0.2.21"
addresses.virginia  = "192.0.2.22"
probe.frankfurt     = "127.0.1.5"
probe.virginia      = "127.0.2.5"

[services.assets]
cname.frankfurt = "eu.cdn.example."
cname.virginia  = "us.cdn.example."
probe.frankfurt = ["127.0.1.6", "127.0.1.7"]

[records]
api.steer    = "api"
app.steer    = "app"
static.steer = "assets"
ns1.a        = "192.0.2.53"
"""
BACK_ENDS = ("127.0.0.1", "127.0.2.9", "127.0.1.5", "127.0.2.5", "127.0.1.6", "127.0.1.7")


class ProbedServer(HealthServer):
    def __init__(self, zone=PROBED):
        super().__init__(zone=zone, addresses=BACK_ENDS)
        self.text = self.text.replace("{port}", str(self.check_port))
        self.zone_file.write_text(self.text, encoding="utf-8")

    def now(self, name, record_type="A"):
        return self.addresses(f"{name}.beigel.example", GERMAN, record_type)

    def wait_for_answer(self, name, answer, record_type="A"):
        wait_until(lambda: self.now(name, record_type) == [answer], 15,
                   f"{name} {answer} (now {self.now(name, record_type)}; {self.ask('status').stdout})")

    def region(self, service, region):
        return next(each for each in self.status()["health"]["regions"]
                    if (each["service"], each["region"]) == (service, region))


class Probes(unittest.TestCase):
    def test_what_is_checked_instead_decides_for_both_families(self):
        with ProbedServer() as server:
            server.wait_for_verdicts()
            self.assertEqual(server.now("api", "AAAA"), ["2001:db8::11"])
            server.set(503, "127.0.1.5")
            server.wait_for_answer("api", "192.0.2.12")
            server.wait_for_answer("api", "2001:db8::12", "AAAA")
            why = server.ask("why", "api.beigel.example", "--client", GERMAN, "--server").stdout
            self.assertIn("is down (checked at 127.0.1.5)", why)
            status = server.ask("status")
            self.assertEqual(status.returncode, 1)
            self.assertIn("127.0.1.5 is down", status.stdout)
            self.assertIn("0 of 1 up of 127.0.1.5", status.stdout)
            self.assertTrue(server.region("api", "frankfurt")["probes"])
            journal = server.ask("journal", "--json").stdout
            self.assertIn('"127.0.1.5"', journal)
            server.set(200, "127.0.1.5")
            server.wait_for_answer("api", "192.0.2.11")

    def test_a_service_with_probes_alone_is_depended_on_and_a_host_is_looked_up(self):
        with ProbedServer() as server:
            server.wait_for_verdicts()
            self.assertEqual(server.region("db", "frankfurt")["addresses"][0]["address"], "localhost")
            server.back_ends["127.0.0.1"].stop()
            server.wait_for_answer("app", "192.0.2.22")
            self.assertIn("localhost is down", server.ask("status").stdout)
            server.back_ends["127.0.0.1"].start()
            server.wait_for_answer("app", "192.0.2.21")

    def test_a_service_of_cnames_is_checked_at_its_probes(self):
        with ProbedServer() as server:
            server.wait_for_verdicts()
            self.assertEqual(server.now("static"), ["eu.cdn.example."])
            server.set(503, "127.0.1.6")
            wait_until(lambda: server.states()["127.0.1.6"] == "down", 10, "the first probe")
            self.assertEqual(server.now("static"), ["eu.cdn.example."], "1 of 2 is enough")
            server.set(503, "127.0.1.7")
            server.wait_for_answer("static", "us.cdn.example.")

    def test_a_name_that_nothing_knows_changes_no_state_and_is_a_problem(self):
        with ProbedServer() as server:
            server.wait_for_verdicts()
            text = server.text.replace('"localhost"', '"no.such.host.invalid"')
            server.zone_file.write_text(text, encoding="utf-8")
            wait_until(lambda: "no.such.host.invalid cannot be looked up" in server.ask("status").stdout,
                       60, "the problem")
            self.assertEqual(server.ask("status").returncode, 1)
            self.assertIn(server.now("app"), (["192.0.2.21"], ["192.0.2.22"]))
            self.assertEqual(server.ask("reload").returncode, 0)

    def test_probe_shows_the_address_that_a_host_has(self):
        with ProbedServer() as server:
            result = server.ask("probe", "beigel.example", "--service", "db")
            self.assertRegex(result.stdout, r"frankfurt +localhost \(127\.0\.0\.1\) +passes")
            self.assertEqual(result.returncode, 0, result.stdout)
            text = server.text.replace('"localhost"', '"no.such.host.invalid"')
            server.zone_file.write_text(text, encoding="utf-8")
            result = server.ask("probe", "beigel.example", "--service", "db")
            self.assertRegex(result.stdout, r"frankfurt +no\.such\.host\.invalid +no result: .*cannot be")
            self.assertEqual(result.returncode, 1)
            parts = json.loads(server.ask("probe", "beigel.example", "--json").stdout)
            unknown = next(part for part in parts if part["host"] == "no.such.host.invalid")
            self.assertIsNone(unknown["address"])
            self.assertIsNone(unknown["result"])

    def test_they_count_for_the_bound_of_checks(self):
        server = ProbedServer()
        with_settings(server, "max_probes = 11")  # six of them twice a second
        result = server.ask("check")
        self.assertEqual(result.returncode, 1)
        self.assertIn("the zones ask for 12 health checks a second", result.stderr)


class ChangedChecks(unittest.TestCase):
    def test_a_check_that_fails_wherever_the_one_before_passed_changes_nothing(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            with_check(server, f'tcp = {server.check_port + 1}')
            alarm = "its check was changed, and fails wherever it passed before"
            wait_until(lambda: alarm in server.ask("status").stdout, 15, "the alarm")
            self.assertEqual(server.ask("status").returncode, 1)
            self.assertEqual(server.answer(), FRANKFURT)
            self.assertEqual(set(server.states().values()), {"up"})
            with_check(server, f'tcp = {server.check_port}')
            wait_until(lambda: server.ask("status").returncode == 0, 15, "its end")
            server.back_ends["127.0.1.1"].stop()
            server.back_ends["127.0.1.2"].stop()
            server.wait_for(VIRGINIA)


BOTH = ZONE.replace('["127.0.2.1"]', '["127.0.2.1", "2001:db8::2"]').replace(
    '["127.0.1.1", "127.0.1.2"]', '["127.0.1.1", "127.0.1.2", "2001:db8::1"]')


class Reach(unittest.TestCase):
    def follow(self, server):
        """IPv6, which nothing answers, goes where IPv4 goes."""
        server.wait_for(FRANKFURT)
        self.assertEqual(server.answer(record_type="AAAA"), ["2001:db8::1"])
        server.set(503, *FRANKFURT)
        wait_until(lambda: server.answer(record_type="AAAA") == ["2001:db8::2"], 10, "both to move")
        self.assertEqual(server.answer(), VIRGINIA)
        server.set(200, *FRANKFURT)
        wait_until(lambda: server.answer(record_type="AAAA") == ["2001:db8::1"], 10, "their return")

    def test_a_family_that_the_operator_leaves_out_follows_the_other(self):
        server = HealthServer(zone=BOTH)
        with_settings(server, 'families = ["ipv4"]')
        with server:
            self.follow(server)
            wait_until(lambda: server.ask("status").returncode == 0, 10, "no problem")
            self.assertNotIn("no route", server.ask("status").stdout)

    def test_words_that_are_no_families_are_errors(self):
        for value, text in (('["ipv5"]', '"ipv5" is no family of addresses'),
                            ('["ipv4", "ipv4"]', '"ipv4" is given twice'),
                            ("[]", "the array is empty")):
            server = HealthServer()
            with_settings(server, f"families = {value}")
            result = server.ask("check")
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"health.families: {text}", result.stderr)

    @unittest.skipUnless(os.environ.get("MERIDIAN_NO_ROUTE"), "runs in a namespace without routes")
    def test_a_family_without_a_route_follows_the_other(self):
        with HealthServer(zone=BOTH) as server:
            self.follow(server)
            self.assertIn("this server has no route over IPv6", server.ask("status").stdout)
            subprocess.run(["ip", "-6", "route", "add", "2001:db8::/32", "dev", "lo"], check=True)
            wait_until(lambda: "no route" not in server.ask("status").stdout, 15, "the route")

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("ip") and shutil.which("unshare"),
                         "needs root, unshare and ip")
    def test_in_a_network_without_an_ipv6_route(self):
        here = f"{type(self).__name__}.test_a_family_without_a_route_follows_the_other"
        command = f'ip link set lo up && exec "{sys.executable}" "{os.path.abspath(__file__)}" {here}'
        result = subprocess.run(["unshare", "-n", "sh", "-c", command], capture_output=True, text=True,
                                env={**os.environ, "MERIDIAN_NO_ROUTE": "1"}, check=False, timeout=120)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


if __name__ == "__main__":
    unittest.main()
