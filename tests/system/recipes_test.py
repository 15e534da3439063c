"""Follows the recipes of docs/ as a reader would: writes their files, types their commands.

SPDX-License-Identifier: Apache-2.0

A block of ```toml or ```dns whose first line is a comment with a path is that file. The ```sh blocks
of a page run one after another in one shell; what a ```text block shows behind one is what it prints.
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from meridian_process import BINARY, SOURCE, free_port, wait_until

RECIPES = sorted((SOURCE / "docs" / "recipes").glob("*.md"))
PATIENCE_SECONDS = 120  # the world that ships, under a sanitizer, on a busy machine


def blocks(text):
    """(language, content) of each block of a page, in order."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def pattern_of(shown):
    """What is printed where `shown` stands on the page: blanks may differ, `...` is anything."""
    result = []
    for line in shown.splitlines():
        if line.strip() == "...":
            result.append(r"(?:[^\n]*\n)*?")
        else:
            words = [re.escape(word).replace(re.escape("..."), r"[^\n]*") for word in line.split()]
            result.append(r"[ \t]*" + r"[ \t]+".join(words) + r"[ \t]*\n")
    return "".join(result)


class Reader:
    """An operator with a terminal in an empty directory."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="meridian-recipe-"))
        self.notes = Path(tempfile.mkdtemp(prefix="meridian-recipe-"))  # beside, out of sight
        self.port = str(free_port())
        self.count = 0
        self.server_log = None
        path = f"{Path(BINARY).resolve().parent}:{os.environ['PATH']}"
        self.shell = subprocess.Popen(["bash", "--norc"], stdin=subprocess.PIPE, text=True,
                                      cwd=self.folder, start_new_session=True,
                                      env={**os.environ, "PATH": path, "NO_COLOR": "1",
                                           # As on a machine whose clock is synchronised.
                                           "LD_PRELOAD": os.environ.get("CLOCK_SHIM", "")})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shell.stdin.close()
        try:
            os.killpg(self.shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.shell.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.notes, ignore_errors=True)

    def write(self, text):
        """The file that its first line names; whether it names one."""
        named = re.match(r"[#;] ([\w./-]+\.(?:toml|zone))\n", text)
        if not named:
            return False
        file = self.folder / named[1]
        file.parent.mkdir(exist_ok=True)
        with self.waiting_for_edits():
            file.write_text(text.replace("5300", self.port), encoding="utf-8")
        return True

    def run(self, commands):
        """What they print, when they are through and the server has taken notice."""
        self.count += 1
        output, done = self.notes / f"{self.count}.log", self.notes / f"{self.count}.done"
        commands = commands.replace("5300", self.port)
        with self.waiting_for_edits():
            self.shell.stdin.write(f"{{\n{commands}}} >{output} 2>&1; touch {done}\n")
            self.shell.stdin.flush()
            wait_until(done.exists, PATIENCE_SECONDS, commands)
        if "meridian serve" in commands:
            self.server_log = output
            wait_until(lambda: self.reported("info: serving"), PATIENCE_SECONDS, "the start")
        return output.read_text(encoding="utf-8")

    @contextlib.contextmanager
    def waiting_for_edits(self):
        """Does not end before a running server has read what was changed meanwhile."""
        files, reloads = self.served_files(), self.reported("info: reload")
        yield
        if self.server_log and self.served_files() != files:
            wait_until(lambda: self.reported("info: reload") > reloads, PATIENCE_SECONDS, "the reload")

    def served_files(self):
        return {path: path.read_bytes() for path in self.folder.glob("zones/**/*")
                if path.is_file()}

    def reported(self, words):
        """How often the server's log has them."""
        return self.server_log.read_text(encoding="utf-8").count(words) if self.server_log else 0


class Recipes(unittest.TestCase):
    def follow(self, page):
        printed, compared = "", 0
        with Reader() as reader:
            for language, content in blocks(page.read_text(encoding="utf-8")):
                if language in ("toml", "dns"):
                    self.assertTrue(reader.write(content), f"names no file:\n{content}")
                elif language == "sh":
                    printed = reader.run(content)
                elif language == "text":
                    compared += 1
                    shown = content.replace("5300", reader.port)
                    self.assertRegex(printed, re.compile(pattern_of(shown) + r"\Z"),
                                     f"\nthe page shows:\n{shown}\nprinted was:\n{printed}")
                else:
                    self.fail(f"what is a block of {language}?")
        self.assertGreaterEqual(compared, 3)

    def test_a_first_zone(self):
        self.follow(SOURCE / "docs" / "recipes" / "a-first-zone.md")

    def test_adding_a_region(self):
        self.follow(SOURCE / "docs" / "recipes" / "adding-a-region.md")

    def test_moving_from_a_master_file(self):
        self.follow(SOURCE / "docs" / "recipes" / "moving-from-a-master-file.md")

    def test_taking_a_region_out(self):
        self.follow(SOURCE / "docs" / "recipes" / "taking-a-region-out.md")

    def test_failover_pair(self):
        self.follow(SOURCE / "docs" / "recipes" / "failover-pair.md")

    def test_active_active(self):
        self.follow(SOURCE / "docs" / "recipes" / "active-active.md")

    def test_several_cdns(self):
        self.follow(SOURCE / "docs" / "recipes" / "several-cdns.md")

    def test_every_recipe_is_followed_and_listed(self):
        index = (SOURCE / "docs" / "README.md").read_text(encoding="utf-8")
        for page in RECIPES:
            self.assertTrue(hasattr(self, "test_" + page.stem.replace("-", "_")), page.name)
            self.assertIn(f"(recipes/{page.name})", index)


if __name__ == "__main__":
    unittest.main()
