"""Changes what the built server serves again and again, and looks at its memory.

SPDX-License-Identifier: Apache-2.0

MERIDIAN_RELOADS (50) is how many changes there are. A snapshot of the zone weighs over 2 MB, so that one
kept at each change would come to 100 MB.
"""
import os
import re
import time
import unittest
from pathlib import Path

from meridian_process import Server, wait_until

RELOADS = int(os.environ.get("MERIDIAN_RELOADS", "50"))
WARM_UP = 20  # the allocator has found its places by then
NAMES = 20000
MARGIN = 12  # MB: what an allocator may hold on to, and far less than a snapshot for each change


def zone_text(version):
    records = "".join(f"name{number} A 10.0.0.1\n" for number in range(NAMES))
    return ("$TTL 60\n@ SOA ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 60\n"
            f"@ NS ns1.example.net.\n@ NS ns2.example.net.\nwww A 10.{version >> 8}.{version & 255}.1\n"
            + records)


class Memory(unittest.TestCase):
    def setUp(self):
        self.server = Server(watch=True)
        self.addCleanup(self.server.__exit__)
        self.zone = self.server.zone_folder / "many.example.zone"

    def megabytes(self, name):
        text = Path(f"/proc/{self.server.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024

    def resident_at_rest(self):
        """What it is down to once the snapshot before is freed, which no event announces."""
        least = self.megabytes("VmRSS")
        for _ in range(10):
            time.sleep(0.05)
            least = min(least, self.megabytes("VmRSS"))
        return least

    def change(self, version):
        beside = self.zone.with_name(".new")
        beside.write_text(zone_text(version), encoding="ascii")
        os.replace(beside, self.zone)
        wanted = [f"10.{version >> 8}.{version & 255}.1"]
        wait_until(lambda: self.server.addresses("www.many.example", None) == wanted, 30,
                   f"version {version}:\n{self.server.log()[-3000:]}")

    def test_is_what_it_was_after_many_changes(self):
        self.zone.write_text(zone_text(0), encoding="ascii")
        self.server.start()
        for version in range(1, WARM_UP + 1):
            self.change(version)
        before, peak_before = self.resident_at_rest(), self.megabytes("VmHWM")
        for version in range(WARM_UP + 1, WARM_UP + RELOADS + 1):
            self.change(version)
        after, peak_after = self.resident_at_rest(), self.megabytes("VmHWM")
        print(f"after {WARM_UP} changes {before:.1f} MB, at most {peak_before:.1f}; "
              f"after {RELOADS} more {after:.1f} MB, at most {peak_after:.1f}", flush=True)
        self.assertLess(after - before, MARGIN)
        self.assertLess(peak_after - peak_before, MARGIN)


if __name__ == "__main__":
    unittest.main()
