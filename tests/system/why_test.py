"""Has the built program explain answers: those of files, and those of a running server.

SPDX-License-Identifier: Apache-2.0
"""
import json
import shutil
import unittest

from commands_test import Folder
from meridian_process import SOURCE, WORLDS, Server, meridian, run, wait_until


class Why(Folder):
    def why(self, *arguments):
        return meridian("why", *arguments, "-c", self.config)

    def test_all_reasons_for_one_answer(self):
        result = self.why("www.beigel.example", "--client", "198.51.100.0/24", "--json")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        verdict = json.loads(result.stdout)
        self.assertEqual(verdict["zone"], "beigel.example.")
        self.assertEqual(verdict["policy"], "nearest")
        self.assertIn("198.51.100.0/24", verdict["identity"])
        self.assertEqual(verdict["prefix"], "198.51.100.0/24")
        self.assertEqual(verdict["place"]["country"], "DE")
        self.assertEqual(verdict["place"]["continent"], "EU")
        names = [region["name"] for region in verdict["regions"]]
        self.assertEqual(names, ["frankfurt", "virginia", "singapore", "lima"])
        distances = [region["distance_km"] for region in verdict["regions"]]
        self.assertEqual(distances, sorted(distances))
        self.assertLess(distances[0], 20)
        self.assertAlmostEqual(distances[1], 6540, delta=60)  # Frankfurt to Washington
        self.assertEqual([region["chosen"] for region in verdict["regions"]],
                         [True, False, False, False])
        self.assertEqual(len(verdict["answer"]), 1)
        self.assertIn("198.51.100.10", verdict["answer"][0])
        self.assertEqual((verdict["ttl_seconds"], verdict["scope_bits"]), (60, 24))

    def test_a_service_and_the_regions_that_are_not_part_of_it(self):
        text = self.zone.read_text(encoding="utf-8")
        self.zone.write_text(text.replace(
            "[records]\n", '[services.api]\naddresses.virginia = "192.0.2.20"\n'
            'addresses.singapore = "203.0.113.20"\n\n[records]\napi.steer = "api"\n'),
            encoding="utf-8")
        arguments = ("api.beigel.example", "--client", "198.51.100.0/24")
        verdict = json.loads(self.why(*arguments, "--json").stdout)
        self.assertEqual((verdict["service"], verdict["policy"]), ("api", "nearest"))
        self.assertIn("192.0.2.20", verdict["answer"][0])
        text = self.why(*arguments).stdout
        for line in (r"service    api", r"policy     nearest",
                     r"regions    frankfurt +12 km  is not part of the service",
                     r"           virginia +6\d{3} km  chosen"):
            self.assertRegex(text, f"(?m)^{line}$")
        self.assertIsNone(json.loads(self.why("www.beigel.example", "--client", "198.51.100.0/24",
                                              "--json").stdout)["service"])

    def test_hints_of_https_are_explained_as_the_addresses_that_they_are(self):
        text = self.zone.read_text(encoding="utf-8")
        self.zone.write_text(text.replace(
            "[records]\n", '[records]\nweb.steer = "nearest"\nweb.https = "1 . ipv4hint=auto"\n'
            'web.txt = "the same for all"\n'), encoding="utf-8")
        arguments = ("web.beigel.example", "--client", "198.51.100.0/24", "--json", "--type")
        verdict = json.loads(self.why(*arguments, "HTTPS").stdout)
        self.assertIn("ipv4hint=198.51.100.10", verdict["answer"][0])
        chosen = [region["name"] for region in verdict["regions"] if region["chosen"]]
        self.assertEqual(chosen, ["frankfurt"])
        self.assertNotIn("regions", json.loads(self.why(*arguments, "TXT").stdout))

    def test_an_address_stands_for_its_usual_subnet(self):
        verdict = json.loads(self.why("www.beigel.example", "--client", "198.51.100.77",
                                      "--json").stdout)
        self.assertIn("198.51.100.0/24", verdict["identity"])

    def test_a_resolver_without_client_subnet(self):
        verdict = json.loads(self.why("www.beigel.example", "--resolver", "203.0.113.9", "--json",
                                      "--type", "AAAA").stdout)
        self.assertIsNone(verdict["scope_bits"])
        self.assertIn("2001:db8:3::10", verdict["answer"][0])

    def test_a_table_for_people(self):
        result = self.why("www.beigel.example", "--client", "198.51.100.0/24")
        self.assertEqual(result.returncode, 0)
        for word in ("frankfurt", "chosen", "DE", "60 s", "/24", "198.51.100.10"):
            self.assertIn(word, result.stdout)

    def test_ipv4_inside_ipv6_counts_as_ipv4(self):
        for client in ("::ffff:198.51.100.77", "64:ff9b::c633:644d", "2002:c633:644d::1"):
            verdict = json.loads(self.why("www.beigel.example", "--client", client,
                                          "--json").stdout)
            self.assertEqual(verdict["identity"], "client subnet 198.51.100.0/24", client)
            self.assertEqual(verdict["scope"], "198.51.100.0/24")
        verdict = json.loads(self.why("www.beigel.example", "--client", "2001:db8:6::1",
                                      "--json").stdout)
        self.assertIn("2001:db8:6::/56", verdict["identity"])

    def test_the_table_names_what_decided(self):
        text = self.why("www.beigel.example", "--client", "198.51.100.0/24").stdout
        for line in (r"zone       beigel\.example\., serial 2026112201, .*/zones/beigel\.toml",
                     r"asker      a resolver that is where the client is; --resolver names another",
                     r"database   Meridian-Test-City of 2026-01-01, \d+ days old",
                     rf"           {self.folder}/world\.mmdb",
                     r"decided    by distance; virginia, the next, is 6\d{3} km farther",
                     r"scope      198\.51\.100\.0/24"):
            self.assertRegex(text, f"(?m)^{line}$")
        text = self.why("www.beigel.example", "--client", "45.1.2.3", "--resolver",
                        "192.0.2.53").stdout
        self.assertRegex(text, r"(?m)^asker      resolver 192\.0\.2\.53$")
        self.assertRegex(text, r"(?m)^decided    by the default order of policy nearest "
                               r"\(lima, virginia, .*\), since the place is unknown$")

    def test_of_a_country_alone_it_says_so(self):
        (self.folder / "world.txt").write_text("198.51.100.0/24 US\n", encoding="utf-8")
        run("/usr/bin/python3", "-B", SOURCE / "tests" / "support" / "write_mmdb.py",
            self.folder / "world.txt", self.folder / "world.mmdb")
        text = self.why("www.beigel.example", "--client", "198.51.100.1").stdout
        self.assertRegex(text, r"(?m)^place      US, NA; only the country is known, and "
                               r"\d+\.\d+ N \d+\.\d+ W stands for it$")

    def test_an_alias_says_what_to_ask_next(self):
        self.edit('www.steer        = "nearest"', 'www.steer        = "nearest"\n'
                  'likewise.cname = "www"\nabroad.cname = "www.elsewhere.test."')
        text = self.why("likewise.beigel.example", "--client", "198.51.100.1").stdout
        self.assertRegex(text, r"(?m)^next       the answer ends in an alias: the resolver asks for "
                               r"www\.beigel\.example\. next; `meridian why www\.beigel\.example\. "
                               r"--type A` with the same client explains that$")
        text = self.why("abroad.beigel.example", "--client", "198.51.100.1").stdout
        self.assertRegex(text, r"asks for www\.elsewhere\.test\. next, which no zone here holds\n")

    def test_what_differs_from_the_files_comes_first(self):
        with Server(zones=[self.zone]) as server:
            ask = ["why", "www.beigel.example", "--client", "198.51.100.1", "-c", server.config]
            self.assertNotIn("DIFFERS", meridian(*ask).stdout)
            zone = server.zone_folder / "beigel.toml"
            good = zone.read_text(encoding="utf-8")
            wait_until(lambda: (server.folder / "state" / "last-good").exists(), what="last good")
            zone.write_text(good + "rubbish\n", encoding="utf-8")
            for arguments in ([], ["--server"]):
                if arguments:
                    self.assertEqual(meridian("reload", "-c", server.config).returncode, 1)
                result = meridian(*ask, *arguments)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertRegex(result.stdout, r"^DIFFERS    this is how beigel\.example\. was served "
                                                rf"last, not what its file says: {zone}:\d+")
            zone.write_text(good, encoding="utf-8")
            self.assertEqual(json.loads(meridian(*ask, "--json").stdout)["differences"], [])

    def test_the_server_explains_what_it_serves(self):
        with Server(zones=[self.zone]) as server:
            ask = ["why", "www.beigel.example", "--client", "198.51.100.1", "-c", server.config]
            files, served = (json.loads(meridian(*ask, "--json", *more).stdout)
                             for more in ([], ["--server"]))
            for each in (files, served):
                each["database"].pop("age")
                each.pop("now")
            self.assertEqual(served, files)
            for more in (["--server"], ["--socket", server.folder / "state" / "control.sock"]):
                self.assertEqual(meridian(*ask, *more).stdout, meridian(*ask).stdout)

            zone = server.zone_folder / "beigel.toml"
            zone.write_text(zone.read_text(encoding="utf-8").replace("198.51.100.10", "198.51.100.99"),
                            encoding="utf-8")
            self.assertIn("198.51.100.99", meridian(*ask).stdout)
            result = meridian(*ask, "--server")
            self.assertIn("198.51.100.10", result.stdout)
            self.assertRegex(result.stdout, rf"^DIFFERS    {zone} has changed since it was read; "
                                            "`meridian reload` reads it again\n")
            self.assertEqual(meridian("reload", "-c", server.config).returncode, 0)
            self.assertNotIn("DIFFERS", meridian(*ask, "--server").stdout)
            shutil.copy(WORLDS / "moved.mmdb", server.database)
            self.assertIn(f"DIFFERS    {server.database} has changed",
                          meridian(*ask, "--server").stdout)
            server.stop()
            result = meridian(*ask, "--server")
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("is it running", result.stderr)

    def test_exit_codes(self):
        self.assertEqual(self.why("nowhere.beigel.example", "--client", "192.0.2.1").returncode, 1)
        self.assertEqual(self.why("www.other.example", "--client", "192.0.2.1").returncode, 1)
        self.assertEqual(self.why("www.beigel.example").returncode, 2)
        self.assertEqual(self.why("www.beigel.example", "--client", "192.0.2.1/24").returncode, 2)
        self.assertEqual(self.why("www.beigel.example", "--client", "192.0.2.1", "--type", "NO")
                         .returncode, 2)


if __name__ == "__main__":
    unittest.main()
