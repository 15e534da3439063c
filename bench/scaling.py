#!/usr/bin/env python3
# Measures how cost grows with names, networks, regions and policies; writes data and plots.
#
# SPDX-License-Identifier: Apache-2.0
#
# Nanoseconds are those of the answer function in process; memory is what a snapshot holds; loading
# is processor time. --plot-only draws the data that is there once more.
import itertools
import json
import math
import os
import re
import subprocess
import tempfile

import compare_servers as servers
from compare_session import figures_of, machine, save_plot

ZONE = "beigel.example"
REGIONS = 8  # where something else grows
# name: (what grows, full sweep, quick sweep); networks by the longest prefix of IPv4
SWEEPS = {
    "names": ("names in a zone, one at random", [10 ** k for k in range(3, 8)], [1000, 100000]),
    "networks": ("networks in the geo database", [8, 10, 12, 14, 16, 18, 20, 22, 24, 32], [8, 16]),
    "regions": ("regions, each with a place of its own", [2, 5, 10, 20, 50, 100, 200], [2, 20]),
    "policies": ("policies in use, one at random", [1, 3, 10, 16, 30, 100], [1, 20]),
}


def read_options():
    parser = servers.options_parser(__doc__)
    parser.add_argument("--sweep", action="append", choices=SWEEPS, help="default: all")
    parser.add_argument("--quick", action="store_true", help="two points each, to see it work")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each point; the best counts")
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--output", default=f"{servers.ROOT}/bench/plots", help="a folder")
    parser.add_argument("--plot-only", action="store_true")
    return servers.with_whole_paths(parser.parse_args())


