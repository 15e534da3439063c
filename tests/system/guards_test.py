"""Takes things away from the built server, by accident and on purpose, while it runs and before.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

from meridian_process import SCENARIOS, WORLDS, Server, meridian, wait_until

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
GERMANY = "198.51.100.0/24"


def zone_text(name, address):
    return (f'zone = "{name}"\nnameservers = ["ns1.example.net.", "ns2.example.net."]\n'
            f'[records]\nwww.a = "{address}"\n')


class Guarded(unittest.TestCase):
    def setUp(self):
        self.server = Server(zones=[BEIGEL], watch=True)
        self.addCleanup(self.server.__exit__)
        for number in range(9):
            self.file(number).write_text(zone_text(f"z{number}.example", f"192.0.2.{number}"),
                                         encoding="utf-8")

    def file(self, number):
        return self.server.zone_folder / f"z{number}.toml"

    def live(self):
        return [number for number in range(9)
                if self.server.addresses(f"www.z{number}.example", None) == [f"192.0.2.{number}"]]

    def wait_for_log(self, text):
        wait_until(lambda: text in self.server.log(), 20, f"{text} in {self.server.log()}")

    def wait_until_saved(self, zones=10):
        index = self.server.folder / "state" / "last-good"
        wait_until(lambda: index.exists() and
                   index.read_text(encoding="utf-8").count("\nzone ") == zones, 20, "the index")

    def force(self):
        result = meridian("reload", "--force", "-c", self.server.config)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def status(self):
        return json.loads(meridian("status", "--json", "-c", self.server.config).stdout)


class WhileItRuns(Guarded):
    def test_some_zones_may_go_and_many_may_not(self):
        with self.server as server:
            for number in (0, 1, 2):
                self.file(number).unlink()
            wait_until(lambda: self.live() == list(range(3, 9)), 20, server.log())
            for number in (3, 4, 5):
                self.file(number).unlink()
            self.wait_for_log("3 of 7 zones would be gone (z3.example., z4.example., z5.example.)")
            self.wait_for_log('held="z3.toml z4.toml z5.toml"')
            self.assertEqual(self.live(), list(range(3, 9)))
            self.assertIn("3 of 7 zones would be gone", self.status()["held"])
            again = meridian("reload", "--json", "-c", server.config)
            self.assertEqual((again.returncode, json.loads(again.stdout)["result"]), (1, "held"))
            self.force()
            self.assertEqual(self.live(), [6, 7, 8])
            self.assertIsNone(self.status()["held"])

    def test_a_signal_forces_it_too(self):
        with self.server as server:
            for number in range(5):
                self.file(number).unlink()
            self.wait_for_log("5 of 10 zones would be gone")
            server.process.send_signal(signal.SIGUSR2)
            wait_until(lambda: self.live() == list(range(5, 9)), 20, server.log())

    def test_the_directory_may_not(self):
        with self.server as server:
            server.zone_folder.rename(server.folder / "away")
            self.wait_for_log("cannot read the zones directory")
            self.assertEqual(self.live(), list(range(9)))

    def assert_all_tell(self, reason, way_out, zone):
        """`reload`, `status`, `status NAME`, their JSON and the log give one reason, and give it once.

        The way out is --force or nothing, and no other reason stands beside it.
        """
        reload = meridian("reload", "-c", self.server.config)
        self.assertEqual(reload.returncode, 1, reload.stdout)
        reported = [self.server.log(), reload.stdout + reload.stderr]
        for arguments in ((), (zone,)):
            status = meridian("status", *arguments, "-c", self.server.config)
            self.assertEqual(status.returncode, 1, status.stdout)
            self.assertEqual(status.stdout.count(reason), 1, status.stdout)
            self.assertEqual(status.stdout.count("  PROBLEM"),
                             1 if arguments else len(self.held()), status.stdout)
            reported.append(status.stdout)
            entries = json.loads(meridian("status", "--json", *arguments, "-c",
                                          self.server.config).stdout)
            entry = next(entry for entry in entries["zones"] if entry["name"] == f"{zone}.")
            self.assertEqual(entry["from"], "last-good")
            self.assertIn(reason, entry["error"])
        for text in reported:
            self.assertIn(reason, text)
            self.assertEqual("--force" in text, way_out, text)
            self.assertNotIn("meridian check", text)

    def held(self):
        return [zone["name"] for zone in self.status()["zones"] if zone["from"] == "last-good"]

    def test_what_is_held_is_told_alike_everywhere(self):
        with self.server as server:
            for number in range(4):
                self.file(number).unlink()
            self.wait_for_log('held="z0.toml z1.toml z2.toml z3.toml"')
            self.assert_all_tell("4 of 10 zones would be gone", True, "z3.example")
            self.assertEqual(len(self.held()), 4)
            sound = meridian("status", "z8.example", "-c", server.config)
            self.assertEqual(sound.returncode, 0, sound.stdout)
            self.assertNotIn("PROBLEM", sound.stdout)
            self.force()
            self.file(4).write_text(self.file(4).read_text(encoding="utf-8").split("[records]")[0],
                                    encoding="utf-8")
            self.wait_for_log("held=z4.toml")
            self.assert_all_tell("all records of z4.example. would be gone", True, "z4.example")

    def assert_an_empty_directory_is_held(self):
        reason = "describe a zone, so that all 10 zones would be gone"
        self.assert_all_tell(reason, True, "z3.example")
        self.assertEqual(len(self.held()), 10)
        self.assertEqual(json.loads(meridian("reload", "--json", "-c", self.server.config)
                                    .stdout)["result"], "held")

    def test_an_empty_directory_is_held_as_other_losses_are(self):
        with self.server as server:
            self.wait_until_saved()
            for path in server.zone_folder.glob("*.toml"):
                path.unlink()
            self.wait_for_log('held="beigel.toml z0.toml')
            self.assert_an_empty_directory_is_held()
            server.stop()
            server.log_file.unlink()
            server.start()
            self.assert_an_empty_directory_is_held()
            (server.zone_folder / "library.toml").write_text("[ttl]\nstatic = 60\n",
                                                             encoding="utf-8")
            self.assert_an_empty_directory_is_held()
            self.force()
            self.assertEqual(self.live(), [])

    def test_a_directory_that_is_gone_is_told_alike_everywhere(self):
        with self.server as server:
            self.wait_until_saved()
            server.zone_folder.rename(server.folder / "away")
            self.wait_for_log("cannot read the zones directory")
            self.assert_all_tell("No such file or directory", False, "z3.example")
            self.assertEqual(len(self.held()), 10)
            server.stop()
            server.log_file.unlink()
            server.start()
            self.assert_all_tell("No such file or directory", False, "z3.example")

    def test_a_zone_that_is_gone_while_no_file_is_sound_is_told_why(self):
        with self.server as server:
            for path in server.zone_folder.glob("*.toml"):
                path.unlink()
            (server.zone_folder / "new.toml").write_text("zone = \n", encoding="utf-8")
            self.wait_for_log("new.toml:1:8: ")
            self.assert_all_tell("no zone file here is without an error", False, "z3.example")

    def assert_nothing_is_forced(self, reason):
        """What cannot be read is an error, and no error is forced."""
        for arguments in (("reload", "--force"), ("reload", "--force", "--json")):
            result = meridian(*arguments, "-c", self.server.config)
            self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn(reason, result.stdout)
        self.server.process.send_signal(signal.SIGUSR2)
        check = meridian("check", "-c", self.server.config)
        self.assertEqual(check.returncode, 1)
        self.assertIn(reason, check.stderr)
        self.assertNotIn("--force", check.stderr + check.stdout)
        self.assertEqual(self.live(), list(range(9)))
        index = (self.server.folder / "state" / "last-good").read_text(encoding="utf-8")
        self.assertEqual(index.count("\nzone "), 10)
        self.server.stop()
        self.server.log_file.unlink()
        self.server.start()
        self.assertEqual(self.live(), list(range(9)))
        self.assertIn(reason, self.server.log())
        self.assertNotIn("--force", self.server.log())

    def test_a_directory_that_cannot_be_read_is_never_forced(self):
        with self.server as server:
            wait_until((server.folder / "state" / "last-good").exists, 20)
            text = server.config.read_text(encoding="utf-8")
            server.config.write_text(text.replace('"zones"', '"zonse"'), encoding="utf-8")
            self.assert_nothing_is_forced("cannot read the zones directory")
            self.assertIn("zonse: No such file or directory", server.log())
            (server.folder / "zonse").write_text("no directory\n", encoding="utf-8")
            self.assert_nothing_is_forced("Not a directory")

    def test_a_directory_of_somebody_else_is_never_forced(self):
        if os.geteuid() != 0:
            self.skipTest("only root reads what others may not")
        self.server.prefix = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
        with self.server as server:
            wait_until((server.folder / "state" / "last-good").exists, 20)
            for mode in (0o000, 0o300, 0o400):  # not even to its owner; listed by no user; no file opens
                server.zone_folder.chmod(mode)
                result = meridian("reload", "--force", "-c", server.config)
                self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
                self.assertIn("Permission denied", result.stderr)
                self.assertEqual(self.live(), list(range(9)))
                server.stop()
                server.log_file.unlink()
                server.start()
                self.assertEqual(self.live(), list(range(9)))
                self.assertNotIn("--force", server.log())
            server.zone_folder.chmod(0o755)

    def test_files_that_cannot_be_read_are_never_forced(self):
        with self.server as server:
            wait_until((server.folder / "state" / "last-good").exists, 20)
            for number in range(9):
                self.file(number).unlink()
                self.file(number).symlink_to("nowhere")
            self.assert_nothing_is_forced("cannot read")

    def test_all_records_or_regions_of_a_zone_may_not(self):
        with self.server as server:
            self.file(0).write_text(self.file(0).read_text(encoding="utf-8").split("[records]")[0],
                                    encoding="utf-8")
            self.wait_for_log("z0.toml: all records of z0.example. would be gone")
            self.assertEqual(self.live(), list(range(9)))
            self.force()
            self.assertEqual(self.live(), list(range(1, 9)))

    def test_a_database_that_broke_off_may_not(self):
        with self.server as server:
            beside = server.folder / "next.mmdb"
            shutil.copy(WORLDS / "tiny.mmdb", beside)
            os.replace(beside, server.database)
            self.wait_for_log("world.mmdb: it has 2 IPv4 networks, the one that is served")
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])
            self.force()
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["203.0.113.10"])


    def replace_world(self, change):
        """Writes the world of the scenarios anew, each line as `change` gives it, or without it."""
        text = (SCENARIOS / "worlds" / "small.txt").read_text(encoding="utf-8")
        lines = [change(line) for line in text.splitlines() if line and not line.startswith("#")]
        source, beside = self.server.folder / "next.txt", self.server.folder / "next.mmdb"
        source.write_text("".join(f"{line}\n" for line in lines if line), encoding="utf-8")
        subprocess.run([sys.executable, "-B", str(SCENARIOS.parent / "support" / "write_mmdb.py"),
                        str(source), str(beside)], check=True)
        os.replace(beside, self.server.database)

    def test_a_database_without_the_coordinates_or_a_family_may_not(self):
        with self.server as server:
            self.replace_world(lambda line: " ".join(line.split()[:2]))  # Country in place of City
            self.wait_for_log("it has 0 IPv4 networks with coordinates, the one that is served")
            self.wait_for_log("no coordinates) until `meridian reload --force`")
            self.replace_world(lambda line: None if ":" in line else line)
            self.wait_for_log("it has 0 IPv6 networks, the one that is served")
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])
            self.force()
            self.wait_for_log("it has no IPv6 networks, so clients with IPv6 get the default order")
            self.wait_for_log(" became ")


class BetweenStopAndStart(Guarded):
    def setUp(self):
        super().setUp()
        self.server.start()
        self.wait_until_saved(10)

    def restart(self):
        self.server.stop()
        self.server.log_file.unlink()
        self.server.start()

    def test_a_zone_with_an_error_is_as_it_was_served_last(self):
        self.file(0).write_text("zone = \n", encoding="utf-8")
        self.restart()
        self.assertEqual(self.live(), list(range(9)))
        self.assertRegex(self.server.log(), r"error: \S*z0\.toml:1:8: ")
        self.assertIn("the version of this file that was served last is still served", self.server.log())
        zone = next(zone for zone in self.status()["zones"] if zone["name"] == "z0.example.")
        self.assertEqual(zone["from"], "last-good")
        self.assertIn("z0.toml:1:8: error", zone["error"])
        self.assertEqual(meridian("status", "-c", self.server.config).returncode, 1)
        self.assertEqual(meridian("status", "--ready", "-c", self.server.config).returncode, 0)
        check = meridian("check", "-c", self.server.config)
        self.assertEqual(check.returncode, 1)
        self.assertIn("z0.toml:1:8: error", check.stderr)

    def test_zones_and_directory_that_are_gone(self):
        for number in range(5):
            self.file(number).unlink()
        self.restart()
        self.assertEqual(self.live(), list(range(9)))
        self.assertIn("5 of 10 zones would be gone", self.server.log())
        shutil.rmtree(self.server.zone_folder)
        self.restart()
        self.assertEqual(self.live(), list(range(9)))
        self.assertEqual(self.server.addresses("www.beigel.example", GERMANY), ["198.51.100.10"])

    def test_a_database_that_is_bad_or_broke_off(self):
        def asked():
            return self.server.addresses("www.beigel.example", GERMANY)

        wait_until((self.server.folder / "state" / "atlas").exists, 20)
        good = self.server.database.read_bytes()
        for bad in (good[:len(good) // 2], (WORLDS / "tiny.mmdb").read_bytes(), None):
            self.server.database.unlink(missing_ok=True)
            if bad is not None:
                self.server.database.write_bytes(bad)
            self.restart()
            self.assertEqual(asked(), ["198.51.100.10"], self.server.log())
            self.assertIn("error: geo database: ", self.server.log())
            self.assertEqual(meridian("check", "-c", self.server.config).returncode, 1)
            self.assertEqual(self.status()["database"]["from"], "last-good")
        shutil.copy(WORLDS / "tiny.mmdb", self.server.database)
        self.restart()
        self.force()
        self.assertEqual(asked(), ["203.0.113.10"])
        self.restart()
        self.assertEqual(asked(), ["203.0.113.10"])
        self.assertNotIn(" error", self.server.log())

    def test_after_kill_9(self):
        self.server.process.kill()
        self.server.process.wait(10)
        self.server.log_file.unlink()
        self.file(0).write_text("zone = \n", encoding="utf-8")
        self.server.start()
        self.assertEqual(self.live(), list(range(9)))


class StateDirectory(Guarded):
    def assert_the_state_is_a_problem(self, reason, exit_code):
        """As `reload`, `status` and the exit status of both say."""
        for command in ("reload", "status"):
            result = meridian(command, "-c", self.server.config)
            said = result.stdout + result.stderr
            self.assertEqual(result.returncode, exit_code, said)
            self.assertIn(reason, said)
            self.assertEqual("for the next start" in said, exit_code == 1, said)

    def test_that_takes_no_file_is_a_problem_until_it_does(self):
        """It can be read, and what is wrong appears while the server runs."""
        with self.server as server:
            self.wait_until_saved()
            self.assert_the_state_is_a_problem("", 0)
            index = server.folder / "state" / "last-good"
            index.unlink()
            index.mkdir()
            self.file(0).write_text(zone_text("z0.example", "192.0.2.77"), encoding="utf-8")
            wait_until(lambda: server.addresses("www.z0.example", None) == ["192.0.2.77"], 20)
            # What is served is saved after it is live.
            wait_until(lambda: meridian("status", "-c", server.config).returncode == 1, 20)
            self.assert_the_state_is_a_problem(f"cannot write {index}: Is a directory", 1)
            self.assert_the_state_is_a_problem(f"cannot write {index}: Is a directory", 1)
            self.assertEqual(server.log().count(f"cannot write {index}"), 1, "it is logged once")
            index.rmdir()
            self.assert_the_state_is_a_problem("", 0)
            self.assertTrue(index.is_file())

    def test_whose_lock_is_something_else_is_a_problem_until_it_is_removed(self):
        with self.server as server:
            self.wait_until_saved()
            lock = server.folder / "state" / "meridian.lock"
            for make in (lambda path: path.symlink_to("missing"), os.mkfifo, os.mkdir):
                lock.unlink()
                make(lock)
                self.assert_the_state_is_a_problem("state: meridian.lock in it is ", 1)
                if lock.is_dir():
                    lock.rmdir()
                else:
                    lock.unlink()
                self.assert_the_state_is_a_problem("", 0)
                self.assertTrue(lock.is_file())

    def test_that_is_full_costs_a_warning(self):
        state = self.server.folder / "state"
        state.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", state],
                                 check=False, capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("mounting takes root")
        try:
            (state / "ballast").write_bytes(b"x" * (56 << 10))
            with self.server as server:
                self.wait_for_log("No space left on device")
                self.assertEqual(self.live(), list(range(9)))
                self.assert_the_state_is_a_problem("No space left on device", 1)
                self.file(0).write_text(zone_text("z0.example", "192.0.2.77"), encoding="utf-8")
                wait_until(lambda: server.addresses("www.z0.example", None) == ["192.0.2.77"], 20)
        finally:
            subprocess.run(["umount", state], check=True)

    def test_that_is_damaged_costs_a_warning(self):
        self.server.start()
        wait_until((self.server.folder / "state" / "last-good").exists, 20)
        self.server.stop()
        for path in (self.server.folder / "state").rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes()[:-3] + b"???")
        self.server.log_file.unlink()
        self.server.start()
        self.assertIn("last-good: it is damaged", self.server.log())
        self.assertIn("serials: it is damaged", self.server.log())
        self.assertNotIn(" error", self.server.log())
        self.assertEqual(self.live(), list(range(9)))


if __name__ == "__main__":
    unittest.main()
