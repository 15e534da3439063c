#!/usr/bin/env python3
"""Writes a small database in MaxMind's City layout from lines of prefix, country and coordinates.

SPDX-License-Identifier: Apache-2.0

usage: write_mmdb.py WORLD.txt WORLD.mmdb     (the format: tests/scenarios/worlds/small.txt)
"""
import ipaddress
import struct
import sys

MARKER = b"\xab\xcd\xefMaxMind.com"
BUILD_EPOCH = 1767225600  # the same text gives the same octets


def control(kind, size):
    """The control octets of a field (MaxMind DB 2.0, "Data Field Format")."""
    first = (kind if kind < 8 else 0) << 5
    extended = b"" if kind < 8 else bytes([kind - 7])
    if size < 29:
        return bytes([first | size]) + extended
    if size < 285:
        return bytes([first | 29]) + extended + bytes([size - 29])
    raise ValueError("too large for a small world")


def encode(value):
    if isinstance(value, str):
        octets = value.encode()
        return control(2, len(octets)) + octets
    if isinstance(value, float):
        return control(3, 8) + struct.pack(">d", value)
    if isinstance(value, tuple):  # an unsigned integer and how many bits its type has
        octets = value[0].to_bytes((value[0].bit_length() + 7) // 8, "big")
        return control({16: 5, 32: 6, 64: 9}[value[1]], len(octets)) + octets
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(encode(item) for item in value)
    return control(7, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())


def read_world(path):
    """Pairs of prefix bits, as an IPv6 tree sees them, and record."""
    networks = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = line.split("#")[0].split()
            if not fields:
                continue
            prefix = ipaddress.ip_network(fields[0])
            record = {"country": {"iso_code": fields[1]}}
            if len(fields) == 4:
                record["location"] = {"latitude": float(fields[2]), "longitude": float(fields[3])}
            width = 32 if prefix.version == 4 else 128
            bits = f"{int(prefix.network_address):0{width}b}"[:prefix.prefixlen]
            networks.append(("0" * 96 + bits if width == 32 else bits, record))
    return networks


def write(networks, path):
    data, offsets, nodes = b"", {}, [[None, None]]
    for bits, record in networks:
        octets = encode(record)
        if octets not in offsets:
            offsets[octets] = len(data)
            data += octets
        node = 0
        for bit in bits[:-1]:
            if nodes[node][int(bit)] is None:
                nodes.append([None, None])
                nodes[node][int(bit)] = len(nodes) - 1
            node = nodes[node][int(bit)]
        nodes[node][int(bits[-1])] = ("data", offsets[octets])

    def pointer(entry):
        if entry is None:
            number = len(nodes)
        else:
            number = entry if isinstance(entry, int) else len(nodes) + 16 + entry[1]
        return number.to_bytes(3, "big")

    metadata = {
        "binary_format_major_version": (2, 16), "binary_format_minor_version": (0, 16),
        "build_epoch": (BUILD_EPOCH, 64), "database_type": "Meridian-Test-City",
        "description": {"en": "A made-up world"}, "ip_version": (6, 16), "languages": ["en"],
        "node_count": (len(nodes), 32), "record_size": (24, 16),
    }
    with open(path, "wb") as file:
        for left, right in nodes:
            file.write(pointer(left) + pointer(right))
        file.write(bytes(16) + data + MARKER + encode(metadata))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(read_world(sys.argv[1]), sys.argv[2])
