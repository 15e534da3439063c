// Tests what compiling refuses, shares and bounds.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/support/zone_asker.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using dns::Type;
using test::head_of;
using test::ModelZone;
using test::texts_of;
using test::ZoneAsker;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Germany at 198.51.100.0/24, nothing else.
std::shared_ptr<const geo::Atlas> german_atlas() {
    geo::AtlasBuilder builder;
    builder.info().has_coordinates = true;
    const auto german = builder.add_location({.country = geo::CountryCode::parse("DE").value(),
                                              .has_coordinates = true,
                                              .at = {50.11, 8.68}});
    builder.add(IpPrefix::parse("198.51.100.0/24").value(), german);
    return std::make_shared<geo::Atlas>(std::move(builder).build());
}

ModelZone steered_zone(std::string_view apex) {
    ModelZone zone(apex);
    zone.region("virginia", 38.95, -77.45, {"192.0.2.1", "2001:db8::1"})
        .region("frankfurt", 50.03, 8.57, {"192.0.2.2", "2001:db8::2"});
    zone.policy("nearest");
    zone.steer("www", 0);
    return zone;
}

std::shared_ptr<const Snapshot> compiled(const std::vector<ModelZone>& models,
                                         std::shared_ptr<const geo::Atlas> atlas,
                                         std::shared_ptr<const Snapshot> previous = {}) {
    CompileInput input = test::input_of(models);
    input.atlas = std::move(atlas);
    input.previous = std::move(previous);
    return compile(input).value();
}

const geo::RouteMap* routes_of(const Snapshot& snapshot, std::size_t table = 0) {
    return snapshot.data().steering->tables.at(table).routes.get();
}

TEST(Compiler, TwoZonesOfOneNameAreRefusedWhateverTheirCase) {
    const auto result = compile(test::input_of({ModelZone("z.test."), ModelZone("Z.Test.")}));
    ASSERT_FALSE(result.ok());
    ASSERT_THAT(result.error(), SizeIs(1));
    EXPECT_EQ(result.error()[0].code, "zone-twice");
    EXPECT_EQ(result.error()[0].text,
              "the zone Z.Test. is also described by " + ModelZone("z.test.").shared()->file);
    EXPECT_EQ(result.error()[0].hint, "keep one of the two files");
}

TEST(Delegations, AreWarnedOfWhenTheirTtlIsNotThatOfTheChild) {
    ModelZone parent("z.test.");
    parent.record("child", Type::NS, "ns1.child", 300).record("ns1.child", Type::A, "192.0.2.53");
    parent.record("other", Type::NS, "ns.elsewhere.test.", 300);  // of a zone that is not here
    const auto reported = [&](std::uint32_t child_ttl_seconds) {
        zones::Zone child = ModelZone("Child.z.test.").zone();
        child.nameservers_ttl_seconds = child_ttl_seconds;
        CompileInput input;
        input.atlas = test::empty_atlas();
        input.zones = {std::make_shared<const Zone>(child), parent.shared()};
        return check_delegations(*compile(input).value());
    };
    EXPECT_THAT(reported(300), IsEmpty());
    const Diagnostics warnings = reported(86400);
    ASSERT_THAT(warnings, SizeIs(1));
    EXPECT_EQ(warnings[0].code, "delegation-ttl");
    EXPECT_EQ(to_line(warnings[0]),
              "z.test..toml: warning: the NS records of Child.z.test. have a TTL of 300 here, and "
              "86400 in Child.z.test..toml (resolvers take either; give both the same)");
}

TEST(Compiler, TooManyZonesAreRefused) {
    Compiler compiler;
    LinkInput input;
    input.atlas = test::empty_atlas();
    input.zones.assign(kMaxZones + 1, compiler.compile(ModelZone("z.test.").zone(), {}).value());
    const auto result = compiler.link(input);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().at(0).code, "too-many-zones");
    EXPECT_EQ(result.error()[0].text, "one server holds at most 200000 zones, not 200001");
}

