// Builds a `.world` file from MaxMind DB files, and prints how well it agrees with them.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/geo/mmdb_reader.h"
#include "meridian/geo/places.h"
#include "meridian/geo/ranking.h"
#include "meridian/geo/world.h"

namespace meridian::geo {
namespace {

constexpr const char* kUsage =
    "usage: meridian_build_world OUTPUT.world DATABASE.mmdb...   builds, then compares\n"
    "       meridian_build_world --check WORLD.world DATABASE.mmdb...   only compares\n";

// CC BY 4.0 requires the name, the licence, and a note that the data were changed.
constexpr std::string_view kAttribution =
    "IP Geolocation by DB-IP (https://db-ip.com), DB-IP City Lite, licensed under CC BY 4.0 "
    "(https://creativecommons.org/licenses/by/4.0/); reduced to a grid";

// The regions of the zone that ships: eight on six continents.
constexpr std::array<std::string_view, 8> kRegions{"IAD", "Portland, US", "São Paulo, BR", "FRA",
                                                   "CPT", "BOM",          "NRT",           "SYD"};

// How far the world must agree with the databases that it is made from.
constexpr std::size_t kMaxOctets = std::size_t{4'000'000};
constexpr double kMinSameRegionV4 = 0.999;
constexpr double kMinSameRegionV6 = 0.995;
constexpr double kMinSameCountry = 0.995;

// Of this process: the wall clock would measure what else the machine is doing.
double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

Policy eight_regions() {
    Policy policy;
    for (const std::string_view name : kRegions) {
        policy.default_order.push_back(static_cast<RegionIndex>(policy.regions.size()));
        policy.regions.push_back(find_place(name)->at);
    }
    return policy;
}

// The nearest region of each location of an atlas.
std::vector<RegionIndex> nearest_regions(const Atlas& atlas, const Ranker& ranker) {
    std::vector<RegionIndex> nearest;
    for (const Location& location : atlas.locations()) {
        ranker.rank(place_of(location), std::span(&nearest.emplace_back(), 1));
    }
    return nearest;
}

// Sums of weights: addresses for IPv4, networks of the full database for IPv6.
struct Agreement {
    double placed = 0;
    double same_region = 0;
    double with_country = 0;
    double same_country = 0;

    [[nodiscard]] double region_share() const { return placed > 0 ? same_region / placed : 1; }
    [[nodiscard]] double country_share() const {
        return with_country > 0 ? same_country / with_country : 1;
    }
};

// Walks both partitions together. A network of the full database that the world cuts counts by its
// first address, and the other way about by each network.
Agreement compare(const Atlas& full, const Atlas& world, Family family, const Ranker& ranker) {
    const auto full_nearest = nearest_regions(full, ranker);
    const auto world_nearest = nearest_regions(world, ranker);
    Agreement agreement;
    Atlas::Cursor world_cursor(world, family);
    AtlasLeaf there;
    world_cursor.next(there);
    Atlas::Cursor full_cursor(full, family);
    for (AtlasLeaf here; full_cursor.next(here);) {
        while (!there.prefix.contains(here.prefix.address) && world_cursor.next(there)) {}
        const Location& full_location = full.location(here.location);
        const Location& world_location = world.location(there.location);
        double weight = 1;
        if (family == Family::V4) {
            for (unsigned bits = here.prefix.bits; bits < 32; ++bits) {
                weight *= 2;
            }
        }
        if (place_of(full_location)) {
            const bool same = place_of(world_location).has_value() &&
                              full_nearest[here.location] == world_nearest[there.location];
            agreement.placed += weight;
            agreement.same_region += same ? weight : 0;
        }
        if (full_location.country.known()) {
            agreement.with_country += weight;
            agreement.same_country += full_location.country == world_location.country ? weight : 0;
        }
    }
    return agreement;
}

bool print_agreement(const char* family, const char* weighed_by, const Agreement& agreement,
                     double min_region_share) {
    std::printf("%s  same nearest of %zu regions %.3f %%, same country %.3f %%, by %s\n", family,
                kRegions.size(), 100 * agreement.region_share(), 100 * agreement.country_share(),
                weighed_by);
    return agreement.region_share() >= min_region_share &&
           agreement.country_share() >= kMinSameCountry;
}

int check(const std::string& path, const Atlas& full) {
    const double start = cpu_seconds();
    const auto world = read_world(path);
    const double load_seconds = cpu_seconds() - start;
    if (!world) {
        std::fprintf(stderr, "%s\n", world.error().c_str());
        return 1;
    }
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const auto octets = static_cast<std::size_t>(file.tellg());
    std::printf("%s\n", path.c_str());
    std::printf("type  %s\n      %s\n", world->info().type.c_str(),
                world->info().attribution.c_str());
    std::printf("size  %zu octets, loads in %.3f s of one core into %zu octets\n", octets,
                load_seconds, world->memory_octets());
    std::printf("leaves IPv4 %llu, IPv6 %llu, locations %zu\n",
                static_cast<unsigned long long>(world->leaf_count(Family::V4)),
                static_cast<unsigned long long>(world->leaf_count(Family::V6)),
                world->locations().size());

    const Ranker ranker(eight_regions());
    const bool v4 = print_agreement("IPv4", "address", compare(full, *world, Family::V4, ranker),
                                    kMinSameRegionV4);
    const bool v6 = print_agreement("IPv6", "network", compare(full, *world, Family::V6, ranker),
                                    kMinSameRegionV6);
    if (v4 && v6 && octets <= kMaxOctets) { return 0; }
    std::fprintf(stderr,
                 "the world falls short: at least %.1f %% and %.1f %% of regions, %.1f %% "
                 "of countries, at most %zu octets\n",
                 100 * kMinSameRegionV4, 100 * kMinSameRegionV6, 100 * kMinSameCountry, kMaxOctets);
    return 2;
}

int build(const std::string& path, const Atlas& full) {
    WorldOptions options;
    options.attribution = kAttribution;
    const auto octets = write_world(full, options);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(octets.data()),
               static_cast<std::streamsize>(octets.size()));
    file.close();
    if (!file) {
        std::fprintf(stderr, "%s: cannot be written\n", path.c_str());
        return 1;
    }
    return check(path, full);
}

}  // namespace
}  // namespace meridian::geo

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool only_check = !arguments.empty() && arguments.front() == "--check";
    if (only_check) { arguments.erase(arguments.begin()); }
    if (arguments.size() < 2) {
        std::fputs(meridian::geo::kUsage, stderr);
        return 1;
    }
    const auto databases = std::span(arguments).subspan(1);
    const auto full = meridian::geo::read_mmdb(databases);
    if (!full) {
        std::fprintf(stderr, "%s\n", full.error().c_str());
        return 1;
    }
    return only_check ? meridian::geo::check(arguments.front(), *full)
                      : meridian::geo::build(arguments.front(), *full);
}
