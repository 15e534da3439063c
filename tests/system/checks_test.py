"""Asks real back ends in every kind of check, and looks what the server makes of their answers.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import dns.message
import dns.rcode
import dns.rrset

from health_test import FRANKFURT, SHORT, VIRGINIA, ZONE, HealthServer
from meridian_process import free_port, wait_until

ADDRESSES = FRANKFURT + VIRGINIA


def with_check(server, check):
    """The same zone with another check; before the server has started, or while it runs."""
    server.text = f"health = {{ {check}, {SHORT} }}\n" + ZONE.lstrip()
    server.zone_file.write_text(server.text, encoding="utf-8")


def with_settings(server, *lines):
    """Further lines of meridian.toml, before the start."""
    text = server.config.read_text(encoding="utf-8")
    server.config.write_text(text + "\n".join(["[health]", *lines, ""]), encoding="utf-8")


class Nameserver:
    """Answers over UDP at one address: with `address`, with the rcode `mode`, or not at all (None)."""

    def __init__(self, address, port):
        self.mode = dns.rcode.NOERROR
        self.address = "192.0.2.1"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            packet, client = self.socket.recvfrom(512)
            if self.mode is None:
                continue
            question = dns.message.from_wire(packet)
            reply = dns.message.make_response(question)
            reply.set_rcode(self.mode)
            if self.mode == dns.rcode.NOERROR:
                name = question.question[0].name
                reply.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", "a.example."))
                reply.answer.append(dns.rrset.from_text("a.example.", 60, "IN", "A", self.address))
            self.socket.sendto(reply.to_wire(), client)


class Kinds(unittest.TestCase):
    def test_nameservers_fall_by_their_code_by_another_answer_and_by_silence(self):
        with HealthServer() as server:
            port = free_port()
            servers = {address: Nameserver(address, port) for address in ADDRESSES}
            with_check(server, 'dns = "www.beigel.example", expect = { answer = "192.0.2.1" }, '
                               f"port = {port}")
            server.wait_for_verdicts()
            self.assertEqual(server.answer(), FRANKFURT)

            def fail(reason, **how):
                for address in FRANKFURT:
                    for name, value in how.items():
                        setattr(servers[address], name, value)
                server.wait_for(VIRGINIA)
                self.assertIn(reason, server.ask("status").stdout)
                for address in FRANKFURT:
                    servers[address].mode = dns.rcode.NOERROR
                    servers[address].address = "192.0.2.1"
                server.wait_for(FRANKFURT)

            fail("SERVFAIL", mode=dns.rcode.SERVFAIL)
            fail("answer is 192.0.2.66", address="192.0.2.66")
            fail("reply timed out", mode=None)

    def test_of_several_checks_all_or_any_have_to_pass(self):
        with HealthServer() as server:
            dead = free_port()
            alive = f'{{ http = "/", host = "a.example", port = {server.check_port} }}'
            with_check(server, f"checks = [{alive}, {{ tcp = {dead} }}], need = \"any\"")
            server.wait_for_verdicts()
            self.assertEqual(set(server.states().values()), {"up"})
        server = HealthServer()
        alive = f'{{ http = "/", host = "a.example", port = {server.check_port} }}'
        with_check(server, f"checks = [{alive}, {{ tcp = {dead} }}]")
        with server:
            wait_until(lambda: set(server.states().values()) == {"down"}, 10, "the end of all")
            self.assertIn(f"tcp {dead}: connection refused", server.ask("status").stdout)
            with_check(server, f"checks = [{alive}, {{ tcp = {server.check_port} }}]")
            wait_until(lambda: set(server.states().values()) == {"up"}, 10, "their return")


class Certificates:
    """An authority, and certificates of it, in files."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="meridian-test-"))
        self.authority = self.folder / "ca.pem"
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test", "-days", "2")

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def make(self, name, days=1):
        """host.pem and host.key of a host, for so many days from now, or until so many days ago."""
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", "host.key", "-out", "host.csr", "-subj", f"/CN={name}")
        (self.folder / "names").write_text(f"subjectAltName=DNS:{name}", encoding="ascii")
        self.openssl("x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-out", "host.pem", "-days", str(days), "-extfile", "names", "-CAcreateserial")

    def of(self, name):
        """A context that serves the certificate of a host."""
        self.make(name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "host.pem", self.folder / "host.key")
        return context


