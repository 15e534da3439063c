"""Names files that are no files, or far too long, wherever an operator can name one.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import resource
import shutil
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from meridian_process import BINARY, SCENARIOS, WORLDS, Server, is_sanitized, remove, run, wait_until

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
ZONE = """zone = "{name}"
nameservers = ["ns1.example.net.", "ns2.example.net."]
{extra}
[records]
www.a = "{address}"
"""
MASTER = """$TTL 1h
@ SOA ns1.example.net. hostmaster 1 2h 15m 2w 1m
@ NS ns1.example.net.
@ NS ns2.example.net.
"""
MEBIBYTE = 1 << 20


def zone_text(name, address="192.0.2.1", extra=""):
    return ZONE.format(name=name, address=address, extra=extra)


def make_fifo(path):
    os.mkfifo(path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def make_device(path):
    path.symlink_to("/dev/zero")


def make_link_to_fifo(path):
    os.mkfifo(path.with_name(".fifo"))
    path.symlink_to(".fifo")


def make_folder(path):
    path.mkdir()


NO_FILES = {"a named pipe": make_fifo, "a socket": make_socket, "a device": make_device,
            "a directory": make_folder}


def make_sparse(path, octets):
    path.write_bytes(b"")
    os.truncate(path, octets)


def measured(*command):
    """Exit status, output, and the most memory that it had at a time, in MiB."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as reported:
        process = subprocess.Popen([str(word) for word in command], stdout=reported, stderr=reported)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        reported.seek(0)
        return process.returncode, reported.read(), usage.ru_maxrss // 1024


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="meridian-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.zones = self.folder / "zones"
        self.zones.mkdir()
        (self.zones / "one.toml").write_text(zone_text("one.example"), encoding="utf-8")
        self.database = self.folder / "world.mmdb"
        self.config = self.folder / "meridian.toml"
        self.config.write_text('[server]\nzones = "zones"\nstate = "state"\n'
                               '[geo]\ndatabase = "world.mmdb"\n', encoding="utf-8")
        shutil.copy(WORLDS / "small.mmdb", self.database)


class NoFile(Folder):
    """Each place where a file can be named, with each kind of thing that is none."""

    def assert_refused(self, place, *command, what):
        result = run(BINARY, *command, timeout=20)
        self.assertIn(result.returncode, (1, 2), result.stdout + result.stderr)
        self.assertIn(f"it is no ordinary file but {what}", result.stderr)
        self.assertIn(str(place), result.stderr)

    def test_as_database(self):
        for what, make in NO_FILES.items():
            remove(self.database)
            make(self.database)
            self.assert_refused(self.database, "check", "-c", self.config, what=what)
            self.assert_refused(self.database, "serve", "-c", self.config, what=what)
            self.assert_refused(self.database, "geo", "info", "--database", self.database,
                                what=what)
            self.assert_refused(self.database, "geo", "lookup", "--database", self.database,
                                "192.0.2.1", what=what)
            self.assert_refused(self.database, "why", "www.one.example", "--client", "192.0.2.1",
                                "-c", self.config, what=what)

    def test_as_database_behind_a_link(self):
        self.database.unlink()
        make_link_to_fifo(self.database)
        self.assert_refused(self.database, "check", "-c", self.config, what="a named pipe")

    def test_as_settings(self):
        for what, make in NO_FILES.items():
            remove(self.config)
            make(self.config)
            self.assert_refused(self.config, "check", "-c", self.config, what=what)
            self.assert_refused(self.config, "serve", "-c", self.config, what=what)

    def test_as_zone_file(self):
        for name in ("odd.toml", "odd.example.zone"):
            path = self.zones / name
            for what, make in NO_FILES.items():
                make(path)
                if name.endswith(".toml"):
                    self.assert_refused(path, "region", "list", path, what=what)
                if what != "a directory":  # which is no zone file, whatever its name
                    self.assert_refused(path, "check", path, what=what)
                    self.assert_refused(path, "check", "-c", self.config, what=what)
                remove(path)

    def test_as_library_master_file_or_included_file(self):
        odd = self.zones / "odd"
        (self.zones / "one.toml").unlink()
        user = self.zones / "user.toml"
        include = self.zones / "include.example.zone"
        include.write_text(MASTER + "$INCLUDE odd\n", encoding="utf-8")
        for what, make in NO_FILES.items():
            make(odd)
            for key in ("use", "records_from"):
                user.write_text(zone_text("user.example", extra=f'{key} = ["odd"]'),
                                encoding="utf-8")
                if what != "a device":  # a link that leads out of the folder
                    self.assert_refused(odd, "check", user, what=what)
            if what != "a device":
                self.assert_refused(odd, "check", include, what=what)
            remove(odd)


