"""Finds what breaks the plan of the house: wrong arrows, cycles, side doors, missing purposes.

SPDX-License-Identifier: Apache-2.0

The plan is drawn in ARCHITECTURE.md. `problems(root)` returns one sentence for each break of it.
"""
import re
from pathlib import Path

# Which rooms of which folders a room may look into. "dns" alone stands for the public headers and
# all rooms of dns/. What is not listed may not be included; a room always sees itself.
SEES = {
    "": [],
    "dns": ["", "dns"],  # a public header with no twin; so for zones
    "zones": ["", "dns", "geo", "zones"],
    "dns/wire": [""],
    "dns/guard": ["", "dns/wire"],
    "dns/dnssec": ["", "dns/wire"],
    "dns/transport": [""],
    "geo": [""],
    "zones/model": ["", "dns", "geo"],
    "zones/language": ["", "dns", "geo", "zones/model"],
    "zones/editing": ["", "geo", "zones/language", "zones/model"],
    "zones/snapshot": ["", "dns", "geo", "zones/model"],
    "zones/compiler": ["", "dns", "geo", "zones/model", "zones/snapshot"],
    "zones/explain": ["", "dns", "geo", "zones/model", "zones/snapshot"],
    "server/runtime": ["", "dns", "geo", "zones", "server/sources"],
    "server/sources": ["", "dns", "geo", "zones"],
    "server/health": ["", "dns", "geo", "zones"],
    "server/control": ["", "dns", "geo", "zones", "server/runtime", "server/health"],
    "server/commands": ["", "dns", "geo", "zones", "server/runtime", "server/sources",
                        "server/health", "server/control"],
    "server": ["server/commands"],
}
FOLDERS = ["dns", "geo", "zones", "server"]
OUTSIDE = ["tests", "bench", "packaging"]  # these may look anywhere; nobody looks into them

# Public headers without a .cpp of the same name: the rooms that they belong to.
HEADER_ONLY = {
    "meridian/dns/ascii_case.h": "dns/wire",
    "meridian/dns/name_octets.h": "dns/wire",
    "meridian/dns/handler.h": "dns/transport",
    "meridian/dns/query.h": "dns/wire",
    "meridian/dns/record_set.h": "dns/wire",
    "meridian/dns/types.h": "dns/wire",
    "meridian/zones/toml_document.h": "zones/language",
    "meridian/zones/zone.h": "zones/model",
}

# One door per library: the only files that may include its headers.
DOORS = {
    r"maxminddb": r"geo/mmdb_file",
    r"ldns/": r"dns/wire/rdata|dns/dnssec/",
    r"toml": r"zones/language/toml_reader",
    r"openssl/": r"dns/transport/tls_server|dns/guard/tsig|server/health/",
    r"boost/json": r"server/",
    r"boost/(asio|beast|system)": r"dns/transport/|server/",
    r"spdlog/": r"server/",
    r"CLI/": r"server/",
    r"prometheus/": r"server/",
    r"systemd/": r"server/runtime/service_manager",
    r"(zstd|lzma)": r"geo/world",
    r"xxhash": r"geo/octet_hash",
    r"idn2": r"zones/language/a_label",
}

