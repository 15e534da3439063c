"""Listens to what the built server reports to a service manager such as systemd: ready, reload, the end.

SPDX-License-Identifier: Apache-2.0
"""
import os
import socket
import time
import unittest

from meridian_process import SCENARIOS, START_SECONDS, Server

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
FAMILIES = SCENARIOS / "zones" / "families.toml"


class ManagedServer(Server):
    """A server that was started as systemd starts a unit of Type=notify."""

    def __init__(self, **options):
        super().__init__(**options)
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(self.folder / "notify"))
        self.notices.settimeout(START_SECONDS)
        self.first_notice = None

    def __exit__(self, *_):
        self.notices.close()
        super().__exit__()

    def is_serving_or_dead(self):
        """The start is over when the manager has the report; the log does not count."""
        self.first_notice = self.next_notice()
        return True

    def environment(self):
        return {**super().environment(), "NOTIFY_SOCKET": str(self.folder / "notify")}

    def next_notice(self):
        """The variables of the next message."""
        text = self.notices.recv(4096).decode("utf-8")
        return dict(line.split("=", 1) for line in text.splitlines())


class Notices(unittest.TestCase):
    def test_a_life_is_told_from_ready_to_stopping(self):
        with ManagedServer(zones=[BEIGEL]) as server:
            self.assertEqual(server.first_notice,
                             {"READY": "1", "STATUS": "1 zone, generation 1"})

            (server.zone_folder / "families.toml").write_bytes(FAMILIES.read_bytes())
            before = time.monotonic_ns() // 1000
            server.reload()
            begin = server.next_notice()
            # By CLOCK_MONOTONIC, which Python's monotonic clock is, too.
            self.assertTrue(before <= int(begin.pop("MONOTONIC_USEC"))
                            <= time.monotonic_ns() // 1000)
            self.assertEqual(begin, {"RELOADING": "1", "STATUS": "reloading"})
            self.assertEqual(server.next_notice(),
                             {"READY": "1", "STATUS": "2 zones, generation 2"})

            self.assertEqual(server.stop()[0], 0)
            self.assertEqual(server.next_notice(), {"STOPPING": "1", "STATUS": "stopping"})

    def test_ready_means_that_it_answers(self):
        with ManagedServer(zones=[BEIGEL]) as server:
            self.assertIn("status: NOERROR",
                          server.dig("+tries=1", "+timeout=2", "beigel.example", "SOA"))

    def test_a_reload_that_fails_ends_as_ready_all_the_same(self):
        with ManagedServer(zones=[BEIGEL]) as server:
            (server.zone_folder / "beigel.toml").write_text("zone =", encoding="utf-8")
            server.reload()
            self.assertEqual(server.next_notice()["RELOADING"], "1")
            # It reports the running zones.
            self.assertEqual(server.next_notice(),
                             {"READY": "1", "STATUS": "1 zone, generation 1"})

    def test_a_manager_that_has_gone_does_no_harm(self):
        with ManagedServer(zones=[BEIGEL]) as server:
            server.notices.close()
            os.unlink(server.folder / "notify")
            server.reload()
            self.assertIn("status: NOERROR", server.dig("beigel.example", "SOA"))
            self.assertEqual(server.stop()[0], 0)


if __name__ == "__main__":
    unittest.main()
