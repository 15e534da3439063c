"""Says from a zone as it was made what may stand beside an answer in the additional section.

SPDX-License-Identifier: Apache-2.0
"""
import ipaddress
from collections import namedtuple

from message import TYPES, lower, read_name

# Where in RDATA the name lies that a record points to.
TARGETS = {TYPES["NS"]: 0, TYPES["MX"]: 2, TYPES["SRV"]: 6, TYPES["SVCB"]: 2, TYPES["HTTPS"]: 2}
SERVICES = (TYPES["SVCB"], TYPES["HTTPS"])
TYPE_NAMES = {TYPES[name]: name for name in ("A", "AAAA", "SVCB", "HTTPS")}

Set = namedtuple("Set", "owner type ttl rdata")  # rdata: a frozenset, None where it is not compared


class Names:
    """What exists in a zone, children on the same server left to themselves (RFC 4592 2.2)."""

    def __init__(self, zone, zones):
        self.zone = zone
        apexes = [lower(each.apex) for each in zones if each is not zone]
        self.children = [apex for apex in apexes if zone.is_inside(apex)]
        self.own = {name for name in zone.all_names() if not self.is_childs(name)}
        for child in self.children:
            for cut in range(1, len(child) - len(zone.apex)):
                if not self.is_childs(child[cut:]):
                    self.own.add(child[cut:])

    def is_childs(self, name):
        return any(name[-len(child):] == child for child in self.children)

    def node(self, name):
        """The name whose records answer for `name`; None where nothing of this zone does."""
        zone = self.zone
        if not zone.is_inside(name) or self.is_childs(name):
            return None
        above = [name[cut:] for cut in range(len(name) - len(zone.apex) + 1)]
        sets = [zone.sets.get(each, {}) for each in above]
        if any("NS" in each for each in sets[:-1]):  # not of the apex
            return None
        if name in self.own:
            return name
        if any("DNAME" in each for each in sets[1:]):
            return None
        encloser = next(each for each in above if each in self.own)
        wildcard = (b"*", *encloser)
        return wildcard if wildcard in self.own else None

    def set_of(self, node, owner, record_type):
        found = self.zone.sets.get(node, {}).get(TYPE_NAMES[record_type])
        if found is None:
            return []
        rdata = None
        if record_type not in SERVICES:
            rdata = frozenset(ipaddress.ip_address(text).packed for text in found.records)
        return [Set(owner, record_type, found.ttl, rdata)]


def expected_sets(names, owner, record_type, rdatas):
    """All that may go along with the records of an answer (RFC 1034 4.3.2 step 6, RFC 9460 4.1)."""
    own_node = names.node(owner)
    found = set()
    for rdata in rdatas:
        target = read_name(rdata, TARGETS[record_type])[0]
        is_service = record_type in SERVICES
        if not target:
            if not is_service or rdata[:2] == b"\0\0":
                continue
            target = owner
        node = names.node(target)
        if node is None:
            continue
        wanted = [TYPES["A"], TYPES["AAAA"]]
        if is_service and target != owner:
            wanted.append(record_type)
        for each in wanted:
            if each == record_type and node == own_node:
                continue  # a wildcard's: the name may be the one that the answer is of
            found.update(names.set_of(node, target, each))
    return found


def sets_in(section):
    keys = {(record.owner, record.type, record.ttl) for record in section}
    return {Set(owner, record_type, ttl, None if record_type in SERVICES else frozenset(
        record.rdata for record in section if (record.owner, record.type) == (owner, record_type)))
            for owner, record_type, ttl in keys}


def is_as_the_zone_has_it(case, response):
    """Whether all that stands beside an answer belongs there, in whole sets, and nothing is
    missing that had room."""
    points = [record for record in response.answer if record.type == case.query.type]
    if not points or case.query.type not in TARGETS:
        return False
    owner = points[0].owner
    zone = case.zone_of(owner)
    expected = expected_sets(Names(zone, case.zones), owner, case.query.type,
                             [record.rdata for record in points])
    there = sets_in(response.additional)
    return there == expected if case.query.tcp else there <= expected
