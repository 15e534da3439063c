"""Takes regions of services down, and watches with dig what else is answered then.

SPDX-License-Identifier: Apache-2.0
"""
import unittest

from health_test import GERMAN, HealthServer
from meridian_process import wait_until

ZONE = """
zone        = "beigel.example"
nameservers = ["ns1"]

[regions.frankfurt]
at        = "FRA"
addresses = ["127.0.1.1"]

[regions.virginia]
at        = "IAD"
addresses = ["127.0.2.1"]

[regions.singapore]
at        = "SIN"
addresses = ["127.0.3.1"]

[policies.three]
min_regions = 2

[services.db]
addresses.frankfurt = "127.0.1.9"
addresses.virginia  = "127.0.2.9"

[services.app]
depends             = "db"
last_resort         = "192.0.2.99"
addresses.frankfurt = "127.0.1.5"
addresses.virginia  = "127.0.2.5"

[services.assets]
cname.frankfurt = "eu.cdn-two.example."
cname.virginia  = "us.cdn-one.example."
last_resort     = "origin.elsewhere.example."

[records]
www.steer    = "three"
app.steer    = "app"
app.https    = "1 . ipv4hint=auto"
static.steer = "assets"
ns1.a        = "192.0.2.53"
"""
ADDRESSES = ("127.0.1.1", "127.0.2.1", "127.0.3.1", "127.0.1.5", "127.0.2.5", "127.0.1.9",
             "127.0.2.9")


class Ladder(unittest.TestCase):
    def setUp(self):
        self.server = HealthServer(zone=ZONE, addresses=ADDRESSES)
        self.enterContext(self.server)
        self.server.wait_for_verdicts()

    def wait_for(self, name, answer, record_type="A"):
        server = self.server
        name += ".beigel.example"

        def now():
            return server.addresses(name, GERMAN, record_type)
        wait_until(lambda: now() == [answer], 10, f"{name} {answer}")

    def why(self, name):
        result = self.server.ask("why", f"{name}.beigel.example", "--client", GERMAN, "--server")
        return result.stdout + result.stderr

    def test_a_service_follows_what_it_depends_on_and_then_answers_its_last_resort(self):
        server = self.server
        self.wait_for("app", "127.0.1.5")
        server.set(503, "127.0.1.9")
        self.wait_for("app", "127.0.2.5")
        self.assertIn("is down, since db is down there", self.why("app"))
        self.assertIn("db is down there", server.ask("status").stdout)
        server.set(503, "127.0.2.9")
        self.wait_for("app", "192.0.2.99")
        self.assertIn("ipv4hint=192.0.2.99", server.dig("+short", "app.beigel.example", "HTTPS"))
        self.assertIn("the last resort answers", self.why("app"))
        status = server.ask("status")
        self.assertEqual(status.returncode, 1)
        self.assertIn("app over IPv4", status.stdout)
        self.assertIn("no region is up; its last resort answers", status.stdout)
        alarms = [(alarm["service"], alarm["alarm"]) for alarm in server.status()["health"]["alarms"]]
        self.assertIn(("app", "last-resort"), alarms)
        server.set(200, "127.0.1.9", "127.0.2.9")
        self.wait_for("app", "127.0.1.5")

    def test_with_one_region_of_three_up_all_count_as_up(self):
        server = self.server
        server.set(503, "127.0.1.1")
        self.wait_for("www", "127.0.2.1")
        server.set(503, "127.0.2.1")
        self.wait_for("www", "127.0.1.1")
        status = server.ask("status").stdout
        self.assertIn("fewer regions are up than min_regions asks for; all count as up", status)
        self.assertIn("counts as up", self.why("www"))
        server.set(503, "127.0.3.1")
        wait_until(lambda: "they answer as if they were" in server.ask("status").stdout, 10, "alarm")

    def test_a_service_of_cnames_is_drained_by_region(self):
        server = self.server
        self.wait_for("static", "eu.cdn-two.example.", "AAAA")
        self.assertEqual(server.ask("drain", "frankfurt/assets").returncode, 0)
        self.wait_for("static", "us.cdn-one.example.", "AAAA")
        self.assertIn("is drained", self.why("static"))
        stranded = server.ask("drain", "virginia/assets")
        self.assertNotEqual(stranded.returncode, 0, "no region would be up")
        self.assertEqual(server.ask("force", "*/assets", "down", "--for", "1h", "--force").returncode, 0)
        self.wait_for("static", "origin.elsewhere.example.")


if __name__ == "__main__":
    unittest.main()
