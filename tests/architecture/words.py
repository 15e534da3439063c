"""Finds words that are out in the code and in the manual: one word stands for one thing.

SPDX-License-Identifier: Apache-2.0

CONTRIBUTING.md lists the words to write. `uses(root)` gives every use of a word that is out, with its file
and line. The whole text of a file is searched: comments, texts for operators and names, also `told_zones`. Words in
PascalCase names are not: `TellsAll` is one word here.
"""
import re
from dataclasses import dataclass

CODE = ["include", "dns", "geo", "zones", "server"]
MANUAL = ["README.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md", "docs", "zones/README.md"]


@dataclass(frozen=True)
class Word:
    """A word that is out."""
    name: str
    pattern: str  # of the word, in any case; `_` separates words, too
    write: str    # what to write instead, and why
    ceiling: int  # uses that are left; it may only go down, and is gone at 0
    unless: str = ""  # what may follow the word, as a pattern: a use of another meaning


# "tell apart" means to distinguish, also with a few words between, on the next line of a comment, too.
APART = r"(?:\W+\w+){0,6}?\W+apart\b"

WORDS = [
    Word("nobody, somebody, anybody", r"(?:no|some|any)body(?:'s)?",
         "name the actor: the operator, the client, the worker, the kernel, the attacker, the caller", 0),
    Word("whoever, whom", r"whoever|whom", "name the actor", 0),
    Word("he, him, his", r"he|him|his", "name the actor", 0),
    Word("tell", r"tells?|told|telling",
         "'report' for what reaches the operator, 'log' for a line of the log, 'say' or 'show' for a text",
         0, APART),
    # "keeps comments" and the like stay; what the server has done with a zone or a file has its own word.
    Word("kept", r"(?:is|are|was|were|be|been|being|not|nothing|still)[ _]kept",
         "'still served' of a zone, 'saved' of state, 'stays' or 'remains' of anything else", 0),
]


@dataclass(frozen=True)
class Use:
    """One use of a word that is out."""
    word: Word
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: \"{self.text}\" is out: {self.word.write}"


def texts(root):
    """The files that are searched: the code that ships, and the manual."""
    found = [path for folder in CODE for path in (root / folder).rglob("*")
             if path.suffix in (".h", ".cpp")]
    for name in MANUAL:
        path = root / name
        found += path.rglob("*.md") if path.is_dir() else [path]
    return sorted(path for path in found if path.is_file())


def uses_in(path, text, words):
    """The uses of `words` in the text of one file, in their order."""
    found = []
    for word in words:
        unless = rf"(?!{word.unless})" if word.unless else ""
        for match in re.finditer(rf"(?<![^\W_])(?:{word.pattern})(?![^\W_]){unless}", text, re.IGNORECASE):
            line = text.count("\n", 0, match.start()) + 1
            found.append((match.start(), Use(word, path, line, match.group())))
    return [use for _, use in sorted(found, key=lambda each: each[0])]


def uses(root, words=None):
    """All uses below `root`."""
    return [use for path in texts(root)
            for use in uses_in(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"),
                               WORDS if words is None else words)]


def problems(root, words=None):
    """The uses of each word that is used more often than its ceiling allows, a line each."""
    words = WORDS if words is None else words
    found = uses(root, words)
    lines = []
    for word in words:
        own = [str(use) for use in found if use.word == word]
        if len(own) > word.ceiling:
            lines += own
            if word.ceiling:
                lines.append(f"{word.name}: {len(own)} uses, and {word.ceiling} are allowed")
    return lines
