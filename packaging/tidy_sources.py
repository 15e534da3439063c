#!/usr/bin/env python3
"""Prints the .cpp files by which clang-tidy sees what changed: those, and one for each header.

SPDX-License-Identifier: Apache-2.0

    git diff --name-only BASE | packaging/tidy_sources.py build/tidy

The folder has to be configured, not built: its compile_commands.json says which files there are, and
their text which headers each includes. Paths are relative to the project's root. Exits with 1 when a
header of ours is included by no file, though all of its folder is built.
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def relative(path, folder):
    """Below the root, or None."""
    absolute = Path(folder, path).resolve()
    return absolute.relative_to(ROOT).as_posix() if absolute.is_relative_to(ROOT) else None


def direct_includes(path, root):
    """What a file of ours includes by quotes: beside it, or from the two folders that -I names."""
    text = (root / path).read_text(encoding="utf-8")
    for name in INCLUDE.findall(text):
        for folder in ((root / path).parent, root / "include", root):
            if (folder / name).is_file():
                yield (folder / name).resolve().relative_to(root.resolve()).as_posix()
                break


def read_includes(sources, root=ROOT):
    """Source -> the files of ours that it includes, itself among them."""
    direct = {}
    included = {}
    for source in sources:
        found = {source}
        waiting = [source]
        while waiting:
            path = waiting.pop()
            if path not in direct:
                direct[path] = set(direct_includes(path, root))
            waiting += direct[path] - found
            found |= direct[path]
        included[source] = found
    return included


def sources_to_see(changed, included):
    """The sources, and the headers that no source includes."""
    chosen = [path for path in changed if path in included]
    unseen = []
    for header in changed:
        if not header.endswith(".h") or any(header in included[path] for path in chosen):
            continue
        twin = Path(header).stem + ".cpp"
        candidates = sorted((source for source, files in included.items() if header in files),
                            key=lambda source: (Path(source).name != twin, source))
        if candidates:
            chosen.append(candidates[0])
        else:
            unseen.append(header)
    return chosen, unseen


def is_built_whole(header, compiled):
    """Whether this build compiles all sources beside a header; it has no benchmarks."""
    beside = (ROOT / header).parent.glob("*.cpp")
    return all(path.relative_to(ROOT).as_posix() in compiled for path in beside)


def main():
    folder = Path(sys.argv[1])
    changed = sys.stdin.read().split()
    commands = json.loads((folder / "compile_commands.json").read_text(encoding="utf-8"))
    compiled = {relative(command["file"], command["directory"]) for command in commands}
    included = read_includes(sorted(path for path in compiled if path))
    chosen, unseen = sources_to_see([path for path in changed if (ROOT / path).exists()], included)
    unseen = [header for header in unseen if is_built_whole(header, compiled)]
    for source in chosen:
        print(source)
    for header in unseen:
        print(f"{header}: no file that is compiled includes it", file=sys.stderr)
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
