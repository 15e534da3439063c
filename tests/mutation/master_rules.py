"""Says what is wrong with a master file, as dnspython sees it.

SPDX-License-Identifier: Apache-2.0

dnspython and Meridian disagree on purpose in what STRICTER and `plain` have; everything else that
dnspython refuses must not load.
"""
import re

import dns.exception
import dns.zone

# Faults that dnspython finds where Meridian sees none, and why Meridian is right or at ease.
STRICTER = [
    r"bad (latitude|longitude) hemisphere value",  # "n" for "N": BIND and NSD read both
    r"could not convert string to float: '[-0-9.]+M'",  # likewise metres
    "digest type 0 is reserved",  # validators pass it over (RFC 4035 5.2); BIND and NSD load it
    "string too long",  # of TXT; Meridian cuts it and warns
    "parameters in AliasMode",  # BIND and NSD load them, and clients ignore them (RFC 9460 2.4.2)
    "service/proto not found",  # those of WKS that /etc/services lacks
    r"unknown rdatatype '\d{10,}'",  # a TTL of over 32 bits, which is cut like others
    "Missing default TTL value",  # a record before $TTL and SOA has that of `ttl.static`
]


def plain(text):
    """The octets without two forms that BIND loads and dnspython does not: octets over 127, which
    stand for themselves and which dnspython takes for letters of IDNA, and owners in quotes."""
    text = re.sub(rb'^"([^\s".@\\;()]+)"', rb"\1", text, flags=re.MULTILINE)
    return re.sub(rb"[\x80-\xff]", lambda octet: b"\\%03d" % octet[0][0], text)


def why_not(text, origin):
    """What is wrong with the octets of a master file; None when this twin sees nothing."""
    text = plain(text.replace(b"\r\n", b"\n"))  # dnspython takes the CR for a letter
    try:
        dns.zone.from_text(text.decode("latin-1"), origin, relativize=False, allow_include=False)
    except (dns.exception.DNSException, ValueError, ArithmeticError, IndexError) as fault:
        why = f"{type(fault).__name__}: {fault}"
        if any(re.search(pattern, why) for pattern in STRICTER):
            return None
        return why
    return None
