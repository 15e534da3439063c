"""Edits what the built server serves, in each way that editors and tools have, and says nothing.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import signal
import time
import unittest

from meridian_process import SCENARIOS, WORLDS, Server, wait_until

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
FAMILIES = SCENARIOS / "zones" / "families.toml"
GERMANY = "198.51.100.0/24"
ZONE = """zone = "{name}"
nameservers = ["ns1.example.net.", "ns2.example.net."]
{extra}
[records]
www.a = "{address}"
"""


def zone_text(name, address, extra=""):
    return ZONE.format(name=name, address=address, extra=extra)


def put(path, text):
    """A new file in the place of the old one."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


class Watched(unittest.TestCase):
    def setUp(self):
        self.server = Server(zones=[], watch=True)
        self.addCleanup(self.server.__exit__)
        self.zones = self.server.zone_folder
        self.zone = self.zones / "one.toml"
        self.zone.write_text(zone_text("one.example", "192.0.2.1"), encoding="utf-8")

    def start(self):
        self.server.start()
        self.assert_lives("192.0.2.1")

    def assert_lives(self, address, name="www.one.example"):
        wait_until(lambda: self.server.addresses(name, None) == [address], 20,
                   f"{name} at {address}:\n{self.server.log()}")

    def wait_for_one_reload(self):
        wait_until(self.reloads, 20, "the line of the reload")
        self.assertEqual(len(self.reloads()), 1, self.server.log())

    def reloads(self):
        return [line for line in self.server.log().splitlines() if " reload" in line]


class ZoneFile(Watched):
    def test_is_renamed_over(self):
        self.start()
        put(self.zone, zone_text("one.example", "192.0.2.2"))
        self.assert_lives("192.0.2.2")
        self.wait_for_one_reload()
        self.assertIn("cause=change", self.reloads()[0])

    def test_is_written_in_place_and_in_pieces(self):
        self.start()
        text = zone_text("one.example", "192.0.2.2")
        with open(self.zone, "w", encoding="utf-8") as file:
            for letter in range(0, len(text), 16):
                file.write(text[letter:letter + 16])
                file.flush()
                time.sleep(0.02)
        self.assert_lives("192.0.2.2")
        self.assertNotIn(" error", self.server.log())
        self.wait_for_one_reload()

    def test_is_written_in_place_with_pauses_after_which_it_is_sound(self):
        master = self.zones / "two.example.zone"
        head = ("$TTL 60\n@ SOA ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 60\n"
                "@ NS ns1.example.net.\n@ NS ns2.example.net.\n")
        master.write_text(f"{head}www A 192.0.2.7\n", encoding="utf-8")
        self.start()
        self.assert_lives("192.0.2.7", "www.two.example")
        with open(master, "w", encoding="utf-8") as file:
            for piece in (head, "www A 192.0.2.1", "00", "\n"):
                file.write(piece)
                file.flush()
                time.sleep(0.6)  # several times what a change takes to settle
                self.assertEqual(self.server.addresses("www.two.example", None), ["192.0.2.7"])
        self.assert_lives("192.0.2.100", "www.two.example")
        self.assertNotIn(" error", self.server.log())
        self.wait_for_one_reload()

    def test_has_a_last_line_without_its_end(self):
        self.start()
        put(self.zone, zone_text("one.example", "192.0.2.2").rstrip("\n"))
        wait_until(lambda: "one.toml:5:20: the last line has no end" in self.server.log(), 20,
                   self.server.log())
        self.assert_lives("192.0.2.2")

    def test_comes_and_goes(self):
        self.start()
        for number in range(2, 6):  # one of several may go without a word
            (self.zones / f"z{number}.toml").write_text(
                zone_text(f"z{number}.example", f"192.0.2.{number}"), encoding="utf-8")
        self.assert_lives("192.0.2.5", "www.z5.example")
        (self.zones / "z5.toml").unlink()
        wait_until(lambda: "REFUSED" in self.server.dig("www.z5.example"), 20)
        (self.zones / "z4.toml").rename(self.zones / "z4.toml.bak")
        wait_until(lambda: "REFUSED" in self.server.dig("www.z4.example"), 20)

    def test_is_a_link_that_is_made_to_lead_elsewhere(self):
        self.zone.unlink()
        for number in (1, 2):
            (self.server.folder / f"{number}.toml").write_text(
                zone_text("one.example", f"192.0.2.{number}"), encoding="utf-8")
        self.zone.symlink_to("../1.toml")
        self.start()
        link = self.zones / ".link"
        link.symlink_to("../2.toml")
        os.replace(link, self.zone)
        self.assert_lives("192.0.2.2")
        # And what it leads to is written in place.
        (self.server.folder / "2.toml").write_text(zone_text("one.example", "192.0.2.3"),
                                                   encoding="utf-8")
        self.assert_lives("192.0.2.3")

    def test_lies_in_a_volume_of_kubernetes(self):
        self.zone.unlink()
        for number in (1, 2):
            version = self.zones / f"..version{number}"
            version.mkdir()
            (version / "one.toml").write_text(zone_text("one.example", f"192.0.2.{number}"),
                                              encoding="utf-8")
        (self.zones / "..data").symlink_to("..version1")
        self.zone.symlink_to("..data/one.toml")
        self.start()
        (self.zones / "..data_tmp").symlink_to("..version2")
        os.replace(self.zones / "..data_tmp", self.zones / "..data")
        shutil.rmtree(self.zones / "..version1")
        self.assert_lives("192.0.2.2")

    def test_many_at_once_are_one_change(self):
        self.start()
        for number in range(2, 42):
            put(self.zones / f"z{number}.toml",
                zone_text(f"z{number}.example", f"192.0.2.{number}"))
        self.assert_lives("192.0.2.41", "www.z41.example")
        self.assert_lives("192.0.2.2", "www.z2.example")
        self.wait_for_one_reload()

    def test_with_an_error_is_told_once_and_mended(self):
        self.start()
        put(self.zone, zone_text("one.example", "192.0.2.300"))
        wait_until(lambda: "one.toml:5:10: " in self.server.log(), 20)
        time.sleep(0.5)
        self.assertEqual(self.server.log().count("one.toml:5:10: "), 1)
        self.assert_lives("192.0.2.1")
        put(self.zone, zone_text("one.example", "192.0.2.2"))
        self.assert_lives("192.0.2.2")

    def test_editors_leave_files_beside_it(self):
        self.start()
        for name in (".one.toml.swp", "4913", "one.toml~", "#one.toml#", "one.toml.bak", ".#one.toml"):
            path = self.zones / name
            path.write_text("zone = ", encoding="utf-8")
            path.unlink()
        time.sleep(0.5)
        self.assertEqual(self.reloads(), [])


