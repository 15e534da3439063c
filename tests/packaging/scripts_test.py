"""Checks what the scripts that build and test do with their arguments and with what tests print.

SPDX-License-Identifier: Apache-2.0
"""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
sys.path.insert(0, str(PACKAGING))

import tidy_sources  # pylint: disable=wrong-import-position

# What ctest 3.25 prints where one of four tests failed and one was skipped.
CTEST = """
75% tests passed, 1 tests failed out of 4

Total Test time (real) =   0.10 sec

The following tests did not run:
\t  3 - Background.OfRoot (Skipped)

The following tests FAILED:
\t  4 - system_watch (Failed)
Errors while running CTest
"""
# What it keeps of a script whose tests were skipped in part, and of one that failed, too.
LAST_TEST = """
1/2 Testing: system_serial
1/2 Test: system_serial
Command: "/usr/bin/python3" "serial_test.py"
Output:
----------------------------------------------------------
.s.
OK (skipped=1)
<end of output>
2/2 Test: system_life
FAILED (failures=1, skipped=2)
"""


def run(*command, **environment):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=30, check=False, env={**os.environ, **environment})


class Arguments(unittest.TestCase):
    def test_who_asks_for_help_gets_it_and_nothing_is_installed(self):
        with tempfile.TemporaryDirectory() as folder:
            tools = Path(folder)
            called = tools / "called"
            for tool in ("apt-get", "sudo", "cmake", "ninja", "dpkg-query"):
                (tools / tool).write_text(f"#!/bin/sh\necho {tool} >>{called}\nexit 1\n",
                                          encoding="utf-8")
                (tools / tool).chmod(0o755)
            path = f"{folder}:{os.environ['PATH']}"
            for script in ("test.sh", "nightly.sh", "demo.sh", "dependencies.sh"):
                for option, status in (("--help", 0), ("-h", 0), ("--nonsense", 2)):
                    with self.subTest(script=script, option=option):
                        reported = run(PACKAGING / script, option, PATH=path)
                        self.assertEqual(reported.returncode, status, reported.stderr)
                        self.assertNotEqual(reported.stdout if status == 0 else reported.stderr, "")
            self.assertFalse(called.exists())


class Counting(unittest.TestCase):
    def counted(self, *stages):
        script = (f'set -euo pipefail; . "{PACKAGING}/stages.sh"; '
                  + "; ".join(stages) + "; finish")
        reported = run("bash", "-c", script)
        return reported.stdout.splitlines()[-1], reported.returncode

    def test_a_skipped_test_is_neither_passed_nor_failed(self):
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            log.write(CTEST)
            log.flush()
            self.assertEqual(self.counted(f'show() {{ cat {log.name}; return 8; }}; stage A show'),
                             ("2 passed, 1 failed, 1 skipped", 1))

    def test_what_a_script_skips_is_counted(self):
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder) / "build" / "some" / "Testing" / "Temporary"
            kept.mkdir(parents=True)
            (kept / "LastTest.log").write_text(LAST_TEST, encoding="utf-8")
            fake = ('steady_addresses() { echo "100% tests passed, 0 tests failed out of 2"; }; '
                    f'cd {folder}; stage A run_tests some')
            self.assertEqual(self.counted(fake), ("2 passed, 0 failed, 3 skipped", 0))

    def run_real_tests(self, *commands):
        """The lines of a run of ctest with a test for each command, and its exit status."""
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "build" / "some"
            project.mkdir(parents=True)
            tests = "".join(f'add_test({name} sh -c "{text}")\n' for name, text in commands)
            (project / "CTestTestfile.cmake").write_text(tests, encoding="utf-8")
            ran = run("bash", "-c", f'set -euo pipefail; . "{PACKAGING}/stages.sh"; cd {folder}; '
                      "stage A run_tests some; finish")
        return ran.stdout.splitlines(), ran.returncode

    def test_the_end_names_the_tests_that_failed_and_what_they_said_last(self):
        lines, status = self.run_real_tests(("good", "echo it passed"), ("bad", "seq 100; exit 1"))
        self.assertEqual(status, 1)
        end = lines[lines.index("the last lines of bad:"):]
        self.assertEqual([line.strip() for line in end[1:41]],
                         [str(number) for number in range(61, 101)])
        self.assertEqual(end[41:], ["failed: A", "1 passed, 1 failed, 0 skipped"])

    def test_a_test_that_fails_beside_others_runs_once_more_by_itself(self):
        lines, status = self.run_real_tests(
            ("good", "true"), ("loaded", "test -e ran || { touch ran; echo too late; exit 1; }"))
        self.assertEqual((lines[-1], status), ("2 passed, 0 failed, 0 skipped", 0))
        self.assertEqual(lines[-3:-1], ["the last lines of loaded:", "    too late"],
                         "what it said the first time is not lost")

    def test_a_stage_without_tests_counts_as_one(self):
        self.assertEqual(self.counted("stage A true", "stage B false"),
                         ("1 passed, 1 failed, 0 skipped", 1))


class TidySources(unittest.TestCase):
    INCLUDED = {"dns/name.cpp": {"dns/name.cpp", "dns/name.h", "dns/text.h"},
                "dns/a.cpp": {"dns/a.cpp", "dns/name.h", "dns/deep.h"}}

    def test_a_header_is_seen_through_a_file_that_includes_it(self):
        cases = [(["dns/name.h"], (["dns/name.cpp"], [])),  # its twin rather than another
                 (["dns/deep.h"], (["dns/a.cpp"], [])),
                 (["dns/a.cpp", "dns/deep.h"], (["dns/a.cpp"], [])),  # seen already
                 (["dns/lost.h"], ([], ["dns/lost.h"])),
                 (["docs/README.md", "dns/other.cpp"], ([], []))]
        for changed, expected in cases:
            with self.subTest(changed):
                self.assertEqual(tidy_sources.sources_to_see(changed, self.INCLUDED), expected)

    def test_a_header_of_a_folder_that_is_not_built_whole_need_not_be_seen(self):
        bench = {path.relative_to(tidy_sources.ROOT).as_posix()
                 for path in (tidy_sources.ROOT / "bench").glob("*.cpp")}
        self.assertTrue(tidy_sources.is_built_whole("bench/zone_text.h", bench))
        self.assertFalse(tidy_sources.is_built_whole("bench/zone_text.h", bench - {"bench/load.cpp"}))
        self.assertTrue(tidy_sources.is_built_whole("include/meridian/limits.h", set()))

    def test_where_nothing_is_to_be_seen_nothing_is_printed(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "compile_commands.json").write_text("[]", encoding="utf-8")
            reported = subprocess.run([PACKAGING / "tidy_sources.py", folder], input="docs/README.md\n",
                                  capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((reported.returncode, reported.stdout, reported.stderr), (0, "", ""))

    def test_includes_are_followed(self):
        files = {"dns/wire/name.cpp": '#include "dns/wire/text.h"\n#include <array>\n',
                 "dns/wire/text.h": '#include "beside.h"\n#include "meridian/name.h"\n',
                 "dns/wire/beside.h": '#include "dns/wire/text.h"\n// #include "lost.h"\n',
                 "include/meridian/name.h": '#include "meridian/generated.h"\n'}
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, path).write_text(text, encoding="utf-8")
            self.assertEqual(tidy_sources.read_includes(["dns/wire/name.cpp"], Path(folder)),
                             {"dns/wire/name.cpp": set(files)})


if __name__ == "__main__":
    unittest.main()
