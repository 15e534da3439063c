"""Loads thousands of good zone files with a slip in each.

SPDX-License-Identifier: Apache-2.0

Nothing may crash, take over five seconds, or load although it should not. What should not load is decided by
toml_rules.py and master_rules.py, which know nothing of Meridian's code.

    MUTATION_VERDICTS=build/debug/tests/mutation/zone_verdicts tests/mutation/mutation_test.py \\
        --count 10000 --seed 7
"""
import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import master_rules
import mutations
import toml_rules

ROOT = Path(__file__).resolve().parents[2]
TOML_FILES = ["packaging/zones/*.toml", "tests/scenarios/zones/*.toml",
              "tests/fuzz/corpus/zone_reader/all_forms.toml",
              "tests/fuzz/corpus/zone_reader/health.toml",
              "tests/fuzz/corpus/zone_reader/services.toml",
              "tests/fuzz/corpus/zone_reader/smallest.toml"]
LIBRARIES = "tests/scenarios/zones"  # and below it, where its zones find them
MASTER_FILES = ["tests/mutation/good/*.zone"]
ORIGIN = "beigel.example"
MOST_MICROSECONDS = 5_000_000
SHOWN = 10


def read_libraries():
    """The texts of the libraries that good files use, by the names that these have for them."""
    folder = ROOT / LIBRARIES
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.glob("*/*.toml"))}


class Verdicts:
    """The program that loads what it is given; started anew when it has died."""

    def __init__(self, program, libraries):
        self.program = program
        self.libraries = libraries
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.program], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        for name, text in self.libraries.items():
            self.write("file", name, text)

    def write(self, kind, name, text):
        self.process.stdin.write(b"%s %s %d\n" % (kind.encode(), name.encode(), len(text)) + text)

    def of(self, name, text):
        """["loads", MICROSECONDS] or ["refused", MICROSECONDS, CODE...]; None when it crashed."""
        try:
            self.write("zone", name, text)
            self.process.stdin.flush()
            line = self.process.stdout.readline().split()
        except BrokenPipeError:
            line = []
        if line:
            return line
        self.process.wait()
        self.start()
        return None

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


class Kind:
    """A language: its good files, the name that Meridian reads them under, its twin."""

    def __init__(self, patterns, name, why_not):
        self.texts = [path.read_bytes() for pattern in patterns
                      for path in sorted(ROOT.glob(pattern))]
        self.name = name
        self.why_not = why_not


class Run:
    def __init__(self, verdicts):
        self.verdicts = verdicts
        self.loaded = self.refused = 0
        self.asked = self.agreed = 0  # of the refused: how often the twin was asked, and agreed
        self.slowest = 0
        self.codes = set()
        self.faults = []

    def judge(self, kind, text, seed):
        verdict = self.verdicts.of(kind.name, text)
        if verdict is None:
            return self.fault("crashed", seed, text)
        microseconds = int(verdict[1])
        self.slowest = max(self.slowest, microseconds)
        if microseconds > MOST_MICROSECONDS:
            self.fault(f"took {microseconds / 1e6:.1f} s", seed, text)
        if verdict[0] == b"refused":
            self.refused += 1
            self.codes.update(verdict[2:])
            if self.refused % 10 == 0:
                self.asked += 1
                self.agreed += kind.why_not(text) is not None
            return None
        self.loaded += 1
        why = kind.why_not(text)
        if why is not None:
            self.fault(f"loaded, although: {why}", seed, text)
        return None

    def fault(self, what, seed, text):
        self.faults.append((what, seed))
        if len(self.faults) <= SHOWN:
            print(f"seed {seed}: {what}\n{text.decode('utf-8', 'backslashreplace')}\n---")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_000)
    options = parser.parse_args()
    libraries = read_libraries()
    kinds = [Kind(TOML_FILES, "zone.toml", lambda text: toml_rules.why_not(text, libraries)),
             Kind(MASTER_FILES, f"{ORIGIN}.zone",
                  lambda text: master_rules.why_not(text, ORIGIN))]
    verdicts = Verdicts(os.environ["MUTATION_VERDICTS"], libraries)
    run = Run(verdicts)
    for kind in kinds:
        for text in kind.texts:
            verdict = verdicts.of(kind.name, text)
            why = kind.why_not(text)
            if not verdict or verdict[0] != b"loads" or why is not None:
                sys.exit(f"a file without a slip is refused: {verdict} {why}\n{text.decode()}")
    for number in range(options.count):
        seed = options.seed + number
        chance = random.Random(seed)
        kind = kinds[1 if chance.random() < 0.3 else 0]
        text = mutations.changed(chance, chance.choice(kind.texts), kind.texts)
        run.judge(kind, text, seed)
    if verdicts.close() != 0:
        run.fault("the loader ended badly", options.seed, b"")
    print(f"seed {options.seed}: {run.loaded} loaded, {run.refused} refused with "
          f"{len(run.codes)} kinds of error ({run.agreed} of {run.asked} asked by the twin, too), "
          f"slowest {run.slowest / 1e3:.1f} ms, {len(run.faults)} faults")
    if run.loaded < options.count // 10 or run.refused < options.count // 4:
        sys.exit("too few loaded or too few refused: the changes are not worth their name")
    if run.agreed < run.asked * 0.8:
        sys.exit("the twins see so little that their silence says nothing")
    sys.exit(1 if run.faults else 0)


if __name__ == "__main__":
    main()