class TlsBackEnd:
    """Shakes hands at one address, with the certificate of `context`, and says no more."""

    def __init__(self, address, port, context):
        self.context = context
        self.listener = socket.create_server((address, port), backlog=64)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.shake_hands, args=[client], daemon=True).start()

    def shake_hands(self, client):
        client.settimeout(10)
        try:
            with self.context.wrap_socket(client, server_side=True) as stream:
                stream.recv(1)
        except OSError:
            pass


class Handshakes(unittest.TestCase):
    def test_a_handshake_is_enough_and_its_certificate_is_verified(self):
        certificates = Certificates()
        good = certificates.of("www.beigel.example")
        other = certificates.of("other.example")
        os.environ["SSL_CERT_FILE"] = str(certificates.authority)
        self.addCleanup(os.environ.pop, "SSL_CERT_FILE")
        with HealthServer() as server:
            port = free_port()
            servers = {address: TlsBackEnd(address, port, good) for address in ADDRESSES}
            with_check(server, f"tls = {port}")
            server.wait_for_verdicts()
            self.assertEqual(set(server.states().values()), {"up"})
            probed = server.ask("probe", "beigel.example")
            self.assertEqual(probed.returncode, 0, probed.stderr)
            self.assertRegex(probed.stdout,
                             r"frankfurt +127\.0\.1\.1 +passes \(connect [\d.]+ ms, TLS [\d.]+ ms, "
                             r"certificate ends in 0 days\)")
            ends_soon = (r"WARNING +region frankfurt of nearest \(\S+toml\): the certificate of "
                         r"127\.0\.1\.[12] ends in 0 days")
            wait_until(lambda: re.search(ends_soon, server.ask("status").stdout), 10, "the warning")
            self.assertEqual(server.ask("status").returncode, 0, "a warning is no problem")
            for address in FRANKFURT:
                servers[address].context = other
            server.wait_for(VIRGINIA, 70)  # sessions are resumed for a minute
            self.assertIn("certificate is for other.example", server.ask("status").stdout)


class FullListener:
    """Takes no connection, and refuses none: its queue is full."""

    def __init__(self, address):
        self.listener = socket.socket()
        self.listener.bind((address, 0))
        self.listener.listen(0)
        self.endpoint = f"{address}:{self.listener.getsockname()[1]}"
        self.clients = []
        for _ in range(2):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(self.listener.getsockname())
            self.clients.append(client)

    def take_connections(self):
        def serve():
            while True:
                self.clients.append(self.listener.accept()[0])
        self.listener.listen(64)
        threading.Thread(target=serve, daemon=True).start()


FOUR = ZONE.replace('["127.0.2.1"]', '["127.0.2.1", "127.0.2.2"]')


def four_hang(server):
    """All targets, in both regions, give no sign of life."""
    server.wait_for_verdicts()
    server.set("hang", *server.back_ends)


