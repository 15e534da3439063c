// Builds the table of a route map from an atlas and a value for each of its locations.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "geo/address_range.h"
#include "geo/prefix_table.h"
#include "geo/prefix_table_builder.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/limits.h"

namespace meridian::geo {

/// Ranks each location of an atlas once. Appends to `rankings`, which starts with the default
/// ranking; equal ones share a number. Returns the number of each location's ranking.
std::vector<std::uint16_t> rank_locations(const Atlas& atlas, const Policy& policy,
                                          std::vector<Ranking>& rankings);

/// Chooses for a split block: the region with most addresses of it answers, by the ranking that has
/// most of them. Clients of no place count as a region of their own. Ties: by the order of the
/// policy, then by address.
class BlockChooser {
public:
    explicit BlockChooser(std::span<const Ranking> rankings) : rankings_(rankings) {}

    /// Values are numbers of rankings, or of no place (route_map_tables.h).
    std::uint16_t operator()(std::span<const ValueWeight> weights);

private:
    [[nodiscard]] unsigned region_of(std::uint16_t value) const;
    [[nodiscard]] bool is_better(unsigned region, unsigned chosen) const;

    std::span<const Ranking> rankings_;
    std::array<AddressBits, kMaxRegions + 2> of_region_{};  // the last: none yet
};

/// `values` has one for each location of the atlas; blocks of no place get their own.
PrefixTable build_route_table(Family family, const Atlas& atlas,
                              std::span<const std::uint16_t> values, ChooseBlockValue choose);

}  // namespace meridian::geo
