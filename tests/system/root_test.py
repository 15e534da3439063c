"""Starts the built server as root, and as another user, and looks at what rights are left to it.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import subprocess
import unittest
from pathlib import Path

from meridian_process import SCENARIOS, remove_whole, run, wait_until
from root_process import NOBODY, RootServer

BIND_SERVICE = 1 << 10  # capabilities(7)
RESOURCE = 1 << 24
UNPRIVILEGED_PORTS = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def rights_of(pid):
    """What /proc says of each thread of a process."""
    tasks = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text(encoding="utf-8").splitlines()
        tasks.append(dict(line.split(":\t", 1) for line in lines if ":\t" in line))
    return tasks


@unittest.skipUnless(os.geteuid() == 0, "only root can give up root")
class Root(unittest.TestCase):
    def assert_without_rights(self, server, pid=None):
        for thread in rights_of(pid or server.process.pid):
            self.assertEqual(thread["Uid"].split(), [str(NOBODY.pw_uid)] * 4, thread["Name"])
            self.assertEqual(thread["Gid"].split(), [str(NOBODY.pw_gid)] * 4, thread["Name"])
            for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                self.assertEqual(int(thread[kind], 16), 0, f"{kind} of {thread['Name']}")
            self.assertEqual(thread["NoNewPrivs"], "1", thread["Name"])

    def test_nothing_is_left_of_it_but_the_port(self):
        with RootServer(low=True) as server:
            self.assertIn("status: NOERROR", server.dig("beigel.example", "SOA"))
            self.assert_without_rights(server)
            server.reload()
            self.assert_without_rights(server)
            self.assertEqual(server.stop()[0], 0)

    def test_commands_have_no_more_rights_than_the_server(self):
        server = RootServer()
        server.config.write_text(server.text() + '\n[commands.lag]\nrun = "/bin/true"\n',
                                 encoding="utf-8")
        with server:
            helper = int(run("pgrep", "-P", str(server.process.pid)).stdout)
            self.assert_without_rights(server, helper)
            self.assert_without_rights(server)
            self.assertEqual(server.stop()[0], 0)
            wait_until(lambda: not Path(f"/proc/{helper}").exists(), 5, "the end of the helper")

    def test_is_given_up_before_anything_is_read(self):
        with RootServer() as server:
            server.stop()
            zone = server.zone_folder / "beigel.toml"
            zone.chmod(0o600)
            server.set("state", '"never-used"')
            status, said = server.fail_to_start()
            self.assertEqual(status, 1, said)
            self.assertIn("beigel.toml: Permission denied", said)

    def test_what_the_user_cannot_read_is_told_at_the_start_with_his_name(self):
        shared = SCENARIOS / "zones" / "shared"
        library = sorted(path.name for path in shared.glob("*.toml"))[0]
        for name in ("zones/beigel.toml", "zones", "world.mmdb", f"zones/shared/{library}"):
            with self.subTest(name), RootServer() as server:
                server.stop()
                zone = server.zone_folder / "beigel.toml"
                zone.write_text(f'use = "shared/{library}"\n' + zone.read_text(encoding="utf-8"),
                                encoding="utf-8")
                (server.folder / name).chmod(0)
                server.set("state", '"never-used"')
                status, said = server.fail_to_start()
                self.assertEqual(status, 1, said)
                self.assertIn(f"user nobody cannot read {server.folder / name}, and", said)

    def test_settings_that_the_user_cannot_read_again_are_told_at_the_start(self):
        with RootServer() as server:
            server.stop()
            server.config.chmod(0o600)
            server.log_file.unlink()
            server.start()
            self.assertRegex(server.log(), "error: user nobody cannot read .*/meridian.toml, and")
            status = server.ask("status")
            self.assertEqual(status.returncode, 1, status.stdout)
            self.assertRegex(status.stdout, "(?s)PROBLEM +meridian.toml .*user nobody cannot read .*/meridian.toml")

    def test_what_was_served_is_served_where_the_user_may_read_no_more(self):
        with RootServer() as server:
            wait_until((server.folder / "state" / "last-good").exists)
            server.stop()
            (server.zone_folder / "beigel.toml").chmod(0o600)
            server.log_file.unlink()
            server.start()
            self.assertRegex(server.log(), "error: user nobody cannot read .*/beigel.toml, and")
            self.assertIn("status: NOERROR", server.dig("beigel.example", "SOA"))

    def test_no_link_leads_it_to_what_is_not_its_own(self):
        with RootServer() as server:
            server.stop()
            theirs = server.folder / "theirs"
            theirs.mkdir()
            secret = server.folder / "secret"
            secret.write_text("secret", encoding="utf-8")
            empty = server.folder / "empty"
            empty.mkdir()
            (theirs / "soft").symlink_to(secret)
            (theirs / "hard").hardlink_to(secret)
            (theirs / "state").symlink_to(empty)
            os.chown(theirs, NOBODY.pw_uid, NOBODY.pw_gid)
            for name in ("soft", "hard"):
                server.log_to(theirs / name)
                status, said = server.fail_to_start()
                self.assertEqual(status, 2, said)
                self.assertRegex(said, f"cannot open the log file .*/{name}: .* link")
            server.config.write_text(server.text().replace("theirs/hard", "theirs/log"),
                                     encoding="utf-8")
            server.set("state", f'"{theirs / "state"}"')
            server.launch()
            log = theirs / "log"
            wait_until(lambda: log.exists() and "serving" in log.read_text(encoding="utf-8"))
            self.assertRegex(log.read_text(encoding="utf-8"),
                             "warning: nothing can be saved .*a symbolic link on the way")
            self.assertEqual(log.stat().st_uid, NOBODY.pw_uid)
            self.assertEqual((secret.read_text(encoding="utf-8"), secret.stat().st_uid),
                             ("secret", 0))
            self.assertEqual((list(empty.iterdir()), empty.stat().st_uid), ([], 0))

    def test_the_state_is_the_users_alone(self):
        with RootServer() as server:
            state = server.folder / "state"
            wait_until((state / "last-good").exists)
            folders = [state, *(path for path in state.rglob("*") if path.is_dir())]
            files = [path for path in state.rglob("*") if path.is_file()]
            self.assertGreater(len(files), 2)
            for mode, paths in ((0o750, folders), (0o600, files)):
                for path in paths:
                    status = path.stat()
                    self.assertEqual((status.st_mode & 0o7777, status.st_uid),
                                     (mode, NOBODY.pw_uid), path)

    def test_a_lock_of_somebody_who_may_only_look_into_the_state_holds_nobody_up(self):
        with RootServer() as server:
            server.stop()
            state = server.folder / "state"
            state.chmod(0o755)
            locker = subprocess.Popen(
                ["setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups",
                 "flock", "--exclusive", state, "sh", "-c", "echo locked; cat"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.addCleanup(locker.communicate)
            self.assertEqual(locker.stdout.readline(), b"locked\n")
            server.log_file.unlink()
            server.start()
            self.assertNotIn("nothing can be saved", server.log())
            lock = (state / "meridian.lock").stat()
            self.assertEqual((lock.st_mode & 0o7777, lock.st_uid), (0o600, NOBODY.pw_uid))
            self.assertEqual((state / "control.sock").stat().st_mode & 0o7777, 0o600)
            # A second server with the same state still has a warning.
            second = RootServer()
            self.addCleanup(second.__exit__)
            second.set("state", f'"{state}"')
            second.start()
            self.assertIn(f"{state}: another server uses it", second.log())

    def test_a_removed_state_that_the_user_cannot_make_anew_is_told(self):
        with RootServer() as server:
            wait_until((server.folder / "state" / "last-good").exists)
            remove_whole(server.folder / "state")
            wait_until(lambda: "nothing can be saved" in server.log(), 20, "the warning")
            self.assertRegex(server.log(), "warning: nothing can be saved for the next start: "
                                           ".*/state: .*")
            self.assertIn("status: NOERROR", server.dig("beigel.example", "SOA"))
            self.assertEqual(server.stop()[0], 0)

    def test_background_work_can_come_back(self):
        if not int(rights_of(os.getpid())[0]["CapEff"], 16) & RESOURCE:
            self.skipTest("this root may not raise limits")
        with RootServer() as server:
            limits = Path(f"/proc/{server.process.pid}/limits").read_text(encoding="utf-8")
            self.assertRegex(limits, r"Max nice priority +(1\d|2\d|3\d|40) ")

    def test_a_user_that_is_root_is_told(self):
        with RootServer(user="root") as server:
            self.assertRegex(server.log(), "warning: running as root, because server.user names "
                                           "root; name another user")

    def test_a_user_that_is_missing_ends_the_start(self):
        with RootServer() as server:
            server.stop()
            server.set("user", '"no-such-user"')
            status, said = server.fail_to_start()
            self.assertEqual(status, 2, said)
            self.assertIn("server.user: there is no user called no-such-user", said)


@unittest.skipUnless(os.geteuid() == 0, "only root is root")
class RootItself(unittest.TestCase):
    def test_leaves_a_state_directory_of_somebody_else_alone(self):
        with RootServer(user=None) as server:
            server.stop()
            theirs = server.folder / "theirs"
            (theirs / "real").mkdir(parents=True)
            kept = theirs / "real" / ("0" * 32)
            kept.write_text("theirs", encoding="utf-8")
            secret = server.folder / "secret"
            secret.write_text("secret", encoding="utf-8")
            (theirs / "serials").symlink_to(secret)
            (theirs / "texts").symlink_to(theirs / "real")
            os.chown(theirs, NOBODY.pw_uid, NOBODY.pw_gid)
            server.set("state", f'"{theirs}"')
            server.log_file.unlink()
            server.start()
            self.assertRegex(server.log(), "warning: nothing can be saved .*/theirs: it belongs to "
                                           "user nobody")
            server.stop()
            self.assertEqual(secret.read_text(encoding="utf-8"), "secret")
            self.assertEqual(kept.read_text(encoding="utf-8"), "theirs")

    def test_leaves_other_peoples_files_in_its_state_alone(self):
        with RootServer(user=None) as server:
            server.stop()
            names = ("texts/my-novel.txt", "routes-to-work", ".notes.new", "texts/.draft.new")
            for name in names:
                path = server.folder / "state" / name
                path.parent.mkdir(exist_ok=True)
                path.write_text("mine", encoding="utf-8")
            server.log_file.unlink()
            server.start()
            server.reload()
            server.stop()
            for name in names:
                self.assertTrue((server.folder / "state" / name).exists(), name)


@unittest.skipUnless(os.geteuid() == 0, "only root can become two others")
class AnotherUser(unittest.TestCase):
    """As the unit of systemd starts it: a user, and the right to bind low ports."""
    WITH_RIGHT = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
                  "--inh-caps", "+net_bind_service", "--ambient-caps", "+net_bind_service",
                  "--bounding-set", "-all,+net_bind_service", "--no-new-privs")
    WITHOUT = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
               "--bounding-set", "-all", "--no-new-privs")

    def test_serves_a_low_port_with_the_right(self):
        with self.server(self.WITH_RIGHT) as server:
            self.assertIn("status: NOERROR", server.dig("beigel.example", "SOA"))
            for thread in rights_of(server.process.pid):
                self.assertEqual(int(thread["CapPrm"], 16), BIND_SERVICE)
            self.assertNotIn("root", server.log())
            self.assertNotIn("nothing can be saved", server.log())
            self.assertEqual(server.stop()[0], 0)

    def test_is_told_where_it_has_none(self):
        with self.server(self.WITH_RIGHT) as server:
            server.stop()
            server.as_user = self.WITHOUT
            if int(UNPRIVILEGED_PORTS.read_text(encoding="utf-8")) > 600:
                status, said = server.fail_to_start()
                self.assertEqual(status, 2)
                self.assertIn("Permission denied", said)

    def test_trusts_no_file_of_others_in_a_state_with_the_sticky_bit(self):
        """Such as a tmpfs, where another user may have made the files before the server did."""
        with self.server(self.WITH_RIGHT) as server:
            state = server.folder / "state"
            wait_until((state / "atlas").exists)
            server.stop()
            for path in state.rglob("*"):
                path.chmod(0o777 if path.is_dir() else 0o644)
                if path.name != "meridian.lock":
                    os.chown(path, 54321, 54321)
            os.chown(state, 0, 0)
            state.chmod(0o1777)
            zone = server.zone_folder / "beigel.toml"
            good = zone.read_text(encoding="utf-8")
            zone.write_text("zone = \n", encoding="utf-8")
            status, said = server.fail_to_start()
            self.assertEqual(status, 1, said)
            for name in ("serials", "last-good"):
                self.assertIn(f"cannot read {state / name}: it belongs to user 54321", said)
            zone.write_text(good, encoding="utf-8")
            server.log_file.unlink()
            server.start()
            self.assertRegex(server.log(), "atlas: it belongs to user 54321")
            status = wait_until(lambda: "PROBLEM" in server.ask("status").stdout and
                                server.ask("status"))
            self.assertEqual(status.returncode, 1)
            self.assertIn("not saved for the next start", status.stdout)
            server.stop()
            (state / "meridian.lock").chmod(0o666)
            os.chown(state / "meridian.lock", 54321, 54321)
            server.log_file.unlink()
            server.start()
            self.assertIn("meridian.lock in it belongs to user 54321", server.log())

    def server(self, as_user):
        server = RootServer(user=None, low=True, as_user=as_user)
        (server.folder / "state").mkdir()
        os.chown(server.folder / "state", NOBODY.pw_uid, NOBODY.pw_gid)
        return server


if __name__ == "__main__":
    unittest.main()