# One door to the octets of files: in these rooms nobody else opens one to read. What an operator
# names may be a pipe, a device or a terabyte.
FILE_DOOR = "include/meridian/file_reader.h"
NO_OPENING = {r"(include|dns/wire|geo|zones|server/commands)/": r"\b(ifstream|fopen|O_RDONLY)\b",
              r"server/": r"\b(ifstream|fopen)\b"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
LICENCE = "SPDX-License-Identifier: Apache-2.0"


def sources(root):
    """Every file of code, as text paths relative to the root."""
    found = []
    for top in ["include", *FOLDERS, *OUTSIDE]:
        for path in sorted((root / top).rglob("*")):
            if path.is_file() and path.suffix in (".h", ".cpp", ".py", ".sh", ".cmake"):
                found.append(path.relative_to(root).as_posix())
    return found


def resolve(root, including, text):
    """The file that a quoted include means: a public header, or a path from the root."""
    for candidate in (f"include/{text}", text):
        if (root / candidate).is_file():
            return candidate
    return None


def room_of(root, path):
    """The room that a file belongs to: "dns/wire", "geo", "" for the shared words, or None."""
    parts = path.split("/")
    if parts[0] == "include":
        return room_of_public_header(root, path)
    if parts[0] not in FOLDERS:
        return None
    if len(parts) == 2:
        return parts[0]
    return "/".join(parts[:2])


def room_of_public_header(root, path):
    """A public header lives where its twin does."""
    parts = path.split("/")
    if len(parts) == 3:
        return ""
    folder, name = parts[2], Path(path).stem
    twins = sorted((root / folder).rglob(f"{name}.cpp"))
    if twins:
        return room_of(root, twins[0].relative_to(root).as_posix())
    return HEADER_ONLY.get(path.removeprefix("include/"), folder)


def may_see(room, other):
    """Whether a file of `room` may include one of `other`."""
    if room == other:
        return True
    for allowed in SEES.get(room, []):
        if other == allowed or (allowed and other.startswith(f"{allowed}/")):
            return True
    return False


def arrow_problems(root, path, target):
    """Breaks of the arrows by one include."""
    room, other = room_of(root, path), room_of(root, target)
    if room is None:  # tests, benchmarks and packaging see everything but each other
        own = path.split("/")[0]
        if other is None and target.split("/")[0] not in (own, "tests"):
            return [f"{path}: includes {target} of another folder"]
        return []
    if other is None:
        return [f"{path}: code that ships includes {target}"]
    if room not in SEES:
        return [f"{path}: {room}/ is not a room of the plan"]
    public, public_target = path.startswith("include/"), target.startswith("include/")
    if public and not public_target:
        return [f"{path}: a public header includes the private {target}"]
    if not public_target and path.split("/")[0] != target.split("/")[0]:
        return [f"{path}: includes {target}, which is private to another folder"]
    if not may_see(room, other):
        return [f"{path}: includes {target}: no arrow goes from {room or 'the shared words'} "
                f"to {other}"]
    return []


def door_problems(path, text):
    """Library headers outside of their door."""
    if path.split("/")[0] in OUTSIDE:
        return []  # a test may bring a library as its oracle
    problems = []
    for library, door in DOORS.items():
        if re.match(library, text) and not re.match(door, path):
            problems.append(f"{path}: includes <{text}>, whose door is {door}")
    return problems


def opened_file_problems(path, text):
    """Files that are opened beside the one door."""
    return [f"{path}: opens a file to read it, whose door is {FILE_DOOR}"
            for rooms, words in NO_OPENING.items()
            if path != FILE_DOOR and re.match(rooms, path) and re.search(words, text)][:1]


def cycle_problems(includes):
    """Cycles between files, each told once."""
    problems, done = [], set()

    def walk(path, trail):
        if path in trail:
            circle = [*trail[trail.index(path):], path]
            problems.append("a cycle of includes: " + " -> ".join(circle))
            return
        if path in done:
            return
        for target in includes.get(path, []):
            walk(target, [*trail, path])
        done.add(path)

    for path in sorted(includes):
        walk(path, [])
    return problems


def opening_problems(path, text):
    """A file opens with a sentence that says what it is for, then the licence."""
    lines = text.splitlines()
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    opening = lines[0].lstrip('/#" ').rstrip() if lines else ""
    comment = bool(lines) and lines[0].startswith(("// ", "# ", '"""'))
    problems = []
    if not comment or not opening.rstrip('"').endswith(".") or len(opening.split()) < 3:
        problems.append(f"{path}: the first line does not say what the file is for, in a sentence")
    if not any(LICENCE in line for line in lines[1:4]):
        problems.append(f"{path}: {LICENCE} is missing below the first line")
    return problems


def problems(root):
    """Everything that breaks the plan below `root`, a sentence each."""
    found, includes = [], {}
    for path in sources(root):
        text = (root / path).read_text(encoding="utf-8")
        found += opening_problems(path, text)
        if not path.endswith((".h", ".cpp")):
            continue
        includes[path] = []
        found += opened_file_problems(path, text)
        for kind, name in INCLUDE.findall(text):
            target = resolve(root, path, name)
            if target is None:
                if kind == '"':
                    found.append(f'{path}: "{name}" is not found from the root or include/')
                found += door_problems(path, name)
                continue
            includes[path].append(target)
            found += arrow_problems(root, path, target)
    return found + cycle_problems(includes)
