// Tests that every question there can be has its answer: all types, the longest names.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
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
using testing::SizeIs;

TEST(Question, EachOf65536TypesIsAnsweredAtEachKindOfName) {
    ModelZone zone("z.test.");
    zone.region("only", 50, 8, {"192.0.2.9"});
    zone.policy("nearest");
    zone.record("host", Type::A, "192.0.2.1").record("host", Type{65535}, "\\# 1 ff");
    zone.record("host", Type{256}, "1 1 \"https://a.example/\"")
        .record("*.wild", Type::MX, "1 host");
    zone.record("alias", Type::CNAME, "host").record("old", Type::DNAME, "host");
    zone.record("cut", Type::NS, "ns.elsewhere.").record("below.empty", Type::A, "192.0.2.1");
    zone.steer("www", 0);
    ZoneAsker asker({zone});
    const std::set<unsigned> no_data{0, 41};
    for (unsigned number = 0; number <= 0xffff; ++number) {
        const Type type{static_cast<std::uint16_t>(number)};
        const bool is_question = no_data.contains(number) || (number >= 128 && number <= 254);
        unsigned name_number = 0;
        const auto expect = [&](const char* name, const std::string& head) {
            // Every type at the first name and at one of the others: all at all take too long.
            const unsigned turn = name_number++;
            if (turn != 0 && turn != 1 + number % 9 && number > 300) { return; }
            const auto reply = asker.ask(name, type);
            ASSERT_EQ(head_of(reply), is_question ? "REFUSED" : head) << name << " " << number;
            // An answer has records, or says how long there are none, or refers.
            ASSERT_EQ(reply.answer.empty() && reply.authority.empty(), is_question)
                << name << " " << number;
        };
        expect("host.z.test.", "NOERROR aa");
        expect("x.wild.z.test.", "NOERROR aa");
        expect("alias.z.test.", "NOERROR aa");
        expect("empty.z.test.", "NOERROR aa");
        expect("www.z.test.", "NOERROR aa");
        expect("z.test.", "NOERROR aa");
        expect("missing.z.test.", "NXDOMAIN aa");
        expect("x.alias.z.test.", "NXDOMAIN aa");
        expect("x.cut.z.test.", "NOERROR");
        expect("cut.z.test.", type == Type::DS ? "NOERROR aa" : "NOERROR");
        if (HasFatalFailure()) { return; }
    }
    EXPECT_THAT(texts_of(asker.ask("host.z.test.", Type{65535}).answer),
                ElementsAre("host.z.test. 3600 TYPE65535 \\# 1 ff"));
}

/// As many labels of one octet as fit before `apex`.
std::string filled_with_labels(const std::string& apex) {
    std::string labels;
    while (test::name(labels + "x." + apex).octets() <= kMaxNameOctets - 2) {
        labels += "x.";
    }
    return labels + apex;
}

TEST(Question, ANameMayHave127LabelsOrAnApexOf223Octets) {
    ModelZone small("t.");
    const std::string many = filled_with_labels("t.");
    ASSERT_EQ(test::name(many).label_count(), 126u);
    const std::string most = "x." + many;
    ASSERT_EQ(test::name(most).label_count(), kMaxNameLabels);
    small.record(most, Type::A, "192.0.2.1").record("mx", Type::MX, "1 " + most);
    const std::string part(63, 'p');
    const std::string apex =
        part + "." + part + "." + part + "." + std::string(21, 'q') + ".example.";
    ASSERT_EQ(test::name(apex).octets(), 223u);
    ModelZone large(apex);
    const std::string child = std::string(29, 'c') + "." + apex;
    const std::string longest = filled_with_labels(apex);
    large.record(child, Type::A, "192.0.2.2").record("*", Type::MX, "1 " + child);
    large.record("alias", Type::CNAME, longest).record("to", Type::CNAME, most);
    ZoneAsker asker({small, large});
    EXPECT_THAT(texts_of(asker.ask(most, Type::A).answer), ElementsAre(most + " 3600 A 192.0.2.1"));
    EXPECT_THAT(texts_of(asker.ask("mx.t.", Type::MX).additional),
                ElementsAre(most + " 3600 A 192.0.2.1"));
    EXPECT_EQ(head_of(asker.ask(many, Type::A)), "NOERROR aa");
    EXPECT_EQ(head_of(asker.ask("y" + many.substr(1), Type::A)), "NXDOMAIN aa");
    EXPECT_THAT(texts_of(asker.ask(child, Type::A).answer),
                ElementsAre(child + " 3600 A 192.0.2.2"));
    const auto covered = asker.ask(longest, Type::MX);
    EXPECT_EQ(covered.answer.at(0).owner, longest);
    EXPECT_THAT(texts_of(covered.additional), ElementsAre(child + " 3600 A 192.0.2.2"));
    EXPECT_THAT(asker.ask("alias." + apex, Type::MX).answer, SizeIs(2));
    EXPECT_EQ(asker.ask("to." + apex, Type::A).answer.back().text(), most + " 3600 A 192.0.2.1");
}

}  // namespace
}  // namespace meridian::zones