class Uplink(unittest.TestCase):
    """`[health]` of meridian.toml."""

    def four(self):
        return HealthServer(zone=FOUR, addresses=("127.0.1.1", "127.0.1.2", "127.0.2.1", "127.0.2.2"))

    def test_while_a_self_test_answers_all_down_is_all_down(self):
        server = self.four()
        answering = socket.create_server(("127.0.9.1", 0), backlog=64)
        hanging = FullListener("127.0.9.2")
        endpoint = f"127.0.9.1:{answering.getsockname()[1]}"
        with_settings(server, f'self_test = ["{endpoint}", "{hanging.endpoint}"]')
        with server, answering:
            four_hang(server)
            wait_until(lambda: set(server.states().values()) == {"down"}, 15, "the end of all")
            status = server.status()["health"]
            self.assertEqual(status["blind"], [])
            tests = {test["address"]: test["answers"] for test in status["self_tests"]}
            self.assertEqual(tests, {endpoint: True, hanging.endpoint: False})
            self.assertRegex(server.ask("status").stdout,
                             rf"WARNING +self test {hanging.endpoint} fails: connect timed out")

    def test_when_all_self_tests_fail_this_server_is_what_is_cut_off(self):
        server = self.four()
        hanging = FullListener("127.0.9.2")
        with_settings(server, f'self_test = ["{hanging.endpoint}"]')
        with server:
            wait_until(lambda: server.status()["health"]["blind"] == ["IPv4"], 10, "blindness")
            four_hang(server)
            time.sleep(2)
            self.assertEqual(set(server.states().values()), {"up"})
            hanging.take_connections()
            wait_until(lambda: set(server.states().values()) == {"down"}, 15, "the end of all")

    def test_checks_say_who_asks_and_come_from_the_source(self):
        server = HealthServer()
        with_settings(server, 'user_agent = "ns1 of a test"', 'source = "127.0.0.9"')
        with server:
            peers = []
            back_end = server.back_ends["127.0.1.1"]
            answer = back_end.answer

            def note_peer(client):
                peers.append(client.getpeername()[0])
                answer(client)
            back_end.answer = note_peer
            server.wait_for_verdicts()
            wait_until(lambda: peers, 10, "a check")
            self.assertEqual(set(peers), {"127.0.0.9"})
            self.assertIn("User-Agent: ns1 of a test\r\n", back_end.asked[-1])

    def test_a_source_that_this_machine_lacks_is_an_error_of_the_check(self):
        server = HealthServer()
        with_settings(server, 'source = "192.0.2.77"')
        result = server.ask("check")
        self.assertEqual(result.returncode, 1)
        self.assertIn("health.source: checks cannot come from 192.0.2.77 here", result.stderr)

    def test_more_checks_than_the_server_makes_are_an_error_with_the_figure(self):
        server = HealthServer()
        with_settings(server, "max_probes = 8")  # three addresses twice a second
        with server:
            server.wait_for_verdicts()
            self.assertEqual(server.ask("check").returncode, 0)
            text = server.text.replace('"127.0.1.2"]', '"127.0.1.2", "127.0.1.3", "127.0.1.4"]')
            server.zone_file.write_text(text, encoding="utf-8")
            checked = server.ask("check")
            self.assertEqual(checked.returncode, 1)
            figure = "the zones ask for 10 health checks a second, and this server makes at most 8"
            self.assertIn(figure, checked.stderr)
            wait_until(lambda: figure in server.log(), 10, "the error")
            self.assertEqual(server.answer(), FRANKFURT, "what was served is still served")
            with_settings_text = server.config.read_text(encoding="utf-8").replace("= 8", "= 10")
            server.config.write_text(with_settings_text, encoding="utf-8")
            wait_until(lambda: "127.0.1.3" in server.states(), 15, "the new address")

    def test_other_settings_of_checks_wait_for_the_next_start(self):
        server = HealthServer()
        with_settings(server)
        with server:
            text = server.config.read_text(encoding="utf-8")
            server.config.write_text(text + 'user_agent = "b"\nself_test = "127.0.0.1:1"\n'
                                            'source = "127.0.0.1"\nmax_probes = 100\n',
                                     encoding="utf-8")
            wait_until(lambda: server.status()["needs_restart"], 15, "the reload")
            self.assertEqual(server.status()["needs_restart"],
                             ["health.source", "health.user_agent", "health.self_test"])


