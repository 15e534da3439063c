"""Makes a zone of the shape of the root zone from a fixed seed.

SPDX-License-Identifier: Apache-2.0

1,498 delegations: the real root's count, and its kinds of nameservers in about its proportions.
Operators of many top-level domains name their servers below each of them (a.nic.TLD), in a domain of
their own (ac1.nstld.com) or across two (a0.TLD.afilias-nst.info); com and net share thirteen; those of
countries mix names of their own with some of the neighbours' and of universities'. Every nameserver has
an A, nearly all an AAAA as well. Names and addresses are made up.
"""
import random

SEED = 20261129
DELEGATIONS = 1498
COUNTRIES = 316
LETTERS = "abcdefghijklmnopqrstuvwxyz"

# What operators of many domains call their servers, and how many of 1,182 domains each has.
OPERATORS = [
    (330, ["v0n0.nic.{tld}", "v0n1.nic.{tld}", "v0n2.nic.{tld}", "v0n3.nic.{tld}",
           "v2n0.nic.{tld}", "v2n1.nic.{tld}"]),
    (330, ["a.nic.{tld}", "b.nic.{tld}", "c.nic.{tld}", "d.nic.{tld}"]),
    (170, ["a0.nic.{tld}", "a2.nic.{tld}", "b0.nic.{tld}", "c0.nic.{tld}"]),
    (120, ["a.nic.{tld}", "b.nic.{tld}", "c.nic.{tld}", "ns1.dns.nic.{tld}", "ns2.dns.nic.{tld}",
           "ns3.dns.nic.{tld}"]),
    (70, ["ac1.nstld.com", "ac2.nstld.com", "ac3.nstld.com", "ac4.nstld.com"]),
    (45, ["ns-tld1.charlestonroadregistry.com", "ns-tld2.charlestonroadregistry.com",
          "ns-tld3.charlestonroadregistry.com", "ns-tld4.charlestonroadregistry.com",
          "ns-tld5.charlestonroadregistry.com"]),
    (40, ["a0.{tld}.afilias-nst.info", "a2.{tld}.afilias-nst.info", "b0.{tld}.afilias-nst.org",
          "b2.{tld}.afilias-nst.org", "c0.{tld}.afilias-nst.info", "d0.{tld}.afilias-nst.org"]),
    (40, ["a.zdnscloud.com", "b.zdnscloud.com", "c.zdnscloud.com", "d.zdnscloud.com",
          "f.zdnscloud.com", "g.zdnscloud.com", "i.zdnscloud.com", "j.zdnscloud.com"]),
    (40, ["dns1.nic.{tld}", "dns2.nic.{tld}", "dns3.nic.{tld}", "dns4.nic.{tld}",
          "dnsa.nic.{tld}", "dnsb.nic.{tld}", "dnsc.nic.{tld}", "dnsd.nic.{tld}"]),
]
GTLD_SERVERS = [f"{letter}.gtld-servers.net" for letter in LETTERS[:13]]
# Who serves countries beside their own registry.
SECONDARIES = ["ns.{tld}.authdns.nowhere.net", "ns-{tld}.afrinic.net", "sns-pb.isc.org",
               "{tld}.anycastdns.cz", "ns-ext.nic.fr", "phloem.uoregon.edu", "{tld}1.dyntld.net",
               "{tld}2.dyntld.net", "anyns.pch.net", "rip.psg.com", "ns3.nic.fr", "dns.princeton.edu",
               "munnari.oz.au", "ns4.apnic.net", "pch.{tld}.anycast.org"]
OWN = ["a.dns.{tld}", "b.dns.{tld}", "c.dns.{tld}", "ns1.nic.{tld}", "ns2.nic.{tld}", "ns.{tld}",
       "dns1.{tld}", "d.nic.net.{tld}", "a.ns.{tld}", "auth00.ns.{tld}"]


class RootZone:
    """What `servers` need: an apex and a master file."""

    apex = ()

    def __init__(self):
        self.random = random.Random(SEED)
        self.addresses = {}
        self.nameservers = {}  # of each delegation
        self.make_delegations()
        self.text = self.master_file()

    def make_delegations(self):
        random_ = self.random
        countries = random_.sample([a + b for a in LETTERS for b in LETTERS], COUNTRIES - 60)
        countries += [f"xn--{self.word(6, 14)}" for _ in range(60)]
        for tld in countries:
            own = random_.sample(OWN, random_.choice([1, 2, 2, 3, 4]))
            others = random_.sample(SECONDARIES, random_.choice([1, 2, 2, 3, 4]))
            self.delegate(tld, own + others)
        for tld in ("com", "net"):
            self.nameservers[tld] = GTLD_SERVERS
        for tld in ("org", "info"):
            self.delegate(tld, OPERATORS[6][1])
        self.delegate("edu", [f"{letter}.edu-servers.net" for letter in LETTERS[:13]])
        self.delegate("arpa", [f"{letter}.ns.arpa" for letter in "abcdefghiklm"])
        patterns = [pattern for count, pattern in OPERATORS for _ in range(count)]
        while len(self.nameservers) < DELEGATIONS:
            tld = self.word(3, 10) if random_.random() < 0.9 else f"xn--{self.word(6, 16)}"
            if tld not in self.nameservers:
                self.delegate(tld, random_.choice(patterns))

    def word(self, shortest, longest):
        return "".join(self.random.choice(LETTERS)
                       for _ in range(self.random.randint(shortest, longest)))

    def delegate(self, tld, patterns):
        self.nameservers[tld] = [pattern.format(tld=tld) for pattern in patterns]

    def master_file(self):
        random_ = self.random
        lines = [". 86400 IN SOA a.root-servers.net. nstld.verisign-grs.com. 2026112900 1800 900"
                 " 604800 86400"]
        roots = [f"{letter}.root-servers.net" for letter in LETTERS[:13]]
        lines += [f". 518400 IN NS {name}." for name in roots]
        for tld, names in self.nameservers.items():
            lines += [f"{tld}. 172800 IN NS {name}." for name in names]
        for name in sorted({name for names in self.nameservers.values() for name in names} |
                           set(roots)):
            lines.append(f"{name}. 172800 IN A 192.{random_.randrange(256)}.{random_.randrange(256)}"
                         f".{random_.randrange(256)}")
            if random_.random() < 0.95 or name in GTLD_SERVERS:
                lines.append(f"{name}. 172800 IN AAAA 2001:db8:{random_.randrange(65536):x}::"
                             f"{random_.randrange(65536):x}")
        return "\n".join(lines) + "\n"

    def questions(self):
        """The names that a resolver asks for: each domain, something below it, its nameservers."""
        names = [(b"no-such-tld",), (b"www", b"no-such-tld"), ()]
        for tld, nameservers in self.nameservers.items():
            names += [(tld.encode(),), (b"www", b"example", tld.encode())]
            names += [tuple(label.encode() for label in name.split("."))
                      for name in nameservers[:2]]
        return list(dict.fromkeys(names))


if __name__ == "__main__":
    print(RootZone().text, end="")
