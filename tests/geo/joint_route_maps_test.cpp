// Checks that policies with one table route as with tables of their own.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/joint_route_maps.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "meridian/limits.h"
#include "tests/support/naive_routes.h"
#include "tests/support/route_checks.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

/// A made-up world under some made-up policies, jointly and each alone.
struct RandomMaps {
    explicit RandomMaps(std::uint64_t seed) : random(seed), world(test::random_world(random)) {
        const std::uint64_t count = 2 + test::below(random, 5);
        for (std::uint64_t i = 0; i < count; ++i) {
            policies.push_back(test::random_policy(random, 1 + test::below(random, 9)));
        }
        const Atlas atlas = test::atlas_of(world);
        joint = make_joint_route_maps(atlas, policies).value();
        for (const Policy& policy : policies) {
            own.emplace_back(atlas, policy);
        }
    }
    IpAddress client(int number) {
        return test::random_client(random, world, number % 2 == 0 ? Family::V4 : Family::V6);
    }

    test::Random random;
    std::vector<test::PlacedPrefix> world;
    std::vector<Policy> policies;
    std::vector<RouteMap> joint;
    std::vector<RouteMap> own;
};

TEST(JointRouteMaps, RouteAsMapsWithTablesOfTheirOwn) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(test::seed_note(seed));
        RandomMaps made(seed);
        ASSERT_EQ(made.joint.size(), made.policies.size());
        for (int i = 0; i < 400; ++i) {
            const IpAddress client = made.client(i);
            const unsigned block_bits = client.is_v4() ? 24 : 56;
            for (const unsigned bits : {unsigned{client.width()}, block_bits, block_bits + 4}) {
                const auto source = static_cast<std::uint8_t>(bits);
                const IpAddress sent = client.masked(source);
                for (std::size_t policy = 0; policy < made.policies.size(); ++policy) {
                    const Route route = made.joint[policy].find(sent, source);
                    const Route expected = made.own[policy].find(sent, source);
                    ASSERT_EQ(route.ask_resolver, expected.ask_resolver) << sent.to_string();
                    ASSERT_EQ(test::ranking_of(made.joint[policy], route),
                              test::ranking_of(made.own[policy], expected))
                        << sent.to_string() << "/" << bits;
                    ASSERT_GE(route.scope_bits, expected.scope_bits) << sent.to_string();
                }
            }
        }
    }
}

TEST(JointRouteMaps, NoCachedAnswerCoversAClientWhoShouldGetAnother) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(test::seed_note(seed));
        RandomMaps made(seed);
        for (int i = 0; i < 40; ++i) {
            const IpAddress client = made.client(i);
            for (const RouteMap& map : made.joint) {
                ASSERT_NO_FATAL_FAILURE(test::expect_scopes_hold(map, client, made.random));
            }
        }
    }
}

TEST(JointRouteMaps, HaveTheirLeavesTogether) {
    RandomMaps made(1);
    for (const RouteMap& map : made.joint) {
        EXPECT_TRUE(map.is_joint());
        EXPECT_EQ(map.table(), made.joint[0].table());
        EXPECT_GE(map.memory_octets(), map.table_octets() + map.rankings().memory_octets());
        for (const Family family : {Family::V4, Family::V6}) {
            EXPECT_EQ(map.leaves(family).size(), map.leaf_count(family));
        }
    }
    EXPECT_FALSE(made.own[0].is_joint());
    EXPECT_NE(made.own[0].table(), made.own[1].table());
}

TEST(JointRouteMaps, StandForThemselvesWhenTheOthersAreGone) {
    RandomMaps made(2);
    const RouteMap last = std::move(made.joint.back());
    made.joint.clear();
    const IpAddress client = made.client(0);
    const RouteMap& own = made.own.back();
    EXPECT_EQ(test::ranking_of(last, last.find(client, client.width())),
              test::ranking_of(own, own.find(client, client.width())));
}

TEST(JointRouteMaps, AreNotMadeOfMoreClassesThanALeafCanTellApart) {
    test::Random random(3);
    AtlasBuilder builder;
    for (std::uint32_t i = 0; i < kMaxRankings + kMaxRankings / 2; ++i) {
        Location location;
        location.has_coordinates = true;
        location.at = {static_cast<double>(test::below(random, 16000)) / 100.0 - 80.0,
                       static_cast<double>(test::below(random, 36000)) / 100.0 - 180.0};
        builder.add({IpAddress::v4((1U << 24) + (i << 8)), 24}, builder.add_location(location));
    }
    const Atlas atlas = std::move(builder).build();
    std::vector<Policy> policies;
    for (std::size_t i = 0; i < kMaxJointPolicies; ++i) {
        policies.push_back(test::random_policy(random, 40));
    }
    EXPECT_FALSE(make_joint_route_maps(atlas, policies));
    policies.resize(1);
    EXPECT_TRUE(make_joint_route_maps(atlas, policies));
}

}  // namespace
}  // namespace meridian::geo
