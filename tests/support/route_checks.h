// Draws clients of a made-up world, and checks that caches may share what a route map returns.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "geo/address_range.h"
#include "meridian/geo/route_map.h"
#include "tests/support/naive_routes.h"

namespace meridian::geo {

inline bool operator==(const Route& one, const Route& other) {
    return one.ranking == other.ranking && one.scope_bits == other.scope_bits &&
           one.ask_resolver == other.ask_resolver;
}
inline void PrintTo(const Route& route, std::ostream* out) {
    *out << "ranking " << route.ranking << " scope " << int{route.scope_bits}
         << (route.ask_resolver ? " (resolver)" : "");
}

}  // namespace meridian::geo

namespace meridian::test {

/// The whole ranking of a route.
inline std::vector<geo::RegionIndex> ranking_of(const geo::RouteMap& map, const geo::Route& route) {
    const auto ranking = map.rankings()[route.ranking];
    return {ranking.begin(), ranking.end()};
}

/// An address anywhere, near the database's splits, or near a block of no place.
inline IpAddress random_client(Random& random, const std::vector<PlacedPrefix>& world,
                               Family family) {
    const std::uint64_t kind = below(random, 4);
    if (kind == 0) { return random_address(random, family); }
    if (kind == 1) { return random_address_near_blocks(random, family); }
    while (true) {
        const IpPrefix& prefix = world[below(random, world.size())].prefix;
        if (prefix.address.family() == family) { return random_address_in(random, prefix); }
    }
}

/// Checks that for every SOURCE of `client`, the other clients in the scope of its answer get the
/// same.
inline void expect_scopes_hold(const geo::RouteMap& map, const IpAddress& client, Random& random) {
    for (unsigned bits = client.is_v4() ? 16 : 32; bits <= client.width(); ++bits) {
        const auto source = static_cast<std::uint8_t>(bits);
        const geo::Route route = map.find(client.masked(source), source);
        ASSERT_LE(route.scope_bits, source);
        const IpPrefix scope{client.masked(route.scope_bits), route.scope_bits};
        std::vector neighbours{scope.address, last_address(scope)};
        for (int n = 0; n < 6; ++n) {
            neighbours.push_back(random_address_in(random, scope));
        }
        // One bit away from the client: just over the border of a smaller leaf.
        for (unsigned bit = route.scope_bits; bit < source; bit += 3) {
            const geo::AddressBits flip = geo::AddressBits{1} << (127 - bit);
            neighbours.push_back(geo::address_of(client.family(), geo::bits_of(client) ^ flip));
        }
        for (const IpAddress& neighbour : neighbours) {
            ASSERT_EQ(map.find(neighbour.masked(source), source), route)
                << client.to_string() << "/" << bits << " and " << neighbour.to_string();
        }
    }
}

}  // namespace meridian::test
