"""Finds what breaks the plan of the house: wrong arrows, cycles, side doors, missing purposes.

SPDX-License-Identifier: Apache-2.0

The plan is drawn in ARCHITECTURE.md. `problems(root)` returns one sentence for each break of it.
"""
import re
from pathlib import Path

# Which rooms a room may look into; a room is a folder with files of its own. "dns/*" stands for all
# rooms of dns/. "" is include/meridian/ itself. What is not listed may not be included; a room
# always sees itself.
SEES = {
    "": [],
    "dns/wire": [""],
    "dns/guard": ["", "dns/wire"],
    "dns/dnssec": ["", "dns/wire"],
    "dns/transport": [""],
    "geo": [""],
    "geo/database": ["", "geo"],
    "geo/table": ["", "geo"],
    "geo/copies": ["", "geo", "geo/table"],
    "zones/model": ["", "dns/*", "geo/*"],
    "zones/language/text": ["", "dns/*", "zones/model"],
    "zones/language/toml": ["", "dns/*", "zones/model", "zones/language/text"],
    "zones/language/keys": ["", "dns/*", "geo/*", "zones/model", "zones/language/text",
                            "zones/language/toml"],
    "zones/language/records": ["", "dns/*", "zones/model", "zones/language/text",
                               "zones/language/toml", "zones/language/keys"],
    "zones/language/master": ["", "dns/*", "zones/model", "zones/language/text",
                              "zones/language/keys", "zones/language/records"],
    "zones/language/zone": ["", "dns/*", "geo/*", "zones/model", "zones/language/*"],
    "zones/editing": ["", "geo/*", "zones/language/*", "zones/model"],
    "zones/snapshot": ["", "dns/*", "geo/*", "zones/model"],
    "zones/compiler": ["", "dns/*", "geo/*", "zones/model", "zones/snapshot"],
    "zones/explain": ["", "dns/*", "geo/*", "zones/model", "zones/snapshot"],
    "server/state": ["", "dns/*", "geo/*", "zones/*"],
    "server/sources": ["", "dns/*", "geo/*", "zones/*", "server/state"],
    "server/journal": ["", "server/state"],
    "server/helper": [""],
    "server/probing": ["", "dns/*", "zones/*", "server/helper"],
    "server/health": ["", "dns/*", "geo/*", "zones/*", "server/probing"],
    "server/runtime": ["", "dns/*", "geo/*", "zones/*", "server/state", "server/sources",
                       "server/helper", "server/probing", "server/health", "server/journal"],
    "server/control": ["", "dns/*", "geo/*", "zones/*", "server/runtime", "server/health",
                       "server/journal"],
    "server/commands": ["", "dns/*", "geo/*", "zones/*", "server/runtime", "server/state",
                        "server/sources", "server/helper", "server/probing", "server/health",
                        "server/journal", "server/control"],
    "server": ["server/commands"],
}
FOLDERS = ["dns", "geo", "zones", "server"]
OUTSIDE = ["tests", "bench", "packaging"]  # these may look anywhere; no other folder may include them

# One door per library: the only files that may include its headers.
DOORS = {
    r"maxminddb": r"geo/database/mmdb_file",
    r"ldns/": r"dns/wire/rdata|dns/dnssec/",
    r"toml": r"tests/support/toml_twin",
    r"openssl/": r"dns/transport/tls_server|dns/guard/tsig|server/probing/",
    r"boost/json": r"server/",
    r"boost/(asio|beast|system)": r"dns/transport/|server/",
    r"spdlog/": r"server/",
    r"CLI/": r"server/",
    r"prometheus/": r"server/",
    r"systemd/": r"server/runtime/service_manager",
    r"(zstd|lzma)": r"geo/database/world",
    r"xxhash": r"include/meridian/octet_hash",
    r"idn2": r"zones/language/records/zone_names",
}

# One door to the octets of files: in these rooms no other file opens one to read. What an operator
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
    return "/".join(parts[:-1]) if parts[0] in FOLDERS else None


def room_of_public_header(root, path):
    """A public header lives where its twin does, else in the room that its folder is named after."""
    room = path.removeprefix("include/meridian/").rpartition("/")[0]
    if room in FOLDERS:
        twins = sorted((root / room).rglob(f"{Path(path).stem}.cpp"))
        if twins:
            return room_of(root, twins[0].relative_to(root).as_posix())
    return room


def may_see(room, other):
    """Whether a file of `room` may include one of `other`."""
    for allowed in SEES.get(room, []):
        if other == allowed or (allowed.endswith("/*") and f"{other}/".startswith(allowed[:-1])):
            return True
    return room == other


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
    if room not in SEES or other not in SEES:
        return []  # reported once, for the file that stands there
    public, public_target = path.startswith("include/"), target.startswith("include/")
    if public and not public_target:
        return [f"{path}: a public header includes the private {target}"]
    if not public_target and path.split("/")[0] != target.split("/")[0]:
        return [f"{path}: includes {target}, which is private to another folder"]
    if not may_see(room, other):
        return [f"{path}: includes {target}: no arrow goes from {room or 'the shared words'} "
                f"to {other}"]
    return []


def room_problems(root, path):
    """A file of ours that stands in no room of the plan."""
    room = room_of(root, path)
    if room is None or room in SEES:
        return []
    if path.startswith("include/") and room in FOLDERS:
        return [f"{path}: has neither a twin in {room}/ nor a room of its own: "
                f"include/meridian/{room}/ROOM/"]
    return [f"{path}: {room}/ is not a room of the plan"]


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
    """Cycles between files, each reported once."""
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


def page_problems(root):
    """Paths that ARCHITECTURE.md names and that lead nowhere; rooms of the plan may be empty still."""
    page = root / "ARCHITECTURE.md"
    if not page.is_file():
        return []
    tops = "|".join(["include", *FOLDERS, *OUTSIDE])
    named = re.findall(rf"`((?:{tops})/[a-z_0-9/.*]*)`", page.read_text(encoding="utf-8"))
    return [f"ARCHITECTURE.md: {path} does not exist" for path in sorted(set(named))
            if path.rstrip("/") not in SEES and not any(root.glob(path.rstrip("/")))
            and not any(root.glob(f"{path}.*")) and not any(root.glob(f"include/meridian/{path}.*"))]


def problems(root):
    """Everything that breaks the plan below `root`, a sentence each."""
    found, includes = page_problems(root), {}
    for path in sources(root):
        text = (root / path).read_text(encoding="utf-8")
        found += opening_problems(path, text)
        if not path.endswith((".h", ".cpp")):
            continue
        includes[path] = []
        found += room_problems(root, path)
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
