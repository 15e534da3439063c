"""Starts, asks and stops the built server for the tests in this folder.

SPDX-License-Identifier: Apache-2.0

The environment names what to test: MERIDIAN_BINARY, and WORLD_FOLDER with the databases that the
build makes from tests/scenarios/worlds/.
"""
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
SCENARIOS = SOURCE / "tests" / "scenarios"
BINARY = os.environ["MERIDIAN_BINARY"]
WORLDS = Path(os.environ["WORLD_FOLDER"])
START_SECONDS = 30  # under a sanitizer, on a busy machine


def free_port():
    """A port that is free for UDP and TCP on 127.0.0.1 and ::1.

    Not one that the kernel would choose: dig and the tests' own sockets get those, and might take
    it before the server does. The kernel begins at 32768.
    """
    for _ in range(100):
        port = random.randrange(10000, 32000)
        sockets = []
        try:
            for family, host in [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]:
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    sockets.append(socket.socket(family, kind))
                    sockets[-1].bind((host, port))
            return port
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()
    raise RuntimeError("no port is free")


def run(*command, timeout=30):
    """Runs a command to its end; what it wrote comes back as text."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=timeout, check=False)


def run_unprivileged(*command):
    """The same, without root's leave to write where files and folders forbid it."""
    if os.geteuid() == 0:
        command = ("setpriv", "--bounding-set", "-dac_override", *command)
    return run(*command)


def without_system_settings(*command):
    """The command, as on a machine that has no /etc/meridian: without -c that would be read."""
    if not Path("/etc/meridian").is_dir():
        return command
    namespaces = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
    return ("unshare", *namespaces, "sh", "-c", 'mount -t tmpfs none /etc/meridian && exec "$@"',
            "sh", *command)


def meridian(*arguments):
    return run(*without_system_settings(BINARY, *arguments))


def is_sanitized(pid):
    """Whether the process maps the terabytes of a sanitizer, beside which no memory can be measured."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmSize:\s+(\d+) kB", status)[1]) << 10 > 1 << 40


def remove(path):
    """Whatever stands there: a link itself, or a folder that is empty."""
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink()


def wait_until(condition, seconds=10, what="what was waited for"):
    """Asks again and again; the value that made it true comes back."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)


def remove_whole(folder):
    """A folder that a server may be writing to."""
    wait_until(lambda: shutil.rmtree(folder, ignore_errors=True) or not folder.exists(), 20,
               f"the end of {folder}")


class Server:
    """A running server in a directory of its own: `with Server(zones=[...]) as server:`.

    Most tests decide themselves when it looks at its files: it watches them only where a test wants it.
    """

    def __init__(self, zones=(), world="small", listen=None, log=None, watch=False, extra=""):
        self.folder = Path(tempfile.mkdtemp(prefix="meridian-test-"))
        self.port = free_port()
        self.zone_folder = self.folder / "zones"
        self.database = self.folder / "world.mmdb"
        self.log_file = self.folder / "stderr.log"
        self.zone_folder.mkdir()
        for zone in zones:
            shutil.copy(zone, self.zone_folder)
        shutil.copytree(SCENARIOS / "zones" / "shared", self.zone_folder / "shared")  # libraries
        shutil.copy(WORLDS / f"{world}.mmdb", self.database)
        listen = listen or ["127.0.0.1:{port}", "[::1]:{port}"]
        addresses = ", ".join(f'"{each.format(port=self.port)}"' for each in listen)
        self.config = self.folder / "meridian.toml"
        self.config.write_text(
            f'[server]\nlisten = [{addresses}]\nzones = "zones"\nstate = "state"\nworkers = 2\nclock = "trusted"\n'
            f'watch = {str(watch).lower()}\n'
            f'[geo]\ndatabase = "world.mmdb"\n{log or ""}\n{extra}\n', encoding="utf-8")
        self.process = None
        self.stderr = None
        self.prefix = ()  # of the command, such as setpriv

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        if self.stderr is not None:
            self.stderr.close()
        reports = [path.read_text(encoding="utf-8") for path in self.folder.glob("sanitizer.*")]
        shutil.rmtree(self.folder, ignore_errors=True)
        if reports:
            raise AssertionError("\n".join(reports))

    def environment(self):
        """A sanitizer writes into a file: a test may be holding up what stderr leads to."""
        result = dict(os.environ)
        for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"):
            result[name] = f"{result.get(name, '')}:log_path={self.folder}/sanitizer"
        return result

    def start(self):
        if self.stderr is not None:
            self.stderr.close()
        self.stderr = open(self.log_file, "ab")
        self.launch()
        wait_until(self.is_serving_or_dead, START_SECONDS, "the start")
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log()}")

    def launch(self):
        """The process alone, with `stderr` as it is."""
        self.process = subprocess.Popen([*self.prefix, BINARY, "serve", "-c", self.config], stderr=self.stderr,
                                        stdout=self.stderr, cwd=self.folder,
                                        env=self.environment())

    def is_serving_or_dead(self):
        return self.process.poll() is not None or "serving" in self.log()

    def log(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def stop(self):
        """SIGTERM; the exit status and how many seconds it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(10)
        return status, time.monotonic() - begin

    def reload(self):
        """SIGHUP, and waits until something new is in the log."""
        before = self.log()
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "reload" in self.log()[len(before):], 20, "the reload")
        return self.log()[len(before):]

    def dig(self, *arguments, server="127.0.0.1"):
        """Lines of dig's answer."""
        result = run("dig", f"@{server}", "-p", self.port, "+tries=2", "+timeout=3", *arguments)
        if result.returncode != 0:
            raise AssertionError(f"dig {arguments}: {result.stdout}{result.stderr}\n{self.log()}")
        return result.stdout

    def addresses(self, name, client, record_type="A", **options):
        """The sorted addresses that a client subnet gets."""
        subnet = [f"+subnet={client}"] if client else []
        return sorted(self.dig("+short", *subnet, name, record_type, **options).split())