class Files(unittest.TestCase):
    """States that others push into a file."""

    def server(self, text, check='file = "state.json"'):
        server = HealthServer()
        server.text = f"health = {{ {check} }}\n" + ZONE.lstrip()
        server.zone_file.write_text(server.text, encoding="utf-8")
        self.file = server.zone_folder / "state.json"
        self.write(text)
        return server

    def write(self, text):
        new = self.file.with_name("new")
        new.write_text(text, encoding="utf-8")
        new.rename(self.file)

    def test_what_it_says_is_in_the_answers_within_a_second(self):
        with self.server('{"frankfurt": "up", "virginia": "up"}') as server:
            server.wait_for_verdicts()
            self.assertEqual(server.answer(), FRANKFURT)
            began = time.monotonic()
            self.write('{"frankfurt": "down", "virginia": "up"}')
            server.wait_for(VIRGINIA)
            self.assertLess(time.monotonic() - began, 1)
            self.assertIn("state.json says so", server.ask("status").stdout)
            began = time.monotonic()
            self.write("frankfurt up\nvirginia up\n127.0.1.2 down\n")
            server.wait_for(["127.0.1.1"])
            self.assertLess(time.monotonic() - began, 1)
            self.file.write_text("frankfurt up\nvirginia up\n", encoding="utf-8")
            server.wait_for(FRANKFURT)

    def test_a_file_that_says_nothing_leaves_the_last_state_and_is_a_problem(self):
        with self.server("frankfurt down\nvirginia up\n") as server:
            server.wait_for(VIRGINIA)
            for text, problem in (("frankfurt dow", 'line 1: "dow" is no state'),
                                  ("", "it states nothing"),
                                  ("virginia up\n", "state.json says nothing of frankfurt/nearest"),
                                  (None, "No such file or directory")):
                if text is None:
                    self.file.unlink()
                else:
                    self.write(text)
                wait_until(lambda: problem in server.ask("status").stdout, 5, problem)
                self.assertEqual(server.ask("status").returncode, 1)
                self.assertTrue(any(problem in each for each in server.status()["health"]["problems"]))
                self.assertEqual(server.answer(), VIRGINIA)
                wait_until(lambda: problem.split('"')[0] in server.log(), 5, "the warning")
            self.assertIn("No such file", server.ask("journal").stdout)
            self.write("frankfurt up\nvirginia up\n")
            server.wait_for(FRANKFURT)
            self.assertEqual(server.status()["health"]["problems"], [])
            self.assertEqual(server.ask("status").returncode, 0)

    def test_a_key_that_no_check_asks_for_is_a_warning(self):
        with self.server("frankfurt up\nvirginia up\nfrankfrut down\n") as server:
            warning = "beigel.example.toml: state.json states what no check asks for: frankfrut"
            wait_until(lambda: warning in server.ask("status").stdout, 5, "the warning")
            self.assertIn("WARNING", server.ask("status").stdout)
            self.assertEqual(server.ask("status").returncode, 0)
            self.assertTrue(server.status()["health"]["warnings"][0].endswith(warning))
            wait_until(lambda: warning in server.log(), 5, "the line in the log")
            self.write("frankfurt down\nvirginia up\n")
            server.wait_for(VIRGINIA)
            self.assertEqual(server.status()["health"]["warnings"], [])

    def test_an_old_file_says_nothing(self):
        with self.server("frankfurt up\nvirginia up\n", 'file = "state.json", max_age = "2s"') as server:
            wait_until(lambda: "older than max_age, 2 s" in server.ask("status").stdout, 15, "its age")
            self.assertEqual(server.answer(), FRANKFURT)
            self.write("frankfurt down\nvirginia up\n")
            server.wait_for(VIRGINIA)

    def test_links_out_of_the_folder_are_not_followed(self):
        with self.server("frankfurt up\nvirginia up\n") as server:
            server.wait_for_verdicts()
            outside = server.folder / "outside"
            outside.write_text("frankfurt down\nvirginia down\n", encoding="utf-8")
            link = self.file.with_name("link")
            link.symlink_to(outside)
            link.rename(self.file)
            wait_until(lambda: "lies outside of" in server.ask("status").stdout, 5, "the problem")
            self.assertEqual(server.answer(), FRANKFURT)

    def test_a_probe_reads_it(self):
        server = self.server("frankfurt down\n")
        self.addCleanup(server.__exit__, None, None, None)
        result = server.ask("probe", "beigel.example")
        self.assertEqual(result.returncode, 1)
        self.assertIn("127.0.1.1  FAILS: state.json says so", result.stdout)
        self.assertRegex(result.stdout, r"127\.0\.2\.1  no result: .*says nothing of virginia/nearest")


SCRIPT = """#!/bin/sh
# $1 address, $2 region, $3 service. What is to be done for an address stands in a file beside it.
echo "$*" >> {folder}/asked
if [ -e {folder}/$1 ]; then . {folder}/$1; fi
"""


