"""Makes nasty zones from a seed and writes each as Meridian's TOML and as a master file.

SPDX-License-Identifier: Apache-2.0
"""
import re

import rdata_maker
from message import lower, name_octets, name_to_text

USUAL_LABELS = [b"a", b"b", b"www", b"WwW", b"mail", b"x", b"ns", b"sub", b"_tcp", b"_sip"]
ODD_LABELS = [b"a.b", b".", b"\x00", b"\xff\xfe", b" ", b'"', b";", b"@", b"(", b"\\", b"$TTL",
              b"MiXeD-Case", b"*a", b"**", b"a*", b"x" * 63, b"\xc0\x0c", b"[Q]", b"{q}", b"1",
              b"\\000", b"'", b"=", b"#", b"*.x"]
TTLS = [1, 60, 300, 3600, 86400, 0x7fffffff]
APEXES = ["test", "Zone.Test", "a.zone.example", "b.a.zone.example", "x.y.example",
          "{0}.{0}.{0}.{1}.example".format("l" * 63, "m" * 21), "2.0.192.in-addr.arpa",
          "x.sub.a.zone.example", "a.b.www.test"]
# Types whose text holds no quoted strings, so that names in it can be spelled in another way.
ALL_NAMES_AND_NUMBERS = ("NS", "CNAME", "DNAME", "PTR", "MX", "SRV", "AFSDB", "KX", "RP")


class RecordSet:
    def __init__(self, owner, ttl, records):
        self.owner = owner  # in the case that it is written in
        self.ttl = ttl
        self.records = records


class Zone:
    """A zone; `sets` has owners in small letters, and under each its types."""

    def __init__(self, apex):
        self.apex = apex
        self.sets = {}
        self.soa_ttl = 86400
        self.negative_ttl = 60
        self.nameservers = []

    def of_type(self, record_type):
        return [owner for owner, sets in self.sets.items() if record_type in sets]

    def all_names(self):
        """Every owner and every name between it and the apex, in small letters."""
        names = {lower(self.apex)}
        for owner in self.sets:
            names.update(owner[cut:] for cut in range(len(owner) - len(self.apex)))
        return names

    def add(self, owner, record_type, ttl, records):
        distinct = list({record.lower(): record for record in records}.values())
        if record_type == "MX" and len(distinct) > 1:  # a null MX stands alone (RFC 7505 §3)
            distinct = [each for each in distinct if not each.endswith(" .")] or distinct[:1]
        self.sets.setdefault(lower(owner), {})[record_type] = RecordSet(owner, ttl, distinct)

    def is_inside(self, name):
        return lower(name)[len(name) - len(self.apex):] == lower(self.apex)


def respelled(random, text):
    """Presentation form with some of its odd octets as `\\X` instead of `\\DDD`."""
    def respell(match):
        octet = int(match[1])
        # `\\#` begins RFC 3597's form, and a single quote would end the literal string of TOML.
        is_plain = 0x20 < octet < 0x7f and octet not in b"#'" and not chr(octet).isdigit()
        return f"\\{chr(octet)}" if is_plain and random.random() < 0.5 else match[0]

    return re.sub(r"\\(\d{3})", respell, text)


def mixed_case(random, name):
    return tuple(bytes(octet ^ 0x20 if chr(octet).isalpha() and octet < 128 and
                       random.random() < 0.5 else octet for octet in label) for label in name)


