"""Cuts the way to the back ends, or stops what checks them: no client is sent elsewhere for that.

SPDX-License-Identifier: Apache-2.0

The test runs in a network namespace of its own, and the back ends in another one behind a cable for
each region. Started with `--back-ends PORT ADDRESS...` this file is those back ends.
"""
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

from health_test import BackEnd, HealthServer
from meridian_process import wait_until

# A network for each region: the server's end is .1, the back ends are .10 and .11.
REGIONS = {"frankfurt": "10.99.1", "virginia": "10.99.2", "singapore": "10.99.3"}
FRANKFURT = ["10.99.1.10", "10.99.1.11"]
VIRGINIA = ["10.99.2.10", "10.99.2.11"]

ZONE = """
zone        = "beigel.example"
nameservers = ["ns1"]

[regions.frankfurt]
at        = "FRA"
addresses = ["10.99.1.10", "10.99.1.11"]

[regions.virginia]
at        = "IAD"
addresses = ["10.99.2.10", "10.99.2.11"]

[regions.singapore]
at        = "SIN"
addresses = ["10.99.3.10", "10.99.3.11"]

[policies.nearest]

[records]
www.steer = "nearest"
ns1.a     = "192.0.2.53"
"""


def command(*words):
    subprocess.run(words, check=True, capture_output=True)


def is_in_a_namespace_of_its_own():
    return os.environ.get("MERIDIAN_UPLINK_NAMESPACE") == str(os.getppid())


