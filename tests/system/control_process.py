"""Servers for the tests of the commands that speak over a control socket: a real one, and a liar.

SPDX-License-Identifier: Apache-2.0
"""
import json
import socket
import threading

from meridian_process import SCENARIOS, Server, meridian

BEIGEL = SCENARIOS / "zones" / "beigel.toml"
CHILD = SCENARIOS / "zones" / "several.toml"


class ControlServer(Server):
    """A server with the commands that speak with it."""

    def __init__(self, zones=(BEIGEL,), **options):
        super().__init__(zones=zones, **options)
        self.socket = self.folder / "state" / "control.sock"

    def ask(self, command, *arguments):
        return meridian(command, "-c", self.config, *arguments)

    def status(self):
        result = self.ask("status", "--json")
        if not result.stdout:
            raise AssertionError(result.stderr)
        return json.loads(result.stdout)

    def ready(self):
        return self.ask("status", "--ready")

    def edit(self, old, new):
        path = self.zone_folder / "beigel.toml"
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise AssertionError(f"{old} is not in {path}")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def speak(self, *lines):
        """Lines to the socket, and what comes back."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(10)
            client.connect(str(self.socket))
            client.sendall("".join(f"{line}\n" for line in lines).encode())
            with client.makefile(encoding="utf-8") as replies:
                return [json.loads(replies.readline()) for _ in lines]


class FakeServer:
    """Replies with `reply` to every line on a socket at `path`."""

    def __init__(self, path, reply=b""):
        self.path = path
        self.reply = reply
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                client.recv(65536)
                client.sendall(self.reply)
