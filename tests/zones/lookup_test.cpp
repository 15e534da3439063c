// Tests what a name gets: RFC 1034 §4.3.2 and RFC 4592 case by case, then against a slow twin.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/support/naive_lookup.h"
#include "tests/support/seeds.h"
#include "tests/support/zone_asker.h"

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
using testing::StartsWith;

ModelZone host_zone(std::string_view apex) {
    ModelZone zone(apex);
    zone.record("host", Type::A, "192.0.2.1");
    return zone;
}

const std::string kDigest = "1 8 2 " + std::string(64, 'a');  // a DS record's RDATA

std::string label_of(std::size_t octets, char letter) {
    return std::string(octets, letter);
}

TEST(Lookup, ANameBelowAWildcardsOwnNameIsNotCovered) {
    ModelZone zone("z.test.");
    zone.record("*.w", Type::A, "192.0.2.9").record("x.*.v", Type::A, "192.0.2.8");
    ZoneAsker asker({zone});
    EXPECT_EQ(head_of(asker.ask("a.*.w.z.test.", Type::A)), "NXDOMAIN aa");
    EXPECT_THAT(texts_of(asker.ask("*.w.z.test.", Type::A).answer),
                ElementsAre("*.w.z.test. 3600 A 192.0.2.9"));
    // "*.v" has no records but a name below it, so it covers what is missing beside it: NODATA.
    EXPECT_EQ(head_of(asker.ask("y.v.z.test.", Type::A)), "NOERROR aa");
    EXPECT_EQ(head_of(asker.ask("y.y.v.z.test.", Type::A)), "NOERROR aa");
    EXPECT_THAT(texts_of(asker.ask("x.*.v.z.test.", Type::A).answer), SizeIs(1));
}

TEST(Lookup, AWildcardAtOrBelowADelegationIsOutOfOurHands) {
    ModelZone zone("z.test.");
    zone.record("cut", Type::NS, "ns.other.test.").record("*.cut", Type::A, "192.0.2.9");
    zone.record("*", Type::A, "192.0.2.8");
    ZoneAsker asker({zone});
    for (const char* name : {"a.cut.z.test.", "*.cut.z.test.", "a.b.cut.z.test."}) {
        const auto reply = asker.ask(name, Type::A);
        EXPECT_EQ(head_of(reply), "NOERROR") << name;
        EXPECT_THAT(texts_of(reply.authority), ElementsAre("cut.z.test. 3600 NS ns.other.test."));
        EXPECT_THAT(reply.answer, IsEmpty());
    }
    EXPECT_THAT(texts_of(asker.ask("a.b.z.test.", Type::A).answer), SizeIs(1));
}

TEST(Lookup, ADelegationBelowADelegationIsNotOurs) {
    ModelZone zone("z.test.");
    zone.record("cut", Type::NS, "ns.cut").record("ns.cut", Type::A, "192.0.2.53");
    zone.record("deep.cut", Type::NS, "ns.other.test.").record("deep.cut", Type::DS, kDigest);
    ZoneAsker asker({zone});
    for (const Type type : {Type::A, Type::NS, Type::DS, Type::ANY}) {
        const auto reply = asker.ask("deep.cut.z.test.", type);
        EXPECT_EQ(head_of(reply), "NOERROR");
        EXPECT_THAT(texts_of(reply.authority), ElementsAre("cut.z.test. 3600 NS ns.cut.z.test."));
        EXPECT_THAT(texts_of(reply.additional), ElementsAre("ns.cut.z.test. 3600 A 192.0.2.53"));
    }
}

TEST(Lookup, DsIsTheParentsAtACutAndBehindAnAliasToo) {
    ModelZone zone("z.test.");
    zone.record("cut", Type::NS, "ns.other.test.").record("plain", Type::NS, "ns.other.test.");
    zone.record("cut", Type::DS, kDigest);
    zone.record("to-cut", Type::CNAME, "cut").record("to-plain", Type::CNAME, "plain");
    zone.record("below-cut", Type::CNAME, "a.cut");
    ZoneAsker asker({zone});
    EXPECT_THAT(texts_of(asker.ask("cut.z.test.", Type::DS).answer), SizeIs(1));
    const auto behind = asker.ask("to-cut.z.test.", Type::DS);
    EXPECT_EQ(head_of(behind), "NOERROR aa");
    ASSERT_THAT(behind.answer, SizeIs(2));
    EXPECT_THAT(behind.answer[1].text(), StartsWith("cut.z.test. 3600 DS"));
    EXPECT_THAT(behind.authority, IsEmpty());
    const auto nodata = asker.ask("to-plain.z.test.", Type::DS);
    ASSERT_THAT(nodata.authority, SizeIs(1));
    EXPECT_EQ(nodata.authority[0].type, "SOA");
    const auto below = asker.ask("below-cut.z.test.", Type::DS);
    ASSERT_THAT(below.authority, SizeIs(1));
    EXPECT_EQ(below.authority[0].type, "NS");
}

