// Tests that a verdict is true about an answer.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "meridian/zones/compiler.h"
#include "tests/support/model_zone.h"

namespace meridian::zones {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Germany at 198.51.100.0/24, Japan at 203.0.113.0/24; 46.114.0.0/24 is cut: 64 addresses in
/// Japan come first, the other 192 lie in Germany; 46.114.1.0/24 is Japan's; of 46.114.2.0/24 only
/// a quarter is known, as Germany's.
std::shared_ptr<const geo::Atlas> small_atlas() {
    geo::AtlasBuilder builder;
    builder.info().has_coordinates = true;
    geo::Location germany{.country = geo::CountryCode::parse("DE").value(),
                          .has_coordinates = true,
                          .at = {50.11, 8.68}};
    germany.city = builder.add_text("Frankfurt");
    const geo::Location japan{.country = geo::CountryCode::parse("JP").value(),
                              .has_coordinates = true,
                              .at = {35.68, 139.69}};
    const auto german = builder.add_location(germany);
    const auto japanese = builder.add_location(japan);
    builder.add(IpPrefix::parse("46.114.0.0/26").value(), japanese);
    builder.add(IpPrefix::parse("46.114.0.64/26").value(), german);
    builder.add(IpPrefix::parse("46.114.0.128/25").value(), german);
    builder.add(IpPrefix::parse("46.114.1.0/24").value(), japanese);
    builder.add(IpPrefix::parse("46.114.2.0/26").value(), german);
    builder.add(IpPrefix::parse("198.51.100.0/24").value(), german);
    builder.add(IpPrefix::parse("203.0.113.0/24").value(), japanese);
    return std::make_shared<geo::Atlas>(std::move(builder).build());
}

test::ModelZone small_zone() {
    test::ModelZone zone("beigel.example.");
    zone.region("virginia", 38.95, -77.45, {"192.0.2.10", "2001:db8:1::10"})
        .region("frankfurt", 50.03, 8.57, {"198.51.100.10"})
        .region("tokyo", 35.77, 140.39, {"203.0.113.10", "2001:db8:3::10"});
    zone.policy("nearest");
    zone.steer("www", 0, 45).steer("*.shops", 0).record("mail", dns::Type::A, "192.0.2.25");
    return zone;
}

std::shared_ptr<const Snapshot> small_snapshot() {
    CompileInput input;
    input.zones = {small_zone().shared()};
    input.atlas = small_atlas();
    return compile(input).value();
}

Verdict ask(const char* name, dns::Type type, std::optional<IpPrefix> subnet,
            const char* peer = "203.0.113.53") {
    return explain(Serving(small_snapshot()), {},
                   {test::name(name), type, IpAddress::parse(peer).value(), subnet});
}

std::vector<std::string> region_names(const Verdict& verdict) {
    std::vector<std::string> names;
    for (const ConsideredRegion& region : verdict.regions) {
        names.push_back(region.name);
    }
    return names;
}

/// Why a resolver gets the addresses of www.
Verdict explain_www(const std::shared_ptr<const Snapshot>& snapshot, const char* peer) {
    return explain(
        Serving(snapshot), {},
        {test::name("www.beigel.example."), dns::Type::A, IpAddress::parse(peer).value(), {}});
}

TEST(Verdict, NamesIdentityPlaceRegionsAndAnswer) {
    const Verdict verdict =
        ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("198.51.100.0/24"));
    EXPECT_EQ(verdict.rcode, "NOERROR");
    EXPECT_EQ(verdict.zone, "beigel.example.");
    EXPECT_TRUE(verdict.steered);
    EXPECT_EQ(verdict.policy, "nearest");
    EXPECT_EQ(verdict.identity, "client subnet 198.51.100.0/24");
    EXPECT_EQ(verdict.country, "DE");
    EXPECT_EQ(verdict.continent, "EU");
    EXPECT_EQ(verdict.city, "Frankfurt");
    EXPECT_EQ(verdict.place_source, "database coordinates");
    EXPECT_THAT(region_names(verdict), ElementsAre("frankfurt", "virginia", "tokyo"));
    EXPECT_TRUE(verdict.regions[0].chosen);
    EXPECT_NEAR(verdict.regions[0].distance_km, 11.9, 1.0);
    EXPECT_THAT(verdict.answer, ElementsAre("www.beigel.example. 45 IN A 198.51.100.10"));
    EXPECT_EQ(verdict.ttl_seconds, 45u);
    EXPECT_EQ(verdict.scope_bits, 24);
}

