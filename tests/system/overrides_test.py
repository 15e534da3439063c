"""Drains, forces and releases regions of a running server, and watches with dig where clients are sent.

SPDX-License-Identifier: Apache-2.0

Regions have addresses of the loopback network; where they are checked, web servers of the test's own.
"""
import json
import signal
import stat
import time
import unittest

from control_process import ControlServer
from health_test import FRANKFURT, GERMAN, VIRGINIA, HealthServer
from meridian_process import remove_whole, wait_until

WORLD = """
[regions.frankfurt]
at        = "FRA"
addresses = ["192.0.2.10", "2001:db8:1::10"]
[regions.virginia]
at        = "IAD"
addresses = ["192.0.2.20", "2001:db8:2::10"]
"""
ZONE = """
zone        = "{name}"
nameservers = ["ns1"]
use         = ["{library}"]
[services.api]
addresses.frankfurt = ["192.0.2.11", "192.0.2.12"]
addresses.virginia  = ["192.0.2.21"]
[records]
www.steer = "nearest"
api.steer = "api"
ns1.a     = "192.0.2.53"
"""
FAR = ["192.0.2.20"]
NEAR = ["192.0.2.10"]


class HandServer(ControlServer):
    """A server of two zones without checks, each with a library; both call their regions alike."""

    def __init__(self):
        super().__init__(zones=[], watch=True)
        for name in ("one", "two"):
            library = self.library(name)
            library.parent.mkdir(exist_ok=True)
            library.write_text(WORLD, encoding="utf-8")
            zone = self.zone_folder / f"{name}.example.toml"
            zone.write_text(ZONE.format(name=f"{name}.example", library=f"shared/{name}-world.toml"), encoding="utf-8")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def start_again(self):
        self.log_file.unlink()  # its line "serving" is awaited
        self.start()

    def library(self, name):
        return self.zone_folder / "shared" / f"{name}-world.toml"

    def by_hand(self, *arguments, status=0):
        result = self.ask(*arguments)
        if result.returncode != status:
            raise AssertionError(f"{result.returncode}: {result.stdout}{result.stderr}")
        return result.stdout + result.stderr

    def answer(self, name="www.one.example", record_type="A"):
        return self.addresses(name, GERMAN, record_type)


