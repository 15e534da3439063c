// Reads the location in a record of a MaxMind DB file, in any vendor's layout.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "geo/database/mmdb_data.h"
#include "meridian/geo/location.h"

namespace meridian::geo {

/// The location in a record. The texts lie in the data section.
struct MmdbRecord {
    CountryCode country;
    Continent continent{};  ///< The record's own; Unknown where it has none.
    std::string_view subdivision_code;
    MmdbValue subdivision_name;
    MmdbValue city;
    std::optional<Coordinates> at;
    std::uint64_t accuracy_km = 0;
    bool has_unread_coordinates = false;  ///< Coordinates in a form that is not read.
    bool has_unread_country = false;      ///< A country of unknown code and name.
};

/// Reads the record at `offset`; `data.failed()` says whether it is broken.
///
/// The keys of a map may come in any order, and numbers as doubles, floats, integers or text. The
/// values "", "-", "None", "N/A" and 0 N 0 E mean that nothing is known. These keys are read:
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
