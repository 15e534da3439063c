"""Has a running server reload over its control socket, and reads what it says of that.

SPDX-License-Identifier: Apache-2.0
"""
import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from control_process import BEIGEL, CHILD, ControlServer, FakeServer
from meridian_process import BINARY, WORLDS, meridian, run


class Reload(unittest.TestCase):
    def test_what_is_new_goes_live(self):
        with ControlServer() as server:
            result = server.ask("reload")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertRegex(result.stdout, r"^nothing has changed: generation 1, in \d+ ms, "
                                            r"0 errors, 0 warnings\n$")
            server.edit('"192.0.2.25"', '"192.0.2.26"')
            result = server.ask("reload", "--json")
            self.assertEqual(result.returncode, 0)
            outcome = json.loads(result.stdout)
            self.assertEqual((outcome["result"], outcome["generation"]), ("reloaded", 2))
            status = server.status()
            self.assertEqual(status["generation"], 2)
            self.assertEqual(status["last_reload"]["result"], "reloaded")
            serial = status["zones"][0]["serial"]
            self.assertEqual(outcome["changed"], [{"name": "beigel.example.", "serial": serial,
                                                   "previous_serial": serial}])
            self.assertEqual((outcome["added"], outcome["removed"], outcome["database"]),
                             ([], [], None))
            self.assertEqual({key: status["last_change"][key] for key in
                              ("generation", "added", "changed", "removed", "database")},
                             {**{key: outcome[key] for key in
                                 ("added", "changed", "removed", "database")}, "generation": 2})
            self.assertRegex(server.ask("status").stdout, r"reload     \d+ s ago: reloaded, in \d+ ms")

    def test_zones_that_come_and_go_are_named(self):
        with ControlServer(zones=[BEIGEL, CHILD]) as server:
            names = [zone["name"] for zone in server.status()["zones"]]
            (server.zone_folder / "new.example.zone").write_text(
                "$TTL 1h\n@ SOA ns.elsewhere. h.elsewhere. 41 2h 15m 2w 1m\n"
                "@ NS ns.elsewhere.\n@ NS ns2.elsewhere.\n", encoding="utf-8")
            text = server.ask("reload").stdout
            self.assertIn("\nadded new.example. (serial 41)\n", text)
            zone = server.zone_folder / "new.example.zone"
            zone.write_text(zone.read_text(encoding="utf-8").replace(" 41 ", " 42 "),
                            encoding="utf-8")
            text = server.ask("reload").stdout
            self.assertIn("\nchanged new.example. (serial 42, was 41)\n", text)
            self.assertRegex(server.ask("status").stdout,
                             r"change     \d+ s ago, generation 3\n"
                             r"           changed new.example. \(serial 42, was 41\)\n")
            zone.unlink()
            outcome = json.loads(server.ask("reload", "--json").stdout)
            self.assertEqual(outcome["removed"], [{"name": "new.example.", "serial": 42}])
            self.assertEqual((outcome["added"], outcome["changed"]), ([], []))
            self.assertEqual([zone["name"] for zone in server.status()["zones"]], names)
            self.assertEqual(server.status()["last_change"]["removed"], outcome["removed"])

    def test_another_database_is_named(self):
        with ControlServer() as server:
            shutil.copy(WORLDS / "moved.mmdb", server.database)
            result = server.ask("reload")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertRegex(result.stdout, r"\ngeo database Meridian-Test-City of [\d-]+, was "
                                            r"Meridian-Test-City of 2026-01-01\n")

    def test_what_needs_a_restart_is_named_until_then(self):
        with ControlServer() as server:
            good = server.config.read_text(encoding="utf-8")
            server.config.write_text(good.replace('listen = [', 'listen = ["127.0.0.3:53", ')
                                     .replace("workers = 2", "workers = 1"), encoding="utf-8")
            result = server.ask("reload")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("server.listen and server.workers have changed; the server needs a "
                          "restart for them\n", result.stdout)
            outcome = json.loads(server.ask("reload", "--json").stdout)
            self.assertEqual(outcome["needs_restart"], ["server.listen", "server.workers"])
            status = server.ask("status")
            self.assertEqual(status.returncode, 0)
            self.assertIn("\nrestart    server.listen and server.workers have changed", status.stdout)
            self.assertEqual(server.status()["needs_restart"], outcome["needs_restart"])
            server.config.write_text(good, encoding="utf-8")
            self.assertEqual(json.loads(server.ask("reload", "--json").stdout)["needs_restart"], [])
            self.assertEqual(server.status()["needs_restart"], [])

    def test_an_error_in_the_configuration_is_told_until_it_is_mended(self):
        with ControlServer() as server:
            good = server.config.read_text(encoding="utf-8")
            server.config.write_text(good + "rubbish\n", encoding="utf-8")
            for _ in range(2):
                result = server.ask("reload")
                self.assertEqual(result.returncode, 1)
                self.assertIn(f"{server.config}:", result.stderr)
                self.assertRegex(server.ask("status").stdout, "^PROBLEM    meridian.toml has an error")
                self.assertIn("meridian.toml:", server.status()["configuration_error"])
            server.config.write_text(good, encoding="utf-8")
            self.assertEqual(server.ask("reload").returncode, 0)
            self.assertEqual(server.ask("status").returncode, 0)

    def test_an_error_is_told_and_what_ran_goes_on(self):
        with ControlServer() as server:
            answer = server.addresses("www.beigel.example", None)
            serial = server.status()["zones"][0]["serial"]
            server.edit('"192.0.2.25"', '"192.0.2.256"')
            result = server.ask("reload")
            self.assertEqual(result.returncode, 1)
            place = rf"{server.zone_folder}/beigel\.toml:\d+:\d+: error: "
            self.assertRegex(result.stderr, rf"(?m)^{place}.*\n +\d+ \| .*192\.0\.2\.256.*\n +\| +\^")
            self.assertRegex(result.stdout, "^nothing is reloaded; what ran before goes on: "
                                            r"generation 1, in \d+ ms, 1 error, 0 warnings\n$")
            self.assertEqual(server.addresses("www.beigel.example", None), answer)

            check = json.loads(meridian("check", "--json", "-c", server.config).stdout)
            outcome = json.loads(server.ask("reload", "--json").stdout)
            self.assertEqual(outcome["result"], "failed")
            errors = [each for each in check["diagnostics"] if each["severity"] == "error"]
            self.assertEqual(outcome["diagnostics"], errors)

            text = server.ask("status")
            self.assertEqual(text.returncode, 1)
            self.assertRegex(text.stdout, r"^PROBLEM    beigel\.example\. is served in its last good "
                                          rf"version\n +{place}")
            self.assertRegex(text.stdout, r"(?m)beigel\.toml  PROBLEM$")
            zone = server.status()["zones"][0]
            self.assertEqual((zone["from"], zone["serial"]), ("last-good", serial))
            self.assertRegex(zone["error"], f"^{place}")
            self.assertEqual(server.ready().returncode, 0)

            (server.zone_folder / "new.toml").write_text("rubbish\n", encoding="utf-8")
            server.edit('"192.0.2.256"', '"192.0.2.26"')
            result = server.ask("reload")
            self.assertEqual(result.returncode, 1)
            self.assertIn("reloaded in part", result.stdout)
            status = server.status()
            self.assertEqual(status["zones"][0]["from"], "file")
            self.assertEqual([each["file"] for each in status["files_with_errors"]],
                             [str(server.zone_folder / "new.toml")])
            (server.zone_folder / "new.toml").unlink()
            self.assertEqual(server.ask("reload").returncode, 0)
            self.assertEqual(server.ask("status").returncode, 0)

    def test_a_broken_database_is_told(self):
        with ControlServer() as server:
            server.database.write_bytes(b"rubbish")
            result = server.ask("reload")
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr, "^meridian: geo.database: .*world.mmdb")
            self.assertRegex(server.ask("status").stdout,
                             "^PROBLEM    the geo database is used in its last good version\n")

    def test_status_answers_while_a_reload_compiles(self):
        with ControlServer() as server:
            names = "".join(f"n{i} A 192.0.2.{i % 250}\n" for i in range(200_000))
            (server.zone_folder / "big.example.zone").write_text(
                "$ORIGIN big.example.\n$TTL 1h\n@ SOA ns.elsewhere. host.elsewhere. 1 2h 15m 2w 1m\n"
                f"@ NS ns.elsewhere.\n@ NS ns2.elsewhere.\n{names}", encoding="utf-8")
            with subprocess.Popen([BINARY, "reload", "-c", server.config],
                                  stdout=subprocess.PIPE, text=True) as reload:
                answered = 0
                while reload.poll() is None:
                    status = server.status()
                    answered += reload.poll() is None and status["generation"] == 1
                reported = reload.stdout.read()
            self.assertEqual(reload.returncode, 0, reported + server.log())
            self.assertGreater(answered, 0)
            self.assertEqual(len(server.status()["zones"]), 2)


