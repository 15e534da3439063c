// Lays out how names are steered: policies with their route maps, and the images that they choose.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
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
    friend bool operator==(const SteeringPolicy&, const SteeringPolicy&) = default;
};

/// A policy as it is served.
struct PolicyTable {
    std::shared_ptr<const SteeringPolicy> policy;
    std::shared_ptr<const geo::RouteMap> routes;  ///< Shared by all policies that rank alike.
};

/// The addresses of a region by family; 0 where it has none. Their TTLs are set while they are
/// written, since services with different TTLs share them.
using RegionImages = std::array<ImageRef, 2>;

/// A service: what all names answer that are steered by one policy with one TTL.
struct ServedService {
    const geo::RouteMap* routes = nullptr;
    const RegionImages* images = nullptr;  ///< By region; references into Steering::images.
    const PolicyTable* table = nullptr;
    std::uint32_t first_cell = 0;  ///< In the live table, of its first region.
    std::uint32_t ttl_seconds = 0;
    std::uint16_t max_addresses = 0;
    bool client_subnet = true;

    [[nodiscard]] std::uint32_t end_cell() const {
        return first_cell + static_cast<std::uint32_t>(table->policy->regions.size());
    }
    [[nodiscard]] const Region& region_of(std::uint32_t cell) const {
        return *table->policy->regions[cell - first_cell];
    }
};

/// Everything that is steered. Snapshots share it until a policy or the atlas changes. A live table
/// belongs to one (include/meridian/zones/live_table.h).
struct Steering {
    using Key = std::pair<const SteeringPolicy*, std::uint32_t>;  ///< With the TTL in seconds.

    std::vector<PolicyTable> tables;
    std::vector<ServedService> services;      ///< Point into the other members.
    std::map<Key, std::uint32_t> numbers;     ///< Of the services.
    std::vector<RegionImages> region_images;  ///< By cell of the live table.
    ImageStore images;
};

}  // namespace meridian::zones
