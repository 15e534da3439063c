"""Asks the built server with other people's tools: dig, kdig and drill, over every transport.

SPDX-License-Identifier: Apache-2.0
"""
import unittest

from meridian_process import SCENARIOS, Server, run

GERMANY = "198.51.100.0/24"
FRANKFURT = "198.51.100.10"


class Tools(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(zones=[SCENARIOS / "zones" / "beigel.toml"])
        cls.server.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def kdig(self, *arguments, server="127.0.0.1"):
        result = run("kdig", f"@{server}", "-p", self.server.port, "+retry=1", "+time=3",
                     *arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def drill(self, *arguments, server="127.0.0.1"):
        result = run("drill", "-p", self.server.port, *arguments[:-1], f"@{server}", arguments[-1])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def test_dig_over_every_transport(self):
        for host in ("127.0.0.1", "::1"):
            for transport in ("+notcp", "+tcp"):
                with self.subTest(host=host, transport=transport):
                    text = self.server.dig(transport, f"+subnet={GERMANY}", "www.beigel.example",
                                           server=host)
                    self.assertIn("status: NOERROR", text)
                    self.assertRegex(text, r"flags: qr aa rd;")
                    self.assertIn(f"CLIENT-SUBNET: {GERMANY}/24", text)
                    self.assertIn(FRANKFURT, text)
                    self.assertNotIn("Warning", text.replace("WARNING: recursion", ""))

    def test_kdig_over_every_transport(self):
        for host in ("127.0.0.1", "::1"):
            for transport in ("+notcp", "+tcp"):
                with self.subTest(host=host, transport=transport):
                    text = self.kdig(transport, f"+subnet={GERMANY}", "+edns", "www.beigel.example",
                                     server=host)
                    self.assertIn("status: NOERROR", text)
                    self.assertIn(FRANKFURT, text)
                    self.assertIn("/24/24", text)
                    self.assertNotIn("WARNING", text)

    def test_drill_over_every_transport(self):
        for host in ("127.0.0.1", "::1"):
            for transport in ("-u", "-t"):
                with self.subTest(host=host, transport=transport):
                    text = self.drill(transport, "mail.beigel.example", server=host)
                    self.assertIn("rcode: NOERROR", text)
                    self.assertIn("192.0.2.25", text)

    def test_clients_in_different_places_get_different_regions(self):
        found = {client: self.server.addresses("www.beigel.example", client)
                 for client in ("192.0.2.0/24", GERMANY, "203.0.113.0/24", "2001:db8:6::/48")}
        self.assertEqual(found, {"192.0.2.0/24": ["192.0.2.10", "192.0.2.11"], GERMANY: [FRANKFURT],
                                 "203.0.113.0/24": ["203.0.113.10"],
                                 "2001:db8:6::/48": ["203.0.113.10"]})

    def test_dig_goes_over_to_tcp_by_itself(self):
        lines = self.server.dig("+short", "+noedns", "many.beigel.example").split()
        self.assertEqual(len(lines), 80)
        ignored = self.server.dig("+ignore", "+noedns", "many.beigel.example")
        self.assertRegex(ignored, r"flags: qr aa tc rd;.* ANSWER: 0,")

    def test_kdig_keeps_one_connection_for_several_questions(self):
        text = self.kdig("+tcp", "+keepopen", "mail.beigel.example", "one.beigel.example",
                         "nowhere.beigel.example")
        self.assertEqual([text.count("status: NOERROR"), text.count("status: NXDOMAIN")], [2, 1])

    def test_dig_understands_a_referral(self):
        text = self.server.dig("+norec", "host.labs.beigel.example")
        self.assertRegex(text, r"flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 2, ADDITIONAL: 3")

    def test_a_transfer_is_refused(self):
        result = run("dig", "@127.0.0.1", "-p", self.server.port, "beigel.example", "AXFR")
        self.assertIn("Transfer failed", result.stdout)

    def test_dig_sees_badvers(self):
        text = self.server.dig("+edns=1", "+noednsnegotiation", "mail.beigel.example")
        self.assertIn("status: BADVERS", text)

    def test_a_cookie_and_padding_do_no_harm(self):
        self.assertIn("192.0.2.25", self.server.dig("+cookie", "mail.beigel.example"))
        self.assertIn("192.0.2.25", self.kdig("+padding=128", "+nsid", "mail.beigel.example"))

    def test_an_opcode_that_we_do_not_speak(self):
        text = self.server.dig("+opcode=NOTIFY", "beigel.example", "SOA")
        self.assertIn("status: NOTIMP", text)


if __name__ == "__main__":
    unittest.main()
