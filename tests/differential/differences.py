"""Compares Meridian's response with a peer's, and knows the differences that are meant to be.

SPDX-License-Identifier: Apache-2.0

Each rule here has its reason in differences.txt, under its name. A rule gets the case, the peer
and what differs, and returns those of the differences that it explains.
"""
from pathlib import Path

from additional_data import is_as_the_zone_has_it
from message import TYPES, lower, read_name

ASPECTS = ("QR", "AA", "TC", "RD", "RA", "AD", "CD")
RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


def aspects_of(mine, theirs):
    if mine is None or theirs is None:
        return set() if mine is theirs else {"silence"}
    found = {flag for flag in ASPECTS if (flag in mine.flags) != (flag in theirs.flags)}
    for aspect in ("rcode", "question", "edns"):
        if getattr(mine, aspect) != getattr(theirs, aspect):
            found.add(aspect)
    for section in ("answer", "authority", "additional"):
        if set(getattr(mine, section)) != set(getattr(theirs, section)):
            found.add(section)
        if len(set(getattr(mine, section))) != len(getattr(mine, section)):
            found.add(f"{section} has a record twice")
    return found


def is_larger(mine, theirs):
    """Whether the same content takes more octets: names that are compressed less."""
    return not aspects_of(mine, theirs) and mine.octets > theirs.octets


def holds_as_much(mine, theirs):
    """Whether Meridian's message has all records that the other one has."""
    return all(set(getattr(theirs, section)) <= set(getattr(mine, section))
               for section in ("answer", "authority", "additional"))


def judge(case, peer):
    mine, theirs = case.replies["meridian"], case.replies[peer]
    left = aspects_of(mine, theirs)
    if peer == "knot" and mine is not None and theirs is not None and is_larger(mine, theirs):
        return [], ["octets"]
    used = []
    if mine is None or theirs is None:
        return used, sorted(left)
    for name, function in RULES.items():
        explained = function(case, peer, mine, theirs) & left if left else set()
        if explained:
            used.append(name)
            left -= explained
    return used, sorted(left)


QUESTIONS_ONLY = {TYPES[name] for name in ("OPT", "AXFR", "IXFR", "MAILA", "MAILB")} | set(
    range(128, 255)) | {0}
SECTIONS = {"answer", "authority", "additional"}


def types_of(section):
    return {record.type for record in section}


def is_referral_of(response):
    """Behind an alias a referral has AA: that is the first name's (RFC 1034 6.2.7)."""
    return TYPES["NS"] in types_of(response.authority)


def agrees_with_knot(case, mine):
    knot = case.replies["knot"]
    differing = aspects_of(mine, knot)
    for name in ("any_is_minimal", "chains_end_early", "knot_stops_at_the_zones_edge",
                 "nsec_of_an_alias"):
        differing -= RULES[name](case, "knot", mine, knot)
    return not differing


def names_on_the_way(case, mine):
    """The name asked for and those that it is an alias of."""
    return [lower(case.query.name)] + [read_name(record.rdata, 0)[0] for record in mine.answer
                                       if record.type == TYPES["CNAME"]]


@rule
def any_is_minimal(case, _, mine, __):
    if case.query.type != TYPES["ANY"]:
        return set()
    minimal = [record for record in mine.answer if record.type == TYPES["HINFO"]
               and record.rdata == b"\x07RFC8482\x00"]
    return {"answer", "authority", "additional", "TC"} if minimal else set()


@rule
def questions_are_not_data(case, _, mine, theirs):
    if case.query.type not in QUESTIONS_ONLY:
        return set()
    refuses = mine.rcode in ("REFUSED", "FORMERR", "NOTIMP") and not mine.answer
    return {"rcode", "AA", "TC", "question", "edns"} | SECTIONS if refuses else set()


@rule
def other_classes_are_refused(case, _, mine, theirs):
    if case.query.record_class == 1:
        return set()
    return {"rcode", "question", "AA", "edns"} | SECTIONS if mine.rcode == "REFUSED" else set()


@rule
def additional_data_varies(case, _, mine, __):
    return {"additional"} if is_as_the_zone_has_it(case, mine) else set()


@rule
def nsec_of_an_alias(case, peer, mine, theirs):
    is_it = peer == "knot" and case.query.type in (TYPES["NSEC"], TYPES["RRSIG"], TYPES["KEY"])
    if not is_it or theirs.rcode != "NOERROR" or len(theirs.answer) >= len(mine.answer):
        return set()
    return {"answer", "rcode", "TC"} | SECTIONS


@rule
def chains_end_early(_, __, mine, theirs):
    shorter, longer = sorted((mine, theirs), key=lambda response: len(response.answer))
    aliases = {TYPES["CNAME"], TYPES["DNAME"]}
    is_part = set(shorter.answer) < set(longer.answer) and types_of(shorter.answer) <= aliases
    if not is_part or shorter.rcode != "NOERROR" or shorter.authority:
        return set()
    return {"answer", "rcode", "TC", "authority", "additional"}


@rule
def knot_goes_on_after_yxdomain(_, peer, mine, theirs):
    is_it = peer == "knot" and mine.rcode == "YXDOMAIN" and set(mine.answer) <= set(theirs.answer)
    return {"answer", "rcode", "TC", "authority", "additional"} if is_it else set()


