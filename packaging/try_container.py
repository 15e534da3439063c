#!/usr/bin/env python3
"""Follows the Containerfile in plain trees where no base image can be pulled, and tries the result.

SPDX-License-Identifier: Apache-2.0

    packaging/try_container.py [--trees FOLDER] [--keep]

debootstrap stands in for the base image, chroot for the container; instructions are carried out as
written, so this tries that very file. The server then runs as the container would have it: not
root, without a capability, alone in its network and process namespaces, where dig asks it. Needs
root, 3 GiB, and some ten minutes; CMAKE_BUILD_PARALLEL_LEVEL says how many compilers run at once.
"""
import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
MIRROR = "http://deb.debian.org/debian"
PROGRAMS = ["debootstrap", "dig", "ip", "nsenter", "unshare"]
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "HOME": "/root", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
# As a program in a container: its own processes, its own /proc, gone with it when it ends.
NAMESPACES = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]


def say(text):
    print(f"try_container: {text}", file=sys.stderr, flush=True)


def instructions(text):
    """The (word, rest) pairs of a Containerfile, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n", "", "\n".join(lines)).splitlines():
        if line.strip():
            word, rest = line.split(maxsplit=1)
            yield word, rest.strip()


class Stage:
    """One FROM and what follows it: a tree, and how to run in it."""

    def __init__(self, tree):
        self.tree = tree
        self.folder = "/"
        self.user = "root"
        self.entrypoint = []
        self.command = []
        self.health_check = []

    def inside(self, path):
        """Where a path of the image lies out here."""
        return self.tree / str(Path(self.folder) / path).lstrip("/")

    def run(self, command):
        subprocess.run([*NAMESPACES, f"--mount-proc={self.tree}/proc", "chroot", self.tree,
                        "sh", "-c", f"cd {shlex.quote(self.folder)} && {command}"],
                       check=True, env={**ENVIRONMENT, **build_environment()})

    def copy(self, origin, sources, target):
        """COPY: a folder's content, or a file; a target with a slash at its end is a folder."""
        for source in sources:
            found = origin / source.lstrip("/")
            place = self.inside(target)
            if found.is_dir():
                # Not copytree, which would go through links such as the tree's /lib.
                place.mkdir(parents=True, exist_ok=True)
                excluded = ignored() if origin == SOURCE else []
                archive = subprocess.Popen(["tar", "-C", found, "--create", "--anchored",
                                            *[f"--exclude=./{name}" for name in excluded], "."],
                                           stdout=subprocess.PIPE)
                subprocess.run(["tar", "-C", place, "--extract", "--keep-directory-symlink",
                                "--no-overwrite-dir"], check=True, stdin=archive.stdout)
                if archive.wait() != 0:
                    raise RuntimeError(f"cannot read {found}")
                continue
            if target.endswith("/"):
                place = place / found.name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, place)


def build_environment():
    name = "CMAKE_BUILD_PARALLEL_LEVEL"
    return {name: os.environ[name]} if name in os.environ else {}


def ignored():
    """What .dockerignore keeps out; here each line is a name at the top."""
    lines = (SOURCE / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.strip("/") for line in lines if line and not line.startswith("#")]


class Trees:
    """Carries out a Containerfile below a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.stages = {}

    def base(self, image):
        """A tree of the Debian release that an image's name ends in."""
        release = re.fullmatch(r"docker\.io/library/debian:(\w+)-slim", image)[1]
        tree = self.folder / f"base-{release}"
        if not tree.exists():
            say(f"debootstrap {release}")
            subprocess.run(["debootstrap", "--variant=minbase", release, tree, MIRROR], check=True,
                           stdout=subprocess.DEVNULL)
            for leftover in ("var/lib/apt/lists", "var/cache/apt"):  # no image has these
                shutil.rmtree(tree / leftover)
        return tree

    def follow(self, text):
        """Carries out every instruction; the last stage comes back."""
        stage = None
        for word, rest in instructions(text):
            say(f"{word} {rest}")
            if word == "FROM":
                stage = self.begin(rest)
            else:
                self.carry_out(stage, word, rest)
        return stage

    def begin(self, rest):
        image, _, name = rest.partition(" AS ")
        name = name or "final"
        tree = self.folder / name
        subprocess.run(["cp", "--archive", "--reflink=auto", self.base(image), tree], check=True)
        self.stages[name] = Stage(tree)
        return self.stages[name]

    def carry_out(self, stage, word, rest):
        if word == "RUN":
            stage.run(rest)
        elif word == "COPY":
            *sources, target = rest.split()
            origin = SOURCE
            if sources[0].startswith("--from="):
                origin = self.stages[sources.pop(0).removeprefix("--from=")].tree
            stage.copy(origin, sources, target)
        elif word == "WORKDIR":
            stage.folder = rest
            stage.inside(".").mkdir(parents=True, exist_ok=True)
        elif word == "USER":
            stage.user = rest
        elif word == "ENTRYPOINT":
            stage.entrypoint = json.loads(rest)
        elif word == "CMD":
            stage.command = json.loads(rest)
        elif word == "HEALTHCHECK":
            stage.health_check = json.loads(rest.removeprefix("CMD "))
        elif word not in ("EXPOSE", "VOLUME"):
            raise ValueError(f"{word} is not known here")


