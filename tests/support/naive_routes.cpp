// Finds routes the slow way: the twin that the route map is held against.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/naive_routes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>
#include <optional>
#include <set>
#include <utility>

namespace meridian::test {
namespace {

geo::Location random_location(Random& random) {
    // Few places, so that neighbours are often equal and merge.
    constexpr std::array<geo::Coordinates, 7> kPlaces{{{52.5, 13.4},
                                                       {40.7, -74.0},
                                                       {-33.9, 151.2},
                                                       {1.35, 103.8},
                                                       {-23.5, -46.6},
                                                       {35.7, 139.7},
                                                       {90.0, 180.0}}};
    geo::Location location;
    const std::uint64_t choice = below(random, kPlaces.size() + 1);
    if (choice == kPlaces.size()) { return location; }  // a place without coordinates
    location.has_coordinates = true;
    location.at = kPlaces[choice];
    return location;
}

// Splits a block at random, as far as its bits and luck reach.
void split(Random& random, const IpPrefix& block, unsigned max_bits,
           std::vector<PlacedPrefix>& world) {
    const std::uint64_t luck = below(random, 100);
    const bool goes_on = block.bits < max_bits && luck < 97;
    if (!goes_on) {
        if (luck % 8 != 0) { world.push_back({block, random_location(random)}); }
        return;
    }
    const auto bits = static_cast<std::uint8_t>(block.bits + 1);
    const std::uint64_t high = bits <= 64 ? std::uint64_t{1} << (64 - bits) : 0;
    const std::uint64_t low = bits > 64 ? std::uint64_t{1} << (128 - bits) : 0;
    const IpPrefix left{block.address, bits};
    const IpPrefix right{
        IpAddress::left_aligned(block.address.family(), block.address.high() | high,
                                block.address.low() | low),
        bits};
    // One side goes on down, the other nearly always ends, or the world would not end: deep and
    // narrow, with some 1.03 branches a level.
    const bool down_left = below(random, 2) == 0;
    const auto side = [&](const IpPrefix& part, bool is_down) {
        if (is_down || below(random, 100) < 6) {
            split(random, part, max_bits, world);
        } else if (below(random, 8) != 0) {
            world.push_back({part, random_location(random)});
        }
    };
    side(left, down_left);
    side(right, !down_left);
}

void fill(Random& random, Family family, unsigned max_bits, std::vector<PlacedPrefix>& world) {
    for (std::uint64_t block = 0; block < 8; ++block) {
        split(random, {IpAddress::left_aligned(family, block << 61, 0), 3}, max_bits, world);
    }
}

}  // namespace

std::vector<PlacedPrefix> random_world(Random& random) {
    std::vector<PlacedPrefix> world;
    fill(random, Family::V4, 32, world);
    fill(random, Family::V6, 64, world);
    return world;
}

geo::Atlas atlas_of(const std::vector<PlacedPrefix>& world) {
    geo::AtlasBuilder builder;
    for (const PlacedPrefix& placed : world) {
        builder.add(placed.prefix, builder.add_location(placed.location));
    }
    return std::move(builder).build();
}

geo::Policy random_policy(Random& random, std::size_t region_count) {
    geo::Policy policy;
    policy.all_ranks = below(random, 3) == 0;
    std::uniform_real_distribution<double> latitude(-90, 90);
    std::uniform_real_distribution<double> longitude(-180, 180);
    for (std::size_t i = 0; i < region_count; ++i) {
        policy.regions.push_back({latitude(random), longitude(random)});
        policy.default_order.push_back(static_cast<geo::RegionIndex>(i));
    }
    std::ranges::shuffle(policy.default_order, random);
    return policy;
}

double haversine_km(geo::Coordinates from, geo::Coordinates to) {
    constexpr double kRadians = std::numbers::pi / 180;
    const double south = std::sin((to.latitude - from.latitude) * kRadians / 2);
    const double east = std::sin((to.longitude - from.longitude) * kRadians / 2);
    const double a = south * south + std::cos(from.latitude * kRadians) *
                                         std::cos(to.latitude * kRadians) * east * east;
    return 2 * 6371.0088 * std::atan2(std::sqrt(a), std::sqrt(std::max(0.0, 1 - a)));
}

NaiveRoutes::NaiveRoutes(const std::vector<PlacedPrefix>& world, const geo::Policy& policy)
    : world_(world), policy_(policy) {
    std::map<Order, geo::AddressBits> addresses;
    for (const PlacedPrefix& placed : world) {
        // Both families count alike; the fourth part, or they would not fit together.
        addresses[order_at(placed.location)] += (geo::span_of(placed.prefix.bits) >> 2) + 1;
    }
    std::map<Order, geo::AddressBits> most;
    for (const auto& [order, count] : addresses) {  // of those with equal counts the first stays
        if (count <= most[deciding(order)]) { continue; }
        most[deciding(order)] = count;
        rankings_[deciding(order)] = order;
    }
    rankings_[deciding(policy.default_order)] = policy.default_order;
}

/// All regions as seen from a location.
NaiveRoutes::Order NaiveRoutes::order_at(const geo::Location& location) const {
    if (!location.has_coordinates) { return policy_.default_order; }
    Order order;
    std::vector<bool> taken(policy_.regions.size(), false);
    while (order.size() < taken.size()) {
        double nearest_km = 1e9;
        for (std::size_t i = 0; i < taken.size(); ++i) {
            if (taken[i]) { continue; }
            nearest_km = std::min(nearest_km, haversine_km(location.at, policy_.regions[i]));
        }
        for (std::size_t i = 0; i < taken.size(); ++i) {
            if (taken[i]) { continue; }
            if (haversine_km(location.at, policy_.regions[i]) > nearest_km + kTieKm) { continue; }
            taken[i] = true;
            order.push_back(static_cast<geo::RegionIndex>(i));
            break;
        }
    }
    return order;
}

NaiveRoutes::Order NaiveRoutes::deciding(const Order& order) const {
    const std::size_t count =
        policy_.all_ranks ? order.size() : std::min(order.size(), kRankedRegions);
    return {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count)};
}