class TwoServers(unittest.TestCase):
    """They have one state directory, and the first to start has the socket in it."""

    def test_only_the_one_that_is_meant_is_asked(self):
        with ControlServer() as first, ControlServer() as second:
            second.stop()
            text = second.config.read_text(encoding="utf-8")
            second.config.write_text(text.replace('"state"', f'"{first.socket.parent}"'),
                                     encoding="utf-8")
            second.log_file.unlink()
            second.start()
            first.edit('"192.0.2.25"', '"192.0.2.26"')
            for command in (["reload"], ["reload", "--force"], ["status"], ["status", "--ready"]):
                result = second.ask(*command)
                self.assertEqual((result.returncode, result.stdout), (2, ""), command)
                self.assertIn(f"this server runs with {first.config}, not with {second.config}",
                              result.stderr)
            self.assertEqual(first.status()["generation"], 1)
            by_socket = meridian("status", "--json", "--socket", first.socket)
            self.assertEqual(json.loads(by_socket.stdout)["pid"], first.process.pid)
            self.assertEqual(first.ask("reload").returncode, 0)
            self.assertEqual(first.status()["generation"], 2)

    def test_its_configuration_has_many_names(self):
        with ControlServer() as server:
            link = server.folder / "link.toml"
            link.symlink_to(server.config)
            for name in (link, server.folder / "zones" / ".." / "meridian.toml"):
                self.assertEqual(meridian("status", "--ready", "-c", name).returncode, 0)
            result = run("env", "-C", server.folder, BINARY, "status", "--ready")
            self.assertEqual(result.returncode, 0, result.stderr)


