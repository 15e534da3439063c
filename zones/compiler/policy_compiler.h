// Makes the tables that steer clients: one per policy, shared where policies rank alike.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/route_map.h"
#include "meridian/zones/zone.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

class PolicyCompiler {
public:
    /// `previous` may be null; its route maps serve again where atlas and policy are the same.
    PolicyCompiler(SnapshotData& data, const SnapshotData* previous);

    /// The steered set for a policy of a zone with a TTL, made when it is new.
    std::uint32_t steered_set(const Zone& zone, std::uint16_t zone_index, std::size_t policy_index,
                              std::uint32_t ttl_seconds);

    /// Whether names of the policy have records of the family at all: never a matter of the client
    /// (DESIGN 2, rule 1).
    static bool has_family(const Zone& zone, const Policy& policy, Family family);

private:
    struct KnownRoutes {
        geo::Policy policy;
        std::shared_ptr<const geo::RouteMap> routes;
    };
    std::uint32_t table(const Zone& zone, std::uint16_t zone_index, std::size_t policy_index);
    std::shared_ptr<const geo::RouteMap> routes_for(const geo::Policy& policy);
    std::vector<Variant> region_images(const Zone& zone, const PolicyTable& table,
                                       std::uint32_t ttl_seconds);

    SnapshotData& data_;
    std::vector<KnownRoutes> known_routes_;
    std::map<std::pair<std::uint16_t, std::size_t>, std::uint32_t> tables_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> steered_sets_;
};

}  // namespace meridian::zones