NaiveRoutes::Order NaiveRoutes::ranking_at(const geo::Location& location) const {
    return rankings_.at(deciding(order_at(location)));
}

NaiveRoute NaiveRoutes::of_address(const IpAddress& address) const {
    if (const auto embedded = geo::embedded_v4(address, address.width())) {
        return of_address(embedded->address);
    }
    return as_sent(address);
}

NaiveRoute NaiveRoutes::as_sent(const IpAddress& address) const {
    for (const IpPrefix& block : geo::placeless_blocks(address.family())) {
        if (block.contains(address)) { return {ranking_at({}), true}; }
    }
    for (const IpPrefix& block : geo::embedding_blocks()) {
        if (block.contains(address)) { return {ranking_at({}), true}; }
    }
    const auto key = [](const IpAddress& of) { return std::pair(of.family(), geo::bits_of(of)); };
    const auto behind = std::ranges::upper_bound(
        world_, key(address), {},
        [&](const PlacedPrefix& placed) { return key(placed.prefix.address); });
    if (behind != world_.begin() && std::prev(behind)->prefix.contains(address)) {
        const geo::Location& location = std::prev(behind)->location;
        return {ranking_at(location), false, location.has_coordinates};
    }
    return {ranking_at({}), false};
}

std::vector<NaiveRoutes::Part> NaiveRoutes::parts_of(const IpPrefix& block) const {
    const geo::AddressBits first = geo::bits_of(block.address);
    const geo::AddressBits last = geo::last_of(block);
    std::set<geo::AddressBits> starts{first};
    const auto cut_at = [&](const IpPrefix& prefix) {
        if (prefix.address.family() != block.address.family()) { return; }
        const geo::AddressBits behind = geo::last_of(prefix) + 1;  // 0 behind the last address
        for (const geo::AddressBits start : {geo::bits_of(prefix.address), behind}) {
            if (start > first && start <= last) { starts.insert(start); }
        }
    };
    std::ranges::for_each(world_, [&](const PlacedPrefix& placed) { cut_at(placed.prefix); });
    std::ranges::for_each(geo::placeless_blocks(block.address.family()), cut_at);
    std::ranges::for_each(geo::embedding_blocks(), cut_at);

    std::vector<Part> parts;
    for (auto start = starts.begin(); start != starts.end(); ++start) {
        const auto next = std::next(start);
        const geo::AddressBits end = next == starts.end() ? last : *next - 1;
        const IpAddress address = geo::address_of(block.address.family(), *start);
        parts.push_back({as_sent(address), end - *start + 1});
    }
    return parts;
}

NaiveRoute NaiveRoutes::of_block(const IpPrefix& block) const {
    std::vector<Part> tallies;  // in order of first appearance
    const std::vector<Part> parts = parts_of(block);
    const bool is_any_known =
        std::ranges::any_of(parts, [](const Part& part) { return part.route.is_known; });
    for (const Part& part : parts) {
        if (is_any_known && !part.route.is_known) { continue; }
        const auto known = std::ranges::find_if(tallies, [&](const Part& tally) {
            return tally.route.ranking == part.route.ranking &&
                   tally.route.ask_resolver == part.route.ask_resolver;
        });
        if (known == tallies.end()) {
            tallies.push_back(part);
        } else {
            known->addresses += part.addresses;
        }
    }
    const auto region_of = [](const NaiveRoute& route) {
        return route.ask_resolver ? kMaxRegions : std::size_t{route.ranking[0]};
    };
    std::array<geo::AddressBits, kMaxRegions + 1> of_region{};
    for (const Part& tally : tallies) {
        of_region[region_of(tally.route)] += tally.addresses;
    }
    const auto best_region =
        static_cast<std::size_t>(std::ranges::max_element(of_region) - of_region.begin());
    NaiveRoute first = parts.front().route;
    const bool is_table_block = block.bits == (block.address.is_v4() ? 24 : 56);
    const bool does_first_count = first.is_known || (!is_any_known && first.ask_resolver);
    if (!is_table_block && does_first_count && region_of(first) == best_region) { return first; }
    Part best;
    for (const Part& tally : tallies) {
        if (region_of(tally.route) == best_region && tally.addresses > best.addresses) {
            best = tally;
        }
    }
    return best.route;
}

}  // namespace meridian::test
