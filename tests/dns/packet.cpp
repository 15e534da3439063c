// Takes replies apart without any of the code under test but Name.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/dns/packet.h"

namespace meridian::dns {
namespace {

unsigned at16(std::span<const std::uint8_t> octets, std::size_t offset) {
    return static_cast<unsigned>(octets[offset] << 8 | octets[offset + 1]);
}

std::optional<PacketRecord> record_at(std::span<const std::uint8_t> message, std::size_t& offset) {
    const auto owner = name_at(message, offset);
    if (!owner || message.size() - offset < 10) { return {}; }
    PacketRecord record;
    record.owner = *owner;
    record.type = static_cast<Type>(at16(message, offset));
    record.class_or_size = static_cast<std::uint16_t>(at16(message, offset + 2));
    record.ttl = at16(message, offset + 4) << 16 | at16(message, offset + 6);
    const std::size_t rdata_octets = at16(message, offset + 8);
    offset += 10;
    if (message.size() - offset < rdata_octets) { return {}; }
    const auto rdata = message.subspan(offset, rdata_octets);
    record.rdata.assign(rdata.begin(), rdata.end());
    record.rdata_offset = offset;
    offset += rdata_octets;
    return record;
}

}  // namespace

std::optional<Name> name_at(std::span<const std::uint8_t> message, std::size_t& offset) {
    Bytes wire;
    std::size_t at = offset;
    bool followed = false;
    for (int steps = 0; steps < 300; ++steps) {
        if (at >= message.size()) { return {}; }
        const std::size_t length = message[at];
        if (length >= 0xc0) {
            if (at + 1 >= message.size()) { return {}; }
            if (!followed) { offset = at + 2; }
            followed = true;
            at = at16(message, at) & 0x3fff;
            continue;
        }
        if (length > 63 || message.size() - at < length + 1) { return {}; }
        for (std::size_t i = 0; i <= length; ++i) {
            wire.push_back(message[at + i]);
        }
        at += 1 + length;
        if (length == 0) {
            if (!followed) { offset = at; }
            const auto name = Name::from_wire(wire);
            return name ? std::optional<Name>(*name) : std::nullopt;
        }
    }
    return {};
}

std::optional<Reply> decode(std::span<const std::uint8_t> message) {
    if (message.size() < 12) { return {}; }
    Reply reply;
    const auto field = [&](std::size_t offset) {
        return static_cast<std::uint16_t>(at16(message, offset));
    };
    reply.header = {field(0), field(2), field(4), field(6), field(8), field(10)};
    std::size_t offset = 12;
    if (reply.header.questions > 1) { return {}; }
    if (reply.header.questions == 1) {
        reply.name = name_at(message, offset);
        if (!reply.name || message.size() - offset < 4) { return {}; }
        offset += 4;
    }
    const std::array counts{reply.header.answers, reply.header.authorities,
                            reply.header.additionals};
    for (std::size_t section = 0; section < counts.size(); ++section) {
        for (unsigned i = 0; i < counts[section]; ++i) {
            const auto record = record_at(message, offset);
            if (!record) { return {}; }
            reply.sections[section].push_back(*record);
        }
    }
    if (offset != message.size()) { return {}; }
    return reply;
}

}  // namespace meridian::dns
