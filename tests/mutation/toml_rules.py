"""Says what is wrong with a TOML zone, in the simplest way that is right.

SPDX-License-Identifier: Apache-2.0

A twin of the zone language's reader, made of Python's TOML parser, ipaddress and dnspython. It may
miss mistakes, but what it complains of is one: a zone that it refuses must not load. The files of
`records_from` are out of its sight.
"""
import ipaddress
import math
import posixpath
import re
import tomllib

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

KEYS = {"zone", "nameservers", "contact", "soa", "ttl", "regions", "policies", "services", "health",
        "records", "use", "records_from"}
SOA_KEYS = {"primary", "refresh", "retry", "expire", "serial"}
TTL_KEYS = {"steered", "degraded", "static", "infrastructure", "negative"}
POLICY_KEYS = {"regions", "default", "max_addresses", "missing_family", "client_subnet",
               "min_regions"}
SERVICE_KEYS = {"policy", "ttl", "addresses", "cname", "last_resort", "families", "depends",
                "health"}
CHECKS = {"http": {"host", "port", "method", "headers", "expect"}, "tcp": set(), "tls": {"host"},
          "dns": {"port", "type", "expect"}, "file": {"max_age"}, "command": set()}
CHECKS["https"] = CHECKS["http"]
CHECK_KEYS = set(CHECKS).union(*CHECKS.values())
TIMING_KEYS = {"every", "timeout", "fall", "rise", "hold", "failback", "min_up", "checks", "need"}
NO_DATA = {"any", "axfr", "ixfr", "opt", "tkey", "tsig", "maila", "mailb", "type0", "type255"}
CHECKED_TYPES = {"a", "aaaa", "mx", "srv", "ns", "cname", "caa"}
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


class Wrong(Exception):
    """Why a zone must not load."""


def want(condition, why):
    if not condition:
        raise Wrong(why)


def texts(value, what):
    items = value if isinstance(value, list) else [value]
    want(items and all(isinstance(item, str) for item in items), f"{what}: no strings")
    return items


def table(value, what):
    want(isinstance(value, dict), f"{what}: no table")
    return value


def seconds(value, what):
    if isinstance(value, str):
        found = re.fullmatch(r"([0-9]+)(s|m|h|d|w)", value)
        want(found or re.fullmatch(r"[0-9]+", value), f"{what}: no duration")
        value = int(found[1]) * UNITS[found[2]] if found else int(value)
    want(isinstance(value, int) and not isinstance(value, bool), f"{what}: no duration")
    want(1 <= value <= 0x7fffffff, f"{what}: out of range")


def name_of(text, apex):
    want(" " not in re.sub(r"\\.", "", text), f"{text!r} holds a space")
    try:
        name = dns.name.from_text(text, None)
        return (name if name.is_absolute() else name + apex).canonicalize()
    except (dns.exception.DNSException, UnicodeError) as fault:
        raise Wrong(f"{text!r} is no name: {fault}") from fault


def check_region(name, region):
    want(set(table(region, name)) == {"at", "addresses"}, f"{name}: keys")
    at = region["at"]
    if isinstance(at, list):
        want(len(at) == 2 and all(type(number) in (int, float) for number in at), f"{name}: at")
        want(all(math.isfinite(number) for number in at), f"{name}: at")
        want(abs(at[0]) <= 90 and abs(at[1]) <= 180, f"{name}: at is out of range")
    else:
        want(isinstance(at, str), f"{name}: at")
    return check_addresses(name, region["addresses"])


def check_addresses(name, written):
    """The families of the addresses."""
    try:
        addresses = [ipaddress.ip_address(text) for text in texts(written, name)]
    except ValueError as fault:
        raise Wrong(str(fault)) from fault
    want(len(set(addresses)) == len(addresses), f"{name}: an address twice")
    return frozenset(address.version for address in addresses)


def check_service(name, service, policies, families):
    want(set(table(service, name)) <= SERVICE_KEYS, f"{name}: keys")
    if "ttl" in service:
        seconds(service["ttl"], name)
    if "health" in service:
        check_health(name, service["health"], False)
    want(name and name not in policies and name != "nearest", f"{name}: named as a policy")
    named = service.get("policy", "nearest")
    want(isinstance(named, str) and (named in policies or named == "nearest"), f"{name}: policy")
    policy = policies.get(named, {})
    regions = texts(policy["regions"], name) if "regions" in policy else list(families)
    want(service.get("families", "apart") in ("apart", "together"), f"{name}: families")
    if "cname" in service:
        return check_service_of_names(name, service, regions)
    own = table(service.get("addresses", {}), name)
    want(set(own) <= set(regions), f"{name}: regions")
    of_regions = {region: check_addresses(name, addresses) for region, addresses in own.items()}
    handed_out = of_regions or {region: families[region] for region in regions}
    if "missing_family" not in policy:
        want(len(set(handed_out.values())) == 1, f"{name}: families")
    if "last_resort" in service:
        rest = check_addresses(name, service["last_resort"])
        omits = policy.get("missing_family") == "omit"
        answered = frozenset.intersection(*handed_out.values()) if omits else \
            frozenset.union(*handed_out.values())
        want(rest == answered, f"{name}: families of the last resort")
    return set(handed_out)