class Container:
    """The program of a stage, running as its Containerfile says: `with Container(stage) as it:`."""

    def __init__(self, stage):
        self.stage = stage
        self.log_file = stage.tree.parent / "server.log"
        self.log = open(self.log_file, "wb")
        self.process = None

    def __enter__(self):
        program = [*self.as_user(), *self.stage.entrypoint, *self.stage.command]
        # Docker's default, too: a user of the container may bind any port of the container.
        script = ("ip link set lo up && "
                  "echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start && "
                  f"exec chroot {shlex.quote(str(self.stage.tree))} sh -c "
                  + shlex.quote(f"cd {self.stage.folder} && exec {shlex.join(program)}"))
        self.process = subprocess.Popen(
            [*NAMESPACES, "--net", f"--mount-proc={self.stage.tree}/proc", "sh", "-c", script],
            stdout=self.log, stderr=self.log, env=ENVIRONMENT)
        return self

    def as_user(self):
        return ["setpriv", f"--reuid={self.stage.user}", f"--regid={self.stage.user}",
                "--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]

    def health(self):
        """The exit status of the health check."""
        return subprocess.run(["chroot", self.stage.tree, *self.as_user(), *self.stage.health_check],
                              check=False, timeout=30, env=ENVIRONMENT).returncode

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()  # which --kill-child passes on
            self.process.wait(10)
        self.log.close()

    def log_text(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def server(self):
        """The number of the server's process out here."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text(encoding="ascii").split()[0])

    def dig(self, *arguments):
        return subprocess.run(["nsenter", f"--net=/proc/{self.server()}/ns/net", "dig", "+tries=1",
                               "+timeout=1", *arguments], check=False, capture_output=True,
                              text=True, timeout=30).stdout

    def wait_until_it_serves(self):
        for _ in range(200):
            if self.process.poll() is not None:
                break
            if "serving" in self.log_text():
                return
            time.sleep(0.1)
        raise RuntimeError("the server did not come up:\n" + self.log_text())

    def stop(self):
        os.kill(self.server(), signal.SIGTERM)
        return self.process.wait(10)


def expect(what, found, wanted):
    if found != wanted:
        raise RuntimeError(f"{what}: {found!r} instead of {wanted!r}")
    say(f"{what}: {found}")


def status_field(process, name):
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return re.search(rf"^{name}:\s*(.*)$", text, re.MULTILINE)[1]


def try_out(stage):
    """Runs what was built, and asks it."""
    with Container(stage) as container:
        container.wait_until_it_serves()
        sys.stderr.write(container.log_text())
        for server in ("127.0.0.1", "::1"):
            for transport in ("+notcp", "+tcp"):
                answer = container.dig(f"@{server}", transport, "+short", "www.beigel.example", "A",
                                       "+subnet=46.114.0.0/24")
                expect(f"{server} {transport}, a client in Germany", sorted(answer.split()),
                       ["198.51.100.10", "198.51.100.11"])
        if status_field(container.server(), "Uid").split()[0] == "0":
            raise RuntimeError("it runs as root")
        expect("capabilities", int(status_field(container.server(), "CapEff"), 16), 0)
        expect("health check", container.health(), 0)
        expect("exit status", container.stop(), 0)
        expect("health check without a server", container.health() == 0, False)
        if " error: " in container.log_text() or 'state="not saved"' in container.log_text():
            raise RuntimeError(container.log_text())


def size_mb(tree):
    output = subprocess.run(["du", "--summarize", "--block-size=1000", tree], check=True,
                            capture_output=True, text=True).stdout
    return int(output.split()[0]) / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trees", type=Path, help="where to make them; default: below $TMPDIR")
    parser.add_argument("--keep", action="store_true", help="leave them there")
    options = parser.parse_args()
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if os.geteuid() != 0 or missing:
        say(f"needs root, and these programs: {' '.join(PROGRAMS)}; "
            f"missing: {' '.join(missing) or 'none'}")
        return 2
    if options.trees:
        options.trees.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="meridian-container-", dir=options.trees))
    try:
        trees = Trees(folder)
        stage = trees.follow((SOURCE / "packaging/Containerfile").read_text(encoding="utf-8"))
        try_out(stage)
        base = next(folder.glob("base-*"))
        say(f"{size_mb(stage.tree):.1f} MB, of which Debian {size_mb(base):.1f} MB")
    finally:
        if options.keep:
            say(f"left in {folder}")
        else:
            # /proc was mounted in namespaces that are gone: nothing of this system lies below.
            shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
