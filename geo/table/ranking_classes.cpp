// Numbers the rankings that the locations of an atlas have under a policy.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/table/ranking_classes.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "geo/id_index.h"
#include "meridian/assert.h"
#include "meridian/limits.h"

namespace meridian::geo {
namespace {

/// So many ranks of all groups are held at once: 18 MB where each location of DB-IP City is a
/// group.
constexpr std::size_t kRanksAtOnce = 16;

constexpr std::uint64_t kSpread = 0x9e37'79b9'7f4a'7c15;

std::uint64_t hash_of(std::span<const RegionIndex> order) {
    std::uint64_t hash = 0;
    for (const RegionIndex region : order) {
        hash = (hash ^ region) * kSpread;
        hash ^= hash >> 32;
    }
    return hash;
}

}  // namespace

RankingClasses::RankingClasses(const Atlas& atlas, const Policy& policy)
    : atlas_(atlas),
      ranker_(policy),
      region_count_(policy.regions.size()),
      wanted_ranks_(policy.all_ranks ? region_count_ : std::min(region_count_, kRankedRegions)),
      default_order_(policy.default_order) {
    Ranks ranks{.first = 0, .count = std::min(wanted_ranks_, kRanksAtOnce), .regions = {}};
    group_locations(ranks);
    of_groups_.resize(members_.size());
    while (exact_ranks_ < wanted_ranks_) {
        if (exact_ranks_ == ranks.first + ranks.count) { go_on(ranks); }
        if (!split_by(ranks, exact_ranks_)) { return; }
        ++exact_ranks_;
    }
}

void RankingClasses::rank(LocationId location, std::span<RegionIndex> order) const {
    ranker_.rank(place_of(atlas_.location(location)), order);
}

/// Fills the rows of `ranks`. Two orders are the same if their hashes and their rows are, so a
/// class is right whatever the hashes are, while one in some 10^8 databases has two groups in one.
void RankingClasses::group_locations(Ranks& ranks) {
    const auto row_length = static_cast<std::ptrdiff_t>(ranks.count);
    IdIndex numbers;
    const bool is_whole = wanted_ranks_ == region_count_;
    std::vector<RegionIndex> order(is_whole ? region_count_ : std::min(region_count_, kVotedRanks));
    members_.push_back({});
    ranks.regions.assign(default_order_.begin(), default_order_.begin() + row_length);
    groups_.reserve(atlas_.locations().size());
    for (const Location& location : atlas_.locations()) {
        const auto place = place_of(location);
        const auto id = static_cast<LocationId>(groups_.size());
        groups_.push_back(0);
        if (!place) { continue; }
        ranker_.rank(place, order);
        const std::uint64_t hash = hash_of(order);
        const std::span row = std::span(order).first(ranks.count);
        const auto next = static_cast<std::uint32_t>(members_.size());
        groups_.back() = numbers.find_or_insert(
            static_cast<std::uint32_t>(hash), next, [&](std::uint32_t known) {
                return members_[known].hash == hash && std::ranges::equal(ranks.row(known), row);
            });
        if (groups_.back() != next) { continue; }
        members_.push_back({hash, id});
        ranks.regions.insert(ranks.regions.end(), row.begin(), row.end());
    }
}

/// Replaces the rows by those of the ranks behind them.
void RankingClasses::go_on(Ranks& ranks) const {
    ranks.first += ranks.count;
    ranks.count = std::min(wanted_ranks_ - ranks.first, kRanksAtOnce);
    ranks.regions.clear();
    std::vector<RegionIndex> order = default_order_;
    for (std::size_t group = 0; group < members_.size(); ++group) {
        if (group > 0) { rank(members_[group].first_location, order); }
        std::ranges::copy(std::span(order).subspan(ranks.first, ranks.count),
                          std::back_inserter(ranks.regions));
    }
}

/// Splits the classes by one more rank. False where they would be too many; they then stay as they
/// are.
bool RankingClasses::split_by(const Ranks& ranks, std::size_t rank) {
    std::vector<std::pair<std::uint16_t, RegionIndex>> parts;  // a class of before and a region
    std::vector<std::uint16_t> split;
    IdIndex numbers;
    for (std::size_t group = 0; group < members_.size(); ++group) {  // group 0 stays in class 0
        const std::pair part{of_groups_[group], ranks.row(group)[rank - ranks.first]};
        const std::uint64_t hash = (std::uint64_t{part.first} << 16 | part.second) * kSpread;
        const auto next = static_cast<std::uint32_t>(parts.size());
        const std::uint32_t number =
            numbers.find_or_insert(static_cast<std::uint32_t>(hash >> 32), next,
                                   [&](std::uint32_t known) { return parts[known] == part; });
        if (number == kMaxRankings) { return false; }
        if (number == next) { parts.push_back(part); }
        split.push_back(static_cast<std::uint16_t>(number));
    }
    std::vector<RegionIndex> first_regions;
    for (const auto& [of_class, region] : parts) {
        first_regions.push_back(rank == 0 ? region : first_regions_[of_class]);
    }
    of_groups_ = std::move(split);
    first_regions_ = std::move(first_regions);
    return true;
}

bool RankingClasses::is_before(std::size_t group, std::size_t other) const {
    std::vector<RegionIndex> order(region_count_);
    std::vector<RegionIndex> other_order(region_count_);
    rank(members_[group].first_location, order);
    rank(members_[other].first_location, other_order);
    return order < other_order;
}

Rankings RankingClasses::rankings(std::span<const AddressBits> addresses) const {
    MERIDIAN_ASSERT(addresses.size() == members_.size());
    std::vector<std::size_t> most(first_regions_.size());  // the group with most, 0: none yet
    for (std::size_t group = 1; group < members_.size(); ++group) {
        std::size_t& known = most[of_groups_[group]];
        if (known == 0 || addresses[group] > addresses[known] ||
            (addresses[group] == addresses[known] && is_before(group, known))) {
            known = group;
        }
    }
    std::vector<RegionIndex> regions(most.size() * region_count_);
    std::ranges::copy(default_order_, regions.begin());
    for (std::size_t number = 1; number < most.size(); ++number) {
        rank(members_[most[number]].first_location,
             std::span(regions).subspan(number * region_count_, region_count_));
    }
    return {std::move(regions), region_count_, exact_ranks_};
}

}  // namespace meridian::geo
