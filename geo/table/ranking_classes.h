// Numbers the rankings that the locations of an atlas have under a policy.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "geo/address_range.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"

namespace meridian::geo {

/// Locations from which the first kVotedRanks regions are ranked alike, or all where all ranks are
/// to decide, are of one group; group 0 holds those whose place is unknown. Groups are of one
/// class, which has one ranking, where the ranks that decide are equal: the first kRankedRegions,
/// or all where the policy wants that. Where there would be more than kMaxRankings classes, as many
/// of the first ranks decide as fit. Class 0 is that of the default order.
///
/// Refers to the atlas.
class RankingClasses {
public:
    RankingClasses(const Atlas& atlas, const Policy& policy);

    /// The group of each location.
    [[nodiscard]] const std::vector<std::uint32_t>& groups() const { return groups_; }
    /// The class of each group.
    [[nodiscard]] const std::vector<std::uint16_t>& of_groups() const { return of_groups_; }
    /// The first region of each class.
    [[nodiscard]] const std::vector<RegionIndex>& first_regions() const { return first_regions_; }

    /// Of hundreds of regions, to compare whole orders would take most of the time.
    static constexpr std::size_t kVotedRanks = 16;

    /// The ranking of each class. `addresses` says how many each group has. Behind the ranks that
    /// decide, a class goes on as the group with most of them does, and that group as its location
    /// with most networks. A tie goes to the order that comes first by the numbers of its regions.
    [[nodiscard]] Rankings rankings(std::span<const AddressBits> addresses) const;

private:
    struct Group {
        std::uint64_t hash = 0;  // of the ranks that make it a group
        LocationId first_location = 0;
    };
    /// Some ranks of each group, a row for each.
    struct Ranks {
        std::size_t first = 0;
        std::size_t count = 0;  // of a row
        std::vector<RegionIndex> regions;

        [[nodiscard]] std::span<const RegionIndex> row(std::size_t group) const {
            return std::span(regions).subspan(group * count, count);
        }
    };
    void group_locations(Ranks& ranks);
    void go_on(Ranks& ranks) const;
    bool split_by(const Ranks& ranks, std::size_t rank);
    void rank(LocationId location, std::span<RegionIndex> order) const;
    [[nodiscard]] bool is_before(std::size_t group, std::size_t other) const;

    const Atlas& atlas_;
    Ranker ranker_;
    std::size_t region_count_;
    std::size_t wanted_ranks_;  // to decide
    std::vector<RegionIndex> default_order_;
    std::vector<std::uint32_t> groups_;
    std::vector<Group> members_;  // of each group
    std::vector<std::uint16_t> of_groups_;
    std::vector<RegionIndex> first_regions_;
    std::size_t exact_ranks_ = 0;
};

}  // namespace meridian::geo
