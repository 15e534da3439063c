"""Runs the commands of the built program as scripts do: what they print and how they exit.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import pty
import re
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from meridian_process import (BINARY, SCENARIOS, SOURCE, WORLDS, meridian, run, run_unprivileged,
                              without_system_settings)

SAMPLE = SOURCE / "packaging" / "zones" / "beigel.example.toml"
# A terminal turns the text round, or shows nothing in their place.
HIDDEN = "\u202e\u2066\u200b\u200d\u2028\ufeff\u00ad\U000e0041"


class Folder(unittest.TestCase):
    """A directory with a meridian.toml, the small world and the zone of the scenarios."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="meridian-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "zones").mkdir()
        self.zone = self.folder / "zones" / "beigel.toml"
        scenario = (SCENARIOS / "zones" / "beigel.toml").read_text(encoding="utf-8")
        # That alias leads nowhere on purpose, which is warned of.
        self.zone.write_text(re.sub(r"(?m)^lost\.cname .*\n", "", scenario), encoding="utf-8")
        shutil.copy(WORLDS / "small.mmdb", self.folder / "world.mmdb")
        self.config = self.folder / "meridian.toml"
        self.config.write_text('[server]\nzones = "zones"\nstate = "state"\n[geo]\n'
                               'database = "world.mmdb"\n',
                               encoding="utf-8")

    def edit(self, old, new):
        text = self.zone.read_text(encoding="utf-8")
        self.assertIn(old, text)
        self.zone.write_text(text.replace(old, new), encoding="utf-8")


class Check(Folder):
    def test_the_sample_zone_has_no_fault(self):
        result = meridian("check", SAMPLE)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("0 errors, 0 warnings", result.stdout)

    def test_all_that_would_be_served(self):
        result = meridian("check", "-c", self.config)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("1 zone", result.stdout)

    def test_an_error_has_file_line_column_key_and_a_way_out(self):
        self.edit('www.steer        = "nearest"', 'www.steer        = "nearst"')
        result = meridian("check", self.zone)
        line = 1 + self.zone.read_text(encoding="utf-8").split("nearst")[0].count("\n")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr,
                         rf'(?m)^{re.escape(str(self.zone))}:{line}:20: error: .*www.*: .*"nearst"')
        self.assertIn('did you mean "nearest"?', result.stderr)
        self.assertIn("^^^^", result.stderr)
        self.assertIn("1 error,", result.stdout)

    def test_what_was_found_is_one_json_document(self):
        self.edit('www.steer        = "nearest"', 'www.steer        = "nearst"')
        result = meridian("check", "--json", self.zone)
        found = json.loads(result.stdout)
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        self.assertEqual((found["errors"], found["warnings"]), (1, 0))
        self.assertEqual(found["files"], [{"file": str(self.zone), "errors": 1, "warnings": 0}])
        reported = found["diagnostics"][0]
        lines = self.zone.read_text(encoding="utf-8").splitlines()
        self.assertIn("nearst", lines[reported["line"] - 1])
        self.assertIn('did you mean "nearest"?', reported.pop("hint"))
        self.assertEqual(reported, {
            "severity": "error", "code": "unknown-policy", "file": str(self.zone),
            "line": reported["line"], "column": 20, "length": 8, "key": "records.www.steer",
            "message": 'no policy is called "nearst"', "zones": [],
            "source_line": lines[reported["line"] - 1]})

    def test_json_of_all_that_would_be_served(self):
        found = json.loads(meridian("check", "--json", "-c", self.config).stdout)
        self.assertEqual(found, {"files": [{"file": str(self.zone), "errors": 0, "warnings": 0}],
                                 "diagnostics": [], "errors": 0, "warnings": 0})
        self.config.write_text('[server]\nzonse = "zones"\n', encoding="utf-8")
        result = meridian("check", "--json", "-c", self.config)
        reported = json.loads(result.stdout)["diagnostics"][0]
        self.assertEqual((result.returncode, reported["code"], reported["line"]), (1, "unknown-key", 2))
        missing = meridian("check", "--json", self.folder / "nowhere.toml")
        reported = json.loads(missing.stdout)["diagnostics"][0]
        self.assertEqual((missing.returncode, reported["code"], reported["line"]),
                         (1, "unreadable-zone", None))

    def test_json_tells_of_a_database_that_cannot_be_used(self):
        (self.folder / "world.mmdb").write_bytes(b"no database")
        result = meridian("check", "--json", "-c", self.config)
        reported = json.loads(result.stdout)["diagnostics"]
        self.assertEqual(result.returncode, 1)
        self.assertEqual([entry["code"] for entry in reported], ["unusable-database"])

    def test_colours_are_for_terminals_that_want_them(self):
        self.edit('www.steer        = "nearest"', 'www.steer        = "nearst"')
        plain = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        self.assertIn(b"\x1b[1;31merror: ", self.told_on_a_terminal(plain))
        self.assertNotIn(b"\x1b", self.told_on_a_terminal({**plain, "NO_COLOR": "1"}))
        self.assertNotIn("\x1b", meridian("check", self.zone).stderr)

    def told_on_a_terminal(self, environment):
        master, slave = pty.openpty()
        subprocess.run([BINARY, "check", self.zone], stdout=subprocess.DEVNULL, stderr=slave,
                       env=environment, timeout=30, check=False)
        os.close(slave)
        reported = b""
        try:
            while part := os.read(master, 65536):
                reported += part
        except OSError:  # Linux says so at the end of a terminal
            pass
        os.close(master)
        return reported

    def test_an_unknown_key_is_told_the_nearest_one(self):
        self.edit("nameservers =", "nameserver =")
        result = meridian("check", self.zone)
        self.assertEqual(result.returncode, 1)
        self.assertIn("nameservers", result.stderr)

    def test_a_key_of_a_later_version_is_not_ignored(self):
        self.zone.write_text(self.zone.read_text(encoding="utf-8") + '\n[rollouts.tokyo]\n',
                             encoding="utf-8")
        result = meridian("check", self.zone)
        self.assertEqual(result.returncode, 1)
        self.assertIn("not supported yet", result.stderr)

    def test_one_nameserver_is_a_warning(self):
        self.edit('["ns1", "ns2.beigel.example."]', '["ns1"]')
        result = meridian("check", self.zone)
        self.assertEqual(result.returncode, 0)
        self.assertIn("warning", result.stderr)
        self.assertIn("0 errors, 1 warning", result.stdout)

    def test_a_file_that_is_not_there(self):
        result = meridian("check", self.folder / "nowhere.toml")
        self.assertEqual(result.returncode, 1)
        self.assertIn("nowhere.toml", result.stderr)

    def test_the_configuration_is_checked_too(self):
        self.config.write_text('[server]\nlisten = ["127.0.0.1"]\nzons = "zones"\n',
                               encoding="utf-8")
        result = meridian("check", "-c", self.config)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"meridian\.toml:3:1: error: .*zons")
        self.assertIn("zones", result.stderr)

    def test_keys_without_effect_yet_are_accepted_and_told(self):
        text = self.config.read_text(encoding="utf-8")
        self.config.write_text(text + '[control]\nlisten = "127.0.0.1:8053"\n', encoding="utf-8")
        result = meridian("check", "-c", self.config)
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr, r"meridian\.toml:\d+:\d+: warning: .*control")


