"""Asks a running server how it is, and has it reload, over its control socket.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import shutil
import signal
import socket
import stat
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from meridian_process import BINARY, SCENARIOS, WORLDS, Server, meridian, run, wait_until

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
CHILD = SCENARIOS / "zones" / "several.toml"


class ControlServer(Server):
    """A server with the commands that speak with it."""

    def __init__(self, zones=(BEIGEL,), **options):
        super().__init__(zones=zones, **options)
        self.socket = self.folder / "state" / "control.sock"

    def ask(self, command, *arguments):
        return meridian(command, "-c", self.config, *arguments)

    def status(self):
        result = self.ask("status", "--json")
        if not result.stdout:
            raise AssertionError(result.stderr)
        return json.loads(result.stdout)

    def ready(self):
        return self.ask("status", "--ready")

    def edit(self, old, new):
        path = self.zone_folder / "beigel.toml"
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise AssertionError(f"{old} is not in {path}")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def speak(self, *lines):
        """Lines to the socket, and what comes back."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(10)
            client.connect(str(self.socket))
            client.sendall("".join(f"{line}\n" for line in lines).encode())
            with client.makefile(encoding="utf-8") as replies:
                return [json.loads(replies.readline()) for _ in lines]


class Status(unittest.TestCase):
    def test_text(self):
        with ControlServer() as server:
            result = server.ask("status")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stderr, "")
            lines = result.stdout.splitlines()
            self.assertRegex(lines[0], rf"^server     meridian \d+\.\d+\.\d+, "
                                       rf"pid {server.process.pid}, up \d+ s, generation 1$")
            self.assertEqual(lines[1:8], [
                f"config     {server.config}", f"listen     127.0.0.1:{server.port}",
                f"           [::1]:{server.port}", f"zones in   {server.zone_folder}",
                f"state in   {server.socket.parent}", "reload     none since the start",
                "change     none since the start"])
            del lines[1:7]
            self.assertRegex(lines[2], r"^database   Meridian-Test-City of 2026-01-01, \d+ days ago; "
                                       r"\d+ IPv4 networks, \d+ IPv6 networks$")
            self.assertEqual(lines[3].strip(), str(server.database))
            self.assertEqual(lines[4], "queries    0 received (0 UDP, 0 TCP), 0 answered, "
                                       "0 dropped, 0 truncated")
            self.assertRegex(lines[5], r"^zones      NAME +SERIAL +LIVE +FILE$")
            self.assertRegex(lines[6], r"^           beigel\.example\. +\d+ +\d+ s ago +"
                                       rf"{server.zone_folder}/beigel\.toml$")
            self.assertEqual(len(lines), 7)

    def test_json(self):
        with ControlServer(zones=[BEIGEL, CHILD]) as server:
            status = server.status()
            self.assertEqual(status["pid"], server.process.pid)
            self.assertTrue(status["ready"])
            self.assertEqual(status["generation"], 1)
            self.assertLessEqual(abs(status["started"] - time.time()), 60)
            self.assertLess(status["uptime_seconds"], 60)
            self.assertIsNone(status["held"])
            self.assertIsNone(status["last_reload"])
            self.assertIsNone(status["last_change"])
            self.assertEqual(status["configuration"], str(server.config))
            self.assertIsNone(status["configuration_error"])
            self.assertEqual(status["listen"], [f"127.0.0.1:{server.port}", f"[::1]:{server.port}"])
            self.assertEqual(status["zones_directory"], str(server.zone_folder))
            self.assertEqual(status["state_directory"], str(server.socket.parent))
            self.assertEqual(status["needs_restart"], [])
            self.assertEqual(status["files_with_errors"], [])
            zone = next(zone for zone in status["zones"] if zone["name"] == "beigel.example.")
            serial = int(server.dig("+short", "beigel.example", "SOA").split()[2])
            self.assertEqual(zone["serial"], serial)
            self.assertEqual(zone["file"], str(server.zone_folder / "beigel.toml"))
            self.assertEqual(zone["from"], "file")
            self.assertIsNone(zone["error"])
            self.assertLess(zone["age"], 60)
            modified = int((server.zone_folder / "beigel.toml").stat().st_mtime)
            self.assertEqual(zone["modified"], modified)
            self.assertGreater(len(status["zones"]), 1)
            database = status["database"]
            self.assertEqual(database["paths"], [str(server.database)])
            self.assertEqual(database["type"], "Meridian-Test-City")
            self.assertEqual(database["build_epoch"], 1_767_225_600)
            self.assertGreater(database["age"], 0)
            self.assertIsNone(database["error"])

    def test_of_some_zones(self):
        with ControlServer(zones=[BEIGEL, CHILD]) as server:
            everything = server.status()
            one = json.loads(server.ask("status", "--json", "Beigel.Example").stdout)
            self.assertEqual([zone["name"] for zone in one["zones"]], ["beigel.example."])
            self.assertEqual(set(one), set(everything))
            result = server.ask("status", "*")
            self.assertEqual(result.returncode, 0)
            self.assertEqual(result.stdout.count(" ago  "), len(everything["zones"]))
            result = server.ask("status", "beigel.exmaple", "beigel.example")
            self.assertEqual(result.returncode, 1)
            self.assertIn("no zone here is called beigel.exmaple", result.stderr)
            self.assertIn('did you mean "beigel.example."?', result.stderr)
            self.assertIn("beigel.example. ", result.stdout)

            server.edit('"192.0.2.25"', '"192.0.2.256"')
            self.assertEqual(server.ask("reload").returncode, 1)
            self.assertEqual(server.ask("status", "beigel.example").returncode, 1)
            other = next(zone["name"] for zone in everything["zones"]
                         if zone["name"] != "beigel.example.")
            result = server.ask("status", other)
            self.assertEqual((result.returncode, "PROBLEM" in result.stdout), (1, True))

    def test_counters(self):
        with ControlServer() as server:
            for _ in range(3):
                server.dig("www.beigel.example", "A")
            server.dig("+tcp", "www.beigel.example", "A")
            server.dig("nowhere.at.all.beigel.example", "A")
            server.dig("+tcp", "www.elsewhere.example", "A")
            server.dig("+edns=1", "+noednsnegotiation", "www.beigel.example", "A")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                response = b"\x12\x34\x80\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01"
                sender.sendto(response, ("127.0.0.1", server.port))  # deserves no reply
            queries = wait_until(lambda: (counts := server.status()["queries"])["dropped"] and
                                 counts, what="the count of a dropped packet")
            self.assertEqual(queries["received"], 8)
            self.assertEqual(queries["answered"], 7)
            self.assertEqual(queries["dropped"], 1)
            self.assertEqual(queries["truncated"], 0)
            codes = {code: count for code, count in queries["by_rcode"].items() if count}
            self.assertEqual(codes, {"NOERROR": 4, "NXDOMAIN": 1, "REFUSED": 1, "BADVERS": 1})
            self.assertEqual(queries["by_transport"]["udp"]["received"], 6)
            tcp = queries["by_transport"]["tcp"]
            self.assertEqual(tcp["received"], 2)
            self.assertEqual(tcp["by_rcode"]["NOERROR"], 1)
            self.assertEqual(tcp["by_rcode"]["REFUSED"], 1)
            text = server.ask("status").stdout
            self.assertIn("8 received (6 UDP, 2 TCP), 7 answered, 1 dropped, 0 truncated", text)
            self.assertIn("4 NOERROR, 1 NXDOMAIN, 1 REFUSED, 1 BADVERS", text)

    def test_ready(self):
        with ControlServer() as server:
            ready = server.ready()
            self.assertEqual((ready.returncode, ready.stdout, ready.stderr), (0, "", ""))
            server.stop()
            ready = server.ready()
            self.assertEqual((ready.returncode, ready.stdout), (1, ""))
            self.assertIn("is it running", ready.stderr)
            for command in ("status", "reload"):
                result = server.ask(command)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn(str(server.socket), result.stderr)

    def test_ready_that_may_not_ask_says_nothing_of_the_server(self):
        with ControlServer() as server:
            second = server.folder / "second.toml"
            shutil.copy(server.config, second)
            for arguments in (["-c", second], ["-c", server.folder / "gone.toml"],
                              ["-c", server.folder], ["--socket", "/" + "x" * 200]):
                result = meridian("status", "--ready", *arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""), arguments)
            with FakeServer(server.folder / "fake.sock") as fake:
                for reply in (b"rubbish\n", b"{}\n", b"[]\n", b'{"error":"no"}\n'):
                    fake.reply = reply
                    result = meridian("status", "--ready", "--socket", fake.path)
                    self.assertEqual((result.returncode, result.stdout), (2, ""), reply)
            if os.geteuid() == 0:
                for folder_mode, socket_mode in ((0o755, 0o600), (0o700, 0o666)):
                    server.folder.chmod(0o755)
                    server.config.chmod(0o644)
                    server.socket.parent.chmod(folder_mode)
                    server.socket.chmod(socket_mode)
                    result = run("setpriv", "--reuid", "65534", "--clear-groups", BINARY, "status",
                                 "--ready", "-c", server.config)
                    self.assertEqual(result.returncode, 2, result.stderr)
                    self.assertIn("ask as root or as the server's user", result.stderr)

    def test_an_error_in_the_configuration_hides_no_server(self):
        with ControlServer() as server:
            good = server.config.read_text(encoding="utf-8")
            for bad in ("rubbish\n", "[log]\nlevle = 7\n", "[log\n", 'x = "\n', "[server]\n"):
                for text in (good + bad, bad + good if bad == "rubbish\n" else good + bad):
                    server.config.write_text(text, encoding="utf-8")
                    status = server.ask("status", "--json")
                    self.assertEqual(json.loads(status.stdout)["pid"], server.process.pid)
                    self.assertRegex(status.stderr, "asking the server all the same: "
                                                    rf"{server.config}:\d+:\d+: error: ")
                    self.assertEqual(server.ready().returncode, 0)
            server.config.write_text("no toml at all", encoding="utf-8")
            self.assertEqual(server.ready().returncode, 2)

    def test_a_server_that_does_not_answer(self):
        with ControlServer() as server:
            server.process.send_signal(signal.SIGSTOP)
            try:
                begin = time.monotonic()
                self.assertEqual(server.ready().returncode, 1)
                self.assertEqual(server.ask("reload", "--timeout", "0.2").returncode, 2)
                self.assertLess(time.monotonic() - begin, 10)
            finally:
                server.process.send_signal(signal.SIGCONT)
            self.assertEqual(server.ready().returncode, 0)


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
                told = reload.stdout.read()
            self.assertEqual(reload.returncode, 0, told + server.log())
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


