// Recognises addresses that stand for another address or for no place at all.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"

namespace meridian::geo {

/// An IPv4 address found inside an IPv6 address.
struct EmbeddedV4 {
    IpAddress address;
    /// Bits of the IPv6 address in front of the embedded ones: a leaf of n bits in the IPv4 space
    /// is one of front_bits + n here.
    std::uint8_t front_bits = 0;
};

/// A fast test, false for nearly all clients: then `embedded_v4` finds nothing.
inline bool may_embed_v4(const IpAddress& address) {
    const auto front = static_cast<std::uint32_t>(address.high() >> 32);
    return !address.is_v4() &&
           (front == 0 || front == 0x0064'ff9b || front == 0x2001'0000 || front >> 16 == 0x2002);
}

/// The IPv4 address inside `address` where its first `known_bits` bits hold all of it: mapped
/// (RFC 4291 §2.5.5.2), NAT64 (RFC 6052 §2.1), 6to4 (RFC 3056), Teredo (RFC 4380 §4, inverted).
std::optional<EmbeddedV4> embedded_v4(const IpAddress& address, std::uint8_t known_bits);

/// The IPv6 blocks that may embed IPv4; leaves never cross their borders.
std::span<const IpPrefix> embedding_blocks();

/// Blocks of private, loopback, link-local, shared, multicast and unassigned space (IANA special
/// purpose registries, RFC 6890), in address order, disjoint. Documentation networks are left out:
/// they are looked up like any other.
std::span<const IpPrefix> placeless_blocks(Family family);

}  // namespace meridian::geo
