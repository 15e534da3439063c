"""Kills the built server at random moments while it reloads and writes, and starts it again.

SPDX-License-Identifier: Apache-2.0

MERIDIAN_KILLS (30) is how often. Also prints how long a start takes until the first answer.
"""
import os
import random
import signal
import socket
import time
import unittest

from meridian_process import Server, wait_until

KILLS = int(os.environ.get("MERIDIAN_KILLS", "30"))
SEED = int(os.environ.get("MERIDIAN_SEED", "1"))
ZONES = 6
# SOA of z0.example.
PROBE = b"\0\7\0\0\0\1\0\0\0\0\0\0\2z0\7example\0\0\6\0\1"


def zone_text(number, version):
    return (f'zone = "z{number}.example"\n'
            f'nameservers = ["ns1.example.net.", "ns2.example.net."]\n[records]\n'
            f'www.a = ["10.{version >> 8}.{version & 255}.1", "10.{version >> 8}.{version & 255}.2"]\n')


class Kill(unittest.TestCase):
    def setUp(self):
        self.server = Server(watch=True)
        self.addCleanup(self.server.__exit__)

    def launch(self):
        """Starts it; seconds until the first answer."""
        if self.server.stderr is None:
            self.server.stderr = open(self.server.log_file, "ab")
        begin = time.monotonic()
        self.server.launch()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("127.0.0.1", self.server.port))
            probe.settimeout(0.005)
            while time.monotonic() < begin + 30:
                try:
                    probe.send(PROBE)
                    reply = probe.recv(512)
                    self.assertEqual((reply[3] & 15, reply[7]), (0, 1))
                    return time.monotonic() - begin
                except (TimeoutError, ConnectionRefusedError):
                    self.assertIsNone(self.server.process.poll(), self.server.log())
                    time.sleep(0.001)
        raise AssertionError(f"no answer\n{self.server.log()}")

    def kill(self):
        self.server.process.kill()
        self.server.process.wait(10)

    def write(self, number, version):
        path = self.server.zone_folder / f"z{number}.toml"
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(zone_text(number, version), encoding="utf-8")
        os.replace(beside, path)

    def versions(self):
        """What each zone has, which must be one version."""
        found = []
        for number in range(ZONES):
            addresses = self.server.addresses(f"www.z{number}.example", None)
            versions = {tuple(address.split(".")[1:3]) for address in addresses}
            self.assertEqual((len(addresses), len(versions)), (2, 1), addresses)
            high, low = versions.pop()
            found.append(int(high) << 8 | int(low))
        return found

    def wait_until_saved(self):
        """Before that a start has nothing to put in place of a zone that cannot be read."""
        index = self.server.folder / "state" / "last-good"
        wait_until(lambda: index.exists() and
                   index.read_text(encoding="utf-8").count("\nzone ") == ZONES, 30, "the index")

    def test_every_start_serves(self):
        chance = random.Random(SEED)
        written = [1] * ZONES
        for number in range(ZONES):
            self.write(number, 1)
        starts = [self.launch()]
        self.wait_until_saved()
        for _ in range(KILLS):
            deadline = time.monotonic() + chance.uniform(0, 0.4)
            while time.monotonic() < deadline:
                number = chance.randrange(ZONES)
                written[number] += 1
                self.write(number, written[number])
                if chance.random() < 0.3:
                    self.server.process.send_signal(signal.SIGHUP)
                time.sleep(chance.uniform(0, 0.02))
            self.kill()
            bad = chance.randrange(ZONES) if chance.random() < 0.5 else None
            if bad is not None:  # half of the starts find a zone that cannot be read
                (self.server.zone_folder / f"z{bad}.toml").write_text("zone = ", encoding="utf-8")
            starts.append(self.launch())
            found = self.versions()
            for number in range(ZONES):
                if number == bad:  # what was served last, or the one before where it was not kept
                    self.assertLessEqual(found[number], written[number])
                else:
                    self.assertEqual(found[number], written[number])
            if bad is not None:
                self.write(bad, written[bad])
            its_own = f".{self.server.process.pid}-"  # what it is writing just now
            leftovers = [path.name for path in (self.server.folder / "state").iterdir()
                         if path.name.endswith(".new") and its_own not in path.name]
            self.assertEqual(leftovers, [])
        starts.sort()
        print(f"{len(starts)} starts with {ZONES} zones: median {starts[len(starts) // 2]:.3f} s,"
              f" longest {starts[-1]:.3f} s", flush=True)

    def test_a_start_with_many_zones(self):
        for count in (1, 1000):
            for number in range(count):
                self.write(number, 1)
            times = []
            for _ in range(3):
                times.append(self.launch())
                self.kill()
            print(f"first answer with {count} zones: {sorted(times)[1]:.3f} s", flush=True)


if __name__ == "__main__":
    unittest.main()
