"""Makes DNS queries and takes responses apart, record by record and in one way for every server.

SPDX-License-Identifier: Apache-2.0

A name is a tuple of labels (octets), the root label left out.
"""
import struct
from collections import namedtuple

TYPES = {
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "HINFO": 13, "MX": 15, "TXT": 16, "RP": 17,
    "AFSDB": 18, "KEY": 25, "AAAA": 28, "LOC": 29, "SRV": 33, "NAPTR": 35, "KX": 36, "CERT": 37,
    "DNAME": 39, "OPT": 41, "DS": 43, "SSHFP": 44, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48,
    "DHCID": 49, "NSEC3": 50, "NSEC3PARAM": 51, "TLSA": 52, "OPENPGPKEY": 61, "SVCB": 64,
    "HTTPS": 65, "SPF": 99, "EUI48": 108, "EUI64": 109, "TKEY": 249, "TSIG": 250, "IXFR": 251,
    "AXFR": 252, "MAILB": 253, "MAILA": 254, "ANY": 255, "URI": 256, "CAA": 257, "TYPE65534": 65534,
}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
          6: "YXDOMAIN", 9: "NOTAUTH", 16: "BADVERS"}
FLAGS = {"QR": 0x8000, "AA": 0x0400, "TC": 0x0200, "RD": 0x0100, "RA": 0x0080, "AD": 0x0020,
         "CD": 0x0010}

# How RDATA is built where names stand in it: octets before the first name, number of names. What
# follows the names has none. NAPTR has three strings before its name and is read on its own.
NAMES_IN_RDATA = {TYPES[name]: shape for name, shape in {
    "NS": (0, 1), "CNAME": (0, 1), "DNAME": (0, 1), "PTR": (0, 1), "MX": (2, 1), "AFSDB": (2, 1),
    "KX": (2, 1), "SVCB": (2, 1), "HTTPS": (2, 1), "SRV": (6, 1), "RP": (0, 2),
    "SOA": (0, 2)}.items()}


Query = namedtuple("Query", "name type record_class flags edns tcp origin")
Edns = namedtuple("Edns", "payload do")
Record = namedtuple("Record", "owner type record_class ttl rdata")
Response = namedtuple("Response", "octets flags rcode question answer authority additional edns")


class Malformed(Exception):
    """The response is none."""


def lower(name):
    return tuple(label.lower() for label in name)


def name_to_wire(name):
    return b"".join(bytes([len(label)]) + label for label in name) + b"\0"


def name_octets(name):
    return 1 + sum(1 + len(label) for label in name)


def label_to_text(label):
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*"
    return "".join(chr(octet) if octet in plain else f"\\{octet:03}" for octet in label)


def name_to_text(name):
    return "".join(label_to_text(label) + "." for label in name) or "."


def type_to_text(number):
    return TYPE_NAMES.get(number, f"TYPE{number}")


def query_to_wire(query, number):
    flags = sum(FLAGS[flag] for flag in query.flags)
    wire = struct.pack("!HHHHHH", number, flags, 1, 0, 0, 1 if query.edns else 0)
    wire += name_to_wire(query.name) + struct.pack("!HH", query.type, query.record_class)
    if query.edns:
        wire += struct.pack("!BHHIH", 0, TYPES["OPT"], query.edns.payload,
                            0x8000 if query.edns.do else 0, 0)
    return wire


def read_name(wire, at, starts=None):
    """The name at `at` with its pointers followed, and where the octets behind it begin.

    `starts` are where labels of the names before begin, to which alone pointers may lead; those of
    this name are added. Without it pointers may lead anywhere before.
    """
    labels = []
    end = None
    octets = 1
    own = []
    while True:
        length = wire[at]
        if length >= 0xc0:
            target = (length & 0x3f) << 8 | wire[at + 1]
            if end is None:
                end = at + 2
            if target >= at:
                raise Malformed("a compression pointer that does not point back")
            if starts is not None and target not in starts:
                raise Malformed("a compression pointer that leads to no label")
            at = target
            continue
        if length > 63:
            raise Malformed("a label of unknown kind")
        if end is None:
            own.append(at)
        at += 1
        if length == 0:
            if starts is not None:
                starts.update(own)
            return tuple(labels), at if end is None else end
        labels.append(wire[at:at + length])
        at += length
        octets += 1 + length
        if octets > 255:
            raise Malformed("a name of more than 255 octets")


