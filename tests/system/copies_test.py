"""Starts from what was compiled before, and from damaged copies.

SPDX-License-Identifier: Apache-2.0
"""
import os
import random
import unittest

from meridian_process import SCENARIOS, SOURCE, Server, meridian, wait_until

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
WORLD = SOURCE / "packaging" / "world" / "dbip-city-lite.world"  # large enough to be worth a copy
CLIENTS = ["198.51.100.0/24", "8.8.8.0/24", "192.38.7.0/24", "41.0.0.0/24", "200.160.0.0/24",
           "2001:db8::/56", "2a00:1450::/56"]


class Copies(unittest.TestCase):
    def server(self):
        server = Server(zones=[BEIGEL])
        server.database.unlink()
        server.database.symlink_to(WORLD)
        return server

    def answers(self, server):
        return [server.addresses("www.beigel.example", client) for client in CLIENTS]

    def names(self, server):
        """Of the copies; what is being written has another name until it is whole."""
        return sorted(path.name for path in (server.folder / "state").iterdir()
                      if "atlas" in path.name or "routes-" in path.name)

    def wait_for_copies(self, server):
        def are_there():
            names = self.names(server)
            return len(names) >= 2 and not any(name.endswith(".new") for name in names) and names
        return wait_until(are_there, 60, "the writing of the copies")

    def restart(self, server):
        server.stop()
        server.log_file.unlink()
        server.start()

    def assert_no_warning_of_copies(self, server):
        self.assertNotIn("cannot use", server.log())

    def test_a_restart_uses_them_and_answers_the_same(self):
        with self.server() as server:
            self.assertIn("copies=none", server.log())
            answers = self.answers(server)
            self.assertGreater(len({tuple(each) for each in answers}), 1)
            names = self.wait_for_copies(server)
            self.assertEqual(names[0], "atlas")
            self.assertTrue(all(name.startswith("routes-") for name in names[1:]))
            self.restart(server)
            self.assertRegex(server.log(), rf'copies="atlas, {len(names) - 1} tables?"')
            self.assertEqual(self.answers(server), answers)
            self.assert_no_warning_of_copies(server)
            kept = [path.stat().st_mtime_ns for path in (server.folder / "state").glob("routes-*")]

            server.reload()
            check = meridian("check", "-c", server.config)
            self.assertEqual(check.returncode, 0, check.stderr)
            self.assertEqual(self.names(server), names)
            again = [path.stat().st_mtime_ns for path in (server.folder / "state").glob("routes-*")]
            self.assertEqual(again, kept)

    def test_damage_is_a_warning(self):
        with self.server() as server:
            answers = self.answers(server)
            names = self.wait_for_copies(server)
            for name in names[:2]:
                server.stop()
                path = server.folder / "state" / name
                with open(path, "r+b") as file:
                    file.seek(random.randrange(80, os.path.getsize(path)))
                    octet = file.read(1)
                    file.seek(-1, os.SEEK_CUR)
                    file.write(bytes([octet[0] ^ 0x10]))
                before = path.stat().st_ino
                server.log_file.unlink()
                server.start()
                self.assertRegex(server.log(), f"warning.*cannot use .*state/{name}: it is damaged")
                self.assertEqual(self.answers(server), answers)
                wait_until(lambda: path.exists() and path.stat().st_ino != before, 60,
                           "the writing of a good copy")
                self.restart(server)
                self.assert_no_warning_of_copies(server)
                self.assertEqual(self.answers(server), answers)


if __name__ == "__main__":
    unittest.main()
