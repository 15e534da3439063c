// Checks what services hand out: their own addresses, in all regions of a policy or in some.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "meridian/geo/distance.h"
#include "meridian/geo/mmdb_reader.h"
#include "meridian/geo/special_addresses.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/live_table.h"
#include "tests/support/seeds.h"
#include "tests/support/snapshot_line.h"
#include "tests/support/zone_asker.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using dns::Type;
using test::ModelZone;
using test::texts_of;
using test::ZoneAsker;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Addresses = std::map<std::string, std::vector<std::string>>;

struct Site {
    const char* name;
    geo::Coordinates at;
};

const std::vector<Site> kSites{
    {"virginia", {38.95, -77.45}},  {"oregon", {45.60, -121.20}}, {"sao-paulo", {-23.43, -46.47}},
    {"dublin", {53.42, -6.27}},     {"frankfurt", {50.03, 8.57}}, {"stockholm", {59.65, 17.92}},
    {"cape-town", {-33.97, 18.60}}, {"bahrain", {26.27, 50.63}},  {"mumbai", {19.09, 72.87}},
    {"singapore", {1.36, 103.99}},  {"tokyo", {35.76, 140.39}},   {"sydney", {-33.95, 151.18}}};

/// Twelve regions under one policy. Without an atlas no client has a place, and the first region of
/// a service answers.
ModelZone zone_of_sites() {
    ModelZone zone("z.test.");
    for (std::size_t i = 0; i < kSites.size(); ++i) {
        const std::string number = std::to_string(i);
        zone.region(kSites[i].name, kSites[i].at.latitude, kSites[i].at.longitude,
                    {"192.0.2." + number, "2001:db8::" + number});
    }
    // Not "next", which may need all ranks by itself.
    zone.policy("nearest").missing_family = MissingFamily::Unset;
    return zone;
}

std::vector<std::string> ask(const std::shared_ptr<const Snapshot>& snapshot, const char* name,
                             Type type = Type::A) {
    return texts_of(ZoneAsker(snapshot).ask(name, type).answer);
}

TEST(Services, OfOnePolicyHaveAddressesOfTheirOwn) {
    ModelZone zone = zone_of_sites();
    zone.steer("www", 0)
        .steer_by("api", "api", 0, {{"virginia", {"198.51.100.1", "2001:db8:1::1"}}})
        .steer_by("db", "db", 0, {{"virginia", {"198.51.100.2"}}});
    const auto snapshot = compile(test::input_of({zone})).value();
    EXPECT_THAT(ask(snapshot, "www.z.test."), ElementsAre("www.z.test. 60 A 192.0.2.0"));
    EXPECT_THAT(ask(snapshot, "api.z.test."), ElementsAre("api.z.test. 60 A 198.51.100.1"));
    EXPECT_THAT(ask(snapshot, "api.z.test.", Type::AAAA),
                ElementsAre("api.z.test. 60 AAAA 2001:db8:1::1"));
    EXPECT_THAT(ask(snapshot, "db.z.test."), ElementsAre("db.z.test. 60 A 198.51.100.2"));
}

TEST(Services, AFamilyThatTheyHaveInNoRegionDoesNotExist) {
    ModelZone zone = zone_of_sites();
    zone.steer_by("db", "db", 0, {{"virginia", {"198.51.100.2"}}});
    ZoneAsker asker(compile(test::input_of({zone})).value());
    const auto reply = asker.ask("db.z.test.", Type::AAAA);
    EXPECT_EQ(test::head_of(reply), "NOERROR aa");
    EXPECT_THAT(reply.answer, IsEmpty());
    EXPECT_THAT(reply.authority, SizeIs(1));
}

