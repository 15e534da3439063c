// Compiles policies into a snapshot: who is steered by which of them, and to which images.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/policy_compiler.h"

#include <algorithm>
#include <array>

#include "meridian/assert.h"
#include "meridian/dns/image.h"
#include "zones/compiler/route_maps.h"
#include "zones/model/messages.h"

namespace meridian::zones {
namespace {

constexpr std::array kFamilies{Family::V4, Family::V6};

bool region_has(const Region& region, Family family) {
    return std::any_of(region.addresses.begin(), region.addresses.end(),
                       [family](const IpAddress& address) { return address.family() == family; });
}

/// The policy in the terms of `geo`: its own region indices instead of the zone's.
geo::Policy geo_policy(const Zone& zone, const Policy& policy) {
    geo::Policy result;
    for (const std::size_t region : policy.regions) {
        result.regions.push_back(zone.regions[region].at);
    }
    for (const std::size_t region : policy.default_order) {
        const auto at = std::find(policy.regions.begin(), policy.regions.end(), region);
        MERIDIAN_ASSERT(at != policy.regions.end());
        result.default_order.push_back(static_cast<geo::RegionIndex>(at - policy.regions.begin()));
    }
    return result;
}

dns::RecordSet address_set(const Region& region, Family family, std::uint32_t ttl_seconds) {
    dns::RecordSet set{family == Family::V4 ? dns::Type::A : dns::Type::AAAA, ttl_seconds, {}};
    for (const IpAddress& address : region.addresses) {
        if (address.family() != family) { continue; }
        const auto octets = address.octets();
        set.records.emplace_back(octets.begin(), octets.begin() + address.width() / 8);
    }
    return set;
}

/// The image of the region that serves the family to a ranking's clients, or 0.
ImageRef best_image(const geo::Ranking& ranking, const geo::Policy& policy,
                    const std::vector<Variant>& images, std::size_t family) {
    const auto region = serving_region(ranking, policy, [&](geo::RegionIndex candidate) {
        return images[candidate][family] != 0;
    });
    return region ? images[*region][family] : 0;
}

Diagnostic no_room(const Zone& zone, const Policy& policy, const CompileInput& input) {
    // Of the zone file, even where the policy is a library's: that one is served to others.
    const TextPosition at = policy.position.file == 0 ? policy.position : TextPosition();
    return diagnostic_of(messages::kTooManyTables, zone.file, at, key_path("policies", policy.name),
                         {std::to_string(input.max_table_octets >> 20)});
}

}  // namespace

bool PolicyCompiler::has_family(const Zone& zone, const Policy& policy, Family family) {
    const auto has = [&](std::size_t region) { return region_has(zone.regions[region], family); };
    if (policy.missing_family == MissingFamily::Omit) {
        return std::all_of(policy.regions.begin(), policy.regions.end(), has);
    }
    return std::any_of(policy.regions.begin(), policy.regions.end(), has);
}

void PolicyCompiler::begin_zone(const Zone& zone) {
    zone_ = &zone;
    zone_regions_.clear();
    for (const Region& region : zone.regions) {
        zone_regions_.push_back(number_of(region));
    }
    zone_tables_.assign(zone.policies.size(), {});
}

std::uint32_t PolicyCompiler::number_of(const Region& region) {
    const auto [known, is_new] = regions_.try_emplace({region.file, region.name});
    if (is_new) { ++data_.region_count; }
    for (const std::uint32_t number : known->second) {
        const Region& other = data_.regions[number];
        if (other.at == region.at && other.addresses == region.addresses) { return number; }
    }
    data_.regions.push_back(region);
    known->second.push_back(static_cast<std::uint32_t>(data_.regions.size() - 1));
    return known->second.back();
}

std::uint32_t PolicyCompiler::table(std::size_t policy_index) {
    std::optional<std::uint32_t>& of_zone = zone_tables_[policy_index];
    if (of_zone) { return *of_zone; }
    const Policy& policy = zone_->policies[policy_index];
    PolicyTable table;
    table.name = policy.name;
    for (const std::size_t region : policy.regions) {
        table.regions.push_back(zone_regions_[region]);
    }
    table.policy = geo_policy(*zone_, policy);
    table.max_addresses = policy.max_addresses;
    table.client_subnet = policy.client_subnet;
    const auto [known, is_new] =
        tables_.try_emplace({table.name, table.regions, table.policy.default_order,
                             table.max_addresses, table.client_subnet},
                            static_cast<std::uint32_t>(data_.policy_tables.size()));
    if (is_new) {
        data_.policy_tables.push_back(std::move(table));
        users_.emplace_back();
    }
    users_[known->second].push_back({zone_, policy_index});
    of_zone = known->second;
    return known->second;
}

std::vector<Variant> PolicyCompiler::region_images(const PolicyTable& table,
                                                   std::uint32_t ttl_seconds) {
    std::vector<Variant> images;
    for (const std::uint32_t region : table.regions) {
        Variant variant{};
        for (std::size_t family = 0; family < kFamilies.size(); ++family) {
            const dns::RecordSet set =
                address_set(data_.regions[region], kFamilies[family], ttl_seconds);
            if (set.records.empty()) { continue; }
            const auto image = dns::make_image(set, dns::Name().wire());  // addresses hold no name
            MERIDIAN_ASSERT(image.ok());  // kMaxRegionAddresses keeps it far below 65535 octets
            variant[family] = data_.images.add(*image);
        }
        images.push_back(variant);
    }
    return images;
}

std::uint32_t PolicyCompiler::steered_set(std::size_t policy_index, std::uint32_t ttl_seconds) {
    const std::uint32_t table_number = table(policy_index);
    const auto [known, is_new] = steered_sets_.try_emplace({table_number, ttl_seconds});
    if (!is_new) { return known->second; }

    region_images_.push_back(region_images(data_.policy_tables[table_number], ttl_seconds));
    data_.steered_sets.push_back({.table = table_number});
    known->second = static_cast<std::uint32_t>(data_.steered_sets.size() - 1);
    return known->second;
}

Diagnostics PolicyCompiler::finish(const CompileInput& input) {
    Diagnostics problems = add_route_maps(input);
    if (!problems.empty()) { return problems; }
    for (std::size_t i = 0; i < data_.steered_sets.size(); ++i) {
        add_variants(data_.steered_sets[i], region_images_[i]);
    }
    return {};
}

/// Policies that rank alike have one between them.
Diagnostics PolicyCompiler::add_route_maps(const CompileInput& input) {
    std::vector<geo::Policy> distinct;
    std::vector<std::size_t> numbers;
    for (const PolicyTable& table : data_.policy_tables) {
        const auto known = std::ranges::find(distinct, table.policy);
        numbers.push_back(static_cast<std::size_t>(known - distinct.begin()));
        if (known == distinct.end()) { distinct.push_back(table.policy); }
    }
    const auto maps = make_route_maps(input, distinct);
    Diagnostics problems;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        data_.policy_tables[i].routes = maps[numbers[i]];
        if (maps[numbers[i]]) { continue; }
        for (const User& user : users_[i]) {
            problems.push_back(no_room(*user.zone, user.zone->policies[user.policy], input));
        }
    }
    return problems;
}

void PolicyCompiler::add_variants(SteeredSet& set, const std::vector<Variant>& images) {
    const PolicyTable& table = data_.policy_tables[set.table];
    set.variants_begin = static_cast<std::uint32_t>(data_.variants.size());
    for (const geo::Ranking& ranking : table.routes->rankings()) {
        Variant variant{};
        for (std::size_t family = 0; family < kFamilies.size(); ++family) {
            variant[family] = best_image(ranking, table.policy, images, family);
        }
        data_.variants.push_back(variant);
    }
}

}  // namespace meridian::zones
