"""Checks that a server without queries takes no processor time: its threads sleep.

SPDX-License-Identifier: Apache-2.0
"""
import time
import unittest
from pathlib import Path

from meridian_process import SCENARIOS, Server

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
SECONDS = 2
LOOKS = 10  # what the start has left to do takes its time on a machine that is busy


def waits(pid):
    """How often each thread has gone to sleep by itself since it began, by name and number."""
    counts = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            status = (task / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # one of the start's own, which has ended since it was listed
        fields = dict(line.split(":", 1) for line in status.splitlines())
        counts[fields["Name"].strip(), task.name] = int(fields["voluntary_ctxt_switches"])
    return counts


class Idle(unittest.TestCase):
    def test_an_idle_server_sleeps(self):
        with Server([BEIGEL], watch=True) as server:
            for _ in range(LOOKS):
                before = waits(server.process.pid)
                time.sleep(SECONDS)
                after = waits(server.process.pid)
                woken = {thread: after.get(thread, 0) - count for thread, count in before.items()}
                if sum(woken.values()) <= 2 * SECONDS:
                    break
            self.assertEqual(before.keys(), after.keys())
            workers = [count for (name, _), count in woken.items() if name == "meridian-udp"]
            self.assertTrue(workers, woken)
            self.assertEqual(workers, [0] * len(workers), woken)
            self.assertLessEqual(sum(woken.values()), 2 * SECONDS, woken)

    def test_a_question_wakes_its_worker(self):
        with Server([BEIGEL]) as server:
            before = waits(server.process.pid)
            server.dig("www.beigel.example", "A")
            after = waits(server.process.pid)
            self.assertGreater(
                sum(count for (name, _), count in after.items() if name == "meridian-udp"),
                sum(count for (name, _), count in before.items() if name == "meridian-udp"))


if __name__ == "__main__":
    unittest.main()
