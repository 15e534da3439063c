"""Checks a real nginx over https: it is killed, frozen, told to answer 503, and given bad certificates.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import signal
import subprocess
import unittest

from checks_test import Certificates, with_check
from health_test import FRANKFURT, VIRGINIA, HealthServer
from meridian_process import free_port, wait_until

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
CONFIGURATION = """
daemon off;
master_process on;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {folder}/nginx.pem;
    ssl_certificate_key {folder}/nginx.key;
    server {{
        {listen}
        location /healthz {{ return {status} "ok"; }}
    }}
}}
"""


class Nginx:
    """One for all addresses of a region."""

    def __init__(self, certificates, name, addresses, port):
        self.certificates = certificates
        self.folder = certificates.folder / name
        self.folder.mkdir()
        self.listen = " ".join(f"listen {address}:{port} ssl;" for address in addresses)
        self.status = 200
        self.process = None
        self.present("www.beigel.example")
        self.start()

    def present(self, name, days=1):
        """The certificate of a host."""
        self.certificates.make(name, days)
        for end in ("pem", "key"):
            shutil.copy(self.certificates.folder / f"host.{end}", self.folder / f"nginx.{end}")

    def configure(self):
        (self.folder / "nginx.conf").write_text(
            CONFIGURATION.format(folder=self.folder, listen=self.listen, status=self.status),
            encoding="ascii")

    def start(self):
        self.configure()
        self.process = subprocess.Popen(
            [NGINX, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"],
            start_new_session=True)

    def reload(self):
        """Another worker, and none that keeps connections of the one before."""
        self.configure()
        self.process.send_signal(signal.SIGHUP)

    def signal_all(self, number):
        os.killpg(self.process.pid, number)

    def end(self):
        self.signal_all(signal.SIGKILL)
        self.process.wait(10)


class BehindNginx(unittest.TestCase):
    def setUp(self):
        if NGINX is None:
            raise AssertionError("nginx is not installed; packaging/dependencies.sh --test does")
        self.certificates = Certificates()
        self.addCleanup(shutil.rmtree, self.certificates.folder)
        os.environ["SSL_CERT_FILE"] = str(self.certificates.authority)
        self.addCleanup(os.environ.pop, "SSL_CERT_FILE")
        self.server = HealthServer(addresses=())
        self.port = free_port()
        self.nginx = {}
        for name, addresses in (("frankfurt", FRANKFURT), ("virginia", VIRGINIA)):
            self.nginx[name] = Nginx(self.certificates, name, addresses, self.port)
            self.addCleanup(self.nginx[name].end)
        with_check(self.server, 'https = "/healthz", host = "www.beigel.example", '
                                f'expect = {{ body = "ok" }}, port = {self.port}')
        self.server.__enter__()
        self.addCleanup(self.server.__exit__, None, None, None)
        self.server.wait_for_verdicts()
        self.assertEqual(self.server.answer(), FRANKFURT)

    def expect_failover(self, reason):
        self.server.wait_for(VIRGINIA, 20)
        self.assertIn(reason, self.server.ask("status").stdout)

    def test_one_that_is_killed_loses_its_clients_until_it_is_back(self):
        frankfurt = self.nginx["frankfurt"]
        frankfurt.end()
        self.expect_failover("refused")
        frankfurt.start()
        self.server.wait_for(FRANKFURT, 20)

    def test_one_that_is_frozen_takes_connections_and_says_nothing(self):
        frankfurt = self.nginx["frankfurt"]
        frankfurt.signal_all(signal.SIGSTOP)
        self.expect_failover("timed out")
        frankfurt.signal_all(signal.SIGCONT)
        self.server.wait_for(FRANKFURT, 20)

    def test_one_that_answers_503_and_504_is_out(self):
        frankfurt = self.nginx["frankfurt"]
        for status in (503, 504):
            frankfurt.status = status
            frankfurt.reload()
            self.expect_failover(str(status))
            frankfurt.status = 200
            frankfurt.reload()
            self.server.wait_for(FRANKFURT, 20)

    def test_one_with_a_certificate_that_ended_or_is_another_host_s_is_out(self):
        frankfurt = self.nginx["frankfurt"]
        for name, days, reason in (("www.beigel.example", -1, "ended"),
                                   ("other.example", 1, "certificate is for other.example")):
            with self.subTest(reason):
                # Killed, since TLS sessions of before are resumed with what they knew.
                frankfurt.end()
                self.server.wait_for(VIRGINIA, 20)
                frankfurt.present(name, days)
                frankfurt.start()
                wait_until(lambda: reason in self.server.ask("status").stdout, 20, reason)
                self.assertEqual(self.server.answer(), VIRGINIA)
        frankfurt.end()
        frankfurt.present("www.beigel.example")
        frankfurt.start()
        self.server.wait_for(FRANKFURT, 20)


if __name__ == "__main__":
    unittest.main()
