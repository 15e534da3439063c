// Finds the zone of a name: the longest of our apexes that ends it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/huge_pages.h"
#include "meridian/limits.h"
#include "zones/snapshot/tag_table.h"

namespace meridian::zones {

/// The apexes of all zones, numbered from 0. Immutable; snapshots share it until a zone comes or
/// goes.
class ApexTable {
public:
    /// Expects names in lower case. Of two equal names the second one is not found.
    ApexTable(std::uint64_t seed, std::span<const dns::Name> apexes);

    [[nodiscard]] std::size_t size() const { return apexes_.size(); }
    [[nodiscard]] std::optional<std::uint32_t> find(const dns::Name& apex) const;
    /// The nearest apex above this one.
    [[nodiscard]] std::optional<std::uint32_t> above(std::uint32_t number) const;
    [[nodiscard]] const dns::Name& apex(std::uint32_t number) const { return apexes_[number]; }
    /// Whether another apex lies below this one.
    [[nodiscard]] bool has_zones_below(std::uint32_t number) const {
        return has_zones_below_[number];
    }

    // For workers, who compare names in the zones themselves. The tags give numbers from 1.
    [[nodiscard]] const TagTable& tags() const { return tags_; }
    [[nodiscard]] bool has_label_count(std::size_t count) const { return label_counts_[count]; }
    [[nodiscard]] std::uint64_t seed() const { return seed_; }

private:
    std::uint64_t seed_;
    std::vector<dns::Name> apexes_;
    LargeVector<TagBucket> buckets_;
    TagTable tags_;
    std::array<bool, kMaxNameLabels + 1> label_counts_{};
    std::vector<bool> has_zones_below_;
};

}  // namespace meridian::zones
