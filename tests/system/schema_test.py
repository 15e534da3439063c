"""Holds the published JSON Schema against another validator, and against what Meridian says.

SPDX-License-Identifier: Apache-2.0

Debian's python3-jsonschema validates, Python's tomllib reads; neither knows Meridian.
"""
import datetime
import json
import re
import tempfile
import tomllib
import unittest
from pathlib import Path

import jsonschema
from meridian_process import BINARY, SOURCE, meridian, run

MANUALS = ["README.md", "zones/README.md", "docs/settings.md", *sorted(
    path.relative_to(SOURCE).as_posix() for path in (SOURCE / "docs" / "recipes").glob("*.md"))]
# What a diagnostic says when a schema can see the same.
VISIBLE = re.compile(
    r"error: [^\n]*(: unknown (key|type) |not supported yet|this key is missing"
    r"|: expected .*, found |out of range|is no duration|is no TTL|is not a choice here"
    r"|the array is empty|is no type of data and cannot be stored|types are written in small letters"
    r"|the records are missing|nothing stands under the name|both `data` and `rdata` are given"
    r"|: expected \[latitude, longitude\]|the SOA record follows|has at most \d+)")

# Cases where it cannot: what is no number is neither small nor large, a date is text in JSON, a
# choice that is not supported yet is one, and milliseconds are a duration as good as any.
UNSEEN = {"a latitude that is not a number", "a date where text is wanted",
          "a state that a region cannot have yet",
          "files of states, and what has no effect beside one"}


def validator(*options):
    """Checks formats, too: an address is one."""
    schema = json.loads(meridian("schema", *options).stdout)
    kind = jsonschema.Draft202012Validator
    kind.check_schema(schema)
    return kind(schema, format_checker=jsonschema.FormatChecker())


