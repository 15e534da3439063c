#!/usr/bin/env python3
"""Renews the tables of keys in the manuals from what the program knows of its keys.

SPDX-License-Identifier: Apache-2.0

    packaging/reference.py build/release/server/meridian           writes them
    packaging/reference.py --check build/release/server/meridian   only says whether they are right

A manual has the two lines BEGIN and END; what stands between them is the program's.
"""
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
BEGIN = "<!-- keys: begin (packaging/reference.py writes this part) -->\n"
END = "<!-- keys: end -->\n"
MANUALS = {
    "zones/README.md": ["schema", "--markdown"],
    "docs/settings.md": ["schema", "--settings", "--markdown"],
}


def renewed(text, reference):
    """The text of a manual with `reference` between its two lines."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the lines are missing: {BEGIN}{END}")
    return f"{before}{BEGIN}\n{reference}\n{END}{after}"


def main(arguments):
    check = "--check" in arguments
    binary = [each for each in arguments if each != "--check"]
    if len(binary) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    stale = []
    for name, command in MANUALS.items():
        manual = SOURCE / name
        text = manual.read_text(encoding="utf-8")
        reference = subprocess.run([binary[0], *command], check=True, capture_output=True,
                                   text=True).stdout
        right = renewed(text, reference)
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