TEST(Services, OmitCountsTheRegionsOfTheServiceAlone) {
    ModelZone zone("z.test.");
    zone.region("four", 0, 0, {"192.0.2.1"}).region("both", 9, 9, {"192.0.2.2", "2001:db8::2"});
    zone.policy("nearest").missing_family = MissingFamily::Omit;
    zone.steer("www", 0)
        .steer_by("one", "one", 0, {{"both", {"198.51.100.1", "2001:db8:1::1"}}})
        .steer_by("two", "two", 0,
                  {{"four", {"198.51.100.2"}}, {"both", {"198.51.100.1", "2001:db8:1::1"}}});
    const auto snapshot = compile(test::input_of({zone})).value();
    EXPECT_THAT(ask(snapshot, "www.z.test.", Type::AAAA), IsEmpty());
    EXPECT_THAT(ask(snapshot, "one.z.test.", Type::AAAA), SizeIs(1));
    EXPECT_THAT(ask(snapshot, "two.z.test.", Type::AAAA), IsEmpty());
}

TEST(Services, WithSomeRegionsReadASecondTableWithAllRanks) {
    ModelZone zone = zone_of_sites();
    Addresses all;
    for (const Site& site : kSites) {
        all[site.name] = {"198.51.100.9"};
    }
    zone.steer("www", 0).steer_by("all", "all", 0, all);
    const auto one = compile(test::input_of({zone})).value();
    EXPECT_THAT(one->data().steering->tables, SizeIs(1)) << "all regions: ranked like the policy";
    zone.steer_by("api", "api", 0, {{"tokyo", {"198.51.100.1"}}})
        .steer_by("db", "db", 0, {{"sydney", {"198.51.100.2"}}});
    const auto two = compile(test::input_of({zone})).value();
    const auto& tables = two->data().steering->tables;
    ASSERT_THAT(tables, SizeIs(2)) << "services with some regions share theirs";
    EXPECT_FALSE(tables[0].all_ranks);
    EXPECT_EQ(tables[0].routes->rankings().exact_ranks(), kRankedRegions);
    EXPECT_TRUE(tables[1].all_ranks);
    EXPECT_EQ(tables[1].routes->rankings().exact_ranks(), kSites.size());
    EXPECT_EQ(two->info().policy_count, 1U);
}

TEST(Services, AreNamedForThoseWhoCount) {
    ModelZone zone = zone_of_sites();
    zone.steer("www", 0).steer_by("api", "api", 0, {{"tokyo", {"198.51.100.1"}}}, 30);
    const auto services = compile(test::input_of({zone})).value()->services();
    ASSERT_THAT(services, SizeIs(2));
    EXPECT_EQ(services[0].name, "nearest");
    EXPECT_EQ(services[1].name, "api");
    EXPECT_EQ(services[1].ttl_seconds, 30U);
    EXPECT_EQ(services[1].first_cell, kSites.size());
    ASSERT_THAT(services[1].regions, SizeIs(kSites.size()));
    EXPECT_EQ(services[1].regions[10]->name, "tokyo");
    EXPECT_EQ(services[1].regions[10]->addresses.at(0).to_string(), "198.51.100.1");
    EXPECT_THAT(services[1].regions[0]->addresses, IsEmpty());
}

Health tcp_health(std::uint16_t port) {
    return {.checks = {{.kind = CheckKind::Tcp, .port = port}}, .timing = {}};
}

TEST(Services, AreListedWithTheirPolicyAndHowTheyAreChecked) {
    ModelZone zone = zone_of_sites();
    const Addresses tokyo{{"tokyo", {"198.51.100.1"}}};
    zone.steer("www", 0).steer_by("api", "api", 0, tokyo).health(tcp_health(443));
    const auto services = compile(test::input_of({zone})).value()->services();
    ASSERT_THAT(services, SizeIs(2));
    EXPECT_EQ(services[0].policy, "nearest");
    EXPECT_EQ(services[0].health, nullptr);
    EXPECT_EQ(services[1].policy, "nearest");
    ASSERT_NE(services[1].health, nullptr);
    EXPECT_EQ(*services[1].health, tcp_health(443));
}

