#!/usr/bin/env python3
# Times a start: from the birth of the process to its first answer, with a compiled copy and without.
#
# SPDX-License-Identifier: Apache-2.0
import os
import platform
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

import compare_servers as servers

POLL_SECONDS = 0.001  # a client that asks without pause would take the core that the start needs
COPY_LIMIT_SECONDS = 60


def read_options():
    parser = servers.options_parser(__doc__, needs_database=True)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--cores", help="for taskset; default: all")
    options = parser.parse_args()
    options.database = [os.path.abspath(path) for path in options.database]
    return options


def command_of(options, config):
    pinned = ["taskset", "-c", options.cores] if options.cores else []
    return [*pinned, f"{os.path.abspath(options.build)}/server/meridian", "serve", "-c", config]


class Start:
    """One start, to the first steered answer; the process is there until `stop`."""

    def __init__(self, options, config, port):
        log = open(os.path.join(os.path.dirname(config), "log"), "ab")
        begin = time.monotonic()
        self.process = subprocess.Popen(command_of(options, config), stdout=log, stderr=log)
        log.close()
        while servers.first_address(servers.ask(port, servers.STEERED, 0xc6336400, 0.1)) is None:
            if self.process.poll() is not None:
                raise SystemExit("the server ended; see what `meridian check` says")
            time.sleep(POLL_SECONDS)
        self.seconds = time.monotonic() - begin
        with open(f"/proc/{self.process.pid}/schedstat", encoding="ascii") as file:
            self.main_cpu_seconds = int(file.read().split()[0]) / 1e9

    def stop(self):
        self.process.terminate()
        self.process.wait()


def wait_for_copy(state):
    """Until the files that are being written have their names."""
    deadline = time.monotonic() + COPY_LIMIT_SECONDS
    while time.monotonic() < deadline:
        names = os.listdir(state) if os.path.isdir(state) else []
        if "atlas" in names and any(name.startswith("routes-") for name in names) and \
                not any(name.endswith(".new") for name in names):
            return sum(os.path.getsize(os.path.join(state, name)) for name in names)
        time.sleep(0.05)
    return 0


def measure(options, config, port, state, with_copy):
    starts = []
    for _ in range(options.runs):
        if not with_copy:
            shutil.rmtree(state, ignore_errors=True)
        start = Start(options, config, port)
        starts.append(start)
        start.stop()
    seconds = sorted(start.seconds for start in starts)
    cpu = statistics.median(start.main_cpu_seconds for start in starts)
    print(f"{'with the copy' if with_copy else 'without a copy':16}"
          f"median {statistics.median(seconds):.3f} s   best {seconds[0]:.3f}   "
          f"worst {seconds[-1]:.3f}   CPU of the starting thread {cpu:.3f} s")


def main():
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="meridian-start-") as home:
        port = servers.free_port()
        config = servers.write_meridian(options.database, port, home)
        state = os.path.join(home, "state")
        print(f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}; "
              f"load {os.getloadavg()[0]:.1f}; "
              f"{sum(map(os.path.getsize, options.database)) / 1e6:.0f} MB of database, "
              f"{options.runs} runs each")
        for path in options.database:  # what was read before lies in memory, as after a restart
            with open(path, "rb") as file:
                while file.read(1 << 20):
                    pass
        measure(options, config, port, state, with_copy=False)
        first = Start(options, config, port)
        octets = wait_for_copy(state)
        first.stop()
        if octets == 0:
            print("no copy was written: the database is too small to be worth one")
            return
        print(f"{'the copy':16}{octets / 1e6:.1f} MB")
        measure(options, config, port, state, with_copy=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{'peak memory':16}{used.ru_maxrss / 1024:.0f} MB, while compiling")


if __name__ == "__main__":
    main()