def check_service_of_names(name, service, regions):
    want(not set(service) & {"addresses", "families"}, f"{name}: addresses beside names")
    targets = table(service["cname"], name)
    want(targets and set(targets) <= set(regions), f"{name}: regions")
    last_resort = texts(service.get("last_resort", "."), name)
    want(len(last_resort) == 1, f"{name}: last resorts")
    for text in [*targets.values(), *last_resort]:
        want(isinstance(text, str), f"{name}: no string")
        name_of(text, dns.name.root)
    return set(targets)


def check_dependencies(services, regions):
    """`regions` has those of each service."""
    on = {name: texts(service["depends"], name) if "depends" in service else []
          for name, service in services.items()}
    for name, others in on.items():
        want(len(set(others)) == len(others), f"{name}: depends twice")
        want(set(others) <= set(services), f"{name}: depends on none")
        for other in others:
            want(regions[name] <= regions[other], f"{name}: {other} lacks a region")
    done = set()
    while len(done) < len(on):
        free = {name for name, others in on.items() if name not in done and set(others) <= done}
        want(free, "services depend on each other")
        done |= free


def check_one_check(name, check):
    """A table that says what is checked, or the part of one that says so."""
    kinds = set(check) & set(CHECKS)
    want(len(kinds) <= 1, f"{name}: two checks")
    for kind in kinds:
        parts = set(check) & CHECK_KEYS - {kind}
        want(parts <= CHECKS[kind], f"{name}: parts of other checks")
        if kind in ("tcp", "tls"):
            want(type(check[kind]) is int and 1 <= check[kind] <= 65535, f"{name}: port")
        else:
            want(isinstance(check[kind], str) and check[kind], f"{name}: {kind}")
        if kind in ("http", "https"):
            want(re.fullmatch(r"/[!-~]*", check[kind]), f"{name}: path")
    want(kinds or not set(check) & CHECK_KEYS, f"{name}: parts of no check")
    return bool(kinds)


def check_health(name, health, needs_check):
    want(set(table(health, name)) <= CHECK_KEYS | TIMING_KEYS and health, f"{name}: keys")
    if "checks" in health:
        want(not set(health) & CHECK_KEYS, f"{name}: beside checks")
        checks = health["checks"]
        want(isinstance(checks, list) and 1 <= len(checks) <= 8, f"{name}: checks")
        for check in checks:
            want(set(table(check, name)) <= CHECK_KEYS, f"{name}: keys of a check")
            want(check_one_check(name, check), f"{name}: no check")
        want(health.get("need", "all") in ("all", "any"), f"{name}: need")
    else:
        want("need" not in health, f"{name}: need without checks")
        want(check_one_check(name, health) or not needs_check, f"{name}: no check")
    for key in {"fall", "rise"} & set(health):
        want(type(health[key]) is int and 1 <= health[key] <= 100, f"{name}: {key}")
    want(health.get("failback", "auto") in ("auto", "manual"), f"{name}: failback")
    share = health.get("min_up", 0.5)
    want(type(share) in (int, float) and 0 <= share <= 1, f"{name}: min_up")


def check_policy(name, policy, families, is_for_services):
    want(set(table(policy, name)) <= POLICY_KEYS, f"{name}: keys")
    regions = texts(policy["regions"], name) if "regions" in policy else list(families)
    want(regions and set(regions) <= set(families), f"{name}: regions")
    if "default" in policy:
        want(set(texts(policy["default"], name)) <= set(regions), f"{name}: default")
    most = policy.get("max_addresses", 4)
    want(type(most) is int and 1 <= most <= 64, f"{name}: max_addresses")
    least = policy.get("min_regions", 1)
    want(type(least) is int and 1 <= least <= 1000, f"{name}: min_regions")
    want(isinstance(policy.get("client_subnet", True), bool), f"{name}: client_subnet")
    want(policy.get("missing_family", "omit") in ("next", "omit"), f"{name}: missing_family")
    if "missing_family" not in policy and not is_for_services:
        want(len({families[region] for region in regions}) == 1, f"{name}: families")


def check_rdata(kind, value, apex):
    where = kind
    if isinstance(value, dict):
        want(set(value) <= {"ttl", "data", "rdata"}, f"{where}: keys")
        if "ttl" in value:
            seconds(value["ttl"], where)
        want(("data" in value) != ("rdata" in value), f"{where}: data")
        value = value.get("data", value.get("rdata"))
    for text in texts(value, where):
        if kind not in CHECKED_TYPES:
            continue
        try:
            dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), text, apex)
        except (dns.exception.DNSException, ValueError, ArithmeticError) as fault:
            raise Wrong(f"{kind} {text!r}: {fault}") from fault


