// Builds the table of a route map from an atlas and a value for each of its locations.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "geo/address_range.h"
#include "geo/table/block_votes.h"
#include "geo/table/route_map_tables.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/limits.h"

namespace meridian::geo {

/// How the locations of an atlas vote where the addresses of a block are counted.
struct LocationVotes {
    std::span<const std::uint32_t> groups;  ///< Of each location. Those of one group vote alike.
    std::span<const std::uint16_t> votes;   ///< Of each group: a value, or kUnknown.
    /// Of each group: how many addresses it has, counted on. A prefix has 2^(126 - bits), one at
    /// least, so that both families together stay below 2^128. Those without a place count, as far
    /// as the database has one for them.
    std::span<AddressBits> addresses;
};

/// Chooses the value of a split block: the region with most of the addresses that count, and of its
/// rankings the one with most of them. Clients without a place count as a region of their own. The
/// order of the policy breaks ties, then the order of addresses.
class BlockChooser {
public:
    /// `first_regions` has the first region of each ranking; it outlives the chooser.
    BlockChooser(std::span<const RegionIndex> first_regions, std::size_t region_count)
        : first_regions_(first_regions), no_place_(region_count), of_region_(region_count + 2) {}

    /// Values are numbers of rankings, or those of no place (route_map_tables.h).
    std::uint16_t operator()(std::span<const ValueWeight> weights);
    /// Whether two values lead to one region while all regions are up.
    [[nodiscard]] bool have_one_region(std::uint16_t one, std::uint16_t other) const;

private:
    [[nodiscard]] std::size_t region_of(std::uint16_t value) const;
    [[nodiscard]] bool is_better(std::size_t region, std::size_t chosen) const;
    static bool is_more(const ValueWeight& one, const ValueWeight& other);

    std::span<const RegionIndex> first_regions_;
    std::size_t no_place_;                // stands for a region
    std::vector<AddressBits> of_region_;  // the last one: no region chosen yet
};

/// How the table of a policy, or of several, treats blocks that the database splits.
struct RouteChoice {
    std::uint16_t of_unknown = 0;  ///< The value of a client whose place is unknown.
    std::function<std::uint16_t(std::span<const ValueWeight> weights)> choose;
    /// Null: blocks of other lengths than /24 and /56 follow their first address.
    std::function<bool(std::uint16_t one, std::uint16_t other)> have_one_region;
};

/// Builds the table of a family, and counts the addresses of each group. Blocks without a place get
/// their own value.
///
/// In a split block, addresses that are unknown or have no place count only where there are no
/// others. Blocks of /24 and /56 always get the chosen value. Blocks of other lengths get it where
/// the region of their first address is another one, as far as memory allows
/// (kMaxSplitBlocksPercent).
RouteTable build_route_table(Family family, const Atlas& atlas, const LocationVotes& locations,
                             const RouteChoice& choice);

}  // namespace meridian::geo
