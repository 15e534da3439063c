// Makes one table that several policies share.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/joint_route_maps.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>

#include "geo/id_index.h"
#include "geo/table/ranking_classes.h"
#include "geo/table/route_map_tables.h"
#include "geo/table/route_table_builder.h"

namespace meridian::geo {
namespace {

/// Numbers the classes of clients. A class has a row of values: each policy's ranking for it.
class Classes {
public:
    explicit Classes(std::size_t policy_count) : policy_count_(policy_count) {}

    /// The number of the class with this row. Once there are too many classes, any number.
    std::uint16_t number_of(std::span<const std::uint16_t> row) {
        if (are_too_many_) { return 0; }
        const auto next = static_cast<std::uint32_t>(rows_.size() / policy_count_);
        const std::uint32_t number = numbers_.find_or_insert(
            hash_of(row), next,
            [&](std::uint32_t known) { return std::ranges::equal(row, row_of(known)); });
        if (number == next) {
            are_too_many_ = next == kMaxRankings;
            rows_.insert(rows_.end(), row.begin(), row.end());
        }
        return static_cast<std::uint16_t>(number);
    }
    [[nodiscard]] bool are_too_many() const { return are_too_many_; }

    /// The value of a policy at a leaf that has `leaf_value` in the joint table.
    [[nodiscard]] std::uint16_t value_of(std::uint16_t leaf_value, std::size_t policy) const {
        return is_of_no_place(leaf_value) ? leaf_value : row_of(leaf_value)[policy];
    }
    [[nodiscard]] std::vector<std::uint16_t> column(std::size_t policy) const {
        std::vector<std::uint16_t> values;
        values.reserve(rows_.size() / policy_count_);
        for (std::size_t at = policy; at < rows_.size(); at += policy_count_) {
            values.push_back(rows_[at]);
        }
        return values;
    }

private:
    [[nodiscard]] std::span<const std::uint16_t> row_of(std::uint32_t number) const {
        return std::span(rows_).subspan(number * policy_count_, policy_count_);
    }
    static std::uint32_t hash_of(std::span<const std::uint16_t> row) {
        std::uint64_t hash = 0;
        for (const std::uint16_t value : row) {
            hash = (hash ^ value) * 0x9e37'79b9'7f4a'7c15U;
            hash ^= hash >> 32;
        }
        return static_cast<std::uint32_t>(hash);
    }

    std::size_t policy_count_;
    std::vector<std::uint16_t> rows_;
    IdIndex numbers_;
    bool are_too_many_ = false;
};

/// Lets each policy choose a value for a split block; the block gets the class with that row.
class JointBlockChooser {
public:
    JointBlockChooser(std::vector<BlockChooser> choosers, Classes& classes)
        : choosers_(std::move(choosers)), classes_(classes), row_(choosers_.size()) {}

    std::uint16_t operator()(std::span<const ValueWeight> weights) {
        if (weights.size() == 1) { return weights[0].value; }
        for (std::size_t policy = 0; policy < choosers_.size(); ++policy) {
            of_policy_.clear();
            for (const ValueWeight& weight : weights) {
                add(weight, classes_.value_of(weight.value, policy));
            }
            row_[policy] = choosers_[policy](of_policy_);
        }
        return classes_.number_of(row_);
    }

private:
    void add(const ValueWeight& weight, std::uint16_t value) {
        const auto known = std::ranges::find(of_policy_, value, &ValueWeight::value);
        if (known == of_policy_.end()) {
            of_policy_.push_back({value, weight.order, weight.addresses});
        } else {
            known->addresses += weight.addresses;
            known->order = std::min(known->order, weight.order);
        }
    }

    std::vector<BlockChooser> choosers_;
    Classes& classes_;
    std::vector<std::uint16_t> row_;
    std::vector<ValueWeight> of_policy_;
};

/// The class of each location, from its rankings by each policy.
std::vector<std::uint16_t> classes_of_locations(std::span<const RankingClasses> of_policies,
                                                Classes& classes) {
    std::vector<std::uint16_t> row(of_policies.size());
    std::vector<std::uint16_t> result(of_policies[0].groups().size());
    for (std::size_t location = 0; location < result.size(); ++location) {
        for (std::size_t policy = 0; policy < row.size(); ++policy) {
            const RankingClasses& rankings = of_policies[policy];
            row[policy] = rankings.of_groups()[rankings.groups()[location]];
        }
        result[location] = classes.number_of(row);
    }
    return result;
}

/// The rankings of a policy, from the addresses of each location.
Rankings rankings_of(const RankingClasses& classes, std::span<const AddressBits> addresses) {
    std::vector<AddressBits> of_groups(classes.of_groups().size());
    for (std::size_t location = 0; location < addresses.size(); ++location) {
        of_groups[classes.groups()[location]] += addresses[location];
    }
    return classes.rankings(of_groups);
}

}  // namespace

/// Makes route maps from their parts.
class JointRouteMaps {
public:
    static std::optional<std::vector<RouteMap>> make(const Atlas& atlas,
                                                     std::span<const Policy> policies);
};

std::optional<std::vector<RouteMap>> JointRouteMaps::make(const Atlas& atlas,
                                                          std::span<const Policy> policies) {
    std::vector<RankingClasses> of_policies;
    std::vector<BlockChooser> choosers;
    of_policies.reserve(policies.size());  // choosers refer to their elements
    for (const Policy& policy : policies) {
        const RankingClasses& added = of_policies.emplace_back(atlas, policy);
        choosers.emplace_back(added.first_regions(), policy.regions.size());
    }
    Classes classes(policies.size());
    const std::vector<std::uint16_t> of_locations = classes_of_locations(of_policies, classes);
    if (classes.are_too_many()) { return {}; }

    // Policies group locations in different ways, so each location is a group.
    std::vector<std::uint32_t> groups(of_locations.size());
    std::iota(groups.begin(), groups.end(), 0);
    std::vector<std::uint16_t> votes = of_locations;
    for (std::size_t location = 0; location < votes.size(); ++location) {
        if (of_policies[0].groups()[location] == 0) { votes[location] = kUnknown; }
    }
    std::vector<AddressBits> addresses(votes.size());
    const LocationVotes locations{groups, votes, addresses};
    // Other lengths follow their first address: the choices of all policies for a million blocks
    // would be more classes than a leaf can hold.
    const RouteChoice choice{.of_unknown = of_locations[0],
                             .choose = JointBlockChooser(std::move(choosers), classes),
                             .have_one_region = {}};
    const auto table_of = [&](Family family) {
        return build_route_table(family, atlas, locations, choice);
    };
    auto tables = std::make_shared<const RouteMap::Tables>(
        RouteMap::Tables{table_of(Family::V4), table_of(Family::V6)});
    if (classes.are_too_many()) { return {}; }

    std::vector<RouteMap> maps;
    for (std::size_t policy = 0; policy < policies.size(); ++policy) {
        RouteMap map;
        map.rankings_ = rankings_of(of_policies[policy], addresses);
        map.ranking_of_class_ = classes.column(policy);
        map.tables_ = tables;
        maps.push_back(std::move(map));
    }
    return maps;
}

std::optional<std::vector<RouteMap>> make_joint_route_maps(const Atlas& atlas,
                                                           std::span<const Policy> policies) {
    return JointRouteMaps::make(atlas, policies);
}

}  // namespace meridian::geo
