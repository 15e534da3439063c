"""Takes the control socket and the state directory away from a server that has given up root.

SPDX-License-Identifier: Apache-2.0
"""
import os
import time
import unittest

from meridian_process import remove_whole, wait_until
from root_process import NOBODY, RootServer

LOOKS = 5  # seconds between two looks of the server
SOON = 20
OTHER = 54321  # neither root nor the server's user


@unittest.skipUnless(os.geteuid() == 0, "only root can give up root")
class MendedAsRoot(unittest.TestCase):
    """Root's server has become another user, who cannot do all that its start did."""

    def setUp(self):
        self.server = RootServer()
        self.addCleanup(self.server.__exit__)
        self.state = self.server.folder / "state"
        self.socket = self.state / "control.sock"

    def make_state(self):
        self.state.mkdir()
        os.chown(self.state, NOBODY.pw_uid, NOBODY.pw_gid)

    def test_a_state_directory_that_root_has_to_make_again(self):
        self.server.start()
        wait_until((self.state / "last-good").exists)
        for _ in range(2):
            before = len(self.server.log())
            remove_whole(self.state)
            wait_until(lambda: "control.sock was removed, and cannot be made anew: nothing can be "
                       "saved" in self.server.log()[before:], SOON, "the warning")
            time.sleep(LOOKS + 1)
            added = self.server.log()[before:]
            self.assertEqual(added.count("cannot be made anew"), 1, added)
            self.assertEqual(added.count("warning: nothing can be saved"), 1, added)
            self.assertNotIn("it is made anew", added)
            self.make_state()
            wait_until(lambda: self.server.ask("status", "--ready").returncode == 0, SOON, "the socket")
            self.assertTrue((self.state / "last-good").exists())
            self.assertIn("control.sock was removed; it is made anew", self.server.log()[before:])
            self.assertEqual(self.server.ask("reload").returncode, 0)

    def test_nothing_is_made_anew_that_only_cannot_be_seen(self):
        self.server.start()
        made = self.socket.stat().st_ino
        self.server.folder.chmod(0o700)  # the way to it
        time.sleep(2 * LOOKS + 1)
        self.assertEqual(self.socket.stat().st_ino, made)
        self.assertNotIn("was removed", self.server.log())
        self.assertEqual(self.server.ask("status", "--ready").returncode, 0)

    def test_no_directory_is_taken_later_that_a_start_refuses(self):
        elsewhere = self.server.folder / "elsewhere"
        elsewhere.mkdir()
        elsewhere.chmod(0o777)
        self.state.mkdir()
        self.state.chmod(0o777)
        os.chown(self.state, OTHER, OTHER)
        self.server.start()
        self.assertIn("it belongs to user 54321", self.server.log())
        time.sleep(LOOKS + 1)
        self.assertEqual(list(self.state.iterdir()), [])
        self.state.rmdir()
        self.state.symlink_to(elsewhere)
        os.chown(self.state, OTHER, OTHER, follow_symlinks=False)
        self.server.reload()
        time.sleep(LOOKS + 1)
        self.assertEqual(list(elsewhere.iterdir()), [])
        self.assertRegex(self.server.log(), "there is no control socket: nothing can be saved .*"
                                            "a symbolic link on the way")
        self.state.unlink()
        self.make_state()
        wait_until(lambda: self.server.ask("status", "--ready").returncode == 0, SOON, "the socket")

    def test_no_link_is_taken_for_a_directory_that_was_removed(self):
        elsewhere = self.server.folder / "elsewhere"
        elsewhere.mkdir()
        elsewhere.chmod(0o777)
        self.server.start()
        wait_until((self.state / "last-good").exists)
        remove_whole(self.state)
        self.state.symlink_to(elsewhere)
        os.chown(self.state, OTHER, OTHER, follow_symlinks=False)
        wait_until(lambda: "a symbolic link on the way" in self.server.log(), SOON, "the refusal")
        self.assertEqual(list(elsewhere.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
