// Tests what stands below a DNAME (RFC 6672).
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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

ModelZone moved_zone() {
    ModelZone zone("z.test.");
    zone.record("old", Type::DNAME, "new", 600).record("a.new", Type::A, "192.0.2.1");
    zone.record("b.a.new", Type::TXT, "x").record("alias", Type::CNAME, "a.old");
    zone.record("away", Type::DNAME, "Other.test.").record("old", Type::TXT, "here");
    return zone;
}

TEST(Redirection, MakesACnameForNamesBelowAndGoesOn) {
    ZoneAsker asker({moved_zone()});
    const auto reply = asker.ask("a.old.z.test.", Type::A);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    EXPECT_THAT(texts_of(reply.answer), ElementsAre("old.z.test. 600 DNAME new.z.test.",
                                                    "a.old.z.test. 600 CNAME a.new.z.test.",
                                                    "a.new.z.test. 3600 A 192.0.2.1"));
    EXPECT_THAT(reply.authority, IsEmpty());
}

TEST(Redirection, LeavesItsOwnerAlone) {
    ZoneAsker asker({moved_zone()});
    EXPECT_THAT(texts_of(asker.ask("old.z.test.", Type::DNAME).answer),
                ElementsAre("old.z.test. 600 DNAME new.z.test."));
    EXPECT_THAT(asker.ask("old.z.test.", Type::TXT).answer, SizeIs(1));
    const auto nodata = asker.ask("old.z.test.", Type::A);
    EXPECT_EQ(head_of(nodata), "NOERROR aa");
    EXPECT_THAT(nodata.answer, IsEmpty());
    EXPECT_THAT(nodata.authority, SizeIs(1));
}

TEST(Redirection, KeepsTheCaseOfTheQuestionAndOfTheTarget) {
    ZoneAsker asker({moved_zone()});
    const auto reply = asker.ask("WwW.aWay.z.test.", Type::A);
    ASSERT_THAT(reply.answer, SizeIs(2));
    EXPECT_EQ(reply.answer[1].text(), "WwW.aWay.z.test. 3600 CNAME WwW.Other.test.");
}

TEST(Redirection, StopsAtOtherZonesAndAtTheTypeAskedFor) {
    ZoneAsker asker({moved_zone()});
    const auto away = asker.ask("x.away.z.test.", Type::A);
    EXPECT_EQ(head_of(away), "NOERROR aa");
    EXPECT_THAT(texts_of(away.answer), ElementsAre("away.z.test. 3600 DNAME Other.test.",
                                                   "x.away.z.test. 3600 CNAME x.Other.test."));
    EXPECT_THAT(away.authority, IsEmpty());
    EXPECT_THAT(asker.ask("a.old.z.test.", Type::CNAME).answer, SizeIs(2));
}

TEST(Redirection, EndsWithTheCodeOfTheLastName) {
    ZoneAsker asker({moved_zone()});
    const auto missing = asker.ask("nothing.old.z.test.", Type::A);
    EXPECT_EQ(head_of(missing), "NXDOMAIN aa");
    EXPECT_THAT(missing.answer, SizeIs(2));
    EXPECT_THAT(missing.authority, SizeIs(1));
    const auto nodata = asker.ask("b.a.old.z.test.", Type::A);
    EXPECT_EQ(head_of(nodata), "NOERROR aa");
    EXPECT_THAT(nodata.answer, SizeIs(2));
    EXPECT_THAT(nodata.authority, SizeIs(1));
}

TEST(Redirection, StandsBehindAnAliasToo) {
    ZoneAsker asker({moved_zone()});
    const auto reply = asker.ask("alias.z.test.", Type::A);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    EXPECT_THAT(
        texts_of(reply.answer),
        ElementsAre("alias.z.test. 3600 CNAME a.old.z.test.", "old.z.test. 600 DNAME new.z.test.",
                    "a.old.z.test. 600 CNAME a.new.z.test.", "a.new.z.test. 3600 A 192.0.2.1"));
}

