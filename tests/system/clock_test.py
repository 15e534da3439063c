"""Sets the date of a running server, and whether it is trusted; watches what begins and ends by it.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import struct
import time
import unittest

from meridian_process import wait_until
from overrides_test import FAR, GERMAN, NEAR, WORLD, FileServer, HandServer

SHIM = os.environ.get("CLOCK_SHIM")
FRANKFURT = 'addresses = ["192.0.2.10", "2001:db8:1::10"]\n'


def date(seconds_from_now):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds_from_now))


def window(begin, end, reason="new switches"):
    return f'maintenance = [{{ from = {date(begin)}, until = {date(end)}, reason = "{reason}" }}]\n'


class Clocked:
    """A server whose date a test sets. The kernel's word on its clock counts in it."""

    def __init__(self, *arguments, unsynchronised=False):
        super().__init__(*arguments)
        self.clock = self.folder / "clock"
        self.set_clock(0, unsynchronised)
        config = self.config.read_text(encoding="utf-8")
        self.config.write_text(config.replace('clock = "trusted"\n', ""), encoding="utf-8")

    def set_clock(self, ahead, unsynchronised=False):
        with open(self.clock, "r+b" if self.clock.exists() else "w+b") as file:
            file.write(struct.pack("=qq", ahead, int(unsynchronised)))

    def environment(self):
        return {**super().environment(), "LD_PRELOAD": SHIM or "", "MERIDIAN_TEST_CLOCK": str(self.clock)}

    def plan(self, text):
        """Windows of Frankfurt, for both zones."""
        for name in ("one", "two"):
            library = self.library(name)
            next_one = library.with_suffix(".next")
            next_one.write_text(WORLD.replace(FRANKFURT, FRANKFURT + text), encoding="utf-8")
            next_one.rename(library)

    def kinds(self):
        result = self.ask("journal", "--json")
        return [(entry["kind"], entry["state"]) for entry in map(json.loads, result.stdout.splitlines())
                if not entry.get("is_state")]


class ClockServer(Clocked, HandServer):
    pass


class ClockFileServer(Clocked, FileServer):
    pass


class Windows(unittest.TestCase):
    def test_a_window_drains_its_region_and_ends_and_is_told(self):
        with HandServer() as server:
            generation = server.status()["generation"]
            library = server.library("one")
            library.write_text(WORLD.replace(FRANKFURT, FRANKFURT + window(4, 8)), encoding="utf-8")
            wait_until(lambda: server.status()["generation"] > generation, 10, "the edit")
            generation = server.status()["generation"]
            status = server.ask("status")
            self.assertEqual(status.returncode, 0, status.stdout)
            self.assertRegex(status.stdout, r"frankfurt +planned +at 20\S+Z for 4 s +\S+one-world.toml:5 +new switches")
            self.assertEqual(server.answer(), NEAR)
            wait_until(lambda: server.answer() == FAR, 10, "the begin")
            self.assertEqual(server.answer("www.two.example"), NEAR)
            status = server.ask("status")
            self.assertEqual(status.returncode, 0, status.stdout)
            self.assertRegex(status.stdout, r"frankfurt +in maintenance +for \d s more")
            why = server.ask("why", "www.one.example", "--client", GERMAN, "--server").stdout
            self.assertRegex(why, r"frankfurt .*is drained \(maintenance in \S+one-world.toml:5, until 20\S+Z: new switches\)")
            why = server.ask("why", "www.one.example", "--client", GERMAN).stdout
            self.assertRegex(why, r"frankfurt .*is drained \(maintenance in ")
            text = server.by_hand("release", "one-world.toml:frankfurt", status=1)
            self.assertRegex(text, r"frankfurt is in maintenance by \S+one-world.toml:5; take it out there")
            wait_until(lambda: server.answer() == NEAR, 10, "the end")
            self.assertEqual(server.status()["generation"], generation, "nothing was compiled")
            wait_until(lambda: "maintenance ends" in server.log(), 5, "a line of the log")
            self.assertIn("maintenance begins", server.log())
            text = server.ask("journal").stdout
            self.assertRegex(text, r"override +\S+one-world.toml:frankfurt is in maintenance, until 20\S+: new switches")
            self.assertRegex(text, r"frankfurt is no more in maintenance: its time is over")
            self.assertFalse((server.folder / "state" / "overrides").exists(), "the file has it")

    def test_a_window_holds_in_the_first_answer_of_a_start_and_why_at_knows_it(self):
        with HandServer() as server:
            library = server.library("one")
            library.write_text(WORLD.replace(FRANKFURT, FRANKFURT + window(-100, 3600)), encoding="utf-8")
            wait_until(lambda: server.answer() == FAR, 10, "the edit")
            time.sleep(1.1)
            server.kill()
            server.start_again()
            self.assertEqual(server.answer(), FAR)
            why = server.ask("why", "www.one.example", "--client", GERMAN, "--at", date(-50)).stdout
            self.assertRegex(why, r"frankfurt .*is drained \(maintenance in ")
            why = server.ask("why", "www.one.example", "--client", GERMAN, "--at", date(-200)).stdout
            self.assertNotIn("maintenance", why)

    def test_a_window_that_takes_the_last_region_is_an_error_and_what_was_served_stays(self):
        with HandServer() as server:
            library = server.library("one")
            both = WORLD.replace('"2001:db8:1::10"]\n', '"2001:db8:1::10"]\n' + window(100, 200))
            both = both.replace('"2001:db8:2::10"]\n', '"2001:db8:2::10"]\n' + window(150, 300))
            library.write_text(both, encoding="utf-8")
            text = server.by_hand("check", status=1)
            self.assertRegex(text, r"one-world.toml:9:\d+: error: regions.virginia.maintenance: from \S+ on "
                                   r"\S+ has no region left over IPv4: \"frankfurt\", \"virginia\"")
            wait_until(lambda: server.ask("status").returncode == 1, 10, "a problem")
            self.assertEqual(server.answer(), NEAR)


