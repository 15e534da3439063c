// Checks how the rankings of a route map go on behind the ranks that decide.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include "meridian/geo/joint_route_maps.h"
#include "meridian/geo/route_map.h"
#include "meridian/limits.h"
#include "tests/support/naive_routes.h"
#include "tests/support/route_checks.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

using Order = std::vector<RegionIndex>;

/// Five regions along the equator: 0, 1 and 2 in its middle, 3 in the west, 4 in the east. Their
/// default order leaves class 0 to clients whose place is unknown.
const Policy kFive{.regions = {{0, 1}, {0, 2}, {0, 4}, {0, -31}, {0, 33}},
                   .default_order = {4, 3, 2, 1, 0}};
constexpr Coordinates kWest{0, 0};    // 0 1 2 3 4
constexpr Coordinates kEast{0, 1.4};  // 0 1 2 4 3

class RankingsOfAMap : public ::testing::Test {
protected:
    void put(const char* prefix, const Coordinates& at) {
        world_.push_back(
            {*IpPrefix::parse(prefix), Location{.country = {}, .has_coordinates = true, .at = at}});
    }
    [[nodiscard]] RouteMap map(const Policy& policy = kFive) const {
        return {test::atlas_of(world_), policy};
    }
    static Order ranking(const RouteMap& map, const char* client) {
        const IpAddress address = *IpAddress::parse(client);
        return test::ranking_of(map, map.find(address, address.width()));
    }

    std::vector<test::PlacedPrefix> world_;
};

TEST_F(RankingsOfAMap, ListEveryRegion) {
    put("192.0.2.0/24", kWest);
    const RouteMap routes = map();
    EXPECT_EQ(routes.rankings().size(), 2U);
    EXPECT_EQ(routes.rankings().exact_ranks(), kRankedRegions);
    EXPECT_EQ(ranking(routes, "192.0.2.1"), (Order{0, 1, 2, 3, 4}));
    EXPECT_EQ(ranking(routes, "203.0.113.1"), (Order{4, 3, 2, 1, 0})) << "the default order";
}

TEST_F(RankingsOfAMap, GoOnBehindTheThirdRankAsMostAddressesDo) {
    put("192.0.2.0/25", kWest);
    put("198.51.100.0/24", kEast);
    put("203.0.113.0/26", {0, 0.1});  // as the west, with less than the east even together
    const RouteMap routes = map();
    EXPECT_EQ(routes.rankings().size(), 2U) << "all are of one class";
    EXPECT_EQ(ranking(routes, "192.0.2.1"), (Order{0, 1, 2, 4, 3}));
    world_.back() = {*IpPrefix::parse("203.0.112.0/24"), world_.back().location};
    EXPECT_EQ(ranking(map(), "192.0.2.1"), (Order{0, 1, 2, 3, 4})) << "together they have more";
}

TEST_F(RankingsOfAMap, CountANetworkOfIpv6AsAPartOfItsSpace) {
    put("192.0.2.4/30", kWest);
    put("2001:db8::/32", kEast);
    EXPECT_EQ(ranking(map(), "192.0.2.4"), (Order{0, 1, 2, 3, 4}));
    world_.back() = {*IpPrefix::parse("2a00::/29"), world_.back().location};
    EXPECT_EQ(ranking(map(), "192.0.2.4"), (Order{0, 1, 2, 4, 3})) << "as eight addresses of IPv4";
}

TEST_F(RankingsOfAMap, KeepTheDefaultOrderWhereItsFirstRanksAreThoseOfClients) {
    put("192.0.2.0/24", kWest);
    Policy policy = kFive;
    policy.default_order = {0, 1, 2, 4, 3};
    const RouteMap routes = map(policy);
    EXPECT_EQ(routes.rankings().size(), 1U);
    EXPECT_EQ(ranking(routes, "192.0.2.1"), (Order{0, 1, 2, 4, 3}));
}