class Replies(unittest.TestCase):
    """A server that was taken over, or a zone's text in what it says, steers no terminal."""

    NASTY = "a\x1b[2J\x7f\u009b\r\b"

    def nasty(self, value):
        """The same reply with nasty texts everywhere."""
        if isinstance(value, dict):
            return {key: value[key] if key in ("result", "from", "severity") else
                    self.nasty(value[key]) for key in value}
        if isinstance(value, list):
            return [self.nasty(each) for each in value]
        return self.NASTY if isinstance(value, str) or value is None else value

    def test_steer_no_terminal(self):
        with ControlServer() as server:
            status = self.nasty(server.status())
            status["files_with_errors"] = [{"file": self.NASTY, "error": self.NASTY}]
            status["last_reload"] = {"at": 1, "milliseconds": 2, "result": "failed"}
            server.edit('"192.0.2.25"', '"192.0.2.256"')
            reload = self.nasty(json.loads(server.ask("reload", "--json").stdout))
            reload["diagnostics"][0]["zones"] = [self.NASTY]
            reload["diagnostics"].append({"severity": "error", "key": self.NASTY,
                                          "message": self.NASTY})
        for ascii_only in (True, False):  # escaped in JSON, or as they are where JSON lets them
            for command, reply in (("status", status), ("reload", reload),
                                   ("status", {"error": self.NASTY}),
                                   ("reload", {"error": self.NASTY})):
                for arguments in ([], ["--json"]):
                    self.ask(command, arguments, json.dumps(reply, ensure_ascii=ascii_only))
        self.ask("status", [], self.NASTY)

    def ask(self, command, arguments, reply):
        with tempfile.TemporaryDirectory(prefix="meridian-test-") as folder:
            with FakeServer(Path(folder) / "fake.sock", reply.encode() + b"\n") as fake:
                result = meridian(command, "--socket", fake.path, *arguments)
        self.assertIn(result.returncode, (1, 2), result.stderr)
        self.assertNotEqual(result.stdout + result.stderr, "")
        self.assertNotRegex(result.stdout + result.stderr, "[\x00-\x09\x0b-\x1f\x7f\x80-\x9f]",
                            (command, arguments, reply))
        if result.stdout and "--json" in arguments:
            self.assertEqual(json.loads(result.stdout), json.loads(reply))


if __name__ == "__main__":
    unittest.main()
