// Takes replies apart, slowly and record by record.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "tests/support/message_builder.h"

namespace meridian::dns {

using tests::Bytes;
using tests::bytes_of;
using tests::client_subnet;
using tests::edns_query;
using tests::header;
using tests::HeaderFields;
using tests::opt;
using tests::OptFields;
using tests::option;
using tests::plain_query;
using tests::question;
using tests::record;
using tests::operator+;

inline Name named(std::string_view text) {
    return Name::parse_absolute(text).value();
}

/// The name in wire form.
inline Bytes wire(std::string_view text) {
    const Name name = named(text);
    return {name.wire().begin(), name.wire().end()};
}

/// A label with its length octet.
inline Bytes label(std::string_view text) {
    return Bytes{static_cast<std::uint8_t>(text.size())} + bytes_of(text);
}

struct PacketRecord {
    Name owner;
    Type type{};
    std::uint16_t class_or_size = 0;
    std::uint32_t ttl = 0;
    Bytes rdata;                   ///< As it lies in the message, pointers and all.
    std::size_t rdata_offset = 0;  ///< In the message.
};

struct Reply {
    HeaderFields header;
    std::optional<Name> name;
    std::array<std::vector<PacketRecord>, 3> sections;
};

/// A name anywhere in a message, pointers followed; none when it is broken or loops. Sets `offset`
/// to what follows the name.
std::optional<Name> name_at(std::span<const std::uint8_t> message, std::size_t& offset);

/// None when the message is malformed, or when an octet follows the last record.
std::optional<Reply> decode(std::span<const std::uint8_t> message);

}  // namespace meridian::dns
