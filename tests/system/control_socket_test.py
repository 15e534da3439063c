"""Takes the control socket and the state directory away from a server, before or after its start.

SPDX-License-Identifier: Apache-2.0
"""
import os
import signal
import time
import unittest
from pathlib import Path

from control_process import ControlServer
from meridian_process import remove, wait_until

LOOKS = 5  # seconds between two looks of the server
SOON = 20


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
        server.secret = server.folder / "secret"
        server.secret.write_text("secret", encoding="utf-8")
        return server

    def assert_comes_back(self, server):
        wait_until(lambda: server.ready().returncode == 0, SOON, "a socket that answers")
        self.assertEqual(server.status()["state_directory"], str(server.folder / "state"))
        wait_until((server.folder / "state" / "last-good").exists, SOON, "the saved state")
        self.assertEqual(server.secret.read_text(encoding="utf-8"), "secret")

    def servers(self, *kinds):
        """A server for each kind of thing that is in its way: they wait for their looks together."""
        return {kind: self.server() for kind in kinds}

    def test_something_else_in_the_place_of_the_socket_at_the_start(self):
        servers = self.servers("file", "link", "directory")
        for kind, server in servers.items():
            with self.subTest(kind):
                lay(kind, server.socket, server.secret)
                server.start()
                self.assertIn(f"there is no control socket: {server.socket}: something else is "
                              "there; it is tried again", server.log())
        time.sleep(LOOKS + 1)
        for kind, server in servers.items():
            with self.subTest(kind):
                self.assertEqual(server.log().count("something else is there"), 1)
                remove(server.socket)
        for kind, server in servers.items():
            with self.subTest(kind):
                self.assert_comes_back(server)
                self.assertIn(f"the control socket is made: {server.socket}", server.log())
                self.assertNotIn("made anew", server.log())

    def test_something_else_in_the_place_of_the_socket_later(self):
        servers = self.servers("file", "link", "directory")
        for kind, server in servers.items():
            server.start()
            aside = server.folder / f"swapped-in-{kind}"
            lay(kind, aside, server.secret)
            server.socket.unlink()
            aside.rename(server.socket)
        for kind, server in servers.items():
            with self.subTest(kind):
                wait_until(lambda: f"control.sock was removed, and cannot be made anew: "
                           f"{server.socket}: something else is there; it is tried again"
                           in server.log(), SOON, "the warning")
                remove(server.socket)
        for kind, server in servers.items():
            with self.subTest(kind):
                wait_until(lambda: "control.sock was removed; it is made anew"
                           in server.log(), SOON, "the socket")
                self.assert_comes_back(server)

    def test_the_socket_is_lost_more_than_once(self):
        server = self.server()
        server.start()
        for _ in range(2):
            before = len(server.log())
            server.socket.unlink()
            wait_until(lambda: "control.sock was removed; it is made anew"
                       in server.log()[before:], SOON, "the socket")
            self.assert_comes_back(server)

    def test_something_else_in_the_place_of_the_lock_at_the_start(self):
        servers = self.servers("link", "hard link", "pipe", "directory")
        for kind, server in servers.items():
            with self.subTest(kind):
                lock = server.folder / "state" / "meridian.lock"
                lay(kind, lock, server.secret)
                server.start()
                self.assertIn("nothing can be saved for the next start", server.log())
                self.assertIn("there is no control socket, because there is no state directory",
                              server.log())
                remove(lock)
                server.process.send_signal(signal.SIGHUP)
        for kind, server in servers.items():
            with self.subTest(kind):
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


if __name__ == "__main__":
    unittest.main()
