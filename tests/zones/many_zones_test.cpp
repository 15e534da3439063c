// Tests many zones beside each other: finding the one of a name, and linking some anew.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/answer.h"
#include "tests/support/zone_asker.h"
#include "zones/snapshot/apex_table.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using dns::Type;
using test::head_of;
using test::ModelZone;
using test::name;
using test::texts_of;
using test::ZoneAsker;
using testing::ElementsAre;
using testing::IsEmpty;

std::string address_of(unsigned number) {
    return "192.0." + std::to_string(number / 256) + "." + std::to_string(number % 256);
}

/// Zones at several depths, some below others.
std::string apex_of(unsigned number) {
    const std::string own = "z" + std::to_string(number);
    if (number % 7 == 3) { return own + ".z" + std::to_string(number - 3) + ".test."; }
    if (number % 11 == 5) { return own + ".a.longer.ending.test."; }
    return own + ".test.";
}

std::vector<ModelZone> many_zones(unsigned count) {
    std::vector<ModelZone> zones;
    for (unsigned i = 0; i < count; ++i) {
        zones.emplace_back(apex_of(i));
        zones.back().record("www", Type::A, address_of(i));
        zones.back().record("deep.www", Type::A, address_of(i));
    }
    return zones;
}

TEST(ManyZones, EachNameIsFoundInItsOwn) {
    constexpr unsigned kZones = 500;
    const auto snapshot = compile(test::input_of(many_zones(kZones))).value();
    ASSERT_TRUE(snapshot->data().has_many_zones);
    std::vector<std::string> names;
    std::vector<std::string> wanted;
    for (unsigned i = 0; i < kZones; ++i) {
        const unsigned number = i * 263 % kZones;  // not in the order of the zones
        names.push_back("deep.www." + apex_of(number));
        wanted.push_back(names.back() + " 3600 A " + address_of(number));
        names.push_back("none." + apex_of(number));
        wanted.emplace_back();
        names.push_back("www.z" + std::to_string(number) + ".elsewhere.");
        wanted.emplace_back();
    }
    const auto state = std::make_unique<AnswerState>();
    std::vector<std::vector<std::uint8_t>> buffers(names.size());
    std::vector<dns::Request> batch;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto query = tests::build_query(names[i], Type::A, {});
        buffers[i].resize(kMaxUdpQueryOctets);
        std::copy(query.begin(), query.end(), buffers[i].begin());
        batch.push_back({buffers[i], query.size(), {IpAddress::v4(0xc0000235), 5353}, false, 0});
    }
    answer(Serving(snapshot), {}, batch, *state);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto reply =
            tests::decode_message(std::span(buffers[i]).first(batch[i].reply_octets));
        if (!wanted[i].empty()) {
            EXPECT_THAT(texts_of(reply.answer), ElementsAre(wanted[i]));
        } else {
            EXPECT_THAT(reply.answer, IsEmpty()) << names[i];
        }
        const bool is_ours = names[i].find("elsewhere") == std::string::npos;
        EXPECT_EQ(head_of(reply), !is_ours            ? "REFUSED"
                                  : wanted[i].empty() ? "NXDOMAIN aa"
                                                      : "NOERROR aa")
            << names[i];
    }
}

TEST(ManyZones, ALabelThatHoldsAnApexIsNoApex) {
    // The octets of "z.test." end the name, but begin within a label.
    ModelZone zone("z.test.");
    zone.record("www", Type::A, "192.0.2.1");
    ZoneAsker asker({zone});
    EXPECT_EQ(head_of(asker.ask("www\\001z.test.", Type::A)), "REFUSED");
    EXPECT_EQ(head_of(asker.ask("w.\\003www\\001z.test.", Type::A)), "REFUSED");
    EXPECT_EQ(head_of(asker.ask("test.", Type::A)), "REFUSED");
    EXPECT_EQ(head_of(asker.ask(".", Type::A)), "REFUSED");
}