TEST(Lookup, AnAliasIntoADelegationKeepsAuthorityForItself) {
    ModelZone zone("z.test.");
    zone.record("cut", Type::NS, "ns.cut").record("ns.cut", Type::A, "192.0.2.53");
    zone.record("alias", Type::CNAME, "a.b.cut").record("*.any", Type::CNAME, "cut");
    ZoneAsker asker({zone});
    for (const char* name : {"alias.z.test.", "x.any.z.test."}) {
        const auto reply = asker.ask(name, Type::A);
        EXPECT_EQ(head_of(reply), "NOERROR aa");
        EXPECT_THAT(texts_of(reply.authority), ElementsAre("cut.z.test. 3600 NS ns.cut.z.test."));
        EXPECT_THAT(texts_of(reply.additional), ElementsAre("ns.cut.z.test. 3600 A 192.0.2.53"));
    }
}

TEST(Lookup, WhatLeadsToAnotherZoneExistsWithoutRecords) {
    const std::vector zones{host_zone("z.test."), host_zone("a.b.c.z.test."), host_zone("test.")};
    ZoneAsker asker(zones);
    for (const char* name : {"b.c.z.test.", "c.z.test."}) {
        const auto reply = asker.ask(name, Type::A);
        EXPECT_EQ(head_of(reply), "NOERROR aa") << name;
        ASSERT_THAT(reply.authority, SizeIs(1));
        EXPECT_EQ(reply.authority[0].owner, "z.test.");
    }
    EXPECT_EQ(asker.ask("x.c.z.test.", Type::A).authority.at(0).owner, "z.test.");
    EXPECT_EQ(asker.ask("x.a.b.c.z.test.", Type::A).authority.at(0).owner, "a.b.c.z.test.");
    EXPECT_EQ(head_of(asker.ask("x.c.z.test.", Type::A)), "NXDOMAIN aa");
    EXPECT_EQ(asker.ask("y.test.", Type::A).authority.at(0).owner, "test.");
}

TEST(Lookup, TheRootIsAZoneLikeAnother) {
    ModelZone root(".");
    root.record("com", Type::NS, "a.ns.com.").record("a.ns.com", Type::A, "192.0.2.53");
    root.record("alias", Type::CNAME, "www.com").record("mx", Type::MX, "5 mail.com.");
    root.record("lost", Type::CNAME, "nowhere.arpa.");
    ZoneAsker asker({root, host_zone("test.")});
    EXPECT_THAT(texts_of(asker.ask(".", Type::NS).answer), ElementsAre(". 86400 NS ns1."));
    EXPECT_EQ(asker.ask(".", Type::SOA).answer.at(0).owner, ".");
    EXPECT_EQ(asker.ask(".", Type::A).authority.at(0).owner, ".");
    EXPECT_EQ(head_of(asker.ask("a.b.nowhere.", Type::A)), "NXDOMAIN aa");
    EXPECT_EQ(asker.ask("a.b.nowhere.", Type::A).authority.at(0).owner, ".");
    const auto lost = asker.ask("lost.", Type::A);
    EXPECT_EQ(head_of(lost), "NXDOMAIN aa");
    EXPECT_EQ(lost.authority.at(0).owner, ".");
    EXPECT_THAT(texts_of(asker.ask("mx.", Type::MX).answer),
                ElementsAre("mx. 3600 MX 5 mail.com."));
    for (const char* name : {"www.com.", "alias."}) {
        const auto reply = asker.ask(name, Type::A);
        EXPECT_THAT(texts_of(reply.authority), ElementsAre("com. 3600 NS a.ns.com."));
        EXPECT_THAT(texts_of(reply.additional), ElementsAre("a.ns.com. 3600 A 192.0.2.53"));
    }
    EXPECT_THAT(texts_of(asker.ask("host.test.", Type::A).answer), SizeIs(1));
}

