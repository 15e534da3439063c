"""Adds, removes and lists regions of zone files with the built program, while a server runs, too.

SPDX-License-Identifier: Apache-2.0
"""
import json
import shutil
import stat
import tempfile
import unittest
from pathlib import Path

from meridian_process import BINARY, SCENARIOS, SOURCE, Server, meridian, run, run_unprivileged

SAMPLE = SOURCE / "packaging" / "zones" / "beigel.example.toml"
LIMA = ("--at", "-12.05,-77.04", "--address", "192.0.2.40", "--address", "2001:db8:9::10")
LIMA_TEXT = ('\n[regions.lima]\nat        = [-12.05, -77.04]\n'
             'addresses = ["192.0.2.40", "2001:db8:9::10"]\n')


class Sample(unittest.TestCase):
    """The shipped zone, copied."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="meridian-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.zone = self.folder / "beigel.example.toml"
        shutil.copy(SAMPLE, self.zone)
        self.original = self.text()

    def text(self):
        return self.zone.read_bytes().decode()

    def region(self, *arguments, status=0):
        result = meridian("region", *arguments, self.zone)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result

    def state(self):
        """What shows whether a file was written, be it with the same text."""
        status = self.zone.stat()
        return self.text(), status.st_ino, status.st_mtime_ns


class Add(Sample):
    def test_a_region_stands_behind_the_last_one_in_the_style_of_the_file(self):
        result = self.region("add", "lima", *LIMA)
        last = 'addresses = ["203.0.113.30", "2001:db8:8::10"]\n'
        self.assertEqual(self.text(), self.original.replace(last, last + LIMA_TEXT))
        self.assertEqual(result.stderr, "")
        self.assertIn("policies nearest, by-resolver\n", result.stdout)
        self.assertIn("policy bulk names its regions and goes on without lima; `--policy bulk`",
                      result.stdout)
        self.assertEqual(meridian("check", self.zone).returncode, 0)
        self.assertEqual(list(self.folder.iterdir()), [self.zone])

    def test_the_examples_of_the_help_work_on_the_shipped_zone(self):
        text = meridian("region", "--help").stdout
        examples = [line.split() for line in text.splitlines() if line.startswith("  meridian region ")]
        self.assertGreaterEqual(len(examples), 4, text)
        zone = self.folder / "zone.toml"
        for words in examples:
            with self.subTest(words):
                shutil.copy(SAMPLE, zone)
                self.assertEqual(words.pop(words.index("zone.toml")), "zone.toml")
                result = meridian(*words[1:], zone)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_what_is_there_is_not_written_again(self):
        self.region("add", "lima", *LIMA, "--policy", "bulk")
        before = self.state()
        again = self.region("add", "lima", "--address", "2001:DB8:9:0::10", "--address",
                            "192.0.2.40", "--at", "-12.05, -77.04", "--policy", "bulk")
        self.assertIn("nothing is written", again.stdout)
        self.assertEqual(self.state(), before)

    def test_policies_take_it_into_their_lists(self):
        result = self.region("add", "lima", *LIMA, "--policy", "bulk", "--policy", "nearest")
        self.assertIn('regions = ["virginia", "frankfurt", "tokyo", "lima"]\n', self.text())
        self.assertIn("policy nearest has all regions", result.stderr)
        self.region("remove", "lima")
        self.assertEqual(self.text(), self.original)

    def test_a_policy_can_follow_later(self):
        self.region("add", "lima", *LIMA)
        self.region("add", "lima", *LIMA, "--policy", "bulk")
        self.assertIn('"tokyo", "lima"]\n', self.text())

    def test_an_unknown_policy_is_told_the_nearest_one(self):
        result = self.region("add", "lima", *LIMA, "--policy", "bulkk", status=1)
        self.assertIn('has no policy "bulkk"; did you mean "bulk"?', result.stderr)
        self.assertEqual(self.text(), self.original)

    def test_other_data_want_to_be_replaced(self):
        other = ("--at", "HND", "--address", "203.0.113.21", "--address", "2001:db8:7::10")
        refused = self.region("add", "tokyo", *other, status=1)
        self.assertRegex(refused.stderr, r'beigel.example.toml:52:10: error: regions.tokyo: there '
                                         r'is a region of this name, at "NRT" with 203.0.113.20, ')
        self.assertIn("--replace", refused.stderr)
        self.assertEqual(self.text(), self.original)
        self.region("add", "tokyo", *other, "--replace")
        self.assertEqual(self.text(), self.original.replace(
            'at        = "NRT"\naddresses = ["203.0.113.20", "203.0.113.21", "2001:db8:7::10"]',
            'at        = "HND"\naddresses = ["203.0.113.21", "2001:db8:7::10"]'))

    def test_what_would_not_load_is_not_written(self):
        before = self.state()
        result = self.region("add", "lima", "--at", "LIMM", "--address", "192.0.2.400", status=1)
        self.assertRegex(result.stderr, r'toml:61:13: error: regions.lima.at: no place is known as')
        self.assertIn('   61 | at        = "LIMM"\n', result.stderr)
        self.assertRegex(result.stderr, r'toml:62:14: error: regions.lima.addresses: "192.0.2.400"')
        self.assertIn("nothing is written", result.stderr)
        self.assertEqual(self.state(), before)

    def test_a_dry_run_shows_the_difference_and_writes_nothing(self):
        before = self.state()
        result = self.region("add", "lima", *LIMA, "--policy", "bulk", "--dry-run")
        self.assertEqual(self.state(), before)
        patch = self.folder / "patch"
        patch.write_text(result.stdout, encoding="utf-8")
        applied = run("patch", "-p0", self.zone, patch)
        self.assertEqual(applied.returncode, 0, applied.stdout + applied.stderr)
        self.assertIn(LIMA_TEXT, self.text())
        self.assertIn('"tokyo", "lima"]', self.text())
        self.assertEqual(self.region("add", "lima", *LIMA, "--dry-run").stdout, "")

    def test_a_command_line_that_makes_no_sense(self):
        for arguments in (["add", "lima", "--at", "LIM"], ["add", "", *LIMA],
                          ["add", "lima", "--address", "192.0.2.1"], ["grow"]):
            with self.subTest(arguments):
                self.region(*arguments, status=2)
        self.assertEqual(self.text(), self.original)


class Remove(Sample):
    def test_a_region_goes_with_its_names_in_policies(self):
        result = self.region("remove", "frankfurt")
        self.assertIn("removed region frankfurt", result.stdout)
        self.assertNotIn("frankfurt", self.text())
        self.assertIn('default       = ["virginia"]  # the rest follows', self.text())
        self.assertIn('regions = ["virginia", "tokyo"]', self.text())
        self.assertEqual(meridian("check", self.zone).returncode, 0)

    def test_what_is_not_there_is_not_removed_again(self):
        before = self.state()
        for arguments in ([], ["--dry-run"]):
            result = self.region("remove", "tokio", *arguments, status=1)
            self.assertRegex(result.stderr, 'nothing is written: .* has no region "tokio"; '
                                            'did you mean "tokyo"?')
            self.assertEqual(result.stdout, "")
            self.assertEqual(self.state(), before)
        self.region("remove", "tokyo")
        self.region("remove", "tokyo", status=1)  # a second time

    def test_the_last_region_of_a_policy_stays(self):
        for name in ("virginia", "frankfurt"):
            self.region("remove", name)
        before = self.state()
        result = self.region("remove", "tokyo", status=1)
        self.assertIn("error: policies.bulk.regions: the array is empty", result.stderr)
        self.assertIn("nothing is written", result.stderr)
        self.assertEqual(self.state(), before)


class File(Sample):
    def test_one_with_errors_is_left_alone(self):
        self.zone.write_text(self.original.replace('"bulk"', '"bullk"'), encoding="utf-8")
        before = self.state()
        for arguments in (["add", "lima", *LIMA], ["remove", "tokyo"], ["list"]):
            with self.subTest(arguments):
                result = self.region(*arguments, status=1)
                self.assertIn('no policy is called "bullk"', result.stderr)
        self.assertEqual(self.state(), before)

    def test_mode_and_link_stay(self):
        real = self.folder / "real.toml"
        self.zone.rename(real)
        real.chmod(0o640)
        self.zone.symlink_to("real.toml")
        self.region("add", "lima", *LIMA)
        self.assertTrue(self.zone.is_symlink())
        self.assertIn(LIMA_TEXT, real.read_text(encoding="utf-8"))
        self.assertEqual(stat.S_IMODE(real.stat().st_mode), 0o640)

    def test_one_that_is_write_protected_stays(self):
        self.zone.chmod(0o444)
        result = run_unprivileged(BINARY, "region", "add", "lima", *LIMA, self.zone)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertIn("Permission denied", result.stderr)
        self.assertEqual(self.text(), self.original)

    def test_no_file_and_master_files(self):
        missing = meridian("region", "list", self.folder / "none.toml")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("No such file", missing.stderr)
        master = self.folder / "a.example.zone"
        master.write_text("@ IN SOA a b 1 2 3 4 5\n", encoding="utf-8")
        result = meridian("region", "remove", "tokyo", master)
        self.assertEqual(result.returncode, 1)
        self.assertIn("a master file; regions stand in TOML files", result.stderr)

    def test_carriage_returns_stay(self):
        self.zone.write_bytes(self.original.replace("\n", "\r\n").encode())
        self.region("add", "lima", *LIMA)
        self.assertIn(LIMA_TEXT.replace("\n", "\r\n"), self.text())
        self.assertNotIn("\n", self.text().replace("\r\n", ""))
        self.region("remove", "lima")
        self.assertEqual(self.text(), self.original.replace("\n", "\r\n"))


class List(Sample):
    def test_says_where_regions_are_and_who_uses_them(self):
        lines = self.region("list").stdout
        self.assertIn('saopaulo  (line 36)\n    at        [-23.55, -46.63]: 23.55 S 46.63 W, 1 km '
                      'from S\u00e3o Paulo, BR\n    addresses 192.0.2.30 2001:db8:3::10\n'
                      '    policies  nearest by-resolver\n', lines)

    def test_names_steer_no_terminal(self):
        nasty = "a\x1b[2J\u009b\u202e\u200b\U000e0041"
        escaped = r"a\u001b[2J\u009b\u202E\u200B\U000E0041"  # as TOML has them
        shown = r"a\u001b[2J\u009b\u202e\u200b\udb40\udc41"
        region = (f'\n[regions."{escaped}"]\nat = [-12.05,\n -77.04]\naddresses = ["192.0.2.40", "2001:db8:9::10"]\n'
                  f'\n[policies."{escaped}"]\nregions = ["{escaped}"]\n')
        self.zone.write_text(self.original + region)
        missing = self.region("remove", nasty + "x", status=1)
        self.assertIn(f"{shown}x", missing.stderr.replace(r"\u001B", r"\u001b"))
        added = self.region("add", "lima", *LIMA, "--policy", "nearest")
        listed = self.region("list")
        self.assertIn(f"{shown}  (line ", listed.stdout)
        self.assertIn("    at        [-12.05, -77.04]: ", listed.stdout)
        self.assertIn(f"policies  nearest by-resolver {shown}\n", listed.stdout)
        for result in (missing, added, listed):
            self.assertNotRegex(result.stdout + result.stderr,
                                "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\U000e0041]")
        names = [region["name"] for region in json.loads(self.region("list", "--json").stdout)["regions"]]
        self.assertIn(nasty, names)

    def test_says_the_same_as_json(self):
        regions = json.loads(self.region("list", "--json").stdout)["regions"]
        self.assertEqual(len(regions), 8)
        frankfurt = regions[3]
        self.assertEqual(
            (frankfurt["name"], frankfurt["line"], frankfurt["at"], frankfurt["policies"]),
            ("frankfurt", 40, '"FRA"', ["nearest", "by-resolver", "bulk"]))
        self.assertAlmostEqual(frankfurt["latitude"], 50.0, 1)
        self.assertEqual(frankfurt["addresses"],
                         ["198.51.100.10", "198.51.100.11", "2001:db8:4::10"])
        self.assertIn("Frankfurt, DE", frankfurt["nearest_place"])


class Library(unittest.TestCase):
    """A zone that has its regions from a library."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="meridian-test-")
        self.addCleanup(folder.cleanup)
        self.library = Path(folder.name) / "shared" / "world.toml"
        self.zone = Path(folder.name) / "a.toml"
        self.library.parent.mkdir()
        self.library.write_text('[regions.fra]\nat = "FRA"\naddresses = ["192.0.2.1"]\n\n'
                                '[regions.lima]\nat = "LIM"\naddresses = ["192.0.2.2"]\n',
                                encoding="utf-8")
        self.zone.write_text('zone = "a.example"\nuse = ["shared/world.toml"]\n'
                             'nameservers = ["ns.elsewhere.example.", "ns2.elsewhere.example."]\n'
                             'records.www.steer = "nearest"\n', encoding="utf-8")

    def region(self, *arguments):
        before = self.zone.read_text(encoding="utf-8")
        result = meridian("region", *arguments, self.zone)
        changed = self.zone.read_text(encoding="utf-8") != before
        return result.returncode, result.stdout + result.stderr, changed

    def test_a_zone_says_where_its_regions_are_defined(self):
        place = f"{self.library}:5"
        for arguments in (["add", "lima", "--at", "LIM", "--address", "192.0.2.9"],
                          ["remove", "lima"]):
            with self.subTest(arguments):
                status, reported, changed = self.region(*arguments)
                self.assertEqual((status, changed), (1, False), reported)
                self.assertIn(f"from a library, where it stands at {place};", reported)
        status, reported, changed = self.region("add", "lima", "--at", "LIM", "--address", "192.0.2.2")
        self.assertEqual((status, changed), (0, False), reported)
        self.assertIn(f"{place}: region lima is there already", reported)

    def test_a_zone_may_have_a_region_of_its_own_instead(self):
        status, reported, changed = self.region("add", "lima", "--at", "LIM", "--address", "192.0.2.9",
                                            "--replace")
        self.assertEqual((status, changed), (0, True), reported)
        self.assertIn('[regions.lima]', self.zone.read_text(encoding="utf-8"))

    def test_the_list_names_the_library(self):
        status, reported, _ = self.region("list")
        self.assertEqual(status, 0, reported)
        self.assertIn(f"lima  ({self.library}, line 5)\n    at        12.", reported)
        listed = json.loads(self.region("list", "--json")[1])["regions"]
        self.assertEqual([(each["name"], each["file"]) for each in listed],
                         [("fra", str(self.library)), ("lima", str(self.library))])

    def test_a_library_is_edited_itself(self):
        before = self.library.read_text(encoding="utf-8")
        added = meridian("region", "add", "tokyo", "--at", "NRT", "--address", "192.0.2.3",
                         self.library)
        self.assertEqual(added.returncode, 0, added.stderr)
        self.assertIn("is a library; `meridian check`", added.stdout)
        self.assertEqual(self.library.read_text(encoding="utf-8"),
                         before + '\n[regions.tokyo]\nat = "NRT"\naddresses = ["192.0.2.3"]\n')
        self.assertIn("tokyo", self.region("list")[1])
        self.assertEqual(meridian("region", "remove", "tokyo", self.library).returncode, 0)
        self.assertEqual(self.library.read_text(encoding="utf-8"), before)

    def test_a_region_that_a_service_of_a_library_names_stays(self):
        text = (self.library.read_text(encoding="utf-8") +
                '\n[services.api]\naddresses.lima = "192.0.2.9"\n')
        self.library.write_text(text, encoding="utf-8")
        removed = meridian("region", "remove", "lima", self.library)
        self.assertEqual(removed.returncode, 1)
        self.assertIn("region lima is named by service api", removed.stderr)
        self.assertEqual(self.library.read_text(encoding="utf-8"), text)


class Running(unittest.TestCase):
    def test_a_new_region_serves_those_near_it_after_a_reload(self):
        with Server(zones=[SCENARIOS / "zones" / "beigel.toml"]) as server:
            zone = server.zone_folder / "beigel.toml"
            client = "198.51.100.0/24"  # in Germany
            self.assertEqual(server.addresses("www.beigel.example", client), ["198.51.100.10"])
            added = meridian("region", "add", "berlin", "--at", "52.52,13.4", "--address",
                             "203.0.113.99", "--address", "2001:db8:9::99", zone)
            self.assertEqual(added.returncode, 0, added.stderr)
            self.assertEqual(meridian("region", "remove", "frankfurt", zone).returncode, 0)
            server.reload()
            self.assertEqual(server.addresses("www.beigel.example", client), ["203.0.113.99"])
            self.assertEqual(server.addresses("www.beigel.example", client, "AAAA"),
                             ["2001:db8:9::99"])


if __name__ == "__main__":
    unittest.main()
