// Checks that an atlas is a partition that knows what was put in.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/atlas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "geo/address_range.h"
#include "tests/support/naive_routes.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

using testing::ElementsAre;

IpPrefix prefix(const char* text) {
    return IpPrefix::parse(text).value();
}

Location located(double latitude, double longitude) {
    Location location;
    location.has_coordinates = true;
    location.at = {latitude, longitude};
    return location;
}

std::vector<AtlasLeaf> leaves_of(const Atlas& atlas, Family family) {
    std::vector<AtlasLeaf> leaves;
    Atlas::Cursor cursor(atlas, family);
    for (AtlasLeaf leaf; cursor.next(leaf);) {
        leaves.push_back(leaf);
    }
    return leaves;
}

TEST(Atlas, OfNothingIsOneUnknownLeafPerFamily) {
    const Atlas atlas = AtlasBuilder().build();
    for (const Family family : {Family::V4, Family::V6}) {
        const auto leaves = leaves_of(atlas, family);
        ASSERT_EQ(leaves.size(), 1U);
        EXPECT_EQ(leaves[0].prefix.bits, 0);
        EXPECT_EQ(leaves[0].location, 0U);
        EXPECT_EQ(atlas.leaf_count(family), 1U);
    }
    EXPECT_EQ(atlas.location(0), Location{});
    EXPECT_EQ(atlas.text(0), "");
}

TEST(Atlas, FillsGapsWithTheUnknownPlace) {
    AtlasBuilder builder;
    builder.add(prefix("198.51.100.0/24"), builder.add_location(located(50, 8)));
    const Atlas atlas = std::move(builder).build();
    EXPECT_EQ(atlas.find(*IpAddress::parse("198.51.100.77")).prefix, prefix("198.51.100.0/24"));
    EXPECT_EQ(atlas.find(*IpAddress::parse("198.51.101.0")).location, 0U);
    EXPECT_EQ(atlas.find(*IpAddress::parse("198.51.99.255")).location, 0U);
    EXPECT_EQ(atlas.find(*IpAddress::parse("2001:db8::1")).location, 0U);
}

TEST(Atlas, MergesEqualNeighboursThatAShorterPrefixHolds) {
    AtlasBuilder builder;
    const LocationId here = builder.add_location(located(50, 8));
    const LocationId there = builder.add_location(located(1, 103));
    builder.add(prefix("192.0.2.0/26"), here);
    builder.add(prefix("192.0.2.64/26"), here);
    builder.add(prefix("192.0.2.128/25"), here);
    builder.add(prefix("192.0.3.0/25"), here);
    builder.add(prefix("192.0.3.128/25"), there);
    const Atlas atlas = std::move(builder).build();
    EXPECT_EQ(atlas.find(*IpAddress::parse("192.0.2.200")).prefix, prefix("192.0.2.0/24"));
    EXPECT_EQ(atlas.find(*IpAddress::parse("192.0.3.1")).prefix, prefix("192.0.3.0/25"));
    EXPECT_EQ(atlas.location(atlas.find(*IpAddress::parse("192.0.3.129")).location),
              located(1, 103));
}

TEST(Atlas, NumbersTheLocationsThatMostLeavesHaveFirst) {
    AtlasBuilder builder;
    const LocationId rare = builder.add_location(located(50, 8));
    const LocationId frequent = builder.add_location(located(1, 103));
    const LocationId unused = builder.add_location(located(2, 2));
    ASSERT_LT(rare, frequent);
    ASSERT_LT(frequent, unused);
    builder.add(prefix("192.0.2.0/24"), frequent);
    builder.add(prefix("198.51.100.0/24"), rare);
    builder.add(prefix("203.0.113.0/24"), frequent);
    builder.add(prefix("2001:db8::/32"), frequent);
    const Atlas atlas = std::move(builder).build();
    EXPECT_THAT(atlas.locations(),
                ElementsAre(Location{}, located(1, 103), located(50, 8), located(2, 2)));
    EXPECT_EQ(atlas.find(*IpAddress::parse("192.0.2.1")).location, 1U);
    EXPECT_EQ(atlas.find(*IpAddress::parse("198.51.100.1")).location, 2U);
    EXPECT_EQ(atlas.find(*IpAddress::parse("2001:db8::1")).location, 1U);
    EXPECT_EQ(atlas.find(*IpAddress::parse("192.0.3.1")).location, 0U);
}

