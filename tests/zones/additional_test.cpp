// Tests what stands beside an answer: the addresses of what its records point to.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "meridian/zones/snapshot.h"
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
using testing::UnorderedElementsAre;

ModelZone mail_zone() {
    ModelZone zone("z.test.");
    zone.record("mail", Type::A, "192.0.2.25").record("mail", Type::AAAA, "2001:db8::25", 60);
    zone.record("sip", Type::A, "192.0.2.26").record("text", Type::TXT, "\"x\"");
    return zone;
}

std::vector<std::string> beside(ZoneAsker& asker, std::string_view name, Type type) {
    return texts_of(asker.ask(name, type).additional);
}

TEST(Additional, AddressesOfTargetsGoAlong) {
    ModelZone zone = mail_zone();
    zone.record("mx", Type::MX, "10 mail").record("mx", Type::MX, "20 sip");
    zone.record("srv", Type::SRV, "1 2 5060 sip").record("svcb", Type::SVCB, "1 mail");
    ZoneAsker asker({zone});
    const std::string a = "mail.z.test. 3600 A 192.0.2.25";
    const std::string aaaa = "mail.z.test. 60 AAAA 2001:db8::25";
    const std::string sip = "sip.z.test. 3600 A 192.0.2.26";
    EXPECT_THAT(beside(asker, "mx.z.test.", Type::MX), UnorderedElementsAre(a, aaaa, sip));
    EXPECT_THAT(beside(asker, "srv.z.test.", Type::SRV), ElementsAre(sip));
    EXPECT_THAT(beside(asker, "svcb.z.test.", Type::SVCB), ElementsAre(a, aaaa));
    EXPECT_THAT(beside(asker, "z.test.", Type::NS), ElementsAre("ns1.z.test. 3600 A 192.0.2.53"));
    EXPECT_THAT(beside(asker, "z.test.", Type::SOA), IsEmpty());
}

TEST(Additional, IsSaidOnceForTargetsThatSeveralRecordsShare) {
    ModelZone zone = mail_zone();
    zone.record("srv", Type::SRV, "1 2 5060 sip").record("srv", Type::SRV, "1 2 5061 SIP");
    ZoneAsker asker({zone});
    EXPECT_THAT(beside(asker, "srv.z.test.", Type::SRV), SizeIs(1));
}

TEST(Additional, StandsBehindAnAliasAndAtTheEndOfAChainIntoAnotherZone) {
    ModelZone zone = mail_zone();
    zone.record("mx", Type::MX, "10 mail").record("alias", Type::CNAME, "mx");
    ModelZone other("other.test.");
    other.record("alias", Type::CNAME, "mx.z.test.").record("*.moved", Type::CNAME, "alias");
    ZoneAsker asker({zone, other});
    for (const char* name : {"alias.z.test.", "alias.other.test.", "long.name.moved.other.test."}) {
        const auto reply = asker.ask(name, Type::MX);
        EXPECT_EQ(reply.answer.back().text(), "mx.z.test. 3600 MX 10 mail.z.test.") << name;
        EXPECT_THAT(texts_of(reply.additional), ElementsAre("mail.z.test. 3600 A 192.0.2.25",
                                                            "mail.z.test. 60 AAAA 2001:db8::25"))
            << name;
    }
}

