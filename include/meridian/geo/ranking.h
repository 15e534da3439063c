// Orders the regions of a policy for a place, and tells why.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "meridian/geo/distance.h"
#include "meridian/geo/location.h"
#include "meridian/limits.h"

namespace meridian::geo {

/// Index into a policy's regions, in the order of `regions`.
using RegionIndex = std::uint8_t;

/// How regions are ranked for a client. Only what can be chosen stands here: a region that is not
/// in the service or drained has been taken out before (DESIGN 2, rule 5).
struct Policy {
    std::vector<Coordinates> regions;        ///< 1 to kMaxRegions
    std::vector<RegionIndex> default_order;  ///< All regions once: for clients without a place.
    friend bool operator==(const Policy&, const Policy&) = default;
};

/// Regions whose distances differ by no more than this stand in the order of the policy: databases
/// are not that exact (DESIGN 2, rule 5).
inline constexpr double kTieKm = 0.5;

/// One region as seen from a place.
struct RankedRegion {
    RegionIndex region = 0;
    double distance_km = 0;  ///< 0 when the place is unknown.
    bool tied = false;       ///< It stands before another by the order of the policy alone.
};

/// The best regions for a class of clients, best first.
struct Ranking {
    std::array<RegionIndex, kRankedRegions> regions{};
    std::uint8_t count = 0;  ///< 1 to kRankedRegions
    friend bool operator==(const Ranking&, const Ranking&) = default;
    friend auto operator<=>(const Ranking&, const Ranking&) = default;
};

/// Ranks for many places, the regions' vectors being made once.
class Ranker {
public:
    explicit Ranker(const Policy& policy);

    /// All regions, best first: by great-circle distance, where those within 0.5 km of the nearest
    /// left stand in the order of the policy; without a place the default order.
    [[nodiscard]] std::vector<RankedRegion> explain(const std::optional<Coordinates>& place) const;

    /// The first ranks of `explain`. Allocates nothing.
    [[nodiscard]] Ranking rank(const std::optional<Coordinates>& place) const;

private:
    std::vector<UnitVector> sites_;
    std::vector<RegionIndex> default_order_;
};

}  // namespace meridian::geo