def as_json(value):
    """What TOML has and JSON has not, as an editor hands it to a schema."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    return value


def read(text):
    return as_json(tomllib.loads(text))


def blocks(text, language="toml"):
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def bad_zones():
    """(title, file, report) of each case of tests/zones/bad_zones.txt."""
    text = (SOURCE / "tests" / "zones" / "bad_zones.txt").read_text(
        encoding="utf-8", errors="surrogateescape")
    for case in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = case.partition("\n")
        file, _, reported = ("\n" + rest).partition("\n--\n")
        yield title, file[1:] + "\n", reported


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.zones = validator()
        cls.settings = validator("--settings")

    def faults(self, checker, text):
        return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(read(text))]

    def test_every_sample_is_valid(self):
        samples = [*(SOURCE / "packaging" / "zones").glob("*.toml"),
                   *(SOURCE / "tests" / "scenarios" / "zones").glob("*.toml")]
        self.assertGreaterEqual(len(samples), 4)
        for sample in samples:
            with self.subTest(sample.name):
                text = sample.read_text(encoding="utf-8")
                self.assertEqual(self.faults(self.zones, text), [])

    def test_every_example_of_the_manuals_is_valid(self):
        counted = {"zones": 0, "settings": 0}
        for manual in MANUALS:
            for block in blocks((SOURCE / manual).read_text(encoding="utf-8")):
                kind = "settings" if re.search(r"^\[(server|geo|log)\]", block, re.M) else "zones"
                counted[kind] += 1
                with self.subTest(manual, block=block):
                    self.assertEqual(self.faults(getattr(self, kind), block), [])
        self.assertGreaterEqual(counted["zones"], 4)
        self.assertGreaterEqual(counted["settings"], 2)

    def test_what_meridian_takes_is_valid_and_what_a_schema_can_see_is_not(self):
        accepted, refused = 0, 0
        for title, file, reported in bad_zones():
            try:
                value = read(file)
            except (tomllib.TOMLDecodeError, RecursionError):
                continue
            with self.subTest(title, file=file, reported=reported):
                valid = self.zones.is_valid(value)
                if ": error: " not in reported:
                    accepted += 1
                    self.assertTrue(valid, self.faults(self.zones, file))
                elif VISIBLE.search(reported) and title not in UNSEEN:
                    refused += 1
                    self.assertFalse(valid)
        self.assertGreaterEqual(accepted, 8)
        self.assertGreaterEqual(refused, 50)

    def test_libraries_are_files_without_a_zone_and_with_something_to_share(self):
        for text in ('[ttl]\nstatic = "1h"', 'nameservers = ["ns1"]',
                     '[regions.lima]\nat = "LIM"\naddresses = "192.0.2.1"',
                     '[records]\nwww.a = "192.0.2.1"'):
            with self.subTest(text):
                self.assertEqual(self.is_taken(text), self.faults(self.zones, text) == [])
        self.assertEqual(self.faults(self.zones, '[ttl]\nstatic = "1h"'), [])
        # Empty it could be either, and is no good as a zone.
        self.assertNotEqual(self.faults(self.zones, ""), [])
        for text in ('records_from = "a.zone"', 'use = "other.toml"\n[ttl]\nstatic = "1h"',
                     '[ttl]\nstatic = "1h"\n[health.https]'):
            with self.subTest(text):
                self.assertFalse(self.is_taken(text))
                self.assertNotEqual(self.faults(self.zones, text), [])

    def is_taken(self, library):
        """Whether a zone can use it."""
        with tempfile.TemporaryDirectory(prefix="meridian-test-") as folder:
            zone = Path(folder, "zone.toml")
            zone.write_text('zone = "beigel.example"\nnameservers = ["ns1.example.net."]\n'
                            'use = "library.toml"\n', encoding="utf-8")
            Path(folder, "library.toml").write_text(library, encoding="utf-8")
            return meridian("check", zone).returncode == 0

    def test_keys_of_later_versions_are_refused_and_marked(self):
        zone = 'zone = "beigel.example"\nnameservers = ["ns1"]\n'
        for key in ("dnssec", "whoami", "allow", "transfer"):
            self.assertNotEqual(self.faults(self.zones, f"{key} = 1\n{zone}"), [])
        policies = self.zones.schema["properties"]["policies"]
        rules = policies["additionalProperties"]["properties"]["rules"]
        self.assertEqual(rules["x-meridian-status"], "not supported yet")
        self.assertTrue(rules["deprecated"])
        self.assertTrue(rules["description"].startswith("Not supported yet. "))
        self.assertIn("when", rules["items"]["properties"])
        self.assertEqual(policies["additionalProperties"]["properties"]["pick"]["x-meridian-status"],
                         "not supported yet")
        health = self.zones.schema["properties"]["health"]["properties"]
        self.assertNotIn("x-meridian-status", health["file"])
        degraded = self.zones.schema["properties"]["ttl"]["properties"]["degraded"]
        self.assertEqual(degraded["x-meridian-status"], "no effect yet")
        self.assertEqual(self.faults(self.zones, f'{zone}ttl.degraded = "10s"'), [])

    def test_every_key_has_a_description_and_defaults_are_valid(self):
        def walk(properties, path):
            for key, row in properties.items():
                if "$ref" in row:
                    continue
                with self.subTest(f"{path}.{key}"):
                    self.assertRegex(row["description"], r"[.]$")
                    if "default" in row and "not" not in row:
                        jsonschema.Draft202012Validator(row).validate(row["default"])
                for below in (row, row.get("items", {}), row.get("additionalProperties", {})):
                    if isinstance(below, dict):
                        walk(below.get("properties", {}), f"{path}.{key}")

        for checker in (self.zones, self.settings):
            walk(checker.schema["properties"], "")
        walk(self.zones.schema["$defs"]["owner"]["properties"], "NAME")

    def test_types_by_number_are_those_that_can_be_stored(self):
        owner = self.zones.evolve(schema=self.zones.schema["$defs"]["owner"])
        patterns = [(re.compile(pattern), "not" not in schema) for pattern, schema
                    in owner.schema["patternProperties"].items()]
        for number in range(0, 70000):
            for text in {f"type{number}", f"type{number:05}"}:
                allowed = [good for pattern, good in patterns if pattern.search(text)]
                storable = number < 65536 and number not in (0, 6, 41) and not 128 <= number < 256
                self.assertEqual(bool(allowed) and all(allowed), storable, text)

    def test_settings_that_are_wrong(self):
        for text in ('[server]\nlisten = 53', "[server]\nworkers = 0", '[log]\nlevel = "loud"',
                     '[server]\nreceive_buffer = "8MB"', "[serve]", "[commands.lag]"):
            with self.subTest(text):
                self.assertNotEqual(self.faults(self.settings, text), [])
        self.assertEqual(self.faults(self.settings, '[server]\nworkers = "auto"\n'
                                     'receive_buffer = "8MiB"\n[commands.lag]\nrun = "/x"'), [])

    def test_the_manuals_have_the_keys_that_the_program_knows(self):
        result = run("/usr/bin/python3", "-B", SOURCE / "packaging" / "reference.py", "--check", BINARY)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_the_command(self):
        result = meridian("schema")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertTrue(result.stdout.startswith('{\n  "$schema": "https://json-schema.org/'))
        self.assertIn("| `nameservers` |", meridian("schema", "--markdown").stdout)
        self.assertIn("| `listen` |", meridian("schema", "--settings", "--markdown").stdout)
        self.assertEqual(meridian("schema", "--nonsense").returncode, 2)
        help_text = meridian("schema", "--help").stdout
        self.assertIn("#:schema", help_text)


if __name__ == "__main__":
    unittest.main()