TEST_F(RankingsOfAMap, AreThoseOfEachClientWhereAllRanksDecide) {
    put("192.0.2.0/25", kWest);
    put("198.51.100.0/24", kEast);
    Policy policy = kFive;
    policy.all_ranks = true;
    const RouteMap routes = map(policy);
    EXPECT_EQ(routes.rankings().exact_ranks(), 5U);
    EXPECT_EQ(ranking(routes, "192.0.2.1"), (Order{0, 1, 2, 3, 4}));
    EXPECT_EQ(ranking(routes, "198.51.100.1"), (Order{0, 1, 2, 4, 3}));
}

TEST(Rankings, OfAJointTableGoOnAsThoseOfTablesOfTheirOwn) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        const Atlas atlas = test::atlas_of(test::random_world(random));
        const std::vector policies{test::random_policy(random, 9), test::random_policy(random, 5),
                                   test::random_policy(random, 12)};
        const auto joint = make_joint_route_maps(atlas, policies).value();
        for (std::size_t policy = 0; policy < policies.size(); ++policy) {
            EXPECT_EQ(joint[policy].rankings(), RouteMap(atlas, policies[policy]).rankings());
        }
    }
}

/// More places than a leaf can tell apart.
class RankingsOfManyPlaces : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        test::Random random(3);
        AtlasBuilder builder;
        for (std::uint32_t i = 0; i < kMaxRankings + kMaxRankings / 8; ++i) {
            places.push_back({static_cast<double>(test::below(random, 16000)) / 100.0 - 80.0,
                              static_cast<double>(test::below(random, 36000)) / 100.0 - 180.0});
            builder.add({IpAddress::v4((1U << 24) + (i << 8)), 24},
                        builder.add_location(
                            {.country = {}, .has_coordinates = true, .at = places.back()}));
        }
        atlas = std::make_unique<Atlas>(std::move(builder).build());
        policy = test::random_policy(random, 64);
        policy.all_ranks = true;
    }
    static void TearDownTestSuite() { atlas.reset(); }

    static std::set<Order> first_ranks(std::size_t count) {
        const Ranker ranker(policy);
        Order order(policy.default_order.begin(),
                    policy.default_order.begin() + static_cast<std::ptrdiff_t>(count));
        std::set<Order> orders{order};
        for (const Coordinates& place : places) {
            ranker.rank(place, order);
            orders.insert(order);
        }
        return orders;
    }

    static std::vector<Coordinates> places;
    static std::unique_ptr<Atlas> atlas;
    static Policy policy;
};

std::vector<Coordinates> RankingsOfManyPlaces::places;
std::unique_ptr<Atlas> RankingsOfManyPlaces::atlas;
Policy RankingsOfManyPlaces::policy;

TEST_F(RankingsOfManyPlaces, LetAsManyFirstRanksDecideAsFit) {
    const RouteMap routes(*atlas, policy);
    const std::size_t exact = routes.rankings().exact_ranks();
    EXPECT_GT(exact, kRankedRegions);
    ASSERT_LT(exact, policy.regions.size());
    EXPECT_EQ(routes.rankings().size(), first_ranks(exact).size());
    EXPECT_GT(first_ranks(exact + 1).size(), kMaxRankings);
    const Ranker ranker(policy);
    Order own(exact);
    for (std::uint32_t i = 0; i < places.size(); i += 97) {
        ranker.rank(places[i], own);
        Order order =
            test::ranking_of(routes, routes.find(IpAddress::v4((1U << 24) + (i << 8)), 24));
        EXPECT_TRUE(std::ranges::equal(own, std::span(order).first(exact))) << i;
        std::ranges::sort(order);
        EXPECT_EQ(std::ranges::adjacent_find(order), order.end()) << "a region stands twice";
    }
}

TEST_F(RankingsOfManyPlaces, AreAllExactForFewRegionsHoweverManyPlaces) {
    Policy few = policy;
    few.regions.resize(6);
    few.default_order = {0, 1, 2, 3, 4, 5};
    EXPECT_EQ(RouteMap(*atlas, few).rankings().exact_ranks(), 6U);
}

}  // namespace
}  // namespace meridian::geo