TEST(Services, OfTwoZonesAreOneWhereTheirChecksAreEqualAndElseTwo) {
    const auto zone_with = [](const char* apex, std::uint16_t port) {
        ModelZone zone(apex);
        zone.region("one", 0, 0, {"192.0.2.1"});
        zone.policy("nearest");
        zone.steer("www", 0).health(tcp_health(port));
        for (Region& region : zone.regions()) {
            region.file = "shared.toml";
        }
        return zone;
    };
    const auto count = [&](std::uint16_t second_port) {
        const auto input =
            test::input_of({zone_with("a.test.", 443), zone_with("b.test.", second_port)});
        return compile(input).value()->services().size();
    };
    EXPECT_EQ(count(443), 1U);
    EXPECT_EQ(count(80), 2U);
}

TEST(Services, WhileNoneOfTheirRegionsIsUpTheFirstOfThemAnswers) {
    ModelZone zone = zone_of_sites();
    zone.steer_by("api", "api", 0, {{"tokyo", {"198.51.100.1"}}, {"sydney", {"198.51.100.2"}}});
    const Serving all(compile(test::input_of({zone})).value());
    const auto after = [&](const std::vector<LiveChange>& changes) {
        ZoneAsker asker(Serving(all.snapshot(), all.live()->with(changes)));
        return texts_of(asker.ask("api.z.test.", Type::A).answer);
    };
    constexpr std::uint32_t kTokyo = 10;
    constexpr std::uint32_t kSydney = 11;
    const LiveChange tokyo_down{.cell = kTokyo, .up_addresses = {0, 0}};
    const LiveChange sydney_down{.cell = kSydney, .up_addresses = {0, 0}};
    EXPECT_THAT(after({}), ElementsAre("api.z.test. 60 A 198.51.100.1"));
    EXPECT_THAT(after({tokyo_down}), ElementsAre("api.z.test. 60 A 198.51.100.2"));
    EXPECT_THAT(after({tokyo_down, sydney_down}), ElementsAre("api.z.test. 60 A 198.51.100.1"));
    EXPECT_THAT(after({tokyo_down, {.cell = 0}}), ElementsAre("api.z.test. 60 A 198.51.100.2"))
        << "a region that is no part of it is never up";
}

ModelZone edited(const Addresses& of_api, const char* of_mail = "192.0.2.25") {
    ModelZone zone = zone_of_sites();
    zone.steer("www", 0)
        .steer_by("api", "api", 0, of_api)
        .steer_by("db", "db", 0, {{"tokyo", {"198.51.100.8"}}})
        .record("mail", Type::A, of_mail);
    return zone;
}

/// What a compiler makes of a zone and an edit of it.
struct Edit {
    Edit(const ModelZone& before, const ModelZone& after) {
        LinkInput input;
        static_cast<SnapshotInput&>(input) = test::input_of({});
        input.zones = {compiler.compile(before.zone(), {}).value()};
        first = compiler.link(input).value();
        input.zones = {compiler.compile(after.zone(), {}).value()};
        input.previous = first;
        second = compiler.link_edit(input).value();
    }
    Compiler compiler;
    std::shared_ptr<const Snapshot> first;
    std::shared_ptr<const Snapshot> second;
};

TEST(EditedServices, NewAddressesAreAnsweredThroughTheOldTables) {
    const Edit edit(edited({{"tokyo", {"198.51.100.1"}}}), edited({{"tokyo", {"198.51.100.7"}}}));
    EXPECT_THAT(ask(edit.first, "api.z.test."), ElementsAre("api.z.test. 60 A 198.51.100.1"));
    EXPECT_THAT(ask(edit.second, "api.z.test."), ElementsAre("api.z.test. 60 A 198.51.100.7"));
    EXPECT_THAT(ask(edit.second, "db.z.test."), ElementsAre("db.z.test. 60 A 198.51.100.8"));
    const auto& before = *edit.first->data().steering;
    const auto& after = *edit.second->data().steering;
    ASSERT_EQ(after.tables.size(), before.tables.size());
    for (std::size_t i = 0; i < after.tables.size(); ++i) {
        EXPECT_EQ(after.tables[i].routes, before.tables[i].routes) << i;
        EXPECT_EQ(after.tables[i].policy, before.tables[i].policy) << i;
    }
    EXPECT_EQ(after.services[0].service, before.services[0].service) << "that of the policy";
    EXPECT_NE(after.services[1].service, before.services[1].service);
    EXPECT_EQ(after.services[2].service, before.services[2].service) << "that of the other one";
}