TEST(Verdict, ARegionWithoutTheFamilyIsPassedOverWithItsReason) {
    const Verdict verdict =
        ask("www.beigel.example.", dns::Type::AAAA, IpPrefix::parse("198.51.100.0/24"));
    EXPECT_FALSE(verdict.regions[0].chosen);
    EXPECT_EQ(verdict.regions[0].note, "has no IPv6 address");
    EXPECT_TRUE(verdict.regions[1].chosen);
    EXPECT_THAT(verdict.answer, ElementsAre("www.beigel.example. 45 IN AAAA 2001:db8:1::10"));
}

TEST(Verdict, ARegionThatIsNoPartOfTheServiceIsPassedOverWithItsReason) {
    test::ModelZone zone = small_zone();
    zone.steer_by("api", "api", 0, {{"virginia", {"192.0.2.20"}}, {"tokyo", {"203.0.113.20"}}});
    CompileInput input;
    input.zones = {zone.shared()};
    input.atlas = small_atlas();
    const Serving all(compile(input).value());
    const auto why = [&](const Serving& serving) {
        return explain(serving, {},
                       {test::name("api.beigel.example."),
                        dns::Type::A,
                        IpAddress::parse("198.51.100.53").value(),
                        {}});
    };
    const Verdict verdict = why(all);
    EXPECT_EQ(verdict.service, "api");
    EXPECT_EQ(verdict.policy, "nearest");
    ASSERT_THAT(region_names(verdict), ElementsAre("frankfurt", "virginia", "tokyo"));
    EXPECT_EQ(verdict.regions[0].note, "is not part of the service");
    EXPECT_FALSE(verdict.regions[0].chosen);
    EXPECT_EQ(verdict.regions[1].note, "");
    EXPECT_TRUE(verdict.regions[1].chosen);
    EXPECT_EQ(verdict.runner_up, "tokyo");
    EXPECT_THAT(verdict.answer, ElementsAre("api.beigel.example. 60 IN A 192.0.2.20"));

    const std::uint32_t first_cell = all.snapshot()->services().back().first_cell;
    const std::vector<LiveChange> down{{.cell = first_cell, .up_addresses = {0, 0}},
                                       {.cell = first_cell + 2, .up_addresses = {0, 0}}};
    const Verdict without = why(Serving(all.snapshot(), all.live()->with(down)));
    EXPECT_EQ(without.regions[0].note, "is not part of the service");
    EXPECT_EQ(without.regions[1].note, "is down, as all are, so all count as up");
    EXPECT_TRUE(without.regions[1].chosen);
    EXPECT_EQ(ask("www.beigel.example.", dns::Type::A, {}).service, "");
}

TEST(Verdict, WithoutASubnetTheResolverDecidesAndThereIsNoScope) {
    const Verdict verdict = ask("www.beigel.example.", dns::Type::A, {});
    EXPECT_EQ(verdict.identity, "resolver address 203.0.113.53");
    EXPECT_EQ(verdict.regions[0].name, "tokyo");
    EXPECT_FALSE(verdict.scope_bits.has_value());
}

