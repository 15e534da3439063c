// Builds the table of a route map from an atlas and a value for each of its locations.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "geo/address_range.h"
#include "geo/block_votes.h"
#include "geo/route_map_tables.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/limits.h"

namespace meridian::geo {

/// Ranks each location of an atlas once. Appends to `rankings`, which starts with the default
/// ranking; equal ones share a number. Returns the number of each location's ranking.
std::vector<std::uint16_t> rank_locations(const Atlas& atlas, const Policy& policy,
                                          std::vector<Ranking>& rankings);

/// What each location says where the addresses of a block are counted: its value, or kUnknown.
std::vector<std::uint16_t> votes_of(const Atlas& atlas, std::span<const std::uint16_t> values);

/// Chooses for a split block: the region with most of the addresses that count answers, by the
/// ranking that has most of them. Clients of no place count as a region of their own. Ties: by the
/// order of the policy, then by address.
class BlockChooser {
public:
    explicit BlockChooser(std::span<const Ranking> rankings) : rankings_(rankings) {}

    /// Values are numbers of rankings, or of no place (route_map_tables.h).
    std::uint16_t operator()(std::span<const ValueWeight> weights);
    /// Whether two values send to one region while all are up.
    [[nodiscard]] bool have_one_region(std::uint16_t one, std::uint16_t other) const;

private:
    [[nodiscard]] unsigned region_of(std::uint16_t value) const;
    [[nodiscard]] bool is_better(unsigned region, unsigned chosen) const;
    static bool is_more(const ValueWeight& one, const ValueWeight& other);

    std::span<const Ranking> rankings_;
    std::array<AddressBits, kMaxRegions + 2> of_region_{};  // the last: none yet
};

/// How the table of a policy, or of several, treats what the database splits.
struct RouteChoice {
    std::uint16_t of_unknown = 0;  ///< The value of a client of whom nothing is known.
    std::function<std::uint16_t(std::span<const ValueWeight> weights)> choose;
    /// Null: other lengths than /24 and /56 follow their first address.
    std::function<bool(std::uint16_t one, std::uint16_t other)> have_one_region;
};

/// `votes` has one for each location of the atlas; blocks of no place get their own.
///
/// In a split block the addresses of which nothing is known abstain, and so do those of no place,
/// unless there are no others. Blocks of /24 and /56 get what is chosen. Blocks of other lengths
/// get it where the region of their first address is another one, as far as memory goes
/// (kMaxSplitBlocksPercent).
RouteTable build_route_table(Family family, const Atlas& atlas,
                             std::span<const std::uint16_t> votes, const RouteChoice& choice);

}  // namespace meridian::geo