def check_owner(name, owner, apex, services):
    want(table(owner, name), f"{name}: nothing stands under it")
    kinds = set(owner) - {"steer", "ttl"}
    for kind in kinds:
        want(kind not in NO_DATA and re.fullmatch(r"[a-z][a-z0-9-]*", kind), f"{name}: {kind}")
        check_rdata(kind, owner[kind], apex)
    if "ttl" in owner:
        seconds(owner["ttl"], name)
    want("cname" not in kinds or kinds <= {"cname", "rrsig", "nsec"}, f"{name}: alias with others")
    if "steer" in owner:
        service = owner["steer"]
        want(isinstance(service, str) and service in services, f"{name}: steered by {service!r}")
        want(not kinds & {"a", "aaaa", "cname"}, f"{name}: steered with addresses")
        want(not services[service] or name != "@" and not kinds - {"rrsig", "nsec"},
             f"{name}: a steered alias with others")


def check_records(records, apex, services):
    owners = {}
    for text, owner in table(records, "records").items():
        name = apex if text == "@" else name_of(text, apex)
        want(name.is_subdomain(apex), f"{text}: outside of the zone")
        check_owner(text, owner, apex, services)
        there = owners.setdefault(name, {})
        want(not set(there) & set(owner), f"{text}: twice")
        there.update(owner)
    for name, owner in owners.items():
        want("cname" not in owner or "steer" not in owner, f"{name}: steered alias")
    return owners


def shared_tables(data, libraries):
    """The regions, policies and services of libraries, replaced by the zone's own of one name."""
    kinds = ("regions", "policies", "services")
    joined = {kind: {} for kind in kinds}
    for path in texts(data["use"], "use") if "use" in data else []:
        name = posixpath.normpath(path)
        want(name in libraries, f"use: there is no {name!r}")
        library = tomllib.loads(libraries[name].decode())
        for kind in kinds:
            joined[kind] |= library.get(kind, {})
    return [joined[kind] | table(data.get(kind, {}), kind) for kind in kinds]


def answered_elsewhere(name, apex, owners):
    """Whether a delegation at or above the name, or a wildcard above it, may have its addresses."""
    while name != apex:
        if "ns" in owners.get(name, {}):
            return True
        name = name.parent()
        if owners.get(dns.name.Name((b"*",) + name.labels), {}).keys() & {"a", "aaaa"}:
            return True
    return False


def check_zone(text, data, services):
    """What the file says of the zone called `text`."""
    apex = name_of(text.removesuffix(".") + ".", dns.name.root)
    owners = check_records(data.get("records", {}), apex, services)
    if "records_from" in data:
        return apex
    servers = [name_of(text, apex) for text in texts(data.get("nameservers"), "nameservers")]
    want(len(set(servers)) == len(servers), "a nameserver twice")
    for server in servers:
        owner = owners.get(server, {})
        want("steer" not in owner, f"{server}: a steered nameserver")
        want(not server.is_subdomain(apex) or owner.keys() & {"a", "aaaa"}
             or answered_elsewhere(server, apex, owners), f"{server}: no address")
    return apex


def check(data, libraries):
    """Raises Wrong when the parsed file must not load."""
    want(set(data) <= KEYS, f"keys {set(data) - KEYS}")
    for key in set(table(data.get("ttl", {}), "ttl")):
        want(key in TTL_KEYS, f"ttl.{key}")
        seconds(data["ttl"][key], key)
    want(set(table(data.get("soa", {}), "soa")) <= SOA_KEYS, "soa")
    serial = data.get("soa", {}).get("serial", 1)
    want(type(serial) is int and 0 <= serial <= 0xffffffff, "soa.serial")
    if "health" in data:
        check_health("health", data["health"], True)
    regions, policies, services = shared_tables(data, libraries)
    families = {name: check_region(name, region) for name, region in regions.items()}
    for name, policy in policies.items():
        is_for_services = any(table(service, "services").get("addresses")
                              and service.get("policy", "nearest") == name
                              for service in services.values())
        check_policy(name, policy, families, is_for_services)
    in_regions = {name: check_service(name, service, policies, families)
                  for name, service in services.items()}
    check_dependencies(services, in_regions)
    leads_elsewhere = {name: False for name in {*policies, "nearest"}} | {
        name: "cname" in service for name, service in services.items()}
    apexes = [check_zone(text, data, leads_elsewhere)
              for text in texts(data.get("zone"), "zone")]
    want(len(set(apexes)) == len(apexes), "a zone twice")


def why_not(text, libraries):
    """What is wrong with the octets of a TOML zone; None when this twin sees nothing.

    `libraries` are the texts of those that it may use, by name.
    """
    try:
        # As TOML has it: LF or CRLF, and no other control characters, which tomllib checks.
        check(tomllib.loads(text.decode("utf-8-sig")), libraries)
    except UnicodeDecodeError as fault:
        return f"not UTF-8: {fault}"
    except tomllib.TOMLDecodeError as fault:
        return f"not TOML: {fault}"
    except RecursionError:
        return None  # Python's limit, not TOML's
    except Wrong as fault:
        return str(fault)
    return None
