// Declares the generated tables of countries and places.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "meridian/geo/location.h"
#include "meridian/geo/places.h"

namespace meridian::geo {

/// Every country, sorted by code (packaging/world/make_countries.py).
std::span<const Country> country_table();

/// Every place, sorted by city without accents, country, then the city before its airports
/// (packaging/world/make_places.py).
std::span<const Place> place_table();

}  // namespace meridian::geo