TEST(Lookup, CapitalsAreNoDifferentWhereverTheyStand) {
    ModelZone zone("Z.Test.");
    zone.record("WWW", Type::A, "192.0.2.1").record("Alias", Type::CNAME, "wWw");
    zone.record("*.Wild", Type::A, "192.0.2.2").record("CUT", Type::NS, "NS.cut");
    zone.record("ns.Cut", Type::A, "192.0.2.53");
    ZoneAsker asker({zone, host_zone("CHILD.z.test.")});
    EXPECT_THAT(texts_of(asker.ask("www.z.TEST.", Type::A).answer),
                ElementsAre("www.z.TEST. 3600 A 192.0.2.1"));
    EXPECT_THAT(asker.ask("aLIAS.z.test.", Type::A).answer, SizeIs(2));
    EXPECT_THAT(asker.ask("x.wILD.z.test.", Type::A).answer, SizeIs(1));
    EXPECT_THAT(asker.ask("x.cut.z.test.", Type::A).additional, SizeIs(1));
    EXPECT_THAT(asker.ask("hosT.child.z.test.", Type::A).answer, SizeIs(1));
}

TEST(Lookup, NamesMayFillAllTheirOctets) {
    const std::string apex = label_of(63, 'z') + ".test.";
    const std::string longest =
        label_of(63, 'a') + "." + label_of(63, 'b') + "." + label_of(56, 'c') + "." + apex;
    ASSERT_EQ(test::name(longest).octets(), 255u);
    ModelZone zone(apex);
    zone.record("*", Type::A, "192.0.2.1").record("*." + label_of(56, 'c'), Type::CNAME, longest);
    zone.record(longest, Type::A, "192.0.2.2");
    ZoneAsker asker({zone});
    EXPECT_THAT(texts_of(asker.ask(longest, Type::A).answer),
                ElementsAre(longest + " 3600 A 192.0.2.2"));
    std::string other = longest;
    other[0] = 'x';
    EXPECT_EQ(head_of(asker.ask(other, Type::A)), "NXDOMAIN aa");  // "b...c" exists above it
    const std::string covered = "x." + label_of(56, 'c') + "." + apex;
    EXPECT_THAT(texts_of(asker.ask(covered, Type::A).answer),
                ElementsAre(covered + " 3600 CNAME " + longest, longest + " 3600 A 192.0.2.2"));
    std::string many_labels;
    while (test::name(many_labels + "x." + apex).octets() < 254) {
        many_labels += "x.";
    }
    EXPECT_THAT(asker.ask(many_labels + apex, Type::A).answer, SizeIs(1));
}

ModelZone chain_zone(std::size_t aliases, std::size_t label_octets) {
    ModelZone zone("z.test.");
    const auto link = [&](std::size_t i) {
        return label_of(label_octets, static_cast<char>('a' + i));
    };
    for (std::size_t i = 0; i < aliases; ++i) {
        zone.record(link(i), Type::CNAME, link(i + 1));
    }
    zone.record(link(aliases), Type::A, "192.0.2.1");
    return zone;
}

TEST(Lookup, AChainOfAsManyAliasesAsWeFollowIsAnsweredWhole) {
    ZoneAsker asker({chain_zone(kMaxCnameHops, 1)});
    const auto reply = asker.ask("a.z.test.", Type::A);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    ASSERT_THAT(reply.answer, SizeIs(kMaxCnameHops + 1));
    EXPECT_EQ(reply.answer.back().type, "A");
}

TEST(Lookup, ALongerChainGoesOnWhereItWasLeft) {
    ZoneAsker asker({chain_zone(kMaxCnameHops + 5, 1)});
    const auto first = asker.ask("a.z.test.", Type::A);
    EXPECT_EQ(head_of(first), "NOERROR aa");
    ASSERT_FALSE(first.answer.empty());
    ASSERT_EQ(first.answer.back().type, "CNAME");
    EXPECT_THAT(first.authority, IsEmpty());
    const auto second = asker.ask(first.answer.back().rdata, Type::A);
    EXPECT_EQ(second.answer.back().type, "A");
}

