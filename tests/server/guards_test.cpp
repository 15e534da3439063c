// Checks which losses are held back, and which may pass.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/guards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "meridian/zones/zone_reader.h"

namespace meridian::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Summaries = std::vector<ZoneSummary>;

/// Zones z0.example, z1.example and so on, each in a file of its own.
Summaries zones(std::size_t begin, std::size_t end) {
    Summaries summaries;
    for (std::size_t i = begin; i < end; ++i) {
        const std::string name = "z" + std::to_string(i);
        summaries.push_back({*dns::Name::parse_absolute(name + ".example"), name + ".toml", 5, 2});
    }
    return summaries;
}

std::size_t held_of(std::size_t before, std::size_t lost) {
    return find_losses(zones(0, before), zones(lost, before), "zones").files.size();
}

TEST(Guards, HoldTheLossOfAllZones) {
    EXPECT_EQ(held_of(1, 1), 1U);
    EXPECT_EQ(held_of(3, 3), 3U);
    EXPECT_EQ(find_losses(zones(0, 2), zones(5, 7), "zones").files.size(), 2U)
        << "others do not stand in for them";
    EXPECT_EQ(held_of(0, 0), 0U);
}

TEST(Guards, HoldTheLossOfMoreThanThirtyPercentOfFourOrMore) {
    EXPECT_EQ(held_of(3, 2), 0U) << "few zones";
    EXPECT_EQ(held_of(4, 1), 0U) << "25 %";
    EXPECT_EQ(held_of(4, 2), 2U);
    EXPECT_EQ(held_of(10, 3), 0U) << "exactly 30 %";
    EXPECT_EQ(held_of(10, 4), 4U);
    EXPECT_EQ(held_of(1000, 300), 0U);
    EXPECT_EQ(held_of(1000, 301), 301U);
}

TEST(Guards, SayWhatWouldBeGone) {
    const Losses losses = find_losses(zones(0, 10), zones(5, 10), "zones");
    ASSERT_EQ(losses.diagnostics.size(), 1U);
    EXPECT_EQ(zones::to_line(losses.diagnostics[0]),
              "zones: error: 5 of 10 zones would be gone (z0.example., z1.example., z2.example., "
              "...) (what was served is still served; `meridian reload --force` takes them away)");
}

TEST(Guards, LetZonesMoveToOtherFiles) {
    Summaries after = zones(0, 4);
    for (ZoneSummary& zone : after) {
        zone.file = "all.toml";
    }
    EXPECT_THAT(find_losses(zones(0, 4), after, "zones").files, IsEmpty());
}

TEST(Guards, HoldAZoneThatLosesAllOfItsRecordsOrRegions) {
    Summaries after = zones(0, 4);
    after[1].records = 0;
    after[2].regions = 0;
    after[3].records = 1;  // it may lose some
    const Losses losses = find_losses(zones(0, 4), after, "zones");
    EXPECT_THAT(losses.files, ElementsAre("z1.toml", "z2.toml"));
    ASSERT_EQ(losses.diagnostics.size(), 2U);
    EXPECT_THAT(zones::to_line(losses.diagnostics[0]),
                HasSubstr("z1.toml: error: all records of z1.example. would be gone"));
    EXPECT_THAT(zones::to_line(losses.diagnostics[1]),
                HasSubstr("z2.toml: error: all regions of z2.example. would be gone"));

    Summaries empty = zones(0, 1);
    empty[0].records = empty[0].regions = 0;
    EXPECT_THAT(find_losses(empty, empty, "zones").files, IsEmpty()) << "it had none before";
}

TEST(Guards, CountRecordsWithoutThoseOfNameservers) {
    const auto records_of = [](const std::string& records) {
        const auto reading = zones::read_zone({"zone.toml", R"(zone = "z.example"
nameservers = ["ns1", "ns2.example.net."]
[regions.one]
at = [0, 0]
addresses = "192.0.2.1"
[records]
ns1.a = "192.0.2.53"
)" + records,
                                               1});
        EXPECT_EQ(reading.zones.size(), 1U);
        return summary_of(reading.zones.at(0));
    };
    EXPECT_EQ(records_of("").records, 0U);
    EXPECT_EQ(records_of("").regions, 1U);
    EXPECT_EQ(records_of("www.steer = \"nearest\"\nwww.txt = \"x\"\n\"@\".mx = \"1 a\"\na.a = "
                         "\"192.0.2.7\"\n")
                  .records,
              4U);
}

geo::AtlasInfo city_database() {
    geo::AtlasInfo info;
    info.type = "GeoLite2-City";
    info.build_epoch = 1'700'000'000;
    info.v4_networks = 1000;
    info.v6_networks = 800;
    info.v4_placed = 900;
    info.v6_placed = 700;
    return info;
}

TEST(Guards, HoldADatabaseThatIsOlder) {
    const geo::AtlasInfo before = city_database();
    geo::AtlasInfo after = before;
    EXPECT_EQ(why_held_back(before, after), "");
    after.build_epoch -= 1;
    EXPECT_THAT(why_held_back(before, after), HasSubstr("older"));
}

TEST(Guards, HoldADatabaseThatHasLostHalfOfAFamily) {
    const geo::AtlasInfo before = city_database();
    geo::AtlasInfo after = before;
    after.v4_networks = after.v4_placed = 500;
    EXPECT_EQ(why_held_back(before, after), "") << "half is left";
    after.v4_networks = 499;
    EXPECT_EQ(why_held_back(before, after),
              "it has 499 IPv4 networks, the one that is served 1000");
    after = before;
    after.v6_networks = after.v6_placed = 0;
    after.v4_networks = after.v4_placed = 5000;  // a file of the wrong family beside the right one
    EXPECT_EQ(why_held_back(before, after), "it has 0 IPv6 networks, the one that is served 800");
    after = before;
    after.v4_networks = after.v4_placed = 0;
    after.v6_networks = 5000;
    EXPECT_EQ(why_held_back(before, after), "it has 0 IPv4 networks, the one that is served 1000");
}

TEST(Guards, HoldADatabaseThatHasLostItsCoordinates) {
    const geo::AtlasInfo before = city_database();
    geo::AtlasInfo after = before;
    after.v4_placed = after.v6_placed = 0;  // Country in place of City
    EXPECT_EQ(why_held_back(before, after),
              "it has 0 IPv4 networks with coordinates, the one that is served 900");
    after = before;
    after.v6_placed = 349;
    EXPECT_EQ(why_held_back(before, after),
              "it has 349 IPv6 networks with coordinates, the one that is served 700");
    EXPECT_EQ(why_held_back(after, before), "") << "what gains may";
}

TEST(Guards, SayWhatADatabaseIsAndWhatItLacks) {
    geo::AtlasInfo info = city_database();
    EXPECT_EQ(describe(info),
              "GeoLite2-City of 2023-11-14 (1000 IPv4 networks, 800 IPv6 networks, 1600 with "
              "coordinates)");
    EXPECT_TRUE(shortcomings_of(info).empty());
    info.v6_networks = info.v6_placed = 0;
    info.unread_records = 3;
    const auto sentences = shortcomings_of(info);
    ASSERT_EQ(sentences.size(), 2U);
    EXPECT_THAT(sentences[0], HasSubstr("it has no IPv6 networks"));
    EXPECT_THAT(sentences[1], HasSubstr("3 of its records"));
    info.v4_networks = 0;
    EXPECT_THAT(shortcomings_of(info)[0], HasSubstr("it has no IPv4 networks"));
}

}  // namespace
}  // namespace meridian::server
