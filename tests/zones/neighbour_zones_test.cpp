// Tests zones that are served beside each other: parents and children, chains from one to another.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

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

const std::string kDigest = "1 8 2 " + std::string(64, 'a');  // a DS record's RDATA

ModelZone host_zone(std::string_view apex) {
    ModelZone zone(apex);
    zone.record("host", Type::A, "192.0.2.1");
    return zone;
}

/// The zones in both orders: none may depend on which comes first.
std::vector<std::vector<ModelZone>> both_ways(std::vector<ModelZone> zones) {
    std::vector<std::vector<ModelZone>> orders{zones};
    std::reverse(zones.begin(), zones.end());
    orders.push_back(zones);
    return orders;
}

TEST(NeighbourZones, TheParentAnswersForTheDsOfItsChild) {
    ModelZone parent("z.test.");
    parent.record("signed", Type::NS, "ns.elsewhere.").record("signed", Type::DS, kDigest, 900);
    parent.record("plain", Type::NS, "ns.elsewhere.").record("deep.ds.signed", Type::DS, kDigest);
    parent.record("to", Type::CNAME, "signed").record("to-plain", Type::CNAME, "plain");
    ModelZone child = host_zone("signed.z.test.");
    child.record("up", Type::CNAME, "@");
    for (const auto& zones :
         both_ways({parent, child, host_zone("plain.z.test."), host_zone("untold.z.test.")})) {
        ZoneAsker asker(zones);
        const auto ds = asker.ask("Signed.z.test.", Type::DS);
        EXPECT_EQ(head_of(ds), "NOERROR aa");
        ASSERT_THAT(ds.answer, SizeIs(1));
        EXPECT_THAT(ds.answer[0].text(), StartsWith("Signed.z.test. 900 DS"));
        EXPECT_THAT(ds.authority, IsEmpty());
        // Whether the parent has forgotten the delegation or not: its SOA, not the child's.
        for (const char* name : {"plain.z.test.", "untold.z.test."}) {
            const auto none = asker.ask(name, Type::DS);
            EXPECT_EQ(head_of(none), "NOERROR aa");
            EXPECT_THAT(none.answer, IsEmpty());
            ASSERT_THAT(none.authority, SizeIs(1));
            EXPECT_EQ(none.authority[0].owner, "z.test.");
        }
        for (const char* name : {"to.z.test.", "up.signed.z.test."}) {
            const auto behind = asker.ask(name, Type::DS);
            ASSERT_THAT(behind.answer, SizeIs(2)) << name;
            EXPECT_THAT(behind.answer[1].text(), StartsWith("signed.z.test. 900 DS"));
        }
        EXPECT_EQ(asker.ask("to-plain.z.test.", Type::DS).authority.at(0).owner, "z.test.");
        // Everything else at the apex, and DS below it, is the child's.
        EXPECT_EQ(asker.ask("signed.z.test.", Type::NS).answer.at(0).rdata, "ns1.signed.z.test.");
        EXPECT_EQ(asker.ask("signed.z.test.", Type::MX).authority.at(0).owner, "signed.z.test.");
        EXPECT_EQ(head_of(asker.ask("deep.ds.signed.z.test.", Type::DS)), "NXDOMAIN aa");
    }
}

TEST(NeighbourZones, AZoneWhoseParentIsElsewhereSaysThatItHasNoDs) {
    ModelZone grandparent("test.");
    grandparent.record("z", Type::NS, "ns.elsewhere.").record("z", Type::DS, kDigest);
    for (const auto& zones : both_ways({grandparent, host_zone("child.z.test.")})) {
        ZoneAsker asker(zones);
        const auto ds = asker.ask("child.z.test.", Type::DS);
        EXPECT_EQ(head_of(ds), "NOERROR aa");
        EXPECT_EQ(ds.authority.at(0).owner, "child.z.test.");
        // The parent of that name is not here, either: its DS is the grandparent's.
        EXPECT_THAT(asker.ask("z.test.", Type::DS).answer, SizeIs(1));
    }
    ZoneAsker root({host_zone(".")});
    EXPECT_EQ(root.ask(".", Type::DS).authority.at(0).owner, ".");
    ZoneAsker below_root({host_zone("."), host_zone("test.")});
    EXPECT_EQ(below_root.ask("test.", Type::DS).authority.at(0).owner, ".");
}

