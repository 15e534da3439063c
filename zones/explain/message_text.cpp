// Reads an answer of this server back into text.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/explain/message_text.h"

#include <cstddef>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/dns/rdata.h"
#include "meridian/limits.h"

namespace meridian::zones {
namespace {

constexpr std::uint16_t kClientSubnetOption = 8;  // RFC 7871 §6
constexpr std::uint8_t kPointerBits = 0xc0;       // RFC 1035 §4.1.4

/// Walks over a message that AnswerWriter wrote.
class MessageReader {
public:
    explicit MessageReader(std::span<const std::uint8_t> message) : message_(message) {}

    [[nodiscard]] std::size_t position() const { return position_; }
    void seek(std::size_t position) { position_ = position; }

    std::uint16_t u16() {
        position_ += 2;
        return load_u16(message_, position_ - 2);
    }
    std::uint32_t u32() {
        position_ += 4;
        return load_u32(message_, position_ - 4);
    }

    /// Appends the name at the current offset to `wire`, uncompressed.
    void name(dns::Rdata& wire) {
        std::size_t at = position_;
        bool has_jumped = false;
        for (std::size_t labels = 0; labels <= 2 * kMaxNameLabels; ++labels) {
            const std::uint8_t length = message_[at];
            if ((length & kPointerBits) == kPointerBits) {
                if (!has_jumped) { position_ = at + 2; }
                has_jumped = true;
                at = load_u16(message_, at) & kMaxCompressionOffset;
                continue;
            }
            const auto label = message_.subspan(at, std::size_t{1} + length);
            wire.insert(wire.end(), label.begin(), label.end());
            at += label.size();
            if (length != 0) { continue; }
            if (!has_jumped) { position_ = at; }
            return;
        }
        MERIDIAN_ASSERT(false);  // our own pointers never form a loop
    }

    void octets(std::size_t end, dns::Rdata& wire) {
        MERIDIAN_ASSERT(end >= position_);
        const auto rest = message_.subspan(position_, end - position_);
        wire.insert(wire.end(), rest.begin(), rest.end());
        position_ = end;
    }

private:
    std::span<const std::uint8_t> message_;
    std::size_t position_ = kHeaderOctets;
};

/// RDATA with its compressed names written out (those of RFC 1035's types).
dns::Rdata read_rdata(MessageReader& reader, dns::Type type, std::size_t end) {
    dns::Rdata wire;
    switch (type) {
        case dns::Type::NS:
        case dns::Type::CNAME:
        case dns::Type::PTR:
            reader.name(wire);
            break;
        case dns::Type::MX:
            reader.octets(reader.position() + 2, wire);
            reader.name(wire);
            break;
        case dns::Type::SOA:
            reader.name(wire);
            reader.name(wire);
            break;
        default:
            break;
    }
    reader.octets(end, wire);
    return wire;
}

std::optional<std::uint8_t> scope_of(const dns::Rdata& options) {
    ByteReader reader(options);
    while (reader.remaining() >= 4) {
        const std::uint16_t code = reader.read_u16();
        const auto body = reader.read(reader.read_u16());
        if (code == kClientSubnetOption && body.size() >= 4) { return body[3]; }
    }
    return {};
}

}  // namespace

MessageText message_to_text(std::span<const std::uint8_t> message) {
    MessageText result;
    result.rcode = static_cast<dns::Rcode>(load_u16(message, 2) & 0x0f);
    MessageReader reader(message);
    for (std::uint16_t i = 0; i < load_u16(message, 4); ++i) {
        dns::Rdata ignored;
        reader.name(ignored);
        reader.seek(reader.position() + 4);
    }
    const std::size_t answer_count = load_u16(message, 6);
    const std::size_t authority_count = load_u16(message, 8);
    const std::size_t total = answer_count + authority_count + load_u16(message, 10);
    for (std::size_t i = 0; i < total; ++i) {
        dns::Rdata owner;
        reader.name(owner);
        RecordText record;
        record.owner = dns::Name::from_wire(owner).value();
        record.type = static_cast<dns::Type>(reader.u16());
        reader.u16();
        record.ttl_seconds = reader.u32();
        const std::size_t rdata_octets = reader.u16();
        const dns::Rdata rdata = read_rdata(reader, record.type, reader.position() + rdata_octets);
        if (record.type == dns::Type::OPT) {
            result.scope_bits = scope_of(rdata);
            continue;
        }
        if (record.type == dns::Type::CNAME) {
            record.target = dns::Name::from_wire(rdata).value();
        }
        record.text = record.owner.to_text() + " " + std::to_string(record.ttl_seconds) + " IN " +
                      dns::type_to_text(record.type) + " " + dns::rdata_to_text(record.type, rdata);
        if (i < answer_count) {
            result.answer.push_back(std::move(record));
        } else if (i < answer_count + authority_count) {
            result.authority.push_back(std::move(record));
        }
    }
    return result;
}

}  // namespace meridian::zones
