// Checks that each vendor's layout is taken, or refused with a reason, and never by half.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "meridian/geo/mmdb_reader.h"
#include "tests/support/mmdb_writer.h"

namespace meridian::geo {
namespace {

using test::mmdb_array;
using test::mmdb_double;
using test::mmdb_float;
using test::mmdb_map;
using test::mmdb_text;
using test::mmdb_unsigned16;
using test::mmdb_unsigned32;
using ::testing::HasSubstr;
using Entries = std::vector<std::pair<std::string, std::string>>;

Result<Atlas, std::string> read(const std::vector<std::string>& records) {
    test::MmdbContent content;
    content.ip_version = 4;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto block = static_cast<std::uint32_t>(0xc000'0200U + (i << 8));
        content.networks.push_back({{IpAddress::v4(block), 24}, records[i]});
    }
    const test::TemporaryFile file("layout.mmdb", test::mmdb_octets(content));
    return read_mmdb(std::vector{file.path()});
}

struct Seen {
    Location location;
    std::string subdivision;
    std::string city;
};

/// What is known by this record, and that it is the same with the keys in another order.
Seen seen(const Entries& entries) {
    Entries other = entries;
    std::ranges::reverse(other);
    const auto atlas = read({mmdb_map(entries), mmdb_map(other)});
    EXPECT_TRUE(atlas.ok()) << atlas.error();
    if (!atlas.ok()) { return {}; }
    const Location location = atlas->location(atlas->find(IpAddress::v4(0xc000'0201)).location);
    EXPECT_EQ(location, atlas->location(atlas->find(IpAddress::v4(0xc000'0301)).location));
    return {location, std::string(atlas->text(location.subdivision)),
            std::string(atlas->text(location.city))};
}

std::string names(const char* english) {
    return mmdb_map({{"de", mmdb_text("anders")}, {"en", mmdb_text(english)}});
}

void expect_at(const Seen& found, const char* country, Coordinates at) {
    EXPECT_EQ(found.location.country.text(), country);
    ASSERT_TRUE(found.location.has_coordinates);
    EXPECT_NEAR(found.location.at.latitude, at.latitude, 1e-4);
    EXPECT_NEAR(found.location.at.longitude, at.longitude, 1e-4);
}

std::string country_map(const char* code, const char* name) {
    return mmdb_map({{"geoname_id", mmdb_unsigned32(1)},
                     {"iso_code", mmdb_text(code)},
                     {"names", names(name)}});
}

TEST(MmdbLayouts, OfMaxMindCity) {
    const Seen found =
        seen({{"city", mmdb_map({{"names", names("Tokyo")}})},
              {"continent", mmdb_map({{"code", mmdb_text("AS")}, {"names", names("Asia")}})},
              {"country", country_map("JP", "Japan")},
              {"location", mmdb_map({{"accuracy_radius", mmdb_unsigned16(20)},
                                     {"latitude", mmdb_double(35.68)},
                                     {"longitude", mmdb_double(139.69)},
                                     {"time_zone", mmdb_text("Asia/Tokyo")}})},
              {"registered_country", country_map("US", "United States")},
              {"subdivisions", mmdb_array({mmdb_map({{"iso_code", mmdb_text("13")}})})}});
    expect_at(found, "JP", {35.68, 139.69});
    EXPECT_EQ(found.location.accuracy_km, 20);
    EXPECT_EQ(found.subdivision, "JP-13");
    EXPECT_EQ(found.city, "Tokyo");
    EXPECT_EQ(found.location.continent, Continent::Unknown) << "that of its country";
}

TEST(MmdbLayouts, OfMaxMindWhereOnlyTheRegistrationOrTheContinentIsKnown) {
    const Seen registered = seen({{"registered_country", country_map("BR", "Brazil")}});
    EXPECT_EQ(registered.location.country.text(), "BR");
    const Seen continent =
        seen({{"continent", mmdb_map({{"code", mmdb_text("EU")}, {"names", names("Europe")}})}});
    EXPECT_FALSE(continent.location.country.known());
    EXPECT_EQ(continent_of(continent.location), Continent::EU);
    EXPECT_TRUE(place_of(continent.location));
    for (const auto& [code, expected] :
         {std::pair{"EU", Continent::EU}, std::pair{"AP", Continent::AS}}) {
        const Seen found = seen({{"country", country_map(code, "of no country")},
                                 {"registered_country", country_map("US", "United States")}});
        EXPECT_FALSE(found.location.country.known()) << code;
        EXPECT_EQ(continent_of(found.location), expected);
        EXPECT_TRUE(place_of(found.location));
    }
}

TEST(MmdbLayouts, KeepTheContinentThatARecordSays) {
    const Seen found = seen({{"country", country_map("TR", "Turkey")},
                             {"continent", mmdb_map({{"code", mmdb_text("AS")}})}});
    EXPECT_EQ(continent_of(found.location), Continent::AS);
    const Seen other = seen({{"country", country_map("TR", "Turkey")},
                             {"continent", mmdb_map({{"code", mmdb_text("EU")}})}});
    EXPECT_EQ(continent_of(other.location), Continent::EU);
}

TEST(MmdbLayouts, OfDbIpFlat) {
    const Seen found = seen({{"city", mmdb_text("Tokyo")},
                             {"country_code", mmdb_text("JP")},
                             {"latitude", mmdb_float(35.68F)},
                             {"longitude", mmdb_float(139.69F)},
                             {"postcode", mmdb_text("")},
                             {"state1", mmdb_text("Tokyo Prefecture")},
                             {"state2", mmdb_text("")}});
    expect_at(found, "JP", {35.68, 139.69});
    EXPECT_EQ(found.subdivision, "Tokyo Prefecture");
}

TEST(MmdbLayouts, OfIpInfo) {
    const Seen lite = seen({{"asn", mmdb_text("AS2516")},
                            {"continent", mmdb_text("Asia")},
                            {"continent_code", mmdb_text("AS")},
                            {"country", mmdb_text("Japan")},
                            {"country_code", mmdb_text("JP")}});
    EXPECT_EQ(lite.location.country.text(), "JP");
    const Seen old = seen({{"country", mmdb_text("JP")}, {"country_name", mmdb_text("Japan")}});
    EXPECT_EQ(old.location.country.text(), "JP");
    const Seen named = seen({{"country", mmdb_text("Japan")}});
    EXPECT_EQ(named.location.country.text(), "JP");
    expect_at(seen({{"city", mmdb_text("Tokyo")},
                    {"country", mmdb_text("JP")},
                    {"lat", mmdb_text("35.6895")},
                    {"lng", mmdb_text("139.69171")},
                    {"region", mmdb_text("Tokyo")}}),
              "JP", {35.6895, 139.69171});
    expect_at(seen({{"country", mmdb_text("JP")}, {"loc", mmdb_text("35.68, 139.69")}}), "JP",
              {35.68, 139.69});
    expect_at(seen({{"country", mmdb_text("BR")},
                    {"latitude", mmdb_text("-23.55")},
                    {"longitude", mmdb_text("-46.63")}}),
              "BR", {-23.55, -46.63});
}

TEST(MmdbLayouts, OfIp2Location) {
    expect_at(seen({{"city", mmdb_map({{"names", names("Tokyo")}})},
                    {"country", country_map("JP", "Japan")},
                    {"location", mmdb_map({{"latitude", mmdb_float(35.5F)},
                                           {"longitude", mmdb_float(139.5F)}})}}),
              "JP", {35.5, 139.5});
    // What stands for nothing.
    const auto nothing =
        read({mmdb_map({{"country", country_map("-", "-")},
                        {"location",
                         mmdb_map({{"latitude", mmdb_float(0)}, {"longitude", mmdb_float(0)}})}}),
              mmdb_map({{"country_code", mmdb_text("JP")}})});
    ASSERT_TRUE(nothing.ok()) << nothing.error();
    EXPECT_EQ(nothing->info().v4_networks, 1U);
    EXPECT_EQ(nothing->info().unread_records, 0U);
}

TEST(MmdbLayouts, OfIpToAsn) {
    const auto atlas = read({mmdb_map({{"country_code", mmdb_text("JP")}}),
                             mmdb_map({{"country_code", mmdb_text("None")}}),
                             mmdb_map({{"country_code", mmdb_text("ZZ")}})});
    ASSERT_TRUE(atlas.ok()) << atlas.error();
    EXPECT_EQ(atlas->info().v4_networks, 1U);
    EXPECT_EQ(atlas->info().unread_records, 0U);
}

TEST(MmdbLayouts, TakeNumbersOfEveryType) {
    const std::string negative("\x04\x01\xff\xff\xff\xd7", 6);  // a signed integer: -41
    for (const auto& [latitude, expected] :
         {std::pair{mmdb_double(41), 41.0}, std::pair{mmdb_float(41), 41.0},
          std::pair{mmdb_unsigned16(41), 41.0}, std::pair{mmdb_unsigned32(41), 41.0},
          std::pair{test::mmdb_unsigned64(41), 41.0}, std::pair{mmdb_text(" +41.0 "), 41.0},
          std::pair{negative, -41.0}}) {
        const Seen found = seen({{"country_code", mmdb_text("NZ")},
                                 {"latitude", latitude},
                                 {"longitude", mmdb_unsigned16(174)}});
        expect_at(found, "NZ", {expected, 174});
    }
}

TEST(MmdbLayouts, WhoseCoordinatesAreNotReadAreRefused) {
    const std::string japan = mmdb_text("JP");
    for (const Entries& place :
         {Entries{{"latitude", mmdb_text("35 41 N")}, {"longitude", mmdb_text("139 41 E")}},
          Entries{{"latitude", mmdb_double(35.68)}},
          Entries{{"latitude", mmdb_double(139.69)}, {"longitude", mmdb_double(35.68)}},
          Entries{{"loc", mmdb_text("35.68")}},
          Entries{{"loc", mmdb_array({mmdb_double(35.68), mmdb_double(139.69)})}},
          Entries{{"location", mmdb_text("Tokyo")}},
          Entries{{"lat", mmdb_map({})}, {"lon", mmdb_map({})}}}) {
        Entries entries = place;
        entries.push_back({"country_code", japan});
        const auto atlas = read({mmdb_map(entries)});
        ASSERT_FALSE(atlas.ok()) << place.front().first;
        EXPECT_THAT(atlas.error(), HasSubstr("coordinates of 1 of its records"));
        EXPECT_THAT(atlas.error(), HasSubstr("loc = \"35.68,139.69\""));
        // Beside records that are read, it is counted and reported.
        entries.clear();
        const std::string good = mmdb_map({{"country_code", japan},
                                           {"latitude", mmdb_double(35)},
                                           {"longitude", mmdb_double(139)}});
        Entries bad = place;
        bad.push_back({"country_code", japan});
        const auto some = read({good, mmdb_map(bad), mmdb_map({{"country_code", japan}})});
        ASSERT_TRUE(some.ok()) << some.error();
        EXPECT_EQ(some->info().unread_records, 1U);
        EXPECT_EQ(some->info().v4_placed, 1U);
        EXPECT_EQ(some->info().v4_networks, 3U);
    }
}

TEST(MmdbLayouts, WhoseCountriesAreNotReadAreRefused) {
    const auto atlas = read({mmdb_map({{"country", mmdb_text("Nippon-koku")}}),
                             mmdb_map({{"country", mmdb_text("Deutschland")}}),
                             mmdb_map({{"country", mmdb_text("Japan")}})});
    ASSERT_FALSE(atlas.ok());
    EXPECT_THAT(atlas.error(), HasSubstr("countries of 2 of its records"));
}

}  // namespace
}  // namespace meridian::geo
