// Builds DNS messages octet by octet, good and bad, by code that shares nothing with the server's.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "meridian/dns/types.h"
#include "meridian/ip_prefix.h"

namespace meridian::tests {

using Bytes = std::vector<std::uint8_t>;

/// One octet per character; `\0` is spelled in a literal of its own.
Bytes bytes_of(std::string_view text);

Bytes operator+(Bytes left, const Bytes& right);

/// A name in wire form, in the case of the text: labels between dots; `\DDD` stands for an octet.
Bytes wire_name(std::string_view text);

struct HeaderFields {
    std::uint16_t id = 0x1234;
    std::uint16_t flags = 0x0100;  ///< RD.
    std::uint16_t questions = 1;
    std::uint16_t answers = 0;
    std::uint16_t authorities = 0;
    std::uint16_t additionals = 0;
};
Bytes header(const HeaderFields& fields);

Bytes question(std::string_view name, dns::Type type = dns::Type::A,
               dns::Class qclass = dns::Class::IN);

struct OptFields {
    std::uint16_t udp_octets = 1232;
    std::uint8_t version = 0;
    std::uint16_t flags = 0;  ///< 0x8000 is DO.
    Bytes options{};
};
Bytes opt(const OptFields& fields);

/// A record with any owner in wire form.
Bytes record(const Bytes& owner, dns::Type type, const Bytes& rdata,
             std::uint32_t ttl_seconds = 60);

Bytes option(std::uint16_t code, const Bytes& data);
/// FAMILY, SOURCE, SCOPE and ADDRESS, in an option (RFC 7871 §6).
Bytes client_subnet(std::uint16_t family, std::uint8_t source_bits, std::uint8_t scope_bits,
                    const Bytes& address);
/// The data of the option that a resolver sends for the prefix: as many octets as SOURCE needs.
Bytes client_subnet_data(const IpPrefix& prefix);

/// A query with one question and nothing else, or with one OPT behind it.
Bytes plain_query(std::string_view name, dns::Type type = dns::Type::A);
Bytes edns_query(std::string_view name, const OptFields& fields, dns::Type type = dns::Type::A);

/// A query as resolvers send it: with EDNS, without RD.
struct QueryOptions {
    std::uint16_t udp_octets = 1232;
    std::optional<IpPrefix> client_subnet = {};
};
Bytes build_query(std::string_view name, dns::Type type, const QueryOptions& options = {});

}  // namespace meridian::tests
