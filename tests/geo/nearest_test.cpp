// Checks that the nearest region is the one an independent computation over the database finds.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "meridian/geo/mmdb_reader.h"
#include "meridian/geo/route_map.h"
#include "tests/support/naive_nearest.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

constexpr std::size_t kDraws = 20'000;

// Eight regions on six continents.
const std::vector<Coordinates> kRegions{
    {38.9445, -77.4558},   // virginia
    {37.3626, -121.929},   // california
    {50.0333, 8.5706},     // frankfurt
    {1.3644, 103.9915},    // singapore
    {35.7647, 140.3864},   // tokyo
    {-33.9399, 151.1753},  // sydney
    {-23.4356, -46.4731},  // sao paulo
    {-26.1392, 28.246},    // johannesburg
};

// MERIDIAN_NEAREST_DATABASES names others than the sample, separated by colons.
std::vector<std::string> database_paths() {
    const char* const named = std::getenv("MERIDIAN_NEAREST_DATABASES");
    std::istringstream text(named != nullptr ? named : MERIDIAN_SAMPLE_DATABASES);
    std::vector<std::string> paths;
    for (std::string path; std::getline(text, path, ':');) {
        paths.push_back(path);
    }
    return paths;
}

class NearestRegion : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        const auto atlas = read_mmdb(database_paths());
        ASSERT_TRUE(atlas.ok()) << atlas.error();
        Policy policy{.regions = kRegions, .default_order = {2, 0, 1, 3, 4, 5, 6, 7}};
        routes = std::make_unique<RouteMap>(*atlas, policy);
        naive = std::make_unique<test::NaiveNearest>(database_paths(), kRegions,
                                                     policy.default_order[0]);
    }
    static void TearDownTestSuite() {
        routes.reset();
        naive.reset();
    }

    // Asks for a random client of each drawn network, cut to `source_bits`.
    static void agree(test::Random& random, Family family, std::uint8_t source_bits,
                      std::size_t draws) {
        ASSERT_NE(routes, nullptr);
        std::size_t wrong = 0;
        const auto networks = naive->draw_networks(random, family, draws);
        ASSERT_FALSE(networks.empty());
        for (std::size_t i = 0; i < draws; ++i) {
            const IpPrefix& network = networks[i % networks.size()];  // a sample has fewer
            const IpPrefix client{test::random_address_in(random, network).masked(source_bits),
                                  source_bits};
            const Route route = routes->find(client.address, source_bits);
            const std::size_t region = routes->rankings()[route.ranking][0];
            if (!route.ask_resolver && naive->is_nearest_for_most(client, region)) { continue; }
            if (++wrong > 10) { continue; }
            ADD_FAILURE() << "region " << region << " for " << naive->describe(client);
        }
        std::cout << draws - wrong << " of " << draws << " clients in "
                  << (family == Family::V4 ? "IPv4" : "IPv6") << " /" << int{source_bits}
                  << " get their nearest region\n";
        EXPECT_EQ(wrong, 0U);
    }

    static std::unique_ptr<RouteMap> routes;
    static std::unique_ptr<test::NaiveNearest> naive;
};

std::unique_ptr<RouteMap> NearestRegion::routes;
std::unique_ptr<test::NaiveNearest> NearestRegion::naive;

TEST_F(NearestRegion, IsFoundForResolverAddresses) {
    for (const std::uint64_t seed : test::seeds(1)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        agree(random, Family::V4, 32, kDraws / 2);
        agree(random, Family::V6, 128, kDraws / 2);
    }
}

TEST_F(NearestRegion, IsFoundForClientSubnetsOfIpv4) {
    for (const std::uint64_t seed : test::seeds(1)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        agree(random, Family::V4, 24, kDraws);
    }
}

TEST_F(NearestRegion, IsFoundForClientSubnetsOfIpv6) {
    for (const std::uint64_t seed : test::seeds(1)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        agree(random, Family::V6, 56, kDraws);
    }
}

}  // namespace
}  // namespace meridian::geo
