// Describes where a prefix is: country, city, coordinates.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/location.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "geo/generated_tables.h"

namespace meridian::geo {
namespace {

/// The country that stands for a continent where no more is known: the one with most of its IPv4
/// addresses (DB-IP City Lite, June 2026: ZA 26 %, CN 37 %, US 91 %, AU 87 %, BR 56 %; AQ 33 %). In
/// Europe that is GB with 21 %, but DE, the second with 17 %, is nearer to them: 697 km on average,
/// against 792.
CountryCode stand_in_of(Continent continent) {
    switch (continent) {
        case Continent::AF:
            return {{'Z', 'A'}};
        case Continent::AN:
            return {{'A', 'Q'}};
        case Continent::AS:
            return {{'C', 'N'}};
        case Continent::EU:
            return {{'D', 'E'}};
        case Continent::NA:
            return {{'U', 'S'}};
        case Continent::OC:
            return {{'A', 'U'}};
        case Continent::SA:
            return {{'B', 'R'}};
        case Continent::Unknown:
            break;
    }
    return {};
}

}  // namespace

std::optional<CountryCode> CountryCode::parse(std::string_view text) {
    if (text.size() != 2) { return {}; }
    CountryCode code;
    for (std::size_t i = 0; i < 2; ++i) {
        const char letter = text[i];
        if (letter >= 'A' && letter <= 'Z') {
            code.letters[i] = letter;
        } else if (letter >= 'a' && letter <= 'z') {
            code.letters[i] = static_cast<char>(letter - 'a' + 'A');
        } else {
            return {};
        }
    }
    return code;
}

std::string_view continent_text(Continent continent) {
    switch (continent) {
        case Continent::AF:
            return "AF";
        case Continent::AN:
            return "AN";
        case Continent::AS:
            return "AS";
        case Continent::EU:
            return "EU";
        case Continent::NA:
            return "NA";
        case Continent::OC:
            return "OC";
        case Continent::SA:
            return "SA";
        case Continent::Unknown:
            break;
    }
    return "";
}

Continent find_continent(std::string_view text) {
    struct Row {
        Continent continent;
        std::string_view name;
    };
    constexpr std::array<Row, 9> kNames{{{Continent::AF, "africa"},
                                         {Continent::AN, "antarctica"},
                                         {Continent::AS, "asia"},
                                         {Continent::EU, "europe"},
                                         {Continent::NA, "north america"},
                                         {Continent::OC, "oceania"},
                                         {Continent::OC, "australia"},
                                         {Continent::SA, "south america"},
                                         {Continent::SA, "latin america"}}};
    std::string lower(text);
    for (char& letter : lower) {
        if (letter >= 'A' && letter <= 'Z') { letter = static_cast<char>(letter - 'A' + 'a'); }
    }
    for (const Row& row : kNames) {
        const std::string_view code = continent_text(row.continent);
        const bool is_code =
            text.size() == 2 && lower[0] == code[0] - 'A' + 'a' && lower[1] == code[1] - 'A' + 'a';
        if (is_code || lower == row.name) { return row.continent; }
    }
    return Continent::Unknown;
}

const Country* find_country(CountryCode code) {
    const auto table = country_table();
    const auto row = std::ranges::lower_bound(table, code, {}, &Country::code);
    return row != table.end() && row->code == code ? &*row : nullptr;
}

Continent continent_of(const Location& location) {
    if (location.continent != Continent::Unknown) { return location.continent; }
    const Country* country = find_country(location.country);
    return country == nullptr ? Continent::Unknown : country->continent;
}

std::optional<Coordinates> place_of(const Location& location) {
    if (location.has_coordinates) { return location.at; }
    const Country* country = find_country(location.country);
    if (country == nullptr) { country = find_country(stand_in_of(location.continent)); }
    return country == nullptr ? std::nullopt : std::optional(country->at);
}

}  // namespace meridian::geo