class ZoneMaker:
    """Makes one zone; `neighbours` are apexes of other zones of the same server."""

    def __init__(self, random, apex, neighbours):
        self.random = random
        self.zone = Zone(apex)
        self.neighbours = neighbours
        self.pool = [apex]

    def make(self):
        random = self.random
        zone = self.zone
        zone.soa_ttl = random.choice(TTLS)
        zone.negative_ttl = random.choice([1, 60, 3600, 86400])
        if random.random() < 0.06:
            self.make_redirected_zone()
            return zone
        self.add_names(random.randint(5, 60))
        self.add_wildcards()
        redirected = self.pick_owners(0.06)
        delegated = self.pick_owners(0.10) - redirected
        for name in {lower(name): name for name in self.pool[1:]}.values():
            if lower(name) in redirected:
                self.add_set(name, "DNAME", 1)
                self.add_data(name, random.choice([0, 0, 1]), without=("DNAME",))
            elif lower(name) in delegated:
                self.add_delegation(name)
            elif random.random() < 0.15:
                self.add_set(name, "CNAME", 1)
            else:
                self.add_data(name, random.choice([0, 1, 1, 2, 4]))
        self.add_data(zone.apex, random.choice([0, 1, 3]))
        self.add_chain()
        self.add_pointers()
        self.add_nameservers()
        for apex in self.neighbours:
            if len(apex) > len(zone.apex) and zone.is_inside(apex) and random.random() < 0.8:
                zone.sets.pop(lower(apex), None)
                self.add_delegation(apex)
        self.make_lawful()
        return zone

    def make_lawful(self):
        """Takes out what no server loads: data beside a CNAME, and names below a DNAME."""
        zone = self.zone
        redirected = set(zone.of_type("DNAME"))  # those of the delegations' data, too
        for owner in [owner for owner in zone.sets if self.lies_below(owner, redirected)]:
            del zone.sets[owner]
        for owner in zone.of_type("CNAME"):
            if len(zone.sets[owner]) > 1:
                del zone.sets[owner]["CNAME"]

    def make_redirected_zone(self):
        """A zone that is one DNAME at its apex: it can have no other names (RFC 6672 2.3)."""
        zone = self.zone
        zone.add(zone.apex, "DNAME", 300, [self.target()])
        self.add_data(zone.apex, 2, without=("DNAME",))
        zone.nameservers = [((b"ns", b"elsewhere"), [])]

    def fits(self, name):
        return name_octets(name) <= 255 and len(name) <= 127

    def add_names(self, count):
        random = self.random
        for _ in range(count):
            name = random.choice(self.pool)
            for _ in range(random.choice([1, 1, 1, 2, 3])):
                labels = ODD_LABELS if random.random() < 0.25 else USUAL_LABELS
                name = (random.choice(labels), *name)
            if self.fits(name):
                self.pool.append(name)
        if random.random() < 0.4:  # the longest that there is, of few labels or of many
            size = random.choice([1, 1, 10, 63])
            name = random.choice(self.pool)
            while self.fits((b"n" * size, *name)):
                name = (b"n" * size, *name)
            self.pool.append(name)

    def add_wildcards(self):
        random = self.random
        for _ in range(random.randint(0, 5)):
            name = (b"*", *random.choice(self.pool))
            if self.fits(name):
                self.pool.append(name)
                if random.random() < 0.3 and self.fits((b"below", *name)):
                    self.pool.append((b"below", *name))

    def pick_owners(self, share):
        """Names for a DNAME or a delegation: not the apex, which may stand in the pool again, and no
        wildcard, where no RFC defines what they mean."""
        return {lower(name) for name in self.pool[1:]
                if name[0] != b"*" and lower(name) != lower(self.zone.apex)
                and self.random.random() < share}

    def lies_below(self, name, owners):
        return any(lower(name)[cut:] in owners
                   for cut in range(1, len(name) - len(self.zone.apex)))

    def target(self):
        """The text of a name that exists, or nearly, or elsewhere."""
        random = self.random
        name = random.choice(self.pool)
        chance = random.random()
        if chance < 0.25:
            name = (random.choice(USUAL_LABELS), *name)
        elif chance < 0.35:
            name = random.choice([(b"out", b"example"), (b"cdn", b"elsewhere"), ()])
        elif chance < 0.42 and self.neighbours:
            name = (random.choice(USUAL_LABELS), *random.choice(self.neighbours))
        if not self.fits(name):
            name = self.zone.apex
        return name_to_text(mixed_case(random, name) if random.random() < 0.3 else name)

    def add_set(self, name, record_type, count):
        random = self.random
        records = [rdata_maker.make_rdata(random, record_type, self.target) for _ in range(count)]
        ttl = random.choice(TTLS)
        written = mixed_case(random, name) if random.random() < 0.2 else name
        self.zone.add(written, record_type, ttl, records)

    def add_data(self, name, count, without=()):
        random = self.random
        for record_type in random.sample(rdata_maker.PLAIN_TYPES, count):
            if record_type not in without:
                self.add_set(name, record_type, random.choice([1, 1, 2, 3, 12]))
        if count and random.random() < 0.5:
            self.add_set(name, random.choice(["A", "AAAA"]), random.choice([1, 2, 30]))

    def add_delegation(self, name):
        """NS with glue inside and outside the cut, with some or without any."""
        random = self.random
        targets = []
        for _ in range(random.choice([1, 2, 3, 8])):
            chance = random.random()
            if chance < 0.4 and self.fits((b"ns1", *name)):
                target = (random.choice([b"ns1", b"NS1", b"ns2"]), *name)
                if random.random() < 0.8:
                    self.add_set(target, random.choice(["A", "AAAA"]), random.choice([1, 2]))
                targets.append(name_to_text(target))
            elif chance < 0.5:
                targets.append(name_to_text(name))
            else:
                targets.append(self.target())
        self.zone.add(name, "NS", random.choice(TTLS), targets)
        if random.random() < 0.4:
            self.add_set(name, "DS", random.choice([1, 2]))
        if random.random() < 0.3:
            self.add_set(name, random.choice(["A", "AAAA", "TXT"]), 1)

    def add_chain(self):
        """Aliases one after another, to an end, into a loop or into nothing."""
        random = self.random
        free = [(b"chain%d" % step, *self.zone.apex) for step in range(random.choice([2, 4, 7]))]
        if not self.fits(free[-1]) or random.random() < 0.4:
            return
        for at, name in enumerate(free):
            last = at + 1 == len(free)
            target = random.choice(self.pool + free) if last else free[at + 1]
            self.zone.add(name, "CNAME", random.choice(TTLS), [name_to_text(target)])

    def add_pointers(self):
        """Records that point to what has addresses: above, at and below delegations, by a wildcard,
        at the owner itself, which "." of a service means, too."""
        random = self.random
        for number in range(random.choice([0, 2, 5])):
            owner = (random.choice([b"points%d" % number, b"*"]), *random.choice(self.pool))
            known = [name for name in self.pool
                     if "CNAME" not in self.zone.sets.get(lower(name), {})]
            if not self.fits(owner) or lower(owner) in self.zone.sets:
                continue

            def target():
                chance = random.random()
                if chance < 0.2:
                    return name_to_text(owner) if random.random() < 0.5 else "."
                name = random.choice(known)
                if chance < 0.5 or not self.fits((b"covered", *name)):
                    return name_to_text(mixed_case(random, name))
                return name_to_text((random.choice([b"covered", b"ns1"]), *name))

            for record_type in random.sample(["MX", "SRV", "SVCB", "HTTPS"], random.choice([1, 2])):
                records = [rdata_maker.make_rdata(random, record_type, target)
                           for _ in range(random.choice([1, 2, 3]))]
                self.zone.add(owner, record_type, random.choice(TTLS), records)
            for record_type in random.choice([(), (), ("A",), ("AAAA", "A")]):
                self.add_set(owner, record_type, random.choice([1, 2]))

    def add_nameservers(self):
        """Of the zone itself: inside it, with an address as Meridian wants it, or elsewhere."""
        zone = self.zone
        inside = (b"ns-of-zone", *zone.apex)
        zone.nameservers = [((b"ns", b"elsewhere"), [])]
        if self.fits(inside):
            zone.add(inside, "A", 300, ["192.0.2.53"])
            zone.nameservers.append((inside, ["192.0.2.53"]))


