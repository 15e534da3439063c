"""Follows the built server through its life: start, reload, broken files, logs, the end.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest

import dns.message
import dns.query

from meridian_process import BINARY, SCENARIOS, START_SECONDS, WORLDS, Server, meridian, wait_until

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
FAMILIES = SCENARIOS / "zones" / "families.toml"
GERMANY = "198.51.100.0/24"


def blocks(pid, number):
    """Whether the process has got so far that it takes this signal itself."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        mask = next(line.split()[1] for line in status if line.startswith("SigBlk"))
    return int(mask, 16) >> (number - 1) & 1 == 1


def edit(path, old, new):
    """As editors do: a new file in the place of the old one."""
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    beside = path.with_suffix(".new")
    beside.write_text(text.replace(old, new), encoding="utf-8")
    os.replace(beside, path)


class Reload(unittest.TestCase):
    def test_an_edit_goes_live(self):
        with Server(zones=[BEIGEL]) as server:
            edit(server.zone_folder / "beigel.toml", '"198.51.100.10"', '"198.51.100.77"')
            server.reload()
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.77"])

    def test_a_zone_with_an_error_leaves_the_running_one_and_says_where_it_is(self):
        with Server(zones=[BEIGEL, FAMILIES]) as server:
            edit(server.zone_folder / "beigel.toml", 'www.steer        = "nearest"',
                 'www.steer        = "nearst"')
            edit(server.zone_folder / "families.toml", '"192.0.2.40"', '"192.0.2.41"')
            reported = server.reload()
            line = 1 + (server.zone_folder / "beigel.toml").read_text(encoding="utf-8") \
                .split("nearst")[0].count("\n")
            self.assertRegex(reported, rf'error: \S*beigel\.toml:{line}:\d+: .*"nearst"')
            self.assertIn('"nearest"', reported)
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])
            # The other zone is none the worse for it.
            self.assertEqual(server.addresses("host.families.example", None), ["192.0.2.41"])

            edit(server.zone_folder / "beigel.toml", '"nearst"', '"nearest"')
            edit(server.zone_folder / "beigel.toml", '"198.51.100.10"', '"198.51.100.78"')
            server.reload()
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.78"])

    def test_zones_come_and_go(self):
        with Server(zones=[BEIGEL]) as server:
            self.assertIn("REFUSED", server.dig("host.families.example"))
            shutil.copy(FAMILIES, server.zone_folder)
            server.reload()
            self.assertEqual(server.addresses("host.families.example", None), ["192.0.2.40"])
            (server.zone_folder / "families.toml").unlink()
            server.reload()
            self.assertIn("REFUSED", server.dig("host.families.example"))
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])

    def test_an_emptied_directory_removes_nothing(self):
        with Server(zones=[BEIGEL]) as server:
            (server.zone_folder / "beigel.toml").unlink()
            server.reload()
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])

    def test_no_query_is_lost_while_reloading(self):
        with Server(zones=[BEIGEL]) as server:
            failures, asked, stop = [], [0], threading.Event()

            def ask():
                while not stop.is_set():
                    query = dns.message.make_query("www.beigel.example", "A")
                    try:
                        reply = dns.query.udp(query, "127.0.0.1", timeout=5, port=server.port)
                        found = {record.to_text() for record in reply.answer[0]}
                        if not found <= {"192.0.2.70", "192.0.2.71"}:
                            failures.append(found)
                    except Exception as error:  # whatever it is, the test reports it
                        failures.append(error)
                    asked[0] += 1

            asker = threading.Thread(target=ask)
            asker.start()
            try:
                for old, new in [("70", "71"), ("71", "70")] * 3:
                    edit(server.zone_folder / "beigel.toml", f'"192.0.2.{old}"', f'"192.0.2.{new}"')
                    server.reload()
            finally:
                stop.set()
                asker.join()
            self.assertEqual(failures, [])
            self.assertGreater(asked[0], 10)


