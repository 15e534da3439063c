// Holds the tables of a route map.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "geo/prefix_table.h"
#include "meridian/geo/route_map.h"
#include "meridian/limits.h"

namespace meridian::geo {

/// The values of leaves that tell nothing of a place: no ranking has these numbers. Blocks that
/// embed IPv4 have one of their own, since they stay apart from the reserved space around them.
inline constexpr std::uint16_t kAskResolver = 0xffff;
inline constexpr std::uint16_t kEmbedsV4 = 0xfffe;
static_assert(kMaxRankings <= kEmbedsV4);

inline constexpr bool is_of_no_place(std::uint16_t value) {
    return value >= kEmbedsV4;
}

/// The value of every other leaf is the number of its ranking, or of its class in a joint table.
struct RouteMap::Tables {
    PrefixTable v4;
    PrefixTable v6;

    [[nodiscard]] const PrefixTable& of(Family family) const {
        return family == Family::V4 ? v4 : v6;
    }
};

}  // namespace meridian::geo