class TooLong(Folder):
    """Sparse files: they take no room on the disk, and must take none in memory."""

    def assert_refused_at_once(self, path, limit, *command):
        status, reported, mebibytes = measured(BINARY, *command)
        self.assertEqual(status, 1, reported)
        self.assertIn(str(path), reported)
        self.assertIn(f"longer than {limit}", reported)
        self.assertLess(mebibytes, 300)

    def test_zone_files(self):
        for name, limit in (("long.toml", "4 MiB"), ("long.example.zone", "2 GiB")):
            path = self.zones / name
            make_sparse(path, 5 << 30)
            self.assert_refused_at_once(path, limit, "check", path)
            self.assert_refused_at_once(path, limit, "check", "-c", self.config)
            path.unlink()

    def test_files_that_zones_name(self):
        long = self.zones / "long"
        make_sparse(long, 5 << 30)
        for key, limit in (("use", "4 MiB"), ("records_from", "2 GiB")):
            user = self.zones / "user.toml"
            user.write_text(zone_text("user.example", extra=f'{key} = ["long"]'),
                            encoding="utf-8")
            self.assert_refused_at_once(long, limit, "check", user)

    def test_settings(self):
        make_sparse(self.config, 5 << 30)
        self.assert_refused_at_once(self.config, "4 MiB", "check", "-c", self.config)

    def test_databases(self):
        make_sparse(self.database, 3 << 30)
        self.assert_refused_at_once(self.database, "2 GiB", "check", "-c", self.config)
        shutil.copy(WORLDS / "small.mmdb", self.database)
        with Server(zones=[BEIGEL]) as server:  # which leaves compiled copies: it would be hashed
            server.stop()
            make_sparse(server.database, 3 << 30)
            self.assert_refused_at_once(server.database, "2 GiB", "check", "-c", server.config)

    def test_a_database_of_nothing_is_not_copied(self):
        make_sparse(self.database, 1 << 30)
        status, reported, mebibytes = measured(BINARY, "check", "-c", self.config)
        self.assertEqual(status, 1, reported)
        self.assertIn("is not a MaxMind DB file", reported)
        self.assertLess(mebibytes, 300)


