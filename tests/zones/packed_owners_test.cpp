// Tests that owners come out of their packing as they went in.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/packed_owners.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/support/model_zone.h"
#include "tests/support/seeds.h"

namespace meridian::zones {
namespace {

using test::name;

/// Everything of an owner, in words.
std::string text_of(const Owner& owner) {
    const auto place = [](const TextPosition& at) {
        return " @" + std::to_string(at.file) + ":" + std::to_string(at.line) + ":" +
               std::to_string(at.column) + "+" + std::to_string(at.length);
    };
    std::string text(owner.name.wire().begin(), owner.name.wire().end());
    text += place(owner.position) + (owner.steer ? " steer " + std::to_string(*owner.steer) : "") +
            " " + std::to_string(owner.steer_ttl_seconds) + place(owner.steer_position);
    for (const OwnedSet& set : owner.sets) {
        text += " " + dns::type_to_text(set.records.type) + " " +
                std::to_string(set.records.ttl_seconds) + place(set.position);
        for (const dns::Rdata& rdata : set.records.records) {
            text += " " + dns::rdata_to_text(set.records.type, rdata);
        }
    }
    return text;
}

std::vector<Owner> some_owners() {
    const dns::Rdata address{192, 0, 2, 1};
    const dns::Rdata long_text(70, 69);
    std::vector<Owner> owners(5);
    owners[0].name = name("WWW.Zone.example.");  // the case of the apex differs
    owners[0].position = {.line = 70'000, .column = 200, .length = 3, .file = 0};
    owners[0].sets = {{{dns::Type::A, 60, {address, {192, 0, 2, 2}}}, {70'000, 10, 1, 0}},
                      {{dns::Type::TXT, 2'147'483'647, {long_text}}, {12, 1, 3, 2}}};
    owners[1].name = name("zone.example.");
    owners[1].sets = {{{dns::Type(65280), 0, {{}}}, {}}};
    owners[2].name = name("a.zone.example.");
    owners[2].position = {4'000'000'000, 1, 1, 1};  // then a line far before
    owners[2].steer = 300;
    owners[2].steer_ttl_seconds = 45;
    owners[2].steer_position = {1, 2, 3, 0};
    owners[3].name =
        name("*." + std::string(63, 'x') + "." + std::string(63, 'y') + ".zone.example.");
    owners[4].name = name("elsewhere.test.");
    return owners;
}

TEST(PackedOwners, ComeOutAsTheyWentIn) {
    const std::vector<Owner> owners = some_owners();
    const dns::Name apex = name("zone.example.");
    const std::vector<Owner> again = PackedOwners(owners, apex).unpack(apex);
    ASSERT_EQ(again.size(), owners.size());
    for (std::size_t i = 0; i < owners.size(); ++i) {
        EXPECT_EQ(text_of(again[i]), text_of(owners[i]));
    }
}

// Each is told by how it differs from the one before, so all kinds of neighbours have to meet.
TEST(PackedOwners, OfAllKindsMayStandSideBySide) {
    for (const std::uint64_t seed : test::seeds(32)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        const auto below = [&random](std::uint32_t count) {
            return static_cast<std::uint32_t>(random() % count);
        };
        const auto some_position = [&] {
            return TextPosition{1 + below(5), below(3), below(2), below(2)};
        };
        const dns::Name apex = name("zone.example.");
        std::vector<Owner> owners(200);
        for (Owner& owner : owners) {
            const dns::Name parent = below(9) == 0 ? name("other.test.") : apex;
            owner.name =
                parent.child(std::string(1 + below(4), 'a') + std::to_string(below(30))).value();
            owner.position = some_position();
            if (below(4) == 0) {
                owner.steer = below(300);
                owner.steer_position = some_position();
            }
            owner.steer_ttl_seconds = below(2) * 30;
            owner.sets.resize(below(3));
            for (OwnedSet& set : owner.sets) {
                set.position = some_position();
                set.records.type = dns::Type(1 + below(2) * 300);
                set.records.ttl_seconds = 60 * below(2);
                set.records.records.resize(below(3), dns::Rdata(4, 7));
            }
        }
        const std::vector<Owner> again = PackedOwners(owners, apex).unpack(apex);
        ASSERT_EQ(again.size(), owners.size());
        for (std::size_t i = 0; i < owners.size(); ++i) {
            ASSERT_EQ(text_of(again[i]), text_of(owners[i])) << i;
        }
    }
}

TEST(PackedOwners, AreNoneOrOfTheRootToo) {
    const dns::Name root;
    EXPECT_TRUE(PackedOwners({}, root).unpack(root).empty());
    const std::vector<Owner> owners = some_owners();
    const std::vector<Owner> again = PackedOwners(owners, root).unpack(root);
    ASSERT_EQ(again.size(), owners.size());
    EXPECT_EQ(text_of(again.front()), text_of(owners.front()));
}

TEST(PackedOwners, TakeFewOctetsForANameWithAnAddress) {
    const dns::Name apex = name("zone.example.");
    std::vector<Owner> owners;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        Owner owner;
        owner.name = apex.child("host-" + std::to_string(1000 + i)).value();
        owner.position = {i + 7, 1, 9, 0};
        owner.sets = {{{dns::Type::A, 3600, {{192, 0, 2, 1}}}, {i + 7, 14, 1, 0}}};
        owners.push_back(owner);
    }
    EXPECT_LE(PackedOwners(owners, apex).memory_octets(), 15U * 1000);
}

}  // namespace
}  // namespace meridian::zones
