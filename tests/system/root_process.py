"""A server that begins as root, for the tests of what it may do then.

SPDX-License-Identifier: Apache-2.0
"""
import pwd
import random
import re
import socket
import subprocess

from meridian_process import BINARY, SCENARIOS, Server, run

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
NOBODY = pwd.getpwnam("nobody")


def free_low_port():
    """A port on 127.0.0.1 that takes a right to bind."""
    for _ in range(100):
        port = random.randrange(600, 1000)
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
            return port
        except OSError:
            continue
    raise RuntimeError("no low port is free")


class RootServer(Server):
    """Begins as root, with a folder that everybody may look into."""

    def __init__(self, user="nobody", low=False, as_user=(), zones=(BEIGEL,), **options):
        super().__init__(zones=zones, listen=["127.0.0.1:{port}"],
                         **{"extra": "", **options})
        self.as_user = list(as_user)
        self.folder.chmod(0o755)
        if low:
            self.set("listen", f'["127.0.0.1:{free_low_port()}"]')
            self.port = int(re.search(r'127\.0\.0\.1:(\d+)', self.text()).group(1))
        if user:
            self.set("user", f'"{user}"')

    def text(self):
        return self.config.read_text(encoding="utf-8")

    def log_to(self, path):
        """Writes its log to a file from the next start on."""
        self.config.write_text(re.sub("(?s)\\n.log.*", "", self.text()) +
                               f'\n[log]\nto = "{path}"\n', encoding="utf-8")

    def ask(self, command, *arguments):
        """What a command says to the server, as root."""
        return run(BINARY, command, "-c", self.config, *arguments)

    def set(self, key, value):
        """Sets a key of [server]."""
        without = re.sub(rf"(?m)^{key} = .*\n", "", self.text())
        self.config.write_text(without.replace("[server]\n", f"[server]\n{key} = {value}\n"),
                               encoding="utf-8")

    def launch(self):
        self.process = subprocess.Popen(
            [*self.as_user, BINARY, "serve", "-c", self.config], stderr=self.stderr,
            stdout=self.stderr, cwd=self.folder, env=self.environment())

    def fail_to_start(self):
        """The exit status of a start that is refused, and what it said."""
        result = subprocess.run([*self.as_user, BINARY, "serve", "-c", self.config],
                                capture_output=True, text=True, timeout=30, check=False,
                                cwd=self.folder, env=self.environment())
        return result.returncode, result.stderr
