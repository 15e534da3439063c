#!/usr/bin/env python3
# Times changes while the server runs: until they are live, answers meanwhile, memory afterwards.
#
# SPDX-License-Identifier: Apache-2.0
import json
import re
import signal
import statistics
import subprocess
import tempfile
import time

import compare_servers as servers
import compare_session
from reload_changes import ChangingServer, wait_until

SETTLE_SECONDS = 0.1


def read_options():
    parser = servers.options_parser(__doc__, needs_database=True)
    parser.add_argument("--runs", type=int, default=9, help="of each kind of change")
    parser.add_argument("--reloads", type=int, default=1000, help="for the memory")
    parser.add_argument("--rate", type=int, default=20000, help="queries a second meanwhile")
    parser.add_argument("--zones", type=int, default=10000, help="beside, for freeing many things")
    parser.add_argument("--names", type=int, default=1000000, help="the same, in one zone")
    parser.add_argument("--waits", action="store_true",
                        help="also how long the worker waited for a core, by perf sched, as root")
    return parser.parse_args()


class Run:
    """One change while a load goes to `port`: to the server that changes, or to the echo beside it."""

    def __init__(self, options, changing, change, port):
        load = subprocess.Popen(
            [f"{options.build}/bench/meridian_load", "--port", str(port), "--name",
             servers.STEERED, "--ecs", "v4", "--rate", str(options.rate), "--seconds", "1000"],
            stdout=subprocess.PIPE, text=True)
        try:
            time.sleep(0.3)
            used, _ = changing.control_thread()
            if change is None:
                time.sleep(1)
            else:
                self.live_seconds = wait_until(change()) - SETTLE_SECONDS
                changing.wait_until_quiet()
            self.cpu_seconds = changing.control_thread()[0] - used
        finally:
            load.terminate()
            self.found = json.loads(load.communicate()[0])

    def latency_ms(self, share):
        return self.found["latency_us"][share] / 1e3


def longest_wait_ms(options, changing, change):
    """How long, at most, the worker waited to run while one more change went on. Unlike the
    latency this does not count the waits of the generator."""
    with tempfile.NamedTemporaryFile(suffix=".perf") as record:
        # Until SIGINT ends it; the change is made meanwhile.
        perf = subprocess.Popen(["perf", "sched", "record", "-o", record.name],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        Run(options, changing, change, changing.port)
        perf.send_signal(signal.SIGINT)
        perf.wait()
        output = subprocess.run(["perf", "sched", "timehist", "--state", "-i", record.name],
                              capture_output=True, text=True, check=True).stdout
    longest, was_running = 0.0, False
    for row in re.findall(r"meridian-udp\S* +([\d.]+) +([\d.]+) +[\d.]+ +(\w)", output):
        away_ms, wait_ms, state = float(row[0]), float(row[1]), row[2]
        longest = max(longest, away_ms if was_running else wait_ms)
        was_running = state == "R"  # another took the core
    return longest


def spread(values, digits=1):
    return (f"{statistics.median(values):.{digits}f} "
            f"({min(values):.{digits}f}-{max(values):.{digits}f})")


def measure(options, changing, echo, title, change):
    """A change with the load on the server, then one with the load on the echo, and so on."""
    runs, beside = [], []
    for _ in range(options.runs):
        runs.append(Run(options, changing, change, changing.port))
        beside.append(Run(options, changing, change, echo.port))
    if change is not None:
        print(f"{title}: live after the settle time "
              f"{spread([run.live_seconds for run in runs], 3)} s  CPU "
              f"{spread([run.cpu_seconds for run in runs], 2)} s")
    else:
        print(title)
    for name, measured in (("Meridian", runs), ("echo", beside)):
        lost = sum(run.found["lost"] for run in measured)
        print(f"  {name:10}p99.99 {spread([run.latency_ms('p99.99') for run in measured])} ms  "
              f"longest {spread([run.latency_ms('max') for run in measured])} ms  "
              f"lost {lost} of {sum(run.found['sent'] for run in measured)}", flush=True)
    if options.waits:
        waits = [longest_wait_ms(options, changing, change) for _ in range(options.runs)]
        print(f"  the worker waited for a core at most {spread(waits)} ms", flush=True)


def measure_memory(options, changing):
    figures = []
    for number in range(options.reloads + 1):
        if number in (10, 100, options.reloads):
            figures.append(f"{changing.server.resident_mb():.1f} MB after {number}")
        is_live = changing.edit_region() if number % 50 == 0 else changing.edit_record()
        wait_until(is_live)
    print("memory: " + ", ".join(figures) + " reloads")


def with_server(options, action, **data):
    """Calls `action` with a server of that much data, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="meridian-reload-") as home:
        changing = ChangingServer(options, home, **data)
        try:
            action(changing)
        finally:
            changing.server.stop()


def measure_all(options, echo):
    def few(changing):
        measure(options, changing, echo, "nothing changes", None)
        measure(options, changing, echo, "a record", changing.edit_record)
        measure(options, changing, echo, "all regions", changing.edit_region)
        measure(options, changing, echo, "the database", changing.swap_database)
        if options.reloads > 0:
            measure_memory(options, changing)

    with_server(options, few)
    if options.zones > 0:
        with_server(options, lambda changing: measure(
            options, changing, echo, f"a record beside {options.zones} zones",
            changing.edit_record), zone_count=options.zones)
    if options.names > 0:
        with_server(options, lambda changing: measure(
            options, changing, echo, f"a zone of {options.names} names", changing.edit_names),
            name_count=options.names)


def main():
    options = read_options()
    compare_session.end_in_order()
    print("{system}, {processor}, {cores} cores, load {load}; ".format(**compare_session.machine()) +
          f"{options.rate} queries a second meanwhile, to the server "
          f"or to an echo beside it; {options.runs} changes of each, medians (best-worst)")
    with tempfile.TemporaryDirectory(prefix="meridian-reload-") as home:
        port = servers.free_port()
        with subprocess.Popen([f"{options.build}/bench/meridian_echo", "--port", str(port),
                               "--reply", "100", "--wait", "poll"],
                              stdout=subprocess.DEVNULL) as process:
            echo = servers.Server("echo", "", port, process, home)
            try:
                measure_all(options, echo)
            finally:
                echo.stop()


if __name__ == "__main__":
    main()