TEST(Verdict, APrivateSubnetLeavesItToTheResolver) {
    const Verdict verdict =
        ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("10.1.2.0/24"));
    EXPECT_EQ(verdict.identity, "resolver address 203.0.113.53");
    EXPECT_THAT(verdict.identity_reason, HasSubstr("10.1.2.0/24 is private or reserved"));
    EXPECT_EQ(verdict.scope_bits, 8);
}

TEST(Verdict, ASplitBlockIsExplainedByThePartThatDecided) {
    const Verdict verdict =
        ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("46.114.0.0/24"));
    EXPECT_EQ(verdict.country, "DE");
    EXPECT_EQ(verdict.prefix, "46.114.0.128/25");
    EXPECT_EQ(verdict.regions[0].name, "frankfurt");
    EXPECT_EQ(verdict.scope_bits, 24);
}

TEST(Verdict, ASplitBlockNamesItsShares) {
    const Verdict verdict =
        ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("46.114.0.0/24"));
    EXPECT_THAT(verdict.split,
                ElementsAre(BlockShare{"frankfurt", 0.75}, BlockShare{"tokyo", 0.25}));
    EXPECT_TRUE(verdict.split_by_majority);
    EXPECT_THAT(ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("46.114.1.0/24")).split,
                testing::IsEmpty())
        << "it is whole";
    EXPECT_THAT(ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("46.114.0.128/25")).split,
                testing::IsEmpty());
    EXPECT_THAT(ask("www.beigel.example.", dns::Type::A, {}, "46.114.0.1").split,
                testing::IsEmpty())
        << "a resolver's own address is no block";
    const Verdict partly =
        ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("46.114.2.0/24"));
    EXPECT_THAT(partly.split, ElementsAre(BlockShare{"", 0.75}, BlockShare{"frankfurt", 0.25}));
}

TEST(Verdict, NamesWhatDecidedAndTheMargin) {
    const Verdict near =
        ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("198.51.100.0/24"));
    EXPECT_EQ(near.decision, Decision::Distance);
    EXPECT_EQ(near.runner_up, "virginia");
    ASSERT_TRUE(near.margin_km);
    EXPECT_NEAR(*near.margin_km, near.regions[1].distance_km - near.regions[0].distance_km, 0.001);
    EXPECT_THAT(near.default_order, testing::IsEmpty());

    const Verdict six =
        ask("www.beigel.example.", dns::Type::AAAA, IpPrefix::parse("198.51.100.0/24"));
    EXPECT_EQ(six.decision, Decision::Distance);
    EXPECT_EQ(six.runner_up, "tokyo") << "the next that has the family";

    const Verdict unknown =
        ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("192.0.2.0/24"));
    EXPECT_EQ(unknown.decision, Decision::UnknownPlace);
    EXPECT_THAT(unknown.default_order, ElementsAre("virginia", "frankfurt", "tokyo"));
    EXPECT_FALSE(unknown.margin_km);
}

TEST(Verdict, NamesTheTieRule) {
    test::ModelZone zone("beigel.example.");
    zone.region("first", 50.034, 8.57, {"192.0.2.1"})
        .region("second", 50.03, 8.57, {"192.0.2.2"})
        .region("third", 52.0, 8.57, {"192.0.2.3"});
    zone.policy("nearest");
    zone.steer("www", 0);
    CompileInput input;
    input.zones = {zone.shared()};
    geo::AtlasBuilder builder;
    builder.info().has_coordinates = true;
    const auto of = [&](double latitude) {
        return builder.add_location({.country = geo::CountryCode::parse("DE").value(),
                                     .has_coordinates = true,
                                     .accuracy_km = 40,
                                     .at = {latitude, 8.57}});
    };
    const auto south = of(50.0);
    const auto north = of(51.9);
    builder.add(IpPrefix::parse("198.51.100.0/25").value(), south);
    builder.add(IpPrefix::parse("198.51.100.128/25").value(), north);
    input.atlas = std::make_shared<geo::Atlas>(std::move(builder).build());
    const auto snapshot = compile(input).value();
    const auto asked_by = [&](const char* peer) { return explain_www(snapshot, peer); };
    const Verdict tie = asked_by("198.51.100.1");
    EXPECT_THAT(tie.answer, ElementsAre("www.beigel.example. 60 IN A 192.0.2.1"));
    EXPECT_EQ(tie.decision, Decision::Tie);
    EXPECT_EQ(tie.runner_up, "second");
    EXPECT_LT(*tie.margin_km, 0) << "the second is nearer, by less than a tie";
    EXPECT_EQ(tie.accuracy_km, 40);
    const Verdict clear = asked_by("198.51.100.200");
    EXPECT_EQ(clear.regions[0].name, "third");
    EXPECT_EQ(clear.decision, Decision::Distance) << "that the others tie decides nothing";
    EXPECT_EQ(clear.runner_up, "first");
}

