// Checks the order of regions for a place.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/ranking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "tests/support/naive_routes.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

Policy policy_of(std::vector<Coordinates> regions) {
    Policy policy{.regions = std::move(regions), .default_order = {}};
    for (std::size_t i = 0; i < policy.regions.size(); ++i) {
        policy.default_order.push_back(static_cast<RegionIndex>(i));
    }
    return policy;
}

std::vector<int> order_of(const std::vector<RankedRegion>& ranked) {
    std::vector<int> order;
    for (const RankedRegion& one : ranked) {
        order.push_back(one.region);
    }
    return order;
}

using Order = std::vector<int>;

std::vector<RegionIndex> ranks(const Ranker& ranker, const std::optional<Coordinates>& place,
                               std::size_t count) {
    std::vector<RegionIndex> order(count);
    ranker.rank(place, order);
    return order;
}

TEST(Ranker, PutsTheNearestRegionFirst) {
    const Ranker ranker(policy_of({{38.95, -77.45}, {50.03, 8.57}, {1.36, 103.99}}));
    EXPECT_EQ(order_of(ranker.explain(Coordinates{48.1, 11.6})), (Order{1, 0, 2}));
    EXPECT_EQ(order_of(ranker.explain(Coordinates{-6.2, 106.8})), (Order{2, 1, 0}));
    EXPECT_NEAR(ranker.explain(Coordinates{48.1, 11.6})[0].distance_km, 308, 5);
}

TEST(Ranker, TakesTheDefaultOrderWithoutAPlace) {
    Policy policy = policy_of({{0, 0}, {0, 10}, {0, 20}, {0, 30}});
    policy.default_order = {2, 0, 3, 1};
    const Ranker ranker(policy);
    EXPECT_EQ(order_of(ranker.explain({})), (Order{2, 0, 3, 1}));
    EXPECT_EQ(ranker.explain({})[0].distance_km, 0);
    EXPECT_EQ(ranks(ranker, {}, 3), (std::vector<RegionIndex>{2, 0, 3}));
}

TEST(Ranker, BreaksTiesWithinHalfAKilometreByTheOrderOfThePolicy) {
    constexpr double kKm = 1 / 111.195;  // degrees along the equator
    const auto order = [&](double first_km, double second_km) {
        return order_of(Ranker(policy_of({{0, first_km * kKm}, {0, -second_km * kKm}}))
                            .explain(Coordinates{0, 0}));
    };
    EXPECT_EQ(order(100.49, 100), (Order{0, 1}));
    EXPECT_EQ(order(100.51, 100), (Order{1, 0}));
    EXPECT_EQ(order(100, 100.49), (Order{0, 1}));
    EXPECT_EQ(order(0.49, 0), (Order{0, 1}));
    EXPECT_EQ(order(0.51, 0), (Order{1, 0}));
}

TEST(Ranker, JudgesATieByTheNearestLeftAndNotByAChain) {
    // 0 km, 0.4 km and 0.8 km: the last ties with the middle one but not with the nearest.
    constexpr double kKm = 1 / 111.195;
    const Ranker ranker(policy_of({{0, 0.8 * kKm}, {0, 0.4 * kKm}, {0, 0}}));
    EXPECT_EQ(order_of(ranker.explain(Coordinates{0, 0})), (Order{1, 2, 0}));
}

TEST(Ranker, RanksTwoRegionsAtOnePlaceInOrder) {
    const Ranker ranker(policy_of({{50, 8}, {50, 8}, {50, 8}}));
    EXPECT_EQ(order_of(ranker.explain(Coordinates{-50, -172})), (Order{0, 1, 2}));
}

TEST(Ranker, LetsEachOfManyTiesCountForItself) {
    // Along a meridian, 0.2 km apart, the farthest first: each ties with two behind it.
    constexpr double kKm = 1 / 111.195;
    std::vector<Coordinates> regions;
    for (int i = 8; i >= 0; --i) {
        regions.push_back({0.2 * kKm * i, 0});
    }
    const auto ranked = Ranker(policy_of(regions)).explain(Coordinates{0, 0});
    EXPECT_EQ(order_of(ranked), (Order{6, 7, 8, 3, 4, 5, 0, 1, 2}));
    EXPECT_TRUE(ranked[1].tied);
    EXPECT_FALSE(ranked[2].tied) << "the nearest of all, once the others are taken";
}

TEST(Ranker, RanksARegionFromItsOwnPlaceAndFromTheOtherSideOfTheWorld) {
    const Ranker ranker(policy_of({{10, 20}, {-10, -160}, {10, 20}, {0, 0}}));
    EXPECT_EQ(order_of(ranker.explain(Coordinates{10, 20})), (Order{0, 2, 3, 1}));
    EXPECT_EQ(order_of(ranker.explain(Coordinates{-10, -160})), (Order{1, 3, 0, 2}));
}

TEST(Ranker, RanksAsManyRegionsAsAPolicyMayHave) {
    test::Random random(1);
    const Policy policy = test::random_policy(random, kMaxRegions);
    const auto ranked = Ranker(policy).explain(Coordinates{10, 10});
    ASSERT_EQ(ranked.size(), kMaxRegions);
    auto order = order_of(ranked);
    std::ranges::sort(order);
    EXPECT_EQ(std::ranges::adjacent_find(order), order.end()) << "a region stands twice";
    for (std::size_t i = 0; i + 1 < ranked.size(); ++i) {
        EXPECT_LE(ranked[i].distance_km, ranked[i + 1].distance_km + 0.5);
    }
}

TEST(Ranker, AgreesWithItsExplanationAndWithHaversine) {
    for (const std::uint64_t seed : test::seeds(32)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        const Policy policy = test::random_policy(random, 1 + test::below(random, 12));
        const Ranker ranker(policy);
        std::uniform_real_distribution<double> latitude(-90, 90);
        std::uniform_real_distribution<double> longitude(-180, 180);
        for (int i = 0; i < 100; ++i) {
            const Coordinates place{latitude(random), longitude(random)};
            const auto explained = ranker.explain(place);
            const auto ranking = ranks(ranker, place, policy.regions.size());
            double nearest_km = 1e9;
            for (const Coordinates& region : policy.regions) {
                nearest_km = std::min(nearest_km, test::haversine_km(place, region));
            }
            EXPECT_LE(explained[0].distance_km, nearest_km + 0.5 + 1e-6);
            EXPECT_EQ(ranks(ranker, place, 1), std::vector{ranking[0]});
            for (std::size_t rank = 0; rank < ranking.size(); ++rank) {
                EXPECT_EQ(ranking[rank], explained[rank].region);
                EXPECT_NEAR(explained[rank].distance_km,
                            test::haversine_km(place, policy.regions[explained[rank].region]),
                            1e-3);
            }
        }
    }
}

}  // namespace
}  // namespace meridian::geo
