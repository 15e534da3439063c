// Describes where a prefix is: country, city, coordinates.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meridian::geo {

/// A point on Earth, WGS 84 degrees: latitude -90 to 90, longitude -180 to 180.
struct Coordinates {
    double latitude = 0;
    double longitude = 0;
    friend bool operator==(const Coordinates&, const Coordinates&) = default;
};

/// ISO 3166-1 alpha-2 in upper case, or two zero octets for none.
struct CountryCode {
    std::array<char, 2> letters{};

    static std::optional<CountryCode> parse(std::string_view text);  ///< Either case.
    [[nodiscard]] bool known() const { return letters[0] != 0; }
    [[nodiscard]] std::string_view text() const {
        return known() ? std::string_view(letters.data(), 2) : std::string_view();
    }
    friend bool operator==(const CountryCode&, const CountryCode&) = default;
    friend auto operator<=>(const CountryCode&, const CountryCode&) = default;
};

/// MaxMind's continent codes: AF AN AS EU NA OC SA.
enum class Continent : std::uint8_t { Unknown, AF, AN, AS, EU, NA, OC, SA };
std::string_view continent_text(Continent continent);  ///< "EU"; empty for Unknown.
Continent find_continent(std::string_view text);       ///< "EU" or "Europe", in either case.

/// Index of a string in an atlas; 0 is the empty string.
using TextId = std::uint32_t;
/// Index of a location in an atlas; 0 is the unknown place.
using LocationId = std::uint32_t;

/// What a database says about a prefix.
struct Location {
    CountryCode country;
    Continent continent{};  ///< Where the database gives another than the country's; else Unknown.
    bool has_coordinates = false;
    std::uint16_t accuracy_km = 0;  ///< Radius of confidence; 0: not given.
    Coordinates at;                 ///< Valid where has_coordinates.
    TextId subdivision = 0;         ///< First subdivision: ISO 3166-2 code, or its English name.
    TextId city = 0;                ///< English name.
    friend bool operator==(const Location&, const Location&) = default;
};

/// A country, whatever a database says about it.
struct Country {
    CountryCode code;
    Continent continent{};
    Coordinates at;         ///< The place where most of its addresses are.
    std::string_view name;  ///< English short name.
};

/// The row of a country, or null for a code that is not assigned.
const Country* find_country(CountryCode code);

/// The continent of a location: its own, else that of its country.
Continent continent_of(const Location& location);

/// The point from which regions are ranked for a location: its coordinates, else those of its
/// country, else those of its continent, which are those of the country with most of its addresses.
/// None where none of these is known.
std::optional<Coordinates> place_of(const Location& location);

}  // namespace meridian::geo
