"""Makes queries that are likely to find what servers disagree about.

SPDX-License-Identifier: Apache-2.0
"""
from message import TYPES, Edns, Query, lower, name_octets
from zone_maker import ODD_LABELS, USUAL_LABELS, mixed_case

USUAL_TYPES = [TYPES[name] for name in (
    "A", "A", "A", "AAAA", "CNAME", "NS", "SOA", "MX", "TXT", "SRV", "DS", "DS", "DNAME", "ANY",
    "PTR", "CAA", "HTTPS", "NAPTR", "TYPE65534", "NSEC", "RRSIG", "DNSKEY", "NSEC3PARAM")]
# Questions for something else than data.
NO_DATA_TYPES = [TYPES[name] for name in (
    "OPT", "TKEY", "TSIG", "IXFR", "AXFR", "MAILA", "MAILB", "ANY")]
FLAG_CHOICES = [(), (), ("RD",), ("RD",), ("CD",), ("AD",), ("RD", "AD", "CD")]


class QuestionMaker:
    def __init__(self, random, zones):
        self.random = random
        self.zones = zones
        self.targets = {zone: sorted(zone.all_names()) for zone in zones}

    def make(self):
        random = self.random
        zone = random.choice(self.zones)
        name, origin = self.make_name(zone)
        if name_octets(name) > 255 or len(name) > 127:
            name, origin = zone.apex, "apex"
        if random.random() < 0.4:
            name = mixed_case(random, name)
        edns = Edns(1232, random.random() < 0.1) if random.random() < 0.85 else None
        return Query(name, self.make_type(zone, name), self.make_class(),
                     random.choice(FLAG_CHOICES), edns, random.random() < 0.02, origin)

    def make_class(self):
        return self.random.choice([3, 4, 254, 255, 2]) if self.random.random() < 0.005 else 1

    def make_type(self, zone, name):
        random = self.random
        chance = random.random()
        there = zone.sets.get(lower(name), {})
        is_apex = any(lower(each.apex) == lower(name) for each in self.zones)
        if is_apex and chance < 0.2:
            return TYPES["DS"]
        if there and chance < 0.45:
            return TYPES[random.choice(list(there))]
        if chance < 0.96:
            return random.choice(USUAL_TYPES)
        if chance < 0.98:
            return random.choice(NO_DATA_TYPES)
        return random.randrange(65536)

    def make_name(self, zone):
        """A name, and a word for how it was made."""
        random = self.random
        near = random.choice(self.targets[zone])
        label = random.choice(USUAL_LABELS + ODD_LABELS)
        chance = random.random()
        if chance < 0.35:
            return near, "owner"
        if chance < 0.60:
            return (label, *near), "child"
        if chance < 0.70:
            return (*random.sample(USUAL_LABELS, random.choice([2, 3])), *near), "grandchild"
        if chance < 0.74:
            return (b"*", *near), "star"
        if chance < 0.78:
            return self.filled_up(near), "long"
        if chance < 0.90:
            return self.below_a_border(zone, near)
        if chance < 0.96:
            return self.misspelt(zone, near), "misspelt"
        if chance < 0.98:
            return zone.apex, "apex"
        return random.choice([(), zone.apex[1:], (b"elsewhere",), (label, b"no", b"zone")]), "away"

    def filled_up(self, name):
        """As long as a name can be: below a DNAME it becomes longer than that."""
        size = self.random.choice([1, 7, 63])
        while name_octets(name) + size + 1 <= 255 and len(name) < 127:
            name = (b"q" * size, *name)
        return name

    def below_a_border(self, zone, otherwise):
        random = self.random
        borders = zone.of_type("NS") + zone.of_type("DNAME") + zone.of_type("CNAME")
        borders += [owner[1:] for owner in zone.sets if owner[0] == b"*"]
        borders += [name for name in zone.sets if name[0].startswith((b"across", b"points"))]
        if not borders:
            return otherwise, "owner"
        name = random.choice(borders)
        for _ in range(random.choice([0, 1, 1, 2])):
            name = (random.choice(USUAL_LABELS), *name)
        return name, "border"

    def misspelt(self, zone, name):
        """One label is changed, or two of them become one with a dot in it."""
        random = self.random
        own = len(name) - len(zone.apex)
        if own < 1:
            return (b"misspelt", *name)
        at = random.randrange(own)
        if own > at + 1 and random.random() < 0.3:
            joined = (name[at] + b"." + name[at + 1])[:63]
            return (*name[:at], joined, *name[at + 2:])
        label = random.choice([name[at][:-1] or b"m", (name[at] + b"s")[:63], b"*", b"\x00"])
        return (*name[:at], label, *name[at + 1:])