class Named(Watched):
    def test_libraries_in_folders(self):
        self.zone.write_text(zone_text("one.example", "192.0.2.1", 'use = "world/all.toml"'),
                             encoding="utf-8")
        (self.zones / "world").mkdir()
        library = self.zones / "world" / "all.toml"
        library.write_text('[ttl]\nstatic = 77\n', encoding="utf-8")
        self.start()
        put(library, "[ttl]\nstatic = 78\n")
        wait_until(lambda: "\t78\t" in self.server.dig("+noall", "+answer", "www.one.example"), 20)
        # A zone that is broken by its library is mended by it.
        put(library, "[ttl]\nstatic = \n")
        wait_until(lambda: "all.toml:2:10: " in self.server.log(), 20)
        put(library, "[ttl]\nstatic = 79\n")
        wait_until(lambda: "\t79\t" in self.server.dig("+noall", "+answer", "www.one.example"), 20)

    def test_master_files_and_what_they_include(self):
        self.zone.write_text('zone = "one.example"\nnameservers = ["ns1.example.net.", '
                             '"ns2.example.net."]\nrecords_from = "parts/one.zone"\n',
                             encoding="utf-8")
        (self.zones / "parts").mkdir()
        (self.zones / "parts" / "one.zone").write_text("$INCLUDE more\n", encoding="utf-8")
        more = self.zones / "parts" / "more"
        more.write_text("www A 192.0.2.1\n", encoding="utf-8")
        self.start()
        put(more, "www A 192.0.2.2\n")
        self.assert_lives("192.0.2.2")
        # The whole folder.
        shutil.copytree(self.zones / "parts", self.zones / "parts2")
        (self.zones / "parts2" / "more").write_text("www A 192.0.2.3\n", encoding="utf-8")
        (self.zones / "parts").rename(self.zones / "parts1")
        (self.zones / "parts2").rename(self.zones / "parts")
        self.assert_lives("192.0.2.3")


