// Checks that a route map comes back from its copy, and that no other octets make one that fails.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/route_map_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "meridian/geo/mmdb_reader.h"
#include "tests/geo/copy_octets.h"
#include "tests/support/naive_routes.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

using test::Octets;

constexpr Digest kKey{7, 0xfedc'ba98'7654'3210};
const Policy kThree{.regions = {{50.03, 8.57}, {38.95, -77.45}, {1.36, 103.99}},
                    .default_order = {2, 1, 0}};

Result<RouteMap, CopyFailure> read(const Octets& copy, const Policy& policy = kThree) {
    return read_route_map_copy(test::source_of(copy), kKey, policy);
}

void expect_same_route(const RouteMap& one, const RouteMap& other, const IpAddress& client,
                       std::uint8_t source_bits) {
    const IpAddress sent = client.masked(source_bits);
    const Route route = one.find(sent, source_bits);
    const Route copied = other.find(sent, source_bits);
    ASSERT_EQ(route.ranking, copied.ranking) << client.to_string();
    ASSERT_EQ(route.scope_bits, copied.scope_bits) << client.to_string();
    ASSERT_EQ(route.ask_resolver, copied.ask_resolver) << client.to_string();
}

/// A whole address, and some lengths that are answered for by most of their addresses.
std::vector<std::uint8_t> lengths_asked(const RouteMap& map, Family family) {
    const auto by_majority = map.majority_lengths(family);
    std::vector<std::uint8_t> lengths{width_bits(family), by_majority.back()};
    for (const std::uint8_t wanted : {std::uint8_t{16}, std::uint8_t{20}, std::uint8_t{48}}) {
        if (std::ranges::binary_search(by_majority, wanted)) { lengths.push_back(wanted); }
    }
    return lengths;
}

void expect_same(const RouteMap& one, const RouteMap& other) {
    ASSERT_EQ(one.rankings(), other.rankings());
    EXPECT_LE(other.memory_octets(), one.memory_octets());
    for (const Family family : {Family::V4, Family::V6}) {
        ASSERT_EQ(one.leaf_count(family), other.leaf_count(family));
        ASSERT_EQ(one.majority_lengths(family), other.majority_lengths(family));
        for (const RouteMap::Leaf& leaf : one.leaves(family)) {
            for (const std::uint8_t bits : lengths_asked(one, family)) {
                expect_same_route(one, other, leaf.prefix.address, bits);
                expect_same_route(one, other, test::last_address(leaf.prefix), bits);
            }
        }
    }
}

/// A few leaves at every depth, and /24s and /56s that are split.
Atlas small_atlas(test::Random& random) {
    return test::atlas_of(test::random_world(random));
}

Policy sample_policy() {
    return {.regions = {{38.95, -77.45},
                        {45.59, -122.60},
                        {-23.55, -46.63},
                        {50.03, 8.56},
                        {-33.96, 18.60},
                        {19.09, 72.87},
                        {35.76, 140.39},
                        {-33.95, 151.18}},
            .default_order = {3, 0, 1, 2, 4, 5, 6, 7}};
}

Atlas sample_atlas() {
    const std::string folder = std::string(MERIDIAN_SOURCE_DIR) + "/tests/geo/data/";
    return read_mmdb(std::vector{folder + "sample-city-v4.mmdb", folder + "sample-city-v6.mmdb"})
        .value();
}

TEST(RouteMapCopy, OfASampleIsTheSameEverywhere) {
    const RouteMap map(sample_atlas(), sample_policy());
    const auto copied = read(write_route_map_copy(map, kKey), sample_policy());
    ASSERT_TRUE(copied.ok());
    expect_same(map, *copied);
}

TEST(RouteMapCopy, OfRandomWorldsIsTheSameEverywhere) {
    for (const std::uint64_t seed : test::seeds(8)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        const Atlas atlas = small_atlas(random);
        const Policy policy = test::random_policy(random, 1 + random() % 12);
        const RouteMap map(atlas, policy);
        const auto copied = read(write_route_map_copy(map, kKey), policy);
        ASSERT_TRUE(copied.ok());
        expect_same(map, *copied);
    }
}

// As for the atlas: kRouteMapVersion in route_map_copy.cpp. The leaves, not the octets, since a
// region that is as near as another one may rank otherwise on another processor.
TEST(RouteMapCopy, OfTheSampleHasTheLeavesOfItsVersion) {
    const RouteMap map(sample_atlas(), sample_policy());
    const Octets copy = write_route_map_copy(map, kKey);
    std::uint32_t version = 0;
    std::memcpy(&version, copy.data() + test::kVersionAt, sizeof version);
    EXPECT_EQ(version, 4U);
    EXPECT_EQ(copy.size(), 1'242'768U);
    EXPECT_EQ(map.leaf_count(Family::V4), 13'129U);
    EXPECT_EQ(map.leaf_count(Family::V6), 15'304U);
    EXPECT_EQ(map.rankings().size(), 59U);
}

TEST(RouteMapCopy, HasAnotherKeyForEachAtlasAndPolicy) {
    const Digest key = route_map_key({1, 2}, kThree);
    EXPECT_EQ(route_map_key({1, 2}, kThree), key);
    EXPECT_NE(route_map_key({1, 3}, kThree), key);
    Policy moved = kThree;
    moved.regions[1].latitude += 0.001;
    EXPECT_NE(route_map_key({1, 2}, moved), key);
    Policy reordered = kThree;
    std::swap(reordered.default_order[0], reordered.default_order[1]);
    EXPECT_NE(route_map_key({1, 2}, reordered), key);
    Policy fewer = kThree;
    fewer.regions.pop_back();
    EXPECT_NE(route_map_key({1, 2}, fewer), key);
    Policy deeper = kThree;
    deeper.all_ranks = true;
    EXPECT_NE(route_map_key({1, 2}, deeper), key);

    const RouteMap map(AtlasBuilder().build(), kThree);
    const auto other = read(write_route_map_copy(map, key));
    ASSERT_FALSE(other.ok());
    EXPECT_TRUE(other.error().is_outdated);
}

TEST(RouteMapCopy, WithRegionsThatThePolicyLacksIsRefused) {
    const RouteMap map(AtlasBuilder().build(), kThree);
    Policy two = kThree;
    two.regions.pop_back();
    EXPECT_FALSE(read(write_route_map_copy(map, kKey), two).ok());
}

TEST(RouteMapCopy, WhoseListsAreNotThoseOfThePolicyIsRefused) {
    constexpr std::size_t kExactRanksAt = test::kPayloadAt;
    constexpr std::size_t kListsAt = kExactRanksAt + 16;  // behind that number and their count
    const Octets copy = write_route_map_copy(RouteMap(AtlasBuilder().build(), kThree), kKey);
    const auto with = [&](std::size_t place, std::uint8_t octet) {
        Octets changed = copy;
        changed[place] = octet;
        test::seal(changed);
        return read(changed);
    };
    ASSERT_EQ(copy[kListsAt], 2U);
    EXPECT_TRUE(with(kListsAt, 2).ok());
    EXPECT_FALSE(with(kListsAt, 1).ok()) << "region 1 stands twice";
    EXPECT_FALSE(with(kListsAt, 3).ok()) << "there is no region 3";
    EXPECT_FALSE(with(kListsAt + 1, 1).ok()) << "nor region 258";
    for (const std::uint8_t exact_ranks : {std::uint8_t{0}, std::uint8_t{4}, std::uint8_t{255}}) {
        EXPECT_FALSE(with(kExactRanksAt, exact_ranks).ok()) << int{exact_ranks};
    }
    Policy other = kThree;
    other.default_order = {2, 0, 1};
    EXPECT_FALSE(read(copy, other).ok()) << "list 0 is the default order";
}

TEST(RouteMapCopy, ThatIsDamagedIsRefused) {
    for (const std::uint64_t seed : test::seeds(1)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        Octets copy = write_route_map_copy(RouteMap(small_atlas(random), kThree), kKey);
        ASSERT_TRUE(read(copy).ok());
        for (int i = 0; i < 400; ++i) {  // its roots alone have a megabyte
            const std::size_t octets =
                i < 200 ? static_cast<std::size_t>(i) : random() % copy.size();
            Octets cut(copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(octets));
            ASSERT_FALSE(read(cut).ok()) << octets;
            if (octets < test::kPayloadAt) { continue; }
            test::seal(cut);
            ASSERT_FALSE(read(cut).ok()) << octets;
        }
        for (int i = 0; i < 1000; ++i) {
            const std::size_t bit =
                i < 640 ? static_cast<std::size_t>(i) : random() % (copy.size() * 8);
            const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
            copy[bit / 8] ^= mask;
            ASSERT_FALSE(read(copy).ok()) << bit;
            copy[bit / 8] ^= mask;
        }
    }
}

/// What is accepted answers for every address, and never reads beside its tables.
void ask_everywhere(const RouteMap& map, const RouteMap& good, test::Random& random) {
    for (const Family family : {Family::V4, Family::V6}) {
        for (const RouteMap::Leaf& leaf : map.leaves(family)) {
            ASSERT_LT(leaf.ranking, map.rankings().size());
        }
        for (const RouteMap::Leaf& leaf : good.leaves(family)) {
            const IpAddress client = test::random_address_in(random, leaf.prefix);
            for (const std::uint8_t bits : lengths_asked(map, family)) {
                const Route route = map.find(client.masked(bits), bits);
                ASSERT_LT(route.ranking, map.rankings().size());
                ASSERT_LE(route.scope_bits, width_bits(family));
            }
        }
    }
}

TEST(RouteMapCopy, ThatWasChangedAndSealedAnswersOrIsRefused) {
    for (const std::uint64_t seed : test::seeds(8)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        const RouteMap good(small_atlas(random), kThree);
        const Octets copy = write_route_map_copy(good, kKey);
        // Where something lies besides leaves of the root: words that are not as their neighbours.
        std::vector<std::size_t> places;
        for (std::size_t at = test::kPayloadAt; at + 12 <= copy.size(); at += 4) {
            const auto word = copy.begin() + static_cast<std::ptrdiff_t>(at);
            if (!std::equal(word, word + 4, word + 4)) { places.push_back(at); }
        }
        for (int i = 0; i < 150; ++i) {
            Octets changed = copy;
            for (std::uint64_t left = 1 + random() % 2; left > 0; --left) {
                changed[places[random() % places.size()] + random() % 8] ^=
                    static_cast<std::uint8_t>(1U << random() % 8);
            }
            test::seal(changed);
            const auto map = read(changed);
            if (map.ok()) { ask_everywhere(*map, good, random); }
        }
    }
}

}  // namespace
}  // namespace meridian::geo