TEST(Verdict, NamesTheScopeAsAPrefix) {
    EXPECT_EQ(ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("198.51.100.0/24")).scope,
              "198.51.100.0/24");
    EXPECT_EQ(ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("10.1.2.0/24")).scope,
              "10.0.0.0/8");
    EXPECT_EQ(ask("mail.beigel.example.", dns::Type::A, IpPrefix::parse("10.1.2.0/24")).scope,
              "0.0.0.0/0");
    EXPECT_EQ(ask("www.beigel.example.", dns::Type::A, {}).scope, "");
}

TEST(Verdict, SaysWhereAnAliasLeavesTheRestToTheResolver) {
    test::ModelZone zone = small_zone();
    zone.record("alias", dns::Type::CNAME, "WWW")
        .record("away", dns::Type::CNAME, "www.elsewhere.test.")
        .record("fixed", dns::Type::CNAME, "mail");
    CompileInput input;
    input.zones = {zone.shared()};
    input.atlas = small_atlas();
    const auto snapshot = compile(input).value();
    const auto asked = [&](const char* name, dns::Type type) {
        return explain(Serving(snapshot), {}, {test::name(name), type, IpAddress(), {}});
    };
    const Verdict alias = asked("alias.beigel.example.", dns::Type::A);
    EXPECT_EQ(test::name(alias.alias_target.c_str()), test::name("www.beigel.example."));
    EXPECT_TRUE(alias.alias_is_here);
    const Verdict away = asked("away.beigel.example.", dns::Type::A);
    EXPECT_EQ(away.alias_target, "www.elsewhere.test.");
    EXPECT_FALSE(away.alias_is_here);
    EXPECT_EQ(asked("fixed.beigel.example.", dns::Type::A).alias_target, "")
        << "the answer is complete";
    EXPECT_EQ(asked("alias.beigel.example.", dns::Type::CNAME).alias_target, "");
}

TEST(Verdict, ExplainsEveryTypeThatCanBeAskedFor) {
    const auto snapshot = small_snapshot();
    for (std::uint32_t type = 0; type <= 0xffff; type += type < 300 ? 1 : 97) {
        for (const char* name : {"www.beigel.example.", ".", "a.b.c.beigel.example."}) {
            const Verdict verdict = explain(Serving(snapshot), {},
                                            {test::name(name), static_cast<dns::Type>(type),
                                             IpAddress(), IpPrefix::parse("198.51.100.0/24")});
            EXPECT_NE(verdict.rcode, "") << type;
        }
    }
}

TEST(Verdict, AShorterSubnetIsExplainedByMostOfItsAddresses) {
    const Verdict verdict =
        ask("www.beigel.example.", dns::Type::A, IpPrefix::parse("46.114.0.0/23"));
    EXPECT_EQ(verdict.country, "JP");
    EXPECT_EQ(verdict.prefix, "46.114.1.0/24") << "the largest part of those that decided";
    EXPECT_EQ(verdict.regions[0].name, "tokyo");
    EXPECT_THAT(verdict.split,
                ElementsAre(BlockShare{"tokyo", 0.625}, BlockShare{"frankfurt", 0.375}));
    EXPECT_TRUE(verdict.split_by_majority);
}

