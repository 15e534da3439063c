// Says what is known of the place of a prefix.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/location.h"

#include <cstddef>

namespace meridian::geo {

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

std::optional<Coordinates> place_of(const Location& location) {
    if (location.has_coordinates) { return location.at; }
    const Country* country = find_country(location.country);
    return country == nullptr ? std::nullopt : std::optional(country->at);
}

}  // namespace meridian::geo
