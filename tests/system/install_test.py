"""Installs the built program as an operator or a packager would, and uses what came of it.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from meridian_process import (SOURCE, Server, free_port, meridian, run,
                              without_system_settings)

BUILD = Path(os.environ["BUILD_FOLDER"])
FRANKFURT = ["198.51.100.10", "198.51.100.11"]  # of the sample zone
GERMANY = "46.114.0.0/24"
UNIT = "lib/systemd/system/meridian.service"
WORLD = "share/meridian/world/dbip-city-lite.world"
ZONE = "share/meridian/zones/beigel.example.toml"
# Of 100 that systemd-analyze gives to a unit without any of this. 4 are for adjtimex, which says
# whether the clock is synchronised; to set the clock takes CAP_SYS_TIME.
MOST_EXPOSURE = 19


def install(prefix, destination="", folder=None):
    result = subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=False,
                            cwd=folder, capture_output=True, text=True, timeout=60,
                            env={**os.environ, "DESTDIR": str(destination)})
    if result.returncode != 0:
        raise AssertionError(result.stdout + result.stderr)


def files_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")
            if not path.is_dir()}


class InstalledServer(Server):
    """The installed binary with the installed zones; the world it has to find."""

    def __init__(self, prefix):
        super().__init__()
        self.binary = prefix / "bin" / "meridian"
        self.config.write_text(
            f'[server]\nlisten = ["127.0.0.1:{self.port}"]\nstate = "state"\nworkers = 1\n'
            f'zones = "{prefix}/share/meridian/zones"\n', encoding="utf-8")

    def environment(self):
        return without_chosen_data(super().environment())

    def launch(self):
        self.process = subprocess.Popen([self.binary, "serve", "-c", self.config], cwd="/",
                                        stderr=self.stderr, stdout=self.stderr,
                                        env=self.environment())


def without_chosen_data(environment):
    return {name: value for name, value in environment.items() if name != "MERIDIAN_DATA"}


class Install(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="meridian-install-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.prefix = self.folder / "prefix"

    def why(self, *arguments):
        """`meridian why` of the installed binary, without any configuration."""
        return subprocess.run(
            without_system_settings(self.prefix / "bin" / "meridian", "why", "www.beigel.example",
                                    "--client", GERMANY, *arguments),
            cwd="/", check=False, capture_output=True, text=True, timeout=30,
            env=without_chosen_data(os.environ))

    def test_nothing_but_what_an_operator_uses_is_installed(self):
        install(self.prefix)
        documents = "share/doc/meridian"
        manual = {f"{documents}/{path.relative_to(SOURCE).as_posix()}"
                  for path in (SOURCE / "docs").rglob("*.md")}
        self.assertEqual(files_below(self.prefix), manual | {
            "bin/meridian", ZONE, WORLD, UNIT, "lib/sysctl.d/10-meridian.conf",
            f"{documents}/LICENSE", f"{documents}/CHANGELOG.md",
            f"{documents}/examples/meridian.toml", f"{documents}/world/README.md",
            f"{documents}/zones/README.md"})

    def test_the_program_comes_without_its_symbols(self):
        install(self.prefix)
        sections = run("readelf", "--section-headers", "--wide", self.prefix / "bin" / "meridian")
        self.assertIn(" .dynsym ", sections.stdout)
        self.assertNotRegex(sections.stdout, r" \.(symtab|debug_\w+) ")

    def test_the_installed_binary_serves_the_installed_zone(self):
        install(self.prefix)
        # Unlike the source tree's copy, so that the answer shows which one was read.
        with open(self.prefix / ZONE, "a", encoding="utf-8") as zone:
            zone.write('\n[records.installed]\ntxt = "from the installed tree"\n')
        with InstalledServer(self.prefix) as server:
            self.assertEqual(server.addresses("www.beigel.example", GERMANY), FRANKFURT)
            self.assertIn("from the installed tree",
                          server.dig("+short", "installed.beigel.example", "TXT"))
            self.assertEqual(server.stop()[0], 0)

    def test_zones_and_world_are_found_beside_the_binary(self):
        install(self.prefix)
        reported = self.why()
        self.assertEqual(reported.returncode, 0, reported.stderr)
        self.assertIn(FRANKFURT[0], reported.stdout)
        for found in (ZONE, WORLD):
            with self.subTest(found=found):
                kept = (self.prefix / found).read_bytes()
                (self.prefix / found).write_bytes(b"= damaged")
                reported = self.why()
                (self.prefix / found).write_bytes(kept)
                self.assertNotEqual(reported.returncode, 0, reported.stdout)
                self.assertIn(str(self.prefix / found), reported.stderr)

    def test_an_installed_tree_can_be_moved_or_linked_to(self):
        install(self.prefix)
        moved = self.folder / "moved"
        self.prefix.rename(moved)
        (self.prefix / "bin").mkdir(parents=True)
        (self.prefix / "bin" / "meridian").symlink_to(moved / "bin" / "meridian")
        (moved / WORLD).write_bytes(b"= damaged")
        self.assertIn(str(moved / WORLD), self.why().stderr)

    def test_a_packager_gets_the_tree_below_destdir_with_the_paths_that_will_hold(self):
        install("/usr", destination=self.folder / "stage")
        stage = self.folder / "stage"
        self.assertIn("usr/bin/meridian", files_below(stage))
        unit = (stage / "usr" / UNIT).read_text(encoding="utf-8")
        self.assertIn("\nExecStart=/usr/bin/meridian serve\n", unit)
        self.assertIn("\nDocumentation=file:/usr/share/doc/meridian/docs/README.md\n", unit)
        self.assertNotIn(str(stage), unit)

    def test_the_unit_starts_what_was_installed_and_systemd_has_nothing_to_say(self):
        install("prefix", folder=self.folder)  # relative, which a unit may not be
        unit = (self.prefix / UNIT).read_text(encoding="utf-8")
        self.assertIn(f"\nExecStart={self.prefix}/bin/meridian serve\n", unit)
        self.assertNotIn("@", re.sub(r"@(system-service|privileged|resources)", "", unit))
        reported = run("systemd-analyze", "verify", "--man=no", self.prefix / UNIT)
        self.assertEqual((reported.returncode, reported.stdout, reported.stderr), (0, "", ""))

    def test_the_unit_may_do_little(self):
        install(self.prefix)
        reported = run("systemd-analyze", "security", "--no-pager", "--offline=true",
                   f"--threshold={MOST_EXPOSURE}", self.prefix / UNIT)
        self.assertEqual(reported.returncode, 0, reported.stdout + reported.stderr)
        self.assertIn("Overall exposure level", reported.stdout)
        self.assertRegex(reported.stdout, r"✓ CapabilityBoundingSet=~CAP_SYS_TIME ")

    def test_the_packages_that_another_machine_needs_are_told(self):
        install(self.prefix)
        reported = run(SOURCE / "packaging/runtime_packages.sh", self.prefix / "bin/meridian")
        self.assertEqual((reported.returncode, reported.stderr), (0, ""))
        packages = reported.stdout.split()
        self.assertLess({"libc6", "libldns3", "libmaxminddb0", "libsystemd0"}, set(packages))
        self.assertFalse([package for package in packages if package.endswith("-dev")])

    def test_the_kernel_is_told_to_grant_the_default_receive_buffer(self):
        install(self.prefix)
        limit = (self.prefix / "lib/sysctl.d/10-meridian.conf").read_text(encoding="utf-8")
        self.assertIn(f"\nnet.core.rmem_max = {8 << 20}\n", limit)
        self.assertRegex(meridian("schema", "--settings", "--markdown").stdout,
                         r'(?m)^\| `receive_buffer` .* `"8MiB"` ')

    def test_the_example_is_a_configuration_that_works(self):
        install(self.prefix)
        example = self.folder / "meridian.toml"
        text = (self.prefix / "share/doc/meridian/examples/meridian.toml").read_text("utf-8")
        listen = '["192.0.2.53:53", "[2001:db8::53]:53"]'  # to be replaced, it says
        self.assertIn(listen, text)
        example.write_text(text.replace(listen, f'["127.0.0.1:{free_port()}"]'), encoding="utf-8")
        shutil.copytree(self.prefix / "share/meridian/zones", self.folder / "zones")
        reported = meridian("check", "-c", example)
        self.assertEqual(reported.returncode, 0, reported.stdout + reported.stderr)
        self.assertIn("0 errors, 0 warnings", reported.stdout + reported.stderr)


if __name__ == "__main__":
    unittest.main()
