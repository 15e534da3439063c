// Checks that routes are those of a slow search, and that caches may share them.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/route_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "geo/address_range.h"
#include "tests/support/naive_routes.h"
#include "tests/support/route_checks.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

constexpr Coordinates kFrankfurt{50.03, 8.57};
constexpr Coordinates kVirginia{38.95, -77.45};
constexpr Coordinates kSingapore{1.36, 103.99};

// Frankfurt, Virginia and Singapore with clients in front of each.
class RouteMapOfThreeRegions : public ::testing::Test {
protected:
    void put(const char* prefix, const Coordinates& at) {
        Location location;
        location.has_coordinates = true;
        location.at = at;
        world_.push_back({*IpPrefix::parse(prefix), location});
    }
    [[nodiscard]] RouteMap map() const {
        return {test::atlas_of(world_),
                Policy{.regions = {kFrankfurt, kVirginia, kSingapore}, .default_order = {2, 1, 0}}};
    }
    // "region/scope" as a client subnet sees it; "resolver/scope" where it decides.
    static std::string routed(const RouteMap& map, const char* subnet) {
        const IpPrefix client = *IpPrefix::parse(subnet);
        const Route route = map.find(client.address, client.bits);
        const std::string scope = "/" + std::to_string(route.scope_bits);
        if (route.ask_resolver) { return "resolver" + scope; }
        constexpr std::array kNames{"frankfurt", "virginia", "singapore"};
        return kNames.at(map.rankings()[route.ranking][0]) + scope;
    }

    std::vector<test::PlacedPrefix> world_;
};

TEST_F(RouteMapOfThreeRegions, SendsEachClientToTheNearest) {
    put("192.0.2.0/24", {48, 2});
    put("198.51.100.0/24", {40, -74});
    put("203.0.113.0/24", {-6, 106});
    put("2001:db8::/32", {48, 2});
    const RouteMap routes = map();
    EXPECT_EQ(routed(routes, "192.0.2.0/24"), "frankfurt/24");
    EXPECT_EQ(routed(routes, "192.0.2.55"), "frankfurt/24");
    EXPECT_EQ(routed(routes, "198.51.100.0/24"), "virginia/24");
    EXPECT_EQ(routed(routes, "203.0.113.200"), "singapore/24");
    EXPECT_EQ(routed(routes, "2001:db8:7::/48"), "frankfurt/32");
    EXPECT_EQ(routed(routes, "2001:d00::/24"), "frankfurt/24") << "nothing else is known there";
}

TEST_F(RouteMapOfThreeRegions, GivesUnknownClientsTheDefaultOrder) {
    put("192.0.2.0/24", {48, 2});
    const RouteMap routes = map();
    const Route route = routes.find(*IpAddress::parse("203.0.113.9"), 32);
    EXPECT_EQ(route.ranking, 0U);
    EXPECT_FALSE(route.ask_resolver);
    EXPECT_TRUE(std::ranges::equal(routes.rankings()[0], std::array{2, 1, 0}));
}

TEST_F(RouteMapOfThreeRegions, RanksByTheCountryWhereThereAreNoCoordinates) {
    Location japan;
    japan.country = *CountryCode::parse("JP");
    world_.push_back({*IpPrefix::parse("192.0.2.0/24"), japan});
    EXPECT_EQ(routed(map(), "192.0.2.1"), "singapore/24");
}

TEST_F(RouteMapOfThreeRegions, LetsTheResolverDecideForSpaceOfNoPlace) {
    put("0.0.0.0/0", {48, 2});
    put("::/0", {48, 2});
    const RouteMap routes = map();
    EXPECT_EQ(routed(routes, "10.20.30.0/24"), "resolver/8");
    EXPECT_EQ(routed(routes, "127.0.0.1"), "resolver/8");
    EXPECT_EQ(routed(routes, "100.64.9.0/24"), "resolver/10");
    EXPECT_EQ(routed(routes, "192.168.1.0/24"), "resolver/16");
    EXPECT_EQ(routed(routes, "224.0.0.0/8"), "resolver/4");
    EXPECT_EQ(routed(routes, "255.255.255.255"), "resolver/4");
    EXPECT_EQ(routed(routes, "fd00:1::/48"), "resolver/7");
    EXPECT_EQ(routed(routes, "fe80::/56"), "resolver/10");
    EXPECT_EQ(routed(routes, "ff02::1"), "resolver/8");
    EXPECT_EQ(routed(routes, "192.0.2.0/24"), "frankfurt/23") << "192.0.0.0/24 splits the rest";
    EXPECT_EQ(routed(routes, "2001:db8::/56"), "frankfurt/21");
}

