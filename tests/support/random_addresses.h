// Draws addresses for property tests, many of them where mistakes are likely.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "meridian/geo/special_addresses.h"
#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"

namespace meridian::test {

using Random = std::mt19937_64;

inline std::uint64_t below(Random& random, std::uint64_t limit) {
    return random() % limit;
}

inline IpAddress random_address(Random& random, Family family) {
    if (family == Family::V4) { return IpAddress::v4(static_cast<std::uint32_t>(random())); }
    return IpAddress::v6(random(), random());
}

/// The first bits of `prefix`, the rest at random.
inline IpAddress random_address_in(Random& random, const IpPrefix& prefix) {
    const IpAddress noise = random_address(random, prefix.address.family());
    const IpAddress masked = noise.masked(prefix.bits);
    return IpAddress::left_aligned(prefix.address.family(),
                                   prefix.address.high() | (noise.high() ^ masked.high()),
                                   prefix.address.low() | (noise.low() ^ masked.low()));
}

/// The last address of a prefix.
inline IpAddress last_address(const IpPrefix& prefix) {
    const Family family = prefix.address.family();
    const std::uint64_t ones = ~std::uint64_t{0};
    const IpAddress full =
        family == Family::V4 ? IpAddress::v4(0xffff'ffff) : IpAddress::v6(ones, ones);
    const IpAddress masked = full.masked(prefix.bits);
    return IpAddress::left_aligned(family, prefix.address.high() | (full.high() ^ masked.high()),
                                   prefix.address.low() | (full.low() ^ masked.low()));
}

/// An address in, or a few bits away from, a block that is placeless or embeds IPv4.
inline IpAddress random_address_near_blocks(Random& random, Family family) {
    std::vector<IpPrefix> blocks(geo::placeless_blocks(family).begin(),
                                 geo::placeless_blocks(family).end());
    if (family == Family::V6) {
        blocks.insert(blocks.end(), geo::embedding_blocks().begin(), geo::embedding_blocks().end());
    }
    const IpPrefix& block = blocks[below(random, blocks.size())];
    const IpAddress inside = random_address_in(random, block);
    if (below(random, 2) == 0) { return inside; }
    const std::uint64_t flipped = below(random, block.address.width());  // often just outside
    const std::uint64_t high = flipped < 64 ? std::uint64_t{1} << (63 - flipped) : 0;
    const std::uint64_t low = flipped < 64 ? 0 : std::uint64_t{1} << (127 - flipped);
    return IpAddress::left_aligned(family, inside.high() ^ high, inside.low() ^ low);
}

}  // namespace meridian::test
