"""Gives the control socket to a group, and asks as a member, as a stranger, and as the server's user.

SPDX-License-Identifier: Apache-2.0
"""
import grp
import os
import re
import stat
import unittest

from meridian_process import BINARY, remove_whole, run, wait_until
from root_process import NOBODY, RootServer

GROUP = "games"  # that of every Debian, and of no server
MEMBER = ("setpriv", "--reuid", "54321", "--regid", "54321", "--groups", str(grp.getgrnam(GROUP).gr_gid))
STRANGER = ("setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups")
AS_MEMBER = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--groups", str(grp.getgrnam(GROUP).gr_gid),
             "--bounding-set", "-all", "--no-new-privs")


class GroupServer(RootServer):
    def __init__(self, group=GROUP, **options):
        super().__init__(extra=f'[control]\ngroup = "{group}"', **options)
        self.state = self.folder / "state"

    def ask_as(self, who, command, *arguments):
        return run(*who, BINARY, command, "-c", self.config, *arguments)

    def assert_given(self, test):
        gid = grp.getgrnam(GROUP).gr_gid
        for path, mode in ((self.state, 0o710), (self.state / "control.sock", 0o660)):
            status = path.stat()
            test.assertEqual((stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid),
                             (mode, NOBODY.pw_uid, gid), path)


@unittest.skipUnless(os.geteuid() == 0, "only root can become others")
class Group(unittest.TestCase):
    def test_a_member_asks_and_drains_and_reads_nothing(self):
        with GroupServer() as server:
            wait_until((server.state / "last-good").exists)
            server.assert_given(self)
            asked = server.ask_as(MEMBER, "status")
            self.assertEqual(asked.returncode, 0, asked.stdout + asked.stderr)
            self.assertIn("beigel.example.", asked.stdout)
            self.assertNotEqual(run(*MEMBER, "ls", server.state).returncode, 0)
            for path in server.state.rglob("*"):
                if path.is_file():
                    self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path)
                    self.assertNotEqual(run(*MEMBER, "cat", path).returncode, 0, path)
            self.assertEqual(stat.S_IMODE((server.state / "texts").stat().st_mode), 0o700)
            dry = server.ask_as(MEMBER, "drain", "frankfurt", "--dry-run")
            self.assertIn("would be drained", dry.stdout, dry.stderr)

    def test_a_stranger_is_refused_with_the_way_in(self):
        with GroupServer() as server:
            asked = server.ask_as(STRANGER, "status")
            self.assertNotEqual(asked.returncode, 0)
            self.assertIn("Permission denied; ask as root, as the server's user, or as a member of the group that "
                          "control.group of meridian.toml names", asked.stderr)

    def test_a_server_that_starts_as_a_member_gives_it_too(self):
        server = GroupServer(user=None, as_user=AS_MEMBER)
        os.chown(server.folder, NOBODY.pw_uid, NOBODY.pw_gid)
        with server:
            server.assert_given(self)
            self.assertEqual(server.ask_as(MEMBER, "status").returncode, 0)
            remove_whole(server.state)
            wait_until(lambda: (server.state / "control.sock").exists(), 20, "the socket")
            server.assert_given(self)

    def test_a_server_that_is_no_member_does_not_start(self):
        with GroupServer() as server:
            server.stop()
            server.as_user = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
            status, said = server.fail_to_start()
            self.assertEqual(status, 2, said)
            self.assertRegex(said, rf'meridian.toml:\d+:9: error: control.group: the server\'s user is no member of '
                                   rf'group "{GROUP}"')

    def test_an_unknown_group_ends_the_start_and_the_check(self):
        with GroupServer() as server:
            server.stop()
            text = server.text().replace(f'group = "{GROUP}"', 'group = "no-such-group"')
            server.config.write_text(text, encoding="utf-8")
            status, said = server.fail_to_start()
            self.assertEqual(status, 2, said)
            expected = r'meridian.toml:\d+:9: error: control.group: there is no group called "no-such-group"'
            self.assertRegex(said, expected)
            check = server.ask("check")
            self.assertEqual(check.returncode, 1)
            self.assertTrue(re.search(expected, check.stdout + check.stderr), check.stdout + check.stderr)


if __name__ == "__main__":
    unittest.main()