TEST_F(RouteMapOfThreeRegions, FindsEmbeddedIpv4AndCountsItsFrontBits) {
    put("192.0.2.0/24", {48, 2});
    put("198.51.100.0/24", {-6, 106});
    const RouteMap routes = map();
    EXPECT_EQ(routed(routes, "::ffff:198.51.100.9"), "singapore/120");
    EXPECT_EQ(routed(routes, "64:ff9b::198.51.100.9"), "singapore/120");
    EXPECT_EQ(routed(routes, "2002:c633:6409::1"), "singapore/40");
    EXPECT_EQ(routed(routes, "2002:c633:6409::/48"), "singapore/40");
    EXPECT_EQ(routed(routes, "2001:0:102:304:0:ffff:39cc:9bf6"), "singapore/120");
    EXPECT_EQ(routed(routes, "2002:a00:1::/48"), "resolver/24") << "10.0.0.0/8 inside 6to4";
}

TEST_F(RouteMapOfThreeRegions, LetsTheResolverDecideWhereEmbeddedBitsAreMissing) {
    put("198.51.100.0/24", {-6, 106});
    const RouteMap routes = map();
    EXPECT_EQ(routed(routes, "64:ff9b::/56"), "resolver/56");
    EXPECT_EQ(routed(routes, "64:ff9b::198.51.100.0/120"), "resolver/96");
    EXPECT_EQ(routed(routes, "2002:c633:6400::/40"), "resolver/16");
    EXPECT_EQ(routed(routes, "2001:0:4136::/48"), "resolver/32");
}

TEST_F(RouteMapOfThreeRegions, AnswersForASplitBlockByMostOfItsAddresses) {
    put("192.0.2.0/26", {48, 2});  // first, but only a quarter
    put("192.0.2.64/26", {-6, 106});
    put("192.0.2.128/25", {-33, 151});  // another ranking, the same region
    put("2001:db8::/58", {48, 2});
    put("2001:db8:0:40::/58", {40, -74});
    put("2001:db8:0:80::/57", {40, -74});
    const RouteMap routes = map();
    EXPECT_EQ(routed(routes, "192.0.2.0/24"), "singapore/24");
    EXPECT_EQ(routed(routes, "192.0.2.1"), "frankfurt/26");
    EXPECT_EQ(routed(routes, "192.0.2.0/25"), "frankfurt/25") << "longer blocks as sent";
    EXPECT_EQ(routed(routes, "192.0.2.0/23"), "singapore/23");
    EXPECT_EQ(routed(routes, "192.0.0.0/16"), "singapore/16");
    EXPECT_EQ(routed(routes, "2001:db8::/56"), "virginia/56");
    EXPECT_EQ(routed(routes, "2001:db8::/48"), "virginia/48");
    EXPECT_EQ(routed(routes, "2001:db8::/32"), "virginia/32");
    EXPECT_EQ(routed(routes, "2001:db8::/57"), "frankfurt/57");
    EXPECT_EQ(routed(routes, "2001:db8::7"), "frankfurt/58");
}

TEST_F(RouteMapOfThreeRegions, LetsUnknownAddressesAbstain) {
    Location nowhere;  // the database has a record without a place
    world_.push_back({*IpPrefix::parse("192.0.2.0/26"), nowhere});
    put("192.0.2.64/28", {48, 2});  // 16 known of 256
    put("198.51.100.240/28", {40, -74});
    put("2001:db8:0:ff::/64", {48, 2});
    const RouteMap routes = map();
    EXPECT_EQ(routed(routes, "192.0.2.0/24"), "frankfurt/24");
    EXPECT_EQ(routed(routes, "198.51.100.0/24"), "virginia/24");
    EXPECT_EQ(routed(routes, "192.0.0.0/20"), "frankfurt/20");
    EXPECT_EQ(routed(routes, "2001:db8::/56"), "frankfurt/56");
    EXPECT_EQ(routed(routes, "2001:db8::/48"), "frankfurt/48");
    EXPECT_EQ(routed(routes, "192.0.2.1"), "singapore/26") << "alone it is unknown";
    EXPECT_EQ(routed(routes, "192.0.2.255"), "singapore/25");
    EXPECT_EQ(routed(routes, "203.0.113.0/24"), "singapore/5")
        << "no address there has a known place";
}

TEST_F(RouteMapOfThreeRegions, TellsTheUnknownFromThoseWhoAreSentAlike) {
    // Those in front of the default region count, though a leaf with unknown neighbours has both.
    put("192.0.2.0/28", {-6, 106});
    put("192.0.2.128/27", {48, 2});
    const RouteMap routes = map();
    ASSERT_EQ(routed(routes, "192.0.2.0"), "singapore/28");
    EXPECT_EQ(routed(routes, "192.0.2.0/24"), "frankfurt/24") << "32 to 16";
}

