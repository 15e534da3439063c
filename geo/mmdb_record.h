// Reads what a record of a MaxMind DB file says of a place, in any vendor's layout.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "geo/mmdb_data.h"
#include "meridian/geo/location.h"

namespace meridian::geo {

/// What a record says. The texts lie in the data section.
struct MmdbRecord {
    CountryCode country;
    Continent continent{};  ///< Its own; Unknown where it says none.
    std::string_view subdivision_code;
    MmdbValue subdivision_name;
    MmdbValue city;
    std::optional<Coordinates> at;
    std::uint64_t accuracy_km = 0;
    bool has_unread_coordinates = false;  ///< There are some, in a form that is not read.
    bool has_unread_country = false;      ///< There is one, and neither code nor name is known.
};

/// Reads the record at `offset`; `data.failed()` says whether it is broken.
///
/// The keys of a map may come in any order, and numbers as doubles, floats, integers or text. What
/// stands for nothing ("", "-", "None", "N/A", 0 N 0 E) is nothing. Read are
///
///     country    country.iso_code, country_code, country (a code or a name), country.names.en,
///                country_name, then the same of registered_country
///     continent  continent.code, continent_code, continent, continent.names.en, continent_name;
///                the country codes "EU" and "AP" stand for Europe and Asia
///     place      location.latitude, latitude, lat, with longitude, lon, lng; loc = "35.68,139.69"
///     city, subdivisions, state1, region, region_code, accuracy_radius, radius
///
/// of MaxMind, DB-IP, IPinfo, IP2Location and iptoasn.
MmdbRecord read_mmdb_record(MmdbData& data, std::uint32_t offset);

}  // namespace meridian::geo