def read_rdata(wire, at, length, record_type, starts):
    """RDATA with its names written out in small letters, since case is no difference."""
    end = at + length
    if record_type == TYPES["NAPTR"]:
        begin = at
        at += 4
        for _ in range(3):
            at += 1 + wire[at]
        shape = (at - begin, 1)
        at = begin
    else:
        shape = NAMES_IN_RDATA.get(record_type)
    if shape is None:
        return wire[at:end]
    front, count = shape
    parts = [wire[at:at + front]]
    at += front
    for _ in range(count):
        name, at = read_name(wire, at, starts)
        parts.append(name_to_wire(lower(name)))
    parts.append(wire[at:end])
    return b"".join(parts)


def read_record(wire, at, starts):
    owner, at = read_name(wire, at, starts)
    record_type, record_class, ttl, length = struct.unpack_from("!HHIH", wire, at)
    at += 10
    if at + length > len(wire):
        raise Malformed("a record that ends behind the message")
    rdata = read_rdata(wire, at, length, record_type, starts)
    return Record(lower(owner), record_type, record_class, ttl, rdata), at + length


def read_response(wire):
    try:
        return parse_response(wire)
    except (IndexError, struct.error) as error:
        raise Malformed(str(error)) from error


def parse_response(wire):
    _, flags, *counts = struct.unpack_from("!HHHHHH", wire)
    at = 12
    starts = set()
    question = []
    for _ in range(counts[0]):
        name, at = read_name(wire, at, starts)  # its case is to come back as it was sent
        question.append((name, *struct.unpack_from("!HH", wire, at)))
        at += 4
    sections = []
    for count in counts[1:]:
        section = []
        for _ in range(count):
            record, at = read_record(wire, at, starts)
            section.append(record)
        sections.append(section)
    if at != len(wire):
        raise Malformed("octets behind the last record")
    rcode = flags & 15
    edns = None
    options = [record for record in sections[2] if record.type == TYPES["OPT"]]
    if options:
        rcode |= options[0].ttl >> 24 << 4
        edns = Edns(options[0].record_class, bool(options[0].ttl & 0x8000))
        sections[2] = [record for record in sections[2] if record.type != TYPES["OPT"]]
    names = frozenset(name for name, bit in FLAGS.items() if flags & bit)
    return Response(len(wire), names, RCODES.get(rcode, str(rcode)), question, *sections, edns)


def record_to_text(record):
    if record.type in (TYPES["NS"], TYPES["CNAME"], TYPES["DNAME"], TYPES["PTR"]):
        rdata = name_to_text(read_name(record.rdata, 0)[0])
    else:
        rdata = record.rdata[:48].hex() + ("..." if len(record.rdata) > 48 else "")
    return f"{name_to_text(record.owner)} {record.ttl} {type_to_text(record.type)} {rdata}"


def response_to_text(response):
    lines = [f"{response.rcode} {' '.join(sorted(response.flags))} {response.octets} octets"
             f"{' edns' if response.edns else ''}"]
    for section in ("answer", "authority", "additional"):
        for record in sorted(getattr(response, section)):
            lines.append(f"  {section:10} {record_to_text(record)}")
    return "\n".join(lines)


def query_to_text(query):
    how = "tcp" if query.tcp else "udp"
    edns = f"edns {query.edns.payload}{' do' if query.edns.do else ''}" if query.edns else "no edns"
    of_class = "" if query.record_class == 1 else f" class {query.record_class}"
    return (f"{name_to_text(query.name)} {type_to_text(query.type)}{of_class}"
            f" {how}, {edns}, flags {' '.join(query.flags) or 'none'}")