class Stamp(Folder):
    def stamp(self, *arguments):
        result = meridian("check", "--stamp", *arguments)
        return result.returncode, result.stdout.splitlines()[-1] if result.stdout else "", \
            result.stderr

    def test_a_serial_is_written_where_the_content_has_changed(self):
        self.edit("soa         = { serial = 2026112201 }\n", "")
        before = self.zone.read_text(encoding="utf-8")
        self.zone.chmod(0o640)
        begin = int(time.time())
        code, reported, errors = self.stamp(self.zone)
        self.assertEqual((code, errors), (0, ""))
        text = self.zone.read_text(encoding="utf-8")
        added = [line for line in text.splitlines() if line not in before.splitlines()]
        self.assertEqual(len(added), 1, added)
        found = re.fullmatch(r"soa\.serial\s*= (\d+)  # stamped: 2-[0-9a-f]{16}", added[0])
        self.assertTrue(found, added[0])
        serial = int(found.group(1))
        self.assertTrue(begin <= serial <= time.time(), serial)
        self.assertEqual(reported, f"{self.zone}: stamped with serial {serial}")
        self.assertEqual(self.zone.stat().st_mode & 0o7777, 0o640)
        self.assertEqual(meridian("check", self.zone).returncode, 0)

        written = self.zone.stat()
        self.assertEqual(self.stamp(self.zone),
                         (0, f"{self.zone}: serial {serial} as it was stamped", ""))
        self.edit("[policies.nearest]", "# a remark\n[policies.nearest]")
        os.utime(self.zone, (1, 1))
        self.assertEqual(self.stamp(self.zone)[1], f"{self.zone}: serial {serial} as it was stamped")
        self.edit("# a remark\n", "")
        self.assertEqual(self.zone.read_text(encoding="utf-8"), text)
        self.assertEqual(self.zone.stat().st_uid, written.st_uid)

        self.edit('"192.0.2.25"', '"192.0.2.26"')
        code, reported, _ = self.stamp(self.zone)
        self.assertEqual(code, 0)
        self.assertGreater(int(reported.rsplit(" ", 1)[1]), serial)

    def test_a_serial_by_hand_is_never_lowered(self):
        code, reported, _ = self.stamp(self.zone)
        self.assertEqual((code, reported), (0, f"{self.zone}: stamped with serial 2026112202"))
        self.assertRegex(self.zone.read_text(encoding="utf-8"),
                         r"(?m)^soa         = \{ serial = 2026112202 \}  # stamped: 2-\w{16}$")

    def test_all_zones_of_the_directory(self):
        master = self.folder / "zones" / "plain.example.zone"
        master.write_text("$TTL 1h\n@ SOA ns1.elsewhere. hostmaster 7 2h 15m 2w 1m\n"
                          "@ NS ns1.elsewhere.\n@ NS ns2.elsewhere.\n", encoding="utf-8")
        part = self.folder / "zones" / "part.toml"
        part.write_text('zone = "part.example"\nrecords_from = ["part.records"]\n',
                        encoding="utf-8")
        (self.folder / "zones" / "part.records").write_text(master.read_text(encoding="utf-8"),
                                                            encoding="utf-8")
        kept = [path.read_bytes() for path in (master, part)]
        result = meridian("check", "--stamp", "-c", self.config)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("beigel.toml: stamped with serial", result.stdout)
        self.assertIn("plain.example.zone: left alone", result.stdout)
        self.assertIn("part.toml: left alone, since its SOA record stands in a master file",
                      result.stdout)
        self.assertEqual([path.read_bytes() for path in (master, part)], kept)
        self.assertFalse((self.folder / "state").exists())

    def test_a_list_of_zones_is_one_content(self):
        self.edit('zone        = "beigel.example"', 'zone        = ["beigel.example", "two.example"]')
        self.edit('"ns2.beigel.example."', '"ns2"')
        code, reported, errors = self.stamp(self.zone)
        self.assertEqual((code, errors), (0, ""), reported)
        self.assertIn("as it was stamped", self.stamp(self.zone)[1])
        self.edit('"two.example"', '"three.example"')
        self.assertIn("stamped with serial 2026112203", self.stamp(self.zone)[1])

    def test_nothing_is_written_while_there_are_errors(self):
        other = self.folder / "zones" / "other.toml"
        other.write_text("zone = 7\n", encoding="utf-8")
        before = self.zone.read_bytes()
        for arguments in (["-c", self.config], [self.zone, other]):
            code, _, errors = self.stamp(*arguments)
            self.assertEqual(code, 1)
            self.assertIn("nothing is stamped, because there are errors", errors)
        self.assertEqual(self.zone.read_bytes(), before)

    def test_a_file_that_cannot_be_written_is_told(self):
        self.edit("soa         = { serial = 2026112201 }\n", "")
        self.zone.chmod(0o444)
        before = self.zone.read_bytes()
        result = run_unprivileged(BINARY, "check", "--stamp", self.zone)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertIn(f"{self.zone} is not stamped", result.stderr)
        self.assertEqual(self.zone.read_bytes(), before)


