// Lays out how names are steered: policies with their route maps, and the images that they choose.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/geo/route_map.h"
#include "meridian/zones/model/zone.h"
#include "zones/snapshot/image_store.h"

namespace meridian::zones {

/// A policy as zones use it. Zones with equal policies share one, so equal ones have one address
/// (zones/compiler/policy_pool.h).
struct SteeringPolicy {
    std::string name;
    /// In the order of `ranks.regions`. Equal regions have one address as well.
    std::vector<std::shared_ptr<const Region>> regions;
    geo::Policy ranks;
    std::uint16_t max_addresses = 4;
    bool client_subnet = true;
    std::uint16_t min_regions = 1;
    friend bool operator==(const SteeringPolicy&, const SteeringPolicy&) = default;
};

/// A service as zones use it, shared like a policy.
struct SteeringService {
    std::string name;  ///< Empty where names are steered by the policy itself.
    std::shared_ptr<const SteeringPolicy> policy;
    /// The policy's regions as the service has them: with its own addresses, and with none where a
    /// region is no part of it.
    std::vector<std::shared_ptr<const Region>> regions;
    /// Whether a client may need a region of any rank, since some are passed over for all clients
    /// (DESIGN 2, rule 5). A and AAAA of a name then both read the table with all ranks.
    bool all_ranks = false;
    /// How its addresses are checked; null: never. Equal ones have one address, too.
    std::shared_ptr<const Health> health = {};
    /// Answers while no region is any better than down; null: none. In the form of a region.
    std::shared_ptr<const Region> last_resort = {};
    bool families_together = false;
    /// By family: some of its regions have it, and no answer has it, since others lack it
    /// (`missing_family = "omit"`).
    std::array<bool, 2> omits{};
    std::vector<std::shared_ptr<const SteeringService>> depends = {};
    friend bool operator==(const SteeringService&, const SteeringService&) = default;

    /// What operators know it by.
    [[nodiscard]] const std::string& label() const { return name.empty() ? policy->name : name; }
    /// Whether it hands out CNAMEs instead of addresses.
    [[nodiscard]] bool hands_out_names() const {
        return std::ranges::any_of(regions,
                                   [](const auto& region) { return region->target.has_value(); });
    }
};

/// How many cells of a live table it has, each time that it is served.
inline std::uint32_t cell_count(const SteeringService& service) {
    const std::size_t count = service.regions.size() + (service.last_resort == nullptr ? 0 : 1);
    return static_cast<std::uint32_t>(count);
}

/// A policy as it is served, in one of its two tables.
struct PolicyTable {
    std::shared_ptr<const SteeringPolicy> policy;
    bool all_ranks = false;
    std::shared_ptr<const geo::RouteMap> routes;  ///< Shared by all policies that rank alike.

    [[nodiscard]] geo::Policy ranks() const {
        geo::Policy ranks = policy->ranks;
        ranks.all_ranks = all_ranks;
        return ranks;
    }
};

/// The addresses of a region by family; 0 where it has none. A service of CNAMEs has these in the
/// first place. Their TTLs are set while they are written, since services with different TTLs share
/// them.
using RegionImages = std::array<ImageRef, 2>;

/// What a last resort is called where regions are named.
inline constexpr std::string_view kLastResort = "last resort";

/// What all names answer that are steered by one service with one TTL.
struct ServedService {
    const geo::RouteMap* routes = nullptr;
    /// By region, then that of the last resort; references into Steering::images.
    const RegionImages* images = nullptr;
    std::uint32_t first_cell = 0;  ///< In the live table, of its first region.
    std::uint32_t ttl_seconds = 0;
    std::uint16_t max_addresses = 0;
    bool client_subnet = true;
    bool has_last_resort = false;
    std::shared_ptr<const SteeringService> service;

    /// The index behind its regions, under which it has its last resort, where it has one.
    [[nodiscard]] geo::RegionIndex last_resort() const {
        return static_cast<geo::RegionIndex>(service->regions.size());
    }
    [[nodiscard]] std::uint32_t end_cell() const { return first_cell + cell_count(*service); }
    [[nodiscard]] const Region& region_of(std::uint32_t cell) const {
        const std::uint32_t index = cell - first_cell;
        return index == last_resort() ? *service->last_resort : *service->regions[index];
    }
};

/// Everything that is steered. Snapshots share it until a service or the atlas changes. A live
/// table belongs to one (include/meridian/zones/live_table.h).
struct Steering {
    using Key = std::pair<const SteeringService*, std::uint32_t>;  ///< With the TTL in seconds.

    std::vector<PolicyTable> tables;
    std::vector<ServedService> services;      ///< Point into the other members.
    std::map<Key, std::uint32_t> numbers;     ///< Of the services.
    std::vector<RegionImages> region_images;  ///< By cell of the live table.
    ImageStore images;
};

}  // namespace meridian::zones
