// Routes clients of one policy: whose address counts, which ranking it gets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/dns/query.h"
#include "meridian/geo/route_map.h"
#include "meridian/ip_prefix.h"

namespace meridian::zones {

/// A policy as it is served, one for all zones that have the same.
struct PolicyTable {
    std::string name;
    /// For each index of `policy.regions` that into SnapshotData::regions.
    std::vector<std::uint32_t> regions;
    geo::Policy policy;
    std::shared_ptr<const geo::RouteMap> routes;  ///< Shared by all policies that rank alike.
    std::uint16_t max_addresses = 4;
    bool client_subnet = true;
};

/// The region that serves a family to the clients of a ranking: the first of its ranks that
/// `has_family`, then the first of the default order. For compiling and for explaining.
inline std::optional<geo::RegionIndex> serving_region(
    const geo::Ranking& ranking, const geo::Policy& policy,
    const std::function<bool(geo::RegionIndex)>& has_family) {
    for (std::uint8_t rank = 0; rank < ranking.count; ++rank) {
        if (has_family(ranking.regions[rank])) { return ranking.regions[rank]; }
    }
    const auto found =
        std::find_if(policy.default_order.begin(), policy.default_order.end(), has_family);
    if (found == policy.default_order.end()) { return {}; }
    return *found;
}

/// Who a client was taken to be.
enum class Identity : std::uint8_t {
    Resolver,              ///< No client subnet, or the policy does not want it.
    ResolverBySourceZero,  ///< SOURCE /0: the user wants no part in it (RFC 7871 §7.1.2).
    ResolverByPlaceless,   ///< The client subnet is private or otherwise without a place.
    ClientSubnet,
};

struct RoutedClient {
    geo::RankingId ranking = 0;
    std::uint8_t scope_bits = 0;  ///< For the ECS option of the answer, if there is one.
    Identity identity = Identity::Resolver;
};

/// The rules of whose address decides and how far an answer may be shared, in one place: for
/// answering and for explaining.
inline RoutedClient route_client(const PolicyTable& table, const dns::ClientSubnet& subnet,
                                 const IpAddress& peer) {
    const geo::RouteMap& routes = *table.routes;
    if (!subnet.present || !table.client_subnet) {
        return {routes.find(peer, peer.width()).ranking, 0, Identity::Resolver};
    }
    if (subnet.source_bits == 0) {
        return {routes.find(peer, peer.width()).ranking, 0, Identity::ResolverBySourceZero};
    }
    const geo::Route route = routes.find(subnet.address, subnet.source_bits);
    if (!route.ask_resolver) { return {route.ranking, route.scope_bits, Identity::ClientSubnet}; }
    // Scope 0 would make this answer everybody's; the block keeps it with those who share it.
    return {routes.find(peer, peer.width()).ranking, route.scope_bits,
            Identity::ResolverByPlaceless};
}

}  // namespace meridian::zones