@unittest.skipUnless(SHIM, "no library that sets the clock")
class Clocks(unittest.TestCase):
    def test_setting_the_date_forward_ends_no_drain_also_across_a_restart(self):
        with ClockServer() as server:
            server.by_hand("drain", "frankfurt", "--for", "8s")
            server.set_clock(3600)
            time.sleep(1.5)
            self.assertEqual(server.answer(), FAR)
            server.kill()
            server.start_again()
            self.assertEqual(server.answer(), FAR)
            wait_until(lambda: server.answer() == NEAR, 15, "its end")

    def test_setting_the_date_back_holds_no_end_up(self):
        with ClockServer() as server:
            server.by_hand("drain", "frankfurt", "--for", "3s")
            server.set_clock(-3600)
            wait_until(lambda: server.answer() == NEAR, 10, "its end")

    def test_a_clock_that_is_not_synchronised_is_a_problem_with_a_way_out(self):
        with ClockServer(unsynchronised=True) as server:
            status = server.ask("status")
            self.assertEqual(status.returncode, 1)
            self.assertRegex(status.stdout, r"PROBLEM +the clock is not synchronised")
            self.assertIn('clock = "trusted"', status.stdout)
            wait_until(lambda: ("alarm", "on") in server.kinds(), 5, "a line of the journal")
            self.assertIn("the clock is not synchronised", server.log())
            server.set_clock(0)
            wait_until(lambda: server.ask("status").returncode == 0, 5, "no problem")
            wait_until(lambda: ("alarm", "off") in server.kinds(), 5, "its end in the journal")

    def test_who_trusts_the_clock_has_no_problem(self):
        with ClockServer(unsynchronised=True) as server:
            server.stop()
            config = server.config.read_text(encoding="utf-8")
            server.config.write_text(config.replace("[server]\n", '[server]\nclock = "trusted"\n'), encoding="utf-8")
            server.start_again()
            self.assertEqual(server.ask("status").returncode, 0)

    def test_ends_in_a_file_wait_for_a_clock_that_is_synchronised(self):
        with ClockFileServer(f'[[drain]]\ntarget = "frankfurt"\nuntil = {date(3)}\n', unsynchronised=True) as server:
            time.sleep(4.5)
            self.assertEqual(server.answer(), FAR)
            server.kill()
            server.start_again()
            self.assertEqual(server.answer(), FAR, "what stands in the file holds")
            server.by_hand("drain", "virginia/api", "--for", "2s", "--force")
            wait_until(lambda: len(server.status()["health"]["overrides"]) == 1, 10, "an end that needs no date")
            server.set_clock(0)
            wait_until(lambda: server.answer() == NEAR, 5, "the end")

    def test_windows_wait_for_a_clock_that_is_synchronised(self):
        with ClockServer(unsynchronised=True) as server:
            server.plan(window(-10, 3600))
            wait_until(lambda: server.status()["health"]["overrides"], 10, "the plan")
            time.sleep(1.5)
            self.assertEqual(server.answer(), NEAR)
            server.set_clock(0)
            wait_until(lambda: server.answer() == FAR, 5, "the begin")
            server.set_clock(4000, unsynchronised=True)
            time.sleep(1.5)
            self.assertEqual(server.answer(), FAR)
            server.set_clock(4000)
            wait_until(lambda: server.answer() == NEAR, 5, "the end")


if __name__ == "__main__":
    unittest.main()