TEST(EditedServices, AnotherRegionIsAnsweredToo) {
    const Edit edit(edited({{"tokyo", {"198.51.100.1"}}}), edited({{"dublin", {"198.51.100.1"}}}));
    EXPECT_THAT(ask(edit.second, "api.z.test."), ElementsAre("api.z.test. 60 A 198.51.100.1"));
    const LiveTable live(*edit.second);
    const ServedService& api = edit.second->data().steering->services[1];
    EXPECT_EQ(live.cells()[api.first_cell + 10].standing[0].rung, Rung::None);
    EXPECT_EQ(live.cells()[api.first_cell + 3].standing[0], FamilyStanding{Rung::Up});
}

TEST(EditedServices, AnEditOfARecordLeavesTheSteeringAlone) {
    const Addresses same{{"tokyo", {"198.51.100.1"}}};
    const Edit edit(edited(same), edited(same, "192.0.2.26"));
    EXPECT_EQ(edit.second->data().steering, edit.first->data().steering);
}

bool has_place(const IpAddress& address) {
    for (const IpPrefix& block : geo::placeless_blocks(address.family())) {
        if (block.contains(address)) { return false; }
    }
    return true;
}

// The table of all ranks is what makes this hold: three ranks hold no region of such a service for
// many clients.
TEST(Services, TheNearestOfTheirRegionsAnswers) {
    const std::string folder = std::string(MERIDIAN_SOURCE_DIR) + "/tests/geo/data/";
    const auto atlas = std::make_shared<const geo::Atlas>(
        geo::read_mmdb(std::vector{folder + "sample-city-v4.mmdb", folder + "sample-city-v6.mmdb"})
            .value());
    for (const std::uint64_t seed : test::seeds(3)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        Addresses addresses;
        while (addresses.size() < 3) {
            const std::size_t i = random() % kSites.size();
            addresses[kSites[i].name] = {"198.51.100." + std::to_string(i)};
        }
        ModelZone zone = zone_of_sites();
        zone.steer_by("api", "api", 0, addresses);
        CompileInput input = test::input_of({zone});
        input.atlas = atlas;
        ZoneAsker asker(compile(input).value());
        std::size_t asked = 0;
        geo::Atlas::Cursor cursor(*atlas, Family::V4);
        for (geo::AtlasLeaf leaf; cursor.next(leaf);) {
            const IpAddress& client = leaf.prefix.address;
            const auto at = geo::place_of(atlas->location(leaf.location));
            if (!at || !has_place(client)) { continue; }
            const auto reply = asker.ask("api.z.test.", Type::A,
                                         {.client_subnet = IpPrefix{client, client.width()}});
            const std::string text = texts_of(reply.answer).at(0);
            const Site& taken = kSites.at(std::stoul(text.substr(text.rfind('.') + 1)));
            ASSERT_TRUE(addresses.contains(taken.name)) << text;
            for (const Site& other : kSites) {
                if (!addresses.contains(other.name)) { continue; }
                ASSERT_LE(geo::distance_km(*at, taken.at),
                          geo::distance_km(*at, other.at) + geo::kTieKm)
                    << client.to_string() << ": " << taken.name << ", not " << other.name;
            }
            ++asked;
        }
        EXPECT_GT(asked, 1000U);
    }
}

}  // namespace
}  // namespace meridian::zones