TEST(Lookup, AChainThatDoesNotFitIsTruncatedAndComesWholeOverTcp) {
    ZoneAsker asker({chain_zone(kMaxCnameHops, 63)});
    const std::string name = label_of(63, 'a') + ".z.test.";
    const auto cut = asker.ask(name, Type::A, {.udp_octets = 512});
    EXPECT_EQ(head_of(cut), "NOERROR aa tc");
    EXPECT_THAT(cut.authority, IsEmpty());
    EXPECT_THAT(asker.ask_over_tcp(name, Type::A).answer, SizeIs(kMaxCnameHops + 1));
}

TEST(Lookup, ALoopOfAliasesHoldsNoRecordTwice) {
    ModelZone zone("z.test.");
    zone.record("self", Type::CNAME, "self").record("a", Type::CNAME, "b");
    zone.record("b", Type::CNAME, "c").record("c", Type::CNAME, "a");
    zone.record("into", Type::CNAME, "a").record("*.wild", Type::CNAME, "x.y.wild");
    ZoneAsker asker({zone});
    for (const char* name : {"self", "a", "b", "into", "q.wild", "x.y.wild"}) {
        const auto reply = asker.ask(std::string(name) + ".z.test.", Type::A);
        EXPECT_EQ(head_of(reply), "NOERROR aa") << name;
        std::vector<std::string> texts = texts_of(reply.answer);
        EXPECT_FALSE(texts.empty());
        std::sort(texts.begin(), texts.end());
        EXPECT_EQ(std::adjacent_find(texts.begin(), texts.end()), texts.end()) << name;
    }
    EXPECT_THAT(asker.ask("into.z.test.", Type::A).answer, SizeIs(4));
}

TEST(Lookup, AnyGetsOneRecordOrTheAliasOrNothing) {
    ModelZone zone("z.test.");
    zone.record("host", Type::A, "192.0.2.1").record("alias", Type::CNAME, "host");
    zone.record("below.empty", Type::A, "192.0.2.2").record("*.w", Type::TXT, "\"x\"");
    ZoneAsker asker({zone});
    for (const char* name : {"host.z.test.", "x.w.z.test.", "z.test."}) {
        const auto reply = asker.ask(name, Type::ANY);
        ASSERT_THAT(reply.answer, SizeIs(1)) << name;
        EXPECT_EQ(reply.answer[0].type, "HINFO");
        EXPECT_EQ(reply.answer[0].owner, name);
    }
    EXPECT_EQ(asker.ask("alias.z.test.", Type::ANY).answer.at(0).type, "CNAME");
    const auto empty = asker.ask("empty.z.test.", Type::ANY);
    EXPECT_THAT(empty.answer, IsEmpty());
    EXPECT_EQ(empty.authority.at(0).type, "SOA");
}

TEST(Lookup, GlueBelowTheCutIsOwedAndTheRestIsKindness) {
    ModelZone zone("z.test.");
    for (int i = 0; i < 12; ++i) {
        const std::string own = "ns" + std::to_string(i) + label_of(20, 'x') + ".own";
        const std::string far = "ns" + std::to_string(i) + label_of(20, 'x');
        zone.record("own", Type::NS, own).record(own, Type::A, "192.0.2.53");
        zone.record("far", Type::NS, far).record(far, Type::A, "192.0.2.53");
    }
    ZoneAsker asker({zone});
    EXPECT_EQ(head_of(asker.ask("a.own.z.test.", Type::A, {.udp_octets = 512})), "NOERROR tc");
    EXPECT_EQ(head_of(asker.ask("a.far.z.test.", Type::A, {.udp_octets = 512})), "NOERROR");
    EXPECT_THAT(asker.ask("a.far.z.test.", Type::A).additional, SizeIs(12));
    EXPECT_THAT(asker.ask("a.own.z.test.", Type::A).additional, SizeIs(12));
}

TEST(Lookup, NegativeAnswersLiveAsLongAsTheShorterOfTheirTwoTtls) {
    Zone model = host_zone("z.test.").zone();
    model.ttls.negative = 300;
    model.ttls.infrastructure = 200;
    CompileInput input;
    input.atlas = test::empty_atlas();
    input.zones = {std::make_shared<Zone>(model)};
    ZoneAsker asker(compile(input).value());
    EXPECT_EQ(asker.ask("nowhere.z.test.", Type::A).authority.at(0).ttl_seconds, 200u);
    EXPECT_EQ(asker.ask("host.z.test.", Type::MX).authority.at(0).ttl_seconds, 200u);
    EXPECT_EQ(asker.ask("z.test.", Type::SOA).answer.at(0).ttl_seconds, 200u);
    EXPECT_THAT(asker.ask("z.test.", Type::SOA).answer.at(0).rdata, testing::EndsWith(" 300"));
}