def make_zones(random, count):
    """Zones of distinct apexes; none lies below another unless the list of apexes has it so."""
    apexes = []
    for number in range(count):
        text = APEXES[number] if number < len(APEXES) else f"Zone{number}.test{number}"
        apexes.append(tuple(text.encode().split(b".")))
    zones = [ZoneMaker(random, apex, apexes).make() for apex in apexes]
    for zone in zones:
        add_crossings(random, zone, zones)
    for parent in zones:
        for child in zones:
            if parent is not child and parent.is_inside(child.apex):
                settle(parent, child)
    return zones


def add_crossings(random, zone, zones):
    """Aliases to names that other zones have, hold back or do not have, their apexes among them."""
    near = [each for each in zones if each is not zone
            and (each.is_inside(zone.apex) or zone.is_inside(each.apex))]
    for number in range(random.choice([0, 2, 4])):
        other = random.choice(near or zones) if random.random() < 0.6 else random.choice(zones)
        target = random.choice(sorted(other.all_names()))
        if random.random() < 0.3:
            target = (random.choice(USUAL_LABELS), *target)
        if random.random() < 0.15:
            target = other.apex
        owner = (b"across%d" % number, *zone.apex)
        is_taken = "DNAME" in zone.sets.get(lower(zone.apex), {})
        if max(name_octets(owner), name_octets(target)) > 255 or is_taken:
            continue
        record_type = "DNAME" if random.random() < 0.25 else "CNAME"
        zone.add(owner, record_type, random.choice(TTLS), [name_to_text(target)])


