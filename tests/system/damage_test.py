"""Damages the texts that were saved for the next start, and starts the built server.

SPDX-License-Identifier: Apache-2.0
"""
import shutil
import unittest

from guards_test import Guarded, zone_text
from meridian_process import meridian

BROKEN = "zone = \n"


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def change(path):
    path.write_bytes(path.read_bytes().replace(b"example", b"3xample", 1))


def make_folder(path):
    path.unlink()
    path.mkdir()


def make_link(path):
    beside = path.with_name("elsewhere")
    path.rename(beside)
    path.symlink_to(beside)


DAMAGE = {"cut": cut, "changed": change, "missing": lambda path: path.unlink(),
          "a folder": make_folder, "a link": make_link}


class SavedTexts(Guarded):
    def setUp(self):
        super().setUp()
        self.state = self.server.folder / "state"
        self.texts = self.state / "texts"

    def start(self):
        """Anew, with an empty log."""
        self.server.log_file.unlink(missing_ok=True)
        self.server.start()

    def save_all(self):
        """The state directory as a first start leaves it."""
        self.start()
        self.wait_until_saved()
        self.server.stop()

    def text_of(self, number):
        """The saved text of z0.example, and so on."""
        index = (self.state / "last-good").read_text(encoding="utf-8")
        line = next(line for line in index.splitlines() if line.endswith(f"/z{number}.toml"))
        return self.texts / line.split()[1]

    def test_one_that_is_damaged_is_written_anew_with_a_warning(self):
        self.save_all()
        for name, damage in DAMAGE.items():
            with self.subTest(name):
                text = self.text_of(0)
                good = text.read_bytes()
                damage(text)
                self.start()
                self.assertEqual(self.live(), list(range(9)))
                if name == "a folder":  # only the operator removes that
                    self.wait_for_log(f"state/texts/{text.name}: Is a directory")
                    self.server.stop()
                    text.rmdir()
                    self.start()
                self.wait_for_log("is written anew")
                self.server.stop()
                self.assertEqual(text.read_bytes(), good)
                self.assertFalse(text.is_symlink())
                warnings = [line for line in self.server.log().splitlines()
                            if " warning: " in line and text.name in line]
                self.assertEqual(len(warnings), 1, warnings)
                self.assertRegex(warnings[0], r"copy of \S*z0\.toml .* is written anew")
                (self.texts / "elsewhere").unlink(missing_ok=True)

    def test_all_that_are_missing_are_written_anew(self):
        self.save_all()
        shutil.rmtree(self.texts)
        self.start()
        self.assertEqual(self.live(), list(range(9)))
        self.server.stop()
        self.assertEqual(len(list(self.texts.iterdir())), 10)
        self.file(0).write_text(BROKEN, encoding="utf-8")
        self.start()
        self.assertEqual(self.live(), list(range(9)))

    def test_without_one_a_zone_with_an_error_stops_the_start_and_loses_nothing(self):
        self.save_all()
        text = self.text_of(0)
        good = text.read_bytes()
        index = (self.state / "last-good").read_bytes()
        self.file(0).write_text(BROKEN, encoding="utf-8")
        for name, damage in DAMAGE.items():
            with self.subTest(name):
                damage(text)
                for command in ("check", "serve"):
                    result = meridian(command, "-c", self.server.config)
                    self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
                    said = result.stdout + result.stderr
                    self.assertRegex(said, r"z0\.toml:1:8: error")
                    self.assertRegex(said, r"z0\.toml: error: .*last good copy")
                    self.assertIn(f"state/texts/{text.name}", said)
                self.assertEqual((self.state / "last-good").read_bytes(), index)
                self.assertEqual(len([path for path in self.texts.iterdir() if len(path.name) == 32]),
                                 9 if name == "missing" else 10)
                if name == "a folder":
                    text.rmdir()
                (self.texts / "elsewhere").unlink(missing_ok=True)
                text.unlink(missing_ok=True)
                text.write_bytes(good)
        self.start()
        self.assertEqual(self.live(), list(range(9)))

    def test_a_file_that_still_has_the_saved_text_helps(self):
        """The zone file has an error, the text of its master file is damaged, and that file is as it was."""
        part = self.server.zone_folder / "more.part"
        part.write_text("more A 192.0.2.99\n", encoding="utf-8")
        whole = zone_text("z0.example", "192.0.2.0").replace("[records]",
                                                             'records_from = "more.part"\n[records]')
        self.file(0).write_text(whole, encoding="utf-8")
        self.save_all()
        index = (self.state / "last-good").read_text(encoding="utf-8")
        line = next(line for line in index.splitlines() if line.endswith("more.part"))
        text = self.texts / line.split()[1]
        cut(text)
        self.file(0).write_text(BROKEN, encoding="utf-8")
        self.start()
        self.assertEqual(self.server.addresses("more.z0.example", None), ["192.0.2.99"])
        self.wait_for_log(f"state/texts/{text.name}")
        self.server.stop()
        self.assertEqual(text.read_bytes(), part.read_bytes())

    def test_one_of_a_zone_that_lost_its_records_stops_the_start_until_the_index_is_removed(self):
        """The way out that the error names."""
        self.save_all()
        text = self.text_of(0)
        text.unlink()
        self.file(0).write_text(zone_text("z0.example", "192.0.2.0").split("[records]")[0],
                                encoding="utf-8")
        result = meridian("serve", "-c", self.server.config)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("all records of z0.example. would be gone", result.stderr)
        self.assertIn(f"state/texts/{text.name}: No such file", result.stderr)
        self.assertIn(f"where the zones are to go, remove {self.state}/last-good", result.stderr)
        (self.state / "last-good").unlink()
        self.start()
        self.assertEqual(self.live(), list(range(1, 9)))

    def test_what_cannot_be_restored_is_named_and_stays_in_the_index(self):
        """The directory of the zones is gone, and one text, too: the other zones are served."""
        self.save_all()
        text = self.text_of(0)
        good = text.read_bytes()
        text.unlink()
        self.server.zone_folder.rename(self.server.folder / "away")
        self.start()
        self.assertEqual(self.live(), list(range(1, 9)))
        self.assertRegex(self.server.log(), r"error: .*z0\.toml: .*last good copy.*" + text.name)
        status = meridian("status", "-c", self.server.config)
        self.assertEqual(status.returncode, 1)
        self.assertIn("z0.toml", status.stdout)
        self.server.stop()
        text.write_bytes(good)  # from a backup
        self.start()
        self.assertEqual(self.live(), list(range(9)))


if __name__ == "__main__":
    unittest.main()