TEST(Additional, ServicesBringTheirLikeAndTheirOwner) {
    ModelZone zone = mail_zone();
    zone.record("mail", Type::HTTPS, "1 .").record("alias", Type::HTTPS, "0 mail");
    zone.record("alias2", Type::SVCB, "0 mail").record("own", Type::HTTPS, "1 .");
    zone.record("own", Type::A, "192.0.2.7").record("none", Type::HTTPS, "0 .");
    zone.record("none", Type::A, "192.0.2.8").record("named", Type::SVCB, "1 NAMED");
    zone.record("named", Type::AAAA, "2001:db8::9").record("*.wild", Type::HTTPS, "1 .");
    zone.record("*.wild", Type::A, "192.0.2.6");
    ZoneAsker asker({zone});
    const std::string a = "mail.z.test. 3600 A 192.0.2.25";
    const std::string aaaa = "mail.z.test. 60 AAAA 2001:db8::25";
    const auto aliased = asker.ask("alias.z.test.", Type::HTTPS).additional;
    ASSERT_THAT(aliased, SizeIs(3));  // RFC 9460 §4.1
    EXPECT_EQ(aliased[2].owner, "mail.z.test.");
    EXPECT_EQ(aliased[2].type, "HTTPS");
    EXPECT_THAT(beside(asker, "alias2.z.test.", Type::SVCB), ElementsAre(a, aaaa));
    EXPECT_THAT(beside(asker, "mail.z.test.", Type::HTTPS), ElementsAre(a, aaaa));
    EXPECT_THAT(beside(asker, "own.z.test.", Type::HTTPS),
                ElementsAre("own.z.test. 3600 A 192.0.2.7"));
    EXPECT_THAT(beside(asker, "none.z.test.", Type::HTTPS), IsEmpty());  // RFC 9460 §2.5.1
    EXPECT_THAT(beside(asker, "named.z.test.", Type::SVCB),
                ElementsAre("named.z.test. 3600 AAAA 2001:db8::9"));
    EXPECT_THAT(beside(asker, "x.y.wild.z.test.", Type::HTTPS),
                ElementsAre("x.y.wild.z.test. 3600 A 192.0.2.6"));
}

TEST(Additional, WildcardsGiveWhatAQuestionWouldGetAndNothingTwice) {
    ModelZone zone = mail_zone();
    zone.record("mx", Type::MX, "10 any.hosts").record("*.hosts", Type::A, "192.0.2.77");
    zone.record("*.svc", Type::HTTPS, "1 a.svc").record("*.svc", Type::HTTPS, "2 .");
    zone.record("*.svc", Type::A, "192.0.2.78");
    ZoneAsker asker({zone});
    EXPECT_THAT(beside(asker, "mx.z.test.", Type::MX),
                ElementsAre("any.hosts.z.test. 3600 A 192.0.2.77"));
    EXPECT_THAT(beside(asker, "a.svc.z.test.", Type::HTTPS),
                ElementsAre("a.svc.z.test. 3600 A 192.0.2.78"));
}

TEST(Additional, NothingComesFromOtherZonesFromAliasesOrFromNowhere) {
    ModelZone zone = mail_zone();
    zone.record("to", Type::CNAME, "mail").record("old", Type::DNAME, "new");
    for (const char* target : {"to", "text", "missing", "a.old", "host.child", "host.other.test.",
                               "host.elsewhere.", "."}) {
        zone.record("mx", Type::MX, std::string("10 ") + target);
    }
    zone.record("*", Type::A, "192.0.2.99").record("b.c", Type::A, "192.0.2.98");
    ModelZone child("child.z.test.");
    child.record("host", Type::A, "192.0.2.1");
    ModelZone other("other.test.");
    other.record("host", Type::A, "192.0.2.2");
    for (const auto& zones : {std::vector{zone, child, other}, std::vector{other, child, zone}}) {
        ZoneAsker asker(zones);
        EXPECT_THAT(beside(asker, "mx.z.test.", Type::MX),
                    ElementsAre("missing.z.test. 3600 A 192.0.2.99"));
    }
}

TEST(Additional, GlueIsForReferralsOnly) {
    ModelZone zone = mail_zone();
    zone.record("cut", Type::NS, "ns.cut").record("cut", Type::A, "192.0.2.91");
    zone.record("ns.cut", Type::A, "192.0.2.92").record("*.w.cut", Type::A, "192.0.2.93");
    zone.record("cut", Type::NS, "x.w.cut").record("cut", Type::NS, "mail");
    zone.record("mx", Type::MX, "1 cut").record("mx", Type::MX, "2 ns.cut");
    ZoneAsker asker({zone});
    EXPECT_THAT(beside(asker, "mx.z.test.", Type::MX), IsEmpty());
    EXPECT_THAT(beside(asker, "cut.z.test.", Type::MX),
                ElementsAre("ns.cut.z.test. 3600 A 192.0.2.92", "x.w.cut.z.test. 3600 A 192.0.2.93",
                            "mail.z.test. 3600 A 192.0.2.25", "mail.z.test. 60 AAAA 2001:db8::25"));
}

