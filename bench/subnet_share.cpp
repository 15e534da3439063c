// Measures for how many clients a client subnet of each length names the nearest region.
//
// SPDX-License-Identifier: Apache-2.0
//
//     meridian_bench_subnets CITY-v4.mmdb CITY-v6.mmdb
#include <array>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "bench/database.h"
#include "meridian/geo/route_map.h"
#include "meridian/geo/special_addresses.h"

namespace meridian::bench {
namespace {

// Virginia, Oregon, Frankfurt, Singapore, Tokyo, Sydney, Sao Paulo, Mumbai.
geo::Policy eight_regions() {
    return {.regions = {{38.95, -77.45},
                        {45.6, -121.2},
                        {50.03, 8.57},
                        {1.36, 103.99},
                        {35.55, 139.78},
                        {-33.95, 151.18},
                        {-23.43, -46.47},
                        {19.09, 72.87}},
            .default_order = {0, 1, 2, 3, 4, 5, 6, 7}};
}

struct Share {
    double located = 0;      // addresses whose place is known
    double by_first = 0;     // of these, those whose block's first address has their region
    double by_majority = 0;  // and those that get it by the map's choice
};

bool is_of_a_place(const IpAddress& address) {
    for (const auto& blocks : {geo::placeless_blocks(address.family()), geo::embedding_blocks()}) {
        for (const IpPrefix& block : blocks) {
            if (block.contains(address)) { return false; }
        }
    }
    return true;
}

void measure(const geo::Atlas& atlas, const geo::RouteMap& map, Family family,
             const std::vector<std::uint8_t>& lengths) {
    std::vector<Share> shares(lengths.size());
    std::vector<Share> of_networks(lengths.size());
    const auto region_of = [&](const geo::Route& route) {
        return map.rankings()[route.ranking][0];
    };
    geo::Atlas::Cursor cursor(atlas, family);
    for (geo::AtlasLeaf leaf; cursor.next(leaf);) {
        const IpAddress& address = leaf.prefix.address;
        if (!geo::place_of(atlas.location(leaf.location)) || !is_of_a_place(address)) { continue; }
        const auto nearest = region_of(map.find(address, address.width()));
        const double addresses = std::ldexp(1.0, address.width() - leaf.prefix.bits);
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            const IpAddress block = address.masked(lengths[i]);
            const bool is_whole = leaf.prefix.bits <= lengths[i];
            const bool first_does =
                is_whole || region_of(map.find(block, block.width())) == nearest;
            const bool majority_does =
                is_whole || region_of(map.find(block, lengths[i])) == nearest;
            for (auto [all, weight] :
                 {std::pair{&shares, addresses}, std::pair{&of_networks, 1.0}}) {
                Share& share = (*all)[i];
                share.located += weight;
                share.by_first += first_does ? weight : 0;
                share.by_majority += majority_does ? weight : 0;
            }
        }
    }
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const auto percent = [](double part, double all) { return 100 * part / all; };
        std::cout << (family == Family::V4 ? "IPv4 /" : "IPv6 /") << int{lengths[i]}
                  << "  addresses " << percent(shares[i].by_first, shares[i].located) << " -> "
                  << percent(shares[i].by_majority, shares[i].located) << " %, networks "
                  << percent(of_networks[i].by_first, of_networks[i].located) << " -> "
                  << percent(of_networks[i].by_majority, of_networks[i].located) << " %\n";
    }
}

int run(const std::vector<std::string>& paths) {
    const auto atlas = read_database(paths);
    if (!atlas) {
        std::cerr << atlas.error() << '\n';
        return 1;
    }
    const geo::RouteMap map(**atlas, eight_regions());
    std::cout << "table " << map.table_octets() << " octets\n";
    measure(**atlas, map, Family::V4, {8, 12, 16, 18, 20, 21, 22, 23, 24});
    measure(**atlas, map, Family::V6, {20, 24, 28, 32, 36, 40, 44, 48, 52, 56});
    return 0;
}

}  // namespace
}  // namespace meridian::bench

int main(int argc, char** argv) {
    return meridian::bench::run({argv + 1, argv + argc});
}
