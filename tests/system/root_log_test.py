"""Rotates the log of a server that began as root, in folders that its user, root or others have.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import signal
import unittest

from meridian_process import BINARY, run, wait_until
from root_process import NOBODY, RootServer

OTHER = 54321  # neither root nor the server's user


@unittest.skipUnless(os.geteuid() == 0, "only root can give up root")
class LogThatIsMovedAway(unittest.TestCase):
    """Into a folder of root, in which `server.user` cannot make another."""
    WARNING = (r"warning: log\.to: user nobody cannot make files in {folder} \(Permission denied\), "
               r"so the log cannot be made anew once it is rotated; .*`create 0640 nobody`")
    PROBLEM = (r"PROBLEM +the log cannot be opened anew\n +cannot reopen the log file {log}: "
               r"Permission denied \(as user nobody\)")

    def setUp(self):
        self.server = RootServer()
        self.addCleanup(self.server.__exit__)
        self.folder = self.server.folder / "logs"
        self.folder.mkdir(mode=0o755)
        self.log = self.folder / "meridian.log"
        self.server.log_to(self.log)
        self.server.log_file = self.log
        self.stderr = self.server.stderr = open(self.server.folder / "stderr", "ab")
        self.server.launch()
        wait_until(lambda: self.log.exists() and "serving" in self.server.log(), 30, "the start")

    def rotate(self):
        self.log.rename(self.folder / "meridian.log.1")

    def matches(self, pattern):
        return pattern.format(folder=re.escape(str(self.folder)), log=re.escape(str(self.log)))

    def test_is_told_at_the_start_with_user_and_folder(self):
        self.assertRegex(self.server.log(), self.matches(self.WARNING))

    def test_is_a_failed_reload_and_a_problem_until_it_is_mended(self):
        self.assertEqual(self.server.ask("reload").returncode, 0)
        self.rotate()
        for _ in range(2):
            reload = self.server.ask("reload")
            self.assertEqual(reload.returncode, 1, reload)
            self.assertIn(f"log.to: cannot reopen the log file {self.log}: Permission denied",
                          reload.stderr)
            status = self.server.ask("status")
            self.assertEqual(status.returncode, 1, status)
            self.assertRegex(status.stdout, self.matches(self.PROBLEM))
        self.assertEqual(self.server.ask("status", "--ready").returncode, 0, "it answers")
        rotated = (self.folder / "meridian.log.1").read_text(encoding="utf-8")
        self.assertRegex(rotated, "error: cannot reopen the log file .*: Permission denied")
        self.log.touch(0o640)  # as logrotate makes it
        os.chown(self.log, NOBODY.pw_uid, NOBODY.pw_gid)
        status = self.server.ask("status")  # tries again, as each line of the log does
        self.assertEqual(status.returncode, 0, status)
        self.assertNotIn("PROBLEM", status.stdout)
        wait_until(lambda: "info: the log is opened anew" in self.server.log(), 10, "the line")
        rotated = (self.folder / "meridian.log.1").read_text(encoding="utf-8")
        self.assertEqual(rotated.count("error: cannot reopen the log file"), 2, "one a reload")
        reload = self.server.ask("reload")
        self.assertEqual((reload.returncode, reload.stderr), (0, ""))
        wait_until(lambda: "reload" in self.server.log(), 10, "the line of the reload")

    def test_by_a_signal_is_a_problem_too(self):
        self.rotate()
        for number in (signal.SIGUSR1, signal.SIGHUP):
            self.server.process.send_signal(number)
            wait_until(lambda: self.server.ask("status").returncode == 1, 10, "the problem")
            self.assertRegex(self.server.ask("status").stdout, self.matches(self.PROBLEM))
            os.chown(self.folder, NOBODY.pw_uid, NOBODY.pw_gid)
            self.server.process.send_signal(number)
            wait_until(lambda: self.server.ask("status").returncode == 0, 10, "its end")
            os.chown(self.folder, 0, 0)
            self.log.unlink()

    def test_into_a_folder_of_the_user_is_no_matter(self):
        self.server.stop()
        os.chown(self.folder, NOBODY.pw_uid, NOBODY.pw_gid)
        self.log.unlink()
        self.server.start()
        self.assertNotIn("made anew", self.server.log())
        self.rotate()
        self.assertEqual(self.server.ask("reload").returncode, 0)
        wait_until(lambda: "reload" in self.server.log(), 10, "the line of the reload")


class LogOfRoot(unittest.TestCase):
    """In a folder that a test chooses."""

    def setUp(self):
        self.server = RootServer()
        self.addCleanup(self.server.__exit__)
        self.folder = self.server.folder / "logs"
        self.folder.mkdir()
        self.log = self.folder / "meridian.log"
        self.server.log_to(self.log)

    def start(self, owner, mode):
        os.chown(self.folder, owner, owner)
        self.folder.chmod(mode)
        self.check = run(BINARY, "check", "-c", self.server.config)
        self.server.log_file = self.log
        if self.server.stderr is None:
            self.server.stderr = open(self.server.folder / "stderr", "ab")
        self.server.launch()
        wait_until(lambda: self.log.exists() and "serving" in self.server.log(), 30, "the start")

    def assert_reload(self, status, words=""):
        reload = self.server.ask("reload")
        self.assertEqual(reload.returncode, status, reload)
        self.assertIn(words, reload.stderr)
        return reload.stderr


@unittest.skipUnless(os.geteuid() == 0, "only root can give up root")
class LogInAFolderOfAnotherUser(LogOfRoot):
    EXPOSED = "other users can replace the log file {log}, since {why}; a link or "

    def test_is_a_warning_at_the_start_and_of_check(self):
        for owner, mode, why in ((OTHER, 0o755, "{folder} belongs to user 54321"),
                                 (0, 0o777, "others may write to {folder} (mode 0777)"),
                                 (NOBODY.pw_uid, 0o757, "others may write to {folder} (mode 0757)")):
            with self.subTest(owner=owner, mode=mode):
                self.start(owner, mode)
                words = self.EXPOSED.format(log=self.log, why=why.format(folder=self.folder))
                self.assertIn("warning: log.to: " + words, self.server.log())
                self.assertRegex(self.check.stderr, r"meridian\.toml:\d+:6: warning: log\.to: " +
                                 re.escape(words))
                self.server.stop()
                self.log.unlink()
        for owner, mode in ((0, 0o755), (0, 0o1777), (NOBODY.pw_uid, 0o750), (0, 0o775)):
            with self.subTest(owner=owner, mode=mode):
                self.start(owner, mode)
                self.assertNotIn("other users can", self.server.log() + self.check.stderr)
                self.server.stop()
                self.log.unlink()

    def test_is_refused_alike_by_a_reload_and_by_the_next_start(self):
        self.start(OTHER, 0o755)
        serials = self.server.folder / "state" / "serials"
        wait_until(serials.exists)
        saved = serials.read_bytes()
        elsewhere = self.server.folder / "elsewhere"
        elsewhere.mkdir()
        os.chown(elsewhere, NOBODY.pw_uid, NOBODY.pw_gid)
        self.log.rename(self.folder / "meridian.log.1")

        def link_folder():
            self.folder.rename(self.server.folder / "logs.1")
            self.folder.symlink_to(elsewhere)
        for why, lay in (("a symbolic link on the way", lambda: self.log.symlink_to(serials)),
                         ("it is a hard link", lambda: self.log.hardlink_to(serials)),
                         ("it belongs to user 54321", lambda: self.log.touch(0o666)),
                         ("a symbolic link on the way", link_folder)):
            with self.subTest(why):
                self.log.unlink(missing_ok=True)
                lay()
                os.chown(self.log if self.log.exists() and not self.log.is_symlink() and
                         self.log.stat().st_nlink == 1 else self.folder, OTHER, OTHER,
                         follow_symlinks=False)
                words = self.assert_reload(1, f"log.to: cannot reopen the log file {self.log}: {why}")
                self.assertIn("lines go on into the file that was moved away", words)
                self.assertEqual(serials.read_bytes(), saved)
                self.assertEqual(list(elsewhere.iterdir()), [])
        self.server.stop()
        status, said = self.server.fail_to_start()
        self.assertEqual(status, 2, said)
        self.assertIn(f"cannot open the log file {self.log}: a symbolic link on the way", said)


@unittest.skipUnless(os.geteuid() == 0, "only root can give up root")
class LogInAFolderThatTheUserMayNotEnter(LogOfRoot):
    def test_fails_once_it_is_moved_and_not_before(self):
        self.start(0, 0o700)
        words = (f"user nobody cannot reach the log file {self.log}: it may not enter "
                 f"{self.folder} (Permission denied), so the log cannot be made anew once it is "
                 f"rotated; give that folder to the user (`chown nobody {self.folder}`), or ")
        self.assertIn("warning: log.to: " + words, self.server.log())
        self.assertRegex(self.check.stderr, r"warning: log\.to: " + re.escape(words))
        for _ in range(2):
            self.assert_reload(0)
        self.assertEqual(self.server.ask("status").returncode, 0)
        os.truncate(self.log, 0)  # as `copytruncate` does
        self.assert_reload(0)
        wait_until(lambda: "reload" in self.server.log(), 10, "the line of the reload")

        self.log.rename(self.folder / "meridian.log.1")
        self.log.touch(0o640)  # as `create 0640 nobody` does: it does not help
        os.chown(self.log, NOBODY.pw_uid, NOBODY.pw_gid)
        words = self.assert_reload(1, f"log.to: cannot reopen the log file {self.log}: Permission "
                                      "denied (as user nobody)")
        self.assertIn("lines go on into the file that was moved away", words)
        run("chown", "nobody", self.folder)  # the advice
        self.assert_reload(0)
        self.assertEqual(self.server.ask("status").returncode, 0)
        wait_until(lambda: "reload" in self.server.log(), 10, "the line of the reload")

    def test_may_lie_further_up(self):
        outer = self.server.folder / "outer"
        (outer / "logs").mkdir(parents=True)
        outer.chmod(0o700)
        self.log = outer / "logs" / "meridian.log"
        self.server.log_to(self.log)
        self.start(0, 0o755)
        self.assertIn(f"it may not enter {outer} (Permission denied)", self.server.log())
        self.assertIn(f"let every user enter it (`chmod a+x {outer}`)", self.server.log())
        self.assert_reload(0)
        self.log.unlink()
        words = self.assert_reload(1, f"log.to: cannot reopen the log file {self.log}: ")
        self.assertIn("lines are lost until then, in the file that was deleted", words)

    def test_is_the_same_while_the_file_at_its_place_is_the_open_one(self):
        self.start(0, 0o755)
        os.chown(self.log, 0, 0)  # only a start by root can take it now, and it will
        self.log.chmod(0o600)
        self.assert_reload(0)
        self.assertEqual(self.server.ask("status").returncode, 0)


if __name__ == "__main__":
    unittest.main()