class Commands(unittest.TestCase):
    """Commands of `[commands.NAME]`, which a process of their own runs."""

    def server(self, settings="", check='command = "lag"'):
        server = HealthServer()
        self.folder = server.folder
        self.script = server.folder / "lag"
        self.script.write_text(SCRIPT.format(folder=server.folder), encoding="utf-8")
        self.script.chmod(0o755)
        with_settings(server, settings, "[commands.lag]",
                      f'run = ["{self.script}", "{{address}}", "{{region}}", "{{service}}"]')
        with_check(server, check)
        return server

    def set(self, script, *addresses):
        for address in addresses:
            new = self.folder / "new"
            new.write_text(script + "\n", encoding="utf-8")
            new.rename(self.folder / address)

    def helper(self, server):
        children = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True,
                                  text=True, check=True).stdout.split()
        self.assertEqual(len(children), 1, children)
        return int(children[0])

    def test_its_exit_status_decides_and_its_first_line_is_the_reason(self):
        with self.server() as server:
            server.wait_for_verdicts()
            self.assertEqual(server.answer(), FRANKFURT)
            asked = (self.folder / "asked").read_text(encoding="utf-8")
            self.assertIn("127.0.1.1 frankfurt nearest\n", asked)
            self.assertIn("127.0.2.1 virginia nearest\n", asked)
            for script, reason in (("echo lag is 90 s; echo more; exit 3", "lag is 90 s"),
                                   ("exit 3", "exit 3"), ("kill -9 $$", "killed by signal 9"),
                                   ("sleep 60", "timed out")):
                self.set(script, *FRANKFURT)
                server.wait_for(VIRGINIA)
                self.assertRegex(server.ask("status").stdout,
                                 rf"127\.0\.1\.1 is down for \d+ s: {reason}\n")
                self.set("exit 0", *FRANKFURT)
                server.wait_for(FRANKFURT, 20)
            self.assertEqual(server.status()["health"]["problems"], [])

    def test_the_helper_has_no_descriptor_of_the_server_and_ends_with_it(self):
        with self.server() as server:
            server.wait_for_verdicts()
            helper = self.helper(server)
            kinds = []
            for number in os.listdir(f"/proc/{helper}/fd"):
                try:
                    kinds.append(os.readlink(f"/proc/{helper}/fd/{number}").split(":[")[0])
                except FileNotFoundError:
                    pass  # a pipe of a command that has ended
            self.assertLessEqual(set(kinds), {"/dev/null", "socket", "anon_inode:[signalfd]", "pipe",
                                              "anon_inode"}, kinds)
            self.assertEqual(kinds.count("socket"), 1, kinds)
            self.set(f"echo $$ > {self.folder}/pid; exec sleep 60", "127.0.1.1")
            wait_until(lambda: (self.folder / "pid").exists(), 10, "a command")
            server.process.kill()
            server.process.wait()
            wait_until(lambda: not Path(f"/proc/{helper}").exists(), 5, "the end of the helper")

    def test_when_the_helper_dies_the_states_stay_and_status_says_so(self):
        with self.server() as server:
            server.wait_for_verdicts()
            self.set("exit 1", *FRANKFURT)
            server.wait_for(VIRGINIA)
            os.kill(self.helper(server), 9)
            ended = "the process that runs commands has ended; start the server anew"
            wait_until(lambda: server.status()["health"]["problems"] == [ended], 10, "the problem")
            wait_until(lambda: ended in server.log(), 5, "the warning")
            self.set("exit 0", *FRANKFURT)
            time.sleep(2)
            self.assertEqual(server.answer(), VIRGINIA)
            self.assertEqual(server.ask("status").returncode, 1)

    def test_what_cannot_be_run_is_a_problem_and_no_verdict(self):
        with self.server() as server:
            server.wait_for_verdicts()
            self.script.chmod(0o644)
            problem = "command lag cannot be run: Permission denied"
            wait_until(lambda: problem in server.ask("status").stdout, 10, "the problem")
            self.assertEqual(server.answer(), FRANKFURT)
            self.script.chmod(0o755)
            wait_until(lambda: server.status()["health"]["problems"] == [], 10, "its end")

    def test_a_command_that_is_not_declared_is_an_error_with_the_nearest_name(self):
        with self.server() as server:
            server.wait_for_verdicts()
            with_check(server, 'command = "lagg"')
            error = 'health.command: no command of this server is called "lagg"'
            wait_until(lambda: "no command of this server is called" in server.log(), 10, "the error")
            self.assertEqual(server.answer(), FRANKFURT, "what was served is still served")
            checked = server.ask("check")
            self.assertEqual(checked.returncode, 1)
            self.assertIn(error, checked.stderr)
            self.assertIn('did you mean "lag"? commands of meridian.toml: "lag"', checked.stderr)
            named = server.ask("check", server.zone_file)
            self.assertIn(error, named.stderr)

    def test_commands_wait_for_the_next_start(self):
        with self.server() as server:
            text = server.config.read_text(encoding="utf-8")
            server.config.write_text(text + '[commands.more]\nrun = "/bin/true"\n', encoding="utf-8")
            wait_until(lambda: server.status()["needs_restart"] == ["commands"], 15, "the reload")

    def test_more_commands_than_run_at_once_are_an_error_with_the_figure(self):
        server = self.server()
        self.addCleanup(server.__exit__, None, None, None)
        many = ", ".join(f'"127.0.1.{number}"' for number in range(1, 61))
        server.zone_file.write_text(
            server.text.replace('"127.0.1.1", "127.0.1.2"', many)
            .replace('"500ms"', '"10s"').replace('"250ms"', '"9900ms"')
            .replace('["127.0.2.1"]', '["127.0.2.1", "127.0.2.2", "127.0.2.3", "127.0.2.4", '
                     '"127.0.2.5"]'), encoding="utf-8")
        self.assertIn("health checks would run 65 commands at once if all of them hang, and this "
                      "server runs 64", server.ask("check").stderr)

    def test_a_probe_runs_it(self):
        server = self.server()
        self.addCleanup(server.__exit__, None, None, None)
        self.set("echo too old; exit 1", "127.0.1.2")
        result = server.ask("probe", "beigel.example")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("127.0.1.1  passes", result.stdout)
        self.assertIn("127.0.1.2  FAILS: too old", result.stdout)

    def test_on_change_is_run_for_each_change_of_a_region(self):
        server = self.server()
        paged = server.folder / "paged"
        pager = server.folder / "pager"
        page = f'"/bin/sh", "-c", "echo \\"$*\\" >> {paged}; . {pager}", "sh"'
        text = server.config.read_text(encoding="utf-8").replace(
            "[health]\n", f'[health]\non_change = [{page}, "{{zone}}", "{{service}}/{{region}}", '
            '"{family}", "{state}", "{reason}"]\n')
        server.config.write_text(text, encoding="utf-8")
        pager.write_text("exit 0\n", encoding="utf-8")

        def last():
            return paged.read_text(encoding="utf-8").splitlines()[-1] if paged.exists() else ""
        with server:
            server.wait_for_verdicts()
            self.set("echo lag; exit 1", *FRANKFURT)
            server.wait_for(VIRGINIA)
            down = "beigel.example. nearest/frankfurt IPv4 down 127.0.1.1: lag"
            wait_until(lambda: last() == down, 10, f"a page, not {last()}")
            pager.write_text("echo no signal; exit 4\n", encoding="utf-8")
            self.set("exit 0", *FRANKFURT)
            server.wait_for(FRANKFURT)
            wait_until(lambda: "the command of health.on_change failed" in server.log(), 10, "a warning")
            self.assertIn("no signal", server.log())
            self.assertRegex(last(), "nearest/frankfurt IPv4 (up|below-minimum) ")


