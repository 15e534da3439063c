"""Checks that the tests which docs/operations.md names for what it promises are there.

SPDX-License-Identifier: Apache-2.0
"""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = re.compile(r"`([a-z_]+/[a-z_]+\.(?:py|cpp))` ((?:\w+(?:, )?)+)")


def promises():
    """(line, what shows it), for each row of a table."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| what "):
            yield line, line.rstrip(" |").rsplit(" | ", 1)[1]


class Operations(unittest.TestCase):
    def test_every_promise_names_a_test_that_is_there(self):
        count = 0
        for line, shown_by in promises():
            with self.subTest(line):
                found = FILE.findall(shown_by)
                self.assertNotEqual(found, [])
                for file, names in found:
                    text = (ROOT / "tests" / file).read_text(encoding="utf-8")
                    for name in names.rstrip(", ").split(", "):
                        count += 1
                        self.assertRegex(text, rf"(def |TEST(_F)?\(\w+, ){name}\b")
        self.assertGreaterEqual(count, 30)


if __name__ == "__main__":
    unittest.main()
