// Checks the table of countries.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "geo/generated_tables.h"
#include "meridian/geo/distance.h"

namespace meridian::geo {
namespace {

const Country* country(std::string_view code) {
    return find_country(CountryCode::parse(code).value());
}

TEST(Countries, CoverIso3166) {
    EXPECT_EQ(country_table().size(), 250U);  // 249 of ISO 3166-1, and Kosovo's XK
    for (const std::string_view code : {"AF", "AX", "BV", "EH", "GS", "SJ", "UM", "XK", "ZW"}) {
        ASSERT_NE(country(code), nullptr) << code;
        EXPECT_EQ(country(code)->code.text(), code);
    }
}

TEST(Countries, AreSortedAndComplete) {
    const auto table = country_table();
    EXPECT_TRUE(std::ranges::is_sorted(table, std::ranges::less{}, &Country::code));
    EXPECT_EQ(std::ranges::adjacent_find(table, {}, &Country::code), table.end());
    for (const Country& row : table) {
        SCOPED_TRACE(row.code.text());
        EXPECT_FALSE(row.name.empty());
        EXPECT_NE(row.continent, Continent::Unknown);
        EXPECT_LE(std::abs(row.at.latitude), 90);
        EXPECT_LE(std::abs(row.at.longitude), 180);
        EXPECT_NE(row.at, Coordinates{});
    }
}

TEST(Countries, UnassignedCodesHaveNoRow) {
    EXPECT_EQ(country("ZZ"), nullptr);
    EXPECT_EQ(country("EU"), nullptr);
    EXPECT_EQ(find_country(CountryCode{}), nullptr);
}

TEST(Countries, StandWhereMostOfTheirAddressesAre) {
    struct Expectation {
        std::string_view code;
        Continent continent;
        Coordinates at;
    };
    const Expectation expectations[] = {
        {"DE", Continent::EU, {50.11, 8.68}},     // Frankfurt, not the middle of Germany
        {"BR", Continent::SA, {-23.55, -46.63}},  // São Paulo
        {"AU", Continent::OC, {-33.87, 151.21}},  // Sydney, not the outback
        {"RU", Continent::EU, {55.76, 37.62}},    // Moscow; Europe, as MaxMind has it
        {"ZA", Continent::AF, {-26.20, 28.05}},   // Johannesburg
        {"JP", Continent::AS, {35.68, 139.77}},   // Tokyo
        {"US", Continent::NA, {40.71, -74.01}},   // New York, not the Pentagon's desk in Ohio
        {"TR", Continent::AS, {41.03, 28.98}},    // Istanbul, not the capital
    };
    for (const Expectation& expected : expectations) {
        const Country* found = country(expected.code);
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->continent, expected.continent) << expected.code;
        EXPECT_LT(distance_km(found->at, expected.at), 50) << expected.code;
    }
}

TEST(Countries, ReadTheCodesOfEveryContinent) {
    EXPECT_EQ(continent_text(country("AQ")->continent), "AN");
    EXPECT_EQ(continent_text(country("CA")->continent), "NA");
    EXPECT_EQ(continent_text(country("NZ")->continent), "OC");
    EXPECT_EQ(continent_text(country("NG")->continent), "AF");
    EXPECT_EQ(country("DE")->name, "Germany");
}

}  // namespace
}  // namespace meridian::geo
