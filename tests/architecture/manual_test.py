"""Checks that each promise of docs/operations.md has tests, which promises.txt names.

SPDX-License-Identifier: Apache-2.0
"""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"


def promised(manual):
    """The first cell of each row of a table."""
    return [line.removeprefix("| ").split(" | ", 1)[0] for line in manual.splitlines()
            if line.startswith("| ") and not line.startswith("| what ")]


def shown(text):
    """What a promise says -> [(file, test)]."""
    tests = {}
    promise = ""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            promise = line
            tests[promise] = []
            continue
        file, *names = line.split()
        tests[promise] += [(file, name) for name in names]
    return tests


class Operations(unittest.TestCase):
    def setUp(self):
        manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
        self.promises = promised(manual)
        self.tests = shown((TESTS / "architecture" / "promises.txt").read_text(encoding="utf-8"))

    def test_every_promise_has_a_test_and_every_test_a_promise(self):
        self.assertGreaterEqual(len(self.promises), 30)
        self.assertEqual(sorted(self.promises), sorted(self.tests))

    def test_the_tests_are_there(self):
        for promise, tests in self.tests.items():
            with self.subTest(promise):
                self.assertNotEqual(tests, [])
                for file, name in tests:
                    text = (TESTS / file).read_text(encoding="utf-8")
                    self.assertRegex(text, rf"(def |TEST(_F|_P)?\(\w+, ){name}\b")


if __name__ == "__main__":
    unittest.main()
