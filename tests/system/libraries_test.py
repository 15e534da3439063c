"""Follows zones that share a library through its changes, in the built server and its commands.

SPDX-License-Identifier: Apache-2.0
"""
import json
import re
import shutil
import threading
import time
import unittest

import dns.message
import dns.query

from meridian_process import SCENARIOS, Server, meridian

GERMANY = "198.51.100.0/24"
COUNT = 50


def write_zones(folder):
    for number in range(COUNT):
        (folder / f"z{number:02}.toml").write_text(
            f'zone = "z{number:02}.example"\nuse = ["shared/world.toml"]\n'
            'nameservers = ["ns.elsewhere.example.", "ns2.elsewhere.example."]\n'
            'records.www.steer = "tidy"\n', encoding="utf-8")


def generation(reported):
    return int(re.search(r"generation=(\d+)", reported).group(1))


class FiftyZones(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        write_zones(self.server.zone_folder)
        self.library = self.server.zone_folder / "shared" / "world.toml"
        self.server.start()

    def edit(self, old, new):
        text = self.library.read_text(encoding="utf-8")
        self.assertIn(old, text)
        self.library.write_text(text.replace(old, new), encoding="utf-8")

    def answers(self):
        return {tuple(self.server.addresses(f"www.z{number:02}.example", GERMANY))
                for number in range(COUNT)}

    def test_change_with_their_library_in_one_snapshot(self):
        self.assertEqual(self.answers(), {("198.51.100.10",)})
        self.edit('"198.51.100.10"', '"198.51.100.77"')
        reported = self.server.reload()
        self.assertEqual(generation(reported), 2, reported)
        self.assertEqual(self.answers(), {("198.51.100.77",)})
        self.edit('"198.51.100.77"', '"198.51.100.78"')
        self.assertEqual(generation(self.server.reload()), 3)
        self.assertEqual(self.answers(), {("198.51.100.78",)})

    def test_never_are_seen_apart(self):
        """A client that has seen one zone change sees no other zone as it was."""
        seen, stop = [], threading.Event()

        def ask():
            number = 0
            while not stop.is_set():
                number = (number + 1) % COUNT
                query = dns.message.make_query(f"www.z{number:02}.example", "A")
                reply = dns.query.udp(query, "127.0.0.1", timeout=5, port=self.server.port)
                seen.append(reply.answer[0][0].to_text())

        asker = threading.Thread(target=ask)
        asker.start()
        try:
            self.edit('"198.51.100.10"', '"198.51.100.77"')
            self.server.reload()
            time.sleep(0.2)
        finally:
            stop.set()
            asker.join()
        changes = sum(one != other for one, other in zip(seen, seen[1:]))
        self.assertEqual((seen[0], seen[-1], changes), ("198.51.100.10", "198.51.100.77", 1))

    def test_go_on_when_it_is_broken_which_is_told_once(self):
        self.edit('"198.51.100.10"', '"198.51.100.300"')
        reported = self.server.reload()
        errors = [line for line in reported.splitlines() if "198.51.100.300" in line]
        self.assertEqual(len(errors), 1, reported)
        self.assertRegex(errors[0], r"error: \S*shared/world\.toml:\d+:\d+: "
                                    r"regions\.frankfurt\.addresses: ")
        self.assertIn("concerns the zones z00.example, z01.example and 48 more", errors[0])
        self.assertEqual(self.answers(), {("198.51.100.10",)})
        self.edit('"198.51.100.300"', '"198.51.100.79"')
        self.server.reload()
        self.assertEqual(self.answers(), {("198.51.100.79",)})


class Commands(unittest.TestCase):
    def setUp(self):
        self.server = Server(zones=[SCENARIOS / "zones" / "several.toml"])
        self.addCleanup(self.server.__exit__)
        self.folder = self.server.zone_folder

    def test_check_counts_zones_of_a_list_and_regions_by_where_they_are_defined(self):
        shutil.copy(SCENARIOS / "zones" / "local.toml", self.folder)
        result = meridian("check", "-c", self.server.config)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("4 zones", result.stdout)
        self.assertIn("3 regions", result.stdout)

    def test_check_of_a_zone_and_of_a_library(self):
        for name in ("several.toml", "shared/world.toml"):
            result = meridian("check", self.folder / name)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn("0 errors, 0 warnings", result.stdout)
        library = self.folder / "shared" / "world.toml"
        library.write_text(library.read_text(encoding="utf-8").replace('"FRA"', '"FRX"'),
                           encoding="utf-8")
        alone = meridian("check", library)
        self.assertEqual(alone.returncode, 1)
        self.assertRegex(alone.stderr, r"world\.toml:\d+:\d+: error: regions\.frankfurt\.at: ")
        zone = meridian("check", self.folder / "several.toml")
        self.assertEqual(zone.returncode, 1)
        self.assertIn("concerns the zones several.example, several.test and deep.several.example",
                      zone.stderr)

    def test_regions_of_a_library_are_edited_by_command(self):
        library = self.folder / "shared" / "world.toml"
        result = meridian("region", "add", "lima", "--at", "LIM", "--address", "203.0.113.40",
                          "--address", "2001:db8:9::10", library)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        result = meridian("check", "-c", self.server.config)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("3 regions", result.stdout)

    def test_stamping_leaves_a_library_alone(self):
        result = meridian("check", "--stamp", self.folder / "shared" / "world.toml")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("left alone, since it is no zone", result.stdout)

    def test_why_knows_the_regions_of_a_library(self):
        result = meridian("why", "www.several.test", "--client", GERMANY, "--json", "-c",
                          self.server.config)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        verdict = json.loads(result.stdout)
        self.assertEqual((verdict["zone"], verdict["policy"]), ("several.test.", "tidy"))
        self.assertEqual([region["name"] for region in verdict["regions"]],
                         ["frankfurt", "virginia"])
        self.assertEqual(verdict["ttl_seconds"], 30)


if __name__ == "__main__":
    unittest.main()