class Database(unittest.TestCase):
    def assert_serving(self, server):
        self.assertIsNone(server.process.poll(), server.log())
        self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])
        self.assertEqual(server.addresses("www.beigel.example", "203.0.113.0/24"), ["203.0.113.10"])

    def test_truncating_it_in_place_does_no_harm(self):
        with Server(zones=[BEIGEL]) as server:
            os.truncate(server.database, 0)
            self.assert_serving(server)
            reported = server.reload()
            self.assertIn("world.mmdb", reported)
            self.assertIn("error", reported.lower())
            self.assert_serving(server)
            os.truncate(server.database, 4096)  # zeros
            server.reload()
            self.assert_serving(server)

    def test_overwriting_it_with_rubbish_does_no_harm(self):
        with Server(zones=[BEIGEL]) as server:
            octets = bytearray(server.database.read_bytes())
            for position in range(0, len(octets), 3):
                octets[position] ^= 0xa5
            server.database.write_bytes(octets)
            self.assert_serving(server)
            server.reload()
            self.assert_serving(server)

    def test_removing_it_does_no_harm(self):
        with Server(zones=[BEIGEL]) as server:
            server.database.unlink()
            server.reload()
            self.assert_serving(server)

    def test_a_new_one_is_taken(self):
        with Server(zones=[BEIGEL]) as server:
            new = server.folder / "new.mmdb"
            shutil.copy(WORLDS / "moved.mmdb", new)
            os.replace(new, server.database)
            server.reload()
            # In that world the German network has moved to Singapore.
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["203.0.113.10"])


class End(unittest.TestCase):
    def test_sigterm_ends_it_within_five_seconds(self):
        with Server(zones=[BEIGEL]) as server:
            status, seconds = server.stop()
            self.assertEqual(status, 0, server.log())
            self.assertLess(seconds, 5)
            self.assertIn("stopped", server.log())

    def test_sigint_does_too(self):
        with Server(zones=[BEIGEL]) as server:
            server.process.send_signal(signal.SIGINT)
            self.assertEqual(server.process.wait(5), 0)

    def test_other_signals_that_ask_for_it_do_too(self):
        for number in (signal.SIGQUIT, signal.SIGXCPU):
            with Server(zones=[BEIGEL]) as server:
                server.process.send_signal(number)
                self.assertEqual(server.process.wait(5), 0)
                self.assertIn(f"stopping signal={number.name}", server.log())

    def test_no_other_signal_ends_it(self):
        others = [signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGIO, signal.SIGPWR,
                  signal.SIGXFSZ, signal.SIGPIPE, signal.SIGSTKFLT, signal.SIGCHLD, signal.SIGURG,
                  signal.SIGWINCH, signal.SIGCONT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP,
                  *range(signal.SIGRTMIN, signal.SIGRTMAX + 1)]
        with Server(zones=[BEIGEL]) as server:
            for number in others:
                server.process.send_signal(number)
                time.sleep(0.01)
                self.assertIsNone(server.process.poll(), f"{number}: {server.log()}")
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])
            self.assertEqual(server.stop()[0], 0)

    def test_a_signal_ends_a_first_load_too(self):
        with Server(zones=[BEIGEL]) as server:
            server.stop()
            names = "".join(f"n{i} A 192.0.2.{i % 250}\n" for i in range(900_000))
            (server.zone_folder / "big.example.zone").write_text(
                "$TTL 1h\n@ SOA ns.elsewhere. host.elsewhere. 1 2h 15m 2w 1m\n"
                f"@ NS ns.elsewhere.\n@ NS ns2.elsewhere.\n{names}", encoding="utf-8")
            for number in (signal.SIGTERM, signal.SIGINT):
                server.log_file.unlink()
                server.stderr.close()
                server.stderr = open(server.log_file, "ab")
                server.launch()
                wait_until(lambda: blocks(server.process.pid, number), 20, "the start")
                time.sleep(0.2)
                begin = time.monotonic()
                server.process.send_signal(number)
                self.assertEqual(server.process.wait(20), 0)
                self.assertLess(time.monotonic() - begin, 5)
                self.assertIn("stopping, before anything was served", server.log())
                self.assertNotIn(" serving ", server.log())

    def test_open_connections_do_not_hold_it_up(self):
        with Server(zones=[BEIGEL]) as server:
            connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(5)]
            connections[0].sendall(b"\0\x20half")
            status, seconds = server.stop()
            for connection in connections:
                connection.close()
            self.assertEqual(status, 0)
            self.assertLess(seconds, 5)

    def test_it_can_start_again_at_once(self):
        with Server(zones=[BEIGEL]) as server:
            with socket.create_connection(("127.0.0.1", server.port)):
                self.assertEqual(server.stop()[0], 0)
            server.log_file.unlink()
            server.start()
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])

    def test_a_start_with_a_bad_zone_is_refused_with_its_place(self):
        with Server(zones=[BEIGEL]) as server:
            server.stop()
            shutil.rmtree(server.folder / "state")  # else what was served last is served on
            edit(server.zone_folder / "beigel.toml", 'at        = "FRA"', 'at        = "FRX"')
            result = meridian("serve", "-c", server.config)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr, r"beigel\.toml:\d+:\d+: error: .*FRX")