TEST(NeighbourZones, ChainsGoOnInOurOtherZones) {
    ModelZone parent("z.test.");
    parent.record("alias", Type::CNAME, "host.child").record("to-apex", Type::CNAME, "child");
    parent.record("host.child", Type::A, "192.0.2.99");  // hidden by the child zone
    parent.record("lost", Type::CNAME, "missing.child").record("back", Type::CNAME, "up.child");
    parent.record("end", Type::A, "192.0.2.3").record("old", Type::DNAME, "child");
    ModelZone child = host_zone("child.z.test.");
    child.record("up", Type::CNAME, "end.z.test.").record("own", Type::CNAME, "host");
    ModelZone other("other.test.");
    other.record("alias", Type::CNAME, "host.child.z.test.");
    other.record("twice", Type::CNAME, "alias.z.test.")
        .record("own", Type::CNAME, "own.child.z.test.");
    for (const auto& zones : both_ways({parent, child, other})) {
        ZoneAsker asker(zones);
        const auto answers = [&](const char* name) {
            const auto reply = asker.ask(name, Type::A);
            EXPECT_EQ(head_of(reply), "NOERROR aa") << name;
            return texts_of(reply.answer);
        };
        const std::string host = "host.child.z.test. 3600 A 192.0.2.1";
        EXPECT_THAT(answers("alias.z.test."),
                    ElementsAre("alias.z.test. 3600 CNAME host.child.z.test.", host));
        EXPECT_THAT(answers("alias.other.test."),
                    ElementsAre("alias.other.test. 3600 CNAME host.child.z.test.", host));
        EXPECT_THAT(answers("twice.other.test."),
                    ElementsAre("twice.other.test. 3600 CNAME alias.z.test.",
                                "alias.z.test. 3600 CNAME host.child.z.test.", host));
        EXPECT_THAT(answers("own.other.test."),
                    ElementsAre("own.other.test. 3600 CNAME own.child.z.test.",
                                "own.child.z.test. 3600 CNAME host.child.z.test.", host));
        EXPECT_THAT(answers("back.z.test."), ElementsAre("back.z.test. 3600 CNAME up.child.z.test.",
                                                         "up.child.z.test. 3600 CNAME end.z.test.",
                                                         "end.z.test. 3600 A 192.0.2.3"));
        EXPECT_THAT(answers("host.old.z.test."),
                    ElementsAre("old.z.test. 3600 DNAME child.z.test.",
                                "host.old.z.test. 3600 CNAME host.child.z.test.", host));
        // A negative end has the code and the SOA of the zone that it is in (RFC 6604 §3).
        const auto nodata = asker.ask("to-apex.z.test.", Type::A);
        EXPECT_EQ(head_of(nodata), "NOERROR aa");
        EXPECT_EQ(nodata.authority.at(0).owner, "child.z.test.");
        const auto lost = asker.ask("lost.z.test.", Type::A);
        EXPECT_EQ(head_of(lost), "NXDOMAIN aa");
        EXPECT_EQ(lost.authority.at(0).text().substr(0, 48),
                  "child.z.test. 60 SOA ns1.child.z.test. hostmaste");
        EXPECT_THAT(asker.ask("alias.z.test.", Type::CNAME).answer, SizeIs(1));
    }
}

