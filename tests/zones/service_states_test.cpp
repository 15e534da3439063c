// Checks that what exists never depends on what is up, and that hints follow the addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/live_table.h"
#include "tests/support/random_states.h"
#include "tests/support/seeds.h"
#include "tests/support/zone_asker.h"
#include "zones/model/auto_hints.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using dns::Type;
using test::ModelZone;
using test::texts_of;
using test::ZoneAsker;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::array kNames{"www", "four", "rest", "cdn", "cdn-rest", "via"};
constexpr std::array kTypes{Type::A, Type::AAAA, Type::HTTPS, Type::CNAME, Type::TXT};

dns::Rdata hinted(std::string_view text) {
    const auto rdata = dns::parse_rdata(Type::HTTPS, text, dns::Name());
    return with_auto_hints(rdata.value(), {true, true});
}

void set_targets(ModelZone& zone) {
    Service& service = zone.last_service();
    service.addresses.clear();
    for (const Region& region : zone.regions()) {
        service.cnames.emplace_back(test::name(region.name + ".cdn.test."));
    }
}

/// Addresses end in the number of their region, those of last resorts in 99.
ModelZone zone_of_services() {
    ModelZone zone("z.test.");
    zone.region("one", 0, 0, {"192.0.2.1", "2001:db8::1"})
        .region("two", 10, 10, {"192.0.2.2", "2001:db8::2"})
        .region("three", 20, 20, {"192.0.2.3"});
    zone.policy("nearest");
    Owner www{.name = test::name("www.z.test.")};
    www.sets.push_back({{Type::HTTPS, 3600, {hinted("1 . alpn=h2 port=443")}}, {}});
    Owner rest{.name = test::name("rest.z.test.")};
    rest.sets.push_back({{Type::HTTPS, 3600, {hinted("1 ."), hinted("2 . ech=aGVsbG8=")}}, {}});
    zone.add(www).add(rest);
    zone.steer("www", 0);
    zone.steer_by("four", "four", 0, {{"one", {"192.0.2.1"}}, {"three", {"192.0.2.3"}}});
    zone.steer_by("rest", "rest", 0,
                  {{"one", {"192.0.2.1", "2001:db8::1"}}, {"two", {"192.0.2.2", "2001:db8::2"}}});
    zone.last_service().last_resort = {IpAddress::parse("192.0.2.99").value(),
                                       IpAddress::parse("2001:db8::99").value()};
    zone.steer_by("cdn", "cdn", 0, {});
    set_targets(zone);
    zone.steer_by("cdn-rest", "cdn-rest", 0, {});
    set_targets(zone);
    zone.last_service().last_resort_cname = test::name("rest.cdn.test.");
    zone.record("via", Type::CNAME, "cdn");
    return zone;
}

class ServiceStates : public ::testing::Test {
protected:
    [[nodiscard]] Serving after(const std::vector<LiveChange>& changes) const {
        return {all_up_.snapshot(), all_up_.live()->with(changes)};
    }
    Serving all_up_{compile(test::input_of({zone_of_services()})).value()};
};

TEST_F(ServiceStates, WhatExistsNeverDependsOnWhatIsUp) {
    ZoneAsker steady(all_up_);
    for (const std::uint64_t seed : test::seeds(40)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        ZoneAsker asker(after(test::random_changes(*all_up_.live(), random)));
        for (const std::string name : kNames) {
            for (const Type type : kTypes) {
                const auto expected = steady.ask(name + ".z.test.", type);
                const auto reply = asker.ask(name + ".z.test.", type);
                ASSERT_EQ(test::head_of(reply), test::head_of(expected)) << name;
                ASSERT_EQ(reply.answer.size(), expected.answer.size()) << name;
            }
        }
    }
}

/// The number of the region that an answer comes from.
std::string region_in(const std::vector<std::string>& answer) {
    const std::string& text = answer.at(0);
    return text.substr(text.find_last_of(".:") + 1);
}

TEST_F(ServiceStates, HintsAreTheAddressesOfTheAnswerOrLeftOut) {
    std::size_t count = 0;
    for (const std::uint64_t seed : test::seeds(200)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        ZoneAsker asker(after(test::random_changes(*all_up_.live(), random)));
        for (const std::string name : {"www.z.test.", "rest.z.test."}) {
            const std::string v4 = region_in(texts_of(asker.ask(name, Type::A).answer));
            const std::string v6 = region_in(texts_of(asker.ask(name, Type::AAAA).answer));
            const auto records = texts_of(asker.ask(name, Type::HTTPS).answer);
            const std::string number = v4 == "99" ? "63" : "0" + v4;
            for (const std::string& record : records) {
                if (v4 != v6) {
                    EXPECT_THAT(record, Not(HasSubstr("c00002"))) << name << v4 << v6;
                    EXPECT_THAT(record, Not(HasSubstr("20010db8"))) << name << v4 << v6;
                    continue;
                }
                ++count;
                EXPECT_THAT(record, HasSubstr("00040004c00002" + number));
                EXPECT_THAT(record, HasSubstr("00060010"
                                              "20010db8"));
            }
        }
    }
    EXPECT_GT(count, 50U);
}

TEST_F(ServiceStates, HintsStandInTheOrderOfTheirKeys) {
    ZoneAsker asker(all_up_);
    EXPECT_THAT(texts_of(asker.ask("www.z.test.", Type::HTTPS).answer),
                ElementsAre("www.z.test. 60 HTTPS \\# 44 0001000001000302683200030002"
                            "01bb00040004c00002010006001020010db8000000000000000000000001"));
    EXPECT_THAT(asker.ask("www.z.test.", Type::HTTPS).additional, IsEmpty());
}

TEST_F(ServiceStates, ASteeredAliasStandsAloneAndEndsAChain) {
    ZoneAsker asker(all_up_);
    for (const Type type : kTypes) {
        EXPECT_THAT(texts_of(asker.ask("cdn.z.test.", type).answer),
                    ElementsAre("cdn.z.test. 60 CNAME one.cdn.test."));
    }
    EXPECT_THAT(texts_of(asker.ask("via.z.test.", Type::A).answer),
                ElementsAre("via.z.test. 3600 CNAME cdn.z.test."));
    const auto down = [&](std::uint32_t service) {
        std::vector<LiveChange> changes;
        const ServedService& served = all_up_.snapshot()->data().steering->services.at(service);
        for (std::uint32_t cell = served.first_cell; cell < served.first_cell + 3; ++cell) {
            changes.push_back({.cell = cell, .up_addresses = {0, 0}});
        }
        return after(changes);
    };
    EXPECT_THAT(texts_of(ZoneAsker(down(3)).ask("cdn.z.test.", Type::A).answer),
                ElementsAre("cdn.z.test. 60 CNAME one.cdn.test."));
    EXPECT_THAT(texts_of(ZoneAsker(down(4)).ask("cdn-rest.z.test.", Type::A).answer),
                ElementsAre("cdn-rest.z.test. 60 CNAME rest.cdn.test."));
}

TEST(SteeredServices, RegionsCountForTheWholeTableAndLastResortsBehindThem) {
    const auto snapshot = compile(test::input_of({zone_of_services()})).value();
    const std::vector<ServiceInfo> services = snapshot->services();
    ASSERT_THAT(services, SizeIs(5));
    std::uint32_t cell = 0;
    for (const ServiceInfo& service : services) {
        EXPECT_EQ(service.first_cell, cell) << service.name;
        cell += service.last_resort == nullptr ? 3U : 4U;
    }
    EXPECT_EQ(LiveTable(*snapshot).cells().size(), cell);
}

}  // namespace
}  // namespace meridian::zones
