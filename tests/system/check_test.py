"""Has `meridian check` look at files, directories and whole configurations that are wrong in places.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import shutil
import socket
import tempfile
import unittest
from pathlib import Path

from meridian_process import BINARY, SCENARIOS, WORLDS, Server, free_port, meridian, run

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
ZONE = """zone = "{name}"
nameservers = ["ns1.example.net.", "ns2.example.net."]
{extra}
[records]
www.a = "{address}"
"""
MASTER = """$TTL 1h
@ SOA ns1.example.net. hostmaster 1 2h 15m 2w 1m
@ NS ns1.example.net.
@ NS ns2.example.net.
www A {address}
"""
GOOD, BAD = "192.0.2.1", "192.0.2.300"


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="meridian-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.zones = self.folder / "zones"
        self.zones.mkdir()
        shutil.copy(WORLDS / "small.mmdb", self.folder / "world.mmdb")
        self.config = self.folder / "meridian.toml"
        self.configure()

    def configure(self, server="", rest=""):
        self.config.write_text(f'[server]\nzones = "zones"\nstate = "state"\n{server}\n'
                               f'[geo]\ndatabase = "world.mmdb"\n{rest}\n', encoding="utf-8")

    def write(self, name, text):
        path = self.zones / name
        path.write_text(text, encoding="utf-8")
        return path

    def toml(self, name, address=GOOD, extra=""):
        return self.write(f"{name}.toml", ZONE.format(name=f"{name}.example", address=address,
                                                      extra=extra))

    def master(self, name, address=GOOD):
        return self.write(f"{name}.zone", MASTER.format(address=address))

    def ways(self):
        """All ways to have everything below the zones directory checked."""
        return (["-c", self.config], [self.config], [self.folder], [self.zones],
                sorted(self.zones.iterdir()))

    def check(self, *arguments):
        result = meridian("check", *arguments)
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return result

    def found(self, *arguments):
        result = run(BINARY, "check", "--json", *arguments)
        self.assertEqual(result.stderr, "")
        found = json.loads(result.stdout)
        self.assertEqual(result.returncode, 1 if found["errors"] else 0)
        return found


class Everything(Folder):
    def test_errors_of_all_files_are_told(self):
        wrong = [self.toml("one", BAD), self.toml("two", BAD), self.master("three", BAD),
                 self.master("four", BAD), self.write("a..b.zone", "x"),
                 self.write("broken.toml", "zone = \n")]
        sound = [self.toml("five"), self.master("six")]
        for way in self.ways():
            with self.subTest(way):
                result = self.check(*way)
                for path in wrong:
                    self.assertIn(f"{path}:" if path.name != "a..b.zone" else f"{path}: error:",
                                  result.stderr)
                counts = {entry["file"]: entry["errors"] for entry in self.found(*way)["files"]}
                self.assertEqual({path: counts[str(path)] > 0 for path in wrong + sound},
                                 {**dict.fromkeys(wrong, True), **dict.fromkeys(sound, False)})

    def test_a_zone_that_two_files_describe_is_told_beside_other_errors(self):
        self.toml("one")
        self.master("one.example")
        self.toml("two", BAD)
        for way in self.ways():
            with self.subTest(way):
                result = self.check(*way)
                self.assertIn("is also described by", result.stderr)
                self.assertIn("two.toml:5:", result.stderr)

    def test_an_unusable_database_hides_nothing(self):
        self.toml("one", BAD)
        self.toml("two")
        self.master("two.example")
        (self.folder / "world.mmdb").write_bytes(b"no database")
        result = self.check("-c", self.config)
        for words in ("world.mmdb", "one.toml:5:", "is also described by"):
            self.assertIn(words, result.stderr)

    def test_what_is_told_of_a_database_points_at_its_path_in_the_settings(self):
        self.toml("one")
        for value, column, length in (('"gone.mmdb"', 12, 11), ('["gone.mmdb"]', 13, 11),
                                      ('["world.mmdb", "gone.mmdb"]', 27, 11)):
            with self.subTest(value):
                self.config.write_text(f'[server]\nzones = "{self.zones}"\n\n[geo]\n'
                                       f'database = {value}\n', encoding="utf-8")
                reported = [entry for entry in self.found("-c", self.config)["diagnostics"]
                        if entry["key"] == "geo.database"]
                self.assertEqual([(entry["line"], entry["column"]) for entry in reported],
                                 [(5, column)])
                text = self.check("-c", self.config).stderr
                self.assertIn(f"    5 | database = {value}\n      | " + " " * (column - 1) +
                              "^" * length + "\n", text)

    def test_parts_of_a_zone_with_an_error_are_not_taken_for_zones_and_not_called_clean(self):
        zone = self.write("one.toml", 'zone = "one.example\nrecords_from = ["part.zone"]\n')
        part = self.write("part.zone", f"www A {GOOD}\n")  # no zone by itself
        other = self.master("other.example")
        for way in self.ways():
            with self.subTest(way):
                result = self.check(*way)
                self.assertNotIn(f"{part}:", result.stderr)
                self.assertIn(f"{part}: not looked at, since {zone}", result.stdout)
                files = self.found(*way)["files"]
                self.assertEqual([entry for entry in files if entry["file"] == str(part)],
                                 [{"file": str(part), "checked": False, "because_of": str(zone)}])
                self.assertIn({"file": str(other), "errors": 0, "warnings": 0}, files)
        zone.write_text('zone = "one.example"\nrecords_from = ["part.zone"]\nwrong = 1\n'
                        'nameservers = ["ns1.example.net.", "ns2.example.net."]\n',
                        encoding="utf-8")
        self.assertIn(f"{part}: not looked at", self.check(self.zones).stdout)

    def test_a_server_serves_what_is_new_beside_a_broken_file_that_does_not_name_it(self):
        with Server(zones=[BEIGEL], watch=False) as server:
            (server.zone_folder / "one.toml").write_text(
                ZONE.format(name="one.example", address=GOOD, extra=""), encoding="utf-8")
            server.reload()
            (server.zone_folder / "broken.toml").write_text("zone = \n", encoding="utf-8")
            (server.zone_folder / "new.example.zone").write_text(MASTER.format(address=GOOD),
                                                                 encoding="utf-8")
            server.reload()
            self.assertEqual(server.addresses("www.new.example", None), [GOOD])


class Paths(Folder):
    def test_a_directory(self):
        self.toml("one")
        self.master("two.example")
        shared = self.zones / "shared"
        shared.mkdir()
        (shared / "world.toml").write_text('[ttl]\nstatic = "2h"\n', encoding="utf-8")
        self.toml("three", extra='use = ["shared/world.toml"]')
        result = self.check(self.zones)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, f"{self.zones}: 3 zones: 0 errors, 0 warnings\n")
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertIn("there are no zone files", self.check(empty).stderr)

    def test_settings_of_any_name(self):
        self.toml("one", BAD)
        other = self.config.rename(self.folder / "second.toml")
        result = self.check(other)
        self.assertIn("one.toml:5:", result.stderr)
        self.assertNotIn("unknown key", result.stderr)
        other.write_text('[server]\nzons = "zones"\n', encoding="utf-8")
        self.assertIn("second.toml:2:1: error: server.zons: unknown key", self.check(other).stderr)

    def test_settings_that_are_no_toml(self):
        self.config.write_text("[server\n", encoding="utf-8")
        for way in (["-c", self.config], [self.config], [self.folder]):
            result = self.check(*way)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr, r"meridian\.toml:1:\d+: error")

    def test_a_master_file_of_any_name(self):
        for name in ("db.shop", "shop.example.db", "shop.toml", "other.example.zone"):
            # A name of the zone in full, which another zone would leave out with a warning.
            path = self.write(name, MASTER.format(address=GOOD) + f"mail.shop.example. A {GOOD}\n")
            result = self.check(path, "--zone", "shop.example")
            self.assertEqual((result.returncode, result.stderr), (0, ""), name)
            path.write_text(MASTER.format(address=BAD), encoding="utf-8")
            result = self.check("--zone", "shop.example.", path)
            self.assertIn(f"{path}:5:7: error", result.stderr)
        self.assertEqual(self.found(path, "--zone", "shop.example")["errors"], 1)

    def test_a_master_file_whose_last_line_has_no_end(self):
        text = MASTER.format(address=GOOD).rstrip("\n")
        for path in (self.write("db.shop", text), self.write("shop.example.zone", text)):
            result = self.check(path, "--zone", "shop.example")
            self.assertEqual(result.returncode, 0)
            self.assertIn(f"{path}:5:16: warning: the last line has no end", result.stderr)
        self.write("more", f"mail A {GOOD}")
        path = self.write("db.shop", text + "\n$INCLUDE more\n")
        result = self.check(path, "--zone", "shop.example")
        self.assertIn("more:1:17: warning: the last line has no end", result.stderr)
        self.assertIn("1 warning", result.stdout)

    def test_files_that_are_passed_over(self):
        self.toml("one")
        self.master("db.b.example").rename(self.zones / "db.b.example")
        self.write("README", "zones of example\n")
        for way in self.ways()[:4]:
            result = self.check(*way)
            self.assertEqual(result.returncode, 0)
            self.assertIn('so they are not read: "db.b.example"', result.stderr)
            self.assertIn("called NAME.zone", result.stderr)
            self.assertNotIn("README", result.stderr)
        with Server(zones=[BEIGEL, self.zones / "db.b.example"]) as server:
            self.assertIn('so they are not read: "db.b.example"', server.log())

    def test_a_master_file_that_includes_another(self):
        self.write("more", f"mail A {BAD}\n")
        path = self.write("db.shop", MASTER.format(address=GOOD) + "$INCLUDE more\n")
        self.assertIn("more:1:8: error", self.check(path, "--zone", "shop.example").stderr)

    def test_wrong_uses_of_zone(self):
        path = self.master("shop.example")
        for arguments in (["--zone", "shop.example"], ["--zone", "shop.example", path, path],
                          ["--zone", "shop.example", "--stamp", path]):
            self.assertEqual(meridian("check", *arguments).returncode, 2, arguments)
        self.assertIn("is no domain name", self.check("--zone", "a..b", path).stderr)

    def test_the_root_zone_has_a_file_name_too(self):
        self.write("..zone", MASTER.format(address=GOOD) +
                   "ns1.example.net. A 192.0.2.53\nns2.example.net. A 192.0.2.54\n")
        result = self.check(self.zones)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("1 zone:", result.stdout)

    def test_several_at_once(self):
        one = self.toml("one", BAD)
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "two.toml").write_text(ZONE.format(name="two.example", address=BAD, extra=""),
                                            encoding="utf-8")
        found = self.found(one, elsewhere)
        self.assertEqual(found["errors"], 2)
        self.assertEqual(len(found["files"]), 2)


class Names(Folder):
    """Names of files are whatever octets the file system holds; JSON is UTF-8."""

    def setUp(self):
        super().setUp()
        self.odd = os.fsencode(self.zones) + b"/z\xfcrich.toml"
        with open(self.odd, "w", encoding="utf-8") as file:
            file.write(ZONE.format(name="zurich.example", address=BAD, extra=""))

    def test_in_what_check_finds(self):
        for way in ([self.zones], ["-c", self.config], [os.fsdecode(self.odd)]):
            found = json.loads(run(BINARY, "check", "--json", *way).stdout)
            self.assertTrue(any(entry["file"].endswith("z\ufffdrich.toml") and entry["errors"] == 1
                                for entry in found["files"]), found)

    def test_octets_of_a_master_file(self):
        (self.zones / "one.example.zone").write_bytes(
            MASTER.format(address=BAD).encode() + b"w\xffw A 192.0.2.400 ; \xfe\xfd\n")
        self.assertGreaterEqual(self.found(self.zones)["errors"], 2)

    def test_in_status_and_reload(self):
        with Server(zones=[BEIGEL], watch=False) as server:
            good = os.fsencode(server.zone_folder) + b"/g\xfcd.toml"
            with open(good, "w", encoding="utf-8") as file:
                file.write(ZONE.format(name="good.example", address=GOOD, extra=""))
            shutil.copy(self.odd, os.fsencode(server.zone_folder))
            result = meridian("reload", "--json", "-c", server.config)
            self.assertIn("z\ufffdrich.toml", json.dumps(json.loads(result.stdout),
                                                         ensure_ascii=False))
            result = meridian("status", "--json", "-c", server.config)
            self.assertIn("g\ufffdd.toml", json.dumps(json.loads(result.stdout),
                                                      ensure_ascii=False))


class Start(Folder):
    """What a start would stumble over, found without one."""

    def setUp(self):
        super().setUp()
        self.toml("one")

    def test_all_is_well(self):
        port = free_port()
        self.configure(f'listen = ["127.0.0.1:{port}", "[::1]:{port}"]\nuser = "nobody"',
                       '[log]\nto = "logs/server.log"')
        logs = self.folder / "logs"
        logs.mkdir()
        self.folder.chmod(0o755)  # for that user to read
        if os.geteuid() == 0:
            shutil.chown(logs, "nobody")
        result = self.check("-c", self.config)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(list(logs.iterdir()), [])
        self.assertFalse((self.folder / "state").exists())

    def test_an_address_that_the_machine_does_not_have(self):
        for listen, column in (('"192.0.2.53:5353"', 10), ('["127.0.0.1:0", "192.0.2.53:5353"]', 26),
                               ('["127.0.0.1:0", "[2001:db8::53]:5353"]', 26)):
            self.configure(f"listen = {listen}")
            result = self.check("-c", self.config)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"meridian.toml:4:{column}: error: server.listen: nothing can listen on ",
                          result.stderr)

    def test_a_port_that_another_program_has(self):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(socket.AF_INET, kind) as other:
                other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                other.bind(("127.0.0.1", 0))
                if kind == socket.SOCK_STREAM:
                    other.listen()
                port = other.getsockname()[1]
                self.configure(f'listen = "127.0.0.1:{port}"')
                result = self.check("-c", self.config)
                self.assertEqual(result.returncode, 1, kind)
                self.assertIn(f"another program listens on 127.0.0.1:{port} already", result.stderr)

    def test_the_port_of_the_server_that_runs_with_these_settings_is_its_own(self):
        with Server(zones=[BEIGEL]) as server:
            result = self.check("-c", server.config)
            self.assertNotIn("another program", result.stderr)

    def test_a_user_that_is_not_there(self):
        self.configure('user = "nobody-of-that-name"')
        result = self.check("-c", self.config)
        self.assertEqual(result.returncode, 1)
        self.assertIn("meridian.toml:4:8: error: server.user: there is no user called "
                      "nobody-of-that-name", result.stderr)

    def test_a_log_that_has_no_place(self):
        for to, words in (("nowhere/at/all.log", "there is no directory "),
                          ("zones/", "is a directory"), ("./zones", "is a directory")):
            self.configure(rest=f'[log]\nto = "{to}"')
            result = self.check("-c", self.config)
            self.assertEqual(result.returncode, 1, to)
            self.assertRegex(result.stderr, r"meridian\.toml:8:6: error: log\.to: .*" + words)

    def test_all_of_it_is_told_with_the_errors_of_zones(self):
        self.toml("two", BAD)
        (self.folder / "world.mmdb").unlink()
        self.configure('listen = "192.0.2.53:5353"\nuser = "nobody-of-that-name"',
                       '[log]\nto = "nowhere/a.log"')
        codes = {entry["code"] for entry in self.found("-c", self.config)["diagnostics"]}
        self.assertLessEqual({"no-such-address", "no-such-user", "no-log-directory",
                              "unusable-database"}, codes)
        self.assertIn("two.toml:5:", self.check("-c", self.config).stderr)


if __name__ == "__main__":
    unittest.main()
