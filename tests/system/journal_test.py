"""Reads the journal of servers that drain, reload, are killed, and find their files damaged.

SPDX-License-Identifier: Apache-2.0
"""
import json
import stat
import time
import unittest

from health_test import FRANKFURT, GERMAN, VIRGINIA, HealthServer
from meridian_process import wait_until
from overrides_test import FAR, NEAR, HandServer


def segments(server):
    return sorted((server.folder / "state").glob("journal-*"))


def lines(server, *arguments):
    result = server.ask("journal", *arguments)
    if result.returncode != 0:
        raise AssertionError(f"{result.returncode}: {result.stdout}{result.stderr}")
    return result.stdout.splitlines()


def entries(server, *arguments):
    return [json.loads(line) for line in lines(server, "--json", *arguments)]


class Journal(unittest.TestCase):
    def test_it_says_who_set_what_by_hand_and_who_ended_it(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt", "--for", "2h", "--reason", "new switches")
            server.by_hand("release", "frankfurt")
            begun, ended = [entry for entry in entries(server) if entry["kind"] == "override"]
            self.assertEqual((begun["subject"], begun["state"], begun["cause"]), ("frankfurt", "drain", "new switches"))
            self.assertAlmostEqual(begun["until"] - begun["at"], 7200, delta=1)
            self.assertTrue(begun["author"])
            self.assertEqual((ended["state"], ended["before"], ended["author"]), ("released", "drain", begun["author"]))
            text = "\n".join(lines(server))
            self.assertRegex(text, r"override  frankfurt is drained, until 2\S+Z, by \S+: new switches")
            self.assertRegex(text, r"override  frankfurt is no more drained, by \S+")

    def test_a_drain_that_ends_by_itself_has_no_author(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt", "--for", "1s")
            wait_until(lambda: any(entry["state"] == "expired" for entry in entries(server)), 10, "its end")

    def test_it_has_edits_and_who_asked_for_a_reload(self):
        with HandServer() as server:
            zone = server.zone_folder / "one.example.toml"
            zone.write_text(zone.read_text(encoding="utf-8").replace("192.0.2.53", "192.0.2.54"), encoding="utf-8")
            wait_until(lambda: any(entry["kind"] == "zone" for entry in entries(server)), 10, "the edit")
            edit = [entry for entry in entries(server) if entry["kind"] == "zone"][-1]
            self.assertEqual(edit["subject"], "one.example.")
            self.assertEqual(int(edit["state"]), server.status()["zones"][0]["serial"])
            self.assertNotEqual(edit["before"], edit["state"])
            self.assertEqual(server.ask("reload").returncode, 0)
            reload = [entry for entry in entries(server) if entry["kind"] == "reload"][-1]
            self.assertEqual((reload["state"], reload["cause"]), ("unchanged", "request"))
            self.assertTrue(reload["author"])

    def test_it_survives_a_kill_and_is_read_without_a_server(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt")
            wait_until(lambda: "drained" in "\n".join(lines(server)), 5, "the drain")
            server.kill()
            result = server.ask("journal")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn("frankfurt is drained", result.stdout)
            server.start_again()
            self.assertEqual(server.answer(), FAR)
            wait_until(lambda: "\n".join(lines(server)).count(" starts, pid") == 2, 5, "the second start")
            self.assertEqual(len(segments(server)), 1)

    def test_its_files_are_for_the_owner_alone(self):
        with HandServer() as server:
            wait_until(lambda: segments(server), 5, "the journal")
            self.assertEqual([stat.S_IMODE(path.stat().st_mode) for path in segments(server)], [0o600])

    def test_damaged_lines_are_passed_over_with_a_warning(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt")
            server.by_hand("release", "frankfurt")
            server.stop()
            path = segments(server)[0]
            path.write_bytes(path.read_bytes().replace(b"\tdrain\t", b"\tdrein\t", 1) + b"half a li")
            result = server.ask("journal")
            self.assertEqual(result.returncode, 0)
            self.assertIn("2 lines of the journal cannot be read", result.stderr)
            self.assertIn("no more drained", result.stdout)
            self.assertNotIn("is drained", result.stdout)

    def test_a_time_and_a_region_narrow_it(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt")
            time.sleep(3.1)  # times are whole seconds
            server.by_hand("drain", "virginia/api", "--force")
            wait_until(lambda: "virginia/api is drained" in "\n".join(lines(server)), 5, "both drains")
            self.assertEqual([entry["subject"] for entry in entries(server, "--region", "frank*")], ["frankfurt"])
            recent = [entry["subject"] for entry in entries(server, "--since", "2s")]
            self.assertEqual(recent, ["virginia/api"])
            wrong = server.ask("journal", "--since", "2026-12-01T03:00:00")
            self.assertEqual(wrong.returncode, 2)
            self.assertIn("with an offset", wrong.stderr)

    def test_without_a_journal_it_says_so(self):
        with HandServer() as server:
            server.stop()
            for path in segments(server):
                path.unlink()
            result = server.ask("journal")
            self.assertEqual(result.returncode, 1)
            self.assertIn("there is no journal", result.stderr)


def why_at(server, moment, name="www.one.example"):
    result = server.ask("why", name, "--client", GERMAN, "--at", moment, "--json")
    if result.returncode != 0:
        raise AssertionError(f"{result.returncode}: {result.stdout}{result.stderr}")
    return json.loads(result.stdout)


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class WhyAt(unittest.TestCase):
    def test_it_decides_with_the_overrides_of_that_time(self):
        with HandServer() as server:
            time.sleep(1.1)
            server.by_hand("drain", "frankfurt", "--reason", "new switches")
            drained = entries(server)[-1]["at"]
            time.sleep(1.1)
            server.by_hand("release", "frankfurt")
            time.sleep(1.1)
            now = [line.split()[-1] for line in why_at(server, moment(time.time()))["answer"]]
            self.assertEqual(now, NEAR)
            then = why_at(server, moment(drained))
            self.assertEqual([line.split()[-1] for line in then["answer"]], FAR)
            note = next(region["note"] for region in then["regions"] if region["name"] == "frankfurt")
            self.assertRegex(note, r"is drained \(by .*: new switches\)")

    def test_it_says_what_differs_from_then(self):
        with HandServer() as server:
            time.sleep(1.1)
            then = moment(time.time())
            serial = server.status()["zones"][0]["serial"]
            time.sleep(1.1)
            zone = server.zone_folder / "one.example.toml"
            zone.write_text(zone.read_text(encoding="utf-8").replace("192.0.2.53", "192.0.2.54"), encoding="utf-8")
            wait_until(lambda: any(entry["kind"] == "zone" for entry in entries(server)), 10, "the edit")
            text = "\n".join(why_at(server, then)["differences"])
            self.assertIn(f"one.example. had serial {serial} then", text)
            self.assertNotIn("no server ran then", text)
            self.assertIn("no server ran then", "\n".join(why_at(server, "2001-01-01T00:00:00Z")["differences"]))

    def test_a_time_that_is_none_or_to_come_is_an_error(self):
        with HandServer() as server:
            for text, said in (("2026-12-01T03:00:00", "with an offset"), ("2999-01-01T00:00:00Z", "in the future")):
                result = server.ask("why", "www.one.example", "--client", GERMAN, "--at", text)
                self.assertEqual(result.returncode, 2)
                self.assertIn(said, result.stderr)


class Health(unittest.TestCase):
    def test_why_knows_which_addresses_were_down(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            time.sleep(1.1)
            server.set(503, *FRANKFURT)
            server.wait_for(VIRGINIA)
            wait_until(lambda: any(entry["kind"] == "region" for entry in entries(server)), 5, "the region")
            down = [entry for entry in entries(server) if entry["kind"] == "region"][-1]["at"]
            server.set(200, *FRANKFURT)
            server.wait_for(FRANKFURT)
            server.stop()
            answer = [line.split()[-1] for line in why_at(server, moment(down), "www.beigel.example")["answer"]]
            self.assertEqual(answer, VIRGINIA)

    def test_it_has_addresses_and_regions_with_their_reasons(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.set(503, *FRANKFURT)
            server.wait_for(VIRGINIA)
            wait_until(lambda: any(entry["kind"] == "region" for entry in entries(server)), 5, "the region")
            found = entries(server, "--region", "frankfurt")
            self.assertEqual({entry["subject"] for entry in found if entry["kind"] == "target"}, set(FRANKFURT))
            region = [entry for entry in found if entry["kind"] == "region"][-1]
            self.assertEqual((region["subject"], region["detail"]), ("frankfurt", "IPv4"))
            self.assertIn("503", region["cause"])

    def test_an_alarm_is_a_problem_a_warning_and_a_line_until_it_ends(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.set(503, *FRANKFURT, *VIRGINIA)
            alarms = wait_until(lambda: [entry for entry in entries(server) if entry["kind"] == "alarm"],
                                10, "the alarm")
            self.assertEqual([(alarm["subject"], alarm["state"], alarm["detail"]) for alarm in alarms],
                             [("nearest over IPv4", "on", "as-if-up")])
            said = "no region is up; they answer as if they were"
            self.assertIn(f"nearest over IPv4: {said}", server.ask("journal").stdout)
            self.assertRegex(server.log(), rf"warning.*{said}")
            self.assertRegex(server.ask("status").stdout, rf"PROBLEM +nearest over IPv4 .*{said}")
            server.set(200, *FRANKFURT, *VIRGINIA)
            wait_until(lambda: f"nearest over IPv4, ended: {said}" in server.ask("journal").stdout, 10,
                       "its end")
            self.assertIn(f"ended: {said}", server.log())


if __name__ == "__main__":
    unittest.main()