TEST(NeighbourZones, AChainIntoADelegationEndsWithItsReferral) {
    ModelZone zone("z.test.");
    zone.record("cut", Type::NS, "ns.cut").record("ns.cut", Type::A, "192.0.2.53");
    ModelZone other("other.test.");
    other.record("alias", Type::CNAME, "a.b.cut.z.test.").record("old", Type::DNAME, "z.test.");
    ZoneAsker asker({other, zone});
    for (const char* name : {"alias.other.test.", "x.cut.old.other.test."}) {
        const auto reply = asker.ask(name, Type::A);
        EXPECT_EQ(head_of(reply), "NOERROR aa") << name;
        EXPECT_THAT(texts_of(reply.authority), ElementsAre("cut.z.test. 3600 NS ns.cut.z.test."));
        EXPECT_THAT(texts_of(reply.additional), ElementsAre("ns.cut.z.test. 3600 A 192.0.2.53"));
    }
}

TEST(NeighbourZones, ALoopThroughSeveralZonesEnds) {
    ModelZone left("left.test.");
    left.record("a", Type::CNAME, "b.right.test.").record("d", Type::DNAME, "d.right.test.");
    ModelZone right("right.test.");
    right.record("b", Type::CNAME, "a.left.test.").record("d", Type::DNAME, "d.left.test.");
    ZoneAsker asker({left, right});
    EXPECT_THAT(texts_of(asker.ask("a.left.test.", Type::A).answer),
                ElementsAre("a.left.test. 3600 CNAME b.right.test.",
                            "b.right.test. 3600 CNAME a.left.test."));
    EXPECT_THAT(texts_of(asker.ask("x.d.left.test.", Type::A).answer),
                ElementsAre("d.left.test. 3600 DNAME d.right.test.",
                            "x.d.left.test. 3600 CNAME x.d.right.test.",
                            "d.right.test. 3600 DNAME d.left.test.",
                            "x.d.right.test. 3600 CNAME x.d.left.test."));
}

TEST(NeighbourZones, TheCapCountsAliasesOfAllZones) {
    std::vector<ModelZone> zones;
    for (std::size_t i = 0; i <= kMaxCnameHops + 2; ++i) {
        ModelZone zone("z" + std::to_string(i) + ".test.");
        zone.record("a", Type::CNAME, "a.z" + std::to_string(i + 1) + ".test.");
        zones.push_back(zone);
    }
    ZoneAsker asker(zones);
    const auto reply = asker.ask("a.z0.test.", Type::A);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    EXPECT_THAT(reply.answer, SizeIs(kMaxCnameHops + 1));
    EXPECT_THAT(reply.authority, IsEmpty());
}

TEST(NeighbourZones, NoChainReachesASteeredName) {
    ModelZone steered("z.test.");
    steered.region("only", 50, 8, {"192.0.2.9"});
    steered.policy("nearest");
    steered.steer("www", 0);
    ModelZone other("other.test.");
    other.record("alias", Type::CNAME, "www.z.test.").record("old", Type::DNAME, "z.test.");
    ZoneAsker asker({other, steered});
    EXPECT_THAT(texts_of(asker.ask("alias.other.test.", Type::A).answer),
                ElementsAre("alias.other.test. 3600 CNAME www.z.test."));
    EXPECT_THAT(asker.ask("www.old.other.test.", Type::A).answer, SizeIs(2));
    // The types that it does not have are NODATA for every client.
    EXPECT_EQ(asker.ask("alias.other.test.", Type::MX).authority.at(0).owner, "z.test.");
}

TEST(NeighbourZones, ReferralsOfTheParentDoWithoutTheNamesOfTheChild) {
    ModelZone parent("z.test.");
    parent.record("far", Type::NS, "host.child").record("host.child", Type::A, "192.0.2.99");
    ZoneAsker asker({parent, host_zone("child.z.test.")});
    const auto reply = asker.ask("a.far.z.test.", Type::A);
    EXPECT_THAT(texts_of(reply.authority), ElementsAre("far.z.test. 3600 NS host.child.z.test."));
    EXPECT_THAT(reply.additional, IsEmpty());
}

}  // namespace
}  // namespace meridian::zones
