// Builds plain queries octet by octet, as resolvers send them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "meridian/ip_prefix.h"

namespace meridian::test {

struct QueryOptions {
    std::uint16_t id = 0x4d65;
    bool edns = true;
    std::uint16_t udp_octets = 1232;
    std::optional<IpPrefix> client_subnet = {};
};

/// A query for an absolute name in class IN. The name's case is kept.
inline std::vector<std::uint8_t> build_query(std::string_view name, dns::Type type,
                                             const QueryOptions& options = {}) {
    std::vector<std::uint8_t> message;
    const auto u8 = [&](unsigned value) { message.push_back(static_cast<std::uint8_t>(value)); };
    const auto u16 = [&](unsigned value) {
        u8(value >> 8);
        u8(value & 0xff);
    };
    u16(options.id);
    for (const unsigned field : {0u, 1u, 0u, 0u, options.edns ? 1u : 0u}) {
        u16(field);
    }
    const dns::Name parsed = dns::Name::parse_absolute(name).value();
    message.insert(message.end(), parsed.wire().begin(), parsed.wire().end());
    u16(static_cast<unsigned>(type));
    u16(1);
    if (!options.edns) { return message; }
    u8(0);
    u16(41);
    u16(options.udp_octets);
    u16(0);
    u16(0);
    if (!options.client_subnet) {
        u16(0);
        return message;
    }
    const IpPrefix& subnet = *options.client_subnet;
    const unsigned address_octets = (subnet.bits + 7u) / 8u;
    u16(8 + address_octets);
    u16(8);
    u16(4 + address_octets);
    u16(subnet.address.is_v4() ? 1 : 2);
    u8(subnet.bits);
    u8(0);
    const auto octets = subnet.address.octets();
    message.insert(message.end(), octets.begin(), octets.begin() + address_octets);
    return message;
}

}  // namespace meridian::test
