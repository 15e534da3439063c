"""Takes the control socket and the state directory away from a server, before or after its start.

SPDX-License-Identifier: Apache-2.0
"""
import os
import signal
import time
import unittest
from pathlib import Path

from control_process import ControlServer
from meridian_process import remove, remove_whole, wait_until
from root_process import NOBODY, RootServer

LOOKS = 5  # seconds between two looks of the server
SOON = 20
OTHER = 54321  # neither root nor the server's user


def lay(kind, path, secret):
    """Puts something at `path` that is neither a socket nor a lock of the server."""
    if kind == "file":
        path.write_text("mine", encoding="utf-8")
    elif kind == "link":
        path.symlink_to(secret)
    elif kind == "hard link":
        path.hardlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()


class Mended(unittest.TestCase):
    """What could not be had at the start, or was lost later, comes back without a restart."""

    def server(self, **options):
        server = ControlServer(**options)
        self.addCleanup(server.__exit__)
        (server.folder / "state").mkdir()
        self.secret = server.folder / "secret"
        self.secret.write_text("secret", encoding="utf-8")
        return server

    def assert_comes_back(self, server):
        wait_until(lambda: server.ready().returncode == 0, SOON, "a socket that answers")
        self.assertEqual(server.status()["state_directory"], str(server.folder / "state"))
        wait_until((server.folder / "state" / "last-good").exists, SOON, "the saved state")
        self.assertEqual(self.secret.read_text(encoding="utf-8"), "secret")

    def test_something_else_in_the_place_of_the_socket_at_the_start(self):
        for kind in ("file", "link", "directory"):
            with self.subTest(kind):
                server = self.server()
                lay(kind, server.socket, self.secret)
                server.start()
                self.assertIn(f"there is no control socket: {server.socket}: something else is "
                              "there; it is tried again", server.log())
                time.sleep(LOOKS + 1)
                self.assertEqual(server.log().count("something else is there"), 1)
                remove(server.socket)
                self.assert_comes_back(server)
                self.assertIn(f"the control socket is made: {server.socket}", server.log())
                self.assertNotIn("made anew", server.log())

    def test_something_else_in_the_place_of_the_socket_later(self):
        server = self.server()
        server.start()
        for kind in ("file", "link", "directory"):
            with self.subTest(kind):
                aside = server.folder / f"swapped-in-{kind}"
                lay(kind, aside, self.secret)
                server.socket.unlink()
                aside.rename(server.socket)
                before = len(server.log())
                wait_until(lambda: f"control.sock was removed, and cannot be made anew: "
                           f"{server.socket}: something else is there; it is tried again"
                           in server.log()[before:], SOON, "the warning")
                remove(server.socket)
                wait_until(lambda: "control.sock was removed; it is made anew"
                           in server.log()[before:], SOON, "the socket")
                self.assert_comes_back(server)

    def test_something_else_in_the_place_of_the_lock_at_the_start(self):
        for kind in ("link", "hard link", "pipe", "directory"):
            with self.subTest(kind):
                server = self.server()
                lock = server.folder / "state" / "meridian.lock"
                lay(kind, lock, self.secret)
                server.start()
                self.assertIn("nothing can be saved for the next start", server.log())
                self.assertIn("there is no control socket, because there is no state directory",
                              server.log())
                remove(lock)
                server.process.send_signal(signal.SIGHUP)
                self.assert_comes_back(server)
                self.assertEqual(server.ask("reload").returncode, 0)

    def test_a_server_that_had_the_state_directory_first_and_was_killed(self):
        first, second = self.server(), self.server()
        for each, other in ((first, first), (second, first)):
            text = each.config.read_text(encoding="utf-8")
            each.config.write_text(text.replace('"state"', f'"{other.folder / "state"}"'),
                                   encoding="utf-8")
        second.socket = first.socket
        first.start()
        wait_until((first.folder / "state" / "last-good").exists)
        second.start()
        self.assertIn("another server uses it", second.log())
        self.assertEqual(first.ready().returncode, 0)
        self.assertNotEqual(second.ask("status").returncode, 0)
        first.process.kill()
        first.process.wait(10)
        wait_until(lambda: second.ready().returncode == 0, SOON, "the socket of the second")
        self.assertEqual(second.status()["pid"], second.process.pid)
        second.reload()
        second.stop()
        self.assertFalse(first.socket.exists())


class NotYet(unittest.TestCase):
    def launch_and_halt(self, server):
        """Stops the process in its first load, however long the commands that follow take."""
        for _ in range(10):  # on a busy machine it may have loaded before we see that it began
            (server.folder / "state" / "meridian.lock").unlink(missing_ok=True)
            server.log_file.unlink()
            server.stderr.close()
            server.stderr = open(server.log_file, "ab")
            server.launch()
            locks = Path("/proc/locks")
            wait_until(lambda: f" {server.process.pid} " in locks.read_text(encoding="ascii"),
                       20, "the lock")
            server.process.send_signal(signal.SIGSTOP)
            if "serving" not in server.log():
                return
            server.process.kill()
            server.process.wait(10)
        self.fail("it always had loaded; the zone has to be larger")

    def test_a_server_that_still_loads_is_named(self):
        with ControlServer() as server:
            for leftover in (False, True):  # a socket of a server that was killed
                if leftover:
                    server.process.kill()
                    server.process.wait(10)
                else:
                    server.stop()
                self.assertEqual(server.socket.exists(), leftover)
                self.assertIn("no server listens", server.ask("status").stderr)
                names = "".join(f"n{i} A 192.0.2.{i % 250}\n" for i in range(300_000))
                (server.zone_folder / "big.example.zone").write_text(
                    "$TTL 1h\n@ SOA ns.elsewhere. host.elsewhere. 1 2h 15m 2w 1m\n"
                    f"@ NS ns.elsewhere.\n@ NS ns2.elsewhere.\n{names}", encoding="utf-8")
                self.launch_and_halt(server)
                status = server.ask("status")
                self.assertEqual(status.returncode, 2)
                self.assertIn(f"the server with pid {server.process.pid} does not listen at "
                              f"{server.socket} yet: it still loads, or", status.stderr)
                self.assertEqual(server.ready().returncode, 1)
                server.process.send_signal(signal.SIGCONT)
                wait_until(server.is_serving_or_dead, 60, "the start")
                wait_until(lambda: server.ready().returncode == 0, 10, "the socket")


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