TEST(Atlas, SharesEqualTextsAndLocations) {
    AtlasBuilder builder;
    const TextId berlin = builder.add_text("Berlin");
    EXPECT_EQ(builder.add_text("Berlin"), berlin);
    EXPECT_NE(builder.add_text("Bern"), berlin);
    Location location = located(52.5, 13.4);
    location.city = berlin;
    const LocationId id = builder.add_location(location);
    EXPECT_EQ(builder.add_location(location), id);
    location.accuracy_km = 5;
    EXPECT_NE(builder.add_location(location), id);
    const Atlas atlas = std::move(builder).build();
    EXPECT_EQ(atlas.text(atlas.location(id).city), "Berlin");
}

TEST(Atlas, HoldsTheWholeSpaceAsOnePrefix) {
    AtlasBuilder builder;
    const LocationId here = builder.add_location(located(1, 2));
    builder.add(prefix("0.0.0.0/0"), here);
    builder.add(prefix("::/1"), here);
    builder.add(prefix("8000::/1"), here);
    const Atlas atlas = std::move(builder).build();
    EXPECT_EQ(atlas.leaf_count(Family::V4), 1U);
    EXPECT_EQ(atlas.leaf_count(Family::V6), 1U);
    EXPECT_EQ(atlas.location(atlas.find(*IpAddress::parse("ffff::")).location), located(1, 2));
}

TEST(Atlas, HoldsManyMoreLeavesThanACheckpointSpans) {
    AtlasBuilder builder;
    std::vector<LocationId> places;
    for (int i = 0; i < 300; ++i) {  // ids of one octet and of two
        places.push_back(builder.add_location(located(i % 90, i % 180)));
    }
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        builder.add({IpAddress::v4(i << 8), 24}, places[i % places.size()]);
    }
    const Atlas atlas = std::move(builder).build();
    for (std::uint32_t i = 0; i < 20'000; i += 7) {
        const int place = static_cast<int>(i % places.size());
        EXPECT_EQ(atlas.location(atlas.find(IpAddress::v4((i << 8) + 99)).location),
                  located(place % 90, place % 180));
    }
    EXPECT_EQ(atlas.find(IpAddress::v4(0xffff'ffff)).location, 0U);
    EXPECT_GT(atlas.memory_octets(), 40'000U);  // at least two octets a leaf
}

TEST(Atlas, IsAPartitionThatAgreesWithASlowSearch) {
    for (const std::uint64_t seed : test::seeds(16)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        const auto world = test::random_world(random);
        const Atlas atlas = test::atlas_of(world);
        for (const Family family : {Family::V4, Family::V6}) {
            AddressBits expected = 0;
            for (const AtlasLeaf& leaf : leaves_of(atlas, family)) {
                ASSERT_EQ(bits_of(leaf.prefix.address), expected) << leaf.prefix.to_string();
                expected = last_of(leaf.prefix) + 1;
                ASSERT_EQ(atlas.find(test::last_address(leaf.prefix)).prefix, leaf.prefix);
            }
            EXPECT_EQ(expected, AddressBits{0}) << "the space is not covered";
        }
        for (const test::PlacedPrefix& placed : world) {
            const IpAddress inside = test::random_address_in(random, placed.prefix);
            EXPECT_EQ(atlas.location(atlas.find(inside).location), placed.location);
        }
    }
}

}  // namespace
}  // namespace meridian::geo