class Drains(unittest.TestCase):
    def test_a_drain_moves_clients_at_once_and_a_release_brings_them_back(self):
        with HandServer() as server:
            self.assertEqual(server.answer(), NEAR)
            text = server.by_hand("drain", "frankfurt", "--reason", "new switches")
            self.assertEqual(server.answer(), FAR)
            self.assertEqual(server.answer("api.two.example"), ["192.0.2.21"])
            self.assertIn("frankfurt is drained until it is released, by ", text)
            self.assertIn(": new switches\n", text)
            for name in ("one", "two"):
                self.assertRegex(text, rf"  frankfurt \(.*/{name}-world.toml\), in (api, nearest|nearest, api): "
                                       r"was up, is drained\n")
            self.assertIn("this server only", text)
            status = server.ask("status")
            self.assertEqual(status.returncode, 0, status.stdout)
            self.assertRegex(status.stdout, r"by hand +TARGET .*\n +frankfurt +drained +until it is released .*new switches")
            self.assertIn("drain begins", server.log())
            why = server.ask("why", "www.one.example", "--client", GERMAN, "--server").stdout
            self.assertRegex(why, r"frankfurt .*is drained \(by .*: new switches\)")
            text = server.by_hand("release", "frankfurt")
            self.assertIn("released: frankfurt is drained", text)
            self.assertEqual(server.answer(), NEAR)
            self.assertIn("drain ends", server.log())

    def test_a_drain_survives_a_kill_and_a_release_does_too(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt")
            for command, expected in ((None, FAR), ("release", NEAR)):
                if command:
                    server.by_hand(command, "frankfurt")
                server.kill()
                server.start_again()
                self.assertEqual(server.answer(), expected)

    def test_a_drain_ends_by_itself_and_says_so(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt", "--for", "2s")
            self.assertEqual(server.answer(), FAR)
            wait_until(lambda: server.answer() == NEAR, 10, "the end of the drain")
            wait_until(lambda: "its time is over" in server.log(), 5, "a line in the log")
            self.assertEqual(server.status()["health"]["overrides"], [])

    def test_a_drain_whose_time_is_over_before_the_start_is_over(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt", "--for", "1s")
            server.kill()
            time.sleep(1.1)
            server.start_again()
            wait_until(lambda: server.answer() == NEAR, 5, "the end of the drain")

    def test_damaged_overrides_cost_an_error_and_no_start(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt")
            server.stop()
            path = server.folder / "state" / "overrides"
            path.write_text(path.read_text(encoding="utf-8").replace("frankfurt", "frankfrut"),
                            encoding="utf-8")
            server.start_again()
            self.assertEqual(server.answer(), NEAR)
            self.assertIn("so no more", server.log())
            status = server.ask("status")
            self.assertEqual(status.returncode, 1)
            self.assertRegex(status.stdout, r"PROBLEM +what was set by hand before the start is lost; set it again\n"
                                            r" +cannot use \S+/state/overrides: ")
            server.by_hand("drain", "frankfurt")
            self.assertEqual(server.ask("status").returncode, 0)

    def test_the_state_directory_comes_back_with_all_that_is_set(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt")
            remove_whole(server.folder / "state")
            saved = server.folder / "state" / "overrides"
            wait_until(lambda: saved.exists() and "frankfurt" in saved.read_text(encoding="utf-8"), 20, "the overrides")
            server.kill()
            server.start_again()
            self.assertEqual(server.answer(), FAR)

    def test_what_could_not_be_saved_is_tried_again_by_itself(self):
        with HandServer() as server:
            in_the_way = server.folder / "state" / "overrides"
            (in_the_way / "x").mkdir(parents=True)
            self.assertIn("the next start will not know of it", server.by_hand("drain", "frankfurt", status=1))
            self.assertIn("what is set by hand is not saved", server.ask("status").stdout)
            (in_the_way / "x").rmdir()
            in_the_way.rmdir()
            wait_until(lambda: server.ask("status").returncode == 0, 15, "no problem")
            self.assertIn("frankfurt", in_the_way.read_text(encoding="utf-8"))

    def test_a_problem_of_verdicts_goes_with_the_next_that_are_saved(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            in_the_way = server.folder / "state" / "verdicts"
            in_the_way.unlink(missing_ok=True)
            (in_the_way / "x").mkdir(parents=True)
            server.set(503, *FRANKFURT)
            wait_until(lambda: "verdicts" in server.ask("status").stdout, 10, "a problem")
            (in_the_way / "x").rmdir()
            in_the_way.rmdir()
            wait_until(in_the_way.is_file, 15, "the verdicts")
            wait_until(lambda: "verdicts" not in server.ask("status").stdout, 5, "its end")

    def test_the_reply_names_the_other_nameservers(self):
        with HandServer() as server:
            text = server.by_hand("drain", "frankfurt")
            self.assertTrue(text.endswith("this server only; the zone's nameservers: ns1.one.example., "
                                          "ns1.two.example.\n"), text)
            zone = server.zone_folder / "one.example.toml"
            both = zone.read_text(encoding="utf-8").replace('["ns1"]', '["ns1", "ns2", "ns.example.net."]').replace(
                'ns1.a     = "192.0.2.53"', 'ns1.a = "127.0.0.1"\nns2.a = "192.0.2.53"')
            before = server.status()["generation"]
            zone.write_text(both, encoding="utf-8")
            wait_until(lambda: server.status()["generation"] > before, 10, "the edit")
            text = server.by_hand("release", "frankfurt", "--zone", "one.example", status=1)
            text = server.by_hand("release", "frankfurt")
            self.assertIn("this server only; the zone's other nameservers: ", text)
            for name in ("ns.example.net.", "ns1.two.example.", "ns2.one.example."):
                self.assertIn(name, text)
            self.assertNotIn("ns1.one.example.", text)

    def test_a_reason_has_a_bound(self):
        with HandServer() as server:
            refused = server.by_hand("drain", "frankfurt", "--reason", "x" * 501, status=2)
            self.assertIn("--reason: expected at most 500 octets, not 501", refused)
            server.by_hand("drain", "frankfurt", "--reason", "x" * 500)

    def test_a_service_or_an_address_alone(self):
        with HandServer() as server:
            server.by_hand("drain", "frankfurt/api")
            self.assertEqual(server.answer(), NEAR)
            self.assertEqual(server.answer("api.one.example"), ["192.0.2.21"])
            server.by_hand("release", "frankfurt")
            server.by_hand("drain", "frankfurt/api/192.0.2.11")
            self.assertEqual(server.answer("api.one.example"), ["192.0.2.12"])

    def test_of_two_libraries_with_one_name_a_file_is_chosen(self):
        with HandServer() as server:
            server.by_hand("drain", "one-world.toml:frankfurt")
            self.assertEqual(server.answer("www.one.example"), FAR)
            self.assertEqual(server.answer("www.two.example"), NEAR)

    def test_a_zone_narrows_a_drain_to_the_file_that_has_its_regions(self):
        with HandServer() as server:
            text = server.by_hand("drain", "frankfurt", "--zone", "one.example")
            self.assertRegex(text, r"\S+one-world.toml:frankfurt is drained")
            self.assertEqual(server.answer("www.one.example"), FAR)
            self.assertEqual(server.answer("www.two.example"), NEAR)
            self.assertIn("no zone is called", server.by_hand("drain", "frankfurt", "--zone", "x.example", status=1))
            self.assertIn("has nothing that is paris",
                          server.by_hand("drain", "paris", "--zone", "one.example", status=1))
            server.by_hand("release", "frankfurt", "--zone", "one.example.")
            self.assertEqual(server.answer("www.one.example"), NEAR)

    def test_the_last_region_is_refused_unless_forced(self):
        with HandServer() as server:
            server.by_hand("drain", "virginia")
            text = server.by_hand("drain", "frankfurt/api", status=1)
            self.assertIn("no region would be up any more of api (IPv4)", text)
            self.assertEqual(server.answer("api.one.example"), ["192.0.2.11", "192.0.2.12"])
            server.by_hand("drain", "frankfurt/api", "--force")
            self.assertEqual(server.answer("api.one.example"), ["192.0.2.11", "192.0.2.12"])

    def test_globs_also_hold_for_what_comes_later(self):
        with HandServer() as server:
            server.by_hand("drain", "frank*")
            library = server.library("one")
            library.write_text(WORLD + '[regions.frankenthal]\nat = "FRA"\naddresses = '
                               '["192.0.2.30", "2001:db8:3::10"]\n', encoding="utf-8")
            wait_until(lambda: "frankenthal" in server.ask("status").stdout, 10, "the new region")
            self.assertEqual(server.answer(), FAR)

    def test_what_matches_nothing_is_named_with_the_nearest_spelling(self):
        with HandServer() as server:
            self.assertIn('did you mean "frankfurt"?', server.by_hand("drain", "frankfrut", status=1))
            self.assertIn("nothing is set by hand", server.by_hand("release", "frankfurt", status=1))
            self.assertIn("is no target", server.by_hand("drain", "a/b/192.0.2.1/d", status=2))
            self.assertIn("--for", server.by_hand("drain", "frankfurt", "--for", "soon", status=2))
            self.assertEqual(server.by_hand("force", "frankfurt", "down", status=2)[:5], "--for")

    def test_one_that_matches_nothing_any_more_is_said_first(self):
        with HandServer() as server:
            server.by_hand("drain", "one-world.toml:frankfurt")
            library = server.library("one")
            library.write_text(WORLD.replace("regions.frankfurt", "regions.fra"), encoding="utf-8")
            zone = server.zone_folder / "one.example.toml"
            zone.write_text(zone.read_text(encoding="utf-8").replace("addresses.frankfurt", "addresses.fra"),
                            encoding="utf-8")
            wait_until(lambda: server.ask("status").returncode == 1, 10, "a problem")
            self.assertTrue(server.ask("status").stdout.startswith(
                "PROBLEM    one-world.toml:frankfurt is drained, but nothing that is served is called so\n"))

    def test_a_dry_run_changes_nothing(self):
        with HandServer() as server:
            text = server.by_hand("drain", "frankfurt", "--dry-run")
            self.assertIn("nothing is changed; it would be so:\n", text)
            self.assertIn("is up, would be drained", text)
            for zone in ("one", "two"):
                self.assertRegex(text, rf"of the IPv4 space, in nearest of {zone}.example.: frankfurt [\d.]+ % would be "
                                       r"0\.0 %, virginia [\d.]+ % would be 100\.0 %")
            self.assertEqual(server.answer(), NEAR)
            self.assertFalse((server.folder / "state" / "overrides").exists())

    def test_a_dry_run_names_what_goes_along_and_says_what_it_does_not_count(self):
        with HandServer() as server:
            services = "".join(f'[services.s{i}]\naddresses.frankfurt = ["192.0.2.10{i}"]\n'
                               f'addresses.virginia = ["192.0.2.20{i}"]\n' for i in range(6))
            zone = ZONE.format(name="one.example", library="shared/one-world.toml").replace(
                "[records]\n", services + '[services.s9]\ndepends = "s0"\naddresses.frankfurt = ["192.0.2.109"]\n'
                'addresses.virginia = ["192.0.2.209"]\n[records]\n' +
                "".join(f's{i}.steer = "s{i}"\n' for i in (0, 1, 2, 3, 4, 5, 9)))
            before = server.status()["generation"]
            (server.zone_folder / "one.example.toml").write_text(zone, encoding="utf-8")
            wait_until(lambda: server.status()["generation"] > before, 10, "the edit")
            text = server.by_hand("drain", "frankfurt/s0", "--dry-run")
            self.assertIn("  since they depend on it, these would turn: s9 in frankfurt (drained)\n", text)
            self.assertNotIn("not counted", text)
            text = server.by_hand("drain", "frankfurt/s*", "--dry-run")
            self.assertIn("  the shares of 3 more services are not counted here\n", text)

    def test_a_drain_in_a_file_is_released_there(self):
        with HandServer() as server:
            library = server.library("one")
            library.write_text(WORLD.replace('at        = "FRA"', 'at        = "FRA"\nstate = "drained"'),
                               encoding="utf-8")
            wait_until(lambda: server.answer() == FAR, 10, "the drain of the file")
            self.assertEqual(server.ask("status").returncode, 0)
            text = server.by_hand("release", "frankfurt", status=1)
            self.assertIn(f"frankfurt is drained in {library}:4; change `state` there", text)
            why = server.ask("why", "www.one.example", "--client", GERMAN).stdout
            self.assertRegex(why, "frankfurt .*is drained")

    def test_scripts_get_json(self):
        with HandServer() as server:
            reply = json.loads(server.by_hand("drain", "frankfurt", "--for", "1h", "--json"))
            self.assertEqual(reply["result"], "done")
            self.assertEqual(reply["begun"]["until"] - reply["begun"]["since"], 3600)
            self.assertEqual(len(reply["regions"]), 2)
            entry = server.status()["health"]["overrides"][0]
            self.assertEqual((entry["target"], entry["kind"]), ("frankfurt", "drain"))


class FileServer(HandServer):
    """The same with a file of overrides."""

    def __init__(self, text=""):
        super().__init__()
        self.overrides = self.folder / "overrides.toml"
        self.overrides.write_text(text, encoding="utf-8")
        config = self.config.read_text(encoding="utf-8")
        self.config.write_text(config.replace("[server]\n", '[server]\noverrides = "overrides.toml"\n'), encoding="utf-8")

    def write(self, text):
        other = self.folder / "next.toml"
        other.write_text(text, encoding="utf-8")
        other.rename(self.overrides)


class Files(unittest.TestCase):
    def test_a_file_drains_before_the_first_answer_and_its_next_version_holds_by_itself(self):
        with FileServer('[[drain]]\ntarget = "frankfurt"\nreason = "switches"\nauthor = "alice"\n') as server:
            self.assertEqual(server.answer(), FAR)
            status = server.ask("status").stdout
            self.assertRegex(status, r"frankfurt +drained +until it is released +alice in \S+overrides.toml:1 +switches")
            why = server.ask("why", "www.one.example", "--client", GERMAN, "--server").stdout
            self.assertRegex(why, r"frankfurt .*is drained \(by alice in \S+overrides.toml: switches\)")
            self.assertFalse((server.folder / "state" / "overrides").exists())
            server.write("# nothing\n")
            wait_until(lambda: server.answer() == NEAR, 10, "the end of the drain")
            self.assertIn("drain ends", server.log())

    def test_a_bad_file_changes_nothing_and_is_a_problem(self):
        with FileServer('[[drain]]\ntarget = "frankfurt"\n') as server:
            server.write('[[drain]]\ntarget = "frankfurt"\nuntil = 2026-12-01\n')
            wait_until(lambda: server.ask("status").returncode == 1, 10, "a problem")
            status = server.ask("status").stdout
            self.assertIn("the file of overrides has an error; what it said before holds", status)
            self.assertIn("overrides.toml:3:9", status)
            self.assertEqual(server.answer(), FAR)
            self.assertIn("overrides.toml:3:9", server.by_hand("check", status=1))
            server.write('[[drain]]\ntarget = "virginia"\n')
            wait_until(lambda: server.answer() == NEAR, 10, "the other drain")
            self.assertEqual(server.ask("status").returncode, 0)

    def test_a_file_that_is_bad_at_the_start_is_a_problem(self):
        with FileServer('[[drain]]\ntarget = "frankfurt"\nx\n') as server:
            status = server.ask("status")
            self.assertEqual(status.returncode, 1)
            self.assertIn("overrides.toml:3", status.stdout)
            self.assertIn("what it said before is not known: nothing of it holds", status.stdout)

    def test_with_an_error_at_a_start_the_last_good_one_holds(self):
        with FileServer('[[drain]]\ntarget = "frankfurt"\n') as server:
            copy = server.folder / "state" / "overrides-file"
            self.assertEqual(stat.S_IMODE(copy.stat().st_mode), 0o600)
            for text in ("rubbish\n", "", None):
                server.kill()
                if text is None:
                    server.overrides.unlink()
                else:
                    server.write(text)
                server.start_again()
                self.assertEqual(server.answer(), FAR)
                status = server.ask("status")
                self.assertEqual(status.returncode, 1)
                self.assertIn("the file of overrides has an error; what it said before holds", status.stdout)
            server.write("# none\n")
            wait_until(lambda: server.answer() == NEAR, 10, "the end of the drain")
            wait_until(lambda: server.ask("status").returncode == 0, 5, "no problem")
            remove_whole(server.folder / "state")
            wait_until(copy.exists, 20, "the copy")

    def test_one_that_becomes_empty_ends_nothing(self):
        with FileServer('[[drain]]\ntarget = "frankfurt"\n') as server:
            server.write("")
            wait_until(lambda: server.ask("status").returncode == 1, 10, "a problem")
            self.assertIn("the file has become empty, and held 1 override before", server.ask("status").stdout)
            self.assertEqual(server.answer(), FAR)

    def test_what_narrows_to_a_zone_is_not_printed_without_it(self):
        with FileServer() as server:
            refused = server.ask("drain", "frankfurt", "--zone", "one.example", "--print")
            self.assertEqual(refused.returncode, 2)
            self.assertNotIn("[[drain]]", refused.stdout)
            self.assertIn("FILE:REGION", refused.stderr)

    def test_a_release_names_the_line(self):
        with FileServer('\n[[drain]]\ntarget = "frankfurt"\n') as server:
            text = server.by_hand("release", "frankfurt", status=1)
            self.assertRegex(text, r"  frankfurt is drained in \S+overrides.toml:2; take it out there")
            self.assertIn('what is set for "frankfurt" stands in a file, and ends there', text)
            self.assertNotIn("did you mean", text)
            self.assertEqual(server.answer(), FAR)

    def test_what_is_printed_can_be_put_into_the_file(self):
        with FileServer() as server:
            stanza = server.by_hand("drain", "frankfurt", "--for", "1h", "--reason", "new", "--print")
            self.assertEqual(server.answer(), NEAR)
            server.write(stanza)
            wait_until(lambda: server.answer() == FAR, 10, "the drain")
            entry = server.status()["health"]["overrides"][0]
            self.assertAlmostEqual(entry["until"] - entry["since"], 3600, delta=30)

    def test_an_end_in_the_file_ends_it(self):
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 4))
        with FileServer(f'[[drain]]\ntarget = "frankfurt"\nuntil = {end}\n') as server:
            self.assertEqual(server.answer(), FAR)
            wait_until(lambda: server.answer() == NEAR, 10, "its end")


class Forces(unittest.TestCase):
    def test_what_fails_its_checks_is_forced_up_for_a_time(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.set(503, *FRANKFURT)
            server.wait_for(VIRGINIA)
            self.assertEqual(server.ask("force", "frankfurt", "up", "--for", "4s").returncode, 0)
            self.assertEqual(server.answer(), FRANKFURT)
            server.wait_for(VIRGINIA)

    def test_what_passes_is_forced_down_and_comes_back(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            self.assertEqual(server.ask("force", "frankfurt", "down", "--for", "1h").returncode, 0)
            self.assertEqual(server.answer(), VIRGINIA)
            self.assertEqual(server.ask("status").returncode, 0)
            self.assertEqual(server.ask("release", "frankfurt").returncode, 0)
            server.wait_for(FRANKFURT)

    def test_a_drained_region_answers_while_no_other_is_up(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            self.assertEqual(server.ask("drain", "frankfurt").returncode, 0)
            self.assertEqual(server.answer(), VIRGINIA)
            server.set(503, *VIRGINIA)
            server.wait_for(FRANKFURT)
            self.assertEqual(server.ask("force", "frankfurt", "down", "--for", "1h").returncode, 0)
            server.wait_for(VIRGINIA)


if __name__ == "__main__":
    unittest.main()
