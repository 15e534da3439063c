// Checks what is made of country codes and of places half known.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/location.h"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace meridian::geo {
namespace {

TEST(CountryCode, TakesTwoLettersInEitherCase) {
    EXPECT_EQ(CountryCode::parse("de")->text(), "DE");
    EXPECT_EQ(CountryCode::parse("DE")->text(), "DE");
    for (const char* const wrong : {"", "D", "DEU", "D1", "D ", "\xc3\x84"}) {
        EXPECT_FALSE(CountryCode::parse(wrong).has_value()) << wrong;
    }
    EXPECT_EQ(CountryCode{}.text(), "");
    EXPECT_FALSE(CountryCode{}.known());
}

TEST(Continent, HasTheCodesOfTheDatabases) {
    EXPECT_EQ(continent_text(Continent::EU), "EU");
    EXPECT_EQ(continent_text(Continent::OC), "OC");
    EXPECT_EQ(continent_text(Continent::Unknown), "");
}

TEST(PlaceOf, PrefersCoordinatesThenTheCountryThenNothing) {
    Location location;
    EXPECT_FALSE(place_of(location).has_value());
    location.country = *CountryCode::parse("DE");
    ASSERT_TRUE(place_of(location).has_value());
    EXPECT_EQ(*place_of(location), find_country(location.country)->at);
    location.has_coordinates = true;
    location.at = {1, 2};
    EXPECT_EQ(*place_of(location), (Coordinates{1, 2}));
}

TEST(PlaceOf, KnowsNoPlaceForACodeThatIsNotAssigned) {
    Location location;
    location.country = *CountryCode::parse("ZZ");
    EXPECT_FALSE(place_of(location).has_value());
}

TEST(PlaceOf, OfAContinentAloneIsThatOfTheCountryThatStandsForIt) {
    constexpr std::array kStandIns{std::pair{Continent::AF, "ZA"}, std::pair{Continent::AN, "AQ"},
                                   std::pair{Continent::AS, "CN"}, std::pair{Continent::EU, "DE"},
                                   std::pair{Continent::NA, "US"}, std::pair{Continent::OC, "AU"},
                                   std::pair{Continent::SA, "BR"}};
    for (const auto& [continent, country] : kStandIns) {
        Location location;
        location.continent = continent;
        ASSERT_TRUE(place_of(location).has_value()) << country;
        EXPECT_EQ(*place_of(location), find_country({{country[0], country[1]}})->at) << country;
    }
}

}  // namespace
}  // namespace meridian::geo
