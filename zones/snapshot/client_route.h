// Routes a client by a policy: which address decides, and which ranking it gets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "meridian/dns/query.h"
#include "meridian/geo/route_map.h"
#include "meridian/ip_address.h"

namespace meridian::zones {

/// The address that decided, and why. The reason of an answer's outcome (dns::Outcome).
enum class AddressSource : std::uint8_t {
    Resolver = 1,          ///< No client subnet, or the policy ignores it.
    ResolverBySourceZero,  ///< SOURCE /0: the user asks not to be located (RFC 7871 §7.1.2).
    ResolverByPlaceless,   ///< The client subnet is private or has no place for another reason.
    ClientSubnet,
};

struct RoutedClient {
    geo::RankingId ranking = 0;
    std::uint8_t scope_bits = 0;  ///< For the ECS option of the answer, if there is one.
    AddressSource source = AddressSource::Resolver;
};

/// Decides for answers and explanations which address counts, and how far an answer may be shared.
/// `takes_client_subnet` is that of the policy.
inline RoutedClient route_client(const geo::RouteMap& routes, bool takes_client_subnet,
                                 const dns::ClientSubnet& subnet, const IpAddress& peer) {
    if (!subnet.present || !takes_client_subnet) {
        return {routes.find(peer, peer.width()).ranking, 0, AddressSource::Resolver};
    }
    if (subnet.source_bits == 0) {
        return {routes.find(peer, peer.width()).ranking, 0, AddressSource::ResolverBySourceZero};
    }
    const geo::Route route = routes.find(subnet.address, subnet.source_bits);
    if (!route.ask_resolver) {
        return {route.ranking, route.scope_bits, AddressSource::ClientSubnet};
    }
    // With scope 0 a resolver would give this answer to all clients; the scope of the block limits
    // it to addresses without a place.
    return {routes.find(peer, peer.width()).ranking, route.scope_bits,
            AddressSource::ResolverByPlaceless};
}

}  // namespace meridian::zones
