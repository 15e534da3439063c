#!/usr/bin/env python3
"""Finds words that are out in the code and in the manual, and shows that such a word is noticed.

SPDX-License-Identifier: Apache-2.0
"""
import tempfile
import unittest
from pathlib import Path

import words

ROOT = Path(__file__).resolve().parents[2]


class TheTexts(unittest.TestCase):
    def test_use_no_word_that_is_out(self):
        found = words.problems(ROOT)
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_were_looked_at(self):
        self.assertGreater(len(words.texts(ROOT)), 300)

    def test_contributing_lists_the_words(self):
        page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        for word in words.WORDS:
            for each in word.name.split(", "):
                with self.subTest(each):
                    self.assertIn(each, page)


class AWord(unittest.TestCase):
    def found(self, text):
        return [use.text for use in words.uses_in("geo/a.cpp", text, words.WORDS)]

    def test_is_found_in_comments_messages_and_names(self):
        self.assertEqual(self.found("// Nobody reads it."), ["Nobody"])
        self.assertEqual(self.found('print("told of it");'), ["told"])
        self.assertEqual(self.found("const auto told = was_told(his_own);"), ["told", "told", "his"])
        self.assertEqual(self.found("for whoever, to whom"), ["whoever", "whom"])
        self.assertEqual(self.found("somebody's file, anybody, his and him"),
                         ["somebody's", "anybody", "his", "him"])

    def test_is_a_whole_word(self):
        self.assertEqual(self.found("this untold teller TellsAll history"), [])

    def test_may_tell_apart(self):
        for text in ["told apart", "tells two zones apart", "which tells\n    /// them apart.",
                     "telling the answer's own names apart"]:
            with self.subTest(text):
                self.assertEqual(self.found(text), [])
        self.assertEqual(self.found("tells the log that it is here, and names are apart"), ["tells"])


class ATree(unittest.TestCase):
    """Each case builds a small tree with such words in it."""

    TELL = words.Word("tell", "tells?", "report", 0)

    def problems_of(self, files, word=TELL):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / path).write_text(text, encoding="utf-8")
            return words.problems(Path(folder), [word])

    def test_names_file_line_and_word(self):
        self.assertEqual(self.problems_of({"server/a/b.cpp": "// One.\n// It tells all.\n"}),
                         ['server/a/b.cpp:2: "tells" is out: report'])

    def test_has_code_and_a_manual(self):
        for path in ["include/meridian/a.h", "zones/b.cpp", "docs/recipes/c.md", "zones/README.md"]:
            with self.subTest(path):
                self.assertEqual(len(self.problems_of({path: "tell\n"})), 1)
        for path in ["tests/a.cpp", "CONTRIBUTING.md", "docs/a.txt", "zones/other.md"]:
            with self.subTest(path):
                self.assertEqual(self.problems_of({path: "tell\n"}), [])

    def test_may_use_a_word_up_to_its_ceiling(self):
        word = words.Word("tell", "tells?", "report", 2)
        self.assertEqual(self.problems_of({"geo/a.h": "tell tells\n"}, word), [])
        self.assertEqual(self.problems_of({"geo/a.h": "tell tells\ntell\n"}, word)[-1],
                         "tell: 3 uses, and 2 are allowed")


if __name__ == "__main__":
    unittest.main()