def settle(parent, child):
    """Takes out what NSD, which keeps all zones in one tree, would load neither of the zones for:
    a DNAME of the one above data of the other."""
    for owner in parent.of_type("DNAME"):
        is_above = any(name[1:][-len(owner):] == owner for name in child.sets)
        if is_above or lower(child.apex)[-len(owner):] == owner:
            del parent.sets[owner]["DNAME"]
            if not parent.sets[owner]:
                del parent.sets[owner]
    for owner in child.of_type("DNAME"):
        for below in [each for each in parent.sets if each[1:][-len(owner):] == owner]:
            del parent.sets[below]


def master_file(zone):
    apex = name_to_text(zone.apex)
    primary = name_to_text(zone.nameservers[0][0])
    lines = [f"{apex} {zone.soa_ttl} IN SOA {primary} hostmaster.test. 7 7200 900 1209600"
             f" {zone.negative_ttl}"]
    lines += [f"{apex} {zone.soa_ttl} IN NS {name_to_text(name)}" for name, _ in zone.nameservers]
    for sets in zone.sets.values():
        for record_type, each in sets.items():
            owner = name_to_text(each.owner)
            lines += [f"{owner} {each.ttl} IN {record_type} {record}" for record in each.records]
    return "\n".join(lines) + "\n"


def toml_record(random, record_type, record):
    return respelled(random, record) if record_type in ALL_NAMES_AND_NUMBERS else record


def literal(text):
    return f"'{text}'"


def toml_file(random, zone):
    nameservers = ", ".join(literal(name_to_text(name)) for name, _ in zone.nameservers)
    primary = name_to_text(zone.nameservers[0][0])
    lines = [f"zone = {literal(name_to_text(zone.apex))}", f"nameservers = [{nameservers}]",
             'contact = "hostmaster@test"',
             f"soa = {{ primary = {literal(primary)}, serial = 7, refresh = 7200, retry = 900,"
             " expire = 1209600 }",
             f"ttl = {{ infrastructure = {zone.soa_ttl}, negative = {zone.negative_ttl} }}",
             "[records]"]
    for sets in zone.sets.values():
        for record_type, each in sets.items():
            relative = each.owner[:len(each.owner) - len(zone.apex)]
            short = name_to_text(relative)[:-1] if relative else "@"
            owner = respelled(random, random.choice([short, name_to_text(each.owner)]))
            key = "rdata" if record_type in ("TXT", "SPF") else "data"
            records = ",\n    ".join(literal(toml_record(random, record_type, record))
                                     for record in each.records)
            lines.append(f"{literal(owner)}.{record_type.lower()} ="
                         f" {{ ttl = {each.ttl}, {key} = [{records}] }}")
    return "\n".join(lines) + "\n"