/// A name with TXT records that take `octets` in a message.
ModelZone text_zone(std::size_t octets) {
    constexpr std::size_t kFixedOctets = 12;  // owner pointer to RDLENGTH
    Owner owner;
    owner.name = test::name("big.z.test.");
    OwnedSet set;
    set.records.type = Type::TXT;
    const std::size_t half = octets / 2;
    for (const std::size_t size : {half, octets - half}) {
        set.records.records.emplace_back(size - kFixedOctets, 0);  // empty strings
    }
    owner.sets.push_back(set);
    ModelZone model("z.test.");
    model.add(owner);
    return model;
}

TEST(Compiler, RecordsThatNoMessageCarriesAreRefused) {
    // Header 12, the longest question 259, OPT with the longest client subnet 35.
    constexpr std::size_t kMost = 65535 - 12 - 259 - 35;
    for (const std::size_t octets : {kMost + 1, std::size_t{65535}, std::size_t{70000}}) {
        const auto result = compile(test::input_of({text_zone(octets)}));
        ASSERT_FALSE(result.ok()) << octets;
        EXPECT_EQ(result.error().at(0).code, "set-too-large");
        EXPECT_EQ(result.error()[0].text,
                  "the TXT records together do not fit into one message of 65535 octets");
    }
    ZoneAsker asker({text_zone(kMost)});
    const auto reply = asker.ask_over_tcp("big.z.test.", Type::TXT);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    EXPECT_THAT(reply.answer, SizeIs(2));
    EXPECT_EQ(head_of(asker.ask("big.z.test.", Type::TXT)), "NOERROR aa tc");
}

TEST(Compiler, PoliciesThatRankAlikeShareATable) {
    ModelZone one = steered_zone("one.test.");
    one.policy("same").max_addresses = 1;
    one.policy("other").default_order = {1, 0};
    one.steer("same", 1).steer("other", 2);
    const auto snapshot = compiled({one, steered_zone("two.test.")}, german_atlas());
    ASSERT_THAT(snapshot->data().steering->tables, SizeIs(4));
    std::set<const geo::RouteMap*> maps;
    for (const PolicyTable& table : snapshot->data().steering->tables) {
        maps.insert(table.routes.get());
    }
    EXPECT_THAT(maps, SizeIs(2));
}

TEST(Compiler, AReloadTakesTablesOverWhereNothingAboutThemChanged) {
    const auto atlas = german_atlas();
    const auto first = compiled({steered_zone("z.test.")}, atlas);

    ModelZone edited = steered_zone("z.test.");
    edited.record("new", Type::A, "192.0.2.9");
    EXPECT_EQ(routes_of(*compiled({edited}, atlas, first)), routes_of(*first));
    EXPECT_NE(routes_of(*compiled({edited}, german_atlas(), first)), routes_of(*first));

    Zone moved = steered_zone("z.test.").zone();
    moved.regions[1].at.latitude += 1;
    CompileInput input;
    input.zones = {std::make_shared<Zone>(moved)};
    input.atlas = atlas;
    input.previous = first;
    EXPECT_NE(routes_of(*compile(input).value()), routes_of(*first));
}

TEST(Compiler, AReloadServesNewAddressesThroughTheOldTable) {
    const auto atlas = german_atlas();
    const auto first = compiled({steered_zone("z.test.")}, atlas);
    ModelZone edited("z.test.");
    edited.region("virginia", 38.95, -77.45, {"192.0.2.7"})
        .region("frankfurt", 50.03, 8.57, {"192.0.2.8"});
    edited.policy("nearest");
    edited.steer("www", 0);
    const auto second = compiled({edited}, atlas, first);
    ASSERT_EQ(routes_of(*second), routes_of(*first));
    ZoneAsker asker(second);
    const auto german = IpPrefix::parse("198.51.100.0/24");
    EXPECT_THAT(texts_of(asker.ask("www.z.test.", Type::A, {.client_subnet = german}).answer),
                ElementsAre("www.z.test. 60 A 192.0.2.8"));
    EXPECT_THAT(texts_of(asker.ask("www.z.test.", Type::A).answer),
                ElementsAre("www.z.test. 60 A 192.0.2.7"));
}