TEST(ApexTable, KnowsWhichApexLiesAboveWhich) {
    const std::vector<dns::Name> apexes{name("a.b.test."), name("test."), name("b.test."),
                                        name("x.y.a.b.test."), name("other.")};
    const ApexTable table(7, apexes);
    EXPECT_EQ(table.find(name("b.test.")), 2U);
    EXPECT_EQ(table.find(name("c.test.")), std::nullopt);
    EXPECT_EQ(table.above(0), 2U);
    EXPECT_EQ(table.above(1), std::nullopt);
    EXPECT_EQ(table.above(3), 0U);
    EXPECT_TRUE(table.has_zones_below(1));
    EXPECT_FALSE(table.has_zones_below(3));
    EXPECT_FALSE(table.has_zones_below(4));

    const std::vector<std::vector<dns::Name>> below = zones_below(apexes);
    EXPECT_THAT(below.at(0), ElementsAre(name("x.y.a.b.test.")));
    EXPECT_THAT(below.at(1), ElementsAre(name("b.test.")));
    EXPECT_THAT(below.at(4), IsEmpty());
}

/// A server's compiler over several loads.
class Linking : public testing::Test {
protected:
    std::shared_ptr<const CompiledZone> compiled(const ModelZone& zone) {
        return compiler_.compile(zone.zone(), {}).value();
    }
    std::shared_ptr<const Snapshot> link(
        const std::vector<std::shared_ptr<const CompiledZone>>& zones) {
        LinkInput input;
        input.atlas = atlas_;
        input.previous = snapshot_;
        input.zones = zones;
        snapshot_ = compiler_.link(input).value();
        return snapshot_;
    }
    static ModelZone zone(const std::string& apex) {
        ModelZone zone(apex);
        zone.region("here", 50, 8, {"192.0.2.1"}).policy("nearest");
        zone.steer("www", 0);
        zone.record("to", Type::CNAME, "target.b.test.");
        return zone;
    }

    Compiler compiler_;
    std::shared_ptr<const geo::Atlas> atlas_ = test::empty_atlas();
    std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(Linking, SharesWhatDidNotChangeWithTheSnapshotBefore) {
    const auto stays = compiled(zone("a.test."));
    const auto first = link({stays, compiled(zone("b.test."))});
    ModelZone edited = zone("b.test.");
    edited.record("new", Type::A, "192.0.2.9");
    const auto second = link({stays, compiled(edited)});
    EXPECT_EQ(second->data().apexes, first->data().apexes);
    EXPECT_EQ(second->data().steering, first->data().steering);
    EXPECT_EQ(second->data().compiled_zones[0], stays);

    const auto third = link({stays});
    EXPECT_NE(third->data().apexes, first->data().apexes);
    EXPECT_NE(third->data().steering, first->data().steering);
    EXPECT_EQ(third->info().policy_count, 1U);
}

TEST_F(Linking, AnAliasFindsWhatAnotherZoneHasNow) {
    const auto alias = compiled(zone("a.test."));
    ModelZone target("b.test.");
    EXPECT_EQ(texts_of(ZoneAsker(link({alias, compiled(target)})).ask("to.a.test.", Type::A).answer)
                  .size(),
              1U);
    target.record("target", Type::A, "192.0.2.7");
    EXPECT_THAT(
        texts_of(ZoneAsker(link({alias, compiled(target)})).ask("to.a.test.", Type::A).answer),
        ElementsAre("to.a.test. 3600 CNAME target.b.test.", "target.b.test. 3600 A 192.0.2.7"));
    const auto reply = ZoneAsker(link({alias})).ask("to.a.test.", Type::A);
    EXPECT_EQ(head_of(reply), "NOERROR aa");
    EXPECT_THAT(texts_of(reply.answer), ElementsAre("to.a.test. 3600 CNAME target.b.test."));
}

TEST_F(Linking, OfTwoZonesOfOneNameTheLaterOneIsBlamed) {
    const auto one = compiled(zone("a.test."));
    link({one, compiled(zone("b.test."))});
    LinkInput input;
    input.atlas = atlas_;
    input.previous = snapshot_;
    input.zones = {one, compiled(zone("A.test."))};
    const auto result = compiler_.link(input);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().at(0).code, "zone-twice");
    EXPECT_EQ(result.error()[0].file, "A.test..toml");
}

}  // namespace
}  // namespace meridian::zones