class Probing(unittest.TestCase):
    """`meridian probe`, which asks no server."""

    def test_prints_how_each_check_went(self):
        server = HealthServer()
        server.set(503, "127.0.1.2")
        self.addCleanup(server.__exit__, None, None, None)
        result = server.ask("probe", "beigel.example")
        self.assertEqual(result.returncode, 1, result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[0], "nearest")
        self.assertRegex(lines[1], r"^  frankfurt  127\.0\.1\.1  passes \(connect [\d.]+ ms, reply "
                                   r"[\d.]+ ms, status 200\)$")
        self.assertRegex(lines[2], r"^  frankfurt  127\.0\.1\.2  FAILS: 503\b.* \(connect ")
        self.assertRegex(lines[3], r"^  virginia   127\.0\.2\.1  passes ")
        chosen = server.ask("probe", "beigel.example.", "--region", "virginia", "--json")
        self.assertEqual(chosen.returncode, 0, chosen.stderr)
        document = json.loads(chosen.stdout)
        self.assertEqual([each["address"] for each in document], VIRGINIA)
        self.assertEqual(document[0]["checks"][0]["check"], "http /healthz")
        self.assertEqual(document[0]["checks"][0]["status"], 200)
        self.assertGreater(document[0]["checks"][0]["connect"], 0)

    def test_takes_a_file_that_is_not_live_yet_and_several_checks(self):
        server = HealthServer()
        self.addCleanup(server.__exit__, None, None, None)
        file = server.folder / "next.toml"
        dead = free_port()
        file.write_text(f"health = {{ checks = [{{ tcp = {server.check_port} }}, {{ tcp = {dead} }}], "
                        f"need = \"any\" }}\n{ZONE}", encoding="utf-8")
        result = server.ask("probe", file, "--service", "nearest", "--region", "virginia")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, rf"virginia  127\.0\.2\.1  passes\n +tcp {server.check_port}: passes")

    def test_says_what_there_is_nothing_to_probe_of(self):
        server = HealthServer()
        self.addCleanup(server.__exit__, None, None, None)
        for arguments, reason in ((["other.example"], "describes the zone other.example"),
                                  (["beigel.example", "--service", "no"],
                                   'is checked for service no; there are checks for "nearest", in regions '
                                   '"frankfurt", "virginia"'),
                                  (["beigel..example"], "is no file, and no name of a zone")):
            result = server.ask("probe", *arguments)
            self.assertEqual(result.returncode, 1)
            self.assertIn(reason, result.stderr)
        server.zone_file.write_text(ZONE, encoding="utf-8")
        self.assertIn("would say how", server.ask("probe", "beigel.example").stderr)


if __name__ == "__main__":
    unittest.main()