TEST_F(RouteMapOfThreeRegions, LetsSpaceOfNoPlaceAbstainBesideClients) {
    put("192.0.1.240/28", {48, 2});
    put("223.255.0.0/24", {40, -74});
    const RouteMap routes = map();
    EXPECT_EQ(routed(routes, "192.0.0.0/23"), "frankfurt/23") << "192.0.0.0/24 is of no place";
    EXPECT_EQ(routed(routes, "192.0.0.0/24"), "resolver/24");
    EXPECT_EQ(routed(routes, "192.0.0.0/8"), "frankfurt/8");
    EXPECT_EQ(routed(routes, "192.0.0.0/2"), "virginia/2");
}

TEST_F(RouteMapOfThreeRegions, SaysForWhichLengthsMostAddressesDecide) {
    const auto lengths = map().majority_lengths(Family::V4);
    EXPECT_EQ(lengths.front(), 1);
    EXPECT_EQ(lengths.back(), 24);
    EXPECT_EQ(lengths.size(), 24U) << "of a small database, all";
    const auto of_v6 = map().majority_lengths(Family::V6);
    EXPECT_EQ(of_v6.back(), 56);
    EXPECT_TRUE(std::ranges::find(of_v6, 48) != of_v6.end());
}

TEST_F(RouteMapOfThreeRegions, KeepsAsManyLengthsAsATenthOfTheTableHolds) {
    // Each /16 goes elsewhere than its first /24, and so does each block in between.
    for (std::uint32_t block = 0x0b00; block < 0x2b00; ++block) {
        Location first;
        first.has_coordinates = true;
        first.at = {48, 2};
        Location rest = first;
        rest.at = {-6, 106};
        world_.push_back({{IpAddress::v4(block << 16), 28}, first});
        for (std::uint8_t bits = 28; bits > 16; --bits) {
            const std::uint32_t sibling = block << 16 | 1U << (32 - bits);
            world_.push_back({{IpAddress::v4(sibling), bits}, rest});
        }
    }
    const RouteMap routes = map();
    const auto lengths = routes.majority_lengths(Family::V4);
    ASSERT_LT(lengths.size(), 24U);
    EXPECT_TRUE(std::ranges::find(lengths, 16) != lengths.end()) << "octets come first";
    EXPECT_EQ(routed(routes, "11.0.0.0/16"), "singapore/16");
    EXPECT_EQ(routed(routes, "11.0.0.0/24"), "singapore/24");
    const auto is_missing = [&](std::uint8_t bits) {
        return std::ranges::find(lengths, bits) == lengths.end();
    };
    std::uint8_t missing = 23;
    while (!is_missing(missing)) {
        --missing;
    }
    const IpAddress block = IpAddress::v4(11 << 24);
    EXPECT_EQ(routed(routes, IpPrefix{block, missing}.to_string().c_str()),
              "frankfurt/" + std::to_string(missing))
        << "the first address";
}

TEST_F(RouteMapOfThreeRegions, CountsTheRegionBeforeTheRanking) {
    put("192.0.2.0/26", {48, 2});      // Frankfurt, then Virginia
    put("192.0.2.64/26", {32, 45});    // Frankfurt, then Singapore
    put("192.0.2.128/26", {-6, 106});  // Singapore
    put("192.0.2.192/27", {-6, 106});  // which has 96 addresses by one ranking
    put("192.0.2.224/28", {32, 45});   // Frankfurt has 160 by two
    put("192.0.2.240/28", {48, 2});
    const RouteMap routes = map();
    ASSERT_EQ(routes.rankings().size(), 4U);
    EXPECT_EQ(routed(routes, "192.0.2.0/24"), "frankfurt/24");
    EXPECT_EQ(routes.find(*IpAddress::parse("192.0.2.0"), 24).ranking,
              routes.find(*IpAddress::parse("192.0.2.0"), 32).ranking)
        << "rankings that tie: the first by address";
}

TEST_F(RouteMapOfThreeRegions, BreaksATieOfRegionsByTheOrderOfThePolicy) {
    put("192.0.2.0/25", {-6, 106});
    put("192.0.2.128/25", {48, 2});
    EXPECT_EQ(routed(map(), "192.0.2.0/24"), "frankfurt/24");
}

TEST_F(RouteMapOfThreeRegions, CanBeMoved) {
    put("192.0.2.0/24", {48, 2});
    RouteMap first = map();
    RouteMap second = std::move(first);
    EXPECT_EQ(routed(second, "192.0.2.1"), "frankfurt/24");
    EXPECT_GT(second.memory_octets(), 1U << 20);
}

// A made-up world under a made-up policy.
struct RandomMap {
    explicit RandomMap(std::uint64_t seed)
        : random(seed),
          world(test::random_world(random)),
          policy(test::random_policy(random, 1 + test::below(random, 9))),
          map(test::atlas_of(world), policy),
          naive(world, policy) {}

