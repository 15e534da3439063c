// Finds routes the slow way: the twin that the route map is held against.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/ip_prefix.h"
#include "tests/support/random_addresses.h"

namespace meridian::test {

/// One prefix of a made-up database, and where it is.
struct PlacedPrefix {
    IpPrefix prefix;
    geo::Location location;
};

/// A made-up database: prefixes apart from each other, in address order, IPv4 before IPv6.
std::vector<PlacedPrefix> random_world(Random& random);

/// The same as an atlas.
geo::Atlas atlas_of(const std::vector<PlacedPrefix>& world);

/// A policy with `region_count` regions anywhere on Earth and a default order at random.
geo::Policy random_policy(Random& random, std::size_t region_count);

/// The great-circle distance by the haversine formula.
double haversine_km(geo::Coordinates from, geo::Coordinates to);

/// What a client should be told.
struct NaiveRoute {
    geo::Ranking ranking;
    bool ask_resolver = false;
};

/// Looks every time through all prefixes and all regions.
class NaiveRoutes {
public:
    NaiveRoutes(const std::vector<PlacedPrefix>& world, const geo::Policy& policy)
        : world_(world), policy_(policy) {}

    /// Of one address; IPv4 in IPv6 is found as IPv4.
    [[nodiscard]] NaiveRoute of_address(const IpAddress& address) const;

    /// Of a /24, or of a /56 that no prefix longer than /64 splits, by counting its 256 parts.
    [[nodiscard]] NaiveRoute of_block(const IpPrefix& block) const;

private:
    [[nodiscard]] geo::Ranking ranking_at(const geo::Location& location) const;

    const std::vector<PlacedPrefix>& world_;
    const geo::Policy& policy_;
};

}  // namespace meridian::test