class Logs(unittest.TestCase):
    def test_the_start_is_told_in_one_line(self):
        with Server(zones=[BEIGEL, FAMILIES]) as server:
            lines = [line for line in server.log().splitlines() if " serving " in line]
            self.assertEqual(len(lines), 1)
            for fact in ("zones=2", "regions=", "names=", "Meridian-Test-City", "2026-01-01",
                         f"127.0.0.1:{server.port}", f"[::1]:{server.port}", "workers=2"):
                self.assertIn(fact, lines[0])

    def test_json_is_a_line_an_object(self):
        with Server(zones=[BEIGEL], log='[log]\nformat = "json"') as server:
            edit(server.zone_folder / "beigel.toml", '"lima"', '"limo"')
            server.reload()
            server.stop()
            entries = [json.loads(line) for line in server.log().splitlines()]
            serving = [entry for entry in entries if entry["message"] == "serving"]
            self.assertEqual([entry["zones"] for entry in serving], [1])
            self.assertEqual([entry["generation"] for entry in serving], [1])
            reload = next(entry for entry in entries if "reload" in entry["message"])
            for number in ("generation", "zones", "names", "milliseconds"):
                self.assertIsInstance(reload[number], int, number)
            self.assertEqual(reload["cause"], "request")
            self.assertTrue(any("limo" in entry["message"] for entry in entries))

    def test_a_line_has_one_level(self):
        """Errors and warnings of zones, libraries, settings and databases."""
        doubled = re.compile(r"(error|warning).*[:\s](error|warning): ")
        for form in ("text", "json"):
            with self.subTest(form), Server(zones=[BEIGEL], log=f'[log]\nformat = "{form}"',
                                            extra="[control]") as server:
                zone = server.zone_folder / "beigel.toml"
                text = zone.read_text(encoding="utf-8")
                for reported, broken in (("nearst", text.replace('"nearest"', '"nearst"')),
                                     ("no end", text.rstrip("\n")),
                                     ("shared/none.toml", f'use = "shared/none.toml"\n{text}')):
                    zone.write_text(broken, encoding="utf-8")
                    self.assertIn(reported, server.reload())
                zone.write_text(text, encoding="utf-8")
                (server.folder / "world.mmdb").write_bytes(b"no database")
                server.config.write_text(server.config.read_text(encoding="utf-8") + "[geoo]\n",
                                         encoding="utf-8")
                self.assertIn("geoo", server.reload())
                lines = server.log().splitlines()
                self.assertGreater(len(lines), 6)
                self.assertEqual([line for line in lines if doubled.search(line)], [])

    def test_stdout_is_no_file_of_that_name(self):
        with Server(zones=[BEIGEL], log='[log]\nto = "stdout"') as server:
            self.assertIn("serving", server.log())
            self.assertFalse((server.folder / "stdout").exists())

    def test_no_other_file_takes_the_place_of_a_stderr_that_is_closed(self):
        with Server(zones=[BEIGEL]) as server:
            server.stop()
            server.process = subprocess.Popen(
                ["sh", "-c", 'exec "$@" 0<&- 1>&- 2>&-', "sh", BINARY, "serve", "-c",
                 server.config], cwd=server.folder, env=server.environment())
            control = server.folder / "state" / "control.sock"
            wait_until(control.exists, START_SECONDS, "the start")
            for number in range(3):
                self.assertEqual(os.readlink(f"/proc/{server.process.pid}/fd/{number}"),
                                 "/dev/null")

    def test_a_log_file_is_opened_anew_on_sighup(self):
        with Server(zones=[BEIGEL]) as server:
            server.stop()
            target, rotated = server.folder / "meridian.log", server.folder / "meridian.log.1"
            text = server.config.read_text(encoding="utf-8")
            server.config.write_text(f'{text}\n[log]\nto = "meridian.log"\n', encoding="utf-8")
            server.log_file = target
            server.start()
            os.rename(target, rotated)
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: target.exists() and "reload" in target.read_text(encoding="utf-8"),
                       10, "the new log")
            self.assertIn("serving", rotated.read_text(encoding="utf-8"))

    def log_to_a_file(self, server):
        """Its log from the next start on, and where that is moved to."""
        server.stop()
        text = server.config.read_text(encoding="utf-8")
        server.config.write_text(f'{text}\n[log]\nto = "meridian.log"\n', encoding="utf-8")
        server.log_file = server.folder / "meridian.log"
        server.start()
        return server.log_file, server.folder / "meridian.log.1"

    def test_a_log_file_is_opened_anew_on_sigusr1_and_nothing_else_happens(self):
        with Server(zones=[BEIGEL]) as server:
            target, rotated = self.log_to_a_file(server)
            os.rename(target, rotated)
            edit(server.zone_folder / "beigel.toml", '"198.51.100.10"', '"198.51.100.77"')
            server.process.send_signal(signal.SIGUSR1)
            wait_until(target.exists, 10, "the new log")
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])
            self.assertEqual(server.stop()[0], 0)
            self.assertIn("stopped", target.read_text(encoding="utf-8"))
            self.assertNotIn("reload", target.read_text(encoding="utf-8"))

    def test_a_log_file_is_opened_anew_by_the_command(self):
        with Server(zones=[BEIGEL]) as server:
            target, rotated = self.log_to_a_file(server)
            os.rename(target, rotated)
            self.assertEqual(meridian("reload", "-c", server.config).returncode, 0)
            wait_until(lambda: target.exists() and "reload" in target.read_text(encoding="utf-8"),
                       10, "the new log")
            self.assertNotIn("reload", rotated.read_text(encoding="utf-8"))

    def test_a_reader_that_stops_reading_does_not_stop_the_server(self):
        with Server(zones=[BEIGEL], log='[log]\nlevel = "debug"') as server:
            server.stop()
            reading, writing = os.pipe()
            server.stderr.close()
            server.stderr = os.fdopen(writing, "wb")
            server.launch()
            wait_until(lambda: "192.0.2.25" in server_answers(server), 20, "the start")
            for number in range(40):  # each reports an error; the reader is gone
                path = server.zone_folder / "beigel.toml"
                path.write_text(path.read_text(encoding="utf-8") + f"\n# {number}\nx{number} = 1\n",
                                encoding="utf-8")
                server.process.send_signal(signal.SIGHUP)
                time.sleep(0.02)
            self.assertEqual(server.addresses("mail.beigel.example", None), ["192.0.2.25"])
            status, seconds = server.stop()
            os.close(reading)
            self.assertEqual(status, 0)
            self.assertLess(seconds, 5)


def server_answers(server):
    """What dig prints, if only a complaint."""
    try:
        return server.dig("+short", "mail.beigel.example")
    except AssertionError:
        return ""


if __name__ == "__main__":
    unittest.main()
