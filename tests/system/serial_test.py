"""Follows the serial of a zone through edits, reloads, restarts and the loss of what was kept.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import signal
import tempfile
import time
import unittest
from pathlib import Path

from meridian_process import SCENARIOS, Server, meridian, wait_until

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
EDITED = 1_780_000_000  # 2026-05-28


class Serial(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="meridian-test-")
        self.addCleanup(folder.cleanup)
        zone = Path(folder.name) / "beigel.toml"
        # No serial of its own, nor the alias that leads nowhere, which is warned of.
        lines = [line for line in BEIGEL.read_text(encoding="utf-8").splitlines()
                 if "serial" not in line and not line.startswith("lost.cname")]
        zone.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.source = zone

    def server(self, **options):
        server = Server(zones=[self.source], **options)
        self.touch(server, EDITED)
        return server

    def touch(self, server, when):
        os.utime(server.zone_folder / "beigel.toml", (when, when))

    def edit(self, server, old, new):
        path = server.zone_folder / "beigel.toml"
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def serial(self, server):
        return int(server.dig("+short", "beigel.example", "SOA").split()[2])

    def wait_until_saved(self, server):
        kept = server.folder / "state" / "serials"
        serial = str(self.serial(server))
        wait_until(lambda: kept.exists() and serial in kept.read_text(encoding="utf-8"), 20,
                   f"the keeping of {serial}")

    def restart(self, server, how=signal.SIGTERM):
        self.wait_until_saved(server)
        server.process.send_signal(how)
        server.process.wait(10)
        server.log_file.unlink()
        server.start()

    def assert_no_warning(self, server):
        reported = server.log().replace("warning: running as root", "")
        self.assertNotIn("warning", reported)

    def test_a_life(self):
        with self.server() as server:
            self.assertEqual(self.serial(server), EDITED)
            self.touch(server, EDITED + 500)
            server.reload()
            self.assertEqual(self.serial(server), EDITED)

            before = int(time.time())
            self.edit(server, '"192.0.2.25"', '"192.0.2.26"')
            server.reload()
            edited = self.serial(server)
            self.assertGreaterEqual(edited, before)
            self.assertLessEqual(edited, time.time())
            self.edit(server, '"192.0.2.26"', '"192.0.2.27"')
            server.reload()
            twice = self.serial(server)
            self.assertGreater(twice, edited)

            self.touch(server, EDITED + 700)
            self.restart(server)
            self.assertEqual(self.serial(server), twice)
            self.restart(server, signal.SIGKILL)
            self.assertEqual(self.serial(server), twice)
            self.assert_no_warning(server)
            self.assertIn(f"state={server.folder / 'state'}", server.log())

            server.stop()
            shutil.rmtree(server.folder / "state")
            server.log_file.unlink()
            server.start()
            self.assertEqual(self.serial(server), EDITED + 700)

    def test_commands_read_it_and_write_nothing(self):
        with self.server() as server:
            self.edit(server, '"192.0.2.25"', '"192.0.2.26"')
            server.reload()
            serial = self.serial(server)
            self.touch(server, EDITED)
            self.wait_until_saved(server)  # the server writes it after it has logged the reload
            kept = (server.folder / "state" / "serials").read_bytes()
            why = meridian("why", "beigel.example", "--type", "SOA", "--client", "192.0.2.1", "-c",
                           server.config)
            self.assertIn(f" {serial} ", why.stdout)
            self.edit(server, "\nzone ", f"\nsoa.serial = {serial - 1}\nzone ")
            check = meridian("check", "-c", server.config)
            self.assertEqual(check.returncode, 0)
            self.assertRegex(check.stderr, rf"beigel\.toml:\d+:14: warning: soa\.serial: the serial "
                                           rf"{serial - 1} does not come after {serial},")
            self.assertEqual((server.folder / "state" / "serials").read_bytes(), kept)
            self.assertIn("does not come after", server.reload())

    def test_a_directory_that_cannot_be_is_a_warning(self):
        with self.server() as server:
            server.stop()
            text = server.config.read_text(encoding="utf-8")
            for place in ("meridian.toml/state", "/proc/meridian/state"):
                server.config.write_text(text.replace('state = "state"', f'state = "{place}"'),
                                         encoding="utf-8")
                server.log_file.unlink()
                server.start()
                self.assertRegex(server.log(), f"warning.*nothing can be saved.*{place}")
                self.assertIn('state="not saved"', server.log())
                self.assertEqual(self.serial(server), EDITED)
                server.stop()

    def test_a_file_that_is_damaged_is_a_warning(self):
        with self.server() as server:
            for damage in (b"", b"rubbish", b"\0" * 5000, b"meridian serials 9\nend 0\n"):
                server.stop()
                (server.folder / "state" / "serials").write_bytes(damage)
                server.log_file.unlink()
                server.start()
                self.assertRegex(server.log(), "warning.*cannot use .*state/serials: it is")
                self.assertEqual(self.serial(server), EDITED)
                self.restart(server)
                self.assert_no_warning(server)

    def test_a_second_server_leaves_it_alone(self):
        with self.server() as server:
            with self.server() as second:
                second.stop()
                text = second.config.read_text(encoding="utf-8")
                second.config.write_text(
                    text.replace('"state"', f'"{server.folder / "state"}"'), encoding="utf-8")
                second.log_file.unlink()
                second.start()
                self.assertRegex(second.log(), "warning.*another server uses it")
                self.assertEqual(self.serial(second), EDITED)

    def test_it_is_handed_over_with_root(self):
        if os.geteuid() != 0:
            self.skipTest("only root hands over")
        with self.server() as server:
            server.stop()
            server.folder.chmod(0o755)
            server.zone_folder.chmod(0o755)
            text = server.config.read_text(encoding="utf-8")
            settings = 'user = "nobody"\nreceive_buffer = "64KiB"\n[geo]'
            server.config.write_text(text.replace("[geo]", settings), encoding="utf-8")
            server.log_file.unlink()
            server.start()
            self.edit(server, '"192.0.2.25"', '"192.0.2.26"')
            server.reload()
            self.wait_until_saved(server)
            kept = server.folder / "state" / "serials"
            self.assertEqual(kept.stat().st_uid, kept.parent.stat().st_uid)
            self.assertNotEqual(kept.stat().st_uid, 0)
            self.assert_no_warning(server)


if __name__ == "__main__":
    unittest.main()
