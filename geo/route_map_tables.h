// Holds the tables of a route map.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "geo/prefix_table.h"
#include "meridian/geo/route_map.h"
#include "meridian/limits.h"

namespace meridian::geo {

/// The value of a leaf that tells nothing of a place: no ranking has this number.
inline constexpr std::uint32_t kAskResolver = kMaxRankings - 1;

/// The value of every other leaf is the number of its ranking.
struct RouteMap::Tables {
    PrefixTable v4;
    PrefixTable v6;

    [[nodiscard]] const PrefixTable& of(Family family) const {
        return family == Family::V4 ? v4 : v6;
    }
};

}  // namespace meridian::geo