class BackEnds:
    """The processes of all regions, in a namespace of theirs."""

    def __init__(self, port):
        self.process = subprocess.Popen(
            ["unshare", "--net", sys.executable, "-B", __file__, "--back-ends", str(port),
             *(f"{network}.{host}" for network in REGIONS.values() for host in (10, 11))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # it is in its namespace
        for region, network in REGIONS.items():
            command("ip", "link", "add", region, "type", "veth", "peer", "name", f"{region}-far",
                    "netns", str(self.process.pid))
            command("ip", "address", "add", f"{network}.1/24", "dev", region)
            command("ip", "link", "set", region, "up")
            for words in (["address", "add", f"{network}.10/24", "dev", f"{region}-far"],
                          ["address", "add", f"{network}.11/24", "dev", f"{region}-far"],
                          ["link", "set", f"{region}-far", "up"]):
                command("nsenter", f"--net=/proc/{self.process.pid}/ns/net", "ip", *words)
        self.set(200)

    def set(self, mode):
        """What all of them answer."""
        print(mode, file=self.process.stdin, flush=True)
        self.process.stdout.readline()

    @staticmethod
    def cable(state, *regions):
        """ "down" cuts the cables at the server's end. """
        for region in regions or REGIONS:
            command("ip", "link", "set", region, state)

    def far_end(self, state, *regions):
        """ "down" cuts them where the server does not see it: what it sends is lost. """
        for region in regions or REGIONS:
            command("nsenter", f"--net=/proc/{self.process.pid}/ns/net", "ip", "link", "set",
                    f"{region}-far", state)

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def be_back_ends(port, addresses):
    print("here", flush=True)
    servers = []
    for line in sys.stdin:
        while len(servers) < len(addresses):
            servers.append(BackEnd(addresses[len(servers)], port))
        for server in servers:
            server.mode = int(line)
        print("done", flush=True)


class UplinkServer(HealthServer):
    """A server whose back ends are a cable away."""

    def __init__(self):
        super().__init__(zone=ZONE, addresses=())
        self.far = None

    def __enter__(self):
        self.far = BackEnds(self.check_port)
        return super().__enter__()

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        self.far.end()

    def keeps(self, addresses, seconds):
        """That the answer is never another one in that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.answer() != addresses:
                raise AssertionError(f"{self.answer()}; {self.ask('status').stdout}")
            time.sleep(0.05)

    def problems(self):
        return [line for line in self.ask("status").stdout.splitlines() if line.startswith("PROBLEM")]


class Uplink(unittest.TestCase):
    def test_a_cut_uplink_moves_no_client_and_is_said(self):
        for cut in ("at the server", "on the way"):
            with self.subTest(cut=cut), UplinkServer() as server:
                server.wait_for_verdicts()
                move = server.far.cable if cut == "at the server" else server.far.far_end
                move("down")
                wait_until(lambda: any("cannot see over IPv4" in line for line in server.problems()), 10,
                           "blindness")
                self.assertEqual(server.ask("status").returncode, 1)
                server.keeps(FRANKFURT, 3)
                self.assertEqual(set(server.states().values()), {"up"})
                move("up")
                wait_until(lambda: not server.problems(), 20, "the end of blindness")
                server.keeps(FRANKFURT, 1)

    def test_what_falls_while_the_uplink_is_cut_falls_behind_it(self):
        with UplinkServer() as server:
            server.wait_for_verdicts()
            server.far.far_end("down")
            wait_until(server.problems, 10, "blindness")
            server.far.far_end("up", "virginia", "singapore")
            server.wait_for(VIRGINIA, 20)
            self.assertIn("frankfurt", "".join(server.problems()))

    def test_a_region_that_is_cut_off_alone_loses_its_clients(self):
        with UplinkServer() as server:
            server.wait_for_verdicts()
            server.far.far_end("down", "frankfurt")
            server.wait_for(VIRGINIA)
            self.assertFalse(any("cannot see over IPv4" in line for line in server.problems()))

    def test_a_dead_database_behind_living_front_ends_is_no_blindness(self):
        with UplinkServer() as server:
            server.wait_for_verdicts()
            server.far.set(503)
            wait_until(lambda: set(server.states().values()) == {"down"}, 10, "the end of all")
            self.assertFalse(any("cannot see over IPv4" in line for line in server.problems()))
            self.assertEqual(server.answer(), FRANKFURT, "all are down, so all count as up")


class StoppedChecker(unittest.TestCase):
    def test_after_a_stop_of_the_checker_the_dead_are_dead_and_the_living_live(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.set("hang", *(f"127.0.1.{host}" for host in (1, 2)))
            server.wait_for(["127.0.2.1"])
            changes = server.log().count("region is ")
            server.process.send_signal(signal.SIGSTOP)
            time.sleep(8)
            server.process.send_signal(signal.SIGCONT)
            end = time.monotonic() + 4
            while time.monotonic() < end:
                self.assertEqual(server.answer(), ["127.0.2.1"])
                time.sleep(0.05)
            self.assertEqual(server.log().count("region is "), changes, server.log())

    def test_after_a_kill_the_dead_are_dead_from_the_first_answer_on(self):
        with HealthServer() as server:
            server.wait_for_verdicts()
            server.set("hang", "127.0.1.1", "127.0.1.2")
            server.wait_for(["127.0.2.1"])
            time.sleep(1)  # the state directory has it
            server.process.kill()
            server.process.wait(10)
            answers = set()
            asking = threading.Event()

            def ask():
                while not asking.is_set():
                    try:
                        answers.add(tuple(server.answer()))
                    except AssertionError:
                        pass  # it has not started yet

            thread = threading.Thread(target=ask)
            thread.start()
            server.log_file.write_text("", encoding="utf-8")
            server.start()
            time.sleep(2)
            asking.set()
            thread.join()
            self.assertEqual(answers, {("127.0.2.1",)})


def main():
    if len(sys.argv) > 2 and sys.argv[1] == "--back-ends":
        return be_back_ends(int(sys.argv[2]), sys.argv[3:])
    if is_in_a_namespace_of_its_own():
        command("ip", "link", "set", "lo", "up")
        return unittest.main()
    os.environ["MERIDIAN_UPLINK_NAMESPACE"] = str(os.getpid())
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    words = ["unshare", *as_root, "--net", sys.executable, "-B", *sys.argv]
    sys.exit(subprocess.run(words, check=False).returncode)


if __name__ == "__main__":
    main()
