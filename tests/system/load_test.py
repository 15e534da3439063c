"""Changes what the built server serves while a load generator asks it, and checks every answer.

SPDX-License-Identifier: Apache-2.0

Each version of the zone has its number in all of its addresses, so that an answer shows whether it
was put together from two. MERIDIAN_RELOADS (50) is how many versions there are.
"""
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from meridian_process import SCENARIOS, WORLDS, Server, wait_until

LOAD = Path(os.environ["BUILD_FOLDER"]) / "bench" / "meridian_load"
RELOADS = int(os.environ.get("MERIDIAN_RELOADS", "50"))
RATE = int(os.environ.get("MERIDIAN_RATE", "20000"))  # queries a second
SECONDS_A_RELOAD = 5  # at most: under a sanitizer, on a busy machine
NAMES = ["www.many.example", "app.many.example", "alias.many.example"]


def zone_text(version):
    def addresses(*hosts):
        return json.dumps([f"10.{version >> 8}.{version & 255}.{host}" for host in hosts])
    return f"""zone = "many.example"
nameservers = ["ns1.example.net.", "ns2.example.net."]
[regions.frankfurt]
at = "FRA"
addresses = {addresses(1, 2)}
[regions.singapore]
at = "SIN"
addresses = {addresses(3, 4)}
[records]
www.a = {addresses(5, 6, 7)}
app.steer = "nearest"
alias.cname = "www"
"""


def dropped_by_kernel(port):
    """Datagrams to and from a port that found a full socket buffer: the reader did
    not get a core in time. Where the kernel grants small buffers, that takes some 20 ms."""
    count = 0
    for family in ("udp", "udp6"):
        for line in Path("/proc/net", family).read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if f"{port:04X}" in (fields[1].split(":")[1], fields[2].split(":")[1]):
                count += int(fields[-1])
    return count


class Load:
    """The generator, from here until `end`."""

    def __init__(self, server):
        self.names = tempfile.NamedTemporaryFile("w", suffix=".names")
        self.names.write("\n".join(NAMES))
        self.names.flush()
        self.port = server.port
        self.process = subprocess.Popen(
            [LOAD, "--port", str(server.port), "--names", self.names.name, "--ecs", "v4",
             "--rate", str(RATE), "--seconds", "100000", "--generations"],
            stdout=subprocess.PIPE, text=True)

    def end(self):
        dropped = dropped_by_kernel(self.port)
        self.process.terminate()
        found = json.loads(self.process.communicate(timeout=60)[0])
        self.names.close()
        found["dropped"] = dropped
        return found


class UnderLoad(unittest.TestCase):
    def setUp(self):
        self.server = Server(watch=True)
        self.addCleanup(self.server.__exit__)
        self.zone = self.server.zone_folder / "many.toml"
        self.zone.write_text(zone_text(1), encoding="utf-8")
        self.server.start()
        self.load = Load(self.server)
        self.addCleanup(self.load.process.kill)

    def rename_over(self, text):
        beside = self.zone.with_name(".new")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self.zone)

    def write_in_place(self, text):
        with open(self.zone, "w", encoding="utf-8") as file:
            for begin in range(0, len(text), 100):
                file.write(text[begin:begin + 100])
                file.flush()

    def lead_link_elsewhere(self, text):
        target = self.server.folder / f"target{time.monotonic_ns()}"
        target.write_text(text, encoding="utf-8")
        link = self.zone.with_name(".link")
        link.symlink_to(target)
        os.replace(link, self.zone)

    def replace_directory(self, text):
        new = self.server.folder / "new"
        shutil.copytree(self.server.zone_folder, new, symlinks=True)
        (new / "many.toml").unlink()
        (new / "many.toml").write_text(text, encoding="utf-8")
        old = self.server.folder / "old"
        self.server.zone_folder.rename(old)
        new.rename(self.server.zone_folder)
        shutil.rmtree(old)

    def wait_for(self, version):
        wanted = [f"10.{version >> 8}.{version & 255}.{host}" for host in (5, 6, 7)]
        wait_until(lambda: self.server.addresses("www.many.example", None) == wanted,
                   SECONDS_A_RELOAD + 15, f"version {version}:\n{self.server.log()[-3000:]}")

    def check(self, found, versions):
        print(json.dumps({key: found[key] for key in (
            "sent", "lost", "dropped", "answered_per_second", "latency_us", "mixed")}), flush=True)
        self.assertEqual({key: found[key] for key in (
            "unasked", "mismatched", "mixed", "without_address")},
            {"unasked": 0, "mismatched": 0, "mixed": 0, "without_address": 0})
        self.assertLessEqual(found["lost"], found["dropped"], "the server answers what it gets")
        self.assertLessEqual(found["dropped"], found["sent"] // 1000)
        self.assertEqual(list(found["rcodes"]), ["0"])
        self.assertLessEqual({int(version) for version in found["generations"]}, set(versions))
        return {int(version) for version in found["generations"]}

    def test_every_answer_is_of_one_version(self):
        changes = [self.rename_over, self.write_in_place, self.rename_over,
                   self.lead_link_elsewhere, self.replace_directory]
        for version in range(2, RELOADS + 2):
            changes[version % len(changes)](zone_text(version))
            self.wait_for(version)
        seen = self.check(self.load.end(), range(1, RELOADS + 2))
        self.assertEqual(seen, set(range(1, RELOADS + 2)))
        self.assertNotIn(" error", self.server.log())

    def test_what_is_bad_changes_nothing(self):
        def wait_for_log(text):
            wait_until(lambda: text in self.server.log(), 30, f"{text}: {self.server.log()}")

        self.rename_over(zone_text(2).replace('"SIN"', '"SIX"'))
        wait_for_log("SIX")
        self.rename_over(zone_text(2).split("[regions")[0])
        wait_for_log("all records of many.example. would be gone")
        database = self.server.database.read_bytes()
        self.server.database.write_bytes(database[:len(database) // 2])
        wait_for_log("world.mmdb")
        self.server.database.write_bytes(database)
        self.server.zone_folder.rename(self.server.folder / "away")
        wait_for_log("cannot read the zones directory")
        (self.server.folder / "away").rename(self.server.zone_folder)
        self.zone.unlink()
        wait_for_log("no zone files")
        self.rename_over(zone_text(1))
        time.sleep(0.5)
        beside = self.server.folder / "next.mmdb"
        shutil.copy(WORLDS / "moved.mmdb", beside)
        os.replace(beside, self.server.database)
        wait_for_log("database=changed")
        shutil.copy(SCENARIOS / "zones" / "families.toml", self.server.zone_folder)
        wait_for_log("added=families.toml")
        self.check(self.load.end(), [1])


if __name__ == "__main__":
    unittest.main()
