// Checks that no damage to a database file does more than an error.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/geo/mmdb_reader.h"
#include "tests/support/mmdb_writer.h"
#include "tests/support/random_addresses.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

using test::MmdbContent;
using test::TemporaryFile;
using ::testing::HasSubstr;

using Octets = std::vector<std::uint8_t>;

MmdbContent sound_content(std::uint16_t record_bits) {
    MmdbContent content;
    content.record_bits = record_bits;
    content.has_aliases = true;
    const auto network = [&](const char* text, const std::string& record) {
        content.networks.emplace_back(*IpPrefix::parse(text), record);
    };
    network("192.0.2.0/24", test::maxmind_record("DE", "HE", "Frankfurt", 50.1, 8.7));
    network("198.51.100.0/23", test::flat_record("US", "Virginia", "Ashburn", 39, -77));
    network("203.0.113.77/32", test::maxmind_record("JP", "13", "Tokyo", 35.7, 139.7));
    network("2a00:db8::/32", test::maxmind_record("SG", "01", "Singapore", 1.29, 103.85));
    network("2a00:db9::8/128", test::flat_record("ZA", "", "Cape Town", -33.9F, 18.4F));
    return content;
}

// An atlas or an error; if an atlas, one that can be walked and asked.
std::string outcome_of(const TemporaryFile& file) {
    const auto atlas = read_mmdb(std::vector{file.path()});
    if (!atlas.ok()) { return atlas.error(); }
    for (const Family family : {Family::V4, Family::V6}) {
        Atlas::Cursor cursor(*atlas, family);
        std::uint64_t count = 0;
        for (AtlasLeaf leaf; cursor.next(leaf); ++count) {
            const Location& location = atlas->location(leaf.location);
            EXPECT_FALSE(atlas->text(location.city).data() == nullptr);
        }
        EXPECT_EQ(count, atlas->leaf_count(family));
    }
    return "sound";
}

// Where `text` begins in the file.
std::size_t position_of(const Octets& octets, std::string_view text) {
    const Octets wanted(text.begin(), text.end());
    const auto found = std::ranges::search(octets, wanted);
    EXPECT_FALSE(found.empty()) << text;
    return static_cast<std::size_t>(found.begin() - octets.begin());
}

// Overwrites the first occurrence of `from` with `to`, which is as long.
Octets with_replaced(Octets octets, std::string_view from, std::string_view to) {
    EXPECT_EQ(from.size(), to.size());
    const std::size_t position = position_of(octets, from);
    std::copy(to.begin(), to.end(), octets.begin() + static_cast<std::ptrdiff_t>(position));
    return octets;
}

TEST(DamagedMmdb, CutAnywhereIsAnError) {
    const Octets octets = test::mmdb_octets(sound_content(28));
    const TemporaryFile file("cut.mmdb", octets);
    ASSERT_EQ(outcome_of(file), "sound");
    for (std::size_t size = 0; size < octets.size(); size += 11) {
        file.overwrite(Octets(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size)));
        EXPECT_THAT(outcome_of(file), HasSubstr(file.path() + ": ")) << size << " octets";
    }
}

TEST(DamagedMmdb, WithItsFrontMissingIsAnError) {
    const Octets octets = test::mmdb_octets(sound_content(24));
    const TemporaryFile file("front.mmdb", octets);
    for (std::size_t missing = 1; missing < octets.size(); missing += 97) {
        file.overwrite(Octets(octets.begin() + static_cast<std::ptrdiff_t>(missing), octets.end()));
        (void)outcome_of(file);  // what remains may happen to be sound; it must not crash
    }
}

TEST(DamagedMmdb, MutantsAreAnAtlasOrAnError) {
    for (const std::uint64_t seed : test::seeds(8)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        const std::uint16_t record_bits = std::array<std::uint16_t, 3>{24, 28, 32}[seed % 3];
        const Octets octets = test::mmdb_octets(sound_content(record_bits));
        const TemporaryFile file("mutant.mmdb", octets);
        // Data and metadata are a small part of the file behind the tree: they get half of it.
        const std::size_t behind_tree = octets.size() - 1200;
        for (int i = 0; i < 150; ++i) {
            Octets mutant = octets;
            for (std::uint64_t changes = 1 + test::below(random, 6); changes > 0; --changes) {
                const std::size_t at = test::below(random, 2) == 0
                                           ? test::below(random, mutant.size())
                                           : behind_tree + test::below(random, 1200);
                mutant[at] = static_cast<std::uint8_t>(random());
            }
            file.overwrite(mutant);
            (void)outcome_of(file);
        }
    }
}