TEST(Verdict, WhatADatabaseSaysOfPrivateSpaceCountsForNothing) {
    geo::AtlasBuilder builder;
    builder.info().has_coordinates = true;
    const auto japanese = builder.add_location({.country = geo::CountryCode::parse("JP").value(),
                                                .has_coordinates = true,
                                                .at = {35.68, 139.69}});
    builder.add(IpPrefix::parse("10.0.0.0/8").value(), japanese);
    CompileInput input;
    input.zones = {small_zone().shared()};
    input.atlas = std::make_shared<geo::Atlas>(std::move(builder).build());
    const Verdict verdict = explain(Serving(compile(input).value()), {},
                                    {test::name("www.beigel.example."),
                                     dns::Type::A,
                                     IpAddress::parse("10.1.2.3").value(),
                                     {}});
    EXPECT_FALSE(verdict.place_known);
    EXPECT_EQ(verdict.place_source, "none");
    EXPECT_THAT(region_names(verdict), ElementsAre("virginia", "frankfurt", "tokyo"));
    EXPECT_TRUE(verdict.regions[0].chosen);
    EXPECT_THAT(verdict.answer, ElementsAre("www.beigel.example. 45 IN A 192.0.2.10"));
}

/// The three regions nearest to Germany lack IPv4; the default order begins at the other end.
Verdict ask_of_few(MissingFamily missing, dns::Type type) {
    test::ModelZone zone("beigel.example.");
    zone.region("frankfurt", 50.03, 8.57, {"2001:db8::1"})
        .region("paris", 49.0, 2.55, {"2001:db8::2"})
        .region("london", 51.47, -0.45, {"2001:db8::3"})
        .region("virginia", 38.95, -77.45, {"192.0.2.4", "2001:db8::4"})
        .region("sydney", -33.94, 151.17, {"192.0.2.5", "2001:db8::5"});
    Policy& policy = zone.policy("nearest");
    policy.missing_family = missing;
    policy.default_order = {4, 3, 2, 1, 0};
    zone.steer("www", 0);
    CompileInput input;
    input.zones = {zone.shared()};
    input.atlas = small_atlas();
    return explain(Serving(compile(input).value()), {},
                   {test::name("www.beigel.example."), type, IpAddress::v4(0xc6336435), {}});
}

TEST(Verdict, TheChosenRegionIsTheOneThatAnswered) {
    const Verdict verdict = ask_of_few(MissingFamily::Next, dns::Type::A);
    EXPECT_THAT(verdict.answer, ElementsAre("www.beigel.example. 60 IN A 192.0.2.4"));
    ASSERT_THAT(region_names(verdict),
                ElementsAre("frankfurt", "paris", "london", "virginia", "sydney"));
    EXPECT_TRUE(verdict.regions[3].chosen);
    EXPECT_EQ(verdict.regions[3].note, "");
    EXPECT_FALSE(verdict.regions[4].chosen);
    EXPECT_EQ(verdict.decision, Decision::Distance);
    EXPECT_EQ(verdict.runner_up, "sydney");
    EXPECT_THAT(verdict.default_order, testing::IsEmpty());
    EXPECT_EQ(verdict.exact_ranks, 5U) << "all ranks decide where a family is missing";
}

