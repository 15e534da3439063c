// Checks that places are found by what operators call them.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/places.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include "meridian/geo/distance.h"

namespace meridian::geo {
namespace {

struct Expectation {
    std::string_view text;
    Coordinates at;
};

TEST(Places, AreNearestToThemselvesAndAreFoundFromNearby) {
    for (const Place& place : places()) {
        const NearestPlace nearest = nearest_place(place.at);
        ASSERT_NE(nearest.place, nullptr);
        EXPECT_LT(nearest.km, 0.001) << place.city;
    }
    EXPECT_EQ(nearest_place({48.8, 2.4}).place->city, "Paris");
    EXPECT_NEAR(nearest_place({0, -30}).km, 1300, 300);  // in the Atlantic
}

TEST(Places, AreAtLeast250) {
    EXPECT_GE(places().size(), 250U);
}

TEST(Places, NoCodeStandsTwice) {
    std::set<std::string_view> codes;
    for (const Place& place : places()) {
        if (place.iata.empty()) { continue; }
        EXPECT_EQ(place.iata.size(), 3U) << place.iata;
        EXPECT_TRUE(codes.insert(place.iata).second) << place.iata;
    }
    EXPECT_GE(codes.size(), 250U);
}

TEST(Places, LieOnEarthInACountry) {
    for (const Place& place : places()) {
        SCOPED_TRACE(place.city);
        EXPECT_NE(find_country(place.country), nullptr);
        EXPECT_LE(std::abs(place.at.latitude), 90);
        EXPECT_LE(std::abs(place.at.longitude), 180);
    }
}

TEST(Places, EveryPlaceIsFoundByItsOwnName) {
    for (const Place& place : places()) {
        const std::string name = std::string(place.city) + ", " + std::string(place.country.text());
        const Place* found = find_place(name);
        ASSERT_NE(found, nullptr) << name;
        EXPECT_LT(distance_km(found->at, place.at), 120) << name;  // airports lie far out
        if (place.iata.empty()) { continue; }
        EXPECT_EQ(find_place(place.iata), &place) << place.iata;
    }
}

TEST(Places, AirportsLieWhereTheyAre) {
    const Expectation airports[] = {
        {"IAD", {38.9445, -77.4558}},  {"DCA", {38.8521, -77.0377}},  {"FRA", {50.0333, 8.5706}},
        {"AMS", {52.3086, 4.7639}},    {"LHR", {51.4706, -0.4619}},   {"SIN", {1.3502, 103.9940}},
        {"NRT", {35.7647, 140.3860}},  {"HND", {35.5523, 139.7800}},  {"SYD", {-33.9461, 151.1772}},
        {"GRU", {-23.4356, -46.4731}}, {"JNB", {-26.1392, 28.2460}},  {"BOM", {19.0887, 72.8679}},
        {"CDG", {49.0097, 2.5479}},    {"SJC", {37.3626, -121.9291}}, {"PDX", {45.5887, -122.5975}},
        {"CMH", {39.9980, -82.8919}},  {"DUB", {53.4213, -6.2701}},   {"ARN", {59.6519, 17.9186}},
        {"ICN", {37.4691, 126.4510}},  {"HKG", {22.3089, 113.9146}},  {"YUL", {45.4706, -73.7408}},
        {"SCL", {-33.3930, -70.7858}}, {"CPT", {-33.9648, 18.6017}},  {"TLV", {32.0114, 34.8867}},
        {"DXB", {25.2528, 55.3644}},   {"MEL", {-37.6733, 144.8430}}, {"CGK", {-6.1256, 106.6560}},
        {"HEL", {60.3172, 24.9633}},   {"WAW", {52.1657, 20.9671}},   {"MAD", {40.4719, -3.5626}},
    };
    for (const Expectation& expected : airports) {
        const Place* found = find_place(expected.text);
        ASSERT_NE(found, nullptr) << expected.text;
        EXPECT_LT(distance_km(found->at, expected.at), 30) << expected.text;
    }
}

TEST(Places, CitiesLieWhereTheyAre) {
    const Expectation cities[] = {
        {"Frankfurt, DE", {50.1109, 8.6821}},   {"Ashburn, US", {39.0438, -77.4874}},
        {"London, GB", {51.5072, -0.1276}},     {"Tokyo, JP", {35.6762, 139.6503}},
        {"Portland, US", {45.5152, -122.6784}}, {"São Paulo, BR", {-23.5558, -46.6396}},
        {"Munich, DE", {48.1351, 11.5820}},     {"New York, US", {40.7128, -74.0060}},
        {"Kyiv, UA", {50.4501, 30.5234}},       {"Falkenstein, DE", {50.4777, 12.3713}},
        {"Hamina, FI", {60.5697, 27.1981}},     {"Reykjavík, IS", {64.1466, -21.9426}},
    };
    for (const Expectation& expected : cities) {
        const Place* found = find_place(expected.text);
        ASSERT_NE(found, nullptr) << expected.text;
        EXPECT_LT(distance_km(found->at, expected.at), 30) << expected.text;
    }
}

TEST(Places, CaseAccentsAndSpacesDoNotMatter) {
    const Place* sao_paulo = find_place("São Paulo, BR");
    ASSERT_NE(sao_paulo, nullptr);
    for (const std::string_view text :
         {"sao paulo,br", "SAO PAULO, BR", "  São  Paulo , br ", "SÃO PAULO, BR",
          "Sa\u0303o Paulo, BR", "sao paulo, Brazil"}) {
        EXPECT_EQ(find_place(text), sao_paulo) << text;
    }
    EXPECT_EQ(find_place("fra"), find_place("FRA"));
    EXPECT_EQ(find_place(" Fra "), find_place("FRA"));
    EXPECT_NE(find_place("xi’an, CN"), nullptr);
    EXPECT_EQ(find_place("xi’an, CN"), find_place("Xi'an, CN"));
    EXPECT_EQ(find_place("zurich, ch"), find_place("Zürich, CH"));
    EXPECT_EQ(find_place("Iasi, RO"), find_place("Iași, RO"));
}

TEST(Places, OtherNamesOfACityFindIt) {
    EXPECT_EQ(find_place("Frankfurt am Main, DE")->at, find_place("Frankfurt, DE")->at);
    EXPECT_EQ(find_place("München, DE")->at, find_place("Munich, DE")->at);
    EXPECT_EQ(find_place("Bangalore, IN")->at, find_place("Bengaluru, IN")->at);
}

TEST(Places, WhatIsNoPlaceIsNotFound) {
    for (const std::string_view text :
         {"", ",", ", DE", "FRX", "FR", "FRAA", "Frankfurt", "Frankfurt, ", "Frankfurt, GE",
          "Frankfurt, DEU", "Atlantis, GR", "\xc3", "\xc3, \xff", "\xe2\x80, DE"}) {
        EXPECT_EQ(find_place(text), nullptr) << text;
    }
    EXPECT_EQ(find_place(std::string(100'000, 'a') + ", DE"), nullptr);
}

TEST(Places, AMisspellingIsAnsweredByTheNearestPlace) {
    struct Misspelling {
        std::string_view text;
        std::string_view nearest;
    };
    const Misspelling misspellings[] = {
        {"Frankfrut, DE", "Frankfurt, DE"},
        {"Frankfurt", "Frankfurt, DE"},
        {"Frankfurt, GE", "Frankfurt, DE"},
        {"Tokio, JP", "Tokyo, JP"},
        {"Singapur, SG", "Singapore, SG"},
        {"Ashburn, VA", "Ashburn, US"},
        {"FRAA", "FRA"},
        {"Amsterdm", "Amsterdam, NL"},
        {"sao pualo, br", "São Paulo, BR"},
        {"HELL", "HEL"},
    };
    for (const Misspelling& misspelling : misspellings) {
        EXPECT_EQ(nearest_place_spelling(misspelling.text), misspelling.nearest);
    }
}

TEST(Places, EverySuggestionIsAPlace) {
    for (const Place& place : places()) {
        std::string text(place.city);
        text.insert(text.size() / 2, 1, 'q');
        const std::string suggestion = nearest_place_spelling(text);
        if (!suggestion.empty()) { EXPECT_NE(find_place(suggestion), nullptr) << suggestion; }
    }
}

TEST(Places, NothingNearIsSuggestedForNonsense) {
    EXPECT_EQ(nearest_place_spelling(""), "");
    EXPECT_EQ(nearest_place_spelling("qqqqqqqqqq, QQ"), "");
    EXPECT_EQ(nearest_place_spelling(std::string(100'000, 'a')), "");
}

}  // namespace
}  // namespace meridian::geo
