#!/usr/bin/env python3
# Measures how the cost of an edit grows with zones and names; writes data and plots.
#
# SPDX-License-Identifier: Apache-2.0
#
# Runs meridian_bench_edits, the control thread in process. "Live" is its processor time until the
# new snapshot is there, "after" until all is shown, saved and freed. --plot-only draws the data that
# is there once more.
import json
import os
import subprocess

import compare_servers as servers
from compare_session import figures_of, machine, save_plot

# name: (what grows, what is edited, options, full sweep, quick sweep)
SWEEPS = {
    "zones": ("zones of ten records", "a record beside them", "--what record --zones",
              [10, 100, 1000, 10_000, 60_000, 200_000], [10, 100]),
    "names": ("names in another zone", "a record beside it", "--what record --names",
              [1000, 10_000, 100_000, 1_000_000, 3_000_000], [1000, 10_000]),
    "own_names": ("names in a zone", "a record in it", "--what names --names",
                  [1000, 10_000, 100_000, 1_000_000], [1000, 10_000]),
    "library": ("zones that use a library", "a region in the library",
                "--what library --library --zones", [10, 100, 1000, 10_000], [10, 100]),
    "reload": ("zones of ten records", "none of them, by reload", "--what reload --zones",
               [1000, 12_673, 60_000], [10, 100]),
}


def read_options():
    parser = servers.options_parser(__doc__)
    parser.add_argument("--sweep", action="append", choices=SWEEPS, help="default: all")
    parser.add_argument("--edits", type=int, default=5, help="of each point; medians count")
    parser.add_argument("--quick", action="store_true", help="two points each, to see it work")
    parser.add_argument("--output", default=f"{servers.ROOT}/bench/plots", help="a folder")
    parser.add_argument("--plot-only", action="store_true")
    return servers.with_whole_paths(parser.parse_args())


def measure_point(options, words, count):
    ran = subprocess.run([f"{options.build}/bench/meridian_bench_edits", *words.split(), str(count),
                          "--edits", str(options.edits)], stdout=subprocess.PIPE, text=True,
                         check=True)
    return {"x": count, **json.loads(ran.stdout)}


def measure(options):
    figures = {"machine": machine(), "command": "bench/edits.py" + (" --quick" if options.quick
                                                                    else ""), "sweeps": {}}
    for sweep in options.sweep or SWEEPS:
        _, edited, words, full, quick = SWEEPS[sweep]
        figures["sweeps"][sweep] = []
        for count in quick if options.quick else full:
            point = measure_point(options, words, count)
            figures["sweeps"][sweep].append(point)
            live, after = point["live_seconds"], point["after_seconds"]
            print(f"{sweep:9} {count:>9}  {edited}: live {live[0]:.4f} ({live[1]:.4f}-{live[2]:.4f})"
                  f"  after {after[0]:.4f} ({after[1]:.4f}-{after[2]:.4f}) s  start "
                  f"{point['start_seconds']:.2f} s, saving {point['first_saving_seconds']:.2f} s, "
                  f"{point['resident_mb']:.0f} MB", flush=True)
    return figures


def plot(figures, output):
    try:
        import matplotlib  # only needed here; the data comes without
    except ImportError:
        print("no plots: install python3-matplotlib for this Python, then --plot-only")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    sweeps = {name: points for name, points in figures["sweeps"].items() if len(points) > 1}
    figure, axes = pyplot.subplots(1, len(sweeps), figsize=(3.2 * len(sweeps), 3.4), squeeze=False)
    for axis, (sweep, points) in zip(axes[0], sweeps.items()):
        sizes = [point["x"] for point in points]
        for key, label, colour in (("live_seconds", "until live", "tab:blue"),
                                   ("after_seconds", "after that", "tab:orange")):
            middle, low, high = zip(*(point[key] for point in points))
            axis.plot(sizes, middle, "o-", color=colour, markersize=4, label=label)
            axis.fill_between(sizes, low, high, color=colour, alpha=0.2)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_title(SWEEPS[sweep][1], fontsize=9)
        axis.set_xlabel(SWEEPS[sweep][0], fontsize=9)
        axis.grid(alpha=0.3)
    axes[0][0].set_ylabel("CPU s of the control thread", fontsize=9)
    axes[0][0].legend(fontsize=7)
    save_plot(figure, figures, os.path.join(output, "edits.png"))
    pyplot.close(figure)


def main():
    options = read_options()
    plot(figures_of(options, "edits", measure), options.output)


if __name__ == "__main__":
    main()