class Directory(Watched):
    def test_is_replaced(self):
        self.start()
        new = self.server.folder / "new"
        shutil.copytree(self.zones, new)
        put(new / "one.toml", zone_text("one.example", "192.0.2.2"))
        self.zones.rename(self.server.folder / "old")
        new.rename(self.zones)
        self.assert_lives("192.0.2.2")
        put(self.zone, zone_text("one.example", "192.0.2.3"))
        self.assert_lives("192.0.2.3")

    def test_is_a_link_that_is_made_to_lead_elsewhere(self):
        for number in (1, 2):
            release = self.server.folder / f"release{number}"
            release.mkdir()
            (release / "one.toml").write_text(zone_text("one.example", f"192.0.2.{number}"),
                                              encoding="utf-8")
        shutil.rmtree(self.zones)
        self.zones.symlink_to("release1")
        self.start()
        link = self.server.folder / "link"
        link.symlink_to("release2")
        os.replace(link, self.zones)
        self.assert_lives("192.0.2.2")
        put(self.server.folder / "release2" / "one.toml", zone_text("one.example", "192.0.2.3"))
        self.assert_lives("192.0.2.3")

    def test_that_is_gone_for_a_while_takes_nothing_along(self):
        self.start()
        self.zones.rename(self.server.folder / "away")
        wait_until(lambda: "cannot read the zones directory" in self.server.log(), 20)
        self.assert_lives("192.0.2.1")
        self.server.folder.joinpath("away").rename(self.zones)
        put(self.zone, zone_text("one.example", "192.0.2.2"))
        self.assert_lives("192.0.2.2")


class Database(Watched):
    def test_is_replaced(self):
        shutil.copy(BEIGEL, self.zones)
        self.start()
        self.assertEqual(self.server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])
        beside = self.server.folder / "next.mmdb"
        shutil.copy(WORLDS / "moved.mmdb", beside)
        os.replace(beside, self.server.database)
        wait_until(lambda: self.server.addresses("www.beigel.example", GERMANY) != ["198.51.100.10"],
                   20, self.server.log())
        wait_until(lambda: "database=changed" in self.server.log(), 20)


class Settings(Watched):
    def change(self, old, new):
        text = self.server.config.read_text(encoding="utf-8")
        self.assertIn(old, text)
        put(self.server.config, text.replace(old, new))

    def test_of_which_some_hold_at_once(self):
        self.start()
        shutil.copytree(self.zones, self.server.folder / "others")
        put(self.server.folder / "others" / "one.toml", zone_text("one.example", "192.0.2.2"))
        self.change('zones = "zones"', 'zones = "others"')
        self.assert_lives("192.0.2.2")
        put(self.server.folder / "others" / "one.toml", zone_text("one.example", "192.0.2.3"))
        self.assert_lives("192.0.2.3")

    def test_of_which_some_wait_for_a_start(self):
        self.start()
        self.change("workers = 2", "workers = 3")
        wait_until(lambda: "server.workers: has changed; the change takes effect at the next start"
                   in self.server.log(), 20)
        self.change("workers = 3", "worker = 3")
        wait_until(lambda: 'server.worker: unknown key "worker"' in self.server.log(), 20)
        put(self.zone, zone_text("one.example", "192.0.2.2"))
        self.assert_lives("192.0.2.2")

    def test_the_level_of_the_log(self):
        self.start()
        put(self.server.config, self.server.config.read_text(encoding="utf-8") +
            '\n[log]\nlevel = "error"\n')
        time.sleep(0.5)
        before = self.server.log()
        put(self.zone, zone_text("one.example", "192.0.2.2"))
        self.assert_lives("192.0.2.2")
        self.assertEqual(self.server.log(), before)

    def test_watching_ends_while_files_are_written(self):
        self.start()
        for number in range(2, 8):
            for old, new in (("true", "false"), ("false", "true")):
                for each in range(50):
                    self.zone.write_text(zone_text("one.example", f"192.0.2.{number}"), encoding="utf-8")
                    if each == 25:
                        self.change(f"watch = {old}", f"watch = {new}")
                        self.server.process.send_signal(signal.SIGHUP)
            self.assert_lives(f"192.0.2.{number}")

    def test_nothing_is_watched_where_that_is_not_wanted(self):
        self.change("watch = true", "watch = false")
        self.start()
        put(self.zone, zone_text("one.example", "192.0.2.2"))
        time.sleep(0.7)
        self.assert_lives("192.0.2.1")
        self.change("watch = false", "watch = true")
        self.server.reload()
        self.assert_lives("192.0.2.2")
        put(self.zone, zone_text("one.example", "192.0.2.3"))
        self.assert_lives("192.0.2.3")


if __name__ == "__main__":
    unittest.main()
