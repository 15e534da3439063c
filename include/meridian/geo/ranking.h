// Orders the regions of a policy for a place, and explains the order.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "meridian/geo/distance.h"
#include "meridian/geo/location.h"
#include "meridian/limits.h"

namespace meridian::geo {

/// Index into a policy's regions, in the order of `regions`.
using RegionIndex = std::uint16_t;

/// How regions are ranked for a client. The compiler has left out the regions that cannot be
/// chosen: those that are drained or not in the service (DESIGN 2, rule 5).
struct Policy {
    std::vector<Coordinates> regions;  ///< 1 to kMaxRegions
    std::vector<RegionIndex>
        default_order;  ///< Every region once, for clients whose place is unknown.
    /// All ranks tell classes of clients apart instead of the first kRankedRegions: for a policy
    /// whose answers often come from behind those. Where there are more than kMaxRankings rankings,
    /// as many first ranks do as fit.
    bool all_ranks = false;
    friend bool operator==(const Policy&, const Policy&) = default;
};

/// Regions whose distances differ by no more than this are ranked in the order of the policy, since
/// databases are not more exact (DESIGN 2, rule 5).
inline constexpr double kTieKm = 0.5;

/// One region as seen from a place.
struct RankedRegion {
    RegionIndex region = 0;
    double distance_km = 0;  ///< 0 when the place is unknown.
    bool tied = false;       ///< Only the order of the policy puts it before another.
};

/// The rankings of a route map, a list for each class of clients: all regions of the policy, best
/// first. They lie in one array, row behind row.
///
/// The first `exact_ranks` ranks are those of each client of the class, which is what makes the
/// class. Behind them a list goes on in the order that most addresses of the class have, where an
/// address counts as the part of its family's space that it is: one of IPv4 as much as a /32 of
/// IPv6, so that IPv4 decides nearly everywhere. Behind rank 16 it is the order of some of them.
/// List 0 is the policy's default order.
class Rankings {
public:
    Rankings() = default;
    /// Expects `regions` to hold whole lists of `region_count` regions, and 1 <= `exact_ranks` <=
    /// `region_count`.
    Rankings(std::vector<RegionIndex> regions, std::size_t region_count, std::size_t exact_ranks)
        : regions_(std::move(regions)), region_count_(region_count), exact_ranks_(exact_ranks) {}

    [[nodiscard]] std::size_t size() const { return regions_.size() / region_count_; }
    [[nodiscard]] std::size_t region_count() const { return region_count_; }
    [[nodiscard]] std::size_t exact_ranks() const { return exact_ranks_; }
    [[nodiscard]] std::span<const RegionIndex> operator[](std::size_t number) const {
        return {regions_.data() + number * region_count_, region_count_};
    }
    /// All lists, one behind the other.
    [[nodiscard]] std::span<const RegionIndex> all() const { return regions_; }
    [[nodiscard]] std::size_t memory_octets() const {
        return regions_.capacity() * sizeof(RegionIndex);
    }
    friend bool operator==(const Rankings&, const Rankings&) = default;

private:
    std::vector<RegionIndex> regions_;
    std::size_t region_count_ = 1;
    std::size_t exact_ranks_ = 1;
};

/// Ranks the regions of one policy for many places; computes their vectors once.
class Ranker {
public:
    explicit Ranker(const Policy& policy);

    /// All regions, best first, by great-circle distance: among those within kTieKm of the nearest
    /// one left, the order of the policy decides. Without a place the default order.
    [[nodiscard]] std::vector<RankedRegion> explain(const std::optional<Coordinates>& place) const;

    /// Fills `order` with the first regions of `explain`. Expects no more than the policy has. Does
    /// not allocate.
    void rank(const std::optional<Coordinates>& place, std::span<RegionIndex> order) const;

private:
    std::vector<UnitVector> sites_;
    std::vector<RegionIndex> default_order_;
};

}  // namespace meridian::geo