TEST(Additional, SteeredTargetsGetNone) {
    ModelZone zone("z.test.");
    zone.region("only", 50, 8, {"192.0.2.9", "2001:db8::9"});
    zone.policy("nearest");
    zone.steer("www", 0).record("mx", Type::MX, "10 www").record("srv", Type::SRV, "1 1 1 www");
    zone.record("www", Type::HTTPS, "1 .").record("alias", Type::HTTPS, "0 www");
    ZoneAsker asker({zone});
    EXPECT_THAT(beside(asker, "mx.z.test.", Type::MX), IsEmpty());
    EXPECT_THAT(beside(asker, "srv.z.test.", Type::SRV), IsEmpty());
    EXPECT_THAT(beside(asker, "www.z.test.", Type::HTTPS), IsEmpty());
    const auto https = asker.ask("alias.z.test.", Type::HTTPS).additional;
    ASSERT_THAT(https, SizeIs(1));
    EXPECT_EQ(https[0].type, "HTTPS");
}

TEST(Additional, ComesInWholeSetsAndIsNeverWorthTruncation) {
    ModelZone zone("z.test.");
    zone.record("mx", Type::MX, "10 big").record("mx", Type::MX, "20 small");
    for (int i = 0; i < 40; ++i) {
        zone.record("big", Type::A, "192.0.2." + std::to_string(i));
    }
    zone.record("small", Type::A, "192.0.2.99");
    zone.record("full", Type::NS, "ns.full").record("ns.full", Type::A, "192.0.2.98");
    for (int i = 0; i < 30; ++i) {
        zone.record("wide", Type::MX, "1 small" + std::string(20, 'x') + std::to_string(i));
    }
    zone.record("wide", Type::MX, "1 small");
    ZoneAsker asker({zone});
    const auto cut = asker.ask("mx.z.test.", Type::MX, {.udp_octets = 512});
    EXPECT_EQ(head_of(cut), "NOERROR aa");
    EXPECT_THAT(cut.answer, SizeIs(2));
    EXPECT_THAT(cut.additional, IsEmpty());
    EXPECT_THAT(asker.ask_over_tcp("mx.z.test.", Type::MX).additional, SizeIs(41));
    // An answer that does not fit itself has nothing beside it.
    const auto none = asker.ask("wide.z.test.", Type::MX, {.udp_octets = 512});
    EXPECT_EQ(head_of(none), "NOERROR aa tc");
    EXPECT_THAT(none.additional, IsEmpty());
}

const ZoneData& data_of(const Snapshot& snapshot) {
    return *snapshot.data().zones.at(0).data;
}

TEST(Additional, CostsNothingWhereNothingIsPointedTo) {
    ModelZone plain("z.test.");
    ModelZone pointing = mail_zone();
    for (int i = 0; i < 100; ++i) {
        const std::string owner = "h" + std::to_string(i);
        plain.record(owner, Type::A, "192.0.2.1").record(owner, Type::MX, "10 mail.elsewhere.");
        pointing.record(owner, Type::MX, "10 mail");
    }
    const auto without = compile(test::input_of({plain})).value();
    EXPECT_THAT(data_of(*without).linked_sets, SizeIs(1));  // NS of the apex
    EXPECT_THAT(data_of(*without).additional, SizeIs(1));
    // One image of each address set, however many point to it.
    const auto with = compile(test::input_of({pointing})).value();
    EXPECT_THAT(data_of(*with).linked_sets, SizeIs(101));
    std::vector<ImageRef> refs;
    for (const AdditionalSet& set : data_of(*with).additional) {
        refs.push_back(set.image);
    }
    std::sort(refs.begin(), refs.end());
    refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
    EXPECT_THAT(refs, SizeIs(3));
}

TEST(Additional, WorksAtTheRootToo) {
    ModelZone root(".");
    root.record("mx", Type::MX, "5 mail").record("mail", Type::A, "192.0.2.5");
    ZoneAsker asker({root});
    EXPECT_THAT(beside(asker, "mx.", Type::MX), ElementsAre("mail. 3600 A 192.0.2.5"));
    EXPECT_THAT(beside(asker, ".", Type::NS), ElementsAre("ns1. 3600 A 192.0.2.53"));
}

}  // namespace
}  // namespace meridian::zones
