"""Serves the zones that Debian's BIND comes with, from the files as they lie there.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import unittest
from pathlib import Path

from meridian_process import SCENARIOS, Server, meridian

# From the package bind9; MERIDIAN_BIND_FOLDER where it was only unpacked.
BIND = Path(os.environ.get("MERIDIAN_BIND_FOLDER", "/etc/bind"))
# As /etc/bind/named.conf.default-zones and zones.rfc1918 name them.
ZONES = {
    "localhost": "db.local",
    "127.in-addr.arpa": "db.127",
    "0.in-addr.arpa": "db.0",
    "255.in-addr.arpa": "db.255",
    "10.in-addr.arpa": "db.empty",
}


class BindFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(zones=[SCENARIOS / "zones" / "beigel.toml"])
        for zone, file in ZONES.items():
            shutil.copy(BIND / file, cls.server.zone_folder / f"{zone}.zone")
        cls.server.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_each_of_them_is_here(self):
        self.assertEqual(sorted(path.name for path in BIND.glob("db.*")),
                         sorted(set(ZONES.values())), "a file of the package has no test")

    def test_check_finds_no_error(self):
        for zone in ZONES:
            with self.subTest(zone=zone):
                result = meridian("check", self.server.zone_folder / f"{zone}.zone")
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
                self.assertIn(": 0 errors", result.stdout + result.stderr)

    def test_they_are_served(self):
        self.assertEqual(self.server.dig("+short", "localhost", "A"), "127.0.0.1\n")
        self.assertEqual(self.server.dig("+short", "localhost", "AAAA"), "::1\n")
        self.assertEqual(self.server.dig("+short", "1.0.0.127.in-addr.arpa", "PTR"), "localhost.\n")
        for zone in ZONES:
            with self.subTest(zone=zone):
                self.assertEqual(self.server.dig("+short", zone, "NS"), "localhost.\n")
                self.assertRegex(self.server.dig("+short", zone, "SOA"),
                                 r"^localhost\. root\.localhost\. [12] 604800 86400 2419200 \d+\n$")
                self.assertIn("status: NXDOMAIN", self.server.dig(f"no.such.name.{zone}"))


if __name__ == "__main__":
    unittest.main()