/// The three regions nearest to Germany have IPv6 alone.
ModelZone mostly_v6_zone(MissingFamily missing) {
    ModelZone zone("z.test.");
    zone.region("frankfurt", 50.03, 8.57, {"2001:db8::1"})
        .region("paris", 49.0, 2.55, {"2001:db8::2"})
        .region("london", 51.47, -0.45, {"2001:db8::3"})
        .region("virginia", 38.95, -77.45, {"192.0.2.4", "2001:db8::4"})
        .region("sydney", -33.94, 151.17, {"192.0.2.5", "2001:db8::5"});
    Policy& policy = zone.policy("nearest");
    policy.missing_family = missing;
    policy.default_order = {4, 3, 2, 1, 0};
    zone.steer("www", 0);
    return zone;
}

TEST(Compiler, BehindTheThirdRankTheNextRegionThatHasTheFamilyAnswers) {
    ZoneAsker asker(compiled({mostly_v6_zone(MissingFamily::Next)}, german_atlas()));
    const auto german = IpPrefix::parse("198.51.100.0/24");
    EXPECT_THAT(texts_of(asker.ask("www.z.test.", Type::A, {.client_subnet = german}).answer),
                ElementsAre("www.z.test. 60 A 192.0.2.4"));
    EXPECT_THAT(texts_of(asker.ask("www.z.test.", Type::AAAA, {.client_subnet = german}).answer),
                ElementsAre("www.z.test. 60 AAAA 2001:db8::1"));
}

TEST(Compiler, AFamilyThatIsOmittedIsMissingForEverybody) {
    ZoneAsker asker(compiled({mostly_v6_zone(MissingFamily::Omit)}, german_atlas()));
    const auto reply = asker.ask("www.z.test.", Type::A);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    EXPECT_THAT(reply.answer, IsEmpty());
    EXPECT_THAT(reply.authority, SizeIs(1));
    EXPECT_THAT(asker.ask("www.z.test.", Type::AAAA).answer, SizeIs(1));
}

TEST(Compiler, MaxAddressesBoundsAnAnswerAndAllTakeTurns) {
    ModelZone zone("z.test.");
    std::vector<std::string> addresses;
    for (int i = 1; i <= 64; ++i) {
        addresses.push_back("192.0.2." + std::to_string(i));
    }
    zone.region("here", 1, 2, addresses);
    zone.policy("one").max_addresses = 1;
    zone.policy("three").max_addresses = 3;
    zone.policy("all").max_addresses = 64;
    zone.steer("one", 0).steer("three", 1).steer("all", 2);
    ZoneAsker asker({zone});
    EXPECT_THAT(asker.ask("one.z.test.", Type::A).answer, SizeIs(1));
    EXPECT_THAT(asker.ask("all.z.test.", Type::A).answer, SizeIs(64));
    std::set<std::string> seen;
    for (int i = 0; i < 2000; ++i) {
        const auto texts = texts_of(asker.ask("three.z.test.", Type::A).answer);
        ASSERT_EQ(std::set(texts.begin(), texts.end()).size(), 3u);
        seen.insert(texts.begin(), texts.end());
    }
    EXPECT_THAT(seen, SizeIs(64));
}

TEST(Compiler, OneTtlForEachNameEvenWhereTheyShareAPolicy) {
    ModelZone zone = steered_zone("z.test.");
    zone.steer("short", 0, 5);
    ZoneAsker asker({zone});
    EXPECT_EQ(asker.ask("short.z.test.", Type::A).answer.at(0).ttl_seconds, 5u);
    EXPECT_EQ(asker.ask("short.z.test.", Type::AAAA).answer.at(0).ttl_seconds, 5u);
    EXPECT_EQ(asker.ask("www.z.test.", Type::A).answer.at(0).ttl_seconds, 60u);
}

TEST(Compiler, TellsWhatIsServed) {
    ModelZone parent = steered_zone("z.test.");
    parent.record("a.b.c", Type::A, "192.0.2.9").record("hidden.child", Type::A, "192.0.2.9");
    const SnapshotInfo info =
        compiled({parent, ModelZone("child.z.test.")}, german_atlas())->info();
    EXPECT_EQ(info.zone_count, 2u);
    EXPECT_EQ(info.name_count, 6u);  // two apexes, two ns1, www, a.b.c
    EXPECT_EQ(info.region_count, 2u);
    EXPECT_EQ(info.policy_count, 1u);
    EXPECT_GT(info.table_octets, 0u);
    EXPECT_GT(info.name_octets, 0u);
}

}  // namespace
}  // namespace meridian::zones
