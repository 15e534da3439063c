#!/usr/bin/env python3
"""Holds the code against the plan of the house, and shows that a bad house is noticed.

SPDX-License-Identifier: Apache-2.0
"""
import tempfile
import unittest
from pathlib import Path

import architecture

ROOT = Path(__file__).resolve().parents[2]
OPENING = "// Serves as an example.\n//\n// SPDX-License-Identifier: Apache-2.0\n"


class TheHouse(unittest.TestCase):
    def test_follows_its_plan(self):
        self.assertEqual(architecture.problems(ROOT), [])

    def test_was_looked_at(self):
        self.assertGreater(len(architecture.sources(ROOT)), 50)


class ABadHouse(unittest.TestCase):
    """Each case builds a small tree with one mistake in it."""

    def problems_of(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / path).write_text(text, encoding="utf-8")
            return architecture.problems(Path(folder))

    def assert_one(self, files, words):
        found = self.problems_of(files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def including(self, path, *targets):
        """A tree where `path` includes the targets, which exist."""
        files = {target: OPENING for target in targets}
        lines = [f'#include "{target.removeprefix("include/")}"\n' for target in targets]
        files[path] = OPENING + "".join(lines)
        return files

    def test_down_is_fine(self):
        for path, target in [
            ("server/commands/serve.cpp", "server/runtime/worker.h"),
            ("server/runtime/worker.cpp", "include/meridian/dns/transport/udp_server.h"),
            ("zones/compiler/compiler.cpp", "zones/snapshot/name_table.h"),
            ("dns/guard/cookie.cpp", "dns/wire/option.h"),
            ("geo/atlas.cpp", "include/meridian/limits.h"),
            ("zones/compiler/a.cpp", "include/meridian/geo/copies/a.h"),
            ("tests/dns/name_test.cpp", "dns/wire/option.h"),
            ("bench/answer.cpp", "include/meridian/zones/snapshot/answer.h"),
        ]:
            with self.subTest(path):
                self.assertEqual(self.problems_of(self.including(path, target)), [])

    def test_up(self):
        self.assert_one(self.including("geo/atlas.cpp", "include/meridian/zones/model/zone.h"),
                        "no arrow")
        self.assert_one(self.including("include/meridian/dns/wire/a.h",
                                       "include/meridian/zones/model/b.h"),
                        "no arrow")
        self.assert_one(self.including("include/meridian/bytes.h",
                                       "include/meridian/dns/wire/name.h"),
                        "no arrow")
        self.assert_one(self.including("server/runtime/a.cpp", "server/commands/b.h"), "no arrow")

    def test_sideways(self):
        self.assert_one(self.including("dns/wire/a.cpp", "include/meridian/geo/atlas.h"),
                        "no arrow")
        self.assert_one(self.including("dns/transport/a.cpp", "dns/wire/b.h"), "no arrow")
        self.assert_one(self.including("geo/table/a.cpp", "geo/copies/b.h"), "no arrow")
        self.assert_one(self.including("geo/a.cpp", "geo/table/b.h"), "no arrow")
        self.assert_one(self.including("server/sources/a.cpp", "server/runtime/b.h"), "no arrow")
        self.assert_one(self.including("zones/snapshot/a.cpp", "zones/language/text/b.h"), "no arrow")

    def test_a_public_header_is_in_the_room_of_its_twin(self):
        files = self.including("dns/transport/a.cpp", "include/meridian/dns/name.h")
        files["dns/wire/name.cpp"] = OPENING
        self.assert_one(files, "from dns/transport to dns/wire")

    def test_a_public_header_has_a_twin_or_a_room(self):
        self.assert_one(self.including("tests/dns/a.cpp", "include/meridian/dns/a.h"),
                        "neither a twin in dns/ nor a room")
        self.assert_one(self.including("tests/dns/a.cpp", "include/meridian/dns/b/a.h"),
                        "dns/b/ is not a room")

    def test_into_the_private_part_of_another_folder(self):
        self.assert_one(self.including("zones/compiler/a.cpp", "dns/wire/b.h"),
                        "private to another")

    def test_public_on_private(self):
        self.assert_one(self.including("include/meridian/dns/wire/a.h", "dns/wire/b.h"),
                        "a public header")

    def test_shipped_code_on_tests(self):
        self.assert_one(self.including("geo/a.cpp", "tests/support/naive.h"), "code that ships")

    def test_a_room_that_nobody_planned(self):
        self.assert_one(self.including("dns/utilities/a.cpp", "include/meridian/limits.h"),
                        "not a room")

    def test_cycle(self):
        self.assert_one({"geo/a.h": OPENING + '#include "geo/b.h"\n',
                         "geo/b.h": OPENING + '#include "geo/c.h"\n',
                         "geo/c.h": OPENING + '#include "geo/a.h"\n'}, "a cycle")

    def test_side_door(self):
        for path, header in [("geo/atlas.cpp", "maxminddb.h"), ("zones/model/a.h", "toml.hpp"),
                             ("dns/wire/name.cpp", "ldns/ldns.h"), ("geo/a.cpp", "spdlog/spdlog.h"),
                             ("zones/compiler/a.cpp", "boost/asio.hpp"), ("geo/a.cpp", "zstd.h")]:
            with self.subTest(path):
                self.assert_one({path: OPENING + f"#include <{header}>\n"}, "whose door is")

    def test_the_door_itself_is_open(self):
        for path, header in [("geo/database/mmdb_file.cpp", "maxminddb.h"),
                             ("dns/wire/rdata.cpp", "ldns/ldns.h"),
                             ("dns/transport/tcp_server.cpp", "boost/asio.hpp")]:
            with self.subTest(path):
                self.assertEqual(self.problems_of({path: OPENING + f"#include <{header}>\n"}), [])

    def test_a_file_opened_beside_the_door(self):
        for path, text in [("geo/a.cpp", "std::ifstream file(path);"),
                           ("server/runtime/a.cpp", "std::ifstream file(path);"),
                           ("server/commands/a.cpp", "FILE* file = fopen(path, mode);"),
                           ("geo/database/mmdb_file.cpp", "open(path, O_RDONLY | O_CLOEXEC);"),
                           ("zones/language/text/a.cpp", "open(path, O_RDONLY);")]:
            with self.subTest(path):
                self.assert_one({path: OPENING + text + "\n"}, "opens a file")
        self.assertEqual(self.problems_of({
            "include/meridian/file_reader.h": OPENING + "open(path, O_RDONLY);\n",
            "server/state/state_directory.cpp": OPENING + "open(path, O_RDONLY);\n"}), [])

    def test_quoted_include_that_does_not_exist(self):
        self.assert_one({"geo/a.cpp": OPENING + '#include "b.h"\n'}, "not found")

    def test_no_purpose(self):
        self.assert_one({"geo/a.h": "#pragma once\n//\n// SPDX-License-Identifier: Apache-2.0\n"},
                        "what the file is for")

    def test_no_licence(self):
        self.assert_one({"geo/a.h": "// Serves as an example.\n#pragma once\n"}, "SPDX")
        self.assert_one({"packaging/a.sh": "#!/bin/sh\n# Serves as an example.\n"}, "SPDX")

    def test_a_map_that_names_what_is_gone(self):
        page = "Look at `geo/a`, `geo/b.cpp`, `geo/*.cpp`, `dns/guard/`, `GEO/name.h`."
        self.assert_one({"geo/a.cpp": OPENING, "ARCHITECTURE.md": page}, "geo/b.cpp does not exist")


if __name__ == "__main__":
    unittest.main()