TEST(Redirection, OfTheWholeZoneStartsBelowTheApex) {
    ModelZone zone("z.test.");  // "ns1" below is hidden, as it would be in a file
    zone.record("@", Type::DNAME, "other.test.");
    ZoneAsker asker({zone});
    EXPECT_THAT(asker.ask("z.test.", Type::SOA).answer, SizeIs(1));
    EXPECT_THAT(
        texts_of(asker.ask("a.b.z.test.", Type::A).answer),
        ElementsAre("z.test. 3600 DNAME other.test.", "a.b.z.test. 3600 CNAME a.b.other.test."));
}

TEST(Redirection, ALoopEndsWithoutSayingAnythingTwice) {
    ModelZone zone("z.test.");
    zone.record("a", Type::DNAME, "b").record("b", Type::DNAME, "a");
    ZoneAsker asker({zone});
    const auto reply = asker.ask("x.a.z.test.", Type::A);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    EXPECT_THAT(
        texts_of(reply.answer),
        ElementsAre("a.z.test. 3600 DNAME b.z.test.", "x.a.z.test. 3600 CNAME x.b.z.test.",
                    "b.z.test. 3600 DNAME a.z.test.", "x.b.z.test. 3600 CNAME x.a.z.test."));
}

TEST(Redirection, IsSaidOnceThoughAChainPassesItTwice) {
    ModelZone zone = moved_zone();
    zone.record("again.new", Type::CNAME, "a.old").record("deep", Type::DNAME, "in.deep");
    zone.record("up", Type::DNAME, "z.test.");
    ZoneAsker asker({zone});
    EXPECT_THAT(
        texts_of(asker.ask("again.old.z.test.", Type::A).answer),
        ElementsAre("old.z.test. 600 DNAME new.z.test.",
                    "again.old.z.test. 600 CNAME again.new.z.test.",
                    "again.new.z.test. 3600 CNAME a.old.z.test.",
                    "a.old.z.test. 600 CNAME a.new.z.test.", "a.new.z.test. 3600 A 192.0.2.1"));

    // The chain ends at the DNAME that it passed: "up.up" is "up".
    EXPECT_THAT(
        texts_of(asker.ask("up.up.z.test.", Type::DNAME).answer),
        ElementsAre("up.z.test. 3600 DNAME z.test.", "up.up.z.test. 3600 CNAME up.z.test."));

    const auto growing = asker.ask("x.deep.z.test.", Type::A);
    EXPECT_EQ(head_of(growing), "NOERROR aa");
    ASSERT_THAT(growing.answer, SizeIs(testing::Gt(3u)));
    EXPECT_EQ(growing.answer[0].type, "DNAME");
    for (std::size_t i = 1; i < growing.answer.size(); ++i) {
        EXPECT_EQ(growing.answer[i].type, "CNAME") << growing.answer[i].text();
    }
}

TEST(Redirection, SaysYxdomainWhenTheNameGrowsTooLong) {
    ModelZone zone("z.test.");
    const std::string label(63, 'l');
    zone.record("old", Type::DNAME, label + "." + label + "." + label + ".new.z.test.");
    ZoneAsker asker({zone});
    const auto reply = asker.ask(label + ".old.z.test.", Type::A);
    EXPECT_EQ(head_of(reply), "YXDOMAIN aa");
    ASSERT_THAT(reply.answer, SizeIs(1));
    EXPECT_EQ(reply.answer[0].type, "DNAME");
    // The longest that fits: 3 * 64 + 4 + 2 + 5 + 1 octets of target leave 51 for a label of 50.
    const auto fits = asker.ask(std::string(50, 'f') + ".old.z.test.", Type::A);
    EXPECT_EQ(head_of(fits), "NXDOMAIN aa");
    EXPECT_EQ(head_of(asker.ask(std::string(51, 'f') + ".old.z.test.", Type::A)), "YXDOMAIN aa");
}

TEST(Redirection, StopsBeforeASteeredTarget) {
    ModelZone zone("z.test.");
    zone.region("only", 50, 8, {"192.0.2.9"});
    zone.policy("nearest");
    zone.steer("www.new", 0).record("old", Type::DNAME, "new");
    ZoneAsker asker({zone});
    const auto reply = asker.ask("www.old.z.test.", Type::A);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    EXPECT_THAT(reply.answer, SizeIs(2));
    EXPECT_THAT(reply.authority, IsEmpty());
}

}  // namespace
}  // namespace meridian::zones