TEST(Verdict, MarksTheRanksThatAreThoseOfMostAddressesOfTheClass) {
    test::ModelZone zone("beigel.example.");
    zone.region("lagos", 0, 1, {"192.0.2.1"})
        .region("lome", 0, 2, {"192.0.2.2"})
        .region("accra", 0, 4, {"192.0.2.3"})
        .region("west", 0, -31, {"192.0.2.4"})
        .region("east", 0, 33, {"192.0.2.5"});
    zone.policy("nearest").default_order = {4, 3, 2, 1, 0};
    zone.steer("www", 0);
    geo::AtlasBuilder builder;
    builder.info().has_coordinates = true;
    const auto put = [&](const char* prefix, double longitude) {
        builder.add(IpPrefix::parse(prefix).value(),
                    builder.add_location({.country = geo::CountryCode::parse("GH").value(),
                                          .has_coordinates = true,
                                          .at = {0, longitude}}));
    };
    put("198.51.100.0/25", 0);
    put("203.0.113.0/24", 1.4);
    CompileInput input;
    input.zones = {zone.shared()};
    input.atlas = std::make_shared<geo::Atlas>(std::move(builder).build());
    const auto snapshot = compile(input).value();
    const auto asked_by = [&](const char* peer) { return explain_www(snapshot, peer); };
    const Verdict few = asked_by("198.51.100.1");
    EXPECT_EQ(few.exact_ranks, 3U);
    EXPECT_THAT(region_names(few), ElementsAre("lagos", "lome", "accra", "east", "west"));
    EXPECT_GT(few.regions[3].distance_km, few.regions[4].distance_km);
    EXPECT_EQ(few.decision, Decision::Distance);
    for (std::size_t rank = 0; rank < few.regions.size(); ++rank) {
        EXPECT_EQ(few.regions[rank].by_class, rank >= 3) << rank;
    }
    const Verdict most = asked_by("203.0.113.1");
    EXPECT_THAT(region_names(most), ElementsAre("lagos", "lome", "accra", "east", "west"));
    for (const ConsideredRegion& region : most.regions) {
        EXPECT_FALSE(region.by_class) << region.name << " is where its own distance puts it";
    }
}

TEST(Verdict, NoRegionIsChosenForATypeThatIsOmitted) {
    const Verdict verdict = ask_of_few(MissingFamily::Omit, dns::Type::A);
    EXPECT_THAT(verdict.answer, testing::IsEmpty());
    EXPECT_EQ(verdict.rcode, "NOERROR");
    for (const ConsideredRegion& region : verdict.regions) {
        EXPECT_FALSE(region.chosen) << region.name;
        EXPECT_NE(region.note, "") << region.name;
    }
    EXPECT_EQ(verdict.decision, Decision::None);
}

TEST(Verdict, ATtlOfNothingIsTheSmallestOfAChain) {
    test::ModelZone zone("beigel.example.");
    zone.record("alias", dns::Type::CNAME, "host", 0).record("host", dns::Type::A, "192.0.2.1");
    CompileInput input;
    input.zones = {zone.shared()};
    input.atlas = small_atlas();
    const Verdict verdict =
        explain(Serving(compile(input).value()), {},
                {test::name("alias.beigel.example."), dns::Type::A, IpAddress(), {}});
    EXPECT_EQ(verdict.answer.size(), 2u);
    EXPECT_EQ(verdict.ttl_seconds, 0u);
    EXPECT_EQ(verdict.owner, "alias.beigel.example.");
}

TEST(Verdict, AWildcardIsNamed) {
    const Verdict verdict = ask("a.shops.beigel.example.", dns::Type::A, {});
    EXPECT_EQ(verdict.owner, "*.shops.beigel.example.");
    EXPECT_TRUE(verdict.steered);
}

TEST(Verdict, FixedNamesAndStrangersAreNotSteered) {
    EXPECT_FALSE(ask("mail.beigel.example.", dns::Type::A, {}).steered);
    EXPECT_FALSE(ask("www.beigel.example.", dns::Type::TXT, {}).steered);
    EXPECT_EQ(ask("nothing.beigel.example.", dns::Type::A, {}).rcode, "NXDOMAIN");
    const Verdict stranger = ask("www.test.", dns::Type::A, {});
    EXPECT_EQ(stranger.rcode, "REFUSED");
    EXPECT_EQ(stranger.zone, "");
}

}  // namespace
}  // namespace meridian::zones
