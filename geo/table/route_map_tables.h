// Holds the tables of a route map.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "geo/table/prefix_table.h"
#include "geo/table/split_blocks.h"
#include "meridian/geo/route_map.h"
#include "meridian/limits.h"

namespace meridian::geo {

/// The values of leaves without a place; no ranking has these numbers. Blocks that embed IPv4 have
/// a value of their own, so that they are not merged with the reserved space around them.
inline constexpr std::uint16_t kAskResolver = 0xffff;
inline constexpr std::uint16_t kEmbedsV4 = 0xfffe;
/// The vote of addresses whose place is unknown, where the addresses of a block are counted. No
/// leaf has this value: such clients get the default ranking.
inline constexpr std::uint16_t kUnknown = 0xfffd;
static_assert(kMaxRankings <= kUnknown);

inline constexpr bool is_of_no_place(std::uint16_t value) {
    return value >= kEmbedsV4;
}

/// A table and the split blocks beside it.
struct RouteTable {
    PrefixTable table;
    SplitBlocks split_blocks;

    [[nodiscard]] std::size_t memory_octets() const {
        return table.memory_octets() + split_blocks.memory_octets();
    }
};

/// The value of every other leaf is the number of its ranking, or of its class in a joint table.
struct RouteMap::Tables {
    RouteTable v4;
    RouteTable v6;

    [[nodiscard]] const RouteTable& of(Family family) const {
        return family == Family::V4 ? v4 : v6;
    }
};

}  // namespace meridian::geo
