// Finds routes the slow way: the twin of the route map.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "geo/address_range.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/ip_address.h"
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

/// A policy with `region_count` regions anywhere on Earth and a default order at random. One in
/// three has all ranks decide.
geo::Policy random_policy(Random& random, std::size_t region_count);

/// Regions that are this near to each other are as far as each other, as a slow twin has it.
constexpr double kTieKm = 0.5;

/// The great-circle distance by the haversine formula.
double haversine_km(geo::Coordinates from, geo::Coordinates to);

/// The answer that a client should get.
struct NaiveRoute {
    std::vector<geo::RegionIndex> ranking;  ///< All regions.
    bool ask_resolver = false;
    bool is_known = false;  ///< The database has a place for it.
};

/// Searches all regions for every query, and all prefixes for a block.
class NaiveRoutes {
public:
    NaiveRoutes(const std::vector<PlacedPrefix>& world, const geo::Policy& policy);

    /// Of one address; IPv4 in IPv6 is found as IPv4.
    [[nodiscard]] NaiveRoute of_address(const IpAddress& address) const;

    /// The route of a block, by counting the addresses of its parts: the region with most of the
    /// known ones. If the first address has a ranking with that region first, the block gets this
    /// ranking, unless it is a /24 or a /56.
    [[nodiscard]] NaiveRoute of_block(const IpPrefix& block) const;

private:
    struct Part {
        NaiveRoute route;
        geo::AddressBits addresses = 0;
    };
    [[nodiscard]] std::vector<Part> parts_of(const IpPrefix& block) const;
    [[nodiscard]] NaiveRoute as_sent(const IpAddress& address) const;
    using Order = std::vector<geo::RegionIndex>;
    [[nodiscard]] Order order_at(const geo::Location& location) const;
    [[nodiscard]] Order deciding(const Order& order) const;
    [[nodiscard]] Order ranking_at(const geo::Location& location) const;

    const std::vector<PlacedPrefix>& world_;
    const geo::Policy& policy_;
    std::map<Order, Order> rankings_;  // of the ranks that decide
};

}  // namespace meridian::test
