#!/usr/bin/env python3
"""Prints the .cpp files by which clang-tidy sees what changed: those, and one for each header.

SPDX-License-Identifier: Apache-2.0

    git diff --name-only BASE | packaging/tidy_sources.py build/fuzz

The build has to be up to date: ninja's record of it says which headers each file includes. Paths
are relative to the project's root. Exits with 1 when a header of ours is included by no file, though
all of its folder is built.
"""
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def relative(path, folder):
    """Below the root, or None."""
    absolute = Path(folder, path).resolve()
    return absolute.relative_to(ROOT).as_posix() if absolute.is_relative_to(ROOT) else None


def read_deps(text, folder):
    """What `ninja -t deps` says: source -> the files of ours that it includes."""
    included = {}
    for block in text.split("\n\n"):
        paths = [relative(line.strip(), folder) for line in block.splitlines()[1:]]
        sources = [path for path in paths if path and path.endswith(".cpp")]
        if sources:
            included.setdefault(sources[0], set()).update(path for path in paths if path)
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
    deps = subprocess.run(["ninja", "-C", folder, "-t", "deps"], check=True, capture_output=True,
                          text=True).stdout
    commands = json.loads((folder / "compile_commands.json").read_text(encoding="utf-8"))
    compiled = {relative(command["file"], command["directory"]) for command in commands}
    included = {source: files for source, files in read_deps(deps, folder).items()
                if source in compiled}
    chosen, unseen = sources_to_see([path for path in changed if (ROOT / path).exists()], included)
    unseen = [header for header in unseen if is_built_whole(header, compiled)]
    for source in chosen:
        print(source)
    for header in unseen:
        print(f"{header}: no file that is compiled includes it", file=sys.stderr)
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
