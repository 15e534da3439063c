// Checks that an atlas comes back from its copy, and that no other octets make one.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/atlas_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include "geo/address_range.h"
#include "meridian/geo/mmdb_reader.h"
#include "meridian/octet_hash.h"
#include "tests/geo/copy_octets.h"
#include "tests/support/naive_routes.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

using test::Octets;

constexpr Digest kKey{0x0123'4567'89ab'cdef, 42};

Result<Atlas, CopyFailure> read(const Octets& copy, const Digest& key = kKey) {
    return read_atlas_copy(test::source_of(copy), key, {"a.mmdb", "b.mmdb"});
}

void expect_same_leaves(const Atlas& one, const Atlas& other, Family family) {
    ASSERT_EQ(one.leaf_count(family), other.leaf_count(family));
    Atlas::Cursor one_cursor(one, family);
    Atlas::Cursor other_cursor(other, family);
    AtlasLeaf leaf;
    AtlasLeaf other_leaf;
    while (one_cursor.next(leaf)) {
        ASSERT_TRUE(other_cursor.next(other_leaf));
        ASSERT_EQ(leaf.prefix, other_leaf.prefix);
        ASSERT_EQ(leaf.location, other_leaf.location);
        ASSERT_EQ(other.find(leaf.prefix.address).prefix, leaf.prefix);
    }
    EXPECT_FALSE(other_cursor.next(other_leaf));
}

void expect_same(const Atlas& one, const Atlas& other) {
    ASSERT_EQ(one.locations().size(), other.locations().size());
    for (LocationId id = 0; id < one.locations().size(); ++id) {
        ASSERT_EQ(one.location(id), other.location(id));
        ASSERT_EQ(one.text(one.location(id).city), other.text(other.location(id).city));
        ASSERT_EQ(one.text(one.location(id).subdivision),
                  other.text(other.location(id).subdivision));
    }
    expect_same_leaves(one, other, Family::V4);
    expect_same_leaves(one, other, Family::V6);
    EXPECT_EQ(one.info().type, other.info().type);
    EXPECT_EQ(one.info().attribution, other.info().attribution);
    EXPECT_EQ(one.info().build_epoch, other.info().build_epoch);
    EXPECT_EQ(one.info().v4_networks, other.info().v4_networks);
    EXPECT_EQ(one.info().v6_networks, other.info().v6_networks);
    EXPECT_EQ(one.info().v4_placed, other.info().v4_placed);
    EXPECT_EQ(one.info().v6_placed, other.info().v6_placed);
    EXPECT_EQ(one.info().unread_records, other.info().unread_records);
    EXPECT_EQ(one.info().has_coordinates, other.info().has_coordinates);
    EXPECT_EQ(one.info().has_subdivisions, other.info().has_subdivisions);
    EXPECT_EQ(one.info().has_cities, other.info().has_cities);
}

std::vector<std::string> sample_paths() {
    const std::string folder = std::string(MERIDIAN_SOURCE_DIR) + "/tests/geo/data/";
    return {folder + "sample-city-v4.mmdb", folder + "sample-city-v6.mmdb"};
}

Atlas small_atlas() {
    return read_mmdb(
               std::vector{std::string(MERIDIAN_SOURCE_DIR) + "/tests/geo/data/small-city.mmdb"})
        .value();
}

/// What is accepted can be walked to its end and asked for everything.
void expect_whole(const Atlas& atlas) {
    for (const Family family : {Family::V4, Family::V6}) {
        AddressBits expected = 0;
        Atlas::Cursor cursor(atlas, family);
        for (AtlasLeaf leaf; cursor.next(leaf);) {
            ASSERT_EQ(bits_of(leaf.prefix.address), expected);
            expected = last_of(leaf.prefix) + 1;
            const Location& location = atlas.location(leaf.location);
            ASSERT_LE(atlas.text(location.city).size(), 1'000'000U);
            ASSERT_LE(atlas.text(location.subdivision).size(), 1'000'000U);
        }
        ASSERT_EQ(expected, AddressBits{0});
    }
}

TEST(AtlasCopy, OfASampleIsTheSameEverywhere) {
    const Atlas atlas = read_mmdb(sample_paths()).value();
    const auto copied = read(write_atlas_copy(atlas, kKey));
    ASSERT_TRUE(copied.ok());
    expect_same(atlas, *copied);
    EXPECT_EQ(copied->info().paths, (std::vector<std::string>{"a.mmdb", "b.mmdb"}));
}

TEST(AtlasCopy, OfNothingIsNothing) {
    const Atlas atlas = AtlasBuilder().build();
    const auto copied = read(write_atlas_copy(atlas, kKey));
    ASSERT_TRUE(copied.ok());
    expect_same(atlas, *copied);
}

TEST(AtlasCopy, OfRandomWorldsIsTheSameEverywhere) {
    for (const std::uint64_t seed : test::seeds(16)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        const Atlas atlas = test::atlas_of(test::random_world(random));
        const auto copied = read(write_atlas_copy(atlas, kKey));
        ASSERT_TRUE(copied.ok());
        expect_same(atlas, *copied);
    }
}

// Who changes what a database is compiled to, or how a copy is laid out, makes every copy that is
// out there wrong: raise kAtlasVersion in atlas_copy.cpp, and then these numbers.
TEST(AtlasCopy, OfTheSampleHasTheOctetsOfItsVersion) {
    if (std::endian::native != std::endian::little) { GTEST_SKIP() << "other octets here"; }
    const Octets copy = write_atlas_copy(read_mmdb(sample_paths()).value(), {});
    std::uint32_t version = 0;
    std::memcpy(&version, copy.data() + test::kVersionAt, sizeof version);
    OctetHash hash;
    hash.add(copy);
    EXPECT_EQ(version, 3U);
    EXPECT_EQ(hash.digest().to_text(), "97ea5e21bde15ec3ef580d7b572fb142");
}

TEST(AtlasCopy, OfAnotherDatabaseOrAnOlderVersionIsOutdated) {
    Octets copy = write_atlas_copy(small_atlas(), kKey);
    const auto other = read(copy, {kKey.high, kKey.low + 1});
    ASSERT_FALSE(other.ok());
    EXPECT_TRUE(other.error().is_outdated);
    copy[test::kVersionAt] = 0;
    const auto older = read(copy);
    ASSERT_FALSE(older.ok());
    EXPECT_TRUE(older.error().is_outdated);
}

TEST(AtlasCopy, OfANewerVersionOrAnotherMachineIsTold) {
    Octets newer = write_atlas_copy(small_atlas(), kKey);
    newer[test::kVersionAt] = 9;
    const auto version = read(newer);
    ASSERT_FALSE(version.ok());
    EXPECT_FALSE(version.error().is_outdated);
    EXPECT_EQ(version.error().text,
              "it is in version 9 of its form, and this Meridian reads version 3");
    Octets foreign = write_atlas_copy(small_atlas(), kKey);
    std::reverse(foreign.begin() + test::kByteOrderAt, foreign.begin() + test::kByteOrderAt + 4);
    const auto order = read(foreign);
    ASSERT_FALSE(order.ok());
    EXPECT_EQ(order.error().text, "it is from a machine with another byte order");
}

TEST(AtlasCopy, ThatIsCutAnywhereIsRefused) {
    const Octets copy = write_atlas_copy(small_atlas(), kKey);
    for (std::size_t octets = 0; octets < copy.size(); ++octets) {
        const Octets cut(copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(octets));
        ASSERT_FALSE(read(cut).ok()) << octets;
        if (octets < test::kPayloadAt) { continue; }
        Octets sealed = cut;
        test::seal(sealed);
        ASSERT_FALSE(read(sealed).ok()) << octets;
    }
    Octets longer = copy;
    longer.resize(copy.size() + 8);
    EXPECT_FALSE(read(longer).ok());
    test::seal(longer);
    EXPECT_FALSE(read(longer).ok());
}

TEST(AtlasCopy, WithOneBitChangedIsRefused) {
    Octets copy = write_atlas_copy(small_atlas(), kKey);
    for (std::size_t bit = 0; bit < copy.size() * 8; ++bit) {
        const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
        copy[bit / 8] ^= mask;
        ASSERT_FALSE(read(copy).ok()) << bit;
        copy[bit / 8] ^= mask;
    }
    EXPECT_TRUE(read(copy).ok());
}

TEST(AtlasCopy, ThatWasChangedAndSealedIsWholeOrRefused) {
    const Octets copy = write_atlas_copy(small_atlas(), kKey);
    std::size_t accepted = 0;
    for (const std::uint64_t seed : test::seeds(4000)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        Octets changed = copy;
        for (std::uint64_t left = 1 + random() % 3; left > 0; --left) {
            const std::size_t at = test::kPayloadAt + random() % (copy.size() - test::kPayloadAt);
            changed[at] = static_cast<std::uint8_t>(random() % 4 == 0 ? 0xff : random());
        }
        test::seal(changed);
        const auto atlas = read(changed);
        if (!atlas.ok()) { continue; }
        ++accepted;
        expect_whole(*atlas);
    }
    RecordProperty("accepted", static_cast<int>(accepted));
}

}  // namespace
}  // namespace meridian::geo
