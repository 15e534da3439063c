// Finds the coordinates of airports and cities by the names that operators write.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "meridian/geo/location.h"

namespace meridian::geo {

/// An airport or a city where data centres and users are.
struct Place {
    std::string_view iata;  ///< "FRA"; empty when the city has no airport code of its own.
    std::string_view city;  ///< "Frankfurt"
    CountryCode country;
    Coordinates at;
};

/// "Frankfurt, DE", as find_place takes it.
std::string city_and_country(const Place& place);

/// Every place, sorted by city. At least 250.
std::span<const Place> places();

/// Finds "FRA" (IATA code, any case) or "Frankfurt, DE" (city and country, any case, accents
/// optional). Null when there is none.
const Place* find_place(std::string_view text);

/// The place that is nearest, and its distance.
struct NearestPlace {
    const Place* place = nullptr;
    double km = 0;
};
NearestPlace nearest_place(Coordinates at);

/// The spelling closest to `text`, in the form that find_place takes; empty when none is near.
std::string nearest_place_spelling(std::string_view text);

}  // namespace meridian::geo
