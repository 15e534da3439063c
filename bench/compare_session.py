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


def figures_of(options, name, measure):
    """What `measure` finds, kept as a file of the output folder; with --plot-only what it keeps."""
    os.makedirs(options.output, exist_ok=True)
    path = os.path.join(options.output, f"{name}.json")
    if options.plot_only:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    figures = measure(options)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=1)
    return figures


def save_plot(figure, figures, path):
    """Titled with the machine that the figures are of."""
    figure.suptitle("{processor}, {cores} cores, load {load:.1f} at the start".format(
        **figures["machine"]), fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=80, metadata={"Software": None})


def end_in_order():
    """Has SIGTERM unwind the script, so that no server outlives it; shows lines as they come."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.stdout.reconfigure(line_buffering=True)


def options_of(options):
    """The options that figures depend on, without the folders of this machine."""
    given = {name: value for name, value in vars(options).items() if name not in ("build", "json")}
    return given | {"database": [os.path.basename(path) for path in options.database]}


@contextlib.contextmanager
def session(options, names=0):
    """(setting, list of servers that are to be ended, what goes into the JSON file)"""
    end_in_order()
    os.sched_setaffinity(0, {options.client_core})
    figures = {"machine": machine(), "options": options_of(options)}
    print("{system}, {processor}, {cores} cores, load {load}; ".format(**figures["machine"]) +
          f"client on core {options.client_core}, server on core {options.server_core}")
    running = []
    with tempfile.TemporaryDirectory(prefix="meridian-compare-") as directory:
        try:
            yield (Setting(options.build, options.database, options.server_core, directory, names),
                   running, figures)
        finally:
            for server in running:
                server.stop()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
