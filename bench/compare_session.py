# Frames a comparison: says what the machine is, ends every server, writes what was measured.
#
# SPDX-License-Identifier: Apache-2.0
import contextlib
import json
import os
import platform
import signal
import sys
import tempfile

from compare_servers import Setting


def machine():
    """What figures mean nothing without."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if "model name" in line), "")
    return {"system": platform.platform(), "processor": model, "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1)}


def end_in_order():
    """Has SIGTERM unwind the script, so that no server outlives it; shows lines as they come."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.stdout.reconfigure(line_buffering=True)


def told_options(options):
    """The options that figures depend on, without the folders of this machine."""
    told = {name: value for name, value in vars(options).items() if name not in ("build", "json")}
    return told | {"database": [os.path.basename(path) for path in options.database]}


@contextlib.contextmanager
def session(options, names=0):
    """(setting, list of servers that are to be ended, what goes into the JSON file)"""
    end_in_order()
    os.sched_setaffinity(0, {options.client_core})
    told = {"machine": machine(), "options": told_options(options)}
    print("{system}, {processor}, {cores} cores, load {load}; ".format(**told["machine"]) +
          f"client on core {options.client_core}, server on core {options.server_core}")
    running = []
    with tempfile.TemporaryDirectory(prefix="meridian-compare-") as directory:
        try:
            yield (Setting(options.build, options.database, options.server_core, directory, names),
                   running, told)
        finally:
            for server in running:
                server.stop()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(told, file, indent=1)