/// A name of few labels over few letters, so that names meet; the stars are wildcards.
std::string random_relative_name(std::mt19937_64& random, std::size_t most_labels) {
    static const std::vector<std::string> kLabels{"a", "b", "C", "*", "d"};
    std::string text;
    for (std::size_t i = 1 + random() % most_labels; i > 0; --i) {
        text += kLabels[random() % kLabels.size()] + ".";
    }
    return text;
}

ModelZone random_zone(std::mt19937_64& random, const std::string& apex) {
    ModelZone zone(apex);
    const std::string suffix = apex == "." ? "test." : apex;
    zone.region("here", 1, 2, {"198.51.100.1"});
    zone.policy("nearest");
    std::vector<dns::Name> taken{test::name(apex), zone.zone().nameservers[0]};
    for (int i = 0; i < 14; ++i) {
        const std::string name = random_relative_name(random, 3) + suffix;
        if (std::find(taken.begin(), taken.end(), test::name(name)) != taken.end()) { continue; }
        taken.push_back(test::name(name));
        const std::string target = random_relative_name(random, 3) + suffix;
        switch (random() % 6) {
            case 0:
            case 1:
                zone.record(name, Type::CNAME, target);
                break;
            case 2:
                zone.steer(name, 0);
                break;
            case 3:
                if (name[0] == '*') { break; }  // NS under a wildcard has no defined meaning
                zone.record(name, Type::NS, target).record(name, Type::NS, "ns.else.");
                if (random() % 2 == 0) { zone.record(name, Type::DS, kDigest); }
                break;
            default:
                zone.record(name, Type::A, "192.0.2.1");
                break;
        }
    }
    return zone;
}

std::vector<std::string> folded(const std::vector<tests::DecodedRecord>& records) {
    std::vector<std::string> texts;
    for (const tests::DecodedRecord& record : records) {
        const bool is_short = record.type == "SOA" || record.type == "DS";
        const bool is_steered = record.rdata == "198.51.100.1";
        std::string text = record.owner + " ";
        text += is_steered ? "steered" : record.type + (record.type == "SOA" ? "" : " ");
        texts.push_back(text + (is_short || is_steered ? "" : record.rdata));
    }
    return texts;
}

std::vector<std::string> comparable(std::vector<std::string> texts, bool sorted) {
    for (std::string& text : texts) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char letter) { return letter == 'C' ? 'c' : letter; });
    }
    if (sorted) { std::sort(texts.begin(), texts.end()); }
    return texts;
}

TEST(Lookup, AgreesWithASlowTwinOnZonesMadeAtRandom) {
    for (const std::uint64_t seed : test::seeds(150)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        std::vector<ModelZone> zones{random_zone(random, random() % 8 == 0 ? "." : "test.")};
        if (random() % 2 == 0) { zones.push_back(random_zone(random, "a.test.")); }
        if (random() % 2 == 0) { zones.push_back(random_zone(random, "b.d.a.test.")); }
        std::shuffle(zones.begin(), zones.end(), random);
        ZoneAsker asker(zones);
        for (int i = 0; i < 120; ++i) {
            const std::string name = random_relative_name(random, 5) + "test.";
            const Type type = std::array{Type::A, Type::NS, Type::CNAME, Type::DS}[random() % 4];
            SCOPED_TRACE(name + " " + dns::type_to_text(type));
            const auto reply = asker.ask(name, type, {.udp_octets = 1232});
            const auto twin = test::naive_answer(zones, test::name(name), type);
            ASSERT_EQ(head_of(reply), twin.head);
            ASSERT_EQ(comparable(folded(reply.answer), false), comparable(twin.answer, false));
            ASSERT_EQ(comparable(folded(reply.authority), true), comparable(twin.authority, true));
            ASSERT_EQ(comparable(folded(reply.additional), true),
                      comparable(twin.additional, true));
        }
    }
}

}  // namespace
}  // namespace meridian::zones
