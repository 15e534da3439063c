// Tests that owners come out of their packing as they went in.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/packed_owners.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/model_zone.h"

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
    EXPECT_LE(PackedOwners(owners, apex).memory_octets(), 36U * 1000);
}

}  // namespace
}  // namespace meridian::zones