class Geo(Folder):
    def test_info(self):
        result = meridian("geo", "info", "-c", self.config)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("Meridian-Test-City", result.stdout)
        self.assertIn("2026-01-01", result.stdout)

    def test_info_of_the_world_that_ships_names_its_source(self):
        result = run("env", "-C", self.folder / "zones", BINARY, "geo", "info", "--json",
                     "--database", SOURCE / "packaging" / "world" / "dbip-city-lite.world")
        self.assertEqual(result.returncode, 0, result.stderr)
        info = json.loads(result.stdout)
        self.assertIn("DB-IP", info["attribution"])
        self.assertIn("db-ip.com", info["attribution"])
        self.assertTrue(info["has_coordinates"])

    def test_lookup(self):
        result = meridian("geo", "lookup", "198.51.100.9", "2001:db8:6::1", "64:ff9b::c000:201",
                          "--json", "-c", self.config)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        found = json.loads(result.stdout)
        self.assertEqual([each["country"] for each in found], ["DE", "SG", "US"])
        self.assertEqual(found[0]["prefix"], "198.51.100.0/24")
        self.assertEqual(found[2]["looked_up"], "192.0.2.1")

    def test_lookup_of_what_is_unknown(self):
        result = meridian("geo", "lookup", "203.0.113.250", "-c", self.config)
        self.assertEqual(result.returncode, 1)
        self.assertIn("unknown", result.stdout)
        self.assertEqual(meridian("geo", "lookup", "nonsense", "-c", self.config).returncode, 2)

    def test_a_database_that_is_none(self):
        (self.folder / "world.mmdb").write_bytes(b"nothing of the kind" * 100)
        result = meridian("geo", "info", "-c", self.config)
        self.assertEqual(result.returncode, 1)
        self.assertIn("world.mmdb", result.stderr)


