"""Asks a running server how it is over its control socket.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import shutil
import signal
import socket
import stat
import time
import unittest

from control_process import BEIGEL, CHILD, ControlServer, FakeServer
from meridian_process import BINARY, meridian, remove_whole, run, wait_until


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
            self.assertEqual(lines[5:7], [
                "udp        0 datagrams received, 0 sent, 0 dropped",
                "tcp        0 connections accepted, 0 refused, 0 open"])
            self.assertRegex(lines[7], r"^zones      NAME +SERIAL +LIVE +FILE$")
            self.assertRegex(lines[8], r"^           beigel\.example\. +\d+ +\d+ s ago +"
                                       rf"{server.zone_folder}/beigel\.toml$")
            self.assertEqual(len(lines), 9)

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
            self.assertEqual((result.returncode, "PROBLEM" in result.stdout), (0, False))

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

    def test_counters_of_the_regions(self):
        with ControlServer() as server:
            self.assertNotIn("answers", server.ask("status").stdout.replace("answered", ""))
            for subnet in ("198.51.100.0/24", "198.51.100.0/24", "192.0.2.0/24"):
                server.dig(f"+subnet={subnet}", "www.beigel.example", "A")
            server.dig("ns1.beigel.example", "A")
            counts = {row["region"]: row["answers"]
                      for row in server.status()["answers_by_region"]}
            self.assertEqual(sum(counts.values()), 3)
            self.assertEqual((counts["frankfurt"], counts["virginia"]), (2, 1))
            self.assertIn("answers    2 frankfurt, 1 virginia", server.ask("status").stdout)

    def test_counters_of_the_transports(self):
        with ControlServer() as server:
            server.dig("www.beigel.example", "A")
            server.dig("+tcp", "www.beigel.example", "A")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"", ("127.0.0.1", server.port))  # no query at all
            udp = wait_until(lambda: (counts := server.status()["transports"]["udp"])["dropped"] and
                             counts, what="the count of a dropped datagram")
            self.assertEqual((udp["received"], udp["sent"], udp["dropped"]), (2, 1, 1))
            self.assertGreaterEqual(udp["system_calls"], 3)
            self.assertEqual(server.status()["queries"]["by_transport"]["udp"]["received"], 1)
            with socket.create_connection(("127.0.0.1", server.port)):
                wait_until(lambda: server.status()["transports"]["tcp"] ==
                           {"accepted": 2, "refused": 0, "queries": 1, "open": 1},
                           what="one open connection")
                self.assertIn("tcp        2 connections accepted, 0 refused, 1 open",
                              server.ask("status").stdout)
            wait_until(lambda: server.status()["transports"]["tcp"]["open"] == 0,
                       what="the end of the connection")

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
                    self.assertIn("ask as root, as the server's user", result.stderr)

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
                self.assertIn("Permission denied; ask as root, as the server's user",
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
            def saved():
                return sorted(path.name for path in state.rglob("*"))

            for last in ("last-good", "atlas"):
                wait_until(lambda: any(state.glob(last)), 20, last)
            wait_until(lambda: not any(name.endswith(".new") for name in saved()), 20)
            before = saved()
            remove_whole(state)
            wait_until(server.socket.exists, 20, "a new socket")
            wait_until(lambda: saved() == before, 20, "the same files")
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
                                   '{"command":"why","name":"www.beigel.example"}',
                                   '{"command":"why"}',
                                   '{"command":"why","name":7,"client":"192.0.2.1"}',
                                   '{"command":"why","name":"www.beigel.example","client":""}',
                                   '{"command":"why","client":"192.0.2.1","resolvre":"::1"}',
                                   '{"command":"why","name":"www.beigel.example","client":"x"}',
                                   '{"command":"why","name":"www.beigel.example",'
                                   '"client":"198.51.100.0/24","type":"AAAA"}',
                                   '{"command":"reload","force":true}')
            self.assertEqual(replies[0]["pid"], server.process.pid)
            for reply in replies[1:10]:
                self.assertEqual(list(reply), ["error"])
                self.assertEqual(reply["error"], reply["error"].strip())
            self.assertIn("name to explain is missing", replies[5]["error"])
            self.assertEqual((replies[10]["type"], replies[10]["zone"]),
                             ("AAAA", "beigel.example."))
            self.assertEqual(replies[11]["result"], "unchanged")

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