@rule
def chain_is_cut_when_too_long(_, __, mine, theirs):
    rcodes = {mine.rcode, theirs.rcode}
    is_it = rcodes == {"NOERROR", "YXDOMAIN"} and TYPES["CNAME"] in types_of(mine.answer)
    return {"rcode"} if is_it and set(mine.answer) == set(theirs.answer) else set()


@rule
def nsd_knows_names_of_parent_zones(case, peer, mine, theirs):
    if peer != "nsd" or not agrees_with_knot(case, mine):
        return set()
    for name in names_on_the_way(case, mine):
        own = case.zone_of(name)
        if own is None:
            continue
        own_names = own.all_names()
        others = [zone.all_names() for zone in case.zones if zone is not own]
        for cut in range(len(name) - len(own.apex)):
            known = (name[cut:], (b"*", *name[cut + 1:]))
            if any(each in names and each not in own_names for each in known for names in others):
                return {"rcode"} | SECTIONS
    return set()


@rule
def parents_leave_names_to_the_child(case, peer, mine, theirs):
    extra = set(theirs.additional) - set(mine.additional)
    apexes = [lower(zone.apex) for zone in case.zones]
    zone = case.zone_of(mine.authority[0].owner) if mine.authority else case.zone()
    own = lower(zone.apex) if zone else ()

    def is_in_child(name):
        return any(len(apex) > len(own) and name[-len(apex):] == apex for apex in apexes)

    targets = [read_name(record.rdata, 0)[0] for record in mine.authority
               if record.type == TYPES["NS"]]
    if extra and all(is_in_child(record.owner) for record in extra):
        return {"additional"}
    if peer == "nsd" and "TC" in theirs.flags and any(is_in_child(target) for target in targets):
        return {"TC", "additional"}
    return set()


@rule
def knot_stops_at_the_zones_edge(case, peer, mine, theirs):
    own = case.zone()
    if peer != "knot" or own is None or not set(theirs.answer) <= set(mine.answer):
        return set()
    last = names_on_the_way(case, theirs)[-1]
    other = case.zone_of(last)
    # DS of the zone's own apex, where an alias leads to it, is the parent's: beyond the edge.
    is_parents = case.query.type == TYPES["DS"] and theirs.answer and last == lower(own.apex)
    return {"rcode", "TC"} | SECTIONS if is_parents or other not in (None, own) else set()


@rule
def knot_knows_nothing_of_child_zones(case, peer, mine, theirs):
    name = names_on_the_way(case, mine)[-1]
    if peer != "knot" or mine.rcode != "NOERROR":
        return set()
    for child in map(lambda zone: lower(zone.apex), case.zones):
        parent = case.zone_of(child[1:])
        is_above = child[-len(name):] == name and parent is not None and parent.is_inside(name)
        if is_above and name not in parent.all_names():
            return {"answer", "authority", "additional", "rcode", "TC"}
    return set()


def child_without_ds(case, mine, soa_at):
    """The apex whose DS is asked for and which has none, as `soa_at`(apex) says; else None."""
    name = names_on_the_way(case, mine)[-1]
    is_apex = any(lower(zone.apex) == name for zone in case.zones)
    if case.query.type != TYPES["DS"] or mine.rcode != "NOERROR" or not is_apex:
        return None
    owners = [record.owner for record in mine.authority if record.type == TYPES["SOA"]]
    return name if owners == [lower(soa_at(name).apex)] else None


@rule
def alias_in_place_of_a_child_has_no_ds(case, _, mine, theirs):
    child = child_without_ds(case, mine, lambda apex: case.zone_of(apex[1:]))
    is_it = any(record.type == TYPES["CNAME"] and record.owner == child
                for record in theirs.answer)
    return {"rcode", "TC"} | SECTIONS if is_it else set()


@rule
def no_ds_below_a_delegation_to_elsewhere(case, _, mine, theirs):
    child = child_without_ds(case, mine, case.zone_of)
    cuts = {record.owner for record in theirs.authority if record.type == TYPES["NS"]}
    is_it = child is not None and any(child[-len(cut):] == cut != child for cut in cuts)
    return {"AA", "TC", "authority", "additional"} if is_it else set()


@rule
def messages_differ_in_size(case, peer, mine, theirs):
    """What is whole over TCP must be the same there."""
    limit = 1232 if case.query.edns else 512
    if case.query.tcp:
        return set()
    whole, their_whole = case.over_tcp("meridian"), case.over_tcp(peer)
    if whole is None or their_whole is None or max(whole.octets, their_whole.octets) <= limit:
        return set()
    left = aspects_of(whole, their_whole)
    for name, function in RULES.items():
        if left and name != "messages_differ_in_size":
            left -= function(case, peer, whole, their_whole)
    return set() if left else {"TC", "rcode"} | SECTIONS


def check_list():
    """Each rule has its reason in differences.txt, and each reason its rule."""
    lines = Path(__file__).with_name("differences.txt").read_text(encoding="utf-8").splitlines()
    reported = [line for line in lines if line and line[0] not in "# "]
    if sorted(reported) != sorted(RULES):
        raise AssertionError(f"rules and differences.txt differ in {set(reported) ^ set(RULES)}")
