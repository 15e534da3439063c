// Tests that the name table finds what was put in, and nothing else.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/name_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "tests/support/seeds.h"

namespace meridian::zones {
namespace {

using Octets = std::vector<std::uint8_t>;

Octets random_name(std::mt19937_64& random) {
    Octets name;
    const std::size_t labels = 1 + random() % 4;
    for (std::size_t i = 0; i < labels; ++i) {
        const std::size_t length = 1 + random() % 6;
        name.push_back(static_cast<std::uint8_t>(length));
        // Few letters, so that names share prefixes and suffixes.
        for (std::size_t j = 0; j < length; ++j) {
            name.push_back(static_cast<std::uint8_t>('a' + random() % 3));
        }
    }
    name.push_back(0);
    return name;
}

TEST(NameTable, FindsExactlyWhatAMapHolds) {
    for (const std::uint64_t seed : test::seeds(8)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        NameTableBuilder builder(random());
        std::map<Octets, NodeId> twin;
        for (int i = 0; i < 5000; ++i) {
            const Octets name = random_name(random);
            const NodeId id = builder.insert(name);
            const auto [known, is_new] = twin.try_emplace(name, id);
            ASSERT_EQ(known->second, id) << "the same name got a second node";
        }
        EXPECT_EQ(builder.node_count(), twin.size());
        builder.fit();
        const NameTable table = builder.table();
        for (const auto& [name, id] : twin) {
            ASSERT_EQ(table.find(name), id);
            const auto stored = table.name(table.node(id));
            ASSERT_EQ(Octets(stored.begin(), stored.end()), name);
        }
        for (int i = 0; i < 5000; ++i) {
            const Octets name = random_name(random);
            const auto known = twin.find(name);
            ASSERT_EQ(table.find(name), known == twin.end() ? 0 : known->second);
        }
    }
}

TEST(NameTable, AnEmptyTableFindsNothing) {
    const NameTableBuilder builder(1);
    const NameTable table = builder.table();
    EXPECT_EQ(table.find(Octets{}), 0u);
    EXPECT_EQ(table.find(Octets{3, 'w', 'w', 'w', 0}), 0u);
}

TEST(NameTable, SeedsSpreadNamesDifferently) {
    const Octets name{3, 'w', 'w', 'w', 0};
    EXPECT_NE(NameTable(1, {}).hash(name), NameTable(2, {}).hash(name));
}

TEST(NameTable, EveryOctetAndTheLengthCount) {
    const NameTable table(7, {});
    Octets name(40, 'a');
    const std::uint64_t reference = table.hash(name);
    for (std::size_t i = 0; i < name.size(); ++i) {
        name[i] = 'b';
        EXPECT_NE(table.hash(name), reference) << "octet " << i << " does not count";
        name[i] = 'a';
    }
    for (std::size_t length = 1; length < name.size(); ++length) {
        EXPECT_NE(table.hash(std::span(name).first(length)), reference);
    }
}

}  // namespace
}  // namespace meridian::zones
