# Walks all networks of a MaxMind DB file, for the scripts that make tables from one.
#
# SPDX-License-Identifier: Apache-2.0
"""Needs nothing beyond Python 3.9: Debian 12's python3-maxminddb cannot iterate.

The format is described at https://maxmind.github.io/MaxMind-DB/.
"""
import mmap
import struct

METADATA_MARKER = b"\xab\xcd\xefMaxMind.com"


class Database:
    """One file, mapped; `networks()` yields every located network in address order."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.octets = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        found = self.octets.rfind(METADATA_MARKER)
        if found < 0:
            raise ValueError(f"{path}: no MaxMind DB file")
        self.data_start = found + len(METADATA_MARKER)  # pointers in metadata count from itself
        self.metadata, _ = self._decode(self.data_start)
        self.node_count = self.metadata["node_count"]
        self.record_bits = self.metadata["record_size"]
        self.width = 32 if self.metadata["ip_version"] == 4 else 128
        self.data_start = self.node_count * self.record_bits // 4 + 16
        self._records = {}

    def networks(self):
        """Yields (first address as an integer, prefix length, record as a dict)."""
        waiting = [(0, 0, 0)]
        while waiting:
            node, start, bits = waiting.pop()
            if node < self.node_count:
                left, right = self._children(node)
                waiting.append((right, start | 1 << (self.width - 1 - bits), bits + 1))
                waiting.append((left, start, bits + 1))
            elif node > self.node_count:
                yield start, bits, self._record(node)

    def _children(self, node):
        if self.record_bits == 24:
            raw = self.octets[node * 6:node * 6 + 6]
            return int.from_bytes(raw[:3], "big"), int.from_bytes(raw[3:], "big")
        if self.record_bits == 28:
            raw = self.octets[node * 7:node * 7 + 7]
            return ((raw[3] >> 4) << 24 | int.from_bytes(raw[:3], "big"),
                    (raw[3] & 15) << 24 | int.from_bytes(raw[4:], "big"))
        return struct.unpack_from(">II", self.octets, node * 8)

    def _record(self, node):
        record = self._records.get(node)
        if record is None:
            record, _ = self._decode(self.data_start + node - self.node_count - 16)
            self._records[node] = record
        return record

    def _decode(self, at):
        control = self.octets[at]
        at += 1
        kind = control >> 5
        if kind == 1:
            return self._pointer(control, at)
        if kind == 0:
            kind = self.octets[at] + 7
            at += 1
        size = control & 31
        if size > 28:
            extra = size - 28
            size = int.from_bytes(self.octets[at:at + extra], "big") + (0, 29, 285, 65821)[extra]
            at += extra
        if kind == 7:
            value = {}
            for _ in range(size):
                key, at = self._decode(at)
                value[key], at = self._decode(at)
            return value, at
        if kind == 11:
            value = []
            for _ in range(size):
                item, at = self._decode(at)
                value.append(item)
            return value, at
        if kind == 14:
            return bool(size), at
        raw = self.octets[at:at + size]
        at += size
        if kind == 2:
            return raw.decode("utf-8"), at
        if kind == 3:
            return struct.unpack(">d", raw)[0], at
        if kind == 15:
            return struct.unpack(">f", raw)[0], at
        if kind == 8:
            return int.from_bytes(raw, "big", signed=True), at
        if kind in (5, 6, 9, 10):
            return int.from_bytes(raw, "big"), at
        return raw, at

    def _pointer(self, control, at):
        octets = (control >> 3 & 3) + 1
        value = int.from_bytes(self.octets[at:at + octets], "big")
        if octets < 4:
            value |= (control & 7) << (8 * octets)
            value += (0, 2048, 526336)[octets - 1]
        target, _ = self._decode(self.data_start + value)
        return target, at + octets