class FakeServer:
    """Replies with `reply` to every line on a socket at `path`."""

    def __init__(self, path, reply=b""):
        self.path = path
        self.reply = reply
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                client.recv(65536)
                client.sendall(self.reply)


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


class Socket(unittest.TestCase):
    def test_it_is_for_its_owner_alone(self):
        with ControlServer() as server:
            mode = server.socket.stat().st_mode
            self.assertTrue(stat.S_ISSOCK(mode))
            self.assertEqual(stat.S_IMODE(mode), 0o600)
            if os.geteuid() == 0:
                server.folder.chmod(0o755)
                server.config.chmod(0o644)
                other = run("setpriv", "--reuid", "65534", "--clear-groups", BINARY, "status",
                            "--socket", server.socket)
                self.assertEqual(other.returncode, 2)
                self.assertIn("Permission denied; ask as root or as the server's user",
                              other.stderr)
            server.stop()
            self.assertFalse(server.socket.exists())

    def test_its_path_can_be_given(self):
        with ControlServer() as server:
            result = meridian("status", "--ready", "--socket", server.socket)
            self.assertEqual(result.returncode, 0)

    def test_a_dead_one_is_replaced(self):
        with ControlServer() as server:
            server.process.kill()
            server.process.wait(10)
            self.assertTrue(server.socket.exists())
            result = server.ask("status")
            self.assertEqual(result.returncode, 2)
            self.assertIn("any more", result.stderr)
            server.log_file.unlink()
            server.start()
            self.assertEqual(server.ready().returncode, 0)
            self.assertNotIn("control socket", server.log())

    def test_without_a_state_directory_there_is_none(self):
        with ControlServer() as server:
            server.stop()
            text = server.config.read_text(encoding="utf-8")
            server.config.write_text(text.replace('"state"', '"/proc/meridian/state"'),
                                     encoding="utf-8")
            server.log_file.unlink()
            server.start()
            self.assertEqual(len(re.findall("there is no control socket", server.log())), 1)
            self.assertEqual(server.ask("status").returncode, 2)
            server.dig("www.beigel.example")

    def test_a_state_directory_that_is_removed_comes_back_with_it(self):
        with ControlServer() as server:
            state = server.folder / "state"
            wait_until((state / "last-good").exists)
            wait_until((state / "atlas").exists)
            before = sorted(path.name for path in state.rglob("*"))
            shutil.rmtree(state)
            wait_until(server.socket.exists, 20, "a new socket")
            self.assertEqual(sorted(path.name for path in state.rglob("*")), before)
            self.assertEqual(server.ready().returncode, 0)
            self.assertEqual(server.ask("reload").returncode, 0)
            self.assertIn("control.sock was removed; it is made anew", server.log())

            server.socket.unlink()
            wait_until(server.socket.exists, 20, "a new socket")
            self.assertEqual(server.ready().returncode, 0)
            server.stop()
            self.assertFalse(server.socket.exists())

    def test_it_speaks_with_root_and_with_the_user(self):
        if os.geteuid() != 0:
            self.skipTest("only root becomes another user")
        with ControlServer() as server:
            server.stop()
            server.folder.chmod(0o755)
            text = server.config.read_text(encoding="utf-8")
            server.config.write_text(text.replace("[geo]", 'user = "nobody"\n[geo]'),
                                     encoding="utf-8")
            server.log_file.unlink()
            server.start()
            self.assertNotEqual(server.socket.stat().st_uid, 0)
            self.assertEqual(stat.S_IMODE(server.socket.stat().st_mode), 0o600)
            self.assertEqual(server.ready().returncode, 0)
            user = str(server.socket.stat().st_uid)
            result = run("setpriv", "--reuid", user, "--clear-groups", BINARY, "status", "-c",
                         server.config)
            self.assertEqual(result.returncode, 0, result.stderr)

    def test_lines(self):
        with ControlServer() as server:
            replies = server.speak('{"command":"status"}', "rubbish", '{"command":"drain"}',
                                   '{"command":"reload","force":"yes"}',
                                   '{"command":"reload","force":true}')
            self.assertEqual(replies[0]["pid"], server.process.pid)
            for reply in replies[1:4]:
                self.assertEqual(list(reply), ["error"])
            self.assertEqual(replies[4]["result"], "unchanged")

    def test_rude_clients_keep_nobody_out(self):
        with ControlServer() as server:
            rude = []
            try:
                for number in range(100):
                    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                    client.settimeout(10)
                    client.connect(str(server.socket))
                    if number % 2:
                        client.sendall(b"{" * 1000)
                    rude.append(client)
                self.assertEqual(server.ready().returncode, 0)
            finally:
                for client in rude:
                    client.close()
            self.assertEqual(server.ask("reload").returncode, 0)
            status, seconds = server.stop()
            self.assertEqual(status, 0)
            self.assertLess(seconds, 5)


if __name__ == "__main__":
    unittest.main()