    IpAddress client(Family family) { return test::random_client(random, world, family); }

    test::Random random;
    std::vector<test::PlacedPrefix> world;
    Policy policy;
    RouteMap map;
    test::NaiveRoutes naive;
};

TEST(RouteMap, FindsWhatASlowSearchFinds) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(test::seed_note(seed));
        RandomMap made(seed);
        for (int i = 0; i < 600; ++i) {
            const IpAddress client = made.client(i % 2 == 0 ? Family::V4 : Family::V6);
            const Route route = made.map.find(client, client.width());
            const test::NaiveRoute expected = made.naive.of_address(client);
            ASSERT_EQ(route.ask_resolver, expected.ask_resolver) << client.to_string();
            ASSERT_EQ(test::ranking_of(made.map, route), expected.ranking) << client.to_string();
        }
    }
}

TEST(RouteMap, AnswersForABlockAsCountingItsAddressesDoes) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(test::seed_note(seed));
        RandomMap made(seed);
        for (const Family family : {Family::V4, Family::V6}) {
            const auto lengths = made.map.majority_lengths(family);
            for (int i = 0; i < 24; ++i) {  // half of them of the length that the table holds
                const std::uint8_t bits =
                    i % 2 == 0 ? lengths.back() : lengths[test::below(made.random, lengths.size())];
                const IpPrefix block{made.client(family).masked(bits), bits};
                if (embedded_v4(block.address, bits)) { continue; }  // that one is an address
                const Route route = made.map.find(block.address, bits);
                const test::NaiveRoute expected = made.naive.of_block(block);
                ASSERT_EQ(route.ask_resolver, expected.ask_resolver) << block.to_string();
                ASSERT_EQ(test::ranking_of(made.map, route), expected.ranking) << block.to_string();
            }
        }
    }
}

TEST(RouteMap, NoCachedAnswerCoversAClientWhoShouldGetAnother) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(test::seed_note(seed));
        RandomMap made(seed);
        for (int i = 0; i < 120; ++i) {
            const bool is_v4 = i % 2 == 0;
            const IpAddress client = made.client(is_v4 ? Family::V4 : Family::V6);
            ASSERT_NO_FATAL_FAILURE(test::expect_scopes_hold(made.map, client, made.random));
        }
    }
}

TEST(RouteMap, LeavesCoverTheSpaceOnceAndEachIsFound) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(test::seed_note(seed));
        RandomMap made(seed);
        for (const Family family : {Family::V4, Family::V6}) {
            const auto leaves = made.map.leaves(family);
            EXPECT_EQ(leaves.size(), made.map.leaf_count(family));
            AddressBits expected = 0;
            for (const RouteMap::Leaf& leaf : leaves) {
                ASSERT_EQ(bits_of(leaf.prefix.address), expected) << leaf.prefix.to_string();
                expected = last_of(leaf.prefix) + 1;
                const IpAddress last = test::last_address(leaf.prefix);
                if (embedded_v4(last, last.width())) { continue; }  // found as IPv4
                const Route route = made.map.find(last, last.width());
                ASSERT_EQ(route, (Route{leaf.ranking, leaf.prefix.bits, leaf.ask_resolver}))
                    << leaf.prefix.to_string();
            }
            EXPECT_EQ(expected, AddressBits{0}) << "the space is not covered";
        }
    }
}

TEST(RouteMap, SiblingsOfOneRankingAreOneLeafSaveBlocksOfNoPlace) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(test::seed_note(seed));
        const RandomMap made(seed);
        for (const Family family : {Family::V4, Family::V6}) {
            const auto leaves = made.map.leaves(family);
            std::set<IpPrefix> of_no_place;
            for (std::size_t i = 0; i < leaves.size(); ++i) {
                if (leaves[i].ask_resolver) { of_no_place.insert(leaves[i].prefix); }
                if (i == 0 || leaves[i].ask_resolver || leaves[i - 1].ask_resolver) { continue; }
                const IpPrefix& left = leaves[i - 1].prefix;
                const IpPrefix& right = leaves[i].prefix;
                if (left.bits != right.bits) { continue; }
                const auto parent_bits = static_cast<std::uint8_t>(left.bits - 1);
                if (!IpPrefix{left.address.masked(parent_bits), parent_bits}.contains(
                        right.address)) {
                    continue;
                }
                EXPECT_NE(leaves[i - 1].ranking, leaves[i].ranking) << left.to_string();
            }
            std::set<IpPrefix> expected(placeless_blocks(family).begin(),
                                        placeless_blocks(family).end());
            if (family == Family::V6) {
                expected.insert(embedding_blocks().begin(), embedding_blocks().end());
            }
            EXPECT_EQ(of_no_place, expected);
        }
    }
}

}  // namespace
}  // namespace meridian::geo
