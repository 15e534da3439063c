"""Has `meridian check` judge as root what a start by root would come to, beside such a start.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import unittest

from meridian_process import BINARY, SCENARIOS, remove, run, wait_until
from root_process import NOBODY, RootServer

AS_NOBODY = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")


@unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
class CheckAsRoot(unittest.TestCase):
    def setUp(self):
        self.server = RootServer()
        self.addCleanup(self.server.__exit__)
        self.folder = self.server.folder
        zone = self.server.zone_folder / "beigel.toml"
        without_warning = re.sub("(?m)^lost.cname .*\n", "", zone.read_text(encoding="utf-8"))
        zone.write_text(without_warning, encoding="utf-8")
        self.theirs = self.folder / "theirs"  # the user can make any file there
        self.theirs.mkdir()
        os.chown(self.theirs, NOBODY.pw_uid, NOBODY.pw_gid)
        self.secret = self.folder / "secret"
        self.secret.write_text("secret", encoding="utf-8")

    def check(self, *arguments, as_user=()):
        return run(*as_user, BINARY, "check", "-c", self.server.config, *arguments)

    def codes(self):
        return [entry["code"] for entry in json.loads(self.check("--json").stdout)["diagnostics"]]

    def assert_is_told(self, words):
        """Both by `check`, which is an error, and by a start that is refused."""
        result = self.check()
        self.assertEqual(result.returncode, 1, result)
        self.assertIn(words, result.stderr)
        status, said = self.server.fail_to_start()
        self.assertNotEqual(status, 0)
        self.assertIn(words, said)

    def assert_is_told_by_a_start_that_serves(self, words):
        result = self.check()
        self.assertIn(words, result.stderr)
        self.server.log_file.unlink(missing_ok=True)
        self.server.start()
        self.assertIn(words, self.server.log())
        self.server.stop()
        return result.returncode

    def test_finds_nothing_where_all_is_well_and_changes_nothing(self):
        self.server.log_to(self.theirs / "log")
        self.server.set("state", f'"{self.folder / "made" / "state"}"')
        result = self.check()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(list(self.theirs.iterdir()), [])
        self.assertFalse((self.folder / "made").exists())

    def test_finds_what_the_user_cannot_read(self):
        library = sorted((SCENARIOS / "zones" / "shared").glob("*.toml"))[0].name
        zone = self.server.zone_folder / "beigel.toml"
        zone.write_text(f'use = "shared/{library}"\n' + zone.read_text(encoding="utf-8"),
                        encoding="utf-8")
        for name, mode in (("zones/beigel.toml", 0o600), ("zones/beigel.toml", 0o700),
                           ("zones", 0o700), ("world.mmdb", 0o600),
                           (f"zones/shared/{library}", 0o640)):
            with self.subTest(name, mode=mode):
                path = self.folder / name
                before = path.stat().st_mode
                path.chmod(mode)
                self.assert_is_told(f"user nobody cannot read {path}, and server.user has to")
                self.assertIn("user-cannot-read", self.codes())
                path.chmod(before)
        overrides = self.folder / "overrides.toml"
        overrides.write_text("# none\n", encoding="utf-8")
        overrides.chmod(0o600)
        self.server.set("overrides", f'"{overrides}"')
        told = self.assert_is_told_by_a_start_that_serves(f"user nobody cannot read {overrides}, and server.user has to")
        self.assertEqual(told, 1)
        (self.server.zone_folder / "shared").chmod(0o700)
        self.assertIn(f"user nobody cannot read {self.server.zone_folder / 'shared' / library}",
                      self.check().stderr)
        (self.server.zone_folder / "shared").chmod(0o755)
        self.server.config.chmod(0o600)
        self.assertIn(f"user nobody cannot read {self.server.config}, and", self.check().stderr)

    def test_knows_the_groups_of_the_user_and_what_is_his(self):
        zone = self.server.zone_folder / "beigel.toml"
        zone.chmod(0o640)
        os.chown(zone, 0, NOBODY.pw_gid)
        self.server.database.chmod(0o400)
        os.chown(self.server.database, NOBODY.pw_uid, 0)
        result = self.check()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        zone.chmod(0o604)  # the group may less than the others
        self.assertEqual(self.codes(), ["user-cannot-read"])

    def test_finds_a_log_that_is_refused(self):
        (self.theirs / "soft").symlink_to(self.secret)
        (self.theirs / "dangling").symlink_to(self.folder / "missing")
        (self.theirs / "up").symlink_to(self.folder)
        (self.theirs / "hard").hardlink_to(self.secret)
        os.mkfifo(self.theirs / "pipe")
        (self.theirs / "another's").write_text("", encoding="utf-8")
        os.chown(self.theirs / "another's", 54321, 54321)
        for name, why in (("soft", "a symbolic link on the way"),
                          ("dangling", "a symbolic link on the way"),
                          ("up/secret", "a symbolic link on the way"),
                          ("up/log", "a symbolic link on the way"),
                          ("hard", "it is a hard link"), ("pipe", "it is no ordinary file"),
                          ("another's", "it belongs to user 54321")):
            with self.subTest(name):
                log = self.theirs / name
                self.server.log_to(log)
                self.assert_is_told(f"cannot open the log file {log}: {why}")
                self.assertRegex(self.check().stderr, r"meridian\.toml:\d+:6: error: log\.to: ")
        self.assertEqual(self.secret.read_text(encoding="utf-8"), "secret")

    def test_finds_a_log_that_cannot_be_made_anew(self):
        logs = self.folder / "logs"
        logs.mkdir(mode=0o755)
        self.server.log_to(logs / "meridian.log")
        result = self.check()
        self.assertEqual(result.returncode, 0, result)
        self.assertRegex(result.stderr, r"meridian\.toml:\d+:6: warning: log\.to: user nobody cannot "
                         f"make files in {re.escape(str(logs))} .Permission denied., so the log")
        os.chown(logs, NOBODY.pw_uid, 0)
        self.assertEqual(self.check().stderr, "")
        os.chown(logs, 0, 0)
        self.folder.chmod(0o700)
        self.assertIn("user nobody cannot reach the log file", self.check().stderr)

    def test_finds_a_state_directory_that_is_not_used(self):
        empty = self.folder / "empty"
        empty.mkdir()
        (self.theirs / "link").symlink_to(empty)
        for name, mode, owner, why in (
                ("another's", 0o755, 54321, "it belongs to user 54321; give it to the user"),
                ("open", 0o777, 0, "others may write to it (mode 0777)"),
                ("with a group", 0o2777, 0, "others may write to it (mode 2777)"),
                ("the user's", 0o757, NOBODY.pw_uid, "others may write to it (mode 0757)")):
            with self.subTest(name):
                state = self.folder / name
                state.mkdir()
                state.chmod(mode)
                os.chown(state, owner, 0)
                self.server.set("state", f'"{state}"')
                self.assertEqual(self.assert_is_told_by_a_start_that_serves(
                    f"nothing can be saved for the next start: {state}: {why}"), 1)
                self.assertEqual(self.codes(), ["nothing-kept"])
                self.assertEqual(list(state.iterdir()), [])
        self.server.set("state", f'"{self.theirs / "link"}"')
        self.assertEqual(self.assert_is_told_by_a_start_that_serves(
            f"nothing can be saved for the next start: {self.theirs / 'link'}: a symbolic link"), 1)
        self.assertEqual(list(empty.iterdir()), [])

    def test_finds_a_state_directory_that_is_not_handed_over(self):
        novels = self.folder / "novels"
        novels.mkdir()
        (novels / "my-novel.txt").write_text("mine", encoding="utf-8")
        self.server.set("state", f'"{novels}"')
        self.assertEqual(self.assert_is_told_by_a_start_that_serves(
            f"the state directory {novels} is not handed over"), 0)

    def test_finds_a_lock_that_is_refused(self):
        state = self.folder / "state"
        lock = state / "meridian.lock"
        state.mkdir()
        (self.folder / "folder").mkdir()

        def another(path):
            path.write_text("", encoding="utf-8")
            os.chown(path, 54321, 54321)

        for why, make in (("is a symbolic link", lambda path: path.symlink_to(self.secret)),
                          ("is a symbolic link", lambda path: path.symlink_to("missing")),
                          ("is a hard link", lambda path: path.hardlink_to(self.secret)),
                          ("is no ordinary file", os.mkfifo), ("is no ordinary file", os.mkdir),
                          ("belongs to user 54321", another)):
            with self.subTest(why):
                make(lock)
                self.assertEqual(self.assert_is_told_by_a_start_that_serves(
                    f"nothing can be saved for the next start: {state}: meridian.lock in it {why}"), 1)
                self.assertEqual(self.codes(), ["nothing-kept"])
                remove(lock)
        self.assertEqual(self.check().stderr, "")

    def test_finds_what_takes_the_place_of_the_control_socket(self):
        state = self.folder / "state"
        socket = state / "control.sock"
        state.mkdir()
        os.chown(state, NOBODY.pw_uid, NOBODY.pw_gid)
        for make in (lambda path: path.symlink_to(self.secret),
                     lambda path: path.symlink_to("missing"),
                     lambda path: path.write_text("", encoding="utf-8"), os.mkfifo, os.mkdir):
            make(socket)
            self.assertEqual(self.assert_is_told_by_a_start_that_serves(
                f"no control socket: {socket}: something else is there"), 1)
            self.assertEqual(self.codes(), ["no-control-socket"])
            remove(socket)
        self.assertEqual(self.check().stderr, "")

    def test_reads_the_state_that_a_start_reads(self):
        """Not what root alone may read."""
        state = self.folder / "state"
        self.server.start()
        wait_until((state / "last-good").exists)
        self.server.stop()
        zone = self.server.zone_folder / "beigel.toml"
        zone.write_text("zone = \n", encoding="utf-8")
        self.assertIn("served last is still served", self.check().stderr)
        os.chown(state, 54321, 54321)
        result = self.check()
        self.assertNotIn("served last", result.stderr)
        self.assertEqual(result.returncode, 1)
        status, said = self.server.fail_to_start()
        self.assertEqual(status, 1)
        self.assertNotIn("served last", said)
        os.chown(state, NOBODY.pw_uid, NOBODY.pw_gid)
        os.chown(state / "last-good", 54321, 54321)  # with a directory that is the user's
        words = f"cannot read {state / 'last-good'}: "
        self.assertIn(words, self.check().stderr)
        self.assertNotIn("served last", self.check().stderr)
        status, said = self.server.fail_to_start()
        self.assertEqual(status, 1)
        self.assertIn(words, said)

    def test_lets_groups_write_to_the_state_that_are_the_users_or_roots(self):
        for group in (0, NOBODY.pw_gid):
            state = self.folder / f"state-{group}"
            state.mkdir()
            state.chmod(0o770)
            os.chown(state, 0, group)
            self.server.set("state", f'"{state}"')
            self.assertEqual(self.check().stderr, "")
        os.chown(state, 0, 54321)
        self.assertEqual(self.codes(), ["nothing-kept"])

    def test_says_nothing_of_another_user_where_it_is_not_root(self):
        logs = self.folder / "logs"
        logs.mkdir(mode=0o755)
        self.server.log_to(logs / "meridian.log")
        result = self.check(as_user=AS_NOBODY)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_reads_the_state_of_a_service_that_starts_as_its_user(self):
        """As the unit of systemd does, without server.user: `check` by root knows what it serves."""
        state = self.folder / "state"
        state.mkdir()
        os.chown(state, NOBODY.pw_uid, NOBODY.pw_gid)
        self.server.config.write_text(re.sub("(?m)^user = .*\n", "", self.server.text()),
                                      encoding="utf-8")
        self.server.as_user = list(AS_NOBODY)
        self.server.start()
        wait_until((state / "last-good").exists)
        self.server.stop()
        zone = self.server.zone_folder / "beigel.toml"
        zone.write_text("zone = \n", encoding="utf-8")
        self.assertIn("served last is still served", self.check().stderr)
        os.chown(state / "last-good", 54321, 54321)
        self.assertIn(f"{state / 'last-good'}: it belongs to user 54321", self.check().stderr)
        self.assertNotIn("served last is still served", self.check().stderr)

    def test_says_nothing_of_the_state_where_it_is_not_root(self):
        """Neither of files that it cannot read, nor of a lock that a start would refuse."""
        state = self.folder / "state"
        self.server.set("user", '"root"')
        self.server.start()
        wait_until((state / "atlas").exists)
        self.server.stop()
        (state / "meridian.lock").unlink()
        (state / "meridian.lock").symlink_to("missing")
        for mode in (0o700, 0o750, 0o711, 0o755, 0o1777):
            state.chmod(mode)
            result = self.check(as_user=AS_NOBODY)
            self.assertEqual((result.returncode, result.stderr), (0, ""), oct(mode))
        for path in state.iterdir():
            if path.is_file():
                path.chmod(0o644)
                path.write_bytes(b"damaged")
        result = self.check(as_user=AS_NOBODY)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_leaves_a_server_that_runs_alone(self):
        self.server.start()
        wait_until((self.folder / "state" / "atlas").exists)
        before = sorted((path.name, path.stat().st_mtime_ns)
                        for path in (self.folder / "state").rglob("*"))
        result = self.check()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(before, sorted((path.name, path.stat().st_mtime_ns)
                                        for path in (self.folder / "state").rglob("*")))


if __name__ == "__main__":
    unittest.main()
