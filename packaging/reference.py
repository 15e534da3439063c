#!/usr/bin/env python3
"""Renews the tables of keys in the manuals from what the program knows of its keys.

SPDX-License-Identifier: Apache-2.0

    packaging/reference.py build/release/server/meridian           writes them
    packaging/reference.py --check build/release/server/meridian   only says whether they are right

A manual has the lines BEGIN and END, once or several times; what stands between is the program's.
"""
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
BEGIN = "<!-- keys: begin (packaging/reference.py writes this part) -->\n"
END = "<!-- keys: end -->\n"
ZONE_KEYS = ["schema", "--markdown"]
SETTINGS_KEYS = ["schema", "--settings", "--markdown"]
# The commands that print each part of a manual, in order.
MANUALS = {
    "zones/README.md": [ZONE_KEYS],
    "docs/settings.md": [SETTINGS_KEYS],
    "docs/later-keys.md": [[*ZONE_KEYS, "--later"], [*SETTINGS_KEYS, "--later"]],
}


def renewed(text, references):
    """The text of a manual with each of `references` between its two lines."""
    parts = text.split(BEGIN)
    if len(parts) != len(references) + 1 or any(END not in part for part in parts[1:]):
        raise ValueError(f"the lines are missing: {BEGIN}{END}")
    result = parts[0]
    for part, reference in zip(parts[1:], references):
        result += f"{BEGIN}\n{reference}\n{END}{part.partition(END)[2]}"
    return result


def main(arguments):
    check = "--check" in arguments
    binary = [each for each in arguments if each != "--check"]
    if len(binary) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    stale = []
    for name, commands in MANUALS.items():
        manual = SOURCE / name
        text = manual.read_text(encoding="utf-8")
        right = renewed(text, [subprocess.run([binary[0], *command], check=True, text=True,
                                              capture_output=True).stdout for command in commands])
        if right == text:
            continue
        stale.append(name)
        if not check:
            manual.write_text(right, encoding="utf-8")
    for name in stale:
        print(f"{name}: " + (f"not as the program has it; run packaging/reference.py {binary[0]}"
                             if check else "renewed"))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