TEST(DamagedMmdb, ATreeWithALoopIsAnError) {
    // Every record of every node leads to node 0.
    Octets octets = test::mmdb_octets(sound_content(24));
    const std::string_view separator("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    const auto tree_octets = static_cast<std::ptrdiff_t>(position_of(octets, separator));
    std::fill(octets.begin(), octets.begin() + tree_octets, std::uint8_t{0});
    EXPECT_THAT(outcome_of(TemporaryFile("loop.mmdb", octets)), HasSubstr("loop"));

    // Both records of each node lead to the next one, and those of the last to nothing: 2^90 ways
    // that end, none of which is too long for an address.
    constexpr std::size_t kNodes = 90;
    const auto node_count = static_cast<std::size_t>(tree_octets) / 6;
    for (std::size_t node = 0; node < kNodes; ++node) {
        const std::size_t next = node + 1 == kNodes ? node_count : node + 1;
        for (const std::size_t side : {0U, 3U}) {
            octets[node * 6 + side + 1] = static_cast<std::uint8_t>(next >> 8);
            octets[node * 6 + side + 2] = static_cast<std::uint8_t>(next);
        }
    }
    EXPECT_THAT(outcome_of(TemporaryFile("ladder.mmdb", octets)), HasSubstr("loop"));
}

TEST(DamagedMmdb, MetadataNestedWithoutEndIsAnError) {
    // libmaxminddb 1.7 would recurse once for each octet of it.
    const Octets sound = test::mmdb_octets(sound_content(24));
    const std::string_view marker("\xab\xcd\xefMaxMind.com", 14);
    const auto metadata =
        sound.begin() + static_cast<std::ptrdiff_t>(position_of(sound, marker) + marker.size());
    for (const std::string_view nest : {std::string_view("\xe1\x41x", 3),    // {"x": {"x": ...
                                        std::string_view("\x01\x04", 2)}) {  // [[...
        Octets octets(sound.begin(), metadata);
        octets.insert(octets.end(), {0xe2, 0x41, 'a'});
        for (int i = 0; i < 40'000; ++i) {
            octets.insert(octets.end(), nest.begin(), nest.end());
        }
        octets.insert(octets.end(), metadata + 1, sound.end());
        EXPECT_THAT(outcome_of(TemporaryFile("nested.mmdb", octets)),
                    HasSubstr("no sound metadata"));
    }
}

TEST(DamagedMmdb, MetadataWithTextsThatAreNoneIsAnErrorAndKeepsNoMemory) {
    // libmaxminddb 1.7 would return from the middle of them, which LeakSanitizer sees.
    using Texts = std::pair<std::string_view, std::string_view>;
    const Octets sound = test::mmdb_octets(sound_content(24));
    for (const auto& [from, to] : {Texts("languages\x01\x04\x42", "languages\x01\x04\xa2"),
                                   Texts("description\xe1\x42", "description\xe1\xa2"),
                                   Texts("\x4fmade for a test", "\x8fmade for a test")}) {
        EXPECT_THAT(outcome_of(TemporaryFile("texts.mmdb", with_replaced(sound, from, to))),
                    HasSubstr("no sound metadata"));
    }
}

TEST(DamagedMmdb, RecordsThatLieOutsideTheDataAreAnError) {
    const Octets sound = test::mmdb_octets(sound_content(24));
    const std::string_view key("node_count\xc4", 11);  // an unsigned integer of four octets
    const std::size_t count = position_of(sound, key) + key.size();
    for (const std::uint32_t node_count :
         {1U, 100U, 5'000U, 0x7fff'ffffU, 0xffff'ffffU, 715'827'883U}) {  // times 6 is 2 in 32 bits
        Octets octets = sound;
        for (unsigned i = 0; i < 4; ++i) {
            octets[count + i] = static_cast<std::uint8_t>(node_count >> (24 - 8 * i));
        }
        EXPECT_NE(outcome_of(TemporaryFile("count.mmdb", octets)), "sound") << node_count;
        octets[0] = octets[1] = octets[2] = 0xff;  // a node 100 MB behind the file, if believed
        EXPECT_NE(outcome_of(TemporaryFile("far.mmdb", octets)), "sound") << node_count;
    }
}

TEST(DamagedMmdb, ARecordThatClaimsMoreThanThereIsIsAnError) {
    MmdbContent content = sound_content(24);
    const std::string_view huge_map("\xff\xff\xff\xff", 4);
    const std::string_view huge_array("\x1f\x04\xff\xff\xff", 5);
    const std::string_view endless_pointer("\x38\xff\xff\xff\xff", 5);
    const std::string_view short_double("\x64\x40\x49\x00\x00", 5);
    const std::string_view unknown_type("\x01\x42", 2);
    for (const std::string_view broken :
         {huge_map, huge_array, endless_pointer, short_double, unknown_type}) {
        content.networks[0].second =
            test::mmdb_map({{"latitude", std::string(broken)}, {"x", test::mmdb_text("y")}});
        EXPECT_THAT(outcome_of(TemporaryFile("claims.mmdb", test::mmdb_octets(content))),
                    HasSubstr("a record of it cannot be read"));
    }
}

TEST(DamagedMmdb, AnIpVersionOrRecordSizeOutOfThisWorldIsAnError) {
    const Octets sound = test::mmdb_octets(sound_content(24));
    const TemporaryFile version("version.mmdb",
                                with_replaced(sound, std::string_view("ip_version\xa2\0\x06", 13),
                                              std::string_view("ip_version\xa2\0\x05", 13)));
    EXPECT_NE(outcome_of(version), "sound");
    const TemporaryFile size("size.mmdb",
                             with_replaced(sound, std::string_view("record_size\xa2\0\x18", 14),
                                           std::string_view("record_size\xa2\0\x19", 14)));
    EXPECT_NE(outcome_of(size), "sound");
}

}  // namespace
}  // namespace meridian::geo
