// Fuzzes the readers of compiled copies: the first octet is the kind, the rest is the copy.
//
// SPDX-License-Identifier: Apache-2.0
//
// An atlas is the payload itself. A route map has over a megabyte, so the input is a change of a
// good one: three octets for the place, one for the value. Either is sealed with the right
// checksum, as an attacker would do.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "meridian/assert.h"
#include "meridian/geo/atlas_copy.h"
#include "meridian/geo/route_map_copy.h"
#include "tests/geo/copy_octets.h"

namespace {

using namespace meridian;
using test::Octets;

constexpr Digest kKey{1, 2};

const geo::Policy& policy() {
    static const geo::Policy three{.regions = {{50.03, 8.57}, {38.95, -77.45}, {1.36, 103.99}},
                                   .default_order = {2, 1, 0}};
    return three;
}

/// Leaves at many depths, and a /24 and a /56 that are split.
geo::Atlas small_atlas() {
    geo::AtlasBuilder builder;
    constexpr std::array kPlaces{geo::Coordinates{50, 8}, geo::Coordinates{39, -77},
                                 geo::Coordinates{1, 104}};
    constexpr std::array kPrefixes{"8.0.0.0/9",          "192.0.2.0/25",     "192.0.2.128/26",
                                   "192.0.2.255/32",     "198.51.100.0/30",  "2001:db8::/32",
                                   "2a00::/57",          "2a00:0:0:80::/58", "2a00:0:0:ff::/64",
                                   "2a00:0:0:100::1/128"};
    for (std::size_t i = 0; i < kPrefixes.size(); ++i) {
        geo::Location location;
        location.has_coordinates = true;
        location.at = kPlaces[i % kPlaces.size()];
        builder.add(IpPrefix::parse(kPrefixes[i]).value(), builder.add_location(location));
    }
    return std::move(builder).build();
}

void read_atlas(std::span<const std::uint8_t> payload) {
    static const Octets good = geo::write_atlas_copy(small_atlas(), kKey);
    Octets copy(good.begin(), good.begin() + test::kPayloadAt);
    copy.insert(copy.end(), payload.begin(), payload.end());
    test::seal(copy);
    const auto atlas = geo::read_atlas_copy(test::source_of(copy), kKey, {"a.mmdb"});
    if (!atlas) { return; }
    // Making a route map walks over everything, and asserts that it is a partition.
    const geo::RouteMap map(*atlas, policy());
    for (const geo::Location& location : atlas->locations()) {
        MERIDIAN_ASSERT(atlas->text(location.city).size() <= payload.size());
    }
}

void read_route_map(std::span<const std::uint8_t> changes) {
    static const Octets good =
        geo::write_route_map_copy(geo::RouteMap(small_atlas(), policy()), kKey);
    Octets copy = good;
    for (; changes.size() >= 4; changes = changes.subspan(4)) {
        const std::size_t place =
            std::size_t{changes[0]} << 16 | std::size_t{changes[1]} << 8 | changes[2];
        // From the end, where the nodes of IPv6 are.
        copy[copy.size() - 1 - place % (copy.size() - test::kPayloadAt)] = changes[3];
    }
    test::seal(copy);
    const auto map = geo::read_route_map_copy(test::source_of(copy), kKey, policy());
    if (!map) { return; }
    for (const Family family : {Family::V4, Family::V6}) {
        for (const geo::RouteMap::Leaf& leaf : map->leaves(family)) {
            for (const int bits : {24, 56, 128}) {
                if (bits > width_bits(family)) { continue; }
                const auto source_bits = static_cast<std::uint8_t>(bits);
                const geo::Route route =
                    map->find(leaf.prefix.address.masked(source_bits), source_bits);
                MERIDIAN_ASSERT(route.ranking < map->rankings().size());
                for (const geo::RegionIndex region : map->rankings()[route.ranking]) {
                    MERIDIAN_ASSERT(region < policy().regions.size());
                }
            }
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t octets) {
    const std::span input(data, octets);
    if (input.empty()) { return 0; }
    if (input[0] % 2 == 0) {
        read_atlas(input.subspan(1));
    } else {
        read_route_map(input.subspan(1));
    }
    return 0;
}