class LongLine(Folder):
    """A line of 64 MiB: its file is read whole, but no diagnostic holds the line."""

    SIZE = 64 * MEBIBYTE

    def check(self, text):
        path = self.zones / "long.example.zone"
        path.write_bytes(text)
        status, reported, mebibytes = measured(BINARY, "check", path)
        self.assertEqual(status, 1, reported[:2000])
        self.assertLess(mebibytes, 600, reported[:2000])  # 35 octets an octet are 2,240 MiB
        self.assertLess(len(reported), 40_000)
        return reported

    def test_of_one_word(self):
        self.assertIn("zone:1:1: error: the line is longer than 512 KiB",
                      self.check(b"a" * self.SIZE))

    def test_of_octets_that_are_no_text(self):
        self.check(b"\0" * self.SIZE)
        self.check(b"\x80" * self.SIZE)

    def test_of_many_words(self):
        self.check(MASTER.encode() + b"a " * (self.SIZE // 2))

    def test_of_a_comment(self):
        self.check(b"www A 192.0.2.1 ;" + b"x" * self.SIZE)

    def test_in_quotes_that_do_not_end(self):
        self.assertIn('"', self.check(b'www TXT "' + b"x" * self.SIZE))

    def test_many_times(self):
        self.check(b"\n".join([b"x" * MEBIBYTE] * 64))

    def test_of_words_that_are_told(self):
        word = b"x" * 500_000
        self.check(MASTER.encode() + b"".join(b"www %s 192.0.2.1\n" % word for _ in range(60)))


class Memory(unittest.TestCase):
    """A server whose memory is limited (setrlimit(2)); other zones' edits go on."""

    def setUp(self):
        self.server = Server(zones=[], watch=True)
        self.addCleanup(self.server.__exit__)
        self.zones = self.server.zone_folder
        self.put("one", "192.0.2.1")
        self.server.start()

    def put(self, name, address):
        (self.zones / f"{name}.toml").write_text(zone_text(f"{name}.example", address),
                                                 encoding="utf-8")

    def limit_memory(self, mebibytes):
        """To so much more than the server has now."""
        if is_sanitized(self.server.process.pid):
            self.skipTest("a sanitizer maps terabytes")
        status = Path(f"/proc/{self.server.process.pid}/status").read_text(encoding="ascii")
        now = int(re.search(r"VmData:\s+(\d+) kB", status)[1]) << 10
        most = now + mebibytes * MEBIBYTE
        resource.prlimit(self.server.process.pid, resource.RLIMIT_DATA, (most, most))

    def assert_lives(self, name, address):
        wait_until(lambda: self.server.addresses(f"www.{name}.example", None) == [address], 200,
                   f"{name} at {address}:\n{self.server.log()[-4000:]}")

    def test_that_does_not_suffice_to_read_a_file(self):
        self.limit_memory(300)
        make_sparse(self.zones / ".big", 1 << 30)
        (self.zones / ".big").rename(self.zones / "big.example.zone")  # no program writes it
        self.put("one", "192.0.2.2")
        self.assert_lives("one", "192.0.2.2")
        wait_until(lambda: "big.example.zone: there is not enough memory to read"
                   in self.server.log(), 200, "the error")
        self.assertNotIn("bad_alloc", self.server.log())
        self.put("one", "192.0.2.3")  # and that goes on
        self.assert_lives("one", "192.0.2.3")
        (self.zones / "big.example.zone").write_text(MASTER + "www A 192.0.2.9\n",
                                                     encoding="utf-8")
        self.assert_lives("big", "192.0.2.9")

    def test_that_does_not_suffice_for_what_a_file_says(self):
        """Wherever it runs out: as the text is read, as its zone is made, or its snapshot."""
        self.limit_memory(6)
        for number, count in enumerate((500, 14_000, 16_000, 20_000, 30_000)):
            (self.zones / "many.example.zone").write_text(
                f"{MASTER}$GENERATE 1-{count} name-that-takes-room-$ A 192.0.2.1\n",
                encoding="utf-8")
            self.put("one", f"192.0.2.{100 + number}")
            self.assert_lives("one", f"192.0.2.{100 + number}")
        self.assertRegex(self.server.log(),
                         r"many\.example\.zone: there is not enough memory")
        self.assertNotIn("reload failed", self.server.log())


class Twins(unittest.TestCase):
    def test_that_describe_one_zone_are_one_short_line(self):
        with Server(zones=[BEIGEL]) as server:
            for number in range(40):
                (server.zone_folder / f"{number:02}.toml").write_text(
                    zone_text("one.example", f"192.0.2.{number}"), encoding="utf-8")
            line = [line for line in server.reload().splitlines() if " reload" in line][-1]
            self.assertIn("with_errors", line)
            self.assertIn("and 23 more", line)
            self.assertEqual(server.addresses("www.one.example", None), ["192.0.2.0"])


class Running(unittest.TestCase):
    """A database that becomes a pipe while the server runs."""

    def test_leaves_what_runs_and_all_that_comes(self):
        server = Server(zones=[BEIGEL], watch=True)
        self.addCleanup(server.__exit__)
        server.start()
        zone = server.zone_folder / "one.toml"
        server.database.unlink()
        os.mkfifo(server.database)
        wait_until(lambda: "it is no ordinary file but a named pipe" in server.log(), 20,
                   "the error")
        zone.write_text(zone_text("one.example", "192.0.2.7"), encoding="utf-8")
        wait_until(lambda: server.addresses("www.one.example", None) == ["192.0.2.7"], 20,
                   "the edit")
        status, seconds = server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 5)


if __name__ == "__main__":
    unittest.main()