class Program(unittest.TestCase):
    def test_version(self):
        result = meridian("--version")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^meridian \d+\.\d+\.\d+\n")
        for library in ("Boost", "ldns", "libmaxminddb", "spdlog", "CLI11"):
            self.assertRegex(result.stdout, rf"{library} \d")

    def test_help_names_every_command(self):
        result = meridian("--help")
        self.assertEqual(result.returncode, 0)
        for command in ("serve", "status", "reload", "check", "why", "geo"):
            self.assertRegex(result.stdout, rf"(?m)^\s+{command}\b")
            self.assertEqual(meridian(command, "--help").returncode, 0)

    def test_help_and_version_are_commands_too(self):
        self.assertEqual(meridian("version").stdout, meridian("--version").stdout)
        self.assertEqual(meridian("help").stdout, meridian("--help").stdout)
        for words in (["serve"], ["why"], ["region"], ["region", "add"], ["geo", "lookup"]):
            result = meridian("help", *words)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(result.stdout, meridian(*words, "--help").stdout)
        for words in (["sreve"], ["region", "ad"], ["serve", "now"]):
            result = meridian("help", *words)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn(f'there is no command "{words[-1]}"', result.stderr)

    def test_a_mistyped_command_is_told_the_nearest_one(self):
        for words, nearest in ((["sreve"], "serve"), (["stauts", "--json"], "status"),
                               (["relod", "-c", "x.toml"], "reload"), (["WHY", "x"], "why"),
                               (["region", "ad", "x"], "add"), (["geo", "lokup", "::1"], "lookup")):
            result = meridian(*words)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn(f'did you mean "{nearest}"? commands: ', result.stderr)
        result = meridian("xyzzy")
        self.assertEqual(result.returncode, 2)
        self.assertNotIn("did you mean", result.stderr)

    def test_no_argument_is_empty(self):
        for words in (["serve", "-c"], ["check", "-c"], ["check"], ["why"], ["why", "x", "--client"],
                      ["why", "x", "--resolver"], ["why", "x", "--client", "::1", "--type"],
                      ["geo", "lookup"], ["geo", "info", "--database"], ["schema", "--settings="],
                      ["region", "list"], ["region", "remove", "x"], ["status", "--socket"],
                      ["status", "-c"], ["reload", "-c"], ["reload", "--timeout"], ["help"]):
            result = meridian(*words, "")
            self.assertEqual((result.returncode, result.stdout), (2, ""), words)
        self.assertIn("--config: expected a value", meridian("serve", "-c", "").stderr)

    def test_arguments_steer_no_terminal(self):
        nasty = "a\x1b[2J\x7f\u009b" + HIDDEN
        for words in ([nasty], ["help", nasty], ["check", nasty], ["check", "-c", nasty],
                      ["why", nasty + ".", "--client", "::1"], ["why", "x", "--client", nasty],
                      ["geo", "lookup", nasty], ["status", "--socket", nasty],
                      ["region", "list", nasty], ["schema", "--" + nasty],
                      ["status", "--socket", "/nowhere", nasty]):
            result = meridian(*words)
            self.assertNotEqual(result.returncode, 0)
            self.assertNotRegex(result.stdout + result.stderr,
                                f"[\x00-\x09\x0b-\x1f\x7f\x80-\x9f{HIDDEN}]", words)

    def test_a_wrong_command_line(self):
        self.assertEqual(meridian().returncode, 2)
        self.assertEqual(meridian("sreve").returncode, 2)
        self.assertEqual(meridian("serve", "-c", "/nowhere/meridian.toml").returncode, 1)

    def test_an_installed_program_finds_what_was_installed_beside_it(self):
        with tempfile.TemporaryDirectory(prefix="meridian-test-") as prefix:
            result = run("cmake", "--install", os.environ["BUILD_FOLDER"], "--prefix", prefix)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            installed = Path(prefix) / "bin" / "meridian"
            why = without_system_settings(installed, "why", "www.beigel.example", "--client",
                                          "198.51.100.0/24", "--json")
            result = subprocess.run(why, cwd=prefix, capture_output=True, text=True, timeout=30,
                                    check=False)
            self.assertIn(result.returncode, (0, 1), result.stderr)
            verdict = json.loads(result.stdout)
            self.assertEqual(verdict["zone"], "beigel.example.")
            self.assertEqual(len(verdict["regions"]), 8)
            info = without_system_settings(installed, "geo", "info", "--json")
            result = subprocess.run(info, cwd=prefix, capture_output=True, text=True, timeout=30,
                                    check=True)
            self.assertTrue(json.loads(result.stdout)["paths"][0].startswith(prefix))


if __name__ == "__main__":
    unittest.main()
