// Builds packets, good and bad, and takes replies apart the slow way.
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

namespace meridian::dns {

using Bytes = std::vector<std::uint8_t>;

/// One octet per character; `\0` is spelled in a literal of its own.
Bytes bytes_of(std::string_view text);

Bytes operator+(Bytes left, const Bytes& right);

struct HeaderFields {
    std::uint16_t id = 0x1234;
    std::uint16_t flags = 0x0100;  ///< RD.
    std::uint16_t questions = 1;
    std::uint16_t answers = 0;
    std::uint16_t authorities = 0;
    std::uint16_t additionals = 0;
};
Bytes header(const HeaderFields& fields);

/// Takes the name literally, whatever its case.
Bytes question(std::string_view name, Type type = Type::A, Class qclass = Class::IN);

struct OptFields {
    std::uint16_t udp_octets = 1232;
    std::uint8_t version = 0;
    std::uint16_t flags = 0;  ///< 0x8000 is DO.
    Bytes options{};
};
Bytes opt(const OptFields& fields);

/// A record with any owner in wire form.
Bytes record(const Bytes& owner, Type type, const Bytes& rdata, std::uint32_t ttl_seconds = 60);

Bytes option(std::uint16_t code, const Bytes& data);
/// FAMILY, SOURCE, SCOPE and ADDRESS, in an option.
Bytes client_subnet(std::uint16_t family, std::uint8_t source_bits, std::uint8_t scope_bits,
                    const Bytes& address);

/// A query with one question and nothing else, or with one OPT behind it.
Bytes plain_query(std::string_view name, Type type = Type::A);
Bytes edns_query(std::string_view name, const OptFields& fields, Type type = Type::A);

struct ReplyRecord {
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
    std::array<std::vector<ReplyRecord>, 3> sections;
};

/// A name anywhere in a message, pointers followed; none when it is broken or loops. Sets `offset`
/// to what follows the name.
std::optional<Name> name_at(std::span<const std::uint8_t> message, std::size_t& offset);

/// None when the message does not hold together to its last octet.
std::optional<Reply> decode(std::span<const std::uint8_t> message);

}  // namespace meridian::dns