class Bench:
    """Runs the programs of bench/ on one core and reads what they print."""

    def __init__(self, options, directory):
        self.options, self.directory = options, directory

    def run(self, program, *arguments):
        """(what it prints, processor seconds)"""
        before = os.times()
        ran = subprocess.run(["taskset", "-c", str(self.options.core),
                              f"{self.options.build}/bench/{program}", *map(str, arguments)],
                             stdout=subprocess.PIPE, text=True, check=True, timeout=280)
        after = os.times()
        return ran.stdout, (after.children_user - before.children_user +
                            after.children_system - before.children_system)

    def answers(self, databases, mix, *arguments):
        """Nanoseconds (the median of 21 rounds), memory and loading of one point."""
        arguments = ["--mix", mix, *(word for path in databases for word in ("--database", path)),
                     *arguments]
        runs = [self.run("meridian_bench_answer", *arguments)[0]
                for _ in range(self.options.repeat)]
        seconds = self.run("meridian_bench_answer", *arguments, "--once", 32)[1]
        head = re.search(r"tables ([\d.]+) MB, names ([\d.]+) MB", runs[0])
        rounds = [re.search(r"([\d.]+) ns a query \(best ([\d.]+)", text) for text in runs]
        return {"ns": min(float(found.group(1)) for found in rounds),
                "best_ns": min(float(found.group(2)) for found in rounds),
                "tables_mb": float(head.group(1)), "names_mb": float(head.group(2)),
                "load_cpu_seconds": round(seconds, 3)}

    def zone(self, region_count, policy_count):
        """A zone file where each policy ranks a choice of the regions of its own."""
        lines = [f'zone = "{ZONE}"', 'nameservers = ["ns.example.net.", "ns.example.org."]']
        for i in range(region_count):  # even over the globe between the polar circles
            latitude = math.degrees(math.asin(0.9 * (2 * (i + 0.5) / region_count - 1)))
            longitude = (i * 137.508) % 360 - 180
            lines += [f"[regions.r{i}]", f"at = [{latitude:.2f}, {longitude:.2f}]",
                      f'addresses = ["192.0.2.{i + 1}"]']
        subsets = (subset for size in range(region_count, 0, -1)
                   for subset in itertools.combinations(range(region_count), size))
        for i, subset in enumerate(itertools.islice(subsets, policy_count)):
            lines += [f"[policies.p{i}]",
                      f"regions = {json.dumps([f'r{j}' for j in subset])}"]
        lines += ["[records]", *(f'www{i}.steer = "p{i}"' for i in range(policy_count))]
        path = os.path.join(self.directory, "zone.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def steered(self, databases, region_count, policy_count):
        names = [word for i in range(policy_count) for word in ("--steered", f"www{i}.{ZONE}")]
        return self.answers(databases, "ecs", "--zone", self.zone(region_count, policy_count),
                            *names)

    def names(self, count):
        point = self.answers(self.options.small_database, "names", "--names", count)
        figures, _ = self.run("meridian_bench_load", "--shape", "names", "--records", count,
                           "--runs", 1)
        point["load_cpu_seconds"] = float(re.search(r"whole +([\d.]+) s", figures).group(1))
        point["load_peak_mb"] = float(re.search(r"peak (\d+) MB", figures).group(1))
        return {"x": count, **point}

    def networks(self, longest):
        path = os.path.join(self.directory, "cut.mmdb")
        figures, _ = self.run("meridian_maxmind_layout", "--longest", longest, path,
                           *self.options.database)
        return {"x": sum(map(int, re.findall(r"(\d+) IPv", figures))), "longest_bits": longest,
                **self.steered([path], REGIONS, 1)}

    def regions(self, count):
        return {"x": count, **self.less_reading(self.steered(self.options.database, count, 1))}

    def policies(self, count):
        return {"x": count,
                **self.less_reading(self.steered(self.options.database, REGIONS, count))}

    def less_reading(self, point):
        """Reading the database is the same for all points; what is left are the tables."""
        point["load_cpu_seconds"] = round(
            max(0.0, point["load_cpu_seconds"] - self.reading_seconds()), 3)
        return point

    def reading_seconds(self):
        if not hasattr(self, "reading"):
            figures = self.answers(self.options.database, "static", "--zone", self.static_zone())
            self.reading = figures["load_cpu_seconds"]
        return self.reading

    def static_zone(self):
        path = os.path.join(self.directory, "static.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'zone = "{ZONE}"\nnameservers = ["ns.example.net.", "ns.example.org."]\n'
                       '[records]\nmail.a = "192.0.2.1"\n')
        return path


def measure(options):
    figures = {"machine": machine(), "command": "bench/scaling.py" +
            "".join(f" --database {os.path.basename(path)}" for path in options.database) +
            (" --quick" if options.quick else ""), "sweeps": {}}
    with tempfile.TemporaryDirectory(prefix="meridian-scaling-") as directory:
        bench = Bench(options, directory)
        options.small_database = [os.path.join(directory, "small.mmdb")]
        bench.run("meridian_maxmind_layout", "--longest", 8, *options.small_database,
                  *options.database)
        for sweep in options.sweep or SWEEPS:
            _, full, quick = SWEEPS[sweep]
            figures["sweeps"][sweep] = []
            for x in quick if options.quick else full:
                point = getattr(bench, sweep)(x)
                figures["sweeps"][sweep].append(point)
                print(f"{sweep:9} {point['x']:>9}  {point['ns']:7.1f} ns  "
                      f"{point['tables_mb'] + point['names_mb']:8.1f} MB  "
                      f"{point['load_cpu_seconds']:7.3f} s", flush=True)
    return figures


def plot(figures, output):
    try:
        import matplotlib  # only needed here; the data comes without
    except ImportError:
        print("no plots: install python3-matplotlib for this Python, then --plot-only")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    panels = (("ns", "ns a query, in process", lambda point: point["ns"]),
              ("MB", "MB held", lambda point: point["tables_mb"] + point["names_mb"]),
              ("s", "CPU s to load", lambda point: point["load_cpu_seconds"]))
    for sweep, points in figures["sweeps"].items():
        figure, axes = pyplot.subplots(1, len(panels), figsize=(11, 3.2))
        for axis, (unit, title, value) in zip(axes, panels):
            axis.plot([point["x"] for point in points], list(map(value, points)), "o-",
                      color="tab:blue", markersize=4)
            if unit == "ns":
                axis.plot([point["x"] for point in points],
                          [point["best_ns"] for point in points], "--", color="tab:gray",
                          linewidth=1, label="best of 21 rounds")
                axis.legend(fontsize=8, loc="lower right")
            axis.set_xscale("log")
            if unit != "ns" and len(points) > 1 and points[-1]["x"] / points[0]["x"] > 1000:
                axis.set_yscale("log")
            else:
                axis.set_ylim(bottom=0)
            axis.set_title(title, fontsize=10)
            axis.set_xlabel(SWEEPS[sweep][0], fontsize=9)
            axis.grid(alpha=0.3)
        save_plot(figure, figures, os.path.join(output, f"{sweep}.png"))
        pyplot.close(figure)


def main():
    options = read_options()
    plot(figures_of(options, "scaling", measure), options.output)


if __name__ == "__main__":
    main()
